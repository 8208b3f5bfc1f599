/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include <stdio.h>

#define NAME_WIDTH 30

static void print_option(const struct option *option)
{
	char left[80];
	int n = 0;

	n += snprintf(left, sizeof left, option->letter ? "  -%c, " : "      ", option->letter);
	snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", option->name, option->value ? " " : "",
		option->value ? option->value : "");
	printf("%-*s %s\n", NAME_WIDTH, left, option->about);
}

static void print_globals(void)
{
	puts("\nOptions of every command, before or after it:");
	for (int id = 0; id < OPTION_GLOBAL_COUNT; id++)
		print_option(&options[id]);
}

void help_program(void)
{
	puts("usage: retort [options] COMMAND [options]\n\n"
	     "Moves database schemas along a graph of revisions: one neutral file for every "
	     "engine.\n\nCommands:");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-16s %s\n", commands[i].name, commands[i].about);
	print_globals();
	puts("\nretort COMMAND --help tells more. A new project starts with: retort init");
}

void help_command(const struct command *command)
{
	printf("usage: retort %s%s%s%s\n\n%s\n", command->name, command->options ? " [options]" : "",
		command->arguments ? " " : "", command->arguments ? command->arguments : "", command->about);
	if (command->details)
		printf("\n%s\n", command->details);
	if (command->options) {
		puts("\nOptions:");
		for (const enum option_id *id = command->options; *id != OPTION_COUNT; id++)
			print_option(&options[*id]);
	}
	print_globals();
}
