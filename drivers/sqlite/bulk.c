/* SPDX-License-Identifier: MIT
 *
 * Many rows by one prepared INSERT.
 */
#include <string.h>

#include "connection.h"
#include "dialect.h"
#include "inspect.h"
#include "native.h"

enum { ROWS_BETWEEN_WORDS = 5000 /* of progress */, LONGEST_INTEGER = 18 /* digits that always fit */ };

static void append_names(struct retort_buf *out, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		retort_buf_str(out, i > 0 ? ", " : "");
		native_name(out, names[i]);
	}
}

static bool is_key(const struct retort_bulk *bulk, const char *column)
{
	for (size_t i = 0; i < bulk->key_count; i++)
		if (sqlite3_stricmp(bulk->key[i], column) == 0)
			return true;
	return false;
}

static void append_conflict(struct retort_buf *out, const struct retort_bulk *bulk)
{
	const struct retort_row_source *source = bulk->source;
	const char *separator = " DO UPDATE SET ";

	retort_buf_str(out, " ON CONFLICT");
	if (bulk->key_count > 0) {
		retort_buf_str(out, " (");
		append_names(out, bulk->key, bulk->key_count);
		retort_buf_char(out, ')');
	}
	for (size_t i = 0; bulk->conflict_update && i < source->column_count; i++) {
		if (is_key(bulk, source->columns[i]))
			continue;
		retort_buf_str(out, separator);
		native_name(out, source->columns[i]);
		retort_buf_str(out, " = excluded.");
		native_name(out, source->columns[i]);
		separator = ", ";
	}
	if (*separator == ' ')
		retort_buf_str(out, " DO NOTHING");
}

static const char *insert_text(struct retort_arena *arena, const struct retort_bulk *bulk)
{
	struct retort_buf sql;

	retort_buf_init(&sql, arena);
	retort_buf_str(&sql, "INSERT INTO ");
	native_name(&sql, bulk->table);
	retort_buf_str(&sql, " (");
	append_names(&sql, bulk->source->columns, bulk->source->column_count);
	retort_buf_str(&sql, ") VALUES (");
	for (size_t i = 0; i < bulk->source->column_count; i++)
		retort_buf_str(&sql, i > 0 ? ", ?" : "?");
	retort_buf_char(&sql, ')');
	if (bulk->conflict_ignore || bulk->conflict_update)
		append_conflict(&sql, bulk);
	return sql.data;
}

/* ---- values ---- */

/* Values are read and checked as in any other statement; only their quotes are left out, as they are bound.
 */
static int keep_neutral(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out, struct retort_error *err)
{
	(void)render;
	if (type->kind == RETORT_TYPE_NUMERIC && native_check_numeric(text, err))
		return RETORT_FAIL;
	retort_buf_str(out, text);
	return RETORT_OK;
}

/* What one load needs. */
struct load {
	struct retort_conn *conn;
	const struct retort_bulk *bulk;
	sqlite3_stmt *stmt;
	struct retort_arena *arena;
	struct retort_dialect dialect; /* with keep_neutral */
	struct retort_render *render;
	struct retort_buf *values; /* of the row, a buffer for each column */
	const char *what;          /* of progress */
};

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Binds bytes written as 0x and pairs of hex digits. */
static int bind_bytes(sqlite3_stmt *stmt, int at, const char *hex, size_t length)
{
	size_t n = length / 2 - 1;
	unsigned char *bytes = sqlite3_malloc64(n + 1);

	if (!bytes)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(hex_value(hex[2 + 2 * i]) * 16 + hex_value(hex[3 + 2 * i]));
	return sqlite3_bind_blob64(stmt, at, bytes, n, sqlite3_free);
}

/* The number of a short run of digits, without the detour by the column's affinity. */
static bool short_integer(const char *text, sqlite3_int64 *ret)
{
	bool minus = *text == '-';
	sqlite3_int64 value = 0;
	int n = 0;

	for (text += minus; *text >= '0' && *text <= '9' && n < LONGEST_INTEGER; text++, n++)
		value = value * 10 + (*text - '0');
	*ret = minus ? -value : value;
	return n > 0 && *text == 0;
}

/* Binds one value in its neutral form, which stands in the column's buffer until the row is in. */
static int bind_neutral(sqlite3_stmt *stmt, int at, enum retort_type_kind kind,
	const struct retort_buf *value)
{
	sqlite3_int64 number;

	switch (kind) {
	case RETORT_TYPE_BOOLEAN:
		return sqlite3_bind_int(stmt, at, *value->data == 't');
	case RETORT_TYPE_SMALLINT:
	case RETORT_TYPE_INTEGER:
	case RETORT_TYPE_BIGINT:
		if (short_integer(value->data, &number))
			return sqlite3_bind_int64(stmt, at, number);
		break;
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		return bind_bytes(stmt, at, value->data, value->len);
	default:
		break;
	}
	return sqlite3_bind_text64(stmt, at, value->data ? value->data : "", value->len, SQLITE_STATIC,
		SQLITE_UTF8);
}

/* One cell; where the fault is one of its value err says in which column. */
static int bind_cell(struct load *load, size_t column, const char *cell, struct retort_error *err)
{
	const struct retort_row_source *source = load->bulk->source;
	const struct retort_type *type = source->types ? source->types[column] : NULL;
	struct retort_buf *value = &load->values[column];
	int at = (int)column + 1, rc;

	if (!cell) {
		rc = sqlite3_bind_null(load->stmt, at);
	} else if (!type || type->kind == RETORT_TYPE_TEXT) {
		rc = sqlite3_bind_text(load->stmt, at, cell, -1, SQLITE_STATIC);
	} else {
		retort_buf_clear(value);
		if (retort_sql_literal(load->render, value, type, cell, err)) {
			retort_error_prefix(err, "column '%s'", source->columns[column]);
			return -1;
		}
		rc = bind_neutral(load->stmt, at, type->kind, value);
	}
	return rc == SQLITE_OK ? 0 : connection_fail(load->conn, err);
}

static int insert_row(struct load *load, const char *const *cells, struct retort_error *err)
{
	int rc;

	for (size_t i = 0; i < load->bulk->source->column_count; i++)
		if (bind_cell(load, i, cells[i], err))
			return -1;
	rc = sqlite3_step(load->stmt);
	sqlite3_reset(load->stmt);
	return rc == SQLITE_DONE ? 0 : connection_fail(load->conn, err);
}

static void tell(const struct retort_conn *conn, const char *what, unsigned long long done, long long total)
{
	const struct retort_listener *listener = conn->listener;

	if (listener && listener->progress)
		listener->progress(listener->context, what, done, total < 0 ? 0 : (unsigned long long)total);
}

/* Says which row it was: by its place where the source knows it. */
static void locate(const struct retort_row_source *source, unsigned long long row, struct retort_error *err)
{
	if (source->file)
		retort_error_at(err, source->file, source->line, 0);
	else
		retort_error_prefix(err, "row %llu", row);
}

static int insert_all(struct load *load, unsigned long long *rows, struct retort_error *err)
{
	struct retort_row_source *source = load->bulk->source;
	unsigned long long taken = 0;
	const char *const *cells;
	int rc;

	while ((rc = source->next(source, &cells, err)) == 1) {
		if (atomic_load(&load->conn->cancelled))
			return retort_fail(err, RETORT_E_INTERRUPTED, "statement was cancelled");
		if (insert_row(load, cells, err)) {
			locate(source, taken + 1, err);
			return -1;
		}
		*rows += (unsigned long long)sqlite3_changes(load->conn->db);
		if (++taken % ROWS_BETWEEN_WORDS == 0)
			tell(load->conn, load->what, taken, source->row_count);
	}
	if (rc == 0 && taken >= ROWS_BETWEEN_WORDS)
		tell(load->conn, load->what, taken, (long long)taken);
	return rc;
}

int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	struct load load = {.conn = conn,
		.bulk = bulk,
		.arena = retort_arena_new(),
		.dialect = sqlite_dialect};
	unsigned long long ignored;
	int rc;

	if (!rows)
		rows = &ignored;
	*rows = 0;
	atomic_store(&conn->cancelled, false);
	conn->timed_out = false;
	conn->statement_start = connection_clock();
	load.dialect.literal = keep_neutral;
	load.render = render_new(load.arena);
	load.render->dialect = &load.dialect;
	load.values = retort_alloc_array(load.arena, bulk->source->column_count, sizeof *load.values);
	for (size_t i = 0; i < bulk->source->column_count; i++)
		retort_buf_init(&load.values[i], load.arena);
	load.what = retort_printf(load.arena, "rows into '%s'", bulk->table);
	rc = connection_prepare(conn, insert_text(load.arena, bulk), &load.stmt, err);
	if (rc == 0)
		rc = insert_all(&load, rows, err);
	if (rc)
		retort_error_prefix(err, "cannot insert into '%s'", bulk->table);
	sqlite3_finalize(load.stmt);
	retort_arena_free(load.arena);
	return rc;
}
