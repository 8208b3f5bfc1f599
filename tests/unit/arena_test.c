/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"

static int setup(void **state)
{
	*state = retort_arena_new();
	return 0;
}

static int teardown(void **state)
{
	retort_arena_free(*state);
	return 0;
}

static int is_zero(const char *data, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (data[i])
			return 0;
	return 1;
}

/* Whatever the sizes, across chunks: aligned, zeroed, and no two overlap. */
static void allocations_are_apart(void **state)
{
	static const size_t sizes[] = {0, 1, 3, 16, 17, 1000, 1023, 1025, 4096, 70000, 300000, 5, 0};
	enum { N = sizeof sizes / sizeof *sizes, ROUNDS = 20 };
	struct retort_arena *arena = *state;
	char *taken[N * ROUNDS];
	size_t i, k;

	for (i = 0; i < N * ROUNDS; i++) {
		size_t size = sizes[i % N];

		taken[i] = retort_alloc(arena, size);
		assert_non_null(taken[i]);
		assert_int_equal((uintptr_t)taken[i] % alignof(max_align_t), 0);
		assert_true(is_zero(taken[i], size));
		memset(taken[i], (int)(i % 255) + 1, size);
	}
	for (i = 0; i < N * ROUNDS; i++)
		for (k = 0; k < sizes[i % N]; k++)
			assert_int_equal((unsigned char)taken[i][k], i % 255 + 1);
	assert_ptr_not_equal(taken[0], taken[N - 1]);
}

static void freeing_null_is_fine(void **state)
{
	(void)state;
	retort_arena_free(NULL);
	retort_arena_free(retort_arena_new());
}

static void strings_are_copied(void **state)
{
	struct retort_arena *arena = *state;
	const char *text = "abc";

	assert_null(retort_strdup(arena, NULL));
	assert_string_equal(retort_strdup(arena, text), "abc");
	assert_ptr_not_equal(retort_strdup(arena, text), text);
	assert_string_equal(retort_strdup(arena, ""), "");
	assert_string_equal(retort_strndup(arena, text, 2), "ab");
	assert_string_equal(retort_strndup(arena, NULL, 0), "");
	assert_memory_equal(retort_strndup(arena, "a\0b", 3), "a\0b\0", 4);
}

static void text_is_formatted(void **state)
{
	struct retort_arena *arena = *state;
	char *wide = retort_printf(arena, "%5000d", 7);

	assert_string_equal(retort_printf(arena, "%s-%d", "a", 42), "a-42");
	assert_string_equal(retort_printf(arena, "%s", ""), "");
	assert_int_equal(strlen(wide), 5000);
	assert_int_equal(wide[4999], '7');
}

/* A text is tried where the arena is free: one that doesn't fit there must leave nothing behind. */
static void text_leaves_nothing_behind(void **state)
{
	static const char nothing[512];
	struct retort_arena *arena = *state;

	retort_alloc(arena, 16);
	retort_printf(arena, "%5000d", 7); /* too long for what is left of the first chunk */
	assert_memory_equal(retort_alloc(arena, sizeof nothing), nothing, sizeof nothing);
	for (int width = 1; width < 5000; width += width < 600 ? 1 : 100) {
		char *text = retort_printf(arena, "%*d", width, 7);

		assert_int_equal(strlen(text), width);
		assert_memory_equal(retort_alloc(arena, sizeof nothing), nothing, sizeof nothing);
	}
}

/* Bytes behind the latest allocation are the arena's to give; those behind another one are not. */
static void the_latest_grows_where_it_is(void **state)
{
	static const char nothing[64];
	struct retort_arena *arena = *state;
	char *first = retort_alloc(arena, 20), *latest = retort_alloc(arena, 20), *next;

	assert_false(arena_extend(arena, first, 20, 20));
	assert_false(arena_extend(arena, latest, 20, 1 << 20));
	if (!arena_extend(arena, latest, 20, 44))
		skip(); /* with an address sanitizer none has anything behind it */
	assert_memory_equal(latest, nothing, 64);
	memset(latest, 1, 64);
	next = retort_alloc(arena, 16);
	assert_ptr_equal(next, latest + 64);
	assert_memory_equal(next, nothing, 16);
	assert_false(arena_extend(arena, latest, 64, 1));
}

struct trace {
	char order[8];
	size_t n;
};
struct step {
	struct trace *trace;
	struct retort_arena *arena;
	char name;
};

static void note(void *object)
{
	struct step *step = object;

	step->trace->order[step->trace->n++] = step->name;
}

/* A cleanup may still use the arena, and even add another one. */
static void note_and_add(void *object)
{
	struct step *step = object, *more = retort_alloc(step->arena, sizeof *more);

	note(step);
	*more = (struct step){step->trace, step->arena, 'z'};
	retort_arena_cleanup(step->arena, note, more);
}

static void cleanups_run_backwards(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct trace trace = {{0}, 0};
	struct step a = {&trace, arena, 'a'}, b = {&trace, arena, 'b'}, c = {&trace, arena, 'c'};

	(void)state;
	retort_arena_cleanup(arena, note, &a);
	retort_arena_cleanup(arena, note_and_add, &b);
	retort_arena_cleanup(arena, note, &c);
	assert_int_equal(trace.n, 0);
	retort_arena_free(arena);
	assert_string_equal(trace.order, "cbza");
}

static void arrays_grow(void **state)
{
	struct retort_arena *arena = *state;
	int *items = NULL, *before;
	size_t count = 0, moves = 0;

	while (count < 5000) {
		before = items;
		RETORT_PUSH(arena, items, count, (int)count);
		moves += items != before;
	}
	while (count) {
		count--;
		assert_int_equal(items[count], count);
	}
	assert_int_equal(moves, 12); /* room for 4, 8, ... 8192 */
}

/* Elements may be taken off the end in between, down to none. */
static void arrays_shrink_and_grow(void **state)
{
	struct retort_arena *arena = *state;
	size_t count = 0, low, high, i;
	short *items = NULL;

	for (low = 0; low < 9; low++) {
		for (high = low + 1; high < 40; high += 3) {
			while (count < high)
				RETORT_PUSH(arena, items, count, (short)count);
			for (i = 0; i < count; i++)
				assert_int_equal(items[i], i);
			count = low;
		}
	}
}

/* Runs a function in a child that must end by SIGABRT. */
static void expect_abort(void (*run)(struct retort_arena *))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit none = {0, 0};

		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &none);
		run(retort_arena_new());
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* Not known to the compiler, so that it does not warn of it. */
static size_t huge(void)
{
	volatile size_t size = SIZE_MAX;

	return size;
}

static void alloc_too_much(struct retort_arena *arena)
{
	retort_alloc(arena, huge());
}

static void alloc_almost_too_much(struct retort_arena *arena)
{
	retort_alloc(arena, huge() - 8);
}

static void overflow_array(struct retort_arena *arena)
{
	retort_alloc_array(arena, huge() / 2 + 2, 2);
}

static void overflow_strndup(struct retort_arena *arena)
{
	retort_strndup(arena, "", huge());
}

static void exhaustion_aborts(void **state)
{
	(void)state;
	expect_abort(alloc_too_much);
	expect_abort(alloc_almost_too_much);
	expect_abort(overflow_array);
	expect_abort(overflow_strndup);
	assert_non_null(retort_alloc_array(*state, 0, huge()));
	assert_non_null(retort_alloc_array(*state, huge(), 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(allocations_are_apart, setup, teardown),
		cmocka_unit_test(freeing_null_is_fine),
		cmocka_unit_test_setup_teardown(strings_are_copied, setup, teardown),
		cmocka_unit_test_setup_teardown(text_is_formatted, setup, teardown),
		cmocka_unit_test_setup_teardown(text_leaves_nothing_behind, setup, teardown),
		cmocka_unit_test_setup_teardown(the_latest_grows_where_it_is, setup, teardown),
		cmocka_unit_test(cleanups_run_backwards),
		cmocka_unit_test_setup_teardown(arrays_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(arrays_shrink_and_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(exhaustion_aborts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
