/* SPDX-License-Identifier: MIT
 *
 * engine/retry.h: another try for what was refused only because others were at work.
 *
 * Two refusals leave nothing behind and may pass a moment later: a statement that waited too long for a lock
 * of others (RETORT_E_LOCK with a SQLSTATE; without one it is our own lock that is lost), and a transaction
 * that the engine gave up for another one (SQLSTATE class 40: a deadlock, a row that another server of a
 * cluster has changed). Before the next try the caller rolls back, so that in the pause, which grows, nobody
 * waits behind what we hold.
 */
#ifndef RETORT_ENGINE_RETRY_H
#define RETORT_ENGINE_RETRY_H

#include "engine/session.h"

/* How often one thing was tried again; begins as zero. */
struct retry {
	unsigned waits, losses;
};

/* Whether the failure in err is worth another try: then err is cleared and the pause is over. Else err says
 * how often it was tried. An interruption in the pause takes the failure's place. */
bool retry_wanted(struct session *session, struct retry *retry, struct retort_error *err);
/* Whether the engine gave up the transaction for another one. */
bool retry_lost(const struct retort_error *err);

#endif
