/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

enum { SHOWN = 80 };

/* What is applied while a plan is made, as far as the version rows need it: a revision is a row
 * exactly when it is applied and no applied one stands directly above it. */
struct track {
	const struct graph *graph;
	size_t *above; /* by index: how many applied ones stand directly above */
};

static void track_init(struct track *track, const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *applied)
{
	size_t i, k;

	track->graph = graph;
	track->above = retort_alloc_array(scratch, graph->count, sizeof *track->above);
	for (i = 0; i < graph->count; i++)
		for (k = 0; applied[i] && k < down_count(graph->revisions[i]); k++)
			track->above[down_at(graph->revisions[i], k)->index]++;
}

/* The ids of the parents. */
static const char *const *parent_ids(const struct graph *graph, const struct revision *revision)
{
	const char **ids = retort_alloc_array(graph->arena, revision->parent_count, sizeof *ids);
	size_t i;

	for (i = 0; i < revision->parent_count; i++)
		ids[i] = revision->parents[i]->id;
	return ids;
}

/* Upgrades to revision: it takes the place of the rows directly below it. */
static struct step step_up(struct track *track, struct revision *revision)
{
	struct step step = {.direction = DIRECTION_UPGRADE, .revision = revision};
	struct retort_arena *arena = track->graph->arena;
	const char **ids = NULL;
	struct revision *below;
	size_t i;

	step.from = parent_ids(track->graph, revision);
	step.from_count = revision->parent_count;
	step.to = &revision->id;
	step.to_count = 1;
	for (i = 0; i < down_count(revision); i++) {
		below = down_at(revision, i);
		if (track->above[below->index]++)
			continue;
		if (!step.update_from)
			step.update_from = below->id;
		else
			RETORT_PUSH(arena, ids, step.delete_count, below->id);
	}
	step.delete_rows = ids;
	if (step.update_from) {
		step.update_to = revision->id;
	} else {
		step.insert_rows = &revision->id;
		step.insert_count = 1;
	}
	return step;
}

/* Downgrades from revision: those directly below it that nothing else implies become rows. */
static struct step step_down(struct track *track, struct revision *revision)
{
	struct step step = {.direction = DIRECTION_DOWNGRADE, .revision = revision};
	struct retort_arena *arena = track->graph->arena;
	const char **ids = NULL;
	struct revision *below;
	size_t i;

	step.from = &revision->id;
	step.from_count = 1;
	step.to = parent_ids(track->graph, revision);
	step.to_count = revision->parent_count;
	for (i = 0; i < down_count(revision); i++) {
		below = down_at(revision, i);
		if (--track->above[below->index])
			continue;
		if (!step.update_to)
			step.update_to = below->id;
		else
			RETORT_PUSH(arena, ids, step.insert_count, below->id);
	}
	step.insert_rows = ids;
	if (step.update_to) {
		step.update_from = revision->id;
	} else {
		step.delete_rows = &revision->id;
		step.delete_count = 1;
	}
	return step;
}

/* One step for each of the sorted revisions. */
static void make_steps(const struct graph *graph, struct retort_arena *scratch, const unsigned char *applied,
	const struct revision_list *sorted, struct step (*make)(struct track *, struct revision *),
	struct step_list *ret)
{
	struct track track;
	size_t i;

	ret->items = retort_alloc_array(graph->arena, sorted->count, sizeof *ret->items);
	ret->count = sorted->count;
	track_init(&track, graph, scratch, applied);
	for (i = 0; i < sorted->count; i++)
		ret->items[i] = make(&track, sorted->items[i]);
}

/* The first target that is no row; NULL where all are. */
static const char *below_rows(const struct query *query, const struct revision_list *targets,
	const struct revision_list *rows)
{
	unsigned char *is_row = marks_new(query->graph, query->scratch);
	size_t i;

	marks_set(rows, is_row);
	for (i = 0; i < targets->count; i++)
		if (!is_row[targets->items[i]->index])
			return targets->items[i]->id;
	return NULL;
}

static int plan_upgrade(const struct query *query, const struct revision_list *rows, const char *target,
	struct step_list *ret)
{
	const struct graph *graph = query->graph;
	unsigned char *applied = marks_new(graph, query->scratch), *wanted = marks_new(graph, query->scratch);
	struct revision_list targets, sorted;
	struct symbol symbol;
	size_t i;

	if (symbol_parse(query, target, &symbol) || symbol_upgrade(query, &symbol, rows, &targets))
		return -1;
	if (list_overlap(graph, &targets, RETORT_E_GRAPH, "the revisions to upgrade to", "", query->err))
		return -1;
	marks_walk(graph, query->scratch, rows, WALK_PARENTS_AND_NEEDS, applied);
	marks_walk(graph, query->scratch, &targets, WALK_PARENTS_AND_NEEDS, wanted);
	for (i = 0; i < graph->count; i++)
		wanted[i] = wanted[i] && !applied[i];
	sorted = sort_upward(graph, query->scratch, wanted);
	make_steps(graph, query->scratch, applied, &sorted, step_up, ret);
	if (!ret->count)
		ret->already = below_rows(query, &targets, rows);
	return 0;
}

int graph_upgrade(const struct graph *graph, const struct revision_list *rows, const char *target,
	struct step_list *ret, struct retort_error *err)
{
	struct query query = {.graph = graph, .scratch = retort_arena_new(), .err = err};
	int failed;

	*ret = (struct step_list){NULL, 0, NULL};
	failed = plan_upgrade(&query, rows, target, ret);
	retort_arena_free(query.scratch);
	return failed;
}

/* Where a downgrade leads. */
struct goal {
	struct revision *target; /* NULL: base */
	struct revision *branch; /* only this one is taken down; NULL: all */
};

static int not_below(const struct query *query, const struct symbol *symbol, const char *why)
{
	return retort_fail(query->err, RETORT_E_GRAPH, "cannot downgrade to '%s': %s",
		text_echo(query->scratch, symbol->typed, SHOWN), why);
}

/* The row, or the last of a line that the rows imply, that -N or BRANCH@-N counts from. */
static int find_start(const struct query *query, const struct symbol *symbol,
	const struct revision_list *rows, struct goal *goal, struct revision **ret)
{
	struct revision_list from = *rows, current;
	unsigned char *lineage;

	if (symbol->branch) {
		if (symbol_branch(query, symbol->branch, &goal->branch))
			return -1;
		lineage = marks_lineage(query->graph, query->scratch, goal->branch);
		from = list_filter(query->scratch, rows, lineage);
		if (!from.count) {
			current = graph_current(query->graph, rows);
			from = list_filter(query->scratch, &current, lineage);
		}
	}
	if (!from.count)
		return symbol->branch ? not_below(query, symbol, "nothing of this branch is applied")
				      : symbol_too_far(query, symbol);
	if (from.count > 1)
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot downgrade to '%s': there are several heads in the "
			"database, %s: say which, as in %s",
			text_echo(query->scratch, symbol->typed, SHOWN), list_quoted(query->scratch, &from),
			list_branches(query, &from, symbol->steps));
	*ret = from.items[0];
	if (!goal->branch)
		goal->branch = from.items[0];
	return 0;
}

/* What a downgrade's symbol means. As with Alembic NAME in BRANCH@NAME is looked up in the whole
 * graph; the branch says which lines above it are taken down. */
static int find_goal(const struct query *query, const struct symbol *symbol, const struct revision_list *rows,
	struct goal *ret)
{
	struct symbol plain = *symbol;
	struct revision *start = NULL;

	*ret = (struct goal){NULL, NULL};
	if (symbol->relative && !symbol->name) {
		if (symbol->steps >= 0)
			return symbol_too_far(query, symbol);
		if (find_start(query, symbol, rows, ret, &start))
			return -1;
		return symbol_walk(query, symbol, start, NULL, &ret->target);
	}
	if (symbol->branch && symbol_branch(query, symbol->branch, &ret->branch))
		return -1;
	if (symbol->relative)
		return symbol_relative(query, symbol, &ret->target);
	plain.branch = NULL;
	if (symbol_one(query, &plain, &ret->target))
		return -1;
	if (ret->branch && ret->target &&
		!marks_lineage(query->graph, query->scratch, ret->branch)[ret->target->index])
		return not_below(query, symbol, "the revision lies outside of the branch");
	return 0;
}

/* The revisions directly above the goal, those of its branch only. */
static int find_roots(const struct query *query, const struct symbol *symbol, const struct goal *goal,
	struct revision_list *ret)
{
	struct revision_list all = graph_bases(query->graph), one = {(struct revision **)&goal->branch, 1};
	unsigned char *below_branch = marks_new(query->graph, query->scratch);

	if (goal->target)
		all = (struct revision_list){goal->target->children, goal->target->child_count};
	*ret = all;
	if (!goal->branch || all.count < 2)
		return 0;
	marks_walk(query->graph, query->scratch, &one, WALK_PARENTS, below_branch);
	*ret = list_filter(query->scratch, &all, below_branch);
	if (!ret->count)
		return not_below(query, symbol,
			"several lines above it are part of the branch: name a branch that only one is");
	return 0;
}

static int plan_downgrade(const struct query *query, const struct revision_list *rows, const char *target,
	struct step_list *ret)
{
	const struct graph *graph = query->graph;
	unsigned char *applied = marks_new(graph, query->scratch),
		      *dropped = marks_new(graph, query->scratch);
	struct revision_list roots, sorted;
	struct symbol symbol;
	struct goal goal;
	size_t i;

	if (symbol_parse(query, target, &symbol) || find_goal(query, &symbol, rows, &goal) ||
		find_roots(query, &symbol, &goal, &roots))
		return -1;
	marks_walk(graph, query->scratch, rows, WALK_PARENTS_AND_NEEDS, applied);
	marks_walk(graph, query->scratch, &roots, WALK_CHILDREN_AND_DEPENDENTS, dropped);
	for (i = 0; i < graph->count; i++)
		dropped[i] = dropped[i] && applied[i];
	sorted = sort_downward(graph, query->scratch, dropped);
	if (goal.target && !sorted.count && !list_has(rows, goal.target))
		return not_below(query, &symbol,
			applied[goal.target->index]
				? "nothing above it in its line is applied, and other revisions need it"
				: "it is not applied");
	make_steps(graph, query->scratch, applied, &sorted, step_down, ret);
	return 0;
}

int graph_downgrade(const struct graph *graph, const struct revision_list *rows, const char *target,
	struct step_list *ret, struct retort_error *err)
{
	struct query query = {.graph = graph, .scratch = retort_arena_new(), .err = err};
	int failed;

	*ret = (struct step_list){NULL, 0, NULL};
	failed = plan_downgrade(&query, rows, target, ret);
	retort_arena_free(query.scratch);
	return failed;
}
