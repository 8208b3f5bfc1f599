/* SPDX-License-Identifier: MIT
 *
 * cli/option.h: the options and commands as tables, and the command line taken apart by them.
 *
 * Global options may stand before or after the command and mean the same everywhere; no command
 * reuses their letters. An argument -N (a minus and digits) is a revision, never an option.
 */
#ifndef RETORT_CLI_OPTION_H
#define RETORT_CLI_OPTION_H

#include <stdbool.h>

#include "retort/error.h"

enum option_id {
	OPTION_CONFIG,
	OPTION_SECTION,
	OPTION_TARGET,
	OPTION_ALL,
	OPTION_JOBS,
	OPTION_ON_ERROR,
	OPTION_URL,
	OPTION_SET,
	OPTION_DIALECT,
	OPTION_DRIVER_PATH,
	OPTION_FORMAT,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_GLOBAL_COUNT, /* what follows belongs to commands */
	OPTION_MESSAGE = OPTION_GLOBAL_COUNT,
	OPTION_HEAD,
	OPTION_SPLICE,
	OPTION_BRANCH_LABEL,
	OPTION_VERSION_PATH,
	OPTION_REV_ID,
	OPTION_DEPENDS_ON,
	OPTION_SQL,
	OPTION_DRY_RUN,
	OPTION_PURGE,
	OPTION_RANGE,
	OPTION_INDICATE_CURRENT,
	OPTION_RESOLVE_DEPENDENCIES,
	OPTION_CHECK_HEADS,
	OPTION_TEMPLATE,
	OPTION_REFRESH,
	OPTION_FORCE,
	OPTION_RESUME,
	OPTION_KILL_ORPHAN,
	OPTION_ALLOW,
	OPTION_CHECK,
	OPTION_AS,
	OPTION_AUTOGENERATE,
	OPTION_FROM,
	OPTION_TO,
	OPTION_ACCEPT,
	OPTION_ON,
	OPTION_COUNT
};

struct option {
	const char *name; /* without the dashes; first, for text_nearest */
	char letter;      /* 0: none */
	bool repeats;
	const char *value; /* how help calls its value; NULL: a flag */
	const char *about;
};

extern const struct option options[OPTION_COUNT];

/* What was given of one option. */
struct given {
	const char **values; /* "" for a flag */
	size_t count;
};

struct cli;

#define COMMAND_CONNECTS (1u << 0)       /* a signal cancels what it runs */
#define COMMAND_WITHOUT_CONFIG (1u << 1) /* it can do without a configuration file */
#define COMMAND_EVENTS (1u << 2)         /* in JSON it prints an event a line */

struct command {
	const char *name;            /* first, for text_nearest */
	int (*run)(struct cli *cli); /* 0, -1 (cli->err tells), or an exit status */
	const char *arguments;       /* as help shows them: "[REV]" */
	size_t argument_min, argument_max;
	const enum option_id *options; /* its own; ends with OPTION_COUNT */
	const char *about;             /* one line */
	const char *details;           /* a paragraph for --help, or NULL */
	unsigned flags;                /* COMMAND_* */
};

extern const struct command commands[];
extern const size_t command_count;

struct command_line {
	const struct command *command; /* NULL: none was given */
	struct given given[OPTION_COUNT];
	const char **arguments;
	size_t argument_count;
};

/* The command of this name, or NULL. */
const struct command *command_find(const char *name);
/* Whether an option is global, or one of the command's own (NULL: no command yet). */
bool option_taken(const struct command *command, enum option_id id);
/* RETORT_E_USAGE with the nearest known word for a mistyped command or option. */
int command_line_parse(struct retort_arena *arena, int argc, char **argv, struct command_line *line,
	struct retort_error *err);

/* The help of the program, or of one command, on standard output. */
void help_program(void);
void help_command(const struct command *command);

#endif
