/* SPDX-License-Identifier: MIT
 *
 * model/reverse_rows.h: by which columns the rows of insert_rows can be found again.
 */
#ifndef RETORT_MODEL_REVERSE_ROWS_H
#define RETORT_MODEL_REVERSE_ROWS_H

#include "retort/op.h"

/* The columns of table (the primary key, `key`, or the only unique key that the rows cover) whose values tell
 * the inserted rows from all others, in *ret; else 0, with the reason in *why. */
size_t reverse_rows_key(struct retort_arena *arena, const struct retort_table *table,
	const struct retort_rows *rows, const char *const **ret, const char **why);

#endif
