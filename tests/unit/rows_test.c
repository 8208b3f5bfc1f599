/* SPDX-License-Identifier: MIT */
#include "rendering.h"

static struct retort_rows *rows_of(struct fixture *fixture)
{
	static const struct retort_value one = {.text = "1"}, two = {.text = "2"}, x = {.text = "x"},
					 none = {.kind = RETORT_DEFAULT_NULL};
	static const struct retort_value *const first[] = {&one, &x}, *const second[] = {&two, &none},
						*const third[] = {&two, NULL};
	static const struct retort_value *const *const rows[] = {first, second, third};
	struct retort_rows *made = retort_alloc(fixture->arena, sizeof *made);

	made->columns = list_of(fixture, "id", "a");
	made->column_count = 2;
	made->rows = rows;
	made->row_count = 3;
	return made;
}

static int after_rows(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, struct retort_error *err)
{
	(void)err;
	retort_plan_add(render->plan, op, RETORT_STMT_DATA,
		retort_printf(render->arena, "move sequence of %s", table->name), NULL);
	return RETORT_OK;
}

static void inline_rows(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_dialect dialect = rich;
	struct retort_op *op;

	dialect.after_rows = after_rows;
	fixture->renderer.dialect = &dialect;
	table->columns[0]->autoincrement = RETORT_AUTO_ALWAYS;
	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	new_op(fixture, RETORT_OP_INSERT_ROWS, "t", NULL)->rows = rows_of(fixture);
	op = new_op(fixture, RETORT_OP_INSERT_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->row_count = 1;
	op->rows->on_conflict_update = true;
	op->rows->key = list_of(fixture, "id", NULL);
	op->rows->key_count = 1;
	op = new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->key = op->rows->columns;
	op->rows->key_count = 1;
	op = new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->row_count = 2;
	op->rows->key = op->rows->columns;
	op->rows->key_count = 2;
	expect_fault(fixture, "cannot delete rows from 't': a row has no value for the key 'a'", 4);
	again(fixture);
	new_op(fixture, RETORT_OP_INSERT_ROWS, "t", NULL)->rows = rows_of(fixture);
	op = new_op(fixture, RETORT_OP_INSERT_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->row_count = 1;
	op->rows->on_conflict_update = true;
	op->rows->key = list_of(fixture, "id", NULL);
	op->rows->key_count = 1;
	op = new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->key = op->rows->columns;
	op->rows->key_count = 1;
	op = new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->rows = rows_of(fixture);
	op->rows->row_count = 1;
	op->rows->key = op->rows->columns;
	op->rows->key_count = 2;
	expect(fixture,
		"R:INSERT INTO \"t\" (\"id\", \"a\") OVERRIDING SYSTEM VALUE VALUES\n\t(1, 'x'),\n\t(2, "
		"NULL);\n"
		"R:INSERT INTO \"t\" (\"id\") OVERRIDING SYSTEM VALUE VALUES\n\t(2);\n"
		"R:move sequence of t;\n"
		"R:INSERT INTO \"t\" (\"id\", \"a\") OVERRIDING SYSTEM VALUE VALUES\n\t(1, 'x')"
		" ON CONFLICT (\"id\") DO UPDATE SET \"a\" = excluded.\"a\";\n"
		"R:move sequence of t;\n"
		"D:R:DELETE FROM \"t\" WHERE \"id\" IN (1, 2, 2);\n"
		"D:R:DELETE FROM \"t\" WHERE (\"id\" = 1 AND \"a\" = 'x');\n");
}

/* A source of three rows, as a file would give. */
struct three_rows {
	struct retort_row_source source;
	int at;
};

static int next_row(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	static const char *const rows[][2] = {{"1", "a'b"}, {"2", NULL}, {"3", ""}};
	struct three_rows *three = (struct three_rows *)source;

	(void)err;
	if (three->at == 3)
		return 0;
	*cells = rows[three->at++];
	return 1;
}

static int rewind_rows(struct retort_row_source *source, struct retort_error *err)
{
	(void)err;
	((struct three_rows *)source)->at = 0;
	return 0;
}

static int open_rows(void *context, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err)
{
	struct fixture *fixture = context;
	struct three_rows *three = retort_alloc(fixture->arena, sizeof *three);
	const struct retort_type **types = retort_alloc_array(fixture->arena, 2, sizeof *types);

	(void)op;
	(void)err;
	types[0] = table->columns[0]->type;
	types[1] = table->columns[1]->type;
	three->source = (struct retort_row_source){.next = next_row,
		.rewind = rewind_rows,
		.columns = list_of(fixture, "id", "a"),
		.types = types,
		.column_count = 2,
		.row_count = 3};
	*ret = &three->source;
	return 0;
}

static void rows_of_a_file(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_rows rows = {.csv = "x.csv", .on_conflict_ignore = true};
	struct retort_render render = {.size = sizeof render, .arena = fixture->arena, .dialect = &rich};
	const struct retort_statement *statement;
	const char *sql;
	size_t count;

	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	render.schema = fixture->renderer.schema;
	fixture->renderer.open_rows = open_rows;
	fixture->renderer.open_rows_context = fixture;
	new_op(fixture, RETORT_OP_INSERT_ROWS, "t", NULL)->rows = &rows;
	expect(fixture, "R:-- rows of x.csv into \"t\";\n");
	statement = fixture->renderer.plan->statements[0];
	assert_int_equal(statement->kind, RETORT_STATEMENT_ROWS);
	assert_int_equal(render_insert(&render, statement->bulk, 2, &sql, &count, fixture->err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(sql,
		"INSERT INTO \"t\" (\"id\", \"a\") VALUES\n\t(1, 'a''b'),\n\t(2, NULL) ON CONFLICT DO "
		"NOTHING");
	assert_int_equal(render_insert(&render, statement->bulk, 2, &sql, &count, fixture->err), 0);
	assert_int_equal(count, 1);
	assert_string_equal(sql,
		"INSERT INTO \"t\" (\"id\", \"a\") VALUES\n\t(3, '') ON CONFLICT DO NOTHING");
	assert_int_equal(render_insert(&render, statement->bulk, 2, &sql, &count, fixture->err), 0);
	assert_int_equal(count, 0);
	assert_null(sql);
	again(fixture);
	rows.key = list_of(fixture, "id", NULL);
	rows.key_count = 1;
	new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL)->rows = &rows;
	expect(fixture, "D:R:DELETE FROM \"t\" WHERE \"id\" IN (1, 2, 3);\n");
}

static void changed_rows(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *table = have_table(fixture, "t");
	struct retort_assignment set = {.column = "a",
		.value = value_of(fixture, RETORT_DEFAULT_EXPRESSION, "a || 'x'")};
	const struct retort_assignment *const sets[] = {&set};
	const struct retort_batch *batch;
	struct retort_op *op;

	have_column(fixture, table, "a", "text");
	retort_schema_put_table(fixture->renderer.schema, table);
	op = new_op(fixture, RETORT_OP_UPDATE_ROWS, "t", NULL);
	op->set = sets;
	op->set_count = 1;
	op->where = retort_text_new(fixture->arena, "a IS NULL OR id = 1");
	op->batch = 1000;
	new_op(fixture, RETORT_OP_DELETE_ROWS, "t", NULL)->where_all = true;
	expect(fixture,
		"R:UPDATE \"t\" SET \"a\" = (a || 'x') WHERE a IS NULL OR id = 1;\n"
		"D:R:DELETE FROM \"t\";\n");
	batch = fixture->renderer.plan->statements[0]->batch;
	assert_int_equal(batch->rows, 1000);
	assert_string_equal(batch->first_bound,
		"SELECT \"id\" FROM \"t\" WHERE a IS NULL OR id = 1 ORDER BY \"id\" LIMIT 1 OFFSET 999");
	assert_string_equal(batch->next_bound,
		"SELECT \"id\" FROM \"t\" WHERE (a IS NULL OR id = 1) AND \"id\" > $1 "
		"ORDER BY \"id\" LIMIT 1 OFFSET 999");
	assert_string_equal(batch->apply_after_upto,
		"UPDATE \"t\" SET \"a\" = (a || 'x') "
		"WHERE (a IS NULL OR id = 1) AND \"id\" > $1 AND \"id\" <= $2");
	assert_string_equal(batch->apply_all, fixture->renderer.plan->statements[0]->sql);
	assert_null(fixture->renderer.plan->statements[1]->batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(inline_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_of_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(changed_rows, setup, teardown),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
