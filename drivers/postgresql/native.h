/* SPDX-License-Identifier: MIT
 *
 * native.h: types as PostgreSQL has them.
 *
 * A native type has many spellings (varchar(3), character varying(3)); its canonical one is that of
 * format_type, by which types are compared. A neutral type stands for a native one only where rendering
 * it gives exactly that back; else the struct has the native text beside the nearest neutral kind.
 */
#ifndef POSTGRESQL_NATIVE_H
#define POSTGRESQL_NATIVE_H

#include "retort/sql.h"

extern const struct retort_type_row native_types[];

/* The spelling of format_type. */
const char *native_canonical(struct retort_arena *arena, const char *native);
/* The neutral type of a native one that is no enum or domain. */
struct retort_type *native_parse(struct retort_arena *arena, const char *native);
/* The canonical native type of a column; NULL on failure. An inline enum is its own type. */
const char *native_of(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err);
/* "smallserial", "serial", "bigserial", or NULL for a type that none of them has. */
const char *native_serial(const struct retort_type *type);

#endif
