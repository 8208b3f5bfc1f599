/* SPDX-License-Identifier: MIT
 *
 * script/timezone.h: the clock of a time zone, without touching the process's own (TZ, tzset).
 *
 * Zones are read from the system's compiled files (RFC 9636, TZif version 2 and later), in the folder
 * TZDIR or /usr/share/zoneinfo. UTC needs no file.
 */
#ifndef RETORT_SCRIPT_TIMEZONE_H
#define RETORT_SCRIPT_TIMEZONE_H

#include <time.h>

#include "retort/error.h"

/* A moment as a clock in a zone shows it. */
struct zone_time {
	struct tm clock;
	long offset;     /* seconds east of UTC */
	long long epoch; /* seconds since 1970 in UTC */
};

/* 0 where the zone (an IANA name) exists, else a problem RETORT_E_CONFIG. */
int timezone_check(const char *zone, struct retort_error *err);
/* The clock at epoch in a zone; NULL: UTC. */
int timezone_at(const char *zone, long long epoch, struct zone_time *ret, struct retort_error *err);
/* As ISO 8601: 2026-11-21T22:36:00Z or with +02:00. */
const char *timezone_text(struct retort_arena *arena, const struct zone_time *time);

#endif
