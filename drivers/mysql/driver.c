/* SPDX-License-Identifier: MIT
 *
 * MySQL and MariaDB for retort: the plugin's slots.
 */
#include "connection.h"
#include "dialect.h"
#include "inspect.h"

static const struct retort_dialect *const further_dialects[] = {&mariadb_dialect, NULL};

static const struct retort_dialect *driver_dialect(struct retort_conn *conn)
{
	return conn->is_mariadb ? &mariadb_dialect : &mysql_dialect;
}

static unsigned driver_version(struct retort_conn *conn)
{
	return conn->version;
}

static uint64_t driver_capabilities(struct retort_conn *conn)
{
	return driver_dialect(conn)->caps_at(conn->version);
}

RETORT_DRIVER(.name = "mysql", .schemes = "mysql,mariadb", .version = RETORT_VERSION,
	.dialect = &mysql_dialect, .dialects = further_dialects, .dialect_of = driver_dialect,
	.open = connection_open, .close = connection_close, .exec = connection_exec,
	.query = connection_query, .inspect = inspect_database, .capabilities = driver_capabilities,
	.server_version = driver_version, .begin = transaction_begin, .commit = transaction_commit,
	.rollback = transaction_rollback, .transaction_state = transaction_state,
	.canonical = canonical_table, .lock = lock_take, .unlock = lock_release, .bulk = bulk_insert,
	.cancel = connection_cancel, .identify = activity_identify, .observe = activity_observe)
