/* SPDX-License-Identifier: MIT */
#include "script/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/map.h"
#include "base/text.h"

#define ADVICE "quote the whole value, or write it as a block with |"

enum {
	FEW_KEYS = 16,    /* maps up to this size are searched for duplicates key by key */
	MOST_FAULTS = 200 /* of one text; more would help nobody */
};

/* One open list or map. */
struct frame {
	struct yaml *node;
	struct yaml *key; /* MAP: the key whose value comes next */
};

struct parse {
	struct retort_arena *arena, *nodes;
	const char *file;
	const char *text;
	size_t len;
	struct retort_error *err;
	yaml_parser_t parser;
	bool ascii;               /* every character is one byte */
	size_t at_index, at_byte; /* a character's index and the byte it begins at: only moves on */
	struct frame stack[YAML_MAX_DEPTH];
	unsigned depth;
	struct yaml *root;
	unsigned faults;
};

static int fault(struct parse *parse, size_t line, size_t column, const char *format, ...)
	RETORT_PRINTF(4, 5);

/* Adds a problem at a place; returns -1. */
static int fault(struct parse *parse, size_t line, size_t column, const char *format, ...)
{
	va_list ap;

	if (++parse->faults > MOST_FAULTS)
		return -1;
	va_start(ap, format);
	retort_vfail(parse->err, RETORT_E_FILE, format, ap);
	va_end(ap);
	retort_error_at(parse->err, parse->file, (unsigned)line, (unsigned)column);
	return -1;
}

/* The offset of the byte that character number index begins at. */
static size_t byte_of(struct parse *parse, size_t index)
{
	if (parse->ascii)
		return index < parse->len ? index : parse->len;
	if (index < parse->at_index)
		parse->at_index = parse->at_byte = 0;
	while (parse->at_index < index && parse->at_byte < parse->len) {
		parse->at_byte++;
		while (parse->at_byte < parse->len &&
			((unsigned char)parse->text[parse->at_byte] & 0xc0) == 0x80)
			parse->at_byte++;
		parse->at_index++;
	}
	return parse->at_byte;
}

/* Finds the line and column of a byte. */
static void place_of(const struct parse *parse, size_t offset, size_t *line, size_t *column)
{
	size_t start = 0, i;

	*line = 1;
	for (i = 0; i < offset && i < parse->len; i++) {
		if (parse->text[i] == '\n') {
			(*line)++;
			start = i + 1;
		}
	}
	*column = text_utf8_count(parse->text + start, i - start) + 1;
}

/* ---- what libyaml refused ---- */

/* The start and length of the source line that holds a byte. */
static const char *line_around(const struct parse *parse, size_t offset, size_t *len)
{
	size_t start = offset < parse->len ? offset : parse->len;
	const char *end;

	while (start > 0 && parse->text[start - 1] != '\n')
		start--;
	end = memchr(parse->text + start, '\n', parse->len - start);
	*len = end ? (size_t)(end - parse->text) - start : parse->len - start;
	return parse->text + start;
}

/* Whether a line is an entry whose value YAML takes for something else than text. */
static bool value_misleads(const char *line, size_t len)
{
	const char *at = line, *end = line + len, *value = NULL;

	while (at < end && (*at == ' ' || (*at == '-' && at + 1 < end && at[1] == ' ')))
		at++;
	value = at;
	for (; at + 1 < end; at++) {
		if (*at == ':' && at[1] == ' ') {
			for (value = at + 1; value < end && *value == ' '; value++)
				;
			break;
		}
	}
	if (value >= end)
		return false;
	if (strchr("\"'`%@*&!|>[{", *value))
		return true;
	for (at = value; at + 1 < end; at++)
		if (*at == ':' && at[1] == ' ')
			return value != line;
	return false;
}

/* libyaml's words for what can be said better. */
static const struct {
	const char *problem, *told;
} refusals[] = {
	{"mapping values are not allowed in this context",
		"': ' inside a plain value, or a line at the wrong indentation"},
	{"did not find expected key", "expected a key here, at the indentation of the keys above"},
	{"did not find expected '-' indicator",
		"expected '- ' here, at the indentation of the elements above"},
	{"could not find expected ':'", "a key without ': ' after it"},
	{"did not find expected ',' or ']'", "the list in [] is not closed, or a comma is missing"},
	{"did not find expected ',' or '}'", "the map in {} is not closed, or a comma is missing"},
	{"did not find expected node content", "a comma with nothing in front of it"},
	{"did not find expected <document start>", "a second document, or a line at the wrong indentation"},
	{"block sequence entries are not allowed in this context", "'- ' does not fit here"},
	{"block mapping values are not allowed in this context", "a map does not fit here"},
	{"did not find expected comment or line break",
		"the text of a block begins on the line after | or >"},
	{"found unknown escape character",
		"an escape that YAML does not know (in \"...\" a backslash is written \\\\)"},
	{"did not find expected alphabetic or numeric character", "an anchor or alias without a name"},
};

/* Tells what the reader of bytes refused. */
static int refused_bytes(struct parse *parse)
{
	size_t line, column, offset = parse->parser.problem_offset;

	unsigned value = (unsigned)parse->parser.problem_value;

	place_of(parse, offset, &line, &column);
	return fault(parse, line, column,
		value > 0xff ? "character \\u%04X can't be seen: write it in \"...\" as \\u%04X"
			     : "control character \\x%02X: write it in \"...\" as \\x%02X",
		value, value);
}

/* Tells what the scanner or parser refused. */
static int refused(struct parse *parse)
{
	const yaml_parser_t *parser = &parse->parser;
	yaml_mark_t mark = parser->problem_mark;
	const char *told = parser->problem ? parser->problem : "no YAML", *advice = "", *line;
	size_t at, len, i;

	if (parser->error == YAML_READER_ERROR)
		return refused_bytes(parse);
	if (!strcmp(told, "found unexpected end of stream") ||
		!strcmp(told, "found unexpected document indicator")) {
		mark = parser->context_mark;
		return fault(parse, mark.line + 1, mark.column + 1, "this quote is never closed: " ADVICE);
	}
	at = byte_of(parse, mark.index);
	line = line_around(parse, at, &len);
	if (line[strspn(line, " ")] == '\t' || (at < parse->len && parse->text[at] == '\t'))
		return fault(parse, mark.line + 1, mark.column + 1,
			"a tab in the indentation: YAML is indented with spaces");
	/* At the beginning of a line, or inside [] and {}, quoting a value would not help. */
	if (value_misleads(line, len) && mark.column > strspn(line, " -") && !strstr(told, "expected ','"))
		advice = ": " ADVICE;
	if (!strcmp(told, "found character that cannot start any token"))
		return fault(parse, mark.line + 1, mark.column + 1,
			"a value can't begin with '%.1s': " ADVICE, at < parse->len ? parse->text + at : "");
	for (i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (!strcmp(told, refusals[i].problem))
			told = refusals[i].told;
	return fault(parse, mark.line + 1, mark.column + 1, "%s%s", told, advice);
}

/* ---- building the tree ---- */

/* Whether the plain value that ends before a byte was ended by a comment. */
static bool comment_follows(const struct parse *parse, size_t end)
{
	size_t at = end;

	while (at < parse->len && (parse->text[at] == ' ' || parse->text[at] == '\t'))
		at++;
	return at > end && at < parse->len && parse->text[at] == '#';
}

/* Finds where the text of a literal or folded block begins. */
static void block_begins(struct parse *parse, struct yaml *node, size_t start)
{
	const char *at = memchr(parse->text + start, '\n', parse->len - start),
		   *end = parse->text + parse->len;
	unsigned line = node->line;

	while (at && at + 1 < end) {
		size_t blanks = strspn(at + 1, " ");

		line++;
		if (at[1 + blanks] != '\n' && at[1 + blanks] != '\r') {
			node->text_line = line;
			node->text_column = (unsigned)blanks + 1;
			return;
		}
		at = memchr(at + 1, '\n', (size_t)(end - at) - 1);
	}
}

/* A new node at an event's place. */
static struct yaml *node_new(struct parse *parse, enum yaml_kind kind, const yaml_event_t *event)
{
	struct yaml *node = retort_alloc(parse->nodes, sizeof *node);

	node->kind = kind;
	node->line = node->text_line = (unsigned)event->start_mark.line + 1;
	node->column = node->text_column = (unsigned)event->start_mark.column + 1;
	return node;
}

/* A scalar of an event. */
static struct yaml *scalar_new(struct parse *parse, const yaml_event_t *event)
{
	struct yaml *node = node_new(parse, YAML_SCALAR, event);
	bool several = event->end_mark.line > event->start_mark.line;

	node->text = retort_strndup(parse->arena, (const char *)event->data.scalar.value,
		event->data.scalar.length);
	node->len = event->data.scalar.length;
	switch (event->data.scalar.style) {
	case YAML_LITERAL_SCALAR_STYLE:
		node->style = YAML_LITERAL;
		block_begins(parse, node, byte_of(parse, event->start_mark.index));
		break;
	case YAML_FOLDED_SCALAR_STYLE:
		node->style = YAML_FOLDED;
		node->folded_lines = event->end_mark.line > event->start_mark.line + 2;
		block_begins(parse, node, byte_of(parse, event->start_mark.index));
		break;
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		node->style = YAML_QUOTED;
		node->folded_lines = several;
		node->text_column++;
		break;
	default:
		node->style = YAML_PLAIN;
		node->folded_lines = several;
		node->cut_comment =
			node->len && comment_follows(parse, byte_of(parse, event->end_mark.index));
	}
	if (memchr(node->text, 0, node->len)) {
		fault(parse, node->line, node->column, "a zero byte inside a text");
		node->len = strlen(node->text);
	}
	return node;
}

/* Puts a finished node where it belongs. */
static void place(struct parse *parse, struct yaml *node)
{
	struct frame *frame = parse->depth ? &parse->stack[parse->depth - 1] : NULL;
	size_t count;

	if (!frame) {
		parse->root = node;
		return;
	}
	if (frame->node->kind == YAML_LIST) {
		RETORT_PUSH(parse->nodes, frame->node->items, frame->node->count, node);
		return;
	}
	if (!frame->key) {
		if (node->kind != YAML_SCALAR) {
			fault(parse, node->line, node->column, "a key must be a text, found a %s",
				node->kind == YAML_LIST ? "list" : "map");
			node->kind = YAML_SCALAR;
			node->text = "";
		}
		frame->key = node;
		return;
	}
	count = frame->node->count;
	RETORT_PUSH(parse->nodes, frame->node->keys, count, frame->key);
	RETORT_PUSH(parse->nodes, frame->node->items, frame->node->count, node);
	frame->key = NULL;
}

/* Tells of a key that was there before. */
static void duplicate(struct parse *parse, const struct yaml *key, const struct yaml *first)
{
	fault(parse, key->line, key->column, "key '%s' is given twice, first in line %u",
		text_echo(parse->arena, key->text, 60), first->line);
}

/* Looks for duplicate keys in a finished map. */
static void check_keys(struct parse *parse, const struct yaml *map)
{
	struct map *seen = map->count > FEW_KEYS ? map_new(parse->nodes) : NULL;
	size_t i, j;

	for (i = 0; i < map->count; i++) {
		const struct yaml *key = map->keys[i], *first = NULL;

		if (seen) {
			first = map_get(seen, key->text);
			if (!first)
				map_put(seen, key->text, map->keys[i]);
		} else {
			for (j = 0; j < i && !first; j++)
				if (map->keys[j]->len == key->len &&
					!memcmp(map->keys[j]->text, key->text, key->len))
					first = map->keys[j];
		}
		if (first)
			duplicate(parse, key, first);
	}
}

/* Refuses what a node may not have. */
static void check_decoration(struct parse *parse, const yaml_event_t *event, const unsigned char *anchor,
	const unsigned char *tag)
{
	size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;

	if (anchor)
		fault(parse, line, column,
			"an anchor (&%s), which retort's files don't have: if it is text, " ADVICE,
			text_echo(parse->arena, (const char *)anchor, 40));
	if (tag)
		fault(parse, line, column,
			"a tag (%s), which retort's files don't have: if it is text, " ADVICE,
			text_echo(parse->arena, (const char *)tag, 40));
}

/* Opens a list or map; -1 where it is nested too deeply. */
static int open_node(struct parse *parse, struct yaml *node, bool flow)
{
	node->flow = flow;
	if (parse->depth == YAML_MAX_DEPTH) {
		parse->root = NULL;
		return fault(parse, node->line, node->column, "nested more than %d levels deep",
			YAML_MAX_DEPTH);
	}
	parse->stack[parse->depth].node = node;
	parse->stack[parse->depth++].key = NULL;
	return 0;
}

/* Closes the innermost list or map. */
static void close_node(struct parse *parse)
{
	struct yaml *node = parse->stack[--parse->depth].node;

	if (node->kind == YAML_MAP)
		check_keys(parse, node);
	place(parse, node);
}

/* Takes one event in; 1 at the end, -1 where it makes no sense to go on. */
static int take_event(struct parse *parse, const yaml_event_t *event)
{
	struct yaml *node;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		check_decoration(parse, event, event->data.scalar.anchor, event->data.scalar.tag);
		place(parse, scalar_new(parse, event));
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		check_decoration(parse, event, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
		return open_node(parse, node_new(parse, YAML_LIST, event),
			event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
	case YAML_MAPPING_START_EVENT:
		check_decoration(parse, event, event->data.mapping_start.anchor,
			event->data.mapping_start.tag);
		return open_node(parse, node_new(parse, YAML_MAP, event),
			event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(parse);
		return 0;
	case YAML_ALIAS_EVENT:
		fault(parse, event->start_mark.line + 1, event->start_mark.column + 1,
			"an alias (*%s), which retort's files don't have: if it is text, " ADVICE,
			text_echo(parse->arena, (const char *)event->data.alias.anchor, 40));
		node = node_new(parse, YAML_SCALAR, event);
		node->style = YAML_QUOTED;
		node->text = "";
		node->faulty = true;
		place(parse, node);
		return 0;
	case YAML_DOCUMENT_START_EVENT:
		if (parse->root) {
			fault(parse, event->start_mark.line + 1, event->start_mark.column + 1,
				"a second document begins here: a file holds one");
			return 1;
		}
		return 0;
	case YAML_STREAM_END_EVENT:
		return 1;
	default:
		return 0;
	}
}

/* Whether bytes can be given to libyaml at all. */
static int check_bytes(struct parse *parse)
{
	size_t line, column, at, i;
	unsigned char high = 0;

	if (parse->len > YAML_MAX_SIZE)
		return fault(parse, 1, 1, "longer than %u MB", YAML_MAX_SIZE >> 20);
	for (i = 0; i < parse->len; i++)
		high |= (unsigned char)parse->text[i];
	parse->ascii = !(high & 0x80);
	if (parse->ascii && !memchr(parse->text, 0, parse->len))
		return 0;
	at = text_utf8_fault(parse->text, parse->len);
	if (at == parse->len)
		return 0;
	place_of(parse, at, &line, &column);
	if (!parse->text[at])
		return fault(parse, line, column, "a zero byte: this is no text file");
	return fault(parse, line, column, "byte \\x%02X is not valid UTF-8: save the file as UTF-8",
		(unsigned)(unsigned char)parse->text[at]);
}

/* The four hex digits at text; -1: there are none. */
static long hex_digits(const char *text)
{
	long value = 0;
	int i;

	for (i = 0; i < 4; i++) {
		const char *digit = text[i] ? strchr("0123456789abcdefABCDEF", text[i]) : NULL;
		long n = digit ? digit - "0123456789abcdefABCDEF" : -1;

		if (n < 0)
			return -1;
		value = value * 16 + (n < 16 ? n : n - 6);
	}
	return value;
}

/* JSON writes characters beyond the first 65536 as two escapes, which libyaml takes for faults: a copy in
 * which each such pair is the one escape that YAML has. Other texts are returned as they are. */
static const char *join_surrogates(struct retort_arena *arena, const char *text, size_t *len)
{
	const char *at = text + strspn(text, " \t\r\n"), *end = text + *len, *done = text;
	struct retort_buf out;

	if (*at != '{' && *at != '[')
		return text;
	retort_buf_init(&out, arena);
	for (; (at = memchr(at, '\\', (size_t)(end - at))); at += 2) {
		long high = end - at >= 12 && at[1] == 'u' ? hex_digits(at + 2) : -1;
		long low = high >= 0xd800 && high < 0xdc00 && at[6] == '\\' && at[7] == 'u'
			? hex_digits(at + 8)
			: -1;

		if (low >= 0xdc00 && low < 0xe000) {
			retort_buf_mem(&out, done, (size_t)(at - done));
			retort_buf_printf(&out, "\\U%08lx",
				0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
			at += 10;
			done = at + 2;
		}
		if (end - at < 2)
			break;
	}
	if (done == text)
		return text;
	retort_buf_mem(&out, done, (size_t)(end - done));
	*len = out.len;
	return out.data;
}

int yaml_parse(struct retort_arena *arena, struct retort_arena *nodes, const char *file, const char *text,
	size_t len, struct yaml **ret, struct retort_error *err)
{
	struct parse *parse = retort_alloc(nodes, sizeof *parse);
	yaml_event_t event;
	int end = 0;

	*ret = NULL;
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	*parse = (struct parse){.arena = arena,
		.nodes = nodes,
		.file = file,
		.text = text,
		.len = len,
		.err = err};
	if (check_bytes(parse) || !yaml_parser_initialize(&parse->parser))
		return -1;
	parse->text = text = join_surrogates(nodes, text, &len);
	parse->len = len;
	yaml_parser_set_input_string(&parse->parser, (const unsigned char *)text, len);
	yaml_parser_set_encoding(&parse->parser, YAML_UTF8_ENCODING);
	while (!end) {
		if (!yaml_parser_parse(&parse->parser, &event)) {
			parse->root = NULL;
			end = refused(parse);
			break;
		}
		end = take_event(parse, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parse->parser);
	if (end > 0 && !parse->root) {
		parse->root = retort_alloc(nodes, sizeof *parse->root);
		parse->root->text = "";
		parse->root->line = parse->root->column = 1;
	}
	*ret = parse->root;
	return parse->faults ? -1 : 0;
}

struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	size_t i;

	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (i = 0; i < map->count; i++)
		if (!strcmp(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

bool yaml_is_null(const struct yaml *node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	size_t i;

	if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN)
		return false;
	for (i = 0; i < sizeof nulls / sizeof *nulls; i++)
		if (!strcmp(node->text, nulls[i]))
			return true;
	return false;
}
