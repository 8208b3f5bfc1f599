/* SPDX-License-Identifier: MIT
 *
 * The matrix: every property (changes_cells.h) on one engine. For all cells at once, in a scratch database of
 * its own: the first schema is written as a revision and applied, and then nothing is found to be different;
 * the second is found to be different in every cell, written, applied, and then nothing is; its downgrade
 * leads back, and it up again. A cell that the engine can't have is refused when it is planned, and told.
 *
 * CHANGES_ONLY=GLOB tries only the cells of such names, CHANGES_KEEP=1 leaves the folder with the project.
 */
#ifndef TESTS_ENGINES_CHANGES_H
#define TESTS_ENGINES_CHANGES_H

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "changes_cells.h"
#include "engine/planner.h"
#include "engine/scratch.h"
#include "script/dialects.h"
#include "script/schema_file.h"

struct changes {
	struct retort_arena *arena;
	struct loader *loader;
	struct settings settings;
	const char *url;     /* of the server */
	const char *dialect; /* NAME/VERSION, for planning */
	const char *collation, *method, *opclass;
	const char *star; /* of views of all columns; NULL: not tried */
	const char *options, *other_options; /* of tables */
	uint64_t tells;                      /* beside its capabilities: NAMES_KEYS... */
	struct cells cells;
	struct session *offline;
	const char *folder;   /* the project */
	const char *database; /* its URL */
	int failures;
};

/* ---- schema files ---- */

/* Puts the lines of a section into out. */
static void put_section(struct retort_buf *out, const char *section, const char *text)
{
	size_t n = strlen(section);

	while (*text) {
		size_t len = strcspn(text, "\n");
		const char *name = text + n + 1;

		if (strncmp(text, section, n) == 0 && text[n] == '|') {
			size_t name_len = strcspn(name, "|");

			retort_buf_printf(out, "  %.*s: %.*s\n", (int)name_len, name,
				(int)(len - n - 2 - name_len), name + name_len + 1);
		}
		text += len + (text[len] == '\n');
	}
}

/* The schema file of cells; to: as they become. */
static const char *schema_text(struct changes *changes, const struct cell *const *cells, size_t n, bool to)
{
	static const char *const sections[] = {"extensions", "enums", "domains", "sequences", "tables",
		"views", "functions", "procedures", "triggers"};
	struct retort_buf out;

	retort_buf_init(&out, changes->arena);
	for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
		size_t before;

		retort_buf_printf(&out, "%s:\n", sections[s]);
		before = out.len;
		for (size_t i = 0; i < n; i++)
			put_section(&out, sections[s], to ? cells[i]->to : cells[i]->from);
		if (out.len == before) {
			out.len -= strlen(sections[s]) + 2;
			out.data[out.len] = 0;
		}
	}
	if (!out.len)
		retort_buf_str(&out, "tables: {}\n");
	return out.data;
}

static void write_file(struct changes *changes, const char *name, const char *text)
{
	FILE *file = fopen(retort_printf(changes->arena, "%s/%s", changes->folder, name), "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
		perror(name);
		exit(1);
	}
}

/* ---- what an engine can't have ---- */

/* Whether a cell can be planned; else why not. A fault in the text ends the test. */
static const char *refused(struct changes *changes, const struct cell *cell, bool to)
{
	struct retort_error *err = retort_error_new();
	struct script_reader reader = {.arena = changes->arena,
		.known_dialect = dialects_accept,
		.context = dialects_load(changes->arena)};
	struct resolve resolve = plan_resolve(changes->offline);
	const char *text = schema_text(changes, &cell, 1, to), *why = NULL;
	struct retort_schema *schema;
	struct schema_file *file;
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count;

	resolve.arena = changes->arena;
	if (schema_file_parse(&reader, cell->name, text, strlen(text), &file, err) < 0) {
		printf("%s\n%s\n%s\n", cell->name, retort_error_first(err)->message, text);
		exit(1);
	}
	if (schema_file_resolve(file, &resolve, changes->offline->dialect->syntax, &ops, &count, &schema,
		    err) < 0 ||
		plan_render(changes->offline, retort_schema_new(changes->arena), ops, count, &plan, err) < 0)
		why = retort_strdup(changes->arena, retort_error_first(err)->message);
	retort_error_free(err);
	return why;
}

/* The engine's word for a type. */
static const char *native(struct changes *changes, const char *text)
{
	struct retort_render render = session_render(changes->offline, changes->arena, NULL, NULL);
	struct retort_column column = {.name = "c", .type_check_name = "x", .enum_type_name = "x"};
	struct retort_buf out;

	if (*text == '{' || retort_type_parse(changes->arena, text, &column.type, NULL) < 0)
		return text;
	retort_buf_init(&out, changes->arena);
	if (column.type->kind == RETORT_TYPE_ENUM)
		return text;
	if (retort_sql_type(&render, &out, column.type, NULL) < 0 ||
		retort_sql_type_check(&render, &out, &column, NULL) < 0)
		return text;
	return out.data;
}

/* Whether the engine can't tell the two states of a cell apart. */
static bool may_be_same(struct changes *changes, const struct cell *cell)
{
	uint64_t has = changes->offline->caps | changes->tells;

	if (cell->from_type)
		return strcmp(native(changes, cell->from_type), native(changes, cell->to_type)) == 0;
	return (cell->told_by & ~has) != 0;
}

/* ---- the program ---- */

/* Runs retort in the project; its output in *out. Returns its exit status. */
static int run(struct changes *changes, const char *arguments, const char **out)
{
	const char *log = retort_printf(changes->arena, "%s/out", changes->folder);
	const char *command = retort_printf(changes->arena, "cd '%s' && '%s' %s >out 2>&1", changes->folder,
		getenv("RETORT"), arguments);
	struct retort_buf text;
	char piece[4096];
	FILE *file;
	int status = system(command);
	size_t n;

	retort_buf_init(&text, changes->arena);
	file = fopen(log, "r");
	while (file && (n = fread(piece, 1, sizeof piece, file)) > 0)
		retort_buf_mem(&text, piece, n);
	if (file)
		fclose(file);
	*out = text.data ? text.data : "";
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The steps of a batch; the message of the first that fails, or NULL. */
static const char *failed_step(struct changes *changes, const struct cell *const *cells, size_t n, bool *same)
{
	static const struct {
		const char *arguments;
		int status;
		bool to; /* which schema is in schema.yaml */
	} steps[] = {
		{"migrate -m one", 0, false},
		{"upgrade", 0, false},
		{"check", 0, false},
		{"check --from history", 0, false},
		{"migrate -m two", 0, true},
		{"upgrade", 0, true},
		{"check", 0, true},
		{"check --from history", 0, true},
		{"downgrade -1", 0, true},
		{"diff db schema --format json", 0, false},
		{"upgrade", 0, true},
		{"check", 0, true},
	};
	const char *from = schema_text(changes, cells, n, false), *to = schema_text(changes, cells, n, true);
	const char *out;

	*same = false;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		int status;

		write_file(changes, "schema.yaml", steps[i].to ? to : from);
		/* files alone don't tell the version of the server */
		status = run(changes,
			retort_printf(changes->arena, "%s%s%s", steps[i].arguments,
				strstr(steps[i].arguments, "history") ? " --dialect " : "",
				strstr(steps[i].arguments, "history") ? changes->dialect : ""),
			&out);
		if (strncmp(steps[i].arguments, "diff", 4) == 0 && !strstr(out, "\"changes\": []"))
			return retort_printf(changes->arena, "after the downgrade: %s", out);
		if (status != steps[i].status)
			return retort_printf(changes->arena, "retort %s (%s schema): exit %d\n%s",
				steps[i].arguments, steps[i].to ? "second" : "first", status, out);
		if (strcmp(steps[i].arguments, "migrate -m two") == 0) {
			if (strstr(out, "no differences"))
				*same = true;
			for (size_t k = 0; k < n && n > 1; k++)
				if (!strstr(out, cells[k]->id) && !may_be_same(changes, cells[k]))
					return "not every cell was seen to change";
			if (*same)
				return NULL;
		}
	}
	return NULL;
}

/* ---- batches ---- */

static void begin_project(struct changes *changes, struct scratch **scratch)
{
	struct retort_error *err = retort_error_new();
	char *folder = retort_strdup(changes->arena, "/tmp/retort_changes_XXXXXX");

	if (!mkdtemp(folder)) {
		perror("mkdtemp");
		exit(1);
	}
	changes->folder = folder;
	if (changes->url) {
		if (scratch_make(changes->arena, changes->loader, &changes->settings, changes->url, NULL,
			    NULL, scratch, err) < 0) {
			printf("%s\n", retort_error_first(err)->message);
			exit(1);
		}
		changes->database = (*scratch)->settings->url;
	} else {
		*scratch = NULL;
		changes->database = retort_printf(changes->arena, "sqlite:///%s/test.db", folder);
		write_file(changes, "test.db", "");
	}
	mkdir(retort_printf(changes->arena, "%s/migrations", folder), 0700);
	mkdir(retort_printf(changes->arena, "%s/migrations/versions", folder), 0700);
	write_file(changes, "retort.ini",
		retort_printf(changes->arena,
			"[retort]\nscript_location = migrations\nschema = schema.yaml\nurl = %s\n"
			"file_template = %%(slug)s\n",
			changes->database));
	retort_error_free(err);
}

static void end_project(struct changes *changes, struct scratch *scratch)
{
	struct retort_error *err = retort_error_new();

	if (scratch && scratch_drop(scratch, err) < 0)
		printf("%s\n", retort_error_first(err)->message);
	if (getenv("CHANGES_KEEP"))
		printf("kept: %s\n", changes->folder);
	else if (system(retort_printf(changes->arena, "rm -rf '%s'", changes->folder)) != 0)
		printf("left: %s\n", changes->folder);
	retort_error_free(err);
}

/* Tries cells together; where that fails, each half alone, until the cells that fail are found. */
static void try_cells(struct changes *changes, const struct cell *const *cells, size_t n)
{
	struct scratch *scratch;
	const char *reason;
	bool same;

	if (!n)
		return;
	begin_project(changes, &scratch);
	reason = failed_step(changes, cells, n, &same);
	end_project(changes, scratch);
	if (n == 1 && !reason && same && !may_be_same(changes, cells[0]))
		reason = "no difference was seen";
	if (!reason)
		return;
	if (n > 1) {
		int before = changes->failures;

		try_cells(changes, cells, n / 2);
		try_cells(changes, cells + n / 2, n - n / 2);
		if (changes->failures > before)
			return;
	}
	changes->failures++;
	printf("FAILED %s%s%s\n%s\n", cells[0]->name, n > 1 ? " to " : "", n > 1 ? cells[n - 1]->name : "",
		reason);
	fflush(stdout);
}

static const char *with_engine(struct changes *changes, const char *text)
{
	static const char *const marks[] = {"{COLLATION}", "{METHOD}", "{OPCLASS}", "{STAR}", "{OPTIONS}",
		"{OTHER OPTIONS}"};
	const char *const words[] = {changes->collation, changes->method, changes->opclass, changes->star,
		changes->options, changes->other_options};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = strstr(text, marks[i]);

		if (at && !words[i])
			return NULL;
		if (at)
			text = retort_printf(changes->arena, "%.*s%s%s", (int)(at - text), text, words[i],
				at + strlen(marks[i]));
	}
	return text;
}

/* All cells of the engine; the number that failed. */
static int run_changes(struct changes *changes)
{
	const char *only = getenv("CHANGES_ONLY");
	const struct cell **cells = NULL;
	size_t count = 0, skipped = 0;

	changes->cells.arena = changes->arena;
	make_cells(&changes->cells);
	if (changes->cells.faults) {
		printf("%s", changes->cells.faults);
		return 1;
	}
	for (size_t i = 0; i < changes->cells.count; i++) {
		struct cell *cell = &changes->cells.items[i];
		const char *why;

		cell->from = with_engine(changes, cell->from);
		cell->to = cell->from ? with_engine(changes, cell->to) : NULL;
		if (!cell->from || !cell->to || (only && !text_glob(only, cell->name)))
			continue;
		why = refused(changes, cell, false);
		if (!why)
			why = refused(changes, cell, true);
		if (why) {
			skipped++;
			printf("refused %s: %s\n", cell->name, why);
			continue;
		}
		RETORT_PUSH(changes->arena, cells, count, cell);
	}
	try_cells(changes, cells, count);
	printf("%zu cells, %zu refused by the engine, %d failed\n", count, skipped, changes->failures);
	return changes->failures;
}

/* Opens what planning needs and runs everything. */
static int changes_main(struct changes *changes)
{
	struct retort_error *err = retort_error_new();
	const char *path = getenv("RETORT_DRIVER_PATH");
	int ret;

	changes->arena = retort_arena_new();
	changes->settings = (struct settings){.version_table = "retort_version",
		.naming = naming_default,
		.driver_path = &path,
		.driver_path_count = path != NULL,
		.lock_timeout_ms = 10000,
		.compare_type = true,
		.compare_server_default = true};
	changes->loader = loader_new(changes->arena, &path, path != NULL);
	if (session_offline(changes->arena, changes->loader, &changes->settings, changes->dialect, NULL,
		    &changes->offline, err) < 0) {
		printf("%s\n", retort_error_first(err)->message);
		return 77;
	}
	ret = run_changes(changes);
	retort_error_free(err);
	retort_arena_free(changes->arena);
	return ret ? 1 : 0;
}

#endif
