/* SPDX-License-Identifier: MIT
 *
 * script/rows.h: the rows of insert_rows as a source: inline, of a CSV file, of a JSON file.
 *
 * CSV is RFC 4180 in UTF-8, read piece by piece, so files may be of any size; a BOM is skipped, lines end
 * in LF or CRLF, an empty field is NULL and "" the empty string. The first line names the columns; where
 * the operation gives columns, a first line that holds all of them is a head line too (others are left
 * out), and any other first line is the first row. JSON is an array of objects: `rows` names the key that
 * holds it, `map` gives the key of each column; a key that an object lacks is NULL, lists and maps are
 * passed on as JSON text. Values are not looked at here: sql/checked_rows.h stands behind.
 */
#ifndef RETORT_SCRIPT_ROWS_H
#define RETORT_SCRIPT_ROWS_H

#include "retort/sql.h"

/* A source for a resolved insert_rows into table (expanded): columns and types are those of the rows,
 * cells are the texts as they were given. Paths are relative to the folder of op->file where the reader
 * has not resolved them already. Faults name file, line and column. */
int rows_open(struct retort_arena *arena, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err);

#endif
