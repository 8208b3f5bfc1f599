/* SPDX-License-Identifier: MIT */
#include "engine/retry.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT_PAUSE_MS 100L    /* before the second try for a lock; doubled each time, */
#define LONGEST_WAIT_MS 5000L /* up to this */
#define LOSS_PAUSE_MS 10L
#define LONGEST_LOSS_MS 500L
#define MOST_LOSSES 40
#define LOOK_MS 50L /* how soon an interruption is seen */

static const struct retort_problem *last_problem(const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	while (problem && problem->next)
		problem = problem->next;
	return problem;
}

bool retry_lost(const struct retort_error *err)
{
	const struct retort_problem *problem = last_problem(err);

	return problem && strncmp(problem->sqlstate, "40", 2) == 0;
}

/* A pause that grows with each try; up to half of it is left to chance, so that two don't meet again. */
static long pause_of(long first, long longest, unsigned tries)
{
	long ms = first;
	struct timespec now;

	while (tries-- > 0 && ms < longest)
		ms *= 2;
	if (ms > longest)
		ms = longest;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return ms - (now.tv_nsec / 1000 + getpid() * 7919L) % (ms / 2 + 1);
}

/* Sleeps; -1 where the run is to stop. */
static int rest(const struct session *session, long ms, struct retort_error *err)
{
	for (; ms > 0; ms -= LOOK_MS) {
		const struct timespec pause = {.tv_nsec = (ms < LOOK_MS ? ms : LOOK_MS) * 1000000L};

		if (session_interrupted(session, err) < 0)
			return -1;
		nanosleep(&pause, NULL);
	}
	return session_interrupted(session, err);
}

/* Says in the failure how often it was tried. */
static void tell_tries(struct retort_error *err, unsigned tries)
{
	struct retort_arena *scratch = retort_arena_new();
	const struct retort_problem *found = last_problem(err);
	struct retort_problem was = *found;

	was.message = retort_strdup(scratch, found->message);
	was.file = retort_strdup(scratch, found->file);
	was.revision = retort_strdup(scratch, found->revision);
	was.statement = retort_strdup(scratch, found->statement);
	retort_error_clear(err);
	retort_fail(err, was.code, "%s; tried %u times", was.message, tries);
	retort_error_sqlstate(err, was.sqlstate, was.engine_code);
	retort_error_position(err, was.position);
	retort_error_at(err, was.file, was.line, was.column);
	retort_error_revision(err, was.revision);
	retort_error_statement(err, was.statement);
	retort_arena_free(scratch);
}

bool retry_wanted(struct session *session, struct retry *retry, struct retort_error *err)
{
	const struct retort_problem *problem = last_problem(err);
	bool lost = retry_lost(err), waited;
	unsigned tries, most;
	struct retort_error *stop;
	long pause;
	int ret;

	/* Where one transaction excludes all others the driver has waited for its turn already. */
	waited = problem && problem->code == RETORT_E_LOCK && *problem->sqlstate && !lost &&
		!session_has(session, RETORT_CAP_TX_LOCK);
	if (!lost && !waited)
		return false;
	tries = lost ? ++retry->losses : ++retry->waits;
	most = lost ? MOST_LOSSES : session->settings->ddl_lock_tries;
	if (tries >= most) {
		if (tries > 1)
			tell_tries(err, tries);
		return false;
	}
	pause = lost ? pause_of(LOSS_PAUSE_MS, LONGEST_LOSS_MS, tries - 1)
		     : pause_of(WAIT_PAUSE_MS, LONGEST_WAIT_MS, tries - 1);
	session_log(session, lost ? LOG_DEBUG_LEVEL : LOG_INFO_LEVEL, "retort.lock",
		"%s: trying again in %ld ms (%u of %u)", problem->message, pause, tries, most);
	stop = retort_error_new();
	ret = rest(session, pause, stop);
	retort_error_clear(err);
	if (ret < 0)
		retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
	retort_error_free(stop);
	return ret == 0;
}
