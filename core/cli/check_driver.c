/* SPDX-License-Identifier: MIT
 *
 * drivers --check FILE URL: the conformance suite, for who writes a driver.
 */
#include <stdio.h>

#include "base/text.h"
#include "cli/cli.h"
#include "engine/conformance.h"

static const char *const outcome_words[] =
	{[CHECK_PASSED] = "passed", [CHECK_FAILED] = "failed", [CHECK_SKIPPED] = "skipped"};

/* A line for each check, as it ends. */
static void tell(void *context, const struct check_result *result)
{
	const struct cli *cli = context;
	const char *word = result->outcome == CHECK_FAILED ? "FAILED" : outcome_words[result->outcome];

	if (result->outcome == CHECK_PASSED && cli_flag(cli, OPTION_QUIET))
		return;
	printf("%-8s %s%s%s\n", word, result->name, result->reason ? ": " : "",
		result->reason ? text_safe(cli->arena, result->reason) : "");
	fflush(stdout);
}

/* 100502 as 10.5.2. */
static const char *version_text(struct cli *cli, unsigned version)
{
	return retort_printf(cli->arena, "%u.%u.%u", version / 10000, version / 100 % 100, version % 100);
}

static void print_report(struct cli *cli, const struct retort_driver *driver,
	const struct conformance_report *report)
{
	printf("%s %s, dialect %s", driver->name, driver->version, report->dialect->name);
	if (report->server_version)
		printf(", server %s", version_text(cli, report->server_version));
	printf(": %zu passed, %zu failed, %zu skipped\n", report->outcomes[CHECK_PASSED],
		report->outcomes[CHECK_FAILED], report->outcomes[CHECK_SKIPPED]);
}

static void print_document(struct cli *cli, const char *file, const struct retort_driver *driver,
	const struct conformance_report *report)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < report->count; i++) {
		const struct check_result *result = &report->results[i];

		json_array_append_new(checks,
			json_pack("{s:s, s:s, s:s*, s:f}", "name", result->name, "outcome",
				outcome_words[result->outcome], "reason",
				result->reason ? text_safe(cli->arena, result->reason) : NULL, "ms",
				result->ms));
	}
	cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:I, s:I, s:I, s:o}", "driver",
		driver->name, "version", driver->version, "file", file, "dialect", report->dialect->name,
		"server_version", report->server_version ? version_text(cli, report->server_version) : NULL,
		"url", report->shown_url, "passed", (json_int_t)report->outcomes[CHECK_PASSED], "failed",
		(json_int_t)report->outcomes[CHECK_FAILED], "skipped",
		(json_int_t)report->outcomes[CHECK_SKIPPED], "checks", checks));
}

int check_driver(struct cli *cli)
{
	const char *file = cli_argument(cli, 0, NULL), *url = cli_argument(cli, 1, NULL);
	struct conformance conformance = {.url = url,
		.force = cli_flag(cli, OPTION_FORCE),
		.only = cli_argument(cli, 2, NULL),
		.observer = &cli->observer,
		.tell = cli->json ? NULL : tell,
		.context = cli};
	struct conformance_report report;
	struct settings *settings;

	if (!file || !url)
		return retort_fail(cli->err, RETORT_E_USAGE,
			"'--check' needs a driver's file and %s: retort drivers "
			"--check FILE URL",
			file ? "the URL of an empty database" : "a URL");
	if (cli_settings(cli, &settings) < 0 ||
		loader_file(cli_loader(cli, settings), file, &conformance.driver, cli->err) < 0 ||
		conformance_run(cli->arena, &conformance, &report, cli->err) < 0)
		return -1;
	if (cli->json)
		print_document(cli, file, conformance.driver, &report);
	else
		print_report(cli, conformance.driver, &report);
	return report.outcomes[CHECK_FAILED] ? EXIT_FOUND : 0;
}
