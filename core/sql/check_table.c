/* SPDX-License-Identifier: MIT
 *
 * Tables, columns, constraints and indexes: what of them an engine can't have.
 */
#include "sql/check.h"
#include "sql/literal.h"

static int check_computed(const struct check *check, const struct retort_column *column)
{
	bool stored = retort_sql_has(check->render, RETORT_CAP_COMPUTED_STORED);
	bool virtual = retort_sql_has(check->render, RETORT_CAP_COMPUTED_VIRTUAL);

	if (!stored && !virtual)
		return check_lacks(check, "computed columns");
	if (column->computed_stored)
		check_left_out(check, RETORT_CAP_COMPUTED_STORED, true,
			"stored computed columns, virtual ones instead");
	else
		check_left_out(check, RETORT_CAP_COMPUTED_VIRTUAL, true,
			"virtual computed columns, stored ones instead");
	return 0;
}

/* Rendering into nowhere finds what is wrong with a default; its type may be that of a column that is there.
 */
static int check_default(const struct check *check, const struct retort_column *column)
{
	struct retort_render *render = check->render;
	const struct retort_table *table =
		retort_schema_table(render->schema, check->op->schema, check->op->table);
	const struct retort_column *now = table ? retort_table_column(table, column->name) : NULL;
	const struct retort_type *type = column->type ? column->type : now ? now->type : NULL;
	struct retort_buf scratch;
	int rc;

	if (!type || column->computed)
		return 0;
	retort_buf_init(&scratch, render->arena);
	rc = column->def->kind == RETORT_DEFAULT_FUNCTION
		? literal_check_function(render->arena, render->schema, type, column->def->text, check->err)
		: 0;
	if (rc == 0)
		rc = retort_sql_default(render, &scratch, type, column->def, check->err);
	if (rc)
		retort_error_prefix(check->err, "default of column '%s' of '%s'", column->name,
			check->op->table);
	return rc;
}

/* Rendering into nowhere finds what is wrong with a type. */
int check_column(const struct check *check, const struct retort_column *column, unsigned alter)
{
	struct retort_render *render = check->render;
	struct retort_table nowhere = {.schema = check->op->schema, .name = check->op->table};
	struct retort_buf scratch;
	int rc = 0;

	retort_buf_init(&scratch, render->arena);
	if ((alter & RETORT_ALTER_TYPE) && column->type)
		rc |= retort_sql_column_type(render, &scratch, &nowhere, column, check->err);
	if ((alter & RETORT_ALTER_DEFAULT) && column->def)
		rc |= check_default(check, column);
	if ((alter & RETORT_ALTER_COMPUTED) && column->computed)
		rc |= check_computed(check, column);
	if ((alter & RETORT_ALTER_AUTOINCREMENT) && column->autoincrement == RETORT_AUTO_ALWAYS &&
		!retort_sql_has(render, RETORT_CAP_IDENTITY_ALWAYS))
		rc |= check_lacks(check, "columns that are always generated (autoincrement: always)");
	if (alter & RETORT_ALTER_COMMENT)
		check_left_out(check, RETORT_CAP_COMMENTS, column->comment != NULL, "comments");
	return rc ? -1 : 0;
}

int check_constraint(const struct check *check, const struct retort_constraint *constraint)
{
	bool foreign = constraint->kind == RETORT_FOREIGN_KEY;
	bool deferred = constraint->deferrable || constraint->initially == RETORT_INITIALLY_DEFERRED;

	if (constraint->kind == RETORT_EXCLUDE && !retort_sql_has(check->render, RETORT_CAP_EXCLUDE))
		return check_lacks(check, "exclude constraints");
	if (deferred &&
		!retort_sql_has(check->render,
			foreign ? RETORT_CAP_DEFERRABLE : RETORT_CAP_DEFERRABLE_UNIQUE))
		return check_lacks(check,
			foreign ? "deferrable foreign keys"
				: "deferrable unique constraints and primary keys");
	check_left_out(check, RETORT_CAP_NOT_VALID, constraint->not_valid,
		"constraints that are checked later");
	return 0;
}

int check_index(const struct check *check, const struct retort_index *index)
{
	int rc = 0;

	if (index->unique && index->where && !retort_sql_has(check->render, RETORT_CAP_PARTIAL_INDEX))
		rc |= check_lacks(check, "partial unique indexes");
	if (index->unique && index->include_count > 0 &&
		!retort_sql_has(check->render, RETORT_CAP_INDEX_INCLUDE))
		rc |= check_lacks(check, "unique indexes with include");
	check_left_out(check, RETORT_CAP_PARTIAL_INDEX, index->where && !index->unique,
		"partial indexes (where)");
	check_left_out(check, RETORT_CAP_INDEX_INCLUDE, index->include_count > 0 && !index->unique,
		"columns beside the key of an index (include)");
	check_left_out(check, RETORT_CAP_INDEX_METHOD, index->method != NULL, "index methods (using)");
	for (size_t i = 0; i < index->column_count; i++) {
		const struct retort_index_column *key = index->columns[i];

		if (key->expression && !retort_sql_has(check->render, RETORT_CAP_EXPRESSION_INDEX))
			rc |= check_lacks(check, "indexes on expressions");
		check_left_out(check, RETORT_CAP_INDEX_NULLS, key->nulls != RETORT_NULLS_NONE,
			"order of nulls in an index");
		check_left_out(check, RETORT_CAP_INDEX_DESC, key->order == RETORT_ORDER_DESC,
			"descending indexes");
		check_left_out(check, RETORT_CAP_INDEX_PREFIX, key->length > 0,
			"prefixes in an index (length)");
		check_left_out(check, RETORT_CAP_INDEX_OPCLASS, key->opclass != NULL, "operator classes");
	}
	return rc ? -1 : 0;
}

int check_table(const struct check *check, const struct retort_table *table)
{
	int rc = 0;

	check_left_out(check, RETORT_CAP_COMMENTS, table->comment != NULL, "comments");
	for (size_t i = 0; i < table->option_count; i++)
		rc |= check_option(check, "table", table->options[i]);
	for (size_t i = 0; i < table->column_count; i++)
		rc |= check_column(check, table->columns[i], ~0u);
	for (size_t i = 0; i < table->constraint_count; i++)
		rc |= check_constraint(check, table->constraints[i]);
	for (size_t i = 0; i < table->index_count; i++)
		rc |= check_index(check, table->indexes[i]);
	return rc ? -1 : 0;
}
