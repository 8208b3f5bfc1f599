/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

#include <string.h>

enum { SHOWN = 80 };

int graph_rows(const struct graph *graph, const char *const *rows, size_t n, struct revision_list *ret,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *found = marks_new(graph, scratch);
	struct revision *revision;
	int failed = 0;
	size_t i;

	*ret = (struct revision_list){NULL, 0};
	for (i = 0; i < n; i++) {
		revision = graph_find(graph, rows[i]);
		if (!revision) {
			failed = retort_fail(err, RETORT_E_STATE,
				"cannot find revision '%s', which the database is at: bring its "
				"file back, or say where the database really is with stamp --purge REVISION",
				text_echo(scratch, rows[i], SHOWN));
		} else if (!found[revision->index]) {
			found[revision->index] = 1;
			list_add(graph->arena, ret, revision);
		}
	}
	retort_arena_free(scratch);
	if (failed)
		return -1;
	return list_overlap(graph, ret, RETORT_E_STATE, "the rows of the version table",
		": say where the database really is with stamp --purge REVISION", err);
}

struct revision_list graph_applied(const struct graph *graph, const struct revision_list *rows)
{
	return graph_ancestors(graph, (const struct revision *const *)rows->items, rows->count, true);
}

struct revision_list graph_current(const struct graph *graph, const struct revision_list *rows)
{
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *applied = marks_new(graph, scratch);
	struct revision_list current = {NULL, 0};
	size_t i, k;
	bool last;

	marks_walk(graph, scratch, rows, WALK_PARENTS_AND_NEEDS, applied);
	for (i = 0; i < graph->count; i++) {
		struct revision *revision = graph->revisions[i];

		for (k = 0, last = applied[i]; last && k < revision->child_count; k++)
			last = !applied[revision->children[k]->index];
		if (last)
			list_add(graph->arena, &current, revision);
	}
	retort_arena_free(scratch);
	return current;
}

bool graph_at_heads(const struct graph *graph, const struct revision_list *rows)
{
	size_t i, heads = 0;

	for (i = 0; i < graph->count; i++)
		heads += revision_is_real_head(graph->revisions[i]);
	for (i = 0; i < rows->count; i++)
		if (!revision_is_real_head(rows->items[i]))
			return false;
	return rows->count == heads;
}

/* Where the row of an id stands, or count. */
static size_t find_row(const struct revision_list *rows, const char *id)
{
	size_t i;

	for (i = 0; i < rows->count; i++)
		if (!strcmp(rows->items[i]->id, id))
			break;
	return i;
}

int graph_apply(const struct graph *graph, const struct step *step, struct revision_list *rows)
{
	struct revision *revision;
	size_t i, at;

	for (i = 0; i < step->delete_count; i++) {
		at = find_row(rows, step->delete_rows[i]);
		if (at == rows->count)
			return -1;
		rows->count--;
		memmove(rows->items + at, rows->items + at + 1,
			(rows->count - at) * sizeof(struct revision *));
	}
	if (step->update_from) {
		at = find_row(rows, step->update_from);
		revision = graph_find(graph, step->update_to);
		if (at == rows->count || !revision || list_has(rows, revision))
			return -1;
		rows->items[at] = revision;
	}
	for (i = 0; i < step->insert_count; i++) {
		revision = graph_find(graph, step->insert_rows[i]);
		if (!revision || list_has(rows, revision))
			return -1;
		list_add(graph->arena, rows, revision);
	}
	return 0;
}
