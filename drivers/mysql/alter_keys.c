/* SPDX-License-Identifier: MIT
 *
 * Constraints and indexes that differ between two states of a table.
 */
#include <string.h>

#include "alter.h"
#include "expression.h"

/* ---- single actions ---- */

static bool has_expression(const struct retort_index *index)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i]->expression)
			return true;
	return false;
}

/* A key on an expression is a hidden column too, which MySQL makes and drops by a copy. */
static enum speed speed_of(const struct retort_index *index)
{
	return index && has_expression(index) ? SPEED_COPY : SPEED_INPLACE;
}

static void drop_index(struct alter *alter, const char *name)
{
	const struct retort_index *index = retort_table_index(alter->before, name);

	retort_buf_str(alter_action(alter, speed_of(index), 0), "DROP INDEX ");
	retort_sql_name(alter->render, &alter->actions, name);
}

static void add_index(struct alter *alter, const struct retort_index *index)
{
	retort_buf_str(alter_action(alter, speed_of(index), 0), "ADD ");
	table_index(alter->render, &alter->actions, alter->after, index);
}

static void rename_index(struct alter *alter, const char *from, const char *to)
{
	retort_buf_str(alter_action(alter, SPEED_INPLACE, 0), "RENAME INDEX ");
	retort_sql_write(alter->render, &alter->actions, "%n TO %n", from, to);
}

static void drop_constraint(struct alter *alter, const struct retort_constraint *constraint)
{
	bool mariadb = dialect_is_mariadb(alter->render);
	const char *const words[] = {
		[RETORT_UNIQUE] = "INDEX ",
		[RETORT_FOREIGN_KEY] = "FOREIGN KEY ",
		[RETORT_CHECK] = mariadb ? "CONSTRAINT " : "CHECK ",
		[RETORT_EXCLUDE] = "CONSTRAINT ",
	};
	struct retort_buf *action =
		alter_action(alter, speed_drop_constraint(alter->render, constraint->kind), 0);

	if (constraint->kind == RETORT_PRIMARY_KEY) {
		retort_buf_str(action, "DROP PRIMARY KEY");
		return;
	}
	retort_buf_printf(action, "DROP %s", words[constraint->kind]);
	retort_sql_name(alter->render, action, constraint->name ? constraint->name : "");
}

static int add_constraint(struct alter *alter, const struct retort_constraint *constraint)
{
	retort_buf_str(alter_action(alter, speed_add_constraint(alter->render, constraint->kind), 0), "ADD ");
	return table_constraint(alter->render, &alter->actions, constraint, alter->err);
}

/* ---- objects that stay under another name ---- */

static bool equal(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool can_rename_index(const struct alter *alter)
{
	return dialect_since(alter->render, 50700, 100502);
}

/* Whether an operation changes objects in their places, so that those of before and after pair by place. */
static bool keeps_places(const struct retort_op *op, const struct retort_table *before,
	const struct retort_table *after)
{
	return (op->kind == RETORT_OP_RENAME_COLUMN || op->kind == RETORT_OP_RENAME_CONSTRAINT ||
		       op->kind == RETORT_OP_RENAME_INDEX || op->kind == RETORT_OP_RENAME_TABLE ||
		       op->kind == RETORT_OP_VALIDATE_CONSTRAINT) &&
		before->constraint_count == after->constraint_count &&
		before->index_count == after->index_count;
}

/* The server itself follows a renamed column in keys, and MariaDB in CHECKs too. */
static int change_constraint(struct alter *alter, const struct retort_constraint *from,
	const struct retort_constraint *to)
{
	bool renamed = !equal(from->name, to->name);
	bool reworded = from->kind == RETORT_CHECK && !equal(from->expression->sql, to->expression->sql) &&
		!dialect_is_mariadb(alter->render);

	if (from->kind == RETORT_PRIMARY_KEY || (!renamed && !reworded))
		return 0;
	if (from->kind == RETORT_UNIQUE && can_rename_index(alter)) {
		rename_index(alter, from->name, to->name);
		return 0;
	}
	drop_constraint(alter, from);
	if (from->kind != RETORT_FOREIGN_KEY)
		return add_constraint(alter, to);
	/* The same key under another name, which every row has kept. */
	alter->unchecked = true;
	retort_buf_str(alter_action(alter, SPEED_INPLACE, 0), "ADD ");
	return table_constraint(alter->render, &alter->actions, to, alter->err);
}

static void change_index(struct alter *alter, const struct retort_index *from, const struct retort_index *to)
{
	bool renamed = !equal(from->name, to->name);

	if (from->implied || (!renamed && !has_expression(to)))
		return;
	if (renamed && can_rename_index(alter) && !has_expression(to)) {
		rename_index(alter, from->name, to->name);
		return;
	}
	drop_index(alter, from->name);
	add_index(alter, to);
}

static int change_in_place(struct alter *alter)
{
	const struct retort_table *before = alter->before, *after = alter->after;

	for (size_t i = 0; i < before->constraint_count; i++)
		if (before->constraints[i] != after->constraints[i] &&
			change_constraint(alter, before->constraints[i], after->constraints[i]))
			return -1;
	for (size_t i = 0; i < before->index_count; i++)
		if (before->indexes[i] != after->indexes[i])
			change_index(alter, before->indexes[i], after->indexes[i]);
	return 0;
}

/* ---- objects that come and go ---- */

static bool has_constraint(const struct retort_table *table, const struct retort_constraint *constraint)
{
	for (size_t i = 0; i < table->constraint_count; i++)
		if (table->constraints[i] == constraint)
			return true;
	return false;
}

static bool has_index(const struct retort_table *table, const struct retort_index *index)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i] == index)
			return true;
	return false;
}

static void drop_gone(struct alter *alter)
{
	const struct retort_table *before = alter->before, *after = alter->after;

	for (size_t i = 0; i < before->constraint_count; i++)
		if (!has_constraint(after, before->constraints[i]))
			drop_constraint(alter, before->constraints[i]);
	for (size_t i = 0; i < before->index_count; i++)
		if (!before->indexes[i]->implied && !has_index(after, before->indexes[i]))
			drop_index(alter, before->indexes[i]->name);
}

static int add_new(struct alter *alter)
{
	const struct retort_table *before = alter->before, *after = alter->after;

	for (size_t i = 0; i < after->index_count; i++)
		if (!after->indexes[i]->implied && !has_index(before, after->indexes[i]))
			add_index(alter, after->indexes[i]);
	for (size_t i = 0; i < after->constraint_count; i++)
		if (!has_constraint(before, after->constraints[i]) &&
			add_constraint(alter, after->constraints[i]))
			return -1;
	return 0;
}

int alter_keys(struct alter *alter)
{
	if (keeps_places(alter->op, alter->before, alter->after))
		return change_in_place(alter);
	drop_gone(alter);
	return add_new(alter);
}

/* ---- indexes that only serve foreign keys ---- */

/* Whether a table has an implied index of that name. */
static bool implies(struct retort_arena *arena, const struct retort_table *table, const char *name)
{
	for (size_t i = 0; i < table->constraint_count; i++) {
		const char *implied = table_implied_index(arena, table, table->constraints[i]);

		if (implied && strcmp(implied, name) == 0)
			return true;
	}
	return false;
}

/* Begins an action that belongs to no operation in particular. */
static struct retort_buf *gather(struct alter *alter)
{
	if (alter->gathered.len > 0)
		retort_buf_str(&alter->gathered, ", ");
	if (alter->gathered_speed < SPEED_INPLACE)
		alter->gathered_speed = SPEED_INPLACE;
	return &alter->gathered;
}

static void rename_implied(struct alter *alter)
{
	const struct retort_table *start = alter->start, *reached = alter->reached;
	struct retort_arena *arena = alter->render->arena;

	for (size_t i = 0; i < start->constraint_count; i++) {
		const char *from = table_implied_index(arena, start, start->constraints[i]);
		const char *to = table_implied_index(arena, reached, reached->constraints[i]);

		if (!from || !to || strcmp(from, to) == 0)
			continue;
		if (can_rename_index(alter)) {
			retort_buf_str(gather(alter), "RENAME INDEX ");
			retort_sql_write(alter->render, &alter->gathered, "%n TO %n", from, to);
		} else {
			retort_buf_str(gather(alter), "DROP INDEX ");
			retort_sql_name(alter->render, &alter->gathered, from);
			retort_buf_str(gather(alter), "ADD ");
			table_implied_clause(alter->render, &alter->gathered, reached->constraints[i], to);
		}
	}
}

void alter_implied(struct alter *alter)
{
	const struct retort_table *start = alter->start, *reached = alter->reached;
	struct retort_arena *arena = alter->render->arena;

	if (keeps_places(alter->first, start, reached)) {
		rename_implied(alter);
		return;
	}
	for (size_t i = 0; i < start->constraint_count; i++) {
		const char *implied = table_implied_index(arena, start, start->constraints[i]);

		if (!implied || implies(arena, reached, implied))
			continue;
		retort_buf_str(gather(alter), "DROP INDEX ");
		retort_sql_name(alter->render, &alter->gathered, implied);
	}
	for (size_t i = 0; i < reached->constraint_count; i++) {
		const char *implied = table_implied_index(arena, reached, reached->constraints[i]);

		if (!implied || implies(arena, start, implied))
			continue;
		retort_buf_str(gather(alter), "ADD ");
		table_implied_clause(alter->render, &alter->gathered, reached->constraints[i], implied);
	}
}

/* ---- a column that another one replaces ---- */

static bool lists(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (dialect_same(names[i], name))
			return true;
	return false;
}

static bool constraint_uses(const struct retort_constraint *constraint, const char *column)
{
	return lists(constraint->columns, constraint->column_count, column) ||
		expression_names(constraint->expression, column);
}

static bool index_uses(const struct retort_index *index, const char *column)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (dialect_same(index->columns[i]->column, column) ||
			expression_names(index->columns[i]->expression, column))
			return true;
	return false;
}

int alter_remake_users(struct alter *alter, const char *column)
{
	const struct retort_table *before = alter->before, *after = alter->after;

	for (size_t i = 0; i < before->constraint_count; i++) {
		const char *implied =
			table_implied_index(alter->render->arena, before, before->constraints[i]);

		if (!constraint_uses(before->constraints[i], column))
			continue;
		drop_constraint(alter, before->constraints[i]);
		if (implied)
			drop_index(alter, implied);
	}
	for (size_t i = 0; i < before->index_count; i++)
		if (!before->indexes[i]->implied && index_uses(before->indexes[i], column))
			drop_index(alter, before->indexes[i]->name);
	for (size_t i = 0; i < after->index_count; i++)
		if (!after->indexes[i]->implied && index_uses(after->indexes[i], column))
			add_index(alter, after->indexes[i]);
	for (size_t i = 0; i < after->constraint_count; i++) {
		const char *implied = table_implied_index(alter->render->arena, after, after->constraints[i]);

		if (!constraint_uses(after->constraints[i], column))
			continue;
		if (implied) {
			retort_buf_str(alter_action(alter, SPEED_INPLACE, 0), "ADD ");
			table_implied_clause(alter->render, &alter->actions, after->constraints[i], implied);
		}
		if (add_constraint(alter, after->constraints[i]))
			return -1;
	}
	return 0;
}
