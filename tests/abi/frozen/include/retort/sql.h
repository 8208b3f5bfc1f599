/* SPDX-License-Identifier: MIT
 *
 * retort/sql.h: dialects, and the builders that turn resolved operations into statements.
 *
 * A dialect is const data and pure functions: it never sees a connection, so the same code
 * serves online runs, offline scripts and dry runs. Rendering an operation asks, in this
 * order: the dialect's alter_table (for a group of operations on one table), its override
 * for the kind, the generic renderer. Each may answer RETORT_PASS: "as if this slot were NULL".
 *
 * Tables of rows that a dialect points to (types, overrides, options, scratch) keep the rows' size for ever;
 * structs grow at their end, and a driver runs with the libretort it was built for or a later one.
 *
 * All SQL text is built here: names go through retort_sql_name, literals through
 * retort_sql_string or retort_sql_literal, and nothing else quotes.
 */
#ifndef RETORT_SQL_H
#define RETORT_SQL_H

#include <stdint.h>

#include "retort/op.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RETORT_OK = 0, RETORT_FAIL = -1, RETORT_PASS = 1 };

/* ---- what an engine can have: a missing bit makes the operation or property a plan error,
 * "sqlite has no sequences", except where the comment says that it is left out ---- */
#define RETORT_CAP_TX_DDL          (UINT64_C(1) << 0)  /* DDL is rolled back, and seen at once */
#define RETORT_CAP_TX_LOCK         (UINT64_C(1) << 1)  /* begin excludes all other writers */
#define RETORT_CAP_SCHEMAS         (UINT64_C(1) << 2)  /* create_schema, and schema: on names */
#define RETORT_CAP_COMMENTS        (UINT64_C(1) << 3)  /* else left out */
#define RETORT_CAP_ENUMS           (UINT64_C(1) << 4)  /* named types; else columns hold the values */
#define RETORT_CAP_DOMAINS         (UINT64_C(1) << 5)
#define RETORT_CAP_SEQUENCES       (UINT64_C(1) << 6)
#define RETORT_CAP_EXTENSIONS      (UINT64_C(1) << 7)
#define RETORT_CAP_MATERIALIZED    (UINT64_C(1) << 8)
#define RETORT_CAP_FUNCTIONS       (UINT64_C(1) << 9)
#define RETORT_CAP_PROCEDURES      (UINT64_C(1) << 10)
#define RETORT_CAP_TRIGGERS        (UINT64_C(1) << 11)
#define RETORT_CAP_EXCLUDE         (UINT64_C(1) << 12)
#define RETORT_CAP_DEFERRABLE      (UINT64_C(1) << 13) /* foreign keys */
#define RETORT_CAP_DEFERRABLE_UNIQUE (UINT64_C(1) << 14)
#define RETORT_CAP_PARTIAL_INDEX   (UINT64_C(1) << 15) /* else left out of a non-unique index */
#define RETORT_CAP_EXPRESSION_INDEX (UINT64_C(1) << 16)
#define RETORT_CAP_INDEX_INCLUDE   (UINT64_C(1) << 17) /* else left out of a non-unique index */
#define RETORT_CAP_INDEX_NULLS     (UINT64_C(1) << 18) /* else left out */
#define RETORT_CAP_INDEX_DESC      (UINT64_C(1) << 19) /* else left out */
#define RETORT_CAP_INDEX_PREFIX    (UINT64_C(1) << 20) /* length; else left out */
#define RETORT_CAP_INDEX_OPCLASS   (UINT64_C(1) << 21) /* else left out */
#define RETORT_CAP_INDEX_METHOD    (UINT64_C(1) << 22) /* using; else left out */
#define RETORT_CAP_CONCURRENTLY    (UINT64_C(1) << 23) /* else left out */
#define RETORT_CAP_NOT_VALID       (UINT64_C(1) << 24) /* else checked at once, and validate is nothing */
#define RETORT_CAP_RENAME_INDEX    (UINT64_C(1) << 25) /* else drop and create */
#define RETORT_CAP_CASCADE         (UINT64_C(1) << 26) /* DROP ... CASCADE */
#define RETORT_CAP_DROP_INDEX_ON   (UINT64_C(1) << 27) /* DROP INDEX name ON table */
#define RETORT_CAP_ALTER_CONSTRAINT (UINT64_C(1) << 28) /* ALTER TABLE ADD and DROP CONSTRAINT */
#define RETORT_CAP_EDITS_DEFINITION (UINT64_C(1) << 29) /* alter_table works on stored text: see there */
#define RETORT_CAP_IDENTITY_ALWAYS (UINT64_C(1) << 30)
#define RETORT_CAP_COMPUTED_VIRTUAL (UINT64_C(1) << 31) /* else stored, where the engine has that */
#define RETORT_CAP_COMPUTED_STORED (UINT64_C(1) << 32) /* else virtual, where the engine has that */
#define RETORT_CAP_ALTER_LIST      (UINT64_C(1) << 33) /* several actions in one ALTER TABLE; else one each */
#define RETORT_CAP_REPLACE_VIEW    (UINT64_C(1) << 34) /* CREATE OR REPLACE VIEW; else drop and create */
#define RETORT_CAP_REPLACE_ROUTINE (UINT64_C(1) << 35) /* likewise */
#define RETORT_CAP_REPLACE_TRIGGER (UINT64_C(1) << 36) /* likewise */
#define RETORT_CAP_DROP_TRIGGER_ON (UINT64_C(1) << 37) /* DROP TRIGGER name ON table */
#define RETORT_CAP_COMMENT_INLINE  (UINT64_C(1) << 38) /* the tails write comments: no COMMENT ON */
#define RETORT_CAP_RESTATES        (UINT64_C(1) << 39) /* changing a column restates all: native_extra too */
#define RETORT_CAP_VIEWS_HOLD      (UINT64_C(1) << 40) /* a view or trigger keeps its columns from changing */
#define RETORT_CAP_KEYS_HOLD       (UINT64_C(1) << 41) /* a foreign key keeps its columns from changing */
#define RETORT_CAP_ASKS_USING      (UINT64_C(1) << 42) /* rows are converted unasked where nothing can fail */

/* ---- how the engine reads text: for the lexer and the splitter ---- */
#define RETORT_SYNTAX_BACKSLASH    (1u << 0) /* \ escapes inside '...' */
#define RETORT_SYNTAX_DOLLAR       (1u << 1) /* $tag$...$tag$ strings, E'...' */
#define RETORT_SYNTAX_BACKTICK     (1u << 2) /* `name` */
#define RETORT_SYNTAX_BRACKET      (1u << 3) /* [name] */
#define RETORT_SYNTAX_HASH_COMMENT (1u << 4) /* # to the end of the line */
#define RETORT_SYNTAX_NESTED_COMMENT (1u << 5)
#define RETORT_SYNTAX_DOUBLE_STRING (1u << 6) /* "..." is a string */
#define RETORT_SYNTAX_DELIMITER    (1u << 7) /* DELIMITER lines */
/* Beside the lexer: which names need be unlike only within their table. */
#define RETORT_SYNTAX_TABLE_INDEXES (1u << 8)  /* those of indexes */
#define RETORT_SYNTAX_TABLE_CHECKS  (1u << 9)  /* those of CHECKs */
#define RETORT_SYNTAX_TABLE_KEYS    (1u << 10) /* those of foreign keys */
/* How the generic renderer writes. */
#define RETORT_SYNTAX_UPPER (1u << 11) /* a name without quotes is read in capitals: see retort_sql_name */
#define RETORT_SYNTAX_FETCH (1u << 12) /* OFFSET n ROWS FETCH NEXT m ROWS ONLY; else LIMIT m OFFSET n */
#define RETORT_SYNTAX_NO_IF (1u << 13) /* no IF EXISTS and IF NOT EXISTS: if_exists is a plan error */
#define RETORT_SYNTAX_BARE_COLUMN (1u << 14) /* ADD c, DROP c, ALTER a TO b; else ADD COLUMN c, ... */
/* Little can be changed in its place. The generic renderer drops the keys, CHECKs and indexes that use a
 * column before that is renamed, dropped or changed and makes them again after; gives constraints another
 * name that way; makes a column anew beside the old one, filled from that, where its identity, collation,
 * expression or type changes (but for a longer string, a larger integer and double for float); gives the rows
 * that are there a new column's default. It tells each statement the table before and after it. */
#define RETORT_SYNTAX_REMAKES (1u << 15)
#define RETORT_SYNTAX_ANY (RETORT_SYNTAX_DOLLAR | RETORT_SYNTAX_BACKTICK) /* for text of no known dialect */

enum retort_token_kind {
	RETORT_TOKEN_END,
	RETORT_TOKEN_SPACE,      /* blanks and line ends */
	RETORT_TOKEN_COMMENT,
	RETORT_TOKEN_WORD,       /* keyword or unquoted name */
	RETORT_TOKEN_QUOTED,     /* a quoted name */
	RETORT_TOKEN_STRING,
	RETORT_TOKEN_NUMBER,
	RETORT_TOKEN_PUNCTUATION, /* one character, or a longer operator */
	RETORT_TOKEN_BROKEN      /* a quote or comment that never ends */
};

struct retort_token {
	enum retort_token_kind kind;
	const char *text; /* into the source */
	size_t len;
	unsigned syntax;  /* that it was read by */
};

/* Reads one token at *at and moves it on. Every byte of the source is in exactly one token. */
RETORT_EXPORT struct retort_token retort_sql_token(unsigned syntax, const char **at);
/* Skips spaces and comments. */
RETORT_EXPORT struct retort_token retort_sql_word(unsigned syntax, const char **at);
/* Whether a token is this keyword or unquoted name, whatever its case. */
RETORT_EXPORT bool retort_token_is(const struct retort_token *token, const char *word);
/* The name that a WORD or QUOTED token means, unquoted; one of capitals alone is in small letters where the
 * syntax is RETORT_SYNTAX_UPPER. */
RETORT_EXPORT char *retort_token_name(struct retort_arena *arena, const struct retort_token *token);

/* ---- the list of statements ---- */
enum retort_statement_kind {
	RETORT_STATEMENT_SQL,
	RETORT_STATEMENT_ROWS,   /* rows into a table; sql describes it */
	RETORT_STATEMENT_ASSERT, /* a query whose one value must equal op->equals; {value} in op->message
	                          * stands for the value that was found */
	RETORT_STATEMENT_RUN     /* op->command */
};

#define RETORT_STMT_OUTSIDE     (1u << 0) /* can't run inside a transaction */
#define RETORT_STMT_DESTRUCTIVE (1u << 1) /* data is lost */
#define RETORT_STMT_REWRITES    (1u << 2) /* may rewrite the whole table */
#define RETORT_STMT_REBUILD     (1u << 3) /* the transaction must begin with RETORT_TX_REBUILD */
#define RETORT_STMT_DATA        (1u << 4) /* changes rows, not the schema */
#define RETORT_STMT_UNKNOWN     (1u << 5) /* CALL, DO...: the effect can't be told */
#define RETORT_STMT_CHECK       (1u << 6) /* only looks: fails where something is wrong */

/* Rows that come one by one. next returns 1 with the cells (NULL: SQL NULL; valid until the
 * next call), 0 at the end, -1 on error. rewind starts again. Owned by the plan's arena. */
struct retort_row_source {
	int (*next)(struct retort_row_source *source, const char *const **cells, struct retort_error *err);
	int (*rewind)(struct retort_row_source *source, struct retort_error *err);
	const char *const *columns;
	const struct retort_type *const *types; /* of each column */
	size_t column_count;
	long long row_count; /* -1: not known before the end */
	/* Where the row that next gave last stands, for faults of its values; NULL and 0: not known. */
	const char *file;
	unsigned line;
	/* Where the cell of a column of that row begins; what is not known stays as it is. NULL: nothing
	 * is. */
	void (*locate)(const struct retort_row_source *source, size_t column, unsigned *line, unsigned *at);
};

struct retort_bulk {
	const char *schema, *table;
	struct retort_row_source *source;
	bool conflict_ignore, conflict_update;
	const char *const *key; /* the columns that conflict */
	size_t key_count;
	bool overrides_identity; /* the rows have values for a column that is GENERATED ALWAYS */
};

/* How a statement over many rows is run in pieces: bound gives the key of the last row of the next piece
 * (no row: the rest is the last piece), then apply changes it. Parameters are the key's columns in
 * order: `after` stands for those of the piece before, `upto` for what bound gave. */
struct retort_batch {
	unsigned long rows;            /* of a piece */
	size_t key_count;
	const char *first_bound;       /* no parameters */
	const char *next_bound;        /* parameters: after */
	const char *apply_all;         /* no parameters: the first piece is the last */
	const char *apply_upto;        /* parameters: upto */
	const char *apply_after_upto;  /* parameters: after, upto */
	const char *apply_after;       /* parameters: after */
};

struct retort_statement {
	enum retort_statement_kind kind;
	const char *sql;             /* without a trailing semicolon */
	unsigned flags;              /* RETORT_STMT_* */
	const struct retort_op *op;  /* what it comes from; NULL: bookkeeping */
	const char *description;     /* for people: "rebuild table 'account'" */
	const struct retort_bulk *bulk; /* ROWS */
	const struct retort_batch *batch; /* NULL: sql as a whole; else sql is what the pieces amount to */
	/* The table around this very statement, where an operation takes several and so passes through
	 * states of its own; both NULL: as around the operation. */
	const struct retort_table *before, *after;
};

struct retort_plan {
	struct retort_arena *arena;
	struct retort_statement **statements;
	size_t statement_count;
	const char **notes; /* what was left out or can take long, one sentence each */
	size_t note_count;
};

/* ---- dialects ---- */
struct retort_dialect;

/* All that rendering one operation, or one group, may look at. Made by libretort (retort_render_new). */
struct retort_render {
	size_t size;
	struct retort_arena *arena;
	const struct retort_dialect *dialect;
	unsigned version;                    /* of the server: major*10000 + minor*100 + patch; 0: unknown */
	const struct retort_schema *schema;  /* before the operation */
	const struct retort_schema *after;   /* after it: for a rename; else NULL */
	struct retort_plan *plan;            /* statements are added here */
};

typedef int retort_render_fn(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);

struct retort_override {
	int op; /* enum retort_op_kind; the list ends with 0 */
	retort_render_fn *render;
};

/* The native name of a neutral type. In sql %l is the length, %p the precision, %s the scale, %i the
 * type of an array's items; where a number that the text names was not given, sql_plain is used. An
 * unsigned type for which `type` has no answer takes the next larger row (numeric(20,0) for bigint). */
struct retort_type_row {
	int kind; /* enum retort_type_kind; the list ends with 0 */
	const char *sql;
	const char *sql_plain; /* without numbers; NULL: sql */
};

/* An option that this dialect's objects take: {"table", "engine", "word"}. */
struct retort_option_row {
	const char *object; /* "table", "column" or "index"; the list ends with NULL */
	const char *key;
	const char *kind;   /* "word", "bool", "integer" or "sql" */
	const char *doc;    /* one line */
};

/* How an empty place for tests is made on a server, and removed; {name} stands for its name. The ways are
 * tried in order. */
struct retort_scratch_row {
	const char *make; /* the list ends with NULL */
	const char *drop;
	const char *where;     /* the query whose one value is the name of the place that a session is in */
	const char *parameter; /* of the URL that leads there; NULL: its path is the name */
	bool schemas_outside;  /* what create_schema makes would not lie in the place */
};

struct retort_dialect {
	size_t size;
	const char *name;    /* as dialect maps in files name it */
	const char *family;  /* the key tried next in dialect maps, or NULL */
	char quote_open, quote_close; /* of names */
	unsigned max_name;   /* longest name; 0: no limit */
	bool max_name_characters; /* the limit counts characters, not bytes */
	unsigned syntax;     /* RETORT_SYNTAX_* */
	const char *placeholder; /* of bound parameters: "?" or "$" (followed by 1, 2, ...) */
	uint64_t caps;       /* RETORT_CAP_* of the newest version */
	const struct retort_type_row *types;
	const struct retort_override *overrides; /* NULL: generic SQL for every operation */
	const struct retort_option_row *options; /* NULL: none */
	const char *const *session; /* statements an offline script starts with, up to NULL; may be NULL */

	/* Each of these may be NULL. */

	/* A whole type where the rows of types don't suffice (unsigned, enums). May PASS. */
	int (*type)(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
		struct retort_error *err);
	/* The condition that stands in for what the engine's type lacks (the values of an enum,
	 * unsigned, json): it becomes a CHECK named column->type_check_name. May PASS (none needed). */
	int (*type_check)(struct retort_render *render, const struct retort_column *column,
		struct retort_buf *out, struct retort_error *err);
	/* SQL for the function defaults now, today and uuid in a column of a type. May PASS (plan error). */
	int (*function)(struct retort_render *render, const char *name, const struct retort_type *type,
		struct retort_buf *out, struct retort_error *err);
	/* A literal of a type from its neutral text. May PASS (generic). */
	int (*literal)(struct retort_render *render, const struct retort_type *type, const char *text,
		struct retort_buf *out, struct retort_error *err);
	/* What follows the type in a column's definition in CREATE TABLE and ADD COLUMN: identity,
	 * collation, computed... May PASS (generic). */
	int (*column_tail)(struct retort_render *render, const struct retort_table *table,
		const struct retort_column *column, struct retort_buf *out, struct retort_error *err);
	/* What follows the closing parenthesis of CREATE TABLE. May PASS (nothing). */
	int (*table_tail)(struct retort_render *render, const struct retort_table *table,
		struct retort_buf *out, struct retort_error *err);
	/* Renders neighbouring operations on one table, all of the kinds ADD_COLUMN to COMMENT:
	 * now is the table before them and after the table they lead to. May PASS: one by one.
	 * With RETORT_CAP_EDITS_DEFINITION now->definition and the indexes' and triggers'
	 * definitions hold stored texts, and this sets after->definition (and those of its
	 * indexes) to what the engine will store. */
	int (*alter_table)(struct retort_render *render, const struct retort_table *now,
		struct retort_table *after, const struct retort_op *const *ops, size_t n,
		struct retort_error *err);
	/* Rewrites a schema so that what the engine can't tell apart becomes equal. */
	int (*normalize)(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);
	/* Plan-time faults beyond the capability bits, e.g. key length. One retort_fail for each. */
	int (*check)(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
	/* The statements that begin and end a transaction (RETORT_TX_*) in an offline script, each list
	 * ends with NULL. NULL: BEGIN and COMMIT. */
	const char *const *(*begin)(unsigned flags);
	const char *const *(*commit)(unsigned flags);
	/* What normalize does to one type and to the text of one expression, e.g. int4 to integer. */
	int (*native_type)(struct retort_arena *arena, const char *native, const struct retort_type **ret);
	/* The capabilities of one version of the server. NULL: caps. */
	uint64_t (*caps_at)(unsigned version);
	/* A constraint of CREATE TABLE or ADD CONSTRAINT. Leaving out empty: it is said elsewhere, e.g. by
	 * column_tail. May PASS (generic). */
	int (*constraint)(struct retort_render *render, const struct retort_table *table,
		const struct retort_constraint *constraint, struct retort_buf *out, struct retort_error *err);
	/* What follows the rows of an INSERT with conflict_ignore or conflict_update; begins with a space.
	 * Only the source's columns may be looked at. May PASS (ON CONFLICT). */
	int (*conflict)(struct retort_render *render, const struct retort_bulk *bulk, struct retort_buf *out,
		struct retort_error *err);
	/* Adds what must follow rows that were inserted with values for an autoincrement column of table,
	 * e.g. moving its sequence. May PASS (nothing). */
	int (*after_rows)(struct retort_render *render, const struct retort_op *op,
		const struct retort_table *table, struct retort_error *err);
	/* With RETORT_CAP_EDITS_DEFINITION: brings the stored texts of schema, onto which op was just
	 * replayed, up to what the engine now holds, e.g. those of other tables after a rename. What op made
	 * has the text that was rendered; what alter_table was given has its answer. May PASS. */
	int (*redefine)(struct retort_render *render, const struct retort_op *op,
		struct retort_schema *schema, struct retort_error *err);
	/* For offline scripts: one statement that fails, saying message where the engine can, unless the one
	 * value of query is value (as text; NULL: SQL NULL), and gives no rows. May PASS (a CAST that
	 * fails). */
	int (*assert_sql)(struct retort_render *render, const char *query, const char *value,
		const char *message, struct retort_buf *out, struct retort_error *err);
	/* NULL: an engine without server, or one for which no such place can be made. */
	const struct retort_scratch_row *scratch;
	/* A whole statement that inserts n rows, for engines whose INSERT takes one, or for conflicts of
	 * another form than a tail: values holds the SQL of each value, row by row, in the order of the
	 * columns of bulk->source, of which only the columns may be looked at. May PASS (INSERT INTO t (a, b)
	 * VALUES (...), (...) and conflict). */
	int (*insert)(struct retort_render *render, const struct retort_bulk *bulk, const char *const *values,
		size_t n, struct retort_buf *out, struct retort_error *err);
	/* The most rows that insert and INSERT are given; 0: as many as libretort likes. */
	unsigned max_rows;
	/* With RETORT_SYNTAX_REMAKES: the action that moves a column to a place, as retort_sql_write takes
	 * it, with its name and the place, from 1: "ALTER %n POSITION %s". NULL: what is made anew stays
	 * behind. */
	const char *move_column;
};

#define RETORT_TX_REBUILD   (1u << 0) /* foreign keys must not act; they are checked before the commit */
#define RETORT_TX_READ_ONLY (1u << 1)

/* Whether the dialect (at render->version) has a capability. */
RETORT_EXPORT bool retort_sql_has(const struct retort_render *render, uint64_t cap);

/* For hooks that are given none: normalize, or a driver's inspect. schema may be NULL; version 0: unknown. */
RETORT_EXPORT struct retort_render *retort_render_new(struct retort_arena *arena,
	const struct retort_dialect *dialect, unsigned version, const struct retort_schema *schema);

/* ---- builders: they append to out ---- */
/* The name in quotes, as it is. With RETORT_SYNTAX_UPPER one of small letters, digits and _ is written in
 * capitals, which is what the name means in SQL text without quotes; inspect gives names of capitals in small
 * letters then, and says in unmodelled what has a name of small letters. */
RETORT_EXPORT void retort_sql_name(const struct retort_render *render, struct retort_buf *out,
	const char *name);
RETORT_EXPORT void retort_sql_qualified(const struct retort_render *render, struct retort_buf *out,
	const char *schema, const char *name);
/* "a", "b", "c" */
RETORT_EXPORT void retort_sql_names(const struct retort_render *render, struct retort_buf *out,
	const char *const *names, size_t n);
/* A string literal; text holds no NUL. */
RETORT_EXPORT void retort_sql_string(const struct retort_render *render, struct retort_buf *out,
	const char *text);
/* SQL as format says it, with the texts that follow: %n a name in quotes, %t a table (its schema or NULL, and
 * its name), %q a string literal, %s SQL as it is, %% a percent sign. */
RETORT_EXPORT void retort_sql_write(const struct retort_render *render, struct retort_buf *out,
	const char *format, ...);
/* The expression without blanks around it and without outer parentheses; syntax: RETORT_SYNTAX_*. */
RETORT_EXPORT char *retort_sql_bare(struct retort_arena *arena, unsigned syntax, const char *sql);
/* (sql), on two lines where sql may end in a comment that would hide the parenthesis. */
RETORT_EXPORT void retort_sql_expression(struct retort_buf *out, const char *sql);
/* A literal of a type; a text that is no value of it is RETORT_E_PLAN. text NULL is NULL. */
RETORT_EXPORT int retort_sql_literal(struct retort_render *render, struct retort_buf *out,
	const struct retort_type *type, const char *text, struct retort_error *err);
RETORT_EXPORT int retort_sql_type(struct retort_render *render, struct retort_buf *out,
	const struct retort_type *type, struct retort_error *err);
/* A default's value without the word DEFAULT. */
RETORT_EXPORT int retort_sql_default(struct retort_render *render, struct retort_buf *out,
	const struct retort_type *type, const struct retort_default *def, struct retort_error *err);
/* A value of update_rows or insert_rows. */
RETORT_EXPORT int retort_sql_value(struct retort_render *render, struct retort_buf *out,
	const struct retort_type *type, const struct retort_value *value, struct retort_error *err);
/* The values of an inline or named enum, NULL and 0 where they are not known. */
RETORT_EXPORT const char *const *retort_sql_enum_values(const struct retort_render *render,
	const struct retort_type *type, size_t *count);
/* What follows the type, generic: for column_tail hooks that only add to it. */
RETORT_EXPORT int retort_sql_column_tail(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_column *column, struct retort_error *err);
/* CONSTRAINT name CHECK (...) for the dialect's type_check; nothing where it has none. */
RETORT_EXPORT int retort_sql_type_check(struct retort_render *render, struct retort_buf *out,
	const struct retort_column *column, struct retort_error *err);
/* For type_check: the values of an enum without RETORT_CAP_ENUMS, at least 0 for an unsigned number; PASS for
 * what needs no check. */
RETORT_EXPORT int retort_sql_type_condition(struct retort_render *render, const struct retort_column *column,
	struct retort_buf *out, struct retort_error *err);
/* For normalize: the CHECK of the dialect's type_check becomes one of the table's, where there is any. */
RETORT_EXPORT int retort_sql_add_type_check(struct retort_render *render, struct retort_table *table,
	const struct retort_column *column, struct retort_error *err);
/* The type of a column: that of an inline enum is its own type where the engine has named enums. */
RETORT_EXPORT int retort_sql_column_type(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_column *column, struct retort_error *err);
/* Name, type and everything inline of a column, its type_check too. */
RETORT_EXPORT int retort_sql_column(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_column *column, struct retort_error *err);
/* CONSTRAINT name ... as in CREATE TABLE. */
RETORT_EXPORT int retort_sql_constraint(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, struct retort_error *err);
/* REFERENCES t (a) ON DELETE ... */
RETORT_EXPORT void retort_sql_references(const struct retort_render *render, struct retort_buf *out,
	const struct retort_references *references);
/* CREATE TABLE under another name where name is not NULL; without indexes and comments. */
RETORT_EXPORT int retort_sql_create_table(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const char *name, bool if_not_exists, struct retort_error *err);
/* CREATE INDEX for an index of table. */
RETORT_EXPORT int retort_sql_create_index(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_index *index, struct retort_error *err);

/* INSERT INTO t (a, b) VALUES: the columns are those of the bulk's source. */
RETORT_EXPORT void retort_sql_insert_head(const struct retort_render *render, struct retort_buf *out,
	const struct retort_bulk *bulk);
/* What follows the rows: ON CONFLICT..., or nothing. */
RETORT_EXPORT int retort_sql_insert_tail(struct retort_render *render, struct retort_buf *out,
	const struct retort_bulk *bulk, struct retort_error *err);
/* The number-th bound parameter, from 1: "?" or "$1". */
RETORT_EXPORT void retort_sql_placeholder(const struct retort_render *render, struct retort_buf *out,
	size_t number);

/* Adds a statement; sql and description are copied. Returns it for further marks. */
RETORT_EXPORT struct retort_statement *retort_plan_add(struct retort_plan *plan, const struct retort_op *op,
	unsigned flags, const char *sql, const char *description);
RETORT_EXPORT void retort_plan_note(struct retort_plan *plan, const char *format, ...) RETORT_PRINTF(2, 3);
/* The table that n operations on it lead to; now stays as it is. For alter_table hooks that write more than
 * one statement and so meet states between now and after. */
RETORT_EXPORT int retort_sql_replay(struct retort_render *render, const struct retort_table *now,
	const struct retort_op *const *ops, size_t n, struct retort_table **after, struct retort_error *err);
/* For normalize: what goes without saying of the types, defaults and checks that the generic renderer writes
 * and of what it leaves out for a missing capability. Types become native ones by name, defaults become SQL,
 * the CHECK that stands in for a type one of the table's. */
RETORT_EXPORT int retort_sql_normalize(struct retort_render *render, struct retort_schema *schema,
	struct retort_error *err);
/* The generic renderer, for overrides that only add to it. */
RETORT_EXPORT int retort_sql_generic(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);

#ifdef __cplusplus
}
#endif
#endif
