/* SPDX-License-Identifier: MIT
 *
 * What the tests of the SQLite plugin share: the plugin as the program would load it, a database in
 * memory, and operations as a revision file writes them, rendered and run. A test is skipped where
 * RETORT_DRIVER_PATH holds no such plugin.
 */
#ifndef TESTS_UNIT_SQLITE_FIXTURE_H
#define TESTS_UNIT_SQLITE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/loader.h"
#include "model/resolve.h"
#include "script/revision.h"
#include "sql/render.h"

/* One test's database. */
struct sqlite_fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct retort_driver *driver;
	struct retort_conn *conn;
	struct retort_listener listener;
	char notices[4096];
};

static inline void fixture_notice(void *context, enum retort_notice_level level, const char *text)
{
	struct sqlite_fixture *fixture = context;
	size_t n = strlen(fixture->notices);

	(void)level;
	snprintf(fixture->notices + n, sizeof fixture->notices - n, "%s\n", text);
}

static inline int fixture_open(struct sqlite_fixture *fixture, const struct retort_open_options *given)
{
	struct retort_open_options options = *given;

	options.size = sizeof options;
	options.listener = &fixture->listener;
	fixture->conn = fixture->driver->open(&options, fixture->err);
	return fixture->conn ? 0 : -1;
}

/* Opens path; NULL: in memory. */
static inline int fixture_open_path(struct sqlite_fixture *fixture, const char *path, bool create)
{
	struct retort_url url = {.scheme = "sqlite", .path = path};
	struct retort_open_options options = {.url = &url, .create = create, .lock_timeout_ms = 2000};

	return fixture_open(fixture, &options);
}

static inline int fixture_setup(void **state)
{
	struct sqlite_fixture *fixture = calloc(1, sizeof *fixture);
	struct loader *loader;

	if (!fixture)
		return -1;
	fixture->arena = retort_arena_new();
	fixture->err = retort_error_new();
	fixture->listener.context = fixture;
	fixture->listener.notice = fixture_notice;
	loader = loader_new(fixture->arena, NULL, 0);
	loader_driver(loader, "sqlite", &fixture->driver, fixture->err);
	*state = fixture;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct sqlite_fixture *fixture = *state;

	if (fixture->conn)
		fixture->driver->close(fixture->conn);
	retort_error_free(fixture->err);
	retort_arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* The fixture of a test with the plugin; skips the test where there is none. */
static inline struct sqlite_fixture *fixture_of(void **state)
{
	struct sqlite_fixture *fixture = *state;

	if (!fixture->driver) {
		print_message("%s\n", retort_error_first(fixture->err)->message);
		skip();
	}
	return fixture;
}

/* The same with a database in memory. */
static inline struct sqlite_fixture *fixture_in_memory(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);

	assert_int_equal(fixture_open_path(fixture, NULL, false), 0);
	return fixture;
}

static inline void fixture_complain(struct sqlite_fixture *fixture, const char *what)
{
	const struct retort_problem *problem = retort_error_first(fixture->err);

	for (; problem; problem = problem->next)
		print_error("%s: %s\n%s\n", what, problem->message,
			problem->statement ? problem->statement : "");
}

static inline void fixture_exec(struct sqlite_fixture *fixture, const char *sql)
{
	int rc = fixture->driver->exec(fixture->conn, sql, NULL, 0, NULL, fixture->err);

	if (rc)
		fixture_complain(fixture, sql);
	assert_int_equal(rc, 0);
}

/* A list of statements that ends with NULL. */
static inline void fixture_exec_all(struct sqlite_fixture *fixture, const char *const *statements)
{
	for (; *statements; statements++)
		fixture_exec(fixture, *statements);
}

struct fixture_text {
	struct retort_buf out;
};

static inline int fixture_row(void *context, size_t n, const char *const *cells)
{
	struct fixture_text *text = context;

	for (size_t i = 0; i < n; i++)
		retort_buf_printf(&text->out, "%s%s", i > 0 ? "|" : "", cells[i] ? cells[i] : "NULL");
	retort_buf_char(&text->out, '\n');
	return 0;
}

/* The rows of a query, a line each. */
static inline const char *fixture_query(struct sqlite_fixture *fixture, const char *sql)
{
	struct fixture_text text;
	int rc;

	retort_buf_init(&text.out, fixture->arena);
	retort_buf_str(&text.out, "");
	rc = fixture->driver->query(fixture->conn, sql, NULL, 0, fixture_row, &text, fixture->err);
	if (rc)
		fixture_complain(fixture, sql);
	assert_int_equal(rc, 0);
	return text.out.data ? text.out.data : "";
}

/* The schema as the planner has it of tables that replay has never seen: the live one, normalised. */
static inline struct retort_schema *fixture_schema(struct sqlite_fixture *fixture)
{
	const struct retort_inspect_options options = {.size = sizeof options};
	struct retort_schema *schema = NULL;
	int rc = fixture->driver->inspect(fixture->conn, &options, fixture->arena, &schema, fixture->err);

	if (rc == 0)
		rc = fixture->driver->dialect->normalize(fixture->arena, schema, fixture->err);
	if (rc)
		fixture_complain(fixture, "inspect");
	assert_int_equal(rc, 0);
	return schema;
}

/* Renders a list of operations onto schema; the plan, or NULL with the error filled. */
static inline struct retort_plan *fixture_render(struct sqlite_fixture *fixture, struct retort_schema *schema,
	const char *yaml)
{
	struct script_reader reader = {.arena = fixture->arena, .shown_path = "test.yaml"};
	const char *whole =
		retort_printf(fixture->arena, "revision: test\ndown_revision: null\nupgrade:\n%s", yaml);
	struct retort_plan *plan = retort_alloc(fixture->arena, sizeof *plan);
	struct resolve resolve = {.arena = fixture->arena, .dialect = "sqlite", .schema = schema};
	struct renderer renderer = {.arena = fixture->arena,
		.dialect = fixture->driver->dialect,
		.schema = schema,
		.plan = plan,
		.version = fixture->driver->server_version(fixture->conn)};
	struct script *script = NULL;
	const struct retort_op **ops;
	size_t count;

	plan->arena = fixture->arena;
	if (script_parse(&reader, "test.yaml", whole, strlen(whole), &script, fixture->err) ||
		resolve_ops(&resolve, script->upgrade, script->upgrade_count, &ops, &count, fixture->err) ||
		render_ops(&renderer, ops, count, fixture->err))
		return NULL;
	return plan;
}

/* Whether a plan holds a rebuild. */
static inline bool plan_rebuilds(const struct retort_plan *plan)
{
	for (size_t i = 0; i < plan->statement_count; i++)
		if (plan->statements[i]->flags & RETORT_STMT_REBUILD)
			return true;
	return false;
}

/* Runs a plan in one transaction. */
static inline int fixture_run(struct sqlite_fixture *fixture, const struct retort_plan *plan)
{
	const struct retort_driver *driver = fixture->driver;

	if (driver->begin(fixture->conn, plan_rebuilds(plan) ? RETORT_TX_REBUILD : 0, fixture->err))
		return -1;
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];

		if (statement->kind != RETORT_STATEMENT_SQL)
			continue;
		if (driver->exec(fixture->conn, statement->sql, NULL, 0, NULL, fixture->err)) {
			retort_error_statement(fixture->err, statement->sql);
			driver->rollback(fixture->conn, NULL);
			return -1;
		}
	}
	return driver->commit(fixture->conn, fixture->err);
}

/* Renders onto schema and runs; must succeed. */
static inline struct retort_plan *fixture_apply(struct sqlite_fixture *fixture, struct retort_schema *schema,
	const char *yaml)
{
	struct retort_plan *plan = fixture_render(fixture, schema, yaml);

	if (!plan || fixture_run(fixture, plan))
		fixture_complain(fixture, yaml);
	assert_int_equal(retort_error_count(fixture->err), 0);
	return plan;
}

#endif
