/* SPDX-License-Identifier: MIT
 *
 * Texts of expressions: strings and numbers in them, and how catalogs have them.
 */
#include <string.h>

#include "expression.h"

char *expression_string(struct retort_arena *arena, const struct retort_token *token)
{
	const char *at = memchr(token->text, '\'', token->len), *quote = memchr(token->text, '"', token->len),
		   *end;
	char *value = retort_alloc(arena, token->len + 1), *to = value;

	if (!at || (quote && quote < at))
		at = quote;
	if (!at)
		return value;
	end = token->text + token->len - 1;
	for (const char *from = at + 1; from < end; from++) {
		static const char letters[] = "nrt0Zb", meant[] = "\n\r\t\0\x1a\b";
		const char *found = *from == '\\' ? strchr(letters, from[1]) : NULL;

		if (*from == '\\' && found && from[1]) {
			*to++ = meant[found - letters];
			from++;
			continue;
		}
		if (*from == '\\' || *from == *at)
			from++;
		*to++ = *from;
	}
	return value;
}

/* MySQL's information_schema takes the bytes of an expression for ISO 8859-1 and makes UTF-8 of them once
 * more. The text with that undone, where that is what happened: NULL where it isn't. */
static char *decoded_once(struct retort_arena *arena, const char *text)
{
	char *decoded = retort_alloc(arena, strlen(text) + 1), *to = decoded;
	int follow = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80) {
			if ((c != 0xC2 && c != 0xC3) || ((unsigned char)text[1] & 0xC0) != 0x80)
				return NULL;
			c = (unsigned char)(((c & 3) << 6) | ((unsigned char)*++text & 0x3F));
		}
		/* The result must be UTF-8. */
		if ((c & 0xC0) == 0x80 ? follow-- <= 0 : follow > 0)
			return NULL;
		if (c >= 0xC0)
			follow = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
		*to++ = (char)c;
	}
	return follow == 0 ? decoded : NULL;
}

const char *expression_unescape(struct retort_arena *arena, const char *sql)
{
	char *text = retort_alloc(arena, strlen(sql) + 1), *to = text, *decoded;

	for (; *sql; sql++) {
		if (*sql == '\\' && sql[1])
			sql++;
		*to++ = *sql;
	}
	decoded = decoded_once(arena, text);
	return decoded ? decoded : text;
}

const char *expression_literal(struct retort_arena *arena, const char *plain)
{
	const char *at = plain;
	struct retort_token token = retort_sql_word(MYSQL_SYNTAX, &at);
	bool minus = token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '-' && token.len == 1;

	if (minus)
		token = retort_sql_word(MYSQL_SYNTAX, &at);
	if (retort_sql_word(MYSQL_SYNTAX, &at).kind != RETORT_TOKEN_END)
		return NULL;
	if (token.kind == RETORT_TOKEN_NUMBER)
		return retort_printf(arena, "%s%.*s", minus ? "-" : "", (int)token.len, token.text);
	if (token.kind == RETORT_TOKEN_STRING && !minus && (*token.text == 'x' || *token.text == 'X'))
		return retort_printf(arena, "0x%.*s", (int)token.len - 3, token.text + 2);
	return token.kind == RETORT_TOKEN_STRING && !minus && *token.text == '\''
		? expression_string(arena, &token)
		: NULL;
}

bool expression_names(const struct retort_text *text, const char *column)
{
	const char *at = text ? text->sql : NULL;
	struct retort_token token;

	while (at && (token = retort_sql_word(MYSQL_SYNTAX, &at)).kind != RETORT_TOKEN_END)
		if (token.kind == RETORT_TOKEN_WORD
				? retort_token_is(&token, column)
				: token.kind == RETORT_TOKEN_QUOTED && token.len == strlen(column) + 2 &&
					strncmp(token.text + 1, column, token.len - 2) == 0)
			return true;
	return false;
}
