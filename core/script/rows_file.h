/* SPDX-License-Identifier: MIT
 *
 * script/rows_file.h: what the sources of rows share.
 */
#ifndef RETORT_SCRIPT_ROWS_FILE_H
#define RETORT_SCRIPT_ROWS_FILE_H

#include <stdbool.h>

#include "script/rows.h"

/* The file of an operation's rows and the table they are for. */
struct rows_file {
	struct retort_arena *arena;
	const struct retort_op *op;
	const struct retort_table *table;
	const char *path, *shown; /* to open, and for messages */
};

/* Adds a problem at a place of the file (0: unknown); returns -1. */
int rows_fault(const struct rows_file *file, unsigned line, unsigned column, struct retort_error *err,
	const char *format, ...) RETORT_PRINTF(5, 6);
/* Gives a source its columns and their types; each must be a column of the table. */
int rows_set_columns(const struct rows_file *file, struct retort_row_source *source,
	const char *const *columns, size_t count, unsigned line, struct retort_error *err);
/* ": did you mean 'x'?" for the column that name was probably meant to be, or "". */
const char *rows_meant(const struct rows_file *file, const char *name);

int rows_open_csv(const struct rows_file *file, struct retort_row_source **ret, struct retort_error *err);
int rows_open_json(const struct rows_file *file, struct retort_row_source **ret, struct retort_error *err);

#endif
