/* SPDX-License-Identifier: MIT
 *
 * A folder of its own for each test that reads or writes files, and short checks of problems.
 */
#ifndef RETORT_TESTS_SCRATCH_H
#define RETORT_TESTS_SCRATCH_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "retort/error.h"

extern char **environ;

struct scratch {
	char folder[64];
	char *before; /* the working directory */
	struct retort_arena *arena;
	struct retort_error *err;
};

static inline int scratch_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* Makes an empty working directory in which no RETORT_* variable is set. */
static inline int scratch_setup(void **state)
{
	static const char *const clean[] = {"RETORT_CONFIG", "RETORT_URL", "DATABASE_URL",
		"RETORT_DRIVER_PATH", "RETORT_LOCK_TIMEOUT", "RETORT_ISO_CODES", "RETORT_SCRIPT_LOCATION"};
	struct scratch *scratch = calloc(1, sizeof *scratch);
	size_t i;

	for (i = 0; i < sizeof clean / sizeof *clean; i++)
		unsetenv(clean[i]);
	setenv("RETORT_DATADIR", RETORT_SOURCE "/packaging/data", 1);
	snprintf(scratch->folder, sizeof scratch->folder, "/tmp/retort-unit-XXXXXX");
	scratch->before = getcwd(NULL, 0);
	if (!mkdtemp(scratch->folder) || chdir(scratch->folder) < 0)
		return -1;
	scratch->arena = retort_arena_new();
	scratch->err = retort_error_new();
	*state = scratch;
	return 0;
}

static inline int scratch_teardown(void **state)
{
	struct scratch *scratch = *state;

	retort_error_free(scratch->err);
	retort_arena_free(scratch->arena);
	if (chdir(scratch->before) < 0)
		return -1;
	nftw(scratch->folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(scratch->before);
	free(scratch);
	return 0;
}

/* Writes a file; its folder is made. */
static inline void scratch_write(struct scratch *scratch, const char *path, const char *text)
{
	assert_int_equal(file_make_folder(path_folder(scratch->arena, path), NULL), 0);
	assert_int_equal(file_write(path, text, strlen(text), false, NULL), 0);
}

static inline const char *scratch_read(struct scratch *scratch, const char *path)
{
	char *text = NULL;

	assert_int_equal(file_read(scratch->arena, path, 1 << 20, &text, NULL, NULL), 0);
	return text;
}

/* path as an absolute one. */
static inline const char *scratch_path(struct scratch *scratch, const char *path)
{
	return path_absolute(scratch->arena, path);
}

/* The nth problem (from 0) is as given: "FILE:LINE: MESSAGE", without what is unknown. */
static inline void expect_problem(struct scratch *scratch, size_t n, enum retort_code code,
	const char *expected)
{
	const struct retort_problem *problem = retort_error_first(scratch->err);
	const char *found;

	while (problem && n--)
		problem = problem->next;
	assert_non_null(problem);
	found = problem->message;
	if (problem->file && problem->line)
		found = retort_printf(scratch->arena, "%s:%u: %s", problem->file, problem->line, found);
	else if (problem->file)
		found = retort_printf(scratch->arena, "%s: %s", problem->file, found);
	assert_string_equal(found, expected);
	assert_int_equal(problem->code, code);
}

/* There are n problems; they are shown where there are not. */
static inline void expect_count(struct scratch *scratch, size_t n)
{
	const struct retort_problem *problem;

	if (retort_error_count(scratch->err) != n)
		for (problem = retort_error_first(scratch->err); problem; problem = problem->next)
			print_message("%s:%u: %s\n", problem->file ? problem->file : "", problem->line,
				problem->message);
	assert_int_equal(retort_error_count(scratch->err), n);
}

#endif
