/* SPDX-License-Identifier: MIT
 *
 * Many rows by COPY. With on_conflict they go into a temporary table first, from which one INSERT takes
 * them over as if they had come one by one: of rows with the same key the first is kept, or with
 * conflict_update the last.
 */
#include <string.h>

#include "connection.h"
#include "dialect.h"

enum { PIECE = 64 * 1024 /* bytes sent at once */, ROWS_BETWEEN_WORDS = 5000 /* of progress */ };

/* One load at work. */
struct load {
	struct retort_conn *conn;
	const struct retort_bulk *bulk;
	struct retort_arena *arena;
	struct retort_render render; /* for the builders */
	struct retort_buf data;
	const char *what; /* for progress */
	unsigned long long taken;
};

/* ---- COPY's text format ---- */

/* Backslash, line ends and tabs are escaped (COPY, File Formats, Text Format). */
static void append_text(struct retort_buf *out, const char *text)
{
	for (;;) {
		size_t plain = strcspn(text, "\\\n\r\t");

		retort_buf_mem(out, text, plain);
		text += plain;
		if (!*text)
			return;
		retort_buf_char(out, '\\');
		retort_buf_char(out,
			(char)(*text == '\n'            ? 'n'
					: *text == '\r' ? 'r'
					: *text == '\t' ? 't'
							: '\\'));
		text++;
	}
}

static int append_bytes(struct retort_buf *out, const char *text, struct retort_error *err)
{
	size_t n = strlen(text);

	if (n < 2 || n % 2 != 0 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X') ||
		strspn(text + 2, "0123456789abcdefABCDEF") != n - 2)
		return retort_fail(err, RETORT_E_PLAN, "bytes are written as 0x and pairs of hex digits");
	retort_buf_str(out, "\\\\x");
	retort_buf_mem(out, text + 2, n - 2);
	return 0;
}

static bool is_bytes(const struct retort_type *type)
{
	return type &&
		(type->kind == RETORT_TYPE_BLOB || type->kind == RETORT_TYPE_BINARY ||
			type->kind == RETORT_TYPE_VARBINARY);
}

static int append_row(struct load *load, const char *const *cells, struct retort_error *err)
{
	const struct retort_row_source *source = load->bulk->source;

	for (size_t i = 0; i < source->column_count; i++) {
		if (i > 0)
			retort_buf_char(&load->data, '\t');
		if (!cells[i]) {
			retort_buf_str(&load->data, "\\N");
		} else if (!is_bytes(source->types ? source->types[i] : NULL)) {
			append_text(&load->data, cells[i]);
		} else if (append_bytes(&load->data, cells[i], err)) {
			retort_error_prefix(err, "row %llu: column '%s'", load->taken + 1,
				source->columns[i]);
			return -1;
		}
	}
	retort_buf_char(&load->data, '\n');
	return 0;
}

/* ---- sending ---- */

static void tell(const struct load *load, long long total)
{
	const struct retort_listener *listener = load->conn->listener;

	if (listener && listener->progress)
		listener->progress(listener->context, load->what, load->taken,
			total < 0 ? 0 : (unsigned long long)total);
}

/* Sends what has been gathered. A refusal is told by the result at the end. */
static bool send_data(struct load *load)
{
	bool sent = load->data.len == 0 ||
		PQputCopyData(load->conn->pg, load->data.data, (int)load->data.len) == 1;

	retort_buf_clear(&load->data);
	return sent;
}

static int send_rows(struct load *load, struct retort_error *err)
{
	struct retort_row_source *source = load->bulk->source;
	const char *const *cells;
	int rc;

	while ((rc = source->next(source, &cells, err)) == 1) {
		if (append_row(load, cells, err))
			return -1;
		if (load->data.len >= PIECE && !send_data(load))
			return 0;
		if (++load->taken % ROWS_BETWEEN_WORDS == 0) {
			tell(load, source->row_count);
			if (atomic_load(&load->conn->cancelled))
				return retort_fail(err, RETORT_E_INTERRUPTED, "statement was cancelled");
		}
	}
	if (rc == 0 && load->taken >= ROWS_BETWEEN_WORDS)
		tell(load, (long long)load->taken);
	return rc;
}

/* COPY has begun. After rc of the sender, says goodbye and reads what the server says. */
static int finish_copy(struct load *load, int rc, unsigned long long *rows, struct retort_error *err)
{
	PGconn *pg = load->conn->pg;
	PGresult *result;

	if (rc == 0)
		send_data(load);
	PQputCopyEnd(pg, rc ? "the rows ended with a fault" : NULL);
	while ((result = PQgetResult(pg))) {
		if (rc == 0 && PQresultStatus(result) != PGRES_COMMAND_OK)
			rc = connection_fail(load->conn, result, NULL, err);
		else if (rc == 0)
			*rows = load->taken;
		PQclear(result);
	}
	if (rc == 0 && PQstatus(pg) == CONNECTION_BAD)
		rc = connection_fail(load->conn, NULL, NULL, err);
	return rc;
}

static int copy_rows(struct load *load, const char *schema, const char *table, unsigned long long *rows,
	struct retort_error *err)
{
	const struct retort_row_source *source = load->bulk->source;
	struct retort_buf sql;
	PGresult *result;

	retort_buf_init(&sql, load->arena);
	retort_sql_write(&load->render, &sql, "COPY %t (", schema, table);
	retort_sql_names(&load->render, &sql, source->columns, source->column_count);
	retort_buf_str(&sql, ") FROM STDIN");
	atomic_store(&load->conn->cancelled, false);
	result = PQexec(load->conn->pg, sql.data);
	if (PQresultStatus(result) != PGRES_COPY_IN) {
		connection_fail(load->conn, result, sql.data, err);
		PQclear(result);
		return -1;
	}
	PQclear(result);
	return finish_copy(load, send_rows(load, err), rows, err);
}

/* ---- on_conflict ---- */

#define WAITING "retort_waiting_rows"

/* Makes the table in which rows wait; n counts them. */
static const char *waiting_table(struct load *load)
{
	const struct retort_bulk *bulk = load->bulk;
	struct retort_buf sql;

	retort_buf_init(&sql, load->arena);
	retort_buf_str(&sql, "CREATE TEMPORARY TABLE " WAITING " ON COMMIT DROP AS SELECT ");
	retort_sql_names(&load->render, &sql, bulk->source->columns, bulk->source->column_count);
	retort_sql_write(&load->render, &sql, " FROM %t", bulk->schema, bulk->table);
	retort_buf_str(&sql,
		" WITH NO DATA; ALTER TABLE " WAITING
		" ADD COLUMN retort_number bigint GENERATED ALWAYS AS IDENTITY");
	return sql.data;
}

/* The row's number where its key has a NULL, which never conflicts: then it is like no other. */
static void append_lone_number(struct load *load, struct retort_buf *sql)
{
	const struct retort_bulk *bulk = load->bulk;

	for (size_t i = 0; i < bulk->key_count; i++) {
		retort_buf_str(sql, i == 0 ? ", CASE WHEN " : " OR ");
		retort_sql_write(&load->render, sql, "%n IS NULL", bulk->key[i]);
	}
	retort_buf_str(sql, " THEN retort_number END");
}

/* Of rows with one key the last: an INSERT may not change one row twice. */
static void append_last_of_key(struct load *load, struct retort_buf *sql)
{
	const struct retort_bulk *bulk = load->bulk;

	retort_buf_str(sql, "DISTINCT ON (");
	retort_sql_names(&load->render, sql, bulk->key, bulk->key_count);
	append_lone_number(load, sql);
	retort_buf_str(sql, ") ");
}

static int take_over(struct load *load, unsigned long long *rows, struct retort_error *err)
{
	const struct retort_bulk *bulk = load->bulk;
	const struct retort_row_source *source = bulk->source;
	bool last = bulk->conflict_update && bulk->key_count > 0;
	struct retort_buf sql, names;
	long long affected;

	retort_buf_init(&names, load->arena);
	retort_sql_names(&load->render, &names, source->columns, source->column_count);
	retort_buf_init(&sql, load->arena);
	retort_sql_write(&load->render, &sql, "INSERT INTO %t", bulk->schema, bulk->table);
	retort_buf_printf(&sql, " (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM ", names.data, names.data);
	if (last) {
		retort_buf_str(&sql, "(SELECT ");
		append_last_of_key(load, &sql);
		retort_buf_str(&sql, "* FROM " WAITING " ORDER BY ");
		retort_sql_names(&load->render, &sql, bulk->key, bulk->key_count);
		append_lone_number(load, &sql);
		retort_buf_str(&sql, ", retort_number DESC) AS ");
	}
	retort_buf_str(&sql, WAITING " ORDER BY retort_number");
	if (retort_sql_insert_tail(&load->render, &sql, bulk, err) ||
		connection_exec(load->conn, sql.data, NULL, 0, &affected, err))
		return -1;
	*rows = affected > 0 ? (unsigned long long)affected : 0;
	return connection_do(load->conn, "DROP TABLE " WAITING, NULL, 0, err);
}

static int load_with_conflict(struct load *load, unsigned long long *rows, struct retort_error *err)
{
	bool own = PQtransactionStatus(load->conn->pg) == PQTRANS_IDLE;
	struct retort_error *ignored;
	int rc = own ? transaction_begin(load->conn, 0, err) : 0;

	if (rc == 0)
		rc = connection_do(load->conn, waiting_table(load), NULL, 0, err);
	if (rc == 0)
		rc = copy_rows(load, NULL, WAITING, rows, err);
	if (rc == 0)
		rc = take_over(load, rows, err);
	if (rc == 0 && own)
		return transaction_commit(load->conn, err);
	if (rc && own) {
		ignored = retort_error_new();
		transaction_rollback(load->conn, ignored);
		retort_error_free(ignored);
	}
	return rc;
}

int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	unsigned long long count = 0;
	struct load load = {.conn = conn,
		.bulk = bulk,
		.arena = arena,
		.render = dialect_render(arena, NULL),
		.what = retort_printf(arena, "rows into '%s'", bulk->table)};
	int rc;

	retort_buf_init(&load.data, arena);
	rc = bulk->conflict_ignore || bulk->conflict_update
		? load_with_conflict(&load, &count, err)
		: copy_rows(&load, bulk->schema, bulk->table, &count, err);
	if (rc)
		retort_error_prefix(err, "cannot insert into '%s'", bulk->table);
	if (rows)
		*rows = count;
	retort_arena_free(arena);
	return rc;
}
