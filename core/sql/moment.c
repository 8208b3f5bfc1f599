/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "sql/moment.h"

/* Reads exactly n digits and moves on; -1 where they are not there. */
static int number(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if ((*at)[i] < '0' || (*at)[i] > '9')
			return -1;
		value = value * 10 + ((*at)[i] - '0');
	}
	*at += n;
	return value;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static const char *read_date(const char **at, struct moment *moment)
{
	static const char form[] = "a date is written YYYY-MM-DD";

	if ((moment->year = number(at, 4)) < 0 || *(*at)++ != '-' || (moment->month = number(at, 2)) < 0 ||
		*(*at)++ != '-' || (moment->day = number(at, 2)) < 0)
		return form;
	if (moment->year < 1)
		return "the year must be 1 to 9999";
	if (moment->month < 1 || moment->month > 12)
		return "there is no such month";
	if (moment->day < 1 || moment->day > days_in(moment->year, moment->month))
		return "there is no such day in that month";
	return NULL;
}

static const char *read_fraction(const char **at, int digits, struct moment *moment)
{
	size_t n = strspn(*at, "0123456789"), used = n;

	if (n == 0)
		return "a point must be followed by the fraction of a second";
	while (used > 0 && (*at)[used - 1] == '0')
		used--;
	if (used > (size_t)digits || used > MOMENT_DIGITS_MAX)
		return "the fraction of a second has more digits than the type keeps";
	memcpy(moment->fraction, *at, used);
	moment->fraction[used] = 0;
	*at += n;
	return NULL;
}

static const char *read_time(const char **at, int digits, struct moment *moment)
{
	static const char form[] = "a time is written HH:MM:SS";

	if ((moment->hour = number(at, 2)) < 0 || *(*at)++ != ':' || (moment->minute = number(at, 2)) < 0)
		return form;
	if (**at == ':') {
		(*at)++;
		if ((moment->second = number(at, 2)) < 0)
			return form;
	}
	if (moment->hour > 23 || moment->minute > 59 || moment->second > 59)
		return "there is no such time of day";
	if (**at == '.') {
		(*at)++;
		return read_fraction(at, digits, moment);
	}
	return NULL;
}

/* Moves a moment by days (-1, 0 or 1); false where it would leave the calendar. */
static int move_days(struct moment *moment, int days)
{
	moment->day += days;
	if (moment->day < 1) {
		if (--moment->month < 1) {
			moment->month = 12;
			moment->year--;
		}
		if (moment->year >= 1)
			moment->day = days_in(moment->year, moment->month);
	} else if (moment->day > days_in(moment->year, moment->month)) {
		moment->day = 1;
		if (++moment->month > 12) {
			moment->month = 1;
			moment->year++;
		}
	}
	return moment->year >= 1 && moment->year <= 9999;
}

/* Z, +HH, +HHMM or +HH:MM, maybe after a blank; the moment is moved to UTC. */
static const char *read_zone(const char **at, struct moment *moment)
{
	int sign, hours, minutes = 0, of_day;

	if (**at == ' ' && (*at)[1] != 0)
		(*at)++;
	if (**at == 'Z' || **at == 'z') {
		(*at)++;
		return NULL;
	}
	if (**at != '+' && **at != '-')
		return NULL;
	sign = *(*at)++ == '-' ? -1 : 1;
	hours = number(at, 2);
	if (**at == ':')
		(*at)++;
	if (**at)
		minutes = number(at, 2);
	if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59)
		return "a zone is written Z or +HH:MM";
	of_day = moment->hour * 60 + moment->minute - sign * (hours * 60 + minutes);
	if (!move_days(moment, of_day < 0 ? -1 : of_day >= 24 * 60 ? 1 : 0))
		return "in UTC the year would not be 1 to 9999";
	of_day = (of_day + 24 * 60) % (24 * 60);
	moment->hour = of_day / 60;
	moment->minute = of_day % 60;
	return NULL;
}

const char *moment_read(const char *text, unsigned parts, int digits, struct moment *ret)
{
	const char *fault = NULL, *at = text;

	*ret = (struct moment){0};
	if (parts & MOMENT_DATE)
		fault = read_date(&at, ret);
	if (!fault && (parts & MOMENT_DATE) && (parts & MOMENT_TIME)) {
		if (*at == 0)
			return NULL;
		if (*at != 'T' && *at != 't' && *at != ' ')
			return "a date and time is written YYYY-MM-DD HH:MM:SS";
		at++;
	}
	if (!fault && (parts & MOMENT_TIME))
		fault = read_time(&at, digits, ret);
	if (!fault && (parts & MOMENT_ZONE))
		fault = read_zone(&at, ret);
	if (!fault && *at != 0)
		fault = parts == MOMENT_DATE   ? "a date has no time"
			: parts & MOMENT_ZONE  ? "a zone is written Z or +HH:MM"
			: strchr("Zz+- ", *at) ? "the type has no time zone"
					       : "something follows the time";
	return fault;
}

void moment_write(const struct moment *moment, unsigned parts, char *text)
{
	/* The remainders change nothing: they tell the compiler how many digits there are. */
	if (parts & MOMENT_DATE)
		text += snprintf(text, 11, "%04u-%02u-%02u", (unsigned)moment->year % 10000u,
			(unsigned)moment->month % 100u, (unsigned)moment->day % 100u);
	if ((parts & MOMENT_DATE) && (parts & MOMENT_TIME))
		*text++ = ' ';
	if (parts & MOMENT_TIME) {
		text += snprintf(text, 9, "%02u:%02u:%02u", (unsigned)moment->hour % 100u,
			(unsigned)moment->minute % 100u, (unsigned)moment->second % 100u);
		if (moment->fraction[0])
			snprintf(text, 2 + MOMENT_DIGITS_MAX, ".%s", moment->fraction);
	}
}
