/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "script/write.h"

/* The length of the character at text that JSON allows as it is but YAML readers don't, with its code; 0:
 * none. */
static size_t special(const unsigned char *at, unsigned *code)
{
	if (at[0] < ' ' || at[0] == 0x7f) {
		*code = at[0];
		return 1;
	}
	if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) {
		*code = at[1];
		return 2;
	}
	if (at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9)) {
		*code = 0x2028u + (at[2] & 1u);
		return 3;
	}
	if (at[0] == 0xef && ((at[1] == 0xbb && at[2] == 0xbf) || (at[1] == 0xbf && at[2] >= 0xbe))) {
		*code = at[1] == 0xbb ? 0xfeffu : 0xfffeu + (at[2] & 1u);
		return 3;
	}
	return 0;
}

bool write_json_escapes(const char *at)
{
	unsigned code;

	return special((const unsigned char *)at, &code) != 0;
}

void write_json_string(struct retort_buf *out, const char *text)
{
	const char *at;

	retort_buf_char(out, '"');
	for (at = text; *at;) {
		unsigned code = 0;
		size_t n = special((const unsigned char *)at, &code);

		if (*at == '"' || *at == '\\') {
			retort_buf_char(out, '\\');
			retort_buf_char(out, *at++);
		} else if (*at == '\n') {
			retort_buf_str(out, "\\n");
			at++;
		} else if (*at == '\t') {
			retort_buf_str(out, "\\t");
			at++;
		} else if (n) {
			retort_buf_printf(out, "\\u%04x", code);
			at += n;
		} else {
			retort_buf_char(out, *at++);
		}
	}
	retort_buf_char(out, '"');
}

/* The tree is no deeper than the file it was read from, or than operations can nest. */
void write_json(struct retort_buf *out, const struct node *node)
{
	bool list = node->kind == NODE_LIST;
	size_t i;

	switch (node->kind) {
	case NODE_NULL:
		retort_buf_str(out, "null");
		return;
	case NODE_RAW:
		retort_buf_str(out, node->text);
		return;
	case NODE_TEXT:
	case NODE_SQL:
		write_json_string(out, node->text);
		return;
	case NODE_LIST:
	case NODE_MAP:
	case NODE_RECORD:
		break;
	}
	retort_buf_char(out, list ? '[' : '{');
	for (i = 0; i < node->count; i++) {
		if (i)
			retort_buf_str(out, ", ");
		if (!list) {
			write_json_string(out, node->keys[i]);
			retort_buf_str(out, ": ");
		}
		write_json(out, node->items[i]);
	}
	retort_buf_char(out, list ? ']' : '}');
}
