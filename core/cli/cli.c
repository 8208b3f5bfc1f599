/* SPDX-License-Identifier: MIT
 *
 * What commands open: configuration, targets, revision files, connections.
 */
#include "cli/fleet.h"

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

void cli_use_log_level(struct cli *cli, const struct settings *settings)
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
	if (config_load(cli->lasting, &wanted, &cli->config, cli->err) < 0)
		return -1;
	cli_use_log_level(cli, cli->config->settings[0]);
	for (size_t i = 0; i < cli->config->warning_count; i++)
		cli_log(cli, LOG_WARNING_LEVEL, "retort.config", "%s", cli->config->warnings[i]);
	return cli->line.command->flags & COMMAND_CONNECTS ? fleet_expand(cli) : 0;
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
		cli->loader = loader_new(cli->lasting, settings->driver_path, settings->driver_path_count);
	return cli->loader;
}

int cli_project(struct cli *cli, const struct settings *settings, struct project **project)
{
	/* the targets of a run share files more often than not */
	if (cli->project && project_shares_files(cli->project, settings)) {
		*project = project_share(cli->arena, cli->project, settings);
		return 0;
	}
	if (project_load(cli->lasting, settings, &cli->project, cli->err) < 0) {
		cli->project = NULL;
		return -1;
	}
	*project = project_share(cli->arena, cli->project, settings);
	return 0;
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
