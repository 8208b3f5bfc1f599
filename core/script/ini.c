/* SPDX-License-Identifier: MIT */
#include "script/ini.h"

#include <stdbool.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"

enum { ECHOED = 60 }; /* characters of a line in a message */

/* Where a value stands that may be continued. */
struct value {
	struct retort_buf cut, whole; /* without and with comments inside a line */
	size_t cut_end, whole_end;    /* the end of the last line that is not blank */
	bool open;
};

struct parser {
	struct retort_arena *arena;
	enum ini_rules rules;
	struct ini *ini;
	struct ini_section *section; /* the one being read; NULL before the first */
	struct map *names;           /* section name -> section's first line */
	struct map *keys;            /* of the section -> key's first line */
	struct value value;
	size_t indent; /* of the key that is open */
	unsigned line;
	struct retort_error *err;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r';
}

/* Adds a fault in the line at hand. */
static void fault(struct parser *parser, const char *message)
{
	retort_fail(parser->err, RETORT_E_CONFIG, "%s", message);
	retort_error_at(parser->err, parser->ini->file, parser->line, 0);
}

/* Moves both ends inwards over blanks. */
static void trim(const char **from, const char **to)
{
	while (*from < *to && is_blank(**from))
		(*from)++;
	while (*to > *from && is_blank((*to)[-1]))
		(*to)--;
}

/* Where a comment inside a line begins: at a ; or # after a blank. */
static const char *comment_start(const char *from, const char *to)
{
	const char *at;

	for (at = from + 1; at < to; at++)
		if ((*at == ';' || *at == '#') && is_blank(at[-1]))
			return at;
	return to;
}

/* Gives the entry that was open its whole value. */
static void value_close(struct parser *parser)
{
	struct value *value = &parser->value;
	struct ini_entry *entry;

	if (!value->open)
		return;
	entry = &parser->section->entries[parser->section->count - 1];
	entry->value = retort_strndup(parser->arena, value->cut.data, value->cut_end);
	entry->whole = retort_strndup(parser->arena, value->whole.data, value->whole_end);
	value->open = false;
}

/* Appends one line to the value that is open. */
static void value_line(struct parser *parser, const char *from, const char *to, bool first)
{
	struct value *value = &parser->value;
	const char *end = to;

	if (parser->rules == INI_RETORT) {
		/* a comment may be all that follows the sign */
		end = from < to && (*from == ';' || *from == '#') ? from : comment_start(from, to);
		while (end > from && is_blank(end[-1]))
			end--;
	}
	if (!first) {
		retort_buf_char(&value->cut, '\n');
		retort_buf_char(&value->whole, '\n');
	}
	retort_buf_mem(&value->cut, from, (size_t)(end - from));
	retort_buf_mem(&value->whole, from, (size_t)(to - from));
	if (end > from)
		value->cut_end = value->cut.len;
	if (to > from)
		value->whole_end = value->whole.len;
}

static void section_start(struct parser *parser, const char *from, const char *to)
{
	const char *name = retort_strndup(parser->arena, from, (size_t)(to - from));
	const unsigned *before = map_get(parser->names, name);
	unsigned *line = retort_alloc(parser->arena, sizeof *line);
	struct ini_section section = {.name = name, .line = parser->line};

	if (before)
		fault(parser,
			retort_printf(parser->arena, "section [%s] stands twice: first in line %u",
				text_echo(parser->arena, name, ECHOED), *before));
	if (from == to)
		fault(parser, "a section without a name");
	*line = parser->line;
	if (!before)
		map_put(parser->names, name, line);
	RETORT_PUSH(parser->arena, parser->ini->sections, parser->ini->count, section);
	parser->section = &parser->ini->sections[parser->ini->count - 1];
	parser->keys = map_new(parser->arena);
}

/* Reads "key = value". */
static void entry_start(struct parser *parser, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);
	const char *colon = memchr(from, ':', n), *sign = memchr(from, '=', n), *key_end;
	const unsigned *before;
	struct ini_entry entry = {.value = "", .whole = "", .line = parser->line};
	unsigned *line = retort_alloc(parser->arena, sizeof *line);
	char *key;

	if (!sign || (colon && colon < sign))
		sign = colon;
	if (!sign || sign == from) {
		/* the line itself is not shown: it may be a password that went astray */
		fault(parser, sign ? "a value without a key" : "neither [section] nor key = value");
		return;
	}
	key_end = sign++;
	while (is_blank(key_end[-1]))
		key_end--;
	key = retort_strndup(parser->arena, from, (size_t)(key_end - from));
	if (parser->rules == INI_PYTHON)
		text_lower(key); /* as configparser keeps keys */
	before = map_get(parser->keys, key);
	if (before)
		fault(parser,
			retort_printf(parser->arena, "key '%s' stands twice: first in line %u",
				text_echo(parser->arena, key, ECHOED), *before));
	*line = parser->line;
	if (!before)
		map_put(parser->keys, key, line);
	entry.key = key;
	RETORT_PUSH(parser->arena, parser->section->entries, parser->section->count, entry);
	retort_buf_init(&parser->value.cut, parser->arena);
	retort_buf_init(&parser->value.whole, parser->arena);
	parser->value.cut_end = parser->value.whole_end = 0;
	parser->value.open = true;
	while (sign < to && is_blank(*sign))
		sign++;
	value_line(parser, sign, to, true);
}

/* Reads one line, from..to without its end. */
static void line_read(struct parser *parser, const char *from, const char *to)
{
	const char *start = from, *close;
	size_t indent;

	trim(&from, &to);
	indent = (size_t)(from - start);
	if (from == to) {
		if (parser->value.open)
			value_line(parser, from, to, false);
		return;
	}
	if (*from == '#' || *from == ';')
		return;
	if (parser->value.open && indent > parser->indent) {
		value_line(parser, from, to, false);
		return;
	}
	value_close(parser);
	parser->indent = indent;
	if (*from == '[') {
		if (parser->rules == INI_RETORT) {
			to = comment_start(from, to);
			trim(&from, &to);
		}
		for (close = to; close > from && close[-1] != ']';)
			close--;
		if (close == from) {
			fault(parser, "a section name that no ']' closes");
			return;
		}
		section_start(parser, from + 1, close - 1);
		return;
	}
	if (!parser->section) {
		fault(parser, "a key in front of the first [section]");
		return;
	}
	entry_start(parser, from, to);
}

int ini_parse(struct retort_arena *arena, const char *file, const char *text, size_t n, enum ini_rules rules,
	struct ini **ret, struct retort_error *err)
{
	struct parser parser = {.arena = arena, .rules = rules, .names = map_new(arena), .err = err};
	size_t faults = retort_error_count(err), bad = text_utf8_fault(text, n), i;
	const char *end = text + n, *at = text, *line_end;

	parser.ini = retort_alloc(arena, sizeof *parser.ini);
	parser.ini->file = retort_strdup(arena, file);
	if (bad < n) {
		parser.line = 1;
		for (i = 0; i < bad; i++)
			parser.line += text[i] == '\n';
		fault(&parser,
			text[bad] ? "invalid UTF-8: save the file as UTF-8"
				  : "a NUL byte: this is no text file");
		return -1;
	}
	if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		at += 3;
	for (; at < end; at = line_end + 1) {
		line_end = memchr(at, '\n', (size_t)(end - at));
		if (!line_end)
			line_end = end;
		parser.line++;
		line_read(&parser, at, line_end);
	}
	value_close(&parser);
	*ret = parser.ini;
	return retort_error_count(err) > faults ? -1 : 0;
}

const struct ini_section *ini_section(const struct ini *ini, const char *name)
{
	size_t i;

	for (i = 0; i < ini->count; i++)
		if (!strcmp(ini->sections[i].name, name))
			return &ini->sections[i];
	return NULL;
}

const struct ini_entry *ini_entry(const struct ini_section *section, const char *key)
{
	size_t i;

	for (i = 0; section && i < section->count; i++)
		if (!strcmp(section->entries[i].key, key))
			return &section->entries[i];
	return NULL;
}
