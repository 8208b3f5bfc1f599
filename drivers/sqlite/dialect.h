/* SPDX-License-Identifier: MIT
 *
 * dialect.h: SQLite's SQL, without a connection.
 */
#ifndef SQLITE_DIALECT_H
#define SQLITE_DIALECT_H

#include "retort/sql.h"

extern const struct retort_dialect sqlite_dialect;

/* In front of the message of an assert, so that the driver finds it in SQLite's. */
#define DIALECT_ASSERT_MARK "retort: "

/* Appends a statement without rows that fails with message unless the condition holds. */
void dialect_assert(struct retort_render *render, struct retort_buf *out, const char *condition,
	const char *message);
/* What a table can't be, one problem each. */
int dialect_check_table(const struct retort_table *table, struct retort_error *err);

/* alter.c */
int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err);

/* rename.c: a table's new name, and the texts of the schema onto which a rename was just replayed. */
int rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int rename_redefine(struct retort_render *render, const struct retort_op *op, struct retort_schema *schema,
	struct retort_error *err);

/* guard.c: foreign keys don't act in a transaction that rebuilds a table, so a change of rows on which
 * they should act has no place there. */
int guard_rebuild(struct retort_render *render, struct retort_error *err);
int guard_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

/* normalize.c */
int normalize_schema(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);

#endif
