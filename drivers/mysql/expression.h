/* SPDX-License-Identifier: MIT
 *
 * expression.h: SQL expressions in one form, whoever wrote them.
 *
 * The servers store an expression in their own words: every name quoted, every operation in parentheses,
 * strings with their character set, other names for functions. expression_plain reads both their text and
 * people's and writes the same for what is the same: no parenthesis that isn't needed, names quoted where
 * they must be, keywords in lower case.
 */
#ifndef MYSQL_EXPRESSION_H
#define MYSQL_EXPRESSION_H

#include "dialect.h"

/* What cannot be read comes back as it is, but for character sets in front of strings. */
const char *expression_plain(struct retort_arena *arena, const char *sql);
/* A text of MySQL's information_schema as it is: that writes \' for ', and letters beyond ASCII encoded
 * twice. */
const char *expression_unescape(struct retort_arena *arena, const char *sql);
/* The value of a string token, its quotes and escapes taken away. */
char *expression_string(struct retort_arena *arena, const struct retort_token *token);
/* The value of a lone string or number, or NULL. */
const char *expression_literal(struct retort_arena *arena, const char *plain);
/* Whether an expression names a column; text may be NULL. */
bool expression_names(const struct retort_text *text, const char *column);

#endif
