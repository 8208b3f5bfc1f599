/* SPDX-License-Identifier: MIT
 *
 * status: where every target is.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/listing.h"
#include "engine/history.h"

/* What the database and the files say of one target. */
struct status {
	struct revision_list rows, current;
	size_t pending;
	bool is_head;
	const struct history_entry
		*partial;                 /* a step that was begun and is neither done nor undone; or NULL */
	const struct history_entry *last; /* the newest of all; or NULL */
	const char **changed;             /* applied revisions whose file changed since */
	size_t changed_count;
	const char *url;
};

static int read_status(struct cli *cli, struct settings *settings, struct status *status)
{
	struct history_entry *entries;
	struct project *project;
	struct session *session;
	const char **ids;
	size_t id_count, entry_count;
	bool exists;
	int failed;

	*status = (struct status){0};
	if (cli_project(cli, settings, &project) < 0 || cli_open(cli, settings, true, false, &session) < 0)
		return -1;
	failed = history_rows(session, &ids, &id_count, &exists, cli->err) < 0 ||
		graph_rows(project->graph, ids, id_count, &status->rows, cli->err) < 0 ||
		history_entries(session, &entries, &entry_count, cli->err) < 0 ||
		history_changed(session, project, entries, entry_count, &status->changed,
			&status->changed_count, cli->err) < 0;
	status->url = session->shown_url;
	cli_close(cli, session);
	if (failed)
		return -1;
	status->current = graph_current(project->graph, &status->rows);
	status->is_head = graph_at_heads(project->graph, &status->rows);
	status->pending = project->graph->count - graph_applied(project->graph, &status->rows).count;
	if (entry_count)
		status->last = &entries[0];
	for (size_t i = 0; i < entry_count && !status->partial; i++)
		if (strcmp(entries[i].state, "running") == 0)
			status->partial = &entries[i];
	return 0;
}

static json_t *partial_json(const struct history_entry *partial)
{
	if (!partial)
		return json_null();
	return json_pack("{s:s, s:s, s:I, s:I, s:s?}", "revision", partial->revision, "direction",
		partial->direction, "done", (json_int_t)partial->done, "total",
		(json_int_t)partial->statements, "error", partial->error);
}

static json_t *last_json(const struct history_entry *last)
{
	if (!last)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s?, s:s?}", "revision", last->revision, "direction",
		last->direction, "state", last->state, "finished_at", last->finished_at, "applied_by",
		last->applied_by);
}

int status_document(struct cli *cli, struct settings *settings, json_t **document)
{
	struct status status;
	json_t *revisions;

	if (read_status(cli, settings, &status) < 0)
		return -1;
	revisions = json_array();
	for (size_t i = 0; i < status.current.count; i++)
		json_array_append_new(revisions, json_string(status.current.items[i]->id));
	*document = json_pack("{s:s?, s:s, s:o, s:b, s:I, s:o, s:o, s:o}", "target", settings->target, "url",
		status.url, "revisions", revisions, "is_head", status.is_head, "pending",
		(json_int_t)status.pending, "partial", partial_json(status.partial), "last",
		last_json(status.last), "changed", cli_json_strings(status.changed, status.changed_count));
	return 0;
}

static void print_status(const struct settings *settings, const struct status *status)
{
	printf("%s  %s\n  current: ", settings->target ? settings->target : "database", status->url);
	for (size_t i = 0; i < status->current.count; i++)
		printf("%s%s", i ? ", " : "", status->current.items[i]->id);
	printf("%s%s\n  pending: %zu\n", status->current.count ? "" : "<base>",
		status->is_head ? " (head)" : "", status->pending);
	if (status->partial)
		printf("  partial: %s %s, %lld of %lld statements done%s%s\n", status->partial->direction,
			status->partial->revision, status->partial->done, status->partial->statements,
			status->partial->error ? ": " : "",
			status->partial->error ? status->partial->error : "");
	if (status->last)
		printf("  last:    %s %s, %s at %s by %s\n", status->last->direction, status->last->revision,
			status->last->state,
			status->last->finished_at ? status->last->finished_at : status->last->started_at,
			status->last->applied_by ? status->last->applied_by : "?");
	for (size_t i = 0; i < status->changed_count; i++)
		printf("  changed: %s: its file is not what was applied\n", status->changed[i]);
}

static int status_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct status status;

	(void)context;
	if (cli->json)
		return status_document(cli, settings, document);
	if (read_status(cli, settings, &status) < 0)
		return -1;
	print_status(settings, &status);
	return 0;
}

int command_status(struct cli *cli)
{
	return cli_each_target(cli, status_one, NULL);
}
