/* SPDX-License-Identifier: MIT
 *
 * A fixture for tests of the renderer: operations are made one by one, rendered together, and the
 * statements compared as text.
 */
#ifndef TESTS_UNIT_RENDERING_H
#define TESTS_UNIT_RENDERING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialects.h"
#include "sql/render.h"

enum { OPS_MAX = 16 };

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	struct renderer renderer;
	const struct retort_op *ops[OPS_MAX];
	size_t count;
};

static inline int setup(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	fixture.arena = retort_arena_new();
	fixture.err = retort_error_new();
	fixture.renderer.arena = fixture.arena;
	fixture.renderer.dialect = &rich;
	fixture.renderer.schema = retort_schema_new(fixture.arena);
	fixture.renderer.plan = retort_alloc(fixture.arena, sizeof *fixture.renderer.plan);
	fixture.renderer.plan->arena = fixture.arena;
	*state = &fixture;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_arena_free(fixture->arena);
	retort_error_free(fixture->err);
	return 0;
}

/* ---- making operations ---- */

static inline struct retort_op *new_op(struct fixture *fixture, enum retort_op_kind kind, const char *table,
	const char *name)
{
	struct retort_op *op = retort_alloc(fixture->arena, sizeof *op);

	op->kind = kind;
	op->table = table;
	op->name = name;
	op->file = "a.yaml";
	op->line = (unsigned)(fixture->count + 1);
	assert_true(fixture->count < OPS_MAX);
	fixture->ops[fixture->count++] = op;
	return op;
}

static inline struct retort_column *new_column(struct fixture *fixture, const char *name, const char *type)
{
	struct retort_column *column = retort_alloc(fixture->arena, sizeof *column);

	column->name = name;
	column->nullable = true;
	column->type_check_name = retort_printf(fixture->arena, "ck_%s", name);
	column->enum_type_name = retort_printf(fixture->arena, "en_%s", name);
	assert_int_equal(retort_type_parse(fixture->arena, type, &column->type, fixture->err), 0);
	return column;
}

static inline struct retort_op *add_column(struct fixture *fixture, const char *table, const char *name,
	const char *type)
{
	struct retort_op *op = new_op(fixture, RETORT_OP_ADD_COLUMN, table, name);

	op->column = new_column(fixture, name, type);
	return op;
}

static inline struct retort_op *alter_column(struct fixture *fixture, const char *table, const char *name,
	const char *type, unsigned alter)
{
	struct retort_op *op = new_op(fixture, RETORT_OP_ALTER_COLUMN, table, name);

	op->column = new_column(fixture, name, type);
	op->alter = alter;
	return op;
}

static inline const struct retort_default *default_of(struct fixture *fixture, enum retort_default_kind kind,
	const char *text)
{
	struct retort_default *def = retort_alloc(fixture->arena, sizeof *def);

	def->kind = kind;
	def->text = text;
	return def;
}

static inline const struct retort_value *value_of(struct fixture *fixture, enum retort_default_kind kind,
	const char *text)
{
	struct retort_value *value = retort_alloc(fixture->arena, sizeof *value);

	value->kind = kind;
	value->text = text;
	return value;
}

static inline const char *const *list_of(struct fixture *fixture, const char *a, const char *b)
{
	const char **list = retort_alloc_array(fixture->arena, 2, sizeof *list);

	list[0] = a;
	list[1] = b;
	return list;
}

static inline struct retort_op *add_constraint(struct fixture *fixture, const char *table,
	enum retort_constraint_kind kind, const char *name, const char *text)
{
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_CONSTRAINT, table, name);

	op->constraint = retort_alloc(fixture->arena, sizeof *op->constraint);
	op->constraint->kind = kind;
	op->constraint->name = name;
	if (kind == RETORT_CHECK) {
		op->constraint->expression = retort_text_new(fixture->arena, text);
	} else {
		op->constraint->columns = list_of(fixture, text, NULL);
		op->constraint->column_count = 1;
	}
	return op;
}

static inline struct retort_op *add_index(struct fixture *fixture, const char *table, const char *name,
	const char *column)
{
	struct retort_op *op = new_op(fixture, RETORT_OP_CREATE_INDEX, table, name);
	struct retort_index_column *key = retort_alloc(fixture->arena, sizeof *key);
	const struct retort_index_column **keys = retort_alloc(fixture->arena, sizeof *keys);

	key->column = column;
	keys[0] = key;
	op->index = retort_alloc(fixture->arena, sizeof *op->index);
	op->index->name = name;
	op->index->columns = keys;
	op->index->column_count = 1;
	return op;
}

/* A table that is there before: id, the primary key pk_t, and columns of these types. */
static inline struct retort_table *have_table(struct fixture *fixture, const char *name)
{
	struct retort_table *table = retort_table_new(fixture->arena, NULL, name);
	struct retort_column *id = retort_table_add_column(fixture->arena, table, "id");
	struct retort_constraint *key = retort_table_add_constraint(fixture->arena, table, RETORT_PRIMARY_KEY,
		retort_printf(fixture->arena, "pk_%s", name));

	*id = *new_column(fixture, "id", "bigint");
	id->nullable = false;
	key->columns = list_of(fixture, "id", NULL);
	key->column_count = 1;
	return table;
}

static inline struct retort_column *have_column(struct fixture *fixture, struct retort_table *table,
	const char *name, const char *type)
{
	struct retort_column *column = retort_table_add_column(fixture->arena, table, name);

	*column = *new_column(fixture, name, type);
	return column;
}

/* ---- looking at the result ---- */

/* All statements, one a line with its flags in front: Outside, Destructive, reWrites, rebuilD..., data Rows,
 * Unknown, Check. */
static inline const char *plan_text(struct fixture *fixture)
{
	static const char letters[] = "ODWBRUC";
	const struct retort_plan *plan = fixture->renderer.plan;
	struct retort_buf text;

	retort_buf_init(&text, fixture->arena);
	for (size_t i = 0; i < plan->statement_count; i++) {
		for (size_t bit = 0; bit < sizeof letters - 1; bit++)
			if (plan->statements[i]->flags & (1u << bit))
				retort_buf_printf(&text, "%c:", letters[bit]);
		retort_buf_printf(&text, "%s;\n", plan->statements[i]->sql);
	}
	return text.data;
}

static inline void expect(struct fixture *fixture, const char *wanted)
{
	int rc = render_ops(&fixture->renderer, fixture->ops, fixture->count, fixture->err);

	if (rc)
		print_message("%s\n", retort_error_first(fixture->err)->message);
	assert_int_equal(rc, 0);
	assert_string_equal(plan_text(fixture), wanted);
}

static inline void expect_fault(struct fixture *fixture, const char *message, unsigned line)
{
	const struct retort_problem *problem;

	assert_int_equal(render_ops(&fixture->renderer, fixture->ops, fixture->count, fixture->err), -1);
	problem = retort_error_first(fixture->err);
	assert_string_equal(problem->message, message);
	assert_int_equal(problem->code, RETORT_E_PLAN);
	assert_string_equal(problem->file, "a.yaml");
	assert_int_equal(problem->line, line);
}

static inline void again(struct fixture *fixture)
{
	fixture->count = 0;
	fixture->renderer.plan->statement_count = 0;
	fixture->renderer.plan->statements = NULL;
	retort_error_clear(fixture->err);
}

#endif
