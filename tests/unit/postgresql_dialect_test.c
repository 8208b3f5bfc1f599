/* SPDX-License-Identifier: MIT
 *
 * PostgreSQL's dialect without a server: types both ways, literals, functions, capabilities by version,
 * normalising. Skipped where RETORT_DRIVER_PATH holds no such plugin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/loader.h"
#include "model/compare.h"
#include "retort/sql.h"

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct retort_dialect *dialect;
	struct retort_render render;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	if (!fixture)
		return -1;
	fixture->arena = retort_arena_new();
	fixture->err = retort_error_new();
	if (loader_dialect(loader_new(fixture->arena, NULL, 0), "postgresql", &fixture->dialect,
		    fixture->err) == 0)
		fixture->render = (struct retort_render){.size = sizeof fixture->render,
			.arena = fixture->arena,
			.dialect = fixture->dialect,
			.schema = retort_schema_new(fixture->arena)};
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_error_free(fixture->err);
	retort_arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static struct fixture *fixture_of(void **state)
{
	struct fixture *fixture = *state;

	if (!fixture->dialect) {
		print_message("%s\n", retort_error_first(fixture->err)->message);
		skip();
	}
	return fixture;
}

static const char *native(struct fixture *fixture, const char *text)
{
	const struct retort_type *type;
	struct retort_buf out;

	retort_buf_init(&out, fixture->arena);
	assert_int_equal(retort_type_parse(fixture->arena, text, &type, fixture->err), 0);
	assert_int_equal(retort_sql_type(&fixture->render, &out, type, fixture->err), 0);
	return out.data;
}

static void each_neutral_type_has_a_native_one(void **state)
{
	static const char *const pairs[][2] = {
		{"boolean", "boolean"},
		{"smallint", "smallint"},
		{"integer unsigned", "bigint"},
		{"bigint unsigned", "numeric(20,0)"},
		{"float", "real"},
		{"double", "double precision"},
		{"numeric(12,2)", "numeric(12,2)"},
		{"numeric(5)", "numeric(5,0)"},
		{"numeric", "numeric"},
		{"string(320)", "varchar(320)"},
		{"char(2)", "char(2)"},
		{"time", "time"},
		{"time(3)", "time(3)"},
		{"datetime", "timestamp"},
		{"datetime(0)", "timestamp(0)"},
		{"timestamp", "timestamptz"},
		{"timestamp(3)", "timestamptz(3)"},
		{"binary(16)", "bytea"},
		{"blob", "bytea"},
		{"json", "jsonb"},
		{"uuid", "uuid"},
		{"interval", "interval"},
		{"array(string(20))", "varchar(20)[]"},
		{"array(array(integer))", "integer[][]"},
		{"enum color", "\"color\""},
		{"enum shop.color", "\"shop\".\"color\""},
		{"domain zip", "\"zip\""},
	};
	struct fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		assert_string_equal(native(fixture, pairs[i][0]), pairs[i][1]);
}

/* "kind native": what is exact has no native text beside it. */
static const char *neutral(struct fixture *fixture, const char *text)
{
	const struct retort_type *type;

	assert_int_equal(fixture->dialect->native_type(fixture->arena, text, &type), 0);
	return retort_printf(fixture->arena, "%s %s", retort_type_text(fixture->arena, type),
		type->native ? type->native : "-");
}

static void native_types_are_read_in_all_spellings(void **state)
{
	static const char *const pairs[][2] = {
		{"int4", "integer -"},
		{"INT", "integer -"},
		{"int8", "bigint -"},
		{"bool", "boolean -"},
		{"decimal(10)", "numeric(10,0) -"},
		{"numeric( 12 , 2 )", "numeric(12,2) -"},
		{"numeric", "numeric -"},
		{"numeric(3,-2)", "numeric numeric(3,-2)"},
		{"character varying(20)", "string(20) -"},
		{"VARCHAR (20)", "string(20) -"},
		{"char", "char(1) -"},
		{"character(3)", "char(3) -"},
		{"\"char\"", "text \"char\""},
		{"timestamptz(3)", "timestamp(3) -"},
		{"timestamp(3) with time zone", "timestamp(3) -"},
		{"timestamp without time zone", "datetime -"},
		{"time(0)", "time(0) -"},
		{"timetz", "time time with time zone"},
		{"interval(3)", "interval interval(3)"},
		{"interval day to second(3)", "text interval day to second(3)"},
		{"json", "json json"},
		{"citext", "text citext"},
		{"public.Hstore", "text public.hstore"},
		{"integer[]", "array(integer) -"},
		{"int4[3][3]", "array(integer) -"},
		{"inet[]", "array(inet) inet[]"},
		{"geometry(Point, 4326)", "text geometry(Point,4326)"},
	};
	struct fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		assert_string_equal(neutral(fixture, pairs[i][0]), pairs[i][1]);
}

static void capabilities_follow_the_version(void **state)
{
	static const struct {
		uint64_t cap;
		unsigned since;
	} rows[] = {{RETORT_CAP_PROCEDURES, 110000}, {RETORT_CAP_INDEX_INCLUDE, 110000},
		{RETORT_CAP_COMPUTED_STORED, 120000}, {RETORT_CAP_REPLACE_TRIGGER, 140000},
		{RETORT_CAP_COMPUTED_VIRTUAL, 180000}};
	struct fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(fixture->dialect->caps_at(rows[i].since - 1) & rows[i].cap, 0);
		assert_int_equal(fixture->dialect->caps_at(rows[i].since) & rows[i].cap, rows[i].cap);
	}
	assert_int_equal(fixture->dialect->caps_at(0), fixture->dialect->caps);
	assert_int_equal(fixture->dialect->caps & RETORT_CAP_COMPUTED_VIRTUAL, 0);
}

static void uuids_need_no_extension_on_old_servers(void **state)
{
	struct fixture *fixture = fixture_of(state);
	struct retort_type *type = retort_type_new(fixture->arena, RETORT_TYPE_UUID);
	struct retort_default def = {.kind = RETORT_DEFAULT_FUNCTION, .text = "uuid"};
	struct retort_buf out;

	retort_buf_init(&out, fixture->arena);
	fixture->render.version = 120000;
	assert_int_equal(retort_sql_default(&fixture->render, &out, type, &def, fixture->err), 0);
	assert_null(strstr(out.data, "gen_random_uuid"));
	retort_buf_clear(&out);
	fixture->render.version = 130000;
	assert_int_equal(retort_sql_default(&fixture->render, &out, type, &def, fixture->err), 0);
	assert_string_equal(out.data, "gen_random_uuid()");
	type->kind = RETORT_TYPE_INTEGER;
	assert_int_equal(retort_sql_default(&fixture->render, &out, type, &def, fixture->err), -1);
}

/* A schema of one table with one column, as a file and as the server may tell of it. */
static struct retort_schema *one_column(struct fixture *fixture, const char *type, const char *literal)
{
	struct retort_schema *schema = retort_schema_new(fixture->arena);
	struct retort_table *table = retort_table_new(fixture->arena, NULL, "t");
	struct retort_column *column = retort_table_add_column(fixture->arena, table, "a");
	struct retort_default *def = retort_alloc(fixture->arena, sizeof *def);

	assert_int_equal(retort_type_parse(fixture->arena, type, &column->type, fixture->err), 0);
	def->kind = RETORT_DEFAULT_LITERAL;
	def->text = literal;
	column->def = literal ? def : NULL;
	column->enum_type_name = "t_a";
	column->type_check_name = "ck_t_a";
	retort_schema_put_table(schema, table);
	assert_int_equal(fixture->dialect->normalize(fixture->arena, schema, fixture->err), 0);
	return schema;
}

static size_t differences(struct fixture *fixture, const struct retort_schema *left,
	const struct retort_schema *right)
{
	const struct compare_options options = {.syntax = fixture->dialect->syntax};
	struct difference *list;
	size_t count;

	compare_schemas(fixture->arena, left, right, &options, &list, &count);
	return count;
}

static void normalising_makes_equal_what_the_server_has_alike(void **state)
{
	struct fixture *fixture = fixture_of(state);
	struct retort_schema *schema = one_column(fixture, "integer unsigned", NULL), *other;
	struct retort_table *table = schema->tables[0];

	assert_string_equal(table->columns[0]->type->native, "bigint");
	assert_string_equal(table->constraints[0]->name, "ck_t_a");
	assert_string_equal(table->constraints[0]->expression->sql, "\"a\" >= 0");
	schema = one_column(fixture, "enum(x, y)", "x");
	assert_int_equal(schema->enum_count, 1);
	assert_string_equal(schema->enums[0]->name, "t_a");
	assert_string_equal(schema->tables[0]->columns[0]->type->native, "\"t_a\"");
	assert_int_equal(differences(fixture, one_column(fixture, "numeric(5)", "1"),
				 one_column(fixture, "numeric(5,0)", "1")),
		0);
	assert_int_equal(differences(fixture, one_column(fixture, "binary(3)", "0x00"),
				 one_column(fixture, "blob", "0x00")),
		0);
	assert_int_equal(differences(fixture, one_column(fixture, "boolean", "1"),
				 one_column(fixture, "boolean", "true")),
		0);
	assert_int_equal(differences(fixture, one_column(fixture, "timestamp", "2026-01-02T03:04:05+01:00"),
				 one_column(fixture, "timestamp", "2026-01-02 02:04:05+00")),
		0);
	other = one_column(fixture, "timestamp(3)", NULL);
	assert_int_equal(differences(fixture, one_column(fixture, "timestamp", NULL), other), 1);
	assert_int_equal(differences(fixture, one_column(fixture, "enum(x, y)", "x"),
				 one_column(fixture, "enum(x, z)", "x")),
		1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(each_neutral_type_has_a_native_one),
		TEST(native_types_are_read_in_all_spellings),
		TEST(capabilities_follow_the_version),
		TEST(uuids_need_no_extension_on_old_servers),
		TEST(normalising_makes_equal_what_the_server_has_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
