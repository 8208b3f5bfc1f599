/* SPDX-License-Identifier: MIT
 *
 * engine/plan_check.h: what is found wrong with a plan before anything runs.
 */
#ifndef RETORT_ENGINE_PLAN_CHECK_H
#define RETORT_ENGINE_PLAN_CHECK_H

#include "base/map.h"
#include "engine/planner.h"

/* Objects that the operations make and that the database holds already: RETORT_E_STATE, naming them and the
 * two ways out. */
int plan_check_fresh(struct session *session, const struct retort_op *const *ops, size_t n,
	struct retort_error *err);
/* Rows in the way of columns that become NOT NULL without default and fill. live: tables that are there now.
 * sure is given the queries that found none, where the plan puts none in the way itself and the engine would
 * refuse what came meanwhile. */
int plan_check_rows(struct session *session, const struct retort_schema *live,
	const struct retort_op *const *ops, size_t n, struct map *sure, struct retort_error *err);
/* What the whole of a step can't have: transaction control in execute, changes of referenced rows beside a
 * rebuild, statements outside the transaction of `all`, destruction of a protected target. */
int plan_check_step(struct session *session, const struct planned *planned,
	const struct retort_schema *schema, const struct plan_request *request, struct retort_error *err);

#endif
