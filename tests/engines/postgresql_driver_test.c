/* SPDX-License-Identifier: MIT
 *
 * The PostgreSQL plugin on a server: opening in every way that can fail, sessions, errors, values,
 * transactions, locks, bulk rows, cancelling, inspection. Without DATABASE_URL the program starts a private
 * server by start.sh and itself again beside it.
 */
#include "driver_fixture.h"

static int setup(void **state)
{
	return begin(state, "postgresql", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
}

/* What a statement that must fail says: "code state position message". */
static const char *failure(struct fixture *fixture, struct retort_conn *conn, const char *sql)
{
	const struct retort_problem *problem;
	const char *text;

	assert_int_equal(fixture->driver->exec(conn, sql, NULL, 0, NULL, fixture->err), -1);
	problem = retort_error_first(fixture->err);
	text = retort_printf(fixture->arena, "%s %s %zu %s", retort_code_name(problem->code),
		problem->sqlstate, problem->position, problem->message);
	retort_error_clear(fixture->err);
	return text;
}

static void opening_fails_in_words(void **state)
{
	struct fixture *fixture = *state;
	const char *text;

	assert_string_equal(refusal(fixture, with(fixture, "sslmod=require")),
		"config: unknown URL parameter 'sslmod': did you mean 'sslmode'?");
	assert_non_null(strstr(refusal(fixture, with(fixture, "ssl=true")),
		"config: unknown URL parameter 'ssl': did you mean 'sslmode', "));
	assert_string_equal(refusal(fixture, with(fixture, "frobnicate=1")),
		"config: unknown URL parameter 'frobnicate': libpq has no such keyword");
	assert_string_equal(refusal(fixture, with(fixture, "charset=latin1")),
		"config: cannot use URL parameter 'charset': retort always speaks UTF-8, leave it out");
	text = refusal(fixture, with(fixture, "sslmode=perhaps"));
	assert_non_null(strstr(text, "config: "));
	assert_non_null(strstr(text, "invalid sslmode value: \"perhaps\""));
	text = refusal(fixture, with(fixture, "dbname=nowhere"));
	assert_non_null(strstr(text, "connect: cannot connect to database 'nowhere' on '"));
	assert_non_null(strstr(text, "database \"nowhere\" does not exist"));
	text = refusal(fixture, "postgresql://u:sesame@127.0.0.1:1/x");
	assert_non_null(strstr(text, "connect: cannot connect to database 'x' on '127.0.0.1:1': "));
	assert_non_null(strstr(text, "Connection refused"));
	assert_null(strstr(text, "sesame"));
	assert_null(strpbrk(text, "\n\t"));
}

static void sessions_start_from_a_fixed_state(void **state)
{
	static const struct retort_open_options options = {.lock_timeout_ms = 1000,
		.statement_timeout_ms = 60000,
		.ddl_lock_timeout_ms = 5000,
		.application_name = "retort"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_with(fixture, &options, with(fixture, "charset=utf8"));

	assert_non_null(conn);
	assert_string_equal(ask(fixture, conn,
				    "SELECT current_setting('TimeZone'), current_setting('DateStyle'), "
				    "current_setting('client_encoding'), "
				    "current_setting('statement_timeout'), "
				    "current_setting('lock_timeout'), current_setting('application_name') "
				    "LIKE 'retort %@%'",
				    NULL, 0),
		"UTC|ISO, YMD|UTF8|1min|5s|true");
	assert_string_equal(ask(fixture, conn,
				    "SELECT '2026-01-02 03:04:05+02'::timestamptz, '1 day'::interval, "
				    "'\\x00ff'::bytea, false, NULL::text, 'x'::name",
				    NULL, 0),
		"2026-01-02 01:04:05+00|1 day|0x00ff|false|NULL|x");
	assert_true(fixture->driver->server_version(conn) >= 100000);
	assert_string_equal(ask(fixture, conn,
				    retort_printf(fixture->arena,
					    "SELECT %u / 10000 = "
					    "current_setting('server_version_num')::integer / 10000",
					    fixture->driver->server_version(conn)),
				    NULL, 0),
		"true");
}

static void a_search_path_names_schemas_exactly(void **state)
{
	static const struct retort_open_options options = {.lock_timeout_ms = 1000};
	struct fixture *fixture = *state;
	const struct retort_driver *driver = fixture->driver;
	struct retort_conn *conn = open_plain(fixture);

	assert_string_equal(driver->home(conn, fixture->arena, fixture->err), "public");
	run(fixture, conn, "CREATE SCHEMA \"Odd \"\"one' two\"");
	run(fixture, conn, "CREATE SCHEMA second");
	conn = open_with(fixture, &options, with(fixture, "search_path=Odd%20%22one%27%20two,second"));
	assert_non_null(conn);
	assert_string_equal(driver->home(conn, fixture->arena, fixture->err), "Odd \"one' two");
	assert_string_equal(ask(fixture, conn, "SELECT current_schemas(false)", NULL, 0),
		"{\"Odd \\\"one' two\",second}");
	run(fixture, conn, "DROP SCHEMA second, \"Odd \"\"one' two\"");
	/* what would go into the next one of the list must not */
	assert_non_null(strstr(refusal(fixture, with(fixture, "search_path=Public,public")),
		"connect: cannot use schema 'Public' of database 'retort' on '"));
	assert_non_null(open_with(fixture, &options, with(fixture, "search_path=")));
}

static void errors_tell_state_and_place(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);

	run(fixture, conn, "CREATE TABLE t (id integer PRIMARY KEY, v text)");
	run(fixture, conn, "INSERT INTO t VALUES (1, 'a')");
	assert_string_equal(failure(fixture, conn, "SELECT 'größe', nosuch FROM t"),
		"sql 42703 19 column \"nosuch\" does not exist");
	assert_string_equal(failure(fixture, conn, "INSERT INTO t VALUES (1, 'b')"),
		"sql 23505 0 duplicate key value violates unique constraint \"t_pkey\": Key (id)=(1) already "
		"exists.");
	assert_string_equal(failure(fixture, conn, "SELECT 1; SELECT 2"),
		"internal  0 more than one statement at once");
	assert_non_null(strstr(failure(fixture, conn, "COPY t FROM STDIN"), "use insert_rows"));
	assert_non_null(strstr(failure(fixture, conn, "COPY t TO STDOUT"), " "));
	assert_string_equal(ask(fixture, conn, "SELECT count(*) FROM t", NULL, 0), "1");
	run(fixture, conn, "DO $$ BEGIN RAISE NOTICE 'hear\nthis'; END $$");
	assert_string_equal(fixture->notices, "hear this\n");
}

static void values_travel_unharmed(void **state)
{
	static const char *const params[] = {"it's \\ \"x\" \n $1 ; --", NULL, "ÄÖ\xf0\x9f\x98\x80"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	long long affected = -2;

	run(fixture, conn, "CREATE TABLE t (a text, b text, c text)");
	assert_int_equal(fixture->driver->exec(conn, "INSERT INTO t VALUES ($1, $2, $3)", params, 3,
				 &affected, fixture->err),
		0);
	assert_int_equal(affected, 1);
	assert_string_equal(ask(fixture, conn, "SELECT * FROM t WHERE a = $1 AND c = $2",
				    (const char *const[]){params[0], params[2]}, 2),
		"it's \\ \"x\" \n $1 ; --|NULL|ÄÖ\xf0\x9f\x98\x80");
	assert_int_equal(fixture->driver->exec(conn, "UPDATE t SET b = 'x' WHERE false", NULL, 0, &affected,
				 fixture->err),
		0);
	assert_int_equal(affected, 0);
}

static void transactions_know_their_state(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_driver *driver = fixture->driver;
	struct retort_conn *conn = open_plain(fixture);

	assert_int_equal(driver->transaction_state(conn), RETORT_TX_IDLE);
	assert_int_equal(driver->begin(conn, 0, fixture->err), 0);
	run(fixture, conn, "CREATE TABLE t (a integer)");
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_ACTIVE);
	failure(fixture, conn, "SELECT 1/0");
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_FAILED);
	assert_int_equal(driver->commit(conn, fixture->err), -1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"the transaction had failed before and was rolled back");
	retort_error_clear(fixture->err);
	assert_int_equal(driver->transaction_state(conn), RETORT_TX_IDLE);
	assert_string_equal(ask(fixture, conn, "SELECT to_regclass('t')", NULL, 0), "NULL");
	assert_int_equal(driver->begin(conn, RETORT_TX_READ_ONLY, fixture->err), 0);
	assert_string_equal(failure(fixture, conn, "CREATE TABLE t (a integer)"),
		"sql 25006 0 cannot execute CREATE TABLE in a read-only transaction");
	assert_int_equal(driver->rollback(conn, fixture->err), 0);
	assert_int_equal(driver->rollback(conn, fixture->err), 0);
}

static void a_reading_command_cannot_write(void **state)
{
	static const struct retort_open_options options = {.read_only = true};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_with(fixture, &options, getenv("DATABASE_URL"));

	assert_non_null(conn);
	assert_string_equal(failure(fixture, conn, "CREATE TABLE t (a integer)"),
		"sql 25006 0 cannot execute CREATE TABLE in a read-only transaction");
}

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
	assert_non_null(strstr(problem->message, "cannot obtain the lock within 0 ms: it is held by "));
	retort_error_clear(fixture->err);
	assert_string_equal(fixture->notices, "");
	assert_int_equal(driver->lock(other, "retort:a", 150, fixture->err), -1);
	retort_error_clear(fixture->err);
	assert_non_null(strstr(fixture->notices, "waiting for the lock held by "));
	assert_non_null(strstr(fixture->notices,
		retort_printf(fixture->arena, " pid %s since 20",
			ask(fixture, holder, "SELECT pg_backend_pid()", NULL, 0))));
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
	struct retort_conn *conn = open_with(fixture, &options, getenv("DATABASE_URL"));
	static const char locked[] =
		"lock 55P03 0 canceling statement due to lock timeout: 't' is locked by ";

	run(fixture, holder, "CREATE TABLE t (a integer)");
	run(fixture, holder, "BEGIN");
	run(fixture, holder, "LOCK TABLE t");
	assert_string_equal(failure(fixture, conn, "SELECT pg_sleep(5)"),
		"sql 57014 0 canceling statement due to statement timeout");
	assert_memory_equal(failure(fixture, conn, "ALTER TABLE t ADD COLUMN b integer"), locked,
		sizeof locked - 1);
}

static void *cancel_soon(void *context)
{
	struct fixture *fixture = context;

	usleep(100000);
	fixture->driver->cancel(fixture->conns[0]);
	return NULL;
}

static void a_statement_can_be_cancelled(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, fixture), 0);
	assert_string_equal(failure(fixture, conn, "SELECT pg_sleep(20)"),
		"interrupted 57014 0 statement was cancelled");
	pthread_join(thread, NULL);
	assert_string_equal(ask(fixture, conn, "SELECT 1", NULL, 0), "1");
}

static void a_lost_connection_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture), *other = open_plain(fixture);
	const char *pid = ask(fixture, conn, "SELECT pg_backend_pid()", NULL, 0), *text;

	ask(fixture, other, "SELECT pg_terminate_backend($1::integer)", &pid, 1);
	text = failure(fixture, conn, "SELECT 1");
	assert_non_null(strstr(text, "connect 57P01 0 connection to database 'retort' on '"));
	assert_non_null(strstr(text, "terminating connection due to administrator command"));
	text = failure(fixture, conn, "SELECT 1");
	assert_non_null(strstr(text, "connect 08006 0 connection to database 'retort' on '"));
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

static void many_rows_go_in_by_copy(void **state)
{
	static const char *const cells[][3] = {{"1", "tab\tline\nback\\slash\r", "0x00ff5c"},
		{"2", NULL, NULL}, {"3", "\\N", "0x"}, {"4", "", NULL}};
	static const char *const faulty[][3] = {{"5", "x", NULL}, {"x", "y", NULL}};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_bulk bulk = {0};
	unsigned long long taken = 0;

	run(fixture, conn,
		"CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, raw bytea)");
	assert_int_equal(load(fixture, conn, &bulk, cells, 4, &taken), 0);
	assert_int_equal(taken, 4);
	assert_string_equal(ask(fixture, conn, "SELECT * FROM t ORDER BY id", NULL, 0),
		"1|tab\tline\nback\\slash\r|0x00ff5c\n2|NULL|NULL\n3|\\N|0x\n4||NULL");
	assert_int_equal(load(fixture, conn, &bulk, faulty, 2, &taken), -1);
	assert_non_null(strstr(retort_error_first(fixture->err)->message,
		"cannot insert into 't': invalid input syntax for "));
	assert_non_null(
		strstr(retort_error_first(fixture->err)->message, "[COPY t, line 2, column id: \"x\"]"));
	retort_error_clear(fixture->err);
	assert_string_equal(ask(fixture, conn, "SELECT count(*) FROM t", NULL, 0), "4");
}

static void rows_that_conflict_are_left_or_changed(void **state)
{
	static const char *const key[] = {"name"};
	static const char *const cells[][3] = {{"2", "b", "0x02"}, {"3", "c", "0x03"}, {"4", "c", "0x04"},
		{"5", NULL, "0x05"}, {"6", NULL, "0x06"}};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_bulk bulk = {.conflict_ignore = true, .key = key, .key_count = 1};
	unsigned long long taken = 0;

	run(fixture, conn,
		"CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, name text UNIQUE, raw bytea)");
	run(fixture, conn, "INSERT INTO t (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'b')");
	assert_int_equal(load(fixture, conn, &bulk, cells, 5, &taken), 0);
	assert_int_equal(taken, 3);
	assert_string_equal(ask(fixture, conn, "SELECT id, name, raw FROM t ORDER BY id", NULL, 0),
		"1|b|NULL\n3|c|0x03\n5|NULL|0x05\n6|NULL|0x06");
	run(fixture, conn, "DELETE FROM t WHERE id > 1");
	run(fixture, conn, "ALTER TABLE t ALTER COLUMN id DROP IDENTITY");
	bulk.conflict_ignore = false;
	bulk.conflict_update = true;
	assert_int_equal(fixture->driver->begin(conn, 0, fixture->err), 0);
	if (load(fixture, conn, &bulk, cells, 5, &taken))
		print_error("%s\n", retort_error_first(fixture->err)->message);
	assert_int_equal(taken, 4);
	assert_int_equal(fixture->driver->commit(conn, fixture->err), 0);
	assert_string_equal(ask(fixture, conn, "SELECT id, name, raw FROM t ORDER BY id", NULL, 0),
		"2|b|0x02\n4|c|0x04\n5|NULL|0x05\n6|NULL|0x06");
	assert_string_equal(ask(fixture, conn, "SELECT to_regclass('retort_waiting_rows')", NULL, 0), "NULL");
}

/* ---- what the dialect writes ---- */

static void scripts_assert(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_dialect *dialect = fixture->driver->dialect;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_render render = {.size = sizeof render, .arena = fixture->arena, .dialect = dialect};
	struct retort_buf sql;

	retort_buf_init(&sql, fixture->arena);
	assert_int_equal(dialect->assert_sql(&render, "SELECT 1 -- $retort$", "1", "never", &sql, NULL),
		RETORT_OK);
	run(fixture, conn, sql.data);
	retort_buf_clear(&sql);
	assert_int_equal(dialect->assert_sql(&render, "SELECT 1 WHERE false", NULL, "never", &sql, NULL),
		RETORT_OK);
	run(fixture, conn, sql.data);
	retort_buf_clear(&sql);
	dialect->assert_sql(&render, "SELECT 2", "1", "that's not it", &sql, NULL);
	assert_non_null(strstr(failure(fixture, conn, sql.data), "sql P0001 0 that's not it"));
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

static void what_the_model_cannot_hold_is_told(void **state)
{
	static const char *const statements[] = {
		"CREATE TABLE parent (id integer PRIMARY KEY) WITH (fillfactor = 70)",
		"CREATE TABLE child () INHERITS (parent)",
		"CREATE TABLE parted (a integer) PARTITION BY LIST (a)",
		"CREATE TABLE part PARTITION OF parted FOR VALUES IN (1)",
		"ALTER TABLE parent ENABLE ROW LEVEL SECURITY",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
		"CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
		"CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)",
	};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_schema *schema;
	struct retort_buf out;

	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		run(fixture, conn, statements[i]);
	schema = inspect(fixture, conn, &(struct retort_inspect_options){0});
	retort_buf_init(&out, fixture->arena);
	for (size_t i = 0; i < schema->unmodelled_count; i++)
		retort_buf_printf(&out, "%s\n", schema->unmodelled[i]);
	assert_string_equal(out.data,
		"table 'parent' has row level security\n"
		"table 'parent' has storage parameters: fillfactor=70\n"
		"table 'child' inherits from another\n"
		"table 'part' is a partition of another\n"
		"routine 'f' has several forms: only the first is shown\n");
	assert_int_equal(schema->table_count, 3);
	assert_int_equal(schema->routine_count, 2); /* an aggregate is held as a function */
	assert_string_equal(schema->routines[1]->name, "total");
	assert_string_equal(schema->routines[1]->body->sql, "(integer) (SFUNC = int4pl, STYPE = integer)");
}

static void only_the_tables_asked_for_are_shown(void **state)
{
	static const char *const names[] = {"b \"x\"", "nosuch"};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_plain(fixture);
	struct retort_schema *schema;

	run(fixture, conn, "CREATE TABLE a (id integer)");
	run(fixture, conn, "CREATE TABLE \"b \"\"x\"\"\" (id integer PRIMARY KEY, \"a,{}\\\" text)");
	run(fixture, conn, "CREATE INDEX i ON \"b \"\"x\"\"\" (\"a,{}\\\", id)");
	schema = inspect(fixture, conn, &(struct retort_inspect_options){.tables = names, .table_count = 2});
	assert_int_equal(schema->table_count, 1);
	assert_string_equal(schema->tables[0]->name, "b \"x\"");
	assert_string_equal(schema->tables[0]->columns[1]->name, "a,{}\\");
	assert_string_equal(schema->tables[0]->indexes[0]->columns[0]->column, "a,{}\\");
	assert_int_equal(schema->tables[0]->constraint_count, 1);
	assert_string_equal(ask(fixture, conn, "SELECT current_setting('search_path')", NULL, 0),
		"\"$user\", public");
}

static void a_canonical_table_leaves_no_trace(void **state)
{
	static const struct retort_open_options reads = {.read_only = true};
	struct fixture *fixture = *state;
	struct retort_conn *conn = open_with(fixture, &reads, getenv("DATABASE_URL"));
	struct retort_table *table = retort_table_new(fixture->arena, NULL, "t"), *result = NULL;
	struct retort_column *column = retort_table_add_column(fixture->arena, table, "a");
	struct retort_constraint *check =
		retort_table_add_constraint(fixture->arena, table, RETORT_CHECK, "positive");
	struct retort_type *type = retort_type_new(fixture->arena, RETORT_TYPE_ENUM);
	static const char *const values[] = {"x", "y"};

	type->values = values;
	type->value_count = 2;
	column->type = type;
	column->enum_type_name = "t_a";
	column->comment = "kept";
	check->expression = retort_text_new(fixture->arena, "a <> 'y'");
	for (int round = 0; round < 2; round++) {
		assert_int_equal(fixture->driver->canonical(conn, table, fixture->arena, &result,
					 fixture->err),
			0);
		assert_null(result->schema);
		assert_string_equal(result->columns[0]->comment, "kept");
		assert_int_equal(result->columns[0]->type->value_count, 2);
		assert_string_equal(result->constraints[0]->expression->sql, "a <> 'y'::t_a");
		assert_string_equal(ask(fixture, conn, "SELECT to_regclass('t'), to_regtype('t_a')", NULL, 0),
			"NULL|NULL");
		if (round == 0) {
			fixture->driver->close(conn);
			fixture->count--;
			conn = open_plain(fixture);
			assert_int_equal(fixture->driver->begin(conn, 0, fixture->err), 0);
		}
	}
	assert_int_equal(fixture->driver->transaction_state(conn), RETORT_TX_ACTIVE);
	table->columns[0]->type = retort_type_new(fixture->arena, RETORT_TYPE_JSON);
	assert_int_equal(fixture->driver->canonical(conn, table, fixture->arena, &result, fixture->err), -1);
	retort_error_clear(fixture->err);
	assert_int_equal(fixture->driver->transaction_state(conn), RETORT_TX_ACTIVE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(opening_fails_in_words),
		TEST(sessions_start_from_a_fixed_state),
		TEST(a_search_path_names_schemas_exactly),
		TEST(errors_tell_state_and_place),
		TEST(values_travel_unharmed),
		TEST(transactions_know_their_state),
		TEST(a_reading_command_cannot_write),
		TEST(a_lock_excludes_and_goes_with_its_holder),
		TEST(timeouts_end_statements),
		TEST(a_statement_can_be_cancelled),
		TEST(a_lost_connection_is_told),
		TEST(many_rows_go_in_by_copy),
		TEST(rows_that_conflict_are_left_or_changed),
		TEST(scripts_assert),
		TEST(what_the_model_cannot_hold_is_told),
		TEST(only_the_tables_asked_for_are_shown),
		TEST(a_canonical_table_leaves_no_trace),
	};

	(void)argc;
	if (!getenv("DATABASE_URL")) {
		execlp("sh", "sh", RETORT_SOURCE "/tests/engines/start.sh", "postgresql", argv[0],
			(char *)NULL);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
