/* SPDX-License-Identifier: MIT */
/* Changes of a column's type: how its rows are converted, and what they may lose. */
#include <string.h>

#include "model/diffing.h"
#include "model/expression.h"
#include "retort/sql.h"

/* ---- kinds of types ---- */

enum group { GROUP_NONE, GROUP_BOOLEAN, GROUP_NUMBER, GROUP_TEXT, GROUP_BYTES, GROUP_TIME, GROUP_ENUM };

static enum group group_of(const struct retort_type *type)
{
	static const enum group groups[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_BOOLEAN] = GROUP_BOOLEAN,
		[RETORT_TYPE_SMALLINT] = GROUP_NUMBER,
		[RETORT_TYPE_INTEGER] = GROUP_NUMBER,
		[RETORT_TYPE_BIGINT] = GROUP_NUMBER,
		[RETORT_TYPE_FLOAT] = GROUP_NUMBER,
		[RETORT_TYPE_DOUBLE] = GROUP_NUMBER,
		[RETORT_TYPE_NUMERIC] = GROUP_NUMBER,
		[RETORT_TYPE_STRING] = GROUP_TEXT,
		[RETORT_TYPE_CHAR] = GROUP_TEXT,
		[RETORT_TYPE_TEXT] = GROUP_TEXT,
		[RETORT_TYPE_DATE] = GROUP_TIME,
		[RETORT_TYPE_DATETIME] = GROUP_TIME,
		[RETORT_TYPE_TIMESTAMP] = GROUP_TIME,
		[RETORT_TYPE_BINARY] = GROUP_BYTES,
		[RETORT_TYPE_VARBINARY] = GROUP_BYTES,
		[RETORT_TYPE_BLOB] = GROUP_BYTES,
		[RETORT_TYPE_ENUM] = GROUP_ENUM,
	};

	return type && !type->native ? groups[type->kind] : GROUP_NONE;
}

/* ---- conversion ---- */

/* A text that one dialect alone is told. */
static const struct retort_text *only_here(struct retort_arena *arena, const struct diff_options *options,
	const char *sql)
{
	struct retort_variant *variants = retort_alloc_array(arena, 2, sizeof *variants);
	struct retort_text *text = retort_text_new(arena, sql);

	if (!options->dialect)
		return text;
	variants[0] = (struct retort_variant){.dialect = options->dialect, .sql = sql};
	variants[1] = (struct retort_variant){.dialect = "default"};
	text->sql = NULL;
	text->variants = variants;
	text->variant_count = 2;
	return text;
}

/* Whether only the numbers of a type change, or of an array's items. */
static bool same_but_for_numbers(const struct retort_type *from, const struct retort_type *to)
{
	while (from && to && from->kind == RETORT_TYPE_ARRAY && to->kind == RETORT_TYPE_ARRAY) {
		from = from->items;
		to = to->items;
	}
	return from && to && from->kind == to->kind && from->kind != RETORT_TYPE_NATIVE && !from->native &&
		!to->native;
}

const struct retort_text *diff_cast(struct retort_arena *arena, const struct diff_options *options,
	const struct retort_column *from, const struct retort_column *to, const char *native)
{
	enum group before = group_of(from->type), after = group_of(to->type);
	struct retort_buf name;
	const char *sql;

	if (!(options->caps & RETORT_CAP_ASKS_USING) || !native || to->computed || from->computed)
		return NULL;
	retort_buf_init(&name, arena);
	token_write(&name, options->compare.syntax, to->name);
	if (after == GROUP_TEXT && before == GROUP_BYTES)
		sql = retort_printf(arena, "convert_from(%s, 'UTF8')", name.data);
	else if (after == GROUP_BYTES && before == GROUP_TEXT)
		sql = retort_printf(arena, "convert_to(%s, 'UTF8')", name.data);
	else if (after == GROUP_TEXT || (after == before && after != GROUP_NONE && after != GROUP_ENUM))
		return NULL;
	else if (after == GROUP_BOOLEAN && before == GROUP_NUMBER)
		sql = retort_printf(arena, "%s <> 0", name.data);
	else if (after == GROUP_NUMBER && before == GROUP_BOOLEAN)
		sql = retort_printf(arena, "CASE WHEN %s THEN 1 WHEN NOT %s THEN 0 END", name.data,
			name.data);
	else if (same_but_for_numbers(from->type, to->type) && after != GROUP_ENUM)
		return NULL;
	else if (after == GROUP_ENUM && before == GROUP_ENUM && !to->type->name && !from->type->name)
		return NULL; /* only its values change */
	else
		sql = retort_printf(arena, "CAST(CAST(%s AS text) AS %s)", name.data, native);
	return only_here(arena, options, sql);
}

/* ---- loss ---- */

/* How much a number type holds, in bits of precision: small holds less than large. */
static int room(const struct retort_type *type)
{
	static const int rooms[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_SMALLINT] = 1,
		[RETORT_TYPE_INTEGER] = 2,
		[RETORT_TYPE_BIGINT] = 3,
	};

	return rooms[type->kind];
}

static const char *narrows_number(struct diffing *diffing, const struct retort_type *from,
	const struct retort_type *to)
{
	bool numeric = from->kind == RETORT_TYPE_NUMERIC && to->kind == RETORT_TYPE_NUMERIC;

	if (room(from) && room(to))
		return room(to) < room(from) ||
				(from->is_unsigned && !to->is_unsigned && room(to) == room(from)) ||
				(!from->is_unsigned && to->is_unsigned)
			? "values out of the new range don't fit"
			: NULL;
	if (numeric && to->precision != RETORT_UNSET &&
		(from->precision == RETORT_UNSET || to->scale < from->scale ||
			to->precision - to->scale < from->precision - from->scale))
		return retort_printf(diffing->arena, "digits beyond %s are lost or don't fit",
			retort_type_text(diffing->arena, to));
	if (numeric || (room(from) && to->kind == RETORT_TYPE_DOUBLE && room(from) < 3))
		return NULL;
	return room(from) && to->kind == RETORT_TYPE_NUMERIC && to->precision == RETORT_UNSET
		? NULL
		: "digits may be lost";
}

const char *diff_narrows(struct diffing *diffing, const struct retort_type *from,
	const struct retort_type *to)
{
	enum group before = group_of(from), after = group_of(to);

	if (!from || !to || (from->native && to->native))
		return NULL;
	if (before == GROUP_NUMBER && after == GROUP_NUMBER)
		return narrows_number(diffing, from, to);
	if (after == GROUP_TEXT && to->kind != RETORT_TYPE_TEXT && to->length != RETORT_UNSET &&
		(before != GROUP_TEXT || from->length == RETORT_UNSET || from->length > to->length))
		return retort_printf(diffing->arena, "values of more than %d characters don't fit",
			to->length);
	if (after == GROUP_BYTES && to->length != RETORT_UNSET &&
		(from->length == RETORT_UNSET || from->length > to->length))
		return retort_printf(diffing->arena, "values of more than %d bytes don't fit", to->length);
	if (after == GROUP_TEXT || (before == GROUP_BOOLEAN && after == GROUP_NUMBER))
		return NULL;
	if (before == GROUP_TIME && after == GROUP_TIME)
		return to->kind == RETORT_TYPE_DATE ? "the time of day is lost"
			: to->precision != RETORT_UNSET &&
				to->precision < (from->precision == RETORT_UNSET ? 6 : from->precision)
			? "fractions of a second are lost"
			: NULL;
	return before == after && before == GROUP_ENUM ? NULL
						       : "values that are none of the new type don't fit";
}
