/* SPDX-License-Identifier: MIT
 *
 * engine/offline.h: the parts of an offline script (runner.h: run_offline).
 *
 * A script starts with the dialect's session statements and a check that the database stands where the script
 * begins, carries each revision in the transactions that an online run would use, and its bookkeeping.
 */
#ifndef RETORT_ENGINE_OFFLINE_H
#define RETORT_ENGINE_OFFLINE_H

#include "engine/run.h"

struct offline {
	struct session *session;
	struct retort_buf out;
	bool open;             /* a transaction */
	unsigned flags;        /* it was begun with */
	unsigned tables_flags; /* of the transaction that makes the tables, where it holds everything */
};

/* One statement with its end. */
void offline_statement(struct offline *offline, const char *sql);
void offline_comment(struct offline *offline, const char *format, ...) RETORT_PRINTF(2, 3);
/* Nothing where one is open, or none is. */
void offline_begin(struct offline *offline, unsigned flags);
void offline_commit(struct offline *offline);
/* A statement that fails unless the query gives the value. */
int offline_assert(struct offline *offline, const char *query, const char *value, const char *message,
	struct retort_error *err);
/* Fails in the database unless the version table holds exactly these rows. */
int offline_guard(struct offline *offline, const struct row_ids *rows, struct retort_error *err);
/* The session's state, then in a transaction that stays open the bookkeeping tables. */
int offline_start(struct offline *offline, bool version_table, struct retort_error *err);
int offline_step(struct offline *offline, struct run *run, const struct planned *planned,
	struct retort_error *err);

#endif
