/* SPDX-License-Identifier: MIT
 *
 * The connection: Firebird's embedded engine by its classic C interface, values as text.
 */
#include "firebird.h"

#include <ibase.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { CHARSET_OCTETS = 1, CHARSET_UTF8 = 4, CHARSET_MASK = 0xff };
enum { FRACTION = 4, SEGMENT = 32000, PARAM_MAX = 32765, NUMBER_MAX = 64, NO_MORE_ROWS = 100 };

struct retort_conn {
	struct retort_arena *arena; /* this lies in it */
	isc_db_handle db;
	isc_tr_handle transaction; /* 0: none */
	bool read_only;
	long lock_timeout_ms;
	atomic_bool running; /* a cancel would find something to cancel */
};

/* ---- errors ---- */

static enum retort_code code_of(const ISC_STATUS *status)
{
	static const struct {
		ISC_STATUS code;
		enum retort_code means;
	} codes[] = {
		{isc_lock_conflict, RETORT_E_LOCK},
		{isc_lock_timeout, RETORT_E_LOCK},
		{isc_deadlock, RETORT_E_LOCK},
		{isc_obj_in_use, RETORT_E_LOCK},
		{isc_cancelled, RETORT_E_INTERRUPTED},
		{isc_shutdown, RETORT_E_CONNECT},
		{isc_att_shutdown, RETORT_E_CONNECT},
	};

	for (; *status == isc_arg_gds; status += 2)
		for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
			if (status[1] == codes[i].code)
				return codes[i].means;
	return RETORT_E_SQL;
}

/* Tells what the status says. */
static int fail(struct retort_error *err, enum retort_code code, const ISC_STATUS *status)
{
	struct retort_arena *arena = retort_arena_new();
	const ISC_STATUS *at = status;
	struct retort_buf text;
	char line[1024], sqlstate[6] = "";

	retort_buf_init(&text, arena);
	while (fb_interpret(line, sizeof line, &at))
		retort_buf_printf(&text, "%s%s", text.len ? "; " : "", *line == '-' ? line + 1 : line);
	fb_sqlstate(sqlstate, status);
	retort_fail(err, code, "%s", text.len ? text.data : "unknown error");
	retort_error_sqlstate(err, sqlstate, (long)isc_sqlcode(status));
	retort_arena_free(arena);
	return -1;
}

/* ---- opening ---- */

/* What a URL can't say, and what Firebird can't do for retort. */
static int check_options(const struct retort_open_options *options, struct retort_error *err)
{
	const struct retort_url *url = options->url;
	time_t now = time(NULL);
	struct tm local;

	if (url->parameter_count > 0)
		return retort_fail(err, RETORT_E_CONFIG,
			"unknown parameter '%s' of a firebird URL: there are none", url->parameters[0].key);
	if ((url->host && *url->host) || url->user || !url->path || !*url->path)
		return retort_fail(err, RETORT_E_CONFIG,
			"a firebird URL names a file, no host and no user: firebird:////path");
	if (options->listener && options->listener->notice && localtime_r(&now, &local) && local.tm_gmtoff)
		options->listener->notice(options->listener->context, RETORT_NOTICE_WARNING,
			"Firebird's clock is the process's: run with TZ=UTC");
	return 0;
}

/* Attaches to the file, or makes it. Only the embedded engine is asked: a path with ':' is no host. */
static int attach(struct retort_conn *conn, const struct retort_open_options *options,
	struct retort_error *err)
{
	static const struct {
		char item, length;
		const char *bytes;
	} items[] = {
		{isc_dpb_user_name, 6, "SYSDBA"},
		{isc_dpb_config, 18, FB_API_VER >= 40 ? "Providers=Engine13" : "Providers=Engine12"},
		{isc_dpb_lc_ctype, 4, "UTF8"},
		{isc_dpb_sql_dialect, 1, "\3"},
		{isc_dpb_utf8_filename, 1, "\1"},
		/* of a new one; a key may be a quarter of a page, which has 16384 bytes */
		{isc_dpb_overwrite, 1, "\1"},
		{isc_dpb_page_size, 2, "\0\100"},
		{isc_dpb_set_db_charset, 4, "UTF8"},
	};
	const char *path = options->url->path;
	ISC_STATUS_ARRAY status;
	struct retort_buf dpb;
	struct stat file;
	bool there = stat(path, &file) == 0, makes = !there || file.st_size == 0;

	if (!there && !options->create)
		return retort_fail(err, RETORT_E_CONNECT, "no such database file '%s'", path);
	retort_buf_init(&dpb, conn->arena);
	retort_buf_char(&dpb, isc_dpb_version1);
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		if (items[i].item == isc_dpb_overwrite && !makes)
			break;
		retort_buf_char(&dpb, items[i].item);
		retort_buf_char(&dpb, items[i].length);
		retort_buf_mem(&dpb, items[i].bytes, (size_t)items[i].length);
	}
	if (makes)
		isc_create_database(status, 0, path, &conn->db, (short)dpb.len, dpb.data, 0);
	else
		isc_attach_database(status, 0, path, &conn->db, (short)dpb.len, dpb.data);
	return status[0] == 1 && status[1] ? fail(err, RETORT_E_CONNECT, status) : 0;
}

static void connection_close(struct retort_conn *conn)
{
	ISC_STATUS_ARRAY status;

	if (conn->transaction)
		isc_rollback_transaction(status, &conn->transaction);
	if (conn->db)
		isc_detach_database(status, &conn->db);
	retort_arena_free(conn->arena);
}

static struct retort_conn *connection_open(const struct retort_open_options *options,
	struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_conn *conn = retort_alloc(arena, sizeof *conn);

	conn->arena = arena;
	conn->read_only = options->read_only;
	conn->lock_timeout_ms = options->lock_timeout_ms;
	if (check_options(options, err) == 0 && attach(conn, options, err) == 0)
		return conn;
	connection_close(conn);
	return NULL;
}

/* ---- transactions ---- */

static int connection_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	bool read_only = conn->read_only || (flags & RETORT_TX_READ_ONLY);
	long timeout = conn->lock_timeout_ms, seconds = timeout > 0 ? (timeout + 999) / 1000 : 0;
	const char tpb[] = {isc_tpb_version3, read_only ? isc_tpb_read : isc_tpb_write,
		isc_tpb_read_committed, isc_tpb_rec_version, timeout == 0 ? isc_tpb_nowait : isc_tpb_wait,
		isc_tpb_lock_timeout, 4, (char)(seconds & 0xff), (char)(seconds >> 8 & 0xff),
		(char)(seconds >> 16 & 0xff), (char)(seconds >> 24 & 0xff)};
	/* without a number it waits for ever, or not at all */
	unsigned short length = (unsigned short)(timeout > 0 ? sizeof tpb : sizeof tpb - 6);
	ISC_STATUS_ARRAY status;

	if (conn->transaction)
		return retort_fail(err, RETORT_E_STATE, "a transaction is open already");
	return isc_start_transaction(status, &conn->transaction, 1, &conn->db, length, tpb)
		? fail(err, code_of(status), status)
		: 0;
}

static int connection_commit(struct retort_conn *conn, struct retort_error *err)
{
	ISC_STATUS_ARRAY status;
	bool failed = conn->transaction && isc_commit_transaction(status, &conn->transaction);

	return failed ? fail(err, code_of(status), status) : 0;
}

static int connection_rollback(struct retort_conn *conn, struct retort_error *err)
{
	ISC_STATUS_ARRAY status;
	bool failed = conn->transaction && isc_rollback_transaction(status, &conn->transaction);

	return failed ? fail(err, code_of(status), status) : 0;
}

static enum retort_tx_state connection_state(struct retort_conn *conn)
{
	return conn->transaction ? RETORT_TX_ACTIVE : RETORT_TX_IDLE;
}

/* ---- a statement and its values ---- */

struct run {
	struct retort_conn *conn;
	struct retort_arena *arena;
	isc_stmt_handle statement;
	XSQLDA *in, *out;
	struct retort_buf *cells; /* one for each column, used anew by each row */
	const char **row;         /* what they hold, NULL where that is NULL */
	short *was;               /* each column's own type */
	struct retort_buf blob;   /* what is read of one */
	ISC_STATUS_ARRAY status;
	struct retort_error *err;
};

static int run_fail(struct run *run)
{
	return fail(run->err, code_of(run->status), run->status);
}

static XSQLDA *area(struct retort_arena *arena, short count)
{
	XSQLDA *made = retort_alloc(arena, (size_t)XSQLDA_LENGTH(count > 0 ? count : 1));

	made->version = SQLDA_VERSION1;
	made->sqln = count > 0 ? count : 1;
	return made;
}

static bool is_octets(const XSQLVAR *var)
{
	return (var->sqlsubtype & CHARSET_MASK) == CHARSET_OCTETS;
}

static int write_blob(struct run *run, XSQLVAR *var, const char *data, size_t length)
{
	isc_blob_handle blob = 0;

	var->sqldata = retort_alloc(run->arena, sizeof(ISC_QUAD));
	if (isc_create_blob2(run->status, &run->conn->db, &run->conn->transaction, &blob,
		    (ISC_QUAD *)(void *)var->sqldata, 0, NULL))
		return run_fail(run);
	for (size_t n; length > 0; data += n, length -= n) {
		n = length < SEGMENT ? length : SEGMENT;
		if (isc_put_segment(run->status, &blob, (unsigned short)n, data))
			return run_fail(run);
	}
	return isc_close_blob(run->status, &blob) ? run_fail(run) : 0;
}

/* Binds one text; Firebird converts it to the type that it wants. */
static int bind(struct run *run, XSQLVAR *var, const char *text)
{
	int type = var->sqltype & ~1;
	bool is_text = type == SQL_TEXT || type == SQL_VARYING;
	bool bytes = type == SQL_BLOB ? var->sqlsubtype != isc_blob_text : is_text && is_octets(var);
	size_t length = text ? strlen(text) : 0;
	char *data = text && bytes ? retort_unhex(run->arena, text, &length) : NULL;
	const char *dot = text && (type == SQL_TIMESTAMP || type == SQL_TYPE_TIME) ? strchr(text, '.') : NULL;

	var->sqlind = retort_alloc(run->arena, sizeof *var->sqlind);
	*var->sqlind = text ? 0 : -1;
	var->sqltype |= 1;
	data = data ? data : retort_strdup(run->arena, text ? text : "");
	if (type == SQL_BLOB && text)
		return write_blob(run, var, data, length);
	if (dot && strlen(dot) > FRACTION + 1) /* more digits of a second are an error to Firebird */
		length = (size_t)(dot - text) + FRACTION + 1;
	if (length > PARAM_MAX)
		return retort_fail(run->err, RETORT_E_SQL,
			"a text of %zu bytes is too long for anything but a blob", length);
	if (!is_text)
		var->sqlsubtype = CHARSET_UTF8;
	var->sqltype = SQL_TEXT | 1;
	var->sqllen = (short)length;
	var->sqldata = data;
	return 0;
}

static int bind_all(struct run *run, const char *const *params, size_t n)
{
	run->in = area(run->arena, (short)n);
	if (isc_dsql_describe_bind(run->status, &run->statement, SQLDA_VERSION1, run->in))
		return run_fail(run);
	if ((size_t)run->in->sqld != n)
		return retort_fail(run->err, RETORT_E_SQL, "the statement has %d parameters, not %zu",
			run->in->sqld, n);
	for (size_t i = 0; i < n; i++)
		if (bind(run, &run->in->sqlvar[i], params[i]) < 0)
			return -1;
	return 0;
}

static bool is_time(int type)
{
	return type == SQL_TIMESTAMP || type == SQL_TYPE_DATE || type == SQL_TYPE_TIME;
}

/* Has texts and numbers given as text; of times Firebird writes another form. */
static void prepare_columns(struct run *run)
{
	size_t count = (size_t)run->out->sqld;

	run->cells = retort_alloc_array(run->arena, count + 1, sizeof *run->cells);
	run->row = retort_alloc_array(run->arena, count + 1, sizeof *run->row);
	run->was = retort_alloc_array(run->arena, count + 1, sizeof *run->was);
	retort_buf_init(&run->blob, run->arena);
	for (size_t i = 0; i < count; i++) {
		XSQLVAR *var = &run->out->sqlvar[i];
		int type = run->was[i] = var->sqltype & ~1;
		bool as_text = type != SQL_BLOB && !is_time(type);

		retort_buf_init(&run->cells[i], run->arena);
		var->sqlind = retort_alloc(run->arena, sizeof *var->sqlind);
		if (as_text && type != SQL_TEXT && type != SQL_VARYING) {
			var->sqllen = NUMBER_MAX;
			var->sqlsubtype = var->sqlscale = 0;
		}
		var->sqltype = (short)((as_text ? SQL_VARYING : type) | 1);
		var->sqldata =
			retort_alloc(run->arena, (size_t)(unsigned short)var->sqllen + sizeof(short) + 8);
	}
}

static int read_blob(struct run *run, const XSQLVAR *var, struct retort_buf *out)
{
	char segment[SEGMENT];
	unsigned short length = 0;
	isc_blob_handle blob = 0;

	retort_buf_clear(&run->blob);
	if (isc_open_blob2(run->status, &run->conn->db, &run->conn->transaction, &blob,
		    (ISC_QUAD *)(void *)var->sqldata, 0, NULL))
		return run_fail(run);
	while (isc_get_segment(run->status, &blob, &length, sizeof segment, segment) == 0 ||
		run->status[1] == isc_segment)
		retort_buf_mem(&run->blob, segment, length);
	if (run->status[1] != isc_segstr_eof)
		return run_fail(run);
	isc_close_blob(run->status, &blob);
	if (var->sqlsubtype == isc_blob_text)
		retort_buf_mem(out, run->blob.data, run->blob.len);
	else
		retort_buf_hex(out, run->blob.data, run->blob.len);
	return 0;
}

/* A time as ISO 8601 has it. */
static void put_time(struct retort_buf *out, int type, const char *data)
{
	ISC_TIMESTAMP at = {0, 0};
	struct tm tm;

	memcpy(type == SQL_TYPE_TIME ? (void *)&at.timestamp_time : (void *)&at, data,
		type == SQL_TIMESTAMP ? sizeof at : sizeof at.timestamp_time);
	isc_decode_timestamp(&at, &tm);
	if (type != SQL_TYPE_TIME)
		retort_buf_printf(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	if (type != SQL_TYPE_DATE)
		retort_buf_printf(out, "%s%02d:%02d:%02d.%04u", type == SQL_TIMESTAMP ? " " : "", tm.tm_hour,
			tm.tm_min, tm.tm_sec, at.timestamp_time % ISC_TIME_SECONDS_PRECISION);
}

/* One column of the row at hand as text. */
static int read_cell(struct run *run, size_t i)
{
	const XSQLVAR *var = &run->out->sqlvar[i];
	struct retort_buf *out = &run->cells[i];
	const char *data = var->sqldata + sizeof(short);
	unsigned short length;

	retort_buf_clear(out);
	if ((var->sqltype & ~1) == SQL_BLOB)
		return read_blob(run, var, out);
	if ((var->sqltype & ~1) != SQL_VARYING) {
		put_time(out, var->sqltype & ~1, var->sqldata);
		return 0;
	}
	memcpy(&length, var->sqldata, sizeof length);
	if (is_octets(var) && (run->was[i] == SQL_TEXT || run->was[i] == SQL_VARYING)) {
		retort_buf_hex(out, data, length);
		return 0;
	}
	while (run->was[i] == SQL_TEXT && length > 0 && data[length - 1] == ' ')
		length--;
	if (run->was[i] == SQL_BOOLEAN)
		retort_buf_str(out, *data == 'T' ? "true" : "false");
	else
		retort_buf_mem(out, data, length);
	return 0;
}

static int give_row(struct run *run, retort_row_fn *row, void *context)
{
	size_t count = (size_t)run->out->sqld;

	for (size_t i = 0; i < count; i++) {
		run->row[i] = NULL;
		if (*run->out->sqlvar[i].sqlind < 0)
			continue;
		if (read_cell(run, i) < 0)
			return -1;
		run->row[i] = run->cells[i].data;
	}
	return row && row(context, count, run->row) != 0 ? 1 : 0;
}

/* A number of the statement's information, or -1. */
static long long statement_number(struct run *run, char wanted, char within)
{
	const char items[] = {within ? within : wanted, isc_info_end};
	char answer[256], *at = answer;
	long long sum = 0;
	short length;

	if (isc_dsql_sql_info(run->status, &run->statement, sizeof items, items, sizeof answer, answer) ||
		*at != items[0])
		return -1;
	length = (short)isc_vax_integer(at + 1, 2);
	if (!within)
		return isc_vax_integer(at + 3, length);
	for (at += 3; *at != isc_info_end; at += 3 + length) {
		length = (short)isc_vax_integer(at + 1, 2);
		if (*at != isc_info_req_select_count)
			sum += isc_vax_integer(at + 3, length);
	}
	return sum;
}

/* Runs the prepared statement; a row function gets its rows. */
static int execute(struct run *run, retort_row_fn *row, void *context)
{
	long long type = statement_number(run, isc_info_sql_stmt_type, 0);
	bool one = type == isc_info_sql_stmt_exec_procedure && run->out->sqld > 0;
	ISC_STATUS rc = 0;
	int ret = 0;

	if (isc_dsql_execute2(run->status, &run->conn->transaction, &run->statement, SQL_DIALECT_V6, run->in,
		    one ? run->out : NULL))
		return run_fail(run);
	if (one)
		return give_row(run, row, context) < 0 ? -1 : 0;
	while (run->out->sqld > 0 && ret == 0 &&
		(rc = isc_dsql_fetch(run->status, &run->statement, SQLDA_VERSION1, run->out)) == 0)
		ret = give_row(run, row, context);
	return ret < 0 ? -1 : ret == 0 && rc != 0 && rc != NO_MORE_ROWS ? run_fail(run) : 0;
}

static int prepare_and_execute(struct run *run, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, long long *affected)
{
	run->out = area(run->arena, 1);
	if (isc_dsql_allocate_statement(run->status, &run->conn->db, &run->statement) ||
		isc_dsql_prepare(run->status, &run->conn->transaction, &run->statement, 0, sql,
			SQL_DIALECT_V6, run->out))
		return run_fail(run);
	if (run->out->sqld > run->out->sqln) {
		run->out = area(run->arena, run->out->sqld);
		if (isc_dsql_describe(run->status, &run->statement, SQLDA_VERSION1, run->out))
			return run_fail(run);
	}
	prepare_columns(run);
	if (bind_all(run, params, n) < 0 || execute(run, row, context) < 0)
		return -1;
	if (affected)
		*affected = statement_number(run, 0, isc_info_sql_records);
	return 0;
}

/* In the open transaction, else in one of its own. */
static int run_statement(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, long long *affected, struct retort_error *err)
{
	struct run run = {.conn = conn, .err = err};
	bool own = !conn->transaction;
	int ret;

	if (own && connection_begin(conn, 0, err) < 0)
		return -1;
	run.arena = retort_arena_new();
	atomic_store(&conn->running, true);
	ret = prepare_and_execute(&run, sql, params, n, row, context, affected);
	atomic_store(&conn->running, false);
	if (run.statement)
		isc_dsql_free_statement(run.status, &run.statement, DSQL_drop);
	retort_arena_free(run.arena);
	if (own && ret == 0)
		ret = connection_commit(conn, err);
	if (own && ret < 0)
		connection_rollback(conn, NULL);
	return ret;
}

static int connection_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	return run_statement(conn, sql, params, n, NULL, NULL, affected, err);
}

int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	return run_statement(conn, sql, params, n, row, context, NULL, err);
}

static int connection_cancel(struct retort_conn *conn)
{
	ISC_STATUS_ARRAY status;

	if (!atomic_load(&conn->running))
		return 0;
	return fb_cancel_operation(status, &conn->db, fb_cancel_raise) ? -1 : 0;
}

static int take_version(void *context, size_t count, const char *const *cells)
{
	const char *at = count == 1 && cells[0] ? cells[0] : "";
	unsigned *version = context;
	char *end;

	for (unsigned unit = 10000; unit > 0; unit /= 100, at = end + (*end == '.'))
		*version += (unsigned)strtoul(at, &end, 10) * unit;
	return 0;
}

static unsigned connection_version(struct retort_conn *conn)
{
	unsigned version = 0;

	connection_query(conn, "SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION') FROM RDB$DATABASE", NULL,
		0, take_version, &version, NULL);
	return version;
}

RETORT_DRIVER(.name = "firebird", .schemes = "firebird", .version = "1", .dialect = &firebird_dialect,
	.open = connection_open, .close = connection_close, .exec = connection_exec,
	.query = connection_query, .inspect = inspect_database, .server_version = connection_version,
	.begin = connection_begin, .commit = connection_commit, .rollback = connection_rollback,
	.transaction_state = connection_state, .cancel = connection_cancel)
