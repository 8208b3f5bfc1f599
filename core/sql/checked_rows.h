/* SPDX-License-Identifier: MIT
 *
 * sql/checked_rows.h: the rows of a file, checked against the columns that they are for.
 *
 * A source of rows knows texts, an engine takes its values as they come, and each has its own idea of
 * what is a date. So one place for all engines stands between the two: every cell must be a value of its
 * column's type as a literal in a revision would be, and goes on in the neutral form of sql/literal.h,
 * so that a row means the same whether it stands in a file or in the revision itself.
 */
#ifndef RETORT_SQL_CHECKED_ROWS_H
#define RETORT_SQL_CHECKED_ROWS_H

#include "retort/sql.h"

/* The rows of source with checked cells. A cell that doesn't fit is RETORT_E_PLAN at its place in the
 * file, with its column and value. schema, which knows named enums and domains, is only looked at now. */
struct retort_row_source *checked_rows_new(struct retort_arena *arena, const struct retort_schema *schema,
	struct retort_row_source *source);
/* Goes through all rows, and back to the first: a fault is found before anything runs. */
int checked_rows_verify(struct retort_row_source *checked, struct retort_error *err);

#endif
