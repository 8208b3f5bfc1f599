/* SPDX-License-Identifier: MIT */
#include "script/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

extern char **environ;

enum {
	HOOK_VARIABLES = 3,
	PAUSE_MS = 5 /* between two looks at a hook that runs */
};

/* The environment with the hook's variables in place of any of their names. */
static char **hook_environment(struct retort_arena *arena, const struct hook *hook)
{
	static const char *const names[HOOK_VARIABLES] = {"RETORT_TARGET=", "RETORT_REVISION=",
		"RETORT_FILE="};
	const char *const values[HOOK_VARIABLES] = {hook->target, hook->revision, hook->file};
	char **all = NULL, **at;
	size_t count = 0, i;

	for (i = 0; i < HOOK_VARIABLES; i++)
		RETORT_PUSH(arena, all, count,
			retort_printf(arena, "%s%s", names[i], values[i] ? values[i] : ""));
	for (at = environ; *at; at++) {
		for (i = 0; i < HOOK_VARIABLES && !text_starts(*at, names[i]); i++)
			;
		if (i == HOOK_VARIABLES)
			RETORT_PUSH(arena, all, count, *at);
	}
	RETORT_PUSH(arena, all, count, NULL);
	return all;
}

/* Starts the shell; its output goes to fd. Returns 0 or an errno. */
static int shell_start(const char *command, char *const *environment, int fd, pid_t *pid)
{
	char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int ret;

	if (posix_spawn_file_actions_init(&actions))
		return ENOMEM;
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	ret = posix_spawn(pid, "/bin/sh", &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

/* Tells how the shell ended. */
static int shell_outcome(const char *name, int status, struct retort_error *err)
{
	if (WIFSIGNALED(status))
		return retort_fail(err, RETORT_E_CONFIG, "cannot run '%s': it was ended by signal %d", name,
			WTERMSIG(status));
	if (WEXITSTATUS(status))
		return retort_fail(err, RETORT_E_CONFIG, "cannot run '%s': it ended with status %d%s", name,
			WEXITSTATUS(status),
			WEXITSTATUS(status) == 127 ? " (the shell found no such program)" : "");
	return 0;
}

/* Waits for the shell and tells how it ended. */
static int shell_end(const char *name, pid_t pid, struct retort_error *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return retort_fail(err, RETORT_E_CONFIG, "cannot wait for '%s': %s", name,
				strerror(errno));
	return shell_outcome(name, status, err);
}

/* The same for a hook, which may be told to end meanwhile. */
static int hook_end(const struct hook *hook, pid_t pid, struct retort_error *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	bool stopped = false;
	int status = 0;
	pid_t ended;

	while ((ended = waitpid(pid, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		if (!stopped && hook->interrupted(hook->context)) {
			stopped = true;
			kill(pid, SIGTERM);
		}
		nanosleep(&pause, NULL);
	}
	/* The key that stops us stops it too, and it may be first. */
	if (stopped || hook->interrupted(hook->context))
		return retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
	if (ended < 0)
		return retort_fail(err, RETORT_E_CONFIG, "cannot wait for '%s': %s", hook->name,
			strerror(errno));
	return shell_outcome(hook->name, status, err);
}

int hook_run(const struct hook *hook, struct retort_error *err)
{
	struct retort_arena *arena;
	int failure;
	pid_t pid;

	if (!hook->command || !*hook->command)
		return 0;
	arena = retort_arena_new();
	/* stdout holds results, maybe JSON: a hook must not write into it */
	failure = shell_start(hook->command, hook_environment(arena, hook), STDERR_FILENO, &pid);
	retort_arena_free(arena);
	if (failure)
		return retort_fail(err, RETORT_E_CONFIG, "cannot run '%s': %s", hook->name,
			strerror(failure));
	return hook->interrupted ? hook_end(hook, pid, err) : shell_end(hook->name, pid, err);
}

/* Reads fd to its end; more than max bytes are counted but not kept. */
static size_t read_end(int fd, struct retort_buf *out, size_t max)
{
	size_t total = 0;
	char data[4096];
	ssize_t n;

	while ((n = read(fd, data, sizeof data)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		total += (size_t)n;
		if (total <= max)
			retort_buf_mem(out, data, (size_t)n);
	}
	return total;
}

int command_output(struct retort_arena *arena, const char *name, const char *command, size_t max, char **text,
	size_t *len, struct retort_error *err)
{
	struct retort_buf out;
	int ends[2], failure;
	size_t total;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return retort_fail(err, RETORT_E_CONFIG, "cannot run '%s': %s", name, strerror(errno));
	failure = shell_start(command, environ, ends[1], &pid);
	close(ends[1]);
	if (failure) {
		close(ends[0]);
		return retort_fail(err, RETORT_E_CONFIG, "cannot run '%s': %s", name, strerror(failure));
	}
	retort_buf_init(&out, arena);
	total = read_end(ends[0], &out, max);
	close(ends[0]);
	if (shell_end(name, pid, err) < 0)
		return -1;
	if (total > max)
		return retort_fail(err, RETORT_E_CONFIG, "cannot use '%s': it printed more than %zu bytes",
			name, max);
	retort_buf_str(&out, "");
	*text = out.data;
	*len = out.len;
	return 0;
}
