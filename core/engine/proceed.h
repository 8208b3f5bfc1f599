/* SPDX-License-Identifier: MIT
 *
 * engine/proceed.h: goes on with a half-done step.
 *
 * In: a step that was loaded and settled. What is stored of operations that have begun runs as it is stored;
 * what comes after is planned anew from the file as it is now.
 */
#ifndef RETORT_ENGINE_PROCEED_H
#define RETORT_ENGINE_PROCEED_H

#include "engine/partial.h"

/* Runs all that is left and ends the step; undone: the entry of the step that this one undoes, or NULL. Where
 * it stops that is recorded and told. */
int proceed(struct partial *partial, const struct step *step, struct history_entry *undone,
	struct retort_error *err);
/* Runs only what is left of the operation that has begun; partial->entry moves on. */
int proceed_operation(struct partial *partial, struct retort_error *err);

#endif
