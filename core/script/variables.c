/* SPDX-License-Identifier: MIT */
#include "script/variables.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	DEEPEST = 10,      /* references inside references: configparser's limit */
	LONGEST = 1 << 20, /* bytes of a replaced value */
	MOST = 100000,     /* references in one value, those inside others included */
	ECHOED = 60
};

/* Set by retort when it runs a command, so they can't be missing. */
static const char *const own_names[] = {"RETORT_TARGET", "RETORT_REVISION", "RETORT_FILE", "RETORT_URL"};

bool variables_is_name(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
			    text[i] == '_' || (i && text[i] >= '0' && text[i] <= '9')))
			return false;
	return n > 0;
}

static bool is_own(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof own_names / sizeof *own_names; i++)
		if (!strcmp(own_names[i], name))
			return true;
	return false;
}

/* The length of the ${NAME} that text starts with, or 0; *name is a copy of NAME. */
static size_t reference(struct retort_arena *arena, const char *text, const char **name)
{
	const char *close = text_starts(text, "${") ? strchr(text, '}') : NULL;

	if (!close || !variables_is_name(text + 2, (size_t)(close - text - 2)))
		return 0;
	*name = retort_strndup(arena, text + 2, (size_t)(close - text - 2));
	return (size_t)(close - text) + 1;
}

static const char *expand(struct retort_arena *arena, const char *text, const char *here, bool command,
	const char **missing)
{
	static const char here_word[] = "%(here)s";
	const char *name, *value;
	struct retort_buf buf;
	size_t n;

	retort_buf_init(&buf, arena);
	while (*text) {
		n = strcspn(text, "%$");
		retort_buf_mem(&buf, text, n);
		text += n;
		if (text_starts(text, here_word)) {
			retort_buf_str(&buf, here);
			text += sizeof here_word - 1;
		} else if (text_starts(text, "$${")) {
			retort_buf_str(&buf, "${");
			text += 3;
		} else if ((n = reference(arena, text, &name)) != 0) {
			value = getenv(name);
			if (!value && !(command && is_own(name))) {
				*missing = name;
				return NULL;
			}
			if (command)
				retort_buf_mem(&buf, text, n);
			else
				retort_buf_str(&buf, value);
			text += n;
		} else if (*text) {
			retort_buf_char(&buf, *text++);
		}
	}
	return buf.data;
}

const char *variables_expand(struct retort_arena *arena, const char *text, const char *here,
	const char **missing)
{
	return expand(arena, text, here, false, missing);
}

const char *variables_expand_command(struct retort_arena *arena, const char *text, const char *here,
	const char **missing)
{
	return expand(arena, text, here, true, missing);
}

/* A value on its way to being replaced, and what is still to be read of those that refer to it. */
struct interpolation {
	struct retort_arena *arena;
	const struct ini *ini;
	const struct ini_section *section;
	const struct ini_entry *entry;
	const char *here;
	const char *rest[DEEPEST + 1]; /* a stack: the innermost value last */
	size_t depth, references;
	struct retort_buf out;
	struct retort_error *err;
};

static int interpolation_fail(struct interpolation *in, const char *message)
{
	retort_fail(in->err, RETORT_E_CONFIG, "cannot read '%s': %s",
		text_echo(in->arena, in->entry->key, ECHOED), message);
	retort_error_at(in->err, in->ini->file, in->entry->line, 0);
	return -1;
}

/* What a name stands for: a key of the section, of [DEFAULT], or the file's folder. */
static const char *interpolation_find(const struct interpolation *in, const char *name)
{
	const struct ini_entry *entry = ini_entry(in->section, name);

	if (!entry)
		entry = ini_entry(ini_section(in->ini, "DEFAULT"), name);
	if (entry)
		return entry->value;
	return strcmp(name, "here") ? NULL : in->here;
}

/* Reads what a % starts; *text is moved behind it. */
static int interpolation_percent(struct interpolation *in, const char **text)
{
	const char *from = *text, *close;
	char *name;

	if (from[1] == '%') {
		retort_buf_char(&in->out, '%');
		*text += 2;
		return 0;
	}
	close = from[1] == '(' ? strchr(from, ')') : NULL;
	if (!close || close[1] != 's')
		return interpolation_fail(in,
			"a % must be followed by % or (key)s: write %% for a plain one");
	name = retort_strndup(in->arena, from + 2, (size_t)(close - from - 2));
	text_lower(name);
	*text = close + 2;
	from = interpolation_find(in, name);
	if (!from)
		return interpolation_fail(in,
			retort_printf(in->arena, "there is no key '%s' for %%(%s)s",
				text_echo(in->arena, name, ECHOED), text_echo(in->arena, name, ECHOED)));
	if (in->depth == DEEPEST || ++in->references > MOST)
		return interpolation_fail(in, "its references go round in a circle, or too deep");
	/* what was put into `here` by us is no reference, whatever it holds */
	if (from == in->here)
		retort_buf_str(&in->out, from);
	else
		in->rest[++in->depth] = from;
	return 0;
}

int variables_interpolate(struct retort_arena *arena, const struct ini *ini,
	const struct ini_section *section, const struct ini_entry *entry, const char *here, const char **ret,
	struct retort_error *err)
{
	struct interpolation in =
		{.arena = arena, .ini = ini, .section = section, .entry = entry, .here = here, .err = err};
	const char **text;
	size_t n;

	retort_buf_init(&in.out, arena);
	in.rest[0] = entry->value;
	for (;;) {
		text = &in.rest[in.depth];
		n = strcspn(*text, "%");
		retort_buf_mem(&in.out, *text, n);
		*text += n;
		if (in.out.len > LONGEST)
			return interpolation_fail(&in, "its references make it longer than a megabyte");
		if (**text) {
			if (interpolation_percent(&in, text) < 0)
				return -1;
		} else if (in.depth-- == 0) {
			break;
		}
	}
	*ret = in.out.data;
	return 0;
}
