/* SPDX-License-Identifier: MIT
 *
 * drawing.h: a schema file as the schema that the tests of pictures draw.
 */
#ifndef RETORT_UNIT_DRAWING_H
#define RETORT_UNIT_DRAWING_H

#include "scratch.h"

#include "cli/draw.h"
#include "model/resolve.h"
#include "script/schema_file.h"

/* The schema that a file's text declares, for no engine in particular. */
static inline const struct retort_schema *schema_of(struct scratch *s, const char *text)
{
	struct script_reader reader = {.arena = s->arena};
	struct resolve resolve = {.arena = s->arena};
	struct retort_schema *schema = NULL;
	const struct retort_op **ops;
	struct schema_file *file;
	size_t count;

	if (schema_file_parse(&reader, "schema.yaml", text, strlen(text), &file, s->err) < 0 ||
		schema_file_resolve(file, &resolve, 0, &ops, &count, &schema, s->err) < 0)
		fail_msg("schema.yaml:%u: %s", retort_error_first(s->err)->line,
			retort_error_first(s->err)->message);
	return schema;
}

/* What a function draws of it. */
static inline struct retort_buf drawn(struct scratch *s, schema_drawing *draw,
	const struct retort_schema *schema, const char *title, bool keys_only)
{
	struct draw_options options = {.title = title, .keys_only = keys_only};
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	draw(&out, schema, &options);
	return out;
}

#endif
