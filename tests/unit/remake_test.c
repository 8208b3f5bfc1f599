/* SPDX-License-Identifier: MIT
 *
 * What uses a column steps aside, and columns are made anew: RETORT_SYNTAX_REMAKES.
 */
#include "rendering.h"

/* t with a key that c refers to, a CHECK, an index and an enum, on an engine that changes little in its
 * place. */
static void have_tables(struct fixture *fixture, struct retort_dialect *dialect)
{
	struct retort_table *t = have_table(fixture, "t"), *c = have_table(fixture, "c");
	struct retort_constraint *key;

	*dialect = poor;
	dialect->syntax |= RETORT_SYNTAX_BARE_COLUMN | RETORT_SYNTAX_REMAKES;
	dialect->type_check = retort_sql_type_condition;
	dialect->move_column = "ALTER %n POSITION %s";
	fixture->renderer.dialect = dialect;
	have_column(fixture, t, "n", "integer");
	have_column(fixture, t, "kind", "enum(a, b)")->def =
		retort_default_new(fixture->arena, RETORT_DEFAULT_LITERAL, "a");
	have_column(fixture, t, "s", "string(5)");
	key = retort_table_add_constraint(fixture->arena, t, RETORT_UNIQUE, "uq");
	retort_constraint_add_column(fixture->arena, key, "n");
	retort_table_add_constraint(fixture->arena, t, RETORT_CHECK, "ck")->expression =
		retort_text_new(fixture->arena, "n > 0");
	retort_index_add_column(fixture->arena, retort_table_add_index(fixture->arena, t, "ix"), "kind");
	retort_schema_put_table(fixture->renderer.schema, t);
	have_column(fixture, c, "n", "integer");
	key = retort_table_add_constraint(fixture->arena, c, RETORT_FOREIGN_KEY, "fk");
	retort_constraint_add_column(fixture->arena, key, "n");
	retort_references_add_column(fixture->arena, retort_constraint_refer(fixture->arena, key, NULL, "t"),
		"n");
	retort_schema_put_table(fixture->renderer.schema, c);
}

/* The states that the statements tell follow one another. */
static void expect_states(struct fixture *fixture, const char *table, size_t first, size_t end)
{
	const struct retort_plan *plan = fixture->renderer.plan;
	const struct retort_table *last = NULL;

	for (size_t i = first; i < end; i++) {
		const struct retort_statement *statement = plan->statements[i];

		assert_non_null(statement->before);
		assert_non_null(statement->after);
		assert_string_equal(statement->before->name, statement->op->table);
		if (strcmp(statement->before->name, table) != 0)
			continue;
		if (last) {
			assert_int_equal(statement->before->column_count, last->column_count);
			assert_int_equal(statement->before->constraint_count, last->constraint_count);
			assert_int_equal(statement->before->index_count, last->index_count);
		}
		last = statement->after;
	}
	assert_non_null(last);
}

static void renames(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_plan *plan = fixture->renderer.plan;
	struct retort_dialect dialect;

	have_tables(fixture, &dialect);
	new_op(fixture, RETORT_OP_RENAME_COLUMN, "t", "n")->to = "m";
	expect(fixture,
		"ALTER TABLE [c] DROP CONSTRAINT [fk];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [uq];\n"
		"ALTER TABLE [t] ALTER [n] TO [m];\n"
		"ALTER TABLE [t] ADD CONSTRAINT [uq] UNIQUE ([m]);\n"
		"ALTER TABLE [t] ADD CONSTRAINT [ck] CHECK (m > 0);\n"
		"ALTER TABLE [c] ADD CONSTRAINT [fk] FOREIGN KEY ([n]) REFERENCES [t] ([m]);\n");
	expect_states(fixture, "t", 0, plan->statement_count);
	assert_null(retort_table_constraint(plan->statements[0]->after, "fk"));
	assert_ptr_equal(plan->statements[3]->op, fixture->ops[0]);
	assert_string_equal(plan->statements[0]->op->table, "c");
	assert_int_equal(plan->statements[0]->op->line, fixture->ops[0]->line);
}

static void types(void **state)
{
	struct fixture *fixture = *state;
	const struct retort_plan *plan = fixture->renderer.plan;
	const struct retort_table *after;
	struct retort_dialect dialect;

	have_tables(fixture, &dialect);
	alter_column(fixture, "t", "kind", "enum(a, c)", RETORT_ALTER_TYPE)->cast =
		retort_text_new(fixture->arena, "nullif(kind, 'b')");
	expect(fixture,
		"DROP INDEX [ix];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck_kind];\n"
		"ALTER TABLE [t] ADD [retort_new] text;\n"
		"W:R:UPDATE [t] SET [retort_new] = CAST((nullif(kind, 'b')) AS text);\n"
		"D:ALTER TABLE [t] DROP [kind];\n"
		"ALTER TABLE [t] ALTER [retort_new] TO [kind];\n"
		"ALTER TABLE [t] ALTER [kind] POSITION 3;\n"
		"ALTER TABLE [t] ADD CONSTRAINT [ck_kind] CHECK ([kind] IN ('a', 'c'));\n"
		"ALTER TABLE [t] ALTER COLUMN [kind] SET DEFAULT 'a';\n"
		"CREATE INDEX [ix] ON [t] ([kind]);\n");
	expect_states(fixture, "t", 0, plan->statement_count);
	after = plan->statements[plan->statement_count - 1]->after;
	assert_string_equal(after->columns[2]->name, "kind");
	assert_int_equal(after->columns[2]->type->kind, RETORT_TYPE_ENUM);
	/* while it has no CHECK the state has none */
	assert_int_equal(plan->statements[1]->after->columns[2]->type->kind, RETORT_TYPE_NATIVE);
}

/* Only keys are in the way of a type that gets wider; other properties change in their place. */
static void in_their_place(void **state)
{
	struct fixture *fixture = *state;
	struct retort_dialect dialect;
	struct retort_op *op;

	have_tables(fixture, &dialect);
	alter_column(fixture, "t", "n", "bigint", RETORT_ALTER_TYPE);
	op = alter_column(fixture, "t", "s", "string(9)", RETORT_ALTER_TYPE | RETORT_ALTER_NULLABLE);
	op->column->nullable = false;
	op->fill = value_of(fixture, RETORT_DEFAULT_LITERAL, "x");
	alter_column(fixture, "t", "s", "string(9)", RETORT_ALTER_DEFAULT)->column->def =
		default_of(fixture, RETORT_DEFAULT_LITERAL, "y");
	expect(fixture,
		"ALTER TABLE [c] DROP CONSTRAINT [fk];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [uq];\n"
		"ALTER TABLE [t] ALTER COLUMN [n] TYPE int;\n"
		"ALTER TABLE [t] ADD CONSTRAINT [uq] UNIQUE ([n]);\n"
		"ALTER TABLE [c] ADD CONSTRAINT [fk] FOREIGN KEY ([n]) REFERENCES [t] ([n]);\n"
		"ALTER TABLE [t] ALTER COLUMN [s] TYPE text;\n"
		"R:UPDATE [t] SET [s] = 'x' WHERE [s] IS NULL;\n"
		"ALTER TABLE [t] ALTER COLUMN [s] SET NOT NULL;\n"
		"ALTER TABLE [t] ALTER COLUMN [s] SET DEFAULT 'y';\n");
}

static void columns_and_names(void **state)
{
	struct fixture *fixture = *state;
	struct retort_dialect dialect;
	struct retort_op *op;

	have_tables(fixture, &dialect);
	op = add_column(fixture, "t", "e", "integer");
	op->column->nullable = false;
	op->column->def = default_of(fixture, RETORT_DEFAULT_LITERAL, "7");
	new_op(fixture, RETORT_OP_DROP_COLUMN, "t", "kind");
	new_op(fixture, RETORT_OP_RENAME_CONSTRAINT, "t", "uq")->to = "uq2";
	new_op(fixture, RETORT_OP_RENAME_CONSTRAINT, "t", "ck")->to = "ck2";
	expect(fixture,
		"ALTER TABLE [t] ADD [e] int DEFAULT 7;\n"
		"R:UPDATE [t] SET [e] = 7;\n"
		"ALTER TABLE [t] ALTER COLUMN [e] SET NOT NULL;\n"
		"DROP INDEX [ix];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck_kind];\n"
		"D:ALTER TABLE [t] DROP [kind];\n"
		"ALTER TABLE [c] DROP CONSTRAINT [fk];\n"
		"ALTER TABLE [t] DROP CONSTRAINT [uq];\n"
		"ALTER TABLE [t] ADD CONSTRAINT [uq2] UNIQUE ([n]);\n"
		"ALTER TABLE [c] ADD CONSTRAINT [fk] FOREIGN KEY ([n]) REFERENCES [t] ([n]);\n"
		"ALTER TABLE [t] DROP CONSTRAINT [ck];\n"
		"ALTER TABLE [t] ADD CONSTRAINT [ck2] CHECK (n > 0);\n");
	expect_states(fixture, "t", 0, 3);
	expect_states(fixture, "t", 3, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(renames, setup, teardown),
		cmocka_unit_test_setup_teardown(types, setup, teardown),
		cmocka_unit_test_setup_teardown(in_their_place, setup, teardown),
		cmocka_unit_test_setup_teardown(columns_and_names, setup, teardown),
	};

	return cmocka_run_group_tests_name("remake", tests, NULL, NULL);
}
