/* SPDX-License-Identifier: MIT
 *
 * The first SIGINT or SIGTERM cancels the running statement and lets the run end cleanly; the second
 * exits at once. A thread waits for them, so cancelling may do what a signal handler may not.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

static atomic_bool interrupted;
static _Atomic(struct session *) running;

static atomic_bool worker, stopping;
static pthread_t waiting;
static bool started;
static sigset_t awaited;

static void take_signal(void)
{
	struct session *session;

	if (atomic_exchange(&interrupted, true) && !atomic_load(&worker))
		_exit(EXIT_INTERRUPTED);
	session = atomic_load(&running);
	if (session)
		session_cancel(session);
}

static void *wait_for_signals(void *context)
{
	int number;

	(void)context;
	while (sigwait(&awaited, &number) == 0 && !atomic_load(&stopping))
		take_signal();
	return NULL;
}

/* Blocks the signals and starts the thread that waits for those of them that are meant for us. */
static void start_thread(bool interrupts)
{
	sigemptyset(&awaited);
	if (interrupts)
		sigaddset(&awaited, SIGINT);
	sigaddset(&awaited, SIGTERM);
	if (pthread_sigmask(SIG_BLOCK, &awaited, NULL) != 0)
		return;
	atomic_store(&stopping, false);
	started = pthread_create(&waiting, NULL, wait_for_signals, NULL) == 0;
	if (!started)
		pthread_sigmask(SIG_UNBLOCK, &awaited, NULL);
}

void cli_signals_start(void)
{
	start_thread(true);
}

void cli_signals_stop(void)
{
	if (!started)
		return;
	started = false;
	atomic_store(&stopping, true);
	pthread_kill(waiting, SIGTERM);
	pthread_join(waiting, NULL);
}

void cli_signals_poll(void)
{
	const struct timespec now = {0};

	if (!started && sigtimedwait(&awaited, NULL, &now) > 0)
		take_signal();
}

/* SIGINT stays blocked, as it was: a terminal sends it to all processes, and one of them tells the others. */
void cli_signals_worker(void)
{
	atomic_store(&worker, true);
	atomic_store(&interrupted, false);
	atomic_store(&running, NULL);
	start_thread(false);
}

void cli_signals_session(struct session *session)
{
	atomic_store(&running, session);
}

bool cli_interrupted(void)
{
	return atomic_load(&interrupted);
}
