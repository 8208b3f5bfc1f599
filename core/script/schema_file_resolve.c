/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "model/replaying.h"
#include "retort/sql.h"
#include "script/schema_file.h"

/* An object in the graph of what needs what. */
struct node {
	const struct retort_op *op;
	struct node *same; /* another of this name */
	struct node **needs;
	size_t need_count;
	size_t next;  /* need to be looked at when the walk comes back */
	size_t place; /* in the result; set when done */
	enum { NODE_NEW, NODE_OPEN, NODE_DONE } state;
};

struct ordering {
	struct retort_arena *arena;
	unsigned syntax;
	struct node *nodes;
	size_t count;
	struct map *by_name; /* names in lower case: text may write them otherwise */
};

/* The order in which kinds are made where nothing else decides. */
static const enum retort_op_kind ranks[] = {RETORT_OP_CREATE_SCHEMA, RETORT_OP_CREATE_EXTENSION,
	RETORT_OP_CREATE_ENUM, RETORT_OP_CREATE_DOMAIN, RETORT_OP_CREATE_SEQUENCE, RETORT_OP_CREATE_TABLE,
	RETORT_OP_CREATE_VIEW, RETORT_OP_CREATE_ROUTINE, RETORT_OP_CREATE_TRIGGER};

/* A name in lower case. */
static const char *fold(struct retort_arena *arena, const char *name, size_t n)
{
	char *ret = retort_strndup(arena, name, n);

	text_lower(ret);
	return ret;
}

static void add_need(struct ordering *ordering, struct node *node, struct node *need)
{
	if (need != node)
		RETORT_PUSH(ordering->arena, node->needs, node->need_count, need);
}

/* ---- what an object's texts name ---- */

static bool is_relation(const struct node *node)
{
	return node->op->kind == RETORT_OP_CREATE_TABLE || node->op->kind == RETORT_OP_CREATE_VIEW;
}

/* Adds all objects of a name. relations: tables and views too, which columns may be called like. */
static void need_name(struct ordering *ordering, struct node *node, const char *name, bool relations)
{
	struct node *need = map_get(ordering->by_name, fold(ordering->arena, name, strlen(name)));

	for (; need; need = need->same)
		if (relations || !is_relation(need))
			add_need(ordering, node, need);
}

/* The last part of what a string like 'app.order_id_seq' may name. */
static const char *named_by_string(struct retort_arena *arena, const struct retort_token *token)
{
	const char *end = token->text + token->len - (token->len > 1), *start = end;

	while (start > token->text && !strchr("'.\"", start[-1]))
		start--;
	return retort_strndup(arena, start, (size_t)(end - start));
}

static void need_sql(struct ordering *ordering, struct node *node, const char *sql, bool relations)
{
	struct retort_token token;

	while (sql && (token = retort_sql_word(ordering->syntax, &sql)).kind != RETORT_TOKEN_END) {
		if (token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED)
			need_name(ordering, node, retort_token_name(ordering->arena, &token), relations);
		else if (token.kind == RETORT_TOKEN_STRING && *token.text == '\'')
			need_name(ordering, node, named_by_string(ordering->arena, &token), false);
		else if (token.kind == RETORT_TOKEN_BROKEN)
			break;
	}
}

static void need_text(struct ordering *ordering, struct node *node, const struct retort_text *text,
	bool relations)
{
	if (text)
		need_sql(ordering, node, text->sql, relations);
}

static void need_type(struct ordering *ordering, struct node *node, const struct retort_type *type)
{
	while (type && type->kind == RETORT_TYPE_ARRAY)
		type = type->items;
	if (type && type->name)
		need_name(ordering, node, type->name, false);
	if (type && type->kind == RETORT_TYPE_NATIVE)
		need_sql(ordering, node, type->native, true);
}

static void need_default(struct ordering *ordering, struct node *node, const struct retort_default *def)
{
	if (def && def->kind == RETORT_DEFAULT_EXPRESSION)
		need_sql(ordering, node, def->text, false);
}

/* The table that a foreign key refers to, NULL where it is none of the file's, or the key's own. */
static struct node *referred(const struct ordering *ordering, const struct node *node,
	const struct retort_constraint *constraint)
{
	const struct retort_references *references = constraint->references;
	struct node *ret;

	if (constraint->kind != RETORT_FOREIGN_KEY || !references || !references->table)
		return NULL;
	ret = map_get(ordering->by_name, fold(ordering->arena, references->table, strlen(references->table)));
	while (ret &&
		(ret->op->kind != RETORT_OP_CREATE_TABLE || !name_equal(ret->op->name, references->table) ||
			!name_equal(ret->op->schema, references->schema)))
		ret = ret->same;
	return ret == node ? NULL : ret;
}

static void table_needs(struct ordering *ordering, struct node *node, const struct retort_table *table)
{
	size_t i, j;

	for (i = 0; i < table->column_count; i++) {
		need_type(ordering, node, table->columns[i]->type);
		need_default(ordering, node, table->columns[i]->def);
		need_text(ordering, node, table->columns[i]->computed, false);
	}
	for (i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];
		struct node *target = referred(ordering, node, constraint);

		if (target)
			add_need(ordering, node, target);
		need_text(ordering, node, constraint->expression, false);
		for (j = 0; j < constraint->element_count; j++)
			need_text(ordering, node, constraint->elements[j]->expression, false);
	}
	for (i = 0; i < table->index_count; i++) {
		need_text(ordering, node, table->indexes[i]->where, false);
		for (j = 0; j < table->indexes[i]->column_count; j++)
			need_text(ordering, node, table->indexes[i]->columns[j]->expression, false);
	}
}

/* Finds what an object needs; triggers are last anyway. */
static void find_needs(struct ordering *ordering, struct node *node)
{
	const struct retort_op *op = node->op;

	if (op->create)
		table_needs(ordering, node, op->create);
	if (op->view)
		need_text(ordering, node, op->view->query, true);
	if (op->routine)
		need_text(ordering, node, op->routine->body, true);
	if (op->domain) {
		need_type(ordering, node, op->domain->type);
		need_default(ordering, node, op->domain->def);
		need_text(ordering, node, op->domain->check, false);
	}
}

/* ---- the order ---- */

/* Walks from an object to all that it needs, depth first, and appends each when all it needs is done. */
static void walk(struct ordering *ordering, struct node *start, struct node **stack,
	const struct retort_op **ops, size_t *done)
{
	size_t depth = 0;

	stack[depth++] = start;
	start->state = NODE_OPEN;
	find_needs(ordering, start);
	while (depth > 0) {
		struct node *node = stack[depth - 1], *to = NULL;

		while (!to && node->next < node->need_count) {
			to = node->needs[node->next++];
			if (to->state != NODE_NEW)
				to = NULL;
		}
		if (to) {
			to->state = NODE_OPEN;
			find_needs(ordering, to);
			stack[depth++] = to;
			continue;
		}
		node->state = NODE_DONE;
		node->place = *done;
		ops[(*done)++] = node->op;
		depth--;
	}
}

/* Puts operations into an order in which they can run, foreign keys that close a cycle aside. */
static struct ordering *order(struct retort_arena *arena, unsigned syntax, const struct retort_op **ops,
	size_t count)
{
	struct ordering *ordering = retort_alloc(arena, sizeof *ordering);
	struct node **stack = retort_alloc_array(arena, count, sizeof *stack);
	size_t done = 0, i, j;

	*ordering = (struct ordering){arena, syntax ? syntax : RETORT_SYNTAX_ANY,
		retort_alloc_array(arena, count, sizeof(struct node)), count, map_new(arena)};
	for (i = 0; i < count; i++) {
		const char *name = fold(arena, ops[i]->name, strlen(ops[i]->name));

		ordering->nodes[i].op = ops[i];
		if (ops[i]->kind != RETORT_OP_CREATE_TRIGGER)
			ordering->nodes[i].same = map_put(ordering->by_name, name, &ordering->nodes[i]);
	}
	for (j = 0; j < sizeof ranks / sizeof *ranks; j++)
		for (i = 0; i < count; i++)
			if (ordering->nodes[i].op->kind == ranks[j] && ordering->nodes[i].state == NODE_NEW)
				walk(ordering, &ordering->nodes[i], stack, ops, &done);
	return ordering;
}

/* The operation that adds a foreign key once all tables are there. */
static const struct retort_op *late_key(struct retort_arena *arena, const struct retort_op *table,
	struct retort_constraint *constraint)
{
	struct retort_op *op = retort_alloc(arena, sizeof *op);

	op->kind = RETORT_OP_CREATE_CONSTRAINT;
	op->schema = table->schema;
	op->table = table->name;
	op->name = constraint->name;
	op->constraint = constraint;
	op->file = table->file;
	op->line = constraint->line ? constraint->line : table->line;
	op->line_column = constraint->line ? constraint->line_column : table->line_column;
	return op;
}

/* Takes the foreign keys that refer to later tables out of their tables, into ops behind them. */
static size_t split_cycles(struct ordering *ordering, const struct retort_op **ops)
{
	size_t count = ordering->count, i, j;

	for (i = 0; i < ordering->count; i++) {
		struct node *node = &ordering->nodes[i];
		struct retort_table *table = NULL;

		for (j = 0; node->op->create && j < node->op->create->constraint_count; j++) {
			struct retort_constraint *constraint = node->op->create->constraints[j];
			const struct node *to = referred(ordering, node, constraint);

			if (to && to->place > node->place) {
				if (!table) {
					table = retort_table_copy(ordering->arena, node->op->create);
					table->constraint_count = j;
				}
				ops[count++] = late_key(ordering->arena, node->op, constraint);
			} else if (table) {
				table->constraints[table->constraint_count++] = constraint;
			}
		}
		if (table) {
			struct retort_op *op = COPY(ordering->arena, node->op);

			op->create = table;
			ops[node->place] = op;
		}
	}
	return count;
}

/* Room for the operations and for every foreign key as an operation of its own. */
static const struct retort_op **with_room(struct retort_arena *arena, const struct retort_op **ops,
	size_t count)
{
	const struct retort_op **ret;
	size_t room = count, i;

	for (i = 0; i < count; i++)
		room += ops[i]->create ? ops[i]->create->constraint_count : 0;
	ret = retort_alloc_array(arena, room, sizeof *ret);
	memcpy(ret, ops, count * sizeof *ret);
	return ret;
}

int schema_file_resolve(const struct schema_file *file, const struct resolve *resolve, unsigned syntax,
	const struct retort_op ***ret, size_t *ret_count, struct retort_schema **schema,
	struct retort_error *err)
{
	struct retort_arena *arena = resolve->arena;
	const struct retort_op **ops;
	struct ordering *ordering;
	size_t count, i;

	if (resolve_ops(resolve, file->ops, file->op_count, &ops, &count, err))
		return -1;
	ops = with_room(arena, ops, count);
	ordering = order(arena, syntax, ops, count);
	count = split_cycles(ordering, ops);
	*schema = retort_schema_new(arena);
	for (i = 0; i < count; i++)
		if (replay_apply(*schema, ops[i], syntax, err))
			return -1;
	*ret = ops;
	*ret_count = count;
	return 0;
}
