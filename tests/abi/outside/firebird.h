/* SPDX-License-Identifier: MIT
 *
 * A driver for Firebird that lives outside retort: built by its own Makefile from the installed headers.
 */
#ifndef FIREBIRD_H
#define FIREBIRD_H

#include <retort/driver.h>

/* dialect.c */
extern const struct retort_dialect firebird_dialect;

/* inspect.c */
int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);

/* connection.c */
int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);

#endif
