/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

struct graph *graph_new(struct retort_arena *arena)
{
	struct graph *graph = retort_alloc(arena, sizeof *graph);

	graph->arena = arena;
	graph->names = retort_alloc(arena, sizeof *graph->names);
	graph->names->map = map_new(arena);
	return graph;
}

void graph_add(struct graph *graph, struct revision *revision)
{
	revision->index = graph->count;
	RETORT_PUSH(graph->arena, graph->revisions, graph->count, revision);
}

int graph_build(struct graph *graph, struct retort_error *err)
{
	int failed = 0;

	failed |= graph_check_names(graph, err);
	failed |= graph_check_edges(graph, err);
	failed |= graph_check_cycles(graph, err);
	if (failed)
		return -1;
	graph_inherit_labels(graph);
	return 0;
}

const struct name *graph_name(const struct graph *graph, const char *text)
{
	return map_get(graph->names->map, text);
}

struct revision *graph_find(const struct graph *graph, const char *id)
{
	const struct name *name = graph_name(graph, id);

	return name && name->kind == NAME_ID ? name->revision : NULL;
}

const char *revision_file(const struct revision *revision)
{
	return revision->path ? path_name(revision->path) : revision->id;
}

bool revision_is_base(const struct revision *revision)
{
	return revision->parent_count == 0;
}

bool revision_is_head(const struct revision *revision)
{
	return revision->child_count == 0;
}

bool revision_is_real_head(const struct revision *revision)
{
	return up_count(revision) == 0;
}

bool revision_is_branch_point(const struct revision *revision)
{
	return revision->child_count > 1;
}

bool revision_is_merge_point(const struct revision *revision)
{
	return revision->parent_count > 1;
}

/* The revisions that a predicate holds for, in load order. */
static struct revision_list select_all(const struct graph *graph, bool (*holds)(const struct revision *))
{
	struct revision_list list = {NULL, 0};
	size_t i;

	for (i = 0; i < graph->count; i++)
		if (holds(graph->revisions[i]))
			list_add(graph->arena, &list, graph->revisions[i]);
	return list;
}

struct revision_list graph_heads(const struct graph *graph, bool real)
{
	return select_all(graph, real ? revision_is_real_head : revision_is_head);
}

struct revision_list graph_bases(const struct graph *graph)
{
	return select_all(graph, revision_is_base);
}

void list_add(struct retort_arena *arena, struct revision_list *list, struct revision *revision)
{
	RETORT_PUSH(arena, list->items, list->count, revision);
}

struct revision_list list_filter(struct retort_arena *arena, const struct revision_list *list,
	const unsigned char *marks)
{
	struct revision_list kept = {NULL, 0};
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!marks || marks[list->items[i]->index])
			list_add(arena, &kept, list->items[i]);
	return kept;
}

bool list_has(const struct revision_list *list, const struct revision *revision)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->items[i] == revision)
			return true;
	return false;
}

const char *list_quoted(struct retort_arena *arena, const struct revision_list *list)
{
	const char **ids = retort_alloc_array(arena, list->count, sizeof *ids);
	size_t i;

	for (i = 0; i < list->count; i++)
		ids[i] = list->items[i]->id;
	return text_list(arena, ids, list->count, '\'');
}
