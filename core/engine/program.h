/* SPDX-License-Identifier: MIT
 *
 * engine/program.h: a program of the team's own between two operations (`run`).
 */
#ifndef RETORT_ENGINE_PROGRAM_H
#define RETORT_ENGINE_PROGRAM_H

#include "engine/session.h"
#include "retort/op.h"

/* Runs op->command (no shell) with RETORT_URL and op->env in its environment; what it prints goes to
 * stderr. An exit status other than 0 is RETORT_E_IO. */
int program_run(const struct session *session, const struct retort_op *op, struct retort_error *err);

#endif
