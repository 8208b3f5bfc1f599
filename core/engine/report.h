/* SPDX-License-Identifier: MIT
 *
 * engine/report.h: what a failure says: where, what, what stands, and how to go on.
 */
#ifndef RETORT_ENGINE_REPORT_H
#define RETORT_ENGINE_REPORT_H

#include "engine/run.h"
#include "retort/sql.h"

/* The number of an operation in its file's list, and how many that has; false: it has none. */
bool report_operation(const struct planned *planned, const struct retort_op *op, size_t *number,
	size_t *count);
/* Completes the error of a statement that failed (statement may be NULL: bookkeeping or commit). */
void report_statement(struct run *run, const struct planned *planned,
	const struct retort_statement *statement, struct retort_error *err);
/* Fills the result after a failed step, of which partial: something stays; and records it in the history
 * where that is possible (started, NULL: it is recorded already). */
void report_failure(struct run *run, const struct planned *planned, const char *started, const char *stands,
	bool partial, struct retort_error *err);

#endif
