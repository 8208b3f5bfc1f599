/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int setup(void **state)
{
	*state = retort_arena_new();
	return 0;
}

static int teardown(void **state)
{
	retort_arena_free(*state);
	return 0;
}

static void invalid_utf8_is_found(void **state)
{
	static const struct {
		const char *text;
		size_t n, fault;
	} cases[] = {
		{"", 0, 0},
		{"abc", 3, 3},
		{"a\0b", 3, 1},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, 9},
		{"a\x80", 2, 1},        /* a continuation alone */
		{"\xc3", 1, 0},         /* cut */
		{"ab\xe2\x82", 4, 2},   /* cut */
		{"\xf0\x9f\x98", 3, 0}, /* cut */
		{"\xc3\x28", 2, 0},     /* no continuation */
		{"\xc0\xaf", 2, 0},     /* longer than needed */
		{"\xc1\xbf", 2, 0},
		{"\xe0\x9f\xbf", 3, 0},
		{"\xf0\x8f\xbf\xbf", 4, 0},
		{"\xe0\xa0\x80", 3, 3},     /* the smallest of three bytes */
		{"\xf0\x90\x80\x80", 4, 4}, /* the smallest of four */
		{"\xed\x9f\xbf", 3, 3},
		{"\xed\xa0\x80", 3, 0}, /* surrogates */
		{"\xed\xbf\xbf", 3, 0},
		{"\xee\x80\x80", 3, 3},
		{"\xf4\x8f\xbf\xbf", 4, 4}, /* U+10FFFF */
		{"\xf4\x90\x80\x80", 4, 0}, /* above */
		{"\xf5\x80\x80\x80", 4, 0},
		{"\xff", 1, 0},
		{"\xfe\xff", 2, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_int_equal(text_utf8_fault(cases[i].text, cases[i].n), cases[i].fault);
	/* n is obeyed: what follows is not looked at */
	assert_int_equal(text_utf8_fault("\xc3\xa9", 1), 0);
	assert_int_equal(text_utf8_count("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10), 4);
	assert_int_equal(text_utf8_count("", 0), 0);
}

static void the_nearest_name(void **state)
{
	static const char *const names[] = {"create_table", "drop_table", "add_column", NULL, "", "name",
		"to", "postgresql"};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"create_tabel", "create_table"}, /* two neighbours exchanged */
		{"creat_table", "create_table"},
		{"CREATE_TABLE", "create_table"},
		{"add-column", "add_column"},
		{"addcolumn", "add_column"},
		{"nme", "name"},
		{"naem", "name"},
		{"postgres", "postgresql"},
		{"TO", "to"},
		{"ot", NULL}, /* two bytes: no edit is allowed */
		{"x", NULL},
		{"", NULL},
		{"something else", NULL},
	};
	char word[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const char *found = text_nearest(cases[i].word, names, COUNT(names), sizeof *names);

		if (cases[i].nearest)
			assert_string_equal(found, cases[i].nearest);
		else
			assert_null(found);
	}
	memset(word, 'a', sizeof word - 1);
	word[sizeof word - 1] = 0;
	assert_null(text_nearest(word, names, COUNT(names), sizeof *names));
	word[64] = 0;
	assert_null(text_nearest(word, names, COUNT(names), sizeof *names));
	assert_null(text_nearest("name", names, 0, sizeof *names));
}

static void the_nearest_of_a_table(void **state)
{
	static const struct {
		const char *name;
		int number;
		char more[5];
	} rows[] = {{"upgrade", 1, ""}, {"downgrade", 2, ""}, {"history", 3, ""}};

	(void)state;
	assert_ptr_equal(text_nearest("upgrad", rows, COUNT(rows), sizeof *rows), rows[0].name);
	assert_ptr_equal(text_nearest("histroy", rows, COUNT(rows), sizeof *rows), rows[2].name);
	/* the first of equals */
	assert_ptr_equal(text_nearest("owngrade", rows, COUNT(rows), sizeof *rows), rows[1].name);
}

static void echo_shows_and_cuts(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *echo;
	} cases[] = {
		{"", 10, ""},
		{"plain", 10, "plain"},
		{"plain", 5, "plain"},
		{"plain", 4, "plai..."},
		{"plain", 0, "..."},
		{"", 0, ""},
		{"a\tb\nc\rd\033[1m", 99, "a\\x09b\\x0ac\\x0dd\\x1b[1m"},
		{"\x7f", 9, "\\x7f"},
		{"\xc3\xa9t\xc3\xa9", 3, "\xc3\xa9t\xc3\xa9"},
		{"\xc3\xa9t\xc3\xa9", 2, "\xc3\xa9t..."},
		{"\xc2\x9b"
		 "1m",
			9, "\\xc2\\x9b1m"}, /* C1: CSI */
		{"a\xe2\x80\xae"
		 "b",
			9,
			"a\\xe2\\x80\\xae"
			"b"}, /* right-to-left override */
		{"\xff\xc3", 9, "\\xff\\xc3"},
		{"\\x1b", 9, "\\x1b"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(text_echo(*state, cases[i].text, cases[i].max), cases[i].echo);
	assert_string_equal(text_echo(*state, "abc", SIZE_MAX), "abc");
}

static void safe_keeps_what_is_safe(void **state)
{
	const char *text = "line\n\tindented, caf\xc3\xa9";

	assert_ptr_equal(text_safe(*state, text), text);
	assert_string_equal(text_safe(*state, "a\nb\033[0m\n\xc2\x80"), "a\nb\\x1b[0m\n\\xc2\\x80");
	assert_string_equal(text_safe(*state, "\xe2\x82"), "\\xe2\\x82");
}

static void words_are_listed(void **state)
{
	static const char *const words[] = {"a", "b", "c"};

	assert_string_equal(text_list(*state, words, 0, 0), "");
	assert_string_equal(text_list(*state, words, 1, 0), "a");
	assert_string_equal(text_list(*state, words, 2, '\''), "'a' and 'b'");
	assert_string_equal(text_list(*state, words, 3, 0), "a, b and c");
}

static void globs_match(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"***", "anything", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"*b*", "abc", true},
		{"a*b*c", "axxbyyc", true},
		{"a*b*c", "axxbyy", false},
		{"*ab", "aaab", true},
		{"*abc", "ababc", true},
		{"?", "", false},
		{"?", "a", true},
		{"?", "\xc3\xa9", true}, /* a character, not a byte */
		{"??", "\xc3\xa9", false},
		{"t?p_*", "tmp_1", true},
		{"abc", "ABC", false},
		{"[abc]x", "bx", true},
		{"[a-c]", "b", true},
		{"[a-c]", "d", false},
		{"[!a-c]", "d", true},
		{"[^a-c]", "b", false},
		{"[]]", "]", true},
		{"[!]]", "]", false},
		{"[a-]", "-", true},
		{"[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true},
		{"[", "[", true}, /* a set that never ends is text */
		{"[ab", "[ab", true},
		{"[ab", "a", false},
		{"\\*", "*", true},
		{"\\*", "a", false},
		{"a\\", "a\\", true},
		{"sales.*", "sales.order", true},
		{"sales.*", "salesXorder", false},
		{"a*\xff", "ab\xff", true},
		{"\xff", "\xfe", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (text_glob(cases[i].pattern, cases[i].text) != cases[i].matches)
			fail_msg("'%s' on '%s'", cases[i].pattern, cases[i].text);
}

/* No pattern takes more than pattern times text. */
static void globs_are_not_exponential(void **state)
{
	char text[2001];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_false(text_glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
	assert_true(text_glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", text));
}

static void ascii_letters_are_made_small(void **state)
{
	char text[] = "AZ az@[`{ \xc3\x84 09_";

	(void)state;
	text_lower(text);
	assert_string_equal(text, "az az@[`{ \xc3\x84 09_");
}

static void case_is_ascii_only(void **state)
{
	(void)state;
	assert_int_equal(text_casecmp("Abc", "aBC"), 0);
	assert_true(text_casecmp("a", "B") < 0);
	assert_true(text_casecmp("B", "a") > 0);
	assert_true(text_casecmp("a", "ab") < 0);
	assert_int_equal(text_casecmp("", ""), 0);
	assert_int_not_equal(text_casecmp("\xc3\xa9", "\xc3\x89"), 0);
	assert_true(text_casecmp("\xc3", "a") > 0);
	assert_true(text_casecmp("[", "A") < 0); /* '[' lies between 'Z' and 'a' */
	assert_int_equal(text_ncasecmp("abX", "ABY", 2), 0);
	assert_true(text_ncasecmp("abX", "ABY", 3) < 0);
	assert_int_equal(text_ncasecmp("ab", "AB", 9), 0);
	assert_int_equal(text_ncasecmp("a", "b", 0), 0);
}

static void prefixes(void **state)
{
	(void)state;
	assert_true(text_starts("abc", "ab"));
	assert_true(text_starts("abc", ""));
	assert_true(text_starts("abc", "abc"));
	assert_false(text_starts("ab", "abc"));
	assert_false(text_starts("", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_letters_are_made_small),
		cmocka_unit_test(invalid_utf8_is_found),
		cmocka_unit_test(the_nearest_name),
		cmocka_unit_test(the_nearest_of_a_table),
		cmocka_unit_test_setup_teardown(echo_shows_and_cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(safe_keeps_what_is_safe, setup, teardown),
		cmocka_unit_test_setup_teardown(words_are_listed, setup, teardown),
		cmocka_unit_test(globs_match),
		cmocka_unit_test(globs_are_not_exponential),
		cmocka_unit_test(case_is_ascii_only),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
