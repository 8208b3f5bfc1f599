/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "script/write.h"
#include "script/yaml.h"

enum { WIDTH = 100 }; /* columns of a line of [] or {} */

/* ---- strings ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words that some YAML reader takes for something else than text. */
static bool is_reserved(const char *text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "true", "false", "on", "off", "null",
		"nan", "inf"};
	size_t i;

	if (strlen(text) > strlen("false"))
		return false;
	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (!text_casecmp(words[i], text))
			return true;
	return false;
}

/* Whether a text that begins with a digit is certainly no number, date or time. */
static bool is_no_number(const char *text)
{
	const char *at;
	bool letter = false;

	if (text[0] == '0' && text[1] && strchr("xXoObB", text[1]))
		return false;
	for (at = text; *at; at++) {
		if (*at == ':' || *at == '-' || *at == '+' || *at == ' ')
			return false;
		letter |= (is_letter(*at) && *at != 'e' && *at != 'E') || *at & 0x80;
	}
	return letter;
}

/* Whether the character at a place, beyond ASCII, means something to YAML or can't be seen. */
static bool is_odd(const unsigned char *at)
{
	return (at[0] == 0xc2 && at[1] <= 0xa0) || at[0] == 0xe2 || at[0] == 0xe3 || at[0] == 0xef ||
		at[0] == 0xe1;
}

/* Whether text can stand without quotes; flow: inside [] or {}, or as a key. */
static bool is_plain(const char *text, bool flow)
{
	const char *also = flow ? " _.-/()+*=<>;%$^" : " _.-/()+*=<>;%$^,'\"!&?@|~[]{}";
	const char *at;

	if (!is_letter(*text) && *text != '_' && *text != '(' && *text != '/' && !(*text & 0x80) &&
		!(*text >= '0' && *text <= '9' && is_no_number(text)))
		return false;
	for (at = text; *at; at++) {
		if (*at & 0x80 ? is_odd((const unsigned char *)at)
			       : !is_letter(*at) && !(*at >= '0' && *at <= '9') && !strchr(also, *at))
			return false;
	}
	return at[-1] != ' ' && !is_reserved(text);
}

/* Whether a text of several lines can be a block. */
static bool is_block(const char *text)
{
	const char *end = strchr(text, '\n');
	const char *at;

	if (!end || *text == ' ' || *text == '\n' || *text == '\t')
		return false;
	for (at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c != '\n' && c != '\t' && write_json_escapes(at))
			return false;
	}
	return at[-1] != '\n' || (at - text > 1 && at[-2] != '\n');
}

static void put_indent(struct retort_buf *out, unsigned indent)
{
	while (indent-- > 0)
		retort_buf_char(out, ' ');
}

/* A | block of several lines, without the line end after the last. */
static void put_block(struct retort_buf *out, const char *text, unsigned indent)
{
	size_t n = strlen(text);
	const char *at = text, *end = text + n;

	retort_buf_str(out, text[n - 1] == '\n' ? "|" : "|-");
	if (text[n - 1] == '\n')
		end--;
	while (at <= end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		retort_buf_char(out, '\n');
		if (stop > at) {
			put_indent(out, indent + 2);
			retort_buf_mem(out, at, (size_t)(stop - at));
		}
		at = stop + 1;
	}
}

/* 'text', where nothing in it needs an escape and it holds what "text" would have to escape. */
static bool put_single(struct retort_buf *out, const char *text)
{
	const char *at;

	if (!strpbrk(text, "\"\\"))
		return false;
	for (at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f ||
			(*at & 0x80 && is_odd((const unsigned char *)at)))
			return false;
	retort_buf_char(out, '\'');
	for (at = text; *at; at++) {
		if (*at == '\'')
			retort_buf_char(out, '\'');
		retort_buf_char(out, *at);
	}
	retort_buf_char(out, '\'');
	return true;
}

void yaml_write_string(struct retort_buf *out, const char *text, unsigned indent, bool flow)
{
	if (is_plain(text, flow))
		retort_buf_str(out, text);
	else if (!flow && is_block(text))
		put_block(out, text, indent);
	else if (!put_single(out, text))
		write_json_string(out, text); /* JSON's escapes are YAML's too */
}

void write_yaml_key(struct retort_buf *out, const char *key)
{
	yaml_write_string(out, key, 0, true);
}

/* ---- lists and maps ---- */

/* Puts a node on one line; false where it can't be, or is longer than room. */
static bool put_flow(struct retort_buf *out, const struct node *node, size_t limit)
{
	bool list = node->kind == NODE_LIST;
	size_t i;

	if (node->block || (node->text && strchr(node->text, '\n')) || out->len > limit)
		return false;
	switch (node->kind) {
	case NODE_NULL:
		retort_buf_str(out, "null");
		return out->len <= limit;
	case NODE_RAW:
		retort_buf_str(out, node->text);
		return out->len <= limit;
	case NODE_TEXT:
	case NODE_SQL:
		yaml_write_string(out, node->text, 0, true);
		return out->len <= limit;
	default:
		break;
	}
	retort_buf_char(out, list ? '[' : '{');
	for (i = 0; i < node->count; i++) {
		if (i)
			retort_buf_str(out, ", ");
		if (!list) {
			write_yaml_key(out, node->keys[i]);
			retort_buf_str(out, ": ");
		}
		if (!put_flow(out, node->items[i], limit))
			return false;
	}
	retort_buf_char(out, list ? ']' : '}');
	return out->len <= limit;
}

/* The columns that the last line of a buffer has. */
static size_t columns_of(const struct retort_buf *out)
{
	size_t start = out->len;

	while (start > 0 && out->data[start - 1] != '\n')
		start--;
	return out->len - start;
}

/* A scalar. */
static void put_scalar(struct retort_buf *out, const struct node *node, unsigned indent)
{
	if (node->kind == NODE_NULL || node->kind == NODE_RAW)
		retort_buf_str(out, node->kind == NODE_NULL ? "null" : node->text);
	else if (node->kind == NODE_SQL && strchr(node->text, '\n'))
		yaml_write_string(out, retort_printf(out->arena, "%s\n", node->text), indent, false);
	else
		yaml_write_string(out, node->text, indent, false);
}

/* The keys of a map, one a line; the first follows what is there already where inline_first. */
static void put_map(struct retort_buf *out, const struct node *node, unsigned indent, bool inline_first)
{
	size_t i;

	for (i = 0; i < node->count; i++) {
		if (i || !inline_first)
			put_indent(out, indent);
		write_yaml_key(out, node->keys[i]);
		retort_buf_char(out, ':');
		write_yaml(out, node->items[i], indent);
	}
}

/* The same for any list or map; what was put is taken back where it does not fit. */
static bool put_on_line(struct retort_buf *out, const struct node *node)
{
	size_t before = out->len, used = columns_of(out);

	if (!node->count)
		retort_buf_str(out, node->kind == NODE_LIST ? "[]" : "{}");
	else if (!put_flow(out, node, before + (used < WIDTH ? WIDTH - used : 0))) {
		out->len = before;
		out->data[before] = 0;
		return false;
	}
	retort_buf_char(out, '\n');
	return true;
}

/* The elements of a list, below their key. */
static void put_list(struct retort_buf *out, const struct node *node, unsigned indent)
{
	size_t i;

	for (i = 0; i < node->count; i++) {
		const struct node *item = node->items[i];

		put_indent(out, indent);
		retort_buf_char(out, '-');
		if (item->kind < NODE_MAP) {
			write_yaml(out, item, indent);
			continue;
		}
		retort_buf_char(out, ' ');
		if (!put_on_line(out, item))
			put_map(out, item, indent + 2, true);
	}
}

/* The tree is no deeper than the file it was read from, or than operations can nest. */
void write_yaml(struct retort_buf *out, const struct node *node, unsigned indent)
{
	retort_buf_char(out, ' ');
	if (node->kind < NODE_LIST) {
		put_scalar(out, node, indent);
		retort_buf_char(out, '\n');
		return;
	}
	if (put_on_line(out, node))
		return;
	out->data[out->len - 1] = '\n';
	if (node->kind == NODE_LIST)
		put_list(out, node, indent + 2);
	else
		put_map(out, node, indent + 2, false);
}
