/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"

static struct retort_arena *arena;

static int setup(void **state)
{
	arena = retort_arena_new();
	*state = map_new(arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	retort_arena_free(arena);
	return 0;
}

static void an_empty_map_has_nothing(void **state)
{
	void *cursor = NULL;

	assert_null(map_get(*state, "a"));
	assert_null(map_get(*state, ""));
	assert_null(map_remove(*state, "a"));
	assert_int_equal(map_count(*state), 0);
	assert_int_equal(map_next(*state, &cursor, NULL, NULL), 0);
}

static void values_are_found_and_replaced(void **state)
{
	int a, b, c;

	assert_null(map_put(*state, "a", &a));
	assert_null(map_put(*state, "", &b));
	assert_ptr_equal(map_get(*state, "a"), &a);
	assert_ptr_equal(map_get(*state, ""), &b);
	assert_null(map_get(*state, "A"));
	assert_ptr_equal(map_put(*state, "a", &c), &a);
	assert_ptr_equal(map_get(*state, "a"), &c);
	assert_int_equal(map_count(*state), 2);
	assert_ptr_equal(map_remove(*state, "a"), &c);
	assert_null(map_get(*state, "a"));
	assert_int_equal(map_count(*state), 1);
}

static void keys_by_length(void **state)
{
	int a, ab;

	map_put(*state, "a", &a);
	map_put(*state, "ab", &ab);
	assert_ptr_equal(map_get_n(*state, "abc", 1), &a);
	assert_ptr_equal(map_get_n(*state, "abc", 2), &ab);
	assert_null(map_get_n(*state, "abc", 3));
	assert_null(map_get_n(*state, "abc", 0));
}

/* The keys in the order of a walk, joined. */
static const char *walk(const struct map *map)
{
	struct retort_buf buf;
	void *cursor = NULL;
	const char *key;

	retort_buf_init(&buf, arena);
	while (map_next(map, &cursor, &key, NULL))
		retort_buf_str(&buf, key);
	return buf.data;
}

static void order_of_insertion_stays(void **state)
{
	int x, y;

	map_put(*state, "c", &x);
	map_put(*state, "a", &x);
	map_put(*state, "b", &x);
	assert_string_equal(walk(*state), "cab");
	map_put(*state, "a", &y);
	assert_string_equal(walk(*state), "cab");
	map_remove(*state, "c");
	assert_string_equal(walk(*state), "ab");
	map_put(*state, "c", &x);
	assert_string_equal(walk(*state), "abc");
}

static void the_walk_may_remove(void **state)
{
	static const char *const keys[] = {"a", "b", "c", "d"};
	void *cursor = NULL, *value;
	const char *key;
	size_t i, seen = 0;

	for (i = 0; i < 4; i++)
		map_put(*state, keys[i], (void *)(uintptr_t)&keys[i]);
	while (map_next(*state, &cursor, &key, &value)) {
		assert_ptr_equal(value, &keys[seen]);
		assert_string_equal(key, keys[seen]);
		assert_ptr_equal(map_remove(*state, key), value);
		seen++;
	}
	assert_int_equal(seen, 4);
	assert_int_equal(map_count(*state), 0);
}

/* Enough keys that the table grows many times, then removal of every other one. */
static void many_keys(void **state)
{
	enum { N = 20000 };
	void *cursor = NULL, *value;
	const char *key;
	char **keys;
	size_t i;

	keys = retort_alloc_array(arena, N, sizeof *keys);
	for (i = 0; i < N; i++) {
		keys[i] = retort_printf(arena, "key-%zu", i * 7919);
		assert_null(map_put(*state, keys[i], keys[i]));
	}
	assert_int_equal(map_count(*state), N);
	for (i = 0; i < N; i += 2)
		assert_ptr_equal(map_remove(*state, keys[i]), keys[i]);
	assert_int_equal(map_count(*state), N / 2);
	for (i = 0; i < N; i++)
		assert_ptr_equal(map_get(*state, keys[i]), i % 2 ? keys[i] : NULL);
	for (i = 1; map_next(*state, &cursor, &key, &value); i += 2)
		assert_ptr_equal(value, keys[i]);
	assert_int_equal(i, N + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_empty_map_has_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(values_are_found_and_replaced, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_by_length, setup, teardown),
		cmocka_unit_test_setup_teardown(order_of_insertion_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(the_walk_may_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(many_keys, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
