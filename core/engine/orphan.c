/* SPDX-License-Identifier: MIT */
#include "engine/orphan.h"

#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "engine/process.h"

enum { PAUSE_MS = 200, TELL_MS = 5000 /* between two words about the wait */, SHOWN = 160 };

const char *orphan_connection(struct run *run)
{
	struct session *session = run->session;
	struct retort_error *ignored;

	if (run->connection || !session->driver->identify)
		return run->connection;
	ignored = retort_error_new();
	if (session->driver->identify(session->conn, run->arena, &run->connection, ignored) < 0)
		run->connection = NULL;
	retort_error_free(ignored);
	return run->connection;
}

/* Whose statement it is. */
enum sender { SENDER_LIVES, SENDER_GONE, SENDER_UNKNOWN };

static enum sender sender_of(const char *process, bool locked)
{
	if (locked || process_has_ended(process))
		return SENDER_GONE;
	return process_is_alive(process) ? SENDER_LIVES : SENDER_UNKNOWN;
}

static void tell(const struct run *run, const char *what, const struct retort_activity *activity,
	const char *advice)
{
	struct retort_arena *scratch = retort_arena_new();

	session_log(run->session, LOG_WARNING_LEVEL, "retort.lock", "%s, age %lld s: %s%s", what,
		activity->age_ms / 1000, text_echo(scratch, activity->sql ? activity->sql : "idle", SHOWN),
		advice);
	retort_arena_free(scratch);
}

/* One look; *again: it is still there, so look once more. */
static int look(struct run *run, const char *connection, enum sender sender, bool speak, bool *again,
	struct retort_error *err)
{
	struct session *session = run->session;
	struct retort_arena *scratch = retort_arena_new();
	struct retort_activity activity = {.size = sizeof activity};
	bool end = run->request->kill_orphan;
	int ret;

	ret = session->driver->observe(session->conn, connection, false, scratch, &activity, err);
	*again = ret == 0 && (activity.sql || (end && activity.there));
	if (*again && end) {
		if (speak)
			tell(run, "ending the running orphan statement of a killed run", &activity, "");
		ret = session->driver->observe(session->conn, connection, true, scratch, &activity, err);
	} else if (*again && sender == SENDER_GONE) {
		if (speak)
			tell(run, "waiting for the running orphan statement of a killed run", &activity,
				" (--kill-orphan ends it)");
	} else if (*again) {
		tell(run, "a statement of the half-done step is still running", &activity,
			" (--kill-orphan ends it where its run is gone)");
		*again = false;
	}
	retort_arena_free(scratch);
	return ret;
}

int orphan_wait(struct run *run, const char *intent, bool locked, struct retort_error *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	json_t *root = intent ? json_loads(intent, 0, NULL) : NULL;
	const char *connection = json_string_value(json_object_get(root, "connection"));
	const char *process = json_string_value(json_object_get(root, "process"));
	enum sender sender = sender_of(process ? process : "", locked);
	bool again = connection && run->session->driver->observe && sender != SENDER_LIVES;
	int ret = 0;

	for (long waited = 0; again && ret == 0; waited += PAUSE_MS) {
		if (waited)
			nanosleep(&pause, NULL);
		ret = session_interrupted(run->session, err);
		if (ret == 0)
			ret = look(run, connection, sender, waited % TELL_MS == 0, &again, err);
	}
	json_decref(root);
	return ret;
}
