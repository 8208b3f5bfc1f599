/* SPDX-License-Identifier: MIT
 *
 * native.h: names and types as SQLite has them.
 *
 * SQLite takes any type name and looks only for letters in it: INT, then CHAR CLOB TEXT, then BLOB, then
 * REAL FLOA DOUB decide the affinity, all else is NUMERIC (Datatypes In SQLite, section 3.1). The names
 * chosen here have the affinity that the neutral type needs, and each can be told from the others, so
 * that inspection finds the neutral type again.
 *
 * Some columns take another name than the rest of their type: those of STRICT tables, a rowid alias
 * (INTEGER), and an integer key that must be none (INT): native_special tells. A type that inspection found
 * and rendering would not give back has its name in type->native beside the nearest neutral kind.
 */
#ifndef SQLITE_NATIVE_H
#define SQLITE_NATIVE_H

#include "retort/sql.h"

/* Quotings and comments of SQLite. */
#define SQLITE_SYNTAX                                                                                        \
	(RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_BRACKET | RETORT_SYNTAX_TABLE_CHECKS |                       \
		RETORT_SYNTAX_TABLE_KEYS)

extern const struct retort_type_row native_types[];

/* Appends a name in double quotes. */
void native_name(struct retort_buf *out, const char *name);
/* Whether two names are the same to SQLite: ASCII letters of either case are. NULL equals nothing. */
bool native_same(const char *left, const char *right);
/* Fails where a decimal number would not come back as it was: SQLite keeps 64-bit integers and 15 digits. */
int native_check_numeric(const char *text, struct retort_error *err);
/* The name that a column's type takes because of its table; NULL: that of its type. */
const char *native_special(const struct retort_table *table, const struct retort_column *column);
/* Appends the declared type of a column. */
int native_column_type(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err);
/* Whether a column is the rowid alias that `autoincrement: true` asks for. */
bool native_is_auto(const struct retort_column *column);
bool native_option(const struct retort_table *table, const char *key);
/* The neutral type nearest to a declared one; never NULL. */
struct retort_type *native_parse(struct retort_arena *arena, const char *declared, bool strict);

#endif
