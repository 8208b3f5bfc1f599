/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

#include <stdlib.h>

/* The search for strongly connected components, after Tarjan, with its own stack. */
struct search {
	struct graph *graph;
	struct retort_error *err;
	size_t *number;      /* by index: when it was reached, from 1; 0: not yet */
	size_t *lowest;      /* by index: the lowest number that it leads back to */
	unsigned char *open; /* by index: on the stack of members */
	size_t *frames;      /* the path to the revision at hand, as indexes */
	size_t *next;        /* by frame: the next way down */
	size_t depth;
	struct revision **members; /* reached and not yet in a component */
	size_t member_count;
	size_t reached;
};

static void enter(struct search *search, struct revision *revision)
{
	size_t i = revision->index;

	search->number[i] = search->lowest[i] = ++search->reached;
	search->open[i] = 1;
	search->members[search->member_count++] = revision;
	search->frames[search->depth] = i;
	search->next[search->depth++] = 0;
}

static int by_index(const void *a, const void *b)
{
	const struct revision *x = *(struct revision *const *)a, *y = *(struct revision *const *)b;

	return (x->index > y->index) - (x->index < y->index);
}

static bool leads_to_itself(const struct revision *revision)
{
	size_t i;

	for (i = 0; i < down_count(revision); i++)
		if (down_at(revision, i) == revision)
			return true;
	return false;
}

/* Tells of one component; one of a single revision is a cycle only where that names itself. */
static void tell(struct search *search, struct revision **members, size_t n)
{
	struct retort_arena *arena = search->graph->arena;
	const char **files;
	size_t i;

	if (n == 1 && leads_to_itself(members[0])) {
		retort_fail(search->err, RETORT_E_GRAPH,
			"cannot load '%s': revision '%s' comes after itself, or depends on itself",
			revision_file(members[0]), members[0]->id);
		return;
	}
	if (n == 1)
		return;
	qsort(members, n, sizeof *members, by_index);
	files = retort_alloc_array(arena, n, sizeof *files);
	for (i = 0; i < n; i++)
		files[i] = revision_file(members[i]);
	retort_fail(search->err, RETORT_E_GRAPH,
		"cannot load %s: they form a cycle, each comes after or depends on the next",
		text_list(arena, files, n, '\''));
}

/* Leaves the revision at the end of the path: completes its component where it is its root. */
static void leave(struct search *search)
{
	size_t i = search->frames[--search->depth], above, first;

	if (search->depth) {
		above = search->frames[search->depth - 1];
		if (search->lowest[i] < search->lowest[above])
			search->lowest[above] = search->lowest[i];
	}
	if (search->lowest[i] != search->number[i])
		return;
	for (first = search->member_count; search->members[first - 1]->index != i; first--)
		search->open[search->members[first - 1]->index] = 0;
	first--;
	search->open[i] = 0;
	tell(search, search->members + first, search->member_count - first);
	search->member_count = first;
}

static void search_from(struct search *search, struct revision *start)
{
	enter(search, start);
	while (search->depth) {
		size_t i = search->frames[search->depth - 1];
		struct revision *revision = search->graph->revisions[i], *below;

		if (search->next[search->depth - 1] == down_count(revision)) {
			leave(search);
			continue;
		}
		below = down_at(revision, search->next[search->depth - 1]++);
		if (!search->number[below->index])
			enter(search, below);
		else if (search->open[below->index] && search->number[below->index] < search->lowest[i])
			search->lowest[i] = search->number[below->index];
	}
}

/* Tells of every cycle. */
static void find_cycles(struct graph *graph, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	size_t n = graph->count, i;
	struct search search = {.graph = graph, .err = err};

	search.number = retort_alloc_array(scratch, n, sizeof *search.number);
	search.lowest = retort_alloc_array(scratch, n, sizeof *search.lowest);
	search.open = marks_new(graph, scratch);
	search.frames = retort_alloc_array(scratch, n, sizeof *search.frames);
	search.next = retort_alloc_array(scratch, n, sizeof *search.next);
	search.members = retort_alloc_array(scratch, n, sizeof(struct revision *));
	for (i = 0; i < n; i++)
		if (!search.number[i])
			search_from(&search, graph->revisions[i]);
	retort_arena_free(scratch);
}

int graph_check_cycles(struct graph *graph, struct retort_error *err)
{
	struct graph_names *names = graph->names;
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *all = marks_new(graph, scratch);
	struct revision_list sorted;
	size_t i;

	for (i = 0; i < graph->count; i++)
		all[i] = 1;
	sorted = sort_upward(graph, scratch, all);
	retort_arena_free(scratch);
	names->sorted = sorted.items;
	if (sorted.count < graph->count) {
		find_cycles(graph, err);
		return -1;
	}
	names->rank = retort_alloc_array(graph->arena, graph->count, sizeof *names->rank);
	for (i = 0; i < graph->count; i++)
		names->rank[names->sorted[i]->index] = i;
	return 0;
}
