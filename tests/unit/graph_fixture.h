/* SPDX-License-Identifier: MIT
 *
 * What the tests of the revision graph share: small graphs written in words.
 */
#ifndef RETORT_UNIT_GRAPH_FIXTURE_H
#define RETORT_UNIT_GRAPH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script/graph.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	struct graph *graph;
};

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = retort_arena_new();
	f->err = retort_error_new();
	f->graph = graph_new(f->arena);
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	retort_error_free(f->err);
	retort_arena_free(f->arena);
	free(f);
	return 0;
}

/* "a b c" to its words; NULL or "" gives none. */
static inline const char *const *words(struct fixture *f, const char *text, size_t *count)
{
	const char **items = NULL;
	char *rest = retort_strdup(f->arena, text ? text : ""), *word;

	*count = 0;
	while ((word = strsep(&rest, " ")))
		if (*word)
			RETORT_PUSH(f->arena, items, *count, word);
	return items;
}

/* Adds a revision in a file ID.yaml; lists are separated by blanks. */
static inline struct revision *add(struct fixture *f, const char *id, const char *down, const char *labels,
	const char *depends)
{
	struct revision *revision = retort_alloc(f->arena, sizeof *revision);

	revision->id = id;
	revision->down = words(f, down, &revision->down_count);
	revision->labels = words(f, labels, &revision->label_count);
	revision->depends = words(f, depends, &revision->depends_count);
	revision->message = "";
	revision->path = retort_printf(f->arena, "/project/versions/%zu_%s.yaml", f->graph->count, id);
	graph_add(f->graph, revision);
	return revision;
}

static inline void tag(struct fixture *f, struct revision *revision, const char *tags)
{
	revision->tags = words(f, tags, &revision->tag_count);
}

static inline const char *joined(struct fixture *f, const struct revision_list *list)
{
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, f->arena);
	for (i = 0; i < list->count; i++)
		retort_buf_printf(&buf, "%s%s", i ? " " : "", list->items[i]->id);
	return buf.data;
}

static inline void assert_list(struct fixture *f, struct revision_list list, const char *wanted)
{
	assert_string_equal(joined(f, &list), wanted);
}

/* All messages so far, one a line, which are then forgotten. */
static inline const char *messages(struct fixture *f)
{
	const struct retort_problem *problem;
	struct retort_buf buf;

	retort_buf_init(&buf, f->arena);
	for (problem = retort_error_first(f->err); problem; problem = problem->next)
		retort_buf_printf(&buf, "%s\n", problem->message);
	retort_error_clear(f->err);
	return buf.data;
}

static inline void assert_fault(struct fixture *f, const char *wanted)
{
	assert_int_equal(graph_build(f->graph, f->err), -1);
	assert_int_equal(retort_error_first(f->err)->code, RETORT_E_GRAPH);
	assert_string_equal(messages(f), wanted);
}

static inline struct revision_list rows_of(struct fixture *f, const char *text)
{
	struct revision_list list;
	size_t n;
	const char *const *rows = words(f, text, &n);

	assert_int_equal(graph_rows(f->graph, rows, n, &list, f->err), 0);
	return list;
}

/* A trunk a, b and two labelled lines of two. */
static inline void two_lines(struct fixture *f)
{
	add(f, "a", "", "", "");
	add(f, "b", "a", "", "");
	add(f, "c1", "b", "left", "");
	add(f, "c2", "b", "right", "");
	add(f, "d1", "c1", "", "");
	add(f, "d2", "c2", "", "");
	assert_int_equal(graph_build(f->graph, f->err), 0);
}

/* "-a -b b>m +x": what a step does to the rows. */
static inline const char *changes(struct fixture *f, const struct step *step)
{
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, f->arena);
	for (i = 0; i < step->delete_count; i++)
		retort_buf_printf(&buf, "-%s ", step->delete_rows[i]);
	if (step->update_from)
		retort_buf_printf(&buf, "%s>%s ", step->update_from, step->update_to);
	for (i = 0; i < step->insert_count; i++)
		retort_buf_printf(&buf, "+%s ", step->insert_rows[i]);
	return buf.data;
}

static inline void assert_changes(struct fixture *f, const struct step_list *steps, const char *wanted)
{
	struct retort_buf buf;
	size_t i;

	retort_buf_init(&buf, f->arena);
	for (i = 0; i < steps->count; i++)
		retort_buf_printf(&buf, "%s%s", i ? "| " : "", changes(f, &steps->items[i]));
	assert_string_equal(buf.data, wanted);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
