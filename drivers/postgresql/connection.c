/* SPDX-License-Identifier: MIT
 *
 * Statements on a connection, and what went wrong with them.
 */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BOOLEAN_OID = 16, /* pg_type.dat: they never change */
	BYTES_OID = 17,
	LONGEST_MESSAGE = 2000 /* bytes */
};

/* ---- notices ---- */

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

void connection_receive(void *context, const PGresult *result)
{
	const struct retort_conn *conn = context;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum retort_notice_level level = RETORT_NOTICE_INFO;
	struct retort_arena *scratch;

	if (severity && strcmp(severity, "WARNING") == 0)
		level = RETORT_NOTICE_WARNING;
	else if (severity && strncmp(severity, "DEBUG", 5) == 0)
		level = RETORT_NOTICE_DEBUG;
	scratch = retort_arena_new();
	connection_notice(conn, level, "%s",
		connection_line(scratch, text ? text : PQresultErrorMessage(result)));
	retort_arena_free(scratch);
}

/* ---- errors ---- */

const char *connection_line(struct retort_arena *arena, const char *text)
{
	char *line = retort_strdup(arena, text ? text : "");
	size_t n = 0;

	for (const char *at = line; *at; at++) {
		bool blank = (unsigned char)*at <= 0x20 || *at == 0x7f;

		if (!blank)
			line[n++] = *at;
		else if (n > 0 && line[n - 1] != ' ')
			line[n++] = ' ';
	}
	while (n > 0 && line[n - 1] == ' ')
		n--;
	line[n] = 0;
	return line;
}

/* What states mean to the host, by their first letters; RETORT_E_SQL where none is listed. */
static const struct {
	const char *state;
	enum retort_code code;
} codes[] = {
	{"08", RETORT_E_CONNECT},
	{"57P01", RETORT_E_CONNECT},
	{"57P02", RETORT_E_CONNECT},
	{"57P03", RETORT_E_CONNECT},
	{"57P04", RETORT_E_CONNECT},
	{"57P05", RETORT_E_CONNECT},
	{"55P03", RETORT_E_LOCK},
};

static enum retort_code code_of(const struct retort_conn *conn, const char *state)
{
	if (PQstatus(conn->pg) == CONNECTION_BAD)
		return RETORT_E_CONNECT;
	if (strcmp(state, "57014") == 0 && atomic_load(&conn->cancelled))
		return RETORT_E_INTERRUPTED;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strncmp(state, codes[i].state, strlen(codes[i].state)) == 0)
			return codes[i].code;
	return RETORT_E_SQL;
}

/* The byte offset, from 1, of a place that is given in characters. */
static size_t byte_position(const char *sql, const char *place)
{
	unsigned long characters = place ? strtoul(place, NULL, 10) : 0;
	const char *at = sql;

	if (characters == 0 || !sql)
		return 0;
	while (--characters > 0 && *at)
		for (at++; ((unsigned char)*at & 0xC0) == 0x80; at++)
			;
	return (size_t)(at - sql) + 1;
}

static void append_field(struct retort_buf *out, const PGresult *result, int field, const char *before,
	const char *after)
{
	const char *text = PQresultErrorField(result, field);

	if (text && *text)
		retort_buf_printf(out, "%s%s%s", before, connection_line(out->arena, text), after);
}

/* A lost connection has no result to tell of it, or one without fields. Where the server said a last word, as
 * one that is shut down at once does, libpq calls the connection good until it reads on. False: it isn't
 * lost. */
static bool fail_lost(struct retort_conn *conn, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *text = connection_line(scratch, PQerrorMessage(conn->pg));
	bool lost = !PQconsumeInput(conn->pg) || PQstatus(conn->pg) == CONNECTION_BAD;

	if (lost) {
		retort_fail(err, RETORT_E_CONNECT, "connection to %s was lost: %s", conn->place, text);
		retort_error_sqlstate(err, "08006", 0);
	}
	retort_arena_free(scratch);
	return lost;
}

int connection_fail(struct retort_conn *conn, const PGresult *result, const char *sql,
	struct retort_error *err)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	struct retort_arena *scratch;
	enum retort_code code;
	struct retort_buf text;

	if (!state && fail_lost(conn, err))
		return -1;
	code = code_of(conn, state ? state : "");
	scratch = retort_arena_new();
	retort_buf_init(&text, scratch);
	if (code == RETORT_E_CONNECT)
		retort_buf_printf(&text, "connection to %s was lost: ", conn->place);
	if (code == RETORT_E_INTERRUPTED)
		retort_buf_str(&text, "statement was cancelled");
	else if (state)
		append_field(&text, result, PG_DIAG_MESSAGE_PRIMARY, "", "");
	else
		retort_buf_str(&text, connection_line(scratch, PQerrorMessage(conn->pg)));
	if (code != RETORT_E_INTERRUPTED && state) {
		append_field(&text, result, PG_DIAG_MESSAGE_DETAIL, ": ", "");
		append_field(&text, result, PG_DIAG_MESSAGE_HINT, " (", ")");
		append_field(&text, result, PG_DIAG_CONTEXT, " [", "]");
	}
	if (code == RETORT_E_LOCK && sql) {
		const char *blocker = connection_blocker(conn, scratch, sql);

		retort_buf_printf(&text, "%s%s", blocker ? ": " : "", blocker ? blocker : "");
	}
	retort_fail(err, code, "%s", text.data);
	if (state)
		retort_error_sqlstate(err, state, 0);
	if (state && sql)
		retort_error_position(err,
			byte_position(sql, PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)));
	retort_arena_free(scratch);
	return -1;
}

/* ---- statements ---- */

/* COPY to or from the client by way of `execute` would wait for ever. */
static void refuse_copy(struct retort_conn *conn, ExecStatusType status)
{
	char *line;

	if (status == PGRES_COPY_IN)
		PQputCopyEnd(conn->pg, "use insert_rows");
	while (status == PGRES_COPY_OUT && PQgetCopyData(conn->pg, &line, 0) > 0)
		PQfreemem(line);
}

static bool is_good(ExecStatusType status)
{
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* Sends a statement and reads all that comes back; the first failure, else the last result, in *ret. */
static int run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n, PGresult **ret,
	size_t *count)
{
	PGresult *result, *kept = NULL;
	int sent;

	*ret = NULL;
	*count = 0;
	atomic_store(&conn->cancelled, false);
	if (n > 0)
		sent = PQsendQueryParams(conn->pg, sql, (int)n, NULL, params, NULL, NULL, 0);
	else
		sent = PQsendQuery(conn->pg, sql);
	if (!sent)
		return -1;
	while ((result = PQgetResult(conn->pg))) {
		ExecStatusType status = PQresultStatus(result);

		++*count;
		refuse_copy(conn, status);
		if (kept &&
			(!is_good(PQresultStatus(kept)) || status == PGRES_COPY_IN ||
				status == PGRES_COPY_OUT)) {
			PQclear(result);
			continue;
		}
		PQclear(kept);
		kept = result;
		if (status == PGRES_COPY_BOTH)
			break;
	}
	*ret = kept;
	return kept && is_good(PQresultStatus(kept)) ? 0 : -1;
}

int connection_run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	PGresult **ret, struct retort_error *err)
{
	size_t count;

	if (run(conn, sql, params, n, ret, &count) == 0 && count <= 1)
		return 0;
	if (count > 1 && *ret && is_good(PQresultStatus(*ret)))
		retort_fail(err, RETORT_E_INTERNAL, "more than one statement at once");
	else
		connection_fail(conn, *ret, sql, err);
	PQclear(*ret);
	*ret = NULL;
	return -1;
}

int connection_do(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	struct retort_error *err)
{
	PGresult *result;
	size_t count;
	int rc = run(conn, sql, params, n, &result, &count);

	if (rc)
		connection_fail(conn, result, sql, err);
	PQclear(result);
	return rc;
}

const char *connection_cell(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

int connection_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	PGresult *result;
	const char *tuples;
	bool patient;
	int rc;

	if (connection_patience(conn, sql, &patient, err))
		return -1;
	rc = connection_run(conn, sql, params, n, &result, err);
	if (patient && connection_impatience(conn, rc ? NULL : err))
		rc = -1;
	if (rc)
		return -1;
	tuples = PQcmdTuples(result);
	if (affected)
		*affected = PQresultStatus(result) == PGRES_TUPLES_OK ? 0
			: *tuples                                     ? strtoll(tuples, NULL, 10)
								      : -1;
	PQclear(result);
	return 0;
}

/* A value as the host wants it: \x6162 is 0x6162, t is true. */
static const char *neutral_value(struct retort_arena *arena, Oid type, const char *value)
{
	if (type == BOOLEAN_OID)
		return *value == 't' ? "true" : "false";
	if (type == BYTES_OID && strncmp(value, "\\x", 2) == 0)
		return retort_printf(arena, "0x%s", value + 2);
	return value;
}

int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	struct retort_arena *scratch;
	const char **cells;
	PGresult *result;
	int columns;

	if (connection_run(conn, sql, params, n, &result, err))
		return -1;
	scratch = retort_arena_new();
	columns = PQnfields(result);
	cells = retort_alloc_array(scratch, (size_t)columns + 1, sizeof *cells);
	for (int i = 0; i < PQntuples(result); i++) {
		for (int j = 0; j < columns; j++) {
			cells[j] = connection_cell(result, i, j);
			if (cells[j])
				cells[j] = neutral_value(scratch, PQftype(result, j), cells[j]);
		}
		if (row && row(context, (size_t)columns, cells))
			break;
	}
	retort_arena_free(scratch);
	PQclear(result);
	return 0;
}

int connection_cancel(struct retort_conn *conn)
{
	char reason[256]; /* as libpq's manual recommends */

	atomic_store(&conn->cancelled, true);
	return PQcancel(conn->canceller, reason, sizeof reason) ? 0 : -1;
}
