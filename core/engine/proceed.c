/* SPDX-License-Identifier: MIT */
#include "engine/proceed.h"

#include <string.h>

#include "base/clock.h"
#include "engine/entry.h"
#include "engine/journal.h"
#include "engine/plan_check.h"
#include "engine/plan_live.h"
#include "engine/step.h"
#include "model/reverse.h"
#include "script/revision.h"

/* A journal over stored statements [0, end) and the planned ones of plan, which may be NULL. */
static struct journal make_journal(struct partial *partial, size_t end, const struct retort_plan *rest)
{
	struct run *run = partial->run;
	struct retort_plan *whole = retort_alloc(run->arena, sizeof *whole);
	struct journal journal = {.run = run, .entry = partial->entry};
	size_t *ops;

	whole->arena = run->arena;
	for (size_t i = 0; i < end; i++)
		RETORT_PUSH(run->arena, whole->statements, whole->statement_count,
			&partial->stored[i].statement);
	for (size_t i = 0; rest && i < rest->statement_count; i++)
		RETORT_PUSH(run->arena, whole->statements, whole->statement_count, rest->statements[i]);
	partial->planned.plan = whole;
	journal.planned = &partial->planned;
	ops = retort_alloc_array(run->arena, whole->statement_count + 1, sizeof *ops);
	memcpy(ops, journal_ops(run->arena, whole, partial->planned.ops, partial->planned.op_count),
		whole->statement_count * sizeof *ops);
	for (size_t i = 0; i < end; i++)
		ops[i] = partial->stored[i].op;
	journal.ops = ops;
	journal.entry.statements = (long long)whole->statement_count;
	return journal;
}

/* Renders the operations from next on, with what the catalog says of their tables now. */
static int plan_rest(struct partial *partial, size_t next, struct retort_plan **rest,
	struct retort_error *err)
{
	struct session *session = partial->run->session;
	struct plan_request request = {.allow = partial->run->request->allow,
		.allow_count = partial->run->request->allow_count};
	const struct retort_op *const *ops = partial->planned.ops + next;
	size_t n = partial->planned.op_count - next;
	struct retort_schema *schema;
	bool looked;

	if (partial_schema(partial, next, &schema, err) < 0 ||
		plan_live(session, schema, ops, n, &looked, err) < 0 ||
		plan_render(session, schema, ops, n, rest, err) < 0)
		return -1;
	partial->planned.plan = *rest;
	return plan_check_step(session, &partial->planned, schema, &request, err);
}

/* Ends a step whose operations have all begun: nothing is to be planned. */
static int finish_stored(struct journal *journal, const struct step *step, struct history_entry *undone,
	double clock, struct retort_error *err)
{
	journal->step = step;
	journal->undone = undone;
	return journal_finish_step(journal, 0, clock, err);
}

/* What undoes the step is that of the operations as they are now. */
static void renew_undo(const struct partial *partial, struct history_entry *entry)
{
	struct run *run = partial->run;
	const struct planned *planned = &partial->planned;
	struct retort_error *ignored = retort_error_new();
	const struct retort_op **ops;
	struct retort_buf out;
	size_t count;

	if (planned->step->direction == DIRECTION_UPGRADE && planned->script &&
		planned->script->downgrade_kind == DOWNGRADE_AUTO &&
		reverse_ops(run->arena, partial->before, planned->ops, planned->op_count,
			run->session->dialect->syntax, &ops, &count, ignored) == 0) {
		retort_buf_init(&out, run->arena);
		script_ops_json(&out, ops, count);
		entry->downgrade = out.data;
	}
	retort_error_free(ignored);
}

/* Plans what comes after the operations that have begun, and stores that it is planned so. */
static int plan_anew(struct partial *partial, size_t end, struct journal *journal, struct retort_error *err)
{
	struct run *run = partial->run;
	struct history_entry made;
	struct retort_plan *rest;

	if (plan_rest(partial, end ? partial->stored[end - 1].next : 0, &rest, err) < 0)
		return -1;
	*journal = make_journal(partial, end, rest);
	made = entry_make(run, &partial->planned, partial->entry.started_at);
	journal->entry.checksum = made.checksum;
	journal->entry.file_hash = made.file_hash;
	journal->entry.plan = journal_plan_json(run->arena, partial->planned.plan, partial->planned.ops,
		partial->planned.op_count, journal->ops);
	renew_undo(partial, &journal->entry);
	return journal_replan(journal, err);
}

int proceed_operation(struct partial *partial, struct retort_error *err)
{
	/* One more statement than these keeps the end of the step out of their transaction. */
	struct journal journal = make_journal(partial, partial->count, NULL);
	int ret = journal_run_to(&journal, partial_fresh(partial), err);

	partial->entry = journal.entry;
	return ret;
}

int proceed(struct partial *partial, const struct step *step, struct history_entry *undone,
	struct retort_error *err)
{
	size_t end = partial_fresh(partial);
	struct journal journal;
	double clock = clock_ms();

	step_tell_start(partial->run, &partial->planned, 0);
	if (end == partial->count && end > (size_t)partial->entry.done) {
		journal = make_journal(partial, end, NULL);
		return finish_stored(&journal, step, undone, clock, err);
	}
	if (end > (size_t)partial->entry.done && proceed_operation(partial, err) < 0)
		return -1;
	if (plan_anew(partial, end, &journal, err) < 0)
		return -1;
	journal.step = step;
	journal.undone = undone;
	return journal_finish_step(&journal, 0, clock, err);
}
