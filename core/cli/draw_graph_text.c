/* SPDX-License-Identifier: MIT */
#include "cli/draw_escape.h"
#include "cli/draw_graph.h"
#include "cli/draw_lanes.h"

#include <string.h>

#include "base/text.h"

enum { LONGEST = 200 }; /* columns of a message */

/* The drawing under way. Lane l stands in column 2 * l. */
struct drawing {
	struct retort_buf *out;
	const struct graph_picture *picture;
	struct lanes lanes;
	char *state; /* by lane: '|', ':' or ' ' */
	char *line;  /* the line being drawn: a character for each column */
};

void draw_graph_marks(struct retort_buf *out, const struct graph_picture *picture,
	const struct revision *revision)
{
	for (size_t i = 0; i < revision->all_label_count; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : " (", revision->all_labels[i]);
	if (revision->all_label_count)
		retort_buf_char(out, ')');
	if (revision_is_real_head(revision))
		retort_buf_str(out, " (head)");
	else if (revision_is_head(revision))
		retort_buf_str(out, " (effective head)");
	if (picture->has_rows && picture->current[revision->index])
		retort_buf_str(out, " (current)");
}

const char *draw_graph_message(struct retort_arena *arena, const struct revision *revision, size_t max)
{
	return draw_line(arena, retort_strndup(arena, revision->message, strcspn(revision->message, "\n")),
		max);
}

/* Starts a line with the lanes as they stand. */
static void begin_line(struct drawing *drawing)
{
	for (size_t lane = 0; lane < drawing->lanes.lane_count; lane++) {
		drawing->line[2 * lane] = drawing->state[lane];
		drawing->line[2 * lane + 1] = ' ';
	}
}

/* Ends it, with text behind it. */
static void end_line(struct drawing *drawing, const char *text)
{
	size_t len = 2 * drawing->lanes.lane_count;

	while (len && drawing->line[len - 1] == ' ')
		len--;
	retort_buf_mem(drawing->out, drawing->line, len);
	if (*text)
		retort_buf_printf(drawing->out, "%s%s", len ? " " : "", text);
	retort_buf_char(drawing->out, '\n');
}

/* Whether the row's own lane goes on below it, and as what. */
static char own_lane(const struct lane_row *row)
{
	for (size_t i = 0; i < row->edge_count; i++)
		if (row->edges[i].lane == row->lane)
			return row->edges[i].needs ? ':' : '|';
	return ' ';
}

/* A horizontal line from the row's column to that of an edge; between them the lanes stay in sight. */
static void draw_far(struct drawing *drawing, const struct lane_row *row, const struct lane_edge *edge)
{
	size_t from = 2 * (row->lane < edge->lane ? row->lane : edge->lane);
	size_t to = 2 * (row->lane < edge->lane ? edge->lane : row->lane);

	for (size_t at = from + 1; at < to; at++)
		if (drawing->line[at] == ' ')
			drawing->line[at] = edge->needs ? '.' : '-';
	drawing->line[2 * edge->lane] = edge->joins ? '+' : edge->needs ? ':' : '.';
}

/* The short form, for the only edge on its side that leads to the next lane. */
static void draw_near(struct drawing *drawing, const struct lane_row *row, const struct lane_edge *edge)
{
	bool right = edge->lane > row->lane;

	drawing->line[right ? 2 * row->lane + 1 : 2 * edge->lane + 1] = edge->needs ? '.'
		: right                                                             ? '\\'
										    : '/';
	if (edge->needs && !edge->joins)
		drawing->line[2 * edge->lane] = ':';
}

/* The edges of one kind that lead to other lanes, on a line of their own. last: what the row's lane looks
 * like below the line. */
static void draw_edges(struct drawing *drawing, const struct lane_row *row, bool needs, char last)
{
	size_t left = 0, right = 0;
	bool far = false, near = false;

	for (size_t i = 0; i < row->edge_count; i++)
		if (row->edges[i].needs == needs) {
			left += row->edges[i].lane < row->lane;
			right += row->edges[i].lane > row->lane;
		}
	if (!left && !right)
		return;
	begin_line(drawing);
	/* what has its corner there must not be taken for a lane that is crossed */
	for (size_t i = 0; i < row->edge_count; i++) {
		const struct lane_edge *edge = &row->edges[i];
		bool is_right = edge->lane > row->lane;
		size_t distance = is_right ? edge->lane - row->lane : row->lane - edge->lane;

		if (edge->needs != needs || !distance)
			continue;
		if (distance == 1 && (is_right ? right : left) == 1) {
			draw_near(drawing, row, edge);
			near = true;
		} else {
			draw_far(drawing, row, edge);
			far = true;
		}
	}
	drawing->line[2 * row->lane] = last != ' ' ? (far && last == '|' && !needs ? '+' : last)
		: far                              ? '\''
		: near && needs                    ? ':'
						   : ' ';
	end_line(drawing, "");
}

/* The lanes after a row. */
static void move_on(struct drawing *drawing, const struct lane_row *row)
{
	for (size_t i = 0; i < row->edge_count; i++) {
		char *state = &drawing->state[row->edges[i].lane];

		if (!row->edges[i].needs)
			*state = '|';
		else if (*state == ' ')
			*state = ':';
	}
}

static bool leads_away(const struct lane_row *row, bool needs)
{
	for (size_t i = 0; i < row->edge_count; i++)
		if (row->edges[i].needs == needs && row->edges[i].lane != row->lane)
			return true;
	return false;
}

static void draw_revision(struct drawing *drawing, const struct lane_row *row)
{
	const struct graph_picture *picture = drawing->picture;
	const struct revision *revision = row->revision;
	const char *message = draw_graph_message(drawing->out->arena, revision, LONGEST);
	struct retort_buf text;
	char mark = '*';

	if (picture->has_rows)
		mark = picture->current[revision->index]    ? '@'
			: picture->applied[revision->index] ? '*'
							    : 'o';
	retort_buf_init(&text, drawing->out->arena);
	retort_buf_str(&text, revision->id);
	draw_graph_marks(&text, picture, revision);
	if (*message)
		retort_buf_printf(&text, ", %s", message);
	begin_line(drawing);
	drawing->line[2 * row->lane] = mark;
	end_line(drawing, text.data);
}

static void draw_row(struct drawing *drawing, const struct lane_row *row)
{
	char own = own_lane(row);

	draw_revision(drawing, row);
	drawing->state[row->lane] = own;
	draw_edges(drawing, row, true, own == ' ' && leads_away(row, false) ? '|' : own);
	for (size_t i = 0; i < row->edge_count; i++)
		if (row->edges[i].needs && !row->edges[i].joins)
			drawing->state[row->edges[i].lane] = ':';
	draw_edges(drawing, row, false, own);
	move_on(drawing, row);
	/* what a revision only depends on must not look like its parent, even right below it */
	if (own == ':' && !leads_away(row, true) && !leads_away(row, false)) {
		begin_line(drawing);
		end_line(drawing, "");
	}
	if (row->cut && own == ' ') {
		begin_line(drawing);
		drawing->line[2 * row->lane] = '~';
		end_line(drawing, "");
	}
}

void draw_graph_text(struct retort_buf *out, const struct graph_picture *picture)
{
	struct drawing drawing = {.out = out, .picture = picture};
	const struct lane_row *before = NULL;

	lanes_lay_out(out->arena, picture->graph, &picture->shown, &drawing.lanes);
	drawing.state = retort_alloc_array(out->arena, drawing.lanes.lane_count, 1);
	drawing.line = retort_alloc_array(out->arena, drawing.lanes.lane_count, 2);
	memset(drawing.state, ' ', drawing.lanes.lane_count);
	for (size_t i = 0; i < drawing.lanes.row_count; i++) {
		const struct lane_row *row = &drawing.lanes.rows[i];

		/* a root and a head below it must not look like child and parent */
		if (before && row->opens && before->lane == row->lane && !before->edge_count &&
			!before->cut) {
			begin_line(&drawing);
			end_line(&drawing, "");
		}
		draw_row(&drawing, row);
		before = row;
	}
}
