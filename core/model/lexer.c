/* SPDX-License-Identifier: MIT */
#include "retort/sql.h"

#include <string.h>

#include "base/text.h"
#include "model/catalog.h"

/* Longer operators, longest first; every other punctuation is one character. */
static const char operators[][4] = {"!~*", "#>>", "->>", "<=>", "~~*", "!=", "!~", "#>", "&&", "**", "->",
	"::", ":=", "<<", "<=", "<>", "<@", "==", "=>", ">=", ">>", "?&", "?|", "@>", "||", "~*"};

/* isalpha and friends ask the locale; SQL doesn't. Bytes of UTF-8 count as letters. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '$';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The end of a quoted text whose opening quote stands at at; NULL where it never ends. */
static const char *quoted_end(const char *at, char close, bool backslash)
{
	for (at++; *at; at++) {
		if (backslash && *at == '\\') {
			if (!*++at)
				return NULL;
		} else if (*at == close) {
			if (at[1] != close)
				return at + 1;
			at++;
		}
	}
	return NULL;
}

/* The end of a block comment, or NULL. */
static const char *comment_end(const char *at, bool nested)
{
	size_t depth = 1;

	for (at += 2; *at; at++) {
		if (at[0] == '*' && at[1] == '/') {
			at++;
			if (--depth == 0)
				return at + 1;
		} else if (nested && at[0] == '/' && at[1] == '*') {
			at++;
			depth++;
		}
	}
	return NULL;
}

/* The length of the $tag$ that stands at at, or 0. */
static size_t dollar_tag(const char *at)
{
	size_t n = 1;

	if (is_digit(at[n]))
		return 0;
	while (is_letter(at[n]) || is_digit(at[n]))
		n++;
	return at[n] == '$' ? n + 1 : 0;
}

/* The end of a dollar-quoted string whose tag has n bytes, or NULL. */
static const char *dollar_end(const char *at, size_t n)
{
	const char *end = at + n;

	while ((end = strchr(end, '$')) != NULL) {
		if (strncmp(end, at, n) == 0)
			return end + n;
		end++;
	}
	return NULL;
}

static const char *word_end(const char *at)
{
	while (is_word(*at))
		at++;
	return at;
}

static const char *number_end(const char *at)
{
	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		return word_end(at + 2);
	while (is_digit(*at) || *at == '.' || *at == '_')
		at++;
	if ((*at == 'e' || *at == 'E') &&
		(is_digit(at[1]) || ((at[1] == '+' || at[1] == '-') && is_digit(at[2])))) {
		for (at += 2; is_digit(*at); at++)
			continue;
	}
	return at;
}

/* Where a string begins after its prefix letter (E'', N'', B'', X''), or NULL where none does. */
static const char *prefixed_string(const char *at)
{
	if (at[1] == '\'' && strchr("eEnNbBxX", *at))
		return at + 1;
	if ((*at == 'u' || *at == 'U') && at[1] == '&' && (at[2] == '\'' || at[2] == '"'))
		return at + 2;
	return NULL;
}

/* A token whose end is known, or one that is broken and takes all the rest. */
static struct retort_token make(enum retort_token_kind kind, const char *start, const char *end,
	const char **at)
{
	struct retort_token token = {.kind = kind, .text = start, .len = 0};

	if (!end) {
		token.kind = RETORT_TOKEN_BROKEN;
		end = start + strlen(start);
	}
	token.len = (size_t)(end - start);
	*at = end;
	return token;
}

/* Strings and quoted names: true where one stands at start. */
static bool quoted_token(unsigned syntax, const char *start, const char **at, struct retort_token *ret)
{
	bool backslash = (syntax & RETORT_SYNTAX_BACKSLASH) != 0;
	bool text = (syntax & RETORT_SYNTAX_DOUBLE_STRING) != 0;
	const char *quote = prefixed_string(start);
	size_t tag;

	if (quote) {
		bool escapes =
			backslash || ((*start == 'e' || *start == 'E') && (syntax & RETORT_SYNTAX_DOLLAR));

		*ret = make(*quote == '"' ? RETORT_TOKEN_QUOTED : RETORT_TOKEN_STRING, start,
			quoted_end(quote, *quote, escapes), at);
	} else if (*start == '\'') {
		*ret = make(RETORT_TOKEN_STRING, start, quoted_end(start, '\'', backslash), at);
	} else if (*start == '"') {
		*ret = make(text ? RETORT_TOKEN_STRING : RETORT_TOKEN_QUOTED, start,
			quoted_end(start, '"', text && backslash), at);
	} else if (*start == '`' && (syntax & RETORT_SYNTAX_BACKTICK)) {
		*ret = make(RETORT_TOKEN_QUOTED, start, quoted_end(start, '`', false), at);
	} else if (*start == '[' && (syntax & RETORT_SYNTAX_BRACKET)) {
		const char *end = strchr(start, ']');

		*ret = make(RETORT_TOKEN_QUOTED, start, end ? end + 1 : NULL, at);
	} else if (*start == '$' && (syntax & RETORT_SYNTAX_DOLLAR) && (tag = dollar_tag(start)) != 0) {
		*ret = make(RETORT_TOKEN_STRING, start, dollar_end(start, tag), at);
	} else {
		return false;
	}
	return true;
}

/* Comments: true where one stands at start. */
static bool comment_token(unsigned syntax, const char *start, const char **at, struct retort_token *ret)
{
	if ((start[0] == '-' && start[1] == '-') || (*start == '#' && (syntax & RETORT_SYNTAX_HASH_COMMENT)))
		*ret = make(RETORT_TOKEN_COMMENT, start, start + strcspn(start, "\n"), at);
	else if (start[0] == '/' && start[1] == '*')
		*ret = make(RETORT_TOKEN_COMMENT, start,
			comment_end(start, (syntax & RETORT_SYNTAX_NESTED_COMMENT) != 0), at);
	else
		return false;
	return true;
}

/* One token, which doesn't know by what syntax. */
static struct retort_token read_token(unsigned syntax, const char **at)
{
	const char *start = *at, *end = start;
	struct retort_token token = {.kind = RETORT_TOKEN_END, .text = start};
	size_t i;

	if (!*start)
		return token;
	if (is_space(*start)) {
		while (is_space(*end))
			end++;
		return make(RETORT_TOKEN_SPACE, start, end, at);
	}
	if (is_letter(*start) && !prefixed_string(start))
		return make(RETORT_TOKEN_WORD, start, word_end(start), at);
	if (comment_token(syntax, start, at, &token) || quoted_token(syntax, start, at, &token))
		return token;
	while (*end == '@') /* @variable and @@variable are words of their own, never columns */
		end++;
	if (is_letter(*end) && end - start <= 2)
		return make(RETORT_TOKEN_WORD, start, word_end(end), at);
	if (is_digit(*start) || (*start == '.' && is_digit(start[1])) ||
		(*start == '$' && is_digit(start[1])))
		return make(RETORT_TOKEN_NUMBER, start, number_end(*start == '$' ? start + 1 : start), at);
	if (strchr("(),.;", *start)) /* what most are, and what no operator begins with */
		return make(RETORT_TOKEN_PUNCTUATION, start, start + 1, at);
	for (i = 0; i < sizeof operators / sizeof *operators; i++)
		if (start[0] == operators[i][0] && start[1] == operators[i][1] &&
			(!operators[i][2] || start[2] == operators[i][2]))
			return make(RETORT_TOKEN_PUNCTUATION, start, start + strlen(operators[i]), at);
	return make(RETORT_TOKEN_PUNCTUATION, start, start + 1, at);
}

struct retort_token retort_sql_token(unsigned syntax, const char **at)
{
	struct retort_token token = read_token(syntax, at);

	token.syntax = syntax;
	return token;
}

struct retort_token retort_sql_word(unsigned syntax, const char **at)
{
	struct retort_token token;

	do {
		while (is_space(**at))
			++*at;
		token = retort_sql_token(syntax, at);
	} while (token.kind == RETORT_TOKEN_COMMENT);
	return token;
}

bool retort_token_is(const struct retort_token *token, const char *word)
{
	/* most words differ in their first letter */
	return token->kind == RETORT_TOKEN_WORD && (*token->text | 0x20) == (*word | 0x20) &&
		strlen(word) == token->len && text_ncasecmp(token->text, word, token->len) == 0;
}

static char *folded(const struct retort_token *token, char *name)
{
	if (token->syntax & RETORT_SYNTAX_UPPER)
		name_fold(name, token->kind == RETORT_TOKEN_QUOTED);
	return name;
}

char *retort_token_name(struct retort_arena *arena, const struct retort_token *token)
{
	const char *from = token->text, *end = from + token->len;
	char *name = retort_strndup(arena, from, token->len), *to = name;
	char close;

	if (token->kind != RETORT_TOKEN_QUOTED || token->len < 2)
		return folded(token, name);
	while (*from != '"' && *from != '`' && *from != '[') /* U& stands in front */
		from++;
	close = *from == '[' ? ']' : *from;
	end--;
	for (from++; from < end; from++) {
		*to++ = *from;
		if (*from == close && close != ']')
			from++;
	}
	*to = '\0';
	return folded(token, name);
}
