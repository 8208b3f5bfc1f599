/* SPDX-License-Identifier: MIT
 *
 * graph: the revision graph as a picture. Without -i and a range that asks for it no database is opened.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/draw_graph.h"
#include "cli/listing.h"

static const struct {
	const char *name; /* first, for text_nearest */
	graph_drawing *draw;
} formats[] = {
	{"text", draw_graph_text},
	{"dot", draw_graph_dot},
	{"mermaid", draw_graph_mermaid},
	{"svg", draw_graph_svg},
};

enum { FORMATS = sizeof formats / sizeof *formats };

/* The list as marks by index. */
static const bool *marks_of(struct cli *cli, const struct graph *graph, struct revision_list list)
{
	bool *marks = retort_alloc_array(cli->arena, graph->count, sizeof *marks);

	for (size_t i = 0; i < list.count; i++)
		marks[list.items[i]->index] = true;
	return marks;
}

static int format_of(struct cli *cli, size_t *ret)
{
	const char *name = cli_value(cli, OPTION_AS, "text"), *nearest;

	for (*ret = 0; *ret < FORMATS; ++*ret)
		if (!strcmp(formats[*ret].name, name))
			return 0;
	nearest = text_nearest(name, formats, FORMATS, sizeof *formats);
	return retort_fail(cli->err, RETORT_E_USAGE, "--as is text, dot, mermaid or svg, not '%s'%s%s%s",
		text_echo(cli->arena, name, 60), nearest ? ", did you mean '" : "", nearest ? nearest : "",
		nearest ? "'?" : "");
}

static int graph_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	const char *range = cli_value(cli, OPTION_RANGE, NULL);
	struct graph_picture picture = {.has_rows = cli_flag(cli, OPTION_INDICATE_CURRENT)};
	bool connects = picture.has_rows || listing_needs_rows(range);
	size_t format = *(size_t *)context;
	struct revision_list rows;
	struct project *project;
	struct retort_buf out;

	if (cli_project(cli, settings, &project) < 0 ||
		(connects && listing_rows(cli, settings, project, &rows) < 0) ||
		graph_history(project->graph, range, connects ? &rows : NULL, &picture.shown, cli->err) < 0)
		return -1;
	picture.graph = project->graph;
	if (picture.has_rows) {
		picture.current = marks_of(cli, project->graph, graph_current(project->graph, &rows));
		picture.applied = marks_of(cli, project->graph, graph_applied(project->graph, &rows));
	}
	retort_buf_init(&out, cli->arena);
	formats[format].draw(&out, &picture);
	if (cli->json)
		*document = json_pack("{s:s?, s:s, s:s}", "target", settings->target, "as",
			formats[format].name, "text", out.data);
	else
		fwrite(out.data, 1, out.len, stdout);
	return 0;
}

int command_graph(struct cli *cli)
{
	size_t format;

	if (format_of(cli, &format) < 0)
		return -1;
	return cli_each_target(cli, graph_one, &format);
}
