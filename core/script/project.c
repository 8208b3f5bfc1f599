/* SPDX-License-Identifier: MIT */
#include "script/project.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "script/dialects.h"
#include "script/head.h"

/* The files of one version location. */
struct listing {
	struct retort_arena *arena;
	const struct settings *settings;
	const char *location;
	const char **files; /* relative to the location */
	size_t count;
	const char **folders; /* still to be read, relative; "" is the location itself */
	size_t folder_count;
};

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), end_n = strlen(end);

	return n > end_n && !strcmp(name + n - end_n, end);
}

/* Whether a file of this name is a revision's. Hidden files are editors'. */
static bool is_revision(const struct settings *settings, const char *name)
{
	if (name[0] == '.')
		return false;
	if (ends_with(name, ".yaml") || ends_with(name, ".yml") || ends_with(name, ".json"))
		return true;
	return settings->alembic && ends_with(name, ".py") && !text_starts(name, "__init__");
}

/* Whether an entry is a folder; asks the file system only where reading its folder didn't tell. */
static bool is_folder(const char *folder, const struct dirent *entry, struct retort_arena *arena)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return lstat(path_join(arena, folder, entry->d_name), &status) == 0 && S_ISDIR(status.st_mode);
}

/* Reads one folder of a location. */
static int folder_read(struct listing *listing, const char *folder, struct retort_error *err)
{
	const char *path = *folder ? path_join(listing->arena, listing->location, folder) : listing->location;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir && errno == ENOENT)
		return retort_fail(err, RETORT_E_CONFIG,
			"cannot list the revisions in '%s': there is no such folder: "
			"run 'retort init', or correct script_location or version_locations in %s",
			head_shown_path(listing->arena, path),
			listing->settings->config_shown ? listing->settings->config_shown : "retort.ini");
	if (!dir)
		return file_fail(err, "list the revisions in", head_shown_path(listing->arena, path));
	while ((errno = 0, entry = readdir(dir)) != NULL) {
		bool wanted = is_revision(listing->settings, entry->d_name);
		const char *name;

		if (entry->d_name[0] == '.' || (!wanted && !listing->settings->recursive_version_locations))
			continue;
		name = *folder ? path_join(listing->arena, folder, entry->d_name)
			       : retort_strdup(listing->arena, entry->d_name);
		if (!is_folder(path, entry, listing->arena)) {
			if (wanted)
				RETORT_PUSH(listing->arena, listing->files, listing->count, name);
		} else if (listing->settings->recursive_version_locations &&
			strcmp(entry->d_name, "squashed") && strcmp(entry->d_name, "__pycache__")) {
			/* squashed/: what squash has put away is read only where a database still needs it */
			RETORT_PUSH(listing->arena, listing->folders, listing->folder_count, name);
		}
	}
	if (errno) {
		int saved = errno;

		closedir(dir);
		errno = saved;
		return file_fail(err, "list the revisions in", head_shown_path(listing->arena, path));
	}
	closedir(dir);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists a location with what lies below it, sorted. */
static int location_list(struct listing *listing, struct retort_error *err)
{
	size_t next;

	RETORT_PUSH(listing->arena, listing->folders, listing->folder_count, "");
	for (next = 0; next < listing->folder_count; next++)
		if (folder_read(listing, listing->folders[next], err) < 0)
			return -1;
	if (listing->count)
		qsort(listing->files, listing->count, sizeof *listing->files, compare_names);
	return 0;
}

/* Reads the heads of one location into the graph; a file that was seen in another one is passed over. */
static int location_load(struct project *project, const char *location, struct map *seen,
	struct retort_error *err)
{
	struct listing listing = {.arena = project->arena,
		.settings = project->settings,
		.location = location};
	struct revision *revision;
	const char *path;
	size_t i;
	int ret = 0;

	if (location_list(&listing, err) < 0)
		return -1;
	for (i = 0; i < listing.count; i++) {
		path = path_join(project->arena, location, listing.files[i]);
		if (seen && map_put(seen, path, (char *)path))
			continue;
		if (revision_read_head(project->arena, path, &revision, err) < 0)
			ret = -1;
		else
			graph_add(project->graph, revision);
	}
	return ret;
}

int project_load(struct retort_arena *arena, const struct settings *settings, struct project **ret,
	struct retort_error *err)
{
	struct project *project = retort_alloc(arena, sizeof *project);
	struct map *seen = settings->version_location_count > 1 ? map_new(arena) : NULL;
	int failed = 0;
	size_t i;

	project->arena = arena;
	project->settings = settings;
	project->graph = graph_new(arena);
	project->reader = (struct script_reader){.arena = arena,
		.variables = settings->variables,
		.known_dialect = dialects_accept,
		.context = dialects_load(arena)};
	for (i = 0; i < settings->version_location_count; i++)
		failed |= location_load(project, settings->version_locations[i], seen, err);
	if (failed || graph_build(project->graph, err) < 0)
		return -1;
	*ret = project;
	return 0;
}

bool project_shares_files(const struct project *project, const struct settings *settings)
{
	const struct settings *own = project->settings;

	if (own->version_location_count != settings->version_location_count ||
		own->recursive_version_locations != settings->recursive_version_locations ||
		own->alembic != settings->alembic)
		return false;
	for (size_t i = 0; i < own->version_location_count; i++)
		if (strcmp(own->version_locations[i], settings->version_locations[i]))
			return false;
	return true;
}

struct project *project_share(struct retort_arena *arena, const struct project *project,
	const struct settings *settings)
{
	struct project *copy = retort_alloc(arena, sizeof *copy);

	*copy = *project;
	copy->arena = arena;
	copy->settings = settings;
	copy->reader.arena = arena;
	copy->reader.variables = settings->variables;
	return copy;
}

int project_script(const struct project *project, const struct revision *revision, struct script **ret,
	struct retort_error *err)
{
	if (revision->foreign) {
		retort_fail(err, RETORT_E_FILE, "a Python revision: run it with alembic, then retort adopt");
		retort_error_at(err, project_shown(project, revision->path), 1, 0);
		return -1;
	}
	return script_read(&project->reader, revision->path, ret, err);
}

const char *project_shown(const struct project *project, const char *path)
{
	return head_shown_path(project->arena, path);
}
