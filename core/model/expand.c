/* SPDX-License-Identifier: MIT */
#include "model/expand.h"

#include <string.h>

#include "base/text.h"
#include "model/catalog.h"

/* Of exclude constraints, which have no convention of their own in the configuration. */
static const char exclude_template[] = "ex_%(table)s_%(columns)s";

/* "the default of column 'a' of 't'" */
static const char *what_of(const struct expand *expand, const char *part, const char *kind, const char *name,
	const char *table)
{
	struct retort_arena *arena = expand->resolve->arena;

	if (!name)
		return retort_printf(arena, "the %s of a%s %s of %s", part, kind[0] == 'i' ? "n" : "", kind,
			name_quote(arena, NULL, table));
	return retort_printf(arena, "the %s of %s %s of %s", part, kind, name_quote(arena, NULL, name),
		name_quote(arena, NULL, table));
}

/* The text of a part for the dialect; what a fault would name is put into words only where there is one. */
static int expand_text(const struct expand *expand, const struct retort_text **text, const char *part,
	const char *kind, const char *name, const char *table)
{
	if (!*text)
		return 0;
	return resolve_text(expand->resolve, *text, what_of(expand, part, kind, name, table), text,
		expand->err);
}

static const char *apply(const struct expand *expand, const char *template, const char *table,
	const char *const *columns, size_t column_count, const char *referred_table, const char *name)
{
	return naming_apply(expand->resolve, template, table, columns, column_count, referred_table, name);
}

/* The next number for an unnamed CHECK of a table that no other has. */
static const char *number_check(struct expand *expand, const char *schema, const char *table)
{
	const struct resolve *resolve = expand->resolve;
	unsigned number;

	for (number = 1;; number++) {
		const char *name = apply(expand, resolve->naming->ck, table, NULL, 0, NULL,
			retort_printf(resolve->arena, "%u", number));

		if (resolve->schema && catalog_constraint_owner(resolve->schema, schema, name))
			continue;
		if (map_put(expand->checks, name, (void *)expand->checks) == NULL)
			return name;
	}
}

static const char *constraint_name(struct expand *expand, const char *schema, const char *table,
	const struct retort_constraint *constraint)
{
	const struct naming *naming = expand->resolve->naming;
	const char **columns = NULL;
	size_t count = 0, i;

	switch (constraint->kind) {
	case RETORT_PRIMARY_KEY:
		return apply(expand, naming->pk, table, constraint->columns, constraint->column_count, NULL,
			NULL);
	case RETORT_UNIQUE:
		return apply(expand, naming->uq, table, constraint->columns, constraint->column_count, NULL,
			NULL);
	case RETORT_FOREIGN_KEY:
		return apply(expand, naming->fk, table, constraint->columns, constraint->column_count,
			constraint->references ? constraint->references->table : NULL, NULL);
	case RETORT_CHECK:
		return number_check(expand, schema, table);
	case RETORT_EXCLUDE:
		break;
	}
	for (i = 0; i < constraint->element_count; i++)
		RETORT_PUSH(expand->resolve->arena, columns, count,
			constraint->elements[i]->column ? constraint->elements[i]->column : "expr");
	return apply(expand, exclude_template, table, columns, count, NULL, NULL);
}

/* The expressions of an exclude constraint's elements. */
static int expand_elements(struct expand *expand, const char *table, struct retort_constraint *constraint)
{
	struct retort_arena *arena = expand->resolve->arena;
	struct retort_exclude_element **elements =
		retort_alloc_array(arena, constraint->element_count, sizeof *elements);
	size_t i;

	for (i = 0; i < constraint->element_count; i++) {
		elements[i] = retort_alloc(arena, sizeof *elements[i]);
		*elements[i] = *constraint->elements[i];
		if (expand_text(expand, &elements[i]->expression, "expression", "constraint",
			    constraint->name, table) != 0)
			return -1;
	}
	constraint->elements = (const struct retort_exclude_element *const *)elements;
	return 0;
}

int expand_constraint(struct expand *expand, const char *schema, const char *table,
	const struct retort_constraint *constraint, struct retort_constraint **ret)
{
	struct retort_constraint *copy = retort_alloc(expand->resolve->arena, sizeof *copy);

	if (!resolve_in_scope(expand->resolve, &constraint->scope))
		return 0;
	*copy = *constraint;
	if (expand_text(expand, &copy->expression, "expression", "constraint", copy->name, table) != 0)
		return -1;
	if (copy->kind == RETORT_CHECK && !copy->expression)
		return 0;
	if (copy->element_count && expand_elements(expand, table, copy) != 0)
		return -1;
	if (!copy->name) {
		copy->name = constraint_name(expand, schema, table, copy);
		copy->conventional = true;
	}
	*ret = copy;
	return 1;
}

int expand_index(struct expand *expand, const char *table, const struct retort_index *index,
	struct retort_index **ret)
{
	struct retort_arena *arena = expand->resolve->arena;
	struct retort_index *copy = retort_alloc(arena, sizeof *copy);
	struct retort_index_column **columns = NULL;
	const char **names = NULL;
	size_t count = 0, name_count = 0, i;

	if (!resolve_in_scope(expand->resolve, &index->scope))
		return 0;
	*copy = *index;
	if (expand_text(expand, &copy->where, "predicate", "index", copy->name, table) != 0)
		return -1;
	for (i = 0; i < index->column_count; i++) {
		struct retort_index_column *column = retort_alloc(arena, sizeof *column);

		*column = *index->columns[i];
		if (expand_text(expand, &column->expression, "expression", "index", copy->name, table) != 0)
			return -1;
		if (!column->column && !column->expression)
			continue;
		RETORT_PUSH(arena, columns, count, column);
		RETORT_PUSH(arena, names, name_count, column->column ? column->column : "expr");
	}
	if (!count)
		return 0;
	copy->columns = (const struct retort_index_column *const *)columns;
	copy->column_count = count;
	if (!copy->name) {
		copy->name = apply(expand, expand->resolve->naming->ix, table, names, name_count, NULL, NULL);
		copy->conventional = true;
	}
	*ret = copy;
	return 1;
}

/* The type, default and expression of a column for the dialect. */
static int expand_variants(struct expand *expand, const char *table, struct retort_column *copy)
{
	const struct resolve *resolve = expand->resolve;
	const char *name = copy->name;

	if (copy->type && copy->type->native_variants &&
		resolve_type(resolve, copy->type, what_of(expand, "type", "column", name, table), &copy->type,
			expand->err) != 0)
		return -1;
	if (copy->def &&
		resolve_default(resolve, copy->def,
			copy->def->variant_count ? what_of(expand, "default", "column", name, table) : NULL,
			&copy->def, expand->err) != 0)
		return -1;
	if (expand_text(expand, &copy->computed, "expression", "column", name, table) != 0)
		return -1;
	if (!copy->computed)
		copy->computed_stored = false; /* here it is an ordinary column */
	if (copy->collations) {
		const struct retort_text *collation = copy->collations;

		if (expand_text(expand, &collation, "collation", "column", name, table) != 0)
			return -1;
		copy->collation = collation ? collation->sql : NULL;
		copy->collations = NULL;
	}
	return 0;
}

int expand_column(struct expand *expand, const char *table, const struct retort_column *column,
	struct retort_column **ret)
{
	const struct resolve *resolve = expand->resolve;
	struct retort_column *copy = retort_alloc(resolve->arena, sizeof *copy);
	const char *name = column->name;

	if (!resolve_in_scope(resolve, &column->scope))
		return 0;
	*copy = *column;
	if (expand_variants(expand, table, copy) != 0)
		return -1;
	if (copy->primary_key.on) {
		if (copy->nullable_given && copy->nullable)
			return retort_fail(expand->err, RETORT_E_PLAN,
				"cannot make column %s of %s nullable: it is in the primary key",
				name_quote(resolve->arena, NULL, name),
				name_quote(resolve->arena, NULL, table));
		copy->nullable = false;
	}
	/* a CHECK of the file's own on the column already has the name by convention */
	copy->type_check_name = apply(expand, resolve->naming->ck, table, &name, 1, NULL,
		copy->check ? retort_printf(resolve->arena, "%s_type", name) : name);
	copy->enum_type_name = apply(expand, resolve->naming->en, table, &name, 1, NULL, name);
	memset(&copy->primary_key, 0, sizeof copy->primary_key);
	memset(&copy->unique, 0, sizeof copy->unique);
	memset(&copy->index, 0, sizeof copy->index);
	copy->references = NULL;
	copy->check = NULL;
	*ret = copy;
	return 1;
}

/* Adds the constraint that one shorthand stands for. */
static int add_constraint(struct expand *expand, const char *schema, const char *table,
	const struct retort_column *column, struct retort_constraint *constraint, struct expand_parts *parts)
{
	struct retort_constraint *expanded;
	int got;

	constraint->line = column->line;
	constraint->line_column = column->line_column;
	got = expand_constraint(expand, schema, table, constraint, &expanded);
	if (got == 1)
		RETORT_PUSH(expand->resolve->arena, parts->constraints, parts->constraint_count, expanded);
	return got < 0 ? -1 : 0;
}

static struct retort_constraint *column_constraint(struct expand *expand, const struct retort_column *column,
	enum retort_constraint_kind kind, const char *name)
{
	struct retort_constraint *constraint = retort_alloc(expand->resolve->arena, sizeof *constraint);
	const char **names = retort_alloc(expand->resolve->arena, sizeof *names);

	names[0] = column->name;
	constraint->kind = kind;
	constraint->name = name;
	constraint->columns = names;
	constraint->column_count = kind == RETORT_CHECK ? 0 : 1;
	return constraint;
}

static int add_index(struct expand *expand, const char *table, const struct retort_column *column,
	struct expand_parts *parts)
{
	struct retort_arena *arena = expand->resolve->arena;
	struct retort_index *index = retort_alloc(arena, sizeof *index), *expanded;
	struct retort_index_column *part = retort_alloc(arena, sizeof *part);
	const struct retort_index_column **columns = retort_alloc(arena, sizeof *columns);
	int got;

	part->column = column->name;
	columns[0] = part;
	index->name = column->index.name;
	index->columns = columns;
	index->column_count = 1;
	index->line = column->line;
	index->line_column = column->line_column;
	got = expand_index(expand, table, index, &expanded);
	if (got == 1)
		RETORT_PUSH(arena, parts->indexes, parts->index_count, expanded);
	return got < 0 ? -1 : 0;
}

int expand_shorthands(struct expand *expand, const char *schema, const char *table,
	const struct retort_column *column, bool key, struct expand_parts *parts)
{
	struct retort_constraint *constraint;

	if (key && column->primary_key.on &&
		add_constraint(expand, schema, table, column,
			column_constraint(expand, column, RETORT_PRIMARY_KEY, column->primary_key.name),
			parts) != 0)
		return -1;
	if (column->unique.on &&
		add_constraint(expand, schema, table, column,
			column_constraint(expand, column, RETORT_UNIQUE, column->unique.name), parts) != 0)
		return -1;
	if (column->references) {
		constraint = column_constraint(expand, column, RETORT_FOREIGN_KEY, NULL);
		constraint->references = column->references;
		if (add_constraint(expand, schema, table, column, constraint, parts) != 0)
			return -1;
	}
	if (column->check) {
		constraint = column_constraint(expand, column, RETORT_CHECK,
			apply(expand, expand->resolve->naming->ck, table, &column->name, 1, NULL,
				column->name));
		constraint->conventional = true;
		constraint->expression = column->check;
		if (add_constraint(expand, schema, table, column, constraint, parts) != 0)
			return -1;
	}
	return column->index.on ? add_index(expand, table, column, parts) : 0;
}

/* The primary key that columns declare together; 0 where none does. */
static int add_column_key(struct expand *expand, const struct retort_table *table, struct retort_table *copy)
{
	struct retort_arena *arena = expand->resolve->arena;
	struct retort_constraint key = {.kind = RETORT_PRIMARY_KEY}, *expanded;
	const char **columns = NULL;
	size_t i;

	for (i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];

		if (!column->primary_key.on || !resolve_in_scope(expand->resolve, &column->scope))
			continue;
		RETORT_PUSH(arena, columns, key.column_count, column->name);
		if (column->primary_key.name)
			key.name = column->primary_key.name;
	}
	if (!key.column_count)
		return 0;
	key.columns = columns;
	if (expand_constraint(expand, table->schema, table->name, &key, &expanded) < 0)
		return -1;
	RETORT_PUSH(arena, copy->constraints, copy->constraint_count, expanded);
	return 0;
}

static int add_columns(struct expand *expand, const struct retort_table *table, struct retort_table *copy)
{
	struct retort_arena *arena = expand->resolve->arena;
	struct expand_parts parts = {0};
	size_t i;
	int got = 0, bad = 0;

	for (i = 0; i < table->column_count; i++) {
		struct retort_column *column;

		got = expand_column(expand, table->name, table->columns[i], &column);
		if (got == 1) {
			RETORT_PUSH(arena, copy->columns, copy->column_count, column);
			got = expand_shorthands(expand, table->schema, table->name, table->columns[i], false,
				&parts);
		}
		bad |= got < 0;
	}
	for (i = 0; i < parts.constraint_count; i++)
		RETORT_PUSH(arena, copy->constraints, copy->constraint_count, parts.constraints[i]);
	for (i = 0; i < parts.index_count; i++)
		RETORT_PUSH(arena, copy->indexes, copy->index_count, parts.indexes[i]);
	return bad ? -1 : 0;
}

static int add_constraints_and_indexes(struct expand *expand, const struct retort_table *table,
	struct retort_table *copy)
{
	struct retort_arena *arena = expand->resolve->arena;
	int got, bad = 0;
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint;

		got = expand_constraint(expand, table->schema, table->name, table->constraints[i],
			&constraint);
		if (got == 1)
			RETORT_PUSH(arena, copy->constraints, copy->constraint_count, constraint);
		bad |= got < 0;
	}
	for (i = 0; i < table->index_count; i++) {
		struct retort_index *index;

		got = expand_index(expand, table->name, table->indexes[i], &index);
		if (got == 1)
			RETORT_PUSH(arena, copy->indexes, copy->index_count, index);
		bad |= got < 0;
	}
	return bad ? -1 : 0;
}

/* Columns of the primary key are NOT NULL, however the key is written. */
static int close_key(struct expand *expand, struct retort_table *copy)
{
	struct retort_arena *arena = expand->resolve->arena;
	const struct retort_constraint *key = retort_table_primary_key(copy);
	size_t i;

	for (i = 0; key && i < key->column_count; i++) {
		struct retort_column *column = retort_table_column(copy, key->columns[i]);

		if (!column)
			continue; /* replay reports it */
		if (column->nullable_given && column->nullable)
			return retort_fail(expand->err, RETORT_E_PLAN,
				"cannot make column %s of %s nullable: it is in the primary key",
				name_quote(arena, NULL, column->name), name_quote(arena, NULL, copy->name));
		column->nullable = false; /* the copy's own */
	}
	return 0;
}

void expand_options(const struct resolve *resolve, const struct retort_option *const **list, size_t *count)
{
	const struct retort_option **options = NULL;
	size_t kept = 0, i;

	if (!resolve->dialect)
		return;
	for (i = 0; i < *count; i++) {
		const struct retort_option *option = (*list)[i];

		if (strcmp(option->dialect, resolve->dialect) == 0 ||
			name_equal(option->dialect, resolve->family))
			RETORT_PUSH(resolve->arena, options, kept, option);
	}
	*list = options;
	*count = kept;
}

int expand_table(struct expand *expand, const struct retort_table *table, struct retort_table **ret)
{
	struct retort_table *copy = retort_table_copy(expand->resolve->arena, table);
	int bad = 0;

	copy->columns = NULL;
	copy->constraints = NULL;
	copy->indexes = NULL;
	copy->column_count = copy->constraint_count = copy->index_count = 0;
	expand_options(expand->resolve, &copy->options, &copy->option_count);
	bad |= add_column_key(expand, table, copy) != 0;
	bad |= add_columns(expand, table, copy) != 0;
	bad |= add_constraints_and_indexes(expand, table, copy) != 0;
	bad |= close_key(expand, copy) != 0;
	*ret = copy;
	return bad ? -1 : 1;
}
