/* SPDX-License-Identifier: MIT
 *
 * Statements on a connection, and what went wrong with them.
 */
#include "connection.h"

#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

enum {
	BINARY_CHARSET = 63,    /* of columns that hold bytes */
	LONGEST_MESSAGE = 2000, /* bytes */
	QUERY_INTERRUPTED = 1317,
	ALTER_NOT_SUPPORTED = 1845, /* ALGORITHM that the server can't do, with or without a reason, */
	ALTER_NOT_SUPPORTED_REASON = 1846,
	ALTER_ROW_VERSIONS = 4092, /* or no longer can */
	ALTER_ROW_VERSIONS_OLD = 4080
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

/* ---- errors ---- */

/* What the server's and the client library's numbers mean to the host; RETORT_E_SQL where none is listed. */
static const struct {
	unsigned first, last;
	enum retort_code code;
} codes[] = {
	{1053, 1053, RETORT_E_CONNECT},                              /* the server shuts down */
	{1152, 1161, RETORT_E_CONNECT},                              /* packets lost on the way */
	{1927, 1927, RETORT_E_CONNECT},                              /* the connection was killed */
	{4031, 4031, RETORT_E_CONNECT},                              /* closed for being idle */
	{2000, 2099, RETORT_E_CONNECT},                              /* all that the client library finds */
	{5000, 5099, RETORT_E_CONNECT}, {1205, 1205, RETORT_E_LOCK}, /* waited too long for rows or a table */
	{3572, 3572, RETORT_E_LOCK},                                 /* would have had to wait */
};

static enum retort_code code_of(const struct retort_conn *conn, unsigned number)
{
	if (number == QUERY_INTERRUPTED && atomic_load(&conn->cancelled))
		return RETORT_E_INTERRUPTED;
	/* These are the caller's faults, not the connection's. */
	if (number == CR_COMMANDS_OUT_OF_SYNC || number == CR_OUT_OF_MEMORY)
		return RETORT_E_INTERNAL;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (number >= codes[i].first && number <= codes[i].last)
			return codes[i].code;
	return RETORT_E_SQL;
}

int connection_fail(struct retort_conn *conn, const char *sql, struct retort_error *err)
{
	unsigned number = mysql_errno(conn->mysql);
	enum retort_code code = code_of(conn, number);
	struct retort_arena *scratch = retort_arena_new();
	const char *text = connection_line(scratch, mysql_error(conn->mysql));
	const char *state = retort_strdup(scratch, mysql_sqlstate(conn->mysql));
	/* Who kills a connection interrupts its statement first. */
	bool gone = number == QUERY_INTERRUPTED && code == RETORT_E_SQL && mysql_ping(conn->mysql) != 0;
	const char *blocker = code == RETORT_E_LOCK && sql ? connection_blocker(conn, scratch, sql) : NULL;

	if (code == RETORT_E_INTERRUPTED)
		retort_fail(err, code, "statement was cancelled");
	else if (code == RETORT_E_CONNECT || gone)
		retort_fail(err, RETORT_E_CONNECT, "connection to %s was lost: %s", conn->place, text);
	else if (number == 1969 || number == 3024)
		retort_fail(err, code, "statement stopped after the statement_timeout of %ld ms",
			conn->statement_timeout_ms);
	else
		retort_fail(err, code, "%s%s%s", text, blocker ? ": " : "", blocker ? blocker : "");
	retort_error_sqlstate(err, state, (long)number);
	retort_arena_free(scratch);
	return -1;
}

/* The words that the server says a syntax error is near, as a place in the statement; 0: it says none. */
static size_t find_position(const struct retort_conn *conn, const char *sql)
{
	const char *text = mysql_error(conn->mysql), *near = strstr(text, " near '"), *end, *found;
	struct retort_arena *scratch;

	if (!near || mysql_errno(conn->mysql) != 1064)
		return 0;
	near += strlen(" near '");
	end = strstr(near, "' at line ");
	if (!end || end == near)
		return 0;
	scratch = retort_arena_new();
	found = strstr(sql, retort_strndup(scratch, near, (size_t)(end - near)));
	retort_arena_free(scratch);
	return found ? (size_t)(found - sql) + 1 : 0;
}

/* ---- parameters ---- */

static void append_literal(const struct retort_conn *conn, struct retort_buf *out, const char *value)
{
	size_t n = value ? strlen(value) : 0;
	char *escaped;

	if (!value) {
		retort_buf_str(out, "NULL");
		return;
	}
	escaped = retort_alloc(out->arena, 2 * n + 1);
	n = mysql_real_escape_string(conn->mysql, escaped, value, (unsigned long)n);
	retort_buf_char(out, '\'');
	retort_buf_mem(out, escaped, n);
	retort_buf_char(out, '\'');
}

/* The statement with its ? marks replaced. */
static int bind(const struct retort_conn *conn, struct retort_buf *out, const char *sql,
	const char *const *params, size_t n, struct retort_error *err)
{
	struct retort_token token;
	size_t used = 0;

	while ((token = retort_sql_token(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		bool mark = token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '?' && token.len == 1;

		if (!mark)
			retort_buf_mem(out, token.text, token.len);
		else if (used++ < n)
			append_literal(conn, out, params[used - 1]);
	}
	if (used == n)
		return 0;
	return retort_fail(err, RETORT_E_INTERNAL, "the statement has %zu marks for %zu parameters", used, n);
}

/* ---- statements ---- */

/* Reads what is left of several results, which only a procedure gives. */
static int drain(struct retort_conn *conn, struct retort_error *err)
{
	int more;

	while ((more = mysql_next_result(conn->mysql)) == 0)
		mysql_free_result(mysql_store_result(conn->mysql));
	return more > 0 ? connection_fail(conn, NULL, err) : 0;
}

int connection_send(struct retort_conn *conn, const char *sql, size_t n, struct retort_error *err)
{
	size_t position;

	atomic_store(&conn->cancelled, false);
	if (mysql_real_query(conn->mysql, sql, (unsigned long)n) == 0)
		return 0;
	position = find_position(conn, sql);
	connection_fail(conn, sql, err);
	retort_error_position(err, position);
	return -1;
}

/* Whether the server can't alter a table in the way that was asked for. */
static bool refuses_algorithm(const struct retort_conn *conn)
{
	unsigned number = mysql_errno(conn->mysql);

	return number == ALTER_NOT_SUPPORTED || number == ALTER_NOT_SUPPORTED_REASON ||
		number == ALTER_ROW_VERSIONS || number == ALTER_ROW_VERSIONS_OLD;
}

/* Sends a statement. One that asks for a way of altering a table that the server refuses changed nothing: it
 * is sent again, asking for the next one. */
static int send_again(struct retort_conn *conn, const char *sql, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *text = sql, *weaker;
	int rc;

	for (;;) {
		struct retort_error *own = retort_error_new();
		const struct retort_problem *problem;

		rc = connection_send(conn, text, strlen(text), own);
		weaker = rc && refuses_algorithm(conn) ? dialect_weaker(scratch, text) : NULL;
		problem = retort_error_first(own);
		if (rc && !weaker) {
			retort_fail(err, problem->code, "%s", problem->message);
			retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
			retort_error_position(err, problem->position);
		} else if (rc) {
			connection_notice(conn, RETORT_NOTICE_INFO, "%s: trying%s", problem->message,
				strstr(weaker, DIALECT_ALGORITHM) ? " in place" : " a copy of the table");
		}
		retort_error_free(own);
		if (!weaker)
			break;
		text = weaker;
	}
	retort_arena_free(scratch);
	return rc;
}

static int run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	struct retort_error *err)
{
	struct retort_arena *scratch;
	struct retort_buf bound;
	int rc;

	if (n == 0)
		return send_again(conn, sql, err);
	scratch = retort_arena_new();
	retort_buf_init(&bound, scratch);
	rc = bind(conn, &bound, sql, params, n, err);
	if (rc == 0)
		rc = connection_send(conn, bound.data, bound.len, err);
	retort_arena_free(scratch);
	return rc;
}

int connection_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	MYSQL_RES *result;

	if (run(conn, sql, params, n, err))
		return -1;
	result = mysql_store_result(conn->mysql);
	if (!result && mysql_errno(conn->mysql) != 0)
		return connection_fail(conn, NULL, err);
	if (affected)
		*affected = result || mysql_field_count(conn->mysql) > 0
			? 0
			: (long long)mysql_affected_rows(conn->mysql);
	mysql_free_result(result);
	return drain(conn, err);
}

static bool holds_bytes(const MYSQL_FIELD *field)
{
	switch (field->type) {
	case MYSQL_TYPE_BIT:
		return true;
	case MYSQL_TYPE_TINY_BLOB:
	case MYSQL_TYPE_MEDIUM_BLOB:
	case MYSQL_TYPE_LONG_BLOB:
	case MYSQL_TYPE_BLOB:
	case MYSQL_TYPE_STRING:
	case MYSQL_TYPE_VAR_STRING:
	case MYSQL_TYPE_VARCHAR:
		return field->charsetnr == BINARY_CHARSET && field->length > 0;
	default:
		return false;
	}
}

/* A cell as the host wants it: bytes as 0x and hex. */
static const char *neutral_value(struct retort_arena *arena, const MYSQL_FIELD *field, const char *value,
	size_t n)
{
	struct retort_buf hex;

	if (!value || !holds_bytes(field))
		return value;
	retort_buf_init(&hex, arena);
	retort_buf_hex(&hex, value, n);
	return hex.data;
}

static void hand_over(MYSQL_RES *result, retort_row_fn *row, void *context)
{
	unsigned count = mysql_num_fields(result);
	const MYSQL_FIELD *fields = mysql_fetch_fields(result);
	struct retort_arena *arena = retort_arena_new();
	const char **columns = retort_alloc_array(arena, (size_t)count + 1, sizeof *columns);
	bool more = true, bytes = false;

	for (unsigned i = 0; i < count; i++)
		bytes = bytes || holds_bytes(&fields[i]);
	for (MYSQL_ROW cells; more && (cells = mysql_fetch_row(result));) {
		const unsigned long *lengths = mysql_fetch_lengths(result);
		struct retort_arena *scratch = bytes ? retort_arena_new() : NULL; /* of one row */

		for (unsigned i = 0; i < count; i++)
			columns[i] = neutral_value(scratch, &fields[i], cells[i], lengths[i]);
		more = row(context, count, columns) == 0;
		retort_arena_free(scratch);
	}
	retort_arena_free(arena);
}

int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	MYSQL_RES *result;

	if (run(conn, sql, params, n, err))
		return -1;
	result = mysql_store_result(conn->mysql);
	if (!result && mysql_errno(conn->mysql) != 0)
		return connection_fail(conn, NULL, err);
	if (result && row)
		hand_over(result, row, context);
	mysql_free_result(result);
	return drain(conn, err);
}

/* Where connection_value puts what it finds. */
struct one_value {
	struct retort_arena *arena;
	const char *value;
};

static int take_value(void *context, size_t column_count, const char *const *columns)
{
	struct one_value *one = context;

	one->value = column_count > 0 ? retort_strdup(one->arena, columns[0]) : NULL;
	return 1;
}

int connection_value(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	struct retort_arena *arena, const char **value, struct retort_error *err)
{
	struct one_value one = {.arena = arena};
	int rc = connection_query(conn, sql, params, n, take_value, &one, err);

	*value = one.value;
	return rc;
}

/* KILL needs a connection of its own. */
int connection_cancel(struct retort_conn *conn)
{
	char kill[64];
	MYSQL *other;
	int rc;

	atomic_store(&conn->cancelled, true);
	mysql_thread_init();
	other = connection_connect(conn, NULL);
	if (!other)
		return -1;
	snprintf(kill, sizeof kill, "KILL QUERY %lu", conn->id);
	rc = mysql_real_query(other, kill, strlen(kill)) ? -1 : 0;
	mysql_close(other);
	return rc;
}
