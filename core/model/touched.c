/* SPDX-License-Identifier: MIT */
/* The tables that an operation needs. */
#include "model/catalog.h"
#include "model/replay.h"

/* Effects of effects nest this deep at most, as in replay. */
enum { MAX_DEPTH = 8 };

struct visitor {
	int (*visit)(void *context, const char *schema, const char *name);
	void *context;
};

/* The table of a foreign key, unless it is the one that has it. */
static int visit_references(const struct visitor *visitor, const struct retort_constraint *constraint,
	const char *schema, const char *table)
{
	const struct retort_references *references = constraint ? constraint->references : NULL;

	if (!references || !references->table ||
		(name_equal(references->table, table) && name_equal(references->schema, schema)))
		return 0;
	return visitor->visit(visitor->context, references->schema, references->table);
}

static int visit_op(const struct visitor *visitor, const struct retort_op *op, unsigned depth);

static int visit_effects(const struct visitor *visitor, const struct retort_op *op, unsigned depth)
{
	int result = 0;
	size_t i;

	for (i = 0; result == 0 && depth < MAX_DEPTH && i < op->op_count; i++)
		result = visit_op(visitor, op->ops[i], depth + 1);
	return result;
}

static int visit_op(const struct visitor *visitor, const struct retort_op *op, unsigned depth)
{
	const char *table = op->table ? op->table : op->name;
	int result = 0;
	size_t i;

	switch (op->kind) {
	case RETORT_OP_CREATE_TABLE:
		for (i = 0; result == 0 && op->create && i < op->create->constraint_count; i++)
			result = visit_references(visitor, op->create->constraints[i], op->create->schema,
				op->create->name);
		return result;
	case RETORT_OP_EXECUTE:
		return visit_effects(visitor, op, depth);
	case RETORT_OP_DROP_TABLE:
	case RETORT_OP_RENAME_TABLE:
		table = op->name ? op->name : op->table;
		break;
	case RETORT_OP_CREATE_CONSTRAINT:
		result = visit_references(visitor, op->constraint, op->schema, op->table);
		break;
	case RETORT_OP_ALTER_ENUM:
	case RETORT_OP_CREATE_TRIGGER:
	case RETORT_OP_REPLACE_TRIGGER:
	case RETORT_OP_INSERT_ROWS:
	case RETORT_OP_UPDATE_ROWS:
	case RETORT_OP_DELETE_ROWS:
		table = op->table;
		break;
	default:
		table = replay_is_table_op(op) ? op->table : NULL;
	}
	if (result == 0 && table && !op->if_exists)
		result = visitor->visit(visitor->context, op->schema, table);
	return result;
}

int replay_touched(const struct retort_op *op,
	int (*visit)(void *context, const char *schema, const char *name), void *context)
{
	struct visitor visitor = {visit, context};

	return visit_op(&visitor, op, 0);
}
