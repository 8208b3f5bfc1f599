/* SPDX-License-Identifier: MIT
 *
 * The SQLite plugin as a connection: opening in every way that can fail, sessions, transactions, waiting,
 * cancelling, values, bulk rows.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sqlite_fixture.h"

/* A folder of the test's own. */
struct folder {
	char path[64];
	const char *db;
};

static void folder_make(struct sqlite_fixture *fixture, struct folder *folder)
{
	snprintf(folder->path, sizeof folder->path, "/tmp/retort-sqlite-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	folder->db = retort_printf(fixture->arena, "%s/a.db", folder->path);
}

static void folder_remove(struct sqlite_fixture *fixture, struct folder *folder)
{
	if (fixture->conn)
		fixture->driver->close(fixture->conn);
	fixture->conn = NULL;
	unlink(folder->db);
	unlink(retort_printf(fixture->arena, "%s-journal", folder->db));
	rmdir(folder->path);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* What opening says; the connection must not be there. */
static const char *refusal(struct sqlite_fixture *fixture, const struct retort_open_options *options)
{
	const char *message;

	assert_int_equal(fixture_open(fixture, options), -1);
	message = retort_strdup(fixture->arena, retort_error_first(fixture->err)->message);
	retort_error_clear(fixture->err);
	return message;
}

static void a_missing_file_is_made_only_where_wished(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct folder folder;
	struct retort_url url = {.scheme = "sqlite"};
	struct retort_open_options options = {.url = &url, .lock_timeout_ms = 100};
	struct stat status;

	folder_make(fixture, &folder);
	url.path = folder.db;
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena, "no such database file: %s", folder.db));
	assert_int_not_equal(stat(folder.db, &status), 0);
	options.create = true;
	assert_int_equal(fixture_open(fixture, &options), 0);
	assert_string_equal(fixture->notices,
		retort_printf(fixture->arena, "making database file %s\n", folder.db));
	assert_int_equal(stat(folder.db, &status), 0);
	folder_remove(fixture, &folder);
	url.path = retort_printf(fixture->arena, "%s/none/a.db", folder.path);
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena,
			"cannot make database file %s: folder '%s/none': No such file or directory", url.path,
			folder.path));
}

static void a_relative_path_is_told_in_full(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_url url = {.scheme = "sqlite", .path = "./no/such.db"};
	struct retort_open_options options = {.url = &url};
	char folder[4096];

	assert_non_null(getcwd(folder, sizeof folder));
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena, "no such database file: %s/no/such.db", folder));
}

static void what_is_no_database_is_told(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct folder folder;
	struct retort_url url = {.scheme = "sqlite"};
	struct retort_open_options options = {.url = &url, .create = true};

	folder_make(fixture, &folder);
	url.path = folder.path;
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena, "cannot open database file %s: it is a folder", folder.path));
	url.path = folder.db;
	write_file(folder.db,
		"this is a text, long enough to have a head that is none of SQLite's: no database at all");
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena, "not a SQLite database file (or an encrypted one): %s",
			folder.db));
	url.path = "/dev/null";
	assert_string_equal(refusal(fixture, &options),
		"cannot open database file /dev/null: it is no regular file");
	url.path = retort_printf(fixture->arena, "%s/a.db/b.db", folder.path);
	assert_string_equal(refusal(fixture, &options),
		retort_printf(fixture->arena, "cannot open database file %s: Not a directory", url.path));
	folder_remove(fixture, &folder);
}

static void url_parts_that_mean_nothing_are_refused(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_url_parameter parameter = {"charset", "utf8"};
	struct retort_url url = {.scheme = "sqlite", .parameters = &parameter, .parameter_count = 1};
	struct retort_open_options options = {.url = &url};

	assert_string_equal(refusal(fixture, &options),
		"unknown URL parameter 'charset': sqlite knows foreign_keys, busy_timeout and mode");
	parameter = (struct retort_url_parameter){"foreign_keys", "perhaps"};
	assert_string_equal(refusal(fixture, &options),
		"cannot read URL parameter 'foreign_keys': expected on or off, found 'perhaps'");
	parameter = (struct retort_url_parameter){"busy_timeout", "long"};
	assert_string_equal(refusal(fixture, &options),
		"cannot read URL parameter 'busy_timeout': expected milliseconds or 10s, found 'long'");
	parameter = (struct retort_url_parameter){"mode", "rx"};
	assert_string_equal(refusal(fixture, &options),
		"cannot read URL parameter 'mode': expected ro, rw, rwc or memory, found 'rx'");
	url.parameter_count = 0;
	url.host = "host";
	assert_int_equal(fixture_open(fixture, &options), -1);
	assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_CONFIG);
	retort_error_clear(fixture->err);
}

static void foreign_keys_are_on_unless_the_url_says_otherwise(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_url_parameter parameter = {"foreign_keys", "off"};
	struct retort_url url = {.scheme = "sqlite", .parameters = &parameter};
	struct retort_open_options options = {.url = &url};

	for (size_t i = 0; i < 2; i++) {
		url.parameter_count = i;
		assert_int_equal(fixture_open(fixture, &options), 0);
		assert_string_equal(fixture_query(fixture, "PRAGMA foreign_keys"), i == 0 ? "1\n" : "0\n");
		/* a rebuild gives back what it found */
		assert_int_equal(fixture->driver->begin(fixture->conn, RETORT_TX_REBUILD, fixture->err), 0);
		assert_string_equal(fixture_query(fixture, "PRAGMA foreign_keys"), "0\n");
		assert_int_equal(fixture->driver->commit(fixture->conn, fixture->err), 0);
		assert_string_equal(fixture_query(fixture, "PRAGMA foreign_keys"), i == 0 ? "1\n" : "0\n");
		assert_int_equal(fixture->driver->begin(fixture->conn, RETORT_TX_REBUILD, fixture->err), 0);
		assert_int_equal(fixture->driver->rollback(fixture->conn, fixture->err), 0);
		assert_string_equal(fixture_query(fixture, "PRAGMA foreign_keys"), i == 0 ? "1\n" : "0\n");
		fixture->driver->close(fixture->conn);
		fixture->conn = NULL;
	}
}

static void a_reader_writes_nothing(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct folder folder;
	struct retort_url url = {.scheme = "sqlite"};
	struct retort_open_options options = {.url = &url, .read_only = true};

	folder_make(fixture, &folder);
	url.path = folder.db;
	assert_int_equal(fixture_open_path(fixture, folder.db, true), 0);
	fixture_exec(fixture, "CREATE TABLE t (a)");
	fixture->driver->close(fixture->conn);
	assert_int_equal(fixture_open(fixture, &options), 0);
	assert_string_equal(fixture_query(fixture, "SELECT count(*) FROM t"), "0\n");
	assert_int_equal(fixture->driver->exec(fixture->conn, "INSERT INTO t VALUES (1)", NULL, 0, NULL,
				 fixture->err),
		-1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		retort_printf(fixture->arena, "cannot write to %s: this command only reads", folder.db));
	assert_string_equal(retort_error_first(fixture->err)->sqlstate, "25006");
	assert_int_equal(fixture->driver->begin(fixture->conn, 0, NULL), 0);
	assert_int_equal(fixture->driver->rollback(fixture->conn, NULL), 0);
	retort_error_clear(fixture->err);
	fixture->driver->close(fixture->conn);
	/* read-only for one transaction */
	assert_int_equal(fixture_open_path(fixture, folder.db, false), 0);
	assert_int_equal(fixture->driver->begin(fixture->conn, RETORT_TX_READ_ONLY, NULL), 0);
	assert_int_equal(fixture->driver->exec(fixture->conn, "INSERT INTO t VALUES (1)", NULL, 0, NULL,
				 NULL),
		-1);
	assert_int_equal(fixture->driver->commit(fixture->conn, NULL), 0);
	fixture_exec(fixture, "INSERT INTO t VALUES (1)");
	folder_remove(fixture, &folder);
}

static void errors_say_where_and_of_what_kind(void **state)
{
	static const struct {
		const char *sql, *message, *state;
		size_t position;
	} faults[] = {
		{"SELECT 1 FORM t", "near \"t\": syntax error", "42000", 15},
		{"SELECT absent FROM t", "no such column: absent", "42S22", 8},
		{"SELECT * FROM nowhere", "no such table: nowhere", "42S02", 0},
		{"CREATE TABLE t (a)", "table t already exists", "42S01", 14},
		{"INSERT INTO t VALUES (1, 'y')", "UNIQUE constraint failed: t.a", "23505", 0},
		{"INSERT INTO t VALUES (NULL, 'y')", "NOT NULL constraint failed: t.a", "23502", 0},
		{"INSERT INTO t VALUES (3, 'long')", "CHECK constraint failed: short", "23514", 0},
		{"INSERT INTO c VALUES (5)", "FOREIGN KEY constraint failed", "23503", 0},
		{"SELECT 1; SELECT 2", "more than one statement at once: 'SELECT' follows", "", 0},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	fixture_exec(fixture,
		"CREATE TABLE t (a INT NOT NULL UNIQUE, b TEXT CONSTRAINT short CHECK (length(b) < 3))");
	fixture_exec(fixture, "CREATE TABLE c (t INT REFERENCES t (a))");
	fixture_exec(fixture, "INSERT INTO t VALUES (1, 'x'); -- the end\n");
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const struct retort_problem *problem;

		assert_int_equal(fixture->driver->exec(fixture->conn, faults[i].sql, NULL, 0, NULL,
					 fixture->err),
			-1);
		problem = retort_error_first(fixture->err);
		assert_string_equal(problem->message, faults[i].message);
		assert_string_equal(problem->sqlstate, faults[i].state);
		if (faults[i].position)
			assert_int_equal(problem->position, faults[i].position);
		retort_error_clear(fixture->err);
	}
}

static void values_travel_as_text(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	const char *params[] = {"7", NULL, "it's"};
	long long affected = -5;

	fixture_exec(fixture, "CREATE TABLE t (a INTEGER, b TEXT, c TEXT)");
	for (int i = 0; i < 20; i++) {
		assert_int_equal(fixture->driver->exec(fixture->conn, "INSERT INTO t VALUES (?, ?, ?)",
					 params, 3, &affected, fixture->err),
			0);
		assert_int_equal(affected, 1);
	}
	assert_string_equal(fixture_query(fixture, "SELECT DISTINCT a, typeof(a), b, c, x'00Ff' FROM t"),
		"7|integer|NULL|it's|0x00ff\n");
	assert_int_equal(fixture->driver->exec(fixture->conn, "UPDATE t SET c = 'x'", NULL, 0, &affected,
				 NULL),
		0);
	assert_int_equal(affected, 20);
	assert_int_equal(fixture->driver->exec(fixture->conn, "CREATE TABLE u (a)", NULL, 0, &affected, NULL),
		0);
	assert_int_equal(affected, 0);
}

static void transactions_tell_their_state(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	const struct retort_driver *driver = fixture->driver;

	assert_int_equal(driver->transaction_state(fixture->conn), RETORT_TX_IDLE);
	assert_int_equal(driver->begin(fixture->conn, 0, fixture->err), 0);
	assert_int_equal(driver->transaction_state(fixture->conn), RETORT_TX_ACTIVE);
	fixture_exec(fixture, "CREATE TABLE t (a)");
	assert_int_equal(driver->rollback(fixture->conn, fixture->err), 0);
	assert_int_equal(driver->transaction_state(fixture->conn), RETORT_TX_IDLE);
	assert_string_equal(fixture_query(fixture, "SELECT count(*) FROM sqlite_master"), "0\n");
	/* one that something else has ended */
	assert_int_equal(driver->begin(fixture->conn, RETORT_TX_REBUILD, fixture->err), 0);
	fixture_exec(fixture, "COMMIT");
	assert_int_equal(driver->transaction_state(fixture->conn), RETORT_TX_IDLE);
	assert_int_equal(driver->commit(fixture->conn, fixture->err), -1);
	assert_int_equal(driver->rollback(fixture->conn, NULL), 0);
	assert_string_equal(fixture_query(fixture, "PRAGMA foreign_keys"), "1\n");
	retort_error_clear(fixture->err);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void another_writer_is_waited_for(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_conn *other;
	struct folder folder;
	struct retort_url url = {.scheme = "sqlite"};
	struct retort_open_options options = {.url = &url, .lock_timeout_ms = 400};
	long long start;

	folder_make(fixture, &folder);
	url.path = folder.db;
	assert_int_equal(fixture_open_path(fixture, folder.db, true), 0);
	fixture_exec(fixture, "CREATE TABLE t (a)");
	other = fixture->conn;
	assert_int_equal(fixture_open(fixture, &options), 0);
	fixture->notices[0] = 0;
	assert_int_equal(fixture->driver->begin(other, 0, NULL), 0);
	start = now_ms();
	assert_int_equal(fixture->driver->begin(fixture->conn, 0, fixture->err), -1);
	assert_true(now_ms() - start >= 400);
	assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_LOCK);
	assert_non_null(strstr(retort_error_first(fixture->err)->message, "is locked by another program"));
	assert_string_equal(fixture->notices,
		retort_printf(fixture->arena, "waiting for another writer of %s\n", folder.db));
	retort_error_clear(fixture->err);
	assert_int_equal(fixture->driver->commit(other, NULL), 0);
	assert_int_equal(fixture->driver->begin(fixture->conn, 0, fixture->err), 0);
	assert_int_equal(fixture->driver->rollback(fixture->conn, fixture->err), 0);
	fixture->driver->close(other);
	folder_remove(fixture, &folder);
}

/* Cancels until told to stop: the statement may not have begun when it first does. */
struct canceller {
	const struct retort_driver *driver;
	struct retort_conn *conn;
	volatile bool stop;
};

static void *cancel_soon(void *context)
{
	struct canceller *canceller = context;

	while (!canceller->stop) {
		usleep(50000);
		canceller->driver->cancel(canceller->conn);
	}
	return NULL;
}

#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

static void a_statement_can_be_cancelled(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	struct canceller canceller = {fixture->driver, fixture->conn, false};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &canceller), 0);
	assert_int_equal(fixture->driver->exec(fixture->conn, ENDLESS, NULL, 0, NULL, fixture->err), -1);
	canceller.stop = true;
	pthread_join(thread, NULL);
	assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_INTERRUPTED);
	retort_error_clear(fixture->err);
	assert_string_equal(fixture_query(fixture, "SELECT 1"), "1\n");
}

static void a_statement_has_a_timeout(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_url url = {.scheme = "sqlite"};
	struct retort_open_options options = {.url = &url, .statement_timeout_ms = 50};

	assert_int_equal(fixture_open(fixture, &options), 0);
	assert_int_equal(fixture->driver->exec(fixture->conn, ENDLESS, NULL, 0, NULL, fixture->err), -1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"statement stopped after the statement_timeout of 50 ms");
	assert_string_equal(retort_error_first(fixture->err)->sqlstate, "57014");
	retort_error_clear(fixture->err);
	assert_string_equal(fixture_query(fixture, "SELECT 1"), "1\n");
}

/* ---- bulk ---- */

struct cells {
	struct retort_row_source source; /* first */
	const char *const (*rows)[3];
	size_t count, at;
};

static int next_cells(struct retort_row_source *source, const char *const **ret, struct retort_error *err)
{
	struct cells *cells = (struct cells *)source;

	(void)err;
	if (cells->at == cells->count)
		return 0;
	*ret = cells->rows[cells->at++];
	return 1;
}

static int load(struct sqlite_fixture *fixture, const char *const (*rows)[3], size_t n,
	enum retort_type_kind kind, const struct retort_bulk *how, unsigned long long *loaded)
{
	static const char *const columns[] = {"id", "a", "b"};
	const struct retort_type *types[] = {retort_type_new(fixture->arena, RETORT_TYPE_BIGINT),
		retort_type_new(fixture->arena, kind), retort_type_new(fixture->arena, RETORT_TYPE_BLOB)};
	struct cells cells = {.source = {.next = next_cells,
				      .columns = columns,
				      .types = types,
				      .column_count = 3,
				      .row_count = (long long)n},
		.rows = rows,
		.count = n};
	struct retort_bulk bulk = *how;

	bulk.table = "t \"x\"";
	bulk.source = &cells.source;
	return fixture->driver->bulk(fixture->conn, &bulk, loaded, fixture->err);
}

static void bulk_rows_are_typed(void **state)
{
	static const char *const rows[][3] = {{"1", "true", "0x00ff"}, {"9223372036854775807", "false", NULL},
		{"-3", NULL, "0x"}};
	static const char *const again[][3] = {{"1", "false", NULL}, {"4", "true", NULL}};
	static const char *const exact[][3] = {{"10", "123456789012345.00", NULL},
		{"11", "9007199254740993", NULL}, {"12", "0.000000000000001", NULL}};
	static const char *const long_number[][3] = {{"13", "1234567890.1234567", NULL}};
	static const char *const moments[][3] = {{"20", "2026-01-01T10:00:00+02:00", NULL}};
	static const char *const no_moment[][3] = {{"22", "2026-01-01", NULL}, {"21", "yesterday", NULL}};
	static const char *const empty[][3] = {{"23", "", NULL}};
	static const char *const odd_bytes[][3] = {{"14", NULL, "0x123"}};
	static const char *const key[] = {"id"};
	const struct retort_bulk plain = {.table = NULL},
				 ignore = {.conflict_ignore = true, .key = key, .key_count = 1},
				 update = {.conflict_update = true, .key = key, .key_count = 1};
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	unsigned long long loaded;

	fixture_exec(fixture, "CREATE TABLE \"t \"\"x\"\"\" (id INTEGER PRIMARY KEY, a NUMERIC, b BLOB)");
	assert_int_equal(load(fixture, rows, 3, RETORT_TYPE_BOOLEAN, &plain, &loaded), 0);
	assert_int_equal(loaded, 3);
	assert_string_equal(fixture_query(fixture,
				    "SELECT id, a, b, typeof(b) FROM \"t \"\"x\"\"\" ORDER BY id"),
		"-3|NULL|0x|blob\n1|1|0x00ff|blob\n9223372036854775807|0|NULL|null\n");
	assert_int_equal(load(fixture, again, 2, RETORT_TYPE_BOOLEAN, &ignore, &loaded), 0);
	assert_int_equal(loaded, 1);
	assert_string_equal(fixture_query(fixture, "SELECT a FROM \"t \"\"x\"\"\" WHERE id = 1"), "1\n");
	assert_int_equal(load(fixture, again, 2, RETORT_TYPE_BOOLEAN, &update, &loaded), 0);
	assert_string_equal(fixture_query(fixture, "SELECT a FROM \"t \"\"x\"\"\" WHERE id = 1"), "0\n");
	assert_int_equal(load(fixture, rows, 1, RETORT_TYPE_BOOLEAN, &plain, &loaded), -1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"cannot insert into 't \"x\"': row 1: UNIQUE constraint failed: t \"x\".id");
	retort_error_clear(fixture->err);
	assert_int_equal(load(fixture, exact, 3, RETORT_TYPE_NUMERIC, &plain, &loaded), 0);
	assert_string_equal(fixture_query(fixture,
				    "SELECT a FROM \"t \"\"x\"\"\" WHERE id BETWEEN 10 AND 12 ORDER BY id"),
		"123456789012345\n9007199254740993\n1.0e-15\n");
	assert_int_equal(load(fixture, long_number, 1, RETORT_TYPE_NUMERIC, &plain, &loaded), -1);
	assert_non_null(strstr(retort_error_first(fixture->err)->message,
		"row 1: column 'a': '1234567890.1234567' has 17 digits, of which sqlite keeps 15"));
	retort_error_clear(fixture->err);
	assert_int_equal(load(fixture, moments, 1, RETORT_TYPE_TIMESTAMP, &plain, &loaded), 0);
	assert_string_equal(fixture_query(fixture, "SELECT a FROM \"t \"\"x\"\"\" WHERE id = 20"),
		"2026-01-01 08:00:00\n");
	assert_int_equal(load(fixture, empty, 1, RETORT_TYPE_STRING, &plain, &loaded), 0);
	assert_string_equal(fixture_query(fixture, "SELECT quote(a) FROM \"t \"\"x\"\"\" WHERE id = 23"),
		"''\n");
	assert_int_equal(load(fixture, no_moment, 2, RETORT_TYPE_TIMESTAMP, &plain, &loaded), -1);
	assert_int_equal(loaded, 1);
	assert_non_null(strstr(retort_error_first(fixture->err)->message,
		"row 2: column 'a': 'yesterday' is no value"));
	retort_error_clear(fixture->err);
	assert_int_equal(load(fixture, odd_bytes, 1, RETORT_TYPE_NUMERIC, &plain, &loaded), -1);
	retort_error_clear(fixture->err);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_missing_file_is_made_only_where_wished),
		TEST(a_relative_path_is_told_in_full),
		TEST(what_is_no_database_is_told),
		TEST(url_parts_that_mean_nothing_are_refused),
		TEST(foreign_keys_are_on_unless_the_url_says_otherwise),
		TEST(a_reader_writes_nothing),
		TEST(errors_say_where_and_of_what_kind),
		TEST(values_travel_as_text),
		TEST(transactions_tell_their_state),
		TEST(another_writer_is_waited_for),
		TEST(a_statement_can_be_cancelled),
		TEST(a_statement_has_a_timeout),
		TEST(bulk_rows_are_typed),
	};

	return cmocka_run_group_tests_name("sqlite_driver", tests, NULL, NULL);
}
