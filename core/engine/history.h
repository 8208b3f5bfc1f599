/* SPDX-License-Identifier: MIT
 *
 * engine/history.h: the bookkeeping tables: version rows and history.
 *
 * retort_version(version_num) is laid out as Alembic's and holds the applied revisions that no other
 * applied one implies. retort_history has a row for each step that was begun; several projects with version
 * tables of their own may share it (the column version_table tells them apart). Both are made by the generic
 * renderer, so each engine gets its own types. Only the functions that say so write.
 */
#ifndef RETORT_ENGINE_HISTORY_H
#define RETORT_ENGINE_HISTORY_H

#include "engine/session.h"
#include "script/project.h"

#define HISTORY_TABLE "retort_history"
#define HISTORY_LOCK_TABLE "retort_lock"

/* The version rows; none where the table does not exist (*exists tells). Writes nothing. */
int history_rows(struct session *session, const char ***rows, size_t *count, bool *exists,
	struct retort_error *err);
/* Statements that make what is missing of both tables (all of them where offline), added to plan. */
int history_tables_plan(struct session *session, bool version_exists, bool history_exists,
	struct retort_plan *plan, struct retort_error *err);
/* Makes them in a transaction of their own; what is there stays. */
int history_ensure(struct session *session, struct retort_error *err);
/* The same inside the caller's transaction. */
int history_ensure_inside(struct session *session, struct retort_error *err);
/* The table of the lease (engine/lease.h), made in a transaction of its own. */
int history_ensure_lock(struct session *session, struct retort_error *err);
/* The quoted name of a bookkeeping table: settings->version_table, HISTORY_TABLE, HISTORY_LOCK_TABLE. */
const char *history_table(const struct session *session, struct retort_arena *arena, const char *name);

/* One row of retort_history; NULL is SQL NULL. */
struct history_entry {
	long long id;
	const char *revision;  /* NULL: a stamp to base */
	const char *direction; /* upgrade, downgrade, stamp */
	const char *message, *checksum;
	const char *file_hash; /* of the file's bytes; a + at its end: the checksum covers other files too */
	long long statements, done;
	const char *intent; /* JSON: the statement that may or may not have run, or how far a batch came */
	const char *state;  /* running, done, failed, undone */
	const char *started_at, *finished_at, *applied_by, *host, *retort_version, *error;
	const char *plan, *downgrade; /* JSON */
};

/* Writes a row; id is given by the engine. who, host, version are filled in where NULL. */
int history_add(struct session *session, const struct history_entry *entry, struct retort_error *err);
/* Writes state, done, intent, finished_at and error of the row entry->id: what changes while a step runs. */
int history_update(struct session *session, const struct history_entry *entry, struct retort_error *err);
/* Writes what a half-done step is to run from now on: statements, plan, checksum, file_hash, downgrade; and
 * done and intent, which may have been found out anew. */
int history_replan(struct session *session, const struct history_entry *entry, struct retort_error *err);
/* The INSERT for an offline script, with the engine's clock for the times; text is NULL-free SQL. */
int history_add_sql(struct session *session, const struct history_entry *entry, struct retort_buf *out,
	struct retort_error *err);
/* The highest id; 0 where there is none. */
int history_last_id(struct session *session, long long *id, struct retort_error *err);
/* The highest id above another of an entry in state running; 0 where there is none. */
int history_newest_running(struct session *session, long long after, long long *id, struct retort_error *err);
/* The entries in state running, whole, newest first; none where there is no table. */
int history_running(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err);

/* The operations that undo the newest upgrade of a revision, as they were recorded; *json is NULL where none
 * were. */
int history_downgrade(struct session *session, const char *revision, const char **json,
	struct retort_error *err);

/* Whether there is a history table. Looks at the catalog: slow. */
int history_exists(struct session *session, bool *version, bool *history, struct retort_error *err);
/* Every entry, newest first, without plan and downgrade; empty where there is no table. */
int history_entries(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err);
/* The same with only id, revision, direction, state, checksum and file_hash: cheap for thousands. */
int history_marks(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err);

/* What a step does to the version rows, and an entry (may be NULL), at once where the engine can: a row that
 * should be there and is not is an error. Inside a transaction. */
int history_apply(struct session *session, const struct step *step, const struct history_entry *entry,
	struct retort_error *err);
/* The same as SQL text, a statement each. */
int history_apply_sql(struct session *session, const struct step *step,
	int (*statement)(void *context, const char *sql, struct retort_error *err), void *context,
	struct retort_error *err);
/* Deletes all version rows (stamp --purge). */
int history_purge(struct session *session, struct retort_error *err);

/* ---- files that changed after they were applied ---- */
/* The hash that history keeps of a revision's file; NULL where it can't be read. */
const char *history_file_hash(struct retort_arena *arena, const struct script *script);
/* The applied revisions whose file isn't what was applied; entries (newest first) tell what that was. A file
 * is parsed only where the hash of its bytes differs or it names others. */
int history_changed(struct session *session, struct project *project, const struct history_entry *entries,
	size_t entry_count, const char ***changed, size_t *count, struct retort_error *err);

/* The time now as the history tells it: "2026-11-21 22:36:00.123" in UTC. */
const char *history_now(struct retort_arena *arena);
/* "upgrade", "downgrade", "stamp" */
const char *direction_word(enum direction direction);

#endif
