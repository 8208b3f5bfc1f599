/* SPDX-License-Identifier: MIT */
/* Renames: those that are said to be ones, and those that only look so. */
#include <stdlib.h>
#include <string.h>

#include "model/diffing.h"
#include "model/replay.h"

/* ---- said ---- */

/* A copy to which operations can be applied, once. */
static struct retort_schema *movable(struct diffing *diffing, const struct retort_schema **schema,
	const struct retort_schema *given)
{
	if (*schema == given)
		*schema = retort_schema_copy(diffing->arena, given);
	return (struct retort_schema *)*schema;
}

/* Moves both forms of the side that is left past a rename. */
static int apply_rename(struct diffing *diffing, const struct diff_side *given, const struct retort_op *op)
{
	bool same = diffing->from.canonical == diffing->from.written;

	if (replay_apply(movable(diffing, &diffing->from.written, given->written), op,
		    diffing->options->compare.syntax, diffing->err) < 0)
		return -1;
	if (same) {
		diffing->from.canonical = diffing->from.written;
		return 0;
	}
	/* What a canonical form leaves out can't follow: that is found as a difference then. */
	return replay_apply(movable(diffing, &diffing->from.canonical, given->canonical), op,
		diffing->options->compare.syntax, diffing->err);
}

static int rename_table(struct diffing *diffing, const struct diff_side *given,
	const struct retort_table *table)
{
	struct retort_op *op;

	if (!table->renamed_from ||
		!retort_schema_table(given->canonical, table->schema, table->renamed_from) ||
		retort_schema_table(given->canonical, table->schema, table->name) ||
		retort_schema_table(diffing->to.canonical, table->schema, table->renamed_from))
		return 0;
	op = diffing_emit(diffing, PHASE_RENAMES, RETORT_OP_RENAME_TABLE, table->schema, table->renamed_from,
		table->renamed_from);
	op->to = table->name;
	op->conventions = diffing->options->conventions;
	return apply_rename(diffing, given, op);
}

static int rename_columns(struct diffing *diffing, const struct diff_side *given,
	const struct retort_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		const struct retort_table *from;
		struct retort_op *op;

		if (!column->renamed_from)
			continue;
		from = retort_schema_table(diffing->from.canonical, table->schema, table->name);
		if (!from || !retort_table_column(from, column->renamed_from) ||
			retort_table_column(from, column->name) ||
			retort_table_column(table, column->renamed_from))
			continue;
		op = diffing_emit(diffing, PHASE_RENAMES, RETORT_OP_RENAME_COLUMN, table->schema, table->name,
			column->renamed_from);
		op->to = column->name;
		if (apply_rename(diffing, given, op) < 0)
			return -1;
	}
	return 0;
}

int diff_renames(struct diffing *diffing)
{
	const struct retort_schema *to = diffing->to.written;
	const struct diff_side given = diffing->from;

	for (size_t i = 0; i < to->table_count; i++)
		if (rename_table(diffing, &given, to->tables[i]) < 0)
			return -1;
	for (size_t i = 0; i < to->table_count; i++)
		if (rename_columns(diffing, &given, to->tables[i]) < 0)
			return -1;
	return 0;
}

/* ---- suspected ---- */

static void suspect(struct diffing *diffing, const char *schema, const char *table, const char *from,
	const char *to)
{
	struct diff_rename rename = {table, from, to};
	const char *what = table ? "column" : "table";
	const char *note = retort_printf(diffing->arena,
		"'%s' may be '%s' under a new name: then write `renamed_from: %s` for the %s '%s' in the "
		"schema file and generate this again, or nothing that it holds is kept",
		to, from, from, what, to);
	const char *names[] = {from, to};

	RETORT_PUSH(diffing->arena, diffing->ret->renames, diffing->ret->rename_count, rename);
	for (size_t i = 0; i < 2; i++)
		map_put(diffing->renamed,
			retort_printf(diffing->arena, "%s\n%s\n%s", schema ? schema : "", table ? table : "",
				names[i]),
			(char *)note);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the columns of a table are called, in one text. */
static const char *columns_text(struct retort_arena *arena, const struct retort_table *table)
{
	const char **names = retort_alloc_array(arena, table->column_count + 1, sizeof *names);
	struct retort_buf out;

	for (size_t i = 0; i < table->column_count; i++)
		names[i] = table->columns[i]->name;
	qsort(names, table->column_count, sizeof *names, by_text);
	retort_buf_init(&out, arena);
	retort_buf_printf(&out, "%s\n", table->schema ? table->schema : "");
	for (size_t i = 0; i < table->column_count; i++)
		retort_buf_printf(&out, "%s\n", names[i]);
	return out.data;
}

/* A table that goes and one of the same columns that comes. */
static void suspect_tables(struct diffing *diffing)
{
	struct map *gone = map_new(diffing->arena);

	for (size_t i = 0; i < diffing->pair_count; i++)
		if (!diffing->pairs[i].to)
			map_put(gone, columns_text(diffing->arena, diffing->pairs[i].from),
				(struct retort_table *)diffing->pairs[i].from);
	for (size_t i = 0; map_count(gone) && i < diffing->pair_count; i++) {
		const struct retort_table *to = diffing->pairs[i].to, *from;

		if (diffing->pairs[i].from)
			continue;
		from = map_remove(gone, columns_text(diffing->arena, to));
		if (from)
			suspect(diffing, to->schema, NULL, from->name, to->name);
	}
}

/* A column that goes and one of the same type that comes. */
static void suspect_columns(struct diffing *diffing, const struct table_pair *pair)
{
	bool *taken = retort_alloc_array(diffing->arena, pair->to->column_count + 1, sizeof *taken);

	for (size_t i = 0; i < pair->from->column_count; i++) {
		const struct retort_column *gone = pair->from->columns[i];

		if (retort_table_column(pair->to, gone->name))
			continue;
		for (size_t k = 0; k < pair->to->column_count; k++) {
			const struct retort_column *came = pair->to->columns[k];

			if (taken[k] || retort_table_column(pair->from, came->name) ||
				compare_column(diffing->arena, &diffing->options->compare, gone, came) &
					(RETORT_ALTER_TYPE | RETORT_ALTER_COMPUTED))
				continue;
			taken[k] = true;
			suspect(diffing, pair->to->schema, pair->to->name, gone->name, came->name);
			break;
		}
	}
}

void diff_suspects(struct diffing *diffing)
{
	suspect_tables(diffing);
	for (size_t i = 0; i < diffing->pair_count; i++)
		if (diffing->pairs[i].from && diffing->pairs[i].to && diffing->pairs[i].reshaped)
			suspect_columns(diffing, &diffing->pairs[i]);
}
