/* SPDX-License-Identifier: MIT
 *
 * What is tried again, how often, and what is said in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/retry.h"

struct fixture {
	struct settings settings;
	struct observer observer;
	struct session session;
	struct retort_error *err;
};

static int setup(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct fixture *fixture = retort_alloc(arena, sizeof *fixture);

	fixture->settings.ddl_lock_tries = 3;
	fixture->session.arena = arena;
	fixture->session.settings = &fixture->settings;
	fixture->session.observer = &fixture->observer;
	fixture->err = retort_error_new();
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_error_free(fixture->err);
	retort_arena_free(fixture->session.arena);
	return 0;
}

static bool try_with(struct fixture *fixture, struct retry *retry, enum retort_code code,
	const char *sqlstate)
{
	retort_error_clear(fixture->err);
	retort_fail(fixture->err, code, "cannot do it");
	retort_error_sqlstate(fixture->err, sqlstate, 7);
	retort_error_statement(fixture->err, "DO IT");
	return retry_wanted(&fixture->session, retry, fixture->err);
}

static void test_a_lock_is_tried_as_often_as_configured(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_problem *problem;
	struct retry retry = {0};

	for (int i = 0; i < 2; i++) {
		assert_true(try_with(fixture, &retry, RETORT_E_LOCK, "55P03"));
		assert_null(retort_error_first(fixture->err));
	}
	assert_false(try_with(fixture, &retry, RETORT_E_LOCK, "55P03"));
	problem = retort_error_first(fixture->err);
	assert_string_equal(problem->message, "cannot do it; tried 3 times");
	assert_int_equal(problem->code, RETORT_E_LOCK);
	assert_string_equal(problem->sqlstate, "55P03");
	assert_int_equal(problem->engine_code, 7);
	assert_string_equal(problem->statement, "DO IT");
	assert_int_equal(retort_error_count(fixture->err), 1);
}

static void test_one_try_says_nothing_of_tries(void **state)
{
	struct fixture *fixture = *state;
	struct retry retry = {0};

	fixture->settings.ddl_lock_tries = 1;
	assert_false(try_with(fixture, &retry, RETORT_E_LOCK, "HY000"));
	assert_string_equal(retort_error_first(fixture->err)->message, "cannot do it");
}

static void test_a_lost_transaction_is_tried_more_often(void **state)
{
	struct fixture *fixture = *state;
	struct retry retry = {0};

	for (int i = 0; i < 5; i++)
		assert_true(try_with(fixture, &retry, RETORT_E_SQL, i % 2 ? "40001" : "40P01"));
	assert_int_equal(retry.losses, 5);
	assert_int_equal(retry.waits, 0);
}

static void test_nothing_else_is_tried_again(void **state)
{
	static const struct {
		enum retort_code code;
		const char *sqlstate;
	} cases[] = {
		{RETORT_E_LOCK, ""}, /* our own lock is lost */
		{RETORT_E_SQL, "42601"},
		{RETORT_E_SQL, ""},
		{RETORT_E_CONNECT, "08006"},
		{RETORT_E_STATE, ""},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct retry retry = {0};

		assert_false(try_with(fixture, &retry, cases[i].code, cases[i].sqlstate));
		assert_string_equal(retort_error_first(fixture->err)->message, "cannot do it");
		assert_int_equal(retry.waits + retry.losses, 0);
	}
}

static void test_a_driver_that_waits_for_its_turn_has_waited(void **state)
{
	struct fixture *fixture = *state;
	struct retry retry = {0};

	fixture->session.caps = RETORT_CAP_TX_LOCK;
	assert_false(try_with(fixture, &retry, RETORT_E_LOCK, "HY000"));
}

static int interrupt(void *context)
{
	(void)context;
	return 1;
}

static void test_an_interruption_ends_the_pause(void **state)
{
	struct fixture *fixture = *state;
	struct retry retry = {0};

	fixture->observer.interrupted = interrupt;
	assert_false(try_with(fixture, &retry, RETORT_E_LOCK, "55P03"));
	assert_int_equal(retort_error_count(fixture->err), 1);
	assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_INTERRUPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_lock_is_tried_as_often_as_configured, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_try_says_nothing_of_tries, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_lost_transaction_is_tried_more_often, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_else_is_tried_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_driver_that_waits_for_its_turn_has_waited, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_an_interruption_ends_the_pause, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
