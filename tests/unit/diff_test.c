/* SPDX-License-Identifier: MIT
 *
 * Differences as operations: their order, cycles, views, and that they lead where they should.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "model/diff.h"
#include "model/replay.h"
#include "model/reverse.h"
#include "retort/sql.h"

enum { MANY = 5000 };

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	struct retort_schema *from, *to;
	struct diff diff;
	uint64_t caps;
};

static int setup(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct fixture *fixture = retort_alloc(arena, sizeof *fixture);

	fixture->arena = arena;
	fixture->err = retort_error_new();
	fixture->from = retort_schema_new(arena);
	fixture->to = retort_schema_new(arena);
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

static const char *const *list(struct fixture *fixture, const char *name)
{
	const char **ret = retort_alloc(fixture->arena, sizeof *ret);

	*ret = name;
	return ret;
}

/* A table with a key and an integer. */
static struct retort_table *table(struct fixture *fixture, const char *name)
{
	struct retort_table *ret = retort_table_new(fixture->arena, NULL, name);
	struct retort_constraint *key;

	retort_table_add_column(fixture->arena, ret, "id")->type =
		retort_type_new(fixture->arena, RETORT_TYPE_BIGINT);
	ret->columns[0]->nullable = false;
	retort_table_add_column(fixture->arena, ret, "a")->type =
		retort_type_new(fixture->arena, RETORT_TYPE_BIGINT);
	key = retort_table_add_constraint(fixture->arena, ret, RETORT_PRIMARY_KEY,
		retort_printf(fixture->arena, "pk_%s", name));
	key->columns = list(fixture, "id");
	key->column_count = 1;
	return ret;
}

/* A foreign key from a to the other's id. */
static void refer(struct fixture *fixture, struct retort_table *from, const char *to)
{
	struct retort_constraint *key = retort_table_add_constraint(fixture->arena, from, RETORT_FOREIGN_KEY,
		retort_printf(fixture->arena, "fk_%s_%s", from->name, to));
	struct retort_references *references = retort_alloc(fixture->arena, sizeof *references);

	key->columns = list(fixture, "a");
	key->column_count = 1;
	references->table = to;
	references->columns = list(fixture, "id");
	references->column_count = 1;
	key->references = references;
}

static struct retort_view *view(struct fixture *fixture, struct retort_schema *schema, const char *name,
	const char *query)
{
	struct retort_view *ret = retort_alloc(fixture->arena, sizeof *ret);

	ret->name = name;
	ret->query = retort_text_new(fixture->arena, query);
	RETORT_PUSH(fixture->arena, schema->views, schema->view_count, ret);
	return ret;
}

static void function(struct fixture *fixture, const char *name, const char *body)
{
	struct retort_routine *ret = retort_alloc(fixture->arena, sizeof *ret);

	ret->name = name;
	ret->body = retort_text_new(fixture->arena, body);
	RETORT_PUSH(fixture->arena, fixture->to->routines, fixture->to->routine_count, ret);
}

/* The descriptions of what leads from the one to the other, a line each; they are replayed, and back. */
static const char *found(struct fixture *fixture)
{
	const struct diff_options options = {.caps = fixture->caps, .compare.syntax = RETORT_SYNTAX_DOLLAR};
	const struct diff_side from = {fixture->from, fixture->from}, to = {fixture->to, fixture->to};
	struct retort_schema *schema = retort_schema_copy(fixture->arena, fixture->from);
	const struct compare_options compare = {0};
	const struct retort_op **ops, **back;
	struct difference *differences;
	struct retort_buf out;
	size_t count;

	assert_int_equal(diff_schemas(fixture->arena, &from, &to, &options, &fixture->diff, fixture->err), 0);
	ops = retort_alloc_array(fixture->arena, fixture->diff.change_count + 1, sizeof *ops);
	retort_buf_init(&out, fixture->arena);
	retort_buf_str(&out, "");
	for (size_t i = 0; i < fixture->diff.change_count; i++) {
		ops[i] = fixture->diff.changes[i].op;
		retort_buf_printf(&out, "%s\n", retort_op_describe(fixture->arena, ops[i]));
		if (replay_apply(schema, ops[i], 0, fixture->err) < 0)
			fail_msg("%s", retort_error_first(fixture->err)->message);
	}
	compare_schemas(fixture->arena, schema, fixture->to, &compare, &differences, &count);
	assert_int_equal(count, 0);
	assert_int_equal(reverse_ops(fixture->arena, fixture->from, ops, fixture->diff.change_count, 0, &back,
				 &count, fixture->err),
		0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(replay_apply(schema, back[i], 0, fixture->err), 0);
	compare_schemas(fixture->arena, schema, fixture->from, &compare, &differences, &count);
	assert_int_equal(count, 0);
	return out.data;
}

static void tables_come_after_what_they_refer_to_and_go_before(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *a = table(fixture, "a"), *b = table(fixture, "b"), *c = table(fixture, "c");

	refer(fixture, a, "b");
	refer(fixture, b, "c");
	retort_schema_put_table(fixture->to, a);
	retort_schema_put_table(fixture->to, b);
	retort_schema_put_table(fixture->to, c);
	assert_string_equal(found(fixture), "create table 'c'\ncreate table 'b'\ncreate table 'a'\n");
	fixture->from = fixture->to;
	fixture->to = retort_schema_new(fixture->arena);
	assert_string_equal(found(fixture), "drop table 'a'\ndrop table 'b'\ndrop table 'c'\n");
	assert_true(fixture->diff.changes[0].loses);
	assert_string_equal(fixture->diff.changes[0].note, "the rows of 'a' are lost");
}

static void a_cycle_is_closed_at_the_end(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *a = table(fixture, "a"), *b = table(fixture, "b");

	refer(fixture, a, "b");
	refer(fixture, b, "a");
	retort_schema_put_table(fixture->to, a);
	retort_schema_put_table(fixture->to, b);
	assert_string_equal(found(fixture),
		"create table 'b'\ncreate table 'a'\ncreate foreign key 'fk_b_a' on 'b'\n");
	fixture->from = fixture->to;
	fixture->to = retort_schema_new(fixture->arena);
	assert_string_equal(found(fixture),
		"drop constraint 'fk_b_a' of 'b'\ndrop table 'a'\ndrop table 'b'\n");
}

static void views_go_around_a_column_that_goes(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *a = table(fixture, "t"), *b = table(fixture, "t");

	retort_schema_put_table(fixture->from, a);
	view(fixture, fixture->from, "v", "SELECT id, a FROM t");
	view(fixture, fixture->from, "w", "SELECT id FROM v");
	b->column_count = 1;
	retort_schema_put_table(fixture->to, b);
	view(fixture, fixture->to, "w", "SELECT id FROM v");
	view(fixture, fixture->to, "v", "SELECT id FROM t");
	assert_string_equal(found(fixture),
		"drop view 'w'\ndrop view 'v'\ndrop column 'a' from 't'\ncreate view 'v'\ncreate view 'w'\n");
}

static void views_stay_where_the_engine_lets_them(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *a = table(fixture, "t"), *b = table(fixture, "t");

	b->columns[1]->type = retort_type_new(fixture->arena, RETORT_TYPE_TEXT);
	retort_schema_put_table(fixture->from, a);
	retort_schema_put_table(fixture->to, b);
	view(fixture, fixture->from, "v", "SELECT id, a FROM t");
	view(fixture, fixture->to, "v", "SELECT id, a FROM t");
	assert_string_equal(found(fixture), "alter column 'a' of 't'\n");
	fixture->caps = RETORT_CAP_VIEWS_HOLD;
	assert_string_equal(found(fixture), "drop view 'v'\nalter column 'a' of 't'\ncreate view 'v'\n");
}

static void routines_and_views_come_after_what_they_name(void **state)
{
	struct fixture *fixture = *state;
	struct retort_table *t = table(fixture, "t");
	struct retort_default *def = retort_alloc(fixture->arena, sizeof *def);

	def->kind = RETORT_DEFAULT_EXPRESSION;
	def->text = "early()";
	t->columns[1]->def = def;
	retort_schema_put_table(fixture->to, t);
	function(fixture, "a_rows", "() RETURNS SETOF z LANGUAGE sql AS $$ SELECT late() $$");
	function(fixture, "early", "() RETURNS bigint LANGUAGE sql AS $$ SELECT x_early() FROM t $$");
	function(fixture, "late", "() RETURNS bigint LANGUAGE sql AS $$ SELECT 1 $$");
	function(fixture, "ring_a", "() RETURNS bigint LANGUAGE sql AS $$ SELECT ring_b() $$");
	function(fixture, "ring_b", "() RETURNS bigint LANGUAGE SQL AS $$ SELECT ring_a() $$");
	function(fixture, "round", "() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN round(); END $$");
	function(fixture, "x_early", "() RETURNS bigint LANGUAGE sql AS $$ SELECT 2 $$");
	view(fixture, fixture->to, "b", "SELECT ring_b() AS r, z.id FROM z");
	view(fixture, fixture->to, "z", "SELECT id FROM t");
	fixture->caps = RETORT_CAP_VIEWS_HOLD;
	assert_string_equal(found(fixture),
		"create function 'x_early'\ncreate function 'early'\ncreate table 't'\ncreate view 'z'\n"
		"create function 'late'\ncreate function 'a_rows'\ncreate function 'ring_a'\n"
		"create function 'ring_b'\ncreate function 'round'\ncreate view 'b'\n");
	for (size_t i = 0; i < fixture->diff.change_count; i++) {
		const struct retort_op *op = fixture->diff.changes[i].op;
		bool asks = op->kind == RETORT_OP_CREATE_ROUTINE &&
			(strncmp(op->name, "ring_", 5) == 0 || strcmp(op->name, "early") == 0);

		assert_int_equal(op->unchecked, asks);
	}
	fixture->from = fixture->to;
	fixture->to = retort_schema_new(fixture->arena);
	assert_string_equal(found(fixture),
		"drop view 'b'\ndrop function 'a_rows'\ndrop view 'z'\ndrop table 't'\ndrop function "
		"'round'\n"
		"drop function 'ring_b'\ndrop function 'ring_a'\ndrop function 'early'\n"
		"drop function 'x_early'\ndrop function 'late'\n");
}

static void a_foreign_key_makes_room_for_the_key_it_stands_on(void **state)
{
	struct fixture *fixture = *state;

	for (int side = 0; side < 2; side++) {
		struct retort_schema *schema = side ? fixture->to : fixture->from;
		struct retort_table *parent = table(fixture, "p"), *child = table(fixture, "c");

		refer(fixture, child, "p");
		if (side)
			parent->constraints[0]->name = "pk_other";
		parent->constraints[0]->deferrable = side;
		retort_schema_put_table(schema, parent);
		retort_schema_put_table(schema, child);
	}
	assert_string_equal(found(fixture),
		"drop constraint 'fk_c_p' of 'c'\ndrop constraint 'pk_p' of 'p'\n"
		"create primary key 'pk_other' on 'p'\ncreate foreign key 'fk_c_p' on 'c'\n");
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A ring: the last refers to the first. */
static void fill(struct fixture *fixture, struct retort_schema *schema, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct retort_table *one = table(fixture, retort_printf(fixture->arena, "t%05zu", i));

		refer(fixture, one, retort_printf(fixture->arena, "t%05zu", (i + 1) % n));
		retort_schema_put_table(schema, one);
	}
}

static double empty_difference(struct fixture *fixture, size_t n)
{
	const struct diff_options options = {0};
	struct retort_schema *from = retort_schema_new(fixture->arena),
			     *to = retort_schema_new(fixture->arena);
	const struct diff_side left = {from, from}, right = {to, to};
	double start;

	fill(fixture, from, n);
	fill(fixture, to, n);
	start = seconds();
	assert_int_equal(diff_schemas(fixture->arena, &left, &right, &options, &fixture->diff, fixture->err),
		0);
	assert_int_equal(fixture->diff.change_count, 0);
	return seconds() - start;
}

static void a_ring_of_thousands_comes_and_goes(void **state)
{
	struct fixture *fixture = *state;

	fill(fixture, fixture->to, MANY);
	found(fixture);
	assert_int_equal(fixture->diff.change_count, MANY + 1);
	fixture->from = fixture->to;
	fixture->to = retort_schema_new(fixture->arena);
	found(fixture);
	assert_int_equal(fixture->diff.change_count, MANY + 1);
}

/* Ten times the tables may take thirty times as long at most, with room for caches and a busy machine. */
static void comparing_is_linear(void **state)
{
	struct fixture *fixture = *state;
	double small = empty_difference(fixture, MANY / 10), large = empty_difference(fixture, MANY);

	assert_true(large < 30 * small + 0.05);
	assert_true(large < 5);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tables_come_after_what_they_refer_to_and_go_before),
		TEST(a_cycle_is_closed_at_the_end),
		TEST(views_go_around_a_column_that_goes),
		TEST(views_stay_where_the_engine_lets_them),
		TEST(routines_and_views_come_after_what_they_name),
		TEST(a_foreign_key_makes_room_for_the_key_it_stands_on),
		TEST(a_ring_of_thousands_comes_and_goes),
		TEST(comparing_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
