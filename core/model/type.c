/* SPDX-License-Identifier: MIT */
#include "retort/type.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

/* Arrays nest at most this deep. */
enum { MAX_ARRAY_DEPTH = 16 };

/* Which numbers a type takes in parentheses. */
enum numbers { NUMBERS_NONE, NUMBERS_LENGTH, NUMBERS_PRECISION, NUMBERS_PRECISION_SCALE };

struct word {
	const char *name; /* first, for text_nearest */
	enum retort_type_kind kind;
	enum numbers numbers;
	bool may_be_unsigned;
};

static const struct word words[] = {
	{"boolean", RETORT_TYPE_BOOLEAN, NUMBERS_NONE, false},
	{"smallint", RETORT_TYPE_SMALLINT, NUMBERS_NONE, true},
	{"integer", RETORT_TYPE_INTEGER, NUMBERS_NONE, true},
	{"bigint", RETORT_TYPE_BIGINT, NUMBERS_NONE, true},
	{"float", RETORT_TYPE_FLOAT, NUMBERS_NONE, false},
	{"double", RETORT_TYPE_DOUBLE, NUMBERS_NONE, false},
	{"numeric", RETORT_TYPE_NUMERIC, NUMBERS_PRECISION_SCALE, false},
	{"string", RETORT_TYPE_STRING, NUMBERS_LENGTH, false},
	{"char", RETORT_TYPE_CHAR, NUMBERS_LENGTH, false},
	{"text", RETORT_TYPE_TEXT, NUMBERS_NONE, false},
	{"date", RETORT_TYPE_DATE, NUMBERS_NONE, false},
	{"time", RETORT_TYPE_TIME, NUMBERS_PRECISION, false},
	{"datetime", RETORT_TYPE_DATETIME, NUMBERS_PRECISION, false},
	{"timestamp", RETORT_TYPE_TIMESTAMP, NUMBERS_PRECISION, false},
	{"interval", RETORT_TYPE_INTERVAL, NUMBERS_NONE, false},
	{"binary", RETORT_TYPE_BINARY, NUMBERS_LENGTH, false},
	{"varbinary", RETORT_TYPE_VARBINARY, NUMBERS_LENGTH, false},
	{"blob", RETORT_TYPE_BLOB, NUMBERS_NONE, false},
	{"json", RETORT_TYPE_JSON, NUMBERS_NONE, false},
	{"uuid", RETORT_TYPE_UUID, NUMBERS_NONE, false},
	{"enum", RETORT_TYPE_ENUM, NUMBERS_NONE, false},
	{"domain", RETORT_TYPE_DOMAIN, NUMBERS_NONE, false},
	{"array", RETORT_TYPE_ARRAY, NUMBERS_NONE, false},
};
enum { WORD_COUNT = sizeof words / sizeof *words };

/* Names that people bring along, and what they mean here: too far away for a guess by spelling. */
static const struct {
	const char *name, *meant, *how;
} borrowed[] = {
	{"bool", "boolean", ""},
	{"tinyint", "smallint", ""},
	{"int2", "smallint", ""},
	{"int", "integer", ""},
	{"int4", "integer", ""},
	{"mediumint", "integer", ""},
	{"serial", "integer", " with autoincrement: true"},
	{"int8", "bigint", ""},
	{"long", "bigint", ""},
	{"bigserial", "bigint", " with autoincrement: true"},
	{"real", "float", ""},
	{"float4", "float", ""},
	{"float8", "double", ""},
	{"decimal", "numeric", ""},
	{"number", "numeric", ""},
	{"money", "numeric(12,2)", ""},
	{"varchar", "string(n)", ""},
	{"nvarchar", "string(n)", ""},
	{"str", "string(n)", ""},
	{"character", "char(n)", ""},
	{"clob", "text", ""},
	{"longtext", "text", ""},
	{"mediumtext", "text", ""},
	{"tinytext", "text", ""},
	{"timestamptz", "timestamp", ""},
	{"bytea", "blob", ""},
	{"bytes", "blob", ""},
	{"longblob", "blob", ""},
	{"jsonb", "json", ""},
	{"guid", "uuid", ""},
	{"set", "array(text)", ", or the native text under its dialect"},
};

const char *retort_type_name(enum retort_type_kind kind)
{
	size_t i;

	for (i = 0; i < WORD_COUNT; i++) {
		if (words[i].kind == kind)
			return words[i].name;
	}
	return NULL;
}

struct retort_type *retort_type_new(struct retort_arena *arena, enum retort_type_kind kind)
{
	struct retort_type *type = retort_alloc(arena, sizeof *type);

	type->kind = kind;
	type->length = type->precision = type->scale = RETORT_UNSET;
	return type;
}

/* ---- reading ---- */

struct reader {
	struct retort_arena *arena;
	struct retort_error *err;
	const char *text; /* the whole, for messages */
	const char *at;
};

static int fault(struct reader *reader, const char *reason)
{
	return retort_fail(reader->err, RETORT_E_FILE, "cannot read type '%s': %s",
		text_echo(reader->arena, reader->text, 80), reason);
}

static void skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t\r\n");
}

/* Takes one character after blanks, if it is c. */
static bool take(struct reader *reader, char c)
{
	skip_blanks(reader);
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

/* The word at the reader, or NULL. */
static char *take_word(struct reader *reader)
{
	const char *start;

	skip_blanks(reader);
	start = reader->at;
	while (is_word_char(*reader->at))
		reader->at++;
	return reader->at == start ? NULL
				   : retort_strndup(reader->arena, start, (size_t)(reader->at - start));
}

/* A text in single or double quotes, doubled inside; *ret NULL where none stands here. */
static int take_quoted(struct reader *reader, const char **ret)
{
	struct retort_buf buf;
	char quote;

	*ret = NULL;
	skip_blanks(reader);
	quote = *reader->at;
	if (quote != '\'' && quote != '"')
		return 0;
	retort_buf_init(&buf, reader->arena);
	for (reader->at++; *reader->at; reader->at++) {
		if (*reader->at == quote && *++reader->at != quote) {
			*ret = buf.data;
			return 0;
		}
		retort_buf_char(&buf, *reader->at);
	}
	return fault(reader, "a quote is never closed");
}

/* A whole number of at most max. */
static int take_number(struct reader *reader, int max, int *ret)
{
	char *reason;
	long value = 0;
	const char *start;

	skip_blanks(reader);
	start = reader->at;
	while (*reader->at >= '0' && *reader->at <= '9') {
		if (value <= max)
			value = value * 10 + (*reader->at - '0');
		reader->at++;
	}
	if (reader->at == start)
		return fault(reader, "a whole number must stand in the parentheses");
	if (value > max) {
		reason = retort_printf(reader->arena, "%.*s is too large, at most %d",
			(int)(reader->at - start > 30 ? 30 : reader->at - start), start, max);
		return fault(reader, reason);
	}
	*ret = (int)value;
	return 0;
}

/* The numbers in parentheses, where there are any. */
static int read_numbers(struct reader *reader, const struct word *word, struct retort_type *type)
{
	if (!take(reader, '('))
		return 0;
	switch (word->numbers) {
	case NUMBERS_NONE:
		return fault(reader, retort_printf(reader->arena, "%s takes no parentheses", word->name));
	case NUMBERS_LENGTH:
		if (take_number(reader, 1000000000, &type->length) != 0)
			return -1;
		if (type->length == 0)
			return fault(reader, "the length must be at least 1");
		break;
	case NUMBERS_PRECISION:
		if (take_number(reader, 6, &type->precision) != 0)
			return -1;
		break;
	case NUMBERS_PRECISION_SCALE:
		if (take_number(reader, 1000, &type->precision) != 0)
			return -1;
		if (type->precision == 0)
			return fault(reader, "the precision must be at least 1");
		if (take(reader, ',') && take_number(reader, type->precision, &type->scale) != 0)
			return -1;
		break;
	}
	if (!take(reader, ')'))
		return fault(reader, "')' is missing, or something else stands before it");
	return 0;
}

/* One value of an enum list: quoted, or bare up to the comma or parenthesis. */
static int read_enum_value(struct reader *reader, const char **ret)
{
	const char *start, *end;

	if (take_quoted(reader, ret) != 0)
		return -1;
	if (*ret)
		return 0;
	start = reader->at;
	reader->at += strcspn(reader->at, ",()'\"");
	for (end = reader->at; end > start && strchr(" \t\r\n", end[-1]); end--)
		continue;
	if (end == start)
		return fault(reader, "a value is missing (an empty one is written '')");
	*ret = retort_strndup(reader->arena, start, (size_t)(end - start));
	return 0;
}

static int read_enum_values(struct reader *reader, struct retort_type *type)
{
	const char **values = NULL;
	struct map *seen = map_new(reader->arena);
	const char *value;
	size_t count = 0;

	do {
		if (read_enum_value(reader, &value) != 0)
			return -1;
		if (map_put(seen, value, seen))
			return fault(reader,
				retort_printf(reader->arena, "the value '%s' stands twice",
					text_echo(reader->arena, value, 40)));
		RETORT_PUSH(reader->arena, values, count, value);
	} while (take(reader, ','));
	if (!take(reader, ')'))
		return fault(reader, "',' or ')' must follow each value; quote a value that holds one");
	type->values = values;
	type->value_count = count;
	return 0;
}

/* NAME or SCHEMA.NAME, each perhaps quoted. */
static int read_name(struct reader *reader, const char *what, struct retort_type *type)
{
	const char *name;

	if (take_quoted(reader, &name) != 0)
		return -1;
	if (!name)
		name = take_word(reader);
	if (!name || !*name)
		return fault(reader, what);
	type->name = name;
	if (!take(reader, '.'))
		return 0;
	type->schema = name;
	if (take_quoted(reader, &name) != 0)
		return -1;
	if (!name)
		name = take_word(reader);
	if (!name || !*name)
		return fault(reader, "a name must follow '.'");
	type->name = name;
	return 0;
}

static int unknown_word(struct reader *reader, const char *word)
{
	const char *meant = text_nearest(word, words, WORD_COUNT, sizeof *words), *how = "";
	size_t i;

	for (i = 0; i < sizeof borrowed / sizeof *borrowed; i++) {
		if (text_casecmp(borrowed[i].name, word) == 0) {
			meant = borrowed[i].meant;
			how = borrowed[i].how;
		}
	}
	if (meant)
		return fault(reader,
			retort_printf(reader->arena, "unknown type '%s', did you mean '%s'%s?",
				text_echo(reader->arena, word, 40), meant, how));
	return fault(reader,
		retort_printf(reader->arena,
			"unknown type '%s': give a neutral type, or the native text under its dialect",
			text_echo(reader->arena, word, 40)));
}

static const struct word *find_word(const char *name)
{
	size_t i;

	for (i = 0; i < WORD_COUNT; i++) {
		if (text_casecmp(words[i].name, name) == 0)
			return &words[i];
	}
	return NULL;
}

/* Any type but an array. */
static int read_scalar(struct reader *reader, const struct word *word, struct retort_type **ret)
{
	struct retort_type *type = retort_type_new(reader->arena, word->kind);
	const char *before;
	char *next;

	*ret = type;
	if (word->kind == RETORT_TYPE_ENUM)
		return take(reader, '(')
			? read_enum_values(reader, type)
			: read_name(reader, "enum needs (values) or the name of an enum", type);
	if (word->kind == RETORT_TYPE_DOMAIN)
		return read_name(reader, "domain needs the name of a domain", type);
	if (read_numbers(reader, word, type) != 0)
		return -1;
	before = reader->at;
	next = take_word(reader);
	if (!next)
		return 0;
	if (text_casecmp(next, "unsigned") != 0) {
		reader->at = before;
		return 0;
	}
	if (!word->may_be_unsigned)
		return fault(reader, retort_printf(reader->arena, "%s can't be unsigned", word->name));
	type->is_unsigned = true;
	return 0;
}

int retort_type_parse(struct retort_arena *arena, const char *text, const struct retort_type **ret,
	struct retort_error *err)
{
	struct reader reader = {arena, err, text, text};
	const struct word *word;
	struct retort_type *type, *array;
	size_t depth = 0;
	char *name;

	for (;; depth++) {
		name = take_word(&reader);
		if (!name)
			return fault(&reader, "a type must begin with its name");
		word = find_word(name);
		if (!word)
			return unknown_word(&reader, name);
		if (word->kind != RETORT_TYPE_ARRAY)
			break;
		if (!take(&reader, '('))
			return fault(&reader, "array needs the type of its items: array(integer)");
		if (depth == MAX_ARRAY_DEPTH)
			return fault(&reader, "arrays are nested too deeply");
	}
	if (read_scalar(&reader, word, &type) != 0)
		return -1;
	for (; depth > 0; depth--) {
		if (!take(&reader, ')'))
			return fault(&reader, "')' is missing after the type of an array's items");
		array = retort_type_new(arena, RETORT_TYPE_ARRAY);
		array->items = type;
		type = array;
	}
	skip_blanks(&reader);
	if (*reader.at)
		return fault(&reader,
			retort_printf(arena, "'%s' is left over", text_echo(arena, reader.at, 40)));
	*ret = type;
	return 0;
}

/* ---- writing ---- */

/* Appends text, quoted where it isn't made of word characters and those of also alone. */
static void put_word(struct retort_buf *out, const char *text, const char *also)
{
	const char *at = text;

	while (*at && (is_word_char(*at) || strchr(also, *at)))
		at++;
	if (*text && !*at) {
		retort_buf_str(out, text);
		return;
	}
	retort_buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			retort_buf_char(out, '\'');
		retort_buf_char(out, *text);
	}
	retort_buf_char(out, '\'');
}

static void put_name(struct retort_buf *out, const struct retort_type *type)
{
	if (!type->name)
		return;
	retort_buf_char(out, ' ');
	if (type->schema) {
		put_word(out, type->schema, "");
		retort_buf_char(out, '.');
	}
	put_word(out, type->name, "");
}

static void put_scalar(struct retort_buf *out, const struct retort_type *type)
{
	size_t i;

	retort_buf_str(out, retort_type_name(type->kind) ? retort_type_name(type->kind) : "");
	if (type->kind == RETORT_TYPE_ENUM && !type->name) {
		retort_buf_char(out, '(');
		for (i = 0; i < type->value_count; i++) {
			retort_buf_str(out, i ? ", " : "");
			put_word(out, type->values[i], "-");
		}
		retort_buf_char(out, ')');
	} else if (type->kind == RETORT_TYPE_ENUM || type->kind == RETORT_TYPE_DOMAIN) {
		put_name(out, type);
	} else if (type->length != RETORT_UNSET) {
		retort_buf_printf(out, "(%d)", type->length);
	} else if (type->precision != RETORT_UNSET && type->scale != RETORT_UNSET) {
		retort_buf_printf(out, "(%d,%d)", type->precision, type->scale);
	} else if (type->precision != RETORT_UNSET) {
		retort_buf_printf(out, "(%d)", type->precision);
	}
	if (type->is_unsigned)
		retort_buf_str(out, " unsigned");
}

const char *retort_type_text(struct retort_arena *arena, const struct retort_type *type)
{
	struct retort_buf out;
	size_t depth = 0;

	retort_buf_init(&out, arena);
	for (; type->kind == RETORT_TYPE_ARRAY && type->items; type = type->items, depth++)
		retort_buf_str(&out, "array(");
	if (type->kind == RETORT_TYPE_NATIVE)
		retort_buf_str(&out, type->native);
	else
		put_scalar(&out, type);
	for (; depth > 0; depth--)
		retort_buf_char(&out, ')');
	return out.data;
}
