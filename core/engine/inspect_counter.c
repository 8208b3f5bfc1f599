/* SPDX-License-Identifier: MIT */
#include "engine/inspect_counter.h"

#include "model/catalog.h"

/* Columns at work. */
struct counting {
	struct retort_arena *arena;
	const struct retort_schema *schema;
	struct map *found;
	struct counted {
		const struct retort_table *table;
		const struct retort_column *column;
	} * items;
	size_t count;
};

static const char *key_of(struct retort_arena *arena, const struct retort_table *table, const char *column)
{
	return retort_printf(arena, "%s\n%s\n%s", table->schema ? table->schema : "", table->name, column);
}

static bool is_wide(const struct retort_column *column)
{
	return column->type && column->type->kind == RETORT_TYPE_BIGINT && column->type->is_unsigned;
}

static void add(struct counting *counting, const struct retort_table *table, const char *name)
{
	const struct retort_column *column = table ? retort_table_column(table, name) : NULL;
	struct counted item = {table, column};

	if (column && is_wide(column) &&
		!map_put(counting->found, key_of(counting->arena, table, name), counting))
		RETORT_PUSH(counting->arena, counting->items, counting->count, item);
}

static const struct retort_table *referred(const struct counting *counting,
	const struct retort_references *references)
{
	return retort_schema_table(counting->schema, references->schema, references->table);
}

/* The columns that a table's foreign keys pair with one of its own, or (of) of a table that it refers to. */
static void follow(struct counting *counting, const struct retort_table *table, const struct counted *of)
{
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *key = table->constraints[i];
		const struct retort_references *references = key->references;
		const struct retort_table *to = references ? referred(counting, references) : NULL;

		if (!to || key->kind != RETORT_FOREIGN_KEY)
			continue;
		for (size_t k = 0; k < key->column_count && k < references->column_count; k++) {
			if (to == of->table && name_equal(references->columns[k], of->column->name))
				add(counting, table, key->columns[k]);
			if (table == of->table && name_equal(key->columns[k], of->column->name))
				add(counting, to, references->columns[k]);
		}
	}
}

struct map *inspect_counters(struct retort_arena *arena, const struct retort_schema *schema)
{
	struct counting counting = {.arena = arena, .schema = schema, .found = map_new(arena)};

	for (size_t i = 0; i < schema->table_count; i++)
		for (size_t k = 0; k < schema->tables[i]->column_count; k++)
			if (schema->tables[i]->columns[k]->autoincrement != RETORT_AUTO_NONE)
				add(&counting, schema->tables[i], schema->tables[i]->columns[k]->name);
	for (size_t next = 0; next < counting.count; next++) {
		struct counted item = counting.items[next];
		struct retort_table **referrers;
		size_t n = catalog_referrers(arena, schema, item.table->schema, item.table->name, &referrers);

		follow(&counting, item.table, &item);
		for (size_t i = 0; i < n; i++)
			if (referrers[i] != item.table)
				follow(&counting, referrers[i], &item);
	}
	return counting.found;
}

bool inspect_counts(struct retort_arena *arena, const struct map *counters, const struct retort_table *table,
	const struct retort_column *column)
{
	return is_wide(column) && map_get(counters, key_of(arena, table, column->name));
}
