/* SPDX-License-Identifier: MIT
 *
 * What an offline script is to hold: from where, to where.
 */
#include <string.h>

#include "base/text.h"
#include "engine/offline.h"

/* Cuts "a:b"; *from is NULL where there is no colon. */
static int cut_range(struct retort_arena *arena, const char *text, const char **from, const char **to,
	struct retort_error *err)
{
	const char *colon = strchr(text, ':');

	*from = NULL;
	*to = text;
	if (!colon)
		return 0;
	if (strchr(colon + 1, ':'))
		return retort_fail(err, RETORT_E_USAGE, "'%s' is no range: write FROM:TO",
			text_echo(arena, text, 80));
	*from = retort_strndup(arena, text, (size_t)(colon - text));
	*to = colon + 1;
	return 0;
}

/* The rows of a database that stands at a symbol. */
static int start_rows(struct run *run, const char *from, struct revision_list *rows, struct retort_error *err)
{
	*rows = (struct revision_list){0};
	if (from && *from && graph_resolve(run->project->graph, from, true, rows, err) < 0)
		return -1;
	run->rows = (struct row_ids){0};
	for (size_t i = 0; i < rows->count; i++)
		RETORT_PUSH(run->arena, run->rows.ids, run->rows.count, rows->items[i]->id);
	/* Refuses symbols that overlap, as the version table can't hold them. */
	return run_revisions(run, &run->rows, rows, err);
}

/* The steps of the script, and the targets cut from their ranges. */
static int script_steps(struct run *run, struct revision_list *rows, struct retort_error *err)
{
	const struct run_request *request = run->request;
	const char *word = direction_word(request->direction), *from = NULL;
	const char **targets = retort_alloc_array(run->arena, request->target_count + 1, sizeof *targets);
	const struct graph *graph = run->project->graph;

	if (request->direction == DIRECTION_STAMP && request->purge)
		return retort_fail(err, RETORT_E_USAGE,
			"--purge can't be combined with --sql: a script can't tell what to purge");
	if (!request->target_count || (request->direction != DIRECTION_STAMP && request->target_count > 1))
		return retort_fail(err, RETORT_E_USAGE, "%s takes one revision, not %zu", word,
			request->target_count);
	for (size_t i = 0; i < request->target_count; i++) {
		const char *start;

		if (cut_range(run->arena, request->targets[i], &start, &targets[i], err) < 0)
			return -1;
		if (start && from && strcmp(start, from) != 0)
			return retort_fail(err, RETORT_E_USAGE,
				"stamp --sql can start from one revision only");
		from = start ? start : from;
	}
	if (request->direction == DIRECTION_DOWNGRADE && !from)
		return retort_fail(err, RETORT_E_GRAPH, "downgrade with --sql requires <fromrev>:<torev>");
	if (start_rows(run, from, rows, err) < 0)
		return -1;
	if (request->direction == DIRECTION_UPGRADE)
		return graph_upgrade(graph, rows, targets[0], &run->steps, err);
	if (request->direction == DIRECTION_DOWNGRADE)
		return graph_downgrade(graph, rows, targets[0], &run->steps, err);
	return graph_stamp(graph, rows, targets, request->target_count, &run->steps, err);
}

/* The whole script into the buffer. */
static int compose(struct run *run, struct offline *offline, const struct revision_list *rows,
	struct retort_error *err)
{
	struct plan_request plan = run_plan_request(run, rows);
	bool all = run->session->settings->transaction == TRANSACTION_ALL;
	unsigned flags = 0;

	if (plan_steps(run->session, run->project, &plan, &run->planned, err) < 0)
		return -1;
	for (size_t i = 0; all && i < run->steps.count; i++)
		flags |= run->planned[i].tx_flags;
	offline_comment(offline, "%s for %s, written by retort %s", direction_word(run->request->direction),
		run->session->dialect->name, RETORT_VERSION);
	offline_comment(offline, "run it with a client that stops at the first error");
	retort_buf_char(&offline->out, '\n');
	offline->tables_flags = flags;
	if (offline_start(offline, rows->count == 0, err) < 0 || offline_guard(offline, &run->rows, err) < 0)
		return -1;
	if (!all)
		offline_commit(offline);
	for (size_t i = 0; i < run->steps.count; i++)
		if (offline_step(offline, run, &run->planned[i], err) < 0)
			return -1;
	offline_commit(offline);
	return 0;
}

static int write_out(struct offline *offline, int (*write)(void *context, const char *text, size_t n),
	void *context, struct retort_error *err)
{
	if (write(context, offline->out.data, offline->out.len) != 0)
		return retort_fail(err, RETORT_E_IO, "cannot write the script");
	return 0;
}

int run_offline(struct session *session, struct project *project, const struct run_request *request,
	int (*write)(void *context, const char *text, size_t n), void *context, struct retort_error *err)
{
	struct run_result result = {0};
	struct run run = {
		.session = session,
		.project = project,
		.request = request,
		.result = &result,
		.arena = session->arena,
	};
	struct offline offline = {.session = session};
	struct revision_list rows;

	if (script_steps(&run, &rows, err) < 0)
		return -1;
	if (run.steps.already)
		session_log(session, LOG_INFO_LEVEL, "retort.migration", "'%s' is already applied",
			run.steps.already);
	retort_buf_init(&offline.out, session->arena);
	if (compose(&run, &offline, &rows, err) < 0)
		return -1;
	return write_out(&offline, write, context, err);
}

int run_offline_ensure(struct session *session, int (*write)(void *context, const char *text, size_t n),
	void *context, struct retort_error *err)
{
	struct offline offline = {.session = session};

	retort_buf_init(&offline.out, session->arena);
	if (offline_start(&offline, true, err) < 0)
		return -1;
	offline_commit(&offline);
	return write_out(&offline, write, context, err);
}
