/* SPDX-License-Identifier: MIT
 *
 * verify: whether a database is what its revisions say, and their files are what was applied.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/diff.h"
#include "cli/difference.h"
#include "engine/verify.h"

/* What brings a database back that has drifted. */
struct repair {
	struct compared compared;
	const char *missing; /* why there is nothing of it; NULL: compared is filled */
};

/* Finds it; that it can't be written is told, and no fault of the command. */
static int find_repair(struct cli *cli, struct session *session, struct project *project,
	const struct verified *verified, struct repair *repair)
{
	struct retort_error *reason = retort_error_new();
	struct compared *compared = &repair->compared;
	const struct retort_problem *problem;
	int ret = 0;

	if (verify_repair(session, project, verified, &compared->sources, &compared->from, &compared->to,
		    &compared->found, reason) < 0) {
		problem = retort_error_first(reason);
		repair->missing = retort_strdup(cli->arena, problem ? problem->message : "unknown reason");
		if (problem && (problem->code == RETORT_E_CONNECT || problem->code == RETORT_E_INTERRUPTED))
			ret = retort_fail(cli->err, problem->code, "%s", problem->message);
		else
			cli_log(cli, LOG_WARNING_LEVEL, "retort.verify",
				"cannot tell what brings it back: %s", repair->missing);
	}
	retort_error_free(reason);
	return ret;
}

static json_t *verified_json(struct cli *cli, const struct settings *settings, const struct session *session,
	const struct verified *verified, const struct repair *repair)
{
	json_t *revisions = json_array(), *changed = json_array();
	bool known = verified->drift_count && !repair->missing;

	for (size_t i = 0; i < verified->rows.count; i++)
		json_array_append_new(revisions, json_string(verified->rows.items[i]->id));
	for (size_t i = 0; i < verified->changed_count; i++)
		json_array_append_new(changed,
			json_pack("{s:s, s:s}", "revision", verified->changed[i].revision, "file",
				verified->changed[i].file));
	return json_pack("{s:s?, s:s, s:o, s:o, s:o, s:o}", "target", settings->target, "url",
		session->shown_url, "revisions", revisions, "changed", changed, "drift",
		difference_list_json(verified->drift, verified->drift_count), "repair",
		known ? diff_changes_json(cli, &repair->compared) : json_array());
}

/* The findings; in front of SQL they are comments. */
static void print_verified(struct cli *cli, const struct verified *verified, const char *prefix)
{
	for (size_t i = 0; i < verified->changed_count; i++)
		printf("%s%s: not what was applied as '%s': put it back, or record it as it is: "
		       "retort verify --accept %s\n",
			prefix, verified->changed[i].file, verified->changed[i].revision,
			verified->changed[i].revision);
	for (size_t i = 0; i < verified->drift_count; i++)
		printf("%s%s\n", prefix, difference_text(cli->arena, &verified->drift[i]));
	if (!verified->changed_count && !verified->drift_count)
		cli_log(cli, LOG_INFO_LEVEL, "retort.verify",
			"the files and the schema are as they were applied");
}

/* The operations, or SQL, that bring it back. */
static int print_repair(struct cli *cli, struct repair *repair, bool sql)
{
	if (repair->missing || !repair->compared.found->diff.change_count)
		return 0;
	printf(sql ? "\n" : "\nwhat brings the schema back:\n");
	return sql ? diff_print_sql(cli, &repair->compared) : diff_print_operations(cli, &repair->compared);
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
	bool sql = *(const bool *)context;
	struct repair repair = {0};
	struct verified verified;
	struct project *project;
	struct session *session;
	int failed;

	if (cli_project(cli, settings, &project) < 0 ||
		cli_open(cli, settings, !cli_flag(cli, OPTION_ACCEPT), false, &session) < 0)
		return -1;
	failed = accept_files(cli, session, project) < 0 ||
		verify_database(session, project, &verified, cli->err) < 0 ||
		(verified.drift_count && find_repair(cli, session, project, &verified, &repair) < 0);
	if (!failed && cli->json)
		*document = verified_json(cli, settings, session, &verified, &repair);
	else if (!failed)
		print_verified(cli, &verified, sql ? "-- " : "");
	if (!failed && !cli->json && verified.drift_count)
		failed = print_repair(cli, &repair, sql) < 0;
	cli_close(cli, session);
	if (failed)
		return -1;
	return verified.changed_count || verified.drift_count ? EXIT_FOUND : 0;
}

int command_verify(struct cli *cli)
{
	const char *as = cli_value(cli, OPTION_AS, "operations");
	bool sql = strcmp(as, "sql") == 0;

	if (!sql && strcmp(as, "operations") != 0)
		return retort_fail(cli->err, RETORT_E_USAGE, "--as is operations or sql, not '%s'",
			text_echo(cli->arena, as, 60));
	if (sql && cli->json)
		return retort_fail(cli->err, RETORT_E_USAGE, "--as sql can't be combined with --format json");
	return cli_each_target(cli, verify_one, &sql);
}
