/* SPDX-License-Identifier: MIT
 *
 * engine/lease.h: a lock kept in a row, with a counter that the holder moves and a token that names it.
 *
 * A thread with a connection of its own beats the heart. A waiter looks at the counter; where it has stood
 * for LEASE_STILL_MS the waiter begins to write too, and takes over only after its writes have passed for
 * LEASE_PATIENCE_MS of its own clock without the counter moving, so a holder whose writes are blocked (and
 * everybody else's with them) is not robbed. Every done mark and version write is conditional on the token.
 */
#ifndef RETORT_ENGINE_LEASE_H
#define RETORT_ENGINE_LEASE_H

#include "engine/session.h"

#define LEASE_BEAT_MS 2000
#define LEASE_STILL_MS 4000
#define LEASE_PATIENCE_MS 15000

struct lease;

/* Waits for the lease up to lock_timeout (longer while somebody else's writes keep ours from passing is not
 * counted as headway): RETORT_E_LOCK naming the holder. Belongs to the session's arena. */
int lease_take(struct session *session, const char *name, struct lease **ret, struct retort_error *err);
/* Moves the counter inside the caller's transaction; RETORT_E_LOCK where the token is no longer ours. */
int lease_renew(struct lease *lease, struct retort_error *err);
/* Ends the heart and frees the row. */
void lease_release(struct lease *lease);

#endif
