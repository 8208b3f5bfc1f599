/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "corpus.h"
#include "retort/sql.h"
#include "script/schema_file.h"
#include "script/schema_file_section.h"

/* postgres is a scheme and no dialect. */
static bool known_dialect(void *context, const char *name, const char **meant)
{
	(void)context;
	*meant = strcmp(name, "postgres") ? NULL : "postgresql";
	return *meant == NULL;
}

static struct script_reader reader_of(struct scratch *s)
{
	return (struct script_reader){.arena = s->arena, .known_dialect = known_dialect};
}

static int parse(struct scratch *s, const char *text, struct schema_file **file)
{
	struct script_reader reader = reader_of(s);

	return schema_file_parse(&reader, "schema.yaml", text, strlen(text), file, s->err);
}

static struct schema_file *parsed(struct scratch *s, const char *text)
{
	struct schema_file *file = NULL;

	if (parse(s, text, &file))
		print_message("%s\n", text);
	expect_count(s, 0);
	return file;
}

/* The text that a file's declared form is written as. */
static const char *written(struct scratch *s, const struct schema_file *file)
{
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	schema_file_write(&out, schema_file_declared(s->arena, file), NULL);
	return out.data;
}

/* All problems as FILE:LINE:COLUMN: MESSAGE, one a line. */
static const char *told(struct scratch *s)
{
	const struct retort_problem *problem;
	struct retort_buf out;

	retort_buf_init(&out, s->arena);
	for (problem = retort_error_first(s->err); problem; problem = problem->next)
		retort_buf_printf(&out, "%s:%u:%u: %s\n", problem->file ? problem->file : "", problem->line,
			problem->column, problem->message);
	retort_error_clear(s->err);
	return out.data;
}

/* ---- every key of every object ---- */

/* Adds a file with each value of one key of a section's object. */
static void add_section_key(struct corpus *corpus, const struct schema_section *section, const char *key)
{
	const struct object *object = schema_section_object(section);
	const struct field *field = field_find(object->fields, key);
	const char *given = beside(object->noun, key), *value;
	struct retort_buf out;
	size_t i;

	for (i = 0; (value = value_of(corpus, field, i)) != NULL; i++) {
		retort_buf_init(&out, corpus->arena);
		retort_buf_char(&out, '{');
		add_required(corpus, &out, object->fields, NULL, key, given, false);
		if (*given)
			retort_buf_printf(&out, "%s%s", out.len > 1 ? ", " : "", given);
		if (!gives(given, key))
			add(&out, key, value);
		retort_buf_char(&out, '}');
		RETORT_PUSH(corpus->arena, corpus->texts, corpus->count,
			retort_printf(corpus->arena, "%s:\n  \"no\": %s\n%s", section->key, out.data,
				!strcmp(key, "column_sets")
					? "column_sets: {a: {x: date}, 'b c': {y: date}, 'null': "
					  "{z: date}, '1e5': {u: date}}\n"
					: ""));
	}
}

/* The files, as many as count says. */
static const char **corpus_of_sections(struct retort_arena *arena, size_t *count)
{
	struct corpus corpus = {.arena = arena};
	const struct schema_section *section;
	const struct field *field;

	for (section = schema_sections; section->key; section++)
		for (field = schema_section_object(section)->fields; field->key; field++)
			if (strcmp(field->key, "name"))
				add_section_key(&corpus, section, field->key);
	*count = corpus.count;
	return corpus.texts;
}

/* Every file is read, and what is written for it is read to the same; RETORT_CORPUS=FOLDER keeps the files
 * there for who wants to hold them against the JSON Schema. */
static void test_corpus_is_stable(void **state)
{
	struct scratch *s = *state;
	const char *folder = getenv("RETORT_CORPUS");
	size_t count, i;
	const char **texts = corpus_of_sections(s->arena, &count);

	for (i = 0; corpus_files[i][0]; i++)
		scratch_write(s, corpus_files[i][0], corpus_files[i][1]);
	assert_true(count > 100);
	for (i = 0; i < count; i++) {
		const char *once = written(s, parsed(s, texts[i])), *twice = written(s, parsed(s, once));

		assert_string_equal(once, twice);
		if (folder)
			scratch_write(s, retort_printf(s->arena, "%s/%zu.yaml", folder, i), texts[i]);
	}
}

/* ---- reading ---- */

static const char shop[] = "schemas: {audit: , stats: {only: [postgresql]}}\n"
			   "extensions: {citext: null}\n"
			   "enums: {mood: [sad, ok]}\n"
			   "column_sets:\n"
			   "  stamps: {created_at: timestamp, name: text}\n"
			   "tables:\n"
			   "  person:\n"
			   "    renamed_from: people\n"
			   "    columns:\n"
			   "      id: {type: bigint, primary_key: true, autoincrement: true}\n"
			   "      name: {type: string(20), renamed_from: title}\n"
			   "      mood: enum mood\n"
			   "      team_id: {type: bigint, references: team, index: true}\n"
			   "    column_sets: [stamps]\n"
			   "  team:\n"
			   "    columns: {id: {type: bigint, primary_key: true}, lead_id: {type: bigint, "
			   "references: person(id)}}\n"
			   "  only_sets: {column_sets: [stamps]}\n"
			   "views: {a: SELECT * FROM b, b: SELECT name FROM person}\n"
			   "triggers:\n"
			   "- {name: t, table: person, body: x}\n"
			   "- {name: t, table: team, body: \"y\"}\n";

static void test_whole(void **state)
{
	struct scratch *s = *state;
	struct resolve resolve = {.arena = s->arena, .dialect = "postgresql"};
	struct schema_file *file = parsed(s, shop);
	const struct retort_op **ops;
	struct retort_schema *schema;
	struct retort_table *person;
	size_t count;

	assert_int_equal(schema_file_resolve(file, &resolve, 0, &ops, &count, &schema, s->err), 0);
	assert_int_equal(schema->table_count, 3);
	assert_int_equal(schema->schema_count, 2);
	person = retort_schema_table(schema, NULL, "person");
	assert_string_equal(person->renamed_from, "people");
	assert_string_equal(person->columns[1]->renamed_from, "title");
	assert_int_equal(person->column_count, 5); /* its own name counts, not the set's */
	assert_int_equal(person->columns[1]->type->kind, RETORT_TYPE_STRING);
	assert_string_equal(person->columns[4]->name, "created_at");
	assert_int_equal(person->columns[2]->type->value_count, 2);
	assert_int_equal(retort_schema_table(schema, NULL, "only_sets")->column_count, 2);
	assert_int_equal(schema->trigger_count, 2);
	/* the key that closes the cycle comes behind the tables, the view behind what it selects from */
	assert_int_equal(count, 12);
	assert_string_equal(ops[4]->name, "team");
	assert_string_equal(ops[5]->name, "person");
	assert_string_equal(ops[7]->name, "b");
	assert_string_equal(ops[8]->name, "a");
	assert_int_equal(ops[11]->kind, RETORT_OP_CREATE_CONSTRAINT);
	assert_string_equal(ops[11]->table, "team");
	assert_string_equal(ops[11]->name, "fk_team_lead_id_person");
	resolve.dialect = "sqlite";
	assert_int_equal(schema_file_resolve(file, &resolve, 0, &ops, &count, &schema, s->err), 0);
	assert_int_equal(schema->schema_count, 1);
}

static const struct {
	const char *text, *told;
} bad[] = {
	{"table: {}\n", "schema.yaml:1:1: unknown key 'table' in a schema file: did you mean 'tables'?\n"},
	{"[]\n", "schema.yaml:1:1: a schema file must be a map with keys like 'tables', found a list\n"},
	{"tables:\n",
		"schema.yaml:1:8: 'tables' must be a map by name or a list ({} where there are none), "
		"found nothing\n"},
	{"tables:\n  t: {}\n", "schema.yaml:2:6: 'columns' is missing in table 't'\n"},
	{"tables:\n  t:\n", "schema.yaml:2:5: table 't' must be a map, found nothing\n"},
	{"tables:\n  t: {colums: {a: integr}}\n",
		"schema.yaml:2:6: 'columns' is missing in table 't'\n"
		"schema.yaml:2:7: unknown key 'colums' in table 't': did you mean 'columns'?\n"},
	{"tables:\n  t: {columns: {a: integr}, column_sets: [stamp]}\n  u: {column_sets: [stamps, none]}\n"
	 "column_sets: {stamps: {at: date}}\n",
		"schema.yaml:2:20: cannot read type 'integr': unknown type 'integr', did you mean "
		"'integer'?\n"
		"schema.yaml:2:43: there is no column set 'stamp': did you mean 'stamps'?\n"
		"schema.yaml:3:29: there is no column set 'none'\n"},
	{"tables:\n  t: {columns: {a: integer}}\n  t: {columns: {a: integer}}\n",
		"schema.yaml:3:3: key 't' is given twice, first in line 2\n"},
	{"tables:\n- {name: t, columns: {a: integer}}\n- {name: t, columns: {a: integer}}\n",
		"schema.yaml:3:3: table 't' is given already in schema.yaml:2\n"},
	{"tables:\n  t: {name: u, columns: {a: integer}}\n",
		"schema.yaml:2:7: 'name' is given already by the key of table 't'\n"},
	{"tables:\n  t: {columns: {a: integer}, postgres: {x: 1}}\n",
		"schema.yaml:2:30: unknown dialect 'postgres': did you mean 'postgresql'?\n"},
	{"upgrade: []\n", "schema.yaml:1:1: unknown key 'upgrade' in a schema file\n"},
};

static void test_faults(void **state)
{
	struct scratch *s = *state;
	struct schema_file *file;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(parse(s, bad[i].text, &file), -1);
		assert_string_equal(told(s), bad[i].told);
	}
}

/* Two that are never in one database may bear one name. */
static void test_scopes(void **state)
{
	struct scratch *s = *state;
	struct schema_file *file;

	parsed(s,
		"views:\n- {name: v, query: SELECT 1, only: [mysql, mariadb]}\n"
		"- {name: v, query: SELECT 2, except: [mysql, mariadb]}\n");
	assert_int_equal(parse(s,
				 "views:\n- {name: v, query: SELECT 1, only: [mysql, mariadb]}\n"
				 "- {name: v, query: SELECT 2, except: [mysql]}\n",
				 &file),
		-1);
	assert_string_equal(told(s), "schema.yaml:3:3: view 'v' is given already in schema.yaml:2\n");
}

static void test_nothing(void **state)
{
	struct scratch *s = *state;

	assert_int_equal(parsed(s, "")->op_count, 0);
	assert_int_equal(parsed(s, "# nothing yet\n")->op_count, 0);
	assert_string_equal(written(s, parsed(s, "tables: {}\n")), "tables: {}\n");
}

static void test_folder(void **state)
{
	struct scratch *s = *state;
	struct script_reader reader = reader_of(s);
	struct schema_file *file;

	scratch_write(s, "schema/b.yaml", "tables: {b: {columns: {id: integer}, column_sets: [c]}}\n");
	scratch_write(s, "schema/a/z.json", "{\"tables\": {\"a\": {\"columns\": {\"id\": \"integer\"}}}}\n");
	scratch_write(s, "schema/c.yml", "column_sets: {c: {at: date}}\n");
	scratch_write(s, "schema/schema.schema.json", "{}");
	scratch_write(s, "schema/notes.txt", "[");
	scratch_write(s, "schema/.hidden.yaml", "[");
	assert_int_equal(schema_file_read(&reader, "schema", &file, s->err), 0);
	assert_int_equal(file->op_count, 2);
	assert_string_equal(file->ops[0]->name, "a");
	assert_string_equal(file->ops[1]->name, "b");
	assert_int_equal(file->ops[1]->create->column_count, 2);

	scratch_write(s, "schema/d.yaml", "tables:\n  a: {columns: {id: integr}}\n");
	scratch_write(s, "schema/e.yaml", "tables: [\n");
	assert_int_equal(schema_file_read(&reader, "schema", &file, s->err), -1);
	expect_problem(s, 0, RETORT_E_FILE,
		"schema/d.yaml:2: table 'a' is given already in schema/a/z.json:1");
	expect_problem(s, 1, RETORT_E_FILE,
		"schema/d.yaml:2: cannot read type 'integr': unknown type 'integr', did you mean 'integer'?");
	assert_int_equal(retort_error_count(s->err), 3);
	retort_error_clear(s->err);
	assert_int_equal(schema_file_read(&reader, "nowhere.yaml", &file, s->err), -1);
	expect_problem(s, 0, RETORT_E_IO, "nowhere.yaml: cannot read the file: no such file or directory");
}

/* ---- writing ---- */

static void test_written(void **state)
{
	struct scratch *s = *state;
	struct retort_schema *schema = schema_file_declared(s->arena, parsed(s, shop));
	const char *notes[] = {"a 'rule' of \x1b[1mt", "b"};
	struct retort_buf out;

	schema->unmodelled = notes;
	schema->unmodelled_count = 2;
	schema->table_count = 1;
	schema->view_count = 0;
	retort_buf_init(&out, s->arena);
	schema_file_write(&out, schema, "migrations/schema.schema.json");
	assert_string_equal(out.data,
		"# yaml-language-server: $schema=migrations/schema.schema.json\n"
		"# Not in this file:\n"
		"#   a 'rule' of \\x1b[1mt\n"
		"#   b\n"
		"\n"
		"schemas:\n"
		"  audit: {}\n"
		"  stats: {}\n"
		"\n"
		"extensions:\n"
		"  citext: {}\n"
		"\n"
		"enums:\n"
		"  mood: [sad, ok]\n"
		"\n"
		"tables:\n"
		"  person:\n"
		"    columns:\n"
		"      id: {type: bigint, autoincrement: true, primary_key: true}\n"
		"      name: {type: string(20), renamed_from: title}\n"
		"      mood: enum mood\n"
		"      team_id: {type: bigint, index: true, references: team}\n"
		"      created_at: timestamp\n"
		"    renamed_from: people\n"
		"\n"
		"triggers:\n"
		"  - {name: t, table: person, body: x}\n"
		"  - {name: t, table: team, body: \"y\"}\n");
	retort_buf_clear(&out);
	schema->trigger_count = 0;
	schema->schema_count = 1;
	schema_file_write_json(&out, schema);
	assert_string_equal(out.data,
		"{\"schemas\": {\"audit\": {}}, \"extensions\": {\"citext\": {}}, \"enums\": {\"mood\": "
		"[\"sad\", "
		"\"ok\"]}, \"tables\": {\"person\": {\"columns\": {\"id\": {\"type\": \"bigint\", "
		"\"autoincrement\": true, \"primary_key\": true}, \"name\": {\"type\": \"string(20)\", "
		"\"renamed_from\": \"title\"}, \"mood\": \"enum mood\", \"team_id\": {\"type\": \"bigint\", "
		"\"index\": true, \"references\": \"team\"}, \"created_at\": \"timestamp\"}, "
		"\"renamed_from\": "
		"\"people\"}}}");
}

/* A ring of thousands of tables, and functions that tables and views need. */
static void test_ring(void **state)
{
	enum { TABLES = 5000 };
	struct scratch *s = *state;
	struct resolve resolve = {.arena = s->arena, .dialect = "postgresql"};
	const struct retort_op **ops;
	struct retort_schema *schema;
	struct retort_buf text;
	size_t count, i;

	retort_buf_init(&text, s->arena);
	retort_buf_str(&text, "tables:\n");
	for (i = 0; i < TABLES; i++)
		retort_buf_printf(&text,
			"  t%zu: {columns: {id: {type: integer, primary_key: true}, next: {type: integer, "
			"references: t%zu}}}\n",
			i, (i + 1) % TABLES);
	assert_int_equal(schema_file_resolve(parsed(s, text.data), &resolve, 0, &ops, &count, &schema,
				 s->err),
		0);
	assert_int_equal(count, TABLES + 1);
	assert_string_equal(ops[0]->name, "t4999");
	assert_string_equal(ops[TABLES]->table, "t4999");
	assert_int_equal(retort_schema_table(schema, NULL, "t4999")->constraint_count, 2);
}

static void test_functions_first(void **state)
{
	struct scratch *s = *state;
	struct resolve resolve = {.arena = s->arena, .dialect = "postgresql"};
	const struct retort_op **ops;
	struct retort_schema *schema;
	size_t count;

	assert_int_equal(schema_file_resolve(parsed(s,
						     "tables:\n  a: {columns: {x: {type: integer, default: "
						     "{expression: \"f()\"}}}}\n"
						     "  b: {columns: {a: integer}}\n"
						     "views: {v: SELECT g(a) FROM b}\n"
						     "functions:\n"
						     "  g: (x integer) RETURNS integer LANGUAGE sql AS "
						     "'SELECT 1'\n"
						     "  f: () RETURNS integer LANGUAGE sql RETURN (SELECT "
						     "max(a) FROM b)\n"),
				 &resolve, RETORT_SYNTAX_DOLLAR, &ops, &count, &schema, s->err),
		0);
	assert_int_equal(count, 5);
	assert_string_equal(ops[0]->name, "b");
	assert_string_equal(ops[1]->name, "f");
	assert_string_equal(ops[2]->name, "a");
	assert_string_equal(ops[3]->name, "g");
	assert_string_equal(ops[4]->name, "v");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_corpus_is_stable, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_whole, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_faults, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_scopes, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_nothing, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_folder, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_written, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_ring, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_functions_first, scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
