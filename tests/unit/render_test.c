/* SPDX-License-Identifier: MIT */
#include "rendering.h"

/* ---- tables ---- */

static void tables(void **state)
{
	struct fixture *fixture = *state;
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");

	op->create = have_table(fixture, "t");
	op->create->comment = "it's t";
	have_column(fixture, op->create, "s", "enum(a, b)")->comment = "state";
	add_index(fixture, "t", "ix", "s");
	op->create->indexes = retort_alloc(fixture->arena, sizeof(struct retort_index *));
	op->create->indexes[op->create->index_count++] = fixture->ops[--fixture->count]->index;
	op = new_op(fixture, RETORT_OP_RENAME_TABLE, "t", "t");
	op->to = "u";
	op = new_op(fixture, RETORT_OP_DROP_TABLE, "u", "u");
	op->if_exists = op->cascade = true;
	expect(fixture,
		"CREATE TYPE \"en_s\" AS ENUM ('a', 'b');\n"
		"CREATE TABLE \"t\" (\n\t\"id\" bigint NOT NULL,\n\t\"s\" \"en_s\",\n"
		"\tCONSTRAINT \"pk_t\" PRIMARY KEY (\"id\")\n);\n"
		"CREATE INDEX \"ix\" ON \"t\" (\"s\");\n"
		"COMMENT ON TABLE \"t\" IS 'it''s t';\n"
		"COMMENT ON COLUMN \"t\".\"s\" IS 'state';\n"
		"ALTER TABLE \"t\" RENAME TO \"u\";\n"
		"D:DROP TABLE IF EXISTS \"u\" CASCADE;\n"
		"DROP TYPE \"en_s\";\n");
	assert_string_equal(fixture->renderer.plan->statements[1]->description, "create table 't'");
	assert_string_equal(fixture->renderer.plan->statements[2]->description, "create index 'ix' on 't'");
	assert_null(retort_schema_table(fixture->renderer.schema, NULL, "t"));
	assert_null(retort_schema_table(fixture->renderer.schema, NULL, "u"));
}

/* Neighbours become one statement, up to a rename or a name that was touched before. */
static void groups(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_op *op;

	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	add_column(fixture, "t", "b", "integer");
	add_constraint(fixture, "t", RETORT_CHECK, "ck", "b > 0");
	new_op(fixture, RETORT_OP_DROP_COLUMN, "t", "a");
	add_column(fixture, "t", "a", "integer"); /* was dropped */
	op = new_op(fixture, RETORT_OP_RENAME_COLUMN, "t", "b");
	op->to = "c";
	add_column(fixture, "t", "d", "text");
	alter_column(fixture, "t", "c", "bigint", RETORT_ALTER_TYPE);
	alter_column(fixture, "t", "c", "bigint", RETORT_ALTER_COMMENT)->column->comment = "x";
	op = alter_column(fixture, "t", "c", "text", RETORT_ALTER_TYPE); /* a second type */
	op->cast = retort_text_new(fixture->arena, "c::text");
	add_constraint(fixture, "t", RETORT_UNIQUE, "uq", "c");
	new_op(fixture, RETORT_OP_DROP_COLUMN, "t", "c"); /* used by uq */
	expect(fixture,
		"D:ALTER TABLE \"t\" ADD COLUMN \"b\" integer, ADD CONSTRAINT \"ck\" CHECK (b > 0), "
		"DROP COLUMN \"a\";\n"
		"ALTER TABLE \"t\" ADD COLUMN \"a\" integer;\n"
		"ALTER TABLE \"t\" RENAME COLUMN \"b\" TO \"c\";\n"
		"ALTER TABLE \"t\" ADD COLUMN \"d\" text;\n"
		"W:ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE bigint;\n"
		"COMMENT ON COLUMN \"t\".\"c\" IS 'x';\n"
		"W:ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE text USING c::text;\n"
		"ALTER TABLE \"t\" ADD CONSTRAINT \"uq\" UNIQUE (\"c\");\n"
		"D:ALTER TABLE \"t\" DROP CONSTRAINT \"ck\", DROP CONSTRAINT \"uq\", DROP COLUMN \"c\";\n");
	assert_string_equal(fixture->renderer.plan->statements[0]->description,
		"add column 'b' to 't', create check constraint 'ck' on 't', drop column 'a' from 't'");
	assert_int_equal(retort_schema_table(fixture->renderer.schema, NULL, "t")->column_count, 3);
}

/* Without RETORT_CAP_ALTER_LIST each action is its own statement. */
static void one_action_each(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_op *op;

	fixture->renderer.dialect = &poor;
	have_column(fixture, table, "a", "enum(x, y)");
	have_column(fixture, table, "b", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	add_column(fixture, "t", "n", "integer unsigned");
	alter_column(fixture, "t", "a", "enum(x, y, z)", RETORT_ALTER_TYPE);
	op = add_index(fixture, "t", "ix", "b");
	op->index->where = retort_text_new(fixture->arena, "b > 1");
	op->concurrently = true;
	op = new_op(fixture, RETORT_OP_COMMENT, "t", NULL);
	op->message = "x";
	op = new_op(fixture, RETORT_OP_RENAME_INDEX, "t", "ix");
	op->to = "iy";
	expect(fixture,
		"ALTER TABLE [t] ADD COLUMN [n] int CONSTRAINT [ck_n] CHECK ([n] >= 0);\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck_a];\n"
		"W:ALTER TABLE [t] ALTER COLUMN [a] TYPE text;\n"
		"ALTER TABLE [t] ADD CONSTRAINT [ck_a] CHECK ([a] IN ('x', 'y', 'z'));\n"
		"CREATE INDEX [ix] ON [t] ([b]);\n"
		"DROP INDEX [ix];\n"
		"CREATE INDEX [iy] ON [t] ([b]);\n");
	assert_int_equal(fixture->renderer.plan->note_count, 3);
	assert_string_equal(fixture->renderer.plan->notes[0],
		"poor has no concurrent work on indexes: left out");
	assert_string_equal(fixture->renderer.plan->notes[1],
		"poor has no partial indexes (where): left out");
	assert_string_equal(fixture->renderer.plan->notes[2], "poor has no comments: left out");
}

static void fills_and_rows_in_the_way(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "account");
	struct retort_op *op;
	const struct retort_statement *statement;

	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	op = add_column(fixture, "account", "kept", "text");
	op = add_column(fixture, "account", "b", "string(5)");
	op->column->nullable = false;
	op->column->def = default_of(fixture, RETORT_DEFAULT_LITERAL, "new");
	op->fill = value_of(fixture, RETORT_DEFAULT_LITERAL, "old");
	op = alter_column(fixture, "account", "a", "text", RETORT_ALTER_NULLABLE);
	op->column->nullable = false;
	op->fill = value_of(fixture, RETORT_DEFAULT_EXPRESSION, "upper(b)");
	op = add_column(fixture, "account", "vat_id", "text");
	op->column->nullable = false;
	op = alter_column(fixture, "account", "kept", "text", RETORT_ALTER_NULLABLE);
	op->column->nullable = false;
	expect(fixture,
		"C:SELECT count(*) FROM \"account\";\n"
		"ALTER TABLE \"account\" ADD COLUMN \"kept\" text, ADD COLUMN \"b\" varchar(5);\n"
		"R:UPDATE \"account\" SET \"b\" = 'old';\n"
		"ALTER TABLE \"account\" ALTER COLUMN \"b\" SET DEFAULT 'new', ALTER COLUMN \"b\" SET NOT "
		"NULL;\n"
		"R:UPDATE \"account\" SET \"a\" = (upper(b)) WHERE \"a\" IS NULL;\n"
		"ALTER TABLE \"account\" ALTER COLUMN \"a\" SET NOT NULL, ADD COLUMN \"vat_id\" text NOT "
		"NULL;\n"
		"C:SELECT count(*) FROM \"account\" WHERE \"kept\" IS NULL;\n"
		"ALTER TABLE \"account\" ALTER COLUMN \"kept\" SET NOT NULL;\n");
	statement = fixture->renderer.plan->statements[0];
	assert_int_equal(statement->kind, RETORT_STATEMENT_ASSERT);
	assert_string_equal(statement->op->equals, "0");
	assert_string_equal(statement->op->message,
		"account has {value} rows: 'vat_id' is NOT NULL without default: give fill");
	assert_int_equal(statement->op->line, 4);
	assert_string_equal(fixture->renderer.plan->statements[6]->op->message,
		"account has {value} rows where 'kept' is NULL: give fill");
}

/* A table that the same list makes needs no look at its rows. */
static void new_tables_are_empty(void **state)
{
	struct fixture *fixture = *state;
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");

	op->create = have_table(fixture, "t");
	add_column(fixture, "t", "a", "text")->column->nullable = false;
	new_op(fixture, RETORT_OP_EXECUTE, NULL, NULL)->sql =
		retort_text_new(fixture->arena, "insert into t values (1)");
	add_column(fixture, "t", "b", "text")->column->nullable = false;
	expect(fixture,
		"CREATE TABLE \"t\" (\n\t\"id\" bigint NOT NULL,\n\tCONSTRAINT \"pk_t\" PRIMARY KEY "
		"(\"id\")\n);\n"
		"ALTER TABLE \"t\" ADD COLUMN \"a\" text NOT NULL;\n"
		"R:insert into t values (1);\n"
		"C:SELECT count(*) FROM \"t\";\n"
		"ALTER TABLE \"t\" ADD COLUMN \"b\" text NOT NULL;\n");
}

static void columns_change(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_op *op;

	have_column(fixture, table, "a", "integer")->def = default_of(fixture, RETORT_DEFAULT_LITERAL, "1");
	have_column(fixture, table, "e", "enum(x, y)");
	have_column(fixture, table, "c", "text")->computed = retort_text_new(fixture->arena, "e || 'x'");
	retort_schema_put_table(fixture->renderer.schema, table);
	op = alter_column(fixture, "t", "a", "bigint", RETORT_ALTER_TYPE | RETORT_ALTER_NULLABLE);
	op->fill = value_of(fixture, RETORT_DEFAULT_LITERAL, "0");
	op->column->nullable = false;
	alter_column(fixture, "t", "c", "text", RETORT_ALTER_COMPUTED);
	alter_column(fixture, "t", "e", "enum(x, z)", RETORT_ALTER_TYPE);
	alter_column(fixture, "t", "id", "bigint", RETORT_ALTER_AUTOINCREMENT)->column->autoincrement =
		RETORT_AUTO_BY_DEFAULT;
	expect(fixture,
		"W:ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT, ALTER COLUMN \"a\" TYPE bigint, "
		"ALTER COLUMN \"a\" SET DEFAULT 1;\n"
		"R:UPDATE \"t\" SET \"a\" = 0 WHERE \"a\" IS NULL;\n"
		"ALTER TABLE \"t\" ALTER COLUMN \"a\" SET NOT NULL, ALTER COLUMN \"c\" DROP EXPRESSION;\n"
		"ALTER TYPE \"en_e\" RENAME TO \"retort_old_en_e\";\n"
		"CREATE TYPE \"en_e\" AS ENUM ('x', 'z');\n"
		"W:ALTER TABLE \"t\" ALTER COLUMN \"e\" TYPE \"en_e\" USING \"e\"::text::\"en_e\";\n"
		"DROP TYPE \"retort_old_en_e\";\n"
		"ALTER TABLE \"t\" ALTER COLUMN \"id\" ADD GENERATED BY DEFAULT AS IDENTITY;\n");
}

static void enums(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_enum_change change = {.drop = "b"};
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_ENUM, NULL, "mood");

	op->enumeration = retort_alloc(fixture->arena, sizeof *op->enumeration);
	op->enumeration->name = "mood";
	op->enumeration->values = list_of(fixture, "a", "b");
	op->enumeration->value_count = 2;
	expect(fixture, "CREATE TYPE \"mood\" AS ENUM ('a', 'b');\n");
	again(fixture);
	have_column(fixture, table, "m", "enum mood")->def = default_of(fixture, RETORT_DEFAULT_LITERAL, "a");
	op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");
	op->create = table;
	expect(fixture,
		"CREATE TABLE \"t\" (\n\t\"id\" bigint NOT NULL,\n\t\"m\" \"mood\" DEFAULT 'a',\n"
		"\tCONSTRAINT \"pk_t\" PRIMARY KEY (\"id\")\n);\n");
	again(fixture);
	change.mapping_from = list_of(fixture, "b", NULL);
	change.mapping_to = list_of(fixture, NULL, NULL);
	change.mapping_count = 1;
	new_op(fixture, RETORT_OP_ALTER_ENUM, NULL, "mood")->enum_change = &change;
	expect(fixture,
		"ALTER TYPE \"mood\" RENAME TO \"retort_old_mood\";\n"
		"CREATE TYPE \"mood\" AS ENUM ('a');\n"
		"W:ALTER TABLE \"t\" ALTER COLUMN \"m\" DROP DEFAULT, ALTER COLUMN \"m\" TYPE \"mood\" "
		"USING (CASE \"m\"::text WHEN 'b' THEN NULL ELSE \"m\"::text END)::\"mood\", "
		"ALTER COLUMN \"m\" SET DEFAULT 'a';\n"
		"DROP TYPE \"retort_old_mood\";\n");
	again(fixture);
	change = (struct retort_enum_change){.add = "c", .before = "a"};
	new_op(fixture, RETORT_OP_ALTER_ENUM, NULL, "mood")->enum_change = &change;
	expect(fixture, "ALTER TYPE \"mood\" ADD VALUE 'c' BEFORE 'a';\n");
	again(fixture);
	/* Rows that come after it may have the value already. */
	change = (struct retort_enum_change){.add = "d"};
	new_op(fixture, RETORT_OP_ALTER_ENUM, NULL, "mood")->enum_change = &change;
	op = new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->where = retort_text_new(fixture->arena, "m = 'a'");
	expect(fixture,
		"O:ALTER TYPE \"mood\" ADD VALUE 'd';\n"
		"D:R:DELETE FROM \"t\" WHERE m = 'a';\n");
}

/* On engines without enums the columns are changed. */
static void copied_enums(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_enum_change change = {.rename_from = "a", .rename_to = "z"};
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_ENUM, NULL, "mood");

	fixture->renderer.dialect = &poor;
	op->enumeration = retort_alloc(fixture->arena, sizeof *op->enumeration);
	op->enumeration->name = "mood";
	op->enumeration->values = list_of(fixture, "a", "b");
	op->enumeration->value_count = 2;
	have_column(fixture, table, "m", "enum mood")->def = default_of(fixture, RETORT_DEFAULT_LITERAL, "a");
	op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");
	op->create = table;
	new_op(fixture, RETORT_OP_ALTER_ENUM, NULL, "mood")->enum_change = &change;
	expect(fixture,
		"CREATE TABLE [t] (\n\t[id] int NOT NULL,\n"
		"\t[m] text DEFAULT 'a' CONSTRAINT [ck_m] CHECK ([m] IN ('a', 'b')),\n"
		"\tCONSTRAINT [pk_t] PRIMARY KEY ([id])\n);\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck_m];\n"
		"ALTER TABLE [t] ALTER COLUMN [m] DROP DEFAULT;\n"
		"W:ALTER TABLE [t] ALTER COLUMN [m] TYPE text USING CASE [m] WHEN 'a' THEN 'z' ELSE [m] "
		"END;\n"
		"ALTER TABLE [t] ALTER COLUMN [m] SET DEFAULT 'z';\n"
		"ALTER TABLE [t] ADD CONSTRAINT [ck_m] CHECK ([m] IN ('z', 'b'));\n");
	assert_string_equal(retort_schema_enum(fixture->renderer.schema, NULL, "mood")->values[0], "z");
}

static void objects(void **state)
{
	struct fixture *fixture = *state;
	struct retort_sequence sequence = {.name = "s", .increment = 2, .start = 10, .cycle = true};
	struct retort_view view = {.name = "v", .query = retort_text_new(fixture->arena, "select 1 ;\n")};
	struct retort_view materialized = {.name = "m", .query = view.query, .materialized = true};
	struct retort_routine routine = {.kind = RETORT_FUNCTION,
		.name = "f",
		.body = retort_text_new(fixture->arena, "() RETURNS int AS $$ select 1; $$ LANGUAGE sql;")};
	struct retort_trigger trigger = {.name = "g",
		.table = "t",
		.body = retort_text_new(fixture->arena,
			"AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()")};
	struct retort_extension extension = {.name = "citext", .schema = "x", .version = "1"};
	struct retort_domain domain = {.name = "d",
		.nullable = false,
		.check = retort_text_new(fixture->arena, "value <> ''")};

	retort_schema_put_table(fixture->renderer.schema, have_table(fixture, "t"));
	assert_int_equal(retort_type_parse(fixture->arena, "text", &domain.type, fixture->err), 0);
	new_op(fixture, RETORT_OP_CREATE_SCHEMA, NULL, "x");
	new_op(fixture, RETORT_OP_CREATE_SEQUENCE, NULL, "s")->sequence = &sequence;
	new_op(fixture, RETORT_OP_CREATE_VIEW, NULL, "v")->view = &view;
	new_op(fixture, RETORT_OP_REPLACE_VIEW, NULL, "v")->view = &view;
	new_op(fixture, RETORT_OP_CREATE_VIEW, NULL, "m")->view = &materialized;
	new_op(fixture, RETORT_OP_DROP_VIEW, NULL, "m");
	new_op(fixture, RETORT_OP_CREATE_ROUTINE, NULL, "f")->routine = &routine;
	new_op(fixture, RETORT_OP_CREATE_TRIGGER, "t", "g")->trigger = &trigger;
	new_op(fixture, RETORT_OP_DROP_TRIGGER, "t", "g");
	new_op(fixture, RETORT_OP_DROP_ROUTINE, NULL, "f")->routine = &routine;
	new_op(fixture, RETORT_OP_CREATE_EXTENSION, NULL, "citext")->extension = &extension;
	new_op(fixture, RETORT_OP_CREATE_DOMAIN, NULL, "d")->domain = &domain;
	new_op(fixture, RETORT_OP_DROP_SEQUENCE, NULL, "s");
	expect(fixture,
		"CREATE SCHEMA \"x\";\n"
		"CREATE SEQUENCE \"s\" INCREMENT BY 2 START WITH 10 CYCLE;\n"
		"CREATE VIEW \"v\" AS select 1;\n"
		"CREATE OR REPLACE VIEW \"v\" AS select 1;\n"
		"CREATE MATERIALIZED VIEW \"m\" AS select 1;\n"
		"DROP MATERIALIZED VIEW \"m\";\n"
		"CREATE FUNCTION \"f\"() RETURNS int AS $$ select 1; $$ LANGUAGE sql;\n"
		"CREATE TRIGGER \"g\" AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
		"DROP TRIGGER \"g\" ON \"t\";\n"
		"DROP FUNCTION \"f\";\n"
		"CREATE EXTENSION \"citext\" SCHEMA \"x\" VERSION '1';\n"
		"CREATE DOMAIN \"d\" AS text NOT NULL CHECK (value <> '');\n"
		"D:DROP SEQUENCE \"s\";\n");
}

static void executed_sql(void **state)
{
	struct fixture *fixture = *state;
	struct retort_op *op = new_op(fixture, RETORT_OP_EXECUTE, NULL, NULL);

	op->sql = retort_text_new(fixture->arena,
		"create table a (b int); insert into a values (1); vacuum; call p(); drop table a;");
	new_op(fixture, RETORT_OP_ASSERT, NULL, NULL)->sql = retort_text_new(fixture->arena, "select 1");
	op = new_op(fixture, RETORT_OP_RUN, NULL, NULL);
	op->command = list_of(fixture, "prog", "arg");
	op->command_count = 2;
	expect(fixture,
		"create table a (b int);\nR:insert into a values (1);\nO:vacuum;\nU:call p();\nD:drop table "
		"a;\n"
		"C:select 1;\nO:U:-- run prog arg;\n");
	again(fixture);
	new_op(fixture, RETORT_OP_EXECUTE, NULL, NULL)->sql =
		retort_text_new(fixture->arena, "begin; select 1");
	expect_fault(fixture,
		"cannot execute 'begin': retort itself begins and ends transactions; "
		"leave it out, or give outside_transaction: true",
		1);
}

/* ---- faults ---- */

static void what_an_engine_lacks(void **state)
{
	struct fixture *fixture = *state;
	struct retort_sequence sequence = {.name = "s"};
	struct retort_table *table = have_table(fixture, "t");
	struct retort_op *op;
	const struct retort_problem *problem;

	fixture->renderer.dialect = &poor;
	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	new_op(fixture, RETORT_OP_CREATE_SEQUENCE, NULL, "s")->sequence = &sequence;
	op = add_index(fixture, "t", "ix", "a");
	op->index->unique = true;
	op->index->where = retort_text_new(fixture->arena, "a > 1");
	add_column(fixture, "t", "much too long", "interval");
	expect_fault(fixture,
		"cannot create sequence 's': poor has no sequences: use only or except, or give a map "
		"by dialect",
		1);
	assert_int_equal(retort_error_count(fixture->err), 4);
	problem = retort_error_first(fixture->err)->next;
	assert_string_equal(problem->message,
		"cannot create index 'ix' on 't': poor has no partial unique indexes: "
		"use only or except, or give a map by dialect");
	assert_int_equal(problem->line, 2);
	assert_string_equal(problem->next->message,
		"cannot add column 'much too long' to 't': the name "
		"'much too long' has 13 characters, poor takes at most 8");
	assert_string_equal(problem->next->next->message,
		"column 'much too long' of 't': poor has no type interval: "
		"give a type for it, as in {default: interval, poor: ...}");
	assert_int_equal(problem->next->next->line, 3);
}

/* A table option of a key and value in a dialect that knows one option of each kind. */
static void expect_option(struct fixture *fixture, const char *key, const char *value, const char *wanted)
{
	static const struct retort_option_row rows[] = {
		{"table", "engine", "word", ""},
		{"table", "loud", "bool", ""},
		{"table", "start", "integer", ""},
		{"table", "split", "sql", ""},
		{"index", "quiet", "bool", ""},
		{NULL, NULL, NULL, NULL},
	};
	struct retort_option option = {"rich", key, value};
	const struct retort_option *options[] = {&option};
	struct retort_dialect dialect = rich;
	struct retort_op *op;

	again(fixture);
	dialect.options = rows;
	fixture->renderer.dialect = &dialect;
	fixture->renderer.schema = retort_schema_new(fixture->arena);
	op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");
	op->create = have_table(fixture, "t");
	op->create->options = options;
	op->create->option_count = 1;
	if (wanted)
		expect_fault(fixture, wanted, 1);
	else
		assert_int_equal(render_ops(&fixture->renderer, fixture->ops, fixture->count, fixture->err),
			0);
}

static void options_of_tables(void **state)
{
	struct fixture *fixture = *state;

	expect_option(fixture, "engine", "InnoDB", NULL);
	expect_option(fixture, "loud", "false", NULL);
	expect_option(fixture, "start", "-12", NULL);
	expect_option(fixture, "split", "BY (a, b)", NULL);
	expect_option(fixture, "egnine", "x",
		"cannot create table 't': rich has no table option 'egnine', only "
		"'engine', 'loud', 'start' and 'split': did you mean 'engine'?");
	expect_option(fixture, "quiet", "true",
		"cannot create table 't': rich has no table option 'quiet', only "
		"'engine', 'loud', 'start' and 'split'");
	expect_option(fixture, "engine", "x, y",
		"cannot create table 't': the table option 'engine' of rich must be one word, found 'x, y'");
	expect_option(fixture, "loud", "1",
		"cannot create table 't': the table option 'loud' of rich must be true or false, found '1'");
	expect_option(fixture, "start", "12.5",
		"cannot create table 't': the table option 'start' of rich must be a whole number, found "
		"'12.5'");
	expect_option(fixture, "split", " ",
		"cannot create table 't': the table option 'split' of rich must be SQL, found ' '");
}

static void replayed_faults(void **state)
{
	struct fixture *fixture = *state;

	new_op(fixture, RETORT_OP_DROP_TABLE, "nothing", "nothing");
	assert_int_equal(render_ops(&fixture->renderer, fixture->ops, fixture->count, fixture->err), -1);
	assert_int_equal(retort_error_count(fixture->err), 1);
	assert_int_equal(retort_error_first(fixture->err)->line, 1);
	again(fixture);
	add_column(fixture, "nothing", "a", "text");
	assert_int_equal(render_ops(&fixture->renderer, fixture->ops, fixture->count, fixture->err), -1);
	assert_int_equal(retort_error_count(fixture->err), 1);
	again(fixture);
	retort_schema_put_table(fixture->renderer.schema, have_table(fixture, "author"));
	add_column(fixture, "auhtor", "a", "text");
	expect_fault(fixture,
		"cannot add column 'a' to 'auhtor': table 'auhtor' doesn't exist, did you mean 'author'?", 1);
	again(fixture);
	new_op(fixture, RETORT_OP_DELETE_ROWS, "autor", NULL)->where =
		retort_text_new(fixture->arena, "1 = 1");
	expect_fault(fixture,
		"cannot delete rows from 'autor': table 'autor' doesn't exist, did you mean 'author'?", 1);
	again(fixture);
	new_op(fixture, RETORT_OP_INSERT_ROWS, "autor", NULL)->rows =
		retort_alloc(fixture->arena, sizeof(struct retort_rows));
	expect_fault(fixture,
		"cannot insert rows into 'autor': table 'autor' doesn't exist, did you mean 'author'?", 1);
	again(fixture);
	add_column(fixture, "t", "a\n", "text");
	retort_schema_put_table(fixture->renderer.schema, have_table(fixture, "t"));
	expect_fault(fixture, "cannot add column 'a\\x0a' to 't': the name 'a\\x0a' has a control character",
		1);
}

/* ---- dialects that edit stored texts ---- */

static int edit_table(struct retort_render *render, const struct retort_table *now,
	struct retort_table *after, const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	(void)err;
	after->definition = retort_printf(render->arena, "%s + %zu", now->definition, n);
	retort_plan_add(render->plan, ops[0], RETORT_STMT_REBUILD, after->definition, NULL);
	return RETORT_OK;
}

static void stored_texts(void **state)
{
	struct fixture *fixture = *state;
	struct retort_dialect dialect = poor;
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_TABLE, "t", "t");
	const struct retort_table *table;

	dialect.caps |= RETORT_CAP_EDITS_DEFINITION;
	dialect.alter_table = edit_table;
	fixture->renderer.dialect = &dialect;
	op->create = have_table(fixture, "t");
	op->if_not_exists = true;
	add_column(fixture, "t", "a", "text");
	add_constraint(fixture, "t", RETORT_UNIQUE, "uq", "a");
	add_column(fixture, "t", "b", "text");
	new_op(fixture, RETORT_OP_DROP_COLUMN, "t", "b");
	expect(fixture,
		"CREATE TABLE IF NOT EXISTS [t] (\n\t[id] int NOT NULL,\n\tCONSTRAINT [pk_t] PRIMARY KEY "
		"([id])\n);\n"
		"B:CREATE TABLE [t] (\n\t[id] int NOT NULL,\n\tCONSTRAINT [pk_t] PRIMARY KEY ([id])\n) + 3;\n"
		"B:CREATE TABLE [t] (\n\t[id] int NOT NULL,\n\tCONSTRAINT [pk_t] PRIMARY KEY ([id])\n) + 3 + "
		"1;\n");
	table = retort_schema_table(fixture->renderer.schema, NULL, "t");
	assert_string_equal(table->definition,
		"CREATE TABLE [t] (\n\t[id] int NOT NULL,\n\tCONSTRAINT [pk_t] PRIMARY KEY ([id])\n) + 3 + "
		"1");
	assert_int_equal(table->column_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tables, setup, teardown),
		cmocka_unit_test_setup_teardown(groups, setup, teardown),
		cmocka_unit_test_setup_teardown(one_action_each, setup, teardown),
		cmocka_unit_test_setup_teardown(fills_and_rows_in_the_way, setup, teardown),
		cmocka_unit_test_setup_teardown(new_tables_are_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(columns_change, setup, teardown),
		cmocka_unit_test_setup_teardown(enums, setup, teardown),
		cmocka_unit_test_setup_teardown(copied_enums, setup, teardown),
		cmocka_unit_test_setup_teardown(objects, setup, teardown),
		cmocka_unit_test_setup_teardown(executed_sql, setup, teardown),
		cmocka_unit_test_setup_teardown(what_an_engine_lacks, setup, teardown),
		cmocka_unit_test_setup_teardown(options_of_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(replayed_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(stored_texts, setup, teardown),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
