/* SPDX-License-Identifier: MIT
 *
 * What the server says of columns, CHECKs and indexes, as the model.
 */
#include <string.h>

#include "expression.h"
#include "inspect.h"

/* ---- defaults ---- */

/* Whether a function default of a type is written as plain says. */
static bool is_function(struct retort_render *render, const struct retort_type *type, const char *name,
	const char *plain)
{
	struct retort_error *own = retort_error_new();
	struct retort_default def = {.kind = RETORT_DEFAULT_FUNCTION, .text = name};
	struct retort_buf out;
	bool same;

	retort_buf_init(&out, render->arena);
	same = retort_sql_default(render, &out, type, &def, own) == 0 &&
		strcmp(expression_plain(render->arena, out.data), plain) == 0;
	retort_error_free(own);
	return same;
}

static struct retort_default *function_default(struct retort_render *render, struct retort_column *column,
	const char *plain)
{
	static const char *const names[] = {"today", "now", "uuid"};
	struct retort_type *timestamp;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is_function(render, column->type, names[i], plain))
			return retort_default_new(render->arena, RETORT_DEFAULT_FUNCTION, names[i]);
	if (column->type->kind != RETORT_TYPE_DATETIME)
		return NULL;
	/* Of the two types that are the same to the server the default tells which is meant. */
	timestamp = retort_alloc(render->arena, sizeof *timestamp);
	*timestamp = *column->type;
	timestamp->kind = RETORT_TYPE_TIMESTAMP;
	if (!is_function(render, timestamp, "now", plain))
		return NULL;
	column->type = timestamp;
	return retort_default_new(render->arena, RETORT_DEFAULT_FUNCTION, "now");
}

static bool holds_bytes(const struct retort_type *type)
{
	return type->kind == RETORT_TYPE_BINARY || type->kind == RETORT_TYPE_VARBINARY ||
		type->kind == RETORT_TYPE_BLOB;
}

/* The neutral text of a value. */
static const char *neutral(struct retort_arena *arena, const struct retort_type *type, const char *value)
{
	struct retort_buf hex;

	if (type->kind == RETORT_TYPE_BOOLEAN && (strcmp(value, "1") == 0 || strcmp(value, "0") == 0))
		return *value == '1' ? "true" : "false";
	if (!holds_bytes(type) || strncmp(value, "0x", 2) == 0)
		return retort_strdup(arena, value);
	retort_buf_init(&hex, arena);
	retort_buf_hex(&hex, value, strlen(value));
	return hex.data;
}

/* Bits are written b'101'. */
static bool is_bits(const struct column_facts *facts)
{
	return dialect_starts(facts->type, "bit") && facts->def && strncmp(facts->def, "b'", 2) == 0;
}

static void take_default(struct retort_render *render, struct retort_column *column,
	const struct column_facts *facts)
{
	struct retort_arena *arena = render->arena;
	const char *plain, *literal;

	if (!facts->def)
		return;
	if (!facts->def_is_sql && !is_bits(facts)) {
		column->def = retort_default_new(arena, RETORT_DEFAULT_LITERAL,
			neutral(arena, column->type, facts->def));
		return;
	}
	plain = expression_plain(arena, facts->def);
	literal = expression_literal(arena, plain);
	if (strcmp(plain, "null") == 0)
		return;
	if (literal)
		column->def = retort_default_new(arena, RETORT_DEFAULT_LITERAL,
			neutral(arena, column->type, literal));
	else
		column->def = function_default(render, column, plain);
	if (!column->def)
		column->def = retort_default_new(arena, RETORT_DEFAULT_EXPRESSION, plain);
}

/* ---- columns ---- */

/* What the model has no member for stands behind the native type, so that a file can say it. */
static void take_extra(struct retort_arena *arena, struct retort_column *column,
	const struct column_facts *facts)
{
	struct retort_type *type;
	struct retort_buf extra;

	if (!facts->on_update && !facts->invisible)
		return;
	retort_buf_init(&extra, arena);
	if (facts->on_update)
		retort_buf_printf(&extra, "on update %s", facts->on_update);
	if (facts->invisible)
		retort_buf_printf(&extra, "%sinvisible", extra.len > 0 ? " " : "");
	for (size_t i = 0; i < extra.len; i++)
		extra.data[i] = dialect_lower(extra.data[i]);
	type = retort_alloc(arena, sizeof *type);
	*type = *column->type;
	type->native = retort_printf(arena, "%s %s", type_normal(arena, facts->type), extra.data);
	column->type = type;
	column->native_extra = extra.data;
}

void model_column(struct retort_render *render, struct retort_table *table, const struct column_facts *facts)
{
	struct retort_arena *arena = render->arena;
	struct retort_column *column =
		retort_table_add_column(arena, table, retort_strdup(arena, facts->name));

	column->type = type_read(render, facts->type);
	column->native_type = retort_strdup(arena, facts->type);
	column->nullable = facts->nullable;
	column->nullable_given = true;
	column->collation = retort_strdup(arena, facts->collation);
	if (facts->comment && *facts->comment)
		column->comment = retort_strdup(arena, facts->comment);
	if (facts->autoincrement)
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	if (facts->generation) {
		column->computed = retort_text_new(arena, expression_plain(arena, facts->generation));
		column->computed_stored = facts->stored;
	} else {
		take_default(render, column, facts);
	}
	take_extra(arena, column, facts);
}

/* ---- CHECKs ---- */

static bool is_json_check(struct retort_arena *arena, const struct retort_column *column, const char *plain)
{
	const char *at = plain;
	struct retort_token token = retort_sql_word(MYSQL_SYNTAX, &at);

	if (!retort_token_is(&token, "json_valid") || !dialect_same(column->native_type, "longtext"))
		return false;
	retort_sql_word(MYSQL_SYNTAX, &at);
	token = retort_sql_word(MYSQL_SYNTAX, &at);
	return dialect_same(retort_token_name(arena, &token), column->name) && strcmp(at, ")") == 0;
}

void model_check(struct retort_render *render, struct retort_table *table, const char *name, const char *sql,
	bool of_column)
{
	struct retort_arena *arena = render->arena;
	const char *plain = expression_plain(arena, sql);
	struct retort_column *column = of_column ? retort_table_column(table, name) : NULL;
	struct retort_constraint *check;

	if (column && is_json_check(arena, column, plain)) {
		column->type = retort_type_new(arena, RETORT_TYPE_JSON);
		column->collation = NULL;
		return;
	}
	if (column) {
		name = NULL; /* MODIFY takes it away where it isn't restated */
		column->native_extra = retort_printf(arena, "%s%sCHECK (%s)",
			column->native_extra ? column->native_extra : "", column->native_extra ? " " : "",
			plain);
	}
	check = retort_table_add_constraint(arena, table, RETORT_CHECK, retort_strdup(arena, name));
	check->expression = retort_text_new(arena, plain);
}

/* ---- indexes ---- */

/* Whether an index is exactly the one that retort, or the server, makes for a foreign key. */
static bool serves(struct retort_arena *arena, const struct retort_index *index,
	const struct retort_constraint *foreign)
{
	if (foreign->kind != RETORT_FOREIGN_KEY || !foreign->name || index->unique || index->method ||
		index->column_count != foreign->column_count)
		return false;
	if (!dialect_same(index->name, foreign->name) &&
		!dialect_same(index->name, retort_printf(arena, "%.61s_fk", foreign->name)))
		return false;
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i]->length || index->columns[i]->order == RETORT_ORDER_DESC ||
			!dialect_same(index->columns[i]->column, foreign->columns[i]))
			return false;
	return true;
}

void model_implied(struct retort_arena *arena, struct retort_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		for (size_t k = 0; k < table->constraint_count; k++)
			if (serves(arena, table->indexes[i], table->constraints[k]))
				table->indexes[i]->implied = true;
}

static bool is_plain_unique(const struct retort_index *index)
{
	if (!index->unique || index->method || index->where)
		return false;
	for (size_t i = 0; i < index->column_count; i++)
		if (!index->columns[i]->column || index->columns[i]->length ||
			index->columns[i]->order == RETORT_ORDER_DESC)
			return false;
	return true;
}

void model_unique(struct retort_arena *arena, struct retort_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->index_count; i++) {
		struct retort_index *index = table->indexes[i];
		struct retort_constraint *unique;
		const char **columns;

		if (!is_plain_unique(index)) {
			table->indexes[kept++] = index;
			continue;
		}
		unique = retort_table_add_constraint(arena, table, RETORT_UNIQUE, index->name);
		unique->conventional = index->conventional;
		columns = retort_alloc_array(arena, index->column_count, sizeof *columns);
		for (size_t k = 0; k < index->column_count; k++)
			columns[k] = index->columns[k]->column;
		unique->columns = columns;
		unique->column_count = index->column_count;
	}
	table->index_count = kept;
}

/* ---- options ---- */

static void add_option(struct retort_arena *arena, struct retort_table *table, const char *key,
	const char *value)
{
	struct retort_option *option = retort_alloc(arena, sizeof *option);
	const struct retort_option **options =
		retort_alloc_array(arena, table->option_count + 1, sizeof *options);

	for (size_t i = 0; i < table->option_count; i++)
		options[i] = table->options[i];
	*option = (struct retort_option){"mysql", key, retort_strdup(arena, value)};
	options[table->option_count++] = option;
	table->options = options;
}

void model_options(struct retort_arena *arena, struct retort_table *table, const char *engine,
	const char *collation, const char *row_format, const char *usual_collation)
{
	if (engine && !dialect_same(engine, "InnoDB"))
		add_option(arena, table, "engine", engine);
	if (collation && !dialect_same(collation, usual_collation))
		add_option(arena, table, "collate", collation);
	if (row_format)
		add_option(arena, table, "row_format", row_format);
	/* A column's collation is told only where it isn't the table's. */
	for (size_t i = 0; i < table->column_count; i++)
		if (dialect_same(table->columns[i]->collation, collation))
			table->columns[i]->collation = NULL;
}
