/* SPDX-License-Identifier: MIT
 *
 * init, list-templates, revision, merge and edit: the commands that make or open files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/diff.h"
#include "cli/listing.h"
#include "engine/merge.h"

static void tell(void *context, const char *text)
{
	struct cli *cli = context;

	if (!cli->json)
		puts(text);
}

int command_init(struct cli *cli)
{
	const char *folder = cli_argument(cli, 0, "migrations");

	if (project_init(cli->arena, folder, cli_value(cli, OPTION_TEMPLATE, "generic"),
		    cli_flag(cli, OPTION_REFRESH), tell, cli, cli->err) < 0)
		return -1;
	if (cli->json)
		cli_print_json(json_pack("{s:s, s:s}", "config", "retort.ini", "script_location", folder));
	else if (!cli_flag(cli, OPTION_REFRESH))
		puts("Set the url in retort.ini, then: retort revision -m \"create the first table\"");
	return 0;
}

int command_list_templates(struct cli *cli)
{
	json_t *array = json_array();

	for (const struct project_template *template = project_templates; template->name; template ++) {
		if (!cli->json)
			printf("%-10s %s\n", template->name, template->about);
		json_array_append_new(array,
			json_pack("{s:s, s:s}", "name", template->name, "about", template->about));
	}
	if (cli->json)
		cli_print_json(array);
	else
		json_decref(array);
	return 0;
}

/* What both revision and merge give to project_make. */
static struct project_new wanted(const struct cli *cli)
{
	const struct given *given = cli->line.given;

	return (struct project_new){
		.message = cli_value(cli, OPTION_MESSAGE, ""),
		.rev_id = cli_value(cli, OPTION_REV_ID, NULL),
		.heads = given[OPTION_HEAD].values,
		.head_count = given[OPTION_HEAD].count,
		.splice = cli_flag(cli, OPTION_SPLICE),
		.labels = given[OPTION_BRANCH_LABEL].values,
		.label_count = given[OPTION_BRANCH_LABEL].count,
		.version_path = cli_value(cli, OPTION_VERSION_PATH, NULL),
		.depends = given[OPTION_DEPENDS_ON].values,
		.depends_count = given[OPTION_DEPENDS_ON].count,
	};
}

static int make(struct cli *cli, struct project *project, const struct project_new *what)
{
	const char *path;

	if (project_make(project, what, &path, cli->err) < 0)
		return -1;
	if (cli->json)
		cli_print_json(json_pack("{s:s}", "path", path));
	else
		printf("Generating %s ...  done\n", path);
	return 0;
}

/* A revision with the difference between two schemas in it; none where there is no difference. */
static int make_generated(struct cli *cli)
{
	struct project_new what = wanted(cli);
	struct settings *settings;
	struct project *project;
	bool nothing;

	if (cli_settings(cli, &settings) < 0 || cli_project(cli, settings, &project) < 0 ||
		diff_revision(cli, settings, project, &what, &nothing) < 0)
		return -1;
	if (!nothing)
		return make(cli, project, &what);
	if (cli->json)
		cli_print_json(json_pack("{s:n}", "path"));
	return 0;
}

int command_revision(struct cli *cli)
{
	struct project_new what = wanted(cli);
	struct settings *settings;
	struct project *project;

	if (cli_flag(cli, OPTION_AUTOGENERATE))
		return make_generated(cli);
	if (cli_flag(cli, OPTION_FROM) || cli_flag(cli, OPTION_TO))
		return retort_fail(cli->err, RETORT_E_USAGE,
			"--from and --to say what is compared: they need --autogenerate");
	if (cli_settings(cli, &settings) < 0 || cli_project(cli, settings, &project) < 0)
		return -1;
	return make(cli, project, &what);
}

int command_migrate(struct cli *cli)
{
	if (!cli_flag(cli, OPTION_MESSAGE))
		return retort_fail(cli->err, RETORT_E_USAGE,
			"'migrate' writes a revision from what changed in the schema file and needs -m "
			"MESSAGE; 'retort upgrade' applies revisions");
	return make_generated(cli);
}

/* Says on standard error why branches can't be merged cleanly, where --force lets it pass. */
static void forgive(struct cli *cli)
{
	const struct retort_problem *problem;

	for (problem = retort_error_first(cli->err); problem; problem = problem->next)
		cli_log(cli, LOG_WARNING_LEVEL, "retort.merge", "%s", problem->message);
	retort_error_clear(cli->err);
}

int command_merge(struct cli *cli)
{
	struct project_new what = wanted(cli);
	struct revision_list heads;
	struct settings *settings;
	struct project *project;
	struct session *session;

	what.heads = cli->line.arguments;
	what.head_count = cli->line.argument_count;
	what.merge = true;
	if (cli_settings(cli, &settings) < 0 || cli_project(cli, settings, &project) < 0)
		return -1;
	if (merge_heads(project, what.heads, what.head_count, &heads, cli->err) < 0)
		return -1;
	if (session_offline(cli->arena, cli_loader(cli, settings), settings,
		    cli_value(cli, OPTION_DIALECT, NULL), &cli->observer, &session, cli->err) < 0) {
		retort_error_clear(cli->err);
		session = NULL;
	}
	if (merge_check(session, project, &heads, cli->err) < 0) {
		if (!cli_flag(cli, OPTION_FORCE))
			return -1;
		forgive(cli);
	}
	return make(cli, project, &what);
}

/* The user's editor: $VISUAL, $EDITOR, else what the system calls its own. */
static const char *editor(void)
{
	const char *chosen = getenv("VISUAL");

	if (!chosen || !chosen[0])
		chosen = getenv("EDITOR");
	return chosen && chosen[0] ? chosen : "sensible-editor";
}

static int open_editor(struct cli *cli, const char *path)
{
	const char *program = editor();
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return retort_fail(cli->err, RETORT_E_IO, "cannot start '%s': %s", program, strerror(errno));
	if (child == 0) {
		/* The shell splits what $EDITOR may hold besides a name; the path is passed beside it. */
		execl("/bin/sh", "sh", "-c", retort_printf(cli->arena, "exec %s \"$1\"", program), "sh", path,
			(char *)NULL);
		_exit(127);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return retort_fail(cli->err, RETORT_E_IO, "the editor '%s' failed: set VISUAL or EDITOR", program);
}

int command_edit(struct cli *cli)
{
	const char *symbol = cli_argument(cli, 0, "head");
	struct revision_list list;
	struct settings *settings;
	struct project *project;

	if (cli_settings(cli, &settings) < 0 || cli_project(cli, settings, &project) < 0)
		return -1;
	if (strcmp(symbol, "current") == 0) {
		if (listing_rows(cli, settings, project, &list) < 0)
			return -1;
	} else if (graph_resolve(project->graph, symbol, true, &list, cli->err) < 0) {
		return -1;
	}
	if (!list.count)
		return retort_fail(cli->err, RETORT_E_GRAPH, "'%s' is no revision: there is nothing to edit",
			symbol);
	for (size_t i = 0; i < list.count; i++)
		if (open_editor(cli, list.items[i]->path) < 0)
			return -1;
	return 0;
}
