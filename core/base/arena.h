/* SPDX-License-Identifier: MIT
 *
 * base/arena.h: what a text buffer may know of the arena that it lies in.
 */
#ifndef RETORT_BASE_ARENA_H
#define RETORT_BASE_ARENA_H

#include <stdbool.h>

#include "retort/memory.h"

/* Makes an allocation of size bytes, which retort_alloc gave for that size, more bytes longer where it is the
 * arena's latest and there is room behind it; the new bytes are zero. false: nothing has changed. */
bool arena_extend(struct retort_arena *arena, const void *at, size_t size, size_t more);

#endif
