/* SPDX-License-Identifier: MIT
 *
 * retort/retort.h: running migrations from a program of one's own.
 *
 * Open a project, move its database, read the result, close. Nothing here prints or exits, and there is no
 * global state: any number of projects may be open, each used by one thread at a time. What is returned
 * belongs to the project and lives until it is closed.
 */
#ifndef RETORT_RETORT_H
#define RETORT_RETORT_H

#include "retort/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An open configuration with its revision files; it connects when it must. */
struct retort_project;

enum retort_log_level { RETORT_LOG_DEBUG, RETORT_LOG_INFO, RETORT_LOG_WARNING, RETORT_LOG_ERROR };

/* What the host hears during a run; any member may be NULL. Set size to sizeof (struct retort_host). */
struct retort_host {
	size_t size;
	void *context;
	/* A line without its end, of the logger "retort.migration" and its like. */
	void (*log)(void *context, enum retort_log_level level, const char *logger, const char *text);
	/* A revision is about to run, the index-th of total; down: it is undone. */
	void (*step)(void *context, const char *revision, int down, size_t index, size_t total);
	/* A statement or the rows of one are under way; total 0: not known. */
	void (*progress)(void *context, const char *revision, unsigned long long done,
		unsigned long long total);
	/* Asked between statements; not 0: stop cleanly, with RETORT_E_INTERRUPTED. */
	int (*interrupted)(void *context);
};

/* Which project and database; what is NULL is as the command line would have it. Set size to
 * sizeof (struct retort_project_options). */
struct retort_project_options {
	size_t size;
	const char *config;      /* the path of retort.ini or alembic.ini; NULL: of the working directory */
	const char *target;      /* the NAME of a [target.NAME] */
	const char *url;         /* the database, in place of the configured one */
	const char *driver_path; /* folders to search for drivers first, colon-separated */
	const char *const *variables; /* KEY=VALUE, as -x gives them */
	size_t variable_count;
	const struct retort_host *host; /* outlives the project */
};

/* Where a run led. */
struct retort_run {
	const char *const *from; /* the revisions that the database was at */
	size_t from_count;
	const char *const *to; /* and is at now; also after a failure, as far as is known */
	size_t to_count;
	size_t steps;       /* revisions that were run */
	const char *failed; /* the revision that failed, or NULL */
	const char *stands; /* what of it stands, a sentence; NULL where nothing failed */
};

/* Reads the configuration and the revision graph. NULL on failure: RETORT_E_CONFIG, RETORT_E_FILE,
 * RETORT_E_GRAPH. options may be NULL. */
RETORT_EXPORT struct retort_project *retort_project_open(const struct retort_project_options *options,
	struct retort_error *err);
RETORT_EXPORT void retort_project_close(struct retort_project *project);

/* Moves the database to a revision as `retort upgrade` and `retort downgrade` do, lock, journal and resume
 * included; revision NULL is "head" or "-1". *run (may be NULL) is filled also where it fails. */
RETORT_EXPORT int retort_upgrade(struct retort_project *project, const char *revision, struct retort_run *run,
	struct retort_error *err);
RETORT_EXPORT int retort_downgrade(struct retort_project *project, const char *revision,
	struct retort_run *run, struct retort_error *err);
/* What the database is at; none: the list is empty. Writes nothing. */
RETORT_EXPORT int retort_current(struct retort_project *project, const char *const **revisions, size_t *count,
	struct retort_error *err);
/* How many revisions an upgrade to all heads would run. Writes nothing. */
RETORT_EXPORT int retort_pending(struct retort_project *project, size_t *count, struct retort_error *err);

#ifdef __cplusplus
}
#endif
#endif
