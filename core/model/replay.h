/* SPDX-License-Identifier: MIT
 *
 * model/replay.h: what a resolved operation does to a schema, with no database.
 *
 * In: a schema and one resolved operation (model/resolve.h). Out: the changed schema, or the
 * fault a database would report: unknown table, name already taken, column still in use.
 * Tables are never changed in place (retort/schema.h).
 */
#ifndef RETORT_MODEL_REPLAY_H
#define RETORT_MODEL_REPLAY_H

#include "retort/op.h"

/* Applies op to schema. A fault is RETORT_E_PLAN with op's file and line, and the schema is as
 * before. Rows, execute without effects, assert and run change nothing. syntax is the
 * dialect's RETORT_SYNTAX_*, for renames inside expressions. */
int replay_apply(struct retort_schema *schema, const struct retort_op *op, unsigned syntax,
	struct retort_error *err);
/* Renaming a table renames its constraints and indexes that still bear their convention name: each
 * stands at the same place in the table before and after. In a table that replay gives, foreign keys
 * always list the columns they refer to, and a column of a named enum holds the enum's values. */
/* The table that the n operations (ADD_COLUMN to COMMENT, all on table now) lead to; schema is only looked
 * at and nothing else follows a rename: the state moves on by replay_apply, operation by operation. */
int replay_table(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_table *now, const struct retort_op *const *ops, size_t n, unsigned syntax,
	struct retort_table **after, struct retort_error *err);
/* The tables that op reads or changes and that must exist before it, as {schema, name} pairs: calls
 * visit for each; not 0 ends the walk and is returned. */
int replay_touched(const struct retort_op *op,
	int (*visit)(void *context, const char *schema, const char *name), void *context);
/* What goes with a column that is dropped: constraints and indexes of its table whose key, INCLUDE,
 * expression or predicate names it. */
struct replay_users {
	struct retort_constraint **constraints;
	size_t constraint_count;
	struct retort_index **indexes;
	size_t index_count;
};
void replay_column_users(struct retort_arena *arena, const struct retort_table *table, const char *column,
	unsigned syntax, struct replay_users *ret);
/* What goes with a table that is dropped with cascade: other tables' foreign keys, and the views over it
 * in the order in which they must go. tables[i] has constraints[i]. */
struct replay_dependents {
	struct retort_table **tables;
	struct retort_constraint **constraints;
	size_t constraint_count;
	struct retort_view **views;
	size_t view_count;
};
void replay_table_dependents(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_table *table, unsigned syntax, struct replay_dependents *ret);
/* The references of a foreign key of table with their columns filled in from the primary key where none
 * are written; the very same where nothing is missing or the table is not known. */
const struct retort_references *replay_references(struct retort_arena *arena,
	const struct retort_schema *schema, const struct retort_table *table,
	const struct retort_references *references);
/* Whether op works on one table and may be grouped with its neighbours: ADD_COLUMN to COMMENT. */
bool replay_is_table_op(const struct retort_op *op);

#endif
