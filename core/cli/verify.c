/* SPDX-License-Identifier: MIT
 *
 * verify: whether a database is what its revisions say, and their files are what was applied.
 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/difference.h"
#include "engine/verify.h"

static json_t *verified_json(const struct settings *settings, const struct session *session,
	const struct verified *verified)
{
	json_t *revisions = json_array(), *changed = json_array();

	for (size_t i = 0; i < verified->rows.count; i++)
		json_array_append_new(revisions, json_string(verified->rows.items[i]->id));
	for (size_t i = 0; i < verified->changed_count; i++)
		json_array_append_new(changed,
			json_pack("{s:s, s:s}", "revision", verified->changed[i].revision, "file",
				verified->changed[i].file));
	return json_pack("{s:s?, s:s, s:o, s:o, s:o}", "target", settings->target, "url", session->shown_url,
		"revisions", revisions, "changed", changed, "drift",
		difference_list_json(verified->drift, verified->drift_count));
}

static void print_verified(struct cli *cli, const struct verified *verified)
{
	for (size_t i = 0; i < verified->changed_count; i++)
		printf("%s: not what was applied as '%s': put it back, or record it as it is: "
		       "retort verify --accept %s\n",
			verified->changed[i].file, verified->changed[i].revision,
			verified->changed[i].revision);
	for (size_t i = 0; i < verified->drift_count; i++)
		puts(difference_text(cli->arena, &verified->drift[i]));
	if (!verified->changed_count && !verified->drift_count)
		cli_log(cli, LOG_INFO_LEVEL, "retort.verify",
			"the files and the schema are as they were applied");
}

/* --accept, which comes first: what is recorded is no longer a change. */
static int accept_files(struct cli *cli, struct session *session, struct project *project)
{
	const struct given *given = &cli->line.given[OPTION_ACCEPT];
	struct revision_list accepted;

	if (!given->count)
		return 0;
	if (verify_accept(session, project, given->values, given->count, &accepted, cli->err) < 0)
		return -1;
	for (size_t i = 0; i < accepted.count; i++)
		cli_log(cli, LOG_INFO_LEVEL, "retort.verify", "%s: recorded as what was applied as '%s'",
			project_shown(project, accepted.items[i]->path), accepted.items[i]->id);
	if (!accepted.count)
		cli_log(cli, LOG_INFO_LEVEL, "retort.verify",
			"nothing to accept: the file is what was applied");
	return 0;
}

static int verify_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct verified verified;
	struct project *project;
	struct session *session;
	int failed;

	(void)context;
	if (cli_project(cli, settings, &project) < 0 ||
		cli_open(cli, settings, !cli_flag(cli, OPTION_ACCEPT), false, &session) < 0)
		return -1;
	failed = accept_files(cli, session, project) < 0 ||
		verify_database(session, project, &verified, cli->err) < 0;
	if (!failed && cli->json)
		*document = verified_json(settings, session, &verified);
	else if (!failed)
		print_verified(cli, &verified);
	cli_close(cli, session);
	if (failed)
		return -1;
	return verified.changed_count || verified.drift_count ? EXIT_FOUND : 0;
}

int command_verify(struct cli *cli)
{
	return cli_each_target(cli, verify_one, NULL);
}
