/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST_WORD = 64 }; /* bytes; what is longer is no misspelt name */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Reads one character of n > 0 bytes. Returns its length, or 0 where it is not valid UTF-8. */
static size_t decode(const char *text, size_t n, uint32_t *ret)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)text;
	uint32_t c = at[0];
	size_t i, len;

	if (c < 0x80)
		len = 1;
	else if (c >= 0xc2 && c < 0xe0)
		len = 2;
	else if (c >= 0xe0 && c < 0xf0)
		len = 3;
	else if (c >= 0xf0 && c < 0xf5)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	if (len > 1)
		c &= 0x7fu >> len;
	for (i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3fu);
	}
	if (c < smallest[len] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 0;
	*ret = c;
	return len;
}

size_t text_utf8_fault(const char *text, size_t n)
{
	size_t at = 0, len;
	uint32_t c;

	while (at < n) {
		len = text[at] ? decode(text + at, n - at, &c) : 0;
		if (!len)
			break;
		at += len;
	}
	return at;
}

size_t text_utf8_count(const char *text, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* The least number of edits (a character added, removed, changed, or two neighbours exchanged)
 * that make b of a; both are at most LONGEST_WORD bytes. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][LONGEST_WORD + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;
	size_t i, j, cost, best;

	memset(rows, 0, sizeof rows);
	for (j = 0; j <= b_len; j++)
		last[j] = j;
	for (i = 1; i <= a_len; i++) {
		now[0] = i;
		for (j = 1; j <= b_len; j++) {
			cost = lower(a[i - 1]) != lower(b[j - 1]);
			best = last[j - 1] + cost;
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]) && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

const char *text_nearest(const char *word, const void *names, size_t n, size_t stride)
{
	size_t word_len = strlen(word), best = word_len / 3 + 1, i;
	const char *found = NULL;

	if (!word_len || word_len > LONGEST_WORD)
		return NULL;
	for (i = 0; i < n; i++) {
		const char *name;
		size_t len, edits;

		memcpy(&name, (const char *)names + i * stride, sizeof name);
		len = name ? strlen(name) : 0;
		if (!len || len > LONGEST_WORD)
			continue;
		edits = distance(word, word_len, name, len);
		if (edits < best) {
			best = edits;
			found = name;
		}
	}
	return found;
}

/* Whether a character acts on a terminal instead of showing: C0, DEL, C1, and the marks that
 * embed or override the direction of writing. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069);
}

/* Appends the first character of text, made visible where it must not be echoed; returns its length. */
static size_t echo(struct retort_buf *buf, const char *text, size_t n, const char *kept)
{
	uint32_t c = 0;
	size_t len = decode(text, n, &c), i;

	if (len && (!is_control(c) || (c < 0x80 && strchr(kept, (int)c)))) {
		retort_buf_mem(buf, text, len);
		return len;
	}
	len = len ? len : 1;
	for (i = 0; i < len; i++)
		retort_buf_printf(buf, "\\x%02x", (unsigned)(unsigned char)text[i]);
	return len;
}

const char *text_echo(struct retort_arena *arena, const char *text, size_t max)
{
	/* No character is longer than 4 bytes: what lies behind is cut anyway. */
	size_t n = max < SIZE_MAX / 4 - 1 ? strnlen(text, 4 * (max + 1)) : strlen(text);
	size_t at = 0, count;
	struct retort_buf buf;

	retort_buf_init(&buf, arena);
	for (count = 0; at < n; count++) {
		if (count == max) {
			retort_buf_str(&buf, "...");
			break;
		}
		at += echo(&buf, text + at, n - at, "");
	}
	return buf.data;
}

const char *text_safe(struct retort_arena *arena, const char *text)
{
	size_t n = strlen(text), at = 0, len;
	struct retort_buf buf;
	uint32_t c;

	while (at < n) {
		len = decode(text + at, n - at, &c);
		if (!len || (is_control(c) && c != '\n' && c != '\t'))
			break;
		at += len;
	}
	if (at == n)
		return text;
	retort_buf_init(&buf, arena);
	retort_buf_mem(&buf, text, at);
	while (at < n)
		at += echo(&buf, text + at, n - at, "\n\t");
	return buf.data;
}

const char *text_list(struct retort_arena *arena, const char *const *words, size_t n, char quote)
{
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, arena);
	for (i = 0; i < n; i++) {
		if (i)
			retort_buf_str(&buf, i + 1 == n ? " and " : ", ");
		if (quote)
			retort_buf_char(&buf, quote);
		retort_buf_str(&buf, words[i]);
		if (quote)
			retort_buf_char(&buf, quote);
	}
	return buf.data;
}

/* The length of the character text begins with; a byte that is not valid UTF-8 counts as one. */
static size_t character(const char *text, uint32_t *c)
{
	size_t len = decode(text, strnlen(text, 4), c);

	if (!len) {
		*c = 0x110000u + (unsigned char)*text; /* equal to no character */
		len = 1;
	}
	return len;
}

/* Matches c against the set that begins behind '['. Returns what follows its ']', or NULL where it
 * has none: then '[' is a character like any other. */
static const char *match_set(const char *at, uint32_t c, bool *ret)
{
	bool negated = *at == '!' || *at == '^', found = false;
	const char *first;
	uint32_t from, to;

	if (negated)
		at++;
	for (first = at; *at && (*at != ']' || at == first);) {
		at += character(at, &from);
		to = from;
		if (at[0] == '-' && at[1] && at[1] != ']')
			at += 1 + character(at + 1, &to);
		found = found || (c >= from && c <= to);
	}
	if (*at != ']')
		return NULL;
	*ret = found != negated;
	return at + 1;
}

/* Matches one character of text against one item of pattern that is not '*'; moves both on. */
static bool match_one(const char **pattern, const char **text)
{
	const char *at = *pattern, *end;
	uint32_t c, wanted;
	bool matches;
	size_t len = character(*text, &c);

	if (*at == '?') {
		at++;
		matches = true;
	} else if (*at == '[' && (end = match_set(at + 1, c, &matches))) {
		at = end;
	} else {
		if (*at == '\\' && at[1])
			at++;
		at += *at ? character(at, &wanted) : 0;
		matches = at != *pattern && wanted == c;
	}
	if (!matches)
		return false;
	*pattern = at;
	*text += len;
	return true;
}

bool text_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL; /* the last '*', and what it has not taken yet */

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
		} else if (!match_one(&pattern, &text)) {
			uint32_t c;

			if (!star)
				return false;
			retry += character(retry, &c);
			pattern = star;
			text = retry;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

void text_lower(char *text)
{
	for (; *text; text++)
		*text = lower(*text);
}

int text_ncasecmp(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		int difference = (unsigned char)lower(a[i]) - (unsigned char)lower(b[i]);

		if (difference || !a[i])
			return difference;
	}
	return 0;
}

int text_casecmp(const char *a, const char *b)
{
	return text_ncasecmp(a, b, SIZE_MAX);
}

bool text_starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}
