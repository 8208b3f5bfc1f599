/* SPDX-License-Identifier: MIT
 *
 * Columns, constraints, indexes and comments of an existing table.
 */
#include <string.h>

#include "model/replay.h"
#include "sql/alter.h"
#include "sql/clause.h"
#include "sql/generic.h"

typedef int alter_fn(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err);

int alter_states(const struct retort_render *render, const struct retort_op *op,
	const struct retort_table **now, struct retort_table **after, struct retort_error *err)
{
	*now = generic_table(render, op, err);
	if (!*now)
		return -1;
	return replay_table(render->arena, render->schema, *now, &op, 1, render->dialect->syntax, after, err);
}

/* Whether a new column needs more than its definition because no row would have a value. */
static bool fills(const struct retort_op *op)
{
	return op->fill && !op->column->computed;
}

int alter_fill(struct alteration *alteration, const struct retort_op *op, const struct retort_column *column,
	bool missing_only, struct retort_error *err)
{
	struct retort_render *render = alteration->render;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "UPDATE %t SET %n = ", alteration->schema, alteration->table,
		column->name);
	if (retort_sql_value(render, &sql, column->type, op->fill, err)) {
		retort_error_prefix(err, "fill of '%s'", column->name);
		return -1;
	}
	if (missing_only) {
		retort_buf_str(&sql, " WHERE ");
		retort_sql_write(render, &sql, "%n IS NULL", column->name);
	}
	alteration_statement(alteration, op, RETORT_STMT_DATA, sql.data)->description =
		retort_printf(render->plan->arena, "fill column '%s' of '%s'", column->name,
			alteration->table);
	return 0;
}

void alter_make_enum(struct alteration *alteration, const struct retort_op *op,
	const struct retort_column *column)
{
	const struct retort_render *render = alteration->render;
	struct retort_buf sql;

	if (!clause_own_enum(render, column))
		return;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "CREATE TYPE %t", alteration->schema, column->enum_type_name);
	clause_enum(render, &sql, column->type->values, column->type->value_count);
	alteration_statement(alteration, op, 0, sql.data);
}

void alter_drop_enum(struct alteration *alteration, const struct retort_op *op,
	const struct retort_column *column)
{
	const struct retort_render *render = alteration->render;
	struct retort_buf sql;

	if (!clause_own_enum(render, column))
		return;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "DROP TYPE %t", alteration->schema, column->enum_type_name);
	alteration_statement(alteration, op, 0, sql.data);
}

/* Whether the engine computes a value for each existing row of a new column. */
static bool add_rewrites(const struct retort_column *column)
{
	return column->computed_stored || column->autoincrement != RETORT_AUTO_NONE ||
		(column->def &&
			(column->def->kind == RETORT_DEFAULT_EXPRESSION ||
				(column->def->kind == RETORT_DEFAULT_FUNCTION &&
					strcmp(column->def->text, "uuid") == 0)));
}

bool alter_rewrites(const struct retort_op *op)
{
	if (op->kind == RETORT_OP_ADD_COLUMN)
		return add_rewrites(op->column);
	return op->kind == RETORT_OP_ALTER_COLUMN &&
		(op->alter & (RETORT_ALTER_TYPE | RETORT_ALTER_COMPUTED));
}

/* COLUMN, where the engine wants it after ADD and DROP. */
static const char *column_word(const struct alteration *alteration)
{
	return alteration->render->dialect->syntax & RETORT_SYNTAX_BARE_COLUMN ? "" : "COLUMN ";
}

static int add_column(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	struct retort_render *render = alteration->render;
	const struct retort_column *column = retort_table_column(after, op->column->name);
	struct retort_column first = *column;
	struct retort_buf *action;

	(void)now;
	if (fills(op)) {
		/* Rows get the fill and only later ones the default. */
		first.nullable = true;
		first.def = NULL;
	}
	alter_make_enum(alteration, op, column);
	if (op->after || op->first)
		retort_plan_note(render->plan,
			"%s adds columns at the end: the place of '%s' in '%s' is left out",
			render->dialect->name, column->name, alteration->table);
	action = alteration_action(alteration, op, add_rewrites(&first) ? RETORT_STMT_REWRITES : 0);
	retort_buf_printf(action, "ADD %s%s", column_word(alteration),
		op->if_not_exists ? "IF NOT EXISTS " : "");
	if (retort_sql_column(render, action, after, &first, err))
		return -1;
	if (fills(op)) {
		if (alter_fill(alteration, op, column, false, err))
			return -1;
		if (column->def) {
			action = alteration_action(alteration, op, 0);
			retort_sql_write(render, action, "ALTER COLUMN %n SET DEFAULT ", column->name);
			if (retort_sql_default(render, action, column->type, column->def, err))
				return -1;
		}
		if (!column->nullable) {
			action = alteration_action(alteration, op, 0);
			retort_sql_write(render, action, "ALTER COLUMN %n SET NOT NULL", column->name);
		}
	}
	if (column->comment)
		alter_comment(alteration, op, column->name, column->comment);
	return 0;
}

static void append_drop_index(const struct retort_render *render, struct retort_buf *out, const char *schema,
	const char *table, const char *name, bool concurrently, bool if_exists)
{
	bool on = retort_sql_has(render, RETORT_CAP_DROP_INDEX_ON);

	retort_buf_printf(out, "DROP INDEX %s%s", concurrently ? "CONCURRENTLY " : "",
		if_exists ? "IF EXISTS " : "");
	retort_sql_qualified(render, out, on ? NULL : schema, name);
	if (on) {
		retort_buf_str(out, " ON ");
		retort_sql_qualified(render, out, schema, table);
	}
}

static int no_alter_constraint(const struct retort_render *render, const struct retort_op *op,
	struct retort_error *err)
{
	return retort_fail(err, RETORT_E_PLAN,
		"cannot %s: %s has no constraints to add to or drop from a table",
		retort_op_describe(render->arena, op), render->dialect->name);
}

/* Drops first what replay takes along: the indexes and constraints that are gone after it. */
static int drop_column(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	struct retort_render *render = alteration->render;
	const struct retort_column *column = retort_table_column(now, op->name);
	struct retort_buf *action;

	for (size_t i = 0; i < now->index_count; i++) {
		const struct retort_index *index = now->indexes[i];
		struct retort_buf sql;

		if (!index->name || retort_table_index(after, index->name))
			continue;
		retort_buf_init(&sql, render->arena);
		append_drop_index(render, &sql, now->schema, now->name, index->name, false, false);
		alteration_statement(alteration, op, 0, sql.data)->description =
			retort_printf(render->plan->arena, "drop index '%s' with column '%s' of '%s'",
				index->name, op->name, now->name);
	}
	for (size_t i = 0; i < now->constraint_count; i++) {
		const struct retort_constraint *constraint = now->constraints[i];

		if (!constraint->name || retort_table_constraint(after, constraint->name))
			continue;
		if (!retort_sql_has(render, RETORT_CAP_ALTER_CONSTRAINT))
			return no_alter_constraint(render, op, err);
		action = alteration_action(alteration, op, 0);
		retort_sql_write(render, action, "DROP CONSTRAINT %n", constraint->name);
	}
	action = alteration_action(alteration, op, RETORT_STMT_DESTRUCTIVE);
	retort_buf_printf(action, "DROP %s%s", column_word(alteration), op->if_exists ? "IF EXISTS " : "");
	retort_sql_name(render, action, op->name);
	if (op->cascade)
		retort_buf_str(action, " CASCADE");
	if (column)
		alter_drop_enum(alteration, op, column);
	return 0;
}

/* ALTER TABLE t RENAME what a TO b, a statement of its own. */
static void rename_part(struct alteration *alteration, const struct retort_op *op, const char *what,
	const char *from, const char *to)
{
	alteration_flush(alteration);
	retort_sql_write(alteration->render, alteration_action(alteration, op, 0), "%s %n TO %n", what, from,
		to);
	alteration_flush(alteration);
}

/* ALTER INDEX a RENAME TO b; where the engine can't, dropped and made again. */
static void rename_index_to(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *table, const struct retort_index *from, const char *to)
{
	const struct retort_render *render = alteration->render;
	struct retort_index made = *from;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	if (retort_sql_has(render, RETORT_CAP_RENAME_INDEX)) {
		retort_buf_str(&sql, "ALTER INDEX ");
		retort_sql_write(render, &sql, "%t RENAME TO %n", table->schema, from->name, to);
		alteration_statement(alteration, op, 0, sql.data);
		return;
	}
	append_drop_index(render, &sql, table->schema, table->name, from->name, false, false);
	alteration_statement(alteration, op, 0, sql.data);
	retort_buf_clear(&sql);
	made.name = to;
	clause_create_index(render, &sql, table, &made, 0);
	alteration_statement(alteration, op, 0, sql.data);
}

static bool renamed(const char *from, const char *to)
{
	return from && to && strcmp(from, to) != 0;
}

/* Whether a column of this state has a CHECK in the type's stead. */
static bool has_type_check(struct retort_render *render, const struct retort_column *column)
{
	struct retort_buf check;

	retort_buf_init(&check, render->arena);
	return column->type && retort_sql_type_check(render, &check, column, NULL) == 0 && check.len > 0;
}

void alter_follow_names(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after)
{
	const struct retort_render *render = alteration->render;

	for (size_t i = 0; i < now->constraint_count && i < after->constraint_count; i++)
		if (renamed(now->constraints[i]->name, after->constraints[i]->name))
			rename_part(alteration, op, "RENAME CONSTRAINT", now->constraints[i]->name,
				after->constraints[i]->name);
	for (size_t i = 0; i < now->index_count && i < after->index_count; i++)
		if (renamed(now->indexes[i]->name, after->indexes[i]->name) && !now->indexes[i]->implied)
			rename_index_to(alteration, op, after, now->indexes[i], after->indexes[i]->name);
	for (size_t i = 0; i < now->column_count && i < after->column_count; i++) {
		const struct retort_column *from = now->columns[i], *to = after->columns[i];
		struct retort_buf sql;

		if (renamed(from->type_check_name, to->type_check_name) &&
			has_type_check(alteration->render, from))
			rename_part(alteration, op, "RENAME CONSTRAINT", from->type_check_name,
				to->type_check_name);
		if (!renamed(from->enum_type_name, to->enum_type_name) || !clause_own_enum(render, from))
			continue;
		retort_buf_init(&sql, render->arena);
		retort_sql_write(render, &sql, "ALTER TYPE %t RENAME TO %n", now->schema,
			from->enum_type_name, to->enum_type_name);
		alteration_statement(alteration, op, 0, sql.data);
	}
}

static int rename_column(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	bool bare = (alteration->render->dialect->syntax & RETORT_SYNTAX_BARE_COLUMN) != 0;

	(void)err;
	rename_part(alteration, op, bare ? "ALTER" : "RENAME COLUMN", op->name, op->to);
	alter_follow_names(alteration, op, now, after);
	return 0;
}

static int create_index(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	const struct retort_render *render = alteration->render;
	unsigned words =
		(op->concurrently ? CLAUSE_CONCURRENTLY : 0) | (op->if_not_exists ? CLAUSE_IF_NOT_EXISTS : 0);
	bool outside = op->concurrently && retort_sql_has(render, RETORT_CAP_CONCURRENTLY);
	struct retort_buf sql;

	(void)after;
	(void)err;
	retort_buf_init(&sql, render->arena);
	clause_create_index(render, &sql, now, op->index, words);
	alteration_statement(alteration, op, outside ? RETORT_STMT_OUTSIDE : 0, sql.data);
	return 0;
}

static int drop_index(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	const struct retort_render *render = alteration->render;
	bool concurrently = op->concurrently && retort_sql_has(render, RETORT_CAP_CONCURRENTLY);
	struct retort_buf sql;

	(void)after;
	(void)err;
	retort_buf_init(&sql, render->arena);
	append_drop_index(render, &sql, now->schema, now->name, op->name, concurrently, op->if_exists);
	alteration_statement(alteration, op, concurrently ? RETORT_STMT_OUTSIDE : 0, sql.data);
	return 0;
}

static int rename_index(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	const struct retort_index *index = retort_table_index(now, op->name);

	(void)after;
	if (!index)
		return retort_fail(err, RETORT_E_PLAN, "cannot %s: there is no such index",
			retort_op_describe(alteration->render->arena, op));
	rename_index_to(alteration, op, now, index, op->to);
	return 0;
}

static int create_constraint(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	struct retort_render *render = alteration->render;
	struct retort_buf clause, *action;

	(void)now;
	if (!retort_sql_has(render, RETORT_CAP_ALTER_CONSTRAINT))
		return no_alter_constraint(render, op, err);
	retort_buf_init(&clause, render->arena);
	if (clause_constraint(render, &clause, after, op->constraint, err))
		return -1;
	if (clause.len == 0)
		return 0;
	action = alteration_action(alteration, op, 0);
	retort_buf_printf(action, "ADD %s", clause.data);
	if (op->constraint->not_valid && retort_sql_has(render, RETORT_CAP_NOT_VALID))
		retort_buf_str(action, " NOT VALID");
	return 0;
}

static int drop_constraint(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	const struct retort_render *render = alteration->render;
	struct retort_buf *action;

	(void)now;
	(void)after;
	if (!retort_sql_has(render, RETORT_CAP_ALTER_CONSTRAINT))
		return no_alter_constraint(render, op, err);
	action = alteration_action(alteration, op, 0);
	retort_buf_printf(action, "DROP CONSTRAINT %s", op->if_exists ? "IF EXISTS " : "");
	retort_sql_name(render, action, op->name);
	if (op->cascade)
		retort_buf_str(action, " CASCADE");
	return 0;
}

static int rename_constraint(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	(void)now;
	(void)after;
	if (!retort_sql_has(alteration->render, RETORT_CAP_ALTER_CONSTRAINT))
		return no_alter_constraint(alteration->render, op, err);
	rename_part(alteration, op, "RENAME CONSTRAINT", op->name, op->to);
	return 0;
}

/* Where nothing can be left unchecked there is nothing to check later. */
static int validate_constraint(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	struct retort_buf *action;

	(void)now;
	(void)after;
	(void)err;
	if (!retort_sql_has(alteration->render, RETORT_CAP_NOT_VALID))
		return 0;
	action = alteration_action(alteration, op, 0);
	retort_sql_write(alteration->render, action, "VALIDATE CONSTRAINT %n", op->name);
	return 0;
}

void alter_comment(struct alteration *alteration, const struct retort_op *op, const char *column,
	const char *text)
{
	const struct retort_render *render = alteration->render;
	struct retort_buf sql;

	if (!retort_sql_has(render, RETORT_CAP_COMMENTS) || retort_sql_has(render, RETORT_CAP_COMMENT_INLINE))
		return;
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "COMMENT ON %s ", column ? "COLUMN" : "TABLE");
	retort_sql_qualified(render, &sql, alteration->schema, alteration->table);
	if (column) {
		retort_buf_char(&sql, '.');
		retort_sql_name(render, &sql, column);
	}
	retort_buf_str(&sql, " IS ");
	if (text)
		retort_sql_string(render, &sql, text);
	else
		retort_buf_str(&sql, "NULL");
	alteration_statement(alteration, op, 0, sql.data);
}

static int comment(struct alteration *alteration, const struct retort_op *op, const struct retort_table *now,
	const struct retort_table *after, struct retort_error *err)
{
	(void)now;
	(void)after;
	(void)err;
	alter_comment(alteration, op, op->name, op->message);
	return 0;
}

/* Each engine's own: no clause is common to two. */
static int set_options(struct alteration *alteration, const struct retort_op *op,
	const struct retort_table *now, const struct retort_table *after, struct retort_error *err)
{
	(void)now;
	(void)after;
	return retort_fail(err, RETORT_E_PLAN, "cannot %s: %s can't change them",
		retort_op_describe(alteration->render->arena, op), alteration->render->dialect->name);
}

int alter_render(struct alteration *alteration, const struct retort_op *op, struct retort_error *err)
{
	static alter_fn *const render[RETORT_OP_COUNT] = {
		[RETORT_OP_ADD_COLUMN] = add_column,
		[RETORT_OP_DROP_COLUMN] = drop_column,
		[RETORT_OP_RENAME_COLUMN] = rename_column,
		[RETORT_OP_ALTER_COLUMN] = alter_column,
		[RETORT_OP_CREATE_INDEX] = create_index,
		[RETORT_OP_DROP_INDEX] = drop_index,
		[RETORT_OP_RENAME_INDEX] = rename_index,
		[RETORT_OP_CREATE_CONSTRAINT] = create_constraint,
		[RETORT_OP_DROP_CONSTRAINT] = drop_constraint,
		[RETORT_OP_RENAME_CONSTRAINT] = rename_constraint,
		[RETORT_OP_VALIDATE_CONSTRAINT] = validate_constraint,
		[RETORT_OP_COMMENT] = comment,
		[RETORT_OP_SET_OPTIONS] = set_options,
	};
	const struct retort_table *now;
	struct retort_table *after;

	if (!render[op->kind])
		return retort_fail(err, RETORT_E_INTERNAL, "%s is no operation on a table",
			retort_op_word(op));
	if (alter_states(alteration->render, op, &now, &after, err))
		return -1;
	return render[op->kind](alteration, op, now, after, err);
}
