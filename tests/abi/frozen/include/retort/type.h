/* SPDX-License-Identifier: MIT
 *
 * retort/type.h: the neutral column types, and values that differ by dialect.
 */
#ifndef RETORT_TYPE_H
#define RETORT_TYPE_H

#include <stdbool.h>

#include "retort/error.h"
#include "retort/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

enum retort_type_kind {
	RETORT_TYPE_NONE,      /* not given */
	RETORT_TYPE_BOOLEAN,
	RETORT_TYPE_SMALLINT,
	RETORT_TYPE_INTEGER,
	RETORT_TYPE_BIGINT,
	RETORT_TYPE_FLOAT,     /* IEEE single */
	RETORT_TYPE_DOUBLE,    /* IEEE double */
	RETORT_TYPE_NUMERIC,   /* precision, scale */
	RETORT_TYPE_STRING,    /* length in characters */
	RETORT_TYPE_CHAR,      /* length in characters */
	RETORT_TYPE_TEXT,
	RETORT_TYPE_DATE,
	RETORT_TYPE_TIME,      /* precision: digits of a second */
	RETORT_TYPE_DATETIME,  /* precision; without time zone */
	RETORT_TYPE_TIMESTAMP, /* precision; with time zone, kept as UTC */
	RETORT_TYPE_INTERVAL,
	RETORT_TYPE_BINARY,    /* length in bytes */
	RETORT_TYPE_VARBINARY, /* length in bytes */
	RETORT_TYPE_BLOB,
	RETORT_TYPE_JSON,
	RETORT_TYPE_UUID,
	RETORT_TYPE_ENUM,      /* values (inline) or name (of create_enum) */
	RETORT_TYPE_DOMAIN,    /* name */
	RETORT_TYPE_ARRAY,     /* items */
	RETORT_TYPE_NATIVE,    /* native: text that only its engine knows */
	RETORT_TYPE_COUNT
};

#define RETORT_UNSET (-1) /* of a length, precision or scale that was not given */

/* A type. By dialect: native_variants hold what the engine itself is to be told
 * under that dialect; the type itself is the `default` (kind NONE: there is none). */
struct retort_type {
	enum retort_type_kind kind;
	bool is_unsigned; /* smallint, integer, bigint */
	int length;
	int precision, scale;
	const char *schema, *name;         /* of the enum or domain */
	const char *const *values;         /* of an inline enum, in order */
	size_t value_count;
	const struct retort_type *items;   /* of an array */
	const char *native;                /* of NATIVE */
	const struct retort_text *native_variants; /* by dialect; NULL: none */
};

/* One answer for one dialect. */
struct retort_variant {
	const char *dialect; /* a dialect's or family's name, or "default" */
	const char *sql;     /* NULL: nothing here */
	const char *file;    /* where sql was read from, as the revision file names it; NULL: inline */
	const char *written; /* sql as it was before variables were replaced; NULL: sql itself */
};

/* Text that may differ by dialect. Written plain it has only sql. Once resolved for a
 * dialect (all that a driver ever sees) it has only sql, which is never NULL. */
struct retort_text {
	const char *sql;
	const char *file; /* where sql was read from; NULL: inline */
	const struct retort_variant *variants; /* in the order of the file */
	size_t variant_count;                  /* 0: plain */
	const char *written; /* sql as it was before variables were replaced; NULL: sql itself */
};

enum retort_default_kind {
	RETORT_DEFAULT_LITERAL,    /* text: the value, unquoted; typed by the column */
	RETORT_DEFAULT_FUNCTION,   /* text: now, today or uuid */
	RETORT_DEFAULT_EXPRESSION, /* text: SQL, without outer parentheses needed */
	RETORT_DEFAULT_NULL        /* stated null: drops the default in alter_column */
};

struct retort_default_variant;

struct retort_default {
	enum retort_default_kind kind;
	const char *text;
	const struct retort_default_variant *variants; /* by dialect; resolved: none */
	size_t variant_count;
};

struct retort_default_variant {
	const char *dialect;
	const struct retort_default *value; /* NULL: no default here */
};

/* The words of the text form: "numeric", "string"; NULL for NONE and NATIVE. */
RETORT_EXPORT const char *retort_type_name(enum retort_type_kind kind);
/* Reads the text form, e.g. "numeric(12,2)", "integer unsigned", "enum(a, 'b c')", "enum color",
 * "array(string(20))". Fails with what is wrong and the nearest known name. */
RETORT_EXPORT int retort_type_parse(struct retort_arena *arena, const char *text,
	const struct retort_type **ret, struct retort_error *err);
/* The text form, which retort_type_parse reads back to the same type. */
RETORT_EXPORT const char *retort_type_text(struct retort_arena *arena, const struct retort_type *type);
/* An empty type of a kind with every number unset. */
RETORT_EXPORT struct retort_type *retort_type_new(struct retort_arena *arena, enum retort_type_kind kind);

#ifdef __cplusplus
}
#endif
#endif
