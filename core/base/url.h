/* SPDX-License-Identifier: MIT
 *
 * base/url.h: parsing database URLs into struct retort_url, by uriparser.
 */
#ifndef RETORT_BASE_URL_H
#define RETORT_BASE_URL_H

#include "retort/error.h"
#include "retort/url.h"

/* Takes a URL apart and percent-decodes its parts; "+driver" of the scheme is dropped. What is not
 * a URL is RETORT_E_CONFIG; the message never holds the password. */
int url_parse(struct retort_arena *arena, const char *text, const struct retort_url **ret,
	struct retort_error *err);
/* text with its password (in the authority and in query parameters named password, passwd, pwd,
 * sslpassword) replaced by ***. Works on what is no valid URL too. */
const char *url_masked(struct retort_arena *arena, const char *text);

#endif
