/* SPDX-License-Identifier: MIT */
#include "engine/stamp.h"

#include <string.h>

#include "engine/entry.h"
#include "engine/step.h"

int stamp_steps(struct run *run, struct step_list *steps, struct retort_error *err)
{
	struct revision_list rows = {0};

	/* A purge is the way out of rows that no file has, so they are not looked up. */
	if (!run->request->purge && run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	return graph_stamp(run->project->graph, &rows, run->request->targets, run->request->target_count,
		steps, err);
}

/* The file of a stamped revision, for its checksum; one that doesn't load is no fault of a stamp. */
static struct script *load_quietly(struct run *run, const struct step *step)
{
	struct retort_error *ignored = retort_error_new();
	struct script *script = NULL;

	if (!step->revision || step->revision->foreign ||
		project_script(run->project, step->revision, &script, ignored) < 0)
		script = NULL;
	retort_error_free(ignored);
	return script;
}

/* Declares half-done steps by where the rows are now. */
static int declare(struct run *run, const struct history_entry *running, size_t count,
	struct retort_error *err)
{
	struct revision_list rows, applied;

	if (!count)
		return 0;
	if (run_revisions(run, &run->expected, &rows, err) < 0)
		return -1;
	applied = graph_applied(run->project->graph, &rows);
	for (size_t i = 0; i < count; i++) {
		struct history_entry entry = running[i];
		bool is_applied = false, up = strcmp(entry.direction, "downgrade") != 0;

		for (size_t k = 0; k < applied.count && !is_applied; k++)
			is_applied = entry.revision && strcmp(applied.items[k]->id, entry.revision) == 0;
		entry.state = is_applied == up ? "done" : "undone";
		entry.finished_at = history_now(run->arena);
		entry.intent = NULL;
		session_log(run->session, LOG_WARNING_LEVEL, "retort.migration",
			"the half-done %s of '%s' is declared %s: %lld of its %lld statements had run",
			entry.direction, entry.revision ? entry.revision : "base", entry.state, entry.done,
			entry.statements);
		if (history_update(run->session, &entry, err) < 0)
			return -1;
	}
	return 0;
}

/* One step inside the transaction. */
static int stamp_one(struct run *run, const struct step *step, size_t index, struct retort_error *err)
{
	struct planned planned = {.step = step, .script = load_quietly(run, step)};
	struct history_entry entry = entry_make(run, &planned, history_now(run->arena));

	entry.finished_at = history_now(run->arena);
	step_tell_start(run, &planned, index);
	if (history_apply(run->session, step, &entry, err) < 0)
		return -1;
	run->expected = row_ids_apply(run->arena, &run->expected, step);
	run->result->steps++;
	step_tell_done(run, &planned, index, 0);
	return 0;
}

/* All of it, between begin and commit. */
static int stamp_inside(struct run *run, struct retort_error *err)
{
	struct history_entry *running;
	size_t running_count;

	if (history_ensure_inside(run->session, err) < 0 || run_read_rows(run, err) < 0 ||
		stamp_steps(run, &run->steps, err) < 0 ||
		history_running(run->session, &running, &running_count, err) < 0)
		return -1;
	run->expected = run->rows;
	if (run->request->purge) {
		if (history_purge(run->session, err) < 0)
			return -1;
		run->expected = (struct row_ids){0};
	}
	for (size_t i = 0; i < run->steps.count; i++)
		if (stamp_one(run, &run->steps.items[i], i, err) < 0)
			return -1;
	if (declare(run, running, running_count, err) < 0)
		return -1;
	return lock_check(run->session, &run->lock, err);
}

int stamp_online(struct run *run, struct retort_error *err)
{
	struct history_entry *running;
	struct step_list steps;
	size_t count;

	/* Faults in the symbols are told before anything is written or waited for. */
	if (stamp_steps(run, &steps, err) < 0 || history_running(run->session, &running, &count, err) < 0)
		return -1;
	if (!steps.count && !run->request->purge && !count)
		return 0;
	if (session_create(run->session, err) < 0 || lock_take(run->session, &run->lock, err) < 0 ||
		(count && lock_take_lease(run->session, &run->lock, err) < 0) || step_begin(run, 0, err) < 0)
		return -1;
	if (stamp_inside(run, err) == 0 && session_commit(run->session, err) == 0)
		return 0;
	session_rollback(run->session);
	run->expected = run->rows;
	run->result->steps = 0;
	return -1;
}
