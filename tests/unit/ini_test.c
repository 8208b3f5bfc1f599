/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "script/ini.h"
#include "script/variables.h"

static struct ini *parse(struct scratch *scratch, const char *text, enum ini_rules rules)
{
	struct ini *ini = NULL;

	assert_int_equal(ini_parse(scratch->arena, "a.ini", text, strlen(text), rules, &ini, scratch->err),
		0);
	return ini;
}

static const char *value(const struct ini *ini, const char *section, const char *key)
{
	const struct ini_entry *entry = ini_entry(ini_section(ini, section), key);

	return entry ? entry->value : NULL;
}

static void keys_and_values_are_cut(void **state)
{
	struct ini *ini = parse(*state,
		"\xef\xbb\xbf# a comment\n[ a b ]\nkey = value \nCASE:x=y\nempty =\n\t; c\n[z]\r\nk=v\r\n",
		INI_RETORT);

	assert_int_equal(ini->count, 2);
	assert_string_equal(ini->sections[0].name, " a b ");
	assert_int_equal(ini->sections[0].line, 2);
	assert_string_equal(value(ini, " a b ", "key"), "value");
	assert_string_equal(value(ini, " a b ", "CASE"), "x=y");
	assert_string_equal(value(ini, " a b ", "empty"), "");
	assert_string_equal(value(ini, "z", "k"), "v");
	assert_int_equal(ini_entry(ini_section(ini, "z"), "k")->line, 8);
	assert_null(value(ini, "z", "key"));
	assert_null(value(ini, "none", "key"));
}

static void comments_inside_lines(void **state)
{
	const char *text = "[a] ; s\nurl = x://u:p#1;2@h/d   ; the database\nb = 1 # one\nc = ; nothing\n";
	struct ini *ini = parse(*state, text, INI_RETORT);

	assert_string_equal(value(ini, "a", "url"), "x://u:p#1;2@h/d");
	assert_string_equal(ini_entry(ini_section(ini, "a"), "url")->whole,
		"x://u:p#1;2@h/d   ; the database");
	assert_string_equal(value(ini, "a", "b"), "1");
	assert_string_equal(value(ini, "a", "c"), "");
	ini = parse(*state, text, INI_PYTHON);
	assert_string_equal(value(ini, "a", "b"), "1 # one");
	assert_string_equal(value(ini, "a", "c"), "; nothing");
}

static void values_continue_on_indented_lines(void **state)
{
	struct ini *ini = parse(*state,
		"[a]\nlist = one\n  two ; 2\n  # not a value\n\n  three\n\nnext = 1\n  [b]\n[c]\n  k = 1\n  "
		"l = 2\n   m\n",
		INI_RETORT);

	assert_string_equal(value(ini, "a", "list"), "one\ntwo\n\nthree");
	assert_string_equal(value(ini, "a", "next"), "1\n[b]");
	assert_string_equal(value(ini, "c", "k"), "1");
	assert_string_equal(value(ini, "c", "l"), "2\nm");
	assert_int_equal(ini->count, 2);
}

static void python_keys_are_lower_case(void **state)
{
	struct ini *ini = parse(*state, "[Alembic]\nSQLAlchemy.URL = A\n", INI_PYTHON);

	assert_string_equal(value(ini, "Alembic", "sqlalchemy.url"), "A");
}

static void lines_have_any_length(void **state)
{
	struct scratch *scratch = *state;
	size_t n = 300000;
	struct retort_buf text;
	struct ini *ini;

	retort_buf_init(&text, scratch->arena);
	retort_buf_printf(&text, "[a]\nk=%0*d", (int)n, 0);
	ini = parse(scratch, text.data, INI_RETORT);
	assert_int_equal(strlen(value(ini, "a", "k")), n);
}

static void all_faults_are_listed(void **state)
{
	static const char text[] = "early = 1\n[a]\nk = 1\nnonsense secret\nk = 2\n= 3\n[open\n[a]\n[]\n";
	struct scratch *scratch = *state;
	struct ini *ini;

	assert_int_equal(ini_parse(scratch->arena, "a.ini", text, strlen(text), INI_RETORT, &ini,
				 scratch->err),
		-1);
	expect_count(scratch, 7);
	expect_problem(scratch, 0, RETORT_E_CONFIG, "a.ini:1: a key in front of the first [section]");
	expect_problem(scratch, 1, RETORT_E_CONFIG, "a.ini:4: neither [section] nor key = value");
	expect_problem(scratch, 2, RETORT_E_CONFIG, "a.ini:5: key 'k' stands twice: first in line 3");
	expect_problem(scratch, 3, RETORT_E_CONFIG, "a.ini:6: a value without a key");
	expect_problem(scratch, 4, RETORT_E_CONFIG, "a.ini:7: a section name that no ']' closes");
	expect_problem(scratch, 5, RETORT_E_CONFIG, "a.ini:8: section [a] stands twice: first in line 2");
	expect_problem(scratch, 6, RETORT_E_CONFIG, "a.ini:9: a section without a name");
}

static void bytes_that_are_no_text(void **state)
{
	struct scratch *scratch = *state;
	struct ini *ini;

	assert_int_equal(ini_parse(scratch->arena, "a", "[a]\n\xff", 5, INI_RETORT, &ini, scratch->err), -1);
	assert_int_equal(ini_parse(scratch->arena, "a", "\0", 1, INI_RETORT, &ini, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG, "a:2: invalid UTF-8: save the file as UTF-8");
	expect_problem(scratch, 1, RETORT_E_CONFIG, "a:1: a NUL byte: this is no text file");
}

static void retort_replaces_here_and_the_environment(void **state)
{
	struct scratch *scratch = *state;
	const char *missing = NULL;

	setenv("A_1", "a%(here)s${A_1}", 1);
	assert_string_equal(variables_expand(scratch->arena,
				    "%(here)s/x ${A_1} 100% $x $${A_1} ${a b} %(rev)s %%", "/f", &missing),
		"/f/x a%(here)s${A_1} 100% $x ${A_1} ${a b} %(rev)s %%");
	unsetenv("A_1");
	assert_null(variables_expand(scratch->arena, "${A_1}", "/f", &missing));
	assert_string_equal(missing, "A_1");
}

static void commands_leave_variables_to_the_shell(void **state)
{
	struct scratch *scratch = *state;
	const char *missing = NULL;

	setenv("A_1", "$(reboot)", 1);
	assert_string_equal(variables_expand_command(scratch->arena, "%(here)s/x ${A_1} ${RETORT_FILE}", "/f",
				    &missing),
		"/f/x ${A_1} ${RETORT_FILE}");
	unsetenv("A_1");
	assert_null(variables_expand_command(scratch->arena, "${A_1}", "/f", &missing));
}

static int interpolate(struct scratch *scratch, const char *text, const char *key, const char **ret)
{
	struct ini *ini = parse(scratch, text, INI_PYTHON);
	const struct ini_section *section = ini_section(ini, "s");

	return variables_interpolate(scratch->arena, ini, section, ini_entry(section, key), "/f%(x)s", ret,
		scratch->err);
}

static void python_interpolation(void **state)
{
	const char *text = "[DEFAULT]\nd = D%(o)s\n[s]\nk = %(here)s/%(D)s%%(rev)s\no = o%%\nbad = 5%\nno = "
			   "%(nope)s\nr = %(r)s\n";
	struct scratch *scratch = *state;
	const char *ret = NULL;

	assert_int_equal(interpolate(scratch, text, "k", &ret), 0);
	assert_string_equal(ret, "/f%(x)s/Do%%(rev)s");
	assert_int_equal(interpolate(scratch, text, "bad", &ret), -1);
	assert_int_equal(interpolate(scratch, text, "no", &ret), -1);
	assert_int_equal(interpolate(scratch, text, "r", &ret), -1);
	expect_count(scratch, 3);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"a.ini:6: cannot read 'bad': a % must be followed by % or (key)s: write %% for a plain one");
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		"a.ini:7: cannot read 'no': there is no key 'nope' for %(nope)s");
	expect_problem(scratch, 2, RETORT_E_CONFIG,
		"a.ini:8: cannot read 'r': its references go round in a circle, or too deep");
}

/* Ten levels of references to nothing at all: the text stays short, the work must too. */
static void interpolation_is_bounded(void **state)
{
	struct scratch *scratch = *state;
	struct retort_buf text;
	const char *ret;
	int i, k;

	retort_buf_init(&text, scratch->arena);
	retort_buf_str(&text, "[s]\nk9 =\n");
	for (i = 0; i < 9; i++) {
		retort_buf_printf(&text, "k%d =", i);
		for (k = 0; k < 100; k++)
			retort_buf_printf(&text, " %%(k%d)s", i + 1);
		retort_buf_char(&text, '\n');
	}
	assert_int_equal(interpolate(scratch, text.data, "k0", &ret), -1);
	expect_count(scratch, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(keys_and_values_are_cut),
		TEST(comments_inside_lines),
		TEST(values_continue_on_indented_lines),
		TEST(python_keys_are_lower_case),
		TEST(lines_have_any_length),
		TEST(all_faults_are_listed),
		TEST(bytes_that_are_no_text),
		TEST(retort_replaces_here_and_the_environment),
		TEST(commands_leave_variables_to_the_shell),
		TEST(python_interpolation),
		TEST(interpolation_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
