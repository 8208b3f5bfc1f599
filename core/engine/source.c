/* SPDX-License-Identifier: MIT */
#include "engine/source.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/inspect.h"
#include "engine/plan_standing.h"
#include "engine/planner.h"
#include "script/hooks.h"

#define HISTORY "history"

enum {
	ECHOED = 200,              /* characters of a word that a message repeats */
	LARGEST_OUTPUT = 64 << 20, /* of schema_command */
	LONGEST_URL = 4096
};

/* ---- what a word means ---- */

enum source_kind { SOURCE_DB, SOURCE_SCHEMA, SOURCE_HISTORY, SOURCE_URL, SOURCE_FILE };

static enum source_kind kind_of(const char *word)
{
	if (strcmp(word, "db") == 0)
		return SOURCE_DB;
	if (strcmp(word, "schema") == 0)
		return SOURCE_SCHEMA;
	if (strcmp(word, HISTORY) == 0 || text_starts(word, HISTORY "@"))
		return SOURCE_HISTORY;
	return strstr(word, "://") ? SOURCE_URL : SOURCE_FILE;
}

/* Runs the program that prints a schema file, or the URL of a database that it has made ready. */
static int run_command(struct sources *sources, struct retort_error *err)
{
	const char *at;
	char *text;
	size_t n;

	if (command_output(sources->arena, "schema_command", sources->settings->schema_command,
		    LARGEST_OUTPUT, &text, &n, err) < 0)
		return -1;
	at = text + strspn(text, " \t\r\n");
	sources->desired = "schema_command";
	if (strcspn(at, "\r\n") < LONGEST_URL) {
		const char *line = retort_strndup(sources->arena, at, strcspn(at, " \t\r\n"));

		if (strstr(line, "://") && !strpbrk(line, "{\"'#"))
			sources->desired = line;
	}
	if (!strstr(sources->desired, "://")) {
		sources->desired_text = text;
		sources->desired_len = n;
	}
	return 0;
}

/* What `schema` stands for in the configuration: a URL, a path, or what a program says. */
static int desired_word(struct sources *sources, const char **ret, struct retort_error *err)
{
	const struct settings *settings = sources->settings;

	if (!sources->desired && settings->schema)
		sources->desired = settings->schema;
	if (!sources->desired && settings->schema_command && run_command(sources, err) < 0)
		return -1;
	*ret = sources->desired;
	if (*ret)
		return 0;
	return retort_fail(err, RETORT_E_CONFIG,
		"cannot tell the desired schema: set `schema` or `schema_command` in %s, or name a file",
		settings->config_shown ? settings->config_shown : "retort.ini");
}

/* ---- connections ---- */

static int open_target(struct sources *sources, struct retort_error *err)
{
	if (sources->target)
		return 0;
	if (session_open(sources->arena, sources->loader, sources->settings, sources->observer,
		    sources->listener, true, false, &sources->target, err) < 0) {
		sources->target = NULL;
		return -1;
	}
	RETORT_PUSH(sources->arena, sources->opened_urls, sources->opened_count, NULL);
	sources->opened_count--;
	RETORT_PUSH(sources->arena, sources->opened, sources->opened_count, sources->target);
	return 0;
}

/* The session of a URL that was opened before. */
static struct session *find_url(const struct sources *sources, const char *url)
{
	for (size_t i = 0; i < sources->opened_count; i++)
		if (sources->opened_urls[i] && strcmp(sources->opened_urls[i], url) == 0)
			return sources->opened[i];
	return NULL;
}

static int open_url(struct sources *sources, const char *url, struct retort_error *err)
{
	struct settings *settings = retort_alloc(sources->arena, sizeof *settings);
	struct session *session;

	if (find_url(sources, url))
		return 0;
	*settings = *sources->settings;
	settings->url = url;
	settings->url_command = settings->url_missing = NULL;
	if (session_open(sources->arena, sources->loader, settings, sources->observer, sources->listener,
		    true, false, &session, err) < 0)
		return -1;
	RETORT_PUSH(sources->arena, sources->opened_urls, sources->opened_count, url);
	sources->opened_count--;
	RETORT_PUSH(sources->arena, sources->opened, sources->opened_count, session);
	return 0;
}

/* Connects to what a word names, where that is live. */
static int open_word(struct sources *sources, const char *word, struct retort_error *err)
{
	switch (kind_of(word)) {
	case SOURCE_DB:
		return open_target(sources, err);
	case SOURCE_URL:
		return open_url(sources, word, err);
	case SOURCE_SCHEMA:
		if (desired_word(sources, &word, err) < 0)
			return -1;
		return kind_of(word) == SOURCE_URL ? open_url(sources, word, err) : 0;
	case SOURCE_HISTORY:
	case SOURCE_FILE:
	default:
		return 0;
	}
}

static bool same_engine(const struct session *a, const struct session *b)
{
	const char *left = a->dialect->family ? a->dialect->family : a->dialect->name;
	const char *right = b->dialect->family ? b->dialect->family : b->dialect->name;

	return strcmp(left, right) == 0;
}

/* ---- files ---- */

/* The file that a word names, as far as that is known; NULL: none. */
static const char *file_path(const struct sources *sources, const char *word)
{
	if (kind_of(word) == SOURCE_SCHEMA)
		word = sources->desired ? sources->desired : sources->settings->schema;
	return word && kind_of(word) == SOURCE_FILE ? word : NULL;
}

/* The reading of a file whose result was not taken yet. */
static struct source_start *find_file(const struct sources *sources, const char *path)
{
	for (size_t i = 0; i < sources->file_count; i++)
		if (sources->files[i].reading && strcmp(sources->files[i].path, path) == 0)
			return &sources->files[i];
	return NULL;
}

/* Begins to read the files among the words, where nothing has to be run for them first. */
static void start_files(struct sources *sources, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct source_start start = {.path = file_path(sources, words[i])};
		bool said = sources->desired_text && start.path == sources->desired;

		if (!start.path || find_file(sources, start.path))
			continue;
		start.reading = source_file_start(sources->arena,
			&(struct source_file_from){.path = start.path,
				.text = said ? sources->desired_text : NULL,
				.len = said ? sources->desired_len : 0,
				.settings = sources->settings});
		RETORT_PUSH(sources->arena, sources->files, sources->file_count, start);
	}
}

static void settle_files(const struct sources *sources)
{
	for (size_t i = 0; i < sources->file_count; i++)
		if (sources->files[i].reading)
			source_file_settle(sources->files[i].reading, sources->dialect);
}

/* ---- all that must be there first ---- */

/* For which dialect all is read: that of what is live, else the one that was given or that the URL means. */
static int settle_dialect(struct sources *sources, struct retort_error *err)
{
	if (!sources->dialect && sources->target)
		sources->dialect = sources->target;
	if (!sources->dialect && sources->opened_count)
		sources->dialect = sources->opened[0];
	for (size_t i = 0; i < sources->opened_count; i++)
		if (!same_engine(sources->dialect, sources->opened[i]))
			return retort_fail(err, RETORT_E_USAGE,
				"cannot compare '%s' with '%s': one is %s, the other %s: write a schema file "
				"with 'retort inspect' and compare with that",
				sources->dialect->shown_url ? sources->dialect->shown_url : "",
				sources->opened[i]->shown_url, sources->dialect->dialect->name,
				sources->opened[i]->dialect->name);
	if (sources->dialect)
		return 0;
	if (session_offline(sources->arena, sources->loader, sources->settings, sources->dialect_word,
		    sources->observer, &sources->dialect, err) < 0) {
		sources->dialect = NULL;
		retort_error_prefix(err, "cannot tell for which engine (give --dialect NAME, or a url)");
		return -1;
	}
	return 0;
}

int sources_open(struct sources *sources, const char *const *words, size_t n, struct retort_error *err)
{
	start_files(sources, words, n);
	for (size_t i = 0; i < n; i++)
		if (open_word(sources, words[i], err) < 0)
			return -1;
	if (settle_dialect(sources, err) < 0)
		return -1;
	start_files(sources, words, n); /* what a program printed */
	settle_files(sources);
	return 0;
}

void sources_close(struct sources *sources)
{
	for (size_t i = 0; i < sources->file_count; i++)
		if (sources->files[i].reading)
			source_file_stop(sources->files[i].reading);
	sources->file_count = 0;
	for (size_t i = 0; i < sources->opened_count; i++)
		session_close(sources->opened[i]);
	sources->opened_count = 0;
	sources->target = sources->dialect = NULL;
}

/* ---- history ---- */

int source_project(struct sources *sources, struct project **ret, struct retort_error *err)
{
	if (!sources->project &&
		project_load(sources->arena, sources->settings, &sources->project, err) < 0) {
		sources->project = NULL;
		return -1;
	}
	*ret = sources->project;
	return 0;
}

int source_replay(struct sources *sources, const struct revision_list *heads, struct retort_schema **ret,
	struct retort_error *err)
{
	struct revision_list list;
	struct project *project;

	if (source_project(sources, &project, err) < 0 || settle_dialect(sources, err) < 0)
		return -1;
	list = heads ? *heads : graph_heads(project->graph, true);
	list = graph_ancestors(project->graph, (const struct revision *const *)list.items, list.count, true);
	list = graph_sort(project->graph, &list);
	for (size_t i = 0; i < list.count; i++) {
		struct script *script;

		if (list.items[i]->foreign)
			return project_script(project, list.items[i], &script, err);
	}
	return standing_model(sources->dialect, project, &list, ret, err);
}

static int load_history(struct sources *sources, const char *word, struct source *source,
	struct retort_error *err)
{
	const char *symbol = strchr(word, '@');
	struct revision_list list;
	struct project *project;

	source->shown = word;
	source->is_history = true;
	if (source_project(sources, &project, err) < 0)
		return -1;
	if (symbol && graph_resolve(project->graph, symbol + 1, true, &list, err) < 0)
		return -1;
	if (source_replay(sources, symbol ? &list : NULL, &source->schema, err) < 0)
		return -1;
	source->schema = inspect_filter(sources->arena, sources->settings, source->schema);
	return 0;
}

/* ---- live databases ---- */

int source_form(const struct sources *sources, const struct source *source, struct form *ret,
	struct retort_error *err)
{
	*ret = source->form;
	if (ret->canonical || canonical_form(sources->dialect, sources->arena, source->schema, ret, err) == 0)
		return 0;
	retort_error_prefix(err, "cannot compare '%s'", source->shown);
	return -1;
}

static int load_live(struct sources *sources, struct session *session, struct source *source,
	struct retort_error *err)
{
	source->session = session;
	source->is_target = session == sources->target;
	source->shown = session->shown_url;
	if (inspect_live(session, sources->arena, &source->schema, err) < 0)
		return -1;
	return source_form(sources, source, &source->form, err); /* while a file is still being read */
}

/* ---- schema files ---- */

static int load_file(struct sources *sources, const char *path, struct source *source,
	struct retort_error *err)
{
	struct source_start *start = find_file(sources, path);
	struct source_file_read read;
	struct source_file *reading;

	source->shown = text_echo(sources->arena, path, ECHOED);
	if (!start) { /* both sides are one file */
		start_files(sources, &path, 1);
		settle_files(sources);
		start = find_file(sources, path);
	}
	reading = start->reading;
	start->reading = NULL;
	if (source_file_finish(reading, &read, err) < 0)
		return -1;
	source->file = read.file;
	source->schema = read.schema;
	source->form = read.form;
	return 0;
}

/* ---- all of them ---- */

static int load_word(struct sources *sources, const char *word, struct source *source,
	struct retort_error *err)
{
	switch (kind_of(word)) {
	case SOURCE_DB:
		return load_live(sources, sources->target, source, err);
	case SOURCE_URL:
		return load_live(sources, find_url(sources, word), source, err);
	case SOURCE_HISTORY:
		return load_history(sources, word, source, err);
	case SOURCE_SCHEMA:
		if (desired_word(sources, &word, err) < 0)
			return -1;
		return kind_of(word) == SOURCE_URL ? load_live(sources, find_url(sources, word), source, err)
						   : load_file(sources, word, source, err);
	case SOURCE_FILE:
	default:
		return load_file(sources, word, source, err);
	}
}

static int load(struct sources *sources, const char *word, struct source **ret, struct retort_error *err)
{
	struct source *source = retort_alloc(sources->arena, sizeof *source);

	if (load_word(sources, word, source, err) < 0)
		return -1;
	*ret = source;
	return 0;
}

int sources_load(struct sources *sources, const char *from, const char *to, struct source **ret_from,
	struct source **ret_to, struct retort_error *err)
{
	bool to_first = file_path(sources, from) && !file_path(sources, to);

	*ret_from = *ret_to = NULL;
	if (to_first && load(sources, to, ret_to, err) < 0)
		return -1;
	if (load(sources, from, ret_from, err) < 0)
		return -1;
	return to_first ? 0 : load(sources, to, ret_to, err);
}
