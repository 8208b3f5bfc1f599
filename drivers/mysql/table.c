/* SPDX-License-Identifier: MIT
 *
 * Whole tables, and the clauses that CREATE TABLE and ALTER TABLE share.
 */
#include <string.h>

#include "dialect.h"

enum { LONGEST_NAME = 64 };

/* ---- indexes ---- */

/* The length of a prefix; a type that has none, or isn't longer, is in the key as a whole. */
static unsigned prefix(const struct retort_table *table, const struct retort_index_column *key)
{
	const struct retort_column *column = key->column ? retort_table_column(table, key->column) : NULL;

	return column && !type_takes_prefix(column->type, key->length) ? 0 : key->length;
}

static void append_key(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_index_column *key)
{
	unsigned length = prefix(table, key);

	if (key->column)
		retort_sql_name(render, out, key->column);
	else
		retort_sql_expression(out, key->expression->sql);
	if (length > 0)
		retort_buf_printf(out, "(%u)", length);
	if (key->order == RETORT_ORDER_DESC && retort_sql_has(render, RETORT_CAP_INDEX_DESC))
		retort_buf_str(out, " DESC");
}

void table_index(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_index *index)
{
	bool special = dialect_same(index->method, "fulltext") || dialect_same(index->method, "spatial");

	if (special)
		retort_buf_printf(out, "%s ",
			dialect_same(index->method, "spatial") ? "SPATIAL" : "FULLTEXT");
	retort_buf_printf(out, "%sINDEX ", index->unique ? "UNIQUE " : "");
	retort_sql_name(render, out, index->name);
	for (size_t i = 0; i < index->column_count; i++) {
		retort_buf_str(out, i == 0 ? " (" : ", ");
		append_key(render, out, table, index->columns[i]);
	}
	retort_buf_char(out, ')');
	if (index->method && !special)
		retort_buf_printf(out, " USING %s", index->method);
}

static const char *first_column(const struct retort_index *index, size_t at)
{
	const struct retort_index_column *key = at < index->column_count ? index->columns[at] : NULL;

	return key && key->length == 0 ? key->column : NULL;
}

static bool has_method(const struct retort_index *index)
{
	return dialect_same(index->method, "fulltext") || dialect_same(index->method, "spatial");
}

/* Whether an index, or a key, begins with the columns of a foreign key in any order: the server takes only
 * theirs. */
static bool covers_index(const struct retort_index *index, const struct retort_constraint *foreign)
{
	size_t i = 0;

	while (i < foreign->column_count && dialect_same(first_column(index, i), foreign->columns[i]))
		i++;
	return i == foreign->column_count && !has_method(index);
}

static bool covers_key(const struct retort_constraint *key, const struct retort_constraint *foreign)
{
	size_t i = 0;

	if ((key->kind != RETORT_PRIMARY_KEY && key->kind != RETORT_UNIQUE) ||
		key->column_count < foreign->column_count)
		return false;
	while (i < foreign->column_count && dialect_same(key->columns[i], foreign->columns[i]))
		i++;
	return i == foreign->column_count;
}

/* Whether the index of an earlier foreign key serves this one too. */
static bool covers_foreign(const struct retort_table *table, const struct retort_constraint *foreign)
{
	for (size_t i = 0; i < table->constraint_count && table->constraints[i] != foreign; i++) {
		const struct retort_constraint *other = table->constraints[i];
		size_t k = 0;

		if (other->kind != RETORT_FOREIGN_KEY || other->column_count < foreign->column_count)
			continue;
		while (k < foreign->column_count && dialect_same(other->columns[k], foreign->columns[k]))
			k++;
		if (k == foreign->column_count)
			return true;
	}
	return false;
}

const char *table_implied_index(struct retort_arena *arena, const struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const char *name = constraint->name;

	if (constraint->kind != RETORT_FOREIGN_KEY || !name)
		return NULL;
	for (size_t i = 0; i < table->index_count; i++)
		if (!table->indexes[i]->implied && covers_index(table->indexes[i], constraint))
			return NULL;
	for (size_t i = 0; i < table->constraint_count; i++)
		if (covers_key(table->constraints[i], constraint))
			return NULL;
	if (covers_foreign(table, constraint))
		return NULL;
	for (size_t i = 0; i < table->index_count; i++)
		if (!table->indexes[i]->implied && dialect_same(table->indexes[i]->name, name))
			return retort_printf(arena, "%.*s_fk", LONGEST_NAME - 3, name);
	return name;
}

void table_implied_clause(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, const char *name)
{
	retort_sql_write(render, out, "INDEX %n (", name);
	retort_sql_names(render, out, constraint->columns, constraint->column_count);
	retort_buf_char(out, ')');
}

/* ---- constraints ---- */

int table_constraint(struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *constraint, struct retort_error *err)
{
	struct retort_constraint copy = *constraint;

	if (constraint->kind == RETORT_CHECK && !dialect_since(render, 80016, 100201))
		return retort_fail(err, RETORT_E_PLAN,
			"%s checks nothing before 8.0.16: leave out the check '%s'", render->dialect->name,
			constraint->name ? constraint->name : "");
	copy.deferrable = false;
	copy.initially = RETORT_INITIALLY_NONE;
	copy.match = NULL; /* read and ignored by InnoDB, and MySQL refuses some of them */
	if (constraint->kind == RETORT_PRIMARY_KEY)
		copy.name = NULL; /* its name is always PRIMARY */
	return retort_sql_constraint(render, out, &copy, err);
}

/* ---- tables ---- */

static const char *option(const struct retort_render *render, const struct retort_table *table,
	const char *key)
{
	const char *value = retort_table_option(table, render->dialect->name, key);

	return value ? value : retort_table_option(table, "mysql", key);
}

void table_charset(struct retort_render *render, struct retort_buf *out, const struct retort_table *table)
{
	const char *charset = option(render, table, "charset"), *collate = option(render, table, "collate");

	if (!charset && collate)
		charset = retort_strndup(render->arena, collate, strcspn(collate, "_"));
	retort_buf_str(out, charset ? charset : "utf8mb4");
	if (collate)
		retort_buf_printf(out, " COLLATE %s", collate);
}

int table_tail(struct retort_render *render, const struct retort_table *table, struct retort_buf *out,
	struct retort_error *err)
{
	const char *engine = option(render, table, "engine"), *charset = option(render, table, "charset");
	const char *collate = option(render, table, "collate"),
		   *row_format = option(render, table, "row_format");
	const char *start = option(render, table, "auto_increment");

	(void)err;
	if (!charset && collate)
		charset = retort_strndup(render->arena, collate, strcspn(collate, "_"));
	retort_buf_printf(out, " ENGINE=%s DEFAULT CHARSET=%s", engine ? engine : "InnoDB",
		charset ? charset : "utf8mb4");
	if (collate)
		retort_buf_printf(out, " COLLATE=%s", collate);
	if (row_format)
		retort_buf_printf(out, " ROW_FORMAT=%s", row_format);
	for (size_t i = 0; !start && i < table->column_count; i++)
		if (table->columns[i]->autoincrement != RETORT_AUTO_NONE && table->columns[i]->auto_start > 1)
			start = retort_printf(render->arena, "%lld", table->columns[i]->auto_start);
	if (start)
		retort_buf_printf(out, " AUTO_INCREMENT=%s", start);
	if (table->comment) {
		retort_buf_str(out, " COMMENT=");
		retort_sql_string(render, out, table->comment);
	}
	return RETORT_OK;
}

int table_render(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const char *name, unsigned flags, struct retort_error *err)
{
	bool alone = flags & TABLE_WITHOUT_KEYS_TO_OTHERS;

	retort_buf_printf(out, "CREATE %sTABLE %s", flags & TABLE_TEMPORARY ? "TEMPORARY " : "",
		flags & TABLE_IF_NOT_EXISTS ? "IF NOT EXISTS " : "");
	retort_sql_write(render, out, "%t (", name ? NULL : table->schema, name ? name : table->name);
	for (size_t i = 0; i < table->column_count; i++) {
		retort_buf_str(out, i == 0 ? "\n\t" : ",\n\t");
		if (retort_sql_column(render, out, table, table->columns[i], err))
			return -1;
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		if (alone && table->constraints[i]->kind == RETORT_FOREIGN_KEY)
			continue;
		retort_buf_str(out, ",\n\t");
		if (table_constraint(render, out, table->constraints[i], err))
			return -1;
	}
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->implied)
			continue;
		retort_buf_str(out, ",\n\t");
		table_index(render, out, table, table->indexes[i]);
	}
	for (size_t i = 0; !alone && i < table->constraint_count; i++) {
		const char *implied = table_implied_index(render->arena, table, table->constraints[i]);

		if (!implied)
			continue;
		retort_buf_str(out, ",\n\t");
		table_implied_clause(render, out, table->constraints[i], implied);
	}
	retort_buf_str(out, "\n)");
	return table_tail(render, table, out, err);
}

/* One statement: a table that was cut off in the making is there or not. */
int table_create(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	if (table_render(render, &sql, op->create, NULL, op->if_not_exists ? TABLE_IF_NOT_EXISTS : 0, err))
		return RETORT_FAIL;
	retort_plan_add(render->plan, op, 0, sql.data, NULL);
	return RETORT_OK;
}
