/* SPDX-License-Identifier: MIT
 *
 * A driver of version 1, for SQLite files by the scheme frozen, which must load and work for ever: it is
 * built against the headers beside it, never against newer ones, and neither they nor this file are ever
 * changed (SHA256SUMS tells). Behind each of its structs lie bytes that are none of theirs, so that a host
 * that reads farther than their size says meets nonsense.
 */
#include <retort/driver.h>
#include <sqlite3.h>
#include <stdlib.h>

struct retort_conn {
	sqlite3 *db;
};

static int fail(struct retort_conn *conn, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_SQL, "%s", sqlite3_errmsg(conn->db));
}

static void frozen_close(struct retort_conn *conn)
{
	sqlite3_close(conn->db);
	free(conn);
}

static struct retort_conn *frozen_open(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_conn *conn = calloc(1, sizeof *conn);
	int flags = SQLITE_OPEN_READWRITE | (options->create ? SQLITE_OPEN_CREATE : 0);

	if (options->size < sizeof *options) {
		retort_fail(err, RETORT_E_INTERNAL, "the host's options are shorter than those of version 1");
		free(conn);
		return NULL;
	}

	if (!conn || sqlite3_open_v2(options->url->path, &conn->db, flags, NULL) == SQLITE_OK)
		return conn;
	retort_fail(err, RETORT_E_CONNECT, "%s", sqlite3_errmsg(conn->db));
	frozen_close(conn);
	return NULL;
}

/* Runs one statement with bound values; row is called for each row that it gives. */
static int run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	const char *cells[64];
	sqlite3_stmt *statement = NULL;
	int state, count;

	if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return fail(conn, err);
	for (size_t i = 0; i < n; i++)
		if (params[i])
			sqlite3_bind_text(statement, (int)i + 1, params[i], -1, SQLITE_TRANSIENT);
	count = sqlite3_column_count(statement) < 64 ? sqlite3_column_count(statement) : 64;
	while ((state = sqlite3_step(statement)) == SQLITE_ROW && row) {
		for (int i = 0; i < count; i++)
			cells[i] = (const char *)sqlite3_column_text(statement, i);
		if (row(context, (size_t)count, cells) != 0)
			break;
	}
	if (sqlite3_finalize(statement) != SQLITE_OK)
		return fail(conn, err);
	return 0;
}

static int frozen_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	int ret = run(conn, sql, params, n, NULL, NULL, err);

	if (affected)
		*affected = sqlite3_changes(conn->db);
	return ret;
}

static int frozen_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	return run(conn, sql, params, n, row, context, err);
}

struct inspection {
	struct retort_arena *arena;
	struct retort_schema *schema;
};

/* One column: its table's name, its own, its type. */
static int take_column(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;
	struct retort_table *table = retort_schema_table(inspection->schema, NULL, cells[0]);
	struct retort_column *column;

	(void)n;
	if (!table) {
		table = retort_table_new(inspection->arena, NULL, retort_strdup(inspection->arena, cells[0]));
		retort_schema_put_table(inspection->schema, table);
	}
	column =
		retort_table_add_column(inspection->arena, table, retort_strdup(inspection->arena, cells[1]));
	column->native_type = retort_strdup(inspection->arena, cells[2]);
	return retort_type_parse(inspection->arena, cells[2], &column->type, NULL) < 0 ? 1 : 0;
}

static int frozen_inspect(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	struct inspection inspection = {arena, retort_schema_new(arena)};

	(void)options;
	*ret = inspection.schema;
	return run(conn,
		"SELECT m.name, c.name, c.type FROM sqlite_schema AS m, pragma_table_info(m.name) AS c "
		"WHERE m.type = 'table' ORDER BY m.rowid, c.cid",
		NULL, 0, take_column, &inspection, err);
}

static const struct retort_type_row types[] = {
	{RETORT_TYPE_BOOLEAN, "boolean", NULL},
	{RETORT_TYPE_INTEGER, "integer", NULL},
	{RETORT_TYPE_BIGINT, "integer", NULL},
	{RETORT_TYPE_NUMERIC, "numeric(%p,%s)", "numeric"},
	{RETORT_TYPE_STRING, "string(%l)", "string(255)"},
	{RETORT_TYPE_TEXT, "text", NULL},
	{RETORT_TYPE_TIMESTAMP, "timestamp", NULL},
	{0, NULL, NULL},
};

/* An integer that is the primary key counts by itself. */
static int column_tail(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err)
{
	(void)render, (void)table, (void)err;
	if (column->autoincrement == RETORT_AUTO_NONE)
		return RETORT_PASS;
	retort_buf_str(out, " NOT NULL");
	return RETORT_OK;
}

static int function(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err)
{
	(void)render, (void)err;
	if (*name != 'n' || type->kind != RETORT_TYPE_TIMESTAMP)
		return RETORT_PASS;
	retort_buf_str(out, "CURRENT_TIMESTAMP");
	return RETORT_OK;
}

/* Adds to what the generic renderer writes. */
static int create_view(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	if (retort_sql_generic(render, op, err) < 0)
		return RETORT_FAIL;
	retort_plan_note(render->plan, "view '%s' was made by a driver of version 1", op->name);
	return RETORT_OK;
}

static const struct retort_override overrides[] = {
	{RETORT_OP_CREATE_VIEW, create_view},
	{0, NULL},
};

static int normalize(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);

static int begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	return run(conn, flags & RETORT_TX_READ_ONLY ? "BEGIN" : "BEGIN IMMEDIATE", NULL, 0, NULL, NULL, err);
}

static unsigned server_version(struct retort_conn *conn)
{
	int version = sqlite3_libversion_number();

	(void)conn;
	return (unsigned)(version / 1000000 * 10000 + version / 1000 % 1000 * 100 + version % 1000);
}

static enum retort_tx_state transaction_state(struct retort_conn *conn)
{
	return sqlite3_get_autocommit(conn->db) ? RETORT_TX_IDLE : RETORT_TX_ACTIVE;
}

#define NONSENSE_16                                                                                          \
	0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55
#define NONSENSE_64 NONSENSE_16, NONSENSE_16, NONSENSE_16, NONSENSE_16
#define NONSENSE                                                                                             \
	{                                                                                                    \
		NONSENSE_64, NONSENSE_64, NONSENSE_64, NONSENSE_64                                           \
	}

static const struct {
	struct retort_dialect dialect;
	unsigned char behind[256];
} dialect = {{.size = sizeof(struct retort_dialect),
		     .name = "frozen",
		     .quote_open = '"',
		     .quote_close = '"',
		     .placeholder = "?",
		     .caps = RETORT_CAP_TX_DDL | RETORT_CAP_TX_LOCK,
		     .types = types,
		     .overrides = overrides,
		     .column_tail = column_tail,
		     .function = function,
		     .normalize = normalize},
	NONSENSE};

static int normalize(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	return retort_sql_normalize(retort_render_new(arena, &dialect.dialect, 0, schema), schema, err);
}

static const struct {
	struct retort_driver driver;
	unsigned char behind[256];
} whole = {{.size = sizeof(struct retort_driver),
		   .abi = 1,
		   .name = "frozen",
		   .schemes = "frozen",
		   .version = "1",
		   .dialect = &dialect.dialect,
		   .open = frozen_open,
		   .close = frozen_close,
		   .exec = frozen_exec,
		   .query = frozen_query,
		   .inspect = frozen_inspect,
		   .server_version = server_version,
		   .begin = begin,
		   .transaction_state = transaction_state},
	NONSENSE};

RETORT_EXPORT const struct retort_driver *retort_driver_entry(uint32_t host_abi);
const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	return host_abi >= 1 ? &whole.driver : NULL;
}
