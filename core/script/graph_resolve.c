/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

enum { SHOWN = 80 };

static const char *typed(const struct query *query, const struct symbol *symbol)
{
	return text_echo(query->scratch, symbol->typed, SHOWN);
}

int symbol_too_far(const struct query *query, const struct symbol *symbol)
{
	return retort_fail(query->err, RETORT_E_GRAPH,
		"cannot go to '%s': there are not that many revisions on the way", typed(query, symbol));
}

/* Fails: more than one way leads on from a revision (NULL: from the base). */
static int forked(const struct query *query, const struct symbol *symbol, const struct revision *at,
	const struct revision_list *ways)
{
	bool up = symbol->steps > 0;

	return retort_fail(query->err, RETORT_E_GRAPH,
		"cannot go to '%s': it is ambiguous: %s come %s %s%s%s: name %s", typed(query, symbol),
		list_quoted(query->scratch, ways), up ? "after" : "before", at ? "'" : "",
		at ? at->id : "the base", at ? "'" : "",
		up ? "a branch, as in BRANCH@+N, or a revision" : "a revision");
}

/* Where one step leads from a revision (NULL: from the base), within lineage where that is not NULL. */
static struct revision_list ways_on(const struct query *query, const struct revision *at, bool up,
	const unsigned char *lineage)
{
	struct revision_list all = {NULL, 0};

	if (at && up)
		all = (struct revision_list){at->children, at->child_count};
	else if (at)
		all = (struct revision_list){at->parents, at->parent_count};
	else if (up)
		all = graph_bases(query->graph);
	return lineage ? list_filter(query->scratch, &all, lineage) : all;
}

int symbol_walk(const struct query *query, const struct symbol *symbol, struct revision *start,
	struct revision *branch, struct revision **ret)
{
	unsigned char *lineage = branch ? marks_lineage(query->graph, query->scratch, branch) : NULL;
	long left = symbol->steps < 0 ? -symbol->steps : symbol->steps;
	bool up = symbol->steps > 0;
	struct revision_list ways;

	for (*ret = start; left; left--) {
		ways = ways_on(query, *ret, up, lineage);
		if (ways.count > 1)
			return forked(query, symbol, *ret, &ways);
		if (!ways.count && !up && *ret) {
			*ret = NULL; /* below a base lies the empty state */
			continue;
		}
		if (!ways.count)
			return query->clamp ? 0 : symbol_too_far(query, symbol);
		*ret = ways.items[0];
	}
	return 0;
}

int symbol_relative(const struct query *query, const struct symbol *symbol, struct revision **ret)
{
	struct symbol from = *symbol;
	struct revision *start, *branch = NULL;

	/* Upward the branch says which way to go; downward it says where to begin. */
	if (symbol->steps > 0) {
		if (symbol->branch && symbol_branch(query, symbol->branch, &branch))
			return -1;
		from.branch = NULL;
	}
	if (symbol_one(query, &from, &start))
		return -1;
	return symbol_walk(query, symbol, start, branch, ret);
}

/* The rows that a branch has come to: those in its lineage, else the last of what the rows imply that is. */
static struct revision_list rows_on_branch(const struct query *query, struct revision *branch,
	const struct revision_list *rows)
{
	unsigned char *lineage = marks_lineage(query->graph, query->scratch, branch);
	unsigned char *applied = marks_new(query->graph, query->scratch);
	struct revision_list found = list_filter(query->scratch, rows, lineage);
	size_t i, k;

	if (found.count)
		return found;
	marks_walk(query->graph, query->scratch, rows, WALK_PARENTS_AND_NEEDS, applied);
	for (i = 0; i < query->graph->count; i++) {
		struct revision *revision = query->graph->revisions[i];
		bool last = applied[i] && lineage[i];

		for (k = 0; last && k < up_count(revision); k++)
			last = !(applied[up_at(revision, k)->index] && lineage[up_at(revision, k)->index]);
		if (last)
			list_add(query->scratch, &found, revision);
	}
	return found;
}

/* +N and BRANCH@+N. */
static int upgrade_from_rows(const struct query *query, const struct symbol *symbol,
	const struct revision_list *rows, struct revision **ret)
{
	struct revision_list from = *rows;
	struct revision *branch = NULL;

	if (symbol->branch) {
		if (symbol_branch(query, symbol->branch, &branch))
			return -1;
		from = rows_on_branch(query, branch, rows);
	}
	if (from.count > 1)
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot go to '%s': it is ambiguous, as there are several "
			"current revisions, %s: name a revision, or a branch as in %s",
			typed(query, symbol), list_quoted(query->scratch, &from),
			list_branches(query, &from, symbol->steps));
	return symbol_walk(query, symbol, from.count ? from.items[0] : NULL, branch, ret);
}

int symbol_upgrade(const struct query *query, const struct symbol *symbol, const struct revision_list *rows,
	struct revision_list *ret)
{
	struct revision *target;

	if (!symbol->relative)
		return symbol_all(query, symbol, ret);
	*ret = (struct revision_list){NULL, 0};
	if (!symbol->name && symbol->steps <= 0)
		return symbol_too_far(query, symbol);
	if (symbol->name ? symbol_relative(query, symbol, &target)
			 : upgrade_from_rows(query, symbol, rows, &target))
		return -1;
	if (target)
		list_add(query->graph->arena, ret, target);
	return 0;
}

/* A label that of these revisions only this one shares lineage with, or its id. */
static const char *branch_of(const struct query *query, const struct revision_list *list,
	const struct revision *one)
{
	struct retort_arena *scratch;
	const char *found = NULL;
	size_t i, k, sharing;
	unsigned char *lineage;

	for (i = 0; i < one->all_label_count && !found; i++) {
		scratch = retort_arena_new();
		lineage = marks_lineage(query->graph, scratch,
			graph_name(query->graph, one->all_labels[i])->revision);
		for (k = sharing = 0; k < list->count; k++)
			sharing += lineage[list->items[k]->index];
		if (sharing == 1 && lineage[one->index])
			found = one->all_labels[i];
		retort_arena_free(scratch);
	}
	return found ? found : one->id;
}

const char *list_branches(const struct query *query, const struct revision_list *list, long steps)
{
	const char **words = retort_alloc_array(query->scratch, list->count, sizeof *words);
	size_t i;

	for (i = 0; i < list->count; i++)
		words[i] = retort_printf(query->scratch, "%s@%+ld", branch_of(query, list, list->items[i]),
			steps);
	return text_list(query->scratch, words, list->count, '\'');
}

int symbol_below_heads(const struct query *query, const struct symbol *symbol, struct revision_list *ret)
{
	struct revision_list heads = graph_heads(query->graph, true);
	struct revision *branch = NULL, *target;
	unsigned char *lineage = NULL;
	size_t i, round;

	*ret = (struct revision_list){NULL, 0};
	if (symbol->branch) {
		if (symbol_branch(query, symbol->branch, &branch))
			return -1;
		lineage = marks_lineage(query->graph, query->scratch, branch);
	}
	/* A branch whose heads others depend on has no real head: then count from the ones it has. */
	for (round = 0; round < 2 && !ret->count; round++) {
		for (i = 0; i < heads.count; i++) {
			if (lineage && !lineage[heads.items[i]->index])
				continue;
			if (symbol_walk(query, symbol, heads.items[i], NULL, &target))
				return -1;
			if (target && !list_has(ret, target))
				list_add(query->graph->arena, ret, target);
		}
		heads = graph_heads(query->graph, false);
	}
	return 0;
}

int graph_resolve(const struct graph *graph, const char *symbol, bool several, struct revision_list *ret,
	struct retort_error *err)
{
	struct query query = {.graph = graph, .scratch = retort_arena_new(), .err = err};
	struct revision *one = NULL;
	struct symbol parsed;
	int failed = symbol_parse(&query, symbol, &parsed);

	*ret = (struct revision_list){NULL, 0};
	if (!failed && parsed.relative && !parsed.name && parsed.steps >= 0)
		failed = retort_fail(err, RETORT_E_GRAPH,
			"cannot find revision '%s': it says how far from where the database "
			"is, but not from which revision",
			typed(&query, &parsed));
	else if (!failed && parsed.relative && !parsed.name)
		failed = symbol_below_heads(&query, &parsed, ret);
	else if (!failed && !parsed.relative && several)
		failed = symbol_all(&query, &parsed, ret);
	else if (!failed) {
		failed = parsed.relative ? symbol_relative(&query, &parsed, &one)
					 : symbol_one(&query, &parsed, &one);
		if (!failed && one)
			list_add(graph->arena, ret, one);
	}
	if (!failed && !several && ret->count > 1)
		failed =
			retort_fail(err, RETORT_E_GRAPH, "cannot use '%s' for one revision: it stands for %s",
				typed(&query, &parsed), list_quoted(query.scratch, ret));
	retort_arena_free(query.scratch);
	return failed;
}
