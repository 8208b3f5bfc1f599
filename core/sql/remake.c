/* SPDX-License-Identifier: MIT */
#include "sql/remake.h"

#include <string.h>

#include "model/catalog.h"
#include "model/replay.h"
#include "sql/alter.h"

/* A new column for as long as the old one is there. */
#define SPARE_NAME "retort_new"

/* A foreign key of another table that stepped aside. */
struct away {
	const struct retort_table *table;
	const char *key;
};

/* One operation at work. */
struct remake {
	struct retort_render render; /* its schema is the state that the steps so far lead to */
	struct retort_schema *state, *after;
	const struct retort_op *op;
	const struct retort_table *from, *to;
	bool any;    /* a key gets another name, to which any foreign key may refer */
	bool widens; /* the column's type gets wider in its place, which only keys don't let it */
	struct away *away;
	size_t away_count;
	struct retort_error *err;
};

static const struct retort_table *state_of(const struct remake *remake, const struct retort_table *table)
{
	return retort_schema_table(remake->state, table->schema, table->name);
}

/* ---- steps ---- */

/* Tells the statements since first what they come from and lead to. */
static void mark(struct remake *remake, size_t first, const struct retort_op *op,
	const struct retort_table *before)
{
	struct retort_plan *plan = remake->render.plan;

	for (size_t i = first; i < plan->statement_count; i++) {
		plan->statements[i]->op = op;
		plan->statements[i]->before = before;
		plan->statements[i]->after = state_of(remake, before);
	}
}

/* An operation that the engine has, in the place of a part of the one at hand. */
static int step(struct remake *remake, const struct retort_table *table, struct retort_op part)
{
	const struct retort_op *whole = remake->op;
	struct retort_op *op = retort_alloc(remake->render.arena, sizeof *op);
	const struct retort_table *before = state_of(remake, table);
	size_t first = remake->render.plan->statement_count;
	struct alteration alteration;

	*op = part;
	op->schema = table->schema;
	op->table = table->name;
	op->file = whole->file;
	op->line = whole->line;
	op->line_column = whole->line_column;
	op->index_in_file = whole->index_in_file;
	alteration_init(&alteration, &remake->render, op->schema, op->table);
	if (alter_render(&alteration, op, remake->err) ||
		replay_apply(remake->state, op, remake->render.dialect->syntax, remake->err))
		return -1;
	alteration_flush(&alteration);
	mark(remake, first, table == remake->from ? whole : op, before);
	return 0;
}

/* A copy of the table at hand in which the column may be changed. */
static struct retort_table *changed(struct remake *remake, const char *name, struct retort_column **column)
{
	struct retort_table *table = retort_table_copy(remake->render.arena, state_of(remake, remake->from));

	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i]->name, name) == 0)
			*column = retort_table_own_column(remake->render.arena, table, i);
	return table;
}

/* A statement of its own, which leads to the table after; NULL: the table stays as it is. */
static void state(struct remake *remake, unsigned flags, struct retort_table *after, const char *sql)
{
	const struct retort_table *before = state_of(remake, remake->from);

	retort_plan_add(remake->render.plan, remake->op, flags, sql, NULL);
	if (after)
		retort_schema_put_table(remake->state, after);
	mark(remake, remake->render.plan->statement_count - 1, remake->op, before);
}

/* ---- what uses a column ---- */

/* Whether a foreign key refers to this column of the table. */
static bool refers(const struct remake *remake, const struct retort_constraint *key, const char *column)
{
	if (key->kind != RETORT_FOREIGN_KEY || !name_equal(key->references->table, remake->from->name) ||
		!name_equal(key->references->schema, remake->from->schema))
		return false;
	for (size_t i = 0; column && i < key->references->column_count; i++)
		if (strcmp(key->references->columns[i], column) == 0)
			return true;
	return remake->any || (column && key->references->column_count == 0);
}

static int drop_constraint(struct remake *remake, const struct retort_table *table, const char *name)
{
	return step(remake, table, (struct retort_op){.kind = RETORT_OP_DROP_CONSTRAINT, .name = name});
}

/* Drops the foreign keys of other tables. */
static int send_away(struct remake *remake, const char *column)
{
	struct retort_arena *arena = remake->render.arena;
	struct retort_table **referrers;
	size_t n =
		catalog_referrers(arena, remake->state, remake->from->schema, remake->from->name, &referrers);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; referrers[i] != remake->from && k < referrers[i]->constraint_count; k++) {
			struct away away = {referrers[i], referrers[i]->constraints[k]->name};

			if (!away.key || !refers(remake, referrers[i]->constraints[k], column))
				continue;
			RETORT_PUSH(arena, remake->away, remake->away_count, away);
			if (drop_constraint(remake, away.table, away.key))
				return -1;
		}
	return 0;
}

static bool uses_constraint(const struct replay_users *users, const struct retort_constraint *constraint)
{
	for (size_t i = 0; i < users->constraint_count; i++)
		if (users->constraints[i] == constraint)
			return true;
	return false;
}

static bool uses_index(const struct replay_users *users, const struct retort_index *index)
{
	for (size_t i = 0; i < users->index_count; i++)
		if (users->indexes[i] == index)
			return true;
	return false;
}

/* Drops what uses the column (NULL: nothing) and what is not there after the operation: keys that refer
 * first.
 */
static int detach(struct remake *remake, const char *column)
{
	const struct retort_table *from = remake->from;
	struct replay_users users = {0};

	if (column)
		replay_column_users(remake->render.arena, from, column, remake->render.dialect->syntax,
			&users);
	if (send_away(remake, column))
		return -1;
	for (int keys = 1; keys >= 0; keys--)
		for (size_t i = from->constraint_count; i-- > 0;) {
			const struct retort_constraint *constraint = from->constraints[i];

			if (constraint->name && (constraint->kind == RETORT_FOREIGN_KEY) == keys &&
				!(remake->widens && constraint->kind == RETORT_CHECK) &&
				(uses_constraint(&users, constraint) || refers(remake, constraint, column) ||
					!retort_table_constraint(remake->to, constraint->name)) &&
				drop_constraint(remake, from, constraint->name))
				return -1;
		}
	for (size_t i = from->index_count; i-- > 0;) {
		const struct retort_index *index = from->indexes[i];

		if (index->name && !index->implied && !remake->widens &&
			(uses_index(&users, index) || !retort_table_index(remake->to, index->name)) &&
			step(remake, from,
				(struct retort_op){.kind = RETORT_OP_DROP_INDEX, .name = index->name}))
			return -1;
	}
	return 0;
}

static int add_constraint(struct remake *remake, const struct retort_table *table,
	const struct retort_table *from, const char *name)
{
	struct retort_constraint *constraint = retort_table_constraint(from, name);

	return constraint ? step(remake, table,
				    (struct retort_op){.kind = RETORT_OP_CREATE_CONSTRAINT,
					    .name = name,
					    .constraint = constraint})
			  : 0;
}

/* Makes what is there after the operation and isn't yet, then the foreign keys of other tables. */
static int attach(struct remake *remake)
{
	static const enum retort_constraint_kind order[] = {RETORT_PRIMARY_KEY, RETORT_UNIQUE, RETORT_CHECK,
		RETORT_EXCLUDE, RETORT_FOREIGN_KEY};
	const struct retort_table *to = remake->to;

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < to->constraint_count; i++)
			if (to->constraints[i]->kind == order[k] && to->constraints[i]->name &&
				!retort_table_constraint(state_of(remake, to), to->constraints[i]->name) &&
				add_constraint(remake, remake->from, to, to->constraints[i]->name))
				return -1;
	for (size_t i = 0; i < to->index_count; i++)
		if (to->indexes[i]->name && !retort_table_index(state_of(remake, to), to->indexes[i]->name) &&
			step(remake, remake->from,
				(struct retort_op){.kind = RETORT_OP_CREATE_INDEX,
					.name = to->indexes[i]->name,
					.index = to->indexes[i]}))
			return -1;
	for (size_t i = remake->away_count; i-- > 0;) {
		const struct retort_table *table = remake->away[i].table;

		if (add_constraint(remake, table,
			    retort_schema_table(remake->after, table->schema, table->name),
			    remake->away[i].key))
			return -1;
	}
	return 0;
}

/* ---- columns ---- */

/* The type's text as a type of its own: no CHECK stands in for it. */
static const struct retort_type *bare_type(struct remake *remake, const struct retort_table *table,
	const struct retort_column *column)
{
	struct retort_type *type = retort_type_new(remake->render.arena, RETORT_TYPE_NATIVE);
	struct retort_buf text;

	retort_buf_init(&text, remake->render.arena);
	if (retort_sql_column_type(&remake->render, &text, table, column, remake->err))
		return NULL;
	type->native = text.data;
	return type;
}

/* Makes or drops the CHECK that stands in for a column's type: of `to`, or of the state. */
static int type_check(struct remake *remake, const char *name, const struct retort_column *made)
{
	struct retort_render *render = &remake->render;
	struct retort_column *column = NULL;
	struct retort_table *after = changed(remake, name, &column);
	struct retort_buf check, sql;

	retort_buf_init(&check, render->arena);
	if (retort_sql_type_check(render, &check, made ? made : column, remake->err))
		return -1;
	if (!made && (check.len == 0 || !column->type_check_name))
		return 0;
	retort_buf_init(&sql, render->arena);
	if (made)
		retort_sql_write(render, &sql, "ALTER TABLE %t ADD %s", after->schema, after->name,
			check.data);
	else
		retort_sql_write(render, &sql, "ALTER TABLE %t DROP CONSTRAINT %n", after->schema,
			after->name, column->type_check_name);
	column->type = made ? made->type : bare_type(remake, after, column);
	column->type_check_name = made ? made->type_check_name : NULL;
	if (check.len > 0)
		state(remake, 0, after, sql.data);
	else
		retort_schema_put_table(remake->state, after);
	return column->type ? 0 : -1;
}

/* UPDATE t SET column = fill */
static int fill(struct remake *remake, const struct retort_column *column, const struct retort_value *value,
	bool missing_only)
{
	struct retort_op op = *remake->op;
	size_t first = remake->render.plan->statement_count;
	struct alteration alteration;

	op.fill = value;
	alteration_init(&alteration, &remake->render, op.schema, op.table);
	if (alter_fill(&alteration, &op, column, missing_only, remake->err))
		return -1;
	mark(remake, first, remake->op, state_of(remake, remake->from));
	return 0;
}

/* One property of a column becomes what it is after the operation. */
static int set(struct remake *remake, const struct retort_column *to, unsigned property)
{
	return step(remake, remake->from,
		(struct retort_op){.kind = RETORT_OP_ALTER_COLUMN,
			.name = to->name,
			.column = (struct retort_column *)to,
			.alter = property});
}

/* Existing rows get the default as well, which the engine gives to new ones alone. */
static int add_column(struct remake *remake)
{
	struct retort_arena *arena = remake->render.arena;
	const struct retort_column *to = retort_table_column(remake->to, remake->op->column->name);
	struct retort_op part = *remake->op;
	struct retort_column *column = retort_alloc(arena, sizeof *column);
	const struct retort_value *value = to->computed ? NULL : part.fill;
	struct retort_value given = {.kind = RETORT_DEFAULT_NULL};

	if (!to->computed && !value && to->def && to->def->kind != RETORT_DEFAULT_NULL) {
		given.kind = to->def->kind;
		given.text = to->def->text;
		value = &given;
	}
	*column = *to;
	column->nullable = to->nullable || value;
	column->comment = NULL;
	part.column = column;
	part.fill = NULL;
	if (step(remake, remake->from, part) || (value && fill(remake, to, value, false)) ||
		(value && !to->nullable && set(remake, to, RETORT_ALTER_NULLABLE)))
		return -1;
	return to->comment ? set(remake, to, RETORT_ALTER_COMMENT) : 0;
}

/* Puts the column that is last into the place that it has after the operation. */
static void move_column(struct remake *remake, const struct retort_column *to)
{
	const struct retort_render *render = &remake->render;
	struct retort_column *moved = NULL;
	struct retort_table *after = changed(remake, to->name, &moved);
	size_t place = 0;
	struct retort_buf sql;

	while (remake->to->columns[place] != to)
		place++;
	if (!render->dialect->move_column || place + 1 == after->column_count)
		return;
	memmove(&after->columns[place + 1], &after->columns[place],
		(after->column_count - 1 - place) * sizeof *after->columns);
	after->columns[place] = moved;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "ALTER TABLE %t ", after->schema, after->name);
	retort_sql_write(render, &sql, render->dialect->move_column, to->name,
		retort_printf(render->arena, "%zu", place + 1));
	state(remake, 0, after, sql.data);
}

/* Its counter goes on behind the rows. */
static int count_on(struct remake *remake)
{
	struct retort_render *render = &remake->render;
	const struct retort_table *table = state_of(remake, remake->from);
	size_t first = render->plan->statement_count;
	int rc = render->dialect->after_rows
		? render->dialect->after_rows(render, remake->op, table, remake->err)
		: RETORT_PASS;

	mark(remake, first, remake->op, table);
	return rc == RETORT_FAIL ? -1 : 0;
}

/* Makes a column anew beside the old one, fills it from that and puts it in its place. */
static int make_anew(struct remake *remake, const struct retort_column *to)
{
	const struct retort_op *op = remake->op;
	struct retort_render *render = &remake->render;
	struct retort_column *spare = retort_alloc(render->arena, sizeof *spare);
	struct retort_op add = {.kind = RETORT_OP_ADD_COLUMN, .name = SPARE_NAME, .column = spare};
	struct retort_buf value, sql;

	*spare = *to;
	spare->name = SPARE_NAME;
	spare->def = NULL;
	spare->comment = spare->type_check_name = spare->enum_type_name = NULL;
	spare->nullable = to->autoincrement == RETORT_AUTO_NONE;
	spare->type = bare_type(remake, remake->to, to);
	if (!spare->type || step(remake, remake->from, add))
		return -1;
	retort_buf_init(&value, render->arena);
	if (op->cast)
		retort_sql_expression(&value, op->cast->sql);
	else
		retort_sql_name(render, &value, to->name);
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "UPDATE %t SET %n = CAST(%s AS %s)", op->schema, op->table, SPARE_NAME,
		value.data, spare->type->native);
	if (!to->computed)
		state(remake, RETORT_STMT_DATA | RETORT_STMT_REWRITES, NULL, sql.data);
	if (step(remake, remake->from, (struct retort_op){.kind = RETORT_OP_DROP_COLUMN, .name = to->name}) ||
		step(remake, remake->from,
			(struct retort_op){.kind = RETORT_OP_RENAME_COLUMN,
				.name = SPARE_NAME,
				.to = to->name}))
		return -1;
	move_column(remake, to);
	if (type_check(remake, to->name, to))
		return -1;
	if (to->autoincrement != RETORT_AUTO_NONE && count_on(remake))
		return -1;
	return to->def && to->def->kind != RETORT_DEFAULT_NULL ? set(remake, to, RETORT_ALTER_DEFAULT) : 0;
}

static int widen(struct remake *remake, const struct retort_column *to)
{
	struct retort_column *column = NULL;
	struct retort_table *after = changed(remake, to->name, &column);
	struct retort_buf sql;

	column->type = to->type;
	retort_buf_init(&sql, remake->render.arena);
	retort_sql_write(&remake->render, &sql, "ALTER TABLE %t ALTER COLUMN %n TYPE ", after->schema,
		after->name, to->name);
	if (retort_sql_type(&remake->render, &sql, to->type, remake->err))
		return -1;
	state(remake, 0, after, sql.data);
	return 0;
}

/* Whether every value of a type is one of another, which is of the same nature. */
static bool is_wider(const struct retort_type *from, const struct retort_type *to)
{
	bool integers = from->kind >= RETORT_TYPE_SMALLINT && to->kind <= RETORT_TYPE_BIGINT;
	bool floats = from->kind >= RETORT_TYPE_FLOAT && to->kind <= RETORT_TYPE_DOUBLE;

	if (from->kind == RETORT_TYPE_STRING && to->kind == RETORT_TYPE_STRING)
		return from->length > 0 && to->length >= from->length;
	return (integers || floats) && to->kind >= from->kind && to->is_unsigned == from->is_unsigned;
}

/* anew: the column is made anew; else only the properties that the operation names change. */
static int alter_held_column(struct remake *remake, const struct retort_column *to, bool anew)
{
	const struct retort_op *op = remake->op;
	unsigned alter = op->alter;
	bool nullable = (alter & RETORT_ALTER_NULLABLE) != 0, comment = (alter & RETORT_ALTER_COMMENT) != 0;

	if (anew) {
		if (make_anew(remake, to))
			return -1;
		nullable = !to->nullable && to->autoincrement == RETORT_AUTO_NONE;
		comment = to->comment != NULL;
	} else if (((alter & RETORT_ALTER_TYPE) && widen(remake, to)) ||
		((alter & RETORT_ALTER_DEFAULT) && set(remake, to, RETORT_ALTER_DEFAULT))) {
		return -1;
	}
	if ((op->fill && fill(remake, to, op->fill, true)) ||
		(nullable && set(remake, to, RETORT_ALTER_NULLABLE)))
		return -1;
	return comment ? set(remake, to, RETORT_ALTER_COMMENT) : 0;
}

/* ---- the operation ---- */

/* Drops what is in the way, changes the column, and makes it all again. */
static int remake_column(struct remake *remake, const struct retort_column *to)
{
	const struct retort_op *op = remake->op;
	bool alters = op->kind == RETORT_OP_ALTER_COLUMN, renames = op->kind == RETORT_OP_RENAME_COLUMN;

	if (detach(remake, op->name) || (!remake->widens && type_check(remake, op->name, NULL)))
		return -1;
	if (alters ? alter_held_column(remake, to, !remake->widens) : step(remake, remake->from, *op))
		return -1;
	if (renames && type_check(remake, to->name, to))
		return -1;
	return attach(remake);
}

static int remake_part(struct remake *remake)
{
	const unsigned anew = RETORT_ALTER_TYPE | RETORT_ALTER_AUTOINCREMENT | RETORT_ALTER_COLLATION |
		RETORT_ALTER_COMPUTED;
	const struct retort_op *op = remake->op;
	const char *name = op->kind == RETORT_OP_RENAME_COLUMN ? op->to : op->name;
	const struct retort_column *from = op->name ? retort_table_column(remake->from, op->name) : NULL;
	const struct retort_column *to = name ? retort_table_column(remake->to, name) : NULL;
	const struct retort_constraint *key;

	if (op->kind == RETORT_OP_ADD_COLUMN)
		return add_column(remake);
	if (op->kind == RETORT_OP_ALTER_COLUMN && from && to) {
		remake->widens = (op->alter & anew) == RETORT_ALTER_TYPE && !op->cast && !to->collation &&
			is_wider(from->type, to->type);
		return op->alter & anew ? remake_column(remake, to) : alter_held_column(remake, to, false);
	}
	if (from && (op->kind == RETORT_OP_DROP_COLUMN || op->kind == RETORT_OP_RENAME_COLUMN))
		return remake_column(remake, to);
	if (op->kind != RETORT_OP_RENAME_CONSTRAINT && op->kind != RETORT_OP_RENAME_INDEX)
		return step(remake, remake->from, *op);
	key = retort_table_constraint(remake->from, op->name);
	remake->any = key && (key->kind == RETORT_PRIMARY_KEY || key->kind == RETORT_UNIQUE);
	return detach(remake, NULL) || attach(remake) ? -1 : 0;
}

int remake_render(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_plan *plan = render->plan;
	size_t first = plan->statement_count;
	struct remake remake = {.render = *render, .op = op, .err = err};
	struct retort_table *to;

	remake.state = retort_schema_copy(render->arena, render->schema);
	remake.render.schema = remake.state;
	if (alter_states(render, op, &remake.from, &to, err))
		return -1;
	remake.to = to;
	remake.after = retort_schema_copy(render->arena, render->schema);
	if (replay_apply(remake.after, op, render->dialect->syntax, err) || remake_part(&remake))
		return -1;
	for (size_t i = plan->statement_count; i-- > first;)
		if (plan->statements[i]->op == op) {
			plan->statements[i]->after = to;
			break;
		}
	return 0;
}
