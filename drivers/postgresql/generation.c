/* SPDX-License-Identifier: MIT
 *
 * Columns that the server fills: identities, serials and computed ones.
 */
#include <string.h>

#include "alter.h"
#include "dialect.h"
#include "native.h"

enum { SET_EXPRESSION_VERSION = 170000, DROP_EXPRESSION_VERSION = 130000, NAME_MAX_BYTES = 63 };

/* ---- identity and serial ---- */

static bool is_identity(const struct retort_column *column)
{
	return column->autoincrement == RETORT_AUTO_BY_DEFAULT || column->autoincrement == RETORT_AUTO_ALWAYS;
}

/* The numbers of an identity that an operation names. */
static const char *identity_numbers(const struct change *change, const char *before)
{
	struct retort_buf out;

	retort_buf_init(&out, change->render->arena);
	if (change->after->auto_start)
		retort_buf_printf(&out, " %sSTART WITH %lld", before, change->after->auto_start);
	if (change->after->auto_increment)
		retort_buf_printf(&out, " %sINCREMENT BY %lld", before, change->after->auto_increment);
	return out.data;
}

static void drop_sequence(const struct change *change)
{
	struct retort_buf body, sql;

	retort_buf_init(&body, change->render->arena);
	retort_buf_str(&body, "\nDECLARE\n\tname text := ");
	script_sequence(change->render, &body, change->table->schema, change->table->name, change->name);
	retort_buf_printf(&body,
		";\nBEGIN\n\tALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n"
		"\tEXECUTE 'DROP SEQUENCE ' || name;\nEND\n",
		change->qualified, change->column);
	retort_buf_init(&sql, change->render->arena);
	retort_buf_str(&sql, "DO ");
	script_dollar(&sql, body.data);
	alter_add(change, 0, "%s", sql.data);
}

/* The name that the server itself would give, cut so that it fits. */
static const char *sequence_name(const struct change *change)
{
	const char *table = change->table->name;
	size_t room = NAME_MAX_BYTES - strlen("__seq"), t = strlen(table), c = strlen(change->name);

	while (t + c > room) {
		size_t *longer = t > c ? &t : &c;
		const char *text = t > c ? table : change->name;

		for (--*longer; *longer > 0 && ((unsigned char)text[*longer] & 0xC0) == 0x80; --*longer)
			;
	}
	return retort_printf(change->render->arena, "%.*s_%.*s_seq", (int)t, table, (int)c, change->name);
}

static int make_sequence(const struct change *change, struct retort_error *err)
{
	struct retort_render *render = change->render;
	struct retort_buf name, type, literal;

	retort_buf_init(&name, render->arena);
	retort_sql_qualified(render, &name, change->table->schema, sequence_name(change));
	retort_buf_init(&type, render->arena);
	if (retort_sql_type(render, &type, change->after->type, err))
		return -1;
	retort_buf_init(&literal, render->arena);
	retort_sql_string(render, &literal, name.data);
	alter_add(change, 0, "CREATE SEQUENCE %s AS %s OWNED BY %s.%s", name.data, type.data,
		change->qualified, change->column);
	alter_add(change, 0, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval(%s)", change->qualified,
		change->column, literal.data);
	return 0;
}

/* The numbers go on behind those that the rows have. */
static int go_on(const struct change *change, struct retort_error *err)
{
	struct retort_table *table = retort_table_copy(change->render->arena, change->table);

	table->column_count = 0;
	RETORT_PUSH(change->render->arena, table->columns, table->column_count,
		(struct retort_column *)change->after);
	return script_after_rows(change->render, change->op, table, err) == RETORT_FAIL ? -1 : 0;
}

int alter_generation(const struct change *change, unsigned *done, struct retort_error *err)
{
	const struct retort_column *before = change->before, *after = change->after;
	const char *word = after->autoincrement == RETORT_AUTO_ALWAYS ? "ALWAYS" : "BY DEFAULT";

	if (before->autoincrement == RETORT_AUTO_SERIAL && after->autoincrement == RETORT_AUTO_SERIAL)
		return 0;
	if (!(change->op->alter & RETORT_ALTER_AUTOINCREMENT))
		return 0;
	*done |= RETORT_ALTER_AUTOINCREMENT;
	if (is_identity(before) && is_identity(after)) {
		alter_add(change, 0, "ALTER TABLE %s ALTER COLUMN %s SET GENERATED %s%s", change->qualified,
			change->column, word, identity_numbers(change, "SET "));
		return 0;
	}
	if (is_identity(before))
		alter_add(change, 0, "ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY", change->qualified,
			change->column);
	if (before->autoincrement == RETORT_AUTO_SERIAL)
		drop_sequence(change);
	if (is_identity(after)) {
		const char *numbers = identity_numbers(change, "");

		alter_add(change, 0,
			"ALTER TABLE %s%s%s%s%s%s ALTER COLUMN %s ADD GENERATED %s AS IDENTITY%s%s%s",
			change->qualified, before->def ? " ALTER COLUMN " : "",
			before->def ? change->column : "", before->def ? " DROP DEFAULT," : "",
			before->nullable ? " ALTER COLUMN " : "",
			before->nullable
				? retort_printf(change->render->arena, "%s SET NOT NULL,", change->column)
				: "",
			change->column, word, *numbers ? " (" : "", *numbers ? numbers + 1 : "",
			*numbers ? ")" : "");
		if (before->nullable)
			*done |= RETORT_ALTER_NULLABLE;
	} else if (after->autoincrement == RETORT_AUTO_SERIAL && make_sequence(change, err)) {
		return -1;
	}
	return after->autoincrement == RETORT_AUTO_NONE ? 0 : go_on(change, err);
}

/* ---- computed columns ---- */

static bool key_names(const char *const *columns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(columns[i], name) == 0)
			return true;
	return false;
}

static bool index_names(const struct retort_index *index, const char *name)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i]->column && strcmp(index->columns[i]->column, name) == 0)
			return true;
	return key_names(index->include, index->include_count, name) || index_computes(index, name);
}

/* Drops the column and adds it again; the server takes its indexes and constraints along, so they are
 * made again too. */
static int make_anew(const struct change *change, struct retort_error *err)
{
	struct retort_render *render = change->render;
	const struct retort_table *table = change->table;
	unsigned lost = change->before->computed ? 0 : RETORT_STMT_DESTRUCTIVE;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	if (retort_sql_column(render, &sql, table, change->after, err))
		return -1;
	alter_add(change, lost, "ALTER TABLE %s DROP COLUMN %s", change->qualified, change->column);
	alter_add(change, RETORT_STMT_REWRITES, "ALTER TABLE %s ADD COLUMN %s", change->qualified, sql.data);
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		if (!key_names(constraint->columns, constraint->column_count, change->name) &&
			!constraint_computes(constraint, change->name))
			continue;
		retort_buf_init(&sql, render->arena);
		if (retort_sql_constraint(render, &sql, constraint, err))
			return -1;
		alter_add(change, 0, "ALTER TABLE %s ADD %s", change->qualified, sql.data);
	}
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->implied || !index_names(table->indexes[i], change->name))
			continue;
		retort_buf_init(&sql, render->arena);
		if (retort_sql_create_index(render, &sql, table, table->indexes[i], err))
			return -1;
		alter_add(change, 0, "%s", sql.data);
	}
	if (change->after->comment) {
		retort_buf_init(&sql, render->arena);
		retort_sql_string(render, &sql, change->after->comment);
		alter_add(change, 0, "COMMENT ON COLUMN %s.%s IS %s", change->qualified, change->column,
			sql.data);
	}
	return 1;
}

int alter_computed(const struct change *change, unsigned *done, struct retort_error *err)
{
	unsigned version = change->render->version;
	bool sets = version >= SET_EXPRESSION_VERSION;

	(void)done;
	if (!(change->op->alter & RETORT_ALTER_COMPUTED))
		return 0;
	if (!change->after->computed) {
		if (!change->before->computed || version == 0 || version >= DROP_EXPRESSION_VERSION)
			return 0;
		return retort_fail(err, RETORT_E_PLAN,
			"cannot make column '%s' of '%s' an ordinary one: postgresql can "
			"from version 13 on",
			change->name, change->table->name);
	}
	if (change->before->computed && sets &&
		change->before->computed_stored == change->after->computed_stored)
		return 0;
	return make_anew(change, err);
}
