/* SPDX-License-Identifier: MIT
 *
 * The bookkeeping tables on a real database.
 */
#include "engine_project.h"

static void test_reading_makes_no_table(void **state)
{
	struct engine_project at;
	struct history_entry *entries;
	const char **rows;
	size_t count;
	bool exists = true;

	(void)state;
	make_project(&at, "");
	open_project(&at, false);
	assert_int_equal(history_rows(at.session, &rows, &count, &exists, at.err), 0);
	assert_int_equal(count, 0);
	assert_false(exists);
	assert_null(at.session->conn);
	assert_int_equal(history_entries(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 0);
	close_project(&at);
	{
		struct retort_arena *scratch = retort_arena_new();

		assert_false(file_exists(path_join(scratch, at.folder, "x.db")));
		retort_arena_free(scratch);
	}
	drop_project(&at);
}

static void test_ensure_is_idempotent(void **state)
{
	struct engine_project at;
	bool version, history;

	(void)state;
	make_project(&at, "");
	open_project(&at, false);
	assert_int_equal(history_ensure(at.session, at.err), 0);
	assert_int_equal(history_ensure(at.session, at.err), 0);
	assert_int_equal(history_exists(at.session, &version, &history, at.err), 0);
	assert_true(version);
	assert_true(history);
	close_project(&at);
	assert_query(&at,
		"SELECT count(*) FROM sqlite_master WHERE name IN ('retort_version', 'retort_history')", "2");
	drop_project(&at);
}

/* Text as it comes is text as it goes, whatever it holds. */
static void test_values_are_bound(void **state)
{
	static const char *const nasty = "'); DROP TABLE retort_history; -- \"x\" \xc3\xa4\n?$1";
	struct history_entry entry = {.revision = "a'b",
		.direction = "upgrade",
		.state = "done",
		.message = nasty,
		.error = "",
		.statements = 7,
		.done = 3,
		.started_at = "2026-01-02 03:04:05.006"};
	struct history_entry *entries;
	struct engine_project at;
	size_t count;

	(void)state;
	make_project(&at, "");
	open_project(&at, false);
	assert_int_equal(history_ensure(at.session, at.err), 0);
	assert_int_equal(history_add(at.session, &entry, at.err), 0);
	entry.revision = NULL;
	entry.state = "running";
	entry.plan = "[1]";
	assert_int_equal(history_add(at.session, &entry, at.err), 0);
	assert_int_equal(history_entries(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(entries[0].id, 2);
	assert_null(entries[0].revision);
	assert_null(entries[0].plan);
	assert_string_equal(entries[1].revision, "a'b");
	assert_string_equal(entries[1].message, nasty);
	assert_string_equal(entries[1].error, "");
	assert_string_equal(entries[1].started_at, "2026-01-02 03:04:05.006");
	assert_null(entries[1].finished_at);
	assert_int_equal(entries[1].statements, 7);
	assert_int_equal(entries[1].done, 3);
	assert_non_null(entries[1].applied_by);
	assert_int_equal(history_running(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 1);
	assert_string_equal(entries[0].plan, "[1]");
	entries[0].state = "done";
	entries[0].intent = nasty;
	assert_int_equal(history_update(at.session, &entries[0], at.err), 0);
	assert_int_equal(history_running(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 0);
	close_project(&at);
	drop_project(&at);
}

/* Two projects with version tables of their own share one history without seeing each other's. */
static void test_history_is_by_version_table(void **state)
{
	struct history_entry entry = {.revision = "a", .direction = "upgrade", .state = "running"};
	struct history_entry *entries;
	struct engine_project at;
	size_t count;

	(void)state;
	make_project(&at, "");
	open_project(&at, false);
	assert_int_equal(history_ensure(at.session, at.err), 0);
	assert_int_equal(history_add(at.session, &entry, at.err), 0);
	at.settings->version_table = "other_version";
	assert_int_equal(history_running(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 0);
	at.settings->version_table = "retort_version";
	assert_int_equal(history_running(at.session, &entries, &count, at.err), 0);
	assert_int_equal(count, 1);
	close_project(&at);
	drop_project(&at);
}

/* A version row that isn't there when a step moves it is an error, not a silent success. */
static void test_apply_needs_its_rows(void **state)
{
	const char *gone[] = {"gone"};
	struct step step = {.update_from = "gone", .update_to = "b"};
	struct engine_project at;

	(void)state;
	make_project(&at, "");
	open_project(&at, false);
	assert_int_equal(history_ensure(at.session, at.err), 0);
	assert_int_equal(history_apply(at.session, &step, NULL, at.err), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_STATE);
	retort_error_clear(at.err);
	step = (struct step){.delete_rows = gone, .delete_count = 1};
	assert_int_equal(history_apply(at.session, &step, NULL, at.err), -1);
	assert_int_equal(retort_error_first(at.err)->code, RETORT_E_STATE);
	close_project(&at);
	drop_project(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_makes_no_table),
		cmocka_unit_test(test_ensure_is_idempotent),
		cmocka_unit_test(test_values_are_bound),
		cmocka_unit_test(test_history_is_by_version_table),
		cmocka_unit_test(test_apply_needs_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
