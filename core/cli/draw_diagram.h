/* SPDX-License-Identifier: MIT
 *
 * cli/draw_diagram.h: what all pictures of a schema show: tables with their columns, and the keys between
 * them.
 */
#ifndef RETORT_CLI_DRAW_DIAGRAM_H
#define RETORT_CLI_DRAW_DIAGRAM_H

#include "retort/schema.h"

struct diagram_column {
	const struct retort_column *column;
	const char *type; /* the engine's own where it is known */
	bool primary, foreign;
	bool unique;   /* by itself */
	bool referred; /* a foreign key refers to it */
};

struct diagram_table {
	const struct retort_table *table;
	const char *name;               /* with its schema */
	struct diagram_column *columns; /* as in the table */
};

/* A foreign key between tables that are shown. */
struct diagram_link {
	size_t from, to; /* tables */
	const struct retort_constraint *constraint;
	size_t *from_columns, *to_columns; /* pair by pair */
	size_t pair_count;                 /* 1 at least */
	bool optional;                     /* a row of from may refer to nothing */
	bool single;                       /* at most one row of from refers to a row of to */
};

struct diagram {
	struct diagram_table *tables;
	size_t table_count;
	struct diagram_link *links;
	size_t link_count;
};

void diagram_make(struct retort_arena *arena, const struct retort_schema *schema, struct diagram *ret);
/* "PK", "FK", "UK", "PK FK" or "". */
const char *diagram_mark(const struct diagram_column *column);
/* "schema.name", or the name alone. */
const char *diagram_name(struct retort_arena *arena, const char *schema, const char *name);

#endif
