/* SPDX-License-Identifier: MIT
 *
 * The graph as a picture that stands alone: a row for each revision, a lane for each edge.
 */
#include "cli/draw_escape.h"
#include "cli/draw_graph.h"
#include "cli/draw_lanes.h"

enum {
	ROW = 30,  /* height of a row */
	LANE = 20, /* width of a lane */
	MARGIN = 20,
	ALIGNED = 12,  /* lanes up to which all text begins in one column */
	CHARACTER = 7, /* width of a character of the text */
	WIDEST = 100,  /* columns of a message */
	COLORS = 6
};

static const char *const style =
	"text{font:13px ui-sans-serif,system-ui,sans-serif;fill:var(--ink)}"
	".id{font-family:ui-monospace,monospace;font-weight:600}.marks{fill:var(--soft)}"
	".head{font-weight:600}path{fill:none;stroke-width:2}.needs{stroke-dasharray:3 4}"
	"circle{stroke-width:2;fill:var(--paper)}.applied,.plain{fill:var(--soft)}"
	".current{fill:var(--mark);stroke:var(--mark)}"
	"svg{--ink:#1c2330;--soft:#66707f;--paper:#fff;--mark:#1f883d;background:var(--paper)}"
	".c0{stroke:#3b6fd4}.c1{stroke:#c2571a}.c2{stroke:#7a4fc0}.c3{stroke:#1d8a7a}.c4{stroke:#b5397a}"
	".c5{stroke:#8a7a1d}"
	"@media(prefers-color-scheme:dark){svg{--ink:#e6e9ef;--soft:#9aa4b2;--paper:#14171c;--mark:#3fb950}}";

static size_t x_of(size_t lane)
{
	return MARGIN + lane * LANE;
}

static size_t y_of(size_t row)
{
	return MARGIN + row * ROW;
}

/* From a row to the lane of an edge in the course of one row, then down to what it leads to. */
static void draw_edge(struct retort_buf *out, const struct lanes *lanes, size_t at,
	const struct lane_edge *edge)
{
	size_t from = x_of(lanes->rows[at].lane), to = x_of(edge->lane);

	retort_buf_printf(out, "<path class=\"c%zu%s\" d=\"M%zu %zu", edge->lane % COLORS,
		edge->needs ? " needs" : "", from, y_of(at));
	if (from != to)
		retort_buf_printf(out, "C%zu %zu %zu %zu %zu %zu", from, y_of(at) + ROW / 2, to,
			y_of(at) + ROW / 2, to, y_of(at + 1));
	if (from == to || lanes->row_of[edge->to->index] > at + 1)
		retort_buf_printf(out, "V%zu", y_of(lanes->row_of[edge->to->index]));
	retort_buf_str(out, "\"/>\n");
}

static void draw_revision(struct retort_buf *out, const struct graph_picture *picture,
	const struct lane_row *row, size_t at, size_t text_x)
{
	const struct revision *revision = row->revision;
	const char *state = "plain";
	struct retort_buf marks;

	if (picture->has_rows)
		state = picture->current[revision->index]   ? "current"
			: picture->applied[revision->index] ? "applied"
							    : "pending";
	retort_buf_init(&marks, out->arena);
	draw_graph_marks(&marks, picture, revision);
	retort_buf_printf(out, "<g><title>");
	draw_xml(out, revision->message);
	retort_buf_printf(out, "</title><circle class=\"c%zu %s\" cx=\"%zu\" cy=\"%zu\" r=\"6\"/>",
		row->lane % COLORS, state, x_of(row->lane), y_of(at));
	retort_buf_printf(out, "<text x=\"%zu\" y=\"%zu\" xml:space=\"preserve\"><tspan class=\"id\">",
		text_x, y_of(at) + 4);
	draw_xml(out, revision->id);
	retort_buf_str(out, "</tspan><tspan class=\"marks\">");
	draw_xml(out, marks.data);
	retort_buf_str(out, "</tspan> ");
	draw_xml(out, draw_graph_message(out->arena, revision, WIDEST));
	retort_buf_str(out, "</text></g>\n");
}

/* How many columns the text of a row takes. */
static size_t text_columns(const struct graph_picture *picture, const struct revision *revision,
	struct retort_arena *arena)
{
	struct retort_buf text;

	retort_buf_init(&text, arena);
	retort_buf_str(&text, revision->id);
	draw_graph_marks(&text, picture, revision);
	retort_buf_printf(&text, " %s", draw_graph_message(arena, revision, WIDEST));
	return draw_columns(text.data);
}

/* Where the text of each row begins: behind all lanes, or where these are many behind those that pass. */
static size_t *text_places(struct retort_arena *arena, const struct lanes *lanes)
{
	size_t *places = retort_alloc_array(arena, lanes->row_count, sizeof *places);
	size_t *until =
		retort_alloc_array(arena, lanes->lane_count, sizeof *until); /* by lane: the last row */
	size_t last = 0;

	for (size_t i = 0; i < lanes->row_count; i++) {
		const struct lane_row *row = &lanes->rows[i];

		last = last > row->lane ? last : row->lane;
		for (size_t k = 0; k < row->edge_count; k++) {
			const struct lane_edge *edge = &row->edges[k];

			until[edge->lane] = lanes->row_of[edge->to->index];
			last = last > edge->lane ? last : edge->lane;
		}
		while (last > row->lane && until[last] < i)
			last--;
		places[i] = x_of(lanes->lane_count <= ALIGNED ? lanes->lane_count : last + 1);
	}
	return places;
}

void draw_graph_svg(struct retort_buf *out, const struct graph_picture *picture)
{
	size_t width = 0, *places;
	struct lanes lanes;

	lanes_lay_out(out->arena, picture->graph, &picture->shown, &lanes);
	places = text_places(out->arena, &lanes);
	for (size_t i = 0; i < lanes.row_count; i++) {
		size_t end =
			places[i] + CHARACTER * text_columns(picture, lanes.rows[i].revision, out->arena);

		width = width > end ? width : end;
	}
	width += MARGIN;
	retort_buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu "
		"%zu\" "
		"role=\"img\">\n<title>revisions</title>\n<style>%s</style>\n",
		width, y_of(lanes.row_count), width, y_of(lanes.row_count), style);
	for (size_t i = 0; i < lanes.row_count; i++)
		for (size_t k = 0; k < lanes.rows[i].edge_count; k++)
			draw_edge(out, &lanes, i, &lanes.rows[i].edges[k]);
	for (size_t i = 0; i < lanes.row_count; i++)
		draw_revision(out, picture, &lanes.rows[i], i, places[i]);
	retort_buf_str(out, "</svg>\n");
}
