/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "script/head.h"
#include "script/revision.h"
#include "script/schema_file_section.h"
#include "script/write.h"

/* A schema under construction: nodes are made with what write.h has for trees. */
struct maker {
	struct writer writer;
	struct node *definitions;
	bool schema_file;
};

/* Fragments of their own: plain JSON under a name. */
static const struct {
	const char *name, *json;
} texts[] =
	{
		{"name", "{\"type\": [\"string\", \"number\", \"boolean\"]}"},
		{"scalar", "{\"type\": [\"string\", \"number\", \"boolean\"]}"},
		{"value_or_null", "{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}"},
		{"whole_number", "{\"type\": [\"integer\", \"string\"], \"pattern\": \"^[-+]?[0-9]+$\"}"},
		{"names",
			"{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": "
			"\"#/definitions/name\"}}"},
		{"texts",
			"{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": "
			"\"#/definitions/scalar\"}}"},
		{"dialect", "{\"type\": \"string\", \"pattern\": \"^[A-Za-z_][A-Za-z0-9_]*$\"}"},
		{"dialects",
			"{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": "
			"\"#/definitions/dialect\"}}"},
		{"file",
			"{\"type\": \"object\", \"properties\": {\"file\": {\"anyOf\": [{\"type\": "
			"\"string\"}, "
			"{\"type\": \"object\", \"propertyNames\": {\"$ref\": \"#/definitions/dialect\"}, "
			"\"additionalProperties\": {\"type\": [\"string\", \"null\"]}}]}}, "
			"\"required\": [\"file\"], \"additionalProperties\": false}"},
		{"sql",
			"{\"anyOf\": [{\"$ref\": \"#/definitions/scalar\"}, {\"$ref\": "
			"\"#/definitions/file\"}, "
			"{\"type\": \"object\", \"minProperties\": 1, \"propertyNames\": {\"$ref\": "
			"\"#/definitions/dialect\"}, "
			"\"additionalProperties\": {\"anyOf\": [{\"$ref\": \"#/definitions/value_or_null\"}, "
			"{\"$ref\": \"#/definitions/file\"}]}}]}"},
		{"type",
			"{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/definitions/type_keys\"}, "
			"{\"type\": \"object\", "
			"\"minProperties\": 1, \"propertyNames\": {\"$ref\": \"#/definitions/dialect\"}, "
			"\"not\": "
			"{\"required\": [\"type\"]}, \"additionalProperties\": {\"anyOf\": [{\"type\": "
			"\"string\"}, "
			"{\"$ref\": \"#/definitions/type_keys\"}]}}]}"},
		{"default_function",
			"{\"type\": \"object\", \"properties\": {\"function\": {\"enum\": [\"now\", "
			"\"today\", \"uuid\"]}}, "
			"\"required\": [\"function\"], \"additionalProperties\": false}"},
		{"expression",
			"{\"type\": \"object\", \"properties\": {\"expression\": {\"$ref\": "
			"\"#/definitions/sql\"}}, "
			"\"required\": [\"expression\"], \"additionalProperties\": false}"},
		{"default",
			"{\"anyOf\": [{\"$ref\": \"#/definitions/value_or_null\"}, {\"$ref\": "
			"\"#/definitions/default_function\"}, "
			"{\"$ref\": \"#/definitions/expression\"}, {\"type\": \"object\", \"minProperties\": "
			"1, \"propertyNames\": "
			"{\"allOf\": [{\"$ref\": \"#/definitions/dialect\"}, {\"not\": {\"enum\": "
			"[\"function\", \"expression\"]}}]}, "
			"\"additionalProperties\": {\"anyOf\": [{\"$ref\": \"#/definitions/value_or_null\"}, "
			"{\"$ref\": \"#/definitions/default_function\"}, {\"$ref\": "
			"\"#/definitions/expression\"}]}}]}"},
		{"shorthand", "{\"type\": [\"boolean\", \"string\", \"number\"]}"},
		{"reference",
			"{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/definitions/references\"}]}"},
		{"lint_ignore",
			"{\"anyOf\": [{\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"string\"}, "
			"{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}]}}, "
			"{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}]}"},
		{"row",
			"{\"anyOf\": [{\"type\": \"array\", \"items\": {\"$ref\": "
			"\"#/definitions/default\"}}, "
			"{\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
			"\"#/definitions/default\"}}]}"},
		{"rows",
			"{\"anyOf\": [{\"$ref\": \"#/definitions/scalar\"}, {\"type\": \"array\", "
			"\"minItems\": 1, \"items\": "
			"{\"$ref\": \"#/definitions/row\"}}]}"},
		{"scalar_map",
			"{\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": "
			"{\"$ref\": \"#/definitions/scalar\"}}"},
		{"mapping",
			"{\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": "
			"{\"$ref\": \"#/definitions/value_or_null\"}}"},
		{"set",
			"{\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": "
			"{\"$ref\": \"#/definitions/default\"}}"},
		{"conflict", "{\"enum\": [\"ignore\", \"update\"]}"},
		{"options",
			"{\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
			"\"#/definitions/scalar\"}}"},
		{"changed_options",
			"{\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
			"\"#/definitions/value_or_null\"}}"},
},
  revision_texts[] = {
	  {"reverse",
		  "{\"anyOf\": [{\"$ref\": \"#/definitions/operations\"}, {\"$ref\": "
		  "\"#/definitions/sql\"}]}"},
	  {"operations", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/operation\"}}"},
	  {"parts", "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/definitions/part\"}}"},
};

/* Which definition describes a kind; NULL: made by hand below. */
static const char *const kinds[FIELD_KIND_COUNT] = {
	[FIELD_NAME] = "name",
	[FIELD_TEXT] = "scalar",
	[FIELD_INT] = "whole_number",
	[FIELD_UNSIGNED] = "whole_number",
	[FIELD_ULONG] = "whole_number",
	[FIELD_LONG_LONG] = "whole_number",
	[FIELD_NAMES] = "names",
	[FIELD_TEXTS] = "texts",
	[FIELD_DIALECTS] = "dialects",
	[FIELD_SQL] = "sql",
	[FIELD_STATEMENTS] = "sql",
	[FIELD_FILE_SQL] = "scalar",
	[FIELD_WHERE] = "sql",
	[FIELD_NAME_BY_DIALECT] = "sql",
	[FIELD_TYPE] = "type",
	[FIELD_DEFAULT] = "default",
	[FIELD_VALUE] = "default",
	[FIELD_SHORTHAND] = "shorthand",
	[FIELD_REFERENCES] = "reference",
	[FIELD_OPTIONS] = "options",
	[FIELD_OPS] = "operations",
	[FIELD_PARTS] = "parts",
	[FIELD_REVERSE] = "reverse",
	[FIELD_LINT_IGNORE] = "lint_ignore",
	[FIELD_ROWS] = "rows",
	[FIELD_FILE] = "scalar",
	[FIELD_COLUMN_MAP] = "scalar_map",
	[FIELD_CONFLICT] = "conflict",
	[FIELD_SET] = "set",
	[FIELD_MAPPING] = "mapping",
	[FIELD_ENV] = "scalar_map",
};

/* ---- small nodes ---- */

static struct node *map(struct maker *maker)
{
	return node_new(&maker->writer, NODE_MAP, NULL);
}

static struct node *list(struct maker *maker)
{
	return node_new(&maker->writer, NODE_LIST, NULL);
}

static struct node *raw(struct maker *maker, const char *json)
{
	return node_new(&maker->writer, NODE_RAW, json);
}

static void put(struct maker *maker, struct node *node, const char *key, struct node *item)
{
	node_put(&maker->writer, node, key, item);
}

static void put_text(struct maker *maker, struct node *node, const char *key, const char *value)
{
	put(maker, node, key, node_new(&maker->writer, NODE_TEXT, value));
}

/* {"$ref": ...} */
static struct node *ref(struct maker *maker, const char *name)
{
	struct node *node = map(maker);

	put_text(maker, node, "$ref", retort_printf(maker->writer.arena, "#/definitions/%s", name));
	return node;
}

/* {"anyOf": [a, b]} */
static struct node *either(struct maker *maker, struct node *a, struct node *b)
{
	struct node *node = map(maker), *any = list(maker);

	node_add(&maker->writer, any, a);
	node_add(&maker->writer, any, b);
	put(maker, node, "anyOf", any);
	return node;
}

/* ---- fields ---- */

static struct node *object_node(struct maker *maker, const struct object *object, bool with_name);
static const char *define_object(struct maker *maker, const struct object *object, bool with_name);

/* The words of a list, as they may be written. */
static struct node *word_node(struct maker *maker, const struct field *field)
{
	struct retort_arena *arena = maker->writer.arena;
	struct node *node = map(maker), *words = list(maker);
	const char *const *word;

	for (word = field->detail; *word; word++) {
		char *other = retort_strdup(arena, *word), *at;

		if (!**word)
			continue;
		if (field->detail == field_auto_words &&
			(!strcmp(*word, "true") || !strcmp(*word, "false"))) {
			node_add(&maker->writer, words, raw(maker, *word));
			continue;
		}
		node_add(&maker->writer, words, node_new(&maker->writer, NODE_TEXT, *word));
		for (at = other; *at; at++)
			if (*at == ' ')
				*at = '_';
		if (strcmp(other, *word))
			node_add(&maker->writer, words, node_new(&maker->writer, NODE_TEXT, other));
		other = retort_strdup(arena, *word);
		for (at = other; *at; at++)
			if (*at >= 'a' && *at <= 'z')
				*at = (char)(*at - 'a' + 'A');
		if (field->detail == field_action_words)
			node_add(&maker->writer, words, node_new(&maker->writer, NODE_TEXT, other));
	}
	put(maker, node, "enum", words);
	return node;
}

/* A list of objects, or a map of them by name. */
static struct node *objects_node(struct maker *maker, const struct field *field)
{
	const struct object *object = field->detail;
	bool by_name = field_find(object->fields, "name") != NULL;
	struct node *node = map(maker), *named = map(maker);

	put_text(maker, node, "type", "array");
	put(maker, node, "items", ref(maker, define_object(maker, object, true)));
	if (!by_name)
		return node;
	put_text(maker, named, "type", "object");
	put(maker, named, "additionalProperties", ref(maker, define_object(maker, object, false)));
	return either(maker, named, node);
}

/* What a key may hold. */
static struct node *field_node(struct maker *maker, const struct field *field)
{
	struct node *node;

	switch (field->kind) {
	case FIELD_BOOL:
		node = raw(maker, "{\"type\": \"boolean\"}");
		break;
	case FIELD_WORD:
	case FIELD_CHOICE:
		node = word_node(maker, field);
		break;
	case FIELD_PART:
		node = object_node(maker, field->detail, true);
		break;
	case FIELD_OBJECT:
		node = ref(maker, define_object(maker, field->detail, true));
		break;
	case FIELD_OBJECTS:
		node = objects_node(maker, field);
		break;
	case FIELD_OPTIONS:
		return ref(maker, field->flags & FIELD_NULL ? "changed_options" : "options");
	default:
		node = ref(maker, kinds[field->kind]);
	}
	return field->flags & FIELD_NULL ? either(maker, node, raw(maker, "{\"type\": \"null\"}")) : node;
}

/* Puts the properties of a list of rows. without: a key to leave out; outer: whether rows that alter_table
 * gives are there. */
static void put_fields(struct maker *maker, struct node *properties, struct node *required,
	const struct field *fields, const struct operation *hider, const char *without, bool outer)
{
	for (; fields->key; fields++) {
		struct node *node;

		if ((hider && operation_hides(hider, fields->key)) ||
			(without && !strcmp(without, fields->key)) ||
			(!outer && fields->flags & FIELD_OUTER) ||
			(!maker->schema_file && fields->flags & FIELD_SCHEMA_FILE))
			continue;
		node = map(maker);
		put_text(maker, node, "description", fields->doc);
		/* Beside $ref draft-07 ignores all else. */
		node_put(&maker->writer, node, "allOf", list(maker));
		node_add(&maker->writer, node->items[1], field_node(maker, fields));
		put(maker, properties, fields->key, node);
		if (fields->flags & FIELD_REQUIRED && !(fields->flags & FIELD_OR_SETS && maker->schema_file))
			node_add(&maker->writer, required, node_new(&maker->writer, NODE_TEXT, fields->key));
	}
}

/* {"type": "object", ...} of properties. */
static struct node *closed_object(struct maker *maker, struct node *properties, struct node *required,
	struct node *rest)
{
	struct node *node = map(maker);

	put_text(maker, node, "type", "object");
	put(maker, node, "properties", properties);
	if (required->count)
		put(maker, node, "required", required);
	put(maker, node, "additionalProperties", rest ? rest : raw(maker, "false"));
	return node;
}

static struct node *object_node(struct maker *maker, const struct object *object, bool with_name)
{
	struct node *properties = map(maker), *required = list(maker), *node;
	const struct field *bare = object_bare(object);

	put_fields(maker, properties, required, object->fields, NULL, with_name ? NULL : "name", true);
	node = closed_object(maker, properties, required,
		object->rest ? field_node(maker, object->rest) : NULL);
	if (maker->schema_file && object == &object_table)
		put(maker, node, "anyOf",
			raw(maker, "[{\"required\": [\"columns\"]}, {\"required\": [\"column_sets\"]}]"));
	return bare ? either(maker, field_node(maker, bare), node) : node;
}

/* The name of an object's definition, which is made when it is first asked for. */
static const char *define_object(struct maker *maker, const struct object *object, bool with_name)
{
	bool named = with_name && field_find(object->fields, "name");
	char *name = retort_printf(maker->writer.arena, "%s%s", named ? "named_" : "", object->noun), *at;
	struct node *slot;
	size_t i;

	for (at = name; *at; at++)
		if (*at == ' ')
			*at = '_';
	for (i = 0; i < maker->definitions->count; i++)
		if (!strcmp(maker->definitions->keys[i], name))
			return name;
	slot = map(maker);
	put(maker, maker->definitions, name, slot);
	*slot = *object_node(maker, object, with_name);
	put_text(maker, slot, "description", object->doc);
	return name;
}

/* ---- operations ---- */

/* Puts the keys that every operation has; what they hold is said once. */
static void put_common(struct maker *maker, struct node *properties)
{
	const struct field *field;

	for (field = operation_common; field->key; field++)
		put(maker, properties, field->key,
			ref(maker, retort_printf(maker->writer.arena, "any_%s", field->key)));
}

/* The definitions that put_common refers to. */
static void define_common(struct maker *maker)
{
	struct node *properties = map(maker);
	size_t i;

	put_fields(maker, properties, list(maker), operation_common, NULL, NULL, true);
	for (i = 0; i < properties->count; i++)
		put(maker, maker->definitions,
			retort_printf(maker->writer.arena, "any_%s", properties->keys[i]),
			properties->items[i]);
}

/* What an operation's word may hold. */
static struct node *operation_node(struct maker *maker, const struct operation *operation, bool part)
{
	struct node *properties = map(maker), *required = list(maker), *node, *described = map(maker);
	const struct field *bare = operation_bare(operation, part);
	const struct object *object = operation->object;

	put_fields(maker, properties, required, operation->fields, NULL, NULL, !part);
	if (object)
		put_fields(maker, properties, required, object->fields, operation, NULL, true);
	put_common(maker, properties);
	node = closed_object(maker, properties, required,
		object && object->rest ? field_node(maker, object->rest) : NULL);
	if (bare)
		node = either(maker, field_node(maker, bare), node);
	put_text(maker, described, "description", operation->doc);
	put(maker, described, "allOf", list(maker));
	node_add(&maker->writer, described->items[1], node);
	return described;
}

/* Puts an operation's word and, into one, that it is the one that must be there. */
static void put_word(struct maker *maker, struct node *properties, struct node *one, const char *word,
	struct node *node)
{
	struct node *required = map(maker);

	put(maker, properties, word, node);
	put(maker, required, "required", list(maker));
	node_add(&maker->writer, required->items[0], node_new(&maker->writer, NODE_TEXT, word));
	node_add(&maker->writer, one, required);
}

/* An element of a list of operations: one word, and the keys that every operation has. */
static struct node *element_node(struct maker *maker, bool part)
{
	struct node *node = map(maker), *properties = map(maker), *one = list(maker);
	const struct operation_alias *alias;
	const struct operation *operation;

	for (operation = operations; operation->word; operation++)
		if (!part || operation->in_table)
			put_word(maker, properties, one, operation->word,
				operation_node(maker, operation, part));
	for (alias = operation_aliases; alias->alias; alias++)
		if (!part || operation_find(alias->word)->in_table)
			put_word(maker, properties, one, alias->alias,
				ref(maker,
					retort_printf(maker->writer.arena, "operation/properties/%s",
						alias->word)));
	put_common(maker, properties);
	put_text(maker, node, "type", "object");
	put(maker, node, "properties", properties);
	put(maker, node, "additionalProperties", raw(maker, "false"));
	put(maker, node, "oneOf", one);
	return node;
}

/* ---- whole files ---- */

static void make_texts(struct maker *maker)
{
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		put(maker, maker->definitions, texts[i].name, raw(maker, texts[i].json));
	for (i = 0; !maker->schema_file && i < sizeof revision_texts / sizeof *revision_texts; i++)
		put(maker, maker->definitions, revision_texts[i].name, raw(maker, revision_texts[i].json));
	put(maker, maker->definitions, "type_keys", object_node(maker, &object_type, true));
	put(maker, maker->definitions, "references", object_node(maker, &object_references, true));
}

/* Puts a tree as JSON of several lines: what is short stays on one. */
static void pretty(struct retort_buf *out, const struct node *node, unsigned indent)
{
	enum { WIDTH = 150 };
	struct retort_buf flat;
	size_t i;
	bool array = node->kind == NODE_LIST;

	retort_buf_init(&flat, out->arena);
	write_json(&flat, node);
	if (flat.len + indent <= WIDTH || node->kind < NODE_LIST) {
		retort_buf_mem(out, flat.data, flat.len);
		return;
	}
	retort_buf_str(out, array ? "[\n" : "{\n");
	for (i = 0; i < node->count; i++) {
		retort_buf_printf(out, "%*s", (int)indent + 2, "");
		if (!array) {
			write_json_string(out, node->keys[i]);
			retort_buf_str(out, ": ");
		}
		pretty(out, node->items[i], indent + 2);
		retort_buf_str(out, i + 1 < node->count ? ",\n" : "\n");
	}
	retort_buf_printf(out, "%*s%c", (int)indent, "", array ? ']' : '}');
}

/* Puts the frame around properties. */
static void finish(struct retort_buf *out, struct maker *maker, const char *title, struct node *properties,
	struct node *required)
{
	struct node *root = map(maker);
	struct retort_buf text;

	put_text(maker, root, "$schema", "http://json-schema.org/draft-07/schema#");
	put_text(maker, root, "title", title);
	put_text(maker, root, "type", "object");
	put(maker, root, "properties", properties);
	if (required->count)
		put(maker, root, "required", required);
	put(maker, root, "additionalProperties", raw(maker, "false"));
	put(maker, root, "definitions", maker->definitions);
	retort_buf_init(&text, maker->writer.arena);
	pretty(&text, root, 0);
	retort_buf_mem(out, text.data, text.len);
	retort_buf_char(out, '\n');
	retort_arena_free(maker->writer.arena);
}

static struct maker maker_new(bool schema_file)
{
	struct maker maker = {.writer = {.arena = retort_arena_new()}, .schema_file = schema_file};

	maker.definitions = map(&maker);
	make_texts(&maker);
	return maker;
}

/* What a key of the head may hold. */
static struct node *head_node(struct maker *maker, const struct head_key *key)
{
	struct node *node = map(maker), *words;
	const char *const *mode;

	put_text(maker, node, "description", key->doc);
	put(maker, node, "allOf", list(maker));
	if (key->kind == HEAD_MODE) {
		words = list(maker);
		for (mode = head_modes; *mode; mode++)
			node_add(&maker->writer, words, node_new(&maker->writer, NODE_TEXT, *mode));
		node_add(&maker->writer, node->items[1], map(maker));
		put(maker, node->items[1]->items[0], "enum", words);
	} else if (key->kind == HEAD_NAMES) {
		node_add(&maker->writer, node->items[1],
			raw(maker,
				"{\"anyOf\": [{\"$ref\": \"#/definitions/value_or_null\"}, "
				"{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/name\"}}]}"));
	} else {
		node_add(&maker->writer, node->items[1],
			ref(maker, key->kind == HEAD_ID ? "name" : "value_or_null"));
	}
	return node;
}

void script_json_schema_revision(struct retort_buf *out)
{
	struct maker maker = maker_new(false);
	struct node *properties = map(&maker), *required = list(&maker);
	size_t i;

	for (i = 0; i < head_key_count; i++) {
		put(&maker, properties, head_keys[i].key, head_node(&maker, &head_keys[i]));
		if (head_keys[i].required)
			node_add(&maker.writer, required,
				node_new(&maker.writer, NODE_TEXT, head_keys[i].key));
	}
	node_add(&maker.writer, required, node_new(&maker.writer, NODE_TEXT, "upgrade"));
	put(&maker, properties, "upgrade", ref(&maker, "operations"));
	put(&maker, properties, "downgrade",
		raw(&maker,
			"{\"anyOf\": [{\"const\": \"auto\"}, "
			"{\"$ref\": \"#/definitions/operations\"}, {\"type\": \"object\", \"properties\": "
			"{\"irreversible\": "
			"{\"type\": \"string\"}}, \"required\": [\"irreversible\"], "
			"\"additionalProperties\": false}]}"));
	define_common(&maker);
	put(&maker, maker.definitions, "operation", element_node(&maker, false));
	put(&maker, maker.definitions, "part", element_node(&maker, true));
	finish(out, &maker, "a revision of retort", properties, required);
}

/* A map by name of what a definition describes. */
static struct node *map_of(struct maker *maker, const char *doc, struct node *item)
{
	struct node *node = map(maker);

	put_text(maker, node, "description", doc);
	put_text(maker, node, "type", "object");
	put(maker, node, "additionalProperties", item);
	return node;
}

/* The objects of a section: by name, or a list. */
static struct node *section_node(struct maker *maker, const struct schema_section *section)
{
	const struct object *object = schema_section_object(section);
	struct node *node = map(maker), *named = map(maker), *listed = map(maker);
	struct node *item = ref(maker, define_object(maker, object, false));

	if (schema_section_may_be_null(section))
		item = either(maker, item, raw(maker, "{\"type\": \"null\"}"));
	put_text(maker, named, "type", "object");
	put(maker, named, "additionalProperties", item);
	put_text(maker, listed, "type", "array");
	put(maker, listed, "items", ref(maker, define_object(maker, object, true)));
	put_text(maker, node, "description", section->doc);
	put(maker, node, "allOf", list(maker));
	node_add(&maker->writer, node->items[1], either(maker, named, listed));
	return node;
}

void script_json_schema_schema(struct retort_buf *out)
{
	struct maker maker = maker_new(true);
	struct node *properties = map(&maker), *required = list(&maker), *columns;
	const struct schema_section *section;

	for (section = schema_sections; section->key; section++)
		put(&maker, properties, section->key, section_node(&maker, section));
	columns =
		map_of(&maker, "columns by name", ref(&maker, define_object(&maker, &object_column, false)));
	put(&maker, properties, SCHEMA_COLUMN_SETS,
		map_of(&maker, "columns that several tables have, by name of the set", columns));
	finish(out, &maker, "a schema file of retort", properties, required);
}
