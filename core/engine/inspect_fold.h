/* SPDX-License-Identifier: MIT
 *
 * engine/inspect_fold.h: an inspected table in the declared form.
 */
#ifndef RETORT_ENGINE_INSPECT_FOLD_H
#define RETORT_ENGINE_INSPECT_FOLD_H

#include "model/resolve.h"

/* Turns constraints and indexes of one column into the column's own keys where the file then means the same,
 * in the same order, and leaves out names that the conventions give. The table, its columns, constraints and
 * indexes are changed in place: they must be the caller's own. */
void inspect_fold(const struct resolve *resolve, struct retort_table *table);

#endif
