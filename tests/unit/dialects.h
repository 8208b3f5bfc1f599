/* SPDX-License-Identifier: MIT
 *
 * Two dialects of no real engine, for tests: one that has everything, one that has next to nothing.
 */
#ifndef TESTS_UNIT_DIALECTS_H
#define TESTS_UNIT_DIALECTS_H

#include <string.h>

#include "retort/sql.h"

static const struct retort_type_row rich_types[] = {
	{RETORT_TYPE_BOOLEAN, "boolean", NULL},
	{RETORT_TYPE_SMALLINT, "smallint", NULL},
	{RETORT_TYPE_INTEGER, "integer", NULL},
	{RETORT_TYPE_BIGINT, "bigint", NULL},
	{RETORT_TYPE_FLOAT, "real", NULL},
	{RETORT_TYPE_DOUBLE, "double precision", NULL},
	{RETORT_TYPE_NUMERIC, "numeric(%p,%s)", "numeric"},
	{RETORT_TYPE_STRING, "varchar(%l)", "varchar"},
	{RETORT_TYPE_CHAR, "char(%l)", "char(1)"},
	{RETORT_TYPE_TEXT, "text", NULL},
	{RETORT_TYPE_DATE, "date", NULL},
	{RETORT_TYPE_TIME, "time(%p)", "time"},
	{RETORT_TYPE_DATETIME, "timestamp(%p)", "timestamp"},
	{RETORT_TYPE_TIMESTAMP, "timestamptz(%p)", "timestamptz"},
	{RETORT_TYPE_BLOB, "bytea", NULL},
	{RETORT_TYPE_VARBINARY, "bytea", NULL},
	{RETORT_TYPE_JSON, "jsonb", NULL},
	{RETORT_TYPE_UUID, "uuid", NULL},
	{RETORT_TYPE_ARRAY, "%i[]", NULL},
	{0, NULL, NULL},
};

static inline int rich_function(struct retort_render *render, const char *name,
	const struct retort_type *type, struct retort_buf *out, struct retort_error *err)
{
	(void)render;
	(void)type;
	(void)err;
	if (strcmp(name, "now") != 0)
		return RETORT_PASS;
	retort_buf_str(out, "now()");
	return RETORT_OK;
}

static const struct retort_dialect rich = {
	.size = sizeof rich,
	.name = "rich",
	.quote_open = '"',
	.quote_close = '"',
	.max_name = 63,
	.syntax = RETORT_SYNTAX_DOLLAR | RETORT_SYNTAX_NESTED_COMMENT,
	.placeholder = "$",
	.caps = ~UINT64_C(0) &
		~(RETORT_CAP_EDITS_DEFINITION | RETORT_CAP_DROP_INDEX_ON | RETORT_CAP_COMMENT_INLINE),
	.types = rich_types,
	.function = rich_function,
};

static const struct retort_type_row poor_types[] = {
	{RETORT_TYPE_INTEGER, "int", NULL},
	{RETORT_TYPE_BIGINT, "int", NULL},
	{RETORT_TYPE_NUMERIC, "dec", NULL},
	{RETORT_TYPE_TEXT, "text", NULL},
	{RETORT_TYPE_STRING, "text", NULL},
	{RETORT_TYPE_ENUM, "text", NULL},
	{0, NULL, NULL},
};

static const struct retort_dialect poor = {
	.size = sizeof poor,
	.name = "poor",
	.quote_open = '[',
	.quote_close = ']',
	.max_name = 8,
	.max_name_characters = true,
	.syntax = RETORT_SYNTAX_BACKSLASH | RETORT_SYNTAX_BRACKET,
	.placeholder = "?",
	.caps = RETORT_CAP_ALTER_CONSTRAINT | RETORT_CAP_COMPUTED_STORED,
	.types = poor_types,
	.type_check = retort_sql_type_condition,
};

#endif
