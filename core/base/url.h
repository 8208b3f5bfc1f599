/* SPDX-License-Identifier: MIT
 *
 * base/url.h: parsing database URLs into struct retort_url, by uriparser.
 */
#ifndef RETORT_BASE_URL_H
#define RETORT_BASE_URL_H

#include "retort/error.h"
#include "retort/url.h"

/* Takes a URL apart and percent-decodes its parts; "+driver" of the scheme is dropped. Characters that
 * a URL should have escaped but that can't be mistaken (blanks, letters beyond ASCII...) are taken as
 * they stand. "+" is no blank. A parameter without "=" has the value "". What is not a URL is
 * RETORT_E_CONFIG; the message never holds the password. */
int url_parse(struct retort_arena *arena, const char *text, const struct retort_url **ret,
	struct retort_error *err);
/* text with its password (in the authority, and in parameters whose name ends in password, passwd or
 * pwd) replaced by ***. Works on what is no valid URL too: where it can't be told what belongs to a
 * password, rather too much is replaced. */
const char *url_masked(struct retort_arena *arena, const char *text);

#endif
