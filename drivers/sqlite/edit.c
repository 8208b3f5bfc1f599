/* SPDX-License-Identifier: MIT
 *
 * Names and sameness of SQL text, and the text of a definition with changes.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "definition.h"
#include "native.h"

const char *token_name(struct retort_arena *arena, const struct retort_token *token)
{
	char *name, *to;
	const char *from;

	if (token->kind != RETORT_TOKEN_STRING || token->len < 2 || *token->text != '\'')
		return retort_token_name(arena, token);
	name = to = retort_strndup(arena, token->text + 1, token->len - 2);
	for (from = name; *from; from++) {
		*to++ = *from;
		if (*from == '\'' && from[1] == '\'')
			from++;
	}
	*to = 0;
	return name;
}

bool definition_names(const struct definition *definition, struct span span, const char *name)
{
	const char *at = definition->text + span.start, *end = definition->text + span.end;

	while (at < end) {
		struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

		if (token.kind == RETORT_TOKEN_END || token.text >= end)
			break;
		if ((token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			native_same(token_name(definition->arena, &token), name))
			return true;
	}
	return false;
}

/* ---- sameness ---- */

struct words {
	struct retort_token *tokens;
	size_t count, from, to; /* what is left without outer parentheses */
};

static void read_words(struct retort_arena *arena, const char *sql, struct words *words)
{
	struct retort_token token;

	memset(words, 0, sizeof *words);
	while ((token = retort_sql_word(SQLITE_SYNTAX, &sql)).kind != RETORT_TOKEN_END)
		RETORT_PUSH(arena, words->tokens, words->count, token);
	words->to = words->count;
}

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

/* Takes away parentheses around the whole. */
static void strip_parentheses(struct words *words)
{
	while (words->to - words->from >= 2 && is_mark(&words->tokens[words->from], '(')) {
		size_t depth = 0, i;

		for (i = words->from; i < words->to; i++) {
			depth += is_mark(&words->tokens[i], '(');
			depth -= is_mark(&words->tokens[i], ')') && depth > 0;
			if (depth == 0)
				break;
		}
		if (i + 1 != words->to)
			return;
		words->from++;
		words->to--;
	}
}

static bool same_token(struct retort_arena *arena, const struct retort_token *left,
	const struct retort_token *right)
{
	bool names = (left->kind == RETORT_TOKEN_WORD || left->kind == RETORT_TOKEN_QUOTED) &&
		(right->kind == RETORT_TOKEN_WORD || right->kind == RETORT_TOKEN_QUOTED);

	if (names)
		return native_same(token_name(arena, left), token_name(arena, right));
	if (left->kind != right->kind || left->len != right->len)
		return false;
	if (left->kind == RETORT_TOKEN_STRING && (*left->text == 'x' || *left->text == 'X'))
		return sqlite3_strnicmp(left->text, right->text, (int)left->len) == 0;
	return memcmp(left->text, right->text, left->len) == 0;
}

bool same_sql(struct retort_arena *arena, const char *left, const char *right)
{
	struct words a, b;

	if (strcmp(left, right) == 0)
		return true;
	read_words(arena, left, &a);
	read_words(arena, right, &b);
	strip_parentheses(&a);
	strip_parentheses(&b);
	if (a.to - a.from != b.to - b.from)
		return false;
	for (size_t i = 0; i < a.to - a.from; i++)
		if (!same_token(arena, &a.tokens[a.from + i], &b.tokens[b.from + i]))
			return false;
	return true;
}

const char *unqualified(struct retort_arena *arena, const char *sql, const char *table)
{
	const char *at = sql, *ahead;
	struct retort_buf out;
	bool changed = false;

	retort_buf_init(&out, arena);
	for (;;) {
		struct retort_token token = retort_sql_token(SQLITE_SYNTAX, &at), dot;

		if (token.kind == RETORT_TOKEN_END)
			return changed ? out.data : sql;
		ahead = at;
		dot = retort_sql_word(SQLITE_SYNTAX, &ahead);
		if ((token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			is_mark(&dot, '.') && native_same(token_name(arena, &token), table)) {
			at = ahead;
			changed = true;
		} else {
			retort_buf_mem(&out, token.text, token.len);
		}
	}
}

/* ---- edits ---- */

struct change {
	struct span span;
	const char *text;
	size_t order; /* of asking */
};

struct edit {
	const struct definition *definition;
	struct retort_arena *arena;
	struct change *changes;
	size_t change_count;
	const void **dropped; /* columns and constraints */
	size_t dropped_count;
	const char **columns, **constraints; /* new ones */
	size_t column_count, constraint_count;
};

struct edit *edit_new(const struct definition *definition)
{
	struct edit *edit = retort_alloc(definition->arena, sizeof *edit);

	edit->definition = definition;
	edit->arena = definition->arena;
	return edit;
}

void edit_replace(struct edit *edit, struct span span, const char *text)
{
	struct change change = {span, text, edit->change_count};

	for (size_t i = 0; i < edit->change_count; i++)
		if (edit->changes[i].span.start == span.start && edit->changes[i].span.end == span.end &&
			span.end > span.start)
			return;
	RETORT_PUSH(edit->arena, edit->changes, edit->change_count, change);
}

static void drop(struct edit *edit, const void *item)
{
	RETORT_PUSH(edit->arena, edit->dropped, edit->dropped_count, item);
}

static bool is_dropped(const struct edit *edit, const void *item)
{
	for (size_t i = 0; i < edit->dropped_count; i++)
		if (edit->dropped[i] == item)
			return true;
	return false;
}

void edit_drop_column(struct edit *edit, const struct column_item *column)
{
	drop(edit, column);
}

void edit_drop_clause(struct edit *edit, const struct clause *clause)
{
	const struct definition *definition = edit->definition;

	for (size_t i = 0; i < definition->constraint_count; i++)
		if (definition->constraints[i] == clause) {
			drop(edit, clause);
			return;
		}
	edit_replace(edit, (struct span){clause->lead, clause->span.end}, "");
}

void edit_add_column(struct edit *edit, const char *text)
{
	RETORT_PUSH(edit->arena, edit->columns, edit->column_count, text);
}

void edit_add_constraint(struct edit *edit, const char *text)
{
	RETORT_PUSH(edit->arena, edit->constraints, edit->constraint_count, text);
}

static int compare_changes(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->span.start != b->span.start)
		return a->span.start < b->span.start ? -1 : 1;
	/* what is put in stands before what is cut at the same place */
	if (a->span.end != b->span.end)
		return a->span.end < b->span.end ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Appends a part of the text with the changes inside it. */
static void append_part(const struct edit *edit, struct retort_buf *out, struct span span)
{
	const char *text = edit->definition->text;
	size_t at = span.start;

	for (size_t i = 0; i < edit->change_count; i++) {
		const struct change *change = &edit->changes[i];

		if (change->span.start < at || change->span.end > span.end)
			continue;
		retort_buf_mem(out, text + at, change->span.start - at);
		retort_buf_str(out, change->text);
		at = change->span.end;
	}
	retort_buf_mem(out, text + at, span.end - at);
}

/* Appends what stood between an item and the one before it, without the comma, which is written anew. */
static void append_lead(const struct edit *edit, struct retort_buf *out, size_t start, size_t end, bool first)
{
	const char *at = edit->definition->text + start, *stop = edit->definition->text + end;

	if (!first)
		retort_buf_char(out, ',');
	while (at < stop) {
		struct retort_token token = retort_sql_token(SQLITE_SYNTAX, &at);

		if (!is_mark(&token, ','))
			retort_buf_mem(out, token.text, token.len);
	}
}

/* A new item, on a line of its own where the first column is on one. */
static void append_new(const struct edit *edit, struct retort_buf *out, const char *text, bool first)
{
	const struct definition *definition = edit->definition;
	const char *lead = definition->text + definition->columns[0]->lead;
	const char *end = definition->text + definition->columns[0]->span.start, *line = NULL;

	if (!first)
		retort_buf_char(out, ',');
	for (const char *at = lead; at < end; at++)
		if (*at == '\n')
			line = at;
	if (line) {
		retort_buf_char(out, '\n');
		for (line++; line < end && (*line == ' ' || *line == '\t'); line++)
			retort_buf_char(out, *line);
	} else if (!first) {
		retort_buf_char(out, ' ');
	}
	retort_buf_str(out, text);
}

static size_t last_end(const struct definition *definition)
{
	if (definition->constraint_count > 0)
		return definition->constraints[definition->constraint_count - 1]->span.end;
	return definition->columns[definition->column_count - 1]->span.end;
}

char *edit_text(const struct edit *edit)
{
	const struct definition *definition = edit->definition;
	struct retort_buf out;
	bool first = true;

	if (edit->change_count > 0)
		qsort(edit->changes, edit->change_count, sizeof *edit->changes, compare_changes);
	retort_buf_init(&out, edit->arena);
	append_part(edit, &out, (struct span){0, definition->open + 1});
	for (size_t i = 0; i < definition->column_count; i++) {
		const struct column_item *column = definition->columns[i];

		if (is_dropped(edit, column))
			continue;
		append_lead(edit, &out, column->lead, column->span.start, first);
		append_part(edit, &out, column->span);
		first = false;
	}
	for (size_t i = 0; i < edit->column_count; i++, first = false)
		append_new(edit, &out, edit->columns[i], first);
	for (size_t i = 0; i < definition->constraint_count; i++) {
		const struct clause *clause = definition->constraints[i];

		if (is_dropped(edit, clause))
			continue;
		append_lead(edit, &out, clause->lead, clause->span.start, first);
		append_part(edit, &out, clause->span);
		first = false;
	}
	for (size_t i = 0; i < edit->constraint_count; i++, first = false)
		append_new(edit, &out, edit->constraints[i], first);
	retort_buf_mem(&out, definition->text + last_end(definition),
		definition->close + 1 - last_end(definition));
	append_part(edit, &out, (struct span){definition->close + 1, strlen(definition->text)});
	return out.data;
}
