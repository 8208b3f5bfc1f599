/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "model/replay.h"
#include "sql/group.h"

/* What a group did to a name: properties of a column (RETORT_ALTER_*), or all. */
enum { TOUCHED_WHOLE = 1 << 30 };

struct group {
	struct retort_arena *arena;
	const struct retort_table *now;
	unsigned syntax;
	struct map *columns, *keys; /* names to what was done to them, plus 1 */
	struct map *used;           /* columns that a constraint or index of the group names */
};

static bool same_table(const struct retort_op *a, const struct retort_op *b)
{
	return strcmp(a->table, b->table) == 0 &&
		strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "") == 0;
}

static bool is_rename(const struct retort_op *op)
{
	return op->kind == RETORT_OP_RENAME_COLUMN || op->kind == RETORT_OP_RENAME_INDEX ||
		op->kind == RETORT_OP_RENAME_CONSTRAINT;
}

static bool is_on_column(const struct retort_op *op)
{
	return op->kind == RETORT_OP_ADD_COLUMN || op->kind == RETORT_OP_DROP_COLUMN ||
		op->kind == RETORT_OP_ALTER_COLUMN || op->kind == RETORT_OP_COMMENT;
}

static const char *op_name(const struct retort_op *op)
{
	return op->name          ? op->name
		: op->column     ? op->column->name
		: op->index      ? op->index->name
		: op->constraint ? op->constraint->name
				 : NULL;
}

/* What op does to its name. */
static unsigned touch_of(const struct retort_op *op)
{
	return op->kind == RETORT_OP_ALTER_COLUMN ? op->alter
		: op->kind == RETORT_OP_COMMENT   ? (unsigned)RETORT_ALTER_COMMENT
						  : (unsigned)TOUCHED_WHOLE;
}

static unsigned touched(const struct map *names, const char *name)
{
	return (unsigned)(uintptr_t)map_get(names, name);
}

static void touch(struct map *names, const char *name, unsigned what)
{
	map_put(names, name, (void *)(uintptr_t)(touched(names, name) | what));
}

/* Whether op may not join what the group did so far. */
static bool clashes(const struct group *group, const struct retort_op *op)
{
	const char *name = op_name(op);
	unsigned before;

	if (!name)
		return false;
	before = touched(is_on_column(op) ? group->columns : group->keys, name);
	if (op->kind == RETORT_OP_DROP_COLUMN && map_get(group->used, name))
		return true;
	return before != 0 && (((before | touch_of(op)) & TOUCHED_WHOLE) || (before & touch_of(op)));
}

static void use_columns(struct group *group, const struct retort_op *op)
{
	for (size_t i = 0; op->constraint && i < op->constraint->column_count; i++)
		touch(group->used, op->constraint->columns[i], 1);
	for (size_t i = 0; op->index && i < op->index->column_count; i++)
		if (op->index->columns[i]->column)
			touch(group->used, op->index->columns[i]->column, 1);
	for (size_t i = 0; op->index && i < op->index->include_count; i++)
		touch(group->used, op->index->include[i], 1);
}

static void join(struct group *group, const struct retort_op *op)
{
	const char *name = op_name(op);
	struct replay_users users = {0};

	use_columns(group, op);
	if (name)
		touch(is_on_column(op) ? group->columns : group->keys, name, touch_of(op));
	if (op->kind != RETORT_OP_DROP_COLUMN || !group->now)
		return;
	replay_column_users(group->arena, group->now, name, group->syntax, &users);
	for (size_t i = 0; i < users.constraint_count; i++)
		if (users.constraints[i]->name)
			touch(group->keys, users.constraints[i]->name, TOUCHED_WHOLE);
	for (size_t i = 0; i < users.index_count; i++)
		if (users.indexes[i]->name)
			touch(group->keys, users.indexes[i]->name, TOUCHED_WHOLE);
}

size_t group_length(struct retort_arena *arena, const struct retort_table *now,
	const struct retort_op *const *ops, size_t n, unsigned syntax)
{
	struct group group = {.arena = arena, .now = now, .syntax = syntax};
	size_t length = 1;

	if (n < 2 || is_rename(ops[0]) || !replay_is_table_op(ops[1]) || !same_table(ops[0], ops[1]))
		return 1;
	group.columns = map_new(arena);
	group.keys = map_new(arena);
	group.used = map_new(arena);
	join(&group, ops[0]);
	while (length < n && replay_is_table_op(ops[length]) && same_table(ops[0], ops[length]) &&
		!is_rename(ops[length]) && !clashes(&group, ops[length]))
		join(&group, ops[length++]);
	return length;
}
