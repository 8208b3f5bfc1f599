/* SPDX-License-Identifier: MIT */
#include "engine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STAT_START = 22 }; /* proc(5): the field of /proc/PID/stat that holds the start time */

/* The first bytes of a small file, up to its first line end. */
static bool read_line(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return false;
	text[got] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* When a process began, in the system's ticks. */
static bool read_start(long pid, char *start, size_t size)
{
	char path[64], text[1024], *at, *end;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	if (!read_line(path, text, sizeof text))
		return false;
	at = strrchr(text, ')'); /* the second field, a name, may hold anything */
	if (at && strncmp(at, ") Z", 3) == 0) {
		*start = '\0'; /* it has ended, and only its parent has not asked yet */
		return true;
	}
	for (int field = 2; at && field < STAT_START; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	end = at + 1 + strcspn(at + 1, " ");
	snprintf(start, size, "%.*s", (int)(end - at - 1), at + 1);
	return true;
}

/* What all processes share that can see each other by number. */
static bool read_world(char *world, size_t size)
{
	char boot[64], space[64];
	ssize_t n;

	if (!read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot))
		return false;
	n = readlink("/proc/self/ns/pid", space, sizeof space - 1);
	if (n <= 0)
		return false;
	space[n] = '\0';
	snprintf(world, size, "%s %s", boot, space);
	return true;
}

const char *process_identity(struct retort_arena *arena)
{
	char world[160], start[32];

	if (!read_world(world, sizeof world) || !read_start((long)getpid(), start, sizeof start))
		return "";
	return retort_printf(arena, "%s %ld %s", world, (long)getpid(), start);
}

/* What can be told of a process. */
enum fate { FATE_UNKNOWN, FATE_ALIVE, FATE_ENDED };

static enum fate fate_of(const char *identity)
{
	char world[160], start[32], *end;
	size_t n;
	long pid;

	if (!identity || !read_world(world, sizeof world))
		return FATE_UNKNOWN;
	n = strlen(world);
	if (strncmp(identity, world, n) != 0 || identity[n] != ' ')
		return FATE_UNKNOWN;
	pid = strtol(identity + n + 1, &end, 10);
	if (pid <= 0 || *end != ' ')
		return FATE_UNKNOWN;
	if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		return FATE_ENDED;
	if (!read_start(pid, start, sizeof start))
		return FATE_UNKNOWN;
	return strcmp(start, end + 1) == 0 ? FATE_ALIVE : FATE_ENDED;
}

bool process_has_ended(const char *identity)
{
	return fate_of(identity) == FATE_ENDED;
}

bool process_is_alive(const char *identity)
{
	return fate_of(identity) == FATE_ALIVE;
}
