/* SPDX-License-Identifier: MIT
 *
 * What the SQLite plugin finds in a database: the neutral model where it says all, the native text where
 * it doesn't; and that making what was found gives the same again.
 */
#include <dlfcn.h>

#include "model/compare.h"
#include "sqlite_fixture.h"

static struct retort_schema *inspect(struct sqlite_fixture *fixture, const char *const *tables, size_t n)
{
	const struct retort_inspect_options options = {.size = sizeof options,
		.tables = tables,
		.table_count = n};
	struct retort_schema *schema = NULL;

	if (fixture->driver->inspect(fixture->conn, &options, fixture->arena, &schema, fixture->err))
		fixture_complain(fixture, "inspect");
	assert_int_equal(retort_error_count(fixture->err), 0);
	return schema;
}

/* "integer", or "integer as INTEGER" where the native name must be given beside it. */
static const char *type_words(struct sqlite_fixture *fixture, const struct retort_column *column)
{
	const char *text = retort_type_text(fixture->arena, column->type);

	return column->type->native_variants ? retort_printf(fixture->arena, "%s as %s", text,
						       column->type->native_variants->variants[0].sql)
					     : text;
}

static void types_are_neutral_where_they_say_all(void **state)
{
	static const struct {
		const char *declared, *expected;
	} types[] = {
		{"BOOLEAN", "boolean"},
		{"bool", "boolean as bool"},
		{"SMALLINT", "smallint"},
		{"INTEGER", "integer"},
		{"INT", "integer as INT"},
		{"TINYINT", "smallint as TINYINT"},
		{"BIGINT", "bigint"},
		{"INTEGER UNSIGNED", "integer unsigned as INTEGER UNSIGNED"},
		{"FLOAT", "float"},
		{"REAL", "double as REAL"},
		{"DOUBLE", "double"},
		{"NUMERIC(10,2)", "numeric(10,2)"},
		{"numeric ( 10 , 2 )", "numeric(10,2) as numeric ( 10 , 2 )"},
		{"DECIMAL(5)", "numeric(5) as DECIMAL(5)"},
		{"VARCHAR(30)", "string(30)"},
		{"VARCHAR", "string"},
		{"CHAR(2)", "char(2)"},
		{"CHAR(36)", "uuid"},
		{"TEXT", "text"},
		{"DATE", "date"},
		{"TIME", "time"},
		{"DATETIME", "datetime"},
		{"DATETIME(3)", "datetime(3)"},
		{"TIMESTAMP", "timestamp"},
		{"BLOB", "blob"},
		{"BINARY BLOB(16)", "binary(16)"},
		{"VARBINARY BLOB(16)", "varbinary(16)"},
		{"", "blob"},
		{"POINT", "bigint as POINT"},
		{"geometry", "numeric as geometry"},
		{"MEDIUMTEXT", "text as MEDIUMTEXT"},
		{"\"odd \"\"type\"", "numeric as \"odd \"\"type\""},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct retort_schema *schema;

		fixture_exec(fixture,
			retort_printf(fixture->arena, "CREATE TABLE t (c %s)", types[i].declared));
		schema = inspect(fixture, NULL, 0);
		assert_string_equal(type_words(fixture, schema->tables[0]->columns[0]), types[i].expected);
		assert_string_equal(schema->tables[0]->columns[0]->native_type, types[i].declared);
		fixture_exec(fixture, "DROP TABLE t");
	}
}

static void checks_in_a_types_stead_are_that_type(void **state)
{
	static const struct {
		const char *definition, *type;
		size_t checks;
	} columns[] = {
		{"c TEXT CHECK (json_valid(c))", "json", 0},
		{"c TEXT CHECK (json_valid ( \"c\" ))", "json", 0},
		{"c BLOB CHECK (json_valid(c))", "blob", 1},
		{"c TEXT CHECK (c IN ('a', 'b''c'))", "enum(a, 'b''c')", 0},
		{"c TEXT, CONSTRAINT x CHECK ((`c` in ('a')))", "enum(a)", 0},
		{"c TEXT CHECK (c IN ('a', 1))", "text", 1},
		{"c TEXT CHECK (c IN ('a') OR c > 'b')", "text", 1},
		{"c TEXT CHECK (c NOT IN ('a'))", "text", 1},
		{"c BIGINT UNSIGNED CHECK (c >= 0)", "bigint unsigned", 0},
		{"c BIGINT CHECK (c >= 0)", "bigint", 1},
		{"c TEXT CHECK (c IN ('a')) CHECK (c IN ('b'))", "enum(a)", 1},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const struct retort_table *table;

		fixture_exec(fixture,
			retort_printf(fixture->arena, "CREATE TABLE t (%s)", columns[i].definition));
		table = inspect(fixture, NULL, 0)->tables[0];
		assert_string_equal(type_words(fixture, table->columns[0]), columns[i].type);
		assert_int_equal(table->constraint_count, columns[i].checks);
		fixture_exec(fixture, "DROP TABLE t");
	}
}

static void defaults_are_literals_where_they_can_be(void **state)
{
	static const struct {
		const char *definition;
		int kind; /* -1: none */
		const char *text;
	} columns[] = {
		{"INTEGER DEFAULT 5", RETORT_DEFAULT_LITERAL, "5"},
		{"INTEGER DEFAULT -5", RETORT_DEFAULT_LITERAL, "-5"},
		{"TEXT DEFAULT 'it''s'", RETORT_DEFAULT_LITERAL, "it's"},
		{"TEXT DEFAULT \"word\"", RETORT_DEFAULT_LITERAL, "word"},
		{"TEXT DEFAULT NULL", -1, NULL},
		{"TEXT", -1, NULL},
		{"BOOLEAN DEFAULT 1", RETORT_DEFAULT_LITERAL, "true"},
		{"BOOLEAN DEFAULT 0", RETORT_DEFAULT_LITERAL, "false"},
		{"BLOB DEFAULT x'00ff'", RETORT_DEFAULT_LITERAL, "0x00ff"},
		{"TEXT DEFAULT 5", RETORT_DEFAULT_EXPRESSION, "5"},
		{"DATE DEFAULT 'never'", RETORT_DEFAULT_EXPRESSION, "'never'"},
		{"INTEGER DEFAULT (1 + (2))", RETORT_DEFAULT_EXPRESSION, "1 + (2)"},
		{"TEXT DEFAULT CURRENT_TIMESTAMP", RETORT_DEFAULT_EXPRESSION, "CURRENT_TIMESTAMP"},
		{"TIMESTAMP DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))", RETORT_DEFAULT_FUNCTION, "now"},
		{"DATE DEFAULT (date('now'))", RETORT_DEFAULT_FUNCTION, "today"},
		{"TEXT DEFAULT (date('now'))", RETORT_DEFAULT_FUNCTION, "today"},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const struct retort_default *def;

		fixture_exec(fixture,
			retort_printf(fixture->arena, "CREATE TABLE t (c %s)", columns[i].definition));
		def = inspect(fixture, NULL, 0)->tables[0]->columns[0]->def;
		assert_int_equal(def ? (int)def->kind : -1, columns[i].kind);
		if (def)
			assert_string_equal(def->text, columns[i].text);
		fixture_exec(fixture, "DROP TABLE t");
	}
}

static void a_table_has_all_its_parts(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	const struct retort_table *table;
	const struct retort_constraint *constraint;

	fixture_exec(fixture,
		"CREATE TABLE 't 1' ([a b] INTEGER CONSTRAINT \"pk x\" PRIMARY KEY AUTOINCREMENT, \"c\"\"d\" "
		"TEXT "
		"COLLATE nocase NOT NULL ON CONFLICT FAIL UNIQUE, `primary` INT DEFAULT (1) REFERENCES \"p "
		"q\" MATCH FULL ON UPDATE "
		"SET DEFAULT NOT DEFERRABLE, e GENERATED ALWAYS AS (\"primary\" + 1) STORED, generated TEXT, "
		"f AS (1), "
		"CONSTRAINT u UNIQUE (\"primary\", e) CHECK (1) CONSTRAINT fk FOREIGN KEY (\"primary\", e) "
		"REFERENCES x (y, z) "
		"ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED)");
	table = retort_schema_table(inspect(fixture, NULL, 0), NULL, "t 1");
	assert_non_null(table);
	assert_int_equal(table->column_count, 6);
	assert_string_equal(table->columns[0]->name, "a b");
	assert_int_equal(table->columns[0]->autoincrement, RETORT_AUTO_BY_DEFAULT);
	assert_false(table->columns[0]->nullable);
	assert_string_equal(type_words(fixture, table->columns[0]), "integer");
	assert_string_equal(table->columns[1]->name, "c\"d");
	assert_string_equal(table->columns[1]->collation, "nocase");
	assert_false(table->columns[1]->nullable);
	assert_true(table->columns[2]->nullable);
	assert_string_equal(table->columns[3]->computed->sql, "\"primary\" + 1");
	assert_true(table->columns[3]->computed_stored);
	assert_string_equal(table->columns[4]->name, "generated");
	assert_null(table->columns[4]->computed);
	assert_false(table->columns[5]->computed_stored);
	assert_int_equal(table->constraint_count, 6);
	assert_string_equal(table->constraints[0]->name, "pk x");
	assert_int_equal(table->constraints[0]->kind, RETORT_PRIMARY_KEY);
	assert_int_equal(table->constraints[1]->kind, RETORT_UNIQUE);
	assert_string_equal(table->constraints[1]->columns[0], "c\"d");
	constraint = table->constraints[2];
	assert_int_equal(constraint->kind, RETORT_FOREIGN_KEY);
	assert_string_equal(constraint->references->table, "p q");
	assert_int_equal(constraint->references->column_count, 0);
	assert_int_equal(constraint->references->on_update, RETORT_ACTION_SET_DEFAULT);
	assert_string_equal(constraint->match, "FULL");
	assert_false(constraint->deferrable);
	assert_string_equal(table->constraints[3]->name, "u");
	assert_int_equal(table->constraints[3]->column_count, 2);
	assert_string_equal(table->constraints[4]->expression->sql, "1");
	constraint = table->constraints[5];
	assert_string_equal(constraint->name, "fk");
	assert_string_equal(constraint->references->columns[1], "z");
	assert_int_equal(constraint->references->on_delete, RETORT_ACTION_NO_ACTION);
	assert_true(constraint->deferrable);
	assert_int_equal(constraint->initially, RETORT_INITIALLY_DEFERRED);
}

static void indexes_views_and_triggers_are_found(void **state)
{
	static const char *const made[] = {
		"CREATE TABLE t (a, b, c)",
		"CREATE UNIQUE INDEX i1 ON t (a COLLATE nocase DESC, lower(b || ',') ASC, \"c\") WHERE a > 0 "
		"AND b IN (1, 2)",
		"CREATE VIEW v AS SELECT a FROM t",
		"CREATE VIEW w(x, \"y z\") AS SELECT a, b FROM t",
		"CREATE TRIGGER IF NOT EXISTS \"tr 1\" AFTER INSERT ON t BEGIN SELECT 1; END",
		"CREATE VIRTUAL TABLE search USING fts5(body)",
		NULL,
	};
	static const char *const only[] = {"T"};
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	const struct retort_index *index;
	struct retort_schema *schema;

	fixture_exec_all(fixture, made);
	schema = inspect(fixture, NULL, 0);
	assert_int_equal(schema->table_count, 1);
	assert_int_equal(schema->tables[0]->index_count, 1);
	index = schema->tables[0]->indexes[0];
	assert_true(index->unique);
	assert_int_equal(index->column_count, 3);
	assert_string_equal(index->columns[0]->column, "a");
	assert_string_equal(index->columns[0]->collation, "nocase");
	assert_int_equal(index->columns[0]->order, RETORT_ORDER_DESC);
	assert_string_equal(index->columns[1]->expression->sql, "lower(b || ',')");
	assert_string_equal(index->columns[2]->column, "c");
	assert_string_equal(index->where->sql, "a > 0 AND b IN (1, 2)");
	assert_string_equal(index->definition, made[1]);
	assert_int_equal(schema->view_count, 2);
	assert_string_equal(retort_schema_view(schema, NULL, "v")->query->sql, "SELECT a FROM t");
	assert_string_equal(retort_schema_view(schema, NULL, "w")->query->sql,
		"WITH t (x, \"y z\") AS (\nSELECT a, b FROM t\n) SELECT * FROM t");
	assert_int_equal(schema->trigger_count, 1);
	assert_string_equal(schema->triggers[0]->body->sql, "AFTER INSERT ON t BEGIN SELECT 1; END");
	assert_true(schema->unmodelled_count >= 2);
	assert_string_equal(schema->unmodelled[0], "virtual table 'search' is left alone");
	schema = inspect(fixture, only, 1);
	assert_int_equal(schema->table_count, 1);
	assert_int_equal(schema->tables[0]->index_count, 1);
	assert_int_equal(schema->trigger_count, 1);
	assert_int_equal(schema->view_count, 0);
}

/* Every type through CREATE TABLE and back: what is found must be what was asked for. */
static void what_is_made_is_found_again(void **state)
{
	static const char columns[] =
		"      columns:\n"
		"        id: {type: bigint, primary_key: true, autoincrement: true}\n"
		"        a: {type: boolean, default: true, nullable: false}\n        b: {type: smallint, "
		"default: -3}\n"
		"        c: {type: integer, unique: true}\n        d: bigint\n        e: float\n        f: "
		"{type: double, default: 1.5}\n"
		"        g: {type: 'numeric(12,2)', default: 0}\n        h: {type: string(20), default: "
		"\"it's\", index: true}\n"
		"        i: char(3)\n        j: {type: text, collation: NOCASE}\n        k: {type: date, "
		"default: {function: today}}\n"
		"        l: time(3)\n        m: {type: datetime(3), default: {function: now}}\n"
		"        n: {type: timestamp, default: {function: now}}\n        o: binary(8)\n        p: "
		"varbinary(8)\n"
		"        q: {type: blob, default: '0x00ff'}\n        r: {type: json, default: '{}'}\n"
		"        s: {type: uuid, default: {function: uuid}}\n        t: {type: 'enum(new, "
		"\"it''s\")', default: new}\n"
		"        u: integer unsigned\n        v: bigint unsigned\n        w: smallint unsigned\n"
		"        x: {type: text, computed: {expression: upper(j), stored: true}}\n"
		"        y: {type: bigint, references: \"all 'types'\", on_delete: set null}\n"
		"        z: {type: integer, check: z > 1}\n"
		"      check_constraints: {later: g >= 0}\n"
		"      indexes: {ix_partial: {columns: [a, {column: b, order: desc}, {expression: "
		"lower(j)}], where: b > 0}}\n";
	static const char *const options[] = {"", "      sqlite: {strict: true}\n"};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const struct compare_options how = {.syntax = fixture->driver->dialect->syntax};
		struct retort_schema *schema = retort_schema_new(fixture->arena), *found;
		struct retort_table *canonical;
		struct difference *differences;
		size_t count;

		fixture_apply(fixture, schema,
			retort_printf(fixture->arena, "  - create_table:\n      name: \"all 'types'\"\n%s%s",
				columns, options[i]));
		fixture_exec(fixture, "INSERT INTO \"all 'types'\" (j) VALUES ('x')");
		assert_string_equal(fixture_query(fixture,
					    "SELECT id, a, q, length(s), substr(s, 15, 1), typeof(n), x"
					    " FROM \"all 'types'\""),
			"1|1|0x00ff|36|4|text|X\n");
		assert_int_equal(fixture->driver->canonical(fixture->conn, schema->tables[0], fixture->arena,
					 &canonical, fixture->err),
			0);
		found = fixture_schema(fixture);
		assert_int_equal(fixture->driver->dialect->normalize(fixture->arena, schema, fixture->err),
			0);
		compare_schemas(fixture->arena, schema, found, &how, &differences, &count);
		for (size_t j = 0; j < count; j++)
			print_error("%s %s: '%s', found '%s'\n", differences[j].object,
				differences[j].property ? differences[j].property : "",
				differences[j].left ? differences[j].left : "-",
				differences[j].right ? differences[j].right : "-");
		assert_int_equal(count, 0);
		assert_int_equal(canonical->column_count, 27);
		fixture_exec(fixture, "DROP TABLE \"all 'types'\"");
	}
}

/* An integer key without autoincrement is no other name of the rowid. */
static void a_key_is_no_rowid(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	fixture_apply(fixture, retort_schema_new(fixture->arena),
		"  - create_table: {name: t, columns: {id: {type: integer, primary_key: true}, a: text}}\n");
	assert_int_equal(fixture->driver->exec(fixture->conn, "INSERT INTO t (a) VALUES ('x')", NULL, 0, NULL,
				 fixture->err),
		-1);
	assert_string_equal(retort_error_first(fixture->err)->message, "NOT NULL constraint failed: t.id");
	retort_error_clear(fixture->err);
}

static void what_sqlite_cant_have_is_told(void **state)
{
	static const struct {
		const char *yaml, *message;
	} cases[] = {
		{"  - create_table: {name: t, columns: {a: {type: integer, primary_key: true, autoincrement: "
		 "true}, b: {type: "
		 "integer, primary_key: true}}}\n",
			"cannot make column 'a' of 't': sqlite can autoincrement only the one column of the "
			"primary key"},
		{"  - create_table: {name: t, columns: {a: {type: interval}}}\n",
			"sqlite has no type interval"},
		{"  - create_table: {name: t, columns: {a: {type: array(text)}}}\n",
			"sqlite has no type array(text)"},
		{"  - create_table: {name: t, columns: {a: text}, sqlite: {without_rowid: true}}\n",
			"cannot make table 't': without_rowid needs a primary key"},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_null(fixture_render(fixture, retort_schema_new(fixture->arena), cases[i].yaml));
		if (!strstr(retort_error_first(fixture->err)->message, cases[i].message))
			fail_msg("%s", retort_error_first(fixture->err)->message);
		retort_error_clear(fixture->err);
	}
}

/* ---- how many queries it takes ---- */

enum { TRACE_STATEMENT = 1 }; /* sqlite3.h's: one begins; detail is its text */

typedef int trace_fn(unsigned what, void *context, void *statement, void *detail);

static struct {
	unsigned count;
	int (*trace)(void *db, unsigned mask, trace_fn *callback, void *context);
} traced;

/* What a function of a query runs on its own is told as a comment. */
static int on_trace(unsigned what, void *context, void *statement, void *detail)
{
	(void)what;
	(void)context;
	(void)statement;
	traced.count += strncmp(detail, "--", 2) != 0;
	return 0;
}

static int on_open(void *db, char **message, const void *api)
{
	(void)message;
	(void)api;
	return traced.trace(db, TRACE_STATEMENT, on_trace, NULL);
}

/* A function of the library that the plugin uses. */
static void find_function(const char *name, void *ret)
{
	void *library = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD), *found;

	found = library ? dlsym(library, name) : NULL;
	if (library)
		dlclose(library);
	memcpy(ret, &found, sizeof found);
}

static unsigned queries_for(struct sqlite_fixture *fixture, unsigned from, unsigned count)
{
	for (unsigned i = from; i < count; i++) {
		const char *form[] = {"CREATE TABLE t%u (a INTEGER PRIMARY KEY, b TEXT REFERENCES t%u)",
			"CREATE INDEX ix%u ON t%u (b)", "CREATE VIEW v%u AS SELECT b FROM t%u"};

		for (size_t k = 0; k < sizeof form / sizeof *form; k++) {
			char sql[100];

			snprintf(sql, sizeof sql, form[k], i, i);
			fixture_exec(fixture, sql);
		}
	}
	traced.count = 0;
	assert_int_equal(inspect(fixture, NULL, 0)->table_count, count);
	return traced.count;
}

static void queries_are_as_many_for_200_tables_as_for_5(void **state)
{
	int (*each_connection)(int (*)(void *, char **, const void *));
	void (*reset)(void);
	struct sqlite_fixture *fixture = fixture_of(state);
	unsigned few, many;

	find_function("sqlite3_auto_extension", &each_connection);
	find_function("sqlite3_reset_auto_extension", &reset);
	find_function("sqlite3_trace_v2", &traced.trace);
	if (!each_connection || !reset || !traced.trace)
		skip(); /* the plugin holds its own copy of the library */
	assert_int_equal(each_connection(on_open), 0);
	fixture_in_memory(state);
	reset();
	few = queries_for(fixture, 0, 5);
	many = queries_for(fixture, 5, 200);
	assert_int_equal(few, many);
	assert_in_range(few, 2, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(types_are_neutral_where_they_say_all),
		TEST(checks_in_a_types_stead_are_that_type),
		TEST(defaults_are_literals_where_they_can_be),
		TEST(a_table_has_all_its_parts),
		TEST(indexes_views_and_triggers_are_found),
		TEST(what_is_made_is_found_again),
		TEST(a_key_is_no_rowid),
		TEST(what_sqlite_cant_have_is_told),
		TEST(queries_are_as_many_for_200_tables_as_for_5),
	};

	return cmocka_run_group_tests_name("sqlite_inspect", tests, NULL, NULL);
}
