/* SPDX-License-Identifier: MIT
 *
 * insert_rows, and the INSERT statements that drivers and scripts share.
 */
#include <string.h>

#include "sql/generic.h"
#include "sql/render.h"

enum { ROWS_MAX = 500, TEXT_MAX = 256 * 1024 };

void retort_sql_insert_head(const struct retort_render *render, struct retort_buf *out,
	const struct retort_bulk *bulk)
{
	bool overrides = bulk->overrides_identity && retort_sql_has(render, RETORT_CAP_IDENTITY_ALWAYS);

	retort_sql_write(render, out, "INSERT INTO %t (", bulk->schema, bulk->table);
	retort_sql_names(render, out, bulk->source->columns, bulk->source->column_count);
	retort_buf_printf(out, ")%s VALUES", overrides ? " OVERRIDING SYSTEM VALUE" : "");
}

static bool is_key(const struct retort_bulk *bulk, const char *column)
{
	for (size_t i = 0; i < bulk->key_count; i++)
		if (strcmp(bulk->key[i], column) == 0)
			return true;
	return false;
}

int retort_sql_insert_tail(struct retort_render *render, struct retort_buf *out,
	const struct retort_bulk *bulk, struct retort_error *err)
{
	const char *separator = " DO UPDATE SET ";

	if (!bulk->conflict_ignore && !bulk->conflict_update)
		return 0;
	if (render->dialect->conflict) {
		int rc = render->dialect->conflict(render, bulk, out, err);

		if (rc != RETORT_PASS)
			return rc;
	}
	if (bulk->conflict_update && bulk->key_count == 0)
		return retort_fail(err, RETORT_E_PLAN,
			"cannot insert rows into '%s': on_conflict: update needs key", bulk->table);
	retort_buf_str(out, " ON CONFLICT");
	if (bulk->key_count > 0) {
		retort_buf_str(out, " (");
		retort_sql_names(render, out, bulk->key, bulk->key_count);
		retort_buf_char(out, ')');
	}
	for (size_t i = 0; bulk->conflict_update && i < bulk->source->column_count; i++) {
		const char *column = bulk->source->columns[i];

		if (is_key(bulk, column))
			continue;
		retort_buf_str(out, separator);
		retort_sql_write(render, out, "%n = excluded.%n", column, column);
		separator = ", ";
	}
	if (*separator == ' ')
		retort_buf_str(out, " DO NOTHING");
	return 0;
}

/* ---- one statement ---- */

/* An INSERT that grows row by row. */
struct growing {
	struct retort_render *render;
	const struct retort_bulk *bulk;
	struct retort_buf sql;
	size_t rows, cells;  /* cells of the row at hand */
	size_t start;        /* of the cell at hand */
	const char **values; /* of all rows, for the dialect's insert */
	size_t value_count;
};

static void growing_init(struct growing *growing, struct retort_render *render,
	const struct retort_bulk *bulk)
{
	*growing = (struct growing){.render = render, .bulk = bulk};
	retort_buf_init(&growing->sql, render->arena);
	retort_sql_insert_head(render, &growing->sql, bulk);
}

static bool growing_takes(const struct growing *growing, size_t limit)
{
	unsigned most = growing->render->dialect->max_rows;

	return growing->rows < limit && (most == 0 || growing->rows < most) && growing->sql.len < TEXT_MAX;
}

/* Before a cell is appended to sql, and after it. */
static void begin_cell(struct growing *growing)
{
	const char *first = growing->rows == 0 ? "\n\t(" : ",\n\t(";

	retort_buf_str(&growing->sql, growing->cells == 0 ? first : ", ");
	growing->start = growing->sql.len;
}

static void end_cell(struct growing *growing)
{
	struct retort_arena *arena = growing->render->arena;

	growing->cells++;
	if (growing->render->dialect->insert)
		RETORT_PUSH(arena, growing->values, growing->value_count,
			retort_strdup(arena, growing->sql.data + growing->start));
}

static void end_row(struct growing *growing)
{
	retort_buf_char(&growing->sql, ')');
	growing->rows++;
	growing->cells = 0;
}

/* The whole statement: by the dialect's insert, or as it has grown. NULL on failure. */
static const char *growing_end(struct growing *growing, struct retort_error *err)
{
	struct retort_render *render = growing->render;
	struct retort_buf sql;
	int rc = RETORT_PASS;

	retort_buf_init(&sql, render->arena);
	if (render->dialect->insert)
		rc = render->dialect->insert(render, growing->bulk, growing->values, growing->rows, &sql,
			err);
	if (rc == RETORT_OK)
		return sql.data;
	if (rc != RETORT_PASS || retort_sql_insert_tail(render, &growing->sql, growing->bulk, err))
		return NULL;
	return growing->sql.data;
}

int render_insert(struct retort_render *render, const struct retort_bulk *bulk, size_t limit,
	const char **sql, size_t *count, struct retort_error *err)
{
	struct retort_row_source *source = bulk->source;
	struct growing growing;
	const char *const *cells;

	*sql = NULL;
	*count = 0;
	growing_init(&growing, render, bulk);
	while (growing_takes(&growing, limit)) {
		int rc = source->next(source, &cells, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			break;
		for (size_t i = 0; i < source->column_count; i++) {
			begin_cell(&growing);
			if (retort_sql_literal(render, &growing.sql, source->types[i], cells[i], err)) {
				retort_error_prefix(err, "column '%s'", source->columns[i]);
				return -1;
			}
			end_cell(&growing);
		}
		end_row(&growing);
	}
	*count = growing.rows;
	if (growing.rows == 0)
		return 0;
	*sql = growing_end(&growing, err);
	return *sql ? 0 : -1;
}

/* ---- the operation ---- */

static struct retort_bulk bulk_of(const struct retort_op *op, struct retort_row_source *source)
{
	return (struct retort_bulk){
		.schema = op->schema,
		.table = op->table,
		.source = source,
		.conflict_ignore = op->rows->on_conflict_ignore,
		.conflict_update = op->rows->on_conflict_update,
		.key = op->rows->key,
		.key_count = op->rows->key_count,
	};
}

/* Whether one of these columns always gets its value from the engine. */
static bool always_generated(const struct retort_table *table, const char *const *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct retort_column *column = retort_table_column(table, columns[i]);

		if (column && column->autoincrement == RETORT_AUTO_ALWAYS)
			return true;
	}
	return false;
}

/* The columns that the rows of an operation are for: those it names, else all that take values. */
static const char *const *row_columns(struct retort_arena *arena, const struct retort_rows *rows,
	const struct retort_table *table, size_t *count)
{
	const char **names;

	*count = rows->column_count;
	if (rows->column_count > 0)
		return rows->columns;
	names = retort_alloc_array(arena, table->column_count, sizeof *names);
	for (size_t i = 0; i < table->column_count; i++)
		if (!table->columns[i]->computed)
			names[(*count)++] = table->columns[i]->name;
	return names;
}

/* Rows in the operation itself, as they are turned into statements. */
struct inline_rows {
	struct retort_render *render;
	const struct retort_op *op;
	const struct retort_table *table;
	const char *const *columns;
	size_t column_count;
	struct retort_bulk bulk;
	struct retort_row_source source; /* only its columns count */
	const char **given;              /* the columns that the rows at hand have values for */
};

/* Whether two rows leave the same cells to the columns' defaults. */
static bool same_shape(const struct inline_rows *rows, size_t a, size_t b)
{
	const struct retort_value *const *const *cells = rows->op->rows->rows;

	for (size_t i = 0; i < rows->column_count; i++)
		if (!cells[a][i] != !cells[b][i])
			return false;
	return true;
}

static int append_row(struct inline_rows *rows, struct growing *growing, size_t row, struct retort_error *err)
{
	for (size_t i = 0; i < rows->column_count; i++) {
		const struct retort_value *value = rows->op->rows->rows[row][i];
		const struct retort_column *column = retort_table_column(rows->table, rows->columns[i]);

		if (!value)
			continue;
		if (!column)
			return retort_fail(err, RETORT_E_PLAN, "cannot insert rows: '%s' has no column '%s'",
				rows->table->name, rows->columns[i]);
		begin_cell(growing);
		if (retort_sql_value(rows->render, &growing->sql, column->type, value, err)) {
			retort_error_prefix(err, "column '%s' of row %zu", column->name, row + 1);
			return -1;
		}
		end_cell(growing);
	}
	end_row(growing);
	return 0;
}

/* INSERT INTO t DEFAULT VALUES */
static const char *insert_defaults(const struct inline_rows *rows)
{
	struct retort_buf sql;

	retort_buf_init(&sql, rows->render->arena);
	retort_sql_write(rows->render, &sql, "INSERT INTO %t DEFAULT VALUES", rows->bulk.schema,
		rows->bulk.table);
	return sql.data;
}

/* One statement for the rows from first on that go together; *next: the first that does not. */
static int insert_chunk(struct inline_rows *rows, size_t first, size_t *next, struct retort_error *err)
{
	struct retort_render *render = rows->render;
	size_t row = first, count = rows->op->rows->row_count;
	struct growing growing;
	const char *sql;

	rows->source.column_count = 0;
	for (size_t i = 0; i < rows->column_count; i++)
		if (rows->op->rows->rows[first][i])
			rows->given[rows->source.column_count++] = rows->columns[i];
	rows->bulk.overrides_identity = always_generated(rows->table, rows->given, rows->source.column_count);
	if (rows->source.column_count == 0) {
		sql = insert_defaults(rows);
		row++;
	} else {
		growing_init(&growing, render, &rows->bulk);
		for (; row < count && growing_takes(&growing, ROWS_MAX) && same_shape(rows, first, row);
			row++)
			if (append_row(rows, &growing, row, err))
				return -1;
		sql = growing_end(&growing, err);
		if (!sql)
			return -1;
	}
	retort_plan_add(render->plan, rows->op, RETORT_STMT_DATA, sql,
		retort_printf(render->arena, "insert %zu %s into '%s'", row - first,
			row - first == 1 ? "row" : "rows", rows->bulk.table));
	*next = row;
	return 0;
}

/* Rows of a file stay in it until they are needed. */
static void insert_source(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, struct retort_row_source *source)
{
	struct retort_bulk *bulk = retort_alloc(render->plan->arena, sizeof *bulk);
	const char *file = op->rows->csv ? op->rows->csv : op->rows->json;
	struct retort_statement *statement;
	struct retort_buf sql;

	*bulk = bulk_of(op, source);
	bulk->overrides_identity = always_generated(table, source->columns, source->column_count);
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "-- rows of %s into ", file ? file : "a file");
	retort_sql_qualified(render, &sql, op->schema, op->table);
	statement = retort_plan_add(render->plan, op, RETORT_STMT_DATA, sql.data, NULL);
	statement->kind = RETORT_STATEMENT_ROWS;
	statement->bulk = bulk;
}

int rows_insert(struct retort_render *render, const struct retort_op *op, struct retort_row_source *source,
	struct retort_error *err)
{
	struct inline_rows rows = {.render = render, .op = op};
	bool moves = false;

	rows.table = generic_table(render, op, err);
	if (!rows.table)
		return -1;
	if (source) {
		rows.columns = source->columns;
		rows.column_count = source->column_count;
		insert_source(render, op, rows.table, source);
	} else {
		rows.columns = row_columns(render->arena, op->rows, rows.table, &rows.column_count);
		rows.given = retort_alloc_array(render->arena, rows.column_count, sizeof *rows.given);
		rows.source.columns = rows.given;
		rows.bulk = bulk_of(op, &rows.source);
		for (size_t row = 0; row < op->rows->row_count;)
			if (insert_chunk(&rows, row, &row, err))
				return -1;
	}
	for (size_t i = 0; i < rows.column_count; i++) {
		const struct retort_column *column = retort_table_column(rows.table, rows.columns[i]);

		moves = moves || (column && column->autoincrement != RETORT_AUTO_NONE);
	}
	if (moves && render->dialect->after_rows &&
		render->dialect->after_rows(render, op, rows.table, err) == RETORT_FAIL)
		return -1;
	return 0;
}

int generic_insert_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	if (op->rows->csv || op->rows->json)
		return retort_fail(err, RETORT_E_INTERNAL, "cannot %s: nobody opened the file",
			retort_op_describe(render->arena, op));
	return rows_insert(render, op, NULL, err);
}
