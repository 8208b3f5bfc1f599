/* SPDX-License-Identifier: MIT */
#include "engine/lease.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/bookkeeping.h"
#include "engine/process.h"
#include "engine/retry.h"

#define PAUSE_MS 250         /* between two tries */
#define LONGEST_STEP_MS 1000 /* how much of a waiter's patience one write may use up */
#define MOST_RELEASES 10     /* tries to free the row */

struct lease {
	struct session *session;
	const char *name, *token;
	/* the heart */
	struct retort_conn *conn; /* NULL: none could be opened; the run's own writes beat then */
	const char *beat;         /* the statement */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool stop; /* under mutex */
	atomic_bool lost;
};

static long long now_ms(void)
{
	return (long long)clock_ms();
}

/* A name for this run that no other has. */
static const char *make_token(struct retort_arena *arena)
{
	unsigned char bytes[16];
	struct retort_buf out;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		memcpy(bytes, &(long long){now_ms() * 65536 + getpid()}, sizeof(long long));
	retort_buf_init(&out, arena);
	for (size_t i = 0; i < sizeof bytes; i++)
		retort_buf_printf(&out, "%02x", bytes[i]);
	return out.data;
}

/* "user@host pid 12" for those who wait. */
static const char *holder_text(struct retort_arena *arena)
{
	return retort_printf(arena, "%s@%s pid %ld", bookkeeping_user(arena), bookkeeping_host(arena),
		(long)getpid());
}

/* The row as a waiter sees it. */
struct lease_row {
	struct retort_arena *arena;
	bool found;
	const char *token, *counter, *holder, *taken_at, *process;
};

static int take_row(void *context, size_t column_count, const char *const *columns)
{
	struct lease_row *row = context;

	if (column_count < 5)
		return 1;
	row->found = true;
	row->token = retort_strdup(row->arena, columns[0]);
	row->counter = retort_strdup(row->arena, columns[1]);
	row->holder = retort_strdup(row->arena, columns[2]);
	row->taken_at = retort_strdup(row->arena, columns[3]);
	row->process = retort_strdup(row->arena, columns[4]);
	return 1;
}

/* What the tries saw, kept from one to the next. */
struct watch {
	struct lease_row row;
	long long since;   /* when the counter was first seen as it is */
	long long written; /* when a write of ours last passed since then; 0: none has */
	long long passed;  /* for how long writes of ours have passed since then */
	bool told;
};

/* Takes a row that is free, or whose holder has ended or been still for too long: 1, or 0 where another was
 * faster. Inside a transaction. */
static int seize(struct lease *lease, const struct lease_row *row, struct retort_arena *arena,
	struct retort_error *err)
{
	struct session *session = lease->session;
	const char *table = history_table(session, arena, HISTORY_LOCK_TABLE), *sql;
	const char *params[7] = {lease->token, holder_text(arena), history_now(arena),
		process_identity(arena), lease->name, "0", "0"};
	const char *marks[7];
	long long affected = 0;

	for (size_t i = 0; i < 7; i++)
		marks[i] = bookkeeping_mark(session, arena, i + 1);
	if (!row->found) {
		sql = retort_printf(arena,
			"INSERT INTO %s (token, holder, taken_at, process, name, counter, waited) "
			"VALUES (%s, %s, %s, %s, %s, %s, %s)",
			table, marks[0], marks[1], marks[2], marks[3], marks[4], marks[5], marks[6]);
		return session_exec(session, sql, params, 7, NULL, err) < 0 ? -1 : 1;
	}
	params[5] = row->counter;
	sql = retort_printf(arena,
		"UPDATE %s SET token = %s, holder = %s, taken_at = %s, process = %s, counter = counter + 1 "
		"WHERE name = %s AND counter = %s",
		table, marks[0], marks[1], marks[2], marks[3], marks[4], marks[5]);
	if (session_exec(session, sql, params, 6, &affected, err) < 0)
		return -1;
	return affected == 1;
}

/* Leaves a trace of the wait in the row. */
static int touch(struct lease *lease, const struct lease_row *row, struct retort_arena *arena,
	struct retort_error *err)
{
	struct session *session = lease->session;

	(void)row;
	return session_exec(session,
		retort_printf(arena, "UPDATE %s SET waited = waited + 1 WHERE name = %s",
			history_table(session, arena, HISTORY_LOCK_TABLE),
			bookkeeping_mark(session, arena, 1)),
		&lease->name, 1, NULL, err);
}

/* Does one of the two above in a transaction of its own: what it returns, or 0 where that had to make way:
 * to another who put the row there first (SQLSTATE class 23 is that of broken constraints), who holds it, or
 * whose transaction the engine preferred. */
static int write_row(struct lease *lease, const struct lease_row *row,
	int (*write)(struct lease *, const struct lease_row *, struct retort_arena *, struct retort_error *),
	struct retort_arena *arena, struct retort_error *err)
{
	struct retort_error *own = retort_error_new();
	const struct retort_problem *problem;
	int ret = session_begin(lease->session, 0, own);

	if (ret == 0) {
		ret = write(lease, row, arena, own);
		if (ret < 0 || session_commit(lease->session, own) < 0) {
			session_rollback(lease->session);
			ret = -1;
		}
	}
	if (ret < 0) {
		problem = retort_error_first(own);
		if (retry_lost(own) || strncmp(problem->sqlstate, "23", 2) == 0 ||
			(problem->code == RETORT_E_LOCK && *problem->sqlstate)) {
			ret = 0;
		} else {
			retort_fail(err, problem->code, "cannot take the lease: %s", problem->message);
			retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
			retort_error_statement(err, problem->statement);
		}
	}
	retort_error_free(own);
	return ret;
}

/* Begins to watch a row that has changed. */
static void watch_row(struct watch *watch, const struct lease_row *row, struct retort_arena *arena)
{
	bool told = watch->told;

	*watch = (struct watch){
		.row = {.arena = arena,
			.found = true,
			.token = retort_strdup(arena, row->token),
			.counter = retort_strdup(arena, row->counter),
			.holder = retort_strdup(arena, row->holder ? row->holder : "?"),
			.taken_at = retort_strdup(arena, row->taken_at ? row->taken_at : "?")},
		.since = now_ms(),
		.told = told,
	};
}

/* Whether the holder of a row that stands still is to be given up. While nobody can write (a long statement
 * of the holder's own can stop a whole cluster) his heart can't beat either: so only the time in which
 * writes of ours pass counts against him, and a write that took long counts as a short one. Before that
 * he is only looked at, for every write of ours is in the way of his. */
static int outlast(struct lease *lease, struct watch *watch, const struct lease_row *row,
	struct retort_arena *arena, struct retort_error *err)
{
	long long now = now_ms(), passed;

	if (now - watch->since < LEASE_STILL_MS)
		return 0;
	if (watch->passed >= LEASE_PATIENCE_MS)
		return write_row(lease, row, seize, arena, err);
	if (write_row(lease, row, touch, arena, err) < 0)
		return -1;
	now = now_ms();
	passed = watch->written ? now - watch->written : 0;
	watch->passed += passed < LONGEST_STEP_MS ? passed : LONGEST_STEP_MS;
	watch->written = now;
	return 0;
}

/* One try: 1 taken, 0 not. */
static int try_once(struct lease *lease, struct watch *watch, struct retort_error *err)
{
	struct session *session = lease->session;
	struct retort_arena *scratch = retort_arena_new();
	struct lease_row row = {.arena = scratch};
	int ret;

	ret = session_query(session,
		retort_printf(scratch,
			"SELECT token, counter, holder, taken_at, process FROM %s WHERE name = %s",
			history_table(session, scratch, HISTORY_LOCK_TABLE),
			bookkeeping_mark(session, scratch, 1)),
		&lease->name, 1, take_row, &row, err);
	if (ret < 0) {
		ret = -1;
	} else if (!row.found || !row.token || process_has_ended(row.process)) {
		ret = write_row(lease, &row, seize, scratch, err);
	} else if (!watch->row.token || !watch->row.counter || strcmp(watch->row.token, row.token) != 0 ||
		strcmp(watch->row.counter, row.counter) != 0) {
		watch_row(watch, &row, session->arena);
	} else {
		ret = outlast(lease, watch, &row, scratch, err);
	}
	retort_arena_free(scratch);
	return ret;
}

/* Moves the counter by the heart's own connection. */
static void beat_once(struct lease *lease)
{
	const struct retort_driver *driver = lease->session->driver;
	const char *const params[] = {lease->name, lease->token};
	struct retort_error *ignored = retort_error_new();
	long long affected = -1;

	/* A write that is blocked, perhaps by our own transaction, is no loss: no other passes either. */
	if (driver->exec(lease->conn, lease->beat, params, 2, &affected, ignored) == 0 && affected == 0) {
		atomic_store(&lease->lost, true);
		if (driver->cancel)
			driver->cancel(lease->session->conn);
	}
	retort_error_free(ignored);
}

static void *heart(void *context)
{
	struct lease *lease = context;

	pthread_mutex_lock(&lease->mutex);
	while (!lease->stop) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += LEASE_BEAT_MS / 1000;
		until.tv_nsec += LEASE_BEAT_MS % 1000 * 1000000L;
		if (pthread_cond_timedwait(&lease->wake, &lease->mutex, &until) == 0 || lease->stop)
			continue;
		pthread_mutex_unlock(&lease->mutex);
		beat_once(lease);
		pthread_mutex_lock(&lease->mutex);
	}
	pthread_mutex_unlock(&lease->mutex);
	return NULL;
}

/* Starts the heart; where no second connection can be had (a database in memory) nobody else waits either. */
static void start_heart(struct lease *lease)
{
	struct session *session = lease->session;
	struct retort_error *ignored = retort_error_new();
	const char *const params[] = {lease->name, lease->token};
	long long affected = 0;

	lease->beat = retort_printf(session->arena,
		"UPDATE %s SET counter = counter + 1 WHERE name = %s AND token = %s",
		history_table(session, session->arena, HISTORY_LOCK_TABLE),
		bookkeeping_mark(session, session->arena, 1), bookkeeping_mark(session, session->arena, 2));
	if (session_second(session, &lease->conn, ignored) < 0)
		lease->conn = NULL;
	/* One beat that fails, perhaps for another's sake, is followed by others. */
	if (lease->conn)
		session->driver->exec(lease->conn, lease->beat, params, 2, &affected, ignored);
	if (lease->conn && pthread_create(&lease->thread, NULL, heart, lease) != 0) {
		session->driver->close(lease->conn);
		lease->conn = NULL;
	}
	retort_error_free(ignored);
}

/* Whether the wait has lasted as long as the settings allow. */
static bool waited_enough(const struct session *session, long long started)
{
	long limit = session->settings->lock_timeout_ms;

	return limit >= 0 && now_ms() - started >= limit;
}

int lease_take(struct session *session, const char *name, struct lease **ret, struct retort_error *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	struct lease *lease = retort_alloc(session->arena, sizeof *lease);
	long long started = now_ms();
	struct watch watch = {.since = 0};
	int taken;

	lease->session = session;
	lease->name = name;
	lease->token = make_token(session->arena);
	pthread_mutex_init(&lease->mutex, NULL);
	pthread_cond_init(&lease->wake, NULL);
	if (history_ensure_lock(session, err) < 0)
		return -1;
	while ((taken = try_once(lease, &watch, err)) == 0) {
		/* A holder that seems to be dead is waited for, however short the timeout: its work must be
		 * finished. */
		if (waited_enough(session, started) && now_ms() - watch.since < LEASE_STILL_MS)
			return retort_fail(err, RETORT_E_LOCK, "the lock is held by %s since %s",
				watch.row.holder, watch.row.taken_at);
		if (!watch.told && watch.row.holder) {
			session_log(session, LOG_INFO_LEVEL, "retort.lock",
				"waiting for the lock held by %s since %s", watch.row.holder,
				watch.row.taken_at);
			watch.told = true;
		}
		if (session_interrupted(session, err) < 0)
			return -1;
		nanosleep(&pause, NULL);
	}
	if (taken < 0)
		return -1;
	start_heart(lease);
	*ret = lease;
	return 0;
}

int lease_renew(struct lease *lease, struct retort_error *err)
{
	const char *const params[] = {lease->name, lease->token};
	long long affected = -1;

	if (atomic_load(&lease->lost))
		return retort_fail(err, RETORT_E_LOCK, "the lock was taken over by another run");
	if (session_exec(lease->session, lease->beat, params, 2, &affected, err) < 0)
		return -1;
	return affected == 0 ? retort_fail(err, RETORT_E_LOCK, "the lock was taken over by another run") : 0;
}

void lease_release(struct lease *lease)
{
	struct session *session = lease->session;
	struct retort_error *ignored = retort_error_new();
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L / 10};
	const char *const params[] = {lease->name, lease->token};
	const char *sql;

	if (lease->conn) {
		pthread_mutex_lock(&lease->mutex);
		lease->stop = true;
		pthread_cond_signal(&lease->wake);
		pthread_mutex_unlock(&lease->mutex);
		if (session->driver->cancel)
			session->driver->cancel(lease->conn);
		pthread_join(lease->thread, NULL);
		session->driver->close(lease->conn);
	}
	sql = retort_printf(session->arena,
		"UPDATE %s SET token = NULL, holder = NULL, counter = counter + 1 WHERE name = %s "
		"AND token = %s",
		history_table(session, session->arena, HISTORY_LOCK_TABLE),
		bookkeeping_mark(session, session->arena, 1), bookkeeping_mark(session, session->arena, 2));
	for (int i = 0; i < MOST_RELEASES; i++) {
		retort_error_clear(ignored);
		if (session_exec(session, sql, params, 2, NULL, ignored) == 0 || !retry_lost(ignored))
			break;
		nanosleep(&pause, NULL);
	}
	pthread_cond_destroy(&lease->wake);
	pthread_mutex_destroy(&lease->mutex);
	retort_error_free(ignored);
}
