/* SPDX-License-Identifier: MIT
 *
 * dialect.h: PostgreSQL's SQL, without a connection.
 */
#ifndef POSTGRESQL_DIALECT_H
#define POSTGRESQL_DIALECT_H

#include "retort/sql.h"

#define POSTGRESQL_SYNTAX                                                                                    \
	(RETORT_SYNTAX_DOLLAR | RETORT_SYNTAX_NESTED_COMMENT | RETORT_SYNTAX_TABLE_CHECKS |                  \
		RETORT_SYNTAX_TABLE_KEYS)

extern const struct retort_dialect postgresql_dialect;

/* What a version of the server can; 0: the newest. */
uint64_t dialect_caps_at(unsigned version);
/* A rendering of nothing in particular, for the builders of retort/sql.h. */
struct retort_render dialect_render(struct retort_arena *arena, const struct retort_schema *schema);

/* function.c: now, today and uuid. */
int function_render(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err);
/* The function that an expression, as the server writes it, is the rendering of in a column of a type;
 * NULL: none. */
const char *function_name(struct retort_arena *arena, const char *expression, const struct retort_type *type);

/* expression.c: what the server's text of a default means. */
const struct retort_default *expression_default(struct retort_arena *arena, const char *expression,
	const struct retort_type *type);
/* Text without parentheses around the whole. */
const char *expression_bare(struct retort_arena *arena, const char *sql);
/* Whether two pieces of SQL are the same but for blanks, comments and the case of words. */
bool expression_same(const char *left, const char *right);

/* alter.c: overrides for what ALTER TABLE can't do in one way for all. */
int override_create_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int override_add_column(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int override_alter_column(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int override_alter_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

/* view.c */
int override_replace_view(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int override_set_options(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* routine.c */
int override_make_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int override_drop_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

/* script.c: what only scripts need. */
int script_assert(struct retort_render *render, const char *query, const char *value, const char *message,
	struct retort_buf *out, struct retort_error *err);
/* Moves the sequences of table past the largest values. */
int script_after_rows(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, struct retort_error *err);
/* 'text' between dollar quotes with a tag that text doesn't hold. */
void script_dollar(struct retort_buf *out, const char *text);
/* pg_get_serial_sequence('"t"', 'c') */
void script_sequence(const struct retort_render *render, struct retort_buf *out, const char *schema,
	const char *table, const char *column);

/* normalize.c */
int normalize_schema(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err);

#endif
