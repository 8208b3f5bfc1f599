/* SPDX-License-Identifier: MIT
 *
 * What retort/retort.h offers to programs that embed the library.
 */
#include "retort/retort.h"

#include <string.h>

#include "engine/history.h"
#include "engine/runner.h"

struct retort_project {
	struct retort_arena *arena;
	struct retort_host host;
	struct observer observer;
	struct settings *settings;
	struct loader *loader;
	struct project *project;
};

static void pass_log(void *context, enum log_level level, const char *logger, const char *text)
{
	const struct retort_project *project = context;

	if (project->host.log)
		project->host.log(project->host.context, (enum retort_log_level)level, logger, text);
}

static void pass_event(void *context, const struct event *event)
{
	const struct retort_project *project = context;

	if (project->host.step && event->kind == EVENT_STEP)
		project->host.step(project->host.context, event->revision,
			event->direction == DIRECTION_DOWNGRADE, event->index, event->total);
	else if (project->host.progress && event->kind == EVENT_PROGRESS)
		project->host.progress(project->host.context, event->revision, event->rows,
			event->rows_total);
	else if (project->host.progress && event->kind == EVENT_STATEMENT)
		project->host.progress(project->host.context, event->revision, event->index, event->total);
}

static int ask_interrupted(void *context)
{
	const struct retort_project *project = context;

	return project->host.interrupted ? project->host.interrupted(project->host.context) : 0;
}

/* Copies what the caller's struct, perhaps of another release, has of size bytes. */
static void copy_sized(void *to, size_t to_size, const void *from)
{
	size_t size;

	memset(to, 0, to_size);
	if (!from)
		return;
	memcpy(&size, from, sizeof size);
	memcpy(to, from, size < to_size ? size : to_size);
}

static int load_project(struct retort_project *project, const struct retort_project_options *options,
	struct retort_error *err)
{
	const char **targets = retort_alloc_array(project->arena, 1, sizeof *targets);
	struct config_options wanted = {
		.config = options->config,
		.targets = targets,
		.target_count = options->target ? 1 : 0,
		.url = options->url,
		.variables = options->variables,
		.variable_count = options->variable_count,
		.driver_path = options->driver_path,
	};
	struct config *config;

	targets[0] = options->target;
	if (config_load(project->arena, &wanted, &config, err) < 0)
		return -1;
	if (config->count != 1)
		return retort_fail(err, RETORT_E_USAGE, "'%s' names %zu targets: give the name of one",
			options->target, config->count);
	for (size_t i = 0; i < config->warning_count; i++)
		pass_log(project, LOG_WARNING_LEVEL, "retort.config", config->warnings[i]);
	project->settings = config->settings[0];
	project->loader = loader_new(project->arena, project->settings->driver_path,
		project->settings->driver_path_count);
	return project_load(project->arena, project->settings, &project->project, err);
}

struct retort_project *retort_project_open(const struct retort_project_options *options,
	struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_project *project = retort_alloc(arena, sizeof *project);
	struct retort_project_options known;

	copy_sized(&known, sizeof known, options);
	copy_sized(&project->host, sizeof project->host, known.host);
	project->arena = arena;
	project->observer = (struct observer){.context = project,
		.log = pass_log,
		.event = pass_event,
		.interrupted = ask_interrupted};
	if (load_project(project, &known, err) == 0)
		return project;
	retort_arena_free(arena);
	return NULL;
}

void retort_project_close(struct retort_project *project)
{
	if (project)
		retort_arena_free(project->arena);
}

static int open_session(struct retort_project *project, bool read_only, bool create, struct session **session,
	struct retort_error *err)
{
	return session_open(project->arena, project->loader, project->settings, &project->observer, NULL,
		read_only, create, session, err);
}

static int move(struct retort_project *project, enum direction direction, const char *revision,
	struct retort_run *run, struct retort_error *err)
{
	const char **targets = retort_alloc_array(project->arena, 1, sizeof *targets);
	struct run_request request = {.direction = direction, .targets = targets, .target_count = 1};
	struct run_result result = {0};
	struct session *session;
	int ret;

	if (run)
		*run = (struct retort_run){0};
	targets[0] = retort_strdup(project->arena, revision);
	if (open_session(project, false, direction == DIRECTION_UPGRADE, &session, err) < 0)
		return -1;
	ret = run_online(session, project->project, &request, &result, err);
	session_close(session);
	if (run)
		*run = (struct retort_run){.from = result.from,
			.from_count = result.from_count,
			.to = result.to,
			.to_count = result.to_count,
			.steps = result.steps,
			.failed = ret < 0 ? result.failed : NULL,
			.stands = ret < 0 ? result.stands : NULL};
	return ret;
}

int retort_upgrade(struct retort_project *project, const char *revision, struct retort_run *run,
	struct retort_error *err)
{
	return move(project, DIRECTION_UPGRADE, revision ? revision : "head", run, err);
}

int retort_downgrade(struct retort_project *project, const char *revision, struct retort_run *run,
	struct retort_error *err)
{
	return move(project, DIRECTION_DOWNGRADE, revision ? revision : "-1", run, err);
}

/* The version rows of the database. */
static int read_rows(struct retort_project *project, struct revision_list *rows, struct retort_error *err)
{
	struct session *session;
	const char **ids;
	size_t count;
	bool exists;
	int ret;

	if (open_session(project, true, false, &session, err) < 0)
		return -1;
	ret = history_rows(session, &ids, &count, &exists, err);
	session_close(session);
	return ret < 0 ? -1 : graph_rows(project->project->graph, ids, count, rows, err);
}

int retort_current(struct retort_project *project, const char *const **revisions, size_t *count,
	struct retort_error *err)
{
	struct revision_list rows, current;
	const char **ids;

	if (read_rows(project, &rows, err) < 0)
		return -1;
	current = graph_current(project->project->graph, &rows);
	ids = retort_alloc_array(project->arena, current.count, sizeof *ids);
	for (size_t i = 0; i < current.count; i++)
		ids[i] = current.items[i]->id;
	*revisions = ids;
	*count = current.count;
	return 0;
}

int retort_pending(struct retort_project *project, size_t *count, struct retort_error *err)
{
	struct revision_list rows;

	if (read_rows(project, &rows, err) < 0)
		return -1;
	*count = project->project->graph->count - graph_applied(project->project->graph, &rows).count;
	return 0;
}
