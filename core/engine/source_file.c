/* SPDX-License-Identifier: MIT */
#include "engine/source_file.h"

#include <pthread.h>
#include <signal.h>

#include "base/error.h"
#include "engine/inspect.h"
#include "engine/planner.h"
#include "script/dialects.h"

struct source_file {
	struct source_file_from from;
	struct retort_arena *arena; /* the thread's alone until it has ended */
	struct retort_error *err;   /* likewise */
	struct source_file_read ret;
	int status;
	bool threaded; /* there is a thread to wait for */
	pthread_t thread;
	/* shared, under mutex */
	pthread_mutex_t mutex;
	pthread_cond_t settled;
	const struct session *session; /* NULL: not known yet */
	bool stop;
};

/* What needs no dialect. */
static int read_files(struct source_file *reading)
{
	const struct script_reader reader = {.arena = reading->arena,
		.variables = reading->from.settings->variables,
		.known_dialect = dialects_accept,
		.context = dialects_load(reading->arena)};
	struct schema_file *file;

	if (reading->from.text ? schema_file_parse(&reader, reading->from.path, reading->from.text,
					 reading->from.len, &file, reading->err) < 0
			       : schema_file_read(&reader, reading->from.path, &file, reading->err) < 0)
		return -1;
	reading->ret.file = file;
	return 0;
}

/* What needs one. */
static int resolve(struct source_file *reading, const struct session *session)
{
	struct resolve resolve = plan_resolve(session);
	const struct retort_op **ops;
	struct form form;
	size_t count;

	resolve.arena = reading->arena;
	if (schema_file_resolve(reading->ret.file, &resolve, session->dialect->syntax, &ops, &count,
		    &reading->ret.schema, reading->err) < 0)
		return -1;
	reading->ret.schema = inspect_filter(reading->arena, reading->from.settings, reading->ret.schema);
	/* where it can't be made, who asks for it is told why */
	if (canonical_form(session, reading->arena, reading->ret.schema, &form, NULL) == 0)
		reading->ret.form = form;
	return 0;
}

/* The session of the dialect when it is known; NULL where the reading was given up. */
static const struct session *wait_for_dialect(struct source_file *reading)
{
	const struct session *session;

	pthread_mutex_lock(&reading->mutex);
	while (!reading->session && !reading->stop)
		pthread_cond_wait(&reading->settled, &reading->mutex);
	session = reading->stop ? NULL : reading->session;
	pthread_mutex_unlock(&reading->mutex);
	return session;
}

static void *run(void *context)
{
	struct source_file *reading = context;
	const struct session *session;

	reading->status = read_files(reading);
	session = reading->status == 0 ? wait_for_dialect(reading) : NULL;
	if (session)
		reading->status = resolve(reading, session);
	return NULL;
}

/* Starts the thread, which takes no signals: those are for who waits for them. */
static bool start_thread(struct source_file *reading)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return false;
	started = pthread_create(&reading->thread, NULL, run, reading) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

static void release(void *object)
{
	struct source_file *reading = object;

	source_file_stop(reading);
	pthread_cond_destroy(&reading->settled);
	pthread_mutex_destroy(&reading->mutex);
	retort_error_free(reading->err);
	retort_arena_free(reading->arena);
}

struct source_file *source_file_start(struct retort_arena *arena, const struct source_file_from *from)
{
	struct source_file *reading = retort_alloc(arena, sizeof *reading);

	reading->from = *from;
	reading->arena = retort_arena_new();
	reading->err = retort_error_new();
	pthread_mutex_init(&reading->mutex, NULL);
	pthread_cond_init(&reading->settled, NULL);
	retort_arena_cleanup(arena, release, reading);
	reading->threaded = start_thread(reading);
	if (!reading->threaded)
		reading->status = read_files(reading);
	return reading;
}

void source_file_settle(struct source_file *reading, const struct session *session)
{
	pthread_mutex_lock(&reading->mutex);
	reading->session = session;
	pthread_cond_signal(&reading->settled);
	pthread_mutex_unlock(&reading->mutex);
}

int source_file_finish(struct source_file *reading, struct source_file_read *ret, struct retort_error *err)
{
	if (reading->threaded)
		pthread_join(reading->thread, NULL);
	else if (reading->status == 0)
		reading->status = resolve(reading, reading->session);
	reading->threaded = false;
	*ret = reading->ret;
	error_append(err, reading->err);
	return reading->status;
}

void source_file_stop(struct source_file *reading)
{
	if (!reading->threaded)
		return;
	pthread_mutex_lock(&reading->mutex);
	reading->stop = true;
	pthread_cond_signal(&reading->settled);
	pthread_mutex_unlock(&reading->mutex);
	pthread_join(reading->thread, NULL);
	reading->threaded = false;
}
