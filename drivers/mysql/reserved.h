/* SPDX-License-Identifier: MIT
 *
 * reserved.h: words that are no names without quotes.
 */
#ifndef MYSQL_RESERVED_H
#define MYSQL_RESERVED_H

#include <stdbool.h>

/* word is in lower case. */
bool reserved_word(const char *word);

#endif
