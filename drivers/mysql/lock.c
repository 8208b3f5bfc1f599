/* SPDX-License-Identifier: MIT
 *
 * The server's named lock, which goes with its connection. It is asked for in short waits, so that the
 * holder can be named and a cancelled wait ends.
 */
#include <string.h>
#include <time.h>

#include "connection.h"

enum { ONE_WAIT_MS = 1000, NAME_HOLDER_MS = 5000 /* between two words about the wait */ };

static long long clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Who holds a lock. */
struct holder {
	struct retort_arena *arena;
	const char *text;
};

static int take_holder(void *context, size_t column_count, const char *const *columns)
{
	struct holder *holder = context;

	(void)column_count;
	holder->text = retort_printf(holder->arena, "%s@%s pid %s (%s for %s s)",
		columns[1] ? columns[1] : "?", columns[2] ? columns[2] : "?", columns[0],
		columns[3] ? columns[3] : "idle", columns[4] ? columns[4] : "?");
	return 1;
}

/* Other people's connections are only seen with the privilege PROCESS: then only the number is known. */
static const char *holder_of(struct retort_conn *conn, struct retort_arena *arena, const char *name)
{
	struct holder holder = {.arena = arena};
	struct retort_error *ignored = retort_error_new();
	const char *id = NULL;

	if (connection_value(conn, "SELECT IS_USED_LOCK(?)", &name, 1, arena, &id, ignored) == 0 && id) {
		holder.text = retort_printf(arena, "pid %s", id);
		connection_query(conn,
			"SELECT ID, USER, HOST, COMMAND, TIME FROM information_schema.PROCESSLIST"
			" WHERE ID = ?",
			&id, 1, take_holder, &holder, ignored);
	}
	retort_error_free(ignored);
	return holder.text;
}

/* Waits up to so many milliseconds; *got tells whether the lock is ours. */
static int wait_once(struct retort_conn *conn, struct retort_arena *arena, const char *name, long ms,
	bool *got, struct retort_error *err)
{
	const char *params[2], *value;

	params[0] = name;
	params[1] = retort_printf(arena, "%ld.%03ld", ms / 1000, ms % 1000);
	/* MySQL takes whole seconds; + 0.0 makes a number of the text. */
	if (connection_value(conn,
		    conn->is_mariadb ? "SELECT GET_LOCK(?, ? + 0.0)" : "SELECT GET_LOCK(?, CEILING(?))",
		    params, 2, arena, &value, err))
		return -1;
	if (atomic_load(&conn->cancelled))
		return retort_fail(err, RETORT_E_INTERRUPTED, "waiting for the lock was cancelled");
	if (!value)
		return retort_fail(err, RETORT_E_SQL, "the server gave no answer to GET_LOCK");
	*got = strcmp(value, "1") == 0;
	return 0;
}

/* The loop of lock_take, in an arena of its own for each wait. */
static int wait_for(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err)
{
	long long start = clock_ms(), told = -NAME_HOLDER_MS;

	for (;;) {
		struct retort_arena *arena = retort_arena_new();
		long long waited = clock_ms() - start;
		long left = timeout_ms < 0 ? ONE_WAIT_MS : (long)(timeout_ms - waited);
		/* The first try doesn't wait: then the holder is known at once. */
		long ms = waited == 0 || told < 0 || left < 0 ? 0 : left < ONE_WAIT_MS ? left : ONE_WAIT_MS;
		const char *holder = NULL;
		bool got = false;
		int rc = wait_once(conn, arena, name, ms, &got, err);

		if (rc == 0 && !got) {
			holder = holder_of(conn, arena, name);
			waited = clock_ms() - start;
			if (timeout_ms >= 0 && waited >= timeout_ms)
				rc = retort_fail(err, RETORT_E_LOCK,
					"cannot obtain the lock within %ld ms: it is held by %s", timeout_ms,
					holder ? holder : "another connection");
			else if (waited - told >= NAME_HOLDER_MS || told < 0)
				connection_notice(conn, RETORT_NOTICE_INFO, "waiting for the lock held by %s",
					holder ? holder : "another connection");
			if (told < 0 || waited - told >= NAME_HOLDER_MS)
				told = waited;
		}
		retort_arena_free(arena);
		if (rc || got)
			return rc;
	}
}

int lock_take(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err)
{
	if (conn->cluster)
		return RETORT_PASS;
	return wait_for(conn, name, timeout_ms, err);
}

int lock_release(struct retort_conn *conn, const char *name, struct retort_error *err)
{
	return connection_exec(conn, "DO RELEASE_LOCK(?)", &name, 1, NULL, err);
}
