/* SPDX-License-Identifier: MIT */
#include "script/dialects.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { LARGEST = 1 << 20, FIELDS = 5 };

/* The words of a field that commas divide; "-" stands for none. */
static const char *const *words_read(struct retort_arena *arena, const char *text, size_t *count)
{
	const char **words = NULL;
	size_t n;

	for (*count = 0; *text && strcmp(text, "-"); text += n + (text[n] != 0)) {
		n = strcspn(text, ",");
		if (n)
			RETORT_PUSH(arena, words, *count, retort_strndup(arena, text, n));
	}
	return words;
}

/* Reads a line of fields divided by blanks; one that lacks fields is passed over. */
static void line_read(struct dialects *dialects, const char *from, size_t n)
{
	struct retort_arena *arena = dialects->arena;
	char *line = retort_strndup(arena, from, n), *rest = line, *fields[FIELDS];
	struct dialect_known known;
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (!(fields[i] = strtok_r(i ? NULL : line, " \t\r", &rest)) || *fields[0] == '#')
			return;
	known = (struct dialect_known){.name = fields[0], .package = fields[2], .example = fields[3]};
	known.schemes = words_read(arena, fields[1], &known.scheme_count);
	known.aliases = words_read(arena, fields[4], &known.alias_count);
	RETORT_PUSH(arena, dialects->items, dialects->count, known);
}

const char *data_path(struct retort_arena *arena, const char *name)
{
	const char *folder = secure_getenv("RETORT_DATADIR");

	return path_join(arena, folder && *folder ? folder : RETORT_DATADIR, name);
}

struct dialects *dialects_load(struct retort_arena *arena)
{
	struct dialects *dialects = retort_alloc(arena, sizeof *dialects);
	char *text, *at;
	size_t n;

	dialects->arena = arena;
	if (file_read(arena, data_path(arena, "dialects.txt"), LARGEST, &text, NULL, NULL) < 0)
		return dialects;
	for (at = text; *at; at += n + (at[n] != 0)) {
		n = strcspn(at, "\n");
		line_read(dialects, at, n);
	}
	return dialects;
}

static bool among(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!text_casecmp(word, words[i]))
			return true;
	return false;
}

const struct dialect_known *dialects_find(const struct dialects *dialects, const char *word)
{
	size_t i;

	/* a name goes before another's scheme */
	for (i = 0; i < dialects->count; i++)
		if (!text_casecmp(dialects->items[i].name, word))
			return &dialects->items[i];
	for (i = 0; i < dialects->count; i++) {
		const struct dialect_known *known = &dialects->items[i];

		if (among(word, known->schemes, known->scheme_count) ||
			among(word, known->aliases, known->alias_count))
			return known;
	}
	return NULL;
}

const struct dialect_known *dialects_nearest(const struct dialects *dialects, const char *word)
{
	struct retort_arena *arena = retort_arena_new();
	const struct dialect_known *known;
	const char **words = NULL, *near;
	size_t count = 0, i, k;

	for (i = 0; i < dialects->count; i++) {
		known = &dialects->items[i];
		RETORT_PUSH(arena, words, count, known->name);
		for (k = 0; k < known->scheme_count; k++)
			RETORT_PUSH(arena, words, count, known->schemes[k]);
		for (k = 0; k < known->alias_count; k++)
			RETORT_PUSH(arena, words, count, known->aliases[k]);
	}
	near = text_nearest(word, words, count, sizeof *words);
	retort_arena_free(arena);
	return near ? dialects_find(dialects, near) : NULL;
}

bool dialects_accept(void *context, const char *name, const char **meant)
{
	const struct dialects *dialects = context;
	const struct dialect_known *known = dialects_find(dialects, name);

	if (!known)
		known = dialects_nearest(dialects, name);
	*meant = known ? known->name : NULL;
	return !known || !strcmp(known->name, name);
}
