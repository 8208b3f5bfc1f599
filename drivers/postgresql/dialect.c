/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

#include "native.h"

enum { TYPICAL_NAME_MAX = 63 /* NAMEDATALEN - 1 */ };

/* ---- capabilities ---- */

#define CAPS_10                                                                                              \
	(RETORT_CAP_TX_DDL | RETORT_CAP_SCHEMAS | RETORT_CAP_COMMENTS | RETORT_CAP_ENUMS |                   \
		RETORT_CAP_DOMAINS | RETORT_CAP_SEQUENCES | RETORT_CAP_EXTENSIONS |                          \
		RETORT_CAP_MATERIALIZED | RETORT_CAP_FUNCTIONS | RETORT_CAP_TRIGGERS | RETORT_CAP_EXCLUDE |  \
		RETORT_CAP_DEFERRABLE | RETORT_CAP_DEFERRABLE_UNIQUE | RETORT_CAP_PARTIAL_INDEX |            \
		RETORT_CAP_EXPRESSION_INDEX | RETORT_CAP_INDEX_NULLS | RETORT_CAP_INDEX_DESC |               \
		RETORT_CAP_INDEX_OPCLASS | RETORT_CAP_INDEX_METHOD | RETORT_CAP_CONCURRENTLY |               \
		RETORT_CAP_NOT_VALID | RETORT_CAP_RENAME_INDEX | RETORT_CAP_CASCADE |                        \
		RETORT_CAP_ALTER_CONSTRAINT | RETORT_CAP_IDENTITY_ALWAYS | RETORT_CAP_ALTER_LIST |           \
		RETORT_CAP_REPLACE_VIEW | RETORT_CAP_REPLACE_ROUTINE | RETORT_CAP_DROP_TRIGGER_ON |          \
		RETORT_CAP_VIEWS_HOLD | RETORT_CAP_ASKS_USING)

/* What later versions added (the release notes, appendix E of the manual). */
static const struct {
	unsigned version;
	uint64_t caps;
} added[] = {
	{110000, RETORT_CAP_PROCEDURES | RETORT_CAP_INDEX_INCLUDE},
	{120000, RETORT_CAP_COMPUTED_STORED},
	{140000, RETORT_CAP_REPLACE_TRIGGER},
	{180000, RETORT_CAP_COMPUTED_VIRTUAL},
};

uint64_t dialect_caps_at(unsigned version)
{
	uint64_t caps = CAPS_10;

	for (size_t i = 0; i < sizeof added / sizeof *added; i++)
		if (version == 0 || version >= added[i].version)
			caps |= added[i].caps;
	/* Of an unknown version what is true of all but the newest: a stored column runs everywhere. */
	return version == 0 ? caps & ~RETORT_CAP_COMPUTED_VIRTUAL : caps;
}

struct retort_render dialect_render(struct retort_arena *arena, const struct retort_schema *schema)
{
	return (struct retort_render){.size = sizeof(struct retort_render),
		.arena = arena,
		.dialect = &postgresql_dialect,
		.schema = schema};
}

/* ---- columns ---- */

static int render_type(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err)
{
	(void)render;
	(void)err;
	if (!type->native)
		return RETORT_PASS;
	retort_buf_str(out, type->native);
	return RETORT_OK;
}

static int render_literal(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out, struct retort_error *err)
{
	(void)render;
	(void)err;
	if (type->kind != RETORT_TYPE_BLOB && type->kind != RETORT_TYPE_BINARY &&
		type->kind != RETORT_TYPE_VARBINARY)
		return RETORT_PASS;
	retort_buf_printf(out, "'\\x%s'", text + 2);
	return RETORT_OK;
}

static int render_table_tail(struct retort_render *render, const struct retort_table *table,
	struct retort_buf *out, struct retort_error *err)
{
	const char *partition = retort_table_option(table, "postgresql", "partition_by");
	const char *tablespace = retort_table_option(table, "postgresql", "tablespace");

	(void)err;
	if (partition)
		retort_buf_printf(out, " PARTITION BY %s", partition);
	if (tablespace) {
		retort_buf_str(out, " TABLESPACE ");
		retort_sql_name(render, out, tablespace);
	}
	return RETORT_OK;
}

/* ---- faults that the capability bits don't tell ---- */

static int check_column(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_error *err)
{
	const struct retort_type *type = column->type;

	if (type && (type->kind == RETORT_TYPE_BINARY || type->kind == RETORT_TYPE_VARBINARY) && render->plan)
		retort_plan_note(render->plan,
			"postgresql has no length for bytes: that of binary and varbinary is left out");
	if (column->autoincrement == RETORT_AUTO_NONE || !type)
		return 0;
	if (!native_serial(type))
		return retort_fail(err, RETORT_E_PLAN,
			"cannot make column '%s' of '%s': postgresql can autoincrement "
			"only smallint, integer and bigint%s",
			column->name, table->name,
			type->is_unsigned ? ": give it as {default: bigint unsigned, postgresql: bigint}"
					  : "");
	if (column->autoincrement == RETORT_AUTO_SERIAL && (column->auto_start || column->auto_increment))
		return retort_fail(err, RETORT_E_PLAN,
			"cannot make column '%s' of '%s': start and increment go with "
			"autoincrement: true, not with serial",
			column->name, table->name);
	return 0;
}

static int check_op(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_table nowhere = {.schema = op->schema, .name = op->table};
	int rc = 0;

	if (op->create)
		for (size_t i = 0; i < op->create->column_count; i++)
			rc |= check_column(render, op->create, op->create->columns[i], err);
	if (op->kind == RETORT_OP_ADD_COLUMN)
		rc |= check_column(render, &nowhere, op->column, err);
	return rc;
}

static int native_type(struct retort_arena *arena, const char *native, const struct retort_type **ret)
{
	*ret = native_parse(arena, native);
	return 0;
}

/* ---- the tables ---- */

/* As open.c settles a session. */
static const char *const session_statements[] = {
	"SET client_encoding = 'UTF8'",
	"SET standard_conforming_strings = on",
	"SET TimeZone = 'UTC'",
	"SET DateStyle = 'ISO, YMD'",
	"SET IntervalStyle = 'postgres'",
	NULL,
};

static const char *const begin_plain[] = {"BEGIN", NULL};
static const char *const begin_read_only[] = {"BEGIN READ ONLY", NULL};

static const char *const *script_begin(unsigned flags)
{
	return flags & RETORT_TX_READ_ONLY ? begin_read_only : begin_plain;
}

static const struct retort_override overrides[] = {
	{RETORT_OP_CREATE_TABLE, override_create_table},
	{RETORT_OP_ADD_COLUMN, override_add_column},
	{RETORT_OP_ALTER_COLUMN, override_alter_column},
	{RETORT_OP_ALTER_ENUM, override_alter_enum},
	{RETORT_OP_SET_OPTIONS, override_set_options},
	{RETORT_OP_REPLACE_VIEW, override_replace_view},
	{RETORT_OP_CREATE_ROUTINE, override_make_routine},
	{RETORT_OP_REPLACE_ROUTINE, override_make_routine},
	{RETORT_OP_DROP_ROUTINE, override_drop_routine},
	{0, NULL},
};

static const struct retort_option_row options[] = {
	{"table", "tablespace", "word", "where the table's files lie"},
	{"table", "unlogged", "bool", "faster, but empty after a crash of the server"},
	{"table", "partition_by", "sql", "RANGE, LIST or HASH and the key: RANGE (created_at)"},
	{NULL, NULL, NULL, NULL},
};

/* A schema where the role may not make a database. */
static const struct retort_scratch_row scratch[] = {
	{"CREATE DATABASE {name}", "DROP DATABASE IF EXISTS {name}", "SELECT current_database()", NULL,
		false},
	{"CREATE SCHEMA {name}", "DROP SCHEMA IF EXISTS {name} CASCADE", "SELECT current_schema()",
		"options=-csearch_path={name}", true},
	{NULL, NULL, NULL, NULL, false},
};

const struct retort_dialect postgresql_dialect = {
	.size = sizeof postgresql_dialect,
	.name = "postgresql",
	.quote_open = '"',
	.quote_close = '"',
	.max_name = TYPICAL_NAME_MAX,
	.syntax = POSTGRESQL_SYNTAX,
	.placeholder = "$",
	.caps = CAPS_10 | RETORT_CAP_PROCEDURES | RETORT_CAP_INDEX_INCLUDE | RETORT_CAP_COMPUTED_STORED |
		RETORT_CAP_REPLACE_TRIGGER,
	.types = native_types,
	.overrides = overrides,
	.options = options,
	.session = session_statements,
	.type = render_type,
	.type_check = retort_sql_type_condition,
	.function = function_render,
	.literal = render_literal,
	.table_tail = render_table_tail,
	.normalize = normalize_schema,
	.check = check_op,
	.begin = script_begin,
	.native_type = native_type,
	.caps_at = dialect_caps_at,
	.after_rows = script_after_rows,
	.assert_sql = script_assert,
	.scratch = scratch,
};
