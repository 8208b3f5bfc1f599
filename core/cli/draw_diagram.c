/* SPDX-License-Identifier: MIT */
#include "cli/draw_diagram.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

/* Which table bears a name: exactly, and with the case of ASCII letters folded. */
struct names {
	struct retort_arena *arena;
	struct map *exact, *folded;
};

static const char *key_of(struct retort_arena *arena, const char *schema, const char *name, bool fold)
{
	char *key = retort_printf(arena, "%s\x1f%s", schema ? schema : "", name);

	if (fold)
		text_lower(key);
	return key;
}

/* The table of a name, or NULL; one without a schema may be of the schema that the table with the key is in.
 */
static struct diagram_table *find_table(const struct names *names, const char *schema, const char *own,
	const char *name)
{
	struct diagram_table *found = map_get(names->exact, key_of(names->arena, schema, name, false));

	if (!found && !schema && own)
		found = map_get(names->exact, key_of(names->arena, own, name, false));
	return found ? found : map_get(names->folded, key_of(names->arena, schema, name, true));
}

/* The place of a column, or the number of columns where there is none. */
static size_t column_at(const struct retort_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->column_count && strcmp(table->columns[i]->name, name) != 0)
		i++;
	return i;
}

static void make_columns(struct retort_arena *arena, struct diagram_table *made)
{
	const struct retort_table *table = made->table;

	made->columns = retort_alloc_array(arena, table->column_count, sizeof *made->columns);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];

		made->columns[i].column = column;
		made->columns[i].type = column->native_type ? column->native_type
			: column->type                      ? retort_type_text(arena, column->type)
							    : "";
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		for (size_t k = 0; k < constraint->column_count; k++) {
			size_t at = column_at(table, constraint->columns[k]);

			if (at == table->column_count)
				continue;
			made->columns[at].primary |= constraint->kind == RETORT_PRIMARY_KEY;
			made->columns[at].foreign |= constraint->kind == RETORT_FOREIGN_KEY;
			made->columns[at].unique |=
				constraint->kind == RETORT_UNIQUE && constraint->column_count == 1;
		}
	}
	for (size_t i = 0; i < table->index_count; i++) {
		const struct retort_index *index = table->indexes[i];
		size_t at = table->column_count;

		if (index->unique && !index->where && index->column_count == 1 && index->columns[0]->column)
			at = column_at(table, index->columns[0]->column);
		if (at < table->column_count)
			made->columns[at].unique = true;
	}
}

static bool among(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

/* Whether rows differ in these columns: some unique key is made of them alone. */
static bool rows_differ(const struct retort_table *table, const char *const *columns, size_t n)
{
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *key = table->constraints[i];
		size_t inside = 0;

		if (key->kind != RETORT_PRIMARY_KEY && key->kind != RETORT_UNIQUE)
			continue;
		while (inside < key->column_count && among(key->columns[inside], columns, n))
			inside++;
		if (key->column_count && inside == key->column_count)
			return true;
	}
	for (size_t i = 0; i < table->index_count; i++) {
		const struct retort_index *index = table->indexes[i];
		size_t inside = 0;

		if (!index->unique || index->where)
			continue;
		while (inside < index->column_count && index->columns[inside]->column &&
			among(index->columns[inside]->column, columns, n))
			inside++;
		if (index->column_count && inside == index->column_count)
			return true;
	}
	return false;
}

/* The columns that a foreign key refers to: those written, else the primary key. */
static const char *const *referred_columns(const struct retort_references *references,
	const struct retort_table *to, size_t *count)
{
	const struct retort_constraint *primary = retort_table_primary_key(to);

	*count = references->column_count ? references->column_count : primary ? primary->column_count : 0;
	return references->column_count ? references->columns : primary ? primary->columns : NULL;
}

/* Adds the link of a foreign key, unless the table or a column that it names is not there. */
static void add_link(struct retort_arena *arena, struct diagram *diagram, size_t from,
	struct diagram_table *to, const struct retort_constraint *constraint)
{
	struct diagram_table *table = &diagram->tables[from];
	struct diagram_link link = {.from = from,
		.to = (size_t)(to - diagram->tables),
		.constraint = constraint};
	const char *const *referred;
	size_t count;

	referred = referred_columns(constraint->references, to->table, &count);
	if (!count || count != constraint->column_count)
		return;
	link.from_columns = retort_alloc_array(arena, count, sizeof *link.from_columns);
	link.to_columns = retort_alloc_array(arena, count, sizeof *link.to_columns);
	link.pair_count = count;
	for (size_t i = 0; i < count; i++) {
		link.from_columns[i] = column_at(table->table, constraint->columns[i]);
		link.to_columns[i] = column_at(to->table, referred[i]);
		if (link.from_columns[i] == table->table->column_count ||
			link.to_columns[i] == to->table->column_count)
			return;
	}
	for (size_t i = 0; i < count; i++) {
		struct diagram_column *column = &table->columns[link.from_columns[i]];

		link.optional |= column->column->nullable && !column->primary;
		to->columns[link.to_columns[i]].referred = true;
	}
	link.single = rows_differ(table->table, constraint->columns, constraint->column_count);
	RETORT_PUSH(arena, diagram->links, diagram->link_count, link);
}

void diagram_make(struct retort_arena *arena, const struct retort_schema *schema, struct diagram *ret)
{
	struct names names = {.arena = arena, .exact = map_new(arena), .folded = map_new(arena)};

	*ret = (struct diagram){.table_count = schema->table_count};
	ret->tables = retort_alloc_array(arena, schema->table_count, sizeof *ret->tables);
	for (size_t i = 0; i < schema->table_count; i++) {
		const struct retort_table *table = schema->tables[i];

		ret->tables[i].table = table;
		ret->tables[i].name = diagram_name(arena, table->schema, table->name);
		make_columns(arena, &ret->tables[i]);
		map_put(names.exact, key_of(arena, table->schema, table->name, false), &ret->tables[i]);
		map_put(names.folded, key_of(arena, table->schema, table->name, true), &ret->tables[i]);
	}
	for (size_t i = 0; i < schema->table_count; i++) {
		const struct retort_table *table = schema->tables[i];

		for (size_t k = 0; k < table->constraint_count; k++) {
			const struct retort_constraint *constraint = table->constraints[k];
			struct diagram_table *to;

			if (constraint->kind != RETORT_FOREIGN_KEY || !constraint->references)
				continue;
			to = find_table(&names, constraint->references->schema, table->schema,
				constraint->references->table);
			if (to)
				add_link(arena, ret, i, to, constraint);
		}
	}
}

const char *diagram_mark(const struct diagram_column *column)
{
	if (column->primary)
		return column->foreign ? "PK FK" : "PK";
	return column->foreign ? "FK" : column->unique ? "UK" : "";
}

const char *diagram_name(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s.%s", schema, name) : name;
}
