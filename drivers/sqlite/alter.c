/* SPDX-License-Identifier: MIT
 *
 * Operations on one table: by ALTER TABLE where SQLite has it, else by one rebuild. Which of the two is
 * decided by the definition alone, never by rows, so that a script does what a run would do.
 */
#include <string.h>

#include "dialect.h"
#include "native.h"
#include "rebuild.h"

/* A group of operations while it is looked at. */
struct group {
	struct retort_render *render;
	const struct retort_table *now, *after;
	const struct retort_op *const *ops;
	size_t count;
	const char *text; /* of now */
};

/* What touches neither the table's text nor its rows. */
static bool is_beside(const struct retort_op *op)
{
	return op->kind == RETORT_OP_CREATE_INDEX || op->kind == RETORT_OP_DROP_INDEX ||
		op->kind == RETORT_OP_RENAME_INDEX || op->kind == RETORT_OP_COMMENT;
}

static bool changes_nothing(const struct retort_op *op)
{
	return op->kind == RETORT_OP_COMMENT || op->kind == RETORT_OP_VALIDATE_CONSTRAINT ||
		(op->kind == RETORT_OP_ALTER_COLUMN && !(op->alter & ~(unsigned)RETORT_ALTER_COMMENT));
}

/* ---- ADD COLUMN (ALTER TABLE, section 4) ---- */

/* Whether a constraint can be said in the definition of a column that is added. */
static bool fits_column(const struct group *group, const struct retort_constraint *constraint,
	const struct retort_column *column)
{
	struct definition text = {.arena = group->render->arena};

	if (constraint->kind == RETORT_FOREIGN_KEY)
		return constraint->column_count == 1 && native_same(constraint->columns[0], column->name) &&
			(!column->def || column->def->kind == RETORT_DEFAULT_NULL) && !column->computed;
	if (constraint->kind != RETORT_CHECK || !constraint->expression)
		return false;
	text.text = constraint->expression->sql;
	return definition_names(&text, (struct span){0, strlen(text.text)}, column->name);
}

/* The operation that adds the column in whose definition a new constraint can be said; NULL: none. */
static const struct retort_op *host_of(const struct group *group, const struct retort_op *op)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->ops[i]->kind == RETORT_OP_ADD_COLUMN &&
			fits_column(group, op->constraint, group->ops[i]->column))
			return group->ops[i];
	return NULL;
}

static bool can_add(const struct group *group, const struct retort_op *op)
{
	const struct retort_column *column = retort_table_column(group->after, op->column->name);
	const struct retort_constraint *key = retort_table_primary_key(group->after);
	const struct retort_default *def = column ? column->def : NULL;
	bool valued = def && def->kind != RETORT_DEFAULT_NULL;

	if (!column || op->fill || native_is_auto(column) || (column->computed && column->computed_stored))
		return false;
	for (size_t i = 0; key && i < key->column_count; i++)
		if (native_same(key->columns[i], column->name))
			return false;
	if (column->computed)
		return true;
	return (!valued || def->kind == RETORT_DEFAULT_LITERAL) && (column->nullable || valued);
}

/* The constraint with what replay and resolving made of it. */
static const struct retort_constraint *settled(const struct group *group, const struct retort_op *op)
{
	const struct retort_constraint *constraint =
		op->constraint->name ? retort_table_constraint(group->after, op->constraint->name) : NULL;

	return constraint ? constraint : op->constraint;
}

/* CONSTRAINT name REFERENCES ... or CHECK ... */
static int append_constraint(const struct group *group, struct retort_buf *out, const struct retort_op *op,
	struct retort_error *err)
{
	struct retort_constraint constraint = *settled(group, op);
	struct retort_buf text;
	const char *references;

	retort_buf_init(&text, group->render->arena);
	if (retort_sql_constraint(group->render, &text, &constraint, err))
		return -1;
	if (constraint.kind == RETORT_FOREIGN_KEY) {
		/* the column is said already: FOREIGN KEY (c) goes */
		const char *at = text.data;
		struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

		if (constraint.name) {
			retort_sql_word(SQLITE_SYNTAX, &at);
			retort_buf_str(out, " CONSTRAINT ");
			native_name(out, constraint.name);
			token = retort_sql_word(SQLITE_SYNTAX, &at);
		}
		while (token.kind != RETORT_TOKEN_END && !retort_token_is(&token, "references"))
			token = retort_sql_word(SQLITE_SYNTAX, &at);
		references = token.text;
		retort_buf_printf(out, " %s", references);
		return 0;
	}
	retort_buf_printf(out, " %s", text.data);
	return 0;
}

static int add_column(struct group *group, const struct retort_op *op, struct retort_error *err)
{
	struct retort_render *render = group->render;
	const struct retort_column *column = retort_table_column(group->after, op->column->name);
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	native_name(&sql, group->now->name);
	retort_buf_str(&sql, " ADD COLUMN ");
	if (retort_sql_column(render, &sql, group->after, column, err))
		return -1;
	for (size_t i = 0; i < group->count; i++)
		if (group->ops[i]->kind == RETORT_OP_CREATE_CONSTRAINT &&
			host_of(group, group->ops[i]) == op &&
			append_constraint(group, &sql, group->ops[i], err))
			return -1;
	if (op->after || op->first)
		retort_plan_note(render->plan,
			"%s adds columns at the end: the place of '%s' in '%s' is left out",
			render->dialect->name, column->name, group->now->name);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	return 0;
}

/* ---- DROP COLUMN (ALTER TABLE, section 5) ---- */

static bool has_index(const struct retort_table *table, const struct retort_index *wanted)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (native_same(table->indexes[i]->name, wanted->name))
			return true;
	return false;
}

/* Whether nothing else in the text names the column. */
static bool can_drop(const struct group *group, const struct retort_op *op)
{
	struct definition *definition;
	const struct column_item *column;

	if (definition_read(group->render->arena, group->text, &definition, NULL))
		return false;
	column = definition_column(definition, op->name);
	if (!column || definition->column_count < 2 || column_clause(column, CLAUSE_PRIMARY_KEY) ||
		column_clause(column, CLAUSE_UNIQUE))
		return false;
	for (size_t i = 0; i < definition->column_count; i++)
		if (definition->columns[i] != column &&
			definition_names(definition, definition->columns[i]->span, op->name))
			return false;
	for (size_t i = 0; i < definition->constraint_count; i++)
		if (definition_names(definition, definition->constraints[i]->span, op->name))
			return false;
	return true;
}

static void drop_index(struct group *group, const struct retort_op *op, const char *name,
	const char *description)
{
	struct retort_buf sql;

	retort_buf_init(&sql, group->render->arena);
	retort_buf_printf(&sql, "DROP INDEX %s",
		op->kind == RETORT_OP_DROP_INDEX && op->if_exists ? "IF EXISTS " : "");
	native_name(&sql, name);
	retort_plan_add(group->render->plan, op, 0, sql.data, description);
}

/* Whether an operation of the group drops the index by itself. */
static bool dropped_apart(const struct group *group, const char *name)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->ops[i]->kind == RETORT_OP_DROP_INDEX && native_same(group->ops[i]->name, name))
			return true;
	return false;
}

static bool index_names(const struct group *group, const struct retort_index *index, const char *column)
{
	struct definition text = {.arena = group->render->arena};

	text.text = text_of_index(group->render, group->now, index, NULL);
	return text.text && definition_names(&text, (struct span){0, strlen(text.text)}, column);
}

static int drop_column(struct group *group, const struct retort_op *op, struct retort_error *err)
{
	struct retort_render *render = group->render;
	struct retort_buf sql;

	(void)err;
	for (size_t i = 0; i < group->now->index_count; i++) {
		const struct retort_index *index = group->now->indexes[i];

		if (index->name && !has_index(group->after, index) && !dropped_apart(group, index->name) &&
			index_names(group, index, op->name))
			drop_index(group, op, index->name,
				retort_printf(render->arena, "drop index '%s' with column '%s' of '%s'",
					index->name, op->name, group->now->name));
	}
	retort_buf_init(&sql, render->arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	native_name(&sql, group->now->name);
	retort_buf_str(&sql, " DROP COLUMN ");
	native_name(&sql, op->name);
	retort_plan_add(render->plan, op, RETORT_STMT_DESTRUCTIVE | RETORT_STMT_REWRITES, sql.data, NULL);
	return 0;
}

/* ---- the rest ---- */

static int rename_column(struct group *group, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	retort_buf_init(&sql, group->render->arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	native_name(&sql, group->now->name);
	retort_buf_str(&sql, " RENAME COLUMN ");
	native_name(&sql, op->name);
	retort_buf_str(&sql, " TO ");
	native_name(&sql, op->to);
	retort_plan_add(group->render->plan, op, 0, sql.data, NULL);
	return 0;
}

/* Beside other operations; alone they are the generic renderer's. */
static int render_index(struct group *group, const struct retort_op *op, struct retort_error *err)
{
	const char *name = op->kind == RETORT_OP_CREATE_INDEX ? op->index->name : op->to;
	const struct retort_index *index = name ? retort_table_index(group->after, name) : NULL;
	const char *text;

	if (op->kind != RETORT_OP_CREATE_INDEX)
		drop_index(group, op, op->name, NULL);
	if (op->kind == RETORT_OP_DROP_INDEX)
		return 0;
	text = index ? text_of_index(group->render, group->after, index, err) : NULL;
	if (!text)
		return -1;
	retort_plan_add(group->render->plan, op, 0, text, NULL);
	return 0;
}

/* Whether ALTER TABLE can do it. */
static bool is_native(const struct group *group, const struct retort_op *op)
{
	switch (op->kind) {
	case RETORT_OP_ADD_COLUMN:
		return can_add(group, op);
	case RETORT_OP_DROP_COLUMN:
		return can_drop(group, op);
	case RETORT_OP_RENAME_COLUMN:
		return true;
	case RETORT_OP_CREATE_CONSTRAINT:
		return host_of(group, op) != NULL;
	default:
		return changes_nothing(op) || is_beside(op);
	}
}

static int render_native(struct group *group, const struct retort_op *op, struct retort_error *err)
{
	switch (op->kind) {
	case RETORT_OP_ADD_COLUMN:
		return add_column(group, op, err);
	case RETORT_OP_DROP_COLUMN:
		return drop_column(group, op, err);
	case RETORT_OP_RENAME_COLUMN:
		return rename_column(group, op, err);
	case RETORT_OP_CREATE_INDEX:
	case RETORT_OP_DROP_INDEX:
	case RETORT_OP_RENAME_INDEX:
		return render_index(group, op, err);
	default:
		return 0; /* said with the column, or nothing to do */
	}
}

/* Native statements, tried in memory for the texts that they leave. */
static int alter_natively(struct group *group, struct retort_table *after, struct retort_error *err)
{
	const struct retort_plan *plan = group->render->plan;
	size_t first = plan->statement_count;
	struct retort_table now = *group->now;
	sqlite3 *db = NULL;
	int rc = -1;

	for (size_t i = 0; i < group->count; i++)
		if (render_native(group, group->ops[i], err))
			return -1;
	now.definition = group->text;
	if (scratch_open(&db, err) || scratch_make(group->render, db, &now, err))
		goto out;
	for (size_t i = first; i < plan->statement_count; i++)
		if (scratch_run(db, plan->statements[i]->sql, err))
			goto out;
	scratch_take_texts(db, group->render->arena, after);
	rc = 0;
out:
	if (rc)
		retort_error_prefix(err, "cannot alter table '%s'", now.name);
	sqlite3_close(db);
	return rc;
}

int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	struct group group = {.render = render, .now = now, .after = after, .ops = ops, .count = n};
	bool beside = true, native = true;

	for (size_t i = 0; i < n; i++)
		beside = beside && is_beside(ops[i]);
	if (beside)
		return RETORT_PASS;
	if (dialect_check_table(after, err))
		return RETORT_FAIL;
	group.text = text_of_table(render, now, err);
	if (!group.text)
		return RETORT_FAIL;
	for (size_t i = 0; i < n; i++)
		native = native && is_native(&group, ops[i]);
	return native ? alter_natively(&group, after, err) : rebuild_table(render, now, after, ops, n, err);
}
