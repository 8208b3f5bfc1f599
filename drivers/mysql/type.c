/* SPDX-License-Identifier: MIT
 *
 * Neutral types as native ones, and back.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

enum { LONGEST_CHAR = 255, UUID_LENGTH = 36, MARIADB_UUID = 100700 };

/* Where no number is given the widest type that loses nothing. */
const struct retort_type_row type_rows[] = {
	{RETORT_TYPE_BOOLEAN, "TINYINT(1)", NULL},
	{RETORT_TYPE_SMALLINT, "SMALLINT", NULL},
	{RETORT_TYPE_INTEGER, "INT", NULL},
	{RETORT_TYPE_BIGINT, "BIGINT", NULL},
	{RETORT_TYPE_FLOAT, "FLOAT", NULL},
	{RETORT_TYPE_DOUBLE, "DOUBLE", NULL},
	{RETORT_TYPE_NUMERIC, "DECIMAL(%p,%s)", "DECIMAL(65,30)"},
	{RETORT_TYPE_STRING, "VARCHAR(%l)", "LONGTEXT"},
	{RETORT_TYPE_CHAR, "CHAR(%l)", "CHAR(1)"},
	{RETORT_TYPE_TEXT, "LONGTEXT", NULL},
	{RETORT_TYPE_DATE, "DATE", NULL},
	{RETORT_TYPE_TIME, "TIME(%p)", "TIME(6)"},
	{RETORT_TYPE_DATETIME, "DATETIME(%p)", "DATETIME(6)"},
	{RETORT_TYPE_TIMESTAMP, "DATETIME(%p)", "DATETIME(6)"},
	{RETORT_TYPE_BINARY, "BINARY(%l)", "BINARY(1)"},
	{RETORT_TYPE_VARBINARY, "VARBINARY(%l)", "LONGBLOB"},
	{RETORT_TYPE_BLOB, "LONGBLOB", NULL},
	{RETORT_TYPE_JSON, "JSON", NULL},
	{RETORT_TYPE_UUID, "CHAR(36)", NULL},
	{0, NULL, NULL},
};

static int render_enum(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err)
{
	size_t count;
	const char *const *values = retort_sql_enum_values(render, type, &count);

	if (count == 0)
		return retort_fail(err, RETORT_E_PLAN, "the values of the enum '%s' are not known",
			type->name ? type->name : "of this column");
	for (size_t i = 0; i < count; i++) {
		retort_buf_str(out, i == 0 ? "ENUM(" : ",");
		retort_sql_string(render, out, values[i]);
	}
	retort_buf_char(out, ')');
	return RETORT_OK;
}

int type_render(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err)
{
	static const char *const unsigned_names[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_SMALLINT] = "SMALLINT UNSIGNED",
		[RETORT_TYPE_INTEGER] = "INT UNSIGNED",
		[RETORT_TYPE_BIGINT] = "BIGINT UNSIGNED",
	};
	bool time = type->kind == RETORT_TYPE_TIME || type->kind == RETORT_TYPE_DATETIME ||
		type->kind == RETORT_TYPE_TIMESTAMP;

	if (type->native)
		retort_buf_str(out, type->native);
	else if (type->is_unsigned && unsigned_names[type->kind])
		retort_buf_str(out, unsigned_names[type->kind]);
	else if (type->kind == RETORT_TYPE_ENUM)
		return render_enum(render, type, out, err);
	else if (type->kind == RETORT_TYPE_UUID && dialect_since(render, 0, MARIADB_UUID))
		retort_buf_str(out, "UUID");
	else if (time && type->precision == 0)
		retort_buf_str(out, type->kind == RETORT_TYPE_TIME ? "TIME" : "DATETIME");
	else
		return RETORT_PASS;
	return RETORT_OK;
}

bool type_is_long(const struct retort_type *type)
{
	static const char *const words[] = {"tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob",
		"mediumblob", "longblob", "json", "geometry"};

	if (type->native) {
		size_t n = strcspn(type->native, " (");

		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strlen(words[i]) == n && dialect_starts(type->native, words[i]))
				return true;
		return false;
	}
	if ((type->kind == RETORT_TYPE_STRING || type->kind == RETORT_TYPE_VARBINARY) &&
		type->length == RETORT_UNSET)
		return true;
	return type->kind == RETORT_TYPE_TEXT || type->kind == RETORT_TYPE_BLOB ||
		type->kind == RETORT_TYPE_JSON;
}

bool type_takes_prefix(const struct retort_type *type, unsigned length)
{
	static const char *const words[] = {"char", "varchar", "binary", "varbinary", "enum", "set"};
	bool text = type->kind == RETORT_TYPE_STRING || type->kind == RETORT_TYPE_CHAR ||
		type->kind == RETORT_TYPE_BINARY || type->kind == RETORT_TYPE_VARBINARY;

	if (type_is_long(type))
		return true;
	for (size_t i = 0; type->native && i < sizeof words / sizeof *words; i++)
		if (dialect_starts(type->native, words[i]) && type->native[strlen(words[i])] == '(')
			return i < 4 &&
				(unsigned long)length <
				strtoul(type->native + strlen(words[i]) + 1, NULL, 10);
	if (type->kind == RETORT_TYPE_UUID)
		return false;
	return text && !type->native && type->length != RETORT_UNSET && length < (unsigned)type->length;
}

/* ---- native text ---- */

/* Other names for types, as the server reports them. */
static const struct {
	const char *word, *name;
} synonyms[] = {
	{"integer", "int"},
	{"int4", "int"},
	{"int8", "bigint"},
	{"int2", "smallint"},
	{"int1", "tinyint"},
	{"int3", "mediumint"},
	{"middleint", "mediumint"},
	{"bool", "tinyint(1)"},
	{"boolean", "tinyint(1)"},
	{"dec", "decimal"},
	{"fixed", "decimal"},
	{"numeric", "decimal"},
	{"real", "double"},
	{"double precision", "double"},
	{"character", "char"},
	{"character varying", "varchar"},
	{"char varying", "varchar"},
	{"long", "mediumtext"},
	{"long varchar", "mediumtext"},
};

/* What a type is without its numbers. */
static const struct {
	const char *plain, *full;
} defaults[] = {
	{"decimal", "decimal(10,0)"},
	{"char", "char(1)"},
	{"binary", "binary(1)"},
	{"bit", "bit(1)"},
	{"datetime(0)", "datetime"},
	{"time(0)", "time"},
	{"timestamp(0)", "timestamp"},
	{"year(4)", "year"},
};

static bool is_integer_word(const char *word)
{
	return strcmp(word, "tinyint") == 0 || strcmp(word, "smallint") == 0 ||
		strcmp(word, "mediumint") == 0 || strcmp(word, "int") == 0 || strcmp(word, "bigint") == 0;
}

/* Appends the parenthesis that stands at at, without blanks outside of strings; returns its end. */
static const char *append_numbers(struct retort_buf *out, const char *at)
{
	struct retort_token token;
	size_t depth = 0;

	do {
		token = retort_sql_word(MYSQL_SYNTAX, &at);
		retort_buf_mem(out, token.text, token.len);
		depth += token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '(';
		depth -= token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == ')' && depth > 0;
	} while (depth > 0 && token.kind != RETORT_TOKEN_END);
	return at;
}

/* The leading words of a type, in lower case; *rest is what follows. */
static char *type_words(struct retort_arena *arena, const char *native, const char **rest)
{
	static const char *const second[] = {"precision", "varying", "varchar"};
	const char *at = native, *after;
	struct retort_token token = retort_sql_word(MYSQL_SYNTAX, &at);
	char *words = retort_strndup(arena, token.text, token.len);

	*rest = at;
	after = at;
	token = retort_sql_word(MYSQL_SYNTAX, &after);
	for (size_t i = 0; i < sizeof second / sizeof *second; i++)
		if (retort_token_is(&token, second[i])) {
			words = retort_printf(arena, "%s %s", words, second[i]);
			*rest = after;
		}
	for (char *c = words; *c; c++)
		*c = dialect_lower(*c);
	return words;
}

/* Appends what follows the numbers, in lower case, each word after a blank; whether one is zerofill. */
static bool append_tail(struct retort_buf *out, const char *at)
{
	struct retort_token token;
	bool zerofill = false, open = false;

	while ((token = retort_sql_word(MYSQL_SYNTAX, &at)).kind != RETORT_TOKEN_END) {
		size_t start;

		zerofill = zerofill || retort_token_is(&token, "zerofill");
		if (retort_token_is(&token, "signed"))
			continue;
		if (*token.text != '(' && *token.text != ')' && !open)
			retort_buf_char(out, ' ');
		start = out->len;
		retort_buf_mem(out, token.text, token.len);
		for (size_t i = start; token.kind == RETORT_TOKEN_WORD && i < out->len; i++)
			out->data[i] = dialect_lower(out->data[i]);
		open = out->data[out->len - 1] == '(';
	}
	return zerofill;
}

const char *type_normal(struct retort_arena *arena, const char *native)
{
	const char *rest, *words = type_words(arena, native, &rest), *numbers;
	struct retort_buf out, tail = {0};
	bool zerofill = false;

	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (*words == *synonyms[i].word && strcmp(words, synonyms[i].word) == 0) {
			words = synonyms[i].name;
			break;
		}
	retort_buf_init(&out, arena);
	retort_buf_str(&out, words);
	rest += strspn(rest, " \t\r\n");
	if (*rest == '(')
		rest = append_numbers(&out, rest);
	if (*rest) {
		retort_buf_init(&tail, arena);
		zerofill = append_tail(&tail, rest);
	}
	numbers = out.data + strlen(words);
	if (is_integer_word(words) && !zerofill &&
		!(strcmp(words, "tinyint") == 0 && strcmp(numbers, "(1)") == 0))
		out.data[out.len = strlen(words)] = 0;
	if (strcmp(words, "decimal") == 0 && *numbers && !strchr(numbers, ',')) {
		out.data[--out.len] = 0;
		retort_buf_str(&out, ",0)");
	}
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (*out.data == *defaults[i].plain && strcmp(out.data, defaults[i].plain) == 0) {
			retort_buf_clear(&out);
			retort_buf_str(&out, defaults[i].full);
			break;
		}
	if (tail.len)
		retort_buf_mem(&out, tail.data, tail.len);
	return out.data;
}

int type_native(struct retort_render *render, const struct retort_type *type, const char **ret,
	struct retort_error *err)
{
	struct retort_buf out;

	retort_buf_init(&out, render->arena);
	if (retort_sql_type(render, &out, type, err))
		return -1;
	*ret = type_normal(render->arena, out.data);
	return 0;
}

/* ---- native to neutral ---- */

static const struct {
	const char *word;
	enum retort_type_kind kind;
} kinds[] = {
	{"tinyint", RETORT_TYPE_SMALLINT},
	{"smallint", RETORT_TYPE_SMALLINT},
	{"mediumint", RETORT_TYPE_INTEGER},
	{"int", RETORT_TYPE_INTEGER},
	{"bigint", RETORT_TYPE_BIGINT},
	{"float", RETORT_TYPE_FLOAT},
	{"double", RETORT_TYPE_DOUBLE},
	{"decimal", RETORT_TYPE_NUMERIC},
	{"varchar", RETORT_TYPE_STRING},
	{"char", RETORT_TYPE_CHAR},
	{"longtext", RETORT_TYPE_TEXT},
	{"mediumtext", RETORT_TYPE_TEXT},
	{"text", RETORT_TYPE_TEXT},
	{"tinytext", RETORT_TYPE_TEXT},
	{"date", RETORT_TYPE_DATE},
	{"time", RETORT_TYPE_TIME},
	{"datetime", RETORT_TYPE_DATETIME},
	{"timestamp", RETORT_TYPE_TIMESTAMP},
	{"binary", RETORT_TYPE_BINARY},
	{"varbinary", RETORT_TYPE_VARBINARY},
	{"longblob", RETORT_TYPE_BLOB},
	{"mediumblob", RETORT_TYPE_BLOB},
	{"blob", RETORT_TYPE_BLOB},
	{"tinyblob", RETORT_TYPE_BLOB},
	{"json", RETORT_TYPE_JSON},
	{"uuid", RETORT_TYPE_UUID},
	{"enum", RETORT_TYPE_ENUM},
	{"year", RETORT_TYPE_SMALLINT},
	{"bit", RETORT_TYPE_VARBINARY},
	{"set", RETORT_TYPE_TEXT},
};

/* The values of enum('a','b'), which stand after its parenthesis. */
static void read_values(struct retort_arena *arena, struct retort_type *type, const char *at)
{
	struct retort_token token;
	const char **values = NULL;

	while ((token = retort_sql_word(MYSQL_SYNTAX, &at)).kind == RETORT_TOKEN_STRING) {
		char *value = retort_alloc(arena, token.len), *to = value;

		for (const char *from = token.text + 1; from < token.text + token.len - 1; from++) {
			if (*from == '\'' || *from == '\\')
				from++;
			*to++ = *from;
		}
		RETORT_PUSH(arena, values, type->value_count, value);
		token = retort_sql_word(MYSQL_SYNTAX, &at);
		if (token.kind == RETORT_TOKEN_END || *token.text != ',')
			break;
	}
	type->values = values;
}

static void read_numbers(struct retort_type *type, const char *numbers)
{
	char *end;
	int first = (int)strtol(numbers, &end, 10),
	    second = *end == ',' ? (int)strtol(end + 1, &end, 10) : RETORT_UNSET;

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
	case RETORT_TYPE_STRING:
	case RETORT_TYPE_CHAR:
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
		type->length = first;
		break;
	default:
		break;
	}
}

/* Exceptions to what the words say. */
static void refine(struct retort_type *type, const char *normal)
{
	if (strcmp(normal, "tinyint(1)") == 0) {
		type->kind = RETORT_TYPE_BOOLEAN;
	} else if (strcmp(normal, "decimal(65,30)") == 0) {
		type->precision = type->scale = RETORT_UNSET;
	} else if (type->kind == RETORT_TYPE_CHAR && type->length == UUID_LENGTH) {
		type->kind = RETORT_TYPE_UUID;
		type->length = RETORT_UNSET;
	} else if (type->kind == RETORT_TYPE_TIME || type->kind == RETORT_TYPE_DATETIME ||
		type->kind == RETORT_TYPE_TIMESTAMP) {
		if (type->precision == RETORT_UNSET)
			type->precision = 0;
		else if (type->precision == 6)
			type->precision = RETORT_UNSET;
	}
}

struct retort_type *type_read(struct retort_render *render, const char *native)
{
	struct retort_arena *arena = render->arena;
	const char *normal = type_normal(arena, native), *given, *open;
	size_t word = strcspn(normal, " (");
	struct retort_type *type = retort_type_new(arena, RETORT_TYPE_TEXT);
	struct retort_error *own;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i].word) == word && strncmp(kinds[i].word, normal, word) == 0)
			type->kind = kinds[i].kind;
	open = normal[word] == '(' ? normal + word + 1 : NULL;
	type->is_unsigned = strstr(normal, " unsigned") &&
		(type->kind == RETORT_TYPE_SMALLINT || type->kind == RETORT_TYPE_INTEGER ||
			type->kind == RETORT_TYPE_BIGINT);
	if (open && type->kind == RETORT_TYPE_ENUM)
		read_values(arena, type, open);
	else if (open)
		read_numbers(type, open);
	refine(type, normal);
	own = retort_error_new();
	if (type_native(render, type, &given, own) || strcmp(given, normal) != 0) {
		if (type->kind == RETORT_TYPE_UUID && dialect_starts(normal, "char(")) {
			type->kind = RETORT_TYPE_CHAR; /* where uuid is a type of its own */
			type->length = UUID_LENGTH;
		} else {
			type->native = normal;
		}
	}
	retort_error_free(own);
	return type;
}
