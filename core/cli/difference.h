/* SPDX-License-Identifier: MIT
 *
 * cli/difference.h: a difference between two schemas in words, for verify and test.
 */
#ifndef RETORT_CLI_DIFFERENCE_H
#define RETORT_CLI_DIFFERENCE_H

#include "cli/cli.h"
#include "model/compare.h"

/* One line: the object, the property, what was expected (left) and what was found (right). */
const char *difference_text(struct retort_arena *arena, const struct difference *difference);
/* {object, property, expected, found}; null for what there is not. */
json_t *difference_json(const struct difference *difference);
json_t *difference_list_json(const struct difference *differences, size_t count);

#endif
