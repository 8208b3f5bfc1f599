/* SPDX-License-Identifier: MIT
 *
 * model/diff.h: the operations that turn one schema into another.
 *
 * Both sides are resolved and in one canonical form for one dialect, so that whatever differs is a
 * difference. What model/compare.h finds decides; here it becomes a list that runs: constraints go before
 * what they use, tables come in the order of their foreign keys, cycles are split, views are dropped and made
 * again around what they stand on.
 */
#ifndef RETORT_MODEL_DIFF_H
#define RETORT_MODEL_DIFF_H

#include "model/compare.h"
#include "retort/op.h"

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
	bool ignore_types, ignore_defaults; /* compare_type, compare_server_default = false */
	uint64_t caps;                      /* RETORT_CAP_* of the engine */
	const struct naming *naming;
};

/* Fails (RETORT_E_PLAN) only where an operation can't be written: the message names the object. */
int diff_schemas(struct retort_arena *arena, const struct retort_schema *from, const struct retort_schema *to,
	const struct diff_options *options, struct diff *ret, struct retort_error *err);

#endif
