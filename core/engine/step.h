/* SPDX-License-Identifier: MIT
 *
 * engine/step.h: a step in one transaction, and what journalled steps share with it.
 *
 * begin, version rows again, asserts and statements, version rows, history, commit.
 */
#ifndef RETORT_ENGINE_STEP_H
#define RETORT_ENGINE_STEP_H

#include "engine/run.h"

/* Runs run->planned[*index] in one transaction and moves *index on; steps that another run has done meanwhile
 * are passed over. *again: somebody left a half-done step, so everything has to be looked at anew. */
int step_run(struct run *run, size_t *index, bool *again, struct retort_error *err);
/* Runs all steps in one transaction (transaction = all). */
int step_run_all(struct run *run, bool *again, struct retort_error *err);
/* Whether a step must be journalled. */
bool step_is_journalled(const struct run *run, const struct planned *planned);
/* After a begin: reads the rows, passes over what is done, and gives the step as it must be applied now;
 * NULL: there is nothing to do here (*index moved on, or *again). */
int step_check(struct run *run, size_t *index, bool *again, const struct step **step,
	struct retort_error *err);
/* Begins a transaction, waiting as long as other runs make headway. */
int step_begin(struct run *run, unsigned flags, struct retort_error *err);
void step_tell_start(struct run *run, const struct planned *planned, size_t index);
/* Warns of an upgrade that `downgrade: auto` won't undo, naming the operation that needs `reverse`. */
void step_warn_irreversible(struct run *run, const struct planned *planned);
/* Counts the step as done and tells so. */
void step_tell_done(struct run *run, const struct planned *planned, size_t index, double ms);

#endif
