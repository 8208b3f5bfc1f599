/* SPDX-License-Identifier: MIT
 *
 * Whether a configuration is right: every section, key and value of the file, then the environment and -x.
 *
 * Problems of the file come first: those of the environment have no place in it, and a place is given
 * to all problems that have none.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "script/config_keys.h"
#include "script/variables.h"

enum { ECHOED = 60 };

static const char *const parts[] = {"naming", "variables", "hooks"};
enum { PARTS = 3 };

/* Whether a section is the main one of some project in the file: -n chooses between them. */
static bool is_main(const struct config_loading *load, const char *name)
{
	if (!strcmp(name, "retort") || !strcmp(name, load->main))
		return true;
	return !text_starts(name, "target.") && ini_entry(ini_section(load->ini, name), "script_location");
}

/* The target of a name such as target.NAME; NULL: none. */
static const struct config_target *target_find(const struct config_loading *load, const char *name)
{
	size_t i;

	for (i = 0; i < load->target_count; i++)
		if (!strcmp(load->targets[i].section->name, name))
			return &load->targets[i];
	return NULL;
}

/* What a section is; false where it is nothing that is known. */
static bool classify(const struct config_loading *load, const char *name, const char **part,
	const struct config_target **target)
{
	const char *dot = strrchr(name, '.'), *base;
	size_t i;

	*part = "";
	*target = target_find(load, name);
	if (*target || is_main(load, name))
		return true;
	for (i = 0; i < PARTS && dot; i++) {
		if (strcmp(dot + 1, parts[i]))
			continue;
		base = retort_strndup(load->arena, name, (size_t)(dot - name));
		*part = parts[i];
		*target = target_find(load, base);
		return *target || is_main(load, base);
	}
	return false;
}

static void section_unknown(const struct config_loading *load, const struct ini_section *section)
{
	static const char *const known[] = {"retort", "retort.naming", "retort.variables", "retort.hooks"};
	const char *near = text_nearest(section->name, known, sizeof known / sizeof *known, sizeof *known);

	config_fault(load, section->line, "unknown section [%s]: %s",
		text_echo(load->arena, section->name, ECHOED),
		near ? retort_printf(load->arena, "did you mean [%s]?", near)
		     : "expected [retort], [retort.naming], [retort.variables], [retort.hooks] or "
		       "[target.NAME]");
}

static void key_unknown(const struct config_loading *load, const struct ini_entry *entry, const char *part)
{
	const char *shown = text_echo(load->arena, entry->key, ECHOED), *near, **names = NULL;
	const char *own;
	size_t count = 0, i;

	for (i = 0; i < config_key_count; i++) {
		own = config_keys[i].part ? config_keys[i].part : "";
		if (!strcmp(config_keys[i].name, entry->key)) {
			config_fault(load, entry->line, "key '%s' belongs in the section [%s%s%s]", shown,
				load->main, *own ? "." : "", own);
			return;
		}
		if (!strcmp(own, part))
			RETORT_PUSH(load->arena, names, count, config_keys[i].name);
	}
	near = text_nearest(entry->key, names, count, sizeof *names);
	config_fault(load, entry->line, "unknown key '%s'%s", shown,
		near ? retort_printf(load->arena, ": did you mean '%s'?", near)
			: *part
			? retort_printf(load->arena, ": expected %s", text_list(load->arena, names, count, 0))
			: "");
}

/* Whether the environment or -x give a variable, so that the file's value doesn't count. */
static bool is_overridden(const struct config_loading *load, const char *name)
{
	const struct config_key key = {.name = name};
	size_t i, n = strlen(name);

	for (i = 0; i < load->options->variable_count; i++)
		if (text_starts(load->options->variables[i], name) &&
			strchr("=", load->options->variables[i][n]))
			return true;
	return !config_key_find("", name) && getenv(config_key_environment(load->arena, &key));
}

static void variables_check(const struct config_loading *load, const struct ini_section *section, bool chosen)
{
	const struct ini_entry *entry;
	const char *missing;
	size_t i;

	for (i = 0; i < section->count; i++) {
		entry = &section->entries[i];
		if (!variables_is_name(entry->key, strlen(entry->key)))
			config_fault(load, entry->line,
				"cannot name a variable '%s': expected letters, digits and _",
				text_echo(load->arena, entry->key, ECHOED));
		else if (chosen && !is_overridden(load, entry->key) &&
			!variables_expand(load->arena, entry->value, load->folder, &missing))
			config_fault(load, entry->line, "%s is not set", missing);
	}
}

/* Two keys of one section of which only one may be given. */
static void rivals_check(const struct config_loading *load, const struct ini_section *section)
{
	const struct ini_entry *entry, *rival;
	size_t i;

	for (i = 0; i < config_key_count; i++) {
		if (!config_keys[i].rival || strcmp(config_keys[i].rival, config_keys[i].name) < 0)
			continue;
		entry = ini_entry(section, config_keys[i].name);
		rival = ini_entry(section, config_keys[i].rival);
		if (entry && rival && *entry->value && *rival->value)
			config_fault(load, rival->line, "give '%s' or '%s', not both", entry->key,
				rival->key);
	}
}

/* Reads every known key of a section into scratch, in the order of the table. */
static void values_check(const struct config_loading *load, const struct ini_section *section,
	const char *part, bool chosen, struct settings *scratch)
{
	const struct config_key *key;
	const struct ini_entry *entry;
	const char *text, *missing;
	size_t i;

	for (i = 0; i < config_key_count; i++) {
		key = &config_keys[i];
		entry = strcmp(key->part ? key->part : "", part) ? NULL : ini_entry(section, key->name);
		if (!entry)
			continue;
		missing = NULL;
		if (key->kind == CONFIG_COMMAND)
			text = variables_expand_command(load->arena, entry->whole, load->folder, &missing);
		else
			text = variables_expand(load->arena,
				key->kind == CONFIG_QUERY ? entry->whole : entry->value, load->folder,
				&missing);
		/* a command that needs no connection must run without the variables that the URL names */
		if (missing && chosen && key->kind != CONFIG_URL && strcmp(key->name, "url_command"))
			config_fault(load, entry->line, "%s is not set", missing);
		if (text && config_key_read(load->arena, key, text, load->folder, scratch, load->err) < 0)
			retort_error_at(load->err, load->path, entry->line, 0);
	}
}

static void section_check(const struct config_loading *load, const struct ini_section *section)
{
	struct settings scratch = {.naming = naming_default};
	const struct config_target *target;
	const struct ini_entry *separator;
	const char *part;
	bool chosen;
	size_t i;

	if (!classify(load, section->name, &part, &target)) {
		section_unknown(load, section);
		return;
	}
	chosen = target ? target->chosen : !strncmp(section->name, load->main, strlen(load->main));
	if (!strcmp(part, "variables")) {
		variables_check(load, section, chosen);
		return;
	}
	for (i = 0; i < section->count; i++) {
		const struct config_key *key = config_key_find(part, section->entries[i].key);

		if (!key)
			key_unknown(load, &section->entries[i], part);
		else if (key->of_target && !target)
			config_fault(load, section->entries[i].line,
				"key '%s' belongs in a section [target.NAME]", key->name);
	}
	rivals_check(load, section);
	separator = ini_entry(config_section(load, NULL, ""), "path_separator");
	if (target && separator && *separator->value)
		scratch.path_separator = separator->value;
	values_check(load, section, part, chosen, &scratch);
}

/* The one section of an alembic.ini that counts; keys that are not known are other tools'. */
static void alembic_check(const struct config_loading *load)
{
	struct settings scratch = {.naming = naming_default};
	const char *text, *missing, *versions;
	bool has_location = false;
	unsigned line;
	size_t i;

	for (i = 0; i < config_key_count; i++) {
		text = config_value(load, NULL, &config_keys[i], LEVEL_MAIN, &missing, &line);
		has_location = has_location || (text && !strcmp(config_keys[i].name, "script_location"));
		if (text &&
			config_key_read(load->arena, &config_keys[i], text, load->folder, &scratch,
				load->err) < 0)
			retort_error_at(load->err, load->path, line, 0);
	}
	versions = path_join(load->arena, load->folder, "versions");
	if (!has_location && !getenv("RETORT_SCRIPT_LOCATION") && !file_is_folder(versions))
		config_fault(load, 0, "the section [%s] has no key 'script_location'",
			text_echo(load->arena, load->main, ECHOED));
}

static void environment_check(const struct config_loading *load)
{
	struct settings scratch = {.naming = naming_default};
	const char *text, *missing;
	unsigned line;
	size_t i;

	for (i = 0; i < config_key_count; i++) {
		text = config_value(load, NULL, &config_keys[i], LEVEL_ENVIRONMENT, &missing, &line);
		if (text && config_key_read(load->arena, &config_keys[i], text, ".", &scratch, load->err) < 0)
			retort_error_prefix(load->err, "%s",
				config_key_environment(load->arena, &config_keys[i]));
	}
}

/* Whether some section of the file declares a variable. */
static bool is_declared(const struct config_loading *load, const char *name, const char ***names,
	size_t *count)
{
	const struct ini_section *section;
	bool found = false;
	size_t i, k;

	for (i = 0; load->ini && i < load->ini->count; i++) {
		section = &load->ini->sections[i];
		if (!strrchr(section->name, '.') || strcmp(strrchr(section->name, '.'), ".variables"))
			continue;
		for (k = 0; k < section->count; k++) {
			found = found || !strcmp(section->entries[k].key, name);
			RETORT_PUSH(load->arena, *names, *count, section->entries[k].key);
		}
	}
	return found;
}

/* -x may only name what is declared; alembic.ini has no place to declare it. */
static void options_check(const struct config_loading *load)
{
	const char *given, *name, *near, **names;
	size_t i, count;

	for (i = 0; i < load->options->variable_count; i++) {
		given = load->options->variables[i];
		name = retort_strndup(load->arena, given, strcspn(given, "="));
		names = NULL;
		count = 0;
		if (!variables_is_name(name, strlen(name))) {
			retort_fail(load->err, RETORT_E_USAGE, "cannot use -x '%s': expected NAME=VALUE",
				text_echo(load->arena, name, ECHOED));
			continue;
		}
		if (!load->ini || load->alembic || is_declared(load, name, &names, &count))
			continue;
		near = text_nearest(name, names, count, sizeof *names);
		retort_fail(load->err, RETORT_E_USAGE, "cannot use -x %s: %s", name,
			near ? retort_printf(load->arena, "did you mean '%s'?", near)
			     : "[retort.variables] of the configuration declares no such variable");
	}
}

int config_check(const struct config_loading *load)
{
	size_t before = retort_error_count(load->err), i;

	if (load->alembic)
		alembic_check(load);
	else
		for (i = 0; load->ini && i < load->ini->count; i++)
			section_check(load, &load->ini->sections[i]);
	environment_check(load);
	options_check(load);
	return retort_error_count(load->err) > before ? -1 : 0;
}
