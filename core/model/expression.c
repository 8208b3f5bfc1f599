/* SPDX-License-Identifier: MIT */
#include "model/expression.h"

#include <string.h>

#include "base/text.h"

/* Parentheses may nest this deep in a text that is checked. */
enum { MAX_PARENTHESES = 1000 };

static bool is_identifier(const struct retort_token *token)
{
	return token->kind == RETORT_TOKEN_WORD || token->kind == RETORT_TOKEN_QUOTED;
}

static bool is_punctuation(const struct retort_token *token, const char *text)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && strlen(text) == token->len &&
		memcmp(token->text, text, token->len) == 0;
}

/* Whether a quoted token, unquoted, is name. Its quotes are doubled inside. */
static bool quoted_means(const struct retort_token *token, const char *name)
{
	const char *at = token->text, *end = token->text + token->len - 1;
	char close;

	while (*at != '"' && *at != '`' && *at != '[')
		at++;
	close = *at == '[' ? ']' : *at;
	for (at++; at < end; at++, name++) {
		if (*at != *name)
			return false;
		if (*at == close && close != ']')
			at++;
	}
	return !*name;
}

/* Whether a quoted token holds a plain word as the engine folds it: of small letters, or of capitals. */
static bool is_folded(const struct retort_token *token)
{
	char first = token->syntax & RETORT_SYNTAX_UPPER ? 'A' : 'a', last = (char)(first + ('z' - 'a'));

	for (size_t i = 1; i + 1 < token->len; i++) {
		char c = token->text[i];

		if (!((c >= first && c <= last) || c == '_' || (c >= '0' && c <= '9')))
			return false;
	}
	return token->len > 2;
}

bool token_means(const struct retort_token *token, const char *name)
{
	if (token->kind == RETORT_TOKEN_QUOTED && (token->syntax & RETORT_SYNTAX_UPPER) && is_folded(token))
		return strlen(name) + 2 == token->len &&
			text_ncasecmp(token->text + 1, name, token->len - 2) == 0;
	if (token->kind == RETORT_TOKEN_QUOTED)
		return token->len >= 2 && quoted_means(token, name);
	return retort_token_is(token, name);
}

/* Whether a name can stand without quotes: a lower-case word (an upper-case letter would be folded). */
static bool is_plain(const char *name)
{
	const char *at;

	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (at = name; *at; at++) {
		if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
			return false;
	}
	return true;
}

void token_write(struct retort_buf *out, unsigned syntax, const char *name)
{
	char quote = syntax & RETORT_SYNTAX_DOUBLE_STRING ? '`' : '"';

	if (is_plain(name)) {
		retort_buf_str(out, name);
		return;
	}
	retort_buf_char(out, quote);
	for (; *name; name++) {
		if (*name == quote)
			retort_buf_char(out, quote);
		retort_buf_char(out, *name);
	}
	retort_buf_char(out, quote);
}

/* The next word at at, which stays where it is. */
static struct retort_token peek(unsigned syntax, const char *at)
{
	return retort_sql_word(syntax, &at);
}

/* Whether an identifier between two words is a function's or a type's name: f(, ::type, AS type, date ''. */
static bool is_no_column(const struct retort_token *before, const struct retort_token *next)
{
	return is_punctuation(next, "(") || next->kind == RETORT_TOKEN_STRING ||
		is_punctuation(before, "::") || retort_token_is(before, "as");
}

bool expression_names(unsigned syntax, const char *sql, const char *name)
{
	struct retort_token token, next, before = {0};

	for (; (token = retort_sql_word(syntax, &sql)).kind != RETORT_TOKEN_END; before = token) {
		next = peek(syntax, sql);
		if (is_identifier(&token) && token_means(&token, name) && !is_no_column(&before, &next))
			return true;
	}
	return false;
}

const char *expression_rename(struct retort_arena *arena, unsigned syntax, const char *sql, const char *table,
	const char *from, const char *to)
{
	struct retort_token token, next, before = {0}, qualifier = {0};
	bool dotted = false, changed = false;
	const char *start = sql;
	struct retort_buf out;

	retort_buf_init(&out, arena);
	while ((token = retort_sql_token(syntax, &sql)).kind != RETORT_TOKEN_END) {
		bool blank = token.kind == RETORT_TOKEN_SPACE || token.kind == RETORT_TOKEN_COMMENT;
		bool ours =
			!dotted || !table || (is_identifier(&qualifier) && token_means(&qualifier, table));

		next = peek(syntax, sql);
		if (is_identifier(&token) && ours && token_means(&token, from) &&
			!is_no_column(&before, &next) && !(table && is_punctuation(&next, "."))) {
			token_write(&out, syntax, to);
			changed = true;
		} else {
			retort_buf_mem(&out, token.text, token.len);
		}
		if (blank)
			continue;
		dotted = is_punctuation(&token, ".");
		if (dotted)
			qualifier = before;
		before = token;
	}
	return changed ? out.data : start;
}

/* ---- equality ---- */

/* A quoted name that is a plain word, as the engine folds it, reads as that word. */
static bool token_equal(const struct retort_token *a, const struct retort_token *b)
{
	size_t n = a->len;

	if (a->kind == RETORT_TOKEN_QUOTED && b->kind == RETORT_TOKEN_WORD)
		return token_equal(b, a);
	if (a->kind == RETORT_TOKEN_WORD && b->kind == RETORT_TOKEN_QUOTED)
		return is_folded(b) && n + 2 == b->len && text_ncasecmp(a->text, b->text + 1, n) == 0;
	if (a->kind != b->kind || n != b->len)
		return false;
	if (a->kind == RETORT_TOKEN_WORD)
		return text_ncasecmp(a->text, b->text, n) == 0;
	return memcmp(a->text, b->text, n) == 0;
}

/* The words of a text, without blanks and comments, and for each "(" where it is closed. */
struct words {
	struct retort_token *tokens;
	size_t *closed_by;
	size_t count;
};

static struct words read_words(struct retort_arena *arena, unsigned syntax, const char *sql)
{
	struct words words = {0};
	struct retort_token token;
	size_t *open, depth = 0, i;

	while ((token = retort_sql_word(syntax, &sql)).kind != RETORT_TOKEN_END)
		RETORT_PUSH(arena, words.tokens, words.count, token);
	words.closed_by = retort_alloc_array(arena, words.count, sizeof *words.closed_by);
	open = retort_alloc_array(arena, words.count, sizeof *open);
	for (i = 0; i < words.count; i++) {
		if (is_punctuation(&words.tokens[i], "("))
			open[depth++] = i;
		else if (is_punctuation(&words.tokens[i], ")") && depth > 0)
			words.closed_by[open[--depth]] = i;
	}
	return words;
}

bool expression_equal(unsigned syntax, const char *left, const char *right)
{
	const char *texts[2];
	struct retort_arena *arena;
	struct words words[2];
	size_t first[2], end[2], i;
	bool equal;

	if (strcmp(left, right) == 0)
		return true;
	texts[0] = left;
	texts[1] = right;
	arena = retort_arena_new();
	for (i = 0; i < 2; i++) {
		words[i] = read_words(arena, syntax, texts[i]);
		first[i] = 0;
		end[i] = words[i].count;
		while (end[i] > first[i] + 1 && words[i].closed_by[first[i]] == end[i] - 1) {
			first[i]++;
			end[i]--;
		}
	}
	equal = end[0] - first[0] == end[1] - first[1];
	for (i = 0; equal && i < end[0] - first[0]; i++)
		equal = token_equal(&words[0].tokens[first[0] + i], &words[1].tokens[first[1] + i]);
	retort_arena_free(arena);
	return equal;
}

/* ---- balance ---- */

static const char *broken_reason(const struct retort_token *token)
{
	if (token->text[0] == '/')
		return "the comment is never closed";
	return "the quote is never closed";
}

static int fault(struct retort_error *err, const char *sql, const char *at, const char *reason)
{
	struct retort_arena *arena = retort_arena_new();

	retort_fail(err, RETORT_E_FILE, "cannot read SQL at '%s': %s", text_echo(arena, at, 30), reason);
	retort_error_position(err, (size_t)(at - sql) + 1);
	retort_arena_free(arena);
	return -1;
}

int expression_check(unsigned syntax, const char *sql, struct retort_error *err)
{
	const char *start = sql, *open[MAX_PARENTHESES];
	struct retort_token token;
	size_t depth = 0;

	while ((token = retort_sql_word(syntax, &sql)).kind != RETORT_TOKEN_END) {
		const char *reason = NULL;

		if (token.kind == RETORT_TOKEN_BROKEN)
			reason = broken_reason(&token);
		else if (is_punctuation(&token, ")") && depth-- == 0)
			reason = "')' has no '(' before it";
		else if (is_punctuation(&token, "(") && depth == MAX_PARENTHESES)
			reason = "parentheses are nested too deeply";
		else if (is_punctuation(&token, "("))
			open[depth++] = token.text;
		if (reason)
			return fault(err, start, token.text, reason);
	}
	return depth ? fault(err, start, open[depth - 1], "the parenthesis is never closed") : 0;
}
