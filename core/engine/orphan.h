/* SPDX-License-Identifier: MIT
 *
 * engine/orphan.h: a statement that still runs on the server though the run that sent it is gone.
 *
 * An intent names the connection that its statement runs on and the process that sent it. Whoever goes on
 * with the step first looks for that connection: until its statement has ended nothing can be told of it.
 */
#ifndef RETORT_ENGINE_ORPHAN_H
#define RETORT_ENGINE_ORPHAN_H

#include "engine/run.h"

/* The run's connection for an intent; NULL where the driver can't tell. */
const char *orphan_connection(struct run *run);
/* Waits for the statement of an intent, or ends it where the request says so. locked: we hold the lock, so
 * whoever sent it is surely gone; else one whose sender may live is only told of, and the lock decides. */
int orphan_wait(struct run *run, const char *intent, bool locked, struct retort_error *err);

#endif
