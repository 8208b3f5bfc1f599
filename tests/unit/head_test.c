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

#include "script/head.h"
#include "script/revision.h"

struct state {
	struct retort_arena *arena;
	struct retort_error *err;
	char path[64];
};

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof *s);

	s->arena = retort_arena_new();
	s->err = retort_error_new();
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	if (*s->path)
		unlink(s->path);
	retort_arena_free(s->arena);
	retort_error_free(s->err);
	free(s);
	return 0;
}

/* A head as one line, to compare with. */
static const char *shown(struct retort_arena *arena, const struct revision *head)
{
	struct retort_buf buf;
	size_t i, j;

	retort_buf_init(&buf, arena);
	for (i = 0; i < head_key_count; i++) {
		const char *base = (const char *)head;

		if (head_keys[i].kind == HEAD_NAMES) {
			const char *const *names =
				*(const char *const *const *)(const void *)(base + head_keys[i].offset);
			size_t count = *(const size_t *)(const void *)(base + head_keys[i].count_offset);

			retort_buf_char(&buf, '[');
			for (j = 0; j < count; j++)
				retort_buf_printf(&buf, "<%s>", names[j]);
			retort_buf_str(&buf, "] ");
		} else {
			const char *text = *(const char *const *)(const void *)(base + head_keys[i].offset);

			retort_buf_printf(&buf, "<%s> ", text ? text : "-");
		}
	}
	retort_buf_printf(&buf, "%u:%u", head->id_line, head->id_column);
	return buf.data;
}

/* The head by the YAML parser; NULL where it is refused. */
static const char *by_yaml(struct state *s, const char *text)
{
	struct revision head = {0};
	struct yaml *root;

	retort_error_clear(s->err);
	if (yaml_parse(s->arena, s->arena, "f.yaml", text, strlen(text), &root, s->err) ||
		head_from_yaml(s->arena, "f.yaml", root, &head, s->err))
		return NULL;
	return shown(s->arena, &head);
}

/* Whatever the scanner takes, it must take as YAML does. Returns whether it took it. */
static bool agree(struct state *s, const char *text)
{
	struct revision head = {0};
	const char *slow;

	if (!head_scan(s->arena, text, strlen(text), true, &head))
		return false;
	slow = by_yaml(s, text);
	if (!slow)
		print_message("scanner took what YAML refuses:\n%s\n", text);
	assert_non_null(slow);
	if (strcmp(shown(s->arena, &head), slow))
		print_message("differs for:\n%s\n", text);
	assert_string_equal(shown(s->arena, &head), slow);
	return true;
}

static void test_scanner_takes(void **state)
{
	static const char *const texts[] = {
		"revision: 3f2a9c1b7d10\ndown_revision: 1975ea83b712\nupgrade: []\n",
		"# yaml-language-server: $schema=x\n\nrevision: \"0059\"\r\ndown_revision: null # "
		"base\r\nupgrade:\r\n  - x\r\n",
		"revision: 'a b'\ndown_revision: [a, 'b', \"c\"]\nbranch_labels: [shop]\ndepends_on: []\n"
		"create_date: 2026-11-21T22:36:00Z\nmessage: create account, and it's \"more\" (a:b) [x] # "
		"y\n"
		"tags: [v4.2]\ntransaction: none\nreplaces: [ a ,b ]\nupgrade: []",
		"message: \xc3\xa4ndere\nrevision: a\ndown_revision: ~\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: null\ndowngrade: auto\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: \"\"\nupgrade: []\n",
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!agree(*state, texts[i]))
			print_message("not taken:\n%s\n", texts[i]);
		assert_true(agree(*state, texts[i]));
	}
}

static void test_scanner_leaves(void **state)
{
	static const char *const texts[] = {
		"revision: a\ndown_revision:\n  - b\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: one\n  two\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: a: b\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: 'it''s'\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: \"\\n\"\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: |\n  x\nupgrade: []\n",
		"revision: a\ndown_revision: [a,\n  b]\nupgrade: []\n",
		"revision: a\ndown_revision: [a,,b]\nupgrade: []\n",
		"revision: a\nrevision: b\ndown_revision: a\nupgrade: []\n",
		"revision: a\ndown_revision: b\nother: c\nupgrade: []\n",
		"revision: a\ndown_revision: b\ntransaction: maybe\nupgrade: []\n",
		"revision: a\ndown_revision: b\n",
		"revision: a\nupgrade: []\n",
		"revision: a\ndown_revision: b\nupgrade: []\ntags: [c]\n",
		"{revision: a, down_revision: b, upgrade: []}\n",
		"revision: null\ndown_revision: b\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: x\xc2\x85y\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: x\xe2\x80\xa8y\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: &x y\nupgrade: []\n",
		"revision: a\ndown_revision: b\nmessage: x\ty\nupgrade: []\n",
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (agree(*state, texts[i]))
			print_message("taken:\n%s\n", texts[i]);
		assert_false(agree(*state, texts[i]));
	}
}

/* Many small changes of a head: each is taken as YAML takes it, or not at all. */
static void test_scanner_equals_yaml(void **state)
{
	static const char base[] =
		"# c\nrevision: 3f2a\ndown_revision: [1975, 'b']\nmessage: add \"x\" to y, z\n"
		"create_date: 2026-11-21 22:36\nupgrade: []\n";
	static const char with[] = " :#'\"[]{},&*!|>%@`\n\r\t-?~ax0\\.=\x01\xc3\xa4";
	struct state *s = *state;
	size_t n = sizeof base - 1, head = (size_t)(strstr(base, "upgrade") - base), i, j;
	unsigned taken = 0;

	for (i = 0; i < head; i++) {
		for (j = 0; j < sizeof with; j++) {
			char *text = retort_strndup(s->arena, base, n);

			text[i] = with[j];
			taken += agree(s, text);
			text = retort_printf(
				s->arena, "%.*s%c%s", (int)i, base, with[j] ? with[j] : ' ', base + i);
			taken += agree(s, text);
		}
		retort_error_clear(s->err);
	}
	assert_in_range(taken, 1500, 100000);
}

/* Writes text into a file with an ending and returns its path. */
static const char *put_file(struct state *s, const char *ending, const char *text)
{
	FILE *file;

	snprintf(s->path, sizeof s->path, "/tmp/retort-head-%ld%s", (long)getpid(), ending);
	file = fopen(s->path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return s->path;
}

static void test_file(void **state)
{
	struct state *s = *state;
	struct revision *head;

	assert_int_equal(revision_read_head(s->arena,
				 put_file(s, ".yaml", "revision: 1e10\ndown_revision: 0059\nupgrade: []\n"),
				 &head, s->err),
		0);
	assert_string_equal(head->id, "1e10");
	assert_string_equal(head->path, s->path);
	assert_string_equal(head->message, "");
	assert_false(head->foreign);
	assert_int_equal(head->id_column, 11);
}

static void test_json_file(void **state)
{
	struct state *s = *state;
	struct revision *head;

	assert_int_equal(revision_read_head(s->arena,
				 put_file(s, ".json",
					 "{\"downgrade\": \"auto\", \"down_revision\": null, \"upgrade\": "
					 "[],\n \"revision\": \"x\"}\n"),
				 &head, s->err),
		0);
	assert_string_equal(head->id, "x");
	assert_int_equal(head->down_count, 0);
	assert_int_equal(head->id_line, 2);
}

static void test_faults(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{"revison: a\ndown_revision: b\nupgrade: []\n",
			"1:1: unknown key 'revison' in a revision file: did you mean 'revision'?; 1:1: "
			"'revision' is missing; "},
		{"revision: a\n",
			"1:1: 'down_revision' is missing; 1:1: 'upgrade' is missing: a list of operations, "
			"[] where "
			"there are none; "},
		{"revision: [a]\ndown_revision: {b: c}\nupgrade: []\n",
			"1:11: 'revision' must be a name, found a list; "
			"2:16: 'down_revision' must be a name or a list of names, found a map; "},
		{"revision: ''\ndown_revision: [a, ~]\nupgrade: []\n",
			"1:11: 'revision' must be a name, found ''; "
			"2:20: 'down_revision' must hold names, found nothing; "},
		{"revision: a\ndown_revision: b\ntransaction: non\nupgrade: []\n",
			"3:14: 'transaction' must be migration, "
			"all or none, found 'non': did you mean 'none'?; "},
		{"revision: a\ndown_revision: b\nupgrade: []\ntags: [c]\n",
			"4:1: 'tags' must stand before upgrade and downgrade; "},
		{"",
			"1:1: a revision file is a map that begins with revision and down_revision, found "
			"nothing; "},
	};
	struct state *s = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct retort_problem *problem;
		struct retort_buf told;
		struct revision *head;

		retort_error_clear(s->err);
		retort_buf_init(&told, s->arena);
		assert_int_equal(
			revision_read_head(s->arena, put_file(s, ".yaml", cases[i].text), &head, s->err), -1);
		for (problem = retort_error_first(s->err); problem; problem = problem->next)
			retort_buf_printf(
				&told, "%u:%u: %s; ", problem->line, problem->column, problem->message);
		assert_string_equal(told.data, cases[i].told);
	}
	assert_int_equal(
		revision_read_head(s->arena, "/nonexistent/x.yaml", &(struct revision *){NULL}, s->err), -1);
}

static void test_python(void **state)
{
	struct state *s = *state;
	struct revision *head;

	assert_int_equal(
		revision_read_head(s->arena,
			put_file(s, ".py",
				"# coding: utf-8\n\"\"\"create account\n\nRevision ID: x\nrevision = 'no'\n"
				"Create Date: 2011-11-08 11:40:27.089406\n\n\"\"\"\nfrom typing import "
				"Sequence, Union\n\n"
				"revision: str = \"1975ea83b712\"\ndown_revision: Union[str, None] = ('a', # "
				"x\n    \"b\",\n)\n"
				"branch_labels: Union[str, Sequence[str], None] = None\ndepends_on = "
				"['c']\n\n"
				"def upgrade() -> None:\n    revision = 'other'\n"),
			&head, s->err),
		0);
	assert_true(head->foreign);
	assert_string_equal(shown(s->arena, head),
		"<1975ea83b712> [<a><b>] [] [<c>] [] <2011-11-08 11:40:27.089406> "
		"<create account> <-> [] 11:17");
	assert_int_equal(
		revision_read_head(s->arena,
			put_file(s, ".py", "revision='a'\ndown_revision=None\nbranch_labels=('l',)\n"), &head,
			s->err),
		0);
	assert_string_equal(shown(s->arena, head), "<a> [] [<l>] [] [] <-> <> <-> [] 1:10");
}

static void test_python_faults(void **state)
{
	static const struct {
		const char *text, *told;
		unsigned line, column;
	} cases[] = {
		{"x = 1\n", "cannot read 'revision': it is not assigned in this file", 1, 1},
		{"revision = 'a'\n", "cannot read 'down_revision': it is not assigned in this file", 1, 1},
		{"revision = 'a'\ndown_revision = f()\n",
			"cannot read 'down_revision': expected a string, None, or a tuple or list of strings",
			2, 17},
		{"revision = 'a'\ndown_revision = (b,)\n", "cannot read 'down_revision': expected a string",
			2, 18},
		{"revision = 'a'\ndown_revision = (", "cannot read 'down_revision': expected a string", 2,
			18},
		{"\"\"\"never ends", "cannot read 'revision': it is not assigned in this file", 1, 1},
	};
	struct state *s = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct revision *head;

		retort_error_clear(s->err);
		assert_int_equal(
			revision_read_head(s->arena, put_file(s, ".py", cases[i].text), &head, s->err), -1);
		assert_string_equal(retort_error_first(s->err)->message, cases[i].told);
		assert_int_equal(retort_error_first(s->err)->line, cases[i].line);
		assert_int_equal(retort_error_first(s->err)->column, cases[i].column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_scanner_takes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scanner_leaves, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scanner_equals_yaml, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_python, setup, teardown),
		cmocka_unit_test_setup_teardown(test_python_faults, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
