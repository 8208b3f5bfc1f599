/* SPDX-License-Identifier: MIT */
#include "engine/merge.h"

#include <string.h>

#include "model/compare.h"
#include "model/replay.h"
#include "model/resolve.h"

/* One branch: the revisions that none of the others shares. */
struct branch {
	const struct revision *head;
	struct revision_list all; /* with all that it implies, in order of replay */
	struct revision_list own;
};

struct merge {
	struct retort_arena *arena;
	struct project *project;
	struct resolve resolve;
	unsigned syntax;
	struct branch *branches;
	size_t count;
};

int merge_heads(const struct project *project, const char *const *symbols, size_t n,
	struct revision_list *ret, struct retort_error *err)
{
	*ret = (struct revision_list){0};
	for (size_t i = 0; i < n; i++) {
		struct revision_list found;

		if (graph_resolve(project->graph, symbols[i], true, &found, err) < 0)
			return -1;
		for (size_t k = 0; k < found.count; k++) {
			for (size_t other = 0; other < ret->count; other++)
				if (ret->items[other] == found.items[k])
					return retort_fail(err, RETORT_E_USAGE,
						"cannot merge: '%s' is given twice", found.items[k]->id);
			RETORT_PUSH(project->arena, ret->items, ret->count, found.items[k]);
		}
	}
	if (ret->count < 2)
		return retort_fail(err, RETORT_E_GRAPH, "cannot merge: there is only one branch, '%s'",
			ret->count ? ret->items[0]->id : symbols[0]);
	return 0;
}

/* Fills the branches: what each head implies, and what of it no other head does. */
static void find_branches(struct merge *merge, const struct revision_list *heads)
{
	const struct graph *graph = merge->project->graph;
	size_t *uses = retort_alloc_array(merge->arena, graph->count, sizeof *uses);

	merge->branches = retort_alloc_array(merge->arena, heads->count, sizeof *merge->branches);
	merge->count = heads->count;
	for (size_t i = 0; i < heads->count; i++) {
		struct branch *branch = &merge->branches[i];
		const struct revision *head = heads->items[i];
		struct revision_list all = graph_ancestors(graph, &head, 1, true);

		branch->head = head;
		branch->all = graph_sort(graph, &all);
		for (size_t k = 0; k < branch->all.count; k++)
			uses[branch->all.items[k]->index]++;
	}
	for (size_t i = 0; i < heads->count; i++) {
		struct branch *branch = &merge->branches[i];

		for (size_t k = 0; k < branch->all.count; k++)
			if (uses[branch->all.items[k]->index] < heads->count)
				RETORT_PUSH(merge->arena, branch->own.items, branch->own.count,
					branch->all.items[k]);
	}
}

/* Resolved operations of a revision's upgrade. */
static int load_ops(struct merge *merge, const struct revision *revision, const struct retort_op ***ops,
	size_t *count, struct retort_error *err)
{
	struct script *script;

	*count = 0;
	if (project_script(merge->project, revision, &script, err) < 0)
		return -1;
	return resolve_ops(&merge->resolve, script->upgrade, script->upgrade_count, ops, count, err);
}

static int replay_list(struct merge *merge, const struct revision_list *list, bool *done,
	struct retort_schema *schema, struct retort_error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct retort_op **ops;
		size_t count;

		if (done[list->items[i]->index])
			continue;
		done[list->items[i]->index] = true;
		if (load_ops(merge, list->items[i], &ops, &count, err) < 0)
			return -1;
		for (size_t k = 0; k < count; k++) {
			if (replay_apply(schema, ops[k], merge->syntax, err) < 0) {
				retort_error_at(err, ops[k]->file, ops[k]->line, ops[k]->line_column);
				return -1;
			}
		}
	}
	return 0;
}

static bool names_word(const char *text, const char *word)
{
	size_t len = word ? strlen(word) : 0;

	for (const char *at = text; len && (at = strstr(at, word)) != NULL; at++) {
		bool starts = at == text || strchr(" .'", at[-1]) != NULL;

		if (starts && (at[len] == '\0' || strchr(" .'", at[len])))
			return true;
	}
	return false;
}

/* How well an operation fits what is said of an object: 0 not at all, more with the name of what it makes or
 * changes too. */
static int fits(const struct retort_op *op, const char *object)
{
	bool table = names_word(object, op->table);
	bool name = names_word(object, op->name) || names_word(object, op->to);

	return table && name ? 2 : table || name ? 1 : 0;
}

/* "FILE:LINE" of the last of those operations of a branch's own revisions that best fit an object, or the
 * head's file. */
static const char *find_place(struct merge *merge, const struct branch *branch, const char *object)
{
	const char *place = project_shown(merge->project, branch->head->path);
	struct retort_error *ignored = retort_error_new();
	int best = 1;

	for (size_t i = 0; i < branch->own.count; i++) {
		const struct retort_op **ops;
		size_t count;

		if (load_ops(merge, branch->own.items[i], &ops, &count, ignored) < 0)
			continue;
		for (size_t k = 0; k < count; k++) {
			if (fits(ops[k], object) < best)
				continue;
			best = fits(ops[k], object);
			place = retort_printf(merge->arena, "%s:%u", ops[k]->file, ops[k]->line);
		}
	}
	retort_error_free(ignored);
	return place;
}

/* The schema where branch `first` goes first and the others follow in their order. */
static int replay_from(struct merge *merge, size_t first, struct retort_schema **ret,
	struct retort_error *err)
{
	bool *done = retort_alloc_array(merge->arena, merge->project->graph->count, sizeof *done);
	const struct retort_problem *problem;

	*ret = retort_schema_new(merge->arena);
	if (replay_list(merge, &merge->branches[first].all, done, *ret, err) < 0)
		return -1;
	for (size_t i = 0; i < merge->count; i++) {
		if (i == first || replay_list(merge, &merge->branches[i].all, done, *ret, err) == 0)
			continue;
		/* What can't run says on what object: the other branch's operation on that is where to look.
		 */
		problem = retort_error_first(err);
		while (problem && problem->next)
			problem = problem->next;
		retort_error_prefix(err, "cannot merge '%s' after '%s' (%s)", merge->branches[i].head->id,
			merge->branches[first].head->id,
			find_place(merge, &merge->branches[first], problem ? problem->message : ""));
		return -1;
	}
	return 0;
}

/* One problem for each difference between the schemas that two orders lead to. */
static int report_differences(struct merge *merge, size_t other, const struct retort_schema *left,
	const struct retort_schema *right, struct retort_error *err)
{
	struct compare_options options = {.syntax = merge->syntax};
	struct difference *differences;
	size_t count;

	compare_schemas(merge->arena, left, right, &options, &differences, &count);
	for (size_t i = 0; i < count; i++)
		retort_fail(err, RETORT_E_PLAN,
			"cannot merge '%s' and '%s': the order of the branches decides %s%s%s (%s, %s); "
			"make one depend on the other, or give --force",
			merge->branches[0].head->id, merge->branches[other].head->id,
			differences[i].property ? differences[i].property : "whether there is",
			differences[i].property ? " of " : " ", differences[i].object,
			find_place(merge, &merge->branches[0], differences[i].object),
			find_place(merge, &merge->branches[other], differences[i].object));
	return count ? -1 : 0;
}

int merge_check(struct session *session, struct project *project, const struct revision_list *heads,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = session ? session->dialect : NULL;
	struct merge merge = {
		.arena = project->arena,
		.project = project,
		.syntax = dialect ? dialect->syntax : RETORT_SYNTAX_ANY,
		.resolve = {.arena = project->arena,
			.dialect = dialect ? dialect->name : NULL,
			.family = dialect ? dialect->family : NULL,
			.max_name = dialect ? dialect->max_name : 0,
			.max_name_characters = dialect && dialect->max_name_characters,
			.naming = &project->settings->naming},
	};
	struct retort_schema *first, *schema;
	int failed = 0;

	find_branches(&merge, heads);
	if (replay_from(&merge, 0, &first, err) < 0)
		return -1;
	for (size_t i = 1; i < merge.count; i++) {
		if (replay_from(&merge, i, &schema, err) < 0)
			return -1;
		if (report_differences(&merge, i, first, schema, err) < 0)
			failed = -1;
	}
	return failed;
}
