/* SPDX-License-Identifier: MIT
 *
 * retort/op.h: the neutral operations, of which every revision is a list.
 *
 * An operation as read from a file may hold dialect variants and scopes; resolved for one
 * dialect (the form that replay, renderers and drivers see) it holds one answer for each
 * value, every name is filled in, and tables are in the expanded form of schema.h.
 */
#ifndef RETORT_OP_H
#define RETORT_OP_H

#include "retort/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Values are part of the ABI: append only. */
enum retort_op_kind {
	RETORT_OP_NONE,
	RETORT_OP_CREATE_TABLE,
	RETORT_OP_DROP_TABLE,
	RETORT_OP_RENAME_TABLE,
	RETORT_OP_ALTER_TABLE, /* only in files: ops holds the parts; resolving flattens it into one group */
	RETORT_OP_ADD_COLUMN,
	RETORT_OP_DROP_COLUMN,
	RETORT_OP_RENAME_COLUMN,
	RETORT_OP_ALTER_COLUMN,
	RETORT_OP_CREATE_INDEX,
	RETORT_OP_DROP_INDEX,
	RETORT_OP_RENAME_INDEX,
	RETORT_OP_CREATE_CONSTRAINT, /* create_primary_key, _unique_constraint, ...: constraint->kind tells */
	RETORT_OP_DROP_CONSTRAINT,
	RETORT_OP_RENAME_CONSTRAINT,
	RETORT_OP_VALIDATE_CONSTRAINT,
	RETORT_OP_COMMENT,
	RETORT_OP_CREATE_ENUM,
	RETORT_OP_ALTER_ENUM,
	RETORT_OP_DROP_ENUM,
	RETORT_OP_CREATE_SEQUENCE,
	RETORT_OP_DROP_SEQUENCE,
	RETORT_OP_CREATE_SCHEMA,
	RETORT_OP_DROP_SCHEMA,
	RETORT_OP_CREATE_DOMAIN,
	RETORT_OP_DROP_DOMAIN,
	RETORT_OP_CREATE_EXTENSION,
	RETORT_OP_DROP_EXTENSION,
	RETORT_OP_CREATE_VIEW,
	RETORT_OP_REPLACE_VIEW,
	RETORT_OP_DROP_VIEW,
	RETORT_OP_CREATE_ROUTINE,  /* routine->kind tells function from procedure */
	RETORT_OP_REPLACE_ROUTINE,
	RETORT_OP_DROP_ROUTINE,
	RETORT_OP_CREATE_TRIGGER,
	RETORT_OP_REPLACE_TRIGGER,
	RETORT_OP_DROP_TRIGGER,
	RETORT_OP_INSERT_ROWS,
	RETORT_OP_UPDATE_ROWS,
	RETORT_OP_DELETE_ROWS,
	RETORT_OP_EXECUTE,
	RETORT_OP_ASSERT,
	RETORT_OP_RUN,
	RETORT_OP_SET_OPTIONS,     /* of a table */
	RETORT_OP_ALTER_EXTENSION, /* its version */
	RETORT_OP_COUNT
};

/* What alter_column names; only these change. */
enum {
	RETORT_ALTER_TYPE = 1 << 0,
	RETORT_ALTER_NULLABLE = 1 << 1,
	RETORT_ALTER_DEFAULT = 1 << 2, /* column->def NULL: drop it */
	RETORT_ALTER_COMMENT = 1 << 3,
	RETORT_ALTER_AUTOINCREMENT = 1 << 4,
	RETORT_ALTER_COLLATION = 1 << 5,
	RETORT_ALTER_COMPUTED = 1 << 6 /* column->computed NULL: becomes an ordinary column */
};

/* A value for rows: a literal typed by its column, NULL, a function or SQL. */
struct retort_value {
	enum retort_default_kind kind; /* RETORT_DEFAULT_NULL: SQL NULL */
	const char *text;
	const struct retort_default_variant *variants; /* by dialect; resolved: none */
	size_t variant_count;
};

/* insert_rows: rows inline, or of a file. */
struct retort_rows {
	const char *const *columns; /* none: the table's, or the file's head line or keys */
	size_t column_count;
	const struct retort_value *const *const *rows; /* rows[i][j]; a NULL cell: the column's default */
	size_t row_count;
	const char *csv, *json;     /* path as written; NULL: inline */
	const char *rows_key;       /* json: the key of the array */
	const char *const *map_columns, *const *map_keys; /* json: column, key */
	size_t map_count;
	bool on_conflict_ignore, on_conflict_update;
	const char *const *key;
	size_t key_count;
	const char *csv_path, *json_path; /* csv and json with variables replaced, ready to be opened */
	unsigned long long first; /* DELETE_ROWS: only so many rows from the start of the file; 0: all */
};

struct retort_assignment {
	const char *column;
	const struct retort_value *value;
};

/* alter_enum: exactly one of add, rename_from and drop. */
struct retort_enum_change {
	const char *add, *before, *after;
	const char *rename_from, *rename_to;
	const char *drop;
	/* What rows that hold the dropped value get; to NULL: SQL NULL. */
	const char *const *mapping_from, *const *mapping_to;
	size_t mapping_count;
};

struct retort_lint_ignore {
	const char *code, *reason;
};

/* set_options: only these change. One whose value is NULL goes back to what it is where it isn't given. */
struct retort_table_options {
	const struct retort_option *const *options;
	size_t option_count;
};

/* How to undo an operation when replay can't tell. */
struct retort_reverse {
	const struct retort_op *const *ops;  /* given as operations */
	size_t op_count;
	const struct retort_text *sql;       /* given as SQL (execute) */
};

/* libretort's own: how things without a name are called. */
struct retort_conventions;

struct retort_op {
	enum retort_op_kind kind;
	const char *schema;  /* of table or name */
	const char *table;   /* the table it works on; also create_table's own name */
	const char *name;    /* the object it makes or changes */
	const char *to;      /* its new name */

	/* the object, by kind */
	struct retort_table *create;          /* CREATE_TABLE */
	struct retort_column *column;         /* ADD_COLUMN, ALTER_COLUMN */
	unsigned alter;                       /* ALTER_COLUMN: RETORT_ALTER_* */
	const struct retort_text *cast;       /* ALTER_COLUMN: `using` in files */
	const struct retort_value *fill;      /* ADD_COLUMN, ALTER_COLUMN */
	struct retort_index *index;           /* CREATE_INDEX */
	struct retort_constraint *constraint; /* CREATE_CONSTRAINT */
	bool constraint_kind_given;           /* DROP_CONSTRAINT: constraint_kind says which */
	enum retort_constraint_kind constraint_kind;
	struct retort_enum *enumeration;
	struct retort_enum_change *enum_change;
	struct retort_sequence *sequence;
	struct retort_domain *domain;
	struct retort_extension *extension;
	struct retort_view *view;
	struct retort_routine *routine;       /* DROP_ROUTINE: only its kind */
	struct retort_trigger *trigger;
	struct retort_rows *rows;
	const struct retort_assignment *const *set; /* UPDATE_ROWS */
	size_t set_count;
	/* UPDATE_ROWS, DELETE_ROWS; resolved "all" is NULL. DELETE_ROWS with rows set and where NULL, which
	 * reversing insert_rows makes: delete the rows that agree with these in the columns rows->key
	 * (never empty); the other columns don't count. */
	const struct retort_text *where;
	bool where_all;
	unsigned long batch;                  /* rows a transaction; 0: all in one statement */
	const struct retort_text *sql;        /* EXECUTE, ASSERT */
	const char *equals, *message;         /* ASSERT; COMMENT's text is message, NULL removes it */
	const char *const *command;           /* RUN */
	size_t command_count;
	const char *const *env;               /* RUN: NAME=VALUE */
	size_t env_count;
	const struct retort_op *const *ops;   /* ALTER_TABLE: parts; EXECUTE: effects */
	size_t op_count;
	/* RENAME_TABLE, resolved: constraints and indexes that still bear the name that these give are
	 * renamed with it; NULL: their names stay. */
	const struct retort_conventions *conventions;

	/* modifiers */
	bool if_exists, if_not_exists, cascade, concurrently, first, materialized;
	const char *after;                    /* ADD_COLUMN */
	const char *algorithm, *lock;         /* indexes on MySQL */
	bool outside_transaction, repeatable;
	const struct retort_reverse *reverse; /* NULL: none given */
	struct retort_scope scope;
	const struct retort_lint_ignore *lint_ignore;
	size_t lint_ignore_count;

	/* where it came from */
	const char *file;
	unsigned line, line_column;
	unsigned index_in_file; /* 1 for the first of its list */
	unsigned group;         /* same number, not 0: parts of one alter_table */

	/* CREATE_ROUTINE, REPLACE_ROUTINE: the body may name what is not there yet; an engine that would look
	 * is told not to */
	bool unchecked;
	struct retort_table_options *options; /* SET_OPTIONS */
};

/* "create_table", ...; for constraints and routines the word of the file, e.g. "create_foreign_key". */
RETORT_EXPORT const char *retort_op_word(const struct retort_op *op);
/* A sentence for people: "add column 'email' to 'account'". */
RETORT_EXPORT const char *retort_op_describe(struct retort_arena *arena, const struct retort_op *op);

#ifdef __cplusplus
}
#endif
#endif
