/* SPDX-License-Identifier: MIT
 *
 * retort/schema.h: the schema model: what a database holds, in neutral terms.
 *
 * The same structs carry what a revision file declares, what replay computes and what a
 * driver's inspect reports. They are allocated only by libretort (the *_new and *_add
 * functions) and reached by pointer, so that fields can be appended; arrays hold pointers
 * and grow only through RETORT_PUSH or the functions here. Everything belongs to one arena.
 *
 * Replay never changes a table in place: it makes a changed copy and puts that into the
 * schema, so a pointer to a table is a picture of it at one moment.
 *
 * Two forms. Declared: as written in a file, with a column's shorthands (primary_key,
 * unique, index, references, check) in the column. Expanded: the shorthands are entries of
 * the table's constraints and indexes and the column's members are empty. Everything but
 * the reader and writer of files sees only the expanded form.
 */
#ifndef RETORT_SCHEMA_H
#define RETORT_SCHEMA_H

#include "retort/type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For which dialects something is meant: all where both lists are empty. */
struct retort_scope {
	const char *const *only;
	size_t only_count;
	const char *const *except;
	size_t except_count;
};

enum retort_autoincrement {
	RETORT_AUTO_NONE,
	RETORT_AUTO_BY_DEFAULT, /* true: an identity BY DEFAULT, AUTO_INCREMENT, AUTOINCREMENT */
	RETORT_AUTO_ALWAYS,     /* always: PostgreSQL's GENERATED ALWAYS AS IDENTITY */
	RETORT_AUTO_SERIAL      /* serial: a sequence owned by the column */
};

/* A referential action; NONE is not stated, which means NO ACTION. */
enum retort_action {
	RETORT_ACTION_NONE,
	RETORT_ACTION_NO_ACTION,
	RETORT_ACTION_RESTRICT,
	RETORT_ACTION_CASCADE,
	RETORT_ACTION_SET_NULL,
	RETORT_ACTION_SET_DEFAULT
};

/* "CASCADE", "SET NULL", ...; NULL for NONE. */
RETORT_EXPORT const char *retort_action_name(enum retort_action action);
/* What such words mean, in any case; NONE for all else, and NULL. */
RETORT_EXPORT enum retort_action retort_action_parse(const char *name);

struct retort_references {
	const char *schema, *table;
	const char *const *columns; /* none: the primary key */
	size_t column_count;
	enum retort_action on_delete, on_update;
};

/* A shorthand in a column: on, with a name where one was given instead of true. */
struct retort_shorthand {
	bool on;
	const char *name;
};

struct retort_column {
	const char *name;
	const struct retort_type *type;
	bool nullable;      /* true unless said otherwise or in the primary key */
	bool nullable_given;
	const struct retort_default *def; /* NULL: none */
	enum retort_autoincrement autoincrement;
	long long auto_start, auto_increment; /* 0: not given */
	const struct retort_text *computed; /* the expression; NULL: an ordinary column */
	bool computed_stored;
	const char *collation;
	const char *comment;
	/* declared form only */
	struct retort_shorthand primary_key, unique, index;
	const struct retort_references *references;
	const struct retort_text *check;
	const char *renamed_from;
	struct retort_scope scope;
	unsigned line, line_column;
	/* resolved: the name for the CHECK that stands in for what the engine's type lacks */
	const char *type_check_name;
	/* resolved: the name for the type of an inline enum, on engines where it is a type of its own */
	const char *enum_type_name;
	/* what the engine itself says, from inspect; NULL elsewhere */
	const char *native_type;
	/* from inspect: what of the column's definition the model has no member for, as it is written there
	 * ("ON UPDATE CURRENT_TIMESTAMP"); replay keeps it. NULL: nothing */
	const char *native_extra;
	/* collation by dialect; NULL, and resolved: collation is all there is */
	const struct retort_text *collations;
};

enum retort_constraint_kind {
	RETORT_PRIMARY_KEY,
	RETORT_UNIQUE,
	RETORT_FOREIGN_KEY,
	RETORT_CHECK,
	RETORT_EXCLUDE
};

enum retort_initially { RETORT_INITIALLY_NONE, RETORT_INITIALLY_IMMEDIATE, RETORT_INITIALLY_DEFERRED };

struct retort_exclude_element {
	const char *column;                   /* or */
	const struct retort_text *expression;
	const char *with;                     /* the operator */
};

struct retort_constraint {
	enum retort_constraint_kind kind;
	const char *name;      /* NULL: none; given by the convention when a file is resolved */
	bool conventional;     /* name comes from the convention, not from a file */
	const char *const *columns;
	size_t column_count;
	const struct retort_references *references; /* FOREIGN_KEY */
	const struct retort_text *expression;       /* CHECK; the predicate of EXCLUDE */
	const struct retort_exclude_element *const *elements; /* EXCLUDE */
	size_t element_count;
	const char *method;    /* EXCLUDE: index method (`using` in files) */
	bool deferrable;
	enum retort_initially initially;
	const char *match;     /* FOREIGN_KEY: full, partial, simple; NULL: not given */
	bool not_valid;        /* existing rows have not been checked */
	struct retort_scope scope;
	unsigned line, line_column;
};

enum retort_order { RETORT_ORDER_NONE, RETORT_ORDER_ASC, RETORT_ORDER_DESC };
enum retort_nulls { RETORT_NULLS_NONE, RETORT_NULLS_FIRST, RETORT_NULLS_LAST };

struct retort_index_column {
	const char *column;                   /* or */
	const struct retort_text *expression;
	enum retort_order order;
	enum retort_nulls nulls;
	unsigned length;                      /* prefix in characters; 0: whole */
	const char *opclass;
	const char *collation;
};

struct retort_index {
	const char *name;
	bool conventional;
	const struct retort_index_column *const *columns;
	size_t column_count;
	bool unique;
	const struct retort_text *where;
	const char *const *include;
	size_t include_count;
	const char *method;      /* `using` in files */
	bool implied;           /* made by the engine or by retort for a foreign key: never compared */
	struct retort_scope scope;
	unsigned line, line_column;
	const char *definition; /* the engine's stored CREATE text, from inspect; NULL elsewhere */
};

/* A table option of one dialect, e.g. mysql: {engine: InnoDB}. */
struct retort_option {
	const char *dialect, *key, *value; /* value of a yes/no option: "true" or "false" */
};

struct retort_table {
	const char *schema, *name;
	const char *comment;
	struct retort_column **columns;
	size_t column_count;
	struct retort_constraint **constraints; /* of every kind, in order of making */
	size_t constraint_count;
	struct retort_index **indexes;
	size_t index_count;
	const struct retort_option *const *options;
	size_t option_count;
	const char *renamed_from;
	const char *const *column_sets;
	size_t column_set_count;
	struct retort_scope scope;
	unsigned line, line_column;
	/* The CREATE TABLE text as the engine stores it, from inspect, or as a dialect that edits
	 * stored text expects it to be; NULL elsewhere. */
	const char *definition;
};

struct retort_enum {
	const char *schema, *name;
	const char *const *values;
	size_t value_count;
	struct retort_scope scope;
};

struct retort_domain {
	const char *schema, *name;
	const struct retort_type *type;
	bool nullable;
	const struct retort_default *def;
	const struct retort_text *check;
	struct retort_scope scope;
};

struct retort_sequence {
	const char *schema, *name;
	const struct retort_type *type; /* NULL: bigint */
	long long start, increment, minimum, maximum, cache; /* 0: not given (increment 0 means 1) */
	bool cycle;
	struct retort_scope scope;
};

struct retort_view {
	const char *schema, *name;
	const struct retort_text *query;
	bool materialized;
	struct retort_scope scope;
	const char *definition; /* stored text, from inspect */
};

enum retort_routine_kind { RETORT_FUNCTION, RETORT_PROCEDURE };

/* Functions and procedures; body is the whole CREATE statement's text after the name as written in the
 * file. */
struct retort_routine {
	enum retort_routine_kind kind;
	const char *schema, *name;
	const struct retort_text *body;
	struct retort_scope scope;
};

struct retort_trigger {
	const char *schema, *name;
	const char *table;
	const struct retort_text *body; /* the text after CREATE TRIGGER name */
	struct retort_scope scope;
	const char *definition; /* stored text, from inspect */
};

struct retort_extension {
	const char *name, *schema, *version;
	struct retort_scope scope;
};

struct retort_schema_index; /* libretort's own: names to objects */

struct retort_schema {
	struct retort_arena *arena;
	struct retort_table **tables; /* in order of making */
	size_t table_count;
	struct retort_enum **enums;
	size_t enum_count;
	struct retort_domain **domains;
	size_t domain_count;
	struct retort_sequence **sequences;
	size_t sequence_count;
	struct retort_view **views;
	size_t view_count;
	struct retort_routine **routines;
	size_t routine_count;
	struct retort_trigger **triggers;
	size_t trigger_count;
	const char **schemas; /* names */
	size_t schema_count;
	struct retort_extension **extensions;
	size_t extension_count;
	/* What inspection saw and the model can't hold, one sentence each. */
	const char **unmodelled;
	size_t unmodelled_count;
	struct retort_schema_index *index;
};

RETORT_EXPORT struct retort_schema *retort_schema_new(struct retort_arena *arena);
/* A copy whose arrays may be changed without touching the original; the objects are shared. */
RETORT_EXPORT struct retort_schema *retort_schema_copy(struct retort_arena *arena,
	const struct retort_schema *schema);
/* Puts a table in; one of the same schema and name is replaced and keeps its place. */
RETORT_EXPORT void retort_schema_put_table(struct retort_schema *schema, struct retort_table *table);
RETORT_EXPORT void retort_schema_remove_table(struct retort_schema *schema, const char *schema_name,
	const char *name);
/* NULL where there is none. schema_name NULL is the default schema. */
RETORT_EXPORT struct retort_table *retort_schema_table(const struct retort_schema *schema,
	const char *schema_name, const char *name);
RETORT_EXPORT struct retort_view *retort_schema_view(const struct retort_schema *schema,
	const char *schema_name, const char *name);
RETORT_EXPORT struct retort_enum *retort_schema_enum(const struct retort_schema *schema,
	const char *schema_name, const char *name);

/* Puts a view of that query in. schema_name NULL is the default schema. */
RETORT_EXPORT struct retort_view *retort_schema_add_view(struct retort_schema *schema,
	const char *schema_name, const char *name, const char *query);
/* Puts a trigger in; body is the text after CREATE TRIGGER name. */
RETORT_EXPORT struct retort_trigger *retort_schema_add_trigger(struct retort_schema *schema,
	const char *schema_name, const char *table, const char *name, const char *body);

RETORT_EXPORT struct retort_table *retort_table_new(struct retort_arena *arena, const char *schema_name,
	const char *name);
/* A copy whose arrays may be changed without touching the original; what they point to is shared. */
RETORT_EXPORT struct retort_table *retort_table_copy(struct retort_arena *arena,
	const struct retort_table *table);
/* Appends a nullable column of no type. */
RETORT_EXPORT struct retort_column *retort_table_add_column(struct retort_arena *arena,
	struct retort_table *table, const char *name);
RETORT_EXPORT struct retort_constraint *retort_table_add_constraint(struct retort_arena *arena,
	struct retort_table *table, enum retort_constraint_kind kind, const char *name);
RETORT_EXPORT struct retort_index *retort_table_add_index(struct retort_arena *arena,
	struct retort_table *table, const char *name);
/* Appends a column to what a constraint is on. */
RETORT_EXPORT void retort_constraint_add_column(struct retort_arena *arena,
	struct retort_constraint *constraint, const char *name);
/* What a foreign key refers to, made where it had nothing yet: of no columns and no actions. */
RETORT_EXPORT struct retort_references *retort_constraint_refer(struct retort_arena *arena,
	struct retort_constraint *constraint, const char *schema_name, const char *table);
RETORT_EXPORT void retort_references_add_column(struct retort_arena *arena,
	struct retort_references *references, const char *name);
/* Appends a column to an index; name NULL: the caller sets its expression. */
RETORT_EXPORT struct retort_index_column *retort_index_add_column(struct retort_arena *arena,
	struct retort_index *index, const char *name);
RETORT_EXPORT struct retort_column *retort_table_column(const struct retort_table *table, const char *name);
RETORT_EXPORT struct retort_constraint *retort_table_constraint(const struct retort_table *table,
	const char *name);
RETORT_EXPORT struct retort_index *retort_table_index(const struct retort_table *table, const char *name);
RETORT_EXPORT struct retort_constraint *retort_table_primary_key(const struct retort_table *table);
/* Puts a copy in the place of a table's column, free to be changed without touching the original. A driver
 * copies none of these structs itself: those of a later libretort are longer. */
RETORT_EXPORT struct retort_column *retort_table_own_column(struct retort_arena *arena,
	struct retort_table *table, size_t at);
/* Puts a copy in the place of a table's constraint or index, free to be changed without touching the
 * original: with its *references (NULL where there are none), or with its *columns. */
RETORT_EXPORT struct retort_constraint *retort_table_own_constraint(struct retort_arena *arena,
	struct retort_table *table, size_t at, struct retort_references **references);
RETORT_EXPORT struct retort_index *retort_table_own_index(struct retort_arena *arena,
	struct retort_table *table, size_t at, struct retort_index_column ***columns);
/* Says of the columns of the primary key that they can't be NULL. */
RETORT_EXPORT void retort_table_key_not_null(struct retort_table *table);
/* The value of a table option for a dialect (or its family), or NULL. */
RETORT_EXPORT const char *retort_table_option(const struct retort_table *table, const char *dialect,
	const char *key);
/* A default for every dialect. */
RETORT_EXPORT struct retort_default *retort_default_new(struct retort_arena *arena,
	enum retort_default_kind kind, const char *text);
/* Plain text as a struct retort_text. */
RETORT_EXPORT struct retort_text *retort_text_new(struct retort_arena *arena, const char *sql);

#ifdef __cplusplus
}
#endif
#endif
