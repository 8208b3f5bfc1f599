/* SPDX-License-Identifier: MIT */
#include "model/resolve.h"

#include <string.h>

#include "base/text.h"
#include "model/catalog.h"
#include "model/expand.h"
#include "model/replay.h"

/* `reverse` in `reverse` and effects in effects may nest this deep. */
enum { MAX_DEPTH = 8 };

struct resolver {
	struct expand expand; /* must be first: the parts get only this */
	const struct resolve *resolve;
	struct retort_error *err;
	const struct retort_op **ops; /* the result */
	size_t count;
	unsigned groups; /* given away */
	unsigned depth;
};

/* What resolving one value means for its operation. */
enum outcome { FAULT = -1, VANISHES = 0, STAYS = 1 };

static int resolve_list(const struct resolve *resolve, const struct retort_op *const *ops, size_t n,
	unsigned depth, const struct retort_op ***ret, size_t *ret_count, struct retort_error *err);

/* ---- the values of an operation ---- */

/* A text without which the operation is nothing, where it was given at all. */
static enum outcome main_text(struct resolver *resolver, struct retort_op *op,
	const struct retort_text **text, const char *part)
{
	const struct retort_text *given = *text;

	if (resolve_text(resolver->resolve, given, part, text, resolver->err) != 0) {
		retort_error_prefix(resolver->err, "cannot %s",
			retort_op_describe(resolver->resolve->arena, op));
		return FAULT;
	}
	return given && !*text ? VANISHES : STAYS;
}

static int resolve_set(struct resolver *resolver, struct retort_op *op)
{
	struct retort_arena *arena = resolver->resolve->arena;
	struct retort_assignment **set = NULL;
	size_t count = 0, i;

	for (i = 0; i < op->set_count; i++) {
		struct retort_assignment *one = retort_alloc(arena, sizeof *one);

		*one = *op->set[i];
		if (resolve_value(resolver->resolve, one->value,
			    retort_printf(arena, "the value of %s", name_quote(arena, NULL, one->column)),
			    &one->value, resolver->err) != 0)
			return -1;
		if (one->value)
			RETORT_PUSH(arena, set, count, one);
	}
	op->set = (const struct retort_assignment *const *)set;
	op->set_count = count;
	return 0;
}

static bool row_varies(const struct retort_value *const *row, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (row[i] && row[i]->variant_count)
			return true;
	}
	return false;
}

/* Inline rows: nearly none has a cell that differs by dialect, and only such are copied. */
static int resolve_rows(struct resolver *resolver, struct retort_op *op)
{
	struct retort_arena *arena = resolver->resolve->arena;
	const struct retort_value *const **rows = NULL;
	const struct retort_value **row;
	size_t n = op->rows->column_count, i, j;
	struct retort_rows *copy;

	for (i = 0; i < op->rows->row_count; i++) {
		if (!row_varies(op->rows->rows[i], n))
			continue;
		if (!rows) {
			rows = retort_alloc_array(arena, op->rows->row_count, sizeof *rows);
			memcpy(rows, op->rows->rows, op->rows->row_count * sizeof *rows);
		}
		row = retort_alloc_array(arena, n, sizeof *row);
		for (j = 0; j < n; j++) {
			if (resolve_value(resolver->resolve, op->rows->rows[i][j],
				    retort_printf(arena, "the value of %s in row %zu",
					    name_quote(arena, NULL, op->rows->columns[j]), i + 1),
				    &row[j], resolver->err) != 0)
				return -1;
		}
		rows[i] = row;
	}
	if (!rows)
		return 0;
	copy = retort_alloc(arena, sizeof *copy);
	*copy = *op->rows;
	copy->rows = rows;
	op->rows = copy;
	return 0;
}

static int resolve_reverse(struct resolver *resolver, struct retort_op *op)
{
	struct retort_reverse *reverse = retort_alloc(resolver->resolve->arena, sizeof *reverse);
	const struct retort_op **ops;

	if (!op->reverse)
		return 0;
	*reverse = *op->reverse;
	if (resolve_list(resolver->resolve, reverse->ops, reverse->op_count, resolver->depth + 1, &ops,
		    &reverse->op_count, resolver->err) != 0 ||
		resolve_text(resolver->resolve, reverse->sql, "the reverse", &reverse->sql, resolver->err) !=
			0)
		return -1;
	reverse->ops = ops;
	op->reverse = reverse;
	return 0;
}

/* ---- the object of an operation, by kind ---- */

static enum outcome make_table(struct resolver *resolver, struct retort_op *op)
{
	if (!op->create->name)
		op->create->name = op->name ? op->name : op->table;
	op->schema = op->schema ? op->schema : op->create->schema;
	op->create->schema = op->schema;
	if (expand_table(&resolver->expand, op->create, &op->create) < 0)
		return FAULT;
	op->table = op->name = op->create->name;
	return STAYS;
}

static enum outcome alter_column(struct resolver *resolver, struct retort_op *op)
{
	if (!op->name)
		op->name = op->column->name;
	op->column->name = op->name;
	if (expand_column(&resolver->expand, op->table, op->column, &op->column) < 0)
		return FAULT;
	return STAYS;
}

static enum outcome make_index(struct resolver *resolver, struct retort_op *op)
{
	int got;

	op->index->name = op->index->name ? op->index->name : op->name;
	got = expand_index(&resolver->expand, op->table, op->index, &op->index);
	if (got != 1)
		return got < 0 ? FAULT : VANISHES;
	op->name = op->index->name;
	return STAYS;
}

static enum outcome make_constraint(struct resolver *resolver, struct retort_op *op)
{
	int got;

	op->constraint->name = op->constraint->name ? op->constraint->name : op->name;
	got = expand_constraint(&resolver->expand, op->schema, op->table, op->constraint, &op->constraint);
	if (got != 1)
		return got < 0 ? FAULT : VANISHES;
	op->name = op->constraint->name;
	return STAYS;
}

static enum outcome make_enum(struct resolver *resolver, struct retort_op *op)
{
	(void)resolver;
	op->name = op->enumeration->name = op->enumeration->name ? op->enumeration->name : op->name;
	op->schema = op->enumeration->schema = op->schema ? op->schema : op->enumeration->schema;
	return STAYS;
}

static enum outcome make_sequence(struct resolver *resolver, struct retort_op *op)
{
	op->name = op->sequence->name = op->sequence->name ? op->sequence->name : op->name;
	op->schema = op->sequence->schema = op->schema ? op->schema : op->sequence->schema;
	return resolve_type(resolver->resolve, op->sequence->type, "the type of a sequence",
		       &op->sequence->type, resolver->err) != 0
		? FAULT
		: STAYS;
}

static enum outcome make_domain(struct resolver *resolver, struct retort_op *op)
{
	const struct resolve *resolve = resolver->resolve;
	struct retort_domain *domain = op->domain;

	op->name = domain->name = domain->name ? domain->name : op->name;
	op->schema = domain->schema = op->schema ? op->schema : domain->schema;
	if (resolve_type(resolve, domain->type, "the type of a domain", &domain->type, resolver->err) != 0 ||
		resolve_default(resolve, domain->def, "the default of a domain", &domain->def,
			resolver->err) != 0 ||
		resolve_text(resolve, domain->check, "the check of a domain", &domain->check,
			resolver->err) != 0)
		return FAULT;
	return STAYS;
}

static enum outcome make_extension(struct resolver *resolver, struct retort_op *op)
{
	(void)resolver;
	op->name = op->extension->name = op->extension->name ? op->extension->name : op->name;
	return STAYS;
}

/* Options of other dialects say nothing here. */
static enum outcome set_options(struct resolver *resolver, struct retort_op *op)
{
	struct retort_table_options *own = retort_alloc(resolver->resolve->arena, sizeof *own);

	*own = *op->options;
	expand_options(resolver->resolve, &own->options, &own->option_count);
	op->options = own;
	return own->option_count ? STAYS : VANISHES;
}

static enum outcome make_view(struct resolver *resolver, struct retort_op *op)
{
	op->name = op->view->name = op->view->name ? op->view->name : op->name;
	op->schema = op->view->schema = op->schema ? op->schema : op->view->schema;
	op->materialized = op->view->materialized = op->view->materialized || op->materialized;
	return main_text(resolver, op, &op->view->query, "query");
}

static enum outcome make_routine(struct resolver *resolver, struct retort_op *op)
{
	op->name = op->routine->name = op->routine->name ? op->routine->name : op->name;
	op->schema = op->routine->schema = op->schema ? op->schema : op->routine->schema;
	return main_text(resolver, op, &op->routine->body, "body");
}

static enum outcome make_trigger(struct resolver *resolver, struct retort_op *op)
{
	op->name = op->trigger->name = op->trigger->name ? op->trigger->name : op->name;
	op->schema = op->trigger->schema = op->schema ? op->schema : op->trigger->schema;
	op->table = op->trigger->table = op->trigger->table ? op->trigger->table : op->table;
	return main_text(resolver, op, &op->trigger->body, "body");
}

/* The table that an operation on a whole table names is both its table and its name. */
static enum outcome whole_table(struct resolver *resolver, struct retort_op *op)
{
	struct retort_conventions *conventions;

	op->name = op->name ? op->name : op->table;
	op->table = op->name;
	if (op->kind != RETORT_OP_RENAME_TABLE)
		return STAYS;
	conventions = retort_alloc(resolver->resolve->arena, sizeof *conventions);
	conventions->naming = *resolver->resolve->naming;
	conventions->max_name = resolver->resolve->max_name;
	conventions->max_name_characters = resolver->resolve->max_name_characters;
	op->conventions = conventions;
	return STAYS;
}

static enum outcome main_sql(struct resolver *resolver, struct retort_op *op)
{
	enum outcome outcome = main_text(resolver, op, &op->sql, "sql");
	const struct retort_op **effects;

	if (outcome != STAYS || !op->op_count)
		return outcome;
	if (resolve_list(resolver->resolve, op->ops, op->op_count, resolver->depth + 1, &effects,
		    &op->op_count, resolver->err) != 0)
		return FAULT;
	op->ops = effects;
	return STAYS;
}

static enum outcome main_where(struct resolver *resolver, struct retort_op *op)
{
	return op->where_all ? STAYS : main_text(resolver, op, &op->where, "where");
}

/* A shallow copy of an object that an operation points to, so that the input stays as it is. */
#define OWN(resolver, member)                                                                                \
	((member) ? (void)((member) = memcpy(retort_alloc((resolver)->resolve->arena, sizeof *(member)),     \
				   (member), sizeof *(member)))                                              \
		  : (void)0)

/* The name of a constraint or index that is there can't be longer than the engine's limit: a longer one,
 * which a convention gave on another engine, was cut when it was made. */
static enum outcome name_of_part(struct resolver *resolver, struct retort_op *op)
{
	op->name = op->name ? naming_cut(resolver->resolve, op->name) : NULL;
	return STAYS;
}

static enum outcome (*const kinds[RETORT_OP_COUNT])(struct resolver *, struct retort_op *) = {
	[RETORT_OP_CREATE_TABLE] = make_table,
	[RETORT_OP_DROP_TABLE] = whole_table,
	[RETORT_OP_RENAME_TABLE] = whole_table,
	[RETORT_OP_ALTER_COLUMN] = alter_column,
	[RETORT_OP_CREATE_INDEX] = make_index,
	[RETORT_OP_CREATE_CONSTRAINT] = make_constraint,
	[RETORT_OP_DROP_INDEX] = name_of_part,
	[RETORT_OP_RENAME_INDEX] = name_of_part,
	[RETORT_OP_DROP_CONSTRAINT] = name_of_part,
	[RETORT_OP_RENAME_CONSTRAINT] = name_of_part,
	[RETORT_OP_VALIDATE_CONSTRAINT] = name_of_part,
	[RETORT_OP_CREATE_ENUM] = make_enum,
	[RETORT_OP_CREATE_SEQUENCE] = make_sequence,
	[RETORT_OP_CREATE_DOMAIN] = make_domain,
	[RETORT_OP_CREATE_EXTENSION] = make_extension,
	[RETORT_OP_ALTER_EXTENSION] = make_extension,
	[RETORT_OP_SET_OPTIONS] = set_options,
	[RETORT_OP_CREATE_VIEW] = make_view,
	[RETORT_OP_REPLACE_VIEW] = make_view,
	[RETORT_OP_CREATE_ROUTINE] = make_routine,
	[RETORT_OP_REPLACE_ROUTINE] = make_routine,
	[RETORT_OP_CREATE_TRIGGER] = make_trigger,
	[RETORT_OP_REPLACE_TRIGGER] = make_trigger,
	[RETORT_OP_UPDATE_ROWS] = main_where,
	[RETORT_OP_DELETE_ROWS] = main_where,
	[RETORT_OP_EXECUTE] = main_sql,
	[RETORT_OP_ASSERT] = main_sql,
};

/* Whether the object that a kind is about was given; a reader always does, a program may not. */
static bool has_object(const struct retort_op *op)
{
	switch (op->kind) {
	case RETORT_OP_CREATE_TABLE:
		return op->create != NULL;
	case RETORT_OP_ADD_COLUMN:
	case RETORT_OP_ALTER_COLUMN:
		return op->column != NULL;
	case RETORT_OP_CREATE_INDEX:
		return op->index != NULL;
	case RETORT_OP_CREATE_CONSTRAINT:
		return op->constraint != NULL;
	case RETORT_OP_CREATE_ENUM:
		return op->enumeration != NULL;
	case RETORT_OP_ALTER_ENUM:
		return op->enum_change != NULL;
	case RETORT_OP_CREATE_SEQUENCE:
		return op->sequence != NULL;
	case RETORT_OP_CREATE_DOMAIN:
		return op->domain != NULL;
	case RETORT_OP_SET_OPTIONS:
		return op->options != NULL;
	case RETORT_OP_CREATE_EXTENSION:
	case RETORT_OP_ALTER_EXTENSION:
		return op->extension != NULL;
	case RETORT_OP_CREATE_VIEW:
	case RETORT_OP_REPLACE_VIEW:
		return op->view != NULL;
	case RETORT_OP_CREATE_ROUTINE:
	case RETORT_OP_REPLACE_ROUTINE:
		return op->routine != NULL;
	case RETORT_OP_CREATE_TRIGGER:
	case RETORT_OP_REPLACE_TRIGGER:
		return op->trigger != NULL;
	case RETORT_OP_INSERT_ROWS:
		return op->rows != NULL;
	default:
		return true;
	}
}

/* ---- lists ---- */

/* A copy of an operation with values of its own. */
static struct retort_op *copy_op(struct resolver *resolver, const struct retort_op *op)
{
	struct retort_op *copy = retort_alloc(resolver->resolve->arena, sizeof *copy);

	*copy = *op;
	OWN(resolver, copy->create);
	OWN(resolver, copy->column);
	OWN(resolver, copy->index);
	OWN(resolver, copy->constraint);
	OWN(resolver, copy->enumeration);
	OWN(resolver, copy->sequence);
	OWN(resolver, copy->domain);
	OWN(resolver, copy->extension);
	OWN(resolver, copy->view);
	OWN(resolver, copy->routine);
	OWN(resolver, copy->trigger);
	return copy;
}

/* An operation that an add_column brings along in its group. */
static struct retort_op *companion(struct resolver *resolver, const struct retort_op *op,
	enum retort_op_kind kind, const char *name)
{
	static const struct retort_reverse nothing = {0};
	struct retort_op *part = retort_alloc(resolver->resolve->arena, sizeof *part);

	part->kind = kind;
	part->schema = op->schema;
	part->table = op->table;
	part->name = name;
	part->group = op->group;
	part->file = op->file;
	part->line = op->line;
	part->line_column = op->line_column;
	part->index_in_file = op->index_in_file;
	part->lint_ignore = op->lint_ignore;
	part->lint_ignore_count = op->lint_ignore_count;
	part->reverse = op->reverse ? &nothing : NULL; /* the add_column's own undoes all of it */
	RETORT_PUSH(resolver->resolve->arena, resolver->ops, resolver->count, part);
	return part;
}

/* add_column, and its shorthands as operations of the same group. */
static enum outcome add_column(struct resolver *resolver, struct retort_op *op)
{
	const struct retort_column *written = op->column;
	struct expand_parts parts = {0};
	size_t i;
	int got;

	op->name = op->column->name = op->column->name ? op->column->name : op->name;
	got = expand_column(&resolver->expand, op->table, written, &op->column);
	if (got != 1)
		return got < 0 ? FAULT : VANISHES;
	if (expand_shorthands(&resolver->expand, op->schema, op->table, written, true, &parts) != 0)
		return FAULT;
	if (!op->group && parts.constraint_count + parts.index_count)
		op->group = ++resolver->groups;
	RETORT_PUSH(resolver->resolve->arena, resolver->ops, resolver->count, op);
	for (i = 0; i < parts.constraint_count; i++)
		companion(resolver, op, RETORT_OP_CREATE_CONSTRAINT, parts.constraints[i]->name)->constraint =
			parts.constraints[i];
	for (i = 0; i < parts.index_count; i++)
		companion(resolver, op, RETORT_OP_CREATE_INDEX, parts.indexes[i]->name)->index =
			parts.indexes[i];
	return STAYS;
}

/* Resolves one operation that is no alter_table and appends what it becomes. */
static int resolve_op(struct resolver *resolver, struct retort_op *op)
{
	struct retort_arena *arena = resolver->resolve->arena;
	enum outcome outcome = STAYS;

	if (!has_object(op))
		return retort_fail(resolver->err, RETORT_E_INTERNAL, "cannot resolve %s: it has no object",
			retort_op_word(op));
	if (op->kind == RETORT_OP_ALTER_COLUMN || op->kind == RETORT_OP_ADD_COLUMN) {
		if (resolve_text(resolver->resolve, op->cast, "using", &op->cast, resolver->err) != 0 ||
			resolve_value(resolver->resolve, op->fill, "fill", &op->fill, resolver->err) != 0) {
			retort_error_prefix(resolver->err, "cannot %s", retort_op_describe(arena, op));
			return -1;
		}
	}
	if ((op->set_count && resolve_set(resolver, op) != 0) ||
		(op->rows && resolve_rows(resolver, op) != 0) || resolve_reverse(resolver, op) != 0)
		return -1;
	if (op->kind == RETORT_OP_ADD_COLUMN)
		return add_column(resolver, op) == FAULT ? -1 : 0;
	if (kinds[op->kind])
		outcome = kinds[op->kind](resolver, op);
	if (outcome == STAYS)
		RETORT_PUSH(arena, resolver->ops, resolver->count, op);
	return outcome == FAULT ? -1 : 0;
}

/* Tells the place of the faults that have none yet. */
static int at_op(struct resolver *resolver, const struct retort_op *op, int result)
{
	if (result != 0)
		retort_error_at(resolver->err, op->file, op->line, op->line_column);
	return result;
}

/* The parts of an alter_table as operations of one group. */
static int flatten(struct resolver *resolver, const struct retort_op *op)
{
	static const struct retort_reverse nothing = {0};
	unsigned group = ++resolver->groups;
	const struct retort_reverse *reverse = op->reverse;
	int bad = 0;
	size_t i;

	for (i = 0; i < op->op_count; i++) {
		struct retort_op *part = copy_op(resolver, op->ops[i]);

		if (!resolve_in_scope(resolver->resolve, &part->scope))
			continue;
		part->table = op->name ? op->name : op->table;
		part->schema = op->schema;
		part->group = group;
		part->file = part->file ? part->file : op->file;
		part->line = part->line ? part->line : op->line;
		part->index_in_file = op->index_in_file;
		if (reverse) { /* undoes the whole: once, by the first part */
			part->reverse = reverse;
			reverse = &nothing;
		}
		if (!replay_is_table_op(part))
			bad |= at_op(resolver, part,
				retort_fail(resolver->err, RETORT_E_FILE,
					"cannot put %s into alter_table: it is no operation on a table's "
					"columns, constraints "
					"or indexes",
					retort_op_word(part)));
		else
			bad |= at_op(resolver, part, resolve_op(resolver, part));
	}
	return bad ? -1 : 0;
}

static int resolve_list(const struct resolve *resolve, const struct retort_op *const *ops, size_t n,
	unsigned depth, const struct retort_op ***ret, size_t *ret_count, struct retort_error *err)
{
	struct resolver resolver = {.resolve = resolve, .err = err, .depth = depth};
	int bad = 0;
	size_t i;

	*ret = NULL;
	*ret_count = 0;
	if (depth > MAX_DEPTH)
		return retort_fail(err, RETORT_E_FILE,
			"cannot resolve operations: they are nested too deeply");
	resolver.expand.resolve = resolve;
	resolver.expand.err = err;
	resolver.expand.checks = map_new(resolve->arena);
	for (i = 0; i < n; i++) {
		if ((int)ops[i]->kind <= RETORT_OP_NONE || ops[i]->kind >= RETORT_OP_COUNT ||
			!resolve_in_scope(resolve, &ops[i]->scope))
			continue;
		if (ops[i]->kind == RETORT_OP_ALTER_TABLE)
			bad |= at_op(&resolver, ops[i], flatten(&resolver, ops[i]));
		else
			bad |= at_op(&resolver, ops[i], resolve_op(&resolver, copy_op(&resolver, ops[i])));
	}
	*ret = resolver.ops;
	*ret_count = resolver.count;
	return bad ? -1 : 0;
}

int resolve_ops(const struct resolve *resolve, const struct retort_op *const *ops, size_t n,
	const struct retort_op ***ret, size_t *ret_count, struct retort_error *err)
{
	struct resolve named = *resolve;

	if (!named.naming)
		named.naming = &naming_default;
	return resolve_list(&named, ops, n, 0, ret, ret_count, err);
}
