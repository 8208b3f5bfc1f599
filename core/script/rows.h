/* SPDX-License-Identifier: MIT
 *
 * script/rows.h: the rows of insert_rows as a source: inline, of a CSV file, of a JSON file.
 */
#ifndef RETORT_SCRIPT_ROWS_H
#define RETORT_SCRIPT_ROWS_H

#include "retort/sql.h"

/* A source for a resolved insert_rows into table (expanded): columns and types are those of the rows,
 * cells are neutral text typed by the column. Paths are relative to the revision file op->file (its
 * folder), variables have been replaced when it was read. CSV: RFC 4180, head line required unless
 * columns are given; an empty field is NULL, "" the empty string. Faults name file, line and column. */
int rows_open(struct retort_arena *arena, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err);

#endif
