/* SPDX-License-Identifier: MIT
 *
 * Operations that become something else than the generic renderer writes, and what must follow a rename.
 */
#include <string.h>

#include "dialect.h"

/* A row of defaults alone: the generic renderer's DEFAULT VALUES is not known here. */
static int insert_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	static const char theirs[] = " DEFAULT VALUES";
	struct retort_plan *plan = render->plan;
	size_t first = plan->statement_count;

	if (op->rows->csv || op->rows->json)
		return RETORT_PASS;
	if (retort_sql_generic(render, op, err))
		return RETORT_FAIL;
	for (size_t i = first; i < plan->statement_count; i++) {
		const char *sql = plan->statements[i]->sql;
		size_t n = strlen(sql), ending = sizeof theirs - 1;

		if (n > ending && strcmp(sql + n - ending, theirs) == 0)
			plan->statements[i]->sql =
				retort_printf(plan->arena, "%.*s () VALUES ()", (int)(n - ending), sql);
	}
	return RETORT_OK;
}

/* Sequences have no type before MariaDB 11.5: they count in bigint. */
static int create_sequence(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_sequence *sequence = retort_alloc(render->arena, sizeof *sequence);
	struct retort_op *copy = retort_alloc(render->plan->arena, sizeof *copy);
	size_t first = render->plan->statement_count;

	*sequence = *op->sequence;
	sequence->type = NULL;
	*copy = *op;
	copy->sequence = sequence;
	if (retort_sql_generic(render, copy, err))
		return RETORT_FAIL;
	for (size_t i = first; i < render->plan->statement_count; i++)
		render->plan->statements[i]->op = op;
	return RETORT_OK;
}

const struct retort_override object_overrides[] = {
	{RETORT_OP_CREATE_TABLE, table_create},
	{RETORT_OP_RENAME_TABLE, alter_rename_table},
	{RETORT_OP_CREATE_SEQUENCE, create_sequence},
	{RETORT_OP_INSERT_ROWS, insert_rows},
	{0, NULL},
};

/* ---- after a rename ---- */

static bool equal(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool differ(const struct retort_text *a, const struct retort_text *b)
{
	return a && b && a->sql && b->sql && strcmp(a->sql, b->sql) != 0;
}

static void follow_view(struct retort_render *render, const struct retort_op *op,
	const struct retort_view *view)
{
	const struct retort_view *after = retort_schema_view(render->after, view->schema, view->name);
	struct retort_buf sql;

	if (!after || !differ(view->query, after->query))
		return;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "CREATE OR REPLACE VIEW %t", view->schema, view->name);
	retort_buf_printf(&sql, " AS %s", after->query->sql);
	while (sql.len > 0 && strchr(" \t\r\n;", sql.data[sql.len - 1]))
		sql.data[--sql.len] = 0;
	retort_plan_add(render->plan, op, 0, sql.data,
		retort_printf(render->arena, "have view '%s' follow", view->name));
}

static void follow_trigger(struct retort_render *render, const struct retort_op *op,
	const struct retort_trigger *trigger)
{
	const struct retort_trigger *after = NULL;
	bool replaces = retort_sql_has(render, RETORT_CAP_REPLACE_TRIGGER);
	const char *described = retort_printf(render->arena, "have trigger '%s' follow", trigger->name);
	struct retort_buf sql;

	for (size_t i = 0; i < render->after->trigger_count; i++)
		if (equal(render->after->triggers[i]->name, trigger->name) &&
			equal(render->after->triggers[i]->schema, trigger->schema))
			after = render->after->triggers[i];
	if (!after || !differ(trigger->body, after->body))
		return;
	retort_buf_init(&sql, render->arena);
	if (!replaces) {
		retort_buf_str(&sql, "DROP TRIGGER IF EXISTS ");
		retort_sql_qualified(render, &sql, trigger->schema, trigger->name);
		retort_plan_add(render->plan, op, 0, sql.data, described);
		retort_buf_clear(&sql);
	}
	retort_buf_printf(&sql, "CREATE %sTRIGGER %s", replaces ? "OR REPLACE " : "",
		dialect_since(render, 80029, 0) ? "IF NOT EXISTS " : "");
	retort_sql_name(render, &sql, trigger->name);
	retort_buf_printf(&sql, " %s", after->body->sql);
	while (sql.len > 0 && strchr(" \t\r\n;", sql.data[sql.len - 1]))
		sql.data[--sql.len] = 0;
	retort_plan_add(render->plan, op, 0, sql.data, described);
}

void object_follow(struct retort_render *render, const struct retort_op *op)
{
	if (!render->after)
		return;
	for (size_t i = 0; i < render->schema->view_count; i++)
		follow_view(render, op, render->schema->views[i]);
	for (size_t i = 0; i < render->schema->trigger_count; i++)
		follow_trigger(render, op, render->schema->triggers[i]);
}
