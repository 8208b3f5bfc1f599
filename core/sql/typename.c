/* SPDX-License-Identifier: MIT
 *
 * Neutral types as the engine's own.
 */
#include <string.h>

#include "retort/sql.h"

enum { ARRAY_DEPTH_MAX = 16 };

static const struct retort_type_row *type_row(const struct retort_dialect *dialect,
	enum retort_type_kind kind)
{
	const struct retort_type_row *row = dialect->types;

	for (; row && row->kind; row++)
		if (row->kind == (int)kind)
			return row;
	return NULL;
}

/* The number that a letter of a row's text stands for; RETORT_UNSET where it was not given. */
static int type_number(const struct retort_type *type, char letter)
{
	return letter == 'l'    ? type->length
		: letter == 'p' ? type->precision
		: letter == 's' ? type->scale
				: RETORT_UNSET;
}

/* Whether all numbers that text names are given; a scale that was not is 0. */
static bool numbers_given(const struct retort_type *type, const char *text)
{
	for (text = strchr(text, '%'); text; text = strchr(text + 1, '%'))
		if (strchr("lp", text[1]) && type_number(type, text[1]) == RETORT_UNSET)
			return false;
	return true;
}

/* The signed type that holds every value of an unsigned one. */
static struct retort_type widened(const struct retort_type *type)
{
	struct retort_type wide = *type;

	wide.is_unsigned = false;
	if (type->kind == RETORT_TYPE_BIGINT) {
		wide.kind = RETORT_TYPE_NUMERIC;
		wide.precision = 20;
		wide.scale = 0;
	} else {
		wide.kind = type->kind == RETORT_TYPE_SMALLINT ? RETORT_TYPE_INTEGER : RETORT_TYPE_BIGINT;
	}
	return wide;
}

static int no_type(struct retort_render *render, const struct retort_type *type, struct retort_error *err)
{
	const char *name = render->dialect->name;

	return retort_fail(err, RETORT_E_PLAN,
		"%s has no type %s: give a type for it, as in {default: %s, %s: ...}", name,
		retort_type_text(render->arena, type), retort_type_text(render->arena, type), name);
}

/* A length, precision or scale, which printf would take longer for than for all else of a type. */
static void put_number(struct retort_buf *out, int value)
{
	char digits[3 * sizeof value], *at = digits + sizeof digits;
	unsigned rest = value == RETORT_UNSET ? 0 : value < 0 ? 0U - (unsigned)value : (unsigned)value;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0 && value != RETORT_UNSET)
		*--at = '-';
	retort_buf_mem(out, at, (size_t)(digits + sizeof digits - at));
}

/* One type that is no array. */
static int simple_type(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = render->dialect;
	int rc = dialect->type ? dialect->type(render, type, out, err) : RETORT_PASS;
	const struct retort_type_row *row;
	struct retort_type fitting = *type;
	const char *text;

	if (rc != RETORT_PASS)
		return rc;
	if ((type->kind == RETORT_TYPE_ENUM && type->name && retort_sql_has(render, RETORT_CAP_ENUMS)) ||
		(type->kind == RETORT_TYPE_DOMAIN && retort_sql_has(render, RETORT_CAP_DOMAINS))) {
		retort_sql_qualified(render, out, type->schema, type->name);
		return 0;
	}
	if (type->is_unsigned)
		fitting = widened(type);
	row = type_row(dialect, fitting.kind);
	if (!row)
		return no_type(render, type, err);
	text = row->sql_plain && !numbers_given(&fitting, row->sql) ? row->sql_plain : row->sql;
	for (; *text; text++) {
		if (*text == '%' && text[1] && strchr("lps", text[1]))
			put_number(out, type_number(&fitting, *++text));
		else
			retort_buf_char(out, *text);
	}
	return 0;
}

int retort_sql_type(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	struct retort_error *err)
{
	const struct retort_type_row *row = type_row(render->dialect, RETORT_TYPE_ARRAY);
	const struct retort_type *item = type;
	const char *cut;
	int depth = 0, rc;

	if (type->kind == RETORT_TYPE_NATIVE) {
		retort_buf_str(out, type->native);
		return 0;
	}
	if (type->kind == RETORT_TYPE_NONE)
		return retort_fail(err, RETORT_E_PLAN, "no type is given");
	if (type->kind == RETORT_TYPE_ARRAY && render->dialect->type) {
		rc = render->dialect->type(render, type, out, err);
		if (rc != RETORT_PASS)
			return rc;
	}
	for (; item->kind == RETORT_TYPE_ARRAY; item = item->items, depth++)
		if (!row || !strstr(row->sql, "%i") || depth >= ARRAY_DEPTH_MAX)
			return no_type(render, type, err);
	if (depth == 0)
		return simple_type(render, out, type, err);
	if (item->kind == RETORT_TYPE_ENUM && !item->name && retort_sql_has(render, RETORT_CAP_ENUMS))
		return retort_fail(err, RETORT_E_PLAN,
			"the enum of an array needs a name: make it with create_enum and write array(enum "
			"NAME)");
	cut = strstr(row->sql, "%i");
	for (int i = 0; i < depth; i++)
		retort_buf_mem(out, row->sql, (size_t)(cut - row->sql));
	if (item->kind == RETORT_TYPE_NATIVE)
		retort_buf_str(out, item->native);
	else if (simple_type(render, out, item, err))
		return -1;
	for (int i = 0; i < depth; i++)
		retort_buf_str(out, cut + 2);
	return 0;
}
