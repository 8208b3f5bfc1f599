/* SPDX-License-Identifier: MIT
 *
 * SQLite for retort: the plugin's slots.
 */
#include "connection.h"
#include "dialect.h"
#include "inspect.h"

static int driver_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	return connection_run(conn, sql, params, n, NULL, NULL, affected, err);
}

static int driver_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	return connection_run(conn, sql, params, n, row, context, NULL, err);
}

static unsigned driver_version(struct retort_conn *conn)
{
	int number = sqlite3_libversion_number();

	(void)conn;
	return (unsigned)(number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000);
}

static int driver_inspect(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	if (inspect_database(conn->db, options, arena, ret, err) == 0)
		return 0;
	return err && retort_error_count(err) > 0 ? -1 : connection_fail(conn, err);
}

RETORT_DRIVER(.name = "sqlite", .schemes = "sqlite", .version = RETORT_VERSION, .dialect = &sqlite_dialect,
	.open = connection_open, .close = connection_close, .exec = driver_exec, .query = driver_query,
	.inspect = driver_inspect, .server_version = driver_version, .begin = transaction_begin,
	.commit = transaction_commit, .rollback = transaction_rollback,
	.transaction_state = transaction_state, .canonical = inspect_canonical, .bulk = bulk_insert,
	.cancel = connection_cancel)
