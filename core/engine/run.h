/* SPDX-License-Identifier: MIT
 *
 * engine/run.h: one run against one database: what its parts share, and where it stands.
 *
 * runner.c decides what is to run and uses resume.c (finishes or undoes what an earlier run left half done),
 * journal.c (runs a step that can't be rolled back), step.c (runs one in a transaction) and stamp.c; these
 * use report.c (says what stands after a fault), and all of them the version rows here. Nothing here looks
 * back up.
 */
#ifndef RETORT_ENGINE_RUN_H
#define RETORT_ENGINE_RUN_H

#include "engine/history.h"
#include "engine/lock.h"
#include "engine/runner.h"
#include "engine/retry.h"
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
	bool alone;              /* the lock was held ever since half-done steps were looked for */

	struct step_list steps; /* what is still to do */
	bool resolved;          /* steps were computed once: the target is no longer looked at */
	struct planned *planned;
	const struct revision *last; /* of the steps, as they were computed first */
	struct lock lock;
	const char *connection; /* as other connections may look for it; NULL: not asked yet, or not known */
	struct views views;
	bool begun;         /* before_upgrade has been run */
	struct retry retry; /* of the step at hand, or of all that are one transaction */
	const char **kept;
	size_t kept_count;
};

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

#endif
