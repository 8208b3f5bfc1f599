/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "sql/checked_rows.h"
#include "sql/literal.h"

enum { ECHOED = 60 };

struct checked_rows {
	struct retort_row_source source; /* first */
	struct retort_row_source *inner;
	const struct retort_type **types; /* what literals are read as: no domains, enums with their values */
	struct retort_buf *values;        /* of the row, a buffer for each column */
	const char **cells;
	struct retort_arena *arena;
	unsigned long long row; /* from 1 */
};

/* Tells which cell it was. */
static int misfit(struct checked_rows *rows, size_t column, struct retort_error *err)
{
	struct retort_row_source *inner = rows->inner;
	unsigned line = inner->line, at = 0;

	if (inner->locate)
		inner->locate(inner, column, &line, &at);
	retort_error_prefix(err, "column '%s'", text_echo(rows->arena, inner->columns[column], ECHOED));
	if (line == 0)
		retort_error_prefix(err, "row %llu", rows->row);
	if (inner->file)
		retort_error_at(err, inner->file, line, at);
	return -1;
}

/* Whether any text is a value of a type, and its own neutral form. */
static bool takes_any_text(const struct retort_type *type)
{
	return type->kind == RETORT_TYPE_TEXT || type->kind == RETORT_TYPE_NATIVE ||
		type->kind == RETORT_TYPE_NONE;
}

static int checked_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct checked_rows *rows = (struct checked_rows *)source;
	const char *const *given;
	int rc = rows->inner->next(rows->inner, &given, err);

	if (rc != 1)
		return rc;
	rows->row++;
	source->file = rows->inner->file;
	source->line = rows->inner->line;
	for (size_t i = 0; i < source->column_count; i++) {
		rows->cells[i] = given[i];
		if (!given[i] || takes_any_text(rows->types[i]))
			continue;
		retort_buf_clear(&rows->values[i]);
		if (literal_append(&rows->values[i], NULL, rows->types[i], given[i], err))
			return misfit(rows, i, err);
		rows->cells[i] = rows->values[i].data;
	}
	*cells = rows->cells;
	return 1;
}

static int checked_rewind(struct retort_row_source *source, struct retort_error *err)
{
	struct checked_rows *rows = (struct checked_rows *)source;

	rows->row = 0;
	return rows->inner->rewind(rows->inner, err);
}

static void checked_locate(const struct retort_row_source *source, size_t column, unsigned *line,
	unsigned *at)
{
	const struct retort_row_source *inner = ((const struct checked_rows *)source)->inner;

	if (inner->locate)
		inner->locate(inner, column, line, at);
}

/* The type with all that the schema knows of it. */
static const struct retort_type *known_type(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_type *type)
{
	static const struct retort_type none = {.kind = RETORT_TYPE_NONE};
	const struct retort_enum *named;
	struct retort_type *filled;

	if (!type)
		return &none;
	type = literal_base_type(schema, type);
	if (type->kind != RETORT_TYPE_ENUM || type->value_count > 0 || !type->name)
		return type;
	named = retort_schema_enum(schema, type->schema, type->name);
	if (!named)
		return type;
	filled = memcpy(retort_alloc(arena, sizeof *filled), type, sizeof *filled);
	filled->values = named->values;
	filled->value_count = named->value_count;
	return filled;
}

struct retort_row_source *checked_rows_new(struct retort_arena *arena, const struct retort_schema *schema,
	struct retort_row_source *source)
{
	struct checked_rows *rows = retort_alloc(arena, sizeof *rows);
	size_t count = source->column_count;

	rows->source = *source;
	rows->source.next = checked_next;
	rows->source.rewind = checked_rewind;
	rows->source.locate = checked_locate;
	rows->inner = source;
	rows->arena = arena;
	rows->types = retort_alloc_array(arena, count, sizeof *rows->types);
	rows->values = retort_alloc_array(arena, count, sizeof *rows->values);
	rows->cells = retort_alloc_array(arena, count, sizeof *rows->cells);
	for (size_t i = 0; i < count; i++) {
		rows->types[i] = known_type(arena, schema, source->types[i]);
		retort_buf_init(&rows->values[i], arena);
	}
	return &rows->source;
}

int checked_rows_verify(struct retort_row_source *checked, struct retort_error *err)
{
	const char *const *cells;
	int rc;

	while ((rc = checked->next(checked, &cells, err)) == 1)
		;
	return rc ? -1 : checked->rewind(checked, err);
}
