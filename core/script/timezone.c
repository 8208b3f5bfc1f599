/* SPDX-License-Identifier: MIT */
#include "script/timezone.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum {
	HEADER = 44,       /* bytes; RFC 9636, section 3.1 */
	LARGEST = 1 << 20, /* bytes of a zone's file */
	DAY = 86400,
	ECHOED = 60
};

/* The six counts of a header, in their order in the file. */
struct counts {
	size_t is_utc, is_standard, leaps, times, types, characters;
};

/* One of the two changes of a year, as POSIX's TZ states it. */
struct rule {
	char kind; /* J, M, or 0 for a plain day number */
	int month, week, day;
	long time; /* seconds of the day on the clock before the change */
};

static uint32_t number32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t number64(const unsigned char *at)
{
	return (int64_t)((uint64_t)number32(at) << 32 | number32(at + 4));
}

/* The bytes of a zone's block after its header. */
static size_t block_size(const struct counts *counts, size_t time_size)
{
	return counts->times * (time_size + 1) + counts->types * 6 + counts->characters +
		counts->leaps * (time_size + 4) + counts->is_standard + counts->is_utc;
}

/* Reads a header of n bytes of data; false where it is none. */
static bool header_read(const unsigned char *data, size_t n, struct counts *counts)
{
	size_t *const all[] = {&counts->is_utc, &counts->is_standard, &counts->leaps, &counts->times,
		&counts->types, &counts->characters};
	size_t i;

	if (n < HEADER || memcmp(data, "TZif", 4) || data[4] < '2')
		return false;
	for (i = 0; i < 6; i++) {
		*all[i] = number32(data + 20 + 4 * i);
		if (*all[i] > LARGEST)
			return false;
	}
	return true;
}

/* Skips an abbreviation of a POSIX TZ text: letters or <...>. */
static bool rule_name(const char **at)
{
	const char *start = *at;

	if (**at == '<') {
		*at += strcspn(*at, ">");
		if (!**at)
			return false;
		(*at)++;
		return true;
	}
	while ((**at >= 'a' && **at <= 'z') || (**at >= 'A' && **at <= 'Z'))
		(*at)++;
	return *at - start >= 3;
}

static bool rule_number(const char **at, int *ret)
{
	const char *start = *at;

	for (*ret = 0; **at >= '0' && **at <= '9' && *at - start < 4; (*at)++)
		*ret = *ret * 10 + (**at - '0');
	return *at > start;
}

/* Reads [+-]hh[:mm[:ss]] as seconds. */
static bool rule_time(const char **at, long *ret)
{
	long sign = **at == '-' ? -1 : 1, unit = 3600;
	int part;

	*at += **at == '-' || **at == '+';
	for (*ret = 0; unit; unit /= 60) {
		if (!rule_number(at, &part))
			return false;
		*ret += part * unit;
		if (**at != ':')
			break;
		(*at)++;
	}
	*ret *= sign;
	return true;
}

/* Reads ,Mm.w.d or ,Jn or ,n and a time. */
static bool rule_read(const char **at, struct rule *rule)
{
	bool ok;

	*rule = (struct rule){.time = 7200};
	if (*(*at)++ != ',')
		return false;
	if (**at == 'M' || **at == 'J')
		rule->kind = *(*at)++;
	if (rule->kind == 'M') {
		ok = rule_number(at, &rule->month) && *(*at)++ == '.' && rule_number(at, &rule->week) &&
			*(*at)++ == '.' && rule_number(at, &rule->day);
		ok = ok && rule->month >= 1 && rule->month <= 12 && rule->week >= 1 && rule->week <= 5 &&
			rule->day <= 6;
	} else {
		ok = rule_number(at, &rule->day);
	}
	if (ok && **at == '/') {
		(*at)++;
		ok = rule_time(at, &rule->time);
	}
	return ok;
}

/* Midnight of the first day of a month (from 0) as if the clock were UTC's. */
static long long month_start(int year, int month)
{
	struct tm date = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 1};

	return timegm(&date);
}

/* When a rule applies in a year, on the clock before the change. */
static long long rule_moment(const struct rule *rule, int year)
{
	long long start = month_start(year, rule->kind == 'M' ? rule->month - 1 : 0);
	bool leap = month_start(year, 2) - month_start(year, 1) == 29LL * DAY;
	long long day;

	if (rule->kind == 'M') {
		/* 1970 began on a Thursday */
		long long first = ((start / DAY + 4) % 7 + 7) % 7;

		day = (rule->day - first + 7) % 7 + 7LL * (rule->week - 1);
		while (start + day * DAY >= month_start(year, rule->month))
			day -= 7;
	} else if (rule->kind == 'J') {
		day = rule->day - 1 + (leap && rule->day > 59);
	} else {
		day = rule->day;
	}
	return start + day * DAY + rule->time;
}

/* The offset that a POSIX TZ text gives at epoch; false where it can't be read. */
static bool posix_offset(const char *text, long long epoch, long *offset)
{
	long standard, summer;
	struct rule start, end;
	long long from, to;
	struct tm clock;
	time_t seconds;

	if (!rule_name(&text) || !rule_time(&text, &standard))
		return false;
	standard = -standard; /* POSIX counts westwards */
	*offset = standard;
	if (!*text)
		return true;
	if (!rule_name(&text))
		return false;
	summer = -standard - 3600;
	if (*text != ',' && !rule_time(&text, &summer))
		return false;
	summer = -summer;
	if (!rule_read(&text, &start) || !rule_read(&text, &end))
		return false;
	seconds = (time_t)(epoch + standard);
	if (!gmtime_r(&seconds, &clock))
		return false;
	from = rule_moment(&start, clock.tm_year + 1900) - standard;
	to = rule_moment(&end, clock.tm_year + 1900) - summer;
	if (from < to ? epoch >= from && epoch < to : epoch >= from || epoch < to)
		*offset = summer;
	return true;
}

/* The offset that the second block of a zone's file, n bytes at data, gives at epoch. */
static bool block_offset(const unsigned char *data, size_t n, long long epoch, struct retort_arena *arena,
	long *offset)
{
	const unsigned char *times, *indexes, *types, *footer;
	struct counts counts;
	size_t size, i, type = 0;

	if (!header_read(data, n, &counts) || !counts.types)
		return false;
	size = block_size(&counts, 8);
	if (size > n - HEADER)
		return false;
	times = data + HEADER;
	indexes = times + counts.times * 8;
	types = indexes + counts.times;
	footer = times + size;
	n -= HEADER + size;
	if ((!counts.times || number64(times + (counts.times - 1) * 8) <= epoch) && n > 2 &&
		footer[0] == '\n' && footer[1] != '\n') {
		const char *text = (const char *)footer + 1;

		return posix_offset(retort_strndup(arena, text, strcspn(text, "\n")), epoch, offset);
	}
	for (i = 0; i < counts.times && number64(times + i * 8) <= epoch; i++)
		type = indexes[i];
	if (type >= counts.types)
		return false;
	*offset = (int32_t)number32(types + type * 6);
	return true;
}

static bool is_utc(const char *zone)
{
	return !zone || !text_casecmp(zone, "UTC") || !text_casecmp(zone, "Etc/UTC");
}

static int zone_fail(struct retort_arena *arena, const char *zone, struct retort_error *err)
{
	retort_fail(err, RETORT_E_CONFIG,
		"cannot find the time zone '%s': expected an IANA name such as UTC or Asia/Tokyo",
		text_echo(arena, zone, ECHOED));
	retort_arena_free(arena);
	return -1;
}

/* The file of a zone, or NULL: a name is made of words and can't climb. */
static const char *zone_path(struct retort_arena *arena, const char *zone)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
	const char *folder = secure_getenv("TZDIR"), *path;

	if (!*zone || *zone == '/' || zone[strspn(zone, good)])
		return NULL;
	path = path_join(arena, folder && *folder ? folder : "/usr/share/zoneinfo", zone);
	return file_exists(path) && !file_is_folder(path) ? path : NULL;
}

int timezone_check(const char *zone, struct retort_error *err)
{
	struct retort_arena *arena;

	if (is_utc(zone))
		return 0;
	arena = retort_arena_new();
	if (!zone_path(arena, zone))
		return zone_fail(arena, zone, err);
	retort_arena_free(arena);
	return 0;
}

/* The offset of a zone that is not UTC. */
static int zone_offset(const char *zone, long long epoch, long *offset, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	const char *path = zone_path(arena, zone);
	struct counts counts;
	char *text = NULL;
	size_t n = 0, first;
	bool ok = false;

	if (!path)
		return zone_fail(arena, zone, err);
	if (file_read(arena, path, LARGEST, &text, &n, err) < 0) {
		retort_arena_free(arena);
		return -1;
	}
	if (header_read((const unsigned char *)text, n, &counts)) {
		first = HEADER + block_size(&counts, 4);
		ok = first < n &&
			block_offset((const unsigned char *)text + first, n - first, epoch, arena, offset);
	}
	if (!ok)
		retort_fail(err, RETORT_E_CONFIG,
			"cannot use the time zone '%s': '%s' is no zone file of version 2 or later", zone,
			path);
	retort_arena_free(arena);
	return ok ? 0 : -1;
}

int timezone_at(const char *zone, long long epoch, struct zone_time *ret, struct retort_error *err)
{
	time_t seconds;

	*ret = (struct zone_time){.epoch = epoch};
	if (!is_utc(zone) && zone_offset(zone, epoch, &ret->offset, err) < 0)
		return -1;
	seconds = (time_t)(epoch + ret->offset);
	gmtime_r(&seconds, &ret->clock);
	return 0;
}

const char *timezone_text(struct retort_arena *arena, const struct zone_time *time)
{
	const struct tm *clock = &time->clock;
	const char *date = retort_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d", clock->tm_year + 1900,
		clock->tm_mon + 1, clock->tm_mday, clock->tm_hour, clock->tm_min, clock->tm_sec);
	long east = time->offset < 0 ? -time->offset : time->offset;

	if (!east)
		return retort_printf(arena, "%sZ", date);
	return retort_printf(arena, "%s%c%02ld:%02ld", date, time->offset < 0 ? '-' : '+', east / 3600,
		east / 60 % 60);
}
