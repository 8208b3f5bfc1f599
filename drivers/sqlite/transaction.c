/* SPDX-License-Identifier: MIT
 *
 * Transactions, and foreign keys across those that rebuild tables.
 *
 * A rebuild drops a table, which with foreign keys on would delete or change the rows of its
 * children. PRAGMA foreign_keys does nothing inside a transaction, so it is switched off before BEGIN
 * and back on after the end. In between nothing enforces the keys: the ones broken at the end that were
 * not broken at the start make the commit fail.
 */
#include <stdlib.h>
#include <string.h>

#include "connection.h"

enum { SHOWN = 5 /* broken keys named in an error */ };

/* KiB of pages in memory while a table is copied; the default of 2000 would read many of them again. */
#define REBUILD_CACHE "PRAGMA cache_size = -65536"

/* Rows that refer to nothing, as sorted lines. */
struct broken_keys {
	struct retort_arena *arena;
	const char **lines;
	size_t count;
};

static int plain(struct retort_conn *conn, const char *sql, struct retort_error *err)
{
	return connection_run(conn, sql, NULL, 0, NULL, NULL, NULL, err);
}

/* A row of PRAGMA foreign_key_check: table, rowid, parent, number of the key (which may change). */
static int collect_key(void *context, size_t n, const char *const *cells)
{
	struct broken_keys *keys = context;
	const char *line;

	(void)n;
	if (cells[1])
		line = retort_printf(keys->arena, "row %s of '%s' refers to no row of '%s'", cells[1],
			cells[0], cells[2]);
	else
		line = retort_printf(keys->arena, "a row of '%s' refers to no row of '%s'", cells[0],
			cells[2]);
	RETORT_PUSH(keys->arena, keys->lines, keys->count, line);
	return 0;
}

static int collect_table(void *context, size_t n, const char *const *cells)
{
	struct broken_keys *tables = context;

	(void)n;
	RETORT_PUSH(tables->arena, tables->lines, tables->count, retort_strdup(tables->arena, cells[0]));
	return 0;
}

static int compare_lines(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Table by table, where the check of the whole stops at a key whose parent has no such unique key: then
 * that is the line. */
static int find_broken_by_table(struct retort_conn *conn, struct broken_keys *keys, struct retort_error *err)
{
	struct broken_keys tables = {.arena = keys->arena};

	if (connection_run(conn,
		    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
		    NULL, 0, collect_table, &tables, NULL, err))
		return -1;
	for (size_t i = 0; i < tables.count; i++) {
		struct retort_error *own = retort_error_new();

		if (connection_run(conn, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check(?)",
			    &tables.lines[i], 1, collect_key, keys, NULL, own))
			RETORT_PUSH(keys->arena, keys->lines, keys->count,
				retort_printf(keys->arena, "table '%s': %s", tables.lines[i],
					retort_error_first(own)->message));
		retort_error_free(own);
	}
	return 0;
}

static int find_broken(struct retort_conn *conn, struct broken_keys **ret, struct retort_error *err)
{
	struct broken_keys *keys = retort_alloc(conn->transaction, sizeof *keys);
	struct retort_error *own = retort_error_new();
	int rc;

	keys->arena = conn->transaction;
	rc = connection_run(conn, "PRAGMA foreign_key_check", NULL, 0, collect_key, keys, NULL, own);
	if (rc) {
		bool stop = retort_error_first(own)->code == RETORT_E_INTERRUPTED;

		keys->count = 0;
		keys->lines = NULL;
		rc = stop ? retort_fail(err, RETORT_E_INTERRUPTED, "%s", retort_error_first(own)->message)
			  : find_broken_by_table(conn, keys, err);
	}
	retort_error_free(own);
	if (rc == 0 && keys->count > 0)
		qsort(keys->lines, keys->count, sizeof *keys->lines, compare_lines);
	*ret = keys;
	return rc;
}

/* Fails where a foreign key is broken that was not before the transaction. */
static int check_keys(struct retort_conn *conn, struct retort_error *err)
{
	const struct broken_keys *before = conn->before;
	struct broken_keys *now;
	struct retort_buf list;
	size_t fresh = 0, j = 0;

	if (find_broken(conn, &now, err))
		return -1;
	retort_buf_init(&list, conn->transaction);
	for (size_t i = 0; i < now->count; i++) {
		int order = 1;

		while (j < before->count && (order = strcmp(before->lines[j], now->lines[i])) < 0)
			j++;
		if (j < before->count && order == 0) {
			j++;
			continue;
		}
		if (fresh++ < SHOWN)
			retort_buf_printf(&list, "%s%s", fresh > 1 ? "; " : "", now->lines[i]);
	}
	if (fresh == 0)
		return 0;
	if (fresh > SHOWN)
		retort_buf_printf(&list, "; and %zu more", fresh - SHOWN);
	retort_fail(err, RETORT_E_SQL, "foreign keys would be broken: %s", list.data);
	retort_error_sqlstate(err, "23503", SQLITE_CONSTRAINT_FOREIGNKEY);
	return -1;
}

/* Switches back what begin switched, and what a rebuild that stopped half-way left on. */
static int settle(struct retort_conn *conn, struct retort_error *err)
{
	int on, rc = SQLITE_OK;

	if (conn->rebuild) {
		rc = sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, conn->foreign_keys ? 1 : 0,
			&on);
		if (rc == SQLITE_OK)
			rc = sqlite3_db_config(conn->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, &on);
	}
	conn->rebuild = false;
	retort_arena_free(conn->transaction);
	conn->transaction = NULL;
	conn->before = NULL;
	if (rc != SQLITE_OK)
		return connection_fail(conn, err);
	if (!conn->query_only)
		return 0;
	conn->query_only = false;
	return conn->read_only ? 0 : plain(conn, "PRAGMA query_only = OFF", err);
}

int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	bool read_only = conn->read_only || (flags & RETORT_TX_READ_ONLY);
	int on;

	if (flags & RETORT_TX_REBUILD) {
		if (sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, &on) != SQLITE_OK)
			return connection_fail(conn, err);
		conn->rebuild = true;
		if (plain(conn, REBUILD_CACHE, err)) {
			settle(conn, NULL);
			return -1;
		}
	}
	if (plain(conn, read_only ? "BEGIN" : "BEGIN IMMEDIATE", err)) {
		settle(conn, NULL);
		return -1;
	}
	if (read_only && !conn->read_only) {
		conn->query_only = true;
		if (plain(conn, "PRAGMA query_only = ON", err))
			goto fail;
	}
	if (!conn->rebuild)
		return 0;
	conn->transaction = retort_arena_new();
	if (find_broken(conn, &conn->before, err) == 0 && statistics_save(conn, err) == 0)
		return 0;
fail:
	transaction_rollback(conn, NULL);
	return -1;
}

/* COMMIT waits for readers as long as for writers; SQLite may give up sooner where it fears a deadlock. */
static int commit_patiently(struct retort_conn *conn, struct retort_error *err)
{
	long long start = connection_clock();

	while (sqlite3_exec(conn->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
		bool busy = sqlite3_errcode(conn->db) == SQLITE_BUSY;
		long long waited = connection_clock() - start;

		if (!busy || atomic_load(&conn->cancelled) ||
			(conn->busy_timeout_ms >= 0 && waited >= conn->busy_timeout_ms))
			return connection_fail(conn, err);
		sqlite3_sleep(1);
	}
	return 0;
}

int transaction_commit(struct retort_conn *conn, struct retort_error *err)
{
	atomic_store(&conn->cancelled, false);
	conn->timed_out = false;
	conn->statement_start = connection_clock();
	if (sqlite3_get_autocommit(conn->db)) {
		settle(conn, NULL);
		return retort_fail(err, RETORT_E_SQL, "the transaction was already over");
	}
	if ((conn->rebuild && (statistics_restore(conn, err) || check_keys(conn, err))) ||
		commit_patiently(conn, err)) {
		/* While others read it can be tried again. */
		if (sqlite3_get_autocommit(conn->db) || sqlite3_errcode(conn->db) != SQLITE_BUSY)
			transaction_rollback(conn, NULL);
		return -1;
	}
	return settle(conn, err);
}

int transaction_rollback(struct retort_conn *conn, struct retort_error *err)
{
	int rc = 0;

	/* Some errors (a full disk, RAISE(ROLLBACK)) have rolled back already. */
	if (!sqlite3_get_autocommit(conn->db))
		rc = plain(conn, "ROLLBACK", err);
	return settle(conn, rc ? NULL : err) || rc ? -1 : 0;
}

enum retort_tx_state transaction_state(struct retort_conn *conn)
{
	return sqlite3_get_autocommit(conn->db) ? RETORT_TX_IDLE : RETORT_TX_ACTIVE;
}
