/* SPDX-License-Identifier: MIT
 *
 * sql/check.h: the parts of render_check: each looks at one kind of object and adds a problem for
 * everything the engine can't have, and a note for everything that is left out.
 */
#ifndef RETORT_SQL_CHECK_H
#define RETORT_SQL_CHECK_H

#include "retort/sql.h"

struct check {
	struct retort_render *render;
	const struct retort_op *op;
	struct retort_error *err;
};

/* Fails with "cannot do this: x has no what", and the ways out. */
int check_lacks(const struct check *check, const char *what);
/* Notes what is left out where it is used and the engine has no such thing. */
void check_left_out(const struct check *check, uint64_t cap, bool used, const char *what);

int check_table(const struct check *check, const struct retort_table *table);
/* alter: the properties that count (RETORT_ALTER_*). */
int check_column(const struct check *check, const struct retort_column *column, unsigned alter);
int check_constraint(const struct check *check, const struct retort_constraint *constraint);
/* An option that a file gives an object ("table"): one of the dialect's rows, with a value of its kind. */
int check_option(const struct check *check, const char *object, const struct retort_option *option);
int check_index(const struct check *check, const struct retort_index *index);

#endif
