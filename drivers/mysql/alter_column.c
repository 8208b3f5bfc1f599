/* SPDX-License-Identifier: MIT
 *
 * Columns that come, change and are renamed.
 */
#include <string.h>

#include "alter.h"
#include "expression.h"

enum { LONGEST_NAME = 64 };

static int append_column(struct alter *alter, const struct retort_table *table,
	const struct retort_column *column)
{
	return retort_sql_column(alter->render, &alter->actions, table, column, alter->err);
}

/* The place of a column in a table, or the number of its columns. */
static size_t place_of(const struct retort_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->column_count && strcmp(table->columns[i]->name, name) != 0)
		i++;
	return i;
}

/* FIRST, AFTER x, or nothing for the last. */
static void append_place(struct alter *alter, const struct retort_table *table, const char *name)
{
	size_t at = place_of(table, name);

	if (at + 1 >= table->column_count)
		return;
	retort_buf_str(&alter->actions, at == 0 ? " FIRST" : " AFTER ");
	if (at > 0)
		retort_sql_name(alter->render, &alter->actions, table->columns[at - 1]->name);
}

/* A copy of a table in which one column is another. */
static struct retort_table *with_column(struct alter *alter, const struct retort_table *table, size_t at,
	const struct retort_column *column)
{
	struct retort_table *copy = retort_table_copy(alter->render->arena, table);
	struct retort_column *own = retort_alloc(alter->render->arena, sizeof *own);

	*own = *column;
	copy->columns[at] = own;
	return copy;
}

/* UPDATE t SET c = value [WHERE c IS NULL] for `fill`. */
static int fill_column(struct alter *alter, const struct retort_column *column, bool missing_only)
{
	struct retort_render *render = alter->render;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "UPDATE %t SET %n = ", alter->before->schema, alter->before->name,
		column->name);
	if (retort_sql_value(render, &sql, column->type, alter->op->fill, alter->err)) {
		retort_error_prefix(alter->err, "fill of '%s'", column->name);
		return -1;
	}
	if (missing_only) {
		retort_buf_str(&sql, " WHERE ");
		retort_sql_write(render, &sql, "%n IS NULL", column->name);
	}
	alter_update(alter, sql.data,
		retort_printf(render->arena, "fill column '%s' of '%s'", column->name, alter->before->name));
	return 0;
}

/* Prefixes that a type needs or can't have: the indexes whose text differs are made anew. */
static void remake_indexes(struct alter *alter, const struct retort_table *table)
{
	for (size_t i = 0; i < table->index_count; i++) {
		const struct retort_index *index = table->indexes[i];
		struct retort_buf from, to;

		if (index->implied || retort_table_index(alter->before, index->name) != index)
			continue;
		retort_buf_init(&from, alter->render->arena);
		retort_buf_init(&to, alter->render->arena);
		table_index(alter->render, &from, alter->before, index);
		table_index(alter->render, &to, table, index);
		if (strcmp(from.data, to.data) == 0)
			continue;
		retort_buf_str(alter_action(alter, SPEED_COPY, 0), "DROP INDEX ");
		retort_sql_name(alter->render, &alter->actions, index->name);
		retort_buf_printf(alter_action(alter, SPEED_COPY, 0), "ADD %s", to.data);
	}
}

/* Whether MySQL checks all rows again, in a copy: for a CHECK on the column, and for any on an ENUM. */
static bool checks_again(const struct alter *alter, const struct retort_table *table, const char *column)
{
	if (dialect_is_mariadb(alter->render))
		return false;
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_text *expression = table->constraints[i]->expression;

		if (!expression)
			continue;
		if (expression_names(expression, column))
			return true;
		for (size_t k = 0; k < table->column_count; k++)
			if (table->columns[k]->type && table->columns[k]->type->kind == RETORT_TYPE_ENUM &&
				expression_names(expression, table->columns[k]->name))
				return true;
	}
	return false;
}

int alter_modify(struct alter *alter, const struct retort_table *table, const struct retort_column *before,
	const struct retort_column *after)
{
	enum speed speed = checks_again(alter, table, after->name)
		? SPEED_COPY
		: speed_change_column(alter->render, before, after);

	retort_buf_str(alter_action(alter, speed, 0), "MODIFY COLUMN ");
	alter->changed = after->name;
	if (append_column(alter, table, after))
		return -1;
	remake_indexes(alter, table);
	return 0;
}

int alter_add_column(struct alter *alter)
{
	const struct retort_op *op = alter->op;
	const struct retort_column *column = retort_table_column(alter->after, op->column->name);
	size_t at = place_of(alter->after, op->column->name);
	bool fills = op->fill && !column->computed,
	     exists = retort_table_column(alter->before, column->name) != NULL;
	bool last = at + 1 == alter->after->column_count;
	struct retort_column first = *column;
	const struct retort_table *between;

	if (exists)
		return 0; /* if_not_exists */
	if (fills) {
		/* Rows get the fill and only later ones the default. */
		first.nullable = true;
		first.def = NULL;
	}
	retort_buf_str(alter_action(alter, speed_add_column(alter->render, &first, last), 0), "ADD COLUMN ");
	if (append_column(alter, alter->after, &first))
		return -1;
	append_place(alter, alter->after, column->name);
	if (!fills)
		return 0;
	between = with_column(alter, alter->after, at, &first);
	alter_pass(alter, between);
	if (fill_column(alter, column, false))
		return -1;
	alter->before = between;
	return column->nullable && !column->def ? 0 : alter_modify(alter, alter->after, &first, column);
}

/* ---- using ---- */

static bool holds(const char *const *values, size_t n, const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(values[i], value) == 0)
			return true;
	return false;
}

/* An ENUM with the values of both, or NULL where after has none of its own. */
static struct retort_type *union_of(struct alter *alter, const struct retort_type *before,
	const struct retort_type *after)
{
	struct retort_arena *arena = alter->render->arena;
	struct retort_type *both = retort_type_new(arena, RETORT_TYPE_ENUM);
	const char *const *old, *const *new;
	const char **values = NULL;
	size_t old_count, new_count;

	old = retort_sql_enum_values(alter->render, before, &old_count);
	new = retort_sql_enum_values(alter->render, after, &new_count);
	for (size_t i = 0; i < old_count; i++)
		RETORT_PUSH(arena, values, both->value_count, old[i]);
	for (size_t i = 0; i < new_count; i++)
		if (!holds(old, old_count, new[i]))
			RETORT_PUSH(arena, values, both->value_count, new[i]);
	both->values = values;
	return both->value_count == old_count ? NULL : both;
}

/* UPDATE t SET c = expression. */
static void convert_rows(struct alter *alter, const char *column)
{
	struct retort_render *render = alter->render;
	const char *expression = alter->op->cast->sql;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "UPDATE %t SET %n", alter->before->schema, alter->before->name,
		column);
	retort_buf_printf(&sql, " = %s", expression);
	alter_update(alter, sql.data,
		retort_printf(render->arena, "convert column '%s' of '%s'", alter->op->name,
			alter->before->name));
}

/* Between two ENUMs: by one that has the values of both. */
static int convert_enum(struct alter *alter, const struct retort_column *before,
	const struct retort_column *after)
{
	struct retort_type *both = union_of(alter, before->type, after->type);
	size_t at = place_of(alter->after, after->name);
	struct retort_column wide = *before;
	const struct retort_table *between;

	if (both) {
		wide.type = both;
		between = with_column(alter, alter->before, at, &wide);
		if (alter_modify(alter, between, before, &wide))
			return -1;
		alter_pass(alter, between);
		alter->before = between;
	}
	convert_rows(alter, after->name);
	return alter_modify(alter, alter->after, &wide, after);
}

/* Into a new column beside the old, which then takes its place with all that is on it. */
static int convert_column(struct alter *alter, const struct retort_column *before,
	const struct retort_column *after)
{
	struct retort_arena *arena = alter->render->arena;
	const char *spare = retort_printf(arena, "retort_new_%.*s", LONGEST_NAME - 11, before->name);
	size_t at = place_of(alter->before, before->name);
	struct retort_column beside = *after;
	struct retort_table *between = retort_table_copy(arena, alter->before);

	beside.name = spare;
	beside.nullable = true;
	beside.def = NULL;
	beside.comment = NULL;
	beside.autoincrement = RETORT_AUTO_NONE;
	retort_buf_str(alter_action(alter,
			       speed_add_column(alter->render, &beside, at + 1 == between->column_count), 0),
		"ADD COLUMN ");
	if (append_column(alter, alter->after, &beside))
		return -1;
	retort_sql_write(alter->render, &alter->actions, " AFTER %n", before->name);
	*retort_table_add_column(arena, between, spare) = beside;
	alter_pass(alter, between);
	convert_rows(alter, spare);
	if (alter_remake_users(alter, before->name))
		return -1;
	retort_buf_str(alter_action(alter, SPEED_COPY, 0), "DROP COLUMN ");
	retort_sql_name(alter->render, &alter->actions, before->name);
	retort_buf_str(alter_action(alter, SPEED_COPY, 0), "CHANGE COLUMN ");
	retort_sql_name(alter->render, &alter->actions, spare);
	retort_buf_char(&alter->actions, ' ');
	return append_column(alter, alter->after, after);
}

/* ---- alter_column ---- */

/* Only the default, and that a literal or none: the rest needn't be restated. */
static bool only_default(const struct alter *alter, const struct retort_column *column)
{
	const struct retort_default *def = column->def;

	return alter->op->alter == RETORT_ALTER_DEFAULT && !column->native_extra &&
		(!def || def->kind == RETORT_DEFAULT_LITERAL || def->kind == RETORT_DEFAULT_NULL) &&
		!type_is_long(column->type);
}

static int change_default(struct alter *alter, const struct retort_column *column)
{
	const struct retort_default *def = column->def;

	retort_buf_str(alter_action(alter, SPEED_INSTANT, 0), "ALTER COLUMN ");
	retort_sql_name(alter->render, &alter->actions, column->name);
	alter->changed = column->name;
	if (def && def->kind == RETORT_DEFAULT_LITERAL) {
		retort_buf_str(&alter->actions, " SET DEFAULT ");
		if (retort_sql_default(alter->render, &alter->actions, column->type, def, alter->err) == 0)
			return 0;
		retort_error_prefix(alter->err, "default of column '%s' of '%s'", column->name,
			alter->after->name);
		return -1;
	}
	/* A nullable column without any default would take no row that leaves it out. */
	retort_buf_str(&alter->actions, column->nullable ? " SET DEFAULT NULL" : " DROP DEFAULT");
	return 0;
}

/* A generated column is dropped and added in one statement, with what stands on it. */
static int remake_column(struct alter *alter, const struct retort_column *from,
	const struct retort_column *to)
{
	if (alter_remake_users(alter, to->name))
		return -1;
	retort_buf_str(alter_action(alter, to->computed_stored ? SPEED_COPY : SPEED_INPLACE, 0),
		"DROP COLUMN ");
	retort_sql_name(alter->render, &alter->actions, from->name);
	retort_buf_str(alter_action(alter, SPEED_INSTANT, 0), "ADD COLUMN ");
	if (append_column(alter, alter->after, to))
		return -1;
	append_place(alter, alter->after, to->name);
	return 0;
}

int alter_change_column(struct alter *alter)
{
	const struct retort_op *op = alter->op;
	const struct retort_column *before = retort_table_column(alter->before, op->name);
	const struct retort_column *after = retort_table_column(alter->after, op->name);
	bool casts = op->cast && (op->alter & RETORT_ALTER_TYPE);

	if (!before || !after)
		return retort_fail(alter->err, RETORT_E_PLAN, "cannot %s: there is no such column",
			retort_op_describe(alter->render->arena, op));
	if (only_default(alter, after))
		return change_default(alter, after);
	if (op->fill && fill_column(alter, before, true))
		return -1;
	if (casts && before->type->kind == RETORT_TYPE_ENUM && after->type->kind == RETORT_TYPE_ENUM)
		return convert_enum(alter, before, after);
	if (casts)
		return convert_column(alter, before, after);
	/* the server doesn't turn a column that is stored into one that isn't, or back */
	if (before->computed && after->computed && before->computed_stored != after->computed_stored)
		return remake_column(alter, before, after);
	return alter_modify(alter, alter->after, before, after);
}

/* ---- rename_column ---- */

/* Generated columns that name the renamed one are made anew; MariaDB follows by itself. */
static int remake_computed(struct alter *alter)
{
	const struct retort_table *before = alter->before, *after = alter->after;

	for (size_t i = 0; !dialect_is_mariadb(alter->render) && i < after->column_count; i++) {
		const struct retort_column *from = before->columns[i], *to = after->columns[i];

		if (!to->computed || !from->computed || strcmp(from->computed->sql, to->computed->sql) == 0)
			continue;
		if (remake_column(alter, from, to))
			return -1;
	}
	return 0;
}

int alter_rename_column(struct alter *alter)
{
	const struct retort_op *op = alter->op;
	const struct retort_column *column = retort_table_column(alter->after, op->to);
	bool renames = dialect_since(alter->render, 80003, 100502);

	if (alter_keys(alter) || remake_computed(alter))
		return -1;
	retort_buf_str(alter_action(alter, speed_rename_column(alter->render), 0),
		renames ? "RENAME COLUMN " : "CHANGE COLUMN ");
	retort_sql_name(alter->render, &alter->actions, op->name);
	retort_buf_str(&alter->actions, renames ? " TO " : " ");
	if (!renames)
		return append_column(alter, alter->after, column);
	retort_sql_name(alter->render, &alter->actions, op->to);
	return 0;
}
