/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum {
	TRIES = 16,       /* of a name for a temporary file */
	ECHOED_PATH = 300 /* characters of a path in a message */
};

/* Fails with a reason of our own. path NULL: the caller tells which file it is. */
static int fail_because(struct retort_error *err, const char *action, const char *path, const char *reason)
{
	struct retort_arena *arena = retort_arena_new();

	if (path)
		retort_fail(err, RETORT_E_IO, "cannot %s '%s': %s", action,
			text_echo(arena, path, ECHOED_PATH), reason);
	else
		retort_fail(err, RETORT_E_IO, "cannot %s the file: %s", action, reason);
	retort_arena_free(arena);
	return -1;
}

int file_fail(struct retort_error *err, const char *action, const char *path)
{
	struct retort_arena *arena = retort_arena_new();
	char *reason = retort_strdup(arena, strerror(errno));

	if (reason[0] >= 'A' && reason[0] <= 'Z' && reason[1] >= 'a' && reason[1] <= 'z')
		reason[0] = (char)(reason[0] - 'A' + 'a');
	fail_because(err, action, path, reason);
	retort_arena_free(arena);
	return -1;
}

/* Reads until the end of the file, but no more than size bytes. Returns the number, or -1. */
static ssize_t read_all(int fd, char *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, data + done, size - done);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += (size_t)n;
	}
	return (ssize_t)done;
}

/* Reads what fd stands for; the caller closes it. */
static int read_open(struct retort_arena *arena, int fd, const char *path, size_t max, char **text,
	size_t *len, struct retort_error *err)
{
	char reason[80];
	struct stat status;
	ssize_t n;
	char *data;

	if (fstat(fd, &status) < 0)
		return file_fail(err, "read", path);
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return file_fail(err, "read", path);
	}
	if (!S_ISREG(status.st_mode))
		return fail_because(err, "read", path, "not a regular file");
	if ((unsigned long long)status.st_size > max) {
		snprintf(reason, sizeof reason, "it is longer than %zu bytes", max);
		return fail_because(err, "read", path, reason);
	}
	data = retort_alloc(arena, (size_t)status.st_size + 1);
	n = read_all(fd, data, (size_t)status.st_size);
	if (n < 0)
		return file_fail(err, "read", path);
	data[n] = 0;
	*text = data;
	if (len)
		*len = (size_t)n;
	return 0;
}

/* Reads the file at path; messages call it named (fail_because). */
static int read_path(struct retort_arena *arena, const char *path, const char *named, size_t max, char **text,
	size_t *len, struct retort_error *err)
{
	int fd, ret;

	/* not blocking: opening a named pipe must not wait for a writer */
	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return file_fail(err, "read", named);
	ret = read_open(arena, fd, named, max, text, len, err);
	close(fd);
	return ret;
}

int file_read(struct retort_arena *arena, const char *path, size_t max, char **text, size_t *len,
	struct retort_error *err)
{
	return read_path(arena, path, path, max, text, len, err);
}

int file_read_shown(struct retort_arena *arena, const char *path, const char *shown, size_t max, char **text,
	size_t *len, struct retort_error *err)
{
	int ret = read_path(arena, path, NULL, max, text, len, err);

	if (ret)
		retort_error_at(err, shown, 0, 0);
	return ret;
}

static int write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			data += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* Makes a file of a new name in a folder. */
static int open_temporary(struct retort_arena *arena, const char *folder, const char **path)
{
	unsigned long long number;
	int fd = -1, i;

	for (i = 0; i < TRIES; i++) {
		if (getentropy(&number, sizeof number) < 0)
			return -1;
		*path = path_join(arena, folder, retort_printf(arena, ".retort-%016llx~", number));
		fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	return fd;
}

/* Gives a written file its name, which must be free. */
static int publish_new(const char *temporary, const char *path)
{
	int fd;

	if (link(temporary, path) == 0) {
		unlink(temporary);
		return 0;
	}
	if (errno == EEXIST || errno == ENOENT || errno == ENAMETOOLONG)
		return -1;
	/* a file system without links: claim the name first */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	close(fd);
	if (rename(temporary, path) == 0)
		return 0;
	unlink(path);
	return -1;
}

/* Makes a new name in a folder survive a crash, where the file system can. */
static void sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

int file_write(const char *path, const char *text, size_t len, bool exclusive, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	const char *folder = path_folder(arena, path), *temporary = NULL;
	int fd = -1, ret = -1, saved;
	bool ok;

	if (exclusive && access(path, F_OK) == 0) {
		errno = EEXIST;
		goto out;
	}
	fd = open_temporary(arena, folder, &temporary);
	if (fd < 0) {
		temporary = NULL;
		goto out;
	}
	ok = write_all(fd, text, len) == 0 && fsync(fd) == 0;
	saved = errno;
	if (close(fd) < 0 && ok) {
		ok = false;
		saved = errno;
	}
	errno = saved;
	if (ok)
		ret = exclusive ? publish_new(temporary, path) : rename(temporary, path);
	if (ret == 0)
		sync_folder(folder);
out:
	if (ret < 0) {
		saved = errno;
		if (temporary)
			unlink(temporary);
		errno = saved;
		file_fail(err, "write", path);
	}
	retort_arena_free(arena);
	return ret;
}

int file_make_folder(const char *path, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	char *made = retort_strdup(arena, path), *at = made;
	int ret = 0;
	char next;

	do {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		next = *at;
		*at = 0;
		if (*made && mkdir(made, 0777) < 0 && !file_is_folder(made)) {
			if (errno == EEXIST)
				errno = ENOTDIR;
			ret = file_fail(err, "create folder", made);
		}
		*at = next;
	} while (next && ret == 0);
	retort_arena_free(arena);
	return ret;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
	int saved = errno;
	struct stat status;
	bool is = stat(path, &status) == 0 && S_ISDIR(status.st_mode);

	errno = saved;
	return is;
}
