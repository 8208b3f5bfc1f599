/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* uthash takes all its memory from the arena of the map at hand: nothing needs to be released. */
#define uthash_malloc(size) retort_alloc(map->arena, (size))
#define uthash_free(pointer, size) ((void)(pointer), (void)(size))
#define uthash_fatal(message) abort()
#include <uthash.h>

/* Most maps hold a few keys: those of a table's indexes, say. uthash would begin with 32 buckets. */
#undef HASH_INITIAL_NUM_BUCKETS
#undef HASH_INITIAL_NUM_BUCKETS_LOG2
#define HASH_INITIAL_NUM_BUCKETS 4U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 2U

struct entry {
	const char *key;
	void *value;
	UT_hash_handle hh;
};

struct map {
	struct retort_arena *arena;
	struct entry *entries; /* uthash's head: the entry inserted first */
};

struct map *map_new(struct retort_arena *arena)
{
	struct map *map = retort_alloc(arena, sizeof *map);

	map->arena = arena;
	return map;
}

/* The entry of a key of n bytes, or NULL. */
static struct entry *find(const struct map *map, const char *key, size_t n)
{
	struct entry *entry = NULL;

	HASH_FIND(hh, map->entries, key, n, entry);
	return entry;
}

void *map_get_n(const struct map *map, const char *key, size_t n)
{
	struct entry *entry = find(map, key, n);

	return entry ? entry->value : NULL;
}

void *map_get(const struct map *map, const char *key)
{
	return map_get_n(map, key, strlen(key));
}

void *map_put(struct map *map, const char *key, void *value)
{
	size_t n = strlen(key);
	struct entry *entry;
	unsigned hash;
	void *before;

	HASH_VALUE(key, n, hash);
	HASH_FIND_BYHASHVALUE(hh, map->entries, key, n, hash, entry);
	before = entry ? entry->value : NULL;
	if (!entry) {
		entry = retort_alloc(map->arena, sizeof *entry);
		entry->key = key;
		HASH_ADD_KEYPTR_BYHASHVALUE(hh, map->entries, entry->key, n, hash, entry);
	}
	entry->value = value;
	return before;
}

void *map_remove(struct map *map, const char *key)
{
	struct entry *entry = find(map, key, strlen(key));

	if (!entry)
		return NULL;
	HASH_DELETE(hh, map->entries, entry);
	return entry->value;
}

size_t map_count(const struct map *map)
{
	return HASH_COUNT(map->entries);
}

int map_next(const struct map *map, void **cursor, const char **key, void **value)
{
	struct entry *entry = *cursor;

	entry = entry ? entry->hh.next : map->entries;
	if (!entry)
		return 0;
	*cursor = entry;
	if (key)
		*key = entry->key;
	if (value)
		*value = entry->value;
	return 1;
}
