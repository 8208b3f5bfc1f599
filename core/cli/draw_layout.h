/* SPDX-License-Identifier: MIT
 *
 * cli/draw_layout.h: where boxes of different sizes stand, and how the lines between them run.
 *
 * A layered layout. Boxes stand in layers from left to right, every edge leads from a layer to one on its
 * right; where that is several layers away it passes between the boxes of those in the middle. Boxes
 * change places within their layer until few lines cross, and move up and down until the lines are short.
 * A layer is only so high that the whole is about as wide as high. What isn't connected is laid out by
 * itself and put beside. All in whole numbers, so that every machine gives the same; no recursion; near
 * linear in boxes, edges and the layers that these pass.
 */
#ifndef RETORT_CLI_DRAW_LAYOUT_H
#define RETORT_CLI_DRAW_LAYOUT_H

#include <stdbool.h>

#include "retort/memory.h"

struct layout_point {
	long x, y;
};

struct layout_box {
	long width, height;
	long x, y; /* out: of its left upper corner */
};

struct layout_edge {
	size_t from, to;     /* boxes; from is to stand left of to. The same box: not laid out */
	long from_at, to_at; /* where it begins and ends, from the upper side of the box */
	size_t trunk;        /* edges from one place that share a number run together as far as they can */
	bool swapped;        /* out: it closed a cycle, so that from stands on the right */
	struct layout_point *points; /* out: from the box on the left to that on the right: the first two make
				      * a straight line, then a curve and a line take turns */
	size_t point_count;          /* even but for the last curve's end; 0: not laid out */
};

struct layout {
	struct layout_box *boxes;
	size_t box_count;
	struct layout_edge *edges;
	size_t edge_count;
	size_t trunk_count;
	long width, height; /* out */
};

/* Lays out all; what it leaves behind is in arena. */
void layout_run(struct retort_arena *arena, struct layout *layout);

/* ---- of one connected part, between the files of this module ---- */

#define LAYOUT_NONE ((size_t)-1)

/* A box in its layer, or the place where a line passes one. */
struct layout_vertex {
	size_t box; /* LAYOUT_NONE: a line passes */
	size_t layer, order;
	long height, y;
	long long key;
	size_t left_start, left_count;   /* its segments to the left, in by_right */
	size_t right_start, right_count; /* to the right, in by_left */
};

/* A piece of a line between neighbouring layers. */
struct layout_segment {
	size_t left, right;     /* vertices */
	long left_at, right_at; /* from their upper sides */
};

struct layout_part {
	struct retort_arena *arena;
	struct layout_vertex *vertices;
	size_t vertex_count;
	struct layout_segment *segments;
	size_t segment_count;
	size_t *by_left, *by_right; /* segments, sorted by that vertex */
	size_t **layers;            /* their vertices, in order */
	size_t *layer_counts;
	size_t layer_count;
};

/* Finds an order within the layers in which few segments cross. */
void layout_order(struct layout_part *part);
/* Gives every vertex its y, the least being 0. */
void layout_place(struct layout_part *part);

#endif
