/* SPDX-License-Identifier: MIT
 *
 * Named enums, and the inline ones that alter_enum changes by table and column.
 */
#include <string.h>

#include "sql/alter.h"
#include "sql/clause.h"
#include "sql/generic.h"

static bool equal(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether alter_enum means the enum of one column. */
static bool is_inline(const struct retort_op *op)
{
	return op->table != NULL;
}

/* The column that an inline alter_enum is about, or NULL. */
static const struct retort_column *inline_column(const struct retort_render *render,
	const struct retort_op *op)
{
	const struct retort_table *table = retort_schema_table(render->schema, op->schema, op->table);

	return table && op->name ? retort_table_column(table, op->name) : NULL;
}

/* The enum's type in SQL and its present values; false where there is no such enum. */
static bool find_enum(const struct retort_render *render, const struct retort_op *op, const char **name,
	const char *const **values, size_t *count)
{
	if (is_inline(op)) {
		const struct retort_column *column = inline_column(render, op);

		if (!column || column->type->kind != RETORT_TYPE_ENUM)
			return false;
		*name = column->type->name ? column->type->name : column->enum_type_name;
		*values = retort_sql_enum_values(render, column->type, count);
	} else {
		const struct retort_enum *named = retort_schema_enum(render->schema, op->schema, op->name);

		if (!named)
			return false;
		*name = named->name;
		*values = named->values;
		*count = named->value_count;
	}
	return *name != NULL;
}

/* Whether a column is of the enum that op changes. */
static bool uses(const struct retort_op *op, const struct retort_table *table,
	const struct retort_column *column)
{
	const struct retort_type *type = column->type;

	if (!type || type->kind != RETORT_TYPE_ENUM)
		return false;
	if (is_inline(op))
		return equal(table->schema, op->schema) && strcmp(table->name, op->table) == 0 &&
			strcmp(column->name, op->name) == 0;
	return type->name && strcmp(type->name, op->name) == 0 && equal(type->schema, op->schema);
}

/* The values after a change. */
static const char **changed_values(struct retort_arena *arena, const char *const *values, size_t n,
	const struct retort_enum_change *change, size_t *count)
{
	const char **changed = retort_alloc_array(arena, n + 1, sizeof *changed);
	bool added = false;

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (change->add && change->before && strcmp(values[i], change->before) == 0) {
			changed[(*count)++] = change->add;
			added = true;
		}
		if (change->drop && strcmp(values[i], change->drop) == 0)
			continue;
		changed[(*count)++] = change->rename_from && strcmp(values[i], change->rename_from) == 0
			? change->rename_to
			: values[i];
		if (change->add && change->after && strcmp(values[i], change->after) == 0) {
			changed[(*count)++] = change->add;
			added = true;
		}
	}
	if (change->add && !added)
		changed[(*count)++] = change->add;
	return changed;
}

/* CASE c WHEN 'old' THEN 'new' ELSE c END, or NULL where no row's value changes. */
static const char *conversion(const struct retort_render *render, const struct retort_enum_change *change,
	const char *column, const char *suffix)
{
	struct retort_buf sql;

	if (!change->rename_from && change->mapping_count == 0)
		return NULL;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "CASE %n", column);
	retort_buf_str(&sql, suffix);
	for (size_t i = 0; i < change->mapping_count + (change->rename_from != NULL); i++) {
		const char *from = i < change->mapping_count ? change->mapping_from[i] : change->rename_from;
		const char *to = i < change->mapping_count ? change->mapping_to[i] : change->rename_to;

		retort_sql_write(render, &sql, " WHEN %q THEN ", from);
		if (to)
			retort_sql_string(render, &sql, to);
		else
			retort_buf_str(&sql, "NULL");
	}
	retort_sql_write(render, &sql, " ELSE %n", column);
	retort_buf_printf(&sql, "%s END", suffix);
	return sql.data;
}

int generic_create_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	if (!retort_sql_has(render, RETORT_CAP_ENUMS))
		return 0;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "CREATE TYPE %t", op->enumeration->schema, op->enumeration->name);
	clause_enum(render, &sql, op->enumeration->values, op->enumeration->value_count);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	return 0;
}

int generic_drop_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	if (!retort_sql_has(render, RETORT_CAP_ENUMS))
		return 0;
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "DROP TYPE %s", op->if_exists ? "IF EXISTS " : "");
	retort_sql_qualified(render, &sql, op->schema, op->name);
	if (op->cascade)
		retort_buf_str(&sql, " CASCADE");
	retort_plan_add(render->plan, op, op->cascade ? RETORT_STMT_DESTRUCTIVE : 0, sql.data, NULL);
	return 0;
}

/* ALTER COLUMN c TYPE e USING (CASE ...)::e for one column, its default put aside. */
static int convert_column(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, const struct retort_column *column, const char *type_sql,
	struct retort_error *err)
{
	const char *cast = conversion(render, op->enum_change, column->name, "::text");
	bool has_default = column->def && column->def->kind != RETORT_DEFAULT_NULL;
	struct alteration alteration;
	struct retort_buf name, *action;

	retort_buf_init(&name, render->arena);
	retort_sql_name(render, &name, column->name);
	alteration_init(&alteration, render, table->schema, table->name);
	if (has_default)
		retort_buf_printf(alteration_action(&alteration, op, 0), "ALTER COLUMN %s DROP DEFAULT",
			name.data);
	action = alteration_action(&alteration, op, RETORT_STMT_REWRITES);
	retort_buf_printf(action, "ALTER COLUMN %s TYPE %s USING ", name.data, type_sql);
	if (cast)
		retort_buf_printf(action, "(%s)::%s", cast, type_sql);
	else
		retort_buf_printf(action, "%s::text::%s", name.data, type_sql);
	if (has_default) {
		action = alteration_action(&alteration, op, 0);
		retort_buf_printf(action, "ALTER COLUMN %s SET DEFAULT ", name.data);
		if (retort_sql_default(render, action, column->type, column->def, err))
			return -1;
	}
	alteration_flush(&alteration);
	return 0;
}

/* No engine takes a value out of a type: the type is made anew and every column converted. */
static int remake_enum(struct retort_render *render, const struct retort_op *op, const char *name,
	const char *const *values, size_t n, struct retort_error *err)
{
	const char *old = clause_spare_name(render, name);
	struct retort_buf sql, type_sql;
	const char **changed;
	size_t count;

	changed = changed_values(render->arena, values, n, op->enum_change, &count);
	retort_buf_init(&type_sql, render->arena);
	retort_sql_qualified(render, &type_sql, op->schema, name);
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "ALTER TYPE %s RENAME TO ", type_sql.data);
	retort_sql_name(render, &sql, old);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	retort_buf_clear(&sql);
	retort_buf_printf(&sql, "CREATE TYPE %s", type_sql.data);
	clause_enum(render, &sql, changed, count);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	for (size_t t = 0; t < render->schema->table_count; t++) {
		const struct retort_table *table = render->schema->tables[t];

		for (size_t c = 0; c < table->column_count; c++)
			if (uses(op, table, table->columns[c]) &&
				convert_column(render, op, table, table->columns[c], type_sql.data, err))
				return -1;
	}
	retort_buf_clear(&sql);
	retort_sql_write(render, &sql, "DROP TYPE %t", op->schema, old);
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	return 0;
}

int generic_alter_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_enum_change *change = op->enum_change;
	const char *name, *const *values;
	struct retort_buf sql;
	size_t count;

	if (!find_enum(render, op, &name, &values, &count))
		return retort_fail(err, RETORT_E_PLAN, "cannot %s: there is no such enum",
			retort_op_describe(render->arena, op));
	if (!retort_sql_has(render, RETORT_CAP_ENUMS))
		return retort_fail(err, RETORT_E_INTERNAL, "cannot %s: it is done column by column",
			retort_op_describe(render->arena, op));
	if (change->drop)
		return remake_enum(render, op, name, values, count, err);
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "ALTER TYPE %t", op->schema, name);
	retort_buf_str(&sql, change->add ? " ADD VALUE " : " RENAME VALUE ");
	retort_sql_string(render, &sql, change->add ? change->add : change->rename_from);
	if (change->add && (change->before || change->after)) {
		retort_buf_str(&sql, change->before ? " BEFORE " : " AFTER ");
		retort_sql_string(render, &sql, change->before ? change->before : change->after);
	} else if (!change->add) {
		retort_sql_write(render, &sql, " TO %q", change->rename_to);
	}
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	return 0;
}

bool enum_adds_value(const struct retort_statement *statement)
{
	const struct retort_op *op = statement->op;

	return statement->kind == RETORT_STATEMENT_SQL && op && op->kind == RETORT_OP_ALTER_ENUM &&
		op->enum_change->add && strncmp(statement->sql, "ALTER TYPE ", strlen("ALTER TYPE ")) == 0;
}

/* Whether a statement could use a value: it works on rows, nobody knows what it does, or it names the value.
 */
static bool may_use(const struct retort_statement *statement, const char *value)
{
	return statement->kind != RETORT_STATEMENT_SQL ||
		statement->flags & (RETORT_STMT_DATA | RETORT_STMT_UNKNOWN) || strstr(statement->sql, value);
}

void enum_set_apart(struct retort_plan *plan)
{
	for (size_t i = 0; i < plan->statement_count; i++) {
		if (!enum_adds_value(plan->statements[i]))
			continue;
		for (size_t k = i + 1; k < plan->statement_count; k++)
			if (may_use(plan->statements[k], plan->statements[i]->op->enum_change->add))
				plan->statements[i]->flags |= RETORT_STMT_OUTSIDE;
	}
}

/* The alter_column that gives one column the changed values. */
static const struct retort_op *column_op(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, const struct retort_column *column)
{
	struct retort_arena *arena = render->arena;
	struct retort_op *part = retort_alloc(arena, sizeof *part);
	struct retort_column *changed = retort_alloc(arena, sizeof *changed);
	struct retort_type *type = retort_alloc(arena, sizeof *type);
	const struct retort_enum_change *change = op->enum_change;
	const char *cast = conversion(render, change, column->name, "");
	const char *const *values;
	size_t count;

	values = retort_sql_enum_values(render, column->type, &count);
	/* Without the name, which would stand for the values it has before the change. */
	*type = *column->type;
	type->schema = type->name = NULL;
	type->values = changed_values(arena, values, count, change, &type->value_count);
	*changed = *column;
	changed->type = type;
	part->kind = RETORT_OP_ALTER_COLUMN;
	part->schema = table->schema;
	part->table = table->name;
	part->name = column->name;
	part->column = changed;
	part->alter = RETORT_ALTER_TYPE;
	part->cast = cast ? retort_text_new(arena, cast) : NULL;
	part->file = op->file;
	part->line = op->line;
	part->line_column = op->line_column;
	if (change->rename_from && column->def && column->def->kind == RETORT_DEFAULT_LITERAL &&
		strcmp(column->def->text, change->rename_from) == 0) {
		struct retort_default *def = retort_alloc(arena, sizeof *def);

		*def = *column->def;
		def->text = change->rename_to;
		changed->def = def;
		part->alter |= RETORT_ALTER_DEFAULT;
	}
	return part;
}

void enum_column_ops(struct retort_render *render, const struct retort_op *op, const struct retort_op ***ret,
	size_t *count)
{
	*ret = NULL;
	*count = 0;
	for (size_t t = 0; t < render->schema->table_count; t++) {
		const struct retort_table *table = render->schema->tables[t];

		for (size_t c = 0; c < table->column_count; c++)
			if (uses(op, table, table->columns[c])) {
				const struct retort_op *part =
					column_op(render, op, table, table->columns[c]);

				RETORT_PUSH(render->arena, *ret, *count, part);
			}
	}
}
