/* SPDX-License-Identifier: MIT
 *
 * base/map.h: a map from strings to pointers that remembers the order of insertion.
 * It belongs to an arena and goes with it. Keys are not copied: they must outlive the map.
 */
#ifndef RETORT_BASE_MAP_H
#define RETORT_BASE_MAP_H

#include "retort/memory.h"

struct map;

struct map *map_new(struct retort_arena *arena);
/* The value of key, or NULL. */
void *map_get(const struct map *map, const char *key);
/* The same for a key of n bytes without a zero at its end. */
void *map_get_n(const struct map *map, const char *key, size_t n);
/* Sets key to value, which is not NULL, and returns the value it had, or NULL. */
void *map_put(struct map *map, const char *key, void *value);
/* Removes key and returns the value it had, or NULL. */
void *map_remove(struct map *map, const char *key);
size_t map_count(const struct map *map);
/* Walks in order of insertion: *cursor starts as NULL; 0 at the end. key and value may be NULL. The
 * entry the walk stands on may be removed. */
int map_next(const struct map *map, void **cursor, const char **key, void **value);

#endif
