/* SPDX-License-Identifier: MIT
 *
 * The values of keys: text to what struct settings holds, one reader for each kind.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "script/config_keys.h"
#include "script/template.h"
#include "script/timezone.h"

enum { ECHOED = 80 };

/* All that a reader may look at. */
struct reading {
	struct retort_arena *arena;
	const struct config_key *key;
	const char *text; /* not empty */
	const char *folder;
	struct settings *settings;
	struct retort_error *err;
};

static void *place(const struct reading *in, size_t at)
{
	return (char *)in->settings + at;
}

/* Fails with what was found and what should be there. */
static int fail(const struct reading *in, const char *expected)
{
	return retort_fail(in->err, RETORT_E_CONFIG, "cannot use '%s' for '%s': %s",
		text_echo(in->arena, in->text, ECHOED), in->key->name, expected);
}

static int text_read(const struct reading *in)
{
	*(const char **)place(in, in->key->at) = retort_strdup(in->arena, in->text);
	return 0;
}

static int path_read(const struct reading *in)
{
	*(const char **)place(in, in->key->at) =
		path_absolute(in->arena, path_join(in->arena, in->folder, in->text));
	return 0;
}

static int source_read(const struct reading *in)
{
	return strstr(in->text, "://") ? text_read(in) : path_read(in);
}

/* Cuts the text at any of the separators (strcspn's) and stores what is not blank. */
static int list_read(const struct reading *in, const char *separators, bool paths)
{
	const char **items = NULL, *at, *from, *to;
	size_t count = 0, n;

	for (at = in->text; *at; at += n + (at[n] != 0)) {
		n = strcspn(at, separators);
		from = at;
		to = at + n;
		while (from < to && strchr(" \t\r\n", *from))
			from++;
		while (to > from && strchr(" \t\r\n", to[-1]))
			to--;
		if (from == to)
			continue;
		from = retort_strndup(in->arena, from, (size_t)(to - from));
		if (paths)
			from = path_absolute(in->arena, path_join(in->arena, in->folder, from));
		RETORT_PUSH(in->arena, items, count, from);
	}
	*(const char *const **)place(in, in->key->at) = items;
	*(size_t *)place(in, in->key->count_at) = count;
	return 0;
}

static int names_read(const struct reading *in)
{
	return list_read(in, ",\n", false);
}

static int folders_read(const struct reading *in)
{
	return list_read(in, ":\n", true);
}

static int paths_read(const struct reading *in)
{
	static const struct {
		const char *word, *separators;
	} known[] = {{"os", ":"}, {":", ":"}, {";", ";"}, {"space", " \t\n"}, {"newline", "\n"}};
	const char *word = in->settings->path_separator;
	size_t i;

	if (!word)
		return list_read(in, " \t,\n", true);
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(known[i].word, word))
			return list_read(in, known[i].separators, true);
	return retort_fail(in->err, RETORT_E_CONFIG,
		"cannot use '%s' for 'path_separator': expected os, :, ;, space or newline",
		text_echo(in->arena, word, ECHOED));
}

static int bool_read(const struct reading *in)
{
	static const char *const yes[] = {"true", "yes", "on", "1"},
				 *const no[] = {"false", "no", "off", "0"};
	size_t i;

	for (i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!text_casecmp(in->text, yes[i]) || !text_casecmp(in->text, no[i])) {
			*(bool *)place(in, in->key->at) = !text_casecmp(in->text, yes[i]);
			return 0;
		}
	return fail(in, "expected true or false");
}

/* The index of the word, or -1 and a problem. */
static int word_index(const struct reading *in)
{
	const char *const *words = in->key->words;
	const char *near;
	size_t count = 0;

	for (; words[count]; count++)
		if (!text_casecmp(words[count], in->text))
			return (int)count;
	near = text_nearest(in->text, words, count, sizeof *words);
	return fail(in,
		near ? retort_printf(in->arena, "did you mean '%s'?", near)
		     : retort_printf(in->arena, "expected one of %s", text_list(in->arena, words, count, 0)));
}

static int choice_read(const struct reading *in)
{
	int i = word_index(in);

	if (i < 0)
		return -1;
	if (in->key->kind == CONFIG_SWITCH)
		*(bool *)place(in, in->key->at) = i != 0;
	else if (in->key->kind == CONFIG_WORD)
		*(const char **)place(in, in->key->at) = in->key->words[i];
	else
		*(enum transaction_mode *)place(in, in->key->at) = (enum transaction_mode)i;
	return 0;
}

static int number_read(const struct reading *in)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(in->text, &end, 10);
	if (*end || errno || value < 1 || value > 200)
		return fail(in, "expected a number from 1 to 200");
	*(unsigned *)place(in, in->key->at) = (unsigned)value;
	return 0;
}

/* A number with up to three decimals, in thousandths; *end is what follows. -1: none, or too large. */
static long thousandths(const char *text, const char **end)
{
	long value = 0, unit = 1000;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		if (value > LONG_MAX / 100000000)
			return -1;
		value = value * 10 + (*at - '0') * 1000;
	}
	if (at == text)
		return -1;
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++) {
			unit /= 10;
			value += (*at - '0') * unit;
		}
	*end = at;
	return value;
}

static int duration_read(const struct reading *in)
{
	static const struct {
		const char *unit;
		long ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
	const char *unit = NULL;
	long value;
	size_t i;

	if (!text_casecmp(in->text, "none") || (*in->text == '-' && thousandths(in->text + 1, &unit) > 0)) {
		*(long *)place(in, in->key->at) = in->key->none;
		return 0;
	}
	value = thousandths(in->text, &unit);
	if (value >= 0)
		unit += strspn(unit, " ");
	for (i = 0; value >= 0 && i < sizeof units / sizeof *units; i++) {
		if (text_casecmp(unit, units[i].unit))
			continue;
		if (value > LONG_MAX / units[i].ms || value * units[i].ms / 1000 > INT_MAX)
			return fail(in, "that is too long: write none for no limit");
		*(long *)place(in, in->key->at) = value * units[i].ms / 1000;
		return 0;
	}
	return fail(in, "expected a time such as 10s, 500ms, 2m or none");
}

static int file_template_read(const struct reading *in)
{
	if (template_check_name(in->text, in->err) < 0)
		return -1;
	return text_read(in);
}

static int timezone_read(const struct reading *in)
{
	if (timezone_check(in->text, in->err) < 0)
		return -1;
	return text_read(in);
}

/* A template of names may hold %(word)s with the words of its row, and no other %. */
static int naming_read(const struct reading *in)
{
	const char *const *words;
	const char *at = in->text, *name;
	size_t n, count = 0;

	while (in->key->words[count])
		count++;
	while ((at = strchr(at, '%')) != NULL) {
		n = at[1] == '(' ? strcspn(at + 2, ")") : 0;
		if (!n || strncmp(at + 2 + n, ")s", 2))
			return fail(in, "a % is followed by (word)s");
		name = retort_strndup(in->arena, at + 2, n);
		for (words = in->key->words; *words && strcmp(*words, name); words++)
			;
		if (!*words)
			return fail(in,
				retort_printf(in->arena, "there is no '%s' in it, only %s",
					text_echo(in->arena, name, ECHOED),
					text_list(in->arena, in->key->words, count, 0)));
		at += n + 4;
	}
	return text_read(in);
}

static int (*const readers[])(const struct reading *in) = {
	[CONFIG_TEXT] = text_read,
	[CONFIG_URL] = text_read,
	[CONFIG_COMMAND] = text_read,
	[CONFIG_QUERY] = text_read,
	[CONFIG_PATH] = path_read,
	[CONFIG_PATHS] = paths_read,
	[CONFIG_FOLDERS] = folders_read,
	[CONFIG_SOURCE] = source_read,
	[CONFIG_LIST] = names_read,
	[CONFIG_BOOL] = bool_read,
	[CONFIG_CHOICE] = choice_read,
	[CONFIG_SWITCH] = choice_read,
	[CONFIG_WORD] = choice_read,
	[CONFIG_NUMBER] = number_read,
	[CONFIG_DURATION] = duration_read,
	[CONFIG_FILE_TEMPLATE] = file_template_read,
	[CONFIG_TIMEZONE] = timezone_read,
	[CONFIG_NAMING] = naming_read,
};

int config_key_read(struct retort_arena *arena, const struct config_key *key, const char *text,
	const char *folder, struct settings *settings, struct retort_error *err)
{
	struct reading in = {arena, key, text, folder, settings, err};

	if (!*text)
		in.text = key->initial;
	if (!in.text) {
		/* pointers alone have no initial value; naming has its own */
		if (key->kind != CONFIG_NAMING)
			*(const char **)place(&in, key->at) = NULL;
		if (key->count_at)
			*(size_t *)place(&in, key->count_at) = 0;
		return 0;
	}
	if (strchr(in.text, '\n') && !key->count_at && key->kind != CONFIG_COMMAND &&
		key->kind != CONFIG_QUERY)
		return retort_fail(err, RETORT_E_CONFIG, /* the value may be a password */
			"cannot use a value of several lines for '%s': a line that is indented continues the "
			"one above",
			key->name);
	return readers[key->kind](&in);
}
