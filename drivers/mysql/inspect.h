/* SPDX-License-Identifier: MIT
 *
 * inspect.h: what a database holds, from a fixed number of queries on information_schema, one view of it each
 * (joins there are slow); what belongs together is put together here.
 */
#ifndef MYSQL_INSPECT_H
#define MYSQL_INSPECT_H

#include "connection.h"
#include "dialect.h"

struct inspection {
	struct retort_conn *conn;
	const struct retort_inspect_options *options;
	struct retort_arena *arena;
	struct retort_schema *schema;
	struct retort_render *render;
	const char *database; /* that is looked at now */
	const char *default_database;
	const char *schema_name; /* of its objects in the model: NULL for the default */
	struct retort_error *err;
};

/* inspect.c */
int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);
/* The table of the database at hand, or NULL. */
struct retort_table *inspect_table(const struct inspection *inspection, const char *name);
void inspect_unmodelled(struct inspection *inspection, const char *sentence);
/* Runs sql, whose one parameter is the database, with the condition on tables where tables are named. */
int inspect_query(struct inspection *inspection, const char *sql, const char *order, retort_row_fn *row);

/* inspect_object.c: views, routines, triggers, sequences, events. */
int inspect_objects(struct inspection *inspection);
int inspect_triggers(struct inspection *inspection);

/* model.c: what catalogs and definitions say of a column, as the model. */
struct column_facts {
	const char *name, *type, *collation, *comment;
	const char *def; /* NULL: none */
	bool def_is_sql; /* else the bare value */
	bool nullable, autoincrement, invisible, stored;
	const char *generation; /* the expression of a generated column */
	const char *on_update;  /* CURRENT_TIMESTAMP... */
};

void model_column(struct retort_render *render, struct retort_table *table, const struct column_facts *facts);
/* A CHECK; what MariaDB adds for json becomes the type of its column. level "Column": it belongs to that
 * column. */
void model_check(struct retort_render *render, struct retort_table *table, const char *name, const char *sql,
	bool of_column);
/* Marks the indexes that only serve foreign keys. */
void model_implied(struct retort_arena *arena, struct retort_table *table);
/* Makes unique constraints of plain unique indexes. */
void model_unique(struct retort_arena *arena, struct retort_table *table);
/* Sets the options of a table that are not the usual ones. */
void model_options(struct retort_arena *arena, struct retort_table *table, const char *engine,
	const char *collation, const char *row_format, const char *usual_collation);

/* canonical.c */
int canonical_table(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err);

#endif
