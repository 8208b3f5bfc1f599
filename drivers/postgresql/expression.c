/* SPDX-License-Identifier: MIT
 *
 * Expressions as the server writes them.
 */
#include <string.h>

#include "dialect.h"
#include "native.h"

static bool token_equal(const struct retort_token *left, const struct retort_token *right)
{
	if (left->kind == RETORT_TOKEN_WORD && right->kind == RETORT_TOKEN_WORD) {
		if (left->len != right->len)
			return false;
		for (size_t i = 0; i < left->len; i++) {
			char a = left->text[i], b = right->text[i];

			a = (char)(a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a);
			b = (char)(b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
			if (a != b)
				return false;
		}
		return true;
	}
	return left->kind == right->kind && left->len == right->len &&
		memcmp(left->text, right->text, left->len) == 0;
}

bool expression_same(const char *left, const char *right)
{
	struct retort_token a, b;

	do {
		a = retort_sql_word(POSTGRESQL_SYNTAX, &left);
		b = retort_sql_word(POSTGRESQL_SYNTAX, &right);
		if (!token_equal(&a, &b))
			return false;
	} while (a.kind != RETORT_TOKEN_END);
	return true;
}

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

const char *expression_bare(struct retort_arena *arena, const char *sql)
{
	return retort_sql_bare(arena, POSTGRESQL_SYNTAX, sql);
}

/* The text that a string token stands for. */
static const char *string_text(struct retort_arena *arena, const struct retort_token *token)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (size_t i = 1; i + 1 < token->len; i++) {
		retort_buf_char(&out, token->text[i]);
		if (token->text[i] == '\'')
			i++;
	}
	return out.data;
}

static bool is_text_kind(enum retort_type_kind kind)
{
	return kind == RETORT_TYPE_STRING || kind == RETORT_TYPE_CHAR || kind == RETORT_TYPE_TEXT ||
		kind == RETORT_TYPE_ENUM;
}

static bool is_number_kind(enum retort_type_kind kind)
{
	return kind >= RETORT_TYPE_SMALLINT && kind <= RETORT_TYPE_NUMERIC;
}

/* Whether ::cast of a literal leaves it a value of the type: the server adds the column's own type, or
 * another of its family. */
static bool cast_fits(struct retort_arena *arena, const char *cast, const struct retort_type *type)
{
	const struct retort_type *as = native_parse(arena, cast);

	if (type->kind == RETORT_TYPE_ENUM || type->kind == RETORT_TYPE_DOMAIN)
		return true;
	if (is_text_kind(type->kind))
		return is_text_kind(as->kind) &&
			(!as->native || strcmp(as->native, "bpchar") == 0 ||
				(type->native && strcmp(type->native, as->native) == 0));
	if (is_number_kind(type->kind))
		return is_number_kind(as->kind) && !as->native;
	return as->kind == type->kind;
}

/* A text of the server's as the neutral one. */
static const char *neutral_text(struct retort_arena *arena, const char *text, const struct retort_type *type)
{
	if (type->kind == RETORT_TYPE_BLOB && strncmp(text, "\\x", 2) == 0)
		return retort_printf(arena, "0x%s", text + 2);
	if (type->kind == RETORT_TYPE_BOOLEAN)
		return *text == 't' ? "true" : "false";
	return text;
}

/* The value of a literal with or without a cast; NULL where the expression is more than that. */
static const char *literal_text(struct retort_arena *arena, const char *expression,
	const struct retort_type *type)
{
	const char *at = expression_bare(arena, expression), *rest, *text;
	struct retort_token token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	bool minus = is_mark(&token, '-'), quoted;

	if (minus)
		token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	quoted = token.kind == RETORT_TOKEN_STRING && *token.text == '\'' && !minus;
	if (quoted)
		text = string_text(arena, &token);
	else if (token.kind == RETORT_TOKEN_NUMBER)
		text = retort_printf(arena, "%s%.*s", minus ? "-" : "", (int)token.len, token.text);
	else if (type->kind == RETORT_TYPE_BOOLEAN &&
		(retort_token_is(&token, "true") || retort_token_is(&token, "false")))
		text = retort_token_is(&token, "true") ? "true" : "false";
	else
		return NULL;
	rest = at;
	token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	if (token.kind == RETORT_TOKEN_END)
		return quoted || is_number_kind(type->kind) || type->kind == RETORT_TYPE_BOOLEAN ? text
												 : NULL;
	if (token.kind != RETORT_TOKEN_PUNCTUATION || token.len != 2 || memcmp(token.text, "::", 2) != 0)
		return NULL;
	rest = at;
	while ((token = retort_sql_word(POSTGRESQL_SYNTAX, &at)).kind != RETORT_TOKEN_END)
		if (token.kind == RETORT_TOKEN_STRING ||
			(token.kind == RETORT_TOKEN_PUNCTUATION && !strchr("().,[]\"", *token.text)))
			return NULL;
	return cast_fits(arena, rest, type) ? text : NULL;
}

const struct retort_default *expression_default(struct retort_arena *arena, const char *expression,
	const struct retort_type *type)
{
	const char *text;

	if (!expression)
		return NULL;
	if ((text = function_name(arena, expression, type)))
		return retort_default_new(arena, RETORT_DEFAULT_FUNCTION, text);
	if ((text = literal_text(arena, expression, type)))
		return retort_default_new(arena, RETORT_DEFAULT_LITERAL, neutral_text(arena, text, type));
	return retort_default_new(arena, RETORT_DEFAULT_EXPRESSION, expression_bare(arena, expression));
}
