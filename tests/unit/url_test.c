/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/url.h"

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

/* A URL's parts in one line: "scheme|user|password|host|port|path", then "|key=value" for each parameter;
 * - stands for what is not there. */
static const char *parts(struct retort_arena *arena, const struct retort_url *url)
{
	const char *const texts[] = {url->scheme, url->user, url->password, url->host};
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, arena);
	for (i = 0; i < COUNT(texts); i++)
		retort_buf_printf(&buf, "%s|", texts[i] ? texts[i] : "-");
	retort_buf_printf(&buf, "%u|%s", url->port, url->path ? url->path : "-");
	for (i = 0; i < url->parameter_count; i++)
		retort_buf_printf(&buf, "|%s=%s", url->parameters[i].key, url->parameters[i].value);
	return buf.data;
}

static void urls_are_taken_apart(void **state)
{
	static const char *const cases[][2] = {
		{"sqlite://", "sqlite|-|-|-|0|-"},
		{"sqlite:///", "sqlite|-|-|-|0|-"},
		{"sqlite:///app.db", "sqlite|-|-|-|0|app.db"},
		{"sqlite:///./a/../app.db", "sqlite|-|-|-|0|./a/../app.db"},
		{"sqlite:////var/lib/app.db", "sqlite|-|-|-|0|/var/lib/app.db"},
		{"sqlite:////a//b/", "sqlite|-|-|-|0|/a//b/"},
		{"sqlite:///my caf\xc3\xa9 [1].db?mode=ro", "sqlite|-|-|-|0|my caf\xc3\xa9 [1].db|mode=ro"},
		{"sqlite:///a%20b%2Fc%23d%3Fe", "sqlite|-|-|-|0|a b/c#d?e"},
		{"postgresql://localhost", "postgresql|-|-|localhost|0|-"},
		{"postgresql://u:p@h:5432/db", "postgresql|u|p|h|5432|db"},
		{"POSTGRES+Psycopg2://u@H/Db", "postgres|u|-|H|0|Db"},
		{"postgresql+asyncpg://u:p%40ss%3A%2F%25@h/db", "postgresql|u|p@ss:/%|h|0|db"},
		{"postgresql://u%40corp:p:q@h/db", "postgresql|u@corp|p:q|h|0|db"},
		{"postgresql://u:@h/db", "postgresql|u||h|0|db"},
		{"postgresql://:p@h/db", "postgresql|-|p|h|0|db"},
		{"postgresql://@h:/db", "postgresql|-|-|h|0|db"},
		{"postgresql://u:p\xc3\xa9 <>^`{|}\"\\@h", "postgresql|u|p\xc3\xa9 <>^`{|}\"\\|h|0|-"},
		{"postgresql://[2001:db8::1]:6543/db", "postgresql|-|-|2001:db8::1|6543|db"},
		{"postgresql://u:p@127.0.0.1:65535/", "postgresql|u|p|127.0.0.1|65535|-"},
		{"postgresql:///db?host=/var/run/postgresql",
			"postgresql|-|-|-|0|db|host=/var/run/postgresql"},
		{"postgresql://%2Fvar%2Frun/db", "postgresql|-|-|/var/run|0|db"},
		{"postgresql://u@/db?host=/run&port=5433", "postgresql|u|-|-|0|db|host=/run|port=5433"},
		{"mysql://h/db?a=1&b=%26%3D&c=x+y&d&e=&a=2", "mysql|-|-|h|0|db|a=1|b=&=|c=x+y|d=|e=|a=2"},
		{"mysql://h?unix_socket=/tmp/my.sock&", "mysql|-|-|h|0|-|unix_socket=/tmp/my.sock"},
		{"mysql://h/db?", "mysql|-|-|h|0|db"},
		{"a.b-c+d+e://h/", "a.b-c|-|-|h|0|-"},
	};
	struct retort_error *err = retort_error_new();
	const struct retort_url *url;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		if (url_parse(*state, cases[i][0], &url, err))
			fail_msg("%s: %s", cases[i][0], retort_error_first(err)->message);
		assert_string_equal(parts(*state, url), cases[i][1]);
	}
	assert_int_equal(retort_error_count(err), 0);
	retort_error_free(err);
}

static void what_is_no_url_is_refused(void **state)
{
	static const char *const cases[][2] = {
		{"", "it is not of the form"},
		{"app.db", "it is not of the form"},
		{"/var/lib/app.db", "it is not of the form"},
		{"sqlite:app.db", "it is not of the form"},
		{"sqlite:/app.db", "it is not of the form"},
		{"://h/db", "it is not of the form"},
		{"//h/db", "it is not of the form"},
		{"1a://h/db", "it is not of the form"},
		{"pg sql://h/db", "it is not of the form"},
		{"/a://h", "it is not of the form"},
		{"x?a=b://c", "it is not of the form"},
		{"pg://u:p@ss@h/db", "write : / ? @ [ ] as"},
		{"pg://u:p/ss@h/db", "write : / ? @ [ ] as"},
		{"pg://h:port/db", "write : / ? @ [ ] as"},
		{"pg://[::1/db", "it is not of the form"},
		{"pg://h:0/db", "a port is a number from 1 to 65535"},
		{"pg://h:65536/db", "a port is a number from 1 to 65535"},
		{"pg://h:99999999999999999999/db", "a port is a number from 1 to 65535"},
		{"pg://h/a#b", "write it as %23"},
		{"pg://u:a%zz@h", "write it as %25"},
		{"pg://h/100%", "write it as %25"},
		{"pg://h/a%4", "write it as %25"},
		{"pg://h/a%00b", "it holds %00"},
		{"pg://h/a\nb", "it holds a control character"},
		{"pg://h/a\x7f", "it holds a control character"},
	};
	struct retort_error *err = retort_error_new();
	const struct retort_url *url = NULL;
	const struct retort_problem *problem;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(url_parse(*state, cases[i][0], &url, err), -1);
		problem = retort_error_first(err);
		assert_int_equal(retort_error_count(err), 1);
		assert_int_equal(problem->code, RETORT_E_CONFIG);
		if (!strstr(problem->message, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], problem->message);
		assert_null(url);
		retort_error_clear(err);
	}
	retort_error_free(err);
}

static void a_message_names_the_masked_url(void **state)
{
	struct retort_error *err = retort_error_new();
	const struct retort_url *url;

	assert_int_equal(url_parse(*state, "pg://u:se/cret@h:1/d\nb", &url, err), -1);
	assert_string_equal(retort_error_first(err)->message,
		"cannot use URL 'pg://u:***@h:1/d\\x0ab': it holds a control character");
	retort_error_free(err);
}

/* As long as is allowed, of many parts: uriparser must have the stack for it. */
static void long_urls(void **state)
{
	struct retort_error *err = retort_error_new();
	const struct retort_url *url;
	struct retort_buf buf;

	retort_buf_init(&buf, *state);
	retort_buf_str(&buf, "pg://h");
	while (buf.len + 2 <= 8192)
		retort_buf_str(&buf, "/a");
	assert_int_equal(url_parse(*state, buf.data, &url, err), 0);
	assert_int_equal(strlen(url->path), 8192 - strlen("pg://h/"));
	retort_buf_str(&buf, "/a");
	assert_int_equal(url_parse(*state, buf.data, &url, err), -1);
	assert_non_null(strstr(retort_error_first(err)->message, "it is too long"));
	retort_error_free(err);
}

static void passwords_are_masked(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"pg://u@h:5432/db?sslmode=require", "pg://u@h:5432/db?sslmode=require"},
		{"pg://u:secret@h:5432/db", "pg://u:***@h:5432/db"},
		{"pg://u:@h/db", "pg://u:***@h/db"},
		{"pg://:secret@h/db", "pg://:***@h/db"},
		{"pg://u:se:cret@h/db", "pg://u:***@h/db"},
		{"pg://u:se@cret@h/db", "pg://u:***@h/db"},
		{"pg://u:se/c@ret@h/db", "pg://u:***@h/db"},
		{"pg://u:se?c#ret@h/db", "pg://u:***@h/db"},
		{"pg://u:12/34@h/db", "pg://u:***@h/db"},
		{"pg://u:secret", "pg://u:***"},
		{"pg://u:secret@", "pg://u:***@"},
		{"pg://u:p@[::1]:5432/db", "pg://u:***@[::1]:5432/db"},
		{"pg://[::1]:5432/db", "pg://[::1]:5432/db"},
		{"pg://[::1", "pg://[::1"},
		{"pg://h:5432", "pg://h:5432"},
		{"pg://h:5432?x=1", "pg://h:5432?x=1"},
		{"sqlite:///dir:x/a.db", "sqlite:///dir:x/a.db"},
		{"sqlite:////srv/u:x@host/a.db", "sqlite:////srv/u:x@host/a.db"},
		{"u:secret@h/db", "u:***@h/db"},
		{"pg://h/db?password=secret&x=1", "pg://h/db?password=***&x=1"},
		{"pg://h/db?x=1&passwd=secret", "pg://h/db?x=1&passwd=***"},
		{"pg://h/db?PWD=secret", "pg://h/db?PWD=***"},
		{"pg://h/db?sslpassword=a%26b&y", "pg://h/db?sslpassword=***&y"},
		{"pg://h/db?pass%77ord=secret", "pg://h/db?pass%77ord=***"},
		{"pg://h/db?password=", "pg://h/db?password=***"},
		{"pg://h/db?passwords=1&passfile=/x", "pg://h/db?passwords=1&passfile=/x"},
		{"host=h password=secret user=u", "host=h password=*** user=u"},
		{"password = 'two words' user=u", "password = *** user=u"},
		{"pg://u:one@h/db?password=two", "pg://u:***@h/db?password=***"},
		{"pg://h/db?password", "pg://h/db?password"},
		{"\xff:\xfe@\xfd", "\xff:***@\xfd"},
		{"%", "%"},
		{"%zz=1&pwd=%", "%zz=1&pwd=***"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(url_masked(*state, cases[i][0]), cases[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(urls_are_taken_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_url_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_message_names_the_masked_url, setup, teardown),
		cmocka_unit_test_setup_teardown(long_urls, setup, teardown),
		cmocka_unit_test_setup_teardown(passwords_are_masked, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
