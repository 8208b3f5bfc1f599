/* SPDX-License-Identifier: MIT
 *
 * engine/runner.h: upgrade, downgrade and stamp: online, as a dry run, and as an offline script.
 *
 * rows -> steps (script/graph.h) -> operations -> statements (engine/planner.h) -> engine. Every step is
 * planned before the first statement runs.
 */
#ifndef RETORT_ENGINE_RUNNER_H
#define RETORT_ENGINE_RUNNER_H

#include "engine/planner.h"
#include "engine/session.h"
#include "script/project.h"

struct run_request {
	enum direction direction;
	const char *const *targets; /* one for upgrade and downgrade; "a:b" offline */
	size_t target_count;
	const struct step_list *steps; /* in place of a target: exactly these, from the rows as they are */
	bool purge;                    /* stamp */
	const char *resume;            /* done, redo or NULL */
	bool kill_orphan;         /* end a statement that a killed run has left running, rather than wait */
	const char *const *allow; /* hazards by code */
	size_t allow_count;
};

struct run_result {
	const char *const *from, *const *to; /* version rows before and after */
	size_t from_count, to_count;
	size_t steps;        /* that were run */
	const char *already; /* upgrade to what is applied: its id */

	/* After a failure inside a step; else NULL. They complete the error, whose problem has file, line and
	 * statement, and whose message begins "operation 3 of 7: cannot ...". */
	const char *failed;      /* the revision */
	const char *stands;      /* "rolled back, nothing of this revision remains" */
	const char *const *kept; /* revisions of this run that stay */
	size_t kept_count;
	const char *const *next; /* commands to go on with, one sentence each */
	size_t next_count;
};

/* Runs it. result is filled also where it fails. A half-done step of an earlier run is finished first by an
 * upgrade whose path it is on, and undone by a downgrade to "-1", which then undoes nothing else. */
int run_online(struct session *session, struct project *project, const struct run_request *request,
	struct run_result *result, struct retort_error *err);
/* Plans it from the database as it stands; writes nothing. */
int run_dry(struct session *session, struct project *project, const struct run_request *request,
	struct planned **steps, size_t *count, struct retort_error *err);
/* Writes the SQL script to out piece by piece: all of it, or nothing where something can't be planned. A
 * write that returns not 0 ends it with RETORT_E_IO. */
int run_offline(struct session *session, struct project *project, const struct run_request *request,
	int (*write)(void *context, const char *text, size_t n), void *context, struct retort_error *err);
/* The same for ensure-version. */
int run_offline_ensure(struct session *session, int (*write)(void *context, const char *text, size_t n),
	void *context, struct retort_error *err);

#endif
