/* SPDX-License-Identifier: MIT
 *
 * New revision files: what `revision` and `merge` write. All that could be wrong is found before the
 * file exists, by building the graph and reading the text as if it did.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "script/hooks.h"
#include "script/project.h"
#include "script/template.h"

enum { ID_BYTES = 6, LARGEST_TEMPLATE = 1 << 20, ECHOED = 60 };

/* A revision file in the making. */
struct making {
	struct retort_arena *arena;
	struct project *project;
	const struct settings *settings;
	const struct project_new *what;
	struct revision *revision;
	struct revision_list parents;
	const char *folder; /* of the file */
	struct zone_time time;
	struct retort_error *err;
};

/* ---- id, parents, dependencies ---- */

/* 12 hex digits that no YAML reader takes for a number, and that no revision has. */
static int id_draw(struct making *making)
{
	unsigned char bytes[ID_BYTES];
	struct retort_buf id;
	size_t i;

	do {
		if (getentropy(bytes, sizeof bytes) < 0)
			return retort_fail(making->err, RETORT_E_IO, "cannot draw a random revision id");
		retort_buf_init(&id, making->arena);
		for (i = 0; i < sizeof bytes; i++)
			retort_buf_printf(&id, "%02x", bytes[i]);
	} while (!strpbrk(id.data, "abcdf") || graph_find(making->project->graph, id.data));
	making->revision->id = id.data;
	return 0;
}

static int id_choose(struct making *making)
{
	const char *wanted = making->what->rev_id;
	const struct revision *before;

	if (!wanted)
		return id_draw(making);
	before = graph_find(making->project->graph, wanted);
	if (before)
		return retort_fail(making->err, RETORT_E_GRAPH,
			"cannot create revision '%s': '%s' has that id already",
			text_echo(making->arena, wanted, ECHOED),
			project_shown(making->project, before->path));
	making->revision->id = wanted;
	return 0;
}

/* Several heads where one is needed. */
static int head_ambiguous(const struct making *making, const struct revision_list *heads)
{
	const char **ids = NULL;
	size_t count = 0, i;

	for (i = 0; i < heads->count; i++)
		RETORT_PUSH(making->arena, ids, count, heads->items[i]->id);
	return retort_fail(making->err, RETORT_E_GRAPH,
		"cannot create a revision: there are several heads, %s: "
		"specify the one it is based on with --head, or merge them",
		text_list(making->arena, ids, count, '\''));
}

/* Adds what one symbol stands for to the parents; base adds none. */
static int parent_add(struct making *making, const char *symbol)
{
	const struct graph *graph = making->project->graph;
	struct revision_list *parents = &making->parents, found = graph_heads(graph, false);
	size_t i, k;

	if (!strcmp(symbol, "base") || (!graph->count && text_starts(symbol, "head")))
		return 0;
	if (!strcmp(symbol, "head") && found.count > 1)
		return head_ambiguous(making, &found);
	if (graph_resolve(graph, symbol, true, &found, making->err) < 0)
		return -1;
	for (i = 0; i < found.count; i++) {
		for (k = 0; k < parents->count; k++)
			if (parents->items[k] == found.items[i])
				return retort_fail(making->err, RETORT_E_USAGE,
					"cannot create a revision: its parent '%s' is given twice",
					found.items[i]->id);
		RETORT_PUSH(making->arena, parents->items, parents->count, found.items[i]);
	}
	return 0;
}

/* A parent that another one implies adds nothing, and the version table could not tell it. */
static int parents_overlap(const struct making *making)
{
	const struct revision_list *parents = &making->parents;
	struct revision_list above;
	size_t i, k, m;

	for (i = 0; i < parents->count && parents->count > 1; i++) {
		above = graph_ancestors(making->project->graph,
			(const struct revision *const *)&parents->items[i], 1, false);
		for (k = 0; k < above.count; k++)
			for (m = 0; m < parents->count; m++)
				if (m != i && above.items[k] == parents->items[m])
					return retort_fail(making->err, RETORT_E_GRAPH,
						"cannot merge '%s' and '%s': the first is an ancestor of the "
						"second",
						parents->items[m]->id, parents->items[i]->id);
	}
	return 0;
}

static int parents_choose(struct making *making)
{
	static const char *const head = "head";
	const struct project_new *what = making->what;
	const char *const *symbols = what->head_count ? what->heads : &head;
	size_t count = what->head_count ? what->head_count : 1, i;
	const char **ids = NULL;
	size_t id_count = 0;

	for (i = 0; i < count; i++)
		if (parent_add(making, symbols[i]) < 0)
			return -1;
	if (what->merge && making->parents.count < 2)
		return retort_fail(making->err, RETORT_E_GRAPH, "cannot merge fewer than two revisions");
	for (i = 0; i < making->parents.count; i++) {
		if (!what->splice && !revision_is_head(making->parents.items[i]))
			return retort_fail(making->err, RETORT_E_GRAPH,
				"cannot create a revision after '%s': it is not a head: give --splice to "
				"start a branch there",
				making->parents.items[i]->id);
		RETORT_PUSH(making->arena, ids, id_count, making->parents.items[i]->id);
	}
	making->revision->down = ids;
	making->revision->down_count = id_count;
	return parents_overlap(making);
}

/* Dependencies are written as full ids, or as the label that was given. */
static int depends_choose(struct making *making)
{
	const struct project_new *what = making->what;
	struct revision_list found;
	const char **names = NULL, *name;
	size_t count = 0, i, k;

	for (i = 0; i < what->depends_count; i++) {
		if (graph_resolve(making->project->graph, what->depends[i], false, &found, making->err) < 0)
			return -1;
		if (!found.count)
			return retort_fail(making->err, RETORT_E_GRAPH,
				"cannot depend on '%s': it is no revision",
				text_echo(making->arena, what->depends[i], ECHOED));
		name = found.items[0]->id;
		for (k = 0; k < found.items[0]->all_label_count; k++)
			if (!strcmp(found.items[0]->all_labels[k], what->depends[i]))
				name = what->depends[i];
		RETORT_PUSH(making->arena, names, count, name);
	}
	making->revision->depends = names;
	making->revision->depends_count = count;
	return 0;
}

/* ---- where it goes ---- */

/* Whether a folder is a version location, or lies below one that is read with what is below it. */
static bool is_location(const struct settings *settings, struct retort_arena *arena, const char *folder)
{
	const char *location;
	size_t i, n;

	for (i = 0; i < settings->version_location_count; i++) {
		location = path_absolute(arena, settings->version_locations[i]);
		n = strlen(location);
		if (!strncmp(folder, location, n) &&
			(!folder[n] || (settings->recursive_version_locations && folder[n] == '/')))
			return true;
	}
	return false;
}

static int folder_choose(struct making *making)
{
	const struct settings *settings = making->settings;
	const char **shown = NULL, *wanted = making->what->version_path;
	size_t count = 0, i;

	for (i = 0; i < settings->version_location_count; i++)
		RETORT_PUSH(making->arena, shown, count,
			project_shown(making->project, settings->version_locations[i]));
	if (!wanted && settings->version_location_count == 1)
		wanted = settings->version_locations[0];
	if (!wanted && making->parents.count)
		wanted = path_folder(making->arena, making->parents.items[0]->path);
	if (!wanted)
		return retort_fail(making->err, RETORT_E_USAGE,
			"cannot choose a folder for the revision: specify one of the version_locations with "
			"--version-path: %s",
			text_list(making->arena, shown, count, '\''));
	making->folder = path_absolute(making->arena, wanted);
	if (!is_location(settings, making->arena, making->folder))
		return retort_fail(making->err, RETORT_E_USAGE,
			"cannot create a revision in '%s': the version_locations are %s",
			text_echo(making->arena, wanted, ECHOED * 4),
			text_list(making->arena, shown, count, '\''));
	return 0;
}

static int path_choose(struct making *making)
{
	const struct settings *settings = making->settings;
	const char *slug =
		template_slug(making->arena, making->revision->message, settings->truncate_slug_length);
	const char *name = template_name(making->arena, settings->file_template, making->revision->id, slug,
		&making->time);
	const char *path;

	/* what would not be found again, or lie elsewhere, is not written */
	if (*path_name(name) == '.' || !*path_name(name) ||
		(strchr(name, '/') &&
			(!settings->recursive_version_locations || *name == '/' || strstr(name, ".."))))
		return retort_fail(making->err, RETORT_E_CONFIG,
			"cannot name the file '%s.yaml': correct file_template",
			text_echo(making->arena, name, ECHOED * 4));
	path = path_join(making->arena, making->folder, retort_printf(making->arena, "%s.yaml", name));
	if (file_exists(path))
		return retort_fail(making->err, RETORT_E_IO,
			"cannot create '%s': the file exists, and is left as it is",
			project_shown(making->project, path));
	making->revision->path = path;
	return 0;
}

/* ---- checking, writing ---- */

/* The graph with the new revision in it. */
static int graph_try(struct making *making, struct graph **ret)
{
	const struct graph *before = making->project->graph;
	struct graph *graph = graph_new(making->arena);
	struct revision *copy;
	size_t i;

	for (i = 0; i < before->count; i++) {
		copy = retort_alloc(making->arena, sizeof *copy);
		/* what graph_build fills starts empty */
		memcpy(copy, before->revisions[i], offsetof(struct revision, parents));
		graph_add(graph, copy);
	}
	graph_add(graph, making->revision);
	if (graph_build(graph, making->err) < 0) {
		retort_error_prefix(making->err, "cannot create the revision");
		return -1;
	}
	*ret = graph;
	return 0;
}

/* A list of names as YAML: nothing, one, or a flow list. */
static const char *names_text(struct making *making, const char *const *names, size_t n, const char *none,
	bool single)
{
	struct retort_buf out;
	size_t i;

	if (!n)
		return none;
	retort_buf_init(&out, making->arena);
	if (n > 1 || !single)
		retort_buf_char(&out, '[');
	for (i = 0; i < n; i++) {
		if (i)
			retort_buf_str(&out, ", ");
		yaml_write_string(&out, names[i], 0, true);
	}
	if (n > 1 || !single)
		retort_buf_char(&out, ']');
	return out.data;
}

/* Operations as what follows "upgrade: ". */
static const char *ops_text(struct making *making, const struct retort_op *const *ops,
	const char *const *notes, size_t n, const char *none)
{
	struct retort_buf out;

	if (!ops || !n)
		return none;
	retort_buf_init(&out, making->arena);
	retort_buf_char(&out, '\n');
	script_write_noted(&out, ops, notes, n, 2);
	return out.data;
}

static const char *string_text(struct making *making, const char *text)
{
	struct retort_buf out;

	retort_buf_init(&out, making->arena);
	yaml_write_string(&out, text, 0, false);
	return out.data;
}

/* What the placeholders of the template stand for. */
static struct map *values(struct making *making)
{
	const struct revision *revision = making->revision;
	const struct project_new *what = making->what;
	const char *schema =
		path_join(making->arena, making->settings->script_location, "revision.schema.json");
	const char *folder = path_folder(making->arena, revision->path);
	struct map *map = map_new(making->arena);
	const char *const all[][2] = {
		{"schema_comment",
			file_exists(schema)
				? retort_printf(making->arena, "# yaml-language-server: $schema=%s",
					  path_relative(making->arena, schema, folder))
				: ""},
		{"revision", string_text(making, revision->id)},
		{"down_revision", names_text(making, revision->down, revision->down_count, "null", true)},
		{"branch_labels", names_text(making, revision->labels, revision->label_count, "", false)},
		{"depends_on", names_text(making, revision->depends, revision->depends_count, "", false)},
		{"create_date", revision->create_date},
		{"message", string_text(making, revision->message)},
		{"upgrade", ops_text(making, what->upgrade, what->upgrade_notes, what->upgrade_count, "[]")},
		{"downgrade",
			ops_text(making, what->downgrade, what->downgrade_notes, what->downgrade_count,
				what->downgrade ? "[]" : "auto")},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		map_put(map, all[i][0], (char *)all[i][1]);
	return map;
}

/* Fills the template and reads the result as a revision file. */
static int text_make(struct making *making, struct retort_buf *out)
{
	const char *path = path_join(making->arena, making->settings->script_location, "template.yaml");
	const char *shown = project_shown(making->project, path);
	struct script_reader reader = making->project->reader;
	char *text = (char *)template_default;
	struct script *script;

	if (file_exists(path) &&
		file_read(making->arena, path, LARGEST_TEMPLATE, &text, NULL, making->err) < 0)
		return -1;
	if (template_fill(making->arena, shown, text, values(making), out, making->err) < 0)
		return -1;
	reader.shown_path = project_shown(making->project, making->revision->path);
	if (script_parse(&reader, making->revision->path, out->data, out->len, &script, making->err) < 0)
		return -1;
	if (strcmp(script->revision->id, making->revision->id) ||
		script->revision->down_count != making->revision->down_count ||
		script->revision->label_count != making->revision->label_count ||
		script->revision->depends_count != making->revision->depends_count)
		return retort_fail(making->err, RETORT_E_FILE,
			"cannot use the template '%s': it needs ${revision}, "
			"${down_revision}, ${branch_labels} and ${depends_on}",
			shown);
	return 0;
}

/* What the new revision says of itself. */
static int head_make(struct making *making)
{
	struct revision *revision = making->revision;
	const struct project_new *what = making->what;

	if (timezone_at(making->settings->timezone, time(NULL), &making->time, making->err) < 0)
		return -1;
	revision->create_date = timezone_text(making->arena, &making->time);
	revision->labels = what->labels;
	revision->label_count = what->label_count;
	revision->message = what->message ? what->message : "";
	if (id_choose(making) < 0 || parents_choose(making) < 0 || depends_choose(making) < 0)
		return -1;
	if (!*revision->message && what->merge)
		revision->message = retort_printf(making->arena, "merge %s",
			text_list(making->arena, revision->down, revision->down_count, 0));
	return folder_choose(making) < 0 ? -1 : path_choose(making);
}

int project_make(struct project *project, const struct project_new *what, const char **path,
	struct retort_error *err)
{
	struct making making = {.arena = project->arena,
		.project = project,
		.settings = project->settings,
		.what = what,
		.err = err};
	struct retort_buf text;
	struct graph *graph;
	struct hook hook;

	making.revision = retort_alloc(project->arena, sizeof *making.revision);
	retort_buf_init(&text, project->arena);
	if (head_make(&making) < 0 || graph_try(&making, &graph) < 0 || text_make(&making, &text) < 0)
		return -1;
	if (file_make_folder(path_folder(project->arena, making.revision->path), err) < 0 ||
		file_write(making.revision->path, text.data, text.len, true, err) < 0)
		return -1;
	project->graph = graph;
	*path = making.revision->path;
	hook = (struct hook){.name = "post_write",
		.command = project->settings->post_write,
		.target = project->settings->target,
		.revision = making.revision->id,
		.file = *path};
	if (hook_run(&hook, err) < 0) {
		retort_error_prefix(err, "'%s' was written, but", project_shown(project, *path));
		return -1;
	}
	return 0;
}
