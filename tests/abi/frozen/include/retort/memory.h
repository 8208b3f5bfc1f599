/* SPDX-License-Identifier: MIT
 *
 * retort/memory.h: the arena that owns every result, and the text buffer.
 *
 * An arena is a region that grows and is freed as a whole. Whoever asks for a
 * result brings the arena that will own it; nothing taken from an arena is
 * freed by itself. Allocation never returns NULL: when memory is exhausted
 * the process is aborted, as there is nothing sensible to tell the caller.
 * An arena is used by one thread at a time.
 */
#ifndef RETORT_MEMORY_H
#define RETORT_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#if defined(__GNUC__)
#define RETORT_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#define RETORT_EXPORT __attribute__((visibility("default")))
#else
#define RETORT_PRINTF(format_at, first_at)
#define RETORT_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct retort_arena;

/* A new, empty arena; free it with retort_arena_free. */
RETORT_EXPORT struct retort_arena *retort_arena_new(void);
/* Runs the cleanups, last registered first, and frees all that was allocated. NULL is fine. */
RETORT_EXPORT void retort_arena_free(struct retort_arena *arena);
/* size bytes, zeroed, aligned for any type. A size of 0 gives a valid pointer. */
RETORT_EXPORT void *retort_alloc(struct retort_arena *arena, size_t size);
/* count * size bytes, zeroed; the product is checked for overflow. */
RETORT_EXPORT void *retort_alloc_array(struct retort_arena *arena, size_t count, size_t size);
/* A copy of a string; NULL gives NULL. */
RETORT_EXPORT char *retort_strdup(struct retort_arena *arena, const char *text);
/* A copy of the first n bytes of text, ended by a zero byte. */
RETORT_EXPORT char *retort_strndup(struct retort_arena *arena, const char *text, size_t n);
RETORT_EXPORT char *retort_printf(struct retort_arena *arena, const char *format, ...)
	RETORT_PRINTF(2, 3);
RETORT_EXPORT char *retort_vprintf(struct retort_arena *arena, const char *format, va_list ap)
	RETORT_PRINTF(2, 0);
/* Calls release(object) when the arena is freed. */
RETORT_EXPORT void retort_arena_cleanup(struct retort_arena *arena, void (*release)(void *), void *object);

/* An array that grows: items is an array of any pointer or struct type with a
 * count beside it. Makes room for one more and returns the (possibly moved)
 * array; the caller fills items[count++]. Capacity is derived from count, so an
 * array must only ever grow through this function. */
RETORT_EXPORT void *retort_grow(struct retort_arena *arena, void *items, size_t count, size_t size);
#define RETORT_PUSH(arena, items, count, value) \
	((items) = retort_grow((arena), (items), (count), sizeof *(items)), (items)[(count)] = (value),      \
		(void)(count)++)

/* Text under construction. data always ends in a zero byte; len does not count it. */
struct retort_buf {
	struct retort_arena *arena;
	char *data;
	size_t len;
	size_t capacity;
};

/* An empty buffer whose memory belongs to the arena: it needs no release. */
RETORT_EXPORT void retort_buf_init(struct retort_buf *buf, struct retort_arena *arena);
/* Makes it empty again; the memory is kept for what is appended next. */
RETORT_EXPORT void retort_buf_clear(struct retort_buf *buf);
RETORT_EXPORT void retort_buf_char(struct retort_buf *buf, char c);
RETORT_EXPORT void retort_buf_str(struct retort_buf *buf, const char *text);
RETORT_EXPORT void retort_buf_mem(struct retort_buf *buf, const char *data, size_t n);
RETORT_EXPORT void retort_buf_printf(struct retort_buf *buf, const char *format, ...) RETORT_PRINTF(2, 3);
RETORT_EXPORT void retort_buf_vprintf(struct retort_buf *buf, const char *format, va_list ap)
	RETORT_PRINTF(2, 0);
/* n bytes as values travel: 0x and hex digits, small ones. */
RETORT_EXPORT void retort_buf_hex(struct retort_buf *buf, const void *data, size_t n);
/* The bytes that 0x and pairs of hex digits stand for, with a zero byte behind them; NULL where the text is
 * something else. */
RETORT_EXPORT char *retort_unhex(struct retort_arena *arena, const char *text, size_t *n);

#ifdef __cplusplus
}
#endif
#endif
