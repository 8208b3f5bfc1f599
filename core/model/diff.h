/* SPDX-License-Identifier: MIT
 *
 * model/diff.h: the operations that turn one schema into another.
 *
 * Each side comes in two forms. The canonical one, in which whatever differs is a difference: both sides
 * normalised for one dialect, so that a column's type is the engine's own word for it, with the condition or
 * the values that stand in for what that word can't say. And the written one, resolved and named, which is
 * what operations speak of: where nothing is known but one form, it is both. They hold the same objects.
 *
 * What model/compare_part.h finds decides; here it becomes a list that runs: constraints go before what they
 * use, tables come in the order of their foreign keys, cycles are split, views are dropped and made again
 * around what they stand on. Linear in what the schemas hold, without recursion.
 */
#ifndef RETORT_MODEL_DIFF_H
#define RETORT_MODEL_DIFF_H

#include <stdint.h>

#include "model/compare.h"
#include "model/resolve.h"
#include "retort/op.h"

struct diff_side {
	const struct retort_schema *canonical, *written;
};

struct diff_change {
	const struct retort_op *op; /* resolved */
	const char *note; /* a comment for the file: what may be lost, a possible rename; NULL: none */
	bool loses;       /* rows or values may be lost */
};

/* A drop and an add that look like a rename, never written as one. */
struct diff_rename {
	const char *table; /* of a column; NULL: a table */
	const char *from, *to;
};

struct diff {
	struct diff_change *changes;
	size_t change_count;
	struct diff_rename *renames;
	size_t rename_count;
};

struct diff_options {
	struct compare_options compare;
	bool ignore_types, ignore_defaults;           /* compare_type, compare_server_default = false */
	uint64_t caps;                                /* RETORT_CAP_* of the engine */
	const char *dialect;                          /* for what is said to it alone; NULL: to all */
	const struct retort_conventions *conventions; /* of names, for renamed tables; may be NULL */
};

/* Fails (RETORT_E_PLAN) only where an operation can't be written: the message names the object. */
int diff_schemas(struct retort_arena *arena, const struct diff_side *from, const struct diff_side *to,
	const struct diff_options *options, struct diff *ret, struct retort_error *err);

/* The `using` of a type change that the engine doesn't do by itself, for options->dialect alone; NULL: none
 * is needed. native: the new type in the engine's words. */
const struct retort_text *diff_cast(struct retort_arena *arena, const struct diff_options *options,
	const struct retort_column *from, const struct retort_column *to, const char *native);

#endif
