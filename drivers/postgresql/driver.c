/* SPDX-License-Identifier: MIT
 *
 * PostgreSQL for retort: the plugin's slots.
 */
#include "connection.h"
#include "dialect.h"
#include "inspect.h"

/* 150018 is 15.18 to libpq, 151800 to retort. */
static unsigned driver_version(struct retort_conn *conn)
{
	int number = PQserverVersion(conn->pg);

	return (unsigned)(number / 10000 * 10000 + number % 10000 * 100);
}

static uint64_t driver_capabilities(struct retort_conn *conn)
{
	return dialect_caps_at(driver_version(conn));
}

RETORT_DRIVER(.name = "postgresql", .schemes = "postgresql,postgres", .version = RETORT_VERSION,
	.dialect = &postgresql_dialect, .open = connection_open, .close = connection_close,
	.exec = index_exec, .query = connection_query, .inspect = inspect_database,
	.capabilities = driver_capabilities, .server_version = driver_version, .begin = transaction_begin,
	.commit = transaction_commit, .rollback = transaction_rollback,
	.transaction_state = transaction_state, .canonical = canonical_table, .lock = lock_take,
	.unlock = lock_release, .bulk = bulk_insert, .cancel = connection_cancel,
	.canonical_objects = canonical_objects, .home = connection_home, .identify = activity_identify,
	.observe = activity_observe, .exec_all = pipeline_exec_all)
