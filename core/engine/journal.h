/* SPDX-License-Identifier: MIT
 *
 * engine/journal.h: the record of a step that can't be rolled back as a whole.
 *
 * The step's history row, in state running, holds its statements (plan), how many are done, and the intent:
 * the one statement that may or may not have run, or how far a batch has come. Statements run in units: what
 * may share a transaction does, together with its done mark; what must stand alone has an intent committed
 * before it and a done mark after it.
 */
#ifndef RETORT_ENGINE_JOURNAL_H
#define RETORT_ENGINE_JOURNAL_H

#include "engine/run.h"

struct journal {
	struct run *run;
	const struct planned *planned; /* its plan holds every statement, those done too */
	const struct step *step;       /* what it does to the version rows; NULL: nothing (an undo) */
	struct history_entry entry;
	bool announced;               /* the intent of the statement at hand is in the row already */
	struct history_entry *undone; /* the entry of the step that this one undoes, or NULL */
	const size_t *ops;            /* of each statement: index of its operation in planned->ops */
};

/* The statements with what a resume needs: {sql, operation, kind, flags, op, next, prefix}. op is the index
 * of the operation, next that of the first one which no statement of this operation's belongs to, prefix a
 * hash of all operations before next. */
const char *journal_plan_json(struct retort_arena *arena, const struct retort_plan *plan,
	const struct retort_op *const *ops, size_t n, const size_t *op_of);
/* The index in ops of the operation of each statement. */
const size_t *journal_ops(struct retort_arena *arena, const struct retort_plan *plan,
	const struct retort_op *const *ops, size_t n);
/* 16 hex digits over the first n operations. */
const char *journal_prefix(struct retort_arena *arena, const struct retort_op *const *ops, size_t n);

/* Writes the row in state running and learns its id; inside a transaction. */
int journal_open(struct journal *journal, struct retort_error *err);
/* Runs what is left of a step and tells of it; where it stops that is recorded. */
int journal_finish_step(struct journal *journal, size_t index, double clock, struct retort_error *err);
/* Runs statements [entry.done, end), and where end is the number of all the bookkeeping after them. Where it
 * stops that is recorded and told. */
int journal_run_to(struct journal *journal, size_t end, struct retort_error *err);
/* Stores what a half-done step is to run from now on. */
int journal_replan(struct journal *journal, struct retort_error *err);
/* Runs a step that can't be rolled back as a whole; like step_run otherwise. */
int journal_run(struct run *run, size_t *index, bool *again, struct retort_error *err);

#endif
