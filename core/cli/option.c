/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

const struct option options[OPTION_COUNT] = {
	[OPTION_CONFIG] = {"config", 'c', false, "FILE",
		"the configuration (else RETORT_CONFIG, retort.ini, alembic.ini)"},
	[OPTION_SECTION] = {"name", 'n', false, "SECTION",
		"the section of the configuration to read (retort)"},
	[OPTION_TARGET] = {"target", 't', true, "TARGET",
		"a [target.NAME] of the configuration; repeatable, globs"},
	[OPTION_ALL] = {"all", 0, false, NULL, "every target"},
	[OPTION_JOBS] = {"jobs", 'j', false, "N", "with several targets: so many at a time (1)"},
	[OPTION_ON_ERROR] = {"on-error", 0, false, "stop|continue",
		"with several targets: go on after one failed (stop)"},
	[OPTION_URL] = {"url", 'u', false, "URL", "the database"},
	[OPTION_SET] = {"set", 'x', true, "KEY=VALUE",
		"a value for a name of [retort.variables]; repeatable"},
	[OPTION_DIALECT] = {"dialect", 0, false, "NAME[/VERSION]", "the dialect where no database says it"},
	[OPTION_DRIVER_PATH] = {"driver-path", 0, false, "PATH",
		"folders to search for drivers first, colon-separated"},
	[OPTION_FORMAT] = {"format", 0, false, "text|json", "how results are printed (text)"},
	[OPTION_QUIET] = {"quiet", 'q', false, NULL, "no log lines but warnings and errors"},
	[OPTION_VERBOSE] = {"verbose", 'v', true, NULL,
		"more: whole entries in listings, statements in runs"},
	[OPTION_HELP] = {"help", 'h', false, NULL, "this help"},
	[OPTION_VERSION] = {"version", 0, false, NULL, "the version"},
	[OPTION_MESSAGE] = {"message", 'm', false, "TEXT", "what the revision does"},
	[OPTION_HEAD] = {"head", 0, true, "REV", "the head to build on (head); base for a new root"},
	[OPTION_SPLICE] = {"splice", 0, false, NULL, "allow a parent that is no head: a new branch"},
	[OPTION_BRANCH_LABEL] = {"branch-label", 0, true, "LABEL", "a label for the branch; repeatable"},
	[OPTION_VERSION_PATH] = {"version-path", 0, false, "FOLDER", "which version location gets the file"},
	[OPTION_REV_ID] = {"rev-id", 0, false, "ID", "the id (12 random hex digits)"},
	[OPTION_DEPENDS_ON] = {"depends-on", 0, true, "REV", "a revision this one depends on; repeatable"},
	[OPTION_SQL] = {"sql", 0, false, NULL,
		"write the SQL script instead of running it; connects to nothing"},
	[OPTION_DRY_RUN] = {"dry-run", 0, false, NULL,
		"show the plan against the database as it stands; writes nothing"},
	[OPTION_PURGE] = {"purge", 0, false, NULL, "empty the version table first, whatever it holds"},
	[OPTION_RANGE] = {"rev-range", 'r', false, "A:B", "only these revisions, both ends included"},
	[OPTION_INDICATE_CURRENT] = {"indicate-current", 'i', false, NULL, "mark what the database is at"},
	[OPTION_RESOLVE_DEPENDENCIES] = {"resolve-dependencies", 0, false, NULL,
		"a revision another one depends on is no head"},
	[OPTION_CHECK_HEADS] = {"check-heads", 0, false, NULL,
		"exit with 3 unless the database is at all heads"},
	[OPTION_TEMPLATE] = {"template", 0, false, "NAME",
		"what to start from (generic); see list-templates"},
	[OPTION_REFRESH] = {"refresh", 0, false, NULL, "only renew the JSON Schemas of an existing folder"},
	[OPTION_FORCE] = {"force", 0, false, NULL,
		"go on: merge branches that clash; check a driver where other tables are"},
	[OPTION_RESUME] = {"resume", 0, false, "done|redo",
		"decide the one doubtful statement of a partial step"},
	[OPTION_KILL_ORPHAN] = {"kill-orphan", 0, false, NULL,
		"end what a killed run has left running on the server, rather than wait for it"},
	[OPTION_CHECK] = {"check", 0, false, NULL,
		"run the conformance suite: FILE is the driver, URL an empty database"},
	[OPTION_ACCEPT] = {"accept", 0, true, "REV",
		"record the file of an applied revision as it is now; repeatable"},
	[OPTION_ON] = {"on", 0, true, "URL", "a server to test on (none: in memory); repeatable"},
	[OPTION_AUTOGENERATE] = {"autogenerate", 0, false, NULL,
		"write what leads from --from to --to into it; nothing where they don't differ"},
	[OPTION_FROM] = {"from", 0, false, "SOURCE",
		"what it starts from: db, schema, history[@REV], a file, a URL"},
	[OPTION_TO] = {"to", 0, false, "SOURCE", "what it leads to, likewise"},
	[OPTION_AS] = {"as", 0, false, "FORMAT", "in which form the result is written"},
	[OPTION_ALLOW] = {"allow", 0, true, "CODE", "a hazard to accept on a protected target; repeatable"},
};

/* Whether arg is a relative revision such as -1, which looks like an option. */
static bool is_revision(const char *arg)
{
	size_t i;

	if (arg[0] != '-' || arg[1] == '\0')
		return false;
	for (i = 1; isdigit((unsigned char)arg[i]); i++)
		;
	return i > 1 && arg[i] == '\0';
}

bool option_taken(const struct command *command, enum option_id id)
{
	const enum option_id *own;

	if (id < OPTION_GLOBAL_COUNT)
		return true;
	if (!command)
		return false;
	for (own = command->options; own && *own != OPTION_COUNT; own++)
		if (*own == id)
			return true;
	return false;
}

static int unknown_option(const struct command *command, const char *arg, size_t name_len,
	struct retort_arena *arena, struct retort_error *err)
{
	const char *names[OPTION_COUNT];
	const char *name = retort_strndup(arena, arg, name_len);
	const char *bare = name + strspn(name, "-");
	const char *nearest;
	size_t n = 0;

	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_taken(command, (enum option_id)id))
			names[n++] = options[id].name;
	nearest = strlen(bare) > 1 ? text_nearest(bare, names, n, sizeof *names) : NULL;
	if (nearest)
		return retort_fail(err, RETORT_E_USAGE, "unknown option '%s', did you mean '--%s'?",
			text_echo(arena, name, 60), nearest);
	return retort_fail(err, RETORT_E_USAGE, "unknown option '%s': see retort %s%s--help",
		text_echo(arena, name, 60), command ? command->name : "", command ? " " : "");
}

static int add_value(struct retort_arena *arena, struct command_line *line, enum option_id id,
	const char *value, struct retort_error *err)
{
	struct given *given = &line->given[id];

	if (given->count > 0 && !options[id].repeats && options[id].value)
		return retort_fail(err, RETORT_E_USAGE, "option '--%s' is given twice", options[id].name);
	RETORT_PUSH(arena, given->values, given->count, value);
	return 0;
}

/* --name, --name=value or --name value; *at moves on over the value. */
static int parse_long(struct retort_arena *arena, int argc, char **argv, int *at, struct command_line *line,
	struct retort_error *err)
{
	const char *arg = argv[*at];
	const char *equals = strchr(arg, '=');
	size_t len = equals ? (size_t)(equals - arg) : strlen(arg);

	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option *option = &options[id];

		if (strlen(option->name) != len - 2 || strncmp(option->name, arg + 2, len - 2) != 0)
			continue;
		if (!option_taken(line->command, (enum option_id)id))
			break;
		if (!option->value && equals)
			return retort_fail(err, RETORT_E_USAGE, "option '--%s' takes no value", option->name);
		if (!option->value)
			return add_value(arena, line, (enum option_id)id, "", err);
		if (equals)
			return add_value(arena, line, (enum option_id)id, equals + 1, err);
		if (*at + 1 >= argc)
			return retort_fail(err, RETORT_E_USAGE, "option '--%s' needs a value: %s",
				option->name, option->value);
		return add_value(arena, line, (enum option_id)id, argv[++*at], err);
	}
	return unknown_option(line->command, arg, len, arena, err);
}

/* -v, -vq, -mTEXT, -m TEXT, -m=TEXT is the text "=TEXT" less the sign, as Alembic's users write -r=-1: */
static int parse_short(struct retort_arena *arena, int argc, char **argv, int *at, struct command_line *line,
	struct retort_error *err)
{
	const char *arg = argv[*at] + 1;

	for (; *arg; arg++) {
		int id = 0;

		while (id < OPTION_COUNT &&
			(options[id].letter != *arg || !option_taken(line->command, (enum option_id)id)))
			id++;
		if (id == OPTION_COUNT) {
			const char letter[3] = {'-', *arg, '\0'};

			return unknown_option(line->command, letter, strlen(letter), arena, err);
		}
		if (!options[id].value) {
			if (add_value(arena, line, (enum option_id)id, "", err) < 0)
				return -1;
			continue;
		}
		if (arg[1] != '\0')
			return add_value(arena, line, (enum option_id)id, arg[1] == '=' ? arg + 2 : arg + 1,
				err);
		if (*at + 1 >= argc)
			return retort_fail(err, RETORT_E_USAGE, "option '-%c' needs a value: %s", *arg,
				options[id].value);
		return add_value(arena, line, (enum option_id)id, argv[++*at], err);
	}
	return 0;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static bool global_takes_value(const char *arg)
{
	for (int id = 0; id < OPTION_GLOBAL_COUNT; id++) {
		const struct option *option = &options[id];

		if (!option->value)
			continue;
		if (arg[1] == '-' ? strcmp(arg + 2, option->name) == 0
				  : option->letter && arg[1] == option->letter && arg[2] == '\0')
			return true;
	}
	return false;
}

/* The first argument that is neither an option nor an option's value is the command. */
static int choose_command(struct retort_arena *arena, int argc, char **argv, int *at,
	struct command_line *line, struct retort_error *err)
{
	for (*at = 1; *at < argc; ++*at) {
		const char *arg = argv[*at];
		const char *nearest;

		if (arg[0] == '-' && arg[1] != '\0' && !is_revision(arg)) {
			if (global_takes_value(arg))
				++*at;
			continue;
		}
		line->command = command_find(arg);
		if (line->command)
			return 0;
		nearest = text_nearest(arg, commands, command_count, sizeof *commands);
		if (nearest)
			return retort_fail(err, RETORT_E_USAGE, "unknown command '%s', did you mean '%s'?",
				text_echo(arena, arg, 60), nearest);
		return retort_fail(err, RETORT_E_USAGE, "unknown command '%s': see retort --help",
			text_echo(arena, arg, 60));
	}
	return 0;
}

static int check_arguments(const struct command_line *line, struct retort_arena *arena,
	struct retort_error *err)
{
	const struct command *command = line->command;

	if (!command || line->given[OPTION_HELP].count)
		return 0;
	if (line->argument_count < command->argument_min)
		return retort_fail(err, RETORT_E_USAGE, "'%s' needs an argument: retort %s %s", command->name,
			command->name, command->arguments);
	if (line->argument_count > command->argument_max)
		return retort_fail(err, RETORT_E_USAGE, "unexpected argument '%s': retort %s %s",
			text_echo(arena, line->arguments[command->argument_max], 60), command->name,
			command->arguments ? command->arguments : "takes none");
	return 0;
}

int command_line_parse(struct retort_arena *arena, int argc, char **argv, struct command_line *line,
	struct retort_error *err)
{
	int command_at;
	bool only_arguments = false;

	memset(line, 0, sizeof *line);
	if (choose_command(arena, argc, argv, &command_at, line, err) < 0)
		return -1;
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];
		int failed = 0;

		if (line->command && i == command_at)
			continue;
		if (only_arguments || arg[0] != '-' || arg[1] == '\0' || is_revision(arg))
			RETORT_PUSH(arena, line->arguments, line->argument_count, arg);
		else if (strcmp(arg, "--") == 0)
			only_arguments = true;
		else if (arg[1] == '-')
			failed = parse_long(arena, argc, argv, &i, line, err);
		else
			failed = parse_short(arena, argc, argv, &i, line, err);
		if (failed < 0)
			return -1;
	}
	return check_arguments(line, arena, err);
}
