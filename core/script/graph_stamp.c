/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

enum { SHOWN = 80 };

/* A stamp under way. rows: those that no step so far has changed. */
struct stamp {
	const struct query *query;
	struct revision_list rows;
	struct step_list *steps;
	struct revision_list targets;
};

static void add_step(struct stamp *stamp, const struct step *step)
{
	RETORT_PUSH(stamp->query->graph->arena, stamp->steps->items, stamp->steps->count, *step);
}

/* All that shares lineage with one revision, dependencies counted. */
static unsigned char *related(const struct graph *graph, struct retort_arena *scratch,
	struct revision *revision)
{
	struct revision_list one = {&revision, 1};
	unsigned char *below = marks_new(graph, scratch), *above = marks_new(graph, scratch);
	size_t i;

	marks_walk(graph, scratch, &one, WALK_PARENTS_AND_NEEDS, below);
	marks_walk(graph, scratch, &one, WALK_CHILDREN_AND_DEPENDENTS, above);
	for (i = 0; i < graph->count; i++)
		below[i] |= above[i];
	return below;
}

/* Deletes the rows of a branch, or all where branch is NULL, each in a step of its own. */
static int stamp_base(struct stamp *stamp, const char *branch)
{
	unsigned char *lineage = NULL;
	struct revision *root;
	size_t i, kept = 0;

	if (branch) {
		if (symbol_branch(stamp->query, branch, &root))
			return -1;
		lineage = related(stamp->query->graph, stamp->query->scratch, root);
	}
	for (i = 0; i < stamp->rows.count; i++) {
		struct revision *row = stamp->rows.items[i];
		struct step step = {.direction = DIRECTION_STAMP,
			.from = &row->id,
			.from_count = 1,
			.delete_rows = &row->id,
			.delete_count = 1};

		if (lineage && !lineage[row->index])
			stamp->rows.items[kept++] = row;
		else
			add_step(stamp, &step);
	}
	stamp->rows.count = kept;
	return 0;
}

/* Takes the ids of the rows that are related to a target out of the rows. */
static const char **take_related(struct stamp *stamp, struct revision *target, size_t *count)
{
	const struct graph *graph = stamp->query->graph;
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *lineage = related(graph, scratch, target);
	const char **ids = NULL;
	size_t i, kept = 0;

	for (i = 0; i < stamp->rows.count; i++) {
		struct revision *row = stamp->rows.items[i];

		if (lineage[row->index])
			RETORT_PUSH(graph->arena, ids, *count, row->id);
		else
			stamp->rows.items[kept++] = row;
	}
	stamp->rows.count = kept;
	retort_arena_free(scratch);
	return ids;
}

/* Puts a target in the place of the rows related to it. */
static void stamp_target(struct stamp *stamp, struct revision *target)
{
	struct step step = {.direction = DIRECTION_STAMP,
		.revision = target,
		.to = &target->id,
		.to_count = 1};
	const char **ids = NULL;

	if (list_has(&stamp->rows, target))
		return;
	if (stamp->rows.count)
		ids = take_related(stamp, target, &step.from_count);
	step.from = ids;
	if (step.from_count) {
		step.delete_rows = ids;
		step.delete_count = step.from_count - 1;
		step.update_from = ids[step.from_count - 1];
		step.update_to = target->id;
	} else {
		step.insert_rows = &target->id;
		step.insert_count = 1;
	}
	add_step(stamp, &step);
}

/* Collects what one symbol stands for; what means base is done at once. */
static int read_target(struct stamp *stamp, const char *text)
{
	const struct query *query = stamp->query;
	struct revision_list found = {NULL, 0};
	struct revision *one = NULL;
	struct symbol symbol;
	size_t i;

	if (symbol_parse(query, text, &symbol))
		return -1;
	if (symbol.relative && !symbol.name)
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot stamp '%s': name the revision that the database is at",
			text_echo(query->scratch, text, SHOWN));
	if (symbol.relative ? symbol_relative(query, &symbol, &one) : symbol_all(query, &symbol, &found))
		return -1;
	if (one)
		list_add(query->scratch, &found, one);
	/* REV-N below a base says nothing of the lines that REV is no part of. */
	if (!found.count && symbol.relative && !symbol.branch && symbol.word == SYMBOL_NAME)
		return stamp_base(stamp, symbol.name);
	if (!found.count)
		return stamp_base(stamp, symbol.branch);
	for (i = 0; i < found.count; i++)
		if (!list_has(&stamp->targets, found.items[i]))
			list_add(query->scratch, &stamp->targets, found.items[i]);
	return 0;
}

static int plan_stamp(struct stamp *stamp, const struct revision_list *rows, const char *const *targets,
	size_t n)
{
	const struct query *query = stamp->query;
	size_t i;

	for (i = 0; i < rows->count; i++)
		list_add(query->scratch, &stamp->rows, rows->items[i]);
	for (i = 0; i < n; i++)
		if (read_target(stamp, targets[i]))
			return -1;
	if (list_overlap(query->graph, &stamp->targets, RETORT_E_GRAPH, "the revisions to stamp",
		    ": name only the later one", query->err))
		return -1;
	for (i = 0; i < stamp->targets.count; i++)
		stamp_target(stamp, stamp->targets.items[i]);
	return 0;
}

int graph_stamp(const struct graph *graph, const struct revision_list *rows, const char *const *targets,
	size_t n, struct step_list *ret, struct retort_error *err)
{
	struct query query = {.graph = graph, .scratch = retort_arena_new(), .err = err};
	struct stamp stamp = {.query = &query, .steps = ret};
	int failed;

	*ret = (struct step_list){NULL, 0, NULL};
	failed = plan_stamp(&stamp, rows, targets, n);
	if (failed)
		*ret = (struct step_list){NULL, 0, NULL};
	retort_arena_free(query.scratch);
	return failed;
}
