/* SPDX-License-Identifier: MIT
 *
 * connection.h: one connection to one database file.
 *
 * It starts from a fixed state: extended result codes, foreign keys enforced unless the URL says
 * foreign_keys=off, legacy_alter_table off. Waiting for another writer is done by one busy
 * handler that tells of it once, gives up after the lock timeout and ends when the connection is
 * cancelled from another thread.
 */
#ifndef SQLITE_CONNECTION_H
#define SQLITE_CONNECTION_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "retort/driver.h"

enum { KEPT_STATEMENTS = 8 };

/* A prepared statement with parameters, kept for the next time. */
struct kept {
	sqlite3_stmt *stmt;
	unsigned long used; /* when, by the connection's count */
};

struct retort_conn {
	struct retort_arena *arena; /* the connection's own; it holds this struct too */
	sqlite3 *db;
	const char *file; /* absolute; ":memory:" */
	const struct retort_listener *listener;
	long busy_timeout_ms;      /* negative: for ever */
	long statement_timeout_ms; /* 0: none */
	bool read_only;
	bool foreign_keys;                     /* enforced outside of rebuilds */
	atomic_bool cancelled;                 /* since the last statement began */
	bool timed_out;                        /* by statement_timeout_ms */
	bool told;                             /* of the present wait */
	long long wait_start, statement_start; /* ms of the monotonic clock */
	struct kept kept[KEPT_STATEMENTS];
	unsigned long uses;
	/* the transaction */
	bool rebuild;                     /* begun with RETORT_TX_REBUILD: foreign keys are off */
	bool query_only;                  /* begun with RETORT_TX_READ_ONLY */
	struct retort_arena *transaction; /* holds what follows; NULL: nothing does */
	unsigned statistics;              /* which of ANALYZE's tables are put by */
	struct broken_keys *before;       /* foreign keys that were broken before it */
};

struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err);
void connection_close(struct retort_conn *conn);
int connection_cancel(struct retort_conn *conn);
/* Milliseconds of a clock that only moves on. */
long long connection_clock(void);
/* Tells what went wrong with the last call on the connection, as the error that it is for the host. */
int connection_fail(struct retort_conn *conn, struct retort_error *err);
/* Sets the fixed state; connection_open does it. */
int connection_settle(struct retort_conn *conn, struct retort_error *err);
/* Compiles one statement; more after it than blanks and comments is an error. */
int connection_prepare(struct retort_conn *conn, const char *sql, sqlite3_stmt **ret,
	struct retort_error *err);
/* Runs one statement with text parameters; row may be NULL. */
int connection_run(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, long long *affected, struct retort_error *err);
void connection_notice(const struct retort_conn *conn, enum retort_notice_level level, const char *format,
	...) RETORT_PRINTF(3, 4);

/* transaction.c */
int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err);
int transaction_commit(struct retort_conn *conn, struct retort_error *err);
int transaction_rollback(struct retort_conn *conn, struct retort_error *err);
enum retort_tx_state transaction_state(struct retort_conn *conn);

/* statistics.c: around a transaction that rebuilds tables. */
int statistics_save(struct retort_conn *conn, struct retort_error *err);
int statistics_restore(struct retort_conn *conn, struct retort_error *err);

/* bulk.c */
int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err);

#endif
