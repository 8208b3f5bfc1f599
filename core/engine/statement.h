/* SPDX-License-Identifier: MIT
 *
 * engine/statement.h: runs one statement of a plan.
 *
 * SQL, rows (by the driver's bulk, else INSERTs of many rows), asserts, and programs. Each is told to the
 * observer; after each the driver's transaction state is compared with what was expected.
 */
#ifndef RETORT_ENGINE_STATEMENT_H
#define RETORT_ENGINE_STATEMENT_H

#include "base/digest.h"
#include "engine/session.h"
#include "retort/sql.h"

/* Where a statement stands, for events and checks. */
struct statement_place {
	const char *revision;
	int direction;
	size_t index, total; /* index from 1 */
	bool in_transaction; /* one is open, and must still be afterwards */
};

/* Runs it. A failure carries the statement. Batches are not run here (statement_batch). */
int statement_run(struct session *session, const struct retort_statement *statement,
	const struct statement_place *place, struct retort_error *err);
/* A failure where the observer wants to stop, or the transaction is not in the state expected. */
int statement_settled(struct session *session, const struct statement_place *place, struct retort_error *err);

/* How far a statement that runs in pieces has come. */
struct batch_progress {
	const char *const *after; /* key of the last row done; NULL: nothing is done */
	size_t after_count;
	unsigned long long rows;
	const char *seen;     /* ROWS: a hash of the rows that are done; NULL: none are */
	bool begun;           /* ROWS: the source stands behind the rows */
	struct digest digest; /* ROWS: of them, as far as it is */
	bool finished;
};

/* Fails where the first rows of a ROWS statement's source are not those that seen was made of. The source
 * stands behind them; digest may be NULL. */
int statement_rows_check(const struct retort_statement *statement, unsigned long long rows, const char *seen,
	struct digest *digest, struct retort_error *err);

/* Runs the next piece of a batch, or of ROWS, which are those behind the first progress->rows of their
 * source; the caller holds the transaction. progress moves on, in arena. */
int statement_batch(struct session *session, struct retort_arena *arena,
	const struct retort_statement *statement, const struct statement_place *place,
	struct batch_progress *progress, struct retort_error *err);

#endif
