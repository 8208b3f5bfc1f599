/* SPDX-License-Identifier: MIT
 *
 * Whole tables.
 */
#include "model/replay.h"
#include "sql/alter.h"
#include "sql/clause.h"
#include "sql/generic.h"

int generic_create_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_table *table = op->create;
	unsigned words = op->if_not_exists ? CLAUSE_IF_NOT_EXISTS : 0;
	struct alteration alteration;
	struct retort_buf sql;

	alteration_init(&alteration, render, table->schema, table->name);
	for (size_t i = 0; i < table->column_count; i++)
		alter_make_enum(&alteration, op, table->columns[i]);
	retort_buf_init(&sql, render->arena);
	if (retort_sql_create_table(render, &sql, table, NULL, op->if_not_exists, err))
		return -1;
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	for (size_t i = 0; i < table->index_count; i++) {
		const struct retort_index *index = table->indexes[i];

		if (index->implied)
			continue;
		retort_buf_clear(&sql);
		clause_create_index(render, &sql, table, index, words);
		retort_plan_add(render->plan, op, 0, sql.data,
			retort_printf(render->arena, "create index '%s' on '%s'", index->name, table->name));
	}
	if (table->comment)
		alter_comment(&alteration, op, NULL, table->comment);
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i]->comment)
			alter_comment(&alteration, op, table->columns[i]->name, table->columns[i]->comment);
	return 0;
}

int generic_drop_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const char *name = op->name ? op->name : op->table;
	const struct retort_table *table = retort_schema_table(render->schema, op->schema, name);
	struct alteration alteration;
	struct retort_buf sql;

	(void)err;
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "DROP TABLE %s", op->if_exists ? "IF EXISTS " : "");
	retort_sql_qualified(render, &sql, op->schema, name);
	if (op->cascade)
		retort_buf_str(&sql, " CASCADE");
	retort_plan_add(render->plan, op, RETORT_STMT_DESTRUCTIVE, sql.data, NULL);
	alteration_init(&alteration, render, op->schema, name);
	for (size_t i = 0; table && i < table->column_count; i++)
		alter_drop_enum(&alteration, op, table->columns[i]);
	return 0;
}

/* What still bears its convention name is renamed with the table: replay tells which. */
int generic_rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const char *name = op->name ? op->name : op->table;
	const struct retort_table *now = retort_schema_table(render->schema, op->schema, name), *after;
	struct retort_schema *schema;
	struct alteration alteration;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "ALTER TABLE %t RENAME TO %n", op->schema, name, op->to);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	if (!now || !op->conventions)
		return 0;
	schema = retort_schema_copy(render->arena, render->schema);
	if (replay_apply(schema, op, render->dialect->syntax, err))
		return -1;
	after = retort_schema_table(schema, op->schema, op->to);
	alteration_init(&alteration, render, op->schema, op->to);
	if (after)
		alter_follow_names(&alteration, op, now, after);
	return 0;
}
