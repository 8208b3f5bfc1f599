/* SPDX-License-Identifier: MIT
 *
 * engine/session.h: one connection to one target, with its driver and settings.
 */
#ifndef RETORT_ENGINE_SESSION_H
#define RETORT_ENGINE_SESSION_H

#include "engine/loader.h"
#include "script/config.h"

enum log_level { LOG_DEBUG_LEVEL, LOG_INFO_LEVEL, LOG_WARNING_LEVEL, LOG_ERROR_LEVEL };

/* What happens during a run, told to the program (which prints it). */
enum event_kind { EVENT_START, EVENT_STEP, EVENT_STATEMENT, EVENT_PROGRESS, EVENT_STEP_DONE, EVENT_DONE, EVENT_ERROR };

struct event {
	enum event_kind kind;
	const char *target;
	const char *revision;
	int direction;              /* enum direction, -1: none */
	const char *const *from, *const *to;
	size_t from_count, to_count;
	const char *message;        /* of the revision */
	size_t index, total;        /* of steps or statements, index from 1 */
	const char *sql, *description;
	unsigned long long rows, rows_total;
	double ms;
	const struct retort_error *error;
};

/* Where a library call tells what happens; any member may be NULL. */
struct observer {
	void *context;
	void (*log)(void *context, enum log_level level, const char *logger, const char *text);
	void (*event)(void *context, const struct event *event);
	/* Asked between statements; not 0: stop cleanly. */
	int (*interrupted)(void *context);
};

struct session {
	struct retort_arena *arena;
	const struct settings *settings;
	const struct retort_driver *driver;
	const struct retort_dialect *dialect;
	struct retort_conn *conn;     /* NULL: offline */
	unsigned version;
	uint64_t caps;
	const char *shown_url;        /* masked */
	const struct observer *observer;
	const struct retort_listener *listener;
};

/* Loads the driver and connects. read_only: the command only reads; create: a missing database file may be made. */
int session_open(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const struct observer *observer, const struct retort_listener *listener, bool read_only, bool create,
	struct session **ret, struct retort_error *err);
/* Without a connection: only the dialect, "name" or "name/version", NULL: of the settings' URL. */
int session_offline(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const char *dialect, const struct observer *observer, struct session **ret, struct retort_error *err);
/* "name" or "name/version" taken apart and found. */
int session_dialect(struct loader *loader, const char *text, const struct retort_dialect **ret, unsigned *version,
	struct retort_error *err);
void session_close(struct session *session);
/* Cancels what runs. Callable from another thread. */
void session_cancel(struct session *session);
void session_log(const struct session *session, enum log_level level, const char *logger, const char *format, ...)
	RETORT_PRINTF(4, 5);

#endif
