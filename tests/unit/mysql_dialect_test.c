/* SPDX-License-Identifier: MIT
 *
 * What the dialects mysql and mariadb write for each version of the servers, which no server here has all of:
 * golden cases hold the newest. A test is skipped where RETORT_DRIVER_PATH holds no such plugin.
 */
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

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct retort_driver *driver;
	struct retort_schema *schema;
	const struct retort_dialect *dialect;
	unsigned version;
};

static int setup(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct fixture *fixture = retort_alloc(arena, sizeof *fixture);

	fixture->arena = arena;
	fixture->err = retort_error_new();
	fixture->schema = retort_schema_new(arena);
	loader_driver(loader_new(arena, NULL, 0), "mysql", &fixture->driver, fixture->err);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_error_free(fixture->err);
	retort_arena_free(fixture->arena);
	return 0;
}

/* Chooses a dialect and a version, with an empty schema. */
static void use(struct fixture *fixture, const char *dialect, unsigned version)
{
	if (!fixture->driver)
		skip();
	fixture->dialect = loader_dialect_of(fixture->driver, dialect);
	assert_string_equal(fixture->dialect->name, dialect);
	fixture->version = version;
	fixture->schema = retort_schema_new(fixture->arena);
	retort_error_clear(fixture->err);
}

/* The statements that a list of operations, as in a file, becomes: a line each; or the faults. */
static const char *render(struct fixture *fixture, const char *yaml)
{
	const char *text =
		retort_printf(fixture->arena, "revision: a\ndown_revision: null\nupgrade:\n%s", yaml);
	struct script_reader reader = {.arena = fixture->arena, .shown_path = "a.yaml"};
	struct resolve resolve = {.arena = fixture->arena,
		.schema = fixture->schema,
		.dialect = fixture->dialect->name,
		.family = fixture->dialect->family,
		.naming = &naming_default,
		.max_name = 64,
		.max_name_characters = true};
	struct retort_plan plan = {.arena = fixture->arena};
	struct renderer renderer = {.arena = fixture->arena,
		.dialect = fixture->dialect,
		.version = fixture->version,
		.schema = fixture->schema,
		.plan = &plan};
	const struct retort_op **ops;
	struct script *script;
	struct retort_buf out;
	size_t count;

	retort_error_clear(fixture->err);
	retort_buf_init(&out, fixture->arena);
	retort_buf_str(&out, "");
	if (script_parse(&reader, "a.yaml", text, strlen(text), &script, fixture->err) < 0 ||
		resolve_ops(&resolve, script->upgrade, script->upgrade_count, &ops, &count, fixture->err) <
			0 ||
		render_ops(&renderer, ops, count, fixture->err) < 0) {
		const struct retort_problem *problem = retort_error_first(fixture->err);

		for (; problem; problem = problem->next)
			retort_buf_printf(&out, "! %s\n", problem->message);
		return out.data;
	}
	for (size_t i = 0; i < plan.statement_count; i++)
		retort_buf_printf(&out, "%s%s\n",
			plan.statements[i]->flags & RETORT_STMT_REWRITES ? "copy: " : "",
			plan.statements[i]->sql);
	return out.data;
}

/* A table to work on: t, with a key, a text, a number, a CHECK and a computed column. */
static void have_table(struct fixture *fixture)
{
	static const char yaml[] =
		"  - create_table:\n"
		"      name: t\n"
		"      columns:\n"
		"        id: {type: bigint, primary_key: true, autoincrement: true}\n"
		"        a: {type: string(20), nullable: false, default: x, comment: it's a}\n"
		"        n: {type: integer}\n"
		"        twice: {type: integer, computed: {expression: n * 2}}\n"
		"      check_constraints: {positive: n > 0}\n";

	assert_non_null(strstr(render(fixture, yaml), "CREATE TABLE `t`"));
}

/* ---- versions ---- */

static void columns_are_added_as_fast_as_the_version_can(void **state)
{
	static const struct {
		const char *dialect;
		unsigned version;
		const char *last, *middle, *dropped, *renamed;
	} rows[] = {
		{"mysql", 50740, "INPLACE", "INPLACE", "INPLACE",
			"CHANGE COLUMN `o` `p` INT, ALGORITHM=INPLACE"},
		{"mysql", 80012, "INSTANT", "INPLACE", "INPLACE",
			"RENAME COLUMN `o` TO `p`, ALGORITHM=INPLACE"},
		{"mysql", 80028, "INSTANT", "INPLACE", "INPLACE",
			"RENAME COLUMN `o` TO `p`, ALGORITHM=INSTANT"},
		{"mysql", 80029, "INSTANT", "INSTANT", "INSTANT",
			"RENAME COLUMN `o` TO `p`, ALGORITHM=INSTANT"},
		{"mysql", 0, "INSTANT", "INSTANT", "INSTANT", "RENAME COLUMN `o` TO `p`, ALGORITHM=INSTANT"},
		{"mariadb", 100300, "INPLACE", "INPLACE", "INPLACE",
			"CHANGE COLUMN `o` `p` INT, ALGORITHM=INPLACE"},
		{"mariadb", 100302, "INSTANT", "INPLACE", "INPLACE",
			"CHANGE COLUMN `o` `p` INT, ALGORITHM=INSTANT"},
		{"mariadb", 100400, "INSTANT", "INSTANT", "INSTANT",
			"CHANGE COLUMN `o` `p` INT, ALGORITHM=INSTANT"},
		{"mariadb", 101100, "INSTANT", "INSTANT", "INSTANT",
			"RENAME COLUMN `o` TO `p`, ALGORITHM=INSTANT"},
	};
	struct fixture *fixture = *state;
	struct retort_arena *arena = fixture->arena;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		use(fixture, rows[i].dialect, rows[i].version);
		render(fixture, "  - create_table: {name: u, columns: {a: integer, o: integer}}\n");
		assert_string_equal(render(fixture, "  - add_column: {table: u, name: z, type: integer}\n"),
			retort_printf(arena, "ALTER TABLE `u` ADD COLUMN `z` INT, ALGORITHM=%s\n",
				rows[i].last));
		assert_string_equal(render(fixture,
					    "  - add_column: {table: u, name: y, type: integer, after: a}\n"),
			retort_printf(arena, "ALTER TABLE `u` ADD COLUMN `y` INT AFTER `a`, ALGORITHM=%s\n",
				rows[i].middle));
		assert_string_equal(render(fixture, "  - drop_column: {table: u, name: a}\n"),
			retort_printf(arena, "ALTER TABLE `u` DROP COLUMN `a`, ALGORITHM=%s\n",
				rows[i].dropped));
		assert_string_equal(render(fixture, "  - rename_column: {table: u, name: o, to: p}\n"),
			retort_printf(arena, "ALTER TABLE `u` %s\n", rows[i].renamed));
	}
}

static void what_old_servers_lack_is_told(void **state)
{
	struct fixture *fixture = *state;

	use(fixture, "mysql", 80012);
	assert_string_equal(render(fixture,
				    "  - create_table: {name: t, columns: {a: {type: text, default: x}}}\n"),
		"! default of column 'a' of 't': mysql has no default expressions before 8.0.13: leave the "
		"default "
		"out\n");
	assert_non_null(strstr(render(fixture,
				       "  - create_table: {name: t, columns: {a: {type: timestamp, default: "
				       "{function: "
				       "now}}}}\n"),
		"mysql has no default 'now' before 8.0.13"));
	assert_non_null(strstr(render(fixture,
				       "  - create_table: {name: u, columns: {a: integer}, "
				       "check_constraints: {c: a > 0}}\n"),
		"mysql checks nothing before 8.0.16: leave out the check 'c'"));
	render(fixture, "  - create_table: {name: v, columns: {a: string(9)}}\n");
	assert_non_null(
		strstr(render(fixture,
			       "  - create_index: {table: v, name: i, columns: [{expression: lower(a)}]}\n"),
			"mysql has no indexes on expressions"));
	use(fixture, "mariadb", 100620);
	assert_non_null(
		strstr(render(fixture, "  - create_table: {name: t, columns: {a: uuid}}\n"), "`a` CHAR(36)"));
	assert_string_equal(render(fixture,
				    "  - create_index: {table: t, name: i, columns: [{column: a, order: "
				    "desc}]}\n"),
		"ALTER TABLE `t` ADD INDEX `i` (`a`), ALGORITHM=INPLACE\n");
	use(fixture, "mariadb", 110400);
	assert_non_null(
		strstr(render(fixture, "  - create_table: {name: t, columns: {a: uuid}}\n"), "`a` UUID"));
	assert_string_equal(render(fixture,
				    "  - create_index: {table: t, name: i, columns: [{column: a, order: "
				    "desc}]}\n"),
		"ALTER TABLE `t` ADD INDEX `i` (`a` DESC), ALGORITHM=INPLACE\n");
}

/* ---- columns ---- */

static void a_change_restates_the_whole_column(void **state)
{
	struct fixture *fixture = *state;
	struct retort_column *column;

	use(fixture, "mysql", 0);
	have_table(fixture);
	column = retort_table_column(retort_schema_table(fixture->schema, NULL, "t"), "a");
	column->native_extra = "INVISIBLE";
	column->collation = "utf8mb4_bin";
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: a, nullable: true}\n"),
		"ALTER TABLE `t` MODIFY COLUMN `a` VARCHAR(20) COLLATE utf8mb4_bin DEFAULT 'x' INVISIBLE "
		"COMMENT 'it''s a',"
		" ALGORITHM=INPLACE\n");
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: a, type: string(30)}\n"),
		"ALTER TABLE `t` MODIFY COLUMN `a` VARCHAR(30) COLLATE utf8mb4_bin DEFAULT 'x' INVISIBLE "
		"COMMENT 'it''s a',"
		" ALGORITHM=INPLACE\n");
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: a, type: string(70)}\n"),
		"copy: ALTER TABLE `t` MODIFY COLUMN `a` VARCHAR(70) COLLATE utf8mb4_bin DEFAULT 'x' "
		"INVISIBLE COMMENT "
		"'it''s a'\n");
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: id, comment: key}\n"),
		"ALTER TABLE `t` MODIFY COLUMN `id` BIGINT NOT NULL AUTO_INCREMENT COMMENT 'key', "
		"ALGORITHM=INSTANT\n");
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: n, default: null}\n"),
		"ALTER TABLE `t` ALTER COLUMN `n` SET DEFAULT NULL, ALGORITHM=INSTANT\n");
}

static void a_rename_takes_along_what_names_the_column(void **state)
{
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	have_table(fixture);
	render(fixture, "  - create_view: {name: v, query: SELECT n FROM t}\n");
	assert_string_equal(render(fixture, "  - rename_column: {table: t, name: n, to: m}\n"),
		"copy: ALTER TABLE `t` DROP CHECK `positive`, ADD CONSTRAINT `positive` CHECK (m > 0), DROP "
		"COLUMN `twice`, "
		"ADD COLUMN `twice` INT GENERATED ALWAYS AS (m * 2) VIRTUAL, RENAME COLUMN `n` TO `m`\n"
		"CREATE OR REPLACE VIEW `v` AS SELECT m FROM t\n");
	use(fixture, "mariadb", 0);
	have_table(fixture);
	assert_string_equal(render(fixture, "  - rename_column: {table: t, name: n, to: m}\n"),
		"ALTER TABLE `t` RENAME COLUMN `n` TO `m`, ALGORITHM=INSTANT\n");
}

/* ---- indexes behind foreign keys ---- */

static void a_foreign_key_has_its_index_only_where_no_other_serves(void **state)
{
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	have_table(fixture);
	assert_non_null(strstr(render(fixture,
				       "  - create_table: {name: c, columns: {x: integer, t_id: {type: "
				       "bigint, references: t(id)}}}\n"),
		",\n\tINDEX `fk_c_t_id_t` (`t_id`)\n)"));
	assert_string_equal(render(fixture, "  - create_index: {table: c, name: i, columns: [t_id, x]}\n"),
		"ALTER TABLE `c` ADD INDEX `i` (`t_id`, `x`), DROP INDEX `fk_c_t_id_t`, ALGORITHM=INPLACE\n");
	assert_string_equal(render(fixture, "  - drop_index: {table: c, name: i}\n"),
		"ALTER TABLE `c` DROP INDEX `i`, ADD INDEX `fk_c_t_id_t` (`t_id`), ALGORITHM=INPLACE\n");
	assert_string_equal(render(fixture, "  - rename_constraint: {table: c, name: fk_c_t_id_t, to: fk}\n"),
		"SET foreign_key_checks = 0\n"
		"ALTER TABLE `c` DROP FOREIGN KEY `fk_c_t_id_t`, ADD CONSTRAINT `fk` FOREIGN KEY (`t_id`) "
		"REFERENCES `t` (`id`), RENAME INDEX `fk_c_t_id_t` TO `fk`, ALGORITHM=INPLACE\n"
		"SET foreign_key_checks = 1\n");
	assert_string_equal(render(fixture, "  - drop_constraint: {table: c, name: fk}\n"),
		"ALTER TABLE `c` DROP FOREIGN KEY `fk`, DROP INDEX `fk`, ALGORITHM=INPLACE\n");
}

/* ---- faults ---- */

static void keys_that_are_too_long_are_refused(void **state)
{
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	assert_string_equal(render(fixture,
				    "  - create_table: {name: w, columns: {a: {type: string(800), unique: "
				    "true}}}\n"),
		"! cannot create table 'w': the key 'uq_w_a' has 3200 bytes (4 for each character), mysql "
		"takes at most "
		"3072: index a prefix by length\n");
	render(fixture,
		"  - create_table: {name: t, columns: {a: {type: string(700), unique: true}, b: text}}\n");
	assert_string_equal(render(fixture, "  - alter_column: {table: t, name: a, type: string(769)}\n"),
		"! cannot alter column 'a' of 't': the key 'uq_t_a' has 3076 bytes (4 for each character), "
		"mysql takes at "
		"most 3072: index a prefix by length\n");
	assert_string_equal(render(fixture, "  - create_index: {table: t, name: i, columns: [b]}\n"),
		"! cannot create index 'i' on 't': 'b' is text and can't be in the key 'i' as a whole: use "
		"string(n), or "
		"give length\n");
	assert_string_equal(render(fixture,
				    "  - create_index: {table: t, name: k, unique: true, columns: "
				    "[{column: b, length: 9}]}\n"),
		"ALTER TABLE `t` ADD UNIQUE INDEX `k` (`b`(9)), ALGORITHM=INPLACE\n");
	assert_string_equal(render(fixture, "  - add_column: {table: t, name: c, type: string(20000)}\n"),
		"! cannot add column 'c' to 't': the length 20000 of column 'c' is too much, mysql takes at "
		"most 16383: "
		"use text\n");
}

static void expressions_may_not_use_what_changes_by_itself(void **state)
{
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	have_table(fixture);
	assert_string_equal(render(fixture,
				    "  - create_check_constraint: {table: t, name: c, expression: id > 5}\n"),
		"! cannot create check constraint 'c' on 't': the check 'c' uses the autoincrement column "
		"'id', which "
		"mysql refuses\n");
	assert_non_null(strstr(render(fixture,
				       "  - create_table: {name: c, columns: {t_id: {type: bigint, "
				       "references: t(id), on_delete: set null, "
				       "check: t_id > 1}}}\n"),
		"the check 'ck_c_t_id' uses 't_id', which the foreign key 'fk_c_t_id_t' changes by an "
		"action"));
}

/* ---- one form for all ---- */

static void expressions_have_one_form(void **state)
{
	static const char *const pairs[][2] = {
		{"(((`n` >= 0) and (`a` <> _utf8mb4'x')))", "n >= 0 and a <> 'x'"},
		{"((`a` = 1) or ((`b` = 2) and (`c` = 3)))", "a = 1 or b = 2 and c = 3"},
		{"(((`a` = 1) or (`b` = 2)) and (`c` = 3))", "(a = 1 or b = 2) and c = 3"},
		{"(`a` in (1,2,3))", "a IN (1, 2, 3)"},
		{"(not((`a` like _utf8mb4'x%')))", "a NOT LIKE 'x%'"},
		{"(`a` between 1 and 5)", "a BETWEEN 1 AND 5"},
		{"(`a` is not null)", "NOT (a IS NULL)"},
		{"(`a` <= 5)", "NOT a > 5"},
		{"(0 <> `flag`)", "flag"},
		{"lcase(`a`)", "lower(a)"},
		{"now(6)", "CURRENT_TIMESTAMP(6)"},
		{"curdate()", "current_date"},
		{"cast(`a` as char charset utf8mb4)", "CAST(a AS CHAR)"},
		{"cast(`a` as signed)", "CAST(a AS SIGNED INTEGER)"},
		{"(case when (`a` > 0) then 1 else (-(1)) end)", "CASE WHEN a > 0 THEN 1 ELSE -1 END"},
		{"json_unquote(json_extract(`d`,_utf8mb4'$.x'))", "d->>'$.x'"},
		{"((`a` + `b`) * 2)", "(a + b) * 2"},
		{"(`a` - (`b` - `c`))", "a - (b - c)"},
		{"((`a` - `b`) - `c`)", "a - b - c"},
		{"`order` > 0", "`order` > 0"},
		{"substr(`a`,1,2)", "SUBSTRING(a, 1, 2)"},
		{"(`d` + interval 1 day)", "d + INTERVAL 1 DAY"},
	};
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *forms[2];

		for (size_t k = 0; k < 2; k++) {
			struct retort_schema *schema = retort_schema_new(fixture->arena);
			struct retort_table *table = retort_table_new(fixture->arena, NULL, "t");

			retort_table_add_constraint(fixture->arena, table, RETORT_CHECK, "c")->expression =
				retort_text_new(fixture->arena, pairs[i][k]);
			retort_schema_put_table(schema, table);
			assert_int_equal(fixture->dialect->normalize(fixture->arena, schema, fixture->err),
				0);
			forms[k] = schema->tables[0]->constraints[0]->expression->sql;
		}
		assert_string_equal(forms[0], forms[1]);
	}
}

static void different_expressions_stay_different(void **state)
{
	static const char *const texts[] = {"a - (b - c)", "a - b - c", "a or b and c", "(a or b) and c",
		"a > 5", "a >= 5", "a like 'x'", "a like 'X'", "a = '1'", "a = 1", "'it''s'", "'its'",
		"a in (1)", "a not in (1)"};
	struct fixture *fixture = *state;
	struct retort_schema *schema;
	struct retort_table *table;

	use(fixture, "mysql", 0);
	schema = retort_schema_new(fixture->arena);
	table = retort_table_new(fixture->arena, NULL, "t");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		retort_table_add_constraint(fixture->arena, table, RETORT_CHECK, texts[i])->expression =
			retort_text_new(fixture->arena, texts[i]);
	retort_schema_put_table(schema, table);
	assert_int_equal(fixture->dialect->normalize(fixture->arena, schema, fixture->err), 0);
	table = schema->tables[0];
	for (size_t i = 0; i < table->constraint_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(table->constraints[i]->expression->sql,
				table->constraints[k]->expression->sql);
}

static void native_types_are_read(void **state)
{
	static const char *const rows[][2] = {
		{"int(11)", "integer"},
		{"INTEGER", "integer"},
		{"int(10) unsigned", "integer unsigned"},
		{"bigint(20)", "bigint"},
		{"tinyint(1)", "boolean"},
		{"bool", "boolean"},
		{"tinyint(4)", "tinyint"},
		{"decimal(12, 2)", "numeric(12,2)"},
		{"dec(5)", "numeric(5,0)"},
		{"double precision", "double"},
		{"varchar(80)", "string(80)"},
		{"character varying(80)", "string(80)"},
		{"char(2)", "char(2)"},
		{"longtext", "text"},
		{"text", "text"},
		{"datetime(6)", "datetime"},
		{"datetime", "datetime(0)"},
		{"timestamp", "timestamp(0)"},
		{"varbinary(16)", "varbinary(16)"},
		{"enum('a','b''c')", "enum(a, 'b''c')"},
		{"year(4)", "year"},
		{"mediumint", "mediumint"},
		{"json", "json"},
	};
	struct fixture *fixture = *state;
	const struct retort_type *type;

	use(fixture, "mysql", 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(fixture->dialect->native_type(fixture->arena, rows[i][0], &type), 0);
		/* What no neutral type gives back exactly keeps its own name. */
		if (type->native && strcmp(rows[i][0], "text") != 0 && strcmp(rows[i][0], "timestamp") != 0)
			assert_string_equal(type->native, rows[i][1]);
		else if (type->kind != RETORT_TYPE_ENUM)
			assert_string_equal(retort_type_text(fixture->arena, type), rows[i][1]);
		else
			assert_string_equal(type->values[1], "b'c");
	}
}

static void stars_are_the_columns_they_mean(void **state)
{
	static const char *const rows[][2] = {
		{"SELECT * FROM t", "select `id` AS `id`,`a` AS `a` from `t`"},
		{"SELECT *, 1 AS one FROM (t)", "select t.id, t.a, 1 AS one from t"},
		{"SELECT DISTINCT x.*, y.b FROM t AS x JOIN u y USING (id)",
			"select distinct id, a, b from t x join u y using (id)"},
		{"SELECT * FROM t x LEFT JOIN u ON u.id = x.id WHERE a > 0",
			"select id, a, id, b from t x left join u on id = id where a > 0"},
		{"SELECT id FROM t WHERE a IN (SELECT * FROM t)",
			"select id from t where a in (select id, a from t)"},
		{"SELECT * FROM over_t", "select c from over_t"},
		{"SELECT count(*), 2 * 3 FROM t", "select count(0), 2 * 3 from t"},
		/* what isn't known stays */
		{"SELECT * FROM t NATURAL JOIN u", "select * from t natural join u"},
		{"SELECT * FROM nowhere", "select * from nowhere"},
		{"SELECT * FROM (SELECT 1 AS n) s", "select * from (select 1 as n) s"},
	};
	struct fixture *fixture = *state;

	use(fixture, "mysql", 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said[2];

		for (int side = 0; side < 2; side++) {
			fixture->schema = retort_schema_new(fixture->arena);
			render(fixture,
				"  - create_table: {name: t, columns: {id: bigint, a: integer}}\n"
				"  - create_table: {name: u, columns: {id: bigint, b: integer}}\n"
				"  - create_view: {name: over_t, query: SELECT a AS c FROM t}\n");
			render(fixture,
				retort_printf(fixture->arena, "  - create_view: {name: v, query: '%s'}\n",
					rows[i][side]));
			assert_int_equal(fixture->dialect->normalize(fixture->arena, fixture->schema,
						 fixture->err),
				0);
			said[side] = fixture->schema->views[1]->query->sql;
		}
		assert_string_equal(said[0], said[1]);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(columns_are_added_as_fast_as_the_version_can),
		TEST(what_old_servers_lack_is_told),
		TEST(a_change_restates_the_whole_column),
		TEST(a_rename_takes_along_what_names_the_column),
		TEST(a_foreign_key_has_its_index_only_where_no_other_serves),
		TEST(keys_that_are_too_long_are_refused),
		TEST(expressions_may_not_use_what_changes_by_itself),
		TEST(expressions_have_one_form),
		TEST(different_expressions_stay_different),
		TEST(native_types_are_read),
		TEST(stars_are_the_columns_they_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
#undef TEST
}
