/* SPDX-License-Identifier: MIT
 *
 * Opening, being refused, and what a connection says of its server.
 */
#include <string.h>

#include "base/text.h"
#include "base/url.h"
#include "engine/checking.h"

#define NOTHING "- create_table: {name: retort_check_a, columns: {a: integer}}\n"
#define PARAMETER "retort_check_nonsense"

enum { MANY = 20 };

static int opens(struct checking *checking)
{
	if (check_ops(checking, NULL, NOTHING) < 0)
		return -1;
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_a]", "0");
}

static int opens_many_times(struct checking *checking)
{
	for (int i = 0; i < MANY; i++) {
		struct session *other;

		if (check_other(checking, 1000, false, &other) < 0)
			return -1;
		session_close(other);
		checking->other_count--;
	}
	return opens(checking);
}

static int two_connections(struct checking *checking)
{
	struct session *other;

	if (check_ops(checking, NULL, NOTHING) < 0 ||
		check_shared(checking, "retort_check_a", 1000, &other) < 0 ||
		check_exec(checking, other, "INSERT INTO [retort_check_a] VALUES (7)", NULL, 0) < 0)
		return -1;
	session_close(other);
	return check_answer(checking, checking->session, "SELECT [a] FROM [retort_check_a]", "7");
}

/* Opens with another URL; a connection is closed at once. */
static bool open_url(struct checking *checking, const struct retort_url *url, struct retort_error *err)
{
	const struct retort_open_options options = {.size = sizeof options,
		.url = url,
		.lock_timeout_ms = 1000,
		.application_name = "retort",
		.listener = &checking->listener};
	struct retort_conn *conn = checking->session->driver->open(&options, err);

	if (conn)
		checking->session->driver->close(conn);
	return conn != NULL;
}

/* The one problem must have the code, and a message worth reading that holds word (NULL: any). */
static int check_problem(struct checking *checking, const struct retort_error *err, enum retort_code code,
	const char *word)
{
	const struct retort_problem *problem = retort_error_first(err);

	if (!problem)
		return check_fault(checking, "open failed without an error");
	if (problem->code != code)
		return check_fault(checking, "expected the code %s, found %s: %s", retort_code_name(code),
			retort_code_name(problem->code), problem->message);
	if (!problem->message || !*problem->message)
		return check_fault(checking, "the message is empty");
	if (word && !strstr(problem->message, word))
		return check_fault(checking, "the message doesn't name '%s': %s", word, problem->message);
	return 0;
}

static int unknown_parameter(struct checking *checking)
{
	const struct retort_url *given = checking->session->url;
	struct retort_url_parameter *parameters =
		retort_alloc_array(checking->arena, given->parameter_count + 1, sizeof *parameters);
	struct retort_error *err = retort_error_new();
	struct retort_url url = *given;
	int ret;

	for (size_t i = 0; i < given->parameter_count; i++)
		parameters[i] = given->parameters[i];
	parameters[url.parameter_count++] = (struct retort_url_parameter){.key = PARAMETER, .value = "1"};
	url.parameters = parameters;
	if (open_url(checking, &url, err))
		ret = check_fault(checking, "a connection was made in spite of the parameter '%s'",
			PARAMETER);
	else
		ret = check_problem(checking, err, RETORT_E_CONFIG, PARAMETER);
	retort_error_free(err);
	return ret;
}

static int missing_database(struct checking *checking)
{
	struct retort_error *err;
	struct retort_url url = *checking->session->url;
	int ret;

	if (!url.path || !*url.path || *url.path == ':')
		return check_skip(checking, "the URL names no database");
	err = retort_error_new();
	url.path = retort_printf(checking->arena, "%s_retort_check_missing", url.path);
	if (open_url(checking, &url, err))
		ret = check_fault(checking, "a connection was made to '%s', which should not exist",
			url.path);
	else
		ret = check_problem(checking, err, RETORT_E_CONNECT, NULL);
	retort_error_free(err);
	return ret;
}

static int read_only(struct checking *checking)
{
	struct session *other;
	struct retort_error *ignored;
	int ret;

	if (check_ops(checking, NULL, NOTHING) < 0 || check_other(checking, 1000, true, &other) < 0)
		return -1;
	ignored = retort_error_new();
	ret = session_exec(other, check_sql(checking, "INSERT INTO [retort_check_a] VALUES (1)"), NULL, 0,
		NULL, ignored);
	retort_error_free(ignored);
	if (ret == 0)
		return check_skip(checking, "the engine lets a reading connection write");
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_a]", "0");
}

/* ---- the server ---- */

static int version(struct checking *checking)
{
	const struct retort_driver *driver = checking->session->driver;
	unsigned number;

	if (!driver->server_version)
		return check_skip(checking, "the driver has no server_version");
	number = driver->server_version(checking->session->conn);
	if (number < 100 || number > 99999999)
		return check_fault(checking, "server_version %u is not major * 10000 + minor * 100 + patch",
			number);
	return 0;
}

static int capabilities_fit(struct checking *checking)
{
	const struct session *session = checking->session;
	uint64_t at;

	if (!session->dialect->caps_at)
		return check_skip(checking, "the dialect has no caps_at");
	at = session->dialect->caps_at(session->version);
	if (at == session->caps)
		return 0;
	return check_fault(checking,
		"the connection has the capabilities 0x%llx, the dialect at version %u 0x%llx",
		(unsigned long long)session->caps, session->version, (unsigned long long)at);
}

static int dialect(struct checking *checking)
{
	const struct retort_driver *driver = checking->session->driver;
	const struct retort_dialect *spoken;

	if (!driver->dialect_of)
		return check_skip(checking, "the driver has no dialect_of");
	spoken = driver->dialect_of(checking->session->conn);
	if (!spoken)
		return check_fault(checking, "dialect_of returned NULL");
	if (strcmp(loader_dialect_of(driver, spoken->name)->name, spoken->name) != 0)
		return check_fault(checking, "dialect_of returned '%s', which is not in the list of dialects",
			spoken->name);
	return 0;
}

/* What a server says besides: one line without its end. */
static int notices(struct checking *checking)
{
	const char *lines;

	if (check_ops(checking, NULL, NOTHING) < 0)
		return -1;
	retort_buf_clear(&checking->notices);
	if (check_exec(checking, checking->session, "DROP TABLE IF EXISTS [retort_check_nothing]", NULL, 0) <
		0) {
		retort_error_clear(checking->err);
		return check_skip(checking, "the engine has no DROP TABLE IF EXISTS to be noticed");
	}
	if (!checking->notices.len)
		return check_skip(checking, "the driver passes no notice of a table that isn't there");
	lines = checking->notices.data;
	if (strstr(lines, "\n\n") || strcmp(text_safe(checking->arena, lines), lines) != 0)
		return check_fault(checking, "a notice holds line ends or control characters: %s",
			text_echo(checking->arena, lines, 200));
	return 0;
}

const struct check checks_connection[] = {
	{"connection/opens", opens, NULL},
	{"connection/opens_many_times", opens_many_times, NULL},
	{"connection/two", two_connections, NULL},
	{"connection/unknown_parameter", unknown_parameter, NULL},
	{"connection/missing_database", missing_database, NULL},
	{"connection/read_only", read_only, NULL},
	{"connection/version", version, NULL},
	{"connection/capabilities", capabilities_fit, NULL},
	{"connection/dialect", dialect, NULL},
	{"connection/notices", notices, NULL},
	{NULL, NULL, NULL},
};

/* ---- errors ---- */

#define KEYS                                                                                                 \
	"- create_table: {name: retort_check_a, columns: {id: {type: bigint, primary_key: true}, b: {type: " \
	"integer, nullable: false}, c: {type: integer, check: c > 0}}}\n"                                    \
	"- create_table: {name: retort_check_b, columns: {id: {type: bigint, references: "                   \
	"retort_check_a(id)}}}\n"                                                                            \
	"- insert_rows: {table: retort_check_a, columns: [id, b], rows: [[1, 1]]}\n"

/* Code, SQLSTATE of a class (NULL: any) and message of a statement that the engine refuses. */
static int check_sql_problem(struct checking *checking, const char *sql, const char *class)
{
	const struct retort_problem *problem;

	if (check_refused(checking, checking->session, sql, &problem) < 0)
		return -1;
	if (problem->code != RETORT_E_SQL)
		return check_fault(checking, "expected the code sql, found %s: %s in: %s",
			retort_code_name(problem->code), problem->message, problem->statement);
	if (strlen(problem->sqlstate) != 5)
		return check_fault(checking, "SQLSTATE '%s' has not five characters: %s in: %s",
			problem->sqlstate, problem->message, problem->statement);
	if (class && strncmp(problem->sqlstate, class, strlen(class)) != 0)
		return check_fault(checking, "expected an SQLSTATE of class %s, found %s: %s in: %s", class,
			problem->sqlstate, problem->message, problem->statement);
	if (!problem->message || !*problem->message)
		return check_fault(checking, "the message is empty in: %s", problem->statement);
	if (strcmp(text_safe(checking->arena, problem->message), problem->message) != 0 ||
		strchr(problem->message, '\n'))
		return check_fault(checking, "the message holds line ends or control characters: %s",
			text_echo(checking->arena, problem->message, 200));
	return 0;
}

static int syntax(struct checking *checking)
{
	if (check_sql_problem(checking, "SELEC 1", "42") < 0)
		return -1;
	return opens(checking);
}

static int unknown_table(struct checking *checking)
{
	return check_sql_problem(checking, "DELETE FROM [retort_check_nowhere]", "42");
}

static int constraints(struct checking *checking)
{
	static const struct {
		const char *sql, *class;
	} broken[] = {
		{"INSERT INTO [retort_check_a] ([id], [b]) VALUES (1, 2)", "23"},
		{"INSERT INTO [retort_check_a] ([id], [b]) VALUES (2, NULL)", "23"},
		{"INSERT INTO [retort_check_b] ([id]) VALUES (99)", "23"},
		{"DELETE FROM [retort_check_a] WHERE [id] = 1", "23"},
		/* a server may have no class for a CHECK */
		{"INSERT INTO [retort_check_a] ([id], [b], [c]) VALUES (3, 1, -1)", NULL},
	};

	if (check_ops(checking, NULL, KEYS) < 0 ||
		check_exec(checking, checking->session, "INSERT INTO [retort_check_b] ([id]) VALUES (1)",
			NULL, 0) < 0)
		return -1;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		if (check_sql_problem(checking, broken[i].sql, broken[i].class) < 0)
			return -1;
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_a]", "1");
}

/* The position counts bytes, from 1, also behind characters of several. */
static int position(struct checking *checking)
{
	static const char text[] =
		"DELETE FROM [retort_check_a] WHERE '\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80' = 'x' "
		"AND EXISTS (SELECT 1 FROM [retort_check_nowhere])";
	const struct retort_problem *problem;
	const char *sql = check_sql(checking, text);
	size_t at = (size_t)(strstr(sql, "retort_check_nowhere") - sql);

	if (check_ops(checking, NULL, NOTHING) < 0 ||
		check_refused(checking, checking->session, text, &problem) < 0)
		return -1;
	if (!problem->position)
		return check_skip(checking, "the driver tells no position");
	/* of the name, or of the quote in front of it */
	if (problem->position != at && problem->position != at + 1)
		return check_fault(checking, "expected the position %zu, found %zu in: %s", at,
			problem->position, sql);
	return 0;
}

/* A query that fails while its rows are read, and one that the caller ends. */
static int stop_at_first(void *context, size_t column_count, const char *const *columns)
{
	(void)column_count;
	(void)columns;
	++*(size_t *)context;
	return 1;
}

static int ended_early(struct checking *checking)
{
	size_t rows = 0;

	if (check_ops(checking, NULL, NOTHING) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		if (check_exec(checking, checking->session, "INSERT INTO [retort_check_a] VALUES (1)", NULL,
			    0) < 0)
			return -1;
	if (session_query(checking->session, check_sql(checking, "SELECT [a] FROM [retort_check_a]"), NULL, 0,
		    stop_at_first, &rows, checking->err) < 0)
		return -1;
	if (rows != 1)
		return check_fault(checking, "the query went on after its caller had enough: %zu rows", rows);
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_a]", "3");
}

static int without_listener(struct checking *checking)
{
	struct retort_error *err = retort_error_new();
	const struct retort_open_options options = {.size = sizeof options,
		.url = checking->session->url,
		.application_name = "retort"};
	struct retort_conn *conn = checking->session->driver->open(&options, err);

	/* Neither a listener nor an error to be filled. */
	if (conn) {
		checking->session->driver->exec(conn, "SELEC 1", NULL, 0, NULL, NULL);
		checking->session->driver->close(conn);
	}
	retort_error_free(err);
	return conn ? opens(checking) : check_fault(checking, "no connection without a listener");
}

const struct check checks_error[] = {
	{"error/syntax", syntax, NULL},
	{"error/unknown_table", unknown_table, NULL},
	{"error/constraints", constraints, NULL},
	{"error/position", position, NULL},
	{"error/rows_ended_early", ended_early, NULL},
	{"error/without_listener", without_listener, NULL},
	{NULL, NULL, NULL},
};
