/* SPDX-License-Identifier: MIT
 *
 * How fast a change of a table is, by the rules of the manuals (MySQL: "Online DDL Operations"; MariaDB:
 * "InnoDB Online DDL Operations with the ... Alter Algorithm"). Where the server knows better it refuses, and
 * the next way is asked for.
 */
#include <string.h>

#include "dialect.h"

enum { SHORT_VARCHAR = 255 /* bytes whose length fits into one byte */, BYTES_OF_CHARACTER = 4 };

/* Whether the value of a new column's default may be another one for each row. */
static bool varies(const struct retort_column *column)
{
	const struct retort_default *def = column->def;

	if (!def)
		return false;
	if (def->kind == RETORT_DEFAULT_FUNCTION)
		return !(strcmp(def->text, "now") == 0 && column->type->kind == RETORT_TYPE_DATETIME);
	return def->kind == RETORT_DEFAULT_EXPRESSION ||
		(def->kind == RETORT_DEFAULT_LITERAL && type_is_long(column->type));
}

enum speed speed_add_column(const struct retort_render *render, const struct retort_column *column, bool last)
{
	bool constant = column->def && column->def->kind == RETORT_DEFAULT_LITERAL;

	if (column->computed && column->computed_stored)
		return SPEED_COPY;
	if (column->autoincrement != RETORT_AUTO_NONE)
		return SPEED_INPLACE;
	if (varies(column) && !(dialect_is_mariadb(render) && constant))
		return SPEED_COPY;
	/* MariaDB keeps the CHECK of a json column, which a new one brings along. */
	if (column->type->kind == RETORT_TYPE_JSON && !column->type->native && dialect_is_mariadb(render))
		return SPEED_COPY;
	return dialect_since(render, last ? 80012 : 80029, last ? 100302 : 100400) ? SPEED_INSTANT
										   : SPEED_INPLACE;
}

enum speed speed_drop_column(const struct retort_render *render, const struct retort_column *column)
{
	if (column && column->computed && column->computed_stored)
		return SPEED_INPLACE;
	return dialect_since(render, 80029, 100400) ? SPEED_INSTANT : SPEED_INPLACE;
}

enum speed speed_rename_column(const struct retort_render *render)
{
	return dialect_since(render, 80028, 100302) ? SPEED_INSTANT : SPEED_INPLACE;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether an ENUM keeps its values and gets more behind them, in as many bytes. */
static bool appends_values(const struct retort_type *before, const struct retort_type *after)
{
	if (before->kind != RETORT_TYPE_ENUM || after->kind != RETORT_TYPE_ENUM || before->native ||
		after->native || before->value_count == 0 || before->value_count > after->value_count)
		return false;
	for (size_t i = 0; i < before->value_count; i++)
		if (strcmp(before->values[i], after->values[i]) != 0)
			return false;
	return (before->value_count < 256) == (after->value_count < 256);
}

/* Whether a VARCHAR grows without its rows changing their form. */
static bool grows(const struct retort_type *before, const struct retort_type *after)
{
	int from = before->length * BYTES_OF_CHARACTER, to = after->length * BYTES_OF_CHARACTER;

	return before->kind == RETORT_TYPE_STRING && after->kind == RETORT_TYPE_STRING && !before->native &&
		!after->native && before->length != RETORT_UNSET && after->length != RETORT_UNSET &&
		from <= to && (from > SHORT_VARCHAR || to <= SHORT_VARCHAR);
}

static enum speed speed_of_type(struct retort_render *render, const struct retort_column *before,
	const struct retort_column *after)
{
	const char *from = "", *to = "";

	if (!same_text(before->collation, after->collation))
		return SPEED_COPY;
	if (type_native(render, before->type, &from, NULL) || type_native(render, after->type, &to, NULL))
		return SPEED_COPY;
	if (strcmp(from, to) == 0)
		return SPEED_INSTANT;
	if (appends_values(before->type, after->type))
		return SPEED_INSTANT;
	if (grows(before->type, after->type))
		return dialect_is_mariadb(render) ? SPEED_INSTANT : SPEED_INPLACE;
	return SPEED_COPY;
}

enum speed speed_change_column(struct retort_render *render, const struct retort_column *before,
	const struct retort_column *after)
{
	enum speed speed = speed_of_type(render, before, after);

	if (before->computed != after->computed || before->computed_stored != after->computed_stored ||
		before->autoincrement != after->autoincrement)
		return SPEED_COPY;
	if (before->nullable != after->nullable && speed < SPEED_INPLACE)
		speed = SPEED_INPLACE;
	return speed;
}

enum speed speed_add_constraint(const struct retort_render *render, enum retort_constraint_kind kind)
{
	(void)render;
	return kind == RETORT_FOREIGN_KEY || kind == RETORT_CHECK ? SPEED_COPY : SPEED_INPLACE;
}

enum speed speed_drop_constraint(const struct retort_render *render, enum retort_constraint_kind kind)
{
	(void)render;
	return kind == RETORT_PRIMARY_KEY ? SPEED_COPY : SPEED_INPLACE;
}
