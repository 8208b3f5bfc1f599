/* SPDX-License-Identifier: MIT
 *
 * script/config_keys.h: every key of the configuration, as one table.
 *
 * A row says how a key is called in each place (retort.ini, the environment, alembic.ini), what its
 * value must look like, where it goes in struct settings and what stands for it where it is not given.
 * Reading, validating, precedence and documentation follow from the rows alone.
 */
#ifndef RETORT_SCRIPT_CONFIG_KEYS_H
#define RETORT_SCRIPT_CONFIG_KEYS_H

#include "script/config.h"
#include "script/ini.h"

enum config_kind {
	CONFIG_TEXT,
	CONFIG_URL,     /* ${NAME} is looked up only when a connection is needed */
	CONFIG_COMMAND, /* of the shell: to the end of the line, whatever it holds */
	CONFIG_QUERY,   /* SQL: the same, with its references replaced */
	CONFIG_PATH,    /* relative to the file */
	CONFIG_PATHS,   /* divided by path_separator */
	CONFIG_FOLDERS, /* divided by colons and line ends, as PATH */
	CONFIG_SOURCE,  /* a path, or a database URL */
	CONFIG_LIST,    /* divided by commas and line ends */
	CONFIG_BOOL,
	CONFIG_CHOICE, /* stored as the index of the word */
	CONFIG_SWITCH, /* a choice of two words: stored as whether it is the second */
	CONFIG_WORD,   /* a choice stored as the word */
	CONFIG_NUMBER,
	CONFIG_DURATION, /* stored in milliseconds */
	CONFIG_FILE_TEMPLATE,
	CONFIG_TIMEZONE,
	CONFIG_NAMING /* a template of names */
};

struct config_key {
	const char *name;
	const char *part; /* the section: "", "naming", "hooks" of [retort.PART] */
	enum config_kind kind;
	size_t at, count_at; /* in struct settings; count_at for lists */
	const char *initial; /* where it is not given; NULL: nothing */
	const char *const
		*words;      /* CHOICE, SWITCH, WORD: ends with NULL. NAMING: the names a template may hold */
	long none;           /* DURATION: what none means */
	const char *alembic; /* its name in alembic.ini; NULL: not there */
	const char *rival;   /* the key that may stand in its place: the nearer of the two counts */
	bool no_environment; /* RETORT_NAME is something else */
	bool of_target;      /* only in a section [target.NAME]; with no_environment */
	const char *doc;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* The row of a key in a part; NULL where there is none. */
const struct config_key *config_key_find(const char *part, const char *name);
/* The name of its environment variable, e.g. RETORT_LOCK_TIMEOUT; NULL: it has none. */
const char *config_key_environment(struct retort_arena *arena, const struct config_key *key);
/* Reads a value, all references replaced, into settings; folder is what relative paths start from. -1 and one
 * problem without a place where it is not as the row wants. Empty text is the initial value. */
int config_key_read(struct retort_arena *arena, const struct config_key *key, const char *text,
	const char *folder, struct settings *settings, struct retort_error *err);

/* ---- what config.c and its neighbours share ---- */

/* Where a value may come from, nearest first. */
enum config_level { LEVEL_ENVIRONMENT, LEVEL_TARGET, LEVEL_MAIN, LEVEL_INITIAL };

/* A [target.NAME] section. */
struct config_target {
	const char *name;
	const struct ini_section *section;
	bool chosen;
	bool whole;         /* all that it stands for is */
	bool lists;         /* it stands for the targets that a query or a program lists */
	const char **globs; /* which of these are chosen; NULL: all */
	size_t glob_count;
};

/* A configuration on its way from the file to settings. */
struct config_loading {
	struct retort_arena *arena;
	const struct config_options *options;
	struct config *config;
	const char *path;   /* of the file, as messages show it; NULL: none */
	const char *folder; /* of the file, absolute; where there is none the working directory */
	bool alembic;
	const char *main;      /* the name of the main section */
	const struct ini *ini; /* NULL: no file */
	struct config_target *targets;
	size_t target_count;
	bool main_chosen;
	struct retort_error *err;
};

/* Adds a problem at a line of the file. */
int config_fault(const struct config_loading *load, unsigned line, const char *format, ...)
	RETORT_PRINTF(3, 4);
/* config_check.c: whether all that stands in the file and in the environment is right. Every fault is a
 * problem. */
int config_check(const struct config_loading *load);
/* The section of a part ("" or "naming"...) of the main section (target NULL) or of a target; NULL: none. */
const struct ini_section *config_section(const struct config_loading *load,
	const struct config_target *target, const char *part);
/* The value of a key at one level, references replaced; NULL where it isn't given there. A variable that is
 * not set gives *missing. */
const char *config_value(const struct config_loading *load, const struct config_target *target,
	const struct config_key *key, enum config_level level, const char **missing, unsigned *line);
/* config_target.c: finds the targets and marks those that the options choose. */
int config_choose(struct config_loading *load);

#endif
