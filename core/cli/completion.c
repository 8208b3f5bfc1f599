/* SPDX-License-Identifier: MIT
 *
 * completion: what can follow on a command line, for the scripts of the shells.
 *
 * `completion words -- WORD...` takes the words after the program's name, of which the last is still being
 * written, and prints what it may become: a word a line, a tab, a description. The line ":files" says that
 * the names of files may follow. Nothing here fails: what can't be read has no words.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "script/dialects.h"

#define SCRIPT_MAX 100000 /* bytes */

static const char *const shells[] = {"bash", "zsh", "fish"};

static void put_word(const char *word, const char *about)
{
	printf("%s\t%s\n", word, about ? about : "");
}

/* What is known of the line so far. */
struct line {
	struct cli *cli;
	const struct command *command; /* NULL: none yet */
	const struct option *awaiting; /* the option whose value is being written; NULL: none */
	const char *current;
	struct config_options config;
};

/* The option that a word names as a whole, without its value; OPTION_COUNT: none. */
static enum option_id find_option(const struct command *command, const char *word)
{
	int id = 0;

	for (; word[0] == '-' && word[1] && id < OPTION_COUNT; id++)
		if (option_taken(command, (enum option_id)id) &&
			(word[1] == '-' ? strcmp(options[id].name, word + 2) == 0
					: options[id].letter == word[1] && word[2] == '\0'))
			return (enum option_id)id;
	return OPTION_COUNT;
}

/* Reads the words before the one that is being written. */
static void read_line(struct line *line, const char *const *words, size_t n)
{
	line->current = n ? words[n - 1] : "";
	for (size_t i = 0; i + 1 < n; i++) {
		enum option_id id = find_option(line->command, words[i]);

		if (id == OPTION_COUNT) {
			if (!line->command && words[i][0] != '-')
				line->command = command_find(words[i]);
			continue;
		}
		if (!options[id].value)
			continue;
		if (i + 2 == n) {
			line->awaiting = &options[id];
			return;
		}
		i++;
		if (id == OPTION_CONFIG)
			line->config.config = words[i];
		else if (id == OPTION_SECTION)
			line->config.section = words[i];
	}
}

static void put_targets(struct line *line)
{
	struct config *config;

	line->config.all = true;
	if (config_load(line->cli->arena, &line->config, &config, line->cli->err) < 0)
		return;
	for (size_t i = 0; i < config->count; i++)
		if (config->settings[i]->target)
			put_word(config->settings[i]->target, "target");
}

/* Ids with their messages, labels, and the words of the grammar. */
static void put_revisions(struct line *line)
{
	struct retort_arena *arena = line->cli->arena;
	struct config *config;
	struct project *project;

	put_word("head", "the last revision");
	put_word("heads", "the last revisions of all branches");
	put_word("base", "before the first revision");
	if (config_load(arena, &line->config, &config, line->cli->err) < 0 ||
		project_load(arena, config->settings[0], &project, line->cli->err) < 0)
		return;
	for (size_t i = project->graph->count; i-- > 0;) {
		const struct revision *revision = project->graph->revisions[i];

		put_word(revision->id, text_echo(arena, revision->message, 60));
		for (size_t k = 0; k < revision->label_count; k++)
			put_word(retort_printf(arena, "%s@head", revision->labels[k]), "the branch's head");
		for (size_t k = 0; k < revision->tag_count; k++)
			put_word(revision->tags[k], revision->id);
	}
}

static void put_dialects(struct line *line)
{
	const struct dialects *dialects = dialects_load(line->cli->arena);

	for (size_t i = 0; i < dialects->count; i++)
		put_word(dialects->items[i].name, "dialect");
}

static void put_templates(struct line *line)
{
	(void)line;
	for (const struct project_template *template = project_templates; template->name; template ++)
		put_word(template->name, template->about);
}

static void put_files(struct line *line)
{
	(void)line;
	puts(":files");
}

/* What is meant by a value's word in the help. */
static const struct {
	const char *word;
	void (*put)(struct line *line);
} values[] = {
	{"FILE", put_files},
	{"FOLDER", put_files},
	{"PATH", put_files},
	{"TARGET", put_targets},
	{"NAME[/VERSION]", put_dialects},
	{"NAME", put_templates},
	{"A:B", put_revisions},
	{"REV", put_revisions},
};

/* Words that are written out: a|b. */
static void put_choices(struct retort_arena *arena, const char *choices)
{
	for (size_t len; *choices; choices += len + (choices[len] == '|')) {
		len = strcspn(choices, "|");
		put_word(retort_strndup(arena, choices, len), "");
	}
}

static void put_value(struct line *line, const char *value)
{
	if (strchr(value, '|') && value[strspn(value, "abcdefghijklmnopqrstuvwxyz|-")] == '\0') {
		put_choices(line->cli->arena, value);
		return;
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(values[i].word, value) == 0) {
			values[i].put(line);
			return;
		}
}

static void put_options(const struct line *line)
{
	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_taken(line->command, (enum option_id)id))
			put_word(retort_printf(line->cli->arena, "--%s", options[id].name),
				options[id].about);
}

static void put_words(struct cli *cli, const char *const *words, size_t n)
{
	struct line line = {.cli = cli};
	const char *arguments;

	read_line(&line, words, n);
	arguments = line.command ? line.command->arguments : NULL;
	if (line.awaiting) {
		put_value(&line, line.awaiting->value);
	} else if (line.current[0] == '-') {
		put_options(&line);
	} else if (!line.command) {
		for (size_t i = 0; i < command_count; i++)
			put_word(commands[i].name, commands[i].about);
	} else if (line.command->run == command_completion) {
		for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
			put_word(shells[i], "");
	} else if (arguments && strstr(arguments, "REV")) {
		put_revisions(&line);
	} else if (arguments && (strstr(arguments, "FILE") || strstr(arguments, "FOLDER"))) {
		put_files(&line);
	}
}

int command_completion(struct cli *cli)
{
	const char *shell = cli_argument(cli, 0, "bash"), *path;
	char *text;
	size_t len;

	if (strcmp(shell, "words") == 0) {
		put_words(cli, cli->line.arguments + 1, cli->line.argument_count - 1);
		return 0;
	}
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shells[i], shell) != 0)
			continue;
		path = data_path(cli->arena, retort_printf(cli->arena, "completions/retort.%s", shell));
		if (file_read(cli->arena, path, SCRIPT_MAX, &text, &len, cli->err) < 0)
			return -1;
		fwrite(text, 1, len, stdout);
		return 0;
	}
	return retort_fail(cli->err, RETORT_E_USAGE,
		"no completion for '%s': the shells are bash, zsh and fish",
		text_echo(cli->arena, shell, 60));
}
