/* SPDX-License-Identifier: MIT
 *
 * Many rows by one prepared INSERT.
 */
#include <string.h>

#include "connection.h"
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

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

/* Bytes written as 0x and hex. */
static int bind_bytes(sqlite3_stmt *stmt, int at, const char *text, struct retort_error *err)
{
	size_t n = strlen(text);
	unsigned char *bytes;

	if (n < 2 || n % 2 != 0 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X') ||
		strspn(text + 2, "0123456789abcdefABCDEF") != n - 2)
		return retort_fail(err, RETORT_E_PLAN, "bytes are written as 0x and pairs of hex digits");
	n = n / 2 - 1;
	bytes = sqlite3_malloc64(n + 1);
	if (!bytes)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(hex_digit(text[2 + 2 * i]) * 16 + hex_digit(text[3 + 2 * i]));
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

/* Binds one cell. -1: err is filled; else SQLite's code. */
static int bind_cell(sqlite3_stmt *stmt, int at, const struct retort_type *type, const char *cell,
	struct retort_error *err)
{
	sqlite3_int64 number;

	if (!cell)
		return sqlite3_bind_null(stmt, at);
	switch (type ? type->kind : RETORT_TYPE_TEXT) {
	case RETORT_TYPE_BOOLEAN:
		return sqlite3_bind_int(stmt, at, strchr("tTyY1", *cell) && *cell);
	case RETORT_TYPE_SMALLINT:
	case RETORT_TYPE_INTEGER:
	case RETORT_TYPE_BIGINT:
		if (short_integer(cell, &number))
			return sqlite3_bind_int64(stmt, at, number);
		break;
	case RETORT_TYPE_NUMERIC:
		if (native_check_numeric(cell, err))
			return -1;
		break;
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		return bind_bytes(stmt, at, cell, err);
	default:
		break;
	}
	return sqlite3_bind_text(stmt, at, cell, -1, SQLITE_STATIC);
}

/* One row; -1 with the row's number in the error. */
static int insert_row(struct retort_conn *conn, const struct retort_bulk *bulk, sqlite3_stmt *stmt,
	const char *const *cells, struct retort_error *err)
{
	const struct retort_row_source *source = bulk->source;
	int rc;

	for (size_t i = 0; i < source->column_count; i++) {
		rc = bind_cell(stmt, (int)i + 1, source->types ? source->types[i] : NULL, cells[i], err);
		if (rc == -1) {
			retort_error_prefix(err, "column '%s'", source->columns[i]);
			return -1;
		}
		if (rc != SQLITE_OK)
			return connection_fail(conn, err);
	}
	rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : connection_fail(conn, err);
}

static void tell(const struct retort_conn *conn, const char *what, unsigned long long done, long long total)
{
	const struct retort_listener *listener = conn->listener;

	if (listener && listener->progress)
		listener->progress(listener->context, what, done, total < 0 ? 0 : (unsigned long long)total);
}

static int insert_all(struct retort_conn *conn, const struct retort_bulk *bulk, sqlite3_stmt *stmt,
	const char *what, unsigned long long *rows, struct retort_error *err)
{
	unsigned long long taken = 0;
	const char *const *cells;
	int rc;

	while ((rc = bulk->source->next(bulk->source, &cells, err)) == 1) {
		if (atomic_load(&conn->cancelled))
			return retort_fail(err, RETORT_E_INTERRUPTED, "statement was cancelled");
		if (insert_row(conn, bulk, stmt, cells, err)) {
			retort_error_prefix(err, "row %llu", taken + 1);
			return -1;
		}
		*rows += (unsigned long long)sqlite3_changes(conn->db);
		if (++taken % ROWS_BETWEEN_WORDS == 0)
			tell(conn, what, taken, bulk->source->row_count);
	}
	if (rc == 0 && taken >= ROWS_BETWEEN_WORDS)
		tell(conn, what, taken, (long long)taken);
	return rc;
}

int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	unsigned long long ignored;
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (!rows)
		rows = &ignored;
	*rows = 0;
	atomic_store(&conn->cancelled, false);
	conn->timed_out = false;
	conn->statement_start = connection_clock();
	rc = connection_prepare(conn, insert_text(arena, bulk), &stmt, err);
	if (rc == 0)
		rc = insert_all(conn, bulk, stmt, retort_printf(arena, "rows into '%s'", bulk->table), rows,
			err);
	if (rc)
		retort_error_prefix(err, "cannot insert into '%s'", bulk->table);
	sqlite3_finalize(stmt);
	retort_arena_free(arena);
	return rc;
}
