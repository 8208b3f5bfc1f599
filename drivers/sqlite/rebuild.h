/* SPDX-License-Identifier: MIT
 *
 * rebuild.h: what ALTER TABLE can't do, done by making the table anew.
 *
 * In: a table as it is, the operations on it and the table they lead to. Out: plain statements that give
 * the same online and in a script, and the texts that SQLite will store. The new table is made from the
 * stored text in which only what the operations name is changed; before a statement goes into the plan
 * all of them have run on an empty database in memory, and what came out equals the replayed table.
 */
#ifndef SQLITE_REBUILD_H
#define SQLITE_REBUILD_H

#include "inspect.h"

struct rebuild {
	struct retort_render *render;
	struct retort_arena *arena;
	const struct retort_table *now, *after;
	const struct retort_op *const *ops;
	size_t count;
	const char *text;  /* CREATE TABLE, edited so far */
	const char *fresh; /* the new table's name until it has the old one's */
	bool destructive;  /* a column is dropped */
};

/* Renders the operations as one rebuild. after is given the texts. */
int rebuild_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err);
/* change.c: edits rebuild->text as one operation wants it. */
int change_text(struct rebuild *rebuild, const struct retort_op *op, struct retort_error *err);
/* change.c: what follows from all of them: type names that depend on the key, NOT NULL of its columns. */
int change_settle(struct rebuild *rebuild, struct retort_error *err);
/* verify.c: whether what is in the database in memory is the table that the operations lead to. */
int verify_table(struct retort_render *render, sqlite3 *db, const struct retort_table *after,
	struct retort_error *err);
/* Takes the stored texts of a table and its indexes from the database in memory. */
void scratch_take_texts(sqlite3 *db, struct retort_arena *arena, struct retort_table *table);
/* Makes a table with its indexes in the database in memory. */
int scratch_make(struct retort_render *render, sqlite3 *db, const struct retort_table *table,
	struct retort_error *err);
/* The clause that a constraint of the model is in the text; NULL: none. column: the one it stands in. */
struct clause *find_constraint(const struct definition *definition,
	const struct retort_constraint *constraint, struct column_item **column);

#endif
