/* SPDX-License-Identifier: MIT */
#include "model/compare.h"

#include <string.h>

#include "base/map.h"
#include "model/catalog.h"
#include "model/expression.h"

/* What a comparison has found so far. */
struct comparison {
	struct retort_arena *arena;
	const struct compare_options *options;
	struct difference *items;
	size_t count;
};

static void differ(struct comparison *comparison, const char *object, const char *property, const char *left,
	const char *right)
{
	struct difference difference = {object, property, left, right};

	RETORT_PUSH(comparison->arena, comparison->items, comparison->count, difference);
}

/* One property of an object that is on both sides; NULL: not set. */
static void compare_words(struct comparison *comparison, const char *object, const char *property,
	const char *left, const char *right)
{
	if (!name_equal(left, right))
		differ(comparison, object, property, left, right);
}

static bool text_equal(const struct comparison *comparison, const struct retort_text *left,
	const struct retort_text *right)
{
	const char *a = left ? left->sql : NULL, *b = right ? right->sql : NULL;

	return a == b || (a && b && expression_equal(comparison->options->syntax, a, b));
}

static void compare_texts(struct comparison *comparison, const char *object, const char *property,
	const struct retort_text *left, const struct retort_text *right)
{
	if (!text_equal(comparison, left, right))
		differ(comparison, object, property, left ? left->sql : NULL, right ? right->sql : NULL);
}

static bool lists_equal(const char *const *left, size_t left_count, const char *const *right,
	size_t right_count)
{
	size_t i;

	for (i = 0; i < left_count && i < right_count; i++) {
		if (!name_equal(left[i], right[i]))
			return false;
	}
	return left_count == right_count;
}

static void put_list(struct retort_buf *out, const char *const *names, size_t n)
{
	size_t i;

	retort_buf_char(out, '(');
	for (i = 0; i < n; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : "", names[i] ? names[i] : "");
	retort_buf_char(out, ')');
}

static const char *list_text(struct retort_arena *arena, const char *const *names, size_t n)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	put_list(&out, names, n);
	return out.data;
}

static const char *qualified(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s.%s", schema, name) : name;
}

/* ---- columns ---- */

static bool defaults_equal(const struct comparison *comparison, const struct retort_default *left,
	const struct retort_default *right)
{
	if (!left || !right || left->kind != right->kind)
		return left == right;
	if (left->kind == RETORT_DEFAULT_EXPRESSION && left->text && right->text)
		return expression_equal(comparison->options->syntax, left->text, right->text);
	return name_equal(left->text, right->text);
}

/* A default for people: 'text', now(), expression. */
static const char *default_text(struct retort_arena *arena, const struct retort_default *def)
{
	if (!def || !def->text)
		return NULL;
	if (def->kind == RETORT_DEFAULT_FUNCTION)
		return retort_printf(arena, "{function: %s}", def->text);
	return def->kind == RETORT_DEFAULT_EXPRESSION ? retort_printf(arena, "{expression: %s}", def->text)
						      : def->text;
}

static const char *type_text(struct retort_arena *arena, const struct retort_type *type)
{
	return type ? retort_type_text(arena, type) : NULL;
}

static void compare_columns(struct comparison *comparison, const char *table,
	const struct retort_column *left, const struct retort_column *right)
{
	static const char *const autoincrement[] = {"none", "by default", "always", "serial"};
	struct retort_arena *arena = comparison->arena;
	const char *object = retort_printf(arena, "column %s.%s", table, left->name);

	compare_words(comparison, object, "type", type_text(arena, left->type),
		type_text(arena, right->type));
	if (left->nullable != right->nullable)
		differ(comparison, object, "nullable", left->nullable ? "true" : "false",
			right->nullable ? "true" : "false");
	if (!defaults_equal(comparison, left->def, right->def))
		differ(comparison, object, "default", default_text(arena, left->def),
			default_text(arena, right->def));
	if (left->autoincrement != right->autoincrement)
		differ(comparison, object, "autoincrement", autoincrement[left->autoincrement],
			autoincrement[right->autoincrement]);
	compare_texts(comparison, object, "computed", left->computed, right->computed);
	if (left->computed && right->computed && left->computed_stored != right->computed_stored)
		differ(comparison, object, "stored", left->computed_stored ? "true" : "false",
			right->computed_stored ? "true" : "false");
	compare_words(comparison, object, "collation", left->collation, right->collation);
	if (!comparison->options->ignore_comments)
		compare_words(comparison, object, "comment", left->comment, right->comment);
}

static void compare_column_lists(struct comparison *comparison, const char *table,
	const struct retort_table *left, const struct retort_table *right)
{
	const struct retort_column *other;
	size_t i;

	for (i = 0; i < left->column_count; i++) {
		other = retort_table_column(right, left->columns[i]->name);
		if (other)
			compare_columns(comparison, table, left->columns[i], other);
		else
			differ(comparison,
				retort_printf(comparison->arena, "column %s.%s", table,
					left->columns[i]->name),
				NULL, type_text(comparison->arena, left->columns[i]->type), NULL);
	}
	for (i = 0; i < right->column_count; i++) {
		if (!retort_table_column(left, right->columns[i]->name))
			differ(comparison,
				retort_printf(comparison->arena, "column %s.%s", table,
					right->columns[i]->name),
				NULL, NULL, type_text(comparison->arena, right->columns[i]->type));
	}
}

/* ---- constraints and indexes: what they are, in words and compared ---- */

static const char *const constraint_words[] = {[RETORT_PRIMARY_KEY] = "primary key",
	[RETORT_UNIQUE] = "unique",
	[RETORT_FOREIGN_KEY] = "foreign key",
	[RETORT_CHECK] = "check",
	[RETORT_EXCLUDE] = "exclude"};
static const char *const action_words[] = {[RETORT_ACTION_NONE] = "no action",
	[RETORT_ACTION_NO_ACTION] = "no action",
	[RETORT_ACTION_RESTRICT] = "restrict",
	[RETORT_ACTION_CASCADE] = "cascade",
	[RETORT_ACTION_SET_NULL] = "set null",
	[RETORT_ACTION_SET_DEFAULT] = "set default"};

static const char *constraint_text(struct retort_arena *arena, const void *item)
{
	const struct retort_constraint *constraint = item;
	const struct retort_references *references = constraint->references;
	struct retort_buf out;
	size_t i;

	retort_buf_init(&out, arena);
	retort_buf_printf(&out, "%s ", constraint_words[constraint->kind]);
	if (constraint->kind == RETORT_CHECK)
		retort_buf_printf(&out, "(%s)", constraint->expression ? constraint->expression->sql : "");
	for (i = 0; i < constraint->element_count; i++)
		retort_buf_printf(&out, "%s%s with %s", i ? ", " : "",
			constraint->elements[i]->column ? constraint->elements[i]->column
							: constraint->elements[i]->expression->sql,
			constraint->elements[i]->with ? constraint->elements[i]->with : "");
	if (constraint->kind != RETORT_CHECK && constraint->kind != RETORT_EXCLUDE)
		put_list(&out, constraint->columns, constraint->column_count);
	if (constraint->kind == RETORT_EXCLUDE && constraint->expression)
		retort_buf_printf(&out, " where %s", constraint->expression->sql);
	if (references) {
		retort_buf_printf(&out, " references %s ",
			qualified(arena, references->schema, references->table));
		put_list(&out, references->columns, references->column_count);
		if (strcmp(action_words[references->on_delete], "no action") != 0)
			retort_buf_printf(&out, " on delete %s", action_words[references->on_delete]);
		if (strcmp(action_words[references->on_update], "no action") != 0)
			retort_buf_printf(&out, " on update %s", action_words[references->on_update]);
	}
	if (constraint->match)
		retort_buf_printf(&out, " match %s", constraint->match);
	if (constraint->deferrable)
		retort_buf_str(&out,
			constraint->initially == RETORT_INITIALLY_DEFERRED ? " deferrable initially deferred"
									   : " deferrable");
	if (constraint->not_valid)
		retort_buf_str(&out, " not valid");
	return out.data;
}

static bool references_equal(const struct retort_references *left, const struct retort_references *right)
{
	if (!left || !right)
		return left == right;
	/* where one side lists no columns it means the primary key, which the other side spells out */
	return name_equal(left->schema, right->schema) && name_equal(left->table, right->table) &&
		(!left->column_count || !right->column_count ||
			lists_equal(left->columns, left->column_count, right->columns,
				right->column_count)) &&
		strcmp(action_words[left->on_delete], action_words[right->on_delete]) == 0 &&
		strcmp(action_words[left->on_update], action_words[right->on_update]) == 0;
}

static bool elements_equal(const struct comparison *comparison, const struct retort_constraint *left,
	const struct retort_constraint *right)
{
	size_t i;

	if (left->element_count != right->element_count)
		return false;
	for (i = 0; i < left->element_count; i++) {
		if (!name_equal(left->elements[i]->column, right->elements[i]->column) ||
			!name_equal(left->elements[i]->with, right->elements[i]->with) ||
			!text_equal(comparison, left->elements[i]->expression,
				right->elements[i]->expression))
			return false;
	}
	return true;
}

static bool constraints_equal(const struct comparison *comparison, const void *left_item,
	const void *right_item)
{
	const struct retort_constraint *left = left_item, *right = right_item;

	return left->kind == right->kind &&
		lists_equal(left->columns, left->column_count, right->columns, right->column_count) &&
		references_equal(left->references, right->references) &&
		text_equal(comparison, left->expression, right->expression) &&
		elements_equal(comparison, left, right) && left->deferrable == right->deferrable &&
		left->not_valid == right->not_valid &&
		(left->initially == RETORT_INITIALLY_DEFERRED) ==
		(right->initially == RETORT_INITIALLY_DEFERRED) &&
		name_equal(left->match, right->match);
}

static const char *index_text(struct retort_arena *arena, const void *item)
{
	const struct retort_index *index = item;
	struct retort_buf out;
	size_t i;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, index->unique ? "unique (" : "(");
	for (i = 0; i < index->column_count; i++) {
		const struct retort_index_column *column = index->columns[i];

		retort_buf_printf(&out, "%s%s", i ? ", " : "",
			column->column ? column->column : column->expression->sql);
		if (column->length)
			retort_buf_printf(&out, "(%u)", column->length);
		if (column->order == RETORT_ORDER_DESC)
			retort_buf_str(&out, " desc");
	}
	retort_buf_char(&out, ')');
	if (index->include_count) {
		retort_buf_str(&out, " include ");
		put_list(&out, index->include, index->include_count);
	}
	if (index->method)
		retort_buf_printf(&out, " using %s", index->method);
	if (index->where)
		retort_buf_printf(&out, " where %s", index->where->sql);
	return out.data;
}

static bool indexes_equal(const struct comparison *comparison, const void *left_item, const void *right_item)
{
	const struct retort_index *left = left_item, *right = right_item;
	size_t i;

	if (left->unique != right->unique || left->column_count != right->column_count ||
		!text_equal(comparison, left->where, right->where) ||
		!name_equal(left->method, right->method) ||
		!lists_equal(left->include, left->include_count, right->include, right->include_count))
		return false;
	for (i = 0; i < left->column_count; i++) {
		const struct retort_index_column *a = left->columns[i], *b = right->columns[i];

		if (!name_equal(a->column, b->column) ||
			!text_equal(comparison, a->expression, b->expression) ||
			(a->order == RETORT_ORDER_DESC) != (b->order == RETORT_ORDER_DESC) ||
			a->nulls != b->nulls || a->length != b->length ||
			!name_equal(a->opclass, b->opclass) || !name_equal(a->collation, b->collation))
			return false;
	}
	return true;
}

/* ---- pairing ---- */

/* Constraints or indexes, seen alike. */
struct kind {
	const char *word;
	bool (*equal)(const struct comparison *, const void *, const void *);
	const char *(*text)(struct retort_arena *, const void *);
};

static const struct kind constraint_kind = {"constraint", constraints_equal, constraint_text};
static const struct kind index_kind = {"index", indexes_equal, index_text};

struct part {
	const void *item;
	const char *name;
	bool conventional; /* or without name: the name is never a difference */
	bool paired;
};

struct parts {
	struct part *items;
	size_t count;
};

static struct parts constraint_parts(struct retort_arena *arena, const struct retort_table *table)
{
	struct parts parts = {retort_alloc_array(arena, table->constraint_count, sizeof *parts.items), 0};
	size_t i;

	for (i = 0; i < table->constraint_count; i++)
		parts.items[parts.count++] = (struct part){table->constraints[i], table->constraints[i]->name,
			table->constraints[i]->conventional || !table->constraints[i]->name, false};
	return parts;
}

static struct parts index_parts(struct retort_arena *arena, const struct retort_table *table)
{
	struct parts parts = {retort_alloc_array(arena, table->index_count, sizeof *parts.items), 0};
	size_t i;

	for (i = 0; i < table->index_count; i++) {
		if (!table->indexes[i]->implied)
			parts.items[parts.count++] = (struct part){table->indexes[i], table->indexes[i]->name,
				table->indexes[i]->conventional || !table->indexes[i]->name, false};
	}
	return parts;
}

static const char *part_object(struct comparison *comparison, const struct kind *kind, const char *table,
	const struct part *part)
{
	if (!part->name)
		return retort_printf(comparison->arena, "%s of %s", kind->word, table);
	return retort_printf(comparison->arena, "%s %s of %s", kind->word, part->name, table);
}

/* Pairs those of the same name and tells where they differ. */
static void pair_by_name(struct comparison *comparison, const struct kind *kind, const char *table,
	struct parts *left, struct parts *right)
{
	struct map *names = map_new(comparison->arena);
	struct part *other;
	size_t i;

	for (i = 0; i < right->count; i++) {
		if (right->items[i].name)
			map_put(names, right->items[i].name, &right->items[i]);
	}
	for (i = 0; i < left->count; i++) {
		struct part *part = &left->items[i];

		other = part->name ? map_get(names, part->name) : NULL;
		if (!other || other->paired)
			continue;
		/* a convention's name says nothing: what does something else may pair with another */
		if (!kind->equal(comparison, part->item, other->item) && part->conventional &&
			other->conventional)
			continue;
		part->paired = other->paired = true;
		if (!kind->equal(comparison, part->item, other->item))
			differ(comparison, part_object(comparison, kind, table, part), "definition",
				kind->text(comparison->arena, part->item),
				kind->text(comparison->arena, other->item));
	}
}

/* Pairs what does the same; given names that differ are a difference. */
static void pair_by_effect(struct comparison *comparison, const struct kind *kind, const char *table,
	struct parts *left, struct parts *right)
{
	size_t i, j;

	for (i = 0; i < left->count; i++) {
		struct part *part = &left->items[i];

		for (j = 0; !part->paired && j < right->count; j++) {
			struct part *other = &right->items[j];

			if (other->paired || !kind->equal(comparison, part->item, other->item))
				continue;
			part->paired = other->paired = true;
			if (!part->conventional && !other->conventional && !comparison->options->ignore_names)
				differ(comparison, part_object(comparison, kind, table, part), "name",
					part->name, other->name);
		}
	}
}

static void compare_parts(struct comparison *comparison, const struct kind *kind, const char *table,
	struct parts left, struct parts right)
{
	size_t i;

	pair_by_name(comparison, kind, table, &left, &right);
	pair_by_effect(comparison, kind, table, &left, &right);
	for (i = 0; i < left.count; i++) {
		if (!left.items[i].paired)
			differ(comparison, part_object(comparison, kind, table, &left.items[i]), NULL,
				kind->text(comparison->arena, left.items[i].item), NULL);
	}
	for (i = 0; i < right.count; i++) {
		if (!right.items[i].paired)
			differ(comparison, part_object(comparison, kind, table, &right.items[i]), NULL, NULL,
				kind->text(comparison->arena, right.items[i].item));
	}
}

/* ---- tables ---- */

static const char *option_value(const struct retort_table *table, const struct retort_option *option)
{
	return retort_table_option(table, option->dialect, option->key);
}

static void compare_options_of(struct comparison *comparison, const char *object,
	const struct retort_table *left, const struct retort_table *right)
{
	size_t i;

	for (i = 0; i < left->option_count; i++)
		compare_words(comparison, object, left->options[i]->key, left->options[i]->value,
			option_value(right, left->options[i]));
	for (i = 0; i < right->option_count; i++) {
		if (!option_value(left, right->options[i]))
			differ(comparison, object, right->options[i]->key, NULL, right->options[i]->value);
	}
}

static void compare_two_tables(struct comparison *comparison, const struct retort_table *left,
	const struct retort_table *right)
{
	const char *name = qualified(comparison->arena, left->schema, left->name);
	const char *object = retort_printf(comparison->arena, "table %s", name);

	if (left == right)
		return;
	if (!comparison->options->ignore_comments)
		compare_words(comparison, object, "comment", left->comment, right->comment);
	compare_options_of(comparison, object, left, right);
	compare_column_lists(comparison, name, left, right);
	compare_parts(comparison, &constraint_kind, name, constraint_parts(comparison->arena, left),
		constraint_parts(comparison->arena, right));
	compare_parts(comparison, &index_kind, name, index_parts(comparison->arena, left),
		index_parts(comparison->arena, right));
}

/* ---- the other objects ---- */

/* What an object of a family is, in one text; *sql says that it is SQL. */
static const char *object_text(struct retort_arena *arena, enum family family, const void *object, bool *sql)
{
	const struct retort_sequence *sequence = object;
	const struct retort_domain *domain = object;
	const struct retort_text *text = NULL;

	*sql = true;
	switch (family) {
	case FAMILY_ENUM:
		*sql = false;
		return list_text(arena, ((const struct retort_enum *)object)->values,
			((const struct retort_enum *)object)->value_count);
	case FAMILY_DOMAIN:
		return retort_printf(arena, "%s%s %s %s",
			domain->type ? retort_type_text(arena, domain->type) : "",
			domain->nullable ? "" : " not null",
			default_text(arena, domain->def) ? default_text(arena, domain->def) : "",
			domain->check ? domain->check->sql : "");
	case FAMILY_SEQUENCE:
		*sql = false;
		return retort_printf(arena,
			"%s start %lld increment %lld minimum %lld maximum %lld cache %lld%s",
			sequence->type ? retort_type_text(arena, sequence->type) : "bigint", sequence->start,
			sequence->increment ? sequence->increment : 1, sequence->minimum, sequence->maximum,
			sequence->cache, sequence->cycle ? " cycle" : "");
	case FAMILY_VIEW:
		text = ((const struct retort_view *)object)->query;
		break;
	case FAMILY_ROUTINE:
		text = ((const struct retort_routine *)object)->body;
		break;
	case FAMILY_TRIGGER:
		text = ((const struct retort_trigger *)object)->body;
		break;
	case FAMILY_TABLE:
		*sql = false;
		return "table";
	case FAMILY_EXTENSION:
	case FAMILY_COUNT:
		break;
	}
	return text && text->sql ? text->sql : "";
}

static const char *object_within(enum family family, const void *object)
{
	if (family == FAMILY_TRIGGER)
		return ((const struct retort_trigger *)object)->table;
	if (family == FAMILY_ROUTINE)
		return ((const struct retort_routine *)object)->kind == RETORT_FUNCTION ? "function"
											: "procedure";
	return NULL;
}

/* Objects of a family on the left and their counterparts; with back those of the right that have none. */
static void compare_family(struct comparison *comparison, enum family family,
	const struct retort_schema *left, const struct retort_schema *right, bool back)
{
	struct retort_arena *arena = comparison->arena;
	size_t count = family_count(left, family), i;
	bool sql;

	for (i = 0; i < count; i++) {
		const void *object = family_item(left, family, i), *other;
		const char *schema = family_item_schema(family, object),
			   *name = family_item_name(family, object);
		const char *label =
			retort_printf(arena, "%s %s", family_word(family), qualified(arena, schema, name));
		const char *a = object_text(arena, family, object, &sql), *b;

		other = catalog_find(right, family, object_within(family, object), schema, name);
		b = other ? object_text(arena, family, other, &sql) : NULL;
		if (!other)
			differ(comparison, label, NULL, back ? NULL : a, back ? a : NULL);
		else if (!back && family == FAMILY_TABLE)
			compare_two_tables(comparison, object, other);
		else if (!back &&
			(sql ? !expression_equal(comparison->options->syntax, a, b) : strcmp(a, b) != 0))
			differ(comparison, label, "definition", a, b);
	}
}

void compare_tables(struct retort_arena *arena, const struct retort_table *left,
	const struct retort_table *right, const struct compare_options *options, struct difference **ret,
	size_t *count)
{
	struct comparison comparison = {.arena = arena, .options = options};

	compare_two_tables(&comparison, left, right);
	*ret = comparison.items;
	*count = comparison.count;
}

void compare_schemas(struct retort_arena *arena, const struct retort_schema *left,
	const struct retort_schema *right, const struct compare_options *options, struct difference **ret,
	size_t *count)
{
	struct comparison comparison = {.arena = arena, .options = options};
	int family;

	for (family = 0; family < FAMILY_COUNT; family++) {
		compare_family(&comparison, (enum family)family, left, right, false);
		compare_family(&comparison, (enum family)family, right, left, true);
	}
	*ret = comparison.items;
	*count = comparison.count;
}
