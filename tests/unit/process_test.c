/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/process.h"

static void test_ourselves(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	const char *identity = process_identity(arena);

	(void)state;
	if (!*identity) {
		retort_arena_free(arena);
		skip();
	}
	assert_false(process_has_ended(identity));
	assert_string_equal(identity, process_identity(arena));
	/* the same number in a later life */
	assert_true(process_has_ended(retort_printf(arena, "%s1", identity)));
	retort_arena_free(arena);
}

/* Nothing is concluded from what another machine, or no machine, wrote. */
static void test_what_cannot_be_told(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	char *other = retort_strdup(arena, process_identity(arena));

	(void)state;
	assert_false(process_has_ended(NULL));
	assert_false(process_has_ended(""));
	assert_false(process_has_ended("x"));
	if (*other) {
		other[0] = other[0] == 'f' ? 'e' : 'f';
		assert_false(process_has_ended(other));
	}
	retort_arena_free(arena);
}

static void test_a_child_that_ended(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	char identity[256] = "";
	int ends[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		const char *own = process_identity(arena);

		_exit(write(ends[1], own, strlen(own)) < 0);
	}
	assert_true(read(ends[0], identity, sizeof identity - 1) >= 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (*identity)
		assert_true(process_has_ended(identity));
	close(ends[0]);
	close(ends[1]);
	retort_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ourselves),
		cmocka_unit_test(test_what_cannot_be_told),
		cmocka_unit_test(test_a_child_that_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
