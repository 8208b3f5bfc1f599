/* SPDX-License-Identifier: MIT
 *
 * engine/merge.h: whether branches can be joined.
 */
#ifndef RETORT_ENGINE_MERGE_H
#define RETORT_ENGINE_MERGE_H

#include "engine/session.h"
#include "script/project.h"

/* The revisions that merge's symbols name. */
int merge_heads(const struct project *project, const char *const *symbols, size_t n,
	struct revision_list *ret, struct retort_error *err);
/* Replays the branches with each of the heads first. An operation that can't run after another
 * branch, and two different schemas at the end, are RETORT_E_PLAN naming both files, lines and the
 * object. session: an offline one for the dialect; NULL: no dialect, the `default` answers. */
int merge_check(struct session *session, struct project *project, const struct revision_list *heads,
	struct retort_error *err);

#endif
