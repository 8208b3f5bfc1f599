/* SPDX-License-Identifier: MIT
 *
 * model/replaying.h: what the parts of replay share: one operation at work, and its faults.
 */
#ifndef RETORT_MODEL_REPLAYING_H
#define RETORT_MODEL_REPLAYING_H

#include <string.h>

#include "model/catalog.h"
#include "model/replay.h"

/* A copy of one object in the arena. */
#define COPY(arena, object) memcpy(retort_alloc((arena), sizeof *(object)), (object), sizeof *(object))

struct replaying {
	struct retort_arena *arena;
	const struct retort_schema *schema; /* as it was before the operation */
	const struct retort_op *op;
	unsigned syntax;
	struct retort_error *err;
};

/* "cannot add column 'a' to 't': reason", at the operation's place; returns -1. */
int replaying_fail(const struct replaying *replaying, const char *format, ...) RETORT_PRINTF(2, 3);
/* name in single quotes, safe to print. */
const char *replaying_quote(const struct replaying *replaying, const char *name);
/* ", did you mean 'x'?" or "", from n names that lie stride bytes apart. */
const char *replaying_hint(const struct replaying *replaying, const char *name, const void *names, size_t n);

/* The table of this name in the operation's schema, or NULL after a fault. */
struct retort_table *replaying_table(const struct replaying *replaying, const char *name);
/* Fails where a table, view, sequence or index has the name; table is where an index would be added. */
int replaying_free_name(const struct replaying *replaying, const char *schema_name, const char *name,
	const struct retort_table *table);

/* ---- replay_table.c: each changes a table that is a copy of its own ---- */
int table_apply(struct replaying *replaying, struct retort_table *table, const struct retort_op *op);
int table_add_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_column *column);
int table_add_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_constraint *constraint);
int table_add_index(struct replaying *replaying, struct retort_table *table,
	const struct retort_index *index);

/* ---- guard.c ---- */
/* Fails where a view, a trigger or another table's foreign key uses a column. */
int guard_column(const struct replaying *replaying, const struct retort_table *table, const char *column);

/* ---- replay_enum.c ---- */
/* The type with a named enum's values filled in; fails where the enum or domain is not known. */
int enum_fill_type(struct replaying *replaying, const struct retort_type *type,
	const struct retort_type **ret);
int enum_create(struct replaying *replaying, struct retort_schema *schema);
int enum_alter(struct replaying *replaying, struct retort_schema *schema);
int enum_drop(struct replaying *replaying, struct retort_schema *schema);

/* ---- replay_object.c ---- */
int object_create(struct replaying *replaying, struct retort_schema *schema);
/* What isn't there is made. */
int object_replace(struct replaying *replaying, struct retort_schema *schema);
int object_drop(struct replaying *replaying, struct retort_schema *schema);
int object_alter_extension(struct replaying *replaying, struct retort_schema *schema);
int object_create_schema(struct replaying *replaying, struct retort_schema *schema);
int object_drop_schema(struct replaying *replaying, struct retort_schema *schema);

/* ---- follow.c, follow_conventions.c: what names a table or column elsewhere in the schema gets its new name
 * ---- */
void follow_table(struct replaying *replaying, struct retort_schema *schema,
	const struct retort_table *before, const char *to);
void follow_column(struct replaying *replaying, struct retort_schema *schema,
	const struct retort_table *table, const char *from, const char *to);
/* The same inside a table that is a copy of its own. */
void follow_column_inside(struct replaying *replaying, struct retort_table *table, const char *from,
	const char *to);
/* Gives what bears its convention name in a table, a copy of its own that was called from, the new one. */
void follow_conventions(struct replaying *replaying, struct retort_table *table, const char *from);
/* A list with from replaced by to; the very same where it isn't in it. */
const char *const *follow_list(struct retort_arena *arena, const char *const *names, size_t n,
	const char *from, const char *to);

#endif
