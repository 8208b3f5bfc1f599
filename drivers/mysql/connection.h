/* SPDX-License-Identifier: MIT
 *
 * connection.h: one connection to one MySQL or MariaDB database.
 *
 * It starts from a fixed state: utf8mb4, UTC, a strict sql_mode without ANSI_QUOTES, autocommit, foreign keys
 * checked, the timeouts asked for. Parameters are written into the statement as literals, escaped for
 * this very state: a round trip less than a prepared statement. Affected rows are those found, whether
 * or not a value changed.
 */
#ifndef MYSQL_CONNECTION_H
#define MYSQL_CONNECTION_H

#include <mysql.h>
#include <stdatomic.h>

#include "retort/driver.h"

struct retort_conn {
	struct retort_arena *arena; /* the connection's own; it holds this struct and its url too */
	MYSQL *mysql;
	const struct retort_url *url;
	const struct retort_listener *listener;
	const char *place; /* for messages: database 'x' on 'host' */
	const char *application_name;
	const char *default_collation; /* of utf8mb4 on this server */
	unsigned version;              /* major * 10000 + minor * 100 + patch */
	bool is_mariadb, has_database;
	bool cluster; /* of several servers that take writes: a lock of one holds for it alone */
	bool read_only;
	long lock_timeout_ms, statement_timeout_ms, ddl_lock_timeout_ms;
	unsigned long packet;  /* the longest statement that the server takes, in bytes */
	unsigned long id;      /* of the connection, as KILL wants it */
	atomic_bool cancelled; /* since the last statement began */
};

/* open.c */
struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err);
void connection_close(struct retort_conn *conn);
/* One more connection to the same server, without the fixed state; NULL on failure. */
MYSQL *connection_connect(const struct retort_conn *conn, struct retort_error *err);
/* Sets the fixed state and learns what the server is. */
int connection_settle(struct retort_conn *conn, struct retort_error *err);

/* connection.c */
int connection_cancel(struct retort_conn *conn);
void connection_notice(const struct retort_conn *conn, enum retort_notice_level level, const char *format,
	...) RETORT_PRINTF(3, 4);
/* Text in one line: blanks for control characters, none at the end. */
const char *connection_line(struct retort_arena *arena, const char *text);
/* Tells what the last call on the connection failed of; sql: the statement, NULL: not only that. Returns -1.
 */
int connection_fail(struct retort_conn *conn, const char *sql, struct retort_error *err);
/* One statement; rows it may give are thrown away. *affected may be NULL. */
int connection_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err);
int connection_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);
/* The first cell of the first row, in arena; NULL: SQL NULL or no row. */
int connection_value(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	struct retort_arena *arena, const char **value, struct retort_error *err);
/* A statement of so many bytes. */
int connection_send(struct retort_conn *conn, const char *sql, size_t n, struct retort_error *err);

/* blocker.c */
/* Who has what sql waited for, in words; NULL: that can't be told. */
const char *connection_blocker(const struct retort_conn *conn, struct retort_arena *arena, const char *sql);

/* transaction.c */
int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err);
int transaction_commit(struct retort_conn *conn, struct retort_error *err);
int transaction_rollback(struct retort_conn *conn, struct retort_error *err);
enum retort_tx_state transaction_state(struct retort_conn *conn);

/* activity.c */
int activity_identify(struct retort_conn *conn, struct retort_arena *arena, const char **identity,
	struct retort_error *err);
int activity_observe(struct retort_conn *conn, const char *identity, bool end, struct retort_arena *arena,
	struct retort_activity *activity, struct retort_error *err);

/* lock.c */
int lock_take(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err);
int lock_release(struct retort_conn *conn, const char *name, struct retort_error *err);

/* bulk.c */
int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err);

#endif
