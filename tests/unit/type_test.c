/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "retort/type.h"

/* Each text is read and written; NULL: it is written as it was read. */
static const struct {
	const char *text, *written;
} good[] = {
	{"boolean", NULL},
	{"BigInt", "bigint"},
	{"integer unsigned", NULL},
	{"bigint   UNSIGNED", "bigint unsigned"},
	{"float", NULL},
	{"double", NULL},
	{"numeric", NULL},
	{"numeric(5)", NULL},
	{"numeric( 12 , 2 )", "numeric(12,2)"},
	{"string(320)", NULL},
	{"string", NULL},
	{"char(2)", NULL},
	{"text", NULL},
	{"date", NULL},
	{"time(0)", NULL},
	{"datetime(3)", NULL},
	{"timestamp", NULL},
	{"interval", NULL},
	{"binary(16)", NULL},
	{"varbinary(3)", NULL},
	{"blob", NULL},
	{"json", NULL},
	{"uuid", NULL},
	{"enum(a, b)", NULL},
	{"enum(a,'b c', \"d\"\"e\")", "enum(a, 'b c', 'd\"e')"},
	{"enum(new value, x)", "enum('new value', x)"},
	{"enum('it''s', '')", NULL},
	{"enum('a,b', 'c)')", NULL},
	{"enum color", NULL},
	{"enum billing.color", NULL},
	{"enum 'my color'", NULL},
	{"enum 'a-b'", NULL},
	{"enum(a-b)", NULL},
	{"domain email", NULL},
	{"array(integer)", NULL},
	{"array(array(string(20)))", NULL},
	{"array(enum(a, b))", NULL},
	{"array(integer unsigned)", NULL},
	{" text ", "text"},
	{"enum(gr\xc3\xb6n)", NULL},
};

static const struct {
	const char *text, *message;
} bad[] = {
	{"", "cannot read type '': a type must begin with its name"},
	{"strin(5)", "cannot read type 'strin(5)': unknown type 'strin', did you mean 'string'?"},
	{"varchar(5)", "cannot read type 'varchar(5)': unknown type 'varchar', did you mean 'string(n)'?"},
	{"serial",
		"cannot read type 'serial': unknown type 'serial', did you mean 'integer' with "
		"autoincrement: "
		"true?"},
	{"int", "cannot read type 'int': unknown type 'int', did you mean 'integer'?"},
	{"citext", "cannot read type 'citext': unknown type 'citext', did you mean 'text'?"},
	{"tsvector",
		"cannot read type 'tsvector': unknown type 'tsvector': give a neutral type, or the native "
		"text under its dialect"},
	{"text(5)", "cannot read type 'text(5)': text takes no parentheses"},
	{"string(0)", "cannot read type 'string(0)': the length must be at least 1"},
	{"string(x)", "cannot read type 'string(x)': a whole number must stand in the parentheses"},
	{"string(5", "cannot read type 'string(5': ')' is missing, or something else stands before it"},
	{"string(99999999999999999999)",
		"cannot read type 'string(99999999999999999999)': 99999999999999999999 is too large, at most "
		"1000000000"},
	{"numeric(2,3)", "cannot read type 'numeric(2,3)': 3 is too large, at most 2"},
	{"timestamp(7)", "cannot read type 'timestamp(7)': 7 is too large, at most 6"},
	{"text unsigned", "cannot read type 'text unsigned': text can't be unsigned"},
	{"integer signed", "cannot read type 'integer signed': 'signed' is left over"},
	{"enum", "cannot read type 'enum': enum needs (values) or the name of an enum"},
	{"enum()", "cannot read type 'enum()': a value is missing (an empty one is written '')"},
	{"enum(a, a)", "cannot read type 'enum(a, a)': the value 'a' stands twice"},
	{"enum(a",
		"cannot read type 'enum(a': ',' or ')' must follow each value; quote a value that holds one"},
	{"enum('a)", "cannot read type 'enum('a)': a quote is never closed"},
	{"domain", "cannot read type 'domain': domain needs the name of a domain"},
	{"array", "cannot read type 'array': array needs the type of its items: array(integer)"},
	{"array(integer",
		"cannot read type 'array(integer': ')' is missing after the type of an array's items"},
	{"te\x01xt",
		"cannot read type 'te\\x01xt': unknown type 'te': give a neutral type, or the native text "
		"under its dialect"},
};

static void test_read_and_write(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		const struct retort_type *type, *again;
		const char *expected = good[i].written ? good[i].written : good[i].text;

		assert_int_equal(retort_type_parse(arena, good[i].text, &type, NULL), 0);
		assert_string_equal(retort_type_text(arena, type), expected);
		assert_int_equal(retort_type_parse(arena, expected, &again, NULL), 0);
		assert_string_equal(retort_type_text(arena, again), expected);
	}
	retort_arena_free(arena);
}

static void test_faults(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_error *err = retort_error_new();
	const struct retort_type *type;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		retort_error_clear(err);
		assert_int_equal(retort_type_parse(arena, bad[i].text, &type, err), -1);
		assert_string_equal(retort_error_first(err)->message, bad[i].message);
		assert_int_equal(retort_error_first(err)->code, RETORT_E_FILE);
	}
	retort_error_free(err);
	retort_arena_free(arena);
}

static void test_members(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	const struct retort_type *type;

	(void)state;
	assert_int_equal(retort_type_parse(arena, "numeric(12,2)", &type, NULL), 0);
	assert_int_equal(type->precision, 12);
	assert_int_equal(type->scale, 2);
	assert_int_equal(type->length, RETORT_UNSET);
	assert_int_equal(retort_type_parse(arena, "array(enum billing.color)", &type, NULL), 0);
	assert_int_equal(type->kind, RETORT_TYPE_ARRAY);
	assert_string_equal(type->items->schema, "billing");
	assert_string_equal(type->items->name, "color");
	assert_null(retort_type_name(RETORT_TYPE_NONE));
	assert_null(retort_type_name(RETORT_TYPE_NATIVE));
	assert_string_equal(retort_type_name(RETORT_TYPE_UUID), "uuid");
	retort_arena_free(arena);
}

static void test_nesting_is_bounded(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	const struct retort_type *type;
	struct retort_buf text;
	size_t i;

	(void)state;
	retort_buf_init(&text, arena);
	for (i = 0; i < 40; i++)
		retort_buf_str(&text, "array(");
	assert_int_equal(retort_type_parse(arena, text.data, &type, NULL), -1);
	retort_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_and_write),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_nesting_is_bounded),
	};

	return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
