/* SPDX-License-Identifier: MIT
 *
 * Indexes, views and triggers from their stored texts.
 */
#include <string.h>

#include "inspect.h"
#include "native.h"

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

/* Moves behind CREATE ... WORD [IF NOT EXISTS] name, with the token that follows in *token. The name may
 * be qualified. */
static bool skip_head(const char **at, const char *word, bool *unique, struct retort_token *token)
{
	const char *back;

	*token = retort_sql_word(SQLITE_SYNTAX, at);
	if (!retort_token_is(token, "create"))
		return false;
	do {
		*token = retort_sql_word(SQLITE_SYNTAX, at);
		if (unique && retort_token_is(token, "unique"))
			*unique = true;
		if (token->kind != RETORT_TOKEN_WORD)
			return false;
	} while (!retort_token_is(token, word));
	back = *at;
	*token = retort_sql_word(SQLITE_SYNTAX, at);
	if (retort_token_is(token, "if")) {
		struct retort_token not = retort_sql_word(SQLITE_SYNTAX, at);

		if (retort_token_is(&not, "not"))
			retort_sql_word(SQLITE_SYNTAX, at);
		else
			*at = back;
		*token = retort_sql_word(SQLITE_SYNTAX, at);
	}
	back = *at;
	*token = retort_sql_word(SQLITE_SYNTAX, at);
	if (is_mark(token, '.')) {
		retort_sql_word(SQLITE_SYNTAX, at);
		back = *at;
		*token = retort_sql_word(SQLITE_SYNTAX, at);
	}
	*at = back;
	*token = retort_sql_word(SQLITE_SYNTAX, at);
	return token->kind != RETORT_TOKEN_END;
}

/* One column of an index, up to the comma or parenthesis behind it, which *token becomes; NULL: unread. */
static struct retort_index_column *read_index_column(struct retort_arena *arena, const char **at,
	struct retort_token *token)
{
	struct retort_index_column *column = retort_alloc(arena, sizeof *column);
	struct retort_token first = *token, last = {.text = NULL};
	const char *end = NULL;
	size_t depth = 0, count = 0;

	while (depth > 0 || (!is_mark(token, ',') && !is_mark(token, ')'))) {
		if (token->kind == RETORT_TOKEN_END || token->kind == RETORT_TOKEN_BROKEN)
			return NULL;
		depth += is_mark(token, '(');
		depth -= is_mark(token, ')');
		if (depth == 0 && (retort_token_is(token, "asc") || retort_token_is(token, "desc"))) {
			column->order =
				retort_token_is(token, "desc") ? RETORT_ORDER_DESC : RETORT_ORDER_NONE;
		} else if (depth == 0 && count > 0 && retort_token_is(token, "collate")) {
			*token = retort_sql_word(SQLITE_SYNTAX, at);
			column->collation = token_name(arena, token);
		} else {
			last = *token;
			end = last.text + last.len;
			count++;
		}
		*token = retort_sql_word(SQLITE_SYNTAX, at);
	}
	if (count == 0)
		return NULL;
	if (count == 1 && first.kind != RETORT_TOKEN_NUMBER)
		column->column = token_name(arena, &first);
	else
		column->expression = retort_text_new(arena,
			model_bare(arena, retort_strndup(arena, first.text, (size_t)(end - first.text))));
	return column;
}

bool model_index(struct retort_arena *arena, struct retort_index *index, const char *sql)
{
	const struct retort_index_column **columns = NULL;
	struct retort_token token;
	const char *at = sql;
	size_t n = 0;

	if (!skip_head(&at, "index", &index->unique, &token) || !retort_token_is(&token, "on"))
		return false;
	retort_sql_word(SQLITE_SYNTAX, &at);
	token = retort_sql_word(SQLITE_SYNTAX, &at);
	if (!is_mark(&token, '('))
		return false;
	do {
		const struct retort_index_column *column;

		token = retort_sql_word(SQLITE_SYNTAX, &at);
		column = read_index_column(arena, &at, &token);
		if (!column)
			return false;
		RETORT_PUSH(arena, columns, n, column);
	} while (is_mark(&token, ','));
	index->columns = columns;
	index->column_count = n;
	token = retort_sql_word(SQLITE_SYNTAX, &at);
	if (retort_token_is(&token, "where"))
		index->where = retort_text_new(arena, model_bare(arena, at));
	return true;
}

void model_view(struct retort_schema *schema, const char *name, const char *sql)
{
	struct retort_token token;
	const char *at = sql, *columns = NULL, *columns_end = NULL;

	if (skip_head(&at, "view", NULL, &token) && is_mark(&token, '(')) {
		columns = token.text;
		while (!is_mark(&token, ')') && token.kind != RETORT_TOKEN_END)
			token = retort_sql_word(SQLITE_SYNTAX, &at);
		columns_end = at;
		token = retort_sql_word(SQLITE_SYNTAX, &at);
	}
	if (!retort_token_is(&token, "as"))
		at = sql;
	at += strspn(at, " \t\r\n");
	/* A query alone has no place for the names of its columns. */
	if (columns)
		at = retort_printf(schema->arena, "WITH t %.*s AS (\n%s\n) SELECT * FROM t",
			(int)(columns_end - columns), columns, at);
	retort_schema_add_view(schema, NULL, name, at)->definition = sql;
}

void model_trigger(struct retort_schema *schema, const char *name, const char *table, const char *sql)
{
	struct retort_token token;
	const char *at = sql;
	const char *body = skip_head(&at, "trigger", NULL, &token) ? token.text : sql;

	retort_schema_add_trigger(schema, NULL, table, name, body)->definition = sql;
}
