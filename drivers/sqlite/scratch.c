/* SPDX-License-Identifier: MIT
 *
 * A database in memory, and the texts that make things in it.
 */
#include "inspect.h"

#include <stdio.h>
#include <string.h>

#include "native.h"

enum { UNKNOWN_FUNCTIONS = 32 /* of one statement that are made up */ };

/* Collations and functions of the program that owns the database: their names are enough here. */
static int compare_bytes(void *context, int n, const void *left, int m, const void *right)
{
	int order = memcmp(left, right, (size_t)(n < m ? n : m));

	(void)context;
	return order ? order : n - m;
}

static void make_collation(void *context, sqlite3 *db, int encoding, const char *name)
{
	(void)encoding;
	sqlite3_create_collation_v2(db, name, SQLITE_UTF8, context, compare_bytes, NULL);
}

static void give_null(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	(void)values;
	sqlite3_result_null(context);
}

int scratch_open(sqlite3 **ret, struct retort_error *err)
{
	int on;

	if (sqlite3_open_v2(":memory:", ret, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK)
		return retort_fail(err, RETORT_E_INTERNAL, "cannot open a database in memory: %s",
			sqlite3_errmsg(*ret));
	sqlite3_db_config(*ret, SQLITE_DBCONFIG_ENABLE_FKEY, 0, &on);
	sqlite3_collation_needed(*ret, NULL, make_collation);
	return 0;
}

int scratch_run(sqlite3 *db, const char *sql, struct retort_error *err)
{
	static const char unknown[] = "no such function: ";

	for (int i = 0; i < UNKNOWN_FUNCTIONS && sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK; i++) {
		const char *message = sqlite3_errmsg(db);
		char name[256];

		if (strncmp(message, unknown, strlen(unknown)) != 0 || i + 1 == UNKNOWN_FUNCTIONS) {
			retort_fail(err, RETORT_E_PLAN, "%s", message);
			retort_error_statement(err, sql);
			return -1;
		}
		snprintf(name, sizeof name, "%s", message + strlen(unknown));
		if (sqlite3_create_function_v2(db, name, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
			    give_null, NULL, NULL, NULL) != SQLITE_OK)
			return retort_fail(err, RETORT_E_PLAN, "%s", sqlite3_errmsg(db));
	}
	return 0;
}

char *scratch_text(sqlite3 *db, struct retort_arena *arena, const char *type, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	char *text = NULL;

	if (sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE",
		    -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_bind_text(stmt, 1, type, -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		text = retort_strdup(arena, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

const char *text_of_table(struct retort_render *render, const struct retort_table *table,
	struct retort_error *err)
{
	struct retort_buf text;

	if (table->definition)
		return table->definition;
	retort_buf_init(&text, render->arena);
	if (retort_sql_create_table(render, &text, table, NULL, false, err))
		return NULL;
	return text.data;
}

const char *text_of_index(struct retort_render *render, const struct retort_table *table,
	const struct retort_index *index, struct retort_error *err)
{
	struct retort_buf text;

	if (index->definition)
		return index->definition;
	retort_buf_init(&text, render->arena);
	return retort_sql_create_index(render, &text, table, index, err) ? NULL : text.data;
}

const char *text_of_trigger(struct retort_arena *arena, const struct retort_trigger *trigger)
{
	struct retort_buf text;

	if (trigger->definition)
		return trigger->definition;
	retort_buf_init(&text, arena);
	retort_buf_str(&text, "CREATE TRIGGER ");
	native_name(&text, trigger->name);
	retort_buf_printf(&text, " %s", trigger->body->sql);
	return text.data;
}
