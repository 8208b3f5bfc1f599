/* SPDX-License-Identifier: MIT
 *
 * cli/draw_lanes.h: where each revision of a drawn graph stands.
 *
 * One revision is a row, newest first. Below it each of its edges runs down a lane (a column) to the row of
 * the revision that it leads to, which stands in that lane; edges to the same revision share one. A lane
 * never moves. No recursion; linear in rows times lanes.
 */
#ifndef RETORT_CLI_DRAW_LANES_H
#define RETORT_CLI_DRAW_LANES_H

#include "script/graph.h"

struct lane_edge {
	const struct revision *to;
	size_t lane;
	bool needs; /* by depends_on, not by down_revision */
	bool joins; /* another edge opened the lane */
};

struct lane_row {
	const struct revision *revision;
	size_t lane;
	bool opens;              /* no edge leads here */
	bool cut;                /* it has a parent that is not shown */
	struct lane_edge *edges; /* to revisions that are shown: parents, then dependencies */
	size_t edge_count;
};

struct lanes {
	struct lane_row *rows;
	size_t row_count;
	size_t lane_count;
	size_t *row_of; /* by a revision's index; SIZE_MAX: not shown */
};

/* Lays out some revisions of a graph, each before those it stands on (graph_history). */
void lanes_lay_out(struct retort_arena *arena, const struct graph *graph, const struct revision_list *list,
	struct lanes *ret);

#endif
