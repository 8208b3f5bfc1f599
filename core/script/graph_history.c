/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

#include <string.h>

enum { SHOWN = 80 };

/* One end of a range. */
struct end {
	const char *text; /* empty: not given */
	struct symbol symbol;
	struct revision_list found; /* empty: base */
};

/* Takes a range apart; NULL is the whole history. */
static int split(const struct query *query, const char *range, struct end *lower, struct end *upper)
{
	const char *colon = range ? strchr(range, ':') : NULL;

	*lower = *upper = (struct end){.text = ""};
	if (!range)
		return 0;
	if (!colon || strchr(colon + 1, ':'))
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot read the range '%s': write A:B, A: or :B",
			text_echo(query->scratch, range, SHOWN));
	lower->text = retort_strndup(query->scratch, range, (size_t)(colon - range));
	upper->text = colon + 1;
	return 0;
}

/* What an end means; relative ones may lead past the ends of the graph. */
static int resolve_lower(const struct query *query, const struct revision_list *rows, struct end *lower)
{
	struct revision *one = NULL;

	if (!strcmp(lower->text, "current")) {
		lower->found = *rows;
		return 0;
	}
	if (!*lower->text)
		return 0;
	if (symbol_parse(query, lower->text, &lower->symbol))
		return -1;
	if (!lower->symbol.relative)
		return symbol_all(query, &lower->symbol, &lower->found);
	if (!lower->symbol.name && lower->symbol.steps >= 0)
		return symbol_too_far(query, &lower->symbol);
	if (!lower->symbol.name)
		return symbol_below_heads(query, &lower->symbol, &lower->found);
	if (symbol_relative(query, &lower->symbol, &one))
		return -1;
	if (one)
		list_add(query->scratch, &lower->found, one);
	return 0;
}

static int resolve_upper(const struct query *query, const struct revision_list *rows, const struct end *lower,
	struct end *upper)
{
	if (!strcmp(upper->text, "current")) {
		upper->found = *rows;
		return 0;
	}
	if (symbol_parse(query, *upper->text ? upper->text : "heads", &upper->symbol))
		return -1;
	return symbol_upgrade(query, &upper->symbol, &lower->found, &upper->found);
}

static bool has_label(const struct revision *revision, const char *label)
{
	size_t i;

	for (i = 0; i < revision->all_label_count; i++)
		if (!strcmp(revision->all_labels[i], label))
			return true;
	return false;
}

/* BRANCH@... as lower end keeps only those upper ends that are on the branch. A revision stands for
 * its label where it has exactly one, else for its lineage. */
static int keep_branch(const struct query *query, const struct end *lower, struct end *upper)
{
	const char *label = NULL;
	struct revision_list kept = {NULL, 0};
	struct revision *branch;
	const struct name *name;
	unsigned char *lineage;
	size_t i;

	if (!lower->symbol.branch)
		return 0;
	if (symbol_branch(query, lower->symbol.branch, &branch))
		return -1;
	name = graph_name(query->graph, lower->symbol.branch);
	if (name && name->kind == NAME_LABEL)
		label = name->text;
	else if (name && branch->all_label_count == 1)
		label = branch->all_labels[0];
	lineage = marks_lineage(query->graph, query->scratch, branch);
	for (i = 0; i < upper->found.count; i++) {
		struct revision *revision = upper->found.items[i];

		if (label ? has_label(revision, label) : lineage[revision->index])
			list_add(query->scratch, &kept, revision);
	}
	upper->found = kept;
	return 0;
}

/* Fails unless the lower end lies below the upper one, and neither end overlaps itself. */
static int check_ends(const struct query *query, const struct end *lower, const struct end *upper,
	const unsigned char *below_upper)
{
	size_t i;

	if (list_overlap(query->graph, &upper->found, RETORT_E_GRAPH, "the upper revisions", "", query->err))
		return -1;
	for (i = 0; i < lower->found.count; i++)
		if (!below_upper[lower->found.items[i]->index])
			return retort_fail(query->err, RETORT_E_GRAPH,
				"cannot list '%s' to '%s': the one is no ancestor of the other",
				text_echo(query->scratch, lower->text, SHOWN),
				*upper->text ? text_echo(query->scratch, upper->text, SHOWN) : "heads");
	return list_overlap(query->graph, &lower->found, RETORT_E_GRAPH, "the lower revisions", "",
		query->err);
}

static int list_range(const struct query *query, const char *range, const struct revision_list *rows,
	struct revision_list *ret)
{
	const struct graph *graph = query->graph;
	unsigned char *below_upper = marks_new(graph, query->scratch),
		      *below_lower = marks_new(graph, query->scratch);
	unsigned char *above_lower = marks_new(graph, query->scratch),
		      *shown = marks_new(graph, query->scratch);
	struct end lower, upper;
	size_t i;

	if (split(query, range, &lower, &upper) || resolve_lower(query, rows, &lower) ||
		resolve_upper(query, rows, &lower, &upper) || keep_branch(query, &lower, &upper))
		return -1;
	marks_walk(graph, query->scratch, &upper.found, WALK_PARENTS_AND_NEEDS, below_upper);
	if (check_ends(query, &lower, &upper, below_upper))
		return -1;
	marks_walk(graph, query->scratch, &lower.found, WALK_PARENTS_AND_NEEDS, below_lower);
	marks_walk(graph, query->scratch, &lower.found, WALK_CHILDREN, above_lower);
	for (i = 0; i < graph->count; i++)
		shown[i] = below_upper[i] && !below_lower[i] && (!lower.found.count || above_lower[i]);
	marks_set(&lower.found, shown);
	*ret = sort_history(graph, query->scratch, below_upper, shown);
	return 0;
}

int graph_history(const struct graph *graph, const char *range, const struct revision_list *rows,
	struct revision_list *ret, struct retort_error *err)
{
	struct query query = {.graph = graph, .scratch = retort_arena_new(), .err = err, .clamp = true};
	struct revision_list none = {NULL, 0};
	int failed;

	*ret = none;
	failed = list_range(&query, range, rows ? rows : &none, ret);
	retort_arena_free(query.scratch);
	return failed;
}
