/* SPDX-License-Identifier: MIT
 *
 * script/template.h: file names and files made from templates.
 *
 * A file name's template holds %(token)s or %(token)d with an optional width or precision, as Python's
 * % operator takes it (%(month).2d). A file's template holds ${placeholder}: see template_default.
 */
#ifndef RETORT_SCRIPT_TEMPLATE_H
#define RETORT_SCRIPT_TEMPLATE_H

#include "base/map.h"
#include "script/timezone.h"

/* 0, or a problem RETORT_E_CONFIG that names the token that is wrong. */
int template_check_name(const char *template, struct retort_error *err);
/* The name of a revision's file, without extension, from a template that is right. */
const char *template_name(struct retort_arena *arena, const char *template, const char *rev, const char *slug,
	const struct zone_time *time);
/* The words of a message in lower case joined by _, cut to at most limit characters at a word's end. */
const char *template_slug(struct retort_arena *arena, const char *message, size_t limit);

/* The template that init writes; its comments describe the placeholders. */
extern const char template_default[];
/* Fills a file's template. values: placeholder -> text. A line whose placeholders are all empty is left
 * out, and so is one that starts with ##. An unknown placeholder is a problem RETORT_E_FILE with its line. */
int template_fill(struct retort_arena *arena, const char *file, const char *text, const struct map *values,
	struct retort_buf *out, struct retort_error *err);

#endif
