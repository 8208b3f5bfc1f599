/* SPDX-License-Identifier: MIT */
#include "engine/program.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_MS 20 /* between two looks at a running program */

extern char **environ;

/* Whether a setting names the same variable as one before it. */
static bool same_variable(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

/* The environment: ours, with RETORT_URL and the operation's variables in place of any of the same name. */
static char **make_environment(struct retort_arena *arena, const struct session *session,
	const struct retort_op *op)
{
	char **own = retort_alloc_array(arena, op->env_count + 1, sizeof *own), **ret = NULL;
	size_t own_count = 0, count = 0;

	if (session->url_text)
		own[own_count++] = retort_printf(arena, "RETORT_URL=%s", session->url_text);
	for (size_t i = 0; i < op->env_count; i++)
		own[own_count++] = retort_strdup(arena, op->env[i]);
	for (char **at = environ; *at; at++) {
		bool replaced = false;

		for (size_t i = 0; i < own_count && !replaced; i++)
			replaced = same_variable(*at, own[i]);
		if (!replaced)
			RETORT_PUSH(arena, ret, count, *at);
	}
	for (size_t i = 0; i < own_count; i++)
		RETORT_PUSH(arena, ret, count, own[i]);
	RETORT_PUSH(arena, ret, count, NULL);
	return ret;
}

/* Starts it with no signal blocked and its output on stderr: stdout is for results. */
static int start(struct retort_arena *arena, const struct session *session, const struct retort_op *op,
	pid_t *pid)
{
	char **arguments = retort_alloc_array(arena, op->command_count + 1, sizeof *arguments);
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int ret;

	for (size_t i = 0; i < op->command_count; i++)
		arguments[i] = retort_strdup(arena, op->command[i]);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	ret = posix_spawnp(pid, arguments[0], &files, &attributes, arguments,
		make_environment(arena, session, op));
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return ret;
}

int program_run(const struct session *session, const struct retort_op *op, struct retort_error *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	struct retort_arena *scratch = retort_arena_new();
	bool stopped = false;
	int status = 0, reason;
	pid_t pid, ended;

	reason = op->command_count ? start(scratch, session, op, &pid) : EINVAL;
	retort_arena_free(scratch);
	if (reason)
		return retort_fail(err, RETORT_E_IO, "cannot run '%s': %s",
			op->command_count ? op->command[0] : "", strerror(reason));
	while ((ended = waitpid(pid, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		if (!stopped && session_interrupted(session, err) < 0) {
			stopped = true;
			kill(pid, SIGTERM);
		}
		nanosleep(&pause, NULL);
	}
	if (stopped)
		return -1;
	if (ended < 0)
		return retort_fail(err, RETORT_E_IO, "cannot wait for '%s': %s", op->command[0],
			strerror(errno));
	if (WIFSIGNALED(status))
		return retort_fail(err, RETORT_E_IO, "'%s' was ended by signal %d", op->command[0],
			WTERMSIG(status));
	if (WEXITSTATUS(status))
		return retort_fail(err, RETORT_E_IO, "'%s' failed with exit status %d", op->command[0],
			WEXITSTATUS(status));
	return 0;
}
