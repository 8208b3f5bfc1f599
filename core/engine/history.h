/* SPDX-License-Identifier: MIT
 *
 * engine/history.h: the bookkeeping tables: version rows and history.
 *
 * retort_version(version_num) is laid out as Alembic's; retort_history has a row for each step
 * that was begun. Both are made by the generic renderer, so each engine gets its own types.
 */
#ifndef RETORT_ENGINE_HISTORY_H
#define RETORT_ENGINE_HISTORY_H

#include "engine/session.h"
#include "script/project.h"

/* The version rows; none where the table does not exist (*exists tells). Writes nothing. */
int history_rows(struct session *session, const char ***rows, size_t *count, bool *exists, struct retort_error *err);
/* Statements that make what is missing of both tables (all of them where offline), added to plan. */
int history_tables_plan(struct session *session, bool version_exists, bool history_exists, struct retort_plan *plan,
	struct retort_error *err);
/* Makes them. */
int history_ensure(struct session *session, struct retort_error *err);

/* One row of retort_history. */
struct history_entry {
	long long id;
	const char *revision, *direction, *message, *checksum, *state, *started_at, *finished_at, *applied_by, *host,
		*retort_version, *error, *plan, *downgrade, *intent;
	long long statements, done;
};
/* The newest entry of each revision that is applied, newest first; empty where there is no table. */
int history_entries(struct session *session, struct history_entry **ret, size_t *count, struct retort_error *err);
/* The revisions among entries whose file is not what was applied: the fast hint first, the checksum where it differs. */
int history_changed(struct session *session, struct project *project, const struct history_entry *entries, size_t count,
	const char ***ret, size_t *ret_count, struct retort_error *err);

#endif
