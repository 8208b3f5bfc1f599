/* SPDX-License-Identifier: MIT
 *
 * The * of a view's query: the server writes the columns that it means when the view is made.
 */
#include <string.h>

#include "dialect.h"

/* The words of a query, each with how many parentheses are open around it. */
struct reading {
	struct retort_arena *arena;
	const struct retort_schema *schema;
	const struct star_names *known; /* of each view of the schema */
	const char *within;             /* the view's schema */
	struct word {
		struct retort_token token;
		int depth;
	} * words;
	size_t count;
};

static bool is_mark(const struct reading *reading, size_t at, char mark)
{
	const struct retort_token *token = at < reading->count ? &reading->words[at].token : NULL;

	return token && token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

static bool is(const struct reading *reading, size_t at, const char *word)
{
	return at < reading->count && retort_token_is(&reading->words[at].token, word);
}

static bool is_name(const struct reading *reading, size_t at)
{
	return at < reading->count &&
		(reading->words[at].token.kind == RETORT_TOKEN_WORD ||
			reading->words[at].token.kind == RETORT_TOKEN_QUOTED);
}

static bool is_one_of(const struct reading *reading, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (is(reading, at, *words))
			return true;
	return false;
}

static void read_words(struct reading *reading, const char *sql)
{
	struct word word = {.depth = 0};

	while ((word.token = retort_sql_word(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END &&
		word.token.kind != RETORT_TOKEN_BROKEN) {
		bool mark = word.token.kind == RETORT_TOKEN_PUNCTUATION && word.token.len == 1;

		word.depth -= mark && *word.token.text == ')';
		RETORT_PUSH(reading->arena, reading->words, reading->count, word);
		word.depth += mark && *word.token.text == '(';
	}
}

/* ---- what a FROM names ---- */

/* Appends the columns of a table or view; false where they aren't known. */
static bool append_columns(const struct reading *reading, struct star_names *ret, const char *name)
{
	const struct retort_table *table = retort_schema_table(reading->schema, reading->within, name);

	for (size_t i = 0; table && i < table->column_count; i++)
		RETORT_PUSH(reading->arena, ret->items, ret->count, table->columns[i]->name);
	if (table)
		return true;
	for (size_t i = 0; i < reading->schema->view_count; i++) {
		const struct star_names *columns = &reading->known[i];

		if (!dialect_same(reading->schema->views[i]->name, name) || columns->count == 0)
			continue;
		for (size_t k = 0; k < columns->count; k++)
			RETORT_PUSH(reading->arena, ret->items, ret->count, columns->items[k]);
		return true;
	}
	return false;
}

/* The names that a source, whose name stands at *at, has: its own and its alias. *at moves to its last word.
 */
static const char *source_names(const struct reading *reading, size_t *at, const char **alias)
{
	static const char *const behind[] = {"on", "join", "left", "right", "inner", "cross", "outer",
		"where", "group", "order", "having", "limit", "union", "straight_join", "use", "force",
		"ignore", "using", "natural", "for", "window", NULL};
	const char *name;

	if (is_mark(reading, *at + 1, '.') && is_name(reading, *at + 2))
		*at += 2;
	name = retort_token_name(reading->arena, &reading->words[*at].token);
	*alias = name;
	if (is(reading, *at + 1, "as"))
		++*at;
	if (is_name(reading, *at + 1) && !is_one_of(reading, *at + 1, behind))
		*alias = retort_token_name(reading->arena, &reading->words[++*at].token);
	return name;
}

/* The columns that a * in front of the FROM at `from` means, of one source where it is qualified. */
static bool star_columns(const struct reading *reading, size_t from, const char *qualifier,
	struct star_names *ret)
{
	static const char *const ends[] = {"where", "group", "order", "having", "limit", "union", "window",
		"for", NULL};
	static const char *const merging[] = {"using", "natural", NULL}; /* columns that are there once */
	int depth = reading->words[from].depth;
	bool wanted = true; /* the next name is a table */

	for (size_t at = from + 1; at < reading->count && reading->words[at].depth >= depth; at++) {
		const char *name, *alias;

		if (is_one_of(reading, at, ends) && reading->words[at].depth == depth)
			break;
		if (is(reading, at, "select") || (!qualifier && is_one_of(reading, at, merging)))
			return false;
		if (wanted && is_name(reading, at)) {
			name = source_names(reading, &at, &alias);
			wanted = false;
			if ((!qualifier || dialect_same(alias, qualifier)) &&
				!append_columns(reading, ret, name))
				return false;
		} else if (is(reading, at, "join") || is(reading, at, "straight_join") ||
			(is_mark(reading, at, ',') && reading->words[at].depth == depth)) {
			wanted = true;
		}
	}
	return ret->count > 0;
}

/* ---- the whole ---- */

/* Where the FROM that belongs to a word of a select list stands; the end: nowhere. */
static size_t from_of(const struct reading *reading, size_t at)
{
	int depth = reading->words[at].depth;

	while (at < reading->count && reading->words[at].depth >= depth &&
		!(reading->words[at].depth == depth && is(reading, at, "from")))
		at++;
	return at < reading->count && reading->words[at].depth == depth ? at : reading->count;
}

static bool is_star(const struct reading *reading, size_t at)
{
	static const char *const before[] = {"select", "distinct", "all", NULL};

	return is_mark(reading, at, '*') && at > 0 &&
		(is_mark(reading, at - 1, ',') || is_mark(reading, at - 1, '.') ||
			is_one_of(reading, at - 1, before));
}

static void append_names(struct retort_buf *out, const struct star_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		retort_buf_str(out, i ? ", `" : "`");
		for (const char *at = names->items[i]; *at; at++)
			retort_buf_printf(out, *at == '`' ? "`%c" : "%c", *at);
		retort_buf_char(out, '`');
	}
}

const char *star_expand(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_view *view, const struct star_names *known)
{
	struct reading reading = {.arena = arena, .schema = schema, .known = known, .within = view->schema};
	const char *sql = view->query->sql, *done = sql;
	struct retort_buf out;

	if (!strchr(sql, '*'))
		return sql;
	read_words(&reading, sql);
	retort_buf_init(&out, arena);
	retort_buf_str(&out, "");
	for (size_t at = 0; at < reading.count; at++) {
		const struct retort_token *star = &reading.words[at].token;
		bool qualified = at > 1 && is_mark(&reading, at - 1, '.') && is_name(&reading, at - 2);
		struct star_names columns = {0};
		size_t from;

		if (!is_star(&reading, at))
			continue;
		from = from_of(&reading, at);
		if (from == reading.count ||
			!star_columns(&reading, from,
				qualified ? retort_token_name(arena, &reading.words[at - 2].token) : NULL,
				&columns))
			return NULL;
		if (qualified)
			star = &reading.words[at - 2].token;
		retort_buf_mem(&out, done, (size_t)(star->text - done));
		append_names(&out, &columns);
		done = reading.words[at].token.text + reading.words[at].token.len;
	}
	retort_buf_str(&out, done);
	return out.data;
}

struct star_names star_of_list(struct retort_arena *arena, const char *sql)
{
	struct reading reading = {.arena = arena};
	struct star_names ret = {0};

	read_words(&reading, sql);
	for (size_t at = 1; at < reading.count; at++) {
		bool ends = reading.words[at].depth == 0 && is(&reading, at, "from");

		if (!ends && !(reading.words[at].depth == 0 && is_mark(&reading, at, ',')))
			continue;
		if (!is_name(&reading, at - 1))
			return (struct star_names){0};
		RETORT_PUSH(arena, ret.items, ret.count,
			retort_token_name(arena, &reading.words[at - 1].token));
		if (ends)
			return ret;
	}
	return (struct star_names){0};
}
