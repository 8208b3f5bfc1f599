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

/* What is a word without quotes is written as the engine reads that. */
static void capitals(void **state)
{
	struct fixture *fixture = *state;
	static const char *const list[] = {"team_2", "Team", "2a", "it's", "\xc3\xa4rger", "a\"b", "TEAM"};
	struct retort_dialect upper = rich;

	upper.syntax |= RETORT_SYNTAX_UPPER;
	fixture->render.dialect = &upper;
	retort_sql_names(&fixture->render, &fixture->out, list, 7);
	assert_string_equal(fixture->out.data,
		"\"TEAM_2\", \"Team\", \"2a\", \"it's\", \"\xc3\xa4rger\", \"a\"\"b\", \"TEAM\"");
}

static void by_a_form(void **state)
{
	struct fixture *fixture = *state;

	retort_sql_write(&fixture->render, &fixture->out, "%t %n, 100%% %q%s;", "s", "t", "a\"b", "it's",
		" + 1");
	retort_sql_write(&fixture->render, &fixture->out, " %t", NULL, "t");
	assert_string_equal(fixture->out.data, "\"s\".\"t\" \"a\"\"b\", 100% 'it''s' + 1; \"t\"");
}

static void bare_expressions(void **state)
{
	struct fixture *fixture = *state;
	static const char *const given[][2] = {
		{" (a > 1)\n", "a > 1"},
		{"((a))", "a"},
		{"( (a) + (b) )", "(a) + (b)"},
		{"(a) + (b)", "(a) + (b)"},
		{"(')')", "')'"},
		{"(a -- )\n)", "a -- )"},
		{"(a", "(a"},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		assert_string_equal(retort_sql_bare(fixture->arena, rich.syntax, given[i][0]), given[i][1]);
}

/* Two values a row, by the dialect's own words. */
static int insert(struct retort_render *render, const struct retort_bulk *bulk, const char *const *values,
	size_t n, struct retort_buf *out, struct retort_error *err)
{
	(void)render, (void)err;
	retort_buf_printf(out, "PUT %s:", bulk->table);
	for (size_t i = 0; i < n * 2; i++)
		retort_buf_printf(out, " %s", values[i]);
	return n > 1 ? RETORT_OK : RETORT_PASS;
}

/* A dialect's insert gets the values of max_rows rows at most, and may pass. */
static void inserts(void **state)
{
	struct fixture *fixture = *state;
	struct retort_schema *schema = retort_schema_new(fixture->arena);
	struct retort_table *table = retort_table_new(fixture->arena, NULL, "t");
	struct retort_plan plan = {.arena = fixture->arena};
	const struct retort_value values[] = {{.kind = RETORT_DEFAULT_LITERAL, .text = "1"},
		{.kind = RETORT_DEFAULT_LITERAL, .text = "it's"}};
	const struct retort_value *row[] = {&values[0], &values[1]};
	const struct retort_value *const *rows[] = {row, row, row};
	const char *const columns[] = {"a", "b"};
	struct retort_rows given = {.columns = columns, .column_count = 2, .rows = rows, .row_count = 3};
	const struct retort_op op = {.kind = RETORT_OP_INSERT_ROWS,
		.table = "t",
		.name = "t",
		.rows = &given};
	struct retort_dialect own = rich;

	own.insert = insert;
	own.max_rows = 2;
	retort_table_add_column(fixture->arena, table, "a")->type =
		retort_type_new(fixture->arena, RETORT_TYPE_INTEGER);
	retort_table_add_column(fixture->arena, table, "b")->type =
		retort_type_new(fixture->arena, RETORT_TYPE_TEXT);
	retort_schema_put_table(schema, table);
	fixture->render.dialect = &own;
	fixture->render.schema = schema;
	fixture->render.plan = &plan;
	assert_int_equal(retort_sql_generic(&fixture->render, &op, NULL), 0);
	assert_int_equal(plan.statement_count, 2);
	assert_string_equal(plan.statements[0]->sql, "PUT t: 1 'it''s' 1 'it''s'");
	assert_string_equal(plan.statements[1]->sql,
		"INSERT INTO \"t\" (\"a\", \"b\") VALUES\n\t(1, 'it''s')");
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
		cmocka_unit_test_setup_teardown(capitals, setup, teardown),
		cmocka_unit_test_setup_teardown(by_a_form, setup, teardown),
		cmocka_unit_test_setup_teardown(bare_expressions, setup, teardown),
		cmocka_unit_test_setup_teardown(inserts, setup, teardown),
		cmocka_unit_test_setup_teardown(strings, setup, teardown),
		cmocka_unit_test_setup_teardown(expressions, setup, teardown),
		cmocka_unit_test_setup_teardown(placeholders, setup, teardown),
		cmocka_unit_test_setup_teardown(capabilities_of_a_version, setup, teardown),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
