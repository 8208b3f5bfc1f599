/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

#include "native.h"

/* Random bytes with the bits of version 4 set. */
#define UUID_V4                                                                                              \
	"(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) "   \
	"|| '-' || "                                                                                         \
	"substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || "                  \
	"hex(randomblob(6))))"

static int render_type(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err)
{
	static const char *const unsigned_names[RETORT_TYPE_COUNT] = {
		[RETORT_TYPE_SMALLINT] = "SMALLINT UNSIGNED",
		[RETORT_TYPE_INTEGER] = "INTEGER UNSIGNED",
		[RETORT_TYPE_BIGINT] = "BIGINT UNSIGNED",
	};

	(void)render;
	(void)err;
	if (!type->native && !(type->is_unsigned && unsigned_names[type->kind]))
		return RETORT_PASS;
	retort_buf_str(out, type->native ? type->native : unsigned_names[type->kind]);
	return RETORT_OK;
}

static int render_type_check(struct retort_render *render, const struct retort_column *column,
	struct retort_buf *out, struct retort_error *err)
{
	if (column->type->kind != RETORT_TYPE_JSON)
		return retort_sql_type_condition(render, column, out, err);
	retort_sql_write(render, out, "json_valid(%n)", column->name);
	return RETORT_OK;
}

/* SQLite's clock has milliseconds, in UTC. */
static int render_function(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err)
{
	const char *second = type->precision == 0 ? "%S" : "%f";

	(void)render;
	(void)err;
	if (strcmp(name, "uuid") == 0)
		retort_buf_str(out, UUID_V4);
	else if (strcmp(name, "today") == 0 || type->kind == RETORT_TYPE_DATE)
		retort_buf_str(out, "(date('now'))");
	else if (type->kind == RETORT_TYPE_TIME)
		retort_buf_printf(out, "(strftime('%%H:%%M:%s', 'now'))", second);
	else
		retort_buf_printf(out, "(strftime('%%Y-%%m-%%d %%H:%%M:%s', 'now'))", second);
	return RETORT_OK;
}

/* Whether a text is a decimal number, as SQLite's grammar has it. */
static bool is_decimal(const char *text)
{
	const char *at = text + (*text == '-' || *text == '+');
	size_t whole = strspn(at, "0123456789"), rest = 0;

	at += whole;
	if (*at == '.')
		rest = strspn(at + 1, "0123456789") + 1;
	return whole > 0 && rest != 1 && !at[rest];
}

/* A number stays one where only the name of its type is SQLite's own. */
static int render_native(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out)
{
	enum retort_type_kind kind =
		type->native ? native_parse(render->arena, type->native, false)->kind : RETORT_TYPE_TEXT;

	if (kind == RETORT_TYPE_BOOLEAN && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		retort_buf_char(out, *text == 't' ? '1' : '0');
	else if (kind >= RETORT_TYPE_SMALLINT && kind <= RETORT_TYPE_NUMERIC && is_decimal(text))
		retort_buf_str(out, text);
	else
		return RETORT_PASS;
	return RETORT_OK;
}

static int render_literal(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out, struct retort_error *err)
{
	switch (type->kind) {
	case RETORT_TYPE_BOOLEAN:
		retort_buf_char(out, *text == 't' ? '1' : '0');
		return RETORT_OK;
	case RETORT_TYPE_TIMESTAMP:
		retort_sql_string(render, out, text);
		return RETORT_OK;
	case RETORT_TYPE_NUMERIC:
		return native_check_numeric(text, err) ? RETORT_FAIL : RETORT_PASS;
	case RETORT_TYPE_NATIVE:
		return render_native(render, type, text, out);
	default:
		return RETORT_PASS;
	}
}

/* Puts the special name of a column's type in the place of the one that was just written: only here is the
 * table known. */
static int exchange_type(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err)
{
	const char *special = native_special(table, column);
	struct retort_buf plain;

	if (!special)
		return 0;
	retort_buf_init(&plain, render->arena);
	if (retort_sql_type(render, &plain, column->type, err))
		return -1;
	if (out->len < plain.len || memcmp(out->data + out->len - plain.len, plain.data, plain.len) != 0)
		return retort_fail(err, RETORT_E_INTERNAL,
			"the type of column '%s' is not where it should be", column->name);
	out->len -= plain.len;
	out->data[out->len] = 0;
	retort_buf_str(out, special);
	return 0;
}

/* Only the rowid alias differs; its constraint is said here, where AUTOINCREMENT must follow it. */
static int render_column_tail(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err)
{
	const struct retort_constraint *key = retort_table_primary_key(table);

	if (exchange_type(render, table, column, out, err))
		return RETORT_FAIL;
	if (!native_is_auto(column))
		return RETORT_PASS;
	retort_buf_str(out, " NOT NULL");
	if (key && key->name) {
		retort_buf_str(out, " CONSTRAINT ");
		retort_sql_name(render, out, key->name);
	}
	retort_buf_str(out, " PRIMARY KEY AUTOINCREMENT");
	return RETORT_OK;
}

static int render_constraint(struct retort_render *render, const struct retort_table *table,
	const struct retort_constraint *constraint, struct retort_buf *out, struct retort_error *err)
{
	const struct retort_column *column;

	(void)render;
	(void)out;
	(void)err;
	if (constraint->kind != RETORT_PRIMARY_KEY || constraint->column_count != 1)
		return RETORT_PASS;
	column = retort_table_column(table, constraint->columns[0]);
	return column && native_is_auto(column) ? RETORT_OK : RETORT_PASS;
}

static int render_table_tail(struct retort_render *render, const struct retort_table *table,
	struct retort_buf *out, struct retort_error *err)
{
	bool strict = native_option(table, "strict");

	(void)render;
	(void)err;
	if (strict)
		retort_buf_str(out, " STRICT");
	if (native_option(table, "without_rowid"))
		retort_buf_str(out, strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
	return RETORT_OK;
}

/* Fails by a path that json_extract can't read, and shows: the one way to raise an error with a text of
 * one's own outside of a trigger. */
static void append_assert(struct retort_render *render, struct retort_buf *out, const char *condition,
	const char *message, const char *query)
{
	const char *marked = retort_printf(render->arena, DIALECT_ASSERT_MARK "%s", message);

	retort_buf_printf(out, "SELECT 1 WHERE json_extract('{}', CASE WHEN %s THEN '$' ELSE ", condition);
	if (query && strstr(message, "{value}")) {
		retort_buf_str(out, "replace(");
		retort_sql_string(render, out, marked);
		retort_buf_printf(out, ", '{value}', coalesce((\n%s\n), 'NULL'))", query);
	} else {
		retort_sql_string(render, out, marked);
	}
	retort_buf_str(out, " END) IS NULL");
}

void dialect_assert(struct retort_render *render, struct retort_buf *out, const char *condition,
	const char *message)
{
	append_assert(render, out, condition, message, NULL);
}

static int render_assert(struct retort_render *render, const char *query, const char *value,
	const char *message, struct retort_buf *out, struct retort_error *err)
{
	struct retort_buf condition;

	(void)err;
	retort_buf_init(&condition, render->arena);
	retort_buf_printf(&condition, "CAST((\n%s\n) AS TEXT) IS ", query);
	if (value)
		retort_sql_string(render, &condition, value);
	else
		retort_buf_str(&condition, "NULL");
	append_assert(render, out, condition.data, message ? message : "an assert failed", query);
	return RETORT_OK;
}

/* ---- faults that the capability bits don't tell ---- */

int dialect_check_table(const struct retort_table *table, struct retort_error *err)
{
	const struct retort_constraint *key = retort_table_primary_key(table);
	int rc = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		bool alone = key && key->column_count == 1 && native_same(key->columns[0], column->name);

		if (native_is_auto(column) && !alone)
			rc = retort_fail(err, RETORT_E_PLAN,
				"cannot make column '%s' of '%s': sqlite can autoincrement only the one "
				"column of "
				"the primary key",
				column->name, table->name);
		if (native_is_auto(column) && native_option(table, "without_rowid"))
			rc = retort_fail(err, RETORT_E_PLAN,
				"cannot make column '%s' of '%s': sqlite can't autoincrement in a table "
				"without_rowid",
				column->name, table->name);
	}
	if (!key && native_option(table, "without_rowid"))
		rc = retort_fail(err, RETORT_E_PLAN,
			"cannot make table '%s': without_rowid needs a primary key", table->name);
	return rc;
}

static int check_op(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	(void)render;
	return op->kind == RETORT_OP_CREATE_TABLE ? dialect_check_table(op->create, err) : 0;
}

/* ---- offline scripts ---- */

static const char *const session_statements[] = {
	"PRAGMA foreign_keys = ON",
	"PRAGMA legacy_alter_table = OFF",
	NULL,
};

static const char *const begin_plain[] = {"BEGIN IMMEDIATE", NULL};
static const char *const begin_read_only[] = {"BEGIN", NULL};
static const char *const commit_plain[] = {"COMMIT", NULL};

/* As driver.c does it: foreign keys off before BEGIN, and only keys broken in between count. */
static const char *const begin_rebuild[] = {
	"PRAGMA foreign_keys = OFF",
	"BEGIN IMMEDIATE",
	"CREATE TEMP TABLE _retort_broken_keys AS SELECT \"table\" AS child, rowid AS at, parent, count(*) "
	"AS n"
	" FROM pragma_foreign_key_check GROUP BY 1, 2, 3",
	NULL,
};

static const char *const commit_rebuild[] = {
	"SELECT 1 WHERE json_extract('{}', CASE WHEN EXISTS (SELECT 1 FROM (SELECT \"table\" AS child, rowid "
	"AS at, parent,"
	" count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2, 3) AS now"
	" WHERE now.n > coalesce((SELECT was.n FROM temp._retort_broken_keys AS was"
	" WHERE was.child = now.child AND was.at IS now.at AND was.parent = now.parent), 0))"
	" THEN '" DIALECT_ASSERT_MARK
	"foreign keys would be broken: see PRAGMA foreign_key_check' ELSE '$' END) IS NULL",
	"DROP TABLE temp._retort_broken_keys",
	"COMMIT",
	"PRAGMA foreign_keys = ON",
	NULL,
};

static const char *const *script_begin(unsigned flags)
{
	return flags & RETORT_TX_REBUILD      ? begin_rebuild
		: flags & RETORT_TX_READ_ONLY ? begin_read_only
					      : begin_plain;
}

static const char *const *script_commit(unsigned flags)
{
	return flags & RETORT_TX_REBUILD ? commit_rebuild : commit_plain;
}

static int native_type(struct retort_arena *arena, const char *native, const struct retort_type **ret)
{
	*ret = native_parse(arena, native, false);
	return 0;
}

static const struct retort_override overrides[] = {
	{RETORT_OP_RENAME_TABLE, rename_table},
	{RETORT_OP_UPDATE_ROWS, guard_rows},
	{RETORT_OP_DELETE_ROWS, guard_rows},
	{RETORT_OP_EXECUTE, guard_rows},
	{0, NULL},
};

static const struct retort_option_row options[] = {
	{"table", "strict", "bool", "values must be of the column's type: INT, REAL, TEXT or BLOB"},
	{"table", "without_rowid", "bool", "rows are kept in the order of the primary key, without a rowid"},
	{NULL, NULL, NULL, NULL},
};

const struct retort_dialect sqlite_dialect = {
	.size = sizeof sqlite_dialect,
	.name = "sqlite",
	.quote_open = '"',
	.quote_close = '"',
	.syntax = SQLITE_SYNTAX,
	.placeholder = "?",
	.caps = RETORT_CAP_TX_DDL | RETORT_CAP_TX_LOCK | RETORT_CAP_TRIGGERS | RETORT_CAP_DEFERRABLE |
		RETORT_CAP_PARTIAL_INDEX | RETORT_CAP_EXPRESSION_INDEX | RETORT_CAP_INDEX_DESC |
		RETORT_CAP_EDITS_DEFINITION | RETORT_CAP_COMPUTED_VIRTUAL | RETORT_CAP_COMPUTED_STORED,
	.types = native_types,
	.overrides = overrides,
	.options = options,
	.session = session_statements,
	.type = render_type,
	.type_check = render_type_check,
	.function = render_function,
	.literal = render_literal,
	.column_tail = render_column_tail,
	.table_tail = render_table_tail,
	.alter_table = alter_table,
	.normalize = normalize_schema,
	.check = check_op,
	.begin = script_begin,
	.commit = script_commit,
	.native_type = native_type,
	.constraint = render_constraint,
	.assert_sql = render_assert,
	.redefine = rename_redefine,
};
