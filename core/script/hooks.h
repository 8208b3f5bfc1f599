/* SPDX-License-Identifier: MIT
 *
 * script/hooks.h: the shell commands that a project configures.
 *
 * A command is run by /bin/sh -c in the working directory, reads nothing, and is never shown: it may hold
 * a secret.
 */
#ifndef RETORT_SCRIPT_HOOKS_H
#define RETORT_SCRIPT_HOOKS_H

#include "retort/error.h"

/* A hook and what it is told in RETORT_TARGET, RETORT_REVISION, RETORT_FILE; NULL: "". */
struct hook {
	const char *name;    /* of its key, for messages */
	const char *command; /* NULL: nothing is run */
	const char *target, *revision, *file;
	/* Asked while it runs, NULL: never; not 0: it is told to end (SIGTERM). */
	int (*interrupted)(void *context);
	void *context;
};

/* Runs it to its end; what it prints goes to stderr. A failure is RETORT_E_CONFIG, or RETORT_E_INTERRUPTED.
 */
int hook_run(const struct hook *hook, struct retort_error *err);
/* Runs a command (the value of key name) and returns what it prints, of at most max bytes. */
int command_output(struct retort_arena *arena, const char *name, const char *command, size_t max, char **text,
	size_t *len, struct retort_error *err);

#endif
