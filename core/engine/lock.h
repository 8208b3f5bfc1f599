/* SPDX-License-Identifier: MIT
 *
 * engine/lock.h: one run at a time on one version table.
 *
 * Where a transaction excludes all other writers (RETORT_CAP_TX_LOCK) each step's own is the lock, and only a
 * step of several transactions takes a lease; elsewhere the driver's lock is held for the run, or the lease
 * where the driver has none or the settings ask for it.
 */
#ifndef RETORT_ENGINE_LOCK_H
#define RETORT_ENGINE_LOCK_H

#include "engine/lease.h"
#include "engine/session.h"

enum lock_kind { LOCK_NONE, LOCK_DRIVER, LOCK_LEASE };

struct lock {
	enum lock_kind kind;
	const char *name;
	struct lease *lease;
};

/* Whether the engine needs a lock for the whole run. */
bool lock_wanted(const struct session *session);
/* Takes it; RETORT_E_LOCK after lock_timeout. */
int lock_take(struct session *session, struct lock *lock, struct retort_error *err);
/* Takes the lease where nothing is held yet: before a step of several transactions. */
int lock_take_lease(struct session *session, struct lock *lock, struct retort_error *err);
/* Inside a transaction that writes done marks or version rows: fails where the lease was lost. */
int lock_check(struct session *session, const struct lock *lock, struct retort_error *err);
void lock_release(struct session *session, struct lock *lock);

#endif
