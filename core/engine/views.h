/* SPDX-License-Identifier: MIT
 *
 * engine/views.h: views that worked before a step are tested after it.
 *
 * Engines that don't track what a view uses let it break silently. The catalog is asked for views once in a
 * run, before the first step that could break one.
 */
#ifndef RETORT_ENGINE_VIEWS_H
#define RETORT_ENGINE_VIEWS_H

#include "engine/planner.h"

struct views {
	bool known;         /* the catalog was asked */
	const char **names; /* quoted, with their schema */
	const char **plain;
	size_t count;
	bool *works; /* before the step at hand */
};

/* Which views work before a step; outside of its transaction. Nothing where the step can't break any. */
int views_before(struct session *session, struct views *views, const struct planned *planned,
	struct retort_error *err);
/* Whether they still do; inside its transaction. A broken one is RETORT_E_SQL naming it. */
int views_after(struct session *session, struct views *views, const struct planned *planned,
	struct retort_error *err);

#endif
