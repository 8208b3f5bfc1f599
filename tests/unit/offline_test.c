/* SPDX-License-Identifier: MIT
 *
 * Offline scripts: what they hold, and that they do what the online run does.
 */
#include "engine_project.h"

struct text {
	char *data;
	size_t len;
	int calls;
};

static int collect(void *context, const char *data, size_t n)
{
	struct text *text = context;

	text->data = realloc(text->data, text->len + n + 1);
	assert_non_null(text->data);
	memcpy(text->data + text->len, data, n);
	text->len += n;
	text->data[text->len] = '\0';
	text->calls++;
	return 0;
}

/* The script of a request; the caller frees its data. The project is left open. */
static int script_of(struct engine_project *at, enum direction direction, const char *target,
	struct text *text)
{
	const char *targets[] = {target};
	struct run_request request = {.direction = direction, .targets = targets, .target_count = 1};
	struct session *session;
	int ret;

	*text = (struct text){0};
	open_project(at, true);
	assert_int_equal(session_offline(at->arena, at->loader, at->settings, NULL, NULL, &session, at->err),
		0);
	ret = run_offline(session, at->project, &request, collect, text, at->err);
	if (ret < 0) {
		assert_int_equal(text->calls, 0);
		assert_null(text->data);
	}
	return ret;
}

static void assert_has(const struct text *text, const char *part)
{
	if (!text->data || !strstr(text->data, part))
		fail_msg("the script has no '%s':\n%s", part, text->data ? text->data : "");
}

/* Makes the database file, so that reading sessions can open it. */
static void make_database(struct engine_project *at)
{
	open_project(at, false);
	assert_int_equal(session_create(at->session, at->err), 0);
	close_project(at);
}

/* Runs a script through the sqlite3 shell on x.db: its exit status. */
static int run_shell(struct engine_project *at, const struct text *text)
{
	char command[256];

	put_file(at, "script.sql", text->data);
	snprintf(command, sizeof command, "sqlite3 -batch -bail %s/x.db <%s/script.sql >%s/out 2>&1",
		at->folder, at->folder, at->folder);
	return system(command);
}

static const char rows[] =
	"upgrade:\n"
	"  - create_table: {name: a, columns: {id: {type: integer, primary_key: true}, x: text}}\n"
	"  - insert_rows: {table: a, rows: [{id: 1, x: \"it's; -- fine\"}, {id: 2, x: null}]}\n"
	"  - assert: {sql: SELECT count(*) FROM a, equals: 2, message: two rows}\n"
	"  - execute: {sql: \"UPDATE a SET x = 'y' WHERE id = 2 -- the last word\", reverse: []}\n";

static void test_script_does_the_same(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_revision(&at, "a", "null", rows);
	put_revision(&at, "b", "a", "upgrade:\n  - drop_column: {table: a, name: x}\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "a", &text), 0);
	close_project(&at);
	assert_has(&text, "-- Running upgrade  -> a, doc a\n");
	assert_has(&text, "-- create table 'a'\n");
	assert_int_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT group_concat(id || x, ',') FROM a", "1it's; -- fine,2y");
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	assert_query(&at, "SELECT revision || direction || state || statements || done FROM retort_history",
		"aupgradedone44");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('a')", "id");
	assert_int_equal(script_of(&at, DIRECTION_DOWNGRADE, "b:a", &text), 0);
	close_project(&at);
	assert_has(&text, "-- Running downgrade b -> a, doc b\n");
	assert_int_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT group_concat(name) FROM pragma_table_info('a')", "id,x");
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	drop_project(&at);
}

static void test_script_refuses_another_start(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_revision(&at, "a", "null", rows);
	put_revision(&at, "b", "a", "upgrade:\n  - drop_column: {table: a, name: x}\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "a:b", &text), 0);
	close_project(&at);
	assert_int_not_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT count(*) FROM sqlite_master", "0");
	assert_int_equal(run_to(&at, DIRECTION_UPGRADE, "head"), 0);
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "a:b", &text), 0);
	close_project(&at);
	assert_int_not_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT count(*) FROM retort_history", "2");
	drop_project(&at);
}

static void test_failing_assert_stops_the_script(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: a, columns: {id: integer}}\n"
		"  - assert: {sql: SELECT count(*) FROM a, equals: 1, message: there must be one}\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "head", &text), 0);
	close_project(&at);
	assert_int_not_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT count(*) FROM sqlite_master WHERE name = 'a'", "0");
	drop_project(&at);
}

/* What can't be planned leaves no half a script. */
static void test_complete_or_nothing(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_revision(&at, "a", "null", rows);
	put_revision(&at, "b", "a", "upgrade:\n  - run: {command: [\"true\"], reverse: []}\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "head", &text), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_PLAN);
	assert_int_equal(retort_error_first(at.err)->line, 5);
	close_project(&at);
	assert_int_equal(script_of(&at, DIRECTION_DOWNGRADE, "-1", &text), -1);
	assert_non_null(strstr(retort_error_first(at.err)->message, "<fromrev>:<torev>"));
	close_project(&at);
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "a:b:c", &text), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_USAGE);
	close_project(&at);
	drop_project(&at);
}

/* A message can't leave its comment. */
static void test_message_stays_in_its_comment(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_file(&at, "migrations/versions/a.yaml",
		"revision: a\ndown_revision: null\nmessage: \"x\\nDROP TABLE retort_version;\"\nupgrade: "
		"[]\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "head", &text), 0);
	close_project(&at);
	assert_has(&text, "-- Running upgrade  -> a, x\\x0aDROP TABLE retort_version;\n");
	assert_int_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at, "SELECT version_num FROM retort_version", "a");
	drop_project(&at);
}

static void test_split_and_all(void **state)
{
	struct engine_project at;
	struct text text;

	(void)state;
	make_project(&at, "");
	make_database(&at);
	put_revision(&at, "a", "null",
		"upgrade:\n"
		"  - create_table: {name: a, columns: {id: integer}}\n"
		"  - execute: {sql: VACUUM, outside_transaction: true, reverse: []}\n"
		"  - create_table: {name: b, columns: {id: integer}}\n");
	assert_int_equal(script_of(&at, DIRECTION_UPGRADE, "head", &text), 0);
	close_project(&at);
	assert_int_equal(run_shell(&at, &text), 0);
	free(text.data);
	assert_query(&at,
		"SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE name IN ('a', 'b') "
		"ORDER BY 1)",
		"a,b");
	drop_project(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_script_does_the_same),
		cmocka_unit_test(test_script_refuses_another_start),
		cmocka_unit_test(test_failing_assert_stops_the_script),
		cmocka_unit_test(test_complete_or_nothing),
		cmocka_unit_test(test_message_stays_in_its_comment),
		cmocka_unit_test(test_split_and_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
