/* SPDX-License-Identifier: MIT
 *
 * retort/error.h: what went wrong, told once.
 *
 * A function that can fail takes a struct retort_error as its last argument
 * and returns 0, or -1 after one call of retort_fail. Each floor adds on the
 * way up what only it knows: a driver the SQLSTATE and position, the host the
 * file, line, revision and statement. Several faults of one file are told
 * together: each retort_fail adds one to the list.
 *
 * Message style: lower case, the failing action first, the subject in single
 * quotes, no full stop: cannot add column 'email' to 'account': reason.
 */
#ifndef RETORT_ERROR_H
#define RETORT_ERROR_H

#include "retort/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

enum retort_code {
	RETORT_E_INTERNAL = 1, /* a fault of retort's own */
	RETORT_E_USAGE,        /* the command line */
	RETORT_E_CONFIG,       /* retort.ini, the environment, a URL */
	RETORT_E_FILE,         /* a revision or schema file */
	RETORT_E_GRAPH,        /* the revision graph or a symbol in it */
	RETORT_E_STATE,        /* the database is not as the command needs it */
	RETORT_E_PLAN,         /* the engine can't have it: found before anything ran */
	RETORT_E_SQL,          /* the engine refused a statement */
	RETORT_E_CONNECT,      /* no connection, or it was lost */
	RETORT_E_LOCK,         /* a lock was not obtained in time */
	RETORT_E_IO,           /* reading or writing a file */
	RETORT_E_INTERRUPTED   /* cancelled by a signal or by the host */
};

/* One fault. Strings belong to the error; NULL and 0 mean unknown. */
struct retort_problem {
	enum retort_code code;
	const char *message;
	const char *file;      /* as the user would name it */
	unsigned line, column; /* from 1; column in characters */
	const char *revision;
	const char *statement; /* the SQL that failed */
	char sqlstate[6];      /* five characters, or empty */
	long engine_code;      /* the engine's own number, or 0 */
	size_t position;       /* byte offset into statement, from 1; 0 unknown */
	struct retort_problem *next;
};

struct retort_error;

/* A new error without a problem; it owns its texts. */
RETORT_EXPORT struct retort_error *retort_error_new(void);
RETORT_EXPORT void retort_error_free(struct retort_error *err);
/* Forgets all problems. */
RETORT_EXPORT void retort_error_clear(struct retort_error *err);
/* The first problem, or NULL where nothing failed. */
RETORT_EXPORT const struct retort_problem *retort_error_first(const struct retort_error *err);
/* How many there were; of very many only the first thousand are kept. */
RETORT_EXPORT size_t retort_error_count(const struct retort_error *err);

/* Adds a problem and returns -1. err may be NULL: then only -1 is returned. */
RETORT_EXPORT int retort_fail(struct retort_error *err, enum retort_code code, const char *format, ...)
	RETORT_PRINTF(3, 4);
RETORT_EXPORT int retort_vfail(struct retort_error *err, enum retort_code code, const char *format,
	va_list ap) RETORT_PRINTF(3, 0);

/* These complete the problem added last. */
RETORT_EXPORT void retort_error_sqlstate(struct retort_error *err, const char *sqlstate, long engine_code);
RETORT_EXPORT void retort_error_position(struct retort_error *err, size_t position);

/* These fill what is still unknown in every problem: the floor that knows first wins. */
RETORT_EXPORT void retort_error_at(struct retort_error *err, const char *file, unsigned line,
	unsigned column);
RETORT_EXPORT void retort_error_revision(struct retort_error *err, const char *revision);
RETORT_EXPORT void retort_error_statement(struct retort_error *err, const char *sql);
/* Puts "text: " in front of the last problem's message. */
RETORT_EXPORT void retort_error_prefix(struct retort_error *err, const char *format, ...) RETORT_PRINTF(2, 3);
/* The word for a code in JSON: "usage", "config", ... */
RETORT_EXPORT const char *retort_code_name(enum retort_code code);

#ifdef __cplusplus
}
#endif
#endif
