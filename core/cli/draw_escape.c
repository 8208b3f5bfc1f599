/* SPDX-License-Identifier: MIT */
#include "cli/draw_escape.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* What stands for a character in a language. */
struct escape {
	char c;
	const char *text;
};

static const struct escape xml_escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"},
	{'\'', "&#39;"}, {0, NULL}};
static const struct escape dot_escapes[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {0, NULL}};
static const struct escape mermaid_escapes[] = {{'"', "#quot;"}, {'#', "#35;"}, {'%', "#37;"}, {'&', "#amp;"},
	{'*', "#42;"}, {';', "#59;"}, {'<', "#lt;"}, {'>', "#gt;"}, {'\\', "#92;"}, {'`', "#96;"},
	{'~', "#126;"}, {'\n', " "}, {'\t', " "}, {0, NULL}};
/* A script element ends at </script>, and changes its meaning at <!--, wherever they stand. */
static const struct escape json_escapes[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\t', "\\t"},
	{'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}, {0, NULL}};

/* text made safe, with the escapes of a language. U+FFFE and U+FFFF, which XML doesn't know, become
 * U+FFFD. */
static void add_escaped(struct retort_buf *out, const char *text, const struct escape *escapes)
{
	const char *at = text_safe(out->arena, text);

	for (; *at; at++) {
		const struct escape *escape = escapes;

		while (escape->c && escape->c != *at)
			escape++;
		if (escape->c) {
			retort_buf_str(out, escape->text);
		} else if (!strncmp(at, "\xef\xbf\xbe", 3) || !strncmp(at, "\xef\xbf\xbf", 3)) {
			retort_buf_str(out, "\xef\xbf\xbd");
			at += 2;
		} else {
			retort_buf_char(out, *at);
		}
	}
}

void draw_xml(struct retort_buf *out, const char *text)
{
	add_escaped(out, text, xml_escapes);
}

void draw_dot_string(struct retort_buf *out, const char *text)
{
	retort_buf_char(out, '"');
	add_escaped(out, text, dot_escapes);
	retort_buf_char(out, '"');
}

void draw_mermaid_label(struct retort_buf *out, const char *text)
{
	retort_buf_char(out, '"');
	add_escaped(out, *text ? text : " ", mermaid_escapes);
	retort_buf_char(out, '"');
}

void draw_json_string(struct retort_buf *out, const char *text)
{
	retort_buf_char(out, '"');
	add_escaped(out, text, json_escapes);
	retort_buf_char(out, '"');
}

/* The length of a character of valid UTF-8, whose code is *ret. */
static size_t decode(const char *text, uint32_t *ret)
{
	unsigned char lead = (unsigned char)*text;
	size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	*ret = len == 1 ? lead : lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++)
		*ret = *ret << 6 | ((unsigned char)text[i] & 0x3fu);
	return len;
}

/* 0 for marks that combine, 2 for what East Asia writes wide and for pictures, else 1. */
static size_t width_of(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		size_t width;
	} ranges[] = {{0x300, 0x36f, 0}, {0x1100, 0x115f, 2}, {0x200b, 0x200d, 0}, {0x2e80, 0xa4cf, 2},
		{0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2}, {0xfe00, 0xfe0f, 0}, {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2}, {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2}};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

size_t draw_columns(const char *text)
{
	size_t columns = 0;
	uint32_t c;

	while (*text) {
		text += decode(text, &c);
		columns += width_of(c);
	}
	return columns;
}

const char *draw_line(struct retort_arena *arena, const char *text, size_t max)
{
	char *line = retort_strdup(arena, text_safe(arena, text)), *at, *cut = line;
	size_t columns = 0;
	uint32_t c;

	for (at = line; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	for (at = line; *at;) {
		size_t len = decode(at, &c);

		columns += width_of(c);
		if (columns > max)
			return retort_printf(arena, "%.*s\xe2\x80\xa6", (int)(cut - line), line);
		at += len;
		if (columns < max)
			cut = at;
	}
	return line;
}
