/* SPDX-License-Identifier: MIT
 *
 * What another connection is doing. A number names a connection only until the server starts again, so the
 * server's own start goes with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection.h"

enum { START_SLACK_S = 2 /* whole seconds, and two clocks */, NO_SUCH_THREAD = 1094 };

/* When the server began, in seconds of our clock; 0: not known. */
static long long server_start(const struct retort_conn *conn)
{
	const char *text = mysql_stat(conn->mysql), *uptime = text ? strstr(text, "Uptime: ") : NULL;

	return uptime ? (long long)time(NULL) - strtoll(uptime + strlen("Uptime: "), NULL, 10) : 0;
}

int activity_identify(struct retort_conn *conn, struct retort_arena *arena, const char **identity,
	struct retort_error *err)
{
	const char *server = NULL;

	if (connection_value(conn, "SELECT CONCAT(@@hostname, ':', @@port)", NULL, 0, arena, &server, err))
		return -1;
	*identity = retort_printf(arena, "%lu %lld %s", conn->id, server_start(conn), server ? server : "");
	return 0;
}

/* One row of the process list. */
struct seen {
	struct retort_arena *arena;
	struct retort_activity *activity;
};

static int take_process(void *context, size_t column_count, const char *const *columns)
{
	struct seen *seen = context;

	if (column_count < 3)
		return 1;
	/* One that was killed is at work until it has put everything back. */
	seen->activity->there = true;
	if (columns[0] && strcmp(columns[0], "Sleep") != 0)
		seen->activity->sql =
			retort_strdup(seen->arena, columns[1] && *columns[1] ? columns[1] : columns[0]);
	seen->activity->age_ms = columns[2] ? strtoll(columns[2], NULL, 10) * 1000 : 0;
	return 1;
}

/* It may go by itself meanwhile: then there is nothing left to end. */
static int end_connection(struct retort_conn *conn, const char *id, struct retort_arena *arena,
	struct retort_error *err)
{
	struct retort_error *gone = retort_error_new();
	int rc = connection_exec(conn, retort_printf(arena, "KILL CONNECTION %s", id), NULL, 0, NULL, gone);

	retort_error_free(gone);
	return rc && mysql_errno(conn->mysql) != NO_SUCH_THREAD ? connection_fail(conn, NULL, err) : 0;
}

int activity_observe(struct retort_conn *conn, const char *identity, bool end, struct retort_arena *arena,
	struct retort_activity *activity, struct retort_error *err)
{
	struct seen seen = {arena, activity};
	const char *mine, *id, *server;
	long long start;
	char *at;

	activity->there = false;
	activity->sql = NULL;
	activity->age_ms = 0;
	if (activity_identify(conn, arena, &mine, err))
		return -1;
	id = retort_strndup(arena, identity, strcspn(identity, " "));
	start = strtoll(identity + strlen(id), &at, 10) - server_start(conn);
	server = strchr(mine, ' ');
	server = server ? strchr(server + 1, ' ') : NULL;
	if (strspn(id, "0123456789") != strlen(id) || !server || strcmp(server, at) != 0 ||
		start > START_SLACK_S || start < -START_SLACK_S || strtoul(id, NULL, 10) == conn->id)
		return 0;
	if (connection_query(conn,
		    "SELECT COMMAND, INFO, TIME FROM information_schema.PROCESSLIST WHERE ID = ?", &id, 1,
		    take_process, &seen, err))
		return -1;
	return end && activity->there ? end_connection(conn, id, arena, err) : 0;
}
