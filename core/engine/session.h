/* SPDX-License-Identifier: MIT
 *
 * engine/session.h: one connection to one target, with its driver and settings.
 *
 * Everything that the engine floor says to a database goes through the functions here, which fill in
 * what a driver leaves out. Statements take bound parameters (session_placeholder writes their marks).
 */
#ifndef RETORT_ENGINE_SESSION_H
#define RETORT_ENGINE_SESSION_H

#include "engine/loader.h"
#include "script/config.h"

enum log_level { LOG_DEBUG_LEVEL, LOG_INFO_LEVEL, LOG_WARNING_LEVEL, LOG_ERROR_LEVEL };

/* What happens during a run, told to the program (which prints it). */
enum event_kind {
	EVENT_START,
	EVENT_STEP,
	EVENT_STATEMENT,
	EVENT_PROGRESS,
	EVENT_STEP_DONE,
	EVENT_DONE,
	EVENT_ERROR
};

struct event {
	enum event_kind kind;
	const char *target;
	const char *revision;
	int direction; /* enum direction, -1: none */
	const char *const *from, *const *to;
	size_t from_count, to_count;
	const char *message; /* of the revision */
	size_t index, total; /* of steps or statements, index from 1 */
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
	const struct retort_driver *driver; /* NULL: offline */
	const struct retort_dialect *dialect;
	struct retort_conn *conn; /* NULL: offline */
	unsigned version;
	uint64_t caps;
	const struct retort_url *url; /* NULL: offline */
	const char *url_text;         /* with its password: only for RETORT_URL of programs that are run */
	const char *shown_url;        /* masked */
	const char *database;         /* how messages name it: the path or name in the URL */
	const struct observer *observer;
	const struct retort_listener *listener;
	bool read_only;
	bool absent; /* nothing could be connected to, and create was allowed: session_create does it */
};

/* Loads the driver and connects. read_only: the command only reads; create: a missing database may be made,
 * but not before session_create is called: until then conn is NULL and absent is set. listener (may be NULL)
 * outlives the session. */
int session_open(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const struct observer *observer, const struct retort_listener *listener, bool read_only, bool create,
	struct session **ret, struct retort_error *err);
/* The same by a driver at hand, for a database that is there. */
int session_open_driver(struct retort_arena *arena, const struct retort_driver *driver,
	struct settings *settings, const struct observer *observer, const struct retort_listener *listener,
	bool read_only, struct session **ret, struct retort_error *err);
/* Connects for good where the database was absent, making it; nothing where it was not. */
int session_create(struct session *session, struct retort_error *err);
/* Without a connection: only the dialect, "name" or "name/version", NULL: of the settings' URL. */
int session_offline(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const char *dialect, const struct observer *observer, struct session **ret, struct retort_error *err);
/* A further connection of the same kind that may write, for the lease's heart; it closes by the driver. */
int session_second(const struct session *session, struct retort_conn **ret, struct retort_error *err);
void session_close(struct session *session);
/* Cancels what runs. Callable from another thread. */
void session_cancel(struct session *session);
void session_log(const struct session *session, enum log_level level, const char *logger, const char *format,
	...) RETORT_PRINTF(4, 5);
void session_event(const struct session *session, struct event *event);
/* RETORT_E_INTERRUPTED where the observer says so. */
int session_interrupted(const struct session *session, struct retort_error *err);

/* One statement; *affected may be NULL. A failure carries the statement. */
int session_exec(struct session *session, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err);
/* Several, one after the other inside a transaction; affected has count places. */
int session_exec_all(struct session *session, const struct retort_command *commands, size_t count,
	long long *affected, struct retort_error *err);
int session_query(struct session *session, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);
/* One value of one row in arena; *found (may be NULL) tells whether there was a row. */
int session_value(struct session *session, struct retort_arena *arena, const char *sql,
	const char *const *params, size_t n, const char **value, bool *found, struct retort_error *err);
/* Transactions; flags are RETORT_TX_*. commit tries again while the database is busy. */
int session_begin(struct session *session, unsigned flags, struct retort_error *err);
int session_commit(struct session *session, struct retort_error *err);
/* Never fails: what can't be rolled back is gone already. */
void session_rollback(struct session *session);
enum retort_tx_state session_state(struct session *session, bool *known);

/* What rendering needs; plan may be NULL. */
struct retort_render session_render(const struct session *session, struct retort_arena *arena,
	struct retort_schema *schema, struct retort_plan *plan);
/* Whether the engine in use has a capability. */
bool session_has(const struct session *session, uint64_t cap);

#endif
