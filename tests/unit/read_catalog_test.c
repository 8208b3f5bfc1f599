/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dialects.h"
#include "retort/driver.h"

/* The rows of each query: its text is the number of the first; NULL ends them. */
static const char *const rows[][13] = {
	/* 0 */
	{"12", NULL, "T", "id", "bigint", "0", NULL, NULL, "no", "yes", NULL, "the key", "a table"},
	{"7", NULL, "T", "n", "numeric(5,2)", "1", " (0)\n", NULL},
	{"9", NULL, "T", "Odd", "geometry", "yes", NULL, "((id + 1))", "t", "no"},
	{"4", "S", "u", "id", "bigint"},
	{NULL},
	/* 5 */
	{"6", NULL, "T", "PK_T", "no", "PRIMARY KEY", "id"},
	{"6", NULL, "T", "INTEG_1", "yes", "UNIQUE", "id"},
	{"6", NULL, "T", "INTEG_1", "yes", "UNIQUE", "n"},
	{"11", NULL, "T", "FK", "no", "FOREIGN KEY", "n", "S", "u", "id", "CASCADE", "set null"},
	{"6", NULL, "gone", "PK_G", "no", "PRIMARY KEY", "id"},
	{NULL},
	/* 11 */
	{"4", NULL, "T", NULL, " (n > 0)"},
	{NULL},
	/* 13 */
	{"7", NULL, "T", "IX", "1", "n", NULL, "0"},
	{"9", NULL, "T", "IX", "1", NULL, "(n + 1)", "1", "(n > 1)", "hash"},
	{NULL},
	/* 16 */
	{"4", NULL, "T", "TR", " BEFORE INSERT ON t AS BEGIN END \n"},
	{NULL},
	/* 18 */
	{"3", NULL, "V", "\nSELECT 1"},
	{NULL},
	/* 20 */
	{"1", "sequence x is left out"},
	{NULL},
};

static int query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	(void)conn, (void)params, (void)n;
	if (strcmp(sql, "broken") == 0)
		return retort_fail(err, RETORT_E_SQL, "broken");
	for (size_t i = strtoul(sql, NULL, 10); rows[i][0]; i++)
		assert_int_equal(row(context, strtoul(rows[i][0], NULL, 10), rows[i] + 1), 0);
	return 0;
}

static const struct retort_catalog_query queries[] = {
	{RETORT_CATALOG_COLUMNS, "0"},
	{RETORT_CATALOG_KEYS, "5"},
	{RETORT_CATALOG_CHECKS, "11"},
	{RETORT_CATALOG_INDEXES, "13"},
	{RETORT_CATALOG_TRIGGERS, "16"},
	{RETORT_CATALOG_VIEWS, "18"},
	{RETORT_CATALOG_OTHERS, "20"},
	{RETORT_CATALOG_END, NULL},
};

static struct retort_schema *read_all(struct retort_arena *arena,
	const struct retort_inspect_options *options)
{
	static struct retort_dialect upper;
	struct retort_schema *schema;

	upper = rich;
	upper.syntax |= RETORT_SYNTAX_UPPER;
	assert_int_equal(retort_read_catalog(NULL, query, &upper, queries, options, arena, &schema, NULL), 0);
	return schema;
}

static void columns(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_schema *schema = read_all(arena, NULL);
	const struct retort_table *table = retort_schema_table(schema, NULL, "t");

	(void)state;
	assert_int_equal(schema->table_count, 2);
	assert_non_null(retort_schema_table(schema, "s", "u"));
	assert_int_equal(table->column_count, 3);
	assert_string_equal(table->comment, "a table");
	assert_false(table->columns[0]->nullable);
	assert_int_equal(table->columns[0]->autoincrement, RETORT_AUTO_BY_DEFAULT);
	assert_string_equal(table->columns[0]->comment, "the key");
	assert_true(table->columns[1]->nullable);
	assert_int_equal(table->columns[1]->type->scale, 2);
	assert_string_equal(table->columns[1]->native_type, "numeric(5,2)");
	assert_string_equal(table->columns[1]->def->text, "(0)");
	assert_string_equal(table->columns[2]->name, "Odd");
	assert_string_equal(table->columns[2]->type->native, "geometry");
	assert_string_equal(table->columns[2]->computed->sql, "id + 1");
	assert_true(table->columns[2]->computed_stored);
	retort_arena_free(arena);
}

static void keys_and_indexes(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	const struct retort_table *table = retort_schema_table(read_all(arena, NULL), NULL, "t");
	const struct retort_constraint *key;

	(void)state;
	assert_int_equal(table->constraint_count, 4);
	assert_string_equal(table->constraints[0]->name, "pk_t");
	assert_int_equal(table->constraints[0]->kind, RETORT_PRIMARY_KEY);
	assert_null(table->constraints[1]->name);
	assert_int_equal(table->constraints[1]->column_count, 2);
	key = table->constraints[2];
	assert_string_equal(key->references->schema, "s");
	assert_string_equal(key->references->columns[0], "id");
	assert_int_equal(key->references->on_delete, RETORT_ACTION_CASCADE);
	assert_int_equal(key->references->on_update, RETORT_ACTION_SET_NULL);
	assert_int_equal(table->constraints[3]->kind, RETORT_CHECK);
	assert_string_equal(table->constraints[3]->expression->sql, "n > 0");
	assert_int_equal(table->index_count, 1);
	assert_true(table->indexes[0]->unique);
	assert_string_equal(table->indexes[0]->columns[0]->column, "n");
	assert_string_equal(table->indexes[0]->columns[1]->expression->sql, "n + 1");
	assert_int_equal(table->indexes[0]->columns[1]->order, RETORT_ORDER_DESC);
	assert_string_equal(table->indexes[0]->where->sql, "n > 1");
	assert_string_equal(table->indexes[0]->method, "hash");
	retort_arena_free(arena);
}

static void others(void **state)
{
	static const char *const names[] = {"u"};
	const struct retort_inspect_options some = {.size = sizeof some, .tables = names, .table_count = 1};
	struct retort_arena *arena = retort_arena_new();
	struct retort_schema *schema = read_all(arena, NULL);

	(void)state;
	assert_int_equal(schema->trigger_count, 1);
	assert_string_equal(schema->triggers[0]->table, "t");
	assert_string_equal(schema->triggers[0]->body->sql, "BEFORE INSERT ON t AS BEGIN END");
	assert_string_equal(schema->views[0]->query->sql, "SELECT 1");
	assert_string_equal(schema->unmodelled[0], "sequence x is left out");
	schema = read_all(arena, &some);
	assert_int_equal(schema->table_count, 1);
	assert_int_equal(schema->trigger_count + schema->view_count + schema->unmodelled_count, 0);
	retort_arena_free(arena);
}

static void failures(void **state)
{
	static const struct retort_catalog_query broken[] = {{RETORT_CATALOG_VIEWS, "broken"},
		{RETORT_CATALOG_END, NULL}};
	struct retort_arena *arena = retort_arena_new();
	struct retort_error *err = retort_error_new();
	struct retort_schema *schema;

	(void)state;
	assert_int_equal(retort_read_catalog(NULL, query, &rich, broken, NULL, arena, &schema, err), -1);
	assert_string_equal(retort_error_first(err)->message, "broken");
	retort_error_free(err);
	retort_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(keys_and_indexes),
		cmocka_unit_test(others),
		cmocka_unit_test(failures),
	};

	return cmocka_run_group_tests_name("read_catalog", tests, NULL, NULL);
}
