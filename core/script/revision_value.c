/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "script/revision_read.h"

enum {
	ECHOED = 60 /* characters of a text in a message */
};

/* ---- faults ---- */

void reader_fault(struct reader *reader, const struct yaml *node, const char *format, ...)
{
	struct reader_problem problem = {.line = node->line,
		.column = node->column,
		.number = reader->faults};
	va_list ap;

	if (++reader->faults > READER_MOST_FAULTS)
		return;
	va_start(ap, format);
	problem.message = retort_vprintf(reader->arena, format, ap);
	va_end(ap);
	RETORT_PUSH(reader->arena, reader->problems, reader->problem_count, problem);
}

/* By place; in the order in which they were found where it is the same. */
static int compare_problems(const void *left, const void *right)
{
	const struct reader_problem *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

void reader_tell(struct reader *reader)
{
	size_t i;

	if (reader->problem_count)
		qsort(reader->problems, reader->problem_count, sizeof *reader->problems, compare_problems);
	for (i = 0; i < reader->problem_count; i++) {
		retort_fail(reader->err, RETORT_E_FILE, "%s", reader->problems[i].message);
		retort_error_at(reader->err, reader->file, reader->problems[i].line,
			reader->problems[i].column);
	}
}

void reader_fault_because(struct reader *reader, const struct yaml *node, const char *subject,
	const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	reader_fault(reader, node, "%s%s%s", subject ? subject : "", subject ? ": " : "",
		problem ? problem->message : "unknown reason");
}

const char *reader_found(struct reader *reader, const struct yaml *node)
{
	if (node->kind != YAML_SCALAR)
		return node->kind == YAML_LIST ? "a list" : "a map";
	if (yaml_is_null(node))
		return "nothing";
	return retort_printf(reader->arena, "'%s'", text_echo(reader->arena, node->text, ECHOED));
}

const char *reader_what(struct reader *reader)
{
	if (!reader->which)
		return reader->what;
	return retort_printf(reader->arena, "%s '%s'", reader->what,
		text_echo(reader->arena, reader->which, ECHOED));
}

const char *reader_meant(struct reader *reader, const char *meant)
{
	return meant ? retort_printf(reader->arena, ": did you mean '%s'?", meant) : "";
}

/* ---- scalars ---- */

#define SET(type, value) (*(type *)(void *)((char *)base + field->offset) = (value))
#define SET_COUNT(type, value) (*(type *)(void *)((char *)base + field->count) = (value))

const char *read_name(struct reader *reader, const char *key, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR && node->len && !yaml_is_null(node))
		return node->text;
	reader_fault(reader, node, "'%s' must be a name, found %s", key, reader_found(reader, node));
	return NULL;
}

/* A text that is there; NULL after a fault. */
static const char *scalar(struct reader *reader, const char *key, const char *expected,
	const struct yaml *node)
{
	if (node->kind == YAML_SCALAR && !yaml_is_null(node))
		return node->text;
	reader_fault(reader, node, "'%s' must be %s, found %s", key, expected, reader_found(reader, node));
	return NULL;
}

static void name(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	SET(const char *, read_name(reader, field->key, node));
}

static void text(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	SET(const char *, scalar(reader, field->key, "a text", node));
}

/* The words of a list, quoted, for a message. */
static const char *list_words(struct reader *reader, const char *const *words)
{
	size_t n = 0;

	if (!**words)
		words++;
	while (words[n])
		n++;
	return text_list(reader->arena, words, n, '\'');
}

/* Whether two words are the same but for case and for blanks written as _. */
static bool same_word(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a == '_' ? ' ' : *a, y = *b == '_' ? ' ' : *b;

		if (x != y && text_ncasecmp(&x, &y, 1))
			return false;
	}
	return !*a && !*b;
}

/* The index of one of a list of words; -1 after a fault. */
static int read_word(struct reader *reader, const struct field *field, const struct yaml *node)
{
	const char *const *words = field->detail;
	const char *meant;
	size_t n;

	if (node->kind == YAML_SCALAR && node->len)
		for (n = 0; words[n]; n++)
			if (same_word(words[n], node->text))
				return (int)n;
	for (n = 0; words[n]; n++)
		;
	meant = node->kind == YAML_SCALAR && node->len ? text_nearest(node->text, words, n, sizeof *words)
						       : NULL;
	reader_fault(reader, node, "'%s' must be one of %s, found %s%s", field->key,
		list_words(reader, words), reader_found(reader, node),
		reader_meant(reader, meant && *meant ? meant : NULL));
	return -1;
}

static void word(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	int i = read_word(reader, field, node);

	if (i >= 0)
		SET(const char *, ((const char *const *)field->detail)[i]);
}

static void choice(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	int i = read_word(reader, field, node);

	if (i >= 0)
		SET(int, i);
	if (field->count)
		SET_COUNT(bool, true);
}

/* true or false, as YAML 1.1 and 1.2 write them. -1: neither. */
static int truth(const struct yaml *node)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
	size_t i;

	if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN)
		return -1;
	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (!text_casecmp(words[i], node->text))
			return (int)(i & 1);
	return -1;
}

static void boolean(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	int value = truth(node);

	if (value < 0)
		reader_fault(reader, node, "'%s' must be true or false, found %s", field->key,
			reader_found(reader, node));
	else
		SET(bool, value > 0);
}

/* A whole number between two bounds; false after a fault. */
static bool number(struct reader *reader, const struct field *field, const struct yaml *node, long long least,
	long long most, long long *ret)
{
	char *end = NULL;

	if (node->kind == YAML_SCALAR && node->len && strspn(node->text, "+-0123456789") == node->len) {
		errno = 0;
		*ret = strtoll(node->text, &end, 10);
		if (!*end && !errno && *ret >= least && *ret <= most)
			return true;
		if (!*end) {
			reader_fault(reader, node, "'%s' must lie between %lld and %lld, found %s",
				field->key, least, most, reader_found(reader, node));
			return false;
		}
	}
	reader_fault(reader, node, "'%s' must be a whole number, found %s", field->key,
		reader_found(reader, node));
	return false;
}

static void read_int(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	long long value;

	if (number(reader, field, node, 0, INT_MAX, &value))
		SET(int, (int)value);
}

static void read_unsigned(struct reader *reader, const struct field *field, void *base,
	const struct yaml *node)
{
	long long value;

	if (number(reader, field, node, 1, INT_MAX, &value))
		SET(unsigned, (unsigned)value);
}

static void read_ulong(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	long long value;

	if (number(reader, field, node, 1, LONG_MAX, &value))
		SET(unsigned long, (unsigned long)value);
}

static void read_long_long(struct reader *reader, const struct field *field, void *base,
	const struct yaml *node)
{
	long long value;

	if (number(reader, field, node, LLONG_MIN, LLONG_MAX, &value))
		SET(long long, value);
}

/* ---- lists of texts ---- */

/* How much deeper in parentheses a text ends than it began. */
static int open_parentheses(const char *text)
{
	int depth = 0;

	for (; *text; text++)
		depth += *text == '(' ? 1 : *text == ')' ? -1 : 0;
	return depth;
}

size_t read_cut(struct reader *reader, const struct yaml *parent, size_t i)
{
	const struct yaml *node = parent->items[i];
	struct retort_buf whole;
	size_t n = i + 1;
	int depth;

	if (!parent->flow || node->kind != YAML_SCALAR || node->style != YAML_PLAIN)
		return 0;
	depth = open_parentheses(node->text);
	retort_buf_init(&whole, reader->arena);
	retort_buf_str(&whole, node->text);
	for (; depth > 0 && n < parent->count; n++) {
		const struct yaml *next = parent->kind == YAML_MAP ? parent->keys[n] : parent->items[n];

		if (next->kind != YAML_SCALAR || next->style != YAML_PLAIN ||
			(parent->kind == YAML_MAP && !yaml_is_null(parent->items[n])))
			break;
		depth += open_parentheses(next->text);
		retort_buf_printf(&whole, ", %s", next->text);
	}
	if (n == i + 1 || depth > 0)
		return 0;
	parent->items[i]->faulty = true;
	reader_fault(reader, node, "'%s' was cut at a comma: quote the whole value: \"%s\"",
		text_echo(reader->arena, node->text, ECHOED), text_echo(reader->arena, whole.data, ECHOED));
	return n - i - 1;
}

void read_texts(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	bool names = field->kind != FIELD_TEXTS;
	const char **items, *item;
	size_t i, count = 0;

	if (node->kind != YAML_LIST) {
		reader_fault(reader, node, "'%s' must be a list, found %s%s", field->key,
			reader_found(reader, node),
			node->kind == YAML_SCALAR && !yaml_is_null(node) ? ": write it in []" : "");
		return;
	}
	if (!node->count)
		reader_fault(reader, node, "'%s' is an empty list", field->key);
	items = retort_alloc_array(reader->arena, node->count, sizeof *items);
	for (i = 0; i < node->count; i++) {
		size_t cut = read_cut(reader, node, i);

		item = cut      ? NULL
			: names ? read_name(reader, field->key, node->items[i])
				: scalar(reader, field->key, "a list of texts", node->items[i]);
		if (item && field->kind == FIELD_DIALECTS)
			read_dialect(reader, node->items[i]);
		if (item)
			items[count++] = item;
		i += cut;
	}
	SET(const char *const *, items);
	SET_COUNT(size_t, count);
}

/* ---- values of other modules ---- */

static void sql(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	SET(const struct retort_text *, read_sql(reader, field->key, node, field->kind == FIELD_STATEMENTS));
}

/* A name, or names by dialect. */
static void name_by_dialect(struct reader *reader, const struct field *field, void *base,
	const struct yaml *node)
{
	struct field all = *field;

	all.offset = field->count;
	if (node->kind == YAML_MAP)
		sql(reader, &all, base, node);
	else
		name(reader, field, base, node);
}

static void file_sql(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	/* file: PATH is {file: PATH} under another key, by dialect too. */
	struct yaml map = {.kind = YAML_MAP, .line = node->line, .column = node->column, .count = 1};
	struct yaml key = {.text = "file", .len = 4, .line = node->line, .column = node->column};
	struct yaml *keys = &key, *items = retort_alloc(reader->arena, sizeof *items);

	*items = *node;
	map.keys = &keys;
	map.items = &items;
	SET(const struct retort_text *, read_sql(reader, field->key, &map, true));
}

static void where(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR && !text_casecmp(node->text, "all"))
		SET_COUNT(bool, true);
	else
		SET(const struct retort_text *, read_sql(reader, field->key, node, false));
}

static void type(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	if (!(field->flags & FIELD_LATE) || node->kind != YAML_SCALAR)
		SET(const struct retort_type *, read_type(reader, field->key, node));
}

static void fallback(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	SET(const struct retort_default *, read_default(reader, field->key, node));
}

static void value(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	SET(const struct retort_value *, read_row_value(reader, field->key, node));
}

static void shorthand(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_shorthand *ret = (struct retort_shorthand *)(void *)((char *)base + field->offset);
	int on = truth(node);

	if (on >= 0) {
		ret->on = on > 0;
		return;
	}
	ret->name = scalar(reader, field->key, "true, false or a name", node);
	ret->on = true;
	if (ret->name && !*ret->name)
		reader_fault(reader, node, "'%s' must be true, false or a name, found ''", field->key);
}

/* How each kind is read. */
static read_fn *const readers[FIELD_KIND_COUNT] = {
	[FIELD_NAME] = name,
	[FIELD_TEXT] = text,
	[FIELD_WORD] = word,
	[FIELD_CHOICE] = choice,
	[FIELD_BOOL] = boolean,
	[FIELD_INT] = read_int,
	[FIELD_UNSIGNED] = read_unsigned,
	[FIELD_ULONG] = read_ulong,
	[FIELD_LONG_LONG] = read_long_long,
	[FIELD_NAMES] = read_texts,
	[FIELD_TEXTS] = read_texts,
	[FIELD_DIALECTS] = read_texts,
	[FIELD_SQL] = sql,
	[FIELD_STATEMENTS] = sql,
	[FIELD_FILE_SQL] = file_sql,
	[FIELD_WHERE] = where,
	[FIELD_NAME_BY_DIALECT] = name_by_dialect,
	[FIELD_TYPE] = type,
	[FIELD_DEFAULT] = fallback,
	[FIELD_VALUE] = value,
	[FIELD_SHORTHAND] = shorthand,
	[FIELD_REFERENCES] = read_references,
	[FIELD_PART] = read_part,
	[FIELD_OBJECTS] = read_objects,
	[FIELD_OBJECT] = read_one_object,
	[FIELD_OPS] = read_op_list,
	[FIELD_PARTS] = read_parts,
	[FIELD_REVERSE] = read_reverse,
	[FIELD_LINT_IGNORE] = read_lint_ignore,
	[FIELD_ROWS] = read_rows,
	[FIELD_FILE] = read_file_path,
	[FIELD_COLUMN_MAP] = read_column_map,
	[FIELD_CONFLICT] = read_conflict,
	[FIELD_SET] = read_set,
	[FIELD_MAPPING] = read_mapping,
	[FIELD_ENV] = read_env,
};

void read_field(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	if (node->faulty || (field->flags & FIELD_NULL && yaml_is_null(node)))
		return;
	readers[field->kind](reader, field, base, node);
}
