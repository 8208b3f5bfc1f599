/* SPDX-License-Identifier: MIT
 *
 * A driver for Firebird that lives outside retort: built by its own Makefile from the installed headers.
 */
#ifndef FIREBIRD_H
#define FIREBIRD_H

#include <retort/driver.h>

/* dialect.c */
extern const struct retort_dialect firebird_dialect;
/* Appends SQL: in format %n stands for a name, which is quoted, and %s for SQL as it is. */
void sql_write(const struct retort_render *render, struct retort_buf *out, const char *format, ...);
void sql_vwrite(const struct retort_render *render, struct retort_buf *out, const char *format, va_list ap);

/* alter.c */
int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err);

/* inspect.c */
int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);

/* connection.c */
int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);

#endif
