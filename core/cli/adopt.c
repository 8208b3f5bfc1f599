/* SPDX-License-Identifier: MIT
 *
 * adopt: take over a database that another tool has run so far.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/diff.h"
#include "cli/difference.h"
#include "engine/adopt.h"
#include "engine/autogenerate_file.h"
#include "engine/history.h"
#include "engine/verify.h"

/* One database on its way. */
struct adoption {
	struct settings *settings;
	struct project *project;
	struct session *session;
	struct adopted_tool tool;
	const char **rows; /* version rows of retort's own */
	size_t row_count;
	const char *path; /* of a baseline that was written */
	struct revision *revision;
	struct difference *differences;
	size_t difference_count;
};

/* Whether retort itself runs the database already: its rows are revisions of the project. */
static bool is_ours(const struct adoption *adoption)
{
	for (size_t i = 0; i < adoption->row_count; i++)
		if (!graph_find(adoption->project->graph, adoption->rows[i]))
			return false;
	return adoption->row_count > 0;
}

/* The first revision of a project: what the database holds. */
static int write_baseline(struct cli *cli, struct adoption *adoption)
{
	const struct adopted_tool *tool = &adoption->tool;
	struct project_new what = {
		.message = cli_value(cli, OPTION_MESSAGE, "baseline"),
		.rev_id = tool->is_revision_id && tool->version_count == 1 ? tool->version : NULL,
	};
	struct compared compared;
	struct file_ops up, down;

	if (adopt_baseline(adoption->session, adoption->project, &compared.sources, &compared.from,
		    &compared.to, &compared.found, cli->err) < 0 ||
		autogenerate_file(&compared.sources, compared.from, compared.to, compared.found, &up, &down,
			cli->err) < 0)
		return -1;
	what.upgrade = up.ops;
	what.upgrade_notes = up.notes;
	what.upgrade_count = up.count;
	what.downgrade = down.ops;
	what.downgrade_notes = down.notes;
	what.downgrade_count = down.count;
	if (project_make(adoption->project, &what, &adoption->path, cli->err) < 0)
		return -1;
	cli_log(cli, LOG_INFO_LEVEL, "retort.adopt", "%s: the baseline, written from '%s'",
		project_shown(adoption->project, adoption->path), adoption->session->shown_url);
	return project_load(cli->arena, adoption->settings, &adoption->project, cli->err);
}

/* The live schema against what replay of the revision gives. */
static int compare_with_baseline(struct cli *cli, struct adoption *adoption)
{
	const struct revision_list rows = {&adoption->revision, 1};
	struct retort_schema *replayed;

	if (plan_replay(adoption->session, adoption->project, &rows, &replayed, cli->err) < 0)
		return -1;
	return verify_schema(adoption->session, cli->arena, replayed, NULL, &adoption->differences,
		&adoption->difference_count, cli->err);
}

static int stamp(struct cli *cli, struct adoption *adoption)
{
	const char *const targets[] = {adoption->revision->id};
	const struct run_request request = {.direction = DIRECTION_STAMP,
		.targets = targets,
		.target_count = 1,
		.purge = adoption->row_count > 0};
	const struct observer *observer = adoption->session->observer;
	struct run_result result;
	static const struct observer silent;
	int ret;

	adoption->session->observer = &silent;
	ret = run_online(adoption->session, adoption->project, &request, &result, cli->err);
	adoption->session->observer = observer;
	return ret;
}

/* Everything but opening, closing and telling. 1: there was nothing to do. */
static int adopt(struct cli *cli, struct adoption *adoption)
{
	bool exists;

	if (history_rows(adoption->session, &adoption->rows, &adoption->row_count, &exists, cli->err) < 0)
		return -1;
	if (is_ours(adoption))
		return 1;
	adopt_find(adoption->session, &adoption->tool);
	if (adoption->row_count && (!adoption->tool.is_revision_id || adoption->tool.version_count != 1))
		return retort_fail(cli->err, RETORT_E_STATE,
			"cannot adopt '%s': its version table holds '%s', which is no revision of the "
			"project",
			adoption->session->shown_url, adoption->rows[0]);
	if (!adoption->project->graph->count && cli_flag(cli, OPTION_JOBS))
		return retort_fail(cli->err, RETORT_E_USAGE,
			"cannot adopt several databases at a time before there is a baseline: run retort "
			"adopt -t "
			"TARGET for one of them first");
	if (!adoption->project->graph->count && write_baseline(cli, adoption) < 0)
		return -1;
	if (adopt_revision(adoption->project, &adoption->tool, cli_argument(cli, 0, NULL),
		    &adoption->revision, cli->err) < 0 ||
		compare_with_baseline(cli, adoption) < 0)
		return -1;
	return adoption->difference_count ? 0 : stamp(cli, adoption);
}

static json_t *adoption_json(struct cli *cli, const struct adoption *adoption, bool already)
{
	(void)cli;
	return json_pack("{s:s?, s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:o}", "target",
		adoption->settings->target, "url", adoption->session->shown_url, "tool", adoption->tool.name,
		"tool_version", adoption->tool.version, "path", adoption->path, "revision",
		adoption->revision ? adoption->revision->id
			: already  ? adoption->rows[0]
				   : NULL,
		"stamped", !already && !adoption->difference_count, "differences",
		difference_list_json(adoption->differences, adoption->difference_count));
}

static void tell(struct cli *cli, const struct adoption *adoption, bool already)
{
	if (already) {
		cli_log(cli, LOG_INFO_LEVEL, "retort.adopt", "'%s' is at '%s' already: nothing to adopt",
			adoption->session->shown_url, adoption->rows[0]);
		return;
	}
	if (adoption->difference_count)
		printf("'%s' is not what '%s' says, so it was not stamped:\n", adoption->session->shown_url,
			adoption->revision->id);
	for (size_t i = 0; i < adoption->difference_count; i++)
		printf("  %s\n", difference_text(cli->arena, &adoption->differences[i]));
	if (!adoption->difference_count)
		cli_log(cli, LOG_INFO_LEVEL, "retort.adopt", "'%s'%s%s%s%s is now at '%s'",
			adoption->session->shown_url, adoption->tool.name ? ", run by " : "",
			adoption->tool.name ? adoption->tool.name : "",
			adoption->tool.version ? " up to " : "",
			adoption->tool.version ? adoption->tool.version : "", adoption->revision->id);
}

static int adopt_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct adoption adoption = {.settings = settings};
	int ret;

	(void)context;
	if (settings->alembic)
		return retort_fail(cli->err, RETORT_E_CONFIG,
			"cannot adopt by an alembic.ini, whose revisions alembic runs: start a project of "
			"retort's own with retort init");
	if (project_load(cli->arena, settings, &adoption.project, cli->err) < 0 ||
		cli_open(cli, settings, false, false, &adoption.session) < 0)
		return -1;
	ret = adopt(cli, &adoption);
	if (ret >= 0 && cli->json)
		*document = adoption_json(cli, &adoption, ret == 1);
	else if (ret >= 0)
		tell(cli, &adoption, ret == 1);
	cli_close(cli, adoption.session);
	if (ret < 0)
		return -1;
	return adoption.difference_count ? EXIT_FOUND : 0;
}

int command_adopt(struct cli *cli)
{
	return cli_each_target(cli, adopt_one, NULL);
}
