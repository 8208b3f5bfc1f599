/* SPDX-License-Identifier: MIT */
#include "cli/difference.h"

#include "base/text.h"

enum { LONGEST_VALUE = 300 /* characters of a definition */ };

/* A value on one line: line ends and what surrounds them become one blank. */
static const char *one_line(struct retort_arena *arena, const char *text)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (; *text; text++) {
		bool blank = *text == ' ' || *text == '\n' || *text == '\t' || *text == '\r';

		if (!blank)
			retort_buf_char(&out, *text);
		else if (out.len && out.data[out.len - 1] != ' ')
			retort_buf_char(&out, ' ');
	}
	return out.len ? text_echo(arena, out.data, LONGEST_VALUE) : "''";
}

static const char *value(struct retort_arena *arena, const char *text)
{
	return text ? one_line(arena, text) : "none";
}

const char *difference_text(struct retort_arena *arena, const struct difference *difference)
{
	const char *object = text_echo(arena, difference->object, LONGEST_VALUE);

	if (!difference->property && !difference->right)
		return retort_printf(arena, "%s: missing, expected %s", object,
			value(arena, difference->left));
	if (!difference->property)
		return retort_printf(arena, "%s: not expected, found %s", object,
			value(arena, difference->right));
	return retort_printf(arena, "%s: %s: expected %s, found %s", object, difference->property,
		value(arena, difference->left), value(arena, difference->right));
}

json_t *difference_json(const struct difference *difference)
{
	return json_pack("{s:s, s:s?, s:s?, s:s?}", "object", difference->object, "property",
		difference->property, "expected", difference->left, "found", difference->right);
}

json_t *difference_list_json(const struct difference *differences, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, difference_json(&differences[i]));
	return array;
}
