/* SPDX-License-Identifier: MIT
 *
 * engine/source_file.h: a schema file on its way, read in a thread of its own.
 *
 * Reading a large file takes as long as asking the engine for the same schema, and neither needs the other:
 * the file is read while the database is connected to, and resolved while it is inspected. What the thread
 * makes lies in an arena of its own. Where no thread is to be had, the caller's does the work.
 */
#ifndef RETORT_ENGINE_SOURCE_FILE_H
#define RETORT_ENGINE_SOURCE_FILE_H

#include "engine/canonical.h"
#include "script/schema_file.h"

/* What is read. Nothing in it may change until the end. */
struct source_file_from {
	const char *path; /* of a file or folder */
	const char *text; /* in its place, where it is the output of a program; NULL: read the path */
	size_t len;
	const struct settings *settings;
};

/* What came of it. */
struct source_file_read {
	const struct schema_file *file; /* as it was declared */
	struct retort_schema *schema;   /* resolved for the dialect, filtered by the settings */
	struct form form;               /* the same, canonical by rules; NULL where that failed */
};

struct source_file;

/* Begins. The result, and what it is made of, goes with arena. */
struct source_file *source_file_start(struct retort_arena *arena, const struct source_file_from *from);
/* Tells for which dialect it is resolved; the session outlives the reading. More than
 * once: the same. */
void source_file_settle(struct source_file *reading, const struct session *session);
/* Waits for the end, after source_file_settle; once. Every fault of the files is a problem. */
int source_file_finish(struct source_file *reading, struct source_file_read *ret, struct retort_error *err);
/* Gives up, waiting for the thread; nothing where it has ended. */
void source_file_stop(struct source_file *reading);

#endif
