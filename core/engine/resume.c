/* SPDX-License-Identifier: MIT */
#include "engine/resume.h"

#include <string.h>

#include "engine/orphan.h"
#include "engine/partial.h"
#include "engine/proceed.h"
#include "engine/undo.h"

/* The step of a revision among those that lead to the target. */
static const struct step *find_step(struct run *run, const char *id, struct retort_error *err)
{
	struct revision_list rows;

	if (run_read_rows(run, err) < 0 || run_compute_steps(run, &rows, err) < 0)
		return NULL;
	for (size_t i = 0; i < run->steps.count; i++)
		if (strcmp(run->steps.items[i].revision->id, id) == 0)
			return &run->steps.items[i];
	retort_fail(err, RETORT_E_STATE,
		"the %s of '%s' is half done, and '%s' does not lead past it: finish it first, undo it with "
		"'retort downgrade', "
		"or declare it with 'retort stamp'",
		direction_word(run->request->direction), id, run->request->targets[0]);
	return NULL;
}

/* Finishes a half-done step in the direction it was going. */
static int finish(struct run *run, const struct history_entry *entry, struct retort_error *err)
{
	static const char *const nowhere[] = {""};
	const struct step *step = find_step(run, entry->revision, err);
	struct revision_list rows;
	struct step_list one;
	struct partial partial;

	if (!step || run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	/* It had begun before others of the path, so it goes first whatever their order. */
	if (step->direction == DIRECTION_UPGRADE) {
		if (graph_upgrade(run->project->graph, &rows, entry->revision, &one, err) < 0)
			return -1;
		if (one.count != 1)
			return retort_fail(err, RETORT_E_STATE,
				"cannot finish the half-done '%s': what it stands on was taken back",
				entry->revision);
		step = &one.items[0];
	} else if (step != &run->steps.items[0]) {
		return retort_fail(err, RETORT_E_STATE,
			"cannot finish the half-done downgrade of '%s': it is no longer next",
			entry->revision);
	}
	if (partial_load(run, entry, step, &partial, err) < 0 || partial_settle(&partial, err) < 0 ||
		proceed(&partial, step, NULL, err) < 0)
		return -1;
	/* Makes run_compute_steps look at the rows and leave out what was just finished. */
	if (step->direction == DIRECTION_UPGRADE) {
		run->expected.ids = retort_alloc_array(run->arena, 1, sizeof *nowhere);
		run->expected.ids[0] = nowhere[0];
		run->expected.count = 1;
	} else {
		run->steps.items++;
		run->steps.count--;
	}
	return 0;
}

int resume_partial(struct run *run, bool *finished, struct retort_error *err)
{
	bool leased = run->lock.kind == LOCK_NONE, up, undoing;
	struct history_entry *running;
	size_t count;
	int ret = 0;

	*finished = false;
	if (history_running(run->session, &running, &count, err) < 0)
		return -1;
	if (!count)
		return 0;
	if (orphan_wait(run, running[0].intent, run->lock.kind != LOCK_NONE, err) < 0 ||
		lock_take(run->session, &run->lock, err) < 0 ||
		lock_take_lease(run->session, &run->lock, err) < 0 ||
		history_running(run->session, &running, &count, err) < 0 ||
		(count && orphan_wait(run, running[0].intent, true, err) < 0))
		return -1;
	/* Whoever was at it may have finished while we waited. */
	if (count) {
		up = strcmp(running[0].direction, "upgrade") == 0;
		undoing = count > 1 && !up && strcmp(running[1].direction, "upgrade") == 0;
		if (run->request->direction == DIRECTION_UPGRADE && !up) {
			ret = retort_fail(err, RETORT_E_STATE,
				"the downgrade of '%s' is half done: finish it with 'retort downgrade', or "
				"declare it with 'retort stamp'",
				running[0].revision);
		} else if (run->request->direction == DIRECTION_UPGRADE || (!up && !undoing)) {
			ret = finish(run, &running[0], err);
		} else if (strcmp(run->request->targets[0], "-1") != 0) {
			ret = retort_fail(err, RETORT_E_STATE,
				"the upgrade of '%s' is half done: undo it first with 'retort downgrade' "
				"alone",
				running[0].revision);
		} else {
			ret = undo_upgrade(run, &running[undoing ? 1 : 0], undoing ? &running[0] : NULL, err);
			*finished = true;
		}
	}
	run->last_id = -1;
	if (leased && !lock_wanted(run->session))
		lock_release(run->session, &run->lock);
	return ret;
}
