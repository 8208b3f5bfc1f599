/* SPDX-License-Identifier: MIT
 *
 * cli/fleet.h: one command on several targets, one after the other or -j at a time.
 *
 * At a time means a process each: what one target does to memory, libraries or signals is no other's
 * business, and libretort needs no thread of its own. The processes are forked from this one, take the
 * numbers of targets from it and give outcomes back (workers.c); this one alone writes to the terminal, whole
 * lines only. What a command prints about a target stays together, in the order of the targets; log lines
 * come as they are written, each with the name of its target, and so do events.
 */
#ifndef RETORT_CLI_FLEET_H
#define RETORT_CLI_FLEET_H

#include "cli/cli.h"

typedef int fleet_fn(struct cli *cli, struct settings *settings, void *context, json_t **document);

/* How a target ended. */
struct outcome {
	bool ran, ended;
	int status;        /* exit status */
	const char *code;  /* the word of the error; NULL: none */
	json_t *from, *to; /* version rows before and after; NULL: not known */
	long long steps;   /* -1: the command runs none */
	double ms;
	json_t *document; /* of a reading command; NULL: none */
	char *output;     /* what it printed, where another process did; malloced */
	size_t output_length;
};

struct fleet {
	struct cli *cli;
	fleet_fn *one;
	void *context;
	struct settings *const *settings;
	struct outcome *outcomes;
	size_t count;
	size_t jobs;
	bool stop;     /* at the first that fails */
	bool failed;   /* one has */
	size_t next;   /* the first that was not begun */
	size_t ended;  /* how many have ended */
	size_t faults; /* how many of them failed */
	size_t shown;  /* those in front of it have had their output printed */
	double start;  /* clock_ms() */
};

/* ---- fleet.c ---- */
/* Puts the targets that are listed somewhere in the place of the settings that say where. */
int fleet_expand(struct cli *cli);
/* How messages name a target. */
const char *fleet_name(const struct settings *settings);
/* Runs the command on target i and fills its outcome; errors are reported. */
void fleet_run_target(struct fleet *fleet, size_t i);
/* Counts the outcome of target i, which has ended, and shows what is to be shown. */
void fleet_take(struct fleet *fleet, size_t i);
/* Whether no further target may begin. */
bool fleet_ends(const struct fleet *fleet);
/* Reports err as that of target i, as fleet_run_target does. */
void fleet_report(struct fleet *fleet, size_t i);

/* ---- workers.c ---- */
/* Runs the targets in fleet->jobs processes. -1 with cli->err where none could be started. */
int workers_run(struct fleet *fleet);

/* ---- fleet_table.c ---- */
/* The table of results on standard output, for commands that change databases. */
void fleet_table(const struct fleet *fleet);
/* Log lines for what failed or was not run, for the other commands. */
void fleet_summary(const struct fleet *fleet);
/* The line of progress on a terminal. running are the numbers of the targets at work. */
void fleet_progress(const struct fleet *fleet, const size_t *running, size_t running_count);

#endif
