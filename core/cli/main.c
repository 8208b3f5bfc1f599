/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether --format json is given, for faults of the command line itself: it may not be taken apart yet. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--format=json") == 0 ||
			(strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
				strcmp(argv[i + 1], "json") == 0))
			return true;
	return false;
}

/* --format and -v, -q: how this run talks. */
static int choose_output(struct cli *cli)
{
	const char *format = cli_value(cli, OPTION_FORMAT, "text");

	cli->color = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
	cli->json = strcmp(format, "json") == 0;
	if (!cli->json && strcmp(format, "text") != 0)
		return retort_fail(cli->err, RETORT_E_USAGE, "--format is text or json, not '%s'", format);
	cli->log_level = cli_flag(cli, OPTION_QUIET) ? LOG_WARNING_LEVEL
		: cli_flag(cli, OPTION_VERBOSE)      ? LOG_DEBUG_LEVEL
						     : LOG_INFO_LEVEL;
	cli_observe(cli);
	return 0;
}

/* 0, an exit status, or -1 with cli->err. */
static int run(struct cli *cli, int argc, char **argv)
{
	const struct command *command;

	cli->json = wants_json(argc, argv);
	if (command_line_parse(cli->arena, argc, argv, &cli->line, cli->err) < 0)
		return -1;
	command = cli->line.command;
	if (cli_flag(cli, OPTION_VERSION)) {
		puts("retort " RETORT_VERSION);
		return 0;
	}
	if (cli_flag(cli, OPTION_HELP)) {
		if (command)
			help_command(command);
		else
			help_program();
		return 0;
	}
	if (!command)
		return retort_fail(cli->err, RETORT_E_USAGE, "a command is needed: see retort --help");
	if (choose_output(cli) < 0)
		return -1;
	if (command->flags & COMMAND_CONNECTS)
		cli_signals_start();
	return command->run(cli);
}

int main(int argc, char **argv)
{
	struct cli cli = {.arena = retort_arena_new(),
		.err = retort_error_new(),
		.log_level = LOG_INFO_LEVEL};
	int status;

	cli.lasting = cli.arena;
	setlocale(LC_CTYPE, "");
	status = run(&cli, argc, argv);
	if (status < 0)
		status = cli_report(&cli, cli.err);
	if (fflush(stdout) != 0 && status == 0) {
		fputs("retort: cannot write to standard output\n", stderr);
		status = EXIT_FAILURE;
	}
	cli_signals_stop();
	retort_error_free(cli.err);
	retort_arena_free(cli.arena);
	return status;
}
