/* SPDX-License-Identifier: MIT
 *
 * engine/planner.h: graph steps to rendered statements.
 *
 * In: the steps, the scripts on the path and the schema that replay gives at the start. Out: for each
 * step its statements, its checksum and the operations that undo it. Nothing runs here; with a connection
 * the live definitions of tables that a step alters are looked at (RETORT_CAP_EDITS_DEFINITION, and tables
 * that replay has never seen).
 */
#ifndef RETORT_ENGINE_PLANNER_H
#define RETORT_ENGINE_PLANNER_H

#include "engine/session.h"
#include "script/project.h"

struct planned {
	const struct step *step;
	struct script *script;               /* NULL: stamp */
	struct retort_plan *plan;
	const struct retort_op *const *ops;  /* resolved, what the plan renders */
	size_t op_count;
	const struct retort_op *const *undo; /* what undoes an upgrade; NULL with undo_missing */
	size_t undo_count;
	const char *undo_missing;            /* why there is none (irreversible) */
	enum transaction_mode transaction;
	bool split;                          /* holds a statement that can't run in a transaction */
};

/* Plans steps that start at rows. */
int plan_steps(struct session *session, struct project *project, const struct revision_list *rows,
	const struct step_list *steps, struct planned **ret, struct retort_error *err);
/* The schema that replay gives after the revisions of rows and all that they imply. */
int plan_replay(struct session *session, struct project *project, const struct revision_list *rows,
	struct retort_schema **ret, struct retort_error *err);

#endif
