/* SPDX-License-Identifier: MIT
 *
 * Revision files that hold every operation with every key, made from the field tables: what a row is
 * added for is tested without a line here, unless its key means something only beside others.
 */
#ifndef RETORT_TESTS_CORPUS_H
#define RETORT_TESTS_CORPUS_H

#include <string.h>

#include "script/field.h"

/* The files that the corpus names, as {name, text}, ending with NULL. */
static const char *const corpus_files[][2] = {
	{"corpus.sql", "SELECT 1;\nSELECT '${x}';\n"},
	{"corpus.csv", "a,b\n1,2\n"},
	{"corpus.json", "{\"k\": [{\"a\": 1}]}\n"},
	{NULL, NULL},
};

/* Values of each kind. A value may hold several lines where it begins with a line end; %s is the indentation.
 */
static const char *const samples[FIELD_KIND_COUNT][4] = {
	[FIELD_NAME] = {"plain", "\"no\"", "'it''s: a \"name\" # here'"},
	[FIELD_NAME_BY_DIALECT] = {"plain", "{mysql: utf8mb4_bin, default: null}"},
	[FIELD_TEXT] = {"some text", "\"null\"", "\"two\\nlines\"",
		"\"\\e[1m \\x85\\u2028\\ufeff \xc3\xa4\xf0\x9f\x8c\x8d\""},
	[FIELD_BOOL] = {"true", "false", "yes"},
	[FIELD_INT] = {"3"},
	[FIELD_UNSIGNED] = {"4"},
	[FIELD_ULONG] = {"1000"},
	[FIELD_LONG_LONG] = {"-9223372036854775808", "7"},
	[FIELD_NAMES] = {"[a]", "[a, \"b c\", 'null', \"1e5\"]"},
	[FIELD_TEXTS] = {"[x]", "[a, '', \"1\", y, \"a,b\", '~']"},
	[FIELD_DIALECTS] = {"[postgresql]", "[mysql, sqlite]"},
	[FIELD_SQL] = {"\"a > 0\"", "{postgresql: \"a::int > 0\", default: null}", "{file: corpus.sql}",
		"{mysql: {file: corpus.sql}, default: a -- b}"},
	[FIELD_STATEMENTS] = {"SELECT 1", "\"SELECT '${x}', '$${y}'\"", "{file: corpus.sql}",
		"\"SELECT 1;\\nSELECT 2 -- x\""},
	[FIELD_FILE_SQL] = {"corpus.sql", "{postgresql: corpus.sql, default: null}"},
	[FIELD_WHERE] = {"all", "a = 1", "{default: a = 1, mysql: \"`a` = 1\"}"},
	[FIELD_TYPE] = {"\"numeric(12,2)\"", "{type: numeric, precision: 12, scale: 2}",
		"{default: string(9), postgresql: citext}", "{postgresql: \"int4range\"}"},
	[FIELD_DEFAULT] = {"0", "{expression: a + 1}",
		"{default: 1, mysql: {expression: \"1\"}, sqlite: null}"},
	[FIELD_VALUE] = {"x", "null", "{function: now}", "{expression: {default: a, mysql: b}}"},
	[FIELD_SHORTHAND] = {"true", "named_so", "false"},
	[FIELD_REFERENCES] = {"team", "\"s.team(id, other)\"",
		"{table: \"odd.name\", schema: s, columns: [a]}"},
	[FIELD_OPS] = {"[{drop_table: a}, {create_schema: s}]"},
	[FIELD_PARTS] =
		{"[{drop_column: a}, {create_unique_constraint: [a]}, {add_column: {name: b, type: text}}]"},
	[FIELD_REVERSE] = {"[]", "[{drop_table: {name: a, only: [sqlite]}}]"},
	[FIELD_LINT_IGNORE] = {"[A1]", "[{A1: because of it}, B2]"},
	[FIELD_FILE] = {"corpus.csv"},
	[FIELD_SET] = {"{a: 1, b: {expression: a + 1}, c: null, \"no\": {function: now}}"},
	[FIELD_ENV] = {"{A: b, \"C\": \"1\"}"},
};

/* Keys that need company, by operation or object (NULL: any): what stands beside, or a value of their own. */
static const struct {
	const char *in, *key, *beside, *value;
} specials[] = {
	{"index column", "expression", "", NULL},
	{"index column", "column", "", NULL},
	{"index column", "length", "column: a", NULL},
	{"index column", NULL, "column: a", NULL},
	{"create_enum", "values", "", NULL},
	{"enum", "values", "", NULL},
	{"element", "expression", "", NULL},
	{"element", "column", "", NULL},
	{"element", NULL, "column: a", NULL},
	{NULL, "length", "type: string", NULL},
	{NULL, "precision", "type: numeric", NULL},
	{NULL, "scale", "type: numeric, precision: 9", NULL},
	{NULL, "unsigned", "type: integer", NULL},
	{NULL, "values", "type: enum", NULL},
	{NULL, "items", "type: array", "{type: string, length: 4}"},
	{NULL, "default", "type: integer", NULL},
	{"domain", "default", "type: integer", NULL},
	{NULL, "on_delete", "references: t", NULL},
	{NULL, "on_update", "references: t", NULL},
	{"alter_column", "using", "type: text", NULL},
	{"alter_column", "fill", "nullable: false", NULL},
	{"alter_column", "only", "nullable: true", NULL},
	{"alter_column", "except", "nullable: true", NULL},
	{"alter_column", "reverse", "nullable: true", NULL},
	{"alter_column", "repeatable", "nullable: true", NULL},
	{"alter_column", "lint_ignore", "nullable: true", NULL},
	{"alter_column", "schema", "comment: null", NULL},
	{"alter_column", "table", "default: null", NULL},
	{"alter_column", "name", "computed: null", NULL},
	{"set_options", NULL, "mysql: {engine: MyISAM, row_format: null}, sqlite: {strict: yes}", NULL},
	{"execute", NULL, "sql: SELECT 1", NULL},
	{"execute", "sql", "", NULL},
	{"execute", "file", "", NULL},
	{"delete_rows", NULL, "where: all", NULL},
	{"delete_rows", "where", "", NULL},
};

/* Operations whose keys exclude each other, in full. */
static const char *const whole[] = {
	"alter_enum: {name: e, add_value: a}",
	"alter_enum: {name: e, schema: s, add_value: a, before: b}",
	"alter_enum: {table: t, column: c, add_value: a, after: b, only: [mysql]}",
	"alter_enum: {name: e, rename_value: a, to: \"no\", except: [mysql], repeatable: true}",
	"alter_enum: {name: e, drop_value: a, mapping: {a: b}, lint_ignore: [X]}",
	"alter_enum: {name: e, drop_value: a, mapping: {a: null}, reverse: []}",
	"insert_rows: {table: t, schema: s, columns: [a, \"no\"], rows: [[1, x], [null, 'null'], {a: 1}, "
	"['', \"yes\"]]}",
	"bulk_insert: {table: t, rows: [{a: {function: now}, b: {expression: 1 + 1}}, {b: {mysql: 1, "
	"default: 2}}]}",
	"insert_rows: {table: t, csv: corpus.csv, on_conflict: ignore, only: [mysql], lint_ignore: {X: why}}",
	"insert_rows: {table: t, csv: \"${dir}/corpus.csv\", columns: [b, a], on_conflict: update, key: [a], "
	"reverse: []}",
	"insert_rows: {table: t, json: corpus.json, rows: k, map: {a: a}, repeatable: true, except: [mysql]}",
	"delete_rows: {table: t, csv: corpus.csv, key: [a]}",
	"delete_rows: {table: t, json: corpus.json, rows: k, map: {a: a}, key: [a]}",
	"delete_rows: {table: t, columns: [a], rows: [[1], [x]], key: [a]}",
	"drop_table: t",
	"execute: SELECT 1",
	"run: [true, x]",
	"create_table: {name: t, columns: {a: bigint}, mysql: {engine: InnoDB, auto_increment: 7}, sqlite: "
	"{strict: yes}}",
	"create_table: {name: t, columns: [{name: a, type: bigint}], primary_key: [a], indexes: [[a], "
	"{columns: [a]}]}",
	"create_table: {name: t, columns: {a: bigint}, primary_key: {name: p, columns: [a]}, "
	"check_constraints: [\"a > 0\"]}",
	"execute: {sql: SELECT 1, reverse: SELECT 2}",
	"execute: {sql: SELECT 1, reverse: {default: null, mysql: \"SELECT '${x}'\"}}",
	"drop_table: t\n    reverse: []\n    only: [sqlite]",
};

struct corpus {
	struct retort_arena *arena;
	const char **texts;
	size_t count;
};

static const char *one_object(struct corpus *corpus, const struct object *object, const char *key,
	size_t variant);

/* The number of rows of a list. */
static size_t count_rows(const struct field *fields)
{
	size_t n = 0;

	while (fields[n].key)
		n++;
	return n;
}

/* All objects of a kind that its rows give, as a list or a map by name. */
static const char *all_objects(struct corpus *corpus, const struct object *object, bool list)
{
	bool named = field_find(object->fields, "name") != NULL;
	struct retort_buf out;
	size_t i, j, n = 0;

	retort_buf_init(&out, corpus->arena);
	retort_buf_char(&out, named && !list ? '{' : '[');
	for (i = 0; i <= count_rows(object->fields); i++) {
		const struct field *field = &object->fields[i];

		for (j = 0; j < 4; j++) {
			const char *one = one_object(corpus, object, field->key ? field->key : "", j);

			if (!one)
				continue;
			retort_buf_str(&out, n ? ", " : "");
			if (named && !list)
				retort_buf_printf(&out, "n%zu: %s", n, one);
			else if (named)
				retort_buf_printf(&out, "{name: n%zu, %s", n, one + 1);
			else
				retort_buf_str(&out, one);
			n++;
			if (!field->key)
				break;
		}
	}
	retort_buf_char(&out, named && !list ? '}' : ']');
	return out.data;
}

/* The only value that a key is tried with; NULL: those of its kind. */
static const char *only_value(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof specials / sizeof *specials; i++)
		if (specials[i].value && !strcmp(specials[i].key, key))
			return specials[i].value;
	return NULL;
}

/* The value of a row; NULL: there is no such variant. */
static const char *value_of(struct corpus *corpus, const struct field *field, size_t variant)
{
	const char *const *words = field->detail;
	size_t i, n;

	if (only_value(field->key))
		return variant ? NULL : only_value(field->key);
	switch (field->kind) {
	case FIELD_WORD:
	case FIELD_CHOICE:
		if (!**words)
			words++;
		for (n = 0; words[n]; n++)
			;
		return variant < n && variant < 4 ? words[(variant + (n > 4 ? n - 4 : 0)) % n] : NULL;
	case FIELD_OBJECT:
		return variant ? NULL : one_object(corpus, field->detail, "", 0);
	case FIELD_OBJECTS:
		return variant > 1 ? NULL : all_objects(corpus, field->detail, variant == 1);
	case FIELD_PART:
		n = count_rows(((const struct object *)field->detail)->fields);
		for (i = 0; i < n; i++)
			if (variant < 4 && variant <= n && i == variant % n)
				return one_object(corpus, field->detail,
					((const struct object *)field->detail)->fields[i].key, 0);
		return NULL;
	default:
		return variant < 4 ? samples[field->kind][variant] : NULL;
	}
}

/* What must stand beside a key. */
static const char *beside(const char *in, const char *key)
{
	size_t i;

	for (i = 0; i < sizeof specials / sizeof *specials; i++)
		if (specials[i].in && !strcmp(specials[i].in, in) && specials[i].key &&
			!strcmp(specials[i].key, key))
			return specials[i].beside;
	for (i = 0; i < sizeof specials / sizeof *specials; i++)
		if (!specials[i].in && !strcmp(specials[i].key, key))
			return specials[i].beside;
	for (i = 0; i < sizeof specials / sizeof *specials; i++)
		if (specials[i].in && !strcmp(specials[i].in, in) && !specials[i].key)
			return specials[i].beside;
	return "";
}

/* Whether a text of "key: value, ..." gives a key. */
static bool gives(const char *text, const char *key)
{
	size_t n = strlen(key);
	const char *at;

	for (at = text; (at = strstr(at, key)); at += n)
		if ((at == text || at[-1] == ' ') && at[n] == ':')
			return true;
	return false;
}

/* Adds "key: value" to what is in {}. */
static void add(struct retort_buf *out, const char *key, const char *value)
{
	retort_buf_printf(out, "%s%s: %s", out->len > 1 ? ", " : "", key, value);
}

/* Adds the required rows of a list that are not given. */
static void add_required(struct corpus *corpus, struct retort_buf *out, const struct field *fields,
	const struct operation *hider, const char *key, const char *given, bool with_name)
{
	for (; fields->key; fields++)
		if (fields->flags & FIELD_REQUIRED && strcmp(fields->key, key) &&
			!gives(given, fields->key) && (with_name || strcmp(fields->key, "name")) &&
			!(hider && operation_hides(hider, fields->key)))
			add(out, fields->key, value_of(corpus, fields, 0));
}

/* An object with what it needs and one key more; "" adds none; NULL: there is no such variant. */
static const char *one_object(struct corpus *corpus, const struct object *object, const char *key,
	size_t variant)
{
	const struct field *field = field_find(object->fields, key);
	const char *given = beside(object->noun, key), *value = field ? value_of(corpus, field, variant) : "";
	struct retort_buf out;

	if (!value || (field && field->flags & FIELD_SCHEMA_FILE) || !strcmp(key, "name"))
		return NULL;
	retort_buf_init(&out, corpus->arena);
	retort_buf_char(&out, '{');
	add_required(corpus, &out, object->fields, NULL, key, given, false);
	if (*given)
		retort_buf_printf(&out, "%s%s", out.len > 1 ? ", " : "", given);
	if (field && !gives(given, key))
		add(&out, key, value);
	retort_buf_char(&out, '}');
	return out.data;
}

/* Adds a file with an operation. */
static void add_file(struct corpus *corpus, const char *operation)
{
	const char *text = retort_printf(corpus->arena,
		"revision: r%zu\ndown_revision: null\nmessage: \"a file: # of the corpus\"\n\nupgrade:\n  - "
		"%s\n"
		"downgrade:\n  - %s\n",
		corpus->count, operation, operation);

	RETORT_PUSH(corpus->arena, corpus->texts, corpus->count, text);
}

/* Adds files with an operation and each value of one of its rows. */
static void add_key(struct corpus *corpus, const struct operation *operation, const struct field *field)
{
	const char *given = beside(operation->word, field->key), *value;
	struct retort_buf out;
	size_t i;

	for (i = 0; (value = value_of(corpus, field, i)) != NULL; i++) {
		retort_buf_init(&out, corpus->arena);
		retort_buf_char(&out, '{');
		add_required(corpus, &out, operation->fields, NULL, field->key, given, true);
		if (operation->object)
			add_required(corpus, &out, operation->object->fields, operation, field->key, given,
				true);
		if (*given)
			retort_buf_printf(&out, "%s%s", out.len > 1 ? ", " : "", given);
		add(&out, field->key, value);
		retort_buf_char(&out, '}');
		add_file(corpus, retort_printf(corpus->arena, "%s: %s", operation->word, out.data));
	}
}

/* Whether whole has all that is to be tried of an operation. */
static bool is_whole(const char *word)
{
	return !strcmp(word, "alter_enum") || !strcmp(word, "insert_rows");
}

/* The texts of the files; count is set. folder holds the files that they name. */
static inline const char **corpus_make(struct retort_arena *arena, size_t *count)
{
	struct corpus corpus = {.arena = arena};
	const struct operation *operation;
	const struct field *field;
	size_t i;

	for (operation = operations; operation->word; operation++) {
		if (is_whole(operation->word))
			continue;
		for (field = operation->fields; field->key; field++)
			add_key(&corpus, operation, field);
		for (field = operation_common; field->key; field++)
			add_key(&corpus, operation, field);
		if (operation->object && operation->object != &object_rows &&
			operation->object != &object_deleted_rows)
			for (field = operation->object->fields; field->key; field++)
				if (!operation_hides(operation, field->key) &&
					!(field->flags & FIELD_SCHEMA_FILE))
					add_key(&corpus, operation, field);
	}
	for (i = 0; i < sizeof whole / sizeof *whole; i++)
		add_file(&corpus, whole[i]);
	*count = corpus.count;
	return corpus.texts;
}

#endif
