/* SPDX-License-Identifier: MIT
 *
 * model/compare_part.h: whether two columns, constraints or indexes are the same, and which belong together.
 *
 * What model/compare.h reports as data and model/diff.h turns into operations is decided here.
 */
#ifndef RETORT_MODEL_COMPARE_PART_H
#define RETORT_MODEL_COMPARE_PART_H

#include "model/compare.h"

/* Equal but for blanks, comments and the case of words; both may be NULL. */
bool compare_text(const struct compare_options *options, const struct retort_text *left,
	const struct retort_text *right);
bool compare_default(const struct compare_options *options, const struct retort_default *left,
	const struct retort_default *right);
bool compare_names(const char *const *left, size_t left_count, const char *const *right, size_t right_count);
/* In which properties two columns differ: RETORT_ALTER_*. */
unsigned compare_column(struct retort_arena *arena, const struct compare_options *options,
	const struct retort_column *left, const struct retort_column *right);
bool compare_constraint(const struct compare_options *options, const struct retort_constraint *left,
	const struct retort_constraint *right);
bool compare_index(const struct compare_options *options, const struct retort_index *left,
	const struct retort_index *right);

/* A constraint or an index of a table, and its counterpart. */
struct part {
	struct retort_constraint *constraint; /* or */
	struct retort_index *index;
	const char *name;
	bool conventional; /* or without name: the name says nothing */
	struct part *other;
	bool differs; /* from other, in more than its name */
};

struct parts {
	struct part *items;
	size_t count;
};

struct parts parts_of_constraints(struct retort_arena *arena, const struct retort_table *table);
/* Without implied ones. */
struct parts parts_of_indexes(struct retort_arena *arena, const struct retort_table *table);
/* Pairs those of the same name, then those that do the same. */
void parts_pair(struct retort_arena *arena, const struct compare_options *options, struct parts *left,
	struct parts *right);

#endif
