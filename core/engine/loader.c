/* SPDX-License-Identifier: MIT */
#include "engine/loader.h"

#include <dirent.h>
#include <errno.h>
#include <ltdl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "engine/loader_file.h"
#include "script/dialects.h"

enum { ECHOED = 100 };

/* A folder of drivers, looked at when it is first needed. */
struct folder {
	const char *path;
	const char *reason; /* why nothing is loaded from it; NULL: it is fine */
	const char **files; /* names that end in .so, sorted */
	size_t count;
	bool given; /* by the user: its absence is told */
	bool listed;
};

struct loader {
	struct retort_arena *arena;
	struct folder *folders;
	size_t count;
	struct map *files; /* path -> struct loaded */
	bool ready;        /* lt_dlinit has been called */
};

/* What a search looks for, and what it met on the way. */
struct search {
	const char *word;
	bool dialect; /* a dialect's name will do too */
	const struct retort_driver *found;
};

static void folder_add(struct loader *loader, const char *path, bool given)
{
	struct folder folder = {.path = path_absolute(loader->arena, path), .given = given};
	size_t i;

	for (i = 0; i < loader->count; i++)
		if (!strcmp(loader->folders[i].path, folder.path))
			return;
	RETORT_PUSH(loader->arena, loader->folders, loader->count, folder);
}

struct loader *loader_new(struct retort_arena *arena, const char *const *paths, size_t n)
{
	/* whoever starts a set-uid program must not choose what it loads */
	const char *environment = secure_getenv("RETORT_DRIVER_PATH");
	struct loader *loader = retort_alloc(arena, sizeof *loader);
	size_t i, len;

	loader->arena = arena;
	loader->files = map_new(arena);
	for (i = 0; i < n; i++)
		folder_add(loader, paths[i], true);
	for (; environment && *environment; environment += len + (environment[len] != 0)) {
		len = strcspn(environment, ":");
		if (len)
			folder_add(loader, retort_strndup(arena, environment, len), true);
	}
	folder_add(loader, RETORT_DRIVERDIR, false);
	return loader;
}

/* ---- folders and files ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists a folder once. */
static void folder_list(struct loader *loader, struct folder *folder)
{
	struct dirent *entry;
	size_t n;
	DIR *dir;

	if (folder->listed)
		return;
	folder->listed = true;
	dir = opendir(folder->path);
	if (!dir) {
		folder->reason = errno == ENOENT ? "there is no such folder"
						 : retort_strdup(loader->arena, strerror(errno));
		return;
	}
	folder->reason = loader_distrust(loader->arena, folder->path);
	while (!folder->reason && (entry = readdir(dir)) != NULL) {
		n = strlen(entry->d_name);
		if (entry->d_name[0] != '.' && n > 3 && !strcmp(entry->d_name + n - 3, ".so"))
			RETORT_PUSH(loader->arena, folder->files, folder->count,
				retort_strdup(loader->arena, entry->d_name));
	}
	closedir(dir);
	if (folder->count)
		qsort(folder->files, folder->count, sizeof *folder->files, compare_names);
}

/* Loads a file once. */
static struct loaded *file_load(struct loader *loader, const char *path)
{
	struct loaded *loaded = map_get(loader->files, path);

	if (loaded)
		return loaded;
	loaded = retort_alloc(loader->arena, sizeof *loaded);
	loaded->path = path;
	map_put(loader->files, path, loaded);
	if (!loader->ready && lt_dlinit() != 0) {
		loaded->reason = retort_printf(loader->arena, "libltdl is not ready: %s", lt_dlerror());
		return loaded;
	}
	/* no lt_dlexit follows: it would lose track of the drivers, which stay loaded */
	loader->ready = true;
	loaded->reason = loader_open(loader->arena, path, &loaded->driver);
	if (loaded->reason)
		loaded->driver = NULL;
	return loaded;
}

static struct loaded *folder_load(struct loader *loader, const struct folder *folder, const char *name)
{
	return file_load(loader, path_join(loader->arena, folder->path, name));
}

/* Whether word is one of the comma-separated schemes. */
static bool has_scheme(const char *schemes, const char *word)
{
	size_t n, length = strlen(word);

	for (; *schemes; schemes += n + (schemes[n] != 0)) {
		n = strcspn(schemes, ",");
		if (n == length && !text_ncasecmp(schemes, word, n))
			return true;
	}
	return false;
}

const struct retort_dialect *loader_dialect_of(const struct retort_driver *driver, const char *name)
{
	const struct retort_dialect *const *further = driver->dialects;

	for (; further && *further; further++)
		if (!strcmp((*further)->name, name))
			return *further;
	return driver->dialect;
}

/* Whether a file's driver is the one looked for. */
static bool search_matches(struct search *search, const struct loaded *loaded)
{
	const struct retort_driver *driver = loaded->driver;

	if (!driver)
		return false;
	if (!has_scheme(driver->schemes, search->word) &&
		!(search->dialect && !strcmp(loader_dialect_of(driver, search->word)->name, search->word)))
		return false;
	search->found = driver;
	return true;
}

/* Looks through one folder: WORD.so first, then the others in name order. */
static bool search_folder(struct loader *loader, struct search *search, struct folder *folder)
{
	const char *first = retort_printf(loader->arena, "%s.so", search->word);
	size_t i;

	folder_list(loader, folder);
	for (i = 0; i < folder->count; i++)
		if (!strcmp(folder->files[i], first) &&
			search_matches(search, folder_load(loader, folder, first)))
			return true;
	for (i = 0; i < folder->count; i++)
		if (search_matches(search, folder_load(loader, folder, folder->files[i])))
			return true;
	return false;
}

/* ---- what to say where nothing was found ---- */

/* The schemes of all drivers that were loaded. */
static size_t installed(const struct loader *loader, const char ***ret)
{
	const struct loaded *loaded;
	const char *schemes;
	void *cursor = NULL, *value;
	size_t count = 0, n;

	while (map_next(loader->files, &cursor, NULL, &value)) {
		loaded = value;
		for (schemes = loaded->driver ? loaded->driver->schemes : ""; *schemes;
			schemes += n + (schemes[n] != 0)) {
			n = strcspn(schemes, ",");
			RETORT_PUSH(loader->arena, *ret, count, retort_strndup(loader->arena, schemes, n));
		}
	}
	if (count)
		qsort(*ret, count, sizeof **ret, compare_names);
	return count;
}

/* The file that was meant for the word and was refused; NULL: none. */
static const struct loaded *refused(const struct loader *loader, const char *word)
{
	const char *name = retort_printf(loader->arena, "%s.so", word);
	const struct loaded *loaded;
	void *cursor = NULL, *value;

	while (map_next(loader->files, &cursor, NULL, &value)) {
		loaded = value;
		if (loaded->reason && !strcmp(path_name(loaded->path), name))
			return loaded;
	}
	return NULL;
}

/* Adds each folder and file that was refused, as a problem of its own. */
static void refusals(const struct loader *loader, struct retort_error *err)
{
	const struct loaded *loaded;
	void *cursor = NULL, *value;
	size_t i;

	for (i = 0; i < loader->count; i++)
		if (loader->folders[i].reason &&
			(loader->folders[i].given || file_exists(loader->folders[i].path)))
			retort_fail(err, RETORT_E_CONFIG, "cannot load drivers from '%s': %s",
				loader->folders[i].path, loader->folders[i].reason);
	while (map_next(loader->files, &cursor, NULL, &value)) {
		loaded = value;
		if (loaded->reason)
			retort_fail(err, RETORT_E_CONFIG, "cannot load driver '%s': %s", loaded->path,
				loaded->reason);
	}
}

/* Whether word is a name or scheme of a driver, not just what people call it. */
static bool is_proper(const struct dialect_known *known, const char *word)
{
	size_t i;

	for (i = 0; i < known->scheme_count; i++)
		if (!text_casecmp(known->schemes[i], word))
			return true;
	return !text_casecmp(known->name, word);
}

static int search_fail(const struct loader *loader, const struct search *search, struct retort_error *err)
{
	struct retort_arena *arena = loader->arena;
	const struct dialects *dialects = dialects_load(arena);
	const struct dialect_known *known = dialects_find(dialects, search->word);
	const struct loaded *meant = refused(loader, search->word);
	const char **schemes = NULL, *shown = text_echo(arena, search->word, ECHOED), *near, *advice = "",
		   *there;
	size_t count = installed(loader, &schemes);

	if (meant)
		return retort_fail(err, RETORT_E_CONFIG, "cannot load the driver of '%s' from '%s': %s",
			shown, meant->path, meant->reason);
	near = text_nearest(search->word, schemes, count, sizeof *schemes);
	if (known && is_proper(known, search->word)) {
		advice = retort_printf(arena, ": install the package %s", known->package);
	} else {
		if (!known)
			known = dialects_nearest(dialects, search->word);
		if (near || known)
			advice = retort_printf(arena, ": did you mean '%s'%s%s?", near ? near : known->name,
				near ? "" : ", of the package ", near ? "" : known->package);
	}
	there = count ? retort_printf(arena, "installed: %s", text_list(arena, schemes, count, 0))
		      : retort_printf(arena, "none is installed in '%s'", RETORT_DRIVERDIR);
	retort_fail(err, RETORT_E_CONFIG,
		search->dialect ? "no driver has the dialect '%s'%s (%s)"
				: "no driver serves '%s' URLs%s (%s)",
		shown, advice, there);
	refusals(loader, err);
	return -1;
}

/* ---- the interface ---- */

static int search_all(struct loader *loader, struct search *search, struct retort_error *err)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._";
	size_t i;

	/* the word becomes the name of a file: it can't lead elsewhere */
	if (*search->word && *search->word != '.' && !search->word[strspn(search->word, good)])
		for (i = 0; i < loader->count; i++)
			if (search_folder(loader, search, &loader->folders[i]))
				return 0;
	return search_fail(loader, search, err);
}

int loader_driver(struct loader *loader, const char *scheme, const struct retort_driver **ret,
	struct retort_error *err)
{
	struct search search = {.word = scheme};

	if (search_all(loader, &search, err) < 0)
		return -1;
	*ret = search.found;
	return 0;
}

int loader_dialect(struct loader *loader, const char *name, const struct retort_dialect **ret,
	struct retort_error *err)
{
	struct search search = {.word = name, .dialect = true};

	if (search_all(loader, &search, err) < 0)
		return -1;
	*ret = loader_dialect_of(search.found, name);
	return 0;
}

void loader_all(struct loader *loader, struct loaded **ret, size_t *count)
{
	struct folder *folder;
	struct loaded none;
	size_t i, k;

	*ret = NULL;
	*count = 0;
	for (i = 0; i < loader->count; i++) {
		folder = &loader->folders[i];
		folder_list(loader, folder);
		none = (struct loaded){.path = folder->path, .reason = folder->reason};
		if (folder->reason && (folder->given || file_exists(folder->path)))
			RETORT_PUSH(loader->arena, *ret, *count, none);
		for (k = 0; k < folder->count; k++)
			RETORT_PUSH(loader->arena, *ret, *count,
				*folder_load(loader, folder, folder->files[k]));
	}
}

int loader_file(struct loader *loader, const char *path, const struct retort_driver **ret,
	struct retort_error *err)
{
	const struct loaded *loaded = file_load(loader, path_absolute(loader->arena, path));

	if (loaded->reason)
		return retort_fail(err, RETORT_E_CONFIG, "cannot load driver '%s': %s", loaded->path,
			loaded->reason);
	*ret = loaded->driver;
	return 0;
}
