/* SPDX-License-Identifier: MIT
 *
 * Options of a table: those that the dialect knows, with values of their kind.
 */
#include <string.h>

#include "base/text.h"
#include "sql/check.h"

enum { ECHOED = 60 };

static bool is_truth(const char *value)
{
	return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
}

static bool is_integer(const char *value)
{
	size_t sign = *value == '-' || *value == '+';
	size_t digits = strspn(value + sign, "0123456789");

	return digits > 0 && value[sign + digits] == 0;
}

/* Words go into statements as they are: nothing in them may end the clause that they stand in. */
static bool is_word(const char *value)
{
	return *value && !value[strcspn(value, " \t\r\n'\"`()[],;=\\")];
}

static bool is_sql(const char *value)
{
	return value[strspn(value, " \t\r\n")] != 0;
}

/* The kinds of struct retort_option_row. */
static const struct {
	const char *kind;
	bool (*fits)(const char *value);
	const char *expected;
} kinds[] = {
	{"bool", is_truth, "true or false"},
	{"integer", is_integer, "a whole number"},
	{"word", is_word, "one word"},
	{"sql", is_sql, "SQL"},
};

static int unknown_option(const struct check *check, const char *object, const char *key)
{
	struct retort_arena *arena = check->render->arena;
	const struct retort_dialect *dialect = check->render->dialect;
	const char **keys = NULL, *near;
	size_t count = 0;

	for (const struct retort_option_row *row = dialect->options; row && row->object; row++)
		if (strcmp(row->object, object) == 0)
			RETORT_PUSH(arena, keys, count, row->key);
	near = text_nearest(key, keys, count, sizeof *keys);
	return retort_fail(check->err, RETORT_E_PLAN, "cannot %s: %s has no %s option '%s'%s%s%s%s%s",
		retort_op_describe(arena, check->op), dialect->name, object, text_echo(arena, key, ECHOED),
		count ? ", only " : ", and no other", count ? text_list(arena, keys, count, '\'') : "",
		near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int check_option(const struct check *check, const char *object, const struct retort_option *option)
{
	struct retort_arena *arena = check->render->arena;
	const struct retort_option_row *row = check->render->dialect->options;

	while (row && row->object && (strcmp(row->object, object) || strcmp(row->key, option->key)))
		row++;
	if (!row || !row->object)
		return unknown_option(check, object, option->key);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (option->value && strcmp(kinds[i].kind, row->kind) == 0 && !kinds[i].fits(option->value))
			return retort_fail(check->err, RETORT_E_PLAN,
				"cannot %s: the %s option '%s' of %s must be %s, found '%s'",
				retort_op_describe(arena, check->op), object, row->key,
				check->render->dialect->name, kinds[i].expected,
				text_echo(arena, option->value, ECHOED));
	return 0;
}
