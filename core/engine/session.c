/* SPDX-License-Identifier: MIT */
#include "engine/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/url.h"

#define COMMIT_PAUSE_MS 20 /* between two tries of a busy commit */

/* A session without driver or dialect. */
static struct session *session_new(struct retort_arena *arena, const struct settings *settings,
	const struct observer *observer, const struct retort_listener *listener)
{
	static const struct observer silent;
	struct session *session = retort_alloc(arena, sizeof *session);

	session->arena = arena;
	session->settings = settings;
	session->observer = observer ? observer : &silent;
	session->listener = listener;
	return session;
}

/* Takes the URL of the settings apart. */
static int read_url(struct session *session, struct settings *settings, struct retort_error *err)
{
	const char *text;

	if (settings_url(session->arena, settings, &text, err) < 0)
		return -1;
	session->url_text = text;
	session->shown_url = url_masked(session->arena, text);
	if (url_parse(session->arena, text, &session->url, err) < 0)
		return -1;
	session->database =
		session->url->path && *session->url->path ? session->url->path : session->shown_url;
	return 0;
}

/* Opens a connection with the limits of the settings. */
static struct retort_conn *connect_to(const struct session *session, bool read_only, bool create,
	struct retort_error *err)
{
	const struct settings *settings = session->settings;
	struct retort_open_options options = {
		.size = sizeof options,
		.url = session->url,
		.read_only = read_only,
		.create = create,
		.lock_timeout_ms = settings->lock_timeout_ms,
		.statement_timeout_ms = settings->statement_timeout_ms,
		.ddl_lock_timeout_ms = settings->ddl_lock_timeout_ms,
		.application_name = "retort",
		.listener = session->listener,
	};

	return session->driver->open(&options, err);
}

/* Learns what the server is; -1 where there is no connection. */
static int finish_open(struct session *session)
{
	const struct retort_driver *driver = session->driver;

	if (!session->conn)
		return -1;
	if (driver->dialect_of) {
		const struct retort_dialect *spoken = driver->dialect_of(session->conn);

		session->dialect = loader_dialect_of(driver, spoken ? spoken->name : session->dialect->name);
	}
	session->version = driver->server_version ? driver->server_version(session->conn) : 0;
	session->caps = driver->capabilities ? driver->capabilities(session->conn) : session->dialect->caps;
	return 0;
}

/* Connects to what is there. Where nothing is, faults of the command are found before anything is made. */
static int open_if_there(struct session *session, struct retort_error *err)
{
	struct retort_error *reason = retort_error_new();
	const struct retort_problem *problem;
	int ret = 0;

	session->conn = connect_to(session, session->read_only, false, reason);
	problem = retort_error_first(reason);
	if (!session->conn && problem && problem->code == RETORT_E_CONNECT) {
		session->absent = true;
	} else if (!session->conn && problem && problem->code == RETORT_E_LOCK) {
		/* That took as long as waiting may take: no second try. */
		retort_fail(err, problem->code, "%s", problem->message);
		retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
	} else if (!session->conn) {
		session->conn = connect_to(session, session->read_only, true, err);
	}
	if (!session->absent)
		ret = finish_open(session);
	retort_error_free(reason);
	return ret;
}

/* Connects by driver; NULL: by the one that the loader has for the URL. */
static int open_session(struct session *session, struct loader *loader, const struct retort_driver *driver,
	struct settings *settings, bool create, struct session **ret, struct retort_error *err)
{
	*ret = NULL;
	if (read_url(session, settings, err) < 0 ||
		(!driver && loader_driver(loader, session->url->scheme, &driver, err) < 0))
		return -1;
	session->driver = driver;
	session->dialect = loader_dialect_of(driver, session->url->scheme);
	session->caps = session->dialect->caps;
	*ret = session;
	if (create)
		return open_if_there(session, err);
	session->conn = connect_to(session, session->read_only, false, err);
	return finish_open(session);
}

int session_open(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const struct observer *observer, const struct retort_listener *listener, bool read_only, bool create,
	struct session **ret, struct retort_error *err)
{
	struct session *session = session_new(arena, settings, observer, listener);

	session->read_only = read_only;
	return open_session(session, loader, NULL, settings, create, ret, err);
}

int session_open_driver(struct retort_arena *arena, const struct retort_driver *driver,
	struct settings *settings, const struct observer *observer, const struct retort_listener *listener,
	bool read_only, struct session **ret, struct retort_error *err)
{
	struct session *session = session_new(arena, settings, observer, listener);

	session->read_only = read_only;
	return open_session(session, NULL, driver, settings, false, ret, err);
}

int session_create(struct session *session, struct retort_error *err)
{
	if (!session->absent)
		return 0;
	session->conn = connect_to(session, session->read_only, true, err);
	session->absent = !session->conn;
	return finish_open(session);
}

/* "major.minor.patch" as a number; -1 where it is none. */
static long version_number(const char *text)
{
	long parts[3] = {0, 0, 0};

	for (size_t i = 0; i < 3; i++) {
		char *end;

		parts[i] = strtol(text, &end, 10);
		if (end == text || parts[i] < 0 || parts[i] > 9999)
			return -1;
		if (!*end)
			return parts[0] * 10000 + parts[1] * 100 + parts[2];
		if (*end != '.')
			return -1;
		text = end + 1;
	}
	return -1;
}

int session_offline(struct retort_arena *arena, struct loader *loader, struct settings *settings,
	const char *dialect, const struct observer *observer, struct session **ret, struct retort_error *err)
{
	struct session *session = session_new(arena, settings, observer, NULL);
	const char *slash = dialect ? strchr(dialect, '/') : NULL;
	const char *name = slash ? retort_strndup(arena, dialect, (size_t)(slash - dialect)) : dialect;
	long version = 0;

	if (!name) {
		if (read_url(session, settings, err) < 0)
			return -1;
		name = session->url->scheme;
	}
	if (loader_dialect(loader, name, &session->dialect, err) < 0)
		return -1;
	if (slash) {
		version = version_number(slash + 1);
		if (version < 0)
			return retort_fail(err, RETORT_E_USAGE,
				"cannot read the version in '%s': write --dialect NAME/MAJOR.MINOR", dialect);
	}
	session->version = (unsigned)version;
	session->caps = session->dialect->caps_at && version ? session->dialect->caps_at(session->version)
							     : session->dialect->caps;
	session->read_only = true;
	*ret = session;
	return 0;
}

int session_second(const struct session *session, struct retort_conn **ret, struct retort_error *err)
{
	*ret = connect_to(session, false, false, err);
	return *ret ? 0 : -1;
}

void session_close(struct session *session)
{
	if (session && session->conn)
		session->driver->close(session->conn);
	if (session)
		session->conn = NULL;
}

void session_cancel(struct session *session)
{
	if (session && session->conn && session->driver->cancel)
		session->driver->cancel(session->conn);
}

void session_log(const struct session *session, enum log_level level, const char *logger, const char *format,
	...)
{
	struct retort_arena *scratch;
	va_list ap;

	if (!session->observer->log)
		return;
	scratch = retort_arena_new();
	va_start(ap, format);
	session->observer->log(session->observer->context, level, logger,
		retort_vprintf(scratch, format, ap));
	va_end(ap);
	retort_arena_free(scratch);
}

void session_event(const struct session *session, struct event *event)
{
	if (!session->observer->event)
		return;
	event->target = session->settings->target;
	session->observer->event(session->observer->context, event);
}

int session_interrupted(const struct session *session, struct retort_error *err)
{
	if (!session->observer->interrupted || !session->observer->interrupted(session->observer->context))
		return 0;
	return retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
}

int session_exec(struct session *session, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	long long ignored;

	if (session->driver->exec(session->conn, sql, params, n, affected ? affected : &ignored, err) == 0)
		return 0;
	retort_error_statement(err, sql);
	return -1;
}

int session_exec_all(struct session *session, const struct retort_command *commands, size_t count,
	long long *affected, struct retort_error *err)
{
	const struct retort_driver *driver = session->driver;
	size_t done = 0;

	if (driver->exec_all) {
		if (driver->exec_all(session->conn, commands, count, affected, &done, err) == 0)
			return 0;
		retort_error_statement(err, done < count ? commands[done].sql : NULL);
		return -1;
	}
	for (; done < count; done++) {
		const struct retort_command *command = &commands[done];

		if (session_exec(session, command->sql, command->params, command->param_count,
			    &affected[done], err) < 0)
			return -1;
	}
	return 0;
}

int session_query(struct session *session, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	if (session->driver->query(session->conn, sql, params, n, row, context, err) == 0)
		return 0;
	retort_error_statement(err, sql);
	return -1;
}

/* Where session_value puts what it finds. */
struct one_value {
	struct retort_arena *arena;
	const char *value;
	bool found;
};

static int take_value(void *context, size_t column_count, const char *const *columns)
{
	struct one_value *one = context;

	one->found = true;
	one->value = column_count ? retort_strdup(one->arena, columns[0]) : NULL;
	return 1;
}

int session_value(struct session *session, struct retort_arena *arena, const char *sql,
	const char *const *params, size_t n, const char **value, bool *found, struct retort_error *err)
{
	struct one_value one = {.arena = arena};

	if (session_query(session, sql, params, n, take_value, &one, err) < 0)
		return -1;
	*value = one.value;
	if (found)
		*found = one.found;
	return 0;
}

/* Runs the dialect's statements for a transaction's begin or end, or the one that any engine knows. */
static int exec_list(struct session *session, const char *const *(*list)(unsigned flags), unsigned flags,
	const char *otherwise, struct retort_error *err)
{
	const char *const *sql = list ? list(flags) : NULL;

	if (!sql)
		return session_exec(session, otherwise, NULL, 0, NULL, err);
	for (; *sql; sql++)
		if (session_exec(session, *sql, NULL, 0, NULL, err) < 0)
			return -1;
	return 0;
}

int session_begin(struct session *session, unsigned flags, struct retort_error *err)
{
	if (session->driver->begin)
		return session->driver->begin(session->conn, flags, err);
	return exec_list(session, session->dialect->begin, flags, "BEGIN", err);
}

/* Whether the last problem is a lock that others hold. */
static bool is_busy(const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	while (problem && problem->next)
		problem = problem->next;
	return problem && problem->code == RETORT_E_LOCK;
}

int session_commit(struct session *session, struct retort_error *err)
{
	struct retort_error *busy = retort_error_new();
	double start = clock_ms();
	int ret;

	for (;;) {
		const struct timespec pause = {.tv_nsec = COMMIT_PAUSE_MS * 1000000L};

		ret = session->driver->commit
			? session->driver->commit(session->conn, busy)
			: exec_list(session, session->dialect->commit, 0, "COMMIT", busy);
		if (ret == 0 || !is_busy(busy))
			break;
		/* The driver may have waited itself. */
		if (session->settings->lock_timeout_ms >= 0 &&
			clock_ms() - start >= (double)session->settings->lock_timeout_ms)
			break;
		retort_error_clear(busy);
		nanosleep(&pause, NULL);
	}
	if (ret < 0) {
		const struct retort_problem *problem = retort_error_first(busy);

		retort_fail(err, problem ? problem->code : RETORT_E_SQL, "cannot commit: %s",
			problem ? problem->message : "unknown reason");
		if (problem)
			retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
	}
	retort_error_free(busy);
	return ret;
}

void session_rollback(struct session *session)
{
	struct retort_error *ignored = retort_error_new();

	if (session->driver->rollback)
		session->driver->rollback(session->conn, ignored);
	else
		session_exec(session, "ROLLBACK", NULL, 0, NULL, ignored);
	retort_error_free(ignored);
}

enum retort_tx_state session_state(struct session *session, bool *known)
{
	*known = session->driver->transaction_state != NULL;
	return *known ? session->driver->transaction_state(session->conn) : RETORT_TX_IDLE;
}

struct retort_render session_render(const struct session *session, struct retort_arena *arena,
	struct retort_schema *schema, struct retort_plan *plan)
{
	return (struct retort_render){
		.size = sizeof(struct retort_render),
		.arena = arena,
		.dialect = session->dialect,
		.version = session->version,
		.schema = schema,
		.plan = plan,
	};
}

bool session_has(const struct session *session, uint64_t cap)
{
	return (session->caps & cap) == cap;
}
