/* SPDX-License-Identifier: MIT
 *
 * What texts are values of a type, and their neutral form. Rendering them is in value.c.
 */
#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "sql/literal.h"
#include "sql/moment.h"

enum { ECHO_MAX = 40, DOMAIN_DEPTH_MAX = 8 };

typedef int append_fn(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err);

/* "'abc' is no integer"; what ends in a hint where one is known. */
static int no_value(struct retort_buf *out, const char *text, const struct retort_type *type,
	const char *hint, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_PLAN, "'%s' is no value of type %s%s%s",
		text_echo(out->arena, text, ECHO_MAX), retort_type_text(out->arena, type), hint ? ": " : "",
		hint ? hint : "");
}

/* What was probably meant by the text of a call where a literal is expected. */
static const char *call_hint(struct retort_buf *out, enum retort_type_kind kind, const char *text)
{
	static const struct {
		const char *word, *function;
	} calls[] = {
		{"now", "now"},
		{"now()", "now"},
		{"current_timestamp", "now"},
		{"current_timestamp()", "now"},
		{"localtimestamp", "now"},
		{"sysdate", "now"},
		{"sysdate()", "now"},
		{"getdate()", "now"},
		{"utc_timestamp()", "now"},
		{"current_time", "now"},
		{"curtime()", "now"},
		{"today", "today"},
		{"today()", "today"},
		{"current_date", "today"},
		{"current_date()", "today"},
		{"curdate()", "today"},
		{"uuid", "uuid"},
		{"uuid()", "uuid"},
		{"gen_random_uuid()", "uuid"},
		{"uuid_generate_v4()", "uuid"},
		{"newid()", "uuid"},
	};
	size_t length = strlen(text);

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (text_casecmp(text, calls[i].word) == 0) {
			const char *function = calls[i].function;

			if (kind == RETORT_TYPE_DATE && strcmp(function, "now") == 0)
				function = "today";
			return retort_printf(out->arena, "did you mean {function: %s}", function);
		}
	if (length > 0 && text[length - 1] == ')')
		return "SQL is written as {expression: ...}";
	return NULL;
}

/* Appends digits without sign and leading zeros; at least one. */
static size_t append_digits(struct retort_buf *out, const char *digits, size_t n)
{
	while (n > 1 && *digits == '0') {
		digits++;
		n--;
	}
	retort_buf_mem(out, digits, n);
	return n;
}

struct range {
	const char *minimum, *maximum, *unsigned_maximum;
};

static const struct range *range_of(enum retort_type_kind kind)
{
	static const struct range ranges[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_SMALLINT] = {"32768", "32767", "65535"},
		[RETORT_TYPE_INTEGER] = {"2147483648", "2147483647", "4294967295"},
		[RETORT_TYPE_BIGINT] = {"9223372036854775808", "9223372036854775807", "18446744073709551615"},
	};

	return &ranges[kind];
}

/* Compares two numbers given as digits without leading zeros. */
static bool digits_exceed(const char *digits, size_t n, const char *limit)
{
	size_t limit_length = strlen(limit);

	return n != limit_length ? n > limit_length : memcmp(digits, limit, n) > 0;
}

static int append_integer(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	const struct range *range = range_of(type->kind);
	bool negative = *text == '-';
	const char *digits = text + (*text == '-' || *text == '+');
	size_t n = strspn(digits, "0123456789"), start = out->len;
	const char *limit = type->is_unsigned ? range->unsigned_maximum : range->maximum;

	if (n == 0 || digits[n] != 0)
		return no_value(out, text, type, call_hint(out, type->kind, text), err);
	if (negative && strspn(digits, "0") != n) {
		retort_buf_char(out, '-');
		limit = type->is_unsigned ? "0" : range->minimum;
	}
	size_t sign = out->len - start;
	size_t length = append_digits(out, digits, n);

	if (!digits_exceed(out->data + start + sign, length, limit))
		return 0;
	out->data[out->len = start] = 0;
	return retort_fail(err, RETORT_E_PLAN, "'%s' is out of range for %s (%s%s to %s)",
		text_echo(out->arena, text, ECHO_MAX), retort_type_text(out->arena, type),
		type->is_unsigned ? "" : "-", type->is_unsigned ? "0" : range->minimum,
		type->is_unsigned ? range->unsigned_maximum : range->maximum);
}

static int append_boolean(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	if (strcmp(text, "1") == 0 || text_casecmp(text, "true") == 0)
		retort_buf_str(out, "true");
	else if (strcmp(text, "0") == 0 || text_casecmp(text, "false") == 0)
		retort_buf_str(out, "false");
	else
		return no_value(out, text, type, "write true or false", err);
	return 0;
}

/* A decimal taken apart; texts are not terminated. */
struct decimal {
	bool negative;
	const char *whole, *fraction, *exponent;
	size_t whole_count, fraction_count, exponent_count; /* exponent with its sign */
};

static bool decimal_read(const char *text, struct decimal *ret)
{
	*ret = (struct decimal){.negative = *text == '-'};
	text += *text == '-' || *text == '+';
	ret->whole = text;
	ret->whole_count = strspn(text, "0123456789");
	text += ret->whole_count;
	if (*text == '.') {
		ret->fraction = ++text;
		ret->fraction_count = strspn(text, "0123456789");
		text += ret->fraction_count;
	}
	if (ret->whole_count + ret->fraction_count == 0)
		return false;
	if (*text == 'e' || *text == 'E') {
		size_t sign = text[1] == '-' || text[1] == '+';

		ret->exponent = text + 1;
		ret->exponent_count = sign + strspn(text + 1 + sign, "0123456789");
		if (ret->exponent_count == sign)
			return false;
		text += 1 + ret->exponent_count;
	}
	return *text == 0;
}

static void append_decimal(struct retort_buf *out, const struct decimal *decimal)
{
	if (decimal->negative)
		retort_buf_char(out, '-');
	if (decimal->whole_count == 0)
		retort_buf_char(out, '0');
	else
		append_digits(out, decimal->whole, decimal->whole_count);
	if (decimal->fraction_count > 0) {
		retort_buf_char(out, '.');
		retort_buf_mem(out, decimal->fraction, decimal->fraction_count);
	}
	if (decimal->exponent_count > 0) {
		retort_buf_char(out, 'e');
		retort_buf_mem(out, decimal->exponent, decimal->exponent_count);
	}
}

static int append_float(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	struct decimal decimal;

	if (!decimal_read(text, &decimal))
		return no_value(out, text, type, call_hint(out, type->kind, text), err);
	append_decimal(out, &decimal);
	return 0;
}

static int append_numeric(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	struct decimal decimal;
	int scale = type->scale == RETORT_UNSET ? 0 : type->scale;
	size_t zeros, places;

	if (!decimal_read(text, &decimal))
		return no_value(out, text, type, call_hint(out, type->kind, text), err);
	if (decimal.exponent)
		return no_value(out, text, type, "write it without an exponent", err);
	for (places = decimal.fraction_count; places > 0 && decimal.fraction[places - 1] == '0'; places--)
		;
	for (zeros = 0; zeros < decimal.whole_count && decimal.whole[zeros] == '0'; zeros++)
		;
	if (type->precision != RETORT_UNSET &&
		(places > (size_t)scale ||
			decimal.whole_count - zeros >
				(size_t)(type->precision > scale ? type->precision - scale : 0)))
		return retort_fail(err, RETORT_E_PLAN, "'%s' does not fit into %s",
			text_echo(out->arena, text, ECHO_MAX), retort_type_text(out->arena, type));
	if (type->precision != RETORT_UNSET && decimal.fraction_count > (size_t)scale)
		decimal.fraction_count = (size_t)scale;
	append_decimal(out, &decimal);
	return 0;
}

static int append_string(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	size_t n = strlen(text);

	/* A character has at most as many bytes as code points, so most texts need no count. */
	if (type->length != RETORT_UNSET && n > (size_t)type->length) {
		size_t count = text_utf8_count(text, n);

		if (count > (size_t)type->length)
			return retort_fail(err, RETORT_E_PLAN, "'%s' has %zu characters, %s holds %d",
				text_echo(out->arena, text, ECHO_MAX), count,
				retort_type_text(out->arena, type), type->length);
	}
	retort_buf_mem(out, text, n);
	return 0;
}

static int append_verbatim(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	(void)type;
	(void)err;
	retort_buf_str(out, text);
	return 0;
}

static int append_bytes(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	size_t digits;

	if (strncmp(text, "0x", 2) != 0)
		return no_value(out, text, type, "bytes are written as 0x and hex digits", err);
	digits = strspn(text + 2, "0123456789abcdefABCDEF");
	if (text[2 + digits] != 0 || digits % 2 != 0)
		return no_value(out, text, type, "0x must be followed by pairs of hex digits", err);
	if (type->length != RETORT_UNSET && digits / 2 > (size_t)type->length)
		return retort_fail(err, RETORT_E_PLAN, "'%s' has %zu bytes, %s holds %d",
			text_echo(out->arena, text, ECHO_MAX), digits / 2, retort_type_text(out->arena, type),
			type->length);
	retort_buf_mem(out, text, 2 + digits);
	return 0;
}

static int append_uuid(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	char lower[sizeof form];

	for (size_t i = 0; i < sizeof form; i++) {
		bool fits = form[i] == 'x' ? isxdigit((unsigned char)text[i]) != 0 : text[i] == form[i];

		if (!fits) {
			const char *hint = call_hint(out, type->kind, text);

			return no_value(out, text, type, hint ? hint : "its form is 8-4-4-4-12 hex digits",
				err);
		}
		lower[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + ('a' - 'A') : text[i]);
	}
	retort_buf_str(out, lower);
	return 0;
}

static int append_json(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	json_error_t fault;
	json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &fault);

	if (!json)
		return no_value(out, text, type, text_echo(out->arena, fault.text, 2 * ECHO_MAX), err);
	json_decref(json);
	retort_buf_str(out, text);
	return 0;
}

/* A date, time or moment, by its own small reader. */
static int append_moment(struct retort_buf *out, const struct retort_type *type, const char *text,
	struct retort_error *err)
{
	struct moment moment;
	unsigned parts = type->kind == RETORT_TYPE_DATE ? MOMENT_DATE
		: type->kind == RETORT_TYPE_TIME        ? MOMENT_TIME
							: MOMENT_DATE | MOMENT_TIME;
	const char *fault;
	char canonical[MOMENT_TEXT_MAX];

	if (type->kind == RETORT_TYPE_TIMESTAMP)
		parts |= MOMENT_ZONE;
	fault = moment_read(text, parts, type->precision == RETORT_UNSET ? 6 : type->precision, &moment);
	if (fault) {
		const char *hint = call_hint(out, type->kind, text);

		return no_value(out, text, type, hint ? hint : fault, err);
	}
	moment_write(&moment, parts, canonical);
	retort_buf_str(out, canonical);
	return 0;
}

static int append_enum(struct retort_buf *out, const struct retort_schema *schema,
	const struct retort_type *type, const char *text, struct retort_error *err)
{
	const char *const *values = type->values;
	size_t count = type->value_count;
	const struct retort_enum *named = NULL;
	const char *near;
	bool fits;

	if (count == 0 && type->name && schema)
		named = retort_schema_enum(schema, type->schema, type->name);
	if (named) {
		values = named->values;
		count = named->value_count;
	}
	fits = count == 0; /* an enum nobody declared: the engine will tell */
	for (size_t i = 0; i < count && !fits; i++)
		fits = strcmp(values[i], text) == 0;
	if (fits) {
		retort_buf_str(out, text);
		return 0;
	}
	near = text_nearest(text, values, count, sizeof *values);
	return retort_fail(err, RETORT_E_PLAN, "'%s' is no value of %s (%s)%s%s%s",
		text_echo(out->arena, text, ECHO_MAX), retort_type_text(out->arena, type),
		text_list(out->arena, values, count, 0), near ? ": did you mean '" : "",
		near ? text_echo(out->arena, near, ECHO_MAX) : "", near ? "'" : "");
}

const struct retort_type *literal_base_type(const struct retort_schema *schema,
	const struct retort_type *type)
{
	for (int depth = 0; schema && type->kind == RETORT_TYPE_DOMAIN && depth < DOMAIN_DEPTH_MAX; depth++) {
		const struct retort_domain *found = NULL;

		for (size_t i = 0; i < schema->domain_count && !found; i++) {
			const struct retort_domain *domain = schema->domains[i];

			if (strcmp(domain->name, type->name) == 0 &&
				strcmp(domain->schema ? domain->schema : "",
					type->schema ? type->schema : "") == 0)
				found = domain;
		}
		if (!found)
			break;
		type = found->type;
	}
	return type;
}

/* The types that the values of the functions are of. */
static const struct {
	const char *function, *needs;
	int shortest;                   /* string or char that holds one; 0: any */
	enum retort_type_kind kinds[5]; /* besides strings and what only the engine knows */
} functions[] = {
	{"now", "timestamp, datetime, date, time, string or text", 0,
		{RETORT_TYPE_TIMESTAMP, RETORT_TYPE_DATETIME, RETORT_TYPE_DATE, RETORT_TYPE_TIME}},
	{"today", "date, string(10) or text", 10, {RETORT_TYPE_DATE}},
	{"uuid", "uuid, char(36), string(36) or text", 36, {RETORT_TYPE_UUID}},
};

static bool takes_string(const struct retort_type *type, int shortest)
{
	if (type->kind == RETORT_TYPE_CHAR && type->length == RETORT_UNSET)
		return shortest <= 1;
	if (type->kind == RETORT_TYPE_STRING || type->kind == RETORT_TYPE_CHAR)
		return type->length == RETORT_UNSET || type->length >= shortest;
	return type->kind == RETORT_TYPE_TEXT || type->kind == RETORT_TYPE_NATIVE ||
		type->kind == RETORT_TYPE_DOMAIN || type->kind == RETORT_TYPE_NONE;
}

int literal_check_function(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_type *type, const char *function, struct retort_error *err)
{
	size_t which = 0;

	type = literal_base_type(schema, type);
	while (which < sizeof functions / sizeof *functions && strcmp(functions[which].function, function))
		which++;
	if (which == sizeof functions / sizeof *functions || takes_string(type, functions[which].shortest))
		return 0;
	for (const enum retort_type_kind *kind = functions[which].kinds; *kind != RETORT_TYPE_NONE; kind++)
		if (*kind == type->kind)
			return 0;
	return retort_fail(err, RETORT_E_PLAN, "{function: %s} gives no value of type %s: it is for %s",
		function, retort_type_text(arena, type), functions[which].needs);
}

bool literal_is_number(enum retort_type_kind kind)
{
	return kind >= RETORT_TYPE_SMALLINT && kind <= RETORT_TYPE_NUMERIC;
}

int literal_append(struct retort_buf *out, const struct retort_schema *schema, const struct retort_type *type,
	const char *text, struct retort_error *err)
{
	static append_fn *const append[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_BOOLEAN] = append_boolean,
		[RETORT_TYPE_SMALLINT] = append_integer,
		[RETORT_TYPE_INTEGER] = append_integer,
		[RETORT_TYPE_BIGINT] = append_integer,
		[RETORT_TYPE_FLOAT] = append_float,
		[RETORT_TYPE_DOUBLE] = append_float,
		[RETORT_TYPE_NUMERIC] = append_numeric,
		[RETORT_TYPE_STRING] = append_string,
		[RETORT_TYPE_CHAR] = append_string,
		[RETORT_TYPE_DATE] = append_moment,
		[RETORT_TYPE_TIME] = append_moment,
		[RETORT_TYPE_DATETIME] = append_moment,
		[RETORT_TYPE_TIMESTAMP] = append_moment,
		[RETORT_TYPE_BINARY] = append_bytes,
		[RETORT_TYPE_VARBINARY] = append_bytes,
		[RETORT_TYPE_BLOB] = append_bytes,
		[RETORT_TYPE_JSON] = append_json,
		[RETORT_TYPE_UUID] = append_uuid,
	};

	type = literal_base_type(schema, type);
	if (type->kind == RETORT_TYPE_ENUM)
		return append_enum(out, schema, type, text, err);
	return (append[type->kind] ? append[type->kind] : append_verbatim)(out, type, text, err);
}
