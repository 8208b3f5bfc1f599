/* SPDX-License-Identifier: MIT
 *
 * engine/entry.h: the history row of a step.
 */
#ifndef RETORT_ENGINE_ENTRY_H
#define RETORT_ENGINE_ENTRY_H

#include "engine/run.h"

/* That of a step that is done; started is when. A plan that isn't there leaves its columns empty. */
struct history_entry entry_make(struct run *run, const struct planned *planned, const char *started);

#endif
