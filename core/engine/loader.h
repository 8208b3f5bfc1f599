/* SPDX-License-Identifier: MIT
 *
 * engine/loader.h: finds, checks and loads driver plugins, by libltdl.
 *
 * Folders are searched in the order given, then the installed one; in each SCHEME.so first, then
 * the others in name order. A folder or file that others may write is refused. Every failure has its true
 * reason. A driver once loaded stays loaded.
 */
#ifndef RETORT_ENGINE_LOADER_H
#define RETORT_ENGINE_LOADER_H

#include "retort/driver.h"

struct loader;

/* A file in a driver folder and what became of it. */
struct loaded {
	const char *path;
	const struct retort_driver
		*driver;    /* a copy with defaults for what the plugin is too old to have; NULL: refused */
	const char *reason; /* why it was refused */
};

/* paths: driver_path of the settings; RETORT_DRIVER_PATH is read here (not when set-uid). */
struct loader *loader_new(struct retort_arena *arena, const char *const *paths, size_t n);
/* The driver for a URL's scheme. None: RETORT_E_CONFIG listing the schemes that are installed, the
 * nearest, the package that would bring it (data/dialects), and refused files with their reasons. */
int loader_driver(struct loader *loader, const char *scheme, const struct retort_driver **ret,
	struct retort_error *err);
/* The dialect by name (--dialect), or by scheme. */
int loader_dialect(struct loader *loader, const char *name, const struct retort_dialect **ret,
	struct retort_error *err);
/* The driver's dialect of that name, else its first. */
const struct retort_dialect *loader_dialect_of(const struct retort_driver *driver, const char *name);
/* Every file of every folder. */
void loader_all(struct loader *loader, struct loaded **ret, size_t *count);
/* One file, wherever it lies (drivers --check FILE). */
int loader_file(struct loader *loader, const char *path, const struct retort_driver **ret,
	struct retort_error *err);

#endif
