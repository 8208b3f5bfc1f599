/* SPDX-License-Identifier: MIT
 *
 * cli/draw.h: a schema as a picture.
 *
 * In: an expanded schema (retort/schema.h), live or replayed. Out: text appended to a buffer, the same for
 * the same schema. Names may hold any bytes. A foreign key is drawn where the table that it refers to is in
 * the schema. No recursion: a chain of thousands of tables is fine.
 */
#ifndef RETORT_CLI_DRAW_H
#define RETORT_CLI_DRAW_H

#include "retort/schema.h"

struct draw_options {
	const char *title; /* of svg and html; NULL: "schema" */
	bool keys_only;    /* svg: of the columns only those of keys */
};

typedef void schema_drawing(struct retort_buf *out, const struct retort_schema *schema,
	const struct draw_options *options);

/* A graph for Graphviz; tables are its nodes, columns their ports. */
schema_drawing draw_schema_dot;
/* An erDiagram of Mermaid. */
schema_drawing draw_schema_mermaid;
/* A picture that stands alone, with a layout of our own; light or dark as the viewer wishes. */
schema_drawing draw_schema_svg;
/* One page that needs no network: the picture, and each object with what belongs to it. */
schema_drawing draw_schema_html;

#endif
