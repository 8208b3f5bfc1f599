/* SPDX-License-Identifier: MIT
 *
 * cli/draw_words.h: what belongs to a table, in a few words each.
 */
#ifndef RETORT_CLI_DRAW_WORDS_H
#define RETORT_CLI_DRAW_WORDS_H

#include "retort/schema.h"

/* The text for the dialect it was resolved for, else the first that there is; "" where there is none. */
const char *words_text(const struct retort_text *text);
/* "now()", "0", "lower(email)"; NULL: no default. */
const char *words_default(struct retort_arena *arena, const struct retort_default *def);
/* "unique (a, b desc) where ..." */
const char *words_index(struct retort_arena *arena, const struct retort_index *index);
/* "foreign key (a) references b (c) on delete cascade", "check (a > 0)"... */
const char *words_constraint(struct retort_arena *arena, const struct retort_constraint *constraint);
/* "bigint, starts at 5, by 2, cycles" */
const char *words_sequence(struct retort_arena *arena, const struct retort_sequence *sequence);
/* "string(20), not null, default x, check (value <> '')" */
const char *words_domain(struct retort_arena *arena, const struct retort_domain *domain);
/* What a column has beyond type, null and default: "identity, collation x". */
const char *words_column(struct retort_arena *arena, const struct retort_column *column);

#endif
