/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

enum { SECOND_DIGITS = 6, ASSERT_NAME = 200 };

/* ---- which server ---- */

bool dialect_is_mariadb(const struct retort_render *render)
{
	return strcmp(render->dialect->name, "mariadb") == 0;
}

bool dialect_since(const struct retort_render *render, unsigned mysql, unsigned mariadb)
{
	unsigned since = dialect_is_mariadb(render) ? mariadb : mysql;

	return since != 0 && (render->version == 0 || render->version >= since);
}

char dialect_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool dialect_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && dialect_lower(*a) == dialect_lower(*b); a++, b++)
		;
	return !*a && !*b;
}

bool dialect_starts(const char *text, const char *prefix)
{
	for (; *prefix && dialect_lower(*text) == dialect_lower(*prefix); text++, prefix++)
		;
	return !*prefix;
}

const char *dialect_weaker(struct retort_arena *arena, const char *sql)
{
	const char *at = strstr(sql, DIALECT_ALGORITHM), *next;

	while (at && (next = strstr(at + 1, DIALECT_ALGORITHM)))
		at = next;
	if (!at || !dialect_starts(sql, "ALTER TABLE"))
		return NULL;
	if (strcmp(at, DIALECT_ALGORITHM "INSTANT") == 0)
		return retort_printf(arena, "%.*s" DIALECT_ALGORITHM "INPLACE", (int)(at - sql), sql);
	if (strcmp(at, DIALECT_ALGORITHM "INPLACE") == 0)
		return retort_strndup(arena, sql, (size_t)(at - sql));
	return NULL;
}

/* ---- capabilities ---- */

#define CAPS                                                                                                 \
	(RETORT_CAP_SCHEMAS | RETORT_CAP_COMMENTS | RETORT_CAP_COMMENT_INLINE | RETORT_CAP_FUNCTIONS |       \
		RETORT_CAP_PROCEDURES | RETORT_CAP_TRIGGERS | RETORT_CAP_INDEX_PREFIX |                      \
		RETORT_CAP_INDEX_METHOD | RETORT_CAP_DROP_INDEX_ON | RETORT_CAP_ALTER_CONSTRAINT |           \
		RETORT_CAP_ALTER_LIST | RETORT_CAP_COMPUTED_VIRTUAL | RETORT_CAP_COMPUTED_STORED |           \
		RETORT_CAP_REPLACE_VIEW | RETORT_CAP_RENAME_INDEX | RETORT_CAP_RESTATES |                    \
		RETORT_CAP_KEYS_HOLD)
#define MYSQL_CAPS (CAPS | RETORT_CAP_EXPRESSION_INDEX | RETORT_CAP_INDEX_DESC)
#define MARIADB_CAPS                                                                                         \
	(CAPS | RETORT_CAP_INDEX_DESC | RETORT_CAP_SEQUENCES | RETORT_CAP_REPLACE_ROUTINE |                  \
		RETORT_CAP_REPLACE_TRIGGER)

static uint64_t mysql_caps_at(unsigned version)
{
	uint64_t caps = MYSQL_CAPS;

	if (version != 0 && version < 80001)
		caps &= ~RETORT_CAP_INDEX_DESC;
	if (version != 0 && version < 80013)
		caps &= ~RETORT_CAP_EXPRESSION_INDEX;
	return caps;
}

static uint64_t mariadb_caps_at(unsigned version)
{
	uint64_t caps = MARIADB_CAPS;

	if (version != 0 && version < 100800)
		caps &= ~RETORT_CAP_INDEX_DESC;
	return caps;
}

/* ---- values ---- */

/* "(3)", or nothing for whole seconds. */
static const char *digits_of(struct retort_arena *arena, const struct retort_type *type)
{
	int digits = type->precision == RETORT_UNSET ? SECOND_DIGITS : type->precision;

	return digits == 0 ? "" : retort_printf(arena, "(%d)", digits);
}

static int no_default_expressions(struct retort_render *render, const char *name, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_PLAN, "%s has no default '%s' before 8.0.13: leave the default out",
		render->dialect->name, name);
}

/* The digits of a datetime whose native text says more than the model knows; NULL: it is none. */
static const char *native_clock_digits(struct retort_arena *arena, const struct retort_type *type)
{
	const char *at = type->native;

	if (!at || !dialect_starts(at, "datetime"))
		return NULL;
	at += strlen("datetime");
	return *at == '(' ? retort_strndup(arena, at, strcspn(at, ")") + 1) : "";
}

static int render_function(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err)
{
	const char *native = native_clock_digits(render->arena, type);
	const char *digits = native ? native : digits_of(render->arena, type);

	if ((type->kind == RETORT_TYPE_DATETIME || native) && strcmp(name, "now") == 0) {
		retort_buf_printf(out, "CURRENT_TIMESTAMP%s", digits);
		return RETORT_OK;
	}
	if (!dialect_since(render, 80013, 100201))
		return no_default_expressions(render, name, err);
	if (strcmp(name, "uuid") == 0)
		retort_buf_str(out, "(uuid())");
	else if (strcmp(name, "today") == 0 || type->kind == RETORT_TYPE_DATE)
		retort_buf_str(out, "(utc_date())");
	else if (type->kind == RETORT_TYPE_TIME)
		retort_buf_printf(out, "(utc_time%s)", *digits ? digits : "()");
	else
		retort_buf_printf(out, "(utc_timestamp%s)", *digits ? digits : "()");
	return RETORT_OK;
}

static int render_literal(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out, struct retort_error *err)
{
	(void)err;
	if (type->kind != RETORT_TYPE_TIMESTAMP)
		return RETORT_PASS;
	retort_sql_string(render, out, text);
	return RETORT_OK;
}

/* ON DUPLICATE KEY UPDATE, which unlike INSERT IGNORE hides no other fault. Setting a column to itself
 * changes nothing. */
static int render_conflict(struct retort_render *render, const struct retort_bulk *bulk,
	struct retort_buf *out, struct retort_error *err)
{
	const char *separator = " ON DUPLICATE KEY UPDATE ";
	const struct retort_row_source *source = bulk->source;

	(void)err;
	for (size_t i = 0; bulk->conflict_update && i < source->column_count; i++) {
		bool key = false;

		for (size_t k = 0; k < bulk->key_count; k++)
			key = key || strcmp(bulk->key[k], source->columns[i]) == 0;
		if (key)
			continue;
		retort_buf_str(out, separator);
		retort_sql_write(render, out, "%n = VALUES(%n)", source->columns[i], source->columns[i]);
		separator = ", ";
	}
	if (*separator == ' ' && source->column_count > 0) {
		retort_buf_str(out, separator);
		retort_sql_write(render, out, "%n = %n", source->columns[0], source->columns[0]);
	}
	return RETORT_OK;
}

/* Outside of routines nothing raises an error with a text of one's own; the name of a lock that is too long
 * for either server is quoted by both. */
static int render_assert(struct retort_render *render, const char *query, const char *value,
	const char *message, struct retort_buf *out, struct retort_error *err)
{
	(void)err;
	message = message ? message : "an assert failed";
	retort_buf_printf(out, "SELECT 1 FROM DUAL WHERE CASE WHEN CAST((\n%s\n) AS CHAR) <=> ", query);
	if (value)
		retort_sql_string(render, out, value);
	else
		retort_buf_str(out, "NULL");
	retort_buf_str(out, " THEN 0 ELSE GET_LOCK(RPAD(");
	if (strstr(message, "{value}"))
		retort_sql_write(render, out,
			"REPLACE(%q, '{value}', IFNULL(CAST((\n%s\n) AS CHAR), 'NULL'))", message, query);
	else
		retort_sql_string(render, out, message);
	retort_buf_printf(out, ", %d, '.'), 0) END", ASSERT_NAME);
	return RETORT_OK;
}

/* ---- scripts ---- */

static const char *const session_statements[] = {DIALECT_STATE, NULL};
static const char *const begin_plain[] = {"START TRANSACTION", NULL};
static const char *const begin_read_only[] = {"START TRANSACTION READ ONLY", NULL};
static const char *const commit_plain[] = {"COMMIT", NULL};

static const char *const *script_begin(unsigned flags)
{
	return flags & RETORT_TX_READ_ONLY ? begin_read_only : begin_plain;
}

static const char *const *script_commit(unsigned flags)
{
	(void)flags;
	return commit_plain;
}

static int mysql_native_type(struct retort_arena *arena, const char *native, const struct retort_type **ret)
{
	*ret = type_read(retort_render_new(arena, &mysql_dialect, 0, NULL), native);
	return 0;
}

static int mariadb_native_type(struct retort_arena *arena, const char *native, const struct retort_type **ret)
{
	*ret = type_read(retort_render_new(arena, &mariadb_dialect, 0, NULL), native);
	return 0;
}

/* ---- the tables ---- */

static const struct retort_option_row options[] = {
	{"table", "engine", "word", "storage engine; InnoDB where it isn't given"},
	{"table", "charset", "word", "character set; utf8mb4 where it isn't given"},
	{"table", "collate", "word", "collation of the table and of its columns"},
	{"table", "row_format", "word", "how rows are stored"},
	{"table", "auto_increment", "integer", "the first value of the autoincrement column"},
	{NULL, NULL, NULL, NULL},
};

static const struct retort_scratch_row scratch[] = {
	{"CREATE DATABASE {name} CHARACTER SET utf8mb4", "DROP DATABASE IF EXISTS {name}",
		"SELECT database()", NULL, true},
	{NULL, NULL, NULL, NULL, false},
};

#define SHARED                                                                                               \
	.size = sizeof(struct retort_dialect), .quote_open = '`', .quote_close = '`', .max_name = 64,        \
	.max_name_characters = true, .syntax = MYSQL_SYNTAX, .placeholder = "?", .types = type_rows,         \
	.overrides = object_overrides, .options = options, .session = session_statements,                    \
	.type = type_render, .function = render_function, .literal = render_literal,                         \
	.column_tail = column_tail, .table_tail = table_tail, .alter_table = alter_table, .check = check_op, \
	.begin = script_begin, .commit = script_commit, .conflict = render_conflict,                         \
	.assert_sql = render_assert, .scratch = scratch

const struct retort_dialect mysql_dialect = {
	SHARED,
	.name = "mysql",
	.caps = MYSQL_CAPS,
	.caps_at = mysql_caps_at,
	.normalize = normalize_mysql,
	.native_type = mysql_native_type,
};

const struct retort_dialect mariadb_dialect = {
	SHARED,
	.name = "mariadb",
	.family = "mysql",
	.caps = MARIADB_CAPS,
	.caps_at = mariadb_caps_at,
	.normalize = normalize_mariadb,
	.native_type = mariadb_native_type,
};
