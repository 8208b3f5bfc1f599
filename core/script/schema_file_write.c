/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "script/schema_file.h"
#include "script/schema_file_section.h"
#include "script/write.h"

enum { LONGEST_NOTE = 2000, MOST_KEY = 1000 /* characters of a key: YAML's limit is 1024 */ };

/* The objects of one section. */
struct selection {
	const void **objects;
	size_t count;
	bool by_name; /* no two have one name */
};

static const char *name_of(const struct object *object, const void *real)
{
	const struct field *name = field_find(object->fields, "name");

	return *(const char *const *)(const void *)((const char *)real + name->offset);
}

/* Names of schemas are plain strings in the model: each gets the struct its section speaks of. */
static const void *schema_object(struct retort_arena *arena, const char *name)
{
	struct retort_op *op = retort_alloc(arena, sizeof *op);

	op->name = name;
	return op;
}

static struct selection select_objects(struct retort_arena *arena, const struct schema_section *section,
	const struct retort_schema *schema)
{
	const struct object *object = schema_section_object(section);
	const char *base = (const char *)schema;
	void *const *items = *(void *const *const *)(const void *)(base + section->offset);
	size_t count = *(const size_t *)(const void *)(base + section->count), i;
	struct selection ret = {retort_alloc_array(arena, count, sizeof *ret.objects), 0, true};
	struct map *names = map_new(arena);

	for (i = 0; i < count; i++) {
		const void *one = section->object ? schema_object(arena, items[i]) : items[i];
		const char *name;

		if (object->tagged &&
			*(const int *)(const void *)((const char *)one + object->tag_offset) != section->tag)
			continue;
		name = name_of(object, one);
		if (!name || !*name || strlen(name) > MOST_KEY || map_put(names, name, names))
			ret.by_name = false;
		ret.objects[ret.count++] = one;
	}
	return ret;
}

/* The node of an object in an arena of its own, so that thousands of tables don't stay in memory. */
static struct node *object_node(struct writer *writer, const struct schema_section *section, const void *one,
	bool with_name)
{
	return write_object(writer, schema_section_object(section), one, with_name);
}

/* ---- YAML ---- */

/* An object under its name, or as an element of a list. */
static void put_object(struct retort_buf *out, const struct schema_section *section, const void *one,
	bool by_name)
{
	struct writer writer = {.arena = retort_arena_new(), .mode = WRITE_FILE};
	struct node *node = object_node(&writer, section, one, !by_name);

	if (by_name) {
		retort_buf_str(out, "  ");
		write_yaml_key(out, name_of(schema_section_object(section), one));
		retort_buf_char(out, ':');
		write_yaml(out, node, 2);
	} else {
		struct node *list = node_new(&writer, NODE_LIST, NULL);
		struct retort_buf text;

		list->block = true;
		node_add(&writer, list, node);
		retort_buf_init(&text, writer.arena);
		write_yaml(&text, list, 0);
		retort_buf_str(out, text.data + 1); /* behind the end of the line that a key would stand on */
	}
	retort_arena_free(writer.arena);
}

/* What the model can't hold, one comment line each. */
static void put_notes(struct retort_buf *out, const struct retort_schema *schema)
{
	struct retort_arena *scratch = retort_arena_new();
	size_t i;

	for (i = 0; i < schema->unmodelled_count; i++) {
		char *note = retort_strdup(scratch, text_echo(scratch, schema->unmodelled[i], LONGEST_NOTE));

		retort_buf_printf(out, "# %s%s\n", i ? "  " : "Not in this file:\n#   ", note);
	}
	if (schema->unmodelled_count)
		retort_buf_char(out, '\n');
	retort_arena_free(scratch);
}

void schema_file_write(struct retort_buf *out, const struct retort_schema *schema, const char *schema_comment)
{
	struct retort_arena *scratch = retort_arena_new();
	const struct schema_section *section;
	bool first = true;
	size_t i;

	if (schema_comment)
		retort_buf_printf(out, "# yaml-language-server: $schema=%s\n", schema_comment);
	put_notes(out, schema);
	for (section = schema_sections; section->key; section++) {
		struct selection selection = select_objects(scratch, section, schema);

		if (!selection.count)
			continue;
		retort_buf_printf(out, "%s%s:\n", first ? "" : "\n", section->key);
		first = false;
		for (i = 0; i < selection.count; i++)
			put_object(out, section, selection.objects[i], selection.by_name);
	}
	if (first)
		retort_buf_str(out, "tables: {}\n");
	retort_arena_free(scratch);
}

/* ---- JSON ---- */

void schema_file_write_json(struct retort_buf *out, const struct retort_schema *schema)
{
	struct retort_arena *scratch = retort_arena_new();
	const struct schema_section *section;
	bool first = true;
	size_t i;

	retort_buf_char(out, '{');
	for (section = schema_sections; section->key; section++) {
		const struct object *object = schema_section_object(section);
		struct selection selection = select_objects(scratch, section, schema);

		if (!selection.count)
			continue;
		retort_buf_printf(out, "%s\"%s\": %c", first ? "" : ", ", section->key,
			selection.by_name ? '{' : '[');
		first = false;
		for (i = 0; i < selection.count; i++) {
			struct writer writer = {.arena = retort_arena_new(), .mode = WRITE_FILE};

			retort_buf_str(out, i ? ", " : "");
			if (selection.by_name) {
				write_json_string(out, name_of(object, selection.objects[i]));
				retort_buf_str(out, ": ");
			}
			write_json(out,
				object_node(&writer, section, selection.objects[i], !selection.by_name));
			retort_arena_free(writer.arena);
		}
		retort_buf_char(out, selection.by_name ? '}' : ']');
	}
	retort_buf_char(out, '}');
	retort_arena_free(scratch);
}
