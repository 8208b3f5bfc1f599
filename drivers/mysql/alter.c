/* SPDX-License-Identifier: MIT */
#include "alter.h"

#include <string.h>

/* ---- statements ---- */

struct retort_buf *alter_action(struct alter *alter, enum speed speed, unsigned flags)
{
	if (alter->actions.len > 0)
		retort_buf_str(&alter->actions, ", ");
	if (speed > alter->speed)
		alter->speed = speed;
	alter->flags |= flags;
	return &alter->actions;
}

/* Whether the column that the operation modifies stands in the statement already. */
static bool modifies_again(const struct alter *alter)
{
	for (size_t i = 0; alter->changed && i < alter->modified_count; i++)
		if (strcmp(alter->modified[i], alter->changed) == 0)
			return true;
	return false;
}

static bool belongs_together(const struct alter *alter)
{
	return alter->op->group != 0 && alter->op->group == alter->first->group;
}

void alter_join(struct alter *alter)
{
	struct retort_arena *arena = alter->render->arena;

	if (alter->actions.len == 0) {
		alter->reached = alter->after;
		return;
	}
	/* What the user put into one alter_table, or into one column, is done at once, as fast as its
	 * slowest. */
	if (alter->gathered.len > 0 &&
		((alter->gathered_speed != alter->speed && !belongs_together(alter)) ||
			modifies_again(alter) || alter->gathered_unchecked != alter->unchecked))
		alter_flush(alter);
	if (alter->gathered.len == 0) {
		alter->first = alter->op;
		alter->gathered_speed = SPEED_INSTANT;
	}
	if (alter->speed > alter->gathered_speed)
		alter->gathered_speed = alter->speed;
	retort_buf_printf(&alter->gathered, "%s%s", alter->gathered.len > 0 ? ", " : "", alter->actions.data);
	retort_buf_printf(&alter->described, "%s%s", alter->described.len > 0 ? ", " : "",
		retort_op_describe(arena, alter->op));
	alter->gathered_flags |= alter->flags;
	alter->gathered_unchecked = alter->unchecked;
	if (alter->changed)
		RETORT_PUSH(arena, alter->modified, alter->modified_count, alter->changed);
	alter->reached = alter->after;
	retort_buf_clear(&alter->actions);
	alter->speed = SPEED_INSTANT;
	alter->flags = 0;
	alter->changed = NULL;
	alter->unchecked = false;
}

/* Adding a foreign key copies the table to check the rows, unless the session says that they needn't be. */
static void set_checks(const struct alter *alter, bool on)
{
	if (alter->gathered_unchecked)
		retort_plan_add(alter->render->plan, alter->first, 0,
			on ? "SET foreign_key_checks = 1" : "SET foreign_key_checks = 0",
			on ? "check foreign keys again"
			   : "the rows keep the foreign key already: don't check it");
}

void alter_flush(struct alter *alter)
{
	static const char *const algorithms[] = {
		[SPEED_INSTANT] = DIALECT_ALGORITHM "INSTANT",
		[SPEED_INPLACE] = DIALECT_ALGORITHM "INPLACE",
		[SPEED_COPY] = "",
	};
	struct retort_render *render = alter->render;
	const struct retort_op *op = alter->first;
	bool own = op && op->kind == RETORT_OP_CREATE_INDEX && (op->algorithm || op->lock);
	bool copies;
	struct retort_statement *statement;
	struct retort_buf sql;

	if (alter->gathered.len == 0)
		return;
	alter_implied(alter);
	copies = own ? dialect_same(op->algorithm, "copy") : alter->gathered_speed == SPEED_COPY;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "ALTER TABLE %t", alter->before->schema, alter->before->name);
	retort_buf_printf(&sql, " %s%s", alter->gathered.data, own ? "" : algorithms[alter->gathered_speed]);
	if (own && op->algorithm)
		retort_buf_printf(&sql, DIALECT_ALGORITHM "%s", op->algorithm);
	if (own && op->lock)
		retort_buf_printf(&sql, ", LOCK=%s", op->lock);
	if (copies)
		retort_plan_note(render->plan, "%s copies the table '%s': nobody writes to it meanwhile",
			alter->described.data, alter->before->name);
	set_checks(alter, false);
	statement = retort_plan_add(render->plan, alter->first,
		alter->gathered_flags | (copies ? RETORT_STMT_REWRITES : 0), sql.data, alter->described.data);
	statement->before = alter->start;
	statement->after = alter->reached;
	set_checks(alter, true);
	alter->start = alter->reached;
	retort_buf_clear(&alter->gathered);
	retort_buf_clear(&alter->described);
	alter->gathered_flags = 0;
	alter->gathered_unchecked = false;
	alter->modified_count = 0;
	alter->modified = NULL;
}

void alter_pass(struct alter *alter, const struct retort_table *reached)
{
	const struct retort_table *after = alter->after;

	alter->after = reached;
	alter_join(alter);
	alter_flush(alter);
	alter->after = after;
}

void alter_update(struct alter *alter, const char *sql, const char *description)
{
	alter_flush(alter);
	retort_plan_add(alter->render->plan, alter->op, RETORT_STMT_DATA, sql, description);
}

/* ---- operations ---- */

static int drop_column(struct alter *alter)
{
	const struct retort_column *column = retort_table_column(alter->before, alter->op->name);

	if (!column)
		return 0; /* if_exists */
	if (alter_keys(alter))
		return -1;
	retort_buf_str(alter_action(alter, speed_drop_column(alter->render, column), RETORT_STMT_DESTRUCTIVE),
		"DROP COLUMN ");
	retort_sql_name(alter->render, &alter->actions, column->name);
	return 0;
}

static int comment(struct alter *alter)
{
	const struct retort_op *op = alter->op;
	const struct retort_column *before = op->name ? retort_table_column(alter->before, op->name) : NULL;
	struct retort_buf *action;

	if (before && op->name != op->table)
		return alter_modify(alter, alter->after, before, retort_table_column(alter->after, op->name));
	action = alter_action(alter, dialect_is_mariadb(alter->render) ? SPEED_INSTANT : SPEED_INPLACE, 0);
	retort_sql_write(alter->render, action, "COMMENT=%q", op->message ? op->message : "");
	return 0;
}

static bool changes_option(const struct retort_op *op, const char *key)
{
	for (size_t i = 0; i < op->options->option_count; i++)
		if (strcmp(op->options->options[i]->key, key) == 0)
			return true;
	return false;
}

/* The columns' character set goes with the table's; then those with a collation of their own get it back. */
static int convert(struct alter *alter)
{
	struct retort_table *between = retort_table_copy(alter->render->arena, alter->after);

	alter_flush(alter);
	retort_buf_str(alter_action(alter, SPEED_COPY, 0), "CONVERT TO CHARACTER SET ");
	table_charset(alter->render, &alter->actions, alter->after);
	for (size_t i = 0; i < between->column_count; i++) {
		struct retort_column *column = retort_alloc(alter->render->arena, sizeof *column);

		*column = *between->columns[i];
		column->collation = NULL;
		between->columns[i] = column;
	}
	alter_pass(alter, between);
	for (size_t i = 0; i < between->column_count; i++) {
		if (!alter->after->columns[i]->collation)
			continue;
		if (alter_modify(alter, alter->after, between->columns[i], alter->after->columns[i]))
			return -1;
		alter_join(alter);
	}
	return 0;
}

static int set_options(struct alter *alter)
{
	const struct retort_op *op = alter->op;

	for (size_t i = 0; i < op->options->option_count; i++) {
		const struct retort_option *option = op->options->options[i];

		if (strcmp(option->key, "engine") == 0)
			retort_buf_printf(alter_action(alter, SPEED_COPY, 0), "ENGINE=%s",
				option->value ? option->value : "InnoDB");
		else if (strcmp(option->key, "row_format") == 0)
			retort_buf_printf(alter_action(alter, SPEED_COPY, 0), "ROW_FORMAT=%s",
				option->value ? option->value : "DEFAULT");
		else if (strcmp(option->key, "auto_increment") == 0 && option->value)
			retort_buf_printf(alter_action(alter, SPEED_INPLACE, 0), "AUTO_INCREMENT=%s",
				option->value);
	}
	alter_join(alter);
	return changes_option(op, "charset") || changes_option(op, "collate") ? convert(alter) : 0;
}

/* With `algorithm` or `lock` an index is a statement of its own, as the user wants it. */
static int create_index(struct alter *alter)
{
	bool own = alter->op->algorithm || alter->op->lock;

	if (own)
		alter_flush(alter);
	if (alter_keys(alter))
		return -1;
	if (own) {
		alter_join(alter);
		alter_flush(alter);
	}
	return 0;
}

static int one_op(struct alter *alter)
{
	static int (*const by_kind[RETORT_OP_COUNT])(struct alter *) = {
		[RETORT_OP_ADD_COLUMN] = alter_add_column,
		[RETORT_OP_DROP_COLUMN] = drop_column,
		[RETORT_OP_RENAME_COLUMN] = alter_rename_column,
		[RETORT_OP_ALTER_COLUMN] = alter_change_column,
		[RETORT_OP_CREATE_INDEX] = create_index,
		[RETORT_OP_DROP_INDEX] = alter_keys,
		[RETORT_OP_RENAME_INDEX] = alter_keys,
		[RETORT_OP_CREATE_CONSTRAINT] = alter_keys,
		[RETORT_OP_DROP_CONSTRAINT] = alter_keys,
		[RETORT_OP_RENAME_CONSTRAINT] = alter_keys,
		[RETORT_OP_VALIDATE_CONSTRAINT] = alter_keys,
		[RETORT_OP_COMMENT] = comment,
		[RETORT_OP_SET_OPTIONS] = set_options,
	};

	if (!by_kind[alter->op->kind])
		return retort_fail(alter->err, RETORT_E_INTERNAL, "%s is no operation on a table",
			retort_op_word(alter->op));
	return by_kind[alter->op->kind](alter);
}

static void alter_init(struct alter *alter, struct retort_render *render, const struct retort_table *now,
	struct retort_error *err)
{
	*alter = (struct alter){.render = render, .err = err, .before = now, .start = now, .reached = now};
	retort_buf_init(&alter->actions, render->arena);
	retort_buf_init(&alter->gathered, render->arena);
	retort_buf_init(&alter->described, render->arena);
}

int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	struct alter alter;
	struct retort_table *reached = NULL;

	if (check_counting(render, ops[0], after, err))
		return RETORT_FAIL;
	alter_init(&alter, render, now, err);
	for (size_t i = 0; i < n; i++) {
		if (retort_sql_replay(render, alter.before, &ops[i], 1, &reached, err))
			return RETORT_FAIL;
		alter.op = ops[i];
		alter.after = reached;
		if (one_op(&alter))
			return RETORT_FAIL;
		alter_join(&alter);
		alter.before = reached;
	}
	alter_flush(&alter);
	if (n == 1 && ops[0]->kind == RETORT_OP_RENAME_COLUMN)
		object_follow(render, ops[0]);
	return RETORT_OK;
}

/* What still bears its convention name is renamed with the table, and views and triggers follow. */
int alter_rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const char *name = op->name ? op->name : op->table;
	const struct retort_table *now = retort_schema_table(render->schema, op->schema, name);
	const struct retort_table *after =
		render->after ? retort_schema_table(render->after, op->schema, op->to) : NULL;
	struct retort_statement *statement;
	struct retort_table *renamed;
	struct retort_buf sql;
	struct alter alter;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "RENAME TABLE %t TO %t", op->schema, name, op->schema, op->to);
	statement = retort_plan_add(render->plan, op, 0, sql.data, NULL);
	if (now && after) {
		renamed = retort_table_copy(render->arena, now);
		renamed->name = op->to;
		statement->before = now;
		statement->after = renamed;
		alter_init(&alter, render, renamed, err);
		alter.op = op;
		alter.after = after;
		if (alter_keys(&alter))
			return RETORT_FAIL;
		alter_join(&alter);
		alter_flush(&alter);
	}
	object_follow(render, op);
	return RETORT_OK;
}
