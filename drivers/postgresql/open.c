/* SPDX-License-Identifier: MIT
 *
 * From a URL to a session in its fixed state. Parameters of the URL are libpq's own keywords; what is not
 * given comes from the environment, PGSERVICE and PGPASSFILE, as with psql. search_path alone is retort's
 * own: the schemas of the session, by their exact names.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "dialect.h"

enum {
	OLDEST_VERSION = 100000, /* 10: identity columns, pg_sequence */
	CHECK_VERSION = 140000,  /* client_connection_check_interval */
	JIT_VERSION = 110000,
	HOST_MAX = 64,
	STATE_MAX = 16
};

/* What other libraries call libpq's keywords. */
static const struct {
	const char *key, *keyword;
} aliases[] = {
	{"unix_socket", "host"},
	{"ssl_ca", "sslrootcert"},
	{"ssl_cert", "sslcert"},
	{"ssl_key", "sslkey"},
	{"database", "dbname"},
	{"username", "user"},
};

/* Keywords that retort sets itself, and where the user has another way to say it. */
static const char *const reserved[] = {"client_encoding", "replication"};

/* The connection parameters under construction. */
struct keywords {
	struct retort_arena *arena;
	const PQconninfoOption *known;
	const char **names, **values; /* end with NULL */
	size_t count;
	const char *search_path;
};

static void set(struct keywords *keywords, const char *name, const char *value)
{
	for (size_t i = 0; i < keywords->count; i++)
		if (strcmp(keywords->names[i], name) == 0) {
			keywords->values[i] = value;
			return;
		}
	keywords->names[keywords->count] = name;
	keywords->values[keywords->count++] = value;
}

static const char *get(const struct keywords *keywords, const char *name)
{
	for (size_t i = 0; i < keywords->count; i++)
		if (strcmp(keywords->names[i], name) == 0)
			return keywords->values[i];
	return NULL;
}

/* What the environment says of a keyword, or libpq's default. */
static const char *default_of(const struct keywords *keywords, const char *name)
{
	for (const PQconninfoOption *option = keywords->known; option->keyword; option++)
		if (strcmp(option->keyword, name) == 0)
			return option->val;
	return NULL;
}

/* How many letters must be changed, added or taken away; both are short. */
static size_t distance(const char *a, const char *b)
{
	size_t row[40], n = strlen(b), before, above;

	if (n >= sizeof row / sizeof *row)
		return n;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		before = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t change = before + (a[i] != b[j]);

			above = row[j + 1];
			row[j + 1] = above < row[j] ? above + 1 : row[j] + 1;
			if (change < row[j + 1])
				row[j + 1] = change;
			before = above;
		}
	}
	return row[n];
}

static int unknown_parameter(const struct keywords *keywords, const char *key, struct retort_error *err)
{
	struct retort_buf near;
	size_t limit = strlen(key) > 6 ? 3 : 2;

	retort_buf_init(&near, keywords->arena);
	for (const PQconninfoOption *option = keywords->known; option->keyword; option++)
		if (distance(key, option->keyword) <= limit ||
			(strlen(key) >= 3 && strncmp(option->keyword, key, strlen(key)) == 0))
			retort_buf_printf(&near, "%s'%s'", near.len > 0 ? ", " : "", option->keyword);
	return retort_fail(err, RETORT_E_CONFIG, "unknown URL parameter '%s': %s%s%s",
		connection_line(keywords->arena, key),
		near.len > 0 ? "did you mean " : "libpq has no such keyword", near.data,
		near.len > 0 ? "?" : "");
}

static int read_parameter(struct keywords *keywords, const struct retort_url_parameter *given,
	struct retort_error *err)
{
	const char *key = given->key;

	if (strcmp(key, "charset") == 0 || strcmp(key, "client_encoding") == 0) {
		const char *value = given->value;

		if (strspn(value, "utfUTF8-_mb4") == strlen(value))
			return 0;
		return retort_fail(err, RETORT_E_CONFIG,
			"cannot use URL parameter '%s': retort always speaks UTF-8, "
			"leave it out",
			key);
	}
	if (strcmp(key, "search_path") == 0) {
		keywords->search_path = *given->value ? given->value : NULL;
		return 0;
	}
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (strcmp(key, reserved[i]) == 0)
			return retort_fail(err, RETORT_E_CONFIG,
				"cannot use URL parameter '%s': leave it out", key);
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strcmp(key, aliases[i].key) == 0)
			key = aliases[i].keyword;
	for (const PQconninfoOption *option = keywords->known; option->keyword; option++)
		if (strcmp(option->keyword, key) == 0) {
			set(keywords, option->keyword, given->value);
			return 0;
		}
	return unknown_parameter(keywords, given->key, err);
}

/* The user, host and process behind the connection, so that who waits for it can tell people. */
static const char *application_name(struct retort_arena *arena, const char *name)
{
	char host[HOST_MAX] = "";
	const char *user = getenv("USER");

	if (gethostname(host, sizeof host - 1) != 0 || !*host)
		return retort_strdup(arena, name);
	if (!user || !*user)
		user = getenv("LOGNAME");
	return retort_printf(arena, "%s %.24s@%.30s", name, user && *user ? user : "-", host);
}

static int read_url(struct keywords *keywords, const struct retort_open_options *options,
	struct retort_error *err)
{
	const struct retort_url *url = options->url;
	struct retort_arena *arena = keywords->arena;
	size_t room = url->parameter_count + STATE_MAX;

	keywords->names = retort_alloc_array(arena, room, sizeof *keywords->names);
	keywords->values = retort_alloc_array(arena, room, sizeof *keywords->values);
	if (url->user && *url->user)
		set(keywords, "user", url->user);
	if (url->password)
		set(keywords, "password", url->password);
	if (url->host && *url->host)
		set(keywords, "host", url->host);
	if (url->port)
		set(keywords, "port", retort_printf(arena, "%u", url->port));
	if (url->path && *url->path)
		set(keywords, "dbname", url->path);
	for (size_t i = 0; i < url->parameter_count; i++)
		if (read_parameter(keywords, &url->parameters[i], err))
			return -1;
	set(keywords, "client_encoding", "UTF8");
	if (!get(keywords, "application_name"))
		set(keywords, "application_name",
			application_name(arena,
				options->application_name ? options->application_name : "retort"));
	if (!get(keywords, "connect_timeout") && !default_of(keywords, "connect_timeout"))
		set(keywords, "connect_timeout", "10");
	if (!get(keywords, "keepalives_idle"))
		set(keywords, "keepalives_idle", "30");
	if (!get(keywords, "keepalives_interval"))
		set(keywords, "keepalives_interval", "10");
	return 0;
}

/* ---- the fixed state ---- */

struct setting {
	const char *name, *value;
};

/* The next name of a search path, which *text is moved over; NULL: there is none. Names stand as they are:
 * nothing is folded. */
static const char *next_schema(struct retort_arena *arena, const char **text)
{
	while (**text) {
		const char *from = *text + strspn(*text, " "), *to = from + strcspn(from, ",");

		*text = to + (*to == ',');
		while (to > from && to[-1] == ' ')
			to--;
		if (to > from)
			return retort_strndup(arena, from, (size_t)(to - from));
	}
	return NULL;
}

/* The search path as the server takes it, each name quoted. */
static const char *quote_search_path(struct retort_arena *arena, const char *text)
{
	struct retort_render render = dialect_render(arena, NULL);
	struct retort_buf out;
	const char *name;

	retort_buf_init(&out, arena);
	while ((name = next_schema(arena, &text)) != NULL) {
		if (out.len > 0)
			retort_buf_str(&out, ", ");
		retort_sql_name(&render, &out, name);
	}
	return out.data;
}

/* What every session starts from; the list ends without a name. */
static void list_settings(struct retort_conn *conn, struct setting *list)
{
	struct retort_arena *arena = conn->arena;
	int version = PQserverVersion(conn->pg);
	size_t n = 0;

	list[n++] = (struct setting){"TimeZone", "UTC"};
	list[n++] = (struct setting){"DateStyle", "ISO, YMD"};
	list[n++] = (struct setting){"IntervalStyle", "postgres"};
	list[n++] = (struct setting){"standard_conforming_strings", "on"};
	list[n++] = (struct setting){"bytea_output", "hex"};
	list[n++] = (struct setting){"extra_float_digits", version < 120000 ? "3" : "1"};
	list[n++] = (struct setting){"statement_timeout",
		retort_printf(arena, "%ld", conn->statement_timeout_ms)};
	if (conn->ddl_lock_timeout_ms > 0)
		list[n++] = (struct setting){"lock_timeout",
			retort_printf(arena, "%ld", conn->ddl_lock_timeout_ms)};
	if (version >= CHECK_VERSION)
		list[n++] = (struct setting){"client_connection_check_interval", "2000"};
	list[n++] = (struct setting){"tcp_keepalives_idle", "30"};
	list[n++] = (struct setting){"tcp_keepalives_interval", "10"};
	/* Catalog queries touch many tables at no cost: compiling them takes longer than running them. */
	if (version >= JIT_VERSION)
		list[n++] = (struct setting){"jit", "off"};
	if (conn->read_only)
		list[n++] = (struct setting){"default_transaction_read_only", "on"};
	if (conn->search_path)
		list[n++] = (struct setting){"search_path", quote_search_path(arena, conn->search_path)};
	list[n] = (struct setting){NULL, NULL};
}

/* One round trip: the settings last for the session where the server process is the one that libpq was
 * told of, else (a pooler stands between) for this statement alone. */
static int settle(struct retort_conn *conn, struct retort_error *err)
{
	struct retort_render render = dialect_render(conn->arena, NULL);
	struct setting settings[STATE_MAX];
	struct retort_buf sql, local;
	int pid = PQbackendPID(conn->pg), rc;
	PGresult *result;

	list_settings(conn, settings);
	retort_buf_init(&sql, conn->arena);
	retort_buf_init(&local, conn->arena);
	retort_buf_printf(&sql, "SELECT pg_backend_pid() = %d", pid);
	for (size_t i = 0; settings[i].name; i++) {
		retort_buf_printf(&sql, ", set_config('%s', ", settings[i].name);
		retort_sql_string(&render, &sql, settings[i].value);
		retort_buf_printf(&sql, ", pg_backend_pid() <> %d)", pid);
		/* The transaction has begun: only its successors would be read-only. */
		retort_buf_printf(&local, "%sSET LOCAL %s = ", i > 0 ? "; " : "",
			strcmp(settings[i].name, "default_transaction_read_only") == 0
				? "transaction_read_only"
				: settings[i].name);
		retort_sql_string(&render, &local, settings[i].value);
	}
	rc = connection_run(conn, sql.data, NULL, 0, &result, err);
	if (rc)
		return -1;
	conn->pooled = *PQgetvalue(result, 0, 0) != 't';
	conn->local_state = conn->pooled ? local.data : NULL;
	PQclear(result);
	return 0;
}

const char *connection_home(struct retort_conn *conn, struct retort_arena *arena, struct retort_error *err)
{
	const char *home;
	PGresult *result;

	if (connection_run(conn, "SELECT current_schema()", NULL, 0, &result, err))
		return NULL;
	home = retort_strdup(arena, connection_cell(result, 0, 0));
	PQclear(result);
	return home;
}

/* Whether what is made without a schema goes where the URL says, and not into the next one of the list. */
static int check_search_path(struct retort_conn *conn, struct retort_error *err)
{
	const char *rest = conn->search_path;
	const char *first = rest ? next_schema(conn->arena, &rest) : NULL, *home;
	size_t before = retort_error_count(err);

	if (!first)
		return 0;
	if (conn->pooled)
		return retort_fail(err, RETORT_E_CONFIG,
			"cannot use URL parameter 'search_path' behind a connection pooler, where each "
			"statement may be another session's: connect to the server itself");
	home = connection_home(conn, conn->arena, err);
	if (retort_error_count(err) > before)
		return -1;
	if (home && strcmp(home, first) == 0)
		return 0;
	return retort_fail(err, RETORT_E_CONNECT,
		"cannot use schema '%s' of %s: it isn't there, or its use isn't granted",
		connection_line(conn->arena, first), conn->place);
}

/* ---- opening ---- */

/* "database 'x' on 'host'", as far as it is known. */
static const char *name_place(struct retort_conn *conn)
{
	const char *host = PQhost(conn->pg), *database = PQdb(conn->pg), *port = PQport(conn->pg);
	bool other = port && *port && strcmp(port, "5432") != 0;

	return retort_printf(conn->arena, "database '%s' on '%s%s%s'", connection_line(conn->arena, database),
		host && *host ? connection_line(conn->arena, host) : "localhost", other ? ":" : "",
		other ? port : "");
}

static int fail_open(struct retort_conn *conn, struct retort_error *err)
{
	const char *text = connection_line(conn->arena, PQerrorMessage(conn->pg));
	bool wrong = strncmp(text, "invalid ", 8) == 0 || strstr(text, "definition of service") != NULL;

	return retort_fail(err, wrong ? RETORT_E_CONFIG : RETORT_E_CONNECT, "cannot connect to %s: %s",
		conn->place, text);
}

static int connect(struct retort_conn *conn, const struct keywords *keywords, struct retort_error *err)
{
	conn->pg = PQconnectdbParams(keywords->names, keywords->values, 0);
	if (!conn->pg)
		return retort_fail(err, RETORT_E_CONNECT, "cannot connect: out of memory");
	conn->place = name_place(conn);
	if (PQstatus(conn->pg) != CONNECTION_OK)
		return fail_open(conn, err);
	PQsetNoticeReceiver(conn->pg, connection_receive, conn);
	conn->canceller = PQgetCancel(conn->pg);
	if (PQserverVersion(conn->pg) < OLDEST_VERSION)
		return retort_fail(err, RETORT_E_CONNECT,
			"cannot use %s: the server is PostgreSQL %s, 10 or later is "
			"needed",
			conn->place, PQparameterStatus(conn->pg, "server_version"));
	return settle(conn, err) || check_search_path(conn, err) ? -1 : 0;
}

struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_conn *conn = retort_alloc(arena, sizeof *conn);
	PQconninfoOption *known = PQconndefaults();
	struct keywords keywords = {.arena = arena, .known = known};
	int rc;

	conn->arena = arena;
	conn->listener = options->listener;
	conn->read_only = options->read_only;
	conn->statement_timeout_ms = options->statement_timeout_ms > 0 ? options->statement_timeout_ms : 0;
	conn->ddl_lock_timeout_ms = options->ddl_lock_timeout_ms;
	if (!known)
		rc = retort_fail(err, RETORT_E_CONFIG,
			"cannot connect: libpq can't read its defaults: look at PGSERVICE");
	else
		rc = read_url(&keywords, options, err);
	conn->search_path = keywords.search_path;
	if (known && rc == 0)
		rc = connect(conn, &keywords, err);
	PQconninfoFree(known);
	if (rc == 0)
		return conn;
	connection_close(conn);
	return NULL;
}

void connection_close(struct retort_conn *conn)
{
	if (!conn)
		return;
	PQfreeCancel(conn->canceller);
	PQfinish(conn->pg);
	retort_arena_free(conn->arena);
}
