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
/* The table that the n operations (ADD_COLUMN to COMMENT, all on table now) lead to; schema is only looked at. */
int replay_table(struct retort_arena *arena, const struct retort_schema *schema, const struct retort_table *now,
	const struct retort_op *const *ops, size_t n, unsigned syntax, struct retort_table **after,
	struct retort_error *err);
/* The tables that op reads or changes and that must exist before it, as {schema, name} pairs: calls
 * visit for each; not 0 ends the walk and is returned. */
int replay_touched(const struct retort_op *op, int (*visit)(void *context, const char *schema, const char *name),
	void *context);
/* Whether op works on one table and may be grouped with its neighbours: ADD_COLUMN to COMMENT. */
bool replay_is_table_op(const struct retort_op *op);

#endif
