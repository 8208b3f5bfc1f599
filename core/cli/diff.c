/* SPDX-License-Identifier: MIT
 *
 * diff and check, and what revision --autogenerate and migrate write.
 */
#include "cli/diff.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "engine/autogenerate_file.h"
#include "engine/plan_live.h"
#include "engine/planner.h"

/* ---- comparing ---- */

/* Opens both and finds the difference; what was opened stays so until compared_close. current: a target that
 * is behind is refused. */
static int compare(struct cli *cli, struct settings *settings, struct project *project, const char *from,
	const char *to, bool current, struct compared *ret)
{
	const char *words[] = {from, to};
	struct sources *sources = &ret->sources;

	*ret = (struct compared){.sources = {.arena = cli->arena,
					 .loader = cli_loader(cli, settings),
					 .settings = settings,
					 .observer = &cli->observer,
					 .listener = &cli->listener,
					 .dialect_word = cli_value(cli, OPTION_DIALECT, NULL),
					 .project = project}};
	if (sources_open(sources, words, 2, cli->err) < 0) {
		const struct retort_problem *problem = retort_error_first(cli->err);

		if (problem && problem->code == RETORT_E_CONNECT && strcmp(from, "db") == 0)
			retort_error_prefix(cli->err,
				"cannot compare with the database (history in its place needs none)");
		return -1;
	}
	cli_signals_session(sources->opened_count ? sources->opened[0] : NULL);
	if (current && strcmp(from, "db") == 0 && autogenerate_current(sources, cli->err) < 0)
		return -1;
	if (sources_load(sources, from, to, &ret->from, &ret->to, cli->err) < 0 ||
		autogenerate(sources, ret->from, ret->to, &ret->found, cli->err) < 0)
		return -1;
	for (size_t i = 0; i < ret->found->warning_count; i++)
		cli_log(cli, LOG_WARNING_LEVEL, "retort.autogenerate", "%s", ret->found->warnings[i]);
	return 0;
}

static void compared_close(struct compared *compared)
{
	cli_signals_session(NULL);
	sources_close(&compared->sources);
}

/* ---- as data ---- */

static json_t *change_json(struct cli *cli, const struct diff_change *change)
{
	const struct retort_op *op = change->op;
	struct retort_buf body;
	json_t *ops, *detail = NULL;

	retort_buf_init(&body, cli->arena);
	script_ops_json(&body, &op, 1);
	ops = json_loads(body.data, 0, NULL);
	if (ops)
		detail = json_incref(json_object_get(json_array_get(ops, 0), retort_op_word(op)));
	json_decref(ops);
	return json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:b, s:s?, s:o?}", "operation", retort_op_word(op),
		"schema", op->schema, "table", op->table, "name", op->name, "description",
		retort_op_describe(cli->arena, op), "loses", change->loses, "note", change->note, "detail",
		detail);
}

json_t *diff_changes_json(struct cli *cli, const struct compared *compared)
{
	json_t *changes = json_array();

	for (size_t i = 0; i < compared->found->diff.change_count; i++)
		json_array_append_new(changes, change_json(cli, &compared->found->diff.changes[i]));
	return changes;
}

static json_t *compared_json(struct cli *cli, const struct settings *settings,
	const struct compared *compared)
{
	return json_pack("{s:s?, s:s, s:s, s:o, s:o}", "target", settings->target, "from",
		compared->from->shown, "to", compared->to->shown, "changes", diff_changes_json(cli, compared),
		"warnings", cli_json_strings(compared->found->warnings, compared->found->warning_count));
}

/* ---- for people ---- */

int diff_print_operations(struct cli *cli, struct compared *compared)
{
	struct file_ops up, down;
	struct retort_buf out;

	if (autogenerate_file(&compared->sources, compared->from, compared->to, compared->found, &up, &down,
		    cli->err) < 0)
		return -1;
	retort_buf_init(&out, cli->arena);
	script_write_noted(&out, up.ops, up.notes, up.count, 0);
	fputs(out.data, stdout);
	return 0;
}

int diff_print_sql(struct cli *cli, struct compared *compared)
{
	struct session *session = compared->sources.dialect;
	const struct diff *diff = &compared->found->diff;
	const struct retort_op **ops = retort_alloc_array(cli->arena, diff->change_count + 1, sizeof *ops);
	struct retort_schema *schema = retort_schema_copy(cli->arena, compared->found->before);
	struct retort_plan *plan;
	bool looked = false;

	for (size_t i = 0; i < diff->change_count; i++) {
		struct retort_op *op = (struct retort_op *)diff->changes[i].op;

		/* what is said to this engine alone */
		if (op->cast && op->cast->variant_count)
			op->cast = retort_text_new(cli->arena, op->cast->variants[0].sql);
		ops[i] = op;
	}
	if (plan_live(session, schema, ops, diff->change_count, &looked, cli->err) < 0 ||
		plan_render(session, schema, ops, diff->change_count, &plan, cli->err) < 0)
		return -1;
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];

		if (statement->description)
			printf("-- %s%s\n", statement->description,
				statement->flags & RETORT_STMT_DESTRUCTIVE ? " (destructive)" : "");
		printf("%s;\n\n", statement->sql);
	}
	for (size_t i = 0; i < plan->note_count; i++)
		printf("-- note: %s\n", plan->notes[i]);
	return 0;
}

/* ---- the commands ---- */

static const char *const formats[] = {"operations", "sql", "json"};
enum { AS_OPERATIONS, AS_SQL, AS_JSON, FORMATS };

static int find_format(struct cli *cli, int *ret)
{
	const char *word = cli_value(cli, OPTION_AS, cli->json ? "json" : "operations");

	for (*ret = 0; *ret < FORMATS; ++*ret)
		if (strcmp(formats[*ret], word) == 0)
			return 0;
	return retort_fail(cli->err, RETORT_E_USAGE, "--as is %s, not '%s'",
		text_list(cli->arena, formats, FORMATS, 0), text_echo(cli->arena, word, 60));
}

static int diff_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	int format = *(const int *)context, failed;
	struct compared compared;

	failed = compare(cli, settings, NULL, cli_argument(cli, 0, "db"), cli_argument(cli, 1, "schema"),
		false, &compared);
	if (failed == 0 && (cli->json || format == AS_JSON)) {
		json_t *json = compared_json(cli, settings, &compared);

		if (cli->json)
			*document = json;
		else
			cli_print_json(json);
	} else if (failed == 0 && !compared.found->diff.change_count) {
		cli_log(cli, LOG_INFO_LEVEL, "retort.autogenerate", "no differences between '%s' and '%s'",
			compared.from->shown, compared.to->shown);
	} else if (failed == 0) {
		failed = format == AS_SQL ? diff_print_sql(cli, &compared)
					  : diff_print_operations(cli, &compared);
	}
	compared_close(&compared);
	return failed;
}

int command_diff(struct cli *cli)
{
	int format;

	if (find_format(cli, &format) < 0)
		return -1;
	return cli_each_target(cli, diff_one, &format);
}

static int check_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct compared compared;
	int failed;

	(void)context;
	failed = compare(cli, settings, NULL, cli_value(cli, OPTION_FROM, "db"),
		cli_value(cli, OPTION_TO, "schema"), true, &compared);
	if (failed == 0 && cli->json)
		*document = compared_json(cli, settings, &compared);
	for (size_t i = 0; failed == 0 && !cli->json && i < compared.found->diff.change_count; i++)
		puts(retort_op_describe(cli->arena, compared.found->diff.changes[i].op));
	if (failed == 0 && !cli->json && !compared.found->diff.change_count)
		puts("No new upgrade operations detected.");
	if (failed == 0 && compared.found->diff.change_count)
		failed = EXIT_FOUND;
	compared_close(&compared);
	return failed;
}

int command_check(struct cli *cli)
{
	return cli_each_target(cli, check_one, NULL);
}

int diff_revision(struct cli *cli, struct settings *settings, struct project *project,
	struct project_new *what, bool *nothing)
{
	const char *from = cli_value(cli, OPTION_FROM, "db"), *to = cli_value(cli, OPTION_TO, "schema");
	struct compared compared;
	struct file_ops up, down;
	int failed = compare(cli, settings, project, from, to, true, &compared);

	*nothing = failed == 0 && !compared.found->diff.change_count;
	if (failed == 0)
		failed = autogenerate_file(&compared.sources, compared.from, compared.to, compared.found, &up,
			&down, cli->err);
	compared_close(&compared);
	if (failed)
		return -1;
	for (size_t i = 0; i < compared.found->diff.change_count; i++)
		cli_log(cli, LOG_INFO_LEVEL, "retort.autogenerate", "detected: %s",
			retort_op_describe(cli->arena, compared.found->diff.changes[i].op));
	if (*nothing)
		cli_log(cli, LOG_INFO_LEVEL, "retort.autogenerate",
			"no differences between '%s' and '%s': no file is written", compared.from->shown,
			compared.to->shown);
	what->upgrade = up.ops;
	what->upgrade_notes = up.notes;
	what->upgrade_count = up.count;
	what->downgrade = down.ops;
	what->downgrade_notes = down.notes;
	what->downgrade_count = down.count;
	return 0;
}
