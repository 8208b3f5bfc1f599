/* SPDX-License-Identifier: MIT
 *
 * Transactions. Behind a pooler each sets the session's state for itself.
 */
#include <string.h>

#include "connection.h"

int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	const char *begin = flags & RETORT_TX_READ_ONLY ? "BEGIN READ ONLY" : "BEGIN";
	struct retort_arena *scratch;
	int rc;

	if (!conn->local_state)
		return connection_do(conn, begin, NULL, 0, err);
	scratch = retort_arena_new();
	rc = connection_do(conn, retort_printf(scratch, "%s; %s", begin, conn->local_state), NULL, 0, err);
	retort_arena_free(scratch);
	return rc;
}

/* COMMIT of a transaction that has failed rolls it back and calls that a success. */
int transaction_commit(struct retort_conn *conn, struct retort_error *err)
{
	PGresult *result;
	bool undone;

	if (connection_run(conn, "COMMIT", NULL, 0, &result, err))
		return -1;
	undone = strcmp(PQcmdStatus(result), "ROLLBACK") == 0;
	PQclear(result);
	if (!undone)
		return 0;
	retort_fail(err, RETORT_E_SQL, "the transaction had failed before and was rolled back");
	retort_error_sqlstate(err, "25P02", 0);
	return -1;
}

int transaction_rollback(struct retort_conn *conn, struct retort_error *err)
{
	if (PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
		return 0;
	return connection_do(conn, "ROLLBACK", NULL, 0, err);
}

enum retort_tx_state transaction_state(struct retort_conn *conn)
{
	switch (PQtransactionStatus(conn->pg)) {
	case PQTRANS_INTRANS:
	case PQTRANS_ACTIVE:
		return RETORT_TX_ACTIVE;
	case PQTRANS_INERROR:
		return RETORT_TX_FAILED;
	case PQTRANS_IDLE:
	case PQTRANS_UNKNOWN:
	default:
		return RETORT_TX_IDLE;
	}
}

int transaction_enter(struct retort_conn *conn, bool writes, bool *inner, struct retort_error *err)
{
	*inner = PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
	if (*inner)
		return connection_do(conn, "SAVEPOINT retort_inner", NULL, 0, err);
	return connection_do(conn,
		writes ? "BEGIN READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0,
		err);
}

int transaction_leave(struct retort_conn *conn, bool inner, struct retort_error *err)
{
	return connection_do(conn,
		inner ? "ROLLBACK TO SAVEPOINT retort_inner; RELEASE SAVEPOINT retort_inner" : "ROLLBACK",
		NULL, 0, err);
}
