/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

#include <string.h>

enum { LONGEST_ID = 32, SHOWN = 80 }; /* characters; the version table's column is that wide */

static const char *const kind_words[] = {[NAME_ID] = "id", [NAME_LABEL] = "label", [NAME_TAG] = "tag"};

/* What is wrong with a name, or NULL. Names may not look like parts of the symbol grammar; labels
 * and tags may hold - and + inside, as they are tried whole before they are taken apart. */
static const char *name_fault(struct retort_arena *arena, const char *text, enum name_kind kind)
{
	const char *c;

	if (!*text)
		return "is empty";
	for (c = text; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return "holds a blank or control character";
	if (text_safe(arena, text) != text)
		return "holds a control character";
	if (strpbrk(text, kind == NAME_ID ? "@-+:" : "@:"))
		return kind == NAME_ID ? "holds one of @ - + :" : "holds @ or :";
	if (kind != NAME_ID)
		return strchr("+-", *text) ? "begins with + or -" : NULL;
	if (text_utf8_count(text, strlen(text)) > LONGEST_ID)
		return "is longer than 32 characters";
	return NULL;
}

/* Enters one name; the first to claim it keeps it. */
static int enter(struct graph *graph, struct name *name, const char *text, enum name_kind kind,
	struct revision *revision, struct retort_error *err)
{
	const char *fault = name_fault(graph->arena, text, kind), *shown = NULL;
	const struct name *taken = graph_name(graph, text);
	int failed = 0;

	if (fault || taken)
		shown = text_echo(graph->arena, text, SHOWN);
	if (fault)
		failed = retort_fail(err, RETORT_E_GRAPH, "cannot load '%s': the %s '%s' %s",
			revision_file(revision), kind == NAME_ID ? "revision id" : kind_words[kind], shown,
			fault);
	if (taken && taken->revision == revision)
		return retort_fail(err, RETORT_E_GRAPH, "cannot load '%s': the %s '%s' is its %s already",
			revision_file(revision), kind_words[kind], shown, kind_words[taken->kind]);
	if (taken)
		return retort_fail(err, RETORT_E_GRAPH,
			"cannot load '%s': the %s '%s' is already the %s of '%s'", revision_file(revision),
			kind == NAME_ID ? "revision id" : kind_words[kind], shown, kind_words[taken->kind],
			revision_file(taken->revision));
	*name = (struct name){text, kind, revision};
	map_put(graph->names->map, text, name);
	graph->names->count++;
	return failed;
}

/* Enters the labels or tags of one revision. */
static int enter_all(struct graph *graph, const char *const *texts, size_t n, enum name_kind kind,
	struct revision *revision, struct retort_error *err)
{
	struct graph_names *names = graph->names;
	int failed = 0;
	size_t i;

	for (i = 0; i < n; i++)
		failed |= enter(graph, &names->items[names->count], texts[i], kind, revision, err);
	return failed;
}

int graph_check_names(struct graph *graph, struct retort_error *err)
{
	struct graph_names *names = graph->names;
	size_t i, most = 0;
	int failed = 0;

	for (i = 0; i < graph->count; i++)
		most += 1 + graph->revisions[i]->label_count + graph->revisions[i]->tag_count;
	names->map = map_new(graph->arena);
	names->count = 0;
	names->items = retort_alloc_array(graph->arena, most, sizeof *names->items);
	/* Ids first, so that a label that is an id is the label's fault. */
	for (i = 0; i < graph->count; i++) {
		struct revision *revision = graph->revisions[i];

		failed |= enter(graph, &names->items[names->count], revision->id, NAME_ID, revision, err);
	}
	for (i = 0; i < graph->count; i++) {
		struct revision *revision = graph->revisions[i];

		failed |=
			enter_all(graph, revision->labels, revision->label_count, NAME_LABEL, revision, err);
		failed |= enter_all(graph, revision->tags, revision->tag_count, NAME_TAG, revision, err);
	}
	return failed;
}

/* Fails: revision names one that no file has. */
static int missing(const struct graph *graph, const struct revision *revision, const char *relation,
	const char *text, const char *kinds, struct retort_error *err)
{
	const struct graph_names *names = graph->names;
	const char *near = text_nearest(text, names->items, names->count, sizeof *names->items);
	const char *shown = text_echo(graph->arena, text, SHOWN);

	if (near && strcmp(near, revision->id))
		return retort_fail(err, RETORT_E_GRAPH,
			"cannot load '%s': it %s '%s', which is no %s: did you mean '%s'?",
			revision_file(revision), relation, shown, kinds, near);
	return retort_fail(err, RETORT_E_GRAPH, "cannot load '%s': it %s '%s', which is no %s of any file",
		revision_file(revision), relation, shown, kinds);
}

static bool holds(struct revision *const *items, size_t n, const struct revision *revision)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (items[i] == revision)
			return true;
	return false;
}

/* Finds the parents and needs of one revision, each once; a need that is a parent too is none. */
static int find_below(struct graph *graph, struct revision *revision, struct retort_error *err)
{
	const struct name *name;
	int failed = 0;
	size_t i;

	revision->parents = retort_alloc_array(graph->arena, revision->down_count, sizeof *revision->parents);
	revision->needs = retort_alloc_array(graph->arena, revision->depends_count, sizeof *revision->needs);
	for (i = 0; i < revision->down_count; i++) {
		name = graph_name(graph, revision->down[i]);
		if (!name || name->kind == NAME_LABEL)
			failed |= missing(graph, revision, "comes after", revision->down[i], "revision", err);
		else if (!holds(revision->parents, revision->parent_count, name->revision))
			revision->parents[revision->parent_count++] = name->revision;
	}
	for (i = 0; i < revision->depends_count; i++) {
		name = graph_name(graph, revision->depends[i]);
		if (!name)
			failed |= missing(graph, revision, "depends on", revision->depends[i],
				"revision, label or tag", err);
		else if (!holds(revision->parents, revision->parent_count, name->revision) &&
			!holds(revision->needs, revision->need_count, name->revision))
			revision->needs[revision->need_count++] = name->revision;
	}
	return failed;
}

int graph_check_edges(struct graph *graph, struct retort_error *err)
{
	struct revision *revision, *below;
	int failed = 0;
	size_t i, k;

	for (i = 0; i < graph->count; i++) {
		revision = graph->revisions[i];
		revision->parent_count = revision->need_count = revision->child_count =
			revision->dependent_count = 0;
	}
	for (i = 0; i < graph->count; i++) {
		revision = graph->revisions[i];
		failed |= find_below(graph, revision, err);
		for (k = 0; k < revision->parent_count; k++)
			revision->parents[k]->child_count++;
		for (k = 0; k < revision->need_count; k++)
			revision->needs[k]->dependent_count++;
	}
	for (i = 0; i < graph->count; i++) {
		revision = graph->revisions[i];
		revision->children =
			retort_alloc_array(graph->arena, revision->child_count, sizeof *revision->children);
		revision->dependents = retort_alloc_array(graph->arena, revision->dependent_count,
			sizeof *revision->dependents);
		revision->child_count = revision->dependent_count = 0;
	}
	for (i = 0; i < graph->count; i++) {
		revision = graph->revisions[i];
		for (k = 0; k < revision->parent_count; k++) {
			below = revision->parents[k];
			below->children[below->child_count++] = revision;
		}
		for (k = 0; k < revision->need_count; k++) {
			below = revision->needs[k];
			below->dependents[below->dependent_count++] = revision;
		}
	}
	return failed;
}
