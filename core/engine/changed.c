/* SPDX-License-Identifier: MIT
 *
 * Files that changed after they were applied: a hash of the bytes is the fast hint, the checksum of the
 * parsed operations decides.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/map.h"
#include "engine/history.h"

/* The hash of a revision's file; 0: it can't be read. */
static uint64_t hash_file(const struct revision *revision)
{
	struct retort_arena *scratch;
	uint64_t hash = revision->file_hash;
	char *text;
	size_t len;

	if (hash)
		return hash;
	scratch = retort_arena_new();
	if (file_read(scratch, revision->path, YAML_MAX_SIZE, &text, &len, NULL) == 0)
		hash = digest_quick(text, len);
	retort_arena_free(scratch);
	return hash;
}

/* Whether an operation's checksum covers other files. */
static bool names_files(const struct retort_op *const *ops, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct retort_op *op = ops[i];
		const struct retort_text *texts[] = {
			op->sql,
			op->where,
			op->view ? op->view->query : NULL,
			op->routine ? op->routine->body : NULL,
			op->trigger ? op->trigger->body : NULL,
		};

		if (op->rows && (op->rows->csv || op->rows->json))
			return true;
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
			if (texts[k] && texts[k]->file)
				return true;
			for (size_t v = 0; texts[k] && v < texts[k]->variant_count; v++)
				if (texts[k]->variants[v].file)
					return true;
		}
	}
	return false;
}

const char *history_file_hash(struct retort_arena *arena, const struct script *script)
{
	uint64_t hash = hash_file(script->revision);
	bool others = names_files(script->upgrade, script->upgrade_count) ||
		names_files(script->downgrade, script->downgrade_count);

	return hash ? retort_printf(arena, "%016" PRIx64 "%s", hash, others ? "+" : "") : NULL;
}

/* Whether the file of an applied revision has other operations than those that were applied. */
static bool is_changed(struct project *project, const struct revision *revision,
	const struct history_entry *entry)
{
	struct retort_error *ignored;
	struct script *script;
	uint64_t hash;
	bool changed;

	if (!entry->checksum || revision->foreign)
		return false;
	if (entry->file_hash && !strchr(entry->file_hash, '+')) {
		hash = hash_file(revision);
		if (hash && hash == strtoull(entry->file_hash, NULL, 16))
			return false;
	}
	ignored = retort_error_new();
	/* A file that no longer loads is certainly not what was applied. */
	changed = project_script(project, revision, &script, ignored) < 0 ||
		strcmp(script->checksum, entry->checksum) != 0;
	retort_error_free(ignored);
	return changed;
}

/* The newest entry of each revision that made it applied. */
static struct map *newest_entries(struct retort_arena *arena, const struct history_entry *entries,
	size_t count)
{
	struct map *newest = map_new(arena);

	for (size_t i = 0; i < count; i++) {
		const struct history_entry *entry = &entries[i];

		if (entry->revision && entry->state && strcmp(entry->state, "done") == 0 &&
			entry->direction && strcmp(entry->direction, "downgrade") != 0 &&
			!map_get(newest, entry->revision))
			map_put(newest, entry->revision, (void *)(uintptr_t)entry);
	}
	return newest;
}

int history_changed(struct session *session, struct project *project, const struct history_entry *entries,
	size_t entry_count, const char ***changed, size_t *count, struct retort_error *err)
{
	struct retort_arena *scratch;
	struct revision_list rows, applied;
	struct map *newest;
	const char **ids;
	size_t id_count;
	bool exists;

	*changed = NULL;
	*count = 0;
	if (!entry_count)
		return 0;
	if (history_rows(session, &ids, &id_count, &exists, err) < 0 ||
		graph_rows(project->graph, ids, id_count, &rows, err) < 0)
		return -1;
	scratch = retort_arena_new();
	newest = newest_entries(scratch, entries, entry_count);
	applied = graph_applied(project->graph, &rows);
	for (size_t i = 0; i < applied.count; i++) {
		const struct history_entry *entry = map_get(newest, applied.items[i]->id);

		if (entry && is_changed(project, applied.items[i], entry))
			RETORT_PUSH(session->arena, *changed, *count, applied.items[i]->id);
	}
	retort_arena_free(scratch);
	return 0;
}
