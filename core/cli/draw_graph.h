/* SPDX-License-Identifier: MIT
 *
 * cli/draw_graph.h: the revision graph as a picture.
 *
 * Newest first, as history lists it. The text is drawn like git log --graph:
 *
 *	*     a revision        |  leads to its down_revision
 *	@     current           :  leads to what it depends on
 *	o     not applied       ~  its down_revision is not among those shown
 *
 * where @ and o are used only with the rows of a database. A lane never moves; far lanes are joined by a
 * horizontal line that passes behind those between.
 */
#ifndef RETORT_CLI_DRAW_GRAPH_H
#define RETORT_CLI_DRAW_GRAPH_H

#include "script/graph.h"

struct graph_picture {
	const struct graph *graph;
	struct revision_list shown; /* newest first, each before those it stands on */
	bool has_rows;              /* of a database: */
	const bool *current;        /* by index */
	const bool *applied;        /* by index */
};

typedef void graph_drawing(struct retort_buf *out, const struct graph_picture *picture);

graph_drawing draw_graph_text, draw_graph_dot, draw_graph_mermaid, draw_graph_svg;

/* What stands behind a revision's id: " (labels) (head) (current)". */
void draw_graph_marks(struct retort_buf *out, const struct graph_picture *picture,
	const struct revision *revision);
/* The first line of its message, at most max columns. */
const char *draw_graph_message(struct retort_arena *arena, const struct revision *revision, size_t max);

#endif
