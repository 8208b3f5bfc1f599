/* SPDX-License-Identifier: MIT
 *
 * A schema as boxes and lines: each line leads from the columns of a foreign key to those that it refers to,
 * in the notation of crow's feet.
 */
#include "base/map.h"
#include "cli/draw_escape.h"
#include "cli/draw_layout.h"
#include "cli/draw_picture.h"

enum {
	MARGIN = 28,
	HEADER = 30, /* height of a table's name */
	ROW = 20,    /* height of a column */
	MORE = 20,   /* height of what tells how many columns are hidden */
	FOOT = 6,    /* below the last column */
	SIDE = 10,   /* left and right of text */
	MARK = 20,
	MARKS = 34, /* width of "PK", and of "PK FK" */
	TYPE_GAP = 16,
	NAME_WIDEST = 40,
	TYPE_WIDEST = 26, /* in characters */
	LEAST_WIDTH = 110,
	LOOP = 22, /* how far a line from a table to itself goes out */
	COLORS = 8
};

/* Width in pixels of so many characters of the font of columns, and of the bolder one of names. */
static long column_width(size_t characters)
{
	return (long)(characters * 725 + 99) / 100;
}

static long name_width(size_t characters)
{
	return (long)(characters * 82 + 9) / 10;
}

/* A table as it is drawn. */
struct box {
	const char *name;
	const char **columns, **types; /* shortened; by row */
	size_t *rows;                  /* by column: its row, or LAYOUT_NONE */
	size_t *shown;                 /* by row: its column */
	size_t row_count;
	long mark_width;
};

struct picture {
	struct retort_buf *out;
	struct retort_arena *arena;
	const struct diagram *diagram;
	struct box *boxes;
	struct layout layout;
	size_t *edge_of; /* by link */
};

static const char *const style =
	".schema{--paper:#fff;--ink:#1c2330;--soft:#68727f;--box:#fff;--edge:#b9c2ce;--head:#e9eef6;"
	"--key:#a15c00;--link:#3b6fd4;background:var(--paper)}"
	".schema text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:var(--ink)}"
	".schema .h{font:600 13px ui-sans-serif,system-ui,'DejaVu Sans',sans-serif}"
	".schema .y,.schema .n{fill:var(--soft)}.schema .n{font-style:italic}"
	".schema .k{font-size:9px;font-weight:700;fill:var(--key)}"
	".schema .b{fill:var(--box);stroke:var(--edge)}.schema .t{fill:var(--head);stroke:var(--edge)}"
	".schema .l{fill:none;stroke-width:1.4}.schema .l circle{fill:var(--paper)}.schema .s{stroke-width:3}"
	".c0{stroke:#3b6fd4}.c1{stroke:#b4581a}.c2{stroke:#7a4fc0}.c3{stroke:#16806f}.c4{stroke:#b5397a}"
	".c5{stroke:#7f711a}.c6{stroke:#2a82a8}.c7{stroke:#6a6f78}"
	"@media(prefers-color-scheme:dark){.schema{--paper:#14171c;--ink:#e6e9ef;--soft:#97a1af;--box:#"
	"1b1f26;"
	"--edge:#3c4552;--head:#252c37;--key:#e0a458}"
	".c0{stroke:#79a3f5}.c1{stroke:#e39257}.c2{stroke:#b293ef}.c3{stroke:#4fc0ac}.c4{stroke:#e67fb2}"
	".c5{stroke:#c5b54f}.c6{stroke:#6bbadb}.c7{stroke:#9aa1ab}}";

/* ---- boxes ---- */

static bool is_shown(const struct diagram_column *column, bool keys_only)
{
	return !keys_only || column->primary || column->foreign || column->referred;
}

static size_t text_width(const char *text)
{
	return draw_columns(text);
}

/* Chooses the rows of a table and tells how large its box is. */
static void make_box(struct picture *picture, size_t at, bool keys_only)
{
	const struct diagram_table *table = &picture->diagram->tables[at];
	size_t n = table->table->column_count;
	struct box *box = &picture->boxes[at];
	struct layout_box *place = &picture->layout.boxes[at];

	box->name = draw_line(picture->arena, table->name, NAME_WIDEST);
	box->rows = retort_alloc_array(picture->arena, n, sizeof *box->rows);
	box->shown = retort_alloc_array(picture->arena, n, sizeof *box->shown);
	box->columns = retort_alloc_array(picture->arena, n, sizeof *box->columns);
	box->types = retort_alloc_array(picture->arena, n, sizeof *box->types);
	place->width = name_width(text_width(box->name)) + 2 * SIDE;
	for (size_t i = 0; i < n; i++) {
		const char *mark = diagram_mark(&table->columns[i]);
		long wanted = !*mark ? 0 : mark[2] ? MARKS : MARK;

		box->rows[i] = LAYOUT_NONE;
		if (!is_shown(&table->columns[i], keys_only))
			continue;
		box->mark_width = box->mark_width > wanted ? box->mark_width : wanted;
		box->columns[box->row_count] =
			draw_line(picture->arena, table->columns[i].column->name, NAME_WIDEST);
		box->types[box->row_count] = draw_line(picture->arena, table->columns[i].type, TYPE_WIDEST);
		box->rows[i] = box->row_count;
		box->shown[box->row_count++] = i;
	}
	for (size_t i = 0; i < box->row_count; i++) {
		long width = 2 * SIDE + box->mark_width + TYPE_GAP +
			column_width(text_width(box->columns[i])) + column_width(text_width(box->types[i]));

		place->width = place->width > width ? place->width : width;
	}
	place->width = place->width > LEAST_WIDTH ? place->width : LEAST_WIDTH;
	place->height = HEADER + ROW * (long)box->row_count + (box->row_count < n ? MORE : 0) + FOOT;
}

static long row_y(size_t row)
{
	return HEADER + ROW * (long)row + ROW / 2 + 2;
}

/* The rows of a key's columns: from the uppermost to the lowest. */
struct span {
	long first, last;
};

static struct span span_of(const struct box *box, const size_t *columns, size_t n)
{
	struct span span = {row_y(box->rows[columns[0]]), row_y(box->rows[columns[0]])};

	for (size_t i = 1; i < n; i++) {
		long y = row_y(box->rows[columns[i]]);

		span.first = span.first < y ? span.first : y;
		span.last = span.last > y ? span.last : y;
	}
	return span;
}

/* Keys that refer to the same columns run together where both can be empty, or neither. */
static size_t trunk_of(struct picture *picture, struct map *trunks, const struct diagram_link *link)
{
	struct retort_buf key;
	size_t *found;

	retort_buf_init(&key, picture->arena);
	retort_buf_printf(&key, "%zu %d", link->to, link->optional);
	for (size_t i = 0; i < link->pair_count; i++)
		retort_buf_printf(&key, " %zu", link->to_columns[i]);
	found = map_get(trunks, key.data);
	if (!found) {
		found = retort_alloc(picture->arena, sizeof *found);
		*found = picture->layout.trunk_count++;
		map_put(trunks, key.data, found);
	}
	return *found;
}

static void make_edges(struct picture *picture)
{
	const struct diagram *diagram = picture->diagram;
	struct map *trunks = map_new(picture->arena);

	picture->layout.edges =
		retort_alloc_array(picture->arena, diagram->link_count, sizeof *picture->layout.edges);
	for (size_t i = 0; i < diagram->link_count; i++) {
		const struct diagram_link *link = &diagram->links[i];
		struct span from = span_of(&picture->boxes[link->from], link->from_columns, link->pair_count);
		struct span to = span_of(&picture->boxes[link->to], link->to_columns, link->pair_count);

		/* what is referred to stands on the left */
		picture->layout.edges[i] = (struct layout_edge){.from = link->to,
			.to = link->from,
			.from_at = (to.first + to.last) / 2,
			.to_at = (from.first + from.last) / 2,
			.trunk = trunk_of(picture, trunks, link)};
	}
	picture->layout.edge_count = diagram->link_count;
}

/* ---- drawing ---- */

static void draw_text(struct retort_buf *out, const char *class, const char *anchor, long x, long y,
	const char *text)
{
	retort_buf_printf(out, "<text class=\"%s\"%s x=\"%ld\" y=\"%ld\">", class, anchor, x, y);
	draw_xml(out, text);
	retort_buf_str(out, "</text>");
}

static void draw_column(struct picture *picture, size_t at, size_t row)
{
	const struct diagram_table *table = &picture->diagram->tables[at];
	const struct diagram_column *column = &table->columns[picture->boxes[at].shown[row]];
	const struct box *box = &picture->boxes[at];
	const struct layout_box *place = &picture->layout.boxes[at];
	long y = row_y(row) + 4;

	if (*diagram_mark(column))
		draw_text(picture->out, "k", "", SIDE, y - 1, diagram_mark(column));
	draw_text(picture->out, column->column->nullable && !column->primary ? "n" : "m", "",
		SIDE + box->mark_width, y, box->columns[row]);
	draw_text(picture->out, "y", " text-anchor=\"end\"", place->width - SIDE, y, box->types[row]);
}

static void draw_box(struct picture *picture, size_t at)
{
	const struct diagram_table *table = &picture->diagram->tables[at];
	const struct box *box = &picture->boxes[at];
	const struct layout_box *place = &picture->layout.boxes[at];
	struct retort_buf *out = picture->out;

	retort_buf_printf(out,
		"<g class=\"table\" data-table=\"%zu\" transform=\"translate(%ld %ld)\"><title>", at,
		place->x + MARGIN, place->y + MARGIN);
	draw_xml(out, table->name);
	if (table->table->comment) {
		retort_buf_str(out, ": ");
		draw_xml(out, table->table->comment);
	}
	retort_buf_printf(out,
		"</title><rect class=\"b\" width=\"%ld\" height=\"%ld\" rx=\"6\"/>"
		"<path class=\"t\" d=\"M0 %dV6q0-6 6-6H%ldq6 0 6 6V%dz\"/>",
		place->width, place->height, HEADER, place->width - 6, HEADER);
	draw_text(out, "h", "", SIDE, HEADER / 2 + 5, box->name);
	for (size_t row = 0; row < box->row_count; row++)
		draw_column(picture, at, row);
	if (box->row_count < table->table->column_count)
		draw_text(out, "y", "", SIDE, row_y(box->row_count) + 4,
			retort_printf(picture->arena, "\xe2\x80\xa6 %zu more",
				table->table->column_count - box->row_count));
	retort_buf_str(out, "</g>\n");
}

/* The mark at an end of a line: way is 1 where it leaves the box to the right, else -1. Where many rows may
 * be at this end it is a foot, else a bar; then a ring where there may be none, else a bar. */
static void draw_end(struct retort_buf *out, struct layout_point at, long way, bool many, bool none)
{
	if (many)
		retort_buf_printf(out, "<path d=\"M%ld %ldL%ld %ldL%ld %ld\"/>", at.x, at.y - 6,
			at.x + way * 10, at.y, at.x, at.y + 6);
	else
		retort_buf_printf(out, "<path d=\"M%ld %ldv10\"/>", at.x + way * 6, at.y - 5);
	if (none)
		retort_buf_printf(out, "<circle cx=\"%ld\" cy=\"%ld\" r=\"4\"/>", at.x + way * 14, at.y);
	else
		retort_buf_printf(out, "<path d=\"M%ld %ldv10\"/>", at.x + way * 10, at.y - 5);
}

/* A thick line along the columns of a key that has several. */
static void draw_span(struct picture *picture, size_t at, struct span span, bool right)
{
	const struct layout_box *place = &picture->layout.boxes[at];

	if (span.first != span.last)
		retort_buf_printf(picture->out, "<path class=\"s\" d=\"M%ld %ldV%ld\"/>",
			place->x + MARGIN + (right ? place->width : 0), place->y + MARGIN + span.first - 6,
			place->y + MARGIN + span.last + 6);
}

/* From the right side of a table out and back to it. */
static void draw_loop(struct picture *picture, const struct layout_edge *edge, struct layout_point *from,
	struct layout_point *to)
{
	const struct layout_box *place = &picture->layout.boxes[edge->from];
	long x = place->x + place->width + MARGIN;

	*from = (struct layout_point){x, place->y + MARGIN + edge->to_at};
	*to = (struct layout_point){x, place->y + MARGIN + edge->from_at};
	if (from->y == to->y) { /* a column that refers to itself */
		from->y += 4;
		to->y -= 4;
	}
	retort_buf_printf(picture->out, "<path d=\"M%ld %ldH%ldq8 0 8 %dV%ldq0 %d -8 %dH%ld\"/>", from->x,
		from->y, x + LOOP - 8, to->y < from->y ? -4 : 4, to->y + (to->y < from->y ? 4 : -4),
		to->y < from->y ? -4 : 4, to->y < from->y ? -4 : 4, to->x);
}

/* The line of an edge; the first two points are joined by a straight line, then curve and line take turns. */
static void draw_line_of(struct retort_buf *out, const struct layout_edge *edge)
{
	for (size_t i = 0; i < edge->point_count; i++) {
		long x = edge->points[i].x + MARGIN, y = edge->points[i].y + MARGIN;

		if (i % 2 == 0 && i > 0) {
			long from_x = edge->points[i - 1].x + MARGIN, from_y = edge->points[i - 1].y + MARGIN;

			retort_buf_printf(out, "C%ld %ld %ld %ld %ld %ld", (from_x + x) / 2, from_y,
				(from_x + x) / 2, y, x, y);
		} else {
			retort_buf_printf(out, i ? "H%ld" : "M%ld %ld", x, y);
		}
	}
}

static void draw_link(struct picture *picture, size_t at)
{
	const struct diagram_link *link = &picture->diagram->links[at];
	const struct layout_edge *edge = &picture->layout.edges[at];
	const struct diagram_table *from = &picture->diagram->tables[link->from];
	const struct diagram_table *to = &picture->diagram->tables[link->to];
	struct retort_buf *out = picture->out;
	struct layout_point first, last;
	bool loop = link->from == link->to;

	retort_buf_printf(out, "<g class=\"l c%zu\" data-from=\"%zu\" data-to=\"%zu\"><title>",
		link->to % COLORS, link->from, link->to);
	draw_xml(out, from->name);
	for (size_t i = 0; i < link->pair_count; i++) {
		retort_buf_str(out, i ? ", " : " (");
		draw_xml(out, from->columns[link->from_columns[i]].column->name);
	}
	retort_buf_str(out, ") \xe2\x86\x92 ");
	draw_xml(out, to->name);
	retort_buf_str(out, "</title>");
	if (loop) {
		draw_loop(picture, edge, &first, &last);
	} else {
		/* first is the end of the table with the key */
		first = edge->points[edge->swapped ? 0 : edge->point_count - 1];
		last = edge->points[edge->swapped ? edge->point_count - 1 : 0];
		first = (struct layout_point){first.x + MARGIN, first.y + MARGIN};
		last = (struct layout_point){last.x + MARGIN, last.y + MARGIN};
		retort_buf_str(out, "<path d=\"");
		draw_line_of(out, edge);
		retort_buf_str(out, "\"/>");
	}
	draw_end(out, first, edge->swapped || loop ? 1 : -1, !link->single, true);
	draw_end(out, last, edge->swapped ? -1 : 1, false, link->optional);
	draw_span(picture, link->from,
		span_of(&picture->boxes[link->from], link->from_columns, link->pair_count),
		edge->swapped || loop);
	draw_span(picture, link->to, span_of(&picture->boxes[link->to], link->to_columns, link->pair_count),
		!edge->swapped);
	retort_buf_str(out, "</g>\n");
}

void draw_picture(struct retort_buf *out, const struct diagram *diagram, const struct draw_options *options)
{
	struct picture picture = {.out = out, .arena = out->arena, .diagram = diagram};
	long width, height;

	picture.layout.box_count = diagram->table_count;
	picture.layout.boxes =
		retort_alloc_array(out->arena, diagram->table_count, sizeof *picture.layout.boxes);
	picture.boxes = retort_alloc_array(out->arena, diagram->table_count, sizeof *picture.boxes);
	for (size_t i = 0; i < diagram->table_count; i++)
		make_box(&picture, i, options->keys_only);
	make_edges(&picture);
	layout_run(out->arena, &picture.layout);
	width = picture.layout.width + 2 * MARGIN;
	height = picture.layout.height + 2 * MARGIN;
	retort_buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"schema\" width=\"%ld\" height=\"%ld\" "
		"viewBox=\"0 0 %ld %ld\" role=\"img\">\n<title>",
		width, height, width, height);
	draw_xml(out, options->title ? options->title : "schema");
	retort_buf_printf(out, "</title>\n<style>%s</style>\n", style);
	for (size_t i = 0; i < diagram->link_count; i++)
		draw_link(&picture, i);
	for (size_t i = 0; i < diagram->table_count; i++)
		draw_box(&picture, i);
	retort_buf_str(out, "</svg>\n");
}

void draw_schema_svg(struct retort_buf *out, const struct retort_schema *schema,
	const struct draw_options *options)
{
	struct diagram diagram;

	diagram_make(out->arena, schema, &diagram);
	draw_picture(out, &diagram, options);
}
