/* SPDX-License-Identifier: MIT
 *
 * The functions that defaults may name, the same on every engine: the clock is UTC's whatever the time
 * zone of the session that inserts.
 */
#include <string.h>

#include "dialect.h"

enum { UUID_VERSION = 130000 /* gen_random_uuid() without an extension */ };

/* A random UUID of version 4 from what all versions have. */
#define OLD_UUID                                                                                             \
	"overlay(overlay(md5(random()::text || clock_timestamp()::text) placing '4' from 13) placing "       \
	"substr('89ab', 1 + floor(random() * 4)::integer, 1) from 17)::uuid"

/* What is written for a function in a column of a kind, and how the server writes it back. */
static const struct row {
	const char *name;
	enum retort_type_kind kind;
	const char *sql;
	const char *stored, *stored_before_14; /* NULL: like stored */
} rows[] = {
	{"now", RETORT_TYPE_TIMESTAMP, "now()", "now()", NULL},
	{"now", RETORT_TYPE_DATETIME, "(now() AT TIME ZONE 'utc')", "(now() AT TIME ZONE 'utc'::text)",
		"timezone('utc'::text, now())"},
	{"now", RETORT_TYPE_TIME, "(now() AT TIME ZONE 'utc')::time",
		"((now() AT TIME ZONE 'utc'::text))::time without time zone",
		"(timezone('utc'::text, now()))::time without time zone"},
	{"now", RETORT_TYPE_DATE, "(now() AT TIME ZONE 'utc')::date",
		"((now() AT TIME ZONE 'utc'::text))::date", "(timezone('utc'::text, now()))::date"},
	{"today", RETORT_TYPE_DATE, "(now() AT TIME ZONE 'utc')::date",
		"((now() AT TIME ZONE 'utc'::text))::date", "(timezone('utc'::text, now()))::date"},
	{"uuid", RETORT_TYPE_UUID, "gen_random_uuid()", "gen_random_uuid()", NULL},
	{"uuid", RETORT_TYPE_STRING, "gen_random_uuid()::text", "(gen_random_uuid())::text", NULL},
	{"uuid", RETORT_TYPE_CHAR, "gen_random_uuid()::text", "(gen_random_uuid())::text", NULL},
	{"uuid", RETORT_TYPE_TEXT, "gen_random_uuid()::text", "(gen_random_uuid())::text", NULL},
};

int function_render(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err)
{
	bool old = render->version > 0 && render->version < UUID_VERSION;

	(void)err;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) != 0 || rows[i].kind != type->kind)
			continue;
		if (old && strcmp(name, "uuid") == 0)
			retort_buf_printf(out, "(%s)%s", OLD_UUID,
				type->kind == RETORT_TYPE_UUID ? "" : "::text");
		else
			retort_buf_str(out, rows[i].sql);
		return RETORT_OK;
	}
	return RETORT_PASS;
}

const char *function_name(struct retort_arena *arena, const char *expression, const struct retort_type *type)
{
	/* A date's now and today are written alike; a date has no time, so today is what it means. */
	for (size_t i = sizeof rows / sizeof *rows; i-- > 0;) {
		if (rows[i].kind != type->kind)
			continue;
		if (expression_same(expression, rows[i].stored) ||
			(rows[i].stored_before_14 && expression_same(expression, rows[i].stored_before_14)))
			return rows[i].name;
	}
	if (strstr(expression, "md5((random())::text ||") && type->kind == RETORT_TYPE_UUID)
		return "uuid";
	(void)arena;
	return NULL;
}
