/* SPDX-License-Identifier: MIT
 *
 * engine/plan_standing.h: the schema that the applied revisions give, which steps start from.
 *
 * Replay says what each object means. Where a dialect edits stored text (RETORT_CAP_EDITS_DEFINITION) and
 * there is no connection to read it from, the revisions are rendered as well, into a plan that is thrown
 * away: that leaves in the schema the text which running them left in the database, so that a script goes on
 * from it word for word as a run would.
 */
#ifndef RETORT_ENGINE_PLAN_STANDING_H
#define RETORT_ENGINE_PLAN_STANDING_H

#include "engine/planner.h"

/* The schema after the revisions of list, which are in the order in which they were applied. Those that only
 * Alembic can run stay unknown. */
int standing_replay(struct session *session, struct project *project, const struct revision_list *list,
	struct retort_schema **ret, struct retort_error *err);
/* The same by replay alone, without stored texts: for schemas that are only compared. */
int standing_model(struct session *session, struct project *project, const struct revision_list *list,
	struct retort_schema **ret, struct retort_error *err);
/* Moves *schema on by one applied revision; another schema may stand there afterwards. */
int standing_script(struct session *session, struct retort_schema **schema, const struct script *script,
	struct retort_error *err);

#endif
