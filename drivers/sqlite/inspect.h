/* SPDX-License-Identifier: MIT
 *
 * inspect.h: a database as the schema model.
 *
 * Three queries whatever the number of tables: sqlite_master, the columns of all tables by
 * pragma_table_xinfo, and which tables belong to virtual ones. What the pragmas don't tell (constraint
 * names, CHECKs, collations, AUTOINCREMENT, expressions, deferral) is read from the stored texts.
 */
#ifndef SQLITE_INSPECT_H
#define SQLITE_INSPECT_H

#include <sqlite3.h>

#include "definition.h"
#include "retort/driver.h"

/* -1 without a problem in err: SQLite itself failed, the database handle knows why. */
int inspect_database(sqlite3 *db, const struct retort_inspect_options *options, struct retort_arena *arena,
	struct retort_schema **ret, struct retort_error *err);
/* By making it in a database in memory. conn may be NULL. */
int inspect_canonical(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err);

/* model.c: a table from its stored text. A type that rendering would not give back exactly has `native`
 * beside the nearest neutral kind. */
struct retort_table *model_table(struct retort_render *render, const struct definition *definition,
	const char *sql);
/* Fills an index from its stored text; 0 where that can't be read. */
bool model_index(struct retort_arena *arena, struct retort_index *index, const char *sql);
void model_view(struct retort_schema *schema, const char *name, const char *sql);
void model_trigger(struct retort_schema *schema, const char *name, const char *table, const char *sql);
/* Text without parentheses around the whole. */
const char *model_bare(struct retort_arena *arena, const char *sql);

/* A rendering of nothing in particular, for the builders of retort/sql.h. */
struct retort_render *render_new(struct retort_arena *arena);

/* scratch.c: a database in memory, in which a thing is tried before it is done. */
int scratch_open(sqlite3 **ret, struct retort_error *err);
/* Runs one statement; a failure is RETORT_E_PLAN. */
int scratch_run(sqlite3 *db, const char *sql, struct retort_error *err);
/* The stored text of an object ("table", "index", "trigger", "view"), NULL where there is none. */
char *scratch_text(sqlite3 *db, struct retort_arena *arena, const char *type, const char *name);
/* The text that makes a table, an index or a trigger: as stored, else rendered. NULL: err is filled. */
const char *text_of_table(struct retort_render *render, const struct retort_table *table,
	struct retort_error *err);
const char *text_of_index(struct retort_render *render, const struct retort_table *table,
	const struct retort_index *index, struct retort_error *err);
const char *text_of_trigger(struct retort_arena *arena, const struct retort_trigger *trigger);

#endif
