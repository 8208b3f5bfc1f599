/* SPDX-License-Identifier: MIT
 *
 * engine/inspect.h: what a live database holds, as users see it.
 *
 * A driver's inspect reports everything; here what is not the user's is left out (version, history and lock
 * tables of retort and of every tool it knows), include_schemas, include and exclude are applied, and what an
 * engine says in words of its own is turned into what a schema file says.
 */
#ifndef RETORT_ENGINE_INSPECT_H
#define RETORT_ENGINE_INSPECT_H

#include "engine/session.h"

/* The user's part of what is there, in arena, as the driver reports it: native types and definitions kept,
 * dialect->normalize not applied. */
int inspect_live(struct session *session, struct retort_arena *arena, struct retort_schema **ret,
	struct retort_error *err);
/* The same filter over any schema: what include_schemas, include and exclude leave. */
struct retort_schema *inspect_filter(struct retort_arena *arena, const struct settings *settings,
	const struct retort_schema *schema);
/* A live schema as a schema file holds it: a neutral type only where rendering it for this engine and version
 * gives exactly the native type, else the native text under the dialect with the nearest neutral type as
 * default. Each loss elsewhere, and what the model can't hold, is one sentence in *notes. */
int inspect_portable(struct session *session, struct retort_arena *arena, const struct retort_schema *live,
	struct retort_schema **ret, const char ***notes, size_t *note_count, struct retort_error *err);

#endif
