/* SPDX-License-Identifier: MIT
 *
 * A schema in the languages of other programs that draw: Graphviz's dot, and Mermaid.
 */
#include <string.h>

#include "base/text.h"
#include "cli/draw.h"
#include "cli/draw_diagram.h"
#include "cli/draw_escape.h"

enum { WIDEST = 60 }; /* columns of a name or type */

/* ---- dot ---- */

/* Text of a cell; without any a cell would be too narrow to be seen. */
static void dot_cell(struct retort_buf *out, const char *attributes, const char *text)
{
	retort_buf_printf(out, "<td%s>", attributes);
	draw_xml(out, draw_line(out->arena, *text ? text : " ", WIDEST));
	retort_buf_str(out, "</td>");
}

static void dot_table(struct retort_buf *out, const struct diagram *diagram, size_t at)
{
	const struct diagram_table *table = &diagram->tables[at];

	retort_buf_printf(out,
		"  t%zu [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"3\">\n"
		"    <tr><td colspan=\"3\" bgcolor=\"#dfe7f3\"><b>",
		at);
	draw_xml(out, draw_line(out->arena, *table->name ? table->name : " ", WIDEST));
	retort_buf_str(out, "</b></td></tr>\n");
	for (size_t i = 0; i < table->table->column_count; i++) {
		const struct diagram_column *column = &table->columns[i];
		const char *attributes = retort_printf(out->arena, " port=\"l%zu\" align=\"left\"", i);

		retort_buf_str(out, "    <tr>");
		dot_cell(out, attributes, column->column->name);
		dot_cell(out, " align=\"left\"",
			retort_printf(out->arena, "%s%s", column->type,
				column->column->nullable && !column->primary ? " null" : ""));
		dot_cell(out, retort_printf(out->arena, " port=\"r%zu\"", i), diagram_mark(column));
		retort_buf_str(out, "</tr>\n");
	}
	retort_buf_str(out, "  </table>>];\n");
}

void draw_schema_dot(struct retort_buf *out, const struct retort_schema *schema,
	const struct draw_options *options)
{
	struct diagram diagram;

	diagram_make(out->arena, schema, &diagram);
	retort_buf_str(out, "digraph ");
	draw_dot_string(out, options->title ? options->title : "schema");
	retort_buf_str(out,
		" {\n  rankdir=RL;\n  ranksep=1;\n"
		"  node [shape=plain, fontname=\"sans-serif\", fontsize=10];\n  edge [dir=both];\n");
	for (size_t i = 0; i < diagram.table_count; i++)
		dot_table(out, &diagram, i);
	for (size_t i = 0; i < diagram.link_count; i++) {
		const struct diagram_link *link = &diagram.links[i];
		bool self = link->from == link->to;

		retort_buf_printf(out, "  t%zu:l%zu%s -> t%zu:%c%zu%s [arrowtail=%s, arrowhead=%s",
			link->from, link->from_columns[0], self ? "" : ":w", link->to, self ? 'l' : 'r',
			link->to_columns[0], self ? "" : ":e", link->single ? "tee" : "crow",
			link->optional ? "teeodot" : "tee");
		if (link->constraint->name) {
			retort_buf_str(out, ", tooltip=");
			draw_dot_string(out, link->constraint->name);
		}
		retort_buf_str(out, "];\n");
	}
	retort_buf_str(out, "}\n");
}

/* ---- Mermaid ---- */

/* A type or name of an attribute: letters, digits, - _ [ ] ( ) and what is beyond ASCII; anything else
 * becomes _, as does what would be read as a mark of a key. True where that changed it. */
static bool mermaid_word(struct retort_buf *out, const char *text)
{
	static const char *const marks[] = {"pk", "fk", "uk"};
	const char *from = text_safe(out->arena, text);
	bool changed = !*from;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char c = strlen(from) < 2 ? '_' : from[2];

		if (!text_ncasecmp(from, marks[i], 2) &&
			!(c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
				(c >= 'a' && c <= 'z'))) {
			retort_buf_char(out, '_');
			changed = true;
		}
	}
	if (!*from || strchr("0123456789-[]()", *from)) {
		retort_buf_char(out, '_');
		changed = true;
	}
	for (const char *at = from; *at; at++) {
		bool fits = (*at & 0x80) || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
			(*at >= 'a' && *at <= 'z') || strchr("-_[]()", *at);

		/* U+0080 to U+00BF don't belong to it */
		if (*at == '\xc2') {
			fits = false;
			at++;
		}
		retort_buf_char(out, fits ? *at : '_');
		changed |= !fits;
	}
	return changed;
}

static void mermaid_attribute(struct retort_buf *out, const struct diagram_column *column)
{
	const char *mark = diagram_mark(column);
	const char *type = draw_line(out->arena, *column->type ? column->type : "any", WIDEST);
	const char *name = draw_line(out->arena, column->column->name, WIDEST);
	bool changed;

	retort_buf_str(out, "    ");
	changed = mermaid_word(out, type);
	retort_buf_char(out, ' ');
	changed |= mermaid_word(out, name);
	if (*mark)
		retort_buf_printf(out, " %s", strcmp(mark, "PK FK") ? mark : "PK, FK");
	if (changed) {
		retort_buf_char(out, ' ');
		draw_mermaid_label(out, retort_printf(out->arena, "%s %s", name, type));
	}
	retort_buf_char(out, '\n');
}

void draw_schema_mermaid(struct retort_buf *out, const struct retort_schema *schema,
	const struct draw_options *options)
{
	struct diagram diagram;

	(void)options;
	diagram_make(out->arena, schema, &diagram);
	retort_buf_str(out, "erDiagram\n");
	for (size_t i = 0; i < diagram.table_count; i++) {
		const struct diagram_table *table = &diagram.tables[i];

		retort_buf_printf(out, "  T%zu[", i);
		draw_mermaid_label(out, draw_line(out->arena, table->name, WIDEST));
		retort_buf_str(out, "] {\n");
		for (size_t k = 0; k < table->table->column_count; k++)
			mermaid_attribute(out, &table->columns[k]);
		retort_buf_str(out, "  }\n");
	}
	for (size_t i = 0; i < diagram.link_count; i++) {
		const struct diagram_link *link = &diagram.links[i];

		retort_buf_printf(out, "  T%zu %s--%s T%zu : ", link->to, link->optional ? "|o" : "||",
			link->single ? "o|" : "o{", link->from);
		draw_mermaid_label(out, link->constraint->columns[0]);
		retort_buf_char(out, '\n');
	}
}
