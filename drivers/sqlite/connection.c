/* SPDX-License-Identifier: MIT
 *
 * Statements on a connection, waiting for other writers, and what went wrong.
 */
#include "connection.h"
#include "dialect.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	TELL_AFTER_MS = 200, /* a wait shorter than this is not worth a notice */
	LONGEST_SLEEP_MS = 40,
	LONGEST_MESSAGE = 2000,     /* bytes */
	STEPS_BETWEEN_LOOKS = 20000 /* of SQLite's machine, between two looks at the clock */
};

long long connection_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void connection_notice(const struct retort_conn *conn, enum retort_notice_level level, const char *format,
	...)
{
	char text[LONGEST_MESSAGE];
	va_list ap;

	if (!conn->listener || !conn->listener->notice)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	conn->listener->notice(conn->listener->context, level, text);
}

/* Another connection has the lock: waits a moment. Not 0: try again. */
static int on_busy(void *context, int count)
{
	struct retort_conn *conn = context;
	long long now = connection_clock(), waited;
	long sleep_ms = 1 + (count * 3L + getpid()) % LONGEST_SLEEP_MS;

	if (count == 0) {
		conn->wait_start = now;
		conn->told = false;
	}
	waited = now - conn->wait_start;
	if (atomic_load(&conn->cancelled) || (conn->busy_timeout_ms >= 0 && waited >= conn->busy_timeout_ms))
		return 0;
	if (!conn->told && waited >= TELL_AFTER_MS) {
		connection_notice(conn, RETORT_NOTICE_INFO, "waiting for another writer of %s", conn->file);
		conn->told = true;
	}
	if (count < 4)
		sleep_ms = 1 + count;
	if (conn->busy_timeout_ms >= 0 && sleep_ms > conn->busy_timeout_ms - waited)
		sleep_ms = (long)(conn->busy_timeout_ms - waited);
	sqlite3_sleep(sleep_ms < 1 ? 1 : (int)sleep_ms);
	return 1;
}

/* Looked at while a statement runs. Not 0: stop it. */
static int on_progress(void *context)
{
	struct retort_conn *conn = context;

	if (connection_clock() - conn->statement_start < conn->statement_timeout_ms)
		return 0;
	conn->timed_out = true;
	return 1;
}

/* ---- errors ---- */

struct state_row {
	int code; /* SQLite's extended code */
	const char *state;
};

static const struct state_row states[] = {
	{SQLITE_CONSTRAINT_UNIQUE, "23505"},
	{SQLITE_CONSTRAINT_PRIMARYKEY, "23505"},
	{SQLITE_CONSTRAINT_ROWID, "23505"},
	{SQLITE_CONSTRAINT_NOTNULL, "23502"},
	{SQLITE_CONSTRAINT_FOREIGNKEY, "23503"},
	{SQLITE_CONSTRAINT_CHECK, "23514"},
	{SQLITE_CONSTRAINT_TRIGGER, "45000"},
	{SQLITE_MISMATCH, "22018"},
	{SQLITE_TOOBIG, "54000"},
	{SQLITE_FULL, "53100"},
	{SQLITE_NOMEM, "53200"},
	{SQLITE_READONLY, "25006"},
	{SQLITE_CORRUPT, "XX001"},
	{SQLITE_NOTADB, "XX001"},
	{SQLITE_IOERR, "58030"},
	{SQLITE_CANTOPEN, "58030"},
	{SQLITE_AUTH, "42501"},
	{SQLITE_PERM, "42501"},
	{SQLITE_CONSTRAINT, "23000"},
	{0, NULL},
};

static const struct {
	const char *start, *state;
} messages[] = {
	{"no such table", "42S02"},
	{"no such view", "42S02"},
	{"no such index", "42S12"},
	{"no such column", "42S22"},
	{"duplicate column name", "42S21"},
	{"table ", "42S01"},
	{"index ", "42S11"},
};

/* The SQLSTATE nearest to a code, and for SQLITE_ERROR to its message. */
static const char *state_of(int code, const char *message)
{
	for (int pass = 0; pass < 2; pass++, code &= 0xff)
		for (const struct state_row *row = states; row->code; row++)
			if (row->code == code)
				return row->state;
	if ((code & 0xff) != SQLITE_ERROR)
		return "HY000";
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		if (strncmp(message, messages[i].start, strlen(messages[i].start)) == 0 &&
			(strncmp(messages[i].state, "42S0", 4) != 0 || strstr(message, "exists") ||
				*message == 'n'))
			return messages[i].state;
	return "42000";
}

/* Whether the error is one of having been told to stop. */
static int fail_interrupted(struct retort_conn *conn, struct retort_error *err)
{
	if (conn->timed_out) {
		retort_fail(err, RETORT_E_SQL, "statement stopped after the statement_timeout of %ld ms",
			conn->statement_timeout_ms);
		retort_error_sqlstate(err, "57014", SQLITE_INTERRUPT);
		return -1;
	}
	return retort_fail(err, RETORT_E_INTERRUPTED, "statement was cancelled");
}

/* SQLite's message, which may quote the statement, without control characters; of an assert only what the
 * assert says. */
static void plain_message(sqlite3 *db, char *text, size_t size)
{
	const char *message = sqlite3_errmsg(db), *mark = strstr(message, DIALECT_ASSERT_MARK);
	size_t n = 0;

	for (const char *at = mark ? mark + strlen(DIALECT_ASSERT_MARK) : message; *at && n + 1 < size;
		at++) {
		if (mark && *at == '\'' && *++at != '\'')
			break; /* quotes inside are doubled */
		text[n++] = (unsigned char)*at < 0x20 || *at == 0x7f ? ' ' : *at;
	}
	text[n] = 0;
}

int connection_fail(struct retort_conn *conn, struct retort_error *err)
{
	int code = sqlite3_extended_errcode(conn->db), offset = -1;
	char message[LONGEST_MESSAGE];

	plain_message(conn->db, message, sizeof message);

	switch (code & 0xff) {
	case SQLITE_BUSY:
		if (atomic_load(&conn->cancelled))
			return fail_interrupted(conn, err);
		retort_fail(err, RETORT_E_LOCK, "%s is locked by another program (waited %lld ms)",
			conn->file, connection_clock() - conn->statement_start);
		retort_error_sqlstate(err, "55P03", code);
		return -1;
	case SQLITE_INTERRUPT:
		return fail_interrupted(conn, err);
	case SQLITE_FULL:
		retort_fail(err, RETORT_E_SQL,
			"no room is left on the disk of %s (or its page limit is reached)", conn->file);
		break;
	case SQLITE_READONLY:
		retort_fail(err, RETORT_E_SQL, "cannot write to %s: %s%s", conn->file,
			conn->read_only ? "this command only reads" : message,
			code == SQLITE_READONLY_DIRECTORY ? " (its folder is read-only)" : "");
		break;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		retort_fail(err, RETORT_E_SQL, "%s: %s", conn->file, message);
		break;
	default:
		retort_fail(err, RETORT_E_SQL, "%s", message);
	}
	retort_error_sqlstate(err, state_of(code, message), code);
#if SQLITE_VERSION_NUMBER >= 3038000
	offset = sqlite3_error_offset(conn->db);
#endif
	if (offset >= 0)
		retort_error_position(err, (size_t)offset + 1);
	return -1;
}

/* ---- statements ---- */

int connection_prepare(struct retort_conn *conn, const char *sql, sqlite3_stmt **ret,
	struct retort_error *err)
{
	const char *rest = sql;
	struct retort_token token;

	if (sqlite3_prepare_v2(conn->db, sql, -1, ret, &rest) != SQLITE_OK)
		return connection_fail(conn, err);
	do
		token = retort_sql_word(0, &rest);
	while (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == ';');
	if (token.kind == RETORT_TOKEN_END)
		return 0;
	sqlite3_finalize(*ret);
	*ret = NULL;
	return retort_fail(err, RETORT_E_INTERNAL, "more than one statement at once: '%.*s' follows",
		(int)token.len, token.text);
}

/* A statement with parameters from those kept, or compiled and kept in place of the one unused longest. */
static int keep(struct retort_conn *conn, const char *sql, sqlite3_stmt **ret, struct retort_error *err)
{
	struct kept *oldest = conn->kept;

	for (size_t i = 0; i < KEPT_STATEMENTS; i++) {
		struct kept *kept = &conn->kept[i];

		if (kept->stmt && strcmp(sqlite3_sql(kept->stmt), sql) == 0) {
			kept->used = ++conn->uses;
			*ret = kept->stmt;
			return 0;
		}
		if (kept->used < oldest->used)
			oldest = kept;
	}
	if (connection_prepare(conn, sql, ret, err))
		return -1;
	sqlite3_finalize(oldest->stmt);
	oldest->stmt = *ret;
	oldest->used = ++conn->uses;
	return 0;
}

/* Hands one row over as text; blobs as 0x and hex. */
static int hand_over(sqlite3_stmt *stmt, struct retort_arena *arena, const char **cells, retort_row_fn *row,
	void *context)
{
	int count = sqlite3_column_count(stmt);

	for (int i = 0; i < count; i++) {
		if (sqlite3_column_type(stmt, i) == SQLITE_BLOB) {
			const void *bytes = sqlite3_column_blob(stmt, i);
			struct retort_buf hex;

			retort_buf_init(&hex, arena);
			retort_buf_hex(&hex, bytes, (size_t)sqlite3_column_bytes(stmt, i));
			cells[i] = hex.data;
		} else {
			cells[i] = (const char *)sqlite3_column_text(stmt, i);
		}
	}
	return row(context, (size_t)count, cells);
}

/* Steps a statement to its end. */
static int step(struct retort_conn *conn, sqlite3_stmt *stmt, retort_row_fn *row, void *context,
	struct retort_error *err)
{
	struct retort_arena *arena = row ? retort_arena_new() : NULL;
	const char **cells =
		row ? retort_alloc_array(arena, (size_t)sqlite3_column_count(stmt) + 1, sizeof *cells) : NULL;
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		if (row && hand_over(stmt, arena, cells, row, context)) {
			rc = SQLITE_DONE;
			break;
		}
	retort_arena_free(arena);
	return rc == SQLITE_DONE ? 0 : connection_fail(conn, err);
}

int connection_run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, long long *affected, struct retort_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int changes = sqlite3_total_changes(conn->db), rc = SQLITE_OK;

	atomic_store(&conn->cancelled, false);
	conn->timed_out = false;
	conn->statement_start = connection_clock();
	if (affected)
		*affected = 0;
	if (n > 0 ? keep(conn, sql, &stmt, err) : connection_prepare(conn, sql, &stmt, err))
		return -1;
	if (!stmt)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (params[i])
			rc = sqlite3_bind_text(stmt, (int)i + 1, params[i], -1, SQLITE_STATIC);
		else
			rc = sqlite3_bind_null(stmt, (int)i + 1);
		if (rc != SQLITE_OK)
			break;
	}
	rc = rc != SQLITE_OK ? connection_fail(conn, err) : step(conn, stmt, row, context, err);
	if (n > 0) {
		sqlite3_reset(stmt);
		sqlite3_clear_bindings(stmt);
	} else {
		sqlite3_finalize(stmt);
	}
	if (rc == 0 && affected && sqlite3_total_changes(conn->db) != changes)
		*affected = sqlite3_changes(conn->db);
	return rc;
}

/* The fixed state that every session starts from. */
int connection_settle(struct retort_conn *conn, struct retort_error *err)
{
	int on = 0;

	sqlite3_extended_result_codes(conn->db, 1);
	sqlite3_busy_handler(conn->db, on_busy, conn);
	if (conn->statement_timeout_ms > 0)
		sqlite3_progress_handler(conn->db, STEPS_BETWEEN_LOOKS, on_progress, conn);
	if (sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, conn->foreign_keys ? 1 : 0, &on) !=
			SQLITE_OK ||
		sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, &on) != SQLITE_OK)
		return connection_fail(conn, err);
	if (!conn->read_only)
		return 0;
	return connection_run(conn, "PRAGMA query_only = ON", NULL, 0, NULL, NULL, NULL, err);
}

int connection_cancel(struct retort_conn *conn)
{
	atomic_store(&conn->cancelled, true);
	sqlite3_interrupt(conn->db);
	return 0;
}

void connection_close(struct retort_conn *conn)
{
	if (!conn)
		return;
	for (size_t i = 0; i < KEPT_STATEMENTS; i++)
		sqlite3_finalize(conn->kept[i].stmt);
	sqlite3_close_v2(conn->db);
	retort_arena_free(conn->transaction);
	retort_arena_free(conn->arena);
}
