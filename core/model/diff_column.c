/* SPDX-License-Identifier: MIT */
/* Columns of a table on both sides. */
#include <string.h>

#include "model/diffing.h"
#include "model/replay.h"
#include "retort/sql.h"

/* A column without what only schema files say. */
static struct retort_column *plain_column(struct diffing *diffing, const struct retort_column *given)
{
	struct retort_column *column = retort_alloc(diffing->arena, sizeof *column);

	*column = *given;
	column->renamed_from = NULL;
	return column;
}

static const struct retort_column *written(const struct retort_table *table,
	const struct retort_column *column)
{
	const struct retort_column *ret = retort_table_column(table, column->name);

	return ret ? ret : column;
}

/* What was found to look like a rename of a column. */
static void note_rename(struct diffing *diffing, const struct retort_table *table, const char *column)
{
	const char *note = map_get(diffing->renamed,
		retort_printf(diffing->arena, "%s\n%s\n%s", table->schema ? table->schema : "", table->name,
			column));

	if (note)
		diffing_note(diffing, PHASE_TABLES, false, "%s", note);
}

/* ---- changes ---- */

static void note_change(struct diffing *diffing, const struct retort_column *from,
	const struct retort_column *to, unsigned bits)
{
	const char *narrows = bits & RETORT_ALTER_TYPE ? diff_narrows(diffing, from->type, to->type) : NULL;

	if (narrows)
		diffing_note(diffing, PHASE_TABLES, true, "'%s': %s", to->name, narrows);
	if (bits & RETORT_ALTER_NULLABLE && !to->nullable && !to->computed)
		diffing_note(diffing, PHASE_TABLES, false, "rows without '%s' need a value: give fill",
			to->name);
	if (bits & RETORT_ALTER_COMPUTED && to->computed && !from->computed)
		diffing_note(diffing, PHASE_TABLES, true, "the values of '%s' are replaced by computed ones",
			to->name);
}

static void alter_column(struct diffing *diffing, const struct table_pair *pair, size_t at, unsigned group)
{
	const struct retort_column *canonical = pair->to->columns[at];
	const struct retort_column *to = written(pair->to_written, canonical);
	const struct retort_column *from =
		written(pair->from_written, retort_table_column(pair->from, canonical->name));
	struct retort_op *op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_ALTER_COLUMN, pair->to->schema,
		pair->to->name, to->name);

	op->group = group;
	op->column = plain_column(diffing, to);
	op->alter = pair->altered[at];
	note_change(diffing, from, to, op->alter);
}

/* ---- columns that come and go ---- */

static void add_column(struct diffing *diffing, const struct table_pair *pair, size_t at, unsigned group)
{
	const struct retort_column *to = written(pair->to_written, pair->to->columns[at]);
	struct retort_op *op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_ADD_COLUMN, pair->to->schema,
		pair->to->name, to->name);

	op->group = group;
	op->column = plain_column(diffing, to);
	/* As a primary key that comes with it says so anyway, and rows have no say. */
	if (!to->nullable && !to->computed && to->autoincrement == RETORT_AUTO_NONE &&
		(!to->def || to->def->kind == RETORT_DEFAULT_NULL))
		diffing_note(diffing, PHASE_TABLES, false,
			"rows that exist need a '%s': give fill or a default", to->name);
	note_rename(diffing, pair->to, to->name);
}

static void drop_column(struct diffing *diffing, const struct table_pair *pair,
	const struct retort_column *column, unsigned group)
{
	struct retort_op *op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_DROP_COLUMN, pair->to->schema,
		pair->to->name, column->name);

	op->group = group;
	if (!column->computed)
		diffing_note(diffing, PHASE_TABLES, true, "the values of '%s' are lost", column->name);
	note_rename(diffing, pair->to, column->name);
}

/* Computed columns go before what they use, and come after. */
static void drop_columns(struct diffing *diffing, const struct table_pair *pair, bool computed,
	unsigned group)
{
	for (size_t i = 0; i < pair->from->column_count; i++) {
		const struct retort_column *column = pair->from->columns[i];

		if (!retort_table_column(pair->to, column->name) && (column->computed != NULL) == computed)
			drop_column(diffing, pair, column, group);
	}
}

static void add_columns(struct diffing *diffing, const struct table_pair *pair, bool computed, unsigned group)
{
	for (size_t i = 0; i < pair->to->column_count; i++) {
		const struct retort_column *column = pair->to->columns[i];

		if (!retort_table_column(pair->from, column->name) && (column->computed != NULL) == computed)
			add_column(diffing, pair, i, group);
	}
}

/* Whether a column turns from computed when read to stored or back, which no engine but by a copy of the
 * table can do in place: it is made anew, unless something stands on it. */
static bool is_made_anew(struct diffing *diffing, const struct table_pair *pair, size_t at)
{
	const struct retort_column *to = pair->to->columns[at];
	const struct retort_column *from = retort_table_column(pair->from, to->name);
	struct replay_users users;

	if (!(pair->altered[at] & RETORT_ALTER_COMPUTED) || !from->computed || !to->computed ||
		from->computed_stored == to->computed_stored)
		return false;
	replay_column_users(diffing->arena, pair->from_written, to->name, diffing->options->compare.syntax,
		&users);
	return !users.constraint_count && !users.index_count;
}

/* What is computed changes last: it may be of columns that have just come. */
static void alter_columns(struct diffing *diffing, const struct table_pair *pair, bool computed,
	unsigned group)
{
	for (size_t i = 0; i < pair->to->column_count; i++) {
		bool of_computed = (pair->altered[i] & RETORT_ALTER_COMPUTED) != 0;

		if (!pair->altered[i] || of_computed != computed)
			continue;
		if (is_made_anew(diffing, pair, i)) {
			drop_column(diffing, pair,
				retort_table_column(pair->from, pair->to->columns[i]->name), group);
			add_column(diffing, pair, i, group);
		} else {
			alter_column(diffing, pair, i, group);
		}
	}
}

void diff_columns(struct diffing *diffing, const struct table_pair *pair, unsigned group)
{
	drop_columns(diffing, pair, true, group);
	alter_columns(diffing, pair, false, group);
	add_columns(diffing, pair, false, group);
	alter_columns(diffing, pair, true, group);
	add_columns(diffing, pair, true, group);
	drop_columns(diffing, pair, false, group);
}
