/* SPDX-License-Identifier: MIT
 *
 * sql/piece.h: what one statement does, by its first keywords.
 */
#ifndef RETORT_SQL_PIECE_H
#define RETORT_SQL_PIECE_H

#include "sql/splitter.h"

/* Fills class, verb and table of a piece whose sql is set. */
void piece_classify(struct retort_arena *arena, unsigned syntax, struct piece *piece);
/* What an executable comment (one that servers read, where DELIMITER lines exist) holds, as a pointer into
 * it, else NULL. */
const char *piece_executable_comment(unsigned syntax, const struct retort_token *token);

#endif
