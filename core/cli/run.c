/* SPDX-License-Identifier: MIT
 *
 * upgrade, downgrade, stamp and ensure-version: online, as a dry run, as an offline script.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/fleet.h"
#include "engine/history.h"
#include "engine/runner.h"

static int write_out(void *context, const char *text, size_t n)
{
	(void)context;
	return fwrite(text, 1, n, stdout) == n ? 0 : -1;
}

static json_t *statement_json(const struct retort_statement *statement)
{
	return json_pack("{s:s?, s:s?, s:b, s:b, s:b}", "sql", statement->sql, "operation",
		statement->op ? retort_op_word(statement->op) : NULL, "outside_transaction",
		(statement->flags & RETORT_STMT_OUTSIDE) != 0, "destructive",
		(statement->flags & RETORT_STMT_DESTRUCTIVE) != 0, "rewrites_table",
		(statement->flags & RETORT_STMT_REWRITES) != 0);
}

static json_t *planned_json(const struct planned *planned)
{
	const struct step *step = planned->step;
	json_t *statements = json_array();

	for (size_t i = 0; i < planned->plan->statement_count; i++)
		json_array_append_new(statements, statement_json(planned->plan->statements[i]));
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}", "revision",
		step->revision ? step->revision->id : "base", "direction",
		step->direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade", "from",
		cli_json_strings(step->from, step->from_count), "to",
		cli_json_strings(step->to, step->to_count), "message",
		step->revision ? step->revision->message : "", "statements", statements);
}

static void join(const char *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%s", i ? ", " : "", items[i]);
}

/* A step of a dry run for people: what, why and how. */
static void print_planned(const struct planned *planned)
{
	const struct step *step = planned->step;

	printf("-- Running %s ", step->direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade");
	join(step->from, step->from_count);
	fputs(" -> ", stdout);
	join(step->to, step->to_count);
	printf("%s%s\n\n", step->revision && step->revision->message[0] ? ", " : "",
		step->revision ? step->revision->message : "");
	for (size_t i = 0; i < planned->plan->statement_count; i++) {
		const struct retort_statement *statement = planned->plan->statements[i];

		if (statement->description)
			printf("-- %s%s%s%s\n", statement->description,
				statement->flags & RETORT_STMT_DESTRUCTIVE ? " (destructive)" : "",
				statement->flags & RETORT_STMT_REWRITES ? " (rewrites the table)" : "",
				statement->flags & RETORT_STMT_OUTSIDE ? " (outside the transaction)" : "");
		printf("%s;\n\n", statement->sql ? statement->sql : "--");
	}
	for (size_t i = 0; i < planned->plan->note_count; i++)
		printf("-- note: %s\n", planned->plan->notes[i]);
}

static int run_as_script(struct cli *cli, struct settings *settings, struct project *project,
	const struct run_request *request)
{
	struct session *session;

	if (cli->json)
		return retort_fail(cli->err, RETORT_E_USAGE,
			"--sql writes a script: it can't be combined with --format json");
	if (session_offline(cli->arena, cli_loader(cli, settings), settings,
		    cli_value(cli, OPTION_DIALECT, NULL), &cli->observer, &session, cli->err) < 0)
		return -1;
	return run_offline(session, project, request, write_out, NULL, cli->err);
}

static int run_as_dry_run(struct cli *cli, struct settings *settings, struct project *project,
	const struct run_request *request, json_t **document)
{
	struct planned *steps;
	struct session *session;
	size_t count;
	int failed;

	if (cli_open(cli, settings, true, false, &session) < 0)
		return -1;
	failed = run_dry(session, project, request, &steps, &count, cli->err);
	if (failed == 0 && cli->json) {
		json_t *array = json_array();

		for (size_t i = 0; i < count; i++)
			json_array_append_new(array, planned_json(&steps[i]));
		*document = json_pack("{s:s?, s:s, s:o}", "target", settings->target, "dialect",
			session->dialect->name, "steps", array);
	} else if (failed == 0) {
		for (size_t i = 0; i < count; i++)
			print_planned(&steps[i]);
		if (!count)
			cli_log(cli, LOG_INFO_LEVEL, "retort.migration", "nothing to do");
	}
	cli_close(cli, session);
	return failed;
}

/* Keeps what a run has made of one target of several, for the table of all. */
static void note_outcome(struct outcome *outcome, const struct run_result *result)
{
	if (!outcome)
		return;
	outcome->from = cli_json_strings(result->from, result->from_count);
	outcome->to = cli_json_strings(result->to, result->to_count);
	outcome->steps = (long long)result->steps;
}

/* Runs it on a database. */
static int run_connected(struct cli *cli, struct settings *settings, struct project *project,
	const struct run_request *request)
{
	struct run_result *result = retort_alloc(cli->arena, sizeof *result);
	struct session *session;
	int failed;

	if (cli_open(cli, settings, false, request->direction != DIRECTION_DOWNGRADE, &session) < 0)
		return -1;
	failed = run_online(session, project, request, result, cli->err);
	if (!session->absent)
		note_outcome(cli->outcome, result);
	cli_close(cli, session);
	cli->failure = failed < 0 ? result : NULL;
	cli->failure_told = failed < 0 && cli->json;
	if (failed == 0 && result->already)
		cli_log(cli, LOG_INFO_LEVEL, "retort.migration", "'%s' is already applied: nothing to do",
			result->already);
	return failed;
}

static int run_on_target(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	const struct run_request *request = context;
	struct project *project;
	int failed;

	cli->failure = NULL;
	cli->failure_told = false;
	failed = cli_project(cli, settings, &project);
	if (failed == 0 && cli_flag(cli, OPTION_SQL))
		failed = run_as_script(cli, settings, project, request);
	else if (failed == 0 && cli_flag(cli, OPTION_DRY_RUN))
		failed = run_as_dry_run(cli, settings, project, request, document);
	else if (failed == 0)
		failed = run_connected(cli, settings, project, request);
	if (failed < 0 && cli_tells_events(cli))
		cli_tell_failure(cli, settings, request->direction);
	return failed;
}

static int run_to(struct cli *cli, enum direction direction, const char *fallback)
{
	struct run_request request = {
		.direction = direction,
		.targets = cli->line.arguments,
		.target_count = cli->line.argument_count,
		.purge = cli_flag(cli, OPTION_PURGE),
		.resume = cli_value(cli, OPTION_RESUME, NULL),
		.kill_orphan = cli_flag(cli, OPTION_KILL_ORPHAN),
		.allow = cli->line.given[OPTION_ALLOW].values,
		.allow_count = cli->line.given[OPTION_ALLOW].count,
	};

	if (cli_flag(cli, OPTION_SQL) && cli_flag(cli, OPTION_DRY_RUN))
		return retort_fail(cli->err, RETORT_E_USAGE,
			"--sql and --dry-run exclude each other: --sql connects to nothing, --dry-run plans "
			"against the database");
	if (request.resume && strcmp(request.resume, "done") != 0 && strcmp(request.resume, "redo") != 0)
		return retort_fail(cli->err, RETORT_E_USAGE, "--resume is done or redo, not '%s'",
			text_echo(cli->arena, request.resume, 40));
	if (!request.target_count) {
		request.targets = &fallback;
		request.target_count = 1;
	}
	return cli_each_target(cli, run_on_target, &request);
}

int command_upgrade(struct cli *cli)
{
	return run_to(cli, DIRECTION_UPGRADE, "head");
}

int command_downgrade(struct cli *cli)
{
	return run_to(cli, DIRECTION_DOWNGRADE, "-1");
}

int command_stamp(struct cli *cli)
{
	return run_to(cli, DIRECTION_STAMP, "head");
}

static int ensure_on_target(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct session *session;
	int failed;

	(void)context;
	if (cli_flag(cli, OPTION_SQL)) {
		if (session_offline(cli->arena, cli_loader(cli, settings), settings,
			    cli_value(cli, OPTION_DIALECT, NULL), &cli->observer, &session, cli->err) < 0)
			return -1;
		return run_offline_ensure(session, write_out, NULL, cli->err);
	}
	if (cli_open(cli, settings, false, true, &session) < 0)
		return -1;
	failed = history_ensure(session, cli->err);
	cli_close(cli, session);
	if (failed == 0 && cli->json)
		*document = json_pack("{s:s?, s:s}", "target", settings->target, "version_table",
			settings->version_table);
	return failed;
}

int command_ensure_version(struct cli *cli)
{
	return cli_each_target(cli, ensure_on_target, NULL);
}
