/* SPDX-License-Identifier: MIT
 *
 * model/reverse.h: the operations that undo operations (downgrade: auto).
 */
#ifndef RETORT_MODEL_REVERSE_H
#define RETORT_MODEL_REVERSE_H

#include "retort/op.h"

/* The list, last first, that undoes n resolved operations which start from schema before
 * (which is not changed). An operation's own `reverse` is used where it is given. One that
 * can't be reversed is RETORT_E_PLAN, naming it and saying that it needs `reverse`; all
 * such are listed. */
int reverse_ops(struct retort_arena *arena, const struct retort_schema *before,
	const struct retort_op *const *ops, size_t n, unsigned syntax, const struct retort_op ***ret,
	size_t *ret_count, struct retort_error *err);

/* The same, moving schema on to what the operations lead to: nothing is copied, so this is the way to go
 * through many revisions. After a fault in replay schema is where it failed. */
int reverse_replay(struct retort_arena *arena, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, unsigned syntax, const struct retort_op ***ret,
	size_t *ret_count, struct retort_error *err);

#endif
