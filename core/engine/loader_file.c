/* SPDX-License-Identifier: MIT */
#include "engine/loader_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <ltdl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { OLDEST_ABI = 1 };

/* ---- trust ---- */

/* Whether the group of a file is its owner's own: named like him, his first one, and nobody else in it. Where
 * each user has such a group the umask is often 002, and all that he makes may be written by it. */
static bool is_private_group(const struct stat *status)
{
	char of_user[4096], of_group[4096]; /* a group that needs more has members */
	struct passwd passwd, *user;
	struct group entry, *group;

	if (getpwuid_r(status->st_uid, &passwd, of_user, sizeof of_user, &user) != 0 || !user ||
		user->pw_gid != status->st_gid)
		return false;
	if (getgrgid_r(status->st_gid, &entry, of_group, sizeof of_group, &group) != 0 || !group ||
		strcmp(group->gr_name, user->pw_name) != 0)
		return false;
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, user->pw_name) != 0)
			return false;
	return true;
}

/* Why one file or folder is not safe, or NULL. */
static const char *distrust_one(struct retort_arena *arena, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return retort_printf(arena, "cannot look at '%s': %s", path, strerror(errno));
	if (status.st_uid != 0 && status.st_uid != geteuid())
		return retort_printf(arena,
			"'%s' belongs to another user (%lu): only what root or you own is loaded", path,
			(unsigned long)status.st_uid);
	if (S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX))
		return NULL;
	if (status.st_mode & S_IWOTH || (status.st_mode & S_IWGRP && !is_private_group(&status)))
		return retort_printf(arena, "others may write '%s': run chmod go-w on it", path);
	return NULL;
}

const char *loader_distrust(struct retort_arena *arena, const char *path)
{
	const char *reason = NULL;
	char real[PATH_MAX], *at;

	if (!realpath(path, real))
		return retort_printf(arena, "cannot find '%s': %s", path, strerror(errno));
	for (at = real + 1; !reason && *at; at++)
		if (*at == '/') {
			*at = 0;
			reason = distrust_one(arena, real);
			*at = '/';
		}
	if (!reason)
		reason = distrust_one(arena, "/");
	return reason ? reason : distrust_one(arena, real);
}

/* ---- opening ---- */

/* The loader's own words, with ours in front where they are known. */
static const char *open_reason(struct retort_arena *arena, const char *path, const char *text)
{
	static const struct {
		const char *theirs, *ours;
	} known[] = {
		{"undefined symbol",
			"it needs a symbol that nothing has, so it is made for another version of something"},
		{"version `", "it needs another version of a library"},
		{"cannot open shared object file", "a library that it needs is missing"},
		{"invalid ELF header", "it is no shared library"},
		{"file too short", "it is no shared library"},
		{"wrong ELF class", "it is made for another machine"},
	};
	size_t i, n = strlen(path);

	if (!text)
		text = "the loader doesn't say why";
	if (text_starts(text, path) && text_starts(text + n, ": "))
		text += n + 2;
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (strstr(text, known[i].theirs))
			return retort_printf(arena, "%s (%s)", known[i].ours, text);
	return retort_strdup(arena, text);
}

/* Opens a file by libltdl. */
static lt_dlhandle open_handle(struct retort_arena *arena, const char *path, const char **reason)
{
	lt_dlhandle handle = NULL;
	lt_dladvise advise;
	void *plain;

	/* libltdl reports every failure as a missing file, and binds late: an unknown symbol would end the
	 * program when it is called. A plain dlopen that binds at once tells both. */
	plain = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!plain) {
		*reason = open_reason(arena, path, dlerror());
		return NULL;
	}
	if (lt_dladvise_init(&advise) == 0) {
		lt_dladvise_local(&advise);
		handle = lt_dlopenadvise(path, advise);
		lt_dladvise_destroy(&advise);
	}
	if (!handle)
		*reason = open_reason(arena, path, lt_dlerror());
	dlclose(plain);
	return handle;
}

const char *loader_open(struct retort_arena *arena, const char *path, const struct retort_driver **ret)
{
	const char *reason = loader_distrust(arena, path);
	retort_driver_entry_fn *entry = NULL;
	lt_dlhandle handle;
	struct stat status;
	void *symbol;

	if (!reason && stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		reason = "it is no regular file";
	handle = reason ? NULL : open_handle(arena, path, &reason);
	if (!handle)
		return reason;
	symbol = lt_dlsym(handle, RETORT_DRIVER_SYMBOL);
	/* ISO C has no conversion from one kind of pointer to the other; POSIX promises the same bytes */
	memcpy(&entry, &symbol, sizeof entry);
	if (!entry)
		reason = "it is not a retort driver: it exports no function " RETORT_DRIVER_SYMBOL;
	else
		reason = loader_check(arena, entry(RETORT_ABI), ret);
	/* client libraries take it badly when they are unloaded, and the copy points into the file */
	if (reason)
		lt_dlclose(handle);
	else
		lt_dlmakeresident(handle);
	return reason;
}

/* ---- checking ---- */

/* The required slots, by name. All but the first three are functions, of one size. */
static const struct {
	const char *name;
	size_t at;
} required[] = {
	{"name", offsetof(struct retort_driver, name)},
	{"schemes", offsetof(struct retort_driver, schemes)},
	{"dialect", offsetof(struct retort_driver, dialect)},
	{"open", offsetof(struct retort_driver, open)},
	{"close", offsetof(struct retort_driver, close)},
	{"exec", offsetof(struct retort_driver, exec)},
	{"query", offsetof(struct retort_driver, query)},
	{"inspect", offsetof(struct retort_driver, inspect)},
};

/* Whether the pointer at an offset is NULL, whatever it points to. */
static bool is_missing(const struct retort_driver *driver, size_t at)
{
	static const void *const nothing;

	return !memcmp((const char *)driver + at, &nothing, sizeof nothing);
}

/* Copies what is there of a struct whose first member is its size into one of ours. */
static void copy_sized(void *to, size_t to_size, const void *from, size_t from_size)
{
	size_t n = from_size < to_size ? from_size : to_size;

	memcpy(to, from, n);
	memcpy(to, &to_size, sizeof to_size);
}

/* A copy of a dialect with its defaults. */
static const char *dialect_check(struct retort_arena *arena, const struct retort_dialect *given,
	const struct retort_dialect **ret)
{
	struct retort_dialect *dialect = retort_alloc(arena, sizeof *dialect);

	if (given->size < offsetof(struct retort_dialect, name) + sizeof given->name)
		return "its dialect has no size: start it with .size = sizeof(struct retort_dialect)";
	copy_sized(dialect, sizeof *dialect, given, given->size);
	if (!dialect->name || !*dialect->name)
		return "its dialect has no name";
	if (!dialect->quote_open)
		dialect->quote_open = '"';
	if (!dialect->quote_close)
		dialect->quote_close = dialect->quote_open == '[' ? ']' : dialect->quote_open;
	if (!dialect->placeholder)
		dialect->placeholder = "?";
	*ret = dialect;
	return NULL;
}

/* Copies of the further dialects with their defaults. */
static const char *dialects_check(struct retort_arena *arena, const struct retort_dialect *const *given,
	const struct retort_dialect *const **ret)
{
	const struct retort_dialect **copies = NULL, *copy = NULL;
	const char *reason = NULL;
	size_t count = 0;

	for (; given && *given && !reason; given++) {
		reason = dialect_check(arena, *given, &copy);
		if (!reason)
			RETORT_PUSH(arena, copies, count, copy);
	}
	RETORT_PUSH(arena, copies, count, NULL);
	*ret = copies;
	return reason;
}

const char *loader_check(struct retort_arena *arena, const struct retort_driver *given,
	const struct retort_driver **ret)
{
	struct retort_driver *driver = retort_alloc(arena, sizeof *driver);
	const char **missing = NULL, *reason;
	size_t count = 0, i;

	if (!given)
		return retort_printf(arena, "it does not serve version %d of the driver interface",
			RETORT_ABI);
	/* size and abi stand first in every version; nothing else may be looked at before they are known */
	if (given->abi > RETORT_ABI)
		return retort_printf(arena,
			"it needs version %u of the driver interface, this retort has %d: update retort",
			(unsigned)given->abi, RETORT_ABI);
	if (given->abi < OLDEST_ABI)
		return retort_printf(arena,
			"it is made for version %u of the driver interface, this retort needs %d: "
			"build it anew",
			(unsigned)given->abi, OLDEST_ABI);
	if (given->size < offsetof(struct retort_driver, name))
		return "its struct has no size: write it by the macro RETORT_DRIVER";
	copy_sized(driver, sizeof *driver, given, given->size);
	for (i = 0; i < sizeof required / sizeof *required; i++)
		if (is_missing(driver, required[i].at))
			RETORT_PUSH(arena, missing, count, required[i].name);
	if (count)
		return retort_printf(arena, "it lacks what every driver needs: %s",
			text_list(arena, missing, count, 0));
	if (!driver->version)
		driver->version = "unknown";
	reason = dialect_check(arena, driver->dialect, &driver->dialect);
	if (!reason)
		reason = dialects_check(arena, driver->dialects, &driver->dialects);
	*ret = driver;
	return reason;
}
