/* SPDX-License-Identifier: MIT */
/* Who uses a column or a table. */
#include "model/catalog.h"
#include "model/expression.h"
#include "model/query.h"
#include "model/replay.h"

static bool lists(const char *const *names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (name_equal(names[i], name))
			return true;
	}
	return false;
}

static bool text_names(unsigned syntax, const struct retort_text *text, const char *name)
{
	return text && text->sql && expression_names(syntax, text->sql, name);
}

static bool constraint_names(const struct retort_table *table, const struct retort_constraint *constraint,
	const char *column, unsigned syntax)
{
	const struct retort_references *references = constraint->references;
	size_t i;

	if (lists(constraint->columns, constraint->column_count, column) ||
		text_names(syntax, constraint->expression, column))
		return true;
	for (i = 0; i < constraint->element_count; i++) {
		if (name_equal(constraint->elements[i]->column, column) ||
			text_names(syntax, constraint->elements[i]->expression, column))
			return true;
	}
	/* a foreign key of the table to itself */
	return references && name_equal(references->table, table->name) &&
		name_equal(references->schema, table->schema) &&
		lists(references->columns, references->column_count, column);
}

static bool index_names(const struct retort_index *index, const char *column, unsigned syntax)
{
	size_t i;

	if (lists(index->include, index->include_count, column) || text_names(syntax, index->where, column))
		return true;
	for (i = 0; i < index->column_count; i++) {
		if (name_equal(index->columns[i]->column, column) ||
			text_names(syntax, index->columns[i]->expression, column))
			return true;
	}
	return false;
}

void replay_column_users(struct retort_arena *arena, const struct retort_table *table, const char *column,
	unsigned syntax, struct replay_users *ret)
{
	struct replay_users users = {0};
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		if (constraint_names(table, table->constraints[i], column, syntax))
			RETORT_PUSH(arena, users.constraints, users.constraint_count, table->constraints[i]);
	}
	for (i = 0; i < table->index_count; i++) {
		if (index_names(table->indexes[i], column, syntax))
			RETORT_PUSH(arena, users.indexes, users.index_count, table->indexes[i]);
	}
	*ret = users;
}

static bool view_uses(const struct retort_schema *schema, const struct retort_view *view,
	const char *schema_name, const char *name, unsigned syntax)
{
	struct query query = {NULL, NULL, syntax, schema};

	if (!view->query || !view->query->sql)
		return false;
	query.sql = view->query->sql;
	return query_uses_table(&query, schema_name, name);
}

static bool has_view(struct retort_view *const *views, size_t n, const struct retort_view *view)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (views[i] == view)
			return true;
	}
	return false;
}

/* The views over a table and the views over those, each before what it uses. */
static void dependent_views(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_table *table, unsigned syntax, struct replay_dependents *ret)
{
	struct retort_view **found = NULL;
	const char *schema_name = table->schema, *name = table->name;
	size_t count = 0, next = 0, i;

	for (;;) {
		for (i = 0; i < schema->view_count; i++) {
			if (!has_view(found, count, schema->views[i]) &&
				view_uses(schema, schema->views[i], schema_name, name, syntax))
				RETORT_PUSH(arena, found, count, schema->views[i]);
		}
		if (next == count)
			break;
		schema_name = found[next]->schema;
		name = found[next++]->name;
	}
	/* a view is found after one that it uses; of two found by one name the later made uses the earlier */
	ret->views = retort_alloc_array(arena, count, sizeof(struct retort_view *));
	ret->view_count = count;
	for (i = 0; i < count; i++)
		ret->views[i] = found[count - 1 - i];
}

void replay_table_dependents(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_table *table, unsigned syntax, struct replay_dependents *ret)
{
	struct retort_table **referrers;
	size_t n = catalog_referrers(arena, schema, table->schema, table->name, &referrers), count = 0, i, j;
	struct replay_dependents dependents = {0};

	for (i = 0; i < n; i++) {
		struct retort_table *referrer = referrers[i];

		for (j = 0; referrer != table && j < referrer->constraint_count; j++) {
			struct retort_constraint *constraint = referrer->constraints[j];

			if (constraint->kind != RETORT_FOREIGN_KEY || !constraint->references ||
				!name_equal(constraint->references->table, table->name) ||
				!name_equal(constraint->references->schema, table->schema))
				continue;
			RETORT_PUSH(arena, dependents.tables, count, referrer);
			RETORT_PUSH(arena, dependents.constraints, dependents.constraint_count, constraint);
		}
	}
	dependent_views(arena, schema, table, syntax, &dependents);
	*ret = dependents;
}

const struct retort_references *replay_references(struct retort_arena *arena,
	const struct retort_schema *schema, const struct retort_table *table,
	const struct retort_references *references)
{
	const struct retort_table *referred = table;
	const struct retort_constraint *key;
	struct retort_references *filled;

	if (references->column_count)
		return references;
	if (!name_equal(references->table, table->name) || !name_equal(references->schema, table->schema))
		referred = retort_schema_table(schema, references->schema, references->table);
	key = referred ? retort_table_primary_key(referred) : NULL;
	if (!key)
		return references;
	filled = retort_alloc(arena, sizeof *filled);
	*filled = *references;
	filled->columns = key->columns;
	filled->column_count = key->column_count;
	return filled;
}
