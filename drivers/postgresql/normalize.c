/* SPDX-License-Identifier: MIT
 *
 * Two schemas made alike in all that PostgreSQL doesn't tell apart: types by their canonical names, inline
 * enums as types, the CHECKs that stand in for unsigned numbers, defaults as SQL.
 */
#include <string.h>

#include "dialect.h"
#include "native.h"

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The type of an inline enum becomes one of the schema's. */
static void declare_enum(struct retort_render *render, struct retort_schema *schema,
	const struct retort_table *table, const struct retort_column *column)
{
	struct retort_enum *enumeration;

	for (size_t i = 0; i < schema->enum_count; i++)
		if (same(schema->enums[i]->name, column->enum_type_name) &&
			same(schema->enums[i]->schema, table->schema))
			return;
	enumeration = retort_alloc(render->arena, sizeof *enumeration);
	enumeration->schema = table->schema;
	enumeration->name = column->enum_type_name;
	enumeration->values = column->type->values;
	enumeration->value_count = column->type->value_count;
	RETORT_PUSH(render->arena, schema->enums, schema->enum_count, enumeration);
}

/* A default, and what can't be rendered as it stands. */
static const struct retort_default *plain_default(struct retort_render *render,
	const struct retort_type *type, const struct retort_default *def)
{
	struct retort_buf text;

	if (!def || def->kind == RETORT_DEFAULT_NULL)
		return NULL;
	retort_buf_init(&text, render->arena);
	if (retort_sql_default(render, &text, type, def, NULL))
		return def;
	return retort_default_new(render->arena, RETORT_DEFAULT_EXPRESSION,
		expression_bare(render->arena, text.data));
}

static const struct retort_type *plain_type(struct retort_arena *arena, const char *native)
{
	struct retort_type *type = retort_type_new(arena, RETORT_TYPE_NATIVE);

	type->native = native;
	return type;
}

static int normalize_column(struct retort_render *render, struct retort_schema *schema,
	struct retort_table *table, size_t at, struct retort_error *err)
{
	struct retort_column *column = retort_table_own_column(render->arena, table, at);
	const char *native;

	if (!column->type || column->type->kind == RETORT_TYPE_NONE)
		return 0;
	native = native_of(render, table, column, err);
	if (!native)
		return -1;
	if (column->type->kind == RETORT_TYPE_ENUM && !column->type->name && column->enum_type_name)
		declare_enum(render, schema, table, column);
	if (retort_sql_add_type_check(render, table, column, err))
		return -1;
	column->def = plain_default(render, column->type, column->def);
	column->type = plain_type(render->arena, native);
	column->type_check_name = column->enum_type_name = NULL;
	if (column->collation && strcmp(column->collation, "default") == 0)
		column->collation = NULL;
	if (column->autoincrement != RETORT_AUTO_NONE)
		column->nullable = false;
	return 0;
}

static void normalize_constraint(struct retort_arena *arena, struct retort_table *table, size_t at)
{
	struct retort_references *references;
	struct retort_constraint *constraint = retort_table_own_constraint(arena, table, at, &references);

	if (constraint->initially == RETORT_INITIALLY_DEFERRED)
		constraint->deferrable = true;
	else
		constraint->initially = RETORT_INITIALLY_NONE;
	if (constraint->match && strcmp(constraint->match, "simple") == 0)
		constraint->match = NULL;
	if (!constraint->references)
		return;
	if (references->on_delete == RETORT_ACTION_NO_ACTION)
		references->on_delete = RETORT_ACTION_NONE;
	if (references->on_update == RETORT_ACTION_NO_ACTION)
		references->on_update = RETORT_ACTION_NONE;
}

static void normalize_index(struct retort_arena *arena, struct retort_table *table, size_t at)
{
	struct retort_index_column **columns;
	struct retort_index *index = retort_table_own_index(arena, table, at, &columns);

	for (size_t i = 0; i < index->column_count; i++) {
		struct retort_index_column *key = columns[i];
		bool descending;

		descending = key->order == RETORT_ORDER_DESC;
		if (!descending)
			key->order = RETORT_ORDER_NONE;
		if (key->nulls == (descending ? RETORT_NULLS_FIRST : RETORT_NULLS_LAST))
			key->nulls = RETORT_NULLS_NONE;
		key->length = 0;
	}
	if (index->method && strcmp(index->method, "btree") == 0)
		index->method = NULL;
}

/* RANGE (created_at), as the server writes it. */
static const char *partition_text(struct retort_arena *arena, const char *text)
{
	const char *at = text;
	struct retort_token token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	char *word = retort_strndup(arena, token.text, token.len);

	for (char *c = word; *c; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return retort_printf(arena, "%s (%s)", word, expression_bare(arena, at));
}

/* Only what PostgreSQL's own options say. */
static void normalize_options(struct retort_arena *arena, struct retort_table *table)
{
	const struct retort_option **options =
		retort_alloc_array(arena, table->option_count + 1, sizeof *options);
	size_t count = 0;

	for (size_t i = 0; i < table->option_count; i++) {
		struct retort_option *option = retort_alloc(arena, sizeof *option);

		*option = *table->options[i];
		if (strcmp(option->dialect, "postgresql") != 0 || strcmp(option->value, "false") == 0 ||
			strcmp(option->value, "pg_default") == 0)
			continue;
		if (strcmp(option->key, "partition_by") == 0)
			option->value = partition_text(arena, option->value);
		options[count++] = option;
	}
	table->options = options;
	table->option_count = count;
}

static int normalize_table(struct retort_render *render, struct retort_schema *schema,
	struct retort_table **ret, struct retort_error *err)
{
	struct retort_table *table = retort_table_copy(render->arena, *ret);
	size_t constraints = table->constraint_count;

	*ret = table;
	for (size_t i = 0; i < table->column_count; i++)
		if (normalize_column(render, schema, table, i, err))
			return -1;
	for (size_t i = 0; i < constraints; i++)
		normalize_constraint(render->arena, table, i);
	for (size_t i = 0; i < table->index_count; i++)
		normalize_index(render->arena, table, i);
	normalize_options(render->arena, table);
	retort_table_key_not_null(table);
	return 0;
}

static void normalize_sequence(struct retort_arena *arena, struct retort_schema *schema, size_t at)
{
	struct retort_sequence *sequence = retort_alloc(arena, sizeof *sequence);
	bool down;

	*sequence = *schema->sequences[at];
	schema->sequences[at] = sequence;
	if (sequence->type && sequence->type->kind == RETORT_TYPE_BIGINT)
		sequence->type = NULL;
	down = sequence->increment < 0;
	if (sequence->increment == 1)
		sequence->increment = 0;
	if (!down && sequence->minimum == 1)
		sequence->minimum = 0;
	if (down && sequence->maximum == -1)
		sequence->maximum = 0;
	if (sequence->start ==
		(down                               ? sequence->maximum ? sequence->maximum : -1
				: sequence->minimum ? sequence->minimum
						    : 1))
		sequence->start = 0;
	if (sequence->cache == 1)
		sequence->cache = 0;
}

static int normalize_domain(struct retort_render *render, struct retort_schema *schema, size_t at,
	struct retort_error *err)
{
	struct retort_domain *domain = retort_alloc(render->arena, sizeof *domain);
	struct retort_buf text;

	*domain = *schema->domains[at];
	schema->domains[at] = domain;
	retort_buf_init(&text, render->arena);
	if (retort_sql_type(render, &text, domain->type, err))
		return -1;
	domain->def = plain_default(render, domain->type, domain->def);
	domain->type = plain_type(render->arena, native_canonical(render->arena, text.data));
	return 0;
}

int normalize_schema(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	struct retort_render render = dialect_render(arena, schema);

	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table = schema->tables[i];

		if (normalize_table(&render, schema, &table, err))
			return -1;
		retort_schema_put_table(schema, table);
	}
	for (size_t i = 0; i < schema->sequence_count; i++)
		normalize_sequence(arena, schema, i);
	for (size_t i = 0; i < schema->domain_count; i++)
		if (normalize_domain(&render, schema, i, err))
			return -1;
	return 0;
}
