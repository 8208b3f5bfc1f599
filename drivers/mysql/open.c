/* SPDX-License-Identifier: MIT
 *
 * From a URL to a session in its fixed state. What the URL does not say comes from the option files, groups
 * [client] and [retort], as with the server's own client programs.
 */
#include <errmsg.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "dialect.h"

enum { CONNECT_TIMEOUT_S = 10, OLDEST_MYSQL = 50700, OLDEST_MARIADB = 100300, DEFAULT_PACKET = 1 << 20 };

/* ---- parameters of the URL ---- */

enum parameter_kind { TEXT, SECONDS, TLS_MODE, CHARSET, PLACE, YES };

/* What may follow the question mark, and the client library's option for it. */
static const struct parameter {
	const char *key;
	enum parameter_kind kind;
	int option;
} parameters[] = {
	{"unix_socket", PLACE, 0},
	{"socket", PLACE, 0},
	{"host", PLACE, 0},
	{"charset", CHARSET, 0},
	{"connect_timeout", SECONDS, MYSQL_OPT_CONNECT_TIMEOUT},
	{"read_timeout", SECONDS, MYSQL_OPT_READ_TIMEOUT},
	{"write_timeout", SECONDS, MYSQL_OPT_WRITE_TIMEOUT},
	{"ssl_mode", TLS_MODE, 0},
	{"sslmode", TLS_MODE, 0},
	{"ssl_ca", TEXT, MYSQL_OPT_SSL_CA},
	{"ssl_capath", TEXT, MYSQL_OPT_SSL_CAPATH},
	{"ssl_cert", TEXT, MYSQL_OPT_SSL_CERT},
	{"ssl_key", TEXT, MYSQL_OPT_SSL_KEY},
	{"ssl_cipher", TEXT, MYSQL_OPT_SSL_CIPHER},
	{"ssl_crl", TEXT, MYSQL_OPT_SSL_CRL},
	{"server_public_key", TEXT, MYSQL_SERVER_PUBLIC_KEY},
#ifdef MARIADB_BASE_VERSION
	{"get_server_public_key", PLACE, 0}, /* it always asks */
#else
	{"get_server_public_key", YES, MYSQL_OPT_GET_SERVER_PUBLIC_KEY},
#endif
	{"default_auth", TEXT, MYSQL_DEFAULT_AUTH},
	{"plugin_dir", TEXT, MYSQL_PLUGIN_DIR},
	{"compress", YES, MYSQL_OPT_COMPRESS},
	{"read_default_file", TEXT, MYSQL_READ_DEFAULT_FILE},
	{"read_default_group", TEXT, MYSQL_READ_DEFAULT_GROUP},
	{"application_name", PLACE, 0},
};

/* How much TLS must give; the names are those of MySQL's clients and of libpq. */
static const struct {
	const char *name;
	bool off, required, verified;
} tls_modes[] = {
	{"disabled", true, false, false},
	{"disable", true, false, false},
	{"preferred", false, false, false},
	{"prefer", false, false, false},
	{"allow", false, false, false},
	{"required", false, true, false},
	{"require", false, true, false},
	{"verify_ca", false, true, true},
	{"verify-ca", false, true, true},
	{"verify_identity", false, true, true},
	{"verify-full", false, true, true},
};

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool same_word(const char *a, const char *b)
{
	for (; *a && lower(*a) == lower(*b); a++, b++)
		;
	return !*a && !*b;
}

static const char *parameter_value(const struct retort_url *url, const char *key)
{
	for (size_t i = 0; i < url->parameter_count; i++)
		if (strcmp(url->parameters[i].key, key) == 0)
			return url->parameters[i].value;
	return NULL;
}

static const struct parameter *find_parameter(const char *key)
{
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (strcmp(parameters[i].key, key) == 0)
			return &parameters[i];
	return NULL;
}

/* Letters that two words have in common from the start, for a suggestion. */
static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && lower(a[n]) == b[n])
		n++;
	return n;
}

static int unknown_parameter(const char *key, struct retort_error *err)
{
	const char *near = NULL;
	size_t most = 3;

	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (common(key, parameters[i].key) >= most) {
			most = common(key, parameters[i].key) + 1;
			near = parameters[i].key;
		}
	return retort_fail(err, RETORT_E_CONFIG, "unknown URL parameter '%.60s'%s%s%s", key,
		near ? ": did you mean '" : "", near ? near : ": see the section on URLs in retort(1)",
		near ? "'?" : "");
}

/* The row of tls_modes that the URL means; the number of rows where it names none that is known. Who names
 * authorities wants them asked. */
static size_t tls_mode(const struct retort_url *url, const char **value)
{
	size_t i = 0, n = sizeof tls_modes / sizeof *tls_modes;

	*value = parameter_value(url, "ssl_mode");
	if (!*value)
		*value = parameter_value(url, "sslmode");
	if (!*value)
		*value = parameter_value(url, "ssl_ca") || parameter_value(url, "ssl_capath") ? "verify_ca"
											      : "preferred";
	while (i < n && !same_word(tls_modes[i].name, *value))
		i++;
	return i;
}

static int set_tls(const struct retort_url *url, MYSQL *mysql, struct retort_error *err)
{
	const char *value;
	size_t i = tls_mode(url, &value);

	if (i == sizeof tls_modes / sizeof *tls_modes)
		return retort_fail(err, RETORT_E_CONFIG,
			"unknown ssl_mode '%.40s': write disabled, preferred, required, "
			"verify_ca or verify_identity",
			value);
#ifdef MARIADB_BASE_VERSION
	{
		my_bool on = !tls_modes[i].off, verified = tls_modes[i].verified;

		/* This library takes TLS where the server has it; that it must is checked afterwards. */
		mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
		mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
	}
#else
	{
		unsigned mode = tls_modes[i].off          ? SSL_MODE_DISABLED
			: !tls_modes[i].required          ? SSL_MODE_PREFERRED
			: !tls_modes[i].verified          ? SSL_MODE_REQUIRED
			: strstr(tls_modes[i].name, "ca") ? SSL_MODE_VERIFY_CA
							  : SSL_MODE_VERIFY_IDENTITY;

		mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
	}
#endif
	return 0;
}

static int set_seconds(MYSQL *mysql, const struct parameter *parameter, const char *value,
	struct retort_error *err)
{
	char *end;
	unsigned long seconds = strtoul(value, &end, 10);
	unsigned number = (unsigned)seconds;

	if (end == value || *end || seconds > UINT_MAX || *value == '-')
		return retort_fail(err, RETORT_E_CONFIG,
			"URL parameter '%s' takes a number of seconds, not '%.40s'", parameter->key, value);
	mysql_options(mysql, (enum mysql_option)parameter->option, &number);
	return 0;
}

static int set_parameter(MYSQL *mysql, const struct retort_url_parameter *given, struct retort_error *err)
{
	const struct parameter *parameter = find_parameter(given->key);
	const char *value = given->value;

	if (!parameter)
		return unknown_parameter(given->key, err);
	switch (parameter->kind) {
	case TEXT:
		mysql_options(mysql, (enum mysql_option)parameter->option, value);
		return 0;
	case SECONDS:
		return set_seconds(mysql, parameter, value, err);
	case CHARSET:
		if (same_word(value, "utf8mb4") || same_word(value, "utf8") || same_word(value, "utf-8"))
			return 0;
		return retort_fail(err, RETORT_E_CONFIG,
			"cannot use URL parameter 'charset': retort always speaks utf8mb4, leave it out");
	case YES:
		if (same_word(value, "true") || same_word(value, "1") || same_word(value, "yes") ||
			same_word(value, "on"))
			mysql_options(mysql, (enum mysql_option)parameter->option, &(bool){true});
		return 0;
	case TLS_MODE: /* set_tls */
	case PLACE:
		return 0;
	}
	return 0;
}

/* ---- connecting ---- */

static int set_options(const struct retort_conn *conn, MYSQL *mysql, struct retort_error *err)
{
	const char *application = parameter_value(conn->url, "application_name");
	unsigned timeout = CONNECT_TIMEOUT_S;

	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
	/* The group comes first: its files are then read, and what the URL says goes before them. */
	mysql_options(mysql, MYSQL_READ_DEFAULT_GROUP, "retort");
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
		application ? application : conn->application_name);
	for (size_t i = 0; i < conn->url->parameter_count; i++)
		if (set_parameter(mysql, &conn->url->parameters[i], err))
			return -1;
	return set_tls(conn->url, mysql, err);
}

/* That there is TLS where it is wanted: not every library sees to that. */
static int check_tls(const struct retort_conn *conn, MYSQL *mysql, struct retort_error *err)
{
	const char *value;
	size_t i = tls_mode(conn->url, &value);

	if (!tls_modes[i].required || mysql_get_ssl_cipher(mysql))
		return 0;
	return retort_fail(err, RETORT_E_CONNECT,
		"cannot connect to %s: the server has no TLS, which ssl_mode '%s' asks for", conn->place,
		value);
}

/* What the server or the library said of why there is no connection. */
static int refused(const struct retort_conn *conn, MYSQL *mysql, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();

	retort_fail(err, RETORT_E_CONNECT, "cannot connect to %s: %s", conn->place,
		connection_line(scratch, mysql_error(mysql)));
	retort_error_sqlstate(err, mysql_sqlstate(mysql), (long)mysql_errno(mysql));
	retort_arena_free(scratch);
	return -1;
}

MYSQL *connection_connect(const struct retort_conn *conn, struct retort_error *err)
{
	const struct retort_url *url = conn->url;
	const char *socket = parameter_value(url, "unix_socket"), *host = parameter_value(url, "host");
	MYSQL *mysql = mysql_init(NULL);

	if (!mysql) {
		retort_fail(err, RETORT_E_INTERNAL, "cannot prepare a connection: out of memory");
		return NULL;
	}
	if (!socket)
		socket = parameter_value(url, "socket");
	if (!host && url->host && *url->host)
		host = url->host;
	if (socket)
		host = NULL;        /* the local one */
	else if (host && url->port) /* libraries take localhost for the socket, whatever port is named */
		mysql_options(mysql, MYSQL_OPT_PROTOCOL, &(unsigned){MYSQL_PROTOCOL_TCP});
	if (set_options(conn, mysql, err))
		goto fail;
	if (!mysql_real_connect(mysql, host, url->user, url->password,
		    url->path && *url->path ? url->path : NULL, url->port, socket,
		    CLIENT_FOUND_ROWS | CLIENT_MULTI_RESULTS)) {
		refused(conn, mysql, err);
		goto fail;
	}
	if (check_tls(conn, mysql, err))
		goto fail;
	return mysql;
fail:
	mysql_close(mysql);
	return NULL;
}

/* ---- the fixed state ---- */

/* "10.11.19-MariaDB-..." and "5.5.5-10.11.19-MariaDB", as a number. */
static unsigned version_number(const char *text)
{
	unsigned parts[3] = {0, 0, 0};

	if (strncmp(text, "5.5.5-", 6) == 0)
		text += 6;
	for (size_t i = 0; i < 3; i++) {
		char *end;

		parts[i] = (unsigned)strtoul(text, &end, 10);
		if (*end != '.')
			break;
		text = end + 1;
	}
	return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

static int learn_server(void *context, size_t column_count, const char *const *columns)
{
	struct retort_conn *conn = context;

	if (column_count < 5 || !columns[0])
		return 1;
	conn->is_mariadb = strstr(columns[0], "MariaDB") != NULL;
	conn->version = version_number(columns[0]);
	conn->packet = columns[1] ? strtoul(columns[1], NULL, 10) : DEFAULT_PACKET;
	conn->id = columns[2] ? strtoul(columns[2], NULL, 10) : 0;
	conn->default_collation = retort_strdup(conn->arena, columns[3]);
	conn->has_database = columns[4] != NULL;
	return 1;
}

/* Whether other servers of a cluster take writes too, by a variable that only clusters have. */
static int learn_cluster(void *context, size_t column_count, const char *const *columns)
{
	struct retort_conn *conn = context;

	if (column_count < 2 || !columns[1])
		return 0;
	if (strcmp(columns[0], "wsrep_on") == 0 && strcmp(columns[1], "ON") == 0)
		conn->cluster = true;
	if (strcmp(columns[0], "wsrep_provider") == 0 && strcmp(columns[1], "none") == 0)
		conn->cluster = false;
	if (strcmp(columns[0], "group_replication_single_primary_mode") == 0 &&
		strcmp(columns[1], "OFF") == 0)
		conn->cluster = true;
	return 0;
}

static long whole_seconds(long ms)
{
	return ms <= 0 ? 0 : (ms + 999) / 1000;
}

/* One SET for everything: a round trip. */
static const char *state_statement(const struct retort_conn *conn)
{
	struct retort_buf sql;

	retort_buf_init(&sql, conn->arena);
	retort_buf_str(&sql, DIALECT_STATE);
	if (conn->ddl_lock_timeout_ms > 0)
		retort_buf_printf(&sql, ", lock_wait_timeout = %ld, innodb_lock_wait_timeout = %ld",
			whole_seconds(conn->ddl_lock_timeout_ms), whole_seconds(conn->ddl_lock_timeout_ms));
	if (conn->statement_timeout_ms > 0 && conn->is_mariadb)
		retort_buf_printf(&sql, ", max_statement_time = %ld.%03ld", conn->statement_timeout_ms / 1000,
			conn->statement_timeout_ms % 1000);
	else if (conn->statement_timeout_ms > 0)
		retort_buf_printf(&sql, ", max_execution_time = %ld", conn->statement_timeout_ms);
	return sql.data;
}

int connection_settle(struct retort_conn *conn, struct retort_error *err)
{
	if (connection_query(conn,
		    "SELECT VERSION(), @@max_allowed_packet, CONNECTION_ID(), (SELECT COLLATION_NAME"
		    " FROM information_schema.COLLATIONS WHERE CHARACTER_SET_NAME = 'utf8mb4' AND IS_DEFAULT "
		    "= 'Yes' LIMIT 1), DATABASE()",
		    NULL, 0, learn_server, conn, err) ||
		connection_query(conn,
			"SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider',"
			" 'group_replication_single_primary_mode')",
			NULL, 0, learn_cluster, conn, err))
		return -1;
	if (!conn->has_database)
		return retort_fail(err, RETORT_E_CONFIG,
			"the URL names no database: write it after the host, as in mysql://HOST/DATABASE");
	if (conn->version < (conn->is_mariadb ? OLDEST_MARIADB : OLDEST_MYSQL))
		return retort_fail(err, RETORT_E_CONNECT,
			"the server of %s is too old: retort needs MySQL 5.7 or MariaDB 10.3", conn->place);
	if (connection_exec(conn, state_statement(conn), NULL, 0, NULL, err))
		return -1;
	if (conn->read_only)
		return connection_exec(conn, "SET SESSION TRANSACTION READ ONLY", NULL, 0, NULL, err);
	return 0;
}

/* ---- the slots ---- */

static const struct retort_url *copy_url(struct retort_arena *arena, const struct retort_url *url)
{
	struct retort_url *copy = retort_alloc(arena, sizeof *copy);
	struct retort_url_parameter *list = retort_alloc_array(arena, url->parameter_count + 1, sizeof *list);

	*copy = *url;
	copy->scheme = retort_strdup(arena, url->scheme);
	copy->user = retort_strdup(arena, url->user);
	copy->password = retort_strdup(arena, url->password);
	copy->host = retort_strdup(arena, url->host);
	copy->path = retort_strdup(arena, url->path);
	for (size_t i = 0; i < url->parameter_count; i++) {
		list[i].key = retort_strdup(arena, url->parameters[i].key);
		list[i].value = retort_strdup(arena, url->parameters[i].value);
	}
	copy->parameters = list;
	return copy;
}

static const char *place_of(struct retort_arena *arena, const struct retort_url *url)
{
	const char *socket = parameter_value(url, "unix_socket");
	const char *where = socket ? socket : url->host && *url->host ? url->host : "localhost";

	const char *port = socket || !url->port ? "" : retort_printf(arena, ":%u", url->port);

	if (!url->path || !*url->path)
		return retort_printf(arena, "the server on '%s%s'", where, port);
	return retort_printf(arena, "database '%s' on '%s%s'", url->path, where, port);
}

struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	struct retort_conn *conn = retort_alloc(arena, sizeof *conn);

	conn->arena = arena;
	conn->url = copy_url(arena, options->url);
	conn->listener = options->listener;
	conn->place = connection_line(arena, place_of(arena, conn->url));
	conn->application_name =
		retort_strdup(arena, options->application_name ? options->application_name : "retort");
	conn->read_only = options->read_only;
	conn->lock_timeout_ms = options->lock_timeout_ms;
	conn->statement_timeout_ms = options->statement_timeout_ms;
	conn->ddl_lock_timeout_ms = options->ddl_lock_timeout_ms;
	conn->mysql = connection_connect(conn, err);
	if (conn->mysql && connection_settle(conn, err) == 0)
		return conn;
	connection_close(conn);
	return NULL;
}

void connection_close(struct retort_conn *conn)
{
	if (!conn)
		return;
	if (conn->mysql)
		mysql_close(conn->mysql);
	retort_arena_free(conn->arena);
}
