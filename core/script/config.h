/* SPDX-License-Identifier: MIT
 *
 * script/config.h: retort.ini (or alembic.ini), the environment and the options, as settings.
 */
#ifndef RETORT_SCRIPT_CONFIG_H
#define RETORT_SCRIPT_CONFIG_H

#include <stdbool.h>

#include "base/map.h"
#include "model/resolve.h"
#include "retort/error.h"

enum transaction_mode { TRANSACTION_MIGRATION, TRANSACTION_ALL, TRANSACTION_NONE };

/* Everything that a command on one target needs to know. */
struct settings {
	const char *target;       /* the name of [target.NAME]; NULL: the default one */
	const char *config_path;  /* absolute; NULL: no file */
	const char *config_shown; /* as messages name it; NULL: no file */
	const char *folder;       /* of the config file, absolute */
	bool alembic;             /* read from an alembic.ini */
	const char *url;          /* as given, with its password; NULL: none yet: ask settings_url */
	const char *url_command;  /* run only when a connection is needed: settings_url */
	const char
		*url_missing; /* the variable that the url names and that is not set: told by settings_url */
	unsigned url_line;    /* of the config file; 0: not from there */
	const char *targets_query,
		*targets_command;        /* list targets, of which this is the pattern; NULL: it is one */
	const char *targets_url;         /* what the query asks; NULL: url */
	unsigned targets_line;           /* of the config file */
	const char *const *target_globs; /* which of them are chosen, as TARGET/NAME; none: all */
	size_t target_glob_count;
	const char *script_location;          /* absolute */
	const char *const *version_locations; /* absolute; at least one */
	size_t version_location_count;
	const char
		*path_separator; /* of version_locations, as configured; NULL: blanks, commas and line ends */
	bool recursive_version_locations;
	const char *version_table, *version_table_schema;
	enum transaction_mode transaction;
	bool lock_lease;                                /* lock = lease */
	long lock_timeout_ms;                           /* negative: for ever */
	long statement_timeout_ms, ddl_lock_timeout_ms; /* 0: none */
	unsigned ddl_lock_tries;
	const char *file_template; /* "%(rev)s_%(slug)s" */
	const char *timezone;      /* IANA name; NULL: UTC */
	unsigned truncate_slug_length;
	const char *const *driver_path;
	size_t driver_path_count;
	const char *const *include_schemas, *const *include, *const *exclude;
	size_t include_schema_count, include_count, exclude_count;
	const char *schema, *schema_command; /* of the desired state */
	bool compare_type, compare_server_default;
	bool protect;          /* protect = true: destructive operations need --allow */
	const char *log_level; /* debug, info, warning, error */
	const char *post_write, *before_upgrade, *after_upgrade, *on_failure; /* shell commands; NULL: none */
	struct naming naming;
	struct map *variables; /* name -> value; -x and environment already applied */
};

/* What the command line and the environment say. NULL and 0: nothing. */
struct config_options {
	const char *config;         /* -c; else RETORT_CONFIG, else retort.ini, else alembic.ini */
	const char *section;        /* -n; else retort (alembic in an alembic.ini) */
	const char *const *targets; /* -t, globs */
	size_t target_count;
	bool all;                     /* --all */
	const char *url;              /* -u */
	const char *const *variables; /* -x KEY=VALUE */
	size_t variable_count;
	const char *driver_path; /* --driver-path, colon-separated */
	bool no_config;          /* the command can do without a file (init, drivers, types) */
};

struct config {
	struct retort_arena *arena;
	struct settings **settings; /* of each chosen target */
	size_t count;
	const char **warnings; /* sentences */
	size_t warning_count;
};

/* Two settings with the same URL and schema are RETORT_E_USAGE; patterns of targets don't count. */
int config_same(const struct config *config, struct retort_error *err);
/* Reads, checks and applies precedence (design section 3). RETORT_E_CONFIG with file:line; all faults are
 * listed. RETORT_E_USAGE for contradicting options. */
int config_load(struct retort_arena *arena, const struct config_options *options, struct config **ret,
	struct retort_error *err);
/* The URL of a target, running url_command where that stands in its place; none is RETORT_E_CONFIG saying how
 * to give one. */
int settings_url(struct retort_arena *arena, struct settings *settings, const char **url,
	struct retort_error *err);

#endif
