/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

const char *path_join(struct retort_arena *arena, const char *folder, const char *name)
{
	size_t n = strlen(folder);

	if (!n || *name == '/')
		return retort_strdup(arena, name);
	return retort_printf(arena, "%s%s%s", folder, folder[n - 1] == '/' ? "" : "/", name);
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *path_folder(struct retort_arena *arena, const char *path)
{
	size_t n = (size_t)(path_name(path) - path);

	if (!n)
		return ".";
	while (n > 1 && path[n - 1] == '/')
		n--;
	return retort_strndup(arena, path, n);
}

/* The working folder; "/" where it is gone. */
static const char *working_folder(struct retort_arena *arena)
{
	size_t size;
	char *text;

	for (size = 512; size <= 1 << 20; size *= 2) {
		text = retort_alloc(arena, size);
		if (getcwd(text, size))
			return text;
	}
	return "/";
}

/* Takes the last part off an absolute path. */
static void drop_last(struct retort_buf *buf)
{
	while (buf->len && buf->data[buf->len - 1] != '/')
		buf->len--;
	if (buf->len)
		buf->len--;
	buf->data[buf->len] = 0;
}

const char *path_absolute(struct retort_arena *arena, const char *path)
{
	struct retort_buf buf;
	const char *at;
	size_t n;

	if (*path != '/')
		path = retort_printf(arena, "%s/%s", working_folder(arena), path);
	retort_buf_init(&buf, arena);
	for (at = path; *(at += strspn(at, "/")); at += n) {
		n = strcspn(at, "/");
		if (n == 2 && at[0] == '.' && at[1] == '.') {
			drop_last(&buf);
		} else if (n != 1 || at[0] != '.') {
			retort_buf_char(&buf, '/');
			retort_buf_mem(&buf, at, n);
		}
	}
	if (!buf.len)
		retort_buf_char(&buf, '/');
	return buf.data;
}

const char *path_relative(struct retort_arena *arena, const char *path, const char *folder)
{
	struct retort_buf buf;
	size_t common = 0, i;

	path = path_absolute(arena, path) + 1;
	folder = path_absolute(arena, folder) + 1;
	/* common: where the first part begins that the two don't share */
	for (i = 0; path[i] == folder[i] && path[i]; i++)
		if (path[i] == '/')
			common = i + 1;
	if ((path[i] == '/' || !path[i]) && (folder[i] == '/' || !folder[i]))
		common = i;
	path += common;
	folder += common;
	retort_buf_init(&buf, arena);
	for (folder += strspn(folder, "/"); *folder; folder += strspn(folder, "/")) {
		retort_buf_str(&buf, buf.len ? "/.." : "..");
		folder += strcspn(folder, "/");
	}
	path += strspn(path, "/");
	if (*path) {
		if (buf.len)
			retort_buf_char(&buf, '/');
		retort_buf_str(&buf, path);
	}
	return buf.len ? buf.data : ".";
}
