/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include <stdlib.h>
#include <string.h>

/* A label belongs to the revision that declares it and to all its descendants. It belongs to its
 * ancestors too as far down as the line is plain, but only if the line is plain all the way up: no
 * merge point, and nothing that two others come after or depend on. So the revisions of a plain end
 * of a line all have the same labels, and whoever adds none shares the list of its parent. */

struct labels {
	const char **items;
	size_t count;
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void labels_add(struct retort_arena *arena, struct labels *labels, const char *const *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		RETORT_PUSH(arena, labels->items, labels->count, items[i]);
}

/* Whether revision is part of a line that stays plain up to its head; its child is known already. */
static bool is_plain(const struct revision *revision, const unsigned char *plain)
{
	if (revision_is_merge_point(revision) || up_count(revision) > 1)
		return false;
	return revision_is_head(revision) || plain[revision->children[0]->index];
}

static void sort_unique(struct labels *labels)
{
	size_t i, kept = 0;

	if (!labels->count)
		return;
	qsort(labels->items, labels->count, sizeof *labels->items, compare);
	for (i = 0; i < labels->count; i++)
		if (!kept || strcmp(labels->items[kept - 1], labels->items[i]))
			labels->items[kept++] = labels->items[i];
	labels->count = kept;
}

/* Whether every parent has the list of the first one. */
static bool parents_agree(const struct revision *revision)
{
	size_t i;

	for (i = 1; i < revision->parent_count; i++)
		if (revision->parents[i]->all_labels != revision->parents[0]->all_labels)
			return false;
	return revision->parent_count > 0;
}

/* Fills the labels of a revision whose parents have theirs. */
static void inherit(struct graph *graph, struct revision *revision, const unsigned char *plain)
{
	const struct revision *above = revision;
	struct labels labels = {NULL, 0};
	size_t i;

	if (plain[revision->index] && revision->parent_count && plain[revision->parents[0]->index]) {
		revision->all_labels = revision->parents[0]->all_labels;
		revision->all_label_count = revision->parents[0]->all_label_count;
		return;
	}
	labels_add(graph->arena, &labels, revision->labels, revision->label_count);
	while (plain[revision->index] && above->child_count) {
		above = above->children[0];
		labels_add(graph->arena, &labels, above->labels, above->label_count);
	}
	if (!labels.count && parents_agree(revision)) {
		revision->all_labels = revision->parents[0]->all_labels;
		revision->all_label_count = revision->parents[0]->all_label_count;
		return;
	}
	for (i = 0; i < revision->parent_count; i++)
		labels_add(graph->arena, &labels, revision->parents[i]->all_labels,
			revision->parents[i]->all_label_count);
	sort_unique(&labels);
	revision->all_labels = labels.items;
	revision->all_label_count = labels.count;
}

void graph_inherit_labels(struct graph *graph)
{
	struct retort_arena *scratch = retort_arena_new();
	unsigned char *plain = marks_new(graph, scratch);
	struct revision **sorted = graph->names->sorted;
	size_t i;

	for (i = graph->count; i-- > 0;)
		plain[sorted[i]->index] = is_plain(sorted[i], plain);
	for (i = 0; i < graph->count; i++)
		inherit(graph, sorted[i], plain);
	retort_arena_free(scratch);
}
