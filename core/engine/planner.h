/* SPDX-License-Identifier: MIT
 *
 * engine/planner.h: graph steps to rendered statements.
 *
 * In: the steps, the scripts on the path and the schema that replay gives at the start. Out: for each
 * step its statements, its checksum and the operations that undo it. Nothing runs here; with a connection
 * the catalog is looked at: for live definitions of tables that a step alters (RETORT_CAP_EDITS_DEFINITION,
 * and tables that replay has never seen), for objects in the way, and for rows in the way of NOT NULL.
 */
#ifndef RETORT_ENGINE_PLANNER_H
#define RETORT_ENGINE_PLANNER_H

#include "base/map.h"
#include "engine/session.h"
#include "script/project.h"

struct planned {
	const struct step *step;
	struct script *script; /* NULL: stamp */
	struct retort_plan *plan;
	const struct retort_op *const *ops; /* resolved, what the plan renders */
	size_t op_count;
	const struct retort_op *const *undo; /* what undoes an upgrade; NULL with undo_missing */
	size_t undo_count;
	const char *undo_missing; /* why there is none (irreversible) */
	enum transaction_mode transaction;
	bool split;        /* holds a statement that can't run in the step's one transaction */
	unsigned tx_flags; /* RETORT_TX_* of the step's transaction */
	const struct map
		*sure; /* queries of checks that have been asked and need not be again; may be NULL */
};

struct plan_request {
	const struct revision_list *rows; /* where the steps start */
	const struct step_list *steps;
	bool fresh;               /* connected, and no version is recorded: nothing may be in the way */
	const char *const *allow; /* hazards by code, for protected targets */
	size_t allow_count;
	bool looked; /* set: the catalog was looked at, so the rows must not have moved since */
};

/* Plans the steps: *ret holds request->steps->count of them. */
int plan_steps(struct session *session, struct project *project, struct plan_request *request,
	struct planned **ret, struct retort_error *err);
/* The schema that replay gives after the revisions of rows and all that they imply. */
int plan_replay(struct session *session, struct project *project, const struct revision_list *rows,
	struct retort_schema **ret, struct retort_error *err);

/* ---- parts, for the runner and for tests ---- */
/* How operations are resolved for the session's dialect. */
struct resolve plan_resolve(const struct session *session);
/* The operations of a script for the session's dialect; schema is the state before them. */
int plan_upgrade_ops(struct session *session, const struct retort_schema *schema, const struct script *script,
	const struct retort_op ***ret, size_t *count, struct retort_error *err);
/* The transaction mode of a revision: its own, else the settings'. */
enum transaction_mode plan_transaction(const struct session *session, const struct revision *revision);
/* Only finds what the one step of the request runs, and the schema before it. */
int plan_step_ops(struct session *session, struct project *project, struct plan_request *request,
	struct planned **ret, struct retort_schema **before, struct retort_error *err);
/* Renders resolved operations onto schema, which moves on. */
int plan_render(struct session *session, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t n, struct retort_plan **ret, struct retort_error *err);

#endif
