/* SPDX-License-Identifier: MIT
 *
 * The MySQL plugin on a server: opening in every way that can fail, sessions, errors, values, transactions,
 * locks, bulk rows, cancelling, inspection. Without DATABASE_URL the program starts private servers by
 * start.sh, MariaDB and MySQL one after the other, and itself again beside each.
 */
#include "mysql_fixture.h"

/* ---- sessions ---- */

static void opening_fails_in_words(void **state)
{
	struct fixture *fixture = *state;
	const char *text;

	assert_string_equal(refusal(fixture, with(fixture, "ssl_cert_file=x")),
		"config: unknown URL parameter 'ssl_cert_file': did you mean 'ssl_cert'?");
	assert_tells(refusal(fixture, with(fixture, "frobnicate=1")),
		"config: unknown URL parameter 'frobnicate'");
	assert_string_equal(refusal(fixture, with(fixture, "charset=latin1")),
		"config: cannot use URL parameter 'charset': retort always speaks utf8mb4, leave it out");
	assert_tells(refusal(fixture, with(fixture, "ssl_mode=perhaps")),
		"config: unknown ssl_mode 'perhaps'");
	assert_tells(refusal(fixture, with(fixture, "connect_timeout=soon")),
		"config: URL parameter 'connect_timeout'");
	text = refusal(fixture, as(fixture, "retort", "nowhere"));
	assert_tells(text, "connect: cannot connect to database 'nowhere' on '");
	assert_tells(text, "Unknown database 'nowhere'");
	text = refusal(fixture, as(fixture, "nobody:sesame", "retort"));
	assert_tells(text, "Access denied for user 'nobody'@'localhost'");
	assert_null(strstr(text, "sesame"));
	text = refusal(fixture, "mysql://u:sesame@127.0.0.1:1/x");
	assert_tells(text, "connect: cannot connect to database 'x' on '127.0.0.1:1': ");
	assert_null(strstr(text, "sesame"));
	assert_null(strpbrk(text, "\n\t"));
	assert_tells(refusal(fixture,
			     retort_printf(fixture->arena, "mysql://retort@localhost%s",
				     strchr(getenv("DATABASE_URL"), '?'))),
		"config: the URL names no database");
}

static void sessions_start_from_a_fixed_state(void **state)
{
	static const struct retort_open_options options = {.lock_timeout_ms = 1000,
		.statement_timeout_ms = 60000,
		.ddl_lock_timeout_ms = 4500,
		.application_name = "retort"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_with(fixture, &options, with(fixture, "charset=utf8mb4"));
	const char *version;

	assert_non_null(conn);
	assert_string_equal(
		ask(fixture, conn,
			"SELECT @@time_zone, @@character_set_client, @@autocommit, @@foreign_key_checks,"
			" @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@sql_mode LIKE '%STRICT%',"
			" @@sql_mode LIKE '%ANSI%'",
			NULL, 0),
		"+00:00|utf8mb4|1|1|5|5|1|0");
	assert_string_equal(ask(fixture, conn,
				    is_mariadb(fixture, conn) ? "SELECT @@max_statement_time"
							      : "SELECT @@max_execution_time",
				    NULL, 0),
		is_mariadb(fixture, conn) ? "60.000000" : "60000");
	version = ask(fixture, conn, "SELECT VERSION()", NULL, 0);
	assert_int_equal(fixture->driver->server_version(conn) / 10000, strtoul(version, NULL, 10));
	assert_true(is_mariadb(fixture, conn) == (strstr(version, "MariaDB") != NULL));
}

static void a_reading_command_cannot_write(void **state)
{
	static const struct retort_open_options options = {.read_only = true};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_with(fixture, &options, getenv("DATABASE_URL"));

	assert_non_null(conn);
	assert_tells(failure(fixture, conn, "CREATE TABLE t (a integer)"), "sql 25006 1792 0 ");
}

static void option_files_are_read(void **state)
{
	struct fixture *fixture = *state;
	char path[] = "/tmp/retort-options-XXXXXX";
	int file = mkstemp(path);
	struct retort_conn *conn;

	assert_true(file >= 0);
	assert_true(dprintf(file, "[client]\nuser = retort\n[retort]\nsocket = %s\n",
			    strstr(getenv("DATABASE_URL"), "unix_socket=") + strlen("unix_socket=")) > 0);
	close(file);
	conn = open_with(fixture, &(struct retort_open_options){.lock_timeout_ms = 1000},
		retort_printf(fixture->arena, "mysql://localhost/retort?read_default_file=%s", path));
	unlink(path);
	if (!conn)
		print_error("%s\n", retort_error_first(fixture->err)->message);
	assert_non_null(conn);
	assert_string_equal(ask(fixture, conn, "SELECT DATABASE(), USER()", NULL, 0),
		"retort|retort@localhost");
}

static void passwords_are_hashed_by_sha2(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture), *other;
	const char *url = as(fixture, "sha2:s%C3%A9same%25", "retort");

	if (is_mariadb(fixture, conn))
		skip();
	run(fixture, conn, "DROP USER IF EXISTS sha2@localhost");
	run(fixture, conn,
		"CREATE USER sha2@localhost IDENTIFIED WITH caching_sha2_password BY 's\xc3\xa9same%'");
	run(fixture, conn, "GRANT ALL ON retort.* TO sha2@localhost");
	other = open_with(fixture, &(struct retort_open_options){.lock_timeout_ms = 1000}, url);
	if (!other)
		print_error("%s\n", retort_error_first(fixture->err)->message);
	assert_non_null(other);
	assert_string_equal(ask(fixture, other, "SELECT USER()", NULL, 0), "sha2@localhost");
	run(fixture, conn, "DROP USER sha2@localhost");
}

/* ---- statements ---- */

static void errors_tell_state_and_place(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);

	run(fixture, conn, "CREATE TABLE t (id integer PRIMARY KEY, v text)");
	run(fixture, conn, "INSERT INTO t VALUES (1, 'a')");
	assert_tells(failure(fixture, conn, "SELECT nosuch FROM t"),
		"sql 42S22 1054 0 Unknown column 'nosuch'");
	assert_tells(failure(fixture, conn, "INSERT INTO t VALUES (1, 'b')"),
		"sql 23000 1062 0 Duplicate entry '1' for key '");
	assert_tells(failure(fixture, conn, "SELECT 'größe' FRM t"), "sql 42000 1064 22 You have an error");
	assert_tells(failure(fixture, conn, "SELECT 1; SELECT 2"), "sql 42000 1064 ");
	assert_string_equal(ask(fixture, conn, "SELECT count(*) FROM t", NULL, 0), "1");
}

static void values_travel_unharmed(void **state)
{
	static const char *const params[] = {"it's \\ \"x\" \n ? ; -- #", NULL, "ÄÖ\xf0\x9f\x98\x80"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	long long affected = -2;

	run(fixture, conn, "CREATE TABLE t (a text, b text, c text) DEFAULT CHARSET=utf8mb4");
	assert_int_equal(fixture->driver->exec(conn, "INSERT INTO t VALUES (?, ?, /* ? */ ?) -- ?", params, 3,
				 &affected, fixture->err),
		0);
	assert_int_equal(affected, 1);
	assert_string_equal(ask(fixture, conn, "SELECT * FROM t WHERE a = ? AND c = ? AND '?' = \"?\"",
				    (const char *const[]){params[0], params[2]}, 2),
		"it's \\ \"x\" \n ? ; -- #|NULL|ÄÖ\xf0\x9f\x98\x80");
	assert_int_equal(fixture->driver->exec(conn, "UPDATE t SET b = b", NULL, 0, &affected, fixture->err),
		0);
	assert_int_equal(affected, 1); /* found, though not changed */
	assert_int_equal(fixture->driver->exec(conn, "UPDATE t SET b = 'x' WHERE 1 = 0", NULL, 0, &affected,
				 fixture->err),
		0);
	assert_int_equal(affected, 0);
	assert_string_equal(ask(fixture, conn,
				    "SELECT X'00ff5c', CAST('' AS CHAR), NULL, 1.50, TRUE, b'101', DATE "
				    "'2026-01-02'",
				    NULL, 0),
		"0x00ff5c||NULL|1.50|1|0x05|2026-01-02");
	assert_int_equal(fixture->driver->exec(conn, "DO ?, ?", params, 1, NULL, fixture->err), -1);
	assert_tells(retort_error_first(fixture->err)->message, "2 marks for 1 parameters");
	retort_error_clear(fixture->err);
}

static void a_procedure_may_give_rows(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);

	run(fixture, conn, "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END");
	run(fixture, conn, "CALL two()");
	assert_string_equal(ask(fixture, conn, "CALL two()", NULL, 0), "1");
	assert_string_equal(ask(fixture, conn, "SELECT 3", NULL, 0), "3");
}

static void transactions_know_their_state(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_driver *driver = fixture->driver;
	struct retort_conn *conn = open_plain(fixture);

	run(fixture, conn, "CREATE TABLE t (a integer)");
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_IDLE);
	assert_int_equal(driver->begin(conn, 0, fixture->err), 0);
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_ACTIVE);
	run(fixture, conn, "INSERT INTO t VALUES (1)");
	assert_int_equal(driver->rollback(conn, fixture->err), 0);
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_IDLE);
	assert_string_equal(ask(fixture, conn, "SELECT count(*) FROM t", NULL, 0), "0");
	assert_int_equal(driver->begin(conn, 0, fixture->err), 0);
	run(fixture, conn, "CREATE TABLE u (a integer)"); /* ends the transaction */
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_IDLE);
	assert_int_equal(driver->begin(conn, RETORT_TX_READ_ONLY, fixture->err), 0);
	assert_tells(failure(fixture, conn, "INSERT INTO t VALUES (1)"), "sql 25006 1792 0 ");
	assert_int_equal(driver->rollback(conn, fixture->err), 0);
	assert_int_equal(driver->rollback(conn, fixture->err), 0);
}

/* ---- waiting ---- */

static void a_lock_excludes_and_goes_with_its_holder(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_driver *driver = fixture->driver;
	struct retort_conn *holder = open_plain(fixture), *other = open_plain(fixture);
	const struct retort_problem *problem;

	assert_int_equal(driver->lock(holder, "retort:a", 0, fixture->err), 0);
	assert_int_equal(driver->lock(other, "retort:b", 0, fixture->err), 0);
	assert_int_equal(driver->lock(other, "retort:a", 0, fixture->err), -1);
	problem = retort_error_first(fixture->err);
	assert_int_equal(problem->code, RETORT_E_LOCK);
	assert_tells(problem->message,
		"cannot obtain the lock within 0 ms: it is held by retort@localhost pid ");
	retort_error_clear(fixture->err);
	assert_string_equal(fixture->notices, "");
	assert_int_equal(driver->lock(other, "retort:a", 150, fixture->err), -1);
	retort_error_clear(fixture->err);
	assert_tells(fixture->notices, "waiting for the lock held by retort@localhost pid ");
	assert_tells(fixture->notices, ask(fixture, holder, "SELECT CONNECTION_ID()", NULL, 0));
	assert_int_equal(driver->unlock(holder, "retort:a", fixture->err), 0);
	assert_int_equal(driver->lock(other, "retort:a", 0, fixture->err), 0);
	driver->close(other);
	fixture->count--;
	assert_int_equal(driver->lock(holder, "retort:a", 2000, fixture->err), 0);
}

static void timeouts_end_statements(void **state)
{
	static const struct retort_open_options options = {.statement_timeout_ms = 100,
		.ddl_lock_timeout_ms = 50};
	struct fixture *fixture = *state;
	struct retort_conn *holder = open_plain(fixture);
	struct retort_conn *conn = open_with(fixture, &options, getenv("DATABASE_URL")), *patient;

	run(fixture, holder, "CREATE TABLE t (a integer)");
	assert_tells(failure(fixture, conn,
			     "SELECT count(*) FROM information_schema.COLUMNS AS a, "
			     "information_schema.COLUMNS AS b,"
			     " information_schema.COLUMNS AS c"),
		"statement stopped after the statement_timeout of 100 ms");
	run(fixture, holder, "START TRANSACTION");
	run(fixture, holder, "INSERT INTO t VALUES (1)");
	patient = open_with(fixture, &(struct retort_open_options){.ddl_lock_timeout_ms = 50},
		getenv("DATABASE_URL"));
	assert_tells(failure(fixture, patient, "ALTER TABLE t ADD COLUMN b integer"), "lock HY000 1205 0 ");
}

static void *cancel_soon(void *context)
{
	struct fixture *fixture = context;

	usleep(300000);
	fixture->driver->cancel(fixture->conns[0]);
	return NULL;
}

static void a_statement_can_be_cancelled(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, fixture), 0);
	assert_tells(failure(fixture, conn,
			     "SELECT count(*) FROM information_schema.COLUMNS AS a, "
			     "information_schema.COLUMNS AS b,"
			     " information_schema.COLUMNS AS c, information_schema.COLUMNS AS d"),
		"interrupted 70100 1317 0 statement was cancelled");
	pthread_join(thread, NULL);
	assert_string_equal(ask(fixture, conn, "SELECT 1", NULL, 0), "1");
}

static void a_lost_connection_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture), *other = open_plain(fixture);
	const char *id = ask(fixture, conn, "SELECT CONNECTION_ID()", NULL, 0);

	run(fixture, other, retort_printf(fixture->arena, "KILL %s", id));
	usleep(100000);
	assert_tells(failure(fixture, conn, "SELECT 1"), "connection to database 'retort' on '");
	assert_tells(failure(fixture, conn, "SELECT 1"), "connect HY000 20");
}

/* ---- bulk rows ---- */

struct rows {
	struct retort_row_source source; /* first */
	const char *const (*cells)[3];
	size_t count, at;
};

static int next_row(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct rows *rows = (struct rows *)source;

	(void)err;
	if (rows->at == rows->count)
		return 0;
	*cells = rows->cells[rows->at++];
	return 1;
}

static int load(struct fixture *fixture, struct retort_conn *conn, struct retort_bulk *bulk,
	const char *const (*cells)[3], size_t count, unsigned long long *taken)
{
	static const char *const columns[] = {"id", "name", "raw"};
	static const struct retort_type id = {.kind = RETORT_TYPE_BIGINT}, name = {.kind = RETORT_TYPE_TEXT},
					raw = {.kind = RETORT_TYPE_BLOB};
	static const struct retort_type *const types[] = {&id, &name, &raw};
	struct rows rows = {.source = {.next = next_row,
				    .columns = columns,
				    .types = types,
				    .column_count = 3,
				    .row_count = -1},
		.cells = cells,
		.count = count};

	bulk->table = "t";
	bulk->source = &rows.source;
	return fixture->driver->bulk(conn, bulk, taken, fixture->err);
}

static void many_rows_go_in_at_once(void **state)
{
	static const char *const cells[][3] = {{"1", "tab\tline\nback\\slash\r'quote'", "0x00ff5c"},
		{"2", NULL, NULL}, {"3", "\\N", "0x"}, {"-4", "", NULL}};
	static const char *const faulty[][3] = {{"5", "x", NULL}, {"x", "y", NULL}};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_bulk bulk = {0};
	unsigned long long taken = 0;

	run(fixture, conn, "CREATE TABLE t (id bigint PRIMARY KEY, name longtext, raw longblob)");
	assert_int_equal(load(fixture, conn, &bulk, cells, 4, &taken), 0);
	assert_int_equal(taken, 4);
	assert_string_equal(ask(fixture, conn, "SELECT * FROM t ORDER BY abs(id)", NULL, 0),
		"1|tab\tline\nback\\slash\r'quote'|0x00ff5c\n2|NULL|NULL\n3|\\N|0x\n-4||NULL");
	assert_int_equal(load(fixture, conn, &bulk, faulty, 2, &taken), -1);
	assert_tells(retort_error_first(fixture->err)->message,
		"cannot insert into 't': Incorrect integer value: 'x'");
	retort_error_clear(fixture->err);
	assert_string_equal(ask(fixture, conn, "SELECT count(*) FROM t", NULL, 0), "4");
}

static void more_rows_than_one_statement_takes(void **state)
{
	enum { COUNT = 30000 };
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	const char *(*cells)[3] = retort_alloc_array(fixture->arena, COUNT, sizeof *cells);
	struct retort_bulk bulk = {0};
	unsigned long long taken = 0;

	for (int i = 0; i < COUNT; i++) {
		cells[i][0] = retort_printf(fixture->arena, "%d", i);
		cells[i][1] =
			retort_printf(fixture->arena, "a text of some length, so that it sums up: %d", i);
		cells[i][2] = NULL;
	}
	run(fixture, conn, "CREATE TABLE t (id bigint PRIMARY KEY, name longtext, raw longblob)");
	assert_int_equal(load(fixture, conn, &bulk, (const char *const(*)[3])cells, COUNT, &taken), 0);
	assert_int_equal(taken, COUNT);
	assert_string_equal(ask(fixture, conn, "SELECT count(*), sum(id) FROM t", NULL, 0),
		"30000|449985000");
}

static void rows_that_conflict_are_left_or_changed(void **state)
{
	static const char *const key[] = {"name"};
	static const char *const cells[][3] = {{"2", "b", "0x02"}, {"3", "c", "0x03"}, {"4", "c", "0x04"}};
	static const char *const wrong[][3] = {{"x", "d", NULL}};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_bulk bulk = {.conflict_ignore = true, .key = key, .key_count = 1};
	unsigned long long taken = 0;

	run(fixture, conn, "CREATE TABLE t (id bigint, name varchar(9) UNIQUE, raw longblob)");
	run(fixture, conn, "INSERT INTO t (id, name) VALUES (1, 'b')");
	assert_int_equal(load(fixture, conn, &bulk, cells, 3, &taken), 0);
	assert_string_equal(ask(fixture, conn, "SELECT id, name, raw FROM t ORDER BY name", NULL, 0),
		"1|b|NULL\n3|c|0x03");
	assert_int_equal(load(fixture, conn, &bulk, wrong, 1, &taken), -1); /* other faults are not ignored */
	retort_error_clear(fixture->err);
	bulk.conflict_ignore = false;
	bulk.conflict_update = true;
	assert_int_equal(load(fixture, conn, &bulk, cells, 3, &taken), 0);
	assert_string_equal(ask(fixture, conn, "SELECT id, name, raw FROM t ORDER BY name", NULL, 0),
		"2|b|0x02\n4|c|0x04");
}

/* ---- what the dialect writes ---- */

static void scripts_assert(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	const struct retort_dialect *dialect = fixture->driver->dialect_of(conn);
	struct retort_render render = {.size = sizeof render, .arena = fixture->arena, .dialect = dialect};
	struct retort_buf sql;

	retort_buf_init(&sql, fixture->arena);
	assert_int_equal(dialect->assert_sql(&render, "SELECT 1 -- one", "1", "never", &sql, NULL),
		RETORT_OK);
	assert_string_equal(ask(fixture, conn, sql.data, NULL, 0), "");
	retort_buf_clear(&sql);
	assert_int_equal(dialect->assert_sql(&render, "SELECT NULL", NULL, "never", &sql, NULL), RETORT_OK);
	assert_string_equal(ask(fixture, conn, sql.data, NULL, 0), "");
	retort_buf_clear(&sql);
	dialect->assert_sql(&render, "SELECT 2", "1", "that's not it", &sql, NULL);
	assert_tells(failure(fixture, conn, sql.data), "'that's not it...");
	retort_buf_clear(&sql);
	dialect->assert_sql(&render, "SELECT 2", NULL, "that's not it either", &sql, NULL);
	assert_tells(failure(fixture, conn, sql.data), "'that's not it either...");
}

static void an_algorithm_that_is_refused_gives_way(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);

	run(fixture, conn, "CREATE TABLE t (a integer) ENGINE=InnoDB");
	run(fixture, conn, "ALTER TABLE `t` MODIFY COLUMN `a` BIGINT, ALGORITHM=INSTANT");
	assert_tells(fixture->notices, "trying in place");
	assert_tells(fixture->notices, "trying a copy of the table");
	assert_tells(ask(fixture, conn, "SHOW CREATE TABLE t", NULL, 0), "`a` bigint");
	assert_tells(failure(fixture, conn, "ALTER TABLE `t` DROP COLUMN `b`, ALGORITHM=INSTANT"),
		"sql 42000 1091 0 ");
}

/* ---- inspection ---- */

static struct retort_schema *inspect(struct fixture *fixture, struct retort_conn *conn,
	const struct retort_inspect_options *given)
{
	struct retort_inspect_options options = *given;
	struct retort_schema *schema = NULL;

	options.size = sizeof options;
	if (fixture->driver->inspect(conn, &options, fixture->arena, &schema, fixture->err) < 0)
		print_error("%s\n", retort_error_first(fixture->err)->message);
	assert_non_null(schema);
	return schema;
}

static const char *type_of(struct fixture *fixture, const struct retort_table *table, const char *column)
{
	const struct retort_column *found = retort_table_column(table, column);

	assert_non_null(found);
	return found->type->native ? found->type->native : retort_type_text(fixture->arena, found->type);
}

static const char *default_of(const struct retort_table *table, const char *column)
{
	const struct retort_column *found = retort_table_column(table, column);

	assert_non_null(found);
	return found->def ? found->def->text : "none";
}

static void columns_are_told_in_neutral_words(void **state)
{
	static const char *const expected[][3] = {{"id", "bigint", "none"}, {"flag", "boolean", "true"},
		{"small", "smallint unsigned", "none"}, {"tiny", "tinyint", "3"},
		{"price", "numeric(12,2)", "0.00"}, {"made", "timestamp", "now"}, {"seen", "datetime", "now"},
		{"day", "date", "today"}, {"state", "enum(new, 'it''s')", "new"},
		{"name", "string(20)", "it's"}, {"doc", "json", "{}"}, {"raw", "blob", "none"},
		{"medium", "mediumtext", "none"}, {"at", "time(0)", "none"},
		{"touched", "datetime(6) on update current_timestamp(6)", "none"}};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_schema *schema;
	struct retort_table *table;

	run(fixture, conn,
		"CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, flag tinyint(1) DEFAULT 1, small "
		"smallint unsigned,"
		" tiny tinyint DEFAULT 3, price decimal(12,2) DEFAULT 0, made datetime(6) DEFAULT "
		"(utc_timestamp(6)),"
		" seen datetime(6) DEFAULT CURRENT_TIMESTAMP(6), day date DEFAULT (utc_date()),"
		" state enum('new','it''s') DEFAULT 'new', name varchar(20) DEFAULT 'it\\'s', doc json "
		"DEFAULT ('{}'),"
		" raw longblob, medium mediumtext, at time, touched datetime(6) NULL ON UPDATE "
		"CURRENT_TIMESTAMP(6),"
		" low varchar(20) AS (lower(name)) STORED, CONSTRAINT ck CHECK (price >= 0 AND (name <> '' "
		"OR small > 1)))"
		" DEFAULT CHARSET=utf8mb4 COMMENT='things'");
	schema = inspect(fixture, conn, &(struct retort_inspect_options){0});
	table = retort_schema_table(schema, NULL, "t");
	assert_non_null(table);
	assert_string_equal(table->comment, "things");
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		if (strcmp(expected[i][0], "state") != 0)
			assert_string_equal(type_of(fixture, table, expected[i][0]), expected[i][1]);
		assert_string_equal(default_of(table, expected[i][0]), expected[i][2]);
	}
	assert_int_equal(retort_table_column(table, "state")->type->value_count, 2);
	assert_string_equal(retort_table_column(table, "state")->type->values[1], "it's");
	assert_int_equal(retort_table_column(table, "id")->autoincrement, RETORT_AUTO_BY_DEFAULT);
	assert_string_equal(retort_table_column(table, "low")->computed->sql, "lower(name)");
	assert_true(retort_table_column(table, "low")->computed_stored);
	assert_int_equal(table->option_count, 0);
}

static void what_the_model_lacks_is_named(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_schema *schema;

	run(fixture, conn, "CREATE TABLE t (id integer PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2");
	run(fixture, conn, "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t");
	schema = inspect(fixture, conn, &(struct retort_inspect_options){0});
	assert_int_equal(schema->unmodelled_count, 2);
	assert_string_equal(schema->unmodelled[0], "the partitions of table 't' are left alone");
	assert_string_equal(schema->unmodelled[1], "event 'nightly' is left alone");
}

static void only_the_tables_asked_for(void **state)
{
	static const char *const wanted[] = {"b", "c"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_schema *schema;
	struct retort_table *table;

	run(fixture, conn, "CREATE TABLE a (id integer PRIMARY KEY)");
	run(fixture, conn,
		"CREATE TABLE b (id integer, a integer, UNIQUE KEY u (id), KEY x (a, id DESC), CONSTRAINT "
		"fk_b FOREIGN KEY"
		" (a) REFERENCES a (id) ON DELETE CASCADE)");
	run(fixture, conn, "CREATE TABLE c (a integer, CONSTRAINT fk_c FOREIGN KEY (a) REFERENCES a (id))");
	run(fixture, conn, "CREATE VIEW v AS SELECT id FROM a");
	schema = inspect(fixture, conn, &(struct retort_inspect_options){.tables = wanted, .table_count = 2});
	assert_int_equal(schema->table_count, 2);
	assert_int_equal(schema->view_count, 0);
	table = retort_schema_table(schema, NULL, "b");
	assert_int_equal(table->index_count, 1);
	assert_string_equal(table->indexes[0]->name, "x");
	assert_int_equal(table->indexes[0]->columns[1]->order, RETORT_ORDER_DESC);
	assert_int_equal(retort_table_constraint(table, "u")->kind, RETORT_UNIQUE);
	assert_int_equal(retort_table_constraint(table, "fk_b")->references->on_delete,
		RETORT_ACTION_CASCADE);
	assert_int_equal(retort_table_constraint(table, "fk_b")->references->on_update, RETORT_ACTION_NONE);
	table = retort_schema_table(schema, NULL, "c");
	assert_int_equal(table->index_count, 1);
	assert_true(table->indexes[0]->implied);
}

static void a_table_made_canonical_leaves_no_trace(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_table *table, *canonical;

	run(fixture, conn,
		"CREATE TABLE t (id integer PRIMARY KEY, a varchar(9) NOT NULL DEFAULT 'x', b integer AS (id "
		"+ 1) VIRTUAL,"
		" CONSTRAINT ck CHECK ((((a <> 'y')))), UNIQUE KEY u (a), KEY i (b, a(3))) COMMENT='c'");
	table = retort_schema_table(inspect(fixture, conn, &(struct retort_inspect_options){0}), NULL, "t");
	assert_int_equal(fixture->driver->canonical(conn, table, fixture->arena, &canonical, fixture->err),
		0);
	assert_string_equal(canonical->name, "t");
	assert_string_equal(canonical->comment, "c");
	assert_string_equal(retort_table_constraint(canonical, "ck")->expression->sql, "a <> 'y'");
	assert_int_equal(retort_table_constraint(canonical, "u")->kind, RETORT_UNIQUE);
	assert_int_equal(retort_table_index(canonical, "i")->columns[1]->length, 3);
	assert_string_equal(retort_table_column(canonical, "b")->computed->sql, "id + 1");
	assert_string_equal(default_of(canonical, "a"), "x");
	assert_false(retort_table_column(canonical, "a")->nullable);
	assert_string_equal(ask(fixture, conn, "SHOW TABLES", NULL, 0), "t");
}

/* ---- the program ---- */

/* Runs itself beside a private server of an engine; its exit status. */
static int run_beside(const char *engine, const char *self)
{
	char script[4096];
	int status = 1;
	pid_t child;

	snprintf(script, sizeof script, "%s/tests/engines/start.sh", RETORT_SOURCE);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		execlp("sh", "sh", script, engine, self, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(opening_fails_in_words),
		TEST(sessions_start_from_a_fixed_state),
		TEST(a_reading_command_cannot_write),
		TEST(option_files_are_read),
		TEST(passwords_are_hashed_by_sha2),
		TEST(errors_tell_state_and_place),
		TEST(values_travel_unharmed),
		TEST(a_procedure_may_give_rows),
		TEST(transactions_know_their_state),
		TEST(a_lock_excludes_and_goes_with_its_holder),
		TEST(timeouts_end_statements),
		TEST(a_statement_can_be_cancelled),
		TEST(a_lost_connection_is_told),
		TEST(many_rows_go_in_at_once),
		TEST(more_rows_than_one_statement_takes),
		TEST(rows_that_conflict_are_left_or_changed),
		TEST(scripts_assert),
		TEST(an_algorithm_that_is_refused_gives_way),
		TEST(columns_are_told_in_neutral_words),
		TEST(what_the_model_lacks_is_named),
		TEST(only_the_tables_asked_for),
		TEST(a_table_made_canonical_leaves_no_trace),
	};
	int mariadb, mysql;

	(void)argc;
	if (getenv("DATABASE_URL"))
		return cmocka_run_group_tests(tests, NULL, NULL);
	mariadb = run_beside("mariadb", argv[0]);
	mysql = run_beside("mysql", argv[0]);
	/* Skipped as a whole only where neither server is there. */
	if (mariadb == SKIPPED || mysql == SKIPPED)
		return mariadb == SKIPPED ? mysql : mariadb;
	return mariadb ? mariadb : mysql;
#undef TEST
}
