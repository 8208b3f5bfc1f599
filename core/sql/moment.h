/* SPDX-License-Identifier: MIT
 *
 * sql/moment.h: dates and times as people write them (ISO 8601 and SQL), checked against the
 * calendar and moved to UTC. Years are 1 to 9999 of the Gregorian calendar.
 */
#ifndef RETORT_SQL_MOMENT_H
#define RETORT_SQL_MOMENT_H

enum {
	MOMENT_DATE = 1,
	MOMENT_TIME = 2,
	MOMENT_ZONE = 4, /* an offset may follow; none means UTC */
	MOMENT_DIGITS_MAX = 9,
	MOMENT_TEXT_MAX = 40
};

struct moment {
	int year, month, day, hour, minute, second;
	char fraction[MOMENT_DIGITS_MAX + 1]; /* digits without trailing zeros */
};

/* Reads the whole of text. A date alone stands for its first moment where a time is expected
 * beside it. digits: those a fraction of a second may have. Returns what is wrong, or NULL. */
const char *moment_read(const char *text, unsigned parts, int digits, struct moment *ret);
/* Writes the parts in the neutral form (sql/literal.h); text has room for MOMENT_TEXT_MAX. */
void moment_write(const struct moment *moment, unsigned parts, char *text);

#endif
