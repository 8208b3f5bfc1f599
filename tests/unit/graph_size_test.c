/* SPDX-License-Identifier: MIT
 *
 * Graphs of 10,000 revisions, and those of real projects.
 */
#include "graph_fixture.h"

#include <stdio.h>
#include <time.h>

/* ---- size ---- */

enum { MANY = 10000 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Builds, plans all the way up and down and lists, and tells how long that took. */
static void measure(struct fixture *f, const char *shape)
{
	struct revision_list rows = {NULL, 0}, listing;
	double start = now_ms(), up, down;
	struct step_list steps;
	size_t i;

	assert_int_equal(graph_build(f->graph, f->err), 0);
	assert_int_equal(graph_upgrade(f->graph, &rows, "heads", &steps, f->err), 0);
	up = now_ms() - start;
	assert_int_equal(steps.count, f->graph->count);
	for (i = 0; i < steps.count; i++)
		assert_int_equal(graph_apply(f->graph, &steps.items[i], &rows), 0);
	assert_true(graph_at_heads(f->graph, &rows));
	start = now_ms();
	assert_int_equal(graph_downgrade(f->graph, &rows, "base", &steps, f->err), 0);
	assert_int_equal(steps.count, f->graph->count);
	assert_int_equal(graph_history(f->graph, NULL, NULL, &listing, f->err), 0);
	assert_int_equal(listing.count, f->graph->count);
	down = now_ms() - start;
	print_message("%s: %zu revisions: build and upgrade plan %.1f ms, downgrade plan and history %.1f "
		      "ms\n",
		shape, f->graph->count, up, down);
}

static void test_linear(void **state)
{
	struct fixture *f = *state;
	const char *below = "";
	size_t i;

	for (i = 0; i < MANY; i++) {
		const char *id = retort_printf(f->arena, "%012zx", i * 2654435761u);

		add(f, id, below, i == 10 ? "label" : "", "");
		below = id;
	}
	measure(f, "one line");
}

static void test_many_branches(void **state)
{
	struct fixture *f = *state;
	const char *lines[10] = {"", "", "", "", "", "", "", "", "", ""}, *depends;
	size_t i, at;

	/* Ten lines that merge with, and depend on, each other all the time. */
	for (i = 0; i < MANY; i++) {
		const char *id = retort_printf(f->arena, "%012zx", i * 2654435761u), *down;

		at = i * 7 % 10;
		down = lines[at];
		depends = i % 5 == 4 ? lines[(at + 3) % 10] : "";
		if (i % 11 == 10)
			down = retort_printf(f->arena, "%s %s", lines[at], lines[(at + 1) % 10]);
		add(f, id, down, i < 10 ? retort_printf(f->arena, "line%zu", i) : "", depends);
		lines[at] = id;
	}
	measure(f, "ten lines, merges, dependencies");
}

static void test_wide(void **state)
{
	struct fixture *f = *state;
	size_t i;

	add(f, "root", "", "trunk", "");
	for (i = 0; i < MANY; i++)
		add(f, retort_printf(f->arena, "%012zx", i), "root", "", "");
	measure(f, "one root, all others heads");
}

/* ---- real projects ---- */

/* Reads a file of lines revision,down_revision,branch_labels,depends_on; | separates several. */
static void load_csv(struct fixture *f, const char *name)
{
	const char *path = retort_printf(f->arena, "%s/tests/graph/%s.csv", RETORT_SOURCE, name);
	FILE *file = fopen(path, "r");
	char line[1000], *rest, *field[4];
	size_t i;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file)); /* the names of the columns */
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\r\n")] = '\0';
		rest = retort_strdup(f->arena, line);
		for (i = 0; i < 4; i++) {
			field[i] = strsep(&rest, ",");
			assert_non_null(field[i]);
		}
		for (i = 1; i < 4; i++)
			for (char *bar = field[i]; (bar = strchr(bar, '|'));)
				*bar = ' ';
		add(f, field[0], field[1], field[2], field[3]);
	}
	fclose(file);
}

static void test_real_graphs(void **state)
{
	static const struct {
		const char *name;
		size_t revisions, heads, branch_points, merge_points;
	} graphs[] = {
		{"airflow-2021", 84, 1, 5, 3},
		{"airflow", 123, 1, 5, 3},
		{"superset", 205, 1, 22, 27},
		{"warehouse", 288, 1, 2, 2},
	};
	struct fixture *f = *state;
	size_t i, k, branch_points, merge_points;

	for (i = 0; i < sizeof graphs / sizeof *graphs; i++) {
		f->graph = graph_new(f->arena);
		load_csv(f, graphs[i].name);
		measure(f, graphs[i].name);
		assert_int_equal(f->graph->count, graphs[i].revisions);
		assert_int_equal(graph_heads(f->graph, false).count, graphs[i].heads);
		assert_int_equal(graph_bases(f->graph).count, 1);
		for (k = branch_points = merge_points = 0; k < f->graph->count; k++) {
			branch_points += revision_is_branch_point(f->graph->revisions[k]);
			merge_points += revision_is_merge_point(f->graph->revisions[k]);
		}
		assert_int_equal(branch_points, graphs[i].branch_points);
		assert_int_equal(merge_points, graphs[i].merge_points);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_linear),
		TEST(test_many_branches),
		TEST(test_wide),
		TEST(test_real_graphs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
