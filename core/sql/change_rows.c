/* SPDX-License-Identifier: MIT
 *
 * update_rows and delete_rows: by condition, in pieces by primary key, or (to undo insert_rows) by key.
 */
#include <string.h>

#include "sql/generic.h"

enum { KEYS_MAX = 500 };

/* WHERE condition AND more; either may be missing. */
static void append_where(struct retort_buf *out, const struct retort_text *where, const char *more)
{
	if (where) {
		retort_buf_str(out, " WHERE ");
		if (more)
			retort_sql_expression(out, where->sql);
		else
			retort_buf_str(out, where->sql);
	}
	if (more)
		retort_buf_printf(out, " %s %s", where ? "AND" : "WHERE", more);
}

/* A key compared with parameters from number on: "a" > ?, or ("a", "b") > (?, ?). */
static void append_bound(const struct retort_render *render, struct retort_buf *out,
	const struct retort_constraint *key, const char *operator, size_t number)
{
	bool several = key->column_count > 1;

	retort_buf_str(out, several ? "(" : "");
	retort_sql_names(render, out, key->columns, key->column_count);
	retort_buf_printf(out, "%s %s %s", several ? ")" : "", operator, several ? "(" : "");
	for (size_t i = 0; i < key->column_count; i++) {
		if (i > 0)
			retort_buf_str(out, ", ");
		retort_sql_placeholder(render, out, number + i);
	}
	retort_buf_str(out, several ? ")" : "");
}

/* The condition on the key alone; NULL where neither end is bounded. */
static const char *bounds(const struct retort_render *render, const struct retort_constraint *key, bool after,
	bool upto)
{
	struct retort_buf out;

	if (!after && !upto)
		return NULL;
	retort_buf_init(&out, render->arena);
	if (after)
		append_bound(render, &out, key, ">", 1);
	if (after && upto)
		retort_buf_str(&out, " AND ");
	if (upto)
		append_bound(render, &out, key, "<=", after ? key->column_count + 1 : 1);
	return out.data;
}

static const char *apply(const struct retort_render *render, const struct retort_op *op, const char *head,
	const struct retort_constraint *key, bool after, bool upto)
{
	struct retort_buf out;

	retort_buf_init(&out, render->plan->arena);
	retort_buf_str(&out, head);
	append_where(&out, op->where, bounds(render, key, after, upto));
	return out.data;
}

/* The key of the last row of a piece. */
static const char *bound(const struct retort_render *render, const struct retort_op *op,
	const struct retort_constraint *key, bool after)
{
	struct retort_buf out;

	retort_buf_init(&out, render->plan->arena);
	retort_buf_str(&out, "SELECT ");
	retort_sql_names(render, &out, key->columns, key->column_count);
	retort_sql_write(render, &out, " FROM %t", op->schema, op->table);
	append_where(&out, op->where, bounds(render, key, after, false));
	retort_buf_str(&out, " ORDER BY ");
	retort_sql_names(render, &out, key->columns, key->column_count);
	retort_buf_printf(&out,
		render->dialect->syntax & RETORT_SYNTAX_FETCH ? " OFFSET %lu ROWS FETCH NEXT 1 ROWS ONLY"
							      : " LIMIT 1 OFFSET %lu",
		op->batch - 1);
	return out.data;
}

/* Adds the statement that begins with head, in pieces where op says so. */
static int add_change(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, const char *head, unsigned flags, struct retort_error *err)
{
	const struct retort_constraint *key = retort_table_primary_key(table);
	struct retort_statement *statement;
	struct retort_batch *batch;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_buf_str(&sql, head);
	append_where(&sql, op->where, NULL);
	statement = retort_plan_add(render->plan, op, RETORT_STMT_DATA | flags, sql.data, NULL);
	if (op->batch == 0)
		return 0;
	if (!key)
		return retort_fail(err, RETORT_E_PLAN,
			"cannot %s in pieces: batch needs a primary key, leave batch out",
			retort_op_describe(render->arena, op));
	for (size_t i = 0; i < op->set_count; i++)
		for (size_t k = 0; k < key->column_count; k++)
			if (strcmp(op->set[i]->column, key->columns[k]) == 0)
				return retort_fail(err, RETORT_E_PLAN,
					"cannot %s in pieces: '%s' is of the primary key, leave batch out",
					retort_op_describe(render->arena, op), key->columns[k]);
	batch = retort_alloc(render->plan->arena, sizeof *batch);
	batch->rows = op->batch;
	batch->key_count = key->column_count;
	batch->first_bound = bound(render, op, key, false);
	batch->next_bound = bound(render, op, key, true);
	batch->apply_all = apply(render, op, head, key, false, false);
	batch->apply_upto = apply(render, op, head, key, false, true);
	batch->apply_after_upto = apply(render, op, head, key, true, true);
	batch->apply_after = apply(render, op, head, key, true, false);
	statement->batch = batch;
	return 0;
}

int generic_update_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_table *table = generic_table(render, op, err);
	struct retort_buf head;

	if (!table)
		return -1;
	retort_buf_init(&head, render->arena);
	retort_sql_write(render, &head, "UPDATE %t", op->schema, op->table);
	for (size_t i = 0; i < op->set_count; i++) {
		const struct retort_column *column = retort_table_column(table, op->set[i]->column);

		if (!column)
			return retort_fail(err, RETORT_E_PLAN, "cannot %s: it has no column '%s'",
				retort_op_describe(render->arena, op), op->set[i]->column);
		retort_buf_str(&head, i == 0 ? " SET " : ", ");
		retort_sql_write(render, &head, "%n = ", column->name);
		if (retort_sql_value(render, &head, column->type, op->set[i]->value, err)) {
			retort_error_prefix(err, "column '%s' of '%s'", column->name, table->name);
			return -1;
		}
	}
	return add_change(render, op, table, head.data, 0, err);
}

/* ---- by key ---- */

/* Deleting the rows that agree with given ones in a key. */
struct key_delete {
	struct retort_render *render;
	const struct retort_op *op;
	const struct retort_table *table;
	struct retort_buf sql;
	size_t count; /* of keys in sql */
};

static void flush_keys(struct key_delete *delete)
{
	if (delete->count == 0)
		return;
	if (delete->op->rows->key_count == 1)
		retort_buf_char(&delete->sql, ')');
	retort_plan_add(delete->render->plan, delete->op, RETORT_STMT_DATA | RETORT_STMT_DESTRUCTIVE,
		delete->sql.data,
		retort_printf(delete->render->arena, "delete %zu %s from '%s'", delete->count,
			delete->count == 1 ? "row" : "rows", delete->table->name));
	delete->count = 0;
}

/* What stands before a row's value of the key column at: the condition so far. */
static void begin_key(struct key_delete *delete, size_t at)
{
	const struct retort_rows *rows = delete->op->rows;
	struct retort_buf *sql = &delete->sql;

	if (delete->count == 0 && at == 0) {
		retort_buf_clear(sql);
		retort_sql_write(delete->render, sql, "DELETE FROM %t WHERE ", delete->op->schema,
			delete->op->table);
	}
	if (rows->key_count == 1) {
		if (delete->count == 0) {
			retort_sql_name(delete->render, sql, rows->key[0]);
			retort_buf_str(sql, " IN (");
		} else {
			retort_buf_str(sql, ", ");
		}
		return;
	}
	retort_buf_str(sql, at > 0 ? " AND " : delete->count == 0 ? "(" : " OR (");
	retort_sql_name(delete->render, sql, rows->key[at]);
}

static void end_key(struct key_delete *delete)
{
	if (delete->op->rows->key_count > 1)
		retort_buf_char(&delete->sql, ')');
	if (++delete->count >= KEYS_MAX)
		flush_keys(delete);
}

/* The place of a key column among the columns of the rows, or n. */
static size_t key_place(const char *key, const char *const *columns, size_t n)
{
	size_t at = 0;

	while (at < n && strcmp(columns[at], key) != 0)
		at++;
	return at;
}

/* One row's key, from neutral texts (cells) or values. */
static int delete_row(struct key_delete *delete, const size_t *places, const char *const *cells,
	const struct retort_value *const *values, struct retort_error *err)
{
	const struct retort_rows *rows = delete->op->rows;

	for (size_t i = 0; i < rows->key_count; i++) {
		const struct retort_column *column = retort_table_column(delete->table, rows->key[i]);
		const struct retort_value *value = values ? values[places[i]] : NULL;
		const char *cell = cells ? cells[places[i]] : NULL;
		int rc;

		if (!cell && (!value || value->kind == RETORT_DEFAULT_NULL))
			return retort_fail(err, RETORT_E_PLAN,
				"cannot %s: a row has no value for the key '%s'",
				retort_op_describe(delete->render->arena, delete->op), rows->key[i]);
		begin_key(delete, i);
		if (rows->key_count > 1)
			retort_buf_str(&delete->sql, " = ");
		rc = value ? retort_sql_value(delete->render, &delete->sql, column->type, value, err)
			   : retort_sql_literal(delete->render, &delete->sql, column->type, cell, err);
		if (rc)
			return -1;
	}
	end_key(delete);
	return 0;
}

static int delete_source(struct key_delete *delete, const size_t *places, struct retort_row_source *source,
	unsigned long long first, struct retort_error *err)
{
	const char *const *cells;
	int rc = 0;

	for (unsigned long long i = 0; (!first || i < first) && (rc = source->next(source, &cells, err)) == 1;
		i++)
		if (delete_row(delete, places, cells, NULL, err))
			return -1;
	return rc < 0 ? -1 : 0;
}

int rows_delete(struct retort_render *render, const struct retort_op *op, struct retort_row_source *source,
	struct retort_error *err)
{
	struct key_delete delete = {.render = render, .op = op, .table = generic_table(render, op, err)};
	const struct retort_rows *rows = op->rows;
	const char *const *columns = source ? source->columns : rows->columns;
	size_t column_count = source ? source->column_count : rows->column_count;
	size_t *places = retort_alloc_array(render->arena, rows->key_count, sizeof *places);

	if (!delete.table)
		return -1;
	retort_buf_init(&delete.sql, render->arena);
	for (size_t i = 0; i < rows->key_count; i++) {
		places[i] = column_count > 0 ? key_place(rows->key[i], columns, column_count) : 0;
		for (size_t c = 0; column_count == 0 && c < delete.table->column_count; c++) {
			const struct retort_column *column = delete.table->columns[c];

			if (strcmp(column->name, rows->key[i]) == 0)
				break;
			places[i] += !column->computed;
		}
		if (!retort_table_column(delete.table, rows->key[i]) ||
			(column_count > 0 && places[i] == column_count))
			return retort_fail(err, RETORT_E_PLAN, "cannot %s: the rows have no column '%s'",
				retort_op_describe(render->arena, op), rows->key[i]);
	}
	if (source && delete_source(&delete, places, source, op->rows->first, err))
		return -1;
	for (size_t i = 0; !source && i < rows->row_count; i++)
		if (delete_row(&delete, places, NULL, rows->rows[i], err))
			return -1;
	flush_keys(&delete);
	return 0;
}

int generic_delete_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_table *table;
	struct retort_buf head;

	if (op->rows && !op->where) {
		if (op->rows->csv || op->rows->json)
			return retort_fail(err, RETORT_E_INTERNAL, "cannot %s: nobody opened the file",
				retort_op_describe(render->arena, op));
		return rows_delete(render, op, NULL, err);
	}
	table = generic_table(render, op, err);
	if (!table)
		return -1;
	retort_buf_init(&head, render->arena);
	retort_sql_write(render, &head, "DELETE FROM %t", op->schema, op->table);
	return add_change(render, op, table, head.data, RETORT_STMT_DESTRUCTIVE, err);
}
