/* SPDX-License-Identifier: MIT
 *
 * engine/canonical.h: schemas in the words of one engine, so that whatever differs is a difference.
 *
 * In three steps, each of which needs less of the server than the next: rules (the dialect's normalize)
 * settle most of it without a connection; where texts still differ from those of a live database, the engine
 * is asked what it would make of them (the driver's canonical and canonical_objects); last, what stands in
 * for a type (the values of an enum, the condition of an unsigned number) is put back into the type, as it is
 * no object of its own.
 */
#ifndef RETORT_ENGINE_CANONICAL_H
#define RETORT_ENGINE_CANONICAL_H

#include "engine/session.h"
#include "model/diff.h"

/* One side: what operations speak of, and the same in canonical words. */
struct form {
	struct retort_schema *written, *canonical;
};

/* Sentences for people. */
struct notices {
	const char **items;
	size_t count;
};

/* By rules alone. What has no name is named by the conventions in both. The schema is not changed. */
int canonical_form(const struct session *session, struct retort_arena *arena,
	const struct retort_schema *schema, struct form *ret, struct retort_error *err);
/* An engine without types for them keeps enums in its columns: which of them have names can't be seen there,
 * and is taken from the other side. */
void canonical_lend_enums(const struct session *session, struct retort_arena *arena, struct form *live,
	const struct form *other);
/* Asks the engine about what in `form` differs from a live database by its text. Where it refuses, one notice
 * tells what was left to rules. tables: only these, by their keys (diffing.h's "schema\nname"); NULL: all.
 * Fails only where the connection does. */
int canonical_settle(struct session *session, struct retort_arena *arena, struct form *form,
	const struct form *live, const struct map *tables, struct notices *notices, struct retort_error *err);
/* A form whose schemas may be changed; their objects are shared. */
struct form form_copy(struct retort_arena *arena, const struct form *form);
/* Puts what stands in for a type into the type, on both sides alike: into copies, where there is any. */
void canonical_fold(const struct session *session, struct retort_arena *arena, struct form *a,
	struct form *b);

#endif
