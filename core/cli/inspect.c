/* SPDX-License-Identifier: MIT
 *
 * inspect: a live database, the files' end or a schema file, as a schema file, SQL or a picture.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/draw.h"
#include "engine/inspect.h"
#include "engine/inspect_script.h"
#include "engine/source.h"
#include "script/dialects.h"

/* What is shown, in the forms that the formats start from. */
struct shown {
	struct session *session;            /* knows the dialect; NULL: a file that needs none */
	const struct schema_file *file;     /* as declared */
	const struct retort_schema *schema; /* the same as objects, with what a file can't hold */
	const struct retort_schema *drawn;  /* expanded */
	const char *title;
};

typedef int format_fn(struct cli *cli, const struct shown *shown, struct retort_buf *out);

/* ---- formats ---- */

/* The language-server line, where the project has the JSON Schema. */
static const char *schema_comment(struct cli *cli)
{
	const struct settings *settings = cli->config->count ? cli->config->settings[0] : NULL;
	const char *path;

	if (!settings || !settings->script_location)
		return NULL;
	path = path_join(cli->arena, settings->script_location, "schema.schema.json");
	return file_exists(path) ? path_relative(cli->arena, path, ".") : NULL;
}

static int as_yaml(struct cli *cli, const struct shown *shown, struct retort_buf *out)
{
	schema_file_write(out, shown->schema, schema_comment(cli));
	return 0;
}

static int as_json(struct cli *cli, const struct shown *shown, struct retort_buf *out)
{
	(void)cli;
	schema_file_write_json(out, shown->schema);
	retort_buf_char(out, '\n');
	return 0;
}

static int as_sql(struct cli *cli, const struct shown *shown, struct retort_buf *out)
{
	return inspect_script(shown->session, shown->file, out, cli->err);
}

static const struct format {
	const char *name;     /* first, for text_nearest */
	format_fn *write;     /* or */
	schema_drawing *draw; /* of a schema in the expanded form */
	bool needs_dialect;
} formats[] = {
	{"yaml", as_yaml, NULL, false},
	{"json", as_json, NULL, false},
	{"sql", as_sql, NULL, true},
	{"dot", NULL, draw_schema_dot, false},
	{"mermaid", NULL, draw_schema_mermaid, false},
	{"svg", NULL, draw_schema_svg, false},
	{"html", NULL, draw_schema_html, false},
};

enum { FORMATS = sizeof formats / sizeof *formats };

static const struct format *find_format(struct cli *cli)
{
	const char *name = cli_value(cli, OPTION_AS, cli->json ? "json" : "yaml"), *nearest;
	const char *names[FORMATS];

	for (size_t i = 0; i < FORMATS; i++) {
		if (!strcmp(formats[i].name, name))
			return &formats[i];
		names[i] = formats[i].name;
	}
	nearest = text_nearest(name, formats, FORMATS, sizeof *formats);
	retort_fail(cli->err, RETORT_E_USAGE, "--as is %s, not '%s'%s%s%s",
		text_list(cli->arena, names, FORMATS, 0), text_echo(cli->arena, name, 60),
		nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
	return NULL;
}

static int print(struct cli *cli, const struct settings *settings, const struct format *format,
	const struct shown *shown, json_t **document)
{
	const struct draw_options drawing = {.title = shown->title};
	struct retort_buf out;

	retort_buf_init(&out, cli->arena);
	if (format->draw)
		format->draw(&out, shown->drawn, &drawing);
	else if (format->write(cli, shown, &out) < 0)
		return -1;
	if (!cli->json)
		fwrite(out.data, 1, out.len, stdout);
	else if (format->write == as_json)
		*document = json_loadb(out.data, out.len, 0, NULL);
	else
		*document = json_pack("{s:s?, s:s, s:s%}", "target", settings->target, "as", format->name,
			"text", out.data, out.len);
	return 0;
}

/* ---- what is inspected ---- */

static int show_live(struct cli *cli, struct settings *settings, const struct format *format,
	json_t **document)
{
	struct shown shown = {0};
	struct retort_schema *live, *portable;
	const char **notes;
	size_t note_count;
	int ret;

	if (cli_open(cli, settings, true, false, &shown.session) < 0)
		return -1;
	ret = inspect_live(shown.session, cli->arena, &live, cli->err);
	if (ret == 0)
		ret = inspect_portable(shown.session, cli->arena, live, &portable, &notes, &note_count,
			cli->err);
	if (ret == 0) {
		for (size_t i = 0; !format->draw && i < note_count; i++)
			cli_log(cli, LOG_WARNING_LEVEL, "retort.inspect", "%s", notes[i]);
		shown.schema = portable;
		shown.drawn = live;
		shown.title = shown.session->database;
		shown.file = schema_file_of(cli->arena, portable);
		ret = print(cli, settings, format, &shown, document);
	}
	cli_close(cli, shown.session);
	return ret;
}

/* The dialect that nothing live tells. */
static int open_dialect(struct cli *cli, struct settings *settings, struct session **session)
{
	return session_offline(cli->arena, cli_loader(cli, settings), settings,
		cli_value(cli, OPTION_DIALECT, NULL), &cli->observer, session, cli->err);
}

static int show_file(struct cli *cli, struct settings *settings, const char *path,
	const struct format *format, json_t **document)
{
	const struct script_reader reader = {.arena = cli->arena,
		.variables = settings->variables,
		.known_dialect = dialects_accept,
		.context = dialects_load(cli->arena)};
	struct resolve resolve = {.arena = cli->arena, .naming = &settings->naming};
	struct shown shown = {.title = path_name(path)};
	const struct retort_op **ops;
	struct retort_schema *drawn;
	struct schema_file *file;
	size_t count;
	int ret = 0;

	if (schema_file_read(&reader, path, &file, cli->err) < 0)
		return -1;
	shown.file = file;
	shown.schema = schema_file_declared(cli->arena, file);
	if (format->needs_dialect && open_dialect(cli, settings, &shown.session) < 0)
		return -1;
	if (format->draw)
		ret = schema_file_resolve(file, &resolve, 0, &ops, &count, &drawn, cli->err);
	shown.drawn = format->draw && ret == 0 ? drawn : NULL;
	if (ret == 0)
		ret = print(cli, settings, format, &shown, document);
	if (shown.session)
		session_close(shown.session);
	return ret;
}

/* What the revision files lead to, at the heads or at a revision. */
static int show_history(struct cli *cli, struct settings *settings, const char *symbol,
	const struct format *format, json_t **document)
{
	struct sources sources = {.arena = cli->arena,
		.loader = cli_loader(cli, settings),
		.settings = settings,
		.observer = &cli->observer,
		.listener = &cli->listener,
		.dialect_word = cli_value(cli, OPTION_DIALECT, NULL)};
	struct shown shown = {.title = "history"};
	struct retort_schema *schema;
	struct project *project;
	struct revision_list list;
	int ret = source_project(&sources, &project, cli->err);

	if (ret == 0 && symbol)
		ret = graph_resolve(project->graph, symbol, true, &list, cli->err);
	if (ret == 0)
		ret = source_replay(&sources, symbol ? &list : NULL, &schema, cli->err);
	if (ret == 0) {
		shown.session = sources.dialect;
		shown.schema = shown.drawn = inspect_filter(cli->arena, settings, schema);
		shown.file = schema_file_of(cli->arena, shown.schema);
		ret = print(cli, settings, format, &shown, document);
	}
	sources_close(&sources);
	return ret;
}

static int inspect_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	const struct format *format = context;
	const char *from = cli_argument(cli, 0, "db");
	struct settings *other;

	if (!strcmp(from, "db"))
		return show_live(cli, settings, format, document);
	if (!strcmp(from, "history") || text_starts(from, "history@"))
		return show_history(cli, settings, from[7] ? from + 8 : NULL, format, document);
	if (!strstr(from, "://"))
		return show_file(cli, settings, from, format, document);
	other = retort_alloc(cli->arena, sizeof *other);
	*other = *settings;
	other->url = from;
	other->url_command = other->url_missing = NULL;
	return show_live(cli, other, format, document);
}

int command_inspect(struct cli *cli)
{
	const struct format *format = find_format(cli);

	return format ? cli_each_target(cli, inspect_one, (void *)(uintptr_t)format) : -1;
}
