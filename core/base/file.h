/* SPDX-License-Identifier: MIT
 *
 * base/file.h: whole files in and out, and paths.
 */
#ifndef RETORT_BASE_FILE_H
#define RETORT_BASE_FILE_H

#include <stdbool.h>

#include "retort/error.h"

/* Fails with RETORT_E_IO and what errno says: "cannot read 'PATH': no such file or directory". */
int file_fail(struct retort_error *err, const char *action, const char *path);
/* Reads a whole regular file of at most max bytes; *text ends in a zero byte that *len does
 * not count. A directory, a device or a longer file is an error (RETORT_E_IO). */
int file_read(struct retort_arena *arena, const char *path, size_t max, char **text, size_t *len,
	struct retort_error *err);
/* The same for a file that people know by another name: the error stands at that name, and its message
 * doesn't say it again. */
int file_read_shown(struct retort_arena *arena, const char *path, const char *shown, size_t max, char **text,
	size_t *len, struct retort_error *err);
/* Writes by way of a temporary file in the same folder, fsync and rename, with mode 0666 less
 * the umask. With exclusive an existing file is an error and is left as it is. */
int file_write(const char *path, const char *text, size_t len, bool exclusive, struct retort_error *err);
/* Makes a folder and its parents; existing ones are fine. */
int file_make_folder(const char *path, struct retort_error *err);
bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* Joins two parts with one slash; an absolute second part stands alone. */
const char *path_join(struct retort_arena *arena, const char *folder, const char *name);
/* The folder part; "." where there is none. */
const char *path_folder(struct retort_arena *arena, const char *path);
/* What follows the last slash; a pointer into path. */
const char *path_name(const char *path);
/* Absolute, without "." and ".." and doubled slashes; links are not resolved, the file need not exist. */
const char *path_absolute(struct retort_arena *arena, const char *path);
/* path as seen from folder (both made absolute): "../a/b". */
const char *path_relative(struct retort_arena *arena, const char *path, const char *folder);

#endif
