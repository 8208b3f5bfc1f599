/* SPDX-License-Identifier: MIT */
#include "engine/verify.h"

#include <string.h>

#include "engine/history.h"
#include "engine/inspect.h"
#include "engine/planner.h"
#include "model/catalog.h"

/* ---- comparing ---- */

/* Both sides of one comparison, and how it is made. */
struct sides {
	struct session *session;
	struct retort_arena *arena;
	struct compare_options options;
	const struct retort_schema *replayed;
	struct retort_schema *live;
	struct retort_schema *settled; /* replayed, in the engine's own words */
	struct retort_error *err;
};

static struct compare_options compare_by(const struct session *session)
{
	return (struct compare_options){.syntax = session->dialect->syntax,
		.ignore_comments = !session_has(session, RETORT_CAP_COMMENTS)};
}

/* Normalises a schema, as a new one: a dialect may put other objects in the place of those that have been
 * looked up by name. */
static int normalize(const struct session *session, struct retort_arena *arena, struct retort_schema **schema,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = session->dialect;

	*schema = retort_schema_copy(arena, *schema);
	if (dialect->normalize && dialect->normalize(arena, *schema, err) < 0)
		return -1;
	*schema = retort_schema_copy(arena, *schema);
	return 0;
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

int verify_inspect(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **ret, struct retort_error *err)
{
	const struct settings wide = widen(arena, session->settings, replayed);
	struct session looking = *session;

	looking.settings = &wide;
	return inspect_live(&looking, arena, ret, err) < 0 ? -1 : normalize(session, arena, ret, err);
}

/* Tables that differ as they stand are made canonical by the driver, where it can. */
static int settle_tables(struct sides *sides)
{
	const struct retort_driver *driver = sides->session->driver;
	struct retort_schema *plain = retort_schema_copy(sides->arena, sides->replayed);
	struct difference *differences;
	size_t count;

	if (!driver->canonical)
		return 0;
	if (normalize(sides->session, sides->arena, &plain, sides->err) < 0)
		return -1;
	for (size_t i = 0; i < sides->replayed->table_count; i++) {
		const struct retort_table *table = sides->replayed->tables[i], *other;
		struct retort_table *canonical;

		other = retort_schema_table(sides->live, table->schema, table->name);
		if (!other)
			continue;
		compare_tables(sides->arena, retort_schema_table(plain, table->schema, table->name), other,
			&sides->options, &differences, &count);
		if (!count)
			continue;
		if (driver->canonical(sides->session->conn, table, sides->arena, &canonical, sides->err) < 0)
			return -1;
		retort_schema_put_table(sides->settled, canonical);
	}
	return 0;
}

/* Views, routines, triggers and domains in the engine's own words. */
static int settle_objects(struct sides *sides)
{
	const struct retort_driver *driver = sides->session->driver;
	struct retort_schema *objects = retort_schema_copy(sides->arena, sides->settled), *canonical;

	if (!driver->canonical_objects)
		return 0;
	objects->table_count = 0;
	if (driver->canonical_objects(sides->session->conn, objects, sides->arena, &canonical, sides->err) <
		0)
		return -1;
	for (int family = FAMILY_DOMAIN; family <= FAMILY_TRIGGER; family++)
		for (size_t i = 0; i < family_count(canonical, (enum family)family); i++)
			catalog_put(sides->settled, (enum family)family,
				family_item(canonical, (enum family)family, i));
	return 0;
}

int verify_schema(struct session *session, struct retort_arena *arena, const struct retort_schema *replayed,
	struct retort_schema **live, struct difference **ret, size_t *count, struct retort_error *err)
{
	const struct settings wide = widen(arena, session->settings, replayed);
	struct sides sides = {.session = session,
		.arena = arena,
		.options = compare_by(session),
		.replayed = inspect_filter(arena, &wide, replayed),
		.err = err};

	sides.settled = retort_schema_copy(arena, sides.replayed);
	if (verify_inspect(session, arena, replayed, &sides.live, err) < 0 || settle_tables(&sides) < 0 ||
		settle_objects(&sides) < 0 || normalize(session, arena, &sides.settled, err) < 0)
		return -1;
	compare_schemas(arena, sides.settled, sides.live, &sides.options, ret, count);
	if (live)
		*live = sides.live;
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
	struct retort_schema *replayed;

	*ret = (struct verified){0};
	if (read_rows(session, project, &ret->rows, err) < 0 ||
		check_state(session, project, &ret->rows, err) < 0 ||
		find_changed(session, project, ret, err) < 0 ||
		plan_replay(session, project, &ret->rows, &replayed, err) < 0)
		return -1;
	return verify_schema(session, session->arena, replayed, NULL, &ret->drift, &ret->drift_count, err);
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
