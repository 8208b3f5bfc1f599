/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"
#include "model_fixture.h"

static void test_tables(void **state)
{
	struct fixture *f = *state;
	struct retort_table *a = retort_table_new(f->arena, NULL, "a"),
			    *other = retort_table_new(f->arena, "s", "a");
	struct retort_table *again = retort_table_new(f->arena, NULL, "a"),
			    *b = retort_table_new(f->arena, NULL, "b");

	assert_null(retort_schema_table(f->schema, NULL, "a"));
	retort_schema_put_table(f->schema, a);
	retort_schema_put_table(f->schema, other);
	retort_schema_put_table(f->schema, b);
	assert_ptr_equal(retort_schema_table(f->schema, NULL, "a"), a);
	assert_ptr_equal(retort_schema_table(f->schema, "s", "a"), other);
	retort_schema_put_table(f->schema, again);
	assert_int_equal(f->schema->table_count, 3);
	assert_ptr_equal(f->schema->tables[0], again);
	retort_schema_remove_table(f->schema, NULL, "a");
	assert_null(retort_schema_table(f->schema, NULL, "a"));
	assert_int_equal(f->schema->table_count, 2);
	retort_schema_put_table(f->schema, b);
	assert_ptr_equal(f->schema->tables[1], b);
	retort_schema_remove_table(f->schema, NULL, "a");
	assert_int_equal(f->schema->table_count, 2);
}

/* Drivers push views and the like, and put copies into their places; lookups notice. */
static void test_pushed(void **state)
{
	struct fixture *f = *state;
	struct retort_view *view_one = retort_alloc(f->arena, sizeof *view_one),
			   *view_two = retort_alloc(f->arena, sizeof *view_two);

	assert_null(retort_schema_view(f->schema, NULL, "v"));
	view_one->name = "v";
	RETORT_PUSH(f->arena, f->schema->views, f->schema->view_count, view_one);
	assert_ptr_equal(retort_schema_view(f->schema, NULL, "v"), view_one);
	view_two->name = "v";
	f->schema->views[0] = view_two;
	assert_ptr_equal(retort_schema_view(f->schema, NULL, "v"), view_two);
	f->schema->views[0] = view_one;
	view_one->name = "w";
	assert_null(retort_schema_view(f->schema, NULL, "v"));
	assert_ptr_equal(retort_schema_view(f->schema, NULL, "w"), view_one);
}

static void test_copy(void **state)
{
	struct fixture *f = *state;
	struct retort_table *a = retort_table_new(f->arena, NULL, "a"), *copy;
	size_t count, i;

	for (count = 0; count < 40; count++) {
		copy = retort_table_copy(f->arena, a);
		assert_int_equal(copy->column_count, count);
		retort_table_add_column(f->arena, copy, retort_printf(f->arena, "c%zu", count));
		assert_int_equal(a->column_count, count);
		for (i = 0; i < count; i++)
			assert_ptr_equal(copy->columns[i], a->columns[i]);
		a = copy;
	}
	assert_string_equal(a->columns[39]->name, "c39");
	assert_true(a->columns[39]->nullable);
	assert_ptr_equal(retort_table_column(a, "c7"), a->columns[7]);
	assert_null(retort_table_column(a, "C7"));
	assert_null(retort_table_primary_key(a));
}

static void test_owners(void **state)
{
	struct fixture *f = *state;
	struct retort_table *a = retort_table_new(f->arena, NULL, "a"),
			    *b = retort_table_new(f->arena, NULL, "b"), *copy;
	struct retort_table **referrers;

	retort_table_add_index(f->arena, a, "i");
	retort_table_add_constraint(f->arena, a, RETORT_CHECK, "c");
	retort_table_add_constraint(f->arena, a, RETORT_UNIQUE, "u");
	retort_table_add_constraint(f->arena, a, RETORT_FOREIGN_KEY, "k")->references =
		references(f, "b", NULL);
	retort_schema_put_table(f->schema, a);
	assert_ptr_equal(catalog_index_owner(f->schema, NULL, "i"), a);
	assert_ptr_equal(catalog_constraint_owner(f->schema, NULL, "c"), a);
	assert_null(catalog_constraint_owner(f->schema, NULL, "u"));
	assert_null(catalog_index_owner(f->schema, "s", "i"));
	retort_schema_put_table(f->schema, b);
	assert_int_equal(catalog_referrers(f->arena, f->schema, NULL, "b", &referrers), 1);
	assert_ptr_equal(referrers[0], a);
	copy = retort_table_copy(f->arena, a);
	copy->index_count = 0;
	retort_schema_put_table(f->schema, copy);
	assert_null(catalog_index_owner(f->schema, NULL, "i"));
	assert_ptr_equal(catalog_constraint_owner(f->schema, NULL, "c"), copy);
	copy = retort_table_copy(f->arena, copy);
	copy->constraint_count = 0;
	retort_schema_put_table(f->schema, copy);
	assert_int_equal(catalog_referrers(f->arena, f->schema, NULL, "b", &referrers), 0);
}

static void test_removals(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 100; i++)
		retort_schema_put_table(f->schema,
			retort_table_new(f->arena, NULL, retort_printf(f->arena, "t%zu", i)));
	for (i = 0; i < 100; i += 2)
		retort_schema_remove_table(f->schema, NULL, retort_printf(f->arena, "t%zu", i));
	retort_schema_put_table(f->schema, retort_table_new(f->arena, NULL, "t99"));
	for (i = 0; i < 50; i++)
		assert_string_equal(f->schema->tables[i]->name, retort_printf(f->arena, "t%zu", 2 * i + 1));
	retort_schema_put_table(f->schema, retort_table_new(f->arena, NULL, "t0"));
	assert_string_equal(f->schema->tables[50]->name, "t0");
}

/* Removing some of many in any order leaves the others whole. */
static void test_remove_scattered(void **state)
{
	static const char *const names[] = {"config", "data", "idx", "content", "docsize", "docs"};
	struct fixture *f = *state;
	struct retort_table *again;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		retort_schema_put_table(f->schema, retort_table_new(f->arena, NULL, names[i]));
	for (size_t i = 0; i + 1 < sizeof names / sizeof *names; i++)
		retort_schema_remove_table(f->schema, NULL, names[i]);
	again = retort_table_new(f->arena, NULL, "docs");
	retort_schema_put_table(f->schema, again);
	assert_int_equal(f->schema->table_count, 1);
	assert_ptr_equal(f->schema->tables[0], again);
}

static void test_words(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op = add(f, RETORT_OP_DROP_TABLE, NULL, "a\x1b");
	struct retort_op odd = {.kind = RETORT_OP_COUNT};
	int kind;

	op->schema = "s";
	assert_string_equal(retort_op_word(op), "drop_table");
	assert_string_equal(retort_op_describe(f->arena, op), "drop table 's.a\\x1b'");
	op = rename_to(f, RETORT_OP_RENAME_COLUMN, "t", "a", "b");
	assert_string_equal(retort_op_describe(f->arena, op), "rename column 'a' of 't' to 'b'");
	op = add(f, RETORT_OP_DROP_ROUTINE, NULL, "p");
	op->routine = retort_alloc(f->arena, sizeof *op->routine);
	op->routine->kind = RETORT_PROCEDURE;
	assert_string_equal(retort_op_word(op), "drop_procedure");
	assert_string_equal(retort_op_describe(f->arena, op), "drop procedure 'p'");
	op = add(f, RETORT_OP_CREATE_CONSTRAINT, "t", NULL);
	op->constraint = retort_alloc(f->arena, sizeof *op->constraint);
	op->constraint->kind = RETORT_CHECK;
	assert_string_equal(retort_op_describe(f->arena, op), "create check constraint on 't'");
	assert_string_equal(retort_op_word(&odd), "none");
	for (kind = 0; kind < RETORT_OP_COUNT; kind++) {
		odd.kind = (enum retort_op_kind)kind;
		assert_non_null(retort_op_word(&odd));
		assert_true(strlen(retort_op_describe(f->arena, &odd)) > 0);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {TEST(test_tables), TEST(test_pushed), TEST(test_copy),
		TEST(test_owners), TEST(test_removals), TEST(test_remove_scattered), TEST(test_words)};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
