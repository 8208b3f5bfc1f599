/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "script/head.h"

/* A Python text and how far it has been read. Nothing is ever run: assignments at the beginning of
 * a line are read, strings and comments are passed over. */
struct python {
	struct retort_arena *arena;
	const char *file;
	const char *at, *end;
	const char *line_start;
	unsigned line;
	struct retort_error *err;
};

/* Moves on by n bytes. */
static void skip(struct python *python, size_t n)
{
	for (; n && python->at < python->end; n--, python->at++) {
		if (*python->at == '\n') {
			python->line++;
			python->line_start = python->at + 1;
		}
	}
}

/* Adds a problem here. */
static int fault(struct python *python, const char *key, const char *told)
{
	retort_fail(python->err, RETORT_E_FILE, "cannot read '%s': %s", key, told);
	retort_error_at(python->err, python->file, python->line,
		(unsigned)(python->at - python->line_start) + 1);
	return -1;
}

static bool at_text(const struct python *python, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(python->end - python->at) >= n && !memcmp(python->at, text, n);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A string at a quote; the text between the quotes, escapes as they stand. */
static char *take_string(struct python *python)
{
	char quote[4] = {*python->at, *python->at, *python->at, 0};
	const char *start;
	char *text;
	size_t n;

	if (!at_text(python, quote))
		quote[1] = 0;
	n = strlen(quote);
	skip(python, n);
	start = python->at;
	while (python->at < python->end && !at_text(python, quote) && (n == 3 || *python->at != '\n'))
		skip(python, *python->at == '\\' ? 2 : 1);
	text = retort_strndup(python->arena, start, (size_t)(python->at - start));
	skip(python, n);
	return text;
}

/* Passes over blanks; with lines over line ends and comments too. */
static void skip_blanks(struct python *python, bool lines)
{
	while (python->at < python->end) {
		if (*python->at == ' ' || *python->at == '\t' ||
			(lines && (*python->at == '\n' || *python->at == '\r')))
			skip(python, 1);
		else if (at_text(python, "\\\n"))
			skip(python, 2);
		else if (lines && *python->at == '#')
			while (python->at < python->end && *python->at != '\n')
				skip(python, 1);
		else
			return;
	}
}

/* None, a string, or strings in any brackets. */
static int take_value(struct python *python, const char *key, const char ***names, size_t *count)
{
	static const char open[] = "([{", shut[] = ")]}";
	const char *bracket;

	*names = NULL;
	*count = 0;
	skip_blanks(python, false);
	if (at_text(python, "None") && !(python->at + 4 < python->end && is_word(python->at[4]))) {
		skip(python, 4);
		return 0;
	}
	if (python->at < python->end && (*python->at == '"' || *python->at == '\'')) {
		RETORT_PUSH(python->arena, *names, *count, take_string(python));
		return 0;
	}
	bracket = python->at < python->end && *python->at ? strchr(open, *python->at) : NULL;
	if (!bracket)
		return fault(python, key, "expected a string, None, or a tuple or list of strings");
	skip(python, 1);
	for (;;) {
		skip_blanks(python, true);
		if (python->at < python->end && *python->at == shut[bracket - open]) {
			skip(python, 1);
			return 0;
		}
		if (python->at == python->end || (*python->at != '"' && *python->at != '\''))
			return fault(python, key, "expected a string");
		RETORT_PUSH(python->arena, *names, *count, take_string(python));
		skip_blanks(python, true);
		if (python->at < python->end && *python->at == ',')
			skip(python, 1);
	}
}

/* Passes over ": annotation" up to the = of an assignment; false: this is none. */
static bool skip_to_value(struct python *python)
{
	skip_blanks(python, false);
	if (python->at < python->end && *python->at == ':')
		while (python->at < python->end && *python->at != '=' && *python->at != '\n' &&
			*python->at != '#')
			skip(python, 1);
	if (python->at == python->end || *python->at != '=' ||
		(python->at + 1 < python->end && python->at[1] == '='))
		return false;
	skip(python, 1);
	return true;
}

/* An assignment at the beginning of a line, where it is one of a head. */
static int take_assignment(struct python *python, struct revision *head, const char **seen)
{
	static const char *const keys[] = {"revision", "down_revision", "branch_labels", "depends_on"};
	const char *start = python->at, **names;
	size_t i, count;

	while (python->at < python->end && is_word(*python->at))
		skip(python, 1);
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(keys[i]) == (size_t)(python->at - start) &&
			!memcmp(keys[i], start, strlen(keys[i])))
			break;
	if (i == sizeof keys / sizeof *keys || !skip_to_value(python))
		return 0;
	skip_blanks(python, false);
	if (i == 0) {
		head->id_line = python->line;
		head->id_column = (unsigned)(python->at - python->line_start) + 1;
	}
	if (take_value(python, keys[i], &names, &count))
		return -1;
	seen[i] = keys[i];
	switch (i) {
	case 0:
		head->id = count ? names[0] : NULL;
		break;
	case 1:
		head->down = names;
		head->down_count = count;
		break;
	case 2:
		head->labels = names;
		head->label_count = count;
		break;
	default:
		head->depends = names;
		head->depends_count = count;
	}
	return 0;
}

/* Takes message and date out of the module's docstring. */
static void take_docstring(struct retort_arena *arena, char *text, struct revision *head)
{
	static const char label[] = "Create Date:";
	char *date = strstr(text, label);

	text += strspn(text, " \t\r\n");
	if (date) {
		date += strlen(label);
		date += strspn(date, " \t");
		head->create_date = retort_strndup(arena, date, strcspn(date, "\r\n"));
	}
	head->message = retort_strndup(arena, text, strcspn(text, "\r\n"));
}

int head_from_python(struct retort_arena *arena, const char *file, const char *text, size_t len,
	struct revision *head, struct retort_error *err)
{
	struct python python = {.arena = arena,
		.file = file,
		.at = text,
		.end = text + len,
		.line_start = text,
		.line = 1,
		.err = err};
	const char *seen[4] = {NULL};
	bool first = true;

	if (memchr(text, 0, len)) {
		retort_fail(err, RETORT_E_FILE, "a zero byte: this is no text file");
		retort_error_at(err, file, 1, 1);
		return -1;
	}
	if (at_text(&python, "\xef\xbb\xbf"))
		skip(&python, 3);
	for (;;) {
		skip_blanks(&python, true);
		if (python.at == python.end)
			break;
		if (first && strchr("rRuU", *python.at) && python.at + 1 < python.end && python.at[1] == '"')
			skip(&python, 1);
		if (*python.at == '"' || *python.at == '\'') {
			char *string = take_string(&python);

			if (first)
				take_docstring(arena, string, head);
		} else if (python.at == python.line_start && is_word(*python.at)) {
			if (take_assignment(&python, head, seen))
				return -1;
		} else {
			skip(&python, 1);
		}
		first = false;
	}
	python.line = 1;
	python.at = python.line_start = text;
	if (!head->id || !*head->id)
		return fault(&python, "revision", "it is not assigned in this file");
	if (!seen[1])
		return fault(&python, "down_revision", "it is not assigned in this file");
	return 0;
}
