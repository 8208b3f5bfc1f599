/* SPDX-License-Identifier: MIT */
#include "cli/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/targets.h"

enum { MOST_JOBS = 1000 };

const char *fleet_name(const struct settings *settings)
{
	return settings->target ? settings->target : "the database of the configuration";
}

/* ---- one target ---- */

void fleet_report(struct fleet *fleet, size_t i)
{
	struct cli *cli = fleet->cli;
	const struct settings *settings = fleet->settings[i];
	struct outcome *outcome = &fleet->outcomes[i];
	const struct retort_problem *problem = retort_error_first(cli->err);

	outcome->status = cli_exit_status(cli->err);
	outcome->code = problem ? retort_code_name(problem->code) : NULL;
	if (!cli->json) {
		const char *speaker = cli->speaker;

		cli->speaker = NULL;
		cli->held = true; /* so that the reason follows at once */
		cli_log(cli, LOG_ERROR_LEVEL, "retort.target", "%s failed:", fleet_name(settings));
		cli->held = false;
		cli->speaker = speaker;
		cli_report(cli, cli->err);
	} else if (cli_tells_events(cli)) {
		cli_report(cli, cli->err);
	} else {
		outcome->document = json_pack("{s:s?, s:o}", "target", settings->target, "error",
			cli_error_json(cli->err));
	}
	retort_error_clear(cli->err);
}

/* The memory of a target goes with it: a run may be about thousands. */
void fleet_run_target(struct fleet *fleet, size_t i)
{
	struct cli *cli = fleet->cli;
	struct settings *settings = fleet->settings[i];
	struct outcome *outcome = &fleet->outcomes[i];
	struct retort_arena *lasting = cli->arena;
	const char *url = settings->url;
	double start = clock_ms();

	cli->arena = retort_arena_new();
	cli->outcome = outcome;
	outcome->ran = true;
	outcome->steps = -1;
	cli_use_log_level(cli, settings);
	outcome->status = fleet->one(cli, settings, fleet->context, &outcome->document);
	if (outcome->status < 0)
		fleet_report(fleet, i);
	outcome->ms = clock_ms() - start;
	cli->outcome = NULL;
	cli->failure = NULL;
	settings->url = url; /* what url_command printed goes with the arena */
	retort_arena_free(cli->arena);
	cli->arena = lasting;
}

/* ---- all of them ---- */

bool fleet_ends(const struct fleet *fleet)
{
	return fleet->next >= fleet->count || (fleet->stop && fleet->failed) || cli_interrupted();
}

/* What was printed elsewhere about the targets whose turn has come, those in front having ended. */
static void show_output(struct fleet *fleet, bool all)
{
	struct cli *cli = fleet->cli;

	for (; fleet->shown < fleet->count && (all || fleet->outcomes[fleet->shown].ended); fleet->shown++) {
		struct outcome *outcome = &fleet->outcomes[fleet->shown];

		if (!outcome->output_length)
			continue;
		cli_log(cli, LOG_INFO_LEVEL, "retort.target", "%s",
			fleet_name(fleet->settings[fleet->shown]));
		fwrite(outcome->output, 1, outcome->output_length, stdout);
		fflush(stdout);
		free(outcome->output);
		outcome->output = NULL;
		outcome->output_length = 0;
	}
}

void fleet_take(struct fleet *fleet, size_t i)
{
	struct outcome *outcome = &fleet->outcomes[i];
	bool failed = outcome->status > 0 && outcome->status != EXIT_FOUND;

	outcome->ended = true;
	fleet->ended++;
	fleet->faults += failed;
	fleet->failed = fleet->failed || failed;
	show_output(fleet, false);
}

/* One after the other, in this process. */
static void run_in_turn(struct fleet *fleet)
{
	struct cli *cli = fleet->cli;

	while (!fleet_ends(fleet)) {
		size_t i = fleet->next++;

		fflush(stdout);
		cli_use_log_level(cli, fleet->settings[i]);
		if (!cli->json && fleet->count > 1)
			cli_log(cli, LOG_INFO_LEVEL, "retort.target", "%s", fleet_name(fleet->settings[i]));
		fleet_progress(fleet, &i, 1);
		fleet_run_target(fleet, i);
		fleet_take(fleet, i);
	}
}

/* The exit status of all: an interruption, the highest of failures, what a check found. */
static int overall_status(const struct fleet *fleet)
{
	int status = 0, found = 0;

	for (size_t i = 0; i < fleet->count; i++) {
		int one = fleet->outcomes[i].status;

		if (one == EXIT_FOUND)
			found = one;
		else if (one > status)
			status = one;
	}
	if (cli_interrupted() && fleet->ended < fleet->count)
		status = EXIT_INTERRUPTED;
	return status ? status : found;
}

/* Prints what is told at the end, and lets go of it. */
static void finish(struct fleet *fleet)
{
	struct cli *cli = fleet->cli;
	json_t *documents = cli->json && !cli_tells_events(cli) ? json_array() : NULL;

	show_output(fleet, true);
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->outcomes[i].document && documents)
			json_array_append(documents, fleet->outcomes[i].document);
	if (documents)
		cli_print_json(documents);
	else if (!cli->json && cli_tells_events(cli))
		fleet_table(fleet);
	else if (!cli->json)
		fleet_summary(fleet);
	for (size_t i = 0; i < fleet->count; i++) {
		json_decref(fleet->outcomes[i].document);
		json_decref(fleet->outcomes[i].from);
		json_decref(fleet->outcomes[i].to);
		free(fleet->outcomes[i].output);
	}
}

/* Several targets. */
static int run_fleet(struct cli *cli, size_t jobs, bool stop, fleet_fn *one, void *context)
{
	struct fleet fleet = {.cli = cli,
		.one = one,
		.context = context,
		.settings = cli->config->settings,
		.count = cli->config->count,
		.jobs = jobs < cli->config->count ? jobs : cli->config->count,
		.stop = stop,
		.start = clock_ms()};
	int failed = 0;

	fleet.outcomes = retort_alloc_array(cli->arena, fleet.count, sizeof *fleet.outcomes);
	if (fleet.jobs > 1)
		failed = workers_run(&fleet);
	else
		run_in_turn(&fleet);
	if (failed == 0)
		finish(&fleet);
	return failed < 0 ? -1 : overall_status(&fleet);
}

/* ---- which targets ---- */

int fleet_expand(struct cli *cli)
{
	struct config *config = cli->config;
	struct settings **given = config->settings, *source;
	size_t count = config->count, listed = 0;

	for (size_t i = 0; i < count; i++)
		listed += targets_listed(given[i]);
	if (!listed)
		return 0;
	config->settings = NULL;
	config->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct session *session = NULL;
		int failed;

		if (!targets_listed(given[i])) {
			RETORT_PUSH(cli->arena, config->settings, config->count, given[i]);
			continue;
		}
		if (targets_source(cli->arena, given[i], &source, cli->err) < 0)
			return -1;
		if (source && cli_open(cli, source, true, false, &session) < 0)
			return targets_fault(given[i], cli->err);
		failed = targets_add(config, given[i], session, cli->err);
		if (source)
			cli_close(cli, session);
		if (failed < 0)
			return -1;
	}
	return config_same(config, cli->err);
}

/* -j: 0 where it is no number of targets at a time. */
static size_t read_jobs(const char *text)
{
	char *end;
	unsigned long jobs = strtoul(text, &end, 10);

	return *text < '0' || *text > '9' || *end || jobs > MOST_JOBS ? 0 : (size_t)jobs;
}

/* Whether results are those of many, however many there turn out to be. */
static bool is_many(const struct cli *cli)
{
	return cli->config->count > 1 || cli_flag(cli, OPTION_ALL) ||
		cli->line.given[OPTION_TARGET].count > 1;
}

int cli_each_target(struct cli *cli, fleet_fn *one, void *context)
{
	const char *on_error = cli_value(cli, OPTION_ON_ERROR, "stop");
	const char *jobs_text = cli_value(cli, OPTION_JOBS, "1");
	size_t jobs = read_jobs(jobs_text);
	bool connects = (cli->line.command->flags & COMMAND_CONNECTS) != 0;
	json_t *document = NULL;
	int outcome;

	if (strcmp(on_error, "stop") != 0 && strcmp(on_error, "continue") != 0)
		return retort_fail(cli->err, RETORT_E_USAGE, "--on-error is stop or continue, not '%s'",
			on_error);
	if (!jobs)
		return retort_fail(cli->err, RETORT_E_USAGE,
			"-j is a number of targets at a time from 1 to %d, not '%s'", MOST_JOBS, jobs_text);
	if (cli_config(cli) < 0)
		return -1;
	if (is_many(cli))
		return run_fleet(cli, connects ? jobs : 1, strcmp(on_error, "stop") == 0, one, context);
	outcome = one(cli, cli->config->settings[0], context, &document);
	if (document)
		cli_print_json(document);
	return outcome;
}
