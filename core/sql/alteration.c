/* SPDX-License-Identifier: MIT
 *
 * Gathering actions into ALTER TABLE statements.
 */
#include "sql/alter.h"

void alteration_init(struct alteration *alteration, struct retort_render *render, const char *schema,
	const char *table)
{
	*alteration = (struct alteration){.render = render, .schema = schema, .table = table};
	retort_buf_init(&alteration->actions, render->arena);
	retort_buf_init(&alteration->described, render->arena);
}

struct retort_buf *alteration_action(struct alteration *alteration, const struct retort_op *op,
	unsigned flags)
{
	if (alteration->action_count > 0 && !retort_sql_has(alteration->render, RETORT_CAP_ALTER_LIST))
		alteration_flush(alteration);
	if (alteration->action_count++ == 0)
		alteration->op = op;
	else
		retort_buf_str(&alteration->actions, ", ");
	if (alteration->last != op) {
		if (alteration->described.len > 0)
			retort_buf_str(&alteration->described, ", ");
		retort_buf_str(&alteration->described, retort_op_describe(alteration->render->arena, op));
	}
	alteration->last = op;
	alteration->flags |= flags;
	return &alteration->actions;
}

void alteration_flush(struct alteration *alteration)
{
	const struct retort_render *render = alteration->render;
	struct retort_buf sql;

	if (alteration->action_count == 0)
		return;
	retort_buf_init(&sql, render->arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	retort_sql_qualified(render, &sql, alteration->schema, alteration->table);
	retort_buf_printf(&sql, " %s", alteration->actions.data);
	retort_plan_add(render->plan, alteration->op, alteration->flags, sql.data,
		alteration->described.data);
	retort_buf_clear(&alteration->actions);
	retort_buf_clear(&alteration->described);
	alteration->action_count = 0;
	alteration->flags = 0;
	alteration->op = alteration->last = NULL;
}

struct retort_statement *alteration_statement(struct alteration *alteration, const struct retort_op *op,
	unsigned flags, const char *sql)
{
	alteration_flush(alteration);
	return retort_plan_add(alteration->render->plan, op, flags, sql, NULL);
}
