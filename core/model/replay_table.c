/* SPDX-License-Identifier: MIT */
/* What operations do to one table; the table is a copy whose arrays may be changed. */
#include <string.h>

#include "model/expression.h"
#include "model/replaying.h"
#include "retort/sql.h"

static const char *column_hint(const struct replaying *replaying, const struct retort_table *table,
	const char *name)
{
	const char **names = retort_alloc_array(replaying->arena, table->column_count, sizeof *names);
	size_t i;

	for (i = 0; i < table->column_count; i++)
		names[i] = table->columns[i]->name;
	return replaying_hint(replaying, name, names, table->column_count);
}

static int unknown_column(const struct replaying *replaying, const struct retort_table *table,
	const char *name)
{
	return replaying_fail(replaying, "%s has no column %s%s", replaying_quote(replaying, table->name),
		replaying_quote(replaying, name), column_hint(replaying, table, name));
}

/* The place of a column, or -1 after a fault. */
static long find_column(const struct replaying *replaying, const struct retort_table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->column_count; i++) {
		if (name_equal(table->columns[i]->name, name))
			return (long)i;
	}
	return unknown_column(replaying, table, name);
}

/* Fails where one of n names is no column of the table, or stands twice. */
static int check_columns(const struct replaying *replaying, const struct retort_table *table,
	const char *const *names, size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (find_column(replaying, table, names[i]) < 0)
			return -1;
		for (j = 0; j < i; j++) {
			if (name_equal(names[i], names[j]))
				return replaying_fail(replaying, "column %s is listed twice",
					replaying_quote(replaying, names[i]));
		}
	}
	return 0;
}

/* ---- columns ---- */

int table_add_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_column *column)
{
	struct retort_column *own = (struct retort_column *)column; /* changed, if ever, in a copy */
	const struct retort_type *type;

	if (!column->name)
		return replaying_fail(replaying, "a column has no name");
	if (retort_table_column(table, column->name))
		return replaying_fail(replaying, "%s has a column %s already",
			replaying_quote(replaying, table->name), replaying_quote(replaying, column->name));
	if (enum_fill_type(replaying, column->type, &type) != 0)
		return -1;
	if (type != column->type) {
		own = COPY(replaying->arena, column);
		own->type = type;
	}
	RETORT_PUSH(replaying->arena, table->columns, table->column_count, own);
	return 0;
}

/* add_column, at its place: at the end unless first or after says otherwise. */
static int apply_add_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	size_t place = table->column_count;
	struct retort_column *column;

	if (op->after) {
		long after = find_column(replaying, table, op->after);

		if (after < 0)
			return -1;
		place = (size_t)after + 1;
	} else if (op->first) {
		place = 0;
	}
	if (op->if_not_exists && retort_table_column(table, op->column->name))
		return 0;
	if (table_add_column(replaying, table, op->column) != 0)
		return -1;
	column = table->columns[table->column_count - 1];
	memmove(&table->columns[place + 1], &table->columns[place],
		(table->column_count - 1 - place) * sizeof(struct retort_column *));
	table->columns[place] = column;
	return 0;
}

static void remove_at(void *items, size_t *count, size_t at)
{
	char *place = (char *)items + at * sizeof(void *);

	memmove(place, place + sizeof(void *), (*count - at - 1) * sizeof(void *));
	--*count;
}

static void remove_constraint(struct retort_table *table, const struct retort_constraint *constraint)
{
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		if (table->constraints[i] == constraint) {
			remove_at(table->constraints, &table->constraint_count, i);
			return;
		}
	}
}

static void remove_index(struct retort_table *table, const struct retort_index *index)
{
	size_t i;

	for (i = 0; i < table->index_count; i++) {
		if (table->indexes[i] == index) {
			remove_at(table->indexes, &table->index_count, i);
			return;
		}
	}
}

static int apply_drop_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct replay_users users;
	size_t i;
	long at;

	if (op->if_exists && !retort_table_column(table, op->name))
		return 0;
	at = find_column(replaying, table, op->name);
	if (at < 0)
		return -1;
	if (table->column_count == 1)
		return replaying_fail(replaying, "it is the only column: drop the table");
	for (i = 0; i < table->column_count; i++) {
		const struct retort_text *computed = table->columns[i]->computed;

		if ((long)i != at && computed && computed->sql &&
			expression_names(replaying->syntax, computed->sql, op->name))
			return replaying_fail(replaying, "the computed column %s uses it: drop that first",
				replaying_quote(replaying, table->columns[i]->name));
	}
	if (guard_column(replaying, table, op->name) != 0)
		return -1;
	replay_column_users(replaying->arena, table, op->name, replaying->syntax, &users);
	for (i = 0; i < users.constraint_count; i++)
		remove_constraint(table, users.constraints[i]);
	for (i = 0; i < users.index_count; i++)
		remove_index(table, users.indexes[i]);
	remove_at(table->columns, &table->column_count, (size_t)at);
	return 0;
}

static int apply_rename_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	long at = find_column(replaying, table, op->name);

	if (at < 0)
		return -1;
	if (retort_table_column(table, op->to))
		return replaying_fail(replaying, "%s has a column %s already",
			replaying_quote(replaying, table->name), replaying_quote(replaying, op->to));
	table->columns[at] = COPY(replaying->arena, table->columns[at]);
	table->columns[at]->name = op->to;
	follow_column_inside(replaying, table, op->name, op->to);
	return 0;
}

static bool in_key(const struct retort_table *table, const char *column)
{
	const struct retort_constraint *key = retort_table_primary_key(table);
	size_t i;

	for (i = 0; key && i < key->column_count; i++) {
		if (name_equal(key->columns[i], column))
			return true;
	}
	return false;
}

static int apply_alter_column(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	long at = find_column(replaying, table, op->name);
	const struct retort_column *to = op->column;
	const struct retort_type *type = NULL;
	struct retort_column *column;

	if (at < 0 || ((op->alter & RETORT_ALTER_TYPE) && enum_fill_type(replaying, to->type, &type) != 0))
		return -1;
	if ((op->alter & RETORT_ALTER_NULLABLE) && to->nullable && in_key(table, op->name))
		return replaying_fail(replaying, "it is in the primary key, so it can't be nullable");
	column = table->columns[at] = COPY(replaying->arena, table->columns[at]);
	if (op->alter & RETORT_ALTER_TYPE) {
		column->type = type;
		column->native_type = NULL;
		if (!column->type_check_name)
			column->type_check_name = to->type_check_name;
		if (!column->enum_type_name)
			column->enum_type_name = to->enum_type_name;
	}
	if (op->alter & RETORT_ALTER_NULLABLE)
		column->nullable = to->nullable;
	if (op->alter & RETORT_ALTER_DEFAULT)
		column->def = to->def;
	if (op->alter & RETORT_ALTER_COMMENT)
		column->comment = to->comment;
	if (op->alter & RETORT_ALTER_AUTOINCREMENT) {
		column->autoincrement = to->autoincrement;
		column->auto_start = to->auto_start;
		column->auto_increment = to->auto_increment;
	}
	if (op->alter & RETORT_ALTER_COLLATION)
		column->collation = to->collation;
	if (op->alter & RETORT_ALTER_COMPUTED) {
		column->computed = to->computed;
		column->computed_stored = to->computed_stored;
	}
	return 0;
}

/* ---- indexes ---- */

int table_add_index(struct replaying *replaying, struct retort_table *table, const struct retort_index *index)
{
	size_t i;

	if (!index->column_count)
		return replaying_fail(replaying, "the index has no columns");
	for (i = 0; i < index->column_count; i++) {
		if (index->columns[i]->column && find_column(replaying, table, index->columns[i]->column) < 0)
			return -1;
	}
	if (check_columns(replaying, table, index->include, index->include_count) != 0)
		return -1;
	if (index->name && retort_table_index(table, index->name))
		return replaying_fail(replaying, "%s has an index %s already",
			replaying_quote(replaying, table->name), replaying_quote(replaying, index->name));
	if (index->name && !(replaying->syntax & RETORT_SYNTAX_TABLE_INDEXES) &&
		replaying_free_name(replaying, table->schema, index->name, table) != 0)
		return -1;
	/* changed, if ever, in a copy */
	RETORT_PUSH(replaying->arena, table->indexes, table->index_count, (struct retort_index *)index);
	return 0;
}

static int apply_create_index(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	if (op->if_not_exists && op->index->name && retort_table_index(table, op->index->name))
		return 0;
	return table_add_index(replaying, table, op->index);
}

/* The index that op names, or NULL after a fault. */
static struct retort_index *find_index(const struct replaying *replaying, const struct retort_table *table)
{
	const char *name = replaying->op->name;
	struct retort_index *index = retort_table_index(table, name);
	const char **names;
	size_t i;

	if (index)
		return index;
	names = retort_alloc_array(replaying->arena, table->index_count, sizeof *names);
	for (i = 0; i < table->index_count; i++)
		names[i] = table->indexes[i]->name;
	replaying_fail(replaying, "%s has no index %s%s", replaying_quote(replaying, table->name),
		replaying_quote(replaying, name), replaying_hint(replaying, name, names, table->index_count));
	return NULL;
}

static int apply_drop_index(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct retort_index *index;

	if (op->if_exists && !retort_table_index(table, op->name))
		return 0;
	index = find_index(replaying, table);
	if (!index)
		return -1;
	remove_index(table, index);
	return 0;
}

static int apply_rename_index(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct retort_index *index = find_index(replaying, table);
	size_t i;

	if (!index)
		return -1;
	if (retort_table_index(table, op->to))
		return replaying_fail(replaying, "%s has an index %s already",
			replaying_quote(replaying, table->name), replaying_quote(replaying, op->to));
	if (!(replaying->syntax & RETORT_SYNTAX_TABLE_INDEXES) &&
		replaying_free_name(replaying, table->schema, op->to, table) != 0)
		return -1;
	for (i = 0; table->indexes[i] != index; i++)
		continue;
	table->indexes[i] = COPY(replaying->arena, index);
	table->indexes[i]->name = op->to;
	table->indexes[i]->conventional = false;
	table->indexes[i]->definition = NULL;
	return 0;
}

/* ---- constraints ---- */

/* Fails where a foreign key refers to what isn't there. */
static int check_references(const struct replaying *replaying, const struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const struct retort_references *references = constraint->references;
	const struct retort_table *referred = table;
	size_t i;

	if (!references || !references->table)
		return replaying_fail(replaying, "a foreign key must say which table it references");
	if (!name_equal(references->table, table->name) || !name_equal(references->schema, table->schema))
		referred = retort_schema_table(replaying->schema, references->schema, references->table);
	if (!referred)
		return replaying_fail(replaying, "the referenced table %s doesn't exist%s",
			name_quote(replaying->arena, references->schema, references->table),
			catalog_hint(replaying->arena, replaying->schema, FAMILY_TABLE, references->table));
	for (i = 0; i < references->column_count; i++) {
		if (find_column(replaying, referred, references->columns[i]) < 0)
			return -1;
	}
	if (!references->column_count && !retort_table_primary_key(referred))
		return replaying_fail(replaying,
			"the referenced table %s has no primary key: name the columns",
			replaying_quote(replaying, referred->name));
	return 0;
}

/* Names are unique in the table; those of foreign keys and CHECKs in the schema. */
static int check_constraint_name(const struct replaying *replaying, const struct retort_table *table,
	enum retort_constraint_kind kind, const char *name)
{
	const struct retort_table *owner = NULL;

	if (!name)
		return 0;
	if (retort_table_constraint(table, name))
		return replaying_fail(replaying, "%s has a constraint %s already, give another name",
			replaying_quote(replaying, table->name), replaying_quote(replaying, name));
	if ((kind == RETORT_FOREIGN_KEY && !(replaying->syntax & RETORT_SYNTAX_TABLE_KEYS)) ||
		(kind == RETORT_CHECK && !(replaying->syntax & RETORT_SYNTAX_TABLE_CHECKS)))
		owner = catalog_constraint_owner(replaying->schema, table->schema, name);
	if (owner && (!name_equal(owner->name, table->name) || !name_equal(owner->schema, table->schema)))
		return replaying_fail(replaying, "%s has a constraint %s already, give another name",
			replaying_quote(replaying, owner->name), replaying_quote(replaying, name));
	return 0;
}

/* The columns of a new primary key are NOT NULL from now on. */
static int close_key(struct replaying *replaying, struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const struct retort_constraint *key = retort_table_primary_key(table);
	size_t i;
	long at;

	if (key)
		return replaying_fail(replaying, "%s has a primary key already",
			replaying_quote(replaying, table->name));
	for (i = 0; i < constraint->column_count; i++) {
		at = find_column(replaying, table, constraint->columns[i]);
		if (at < 0)
			return -1;
		if (table->columns[at]->nullable) {
			table->columns[at] = COPY(replaying->arena, table->columns[at]);
			table->columns[at]->nullable = false;
		}
	}
	return 0;
}

int table_add_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_constraint *constraint)
{
	struct retort_constraint *copy;
	bool has_key = constraint->kind == RETORT_PRIMARY_KEY || constraint->kind == RETORT_UNIQUE ||
		constraint->kind == RETORT_FOREIGN_KEY;
	size_t i;

	if (has_key && !constraint->column_count)
		return replaying_fail(replaying, "the constraint has no columns");
	for (i = 0; i < constraint->element_count; i++) {
		if (constraint->elements[i]->column &&
			find_column(replaying, table, constraint->elements[i]->column) < 0)
			return -1;
	}
	if (check_columns(replaying, table, constraint->columns, constraint->column_count) != 0 ||
		check_constraint_name(replaying, table, constraint->kind, constraint->name) != 0 ||
		(constraint->kind == RETORT_FOREIGN_KEY &&
			check_references(replaying, table, constraint) != 0) ||
		(constraint->kind == RETORT_PRIMARY_KEY && close_key(replaying, table, constraint) != 0))
		return -1;
	copy = COPY(replaying->arena, constraint);
	if (copy->kind == RETORT_FOREIGN_KEY) {
		copy->references =
			replay_references(replaying->arena, replaying->schema, table, copy->references);
		if (copy->references->column_count != copy->column_count)
			return replaying_fail(replaying, "%zu columns can't reference %zu",
				copy->column_count, copy->references->column_count);
	}
	RETORT_PUSH(replaying->arena, table->constraints, table->constraint_count, copy);
	return 0;
}

static int apply_create_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	return table_add_constraint(replaying, table, op->constraint);
}

/* The constraint that op names, perhaps only by its kind; NULL where there is none. */
static struct retort_constraint *named_constraint(const struct retort_table *table,
	const struct retort_op *op)
{
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint = table->constraints[i];

		if (op->constraint_kind_given && constraint->kind != op->constraint_kind)
			continue;
		if (op->name ? name_equal(constraint->name, op->name)
			     : op->constraint_kind_given && op->constraint_kind == RETORT_PRIMARY_KEY)
			return constraint;
	}
	return NULL;
}

static struct retort_constraint *find_constraint(const struct replaying *replaying,
	const struct retort_table *table, const struct retort_op *op)
{
	struct retort_constraint *constraint = named_constraint(table, op);
	const char **names;
	size_t i;

	if (constraint)
		return constraint;
	names = retort_alloc_array(replaying->arena, table->constraint_count, sizeof *names);
	for (i = 0; i < table->constraint_count; i++)
		names[i] = table->constraints[i]->name;
	if (!op->name)
		replaying_fail(replaying, "%s has no such constraint, give its name",
			replaying_quote(replaying, table->name));
	else
		replaying_fail(replaying, "%s has no constraint %s%s",
			replaying_quote(replaying, table->name), replaying_quote(replaying, op->name),
			replaying_hint(replaying, op->name, names, table->constraint_count));
	return NULL;
}

static int apply_drop_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct retort_constraint *constraint;

	if (op->if_exists && !named_constraint(table, op))
		return 0;
	constraint = find_constraint(replaying, table, op);
	if (!constraint)
		return -1;
	remove_constraint(table, constraint);
	return 0;
}

/* Puts a copy in the place of a constraint and returns it. */
static struct retort_constraint *own_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_constraint *constraint)
{
	size_t i;

	for (i = 0; table->constraints[i] != constraint; i++)
		continue;
	table->constraints[i] = COPY(replaying->arena, constraint);
	return table->constraints[i];
}

static int apply_rename_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct retort_constraint *constraint = find_constraint(replaying, table, op);

	if (!constraint || check_constraint_name(replaying, table, constraint->kind, op->to) != 0)
		return -1;
	constraint = own_constraint(replaying, table, constraint);
	constraint->name = op->to;
	constraint->conventional = false;
	return 0;
}

static int apply_validate_constraint(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	struct retort_constraint *constraint = find_constraint(replaying, table, op);

	if (!constraint)
		return -1;
	own_constraint(replaying, table, constraint)->not_valid = false;
	return 0;
}

static int apply_comment(struct replaying *replaying, struct retort_table *table, const struct retort_op *op)
{
	long at;

	if (!op->name || op->name == op->table) {
		table->comment = op->message;
		return 0;
	}
	at = find_column(replaying, table, op->name);
	if (at < 0)
		return -1;
	table->columns[at] = COPY(replaying->arena, table->columns[at]);
	table->columns[at]->comment = op->message;
	return 0;
}

static int apply_set_options(struct replaying *replaying, struct retort_table *table,
	const struct retort_op *op)
{
	const struct retort_option **options = NULL;
	size_t count = 0, i, j;

	for (i = 0; i < table->option_count; i++) {
		const struct retort_option *option = table->options[i];

		for (j = 0; j < op->options->option_count; j++)
			if (name_equal(op->options->options[j]->dialect, option->dialect) &&
				name_equal(op->options->options[j]->key, option->key))
				break;
		if (j == op->options->option_count)
			RETORT_PUSH(replaying->arena, options, count, option);
	}
	for (i = 0; i < op->options->option_count; i++)
		if (op->options->options[i]->value)
			RETORT_PUSH(replaying->arena, options, count, op->options->options[i]);
	table->options = options;
	table->option_count = count;
	return 0;
}

/* The operations on a table; keeps: the stored definition of the table says nothing about what they change.
 */
static const struct {
	int (*apply)(struct replaying *, struct retort_table *, const struct retort_op *);
	bool keeps;
} table_ops[RETORT_OP_COUNT] = {
	[RETORT_OP_ADD_COLUMN] = {apply_add_column, false},
	[RETORT_OP_DROP_COLUMN] = {apply_drop_column, false},
	[RETORT_OP_RENAME_COLUMN] = {apply_rename_column, false},
	[RETORT_OP_ALTER_COLUMN] = {apply_alter_column, false},
	[RETORT_OP_CREATE_INDEX] = {apply_create_index, true},
	[RETORT_OP_DROP_INDEX] = {apply_drop_index, true},
	[RETORT_OP_RENAME_INDEX] = {apply_rename_index, true},
	[RETORT_OP_CREATE_CONSTRAINT] = {apply_create_constraint, false},
	[RETORT_OP_DROP_CONSTRAINT] = {apply_drop_constraint, false},
	[RETORT_OP_RENAME_CONSTRAINT] = {apply_rename_constraint, false},
	[RETORT_OP_VALIDATE_CONSTRAINT] = {apply_validate_constraint, false},
	[RETORT_OP_COMMENT] = {apply_comment, true},
	[RETORT_OP_SET_OPTIONS] = {apply_set_options, false},
};

bool replay_is_table_op(const struct retort_op *op)
{
	return (int)op->kind > RETORT_OP_NONE && op->kind < RETORT_OP_COUNT &&
		table_ops[op->kind].apply != NULL;
}

int table_apply(struct replaying *replaying, struct retort_table *table, const struct retort_op *op)
{
	replaying->op = op;
	if (!replay_is_table_op(op))
		return replaying_fail(replaying,
			"it is no operation on a table's columns, constraints or indexes");
	if (!table_ops[op->kind].keeps)
		table->definition = NULL;
	return table_ops[op->kind].apply(replaying, table, op);
}

int replay_table(struct retort_arena *arena, const struct retort_schema *schema,
	const struct retort_table *now, const struct retort_op *const *ops, size_t n, unsigned syntax,
	struct retort_table **after, struct retort_error *err)
{
	struct replaying replaying = {arena, schema, NULL, syntax, err};
	size_t i;

	*after = retort_table_copy(arena, now);
	for (i = 0; i < n; i++) {
		if (table_apply(&replaying, *after, ops[i]) != 0)
			return -1;
	}
	return 0;
}
