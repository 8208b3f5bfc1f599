/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "script/yaml.h"

struct state {
	struct retort_arena *arena;
	struct retort_error *err;
};

static int setup(void **state)
{
	struct state *s = malloc(sizeof *s);

	s->arena = retort_arena_new();
	s->err = retort_error_new();
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	retort_arena_free(s->arena);
	retort_error_free(s->err);
	free(s);
	return 0;
}

/* Parses text that is right. */
static struct yaml *parsed(struct state *s, const char *text)
{
	struct yaml *root;

	retort_error_clear(s->err);
	assert_int_equal(yaml_parse(s->arena, s->arena, "f.yaml", text, strlen(text), &root, s->err), 0);
	assert_non_null(root);
	return root;
}

/* "LINE:COLUMN: message" of each fault, a line each. */
static const char *faults_of(struct state *s, const char *text, size_t len)
{
	const struct retort_problem *problem;
	struct retort_buf buf;
	struct yaml *root;

	retort_error_clear(s->err);
	retort_buf_init(&buf, s->arena);
	assert_int_equal(yaml_parse(s->arena, s->arena, "f.yaml", text, len, &root, s->err), -1);
	for (problem = retort_error_first(s->err); problem; problem = problem->next) {
		assert_int_equal(problem->code, RETORT_E_FILE);
		assert_string_equal(problem->file, "f.yaml");
		retort_buf_printf(&buf, "%s%u:%u: %s", buf.len ? "\n" : "", problem->line, problem->column,
			problem->message);
	}
	return buf.data;
}

#define ADVICE "quote the whole value, or write it as a block with |"

static void test_faults(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{"a: b\n\tc: d\n", "2:1: a tab in the indentation: YAML is indented with spaces"},
		{"a:\n\tb: d\n", "2:1: a tab in the indentation: YAML is indented with spaces"},
		{"a:\n  - b\n\t- c\n", "3:1: a tab in the indentation: YAML is indented with spaces"},
		{"a:\n  b: |\n\t  x\n", "3:1: a tab in the indentation: YAML is indented with spaces"},
		{"a: `b`\n", "1:4: a value can't begin with '`': " ADVICE},
		{"a: @b\n", "1:4: a value can't begin with '@': " ADVICE},
		{"a: %b\n", "1:4: a value can't begin with '%': " ADVICE},
		{"a:\n  sql: \"b\" = 1\n",
			"2:12: expected a key here, at the indentation of the keys above: " ADVICE},
		{"a:\n  sql: 'b' = 1\n",
			"2:12: expected a key here, at the indentation of the keys above: " ADVICE},
		{"a: b: c\n", "1:5: ': ' inside a plain value, or a line at the wrong indentation: " ADVICE},
		{"- a: select x: y\n",
			"1:14: ': ' inside a plain value, or a line at the wrong indentation: " ADVICE},
		{"a: *b\n", "1:4: an alias (*b), which retort's files don't have: if it is text, " ADVICE},
		{"a: &b c\n", "1:4: an anchor (&b), which retort's files don't have: if it is text, " ADVICE},
		{"a: !b c\n", "1:4: a tag (!b), which retort's files don't have: if it is text, " ADVICE},
		{"a: !!str c\n",
			"1:4: a tag (tag:yaml.org,2002:str), which retort's files don't have: if it is "
			"text, " ADVICE},
		{"a: 1\nb: 2\na: 3\n", "3:1: key 'a' is given twice, first in line 1"},
		{"a: 'b\nc: d\n", "1:4: this quote is never closed: " ADVICE},
		{"a: 1\n---\nb: 2\n", "2:1: a second document begins here: a file holds one"},
		{"a: [b, c\n", "2:1: the list in [] is not closed, or a comma is missing"},
		{"a: {b, c\n", "2:1: the map in {} is not closed, or a comma is missing"},
		{"a: b\x01"
		 "c\n",
			"1:5: control character \\x01: write it in \"...\" as \\x01"},
		{"a: \xff\n", "1:4: byte \\xFF is not valid UTF-8: save the file as UTF-8"},
		{"[a]: b\n", "1:1: a key must be a text, found a list"},
		{"\xc3\xa4: x\n\xc3\xa4: y\nb: *c\n",
			"3:4: an alias (*c), which retort's files don't have: if it is text, " ADVICE "\n"
			"2:1: key '\xc3\xa4' is given twice, first in line 1"},
		{"a: \"x\\0y\"\n", "1:4: a zero byte inside a text"},
		{"a: \"\\q\"\n",
			"1:5: an escape that YAML does not know (in \"...\" a backslash is written "
			"\\\\): " ADVICE},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *told = faults_of(*state, cases[i].text, strlen(cases[i].text));

		/* Where a line ends early libyaml may stand after the faulty place; the message must be this
		 * one. */
		if (strcmp(told, cases[i].told))
			print_message("for: %s", cases[i].text);
		assert_string_equal(told, cases[i].told);
	}
}

static void test_zero_byte(void **state)
{
	assert_string_equal(faults_of(*state, "a: b\nc: \0\n", 10), "2:4: a zero byte: this is no text file");
}

static void test_depth(void **state)
{
	struct state *s = *state;
	enum { LEVELS = 10000 };
	char *text = retort_alloc(s->arena, LEVELS * 4);
	int i;

	memset(text, '[', LEVELS);
	assert_string_equal(faults_of(s, text, LEVELS), "1:65: nested more than 64 levels deep");
	for (i = 0; i < LEVELS; i++)
		memcpy(text + i * 4, "{a: ", 4);
	assert_string_equal(faults_of(s, text, LEVELS * 4), "1:257: nested more than 64 levels deep");
	for (i = 0; i < LEVELS; i++)
		memcpy(text + i * 2, "- ", 2);
	assert_string_equal(faults_of(s, text, LEVELS * 2), "1:129: nested more than 64 levels deep");
}

static void test_size(void **state)
{
	struct state *s = *state;
	size_t len = YAML_MAX_SIZE + 1;
	char *text = malloc(len);

	memset(text, 'a', len);
	assert_string_equal(faults_of(s, text, len), "1:1: longer than 64 MB");
	free(text);
}

static void test_tree(void **state)
{
	struct yaml *root = parsed(*state,
		"\xef\xbb\xbf"
		"a: b\nl: [x, 'y', {z: }]\n\xc3\xa4: \xc3\xb6 # c\nn: ~\nq: \"null\"\n");

	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->count, 5);
	assert_false(root->flow);
	assert_string_equal(yaml_get(root, "a")->text, "b");
	assert_int_equal(yaml_get(root, "a")->column, 4);
	assert_true(yaml_get(root, "l")->flow);
	assert_int_equal(yaml_get(root, "l")->items[1]->style, YAML_QUOTED);
	assert_int_equal(yaml_get(root, "l")->items[1]->column, 8);
	assert_true(yaml_is_null(yaml_get(yaml_get(root, "l")->items[2], "z")));
	assert_string_equal(yaml_get(root, "\xc3\xa4")->text, "\xc3\xb6");
	assert_true(yaml_get(root, "\xc3\xa4")->cut_comment);
	assert_false(yaml_get(root, "a")->cut_comment);
	assert_int_equal(yaml_get(root, "\xc3\xa4")->line, 3);
	assert_true(yaml_is_null(yaml_get(root, "n")));
	assert_false(yaml_is_null(yaml_get(root, "q")));
	assert_null(yaml_get(root, "none"));
}

static void test_blocks(void **state)
{
	struct yaml *root =
		parsed(*state, "a: |\n\n    x -- y\n    z\nb: >\n  one\n  two\nc: p\n  q # r\nd: >\n  one\n");

	assert_string_equal(yaml_get(root, "a")->text, "\nx -- y\nz\n");
	assert_int_equal(yaml_get(root, "a")->style, YAML_LITERAL);
	assert_int_equal(yaml_get(root, "a")->text_line, 3);
	assert_int_equal(yaml_get(root, "a")->text_column, 5);
	assert_false(yaml_get(root, "a")->folded_lines);
	assert_true(yaml_get(root, "b")->folded_lines);
	assert_true(yaml_get(root, "c")->folded_lines);
	assert_true(yaml_get(root, "c")->cut_comment);
	assert_false(yaml_get(root, "d")->folded_lines);
}

static void test_json(void **state)
{
	struct yaml *root =
		parsed(*state, "{\n\t\"a\":1,\"b\":[true,null,\"x\\n\\u00e4\\/\"],\n\t\"c\":{\"d\":\"\"}}");

	assert_string_equal(yaml_get(root, "a")->text, "1");
	assert_string_equal(yaml_get(root, "b")->items[2]->text, "x\n\xc3\xa4/");
	assert_false(yaml_is_null(yaml_get(yaml_get(root, "c"), "d")));
	root = parsed(*state, "{\"a\": \"x\\ud83c\\uDF0d\\\\ud83c\", \"b\": \"\\ud83d\\ude00\"}");
	assert_string_equal(yaml_get(root, "a")->text, "x\xf0\x9f\x8c\x8d\\ud83c");
	assert_string_equal(yaml_get(root, "b")->text, "\xf0\x9f\x98\x80");
}

static void test_empty(void **state)
{
	assert_true(yaml_is_null(parsed(*state, "")));
	assert_true(yaml_is_null(parsed(*state, "# nothing\n")));
}

static void test_many_keys(void **state)
{
	struct state *s = *state;
	struct retort_buf buf;
	int i;

	retort_buf_init(&buf, s->arena);
	for (i = 0; i < 1000; i++)
		retort_buf_printf(&buf, "k%d: 1\n", i);
	retort_buf_str(&buf, "k500: 2\n");
	assert_string_equal(faults_of(s, buf.data, buf.len),
		"1001:1: key 'k500' is given twice, first in line 501");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zero_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(test_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blocks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_keys, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
