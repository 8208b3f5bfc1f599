/* SPDX-License-Identifier: MIT
 *
 * script/project.h: the revision files of a project: listing, loading, making.
 */
#ifndef RETORT_SCRIPT_PROJECT_H
#define RETORT_SCRIPT_PROJECT_H

#include "script/config.h"
#include "script/graph.h"
#include "script/revision.h"

struct project {
	struct retort_arena *arena;
	const struct settings *settings;
	struct graph *graph;
	struct script_reader reader;
};

/* Lists the version locations (sorted by file name inside each), reads the heads and builds the graph. */
int project_load(struct retort_arena *arena, const struct settings *settings, struct project **ret,
	struct retort_error *err);
/* Whether settings are about the very files that project was loaded from. */
bool project_shares_files(const struct project *project, const struct settings *settings);
/* The same files for another target, which may have other variables: nothing is read again. */
struct project *project_share(struct retort_arena *arena, const struct project *project,
	const struct settings *settings);
/* The whole file of a revision; a Python one is RETORT_E_FILE that says to use alembic. */
int project_script(const struct project *project, const struct revision *revision, struct script **ret,
	struct retort_error *err);
/* The path as messages show it: relative to the working directory where it lies below it. */
const char *project_shown(const struct project *project, const char *path);

/* What `revision` and `merge` write. */
struct project_new {
	const char *message;
	const char *rev_id;       /* NULL: 12 random hex digits */
	const char *const *heads; /* symbols; none: head; "base": a new root */
	size_t head_count;
	bool splice;
	const char *const *labels;
	size_t label_count;
	const char *version_path;
	const char *const *depends;
	size_t depends_count;
	bool merge; /* heads are merged */
	const struct retort_op *const *upgrade,
		*const *downgrade; /* bodies; NULL: empty, from the template */
	size_t upgrade_count, downgrade_count;
	const char *const *upgrade_notes, *const *downgrade_notes; /* comments above each; NULL: none */
};

/* Validates everything (the graph with the new revision in it too), then writes the file from the
 * template; runs post_write. *path: the file. */
int project_make(struct project *project, const struct project_new *what, const char **path,
	struct retort_error *err);

/* A new project's files (init). template: generic or multi. */
int project_init(struct retort_arena *arena, const char *folder, const char *template, bool refresh,
	void (*told)(void *context, const char *text), void *context, struct retort_error *err);
/* The names and one line each of the templates, ending with a NULL name. */
struct project_template {
	const char *name, *about;
};
extern const struct project_template project_templates[];

#endif
