/* SPDX-License-Identifier: MIT */
#include "script/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "script/config_keys.h"
#include "script/variables.h"

enum { LARGEST = 16 << 20, ECHOED = 200 };

static const char how_to_start[] = "run 'retort init' to start a project here, or name its file with -c";

int config_fault(const struct config_loading *load, unsigned line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	retort_vfail(load->err, RETORT_E_CONFIG, format, ap);
	va_end(ap);
	retort_error_at(load->err, load->path, line, 0);
	return -1;
}

/* ---- the file ---- */

/* Finds the file: -c, RETORT_CONFIG, retort.ini, alembic.ini. */
static int locate(struct config_loading *load)
{
	static const char *const usual[] = {"retort.ini", "alembic.ini"};
	const char *named = load->options->config, *environment = getenv("RETORT_CONFIG");
	size_t i;

	if (!named && environment && *environment)
		named = environment;
	if (named) {
		load->path = named;
		if (!file_exists(named))
			return retort_fail(load->err, RETORT_E_CONFIG,
				"cannot find the configuration '%s': %s",
				text_echo(load->arena, named, ECHOED), how_to_start);
		return 0;
	}
	for (i = 0; i < sizeof usual / sizeof *usual && !load->path; i++)
		if (file_exists(usual[i]))
			load->path = usual[i];
	if (!load->path && !load->options->no_config)
		return retort_fail(load->err, RETORT_E_CONFIG, "there is no retort.ini here: %s",
			how_to_start);
	return 0;
}

/* Whether a line of text is [name]. */
static bool has_header(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; text; text = strchr(text, '\n')) {
		text += strspn(text, "\n\xef\xbb\xbf \t");
		if (*text == '[' && !strncmp(text + 1, name, n) && text[1 + n] == ']')
			return true;
	}
	return false;
}

/* Reads the file, whose kind its sections tell. */
static int read_file(struct config_loading *load)
{
	const struct config_options *options = load->options;
	struct ini *ini;
	char *text;
	size_t n;

	load->main = options->section ? options->section : "retort";
	load->folder = path_absolute(load->arena, load->path ? path_folder(load->arena, load->path) : ".");
	if (!load->path)
		return 0;
	if (file_read(load->arena, load->path, LARGEST, &text, &n, load->err) < 0)
		return -1;
	load->alembic = !has_header(text, "retort") &&
		(has_header(text, "alembic") || !strcmp(path_name(load->path), "alembic.ini"));
	if (load->alembic && !options->section)
		load->main = "alembic";
	if (ini_parse(load->arena, load->path, text, n, load->alembic ? INI_PYTHON : INI_RETORT, &ini,
		    load->err) < 0)
		return -1;
	load->ini = ini;
	if (!ini->count)
		return config_fault(load, 0,
			"the configuration is empty: write a section [%s] with url = ..., or remove it and "
			"%s",
			load->main, how_to_start);
	if (!ini_section(ini, load->main))
		return config_fault(load, 0, "there is no section [%s]",
			text_echo(load->arena, load->main, ECHOED));
	return 0;
}

/* ---- values ---- */

const struct ini_section *config_section(const struct config_loading *load,
	const struct config_target *target, const char *part)
{
	const char *name = target ? target->section->name : load->main;

	if (!load->ini)
		return NULL;
	return ini_section(load->ini, *part ? retort_printf(load->arena, "%s.%s", name, part) : name);
}

/* The entry of a key in alembic.ini, which had another name for one of them before version 1.16. */
static const struct ini_entry *alembic_entry(const struct ini_section *section, const struct config_key *key)
{
	const struct ini_entry *entry = key->alembic && !key->part ? ini_entry(section, key->alembic) : NULL;

	if (!entry && key->alembic && !strcmp(key->alembic, "path_separator"))
		entry = ini_entry(section, "version_path_separator");
	return entry;
}

/* A value of alembic.ini; NULL also where it can't be replaced, which config_check tells. */
static const char *alembic_value(const struct config_loading *load, const struct ini_section *section,
	const struct config_key *key, unsigned *line)
{
	const struct ini_entry *entry = alembic_entry(section, key);
	const char *value = NULL;

	if (!entry)
		return NULL;
	*line = entry->line;
	variables_interpolate(load->arena, load->ini, section, entry, load->folder, &value, load->err);
	/* what its templates put where a URL belongs */
	if (value && key->kind == CONFIG_URL && !strcmp(value, "driver://user:pass@localhost/dbname"))
		return NULL;
	return value;
}

const char *config_value(const struct config_loading *load, const struct config_target *target,
	const struct config_key *key, enum config_level level, const char **missing, unsigned *line)
{
	const char *part = key->part ? key->part : "", *name;
	const struct ini_section *section;
	const struct ini_entry *entry;

	*missing = NULL;
	*line = 0;
	if (key->of_target && level != LEVEL_TARGET)
		return NULL;
	if (level == LEVEL_ENVIRONMENT) {
		name = config_key_environment(load->arena, key);
		name = name ? getenv(name) : NULL;
		return name && *name ? name : NULL;
	}
	if (!load->ini || level == LEVEL_INITIAL || (level == LEVEL_TARGET && !target))
		return NULL;
	section = config_section(load, level == LEVEL_TARGET ? target : NULL, part);
	if (load->alembic)
		return alembic_value(load, section, key, line);
	entry = ini_entry(section, key->name);
	if (!entry)
		return NULL;
	*line = entry->line;
	if (key->kind == CONFIG_COMMAND)
		return variables_expand_command(load->arena, entry->whole, load->folder, missing);
	return variables_expand(load->arena, key->kind == CONFIG_QUERY ? entry->whole : entry->value,
		load->folder, missing);
}

/* The nearest level at which a key is given. With a rival an empty value is not given. */
static enum config_level level_of(const struct config_loading *load, const struct config_target *target,
	const struct config_key *key)
{
	enum config_level level;
	const char *text, *missing;
	unsigned line;

	for (level = LEVEL_ENVIRONMENT; level < LEVEL_INITIAL; level++) {
		text = config_value(load, target, key, level, &missing, &line);
		if (missing || (text && (*text || !key->rival)))
			break;
	}
	return level;
}

/* ---- settings ---- */

/* Where Alembic would find the folder: below the file, below the working directory, in a package. */
static const char *alembic_folder(const struct config_loading *load, const char *text)
{
	const char *here = path_absolute(load->arena, path_join(load->arena, load->folder, text)), *other;
	const char *colon = strchr(text, ':');
	char *package, *c;

	if (file_is_folder(here))
		return here;
	other = path_absolute(load->arena, text);
	if (file_is_folder(other))
		return other;
	if (colon) {
		package = retort_strndup(load->arena, text, (size_t)(colon - text));
		for (c = package; *c; c++)
			if (*c == '.')
				*c = '/';
		other = path_join(load->arena, load->folder,
			retort_printf(load->arena, "%s/%s", package, colon + 1));
		if (file_is_folder(other))
			return path_absolute(load->arena, other);
	}
	return here;
}

/* Reads one key into settings from the level where it is given. */
static void key_apply(const struct config_loading *load, const struct config_target *target,
	const struct config_key *key, struct settings *settings)
{
	enum config_level level = level_of(load, target, key);
	const char *text, *missing;
	unsigned line;

	if (key->rival &&
		level_of(load, target, config_key_find(key->part ? key->part : "", key->rival)) < level)
		level = LEVEL_INITIAL;
	text = config_value(load, target, key, level, &missing, &line);
	if (key->kind == CONFIG_URL) {
		settings->url_missing = missing;
		settings->url_line = line;
	} else if (!strcmp(key->name, "url_command") && level != LEVEL_INITIAL) {
		settings->url_missing = missing;
		settings->url_line = line;
	}
	if (key->of_target && level == LEVEL_TARGET && strcmp(key->name, "targets_url"))
		settings->targets_line = line;
	if ((!text || !*text) && load->alembic && !strcmp(key->name, "version_table"))
		text = "alembic_version";
	config_key_read(load->arena, key, text ? text : "", level == LEVEL_ENVIRONMENT ? "." : load->folder,
		settings, NULL);
	if (load->alembic && level == LEVEL_MAIN && text && *text && !strcmp(key->name, "script_location"))
		settings->script_location = alembic_folder(load, text);
}

/* The options' and the environment's folders of drivers before those of the file. */
static void driver_path_apply(const struct config_loading *load, struct settings *settings)
{
	/* like the loader: whoever starts a set-uid program must not choose what it loads */
	const char *const before[] = {load->options->driver_path, secure_getenv("RETORT_DRIVER_PATH")};
	const struct config_key *key = config_key_find("", "driver_path");
	const char **all = NULL;
	struct settings part;
	size_t count = 0, i, k;

	for (i = 0; i <= sizeof before / sizeof *before; i++) {
		part = *settings;
		if (i < sizeof before / sizeof *before)
			config_key_read(load->arena, key, before[i] ? before[i] : "", ".", &part, NULL);
		for (k = 0; k < part.driver_path_count; k++)
			RETORT_PUSH(load->arena, all, count, part.driver_path[k]);
	}
	settings->driver_path = all;
	settings->driver_path_count = count;
}

static void variables_add(const struct config_loading *load, const struct ini_section *section,
	struct map *variables)
{
	const char *value, *missing;
	size_t i;

	for (i = 0; section && i < section->count; i++) {
		value = variables_expand(load->arena, section->entries[i].value, load->folder, &missing);
		map_put(variables, section->entries[i].key,
			value ? (char *)value : retort_strdup(load->arena, ""));
	}
}

/* The variables of the file, then those that the environment and -x override. */
static struct map *variables_of(const struct config_loading *load, const struct config_target *target)
{
	struct map *variables = map_new(load->arena);
	const char *name, *value;
	void *cursor = NULL;
	size_t i, n;

	variables_add(load, config_section(load, NULL, "variables"), variables);
	if (target)
		variables_add(load, config_section(load, target, "variables"), variables);
	while (map_next(variables, &cursor, &name, NULL)) {
		struct config_key key = {.name = name};

		value = config_key_find("", name) ? NULL : getenv(config_key_environment(load->arena, &key));
		if (value)
			map_put(variables, name, retort_strdup(load->arena, value));
	}
	for (i = 0; i < load->options->variable_count; i++) {
		value = load->options->variables[i];
		n = strcspn(value, "=");
		map_put(variables, retort_strndup(load->arena, value, n),
			retort_strdup(load->arena, value + n + (value[n] == '=')));
	}
	return variables;
}

/* The settings of a target; all they come from has been checked. */
static void settings_add(const struct config_loading *load, const struct config_target *target)
{
	struct settings *settings = retort_alloc(load->arena, sizeof *settings);
	struct config *config = load->config;
	const char *fallback = getenv("DATABASE_URL"), **versions;
	size_t i;

	settings->target = target ? target->name : NULL;
	settings->target_globs = target ? target->globs : NULL;
	settings->target_glob_count = target ? target->glob_count : 0;
	settings->config_path = load->path ? path_absolute(load->arena, load->path) : NULL;
	settings->config_shown = load->path;
	settings->folder = load->folder;
	settings->alembic = load->alembic;
	settings->naming = naming_default;
	for (i = 0; i < config_key_count; i++)
		key_apply(load, target, &config_keys[i], settings);
	if (load->options->url) {
		settings->url = load->options->url;
		settings->url_command = settings->url_missing = NULL;
		settings->url_line = 0;
	}
	if (!settings->url && !settings->url_command && !settings->url_missing && fallback && *fallback)
		settings->url = retort_strdup(load->arena, fallback);
	if (load->alembic && level_of(load, NULL, config_key_find("", "script_location")) == LEVEL_INITIAL)
		settings->script_location = load->folder;
	if (!settings->version_location_count) {
		versions = retort_alloc(load->arena, sizeof *versions);
		*versions = path_join(load->arena, settings->script_location, "versions");
		settings->version_locations = versions;
		settings->version_location_count = 1;
	}
	driver_path_apply(load, settings);
	settings->variables = variables_of(load, target);
	RETORT_PUSH(load->arena, config->settings, config->count, settings);
}

int config_load(struct retort_arena *arena, const struct config_options *options, struct config **ret,
	struct retort_error *err)
{
	struct config_loading load = {.arena = arena, .options = options, .err = err};
	const char *url = getenv("RETORT_URL");
	size_t before = retort_error_count(err), i;

	load.config = retort_alloc(arena, sizeof *load.config);
	load.config->arena = arena;
	if ((options->target_count || options->all) && (options->url || (url && *url)))
		return retort_fail(err, RETORT_E_USAGE,
			"cannot use %s together with -t or --all: it names one database",
			options->url ? "-u" : "RETORT_URL");
	if (locate(&load) < 0 || read_file(&load) < 0 || config_choose(&load) < 0 ||
		config_check(&load) < 0) {
		error_sort(err, before);
		return -1;
	}
	if (load.main_chosen)
		settings_add(&load, NULL);
	for (i = 0; i < load.target_count; i++)
		if (load.targets[i].chosen)
			settings_add(&load, &load.targets[i]);
	*ret = load.config;
	return config_same(load.config, err);
}
