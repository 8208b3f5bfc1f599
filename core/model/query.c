/* SPDX-License-Identifier: MIT */
#include "model/query.h"

#include <string.h>

#include "model/catalog.h"
#include "model/expression.h"

/* Parentheses beyond this depth are read as if they were not there. */
enum { MAX_DEPTH = 256 };

/* What a word is. Others are columns, keywords or literals. */
enum role { ROLE_OTHER, ROLE_TABLE, ROLE_TABLE_SCHEMA, ROLE_ALIAS, ROLE_TARGET_COLUMN };

struct word {
	struct retort_token token;
	enum role role;
	size_t scope;
};

/* A table that a SELECT, INSERT, UPDATE or DELETE names. */
struct source {
	size_t scope;
	const struct retort_token *schema, *name, *alias; /* schema and alias may be NULL */
};

/* What the words of one statement can see; 0 is the trigger's head, or the view's outermost SELECT. */
struct scope {
	size_t parent; /* itself: none */
	bool used;     /* has tables already */
};

struct reading {
	struct retort_arena *arena;
	const struct query *query;
	struct word *words;
	size_t count;
	struct source *sources;
	size_t source_count;
	struct scope *scopes;
	size_t scope_count;
};

/* Words between one parenthesis and its end. */
struct frame {
	size_t scope, insert_scope;
	bool expects_table; /* the next name is a table */
	bool in_from;       /* a comma leads to one more table */
	bool is_query;      /* FROM is a clause here, not part of a function's arguments */
	bool target_list;   /* the columns of INSERT INTO t (...) */
};

static bool is_identifier(const struct word *word)
{
	return word->token.kind == RETORT_TOKEN_WORD || word->token.kind == RETORT_TOKEN_QUOTED;
}

static bool is_mark(const struct word *word, char c)
{
	return word && word->token.kind == RETORT_TOKEN_PUNCTUATION && word->token.len == 1 &&
		*word->token.text == c;
}

static bool is_one_of(const struct word *word, const char *const *list)
{
	for (; word && *list; list++) {
		if (retort_token_is(&word->token, *list))
			return true;
	}
	return false;
}

static bool is_word(const struct word *word, const char *text)
{
	return word && retort_token_is(&word->token, text);
}

static struct word *word_at(struct reading *reading, size_t at)
{
	return at < reading->count ? &reading->words[at] : NULL;
}

static size_t add_scope(struct reading *reading, size_t parent)
{
	struct scope scope = {parent, false};

	if (parent == (size_t)-1)
		scope.parent = reading->scope_count;
	RETORT_PUSH(reading->arena, reading->scopes, reading->scope_count, scope);
	return reading->scope_count - 1;
}

/* Words that follow a table's name and are no alias of it. */
static const char *const not_aliases[] = {"where", "on", "join", "left", "right", "inner", "outer", "cross",
	"natural", "full", "group", "order", "having", "limit", "union", "except", "intersect", "set",
	"using", "values", "select", "returning", "window", "offset", "fetch", "for", "default", "indexed",
	"not", "begin", "end", "when", "as", "use", "force", "ignore", "straight_join", "tablesample",
	"partition", "with", "from", "of", "loop", "then", NULL};

/* Reads [schema.]table [[AS] alias] at at and returns the place of its last word. */
static size_t read_source(struct reading *reading, struct frame *frame, size_t at, bool target)
{
	struct source source = {.scope = frame->scope};
	struct word *next;

	while (is_mark(word_at(reading, at + 1), '.') && word_at(reading, at + 2) &&
		is_identifier(word_at(reading, at + 2))) {
		reading->words[at].role = ROLE_TABLE_SCHEMA;
		source.schema = &reading->words[at].token;
		at += 2;
	}
	if (is_mark(word_at(reading, at + 1), '(') && !target)
		return at; /* a function that gives rows */
	reading->words[at].role = ROLE_TABLE;
	source.name = &reading->words[at].token;
	next = word_at(reading, at + 1);
	if (is_word(next, "as"))
		next = word_at(reading, ++at + 1);
	if (next && is_identifier(next) && !is_one_of(next, not_aliases)) {
		at++;
		next->role = ROLE_ALIAS;
		source.alias = &next->token;
	}
	reading->scopes[frame->scope].used = true;
	RETORT_PUSH(reading->arena, reading->sources, reading->source_count, source);
	return at;
}

/* An opening parenthesis: a subquery, the columns of an INSERT, or no more than a parenthesis. */
static struct frame open_frame(struct reading *reading, const struct frame *outer, size_t at)
{
	static const char *const queries[] = {"select", "with", "values", NULL};
	struct word *before = at ? &reading->words[at - 1] : NULL;
	struct frame frame = {.scope = outer->scope, .insert_scope = outer->insert_scope};

	if (is_one_of(word_at(reading, at + 1), queries)) {
		frame.scope = frame.insert_scope = add_scope(reading, outer->scope);
		frame.is_query = true;
	} else if (outer->expects_table) { /* FROM (a JOIN b ...) */
		frame.expects_table = frame.in_from = frame.is_query = true;
	} else if (before && (before->role == ROLE_TABLE || before->role == ROLE_ALIAS) && !outer->in_from) {
		frame.target_list = true;
	}
	return frame;
}

/* Keywords that end the list of tables. */
static const char *const after_from[] = {"where", "group", "order", "having", "limit", "set", "values",
	"select", "returning", "window", NULL};
static const char *const set_operators[] = {"union", "except", "intersect", NULL};

/* What a keyword at at means for what follows; false where it is none of them. */
static bool read_keyword(struct reading *reading, struct frame *frame, size_t at)
{
	const struct word *word = &reading->words[at], *next = word_at(reading, at + 1);
	const struct word *before = at ? &reading->words[at - 1] : NULL;

	if (is_word(word, "from") && frame->is_query && !is_word(before, "distinct")) {
		frame->expects_table = frame->in_from = true;
	} else if (is_word(word, "join") || is_word(word, "into")) {
		frame->expects_table = true;
	} else if (is_word(word, "update")) {
		frame->expects_table = next && is_identifier(next) && !is_word(next, "set") &&
			!is_word(next, "of") && !is_word(next, "on") && !is_word(next, "or");
	} else if (is_one_of(word, set_operators)) {
		frame->scope = add_scope(reading,
			reading->scopes[frame->scope].parent == frame->scope
				? (size_t)-1
				: reading->scopes[frame->scope].parent);
		frame->in_from = false;
	} else if (is_word(word, "conflict") || is_word(word, "duplicate")) {
		frame->scope = frame->insert_scope;
	} else if (is_one_of(word, after_from)) {
		frame->in_from = frame->expects_table = false;
		if (is_word(word, "select") && reading->scopes[frame->scope].used) {
			frame->insert_scope = frame->scope; /* INSERT INTO t SELECT ... */
			frame->scope = add_scope(reading, (size_t)-1);
		}
	} else {
		return false;
	}
	return true;
}

/* A new statement of a trigger's body. */
static void begin_statement(struct reading *reading, struct frame *frame)
{
	memset(frame, 0, sizeof *frame);
	frame->scope = frame->insert_scope = add_scope(reading, (size_t)-1);
	frame->is_query = true;
}

/* Gives every word its scope and finds the tables. */
static void read_roles(struct reading *reading)
{
	struct frame frames[MAX_DEPTH] = {0}, *frame = frames;
	bool head = reading->query->trigger_table != NULL;
	size_t at, last;

	frame->scope = frame->insert_scope = add_scope(reading, (size_t)-1);
	frame->is_query = true;
	for (at = 0; at < reading->count; at++) {
		struct word *word = &reading->words[at];

		word->scope = frame->scope;
		if (is_mark(word, ';') || (is_word(word, "begin") && frame == frames) ||
			(head && is_word(word, "row") && at && is_word(&reading->words[at - 1], "each"))) {
			frame = frames;
			begin_statement(reading, frame);
			head = head &&
				is_word(word, "row"); /* WHEN may follow; ON can't be a join's before BEGIN */
		} else if (is_mark(word, '(')) {
			if (frame + 1 < frames + MAX_DEPTH) {
				frame[1] = open_frame(reading, frame, at);
				frame->expects_table = false;
				frame++;
			}
		} else if (is_mark(word, ')')) {
			frame -= frame > frames;
		} else if (is_mark(word, ',')) {
			frame->expects_table = frame->in_from;
		} else if (head && frame == frames && is_word(word, "on") && word_at(reading, at + 1)) {
			at = read_source(reading, frame, at + 1, false);
			head = false;
		} else if (is_identifier(word) && !read_keyword(reading, frame, at)) {
			if (frame->target_list)
				word->role = ROLE_TARGET_COLUMN;
			if (!frame->expects_table || is_word(word, "lateral") || is_word(word, "only"))
				continue;
			frame->expects_table = false;
			last = read_source(reading, frame, at,
				at && is_word(&reading->words[at - 1], "into"));
			for (; at < last; at++)
				reading->words[at + 1].scope = frame->scope;
		}
	}
}

static struct reading read_query(struct retort_arena *arena, const struct query *query)
{
	struct reading reading = {.arena = arena, .query = query};
	const char *at = query->sql;
	struct word word = {0};

	while ((word.token = retort_sql_word(query->syntax, &at)).kind != RETORT_TOKEN_END)
		RETORT_PUSH(arena, reading.words, reading.count, word);
	read_roles(&reading);
	return reading;
}

/* ---- what a word refers to ---- */

/* Whether a source is the table; a schema is only compared where both name one. */
static bool is_source(const struct source *source, const char *schema_name, const char *table)
{
	if (!token_means(source->name, table))
		return false;
	if (!source->schema)
		return !schema_name;
	return !schema_name || token_means(source->schema, schema_name);
}

/* Whether a source of the scope is the table. */
static bool scope_has(const struct reading *reading, size_t scope, const char *schema_name, const char *table)
{
	size_t i;

	for (i = 0; i < reading->source_count; i++) {
		if (reading->sources[i].scope == scope && is_source(&reading->sources[i], schema_name, table))
			return true;
	}
	return false;
}

/* Whether a source of the scope that is known to the schema has such a column. */
static bool scope_has_column(const struct reading *reading, size_t scope, const char *column)
{
	const struct retort_schema *schema = reading->query->schema;
	size_t i;

	for (i = 0; schema && i < reading->source_count; i++) {
		const struct source *source = &reading->sources[i];
		const struct retort_table *table;

		if (source->scope != scope)
			continue;
		table = retort_schema_table(schema,
			source->schema ? retort_token_name(reading->arena, source->schema) : NULL,
			retort_token_name(reading->arena, source->name));
		if (table && retort_table_column(table, column))
			return true;
	}
	return false;
}

static bool same_name(struct retort_arena *arena, const struct retort_token *a, const struct retort_token *b)
{
	return token_means(a, retort_token_name(arena, b));
}

/* The source that a qualifier means, or NULL. */
static const struct source *qualifier_source(const struct reading *reading, const struct word *qualifier)
{
	size_t scope = qualifier->scope, i;

	for (;; scope = reading->scopes[scope].parent) {
		for (i = 0; i < reading->source_count; i++) {
			const struct source *source = &reading->sources[i];

			if (source->scope == scope &&
				(is_word(qualifier, "excluded") ||
					same_name(reading->arena, &qualifier->token,
						source->alias ? source->alias : source->name)))
				return source;
		}
		if (reading->scopes[scope].parent == scope)
			return NULL;
	}
}

/* Whether the word at at stands for column of the table. */
static bool is_column_of(struct reading *reading, size_t at, const char *schema_name, const char *table,
	const char *column)
{
	const struct word *word = &reading->words[at], *next = word_at(reading, at + 1);
	const struct word *before = at ? &reading->words[at - 1] : NULL;
	const struct source *source;
	size_t scope;

	if (!is_identifier(word) || !token_means(&word->token, column) ||
		(word->role != ROLE_OTHER && word->role != ROLE_TARGET_COLUMN) || is_mark(next, '.') ||
		is_mark(next, '(') || (next && next->token.kind == RETORT_TOKEN_STRING) ||
		is_word(before, "as") ||
		(before && before->token.len == 2 && memcmp(before->token.text, "::", 2) == 0))
		return false;
	if (is_mark(before, '.') && at >= 2) {
		before = &reading->words[at - 2];
		if (reading->query->trigger_table && (is_word(before, "new") || is_word(before, "old")))
			return strcmp(reading->query->trigger_table, table) == 0;
		source = qualifier_source(reading, before);
		return source && is_source(source, schema_name, table);
	}
	for (scope = word->scope;; scope = reading->scopes[scope].parent) {
		if (scope_has(reading, scope, schema_name, table))
			return true;
		if (scope_has_column(reading, scope, column) || reading->scopes[scope].parent == scope)
			return false;
	}
}

/* Whether the word at at names the table: where it is listed, or as a qualifier that is no alias. */
static bool is_table(struct reading *reading, size_t at, const char *schema_name, const char *table)
{
	const struct word *word = &reading->words[at];
	const struct source *source;
	size_t i;

	if (!is_identifier(word) || !token_means(&word->token, table))
		return false;
	for (i = 0; word->role == ROLE_TABLE && i < reading->source_count; i++) {
		if (reading->sources[i].name == &word->token)
			return is_source(&reading->sources[i], schema_name, table);
	}
	if (word->role != ROLE_OTHER || !is_mark(word_at(reading, at + 1), '.'))
		return false;
	source = qualifier_source(reading, word);
	return source && !source->alias && is_source(source, schema_name, table);
}

/* ---- questions and renames ---- */

/* Whether a text can hold a name at all: most texts can't, and needn't be read. */
static bool may_name(const char *sql, const char *name)
{
	return !name || strpbrk(name, "\"`") || strcasestr(sql, name);
}

typedef bool matches_fn(struct reading *reading, size_t at, const char *schema_name, const char *table,
	const char *column);

static bool matches_table(struct reading *reading, size_t at, const char *schema_name, const char *table,
	const char *column)
{
	(void)column;
	return is_table(reading, at, schema_name, table);
}

static bool uses(const struct query *query, matches_fn *matches, const char *schema_name, const char *table,
	const char *column)
{
	struct retort_arena *arena;
	struct reading reading;
	bool found = false;
	size_t i;

	if (!may_name(query->sql, table) || !may_name(query->sql, column))
		return false;
	arena = retort_arena_new();
	reading = read_query(arena, query);
	for (i = 0; !found && i < reading.count; i++)
		found = matches(&reading, i, schema_name, table, column);
	retort_arena_free(arena);
	return found;
}

static const char *rename_words(struct retort_arena *arena, const struct query *query, matches_fn *matches,
	const char *schema_name, const char *table, const char *column, const char *to)
{
	struct retort_arena *scratch;
	struct reading reading;
	const char *done = query->sql;
	struct retort_buf out;
	size_t i;

	if (!may_name(query->sql, table) || !may_name(query->sql, column))
		return query->sql;
	scratch = retort_arena_new();
	reading = read_query(scratch, query);
	retort_buf_init(&out, scratch);
	for (i = 0; i < reading.count; i++) {
		const struct retort_token *token = &reading.words[i].token;

		if (!matches(&reading, i, schema_name, table, column))
			continue;
		retort_buf_mem(&out, done, (size_t)(token->text - done));
		token_write(&out, query->syntax, to);
		done = token->text + token->len;
	}
	if (done != query->sql)
		retort_buf_str(&out, done);
	done = done == query->sql ? query->sql : retort_strndup(arena, out.data, out.len);
	retort_arena_free(scratch);
	return done;
}

bool query_uses_table(const struct query *query, const char *schema_name, const char *table)
{
	return uses(query, matches_table, schema_name, table, NULL);
}

bool query_uses_column(const struct query *query, const char *schema_name, const char *table,
	const char *column)
{
	return uses(query, is_column_of, schema_name, table, column);
}

const char *query_rename_table(struct retort_arena *arena, const struct query *query, const char *schema_name,
	const char *from, const char *to)
{
	return rename_words(arena, query, matches_table, schema_name, from, NULL, to);
}

const char *query_rename_column(struct retort_arena *arena, const struct query *query,
	const char *schema_name, const char *table, const char *from, const char *to)
{
	return rename_words(arena, query, is_column_of, schema_name, table, from, to);
}
