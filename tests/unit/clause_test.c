/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialects.h"
#include "sql/literal.h"

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	struct retort_render render;
	struct retort_buf out;
};

static int setup(void **state)
{
	static struct fixture fixture;

	fixture.arena = retort_arena_new();
	fixture.err = retort_error_new();
	fixture.render = (struct retort_render){.size = sizeof fixture.render,
		.arena = fixture.arena,
		.dialect = &rich,
		.schema = retort_schema_new(fixture.arena)};
	retort_buf_init(&fixture.out, fixture.arena);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_arena_free(fixture->arena);
	retort_error_free(fixture->err);
	return 0;
}

static const struct retort_type *type_of(struct fixture *fixture, const char *text)
{
	const struct retort_type *type = NULL;

	assert_int_equal(retort_type_parse(fixture->arena, text, &type, fixture->err), 0);
	return type;
}

/* A literal's SQL, or its error message. */
static const char *literal(struct fixture *fixture, const char *type, const char *text)
{
	retort_buf_clear(&fixture->out);
	retort_error_clear(fixture->err);
	if (retort_sql_literal(&fixture->render, &fixture->out, type_of(fixture, type), text, fixture->err)) {
		assert_int_equal(fixture->out.len, 0);
		assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_PLAN);
		return retort_error_first(fixture->err)->message;
	}
	return fixture->out.data;
}

struct row {
	const char *type, *text, *wanted;
};

static void check_rows(struct fixture *fixture, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_equal(literal(fixture, rows[i].type, rows[i].text), rows[i].wanted);
}

#define CHECK_ROWS(rows) check_rows(*state, rows, sizeof(rows) / sizeof *(rows))

static void number_literals(void **state)
{
	static const struct row rows[] = {
		{"smallint", "-32768", "-32768"},
		{"smallint", "+007", "7"},
		{"smallint", "-0", "0"},
		{"smallint", "32768", "'32768' is out of range for smallint (-32768 to 32767)"},
		{"smallint unsigned", "65535", "65535"},
		{"smallint unsigned", "-1", "'-1' is out of range for smallint unsigned (0 to 65535)"},
		{"integer", "-2147483648", "-2147483648"},
		{"integer", "2147483648",
			"'2147483648' is out of range for integer (-2147483648 to 2147483647)"},
		{"bigint", "-9223372036854775808", "-9223372036854775808"},
		{"bigint unsigned", "18446744073709551615", "18446744073709551615"},
		{"bigint unsigned", "18446744073709551616",
			"'18446744073709551616' is out of range for bigint unsigned (0 to "
			"18446744073709551615)"},
		{"integer", "1.0", "'1.0' is no value of type integer"},
		{"integer", "", "'' is no value of type integer"},
		{"integer", "-", "'-' is no value of type integer"},
		{"integer", "1; drop table a", "'1; drop table a' is no value of type integer"},
		{"integer", "abs(1)",
			"'abs(1)' is no value of type integer: SQL is written as {expression: ...}"},
		{"double", "1e-3", "1e-3"},
		{"double", ".5", "0.5"},
		{"double", "-5.", "-5"},
		{"double", "1E+10", "1e+10"},
		{"double", "nan", "'nan' is no value of type double"},
		{"double", "1e", "'1e' is no value of type double"},
		{"numeric(5,2)", "-123.40", "-123.40"},
		{"numeric(5,2)", "123.4500", "123.45"},
		{"numeric(5,2)", "123.456", "'123.456' does not fit into numeric(5,2)"},
		{"numeric(5,2)", "1234", "'1234' does not fit into numeric(5,2)"},
		{"numeric(5,2)", "000123.4", "123.4"},
		{"numeric(2,2)", "0.12", "0.12"},
		{"numeric(5)", "12345", "12345"},
		{"numeric(5)", "1.5", "'1.5' does not fit into numeric(5)"},
		{"numeric", "123456789012345678901234567890.5", "123456789012345678901234567890.5"},
		{"numeric", "1e5", "'1e5' is no value of type numeric: write it without an exponent"},
		{"boolean", "TRUE", "TRUE"},
		{"boolean", "0", "FALSE"},
		{"boolean", "yes", "'yes' is no value of type boolean: write true or false"},
	};

	CHECK_ROWS(rows);
}

static void text_literals(void **state)
{
	static const struct row rows[] = {
		{"string(3)", "it'", "'it'''"},
		{"string(3)", "\xc3\xa4\xc3\xb6\xc3\xbc", "'\xc3\xa4\xc3\xb6\xc3\xbc'"},
		{"string(3)", "abcd", "'abcd' has 4 characters, string(3) holds 3"},
		{"text", "now()", "'now()'"},
		{"text", "", "''"},
		{"string(5)", "no", "'no'"},
		{"uuid", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'"},
		{"uuid", "6f9619ff8b86d011b42d00c04fc964ff",
			"'6f9619ff8b86d011b42d00c04fc964ff' is no value of type uuid: its form is 8-4-4-4-12 "
			"hex digits"},
		{"uuid", "uuid()", "'uuid()' is no value of type uuid: did you mean {function: uuid}"},
		{"blob", "0xDEadbeef", "X'DEadbeef'"},
		{"blob", "0x", "X''"},
		{"blob", "0xabc",
			"'0xabc' is no value of type blob: 0x must be followed by pairs of hex digits"},
		{"blob", "abc", "'abc' is no value of type blob: bytes are written as 0x and hex digits"},
		{"varbinary(2)", "0x010203", "'0x010203' has 3 bytes, varbinary(2) holds 2"},
		{"json", "{\"a\": [1, 99999999999999999999]}", "'{\"a\": [1, 99999999999999999999]}'"},
		{"json", "3", "'3'"},
		{"enum(new, 'it''s')", "it's", "'it''s'"},
		{"enum(new, active)", "actve",
			"'actve' is no value of enum(new, active) (new and active): "
			"did you mean 'active'"},
	};
	struct fixture *fixture = *state;

	CHECK_ROWS(rows);
	assert_non_null(strstr(literal(fixture, "json", "{a: 1}"), "'{a: 1}' is no value of type json: "));
	assert_string_equal(literal(fixture, "integer", NULL), "NULL");
}

static void time_literals(void **state)
{
	static const struct row rows[] = {
		{"date", "2024-02-29", "'2024-02-29'"},
		{"date", "2023-02-29",
			"'2023-02-29' is no value of type date: there is no such day in that month"},
		{"date", "1900-02-29",
			"'1900-02-29' is no value of type date: there is no such day in that month"},
		{"date", "2000-02-29", "'2000-02-29'"},
		{"date", "2024-13-01", "'2024-13-01' is no value of type date: there is no such month"},
		{"date", "24-1-1", "'24-1-1' is no value of type date: a date is written YYYY-MM-DD"},
		{"date", "2024-01-01 00:00:00",
			"'2024-01-01 00:00:00' is no value of type date: a date has no time"},
		{"date", "now()", "'now()' is no value of type date: did you mean {function: today}"},
		{"date", "0000-01-01", "'0000-01-01' is no value of type date: the year must be 1 to 9999"},
		{"time", "23:59", "'23:59:00'"},
		{"time", "23:59:59.500", "'23:59:59.5'"},
		{"time", "24:00:00", "'24:00:00' is no value of type time: there is no such time of day"},
		{"time(0)", "10:00:00.5",
			"'10:00:00.5' is no value of type time(0): "
			"the fraction of a second has more digits than the type keeps"},
		{"datetime", "2024-01-02T03:04:05", "'2024-01-02 03:04:05'"},
		{"datetime", "2024-01-02", "'2024-01-02 00:00:00'"},
		{"datetime", "2024-01-02 03:04:05Z",
			"'2024-01-02 03:04:05Z' is no value of type datetime: the type has no time zone"},
		{"timestamp", "2024-01-01T00:30:00+02:00", "'2023-12-31 22:30:00+00'"},
		{"timestamp", "2024-02-29 23:30:00 -0100", "'2024-03-01 00:30:00+00'"},
		{"timestamp", "2024-01-02 03:04:05.123456789Z",
			"'2024-01-02 03:04:05.123456789Z' is no value of type "
			"timestamp: the fraction of a second has more digits than the type keeps"},
		{"timestamp", "2024-01-02 03:04:05.120", "'2024-01-02 03:04:05.12+00'"},
		{"timestamp", "0001-01-01 00:00:00+01",
			"'0001-01-01 00:00:00+01' is no value of type timestamp: in UTC the year would not "
			"be 1 to 9999"},
		{"timestamp", "now()", "'now()' is no value of type timestamp: did you mean {function: now}"},
		{"timestamp", "CURRENT_TIMESTAMP",
			"'CURRENT_TIMESTAMP' is no value of type timestamp: did you mean {function: now}"},
		{"timestamp", "2024-01-02 03:04:05+02x",
			"'2024-01-02 03:04:05+02x' is no value of type timestamp: "
			"a zone is written Z or +HH:MM"},
		{"timestamp", "2024-", "'2024-' is no value of type timestamp: a date is written YYYY-MM-DD"},
	};

	CHECK_ROWS(rows);
}

/* What literal_append writes, it reads back unchanged. */
static void neutral_forms_are_stable(void **state)
{
	static const struct row rows[] = {
		{"timestamp", "2024-01-01T00:30:00.10+02:00", "2023-12-31 22:30:00.1"},
		{"boolean", "1", "true"},
		{"integer", "+01", "1"},
		{"blob", "0xAB", "0xAB"},
		{"time", "01:02", "01:02:00"},
		{"uuid", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff-8b86-d011-b42d-00c04fc964ff"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct retort_type *type = type_of(fixture, rows[i].type);

		retort_buf_clear(&fixture->out);
		assert_int_equal(literal_append(&fixture->out, NULL, type, rows[i].text, fixture->err), 0);
		assert_string_equal(fixture->out.data, rows[i].wanted);
		retort_buf_clear(&fixture->out);
		assert_int_equal(literal_append(&fixture->out, NULL, type, rows[i].wanted, fixture->err), 0);
		assert_string_equal(fixture->out.data, rows[i].wanted);
	}
}

static void types(void **state)
{
	static const struct row rows[] = {
		{"numeric(12,2)", NULL, "numeric(12,2)"},
		{"numeric(12)", NULL, "numeric(12,0)"},
		{"numeric", NULL, "numeric"},
		{"string(20)", NULL, "varchar(20)"},
		{"array(array(string(5)))", NULL, "varchar(5)[][]"},
		{"smallint unsigned", NULL, "integer"},
		{"integer unsigned", NULL, "bigint"},
		{"bigint unsigned", NULL, "numeric(20,0)"},
		{"enum state", NULL, "\"state\""},
		{"domain email", NULL, "\"email\""},
		{"time(3)", NULL, "time(3)"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		retort_buf_clear(&fixture->out);
		assert_int_equal(retort_sql_type(&fixture->render, &fixture->out,
					 type_of(fixture, rows[i].type), fixture->err),
			0);
		assert_string_equal(fixture->out.data, rows[i].wanted);
	}
	fixture->render.dialect = &poor;
	assert_int_equal(retort_sql_type(&fixture->render, &fixture->out, type_of(fixture, "interval"),
				 fixture->err),
		-1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"poor has no type interval: give a type for it, as in {default: interval, poor: ...}");
}

static void create_table(void **state)
{
	struct fixture *fixture = *state;
	struct retort_arena *arena = fixture->arena;
	struct retort_table *table = retort_table_new(arena, "shop", "order");
	struct retort_column *column = retort_table_add_column(arena, table, "id");
	struct retort_constraint *constraint;
	struct retort_references references = {.table = "customer",
		.on_delete = RETORT_ACTION_SET_NULL,
		.on_update = RETORT_ACTION_CASCADE};
	struct retort_default now = {.kind = RETORT_DEFAULT_FUNCTION, .text = "now"};
	static const char *const id[] = {"id"}, *const customer[] = {"customer"};

	column->type = type_of(fixture, "bigint");
	column->nullable = false;
	column->autoincrement = RETORT_AUTO_ALWAYS;
	column->auto_start = 100;
	column->auto_increment = 5;
	column = retort_table_add_column(arena, table, "customer");
	column->type = type_of(fixture, "bigint");
	column = retort_table_add_column(arena, table, "name");
	column->type = type_of(fixture, "string(20)");
	column->collation = "C";
	column = retort_table_add_column(arena, table, "at");
	column->type = type_of(fixture, "timestamp");
	column->def = &now;
	column->nullable = false;
	column = retort_table_add_column(arena, table, "upper");
	column->type = type_of(fixture, "text");
	column->computed = retort_text_new(arena, "upper(name)");
	constraint = retort_table_add_constraint(arena, table, RETORT_PRIMARY_KEY, "pk_order");
	constraint->columns = id;
	constraint->column_count = 1;
	constraint = retort_table_add_constraint(arena, table, RETORT_FOREIGN_KEY, "fk");
	constraint->columns = customer;
	constraint->column_count = 1;
	references.columns = id;
	references.column_count = 1;
	constraint->references = &references;
	constraint->match = "full";
	constraint->deferrable = true;
	constraint->initially = RETORT_INITIALLY_DEFERRED;
	constraint = retort_table_add_constraint(arena, table, RETORT_CHECK, NULL);
	constraint->expression = retort_text_new(arena, "id > 0");
	assert_int_equal(retort_sql_create_table(&fixture->render, &fixture->out, table, NULL, false,
				 fixture->err),
		0);
	assert_string_equal(fixture->out.data,
		"CREATE TABLE \"shop\".\"order\" (\n"
		"\t\"id\" bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 5) NOT NULL,\n"
		"\t\"customer\" bigint,\n"
		"\t\"name\" varchar(20) COLLATE \"C\",\n"
		"\t\"at\" timestamptz DEFAULT now() NOT NULL,\n"
		"\t\"upper\" text GENERATED ALWAYS AS (upper(name)) VIRTUAL,\n"
		"\tCONSTRAINT \"pk_order\" PRIMARY KEY (\"id\"),\n"
		"\tCONSTRAINT \"fk\" FOREIGN KEY (\"customer\") REFERENCES \"customer\" (\"id\") MATCH FULL "
		"ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,\n"
		"\tCHECK (id > 0)\n)");
	retort_buf_clear(&fixture->out);
	now.kind = RETORT_DEFAULT_LITERAL;
	assert_int_equal(retort_sql_create_table(&fixture->render, &fixture->out, table, "new", true,
				 fixture->err),
		-1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"default of column 'at' of 'order': "
		"'now' is no value of type timestamp: did you mean {function: now}");
}

static void create_index(void **state)
{
	struct fixture *fixture = *state;
	struct retort_arena *arena = fixture->arena;
	struct retort_table *table = retort_table_new(arena, NULL, "t");
	struct retort_index *index = retort_table_add_index(arena, table, "ix");
	const struct retort_index_column first = {.column = "a",
		.order = RETORT_ORDER_DESC,
		.nulls = RETORT_NULLS_LAST,
		.opclass = "text_ops",
		.collation = "C",
		.length = 10};
	const struct retort_index_column second = {.expression = retort_text_new(arena, "lower(b)")};
	const struct retort_index_column *const columns[] = {&first, &second};
	static const char *const include[] = {"c"};

	index->columns = columns;
	index->column_count = 2;
	index->include = include;
	index->include_count = 1;
	index->method = "btree";
	index->where = retort_text_new(arena, "a IS NOT NULL");
	assert_int_equal(retort_sql_create_index(&fixture->render, &fixture->out, table, index, fixture->err),
		0);
	assert_string_equal(fixture->out.data,
		"CREATE INDEX \"ix\" ON \"t\" USING btree "
		"(\"a\"(10) COLLATE \"C\" text_ops DESC NULLS LAST, (lower(b))) INCLUDE (\"c\") WHERE a IS "
		"NOT NULL");
	retort_buf_clear(&fixture->out);
	fixture->render.dialect = &poor;
	assert_int_equal(retort_sql_create_index(&fixture->render, &fixture->out, table, index, fixture->err),
		0);
	assert_string_equal(fixture->out.data, "CREATE INDEX [ix] ON [t] ([a] COLLATE [C], (lower(b)))");
}

/* 100,000 rows of cells must cost next to nothing. */
static void many_cells(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_type *timestamp = type_of(fixture, "timestamp"),
				 *integer = type_of(fixture, "integer");

	for (int i = 0; i < 100000; i++) {
		retort_buf_clear(&fixture->out);
		assert_int_equal(literal_append(&fixture->out, NULL, timestamp,
					 "2024-01-01T00:30:00.10+02:00", fixture->err),
			0);
		assert_int_equal(literal_append(&fixture->out, NULL, integer, "123456", fixture->err), 0);
	}
	assert_string_equal(fixture->out.data, "2023-12-31 22:30:00.1123456");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(number_literals, setup, teardown),
		cmocka_unit_test_setup_teardown(text_literals, setup, teardown),
		cmocka_unit_test_setup_teardown(time_literals, setup, teardown),
		cmocka_unit_test_setup_teardown(neutral_forms_are_stable, setup, teardown),
		cmocka_unit_test_setup_teardown(types, setup, teardown),
		cmocka_unit_test_setup_teardown(create_table, setup, teardown),
		cmocka_unit_test_setup_teardown(create_index, setup, teardown),
		cmocka_unit_test_setup_teardown(many_cells, setup, teardown),
	};

	return cmocka_run_group_tests_name("clause", tests, NULL, NULL);
}
