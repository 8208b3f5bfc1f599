/* SPDX-License-Identifier: MIT
 *
 * sql/remake.h: operations on a table for engines that change little in place (RETORT_SYNTAX_REMAKES).
 *
 * An operation becomes smaller ones, each of which the engine has: what uses a column is dropped before it is
 * renamed, dropped or made anew, and made again after. Each is one statement that tells the table before and
 * after it, so that an interrupted run finds its place.
 */
#ifndef RETORT_SQL_REMAKE_H
#define RETORT_SQL_REMAKE_H

#include "retort/sql.h"

/* Renders one operation of the kinds ADD_COLUMN to COMMENT, and SET_OPTIONS; render->schema is the state
 * before it. */
int remake_render(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

#endif
