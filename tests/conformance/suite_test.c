/* SPDX-License-Identifier: MIT
 *
 * The conformance suite itself: it covers every operation, and it finds what is wrong with a driver. Each
 * fault is put into a good driver, one at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "engine/checking.h"

/* What the driver with a fault calls, and what its caller gave it: the whole program's, as a driver's
 * functions have no other way to know. */
static struct {
	struct retort_arena *arena;
	const struct retort_driver *good;
	const struct retort_listener *listener;
	const char *url;
} fixture;

/* ---- faults ---- */

static struct retort_conn *open_whatever(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_open_options fewer = *options;
	struct retort_url url = *options->url;

	url.parameter_count = 0;
	fewer.url = &url;
	return fixture.good->open(&fewer, err);
}

static struct retort_conn *open_miscoded(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_conn *conn = fixture.good->open(options, NULL);

	fixture.listener = options->listener;
	if (!conn)
		retort_fail(err, RETORT_E_IO, "cannot open it");
	return conn;
}

static struct retort_conn *open_creating(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_open_options more = *options;

	more.create = true;
	return fixture.good->open(&more, err);
}

static int exec_without_null(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	const char *filled[8];

	for (size_t i = 0; i < n && i < 8; i++)
		filled[i] = params[i] ? params[i] : "";
	return fixture.good->exec(conn, sql, n ? filled : params, n, affected, err);
}

static int exec_without_state(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	if (fixture.good->exec(conn, sql, params, n, affected, NULL) == 0)
		return 0;
	return retort_fail(err, RETORT_E_SQL, "it doesn't work");
}

static int exec_affecting_one(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	int ret = fixture.good->exec(conn, sql, params, n, affected, err);

	if (affected)
		*affected = 1;
	return ret;
}

static int exec_noisy(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	if (fixture.listener)
		fixture.listener->notice(fixture.listener->context, RETORT_NOTICE_INFO,
			"table\x1b[1m is gone");
	return fixture.good->exec(conn, sql, params, n, affected, err);
}

/* A caller's row function that has had enough is asked on. */
struct asked_on {
	retort_row_fn *row;
	void *context;
};

static int ask_on(void *context, size_t column_count, const char *const *columns)
{
	struct asked_on *asked = context;

	asked->row(asked->context, column_count, columns);
	return 0;
}

static int query_to_the_end(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	struct asked_on asked = {row, context};

	return fixture.good->query(conn, sql, params, n, ask_on, &asked, err);
}

static int rollback_by_commit(struct retort_conn *conn, struct retort_error *err)
{
	return fixture.good->commit(conn, err);
}

static int begin_plain(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	return fixture.good->begin(conn, flags & ~RETORT_TX_REBUILD, err);
}

static int begin_nothing(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	(void)conn;
	(void)flags;
	(void)err;
	return 0;
}

static enum retort_tx_state state_idle(struct retort_conn *conn)
{
	(void)conn;
	return RETORT_TX_IDLE;
}

static int lock_always(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err)
{
	(void)conn;
	(void)name;
	(void)timeout_ms;
	(void)err;
	return 0;
}

static int unlock_nothing(struct retort_conn *conn, const char *name, struct retort_error *err)
{
	(void)conn;
	(void)name;
	(void)err;
	return 0;
}

static int bulk_never_updating(struct retort_conn *conn, const struct retort_bulk *bulk,
	unsigned long long *rows, struct retort_error *err)
{
	struct retort_bulk changed = *bulk;

	changed.conflict_ignore = bulk->conflict_ignore || bulk->conflict_update;
	changed.conflict_update = false;
	return fixture.good->bulk(conn, &changed, rows, err);
}

static int bulk_miscounting(struct retort_conn *conn, const struct retort_bulk *bulk,
	unsigned long long *rows, struct retort_error *err)
{
	int ret = fixture.good->bulk(conn, bulk, rows, err);

	*rows -= *rows > 0;
	return ret;
}

static int bulk_silent(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	(void)err;
	fixture.good->bulk(conn, bulk, rows, NULL);
	return 0;
}

static int inspect_all(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	struct retort_inspect_options all = *options;

	all.table_count = 0;
	return fixture.good->inspect(conn, &all, arena, ret, err);
}

static int inspect_without_defaults(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	if (fixture.good->inspect(conn, options, arena, ret, err) < 0)
		return -1;
	for (size_t i = 0; i < (*ret)->table_count; i++)
		for (size_t k = 0; k < (*ret)->tables[i]->column_count; k++)
			(*ret)->tables[i]->columns[k]->def = NULL;
	return 0;
}

static int canonical_with_trace(struct retort_conn *conn, const struct retort_table *table,
	struct retort_arena *arena, struct retort_table **ret, struct retort_error *err)
{
	fixture.good->exec(conn, "CREATE TABLE retort_check_trace (a integer)", NULL, 0, NULL, NULL);
	return fixture.good->canonical(conn, table, arena, ret, err);
}

static unsigned version_of_one_digit(struct retort_conn *conn)
{
	(void)conn;
	return 3;
}

/* Exactly one member that is not NULL or 0 takes the place of the good driver's; the check must fail. */
static const struct fault {
	const char *check;
	struct retort_driver bad;
	unsigned syntax; /* bits of the dialect that are turned over */
	uint64_t caps;
} faults[] = {
	{"connection/unknown_parameter", {.open = open_whatever}, 0, 0},
	{"connection/missing_database", {.open = open_miscoded}, 0, 0},
	{"connection/missing_database", {.open = open_creating}, 0, 0},
	{"connection/version", {.server_version = version_of_one_digit}, 0, 0},
	{"connection/notices", {.open = open_miscoded, .exec = exec_noisy}, 0, 0},
	{"error/syntax", {.exec = exec_without_state}, 0, 0},
	{"error/constraints", {.exec = exec_without_state}, 0, 0},
	{"error/rows_ended_early", {.query = query_to_the_end}, 0, 0},
	{"value/null_parameter", {.exec = exec_without_null}, 0, 0},
	{"value/affected_rows", {.exec = exec_affecting_one}, 0, 0},
	{"value/string_literals", {.name = "quoting"}, RETORT_SYNTAX_BACKSLASH, 0},
	{"transaction/rolls_back", {.rollback = rollback_by_commit}, 0, 0},
	{"transaction/commits", {.transaction_state = state_idle}, 0, 0},
	{"transaction/schema_rolls_back", {.rollback = rollback_by_commit}, 0, 0},
	{"transaction/rebuild", {.begin = begin_plain}, 0, 0},
	{"transaction/isolated", {.begin = begin_nothing}, 0, 0},
	{"lock/excludes", {.lock = lock_always, .unlock = unlock_nothing}, 0, 0},
	{"bulk/conflict_updated", {.bulk = bulk_never_updating}, 0, 0},
	{"bulk/many", {.bulk = bulk_miscounting}, 0, 0},
	{"bulk/source_fails", {.bulk = bulk_silent}, 0, 0},
	{"bulk/conflict_fails", {.bulk = bulk_silent}, 0, 0},
	{"inspect/tables", {.inspect = inspect_all}, 0, 0},
	{"inspect/canonical", {.canonical = canonical_with_trace}, 0, 0},
	{"operations/add_column/not_null_with_default", {.inspect = inspect_without_defaults}, 0, 0},
	{"operations/create_sequence/options", {.name = "boasting"}, 0, RETORT_CAP_SEQUENCES},
	{"operations/comment/table_and_column", {.name = "boasting"}, 0, RETORT_CAP_COMMENTS},
};

/* The good driver with the fault. */
static struct retort_driver *break_driver(const struct fault *fault)
{
	struct retort_driver *driver = retort_alloc(fixture.arena, sizeof *driver);
	struct retort_dialect *dialect = retort_alloc(fixture.arena, sizeof *dialect);
	const char *from = (const char *)&fault->bad;
	static const void *const nothing;

	*driver = *fixture.good;
	*dialect = *fixture.good->dialect;
	for (size_t at = offsetof(struct retort_driver, open); at < sizeof *driver; at += sizeof nothing)
		if (memcmp(from + at, &nothing, sizeof nothing) != 0)
			memcpy((char *)driver + at, from + at, sizeof nothing);
	dialect->syntax ^= fault->syntax;
	dialect->caps ^= fault->caps;
	driver->dialect = dialect;
	return driver;
}

static enum check_outcome outcome_of(const struct retort_driver *driver, const char *check)
{
	struct retort_error *err = retort_error_new();
	const struct conformance conformance = {.driver = driver, .url = fixture.url, .only = check};
	struct conformance_report report;
	int ret = conformance_run(fixture.arena, &conformance, &report, err);

	fixture.listener = NULL;
	if (ret < 0)
		print_error("%s: %s\n", check, retort_error_first(err)->message);
	retort_error_free(err);
	assert_int_equal(ret, 0);
	assert_int_equal(report.count, 1);
	if (report.results[0].outcome == CHECK_FAILED)
		assert_non_null(report.results[0].reason);
	return report.results[0].outcome;
}

static const char *missing_file(void)
{
	return retort_printf(fixture.arena, "%s_retort_check_missing", fixture.url + strlen("sqlite:///"));
}

static void each_fault_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct retort_driver *driver = break_driver(&faults[i]);

		if (outcome_of(fixture.good, faults[i].check) == CHECK_FAILED) {
			print_error("the good driver fails %s\n", faults[i].check);
			fail();
		}
		if (outcome_of(driver, faults[i].check) != CHECK_FAILED) {
			print_error("fault %zu is not found by %s\n", i, faults[i].check);
			fail();
		}
		remove(missing_file());
	}
}

/* ---- what is covered ---- */

static void note_kinds(const struct retort_op *const *ops, size_t n, bool *seen)
{
	for (size_t i = 0; i < n; i++)
		seen[ops[i]->kind] = true;
}

/* Reads a list of operations of a case. */
static void read_kinds(const char *text, bool *seen)
{
	struct script_reader reader = {.arena = fixture.arena, .shown_path = "case"};
	struct retort_error *err = retort_error_new();
	const char *whole =
		retort_printf(fixture.arena, "revision: case\ndown_revision: null\nupgrade:\n%s", text);
	struct script *script = NULL;

	if (script_parse(&reader, "case", whole, strlen(whole), &script, err) < 0) {
		print_error("%s:\n%s", retort_error_first(err)->message, text);
		fail();
	}
	note_kinds(script->upgrade, script->upgrade_count, seen);
	retort_error_free(err);
}

static void every_operation_is_tried(void **state)
{
	bool seen[RETORT_OP_COUNT] = {false};

	(void)state;
	for (const struct check_case *one = check_cases; one->name; one++) {
		assert_non_null(one->forms[0]);
		for (size_t i = 0; i < sizeof one->forms / sizeof *one->forms && one->forms[i]; i++)
			read_kinds(one->forms[i], seen);
	}
	/* options are each engine's own: there is none to try on all */
	seen[RETORT_OP_SET_OPTIONS] = true;
	for (int kind = RETORT_OP_NONE + 1; kind < RETORT_OP_COUNT; kind++)
		if (!seen[kind]) {
			print_error("no case has operation %d of retort/op.h\n", kind);
			fail();
		}
}

static void names_are_unique(void **state)
{
	(void)state;
	for (const struct check_case *one = check_cases; one->name; one++)
		for (const struct check_case *other = check_cases; other < one; other++)
			assert_string_not_equal(one->name, other->name);
}

static int setup(void **state)
{
	static char path[] = "/tmp/retort-conformance-XXXXXX";
	int file = mkstemp(path);

	(void)state;
	if (file < 0)
		return -1;
	close(file);
	fixture.arena = retort_arena_new();
	fixture.url = retort_printf(fixture.arena, "sqlite:///%s", path);
	return loader_driver(loader_new(fixture.arena, NULL, 0), "sqlite", &fixture.good, NULL);
}

static int teardown(void **state)
{
	(void)state;
	remove(fixture.url + strlen("sqlite:///"));
	retort_arena_free(fixture.arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_found),
		cmocka_unit_test(every_operation_is_tried),
		cmocka_unit_test(names_are_unique),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
