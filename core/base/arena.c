/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* With an address sanitizer every allocation is a chunk of its own, so that it has a red zone. */
#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif
#ifndef EACH_ALONE
#define EACH_ALONE 0
#endif

enum {
	ALIGNMENT = alignof(max_align_t),
	FIRST_CHUNK = 4 << 10,   /* bytes; each chunk doubles the one before, up to LAST_CHUNK */
	LAST_CHUNK = 2 << 20,    /* a huge page of most machines */
	LARGEST_PART = 64 << 10, /* bytes; what is longer gets a chunk of its own */
	FIRST_ITEMS = 4,         /* capacity of an array that begins to grow */
	SHORT_TEXT = 256         /* bytes; texts of retort_printf up to this are written where they stay */
};

struct chunk {
	struct chunk *next;
	bool mapped; /* by map_chunk; false: from the heap */
	max_align_t data[];
};

struct cleanup {
	struct cleanup *next;
	void (*release)(void *);
	void *object;
};

struct retort_arena {
	struct chunk *chunks;     /* the newest first; free space is in the first only */
	size_t used, size;        /* bytes of the first chunk's data */
	size_t next_size;         /* of the next chunk */
	struct cleanup *cleanups; /* the newest first */
};

/* Memory, zeroed, or the end of the process. */
static void *take(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		abort();
	return memory;
}

/* A chunk of LAST_CHUNK bytes as one huge page, zeroed; NULL: not to be had so. A tenth of the time of
 * comparing large schemas went into single pages, each a fault of its own. */
static struct chunk *map_chunk(void)
{
#ifdef MADV_HUGEPAGE
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *memory = mmap(NULL, 2 * LAST_CHUNK, PROT_READ | PROT_WRITE, flags, -1, 0);
	struct chunk *chunk;
	size_t before;

	if (memory == MAP_FAILED)
		return NULL;
	/* such a page begins at a multiple of its size: what lies before and behind is given back */
	before = LAST_CHUNK - (uintptr_t)memory % LAST_CHUNK;
	munmap(memory, before);
	if (before < LAST_CHUNK)
		munmap(memory + before + LAST_CHUNK, LAST_CHUNK - before);
	chunk = (void *)(memory + before);
	madvise(chunk, LAST_CHUNK, MADV_HUGEPAGE);
	chunk->mapped = true;
	return chunk;
#else
	return NULL;
#endif
}

static void free_chunk(struct chunk *chunk)
{
	if (chunk->mapped)
		munmap(chunk, LAST_CHUNK);
	else
		free(chunk);
}

struct retort_arena *retort_arena_new(void)
{
	struct retort_arena *arena = take(sizeof *arena);

	arena->next_size = FIRST_CHUNK;
	return arena;
}

void retort_arena_free(struct retort_arena *arena)
{
	struct chunk *chunk, *next;

	if (!arena)
		return;
	while (arena->cleanups) {
		struct cleanup *cleanup = arena->cleanups;

		arena->cleanups = cleanup->next;
		cleanup->release(cleanup->object);
	}
	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		free_chunk(chunk);
	}
	free(arena);
}

/* A chunk that holds one allocation; the first chunk's free space stays in use. */
static void *alloc_alone(struct retort_arena *arena, size_t size)
{
	struct chunk *chunk = take(sizeof *chunk + size);

	if (arena->chunks) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		arena->chunks = chunk;
		arena->used = arena->size = size;
	}
	return chunk->data;
}

/* A new first chunk. */
static void add_chunk(struct retort_arena *arena)
{
	struct chunk *chunk = arena->next_size == LAST_CHUNK ? map_chunk() : NULL;

	if (!chunk)
		chunk = take(arena->next_size);
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->used = 0;
	arena->size = arena->next_size - sizeof *chunk;
	if (arena->next_size < LAST_CHUNK)
		arena->next_size *= 2;
}

/* What an allocation takes of a chunk. */
static size_t rounded(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the next allocation of the first chunk begins. */
static char *free_space(const struct retort_arena *arena)
{
	return (char *)arena->chunks->data + arena->used;
}

void *retort_alloc(struct retort_arena *arena, size_t size)
{
	char *at;

	if (size > PTRDIFF_MAX - sizeof(struct chunk) - ALIGNMENT)
		abort();
	if (EACH_ALONE)
		return alloc_alone(arena, size);
	if (size == 0)
		size = 1; /* no two allocations share an address */
	size = rounded(size);
	if (size > arena->size - arena->used) {
		if (size > arena->next_size / 4 || size > LARGEST_PART)
			return alloc_alone(arena, size);
		add_chunk(arena);
	}
	at = free_space(arena);
	arena->used += size;
	return at;
}

bool arena_extend(struct retort_arena *arena, const void *at, size_t size, size_t more)
{
	size_t old = rounded(size), grown = more < arena->size ? rounded(size + more) : SIZE_MAX;

	if (EACH_ALONE || !arena->chunks || old > arena->used ||
		(const char *)at + old != free_space(arena) || grown - old > arena->size - arena->used)
		return false;
	arena->used += grown - old;
	return true;
}

void *retort_alloc_array(struct retort_arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		abort();
	return retort_alloc(arena, count * size);
}

char *retort_strndup(struct retort_arena *arena, const char *text, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		abort();
	copy = retort_alloc(arena, n + 1);
	if (n)
		memcpy(copy, text, n);
	return copy;
}

char *retort_strdup(struct retort_arena *arena, const char *text)
{
	return text ? retort_strndup(arena, text, strlen(text)) : NULL;
}

char *retort_vprintf(struct retort_arena *arena, const char *format, va_list ap)
{
	size_t room = arena->chunks && !EACH_ALONE ? arena->size - arena->used : 0;
	va_list again;
	char *text;
	int n;

	/* most texts are short: they are written where they stay */
	room = room < SHORT_TEXT ? room : SHORT_TEXT;
	text = room ? free_space(arena) : NULL;
	va_copy(again, ap);
	n = vsnprintf(text, room, format, again);
	va_end(again);
	if (n < 0)
		abort(); /* longer than INT_MAX */
	if ((size_t)n < room)
		return retort_alloc(arena, (size_t)n + 1);
	if (room)
		memset(text, 0, room);
	text = retort_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, ap);
	return text;
}

char *retort_printf(struct retort_arena *arena, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = retort_vprintf(arena, format, ap);
	va_end(ap);
	return text;
}

void retort_arena_cleanup(struct retort_arena *arena, void (*release)(void *), void *object)
{
	struct cleanup *cleanup = retort_alloc(arena, sizeof *cleanup);

	cleanup->next = arena->cleanups;
	cleanup->release = release;
	cleanup->object = object;
	arena->cleanups = cleanup;
}

void *retort_grow(struct retort_arena *arena, void *items, size_t count, size_t size)
{
	void *more;

	/* The capacity is the power of two at or above count: an array is full where count is one. */
	if (items && count && (count < FIRST_ITEMS || (count & (count - 1))))
		return items;
	if (count > SIZE_MAX / 2)
		abort();
	more = retort_alloc_array(arena, count < FIRST_ITEMS ? FIRST_ITEMS : 2 * count, size);
	if (items && count)
		memcpy(more, items, count * size);
	return more;
}
