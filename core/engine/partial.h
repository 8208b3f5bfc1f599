/* SPDX-License-Identifier: MIT
 *
 * engine/partial.h: a half-done step: what was stored of it, joined with what its file says now.
 *
 * In: its history row and its step. Out: its statements, how many of them have begun, and, once settled, no
 * doubt about the last of these. Nothing is written here.
 */
#ifndef RETORT_ENGINE_PARTIAL_H
#define RETORT_ENGINE_PARTIAL_H

#include "engine/run.h"
#include "retort/sql.h"

/* A stored statement. */
struct stored {
	struct retort_statement statement;
	size_t op, next;
	const char *prefix;
};

/* A half-done step and what is known of it. */
struct partial {
	struct run *run;
	struct history_entry entry;
	struct stored *stored;
	size_t count;
	size_t begun;                 /* statements that are done or may be */
	bool doubt;                   /* the last of them may be */
	struct planned planned;       /* step, script, ops */
	struct retort_schema *before; /* the schema that ops start from */
};

/* What it runs and from where; step is its step, as the graph gives it. */
int partial_load(struct run *run, const struct history_entry *entry, const struct step *step,
	struct partial *partial, struct retort_error *err);
/* Reads the plan of partial->entry and how far it came. */
int partial_read(struct partial *partial, struct retort_error *err);
/* Verifies that what has begun is what the file says, completes it, and decides whether the statement in
 * doubt has run. */
int partial_settle(struct partial *partial, struct retort_error *err);
/* The schema after the first n operations. */
int partial_schema(const struct partial *partial, size_t n, struct retort_schema **ret,
	struct retort_error *err);
/* The first statement of which neither it nor another of its operation has begun. */
size_t partial_fresh(const struct partial *partial);
/* Whether some, but not all, of the operation of statement entry.done has run. */
bool partial_inside(const struct partial *partial);

#endif
