/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script/rows.h"

struct state {
	struct retort_arena *arena;
	struct retort_error *err;
	char path[64];
	struct retort_table *table;
};

static int setup(void **state)
{
	static const char *const columns[] = {"a", "b", "c"};
	struct state *s = calloc(1, sizeof *s);
	size_t i;

	s->arena = retort_arena_new();
	s->err = retort_error_new();
	s->table = retort_table_new(s->arena, NULL, "t");
	for (i = 0; i < 3; i++)
		retort_table_add_column(s->arena, s->table, columns[i])->type =
			retort_type_new(s->arena, RETORT_TYPE_TEXT);
	snprintf(s->path, sizeof s->path, "/tmp/retort-rows-%ld", (long)getpid());
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	unlink(s->path);
	retort_arena_free(s->arena);
	retort_error_free(s->err);
	free(s);
	return 0;
}

static void put_file(struct state *s, const char *text, size_t len)
{
	FILE *file = fopen(s->path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

/* All rows as one text: cells in <>, NULL as ~, a row a line; or "LINE:COLUMN: message". */
static const char *told(struct state *s, struct retort_rows *rows)
{
	const struct retort_op op = {.kind = RETORT_OP_INSERT_ROWS,
		.table = "t",
		.rows = rows,
		.file = "/tmp/r.yaml"};
	const struct retort_problem *problem;
	struct retort_row_source *source;
	const char *const *cells;
	struct retort_buf out;
	size_t i, pass;
	int got;

	retort_error_clear(s->err);
	retort_buf_init(&out, s->arena);
	if (!rows_open(s->arena, &op, s->table, &source, s->err)) {
		for (i = 0; i < source->column_count; i++)
			retort_buf_printf(&out, "%s%s", source->columns[i],
				i + 1 < source->column_count ? " " : "\n");
		for (pass = 0; pass < 2; pass++) {
			/* The second pass must give the same. */
			struct retort_buf *to = &out, again;

			retort_buf_init(&again, s->arena);
			if (pass)
				to = &again;
			while ((got = source->next(source, &cells, s->err)) > 0) {
				for (i = 0; i < source->column_count; i++)
					retort_buf_printf(to, cells[i] ? "<%s>" : "~", cells[i]);
				retort_buf_char(to, '\n');
			}
			if (got < 0)
				break;
			if (pass)
				assert_string_equal(again.data, strchr(out.data, '\n') + 1);
			assert_int_equal(source->rewind(source, s->err), 0);
		}
		if (!retort_error_count(s->err))
			return out.data;
	}
	retort_buf_clear(&out);
	for (problem = retort_error_first(s->err); problem; problem = problem->next)
		retort_buf_printf(&out, "%u:%u: %s\n", problem->line, problem->column, problem->message);
	return out.data;
}

static const char *csv(struct state *s, const char *text)
{
	struct retort_rows rows = {.csv = s->path};

	put_file(s, text, strlen(text));
	return told(s, &rows);
}

static void test_csv(void **state)
{
	struct state *s = *state;

	assert_string_equal(csv(s, "a,b\n1,2\n"), "a b\n<1><2>\n");
	assert_string_equal(csv(s,
				    "\xef\xbb\xbf"
				    "a,b\r\n1,2\r\n3,4"),
		"a b\n<1><2>\n<3><4>\n");
	assert_string_equal(csv(s, "b,a\n,\"\"\n"), "b a\n~<>\n");
	assert_string_equal(csv(s, "a,\"b\"\n\"x,y\",\"1\"\"2\"\"\"\n"), "a b\n<x,y><1\"2\">\n");
	assert_string_equal(csv(s, "a,b\n\"one\ntwo\r\nthree\",\n"), "a b\n<one\ntwo\r\nthree>~\n");
	assert_string_equal(csv(s, "a,b\n\n1,2\n\n"), "a b\n<1><2>\n");
	assert_string_equal(csv(s, "a\n1\n\n\"\"\n"), "a\n<1>\n~\n<>\n");
	assert_string_equal(csv(s, "a\n x \n\xc3\xa4\xf0\x9f\x8c\x8d\n"),
		"a\n< x >\n<\xc3\xa4\xf0\x9f\x8c\x8d>\n");
	assert_string_equal(csv(s, "a,b\n"), "a b\n");
}

static void test_csv_columns(void **state)
{
	static const char *const given[] = {"b", "a"};
	struct state *s = *state;
	struct retort_rows rows = {.csv = s->path, .columns = given, .column_count = 2};

	put_file(s, "1,2\n3,4\n", 8);
	assert_string_equal(told(s, &rows), "b a\n<1><2>\n<3><4>\n");
	put_file(s, "x,a,b\n1,2,3\n", 12);
	assert_string_equal(told(s, &rows), "b a\n<3><2>\n");
	put_file(s, "1,2,3\n", 6);
	assert_string_equal(told(s, &rows), "1:1: the row has 3 fields, expected 2\n");
	put_file(s, "", 0);
	assert_string_equal(told(s, &rows), "b a\n");
}

static void test_csv_faults(void **state)
{
	struct state *s = *state;
	struct retort_rows missing = {.csv = "/nonexistent/x.csv"}, folder = {.csv = "/tmp"},
			   rows = {.csv = s->path};

	assert_string_equal(csv(s, ""), "1:1: the file is empty: its first line must name the columns\n");
	assert_string_equal(csv(s, "a,bb\n"), "1:0: 'bb' is no column of 't'\n");
	assert_string_equal(csv(s, "a,a\n"), "1:0: column 'a' is named twice\n");
	assert_string_equal(csv(s, "a,\n"), "1:0: field 2 of the head line has no name\n");
	assert_string_equal(csv(s, "a,b\n1,2\n1,2,3\n"), "3:1: the row has 3 fields, expected 2\n");
	assert_string_equal(csv(s, "a,b\n\"x\ny\",1\n1\n"), "4:1: the row has 1 field, expected 2\n");
	assert_string_equal(csv(s, "a,b\n1,\"2\n"), "2:3: this quote is never closed\n");
	assert_string_equal(csv(s, "a,b\n\xc3\xa4,\"2\"x\n"),
		"2:6: expected a comma or the end of the line after a quoted field\n");
	assert_string_equal(csv(s, "a,b\n1,2\"\n"),
		"2:4: a quote inside a field that does not begin with one: put the "
		"field in quotes and double it\n");
	assert_string_equal(csv(s, "a,b\n1,2\r3\n"),
		"2:5: a carriage return without a line feed: put the field in quotes\n");
	assert_string_equal(csv(s, "a,b\n1,x\xffy\n"), "2:3: this field is not valid UTF-8\n");
	put_file(s, "a,b\n1,x\0y\n", 10);
	assert_string_equal(told(s, &rows), "2:3: this field holds a zero byte\n");
	assert_string_equal(told(s, &missing),
		"0:0: cannot read '/nonexistent/x.csv': no such file or directory\n");
	assert_string_equal(told(s, &folder), "0:0: cannot read '/tmp': is a directory\n");
}

/* Rows and cells that straddle the pieces in which a file is read. */
static void test_csv_large(void **state)
{
	struct state *s = *state;
	struct retort_rows rows = {.csv = s->path};
	struct retort_buf text, expected;
	int i;

	retort_buf_init(&text, s->arena);
	retort_buf_init(&expected, s->arena);
	retort_buf_str(&text, "a,b,c\r\n");
	retort_buf_str(&expected, "a b c\n");
	for (i = 0; i < 20000; i++) {
		retort_buf_printf(&text, "%d,\"x\xc3\xa4\"\"\n%*s\",\r\n", i, i % 97, "");
		retort_buf_printf(&expected, "<%d><x\xc3\xa4\"\n%*s>~\n", i, i % 97, "");
	}
	put_file(s, text.data, text.len);
	assert_string_equal(told(s, &rows), expected.data);
}

static const char *json(struct state *s, const char *text, struct retort_rows rows)
{
	put_file(s, text, strlen(text));
	rows.json = s->path;
	return told(s, &rows);
}

static void test_json(void **state)
{
	static const char *const columns[] = {"b", "a"}, *const keys[] = {"B", "A"};
	const struct retort_rows plain = {.json = NULL}, keyed = {.rows_key = "k"},
				 mapped = {.map_columns = columns, .map_keys = keys, .map_count = 2},
				 chosen = {.columns = columns, .column_count = 2};
	struct state *s = *state;

	assert_string_equal(json(s, "[{\"a\":1,\"b\":\"x\"},{\"b\":null,\"c\":true}]", plain),
		"a b c\n<1><x>~\n~~<true>\n");
	assert_string_equal(json(s, "\xef\xbb\xbf{\"x\":1,\"k\":[{\"a\":\"\"}]}", keyed), "a\n<>\n");
	assert_string_equal(json(s, "[{\"A\":0.1,\"B\":-5,\"z\":1},{\"A\":1e300}]", mapped),
		"b a\n<-5><0.1>\n~<1e+300>\n");
	assert_string_equal(json(s, "[{\"a\":[1,{\"x\":\"\xc3\xa4\"}],\"b\":{},\"q\":0}]", chosen),
		"b a\n<{}><[1,{\"x\":\"\xc3\xa4\"}]>\n");
	assert_string_equal(json(s, "[]", mapped), "b a\n");
}

static void test_json_faults(void **state)
{
	static const char *const columns[] = {"a"}, *const keys[] = {"alpha2"};
	const struct retort_rows plain = {.json = NULL}, keyed = {.rows_key = "k"},
				 mapped = {.map_columns = columns, .map_keys = keys, .map_count = 1};
	struct state *s = *state;

	assert_string_equal(json(s, "{\"x\":[],\"y\":1}", plain),
		"0:0: the file holds no list of rows but an object: "
		"name the key that holds them with 'rows', one of: 'x'\n");
	assert_string_equal(json(s, "{\"x\":[],\"y\":[]}", keyed),
		"0:0: there is no key 'k' that holds the rows; keys with a list: 'x' and 'y'\n");
	assert_string_equal(json(s, "{\"k\":1}", keyed), "0:0: 'k' must hold a list of rows\n");
	assert_string_equal(json(s, "3", plain), "0:0: the file holds no list of rows\n");
	assert_string_equal(json(s, "[{\"a\":1}, 2]", plain), "0:0: row 2 is no object\n");
	assert_string_equal(json(s, "[{\"d\":1}]", plain), "0:0: 'd' is no column of 't'\n");
	assert_string_equal(json(s, "[{\"alpha_2\":1}]", mapped),
		"0:0: no row has a key 'alpha2': did you mean 'alpha_2'?\n");
	assert_string_equal(json(s, "[{\"a\":1},\n{\"a\" 2}]", plain),
		"2:6: no JSON: ':' expected near '2'\n");
}

static void test_inline(void **state)
{
	static const char *const columns[] = {"a", "b"};
	static const struct retort_value x = {.kind = RETORT_DEFAULT_LITERAL, .text = "x"},
					 null = {.kind = RETORT_DEFAULT_NULL},
					 now = {.kind = RETORT_DEFAULT_FUNCTION, .text = "now"};
	static const struct retort_value *const one[] = {&x, &null}, *const two[] = {&x, &now};
	static const struct retort_value *const *const all[] = {one, two};
	struct retort_rows rows = {.columns = columns, .column_count = 2, .rows = all, .row_count = 1};
	struct state *s = *state;

	assert_string_equal(told(s, &rows), "a b\n<x>~\n");
	rows.row_count = 2;
	assert_string_equal(told(s, &rows), "0:0: row 2 has no literal for column 'b'\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_csv, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inline, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
