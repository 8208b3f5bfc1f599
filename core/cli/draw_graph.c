/* SPDX-License-Identifier: MIT
 *
 * The graph in the languages of other programs that draw: Graphviz's dot, and Mermaid.
 */
#include "cli/draw_escape.h"
#include "cli/draw_graph.h"

enum { WIDEST = 60 }; /* columns of a message */

/* Which of the revisions are shown, by index. */
static bool *shown_of(struct retort_arena *arena, const struct graph_picture *picture)
{
	bool *shown = retort_alloc_array(arena, picture->graph->count, sizeof *shown);

	for (size_t i = 0; i < picture->shown.count; i++)
		shown[picture->shown.items[i]->index] = true;
	return shown;
}

/* Id and marks, then the message on a line of its own. */
static const char *label_of(struct retort_arena *arena, const struct graph_picture *picture,
	const struct revision *revision)
{
	struct retort_buf label;

	retort_buf_init(&label, arena);
	retort_buf_str(&label, revision->id);
	draw_graph_marks(&label, picture, revision);
	if (*revision->message)
		retort_buf_printf(&label, "\n%s", draw_graph_message(arena, revision, WIDEST));
	return label.data;
}

/* current, applied, pending or plain */
static const char *state_of(const struct graph_picture *picture, const struct revision *revision)
{
	if (!picture->has_rows)
		return "plain";
	return picture->current[revision->index]    ? "current"
		: picture->applied[revision->index] ? "applied"
						    : "pending";
}

void draw_graph_dot(struct retort_buf *out, const struct graph_picture *picture)
{
	static const struct {
		const char *state, *attributes;
	} styles[] = {{"current", ", penwidth=2, fillcolor=\"#cfe8cf\""},
		{"pending", ", fillcolor=\"#eeeeee\""}, {"plain", ""}, {"applied", ""}};
	const bool *shown = shown_of(out->arena, picture);

	retort_buf_str(out,
		"digraph revisions {\n  rankdir=BT;\n"
		"  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", "
		"fontname=\"sans-serif\", fontsize=10];\n");
	for (size_t i = picture->shown.count; i-- > 0;) {
		const struct revision *revision = picture->shown.items[i];
		size_t style = 0;

		while (styles[style].state != state_of(picture, revision))
			style++;
		retort_buf_str(out, "  ");
		draw_dot_string(out, revision->id);
		retort_buf_str(out, " [label=");
		draw_dot_string(out, label_of(out->arena, picture, revision));
		retort_buf_printf(out, "%s];\n", styles[style].attributes);
	}
	for (size_t i = picture->shown.count; i-- > 0;) {
		const struct revision *revision = picture->shown.items[i];

		for (size_t k = 0; k < revision->parent_count + revision->need_count; k++) {
			bool needs = k >= revision->parent_count;
			const struct revision *from =
				needs ? revision->needs[k - revision->parent_count] : revision->parents[k];

			if (!shown[from->index])
				continue;
			retort_buf_str(out, "  ");
			draw_dot_string(out, from->id);
			retort_buf_str(out, " -> ");
			draw_dot_string(out, revision->id);
			retort_buf_str(out, needs ? " [style=dashed];\n" : ";\n");
		}
	}
	retort_buf_str(out, "}\n");
}

void draw_graph_mermaid(struct retort_buf *out, const struct graph_picture *picture)
{
	const bool *shown = shown_of(out->arena, picture);

	retort_buf_str(out, "flowchart BT\n");
	if (picture->has_rows)
		retort_buf_str(out,
			"  classDef current stroke-width:3px\n"
			"  classDef pending stroke-dasharray:4 3\n");
	for (size_t i = picture->shown.count; i-- > 0;) {
		const struct revision *revision = picture->shown.items[i];
		const char *state = state_of(picture, revision);

		retort_buf_printf(out, "  R%zu[", revision->index);
		draw_mermaid_label(out, label_of(out->arena, picture, revision));
		retort_buf_char(out, ']');
		if (*state == 'c' || (*state == 'p' && picture->has_rows))
			retort_buf_printf(out, ":::%s", state);
		retort_buf_char(out, '\n');
	}
	for (size_t i = picture->shown.count; i-- > 0;) {
		const struct revision *revision = picture->shown.items[i];

		for (size_t k = 0; k < revision->parent_count; k++)
			if (shown[revision->parents[k]->index])
				retort_buf_printf(out, "  R%zu --> R%zu\n", revision->parents[k]->index,
					revision->index);
		for (size_t k = 0; k < revision->need_count; k++)
			if (shown[revision->needs[k]->index])
				retort_buf_printf(out, "  R%zu -.-> R%zu\n", revision->needs[k]->index,
					revision->index);
	}
}
