/* SPDX-License-Identifier: MIT
 *
 * The targets of a configuration: which there are, which a run is about, and their URLs.
 */
#include <string.h>

#include "base/text.h"
#include "script/config_keys.h"
#include "script/hooks.h"

enum { LONGEST_URL = 1 << 16, ECHOED = 100 };

static const char *const parts[] = {"naming", "variables", "hooks"};

/* Whether a section is a part of another one. */
static bool is_part(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; i < sizeof parts / sizeof *parts; i++)
		if (dot && !strcmp(dot + 1, parts[i]))
			return true;
	return false;
}

/* Whether a section gives a key a value. */
static bool has_value(const struct ini_section *section, const char *key)
{
	const struct ini_entry *entry = ini_entry(section, key);

	return entry && *entry->value;
}

static void targets_find(struct config_loading *load)
{
	struct config_target target = {0};
	size_t i;

	if (!load->ini || load->alembic)
		return;
	for (i = 0; i < load->ini->count; i++) {
		target.section = &load->ini->sections[i];
		target.name = target.section->name;
		if (!text_starts(target.name, "target.") || is_part(target.name))
			continue;
		target.name += strlen("target.");
		target.lists = has_value(target.section, "targets_query") ||
			has_value(target.section, "targets_command");
		RETORT_PUSH(load->arena, load->targets, load->target_count, target);
	}
}

/* Fails with the targets that there are. */
static int unknown(const struct config_loading *load, const char *glob)
{
	const char **names = NULL;
	size_t count = 0, i;

	if (!load->target_count)
		return retort_fail(load->err, RETORT_E_USAGE,
			"no target is called '%s': %s has no section [target.NAME]",
			text_echo(load->arena, glob, ECHOED),
			load->path ? load->path : "there is no retort.ini, which");
	for (i = 0; i < load->target_count; i++)
		RETORT_PUSH(load->arena, names, count, load->targets[i].name);
	return retort_fail(load->err, RETORT_E_USAGE, "no target is called '%s': there %s %s",
		text_echo(load->arena, glob, ECHOED), count == 1 ? "is" : "are",
		text_list(load->arena, names, count, 0));
}

/* Whether the main section names a database of its own. */
static bool main_has_url(const struct config_loading *load)
{
	static const char *const keys[] = {"url", "url_command"};
	const char *text, *missing;
	unsigned line;
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		text = config_value(load, NULL, config_key_find("", keys[i]), LEVEL_MAIN, &missing, &line);
		if (missing || (text && *text))
			return true;
	}
	return false;
}

/* Whether a glob such as TARGET/NAME is about what a target lists. */
static bool is_of_list(const struct config_loading *load, const struct config_target *target,
	const char *glob)
{
	const char *slash = strchr(glob, '/');

	return target->lists && slash &&
		text_glob(retort_strndup(load->arena, glob, (size_t)(slash - glob)), target->name);
}

/* Chooses the targets that a glob names; returns how many there are. */
static size_t choose_by(struct config_loading *load, const char *glob)
{
	size_t matches = 0, i;

	for (i = 0; i < load->target_count; i++) {
		struct config_target *target = &load->targets[i];

		if (text_glob(glob, target->name)) {
			target->chosen = target->whole = true;
			matches++;
		} else if (is_of_list(load, target, glob)) {
			target->chosen = true;
			RETORT_PUSH(load->arena, target->globs, target->glob_count, glob);
			matches++;
		}
	}
	return matches;
}

int config_choose(struct config_loading *load)
{
	const struct config_options *options = load->options;
	size_t i, k;
	int ret = 0;

	targets_find(load);
	load->main_chosen = !options->target_count && !options->all;
	if (options->all)
		load->main_chosen = !load->target_count || main_has_url(load);
	for (i = 0; i < load->target_count; i++)
		load->targets[i].chosen = load->targets[i].whole = options->all;
	for (k = 0; k < options->target_count; k++)
		if (!choose_by(load, options->targets[k]))
			ret = unknown(load, options->targets[k]);
	for (i = 0; i < load->target_count; i++)
		if (load->targets[i].whole)
			load->targets[i].glob_count = 0;
	return ret;
}

int config_same(const struct config *config, struct retort_error *err)
{
	struct map *seen = map_new(config->arena);
	const struct settings *before;
	int ret = 0;
	size_t i;

	for (i = 0; i < config->count; i++) {
		struct settings *settings = config->settings[i];
		const char *schema = settings->version_table_schema ? settings->version_table_schema : "";

		if (!settings->url || settings->targets_query || settings->targets_command)
			continue;
		before = map_put(seen, retort_printf(config->arena, "%s\n%s", settings->url, schema),
			settings);
		if (before)
			ret = retort_fail(err, RETORT_E_USAGE,
				"cannot run target '%s' with '%s': both have the same URL and schema",
				text_echo(config->arena, settings->target, ECHOED),
				before->target ? text_echo(config->arena, before->target, ECHOED)
					       : "the database of the main section");
	}
	return ret;
}

int settings_url(struct retort_arena *arena, struct settings *settings, const char **url,
	struct retort_error *err)
{
	char *text;
	size_t n;

	if (settings->url_missing) {
		retort_fail(err, RETORT_E_CONFIG, "%s is not set", settings->url_missing);
		retort_error_at(err, settings->config_shown, settings->url_line, 0);
		return -1;
	}
	if (!settings->url && settings->url_command) {
		if (command_output(arena, "url_command", settings->url_command, LONGEST_URL, &text, &n, err) <
			0) {
			retort_error_at(err, settings->config_shown, settings->url_line, 0);
			return -1;
		}
		text[strcspn(text, "\r\n")] = 0;
		if (!*text) {
			retort_fail(err, RETORT_E_CONFIG,
				"cannot use 'url_command': it printed no URL in its first line");
			retort_error_at(err, settings->config_shown, settings->url_line, 0);
			return -1;
		}
		settings->url = text;
	}
	if (!settings->url)
		return retort_fail(err, RETORT_E_CONFIG,
			"no database is named%s%s: give -u URL, set DATABASE_URL, "
			"or write %s = URL in %s",
			settings->target ? " for target " : "",
			settings->target ? text_echo(arena, settings->target, ECHOED) : "",
			settings->alembic ? "sqlalchemy.url" : "url",
			settings->config_shown ? settings->config_shown : "retort.ini");
	*url = settings->url;
	return 0;
}
