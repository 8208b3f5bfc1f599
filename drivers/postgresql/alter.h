/* SPDX-License-Identifier: MIT
 *
 * alter.h: one alter_column at work, for the files that share it.
 */
#ifndef POSTGRESQL_ALTER_H
#define POSTGRESQL_ALTER_H

#include "retort/sql.h"

struct change {
	struct retort_render *render;
	const struct retort_op *op;
	const struct retort_table *table; /* before */
	const struct retort_column *before, *after;
	const char *name;      /* of the column */
	const char *column;    /* the same as SQL */
	const char *qualified; /* the table as SQL */
};

/* Adds a statement of the change's operation. */
void alter_add(const struct change *change, unsigned flags, const char *format, ...) RETORT_PRINTF(3, 4);
/* Whether an expression or predicate names a column. */
bool index_computes(const struct retort_index *index, const char *column);
bool constraint_computes(const struct retort_constraint *constraint, const char *column);

/* generation.c: each adds to *done what it has seen to (RETORT_ALTER_*). alter_computed returns 1 where the
 * column was made anew, so that nothing is left to do. */
int alter_generation(const struct change *change, unsigned *done, struct retort_error *err);
int alter_computed(const struct change *change, unsigned *done, struct retort_error *err);

#endif
