/* SPDX-License-Identifier: MIT
 *
 * Functions and procedures. An aggregate is a function whose body is the list of its parts, (text) (SFUNC =
 * ..., STYPE = ...): CREATE AGGREGATE in the manual's part VI, which like DROP AGGREGATE names its arguments.
 */
#include <string.h>

#include "dialect.h"

enum { REPLACE_VERSION = 120000 /* CREATE OR REPLACE AGGREGATE */ };

/* The end of the parenthesis that opens a text, or NULL where none does. */
static const char *parenthesis_end(const char *text)
{
	struct retort_token token;
	int depth = 0;

	do {
		token = retort_sql_word(POSTGRESQL_SYNTAX, &text);
		if (token.kind == RETORT_TOKEN_PUNCTUATION && token.len == 1)
			depth += (*token.text == '(') - (*token.text == ')');
		if (token.kind == RETORT_TOKEN_END || token.kind == RETORT_TOKEN_BROKEN)
			return NULL;
	} while (depth > 0);
	return token.len == 1 && *token.text == ')' ? text : NULL;
}

/* The end of an aggregate's arguments; NULL: the body is a function's. */
static const char *arguments_end(const struct retort_routine *routine)
{
	const char *end = routine && routine->body && routine->kind == RETORT_FUNCTION
		? parenthesis_end(routine->body->sql)
		: NULL;
	const char *at = end;
	struct retort_token token;

	if (!end)
		return NULL;
	token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	return token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '(' ? end : NULL;
}

static void drop_aggregate(struct retort_render *render, const struct retort_op *op,
	const struct retort_routine *routine, const char *end)
{
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "DROP AGGREGATE %s", op->if_exists ? "IF EXISTS " : "");
	retort_sql_qualified(render, &sql, routine->schema, routine->name);
	retort_buf_mem(&sql, routine->body->sql, (size_t)(end - routine->body->sql));
	if (op->cascade)
		retort_buf_str(&sql, " CASCADE");
	retort_plan_add(render->plan, op, op->cascade ? RETORT_STMT_DESTRUCTIVE : 0, sql.data, NULL);
}

/* The function of a name as it is before the operation. */
static const struct retort_routine *standing(const struct retort_render *render, const struct retort_op *op)
{
	for (size_t i = 0; render->schema && i < render->schema->routine_count; i++) {
		const struct retort_routine *routine = render->schema->routines[i];
		bool here = op->schema && routine->schema ? strcmp(op->schema, routine->schema) == 0
							  : op->schema == routine->schema;

		if (here && routine->kind == RETORT_FUNCTION && strcmp(routine->name, op->name) == 0)
			return routine;
	}
	return NULL;
}

static void make_aggregate(struct retort_render *render, const struct retort_op *op)
{
	const struct retort_routine *now = standing(render, op);
	const char *end = arguments_end(now);
	bool replaces = op->kind == RETORT_OP_REPLACE_ROUTINE;
	struct retort_buf sql;

	if (replaces && render->version > 0 && render->version < REPLACE_VERSION && end) {
		drop_aggregate(render, op, now, end);
		replaces = false;
	}
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "CREATE %sAGGREGATE ", replaces ? "OR REPLACE " : "");
	retort_sql_qualified(render, &sql, op->routine->schema, op->routine->name);
	retort_buf_str(&sql, op->routine->body->sql);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
}

int override_make_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	if (arguments_end(op->routine)) {
		make_aggregate(render, op);
		return RETORT_OK;
	}
	if (!op->unchecked)
		return RETORT_PASS;
	retort_plan_add(render->plan, op, 0, "SET check_function_bodies = off", NULL);
	if (retort_sql_generic(render, op, err))
		return -1;
	retort_plan_add(render->plan, op, 0, "RESET check_function_bodies", NULL);
	return RETORT_OK;
}

int override_drop_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_routine *now = standing(render, op);
	const char *end = arguments_end(now);

	(void)err;
	if (!end || !op->routine || op->routine->kind != RETORT_FUNCTION)
		return RETORT_PASS;
	drop_aggregate(render, op, now, end);
	return RETORT_OK;
}
