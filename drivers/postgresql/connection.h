/* SPDX-License-Identifier: MIT
 *
 * connection.h: one connection to one PostgreSQL database.
 *
 * It starts from a fixed state: UTC, UTF-8, ISO dates, standard strings, the timeouts asked for. Behind a
 * pooler, which may give the next statement another server session, that state is set in each transaction
 * alone and the session's advisory locks are not used. Statements without parameters go by the simple
 * protocol, which costs what psql's cost.
 */
#ifndef POSTGRESQL_CONNECTION_H
#define POSTGRESQL_CONNECTION_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "retort/driver.h"

struct retort_conn {
	struct retort_arena *arena; /* the connection's own; it holds this struct too */
	PGconn *pg;
	PGcancel *canceller;
	const struct retort_listener *listener;
	const char *place;       /* for messages: database 'x' on 'host' */
	const char *local_state; /* SET LOCAL statements of the fixed state; NULL: the session has it */
	const char
		*search_path; /* schemas, divided by commas, as the URL gives them; NULL: the server's own */
	bool read_only;
	bool pooled; /* a pooler stands between: the session isn't ours alone */
	long statement_timeout_ms, ddl_lock_timeout_ms;
	atomic_bool cancelled; /* since the last statement began */
};

/* open.c */
struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err);
void connection_close(struct retort_conn *conn);
/* The schema in which names without one are made; NULL: none, or a failure that err tells. */
const char *connection_home(struct retort_conn *conn, struct retort_arena *arena, struct retort_error *err);

/* connection.c */
int connection_cancel(struct retort_conn *conn);
void connection_notice(const struct retort_conn *conn, enum retort_notice_level level, const char *format,
	...) RETORT_PRINTF(3, 4);
/* For PQsetNoticeReceiver. */
void connection_receive(void *context, const PGresult *result);
/* Text in one line: blanks for control characters, none at the end. */
const char *connection_line(struct retort_arena *arena, const char *text);
/* Tells what a failed result says of sql; sql NULL: it has no place there. Returns -1. */
int connection_fail(struct retort_conn *conn, const PGresult *result, const char *sql,
	struct retort_error *err);
/* Runs one statement with text parameters. *ret is to be cleared by the caller. */
int connection_run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	PGresult **ret, struct retort_error *err);
/* The same without a result; several statements may stand in sql where n is 0. */
int connection_do(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	struct retort_error *err);
/* A cell as text, NULL for SQL NULL. */
const char *connection_cell(const PGresult *result, int row, int column);

int connection_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err);
int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);

/* index.c: the slot exec, which also clears away what CREATE INDEX CONCURRENTLY leaves when it fails. */
int index_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err);

/* blocker.c */
/* Who has a lock that sql may have waited for, in words; NULL: that can't be told. */
const char *connection_blocker(const struct retort_conn *conn, struct retort_arena *arena, const char *sql);
/* Before a statement that may wait for locks as long as it takes (*patient) the limit is lifted; the other
 * sets it again. */
int connection_patience(struct retort_conn *conn, const char *sql, bool *patient, struct retort_error *err);
int connection_impatience(struct retort_conn *conn, struct retort_error *err);

/* transaction.c */
int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err);
int transaction_commit(struct retort_conn *conn, struct retort_error *err);
int transaction_rollback(struct retort_conn *conn, struct retort_error *err);
enum retort_tx_state transaction_state(struct retort_conn *conn);
/* Something that leaves no trace, in a transaction of its own or inside the one that is open. */
int transaction_enter(struct retort_conn *conn, bool writes, bool *inner, struct retort_error *err);
/* Undoes it; what err says already stays. */
int transaction_leave(struct retort_conn *conn, bool inner, struct retort_error *err);

/* activity.c */
int activity_identify(struct retort_conn *conn, struct retort_arena *arena, const char **identity,
	struct retort_error *err);
int activity_observe(struct retort_conn *conn, const char *identity, bool end, struct retort_arena *arena,
	struct retort_activity *activity, struct retort_error *err);

/* pipeline.c */
#ifdef LIBPQ_HAS_PIPELINING
int pipeline_exec_all(struct retort_conn *conn, const struct retort_command *commands, size_t count,
	long long *affected, size_t *done, struct retort_error *err);
#else
#define pipeline_exec_all NULL /* the host then calls exec for each */
#endif

/* lock.c */
int lock_take(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err);
int lock_release(struct retort_conn *conn, const char *name, struct retort_error *err);

/* bulk.c */
int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err);

#endif
