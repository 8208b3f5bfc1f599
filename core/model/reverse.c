/* SPDX-License-Identifier: MIT */
#include "model/reverse.h"

#include <string.h>

#include "model/reverse_rows.h"
#include "model/reversing.h"

/* Effects of effects nest this deep at most, as in replay. */
enum { MAX_DEPTH = 8 };

int reversing_fail(const struct reversing *reversing, const char *why)
{
	const struct retort_op *op = reversing->op;

	retort_fail(reversing->err, RETORT_E_PLAN, "cannot reverse operation %u, %s: %s", op->index_in_file,
		retort_op_describe(reversing->arena, op), why);
	retort_error_at(reversing->err, op->file, op->line, op->line_column);
	return -1;
}

struct retort_op *reversing_emit(struct reversing *reversing, enum retort_op_kind kind, const char *name)
{
	const struct retort_op *op = reversing->op;
	struct retort_op *inverse = retort_alloc(reversing->arena, sizeof *inverse);

	inverse->kind = kind;
	inverse->schema = op->schema;
	inverse->table = op->table;
	inverse->name = name;
	inverse->group = op->group;
	inverse->file = op->file;
	inverse->line = op->line;
	inverse->line_column = op->line_column;
	inverse->index_in_file = op->index_in_file;
	RETORT_PUSH(reversing->arena, reversing->ops, reversing->count, inverse);
	return inverse;
}

/* Makes one group of all that was emitted for an operation that stood alone. */
static void close_group(struct reversing *reversing)
{
	size_t i;

	if (reversing->op->group || reversing->count < 2)
		return;
	reversing->groups++;
	for (i = 0; i < reversing->count; i++)
		reversing->ops[i]->group = reversing->groups;
}

struct retort_table *reversing_table(const struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;

	if (!op->table)
		return catalog_index_owner(reversing->schema, op->schema, op->name);
	return retort_schema_table(reversing->schema, op->schema, op->table);
}

typedef int reverse_fn(struct reversing *reversing);

static int nothing(struct reversing *reversing)
{
	(void)reversing;
	return 0;
}

static int hopeless(struct reversing *reversing)
{
	return reversing_fail(reversing, "it needs `reverse`");
}

/* ---- tables ---- */

static int create_table(struct reversing *reversing)
{
	const struct retort_table *create = reversing->op->create;

	if (!retort_schema_table(reversing->schema, create->schema, create->name))
		reversing_emit(reversing, RETORT_OP_DROP_TABLE, create->name)->schema = create->schema;
	return 0;
}

static void emit_constraint(struct reversing *reversing, const char *schema, const char *table,
	struct retort_constraint *constraint)
{
	struct retort_op *op = reversing_emit(reversing, RETORT_OP_CREATE_CONSTRAINT, constraint->name);

	op->schema = schema;
	op->table = table;
	op->constraint = constraint;
}

static void emit_index(struct reversing *reversing, const char *table, struct retort_index *index)
{
	struct retort_op *op = reversing_emit(reversing, RETORT_OP_CREATE_INDEX, index->name);

	op->table = table;
	op->index = index;
	op->concurrently = reversing->op->concurrently;
}

void reversing_emit_view(struct reversing *reversing, enum retort_op_kind kind, struct retort_view *view)
{
	struct retort_op *op = reversing_emit(reversing, kind, view->name);

	op->schema = view->schema;
	op->table = NULL;
	op->view = view;
	op->materialized = view->materialized;
}

/* Everything that went with the table comes back with it. */
static int drop_table(struct reversing *reversing)
{
	const struct retort_schema *schema = reversing->schema;
	struct retort_table *table = retort_schema_table(schema, reversing->op->schema, reversing->op->name);
	struct replay_dependents dependents = {0};
	struct retort_op *op;
	size_t i, kept = 0;

	if (!table)
		return 0;
	if (reversing->op->cascade)
		replay_table_dependents(reversing->arena, schema, table, reversing->syntax, &dependents);
	op = reversing_emit(reversing, RETORT_OP_CREATE_TABLE, table->name);
	op->table = table->name;
	op->create = retort_table_copy(reversing->arena, table);
	op->create->definition = NULL;
	for (i = 0; i < table->index_count; i++) {
		if (!table->indexes[i]->implied)
			op->create->indexes[kept++] = table->indexes[i];
	}
	op->create->index_count = kept;
	for (i = 0; i < dependents.constraint_count; i++)
		emit_constraint(reversing, dependents.tables[i]->schema, dependents.tables[i]->name,
			dependents.constraints[i]);
	for (i = 0; i < schema->trigger_count; i++) {
		struct retort_trigger *trigger = schema->triggers[i];

		if (!name_equal(trigger->table, table->name) || !name_equal(trigger->schema, table->schema))
			continue;
		op = reversing_emit(reversing, RETORT_OP_CREATE_TRIGGER, trigger->name);
		op->table = trigger->table;
		op->trigger = trigger;
	}
	for (i = dependents.view_count; i-- > 0;)
		reversing_emit_view(reversing, RETORT_OP_CREATE_VIEW, dependents.views[i]);
	return 0;
}

static int rename_table(struct reversing *reversing)
{
	struct retort_op *op = reversing_emit(reversing, RETORT_OP_RENAME_TABLE, reversing->op->to);

	op->table = op->name;
	op->to = reversing->op->name;
	op->conventions = reversing->op->conventions;
	return 0;
}

/* rename_column, rename_index, rename_constraint */
static int rename_part(struct reversing *reversing)
{
	reversing_emit(reversing, reversing->op->kind, reversing->op->to)->to = reversing->op->name;
	return 0;
}

/* ---- columns ---- */

static int add_column(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);

	if (table && !retort_table_column(table, reversing->op->column->name))
		reversing_emit(reversing, RETORT_OP_DROP_COLUMN, reversing->op->column->name);
	return 0;
}

/* The column comes back in its place, and then what went with it. */
static int drop_column(struct reversing *reversing)
{
	struct retort_table *table = reversing_table(reversing);
	struct replay_users users;
	struct retort_op *op;
	size_t at, i;

	for (at = 0; table && at < table->column_count; at++) {
		if (name_equal(table->columns[at]->name, reversing->op->name))
			break;
	}
	if (!table || at == table->column_count)
		return 0;
	op = reversing_emit(reversing, RETORT_OP_ADD_COLUMN, reversing->op->name);
	op->column = table->columns[at];
	op->first = at == 0;
	op->after = at > 0 && at + 1 < table->column_count ? table->columns[at - 1]->name : NULL;
	replay_column_users(reversing->arena, table, reversing->op->name, reversing->syntax, &users);
	for (i = 0; i < users.constraint_count; i++)
		emit_constraint(reversing, table->schema, table->name, users.constraints[i]);
	for (i = 0; i < users.index_count; i++) {
		if (!users.indexes[i]->implied)
			emit_index(reversing, table->name, users.indexes[i]);
	}
	close_group(reversing);
	return 0;
}

static bool types_equal(struct retort_arena *arena, const struct retort_type *a, const struct retort_type *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(retort_type_text(arena, a), retort_type_text(arena, b)) == 0;
}

static bool defaults_equal(const struct retort_default *a, const struct retort_default *b)
{
	if (!a || !b)
		return a == b;
	return a->kind == b->kind && name_equal(a->text, b->text);
}

static bool texts_equal(const struct retort_text *a, const struct retort_text *b)
{
	return name_equal(a ? a->sql : NULL, b ? b->sql : NULL);
}

/* Which of the properties that an alter_column names it really changes. */
static unsigned changed(struct retort_arena *arena, const struct retort_column *from,
	const struct retort_op *op)
{
	const struct retort_column *to = op->column;
	unsigned same = 0;

	if (types_equal(arena, from->type, to->type))
		same |= RETORT_ALTER_TYPE;
	if (from->nullable == to->nullable)
		same |= RETORT_ALTER_NULLABLE;
	if (defaults_equal(from->def, to->def))
		same |= RETORT_ALTER_DEFAULT;
	if (name_equal(from->comment, to->comment))
		same |= RETORT_ALTER_COMMENT;
	if (from->autoincrement == to->autoincrement && from->auto_start == to->auto_start &&
		from->auto_increment == to->auto_increment)
		same |= RETORT_ALTER_AUTOINCREMENT;
	if (name_equal(from->collation, to->collation))
		same |= RETORT_ALTER_COLLATION;
	if (texts_equal(from->computed, to->computed) && from->computed_stored == to->computed_stored)
		same |= RETORT_ALTER_COMPUTED;
	return op->alter & ~same;
}

static int alter_column(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);
	struct retort_column *column = table ? retort_table_column(table, reversing->op->name) : NULL;
	unsigned alter = column ? changed(reversing->arena, column, reversing->op) : 0;
	struct retort_op *op;

	if (!alter)
		return 0;
	op = reversing_emit(reversing, RETORT_OP_ALTER_COLUMN, reversing->op->name);
	op->column = column;
	op->alter = alter;
	return 0;
}

static int comment(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;
	const struct retort_table *table = reversing_table(reversing);
	const struct retort_column *column = NULL;
	const char *before;

	if (!table)
		return 0;
	if (op->name && op->name != op->table)
		column = retort_table_column(table, op->name);
	before = column ? column->comment : table->comment;
	if (!name_equal(before, op->message))
		reversing_emit(reversing, RETORT_OP_COMMENT, op->name)->message = before;
	return 0;
}

static int set_options(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;
	const struct retort_table *table = reversing_table(reversing);
	struct retort_table_options *before = retort_alloc(reversing->arena, sizeof *before);
	const struct retort_option **options = NULL;
	size_t i;

	for (i = 0; table && i < op->options->option_count; i++) {
		struct retort_option *option = COPY(reversing->arena, op->options->options[i]);

		option->value = retort_table_option(table, option->dialect, option->key);
		if (!name_equal(option->value, op->options->options[i]->value))
			RETORT_PUSH(reversing->arena, options, before->option_count, option);
	}
	before->options = options;
	if (before->option_count)
		reversing_emit(reversing, RETORT_OP_SET_OPTIONS, NULL)->options = before;
	return 0;
}

/* ---- indexes and constraints ---- */

static int create_index(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);
	const char *name = reversing->op->index->name;

	if (table && !retort_table_index(table, name))
		reversing_emit(reversing, RETORT_OP_DROP_INDEX, name)->concurrently =
			reversing->op->concurrently;
	return 0;
}

static int drop_index(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);
	struct retort_index *index = table ? retort_table_index(table, reversing->op->name) : NULL;

	if (index)
		emit_index(reversing, table->name, index);
	return 0;
}

/* A primary key made its columns NOT NULL: those that weren't become as they were. */
static int create_constraint(struct reversing *reversing)
{
	struct retort_constraint *constraint = reversing->op->constraint;
	const struct retort_table *table = reversing_table(reversing);
	struct retort_op *op = reversing_emit(reversing, RETORT_OP_DROP_CONSTRAINT, constraint->name);
	size_t i;

	op->constraint_kind = constraint->kind;
	op->constraint_kind_given = true;
	if (constraint->kind != RETORT_PRIMARY_KEY || !table)
		return 0;
	for (i = 0; i < constraint->column_count; i++) {
		struct retort_column *column = retort_table_column(table, constraint->columns[i]);

		if (!column || !column->nullable)
			continue;
		op = reversing_emit(reversing, RETORT_OP_ALTER_COLUMN, column->name);
		op->column = column;
		op->alter = RETORT_ALTER_NULLABLE;
	}
	close_group(reversing);
	return 0;
}

/* The constraint that op names. */
static struct retort_constraint *constraint_of(const struct reversing *reversing,
	const struct retort_table *table)
{
	const struct retort_op *op = reversing->op;
	size_t i;

	for (i = 0; table && i < table->constraint_count; i++) {
		struct retort_constraint *constraint = table->constraints[i];

		if (op->constraint_kind_given && constraint->kind != op->constraint_kind)
			continue;
		if (op->name ? name_equal(constraint->name, op->name)
			     : constraint->kind == RETORT_PRIMARY_KEY)
			return constraint;
	}
	return NULL;
}

static int drop_constraint(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);
	struct retort_constraint *constraint = constraint_of(reversing, table);

	if (constraint)
		emit_constraint(reversing, table->schema, table->name, constraint);
	return 0;
}

/* What was not valid can only become so again by being made anew. */
static int validate_constraint(struct reversing *reversing)
{
	const struct retort_table *table = reversing_table(reversing);
	struct retort_constraint *constraint = constraint_of(reversing, table);
	struct retort_op *op;

	if (!constraint || !constraint->not_valid)
		return 0;
	op = reversing_emit(reversing, RETORT_OP_DROP_CONSTRAINT, constraint->name);
	op->constraint_kind = constraint->kind;
	op->constraint_kind_given = true;
	emit_constraint(reversing, table->schema, table->name, constraint);
	close_group(reversing);
	return 0;
}

/* ---- rows ---- */

static int insert_rows(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;
	const struct retort_table *table = reversing_table(reversing);
	const char *const *key = NULL;
	struct retort_rows *rows;
	struct retort_op *inverse;
	const char *why;
	size_t n;

	if (!table)
		return hopeless(reversing);
	if (op->rows->on_conflict_ignore || op->rows->on_conflict_update)
		return reversing_fail(reversing,
			"with on_conflict, rows that were there before can't be told from new ones: it needs "
			"`reverse`");
	n = reverse_rows_key(reversing->arena, table, op->rows, &key, &why);
	if (!n)
		return reversing_fail(reversing, why);
	rows = COPY(reversing->arena, op->rows);
	rows->key = key;
	rows->key_count = n;
	inverse = reversing_emit(reversing, RETORT_OP_DELETE_ROWS, op->name);
	inverse->rows = rows;
	inverse->batch = op->batch;
	return 0;
}

static reverse_fn *const kinds[RETORT_OP_COUNT] = {
	[RETORT_OP_CREATE_TABLE] = create_table,
	[RETORT_OP_DROP_TABLE] = drop_table,
	[RETORT_OP_RENAME_TABLE] = rename_table,
	[RETORT_OP_ADD_COLUMN] = add_column,
	[RETORT_OP_DROP_COLUMN] = drop_column,
	[RETORT_OP_RENAME_COLUMN] = rename_part,
	[RETORT_OP_ALTER_COLUMN] = alter_column,
	[RETORT_OP_CREATE_INDEX] = create_index,
	[RETORT_OP_DROP_INDEX] = drop_index,
	[RETORT_OP_RENAME_INDEX] = rename_part,
	[RETORT_OP_CREATE_CONSTRAINT] = create_constraint,
	[RETORT_OP_DROP_CONSTRAINT] = drop_constraint,
	[RETORT_OP_RENAME_CONSTRAINT] = rename_part,
	[RETORT_OP_VALIDATE_CONSTRAINT] = validate_constraint,
	[RETORT_OP_COMMENT] = comment,
	[RETORT_OP_SET_OPTIONS] = set_options,
	[RETORT_OP_ALTER_EXTENSION] = reverse_alter_extension,
	[RETORT_OP_CREATE_ENUM] = reverse_create_enum,
	[RETORT_OP_ALTER_ENUM] = reverse_alter_enum,
	[RETORT_OP_DROP_ENUM] = reverse_drop_enum,
	[RETORT_OP_CREATE_SEQUENCE] = reverse_object,
	[RETORT_OP_DROP_SEQUENCE] = reverse_object,
	[RETORT_OP_CREATE_SCHEMA] = reverse_create_schema,
	[RETORT_OP_DROP_SCHEMA] = reverse_drop_schema,
	[RETORT_OP_CREATE_DOMAIN] = reverse_object,
	[RETORT_OP_DROP_DOMAIN] = reverse_object,
	[RETORT_OP_CREATE_EXTENSION] = reverse_object,
	[RETORT_OP_DROP_EXTENSION] = reverse_object,
	[RETORT_OP_CREATE_VIEW] = reverse_object,
	[RETORT_OP_REPLACE_VIEW] = reverse_object,
	[RETORT_OP_DROP_VIEW] = reverse_object,
	[RETORT_OP_CREATE_ROUTINE] = reverse_object,
	[RETORT_OP_REPLACE_ROUTINE] = reverse_object,
	[RETORT_OP_DROP_ROUTINE] = reverse_object,
	[RETORT_OP_CREATE_TRIGGER] = reverse_object,
	[RETORT_OP_REPLACE_TRIGGER] = reverse_object,
	[RETORT_OP_DROP_TRIGGER] = reverse_object,
	[RETORT_OP_INSERT_ROWS] = insert_rows,
	[RETORT_OP_UPDATE_ROWS] = hopeless,
	[RETORT_OP_DELETE_ROWS] = hopeless,
	[RETORT_OP_EXECUTE] = hopeless,
	[RETORT_OP_ASSERT] = nothing,
	[RETORT_OP_RUN] = hopeless,
};

/* ---- lists ---- */

static int reverse_list(struct retort_arena *arena, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, unsigned syntax, unsigned depth,
	const struct retort_op ***ret, size_t *ret_count, struct retort_error *err);

/* An operation's own `reverse`. Its groups get numbers that no other group of the list has. */
static int given_reverse(struct reversing *reversing)
{
	const struct retort_reverse *reverse = reversing->op->reverse;
	unsigned base = reversing->groups;
	const struct retort_op **effects;
	struct retort_op *op;
	size_t i, n;

	for (i = 0; i < reverse->op_count; i++) {
		op = COPY(reversing->arena, reverse->ops[i]);
		if (op->group)
			op->group += base;
		if (op->group > reversing->groups)
			reversing->groups = op->group;
		op->file = op->file ? op->file : reversing->op->file;
		op->line = op->line ? op->line : reversing->op->line;
		RETORT_PUSH(reversing->arena, reversing->ops, reversing->count, op);
	}
	if (!reverse->sql)
		return 0;
	op = reversing_emit(reversing, RETORT_OP_EXECUTE, NULL);
	op->sql = reverse->sql;
	op->table = NULL;
	op->group = 0;
	op->outside_transaction = reversing->op->outside_transaction;
	if (reversing->op->kind != RETORT_OP_EXECUTE || !reversing->op->op_count)
		return 0;
	/* what the SQL did to the schema, as the file says, the reverse's SQL undoes */
	if (reverse_list(reversing->arena, retort_schema_copy(reversing->arena, reversing->schema),
		    reversing->op->ops, reversing->op->op_count, reversing->syntax, reversing->depth + 1,
		    &effects, &n, reversing->err) != 0)
		return -1;
	op->ops = effects;
	op->op_count = n;
	return 0;
}

/* Fills reversing->ops with what undoes reversing->op. */
static int reverse_op(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;

	reversing->ops = NULL;
	reversing->count = 0;
	if (op->reverse)
		return given_reverse(reversing);
	if ((int)op->kind <= RETORT_OP_NONE || op->kind >= RETORT_OP_COUNT || !kinds[op->kind])
		return hopeless(reversing);
	return kinds[op->kind](reversing);
}

static int reverse_list(struct retort_arena *arena, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, unsigned syntax, unsigned depth,
	const struct retort_op ***ret, size_t *ret_count, struct retort_error *err)
{
	struct reversing reversing = {.arena = arena,
		.schema = schema,
		.syntax = syntax,
		.depth = depth,
		.err = err};
	const struct retort_op **backwards = NULL;
	size_t count = 0, i, j;
	int bad = 0;

	*ret = NULL;
	*ret_count = 0;
	if (depth > MAX_DEPTH)
		return retort_fail(err, RETORT_E_PLAN, "cannot reverse effects: they are nested too deeply");
	for (i = 0; i < n; i++) {
		if (ops[i]->group > reversing.groups)
			reversing.groups = ops[i]->group;
	}
	/* all is collected back to front, and turned around at the end */
	for (i = 0; i < n; i++) {
		reversing.op = ops[i];
		bad |= reverse_op(&reversing) != 0;
		for (j = reversing.count; j-- > 0;)
			RETORT_PUSH(arena, backwards, count, reversing.ops[j]);
		if (replay_apply(schema, ops[i], syntax, err) != 0)
			return -1;
	}
	for (i = 0; i < count / 2; i++) {
		const struct retort_op *op = backwards[i];

		backwards[i] = backwards[count - 1 - i];
		backwards[count - 1 - i] = op;
	}
	*ret = backwards;
	*ret_count = count;
	return bad ? -1 : 0;
}

int reverse_replay(struct retort_arena *arena, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, unsigned syntax, const struct retort_op ***ret,
	size_t *ret_count, struct retort_error *err)
{
	return reverse_list(arena, schema, ops, n, syntax, 0, ret, ret_count, err);
}

int reverse_ops(struct retort_arena *arena, const struct retort_schema *before,
	const struct retort_op *const *ops, size_t n, unsigned syntax, const struct retort_op ***ret,
	size_t *ret_count, struct retort_error *err)
{
	return reverse_list(arena, retort_schema_copy(arena, before), ops, n, syntax, 0, ret, ret_count, err);
}
