/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialects.h"

struct fixture {
	struct retort_arena *arena;
	struct retort_render render;
	struct retort_buf out;
};

static int setup(void **state)
{
	static struct fixture fixture;

	fixture.arena = retort_arena_new();
	fixture.render = (struct retort_render){.size = sizeof fixture.render,
		.arena = fixture.arena,
		.dialect = &rich};
	retort_buf_init(&fixture.out, fixture.arena);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	retort_arena_free(((struct fixture *)*state)->arena);
	return 0;
}

static void names(void **state)
{
	struct fixture *fixture = *state;
	static const char *const list[] = {"a", "b \"c\"", "select"};

	retort_sql_name(&fixture->render, &fixture->out, "a\"b");
	assert_string_equal(fixture->out.data, "\"a\"\"b\"");
	retort_buf_clear(&fixture->out);
	retort_sql_qualified(&fixture->render, &fixture->out, "s", "t");
	retort_sql_qualified(&fixture->render, &fixture->out, NULL, "u");
	assert_string_equal(fixture->out.data, "\"s\".\"t\"\"u\"");
	retort_buf_clear(&fixture->out);
	retort_sql_names(&fixture->render, &fixture->out, list, 3);
	assert_string_equal(fixture->out.data, "\"a\", \"b \"\"c\"\"\", \"select\"");
	retort_buf_clear(&fixture->out);
	fixture->render.dialect = &poor;
	retort_sql_name(&fixture->render, &fixture->out, "a]b[c]");
	assert_string_equal(fixture->out.data, "[a]]b[c]]]");
}

static void strings(void **state)
{
	struct fixture *fixture = *state;

	retort_sql_string(&fixture->render, &fixture->out, "it's \\ '' \"x\"");
	assert_string_equal(fixture->out.data, "'it''s \\ '''' \"x\"'");
	retort_buf_clear(&fixture->out);
	fixture->render.dialect = &poor;
	retort_sql_string(&fixture->render, &fixture->out, "\\' or 1=1 --");
	assert_string_equal(fixture->out.data, "'\\\\'' or 1=1 --'");
	retort_buf_clear(&fixture->out);
	retort_sql_string(&fixture->render, &fixture->out, "");
	assert_string_equal(fixture->out.data, "''");
}

/* A comment at the end must not hide what follows. */
static void expressions(void **state)
{
	struct fixture *fixture = *state;

	retort_sql_expression(&fixture->out, "a > 0");
	retort_sql_expression(&fixture->out, "a -- b\n> 0");
	retort_sql_expression(&fixture->out, "a -- b");
	assert_string_equal(fixture->out.data, "(a > 0)(a -- b\n> 0)(a -- b\n)");
}

static void placeholders(void **state)
{
	struct fixture *fixture = *state;

	retort_sql_placeholder(&fixture->render, &fixture->out, 12);
	fixture->render.dialect = &poor;
	retort_sql_placeholder(&fixture->render, &fixture->out, 12);
	assert_string_equal(fixture->out.data, "$12?");
}

static uint64_t caps_at(unsigned version)
{
	return version >= 80000 || version == 0 ? RETORT_CAP_COMMENTS | RETORT_CAP_ENUMS
						: RETORT_CAP_COMMENTS;
}

static void capabilities_of_a_version(void **state)
{
	struct fixture *fixture = *state;
	struct retort_dialect dialect = poor;

	fixture->render.dialect = &dialect;
	assert_false(retort_sql_has(&fixture->render, RETORT_CAP_ENUMS));
	assert_true(retort_sql_has(&fixture->render, RETORT_CAP_COMPUTED_STORED));
	dialect.caps_at = caps_at;
	assert_true(retort_sql_has(&fixture->render, RETORT_CAP_ENUMS));
	assert_false(retort_sql_has(&fixture->render, RETORT_CAP_ENUMS | RETORT_CAP_DOMAINS));
	fixture->render.version = 70000;
	assert_false(retort_sql_has(&fixture->render, RETORT_CAP_ENUMS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names, setup, teardown),
		cmocka_unit_test_setup_teardown(strings, setup, teardown),
		cmocka_unit_test_setup_teardown(expressions, setup, teardown),
		cmocka_unit_test_setup_teardown(placeholders, setup, teardown),
		cmocka_unit_test_setup_teardown(capabilities_of_a_version, setup, teardown),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
