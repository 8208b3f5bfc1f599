/* SPDX-License-Identifier: MIT
 *
 * Revision symbols, and what plans and listings say where they refuse.
 */
#include "graph_fixture.h"

/* ---- symbols ---- */

/* What a symbol stands for, or the message. */
static const char *resolved(struct fixture *f, const char *symbol, bool several)
{
	struct revision_list list;

	if (graph_resolve(f->graph, symbol, several, &list, f->err))
		return messages(f);
	return joined(f, &list);
}

/* A line with a label and tags that forks into two tips. */
static void two_tips(struct fixture *f)
{
	add(f, "aaaa1111", "", "shop-v2", "");
	tag(f, add(f, "aaaa2222", "aaaa1111", "", ""), "v4.2 v4.2-rc1 release-1");
	add(f, "bbb", "aaaa2222", "", "");
	add(f, "cccc3333", "aaaa2222", "right", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
}

static void test_symbols(void **state)
{
	struct fixture *f = *state;

	two_tips(f);
	assert_string_equal(resolved(f, "v4.2", false), "aaaa2222");
	assert_string_equal(resolved(f, "v4.2-rc1", false), "aaaa2222");
	assert_string_equal(resolved(f, "v4.2-rc1-1", false), "aaaa1111");
	assert_string_equal(resolved(f, "shop-v2", false), "aaaa1111");
	assert_string_equal(resolved(f, "shop-v2@heads", true), "bbb cccc3333");
	assert_string_equal(resolved(f, "shop-v2+1", false), "aaaa2222");
	assert_string_equal(resolved(f, "right@head-2", false), "aaaa1111");
	assert_string_equal(resolved(f, "right@base+3", false), "cccc3333");
	assert_string_equal(resolved(f, "right@-1", false), "aaaa2222");
	assert_string_equal(resolved(f, "-1", true), "aaaa2222");
	assert_string_equal(resolved(f, "c", false), "cccc3333");
	assert_string_equal(resolved(f, "bbb", false), "bbb");
	assert_string_equal(resolved(f, "base", false), "");
	assert_string_equal(resolved(f, "bb", false), "cannot find revision 'bb': no file has it\n");
	assert_string_equal(resolved(f, "v4", false), "cannot find revision 'v4': no file has it\n");
	assert_string_equal(resolved(f, "cccc333", false), "cccc3333");
	assert_string_equal(resolved(f, "cccc3334", false),
		"cannot find revision 'cccc3334': did you mean 'cccc3333'?\n");
	assert_string_equal(resolved(f, "aaaa", false),
		"cannot find revision 'aaaa': it is ambiguous: 'aaaa1111' and 'aaaa2222' begin with it\n");
}

static void test_refused_symbols(void **state)
{
	struct fixture *f = *state;

	two_tips(f);
	assert_string_equal(resolved(f, "right@bbb", false),
		"cannot find revision 'bbb' on branch 'right': it lies outside of it\n");
	assert_string_equal(resolved(f, "left@head", false), "cannot find branch 'left': no file has it\n");
	assert_string_equal(resolved(f, "left@base", false), "cannot find branch 'left': no file has it\n");
	assert_string_equal(resolved(f, "head", true),
		"cannot use 'head' for one revision: there are several heads, 'bbb' and 'cccc3333': name one "
		"of them, or "
		"'heads' for all\n");
	assert_string_equal(resolved(f, "shop-v2@head", false),
		"cannot use 'shop-v2@head' for one revision: there are several heads, 'bbb' and 'cccc3333': "
		"name one of "
		"them, or 'shop-v2@heads' for all\n");
	assert_string_equal(resolved(f, "heads", false),
		"cannot use 'heads' for one revision: there are several heads, 'bbb' and 'cccc3333': name "
		"one of them\n");
	assert_string_equal(resolved(f, "base+3", false),
		"cannot go to 'base+3': it is ambiguous: 'bbb' and 'cccc3333' come after 'aaaa2222': name a "
		"branch, as in "
		"BRANCH@+N, or a revision\n");
	assert_string_equal(resolved(f, "bbb-4", false),
		"cannot go to 'bbb-4': there are not that many revisions on the way\n");
	assert_string_equal(resolved(f, "bbb-99999999999999999999999", false),
		"cannot go to 'bbb-99999999999999999999999': there are not that many revisions on the way\n");
	assert_string_equal(resolved(f, "+1", false),
		"cannot find revision '+1': it says how far from where the database "
		"is, but not from which revision\n");
	assert_string_equal(resolved(f, "a:b", false),
		"cannot use the range 'a:b' here: name one revision\n");
	assert_string_equal(resolved(f, "@head", false),
		"cannot find revision '@head': a name is missing beside the @\n");
	assert_string_equal(resolved(f, "right@", false),
		"cannot find revision 'right@': a name is missing beside the @\n");
	assert_string_equal(resolved(f, "", false), "cannot find revision '': a name is missing\n");
	assert_string_equal(resolved(f, "a+b\x1b", false),
		"cannot find revision 'a+b\\x1b': no file has it\n");
	assert_string_equal(resolved(f, "right@right@head", false),
		"cannot find revision 'right@head' on branch 'right': no file has it\n");
}

/* ---- plans: what only messages show ---- */

static const char *refused(struct fixture *f, const char *rows_text, const char *target, bool up)
{
	struct revision_list rows = rows_of(f, rows_text);
	struct step_list steps;

	assert_int_equal(up ? graph_upgrade(f->graph, &rows, target, &steps, f->err)
			    : graph_downgrade(f->graph, &rows, target, &steps, f->err),
		-1);
	assert_int_equal(steps.count, 0);
	return messages(f);
}

static void test_several_heads(void **state)
{
	struct fixture *f = *state;

	two_lines(f);
	assert_string_equal(refused(f, "d1 d2", "-2", false),
		"cannot downgrade to '-2': there are several heads in the database, 'd1' and 'd2': say "
		"which, as in "
		"'left@-2' and 'right@-2'\n");
	assert_string_equal(refused(f, "c1 c2", "+1", true),
		"cannot go to '+1': it is ambiguous, as there are several current revisions, 'c1' and 'c2': "
		"name a "
		"revision, or a branch as in 'left@+1' and 'right@+1'\n");
	assert_string_equal(refused(f, "d1", "right@-1", false),
		"cannot downgrade to 'right@-1': nothing of this branch is applied\n");
}

/* Where no label tells the heads apart their ids do. */
static void test_several_heads_without_labels(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "", "all", "");
	add(f, "b", "a", "", "");
	add(f, "c", "a", "", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_string_equal(refused(f, "b c", "-1", false),
		"cannot downgrade to '-1': there are several heads in the database, 'b' and 'c': say which, "
		"as in "
		"'b@-1' and 'c@-1'\n");
}

static void test_refused_downgrades(void **state)
{
	struct fixture *f = *state;

	two_lines(f);
	assert_string_equal(refused(f, "b", "c1", false), "cannot downgrade to 'c1': it is not applied\n");
	assert_string_equal(refused(f, "d1 d2", "left@c2", false),
		"cannot downgrade to 'left@c2': the revision lies outside of the branch\n");
	assert_string_equal(refused(f, "d1", "nowhere@base", false),
		"cannot find branch 'nowhere': no file has it\n");
	assert_string_equal(refused(f, "", "-1", false),
		"cannot go to '-1': there are not that many revisions on the way\n");
	assert_string_equal(refused(f, "d1 d2", "b@b", false),
		"cannot downgrade to 'b@b': several lines above it are "
		"part of the branch: name a branch that only one is\n");
}

static void test_already(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows;
	struct step_list steps;

	two_lines(f);
	rows = rows_of(f, "d1");
	assert_int_equal(graph_upgrade(f->graph, &rows, "c1", &steps, f->err), 0);
	assert_int_equal(steps.count, 0);
	assert_string_equal(steps.already, "c1");
	assert_int_equal(graph_upgrade(f->graph, &rows, "left@head", &steps, f->err), 0);
	assert_int_equal(steps.count, 0);
	assert_null(steps.already);
	assert_int_equal(graph_upgrade(f->graph, &rows, "right@head", &steps, f->err), 0);
	assert_int_equal(steps.count, 2);
	assert_null(steps.already);
}

static void test_stamp_overlap(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows = {NULL, 0};
	struct step_list steps;

	two_lines(f);
	assert_int_equal(graph_stamp(f->graph, &rows, (const char *[]){"d1", "b"}, 2, &steps, f->err), -1);
	assert_string_equal(messages(f),
		"the revisions to stamp overlap: 'b' comes before 'd1' and is implied by it: name "
		"only the later one\n");
	assert_int_equal(graph_stamp(f->graph, &rows, (const char *[]){"-1"}, 1, &steps, f->err), -1);
	assert_string_equal(messages(f), "cannot stamp '-1': name the revision that the database is at\n");
	/* Unlike with Alembic a head that is a row already is not lost when the other one is moved. */
	rows = rows_of(f, "d1 c2");
	assert_int_equal(graph_stamp(f->graph, &rows, (const char *[]){"heads"}, 1, &steps, f->err), 0);
	assert_changes(f, &steps, "c2>d2 ");
}

static void test_history_ranges(void **state)
{
	struct fixture *f = *state;
	struct revision_list rows, listing;

	two_lines(f);
	rows = rows_of(f, "d1 c2");
	assert_int_equal(graph_history(f->graph, ":current", &rows, &listing, f->err), 0);
	assert_list(f, listing, "c2 d1 c1 b a");
	assert_int_equal(graph_history(f->graph, "current:", &rows, &listing, f->err), 0);
	assert_list(f, listing, "d1 d2 c2");
	assert_int_equal(graph_history(f->graph, ":current", NULL, &listing, f->err), 0);
	assert_list(f, listing, "");
	assert_int_equal(graph_history(f->graph, "left@-9:", NULL, &listing, f->err), 0);
	assert_list(f, listing, "d1 c1 b a");
	assert_int_equal(graph_history(f->graph, "b:left@+9", NULL, &listing, f->err), 0);
	assert_list(f, listing, "d1 c1 b");
	assert_int_equal(graph_history(f->graph, "d1:d2", NULL, &listing, f->err), -1);
	assert_string_equal(messages(f), "cannot list 'd1' to 'd2': the one is no ancestor of the other\n");
	assert_int_equal(graph_history(f->graph, "a:b:c", NULL, &listing, f->err), -1);
	assert_string_equal(messages(f), "cannot read the range 'a:b:c': write A:B, A: or :B\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_symbols),
		TEST(test_refused_symbols),
		TEST(test_several_heads),
		TEST(test_several_heads_without_labels),
		TEST(test_refused_downgrades),
		TEST(test_already),
		TEST(test_stamp_overlap),
		TEST(test_history_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
