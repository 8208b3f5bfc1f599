/* SPDX-License-Identifier: MIT
 *
 * Two schemas made alike in all that SQLite doesn't tell apart: declared type names instead of types,
 * the CHECKs that stand in for them, defaults as SQL.
 */
#include "dialect.h"
#include "inspect.h"
#include "native.h"

/* The native name as a type of its own. */
static const struct retort_type *native_of(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	struct retort_type *native = retort_type_new(render->arena, RETORT_TYPE_NATIVE);
	struct retort_buf name;

	retort_buf_init(&name, render->arena);
	if (native_column_type(render, &name, table, column, err))
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] >= 'a' && name.data[i] <= 'z')
			name.data[i] = (char)(name.data[i] - 'a' + 'A');
	native->native = name.len > 0 ? name.data : "BLOB"; /* no type: the same affinity */
	return native;
}

static int normalize_column(struct retort_render *render, struct retort_table *table, size_t at,
	struct retort_error *err)
{
	struct retort_column *column = retort_table_own_column(render->arena, table, at);
	struct retort_buf text;

	if (!column->type || column->type->kind == RETORT_TYPE_NONE)
		return 0;
	if (retort_sql_add_type_check(render, table, column, err))
		return -1;
	if (column->def && column->def->kind == RETORT_DEFAULT_NULL) {
		column->def = NULL;
	} else if (column->def) {
		retort_buf_init(&text, render->arena);
		if (retort_sql_default(render, &text, column->type, column->def, err))
			return -1;
		column->def = retort_default_new(render->arena, RETORT_DEFAULT_EXPRESSION,
			model_bare(render->arena, text.data));
	}
	column->type = native_of(render, table, column, err);
	column->type_check_name = NULL;
	if (column->computed)
		column->computed = retort_text_new(render->arena,
			unqualified(render->arena, column->computed->sql, table->name));
	column->comment = NULL;
	if (native_same(column->collation, "binary"))
		column->collation = NULL;
	if (column->autoincrement != RETORT_AUTO_NONE)
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	column->auto_start = column->auto_increment = 0;
	return column->type ? 0 : -1;
}

/* An action that is not stated, and a deferral that is none. */
static void normalize_constraint(struct retort_arena *arena, struct retort_table *table, size_t at)
{
	struct retort_references *references;
	struct retort_constraint *constraint = retort_table_own_constraint(arena, table, at, &references);

	if (constraint->kind == RETORT_CHECK && constraint->expression)
		constraint->expression =
			retort_text_new(arena, unqualified(arena, constraint->expression->sql, table->name));
	constraint->not_valid = false;
	constraint->match = NULL; /* read and ignored by SQLite */
	if (constraint->kind != RETORT_FOREIGN_KEY || !constraint->references)
		return;
	if (references->on_delete == RETORT_ACTION_NO_ACTION)
		references->on_delete = RETORT_ACTION_NONE;
	if (references->on_update == RETORT_ACTION_NO_ACTION)
		references->on_update = RETORT_ACTION_NONE;
	if (constraint->initially == RETORT_INITIALLY_IMMEDIATE)
		constraint->initially = RETORT_INITIALLY_NONE;
}

/* What only serves speed elsewhere and SQLite lacks. */
static void normalize_index(struct retort_arena *arena, struct retort_table *table, size_t at)
{
	struct retort_index_column **columns;
	struct retort_index *index = retort_table_own_index(arena, table, at, &columns);

	for (size_t i = 0; i < index->column_count; i++) {
		struct retort_index_column *column = columns[i];

		if (column->order == RETORT_ORDER_ASC)
			column->order = RETORT_ORDER_NONE;
		column->nulls = RETORT_NULLS_NONE;
		column->length = 0;
		column->opclass = NULL;
	}
	index->include = NULL;
	index->include_count = 0;
	index->method = NULL;
}

static int normalize_table(struct retort_render *render, struct retort_table **ret, struct retort_error *err)
{
	struct retort_table *table = retort_table_copy(render->arena, *ret);
	size_t constraints = table->constraint_count;

	*ret = table;
	table->comment = NULL;
	for (size_t i = 0; i < table->column_count; i++)
		if (normalize_column(render, table, i, err))
			return -1;
	for (size_t i = 0; i < constraints; i++)
		normalize_constraint(render->arena, table, i);
	for (size_t i = 0; i < table->index_count; i++)
		normalize_index(render->arena, table, i);
	retort_table_key_not_null(table);
	return 0;
}

int normalize_schema(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	struct retort_render *render = render_new(arena);

	render->schema = schema;
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table = schema->tables[i];

		if (normalize_table(render, &table, err))
			return -1;
		retort_schema_put_table(schema, table);
	}
	schema->enum_count = 0; /* their values are in the columns now */
	return 0;
}
