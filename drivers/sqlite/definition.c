/* SPDX-License-Identifier: MIT
 *
 * The grammar of CREATE TABLE as SQLite's parser has it, from the stored text.
 */
#include "definition.h"

#include <string.h>

#include "native.h"

/* Where reading stands: one token that means something, and where the one before it ended. */
struct cursor {
	struct retort_arena *arena;
	const char *text, *next;
	struct retort_token token;
	size_t before;
};

static size_t token_start(const struct cursor *cursor)
{
	return (size_t)(cursor->token.text - cursor->text);
}

static void advance(struct cursor *cursor)
{
	if (cursor->token.text)
		cursor->before = token_start(cursor) + cursor->token.len;
	cursor->token = retort_sql_word(SQLITE_SYNTAX, &cursor->next);
}

static bool at_word(const struct cursor *cursor, const char *word)
{
	return retort_token_is(&cursor->token, word);
}

static bool at_mark(const struct cursor *cursor, char mark)
{
	return cursor->token.kind == RETORT_TOKEN_PUNCTUATION && cursor->token.len == 1 &&
		*cursor->token.text == mark;
}

/* Whether the token after this one is a word. */
static bool next_is(const struct cursor *cursor, const char *word)
{
	const char *at = cursor->next;
	struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

	return retort_token_is(&token, word);
}

static bool take_word(struct cursor *cursor, const char *word)
{
	if (!at_word(cursor, word))
		return false;
	advance(cursor);
	return true;
}

static bool at_name(const struct cursor *cursor)
{
	return cursor->token.kind == RETORT_TOKEN_WORD || cursor->token.kind == RETORT_TOKEN_QUOTED ||
		cursor->token.kind == RETORT_TOKEN_STRING;
}

static int unread(const struct cursor *cursor, const char *expected, struct retort_error *err)
{
	char found[40];
	size_t n = cursor->token.len < sizeof found ? cursor->token.len : sizeof found - 1;

	for (size_t i = 0; i < n; i++)
		found[i] = (unsigned char)cursor->token.text[i] < 0x20 ? ' ' : cursor->token.text[i];
	found[n] = 0;
	return retort_fail(err, RETORT_E_PLAN,
		"cannot read the table's stored definition: expected %s, found %s%s%s", expected,
		n > 0 ? "'" : "its end", found, n > 0 ? "'" : "");
}

static int take_name(struct cursor *cursor, const char **name, struct span *span, struct retort_error *err)
{
	if (!at_name(cursor))
		return unread(cursor, "a name", err);
	*name = token_name(cursor->arena, &cursor->token);
	if (span) {
		span->start = token_start(cursor);
		span->end = span->start + cursor->token.len;
	}
	advance(cursor);
	return 0;
}

/* Moves from an opening parenthesis to behind the one that closes it. inner: what is between. */
static int skip_parentheses(struct cursor *cursor, struct span *inner, struct retort_error *err)
{
	size_t depth = 0;

	if (!at_mark(cursor, '('))
		return unread(cursor, "'('", err);
	inner->start = token_start(cursor) + 1;
	do {
		if (cursor->token.kind == RETORT_TOKEN_END || cursor->token.kind == RETORT_TOKEN_BROKEN)
			return unread(cursor, "')'", err);
		depth += at_mark(cursor, '(');
		depth -= at_mark(cursor, ')');
		inner->end = token_start(cursor);
		advance(cursor);
	} while (depth > 0);
	return 0;
}

/* (a, b COLLATE x DESC, ...): the names; order and collation stay in the text. */
static int read_key(struct cursor *cursor, struct clause *clause, struct retort_error *err)
{
	if (!at_mark(cursor, '('))
		return unread(cursor, "'('", err);
	do {
		const char *name = NULL;

		advance(cursor);
		if (take_name(cursor, &name, NULL, err))
			return -1;
		RETORT_PUSH(cursor->arena, clause->columns, clause->column_count, name);
		if (take_word(cursor, "COLLATE"))
			advance(cursor);
		if (at_word(cursor, "ASC") || at_word(cursor, "DESC"))
			advance(cursor);
		if (take_word(cursor, "AUTOINCREMENT"))
			clause->autoincrement = true;
	} while (at_mark(cursor, ','));
	if (!at_mark(cursor, ')'))
		return unread(cursor, "')' or ','", err);
	advance(cursor);
	return 0;
}

static void skip_conflict(struct cursor *cursor)
{
	if (!at_word(cursor, "ON") || !next_is(cursor, "CONFLICT"))
		return;
	advance(cursor);
	advance(cursor);
	advance(cursor);
}

static enum retort_action read_action(struct cursor *cursor)
{
	if (take_word(cursor, "CASCADE"))
		return RETORT_ACTION_CASCADE;
	if (take_word(cursor, "RESTRICT"))
		return RETORT_ACTION_RESTRICT;
	if (take_word(cursor, "NO")) {
		advance(cursor);
		return RETORT_ACTION_NO_ACTION;
	}
	if (take_word(cursor, "SET")) {
		enum retort_action action =
			at_word(cursor, "NULL") ? RETORT_ACTION_SET_NULL : RETORT_ACTION_SET_DEFAULT;

		advance(cursor);
		return action;
	}
	return RETORT_ACTION_NONE;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE] */
static void read_deferral(struct cursor *cursor, struct clause *clause)
{
	bool not = at_word(cursor, "NOT") && next_is(cursor, "DEFERRABLE");

	if (not )
		advance(cursor);
	if (!take_word(cursor, "DEFERRABLE"))
		return;
	clause->deferrable = !not ;
	if (!take_word(cursor, "INITIALLY"))
		return;
	clause->initially =
		at_word(cursor, "DEFERRED") ? RETORT_INITIALLY_DEFERRED : RETORT_INITIALLY_IMMEDIATE;
	advance(cursor);
}

/* What follows REFERENCES. */
static int read_references(struct cursor *cursor, struct clause *clause, struct retort_error *err)
{
	struct retort_references *references = retort_alloc(cursor->arena, sizeof *references);
	struct clause target = {.columns = NULL};

	clause->references = references;
	if (take_name(cursor, &references->table, &clause->reference_span, err))
		return -1;
	if (at_mark(cursor, '(') && read_key(cursor, &target, err))
		return -1;
	references->columns = target.columns;
	references->column_count = target.column_count;
	for (;;) {
		if (at_word(cursor, "MATCH")) {
			advance(cursor);
			if (take_name(cursor, &clause->match, NULL, err))
				return -1;
		} else if (at_word(cursor, "ON") &&
			(next_is(cursor, "DELETE") || next_is(cursor, "UPDATE") ||
				next_is(cursor, "INSERT"))) {
			enum retort_action *action;
			enum retort_action ignored;

			advance(cursor);
			action = at_word(cursor, "DELETE")  ? &references->on_delete
				: at_word(cursor, "UPDATE") ? &references->on_update
							    : &ignored;
			advance(cursor);
			*action = read_action(cursor);
		} else {
			break;
		}
	}
	read_deferral(cursor, clause);
	return 0;
}

/* The value after DEFAULT: one token, perhaps with a sign, or an expression in parentheses. */
static int read_default(struct cursor *cursor, struct clause *clause, struct retort_error *err)
{
	struct span inner;

	clause->inner.start = token_start(cursor);
	if (at_mark(cursor, '(')) {
		if (skip_parentheses(cursor, &inner, err))
			return -1;
	} else {
		if (at_mark(cursor, '-') || at_mark(cursor, '+'))
			advance(cursor);
		advance(cursor);
	}
	clause->inner.end = cursor->before;
	return 0;
}

/* AS (...) [STORED | VIRTUAL] */
static int read_computed(struct cursor *cursor, struct clause *clause, struct retort_error *err)
{
	if (take_word(cursor, "GENERATED"))
		advance(cursor);
	if (!take_word(cursor, "AS"))
		return unread(cursor, "AS", err);
	if (skip_parentheses(cursor, &clause->inner, err))
		return -1;
	clause->stored = at_word(cursor, "STORED");
	if (clause->stored || at_word(cursor, "VIRTUAL"))
		advance(cursor);
	return 0;
}

/* Reads what stands after CONSTRAINT name. 1: nothing that belongs to a column or table. */
static int read_clause_body(struct cursor *cursor, bool of_table, struct clause *clause,
	struct retort_error *err)
{
	int rc = 0;

	if (take_word(cursor, "PRIMARY")) {
		clause->kind = CLAUSE_PRIMARY_KEY;
		advance(cursor);
		if (of_table)
			rc = read_key(cursor, clause, err);
		else if (at_word(cursor, "ASC") || at_word(cursor, "DESC"))
			advance(cursor);
	} else if (take_word(cursor, "UNIQUE")) {
		clause->kind = CLAUSE_UNIQUE;
		rc = of_table ? read_key(cursor, clause, err) : 0;
	} else if (take_word(cursor, "CHECK")) {
		clause->kind = CLAUSE_CHECK;
		rc = skip_parentheses(cursor, &clause->inner, err);
	} else if (of_table && take_word(cursor, "FOREIGN")) {
		clause->kind = CLAUSE_FOREIGN_KEY;
		advance(cursor);
		rc = read_key(cursor, clause, err);
		if (rc == 0 && !take_word(cursor, "REFERENCES"))
			rc = unread(cursor, "REFERENCES", err);
		return rc ? -1 : read_references(cursor, clause, err);
	} else if (!of_table && take_word(cursor, "REFERENCES")) {
		clause->kind = CLAUSE_FOREIGN_KEY;
		return read_references(cursor, clause, err);
	} else if (!of_table && at_word(cursor, "NOT") && next_is(cursor, "NULL")) {
		clause->kind = CLAUSE_NOT_NULL;
		advance(cursor);
		advance(cursor);
	} else if (!of_table && take_word(cursor, "NULL")) {
		clause->kind = CLAUSE_NULL;
	} else if (!of_table && take_word(cursor, "DEFAULT")) {
		clause->kind = CLAUSE_DEFAULT;
		return read_default(cursor, clause, err);
	} else if (!of_table && take_word(cursor, "COLLATE")) {
		clause->kind = CLAUSE_COLLATE;
		clause->inner.start = token_start(cursor);
		advance(cursor);
		clause->inner.end = cursor->before;
	} else if (!of_table &&
		(at_word(cursor, "AS") || (at_word(cursor, "GENERATED") && next_is(cursor, "ALWAYS")))) {
		clause->kind = CLAUSE_COMPUTED;
		return read_computed(cursor, clause, err);
	} else {
		return 1;
	}
	if (rc)
		return -1;
	skip_conflict(cursor);
	if (clause->kind == CLAUSE_PRIMARY_KEY && !of_table && take_word(cursor, "AUTOINCREMENT"))
		clause->autoincrement = true;
	return 0;
}

/* One clause; *ret is NULL where none begins. */
static int read_clause(struct cursor *cursor, bool of_table, struct clause **ret, struct retort_error *err)
{
	struct clause clause = {.lead = cursor->before, .span.start = token_start(cursor)};
	int rc;

	*ret = NULL;
	if (take_word(cursor, "CONSTRAINT") && take_name(cursor, &clause.name, &clause.name_span, err))
		return -1;
	rc = read_clause_body(cursor, of_table, &clause, err);
	if (rc == -1 || (rc == 1 && !clause.name))
		return rc == -1 ? -1 : 0;
	clause.span.end = cursor->before;
	*ret = memcpy(retort_alloc(cursor->arena, sizeof clause), &clause, sizeof clause);
	return 0;
}

/* Whether a word begins a clause of a column and is no part of its type. */
static bool ends_type(const struct cursor *cursor)
{
	static const char *const words[] = {"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK",
		"DEFAULT", "COLLATE", "REFERENCES", "AS"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (at_word(cursor, words[i]))
			return true;
	return at_word(cursor, "GENERATED") && next_is(cursor, "ALWAYS");
}

static int read_column(struct cursor *cursor, struct definition *definition, size_t lead,
	struct retort_error *err)
{
	struct column_item *column = retort_alloc(cursor->arena, sizeof *column);
	struct clause *clause;
	struct span inner;

	column->lead = lead;
	column->span.start = token_start(cursor);
	if (take_name(cursor, &column->name, &column->name_span, err))
		return -1;
	column->type.start = column->type.end = cursor->before;
	if (at_name(cursor) && !ends_type(cursor)) {
		column->type.start = token_start(cursor);
		while (at_name(cursor) && !ends_type(cursor))
			advance(cursor);
		if (at_mark(cursor, '(') && skip_parentheses(cursor, &inner, err))
			return -1;
		column->type.end = cursor->before;
	}
	while (cursor->token.kind == RETORT_TOKEN_WORD) {
		if (at_word(cursor, "DEFERRABLE") ||
			(at_word(cursor, "NOT") && next_is(cursor, "DEFERRABLE"))) {
			struct clause ignored = {.kind = CLAUSE_NONE};

			read_deferral(cursor, &ignored);
			continue;
		}
		if (read_clause(cursor, false, &clause, err))
			return -1;
		if (!clause)
			break;
		RETORT_PUSH(cursor->arena, column->clauses, column->clause_count, clause);
	}
	column->span.end = cursor->before;
	RETORT_PUSH(cursor->arena, definition->columns, definition->column_count, column);
	return 0;
}

static bool at_constraint(const struct cursor *cursor)
{
	return at_word(cursor, "CONSTRAINT") || at_word(cursor, "PRIMARY") || at_word(cursor, "UNIQUE") ||
		at_word(cursor, "CHECK") || at_word(cursor, "FOREIGN");
}

/* Everything between the parentheses. */
static int read_items(struct cursor *cursor, struct definition *definition, struct retort_error *err)
{
	for (;;) {
		size_t lead = cursor->before;
		struct clause *clause;

		/* SQLite wants no comma between table constraints. */
		if (definition->column_count > 0 && at_mark(cursor, ','))
			advance(cursor);
		if (!at_constraint(cursor)) {
			if (definition->constraint_count > 0)
				return unread(cursor, "a constraint", err);
			if (read_column(cursor, definition, lead, err))
				return -1;
		} else {
			if (read_clause(cursor, true, &clause, err))
				return -1;
			if (!clause)
				return unread(cursor, "a constraint", err);
			clause->lead = lead;
			RETORT_PUSH(cursor->arena, definition->constraints, definition->constraint_count,
				clause);
		}
		if (at_mark(cursor, ')'))
			return 0;
		if (!at_mark(cursor, ',') && definition->constraint_count == 0 && !at_constraint(cursor))
			return unread(cursor, "',' or ')'", err);
	}
}

static int read_options(struct cursor *cursor, struct definition *definition, struct retort_error *err)
{
	while (cursor->token.kind != RETORT_TOKEN_END) {
		if (at_mark(cursor, ',') || at_mark(cursor, ';'))
			advance(cursor);
		else if (take_word(cursor, "STRICT"))
			definition->strict = true;
		else if (at_word(cursor, "WITHOUT") && next_is(cursor, "ROWID")) {
			definition->without_rowid = true;
			advance(cursor);
			advance(cursor);
		} else
			return unread(cursor, "STRICT or WITHOUT ROWID", err);
	}
	return 0;
}

int definition_read(struct retort_arena *arena, const char *text, struct definition **ret,
	struct retort_error *err)
{
	struct definition *definition = retort_alloc(arena, sizeof *definition);
	struct cursor cursor = {.arena = arena, .text = text, .next = text};

	definition->arena = arena;
	definition->text = text;
	advance(&cursor);
	if (!take_word(&cursor, "CREATE"))
		return unread(&cursor, "CREATE TABLE", err);
	if (at_word(&cursor, "TEMP") || at_word(&cursor, "TEMPORARY"))
		advance(&cursor);
	if (!take_word(&cursor, "TABLE"))
		return unread(&cursor, "TABLE", err);
	if (at_word(&cursor, "IF") && next_is(&cursor, "NOT"))
		for (int i = 0; i < 3; i++)
			advance(&cursor);
	if (take_name(&cursor, &definition->name, &definition->name_span, err))
		return -1;
	if (!at_mark(&cursor, '('))
		return unread(&cursor, "'('", err);
	definition->open = token_start(&cursor);
	advance(&cursor);
	if (read_items(&cursor, definition, err))
		return -1;
	definition->close = token_start(&cursor);
	advance(&cursor);
	if (read_options(&cursor, definition, err))
		return -1;
	*ret = definition;
	return 0;
}

struct column_item *definition_column(const struct definition *definition, const char *name)
{
	for (size_t i = 0; i < definition->column_count; i++)
		if (native_same(definition->columns[i]->name, name))
			return definition->columns[i];
	return NULL;
}

struct clause *column_clause(const struct column_item *column, enum clause_kind kind)
{
	for (size_t i = 0; i < column->clause_count; i++)
		if (column->clauses[i]->kind == kind)
			return column->clauses[i];
	return NULL;
}

char *definition_part(const struct definition *definition, struct span span)
{
	return retort_strndup(definition->arena, definition->text + span.start, span.end - span.start);
}
