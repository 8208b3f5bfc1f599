/* SPDX-License-Identifier: MIT
 *
 * engine/scratch.h: an empty database for a test, on the server of a URL, that leaves no trace.
 *
 * How one is made is data of the dialect (struct retort_scratch_row): a database, or a schema where the role
 * may not make one; an engine without server has it in memory. What the URL itself names is connected to, to
 * make the place, and never looked at. scratch_drop must follow, whatever happens.
 */
#ifndef RETORT_ENGINE_SCRATCH_H
#define RETORT_ENGINE_SCRATCH_H

#include "engine/session.h"

struct scratch {
	struct session *session; /* in the new, empty place */
	struct settings *settings;
	const char *shown;    /* the URL it was made by, masked */
	bool schemas_outside; /* what create_schema makes would not lie in it */

	/* the connection that makes and drops it; NULL: it goes with the session */
	struct session *maker;
	struct settings *maker_settings;
	struct loader *loader;
	const char *name, *drop;
};

/* base: everything but the URL. RETORT_E_CONNECT where nothing answers, RETORT_E_STATE where no place may be
 * made: each way that was tried has its reason in the message. */
int scratch_make(struct retort_arena *arena, struct loader *loader, const struct settings *base,
	const char *url, const struct observer *observer, const struct retort_listener *listener,
	struct scratch **ret, struct retort_error *err);
/* Closes the session and removes the place; it tries again for a while where the server still sees somebody
 * in it. On failure the message names what is left. */
int scratch_drop(struct scratch *scratch, struct retort_error *err);
/* The URL of the scheme alone, for drivers that need no server; NULL: this one needs one. */
const char *scratch_memory_url(struct retort_arena *arena, const struct retort_driver *driver);

#endif
