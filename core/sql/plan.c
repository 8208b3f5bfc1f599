/* SPDX-License-Identifier: MIT
 *
 * The list of statements, and the notes beside it.
 */
#include <string.h>

#include "retort/sql.h"

struct retort_statement *retort_plan_add(struct retort_plan *plan, const struct retort_op *op, unsigned flags,
	const char *sql, const char *description)
{
	struct retort_statement *statement = retort_alloc(plan->arena, sizeof *statement);

	statement->kind = RETORT_STATEMENT_SQL;
	statement->sql = retort_strdup(plan->arena, sql);
	statement->flags = flags;
	statement->op = op;
	if (description)
		statement->description = retort_strdup(plan->arena, description);
	else if (op)
		statement->description = retort_op_describe(plan->arena, op);
	RETORT_PUSH(plan->arena, plan->statements, plan->statement_count, statement);
	return statement;
}

/* The same note is kept once: what an engine lacks would be said for every object. */
void retort_plan_note(struct retort_plan *plan, const char *format, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, format);
	text = retort_vprintf(plan->arena, format, ap);
	va_end(ap);
	for (size_t i = 0; i < plan->note_count; i++)
		if (strcmp(plan->notes[i], text) == 0)
			return;
	RETORT_PUSH(plan->arena, plan->notes, plan->note_count, text);
}
