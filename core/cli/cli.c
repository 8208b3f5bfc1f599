/* SPDX-License-Identifier: MIT
 *
 * What commands open: configuration, targets, revision files, connections.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_flag(const struct cli *cli, enum option_id id)
{
	return cli->line.given[id].count > 0;
}

const char *cli_value(const struct cli *cli, enum option_id id, const char *fallback)
{
	const struct given *given = &cli->line.given[id];

	return given->count ? given->values[given->count - 1] : fallback;
}

const char *cli_argument(const struct cli *cli, size_t i, const char *fallback)
{
	return i < cli->line.argument_count ? cli->line.arguments[i] : fallback;
}

bool cli_tells_events(const struct cli *cli)
{
	return (cli->line.command->flags & COMMAND_EVENTS) != 0 && !cli_flag(cli, OPTION_DRY_RUN) &&
		!cli_flag(cli, OPTION_SQL);
}

/* The level of the settings, unless -q or -v was given. */
static void use_log_level(struct cli *cli, const struct settings *settings)
{
	static const struct {
		const char *word;
		enum log_level level;
	} levels[] = {{"debug", LOG_DEBUG_LEVEL}, {"info", LOG_INFO_LEVEL}, {"warning", LOG_WARNING_LEVEL},
		{"error", LOG_ERROR_LEVEL}};

	if (cli_flag(cli, OPTION_QUIET) || cli_flag(cli, OPTION_VERBOSE))
		return;
	cli->log_level = LOG_INFO_LEVEL;
	for (size_t i = 0; settings->log_level && i < sizeof levels / sizeof *levels; i++)
		if (strcmp(settings->log_level, levels[i].word) == 0)
			cli->log_level = levels[i].level;
}

int cli_config(struct cli *cli)
{
	const struct given *given = cli->line.given;
	struct config_options wanted = {
		.config = cli_value(cli, OPTION_CONFIG, NULL),
		.section = cli_value(cli, OPTION_SECTION, NULL),
		.targets = given[OPTION_TARGET].values,
		.target_count = given[OPTION_TARGET].count,
		.all = cli_flag(cli, OPTION_ALL),
		.url = cli_value(cli, OPTION_URL, NULL),
		.variables = given[OPTION_SET].values,
		.variable_count = given[OPTION_SET].count,
		.driver_path = cli_value(cli, OPTION_DRIVER_PATH, NULL),
		.no_config = (cli->line.command->flags & COMMAND_WITHOUT_CONFIG) != 0,
	};

	if (cli->config)
		return 0;
	if (config_load(cli->arena, &wanted, &cli->config, cli->err) < 0)
		return -1;
	use_log_level(cli, cli->config->settings[0]);
	for (size_t i = 0; i < cli->config->warning_count; i++)
		cli_log(cli, LOG_WARNING_LEVEL, "retort.config", "%s", cli->config->warnings[i]);
	return 0;
}

int cli_settings(struct cli *cli, struct settings **settings)
{
	if (cli_config(cli) < 0)
		return -1;
	*settings = cli->config->settings[0];
	return 0;
}

struct loader *cli_loader(struct cli *cli, const struct settings *settings)
{
	if (!cli->loader)
		cli->loader = loader_new(cli->arena, settings->driver_path, settings->driver_path_count);
	return cli->loader;
}

int cli_project(struct cli *cli, const struct settings *settings, struct project **project)
{
	return project_load(cli->arena, settings, project, cli->err);
}

int cli_open(struct cli *cli, struct settings *settings, bool read_only, bool create,
	struct session **session)
{
	if (session_open(cli->arena, cli_loader(cli, settings), settings, &cli->observer, &cli->listener,
		    read_only, create, session, cli->err) < 0)
		return -1;
	cli_signals_session(*session);
	return 0;
}

void cli_close(struct cli *cli, struct session *session)
{
	(void)cli;
	cli_signals_session(NULL);
	session_close(session);
}

/* How messages name a target. */
static const char *target_name(const struct settings *settings)
{
	return settings->target ? settings->target : "the database of the configuration";
}

/* One of several targets failed: says so, or keeps it for the document. Returns its exit status. */
static int report_target(struct cli *cli, const struct settings *settings, json_t *documents)
{
	int status = cli_exit_status(cli->err);

	if (!cli->json)
		cli_log(cli, LOG_ERROR_LEVEL, "retort.target", "%s failed:", target_name(settings));
	if (documents)
		json_array_append_new(documents,
			json_pack("{s:s?, s:o}", "target", settings->target, "error",
				cli_error_json(cli->err)));
	else
		cli_report(cli, cli->err);
	retort_error_clear(cli->err);
	return status;
}

/* How each of several targets ended; those from `ran` on were not reached. */
static void print_outcomes(struct cli *cli, const int *outcomes, size_t ran)
{
	for (size_t i = 0; i < cli->config->count; i++) {
		const char *name = target_name(cli->config->settings[i]);

		if (i >= ran)
			cli_log(cli, LOG_WARNING_LEVEL, "retort.target", "%s: not run", name);
		else if (outcomes[i])
			cli_log(cli, LOG_ERROR_LEVEL, "retort.target", "%s: failed with %d", name,
				outcomes[i]);
		else
			cli_log(cli, LOG_INFO_LEVEL, "retort.target", "%s: done", name);
	}
}

/* Several targets, one after the other. */
static int each_of_several(struct cli *cli, bool stop,
	int (*one)(struct cli *cli, struct settings *settings, void *context, json_t **document),
	void *context)
{
	size_t count = cli->config->count, ran = 0;
	int *outcomes = retort_alloc_array(cli->arena, count, sizeof *outcomes);
	json_t *documents = cli->json && !cli_tells_events(cli) ? json_array() : NULL;
	int status = 0;

	while (ran < count) {
		struct settings *settings = cli->config->settings[ran];
		json_t *document = NULL;
		int outcome;

		fflush(stdout);
		use_log_level(cli, settings);
		if (!cli->json)
			cli_log(cli, LOG_INFO_LEVEL, "retort.target", "%s", target_name(settings));
		outcome = one(cli, settings, context, &document);
		if (document)
			json_array_append_new(documents, document);
		if (outcome < 0)
			outcome = report_target(cli, settings, documents);
		outcomes[ran++] = outcome;
		/* The design orders them so: lock and connection above a plain failure. */
		status = outcome > status ? outcome : status;
		if (status == EXIT_INTERRUPTED || (stop && outcome > 0 && outcome != EXIT_FOUND))
			break;
	}
	if (documents)
		cli_print_json(documents);
	else if (!cli->json)
		print_outcomes(cli, outcomes, ran);
	return status;
}

int cli_each_target(struct cli *cli,
	int (*one)(struct cli *cli, struct settings *settings, void *context, json_t **document),
	void *context)
{
	const char *on_error = cli_value(cli, OPTION_ON_ERROR, "stop");
	json_t *document = NULL;
	int outcome;

	if (strcmp(on_error, "stop") != 0 && strcmp(on_error, "continue") != 0)
		return retort_fail(cli->err, RETORT_E_USAGE, "--on-error is stop or continue, not '%s'",
			on_error);
	if (cli_config(cli) < 0)
		return -1;
	if (cli->config->count > 1)
		return each_of_several(cli, strcmp(on_error, "stop") == 0, one, context);
	outcome = one(cli, cli->config->settings[0], context, &document);
	if (document)
		cli_print_json(document);
	return outcome;
}
