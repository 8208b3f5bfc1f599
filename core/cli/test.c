/* SPDX-License-Identifier: MIT
 *
 * test: every revision up, down and up again on scratch databases.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/difference.h"
#include "engine/stairway.h"

/* ---- results ---- */

/* Dialect and version of the server. */
static const char *engine_title(struct cli *cli, const struct stairway_engine *engine)
{
	return retort_printf(cli->arena, "%s%s%s", engine->name, *engine->version ? " " : "",
		engine->version);
}

/* "passed", or the first fault in one line. */
static const char *outcome_text(struct cli *cli, const struct stairway_engine *engine)
{
	const struct stairway_fault *fault = &engine->fault;

	if (!engine->failed)
		return engine->irreversible_count
			? retort_printf(cli->arena, "passed, %zu irreversible", engine->irreversible_count)
			: "passed";
	return retort_printf(cli->arena, "FAILED %s%s%s", fault->moment, fault->revision ? " of " : "",
		fault->revision ? fault->revision : "");
}

static void print_table(struct cli *cli, const struct stairway_result *result)
{
	size_t width = strlen("engine");

	for (size_t i = 0; i < result->count; i++) {
		size_t len = strlen(engine_title(cli, &result->engines[i]));

		width = len > width ? len : width;
	}
	printf("%-*s  revisions      time  result\n", (int)width, "engine");
	for (size_t i = 0; i < result->count; i++) {
		const struct stairway_engine *engine = &result->engines[i];

		printf("%-*s  %9s  %6.2f s  %s\n", (int)width, engine_title(cli, engine),
			retort_printf(cli->arena, "%zu/%zu", engine->revisions, result->revisions),
			engine->ms / 1000.0, outcome_text(cli, engine));
	}
}

/* What is wrong on one engine, line by line. */
static void print_fault(struct cli *cli, const struct stairway_engine *engine)
{
	const struct stairway_fault *fault = &engine->fault;
	const struct retort_problem *problem = fault->error ? retort_error_first(fault->error) : NULL;

	printf("\n%s, %s%s%s%s%s:\n", engine_title(cli, engine), fault->revision ? fault->revision : "",
		fault->revision ? " " : "", fault->moment, fault->expected ? ", expected as " : "",
		fault->expected ? fault->expected : "");
	for (size_t i = 0; i < fault->count; i++)
		printf("  %s\n", difference_text(cli->arena, &fault->differences[i]));
	for (; problem; problem = problem->next) {
		printf("  ");
		if (problem->file && problem->line)
			printf("%s:%u: ", problem->file, problem->line);
		printf("%s\n", text_safe(cli->arena, problem->message));
		if (problem->statement)
			printf("    statement: %s\n", text_echo(cli->arena, problem->statement, 500));
	}
	if (fault->advice)
		printf("  %s\n", fault->advice);
}

static void print_irreversible(struct cli *cli, const struct stairway_engine *engine)
{
	if (engine->irreversible_count)
		printf("\n%s: irreversible, walked up only: %s\n", engine_title(cli, engine),
			text_list(cli->arena, engine->irreversible, engine->irreversible_count, 0));
}

static json_t *fault_json(const struct stairway_fault *fault)
{
	json_t *object = json_pack("{s:s?, s:s, s:s?, s:o, s:s?}", "revision", fault->revision, "moment",
		fault->moment, "expected_as", fault->expected, "differences",
		difference_list_json(fault->differences, fault->count), "advice", fault->advice);

	if (fault->error)
		json_object_set_new(object, "error", cli_error_json(fault->error));
	return object;
}

static json_t *result_json(const struct stairway_result *result)
{
	json_t *engines = json_array();

	for (size_t i = 0; i < result->count; i++) {
		const struct stairway_engine *engine = &result->engines[i];

		json_array_append_new(engines,
			json_pack("{s:s, s:s, s:s, s:I, s:o, s:f, s:s, s:o}", "engine", engine->name,
				"version", engine->version, "url", engine->shown, "revisions",
				(json_int_t)engine->revisions, "irreversible",
				cli_json_strings(engine->irreversible, engine->irreversible_count), "ms",
				engine->ms, "outcome", engine->failed ? "failed" : "passed", "fault",
				engine->failed ? fault_json(&engine->fault) : json_null()));
	}
	return json_pack("{s:I, s:o}", "revisions", (json_int_t)result->revisions, "engines", engines);
}

/* ---- the command ---- */

/* The URLs given, or one for each driver that needs no server. */
static int choose_urls(struct cli *cli, struct loader *loader, const char *const **urls, size_t *count)
{
	const struct given *given = &cli->line.given[OPTION_ON];
	const char **memory = NULL;
	struct loaded *all;
	size_t loaded_count;

	*urls = given->values;
	*count = given->count;
	if (given->count)
		return 0;
	loader_all(loader, &all, &loaded_count);
	for (size_t i = 0; i < loaded_count; i++) {
		const char *url = all[i].driver ? scratch_memory_url(cli->arena, all[i].driver) : NULL;

		if (url)
			RETORT_PUSH(cli->arena, memory, *count, url);
	}
	*urls = memory;
	if (*count)
		return 0;
	return retort_fail(cli->err, RETORT_E_CONFIG,
		"cannot test: no driver that needs no server is installed: name a server with --on URL");
}

static void use_session(void *context, struct session *session)
{
	(void)context;
	cli_signals_session(session);
}

int command_test(struct cli *cli)
{
	struct stairway_request request = {
		.observer = &cli->observer,
		.listener = &cli->listener,
		.working = use_session,
	};
	struct stairway_result result;
	struct settings *settings;
	int found = 0;

	if (cli_settings(cli, &settings) < 0 || cli_project(cli, settings, &request.project) < 0)
		return -1;
	request.settings = settings;
	request.loader = cli_loader(cli, settings);
	if (choose_urls(cli, request.loader, &request.urls, &request.url_count) < 0 ||
		stairway_walk(cli->arena, &request, &result, cli->err) < 0)
		return -1;
	for (size_t i = 0; i < result.count; i++)
		found += result.engines[i].failed;
	if (cli->json) {
		cli_print_json(result_json(&result));
	} else {
		print_table(cli, &result);
		for (size_t i = 0; i < result.count; i++)
			print_irreversible(cli, &result.engines[i]);
		for (size_t i = 0; i < result.count; i++)
			if (result.engines[i].failed)
				print_fault(cli, &result.engines[i]);
	}
	return found ? EXIT_FOUND : 0;
}
