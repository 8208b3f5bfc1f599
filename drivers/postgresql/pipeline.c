/* SPDX-License-Identifier: MIT
 *
 * Several statements in one round trip (libpq's pipeline mode, "Pipeline Mode" in its manual). The server
 * passes over what follows a failure up to the end of the pipeline, as exec of each would.
 */
#include <stdlib.h>

#include "connection.h"

#ifdef LIBPQ_HAS_PIPELINING

/* All that comes back for one statement. */
static PGresult *take_result(PGconn *pg)
{
	PGresult *result = PQgetResult(pg), *next;

	while (result && (next = PQgetResult(pg)))
		PQclear(next);
	return result;
}

static int send_all(PGconn *pg, const struct retort_command *commands, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!PQsendQueryParams(pg, commands[i].sql, (int)commands[i].param_count, NULL,
			    commands[i].params, NULL, NULL, 0))
			return -1;
	return PQpipelineSync(pg) ? 0 : -1;
}

/* Reads the end of the pipeline, whatever comes before it, and leaves it. */
static void leave(PGconn *pg)
{
	int nothing = 0; /* between two statements one NULL is read, after the last none is left */

	while (nothing < 2 && PQstatus(pg) == CONNECTION_OK) {
		PGresult *result = PQgetResult(pg);
		ExecStatusType status = PQresultStatus(result);

		nothing = result ? 0 : nothing + 1;
		PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			break;
	}
	PQexitPipelineMode(pg);
}

int pipeline_exec_all(struct retort_conn *conn, const struct retort_command *commands, size_t count,
	long long *affected, size_t *done, struct retort_error *err)
{
	PGresult *result = NULL;
	int ret = 0;

	*done = 0;
	atomic_store(&conn->cancelled, false);
	if (!PQenterPipelineMode(conn->pg))
		return connection_fail(conn, NULL, NULL, err);
	if (send_all(conn->pg, commands, count) < 0)
		ret = -1;
	while (ret == 0 && *done < count) {
		ExecStatusType status;

		result = take_result(conn->pg);
		status = PQresultStatus(result);
		if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
			ret = -1;
			break;
		}
		affected[*done] = *PQcmdTuples(result) ? strtoll(PQcmdTuples(result), NULL, 10) : -1;
		++*done;
		PQclear(result);
		result = NULL;
	}
	if (ret < 0)
		connection_fail(conn, result, *done < count ? commands[*done].sql : NULL, err);
	PQclear(result);
	leave(conn->pg);
	return ret;
}

#endif
