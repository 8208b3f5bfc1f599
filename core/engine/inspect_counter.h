/* SPDX-License-Identifier: MIT
 *
 * engine/inspect_counter.h: columns that count by themselves in a type that other engines can't count in.
 *
 * An unsigned bigint that counts is a bigint on an engine without unsigned types, where every other unsigned
 * bigint is a numeric; a key between the two would not hold. So is what foreign keys tie to such a column.
 */
#ifndef RETORT_ENGINE_INSPECT_COUNTER_H
#define RETORT_ENGINE_INSPECT_COUNTER_H

#include "base/map.h"
#include "retort/schema.h"

/* The names of these columns, for inspect_counts. */
struct map *inspect_counters(struct retort_arena *arena, const struct retort_schema *schema);
bool inspect_counts(struct retort_arena *arena, const struct map *counters, const struct retort_table *table,
	const struct retort_column *column);

#endif
