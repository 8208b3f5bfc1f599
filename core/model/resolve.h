/* SPDX-License-Identifier: MIT
 *
 * model/resolve.h: operations as read from a file, made ready for one dialect.
 *
 * Resolving leaves out what only/except exclude, picks the answer of each dialect map (the
 * dialect, its family, default; no answer is RETORT_E_PLAN), gives names to unnamed
 * constraints and indexes by the conventions, expands shorthands into constraints and
 * indexes, and flattens alter_table into operations of one group. The input is not changed.
 */
#ifndef RETORT_MODEL_RESOLVE_H
#define RETORT_MODEL_RESOLVE_H

#include "retort/op.h"

/* Templates with %(table)s, %(columns)s, %(referred_table)s, %(name)s, %(column)s. */
struct naming {
	const char *pk, *uq, *ix, *fk, *ck, *en;
};

struct resolve {
	struct retort_arena *arena;
	const char *dialect; /* NULL: of no dialect; the `default` answers, else the first */
	const char *family;
	unsigned max_name; /* 0: no limit */
	bool max_name_characters;
	const struct naming *naming; /* NULL: the design's defaults */
	/* The state before the list, or NULL: only to number unnamed CHECKs on from those a table has. */
	const struct retort_schema *schema;
};

/* How names are made, kept in a resolved rename_table. */
struct retort_conventions {
	struct naming naming;
	unsigned max_name;
	bool max_name_characters;
};

/* The design's defaults. */
extern const struct naming naming_default;

/* A convention's name for an object; cut to the limit as the design says (limit-9, _, 8 hex digits). */
const char *naming_apply(const struct resolve *resolve, const char *template, const char *table,
	const char *const *columns, size_t column_count, const char *referred_table, const char *name);
/* Cuts a name that is over the limit; one within it is returned as it is. */
const char *naming_cut(const struct resolve *resolve, const char *name);

/* The list that n operations resolve to; each fault is one problem with file and line. */
int resolve_ops(const struct resolve *resolve, const struct retort_op *const *ops, size_t n,
	const struct retort_op ***ret, size_t *ret_count, struct retort_error *err);
/* One text or default; *ret is NULL for "nothing here". what names it in the error. */
int resolve_text(const struct resolve *resolve, const struct retort_text *text, const char *what,
	const struct retort_text **ret, struct retort_error *err);
/* The type, default or value of what for the dialect: resolved, so without variants. */
int resolve_type(const struct resolve *resolve, const struct retort_type *type, const char *what,
	const struct retort_type **ret, struct retort_error *err);
int resolve_default(const struct resolve *resolve, const struct retort_default *def, const char *what,
	const struct retort_default **ret, struct retort_error *err);
int resolve_value(const struct resolve *resolve, const struct retort_value *value, const char *what,
	const struct retort_value **ret, struct retort_error *err);
bool resolve_in_scope(const struct resolve *resolve, const struct retort_scope *scope);

#endif
