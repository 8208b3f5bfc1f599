/* SPDX-License-Identifier: MIT */
#include "model/compare.h"

#include <string.h>

#include "base/map.h"
#include "model/catalog.h"
#include "model/compare_part.h"
#include "model/expression.h"
#include "retort/op.h"

/* What a comparison has found so far. */
struct comparison {
	struct retort_arena *arena;
	const struct compare_options *options;
	struct difference *items;
	size_t count;
};

/* What is being compared, put into words only where it differs: "column app.t.a". */
struct object {
	const char *word;
	const char *schema, *table; /* or the object itself */
	const char *part;           /* a column, or what is_part is called; NULL: none */
	bool is_part;               /* a constraint or index of the table */
};

static const char *qualified(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s.%s", schema, name) : name;
}

static const char *object_words(struct retort_arena *arena, const struct object *object)
{
	const char *name = qualified(arena, object->schema, object->table);

	if (!object->part)
		return retort_printf(arena, object->is_part ? "%s of %s" : "%s %s", object->word, name);
	return object->is_part ? retort_printf(arena, "%s %s of %s", object->word, object->part, name)
			       : retort_printf(arena, "%s %s.%s", object->word, name, object->part);
}

static void differ(struct comparison *comparison, const struct object *object, const char *property,
	const char *left, const char *right)
{
	struct difference difference = {object_words(comparison->arena, object), property, left, right,
		object->part};

	RETORT_PUSH(comparison->arena, comparison->items, comparison->count, difference);
}

/* One property of an object that is on both sides; NULL: not set. */
static void compare_words(struct comparison *comparison, const struct object *object, const char *property,
	const char *left, const char *right)
{
	if (!name_equal(left, right))
		differ(comparison, object, property, left, right);
}

static void compare_texts(struct comparison *comparison, const struct object *object, const char *property,
	const struct retort_text *left, const struct retort_text *right)
{
	if (!compare_text(comparison->options, left, right))
		differ(comparison, object, property, left ? left->sql : NULL, right ? right->sql : NULL);
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

/* ---- columns ---- */

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

/* "by default start 100 increment 5" */
static const char *autoincrement_text(struct retort_arena *arena, const struct retort_column *column)
{
	static const char *const words[] = {"none", "by default", "always", "serial"};
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, words[column->autoincrement]);
	if (column->auto_start)
		retort_buf_printf(&out, " start %lld", column->auto_start);
	if (column->auto_increment)
		retort_buf_printf(&out, " increment %lld", column->auto_increment);
	return out.data;
}

static struct object column_object(const struct retort_table *table, const struct retort_column *column)
{
	return (struct object){.word = "column",
		.schema = table->schema,
		.table = table->name,
		.part = column->name};
}

static void compare_columns(struct comparison *comparison, const struct object *object,
	const struct retort_column *left, const struct retort_column *right)
{
	struct retort_arena *arena = comparison->arena;
	unsigned bits = compare_column(arena, comparison->options, left, right);

	if (bits & RETORT_ALTER_TYPE)
		differ(comparison, object, "type", type_text(arena, left->type),
			type_text(arena, right->type));
	if (bits & RETORT_ALTER_NULLABLE)
		differ(comparison, object, "nullable", left->nullable ? "true" : "false",
			right->nullable ? "true" : "false");
	if (bits & RETORT_ALTER_DEFAULT)
		differ(comparison, object, "default", default_text(arena, left->def),
			default_text(arena, right->def));
	if (bits & RETORT_ALTER_AUTOINCREMENT)
		differ(comparison, object, "autoincrement", autoincrement_text(arena, left),
			autoincrement_text(arena, right));
	compare_texts(comparison, object, "computed", left->computed, right->computed);
	if (left->computed && right->computed && left->computed_stored != right->computed_stored)
		differ(comparison, object, "stored", left->computed_stored ? "true" : "false",
			right->computed_stored ? "true" : "false");
	compare_words(comparison, object, "collation", left->collation, right->collation);
	if (bits & RETORT_ALTER_COMMENT)
		compare_words(comparison, object, "comment", left->comment, right->comment);
}

static void compare_column_lists(struct comparison *comparison, const struct retort_table *left,
	const struct retort_table *right)
{
	for (size_t i = 0; i < left->column_count; i++) {
		const struct retort_column *column = left->columns[i],
					   *other = retort_table_column(right, column->name);
		struct object object = column_object(left, column);

		if (other)
			compare_columns(comparison, &object, column, other);
		else
			differ(comparison, &object, NULL, type_text(comparison->arena, column->type), NULL);
	}
	for (size_t i = 0; i < right->column_count; i++) {
		struct object object = column_object(left, right->columns[i]);

		if (!retort_table_column(left, right->columns[i]->name))
			differ(comparison, &object, NULL, NULL,
				type_text(comparison->arena, right->columns[i]->type));
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

static const char *constraint_text(struct retort_arena *arena, const struct retort_constraint *constraint)
{
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

static const char *index_text(struct retort_arena *arena, const struct retort_index *index)
{
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

static const char *part_text(struct retort_arena *arena, const struct part *part)
{
	return part->constraint ? constraint_text(arena, part->constraint) : index_text(arena, part->index);
}

static void differ_part(struct comparison *comparison, const struct retort_table *table,
	const struct part *part, const char *property, const char *left, const char *right)
{
	const struct object object = {.word = part->constraint ? "constraint" : "index",
		.schema = table->schema,
		.table = table->name,
		.part = part->name,
		.is_part = true};

	differ(comparison, &object, property, left, right);
}

static void compare_parts(struct comparison *comparison, const struct retort_table *table, struct parts left,
	struct parts right)
{
	struct retort_arena *arena = comparison->arena;

	parts_pair(arena, comparison->options, &left, &right);
	for (size_t i = 0; i < left.count; i++) {
		const struct part *part = &left.items[i];

		if (!part->other)
			differ_part(comparison, table, part, NULL, part_text(arena, part), NULL);
		else if (part->differs)
			differ_part(comparison, table, part, "definition", part_text(arena, part),
				part_text(arena, part->other));
		else if (!part->conventional && !part->other->conventional &&
			!comparison->options->ignore_names && !name_equal(part->name, part->other->name))
			differ_part(comparison, table, part, "name", part->name, part->other->name);
	}
	for (size_t i = 0; i < right.count; i++)
		if (!right.items[i].other)
			differ_part(comparison, table, &right.items[i], NULL, NULL,
				part_text(arena, &right.items[i]));
}

/* ---- tables ---- */

static const char *option_value(const struct retort_table *table, const struct retort_option *option)
{
	return retort_table_option(table, option->dialect, option->key);
}

static void compare_options_of(struct comparison *comparison, const struct object *object,
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
	const struct object object = {.word = "table", .schema = left->schema, .table = left->name};

	if (left == right)
		return;
	if (!comparison->options->ignore_comments)
		compare_words(comparison, &object, "comment", left->comment, right->comment);
	compare_options_of(comparison, &object, left, right);
	compare_column_lists(comparison, left, right);
	compare_parts(comparison, left, parts_of_constraints(comparison->arena, left),
		parts_of_constraints(comparison->arena, right));
	compare_parts(comparison, left, parts_of_indexes(comparison->arena, left),
		parts_of_indexes(comparison->arena, right));
}

/* ---- the other objects ---- */

/* What an object of a family is, in one text; *sql says that it is SQL. */
static const char *object_text(struct retort_arena *arena, enum family family, const void *object, bool *sql)
{
	const struct retort_sequence *sequence = object;
	const struct retort_domain *domain = object;
	const struct retort_text *text = NULL;
	const char *text_of;

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
		if (((const struct retort_view *)object)->materialized && text)
			return retort_printf(arena, "materialized %s", text->sql);
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
		*sql = false;
		text_of = ((const struct retort_extension *)object)->version;
		return text_of ? text_of : "";
	case FAMILY_COUNT:
		break;
	}
	return text && text->sql ? text->sql : "";
}

/* Objects of a family on the left and their counterparts; with back those of the right that have none. */
static void compare_family(struct comparison *comparison, enum family family,
	const struct retort_schema *left, const struct retort_schema *right, bool back)
{
	struct retort_arena *arena = comparison->arena;
	size_t count = family_count(left, family), i;
	bool sql;

	for (i = 0; i < count; i++) {
		const void *item = family_item(left, family, i), *other;
		const struct object object = {.word = family_word(family),
			.schema = family_item_schema(family, item),
			.table = family_item_name(family, item)};
		const char *a, *b;

		other = catalog_find(right, family, family_item_within(family, item), object.schema,
			object.table);
		if (other && (back || family == FAMILY_TABLE)) {
			if (!back)
				compare_two_tables(comparison, item, other);
			continue;
		}
		a = object_text(arena, family, item, &sql);
		if (!other) {
			differ(comparison, &object, NULL, back ? NULL : a, back ? a : NULL);
			continue;
		}
		b = object_text(arena, family, other, &sql);
		if (family == FAMILY_EXTENSION && (!*a || !*b))
			continue; /* any version */
		if (sql ? !expression_equal(comparison->options->syntax, a, b) : strcmp(a, b) != 0)
			differ(comparison, &object, "definition", a, b);
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
