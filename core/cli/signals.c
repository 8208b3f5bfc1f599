/* SPDX-License-Identifier: MIT
 *
 * The first SIGINT or SIGTERM cancels the running statement and lets the run end cleanly; the second
 * exits at once. A thread waits for them, so cancelling may do what a signal handler may not.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "cli/cli.h"

static atomic_bool interrupted;
static _Atomic(struct session *) running;

static atomic_bool worker, stopping;
static pthread_t waiting;
static bool started;

static void *wait_for_signals(void *set)
{
	int number;

	while (sigwait(set, &number) == 0) {
		struct session *session;

		if (atomic_load(&stopping))
			break;
		if (atomic_exchange(&interrupted, true) && !atomic_load(&worker))
			_exit(EXIT_INTERRUPTED);
		session = atomic_load(&running);
		if (session)
			session_cancel(session);
	}
	return NULL;
}

/* Blocks the signals and starts the thread that waits for those of them that are meant for us. */
static void start_thread(bool interrupts)
{
	static sigset_t set;

	sigemptyset(&set);
	if (interrupts)
		sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return;
	started = pthread_create(&waiting, NULL, wait_for_signals, &set) == 0;
	if (!started)
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
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
