/* SPDX-License-Identifier: MIT
 *
 * What follows the type in a column's definition: all of it, as MODIFY and CHANGE restate a column whole.
 */
#include <string.h>

#include "dialect.h"

static bool is_moment(const struct retort_type *type)
{
	return type->kind == RETORT_TYPE_DATETIME || type->kind == RETORT_TYPE_TIMESTAMP ||
		(type->native &&
			(dialect_starts(type->native, "datetime") ||
				dialect_starts(type->native, "timestamp")));
}

/* CURRENT_TIMESTAMP, perhaps with digits, stands without parentheses: in them MySQL keeps another default,
 * which ON UPDATE can't go with. */
static bool append_clock(struct retort_buf *out, const char *sql)
{
	const char *at = sql;
	struct retort_token token = retort_sql_word(MYSQL_SYNTAX, &at), digits = {.text = NULL};

	if (!retort_token_is(&token, "current_timestamp") && !retort_token_is(&token, "now"))
		return false;
	token = retort_sql_word(MYSQL_SYNTAX, &at);
	if (token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '(') {
		token = retort_sql_word(MYSQL_SYNTAX, &at);
		if (token.kind == RETORT_TOKEN_NUMBER) {
			digits = token;
			token = retort_sql_word(MYSQL_SYNTAX, &at);
		}
		if (token.kind != RETORT_TOKEN_PUNCTUATION || *token.text != ')')
			return false;
		token = retort_sql_word(MYSQL_SYNTAX, &at);
	}
	if (token.kind != RETORT_TOKEN_END)
		return false;
	retort_buf_str(out, " DEFAULT CURRENT_TIMESTAMP");
	if (digits.text && *digits.text != '0')
		retort_buf_printf(out, "(%.*s)", (int)digits.len, digits.text);
	return true;
}

/* Bits stand without parentheses, too: in them they become bytes. */
static bool append_bits(struct retort_buf *out, const char *sql)
{
	const size_t len = strlen(sql);

	if (len < 3 || (*sql != 'b' && *sql != 'B') || sql[1] != '\'' || strspn(sql + 2, "01") != len - 3 ||
		sql[len - 1] != '\'')
		return false;
	retort_buf_printf(out, " DEFAULT %s", sql);
	return true;
}

/* A literal default of a long type must be an expression; MariaDB takes both. */
static int append_default(struct retort_render *render, struct retort_buf *out,
	const struct retort_column *column, struct retort_error *err)
{
	const struct retort_default *def = column->def;
	bool wrapped = def->kind == RETORT_DEFAULT_LITERAL && type_is_long(column->type);

	if (def->kind == RETORT_DEFAULT_NULL ||
		(def->kind == RETORT_DEFAULT_EXPRESSION &&
			((is_moment(column->type) && append_clock(out, def->text)) ||
				append_bits(out, def->text))))
		return 0;
	if ((wrapped || def->kind == RETORT_DEFAULT_EXPRESSION) && !dialect_since(render, 80013, 100201))
		return retort_fail(err, RETORT_E_PLAN,
			"%s has no default expressions before 8.0.13: leave the default out",
			render->dialect->name);
	retort_buf_printf(out, " DEFAULT %s", wrapped ? "(" : "");
	if (retort_sql_default(render, out, column->type, def, err))
		return -1;
	if (wrapped)
		retort_buf_char(out, ')');
	return 0;
}

/* Whether the type, written by a file or told by the server, says the same. */
static bool says(const char *native, const char *extra)
{
	for (; native && *native; native++)
		if (dialect_starts(native, extra))
			return true;
	return false;
}

int column_tail(struct retort_render *render, const struct retort_table *table,
	const struct retort_column *column, struct retort_buf *out, struct retort_error *err)
{
	const struct retort_type *type = column->type;

	if (column->collation)
		retort_buf_printf(out, " COLLATE %s", column->collation);
	if (column->computed) {
		retort_buf_str(out, " GENERATED ALWAYS AS ");
		retort_sql_expression(out, column->computed->sql);
		retort_buf_str(out, column->computed_stored ? " STORED" : " VIRTUAL");
	}
	if (!column->nullable && !(column->computed && dialect_is_mariadb(render)))
		retort_buf_str(out, " NOT NULL");
	else if (type->native && dialect_starts(type->native, "timestamp") && !column->computed)
		retort_buf_str(out, " NULL"); /* else some servers take it for NOT NULL */
	if (column->def && !column->computed && append_default(render, out, column, err)) {
		retort_error_prefix(err, "default of column '%s' of '%s'", column->name, table->name);
		return RETORT_FAIL;
	}
	if (column->autoincrement != RETORT_AUTO_NONE)
		retort_buf_str(out, " AUTO_INCREMENT");
	if (column->native_extra && !says(type->native, column->native_extra))
		retort_buf_printf(out, " %s", column->native_extra);
	if (column->comment) {
		retort_buf_str(out, " COMMENT ");
		retort_sql_string(render, out, column->comment);
	}
	return RETORT_OK;
}
