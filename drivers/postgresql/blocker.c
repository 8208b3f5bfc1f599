/* SPDX-License-Identifier: MIT
 *
 * Waiting for the locks of tables: who has what a statement waited for too long, and which statements may
 * wait as long as it takes.
 */
#include <stdio.h>
#include <string.h>

#include "connection.h"
#include "dialect.h"
#include "inspect.h"

enum { MOST_NAMES = 50 /* of one statement that are looked for */ };

/* The names in a statement as the text of an array. */
static const char *names_in(struct retort_arena *arena, const char *sql)
{
	const char *names[MOST_NAMES];
	struct retort_token token;
	size_t count = 0;

	while (count < MOST_NAMES &&
		(token = retort_sql_token(POSTGRESQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		char *name;

		if (token.kind != RETORT_TOKEN_WORD && token.kind != RETORT_TOKEN_QUOTED)
			continue;
		name = retort_token_name(arena, &token);
		if (token.kind == RETORT_TOKEN_WORD) /* as the server folds it */
			for (char *at = name; *at; at++)
				if (*at >= 'A' && *at <= 'Z')
					*at = (char)(*at - 'A' + 'a');
		names[count++] = name;
	}
	return inspect_array_text(arena, names, count);
}

/* Locks of others on relations that the statement names; else, for what it doesn't name (a table by its
 * index, the other end of a foreign key), the oldest transaction's. */
static const char blocker_sql[] =
	"SELECT c.relname, CASE WHEN a.application_name LIKE 'retort %@%' THEN substr(a.application_name, 8)"
	" ELSE coalesce(a.usename, '?') || '@' || coalesce(a.client_hostname, host(a.client_addr), "
	"'localhost')"
	" END, l.pid, CASE WHEN a.application_name LIKE 'retort %@%' THEN 'retort' ELSE a.application_name "
	"END,"
	" a.state, to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
	" FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
	" WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()"
	" AND l.pid <> $1::int AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
	" AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
	" ORDER BY c.relname = ANY ($2::text[]) DESC, c.relkind IN ('r', 'p', 'm', 'v', 'S') DESC,"
	" a.xact_start, l.pid LIMIT 1";

/* A connection to the same place for a question: the one at hand is in a transaction that has failed. */
static PGconn *ask_beside(const struct retort_conn *conn, struct retort_arena *arena)
{
	PQconninfoOption *options = PQconninfo(conn->pg);
	const char **names, **values;
	size_t count = 0;
	PGconn *beside;

	if (!options)
		return NULL;
	while (options[count].keyword)
		count++;
	names = retort_alloc_array(arena, count + 1, sizeof *names);
	values = retort_alloc_array(arena, count + 1, sizeof *values);
	for (size_t i = 0; i < count; i++) {
		names[i] = options[i].keyword;
		values[i] = strcmp(names[i], "connect_timeout") == 0 ? "3" : options[i].val;
	}
	beside = PQconnectdbParams(names, values, 0);
	PQconninfoFree(options);
	if (PQstatus(beside) == CONNECTION_OK)
		return beside;
	PQfinish(beside);
	return NULL;
}

const char *connection_blocker(const struct retort_conn *conn, struct retort_arena *arena, const char *sql)
{
	PGconn *beside = ask_beside(conn, arena);
	const char *params[2], *text = NULL, *program, *since;
	PGresult *result;

	if (!beside)
		return NULL;
	params[0] = retort_printf(arena, "%d", PQbackendPID(conn->pg));
	params[1] = names_in(arena, sql);
	result = PQexecParams(beside, blocker_sql, 2, NULL, params, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0) {
		program = PQgetvalue(result, 0, 3);
		since = connection_cell(result, 0, 5);
		text = retort_printf(arena, "'%s' is locked by %s pid %s%s%s (%s%s%s)",
			connection_line(arena, PQgetvalue(result, 0, 0)),
			connection_line(arena, PQgetvalue(result, 0, 1)), PQgetvalue(result, 0, 2),
			*program ? ", " : "", connection_line(arena, program),
			PQgetisnull(result, 0, 4) ? "in a prepared transaction" : PQgetvalue(result, 0, 4),
			since ? " since " : "", since ? since : "");
	}
	PQclear(result);
	PQfinish(beside);
	return text;
}

/* CREATE INDEX CONCURRENTLY and its like wait for transactions, not for tables: nobody queues behind them,
 * and one that gives up leaves an invalid index. */
static bool is_patient(const char *sql)
{
	struct retort_token token;

	while ((token = retort_sql_word(POSTGRESQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		if (token.kind == RETORT_TOKEN_PUNCTUATION)
			return false;
		if (retort_token_is(&token, "concurrently"))
			return true;
	}
	return false;
}

int connection_patience(struct retort_conn *conn, const char *sql, bool *patient, struct retort_error *err)
{
	*patient = !conn->pooled && conn->ddl_lock_timeout_ms > 0 &&
		PQtransactionStatus(conn->pg) == PQTRANS_IDLE && is_patient(sql);
	return *patient ? connection_do(conn, "SET lock_timeout = 0", NULL, 0, err) : 0;
}

int connection_impatience(struct retort_conn *conn, struct retort_error *err)
{
	char sql[64];

	snprintf(sql, sizeof sql, "SET lock_timeout = %ld", conn->ddl_lock_timeout_ms);
	return connection_do(conn, sql, NULL, 0, err);
}
