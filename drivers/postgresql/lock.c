/* SPDX-License-Identifier: MIT
 *
 * A session's advisory lock, asked for again and again: one that waits inside the server would hold a
 * snapshot that CREATE INDEX CONCURRENTLY of the holder waits for.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "connection.h"

enum { FIRST_PAUSE_MS = 20, LONGEST_PAUSE_MS = 1000 };

/* FNV-1a, 64 bits. */
static int64_t lock_key(const char *name)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return (int64_t)hash;
}

static long long clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long long ms)
{
	struct timespec pause = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000L};

	while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
		;
}

static int try_lock(struct retort_conn *conn, const char *key, bool *got, struct retort_error *err)
{
	PGresult *result;

	if (connection_run(conn, "SELECT pg_try_advisory_lock($1::bigint)", &key, 1, &result, err))
		return -1;
	*got = *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	return 0;
}

/* retort's own sessions have the user and host of the program in their application name. */
static const char holder_sql[] =
	"SELECT CASE WHEN a.application_name LIKE 'retort %@%' THEN substr(a.application_name, 8)"
	" ELSE coalesce(a.usename, '?') || '@' || coalesce(a.client_hostname, host(a.client_addr), "
	"'localhost') END,"
	" l.pid, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
	" FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
	" WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
	" AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
	" AND l.classid = (($1::bigint >> 32) & 4294967295)::oid AND l.objid = ($1::bigint & "
	"4294967295)::oid";

/* Who holds it, in words; NULL where nobody does any more. */
static const char *find_holder(struct retort_conn *conn, struct retort_arena *arena, const char *key)
{
	struct retort_error *ignored = retort_error_new();
	const char *text = NULL;
	PGresult *result;

	if (connection_run(conn, holder_sql, &key, 1, &result, ignored) == 0) {
		if (PQntuples(result) > 0)
			text = retort_printf(arena, "held by %s pid %s since %s",
				connection_line(arena, PQgetvalue(result, 0, 0)), PQgetvalue(result, 0, 1),
				PQgetisnull(result, 0, 2) ? "an unknown time" : PQgetvalue(result, 0, 2));
		PQclear(result);
	}
	retort_error_free(ignored);
	return text;
}

/* The first try has failed. */
static int wait_lock(struct retort_conn *conn, const char *key, long timeout_ms, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	const char *holder = find_holder(conn, arena, key);
	long long start = clock_ms(), pause = FIRST_PAUSE_MS, left;
	bool got = false;
	int rc = 0;

	if (holder && timeout_ms != 0)
		connection_notice(conn, RETORT_NOTICE_INFO, "waiting for the lock %s", holder);
	while (rc == 0 && !got) {
		left = timeout_ms < 0 ? pause : timeout_ms - (clock_ms() - start);
		if (left <= 0)
			break;
		pause_ms(pause < left ? pause : left);
		pause = pause * 3 / 2 < LONGEST_PAUSE_MS ? pause * 3 / 2 : LONGEST_PAUSE_MS;
		rc = atomic_load(&conn->cancelled)
			? retort_fail(err, RETORT_E_INTERRUPTED, "waiting for the lock was cancelled")
			: try_lock(conn, key, &got, err);
	}
	if (rc == 0 && !got) {
		const char *last = find_holder(conn, arena, key);

		rc = retort_fail(err, RETORT_E_LOCK, "cannot obtain the lock within %ld ms: it is %s",
			timeout_ms,
			last             ? last
				: holder ? holder
					 : "taken again and again");
		retort_error_sqlstate(err, "55P03", 0);
	}
	retort_arena_free(arena);
	return rc;
}

int lock_take(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err)
{
	struct retort_arena *arena;
	const char *key;
	bool got;
	int rc;

	/* The next statement may be another session's, which would not hold it. */
	if (conn->pooled)
		return RETORT_PASS;
	arena = retort_arena_new();
	key = retort_printf(arena, "%" PRId64, lock_key(name));
	rc = try_lock(conn, key, &got, err);
	if (rc == 0 && !got)
		rc = wait_lock(conn, key, timeout_ms, err);
	retort_arena_free(arena);
	return rc;
}

int lock_release(struct retort_conn *conn, const char *name, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	const char *key = retort_printf(arena, "%" PRId64, lock_key(name));
	int rc = connection_do(conn, "SELECT pg_advisory_unlock($1::bigint)", &key, 1, err);

	retort_arena_free(arena);
	return rc;
}
