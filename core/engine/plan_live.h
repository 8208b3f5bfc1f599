/* SPDX-License-Identifier: MIT
 *
 * engine/plan_live.h: what only the catalog knows, put into a replayed schema.
 *
 * Replay says what a table means; the engine says what it holds word for word. Where a dialect edits stored
 * text (RETORT_CAP_EDITS_DEFINITION) replayed tables get their stored text; a table that replay has never
 * seen (adopted by stamp) comes from the catalog as a whole.
 */
#ifndef RETORT_ENGINE_PLAN_LIVE_H
#define RETORT_ENGINE_PLAN_LIVE_H

#include "engine/planner.h"

/* For all tables that n operations touch. Sets *looked where the catalog was asked. */
int plan_live(struct session *session, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t n, bool *looked, struct retort_error *err);
/* Inspects all, or these tables alone. */
int plan_inspect(struct session *session, struct retort_arena *arena, const char *const *tables, size_t count,
	struct retort_schema **ret, struct retort_error *err);

#endif
