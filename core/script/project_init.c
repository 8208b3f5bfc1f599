/* SPDX-License-Identifier: MIT
 *
 * A new project's files.
 */
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "script/dialects.h"
#include "script/project.h"
#include "script/template.h"

enum { ECHOED = 200 };

const struct project_template project_templates[] = {
	{"generic", "one database, named by DATABASE_URL"},
	{"multi", "several databases, each a [target.NAME] of retort.ini"},
	{NULL, NULL},
};

/* A file that init writes. */
struct file {
	const char *path, *text;
	bool schema;  /* a JSON Schema, which --refresh renews */
	bool outside; /* beside the folder, not in it */
};

struct starting {
	struct retort_arena *arena;
	const char *folder;
	struct file *files;
	size_t count;
	const char **made; /* what has been written, in this order */
	size_t made_count;
	void (*told)(void *context, const char *text);
	void *context;
	struct retort_error *err;
};

static void file_add(struct starting *start, struct file file)
{
	RETORT_PUSH(start->arena, start->files, start->count, file);
}

static const char *below(const struct starting *start, const char *name)
{
	return path_join(start->arena, start->folder, name);
}

/* URLs of the drivers that are known, as comments. */
static void examples(struct starting *start, struct retort_buf *out)
{
	const struct dialects *dialects = dialects_load(start->arena);
	size_t i;

	for (i = 0; i < dialects->count; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : "; for instance ", dialects->items[i].example);
	if (dialects->count)
		retort_buf_char(out, '\n');
}

static const char *ini_text(struct starting *start, bool multi)
{
	struct retort_buf out;

	retort_buf_init(&out, start->arena);
	retort_buf_printf(&out,
		"; The configuration of retort; paths are relative to this file.\n\n"
		"[retort]\n"
		"script_location = %s\n",
		start->folder);
	if (multi) {
		retort_buf_str(&out,
			"\n; the desired state, for: retort -t first migrate -m \"what changes\"\n"
			"schema = schema.yaml\n\n"
			"; One section for each database; each may override any key above.\n"
			"; retort -t first upgrade, or retort --all upgrade\n");
		examples(start, &out);
		retort_buf_str(&out,
			"[target.first]\nurl = ${FIRST_DATABASE_URL}\n\n"
			"[target.second]\nurl = ${SECOND_DATABASE_URL}\n");
		return out.data;
	}
	retort_buf_str(&out,
		"\n; the database; ${...} is a variable of the environment, which keeps passwords out of "
		"here\n");
	examples(start, &out);
	retort_buf_str(&out,
		"url = ${DATABASE_URL}\n\n"
		"; the desired state, for: retort migrate -m \"what changes\"\n"
		"schema = schema.yaml\n");
	return out.data;
}

/* All files of the project, in the order in which they are written. */
static void files_plan(struct starting *start, bool multi)
{
	struct retort_buf revision, schema;

	retort_buf_init(&revision, start->arena);
	retort_buf_init(&schema, start->arena);
	script_json_schema_revision(&revision);
	script_json_schema_schema(&schema);
	/* version control keeps no empty folder */
	file_add(start, (struct file){.path = below(start, "versions/.gitkeep"), .text = ""});
	file_add(start,
		(struct file){.path = below(start, "revision.schema.json"),
			.text = revision.data,
			.schema = true});
	file_add(start,
		(struct file){.path = below(start, "schema.schema.json"),
			.text = schema.data,
			.schema = true});
	file_add(start, (struct file){.path = below(start, "template.yaml"), .text = template_default});
	file_add(start,
		(struct file){.path = "schema.yaml",
			.outside = true,
			.text = retort_printf(start->arena,
				"# yaml-language-server: $schema=%s\n"
				"# What the database should look like. Put tables in, then run: retort "
				"migrate -m \"what changes\"\n"
				"tables: {}\n",
				below(start, "schema.schema.json"))});
	file_add(start, (struct file){.path = "retort.ini", .outside = true, .text = ini_text(start, multi)});
}

/* Adds a problem for everything that is in the way. */
static int files_check(const struct starting *start)
{
	struct dirent *entry;
	size_t i;
	int ret = 0;
	DIR *dir;

	dir = opendir(start->folder);
	while (dir && !ret && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			ret = retort_fail(start->err, RETORT_E_IO,
				"cannot start a project: the folder '%s' is not empty",
				text_echo(start->arena, start->folder, ECHOED));
	if (dir)
		closedir(dir);
	for (i = 0; i < start->count; i++)
		if (start->files[i].outside && file_exists(start->files[i].path))
			ret = retort_fail(start->err, RETORT_E_IO,
				"cannot start a project: '%s' exists already, and is left as it is",
				start->files[i].path);
	return ret;
}

static void tell(const struct starting *start, const char *what, const char *path)
{
	if (start->told)
		start->told(start->context,
			retort_printf(start->arena, "%s %s ...  done", what,
				text_echo(start->arena, path, ECHOED)));
}

/* Makes a folder, and remembers it where it is new. */
static int folder_make(struct starting *start, const char *path)
{
	if (file_is_folder(path))
		return 0;
	if (file_make_folder(path, start->err) < 0)
		return -1;
	RETORT_PUSH(start->arena, start->made, start->made_count, path);
	tell(start, "Creating directory", path);
	return 0;
}

static int files_write(struct starting *start)
{
	const struct file *file;
	size_t i;

	if (folder_make(start, start->folder) < 0 || folder_make(start, below(start, "versions")) < 0)
		return -1;
	for (i = 0; i < start->count; i++) {
		file = &start->files[i];
		if (file_write(file->path, file->text, strlen(file->text), true, start->err) < 0)
			return -1;
		RETORT_PUSH(start->arena, start->made, start->made_count, file->path);
		if (*file->text)
			tell(start, "Generating", file->path);
	}
	return 0;
}

/* Takes back what a start that failed has written. */
static void files_undo(const struct starting *start)
{
	size_t i;

	for (i = start->made_count; i-- > 0;)
		if (unlink(start->made[i]) < 0)
			rmdir(start->made[i]);
}

static int schemas_refresh(struct starting *start)
{
	const struct file *file;
	size_t i;

	if (!file_is_folder(start->folder))
		return retort_fail(start->err, RETORT_E_IO,
			"cannot refresh '%s': there is no such folder: name the project's",
			text_echo(start->arena, start->folder, ECHOED));
	for (i = 0; i < start->count; i++) {
		file = &start->files[i];
		if (!file->schema)
			continue;
		if (file_write(file->path, file->text, strlen(file->text), false, start->err) < 0)
			return -1;
		tell(start, "Generating", file->path);
	}
	return 0;
}

/* Whether a folder's name can be written into retort.ini as it is. */
static bool is_plain(const char *folder)
{
	const char *at;

	for (at = folder; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f || strchr("$%;#\"", *at))
			return false;
	return at > folder && folder[0] != ' ' && at[-1] != ' ';
}

int project_init(struct retort_arena *arena, const char *folder, const char *template, bool refresh,
	void (*told)(void *context, const char *text), void *context, struct retort_error *err)
{
	struct starting start = {.arena = arena, .told = told, .context = context, .err = err};
	const char *names[] = {"generic", "multi"}, *near;
	size_t count = sizeof names / sizeof *names;

	if (strcmp(template, names[0]) && strcmp(template, names[1])) {
		near = text_nearest(template, names, count, sizeof *names);
		return retort_fail(err, RETORT_E_USAGE,
			near ? "there is no template '%s': did you mean '%s'?"
			     : "there is no template '%s': expected %s",
			text_echo(arena, template, ECHOED), near ? near : text_list(arena, names, count, 0));
	}
	if (!is_plain(folder))
		return retort_fail(err, RETORT_E_USAGE,
			"cannot use the folder '%s': choose a name without $ %% ; # and quotes",
			text_echo(arena, folder, ECHOED));
	start.folder = path_relative(arena, folder, ".");
	if (text_starts(start.folder, "../"))
		start.folder = path_absolute(arena, folder);
	files_plan(&start, !strcmp(template, "multi"));
	if (refresh)
		return schemas_refresh(&start);
	if (files_check(&start) < 0)
		return -1;
	if (files_write(&start) < 0) {
		files_undo(&start);
		return -1;
	}
	return 0;
}
