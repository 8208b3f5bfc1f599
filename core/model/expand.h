/* SPDX-License-Identifier: MIT
 *
 * model/expand.h: one column, constraint or index as written, resolved and named; the parts of resolve_ops.
 */
#ifndef RETORT_MODEL_EXPAND_H
#define RETORT_MODEL_EXPAND_H

#include "base/map.h"
#include "model/resolve.h"

/* Where the parts of one list are resolved. */
struct expand {
	const struct resolve *resolve;
	struct retort_error *err;
	struct map *checks; /* names that unnamed CHECKs of this list have got */
};

/* Constraints and indexes that a column's shorthands stand for. */
struct expand_parts {
	struct retort_constraint **constraints;
	size_t constraint_count;
	struct retort_index **indexes;
	size_t index_count;
};

/* Each returns 1 with *ret set, 0 where the dialect has nothing here, -1 after a fault. */
int expand_column(struct expand *expand, const char *table, const struct retort_column *column,
	struct retort_column **ret);
int expand_constraint(struct expand *expand, const char *schema, const char *table,
	const struct retort_constraint *constraint, struct retort_constraint **ret);
int expand_index(struct expand *expand, const char *table, const struct retort_index *index,
	struct retort_index **ret);
/* Leaves out the options of other dialects than this one and its family. */
void expand_options(const struct resolve *resolve, const struct retort_option *const **list, size_t *count);
/* What the shorthands of a column as written stand for; with its primary key only where key. */
int expand_shorthands(struct expand *expand, const char *schema, const char *table,
	const struct retort_column *column, bool key, struct expand_parts *parts);
/* A whole table; 1 or -1. */
int expand_table(struct expand *expand, const struct retort_table *table, struct retort_table **ret);

#endif
