/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "script/field_finish.h"
#include "script/revision_read.h"
#include "sql/literal.h"

enum { ECHOED = 60 };

/* ---- types ---- */

/* A type in its text form; NULL after a fault. */
static const struct retort_type *parse_type(struct reader *reader, const struct yaml *node, const char *text)
{
	const struct retort_type *ret = NULL;
	struct retort_error *err;

	if (!retort_type_parse(reader->arena, text, &ret, NULL))
		return ret;
	err = retort_error_new();
	if (retort_type_parse(reader->arena, text, &ret, err)) {
		reader_fault_because(reader, node, NULL, err);
		ret = NULL;
	}
	retort_error_free(err);
	return ret;
}

void type_begin(void *draft)
{
	struct type_draft *type = draft;

	type->length = type->precision = type->scale = RETORT_UNSET;
}

static void put_quoted(struct retort_buf *out, const char *text)
{
	retort_buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			retort_buf_char(out, '\'');
		retort_buf_char(out, *text);
	}
	retort_buf_char(out, '\'');
}

/* The text form of a type that was given by keys. */
static const char *type_of_keys(struct retort_arena *arena, const struct type_draft *draft)
{
	struct retort_buf out;
	size_t i;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, draft->word);
	if (draft->name) {
		retort_buf_char(&out, ' ');
		if (draft->schema) {
			put_quoted(&out, draft->schema);
			retort_buf_char(&out, '.');
		}
		put_quoted(&out, draft->name);
	}
	if (draft->precision >= 0 && draft->scale >= 0)
		retort_buf_printf(&out, "(%d,%d)", draft->precision, draft->scale);
	else if (draft->precision >= 0 || draft->length >= 0)
		retort_buf_printf(&out, "(%d)", draft->precision >= 0 ? draft->precision : draft->length);
	if (draft->value_count) {
		for (i = 0; i < draft->value_count; i++) {
			retort_buf_char(&out, i ? ',' : '(');
			put_quoted(&out, draft->values[i]);
		}
		retort_buf_char(&out, ')');
	}
	if (draft->items)
		retort_buf_printf(&out, "(%s)", retort_type_text(arena, draft->items));
	if (draft->is_unsigned)
		retort_buf_str(&out, " unsigned");
	return out.data;
}

/* {native: TEXT}: what a type is once it was resolved for a dialect, as history keeps it. */
static const struct retort_type *native_type(struct reader *reader, const struct yaml *node)
{
	struct retort_type *ret = retort_type_new(reader->arena, RETORT_TYPE_NATIVE);

	ret->native = read_name(reader, "native", node);
	return ret;
}

/* A map by dialect: native texts, and a neutral type under default. */
static const struct retort_type *type_by_dialect(struct reader *reader, const char *key,
	const struct yaml *node)
{
	struct retort_text *native = retort_alloc(reader->arena, sizeof *native);
	struct retort_variant *variants = retort_alloc_array(reader->arena, node->count, sizeof *variants);
	struct retort_type *ret = retort_type_new(reader->arena, RETORT_TYPE_NONE);
	size_t i;

	if (!node->count)
		reader_fault(reader, node, "'%s' is an empty map: expected types by dialect", key);
	for (i = 0; i < node->count; i++) {
		const struct yaml *item = node->items[i];

		if (!strcmp(node->keys[i]->text, "default")) {
			const struct retort_type *neutral = item->kind == YAML_MAP && !yaml_get(item, "type")
				? NULL
				: read_type(reader, "default", item);

			if (item->kind == YAML_MAP && !yaml_get(item, "type"))
				reader_fault(reader, item, "'default' must be a neutral type, found a map");
			if (neutral)
				*ret = *neutral;
			continue;
		}
		read_dialect(reader, node->keys[i]);
		variants[native->variant_count].dialect = node->keys[i]->text;
		variants[native->variant_count++].sql = read_name(reader, node->keys[i]->text, item);
	}
	native->variants = variants;
	ret->native_variants = native->variant_count ? native : NULL;
	return ret;
}

const struct retort_type *read_type(struct reader *reader, const char *key, const struct yaml *node)
{
	const struct type_draft *draft;
	unsigned before = reader->faults;

	if (node->kind == YAML_SCALAR && node->len && !yaml_is_null(node))
		return parse_type(reader, node, node->text);
	if (node->kind != YAML_MAP) {
		reader_fault(reader, node, "'%s' must be a type, found %s", key, reader_found(reader, node));
		return NULL;
	}
	if (node->count == 1 && yaml_get(node, "native"))
		return native_type(reader, node->items[0]);
	if (!yaml_get(node, "type"))
		return type_by_dialect(reader, key, node);
	draft = read_object(reader, &object_type, NULL, node);
	if (reader->faults == before && draft->items && draft->items->native_variants)
		reader_fault(reader, yaml_get(node, "items"),
			"'items' must be one type, found a map by dialect");
	if (reader->faults != before || !draft->word)
		return NULL;
	return parse_type(reader, node, type_of_keys(reader->arena, draft));
}

/* Whether numbers, values or items of a type stand beside it. */
static bool has_type_keys(const struct column_draft *draft)
{
	return draft->length >= 0 || draft->precision >= 0 || draft->scale >= 0 || draft->is_unsigned ||
		draft->value_count || draft->items;
}

/* The type of a column, which waited for the keys beside it. */
static void finish_type(struct reader *reader, struct column_draft *draft, const struct yaml *node)
{
	const struct yaml *type = node->kind == YAML_MAP ? yaml_get(node, "type") : node;
	struct type_draft keys = {.length = draft->length,
		.precision = draft->precision,
		.scale = draft->scale,
		.is_unsigned = draft->is_unsigned,
		.values = draft->values,
		.value_count = draft->value_count,
		.items = draft->items};

	if (type && type->faulty)
		return;
	if (!has_type_keys(draft)) {
		if (type && type->kind == YAML_SCALAR)
			draft->column.type = read_type(reader, "type", type);
		return;
	}
	if (!type || type->kind != YAML_SCALAR || !type->len || yaml_is_null(type)) {
		reader_fault(reader, node,
			"length, precision, scale, unsigned, values and items belong to 'type' as a word");
	} else if (keys.items && keys.items->native_variants) {
		reader_fault(reader, yaml_get(node, "items"),
			"'items' must be one type, found a map by dialect");
	} else if (keys.scale >= 0 && keys.precision < 0) {
		reader_fault(reader, type, "'scale' needs 'precision' too");
	} else {
		keys.word = type->text;
		draft->column.type = parse_type(reader, type, type_of_keys(reader->arena, &keys));
	}
}

/* ---- defaults and values ---- */

static const char *const functions[] = {"now", "today", "uuid"};

/* {function: NAME}. */
static void read_function(struct reader *reader, const struct yaml *node, struct retort_default *ret)
{
	size_t i, n = sizeof functions / sizeof *functions;

	for (i = 0; i < n && node->kind == YAML_SCALAR; i++)
		if (!strcmp(functions[i], node->text))
			break;
	ret->kind = RETORT_DEFAULT_FUNCTION;
	if (node->kind == YAML_SCALAR && i < n)
		ret->text = functions[i];
	else
		reader_fault(reader, node, "'function' must be one of 'now', 'today' and 'uuid', found %s%s",
			reader_found(reader, node),
			node->kind != YAML_SCALAR
				? ""
				: reader_meant(reader,
					  text_nearest(node->text, functions, n, sizeof *functions)));
}

/* {expression: SQL}; by dialect it becomes expressions by dialect. */
static void read_expression(struct reader *reader, const struct yaml *node, struct retort_default *ret)
{
	const struct retort_text *text = read_sql(reader, "expression", node, false);
	struct retort_default_variant *variants;
	size_t i;

	if (!text)
		return;
	ret->kind = text->variant_count ? RETORT_DEFAULT_NULL : RETORT_DEFAULT_EXPRESSION;
	ret->text = text->sql;
	if (!text->variant_count)
		return;
	variants = retort_alloc_array(reader->arena, text->variant_count, sizeof *variants);
	for (i = 0; i < text->variant_count; i++) {
		struct retort_default *one = retort_alloc(reader->arena, sizeof *one);

		one->kind = RETORT_DEFAULT_EXPRESSION;
		one->text = text->variants[i].sql;
		variants[i].dialect = text->variants[i].dialect;
		variants[i].value = one->text ? one : NULL;
	}
	ret->variants = variants;
	ret->variant_count = text->variant_count;
}

/* A literal, {function} or {expression}; false: none of these. */
static bool read_simple(struct reader *reader, const struct yaml *node, struct retort_default *ret)
{
	if (node->kind == YAML_SCALAR) {
		ret->kind = yaml_is_null(node) ? RETORT_DEFAULT_NULL : RETORT_DEFAULT_LITERAL;
		ret->text = yaml_is_null(node) ? NULL : node->text;
		return true;
	}
	if (node->kind != YAML_MAP || node->count != 1)
		return false;
	if (!strcmp(node->keys[0]->text, "function"))
		read_function(reader, node->items[0], ret);
	else if (!strcmp(node->keys[0]->text, "expression"))
		read_expression(reader, node->items[0], ret);
	else
		return false;
	return true;
}

const struct retort_default *read_default(struct reader *reader, const char *key, const struct yaml *node)
{
	struct retort_default *ret = retort_alloc(reader->arena, sizeof *ret);
	struct retort_default_variant *variants;
	size_t i;

	if (read_simple(reader, node, ret)) {
		if (node->kind == YAML_SCALAR && node->cut_comment && strchr(node->text, '('))
			reader_fault(reader, node, "'%s' is cut off by ' #': quote the whole value", key);
		return ret;
	}
	if (node->kind != YAML_MAP || !node->count || yaml_get(node, "function") ||
		yaml_get(node, "expression")) {
		reader_fault(reader, node,
			"'%s' must be a literal, {function: now}, {expression: SQL} or a map by dialect, "
			"found %s",
			key,
			node->kind == YAML_MAP && node->count ? "more keys than one"
							      : reader_found(reader, node));
		return NULL;
	}
	variants = retort_alloc_array(reader->arena, node->count, sizeof *variants);
	for (i = 0; i < node->count; i++) {
		struct retort_default *one = retort_alloc(reader->arena, sizeof *one);

		read_dialect(reader, node->keys[i]);
		variants[i].dialect = node->keys[i]->text;
		if (yaml_is_null(node->items[i]))
			continue;
		if (!read_simple(reader, node->items[i], one) || one->variant_count)
			reader_fault(reader, node->items[i],
				"'%s' must be a literal, {function: now} or {expression: SQL} for each "
				"dialect, found %s",
				key, reader_found(reader, node->items[i]));
		variants[i].value = one;
	}
	ret->kind = RETORT_DEFAULT_NULL;
	ret->variants = variants;
	ret->variant_count = node->count;
	return ret;
}

const struct retort_value *read_row_value(struct reader *reader, const char *key, const struct yaml *node)
{
	const struct retort_default *read = read_default(reader, key, node);
	struct retort_value *ret = retort_alloc(reader->arena, sizeof *ret);

	if (!read)
		return NULL;
	*ret = (struct retort_value){.kind = read->kind,
		.text = read->text,
		.variants = read->variants,
		.variant_count = read->variant_count};
	return ret;
}

/* Whether a type is a text of its own under a dialect, of which only that dialect knows the values. */
static bool has_native(const struct retort_type *type, const char *dialect)
{
	const struct retort_text *native = type->native_variants;
	size_t i;

	for (i = 0; dialect && native && i < native->variant_count; i++)
		if (!strcmp(native->variants[i].dialect, dialect))
			return true;
	return false;
}

void check_literal(struct reader *reader, const struct yaml *node, const char *key,
	const struct retort_type *type, const char *dialect, const char *text)
{
	struct retort_error *err;
	struct retort_buf out;

	if (type->kind == RETORT_TYPE_NONE || type->kind == RETORT_TYPE_NATIVE ||
		type->kind == RETORT_TYPE_DOMAIN || !node || node->kind != YAML_SCALAR)
		return;
	if (has_native(type, dialect))
		return;
	retort_buf_init(&out, reader->arena);
	if (!literal_append(&out, NULL, type, text, NULL))
		return;
	err = retort_error_new();
	if (literal_append(&out, NULL, type, text, err))
		reader_fault_because(reader, node, retort_printf(reader->arena, "'%s'", key), err);
	retort_error_free(err);
}

/* The same for the function of a default or value. */
static void check_function(struct reader *reader, const struct yaml *node, const char *key,
	const struct retort_type *type, const char *function)
{
	struct retort_error *err;

	if (!function || !literal_check_function(reader->arena, NULL, type, function, NULL))
		return;
	err = retort_error_new();
	literal_check_function(reader->arena, NULL, type, function, err);
	reader_fault_because(reader, node, retort_printf(reader->arena, "'%s'", key), err);
	retort_error_free(err);
}

/* One answer of a default. */
static void check_answer(struct reader *reader, const struct yaml *node, const char *key,
	const struct retort_type *type, const char *dialect, const struct retort_default *answer)
{
	if (answer->kind == RETORT_DEFAULT_LITERAL)
		check_literal(reader, node, key, type, dialect, answer->text);
	else if (answer->kind == RETORT_DEFAULT_FUNCTION && !has_native(type, dialect))
		check_function(reader, node, key, type, answer->text);
}

/* Checks the literals and functions of a default, which stands at node, against a type. */
static void check_default(struct reader *reader, const struct yaml *node, const char *key,
	const struct retort_type *type, const struct retort_default *def)
{
	size_t i;

	if (!node || !type)
		return;
	if (!def->variant_count)
		check_answer(reader, node, key, type, NULL, def);
	for (i = 0; i < def->variant_count && node->kind == YAML_MAP && node->count == def->variant_count;
		i++)
		if (def->variants[i].value)
			check_answer(reader, node->items[i], key, type, def->variants[i].dialect,
				def->variants[i].value);
}

/* ---- columns and domains ---- */

void column_begin(void *draft)
{
	struct column_draft *column = draft;

	column->column.nullable = true;
	column->length = column->precision = column->scale = RETORT_UNSET;
}

/* Moves on_delete and on_update to where the structs keep them. */
static void finish_references(struct reader *reader, const struct retort_references **references,
	enum retort_action on_delete, enum retort_action on_update, const struct yaml *node)
{
	struct retort_references *copy;

	if (!*references) {
		if ((on_delete || on_update) && !yaml_get(node, "references"))
			reader_fault(reader, node, "'%s' needs 'references'",
				on_delete ? "on_delete" : "on_update");
		return;
	}
	copy = retort_alloc(reader->arena, sizeof *copy);
	*copy = **references;
	copy->on_delete = on_delete;
	copy->on_update = on_update;
	*references = copy;
}

void column_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	struct column_draft *column = draft;

	column->column.autoincrement = (enum retort_autoincrement)column->auto_kind;
	if (!column->auto_kind && (column->column.auto_start || column->column.auto_increment))
		column->column.autoincrement = RETORT_AUTO_BY_DEFAULT;
	column->column.line = node->line;
	column->column.line_column = node->column;
	if (node->kind != YAML_MAP || yaml_get(node, "type") || has_type_keys(column))
		finish_type(reader, column, node);
	if (node->kind != YAML_MAP)
		return;
	column->column.nullable_given = yaml_get(node, "nullable") != NULL;
	finish_references(reader, &column->column.references, column->on_delete, column->on_update, node);
	if (column->column.def)
		check_default(reader, yaml_get(node, "default"), "default", column->column.type,
			column->column.def);
	if (column->column.def && column->column.computed)
		reader_fault(reader, node, "a column is computed or has a default, not both");
}

void column_prepare(struct retort_arena *arena, void *draft)
{
	struct column_draft *column = draft;

	(void)arena;
	column->length = column->precision = column->scale = RETORT_UNSET;
	column->auto_kind = (int)column->column.autoincrement;
	if (column->column.references) {
		column->on_delete = column->column.references->on_delete;
		column->on_update = column->column.references->on_update;
	}
}

void constraint_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	struct constraint_draft *constraint = draft;

	constraint->constraint.line = node->line;
	constraint->constraint.line_column = node->column;
	if (constraint->constraint.kind == RETORT_FOREIGN_KEY && node->kind == YAML_MAP)
		finish_references(reader, &constraint->constraint.references, constraint->on_delete,
			constraint->on_update, node);
}

void constraint_prepare(struct retort_arena *arena, void *draft)
{
	struct constraint_draft *constraint = draft;

	(void)arena;
	if (constraint->constraint.references) {
		constraint->on_delete = constraint->constraint.references->on_delete;
		constraint->on_update = constraint->constraint.references->on_update;
	}
}

void domain_begin(void *draft)
{
	((struct retort_domain *)draft)->nullable = true;
}

void domain_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	const struct retort_domain *domain = draft;

	if (domain->def && node->kind == YAML_MAP)
		check_default(reader, yaml_get(node, "default"), "default", domain->type, domain->def);
}
