/* SPDX-License-Identifier: MIT
 *
 * script/graph_internal.h: what the files of the graph share among themselves.
 *
 * Knowledge about revisions is kept beside them, in arrays by revision->index that live in a
 * scratch arena for the length of one query: marks hold one byte for each revision.
 */
#ifndef RETORT_SCRIPT_GRAPH_INTERNAL_H
#define RETORT_SCRIPT_GRAPH_INTERNAL_H

#include "base/map.h"
#include "script/graph.h"

enum name_kind { NAME_ID, NAME_LABEL, NAME_TAG };

/* A word that stands for one revision. Ids, labels and tags share one namespace. */
struct name {
	const char *text; /* first, so that text_nearest can look through names */
	enum name_kind kind;
	struct revision *revision; /* that has the id, or declares the label or tag */
};

struct graph_names {
	struct map *map;    /* text to struct name */
	struct name *items; /* ids, labels and tags in load order */
	size_t count;
	struct revision **sorted; /* each after its parents and needs; the first loaded first */
	size_t *rank;             /* by index: the place in sorted */
};

/* Below a revision: its parents, then its needs. Above it: its children, then its dependents. */
static inline size_t down_count(const struct revision *revision)
{
	return revision->parent_count + revision->need_count;
}

static inline struct revision *down_at(const struct revision *revision, size_t i)
{
	return i < revision->parent_count ? revision->parents[i]
					  : revision->needs[i - revision->parent_count];
}

static inline size_t up_count(const struct revision *revision)
{
	return revision->child_count + revision->dependent_count;
}

static inline struct revision *up_at(const struct revision *revision, size_t i)
{
	return i < revision->child_count ? revision->children[i]
					 : revision->dependents[i - revision->child_count];
}

/* ---- graph.c ---- */
const struct name *graph_name(const struct graph *graph, const char *text);
/* The file's name, as messages show it. */
const char *revision_file(const struct revision *revision);
/* Adds revision to the list, which RETORT_PUSH made grow so far. */
void list_add(struct retort_arena *arena, struct revision_list *list, struct revision *revision);
/* Those of the list that are marked; marks NULL: all. */
struct revision_list list_filter(struct retort_arena *arena, const struct revision_list *list,
	const unsigned char *marks);
bool list_has(const struct revision_list *list, const struct revision *revision);
/* The ids, each in single quotes: "'a', 'b' and 'c'". */
const char *list_quoted(struct retort_arena *arena, const struct revision_list *list);

/* ---- graph_check.c, graph_cycle.c, graph_label.c: the parts of graph_build ---- */
/* Enters ids, labels and tags into graph->names. -1 where one is bad or taken. */
int graph_check_names(struct graph *graph, struct retort_error *err);
/* Fills parents, needs, children and dependents. -1 where one is missing. */
int graph_check_edges(struct graph *graph, struct retort_error *err);
/* Fills sorted and rank. -1 where there are cycles, each of which is one problem. */
int graph_check_cycles(struct graph *graph, struct retort_error *err);
/* Fills all_labels. */
void graph_inherit_labels(struct graph *graph);

/* ---- graph_walk.c ---- */
enum walk { WALK_PARENTS, WALK_PARENTS_AND_NEEDS, WALK_CHILDREN, WALK_CHILDREN_AND_DEPENDENTS };

unsigned char *marks_new(const struct graph *graph, struct retort_arena *scratch);
/* Marks the revisions of a list. */
void marks_set(const struct revision_list *list, unsigned char *marks);
/* Marks the revisions of a list and all that the walk reaches from them. What is marked already
 * must have been reached by the same kind of walk. */
void marks_walk(const struct graph *graph, struct retort_arena *scratch, const struct revision_list *from,
	enum walk walk, unsigned char *marks);
/* Marks all that shares lineage with one revision, by parents only: ancestors and descendants. */
unsigned char *marks_lineage(const struct graph *graph, struct retort_arena *scratch,
	struct revision *revision);
/* The marked revisions in load order, in graph->arena. */
struct revision_list marks_list(const struct graph *graph, const unsigned char *marks);
/* Fails, naming both, where one of the list implies another. what: "version rows", "targets". */
int list_overlap(const struct graph *graph, const struct revision_list *list, enum retort_code code,
	const char *what, const char *advice, struct retort_error *err);

/* ---- graph_sort.c ---- */
/* The marked revisions in the order of running: each after (upward) or before (downward) its marked
 * parents and needs; among those that may be next the one loaded first. */
struct revision_list sort_upward(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks);
struct revision_list sort_downward(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *marks);
/* The same downward through region, keeping each line together as far as it goes, but listing only what is
 * shown. */
struct revision_list sort_history(const struct graph *graph, struct retort_arena *scratch,
	const unsigned char *region, const unsigned char *shown);

/* ---- graph_symbol.c: taking a symbol apart; graph_resolve.c: what it means ---- */
enum symbol_word { SYMBOL_NAME, SYMBOL_HEAD, SYMBOL_HEADS, SYMBOL_BASE, SYMBOL_NONE };

/* [BRANCH@][NAME][+N|-N] */
struct symbol {
	const char *typed;     /* as the user wrote it, for messages */
	const char *branch;    /* NULL: none */
	const char *name;      /* NULL with SYMBOL_NONE */
	enum symbol_word word; /* what name is */
	bool relative;
	long steps; /* of a relative one; negative: down */
};

/* One query: where its scratch memory and its errors go. */
struct query {
	const struct graph *graph;
	struct retort_arena *scratch;
	struct retort_error *err;
	/* A walk past the end stays there instead of failing (history). */
	bool clamp;
};

int symbol_parse(const struct query *query, const char *text, struct symbol *ret);
/* A branch name: a label, tag or id, or the unique beginning of a label or id. */
int symbol_branch(const struct query *query, const char *branch, struct revision **ret);
/* An absolute symbol (steps are left aside), any number of revisions. */
int symbol_all(const struct query *query, const struct symbol *symbol, struct revision_list *ret);
/* The same, at most one: NULL for base. */
int symbol_one(const struct query *query, const struct symbol *symbol, struct revision **ret);
/* NAME+N and NAME-N. NULL: base. */
int symbol_relative(const struct query *query, const struct symbol *symbol, struct revision **ret);
/* Walks from start (NULL: base), within branch where that is not NULL. Fails where the way forks. */
int symbol_walk(const struct query *query, const struct symbol *symbol, struct revision *start,
	struct revision *branch, struct revision **ret);
/* What an upgrade goes to: any symbol, +N and BRANCH@+N counted from the rows. */
int symbol_upgrade(const struct query *query, const struct symbol *symbol, const struct revision_list *rows,
	struct revision_list *ret);
/* -N and BRANCH@-N where there is no database: counted from the real heads. */
int symbol_below_heads(const struct query *query, const struct symbol *symbol, struct revision_list *ret);
/* "'shop@-1' and '3f2a9c1b7d10@-1'": for each revision a symbol that means this one of the list only. */
const char *list_branches(const struct query *query, const struct revision_list *list, long steps);
/* Fails: a relative symbol leads out of the graph. */
int symbol_too_far(const struct query *query, const struct symbol *symbol);

#endif
