/* SPDX-License-Identifier: MIT
 *
 * CREATE OR REPLACE VIEW can add columns at the end, no more. Where the queries show that others change, the
 * view is dropped and made again, which loses the rights that were granted on it.
 */
#include <string.h>

#include "dialect.h"

/* The names of a query's columns, as far as they can be read. */
struct names {
	const char **items;
	size_t count;
	bool known; /* all of them */
};

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

/* Behind SELECT, ALL and DISTINCT ON (...); NULL where the query begins otherwise. */
static const char *select_list(const char *query)
{
	const char *at = query, *next;
	struct retort_token token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	int depth = 0;

	if (!retort_token_is(&token, "select"))
		return NULL;
	next = at;
	token = retort_sql_word(POSTGRESQL_SYNTAX, &next);
	if (!retort_token_is(&token, "all") && !retort_token_is(&token, "distinct"))
		return at;
	at = next;
	token = retort_sql_word(POSTGRESQL_SYNTAX, &next);
	if (!retort_token_is(&token, "on"))
		return at;
	do {
		token = retort_sql_word(POSTGRESQL_SYNTAX, &next);
		depth += is_mark(&token, '(') - is_mark(&token, ')');
	} while (depth > 0 && token.kind != RETORT_TOKEN_END);
	return next;
}

/* Reads the list up to FROM or the end: an item's name is its last word, unless that belongs to an
 * expression. */
static struct names read_names(struct retort_arena *arena, const char *query)
{
	const char *at = select_list(query);
	struct names names = {NULL, 0, at != NULL};
	struct retort_token token, last = {.text = NULL};
	int depth = 0;

	while (names.known) {
		bool ends;

		token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
		ends = token.kind == RETORT_TOKEN_END || (depth == 0 && retort_token_is(&token, "from"));
		if (ends || (depth == 0 && is_mark(&token, ','))) {
			names.known = last.kind == RETORT_TOKEN_WORD || last.kind == RETORT_TOKEN_QUOTED;
			if (names.known)
				RETORT_PUSH(arena, names.items, names.count, retort_token_name(arena, &last));
			if (ends)
				break;
		}
		depth += is_mark(&token, '(') - is_mark(&token, ')');
		last = token;
	}
	return names;
}

/* Whether the new query surely gives other columns than the old one with more at the end. */
static bool changes_columns(struct retort_arena *arena, const char *old, const char *new)
{
	struct names before = read_names(arena, old), after = read_names(arena, new);

	if (!before.known || !after.known)
		return false;
	if (after.count < before.count)
		return true;
	for (size_t i = 0; i < before.count; i++)
		if (strcmp(before.items[i], after.items[i]) != 0)
			return true;
	return false;
}

int override_replace_view(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_view *now = retort_schema_view(render->schema, op->view->schema, op->view->name);
	struct retort_op create = *op;
	struct retort_buf sql;
	size_t first;

	if (!now || now->materialized || op->view->materialized ||
		!changes_columns(render->arena, now->query->sql, op->view->query->sql))
		return RETORT_PASS;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "DROP VIEW %t", now->schema, now->name);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	retort_plan_note(render->plan,
		"view '%s' gets other columns: it is made anew, and rights on it must be granted again",
		now->name);
	create.kind = RETORT_OP_CREATE_VIEW;
	first = render->plan->statement_count;
	if (retort_sql_generic(render, &create, err))
		return -1;
	for (size_t i = first; i < render->plan->statement_count; i++)
		render->plan->statements[i]->op = op;
	return RETORT_OK;
}
