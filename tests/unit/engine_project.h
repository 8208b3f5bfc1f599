/* SPDX-License-Identifier: MIT
 *
 * engine_project.h: a project in a folder of its own, run through a real driver plugin: what the tests of the
 * engine floor share. The driver is the one that RETORT_DRIVER_PATH leads to; without it the tests are
 * skipped.
 */
#ifndef ENGINE_PROJECT_H
#define ENGINE_PROJECT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/history.h"
#include "engine/runner.h"

struct engine_project {
	char folder[64];
	struct retort_arena *arena;
	struct retort_error *err;
	struct settings *settings;
	struct loader *loader;
	struct project *project;
	struct session *session;
	struct observer observer;
	struct run_result result;
};

static inline int remove_entry(const char *path, const struct stat *stat, int flag, struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* Writes one file of the project. */
static inline void put_file(const struct engine_project *at, const char *name, const char *text)
{
	struct retort_arena *scratch = retort_arena_new();

	assert_int_equal(file_write(path_join(scratch, at->folder, name), text, strlen(text), false, NULL),
		0);
	retort_arena_free(scratch);
}

/* A folder with retort.ini, to which extra lines for [retort] may be given. */
static inline void make_project(struct engine_project *at, const char *extra)
{
	struct retort_arena *scratch = retort_arena_new();

	if (!getenv("RETORT_DRIVER_PATH"))
		skip();
	memset(at, 0, sizeof *at);
	snprintf(at->folder, sizeof at->folder, "/tmp/retort_engine_XXXXXX");
	assert_non_null(mkdtemp(at->folder));
	assert_int_equal(file_make_folder(path_join(scratch, at->folder, "migrations/versions"), NULL), 0);
	put_file(at, "retort.ini",
		retort_printf(scratch,
			"[retort]\nscript_location = %%(here)s/migrations\n"
			"url = sqlite:///%%(here)s/x.db\nlock_timeout = 120s\n%s",
			extra));
	retort_arena_free(scratch);
}

/* A revision NAME.yaml; body begins with upgrade:. */
static inline void put_revision(const struct engine_project *at, const char *id, const char *down,
	const char *body)
{
	struct retort_arena *scratch = retort_arena_new();

	put_file(at, retort_printf(scratch, "migrations/versions/%s.yaml", id),
		retort_printf(scratch, "revision: %s\ndown_revision: %s\nmessage: doc %s\n%s", id, down, id,
			body));
	retort_arena_free(scratch);
}

/* Reads configuration and graph anew and connects. */
static inline void open_project(struct engine_project *at, bool read_only)
{
	struct config_options options = {0};
	struct config *config;

	at->arena = retort_arena_new();
	at->err = retort_error_new();
	options.config = path_join(at->arena, at->folder, "retort.ini");
	assert_int_equal(config_load(at->arena, &options, &config, at->err), 0);
	at->settings = config->settings[0];
	at->loader = loader_new(at->arena, at->settings->driver_path, at->settings->driver_path_count);
	if (project_load(at->arena, at->settings, &at->project, at->err) < 0 ||
		session_open(at->arena, at->loader, at->settings, &at->observer, NULL, read_only, !read_only,
			&at->session, at->err) < 0)
		fail_msg("%s", retort_error_first(at->err)->message);
}

static inline void close_project(struct engine_project *at)
{
	session_close(at->session);
	retort_error_free(at->err);
	retort_arena_free(at->arena);
	at->session = NULL;
}

static inline void drop_project(struct engine_project *at)
{
	nftw(at->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* One run of a command, from opening to closing: its status. keep: the error and result stay readable until
 * close_project. */
static inline int run_kept(struct engine_project *at, enum direction direction, const char *target,
	const char *resume)
{
	const char **targets;
	struct run_request *request;

	open_project(at, false);
	targets = retort_alloc_array(at->arena, 1, sizeof *targets);
	targets[0] = target;
	request = retort_alloc(at->arena, sizeof *request);
	request->direction = direction;
	request->targets = targets;
	request->target_count = 1;
	request->resume = resume;
	return run_online(at->session, at->project, request, &at->result, at->err);
}

static inline int run_to(struct engine_project *at, enum direction direction, const char *target)
{
	int ret = run_kept(at, direction, target, NULL);

	if (ret < 0)
		print_message("%s: %s\n", target, retort_error_first(at->err)->message);
	close_project(at);
	return ret;
}

/* A value from the database by a connection of its own; the text "NULL" for none. */
static inline void query_text(struct engine_project *at, const char *sql, char *out, size_t size)
{
	const char *value = NULL;
	bool found;

	open_project(at, true);
	if (session_value(at->session, at->arena, sql, NULL, 0, &value, &found, at->err) < 0)
		fail_msg("%s: %s", sql, retort_error_first(at->err)->message);
	snprintf(out, size, "%s", value ? value : "NULL");
	close_project(at);
}

static inline void assert_query(struct engine_project *at, const char *sql, const char *expected)
{
	char found[4096];

	query_text(at, sql, found, sizeof found);
	assert_string_equal(found, expected);
}

#endif
