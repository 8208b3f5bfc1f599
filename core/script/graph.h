/* SPDX-License-Identifier: MIT
 *
 * script/graph.h: the revision graph: who comes after whom, and what runs when.
 *
 * The semantics are Alembic's (its documentation, "Working with Branches"); nothing here reads
 * a file or a database. Revisions are numbered in load order, which breaks every tie: among those
 * that may run next, up or down, the one loaded first runs first; history follows a line downward
 * as far as it goes before it turns to the next. No recursion; every query is linear in revisions
 * and edges, but for the logarithm that keeping the order costs.
 *
 * A name is an id, a label or a tag; they share one namespace. Ids are at most 32 characters without
 * @ - + : and blanks; labels and tags may hold - and + after their first character, as a name is
 * tried whole before it is taken apart.
 */
#ifndef RETORT_SCRIPT_GRAPH_H
#define RETORT_SCRIPT_GRAPH_H

#include "retort/error.h"

#include <stdbool.h>
#include <stdint.h>

/* The head of a revision file. */
struct revision {
	const char *id;
	const char *const *down; /* down_revision, as written */
	size_t down_count;
	const char *const *labels; /* declared here */
	size_t label_count;
	const char *const *depends; /* depends_on, as written: ids or labels */
	size_t depends_count;
	const char *const *tags;
	size_t tag_count;
	const char *const *replaces;
	size_t replaces_count;
	const char *message;         /* "" where there is none */
	const char *create_date;     /* as written, or NULL */
	const char *transaction;     /* migration, all, none; NULL: as configured */
	const char *path;            /* of its file, absolute */
	bool foreign;                /* a Python revision: never run */
	uint64_t file_hash;          /* digest_quick of its bytes; 0: not known, the file is long */
	unsigned id_line, id_column; /* where the id stands */

	/* Filled by graph_build: */
	struct revision **parents; /* of down */
	size_t parent_count;
	struct revision **needs; /* of depends, without those that are parents too */
	size_t need_count;
	struct revision **children; /* by down, in load order */
	size_t child_count;
	struct revision **dependents; /* by needs */
	size_t dependent_count;
	const char **all_labels; /* declared here or inherited, sorted as Alembic prints them */
	size_t all_label_count;
	size_t index; /* load order */
};

struct graph {
	struct retort_arena *arena;
	struct revision **revisions; /* in load order */
	size_t count;
	struct graph_names *names;
};

struct graph *graph_new(struct retort_arena *arena);
/* Adds a revision, which the graph keeps; graph_build must follow, again where it was called before. */
void graph_add(struct graph *graph, struct revision *revision);
/* Connects them and checks the whole: missing parent or dependency, duplicate id, label or tag, a
 * label that is an id, bad or long id, cycles. RETORT_E_GRAPH naming the files; all faults are listed. */
int graph_build(struct graph *graph, struct retort_error *err);

/* ---- single revisions ---- */
struct revision *graph_find(const struct graph *graph, const char *id); /* exact id; NULL: none */
bool revision_is_base(const struct revision *revision);
bool revision_is_head(const struct revision *revision);      /* no child */
bool revision_is_real_head(const struct revision *revision); /* no child and no dependent */
bool revision_is_branch_point(const struct revision *revision);
bool revision_is_merge_point(const struct revision *revision);

/* A list of revisions. */
struct revision_list {
	struct revision **items;
	size_t count;
};

/* By parents only, or with dependencies counted (real). */
struct revision_list graph_heads(const struct graph *graph, bool real);
struct revision_list graph_bases(const struct graph *graph);
/* revision and all that it implies by parents and dependencies, in no order. */
struct revision_list graph_ancestors(const struct graph *graph, const struct revision *const *of, size_t n,
	bool dependencies);

/* ---- the database's side: the rows of the version table ---- */
/* The revisions of n version rows. An unknown id is RETORT_E_STATE, naming itself and stamp --purge;
 * rows that overlap (one is an ancestor of another) are RETORT_E_STATE too, but then *ret is filled
 * all the same, for commands that only show it. A doubled row counts once. */
int graph_rows(const struct graph *graph, const char *const *rows, size_t n, struct revision_list *ret,
	struct retort_error *err);
/* All that is applied with these rows: the rows and what they imply. */
struct revision_list graph_applied(const struct graph *graph, const struct revision_list *rows);
/* What `current` prints: the rows and the branch heads that they imply, in load order. */
struct revision_list graph_current(const struct graph *graph, const struct revision_list *rows);
/* Whether the rows are exactly all real heads. */
bool graph_at_heads(const struct graph *graph, const struct revision_list *rows);

/* ---- symbols ---- */
/* One symbol without regard to a database: head, base, ids, prefixes, labels, tags, label@x, rev+N, rev-N,
 * and -N or label@-N, which count from the real heads.
 * base gives an empty list. several allows more than one (heads, label@heads). Faults are
 * RETORT_E_GRAPH: unknown (with the nearest), ambiguous (with the candidates), several heads... */
int graph_resolve(const struct graph *graph, const char *symbol, bool several, struct revision_list *ret,
	struct retort_error *err);

/* ---- plans ---- */
enum direction { DIRECTION_UPGRADE, DIRECTION_DOWNGRADE, DIRECTION_STAMP };

/* One step of a plan and what it does to the version rows. */
struct step {
	enum direction direction;
	struct revision *revision;           /* NULL for a stamp to base */
	const char *const *from, *const *to; /* ids as logged: parents only */
	size_t from_count, to_count;
	const char *const *delete_rows; /* in this order: deletes, then the update, then inserts */
	size_t delete_count;
	const char *update_from, *update_to; /* NULL: none */
	const char *const *insert_rows;
	size_t insert_count;
};

struct step_list {
	struct step *items;
	size_t count;
	/* Upgrade where nothing runs because the target is below what is applied: its id, else NULL. */
	const char *already;
};

/* The steps that lead from rows to the target (with +N, label@+N relative to the rows). */
int graph_upgrade(const struct graph *graph, const struct revision_list *rows, const char *target,
	struct step_list *ret, struct retort_error *err);
int graph_downgrade(const struct graph *graph, const struct revision_list *rows, const char *target,
	struct step_list *ret, struct retort_error *err);
/* One step for each target (and each row that a base deletes) that changes something. With --purge the
 * caller deletes all rows, which may hold unknown ids, and gives none here. */
int graph_stamp(const struct graph *graph, const struct revision_list *rows, const char *const *targets,
	size_t n, struct step_list *ret, struct retort_error *err);
/* Applies a step's row changes to a list that graph_rows made, or that is empty. -1 where a row to
 * change is not there, or a new one is already. */
int graph_apply(const struct graph *graph, const struct step *step, struct revision_list *rows);

/* ---- listings ---- */
/* history: newest first; range "a:b", "a:", ":b" or NULL; rows for `current` in it (may be NULL). */
int graph_history(const struct graph *graph, const char *range, const struct revision_list *rows,
	struct revision_list *ret, struct retort_error *err);
/* Every revision, each after its parents and dependencies: the order of replay. */
struct revision_list graph_sorted(const struct graph *graph);
/* Those of a set, in that order. */
struct revision_list graph_sort(const struct graph *graph, const struct revision_list *set);

#endif
