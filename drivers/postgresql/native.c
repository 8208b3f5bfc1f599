/* SPDX-License-Identifier: MIT */
#include "native.h"

#include <stdlib.h>
#include <string.h>

const struct retort_type_row native_types[] = {
	{RETORT_TYPE_BOOLEAN, "boolean", NULL},
	{RETORT_TYPE_SMALLINT, "smallint", NULL},
	{RETORT_TYPE_INTEGER, "integer", NULL},
	{RETORT_TYPE_BIGINT, "bigint", NULL},
	{RETORT_TYPE_FLOAT, "real", NULL},
	{RETORT_TYPE_DOUBLE, "double precision", NULL},
	{RETORT_TYPE_NUMERIC, "numeric(%p,%s)", "numeric"},
	{RETORT_TYPE_STRING, "varchar(%l)", "varchar"},
	{RETORT_TYPE_CHAR, "char(%l)", "char"},
	{RETORT_TYPE_TEXT, "text", NULL},
	{RETORT_TYPE_DATE, "date", NULL},
	{RETORT_TYPE_TIME, "time(%p)", "time"},
	{RETORT_TYPE_DATETIME, "timestamp(%p)", "timestamp"},
	{RETORT_TYPE_TIMESTAMP, "timestamptz(%p)", "timestamptz"},
	{RETORT_TYPE_INTERVAL, "interval", NULL},
	{RETORT_TYPE_BINARY, "bytea", NULL},
	{RETORT_TYPE_VARBINARY, "bytea", NULL},
	{RETORT_TYPE_BLOB, "bytea", NULL},
	{RETORT_TYPE_JSON, "jsonb", NULL},
	{RETORT_TYPE_UUID, "uuid", NULL},
	{RETORT_TYPE_ARRAY, "%i[]", NULL},
	{0, NULL, NULL},
};

/* Spellings: what stands in front of the numbers and after them, in the canonical form. Where the kind is
 * exact, rendering it gives the canonical type back; else it is only the nearest. */
static const struct spelling {
	const char *written, *name, *after;
	enum retort_type_kind kind;
	bool exact;
} spellings[] = {
	{"boolean", "boolean", "", RETORT_TYPE_BOOLEAN, true},
	{"bool", "boolean", "", RETORT_TYPE_BOOLEAN, true},
	{"smallint", "smallint", "", RETORT_TYPE_SMALLINT, true},
	{"int2", "smallint", "", RETORT_TYPE_SMALLINT, true},
	{"integer", "integer", "", RETORT_TYPE_INTEGER, true},
	{"int", "integer", "", RETORT_TYPE_INTEGER, true},
	{"int4", "integer", "", RETORT_TYPE_INTEGER, true},
	{"bigint", "bigint", "", RETORT_TYPE_BIGINT, true},
	{"int8", "bigint", "", RETORT_TYPE_BIGINT, true},
	{"smallserial", "smallint", "", RETORT_TYPE_SMALLINT, true},
	{"serial", "integer", "", RETORT_TYPE_INTEGER, true},
	{"bigserial", "bigint", "", RETORT_TYPE_BIGINT, true},
	{"real", "real", "", RETORT_TYPE_FLOAT, true},
	{"float4", "real", "", RETORT_TYPE_FLOAT, true},
	{"double precision", "double precision", "", RETORT_TYPE_DOUBLE, true},
	{"float8", "double precision", "", RETORT_TYPE_DOUBLE, true},
	{"float", "double precision", "", RETORT_TYPE_DOUBLE, true},
	{"numeric", "numeric", "", RETORT_TYPE_NUMERIC, true},
	{"decimal", "numeric", "", RETORT_TYPE_NUMERIC, true},
	{"dec", "numeric", "", RETORT_TYPE_NUMERIC, true},
	{"character varying", "character varying", "", RETORT_TYPE_STRING, true},
	{"varchar", "character varying", "", RETORT_TYPE_STRING, true},
	{"character", "character", "", RETORT_TYPE_CHAR, true},
	{"char", "character", "", RETORT_TYPE_CHAR, true},
	{"bpchar", "bpchar", "", RETORT_TYPE_TEXT, false},
	{"text", "text", "", RETORT_TYPE_TEXT, true},
	{"date", "date", "", RETORT_TYPE_DATE, true},
	{"time", "time", " without time zone", RETORT_TYPE_TIME, true},
	{"time without time zone", "time", " without time zone", RETORT_TYPE_TIME, true},
	{"timetz", "time", " with time zone", RETORT_TYPE_TIME, false},
	{"time with time zone", "time", " with time zone", RETORT_TYPE_TIME, false},
	{"timestamp", "timestamp", " without time zone", RETORT_TYPE_DATETIME, true},
	{"timestamp without time zone", "timestamp", " without time zone", RETORT_TYPE_DATETIME, true},
	{"timestamptz", "timestamp", " with time zone", RETORT_TYPE_TIMESTAMP, true},
	{"timestamp with time zone", "timestamp", " with time zone", RETORT_TYPE_TIMESTAMP, true},
	{"interval", "interval", "", RETORT_TYPE_INTERVAL, true},
	{"bytea", "bytea", "", RETORT_TYPE_BLOB, true},
	{"jsonb", "jsonb", "", RETORT_TYPE_JSON, true},
	{"json", "json", "", RETORT_TYPE_JSON, false},
	{"uuid", "uuid", "", RETORT_TYPE_UUID, true},
	{"money", "money", "", RETORT_TYPE_NUMERIC, false},
	{"oid", "oid", "", RETORT_TYPE_BIGINT, false},
};

/* A native type taken apart: name(numbers)after[]. */
struct parts {
	const char *name;    /* lower case, one blank between words, with what follows the numbers */
	const char *numbers; /* between the parentheses, without blanks; NULL: none */
	bool array;
};

/* Appends a word in lower case, or a quoted name as it stands. */
static void append_token(struct retort_buf *out, const struct retort_token *token, bool *dot)
{
	bool point = token->kind == RETORT_TOKEN_PUNCTUATION && *token->text == '.';

	if (out->len > 0 && !point && !*dot)
		retort_buf_char(out, ' ');
	for (size_t i = 0; i < token->len; i++) {
		char c = token->text[i];

		retort_buf_char(out,
			(char)(token->kind == RETORT_TOKEN_WORD && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
	}
	*dot = point;
}

static struct parts take_apart(struct retort_arena *arena, const char *native)
{
	const char *at = native;
	struct retort_buf name, numbers;
	struct parts parts = {NULL, NULL, false};
	struct retort_token token;
	bool inside = false, dot = false;
	int depth = 0;

	retort_buf_init(&name, arena);
	retort_buf_init(&numbers, arena);
	while ((token = retort_sql_word(RETORT_SYNTAX_DOLLAR, &at)).kind != RETORT_TOKEN_END) {
		if (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '[') {
			parts.array = true;
			depth++;
		} else if (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == ']') {
			depth--;
		} else if (depth > 0) {
			continue; /* the bounds of an array are not kept */
		} else if (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '(') {
			inside = true;
			parts.numbers = "";
		} else if (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == ')') {
			inside = false;
		} else if (inside) {
			retort_buf_mem(&numbers, token.text, token.len);
		} else {
			append_token(&name, &token, &dot);
		}
	}
	parts.name = name.data;
	if (parts.numbers)
		parts.numbers = numbers.data;
	return parts;
}

static const struct spelling *find_spelling(const char *name)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		if (strcmp(spellings[i].written, name) == 0)
			return &spellings[i];
	return NULL;
}

/* numeric(10) is numeric(10,0), char is character(1). */
static const char *whole_numbers(struct retort_arena *arena, const struct spelling *spelling,
	const char *numbers)
{
	if (spelling->kind == RETORT_TYPE_NUMERIC && numbers && !strchr(numbers, ','))
		return retort_printf(arena, "%s,0", numbers);
	if (spelling->kind == RETORT_TYPE_CHAR && !numbers)
		return "1";
	return numbers;
}

const char *native_canonical(struct retort_arena *arena, const char *native)
{
	struct parts parts = take_apart(arena, native);
	const struct spelling *spelling = find_spelling(parts.name);
	const char *numbers = spelling ? whole_numbers(arena, spelling, parts.numbers) : parts.numbers;

	return retort_printf(arena, "%s%s%s%s%s%s", spelling ? spelling->name : parts.name,
		numbers ? "(" : "", numbers ? numbers : "", numbers ? ")" : "",
		spelling ? spelling->after : "", parts.array ? "[]" : "");
}

/* Puts the numbers of a type where its kind has them; false where it has none such. */
static bool set_numbers(struct retort_type *type, const char *numbers)
{
	char *end;
	long first, second;

	if (!numbers)
		return type->kind != RETORT_TYPE_CHAR;
	first = strtol(numbers, &end, 10);
	if (end == numbers || first < 0 || first > 20000000)
		return false;
	if (type->kind == RETORT_TYPE_NUMERIC) {
		second = *end == ',' ? strtol(end + 1, &end, 10) : 0;
		if (*end != 0 || second < 0)
			return false;
		type->precision = (int)first;
		type->scale = (int)second;
		return true;
	}
	if (*end != 0)
		return false;
	if (type->kind == RETORT_TYPE_STRING || type->kind == RETORT_TYPE_CHAR)
		type->length = (int)first;
	else if (type->kind == RETORT_TYPE_TIME || type->kind == RETORT_TYPE_DATETIME ||
		type->kind == RETORT_TYPE_TIMESTAMP)
		type->precision = (int)first;
	else
		return false;
	return true;
}

struct retort_type *native_parse(struct retort_arena *arena, const char *native)
{
	const char *canonical = native_canonical(arena, native);
	struct parts parts = take_apart(arena, canonical);
	const char *name = parts.name;
	const struct spelling *spelling = find_spelling(name);
	struct retort_type *type, *array;

	type = retort_type_new(arena, spelling ? spelling->kind : RETORT_TYPE_TEXT);
	if (!spelling || !spelling->exact || !set_numbers(type, parts.numbers))
		type->native =
			parts.array ? retort_strndup(arena, canonical, strlen(canonical) - 2) : canonical;
	if (!parts.array)
		return type;
	array = retort_type_new(arena, RETORT_TYPE_ARRAY);
	if (type->native) {
		/* Items are rendered without looking at what stands beside their kind. */
		type->kind = RETORT_TYPE_NATIVE;
		array->native = canonical;
	}
	array->items = type;
	return array;
}

const char *native_of(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	struct retort_buf text;

	retort_buf_init(&text, render->arena);
	if (retort_sql_column_type(render, &text, table, column, err))
		return NULL;
	return native_canonical(render->arena, text.data);
}

const char *native_serial(const struct retort_type *type)
{
	static const char *const names[] = {"smallserial", "serial", "bigserial", NULL /* numeric */};
	int at = type->kind == RETORT_TYPE_SMALLINT ? 0
		: type->kind == RETORT_TYPE_INTEGER ? 1
		: type->kind == RETORT_TYPE_BIGINT  ? 2
						    : 3;

	/* an unsigned type is the next wider one */
	return names[at < 3 && type->is_unsigned ? at + 1 : at];
}
