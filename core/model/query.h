/* SPDX-License-Identifier: MIT
 *
 * model/query.h: which tables and columns the text of a view or trigger uses.
 *
 * The text is read by its words: what stands after FROM, JOIN, INTO and UPDATE is a table, perhaps with
 * an alias; a column belongs to its qualifier's table, else to the nearest SELECT around it that has a
 * table with such a column. That is enough to follow a rename and to refuse to drop what is used, for
 * the SQL of every engine; what a routine's body does is not looked at.
 */
#ifndef RETORT_MODEL_QUERY_H
#define RETORT_MODEL_QUERY_H

#include "retort/schema.h"
#include "retort/sql.h"

/* A view's query, or a trigger's text from its time on (AFTER UPDATE OF a ON t ... BEGIN ...). */
struct query {
	const char *sql;
	const char *trigger_table;          /* NULL: a view */
	unsigned syntax;                    /* RETORT_SYNTAX_* */
	const struct retort_schema *schema; /* tells which tables have which columns */
};

bool query_uses_table(const struct query *query, const char *schema_name, const char *table);
bool query_uses_column(const struct query *query, const char *schema_name, const char *table,
	const char *column);
/* The text after a rename; the query's own where nothing changes. */
const char *query_rename_table(struct retort_arena *arena, const struct query *query, const char *schema_name,
	const char *from, const char *to);
const char *query_rename_column(struct retort_arena *arena, const struct query *query,
	const char *schema_name, const char *table, const char *from, const char *to);

#endif
