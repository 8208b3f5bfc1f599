/* SPDX-License-Identifier: MIT */
#include "engine/verify.h"

#include <string.h>

#include "engine/canonical.h"
#include "engine/history.h"
#include "engine/inspect.h"
#include "engine/planner.h"
#include "model/catalog.h"

/* ---- comparing ---- */

static struct compare_options compare_by(const struct session *session)
{
	return (struct compare_options){.syntax = session->dialect->syntax,
		.ignore_comments = !session_has(session, RETORT_CAP_COMMENTS)};
}

/* Adds a name that is not there yet. */
static void add_name(struct retort_arena *arena, const char ***names, size_t *count, const char *name)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*names)[i], name) == 0)
			return;
	RETORT_PUSH(arena, *names, *count, name);
}

/* The settings that look into every schema that the revisions work in, configured or not. */
static struct settings widen(struct retort_arena *arena, const struct settings *settings,
	const struct retort_schema *replayed)
{
	struct settings wide = *settings;
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < settings->include_schema_count; i++)
		add_name(arena, &names, &count, settings->include_schemas[i]);
	for (size_t i = 0; i < replayed->schema_count; i++)
		add_name(arena, &names, &count, replayed->schemas[i]);
	for (int family = 0; family < FAMILY_COUNT; family++)
		for (size_t i = 0;
			family != FAMILY_EXTENSION && i < family_count(replayed, (enum family)family); i++) {
			const char *name = family_item_schema((enum family)family,
				family_item(replayed, (enum family)family, i));

			if (name)
				add_name(arena, &names, &count, name);
		}
	wide.include_schemas = names;
	wide.include_schema_count = count;
	return wide;
}

/* What inspection finds there. */
static int inspect_wide(struct session *session, struct retort_arena *arena,
	const struct retort_schema *replayed, struct retort_schema **ret, struct retort_error *err)
{
	const struct settings wide = widen(arena, session->settings, replayed);
	struct session looking = *session;

	looking.settings = &wide;
	return inspect_live(&looking, arena, ret, err);
}

int verify_inspect(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **ret, struct retort_error *err)
{
	struct retort_schema *live;
	struct form form;

	if (inspect_wide(session, arena, replayed, &live, err) < 0 ||
		canonical_form(session, arena, live, &form, err) < 0)
		return -1;
	*ret = form.canonical;
	return 0;
}

int verify_schema(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **live, struct difference **ret, size_t *count, struct retort_error *err)
{
	const struct compare_options options = compare_by(session);
	const struct settings wide = widen(arena, session->settings, replayed);
	struct notices notices = {0};
	struct form expected, found;
	struct retort_schema *seen;

	if (inspect_wide(session, arena, replayed, &seen, err) < 0 ||
		canonical_form(session, arena, seen, &found, err) < 0 ||
		canonical_form(session, arena, inspect_filter(arena, &wide, replayed), &expected, err) < 0)
		return -1;
	canonical_lend_enums(session, arena, &found, &expected);
	if (canonical_settle(session, arena, &expected, &found, NULL, &notices, err) < 0)
		return -1;
	for (size_t i = 0; i < notices.count; i++)
		session_log(session, LOG_WARNING_LEVEL, "retort.verify", "%s", notices.items[i]);
	if (live)
		*live = found.canonical;
	canonical_fold(session, arena, &expected, &found);
	compare_schemas(arena, expected.canonical, found.canonical, &options, ret, count);
	return 0;
}

void verify_unchanged(struct session *session, struct retort_arena *arena, const struct retort_schema *before,
	const struct retort_schema *after, struct difference **ret, size_t *count)
{
	const struct compare_options options = compare_by(session);

	compare_schemas(arena, before, after, &options, ret, count);
}

/* ---- a target ---- */

/* Whether replay can tell what the database should hold. */
static int check_state(struct session *session, struct project *project, const struct revision_list *rows,
	struct retort_error *err)
{
	struct revision_list applied = graph_applied(project->graph, rows);
	struct history_entry *running;
	size_t count;

	if (history_running(session, &running, &count, err) < 0)
		return -1;
	if (count)
		return retort_fail(err, RETORT_E_STATE,
			"cannot verify: the %s of '%s' is half done: finish it with retort upgrade or undo "
			"it with retort downgrade first",
			running[0].direction, running[0].revision);
	for (size_t i = 0; i < applied.count; i++)
		if (applied.items[i]->foreign)
			return retort_fail(err, RETORT_E_STATE,
				"cannot verify: '%s' is a Python revision, which retort can't replay: run "
				"retort adopt",
				applied.items[i]->id);
	return 0;
}

/* The applied revisions whose file changed. */
static int find_changed(struct session *session, struct project *project, struct verified *ret,
	struct retort_error *err)
{
	struct history_entry *entries;
	const char **ids;
	size_t entry_count, count;

	if (history_entries(session, &entries, &entry_count, err) < 0 ||
		history_changed(session, project, entries, entry_count, &ids, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct revision *revision = graph_find(project->graph, ids[i]);
		const struct verify_changed changed = {ids[i],
			revision ? project_shown(project, revision->path) : ids[i]};

		RETORT_PUSH(session->arena, ret->changed, ret->changed_count, changed);
	}
	return 0;
}

/* The version rows as revisions. */
static int read_rows(struct session *session, struct project *project, struct revision_list *rows,
	struct retort_error *err)
{
	const char **ids;
	size_t count;
	bool exists;

	return history_rows(session, &ids, &count, &exists, err) < 0
		? -1
		: graph_rows(project->graph, ids, count, rows, err);
}

int verify_database(struct session *session, struct project *project, struct verified *ret,
	struct retort_error *err)
{
	*ret = (struct verified){0};
	if (read_rows(session, project, &ret->rows, err) < 0 ||
		check_state(session, project, &ret->rows, err) < 0 ||
		find_changed(session, project, ret, err) < 0 ||
		plan_replay(session, project, &ret->rows, &ret->replayed, err) < 0)
		return -1;
	return verify_schema(session, session->arena, ret->replayed, NULL, &ret->drift, &ret->drift_count,
		err);
}

/* ---- the way back ---- */

int verify_repair(struct session *session, struct project *project, const struct verified *verified,
	struct sources *sources, struct source **from, struct source **to, struct autogenerated **ret,
	struct retort_error *err)
{
	struct retort_arena *arena = session->arena;
	struct settings *wide = retort_alloc(arena, sizeof *wide);
	struct retort_schema *live;

	*wide = widen(arena, session->settings, verified->replayed);
	if (inspect_wide(session, arena, verified->replayed, &live, err) < 0)
		return -1;
	*sources = (struct sources){.arena = arena,
		.settings = wide,
		.observer = session->observer,
		.listener = session->listener,
		.project = project,
		.target = session,
		.dialect = session};
	*from = retort_alloc(arena, sizeof **from);
	**from = (struct source){.shown = session->shown_url,
		.session = session,
		.schema = live,
		.is_target = true};
	*to = retort_alloc(arena, sizeof **to);
	**to = (struct source){.shown = "history",
		.schema = inspect_filter(arena, wide, verified->replayed),
		.is_history = true};
	return autogenerate(sources, *from, *to, ret, err);
}

/* ---- accepting ---- */

/* The revisions that the symbols name, which must all be applied. */
static int find_accepted(struct session *session, struct project *project, const char *const *symbols,
	size_t n, struct revision_list *ret, struct retort_error *err)
{
	struct revision_list rows, applied;
	bool *there = retort_alloc_array(session->arena, project->graph->count + 1, sizeof *there);

	if (read_rows(session, project, &rows, err) < 0)
		return -1;
	applied = graph_applied(project->graph, &rows);
	for (size_t i = 0; i < applied.count; i++)
		there[applied.items[i]->index] = true;
	for (size_t i = 0; i < n; i++) {
		struct revision_list found;

		if (graph_resolve(project->graph, symbols[i], true, &found, err) < 0)
			return -1;
		for (size_t k = 0; k < found.count; k++) {
			if (!there[found.items[k]->index])
				return retort_fail(err, RETORT_E_STATE,
					"cannot accept the file of '%s': the revision is not applied",
					found.items[k]->id);
			RETORT_PUSH(session->arena, ret->items, ret->count, found.items[k]);
		}
	}
	return 0;
}

/* Records one file as it is. The row says no more than that: what undoes the upgrade stays as it ran. */
static int accept_one(struct session *session, struct project *project, struct revision *revision,
	struct retort_error *err)
{
	struct history_entry entry = {.revision = revision->id,
		.direction = "accept",
		.message = "the file as it is now is what was applied",
		.state = "done"};
	struct script *script;

	if (project_script(project, revision, &script, err) < 0)
		return -1;
	entry.checksum = script->checksum;
	entry.file_hash = history_file_hash(session->arena, script);
	entry.started_at = entry.finished_at = history_now(session->arena);
	return history_add(session, &entry, err);
}

int verify_accept(struct session *session, struct project *project, const char *const *symbols, size_t n,
	struct revision_list *accepted, struct retort_error *err)
{
	struct revision_list wanted = {0};
	struct verified verified = {0};
	int ret = 0;

	*accepted = (struct revision_list){0};
	if (find_accepted(session, project, symbols, n, &wanted, err) < 0 ||
		find_changed(session, project, &verified, err) < 0)
		return -1;
	for (size_t i = 0; i < wanted.count; i++)
		for (size_t k = 0; k < verified.changed_count; k++)
			if (strcmp(verified.changed[k].revision, wanted.items[i]->id) == 0) {
				RETORT_PUSH(session->arena, accepted->items, accepted->count,
					wanted.items[i]);
				break;
			}
	if (!accepted->count)
		return 0;
	if (session_begin(session, 0, err) < 0)
		return -1;
	for (size_t i = 0; ret == 0 && i < accepted->count; i++)
		ret = accept_one(session, project, accepted->items[i], err);
	if (ret == 0 && session_commit(session, err) == 0)
		return 0;
	session_rollback(session);
	return -1;
}
