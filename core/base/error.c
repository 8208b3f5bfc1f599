/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MOST_KEPT = 1000 }; /* problems; more would help nobody, and cost the square of their number */

struct retort_error {
	struct retort_arena *arena;         /* made with the first problem */
	struct retort_problem *first, *end; /* those that are kept */
	struct retort_problem *last;        /* the one that was added last, kept or not */
	size_t count;
};

struct retort_error *retort_error_new(void)
{
	struct retort_error *err = calloc(1, sizeof *err);

	if (!err)
		abort();
	return err;
}

void retort_error_free(struct retort_error *err)
{
	retort_error_clear(err);
	free(err);
}

void retort_error_clear(struct retort_error *err)
{
	if (!err)
		return;
	retort_arena_free(err->arena);
	*err = (struct retort_error){0};
}

const struct retort_problem *retort_error_first(const struct retort_error *err)
{
	return err ? err->first : NULL;
}

size_t retort_error_count(const struct retort_error *err)
{
	return err ? err->count : 0;
}

/* Puts a problem at the end; of very many only the first are kept. */
static void add(struct retort_error *err, struct retort_problem *problem)
{
	err->last = problem;
	if (err->count++ >= MOST_KEPT)
		return;
	if (err->end)
		err->end->next = problem;
	else
		err->first = problem;
	err->end = problem;
}

int retort_vfail(struct retort_error *err, enum retort_code code, const char *format, va_list ap)
{
	struct retort_problem *problem;

	if (!err)
		return -1;
	if (!err->arena)
		err->arena = retort_arena_new();
	problem = retort_alloc(err->arena, sizeof *problem);
	problem->code = code;
	/* Servers and files speak through messages: what would act on a terminal is made visible. */
	problem->message = text_safe(err->arena, retort_vprintf(err->arena, format, ap));
	add(err, problem);
	return -1;
}

int retort_fail(struct retort_error *err, enum retort_code code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	retort_vfail(err, code, format, ap);
	va_end(ap);
	return -1;
}

/* One problem, and where it stood. */
struct place {
	struct retort_problem *problem;
	size_t number;
};

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	/* less 1, so that what has no line comes last */
	if (a->problem->line != b->problem->line)
		return a->problem->line - 1 < b->problem->line - 1 ? -1 : 1;
	if (a->problem->column != b->problem->column)
		return a->problem->column < b->problem->column ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

void error_sort(struct retort_error *err, size_t from)
{
	struct retort_problem **link, *problem;
	struct place *places;
	size_t n = 0;

	if (!err || err->count < from + 2 || from >= MOST_KEPT)
		return;
	for (link = &err->first; from > 0; from--)
		link = &(*link)->next;
	places = retort_alloc_array(err->arena, err->count, sizeof *places);
	for (problem = *link; problem; problem = problem->next, n++)
		places[n] = (struct place){problem, n};
	qsort(places, n, sizeof *places, compare_places);
	for (size_t i = 0; i < n; i++) {
		*link = places[i].problem;
		link = &places[i].problem->next;
	}
	*link = NULL;
	err->last = err->end = places[n - 1].problem;
}

void error_append(struct retort_error *err, const struct retort_error *more)
{
	const struct retort_problem *problem;

	if (!err || !more->first)
		return;
	if (!err->arena)
		err->arena = retort_arena_new();
	for (problem = more->first; problem; problem = problem->next) {
		struct retort_problem *copy = retort_alloc(err->arena, sizeof *copy);

		*copy = *problem;
		copy->message = retort_strdup(err->arena, problem->message);
		copy->file = retort_strdup(err->arena, problem->file);
		copy->revision = retort_strdup(err->arena, problem->revision);
		copy->statement = retort_strdup(err->arena, problem->statement);
		copy->next = NULL;
		add(err, copy);
	}
	if (more->count > MOST_KEPT)
		err->count += more->count - MOST_KEPT;
}

void retort_error_sqlstate(struct retort_error *err, const char *sqlstate, long engine_code)
{
	if (!err || !err->last)
		return;
	snprintf(err->last->sqlstate, sizeof err->last->sqlstate, "%s", sqlstate ? sqlstate : "");
	err->last->engine_code = engine_code;
}

void retort_error_position(struct retort_error *err, size_t position)
{
	if (err && err->last)
		err->last->position = position;
}

void retort_error_at(struct retort_error *err, const char *file, unsigned line, unsigned column)
{
	struct retort_problem *problem;

	for (problem = err ? err->first : NULL; problem; problem = problem->next) {
		if (file && problem->file && strcmp(file, problem->file))
			continue; /* another file's line says nothing about this one */
		if (file && !problem->file)
			problem->file = retort_strdup(err->arena, file);
		if (!problem->line) {
			problem->line = line;
			problem->column = column;
		}
	}
}

void retort_error_revision(struct retort_error *err, const char *revision)
{
	struct retort_problem *problem;

	for (problem = err ? err->first : NULL; problem; problem = problem->next)
		if (!problem->revision)
			problem->revision = retort_strdup(err->arena, revision);
}

void retort_error_statement(struct retort_error *err, const char *sql)
{
	struct retort_problem *problem;

	for (problem = err ? err->first : NULL; problem; problem = problem->next)
		if (!problem->statement)
			problem->statement = retort_strdup(err->arena, sql);
}

void retort_error_prefix(struct retort_error *err, const char *format, ...)
{
	const char *prefix;
	va_list ap;

	if (!err || !err->last)
		return;
	va_start(ap, format);
	prefix = text_safe(err->arena, retort_vprintf(err->arena, format, ap));
	va_end(ap);
	err->last->message = retort_printf(err->arena, "%s: %s", prefix, err->last->message);
}

const char *retort_code_name(enum retort_code code)
{
	static const char *const names[] = {
		[RETORT_E_INTERNAL] = "internal",
		[RETORT_E_USAGE] = "usage",
		[RETORT_E_CONFIG] = "config",
		[RETORT_E_FILE] = "file",
		[RETORT_E_GRAPH] = "graph",
		[RETORT_E_STATE] = "state",
		[RETORT_E_PLAN] = "plan",
		[RETORT_E_SQL] = "sql",
		[RETORT_E_CONNECT] = "connect",
		[RETORT_E_LOCK] = "lock",
		[RETORT_E_IO] = "io",
		[RETORT_E_INTERRUPTED] = "interrupted",
	};
	size_t n = sizeof names / sizeof *names;

	return (size_t)code < n && names[code] ? names[code] : names[RETORT_E_INTERNAL];
}
