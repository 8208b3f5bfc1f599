/* SPDX-License-Identifier: MIT
 *
 * dialect.h: the dialects mysql and mariadb, which share everything that they don't say apart here: pure
 * functions that know the server by name and version alone. Version 0 is the newest.
 *
 * Each operation becomes one statement where that can be: CREATE TABLE has its indexes inside, one ALTER
 * TABLE takes all that an operation brings along. A statement that was cut off has then run or not, as the
 * catalog shows.
 */
#ifndef MYSQL_DIALECT_H
#define MYSQL_DIALECT_H

#include "retort/sql.h"

#define MYSQL_SYNTAX                                                                                         \
	(RETORT_SYNTAX_BACKSLASH | RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_HASH_COMMENT |                     \
		RETORT_SYNTAX_DOUBLE_STRING | RETORT_SYNTAX_DELIMITER | RETORT_SYNTAX_TABLE_INDEXES |        \
		RETORT_SYNTAX_TABLE_CHECKS)
#define DIALECT_ALGORITHM ", ALGORITHM="
/* The fixed state of a session. */
#define DIALECT_STATE                                                                                        \
	"SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,"        \
	"NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1,"   \
	" foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, sql_auto_is_null = 0"

/* How an ALTER TABLE is done: at once, beside the running work, or by copying every row. */
enum speed { SPEED_INSTANT, SPEED_INPLACE, SPEED_COPY };

extern const struct retort_dialect mysql_dialect, mariadb_dialect;

bool dialect_is_mariadb(const struct retort_render *render);
/* Whether the server is at least this version of what it is; 0: that one never can. */
bool dialect_since(const struct retort_render *render, unsigned mysql, unsigned mariadb);
/* An ALTER TABLE that asks for less than sql does: INPLACE for INSTANT, nothing for INPLACE; NULL where it
 * asks for nothing. */
const char *dialect_weaker(struct retort_arena *arena, const char *sql);
/* ASCII only, as names of types and keywords are. */
char dialect_lower(char c);
bool dialect_same(const char *a, const char *b);
bool dialect_starts(const char *text, const char *prefix);

/* type.c */
extern const struct retort_type_row type_rows[];
int type_render(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err);
/* A native type as the server would report it: "int(11)" is "int". Attributes after it stay. */
const char *type_normal(struct retort_arena *arena, const char *native);
/* The neutral type that renders to exactly this one, else the nearest with native set. */
struct retort_type *type_read(struct retort_render *render, const char *native);
/* The native type of a column as text_normal gives it. */
int type_native(struct retort_render *render, const struct retort_type *type, const char **ret,
	struct retort_error *err);
/* Whether values of a type are kept apart from their row: no default but an expression, no key without
 * length. */
bool type_is_long(const struct retort_type *type);
/* Whether a key can have the first so many characters of a type. */
bool type_takes_prefix(const struct retort_type *type, unsigned length);

/* column.c */
int column_tail(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err);

/* table.c */
enum { TABLE_TEMPORARY = 1, TABLE_IF_NOT_EXISTS = 2, TABLE_WITHOUT_KEYS_TO_OTHERS = 4 };
int table_create(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int table_tail(struct retort_render *render, const struct retort_table *table, struct retort_buf *out,
	struct retort_error *err);
/* "utf8mb4 COLLATE utf8mb4_bin": what the table's options say. */
void table_charset(struct retort_render *render, struct retort_buf *out, const struct retort_table *table);
/* CREATE TABLE with all indexes and, unless flags say otherwise, foreign keys; name NULL: its own. */
int table_render(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const char *name, unsigned flags, struct retort_error *err);
/* [UNIQUE] INDEX `name` (columns), as in CREATE TABLE and after ADD. */
void table_index(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_index *index);
/* CONSTRAINT..., or for a unique constraint the index that it is. */
int table_constraint(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, struct retort_error *err);
/* The name of the index that retort writes for a foreign key because no key or index of the table begins with
 * its columns; NULL where one does. */
const char *table_implied_index(struct retort_arena *arena, const struct retort_table *table,
	const struct retort_constraint *constraint);
/* The index itself. */
void table_implied_clause(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, const char *name);

/* alter.c */
int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err);
int alter_rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

/* speed.c: what the manuals say of online DDL (MySQL: InnoDB and Online DDL; MariaDB: InnoDB Online DDL). */
enum speed speed_add_column(const struct retort_render *render, const struct retort_column *column,
	bool last);
enum speed speed_drop_column(const struct retort_render *render, const struct retort_column *column);
enum speed speed_rename_column(const struct retort_render *render);
enum speed speed_change_column(struct retort_render *render, const struct retort_column *before,
	const struct retort_column *after);
enum speed speed_add_constraint(const struct retort_render *render, enum retort_constraint_kind kind);
enum speed speed_drop_constraint(const struct retort_render *render, enum retort_constraint_kind kind);

/* check.c */
int check_op(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* The autoincrement column of a table: one, and the first of a key. */
int check_counting(struct retort_render *render, const struct retort_op *op, const struct retort_table *table,
	struct retort_error *err);

/* object.c */
extern const struct retort_override object_overrides[];
/* CREATE OR REPLACE for the views and triggers whose text differs between render->schema and render->after.
 */
void object_follow(struct retort_render *render, const struct retort_op *op);

/* normalize.c */
int normalize_mysql(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);
int normalize_mariadb(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);

/* star.c */
/* The names of a query's columns; none: they are not known. */
struct star_names {
	const char **items;
	size_t count;
};

/* A view's query with the columns that each * means, as far as the schema knows them, or NULL; known: of each
 * view of the schema. */
const char *star_expand(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_view *view, const struct star_names *known);
/* The names that a query without * gives its columns. */
struct star_names star_of_list(struct retort_arena *arena, const char *sql);

#endif
