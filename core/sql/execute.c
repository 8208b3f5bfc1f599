/* SPDX-License-Identifier: MIT
 *
 * execute, assert and run.
 */
#include <string.h>

#include "base/text.h"
#include "sql/generic.h"
#include "sql/splitter.h"

enum { DESCRIBED_MAX = 60 };

/* The first line of a statement, for people. */
static const char *first_line(struct retort_arena *arena, const char *sql)
{
	return text_echo(arena, retort_strndup(arena, sql, strcspn(sql, "\r\n")), DESCRIBED_MAX);
}

static int add_piece(struct retort_render *render, const struct retort_op *op, const struct piece *piece,
	struct retort_error *err)
{
	static const unsigned flags_of[] = {
		[PIECE_ROWS] = RETORT_STMT_DATA,
		[PIECE_SCHEMA] = 0,
		[PIECE_QUERY] = RETORT_STMT_DATA,
		[PIECE_TRANSACTION] = RETORT_STMT_UNKNOWN,
		[PIECE_OUTSIDE] = RETORT_STMT_OUTSIDE,
		[PIECE_UNKNOWN] = RETORT_STMT_UNKNOWN,
	};
	unsigned flags = flags_of[piece->class];

	if (piece->class == PIECE_TRANSACTION && !op->outside_transaction)
		return retort_fail(err, RETORT_E_PLAN,
			"cannot execute '%s': retort itself begins and ends "
			"transactions; leave it out, or give outside_transaction: true",
			first_line(render->arena, piece->sql));
	if (op->outside_transaction)
		flags |= RETORT_STMT_OUTSIDE;
	if (strcmp(piece->verb, "DROP") == 0 || strcmp(piece->verb, "TRUNCATE") == 0 ||
		strcmp(piece->verb, "DELETE") == 0)
		flags |= RETORT_STMT_DESTRUCTIVE;
	retort_plan_add(render->plan, op, flags, piece->sql,
		retort_printf(render->arena, "execute %s", first_line(render->arena, piece->sql)));
	return 0;
}

/* Splits op's sql; a fault is told with its place in the sql, as its place in the file isn't known here. */
static int split_text(struct retort_render *render, const struct retort_op *op, struct piece **pieces,
	size_t *count, struct retort_error *err)
{
	struct retort_error *inner = retort_error_new();
	int rc = split_sql(render->arena, render->dialect->syntax, op->sql->sql, pieces, count, inner);

	if (rc) {
		const struct retort_problem *problem = retort_error_first(inner);

		retort_fail(err, RETORT_E_FILE, "cannot split the sql: %s (line %u, column %u of the sql)",
			problem->message, problem->line, problem->column);
	}
	retort_error_free(inner);
	return rc;
}

int generic_execute(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct piece *pieces;
	size_t count;
	int rc = 0;

	if (!op->sql || !op->sql->sql)
		return 0;
	if (split_text(render, op, &pieces, &count, err))
		return -1;
	for (size_t i = 0; i < count; i++)
		rc |= add_piece(render, op, &pieces[i], err);
	return rc;
}

int generic_assert(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_statement *statement;

	(void)err;
	if (!op->sql || !op->sql->sql)
		return 0;
	statement = retort_plan_add(render->plan, op, RETORT_STMT_CHECK, op->sql->sql, op->message);
	statement->kind = RETORT_STATEMENT_ASSERT;
	return 0;
}

int generic_run(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_statement *statement;
	struct retort_buf line;

	(void)err;
	retort_buf_init(&line, render->arena);
	retort_buf_str(&line, "-- run");
	for (size_t i = 0; i < op->command_count; i++)
		retort_buf_printf(&line, " %s", text_echo(render->arena, op->command[i], DESCRIBED_MAX));
	statement = retort_plan_add(render->plan, op, RETORT_STMT_OUTSIDE | RETORT_STMT_UNKNOWN, line.data,
		retort_printf(render->arena, "run %s", op->command_count > 0 ? op->command[0] : ""));
	statement->kind = RETORT_STATEMENT_RUN;
	return 0;
}
