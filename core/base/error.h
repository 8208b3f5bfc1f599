/* SPDX-License-Identifier: MIT
 *
 * base/error.h: what only libretort itself does with errors.
 */
#ifndef RETORT_BASE_ERROR_H
#define RETORT_BASE_ERROR_H

#include "retort/error.h"

/* Puts all problems but the first `from`, which are of one file, in the order of their lines and columns;
 * those of one place stay in the order in which they were found, and what has no line comes last. */
void error_sort(struct retort_error *err, size_t from);
/* Adds copies of all problems of another. err may be NULL. */
void error_append(struct retort_error *err, const struct retort_error *more);

#endif
