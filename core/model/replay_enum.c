/* SPDX-License-Identifier: MIT */
/* Enums: a column that uses one holds a copy of its values, so every change reaches the columns. */
#include <string.h>

#include "model/replaying.h"

/* How deep arrays can nest, by retort_type_parse. */
enum { MAX_ARRAY_DEPTH = 16 };

/* The type inside arrays. */
static const struct retort_type *innermost(const struct retort_type *type)
{
	while (type && type->kind == RETORT_TYPE_ARRAY)
		type = type->items;
	return type;
}

/* A copy of a type with other values in its innermost. */
static const struct retort_type *with_values(struct retort_arena *arena, const struct retort_type *type,
	const char *const *values, size_t n)
{
	struct retort_type *levels[MAX_ARRAY_DEPTH + 1];
	size_t depth = 0, i;

	for (; type->kind == RETORT_TYPE_ARRAY && type->items && depth < MAX_ARRAY_DEPTH; type = type->items)
		levels[depth++] = COPY(arena, type);
	levels[depth] = COPY(arena, type);
	levels[depth]->values = values;
	levels[depth]->value_count = n;
	for (i = 0; i < depth; i++)
		levels[i]->items = levels[i + 1];
	return levels[0];
}

int enum_fill_type(struct replaying *replaying, const struct retort_type *type,
	const struct retort_type **ret)
{
	const struct retort_type *inner = innermost(type);
	const struct retort_schema *schema = replaying->schema;
	const struct retort_enum *enumeration;

	*ret = type;
	if (!inner || !inner->name)
		return 0;
	if (inner->kind == RETORT_TYPE_DOMAIN &&
		!catalog_find(schema, FAMILY_DOMAIN, NULL, inner->schema, inner->name))
		return replaying_fail(replaying, "domain %s doesn't exist%s",
			name_quote(replaying->arena, inner->schema, inner->name),
			catalog_hint(replaying->arena, schema, FAMILY_DOMAIN, inner->name));
	if (inner->kind != RETORT_TYPE_ENUM)
		return 0;
	enumeration = retort_schema_enum(schema, inner->schema, inner->name);
	if (!enumeration && inner->value_count)
		return 0; /* of a live table: the values are all there is to know */
	if (!enumeration)
		return replaying_fail(replaying, "enum %s doesn't exist%s",
			name_quote(replaying->arena, inner->schema, inner->name),
			catalog_hint(replaying->arena, schema, FAMILY_ENUM, inner->name));
	*ret = with_values(replaying->arena, type, enumeration->values, enumeration->value_count);
	return 0;
}

static long place_of(const char *const *values, size_t n, const char *value)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(values[i], value) == 0)
			return (long)i;
	}
	return -1;
}

int enum_create(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_enum *enumeration = replaying->op->enumeration;
	size_t i;

	if (retort_schema_enum(schema, enumeration->schema, enumeration->name)) {
		if (replaying->op->if_not_exists)
			return 0;
		return replaying_fail(replaying, "there is an enum of this name already");
	}
	if (!enumeration->value_count)
		return replaying_fail(replaying, "it has no values");
	for (i = 1; i < enumeration->value_count; i++) {
		if (place_of(enumeration->values, i, enumeration->values[i]) >= 0)
			return replaying_fail(replaying, "the value %s stands twice",
				replaying_quote(replaying, enumeration->values[i]));
	}
	catalog_put(schema, FAMILY_ENUM, COPY(replaying->arena, enumeration));
	return 0;
}

static int unknown_value(const struct replaying *replaying, const char *const *values, size_t n,
	const char *value)
{
	return replaying_fail(replaying, "it has no value %s%s", replaying_quote(replaying, value),
		replaying_hint(replaying, value, values, n));
}

/* The values after a change: a list of its own in *ret. */
static int change_values(const struct replaying *replaying, const char *const *values, size_t n,
	const char *const **ret, size_t *ret_count)
{
	const struct retort_enum_change *change = replaying->op->enum_change;
	const char *anchor = change->before ? change->before : change->after;
	const char *given = change->add ? change->add : change->rename_to;
	const char *needed = change->rename_from ? change->rename_from : change->drop ? change->drop : anchor;
	const char **out = retort_alloc_array(replaying->arena, n + 1, sizeof *out);
	long at;

	memcpy(out, values, n * sizeof *out);
	*ret = out;
	*ret_count = n;
	if (given && place_of(values, n, given) >= 0)
		return replaying_fail(replaying, "it has a value %s already",
			replaying_quote(replaying, given));
	if (needed && place_of(values, n, needed) < 0)
		return unknown_value(replaying, values, n, needed);
	if (change->rename_from) {
		out[place_of(values, n, needed)] = change->rename_to;
	} else if (change->drop) {
		at = place_of(values, n, needed);
		memmove(out + at, out + at + 1, (n - (size_t)at - 1) * sizeof *out);
		*ret_count = n - 1;
		if (n == 1)
			return replaying_fail(replaying, "%s is its only value",
				replaying_quote(replaying, needed));
	} else if (change->add) {
		at = anchor ? place_of(values, n, anchor) + (change->after ? 1 : 0) : (long)n;
		memmove(out + at + 1, out + at, (n - (size_t)at) * sizeof *out);
		out[at] = change->add;
		*ret_count = n + 1;
	}
	return 0;
}

/* A column's copy with the changed values; its default follows a renamed value. NULL after a fault. */
static struct retort_column *change_column(const struct replaying *replaying,
	const struct retort_column *column, const char *const *values, size_t n)
{
	const struct retort_enum_change *change = replaying->op->enum_change;
	struct retort_column *copy = COPY(replaying->arena, column);
	struct retort_default *def;

	copy->type = with_values(replaying->arena, column->type, values, n);
	copy->native_type = NULL;
	if (!copy->def || copy->def->kind != RETORT_DEFAULT_LITERAL || !copy->def->text)
		return copy;
	if (change->drop && strcmp(copy->def->text, change->drop) == 0) {
		replaying_fail(replaying, "%s is the default of column %s: change the default first",
			replaying_quote(replaying, change->drop), replaying_quote(replaying, column->name));
		return NULL;
	}
	if (change->rename_from && strcmp(copy->def->text, change->rename_from) == 0) {
		def = COPY(replaying->arena, copy->def);
		def->text = change->rename_to;
		copy->def = def;
	}
	return copy;
}

static bool uses_enum(const struct retort_column *column, const char *schema_name, const char *name)
{
	const struct retort_type *type = innermost(column->type);

	return type && type->kind == RETORT_TYPE_ENUM && type->name && name_equal(type->name, name) &&
		name_equal(type->schema, schema_name);
}

/* The enum of one column. */
static int alter_inline(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct retort_table *table = retort_schema_table(schema, op->schema, op->table);
	struct retort_column *column;
	const struct retort_type *type;
	const char *const *values;
	size_t n, i;

	if (!table)
		return replaying_fail(replaying, "table %s doesn't exist%s",
			name_quote(replaying->arena, op->schema, op->table),
			catalog_hint(replaying->arena, schema, FAMILY_TABLE, op->table));
	column = retort_table_column(table, op->name);
	type = column ? innermost(column->type) : NULL;
	if (!type || type->kind != RETORT_TYPE_ENUM || type->name)
		return replaying_fail(replaying,
			column ? "column %s is no enum with its own values" : "there is no column %s",
			replaying_quote(replaying, op->name));
	if (change_values(replaying, type->values, type->value_count, &values, &n) != 0)
		return -1;
	column = change_column(replaying, column, values, n);
	if (!column)
		return -1;
	table = retort_table_copy(replaying->arena, table);
	for (i = 0; !name_equal(table->columns[i]->name, op->name); i++)
		continue;
	table->columns[i] = column;
	table->definition = NULL;
	catalog_put(schema, FAMILY_TABLE, table);
	return 0;
}

int enum_alter(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct retort_table **changed = NULL;
	struct retort_enum *enumeration;
	size_t changed_count = 0, i, j;

	if (op->table)
		return alter_inline(replaying, schema);
	enumeration = retort_schema_enum(schema, op->schema, op->name);
	if (!enumeration)
		return replaying_fail(replaying, "it doesn't exist%s",
			catalog_hint(replaying->arena, schema, FAMILY_ENUM, op->name));
	enumeration = COPY(replaying->arena, enumeration);
	if (change_values(replaying, enumeration->values, enumeration->value_count, &enumeration->values,
		    &enumeration->value_count) != 0)
		return -1;
	for (i = 0; i < schema->table_count; i++) {
		struct retort_table *copy = NULL;

		for (j = 0; j < schema->tables[i]->column_count; j++) {
			struct retort_column *column = schema->tables[i]->columns[j];

			if (!uses_enum(column, op->schema, op->name))
				continue;
			column = change_column(replaying, column, enumeration->values,
				enumeration->value_count);
			if (!column)
				return -1;
			copy = copy ? copy : retort_table_copy(replaying->arena, schema->tables[i]);
			copy->columns[j] = column;
			copy->definition = NULL;
		}
		if (copy)
			RETORT_PUSH(replaying->arena, changed, changed_count, copy);
	}
	for (i = 0; i < changed_count; i++)
		catalog_put(schema, FAMILY_TABLE, changed[i]);
	catalog_put(schema, FAMILY_ENUM, enumeration);
	return 0;
}

int enum_drop(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct retort_enum *enumeration = retort_schema_enum(schema, op->schema, op->name);
	size_t i, j;

	if (!enumeration)
		return op->if_exists ? 0
				     : replaying_fail(replaying, "it doesn't exist%s",
					       catalog_hint(replaying->arena, schema, FAMILY_ENUM, op->name));
	for (i = 0; i < schema->table_count; i++) {
		for (j = 0; j < schema->tables[i]->column_count; j++) {
			if (uses_enum(schema->tables[i]->columns[j], op->schema, op->name))
				return replaying_fail(replaying, "column %s of %s uses it",
					replaying_quote(replaying, schema->tables[i]->columns[j]->name),
					replaying_quote(replaying, schema->tables[i]->name));
		}
	}
	catalog_remove(schema, FAMILY_ENUM, enumeration);
	return 0;
}
