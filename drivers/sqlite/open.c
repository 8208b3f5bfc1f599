/* SPDX-License-Identifier: MIT
 *
 * From a URL to an open database file, with a plain word about each way in which that fails.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"

/* What the URL's parameters say. */
struct wishes {
	bool foreign_keys, read_only, memory, existing;
	long busy_timeout_ms;
	bool busy_timeout_given;
};

/* on, true, yes, 1 or off, false, no, 0. */
static int read_switch(const struct retort_url_parameter *parameter, bool *ret, struct retort_error *err)
{
	static const char *const words[] = {"off", "on", "false", "true", "no", "yes", "0", "1"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sqlite3_stricmp(parameter->value, words[i]) == 0) {
			*ret = i % 2 == 1;
			return 0;
		}
	return retort_fail(err, RETORT_E_CONFIG,
		"cannot read URL parameter '%s': expected on or off, found '%s'", parameter->key,
		parameter->value);
}

static int set_foreign_keys(struct wishes *wishes, const struct retort_url_parameter *parameter,
	struct retort_error *err)
{
	return read_switch(parameter, &wishes->foreign_keys, err);
}

/* Milliseconds, or seconds with an s. */
static int set_busy_timeout(struct wishes *wishes, const struct retort_url_parameter *parameter,
	struct retort_error *err)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(parameter->value, &end, 10);
	if (strcmp(end, "s") == 0 && value <= 1000000)
		value *= 1000;
	else if (*end != 0 && strcmp(end, "ms") != 0)
		errno = EINVAL;
	if (errno || end == parameter->value || value < 0)
		return retort_fail(err, RETORT_E_CONFIG,
			"cannot read URL parameter 'busy_timeout': expected milliseconds or 10s, found '%s'",
			parameter->value);
	wishes->busy_timeout_ms = value;
	wishes->busy_timeout_given = true;
	return 0;
}

static int set_mode(struct wishes *wishes, const struct retort_url_parameter *parameter,
	struct retort_error *err)
{
	const char *mode = parameter->value;

	wishes->read_only = strcmp(mode, "ro") == 0;
	wishes->existing = strcmp(mode, "rw") == 0;
	wishes->memory = strcmp(mode, "memory") == 0;
	if (wishes->read_only || wishes->existing || wishes->memory || strcmp(mode, "rwc") == 0)
		return 0;
	return retort_fail(err, RETORT_E_CONFIG,
		"cannot read URL parameter 'mode': expected ro, rw, rwc or memory, found '%s'", mode);
}

static const struct parameter_row {
	const char *key;
	int (*set)(struct wishes *wishes, const struct retort_url_parameter *parameter,
		struct retort_error *err);
} parameters[] = {
	{"foreign_keys", set_foreign_keys},
	{"busy_timeout", set_busy_timeout},
	{"mode", set_mode},
};

static int read_parameters(const struct retort_url *url, struct wishes *wishes, struct retort_error *err)
{
	size_t known = sizeof parameters / sizeof *parameters;

	for (size_t i = 0; i < url->parameter_count; i++) {
		const struct retort_url_parameter *given = &url->parameters[i];
		size_t j = 0;

		while (j < known && strcmp(parameters[j].key, given->key) != 0)
			j++;
		if (j == known)
			return retort_fail(err, RETORT_E_CONFIG,
				"unknown URL parameter '%s': sqlite knows foreign_keys, busy_timeout and "
				"mode",
				given->key);
		if (parameters[j].set(wishes, given, err))
			return -1;
	}
	return 0;
}

/* The path as it is whatever the working directory. */
static const char *absolute_path(struct retort_arena *arena, const char *path)
{
	char *folder;
	const char *whole;

	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	if (*path == '/')
		return retort_strdup(arena, path);
	folder = getcwd(NULL, 0);
	whole = retort_printf(arena, "%s/%s", !folder ? "." : strcmp(folder, "/") == 0 ? "" : folder, path);
	free(folder);
	return whole;
}

/* Whether the folder of a file can be written to: SQLite keeps its journal there. */
static int look_at_folder(struct retort_arena *arena, const char *file, bool make, struct retort_error *err)
{
	const char *slash = strrchr(file, '/');
	const char *folder = slash == file ? "/" : retort_strndup(arena, file, (size_t)(slash - file));
	struct stat status;

	if (stat(folder, &status) != 0)
		return retort_fail(err, RETORT_E_CONNECT, "cannot make database file %s: folder '%s': %s",
			file, folder, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return retort_fail(err, RETORT_E_CONNECT, "cannot make database file %s: '%s' is no folder",
			file, folder);
	if (access(folder, W_OK) != 0)
		return retort_fail(err, RETORT_E_CONNECT,
			"cannot %s database file %s: its folder can't be written to: %s",
			make ? "make" : "write to", file, strerror(errno));
	return 0;
}

/* Whether the file is there and can be used as wished; *missing: it is to be made. */
static int look_at_file(struct retort_arena *arena, const char *file,
	const struct retort_open_options *options, const struct wishes *wishes, bool *missing,
	struct retort_error *err)
{
	struct stat status;

	*missing = false;
	if (stat(file, &status) != 0) {
		if (errno != ENOENT)
			return retort_fail(err, RETORT_E_CONNECT, "cannot open database file %s: %s", file,
				strerror(errno));
		if (!options->create || wishes->existing || wishes->read_only)
			return retort_fail(err, RETORT_E_CONNECT, "no such database file: %s", file);
		*missing = true;
		return look_at_folder(arena, file, true, err);
	}
	if (S_ISDIR(status.st_mode))
		return retort_fail(err, RETORT_E_CONNECT, "cannot open database file %s: it is a folder",
			file);
	if (!S_ISREG(status.st_mode))
		return retort_fail(err, RETORT_E_CONNECT,
			"cannot open database file %s: it is no regular file", file);
	if (access(file, R_OK) != 0)
		return retort_fail(err, RETORT_E_CONNECT, "cannot read database file %s: %s", file,
			strerror(errno));
	if (wishes->read_only)
		return 0;
	if (access(file, W_OK) != 0)
		return retort_fail(err, RETORT_E_CONNECT, "cannot write to database file %s: %s", file,
			strerror(errno));
	return look_at_folder(arena, file, false, err);
}

/* Reads the file's head, as SQLite puts off all that until the first statement. */
static int look_inside(struct retort_conn *conn, struct retort_error *err)
{
	int rc = sqlite3_exec(conn->db, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return 0;
	if ((rc & 0xff) == SQLITE_NOTADB)
		return retort_fail(err, RETORT_E_CONNECT,
			"not a SQLite database file (or an encrypted one): %s", conn->file);
	if ((rc & 0xff) == SQLITE_BUSY)
		return connection_fail(conn, err);
	return retort_fail(err, RETORT_E_CONNECT, "cannot read database file %s: %s", conn->file,
		sqlite3_errmsg(conn->db));
}

static int open_file(struct retort_conn *conn, const struct retort_open_options *options,
	const struct wishes *wishes, struct retort_error *err)
{
	bool memory = strcmp(conn->file, ":memory:") == 0, missing = false;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	bool read_only = options->read_only || wishes->read_only;

	if (!memory) {
		struct wishes as = *wishes;

		as.read_only = read_only;
		if (look_at_file(conn->arena, conn->file, options, &as, &missing, err))
			return -1;
	}
	if (memory || missing)
		flags |= SQLITE_OPEN_CREATE;
	if (missing)
		connection_notice(conn, RETORT_NOTICE_INFO, "making database file %s", conn->file);
	if (sqlite3_open_v2(conn->file, &conn->db, flags, NULL) != SQLITE_OK)
		return retort_fail(err, RETORT_E_CONNECT, "cannot open database file %s: %s", conn->file,
			conn->db ? sqlite3_errmsg(conn->db) : "out of memory");
	conn->read_only = read_only;
	if (connection_settle(conn, err) || look_inside(conn, err))
		return -1;
	if (!read_only && sqlite3_db_readonly(conn->db, "main") == 1)
		return retort_fail(err, RETORT_E_CONNECT, "cannot write to database file %s: it is read-only",
			conn->file);
	return 0;
}

struct retort_conn *connection_open(const struct retort_open_options *options, struct retort_error *err)
{
	const struct retort_url *url = options->url;
	struct wishes wishes = {.foreign_keys = true};
	struct retort_arena *arena;
	struct retort_conn *conn;
	bool memory;

	if (url->host || url->user || url->password || url->port) {
		retort_fail(err, RETORT_E_CONFIG,
			"a sqlite URL names no host or user: write sqlite:///FILE for a path "
			"from the working directory, sqlite:////FILE for one from the root");
		return NULL;
	}
	if (read_parameters(url, &wishes, err))
		return NULL;
	arena = retort_arena_new();
	conn = retort_alloc(arena, sizeof *conn);
	conn->arena = arena;
	memory = wishes.memory || !url->path || !*url->path || strcmp(url->path, ":memory:") == 0;
	conn->file = memory ? ":memory:" : absolute_path(arena, url->path);
	conn->listener = options->listener;
	conn->foreign_keys = wishes.foreign_keys;
	conn->busy_timeout_ms = wishes.busy_timeout_given ? wishes.busy_timeout_ms : options->lock_timeout_ms;
	conn->statement_timeout_ms = options->statement_timeout_ms;
	conn->statement_start = connection_clock();
	if (open_file(conn, options, &wishes, err) == 0)
		return conn;
	connection_close(conn);
	return NULL;
}
