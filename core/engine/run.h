/* SPDX-License-Identifier: MIT
 *
 * engine/run.h: one run against one database: what its parts share.
 *
 * runner.c decides what is to run, step.c runs a step in a transaction, journal.c one that can't be rolled
 * back, resume.c finishes or undoes what an earlier run left half done, report.c says what stands after a
 * fault.
 */
#ifndef RETORT_ENGINE_RUN_H
#define RETORT_ENGINE_RUN_H

#include "engine/history.h"
#include "engine/lock.h"
#include "engine/runner.h"
#include "engine/statement.h"
#include "engine/views.h"

/* Version rows by id. */
struct row_ids {
	const char **ids;
	size_t count;
};

struct run {
	struct session *session;
	struct project *project;
	const struct run_request *request;
	struct run_result *result;
	struct retort_arena *arena; /* the session's */

	struct row_ids rows;     /* as last read */
	struct row_ids expected; /* as our own steps leave them */
	bool has_tables;         /* both bookkeeping tables are known to be there */
	long long last_id;       /* of the history as we left it; -1: not known */

	struct step_list steps; /* what is still to do */
	bool resolved;          /* steps were computed once: the target is no longer looked at */
	struct planned *planned;
	const struct revision *last; /* of the steps, as they were computed first */
	struct lock lock;
	struct views views;
	bool begun; /* before_upgrade has been run */
	const char **kept;
	size_t kept_count;
};

/* ---- runner.c ---- */
/* Reads the version rows. */
int run_read_rows(struct run *run, struct retort_error *err);
/* The revisions of ids. */
int run_revisions(struct run *run, const struct row_ids *ids, struct revision_list *ret,
	struct retort_error *err);
bool row_ids_equal(const struct row_ids *a, const struct row_ids *b);
/* What a step leaves of the rows. */
struct row_ids row_ids_apply(struct retort_arena *arena, const struct row_ids *rows, const struct step *step);
/* Fills run->steps from the rows as they are: from the target the first time, later without what others did.
 */
int run_compute_steps(struct run *run, struct revision_list *rows, struct retort_error *err);
/* Fills the numbers of a plan request from the run. */
struct plan_request run_plan_request(struct run *run, const struct revision_list *rows);

/* ---- step.c ---- */
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
double step_clock(void); /* milliseconds */
/* The history row of a step that is done; started is when. */
struct history_entry step_entry(struct run *run, const struct planned *planned, const char *started);

/* ---- journal.c ---- */
/* Runs a step that can't be rolled back as a whole; like step_run otherwise. */
int journal_run(struct run *run, size_t *index, bool *again, struct retort_error *err);

/* ---- resume.c ---- */
/* Finishes or undoes a half-done step, or refuses to go on beside it. *finished: that is all that this run
 * does. */
int resume_partial(struct run *run, bool *finished, struct retort_error *err);

/* ---- report.c ---- */
/* Completes the error of a statement that failed (statement may be NULL: bookkeeping or commit). */
void report_statement(struct run *run, const struct planned *planned,
	const struct retort_statement *statement, struct retort_error *err);
/* Fills the result after a failed step, of which partial: something stays; and records it in the history
 * where that is possible (started, NULL: it is recorded already). */
void report_failure(struct run *run, const struct planned *planned, const char *started, const char *stands,
	bool partial, struct retort_error *err);
/* The statements of a plan as JSON, for the history. */
const char *report_plan_json(struct retort_arena *arena, const struct retort_plan *plan);

/* ---- stamp.c ---- */
int stamp_online(struct run *run, struct retort_error *err);
/* The steps of a stamp from rows, and whether all rows go first. */
int stamp_steps(struct run *run, struct step_list *steps, struct retort_error *err);

#endif
