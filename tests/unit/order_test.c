/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "model/order.h"
#include "model_fixture.h"

/* Tables made of "name: referred referred; ..." in the order given. */
static const struct retort_table **tables_of(struct fixture *f, const char *text, size_t *count)
{
	const struct retort_table **tables = NULL;

	*count = 0;
	while (*text) {
		size_t n = strcspn(text, ":");
		struct retort_table *table =
			retort_table_new(f->arena, NULL, retort_strndup(f->arena, text, n));

		for (text += n + 1; *text && *text != ';'; text += n) {
			text += strspn(text, " ");
			n = strcspn(text, " ;");
			if (!n)
				continue;
			retort_table_add_constraint(f->arena, table, RETORT_FOREIGN_KEY, NULL)->references =
				references(f, retort_strndup(f->arena, text, n), NULL);
		}
		text += strspn(text, "; ");
		RETORT_PUSH(f->arena, tables, *count, table);
	}
	return tables;
}

static const struct {
	const char *tables, *order, *late;
} cases[] = {
	{"", "", ""},
	{"b:; a:; c:", "a b c ", ""},
	{"a: z; z:; b: a", "z a b ", ""},
	{"a: a", "a ", ""},
	{"a: elsewhere", "a ", ""},
	{"a: b; b: a", "b a ", "b->a "},
	{"a: b b; b: c; c: a", "c b a ", "c->a "},
	{"a: b; b: c; c: b d; d:", "d c b a ", "c->b "},
	{"a: c; b: c; c:", "c a b ", ""},
};

static void test_order(void **state)
{
	struct fixture *f = *state;
	size_t i, j, n, late_count;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct retort_table **tables = tables_of(f, cases[i].tables, &n);
		struct order_late *late;
		struct retort_buf order, keys;

		order_tables(f->arena, tables, n, &late, &late_count);
		retort_buf_init(&order, f->arena);
		retort_buf_init(&keys, f->arena);
		for (j = 0; j < n; j++)
			retort_buf_printf(&order, "%s ", tables[j]->name);
		for (j = 0; j < late_count; j++)
			retort_buf_printf(&keys, "%s->%s ", late[j].table->name,
				late[j].constraint->references->table);
		assert_string_equal(order.data, cases[i].order);
		assert_string_equal(keys.data, cases[i].late);
	}
}

/* A chain and a ring of 5,000 tables: no recursion, and time that grows with their number only. */
static void test_size(void **state)
{
	struct fixture *f = *state;
	enum { N = 5000 };
	size_t ring, i, late_count;

	for (ring = 0; ring < 2; ring++) {
		const struct retort_table **tables = retort_alloc_array(f->arena, N, sizeof *tables);
		struct order_late *late;
		clock_t start;

		for (i = 0; i < N; i++) {
			struct retort_table *table =
				retort_table_new(f->arena, NULL, retort_printf(f->arena, "t%04zu", i));

			if (i + 1 < N || ring)
				retort_table_add_constraint(f->arena, table, RETORT_FOREIGN_KEY, NULL)
					->references =
					references(f, retort_printf(f->arena, "t%04zu", (i + 1) % N), NULL);
			tables[i] = table;
		}
		start = clock();
		order_tables(f->arena, tables, N, &late, &late_count);
		assert_true(clock() - start < CLOCKS_PER_SEC);
		assert_int_equal(late_count, ring);
		assert_string_equal(tables[0]->name, "t4999");
		assert_string_equal(tables[N - 1]->name, "t0000");
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {TEST(test_order), TEST(test_size)};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
