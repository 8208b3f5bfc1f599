/* SPDX-License-Identifier: MIT
 *
 * What the generic renderer makes alike: for dialects whose normalize only adds to it, or has nothing to add.
 */
#include "retort/sql.h"

int retort_sql_add_type_check(struct retort_render *render, struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	const struct retort_dialect *dialect = render->dialect;
	struct retort_constraint *check;
	struct retort_buf condition;
	int rc;

	retort_buf_init(&condition, render->arena);
	rc = dialect->type_check ? dialect->type_check(render, column, &condition, err) : RETORT_PASS;
	if (rc == RETORT_FAIL)
		return -1;
	if (rc == RETORT_PASS || condition.len == 0)
		return 0;
	check = retort_table_add_constraint(render->arena, table, RETORT_CHECK, column->type_check_name);
	check->conventional = true;
	check->expression = retort_text_new(render->arena, condition.data);
	return 0;
}

static int normalize_column(struct retort_render *render, struct retort_table *table, size_t at,
	struct retort_error *err)
{
	struct retort_column *column = retort_table_own_column(render->arena, table, at);
	struct retort_type *native = retort_type_new(render->arena, RETORT_TYPE_NATIVE);
	struct retort_buf text;

	if (!column->type || column->type->kind == RETORT_TYPE_NONE)
		return 0;
	if (retort_sql_add_type_check(render, table, column, err))
		return -1;
	if (column->def && column->def->kind == RETORT_DEFAULT_NULL) {
		column->def = NULL;
	} else if (column->def && column->def->kind != RETORT_DEFAULT_EXPRESSION) {
		retort_buf_init(&text, render->arena);
		if (retort_sql_default(render, &text, column->type, column->def, err))
			return -1;
		column->def = retort_default_new(render->arena, RETORT_DEFAULT_EXPRESSION, text.data);
	}
	retort_buf_init(&text, render->arena);
	if (retort_sql_column_type(render, &text, table, column, err))
		return -1;
	native->native = text.data;
	column->type = native;
	column->type_check_name = NULL;
	if (!retort_sql_has(render, RETORT_CAP_COMMENTS))
		column->comment = NULL;
	if (!retort_sql_has(render, RETORT_CAP_COMPUTED_STORED) ||
		!retort_sql_has(render, RETORT_CAP_COMPUTED_VIRTUAL))
		column->computed_stored = false; /* the engine has but one kind */
	if (column->autoincrement != RETORT_AUTO_NONE && !retort_sql_has(render, RETORT_CAP_IDENTITY_ALWAYS))
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	return 0;
}

/* What the renderer leaves out of an index. */
static void normalize_index(struct retort_render *render, struct retort_table *table, size_t at)
{
	struct retort_index_column **columns;
	struct retort_index *index = retort_table_own_index(render->arena, table, at, &columns);

	for (size_t i = 0; i < index->column_count; i++) {
		if (columns[i]->order == RETORT_ORDER_ASC || !retort_sql_has(render, RETORT_CAP_INDEX_DESC))
			columns[i]->order = RETORT_ORDER_NONE;
		if (!retort_sql_has(render, RETORT_CAP_INDEX_NULLS))
			columns[i]->nulls = RETORT_NULLS_NONE;
		if (!retort_sql_has(render, RETORT_CAP_INDEX_PREFIX))
			columns[i]->length = 0;
		if (!retort_sql_has(render, RETORT_CAP_INDEX_OPCLASS))
			columns[i]->opclass = NULL;
	}
	if (!retort_sql_has(render, RETORT_CAP_PARTIAL_INDEX))
		index->where = NULL;
	if (!retort_sql_has(render, RETORT_CAP_INDEX_INCLUDE))
		index->include_count = 0;
	if (!retort_sql_has(render, RETORT_CAP_INDEX_METHOD))
		index->method = NULL;
}

static void normalize_constraint(struct retort_render *render, struct retort_table *table, size_t at)
{
	struct retort_references *references;
	struct retort_constraint *constraint =
		retort_table_own_constraint(render->arena, table, at, &references);

	if (!retort_sql_has(render, RETORT_CAP_NOT_VALID))
		constraint->not_valid = false;
	if (references && references->on_delete == RETORT_ACTION_NO_ACTION)
		references->on_delete = RETORT_ACTION_NONE;
	if (references && references->on_update == RETORT_ACTION_NO_ACTION)
		references->on_update = RETORT_ACTION_NONE;
}

int retort_sql_normalize(struct retort_render *render, struct retort_schema *schema, struct retort_error *err)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table = retort_table_copy(render->arena, schema->tables[i]);

		for (size_t k = 0; k < table->column_count; k++)
			if (normalize_column(render, table, k, err))
				return -1;
		for (size_t k = 0; k < table->constraint_count; k++)
			normalize_constraint(render, table, k);
		for (size_t k = 0; k < table->index_count; k++)
			normalize_index(render, table, k);
		if (!retort_sql_has(render, RETORT_CAP_COMMENTS))
			table->comment = NULL;
		retort_table_key_not_null(table);
		retort_schema_put_table(schema, table);
	}
	if (!retort_sql_has(render, RETORT_CAP_ENUMS))
		schema->enum_count = 0; /* their values are in the columns now */
	return 0;
}
