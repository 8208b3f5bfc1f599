/* SPDX-License-Identifier: MIT
 *
 * model/expression.h: SQL expressions as tokens (retort_sql_token is implemented beside it).
 */
#ifndef RETORT_MODEL_EXPRESSION_H
#define RETORT_MODEL_EXPRESSION_H

#include "retort/sql.h"

/* Whether an identifier of the expression is name (ASCII case ignored where unquoted). */
bool expression_names(unsigned syntax, const char *sql, const char *name);
/* A copy in which identifiers that are from become to; strings, comments and the rest stay byte
 * for byte. table not NULL: only unqualified identifiers and those qualified by table. A new
 * name that is no plain word is written with double quotes (backquotes for RETORT_SYNTAX_DOUBLE_STRING). */
const char *expression_rename(struct retort_arena *arena, unsigned syntax, const char *sql, const char *table,
	const char *from, const char *to);
/* Whether two texts are the same but for blanks, comments, the case of words and outer parentheses. */
bool expression_equal(unsigned syntax, const char *left, const char *right);
/* Whether a token means name: ASCII case ignored where it is unquoted. */
bool token_means(const struct retort_token *token, const char *name);
/* Appends a name as expression_rename writes it. */
void token_write(struct retort_buf *out, unsigned syntax, const char *name);
/* 0, or -1 with what does not balance: a quote, a comment, a parenthesis. */
int expression_check(unsigned syntax, const char *sql, struct retort_error *err);

#endif
