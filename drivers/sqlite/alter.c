/* SPDX-License-Identifier: MIT */
#include "dialect.h"

int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	(void)render; (void)now; (void)after; (void)ops; (void)n; (void)err;
	return RETORT_PASS;
}
