/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static int setup(void **state)
{
	*state = retort_error_new();
	return 0;
}

static int teardown(void **state)
{
	retort_error_free(*state);
	return 0;
}

static void begins_without_a_problem(void **state)
{
	assert_null(retort_error_first(*state));
	assert_int_equal(retort_error_count(*state), 0);
	/* nothing to complete: nothing happens */
	retort_error_at(*state, "f", 1, 1);
	retort_error_prefix(*state, "x");
	retort_error_sqlstate(*state, "42000", 1);
	retort_error_position(*state, 3);
	retort_error_statement(*state, "x");
	retort_error_revision(*state, "x");
	assert_int_equal(retort_error_count(*state), 0);
}

static void null_only_returns(void **state)
{
	(void)state;
	assert_int_equal(retort_fail(NULL, RETORT_E_IO, "%s", "x"), -1);
	retort_error_at(NULL, "f", 1, 1);
	retort_error_prefix(NULL, "x");
	retort_error_sqlstate(NULL, "42000", 1);
	retort_error_position(NULL, 3);
	retort_error_statement(NULL, "x");
	retort_error_revision(NULL, "x");
	retort_error_clear(NULL);
	retort_error_free(NULL);
	assert_null(retort_error_first(NULL));
	assert_int_equal(retort_error_count(NULL), 0);
}

static void problems_keep_their_order(void **state)
{
	const struct retort_problem *problem;

	assert_int_equal(retort_fail(*state, RETORT_E_FILE, "cannot read '%s'", "a"), -1);
	assert_int_equal(retort_fail(*state, RETORT_E_PLAN, "second"), -1);
	assert_int_equal(retort_error_count(*state), 2);
	problem = retort_error_first(*state);
	assert_int_equal(problem->code, RETORT_E_FILE);
	assert_string_equal(problem->message, "cannot read 'a'");
	assert_null(problem->file);
	assert_null(problem->revision);
	assert_null(problem->statement);
	assert_string_equal(problem->sqlstate, "");
	assert_int_equal(problem->line, 0);
	assert_string_equal(problem->next->message, "second");
	assert_null(problem->next->next);
}

static void clear_forgets(void **state)
{
	retort_fail(*state, RETORT_E_FILE, "first");
	retort_error_clear(*state);
	assert_null(retort_error_first(*state));
	assert_int_equal(retort_error_count(*state), 0);
	retort_fail(*state, RETORT_E_SQL, "again");
	assert_int_equal(retort_error_count(*state), 1);
	assert_string_equal(retort_error_first(*state)->message, "again");
}

static void the_last_is_completed(void **state)
{
	const struct retort_problem *problem;

	retort_fail(*state, RETORT_E_SQL, "one");
	retort_fail(*state, RETORT_E_SQL, "two");
	retort_error_sqlstate(*state, "42P01", 7);
	retort_error_position(*state, 12);
	retort_error_prefix(*state, "cannot %s", "run");
	problem = retort_error_first(*state);
	assert_string_equal(problem->sqlstate, "");
	assert_int_equal(problem->position, 0);
	assert_string_equal(problem->message, "one");
	assert_string_equal(problem->next->sqlstate, "42P01");
	assert_int_equal(problem->next->engine_code, 7);
	assert_int_equal(problem->next->position, 12);
	assert_string_equal(problem->next->message, "cannot run: two");
	retort_error_sqlstate(*state, "too long to be one", 0);
	assert_string_equal(problem->next->sqlstate, "too l");
	retort_error_sqlstate(*state, NULL, -1);
	assert_string_equal(problem->next->sqlstate, "");
	assert_int_equal(problem->next->engine_code, -1);
}

static void who_knows_first_wins(void **state)
{
	const struct retort_problem *problem;

	retort_fail(*state, RETORT_E_FILE, "one");
	retort_error_at(*state, "a.yaml", 3, 5);
	retort_error_revision(*state, "r1");
	retort_error_statement(*state, "SELECT 1");
	retort_fail(*state, RETORT_E_FILE, "two");
	retort_error_at(*state, "b.yaml", 9, 1);
	retort_error_revision(*state, "r2");
	retort_error_statement(*state, "SELECT 2");
	problem = retort_error_first(*state);
	assert_string_equal(problem->file, "a.yaml");
	assert_int_equal(problem->line, 3);
	assert_int_equal(problem->column, 5);
	assert_string_equal(problem->revision, "r1");
	assert_string_equal(problem->statement, "SELECT 1");
	problem = problem->next;
	assert_string_equal(problem->file, "b.yaml");
	assert_int_equal(problem->line, 9);
	assert_string_equal(problem->revision, "r2");
	assert_string_equal(problem->statement, "SELECT 2");
}

/* Of very many only the first are kept, and what is added still is the last. */
static void many_problems(void **state)
{
	const struct retort_problem *problem;
	size_t kept = 0;
	int i;

	for (i = 0; i < 1500; i++) {
		retort_fail(*state, RETORT_E_FILE, "%d", i);
		retort_error_at(*state, "a.yaml", (unsigned)(2000 - i), 1);
		retort_error_prefix(*state, "x");
	}
	assert_int_equal(retort_error_count(*state), 1500);
	error_sort(*state, 0);
	for (problem = retort_error_first(*state); problem; problem = problem->next) {
		assert_int_equal(problem->line, 1001 + kept);
		assert_string_not_equal(problem->message, "x: x: 999");
		kept++;
	}
	assert_int_equal(kept, 1000);
	assert_string_equal(retort_error_first(*state)->message, "x: 999");
	error_sort(*state, 1200);
}

/* By line, then column; what is of one place, and what was told before, stays where it is. */
static void problems_are_sorted(void **state)
{
	static const struct {
		unsigned line, column;
	} places[] = {{9, 9}, {8, 1}, {3, 7}, {3, 2}, {8, 1}, {3, 7}, {0, 0}};
	static const size_t order[] = {0, 3, 2, 5, 1, 4, 6};
	const struct retort_problem *problem;
	size_t i;

	for (i = 0; i < sizeof places / sizeof *places; i++) {
		retort_fail(*state, RETORT_E_FILE, "%zu", i);
		retort_error_at(*state, "a.yaml", places[i].line, places[i].column);
	}
	error_sort(*state, 1);
	problem = retort_error_first(*state);
	for (i = 0; i < sizeof order / sizeof *order; i++, problem = problem->next)
		assert_int_equal(problem->message[0], '0' + (int)order[i]);
	assert_null(problem);
	retort_fail(*state, RETORT_E_FILE, "last");
	for (problem = retort_error_first(*state); problem->next; problem = problem->next)
		;
	assert_string_equal(problem->message, "last");
	error_sort(*state, 99);
	error_sort(NULL, 0);
	assert_int_equal(retort_error_count(*state), 8);
}

/* File and line may be told by two floors; the line of another file is not taken. */
static void file_and_line_come_apart(void **state)
{
	const struct retort_problem *problem;

	retort_fail(*state, RETORT_E_FILE, "one");
	retort_error_at(*state, NULL, 3, 5);
	retort_error_at(*state, "a.yaml", 0, 0);
	problem = retort_error_first(*state);
	assert_string_equal(problem->file, "a.yaml");
	assert_int_equal(problem->line, 3);

	retort_fail(*state, RETORT_E_FILE, "two");
	retort_error_at(*state, "b.yaml", 0, 0);
	retort_error_at(*state, "other.yaml", 8, 8);
	problem = problem->next;
	assert_string_equal(problem->file, "b.yaml");
	assert_int_equal(problem->line, 0);
	retort_error_at(*state, "b.yaml", 4, 2);
	assert_int_equal(problem->line, 4);
	assert_int_equal(problem->column, 2);
}

static void terminals_are_safe(void **state)
{
	const struct retort_problem *problem;

	retort_fail(*state, RETORT_E_SQL, "server: \033[31mred\033[0m\r\a%s\n\tDETAIL: caf\xc3\xa9", "\xff");
	retort_error_prefix(*state, "\033]0;%s", "x");
	problem = retort_error_first(*state);
	assert_string_equal(problem->message,
		"\\x1b]0;x: server: \\x1b[31mred\\x1b[0m\\x0d\\x07\\xff\n\tDETAIL: caf\xc3\xa9");
}

static void texts_are_copied(void **state)
{
	char file[] = "a.yaml", sql[] = "SELECT 1", revision[] = "r1";

	retort_fail(*state, RETORT_E_SQL, "x");
	retort_error_at(*state, file, 1, 1);
	retort_error_statement(*state, sql);
	retort_error_revision(*state, revision);
	file[0] = sql[0] = revision[0] = '?';
	assert_string_equal(retort_error_first(*state)->file, "a.yaml");
	assert_string_equal(retort_error_first(*state)->statement, "SELECT 1");
	assert_string_equal(retort_error_first(*state)->revision, "r1");
}

static void another_is_appended(void **state)
{
	struct retort_error *more = retort_error_new();
	const struct retort_problem *problem;
	int i;

	error_append(*state, more);
	assert_int_equal(retort_error_count(*state), 0);
	retort_fail(*state, RETORT_E_IO, "first");
	retort_fail(more, RETORT_E_SQL, "second");
	retort_error_at(more, "b.yaml", 3, 4);
	retort_error_statement(more, "SELECT 1");
	retort_error_revision(more, "r1");
	retort_error_sqlstate(more, "42601", 7);
	retort_error_position(more, 5);
	for (i = 0; i < 1500; i++)
		retort_fail(more, RETORT_E_FILE, "one of many");
	error_append(*state, more);
	error_append(NULL, more);
	retort_error_free(more);
	assert_int_equal(retort_error_count(*state), 1502);
	problem = retort_error_first(*state);
	assert_string_equal(problem->message, "first");
	assert_null(problem->file);
	problem = problem->next;
	assert_int_equal(problem->code, RETORT_E_SQL);
	assert_string_equal(problem->message, "second");
	assert_string_equal(problem->file, "b.yaml");
	assert_int_equal(problem->line, 3);
	assert_int_equal(problem->column, 4);
	assert_string_equal(problem->statement, "SELECT 1");
	assert_string_equal(problem->revision, "r1");
	assert_string_equal(problem->sqlstate, "42601");
	assert_int_equal(problem->engine_code, 7);
	assert_int_equal(problem->position, 5);
}

static void codes_have_names(void **state)
{
	static const char *const names[] = {"internal", "usage", "config", "file", "graph", "state", "plan",
		"sql", "connect", "lock", "io", "interrupted"};
	int code;

	(void)state;
	for (code = RETORT_E_INTERNAL; code <= RETORT_E_INTERRUPTED; code++)
		assert_string_equal(retort_code_name((enum retort_code)code), names[code - 1]);
	assert_int_equal(RETORT_E_INTERRUPTED, sizeof names / sizeof *names);
	assert_string_equal(retort_code_name((enum retort_code)0), "internal");
	assert_string_equal(retort_code_name((enum retort_code)99), "internal");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(begins_without_a_problem, setup, teardown),
		cmocka_unit_test(null_only_returns),
		cmocka_unit_test_setup_teardown(problems_keep_their_order, setup, teardown),
		cmocka_unit_test_setup_teardown(clear_forgets, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_is_completed, setup, teardown),
		cmocka_unit_test_setup_teardown(who_knows_first_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(many_problems, setup, teardown),
		cmocka_unit_test_setup_teardown(problems_are_sorted, setup, teardown),
		cmocka_unit_test_setup_teardown(file_and_line_come_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(terminals_are_safe, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_are_copied, setup, teardown),
		cmocka_unit_test_setup_teardown(another_is_appended, setup, teardown),
		cmocka_unit_test(codes_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
