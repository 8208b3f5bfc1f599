/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

#include <string.h>

/* ---- version rows ---- */

bool row_ids_equal(const struct row_ids *a, const struct row_ids *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		bool found = false;

		for (size_t k = 0; k < b->count && !found; k++)
			found = strcmp(a->ids[i], b->ids[k]) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* Whether a list of n ids holds one. */
static bool holds(const char *const *ids, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

struct row_ids row_ids_apply(struct retort_arena *arena, const struct row_ids *rows, const struct step *step)
{
	struct row_ids ret = {0};

	for (size_t i = 0; i < rows->count; i++) {
		const char *id = rows->ids[i];

		if (holds(step->delete_rows, step->delete_count, id))
			continue;
		if (step->update_from && strcmp(step->update_from, id) == 0)
			id = step->update_to;
		RETORT_PUSH(arena, ret.ids, ret.count, id);
	}
	for (size_t i = 0; i < step->insert_count; i++)
		RETORT_PUSH(arena, ret.ids, ret.count, step->insert_rows[i]);
	return ret;
}

int run_read_rows(struct run *run, struct retort_error *err)
{
	bool exists;

	return history_rows(run->session, &run->rows.ids, &run->rows.count, &exists, err);
}

int run_revisions(struct run *run, const struct row_ids *ids, struct revision_list *ret,
	struct retort_error *err)
{
	return graph_rows(run->project->graph, ids->ids, ids->count, ret, err);
}

struct plan_request run_plan_request(struct run *run, const struct revision_list *rows)
{
	return (struct plan_request){
		.rows = rows,
		.steps = &run->steps,
		.fresh = rows->count == 0 && run->session->conn,
		.allow = run->request->allow,
		.allow_count = run->request->allow_count,
	};
}

/* ---- which steps ---- */

/* Computes the steps from the target: once. */
static int first_steps(struct run *run, const struct revision_list *rows, struct retort_error *err)
{
	const char *target = run->request->targets[0];
	const struct graph *graph = run->project->graph;
	int ret;

	ret = run->request->direction == DIRECTION_UPGRADE
		? graph_upgrade(graph, rows, target, &run->steps, err)
		: graph_downgrade(graph, rows, target, &run->steps, err);
	run->resolved = ret == 0;
	run->last = run->steps.count ? run->steps.items[run->steps.count - 1].revision : NULL;
	run->result->already = ret == 0 ? run->steps.already : NULL;
	return ret;
}

/* The steps of an upgrade that others have not done meanwhile, with what each does to the rows as they are.
 */
static int steps_left_up(struct run *run, const struct revision_list *rows, struct retort_error *err)
{
	const struct graph *graph = run->project->graph;
	struct revision_list applied = graph_applied(graph, rows), at = {0};
	struct step_list left = {0};
	bool *done = retort_alloc_array(run->arena, graph->count + 1, sizeof *done);

	for (size_t i = 0; i < applied.count; i++)
		done[applied.items[i]->index] = true;
	for (size_t i = 0; i < rows->count; i++)
		RETORT_PUSH(run->arena, at.items, at.count, rows->items[i]);
	for (size_t i = 0; i < run->steps.count; i++) {
		struct revision *revision = run->steps.items[i].revision;
		struct step_list one;

		if (done[revision->index])
			continue;
		if (graph_upgrade(graph, &at, revision->id, &one, err) < 0)
			return -1;
		if (one.count != 1 || one.items[0].revision != revision)
			return retort_fail(err, RETORT_E_STATE,
				"cannot upgrade to '%s': another run has taken back what it stands on: run "
				"the command again",
				revision->id);
		RETORT_PUSH(run->arena, left.items, left.count, one.items[0]);
		if (graph_apply(graph, &one.items[0], &at) < 0)
			return retort_fail(err, RETORT_E_INTERNAL, "cannot apply '%s' to the version rows",
				revision->id);
	}
	run->steps = left;
	return 0;
}

/* The same for a downgrade: those in front that others have done are left out. */
static int steps_left_down(struct run *run, const struct revision_list *rows, struct retort_error *err)
{
	const struct graph *graph = run->project->graph;
	struct revision_list applied = graph_applied(graph, rows);
	bool *there = retort_alloc_array(run->arena, graph->count + 1, sizeof *there);
	struct row_ids at = run->expected;
	size_t i = 0;

	for (size_t k = 0; k < applied.count; k++)
		there[applied.items[k]->index] = true;
	for (; i < run->steps.count && !there[run->steps.items[i].revision->index]; i++)
		at = row_ids_apply(run->arena, &at, &run->steps.items[i]);
	if (!row_ids_equal(&at, &run->rows))
		return retort_fail(err, RETORT_E_STATE,
			"cannot downgrade: another run has changed what is applied: run the command again");
	run->steps.items += i;
	run->steps.count -= i;
	return 0;
}

int run_compute_steps(struct run *run, struct revision_list *rows, struct retort_error *err)
{
	int ret;

	if (run_revisions(run, &run->rows, rows, err) < 0)
		return -1;
	if (!run->resolved)
		ret = first_steps(run, rows, err);
	else if (row_ids_equal(&run->rows, &run->expected))
		ret = 0;
	else if (run->request->direction == DIRECTION_UPGRADE)
		ret = steps_left_up(run, rows, err);
	else
		ret = steps_left_down(run, rows, err);
	run->expected = run->rows;
	return ret;
}
