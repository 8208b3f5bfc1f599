/* SPDX-License-Identifier: MIT
 *
 * engine/intent.h: what became of a statement that was cut off.
 *
 * Before a statement that can't be rolled back its intent is committed: which statement, and a fingerprint of
 * each object that it touches. Afterwards the live objects decide: as they were before (not run), or with
 * every value that the statement gives (done); anything else a person must decide.
 */
#ifndef RETORT_ENGINE_INTENT_H
#define RETORT_ENGINE_INTENT_H

#include "engine/run.h"
#include "retort/sql.h"

/* The intent of one statement: its number and a fingerprint of each object that it touches. */
int intent_make(struct run *run, const struct retort_statement *statement, size_t number, const char **ret,
	struct retort_error *err);
/* What became of a statement that an intent names. */
enum intent_outcome { INTENT_NOT_RUN, INTENT_DONE, INTENT_UNKNOWN };
/* before and after: replayed schemas around the statement's operation. *why: what speaks against either. */
int intent_decide(struct run *run, const char *intent, const struct retort_statement *statement,
	struct retort_schema *before, struct retort_schema *after, enum intent_outcome *outcome,
	const char **why, struct retort_error *err);

#endif
