/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "model/expression.h"
#include "script/head.h"
#include "script/revision_read.h"
#include "sql/splitter.h"

#define ADVICE "write it as a block with |"

enum { ECHOED = 60 };

/* The ways of reading SQL that are tried: which engine a text is for is not known here. */
static const unsigned syntaxes[] = {
	RETORT_SYNTAX_ANY,
	RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_BACKSLASH | RETORT_SYNTAX_HASH_COMMENT |
		RETORT_SYNTAX_DOUBLE_STRING | RETORT_SYNTAX_DELIMITER,
	RETORT_SYNTAX_DOLLAR | RETORT_SYNTAX_NESTED_COMMENT,
	RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_BRACKET,
};

/* ---- dialects ---- */

bool read_dialect(struct reader *reader, const struct yaml *key)
{
	const char *at, *meant = NULL;

	for (at = key->text; (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
		(at > key->text && *at >= '0' && *at <= '9');
		at++)
		;
	if (*at || !key->len) {
		reader_fault(reader, key, "'%s' is no name of a dialect",
			text_echo(reader->arena, key->text, ECHOED));
		return false;
	}
	if (!reader->in->known_dialect || !strcmp(key->text, "default"))
		return true;
	if (reader->in->known_dialect(reader->in->context, key->text, &meant) || !meant)
		return true;
	reader_fault(reader, key, "unknown dialect '%s'%s", text_echo(reader->arena, key->text, ECHOED),
		reader_meant(reader, meant));
	return false;
}

bool read_knows_dialect(const struct reader *reader, const char *name)
{
	const char *meant = NULL;

	return reader->in->known_dialect && reader->in->known_dialect(reader->in->context, name, &meant) &&
		meant;
}

const char *read_dialect_meant(struct reader *reader, const struct yaml *key)
{
	const char *meant = NULL;

	if (reader->in->known_dialect)
		reader->in->known_dialect(reader->in->context, key->text, &meant);
	return meant;
}

/* ---- variables ---- */

static bool is_name_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(!first && c >= '0' && c <= '9');
}

/* The names that are declared, for a suggestion. */
static const char *nearest_variable(struct reader *reader, const char *name)
{
	const char **names = NULL, *key;
	void *cursor = NULL;
	size_t count = 0;

	while (reader->in->variables && map_next(reader->in->variables, &cursor, &key, NULL))
		RETORT_PUSH(reader->arena, names, count, key);
	return text_nearest(name, names, count, sizeof *names);
}

/* Appends what ${name} at *at stands for and moves on. */
static bool take_variable(struct reader *reader, const struct yaml *node, const char **at,
	struct retort_buf *out)
{
	const char *name = *at + 2, *value;
	size_t n = 0;

	while (is_name_char(name[n], n == 0))
		n++;
	if (!n || name[n] != '}') {
		reader_fault(reader, node,
			"'${' without a name and '}' after it: write '$${' where it is text");
		return false;
	}
	value = reader->in->variables ? map_get_n(reader->in->variables, name, n) : NULL;
	if (!value) {
		name = retort_strndup(reader->arena, name, n);
		reader_fault(reader, node, "variable '%s' is not declared in [retort.variables]%s", name,
			reader_meant(reader, nearest_variable(reader, name)));
		return false;
	}
	retort_buf_str(out, value);
	*at = name + n + 1;
	return true;
}

const char *read_variables(struct reader *reader, const struct yaml *node, const char *text)
{
	struct retort_buf out;
	const char *at;

	if (!strstr(text, "${"))
		return text;
	retort_buf_init(&out, reader->arena);
	for (at = text; *at;) {
		if (!strncmp(at, "$${", 3)) {
			retort_buf_str(&out, "${");
			at += 3;
		} else if (!strncmp(at, "${", 2)) {
			if (!take_variable(reader, node, &at, &out))
				return NULL;
		} else {
			retort_buf_char(&out, *at++);
		}
	}
	return out.data;
}

/* ---- files ---- */

const char *read_file(struct reader *reader, const struct yaml *node, const char **shown)
{
	const char *written = read_name(reader, "file", node);
	const char *name = written ? read_variables(reader, node, written) : NULL;
	struct retort_error *err;
	char *text = NULL;
	size_t len;

	if (!name)
		return NULL;
	name = head_shown_path(reader->arena, path_join(reader->arena, reader->folder, name));
	*shown = name;
	err = retort_error_new();
	if (file_read(reader->arena, name, YAML_MAX_SIZE, &text, &len, err)) {
		reader_fault_because(reader, node, NULL, err);
		text = NULL;
	} else if (text_utf8_fault(text, len) != len) {
		reader_fault(reader, node, "'%s' is not valid UTF-8",
			text_echo(reader->arena, name, ECHOED * 2));
		text = NULL;
	}
	retort_error_free(err);
	return text && text_starts(text, "\xef\xbb\xbf") ? text + 3 : text;
}

/* ---- SQL ---- */

/* Checks that a text balances, by one way of reading it. */
static int balances(struct reader *reader, unsigned syntax, const char *text, bool statements,
	struct retort_error *err)
{
	struct piece *pieces;
	size_t count;

	return statements ? split_sql(reader->arena, syntax, text, &pieces, &count, err)
			  : expression_check(syntax, text, err);
}

/* Tells where in the file, or in the file that it names, a text does not balance. */
static void unbalanced(struct reader *reader, const char *key, const struct yaml *node, const char *file,
	const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);
	struct yaml at = *node;

	if (!file && problem->line &&
		(node->style == YAML_LITERAL || (problem->line == 1 && !node->folded_lines))) {
		at.line = node->text_line + problem->line - 1;
		at.column = node->text_column + (problem->column ? problem->column - 1 : 0);
	}
	if (file)
		reader_fault(reader, node, "'%s': %s:%u:%u: %s", key,
			text_echo(reader->arena, file, ECHOED * 2), problem->line, problem->column,
			problem->message);
	else
		reader_fault(reader, &at, "'%s': %s", key, problem->message);
}

/* Checks SQL text; node is where it stands, file where it was read from, or NULL. */
static void check_sql(struct reader *reader, const char *key, const struct yaml *node, const char *text,
	const char *file, bool statements)
{
	struct retort_error *err;
	size_t i;

	for (i = 0; i < sizeof syntaxes / sizeof *syntaxes; i++)
		if (!balances(reader, syntaxes[i], text, statements, NULL))
			return;
	err = retort_error_new();
	if (balances(reader, syntaxes[0], text, statements, err))
		unbalanced(reader, key, node, file, err);
	retort_error_free(err);
}

/* Whether a -- comment stands in a text. */
static bool has_line_comment(const char *text)
{
	struct retort_token token;

	if (!strstr(text, "--"))
		return false;
	while ((token = retort_sql_token(RETORT_SYNTAX_ANY, &text)).kind != RETORT_TOKEN_END)
		if (token.kind == RETORT_TOKEN_COMMENT && token.text[0] == '-')
			return true;
	return false;
}

/* A copy without blanks at its end. */
static const char *trimmed(struct reader *reader, const char *text)
{
	size_t n = strlen(text);

	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	return text[n] ? retort_strndup(reader->arena, text, n) : text;
}

/* SQL that stands in the file itself; NULL after a fault. */
static const char *inline_sql(struct reader *reader, const char *key, const struct yaml *node,
	bool statements, const char **written)
{
	unsigned before = reader->faults;
	const char *text;

	if (node->cut_comment)
		reader_fault(reader, node,
			"'%s' is cut off by ' #', which begins a comment: quote the whole value, or " ADVICE,
			key);
	else if (node->folded_lines && has_line_comment(node->text))
		reader_fault(reader, node, "'%s' holds a -- comment, and YAML joins its lines: " ADVICE, key);
	else if (!node->text[strspn(node->text, " \t\r\n")])
		reader_fault(reader, node, "'%s' is empty", key);
	if (reader->faults != before)
		return NULL;
	text = trimmed(reader, node->text);
	if (statements) {
		const char *raw = text;

		text = read_variables(reader, node, raw);
		*written = text && strcmp(text, raw) ? raw : NULL;
	}
	if (text)
		check_sql(reader, key, node, text, NULL, statements);
	return text;
}

/* One answer: text, null, or {file: PATH}. */
static void read_answer(struct reader *reader, const char *key, const struct yaml *node, bool statements,
	struct retort_variant *ret)
{
	const char *shown, *raw;

	if (node->kind == YAML_SCALAR) {
		ret->sql = inline_sql(reader, key, node, statements, &ret->written);
		return;
	}
	if (node->kind != YAML_MAP || node->count != 1 || strcmp(node->keys[0]->text, "file")) {
		reader_fault(reader, node, "'%s' must be SQL or {file: PATH}, found %s", key,
			reader_found(reader, node));
		return;
	}
	raw = read_file(reader, node->items[0], &shown);
	if (!raw)
		return;
	ret->file = node->items[0]->text;
	raw = trimmed(reader, raw);
	ret->sql = statements ? read_variables(reader, node->items[0], raw) : raw;
	if (!ret->sql)
		return;
	ret->written = strcmp(ret->sql, raw) ? raw : NULL;
	check_sql(reader, key, node->items[0], ret->sql, shown, statements);
}

/* {file: {dialect: PATH}} as {dialect: {file: PATH}}. */
static const struct yaml *turn_file_map(struct reader *reader, const struct yaml *node)
{
	struct yaml *ret = retort_alloc(reader->arena, sizeof *ret);
	size_t i;

	*ret = *node->items[0];
	ret->items = retort_alloc_array(reader->arena, ret->count, sizeof *ret->items);
	for (i = 0; i < ret->count; i++) {
		struct yaml *one = retort_alloc(reader->arena, sizeof *one);

		*one = *node;
		one->items = &node->items[0]->items[i];
		ret->items[i] = yaml_is_null(*one->items) ? *one->items : one;
	}
	return ret;
}

const struct retort_text *read_sql(struct reader *reader, const char *key, const struct yaml *node,
	bool statements)
{
	struct retort_text *ret = retort_alloc(reader->arena, sizeof *ret);
	struct retort_variant *variants, one = {0};
	bool file = node->kind == YAML_MAP && node->count == 1 && !strcmp(node->keys[0]->text, "file");
	size_t i;

	if (file && node->items[0]->kind == YAML_MAP) {
		node = turn_file_map(reader, node);
		file = false;
	}
	if (node->kind != YAML_MAP || file) {
		if (yaml_is_null(node) || node->kind == YAML_LIST) {
			reader_fault(reader, node,
				"'%s' must be SQL, a map by dialect or {file: PATH}, found %s", key,
				reader_found(reader, node));
			return NULL;
		}
		read_answer(reader, key, node, statements, &one);
		ret->sql = one.sql;
		ret->file = one.file;
		ret->written = one.written;
		return one.sql ? ret : NULL;
	}
	if (!node->count)
		reader_fault(reader, node, "'%s' is an empty map: expected SQL by dialect", key);
	variants = retort_alloc_array(reader->arena, node->count, sizeof *variants);
	for (i = 0; i < node->count; i++) {
		read_dialect(reader, node->keys[i]);
		variants[i].dialect = node->keys[i]->text;
		if (!yaml_is_null(node->items[i]))
			read_answer(reader, key, node->items[i], statements, &variants[i]);
	}
	ret->variants = variants;
	ret->variant_count = node->count;
	return ret;
}
