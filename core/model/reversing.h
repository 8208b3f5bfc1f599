/* SPDX-License-Identifier: MIT
 *
 * model/reversing.h: what the parts of reverse share: one operation at work, and what undoes it so far.
 */
#ifndef RETORT_MODEL_REVERSING_H
#define RETORT_MODEL_REVERSING_H

#include "model/replaying.h"
#include "model/reverse.h"

/* One list at work. */
struct reversing {
	struct retort_arena *arena;
	struct retort_schema *schema; /* before op */
	const struct retort_op *op;
	unsigned syntax, depth;
	unsigned groups; /* the highest number in use */
	struct retort_error *err;
	struct retort_op **ops; /* what undoes op, in the order in which it is to run */
	size_t count;
};

/* "cannot reverse operation 3, ...: why"; returns -1. */
int reversing_fail(const struct reversing *reversing, const char *why);
/* One more operation, at the place and on the table of the one that it undoes. */
struct retort_op *reversing_emit(struct reversing *reversing, enum retort_op_kind kind, const char *name);
void reversing_emit_view(struct reversing *reversing, enum retort_op_kind kind, struct retort_view *view);
/* The table that op works on; NULL where it doesn't exist, which replay reports. */
struct retort_table *reversing_table(const struct reversing *reversing);

/* ---- reverse_object.c ---- */
int reverse_create_enum(struct reversing *reversing);
int reverse_alter_enum(struct reversing *reversing);
int reverse_drop_enum(struct reversing *reversing);
int reverse_create_schema(struct reversing *reversing);
int reverse_drop_schema(struct reversing *reversing);
int reverse_alter_extension(struct reversing *reversing);
/* All other objects but tables. */
int reverse_object(struct reversing *reversing);

#endif
