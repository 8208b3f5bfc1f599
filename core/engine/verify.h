/* SPDX-License-Identifier: MIT
 *
 * engine/verify.h: whether a database is what its revisions say, and its revisions are what was applied.
 *
 * Replay of the applied revisions is brought into the engine's own words and compared with what inspection
 * finds, object by object. Nothing is written but by verify_accept.
 */
#ifndef RETORT_ENGINE_VERIFY_H
#define RETORT_ENGINE_VERIFY_H

#include "engine/session.h"
#include "model/compare.h"
#include "script/project.h"

/* An applied revision whose file is not what was applied. */
struct verify_changed {
	const char *revision;
	const char *file; /* as messages show it */
};

struct verified {
	struct revision_list rows; /* where the database stands */
	struct verify_changed *changed;
	size_t changed_count;
	struct difference *drift; /* left: what replay says, right: what is there */
	size_t drift_count;
};

/* What replay gives against what the session's database holds, both without what is not the user's. *live
 * (may be NULL): what it holds. */
int verify_schema(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **live, struct difference **ret, size_t *count, struct retort_error *err);
/* The same for two live schemas of one session. */
void verify_unchanged(struct session *session, struct retort_arena *arena, const struct retort_schema *before,
	const struct retort_schema *after, struct difference **ret, size_t *count);
/* What inspection finds, normalised; also in the schemas that replay knows of. */
int verify_inspect(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **ret, struct retort_error *err);
/* Both questions for a target. RETORT_E_STATE where they can't be asked: a step is half done, or a revision
 * that only another tool can run is applied. */
int verify_database(struct session *session, struct project *project, struct verified *ret,
	struct retort_error *err);
/* Records the files of n revisions (symbols) as they are now as what was applied; *accepted: those that were
 * others before. */
int verify_accept(struct session *session, struct project *project, const char *const *symbols, size_t n,
	struct revision_list *accepted, struct retort_error *err);

#endif
