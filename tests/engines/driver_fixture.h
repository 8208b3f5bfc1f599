/* SPDX-License-Identifier: MIT
 *
 * What the tests of a plugin on a live server share: connections, queries, refusals. DATABASE_URL names a
 * database that is theirs.
 */
#ifndef TESTS_ENGINES_DRIVER_FIXTURE_H
#define TESTS_ENGINES_DRIVER_FIXTURE_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/url.h"
#include "engine/loader.h"

enum { MAX_CONNECTIONS = 4 };

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct retort_driver *driver;
	struct retort_conn *conns[MAX_CONNECTIONS];
	size_t count;
	struct retort_listener listener;
	char notices[4096];
};

static void take_notice(void *context, enum retort_notice_level level, const char *text)
{
	struct fixture *fixture = context;
	size_t n = strlen(fixture->notices);

	(void)level;
	snprintf(fixture->notices + n, sizeof fixture->notices - n, "%s\n", text);
}

static struct retort_conn *open_with(struct fixture *fixture, const struct retort_open_options *given,
	const char *text)
{
	struct retort_open_options options = *given;
	struct retort_conn *conn;

	options.size = sizeof options;
	options.listener = &fixture->listener;
	assert_int_equal(url_parse(fixture->arena, text, &options.url, fixture->err), 0);
	conn = fixture->driver->open(&options, fixture->err);
	if (conn) {
		assert_true(fixture->count < MAX_CONNECTIONS);
		fixture->conns[fixture->count++] = conn;
	}
	return conn;
}

static struct retort_conn *open_plain(struct fixture *fixture)
{
	static const struct retort_open_options options = {.lock_timeout_ms = 1000};
	struct retort_conn *conn = open_with(fixture, &options, getenv("DATABASE_URL"));

	if (!conn)
		print_error("%s\n", retort_error_first(fixture->err)->message);
	assert_non_null(conn);
	return conn;
}

static void run(struct fixture *fixture, struct retort_conn *conn, const char *sql)
{
	if (fixture->driver->exec(conn, sql, NULL, 0, NULL, fixture->err) == 0)
		return;
	print_error("%s\n%s\n", retort_error_first(fixture->err)->message, sql);
	fail();
}

/* Loads a driver and makes the database empty by two statements. */
static int begin(void **state, const char *driver, const char *drop, const char *create)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	struct retort_conn *conn;

	if (!fixture)
		return -1;
	fixture->arena = retort_arena_new();
	fixture->err = retort_error_new();
	fixture->listener.context = fixture;
	fixture->listener.notice = take_notice;
	*state = fixture;
	if (loader_driver(loader_new(fixture->arena, NULL, 0), driver, &fixture->driver, fixture->err) < 0)
		return -1;
	conn = open_plain(fixture);
	run(fixture, conn, drop);
	run(fixture, conn, create);
	fixture->driver->close(conn);
	fixture->count = 0;
	fixture->notices[0] = 0;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	while (fixture->count > 0)
		fixture->driver->close(fixture->conns[--fixture->count]);
	retort_error_free(fixture->err);
	retort_arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* The rows of a query: cells joined by |, rows by a line end. */
static int take_row(void *context, size_t n, const char *const *cells)
{
	struct retort_buf *out = context;

	for (size_t i = 0; i < n; i++)
		retort_buf_printf(out, "%s%s",
			i > 0                  ? "|"
				: out->len > 0 ? "\n"
					       : "",
			cells[i] ? cells[i] : "NULL");
	return 0;
}

static const char *ask(struct fixture *fixture, struct retort_conn *conn, const char *sql,
	const char *const *params, size_t n)
{
	struct retort_buf out;

	retort_buf_init(&out, fixture->arena);
	retort_buf_str(&out, "");
	if (fixture->driver->query(conn, sql, params, n, take_row, &out, fixture->err) < 0) {
		print_error("%s\n%s\n", retort_error_first(fixture->err)->message, sql);
		fail();
	}
	return out.data;
}

static const char *refusal(struct fixture *fixture, const char *url)
{
	static const struct retort_open_options options = {.lock_timeout_ms = 1000};
	const struct retort_problem *problem;
	const char *text;

	assert_null(open_with(fixture, &options, url));
	problem = retort_error_first(fixture->err);
	text = retort_printf(fixture->arena, "%s: %s", retort_code_name(problem->code), problem->message);
	retort_error_clear(fixture->err);
	return text;
}

static const char *with(struct fixture *fixture, const char *parameters)
{
	return retort_printf(fixture->arena, "%s&%s", getenv("DATABASE_URL"), parameters);
}

#endif
