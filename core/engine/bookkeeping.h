/* SPDX-License-Identifier: MIT
 *
 * engine/bookkeeping.h: how the bookkeeping tables are laid out, for history.c and lease.c.
 */
#ifndef RETORT_ENGINE_BOOKKEEPING_H
#define RETORT_ENGINE_BOOKKEEPING_H

#include "engine/history.h"

/* A column of retort_history. */
struct history_column {
	const char *name;
	const char *type; /* as in a revision file */
	size_t at;        /* in struct history_entry */
	bool number, time;
	bool mark;  /* read by history_marks */
	bool large; /* left out of history_entries */
};

#define HISTORY_COLUMNS 18
extern const struct history_column history_columns[HISTORY_COLUMNS];

/* The number-th bound parameter, from 1. */
const char *bookkeeping_mark(const struct session *session, struct retort_arena *arena, size_t number);
/* Who runs this, and on which machine. */
const char *bookkeeping_user(struct retort_arena *arena);
const char *bookkeeping_host(struct retort_arena *arena);
/* Adds what reason holds to err, each after "what: ", and returns -1. */
int bookkeeping_fault(struct retort_error *err, const struct retort_error *reason, const char *what);

#endif
