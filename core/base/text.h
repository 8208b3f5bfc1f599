/* SPDX-License-Identifier: MIT
 *
 * base/text.h: small questions about text: valid UTF-8, the nearest known word, safe echo.
 */
#ifndef RETORT_BASE_TEXT_H
#define RETORT_BASE_TEXT_H

#include <stdbool.h>

#include "retort/memory.h"

/* The offset of the first byte that is not valid UTF-8 (or is a NUL), or n where all are. */
size_t text_utf8_fault(const char *text, size_t n);
/* The number of code points in n bytes of valid UTF-8. */
size_t text_utf8_count(const char *text, size_t n);
/* The one of n names that word was probably meant to be (edit distance, at most a third of
 * its length, case ignored), or NULL. stride is the distance in bytes between two names, so
 * that a table of structs whose first member is the name can be given. */
const char *text_nearest(const char *word, const void *names, size_t n, size_t stride);
/* text for a message: control characters and invalid bytes become \xNN, more than max
 * characters are cut and end in "...". */
const char *text_echo(struct retort_arena *arena, const char *text, size_t max);
/* text as it stands where nothing in it acts on a terminal; else a copy in which control characters
 * (except line ends and tabs), marks that turn the writing direction and invalid bytes are \xNN. */
const char *text_safe(struct retort_arena *arena, const char *text);
/* "a, b and c" from n words, each between quote characters where quote is not 0. */
const char *text_list(struct retort_arena *arena, const char *const *words, size_t n, char quote);
/* Shell-style match of *, ?, [...] ([!...] for all others) and \ before a character that stands for
 * itself; the whole of text, by characters of UTF-8. */
bool text_glob(const char *pattern, const char *text);
/* ASCII only, whatever the locale. */
void text_lower(char *text); /* in place */
int text_casecmp(const char *a, const char *b);
int text_ncasecmp(const char *a, const char *b, size_t n);
bool text_starts(const char *text, const char *prefix);

#endif
