/* SPDX-License-Identifier: MIT
 *
 * engine/inspect_script.h: a schema as the SQL script that makes it.
 */
#ifndef RETORT_ENGINE_INSPECT_SCRIPT_H
#define RETORT_ENGINE_INSPECT_SCRIPT_H

#include "engine/session.h"
#include "script/schema_file.h"

/* Appends the statements that make what a file declares, in an order in which they run in an empty database,
 * for the session's dialect and version; the session may be offline. */
int inspect_script(struct session *session, const struct schema_file *file, struct retort_buf *out,
	struct retort_error *err);

#endif
