/* SPDX-License-Identifier: MIT
 *
 * sql/group.h: which neighbouring operations may become one change of a table.
 *
 * A run of operations on one table ends before a rename (which is always alone) and before an
 * operation on a name that the run made, changed or removed: engines carry out the actions of one
 * ALTER TABLE in an order of their own, and a rebuild makes them all at once.
 */
#ifndef RETORT_SQL_GROUP_H
#define RETORT_SQL_GROUP_H

#include "retort/sql.h"

/* How many of the n operations, the first being one on a table, form the first group. now is the
 * table before them. */
size_t group_length(struct retort_arena *arena, const struct retort_table *now,
	const struct retort_op *const *ops, size_t n, unsigned syntax);

#endif
