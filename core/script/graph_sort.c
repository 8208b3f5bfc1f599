/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

/* The revisions that may be next, the one loaded first on top: a binary heap of indexes. */
struct heap {
	size_t *items;
	size_t count;
};

static void heap_add(struct heap *heap, size_t index)
{
	size_t at = heap->count++, above;

	for (; at && heap->items[above = (at - 1) / 2] > index; at = above)
		heap->items[at] = heap->items[above];
	heap->items[at] = index;
}

static size_t heap_take(struct heap *heap)
{
	size_t top = heap->items[0], last = heap->items[--heap->count], at = 0, child;

	while ((child = 2 * at + 1) < heap->count) {
		if (child + 1 < heap->count && heap->items[child + 1] < heap->items[child])
			child++;
		if (heap->items[child] >= last)
			break;
		heap->items[at] = heap->items[child];
		at = child;
	}
	heap->items[at] = last;
	return top;
}

/* A topological sort of the marked revisions under way. */
struct sort {
	const struct graph *graph;
	const unsigned char *marks;
	bool upward;
	size_t *waiting; /* by index: how many must come before it */
	struct heap ready;
};

static size_t before_count(const struct sort *sort, const struct revision *revision)
{
	return sort->upward ? down_count(revision) : up_count(revision);
}

static struct revision *before_at(const struct sort *sort, const struct revision *revision, size_t i)
{
	return sort->upward ? down_at(revision, i) : up_at(revision, i);
}

static void sort_init(struct sort *sort, const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks, bool upward)
{
	size_t i, k;

	*sort = (struct sort){.graph = graph, .marks = marks, .upward = upward};
	sort->waiting = retort_alloc_array(scratch, graph->count, sizeof *sort->waiting);
	sort->ready.items = retort_alloc_array(scratch, graph->count, sizeof *sort->ready.items);
	for (i = 0; i < graph->count; i++) {
		const struct revision *revision = graph->revisions[i];

		if (!marks[i])
			continue;
		for (k = 0; k < before_count(sort, revision); k++)
			sort->waiting[i] += marks[before_at(sort, revision, k)->index];
		if (!sort->waiting[i])
			heap_add(&sort->ready, i);
	}
}

/* Lets go of those that waited for revision. With follow the first of them that is ready is returned
 * instead of joining the others. */
static struct revision *release(struct sort *sort, const struct revision *revision, bool follow)
{
	size_t n = sort->upward ? up_count(revision) : down_count(revision), i;
	struct revision *next, *followed = NULL;

	for (i = 0; i < n; i++) {
		next = sort->upward ? up_at(revision, i) : down_at(revision, i);
		if (!sort->marks[next->index] || --sort->waiting[next->index])
			continue;
		if (follow && !followed)
			followed = next;
		else
			heap_add(&sort->ready, next->index);
	}
	return followed;
}

/* Marked revisions on a cycle never become ready and are left out. */
static struct revision_list sort_marked(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks, bool upward)
{
	struct revision_list list = {NULL, 0};
	struct revision *revision;
	struct sort sort;

	sort_init(&sort, graph, scratch, marks, upward);
	while (sort.ready.count) {
		revision = graph->revisions[heap_take(&sort.ready)];
		list_add(graph->arena, &list, revision);
		release(&sort, revision, false);
	}
	return list;
}

struct revision_list sort_upward(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks)
{
	return sort_marked(graph, scratch, marks, true);
}

struct revision_list sort_downward(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks)
{
	return sort_marked(graph, scratch, marks, false);
}

struct revision_list sort_history(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *region, const unsigned char *shown)
{
	struct revision_list list = {NULL, 0};
	struct revision *revision = NULL;
	struct sort sort;

	sort_init(&sort, graph, scratch, region, false);
	while (revision || sort.ready.count) {
		if (!revision)
			revision = graph->revisions[heap_take(&sort.ready)];
		if (shown[revision->index])
			list_add(graph->arena, &list, revision);
		revision = release(&sort, revision, true);
	}
	return list;
}

struct revision_list graph_sorted(const struct graph *graph)
{
	return (struct revision_list){graph->names->sorted, graph->count};
}

struct revision_list graph_sort(const struct graph *graph, const struct revision_list *set)
{
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *in_set = marks_new(graph, scratch);
	struct revision_list list = {NULL, 0};
	size_t i;

	marks_set(set, in_set);
	for (i = 0; i < graph->count; i++)
		if (in_set[graph->names->sorted[i]->index])
			list_add(graph->arena, &list, graph->names->sorted[i]);
	retort_arena_free(scratch);
	return list;
}
