/* SPDX-License-Identifier: MIT
 *
 * cli/cli.h: what every command of the program works with.
 *
 * Results go to standard output, logs and errors to standard error. A command returns 0, or -1
 * with cli->err filled, or the exit status of a check that found something. Only this floor prints.
 */
#ifndef RETORT_CLI_CLI_H
#define RETORT_CLI_CLI_H

#include <jansson.h>

#include "cli/option.h"
#include "engine/runner.h"
#include "engine/session.h"
#include "script/project.h"

enum { EXIT_FOUND = 3, EXIT_LOCK = 4, EXIT_CONNECT = 5, EXIT_INTERRUPTED = 130 };

struct outcome; /* cli/fleet.h */

struct cli {
	struct retort_arena *arena;   /* of the target at hand, where there are several */
	struct retort_arena *lasting; /* of the whole run */
	struct retort_error *err;
	struct command_line line;
	struct config *config;   /* NULL until cli_config */
	struct loader *loader;   /* NULL until cli_loader */
	struct project *project; /* the files that were read last; NULL: none */
	struct outcome *outcome; /* of the target at hand, where there are several; else NULL */
	const char *speaker;     /* the target that log lines name, where several run at once; else NULL */
	struct observer observer;
	struct retort_listener listener;
	bool json;
	bool color;          /* of standard error */
	bool held;           /* log lines may wait for what follows them */
	bool progress_shown; /* a progress line stands unfinished on standard error */
	enum log_level log_level;
	const struct run_result
		*failure;  /* what stands after a run that failed, for cli_report; NULL: none */
	bool failure_told; /* as an event: cli_report has nothing to add */
};

/* ---- options ---- */
bool cli_flag(const struct cli *cli, enum option_id id);
/* The value of an option, or fallback. */
const char *cli_value(const struct cli *cli, enum option_id id, const char *fallback);
/* The positional argument i, or fallback. */
const char *cli_argument(const struct cli *cli, size_t i, const char *fallback);

/* Whether the command prints events as it goes, where --format json is given, and no document. */
bool cli_tells_events(const struct cli *cli);

/* ---- what commands open ---- */
/* Reads the configuration and chooses the targets; where the command connects, those that are listed
 * somewhere too. */
int cli_config(struct cli *cli);
/* The one target of a command that works with files only: the first chosen. */
int cli_settings(struct cli *cli, struct settings **settings);
struct loader *cli_loader(struct cli *cli, const struct settings *settings);
/* Reads the heads of all revision files of a target. */
int cli_project(struct cli *cli, const struct settings *settings, struct project **project);
/* Connects. Close it with cli_close. */
int cli_open(struct cli *cli, struct settings *settings, bool read_only, bool create,
	struct session **session);
void cli_close(struct cli *cli, struct session *session);
/* Calls one for each chosen target, as --on-error and -j say. With --format json and several targets the
 * documents that one returns in *document are printed as an array, with one target alone;
 * NULL: none. Returns the highest of the exit statuses. What one takes from cli->arena goes with the target.
 */
int cli_each_target(struct cli *cli,
	int (*one)(struct cli *cli, struct settings *settings, void *context, json_t **document),
	void *context);

/* ---- output ---- */
/* Prints a JSON document and a line end on standard output, and releases it. */
void cli_print_json(json_t *document);
/* A string array. */
json_t *cli_json_strings(const char *const *items, size_t n);
/* The level of the settings, unless -q or -v was given. */
void cli_use_log_level(struct cli *cli, const struct settings *settings);
/* Whether progress is shown: on a terminal, without -q. */
bool cli_shows_progress(const struct cli *cli);
/* Puts a line of progress in the place of the one that stands there. */
void cli_show_progress(struct cli *cli, const char *text);
/* Wipes it, so that what follows starts on a clean line. */
void cli_clear_progress(struct cli *cli);
/* A log line on standard error in Alembic's shape. */
void cli_log(struct cli *cli, enum log_level level, const char *logger, const char *format, ...)
	RETORT_PRINTF(4, 5);
/* Prints err (on standard error, or as a JSON document on standard output) and returns its exit status. */
int cli_report(struct cli *cli, const struct retort_error *err);
int cli_exit_status(const struct retort_error *err);
/* The JSON object of an error. */
json_t *cli_error_json(const struct retort_error *err);
/* In JSON: the error event of a run that failed before it told one itself. */
void cli_tell_failure(struct cli *cli, const struct settings *settings, enum direction direction);
/* Makes the observer and listener that print. */
void cli_observe(struct cli *cli);

/* ---- signals ---- */
/* Starts the thread that turns the first SIGINT or SIGTERM into a cancel, and the second into an exit. */
void cli_signals_start(void);
/* Ends that thread, so that nothing of it is left when the program ends; signals wait from then on. */
void cli_signals_stop(void);
/* While no thread waits: takes a signal that has come meanwhile. */
void cli_signals_poll(void);
/* The first of these in a process that another one has made for a target: it never exits at once, which is
 * for the other one to decide. */
void cli_signals_worker(void);
/* The session that a signal cancels; NULL: none. */
void cli_signals_session(struct session *session);
bool cli_interrupted(void);

/* ---- the commands ---- */
int command_init(struct cli *cli);
int command_list_templates(struct cli *cli);
int command_revision(struct cli *cli);
int command_migrate(struct cli *cli);
int command_diff(struct cli *cli);
int command_check(struct cli *cli);
int command_merge(struct cli *cli);
int command_edit(struct cli *cli);
int command_upgrade(struct cli *cli);
int command_downgrade(struct cli *cli);
int command_stamp(struct cli *cli);
int command_ensure_version(struct cli *cli);
int command_current(struct cli *cli);
int command_history(struct cli *cli);
int command_graph(struct cli *cli);
int command_heads(struct cli *cli);
int command_branches(struct cli *cli);
int command_show(struct cli *cli);
int command_status(struct cli *cli);
int command_inspect(struct cli *cli);
int command_verify(struct cli *cli);
int command_test(struct cli *cli);
int command_adopt(struct cli *cli);
int command_drivers(struct cli *cli);
/* drivers --check */
int check_driver(struct cli *cli);
int command_types(struct cli *cli);
int command_completion(struct cli *cli);

#endif
