/* SPDX-License-Identifier: MIT
 *
 * inspect.h: a database as the schema model, straight from pg_catalog.
 *
 * A fixed number of queries whatever the number of tables, in one snapshot. The search path is the default
 * schema alone, so that the server writes names in it without the schema, as files do, and all others with
 * it. What an extension owns is left out; what the model can't hold is told in schema->unmodelled.
 */
#ifndef POSTGRESQL_INSPECT_H
#define POSTGRESQL_INSPECT_H

#include "connection.h"

/* An enum type and who uses it. */
struct seen_enum {
	struct retort_enum *enumeration;
	unsigned long users; /* columns of this type or of arrays of it */
	unsigned long table; /* where there is one user: its table and column */
	const char *column;
	bool array; /* used by an array */
	bool taken; /* shown as the inline enum of that column */
};

struct seen_table {
	unsigned long oid;
	struct retort_table *table;
};

/* One inspection at work. */
struct inspection {
	struct retort_conn *conn;
	struct retort_arena *arena;
	struct retort_schema *schema; /* the result */
	struct retort_error *err;
	const char *home;          /* the default schema, which the model doesn't name */
	const char *scratch;       /* the same for objects of canonical.c; NULL: none */
	const char *namespaces;    /* oids of the schemas inspected, as an array for $1 */
	const char *names;         /* of the tables inspected, as an array for $2; NULL: all */
	unsigned version;          /* of the server, as libpq counts */
	struct seen_table *tables; /* in order of oid */
	size_t table_count;
	struct seen_enum *enums;
	size_t enum_count;
};

typedef int inspect_row_fn(struct inspection *inspection, const PGresult *result, int row);

/* inspect.c */
int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);
/* Runs a query with the parameters $1 and $2 and hands its rows over. */
int inspect_rows(struct inspection *inspection, const char *sql, inspect_row_fn *take);
/* In the transaction at hand, with the search path set: all queries. */
int inspect_all(struct inspection *inspection);
/* The schema's name as the model has it: NULL for the default one. */
const char *inspect_schema_name(const struct inspection *inspection, const char *name);
struct retort_table *inspect_table(const struct inspection *inspection, const char *oid);
void inspect_unmodelled(struct inspection *inspection, const char *format, ...) RETORT_PRINTF(2, 3);
/* The items of an array's text; an item NULL is NULL. */
const char **inspect_array(struct retort_arena *arena, const char *text, size_t *count);
/* Names as the text of an array. */
const char *inspect_array_text(struct retort_arena *arena, const char *const *items, size_t n);
/* The cell as a new string of the arena, NULL for SQL NULL. */
char *inspect_text(const struct inspection *inspection, const PGresult *result, int row, int column);
bool inspect_true(const PGresult *result, int row, int column);
/* The default schema, never NULL. NULL on failure. */
const char *inspect_home(struct retort_conn *conn, struct retort_arena *arena, struct retort_error *err);
/* SET LOCAL search_path to this schema alone. */
int inspect_narrow(struct retort_conn *conn, const char *home, struct retort_error *err);

/* inspect_table.c, inspect_key.c: tables with their columns, constraints and indexes. */
int inspect_relations(struct inspection *inspection);
int inspect_columns(struct inspection *inspection);
int inspect_constraints(struct inspection *inspection);
int inspect_indexes(struct inspection *inspection);

/* inspect_type.c */
int inspect_enums(struct inspection *inspection);
/* Puts the enums that are not inline into the schema. */
void inspect_keep_enums(struct inspection *inspection);
int inspect_domains(struct inspection *inspection);
/* The type of a column: the enum's or domain's name, else what its text means. kind is pg_type.typtype. */
const struct retort_type *inspect_type(const struct inspection *inspection, const char *native,
	const char *kind, const char *schema, const char *name);

/* inspect_object.c */
int inspect_sequences(struct inspection *inspection);
int inspect_routines(struct inspection *inspection);
int inspect_triggers(struct inspection *inspection);
int inspect_schemas(struct inspection *inspection);
int inspect_extensions(struct inspection *inspection);

/* inspect_other.c: what the model can't hold. */
int inspect_others(struct inspection *inspection);

/* The temporary schema that something was just made in, as the one that is inspected. */
int inspect_scratch(struct inspection *inspection);

/* canonical.c, canonical_object.c: the slots. */
int canonical_table(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err);
int canonical_objects(struct retort_conn *conn, const struct retort_schema *objects,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);

#endif
