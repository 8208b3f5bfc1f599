/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

unsigned char *marks_new(const struct graph *graph, struct retort_arena *scratch)
{
	return retort_alloc(scratch, graph->count);
}

void marks_set(const struct revision_list *list, unsigned char *marks)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		marks[list->items[i]->index] = 1;
}

static size_t way_count(const struct revision *revision, enum walk walk)
{
	switch (walk) {
	case WALK_PARENTS:
		return revision->parent_count;
	case WALK_PARENTS_AND_NEEDS:
		return down_count(revision);
	case WALK_CHILDREN:
		return revision->child_count;
	default:
		return up_count(revision);
	}
}

static struct revision *way_at(const struct revision *revision, enum walk walk, size_t i)
{
	return walk == WALK_PARENTS || walk == WALK_PARENTS_AND_NEEDS ? down_at(revision, i)
								      : up_at(revision, i);
}

void marks_walk(const struct graph *graph, struct retort_arena *scratch, const struct revision_list *from,
	enum walk walk, unsigned char *marks)
{
	struct revision **todo = retort_alloc_array(scratch, graph->count, sizeof(struct revision *));
	struct revision *revision, *next;
	size_t count = 0, i, n;

	for (i = 0; i < from->count; i++)
		if (!marks[from->items[i]->index]) {
			marks[from->items[i]->index] = 1;
			todo[count++] = from->items[i];
		}
	while (count) {
		revision = todo[--count];
		for (i = 0, n = way_count(revision, walk); i < n; i++) {
			next = way_at(revision, walk, i);
			if (!marks[next->index]) {
				marks[next->index] = 1;
				todo[count++] = next;
			}
		}
	}
}

unsigned char *marks_lineage(const struct graph *graph, struct retort_arena *scratch,
	struct revision *revision)
{
	struct revision_list one = {&revision, 1};
	unsigned char *below = marks_new(graph, scratch), *above = marks_new(graph, scratch);
	size_t i;

	marks_walk(graph, scratch, &one, WALK_PARENTS, below);
	marks_walk(graph, scratch, &one, WALK_CHILDREN, above);
	for (i = 0; i < graph->count; i++)
		below[i] |= above[i];
	return below;
}

struct revision_list marks_list(const struct graph *graph, const unsigned char *marks)
{
	struct revision_list list = {NULL, 0};
	size_t i;

	for (i = 0; i < graph->count; i++)
		if (marks[i])
			list_add(graph->arena, &list, graph->revisions[i]);
	return list;
}

struct revision_list graph_ancestors(const struct graph *graph, const struct revision *const *of, size_t n,
	bool dependencies)
{
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *marks = marks_new(graph, scratch);
	struct revision_list from = {retort_alloc_array(scratch, n, sizeof(struct revision *)), n}, list;
	size_t i;

	for (i = 0; i < n; i++)
		from.items[i] = graph->revisions[of[i]->index];
	marks_walk(graph, scratch, &from, dependencies ? WALK_PARENTS_AND_NEEDS : WALK_PARENTS, marks);
	list = marks_list(graph, marks);
	retort_arena_free(scratch);
	return list;
}

/* What lies directly below the revisions of a list. */
static struct revision_list list_below(struct retort_arena *scratch, const struct revision_list *list)
{
	struct revision_list below = {NULL, 0};
	size_t i, k;

	for (i = 0; i < list->count; i++)
		for (k = 0; k < down_count(list->items[i]); k++)
			list_add(scratch, &below, down_at(list->items[i], k));
	return below;
}

/* The first of the list that another one implies, or NULL; *above becomes that other one. */
static struct revision *find_overlap(const struct graph *graph, struct retort_arena *scratch,
	const struct revision_list *list, struct revision **above)
{
	struct revision_list below = list_below(scratch, list), one;
	unsigned char *implied = marks_new(graph, scratch), *reached = marks_new(graph, scratch);
	struct revision *lower = NULL;
	size_t i;

	marks_walk(graph, scratch, &below, WALK_PARENTS_AND_NEEDS, implied);
	for (i = 0; i < list->count && !lower; i++)
		if (implied[list->items[i]->index])
			lower = list->items[i];
	if (!lower)
		return NULL;
	one = (struct revision_list){&lower, 1};
	marks_walk(graph, scratch, &one, WALK_CHILDREN_AND_DEPENDENTS, reached);
	for (i = 0; i < list->count; i++)
		if (list->items[i] != lower && reached[list->items[i]->index])
			*above = list->items[i];
	return lower;
}

int list_overlap(const struct graph *graph, const struct revision_list *list, enum retort_code code,
	const char *what, const char *advice, struct retort_error *err)
{
	struct retort_arena *scratch;
	struct revision *lower, *above = NULL;

	if (list->count < 2)
		return 0;
	scratch = retort_arena_new();
	lower = find_overlap(graph, scratch, list, &above);
	retort_arena_free(scratch);
	if (!lower)
		return 0;
	return retort_fail(err, code, "%s overlap: '%s' comes before '%s' and is implied by it%s", what,
		lower->id, above->id, advice);
}
