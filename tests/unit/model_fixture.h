/* SPDX-License-Identifier: MIT
 *
 * model_fixture.h: operations and schemas in few words, for the tests of core/model.
 */
#ifndef MODEL_FIXTURE_H
#define MODEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/compare.h"
#include "model/replay.h"
#include "model/resolve.h"
#include "model/reverse.h"

#define UNUSED __attribute__((unused))

struct fixture {
	struct retort_arena *arena;
	struct retort_schema *schema;
	struct retort_error *err;
	struct resolve resolve;
	const struct retort_op **ops; /* as written */
	size_t count;
};

UNUSED static int fixture_setup(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct fixture *fixture = retort_alloc(arena, sizeof *fixture);

	fixture->arena = arena;
	fixture->schema = retort_schema_new(arena);
	fixture->err = retort_error_new();
	fixture->resolve.arena = arena;
	fixture->resolve.dialect = "alpha";
	fixture->resolve.family = "greek";
	fixture->resolve.max_name = 40;
	*state = fixture;
	return 0;
}

UNUSED static int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_error_free(fixture->err);
	retort_arena_free(fixture->arena);
	return 0;
}

/* An operation at the end of the list. */
UNUSED static struct retort_op *add(struct fixture *f, enum retort_op_kind kind, const char *table,
	const char *name)
{
	struct retort_op *op = retort_alloc(f->arena, sizeof *op);

	op->kind = kind;
	op->table = table;
	op->name = name;
	op->file = "rev.yaml";
	op->line = 10 + (unsigned)f->count;
	op->index_in_file = 1 + (unsigned)f->count;
	RETORT_PUSH(f->arena, f->ops, f->count, op);
	return op;
}

/* "a, b" as a list of names. */
UNUSED static const char *const *names_of(struct fixture *f, const char *text, size_t *count)
{
	const char **names = NULL;

	*count = 0;
	while (text && *text) {
		size_t n = strcspn(text, ",");

		RETORT_PUSH(f->arena, names, *count, retort_strndup(f->arena, text, n));
		text += n;
		text += strspn(text, ", ");
	}
	return names;
}

UNUSED static const struct retort_type *type_of(struct fixture *f, const char *text)
{
	const struct retort_type *type;

	assert_int_equal(retort_type_parse(f->arena, text, &type, NULL), 0);
	return type;
}

UNUSED static struct retort_column *column(struct fixture *f, struct retort_table *table, const char *name,
	const char *type)
{
	struct retort_column *added = retort_table_add_column(f->arena, table, name);

	added->type = type_of(f, type);
	return added;
}

UNUSED static const struct retort_default *literal(struct fixture *f, const char *text)
{
	struct retort_default *def = retort_alloc(f->arena, sizeof *def);

	def->text = text;
	return def;
}

UNUSED static const struct retort_references *references(struct fixture *f, const char *table,
	const char *columns)
{
	struct retort_references *made = retort_alloc(f->arena, sizeof *made);

	made->table = table;
	made->columns = names_of(f, columns, &made->column_count);
	return made;
}

/* create_table name (id bigint primary key); more may be added to its table. */
UNUSED static struct retort_table *create_table(struct fixture *f, const char *name)
{
	struct retort_op *op = add(f, RETORT_OP_CREATE_TABLE, name, name);

	op->create = retort_table_new(f->arena, NULL, name);
	column(f, op->create, "id", "bigint")->primary_key.on = true;
	return op->create;
}

UNUSED static struct retort_column *add_column(struct fixture *f, const char *table, const char *name,
	const char *type)
{
	struct retort_op *op = add(f, RETORT_OP_ADD_COLUMN, table, name);
	struct retort_table *scratch = retort_table_new(f->arena, NULL, table);

	op->column = column(f, scratch, name, type);
	return op->column;
}

UNUSED static struct retort_op *alter_column(struct fixture *f, const char *table, const char *name,
	unsigned alter)
{
	struct retort_op *op = add(f, RETORT_OP_ALTER_COLUMN, table, name);
	struct retort_table *scratch = retort_table_new(f->arena, NULL, table);

	op->column = retort_table_add_column(f->arena, scratch, name);
	op->alter = alter;
	return op;
}

UNUSED static struct retort_constraint *constrain(struct fixture *f, const char *table,
	enum retort_constraint_kind kind, const char *name, const char *columns)
{
	struct retort_op *op = add(f, RETORT_OP_CREATE_CONSTRAINT, table, name);
	struct retort_table *scratch = retort_table_new(f->arena, NULL, table);

	op->constraint = retort_table_add_constraint(f->arena, scratch, kind, name);
	op->constraint->columns = names_of(f, columns, &op->constraint->column_count);
	return op->constraint;
}

UNUSED static struct retort_index *make_index(struct fixture *f, struct retort_table *table, const char *name,
	const char *columns)
{
	struct retort_index *index = retort_table_add_index(f->arena, table, name);
	size_t n, i;
	const char *const *names = names_of(f, columns, &n);
	const struct retort_index_column **parts = retort_alloc_array(f->arena, n, sizeof *parts);

	for (i = 0; i < n; i++) {
		struct retort_index_column *part = retort_alloc(f->arena, sizeof *part);

		part->column = names[i];
		parts[i] = part;
	}
	index->columns = parts;
	index->column_count = n;
	return index;
}

UNUSED static struct retort_index *create_index(struct fixture *f, const char *table, const char *name,
	const char *columns)
{
	struct retort_op *op = add(f, RETORT_OP_CREATE_INDEX, table, name);

	op->index = make_index(f, retort_table_new(f->arena, NULL, table), name, columns);
	return op->index;
}

UNUSED static struct retort_op *view(struct fixture *f, enum retort_op_kind kind, const char *name,
	const char *query)
{
	struct retort_op *op = add(f, kind, NULL, name);

	op->view = retort_alloc(f->arena, sizeof *op->view);
	op->view->name = name;
	op->view->query = retort_text_new(f->arena, query);
	return op;
}

UNUSED static struct retort_op *trigger(struct fixture *f, enum retort_op_kind kind, const char *table,
	const char *name, const char *body)
{
	struct retort_op *op = add(f, kind, table, name);

	op->trigger = retort_alloc(f->arena, sizeof *op->trigger);
	op->trigger->body = retort_text_new(f->arena, body);
	return op;
}

UNUSED static struct retort_op *rename_to(struct fixture *f, enum retort_op_kind kind, const char *table,
	const char *name, const char *to)
{
	struct retort_op *op = add(f, kind, table, name);

	op->to = to;
	return op;
}

/* Resolves what was added since the last call. */
UNUSED static int resolved(struct fixture *f, const struct retort_op ***ops, size_t *n)
{
	int result = resolve_ops(&f->resolve, f->ops, f->count, ops, n, f->err);

	f->ops = NULL;
	f->count = 0;
	return result;
}

/* Resolves and replays what was added since the last call. */
UNUSED static int replayed(struct fixture *f)
{
	const struct retort_op **ops;
	size_t n, i;

	if (resolved(f, &ops, &n) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (replay_apply(f->schema, ops[i], 0, f->err) != 0)
			return -1;
	}
	return 0;
}

/* The first fault's message; the error is empty afterwards. */
UNUSED static const char *message_of(struct fixture *f)
{
	const struct retort_problem *problem = retort_error_first(f->err);
	const char *message = problem ? retort_strdup(f->arena, problem->message) : "no fault";

	retort_error_clear(f->err);
	return message;
}

#define assert_replayed(f)                                                                                   \
	do {                                                                                                 \
		if (replayed(f) != 0)                                                                        \
			fail_msg("%s", message_of(f));                                                       \
	} while (0)

#define assert_refused(f, message)                                                                           \
	do {                                                                                                 \
		assert_int_equal(replayed(f), -1);                                                           \
		assert_string_equal(message_of(f), (message));                                               \
	} while (0)

#endif
