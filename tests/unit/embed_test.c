/* SPDX-License-Identifier: MIT
 *
 * The library from a program's side: the public header alone.
 */
#include "engine_project.h"

#include "retort/retort.h"

struct heard {
	size_t steps, lines, asked;
	char last[33];
	int stop;
};

static void hear_log(void *context, enum retort_log_level level, const char *logger, const char *text)
{
	struct heard *heard = context;

	assert_non_null(logger);
	assert_non_null(text);
	if (level >= RETORT_LOG_DEBUG)
		heard->lines++;
}

static void hear_step(void *context, const char *revision, int down, size_t index, size_t total)
{
	struct heard *heard = context;

	assert_int_equal(index, down ? 1 : heard->steps + 1);
	assert_int_equal(total, down ? 1 : 2);
	snprintf(heard->last, sizeof heard->last, "%s%s", down ? "-" : "+", revision);
	heard->steps++;
}

static int hear_interrupted(void *context)
{
	struct heard *heard = context;

	heard->asked++;
	return heard->stop;
}

static void make_two(struct engine_project *at)
{
	make_project(at, "");
	put_revision(at, "a", "null",
		"upgrade:\n  - create_table: {name: one, columns: {id: {type: integer, primary_key: "
		"true}}}\n");
	put_revision(at, "b", "a", "upgrade:\n  - add_column: {table: one, name: x, type: text}\n");
}

static struct retort_project *open_at(const struct engine_project *at, const struct retort_host *host,
	struct retort_error *err)
{
	char path[128];
	struct retort_project_options options = {.size = sizeof options, .config = path, .host = host};

	snprintf(path, sizeof path, "%s/retort.ini", at->folder);
	return retort_project_open(&options, err);
}

static void test_up_and_down(void **state)
{
	struct engine_project at;
	struct heard heard = {0};
	const struct retort_host host = {.size = sizeof host,
		.context = &heard,
		.log = hear_log,
		.step = hear_step,
		.interrupted = hear_interrupted};
	struct retort_error *err = retort_error_new();
	struct retort_project *project;
	struct retort_run run;
	const char *const *revisions;
	size_t count = 9;

	(void)state;
	make_two(&at);
	project = open_at(&at, &host, err);
	assert_non_null(project);
	assert_int_equal(retort_upgrade(project, NULL, &run, err), 0);
	assert_int_equal(run.steps, 2);
	assert_int_equal(run.from_count, 0);
	assert_int_equal(run.to_count, 1);
	assert_string_equal(run.to[0], "b");
	assert_null(run.failed);
	assert_int_equal(heard.steps, 2);
	assert_string_equal(heard.last, "+b");
	assert_int_equal(heard.asked > 0, 1);
	assert_int_equal(retort_downgrade(project, NULL, NULL, err), 0);
	assert_string_equal(heard.last, "-b");
	assert_int_equal(retort_current(project, &revisions, &count, err), 0);
	assert_int_equal(count, 1);
	assert_string_equal(revisions[0], "a");
	assert_int_equal(retort_pending(project, &count, err), 0);
	assert_int_equal(count, 1);
	retort_project_close(project);
	retort_error_free(err);
	drop_project(&at);
}

static void test_failures(void **state)
{
	struct engine_project at;
	struct retort_error *err = retort_error_new();
	const struct retort_project_options missing = {.size = sizeof missing,
		.config = "/nowhere/retort.ini"};
	struct retort_project *project;
	struct retort_run run;

	(void)state;
	assert_null(retort_project_open(&missing, err));
	assert_int_equal(retort_error_first(err)->code, RETORT_E_CONFIG);
	retort_error_clear(err);
	make_two(&at);
	put_revision(&at, "c", "b",
		"upgrade:\n  - execute: {sql: SELECT nothing FROM nowhere, reverse: []}\n");
	project = open_at(&at, NULL, err);
	assert_non_null(project);
	assert_int_equal(retort_upgrade(project, "head", &run, err), -1);
	assert_int_equal(retort_error_first(err)->code, RETORT_E_SQL);
	assert_string_equal(run.failed, "c");
	assert_non_null(run.stands);
	assert_string_equal(run.to[0], "b");
	retort_project_close(project);
	retort_project_close(NULL);
	retort_error_free(err);
	drop_project(&at);
}

static void test_interrupted(void **state)
{
	struct engine_project at;
	struct heard heard = {.stop = 1};
	const struct retort_host host = {.size = sizeof host,
		.context = &heard,
		.interrupted = hear_interrupted};
	struct retort_error *err = retort_error_new();
	struct retort_project *project;
	size_t count;

	(void)state;
	make_two(&at);
	project = open_at(&at, &host, err);
	assert_int_equal(retort_upgrade(project, NULL, NULL, err), -1);
	assert_int_equal(retort_error_first(err)->code, RETORT_E_INTERRUPTED);
	heard.stop = 0;
	retort_error_clear(err);
	assert_int_equal(retort_upgrade(project, NULL, NULL, err), 0);
	assert_int_equal(retort_pending(project, &count, err), 0);
	assert_int_equal(count, 0);
	retort_project_close(project);
	retort_error_free(err);
	drop_project(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up_and_down),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
