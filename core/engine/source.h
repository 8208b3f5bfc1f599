/* SPDX-License-Identifier: MIT
 *
 * engine/source.h: the schemas that commands compare, by the words that name them.
 *
 *	db             the target's live database
 *	schema         the desired state that the configuration names (a file, a folder, a URL or a command)
 *	history[@REV]  what replay of the revision files gives at REV (default: heads), with no database
 *	a URL          another live database
 *	anything else  the path of a schema file or folder
 *
 * Every schema is filtered (engine/inspect.h) and resolved for one dialect: that of the target, or the one
 * that the command was given; live ones must be of the same family. What is live is opened first, by
 * sources_open, as it decides for which dialect the rest is read. Files are read beside that.
 */
#ifndef RETORT_ENGINE_SOURCE_H
#define RETORT_ENGINE_SOURCE_H

#include "engine/source_file.h"
#include "script/project.h"

struct source {
	const char *shown;       /* masked, for messages */
	struct session *session; /* the live database it came from; NULL: none */
	struct retort_schema *schema;
	struct form form;               /* what source_form gives, where it was made on the way */
	const struct schema_file *file; /* as it was declared; NULL: not from a file */
	bool is_target;                 /* the target's own database */
	bool is_history;                /* replayed */
};

/* A schema file that sources_open has begun to read. */
struct source_start {
	const char *path;
	struct source_file *reading; /* NULL: the result was taken */
};

struct sources {
	struct retort_arena *arena;
	struct loader *loader;
	struct settings *settings;
	const struct observer *observer;
	const struct retort_listener *listener;
	const char *dialect_word; /* NAME[/VERSION] that the command was given, or NULL */
	struct project *project;  /* NULL until needed */
	struct session *target;   /* the live database, or NULL until needed */
	struct session *dialect;  /* what everything is resolved for: target, or an offline session */
	const char *desired;      /* what `schema` stands for; NULL until needed */
	const char *desired_text; /* where that is the output of a program */
	size_t desired_len;
	/* opened on the way, closed by sources_close */
	struct session **opened;
	size_t opened_count;
	const char **opened_urls;   /* of each that is not the target */
	struct source_start *files; /* that are being read */
	size_t file_count;
};

/* Connects to what is live among the words, settles the dialect and begins to read the files. Called once for
 * all words that will be loaded. */
int sources_open(struct sources *sources, const char *const *words, size_t n, struct retort_error *err);
/* Loads the two of the words that are compared: first what is no file, as files are being read meanwhile. */
int sources_load(struct sources *sources, const char *from, const char *to, struct source **ret_from,
	struct source **ret_to, struct retort_error *err);
/* The schema for comparing with another, canonical by rules. */
int source_form(const struct sources *sources, const struct source *source, struct form *ret,
	struct retort_error *err);
/* Replays the files of the given revisions and all they imply, in order, for the dialect. NULL: the heads. */
int source_replay(struct sources *sources, const struct revision_list *heads, struct retort_schema **ret,
	struct retort_error *err);
/* The revision files of the project, read once. */
int source_project(struct sources *sources, struct project **ret, struct retort_error *err);
void sources_close(struct sources *sources);

#endif
