/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "script/field_finish.h"
#include "script/revision_read.h"

enum {
	ECHOED = 60,
	MOST_LAYERS = 4,
	MOST_KEYS = 64 /* of one layer */
};

/* ---- keys ---- */

/* Whether a row is out of place because alter_table has said it already. */
static bool is_given(const struct reader *reader, const struct field *field)
{
	return reader->outer && field->flags & FIELD_OUTER;
}

/* The row of a key in the first layer that has it, or NULL. */
static const struct field *find_row(const struct reader *reader, struct layer *layers, size_t n,
	const char *key, struct layer **ret)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct field *field = field_find(layers[i].fields, key);

		if (field && !is_given(reader, field)) {
			*ret = &layers[i];
			return field;
		}
	}
	return NULL;
}

/* The key of all layers that a word was probably meant to be, or NULL. */
static const char *nearest_key(const struct reader *reader, const struct layer *layers, size_t n,
	const char *word)
{
	const char *keys[MOST_LAYERS * MOST_KEYS];
	size_t count = 0, i;

	for (i = 0; i < n; i++) {
		const struct field *field;

		for (field = layers[i].fields; field->key && count < sizeof keys / sizeof *keys; field++)
			if (!is_given(reader, field))
				keys[count++] = field->key;
	}
	return text_nearest(word, keys, count, sizeof *keys);
}

/* Whether a row's key was given, or a layer before decides it. */
static bool is_settled(const struct reader *reader, const struct layer *layers, size_t layer,
	const struct field *field)
{
	size_t i;

	if (layers[layer].seen & 1ull << (field - layers[layer].fields) || is_given(reader, field))
		return true;
	for (i = 0; i < layer; i++)
		if (field_find(layers[i].fields, field->key))
			return true;
	return false;
}

/* Tells what is missing. */
static void check_required(struct reader *reader, const struct layer *layers, size_t n,
	const struct yaml *map, const char *implied)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct field *field;

		for (field = layers[i].fields; field->key; field++)
			if (field->flags & FIELD_REQUIRED && !is_settled(reader, layers, i, field) &&
				!(implied && !strcmp(implied, field->key)) &&
				!(field->flags & FIELD_OR_SETS && reader->schema_file &&
					yaml_get(map, "column_sets")))
				reader_fault(reader, map, "'%s' is missing in %s", field->key,
					reader_what(reader));
	}
}

/* Whether a value can be a dialect's options: a map of plain values. */
static bool looks_like_options(const struct yaml *node)
{
	size_t i;

	if (node->kind != YAML_MAP)
		return false;
	for (i = 0; i < node->count; i++)
		if (node->items[i]->kind != YAML_SCALAR)
			return false;
	return true;
}

/* The options of one dialect. */
static void read_dialect_options(struct reader *reader, const struct field *field, void *base,
	const struct yaml *key, const struct yaml *node)
{
	const struct retort_option ***options =
		(const struct retort_option ***)(void *)((char *)base + field->offset);
	size_t *count = (size_t *)(void *)((char *)base + field->count), i;

	read_dialect(reader, key);
	for (i = 0; i < node->count; i++) {
		struct retort_option *option = retort_alloc(reader->arena, sizeof *option);
		const char *value = node->items[i]->text;

		bool null = yaml_is_null(node->items[i]);

		if ((null && !(field->flags & FIELD_NULL)) || !node->keys[i]->len) {
			reader_fault(reader, node->items[i], "option '%s' has no value",
				text_echo(reader->arena, node->keys[i]->text, ECHOED));
			continue;
		}
		option->dialect = key->text;
		option->key = node->keys[i]->text;
		if (node->items[i]->style == YAML_PLAIN &&
			(!text_casecmp(value, "yes") || !text_casecmp(value, "on")))
			value = "true";
		else if (node->items[i]->style == YAML_PLAIN &&
			(!text_casecmp(value, "no") || !text_casecmp(value, "off")))
			value = "false";
		option->value = null ? NULL : value;
		RETORT_PUSH(reader->arena, *options, *count, option);
	}
}

/* The key of SQL that a map of its answers by dialect was given in place of, or NULL. */
static const char *sql_key(const struct layer *layers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct field *field;

		for (field = layers[i].fields; field->key; field++)
			if (field->flags & FIELD_BARE &&
				(field->kind == FIELD_SQL || field->kind == FIELD_STATEMENTS))
				return field->key;
	}
	return NULL;
}

/* Whether the i-th key of a map is the rest of the value before it, which a comma cut. */
static bool is_cut_rest(const struct yaml *map, size_t i)
{
	const struct yaml *before = i ? map->items[i - 1] : NULL;

	return map->flow && before && before->kind == YAML_SCALAR && before->style == YAML_PLAIN &&
		before->len && map->keys[i]->style == YAML_PLAIN && yaml_is_null(map->items[i]) &&
		!map->items[i]->len;
}

/* Tells of a key that is none, and what was probably meant. */
static void unknown_key(struct reader *reader, const struct layer *layers, size_t n, const struct yaml *map,
	size_t i, const char *meant)
{
	const struct yaml *key = map->keys[i];
	const char *sql = sql_key(layers, n), *dialect = sql ? read_dialect_meant(reader, key) : NULL;

	if (!dialect && is_cut_rest(map, i)) {
		reader_fault(reader, map->items[i - 1],
			"'%s' was cut at a comma: quote the whole value, or write it as a block with |",
			text_echo(reader->arena, map->items[i - 1]->text, ECHOED));
		return;
	}
	reader_fault(reader, key, "unknown key '%s' in %s%s", text_echo(reader->arena, key->text, ECHOED),
		reader_what(reader),
		dialect ? retort_printf(reader->arena, ": write %s: {%s: ...}", sql, dialect)
			: reader_meant(reader, meant));
}

void read_layers(struct reader *reader, struct layer *layers, size_t n, const struct yaml *map,
	const struct field *rest, void *rest_base, const char *implied)
{
	size_t i;

	for (i = 0; i < map->count; i++) {
		const struct yaml *key = map->keys[i];
		struct layer *layer = NULL;
		const struct field *field = find_row(reader, layers, n, key->text, &layer);
		bool options = !field && rest && looks_like_options(map->items[i]);
		const char *meant = field || (options && read_knows_dialect(reader, key->text))
			? NULL
			: nearest_key(reader, layers, n, key->text);
		size_t cut;

		if (field && implied && !strcmp(implied, field->key)) {
			reader_fault(reader, key, "'%s' is given already by the key of %s", implied,
				reader_what(reader));
			continue;
		}
		if (options && !meant) {
			read_dialect_options(reader, rest, rest_base, key, map->items[i]);
			continue;
		}
		if (!field) {
			unknown_key(reader, layers, n, map, i, meant);
			continue;
		}
		if (field->flags & FIELD_SCHEMA_FILE && !reader->schema_file) {
			reader_fault(reader, key, "'%s' belongs to schema files", field->key);
			continue;
		}
		layer->seen |= 1ull << (field - layer->fields);
		cut = read_cut(reader, map, i);
		if (!cut)
			read_field(reader, field, layer->base, map->items[i]);
		i += cut;
	}
	check_required(reader, layers, n, map, implied);
}

/* ---- objects ---- */

/* The name of an object, wherever it stands; NULL: it has none. */
static const char *name_of(const struct yaml *name, const struct yaml *node)
{
	if (!name)
		name = yaml_get(node, "name");
	return name && name->kind == YAML_SCALAR && name->len ? name->text : NULL;
}

void *read_object(struct reader *reader, const struct object *object, const struct yaml *name,
	const struct yaml *node)
{
	const struct field *name_row = name ? field_find(object->fields, "name") : NULL;
	const struct field *bare = node->kind == YAML_MAP ? NULL : object_bare(object);
	void *draft = retort_alloc(reader->arena, object->size);
	struct layer layer = {.fields = object->fields, .base = draft};
	const char *before = reader->what, *which = reader->which;

	reader->what = object->noun;
	reader->which = name_of(name, node);
	if (object->tagged)
		*(int *)(void *)((char *)draft + object->tag_offset) = object->tag;
	if (object->begin)
		object->begin(draft);
	if (name_row)
		read_field(reader, name_row, draft, name);
	if (node->kind == YAML_MAP)
		read_layers(reader, &layer, 1, node, object->rest, draft, name_row ? "name" : NULL);
	else if (bare)
		read_field(reader, bare, draft, node);
	else
		reader_fault(reader, node, "%s must be a map, found %s", reader_what(reader),
			reader_found(reader, node));
	if (object->finish)
		object->finish(reader, draft, node);
	reader->what = before;
	reader->which = which;
	return draft;
}

void read_part(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	const struct object *object = field->detail;
	struct layer layer = {.fields = object->fields, .base = base};
	const struct field *bare = object_bare(object);
	const char *before = reader->what, *which = reader->which;

	if (node->kind == YAML_LIST || yaml_is_null(node)) {
		reader_fault(reader, node, "'%s' must be a map%s, found %s", field->key,
			bare ? " or a plain value" : "", reader_found(reader, node));
		return;
	}
	reader->what = field->key;
	reader->which = NULL;
	if (node->kind == YAML_MAP) {
		read_layers(reader, &layer, 1, node, NULL, NULL, NULL);
	} else {
		struct field alone = *bare;

		alone.key = field->key;
		read_field(reader, &alone, base, node);
	}
	reader->what = before;
	reader->which = which;
}

/* Appends an object to the array of a row. */
static void add_object(struct reader *reader, const struct field *field, void *base, void *object)
{
	void ***items = (void ***)(void *)((char *)base + field->offset);
	size_t *count = (size_t *)(void *)((char *)base + field->count);

	RETORT_PUSH(reader->arena, *items, *count, object);
}

void read_one_object(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	add_object(reader, field, base, read_object(reader, field->detail, NULL, node));
}

void read_objects(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	const struct object *object = field->detail;
	bool by_name = field_find(object->fields, "name") != NULL;
	size_t i, cut;

	if (node->kind == YAML_SCALAR || (node->kind == YAML_MAP && !by_name)) {
		reader_fault(reader, node, "'%s' must be a list%s, found %s%s", field->key,
			by_name ? " or a map by name" : "", reader_found(reader, node),
			node->kind == YAML_SCALAR && !yaml_is_null(node) && !by_name ? ": write it in []"
										     : "");
		return;
	}
	if (!node->count && field->flags & FIELD_REQUIRED)
		reader_fault(reader, node, "'%s' is empty", field->key);
	for (i = 0; i < node->count; i++) {
		const struct yaml *name = node->kind == YAML_MAP ? node->keys[i] : NULL;

		cut = read_cut(reader, node, i);
		if (!cut)
			add_object(reader, field, base, read_object(reader, object, name, node->items[i]));
		i += cut;
	}
}

void index_column_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	const struct retort_index_column *column = draft;

	if (!column->column == !column->expression && node->kind == YAML_MAP &&
		!yaml_get(node, "column") == !yaml_get(node, "expression"))
		reader_fault(reader, node, "an index column is a column or an expression: give one of them");
}

void element_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	(void)draft;
	if (node->kind == YAML_MAP && !yaml_get(node, "column") == !yaml_get(node, "expression"))
		reader_fault(reader, node, "an element is a column or an expression: give one of them");
}

/* ---- references ---- */

/* A name up to a character that ends it, without blanks around it; NULL: none. */
static const char *take_name(struct reader *reader, const char **at)
{
	const char *start = *at + strspn(*at, " "), *end;

	*at = start + strcspn(start, ".(),");
	for (end = *at; end > start && end[-1] == ' '; end--)
		;
	return end > start ? retort_strndup(reader->arena, start, (size_t)(end - start)) : NULL;
}

/* [schema.]table[(column, ...)]; NULL where it is something else. */
static struct retort_references *parse_references(struct reader *reader, const char *at)
{
	struct retort_references *ret = retort_alloc(reader->arena, sizeof *ret);
	const char **columns = NULL;

	ret->table = take_name(reader, &at);
	if (*at == '.') {
		at++;
		ret->schema = ret->table;
		ret->table = take_name(reader, &at);
	}
	if (!ret->table || (ret->schema && !*ret->schema))
		return NULL;
	if (!*at)
		return ret;
	if (*at != '(')
		return NULL;
	do {
		const char *column;

		at++;
		column = take_name(reader, &at);
		if (!column)
			return NULL;
		RETORT_PUSH(reader->arena, columns, ret->column_count, column);
	} while (*at == ',');
	ret->columns = columns;
	return *at == ')' && !at[1 + strspn(at + 1, " ")] ? ret : NULL;
}

void read_references(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_references *ret = NULL;

	if (node->kind == YAML_MAP) {
		ret = read_object(reader, &object_references, NULL, node);
	} else {
		if (node->kind == YAML_SCALAR && node->len && !yaml_is_null(node))
			ret = parse_references(reader, node->text);
		if (!ret)
			reader_fault(reader, node,
				"'%s' must be table, table(columns) or {table, columns, schema}, found %s",
				field->key, reader_found(reader, node));
	}
	*(const struct retort_references **)(void *)((char *)base + field->offset) = ret;
}
