/* SPDX-License-Identifier: MIT
 *
 * Blocks of code where a statement alone can't do it.
 */
#include <string.h>

#include "dialect.h"

void script_dollar(struct retort_buf *out, const char *text)
{
	const char *tag = "$retort$";

	for (int i = 1; strstr(text, tag); i++)
		tag = retort_printf(out->arena, "$retort%d$", i);
	retort_buf_printf(out, "%s%s%s", tag, text, tag);
}

int script_assert(struct retort_render *render, const char *query, const char *value, const char *message,
	struct retort_buf *out, struct retort_error *err)
{
	struct retort_buf body;

	(void)err;
	message = message ? message : "assertion failed";
	retort_buf_init(&body, render->arena);
	retort_buf_str(&body, "\nBEGIN\n\tIF (");
	retort_buf_str(&body, query);
	retort_buf_str(&body, "\n\t)::text IS DISTINCT FROM ");
	if (value)
		retort_sql_string(render, &body, value);
	else
		retort_buf_str(&body, "NULL");
	retort_buf_str(&body, " THEN\n\t\tRAISE EXCEPTION USING MESSAGE = ");
	if (strstr(message, "{value}"))
		retort_sql_write(render, &body, "replace(%q, '{value}', coalesce((%s\n\t\t)::text, 'NULL'))",
			message, query);
	else
		retort_sql_string(render, &body, message);
	retort_buf_str(&body, ";\n\tEND IF;\nEND\n");
	retort_buf_str(out, "DO ");
	script_dollar(out, body.data);
	return RETORT_OK;
}

void script_sequence(const struct retort_render *render, struct retort_buf *out, const char *schema,
	const char *table, const char *column)
{
	struct retort_buf name;

	retort_buf_init(&name, render->arena);
	retort_sql_qualified(render, &name, schema, table);
	retort_sql_write(render, out, "pg_get_serial_sequence(%q, %q)", name.data, column);
}

/* Never back: a sequence that is further on stays there. */
int script_after_rows(struct retort_render *render, const struct retort_op *op,
	const struct retort_table *table, struct retort_error *err)
{
	(void)err;
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		struct retort_buf sql, sequence, name;

		if (column->autoincrement == RETORT_AUTO_NONE)
			continue;
		retort_buf_init(&sequence, render->arena);
		script_sequence(render, &sequence, table->schema, table->name, column->name);
		retort_buf_init(&name, render->arena);
		retort_sql_name(render, &name, column->name);
		retort_buf_init(&sql, render->arena);
		retort_buf_printf(&sql, "SELECT setval(%s, max(%s)) FROM ", sequence.data, name.data);
		retort_sql_qualified(render, &sql, table->schema, table->name);
		retort_buf_printf(&sql,
			" HAVING max(%s) > coalesce(pg_sequence_last_value(%s::regclass),"
			" (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = %s::regclass))",
			name.data, sequence.data, sequence.data);
		retort_plan_add(render->plan, op, RETORT_STMT_DATA, sql.data,
			retort_printf(render->arena,
				"move the sequence of '%s' in '%s' past the largest value", column->name,
				table->name));
	}
	return RETORT_OK;
}
