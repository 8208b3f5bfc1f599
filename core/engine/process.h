/* SPDX-License-Identifier: MIT
 *
 * engine/process.h: which process this is, so that another one can tell that it has ended.
 */
#ifndef RETORT_ENGINE_PROCESS_H
#define RETORT_ENGINE_PROCESS_H

#include <stdbool.h>

#include "retort/memory.h"

/* Names this process among all that ever ran on any machine: the machine's start, the name space of process
 * numbers, the number, when it began. "" where the system doesn't tell. */
const char *process_identity(struct retort_arena *arena);
/* Whether the process of an identity has surely ended: it was of this machine's present run and name space,
 * and its number is free or another's. What can't be told is false. */
bool process_has_ended(const char *identity);
/* Whether it is surely there. */
bool process_is_alive(const char *identity);

#endif
