/* SPDX-License-Identifier: MIT
 *
 * script/dialects.h: the drivers that are known to exist, installed or not: data, not code.
 *
 * The list is the file dialects.txt of the data folder (RETORT_DATADIR in the environment, else as built).
 * Where it is missing nothing is known, and nothing fails.
 */
#ifndef RETORT_SCRIPT_DIALECTS_H
#define RETORT_SCRIPT_DIALECTS_H

#include <stdbool.h>

#include "retort/memory.h"

struct dialect_known {
	const char *name;
	const char *const *schemes; /* of URLs */
	size_t scheme_count;
	const char *package;        /* that brings the driver */
	const char *example;        /* a URL */
	const char *const *aliases; /* what people call it too */
	size_t alias_count;
};

struct dialects {
	struct retort_arena *arena;
	struct dialect_known *items;
	size_t count;
};

/* The path of a file of the data folder. */
const char *data_path(struct retort_arena *arena, const char *name);
/* Reads the list. Never NULL. */
struct dialects *dialects_load(struct retort_arena *arena);
/* The one with this name, scheme or alias; NULL: none. */
const struct dialect_known *dialects_find(const struct dialects *dialects, const char *word);
/* The one whose name, scheme or alias is nearest to a word that is none; NULL: none is near. */
const struct dialect_known *dialects_nearest(const struct dialects *dialects, const char *word);
/* For struct script_reader: context is a struct dialects. A name that is neither known nor near to one is
 * some other driver's, and fine. */
bool dialects_accept(void *context, const char *name, const char **meant);

#endif
