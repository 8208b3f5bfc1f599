/* SPDX-License-Identifier: MIT */
#include "model_fixture.h"

/* What each case starts from. */
static void start(struct fixture *f)
{
	struct retort_table *made;
	struct retort_op *op = add(f, RETORT_OP_CREATE_ENUM, NULL, "state");
	struct retort_column *added;

	op->enumeration = retort_alloc(f->arena, sizeof *op->enumeration);
	op->enumeration->values = names_of(f, "new, open, done", &op->enumeration->value_count);
	made = create_table(f, "team");
	made->comment = "teams";
	column(f, made, "name", "text");
	made = create_table(f, "account");
	added = column(f, made, "team_id", "bigint");
	added->references = references(f, "team", NULL);
	added->index.on = true;
	added = column(f, made, "name", "string(50)");
	added->unique.on = true;
	added->check = retort_text_new(f->arena, "name <> ''");
	added->comment = "who";
	column(f, made, "state", "enum state")->def = literal(f, "new");
	column(f, made, "kind", "enum(a, b)");
	make_index(f, made, "ix_where", "id")->where = retort_text_new(f->arena, "name > 'x'");
	trigger(f, RETORT_OP_CREATE_TRIGGER, "team", "tr", "AFTER INSERT ON team BEGIN SELECT 1; END");
	view(f, RETORT_OP_CREATE_VIEW, "v", "SELECT name FROM team");
	view(f, RETORT_OP_CREATE_VIEW, "w", "SELECT name FROM v");
	assert_replayed(f);
}

static struct retort_op *enum_change(struct fixture *f, const char *table, const char *name)
{
	struct retort_op *op = add(f, RETORT_OP_ALTER_ENUM, table, name);

	op->enum_change = retort_alloc(f->arena, sizeof *op->enum_change);
	return op;
}

static void do_create_table(struct fixture *f)
{
	column(f, create_table(f, "extra"), "a", "text")->index.on = true;
}

static void do_drop_table(struct fixture *f)
{
	add(f, RETORT_OP_DROP_TABLE, NULL, "team")->cascade = true;
}

static void do_drop_leaf(struct fixture *f)
{
	add(f, RETORT_OP_DROP_TABLE, NULL, "account");
}

static void do_drop_missing(struct fixture *f)
{
	add(f, RETORT_OP_DROP_TABLE, NULL, "missing")->if_exists = true;
}

static void do_rename_table(struct fixture *f)
{
	rename_to(f, RETORT_OP_RENAME_TABLE, NULL, "team", "crew");
}

static void do_add_column(struct fixture *f)
{
	struct retort_column *added = add_column(f, "account", "boss", "bigint");

	added->references = references(f, "account", NULL);
	added->index.on = added->unique.on = true;
}

static void do_drop_column(struct fixture *f)
{
	add(f, RETORT_OP_DROP_COLUMN, "account", "name");
}

static void do_drop_first_column(struct fixture *f)
{
	add(f, RETORT_OP_DROP_COLUMN, "account", "id");
	add(f, RETORT_OP_DROP_COLUMN, "account", "kind");
}

static void do_rename_column(struct fixture *f)
{
	rename_to(f, RETORT_OP_RENAME_COLUMN, "team", "name", "label");
	rename_to(f, RETORT_OP_RENAME_COLUMN, "account", "name", "label");
}

static void do_alter_column(struct fixture *f)
{
	struct retort_op *op = alter_column(f, "account", "name",
		RETORT_ALTER_TYPE | RETORT_ALTER_NULLABLE | RETORT_ALTER_DEFAULT | RETORT_ALTER_COMMENT |
			RETORT_ALTER_COLLATION);

	op->column->type = type_of(f, "text");
	op->column->def = literal(f, "x");
	op->column->nullable = false;
}

static void do_indexes(struct fixture *f)
{
	create_index(f, "account", NULL, "name, id")->unique = true;
	add(f, RETORT_OP_DROP_INDEX, "account", "ix_where");
	rename_to(f, RETORT_OP_RENAME_INDEX, "account", "ix_account_team_id", "other");
}

static void do_constraints(struct fixture *f)
{
	constrain(f, "account", RETORT_UNIQUE, NULL, "team_id, name");
	add(f, RETORT_OP_DROP_CONSTRAINT, "account", "ck_account_name");
	rename_to(f, RETORT_OP_RENAME_CONSTRAINT, "account", "fk_account_team_id_team", "other");
}

static void do_primary_key(struct fixture *f)
{
	struct retort_op *op = add(f, RETORT_OP_DROP_CONSTRAINT, "account", NULL);

	op->constraint_kind_given = true;
	op->constraint_kind = RETORT_PRIMARY_KEY;
	constrain(f, "account", RETORT_PRIMARY_KEY, NULL, "id, team_id");
}

static void do_validate(struct fixture *f)
{
	struct retort_constraint *check = constrain(f, "account", RETORT_CHECK, "later", NULL);

	check->expression = retort_text_new(f->arena, "id > 0");
	check->not_valid = true;
	add(f, RETORT_OP_VALIDATE_CONSTRAINT, "account", "later");
}

static void do_comment(struct fixture *f)
{
	add(f, RETORT_OP_COMMENT, "team", NULL);
	add(f, RETORT_OP_COMMENT, "account", "name")->message = "whose";
}

static void do_enums(struct fixture *f)
{
	struct retort_op *op = enum_change(f, NULL, "state");

	op->enum_change->add = "late";
	op->enum_change->before = "done";
	op = enum_change(f, NULL, "state");
	op->enum_change->rename_from = "new";
	op->enum_change->rename_to = "fresh";
	op = enum_change(f, NULL, "state");
	op->enum_change->drop = "open";
	op = enum_change(f, "account", "kind");
	op->enum_change->drop = "a";
}

static void do_drop_enum(struct fixture *f)
{
	add(f, RETORT_OP_DROP_COLUMN, "account", "state");
	add(f, RETORT_OP_DROP_ENUM, NULL, "state");
}

static void do_objects(struct fixture *f)
{
	struct retort_op *op;

	view(f, RETORT_OP_REPLACE_VIEW, "v", "SELECT 2");
	view(f, RETORT_OP_REPLACE_VIEW, "v", "SELECT 3");
	view(f, RETORT_OP_REPLACE_VIEW, "brand_new", "SELECT 4");
	add(f, RETORT_OP_DROP_VIEW, NULL, "w");
	trigger(f, RETORT_OP_REPLACE_TRIGGER, "team", "tr", "AFTER DELETE ON team BEGIN SELECT 1; END");
	add(f, RETORT_OP_DROP_TRIGGER, NULL, "tr");
	add(f, RETORT_OP_CREATE_SCHEMA, NULL, "s");
	op = add(f, RETORT_OP_CREATE_SEQUENCE, NULL, "q");
	op->sequence = retort_alloc(f->arena, sizeof *op->sequence);
	op = add(f, RETORT_OP_CREATE_ROUTINE, NULL, "fn");
	op->routine = retort_alloc(f->arena, sizeof *op->routine);
	op->routine->kind = RETORT_PROCEDURE;
	op->routine->body = retort_text_new(f->arena, "()");
	op = add(f, RETORT_OP_CREATE_EXTENSION, NULL, "ext");
	op->extension = retort_alloc(f->arena, sizeof *op->extension);
	op = add(f, RETORT_OP_CREATE_DOMAIN, NULL, "dom");
	op->domain = retort_alloc(f->arena, sizeof *op->domain);
	op->domain->type = type_of(f, "text");
}

static void do_chain(struct fixture *f)
{
	do_add_column(f);
	rename_to(f, RETORT_OP_RENAME_COLUMN, "account", "boss", "chief");
	rename_to(f, RETORT_OP_RENAME_TABLE, NULL, "account", "person");
	add(f, RETORT_OP_DROP_COLUMN, "person", "chief");
	add(f, RETORT_OP_ASSERT, NULL, NULL)->sql = retort_text_new(f->arena, "SELECT 1");
	add(f, RETORT_OP_DROP_TABLE, NULL, "person");
}

static void do_effects(struct fixture *f)
{
	const struct retort_op **effects = retort_alloc_array(f->arena, 1, sizeof *effects);
	struct retort_reverse *reverse = retort_alloc(f->arena, sizeof *reverse);
	struct retort_op *op;

	do_create_table(f);
	effects[0] = f->ops[0];
	f->count = 0;
	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = retort_text_new(f->arena, "CREATE TABLE extra ...");
	op->ops = effects;
	op->op_count = 1;
	reverse->sql = retort_text_new(f->arena, "DROP TABLE extra");
	op->reverse = reverse;
}

static void (*const cases[])(struct fixture *) = {do_create_table, do_drop_table, do_drop_leaf,
	do_drop_missing, do_rename_table, do_add_column, do_drop_column, do_drop_first_column,
	do_rename_column, do_alter_column, do_indexes, do_constraints, do_primary_key, do_validate,
	do_comment, do_enums, do_drop_enum, do_objects, do_chain, do_effects};

static void assert_same(struct fixture *f, const struct retort_schema *left,
	const struct retort_schema *right)
{
	struct compare_options options = {0};
	struct difference *differences;
	size_t count, i, j;

	compare_schemas(f->arena, left, right, &options, &differences, &count);
	if (count)
		fail_msg("%s: %s: %s, %s", differences->object,
			differences->property ? differences->property : "",
			differences->left ? differences->left : "none",
			differences->right ? differences->right : "none");
	for (i = 0; i < left->table_count; i++) {
		const struct retort_table *a = left->tables[i],
					  *b = retort_schema_table(right, a->schema, a->name);

		for (j = 0; j < a->column_count; j++)
			assert_string_equal(a->columns[j]->name, b->columns[j]->name);
	}
}

/* Every operation, its reverse, and the schema is as it was; again forward, and it is as after the first
 * time. */
static void test_there_and_back(void **state)
{
	size_t i, j, n, back_count;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct retort_op **ops, **back;
		struct retort_schema *before, *copy;
		struct fixture *f;
		void *own;

		fixture_setup(&own);
		f = own;
		start(f);
		before = f->schema;
		copy = retort_schema_copy(f->arena, before);
		cases[i](f);
		assert_int_equal(resolved(f, &ops, &n), 0);
		if (reverse_ops(f->arena, before, ops, n, 0, &back, &back_count, f->err) != 0)
			fail_msg("case %zu: %s", i, message_of(f));
		assert_same(f, before, copy); /* not changed by reversing */
		for (j = 0; j < n; j++)
			assert_int_equal(replay_apply(copy, ops[j], 0, f->err), 0);
		f->schema = retort_schema_copy(f->arena, copy);
		for (j = 0; j < back_count; j++) {
			if (replay_apply(copy, back[j], 0, f->err) != 0)
				fail_msg("case %zu: %s", i, message_of(f));
		}
		assert_same(f, before, copy);
		assert_same(f, copy, before);
		for (j = 0; j < n; j++)
			assert_int_equal(replay_apply(copy, ops[j], 0, f->err), 0);
		assert_same(f, f->schema, copy);
		fixture_teardown(&own);
	}
}

static void reversed(struct fixture *f, const struct retort_op ***back, size_t *count)
{
	const struct retort_op **ops;
	size_t n;

	assert_int_equal(resolved(f, &ops, &n), 0);
	if (reverse_ops(f->arena, f->schema, ops, n, 0, back, count, f->err) != 0)
		fail_msg("%s", message_of(f));
}

static void test_only_what_changed(void **state)
{
	struct fixture *f = *state;
	const struct retort_op **back;
	struct retort_op *op;
	size_t n;

	start(f);
	op = alter_column(f, "account", "name",
		RETORT_ALTER_TYPE | RETORT_ALTER_NULLABLE | RETORT_ALTER_COMMENT);
	op->column->type = type_of(f, "string(50)"); /* as it is */
	op->column->comment = "who";
	op->column->nullable = false;
	reversed(f, &back, &n);
	assert_int_equal(n, 1);
	assert_int_equal(back[0]->alter, RETORT_ALTER_NULLABLE);
	assert_true(back[0]->column->nullable);
}

static void test_place_and_group(void **state)
{
	struct fixture *f = *state;
	const struct retort_op **back;
	size_t n, i;

	start(f);
	add(f, RETORT_OP_DROP_COLUMN, "account", "name");
	reversed(f, &back, &n);
	assert_int_equal(n, 4);
	assert_int_equal(back[0]->kind, RETORT_OP_ADD_COLUMN);
	assert_string_equal(back[0]->after, "team_id");
	assert_string_equal(back[1]->name, "uq_account_name");
	assert_string_equal(back[2]->name, "ck_account_name");
	assert_string_equal(back[3]->name, "ix_where");
	for (i = 0; i < n; i++) {
		assert_int_equal(back[i]->group, 1);
		assert_int_equal(back[i]->line, 10);
		assert_string_equal(back[i]->file, "rev.yaml");
	}
}

static void test_given_reverse(void **state)
{
	struct fixture *f = *state;
	struct retort_reverse *given = retort_alloc(f->arena, sizeof *given);
	static const struct retort_reverse nothing = {0};
	const struct retort_op **ops = NULL, **back;
	struct retort_op *op;
	size_t n;

	start(f);
	add_column(f, "account", "x", "text")->index.on = true;
	RETORT_PUSH(f->arena, ops, given->op_count, f->ops[0]);
	f->count = 0;
	given->ops = ops;
	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = retort_text_new(f->arena, "a");
	op->reverse = given;
	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = retort_text_new(f->arena, "b");
	op->reverse = &nothing;
	add_column(f, "team", "y", "text")->index.on = true;
	reversed(f, &back, &n);
	assert_int_equal(n, 4);
	assert_int_equal(back[0]->kind, RETORT_OP_DROP_INDEX);
	assert_int_equal(back[1]->kind, RETORT_OP_DROP_COLUMN);
	assert_int_equal(back[0]->group, 1);
	assert_int_equal(back[2]->kind, RETORT_OP_ADD_COLUMN);
	assert_int_equal(back[2]->group, 2);
	assert_int_equal(back[3]->group, 2);
	given = retort_alloc(f->arena, sizeof *given);
	given->sql = retort_text_new(f->arena, "undo");
	op = add(f, RETORT_OP_UPDATE_ROWS, "team", NULL);
	op->where_all = true;
	op->reverse = given;
	reversed(f, &back, &n);
	assert_int_equal(n, 1);
	assert_int_equal(back[0]->kind, RETORT_OP_EXECUTE);
	assert_string_equal(back[0]->sql->sql, "undo");
}

static void test_irreversible(void **state)
{
	struct fixture *f = *state;
	const struct retort_op **ops, **back;
	const struct retort_problem *problem;
	size_t n, back_count;

	start(f);
	add(f, RETORT_OP_EXECUTE, NULL, NULL)->sql = retort_text_new(f->arena, "x");
	add(f, RETORT_OP_DELETE_ROWS, "team", NULL)->where_all = true;
	add(f, RETORT_OP_RUN, NULL, NULL);
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(reverse_ops(f->arena, f->schema, ops, n, 0, &back, &back_count, f->err), -1);
	assert_int_equal(retort_error_count(f->err), 3);
	problem = retort_error_first(f->err);
	assert_string_equal(problem->message, "cannot reverse operation 1, execute sql: it needs `reverse`");
	assert_int_equal(problem->code, RETORT_E_PLAN);
	assert_int_equal(problem->line, 10);
	assert_string_equal(problem->next->message,
		"cannot reverse operation 2, delete rows from 'team': it needs `reverse`");
}

/* A cell for each letter: v a value, n NULL, d the default, f a function. */
static const struct retort_value *const *row(struct fixture *f, const char *cells)
{
	static const struct retort_value value = {.text = "1"}, null = {.kind = RETORT_DEFAULT_NULL},
					 function = {.kind = RETORT_DEFAULT_FUNCTION, .text = "uuid"};
	const struct retort_value **made = retort_alloc_array(f->arena, strlen(cells), sizeof *made);
	size_t i;

	for (i = 0; cells[i]; i++)
		made[i] = cells[i] == 'v' ? &value
			: cells[i] == 'n' ? &null
			: cells[i] == 'f' ? &function
					  : NULL;
	return made;
}

/* Columns of rows of account (key id, unique name, team_id) and by which they can be found again. */
static const struct {
	const char *columns, *cells, *key, *expected; /* expected NULL: not at all */
} row_cases[] = {
	{"id, name", "vv", NULL, "id"},
	{"name, team_id", "vv", NULL, "name"},
	{"name, id", "vn", NULL, "name"},
	{"name, id", "vf", NULL, "name"},
	{"team_id, state", "vv", NULL, NULL},
	{"team_id, state", "vv", "team_id", "team_id"},
	{"team_id, state", "dv", "team_id", NULL},
	{NULL, "vvvvv", NULL, "id"},
};

static void test_rows(void **state)
{
	struct fixture *f = *state;
	size_t i, n;

	start(f);
	for (i = 0; i < sizeof row_cases / sizeof *row_cases; i++) {
		struct retort_op *op = add(f, RETORT_OP_INSERT_ROWS, "account", NULL);
		const struct retort_value *const **rows = retort_alloc_array(f->arena, 1, sizeof *rows);
		const struct retort_op **ops, **back;

		rows[0] = row(f, row_cases[i].cells);
		op->rows = retort_alloc(f->arena, sizeof *op->rows);
		op->rows->columns = names_of(f, row_cases[i].columns, &op->rows->column_count);
		op->rows->key = names_of(f, row_cases[i].key, &op->rows->key_count);
		op->rows->rows = rows;
		op->rows->row_count = 1;
		if (row_cases[i].expected) {
			reversed(f, &back, &n);
			assert_int_equal(n, 1);
			assert_int_equal(back[0]->kind, RETORT_OP_DELETE_ROWS);
			assert_null(back[0]->where);
			assert_false(back[0]->where_all);
			assert_int_equal(back[0]->rows->key_count, 1);
			assert_string_equal(back[0]->rows->key[0], row_cases[i].expected);
			continue;
		}
		assert_int_equal(resolved(f, &ops, &n), 0);
		assert_int_equal(reverse_ops(f->arena, f->schema, ops, n, 0, &back, &n, f->err), -1);
		assert_string_equal(message_of(f),
			"cannot reverse operation 1, insert rows into 'account': its columns "
			"cover no key of the table: give it `key` or `reverse`");
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		TEST(test_only_what_changed),
		TEST(test_place_and_group),
		TEST(test_given_reverse),
		TEST(test_irreversible),
		TEST(test_rows),
	};

	return cmocka_run_group_tests_name("reverse", tests, NULL, NULL);
}
