/* SPDX-License-Identifier: MIT
 *
 * In a transaction that rebuilds a table foreign keys are off. Rows changed in it would leave their
 * children as they are where the key says CASCADE, SET NULL or SET DEFAULT: no constraint is broken that
 * a check would find, so the plan is refused.
 */
#include <string.h>

#include "definition.h"
#include "dialect.h"
#include "native.h"

enum row_change { CHANGE_NONE, CHANGE_UPDATE, CHANGE_DELETE, CHANGE_REPLACE };

static bool acts(enum retort_action action)
{
	return action == RETORT_ACTION_CASCADE || action == RETORT_ACTION_SET_NULL ||
		action == RETORT_ACTION_SET_DEFAULT;
}

/* The table whose foreign key acts when rows of `table` change so, or NULL. */
static const struct retort_table *acting_child(const struct retort_schema *schema, const char *table,
	enum row_change change)
{
	for (size_t i = 0; i < schema->table_count; i++)
		for (size_t j = 0; j < schema->tables[i]->constraint_count; j++) {
			const struct retort_constraint *constraint = schema->tables[i]->constraints[j];
			const struct retort_references *references = constraint->references;

			if (constraint->kind != RETORT_FOREIGN_KEY || !references ||
				!native_same(references->table, table))
				continue;
			if (acts(change == CHANGE_UPDATE ? references->on_update : references->on_delete))
				return schema->tables[i];
		}
	return NULL;
}

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

/* Reads a table's name, perhaps qualified, into *name. */
static void read_target(struct retort_arena *arena, const char **at, struct retort_token token,
	const char **name)
{
	const char *back;

	*name = token_name(arena, &token);
	back = *at;
	token = retort_sql_word(SQLITE_SYNTAX, at);
	if (!is_mark(&token, '.')) {
		*at = back;
		return;
	}
	token = retort_sql_word(SQLITE_SYNTAX, at);
	*name = token_name(arena, &token);
}

/* The next change of rows in SQL text from *at on, and its table. Bodies of triggers only say what is
 * done later. */
static enum row_change next_change(struct retort_arena *arena, const char **at, const char **table)
{
	bool start = true, with = false;
	struct retort_token token;

	while ((token = retort_sql_word(SQLITE_SYNTAX, at)).kind != RETORT_TOKEN_END) {
		enum row_change change = CHANGE_NONE;
		bool first = start;

		start = is_mark(&token, ';');
		if (first && retort_token_is(&token, "create"))
			return CHANGE_NONE;
		with = first ? retort_token_is(&token, "with") : with;
		if (!first && !with)
			continue;
		if (retort_token_is(&token, "update"))
			change = CHANGE_UPDATE;
		else if (retort_token_is(&token, "delete"))
			change = CHANGE_DELETE;
		else if (retort_token_is(&token, "replace"))
			change = CHANGE_REPLACE;
		if (change == CHANGE_NONE && retort_token_is(&token, "insert")) {
			token = retort_sql_word(SQLITE_SYNTAX, at);
			if (!retort_token_is(&token, "or"))
				continue;
			token = retort_sql_word(SQLITE_SYNTAX, at);
			if (!retort_token_is(&token, "replace"))
				continue;
			change = CHANGE_REPLACE;
		}
		if (change == CHANGE_NONE)
			continue;
		token = retort_sql_word(SQLITE_SYNTAX, at);
		if (retort_token_is(&token, "or")) { /* UPDATE OR IGNORE t */
			retort_sql_word(SQLITE_SYNTAX, at);
			token = retort_sql_word(SQLITE_SYNTAX, at);
		}
		if (retort_token_is(&token, "from") || retort_token_is(&token, "into"))
			token = retort_sql_word(SQLITE_SYNTAX, at);
		read_target(arena, at, token, table);
		return change;
	}
	return CHANGE_NONE;
}

static int refuse(const struct retort_op *op, const char *table, const struct retort_table *child,
	struct retort_error *err)
{
	retort_fail(err, RETORT_E_PLAN,
		"cannot change rows of '%s' in a transaction that rebuilds a table: foreign keys are off in "
		"it, and "
		"that of '%s' should act on the change: move the change of rows to a revision of its own",
		table, child->name);
	if (op)
		retort_error_at(err, op->file, op->line, op->line_column);
	return -1;
}

/* Fails where update_rows or delete_rows changes rows on which a foreign key acts. */
static int check_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_table *child = !render->schema
		? NULL
		: acting_child(render->schema, op->table,
			  op->kind == RETORT_OP_UPDATE_ROWS ? CHANGE_UPDATE : CHANGE_DELETE);

	return child ? refuse(op, op->table, child, err) : 0;
}

/* Fails where a statement of the plan changes rows on which a foreign key acts. */
static int check_statement(struct retort_render *render, const struct retort_statement *statement,
	struct retort_error *err)
{
	const struct retort_op *op = statement->op;
	const char *at = statement->sql, *table = NULL;
	const struct retort_table *child;
	enum row_change change;

	if (!op || !render->schema || (statement->flags & RETORT_STMT_REBUILD))
		return 0;
	if (op->kind == RETORT_OP_UPDATE_ROWS || op->kind == RETORT_OP_DELETE_ROWS)
		return check_rows(render, op, err);
	if (op->kind != RETORT_OP_EXECUTE || !at)
		return 0;
	while ((change = next_change(render->arena, &at, &table)) != CHANGE_NONE) {
		child = acting_child(render->schema, table, change);
		if (child)
			return refuse(op, table, child, err);
	}
	return 0;
}

int guard_rebuild(struct retort_render *render, struct retort_error *err)
{
	for (size_t i = 0; i < render->plan->statement_count; i++)
		if (check_statement(render, render->plan->statements[i], err))
			return -1;
	return 0;
}

int guard_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	size_t first = render->plan->statement_count;
	bool rebuild = false;

	for (size_t i = 0; i < first; i++)
		rebuild = rebuild || (render->plan->statements[i]->flags & RETORT_STMT_REBUILD);
	if (!rebuild)
		return RETORT_PASS;
	/* Whose rows they are the operation tells; they may be those of a file. */
	if (op->kind != RETORT_OP_EXECUTE)
		return check_rows(render, op, err) ? RETORT_FAIL : RETORT_PASS;
	if (retort_sql_generic(render, op, err))
		return -1;
	for (size_t i = first; i < render->plan->statement_count; i++)
		if (check_statement(render, render->plan->statements[i], err))
			return -1;
	return RETORT_OK;
}
