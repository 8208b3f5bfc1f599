/* SPDX-License-Identifier: MIT
 *
 * sql/alter.h: the generic renderer for operations on one table.
 *
 * The actions of neighbouring operations are gathered into one ALTER TABLE where the engine takes
 * several (RETORT_CAP_ALTER_LIST); what is a statement of its own (an index, a comment, an UPDATE)
 * first writes out the actions gathered so far, so the order of effects stays that of the operations.
 */
#ifndef RETORT_SQL_ALTER_H
#define RETORT_SQL_ALTER_H

#include "retort/sql.h"

/* Actions on one table that are not yet a statement. */
struct alteration {
	struct retort_render *render;
	const char *schema, *table;
	const struct retort_op *op; /* the first that gave an action */
	const struct retort_op *last;
	struct retort_buf actions, described;
	size_t action_count;
	unsigned flags;
};

void alteration_init(struct alteration *alteration, struct retort_render *render, const char *schema,
	const char *table);
/* Begins an action of op and returns where to write it. */
struct retort_buf *alteration_action(struct alteration *alteration, const struct retort_op *op,
	unsigned flags);
/* Writes out what has been gathered. */
void alteration_flush(struct alteration *alteration);
/* Writes out what has been gathered, then a statement of op's own. */
struct retort_statement *alteration_statement(struct alteration *alteration, const struct retort_op *op,
	unsigned flags, const char *sql);

/* Renders one operation of the kinds ADD_COLUMN to COMMENT, and SET_OPTIONS; render->schema is the state
 * before it. */
int alter_render(struct alteration *alteration, const struct retort_op *op, struct retort_error *err);
/* Whether op may make the engine write every row anew. */
bool alter_rewrites(const struct retort_op *op);
/* The table before op and after it. */
int alter_states(const struct retort_render *render, const struct retort_op *op,
	const struct retort_table **now, struct retort_table **after, struct retort_error *err);
/* ALTER_COLUMN. */
int alter_column(struct alteration *alteration, const struct retort_op *op, const struct retort_table *now,
	const struct retort_table *after, struct retort_error *err);
/* UPDATE t SET column = value [WHERE column IS NULL] for `fill`. */
int alter_fill(struct alteration *alteration, const struct retort_op *op, const struct retort_column *column,
	bool missing_only, struct retort_error *err);
/* Renames the constraints, indexes and types whose names differ between two states of a table that
 * hold the same objects in the same order. */
void alter_follow_names(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after);
/* COMMENT ON TABLE, or ON COLUMN where column is not NULL; text NULL removes it. Nothing where the
 * dialect has no comments or writes them inline. */
void alter_comment(struct alteration *alteration, const struct retort_op *op, const char *column,
	const char *text);
/* CREATE TYPE for the inline enum of a column, DROP TYPE of it. */
void alter_make_enum(struct alteration *alteration, const struct retort_op *op,
	const struct retort_column *column);
void alter_drop_enum(struct alteration *alteration, const struct retort_op *op,
	const struct retort_column *column);

#endif
