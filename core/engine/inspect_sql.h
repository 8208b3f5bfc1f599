/* SPDX-License-Identifier: MIT
 *
 * engine/inspect_sql.h: whether SQL that an engine reports means the same on every other.
 *
 * In: an expression or a query as one engine writes it. Out: a text of words, functions and operators that
 * every engine reads alike, or nothing. What only this engine's spelling makes different (casts of literals,
 * quotes around plain names, = ANY (ARRAY[...]) for IN) is written the common way. Strict: what is not known
 * is taken for the engine's own.
 */
#ifndef RETORT_ENGINE_INSPECT_SQL_H
#define RETORT_ENGINE_INSPECT_SQL_H

#include "base/map.h"
#include "retort/sql.h"

/* sql itself where nothing had to change; NULL: it is this engine's alone. booleans: the columns that it may
 * name, to what is known of them; where they are truth values, = 1 is written = true, and what counts with
 * them is this engine's alone. NULL: none is. */
const char *inspect_neutral_sql(struct retort_arena *arena, unsigned syntax, const char *sql,
	const struct map *booleans);

/* Adds a table's columns to what is known. */
void inspect_booleans(struct map *booleans, const struct retort_table *table);

#endif
