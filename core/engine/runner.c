/* SPDX-License-Identifier: MIT
 *
 * What is to run, decided from the version rows. Where no lock is held between steps another run may move the
 * rows at any time: whatever was computed from them is then computed anew.
 */
#include "engine/runner.h"

#include <string.h>

#include "engine/bookkeeping.h"
#include "engine/journal.h"
#include "engine/resume.h"
#include "engine/stamp.h"
#include "engine/step.h"
#include "script/hooks.h"

/* The one target of an upgrade or downgrade. */
static int check_targets(const struct run_request *request, struct retort_error *err)
{
	if (request->steps)
		return 0;
	if (request->target_count != 1)
		return retort_fail(err, RETORT_E_USAGE, "%s takes one revision, not %zu",
			direction_word(request->direction), request->target_count);
	if (strchr(request->targets[0], ':'))
		return retort_fail(err, RETORT_E_GRAPH,
			"a range such as '%s' is for --sql: a database knows where it stands",
			request->targets[0]);
	return 0;
}

/* ---- the run ---- */

/* Says which applied files are not what was applied, and learns whether a step is half done. */
static int look_back(struct run *run, bool *partial, struct retort_error *err)
{
	struct history_entry *marks;
	const char **changed;
	size_t count, changed_count;

	*partial = false;
	if (history_marks(run->session, &marks, &count, err) < 0)
		return -1;
	run->last_id = count ? marks[0].id : 0;
	for (size_t i = 0; i < count && !*partial; i++)
		*partial = marks[i].state && strcmp(marks[i].state, "running") == 0;
	if (history_changed(run->session, run->project, marks, count, &changed, &changed_count, err) < 0)
		return -1;
	for (size_t i = 0; i < changed_count; i++) {
		const struct revision *revision = graph_find(run->project->graph, changed[i]);

		session_log(run->session, LOG_WARNING_LEVEL, "retort.migration",
			"%s: the file is not what was applied as '%s': retort status lists such files",
			revision ? project_shown(run->project, revision->path) : changed[i], changed[i]);
	}
	return 0;
}

/* Whether another run has moved the rows since something was computed from them, or is in the middle of a
 * step of several transactions: the catalog may be past the rows then. */
static int rows_moved(struct run *run, bool *moved, struct retort_error *err)
{
	struct row_ids before = run->rows;
	struct history_entry *running;
	size_t count;

	*moved = false;
	if (run->lock.kind != LOCK_NONE)
		return 0;
	/* In this order: a step that ends between the two is seen by the rows that it has moved. */
	if (history_running(run->session, &running, &count, err) < 0 || run_read_rows(run, err) < 0)
		return -1;
	*moved = count != 0 || !row_ids_equal(&before, &run->rows);
	return 0;
}

/* Plans the steps. *again: the rows moved under it, so neither the plan nor its faults mean anything. */
static int plan_all(struct run *run, const struct revision_list *rows, bool *again, struct retort_error *err)
{
	struct plan_request request = run_plan_request(run, rows);
	struct retort_error *reason;
	int ret = plan_steps(run->session, run->project, &request, &run->planned, err);

	if (ret == 0 && !request.looked)
		return 0;
	reason = retort_error_new();
	if (rows_moved(run, again, reason) < 0 && ret == 0)
		ret = bookkeeping_fault(err, reason, "cannot read the version rows again");
	retort_error_free(reason);
	if (!*again)
		return ret;
	retort_error_clear(err);
	return 0;
}

/* Runs what was planned, step by step. */
static int run_planned(struct run *run, bool *again, struct retort_error *err)
{
	size_t i = 0;

	if (run->session->settings->transaction == TRANSACTION_ALL &&
		session_has(run->session, RETORT_CAP_TX_DDL))
		return step_run_all(run, again, err);
	while (i < run->steps.count && !*again) {
		bool journalled = step_is_journalled(run, &run->planned[i]);

		if ((journalled ? journal_run : step_run)(run, &i, again, err) < 0)
			return -1;
	}
	/* What is looked at anew begins where run->expected stands. */
	run->steps.items += i;
	run->steps.count -= i;
	return 0;
}

/* Makes a database that was absent when everything was planned; *again: it no longer is as it was planned
 * for. */
static int make_database(struct run *run, bool *again, struct retort_error *err)
{
	uint64_t caps = run->session->caps;
	bool moved = false;

	if (!run->session->absent)
		return 0;
	if (session_create(run->session, err) < 0 || rows_moved(run, &moved, err) < 0)
		return -1;
	*again = moved || caps != run->session->caps || lock_wanted(run->session);
	return 0;
}

static int is_interrupted(void *context)
{
	const struct session *session = context;

	return session->observer->interrupted && session->observer->interrupted(session->observer->context);
}

/* Runs a command of the project's own; it is told of the last revision of the run, or the one that failed. */
static int run_hook(struct run *run, const char *name, const char *command, struct retort_error *err)
{
	const struct revision *revision = NULL;
	struct hook hook = {.name = name, .command = command, .target = run->session->settings->target};

	if (!command)
		return 0;
	if (run->result->failed)
		revision = graph_find(run->project->graph, run->result->failed);
	else
		revision = run->last;
	hook.revision = revision ? revision->id : NULL;
	hook.file = revision ? revision->path : NULL;
	/* on_failure runs all the same where it was an interruption that failed the run. */
	if (!is_interrupted(run->session)) {
		hook.interrupted = is_interrupted;
		hook.context = run->session;
	}
	return hook_run(&hook, err);
}

/* Before the first step of an upgrade, once. */
static int run_before(struct run *run, struct retort_error *err)
{
	if (run->begun || run->request->direction != DIRECTION_UPGRADE)
		return 0;
	run->begun = true;
	return run_hook(run, "before_upgrade", run->session->settings->before_upgrade, err);
}

/* One try. *again: the database moved, so look anew. */
static int attempt(struct run *run, bool *again, struct retort_error *err)
{
	struct revision_list rows;

	if (run_read_rows(run, err) < 0 || run_compute_steps(run, &rows, err) < 0)
		return -1;
	if (!run->steps.count)
		return 0;
	if (!run->session->absent && run->lock.kind == LOCK_NONE && lock_wanted(run->session)) {
		*again = true;
		return lock_take(run->session, &run->lock, err);
	}
	if (plan_all(run, &rows, again, err) < 0 || (!*again && make_database(run, again, err) < 0))
		return -1;
	if (*again)
		return 0;
	return run_before(run, err) < 0 ? -1 : run_planned(run, again, err);
}

/* Upgrade or downgrade. */
static int run_steps(struct run *run, struct retort_error *err)
{
	bool partial, finished = false, again;

	if (check_targets(run->request, err) < 0 || look_back(run, &partial, err) < 0)
		return -1;
	do {
		again = false;
		if (partial && resume_partial(run, &finished, err) < 0)
			return -1;
		if (finished)
			return 0;
		if (attempt(run, &again, err) < 0)
			return -1;
		/* Half-done steps are looked for again where somebody else has been at work. */
		partial = again;
	} while (again);
	return run->begun ? run_hook(run, "after_upgrade", run->session->settings->after_upgrade, err) : 0;
}

/* Tells the project that the run failed; what goes wrong with that is only logged. */
static void run_on_failure(struct run *run)
{
	struct retort_error *reason = retort_error_new();

	if (run_hook(run, "on_failure", run->session->settings->on_failure, reason) < 0)
		session_log(run->session, LOG_WARNING_LEVEL, "retort.hooks", "%s",
			retort_error_first(reason)->message);
	retort_error_free(reason);
}

/* Copies ids for the result. */
static void copy_rows(const struct row_ids *rows, const char *const **ids, size_t *count)
{
	*ids = rows->ids;
	*count = rows->count;
}

int run_online(struct session *session, struct project *project, const struct run_request *request,
	struct run_result *result, struct retort_error *err)
{
	struct run run = {
		.session = session,
		.project = project,
		.request = request,
		.result = result,
		.arena = session->arena,
		.last_id = -1,
	};
	struct event event = {.kind = EVENT_START, .direction = (int)request->direction};
	int ret;

	*result = (struct run_result){0};
	if (request->steps) {
		run.steps = *request->steps;
		run.resolved = true;
		run.last = run.steps.count ? run.steps.items[run.steps.count - 1].revision : NULL;
	}
	ret = run_read_rows(&run, err);
	run.expected = run.rows;
	copy_rows(&run.rows, &result->from, &result->from_count);
	event.from = event.to = result->from;
	event.from_count = event.to_count = result->from_count;
	session_event(session, &event);
	if (ret == 0)
		ret = request->direction == DIRECTION_STAMP ? stamp_online(&run, err) : run_steps(&run, err);
	lock_release(session, &run.lock);
	if (ret < 0 && request->direction != DIRECTION_STAMP)
		run_on_failure(&run);
	result->kept = run.kept;
	result->kept_count = run.kept_count;
	copy_rows(&run.expected, &result->to, &result->to_count);
	event.kind = ret < 0 ? EVENT_ERROR : EVENT_DONE;
	event.error = ret < 0 ? err : NULL;
	event.to = result->to;
	event.to_count = result->to_count;
	session_event(session, &event);
	return ret;
}

int run_dry(struct session *session, struct project *project, const struct run_request *request,
	struct planned **steps, size_t *count, struct retort_error *err)
{
	struct run_result result = {0};
	struct run run = {
		.session = session,
		.project = project,
		.request = request,
		.result = &result,
		.arena = session->arena,
		.last_id = -1,
	};
	struct revision_list rows;
	struct plan_request plan;

	*steps = NULL;
	*count = 0;
	if (check_targets(request, err) < 0 || run_read_rows(&run, err) < 0 ||
		run_compute_steps(&run, &rows, err) < 0)
		return -1;
	if (result.already)
		session_log(session, LOG_INFO_LEVEL, "retort.migration", "'%s' is already applied",
			result.already);
	plan = run_plan_request(&run, &rows);
	if (plan_steps(session, project, &plan, steps, err) < 0)
		return -1;
	*count = run.steps.count;
	for (size_t i = 0; i < *count; i++)
		step_warn_irreversible(&run, &(*steps)[i]);
	return 0;
}
