/* SPDX-License-Identifier: MIT */
#include "model/compare_part.h"

#include <string.h>

#include "base/map.h"
#include "model/catalog.h"
#include "model/expression.h"
#include "retort/op.h"

/* ---- texts and lists ---- */

bool compare_text(const struct compare_options *options, const struct retort_text *left,
	const struct retort_text *right)
{
	const char *a = left ? left->sql : NULL, *b = right ? right->sql : NULL;

	return a == b || (a && b && expression_equal(options->syntax, a, b));
}

bool compare_names(const char *const *left, size_t left_count, const char *const *right, size_t right_count)
{
	if (left_count != right_count)
		return false;
	for (size_t i = 0; i < left_count; i++)
		if (!name_equal(left[i], right[i]))
			return false;
	return true;
}

bool compare_default(const struct compare_options *options, const struct retort_default *left,
	const struct retort_default *right)
{
	if (left && left->kind == RETORT_DEFAULT_NULL)
		left = NULL;
	if (right && right->kind == RETORT_DEFAULT_NULL)
		right = NULL;
	if (!left || !right || left->kind != right->kind)
		return left == right;
	if (left->kind == RETORT_DEFAULT_EXPRESSION && left->text && right->text)
		return expression_equal(options->syntax, left->text, right->text);
	return name_equal(left->text, right->text);
}

/* ---- columns ---- */

static bool same_type(struct retort_arena *arena, const struct retort_type *left,
	const struct retort_type *right)
{
	if (!left || !right || left == right)
		return left == right;
	if (left->kind == RETORT_TYPE_NATIVE && right->kind == RETORT_TYPE_NATIVE && left->native &&
		right->native)
		return strcmp(left->native, right->native) == 0;
	return strcmp(retort_type_text(arena, left), retort_type_text(arena, right)) == 0;
}

/* Numbers that one side does not give are no difference. */
static bool same_number(long long left, long long right)
{
	return !left || !right || left == right;
}

unsigned compare_column(struct retort_arena *arena, const struct compare_options *options,
	const struct retort_column *left, const struct retort_column *right)
{
	unsigned bits = 0;

	if (left == right)
		return 0;
	if (!same_type(arena, left->type, right->type))
		bits |= RETORT_ALTER_TYPE;
	if (left->nullable != right->nullable)
		bits |= RETORT_ALTER_NULLABLE;
	if (!compare_default(options, left->def, right->def))
		bits |= RETORT_ALTER_DEFAULT;
	if (left->autoincrement != right->autoincrement ||
		!same_number(left->auto_start, right->auto_start) ||
		!same_number(left->auto_increment, right->auto_increment))
		bits |= RETORT_ALTER_AUTOINCREMENT;
	if (!compare_text(options, left->computed, right->computed) ||
		(left->computed && right->computed && left->computed_stored != right->computed_stored))
		bits |= RETORT_ALTER_COMPUTED;
	if (!name_equal(left->collation, right->collation))
		bits |= RETORT_ALTER_COLLATION;
	if (!options->ignore_comments && !name_equal(left->comment, right->comment))
		bits |= RETORT_ALTER_COMMENT;
	return bits;
}

/* ---- constraints ---- */

static enum retort_action plain_action(enum retort_action action)
{
	return action == RETORT_ACTION_NONE ? RETORT_ACTION_NO_ACTION : action;
}

static bool same_references(const struct retort_references *left, const struct retort_references *right)
{
	if (!left || !right)
		return left == right;
	/* where one side lists no columns it means the primary key, which the other side spells out */
	return name_equal(left->schema, right->schema) && name_equal(left->table, right->table) &&
		(!left->column_count || !right->column_count ||
			compare_names(left->columns, left->column_count, right->columns,
				right->column_count)) &&
		plain_action(left->on_delete) == plain_action(right->on_delete) &&
		plain_action(left->on_update) == plain_action(right->on_update);
}

static bool same_elements(const struct compare_options *options, const struct retort_constraint *left,
	const struct retort_constraint *right)
{
	if (left->element_count != right->element_count || !name_equal(left->method, right->method))
		return false;
	for (size_t i = 0; i < left->element_count; i++)
		if (!name_equal(left->elements[i]->column, right->elements[i]->column) ||
			!name_equal(left->elements[i]->with, right->elements[i]->with) ||
			!compare_text(options, left->elements[i]->expression, right->elements[i]->expression))
			return false;
	return true;
}

bool compare_constraint(const struct compare_options *options, const struct retort_constraint *left,
	const struct retort_constraint *right)
{
	return left->kind == right->kind &&
		compare_names(left->columns, left->column_count, right->columns, right->column_count) &&
		same_references(left->references, right->references) &&
		compare_text(options, left->expression, right->expression) &&
		same_elements(options, left, right) && left->deferrable == right->deferrable &&
		left->not_valid == right->not_valid &&
		(left->initially == RETORT_INITIALLY_DEFERRED) ==
		(right->initially == RETORT_INITIALLY_DEFERRED) &&
		name_equal(left->match, right->match);
}

/* ---- indexes ---- */

static bool same_index_column(const struct compare_options *options, const struct retort_index_column *left,
	const struct retort_index_column *right)
{
	return name_equal(left->column, right->column) &&
		compare_text(options, left->expression, right->expression) &&
		(left->order == RETORT_ORDER_DESC) == (right->order == RETORT_ORDER_DESC) &&
		left->nulls == right->nulls && left->length == right->length &&
		name_equal(left->opclass, right->opclass) && name_equal(left->collation, right->collation);
}

bool compare_index(const struct compare_options *options, const struct retort_index *left,
	const struct retort_index *right)
{
	if (left->unique != right->unique || left->column_count != right->column_count ||
		!compare_text(options, left->where, right->where) ||
		!name_equal(left->method, right->method) ||
		!compare_names(left->include, left->include_count, right->include, right->include_count))
		return false;
	for (size_t i = 0; i < left->column_count; i++)
		if (!same_index_column(options, left->columns[i], right->columns[i]))
			return false;
	return true;
}

/* ---- pairing ---- */

struct parts parts_of_constraints(struct retort_arena *arena, const struct retort_table *table)
{
	struct parts parts = {retort_alloc_array(arena, table->constraint_count, sizeof *parts.items), 0};

	for (size_t i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint = table->constraints[i];

		parts.items[parts.count++] = (struct part){.constraint = constraint,
			.name = constraint->name,
			.conventional = constraint->conventional || !constraint->name};
	}
	return parts;
}

struct parts parts_of_indexes(struct retort_arena *arena, const struct retort_table *table)
{
	struct parts parts = {retort_alloc_array(arena, table->index_count, sizeof *parts.items), 0};

	for (size_t i = 0; i < table->index_count; i++) {
		struct retort_index *index = table->indexes[i];

		if (!index->implied)
			parts.items[parts.count++] = (struct part){.index = index,
				.name = index->name,
				.conventional = index->conventional || !index->name};
	}
	return parts;
}

static bool same_part(const struct compare_options *options, const struct part *left,
	const struct part *right)
{
	return left->constraint ? compare_constraint(options, left->constraint, right->constraint)
				: compare_index(options, left->index, right->index);
}

static void pair(struct part *left, struct part *right, bool differs)
{
	left->other = right;
	right->other = left;
	left->differs = right->differs = differs;
}

static void pair_by_name(struct retort_arena *arena, const struct compare_options *options,
	struct parts *left, struct parts *right)
{
	struct map *names = map_new(arena);

	for (size_t i = 0; i < right->count; i++)
		if (right->items[i].name)
			map_put(names, right->items[i].name, &right->items[i]);
	for (size_t i = 0; i < left->count; i++) {
		struct part *part = &left->items[i], *other = part->name ? map_get(names, part->name) : NULL;
		bool same;

		if (!other || other->other)
			continue;
		same = same_part(options, part, other);
		/* a convention's name says nothing: what does something else may pair with another */
		if (same || !part->conventional || !other->conventional)
			pair(part, other, !same);
	}
}

void parts_pair(struct retort_arena *arena, const struct compare_options *options, struct parts *left,
	struct parts *right)
{
	pair_by_name(arena, options, left, right);
	for (size_t i = 0; i < left->count; i++)
		for (size_t j = 0; !left->items[i].other && j < right->count; j++)
			if (!right->items[j].other && same_part(options, &left->items[i], &right->items[j]))
				pair(&left->items[i], &right->items[j], false);
}
