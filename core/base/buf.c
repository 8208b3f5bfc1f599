/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 32 }; /* one that goes on being the latest of its arena grows where it is */

void retort_buf_init(struct retort_buf *buf, struct retort_arena *arena)
{
	buf->arena = arena;
	buf->capacity = FIRST_CAPACITY;
	buf->data = retort_alloc(arena, buf->capacity);
	buf->len = 0;
}

void retort_buf_clear(struct retort_buf *buf)
{
	buf->len = 0;
	buf->data[0] = 0;
}

/* Makes room for n more bytes and the zero byte. */
static void reserve(struct retort_buf *buf, size_t n)
{
	size_t capacity = buf->capacity;
	char *data;

	if (n < capacity - buf->len)
		return;
	if (n >= SIZE_MAX / 2 - buf->len)
		abort();
	while (n >= capacity - buf->len)
		capacity *= 2;
	if (arena_extend(buf->arena, buf->data, buf->capacity, capacity - buf->capacity)) {
		buf->capacity = capacity;
		return;
	}
	data = retort_alloc(buf->arena, capacity);
	memcpy(data, buf->data, buf->len);
	buf->data = data;
	buf->capacity = capacity;
}

void retort_buf_char(struct retort_buf *buf, char c)
{
	reserve(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = 0;
}

void retort_buf_mem(struct retort_buf *buf, const char *data, size_t n)
{
	if (!n)
		return;
	/* data may lie in the buffer itself: what the arena gave is never freed */
	reserve(buf, n);
	memmove(buf->data + buf->len, data, n);
	buf->len += n;
	buf->data[buf->len] = 0;
}

void retort_buf_str(struct retort_buf *buf, const char *text)
{
	retort_buf_mem(buf, text, strlen(text));
}

void retort_buf_vprintf(struct retort_buf *buf, const char *format, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(buf->data + buf->len, buf->capacity - buf->len, format, again);
	va_end(again);
	if (n < 0)
		abort(); /* longer than INT_MAX */
	if ((size_t)n >= buf->capacity - buf->len) {
		buf->data[buf->len] = 0; /* arguments may point into the buffer: as it was */
		reserve(buf, (size_t)n);
		vsnprintf(buf->data + buf->len, buf->capacity - buf->len, format, ap);
	}
	buf->len += (size_t)n;
}

void retort_buf_printf(struct retort_buf *buf, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	retort_buf_vprintf(buf, format, ap);
	va_end(ap);
}

void retort_buf_hex(struct retort_buf *buf, const void *data, size_t n)
{
	const unsigned char *bytes = data;

	retort_buf_str(buf, "0x");
	for (size_t i = 0; i < n; i++) {
		retort_buf_char(buf, "0123456789abcdef"[bytes[i] >> 4]);
		retort_buf_char(buf, "0123456789abcdef"[bytes[i] & 0xf]);
	}
}

char *retort_unhex(struct retort_arena *arena, const char *text, size_t *n)
{
	size_t digits = strncmp(text, "0x", 2) == 0 ? strlen(text + 2) : 1;
	char *bytes, pair[3] = "";

	if (digits % 2 || strspn(text + 2, "0123456789abcdefABCDEF") != digits)
		return NULL;
	*n = digits / 2;
	bytes = retort_alloc(arena, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		memcpy(pair, text + 2 + 2 * i, 2);
		bytes[i] = (char)strtoul(pair, NULL, 16);
	}
	return bytes;
}
