/* SPDX-License-Identifier: MIT
 *
 * engine/resume.h: what an earlier run left half done.
 *
 * Its stored statements go on where they stopped, as far as operations have begun; what comes after is
 * planned anew. Undoing reverses what was done and is journalled the same way.
 */
#ifndef RETORT_ENGINE_RESUME_H
#define RETORT_ENGINE_RESUME_H

#include "engine/run.h"

/* Finishes or undoes a half-done step, or refuses to go on beside it. *finished: that is all that this run
 * does. */
int resume_partial(struct run *run, bool *finished, struct retort_error *err);

#endif
