/* SPDX-License-Identifier: MIT
 *
 * Transactions. DDL ends them by itself: the state, which the server tells with every answer, shows it.
 */
#include "connection.h"

int transaction_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	return connection_exec(conn,
		flags & RETORT_TX_READ_ONLY ? "START TRANSACTION READ ONLY" : "START TRANSACTION", NULL, 0,
		NULL, err);
}

int transaction_commit(struct retort_conn *conn, struct retort_error *err)
{
	return connection_exec(conn, "COMMIT", NULL, 0, NULL, err);
}

int transaction_rollback(struct retort_conn *conn, struct retort_error *err)
{
	return connection_exec(conn, "ROLLBACK", NULL, 0, NULL, err);
}

enum retort_tx_state transaction_state(struct retort_conn *conn)
{
	return conn->mysql->server_status & SERVER_STATUS_IN_TRANS ? RETORT_TX_ACTIVE : RETORT_TX_IDLE;
}
