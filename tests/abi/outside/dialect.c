/* SPDX-License-Identifier: MIT
 *
 * Firebird's dialect: what its SQL has of its own. Tables that change are in alter.c.
 */
#include "firebird.h"

#include <string.h>

enum { ENUM_LENGTH = 32, ROWS = 50, NAME_MAX_BYTES = 31 };

void sql_vwrite(const struct retort_render *render, struct retort_buf *out, const char *format, va_list ap)
{
	for (; *format; format++)
		if (format[0] == '%' && format[1] == 'n' && format++)
			retort_sql_name(render, out, va_arg(ap, const char *));
		else if (format[0] == '%' && format[1] == 's' && format++)
			retort_buf_str(out, va_arg(ap, const char *));
		else
			retort_buf_char(out, *format);
}

void sql_write(const struct retort_render *render, struct retort_buf *out, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sql_vwrite(render, out, format, ap);
	va_end(ap);
}

/* ---- types ---- */

static const struct retort_type_row types[] = {
	{RETORT_TYPE_BOOLEAN, "BOOLEAN", NULL},
	{RETORT_TYPE_SMALLINT, "SMALLINT", NULL},
	{RETORT_TYPE_INTEGER, "INTEGER", NULL},
	{RETORT_TYPE_BIGINT, "BIGINT", NULL},
	{RETORT_TYPE_FLOAT, "FLOAT", NULL},
	{RETORT_TYPE_DOUBLE, "DOUBLE PRECISION", NULL},
	{RETORT_TYPE_NUMERIC, "NUMERIC(%p,%s)", "NUMERIC(18,0)"},
	{RETORT_TYPE_STRING, "VARCHAR(%l)", "VARCHAR(255)"},
	{RETORT_TYPE_CHAR, "CHAR(%l)", "CHAR(1)"},
	{RETORT_TYPE_TEXT, "BLOB SUB_TYPE TEXT", NULL},
	{RETORT_TYPE_DATE, "DATE", NULL},
	{RETORT_TYPE_TIME, "TIME", NULL},
	{RETORT_TYPE_DATETIME, "TIMESTAMP", NULL},
	{RETORT_TYPE_TIMESTAMP, "TIMESTAMP", NULL},
	{RETORT_TYPE_BINARY, "CHAR(%l) CHARACTER SET OCTETS", "CHAR(1) CHARACTER SET OCTETS"},
	{RETORT_TYPE_VARBINARY, "VARCHAR(%l) CHARACTER SET OCTETS", "VARCHAR(255) CHARACTER SET OCTETS"},
	{RETORT_TYPE_BLOB, "BLOB SUB_TYPE BINARY", NULL},
	{RETORT_TYPE_JSON, "BLOB SUB_TYPE TEXT", NULL},
	{RETORT_TYPE_UUID, "CHAR(36)", NULL},
	{0, NULL, NULL},
};

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* An enum is a text as long as its longest value; Firebird has nothing longer than BIGINT. */
static int render_type(struct retort_render *render, const struct retort_type *type, struct retort_buf *out,
	struct retort_error *err)
{
	size_t count, longest = ENUM_LENGTH;
	const char *const *values;

	if (type->kind == RETORT_TYPE_BIGINT && type->is_unsigned) {
		retort_buf_str(out, "BIGINT");
		return RETORT_OK;
	}
	if (type->kind == RETORT_TYPE_NUMERIC && type->precision > 18)
		return retort_fail(err, RETORT_E_PLAN, "firebird has no numeric of more than 18 digits");
	if (type->kind != RETORT_TYPE_ENUM)
		return RETORT_PASS;
	values = retort_sql_enum_values(render, type, &count);
	for (size_t i = 0; i < count; i++)
		longest = characters(values[i]) > longest ? characters(values[i]) : longest;
	retort_buf_printf(out, "VARCHAR(%zu)", longest);
	return RETORT_OK;
}

static int type_check(struct retort_render *render, const struct retort_column *column,
	struct retort_buf *out, struct retort_error *err)
{
	const char *const *values;
	size_t count;

	(void)err;
	if (column->type->kind == RETORT_TYPE_ENUM) {
		values = retort_sql_enum_values(render, column->type, &count);
		retort_sql_name(render, out, column->name);
		for (size_t i = 0; i < count; i++) {
			retort_buf_str(out, i == 0 ? " IN (" : ", ");
			retort_sql_string(render, out, values[i]);
		}
		retort_buf_str(out, count ? ")" : " IS NULL");
		return RETORT_OK;
	}
	if (!column->type->is_unsigned)
		return RETORT_PASS;
	retort_sql_name(render, out, column->name);
	retort_buf_str(out, " >= 0");
	return RETORT_OK;
}

/* ---- values ---- */

static int render_function(struct retort_render *render, const char *name, const struct retort_type *type,
	struct retort_buf *out, struct retort_error *err)
{
	(void)render, (void)err;
	if (strcmp(name, "uuid") == 0)
		return RETORT_PASS; /* no expression can be a default */
	if (strcmp(name, "today") == 0 || type->kind == RETORT_TYPE_DATE)
		retort_buf_str(out, "CURRENT_DATE");
	else
		retort_buf_str(out, type->kind == RETORT_TYPE_TIME ? "CURRENT_TIME" : "CURRENT_TIMESTAMP");
	return RETORT_OK;
}

/* Times have four digits of a second and no zone. */
static int render_literal(struct retort_render *render, const struct retort_type *type, const char *text,
	struct retort_buf *out, struct retort_error *err)
{
	const char *dot = strchr(text, '.');

	(void)err;
	if (type->kind != RETORT_TYPE_TIME && type->kind != RETORT_TYPE_DATETIME &&
		type->kind != RETORT_TYPE_TIMESTAMP)
		return RETORT_PASS;
	if (dot && strlen(dot) > 5)
		text = retort_strndup(render->arena, text, (size_t)(dot - text) + 5);
	retort_sql_string(render, out, text);
	return RETORT_OK;
}

/* ---- pieces of CREATE TABLE ---- */

/* DEFAULT comes before NOT NULL, COLLATE after it, and all that is computed is virtual. */
static int column_tail(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err)
{
	(void)table;
	if (column->computed) {
		retort_buf_str(out, " GENERATED ALWAYS AS ");
		retort_sql_expression(out, column->computed->sql);
		return RETORT_OK;
	}
	if (column->def && column->def->kind != RETORT_DEFAULT_NULL) {
		retort_buf_str(out, " DEFAULT ");
		if (retort_sql_default(render, out, column->type, column->def, err) < 0)
			return RETORT_FAIL;
	}
	if (column->autoincrement != RETORT_AUTO_NONE) {
		retort_buf_str(out, " GENERATED BY DEFAULT AS IDENTITY");
		if (column->auto_start)
			retort_buf_printf(out, " (START WITH %lld)", column->auto_start - 1);
	}
	if (!column->nullable)
		retort_buf_str(out, " NOT NULL");
	if (column->collation) {
		retort_buf_str(out, " COLLATE ");
		retort_sql_name(render, out, column->collation);
	}
	return RETORT_OK;
}

/* ---- rows ---- */

/* WHERE NOT EXISTS a row of the same key. */
static void unless_there(struct retort_render *render, const struct retort_bulk *bulk,
	const char *const *values, struct retort_buf *out)
{
	const char *word = "WHERE";

	sql_write(render, out, " FROM RDB$DATABASE WHERE NOT EXISTS (SELECT 1 FROM %n", bulk->table);
	for (size_t i = 0; i < bulk->source->column_count; i++)
		for (size_t k = 0; k < bulk->key_count; k++)
			if (strcmp(bulk->key[k], bulk->source->columns[i]) == 0) {
				sql_write(render, out, " %s %n = %s", word, bulk->key[k], values[i]);
				word = "AND";
			}
	retort_buf_char(out, ')');
}

/* An INSERT takes one row: several are a block of them. */
static int insert(struct retort_render *render, const struct retort_bulk *bulk, const char *const *values,
	size_t n, struct retort_buf *out, struct retort_error *err)
{
	bool ignore = bulk->conflict_ignore, update = bulk->conflict_update;
	size_t count = bulk->source->column_count;

	if ((ignore || update) && bulk->key_count == 0)
		return retort_fail(err, RETORT_E_PLAN, "cannot insert rows into '%s': on_conflict needs key",
			bulk->table);
	retort_buf_str(out, n > 1 ? "EXECUTE BLOCK AS BEGIN\n" : "");
	for (size_t row = 0; row < n; row++, values += count) {
		sql_write(render, out, update ? "UPDATE OR INSERT INTO %n (" : "INSERT INTO %n (",
			bulk->table);
		retort_sql_names(render, out, bulk->source->columns, count);
		retort_buf_str(out, ignore ? ") SELECT " : ") VALUES (");
		for (size_t i = 0; i < count; i++)
			retort_buf_printf(out, "%s%s", i ? ", " : "", values[i]);
		if (ignore)
			unless_there(render, bulk, values, out);
		else
			retort_buf_str(out, update ? ") MATCHING (" : "");
		if (update)
			retort_sql_names(render, out, bulk->key, bulk->key_count);
		retort_buf_str(out, ignore ? "" : ")");
		retort_buf_str(out, n > 1 ? ";\n" : "");
	}
	retort_buf_str(out, n > 1 ? "END" : "");
	return RETORT_OK;
}

/* Moves the generator of an identity column behind the rows. */
static int after_rows(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, struct retort_error *err)
{
	(void)err;
	for (size_t i = 0; i < table->column_count; i++) {
		const char *name = table->columns[i]->name;
		struct retort_buf sql, alter;

		if (table->columns[i]->autoincrement == RETORT_AUTO_NONE)
			continue;
		retort_buf_init(&alter, render->arena);
		sql_write(render, &alter, "ALTER TABLE %n ALTER %n RESTART WITH ", table->name, name);
		retort_buf_init(&sql, render->arena);
		sql_write(render, &sql,
			"EXECUTE BLOCK AS DECLARE n BIGINT; BEGIN SELECT COALESCE(MAX(%n), 0) + 1 FROM %n"
			" INTO :n; EXECUTE STATEMENT ",
			name, table->name);
		retort_sql_string(render, &sql, alter.data);
		retort_buf_str(&sql, " || n; END");
		retort_plan_add(render->plan, op, RETORT_STMT_DATA, sql.data, NULL);
	}
	return RETORT_OK;
}

/* A text that is no number raises an error that shows it. */
static int render_assert(struct retort_render *render, const char *query, const char *value,
	const char *message, struct retort_buf *out, struct retort_error *err)
{
	(void)err;
	retort_buf_printf(out,
		"EXECUTE BLOCK AS DECLARE n INTEGER; BEGIN IF (CAST((\n%s\n) AS VARCHAR(8000)) IS DISTINCT "
		"FROM ",
		query);
	if (value)
		retort_sql_string(render, out, value);
	else
		retort_buf_str(out, "NULL");
	retort_buf_str(out, ") THEN n = CAST(");
	retort_sql_string(render, out, message ? message : "an assert failed");
	retort_buf_str(out, " AS INTEGER); END");
	return RETORT_OK;
}

/* Nothing but what retort knows by itself. */
static int normalize(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	return retort_sql_normalize(retort_render_new(arena, &firebird_dialect, 0, schema), schema, err);
}

/* ---- the tables ---- */

static int check_op(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	(void)render;
	if (op->kind == RETORT_OP_RENAME_TABLE)
		return retort_fail(err, RETORT_E_PLAN,
			"firebird can't rename a table: make another and copy the rows");
	if (op->kind == RETORT_OP_ALTER_COLUMN && (op->alter & RETORT_ALTER_COMPUTED))
		return retort_fail(err, RETORT_E_PLAN,
			"firebird can't compute a column from now on: make another");
	return 0;
}

static const char *const *script_begin(unsigned flags)
{
	static const char *const write[] = {"SET TRANSACTION", NULL},
				 *const read[] = {"SET TRANSACTION READ ONLY", NULL};

	return flags & RETORT_TX_READ_ONLY ? read : write;
}

/* Rows of a table can't be changed in the transaction that makes it, so there is no TX_DDL. */
const struct retort_dialect firebird_dialect = {
	.size = sizeof firebird_dialect,
	.name = "firebird",
	.quote_open = '"',
	.quote_close = '"',
	.max_name = NAME_MAX_BYTES,
	.syntax = RETORT_SYNTAX_UPPER | RETORT_SYNTAX_FETCH | RETORT_SYNTAX_NO_IF,
	.placeholder = "?",
	.caps = RETORT_CAP_COMMENTS | RETORT_CAP_TRIGGERS | RETORT_CAP_ALTER_CONSTRAINT |
		RETORT_CAP_COMPUTED_VIRTUAL | RETORT_CAP_VIEWS_HOLD,
	.types = types,
	.type = render_type,
	.type_check = type_check,
	.function = render_function,
	.literal = render_literal,
	.column_tail = column_tail,
	.alter_table = alter_table,
	.normalize = normalize,
	.check = check_op,
	.begin = script_begin,
	.after_rows = after_rows,
	.assert_sql = render_assert,
	.insert = insert,
	.max_rows = ROWS,
};
