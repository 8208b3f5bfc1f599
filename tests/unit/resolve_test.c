/* SPDX-License-Identifier: MIT */
#include "model_fixture.h"

static const struct retort_variant by_dialect[] = {{.dialect = "beta", .sql = "B"},
	{.dialect = "greek", .sql = "G"}, {.dialect = "default", .sql = "D"}};

static const struct retort_text *variants(struct fixture *f, const struct retort_variant *list, size_t n)
{
	struct retort_text *text = retort_alloc(f->arena, sizeof *text);

	text->variants = list;
	text->variant_count = n;
	return text;
}

static void test_text(void **state)
{
	struct fixture *f = *state;
	const struct retort_text *text = variants(f, by_dialect, 3), *got;
	static const struct retort_variant nothing[] = {{.dialect = "alpha", .sql = NULL}};

	assert_int_equal(resolve_text(&f->resolve, text, "it", &got, f->err), 0);
	assert_string_equal(got->sql, "G");
	assert_int_equal(got->variant_count, 0);
	f->resolve.family = NULL;
	assert_int_equal(resolve_text(&f->resolve, text, "it", &got, f->err), 0);
	assert_string_equal(got->sql, "D");
	f->resolve.dialect = "beta";
	assert_int_equal(resolve_text(&f->resolve, text, "it", &got, f->err), 0);
	assert_string_equal(got->sql, "B");
	f->resolve.dialect = "gamma";
	assert_int_equal(resolve_text(&f->resolve, variants(f, by_dialect, 2), "the query", &got, f->err),
		-1);
	assert_string_equal(message_of(f),
		"cannot tell the query: no answer for 'gamma', add one or default");
	f->resolve.dialect = NULL;
	assert_int_equal(resolve_text(&f->resolve, variants(f, by_dialect, 2), "it", &got, f->err), 0);
	assert_string_equal(got->sql, "B");
	f->resolve.dialect = "alpha";
	assert_int_equal(resolve_text(&f->resolve, variants(f, nothing, 1), "it", &got, f->err), 0);
	assert_null(got);
}

static void test_type(void **state)
{
	struct fixture *f = *state;
	struct retort_type *type = retort_type_new(f->arena, RETORT_TYPE_STRING);
	const struct retort_type *got;

	type->length = 50;
	type->native_variants = variants(f, by_dialect, 2);
	assert_int_equal(resolve_type(&f->resolve, type, "it", &got, f->err), 0);
	assert_int_equal(got->kind, RETORT_TYPE_NATIVE);
	assert_string_equal(got->native, "G");
	f->resolve.dialect = "gamma";
	f->resolve.family = NULL;
	assert_int_equal(resolve_type(&f->resolve, type, "it", &got, f->err), 0);
	assert_int_equal(got->kind, RETORT_TYPE_STRING);
	assert_int_equal(got->length, 50);
	assert_null(got->native_variants);
	f->resolve.dialect = NULL;
	assert_int_equal(resolve_type(&f->resolve, type, "it", &got, f->err), 0);
	assert_int_equal(got->kind, RETORT_TYPE_STRING);
	type->kind = RETORT_TYPE_NONE;
	assert_int_equal(resolve_type(&f->resolve, type, "it", &got, f->err), 0);
	assert_string_equal(got->native, "B");
	f->resolve.dialect = "gamma";
	assert_int_equal(resolve_type(&f->resolve, type, "the type", &got, f->err), -1);
	assert_string_equal(message_of(f), "cannot tell the type: no answer for 'gamma', add one or default");
}

static void test_names(void **state)
{
	struct fixture *f = *state;
	static const char *const columns[] = {"first_name", "last_name"};

	assert_string_equal(naming_apply(&f->resolve, naming_default.uq, "t", columns, 2, NULL, NULL),
		"uq_t_first_name_last_name");
	assert_string_equal(naming_apply(&f->resolve, "%%x_%(referred_table)s_%(column)s", "t", columns, 1,
				    "u", NULL),
		"%x_u_first_name");
	/* limit-9, "_" and the first 8 digits of the SHA-256 of the whole name */
	assert_string_equal(naming_cut(&f->resolve, "a23456789b123456789c123456789d123456789e"),
		"a23456789b123456789c123456789d123456789e");
	assert_string_equal(naming_cut(&f->resolve, "a23456789b123456789c123456789d123456789e1"),
		"a23456789b123456789c123456789d1_70a699f0");
	f->resolve.max_name = 12;
	assert_int_equal(strlen(naming_cut(&f->resolve,
				 "aa\xc3\xa4"
				 "aaaaaaaaaaaaa")),
		2 + 9); /* no half a character */
	f->resolve.max_name_characters = true;
	assert_int_equal(strlen(naming_cut(&f->resolve,
				 "aa\xc3\xa4"
				 "aaaaaaaaaaaaa")),
		4 + 9);
	f->resolve.max_name = 0;
	assert_int_equal(strlen(naming_cut(&f->resolve,
				 "aa\xc3\xa4"
				 "aaaaaaaaaaaaa")),
		17);
}

static void test_create_table(void **state)
{
	struct fixture *f = *state;
	struct retort_table *table = create_table(f, "account"), *got;
	struct retort_column *email = column(f, table, "email", "string(320)");
	struct retort_column *team = column(f, table, "team_id", "bigint");
	struct retort_constraint *check = retort_table_add_constraint(f->arena, table, RETORT_CHECK, NULL);
	const struct retort_op **ops;
	size_t n;

	email->unique.on = true;
	email->unique.name = "one_email";
	email->check = retort_text_new(f->arena, "email <> ''");
	team->references = references(f, "team", "id");
	team->index.on = true;
	check->expression = retort_text_new(f->arena, "id > 0");
	column(f, table, "other", "text")->scope.only = names_of(f, "beta", &(size_t){0});
	table->columns[3]->scope.only_count = 1;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(n, 1);
	got = ops[0]->create;
	assert_int_equal(got->column_count, 3);
	assert_false(got->columns[0]->nullable);
	assert_false(got->columns[0]->primary_key.on);
	assert_string_equal(got->columns[2]->type_check_name, "ck_account_team_id");
	assert_string_equal(got->columns[1]->type_check_name, "ck_account_email_type");
	assert_string_equal(got->columns[2]->enum_type_name, "account_team_id");
	assert_int_equal(got->constraint_count, 5);
	assert_string_equal(got->constraints[0]->name, "pk_account");
	assert_true(got->constraints[0]->conventional);
	assert_string_equal(got->constraints[1]->name, "one_email");
	assert_false(got->constraints[1]->conventional);
	assert_string_equal(got->constraints[2]->name, "ck_account_email");
	assert_true(got->constraints[2]->conventional);
	assert_string_equal(got->constraints[3]->name, "fk_account_team_id_team");
	assert_string_equal(got->constraints[4]->name, "ck_account_1");
	assert_int_equal(got->index_count, 1);
	assert_string_equal(got->indexes[0]->name, "ix_account_team_id");
	/* the input is as it was */
	assert_true(table->columns[0]->primary_key.on);
	assert_true(table->columns[0]->nullable);
	assert_null(check->name);
	assert_int_equal(table->column_count, 4);
}

static void test_composite_key(void **state)
{
	struct fixture *f = *state;
	struct retort_table *table = create_table(f, "member");
	const struct retort_op **ops;
	size_t n;

	column(f, table, "team", "bigint")->primary_key.on = true;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(ops[0]->create->constraint_count, 1);
	assert_int_equal(ops[0]->create->constraints[0]->column_count, 2);
	assert_string_equal(ops[0]->create->constraints[0]->columns[1], "team");
	table = create_table(f, "keyed");
	column(f, table, "other", "bigint");
	table->columns[0]->primary_key.on = false;
	retort_table_add_constraint(f->arena, table, RETORT_PRIMARY_KEY, "k")->columns =
		names_of(f, "other", &(size_t){0});
	table->constraints[0]->column_count = 1;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_true(ops[0]->create->columns[0]->nullable);
	assert_false(ops[0]->create->columns[1]->nullable);
	table = create_table(f, "bad");
	table->columns[0]->nullable_given = true;
	assert_int_equal(resolved(f, &ops, &n), -1);
	assert_int_equal(retort_error_first(f->err)->line, 10);
	assert_string_equal(message_of(f),
		"cannot make column 'id' of 'bad' nullable: it is in the primary key");
}

static void test_add_column(void **state)
{
	struct fixture *f = *state;
	struct retort_column *team = add_column(f, "account", "team_id", "bigint");
	const struct retort_op **ops;
	size_t n;

	team->references = references(f, "team", NULL);
	team->unique.on = team->index.on = true;
	add_column(f, "account", "plain", "text");
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(n, 5);
	assert_int_equal(ops[0]->kind, RETORT_OP_ADD_COLUMN);
	assert_null(ops[0]->column->references);
	assert_int_equal(ops[0]->group, 1);
	assert_string_equal(retort_op_word(ops[1]), "create_unique_constraint");
	assert_string_equal(retort_op_word(ops[2]), "create_foreign_key");
	assert_string_equal(ops[2]->name, "fk_account_team_id_team");
	assert_int_equal(ops[2]->group, 1);
	assert_int_equal(ops[2]->line, 10);
	assert_int_equal(ops[3]->kind, RETORT_OP_CREATE_INDEX);
	assert_int_equal(ops[3]->group, 1);
	assert_int_equal(ops[4]->group, 0);
	assert_string_equal(retort_op_describe(f->arena, ops[2]),
		"create foreign key 'fk_account_team_id_team' on 'account'");
}

static void test_alter_table(void **state)
{
	struct fixture *f = *state;
	const struct retort_op *parts[3], **ops;
	struct retort_op *alter;
	size_t n;

	add_column(f, NULL, "a", "text")->index.on = true;
	rename_to(f, RETORT_OP_RENAME_COLUMN, NULL, "b", "c");
	memcpy(parts, f->ops, 2 * sizeof *parts);
	f->count = 0;
	alter = add(f, RETORT_OP_ALTER_TABLE, NULL, "account");
	alter->schema = "shop";
	alter->ops = parts;
	alter->op_count = 2;
	alter = add(f, RETORT_OP_ALTER_TABLE, NULL, "team");
	alter->ops = parts + 1;
	alter->op_count = 1;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(ops[1]->name, "ix_account_a");
	assert_string_equal(ops[2]->table, "account");
	assert_string_equal(ops[2]->schema, "shop");
	assert_int_equal(ops[0]->group, 1);
	assert_int_equal(ops[1]->group, 1);
	assert_int_equal(ops[2]->group, 1);
	assert_string_equal(ops[3]->table, "team");
	assert_int_equal(ops[3]->group, 2);
	parts[2] = add(f, RETORT_OP_DROP_TABLE, NULL, "x");
	f->count = 0;
	alter = add(f, RETORT_OP_ALTER_TABLE, NULL, "team");
	alter->ops = parts + 2;
	alter->op_count = 1;
	assert_int_equal(resolved(f, &ops, &n), -1);
	assert_string_equal(message_of(f),
		"cannot put drop_table into alter_table: it is no operation on a table's "
		"columns, constraints or indexes");
}

static void test_nothing_here(void **state)
{
	struct fixture *f = *state;
	static const struct retort_variant nothing[] = {{.dialect = "alpha", .sql = NULL},
		{.dialect = "default", .sql = "x"}};
	const struct retort_op **ops;
	struct retort_op *op;
	size_t n;

	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = variants(f, nothing, 2);
	op = add(f, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->where = variants(f, nothing, 2);
	op = view(f, RETORT_OP_CREATE_VIEW, "v", "");
	op->view->query = variants(f, nothing, 2);
	op = add(f, RETORT_OP_DROP_TABLE, NULL, "t");
	op->scope.except = names_of(f, "greek", &op->scope.except_count);
	op = add(f, RETORT_OP_DELETE_ROWS, "t", NULL);
	op->where_all = true;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(n, 1);
	assert_true(ops[0]->where_all);
	assert_null(ops[0]->where);
}

static void test_all_faults(void **state)
{
	struct fixture *f = *state;
	static const struct retort_variant other[] = {{.dialect = "beta", .sql = "x"}};
	const struct retort_op **ops;
	size_t n;

	add(f, RETORT_OP_EXECUTE, NULL, NULL)->sql = variants(f, other, 1);
	add(f, RETORT_OP_DROP_TABLE, NULL, "t");
	add(f, RETORT_OP_EXECUTE, NULL, NULL)->sql = variants(f, other, 1);
	assert_int_equal(resolved(f, &ops, &n), -1);
	assert_int_equal(retort_error_count(f->err), 2);
	assert_int_equal(retort_error_first(f->err)->line, 10);
	assert_int_equal(retort_error_first(f->err)->next->line, 12);
	assert_int_equal(retort_error_first(f->err)->code, RETORT_E_PLAN);
	assert_string_equal(message_of(f),
		"cannot execute sql: cannot tell sql: no answer for 'alpha', add one or default");
}

static void test_rows(void **state)
{
	struct fixture *f = *state;
	static const struct retort_default mine = {.text = "mine"};
	static const struct retort_default_variant cell[] = {{"alpha", &mine}};
	static const struct retort_value plain = {.text = "1"},
					 varied = {.variants = cell, .variant_count = 1};
	static const struct retort_value *const row1[] = {&plain, &plain}, *const row2[] = {&plain, &varied};
	static const struct retort_value *const *const rows[] = {row1, row2};
	struct retort_op *op = add(f, RETORT_OP_INSERT_ROWS, "t", NULL);
	const struct retort_op **ops;
	size_t n;

	op->rows = retort_alloc(f->arena, sizeof *op->rows);
	op->rows->columns = names_of(f, "a, b", &op->rows->column_count);
	op->rows->rows = rows;
	op->rows->row_count = 2;
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_ptr_equal(ops[0]->rows->rows[0], row1);
	assert_string_equal(ops[0]->rows->rows[1][1]->text, "mine");
	assert_string_equal(ops[0]->rows->rows[1][0]->text, "1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_text),
		TEST(test_type),
		TEST(test_names),
		TEST(test_create_table),
		TEST(test_composite_key),
		TEST(test_add_column),
		TEST(test_alter_table),
		TEST(test_nothing_here),
		TEST(test_all_faults),
		TEST(test_rows),
	};

	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
