/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus.h"
#include "script/revision.h"
#include "script/yaml.h"

struct state {
	struct retort_arena *arena;
	struct retort_error *err;
	char folder[64];
	struct script_reader reader;
};

/* postgres is a scheme and no dialect. */
static bool known_dialect(void *context, const char *name, const char **meant)
{
	(void)context;
	if (!strcmp(name, "postgres"))
		*meant = "postgresql";
	return !strcmp(name, "postgresql") || !strcmp(name, "mysql") || !strcmp(name, "sqlite");
}

static int setup(void **state)
{
	struct state *s = calloc(1, sizeof *s);
	struct map *variables;
	size_t i;

	s->arena = retort_arena_new();
	s->err = retort_error_new();
	snprintf(s->folder, sizeof s->folder, "/tmp/retort-revision-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	for (i = 0; corpus_files[i][0]; i++)
		assert_int_equal(file_write(path_join(s->arena, s->folder, corpus_files[i][0]),
					 corpus_files[i][1], strlen(corpus_files[i][1]), true, s->err),
			0);
	variables = map_new(s->arena);
	map_put(variables, "x", (void *)(uintptr_t) "the value");
	map_put(variables, "dir", s->folder);
	s->reader = (struct script_reader){.arena = s->arena,
		.variables = variables,
		.known_dialect = known_dialect,
		.shown_path = "f.yaml"};
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;
	size_t i;

	for (i = 0; corpus_files[i][0]; i++)
		unlink(path_join(s->arena, s->folder, corpus_files[i][0]));
	unlink(path_join(s->arena, s->folder, "f.yaml"));
	rmdir(s->folder);
	retort_arena_free(s->arena);
	retort_error_free(s->err);
	free(s);
	return 0;
}

/* All problems, "LINE:COLUMN: message" each on its line. */
static const char *told(struct state *s)
{
	const struct retort_problem *problem;
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	for (problem = retort_error_first(s->err); problem; problem = problem->next)
		retort_buf_printf(&out, "%u:%u: %s\n", problem->line, problem->column, problem->message);
	return out.data;
}

/* Parses a file that must be right. */
static struct script *parsed(struct state *s, const char *text)
{
	struct script *script = NULL;

	retort_error_clear(s->err);
	if (script_parse(&s->reader, path_join(s->arena, s->folder, "f.yaml"), text, strlen(text), &script,
		    s->err))
		print_message("%s%.900s\n", told(s), text);
	assert_non_null(script);
	return script;
}

/* What is told of a file that must be wrong. */
static const char *faults(struct state *s, const char *text)
{
	struct script *script = NULL;

	retort_error_clear(s->err);
	assert_int_equal(script_parse(&s->reader, path_join(s->arena, s->folder, "f.yaml"), text,
				 strlen(text), &script, s->err),
		-1);
	return told(s);
}

#define HEAD "revision: a\ndown_revision: null\nupgrade:\n"

/* The faults of one operation; lines count from that of the operation. */
static const char *op_faults(struct state *s, const char *op)
{
	return faults(s, retort_printf(s->arena, "%s  - %s\n", HEAD, op));
}

static const char *written(struct state *s, const struct script *script)
{
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	script_write(&out, script, NULL);
	return out.data;
}

static const char *ops_json(struct state *s, const struct retort_op *const *ops, size_t count)
{
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	script_ops_json(&out, ops, count);
	assert_null(strchr(out.data, '\n'));
	return out.data;
}

/* What a resolved operation may hold beyond what files do. */
static void test_resolved(void **state)
{
	static const char json[] =
		"[{\"add_column\": {\"table\": \"t\", \"name\": \"a\", \"type\": {\"native\": "
		"\"citext\"}, \"nullable\": false}}]";
	struct state *s = *state;
	const struct retort_op *const *ops;
	size_t count;

	assert_int_equal(script_ops_parse(&s->reader, json, &ops, &count, s->err), 0);
	assert_int_equal(ops[0]->column->type->kind, RETORT_TYPE_NATIVE);
	assert_string_equal(ops[0]->column->type->native, "citext");
	assert_string_equal(ops_json(s, ops, count), json);
}

/* ---- every operation with every key ---- */

static void test_corpus_is_stable(void **state)
{
	struct state *s = *state;
	size_t count, i;
	const char **texts = corpus_make(s->arena, &count);
	const char *keep = getenv("RETORT_CORPUS"); /* a folder for the files, to be read by other tools */

	assert_in_range(count, 500, 100000);
	for (i = 0; i < count; i++) {
		struct script *first = parsed(s, texts[i]), *second, *third;
		const char *text = written(s, first),
			   *json = ops_json(s, first->upgrade, first->upgrade_count);
		const struct retort_op *const *ops;
		size_t n;

		if (keep) {
			file_write(retort_printf(s->arena, "%s/%zu.yaml", keep, i), texts[i],
				strlen(texts[i]), false, NULL);
			file_write(retort_printf(s->arena, "%s/%zu-written.yaml", keep, i), text,
				strlen(text), false, NULL);
			file_write(retort_printf(s->arena, "%s/%zu-written.json", keep, i), json,
				strlen(json), false, NULL);
		}
		second = parsed(s, text);
		assert_string_equal(written(s, second), text);
		assert_string_equal(second->checksum, first->checksum);
		retort_error_clear(s->err);
		if (script_ops_parse(&s->reader, json, &ops, &n, s->err))
			fail_msg("%s\n%s", json, told(s));
		assert_string_equal(ops_json(s, ops, n), json);
		/* A whole file in JSON is the same revision. */
		third = parsed(s,
			retort_printf(s->arena,
				"{\"revision\": \"r\", \"down_revision\": null, \"upgrade\": %s, "
				"\"downgrade\": %s}",
				json, json));
		assert_string_equal(ops_json(s, third->upgrade, third->upgrade_count), json);
	}
}

/* Whether a text holds a key in a map. */
static bool holds(const char *text, const char *key)
{
	size_t n = strlen(key);
	const char *at;

	for (at = text; (at = strstr(at, key)); at += n)
		if (strchr(" {\n", at[-1]) && at[n] == ':')
			return true;
	return false;
}

static void test_corpus_is_complete(void **state)
{
	struct state *s = *state;
	const struct operation *operation;
	const struct field *field;
	struct retort_buf all;
	size_t count, i;
	const char **texts = corpus_make(s->arena, &count);

	for (operation = operations; operation->word; operation++) {
		const char *start = retort_printf(s->arena, "\n  - %s: ", operation->word);

		retort_buf_init(&all, s->arena);
		for (i = 0; i < count; i++)
			if (strstr(texts[i], start))
				retort_buf_str(&all, strstr(texts[i], start));
		assert_true(all.len > 0);
		for (field = operation->fields; field->key; field++)
			assert_true(holds(all.data, field->key));
		for (field = operation->object ? operation->object->fields : field; field->key; field++)
			if (!(field->flags & FIELD_SCHEMA_FILE) && !operation_hides(operation, field->key) &&
				operation->kind != RETORT_OP_DELETE_ROWS && !holds(all.data, field->key))
				fail_msg("%s has no %s", operation->word, field->key);
	}
}

/* ---- bad files ---- */

static void test_bad_files(void **state)
{
	static const char folder[] = "tests/files/bad";
	struct state *s = *state;
	const char *list;
	char *names, *name, *text, *expected;
	size_t len, count = 0;

	assert_int_equal(chdir(RETORT_SOURCE), 0); /* messages name files relative to the working directory */
	assert_int_equal(file_read(s->arena, path_join(s->arena, folder, "list"), 1 << 20, &names, &len,
				 s->err),
		0);
	for (list = names; *list; list += strcspn(list, "\n") + 1, count++) {
		struct script *script;
		const char *got;

		name = retort_strndup(s->arena, list, strcspn(list, "\n"));
		retort_error_clear(s->err);
		assert_int_equal(file_read(s->arena, retort_printf(s->arena, "%s/%s.yaml", folder, name),
					 1 << 20, &text, &len, s->err),
			0);
		assert_int_equal(script_parse(&s->reader, retort_printf(s->arena, "%s/%s.yaml", folder, name),
					 text, len, &script, s->err),
			-1);
		got = told(s);
		if (getenv("RETORT_UPDATE"))
			file_write(retort_printf(s->arena, "%s/%s.told", folder, name), got, strlen(got),
				false, NULL);
		assert_int_equal(file_read(s->arena, retort_printf(s->arena, "%s/%s.told", folder, name),
					 1 << 20, &expected, &len, s->err),
			0);
		if (strcmp(got, expected))
			print_message("%s\n", name);
		assert_string_equal(got, expected);
	}
	assert_in_range(count, 10, 1000);
}

static void test_every_fault_is_told(void **state)
{
	assert_string_equal(op_faults(*state, "create_tabel: {name: a}"),
		"4:5: unknown operation 'create_tabel': did you mean 'create_table'?\n");
	assert_string_equal(op_faults(*state,
				    "create_table: {name: a, colums: {}, columns: {b: {type: strng(3), "
				    "nulable: no}}}"),
		"4:29: unknown key 'colums' in create_table: did you mean 'columns'?\n"
		"4:61: cannot read type 'strng(3)': unknown type 'strng', did you mean 'string'?\n"
		"4:71: unknown key 'nulable' in column 'b': did you mean 'nullable'?\n");
	assert_string_equal(op_faults(*state, "execute: {sql: {postgres: SELECT 1, default: null}}"),
		"4:21: unknown dialect 'postgres': did you mean 'postgresql'?\n");
	assert_string_equal(op_faults(*state, "add_column: {table: t, name: c, type: numeric(12,2)}"),
		"4:43: 'numeric(12' was cut at a comma: quote the whole value: \"numeric(12, 2)\"\n");
	assert_string_equal(op_faults(*state, "add_column: {table: t, name: c, type: integer, default: abc}"),
		"4:61: 'default': 'abc' is no value of type integer\n");
}

/* ---- what is read ---- */

static void test_variables(void **state)
{
	struct state *s = *state;
	struct script *script = parsed(s,
		HEAD "  - execute: \"SELECT '${x}', '$${x}'\"\n  - execute: {file: corpus.sql}\n"
		     "  - insert_rows: {table: t, csv: \"${dir}/corpus.csv\"}\n  - create_view: {name: v, "
		     "query: \"SELECT '${x}'\"}\n");

	assert_string_equal(script->upgrade[0]->sql->sql, "SELECT 'the value', '${x}'");
	assert_string_equal(script->upgrade[0]->sql->written, "SELECT '${x}', '$${x}'");
	assert_string_equal(script->upgrade[1]->sql->sql, "SELECT 1;\nSELECT 'the value';");
	assert_string_equal(script->upgrade[1]->sql->file, "corpus.sql");
	assert_string_equal(script->upgrade[2]->rows->csv, "${dir}/corpus.csv");
	assert_string_equal(script->upgrade[2]->rows->csv_path, path_join(s->arena, s->folder, "corpus.csv"));
	assert_string_equal(script->upgrade[3]->view->query->sql, "SELECT '${x}'");
	assert_string_equal(ops_json(s, script->upgrade, 1),
		"[{\"execute\": \"SELECT 'the value', '$${x}'\"}]");
	assert_string_equal(op_faults(s, "execute: \"SELECT '${y}'\""),
		"4:14: variable 'y' is not declared in [retort.variables]\n");
	assert_string_equal(op_faults(s, "execute: \"SELECT '${'\""),
		"4:14: '${' without a name and '}' after it: write '$${' where it is text\n");
}

/* What does not change what is done does not change the checksum; what does, does. */
static void test_checksum(void **state)
{
	struct state *s = *state;
	const char *first =
		parsed(s, HEAD "  - create_table: {name: t, columns: {a: bigint, b: text}}\n")->checksum;

	assert_string_equal(first,
		parsed(s,
			"# c\r\nrevision: b\r\ndown_revision: c\r\nmessage: x\r\nupgrade:\r\n"
			"  - create_table:\r\n      # why\r\n      columns:\r\n        a: {type: bigint}\r\n "
			"       b: \"text\"\r\n"
			"      name: 't'\r\n")
			->checksum);
	assert_string_not_equal(first,
		parsed(s, HEAD "  - create_table: {name: t, columns: {b: text, a: bigint}}\n")->checksum);
	assert_string_not_equal(first,
		parsed(s, HEAD "  - create_table: {name: t, columns: {a: bigint, b: text}}\ndowngrade: []\n")
			->checksum);
	first = parsed(s, HEAD "  - execute: |\n      SELECT 1;\n      SELECT 2\n")->checksum;
	assert_string_equal(first, parsed(s, HEAD "  - execute: \"SELECT 1;\\nSELECT 2\\n\"\n")->checksum);
}

static void test_checksum_of_files(void **state)
{
	struct state *s = *state;
	const char *path = path_join(s->arena, s->folder, "corpus.csv");
	const char *first = parsed(s, HEAD "  - insert_rows: {table: t, csv: corpus.csv}\n")->checksum;

	assert_int_equal(file_write(path, "a,b\n1,3\n", 8, false, s->err), 0);
	assert_string_not_equal(first,
		parsed(s, HEAD "  - insert_rows: {table: t, csv: corpus.csv}\n")->checksum);
	path = path_join(s->arena, s->folder, "corpus.sql");
	first = parsed(s, HEAD "  - execute: {file: corpus.sql}\n")->checksum;
	/* What the variables stand for may differ from place to place. */
	map_put((struct map *)(uintptr_t)s->reader.variables, "x", (void *)(uintptr_t) "other");
	assert_string_equal(first, parsed(s, HEAD "  - execute: {file: corpus.sql}\n")->checksum);
	assert_int_equal(file_write(path, "SELECT 2\n", 9, false, s->err), 0);
	assert_string_not_equal(first, parsed(s, HEAD "  - execute: {file: corpus.sql}\n")->checksum);
}

static void test_operation(void **state)
{
	struct script *script = parsed(*state,
		HEAD
		"  - alter_table:\n      operations:\n        - drop_column: a\n        - "
		"create_foreign_key:\n"
		"            columns: [b]\n            references: s.t(id)\n            on_delete: SET_NULL\n"
		"        - alter_column: {name: c, default: null, nullable: false, fill: {expression: d}}\n  "
		"    name: x\n"
		"      schema: y\n    lint_ignore: {L1: because}\n");
	const struct retort_op *op = script->upgrade[0], *part = op->ops[1];

	assert_int_equal(script->upgrade_count, 1);
	assert_int_equal(op->op_count, 3);
	assert_string_equal(op->file, "f.yaml");
	assert_int_equal(op->line, 4);
	assert_int_equal(op->index_in_file, 1);
	assert_string_equal(op->table, "x");
	assert_string_equal(op->lint_ignore[0].code, "L1");
	assert_string_equal(op->lint_ignore[0].reason, "because");
	assert_string_equal(part->table, "x");
	assert_string_equal(part->schema, "y");
	assert_int_equal(part->line, 7);
	assert_int_equal(part->constraint->kind, RETORT_FOREIGN_KEY);
	assert_null(part->name);
	assert_string_equal(part->constraint->references->schema, "s");
	assert_string_equal(part->constraint->references->table, "t");
	assert_string_equal(part->constraint->references->columns[0], "id");
	assert_int_equal(part->constraint->references->on_delete, RETORT_ACTION_SET_NULL);
	part = op->ops[2];
	assert_int_equal(part->alter, RETORT_ALTER_DEFAULT | RETORT_ALTER_NULLABLE);
	assert_null(part->column->def);
	assert_false(part->column->nullable);
	assert_int_equal(part->fill->kind, RETORT_DEFAULT_EXPRESSION);
}

static void test_column(void **state)
{
	struct script *script = parsed(*state,
		HEAD
		"  - create_table:\n      name: t\n      columns:\n        id: {type: bigint, primary_key: "
		"true, "
		"autoincrement: {start: 100}}\n        c: {type: numeric, precision: 12, scale: 2, default: "
		"0, unique: uq_c}\n"
		"        d: string(10)\n        e: {type: {default: text, postgresql: citext}, default: no}\n"
		"      primary_key: {columns: [id]}\n      sqlite: {strict: yes}\n");
	const struct retort_table *table = script->upgrade[0]->create;

	assert_string_equal(table->name, "t");
	assert_int_equal(table->column_count, 4);
	assert_int_equal(table->columns[0]->autoincrement, RETORT_AUTO_BY_DEFAULT);
	assert_int_equal(table->columns[0]->auto_start, 100);
	assert_int_equal(table->columns[1]->type->precision, 12);
	assert_int_equal(table->columns[1]->type->scale, 2);
	assert_string_equal(table->columns[1]->unique.name, "uq_c");
	assert_int_equal(table->columns[2]->type->length, 10);
	assert_true(table->columns[2]->nullable);
	assert_int_equal(table->columns[3]->type->kind, RETORT_TYPE_TEXT);
	assert_string_equal(table->columns[3]->type->native_variants->variants[0].sql, "citext");
	assert_string_equal(table->columns[3]->def->text, "no");
	assert_int_equal(table->constraint_count, 1);
	assert_string_equal(retort_table_option(table, "sqlite", "strict"), "true");
}

static void test_downgrade(void **state)
{
	struct state *s = *state;

	assert_int_equal(parsed(s, HEAD " []\n")->downgrade_kind, DOWNGRADE_AUTO);
	assert_int_equal(parsed(s, HEAD " []\ndowngrade: []\n")->downgrade_kind, DOWNGRADE_LIST);
	assert_string_equal(parsed(s, HEAD " []\ndowngrade: {irreversible: too old}\n")->irreversible,
		"too old");
	assert_string_equal(written(s, parsed(s, HEAD " []\ndowngrade: {irreversible: \"it's: gone\"}\n")),
		"revision: a\ndown_revision: null\n\nupgrade: []\ndowngrade:\n  irreversible: \"it's: "
		"gone\"\n");
	assert_string_equal(faults(s, HEAD " []\ndowngrade: atuo\n"),
		"5:12: 'downgrade' must be auto, a list of operations or {irreversible: why}, found "
		"'atuo'\n");
}

static void test_python(void **state)
{
	struct state *s = *state;
	struct script *script;

	s->reader.shown_path = "3f2a.py";
	assert_int_equal(script_read(&s->reader, "/tmp/3f2a.py", &script, s->err), -1);
	assert_string_equal(retort_error_first(s->err)->message,
		"a Python revision: run it with alembic, then retort adopt");
	assert_string_equal(retort_error_first(s->err)->file, "3f2a.py");
}

/* A file of 100 MB is refused by its size: it is never read. */
static void test_large_file(void **state)
{
	struct state *s = *state;
	const char *path = path_join(s->arena, s->folder, "f.yaml");
	struct script *script;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), 100 << 20), 0);
	fclose(file);
	assert_int_equal(script_read(&s->reader, path, &script, s->err), -1);
	assert_non_null(strstr(retort_error_first(s->err)->message, "longer than"));
}

/* ---- what is written ---- */

static void test_strings(void **state)
{
	static const struct {
		const char *text, *block, *flow;
	} cases[] = {
		{"plain text", "plain text", "plain text"},
		{"3f2a9c1b7d10", "3f2a9c1b7d10", "3f2a9c1b7d10"},
		{"", "\"\"", "\"\""},
		{"1975", "\"1975\"", "\"1975\""},
		{"1e10", "\"1e10\"", "\"1e10\""},
		{"0x1f", "\"0x1f\"", "\"0x1f\""},
		{"1_000", "\"1_000\"", "\"1_000\""},
		{"6.5", "\"6.5\"", "\"6.5\""},
		{"12:30", "\"12:30\"", "\"12:30\""},
		{"2026-11-21", "\"2026-11-21\"", "\"2026-11-21\""},
		{"No", "\"No\"", "\"No\""},
		{"y", "\"y\"", "\"y\""},
		{"null", "\"null\"", "\"null\""},
		{"~", "\"~\"", "\"~\""},
		{"numeric(12,2)", "numeric(12,2)", "\"numeric(12,2)\""},
		{"a: b", "\"a: b\"", "\"a: b\""},
		{"a #b", "\"a #b\"", "\"a #b\""},
		{" a", "\" a\"", "\" a\""},
		{"a ", "\"a \"", "\"a \""},
		{"`a`", "\"`a`\"", "\"`a`\""},
		{"it's", "it's", "\"it's\""},
		{"say \"it's\"", "say \"it's\"", "'say \"it''s\"'"},
		{"a\\b", "'a\\b'", "'a\\b'"},
		{"a\tb", "\"a\\tb\"", "\"a\\tb\""},
		{"a\nb", "|-\n    a\n    b", "\"a\\nb\""},
		{"a\n\nb\n", "|\n    a\n\n    b", "\"a\\n\\nb\\n\""},
		{"a\n\n", "\"a\\n\\n\"", "\"a\\n\\n\""},
		{"\na", "\"\\na\"", "\"\\na\""},
		{" a\nb", "\" a\\nb\"", "\" a\\nb\""},
		{"a\r\nb", "\"a\\u000d\\nb\"", "\"a\\u000d\\nb\""},
		{"\x1b[1m", "\"\\u001b[1m\"", "\"\\u001b[1m\""},
		{"\xc2\x85", "\"\\u0085\"", "\"\\u0085\""},
		{"a\xe2\x80\xa8z", "\"a\\u2028z\"", "\"a\\u2028z\""},
		{"\xef\xbb\xbf", "\"\\ufeff\"", "\"\\ufeff\""},
		{"\xc3\xa4", "\xc3\xa4", "\xc3\xa4"},
		{"- a", "\"- a\"", "\"- a\""},
		{"<<", "\"<<\"", "\"<<\""},
		{"=", "\"=\"", "\"=\""},
	};
	struct state *s = *state;
	size_t i, flow;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (flow = 0; flow < 2; flow++) {
			struct retort_buf out;
			struct yaml *root;

			retort_buf_init(&out, s->arena);
			retort_buf_str(&out, flow ? "  k: [" : "  k: ");
			yaml_write_string(&out, cases[i].text, 2, flow);
			assert_string_equal(out.data + (flow ? 6 : 5), flow ? cases[i].flow : cases[i].block);
			retort_buf_str(&out, flow ? "]\n" : "\n");
			assert_int_equal(yaml_parse(s->arena, s->arena, "f", out.data, out.len, &root,
						 s->err),
				0);
			root = flow ? root->items[0]->items[0] : root->items[0];
			assert_string_equal(root->text, cases[i].text);
			assert_false(yaml_is_null(root));
		}
	}
}

/* The files of packaging/schema are what the tables give. RETORT_UPDATE=1 writes them. */
static void test_json_schemas(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct retort_buf *out);
	} schemas[] = {
		{"revision.schema.json", script_json_schema_revision},
		{"schema.schema.json", script_json_schema_schema},
	};
	struct state *s = *state;
	size_t i, len;

	for (i = 0; i < 2; i++) {
		const char *path =
			retort_printf(s->arena, "%s/packaging/schema/%s", RETORT_SOURCE, schemas[i].name);
		struct retort_buf out;
		char *text;

		retort_buf_init(&out, s->arena);
		schemas[i].make(&out);
		if (getenv("RETORT_UPDATE"))
			assert_int_equal(file_write(path, out.data, out.len, false, s->err), 0);
		assert_int_equal(file_read(s->arena, path, 1 << 24, &text, &len, s->err), 0);
		assert_true(!strcmp(text, out.data));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_resolved, setup, teardown),
		cmocka_unit_test_setup_teardown(test_corpus_is_stable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_corpus_is_complete, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_fault_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_variables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checksum, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checksum_of_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_operation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_column, setup, teardown),
		cmocka_unit_test_setup_teardown(test_downgrade, setup, teardown),
		cmocka_unit_test_setup_teardown(test_python, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_schemas, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
