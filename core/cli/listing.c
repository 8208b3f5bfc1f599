/* SPDX-License-Identifier: MIT
 *
 * history, heads, branches, current, show: the graph as Alembic prints it. None of them writes to the
 * database.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/listing.h"
#include "engine/history.h"

#define SHOW_PARENTS 1u
#define SHOW_LABELS 2u
#define SHOW_TREE 4u
#define SHOW_MESSAGE 8u

/* What a listing is of: one target's graph and, where it was asked for, its version rows. */
struct listing {
	struct cli *cli;
	struct settings *settings;
	struct project *project;
	bool has_rows;
	struct revision_list rows;
	struct revision_list current;
};

static bool contains(const struct revision_list *list, const struct revision *revision)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == revision)
			return true;
	return false;
}

static void add_list(struct retort_buf *out, const char *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : "", items[i]);
}

static void add_parents(struct retort_buf *out, const struct revision *revision)
{
	if (!revision->parent_count)
		retort_buf_str(out, "<base>");
	for (size_t i = 0; i < revision->parent_count; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : "", revision->parents[i]->id);
}

/* The marks behind an id. */
static void add_marks(struct retort_buf *out, const struct listing *listing, const struct revision *revision,
	unsigned what)
{
	if ((what & SHOW_LABELS) && revision->all_label_count) {
		retort_buf_str(out, " (");
		add_list(out, revision->all_labels, revision->all_label_count);
		retort_buf_char(out, ')');
	}
	if (revision_is_real_head(revision))
		retort_buf_str(out, " (head)");
	else if (revision_is_head(revision))
		retort_buf_str(out, " (effective head)");
	if (cli_flag(listing->cli, OPTION_INDICATE_CURRENT) && contains(&listing->current, revision))
		retort_buf_str(out, " (current)");
	if (!(what & SHOW_TREE))
		return;
	if (revision_is_branch_point(revision))
		retort_buf_str(out, " (branchpoint)");
	if (revision_is_merge_point(revision))
		retort_buf_str(out, " (mergepoint)");
}

/* One line: PARENTS (DEPENDENCIES) -> REV (marks), MESSAGE */
static void print_line(const struct listing *listing, const struct revision *revision, unsigned what,
	const char *lead)
{
	struct retort_buf out;

	retort_buf_init(&out, listing->cli->arena);
	retort_buf_str(&out, lead);
	if (what & SHOW_PARENTS) {
		add_parents(&out, revision);
		if (revision->depends_count) {
			retort_buf_str(&out, " (");
			add_list(&out, revision->depends, revision->depends_count);
			retort_buf_char(&out, ')');
		}
		retort_buf_str(&out, " -> ");
	}
	retort_buf_str(&out, revision->id);
	add_marks(&out, listing, revision, what);
	if (what & SHOW_MESSAGE)
		retort_buf_printf(&out, ", %s", revision->message);
	puts(out.data);
}

/* The message and the header, as the docstring of an Alembic file shows them, indented. */
static void print_document(const struct revision *revision)
{
	const char *line = revision->message;

	while (*line) {
		size_t len = strcspn(line, "\n");

		printf("    %.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
	printf("    \n    Revision ID: %s\n    Revises: ", revision->id);
	for (size_t i = 0; i < revision->parent_count; i++)
		printf("%s%s", i ? ", " : "", revision->parents[i]->id);
	printf("\n    Create Date: %s\n\n", revision->create_date ? revision->create_date : "");
}

static void print_entry(const struct listing *listing, const struct revision *revision)
{
	struct retort_buf out;

	retort_buf_init(&out, listing->cli->arena);
	retort_buf_printf(&out, "Rev: %s", revision->id);
	add_marks(&out, listing, revision, SHOW_TREE);
	retort_buf_str(&out, revision_is_merge_point(revision) ? "\nMerges: " : "\nParent: ");
	add_parents(&out, revision);
	if (revision->depends_count) {
		retort_buf_str(&out, "\nAlso depends on: ");
		add_list(&out, revision->depends, revision->depends_count);
	}
	if (revision_is_branch_point(revision)) {
		retort_buf_str(&out, "\nBranches into: ");
		for (size_t i = 0; i < revision->child_count; i++)
			retort_buf_printf(&out, "%s%s", i ? ", " : "", revision->children[i]->id);
	}
	if (revision->all_label_count) {
		retort_buf_str(&out, "\nBranch names: ");
		add_list(&out, revision->all_labels, revision->all_label_count);
	}
	printf("%s\nPath: %s\n\n", out.data, revision->path);
	print_document(revision);
}

static json_t *parents_json(const struct revision *revision)
{
	json_t *array = json_array();

	for (size_t i = 0; i < revision->parent_count; i++)
		json_array_append_new(array, json_string(revision->parents[i]->id));
	return array;
}

static json_t *revision_json(const struct listing *listing, const struct revision *revision)
{
	json_t *object = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s?, s:s, s:b, s:b, s:b}", "revision",
		revision->id, "down_revision", parents_json(revision), "branch_labels",
		cli_json_strings(revision->all_labels, revision->all_label_count), "depends_on",
		cli_json_strings(revision->depends, revision->depends_count), "message", revision->message,
		"create_date", revision->create_date, "path", revision->path, "is_head",
		revision_is_head(revision), "is_branch_point", revision_is_branch_point(revision),
		"is_merge_point", revision_is_merge_point(revision));

	if (listing->has_rows)
		json_object_set_new(object, "is_current",
			json_boolean(contains(&listing->current, revision)));
	return object;
}

/* Prints a listing: JSON, whole entries with -v (or where asked), else lines. */
static void print_revisions(const struct listing *listing, const struct revision_list *list, unsigned what,
	bool entries, json_t **document)
{
	if (listing->cli->json) {
		*document = json_array();
		for (size_t i = 0; i < list->count; i++)
			json_array_append_new(*document, revision_json(listing, list->items[i]));
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		if (entries)
			print_entry(listing, list->items[i]);
		else
			print_line(listing, list->items[i], what, "");
	}
}

/* Warns of a step that was begun and is neither done nor undone: the rows don't show it. */
static int tell_half_done(struct cli *cli, struct session *session)
{
	struct history_entry *entries;
	size_t count;

	if (history_running(session, &entries, &count, cli->err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		cli_log(cli, LOG_WARNING_LEVEL, "retort.current",
			"the %s of '%s' is half done: %lld of %lld statements: see retort status",
			entries[i].direction, entries[i].revision ? entries[i].revision : "base",
			entries[i].done, entries[i].statements);
	return 0;
}

int listing_rows(struct cli *cli, struct settings *settings, struct project *project,
	struct revision_list *rows)
{
	struct session *session;
	const char **ids;
	size_t count;
	bool exists;
	int failed;

	if (cli_open(cli, settings, true, false, &session) < 0)
		return -1;
	failed = history_rows(session, &ids, &count, &exists, cli->err);
	if (failed == 0 && exists)
		failed = tell_half_done(cli, session);
	cli_close(cli, session);
	if (failed < 0)
		return -1;
	return graph_rows(project->graph, ids, count, rows, cli->err);
}

/* Loads the graph, and the rows where with_rows. */
static int listing_open(struct cli *cli, struct settings *settings, bool with_rows, struct listing *listing)
{
	*listing = (struct listing){.cli = cli, .settings = settings, .has_rows = with_rows};
	if (cli_project(cli, settings, &listing->project) < 0)
		return -1;
	if (!with_rows)
		return 0;
	if (listing_rows(cli, settings, listing->project, &listing->rows) < 0)
		return -1;
	listing->current = graph_current(listing->project->graph, &listing->rows);
	return 0;
}

bool listing_needs_rows(const char *symbol)
{
	if (!symbol)
		return false;
	for (const char *part = symbol; part; part = strchr(part, ':') ? strchr(part, ':') + 1 : NULL) {
		const char *at = strchr(part, '@');
		const char *end = part + strcspn(part, ":");

		if (text_starts(part, "current"))
			return true;
		if (at && at < end)
			part = at + 1;
		if (*part == '+' || *part == '-')
			return true;
	}
	return false;
}

static int history_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	const char *range = cli_value(cli, OPTION_RANGE, NULL);
	struct revision_list list;
	struct listing listing;

	(void)context;
	if (listing_open(cli, settings, cli_flag(cli, OPTION_INDICATE_CURRENT) || listing_needs_rows(range),
		    &listing) < 0)
		return -1;
	if (graph_history(listing.project->graph, range, listing.has_rows ? &listing.rows : NULL, &list,
		    cli->err) < 0)
		return -1;
	print_revisions(&listing, &list, SHOW_PARENTS | SHOW_LABELS | SHOW_TREE | SHOW_MESSAGE,
		cli_flag(cli, OPTION_VERBOSE), document);
	return 0;
}

int command_history(struct cli *cli)
{
	return cli_each_target(cli, history_one, NULL);
}

static int heads_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct revision_list list;
	struct listing listing;

	(void)context;
	if (listing_open(cli, settings, false, &listing) < 0)
		return -1;
	list = graph_heads(listing.project->graph, cli_flag(cli, OPTION_RESOLVE_DEPENDENCIES));
	print_revisions(&listing, &list, SHOW_LABELS, cli_flag(cli, OPTION_VERBOSE), document);
	return 0;
}

int command_heads(struct cli *cli)
{
	return cli_each_target(cli, heads_one, NULL);
}

static int branches_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	struct revision_list points = {0};
	bool verbose = cli_flag(cli, OPTION_VERBOSE);
	struct listing listing;

	(void)context;
	if (listing_open(cli, settings, false, &listing) < 0)
		return -1;
	for (size_t i = listing.project->graph->count; i-- > 0;)
		if (revision_is_branch_point(listing.project->graph->revisions[i]))
			RETORT_PUSH(cli->arena, points.items, points.count,
				listing.project->graph->revisions[i]);
	if (cli->json) {
		print_revisions(&listing, &points, 0, false, document);
		return 0;
	}
	for (size_t i = 0; i < points.count; i++) {
		const struct revision *point = points.items[i];
		const char *lead = retort_printf(cli->arena, "%*s -> ", (int)strlen(point->id), "");

		if (verbose)
			print_entry(&listing, point);
		else
			print_line(&listing, point, SHOW_LABELS | SHOW_TREE, "");
		for (size_t k = 0; k < point->child_count; k++)
			print_line(&listing, point->children[k],
				SHOW_LABELS | SHOW_TREE | (verbose ? SHOW_MESSAGE : 0), lead);
		putchar('\n');
	}
	return 0;
}

int command_branches(struct cli *cli)
{
	return cli_each_target(cli, branches_one, NULL);
}

static int current_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	bool verbose = cli_flag(cli, OPTION_VERBOSE);
	struct listing listing;

	(void)context;
	if (cli->json) {
		if (status_document(cli, settings, document) < 0)
			return -1;
		return cli_flag(cli, OPTION_CHECK_HEADS) &&
				!json_is_true(json_object_get(*document, "is_head"))
			? EXIT_FOUND
			: 0;
	}
	if (listing_open(cli, settings, true, &listing) < 0)
		return -1;
	if (verbose)
		printf("Current revision(s) for %s:\n", url_masked(cli->arena, settings->url));
	print_revisions(&listing, &listing.current, SHOW_TREE, verbose, document);
	if (!cli_flag(cli, OPTION_CHECK_HEADS) || graph_at_heads(listing.project->graph, &listing.rows))
		return 0;
	cli_log(cli, LOG_ERROR_LEVEL, "retort.current", "the database is not at all heads");
	return EXIT_FOUND;
}

int command_current(struct cli *cli)
{
	return cli_each_target(cli, current_one, NULL);
}

static int show_one(struct cli *cli, struct settings *settings, void *context, json_t **document)
{
	const char *symbol = cli_argument(cli, 0, "head");
	bool current = strcmp(symbol, "current") == 0;
	struct revision_list list;
	struct listing listing;

	(void)context;
	if (listing_open(cli, settings, current, &listing) < 0)
		return -1;
	if (current)
		list = listing.current;
	else if (graph_resolve(listing.project->graph, symbol, true, &list, cli->err) < 0)
		return -1;
	print_revisions(&listing, &list, 0, true, document);
	return 0;
}

int command_show(struct cli *cli)
{
	return cli_each_target(cli, show_one, NULL);
}
