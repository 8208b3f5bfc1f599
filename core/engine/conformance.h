/* SPDX-License-Identifier: MIT
 *
 * engine/conformance.h: whether a driver does what retort/driver.h promises, on a database at hand.
 *
 * In: a driver and a URL. Out: one result for each check, by name: passed, failed with what was expected and
 * what was found, or skipped with the capability that is absent. The suite works in names that start with
 * CONFORMANCE_PREFIX, removes only these, and leaves none behind.
 */
#ifndef RETORT_ENGINE_CONFORMANCE_H
#define RETORT_ENGINE_CONFORMANCE_H

#include "engine/session.h"

#define CONFORMANCE_PREFIX "retort_check_"

enum check_outcome { CHECK_PASSED, CHECK_FAILED, CHECK_SKIPPED };

struct check_result {
	const char *name; /* "operations/add_column/enum" */
	enum check_outcome outcome;
	const char *reason; /* of what failed or was skipped; else NULL */
	double ms;
};

struct conformance {
	const struct retort_driver *driver;
	const char *url;
	bool force;       /* although the database holds tables that aren't the suite's */
	const char *only; /* a glob over names; NULL: all checks */
	/* Asked between checks whether to stop; may be NULL. Statements are not told. */
	const struct observer *observer;
	/* Called after each check; may be NULL. */
	void (*tell)(void *context, const struct check_result *result);
	void *context;
};

struct conformance_report {
	const struct retort_dialect *dialect; /* that the server speaks */
	unsigned server_version;              /* 0: not known */
	const char *shown_url;                /* without password */
	struct check_result *results;
	size_t count;
	size_t outcomes[CHECK_SKIPPED + 1]; /* how many of each */
};

/* Runs the checks. Fails only where none can be run: no connection, a URL that the driver doesn't serve, a
 * pattern that no check matches, a database that holds other tables (RETORT_E_STATE); or interrupted. */
int conformance_run(struct retort_arena *arena, const struct conformance *conformance,
	struct conformance_report *report, struct retort_error *err);

#endif
