/* SPDX-License-Identifier: MIT
 *
 * engine/stairway.h: every revision up, down and up again, on a scratch database of each engine.
 *
 * All engines stand on the same stair: the revisions are taken one by one in the order of replay, merges and
 * branches included. After each upgrade the inspected schema must be the replayed one and the engines must
 * agree with each other; after the downgrade the schema must be what it was before; after the second upgrade
 * what it was after the first. At the end all is taken down to base. What is declared irreversible is only
 * walked up. An engine stops at its first fault; the others go on.
 */
#ifndef RETORT_ENGINE_STAIRWAY_H
#define RETORT_ENGINE_STAIRWAY_H

#include "engine/scratch.h"
#include "model/compare.h"
#include "script/project.h"

struct stairway_request {
	const struct settings *settings; /* everything but the URLs */
	struct project *project;
	struct loader *loader;
	const char *const *urls;
	size_t url_count;
	const struct observer *observer;
	const struct retort_listener *listener;
	/* The connection that a signal may cancel; NULL: none. May be NULL. */
	void (*working)(void *context, struct session *session);
	void *context;
};

/* The first thing that was wrong on an engine. */
struct stairway_fault {
	const char *revision; /* NULL: of none */
	const char *moment;   /* "after the upgrade" */
	const char *expected; /* whose word was expected: "replayed", "before the upgrade", "on ENGINE" */
	const struct difference *differences; /* left: expected, right: what this engine has */
	size_t count;
	const char *advice;               /* NULL: none */
	const struct retort_error *error; /* instead of differences: a statement or plan that failed */
};

struct stairway_engine {
	const char *name;          /* of the dialect */
	const char *version;       /* "15.14"; "" where it is not known */
	const char *shown;         /* the URL, masked */
	size_t revisions;          /* that passed */
	const char **irreversible; /* ids, walked up only */
	size_t irreversible_count;
	double ms;
	struct stairway_fault fault;
	bool failed;
};

struct stairway_result {
	struct stairway_engine *engines; /* one for each URL */
	size_t count;
	size_t revisions; /* of the project */
};

/* Walks. -1 where the walk itself could not be made (no connection, no right to create, interrupted, a file
 * that doesn't load); what is wrong with a revision on an engine is in *ret. Every scratch database is gone
 * in each case; where one could not be removed that is an error which names it. */
int stairway_walk(struct retort_arena *arena, const struct stairway_request *request,
	struct stairway_result *ret, struct retort_error *err);

/* ---- stairway_agree.c ---- */
/* One engine's side of a comparison across engines. */
struct stairway_side {
	const char *name;
	uint64_t caps;
	const struct retort_schema *live;   /* as inspected */
	const struct retort_schema *stated; /* as replayed: what the files say for its dialect */
};
/* In what two engines differ, but for what the files state differently and what one of them can't hold. */
void stairway_agree(struct retort_arena *arena, const struct stairway_side *left,
	const struct stairway_side *right, struct difference **ret, size_t *count);
/* A schema that an operation works in and that would not lie in the scratch place, or NULL. */
const char *stairway_foreign_schema(const struct retort_op *op);

#endif
