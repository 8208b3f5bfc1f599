/* SPDX-License-Identifier: MIT
 *
 * engine/loader_file.h: one file: whether it can be trusted, and the driver in it.
 */
#ifndef RETORT_ENGINE_LOADER_FILE_H
#define RETORT_ENGINE_LOADER_FILE_H

#include "retort/driver.h"

/* Why a file or folder is not safe to load code from, or NULL. Safe is what root or the user owns and
 * nobody else may write, all folders above it too; a group that has the owner alone is nobody else, and a
 * sticky folder is safe whoever may write it. */
const char *loader_distrust(struct retort_arena *arena, const char *path);
/* Loads a file and checks the driver in it. Returns why it can't be used, or NULL with *ret: a copy of the
 * driver's struct, with defaults for what it is too old to have. libltdl is ready (lt_dlinit). */
const char *loader_open(struct retort_arena *arena, const char *path, const struct retort_driver **ret);
/* The same for what a driver's function returned. */
const char *loader_check(struct retort_arena *arena, const struct retort_driver *given,
	const struct retort_driver **ret);

#endif
