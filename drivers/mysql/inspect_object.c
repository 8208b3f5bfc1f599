/* SPDX-License-Identifier: MIT
 *
 * Views, routines, triggers, sequences; of events only the names.
 */
#include <stdlib.h>
#include <string.h>

#include "inspect.h"
#include "reserved.h"

/* ---- texts ---- */

static bool is_plain_name(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (const char *at = name; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
			return false;
	return !reserved_word(name);
}

/* A stored query without the database in front of names, without quotes that aren't needed and without
 * character sets in front of strings. */
static const char *plain_query(const struct inspection *inspection, const char *sql)
{
	struct retort_arena *arena = inspection->arena;
	struct retort_token token;
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, "");
	while ((token = retort_sql_token(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		const char *ahead = sql, *name;
		struct retort_token following = retort_sql_token(MYSQL_SYNTAX, &ahead);
		bool dotted = following.kind == RETORT_TOKEN_PUNCTUATION && *following.text == '.';

		if (token.kind == RETORT_TOKEN_WORD && *token.text == '_' &&
			following.kind == RETORT_TOKEN_STRING)
			continue;
		name = token.kind == RETORT_TOKEN_QUOTED ? retort_token_name(arena, &token) : NULL;
		if (name && dotted && strcmp(name, inspection->database) == 0)
			sql = ahead;
		else if (name && is_plain_name(name))
			retort_buf_str(&out, name);
		else
			retort_buf_mem(&out, token.text, token.len);
	}
	return out.data;
}

/* ---- views ---- */

static int take_view(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	const char *query = plain_query(inspection, columns[1] ? columns[1] : "");
	struct retort_view *view;

	(void)column_count;
	if (!dialect_same(columns[2], "NONE"))
		query = retort_printf(arena, "%s WITH %s CHECK OPTION", query, columns[2]);
	view = retort_schema_add_view(inspection->schema, inspection->schema_name,
		retort_strdup(arena, columns[0]), query);
	if (!dialect_same(columns[3], "DEFINER"))
		inspect_unmodelled(inspection,
			retort_printf(arena, "view '%s' has SQL SECURITY %s", view->name, columns[3]));
	view->definition = retort_strdup(arena, columns[1]);
	if (!columns[1] || !*columns[1])
		inspect_unmodelled(inspection,
			retort_printf(arena,
				"the query of view '%s' can't be seen: SHOW VIEW is not "
				"granted",
				view->name));
	return 0;
}

/* ---- triggers ---- */

static int take_trigger(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	const char *table = retort_strdup(arena, columns[1]);
	struct retort_buf body;

	(void)column_count;
	retort_buf_init(&body, arena);
	retort_sql_write(inspection->render, &body, is_plain_name(table) ? "%s %s ON %s" : "%s %s ON %n",
		columns[2], columns[3], table);
	retort_buf_printf(&body, " FOR EACH ROW\n%s", columns[4]);
	retort_schema_add_trigger(inspection->schema, inspection->schema_name, table,
		retort_strdup(arena, columns[0]), body.data);
	return 0;
}

int inspect_triggers(struct inspection *inspection)
{
	const struct retort_inspect_options *options = inspection->options;
	size_t count = options ? options->table_count : 0;
	const char **params = retort_alloc_array(inspection->arena, count + 1, sizeof *params);
	struct retort_buf sql;

	retort_buf_init(&sql, inspection->arena);
	retort_buf_str(&sql,
		"SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT"
		" FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?");
	params[0] = inspection->database;
	for (size_t i = 0; i < count; i++) {
		params[i + 1] = options->tables[i];
		retort_buf_str(&sql, i > 0 ? ", ?" : " AND EVENT_OBJECT_TABLE IN (?");
	}
	retort_buf_printf(&sql, "%s ORDER BY EVENT_OBJECT_TABLE, ACTION_ORDER, TRIGGER_NAME",
		count > 0 ? ")" : "");
	return connection_query(inspection->conn, sql.data, params, count + 1, take_trigger, inspection,
		inspection->err);
}

/* ---- routines ---- */

static struct retort_routine *find_routine(const struct inspection *inspection, const char *name,
	bool procedure)
{
	for (size_t i = 0; i < inspection->schema->routine_count; i++) {
		struct retort_routine *routine = inspection->schema->routines[i];

		if (strcmp(routine->name, name) == 0 && (routine->kind == RETORT_PROCEDURE) == procedure &&
			dialect_same(routine->schema, inspection->schema_name))
			return routine;
	}
	return NULL;
}

/* The parameters come first; the body is told when they are known. */
static int take_routine(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	bool procedure = dialect_same(columns[1], "PROCEDURE");
	struct retort_routine *routine;
	struct retort_buf body;

	(void)column_count;
	if (!procedure && !dialect_same(columns[1], "FUNCTION")) {
		inspect_unmodelled(inspection,
			retort_printf(arena, "%s '%s' is left alone", columns[1], columns[0]));
		return 0;
	}
	routine = find_routine(inspection, columns[0], procedure);
	if (!routine) {
		routine = retort_alloc(arena, sizeof *routine);
		routine->kind = procedure ? RETORT_PROCEDURE : RETORT_FUNCTION;
		routine->schema = inspection->schema_name;
		routine->name = retort_strdup(arena, columns[0]);
		routine->body = retort_text_new(arena, "(");
		RETORT_PUSH(arena, inspection->schema->routines, inspection->schema->routine_count, routine);
	}
	retort_buf_init(&body, arena);
	retort_buf_printf(&body, "%s)", routine->body->sql);
	if (!procedure && columns[2])
		retort_buf_printf(&body, " RETURNS %s", columns[2]);
	if (dialect_same(columns[4], "YES"))
		retort_buf_str(&body, " DETERMINISTIC");
	if (!dialect_same(columns[5], "CONTAINS SQL"))
		retort_buf_printf(&body, " %s", columns[5]);
	if (dialect_same(columns[6], "INVOKER"))
		retort_buf_str(&body, " SQL SECURITY INVOKER");
	if (columns[7] && *columns[7]) {
		retort_buf_str(&body, " COMMENT ");
		retort_sql_string(inspection->render, &body, columns[7]);
	}
	retort_buf_printf(&body, "\n%s", columns[3] ? columns[3] : "");
	routine->body = retort_text_new(arena, body.data);
	return 0;
}

static int take_parameter(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	bool procedure = dialect_same(columns[1], "PROCEDURE");
	struct retort_routine *routine = find_routine(inspection, columns[0], procedure);
	struct retort_buf body;

	(void)column_count;
	if (!routine) {
		routine = retort_alloc(arena, sizeof *routine);
		routine->kind = procedure ? RETORT_PROCEDURE : RETORT_FUNCTION;
		routine->schema = inspection->schema_name;
		routine->name = retort_strdup(arena, columns[0]);
		routine->body = retort_text_new(arena, "(");
		RETORT_PUSH(arena, inspection->schema->routines, inspection->schema->routine_count, routine);
	}
	retort_buf_init(&body, arena);
	retort_buf_printf(&body, "%s%s", routine->body->sql, routine->body->sql[1] ? ", " : "");
	if (procedure && !dialect_same(columns[2], "IN"))
		retort_buf_printf(&body, "%s ", columns[2]);
	if (is_plain_name(columns[3]))
		retort_buf_str(&body, columns[3]);
	else
		retort_sql_name(inspection->render, &body, columns[3]);
	retort_buf_printf(&body, " %s", columns[4]);
	routine->body = retort_text_new(arena, body.data);
	return 0;
}

/* ---- sequences and events ---- */

static int take_sequence(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	struct retort_sequence *sequence = retort_alloc(arena, sizeof *sequence);

	(void)column_count;
	sequence->schema = inspection->schema_name;
	sequence->name = retort_strdup(arena, columns[0]);
	sequence->start = strtoll(columns[1], NULL, 10);
	sequence->minimum = strtoll(columns[2], NULL, 10);
	sequence->maximum = strtoll(columns[3], NULL, 10);
	sequence->increment = strtoll(columns[4], NULL, 10);
	sequence->cache = strtoll(columns[5], NULL, 10);
	sequence->cycle = strcmp(columns[6], "0") != 0;
	RETORT_PUSH(arena, inspection->schema->sequences, inspection->schema->sequence_count, sequence);
	return 0;
}

/* Builds one query over all sequences, whose settings each has as a row of its own. */
struct sequence_list {
	struct inspection *inspection;
	struct retort_buf sql;
};

static int note_sequence(void *context, size_t column_count, const char *const *columns)
{
	struct sequence_list *list = context;

	(void)column_count;
	if (list->sql.len > 0)
		retort_buf_str(&list->sql, " UNION ALL ");
	retort_sql_write(list->inspection->render, &list->sql,
		"SELECT %q, start_value, minimum_value, maximum_value, increment, cache_size, cycle_option "
		"FROM %t",
		columns[0], list->inspection->database, columns[0]);
	return 0;
}

static int inspect_sequences(struct inspection *inspection)
{
	struct sequence_list list = {.inspection = inspection};

	if (!inspection->conn->is_mariadb)
		return 0;
	retort_buf_init(&list.sql, inspection->arena);
	if (connection_query(inspection->conn,
		    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?"
		    " AND TABLE_TYPE = 'SEQUENCE' ORDER BY TABLE_NAME",
		    &inspection->database, 1, note_sequence, &list, inspection->err))
		return -1;
	return list.sql.len == 0 ? 0
				 : connection_query(inspection->conn, list.sql.data, NULL, 0, take_sequence,
					   inspection, inspection->err);
}

static int take_event(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;

	(void)column_count;
	inspect_unmodelled(inspection,
		retort_printf(inspection->arena, "event '%s' is left alone", columns[0]));
	return 0;
}

int inspect_objects(struct inspection *inspection)
{
	static const struct {
		const char *sql;
		retort_row_fn *row;
	} queries[] = {
		{"SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, SECURITY_TYPE FROM "
		 "information_schema.VIEWS WHERE TABLE_SCHEMA = ? "
		 "ORDER BY TABLE_NAME",
			take_view},
		{"SELECT SPECIFIC_NAME, ROUTINE_TYPE, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER FROM"
		 " information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = ? AND ORDINAL_POSITION > 0"
		 " ORDER BY SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION",
			take_parameter},
		{"SELECT ROUTINE_NAME, ROUTINE_TYPE, DTD_IDENTIFIER, ROUTINE_DEFINITION, IS_DETERMINISTIC, "
		 "SQL_DATA_ACCESS,"
		 " SECURITY_TYPE, ROUTINE_COMMENT FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? "
		 "ORDER BY "
		 "ROUTINE_NAME, ROUTINE_TYPE",
			take_routine},
		{"SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY "
		 "EVENT_NAME",
			take_event},
	};

	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		if (connection_query(inspection->conn, queries[i].sql, &inspection->database, 1,
			    queries[i].row, inspection, inspection->err))
			return -1;
	return inspect_sequences(inspection);
}
