/* SPDX-License-Identifier: MIT
 *
 * What the tests of the MySQL plugin have besides driver_fixture.h.
 */
#ifndef TESTS_ENGINES_MYSQL_FIXTURE_H
#define TESTS_ENGINES_MYSQL_FIXTURE_H

#include "driver_fixture.h"

enum { SKIPPED = 77 };

static int setup(void **state)
{
	return begin(state, "mysql", "DROP DATABASE retort", "CREATE DATABASE retort");
}

static bool is_mariadb(struct fixture *fixture, struct retort_conn *conn)
{
	return strcmp(fixture->driver->dialect_of(conn)->name, "mariadb") == 0;
}

/* What a statement that must fail says: "code state number position message". */
static const char *failure(struct fixture *fixture, struct retort_conn *conn, const char *sql)
{
	const struct retort_problem *problem;
	const char *text;

	assert_int_equal(fixture->driver->exec(conn, sql, NULL, 0, NULL, fixture->err), -1);
	problem = retort_error_first(fixture->err);
	text = retort_printf(fixture->arena, "%s %s %ld %zu %s", retort_code_name(problem->code),
		problem->sqlstate, problem->engine_code, problem->position, problem->message);
	retort_error_clear(fixture->err);
	return text;
}

/* DATABASE_URL with another user and database. */
static const char *as(struct fixture *fixture, const char *user, const char *database)
{
	return retort_printf(fixture->arena, "mysql://%s@localhost/%s%s", user, database,
		strchr(getenv("DATABASE_URL"), '?'));
}

static void assert_tells(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("'%s' is not in '%s'\n", part, text);
	assert_non_null(strstr(text, part));
}

#endif
