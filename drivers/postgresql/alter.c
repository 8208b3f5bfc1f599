/* SPDX-License-Identifier: MIT
 *
 * Overrides: serial columns, unlogged tables, and the changes of a column that the generic renderer's
 * ALTER TABLE doesn't bring about by itself.
 */
#include <string.h>

#include "alter.h"
#include "dialect.h"
#include "native.h"

enum { ENUM_VERSION = 120000 /* before, no transaction may add a value to a type */ };

/* ---- making ---- */

/* The generic rendering of a changed copy of op: its statements belong to op. */
static int render_copy(struct retort_render *render, const struct retort_op *copy, const struct retort_op *op,
	struct retort_error *err)
{
	size_t first = render->plan->statement_count;

	if (retort_sql_generic(render, copy, err))
		return -1;
	for (size_t i = first; i < render->plan->statement_count; i++)
		if (render->plan->statements[i]->op == copy)
			render->plan->statements[i]->op = op;
	return 0;
}

/* The column declared as bigserial, which makes the sequence that it owns. */
static struct retort_column *serial_column(struct retort_arena *arena, const struct retort_column *column)
{
	struct retort_column *copy = retort_alloc(arena, sizeof *copy);
	struct retort_type *type = retort_alloc(arena, sizeof *type);

	*copy = *column;
	*type = *column->type;
	type->native = native_serial(column->type);
	copy->type = type;
	copy->autoincrement = RETORT_AUTO_NONE;
	return copy;
}

static bool is_unlogged(const struct retort_table *table)
{
	const char *value = retort_table_option(table, "postgresql", "unlogged");

	return value && strcmp(value, "true") == 0;
}

int override_create_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	static const char head[] = "CREATE TABLE ";
	struct retort_table *table = retort_table_copy(render->arena, op->create);
	size_t first = render->plan->statement_count;
	bool serial = false, unlogged = is_unlogged(table);
	struct retort_op copy = *op;

	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i]->autoincrement == RETORT_AUTO_SERIAL) {
			table->columns[i] = serial_column(render->arena, table->columns[i]);
			serial = true;
		}
	if (!serial && !unlogged)
		return RETORT_PASS;
	copy.create = table;
	if (render_copy(render, &copy, op, err))
		return -1;
	for (size_t i = first; unlogged && i < render->plan->statement_count; i++) {
		struct retort_statement *statement = render->plan->statements[i];

		if (strncmp(statement->sql, head, strlen(head)) == 0)
			statement->sql = retort_printf(render->plan->arena, "CREATE UNLOGGED TABLE %s",
				statement->sql + strlen(head));
	}
	return RETORT_OK;
}

int override_set_options(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	for (size_t i = 0; i < op->options->option_count; i++) {
		const struct retort_option *option = op->options->options[i];
		struct retort_buf sql;

		if (strcmp(option->key, "partition_by") == 0)
			return retort_fail(err, RETORT_E_PLAN,
				"cannot change how table '%s' is parted: make a new one and move the rows",
				op->table);
		retort_buf_init(&sql, render->arena);
		retort_sql_write(render, &sql, "ALTER TABLE %t", op->schema, op->table);
		if (strcmp(option->key, "unlogged") == 0) {
			bool on = option->value && strcmp(option->value, "true") == 0;

			retort_buf_str(&sql, on ? " SET UNLOGGED" : " SET LOGGED");
		} else {
			retort_sql_write(render, &sql, " SET TABLESPACE %n",
				option->value ? option->value : "pg_default");
		}
		retort_plan_add(render->plan, op, RETORT_STMT_REWRITES, sql.data, NULL);
	}
	return RETORT_OK;
}

int override_add_column(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_op copy = *op;

	if (op->column->autoincrement != RETORT_AUTO_SERIAL)
		return RETORT_PASS;
	copy.column = serial_column(render->arena, op->column);
	return render_copy(render, &copy, op, err);
}

/* ---- changing a column ---- */

/* The column that op leads to. */
static struct retort_column *changed_column(struct retort_arena *arena, const struct retort_column *before,
	const struct retort_op *op)
{
	struct retort_column *after = retort_alloc(arena, sizeof *after);
	const struct retort_column *to = op->column;

	*after = *before;
	after->type = op->alter & RETORT_ALTER_TYPE ? to->type : before->type;
	after->nullable = op->alter & RETORT_ALTER_NULLABLE ? to->nullable : before->nullable;
	after->def = op->alter & RETORT_ALTER_DEFAULT ? to->def : before->def;
	after->comment = op->alter & RETORT_ALTER_COMMENT ? to->comment : before->comment;
	after->collation = op->alter & RETORT_ALTER_COLLATION ? to->collation : before->collation;
	if (op->alter & RETORT_ALTER_AUTOINCREMENT) {
		after->autoincrement = to->autoincrement;
		after->auto_start = to->auto_start;
		after->auto_increment = to->auto_increment;
	}
	if (op->alter & RETORT_ALTER_COMPUTED) {
		after->computed = to->computed;
		after->computed_stored = to->computed_stored;
	}
	if (!after->enum_type_name)
		after->enum_type_name = to->enum_type_name;
	if (!after->type_check_name)
		after->type_check_name = to->type_check_name;
	return after;
}

void alter_add(const struct change *change, unsigned flags, const char *format, ...)
{
	struct retort_render *render = change->render;
	struct retort_buf sql;
	va_list ap;

	retort_buf_init(&sql, render->arena);
	va_start(ap, format);
	retort_buf_vprintf(&sql, format, ap);
	va_end(ap);
	retort_plan_add(render->plan, change->op, flags, sql.data, NULL);
}

/* ---- USING ---- */

static bool is_text(const struct retort_type *type)
{
	return !type->native &&
		(type->kind == RETORT_TYPE_STRING || type->kind == RETORT_TYPE_CHAR ||
			type->kind == RETORT_TYPE_TEXT);
}

static bool is_bytes(const struct retort_type *type)
{
	return type->kind == RETORT_TYPE_BLOB || type->kind == RETORT_TYPE_BINARY ||
		type->kind == RETORT_TYPE_VARBINARY;
}

static bool is_number(const struct retort_type *type)
{
	return type->kind >= RETORT_TYPE_SMALLINT && type->kind <= RETORT_TYPE_NUMERIC;
}

static const struct retort_type *neutral_type(struct retort_arena *arena, const struct retort_type *type)
{
	return type->kind == RETORT_TYPE_NATIVE ? native_parse(arena, type->native) : type;
}

/* What converts the rows where the server has no cast that it would use unasked (pg_cast); NULL: it has,
 * or nobody can tell. A cast that is given changes nothing that fits, and fails on what doesn't. */
static const char *conversion(const struct change *change)
{
	struct retort_arena *arena = change->render->arena;
	const struct retort_type *from = neutral_type(arena, change->before->type);
	const struct retort_type *to = neutral_type(arena, change->after->type);
	struct retort_buf type;

	if (is_text(to))
		return is_bytes(from) ? retort_printf(arena, "convert_from(%s, 'UTF8')", change->column)
				      : NULL;
	if (from->kind == to->kind && from->kind != RETORT_TYPE_ENUM)
		return NULL;
	if (is_bytes(to))
		return is_text(from) ? retort_printf(arena, "convert_to(%s, 'UTF8')", change->column) : NULL;
	if (to->kind == RETORT_TYPE_BOOLEAN && is_number(from))
		return retort_printf(arena, "%s <> 0", change->column);
	if (from->kind == RETORT_TYPE_BOOLEAN && is_number(to))
		return retort_printf(arena, "%s::integer", change->column);
	retort_buf_init(&type, arena);
	if (retort_sql_column_type(change->render, &type, change->table, change->after, NULL))
		return NULL;
	if (from->kind == RETORT_TYPE_ENUM && to->kind == RETORT_TYPE_ENUM)
		return change->before->type->name || change->after->type->name
			? retort_printf(arena, "%s::text::%s", change->column, type.data)
			: NULL;
	return is_text(from) ? retort_printf(arena, "%s::%s", change->column, type.data) : NULL;
}

/* ---- what stands in the way ---- */

static bool mentions(const char *sql, const char *name)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_token token;
	bool found = false;

	while (sql && !found && (token = retort_sql_word(POSTGRESQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END)
		found = (token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			strcmp(retort_token_name(arena, &token), name) == 0;
	retort_arena_free(arena);
	return found;
}

bool index_computes(const struct retort_index *index, const char *column)
{
	bool found = index->where && mentions(index->where->sql, column);

	for (size_t i = 0; i < index->column_count && !found; i++)
		found = index->columns[i]->expression && mentions(index->columns[i]->expression->sql, column);
	return found;
}

bool constraint_computes(const struct retort_constraint *constraint, const char *column)
{
	return constraint->expression && mentions(constraint->expression->sql, column);
}

/* Types whose constants the server writes alike. */
static int constants_of(const struct retort_type *type)
{
	switch (type->kind) {
	case RETORT_TYPE_SMALLINT:
	case RETORT_TYPE_BIGINT:
		return RETORT_TYPE_INTEGER;
	case RETORT_TYPE_STRING:
		return RETORT_TYPE_TEXT;
	default:
		return (int)type->kind;
	}
}

/* Whether the constants in CHECKs and predicates, which keep the type that the server gave them for the old
 * type, can't be compared with values of the new one, or would be with a conversion of each. */
static bool changes_family(const struct change *change)
{
	const struct retort_type *from = neutral_type(change->render->arena, change->before->type);
	const struct retort_type *to = neutral_type(change->render->arena, change->after->type);

	if (from->kind == RETORT_TYPE_ENUM || to->kind == RETORT_TYPE_ENUM)
		return true;
	return constants_of(from) != constants_of(to);
}

/* Then those are dropped before and made again after. */
static void drop_computing(const struct change *change)
{
	const struct retort_table *table = change->table;
	struct retort_buf sql;

	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->implied || !index_computes(table->indexes[i], change->name))
			continue;
		retort_buf_init(&sql, change->render->arena);
		retort_sql_qualified(change->render, &sql, table->schema, table->indexes[i]->name);
		alter_add(change, 0, "DROP INDEX %s", sql.data);
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		if (!constraint_computes(table->constraints[i], change->name))
			continue;
		retort_buf_init(&sql, change->render->arena);
		retort_sql_name(change->render, &sql, table->constraints[i]->name);
		alter_add(change, 0, "ALTER TABLE %s DROP CONSTRAINT %s", change->qualified, sql.data);
	}
}

static int make_computing(const struct change *change, struct retort_error *err)
{
	const struct retort_table *table = change->table;
	struct retort_buf sql;

	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		if (!constraint_computes(constraint, change->name))
			continue;
		retort_buf_init(&sql, change->render->arena);
		if (retort_sql_constraint(change->render, &sql, constraint, err))
			return -1;
		alter_add(change, 0, "ALTER TABLE %s ADD %s%s", change->qualified, sql.data,
			constraint->not_valid ? " NOT VALID" : "");
	}
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->implied || !index_computes(table->indexes[i], change->name))
			continue;
		retort_buf_init(&sql, change->render->arena);
		if (retort_sql_create_index(change->render, &sql, table, table->indexes[i], err))
			return -1;
		alter_add(change, 0, "%s", sql.data);
	}
	return 0;
}

static bool has_computing(const struct change *change)
{
	bool found = false;

	for (size_t i = 0; i < change->table->index_count && !found; i++)
		found = !change->table->indexes[i]->implied &&
			index_computes(change->table->indexes[i], change->name);
	for (size_t i = 0; i < change->table->constraint_count && !found; i++)
		found = constraint_computes(change->table->constraints[i], change->name);
	return found;
}

/* ---- the overrides ---- */

/* What is left of op once its computed and autoincrement parts are done, by the generic renderer. */
static int alter_rest(const struct change *change, unsigned done, struct retort_error *err)
{
	const struct retort_op *op = change->op;
	struct retort_op copy = *op;
	const char *cast = (op->alter & RETORT_ALTER_TYPE) && !op->cast ? conversion(change) : NULL;
	bool remakes = (op->alter & RETORT_ALTER_TYPE) && changes_family(change) && has_computing(change);

	copy.alter &= ~done;
	if (done == 0 && !cast && !remakes)
		return RETORT_PASS;
	if (copy.alter == 0 && !copy.fill)
		return 0;
	if (cast)
		copy.cast = retort_text_new(change->render->arena, cast);
	if (remakes)
		drop_computing(change);
	if (render_copy(change->render, &copy, op, err))
		return -1;
	return remakes ? make_computing(change, err) : 0;
}

int override_alter_column(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct change change = {.render = render,
		.op = op,
		.name = op->name,
		.table = retort_schema_table(render->schema, op->schema, op->table)};
	struct retort_buf text;
	unsigned done = 0;
	int rc;

	change.before = change.table ? retort_table_column(change.table, op->name) : NULL;
	if (!change.before || !change.before->type)
		return RETORT_PASS;
	change.after = changed_column(render->arena, change.before, op);
	retort_buf_init(&text, render->arena);
	retort_sql_name(render, &text, op->name);
	change.column = text.data;
	retort_buf_init(&text, render->arena);
	retort_sql_qualified(render, &text, change.table->schema, change.table->name);
	change.qualified = text.data;
	rc = alter_computed(&change, &done, err);
	if (rc != 0)
		return rc < 0 ? RETORT_FAIL : RETORT_OK;
	if (alter_generation(&change, &done, err))
		return -1;
	return alter_rest(&change, done, err);
}

/* ---- enums ---- */

/* Whether a column is of the enum that alter_enum changes. */
static bool uses_enum(const struct retort_op *op, const struct retort_table *table,
	const struct retort_column *column)
{
	const struct retort_type *type = column->type;
	const char *schema = type && type->schema ? type->schema : "";

	if (!type || type->kind != RETORT_TYPE_ENUM)
		return false;
	if (op->table)
		return strcmp(table->name, op->table) == 0 && strcmp(column->name, op->name) == 0 &&
			strcmp(table->schema ? table->schema : "", op->schema ? op->schema : "") == 0;
	return type->name && strcmp(type->name, op->name) == 0 &&
		strcmp(schema, op->schema ? op->schema : "") == 0;
}

/* Calls visit for each column whose CHECKs or predicates would hold constants of the old type. */
static int each_computing(struct retort_render *render, const struct retort_op *op,
	int (*visit)(const struct change *change, struct retort_error *err), struct retort_error *err)
{
	for (size_t t = 0; t < render->schema->table_count; t++) {
		const struct retort_table *table = render->schema->tables[t];
		struct retort_buf text;

		for (size_t c = 0; c < table->column_count; c++) {
			struct change change = {.render = render,
				.op = op,
				.table = table,
				.name = table->columns[c]->name};

			if (!uses_enum(op, table, table->columns[c]) || !has_computing(&change))
				continue;
			retort_buf_init(&text, render->arena);
			retort_sql_qualified(render, &text, table->schema, table->name);
			change.qualified = text.data;
			if (visit(&change, err))
				return -1;
		}
	}
	return 0;
}

static int visit_drop(const struct change *change, struct retort_error *err)
{
	(void)err;
	drop_computing(change);
	return 0;
}

int override_alter_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	size_t first = render->plan->statement_count;

	if (!op->enum_change->drop) {
		if (!op->enum_change->add || render->version == 0 || render->version >= ENUM_VERSION)
			return RETORT_PASS;
		if (retort_sql_generic(render, op, err))
			return -1;
		for (size_t i = first; i < render->plan->statement_count; i++)
			render->plan->statements[i]->flags |= RETORT_STMT_OUTSIDE;
		return RETORT_OK;
	}
	if (each_computing(render, op, visit_drop, err) || retort_sql_generic(render, op, err))
		return -1;
	return each_computing(render, op, make_computing, err);
}
