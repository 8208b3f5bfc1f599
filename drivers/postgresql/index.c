/* SPDX-License-Identifier: MIT
 *
 * CREATE INDEX CONCURRENTLY leaves an invalid index where it fails or its client goes away. The one of a
 * statement that fails is dropped at once; one that is in the way of a statement which is to make it is
 * dropped first, unless somebody is building it.
 */
#include <string.h>

#include "connection.h"
#include "dialect.h"

/* What a statement makes. */
struct building {
	const char *index; /* its name alone */
	const char *table; /* as it is written, with its schema */
};

/* CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table: whether sql is that. */
static bool read_building(struct retort_arena *arena, const char *sql, struct building *building)
{
	static const struct {
		const char *word;
		bool must;
	} head[] = {{"create", true}, {"unique", false}, {"index", true}, {"concurrently", true},
		{"if", false}, {"not", false}, {"exists", false}};
	struct retort_token token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
	const char *from;

	for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
		if (retort_token_is(&token, head[i].word))
			token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
		else if (head[i].must)
			return false;
	}
	building->index = retort_token_name(arena, &token);
	token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
	if (!building->index || !retort_token_is(&token, "on"))
		return false;
	token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
	if (retort_token_is(&token, "only"))
		token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
	from = token.text;
	while (token.kind == RETORT_TOKEN_QUOTED || token.kind == RETORT_TOKEN_WORD) {
		building->table = retort_strndup(arena, from, (size_t)(token.text + token.len - from));
		token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
		if (token.kind != RETORT_TOKEN_PUNCTUATION || *token.text != '.')
			break;
		token = retort_sql_word(POSTGRESQL_SYNTAX, &sql);
	}
	return building->table != NULL;
}

/* Drops the index where it is invalid and nobody has the lock that building it takes. */
static bool drop_invalid(struct retort_conn *conn, struct retort_arena *arena,
	const struct building *building)
{
	static const char find[] =
		"SELECT i.indexrelid::pg_catalog.regclass FROM pg_catalog.pg_index AS i"
		" JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
		" WHERE NOT i.indisvalid AND i.indrelid = pg_catalog.to_regclass($1) AND c.relname = $2"
		" AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS l WHERE l.locktype = 'relation' AND "
		"l.granted"
		" AND l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> "
		"pg_backend_pid())";
	const char *const params[] = {building->table, building->index};
	struct retort_error *ignored = retort_error_new();
	bool dropped = false;
	PGresult *result;

	if (connection_run(conn, find, params, 2, &result, ignored) == 0) {
		if (PQntuples(result) == 1)
			dropped = connection_do(conn,
					  retort_printf(arena, "DROP INDEX CONCURRENTLY %s",
						  PQgetvalue(result, 0, 0)),
					  NULL, 0, ignored) == 0;
		PQclear(result);
	}
	if (dropped)
		connection_notice(conn, RETORT_NOTICE_INFO,
			"index '%s' was left invalid by a CREATE INDEX CONCURRENTLY that came to no end: "
			"dropped",
			connection_line(arena, building->index));
	retort_error_free(ignored);
	return dropped;
}

int index_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	struct retort_arena *arena;
	struct building building = {0};
	size_t before = retort_error_count(err);
	const struct retort_problem *problem;
	int rc = connection_exec(conn, sql, params, n, affected, err);

	if (rc == 0 || PQtransactionStatus(conn->pg) != PQTRANS_IDLE || !err)
		return rc;
	arena = retort_arena_new();
	if (read_building(arena, sql, &building) && drop_invalid(conn, arena, &building)) {
		for (problem = retort_error_first(err); problem && problem->next;)
			problem = problem->next;
		/* It was there before: with it gone there is room for the new one. */
		if (before == 0 && problem && strcmp(problem->sqlstate, "42P07") == 0) {
			retort_error_clear(err);
			rc = connection_exec(conn, sql, params, n, affected, err);
			if (rc && PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
				drop_invalid(conn, arena, &building);
		}
	}
	retort_arena_free(arena);
	return rc;
}
