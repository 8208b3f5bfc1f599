/* SPDX-License-Identifier: MIT */
#include "cli/draw_lanes.h"

#define NONE SIZE_MAX

/* A layout under way. */
struct layout {
	struct retort_arena *arena;
	struct lanes *lanes;
	size_t *waiting; /* by index: the lane that leads to the revision, or NONE */
	bool *taken;     /* by lane */
};

/* The first free lane at or after from, made where there is none. */
static size_t free_lane(struct layout *layout, size_t from)
{
	size_t lane = from;

	while (lane < layout->lanes->lane_count && layout->taken[lane])
		lane++;
	while (layout->lanes->lane_count <= lane)
		RETORT_PUSH(layout->arena, layout->taken, layout->lanes->lane_count, false);
	layout->taken[lane] = true;
	return lane;
}

/* Leads an edge of a row to its lane: the one that leads there already, the row's own, or another one. */
static void add_edge(struct layout *layout, struct lane_row *row, const struct revision *to, bool needs)
{
	struct lane_edge edge = {.to = to, .needs = needs, .lane = layout->waiting[to->index]};

	if (edge.lane != NONE)
		edge.joins = true;
	else
		edge.lane = layout->waiting[to->index] = free_lane(layout, row->lane);
	row->edges[row->edge_count++] = edge;
}

static void add_row(struct layout *layout, const struct revision *revision)
{
	struct lanes *lanes = layout->lanes;
	struct lane_row *row = &lanes->rows[lanes->row_count++];
	size_t edges = revision->parent_count + revision->need_count;

	row->revision = revision;
	row->lane = layout->waiting[revision->index];
	row->opens = row->lane == NONE;
	if (row->opens)
		row->lane = free_lane(layout, 0);
	layout->taken[row->lane] = false;
	row->edges = retort_alloc_array(layout->arena, edges, sizeof *row->edges);
	for (size_t i = 0; i < edges; i++) {
		bool needs = i >= revision->parent_count;
		const struct revision *to =
			needs ? revision->needs[i - revision->parent_count] : revision->parents[i];

		if (lanes->row_of[to->index] != NONE)
			add_edge(layout, row, to, needs);
		else
			row->cut |= !needs;
	}
}

void lanes_lay_out(struct retort_arena *arena, const struct graph *graph, const struct revision_list *list,
	struct lanes *ret)
{
	struct layout layout = {.arena = arena, .lanes = ret};

	*ret = (struct lanes){0};
	ret->rows = retort_alloc_array(arena, list->count, sizeof *ret->rows);
	ret->row_of = retort_alloc_array(arena, graph->count, sizeof *ret->row_of);
	layout.waiting = retort_alloc_array(arena, graph->count, sizeof *layout.waiting);
	for (size_t i = 0; i < graph->count; i++)
		ret->row_of[i] = layout.waiting[i] = NONE;
	for (size_t i = 0; i < list->count; i++)
		ret->row_of[list->items[i]->index] = i;
	for (size_t i = 0; i < list->count; i++)
		add_row(&layout, list->items[i]);
}
