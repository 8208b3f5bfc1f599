/* SPDX-License-Identifier: MIT
 *
 * Who has what a statement waited for too long.
 */
#include <string.h>

#include "connection.h"
#include "dialect.h"

enum { MOST_NAMES = 50 /* of one statement that are looked for */ };

/* The names in a statement as a list for FIND_IN_SET, as a literal. */
static const char *names_in(const struct retort_conn *conn, struct retort_arena *arena, const char *sql)
{
	struct retort_token token;
	struct retort_buf list;
	size_t count = 0;
	char *escaped;

	retort_buf_init(&list, arena);
	while (count < MOST_NAMES && (token = retort_sql_token(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END)
		if (token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED)
			retort_buf_printf(&list, "%s%s", count++ > 0 ? "," : "",
				retort_token_name(arena, &token));
	escaped = retort_alloc(arena, 2 * list.len + 1);
	mysql_real_escape_string(conn->mysql, escaped, list.data, (unsigned long)list.len);
	return retort_printf(arena, "'%s'", escaped);
}

/* Where servers say who has a table: not every server does, and not to everybody. The last one knows
 * transactions only. Columns: table or NULL, user, host, connection, what it does, for how many seconds. */
static const char *const sources[] = {
	"SELECT m.OBJECT_NAME, t.PROCESSLIST_USER, t.PROCESSLIST_HOST, t.PROCESSLIST_ID, "
	"t.PROCESSLIST_COMMAND,"
	" t.PROCESSLIST_TIME FROM performance_schema.metadata_locks m JOIN performance_schema.threads t"
	" ON t.THREAD_ID = m.OWNER_THREAD_ID WHERE m.LOCK_STATUS = 'GRANTED' AND m.OBJECT_TYPE = 'TABLE'"
	" AND m.OBJECT_SCHEMA = DATABASE() AND t.PROCESSLIST_ID <> CONNECTION_ID()"
	" AND FIND_IN_SET(m.OBJECT_NAME, %s) ORDER BY t.PROCESSLIST_TIME DESC, t.PROCESSLIST_ID LIMIT 1",
	"SELECT m.TABLE_NAME, p.USER, p.HOST, p.ID, p.COMMAND, p.TIME FROM"
	" information_schema.METADATA_LOCK_INFO m JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID"
	" WHERE m.LOCK_TYPE = 'Table metadata lock' AND m.TABLE_SCHEMA = DATABASE() AND p.ID <> "
	"CONNECTION_ID()"
	" AND FIND_IN_SET(m.TABLE_NAME, %s) ORDER BY p.TIME DESC, p.ID LIMIT 1",
	"SELECT NULL, p.USER, p.HOST, p.ID, p.COMMAND, p.TIME FROM information_schema.INNODB_TRX x"
	" JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id WHERE p.ID <> CONNECTION_ID()"
	" AND %s <> '' ORDER BY x.trx_started, p.ID LIMIT 1",
};

/* The first row of a question, in words; NULL: there is none. */
static const char *ask(const struct retort_conn *conn, struct retort_arena *arena, const char *sql)
{
	const char *text = NULL, *state;
	MYSQL_RES *result;
	MYSQL_ROW row;

	if (mysql_real_query(conn->mysql, sql, (unsigned long)strlen(sql)))
		return NULL;
	result = mysql_store_result(conn->mysql);
	row = result ? mysql_fetch_row(result) : NULL;
	if (row) {
		state = !row[4] || strcmp(row[4], "Sleep") == 0 ? "idle in a transaction" : row[4];
		text = retort_printf(arena, "%s%s%s%s@%s connection %s (%s for %s s)", row[0] ? "'" : "",
			row[0] ? connection_line(arena, row[0]) : "the oldest open transaction is that of ",
			row[0] ? "' is locked by " : "", row[1] ? connection_line(arena, row[1]) : "?",
			row[2] ? connection_line(arena, row[2]) : "?", row[3] ? row[3] : "?", state,
			row[5] ? row[5] : "?");
	}
	mysql_free_result(result);
	return text;
}

const char *connection_blocker(const struct retort_conn *conn, struct retort_arena *arena, const char *sql)
{
	const char *names = names_in(conn, arena, sql), *text = NULL;

	for (size_t i = 0; !text && i < sizeof sources / sizeof *sources; i++) {
		const char *mark = strstr(sources[i], "%s");

		text = ask(conn, arena,
			retort_printf(arena, "%.*s%s%s", (int)(mark - sources[i]), sources[i], names,
				mark + 2));
	}
	return text;
}
