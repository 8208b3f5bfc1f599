/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <string.h>

#include "dialect.h"
#include "native.h"

enum { TABLE_LIST_VERSION = 3037000 };

struct inspection {
	sqlite3 *db;
	const struct retort_inspect_options *options;
	struct retort_arena *arena;
	struct retort_schema *schema;
	struct retort_render *render;
	const char *where; /* ends every query: which tables */
	const char **shadows;
	size_t shadow_count;
};

struct retort_render *render_new(struct retort_arena *arena)
{
	return retort_render_new(arena, &sqlite_dialect, 0, NULL);
}

/* Prepares a query that ends in the condition on tables, with its names bound. */
static int prepare(const struct inspection *inspection, const char *sql, const char *order,
	sqlite3_stmt **ret)
{
	const struct retort_inspect_options *options = inspection->options;
	const char *text = retort_printf(inspection->arena, "%s%s%s", sql, inspection->where, order);

	if (sqlite3_prepare_v2(inspection->db, text, -1, ret, NULL) != SQLITE_OK)
		return -1;
	for (size_t i = 0; options && i < options->table_count; i++)
		if (sqlite3_bind_text(*ret, (int)i + 1, options->tables[i], -1, SQLITE_STATIC) != SQLITE_OK)
			return -1;
	return 0;
}

static const char *column_text(sqlite3_stmt *stmt, int at)
{
	return (const char *)sqlite3_column_text(stmt, at);
}

static bool starts_virtual(const char *sql)
{
	const char *at = sql;
	struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

	if (!retort_token_is(&token, "create"))
		return false;
	token = retort_sql_word(SQLITE_SYNTAX, &at);
	return retort_token_is(&token, "virtual");
}

static void unmodelled(struct inspection *inspection, const char *sentence)
{
	RETORT_PUSH(inspection->arena, inspection->schema->unmodelled, inspection->schema->unmodelled_count,
		sentence);
}

/* The tables in which virtual tables keep their rows are those tables' own affair. */
static int find_shadows(struct inspection *inspection)
{
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (sqlite3_libversion_number() < TABLE_LIST_VERSION)
		return 0;
	if (sqlite3_prepare_v2(inspection->db,
		    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow' ORDER BY "
		    "name",
		    -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		RETORT_PUSH(inspection->arena, inspection->shadows, inspection->shadow_count,
			retort_strdup(inspection->arena, column_text(stmt, 0)));
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

static bool is_shadow(const struct inspection *inspection, const char *name)
{
	for (size_t i = 0; i < inspection->shadow_count; i++)
		if (native_same(inspection->shadows[i], name))
			return true;
	return false;
}

static void take_table(struct inspection *inspection, const char *name, const char *sql)
{
	struct retort_arena *arena = inspection->arena;
	struct retort_error *own;
	struct definition *definition;

	if (starts_virtual(sql)) {
		unmodelled(inspection, retort_printf(arena, "virtual table '%s' is left alone", name));
		return;
	}
	if (is_shadow(inspection, name)) {
		unmodelled(inspection, retort_printf(arena, "table '%s' belongs to a virtual table", name));
		return;
	}
	own = retort_error_new();
	if (definition_read(arena, sql, &definition, own) == 0)
		retort_schema_put_table(inspection->schema, model_table(inspection->render, definition, sql));
	else
		unmodelled(inspection,
			retort_printf(arena, "table '%s': %s", name, retort_error_first(own)->message));
	retort_error_free(own);
}

static void take_index(struct inspection *inspection, const char *name, const char *table_name,
	const char *sql)
{
	struct retort_table *table = retort_schema_table(inspection->schema, NULL, table_name);
	struct retort_index *index;

	if (!table)
		return;
	index = retort_table_add_index(inspection->arena, table, name);
	index->definition = sql;
	if (model_index(inspection->arena, index, sql))
		return;
	table->index_count--;
	unmodelled(inspection,
		retort_printf(inspection->arena, "index '%s' of '%s' can't be read", name, table_name));
}

/* One row of sqlite_master. */
struct stored {
	const char *type, *name, *table, *sql;
};

static struct stored read_stored(struct retort_arena *arena, sqlite3_stmt *stmt)
{
	return (struct stored){retort_strdup(arena, column_text(stmt, 0)),
		retort_strdup(arena, column_text(stmt, 1)), retort_strdup(arena, column_text(stmt, 2)),
		retort_strdup(arena, column_text(stmt, 3))};
}

/* What belongs to a table, or reads it. */
static void take_other(struct inspection *inspection, const struct stored *stored)
{
	if (strcmp(stored->type, "index") == 0)
		take_index(inspection, stored->name, stored->table, stored->sql);
	else if (strcmp(stored->type, "trigger") == 0)
		model_trigger(inspection->schema, stored->name, stored->table, stored->sql);
	else if (strcmp(stored->type, "view") == 0)
		model_view(inspection->schema, stored->name, stored->sql);
}

/* Tables first: a rebuild may have put one behind what belongs to it. */
static int take_objects(struct inspection *inspection)
{
	struct stored *others = NULL;
	sqlite3_stmt *stmt = NULL;
	size_t count = 0;
	int rc;

	if (prepare(inspection,
		    "SELECT m.type, m.name, m.tbl_name, m.sql FROM sqlite_master AS m"
		    " WHERE m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
		    " ORDER BY m.rowid", &stmt)) {
		sqlite3_finalize(stmt);
		return -1;
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct stored stored = read_stored(inspection->arena, stmt);

		if (!stored.type || !stored.name || !stored.sql)
			continue;
		if (strcmp(stored.type, "table") == 0)
			take_table(inspection, stored.name, stored.sql);
		else
			RETORT_PUSH(inspection->arena, others, count, stored);
	}
	sqlite3_finalize(stmt);
	for (size_t i = 0; i < count; i++)
		take_other(inspection, &others[i]);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* Where SQLite and the reading of the text disagree on a table's columns, the text was misread. */
static int compare_columns(struct inspection *inspection, struct retort_error *err)
{
	struct retort_table *table = NULL;
	sqlite3_stmt *stmt = NULL;
	size_t at = 0;
	int rc;

	if (prepare(inspection,
		    "SELECT m.name, x.name, x.\"notnull\", x.pk, x.hidden FROM sqlite_master AS m,"
		    " pragma_table_xinfo(m.name) AS x WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE "
		    "VIRTUAL%'"
		    " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
		    " ORDER BY m.rowid, x.cid", &stmt)) {
		sqlite3_finalize(stmt);
		return -1;
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *name = column_text(stmt, 0), *column = column_text(stmt, 1);

		if (!table || !native_same(table->name, name)) {
			table = retort_schema_table(inspection->schema, NULL, name);
			at = 0;
		}
		if (!table)
			continue;
		if (at >= table->column_count || !native_same(table->columns[at]->name, column)) {
			retort_fail(err, RETORT_E_INTERNAL,
				"cannot inspect table '%s': column '%s' was misread", name, column);
			break;
		}
		if (sqlite3_column_int(stmt, 2) || sqlite3_column_int(stmt, 3))
			table->columns[at]->nullable = false;
		at++;
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

int inspect_database(sqlite3 *db, const struct retort_inspect_options *options, struct retort_arena *arena,
	struct retort_schema **ret, struct retort_error *err)
{
	struct inspection inspection = {.db = db, .options = options, .arena = arena, .where = ""};
	struct retort_buf where;

	if (options && options->table_count > 0) {
		retort_buf_init(&where, arena);
		retort_buf_str(&where, " AND m.tbl_name COLLATE NOCASE IN (?");
		for (size_t i = 1; i < options->table_count; i++)
			retort_buf_str(&where, ", ?");
		retort_buf_char(&where, ')');
		inspection.where = where.data;
	}
	inspection.schema = retort_schema_new(arena);
	inspection.render = render_new(arena);
	if (find_shadows(&inspection) || take_objects(&inspection) || compare_columns(&inspection, err))
		return -1;
	*ret = inspection.schema;
	return 0;
}

int inspect_canonical(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err)
{
	struct retort_render *render = render_new(arena);
	struct retort_schema *schema;
	sqlite3 *db = NULL;
	const char *text;
	int rc = -1;

	(void)conn;
	if (scratch_open(&db, err))
		goto out;
	text = text_of_table(render, table, err);
	if (!text || scratch_run(db, text, err))
		goto out;
	for (size_t i = 0; i < table->index_count; i++) {
		text = text_of_index(render, table, table->indexes[i], err);
		if (!text || scratch_run(db, text, err))
			goto out;
	}
	if (inspect_database(db, NULL, arena, &schema, err))
		goto out;
	*ret = retort_schema_table(schema, NULL, table->name);
	rc = *ret ? 0 : retort_fail(err, RETORT_E_INTERNAL, "cannot make table '%s' in memory", table->name);
out:
	sqlite3_close(db);
	return rc;
}
