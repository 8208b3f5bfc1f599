/* SPDX-License-Identifier: MIT
 *
 * The cases of tests/graph (or of the folder given as argument): each file is one revision graph and
 * the commands run on it. Here they meet the graph alone, without files, database or output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script/graph.h"

#include <ctype.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One case at hand. */
struct scenario {
	const char *name; /* FILE/CASE */
	json_t *graph, *wanted;
	struct retort_arena *arena;
	struct retort_error *err;
	struct graph *revisions;
};

/* What a command gave. */
struct outcome {
	bool failed, listed, stepped;
	struct revision_list rows, listing;
	struct step_list steps;
	int status;
};

static const char *const *strings(struct retort_arena *arena, json_t *array, size_t *count)
{
	const char **items = retort_alloc_array(arena, json_array_size(array), sizeof *items);
	json_t *item;
	size_t i;

	json_array_foreach(array, i, item) items[i] = json_string_value(item);
	*count = json_array_size(array);
	return items;
}

/* The name of the i-th revision file: what is no word character in the id becomes _. */
static const char *file_path(struct retort_arena *arena, size_t i, const char *id)
{
	char *path = retort_printf(arena, "/project/versions/%05zu_%s.yaml", i, id), *c;

	for (c = path + strlen("/project/versions/"); *c; c++)
		if (!isalnum((unsigned char)*c) && strcmp(c, ".yaml"))
			*c = '_';
	return path;
}

static int load(struct scenario *scenario)
{
	struct retort_arena *arena = scenario->arena;
	json_t *row;
	size_t i;

	scenario->revisions = graph_new(arena);
	json_array_foreach(scenario->graph, i, row)
	{
		struct revision *revision = retort_alloc(arena, sizeof *revision);

		revision->id = json_string_value(json_object_get(row, "revision"));
		revision->down = strings(arena, json_object_get(row, "down_revision"), &revision->down_count);
		revision->labels =
			strings(arena, json_object_get(row, "branch_labels"), &revision->label_count);
		revision->depends =
			strings(arena, json_object_get(row, "depends_on"), &revision->depends_count);
		revision->message = "";
		revision->path = file_path(arena, i, revision->id);
		graph_add(scenario->revisions, revision);
	}
	return graph_build(scenario->revisions, scenario->err);
}

static bool has_option(const struct scenario *scenario, const char *option)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(scenario->wanted, "options"), i,
		item) if (!strcmp(json_string_value(item), option)) return true;
	return false;
}

static const char *target_or(const struct scenario *scenario, const char *fallback)
{
	const char *target = json_string_value(json_object_get(scenario->wanted, "target"));

	return target ? target : fallback;
}

/* Applies the steps to the rows, which must be an antichain after each. */
static void apply(const struct scenario *scenario, struct outcome *got)
{
	size_t i, k;

	for (i = 0; i < got->steps.count; i++) {
		const char **ids;
		struct revision_list checked;

		assert_int_equal(graph_apply(scenario->revisions, &got->steps.items[i], &got->rows), 0);
		ids = retort_alloc_array(scenario->arena, got->rows.count, sizeof *ids);
		for (k = 0; k < got->rows.count; k++)
			ids[k] = got->rows.items[k]->id;
		assert_int_equal(graph_rows(scenario->revisions, ids, got->rows.count, &checked, NULL), 0);
		assert_int_equal(checked.count, got->rows.count);
	}
}

/* Where an id stands in a list; count where it does not. */
static size_t place(const struct revision_list *list, const char *id)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->items[i]->id, id))
			break;
	return i;
}

/* ---- commands: -1 is an error in scenario->err ---- */

static int run_upgrade(struct scenario *scenario, struct outcome *got)
{
	got->stepped = true;
	return graph_upgrade(scenario->revisions, &got->rows, target_or(scenario, "head"), &got->steps,
		scenario->err);
}

static int run_downgrade(struct scenario *scenario, struct outcome *got)
{
	got->stepped = true;
	return graph_downgrade(scenario->revisions, &got->rows, target_or(scenario, "-1"), &got->steps,
		scenario->err);
}

static int run_stamp(struct scenario *scenario, struct outcome *got)
{
	json_t *target = json_object_get(scenario->wanted, "target");
	const char *one = json_string_value(target), *const *targets = &one;
	size_t n = 1;

	if (json_is_array(target))
		targets = strings(scenario->arena, target, &n);
	got->stepped = true;
	return graph_stamp(scenario->revisions, &got->rows, targets, n, &got->steps, scenario->err);
}

static int run_history(struct scenario *scenario, struct outcome *got)
{
	got->listed = true;
	return graph_history(scenario->revisions, target_or(scenario, NULL), &got->rows, &got->listing,
		scenario->err);
}

static int run_show(struct scenario *scenario, struct outcome *got)
{
	got->listed = true;
	return graph_resolve(scenario->revisions, target_or(scenario, "head"), true, &got->listing,
		scenario->err);
}

static int run_heads(struct scenario *scenario, struct outcome *got)
{
	got->listed = true;
	got->listing = graph_heads(scenario->revisions, has_option(scenario, "--resolve-dependencies"));
	return 0;
}

static int run_current(struct scenario *scenario, struct outcome *got)
{
	got->listed = true;
	got->listing = graph_current(scenario->revisions, &got->rows);
	if (has_option(scenario, "--check-heads") && !graph_at_heads(scenario->revisions, &got->rows))
		got->status = 3;
	return 0;
}

static int run_branches(struct scenario *scenario, struct outcome *got)
{
	json_t *children = json_object_get(scenario->wanted, "children"), *wanted;
	struct revision_list list;
	size_t i, k, points = 0;

	(void)got;
	for (i = 0; i < scenario->revisions->count; i++) {
		const struct revision *revision = scenario->revisions->revisions[i];

		if (!revision_is_branch_point(revision))
			continue;
		points++;
		wanted = json_object_get(children, revision->id);
		assert_int_equal(json_array_size(wanted), revision->child_count);
		list = (struct revision_list){revision->children, revision->child_count};
		for (k = 0; k < list.count; k++)
			assert_true(place(&list, json_string_value(json_array_get(wanted, k))) < list.count);
	}
	assert_int_equal(points, json_object_size(children));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct scenario *, struct outcome *);
	bool needs_rows;
} commands[] = {
	{"upgrade", run_upgrade, true},
	{"downgrade", run_downgrade, true},
	{"stamp", run_stamp, true},
	{"current", run_current, true},
	{"history", run_history, false},
	{"show", run_show, false},
	{"heads", run_heads, false},
	{"branches", run_branches, false},
};

static void run(struct scenario *scenario, struct outcome *got)
{
	const char *command = json_string_value(json_object_get(scenario->wanted, "command"));
	const char *const *rows;
	size_t n, i;

	*got = (struct outcome){.failed = true};
	if (load(scenario))
		return;
	rows = strings(scenario->arena, json_object_get(scenario->wanted, "rows"), &n);
	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(commands[i].name, command))
			continue;
		if (commands[i].needs_rows && !has_option(scenario, "--purge") &&
			graph_rows(scenario->revisions, rows, n, &got->rows, scenario->err))
			return;
		got->failed = commands[i].run(scenario, got) != 0;
		if (!got->failed)
			apply(scenario, got);
		return;
	}
	fail_msg("%s: unknown command '%s'", scenario->name, command);
}

/* ---- comparing ---- */

/* Each after (or, downward, before) all that it implies. */
static void check_topological(const struct scenario *scenario, const struct revision_list *got, bool downward)
{
	size_t i, k;

	for (i = 0; i < got->count; i++) {
		const struct revision *one = got->items[i];
		struct revision_list below = graph_ancestors(scenario->revisions, &one, 1, true);

		for (k = 0; k < got->count; k++)
			if (k != i && place(&below, got->items[k]->id) < below.count && (k < i) == downward)
				fail_msg("%s: '%s' and '%s' are in the wrong order", scenario->name, one->id,
					got->items[k]->id);
	}
}

static void check_list(const struct scenario *scenario, const char *key, const struct revision_list *got,
	const char *order, bool downward)
{
	json_t *wanted = json_object_get(scenario->wanted, key), *item;
	size_t i;

	if (!wanted)
		return;
	if (json_array_size(wanted) != got->count)
		fail_msg("%s: %zu %s where %zu are wanted", scenario->name, got->count, key,
			json_array_size(wanted));
	json_array_foreach(wanted, i, item)
	{
		size_t at = place(got, json_string_value(item));

		if (at == got->count || (!strcmp(order, "exact") && at != i))
			fail_msg("%s: %s: '%s' is missing or in the wrong place", scenario->name, key,
				json_string_value(item));
	}
	if (!strcmp(order, "any-topological"))
		check_topological(scenario, got, downward);
}

/* The revisions that ran; their logged ends are themselves and their parents. */
static struct revision_list steps_run(const struct scenario *scenario, const struct step_list *steps)
{
	struct revision_list list = {NULL, 0};
	size_t i, k;

	for (i = 0; i < steps->count; i++) {
		const struct step *step = &steps->items[i];
		bool up = step->direction == DIRECTION_UPGRADE;

		if (step->direction == DIRECTION_STAMP)
			continue;
		assert_int_equal(up ? step->to_count : step->from_count, 1);
		assert_string_equal(up ? step->to[0] : step->from[0], step->revision->id);
		assert_int_equal(up ? step->from_count : step->to_count, step->revision->down_count);
		for (k = 0; k < step->revision->down_count; k++)
			assert_string_equal(up ? step->from[k] : step->to[k], step->revision->down[k]);
		RETORT_PUSH(scenario->arena, list.items, list.count, step->revision);
	}
	return list;
}

/* Whether some problem's message holds one of the words of "a|b". */
static bool is_said(const struct scenario *scenario, const char *keyword)
{
	const struct retort_problem *problem;
	char *rest = retort_strdup(scenario->arena, keyword), *word;
	bool said = false;

	while ((word = strsep(&rest, "|")))
		for (problem = retort_error_first(scenario->err); problem; problem = problem->next)
			said |= strstr(problem->message, word) != NULL;
	return said;
}

static void check_error(const struct scenario *scenario, const struct outcome *got)
{
	json_t *wanted = json_object_get(scenario->wanted, "error"), *keyword;
	const struct retort_problem *first = retort_error_first(scenario->err);
	size_t i;

	if (!wanted && got->failed)
		fail_msg("%s: unexpected error: %s", scenario->name, first ? first->message : "(none told)");
	if (!wanted)
		return;
	if (!got->failed || !first)
		fail_msg("%s: there is no error", scenario->name);
	json_array_foreach(json_object_get(wanted, "keywords"), i,
		keyword) if (!is_said(scenario, json_string_value(keyword)))
		fail_msg("%s: the error doesn't say '%s': %s", scenario->name, json_string_value(keyword),
			first->message);
}

static void check_says(const struct scenario *scenario, const struct outcome *got)
{
	json_t *word;
	size_t i;

	json_array_foreach(json_object_get(scenario->wanted, "says"), i, word)
	{
		assert_non_null(got->steps.already);
		assert_string_equal(got->steps.already, json_string_value(word));
	}
}

static void test_scenario(void **state)
{
	struct scenario *scenario = *state;
	const char *order = json_string_value(json_object_get(scenario->wanted, "order"));
	const char *command = json_string_value(json_object_get(scenario->wanted, "command"));
	struct revision_list ran;
	struct outcome got;

	if (!order)
		order = "exact";
	scenario->arena = retort_arena_new();
	scenario->err = retort_error_new();
	run(scenario, &got);
	check_error(scenario, &got);
	if (!got.failed) {
		ran = steps_run(scenario, &got.steps);
		check_list(scenario, "steps", &ran, order, !strcmp(command, "downgrade"));
		check_list(scenario, "rows_after", &got.rows, "any", false);
		check_list(scenario, "listing", &got.listing, order, true);
		check_says(scenario, &got);
		assert_int_equal(got.status, json_integer_value(json_object_get(scenario->wanted, "status")));
	}
	retort_error_free(scenario->err);
	retort_arena_free(scenario->arena);
}

/* ---- reading the files ---- */

/* Adds a test for each case of a file. */
static size_t add_file(struct retort_arena *arena, const char *path, struct CMUnitTest **tests, size_t count)
{
	const char *slash = strrchr(path, '/');
	json_error_t error;
	json_t *file = json_load_file(path, 0, &error), *graph, *row;
	size_t i;

	if (!file) {
		fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
		exit(1);
	}
	retort_arena_cleanup(arena, (void (*)(void *))json_decref, file);
	json_array_foreach(json_object_get(file, "cases"), i, row)
	{
		struct scenario *scenario = retort_alloc(arena, sizeof *scenario);
		struct CMUnitTest test = {.test_func = test_scenario, .initial_state = scenario};

		graph = json_object_get(row, "graph");
		scenario->graph = graph ? graph : json_object_get(file, "graph");
		scenario->wanted = row;
		scenario->name = retort_printf(arena, "%.*s/%s", (int)strcspn(slash + 1, "."), slash + 1,
			json_string_value(json_object_get(row, "name")));
		test.name = scenario->name;
		RETORT_PUSH(arena, *tests, count, test);
	}
	return count;
}

int main(int argc, char **argv)
{
	struct retort_arena *arena = retort_arena_new();
	const char *folder = argc > 1 ? argv[1] : RETORT_SOURCE "/tests/graph";
	struct CMUnitTest *tests = NULL;
	size_t count = 0, i;
	glob_t files;
	int failed;

	if (glob(retort_printf(arena, "%s/*.json", folder), 0, NULL, &files)) {
		fprintf(stderr, "no scenarios in %s\n", folder);
		return 1;
	}
	for (i = 0; i < files.gl_pathc; i++)
		count = add_file(arena, files.gl_pathv[i], &tests, count);
	globfree(&files);
	failed = _cmocka_run_group_tests("graph", tests, count, NULL, NULL);
	retort_arena_free(arena);
	return failed;
}
