/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "sql/hazard.h"

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether an operation may put rows into tables, change or remove them. */
static bool changes_rows(const struct retort_op *op)
{
	return op->kind == RETORT_OP_INSERT_ROWS || op->kind == RETORT_OP_UPDATE_ROWS ||
		op->kind == RETORT_OP_DELETE_ROWS || op->kind == RETORT_OP_EXECUTE ||
		op->kind == RETORT_OP_RUN;
}

/* Whether the first n operations leave rows and the names of the table and its columns as they are,
 * so that asking in front of them tells what will be. */
static bool untouched(const struct hazard *hazard, size_t n, const struct retort_op *op)
{
	for (size_t i = 0; i < n; i++) {
		const struct retort_op *before = hazard->ops[i];
		bool here = before->table && strcmp(before->table, op->table) == 0 &&
			same(before->schema, op->schema);

		if (changes_rows(before))
			return false;
		if (before->kind == RETORT_OP_RENAME_TABLE && before->to &&
			strcmp(before->to, op->table) == 0)
			return false;
		if (here &&
			(before->kind == RETORT_OP_CREATE_TABLE || before->kind == RETORT_OP_DROP_TABLE ||
				before->kind == RETORT_OP_RENAME_TABLE ||
				before->kind == RETORT_OP_RENAME_COLUMN))
			return false;
		if (here &&
			(before->kind == RETORT_OP_ADD_COLUMN || before->kind == RETORT_OP_ALTER_COLUMN) &&
			before->name && op->name && strcmp(before->name, op->name) == 0)
			return false;
	}
	return true;
}

/* Whether the table was made by this list and nothing can have put a row into it. */
static bool surely_empty(const struct hazard *hazard, size_t n, const struct retort_op *op)
{
	while (n-- > 0) {
		const struct retort_op *before = hazard->ops[n];

		if (changes_rows(before) || before->kind == RETORT_OP_RENAME_TABLE)
			return false;
		if (before->kind == RETORT_OP_CREATE_TABLE && !before->if_not_exists &&
			strcmp(before->create->name, op->table) == 0 &&
			same(before->create->schema, op->schema))
			return true;
	}
	return false;
}

/* Adds an assert that no row is in the way. */
static void add_assert(struct hazard *hazard, size_t at, const char *sql, const char *message)
{
	struct retort_plan *plan = hazard->render->plan;
	const struct retort_op *op = hazard->ops[at];
	struct retort_op *check = retort_alloc(plan->arena, sizeof *check);
	struct retort_statement *statement;
	size_t place;

	check->kind = RETORT_OP_ASSERT;
	check->schema = op->schema;
	check->table = op->table;
	check->sql = retort_text_new(plan->arena, sql);
	check->equals = "0";
	check->message = message;
	check->file = op->file;
	check->line = op->line;
	check->line_column = op->line_column;
	check->index_in_file = op->index_in_file;
	statement = retort_plan_add(plan, check, RETORT_STMT_CHECK, sql,
		retort_printf(plan->arena, "check that no row of '%s' is in the way", op->table));
	statement->kind = RETORT_STATEMENT_ASSERT;
	if (!untouched(hazard, at, op))
		return;
	place = plan->statement_count - 1;
	memmove(&plan->statements[hazard->front + 1], &plan->statements[hazard->front],
		(place - hazard->front) * sizeof(struct retort_statement *));
	plan->statements[hazard->front++] = statement;
}

/* An added column for which existing rows would have no value. */
static bool lacks_value(const struct retort_op *op)
{
	const struct retort_column *column = op->column;

	return op->kind == RETORT_OP_ADD_COLUMN && !column->nullable && !op->fill && !column->computed &&
		column->autoincrement == RETORT_AUTO_NONE &&
		(!column->def || column->def->kind == RETORT_DEFAULT_NULL);
}

static bool forbids_null(const struct hazard *hazard, const struct retort_op *op)
{
	const struct retort_table *table = retort_schema_table(hazard->render->schema, op->schema, op->table);
	const struct retort_column *column = table && op->name ? retort_table_column(table, op->name) : NULL;

	return op->kind == RETORT_OP_ALTER_COLUMN && (op->alter & RETORT_ALTER_NULLABLE) &&
		!op->column->nullable && !op->fill && column && column->nullable;
}

void hazard_guard(struct hazard *hazard, size_t at)
{
	const struct retort_op *op = hazard->ops[at];
	struct retort_arena *arena = hazard->render->plan->arena;
	bool added = lacks_value(op);
	struct retort_buf sql;
	const char *name;

	if ((!added && !forbids_null(hazard, op)) || surely_empty(hazard, at, op))
		return;
	retort_buf_init(&sql, hazard->render->arena);
	retort_buf_str(&sql, "SELECT count(*) FROM ");
	retort_sql_qualified(hazard->render, &sql, op->schema, op->table);
	name = text_echo(arena, op->column->name ? op->column->name : op->name, 80);
	if (added) {
		add_assert(hazard, at, sql.data,
			retort_printf(arena,
				"%s has {value} rows: '%s' is NOT NULL without default: give fill",
				text_echo(arena, op->table, 80), name));
		return;
	}
	retort_buf_str(&sql, " WHERE ");
	retort_sql_name(hazard->render, &sql, op->name);
	retort_buf_str(&sql, " IS NULL");
	add_assert(hazard, at, sql.data,
		retort_printf(arena, "%s has {value} rows where '%s' is NULL: give fill",
			text_echo(arena, op->table, 80), name));
}
