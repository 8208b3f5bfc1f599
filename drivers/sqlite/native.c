/* SPDX-License-Identifier: MIT */
#include "native.h"

#include <stdlib.h>
#include <string.h>

enum { EXACT_DIGITS = 15, UUID_LENGTH = 36 };

const struct retort_type_row native_types[] = {
	{RETORT_TYPE_BOOLEAN, "BOOLEAN", NULL},
	{RETORT_TYPE_SMALLINT, "SMALLINT", NULL},
	{RETORT_TYPE_INTEGER, "INTEGER", NULL},
	{RETORT_TYPE_BIGINT, "BIGINT", NULL},
	{RETORT_TYPE_FLOAT, "FLOAT", NULL},
	{RETORT_TYPE_DOUBLE, "DOUBLE", NULL},
	{RETORT_TYPE_NUMERIC, "NUMERIC(%p,%s)", "NUMERIC"},
	{RETORT_TYPE_STRING, "VARCHAR(%l)", "VARCHAR"},
	{RETORT_TYPE_CHAR, "CHAR(%l)", "CHAR"},
	{RETORT_TYPE_TEXT, "TEXT", NULL},
	{RETORT_TYPE_DATE, "DATE", NULL},
	{RETORT_TYPE_TIME, "TIME(%p)", "TIME"},
	{RETORT_TYPE_DATETIME, "DATETIME(%p)", "DATETIME"},
	{RETORT_TYPE_TIMESTAMP, "TIMESTAMP(%p)", "TIMESTAMP"},
	{RETORT_TYPE_BINARY, "BINARY BLOB(%l)", "BINARY BLOB"},
	{RETORT_TYPE_VARBINARY, "VARBINARY BLOB(%l)", "VARBINARY BLOB"},
	{RETORT_TYPE_BLOB, "BLOB", NULL},
	{RETORT_TYPE_JSON, "TEXT", NULL},
	{RETORT_TYPE_UUID, "CHAR(36)", NULL},
	{RETORT_TYPE_ENUM, "TEXT", NULL},
	{0, NULL, NULL},
};

/* In STRICT tables. */
static const char *const strict_names[RETORT_TYPE_COUNT] = {
	[RETORT_TYPE_BOOLEAN] = "INT",
	[RETORT_TYPE_SMALLINT] = "INT",
	[RETORT_TYPE_INTEGER] = "INT",
	[RETORT_TYPE_BIGINT] = "INT",
	[RETORT_TYPE_FLOAT] = "REAL",
	[RETORT_TYPE_DOUBLE] = "REAL",
	[RETORT_TYPE_NUMERIC] = "REAL",
	[RETORT_TYPE_STRING] = "TEXT",
	[RETORT_TYPE_CHAR] = "TEXT",
	[RETORT_TYPE_TEXT] = "TEXT",
	[RETORT_TYPE_DATE] = "TEXT",
	[RETORT_TYPE_TIME] = "TEXT",
	[RETORT_TYPE_DATETIME] = "TEXT",
	[RETORT_TYPE_TIMESTAMP] = "TEXT",
	[RETORT_TYPE_BINARY] = "BLOB",
	[RETORT_TYPE_VARBINARY] = "BLOB",
	[RETORT_TYPE_BLOB] = "BLOB",
	[RETORT_TYPE_JSON] = "TEXT",
	[RETORT_TYPE_UUID] = "TEXT",
	[RETORT_TYPE_ENUM] = "TEXT",
};

/* What declared names mean; those that people write beside those that native_types gives. */
static const struct declared_row {
	const char *name;
	enum retort_type_kind kind;
	bool is_unsigned;
} declared_names[] = {
	{"", RETORT_TYPE_BLOB, false},
	{"BOOLEAN", RETORT_TYPE_BOOLEAN, false},
	{"BOOL", RETORT_TYPE_BOOLEAN, false},
	{"SMALLINT", RETORT_TYPE_SMALLINT, false},
	{"INT2", RETORT_TYPE_SMALLINT, false},
	{"TINYINT", RETORT_TYPE_SMALLINT, false},
	{"INTEGER", RETORT_TYPE_INTEGER, false},
	{"INT", RETORT_TYPE_INTEGER, false},
	{"MEDIUMINT", RETORT_TYPE_INTEGER, false},
	{"INT4", RETORT_TYPE_INTEGER, false},
	{"BIGINT", RETORT_TYPE_BIGINT, false},
	{"INT8", RETORT_TYPE_BIGINT, false},
	{"BIG INT", RETORT_TYPE_BIGINT, false},
	{"SMALLINT UNSIGNED", RETORT_TYPE_SMALLINT, true},
	{"INTEGER UNSIGNED", RETORT_TYPE_INTEGER, true},
	{"INT UNSIGNED", RETORT_TYPE_INTEGER, true},
	{"BIGINT UNSIGNED", RETORT_TYPE_BIGINT, true},
	{"UNSIGNED BIG INT", RETORT_TYPE_BIGINT, true},
	{"FLOAT", RETORT_TYPE_FLOAT, false},
	{"DOUBLE", RETORT_TYPE_DOUBLE, false},
	{"DOUBLE PRECISION", RETORT_TYPE_DOUBLE, false},
	{"REAL", RETORT_TYPE_DOUBLE, false},
	{"NUMERIC", RETORT_TYPE_NUMERIC, false},
	{"DECIMAL", RETORT_TYPE_NUMERIC, false},
	{"VARCHAR", RETORT_TYPE_STRING, false},
	{"CHARACTER VARYING", RETORT_TYPE_STRING, false},
	{"VARYING CHARACTER", RETORT_TYPE_STRING, false},
	{"NVARCHAR", RETORT_TYPE_STRING, false},
	{"CHAR", RETORT_TYPE_CHAR, false},
	{"CHARACTER", RETORT_TYPE_CHAR, false},
	{"NCHAR", RETORT_TYPE_CHAR, false},
	{"NATIVE CHARACTER", RETORT_TYPE_CHAR, false},
	{"TEXT", RETORT_TYPE_TEXT, false},
	{"CLOB", RETORT_TYPE_TEXT, false},
	{"DATE", RETORT_TYPE_DATE, false},
	{"TIME", RETORT_TYPE_TIME, false},
	{"DATETIME", RETORT_TYPE_DATETIME, false},
	{"TIMESTAMP", RETORT_TYPE_TIMESTAMP, false},
	{"TIMESTAMP WITH TIME ZONE", RETORT_TYPE_TIMESTAMP, false},
	{"BINARY", RETORT_TYPE_BINARY, false},
	{"BINARY BLOB", RETORT_TYPE_BINARY, false},
	{"VARBINARY", RETORT_TYPE_VARBINARY, false},
	{"VARBINARY BLOB", RETORT_TYPE_VARBINARY, false},
	{"BLOB", RETORT_TYPE_BLOB, false},
	{"JSON", RETORT_TYPE_JSON, false},
	{"JSONB", RETORT_TYPE_JSON, false},
	{"UUID", RETORT_TYPE_UUID, false},
	{"ANY", RETORT_TYPE_TEXT, false},
};

void native_name(struct retort_buf *out, const char *name)
{
	retort_buf_char(out, '"');
	for (; *name; name++) {
		if (*name == '"')
			retort_buf_char(out, '"');
		retort_buf_char(out, *name);
	}
	retort_buf_char(out, '"');
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool native_same(const char *left, const char *right)
{
	if (!left || !right)
		return false;
	while (*left && lower(*left) == lower(*right)) {
		left++;
		right++;
	}
	return lower(*left) == lower(*right);
}

/* Whether a run of digits (no leading zeros) is within a signed 64-bit integer. */
static bool fits_integer(const char *digits, size_t n, bool minus)
{
	const char *limit = minus ? "9223372036854775808" : "9223372036854775807";

	return n < strlen(limit) || (n == strlen(limit) && memcmp(digits, limit, n) <= 0);
}

int native_check_numeric(const char *text, struct retort_error *err)
{
	bool minus = *text == '-';
	const char *digits = text + (*text == '-' || *text == '+'), *point;
	size_t whole, first, last = 0, count = 0;

	digits += strspn(digits, "0");
	whole = strspn(digits, "0123456789");
	point = digits[whole] == '.' ? digits + whole + 1 : digits + whole;
	if (point[strspn(point, "0")] == 0 && fits_integer(digits, whole, minus))
		return 0;
	/* From the first to the last digit that isn't 0. */
	first = strcspn(digits, "123456789");
	for (size_t i = first; digits[i] && strchr("0123456789.", digits[i]); i++) {
		count += digits[i] != '.';
		if (digits[i] != '0' && digits[i] != '.')
			last = count;
	}
	if (last <= EXACT_DIGITS)
		return 0;
	return retort_fail(err, RETORT_E_PLAN,
		"'%.60s' has %zu digits, of which sqlite keeps %d: keep it as string", text, last,
		EXACT_DIGITS);
}

bool native_is_auto(const struct retort_column *column)
{
	return column->autoincrement != RETORT_AUTO_NONE;
}

bool native_option(const struct retort_table *table, const char *key)
{
	const char *value = retort_table_option(table, "sqlite", key);

	return value && strcmp(value, "true") == 0;
}

const char *native_special(const struct retort_table *table, const struct retort_column *column)
{
	const struct retort_type *type = column->type;
	const struct retort_constraint *key;

	if (!type || type->kind == RETORT_TYPE_NATIVE || type->native)
		return NULL;
	if (native_is_auto(column))
		return "INTEGER";
	if (native_option(table, "strict"))
		return strict_names[type->kind];
	if (type->kind != RETORT_TYPE_INTEGER || type->is_unsigned || native_option(table, "without_rowid"))
		return NULL;
	key = retort_table_primary_key(table);
	return key && key->column_count == 1 && native_same(key->columns[0], column->name) ? "INT" : NULL;
}

int native_column_type(struct retort_render *render, struct retort_buf *out, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	const char *special = native_special(table, column);

	if (!special)
		return retort_sql_type(render, out, column->type, err);
	retort_buf_str(out, special);
	return 0;
}

/* The name without numbers, blanks made single; the numbers where there are one or two. */
static char *split_declared(struct retort_arena *arena, const char *declared, int *first, int *second)
{
	const char *open = strchr(declared, '('), *end = open ? open : declared + strlen(declared);
	char *name = retort_alloc(arena, (size_t)(end - declared) + 1), *to = name;

	for (const char *at = declared; at < end; at++) {
		bool blank = *at == ' ' || (*at >= '\t' && *at <= '\r');

		if (!blank)
			*to++ = *at;
		else if (to > name && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > name && to[-1] == ' ')
		to[-1] = 0;
	*first = *second = RETORT_UNSET;
	if (open) {
		char *rest;
		long value = strtol(open + 1, &rest, 10);

		if (rest > open + 1 && value >= 0 && value <= 1000000000)
			*first = (int)value;
		rest += strspn(rest, " \t\r\n");
		if (*first != RETORT_UNSET && *rest == ',') {
			value = strtol(rest + 1, &rest, 10);
			if (value >= 0 && value <= 1000)
				*second = (int)value;
		}
	}
	return name;
}

/* The kind for a name that means nothing here, by the affinity that SQLite finds in it. */
static enum retort_type_kind kind_by_affinity(const char *name)
{
	static const struct {
		const char *part;
		enum retort_type_kind kind;
	} parts[] = {
		{"int", RETORT_TYPE_BIGINT},
		{"char", RETORT_TYPE_TEXT},
		{"clob", RETORT_TYPE_TEXT},
		{"text", RETORT_TYPE_TEXT},
		{"blob", RETORT_TYPE_BLOB},
		{"real", RETORT_TYPE_DOUBLE},
		{"floa", RETORT_TYPE_DOUBLE},
		{"doub", RETORT_TYPE_DOUBLE},
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (const char *at = name; *at; at++) {
			size_t n = 0;

			while (parts[i].part[n] && lower(at[n]) == parts[i].part[n])
				n++;
			if (!parts[i].part[n])
				return parts[i].kind;
		}
	return RETORT_TYPE_NUMERIC;
}

/* Puts the numbers of a declared type where its kind has room for them. */
static void set_numbers(struct retort_type *type, int first, int second)
{
	switch (type->kind) {
	case RETORT_TYPE_NUMERIC:
		type->precision = first;
		type->scale = second;
		break;
	case RETORT_TYPE_TIME:
	case RETORT_TYPE_DATETIME:
	case RETORT_TYPE_TIMESTAMP:
		type->precision = first;
		break;
	case RETORT_TYPE_CHAR:
		if (first == UUID_LENGTH) {
			type->kind = RETORT_TYPE_UUID;
			break;
		}
		type->length = first;
		break;
	case RETORT_TYPE_STRING:
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
		type->length = first;
		break;
	default:
		break;
	}
}

struct retort_type *native_parse(struct retort_arena *arena, const char *declared, bool strict)
{
	int first, second;
	const char *name = split_declared(arena, declared, &first, &second);
	struct retort_type *type = NULL;

	for (size_t i = 0; i < sizeof declared_names / sizeof *declared_names; i++)
		if (native_same(declared_names[i].name, name)) {
			type = retort_type_new(arena, declared_names[i].kind);
			type->is_unsigned = declared_names[i].is_unsigned;
			break;
		}
	if (!type)
		type = retort_type_new(arena, kind_by_affinity(name));
	if (strict && type->kind == RETORT_TYPE_INTEGER)
		type->kind = RETORT_TYPE_BIGINT;
	set_numbers(type, first, second);
	return type;
}
