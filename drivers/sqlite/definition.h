/* SPDX-License-Identifier: MIT
 *
 * definition.h: the stored text of CREATE TABLE taken apart, and put together again.
 *
 * SQLite keeps a table as the text that made it, so an edit that touches one item and leaves every other
 * byte alone loses nothing that the model can't hold. The text is cut into a head up to the parenthesis,
 * columns with their clauses, table constraints, and options; each knows its place in the text. Nothing
 * is made up: what can't be read is an error, not a guess.
 */
#ifndef SQLITE_DEFINITION_H
#define SQLITE_DEFINITION_H

#include "retort/sql.h"

/* A part of the text: from start up to end. */
struct span {
	size_t start, end;
};

enum clause_kind {
	CLAUSE_NONE, /* CONSTRAINT name and nothing after it */
	CLAUSE_PRIMARY_KEY,
	CLAUSE_NOT_NULL,
	CLAUSE_NULL,
	CLAUSE_UNIQUE,
	CLAUSE_CHECK,
	CLAUSE_DEFAULT,
	CLAUSE_COLLATE,
	CLAUSE_FOREIGN_KEY, /* REFERENCES in a column */
	CLAUSE_COMPUTED
};

/* A clause of a column, or a constraint of the table. */
struct clause {
	enum clause_kind kind;
	struct span span;      /* with CONSTRAINT name and all that belongs to it */
	size_t lead;           /* where the token before it ends */
	struct span name_span; /* of the name's token */
	const char *name;      /* after CONSTRAINT; NULL: none */
	struct span inner;     /* of the expression, the default's value or the collation's name */
	const char **columns;  /* of a table constraint's key */
	size_t column_count;
	struct retort_references *references;
	struct span reference_span; /* of the referred table's name */
	bool deferrable, stored, autoincrement;
	enum retort_initially initially;
	const char *match;
	struct retort_constraint *model; /* set by those who pair it with the model */
};

struct column_item {
	const char *name;
	struct span span, name_span;
	struct span type; /* empty where there is none: then it stands after the name */
	size_t lead;      /* where the text between it and the item before begins */
	struct clause **clauses;
	size_t clause_count;
};

struct definition {
	struct retort_arena *arena;
	const char *text;
	const char *name;
	struct span name_span;
	size_t open, close; /* the parentheses */
	struct column_item **columns;
	size_t column_count;
	struct clause **constraints; /* of the table */
	size_t constraint_count;
	bool strict, without_rowid;
};

/* Reads the text of a table; it must outlive the result. */
int definition_read(struct retort_arena *arena, const char *text, struct definition **ret,
	struct retort_error *err);
struct column_item *definition_column(const struct definition *definition, const char *name);
struct clause *column_clause(const struct column_item *column, enum clause_kind kind);
/* A copy of a part of the text. */
char *definition_part(const struct definition *definition, struct span span);
/* Whether a token of the text within span is this name (not a keyword's or function's use of it). */
bool definition_names(const struct definition *definition, struct span span, const char *name);

/* Names in tokens, also those in single quotes that SQLite takes for names. */
const char *token_name(struct retort_arena *arena, const struct retort_token *token);
/* Whether two pieces of SQL are the same but for blanks, comments, the case of words, the quoting of
 * names and outer parentheses. */
bool same_sql(struct retort_arena *arena, const char *left, const char *right);

/* The text with `table.` in front of names taken away: in the table's own expressions it says nothing. */
const char *unqualified(struct retort_arena *arena, const char *sql, const char *table);

/* What is to be changed, in any order; parts that were asked for twice are changed once. */
struct edit;
struct edit *edit_new(const struct definition *definition);
/* Puts text in the place of a part, which may be empty. */
void edit_replace(struct edit *edit, struct span span, const char *text);
void edit_drop_column(struct edit *edit, const struct column_item *column);
void edit_drop_clause(struct edit *edit, const struct clause *clause);
void edit_add_column(struct edit *edit, const char *text);
void edit_add_constraint(struct edit *edit, const char *text);
/* The text with all edits. */
char *edit_text(const struct edit *edit);

#endif
