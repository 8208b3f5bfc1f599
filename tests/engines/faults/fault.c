/* SPDX-License-Identifier: MIT
 *
 * A driver around another one that counts what the host asks of its first connection, and at one of these
 * calls lets go wrong what the environment names. Loaded in place of the real driver by RETORT_DRIVER_PATH.
 *
 *	FAULT_DRIVER  file of the real driver
 *	FAULT_LOG     each call is written there as a line: its number, exec, query, inspect, bulk, begin or
 *	              commit, and the statement
 *	FAULT_AT      numbers of the calls at which it happens, with spaces; none: never
 *	FAULT_WHEN    before (the call is not passed on), or after (it is, but the host gets no answer)
 *	FAULT_HOW     kill: this process ends; cut: the connection's sockets are shut; stop: the server is
 *	              killed; pause: this process stops until SIGCONT, before the call is passed on
 *	FAULT_SERVER  stop: file with the server's process id, in its first line
 *	FAULT_SIGNAL  stop: number of what it gets; none: SIGKILL
 */
#include <ctype.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "retort/driver.h"

enum { MOST_FILES = 1024, LONGEST_LINE = 100 };

RETORT_EXPORT const struct retort_driver *retort_driver_entry(uint32_t host_abi);

static const struct retort_driver *real;
static struct retort_driver fault;
static struct retort_conn *watched;
static bool sockets[MOST_FILES]; /* of the watched connection */
static unsigned long calls;

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static bool is(const char *name, const char *value)
{
	return strcmp(setting(name), value) == 0;
}

/* ---- what goes wrong ---- */

static void list_sockets(bool open[MOST_FILES])
{
	struct stat info;

	for (int fd = 0; fd < MOST_FILES; fd++)
		open[fd] = fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode);
}

/* The first line of a file; "" where there is none. */
static void read_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "r");

	if (!file || !fgets(line, size, file))
		*line = 0;
	if (file)
		fclose(file);
}

/* Stops the server and returns when it is gone: without a process, or one that only waits to be buried. */
static void stop_server(void)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	char line[512], path[64];
	const char *state;
	long number = strtol(setting("FAULT_SIGNAL"), NULL, 10);
	long pid;

	read_line(setting("FAULT_SERVER"), line, sizeof line);
	pid = strtol(line, NULL, 10);
	if (pid < 2)
		abort();
	kill((pid_t)pid, number ? (int)number : SIGKILL);
	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	for (;; nanosleep(&pause, NULL)) {
		read_line(path, line, sizeof line);
		state = strrchr(line, ')');
		if (!state || strncmp(state, ") Z", 3) == 0)
			return;
	}
}

static void strike(void)
{
	if (is("FAULT_HOW", "kill"))
		raise(SIGKILL);
	else if (is("FAULT_HOW", "stop"))
		stop_server();
	for (int fd = 0; fd < MOST_FILES; fd++)
		if (sockets[fd])
			shutdown(fd, SHUT_RDWR);
}

/* Whether something happens at a call. */
static bool is_at(unsigned long call)
{
	const char *at = setting("FAULT_AT");
	char *end;

	for (unsigned long n; *at; at = end) {
		n = strtoul(at, &end, 10);
		if (n == call || end == at)
			return n == call;
	}
	return false;
}

/* Counts a call and tells whether it is the one. */
static bool count(const struct retort_conn *conn, const char *what, const char *sql)
{
	FILE *log;

	if (conn != watched)
		return false;
	calls++;
	log = *setting("FAULT_LOG") ? fopen(setting("FAULT_LOG"), "a") : NULL;
	if (log) {
		fprintf(log, "%lu %s ", calls, what);
		for (size_t i = 0; sql && sql[i] && i < LONGEST_LINE; i++)
			fputc(isspace((unsigned char)sql[i]) ? ' ' : sql[i], log);
		fputc('\n', log);
		fclose(log);
	}
	return is_at(calls);
}

static bool strikes_first(bool hit)
{
	if (hit && is("FAULT_HOW", "pause"))
		return raise(SIGSTOP) != 0;
	if (hit && is("FAULT_WHEN", "before"))
		strike();
	return hit && is("FAULT_WHEN", "after");
}

/* After a call that went through: the host gets what the lost connection gives. */
static int strike_last(struct retort_conn *conn, int ret, struct retort_error *err)
{
	if (ret < 0)
		return ret;
	strike();
	return real->exec(conn, "SELECT 1", NULL, 0, NULL, err);
}

/* ---- slots ---- */

static struct retort_conn *fault_open(const struct retort_open_options *options, struct retort_error *err)
{
	bool before[MOST_FILES];
	struct retort_conn *conn;

	list_sockets(before);
	conn = real->open(options, err);
	if (conn && !watched) {
		watched = conn;
		list_sockets(sockets);
		for (int fd = 0; fd < MOST_FILES; fd++)
			sockets[fd] = sockets[fd] && !before[fd];
	}
	return conn;
}

static int fault_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "exec", sql));
	int ret = real->exec(conn, sql, params, n, affected, err);

	return last ? strike_last(conn, ret, err) : ret;
}

static int fault_exec_all(struct retort_conn *conn, const struct retort_command *commands, size_t n,
	long long *affected, size_t *done, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "exec", commands->sql));
	int ret = real->exec_all(conn, commands, n, affected, done, err);

	return last ? strike_last(conn, ret, err) : ret;
}

static int fault_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "query", sql));
	int ret = real->query(conn, sql, params, n, row, context, err);

	return last ? strike_last(conn, ret, err) : ret;
}

static int fault_inspect(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "inspect", NULL));
	int rc = real->inspect(conn, options, arena, ret, err);

	return last ? strike_last(conn, rc, err) : rc;
}

static int fault_bulk(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	bool last = strikes_first(count(conn, "bulk", bulk->table));
	int ret = real->bulk(conn, bulk, rows, err);

	return last ? strike_last(conn, ret, err) : ret;
}

static int fault_begin(struct retort_conn *conn, unsigned flags, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "begin", NULL));
	int ret = real->begin(conn, flags, err);

	return last ? strike_last(conn, ret, err) : ret;
}

static int fault_commit(struct retort_conn *conn, struct retort_error *err)
{
	bool last = strikes_first(count(conn, "commit", NULL));
	int ret = real->commit(conn, err);

	return last ? strike_last(conn, ret, err) : ret;
}

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	void *library = real ? NULL : dlopen(setting("FAULT_DRIVER"), RTLD_NOW | RTLD_LOCAL);
	retort_driver_entry_fn *entry = NULL;

	if (library)
		*(void **)&entry = dlsym(library, RETORT_DRIVER_SYMBOL);
	if (entry)
		real = entry(host_abi);
	if (!real || fault.size)
		return real ? &fault : NULL;
	memcpy(&fault, real, real->size < sizeof fault ? real->size : sizeof fault);
	fault.open = fault_open;
	fault.exec = fault_exec;
	fault.exec_all = fault.exec_all ? fault_exec_all : NULL;
	fault.query = fault_query;
	fault.inspect = fault_inspect;
	fault.bulk = fault.bulk ? fault_bulk : NULL;
	fault.begin = fault.begin ? fault_begin : NULL;
	fault.commit = fault.commit ? fault_commit : NULL;
	return &fault;
}
