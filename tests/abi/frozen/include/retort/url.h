/* SPDX-License-Identifier: MIT
 *
 * retort/url.h: a database URL taken apart. libretort parses it; drivers read it.
 */
#ifndef RETORT_URL_H
#define RETORT_URL_H

#include <stddef.h>

struct retort_url_parameter {
	const char *key, *value;
};

/* A database URL taken apart; NULL for what it does not have, parts percent-decoded. */
struct retort_url {
	const char *scheme;   /* lower case, without "+driver" */
	const char *user, *password, *host;
	unsigned port;        /* 0: none */
	const char *path;     /* what follows the slash after the authority: sqlite:////a gives "/a" */
	const struct retort_url_parameter *parameters;
	size_t parameter_count;
};

#endif
