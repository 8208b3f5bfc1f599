/* SPDX-License-Identifier: MIT */
#include "retort/schema.h"

#include <string.h>

#include "model/catalog.h"

/* A copy of an array of pointers that retort_grow may go on with: its capacity is what growing
 * to count would have made it. */
static void *copy_items(struct retort_arena *arena, const void *items, size_t count)
{
	size_t capacity = 4;
	void *copy;

	if (count == 0)
		return NULL;
	while (capacity < count)
		capacity *= 2;
	copy = retort_alloc_array(arena, capacity, sizeof(void *));
	memcpy(copy, items, count * sizeof(void *));
	return copy;
}

struct retort_schema *retort_schema_new(struct retort_arena *arena)
{
	struct retort_schema *schema = retort_alloc(arena, sizeof *schema);

	schema->arena = arena;
	schema->index = catalog_new(arena);
	return schema;
}

struct retort_schema *retort_schema_copy(struct retort_arena *arena, const struct retort_schema *schema)
{
	struct retort_schema *copy = retort_alloc(arena, sizeof *copy);

	*copy = *schema;
	copy->arena = arena;
	copy->index = catalog_new(arena);
	copy->tables = copy_items(arena, schema->tables, schema->table_count);
	copy->enums = copy_items(arena, schema->enums, schema->enum_count);
	copy->domains = copy_items(arena, schema->domains, schema->domain_count);
	copy->sequences = copy_items(arena, schema->sequences, schema->sequence_count);
	copy->views = copy_items(arena, schema->views, schema->view_count);
	copy->routines = copy_items(arena, schema->routines, schema->routine_count);
	copy->triggers = copy_items(arena, schema->triggers, schema->trigger_count);
	copy->schemas = copy_items(arena, schema->schemas, schema->schema_count);
	copy->extensions = copy_items(arena, schema->extensions, schema->extension_count);
	copy->unmodelled = copy_items(arena, schema->unmodelled, schema->unmodelled_count);
	return copy;
}

void retort_schema_put_table(struct retort_schema *schema, struct retort_table *table)
{
	catalog_put(schema, FAMILY_TABLE, table);
}

void retort_schema_remove_table(struct retort_schema *schema, const char *schema_name, const char *name)
{
	struct retort_table *table = retort_schema_table(schema, schema_name, name);

	if (table)
		catalog_remove(schema, FAMILY_TABLE, table);
}

struct retort_table *retort_schema_table(const struct retort_schema *schema, const char *schema_name,
	const char *name)
{
	return catalog_find(schema, FAMILY_TABLE, NULL, schema_name, name);
}

struct retort_view *retort_schema_view(const struct retort_schema *schema, const char *schema_name,
	const char *name)
{
	return catalog_find(schema, FAMILY_VIEW, NULL, schema_name, name);
}

struct retort_enum *retort_schema_enum(const struct retort_schema *schema, const char *schema_name,
	const char *name)
{
	return catalog_find(schema, FAMILY_ENUM, NULL, schema_name, name);
}

struct retort_table *retort_table_new(struct retort_arena *arena, const char *schema_name, const char *name)
{
	struct retort_table *table = retort_alloc(arena, sizeof *table);

	table->schema = retort_strdup(arena, schema_name);
	table->name = retort_strdup(arena, name);
	return table;
}

struct retort_table *retort_table_copy(struct retort_arena *arena, const struct retort_table *table)
{
	struct retort_table *copy = retort_alloc(arena, sizeof *copy);

	*copy = *table;
	copy->columns = copy_items(arena, table->columns, table->column_count);
	copy->constraints = copy_items(arena, table->constraints, table->constraint_count);
	copy->indexes = copy_items(arena, table->indexes, table->index_count);
	return copy;
}

struct retort_column *retort_table_add_column(struct retort_arena *arena, struct retort_table *table,
	const char *name)
{
	struct retort_column *column = retort_alloc(arena, sizeof *column);

	column->name = retort_strdup(arena, name);
	column->nullable = true;
	RETORT_PUSH(arena, table->columns, table->column_count, column);
	return column;
}

struct retort_constraint *retort_table_add_constraint(struct retort_arena *arena, struct retort_table *table,
	enum retort_constraint_kind kind, const char *name)
{
	struct retort_constraint *constraint = retort_alloc(arena, sizeof *constraint);

	constraint->kind = kind;
	constraint->name = retort_strdup(arena, name);
	RETORT_PUSH(arena, table->constraints, table->constraint_count, constraint);
	return constraint;
}

struct retort_index *retort_table_add_index(struct retort_arena *arena, struct retort_table *table,
	const char *name)
{
	struct retort_index *index = retort_alloc(arena, sizeof *index);

	index->name = retort_strdup(arena, name);
	RETORT_PUSH(arena, table->indexes, table->index_count, index);
	return index;
}

struct retort_column *retort_table_column(const struct retort_table *table, const char *name)
{
	size_t i;

	for (i = 0; name && i < table->column_count; i++) {
		const char *one = table->columns[i]->name;

		/* most names differ in their first letter: this is asked for every column of a schema */
		if (one && *one == *name && strcmp(one, name) == 0)
			return table->columns[i];
	}
	return NULL;
}

struct retort_constraint *retort_table_constraint(const struct retort_table *table, const char *name)
{
	size_t i;

	for (i = 0; name && i < table->constraint_count; i++) {
		if (name_equal(table->constraints[i]->name, name))
			return table->constraints[i];
	}
	return NULL;
}

struct retort_index *retort_table_index(const struct retort_table *table, const char *name)
{
	size_t i;

	for (i = 0; name && i < table->index_count; i++) {
		if (name_equal(table->indexes[i]->name, name))
			return table->indexes[i];
	}
	return NULL;
}

struct retort_constraint *retort_table_primary_key(const struct retort_table *table)
{
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		if (table->constraints[i]->kind == RETORT_PRIMARY_KEY)
			return table->constraints[i];
	}
	return NULL;
}

struct retort_column *retort_table_own_column(struct retort_arena *arena, struct retort_table *table,
	size_t at)
{
	struct retort_column *copy = retort_alloc(arena, sizeof *copy);

	*copy = *table->columns[at];
	table->columns[at] = copy;
	return copy;
}

struct retort_constraint *retort_table_own_constraint(struct retort_arena *arena, struct retort_table *table,
	size_t at, struct retort_references **references)
{
	struct retort_constraint *constraint = retort_alloc(arena, sizeof *constraint);

	*constraint = *table->constraints[at];
	table->constraints[at] = constraint;
	*references = NULL;
	if (constraint->references) {
		*references = retort_alloc(arena, sizeof **references);
		**references = *constraint->references;
		constraint->references = *references;
	}
	return constraint;
}

struct retort_index *retort_table_own_index(struct retort_arena *arena, struct retort_table *table, size_t at,
	struct retort_index_column ***columns)
{
	struct retort_index *index = retort_alloc(arena, sizeof *index);
	const struct retort_index_column **list;

	*index = *table->indexes[at];
	table->indexes[at] = index;
	list = retort_alloc_array(arena, index->column_count + 1, sizeof *list);
	*columns = retort_alloc_array(arena, index->column_count + 1, sizeof **columns);
	for (size_t i = 0; i < index->column_count; i++) {
		list[i] = (*columns)[i] = retort_alloc(arena, sizeof *(*columns)[i]);
		*(*columns)[i] = *index->columns[i];
	}
	index->columns = list;
	return index;
}

void retort_table_key_not_null(struct retort_table *table)
{
	const struct retort_constraint *key = retort_table_primary_key(table);

	for (size_t i = 0; key && i < key->column_count; i++) {
		struct retort_column *column = retort_table_column(table, key->columns[i]);

		if (column)
			column->nullable = false;
	}
}

const char *retort_table_option(const struct retort_table *table, const char *dialect, const char *key)
{
	size_t i;

	for (i = 0; i < table->option_count; i++) {
		if (name_equal(table->options[i]->dialect, dialect) &&
			name_equal(table->options[i]->key, key))
			return table->options[i]->value;
	}
	return NULL;
}

struct retort_text *retort_text_new(struct retort_arena *arena, const char *sql)
{
	struct retort_text *text = retort_alloc(arena, sizeof *text);

	text->sql = retort_strdup(arena, sql);
	return text;
}
