/* SPDX-License-Identifier: MIT
 *
 * engine/stamp.h: the version rows set by hand, and half-done steps declared by them.
 */
#ifndef RETORT_ENGINE_STAMP_H
#define RETORT_ENGINE_STAMP_H

#include "engine/run.h"

int stamp_online(struct run *run, struct retort_error *err);
/* The steps of a stamp from rows, and whether all rows go first. */
int stamp_steps(struct run *run, struct step_list *steps, struct retort_error *err);

#endif
