/* SPDX-License-Identifier: MIT */
#include "model/replay.h"

#include <string.h>

#include "base/text.h"
#include "model/replaying.h"
#include "retort/sql.h"

/* Effects of effects of execute nest this deep at most. */
enum { MAX_DEPTH = 8 };

int replaying_fail(const struct replaying *replaying, const char *format, ...)
{
	struct retort_arena *scratch = retort_arena_new();
	const struct retort_op *op = replaying->op;
	va_list ap;

	va_start(ap, format);
	retort_fail(replaying->err, RETORT_E_PLAN, "cannot %s: %s", retort_op_describe(scratch, op),
		retort_vprintf(scratch, format, ap));
	va_end(ap);
	retort_error_at(replaying->err, op->file, op->line, op->line_column);
	retort_arena_free(scratch);
	return -1;
}

const char *replaying_quote(const struct replaying *replaying, const char *name)
{
	return name_quote(replaying->arena, NULL, name);
}

const char *replaying_hint(const struct replaying *replaying, const char *name, const void *names, size_t n)
{
	const char *nearest = text_nearest(name ? name : "", names, n, sizeof(char *));

	return nearest ? retort_printf(replaying->arena, ", did you mean '%s'?",
				 text_echo(replaying->arena, nearest, 100))
		       : "";
}

int replaying_free_name(const struct replaying *replaying, const char *schema_name, const char *name,
	const struct retort_table *table)
{
	static const enum family families[] = {FAMILY_TABLE, FAMILY_VIEW, FAMILY_SEQUENCE};
	const struct retort_table *owner;
	size_t i;

	for (i = 0; i < sizeof families / sizeof *families; i++) {
		if (catalog_find(replaying->schema, families[i], NULL, schema_name, name))
			return replaying_fail(replaying, "there is a %s %s already", family_word(families[i]),
				name_quote(replaying->arena, schema_name, name));
	}
	if (replaying->syntax & RETORT_SYNTAX_TABLE_INDEXES)
		return 0;
	owner = catalog_index_owner(replaying->schema, schema_name, name);
	/* an index of the table itself is looked for in the table, which may have changed */
	if (owner &&
		!(table && name_equal(owner->name, table->name) && name_equal(owner->schema, table->schema)))
		return replaying_fail(replaying, "%s has an index %s already, give another name",
			replaying_quote(replaying, owner->name),
			name_quote(replaying->arena, schema_name, name));
	return 0;
}

typedef int apply_fn(struct replaying *replaying, struct retort_schema *schema);

struct retort_table *replaying_table(const struct replaying *replaying, const char *name)
{
	const struct retort_schema *schema = replaying->schema;
	struct retort_table *table = name ? retort_schema_table(schema, replaying->op->schema, name) : NULL;

	if (!table)
		replaying_fail(replaying, "table %s doesn't exist%s",
			name_quote(replaying->arena, replaying->op->schema, name),
			catalog_hint(replaying->arena, schema, FAMILY_TABLE, name ? name : ""));
	return table;
}

/* ---- tables ---- */

static int create_table(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_table *create = replaying->op->create;
	struct retort_table *table = COPY(replaying->arena, create);
	size_t i;

	if (replaying->op->if_not_exists && retort_schema_table(schema, create->schema, create->name))
		return 0;
	if (replaying_free_name(replaying, create->schema, create->name, NULL) != 0)
		return -1;
	if (!create->column_count)
		return replaying_fail(replaying, "it has no columns");
	table->columns = NULL;
	table->constraints = NULL;
	table->indexes = NULL;
	table->column_count = table->constraint_count = table->index_count = 0;
	for (i = 0; i < create->column_count; i++) {
		if (table_add_column(replaying, table, create->columns[i]) != 0)
			return -1;
	}
	for (i = 0; i < create->constraint_count; i++) {
		if (table_add_constraint(replaying, table, create->constraints[i]) != 0)
			return -1;
	}
	for (i = 0; i < create->index_count; i++) {
		if (name_equal(create->indexes[i]->name, table->name) &&
			!(replaying->syntax & RETORT_SYNTAX_TABLE_INDEXES))
			return replaying_fail(replaying, "an index can't have the table's own name");
		if (table_add_index(replaying, table, create->indexes[i]) != 0)
			return -1;
	}
	catalog_put(schema, FAMILY_TABLE, table);
	return 0;
}

/* Takes the foreign keys and views that go with a table out. */
static void remove_dependents(struct replaying *replaying, struct retort_schema *schema,
	const struct replay_dependents *dependents)
{
	size_t i, j;

	for (i = 0; i < dependents->constraint_count; i++) {
		const struct retort_table *old = dependents->tables[i];
		struct retort_table *copy;

		/* one table may have several of them: the copy made for the first is in the schema */
		copy = retort_table_copy(replaying->arena,
			retort_schema_table(schema, old->schema, old->name));
		for (j = 0; copy->constraints[j] != dependents->constraints[i]; j++)
			continue;
		memmove(&copy->constraints[j], &copy->constraints[j + 1],
			(copy->constraint_count - j - 1) * sizeof(struct retort_constraint *));
		copy->constraint_count--;
		copy->definition = NULL;
		catalog_put(schema, FAMILY_TABLE, copy);
	}
	for (i = 0; i < dependents->view_count; i++)
		catalog_remove(schema, FAMILY_VIEW, dependents->views[i]);
}

/* A table's triggers go with it. */
static void remove_triggers(struct retort_schema *schema, const struct retort_table *table)
{
	size_t i = schema->trigger_count;

	while (i-- > 0) {
		if (name_equal(schema->triggers[i]->table, table->name) &&
			name_equal(schema->triggers[i]->schema, table->schema))
			catalog_remove(schema, FAMILY_TRIGGER, schema->triggers[i]);
	}
}

static int drop_table(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct replay_dependents dependents;
	struct retort_table *table, **referrers;
	size_t n, i;

	if (op->if_exists && !retort_schema_table(schema, op->schema, op->name))
		return 0;
	table = replaying_table(replaying, op->name);
	if (!table)
		return -1;
	n = catalog_referrers(replaying->arena, schema, table->schema, table->name, &referrers);
	for (i = 0; !op->cascade && i < n; i++) {
		if (referrers[i] != table)
			return replaying_fail(replaying,
				"a foreign key of %s refers to it: drop that first, or say cascade",
				name_quote(replaying->arena, referrers[i]->schema, referrers[i]->name));
	}
	if (op->cascade) {
		replay_table_dependents(replaying->arena, schema, table, replaying->syntax, &dependents);
		remove_dependents(replaying, schema, &dependents);
	}
	remove_triggers(schema, table);
	catalog_remove(schema, FAMILY_TABLE, retort_schema_table(schema, op->schema, op->name));
	return 0;
}

static int rename_table(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct retort_table *table = replaying_table(replaying, op->name), *after;

	if (!table || replaying_free_name(replaying, op->schema, op->to, NULL) != 0)
		return -1;
	follow_table(replaying, schema, table, op->to);
	table = retort_schema_table(schema, op->schema, op->to);
	after = retort_table_copy(replaying->arena, table);
	follow_conventions(replaying, after, op->name);
	catalog_put(schema, FAMILY_TABLE, after);
	return 0;
}

/* The table of an operation of table_apply; those on indexes may leave it out. */
static struct retort_table *op_table(const struct replaying *replaying)
{
	const struct retort_op *op = replaying->op;
	struct retort_table *table = NULL;

	if (op->table || (op->kind != RETORT_OP_DROP_INDEX && op->kind != RETORT_OP_RENAME_INDEX))
		return replaying_table(replaying, op->table ? op->table : op->name);
	table = catalog_index_owner(replaying->schema, op->schema, op->name);
	if (!table && !op->if_exists)
		replaying_fail(replaying, "no table has such an index");
	return table;
}

static int apply_to_table(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct retort_table *table, *after;

	if (op->if_exists && op->table && !retort_schema_table(schema, op->schema, op->table))
		return 0;
	table = op_table(replaying);
	if (!table)
		return op->if_exists && !op->table ? 0 : -1;
	after = retort_table_copy(replaying->arena, table);
	if (table_apply(replaying, after, op) != 0)
		return -1;
	if (op->kind == RETORT_OP_RENAME_COLUMN)
		follow_column(replaying, schema, table, op->name, op->to);
	catalog_put(schema, FAMILY_TABLE, after);
	return 0;
}

/* ---- rows and SQL ---- */

static int check_row_columns(const struct replaying *replaying, const struct retort_table *table,
	const char *const *names, size_t n)
{
	const char **known;
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (retort_table_column(table, names[i]))
			continue;
		known = retort_alloc_array(replaying->arena, table->column_count, sizeof *known);
		for (j = 0; j < table->column_count; j++)
			known[j] = table->columns[j]->name;
		return replaying_fail(replaying, "%s has no column %s%s",
			replaying_quote(replaying, table->name), replaying_quote(replaying, names[i]),
			replaying_hint(replaying, names[i], known, table->column_count));
	}
	return 0;
}

/* Rows change nothing here, but what they name must be there. Rows of a view are its own affair. */
static int check_rows(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	const struct retort_rows *rows = op->rows;
	const struct retort_table *table;
	size_t i;

	if (op->table && retort_schema_view(schema, op->schema, op->table))
		return 0;
	table = replaying_table(replaying, op->table);
	if (!table)
		return -1;
	for (i = 0; i < op->set_count; i++) {
		if (check_row_columns(replaying, table, &op->set[i]->column, 1) != 0)
			return -1;
	}
	if (rows &&
		(check_row_columns(replaying, table, rows->columns, rows->column_count) != 0 ||
			check_row_columns(replaying, table, rows->map_columns, rows->map_count) != 0 ||
			check_row_columns(replaying, table, rows->key, rows->key_count) != 0))
		return -1;
	return 0;
}

static int apply(struct retort_schema *schema, const struct retort_op *op, unsigned syntax, unsigned depth,
	struct retort_error *err);

/* Several effects stand or fall together: they are tried on a copy first. */
static int apply_effects(struct retort_schema *schema, const struct retort_op *op, unsigned syntax,
	unsigned depth, struct retort_error *err)
{
	struct retort_arena *scratch;
	struct retort_schema *copy;
	int result = 0;
	size_t i;

	if (op->op_count > 1) {
		scratch = retort_arena_new();
		copy = retort_schema_copy(scratch, schema);
		for (i = 0; result == 0 && i < op->op_count; i++)
			result = apply(copy, op->ops[i], syntax, depth + 1, err);
		retort_arena_free(scratch);
	}
	for (i = 0; result == 0 && i < op->op_count; i++)
		result = apply(schema, op->ops[i], syntax, depth + 1, err);
	if (result != 0)
		retort_error_at(err, op->file, op->line, op->line_column);
	return result;
}

static apply_fn *const kinds[RETORT_OP_COUNT] = {
	[RETORT_OP_CREATE_TABLE] = create_table,
	[RETORT_OP_DROP_TABLE] = drop_table,
	[RETORT_OP_RENAME_TABLE] = rename_table,
	[RETORT_OP_CREATE_ENUM] = enum_create,
	[RETORT_OP_ALTER_ENUM] = enum_alter,
	[RETORT_OP_DROP_ENUM] = enum_drop,
	[RETORT_OP_CREATE_SEQUENCE] = object_create,
	[RETORT_OP_DROP_SEQUENCE] = object_drop,
	[RETORT_OP_CREATE_SCHEMA] = object_create_schema,
	[RETORT_OP_DROP_SCHEMA] = object_drop_schema,
	[RETORT_OP_CREATE_DOMAIN] = object_create,
	[RETORT_OP_DROP_DOMAIN] = object_drop,
	[RETORT_OP_CREATE_EXTENSION] = object_create,
	[RETORT_OP_DROP_EXTENSION] = object_drop,
	[RETORT_OP_ALTER_EXTENSION] = object_alter_extension,
	[RETORT_OP_CREATE_VIEW] = object_create,
	[RETORT_OP_REPLACE_VIEW] = object_replace,
	[RETORT_OP_DROP_VIEW] = object_drop,
	[RETORT_OP_CREATE_ROUTINE] = object_create,
	[RETORT_OP_REPLACE_ROUTINE] = object_replace,
	[RETORT_OP_DROP_ROUTINE] = object_drop,
	[RETORT_OP_CREATE_TRIGGER] = object_create,
	[RETORT_OP_REPLACE_TRIGGER] = object_replace,
	[RETORT_OP_DROP_TRIGGER] = object_drop,
	[RETORT_OP_INSERT_ROWS] = check_rows,
	[RETORT_OP_UPDATE_ROWS] = check_rows,
	[RETORT_OP_DELETE_ROWS] = check_rows,
};

static int apply(struct retort_schema *schema, const struct retort_op *op, unsigned syntax, unsigned depth,
	struct retort_error *err)
{
	struct replaying replaying = {schema->arena, schema, op, syntax, err};

	if (depth > MAX_DEPTH)
		return replaying_fail(&replaying, "effects are nested too deeply");
	if (op->kind == RETORT_OP_EXECUTE)
		return apply_effects(schema, op, syntax, depth, err);
	if (op->kind == RETORT_OP_ALTER_TABLE)
		return replaying_fail(&replaying, "it was not resolved");
	if (replay_is_table_op(op))
		return apply_to_table(&replaying, schema);
	if ((int)op->kind > RETORT_OP_NONE && op->kind < RETORT_OP_COUNT && kinds[op->kind])
		return kinds[op->kind](&replaying, schema);
	return 0;
}

int replay_apply(struct retort_schema *schema, const struct retort_op *op, unsigned syntax,
	struct retort_error *err)
{
	return apply(schema, op, syntax, 0, err);
}
