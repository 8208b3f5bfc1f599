/* SPDX-License-Identifier: MIT */
#include "model_fixture.h"

static struct compare_options options;

/* "object property: left, right; " for each difference. */
static const char *compared(struct fixture *f, const struct retort_table *left,
	const struct retort_table *right)
{
	struct difference *found;
	struct retort_buf out;
	size_t count, i;

	retort_buf_init(&out, f->arena);
	compare_tables(f->arena, left, right, &options, &found, &count);
	for (i = 0; i < count; i++)
		retort_buf_printf(&out, "%s%s%s: %s, %s; ", found[i].object, found[i].property ? " " : "",
			found[i].property ? found[i].property : "", found[i].left ? found[i].left : "-",
			found[i].right ? found[i].right : "-");
	return out.data;
}

static struct retort_table *table(struct fixture *f)
{
	struct retort_table *made = retort_table_new(f->arena, NULL, "t");

	column(f, made, "id", "bigint");
	column(f, made, "a", "text");
	return made;
}

static struct retort_constraint *constraint(struct fixture *f, struct retort_table *made,
	enum retort_constraint_kind kind, const char *name, const char *columns)
{
	struct retort_constraint *added = retort_table_add_constraint(f->arena, made, kind, name);

	added->columns = names_of(f, columns, &added->column_count);
	return added;
}

static void test_columns(void **state)
{
	struct fixture *f = *state;
	struct retort_table *left = table(f), *right = table(f);

	assert_string_equal(compared(f, left, right), "");
	right->columns[1]->type = type_of(f, "string(5)");
	right->columns[1]->nullable = false;
	right->columns[1]->def = literal(f, "x");
	right->columns[1]->comment = "c";
	assert_string_equal(compared(f, left, right),
		"column t.a type: text, string(5); column t.a nullable: true, false; "
		"column t.a default: -, x; column t.a comment: -, c; ");
	options.ignore_comments = true;
	right = table(f);
	right->columns[1]->comment = "c";
	right->columns[1]->computed = retort_text_new(f->arena, "id+1");
	left->columns[1]->computed = retort_text_new(f->arena, "(ID + 1)");
	assert_string_equal(compared(f, left, right), "");
	options.ignore_comments = false;
	right = table(f);
	left = table(f);
	column(f, left, "only_left", "date");
	column(f, right, "only_right", "uuid");
	assert_string_equal(compared(f, left, right),
		"column t.only_left: date, -; column t.only_right: -, uuid; ");
}

static void test_pairing(void **state)
{
	struct fixture *f = *state;
	struct retort_table *left = table(f), *right = table(f);
	struct retort_index *index;

	constraint(f, left, RETORT_UNIQUE, "given", "a");
	constraint(f, right, RETORT_UNIQUE, "other", "a");
	assert_string_equal(compared(f, left, right), "constraint given of t name: given, other; ");
	options.ignore_names = true;
	assert_string_equal(compared(f, left, right), "");
	options.ignore_names = false;
	right->constraints[0]->conventional = true;
	assert_string_equal(compared(f, left, right), "");
	right->constraints[0]->name = NULL;
	right->constraints[0]->conventional = false;
	assert_string_equal(compared(f, left, right), "");
	right->constraints[0]->name = "given";
	right->constraints[0]->columns = names_of(f, "id", &(size_t){0});
	assert_string_equal(compared(f, left, right),
		"constraint given of t definition: unique (a), unique (id); ");
	left = table(f);
	right = table(f);
	constraint(f, left, RETORT_CHECK, "c", NULL)->expression = retort_text_new(f->arena, "a > 0");
	constraint(f, right, RETORT_CHECK, NULL, NULL)->expression = retort_text_new(f->arena, "((A)>0)");
	assert_string_equal(compared(f, left, right),
		"constraint c of t: check (a > 0), -; constraint of t: -, check (((A)>0)); ");
	right->constraints[0]->expression = retort_text_new(f->arena, "((A>0))");
	assert_string_equal(compared(f, left, right), "");
	left = table(f);
	right = table(f);
	make_index(f, left, "i", "a, id");
	index = make_index(f, right, "i", "id, a");
	index->unique = true;
	assert_string_equal(compared(f, left, right), "index i of t definition: (a, id), unique (id, a); ");
	index->implied = true;
	left->index_count = 0;
	assert_string_equal(compared(f, left, right), "");
}

static void test_foreign_keys(void **state)
{
	struct fixture *f = *state;
	struct retort_table *left = table(f), *right = table(f);
	struct retort_references *other;

	constraint(f, left, RETORT_FOREIGN_KEY, "k", "id")->references = references(f, "u", NULL);
	constraint(f, right, RETORT_FOREIGN_KEY, "k", "id")->references = references(f, "u", "id");
	assert_string_equal(compared(f, left, right), "");
	other = (struct retort_references *)(uintptr_t)right->constraints[0]->references;
	other->on_delete = RETORT_ACTION_NO_ACTION; /* as when it isn't stated */
	assert_string_equal(compared(f, left, right), "");
	other->on_delete = RETORT_ACTION_CASCADE;
	assert_string_equal(compared(f, left, right),
		"constraint k of t definition: foreign key (id) references u (), "
		"foreign key (id) references u (id) on delete cascade; ");
}

static void test_schemas(void **state)
{
	struct fixture *f = *state;
	struct retort_schema *before;
	struct difference *found;
	size_t count;

	create_table(f, "a");
	view(f, RETORT_OP_CREATE_VIEW, "v", "SELECT 1");
	assert_replayed(f);
	before = retort_schema_copy(f->arena, f->schema);
	create_table(f, "b");
	view(f, RETORT_OP_REPLACE_VIEW, "v", "select  1 -- the same");
	assert_replayed(f);
	compare_schemas(f->arena, before, f->schema, &options, &found, &count);
	assert_int_equal(count, 1);
	assert_string_equal(found[0].object, "table b");
	assert_null(found[0].left);
	assert_string_equal(found[0].right, "table");
	add(f, RETORT_OP_DROP_TABLE, NULL, "a");
	view(f, RETORT_OP_REPLACE_VIEW, "v", "SELECT 2");
	assert_replayed(f);
	compare_schemas(f->arena, before, f->schema, &options, &found, &count);
	assert_int_equal(count, 3);
	assert_string_equal(found[0].object, "table a");
	assert_null(found[0].right);
	assert_string_equal(found[2].object, "view v");
	assert_string_equal(found[2].property, "definition");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {TEST(test_columns), TEST(test_pairing), TEST(test_foreign_keys),
		TEST(test_schemas)};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
