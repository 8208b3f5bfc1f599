/* SPDX-License-Identifier: MIT
 *
 * cli/draw_escape.h: names and other people's text in pictures.
 *
 * Any bytes may come in: what is no valid UTF-8 or acts on a terminal goes out as \xNN, so that every
 * picture is valid in its own language whatever the names in it are.
 */
#ifndef RETORT_CLI_DRAW_ESCAPE_H
#define RETORT_CLI_DRAW_ESCAPE_H

#include "retort/memory.h"

/* Text of an element or of an attribute in quotes, for XML and HTML. */
void draw_xml(struct retort_buf *out, const char *text);
/* A string of dot, with its quotes. */
void draw_dot_string(struct retort_buf *out, const char *text);
/* A label of Mermaid, with its quotes: what it takes for syntax becomes an entity code. */
void draw_mermaid_label(struct retort_buf *out, const char *text);
/* A JSON string, with its quotes, that may stand in a script element of HTML. */
void draw_json_string(struct retort_buf *out, const char *text);
/* How many columns of a fixed-width font valid UTF-8 takes. */
size_t draw_columns(const char *text);
/* text as one line of at most max columns; a longer one ends in an ellipsis. */
const char *draw_line(struct retort_arena *arena, const char *text, size_t max);

#endif
