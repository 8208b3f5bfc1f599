/* SPDX-License-Identifier: MIT */
#include "script/rows.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "script/head.h"
#include "script/rows_file.h"

enum { ECHOED = 60 };

int rows_fault(const struct rows_file *file, unsigned line, unsigned column, struct retort_error *err,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	retort_vfail(err, RETORT_E_FILE, format, ap);
	va_end(ap);
	retort_error_at(err, file->shown, line, column);
	return -1;
}

const char *rows_meant(const struct rows_file *file, const char *name)
{
	const char **names = retort_alloc_array(file->arena, file->table->column_count, sizeof *names),
		   *meant;
	size_t i;

	for (i = 0; i < file->table->column_count; i++)
		names[i] = file->table->columns[i]->name;
	meant = text_nearest(name, names, file->table->column_count, sizeof *names);
	return meant ? retort_printf(file->arena, ": did you mean '%s'?", meant) : "";
}

int rows_set_columns(const struct rows_file *file, struct retort_row_source *source,
	const char *const *columns, size_t count, unsigned line, struct retort_error *err)
{
	const struct retort_type **types = retort_alloc_array(file->arena, count, sizeof *types);
	struct map *seen = map_new(file->arena);
	int status = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct retort_column *column = retort_table_column(file->table, columns[i]);
		const char *shown = text_echo(file->arena, columns[i], ECHOED);

		if (map_put(seen, columns[i], seen))
			status = rows_fault(file, line, 0, err, "column '%s' is named twice", shown);
		else if (!column)
			status = rows_fault(file, line, 0, err, "'%s' is no column of '%s'%s", shown,
				text_echo(file->arena, file->table->name, ECHOED),
				rows_meant(file, columns[i]));
		types[i] = column ? column->type : NULL;
	}
	source->columns = columns;
	source->types = types;
	source->column_count = count;
	return status;
}

/* ---- inline rows ---- */

struct inline_source {
	struct retort_row_source source; /* first */
	struct rows_file file;
	const char **cells;
	size_t at;
};

static int inline_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct inline_source *rows = (struct inline_source *)source;
	const struct retort_value *const *row;
	size_t i;

	if (rows->at == rows->file.op->rows->row_count)
		return 0;
	row = rows->file.op->rows->rows[rows->at++];
	for (i = 0; i < source->column_count; i++) {
		if (!row[i] || row[i]->variant_count ||
			(row[i]->kind != RETORT_DEFAULT_LITERAL && row[i]->kind != RETORT_DEFAULT_NULL))
			return rows_fault(&rows->file, rows->file.op->line, rows->file.op->line_column, err,
				"row %zu has no literal for column '%s'", rows->at, source->columns[i]);
		rows->cells[i] = row[i]->kind == RETORT_DEFAULT_NULL ? NULL : row[i]->text;
	}
	*cells = rows->cells;
	return 1;
}

static int inline_rewind(struct retort_row_source *source, struct retort_error *err)
{
	(void)err;
	((struct inline_source *)source)->at = 0;
	return 0;
}

static int open_inline(const struct rows_file *file, struct retort_row_source **ret, struct retort_error *err)
{
	struct inline_source *rows = retort_alloc(file->arena, sizeof *rows);

	rows->file = *file;
	rows->source.next = inline_next;
	rows->source.rewind = inline_rewind;
	rows->source.row_count = (long long)file->op->rows->row_count;
	rows->cells = retort_alloc_array(file->arena, file->op->rows->column_count, sizeof *rows->cells);
	*ret = &rows->source;
	return rows_set_columns(file, &rows->source, file->op->rows->columns, file->op->rows->column_count,
		file->op->line, err);
}

int rows_open(struct retort_arena *arena, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err)
{
	const struct retort_rows *rows = op->rows;
	struct rows_file file = {.arena = arena, .op = op, .table = table, .shown = op->file};
	const char *name = rows->csv ? rows->csv : rows->json;

	if (!name)
		return open_inline(&file, ret, err);
	file.path = rows->csv ? rows->csv_path : rows->json_path;
	if (!file.path)
		file.path = path_join(arena, op->file ? path_folder(arena, op->file) : ".", name);
	file.shown = head_shown_path(arena, file.path);
	return rows->csv ? rows_open_csv(&file, ret, err) : rows_open_json(&file, ret, err);
}
