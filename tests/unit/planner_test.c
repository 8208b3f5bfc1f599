/* SPDX-License-Identifier: MIT
 *
 * Plans: what is rendered, what is undone by what, what is refused before anything runs.
 */
#include "engine_project.h"

static const char table_a[] =
	"upgrade:\n"
	"  - create_table: {name: a, columns: {id: {type: integer, primary_key: true}, x: text}}\n";

/* Plans a target on the database as it stands; the project is left open. */
static int plan_to(struct engine_project *at, enum direction direction, const char *target,
	struct planned **steps, size_t *count)
{
	const char *targets[] = {target};
	struct run_request request = {.direction = direction, .targets = targets, .target_count = 1};

	open_project(at, true);
	return run_dry(at->session, at->project, &request, steps, count, at->err);
}

/* A plan that must fail, with what it says. */
static void assert_refused(struct engine_project *at, const char *target, enum retort_code code,
	const char *says)
{
	int ret = run_kept(at, DIRECTION_UPGRADE, target, NULL);
	const struct retort_problem *problem = retort_error_first(at->err);

	assert_int_equal(ret, -1);
	assert_int_equal(problem->code, code);
	if (!strstr(problem->message, says))
		fail_msg("'%s' does not say '%s'", problem->message, says);
	assert_int_equal(at->result.steps, 0);
	close_project(at);
}

static void test_plan_of_steps(void **state)
{
	struct engine_project at;
	struct planned *steps;
	size_t count;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", table_a);
	put_revision(&at, "b", "a",
		"transaction: none\nupgrade:\n  - add_column: {table: a, name: y, type: text}\n"
		"downgrade: {irreversible: y holds the only copy}\n");
	put_revision(&at, "c", "b", "upgrade:\n  - rename_column: {table: a, name: x, to: z}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "a"), 0);
	assert_int_equal(plan_to(&at, DIRECTION_UPGRADE, "head", &steps, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(steps[0].step->revision->id, "b");
	assert_int_equal(steps[0].plan->statement_count, 1);
	assert_string_equal(steps[0].plan->statements[0]->sql, "ALTER TABLE \"a\" ADD COLUMN \"y\" TEXT");
	assert_int_equal(steps[0].transaction, TRANSACTION_NONE);
	assert_string_equal(steps[0].undo_missing, "y holds the only copy");
	assert_null(steps[0].undo);
	assert_int_equal(steps[1].transaction, TRANSACTION_MIGRATION);
	assert_false(steps[1].split);
	assert_int_equal(steps[1].undo_count, 1);
	assert_int_equal(steps[1].undo[0]->kind, RETORT_OP_RENAME_COLUMN);
	assert_string_equal(steps[1].undo[0]->name, "z");
	assert_string_equal(steps[1].undo[0]->to, "x");
	close_project(&at);
	assert_query(&at, "SELECT count(*) FROM retort_history", "1");
	drop_project(&at);
}

/* Each step of a downgrade is reversed from the schema that its own upgrade started from. */
static void test_downgrade_reverses_in_order(void **state)
{
	struct engine_project at;
	struct planned *steps;
	size_t count;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", table_a);
	put_revision(&at, "b", "a", "upgrade:\n  - drop_column: {table: a, name: x}\n");
	put_revision(&at, "c", "b", "upgrade:\n  - drop_table: a\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_int_equal(plan_to(&at, DIRECTION_DOWNGRADE, "base", &steps, &count), 0);
	assert_int_equal(count, 3);
	assert_int_equal(steps[0].ops[0]->kind, RETORT_OP_CREATE_TABLE);
	assert_int_equal(steps[0].ops[0]->create->column_count, 1);
	assert_int_equal(steps[1].ops[0]->kind, RETORT_OP_ADD_COLUMN);
	assert_string_equal(steps[1].ops[0]->column->name, "x");
	assert_int_equal(steps[2].ops[0]->kind, RETORT_OP_DROP_TABLE);
	close_project(&at);
	assert_int_equal(run_to(&at, DIRECTION_DOWNGRADE, "a"), 0);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('a')", "id,x");
	drop_project(&at);
}

/* What the database has and no revision is recorded for is in the way; once stamped it isn't. */
static void test_objects_in_the_way(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: a, columns: {id: integer}}\n"
		"  - create_table: {name: fresh, columns: {id: integer}}\n"
		"  - create_view: {name: v, query: SELECT 1 AS one}\n");
	open_project(&at, false);
	assert_int_equal(session_create(at.session, at.err), 0);
	assert_int_equal(session_exec(at.session, "CREATE TABLE a (id INTEGER)", NULL, 0, NULL, at.err), 0);
	assert_int_equal(session_exec(at.session, "CREATE VIEW v AS SELECT 2 AS two", NULL, 0, NULL, at.err),
		0);
	close_project(&at);
	assert_refused(&at, "head", RETORT_E_STATE, "table 'a' and view 'v'");
	assert_refused(&at, "head", RETORT_E_STATE, "retort adopt");
	assert_refused(&at, "head", RETORT_E_STATE, "retort stamp");
	assert_query(&at, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master ORDER BY 1)",
		"a,v");
	assert_int_equal(run_to(&at, DIRECTION_STAMP, "head"), 0);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	drop_project(&at);
}

/* A table that no revision made is altered by its live definition. */
static void test_unknown_table_comes_from_the_catalog(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", "upgrade: []\n");
	put_revision(&at, "b", "a", "upgrade:\n  - alter_column: {table: old, name: n, nullable: false}\n");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "a"), 0);
	open_project(&at, false);
	assert_int_equal(session_exec(at.session,
				 "CREATE TABLE old (id INTEGER PRIMARY KEY, n TEXT, CHECK (n <> ''))", NULL,
				 0, NULL, at.err),
		0);
	close_project(&at);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "b"), 0);
	assert_query(&at, "SELECT \"notnull\" FROM pragma_table_info('old') WHERE name = 'n'", "1");
	assert_query(&at, "SELECT sql LIKE '%CHECK (n <> '''')%' FROM sqlite_master WHERE name = 'old'", "1");
	drop_project(&at);
}

static void test_refused_before_anything_runs(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	put_revision(&at, "a", "null", table_a);
	put_revision(&at, "b", "a", "upgrade:\n  - execute: {sql: COMMIT, reverse: []}\n");
	assert_refused(&at, "head", RETORT_E_FILE, "outside_transaction");
	put_revision(&at, "b", "a", "upgrade:\n  - create_sequence: s\n");
	assert_refused(&at, "head", RETORT_E_PLAN, "sequence");
	put_revision(&at, "b", "a", "upgrade:\n  - add_column: {table: nowhere, name: y, type: text}\n");
	assert_refused(&at, "head", RETORT_E_PLAN, "nowhere");
	open_project(&at, false);
	assert_true(at.session->absent);
	close_project(&at);
	drop_project(&at);
}

static void test_transaction_all_takes_no_split_step(void **state)
{
	struct engine_project at;

	(void)state;
	make_project(&at, "transaction = all\n");
	put_revision(&at, "a", "null", table_a);
	put_revision(&at, "b", "a",
		"upgrade:\n  - execute: {sql: VACUUM, outside_transaction: true, reverse: []}\n");
	assert_refused(&at, "head", RETORT_E_PLAN, "transaction = all");
	drop_project(&at);
}

static void test_protected_target(void **state)
{
	const char *targets[] = {"head"}, *allow[] = {"drop_table"};
	struct run_request request = {.direction = DIRECTION_UPGRADE,
		.targets = targets,
		.target_count = 1,
		.allow = allow,
		.allow_count = 1};
	struct engine_project at;

	(void)state;
	make_project(&at, "protect = true\n");
	put_revision(&at, "a", "null", table_a);
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	put_revision(&at, "b", "a", "upgrade:\n  - drop_table: a\n");
	assert_refused(&at, "head", RETORT_E_PLAN, "--allow drop_table");
	open_project(&at, false);
	assert_int_equal(run_online(at.session, at.project, &request, &at.result, at.err), 0);
	close_project(&at);
	drop_project(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_of_steps),
		cmocka_unit_test(test_downgrade_reverses_in_order),
		cmocka_unit_test(test_objects_in_the_way),
		cmocka_unit_test(test_unknown_table_comes_from_the_catalog),
		cmocka_unit_test(test_refused_before_anything_runs),
		cmocka_unit_test(test_transaction_all_takes_no_split_step),
		cmocka_unit_test(test_protected_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
