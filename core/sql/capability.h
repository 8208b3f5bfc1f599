/* SPDX-License-Identifier: MIT
 *
 * sql/capability.h: the words for what an engine can have.
 */
#ifndef RETORT_SQL_CAPABILITY_H
#define RETORT_SQL_CAPABILITY_H

#include "retort/sql.h"

struct capability {
	uint64_t bit; /* RETORT_CAP_*; the list ends with 0 */
	const char *word;
};

/* Those that people ask for; the others say how SQL is written. */
extern const struct capability capabilities[];

/* The word for the first bit in caps that has one. */
const char *capability_word(uint64_t caps);

#endif
