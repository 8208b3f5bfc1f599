/* SPDX-License-Identifier: MIT
 *
 * Runs on a real database: many at once, killed at any moment, half done and resumed.
 */
#include "engine_project.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define PROCESSES 16
#define CHAIN 25

/* t0 ... each with a table, rows in it, and a row in a shared counter table. */
static void put_chain(const struct engine_project *at, size_t n)
{
	struct retort_arena *scratch = retort_arena_new();

	for (size_t i = 0; i < n; i++)
		put_revision(at, retort_printf(scratch, "r%03zu", i),
			i ? retort_printf(scratch, "r%03zu", i - 1) : "null",
			retort_printf(scratch,
				"upgrade:\n%s"
				"  - create_table: {name: t%zu, columns: {id: {type: integer, primary_key: "
				"true}, x: text}}\n"
				"  - insert_rows: {table: t%zu, rows: [{id: 1, x: a}, {id: 2, x: b}]}\n"
				"  - execute: {sql: INSERT INTO seen (n) VALUES (%zu), reverse: []}\n",
				i ? "" : "  - create_table: {name: seen, columns: {n: integer}}\n", i, i, i));
	retort_arena_free(scratch);
}

/* Everything of a chain is there exactly once. */
static void assert_chain(struct engine_project *at, size_t n)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *count = retort_printf(scratch, "%zu", n);

	assert_query(at, "SELECT version_num FROM retort_version", retort_printf(scratch, "r%03zu", n - 1));
	assert_query(at, "SELECT count(*) FROM seen", count);
	assert_query(at, "SELECT count(DISTINCT n) FROM seen", count);
	assert_query(at, "SELECT count(*) FROM retort_history WHERE state = 'done'", count);
	assert_query(at, "SELECT count(DISTINCT revision) FROM retort_history WHERE state = 'done'", count);
	assert_query(at, "SELECT count(*) FROM retort_history WHERE state <> 'done'", "0");
	for (size_t i = 0; i < n; i++)
		assert_query(at, retort_printf(scratch, "SELECT count(*) FROM t%zu", i), "2");
	assert_query(at, "PRAGMA integrity_check", "ok");
	retort_arena_free(scratch);
}

/* In a child: one upgrade to head; exits with 0, or 1 after telling why. */
static void run_child(struct engine_project *at)
{
	int ret;

	/* a failed assertion ends the child: it must not go on with the tests, which make children too */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	ret = run_kept(at, DIRECTION_UPGRADE, "head", NULL);
	if (ret < 0)
		fprintf(stderr, "child: %s\n", retort_error_first(at->err)->message);
	close_project(at);
	_exit(ret < 0);
}

static void run_many(const char *extra, const char *pragma)
{
	struct engine_project at;
	pid_t pids[PROCESSES];
	int status;

	make_project(&at, extra);
	put_chain(&at, CHAIN);
	if (pragma) {
		open_project(&at, false);
		assert_int_equal(session_create(at.session, at.err), 0);
		session_exec(at.session, pragma, NULL, 0, NULL, NULL);
		close_project(&at);
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			run_child(&at);
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	assert_chain(&at, CHAIN);
	drop_project(&at);
}

static void test_sixteen_at_once(void **state)
{
	(void)state;
	run_many("", NULL);
}

static void test_sixteen_at_once_wal(void **state)
{
	(void)state;
	run_many("", "PRAGMA journal_mode = WAL");
}

static void test_sixteen_at_once_all(void **state)
{
	(void)state;
	run_many("transaction = all\n", NULL);
}

static void test_sixteen_at_once_lease(void **state)
{
	(void)state;
	run_many("transaction = none\n", NULL);
}

/* kill -9 at any moment: what is run again finishes, and nothing is doubled or lost. */
static void run_killed(const char *extra)
{
	struct engine_project at;
	unsigned kills = 0;
	int status = 0;

	make_project(&at, extra);
	put_chain(&at, CHAIN);
	for (long pause = 300000; kills < 200; pause += 700000) {
		const struct timespec wait = {.tv_nsec = pause % 40000000};
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			run_child(&at);
		nanosleep(&wait, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status))
			break;
		kills++;
	}
	assert_true(kills > 3);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_chain(&at, CHAIN);
	drop_project(&at);
}

static void test_killed(void **state)
{
	(void)state;
	run_killed("");
}

/* ---- half-done steps ---- */

static const char half[] =
	"transaction: none\n"
	"upgrade:\n"
	"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}, x: text}}\n"
	"  - insert_rows: {table: one, rows: [{id: 1, x: a}, {id: 2, x: b}, {id: 3, x: c}]}\n"
	"  - execute: {sql: INSERT INTO missing VALUES (1), reverse: []}\n"
	"  - create_table: {name: two, columns: {id: {type: integer, primary_key: true}}}\n";

static void test_half_done_is_told(void **state)
{
	struct engine_project at;
	const struct retort_problem *problem;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	problem = retort_error_first(at.err);
	assert_int_equal(problem->code, RETORT_E_SQL);
	assert_int_equal(problem->line, 8);
	assert_string_equal(problem->revision, "a");
	assert_string_equal(problem->statement, "INSERT INTO missing VALUES (1)");
	assert_true(strncmp(problem->message, "operation 3 of 4: cannot execute", 32) == 0);
	assert_string_equal(at.result.failed, "a");
	assert_string_equal(at.result.stands, "operations 1-2 are done and recorded");
	assert_int_equal(at.result.kept_count, 0);
	assert_int_equal(at.result.next_count, 2);
	close_project(&at);
	assert_query(&at, "SELECT state || done || statements FROM retort_history", "running24");
	assert_query(&at, "SELECT count(*) FROM retort_version", "0");
	drop_project(&at);
}

static void test_half_done_is_resumed(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	put_revision(&at, "a", "null",
		"transaction: none\n"
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}, x: text}}\n"
		"  - insert_rows: {table: one, rows: [{id: 1, x: a}, {id: 2, x: b}, {id: 3, x: c}]}\n"
		"  - create_table: {name: three, columns: {id: {type: integer, primary_key: true}}}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	assert_query(&at, "SELECT group_concat(id) FROM one", "1,2,3");
	assert_query(&at, "SELECT count(*) FROM three", "0");
	assert_query(&at, "SELECT count(*) FROM sqlite_master WHERE name = 'two'", "0");
	assert_query(&at, "SELECT count(*) || min(state) || max(done) FROM retort_history", "1done3");
	drop_project(&at);
}

static void test_edited_done_part_is_refused(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	put_revision(&at, "a", "null",
		"transaction: none\n"
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}, x: "
		"string(9)}}\n"
		"  - insert_rows: {table: one, rows: [{id: 1, x: a}, {id: 2, x: b}, {id: 3, x: c}]}\n");
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_STATE);
	assert_non_null(strstr(retort_error_first(at.err)->message, "edited"));
	close_project(&at);
	assert_query(&at, "SELECT state || done FROM retort_history", "running2");
	drop_project(&at);
}

static void test_half_done_is_undone(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	assert_int_equal(run_to(&at, DIRECTION_DOWNGRADE, "base"), -1);
	assert_int_equal(run_to(&at, DIRECTION_DOWNGRADE, "-1"), 0);
	assert_query(&at, "SELECT count(*) FROM sqlite_master WHERE name IN ('one', 'two')", "0");
	assert_query(&at,
		"SELECT group_concat(direction || state, ' ') FROM (SELECT * FROM retort_history ORDER BY "
		"id)",
		"upgradeundone downgradedone");
	assert_query(&at, "SELECT count(*) FROM retort_version", "0");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	drop_project(&at);
}

static void test_stamp_declares(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	assert_int_equal(run_to(&at, DIRECTION_STAMP, "head"), 0);
	assert_query(&at, "SELECT state FROM retort_history WHERE direction = 'upgrade'", "done");
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	assert_int_equal(run_to(&at, DIRECTION_STAMP, "base"), 0);
	assert_int_equal(run_to(&at, DIRECTION_STAMP, "base"), 0);
	assert_query(&at, "SELECT count(*) FROM retort_version", "0");
	drop_project(&at);
}

static void test_stamp_base_declares_undone(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", half);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	assert_int_equal(run_to(&at, DIRECTION_STAMP, "base"), 0);
	assert_query(&at, "SELECT state FROM retort_history WHERE direction = 'upgrade'", "undone");
	drop_project(&at);
}

/* A killed process between intent and done: what the catalog shows decides. */
static void plant_intent(struct engine_project *at, const char *sql, const char *then)
{
	open_project(at, false);
	assert_int_equal(session_exec(at->session, sql, NULL, 0, NULL, at->err), 0);
	if (then)
		assert_int_equal(session_exec(at->session, then, NULL, 0, NULL, at->err), 0);
	close_project(at);
}

static const char doubtful[] =
	"transaction: none\n"
	"upgrade:\n"
	"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}}}\n"
	"  - execute: {sql: INSERT INTO missing VALUES (1), reverse: []}\n"
	"  - add_column: {table: one, name: x, type: text}\n";

/* The history as it is when the process died after an intent for statement 0. */
static const char intent_absent[] = "UPDATE retort_history SET done = 0, intent = "
				    "'{\"statement\":0,\"sql\":\"\",\"objects\":{\"table one\":\"absent\"}}'";

static const char repaired[] =
	"transaction: none\n"
	"upgrade:\n"
	"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}}}\n"
	"  - add_column: {table: one, name: x, type: text}\n";

static void test_doubt_after_value_is_done(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", doubtful);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	plant_intent(&at, intent_absent, NULL);
	put_revision(&at, "a", "null", repaired);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('one')", "id,x");
	drop_project(&at);
}

static void test_doubt_unchanged_is_run_again(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", doubtful);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	plant_intent(&at, intent_absent, "DROP TABLE one");
	put_revision(&at, "a", "null", repaired);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('one')", "id,x");
	drop_project(&at);
}

static void test_doubt_else_is_a_persons(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", doubtful);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	plant_intent(&at, intent_absent, "DROP TABLE one");
	plant_intent(&at, "CREATE TABLE one (other TEXT)", NULL);
	put_revision(&at, "a", "null", repaired);
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_STATE);
	assert_non_null(strstr(retort_error_first(at.err)->message, "--resume"));
	assert_non_null(strstr(retort_error_first(at.err)->message, "one"));
	close_project(&at);
	plant_intent(&at, "DROP TABLE one", NULL);
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", "redo"), 0);
	close_project(&at);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('one')", "id,x");
	drop_project(&at);
}

/* An operation of two statements, of which the second never ran: the first is judged by what it makes itself.
 */
static void test_doubt_of_a_part_is_done(void **state)
{
	static const char indexed[] =
		"transaction: none\n"
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}, x: text}, "
		"indexes: {ix_one: {columns: [x]}}}\n";
	struct retort_arena *scratch = retort_arena_new();
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null",
		retort_printf(scratch, "%s%s", indexed,
			"  - execute: {sql: INSERT INTO missing VALUES (1), reverse: []}\n"));
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	plant_intent(&at, intent_absent, "DROP INDEX ix_one");
	put_revision(&at, "a", "null", indexed);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT group_concat(name) FROM sqlite_schema WHERE tbl_name = 'one' AND sql > ''",
		"one,ix_one");
	drop_project(&at);
	retort_arena_free(scratch);
}

/* A batch goes on after the last key that was marked. */
static void test_batch_resumes(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}, x: "
		"integer}}\n"
		"  - insert_rows: {table: one, columns: [id, x], rows: [[1, 0], [2, 0], [3, 0], [4, 0], [5, "
		"0], [6, 0], [7, 0]]}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	put_revision(&at, "b", "a",
		"upgrade:\n"
		"  - update_rows: {table: one, set: {x: {expression: x + 1}}, where: all, batch: 2, reverse: "
		"[]}\n"
		"  - execute: {sql: INSERT INTO missing VALUES (1), reverse: []}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	assert_query(&at, "SELECT group_concat(x) FROM one", "1,1,1,1,1,1,1");
	plant_intent(&at,
		"UPDATE retort_history SET done = 0, intent = "
		"'{\"statement\":0,\"after\":[\"4\"],\"rows\":4}' "
		"WHERE state = 'running'",
		"UPDATE one SET x = 0 WHERE id > 4");
	put_revision(&at, "b", "a",
		"upgrade:\n"
		"  - update_rows: {table: one, set: {x: {expression: x + 1}}, where: all, batch: 2, reverse: "
		"[]}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT group_concat(x) FROM one", "1,1,1,1,1,1,1");
	assert_query(&at, "SELECT version_num FROM retort_version", "b");
	drop_project(&at);
}

static void test_killed_none(void **state)
{
	(void)state;
	run_killed("transaction = none\n");
}

/* A program of the team's own: it is told the URL, and runs outside of any transaction. */
static void test_program(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: integer}}\n"
		"  - run: {command: [sh, -c, 'sqlite3 \"${RETORT_URL#sqlite:///}\" \"INSERT INTO one VALUES "
		"($N)\"'],"
		" env: {N: \"42\"}, reverse: []}\n"
		"  - run: {command: [sh, -c, exit 3], reverse: []}\n");
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	assert_non_null(strstr(retort_error_first(at.err)->message, "operation 3 of 3"));
	assert_non_null(strstr(retort_error_first(at.err)->message, "exit status 3"));
	close_project(&at);
	assert_query(&at, "SELECT group_concat(id) FROM one", "42");
	drop_project(&at);
}

/* A view that a step would leave broken rolls it back; one that was broken before, or is dropped, does not.
 */
static void test_views(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: integer, x: text}}\n"
		"  - create_table: {name: two, columns: {id: integer}}\n"
		"  - execute: {sql: CREATE VIEW v AS SELECT id FROM one, reverse: []}\n"
		"  - execute: {sql: CREATE VIEW broken AS SELECT id FROM nowhere, reverse: []}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	put_revision(&at, "b", "a", "upgrade:\n  - drop_table: two\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	put_revision(&at, "c", "b", "upgrade:\n  - drop_table: one\n");
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	assert_non_null(strstr(retort_error_first(at.err)->message, "view 'v' worked before"));
	close_project(&at);
	assert_query(&at, "SELECT count(*) FROM one", "0");
	put_revision(&at, "c", "b",
		"upgrade:\n  - execute: {sql: DROP VIEW v, reverse: []}\n  - drop_table: one\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	drop_project(&at);
}

/* A downgrade of several transactions that stopped half-way goes on where it was. */
static void test_half_done_downgrade(void **state)
{
	static const char up[] =
		"transaction: none\n"
		"upgrade:\n"
		"  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}}}\n"
		"  - create_table: {name: two, columns: {id: {type: integer, primary_key: true}}}\n"
		"downgrade:\n"
		"  - drop_table: two\n";
	struct engine_project at;
	char body[600];

	(void)state;
	make_project(&at, "");
	snprintf(body, sizeof body,
		"%s  - execute: {sql: INSERT INTO missing VALUES (1)}\n  - drop_table: one\n", up);
	put_revision(&at, "a", "null", body);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_int_equal(run_to(&at, DIRECTION_DOWNGRADE, "base"), -1);
	assert_query(&at, "SELECT group_concat(name) FROM sqlite_master WHERE name IN ('one', 'two')", "one");
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), -1);
	snprintf(body, sizeof body, "%s  - drop_table: one\n", up);
	put_revision(&at, "a", "null", body);
	assert_int_equal(run_to(&at, DIRECTION_DOWNGRADE, "-1"), 0);
	assert_query(&at, "SELECT count(*) FROM sqlite_master WHERE name IN ('one', 'two')", "0");
	assert_query(&at, "SELECT count(*) FROM retort_version", "0");
	assert_query(&at, "SELECT count(*) FROM retort_history WHERE state = 'running'", "0");
	drop_project(&at);
}

/* Interrupted between two statements: rolled back, told as such, and run again from there. */
static int interrupt_at_third(void *context)
{
	return ++*(int *)context > 3;
}

static void test_interrupted(void **state)
{
	struct engine_project at;
	int asked = 0;

	(void)state;
	make_project(&at, "");
	put_chain(&at, 1);
	at.observer.context = &asked;
	at.observer.interrupted = interrupt_at_third;
	assert_int_equal(run_kept(&at, DIRECTION_UPGRADE, "head", NULL), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_INTERRUPTED);
	close_project(&at);
	assert_query(&at, "SELECT count(*) FROM sqlite_master WHERE name IN ('seen', 't0')", "0");
	assert_query(&at, "SELECT state FROM retort_history", "failed");
	at.observer.interrupted = NULL;
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT count(*) FROM seen", "1");
	drop_project(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_done_is_told),
		cmocka_unit_test(test_half_done_is_resumed),
		cmocka_unit_test(test_edited_done_part_is_refused),
		cmocka_unit_test(test_half_done_is_undone),
		cmocka_unit_test(test_stamp_declares),
		cmocka_unit_test(test_stamp_base_declares_undone),
		cmocka_unit_test(test_doubt_after_value_is_done),
		cmocka_unit_test(test_doubt_unchanged_is_run_again),
		cmocka_unit_test(test_doubt_else_is_a_persons),
		cmocka_unit_test(test_doubt_of_a_part_is_done),
		cmocka_unit_test(test_batch_resumes),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_half_done_downgrade),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_sixteen_at_once),
		cmocka_unit_test(test_sixteen_at_once_wal),
		cmocka_unit_test(test_sixteen_at_once_all),
		cmocka_unit_test(test_sixteen_at_once_lease),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_killed_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
