/* SPDX-License-Identifier: MIT */
/* Constraints and indexes of one column as the column's own keys, and names that a convention gives left to
 * it: what a person would write. */
#include <string.h>

#include "engine/inspect_fold.h"
#include "model/catalog.h"

static struct retort_column *only_column(struct retort_table *table, const char *const *columns, size_t count)
{
	return count == 1 ? retort_table_column(table, columns[0]) : NULL;
}

static bool has_scope(const struct retort_scope *scope)
{
	return scope->only_count || scope->except_count;
}

/* The place of a column, so that what is folded comes out in the order in which it was. */
static size_t place_of(const struct retort_table *table, const struct retort_column *column)
{
	size_t at = 0;

	while (table->columns[at] != column)
		at++;
	return at;
}

/* A name that the convention gives is left to it. */
static const char *given_name(const char *name, const char *conventional)
{
	return name_equal(name, conventional) ? NULL : name;
}

/* ---- constraints ---- */

/* The name by convention; NULL: of another kind. */
static const char *conventional_name(const struct resolve *resolve, const struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const struct naming *naming = resolve->naming;
	const char *template = constraint->kind == RETORT_PRIMARY_KEY ? naming->pk
		: constraint->kind == RETORT_UNIQUE                   ? naming->uq
		: constraint->kind == RETORT_FOREIGN_KEY              ? naming->fk
								      : NULL;

	return template
		? naming_apply(resolve, template, table->name, constraint->columns, constraint->column_count,
			  constraint->references ? constraint->references->table : NULL, NULL)
		: NULL;
}

static bool fold_constraint(struct retort_arena *arena, struct retort_table *table,
	const struct retort_constraint *constraint, struct retort_column *column)
{
	struct retort_references *references;

	switch (constraint->kind) {
	case RETORT_PRIMARY_KEY:
		column->primary_key = (struct retort_shorthand){true, constraint->name};
		return true;
	case RETORT_UNIQUE:
		if (column->unique.on)
			return false;
		column->unique = (struct retort_shorthand){true, constraint->name};
		return true;
	case RETORT_FOREIGN_KEY:
		if (column->references || constraint->name || constraint->match || constraint->not_valid)
			return false;
		references = retort_alloc(arena, sizeof *references);
		*references = *constraint->references;
		column->references = references;
		return true;
	default:
		(void)table;
		return false;
	}
}

static void fold_constraints(const struct resolve *resolve, struct retort_table *table)
{
	size_t last[RETORT_EXCLUDE + 1] = {0}, kept = 0;

	for (size_t i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint = table->constraints[i];
		struct retort_column *column =
			only_column(table, constraint->columns, constraint->column_count);
		size_t *from = &last[constraint->kind];

		if (constraint->kind != RETORT_CHECK && constraint->kind != RETORT_EXCLUDE)
			constraint->name =
				given_name(constraint->name, conventional_name(resolve, table, constraint));
		if (column && !has_scope(&constraint->scope) && !has_scope(&column->scope) &&
			!constraint->deferrable && !constraint->initially &&
			place_of(table, column) >= *from &&
			fold_constraint(resolve->arena, table, constraint, column)) {
			*from = place_of(table, column);
			continue;
		}
		*from = table->column_count; /* what follows stays behind it */
		table->constraints[kept++] = constraint;
	}
	table->constraint_count = kept;
}

/* ---- indexes ---- */

static bool is_plain(const struct retort_index *index)
{
	const struct retort_index_column *key = index->columns[0];

	return index->column_count == 1 && key->column && !key->expression && !key->order && !key->nulls &&
		!key->length && !key->opclass && !key->collation && !index->unique && !index->where &&
		!index->include_count && !index->method && !has_scope(&index->scope);
}

static const char *index_convention(const struct resolve *resolve, const struct retort_table *table,
	const struct retort_index *index)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < index->column_count; i++)
		RETORT_PUSH(resolve->arena, names, count,
			index->columns[i]->column ? index->columns[i]->column : "expr");
	return naming_apply(resolve, resolve->naming->ix, table->name, names, count, NULL, NULL);
}

static void fold_indexes(const struct resolve *resolve, struct retort_table *table)
{
	size_t last = 0, kept = 0;

	for (size_t i = 0; i < table->index_count; i++) {
		struct retort_index *index = table->indexes[i];
		struct retort_column *column =
			is_plain(index) ? retort_table_column(table, index->columns[0]->column) : NULL;

		if (column && !column->index.on && !has_scope(&column->scope) &&
			place_of(table, column) >= last) {
			last = place_of(table, column);
			column->index.on = true;
			column->index.name = given_name(index->name, index_convention(resolve, table, index));
			continue;
		}
		last = table->column_count;
		table->indexes[kept++] = index;
	}
	table->index_count = kept;
}

void inspect_fold(const struct resolve *resolve, struct retort_table *table)
{
	const struct retort_constraint *key = retort_table_primary_key(table);

	for (size_t i = 0; key && i < key->column_count; i++) {
		struct retort_column *column = retort_table_column(table, key->columns[i]);

		if (column)
			column->nullable = true; /* the key says it */
	}
	fold_constraints(resolve, table);
	fold_indexes(resolve, table);
}
