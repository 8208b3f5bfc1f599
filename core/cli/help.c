/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 80, COMMAND_WIDTH = 18, OPTION_WIDTH = 30 };

/* Prints words as lines of COLUMNS; output stands behind so many blanks (or what
 * takes their room), which further lines begin with. */
static void print_words(const char *text, size_t blanks)
{
	size_t column = blanks, n;

	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		if (column > blanks && column + 1 + n > COLUMNS) {
			printf("\n%*s", (int)blanks, "");
			column = blanks;
		}
		column += (size_t)printf("%s%.*s", column > blanks ? " " : "", (int)n, text);
	}
	putchar('\n');
}

/* A name and what is said of it. */
static void print_row(const char *name, size_t width, const char *about)
{
	printf("%-*s ", (int)width, name);
	print_words(about, width + 1);
}

static void print_option(const struct option *option)
{
	char left[80];
	int n = 0;

	n += snprintf(left, sizeof left, option->letter ? "  -%c, " : "      ", option->letter);
	snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", option->name, option->value ? " " : "",
		option->value ? option->value : "");
	print_row(left, OPTION_WIDTH, option->about);
}

static void print_globals(void)
{
	puts("\nOptions of every command, before or after it:");
	for (int id = 0; id < OPTION_GLOBAL_COUNT; id++)
		print_option(&options[id]);
}

void help_program(void)
{
	puts("usage: retort [options] COMMAND [options]\n");
	print_words("Moves database schemas along a graph of revisions: one neutral file for every engine.",
		0);
	puts("\nCommands:");
	for (size_t i = 0; i < command_count; i++) {
		char name[COMMAND_WIDTH + 1];

		snprintf(name, sizeof name, "  %s", commands[i].name);
		print_row(name, COMMAND_WIDTH, commands[i].about);
	}
	print_globals();
	puts("\nretort COMMAND --help tells more. A new project starts with: retort init");
}

void help_command(const struct command *command)
{
	printf("usage: retort %s%s%s%s\n\n%s\n", command->name, command->options ? " [options]" : "",
		command->arguments ? " " : "", command->arguments ? command->arguments : "", command->about);
	if (command->details) {
		putchar('\n');
		print_words(command->details, 0);
	}
	if (command->options) {
		puts("\nOptions:");
		for (const enum option_id *id = command->options; *id != OPTION_COUNT; id++)
			print_option(&options[*id]);
	}
	print_globals();
}
