/* SPDX-License-Identifier: MIT
 *
 * model/order.h: tables in the order in which they can be made.
 */
#ifndef RETORT_MODEL_ORDER_H
#define RETORT_MODEL_ORDER_H

#include "retort/schema.h"

/* A foreign key that closes a cycle and is to be made after all tables. */
struct order_late {
	const struct retort_table *table;
	const struct retort_constraint *constraint;
};

/* Sorts n tables in place so that each comes after those its foreign keys refer to (by name where
 * nothing decides); keys that close a cycle are returned in *late. No recursion; linear in tables and keys.
 */
void order_tables(struct retort_arena *arena, const struct retort_table **tables, size_t n,
	struct order_late **late, size_t *late_count);

#endif
