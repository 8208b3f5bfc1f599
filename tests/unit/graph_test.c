/* SPDX-License-Identifier: MIT
 *
 * The revision graph: validation, labels, order, version rows. What commands make of whole graphs
 * is in graph_scenarios_test.c.
 */
#include "graph_fixture.h"

/* ---- validation ---- */

static void test_bad_ids(void **state)
{
	struct fixture *f = *state;
	struct revision *revision;

	add(f, "a@b", "", "", "");
	add(f, "a b", "", "", "");
	add(f, "a\x1b[1m", "", "", "");
	add(f, "", "", "", "");
	add(f, "123456789012345678901234567890123", "", "", "");
	/* 32 characters, 64 bytes */
	add(f, "ääääääääääääääääääääääääääääääää", "", "", "");
	revision = add(f, "fine", "", "", "");
	revision->labels = (const char *const[]){"-1", "a:b", "rc-1"};
	revision->label_count = 3;
	assert_fault(f,
		"cannot load '0_a@b.yaml': the revision id 'a@b' holds one of @ - + :\n"
		"cannot load '1_a b.yaml': the revision id 'a b' holds a blank or control character\n"
		"cannot load '2_a\\x1b[1m.yaml': the revision id 'a\\x1b[1m' holds a blank or control "
		"character\n"
		"cannot load '3_.yaml': the revision id '' is empty\n"
		"cannot load '4_123456789012345678901234567890123.yaml': the revision id "
		"'123456789012345678901234567890123' is longer than 32 characters\n"
		"cannot load '6_fine.yaml': the label '-1' begins with + or -\n"
		"cannot load '6_fine.yaml': the label 'a:b' holds @ or :\n");
}

static void test_taken_names(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "", "shop", "");
	tag(f, add(f, "b", "a", "shop", ""), "v1 a b");
	tag(f, add(f, "c", "b", "v1 d", ""), "");
	add(f, "a", "c", "", "");
	add(f, "d", "c", "", "");
	assert_fault(f,
		"cannot load '3_a.yaml': the revision id 'a' is already the id of '0_a.yaml'\n"
		"cannot load '1_b.yaml': the label 'shop' is already the label of '0_a.yaml'\n"
		"cannot load '1_b.yaml': the tag 'a' is already the id of '0_a.yaml'\n"
		"cannot load '1_b.yaml': the tag 'b' is its id already\n"
		"cannot load '2_c.yaml': the label 'v1' is already the tag of '1_b.yaml'\n"
		"cannot load '2_c.yaml': the label 'd' is already the id of '4_d.yaml'\n");
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	add(f, "aaaa11112222", "", "shop", "");
	add(f, "bbbb", "aaaa11112221", "", "nowhere");
	add(f, "cccc", "shop", "", "shopp");
	assert_fault(f,
		"cannot load '1_bbbb.yaml': it comes after 'aaaa11112221', which is no revision: did you "
		"mean 'aaaa11112222'?\n"
		"cannot load '1_bbbb.yaml': it depends on 'nowhere', which is no revision, label or tag of "
		"any file\n"
		"cannot load '2_cccc.yaml': it comes after 'shop', which is no revision: did you mean "
		"'shop'?\n"
		"cannot load '2_cccc.yaml': it depends on 'shopp', which is no revision, label or tag: did "
		"you mean "
		"'shop'?\n");
}

static void test_cycles(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "", "", "");
	add(f, "b", "a c", "", "");
	add(f, "c", "b", "", "");
	add(f, "above", "c", "", "");
	add(f, "x", "", "", "z");
	add(f, "y", "x above", "", "");
	add(f, "z", "y", "", "");
	add(f, "self", "a", "", "self");
	assert_fault(f,
		"cannot load '1_b.yaml' and '2_c.yaml': they form a cycle, each comes after or depends on "
		"the next\n"
		"cannot load '4_x.yaml', '5_y.yaml' and '6_z.yaml': they form a cycle, each comes after or "
		"depends on "
		"the next\n"
		"cannot load '7_self.yaml': revision 'self' comes after itself, or depends on itself\n");
}

/* A graph may be built again with one more. */
static void test_build_again(void **state)
{
	struct fixture *f = *state;

	two_lines(f);
	add(f, "m", "d1 d2", "whole", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_list(f, graph_heads(f->graph, true), "m");
	assert_int_equal(graph_find(f->graph, "b")->child_count, 2);
	assert_null(graph_find(f->graph, "whole"));
	assert_null(graph_find(f->graph, "d"));
}

/* ---- what is filled ---- */

static void test_kinds(void **state)
{
	struct fixture *f = *state;
	struct revision *a, *b, *m, *x;

	a = add(f, "a", "", "lib", "");
	b = add(f, "b", "a", "", "");
	add(f, "c", "a", "", "");
	m = add(f, "m", "b c b", "", "a b");
	x = add(f, "x", "", "", "m lib m");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_true(revision_is_base(a) && revision_is_branch_point(a) && !revision_is_head(a));
	assert_true(revision_is_merge_point(m) && revision_is_head(m) && !revision_is_real_head(m));
	assert_true(revision_is_base(x) && revision_is_real_head(x));
	assert_false(revision_is_branch_point(b) || revision_is_merge_point(b));
	assert_int_equal(m->parent_count, 2);
	assert_int_equal(m->need_count, 1); /* b is a parent, a is not */
	assert_int_equal(x->need_count, 2);
	assert_int_equal(a->dependent_count, 2);
	assert_list(f, graph_heads(f->graph, false), "m x");
	assert_list(f, graph_heads(f->graph, true), "x");
	assert_list(f, graph_bases(f->graph), "a x");
	assert_list(f, graph_ancestors(f->graph, (const struct revision *[]){x}, 1, true), "a b c m x");
	assert_list(f, graph_ancestors(f->graph, (const struct revision *[]){x}, 1, false), "x");
}

static const char *labels_of(struct fixture *f, const char *id)
{
	const struct revision *revision = graph_find(f->graph, id);
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, f->arena);
	for (i = 0; i < revision->all_label_count; i++)
		retort_buf_printf(&buf, "%s%s", i ? "," : "", revision->all_labels[i]);
	return buf.data;
}

/* Up to all descendants; down only along a line that is plain all the way up. */
static void test_labels(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "", "root", "");
	add(f, "b1", "a", "", "");
	add(f, "c1", "b1", "left", "");
	add(f, "d1", "c1", "", "");
	add(f, "b2", "a", "", "");
	add(f, "c2", "b2", "right", "");
	add(f, "d2", "c2", "", "");
	add(f, "d3", "c2", "", "");
	add(f, "m", "d1 d2", "", "");
	add(f, "b4", "a", "", "");
	add(f, "c4", "b4", "plain", "");
	add(f, "d4", "c4", "more also", "");
	add(f, "e4", "d4", "", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_string_equal(labels_of(f, "a"), "root");
	assert_string_equal(labels_of(f, "b1"), "root");
	assert_string_equal(labels_of(f, "d1"), "left,root");
	assert_string_equal(labels_of(f, "b2"), "root");
	assert_string_equal(labels_of(f, "d3"), "right,root");
	assert_string_equal(labels_of(f, "m"), "left,right,root");
	assert_string_equal(labels_of(f, "b4"), "also,more,plain,root");
	assert_string_equal(labels_of(f, "e4"), "also,more,plain,root");
}

/* Among those that may run next the one loaded first; history keeps a line together. */
static void test_order(void **state)
{
	struct fixture *f = *state;
	struct revision_list set = {NULL, 0}, rows = {NULL, 0}, listing;
	struct step_list steps;
	struct retort_buf buf;
	size_t i;

	add(f, "z", "y", "", "");
	add(f, "p", "", "", "");
	add(f, "q", "p", "", "");
	add(f, "y", "", "", "q");
	add(f, "r", "", "", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_list(f, graph_sorted(f->graph), "p q y z r");
	RETORT_PUSH(f->arena, set.items, set.count, graph_find(f->graph, "z"));
	RETORT_PUSH(f->arena, set.items, set.count, graph_find(f->graph, "q"));
	assert_list(f, graph_sort(f->graph, &set), "q z");
	assert_int_equal(graph_history(f->graph, NULL, NULL, &listing, f->err), 0);
	assert_list(f, listing, "z y q p r");
	retort_buf_init(&buf, f->arena);
	rows = rows_of(f, "z r");
	assert_int_equal(graph_downgrade(f->graph, &rows, "base", &steps, f->err), 0);
	for (i = 0; i < steps.count; i++)
		retort_buf_str(&buf, steps.items[i].revision->id);
	rows = rows_of(f, "q");
	assert_int_equal(graph_upgrade(f->graph, &rows, "heads", &steps, f->err), 0);
	for (i = 0; i < steps.count; i++)
		retort_buf_str(&buf, steps.items[i].revision->id);
	assert_string_equal(buf.data,
		"zyqpr"
		"yzr");
}

/* ---- rows ---- */

static void test_rows(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows;

	two_lines(f);
	assert_list(f, rows_of(f, "d1 c2 d1"), "d1 c2");
	rows = rows_of(f, "d1 c2");
	assert_list(f, graph_applied(f->graph, &rows), "a b c1 c2 d1");
	assert_list(f, graph_current(f->graph, &rows), "c2 d1");
	assert_false(graph_at_heads(f->graph, &rows));
	rows = rows_of(f, "d2 d1");
	assert_true(graph_at_heads(f->graph, &rows));
	rows = rows_of(f, "d1");
	assert_false(graph_at_heads(f->graph, &rows));

	assert_int_equal(graph_rows(f->graph, (const char *[]){"dead", "d1", "beef"}, 3, &rows, f->err), -1);
	assert_int_equal(retort_error_first(f->err)->code, RETORT_E_STATE);
	assert_string_equal(messages(f),
		"cannot find revision 'dead', which the database is at: bring its file back, or say where "
		"the database "
		"really is with stamp --purge REVISION\n"
		"cannot find revision 'beef', which the database is at: bring its file back, or say where "
		"the database "
		"really is with stamp --purge REVISION\n");
	assert_int_equal(graph_rows(f->graph, (const char *[]){"d1", "c2", "b"}, 3, &rows, f->err), -1);
	assert_int_equal(retort_error_first(f->err)->code, RETORT_E_STATE);
	assert_string_equal(messages(f),
		"the rows of the version table overlap: 'b' comes before 'c2' and is implied by "
		"it: say where the database really is with stamp --purge REVISION\n");
	assert_list(f, rows, "d1 c2 b"); /* for those who only show them */
}

static void test_row_changes(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows = {NULL, 0};
	struct step_list steps;

	add(f, "a", "", "", "");
	add(f, "b", "a", "", "");
	add(f, "c", "a", "", "");
	add(f, "m", "b c", "", "a");
	add(f, "x", "", "", "m");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_int_equal(graph_upgrade(f->graph, &rows, "heads", &steps, f->err), 0);
	assert_changes(f, &steps, "+a | a>b | +c | -c b>m | m>x ");
	assert_int_equal(steps.items[3].from_count, 2);
	assert_string_equal(steps.items[3].from[1], "c");
	assert_int_equal(steps.items[4].from_count, 0); /* parents only, as logged */
	rows = rows_of(f, "x");
	assert_int_equal(graph_downgrade(f->graph, &rows, "base", &steps, f->err), 0);
	assert_changes(f, &steps, "x>m | m>b +c | -b | c>a | -a ");
	assert_int_equal(steps.items[1].to_count, 2);
	rows = rows_of(f, "b c");
	assert_int_equal(graph_stamp(f->graph, &rows, (const char *[]){"m"}, 1, &steps, f->err), 0);
	assert_changes(f, &steps, "-b c>m ");
	assert_int_equal(steps.items[0].direction, DIRECTION_STAMP);
	assert_string_equal(steps.items[0].revision->id, "m");
	assert_int_equal(graph_stamp(f->graph, &rows, (const char *[]){"base"}, 1, &steps, f->err), 0);
	assert_changes(f, &steps, "-b | -c ");
	assert_null(steps.items[0].revision);
}

static void test_apply_checks(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows;
	struct step step = {.delete_rows = (const char *const[]){"d1"}, .delete_count = 1};

	two_lines(f);
	rows = rows_of(f, "d1 c2");
	assert_int_equal(graph_apply(f->graph, &step, &rows), 0);
	assert_list(f, rows, "c2");
	assert_int_equal(graph_apply(f->graph, &step, &rows), -1);
	step = (struct step){.update_from = "d1", .update_to = "c1"};
	assert_int_equal(graph_apply(f->graph, &step, &rows), -1);
	step = (struct step){.insert_rows = (const char *const[]){"c2"}, .insert_count = 1};
	assert_int_equal(graph_apply(f->graph, &step, &rows), -1);
	step = (struct step){.update_from = "c2", .update_to = "d2"};
	assert_int_equal(graph_apply(f->graph, &step, &rows), 0);
	assert_list(f, rows, "d2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad_ids),
		TEST(test_taken_names),
		TEST(test_missing),
		TEST(test_cycles),
		TEST(test_build_again),
		TEST(test_kinds),
		TEST(test_labels),
		TEST(test_order),
		TEST(test_rows),
		TEST(test_row_changes),
		TEST(test_apply_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
