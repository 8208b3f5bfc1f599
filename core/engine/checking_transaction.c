/* SPDX-License-Identifier: MIT
 *
 * Transactions, locks, and statements that are cancelled.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "engine/checking.h"

#define ROWS                                                                                                 \
	"- create_table: {name: retort_check_a, columns: {id: {type: bigint, primary_key: true}}}\n"         \
	"- insert_rows: {table: retort_check_a, columns: [id], rows: [[1], [2]]}\n"
#define FAMILY                                                                                               \
	ROWS "- create_table: {name: retort_check_b, columns: {id: {type: bigint, references: "              \
	     "retort_check_a(id), on_delete: cascade}}}\n"                                                   \
	     "- insert_rows: {table: retort_check_b, columns: [id], rows: [[1], [2]]}\n"
#define COUNT_A "SELECT count(*) FROM [retort_check_a]"
#define COUNT_B "SELECT count(*) FROM [retort_check_b]"

static const char *const state_words[] =
	{[RETORT_TX_IDLE] = "idle", [RETORT_TX_ACTIVE] = "active", [RETORT_TX_FAILED] = "failed"};

/* Where the driver tells it, the state must be this. */
static int check_state(struct checking *checking, enum retort_tx_state expected, const char *when)
{
	bool known;
	enum retort_tx_state state = session_state(checking->session, &known);

	if (!known || state == expected)
		return 0;
	return check_fault(checking, "%s the transaction state is %s, not %s", when,
		(size_t)state < sizeof state_words / sizeof *state_words ? state_words[state] : "unknown",
		state_words[expected]);
}

static int begin(struct checking *checking, unsigned flags)
{
	return session_begin(checking->session, flags, checking->err);
}

/* A rollback that tells what fails. */
static int rollback(struct checking *checking)
{
	struct session *session = checking->session;

	if (session->driver->rollback)
		return session->driver->rollback(session->conn, checking->err);
	return session_exec(session, "ROLLBACK", NULL, 0, NULL, checking->err);
}

static int commits(struct checking *checking)
{
	struct session *session = checking->session;

	if (check_ops(checking, NULL, ROWS) < 0 || check_state(checking, RETORT_TX_IDLE, "at first") < 0 ||
		begin(checking, 0) < 0 || check_state(checking, RETORT_TX_ACTIVE, "after begin") < 0 ||
		check_exec(checking, session, "INSERT INTO [retort_check_a] VALUES (3)", NULL, 0) < 0 ||
		check_state(checking, RETORT_TX_ACTIVE, "after a statement") < 0 ||
		session_commit(session, checking->err) < 0 ||
		check_state(checking, RETORT_TX_IDLE, "after commit") < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "3");
}

static int rolls_back(struct checking *checking)
{
	struct session *session = checking->session;

	if (check_ops(checking, NULL, ROWS) < 0 || begin(checking, 0) < 0 ||
		check_exec(checking, session, "DELETE FROM [retort_check_a]", NULL, 0) < 0 ||
		check_answer(checking, session, COUNT_A, "0") < 0 || rollback(checking) < 0 ||
		check_state(checking, RETORT_TX_IDLE, "after rollback") < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "2");
}

static int isolated(struct checking *checking)
{
	struct session *other;

	if (check_ops(checking, NULL, ROWS) < 0 ||
		check_shared(checking, "retort_check_a", 1000, &other) < 0 || begin(checking, 0) < 0 ||
		check_exec(checking, checking->session, "DELETE FROM [retort_check_a]", NULL, 0) < 0 ||
		check_answer(checking, other, COUNT_A, "2") < 0 ||
		session_commit(checking->session, checking->err) < 0)
		return -1;
	return check_answer(checking, other, COUNT_A, "0");
}

/* After a statement that fails the transaction is still there to be rolled back. */
static int failing_statement(struct checking *checking)
{
	const struct retort_problem *problem;
	struct session *session = checking->session;
	enum retort_tx_state state;
	bool known;

	if (check_ops(checking, NULL, ROWS) < 0 || begin(checking, 0) < 0 ||
		check_exec(checking, session, "INSERT INTO [retort_check_a] VALUES (3)", NULL, 0) < 0 ||
		check_refused(checking, session, "INSERT INTO [retort_check_nowhere] VALUES (3)", &problem) <
			0)
		return -1;
	state = session_state(session, &known);
	if (known && state == RETORT_TX_IDLE)
		return check_fault(checking, "a failing statement ended the transaction");
	if (rollback(checking) < 0 || check_state(checking, RETORT_TX_IDLE, "after rollback") < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "2");
}

/* Several statements at once: each tells its rows, and those after one that fails are not run. */
static int several(struct checking *checking)
{
	static const char *const ids[] = {"1", "3", "4", "5"};
	struct session *session = checking->session;
	struct retort_command commands[] = {
		{check_sql(checking, "DELETE FROM [retort_check_a] WHERE [id] >= {1}"), &ids[0], 1},
		{check_sql(checking, "INSERT INTO [retort_check_a] VALUES ({1})"), &ids[1], 1},
		{check_sql(checking, "DELETE FROM [retort_check_a] WHERE [id] = {1}"), &ids[3], 1},
		{check_sql(checking, "INSERT INTO [retort_check_a] VALUES ({1})"), &ids[2], 1},
	};
	const char *broken = check_sql(checking, "INSERT INTO [retort_check_nowhere] VALUES ({1})");
	long long affected[4] = {-2, -2, -2, -2};
	const struct retort_problem *problem;
	struct retort_error *err;
	int ret;

	if (check_ops(checking, NULL, ROWS) < 0 || begin(checking, 0) < 0 ||
		session_exec_all(session, commands, 4, affected, checking->err) < 0 ||
		session_commit(session, checking->err) < 0)
		return -1;
	if (affected[0] != 2 || affected[1] != 1 || affected[2] != 0 || affected[3] != 1)
		return check_fault(checking, "rows changed: %lld, %lld, %lld, %lld, not 2, 1, 0, 1",
			affected[0], affected[1], affected[2], affected[3]);
	commands[2].sql = broken;
	commands[3].params = &ids[3];
	if (begin(checking, 0) < 0)
		return -1;
	err = retort_error_new();
	ret = session_exec_all(session, commands + 2, 2, affected, err);
	problem = retort_error_first(err);
	if (ret == 0 || !problem || !problem->statement || strcmp(problem->statement, broken) != 0)
		ret = check_fault(checking, "a statement that fails among several is not told");
	else
		ret = 0;
	retort_error_free(err);
	if (ret < 0 || rollback(checking) < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "2");
}

static int schema_rolls_back(struct checking *checking)
{
	struct retort_schema *before, *after;
	struct session *session = checking->session;

	if (check_needs(checking, RETORT_CAP_TX_DDL) < 0 || check_ops(checking, NULL, ROWS) < 0 ||
		check_inspect(checking, &before) < 0 || begin(checking, 0) < 0 ||
		check_exec(checking, session, "CREATE TABLE [retort_check_c] ([x] INTEGER)", NULL, 0) < 0 ||
		check_exec(checking, session, "DROP TABLE [retort_check_a]", NULL, 0) < 0 ||
		check_state(checking, RETORT_TX_ACTIVE, "after CREATE TABLE") < 0 || rollback(checking) < 0 ||
		check_inspect(checking, &after) < 0 ||
		check_unchanged(checking, before, after, "after a rollback") < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "2");
}

/* Closing with a transaction open keeps nothing of it. */
static int closed_unfinished(struct checking *checking)
{
	struct session *other;

	if (check_ops(checking, NULL, ROWS) < 0 ||
		check_shared(checking, "retort_check_a", 1000, &other) < 0 ||
		session_begin(other, 0, checking->err) < 0 ||
		check_exec(checking, other, "DELETE FROM [retort_check_a]", NULL, 0) < 0)
		return -1;
	session_close(other);
	return check_answer(checking, checking->session, COUNT_A, "2");
}

static int read_only(struct checking *checking)
{
	struct session *session = checking->session;

	if (check_ops(checking, NULL, ROWS) < 0 || begin(checking, RETORT_TX_READ_ONLY) < 0 ||
		check_answer(checking, session, COUNT_A, "2") < 0 ||
		session_commit(session, checking->err) < 0 ||
		check_state(checking, RETORT_TX_IDLE, "after a read-only transaction") < 0 ||
		check_exec(checking, session, "INSERT INTO [retort_check_a] VALUES (3)", NULL, 0) < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "3");
}

/* In a rebuild foreign keys don't act, broken ones stop the commit, and afterwards they act again. */
static int rebuild(struct checking *checking)
{
	struct retort_error *ignored;
	struct session *session = checking->session;
	int ret;

	if (check_needs(checking, RETORT_CAP_EDITS_DEFINITION) < 0) {
		return check_skip(checking, "the dialect rebuilds no tables");
	}
	if (check_ops(checking, NULL, FAMILY) < 0 || begin(checking, RETORT_TX_REBUILD) < 0 ||
		check_exec(checking, session, "DELETE FROM [retort_check_a] WHERE [id] = 1", NULL, 0) < 0 ||
		check_answer(checking, session, COUNT_B, "2") < 0 ||
		check_exec(checking, session, "INSERT INTO [retort_check_a] VALUES (1)", NULL, 0) < 0 ||
		session_commit(session, checking->err) < 0 || begin(checking, RETORT_TX_REBUILD) < 0 ||
		check_exec(checking, session, "DELETE FROM [retort_check_a] WHERE [id] = 1", NULL, 0) < 0)
		return -1;
	ignored = retort_error_new();
	ret = session_commit(session, ignored);
	retort_error_free(ignored);
	if (ret == 0)
		return check_fault(checking, "a rebuild that breaks a foreign key was committed");
	if (rollback(checking) < 0 || check_answer(checking, session, COUNT_A, "2") < 0 ||
		check_exec(checking, session, "DELETE FROM [retort_check_a] WHERE [id] = 1", NULL, 0) < 0)
		return -1;
	return check_answer(checking, session, COUNT_B, "1");
}

/* begin waits for another writer, no longer than it was told. */
static int begin_excludes(struct checking *checking)
{
	struct retort_error *err;
	struct session *other;
	enum retort_code code;
	double start;
	int ret;

	if (check_needs(checking, RETORT_CAP_TX_LOCK) < 0)
		return check_skip(checking, "begin doesn't exclude other writers");
	if (check_ops(checking, NULL, ROWS) < 0 ||
		check_shared(checking, "retort_check_a", 300, &other) < 0 || begin(checking, 0) < 0)
		return -1;
	err = retort_error_new();
	start = clock_ms();
	ret = session_begin(other, 0, err);
	code = retort_error_first(err) ? retort_error_first(err)->code : RETORT_E_INTERNAL;
	retort_error_free(err);
	if (ret == 0)
		return check_fault(checking, "two connections have begun at once");
	if (code != RETORT_E_LOCK)
		return check_fault(checking, "expected the code lock, found %s", retort_code_name(code));
	if (clock_ms() - start < 200)
		return check_fault(checking, "begin did not wait for lock_timeout");
	if (session_commit(checking->session, checking->err) < 0 ||
		session_begin(other, 0, checking->err) < 0)
		return -1;
	session_rollback(other);
	return 0;
}

/* ---- locks ---- */

/* Tries to get the lock; RETORT_OK, RETORT_PASS, or RETORT_FAIL where it is held; else a fault. */
static int take(struct checking *checking, struct session *session, const char *name, long timeout_ms,
	int expected)
{
	static const char *const words[] = {"was refused", "was obtained",
		"is none of the driver's (RETORT_PASS)"};
	struct retort_error *err = retort_error_new();
	int ret = session->driver->lock(session->conn, name, timeout_ms, err);
	const struct retort_problem *problem = retort_error_first(err);
	int fault = 0;

	if (ret == RETORT_PASS && expected == RETORT_OK)
		fault = check_skip(checking, "the connection can't hold a lock: the host keeps a lease");
	else if (ret == RETORT_FAIL && (!problem || problem->code != RETORT_E_LOCK))
		fault = check_fault(checking, "expected the code lock, found %s",
			problem ? problem->message : "a failure without an error");
	else if (ret != expected)
		fault = check_fault(checking, "the lock %s after waiting %ld ms at most",
			ret >= RETORT_FAIL && ret <= RETORT_PASS ? words[ret + 1] : "gave an unknown answer",
			timeout_ms);
	retort_error_free(err);
	return fault;
}

static int lock_excludes(struct checking *checking)
{
	static const char name[] = CONFORMANCE_PREFIX "lock", another[] = CONFORMANCE_PREFIX "lock 2 'x'";
	const struct retort_driver *driver = checking->session->driver;
	struct session *one, *two;
	double start;

	if (!driver->lock || !driver->unlock)
		return check_skip(checking,
			"the driver has no lock: the host keeps a lease or relies on begin");
	if (check_ops(checking, NULL, ROWS) < 0 || check_shared(checking, "retort_check_a", 1000, &one) < 0 ||
		check_shared(checking, "retort_check_a", 1000, &two) < 0 ||
		take(checking, one, name, 0, RETORT_OK) < 0 || take(checking, two, name, 0, RETORT_FAIL) < 0)
		return -1;
	start = clock_ms();
	if (take(checking, two, name, 400, RETORT_FAIL) < 0)
		return -1;
	if (clock_ms() - start < 250)
		return check_fault(checking, "the lock was refused without waiting for its timeout");
	if (clock_ms() - start > 5000)
		return check_fault(checking, "the wait of 400 ms took %.0f ms", clock_ms() - start);
	if (take(checking, two, another, 0, RETORT_OK) < 0 ||
		driver->unlock(one->conn, name, checking->err) < 0 ||
		take(checking, two, name, 0, RETORT_OK) < 0 || take(checking, one, name, 0, RETORT_FAIL) < 0)
		return -1;
	session_close(two);
	return take(checking, one, name, 3000, RETORT_OK) < 0 ||
			driver->unlock(one->conn, name, checking->err) < 0
		? -1
		: check_answer(checking, one, COUNT_A, "2");
}

/* ---- cancelling ---- */

enum { BULK = 300, CANCEL_AFTER_MS = 300, TOO_LONG_MS = 20000 };

struct canceller {
	const struct retort_driver *driver;
	struct retort_conn *conn;
	atomic_bool done;
};

static void *cancel_later(void *context)
{
	struct canceller *canceller = context;
	const struct timespec pause = {.tv_nsec = CANCEL_AFTER_MS * 1000000L};

	nanosleep(&pause, NULL);
	/* A cancel that comes just before the statement is lost: try again. */
	for (int i = 0; i < 10 && !atomic_load(&canceller->done); i++) {
		canceller->driver->cancel(canceller->conn);
		for (int wait = 0; wait < 10 && !atomic_load(&canceller->done); wait++)
			nanosleep(&pause, NULL);
	}
	return NULL;
}

static int ignore_row(void *context, size_t column_count, const char *const *columns)
{
	(void)context;
	(void)column_count;
	(void)columns;
	return 0;
}

/* Runs what would take long while another thread cancels it. */
static int run_cancelled(struct checking *checking, const char *sql)
{
	struct session *session = checking->session;
	struct canceller canceller = {.driver = session->driver, .conn = session->conn};
	double start = clock_ms();
	pthread_t thread;
	int ret;

	if (pthread_create(&thread, NULL, cancel_later, &canceller) != 0)
		return check_fault(checking, "cannot start a thread");
	ret = session_query(session, sql, NULL, 0, ignore_row, NULL, checking->err);
	atomic_store(&canceller.done, true);
	pthread_join(thread, NULL);
	if (ret == 0 && clock_ms() - start < TOO_LONG_MS)
		return check_fault(checking, "the statement ended without an error");
	if (ret == 0 || clock_ms() - start > TOO_LONG_MS)
		return check_fault(checking, "the statement went on for %.0f ms", clock_ms() - start);
	if (retort_error_first(checking->err)->code != RETORT_E_INTERRUPTED)
		return check_fault(checking, "expected the code interrupted, found %s",
			check_error_text(checking));
	retort_error_clear(checking->err);
	return 0;
}

static int cancels(struct checking *checking)
{
	static const char slow[] =
		"SELECT count(*) FROM [retort_check_a] [p], [retort_check_a] [q], "
		"[retort_check_a] [r], [retort_check_a] [s] WHERE [p].[id] + [q].[id] + [r].[id] + "
		"[s].[id] < 0";
	struct session *session = checking->session;

	if (!session->driver->cancel)
		return check_skip(checking, "the driver has no cancel");
	if (check_ops(checking, NULL, ROWS) < 0 || begin(checking, 0) < 0)
		return -1;
	for (int i = 3; i <= BULK; i++)
		if (check_exec(checking, session,
			    retort_printf(checking->arena, "INSERT INTO [retort_check_a] VALUES (%d)", i),
			    NULL, 0) < 0)
			return -1;
	if (session_commit(session, checking->err) < 0 ||
		run_cancelled(checking, check_sql(checking, slow)) < 0 ||
		check_answer(checking, session, COUNT_A, "300") < 0)
		return -1;
	/* and within a transaction, which can then be rolled back */
	if (begin(checking, 0) < 0 ||
		check_exec(checking, session, "DELETE FROM [retort_check_a] WHERE [id] = 1", NULL, 0) < 0 ||
		run_cancelled(checking, check_sql(checking, slow)) < 0 || rollback(checking) < 0)
		return -1;
	return check_answer(checking, session, COUNT_A, "300");
}

const struct check checks_transaction[] = {
	{"transaction/commits", commits, NULL},
	{"transaction/rolls_back", rolls_back, NULL},
	{"transaction/isolated", isolated, NULL},
	{"transaction/failing_statement", failing_statement, NULL},
	{"transaction/several", several, NULL},
	{"transaction/schema_rolls_back", schema_rolls_back, NULL},
	{"transaction/closed_unfinished", closed_unfinished, NULL},
	{"transaction/read_only", read_only, NULL},
	{"transaction/rebuild", rebuild, NULL},
	{"transaction/begin_excludes", begin_excludes, NULL},
	{"lock/excludes", lock_excludes, NULL},
	{"cancel/long_statement", cancels, NULL},
	{NULL, NULL, NULL},
};
