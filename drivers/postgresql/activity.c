/* SPDX-License-Identifier: MIT
 *
 * What another connection is doing. A process number may be used again, so the time when it began goes with
 * it.
 */
#include <stdlib.h>
#include <string.h>

#include "connection.h"

#define BEGAN "floor(extract(epoch FROM backend_start) * 1000)::bigint::text"

/* Where the first cells of a row go. */
struct cells {
	struct retort_arena *arena;
	const char *values[3];
	bool found;
};

static int take_cells(void *context, size_t column_count, const char *const *columns)
{
	struct cells *cells = context;

	cells->found = true;
	for (size_t i = 0; i < 3 && i < column_count; i++)
		cells->values[i] = retort_strdup(cells->arena, columns[i]);
	return 1;
}

/* Behind a pooler a session isn't ours alone. */
int activity_identify(struct retort_conn *conn, struct retort_arena *arena, const char **identity,
	struct retort_error *err)
{
	struct cells cells = {.arena = arena};

	*identity = NULL;
	if (conn->pooled)
		return 0;
	if (connection_query(conn,
		    "SELECT pid::text, " BEGAN
		    " FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()",
		    NULL, 0, take_cells, &cells, err))
		return -1;
	if (cells.values[0] && cells.values[1])
		*identity = retort_printf(arena, "%s %s", cells.values[0], cells.values[1]);
	return 0;
}

int activity_observe(struct retort_conn *conn, const char *identity, bool end, struct retort_arena *arena,
	struct retort_activity *activity, struct retort_error *err)
{
	struct cells cells = {.arena = arena};
	const char *blank = strchr(identity, ' '), *params[2];

	activity->there = false;
	activity->sql = NULL;
	activity->age_ms = 0;
	if (!blank)
		return 0;
	params[0] = retort_strndup(arena, identity, (size_t)(blank - identity));
	params[1] = blank + 1;
	if (connection_query(conn,
		    "SELECT state, query, floor(extract(epoch FROM clock_timestamp() - query_start) * 1000)"
		    "::bigint::text FROM pg_catalog.pg_stat_activity WHERE pid::text = $1 AND " BEGAN
		    " = $2 AND pid <> pg_catalog.pg_backend_pid()",
		    params, 2, take_cells, &cells, err))
		return -1;
	activity->there = cells.found;
	if (cells.values[0] && strcmp(cells.values[0], "active") == 0)
		activity->sql = cells.values[1] ? cells.values[1] : "";
	activity->age_ms = cells.values[2] ? strtoll(cells.values[2], NULL, 10) : 0;
	if (!end || !activity->there)
		return 0;
	return connection_query(conn,
		"SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
		" WHERE pid::text = $1 AND " BEGAN " = $2",
		params, 2, NULL, NULL, err);
}
