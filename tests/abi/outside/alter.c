/* SPDX-License-Identifier: MIT
 *
 * Changes of a table. Firebird changes little in place: what uses a column is dropped before and made again
 * after, and a column whose type can't be changed is made anew, filled and renamed. Each statement tells the
 * table before and after it, so that an interrupted run finds its place.
 */
#include "firebird.h"

#include <string.h>

#define SPARE "RETORT$NEW"

/* A foreign key of another table that was dropped. */
struct away {
	const char *table, *key;
};

struct work {
	struct retort_render *render;
	struct retort_arena *arena;
	const struct retort_op *op;
	const struct retort_table *state; /* after the statements so far */
	struct away *away;
	size_t away_count;
	struct retort_error *err;
};

/* Adds a statement that leads to the table after; NULL: the table stays as it is. */
static void add(struct work *work, unsigned flags, const struct retort_table *after, const char *format, ...)
{
	struct retort_statement *statement;
	struct retort_buf sql;
	va_list ap;

	va_start(ap, format);
	retort_buf_init(&sql, work->arena);
	sql_vwrite(work->render, &sql, format, ap);
	va_end(ap);
	statement = retort_plan_add(work->render->plan, work->op, flags, sql.data, NULL);
	statement->before = work->state;
	work->state = statement->after = after ? after : work->state;
}

static size_t place_of(const struct retort_table *table, const char *column)
{
	size_t i = 0;

	while (i < table->column_count && strcmp(table->columns[i]->name, column) != 0)
		i++;
	return i;
}

/* A copy of the state in which a column may be changed. */
static struct retort_table *changed(struct work *work, const char *name, struct retort_column **column)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);

	*column = retort_table_own_column(work->arena, after, place_of(after, name));
	return after;
}

/* ---- what uses a column ---- */

static bool among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool constraint_uses(struct work *work, const struct retort_constraint *constraint, const char *column)
{
	const char *at = constraint->expression ? constraint->expression->sql : "";
	struct retort_token token;

	while ((token = retort_sql_word(firebird_dialect.syntax, &at)).kind != RETORT_TOKEN_END)
		if ((token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			strcmp(retort_token_name(work->arena, &token), column) == 0)
			return true;
	return among(constraint->columns, constraint->column_count, column);
}

static bool index_uses(const struct retort_index *index, const char *column)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i]->column && strcmp(index->columns[i]->column, column) == 0)
			return true;
	return false;
}

/* Whether a foreign key refers to a column of the table; where it names none, to the primary key. */
static bool refers(const struct retort_constraint *key, const struct retort_table *to, const char *column)
{
	const struct retort_constraint *primary = retort_table_primary_key(to);

	if (key->kind != RETORT_FOREIGN_KEY || strcmp(key->references->table, to->name) != 0)
		return false;
	if (key->references->column_count || !primary)
		return among(key->references->columns, key->references->column_count, column);
	return among(primary->columns, primary->column_count, column);
}

/* ---- dropping and making again ---- */

static void drop_constraint(struct work *work, size_t at)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);
	const char *name = after->constraints[at]->name;

	memmove(&after->constraints[at], &after->constraints[at + 1],
		(--after->constraint_count - at) * sizeof *after->constraints);
	add(work, 0, after, "ALTER TABLE %n DROP CONSTRAINT %n", after->name, name);
}

static void drop_index(struct work *work, size_t at)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);
	const char *name = after->indexes[at]->name;

	memmove(&after->indexes[at], &after->indexes[at + 1],
		(--after->index_count - at) * sizeof *after->indexes);
	add(work, 0, after, "DROP INDEX %n", name);
}

/* Makes the CHECK that stands in for a column's type, or drops it. */
static int type_check(struct work *work, const struct retort_column *column, bool make)
{
	struct retort_buf check;

	retort_buf_init(&check, work->arena);
	if (retort_sql_type_check(work->render, &check, column, work->err) < 0)
		return -1;
	if (check.len && make)
		add(work, 0, NULL, "ALTER TABLE %n ADD %s", work->state->name, check.data);
	else if (check.len && column->type_check_name)
		add(work, 0, NULL, "ALTER TABLE %n DROP CONSTRAINT %n", work->state->name,
			column->type_check_name);
	return 0;
}

/* Drops all that uses a column: keys that refer to it first. */
static int detach(struct work *work, const struct retort_column *column)
{
	const struct retort_schema *schema = work->render->schema;

	for (size_t i = 0; i < schema->table_count; i++)
		for (size_t k = 0; k < schema->tables[i]->constraint_count; k++) {
			struct away away = {schema->tables[i]->name, schema->tables[i]->constraints[k]->name};

			if (strcmp(away.table, work->state->name) == 0 ||
				!refers(schema->tables[i]->constraints[k], work->state, column->name))
				continue;
			add(work, 0, NULL, "ALTER TABLE %n DROP CONSTRAINT %n", away.table, away.key);
			RETORT_PUSH(work->arena, work->away, work->away_count, away);
		}
	for (int keys = 1; keys >= 0; keys--)
		for (size_t i = work->state->constraint_count; i-- > 0;) {
			const struct retort_constraint *one = work->state->constraints[i];

			if ((one->kind == RETORT_FOREIGN_KEY) == keys &&
				(constraint_uses(work, one, column->name) ||
					refers(one, work->state, column->name)))
				drop_constraint(work, i);
		}
	for (size_t i = work->state->index_count; i-- > 0;)
		if (index_uses(work->state->indexes[i], column->name))
			drop_index(work, i);
	return type_check(work, column, false);
}

static int add_constraint(struct work *work, const char *table, const struct retort_constraint *constraint,
	const struct retort_table *after)
{
	struct retort_buf clause;

	retort_buf_init(&clause, work->arena);
	if (retort_sql_constraint(work->render, &clause, constraint, work->err) < 0)
		return -1;
	add(work, 0, after, "ALTER TABLE %n ADD %s", table, clause.data);
	return 0;
}

/* Adds the constraints of one kind and the indexes that the table lacks. */
static int complete(struct work *work, const struct retort_table *to, enum retort_constraint_kind kind)
{
	for (size_t i = 0; i < to->constraint_count; i++) {
		struct retort_table *after = retort_table_copy(work->arena, work->state);

		if (to->constraints[i]->kind != kind ||
			retort_table_constraint(after, to->constraints[i]->name))
			continue;
		RETORT_PUSH(work->arena, after->constraints, after->constraint_count, to->constraints[i]);
		if (add_constraint(work, to->name, to->constraints[i], after) < 0)
			return -1;
	}
	for (size_t i = 0; kind == RETORT_FOREIGN_KEY && i < to->index_count; i++) {
		struct retort_table *after = retort_table_copy(work->arena, work->state);
		struct retort_buf sql;

		if (retort_table_index(after, to->indexes[i]->name))
			continue;
		retort_buf_init(&sql, work->arena);
		if (retort_sql_create_index(work->render, &sql, to, to->indexes[i], work->err) < 0)
			return -1;
		RETORT_PUSH(work->arena, after->indexes, after->index_count, to->indexes[i]);
		add(work, 0, after, "%s", sql.data);
	}
	return 0;
}

/* Drops and makes constraints and indexes until the table has those of to, then the keys of other tables. */
static int settle(struct work *work, const struct retort_table *to)
{
	static const enum retort_constraint_kind order[] = {RETORT_PRIMARY_KEY, RETORT_UNIQUE, RETORT_CHECK,
		RETORT_FOREIGN_KEY};
	const struct retort_schema *schema = work->render->after ? work->render->after : work->render->schema;

	for (size_t i = work->state->constraint_count; i-- > 0;)
		if (!retort_table_constraint(to, work->state->constraints[i]->name))
			drop_constraint(work, i);
	for (size_t i = work->state->index_count; i-- > 0;)
		if (!retort_table_index(to, work->state->indexes[i]->name))
			drop_index(work, i);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (complete(work, to, order[i]) < 0)
			return -1;
	for (size_t i = work->away_count; i-- > 0;) {
		const struct retort_table *table = retort_schema_table(schema, NULL, work->away[i].table);

		if (add_constraint(work, table->name, retort_table_constraint(table, work->away[i].key),
			    NULL) < 0)
			return -1;
	}
	return 0;
}

/* ---- columns ---- */

static void set_nullable(struct work *work, const char *name, bool nullable)
{
	struct retort_column *column;
	struct retort_table *after = changed(work, name, &column);

	column->nullable = nullable;
	add(work, 0, after,
		nullable ? "ALTER TABLE %n ALTER %n DROP NOT NULL" : "ALTER TABLE %n ALTER %n SET NOT NULL",
		after->name, name);
}

static void comment(struct work *work, const char *column, const char *text)
{
	struct retort_buf quoted;

	retort_buf_init(&quoted, work->arena);
	retort_sql_string(work->render, &quoted, text ? text : "");
	if (column)
		add(work, 0, NULL, "COMMENT ON COLUMN %n.%n IS %s", work->state->name, column, quoted.data);
	else
		add(work, 0, NULL, "COMMENT ON TABLE %n IS %s", work->state->name, quoted.data);
}

/* Adds a column; filled: nullable for now. Its rows get its default, or what the operation says. */
static int add_column(struct work *work, const struct retort_table *to, const char *name)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);
	struct retort_column *column, *given = retort_table_column(to, name);
	const struct retort_value *fill = work->op->fill;
	bool fills = !given->computed && (fill || (given->def && given->def->kind != RETORT_DEFAULT_NULL));
	struct retort_buf sql;

	RETORT_PUSH(work->arena, after->columns, after->column_count, given);
	column = retort_table_own_column(work->arena, after, after->column_count - 1);
	column->nullable = given->nullable || fills;
	retort_buf_init(&sql, work->arena);
	if (retort_sql_column(work->render, &sql, after, column, work->err) < 0)
		return -1;
	add(work, 0, after, "ALTER TABLE %n ADD %s", after->name, sql.data);
	retort_buf_clear(&sql);
	if (fills &&
		(fill ? retort_sql_value(work->render, &sql, given->type, fill, work->err)
		      : retort_sql_default(work->render, &sql, given->type, given->def, work->err)))
		return -1;
	if (fills)
		add(work, RETORT_STMT_DATA, NULL, "UPDATE %n SET %n = %s", after->name, name, sql.data);
	if (!given->nullable && fills)
		set_nullable(work, name, false);
	if (given->comment)
		comment(work, name, given->comment);
	return 0;
}

static void drop_column(struct work *work, const char *name)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);
	size_t at = place_of(after, name);

	memmove(&after->columns[at], &after->columns[at + 1],
		(--after->column_count - at) * sizeof *after->columns);
	add(work, RETORT_STMT_DESTRUCTIVE, after, "ALTER TABLE %n DROP %n", after->name, name);
}

static void rename_column(struct work *work, const char *from, const char *to)
{
	struct retort_column *column;
	struct retort_table *after = changed(work, from, &column);

	column->name = to;
	add(work, 0, after, "ALTER TABLE %n ALTER %n TO %n", after->name, from, to);
}

/* Makes a column anew beside the old one, fills it from that and puts it in its place; its default and its
 * CHECK come later. */
static int remake(struct work *work, const struct retort_column *to)
{
	struct retort_table *after = retort_table_copy(work->arena, work->state);
	struct retort_column *spare;
	size_t place = place_of(after, to->name);
	struct retort_buf type, value;

	retort_buf_init(&type, work->arena);
	retort_buf_init(&value, work->arena);
	if (retort_sql_type(work->render, &type, to->type, work->err) < 0)
		return -1;
	if (work->op->cast)
		retort_sql_expression(&value, work->op->cast->sql);
	else
		retort_sql_name(work->render, &value, to->name);
	RETORT_PUSH(work->arena, after->columns, after->column_count, after->columns[place]);
	spare = retort_table_own_column(work->arena, after, after->column_count - 1);
	spare->name = SPARE;
	spare->type = to->type;
	spare->def = NULL;
	spare->nullable = to->autoincrement == RETORT_AUTO_NONE;
	spare->autoincrement = to->autoincrement;
	spare->computed = to->computed;
	add(work, 0, after,
		to->autoincrement ? "ALTER TABLE %n ADD %n %s GENERATED BY DEFAULT AS IDENTITY NOT NULL"
				  : "ALTER TABLE %n ADD %n %s",
		after->name, SPARE, type.data);
	add(work, RETORT_STMT_DATA | RETORT_STMT_REWRITES, NULL, "UPDATE %n SET %n = CAST(%s AS %s)",
		after->name, SPARE, value.data, type.data);
	drop_column(work, to->name);
	rename_column(work, SPARE, to->name);
	after = retort_table_copy(work->arena, work->state);
	memmove(&after->columns[place + 1], &after->columns[place],
		(after->column_count - 1 - place) * sizeof *after->columns);
	after->columns[place] = retort_table_column(work->state, to->name);
	add(work, 0, after, "ALTER TABLE %n ALTER %n POSITION %s", after->name, to->name,
		retort_printf(work->arena, "%zu", place + 1));
	if (spare->nullable && !to->nullable)
		set_nullable(work, to->name, false);
	return 0;
}

static int set_default(struct work *work, const struct retort_column *to)
{
	struct retort_column *column;
	struct retort_table *after = changed(work, to->name, &column);
	bool has = to->def && to->def->kind != RETORT_DEFAULT_NULL;
	struct retort_buf value;

	if (!has && !(column->def && column->def->kind != RETORT_DEFAULT_NULL))
		return 0;
	column->def = to->def;
	retort_buf_init(&value, work->arena);
	if (has && retort_sql_default(work->render, &value, to->type, to->def, work->err) < 0)
		return -1;
	add(work, 0, after,
		has ? "ALTER TABLE %n ALTER %n SET DEFAULT %s" : "ALTER TABLE %n ALTER %n DROP DEFAULT",
		after->name, to->name, value.data);
	return 0;
}

static int alter_column(struct work *work, const struct retort_column *from, const struct retort_column *to)
{
	const unsigned anew = RETORT_ALTER_TYPE | RETORT_ALTER_AUTOINCREMENT | RETORT_ALTER_COLLATION;
	unsigned changes = work->op->alter;
	bool longer = (changes & anew) == RETORT_ALTER_TYPE && !work->op->cast &&
		from->type->kind == RETORT_TYPE_STRING && to->type->kind == RETORT_TYPE_STRING &&
		from->type->length > 0 && to->type->length >= from->type->length;
	bool remakes = (changes & anew) != 0 && !longer;
	struct retort_column *column;
	struct retort_table *after = changed(work, to->name, &column);
	struct retort_buf sql;

	retort_buf_init(&sql, work->arena);
	column->type = to->type;
	if (longer && retort_sql_type(work->render, &sql, to->type, work->err) < 0)
		return -1;
	if (longer)
		add(work, 0, after, "ALTER TABLE %n ALTER %n TYPE %s", after->name, to->name, sql.data);
	if (remakes && (detach(work, from) < 0 || remake(work, to) < 0))
		return -1;
	if ((remakes || (changes & RETORT_ALTER_DEFAULT)) && set_default(work, to) < 0)
		return -1;
	retort_buf_clear(&sql);
	if (work->op->fill && retort_sql_value(work->render, &sql, to->type, work->op->fill, work->err) < 0)
		return -1;
	if (work->op->fill)
		add(work, RETORT_STMT_DATA, NULL, "UPDATE %n SET %n = %s WHERE %n IS NULL", after->name,
			to->name, sql.data, to->name);
	if (!remakes && (changes & RETORT_ALTER_NULLABLE))
		set_nullable(work, to->name, to->nullable);
	if ((changes & RETORT_ALTER_COMMENT) || (remakes && to->comment))
		comment(work, to->name, to->comment);
	return remakes ? type_check(work, to, true) : 0;
}

/* ---- one operation after the other ---- */

static int alter_one(struct work *work, const struct retort_table *to)
{
	const struct retort_op *op = work->op;
	const struct retort_column *from = op->name ? retort_table_column(work->state, op->name) : NULL;
	int ret = 0;

	if (op->kind == RETORT_OP_ADD_COLUMN) {
		ret = add_column(work, to, op->column->name);
	} else if (op->kind == RETORT_OP_DROP_COLUMN && from) {
		ret = detach(work, from);
		drop_column(work, op->name);
	} else if (op->kind == RETORT_OP_RENAME_COLUMN) {
		ret = detach(work, from);
		rename_column(work, op->name, op->to);
		ret |= type_check(work, retort_table_column(to, op->to), true);
	} else if (op->kind == RETORT_OP_ALTER_COLUMN) {
		ret = alter_column(work, from, retort_table_column(to, op->name));
	} else if (op->kind == RETORT_OP_COMMENT) {
		comment(work, op->name, op->message);
	}
	return ret < 0 ? -1 : settle(work, to);
}

int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	(void)after;
	for (size_t i = 0; i < n; i++) {
		struct work work = {.render = render,
			.arena = render->arena,
			.op = ops[i],
			.state = now,
			.err = err};
		size_t first = render->plan->statement_count;
		struct retort_table *next;

		if (retort_sql_replay(render, now, &ops[i], 1, &next, err) < 0 || alter_one(&work, next) < 0)
			return RETORT_FAIL;
		if (render->plan->statement_count > first)
			render->plan->statements[render->plan->statement_count - 1]->after = next;
		now = next;
	}
	return RETORT_OK;
}
