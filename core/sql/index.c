/* SPDX-License-Identifier: MIT
 *
 * CREATE INDEX. What the engine lacks is left out here; render_check has told or refused it.
 */
#include "sql/clause.h"

static void append_key(const struct retort_render *render, struct retort_buf *out,
	const struct retort_index_column *key)
{
	if (key->column)
		retort_sql_name(render, out, key->column);
	else
		retort_sql_expression(out, key->expression->sql);
	if (key->length > 0 && retort_sql_has(render, RETORT_CAP_INDEX_PREFIX))
		retort_buf_printf(out, "(%u)", key->length);
	if (key->collation) {
		retort_buf_str(out, " COLLATE ");
		retort_sql_name(render, out, key->collation);
	}
	if (key->opclass && retort_sql_has(render, RETORT_CAP_INDEX_OPCLASS))
		retort_buf_printf(out, " %s", key->opclass);
	if (key->order == RETORT_ORDER_DESC && retort_sql_has(render, RETORT_CAP_INDEX_DESC))
		retort_buf_str(out, " DESC");
	if (key->nulls != RETORT_NULLS_NONE && retort_sql_has(render, RETORT_CAP_INDEX_NULLS))
		retort_buf_str(out, key->nulls == RETORT_NULLS_FIRST ? " NULLS FIRST" : " NULLS LAST");
}

void clause_create_index(const struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_index *index, unsigned words)
{
	retort_buf_printf(out, "CREATE %sINDEX ", index->unique ? "UNIQUE " : "");
	if ((words & CLAUSE_CONCURRENTLY) && retort_sql_has(render, RETORT_CAP_CONCURRENTLY))
		retort_buf_str(out, "CONCURRENTLY ");
	if (words & CLAUSE_IF_NOT_EXISTS)
		retort_buf_str(out, "IF NOT EXISTS ");
	retort_sql_write(render, out, "%n ON %t", index->name, table->schema, table->name);
	if (index->method && retort_sql_has(render, RETORT_CAP_INDEX_METHOD))
		retort_buf_printf(out, " USING %s", index->method);
	for (size_t i = 0; i < index->column_count; i++) {
		retort_buf_str(out, i == 0 ? " (" : ", ");
		append_key(render, out, index->columns[i]);
	}
	retort_buf_char(out, ')');
	if (index->include_count > 0 && retort_sql_has(render, RETORT_CAP_INDEX_INCLUDE)) {
		retort_buf_str(out, " INCLUDE (");
		retort_sql_names(render, out, index->include, index->include_count);
		retort_buf_char(out, ')');
	}
	if (index->where && retort_sql_has(render, RETORT_CAP_PARTIAL_INDEX))
		retort_buf_printf(out, " WHERE %s", index->where->sql);
}

int retort_sql_create_index(struct retort_render *render, struct retort_buf *out,
	const struct retort_table *table, const struct retort_index *index, struct retort_error *err)
{
	(void)err;
	clause_create_index(render, out, table, index, 0);
	return 0;
}
