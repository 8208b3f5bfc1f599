/* SPDX-License-Identifier: MIT */
#include "engine/targets.h"

#include <string.h>

#include "base/text.h"
#include "base/url.h"
#include "script/hooks.h"

enum { LONGEST_NAME = 200 /* bytes */, LONGEST_OUTPUT = 16 << 20, ECHOED = 60, MOST_NAMED = 8 };

static const char word[] = "%(tenant)s";

/* A name that was listed, and the URL beside it; NULL: none. */
struct tenant {
	const char *name, *url;
};

/* A list on its way in. */
struct reading {
	struct retort_arena *arena;
	const struct settings *settings;
	const char *unit; /* "row", "line" */
	struct tenant *tenants;
	size_t count;
	struct map *seen; /* name -> anything */
	size_t number;    /* of the row or line at hand */
	struct retort_error *err;
	int failed;
};

bool targets_listed(const struct settings *settings)
{
	return settings->targets_query || settings->targets_command;
}

/* The key that lists them. */
static const char *key_of(const struct settings *settings)
{
	return settings->targets_query ? "targets_query" : "targets_command";
}

int targets_fault(const struct settings *settings, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();

	retort_error_prefix(err, "cannot list the targets of '%s'",
		text_echo(scratch, settings->target, ECHOED));
	retort_error_at(err, settings->config_shown, settings->targets_line, 0);
	retort_arena_free(scratch);
	return -1;
}

int targets_source(struct retort_arena *arena, struct settings *settings, struct settings **source,
	struct retort_error *err)
{
	struct settings *copy;
	const char *url = settings->targets_url;

	*source = NULL;
	if (!settings->targets_query)
		return 0;
	if (!url && settings_url(arena, settings, &url, err) < 0)
		return targets_fault(settings, err);
	if (strstr(url, word)) {
		retort_fail(err, RETORT_E_CONFIG,
			"the URL holds %s: write targets_url = URL of the database that targets_query asks",
			word);
		return targets_fault(settings, err);
	}
	copy = retort_alloc(arena, sizeof *copy);
	*copy = *settings;
	copy->url = url;
	copy->url_command = copy->url_missing = NULL;
	*source = copy;
	return 0;
}

/* ---- reading the list ---- */

/* What is wrong with a name; NULL: nothing. */
static const char *name_fault(const char *name)
{
	size_t n = name ? strlen(name) : 0;

	if (!n)
		return "it has no name";
	if (n > LONGEST_NAME)
		return "its name is longer than 200 bytes";
	if (text_utf8_fault(name, n) < n)
		return "its name is no UTF-8";
	if (name[strcspn(name, "/,")])
		return "its name holds '/' or ','";
	if (*name == ' ' || name[n - 1] == ' ')
		return "its name begins or ends with a blank";
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return "its name is that of a folder";
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return "its name holds a control character";
	return NULL;
}

/* Takes one row or line. */
static int take(struct reading *in, const char *name, const char *url)
{
	const char *fault = name_fault(name);
	struct tenant tenant = {retort_strdup(in->arena, name),
		url && *url ? retort_strdup(in->arena, url) : NULL};

	in->number++;
	if (fault)
		return retort_fail(in->err, RETORT_E_CONFIG, "%s %zu of %s: %s%s%s%s", in->unit, in->number,
			key_of(in->settings), fault, name && *name ? ": '" : "",
			name ? text_echo(in->arena, name, ECHOED) : "", name && *name ? "'" : "");
	if (map_put(in->seen, tenant.name, in))
		return retort_fail(in->err, RETORT_E_CONFIG, "%s %zu of %s: '%s' is listed twice", in->unit,
			in->number, key_of(in->settings), text_echo(in->arena, name, ECHOED));
	RETORT_PUSH(in->arena, in->tenants, in->count, tenant);
	return 0;
}

static int take_row(void *context, size_t column_count, const char *const *columns)
{
	struct reading *in = context;

	if (column_count < 1 || column_count > 2)
		in->failed = retort_fail(in->err, RETORT_E_CONFIG,
			"targets_query gives %zu columns, where a name and perhaps a URL are expected",
			column_count);
	else
		in->failed = take(in, columns[0], column_count == 2 ? columns[1] : NULL);
	return in->failed;
}

/* Cuts what a program printed into lines of NAME, or NAME, a tab and URL; empty ones are left out. */
static int take_lines(struct reading *in, char *text)
{
	char *next, *tab;
	size_t n;

	for (; *text; text = next) {
		n = strcspn(text, "\n");
		next = text + n + (text[n] == '\n');
		if (n && text[n - 1] == '\r')
			n--;
		text[n] = '\0';
		if (!n) {
			in->number++;
			continue;
		}
		tab = strchr(text, '\t');
		if (tab)
			*tab++ = '\0';
		if (take(in, text, tab) < 0)
			return -1;
	}
	return 0;
}

static int read_list(struct reading *in, struct session *session)
{
	const struct settings *settings = in->settings;
	char *text;
	size_t n;

	if (session) {
		in->unit = "row";
		if (session_query(session, settings->targets_query, NULL, 0, take_row, in, in->err) < 0 ||
			in->failed)
			return -1;
	} else {
		in->unit = "line";
		if (command_output(in->arena, "targets_command", settings->targets_command, LONGEST_OUTPUT,
			    &text, &n, in->err) < 0)
			return -1;
		if (strlen(text) < n)
			return retort_fail(in->err, RETORT_E_CONFIG, "targets_command printed a zero byte");
		if (take_lines(in, text) < 0)
			return -1;
	}
	if (!in->count)
		return retort_fail(in->err, RETORT_E_CONFIG, "%s gave no name", key_of(settings));
	return 0;
}

/* ---- making targets ---- */

/* text with the name in place of the word; encoded: as a part of a URL. */
static const char *put_name(struct retort_arena *arena, const char *text, const char *name, bool encoded)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	struct retort_buf out;
	const char *at, *c;

	if (!text || !strstr(text, word))
		return text;
	retort_buf_init(&out, arena);
	while ((at = strstr(text, word)) != NULL) {
		retort_buf_mem(&out, text, (size_t)(at - text));
		for (c = name; *c; c++) {
			if (!encoded || strchr(plain, *c))
				retort_buf_char(&out, *c);
			else
				retort_buf_printf(&out, "%%%02X", (unsigned)(unsigned char)*c);
		}
		text = at + strlen(word);
	}
	retort_buf_str(&out, text);
	return out.data;
}

/* The variables with the name in their values; the same map where none holds the word. */
static struct map *put_in_variables(struct retort_arena *arena, struct map *variables, const char *name)
{
	struct map *made = NULL;
	void *cursor = NULL, *value;
	const char *key;

	while (!made && map_next(variables, &cursor, NULL, &value))
		if (strstr(value, word))
			made = map_new(arena);
	if (!made)
		return variables;
	cursor = NULL;
	while (map_next(variables, &cursor, &key, &value))
		map_put(made, key, retort_strdup(arena, put_name(arena, value, name, false)));
	return made;
}

static struct settings *make_target(struct retort_arena *arena, const struct settings *pattern,
	const struct tenant *tenant)
{
	struct settings *settings = retort_alloc(arena, sizeof *settings);

	*settings = *pattern;
	settings->target = retort_printf(arena, "%s/%s", pattern->target, tenant->name);
	settings->targets_query = settings->targets_command = settings->targets_url = NULL;
	settings->target_globs = NULL;
	settings->target_glob_count = 0;
	settings->url = tenant->url ? tenant->url : put_name(arena, pattern->url, tenant->name, true);
	settings->url_command = settings->url_missing = NULL;
	settings->version_table = put_name(arena, pattern->version_table, tenant->name, false);
	settings->version_table_schema = put_name(arena, pattern->version_table_schema, tenant->name, false);
	settings->variables = put_in_variables(arena, pattern->variables, tenant->name);
	return settings;
}

/* Where every target would be the same database the settings are at fault, not the list. */
static int check_pattern(const struct reading *in, struct settings *pattern)
{
	const char *schema = pattern->version_table_schema, *url;
	bool needed = false;

	for (size_t i = 0; i < in->count; i++)
		needed = needed || !in->tenants[i].url;
	if (!needed)
		return 0;
	if (settings_url(in->arena, pattern, &url, in->err) < 0)
		return -1;
	if (strstr(url, word) || (schema && strstr(schema, word)))
		return 0;
	return retort_fail(in->err, RETORT_E_CONFIG,
		"all would be the same database: write %s into url, or give a URL beside each name", word);
}

/* Fails with the names that there are. */
static int unknown(const struct reading *in, const char *glob)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < in->count && i < MOST_NAMED; i++)
		RETORT_PUSH(in->arena, names, count,
			retort_printf(in->arena, "%s/%s", in->settings->target, in->tenants[i].name));
	if (in->count > MOST_NAMED)
		RETORT_PUSH(in->arena, names, count,
			retort_printf(in->arena, "%zu others", in->count - MOST_NAMED));
	return retort_fail(in->err, RETORT_E_USAGE, "no target is called '%s': there %s %s",
		text_echo(in->arena, glob, ECHOED), count == 1 ? "is" : "are",
		text_list(in->arena, names, count, 0));
}

/* Adds those that the globs choose, or all. */
static int choose(const struct reading *in, const struct settings *pattern, struct config *config)
{
	bool *used = retort_alloc_array(in->arena, pattern->target_glob_count + 1, sizeof *used);

	for (size_t i = 0; i < in->count; i++) {
		struct settings *made = make_target(in->arena, pattern, &in->tenants[i]);
		bool chosen = !pattern->target_glob_count;

		for (size_t k = 0; k < pattern->target_glob_count; k++)
			if (text_glob(pattern->target_globs[k], made->target))
				chosen = used[k] = true;
		if (chosen)
			RETORT_PUSH(config->arena, config->settings, config->count, made);
	}
	for (size_t k = 0; k < pattern->target_glob_count; k++)
		if (!used[k])
			return unknown(in, pattern->target_globs[k]);
	return 0;
}

int targets_add(struct config *config, struct settings *settings, struct session *session,
	struct retort_error *err)
{
	struct reading in = {.arena = config->arena,
		.settings = settings,
		.seen = map_new(config->arena),
		.err = err};

	if (read_list(&in, session) < 0 || check_pattern(&in, settings) < 0)
		return targets_fault(settings, err);
	return choose(&in, settings, config);
}
