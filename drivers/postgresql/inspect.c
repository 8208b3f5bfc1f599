/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <stdlib.h>
#include <string.h>

#include "dialect.h"

/* ---- arrays as text (Arrays, Array Input and Output Syntax) ---- */

/* One item that begins at *at, which moves behind it. */
static const char *array_item(struct retort_arena *arena, const char **at)
{
	bool quoted = **at == '"';
	struct retort_buf out;

	retort_buf_init(&out, arena);
	*at += quoted;
	while (**at && (quoted ? **at != '"' : **at != ',' && **at != '}')) {
		if (**at == '\\')
			++*at;
		retort_buf_char(&out, *(*at)++);
	}
	*at += quoted && **at;
	return !quoted && strcmp(out.data, "NULL") == 0 ? NULL : out.data;
}

const char **inspect_array(struct retort_arena *arena, const char *text, size_t *count)
{
	const char **items = NULL;

	*count = 0;
	if (!text || *text != '{' || text[1] == '}')
		return NULL;
	for (text++; *text; text++) {
		const char *item = array_item(arena, &text);

		RETORT_PUSH(arena, items, *count, item);
		if (*text != ',')
			break;
	}
	return items;
}

const char *inspect_array_text(struct retort_arena *arena, const char *const *items, size_t n)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_char(&out, '{');
	for (size_t i = 0; i < n; i++) {
		retort_buf_str(&out, i > 0 ? ",\"" : "\"");
		for (const char *at = items[i]; *at; at++) {
			if (*at == '"' || *at == '\\')
				retort_buf_char(&out, '\\');
			retort_buf_char(&out, *at);
		}
		retort_buf_char(&out, '"');
	}
	retort_buf_char(&out, '}');
	return out.data;
}

/* ---- helpers of the other files ---- */

char *inspect_text(const struct inspection *inspection, const PGresult *result, int row, int column)
{
	return retort_strdup(inspection->arena, connection_cell(result, row, column));
}

bool inspect_true(const PGresult *result, int row, int column)
{
	return *PQgetvalue(result, row, column) == 't';
}

const char *inspect_schema_name(const struct inspection *inspection, const char *name)
{
	if (!name || strcmp(name, inspection->home) == 0 ||
		(inspection->scratch && strcmp(name, inspection->scratch) == 0))
		return NULL;
	return retort_strdup(inspection->arena, name);
}

void inspect_unmodelled(struct inspection *inspection, const char *format, ...)
{
	struct retort_schema *schema = inspection->schema;
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = retort_vprintf(inspection->arena, format, ap);
	va_end(ap);
	RETORT_PUSH(inspection->arena, schema->unmodelled, schema->unmodelled_count, text);
}

struct retort_table *inspect_table(const struct inspection *inspection, const char *oid)
{
	unsigned long wanted = strtoul(oid, NULL, 10);
	size_t low = 0, high = inspection->table_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (inspection->tables[middle].oid < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < inspection->table_count && inspection->tables[low].oid == wanted
		? inspection->tables[low].table
		: NULL;
}

int inspect_rows(struct inspection *inspection, const char *sql, inspect_row_fn *take)
{
	const char *const params[] = {inspection->namespaces, inspection->names};
	size_t n = strstr(sql, "$2") ? 2 : strstr(sql, "$1") ? 1 : 0;
	PGresult *result;
	int rc = 0;

	if (connection_run(inspection->conn, sql, params, n, &result, inspection->err))
		return -1;
	for (int row = 0; row < PQntuples(result) && rc == 0; row++)
		rc = take(inspection, result, row);
	PQclear(result);
	return rc;
}

/* ---- the whole ---- */

const char *inspect_home(struct retort_conn *conn, struct retort_arena *arena, struct retort_error *err)
{
	const char *home = NULL;
	PGresult *result;

	if (connection_run(conn, "SELECT current_schema()", NULL, 0, &result, err))
		return NULL;
	home = retort_strdup(arena, PQgetisnull(result, 0, 0) ? "public" : PQgetvalue(result, 0, 0));
	PQclear(result);
	return home;
}

int inspect_narrow(struct retort_conn *conn, const char *home, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_render render = dialect_render(scratch, NULL);
	struct retort_buf sql;
	int rc;

	retort_buf_init(&sql, scratch);
	retort_sql_write(&render, &sql, "SET LOCAL search_path = %n", home);
	rc = connection_do(conn, sql.data, NULL, 0, err);
	retort_arena_free(scratch);
	return rc;
}

static int take_scratch(struct inspection *inspection, const PGresult *result, int row)
{
	inspection->namespaces = inspect_text(inspection, result, row, 0);
	inspection->scratch = inspect_text(inspection, result, row, 1);
	return 0;
}

int inspect_scratch(struct inspection *inspection)
{
	if (inspect_rows(inspection,
		    "SELECT ARRAY[oid], nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()",
		    take_scratch))
		return -1;
	return inspection->scratch
		? 0
		: retort_fail(inspection->err, RETORT_E_STATE, "cannot find the session's temporary schema");
}

int inspect_all(struct inspection *inspection)
{
	if (inspect_relations(inspection))
		return -1;
	/* Of tables that aren't there nothing else is to be asked. */
	if (inspection->names && inspection->table_count + inspection->schema->view_count == 0)
		return 0;
	if (inspect_enums(inspection) || inspect_columns(inspection) || inspect_constraints(inspection) ||
		inspect_indexes(inspection) || inspect_triggers(inspection))
		return -1;
	for (size_t i = 0; i < inspection->table_count; i++)
		retort_schema_put_table(inspection->schema, inspection->tables[i].table);
	inspect_keep_enums(inspection);
	if (inspection->names)
		return 0;
	if (inspect_domains(inspection) || inspect_sequences(inspection) || inspect_routines(inspection))
		return -1;
	return inspection->scratch ? 0
		: inspect_schemas(inspection) || inspect_extensions(inspection) || inspect_others(inspection)
		? -1
		: 0;
}

static int take_namespace(struct inspection *inspection, const PGresult *result, int row)
{
	inspection->namespaces = inspect_text(inspection, result, row, 0);
	return 0;
}

/* The schemas asked for, by default the default one. */
static int find_namespaces(struct inspection *inspection, const struct retort_inspect_options *options)
{
	size_t n = options->schema_count > 0 ? options->schema_count : 1;
	const char **names = retort_alloc_array(inspection->arena, n, sizeof *names);

	names[0] = inspection->home;
	for (size_t i = 0; i < options->schema_count; i++)
		names[i] = options->schemas[i] ? options->schemas[i] : inspection->home;
	inspection->namespaces = inspect_array_text(inspection->arena, names, n);
	return inspect_rows(inspection,
		"SELECT coalesce(array_agg(oid), '{}'::oid[]) FROM pg_catalog.pg_namespace"
		" WHERE nspname = ANY ($1::text[])",
		take_namespace);
}

int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	struct inspection inspection = {.conn = conn,
		.arena = arena,
		.err = err,
		.schema = retort_schema_new(arena),
		.version = (unsigned)PQserverVersion(conn->pg)};
	bool inner;
	int rc;

	if (options->table_count > 0)
		inspection.names = inspect_array_text(arena, options->tables, options->table_count);
	inspection.home = inspect_home(conn, arena, err);
	if (!inspection.home || transaction_enter(conn, false, &inner, err))
		return -1;
	rc = inspect_narrow(conn, inspection.home, err) || find_namespaces(&inspection, options) ||
			inspect_all(&inspection)
		? -1
		: 0;
	if (transaction_leave(conn, inner, rc ? NULL : err))
		rc = -1;
	*ret = inspection.schema;
	return rc;
}
