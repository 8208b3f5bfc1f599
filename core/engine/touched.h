/* SPDX-License-Identifier: MIT
 *
 * engine/touched.h: which objects of the catalog a statement changes.
 *
 * In: a statement of a plan. Out: the objects, and what becomes of them. Tables that an operation changes are
 * told by the operation, since replay knows what it gives them; all else by the first words of the SQL.
 */
#ifndef RETORT_ENGINE_TOUCHED_H
#define RETORT_ENGINE_TOUCHED_H

#include "engine/session.h"
#include "model/catalog.h"

#define TOUCHED_MOST 2 /* that one statement changes: a rename has two names */

enum touched_effect {
	TOUCHED_UNKNOWN,  /* changed in a way that can't be told */
	TOUCHED_REPLAYED, /* tables: as replay says */
	TOUCHED_MADE,     /* there afterwards */
	TOUCHED_REMOVED   /* not there afterwards */
};

struct touched_object {
	enum family family;
	const char *schema, *name;
	const char *within; /* a routine's "function" or "procedure" */
	const char *index;  /* of the table: what is made or removed is this; or NULL */
};

struct touched {
	struct touched_object objects[TOUCHED_MOST];
	size_t count; /* 0: nothing that the catalog shows */
	enum touched_effect effect;
};

void touched_by(const struct session *session, struct retort_arena *arena,
	const struct retort_statement *statement, struct touched *ret);
/* Looks at the catalog: what it holds of these objects. */
int touched_inspect(struct session *session, struct retort_arena *arena, const struct touched *touched,
	struct retort_schema **live, struct retort_error *err);
/* A name for an object that no other of a statement has. */
const char *touched_key(struct retort_arena *arena, const struct touched_object *object);
/* A hash of an object as the engine tells it; "absent" where there is none. */
const char *touched_fingerprint(struct retort_arena *arena, const struct retort_schema *live,
	const struct touched_object *object);
/* Whether it, or its index, is there. */
bool touched_exists(const struct retort_schema *live, const struct touched_object *object);

#endif
