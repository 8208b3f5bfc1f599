/* SPDX-License-Identifier: MIT
 *
 * sql/render.h: resolved operations to statements.
 */
#ifndef RETORT_SQL_RENDER_H
#define RETORT_SQL_RENDER_H

#include "retort/sql.h"

struct renderer {
	struct retort_arena *arena;
	const struct retort_dialect *dialect;
	unsigned version;             /* of the server; 0: not known */
	struct retort_schema *schema; /* the state; render_ops moves it on */
	struct retort_plan *plan;
	/* Makes a source of the rows of an insert_rows operation whose columns have these types; set by
	 * the floor above, which knows files. Inline rows need no file. */
	int (*open_rows)(void *context, const struct retort_op *op, const struct retort_table *table,
		struct retort_row_source **ret, struct retort_error *err);
	void *open_rows_context;
};

/* Renders n resolved operations in order, grouping neighbours on one table, and replays each onto
 * renderer->schema. Faults have the operation's file and line; several may be reported. */
int render_ops(struct renderer *renderer, const struct retort_op *const *ops, size_t n,
	struct retort_error *err);
/* What the engine can't have among these operations (capability bits, types), each a problem
 * "NAME has no sequences"; part of render_ops, on its own for lint. */
int render_check(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* A multi-row INSERT for up to limit rows of a source, for offline scripts and drivers without
 * bulk. *count: rows taken; 0: the source is at its end and *sql is NULL. */
int render_insert(struct retort_render *render, const struct retort_bulk *bulk, size_t limit,
	const char **sql, size_t *count, struct retort_error *err);

#endif
