/* SPDX-License-Identifier: MIT
 *
 * sql/hazard.h: rows in the way of an operation, found before anything runs.
 *
 * A column that becomes NOT NULL without a value for the rows that have none can't be had while
 * there are such rows. Whether there are only the database knows, so an assert goes in front of the
 * plan; behind operations that change the table or its rows it stands right before the operation.
 */
#ifndef RETORT_SQL_HAZARD_H
#define RETORT_SQL_HAZARD_H

#include "retort/sql.h"

struct hazard {
	struct retort_render *render;
	const struct retort_op *const *ops; /* the whole list */
	size_t front;                       /* where in the plan the next assert in front goes */
};

/* Adds the asserts that ops[at] needs; render->schema is the state before it. */
void hazard_guard(struct hazard *hazard, size_t at);

#endif
