/* SPDX-License-Identifier: MIT
 *
 * Columns, constraints and references: the pieces of CREATE TABLE and ALTER TABLE.
 */
#include <string.h>

#include "sql/clause.h"

static void append_option(struct retort_buf *out, bool *first, const char *word, long long number)
{
	if (number == 0)
		return;
	retort_buf_printf(out, "%s%s %lld", *first ? " (" : " ", word, number);
	*first = false;
}

void clause_identity(const struct retort_render *render, struct retort_buf *out,
	const struct retort_column *column)
{
	bool always = column->autoincrement == RETORT_AUTO_ALWAYS &&
		retort_sql_has(render, RETORT_CAP_IDENTITY_ALWAYS);
	bool first = true;

	retort_buf_printf(out, "GENERATED %s AS IDENTITY", always ? "ALWAYS" : "BY DEFAULT");
	append_option(out, &first, "START WITH", column->auto_start);
	append_option(out, &first, "INCREMENT BY", column->auto_increment);
	if (!first)
		retort_buf_char(out, ')');
}

void clause_computed(const struct retort_render *render, struct retort_buf *out,
	const struct retort_column *column)
{
	bool stored = column->computed_stored ? retort_sql_has(render, RETORT_CAP_COMPUTED_STORED)
					      : !retort_sql_has(render, RETORT_CAP_COMPUTED_VIRTUAL);

	retort_buf_str(out, "GENERATED ALWAYS AS ");
	retort_sql_expression(out, column->computed->sql);
	retort_buf_str(out, stored ? " STORED" : " VIRTUAL");
}

int retort_sql_column_tail(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_column *column, struct retort_error *err)
{
	if (column->collation) {
		retort_buf_str(out, " COLLATE ");
		retort_sql_name(render, out, column->collation);
	}
	if (column->def && column->def->kind != RETORT_DEFAULT_NULL && !column->computed) {
		retort_buf_str(out, " DEFAULT ");
		if (retort_sql_default(render, out, column->type, column->def, err)) {
			retort_error_prefix(err, "default of column '%s' of '%s'", column->name, table->name);
			return -1;
		}
	}
	if (column->autoincrement != RETORT_AUTO_NONE) {
		retort_buf_char(out, ' ');
		clause_identity(render, out, column);
	}
	if (column->computed) {
		retort_buf_char(out, ' ');
		clause_computed(render, out, column);
	}
	if (!column->nullable)
		retort_buf_str(out, " NOT NULL");
	return 0;
}

int retort_sql_type_condition(struct retort_render *render, const struct retort_column *column,
	struct retort_buf *out, struct retort_error *err)
{
	bool is_enum = column->type->kind == RETORT_TYPE_ENUM && !retort_sql_has(render, RETORT_CAP_ENUMS);
	size_t count = 0;
	const char *const *values = is_enum ? retort_sql_enum_values(render, column->type, &count) : NULL;

	(void)err;
	if (count == 0 && !column->type->is_unsigned)
		return RETORT_PASS;
	retort_sql_write(render, out, is_enum ? "%n" : "%n >= 0", column->name);
	for (size_t i = 0; i < count; i++)
		retort_sql_write(render, out, i == 0 ? " IN (%q" : ", %q", values[i]);
	retort_buf_str(out, is_enum ? ")" : "");
	return RETORT_OK;
}

int retort_sql_type_check(struct retort_render *render, struct retort_buf *out,
	const struct retort_column *column, struct retort_error *err)
{
	struct retort_buf condition;
	int rc;

	if (!render->dialect->type_check)
		return 0;
	retort_buf_init(&condition, render->arena);
	rc = render->dialect->type_check(render, column, &condition, err);
	if (rc == RETORT_FAIL)
		return -1;
	if (rc == RETORT_PASS || condition.len == 0)
		return 0;
	if (column->type_check_name) {
		retort_buf_str(out, "CONSTRAINT ");
		retort_sql_name(render, out, column->type_check_name);
		retort_buf_char(out, ' ');
	}
	retort_buf_str(out, "CHECK ");
	retort_sql_expression(out, condition.data);
	return 0;
}

void clause_enum(const struct retort_render *render, struct retort_buf *out, const char *const *values,
	size_t n)
{
	retort_buf_str(out, " AS ENUM (");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			retort_buf_str(out, ", ");
		retort_sql_string(render, out, values[i]);
	}
	retort_buf_char(out, ')');
}

bool clause_own_enum(const struct retort_render *render, const struct retort_column *column)
{
	return column->type->kind == RETORT_TYPE_ENUM && !column->type->name && column->enum_type_name &&
		retort_sql_has(render, RETORT_CAP_ENUMS);
}

int retort_sql_column_type(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_column *column, struct retort_error *err)
{
	if (clause_own_enum(render, column)) {
		retort_sql_qualified(render, out, table->schema, column->enum_type_name);
		return 0;
	}
	if (retort_sql_type(render, out, column->type, err)) {
		retort_error_prefix(err, "column '%s' of '%s'", column->name, table->name);
		return -1;
	}
	return 0;
}

int retort_sql_column(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	const struct retort_dialect *dialect = render->dialect;
	struct retort_buf check;
	int rc = RETORT_PASS;

	retort_sql_name(render, out, column->name);
	retort_buf_char(out, ' ');
	if (retort_sql_column_type(render, out, table, column, err))
		return -1;
	if (dialect->column_tail)
		rc = dialect->column_tail(render, table, column, out, err);
	if (rc == RETORT_PASS)
		rc = retort_sql_column_tail(render, out, table, column, err);
	if (rc)
		return -1;
	/* Stated in the column, so that it goes with the column. */
	retort_buf_init(&check, render->arena);
	if (retort_sql_type_check(render, &check, column, err))
		return -1;
	if (check.len > 0)
		retort_buf_printf(out, " %s", check.data);
	return 0;
}

static void append_target(const struct retort_render *render, struct retort_buf *out,
	const struct retort_references *references)
{
	retort_sql_write(render, out, "REFERENCES %t", references->schema, references->table);
	if (references->column_count > 0) {
		retort_buf_str(out, " (");
		retort_sql_names(render, out, references->columns, references->column_count);
		retort_buf_char(out, ')');
	}
}

static void append_actions(struct retort_buf *out, const struct retort_references *references)
{
	if (references->on_delete != RETORT_ACTION_NONE)
		retort_buf_printf(out, " ON DELETE %s", retort_action_name(references->on_delete));
	if (references->on_update != RETORT_ACTION_NONE)
		retort_buf_printf(out, " ON UPDATE %s", retort_action_name(references->on_update));
}

void retort_sql_references(const struct retort_render *render, struct retort_buf *out,
	const struct retort_references *references)
{
	append_target(render, out, references);
	append_actions(out, references);
}

static void append_deferral(struct retort_buf *out, const struct retort_constraint *constraint)
{
	if (constraint->deferrable)
		retort_buf_str(out, " DEFERRABLE");
	if (constraint->initially == RETORT_INITIALLY_DEFERRED)
		retort_buf_str(out, " INITIALLY DEFERRED");
	else if (constraint->initially == RETORT_INITIALLY_IMMEDIATE)
		retort_buf_str(out, " INITIALLY IMMEDIATE");
}

static void append_foreign_key(const struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint)
{
	append_target(render, out, constraint->references);
	if (constraint->match) {
		retort_buf_str(out, " MATCH ");
		for (const char *at = constraint->match; *at; at++)
			retort_buf_char(out, (char)(*at >= 'a' && *at <= 'z' ? *at - ('a' - 'A') : *at));
	}
	append_actions(out, constraint->references);
}

static void append_exclude(const struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint)
{
	retort_buf_str(out, "EXCLUDE");
	if (constraint->method)
		retort_buf_printf(out, " USING %s", constraint->method);
	for (size_t i = 0; i < constraint->element_count; i++) {
		const struct retort_exclude_element *element = constraint->elements[i];

		retort_buf_str(out, i == 0 ? " (" : ", ");
		if (element->column)
			retort_sql_name(render, out, element->column);
		else
			retort_sql_expression(out, element->expression->sql);
		retort_buf_printf(out, " WITH %s", element->with);
	}
	retort_buf_char(out, ')');
	if (constraint->expression) {
		retort_buf_str(out, " WHERE ");
		retort_sql_expression(out, constraint->expression->sql);
	}
}

int retort_sql_constraint(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, struct retort_error *err)
{
	static const char *const words[] = {
		[RETORT_PRIMARY_KEY] = "PRIMARY KEY",
		[RETORT_UNIQUE] = "UNIQUE",
		[RETORT_FOREIGN_KEY] = "FOREIGN KEY",
	};

	(void)err;
	if (constraint->name) {
		retort_buf_str(out, "CONSTRAINT ");
		retort_sql_name(render, out, constraint->name);
		retort_buf_char(out, ' ');
	}
	if (constraint->kind == RETORT_CHECK) {
		retort_buf_str(out, "CHECK ");
		retort_sql_expression(out, constraint->expression->sql);
		return 0;
	}
	if (constraint->kind == RETORT_EXCLUDE) {
		append_exclude(render, out, constraint);
	} else {
		retort_buf_printf(out, "%s (", words[constraint->kind]);
		retort_sql_names(render, out, constraint->columns, constraint->column_count);
		retort_buf_char(out, ')');
	}
	if (constraint->kind == RETORT_FOREIGN_KEY) {
		retort_buf_char(out, ' ');
		append_foreign_key(render, out, constraint);
	}
	append_deferral(out, constraint);
	return 0;
}

int clause_constraint(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_constraint *constraint, struct retort_error *err)
{
	const struct retort_dialect *dialect = render->dialect;
	int rc = dialect->constraint ? dialect->constraint(render, table, constraint, out, err) : RETORT_PASS;

	return rc == RETORT_PASS ? retort_sql_constraint(render, out, constraint, err) : rc;
}

int retort_sql_create_table(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const char *name, bool if_not_exists, struct retort_error *err)
{
	const char *separator = "\n\t";

	retort_buf_printf(out, "CREATE TABLE %s", if_not_exists ? "IF NOT EXISTS " : "");
	retort_sql_write(render, out, "%t (", table->schema, name ? name : table->name);
	for (size_t i = 0; i < table->column_count; i++) {
		retort_buf_str(out, separator);
		if (retort_sql_column(render, out, table, table->columns[i], err))
			return -1;
		separator = ",\n\t";
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		struct retort_buf clause;

		retort_buf_init(&clause, render->arena);
		if (clause_constraint(render, &clause, table, table->constraints[i], err))
			return -1;
		if (clause.len == 0)
			continue;
		retort_buf_printf(out, "%s%s", separator, clause.data);
		separator = ",\n\t";
	}
	retort_buf_str(out, table->column_count + table->constraint_count > 0 ? "\n)" : ")");
	if (render->dialect->table_tail &&
		render->dialect->table_tail(render, table, out, err) == RETORT_FAIL)
		return -1;
	return 0;
}

const char *clause_spare_name(const struct retort_render *render, const char *name)
{
	static const char prefix[] = "retort_old_";
	unsigned limit = render->dialect->max_name;
	size_t n = strlen(name);

	/* A name of bytes cut in the middle of a character would be no text. */
	if (limit > 0 && n + sizeof prefix - 1 > limit) {
		n = limit - (sizeof prefix - 1);
		while (n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80)
			n--;
	}
	return retort_printf(render->arena, "%s%.*s", prefix, (int)n, name);
}
