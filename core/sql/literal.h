/* SPDX-License-Identifier: MIT
 *
 * sql/literal.h: texts as values of a type.
 *
 * A value travels as text in one neutral form for each type: integers and numerics as plain
 * decimals, booleans as true and false, dates as YYYY-MM-DD, times as HH:MM:SS, moments as
 * YYYY-MM-DD HH:MM:SS in UTC (each with a fraction where there is one), uuids in lower case,
 * bytes as 0x and hex. What people write is a little freer (a T between date and time, a zone,
 * 1 for true); literal_append reads that and appends the neutral form, which it reads back
 * unchanged. It is called for every cell of a CSV file, so it allocates nothing but what it
 * appends (and jansson's own for json).
 */
#ifndef RETORT_SQL_LITERAL_H
#define RETORT_SQL_LITERAL_H

#include "retort/schema.h"

/* Appends text, a value of type, in the neutral form. schema (may be NULL) knows named enums and
 * domains. A text that is no value of the type is RETORT_E_PLAN "'abc' is no integer", with a
 * suggestion where one is known; out is then as it was before. */
int literal_append(struct retort_buf *out, const struct retort_schema *schema, const struct retort_type *type,
	const char *text, struct retort_error *err);
/* Whether {function: now}, today or uuid gives a value of type; else RETORT_E_PLAN says which types it is
 * for.
 */
int literal_check_function(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_type *type, const char *function, struct retort_error *err);
/* The type that a domain is made of (followed through schema), else type itself. */
const struct retort_type *literal_base_type(const struct retort_schema *schema,
	const struct retort_type *type);
/* Whether the neutral form of a kind can stand in SQL without quotes. */
bool literal_is_number(enum retort_type_kind kind);

#endif
