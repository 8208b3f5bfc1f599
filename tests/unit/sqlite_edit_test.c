/* SPDX-License-Identifier: MIT
 *
 * Edits of stored texts in small tables: at their edges, with their rows, and where they must be refused.
 */
#include "sqlite_fixture.h"

/* Small tables in which an edit has little room. */
static void edits_meet_at_the_edges(void **state)
{
	static const struct {
		const char *made, *yaml, *stored;
	} edits[] = {
		{"CREATE TABLE t(a TEXT)", "default: x", "CREATE TABLE \"t\"(a TEXT DEFAULT 'x')\n"},
		{"CREATE TABLE t(a)", "type: text", "CREATE TABLE \"t\"(a TEXT)\n"},
		{"CREATE TABLE t(a TEXT DEFAULT 'y' -- why\n)", "default: null, nullable: false",
			"CREATE TABLE \"t\"(a TEXT NOT NULL -- why\n)\n"},
		{"CREATE TABLE t(a TEXT NULL, b)", "default: 1, nullable: false, collation: RTRIM",
			"CREATE TABLE \"t\"(a TEXT NOT NULL DEFAULT '1' COLLATE \"RTRIM\", b)\n"},
		{"CREATE TABLE t(b, a TEXT CHECK (t.a<>''))", "default: 1",
			"CREATE TABLE \"t\"(b, a TEXT DEFAULT '1' CHECK (a<>''))\n"},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		fixture_exec(fixture, edits[i].made);
		fixture_apply(fixture, fixture_schema(fixture),
			retort_printf(fixture->arena, "  - alter_column: {table: t, name: a, %s}\n",
				edits[i].yaml));
		assert_string_equal(fixture_query(fixture, "SELECT sql FROM sqlite_master"), edits[i].stored);
		fixture_exec(fixture, "DROP TABLE t");
	}
}

/* Rows keep their rowid by whichever of its names is free. */
static void rows_keep_their_rowid(void **state)
{
	static const struct {
		const char *made, *name;
	} tables[] = {
		{"CREATE TABLE t (a TEXT, b)", "rowid"},
		{"CREATE TABLE t (a TEXT, RowId)", "_rowid_"},
		{"CREATE TABLE t (a TEXT, \"rowid\", [_ROWID_])", "oid"},
		{"CREATE TABLE t (a TEXT, id INTEGER PRIMARY KEY)", "id"},
		{"CREATE TABLE t (a TEXT, id INTEGER PRIMARY KEY DESC)", "rowid"},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const char *select =
			retort_printf(fixture->arena, "SELECT %s, a FROM t ORDER BY 1", tables[i].name);

		fixture_exec(fixture, tables[i].made);
		fixture_exec(fixture,
			retort_printf(fixture->arena,
				"INSERT INTO t (%s, a) VALUES (70, 'x'), (-3, 'y'), "
				"(9, 'z')",
				tables[i].name));
		fixture_apply(fixture, fixture_schema(fixture),
			"  - alter_column: {table: t, name: a, default: d}\n");
		assert_string_equal(fixture_query(fixture, select), "-3|y\n9|z\n70|x\n");
		fixture_exec(fixture, "DROP TABLE t");
	}
}

/* A conflict clause may leave rows out in silence; the count tells. */
static void rows_left_out_are_counted(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	struct retort_plan *plan;

	fixture_exec(fixture, "CREATE TABLE t (id INT, a TEXT UNIQUE ON CONFLICT IGNORE)");
	fixture_exec(fixture, "INSERT INTO t VALUES (1, '1'), (2, '01')");
	plan = fixture_render(fixture, fixture_schema(fixture),
		"  - alter_column: {table: t, name: a, type: integer}\n");
	assert_non_null(plan);
	assert_int_equal(fixture_run(fixture, plan), -1);
	assert_string_equal(retort_error_first(fixture->err)->message,
		"cannot rebuild table 't': not every row was copied, "
		"a constraint's ON CONFLICT clause left some out");
	retort_error_clear(fixture->err);
	assert_string_equal(fixture_query(fixture, "SELECT * FROM t"), "1|1\n2|01\n");
}

/* A dropped column takes what names it, wherever that stands in the text. */
static void a_column_takes_its_constraints_along(void **state)
{
	static const struct {
		const char *made, *stored;
		bool native;
	} tables[] = {
		{"CREATE TABLE t(a, b CHECK (b > 0), c)", "CREATE TABLE t(a, c)\n", true},
		{"CREATE TABLE t(a CHECK (a > b), b, c)", "CREATE TABLE \"t\"(a, c)\n", false},
		{"CREATE TABLE t(a, b, c, CHECK (a > \"b\"), CHECK (a <> 'b'))",
			"CREATE TABLE \"t\"(a, c, CHECK (a <> 'b'))\n", false},
		{"CREATE TABLE t(a, b, c, UNIQUE (c), UNIQUE (a, b) FOREIGN KEY (b) REFERENCES p (c))",
			"CREATE TABLE \"t\"(a, c, UNIQUE (c))\n", false},
		{"CREATE TABLE t(b UNIQUE, a, c)", "CREATE TABLE \"t\"( a, c)\n", false},
	};
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	fixture_exec(fixture, "CREATE TABLE p (c UNIQUE)");
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct retort_plan *plan;

		fixture_exec(fixture, tables[i].made);
		fixture_exec(fixture, "INSERT INTO t (a, c) VALUES (5, 6)");
		plan = fixture_apply(fixture, fixture_schema(fixture),
			"  - drop_column: {table: t, name: b}\n");
		assert_int_equal(plan_rebuilds(plan), !tables[i].native);
		assert_string_equal(fixture_query(fixture, "SELECT sql FROM sqlite_master WHERE name = 't'"),
			tables[i].stored);
		assert_string_equal(fixture_query(fixture, "SELECT * FROM t"), "5|6\n");
		fixture_exec(fixture, "DROP TABLE t");
	}
}

/* Where the text and the revisions disagree the plan is refused and says in what. */
static void a_table_that_drifted_is_not_rebuilt(void **state)
{
	static const char yaml[] = "  - alter_column: {table: t, name: a, default: 1}\n";
	struct sqlite_fixture *fixture = fixture_in_memory(state);
	struct retort_schema *schema;
	struct retort_table *table;

	fixture_exec(fixture, "CREATE TABLE t (a INTEGER, b TEXT, CHECK (a > 0))");
	schema = fixture_schema(fixture);
	schema->tables[0]->constraint_count = 0;
	assert_null(fixture_render(fixture, schema, yaml));
	assert_string_equal(retort_error_first(fixture->err)->message,
		"cannot rebuild table 't': its stored definition would "
		"have the constraint check (a > 0) that the revisions don't know");
	retort_error_clear(fixture->err);

	schema = fixture_schema(fixture);
	table = schema->tables[0];
	retort_table_add_constraint(fixture->arena, table, RETORT_CHECK, "more")->expression =
		retort_text_new(fixture->arena, "b <> ''");
	assert_null(fixture_render(fixture, schema, yaml));
	assert_string_equal(retort_error_first(fixture->err)->message,
		"cannot rebuild table 't': its stored definition would "
		"lack the constraint check (b <> '') that the revisions give it");
	retort_error_clear(fixture->err);

	schema = fixture_schema(fixture);
	schema->tables[0]->column_count = 1;
	assert_null(fixture_render(fixture, schema, yaml));
	assert_string_equal(retort_error_first(fixture->err)->message,
		"cannot rebuild table 't': its stored definition has column 'b' that the revisions don't "
		"know");
	retort_error_clear(fixture->err);
}

/* Collations of the program that owns the database are unknown here, and no reason to give up. */
static void unknown_collations_are_borne(void **state)
{
	struct sqlite_fixture *fixture = fixture_in_memory(state);

	fixture_exec(fixture, "CREATE TABLE t (a TEXT COLLATE RTRIM)");
	fixture_exec(fixture, "PRAGMA writable_schema = ON");
	fixture_exec(fixture, "UPDATE sqlite_master SET sql = replace(sql, 'RTRIM', 'swedish')");
	fixture_exec(fixture, "PRAGMA writable_schema = RESET");
	fixture_apply(fixture, fixture_schema(fixture), "  - add_column: {table: t, name: b, type: text}\n");
	assert_string_equal(fixture_query(fixture, "SELECT sql FROM sqlite_master"),
		"CREATE TABLE t (a TEXT COLLATE swedish, \"b\" TEXT)\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(edits_meet_at_the_edges),
		TEST(rows_keep_their_rowid),
		TEST(rows_left_out_are_counted),
		TEST(a_column_takes_its_constraints_along),
		TEST(a_table_that_drifted_is_not_rebuilt),
		TEST(unknown_collations_are_borne),
	};

	return cmocka_run_group_tests_name("sqlite_edit", tests, NULL, NULL);
}
