/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "retort/memory.h"

struct fixture {
	struct retort_arena *arena;
	struct retort_buf buf;
};

static struct fixture fixture;

static int setup(void **state)
{
	fixture.arena = retort_arena_new();
	retort_buf_init(&fixture.buf, fixture.arena);
	*state = &fixture.buf;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	retort_arena_free(fixture.arena);
	return 0;
}

static void empty_is_a_string(void **state)
{
	struct retort_buf *buf = *state;

	assert_string_equal(buf->data, "");
	assert_int_equal(buf->len, 0);
	retort_buf_clear(buf);
	retort_buf_str(buf, "");
	retort_buf_mem(buf, NULL, 0);
	retort_buf_printf(buf, "%s", "");
	assert_string_equal(buf->data, "");
	assert_int_equal(buf->len, 0);
}

static void pieces_are_appended(void **state)
{
	struct retort_buf *buf = *state;

	retort_buf_str(buf, "ab");
	retort_buf_char(buf, 'c');
	retort_buf_mem(buf, "d\0e", 3);
	retort_buf_printf(buf, "%d%s", -1, "x");
	assert_int_equal(buf->len, 9);
	assert_memory_equal(buf->data, "abcd\0e-1x", 10);
}

/* Every length around the limits of its capacity, by each way of appending. */
static void the_end_is_always_zero(void **state)
{
	struct retort_buf *buf = *state;
	char text[300];
	size_t n;

	memset(text, 'x', sizeof text);
	for (n = 0; n < sizeof text; n++) {
		retort_buf_init(buf, fixture.arena);
		retort_buf_mem(buf, text, n);
		assert_int_equal(buf->data[buf->len], 0);
		assert_int_equal(strlen(buf->data), n);
		retort_buf_init(buf, fixture.arena);
		retort_buf_printf(buf, "%.*s", (int)n, text);
		assert_int_equal(buf->len, n);
		assert_int_equal(strlen(buf->data), n);
		retort_buf_char(buf, 'y');
		assert_int_equal(buf->data[n], 'y');
		assert_int_equal(buf->data[n + 1], 0);
		assert_true(buf->capacity > buf->len);
	}
}

static void grows_far(void **state)
{
	struct retort_buf *buf = *state;
	size_t i;

	for (i = 0; i < 100000; i++)
		retort_buf_char(buf, (char)('a' + i % 26));
	assert_int_equal(buf->len, 100000);
	for (i = 0; i < 100000; i++)
		assert_int_equal(buf->data[i], 'a' + i % 26);
}

static void clear_keeps_the_memory(void **state)
{
	struct retort_buf *buf = *state;
	size_t capacity;
	char *data;

	retort_buf_printf(buf, "%500d", 1);
	capacity = buf->capacity;
	data = buf->data;
	retort_buf_clear(buf);
	assert_string_equal(buf->data, "");
	retort_buf_printf(buf, "%500d", 2);
	assert_ptr_equal(buf->data, data);
	assert_int_equal(buf->capacity, capacity);
	assert_int_equal(buf->len, 500);
}

/* What is appended may be the buffer's own text, with and without growing. */
static void takes_its_own_text(void **state)
{
	struct retort_buf *buf = *state;
	int i;

	retort_buf_str(buf, "ab");
	for (i = 0; i < 10; i++)
		retort_buf_mem(buf, buf->data, buf->len);
	assert_int_equal(buf->len, 2048);
	for (i = 0; i < 2048; i++)
		assert_int_equal(buf->data[i], i % 2 ? 'b' : 'a');
}

static void bytes_are_hex(void **state)
{
	struct retort_buf *buf = *state;
	size_t n = 7;

	retort_buf_hex(buf, "\0\xfft", 3);
	assert_string_equal(buf->data, "0x00ff74");
	assert_memory_equal(retort_unhex(buf->arena, buf->data, &n), "\0\xfft", 4);
	assert_int_equal(n, 3);
	assert_non_null(retort_unhex(buf->arena, "0x", &n));
	assert_int_equal(n, 0);
	assert_null(retort_unhex(buf->arena, "0xf", &n));
	assert_null(retort_unhex(buf->arena, "0xfg", &n));
	assert_null(retort_unhex(buf->arena, "ff", &n));
	assert_null(retort_unhex(buf->arena, "", &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_is_a_string, setup, teardown),
		cmocka_unit_test_setup_teardown(pieces_are_appended, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end_is_always_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(grows_far, setup, teardown),
		cmocka_unit_test_setup_teardown(clear_keeps_the_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_its_own_text, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_are_hex, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
