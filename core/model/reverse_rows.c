/* SPDX-License-Identifier: MIT */
#include "model/reverse_rows.h"

#include "model/catalog.h"

/* Whether each row gives a plain value for the column at at. */
static bool all_given(const struct retort_rows *rows, size_t at)
{
	size_t i;

	for (i = 0; i < rows->row_count; i++) {
		const struct retort_value *cell = rows->rows[i][at];

		if (!cell || cell->kind != RETORT_DEFAULT_LITERAL)
			return false;
	}
	return true;
}

/* Whether the rows give a column's value. Of a file whose columns aren't listed that is taken for granted,
 * but for what the database counts by itself. */
static bool covers_column(const struct retort_table *table, const struct retort_rows *rows, const char *name)
{
	bool file = rows->csv || rows->json;
	const struct retort_column *column = retort_table_column(table, name);
	size_t i;

	if (!rows->column_count && file) {
		for (i = 0; i < rows->map_count; i++) {
			if (name_equal(rows->map_columns[i], name))
				return true;
		}
		return column && column->autoincrement == RETORT_AUTO_NONE;
	}
	if (!rows->column_count) {
		for (i = 0; i < table->column_count && !name_equal(table->columns[i]->name, name); i++)
			continue;
		return i < table->column_count && all_given(rows, i);
	}
	for (i = 0; i < rows->column_count; i++) {
		if (name_equal(rows->columns[i], name))
			return file || all_given(rows, i);
	}
	return false;
}

static bool covers(const struct retort_table *table, const struct retort_rows *rows, const char *const *names,
	size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!covers_column(table, rows, names[i]))
			return false;
	}
	return n > 0;
}

/* The columns of a unique index, where they and nothing else decide; 0: not so. */
static size_t index_key(struct retort_arena *arena, const struct retort_index *index, const char *const **ret)
{
	const char **names = NULL;
	size_t count = 0, i;

	if (!index->unique || index->where)
		return 0;
	for (i = 0; i < index->column_count; i++) {
		if (!index->columns[i]->column || index->columns[i]->length)
			return 0;
		RETORT_PUSH(arena, names, count, index->columns[i]->column);
	}
	*ret = names;
	return count;
}

size_t reverse_rows_key(struct retort_arena *arena, const struct retort_table *table,
	const struct retort_rows *rows, const char *const **ret, const char **why)
{
	const struct retort_constraint *primary = retort_table_primary_key(table);
	const char *const *names;
	size_t found = 0, keys = 0, n, i;

	*why = NULL;
	if (primary && covers(table, rows, primary->columns, primary->column_count)) {
		*ret = primary->columns;
		return primary->column_count;
	}
	if (rows->key_count && covers(table, rows, rows->key, rows->key_count)) {
		*ret = rows->key;
		return rows->key_count;
	}
	for (i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		if (constraint->kind == RETORT_UNIQUE &&
			covers(table, rows, constraint->columns, constraint->column_count)) {
			*ret = constraint->columns;
			found = constraint->column_count;
			keys++;
		}
	}
	for (i = 0; i < table->index_count; i++) {
		n = index_key(arena, table->indexes[i], &names);
		if (n && covers(table, rows, names, n)) {
			*ret = names;
			found = n;
			keys++;
		}
	}
	if (keys == 1)
		return found;
	*why = keys ? "its columns cover several unique keys: say which by `key`, or give it `reverse`"
		    : "its columns cover no key of the table: give it `key` or `reverse`";
	return 0;
}
