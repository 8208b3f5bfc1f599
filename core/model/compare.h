/* SPDX-License-Identifier: MIT
 *
 * model/compare.h: in what two schemas differ, as data.
 *
 * Both sides are resolved and normalised for the same dialect. Objects are paired by name,
 * constraints and indexes by exact name, else by what they do.
 */
#ifndef RETORT_MODEL_COMPARE_H
#define RETORT_MODEL_COMPARE_H

#include "retort/schema.h"

/* One difference. object is "table account", "column account.email", "index ix_a of account"...;
 * property NULL: it is only on one side (left NULL or right NULL says which). */
struct difference {
	const char *object, *property, *left, *right;
	const char *part; /* the name of a column, index or constraint; NULL: none, or a whole object */
};

struct compare_options {
	unsigned syntax;   /* RETORT_SYNTAX_* to compare expressions by tokens */
	bool ignore_names; /* of constraints */
	bool ignore_comments;
};

void compare_schemas(struct retort_arena *arena, const struct retort_schema *left,
	const struct retort_schema *right, const struct compare_options *options, struct difference **ret,
	size_t *count);
void compare_tables(struct retort_arena *arena, const struct retort_table *left,
	const struct retort_table *right, const struct compare_options *options, struct difference **ret,
	size_t *count);

#endif
