/* SPDX-License-Identifier: MIT */
#include "engine/step.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/entry.h"
#include "engine/report.h"
#include "engine/statement.h"

bool step_is_journalled(const struct run *run, const struct planned *planned)
{
	return planned->split || planned->transaction == TRANSACTION_NONE ||
		!session_has(run->session, RETORT_CAP_TX_DDL);
}

/* The code of the last problem. */
static enum retort_code last_code(const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	while (problem && problem->next)
		problem = problem->next;
	return problem ? problem->code : RETORT_E_INTERNAL;
}

int step_begin(struct run *run, unsigned flags, struct retort_error *err)
{
	struct row_ids before = run->rows;

	for (;;) {
		if (session_begin(run->session, flags, err) == 0)
			return 0;
		if (last_code(err) != RETORT_E_LOCK)
			return -1;
		/* Who waits while others get on with it only waits longer. */
		if (run_read_rows(run, err) < 0 || row_ids_equal(&before, &run->rows))
			return -1;
		retort_error_clear(err);
		before = run->rows;
	}
}

/* ---- is it still wanted ---- */

/* Whether somebody has left, or is in the middle of, a step of several transactions. */
static int look_for_partial(struct run *run, bool *found, struct retort_error *err)
{
	struct history_entry *running;
	long long last;
	size_t count;

	*found = false;
	if (history_last_id(run->session, &last, err) < 0)
		return -1;
	if (last != run->last_id) {
		run->last_id = last;
		if (history_running(run->session, &running, &count, err) < 0)
			return -1;
		*found = count != 0;
	}
	/* A lock that is kept to the end of the run keeps everybody else from leaving one. */
	run->alone = !*found && run->lock.kind == LOCK_DRIVER;
	return 0;
}

/* Passes over the steps that others have done since the plan was made. */
static int pass_over(struct run *run, size_t *index, struct retort_error *err)
{
	struct revision_list rows, applied;
	bool *there;

	if (run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	applied = graph_applied(run->project->graph, &rows);
	there = retort_alloc_array(run->arena, run->project->graph->count + 1, sizeof *there);
	for (size_t i = 0; i < applied.count; i++)
		there[applied.items[i]->index] = true;
	for (; *index < run->steps.count; ++*index) {
		const struct step *step = &run->steps.items[*index];
		bool up = step->direction == DIRECTION_UPGRADE;

		if (there[step->revision->index] != up)
			break;
		run->expected = row_ids_apply(run->arena, &run->expected, step);
	}
	return 0;
}

/* The step with what it does to rows that are not those it was planned on. */
static int adapt(struct run *run, const struct step *step, const struct step **ret, struct retort_error *err)
{
	struct revision_list rows;
	struct step_list one;

	if (run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	if (step->direction == DIRECTION_UPGRADE &&
		graph_upgrade(run->project->graph, &rows, step->revision->id, &one, err) == 0 &&
		one.count == 1) {
		*ret = &one.items[0];
		run->expected = run->rows;
		return 0;
	}
	retort_error_clear(err);
	return retort_fail(err, RETORT_E_STATE,
		"cannot go on with the %s of '%s': another run has changed what is applied: run the command "
		"again",
		direction_word(step->direction), step->revision->id);
}

int step_check(struct run *run, size_t *index, bool *again, const struct step **step,
	struct retort_error *err)
{
	size_t before = *index;
	bool partial;

	if (run->alone) {
		/* That the rows are as we left them is seen when they are moved. */
		*step = &run->steps.items[*index];
		return 0;
	}
	*step = NULL;
	if (run_read_rows(run, err) < 0 || look_for_partial(run, &partial, err) < 0)
		return -1;
	if (partial) {
		*again = true;
		return 0;
	}
	*step = &run->steps.items[*index];
	if (row_ids_equal(&run->rows, &run->expected))
		return 0;
	*step = NULL;
	if (pass_over(run, index, err) < 0)
		return -1;
	if (*index != before)
		return 0;
	return adapt(run, &run->steps.items[*index], step, err);
}

/* ---- telling ---- */

static struct event step_event(const struct run *run, const struct planned *planned, size_t index)
{
	const struct step *step = planned->step;

	return (struct event){
		.revision = step->revision ? step->revision->id : NULL,
		.direction = (int)step->direction,
		.from = step->from,
		.from_count = step->from_count,
		.to = step->to,
		.to_count = step->to_count,
		.message = step->revision ? step->revision->message : NULL,
		.index = index + 1,
		.total = run->steps.count,
	};
}

void step_warn_irreversible(struct run *run, const struct planned *planned)
{
	if (planned->step->direction != DIRECTION_UPGRADE || !planned->undo_missing ||
		planned->script->downgrade_kind != DOWNGRADE_AUTO)
		return;
	session_log(run->session, LOG_WARNING_LEVEL, "retort.migration",
		"%s: this revision can't be downgraded: %s",
		project_shown(run->project, planned->step->revision->path), planned->undo_missing);
}

void step_tell_start(struct run *run, const struct planned *planned, size_t index)
{
	struct event event = step_event(run, planned, index);

	event.kind = EVENT_STEP;
	session_event(run->session, &event);
	step_warn_irreversible(run, planned);
	for (size_t i = 0; planned->plan && i < planned->plan->note_count; i++)
		session_log(run->session, LOG_DEBUG_LEVEL, "retort.plan", "%s", planned->plan->notes[i]);
}

void step_tell_done(struct run *run, const struct planned *planned, size_t index, double ms)
{
	struct event event = step_event(run, planned, index);

	event.kind = EVENT_STEP_DONE;
	event.ms = ms;
	session_event(run->session, &event);
}

/* ---- running ---- */

/* Whether a statement checks what was looked at when the step was planned. */
static bool is_sure(const struct planned *planned, const struct retort_statement *statement)
{
	return statement->kind == RETORT_STATEMENT_ASSERT && statement->flags & RETORT_STMT_CHECK &&
		planned->sure && map_get(planned->sure, statement->sql);
}

/* The statements, then the bookkeeping. The transaction is open. */
static int run_inside(struct run *run, const struct planned *planned, const struct step *step,
	const char *started, struct retort_error *err)
{
	struct statement_place place = {
		.revision = step->revision->id,
		.direction = (int)step->direction,
		.total = planned->plan->statement_count,
		.in_transaction = true,
	};
	struct history_entry entry;

	for (size_t i = 0; i < planned->plan->statement_count; i++) {
		place.index = i + 1;
		if (is_sure(planned, planned->plan->statements[i]))
			continue;
		if (statement_run(run->session, planned->plan->statements[i], &place, err) < 0) {
			report_statement(run, planned, planned->plan->statements[i], err);
			return -1;
		}
	}
	entry = entry_make(run, planned, started);
	entry.finished_at = history_now(run->arena);
	if (views_after(run->session, &run->views, planned, err) < 0 ||
		lock_check(run->session, &run->lock, err) < 0 ||
		history_apply(run->session, step, &entry, err) < 0) {
		report_statement(run, planned, NULL, err);
		return -1;
	}
	run->expected = row_ids_apply(run->arena, &run->expected, step);
	if (run->last_id >= 0)
		run->last_id++;
	return 0;
}

/* Makes the bookkeeping tables in the first transaction, so that a first step that fails leaves nothing. */
static int ensure_tables(struct run *run, struct retort_error *err)
{
	if (run->has_tables)
		return 0;
	return history_ensure_inside(run->session, err);
}

/* Remembers that a step's transaction is committed. */
static void keep(struct run *run, const struct planned *planned)
{
	run->has_tables = true;
	run->result->steps++;
	RETORT_PUSH(run->arena, run->kept, run->kept_count, planned->step->revision->id);
}

int step_run(struct run *run, size_t *index, bool *again, struct retort_error *err)
{
	const struct planned *planned = &run->planned[*index];
	const char *started = history_now(run->arena);
	struct row_ids expected;
	const struct step *step;
	double clock = clock_ms();
	size_t at = *index;

	if (views_before(run->session, &run->views, planned, err) < 0 ||
		step_begin(run, planned->tx_flags, err) < 0)
		return -1;
	if (ensure_tables(run, err) < 0 || step_check(run, index, again, &step, err) < 0)
		goto fail;
	if (!step) {
		session_rollback(run->session);
		return 0;
	}
	expected = run->expected;
	if (!run->retry.waits && !run->retry.losses)
		step_tell_start(run, planned, at);
	if (run_inside(run, planned, step, started, err) == 0) {
		if (session_commit(run->session, err) == 0) {
			keep(run, planned);
			step_tell_done(run, planned, at, clock_ms() - clock);
			++*index;
			run->retry = (struct retry){0};
			return 0;
		}
		report_statement(run, planned, NULL, err);
	}
	session_rollback(run->session);
	run->expected = expected;
	if (retry_wanted(run->session, &run->retry, err))
		return 0; /* the same step again */
	report_failure(run, planned, started, "rolled back, nothing of this revision remains", false, err);
	return -1;
fail:
	session_rollback(run->session);
	return retry_wanted(run->session, &run->retry, err) ? 0 : -1;
}

/* What all steps together ask of the transaction, and that they can be in one. */
static int check_all(struct run *run, unsigned *flags, struct retort_error *err)
{
	int ret = 0;

	*flags = 0;
	for (size_t i = 0; i < run->steps.count; i++) {
		const struct planned *planned = &run->planned[i];

		*flags |= planned->tx_flags;
		if (step_is_journalled(run, planned)) {
			ret = retort_fail(err, RETORT_E_PLAN,
				"cannot run '%s' with transaction = all: it needs more than one transaction",
				planned->step->revision->id);
			retort_error_at(err, project_shown(run->project, planned->step->revision->path), 0,
				0);
		}
	}
	return ret;
}

int step_run_all(struct run *run, bool *again, struct retort_error *err)
{
	const struct planned *planned = run->planned;
	const char *started = history_now(run->arena);
	struct row_ids expected = run->expected;
	const struct step *step;
	double clock = clock_ms();
	size_t index = 0;
	unsigned flags;

	if (check_all(run, &flags, err) < 0 || step_begin(run, flags, err) < 0)
		return -1;
	if (ensure_tables(run, err) < 0 || step_check(run, &index, again, &step, err) < 0) {
		session_rollback(run->session);
		*again = retry_wanted(run->session, &run->retry, err);
		return *again ? 0 : -1;
	}
	if (!step || step != &run->steps.items[0]) {
		/* The rows have moved: compute the steps anew. */
		session_rollback(run->session);
		run->expected = expected;
		*again = true;
		return 0;
	}
	for (size_t i = 0; i < run->steps.count; i++) {
		planned = &run->planned[i];
		step_tell_start(run, planned, i);
		if (views_before(run->session, &run->views, planned, err) < 0)
			goto fail;
		if (run_inside(run, planned, planned->step, started, err) < 0)
			goto fail;
		step_tell_done(run, planned, i, clock_ms() - clock);
		clock = clock_ms();
	}
	if (session_commit(run->session, err) == 0) {
		for (size_t i = 0; i < run->steps.count; i++)
			keep(run, &run->planned[i]);
		return 0;
	}
	report_statement(run, planned, NULL, err);
fail:
	session_rollback(run->session);
	run->expected = expected;
	if (retry_wanted(run->session, &run->retry, err)) {
		*again = true;
		return 0;
	}
	report_failure(run, planned, started, "rolled back, nothing of this run remains", false, err);
	return -1;
}
