/* SPDX-License-Identifier: MIT */
#include "engine/undo.h"

#include <jansson.h>
#include <string.h>

#include "engine/entry.h"
#include "engine/journal.h"
#include "engine/proceed.h"
#include "engine/statement.h"
#include "model/compare.h"
#include "model/reverse.h"

/* How the operation of which a part is done is taken back. */
enum part {
	PART_NONE,    /* there is none */
	PART_WHOLE,   /* as if it were done */
	PART_COLUMNS, /* the columns that its table has more than before are dropped */
	PART_ROWS,    /* so many rows of a file are deleted */
	PART_FINISH   /* it is made whole first */
};

/* What is known of it. */
struct begun {
	enum part part;
	size_t op;                          /* its index */
	const struct retort_table *between; /* COLUMNS: its table as it is */
	unsigned long long rows;            /* ROWS */
};

/* ---- what is done in part ---- */

/* How many rows of a file are in; the file must still hold them. */
static int rows_done(const struct partial *up, const struct retort_statement *statement,
	unsigned long long *rows, struct retort_error *err)
{
	json_t *root = json_loads(up->entry.intent ? up->entry.intent : "{}", 0, NULL);
	int ret;

	*rows = (unsigned long long)json_integer_value(json_object_get(root, "rows"));
	ret = statement_rows_check(statement, *rows, json_string_value(json_object_get(root, "seen")), NULL,
		err);
	json_decref(root);
	return ret;
}

/* The state of a table as the last statement on it left it; NULL: not known, or another table was changed
 * too. */
static const struct retort_table *table_between(const struct partial *up)
{
	size_t done = (size_t)up->entry.done;
	const struct retort_op *op = up->planned.ops[up->stored[done].op];
	const struct retort_table *between = NULL;

	for (size_t i = done; i-- > 0 && up->stored[i].op == up->stored[done].op;) {
		const struct retort_statement *statement = &up->stored[i].statement;

		if (statement->op && op->table && statement->op->table &&
			strcmp(statement->op->table, op->table) != 0)
			return NULL;
		if (!between && statement->after)
			between = statement->after;
		else if (!between && !(statement->flags & (RETORT_STMT_DATA | RETORT_STMT_CHECK)))
			return NULL;
	}
	return between;
}

/* Whether a table only has more columns than before. */
static bool only_columns(const struct partial *up, const struct retort_table *before,
	const struct retort_table *between)
{
	const struct compare_options options = {.syntax = up->run->session->dialect->syntax};
	struct retort_table *without = retort_table_copy(up->run->arena, between);
	struct difference *differences;
	size_t count, kept = 0;

	for (size_t i = 0; i < without->column_count; i++)
		if (retort_table_column(before, without->columns[i]->name))
			without->columns[kept++] = without->columns[i];
	if (kept == between->column_count)
		return false;
	without->column_count = kept;
	compare_tables(up->run->arena, before, without, &options, &differences, &count);
	return count == 0;
}

/* Decides how what has begun is taken back; the same each time, from what is stored alone. */
static int look_at_begun(const struct partial *up, struct begun *begun, struct retort_error *err)
{
	const struct retort_table *before, *between;
	const struct stored *next = &up->stored[up->entry.done];
	const struct retort_op *op;
	struct retort_schema *schema;

	*begun = (struct begun){0};
	if (!partial_inside(up))
		return 0;
	op = up->planned.ops[next->op];
	*begun = (struct begun){.part = PART_FINISH, .op = next->op};
	if (op->kind == RETORT_OP_CREATE_TABLE || (op->kind == RETORT_OP_INSERT_ROWS && op->reverse)) {
		begun->part = PART_WHOLE;
		return 0;
	}
	if (next->statement.kind == RETORT_STATEMENT_ROWS && op->kind == RETORT_OP_INSERT_ROWS) {
		begun->part = PART_ROWS;
		return rows_done(up, &next->statement, &begun->rows, err);
	}
	if (op->reverse || partial_schema(up, next->op, &schema, err) < 0)
		return op->reverse ? 0 : -1;
	between = table_between(up);
	before = between ? retort_schema_table(schema, between->schema, between->name) : NULL;
	if (before && only_columns(up, before, between)) {
		begun->part = PART_COLUMNS;
		begun->between = between;
	}
	return 0;
}

/* ---- the operations that undo ---- */

/* Drops the columns that a table has more. */
static void drop_columns(struct partial *up, const struct begun *begun, const struct retort_table *before,
	const struct retort_op ***ops, size_t *count)
{
	struct retort_arena *arena = up->run->arena;

	for (size_t i = 0; i < begun->between->column_count; i++) {
		const char *name = begun->between->columns[i]->name;
		struct retort_op *op;

		if (retort_table_column(before, name))
			continue;
		op = retort_alloc(arena, sizeof *op);
		op->kind = RETORT_OP_DROP_COLUMN;
		op->schema = begun->between->schema;
		op->table = begun->between->name;
		op->name = name;
		op->file = up->planned.ops[begun->op]->file;
		op->line = up->planned.ops[begun->op]->line;
		op->line_column = up->planned.ops[begun->op]->line_column;
		RETORT_PUSH(arena, *ops, *count, op);
	}
}

/* What undoes n operations, and the schema that they lead to. */
static int reverse_done(struct partial *up, const struct begun *begun, struct partial *down,
	struct retort_error *err)
{
	struct run *run = up->run;
	const struct retort_op **ops = NULL, **done;
	size_t n = up->entry.done ? up->stored[up->entry.done - 1].next : 0, count = 0, done_count;

	if (begun->part == PART_COLUMNS)
		n = begun->op;
	else if (begun->part != PART_NONE)
		n = up->stored[up->entry.done].next;
	if (partial_schema(up, n, &down->before, err) < 0 ||
		reverse_ops(run->arena, up->before, up->planned.ops, n, run->session->dialect->syntax, &done,
			&done_count, err) < 0)
		return -1;
	if (begun->part == PART_COLUMNS) {
		drop_columns(up, begun,
			retort_schema_table(down->before, begun->between->schema, begun->between->name), &ops,
			&count);
		retort_schema_put_table(down->before, retort_table_copy(run->arena, begun->between));
	}
	for (size_t i = 0; i < done_count; i++) {
		struct retort_op *copy;

		if (i == 0 && begun->part == PART_ROWS && done[0]->rows) {
			copy = retort_alloc(run->arena, sizeof *copy);
			*copy = *done[0];
			copy->rows = retort_alloc(run->arena, sizeof *copy->rows);
			*copy->rows = *done[0]->rows;
			copy->rows->first = begun->rows;
			done[0] = copy;
		}
		RETORT_PUSH(run->arena, ops, count, done[i]);
	}
	down->planned.ops = ops;
	down->planned.op_count = count;
	return 0;
}

/* Turns a half-done upgrade into the step that undoes what is done of it. */
static int turn(struct partial *up, const struct begun *begun, struct partial *down, struct retort_error *err)
{
	struct step *step = retort_alloc(up->run->arena, sizeof *step);

	*step = *up->planned.step;
	step->direction = DIRECTION_DOWNGRADE;
	step->from = up->planned.step->to;
	step->from_count = up->planned.step->to_count;
	step->to = up->planned.step->from;
	step->to_count = up->planned.step->from_count;
	*down = (struct partial){.run = up->run, .planned = up->planned};
	down->planned.step = step;
	if (reverse_done(up, begun, down, err) == 0)
		return 0;
	retort_error_prefix(err, "cannot undo the half-done '%s'", up->entry.revision);
	return -1;
}

/* ---- the undo ---- */

/* Opens its journal; what was found out of the upgrade is stored with it, since what comes now changes what
 * it was found out from. */
static int open_undo(struct partial *down, const struct partial *up, struct retort_error *err)
{
	struct run *run = down->run;
	struct journal journal = {.run = run};

	down->entry = entry_make(run, &down->planned, history_now(run->arena));
	down->entry.revision = up->entry.revision;
	down->entry.plan = "[]";
	down->entry.done = down->entry.statements = 0;
	journal.entry = down->entry;
	if (session_begin(run->session, 0, err) < 0)
		return -1;
	if (history_update(run->session, &up->entry, err) < 0 || journal_open(&journal, err) < 0 ||
		lock_check(run->session, &run->lock, err) < 0 || session_commit(run->session, err) < 0) {
		session_rollback(run->session);
		return -1;
	}
	down->entry = journal.entry;
	return 0;
}

/* Makes the operation that is done in part whole. */
static int finish_begun(struct partial *up, struct begun *begun, struct retort_error *err)
{
	if (proceed_operation(up, err) == 0) {
		*begun = (struct begun){0};
		return 0;
	}
	retort_error_prefix(err, "cannot undo the half-done '%s': it was to be made whole first",
		up->entry.revision);
	return -1;
}

int undo_upgrade(struct run *run, const struct history_entry *upgrade, const struct history_entry *undo,
	struct retort_error *err)
{
	struct history_entry *original = retort_alloc(run->arena, sizeof *original);
	struct revision_list rows;
	struct step_list one;
	struct partial up, down;
	struct begun begun;

	if (run_read_rows(run, err) < 0 || run_revisions(run, &run->rows, &rows, err) < 0 ||
		graph_upgrade(run->project->graph, &rows, upgrade->revision, &one, err) < 0)
		return -1;
	if (one.count != 1)
		return retort_fail(err, RETORT_E_STATE,
			"cannot undo the half-done '%s': what it stands on was taken back",
			upgrade->revision);
	if (partial_load(run, upgrade, &one.items[0], &up, err) < 0 || partial_settle(&up, err) < 0 ||
		look_at_begun(&up, &begun, err) < 0)
		return -1;
	/* That nothing is touched where something can't be reversed is found out before anything is. */
	if (turn(&up, &begun, &down, err) < 0 ||
		(begun.part == PART_FINISH &&
			(finish_begun(&up, &begun, err) < 0 || turn(&up, &begun, &down, err) < 0)))
		return -1;
	*original = up.entry;
	if (undo) {
		down.entry = *undo;
		if (partial_read(&down, err) < 0)
			return -1;
	} else if (open_undo(&down, &up, err) < 0) {
		return -1;
	}
	run->expected = run->rows;
	return partial_settle(&down, err) < 0 ? -1 : proceed(&down, NULL, original, err);
}
