/* SPDX-License-Identifier: MIT
 *
 * What the servers can't have and the capability bits don't tell, found before anything runs: limits of types
 * and keys, columns that CHECKs and computed columns may not use. The limits are InnoDB's.
 */
#include <stdlib.h>
#include <string.h>

#include "expression.h"

enum {
	KEY_BYTES_MAX = 3072,
	BYTES_OF_CHARACTER = 4,
	STRING_MAX = 16383, /* characters: a row has 65535 bytes */
	BINARY_MAX = 65535 - 4,
	CHAR_MAX_LENGTH = 255,
	DIGITS_MAX = 65,
	SCALE_MAX = 30,
	SECOND_DIGITS_MAX = 6
};

struct check {
	struct retort_render *render;
	const struct retort_op *op;
	struct retort_error *err;
	int rc;
};

static const char *engine(const struct check *check)
{
	return check->render->dialect->name;
}

/* Adds a fault: cannot DO: text. */
static void fault(struct check *check, const char *text)
{
	check->rc = retort_fail(check->err, RETORT_E_PLAN, "cannot %s: %s",
		retort_op_describe(check->render->arena, check->op), text);
}

/* ---- columns ---- */

static void check_limit(struct check *check, const char *column, const char *what, int number, int most,
	const char *instead)
{
	if (number != RETORT_UNSET && number > most)
		fault(check,
			retort_printf(check->render->arena,
				"%s %d of column '%s' is too much, %s takes at most %d%s", what, number,
				column, engine(check), most, instead));
}

static void check_type(struct check *check, const struct retort_column *column)
{
	const struct retort_type *type = column->type;

	if (!type || type->native)
		return;
	switch (type->kind) {
	case RETORT_TYPE_STRING:
		check_limit(check, column->name, "the length", type->length, STRING_MAX, ": use text");
		break;
	case RETORT_TYPE_CHAR:
		check_limit(check, column->name, "the length", type->length, CHAR_MAX_LENGTH, ": use string");
		break;
	case RETORT_TYPE_BINARY:
		check_limit(check, column->name, "the length", type->length, CHAR_MAX_LENGTH,
			": use varbinary");
		break;
	case RETORT_TYPE_VARBINARY:
		check_limit(check, column->name, "the length", type->length, BINARY_MAX, ": use blob");
		break;
	case RETORT_TYPE_NUMERIC:
		check_limit(check, column->name, "the precision", type->precision, DIGITS_MAX, "");
		check_limit(check, column->name, "the scale", type->scale, SCALE_MAX, "");
		break;
	case RETORT_TYPE_TIME:
	case RETORT_TYPE_DATETIME:
	case RETORT_TYPE_TIMESTAMP:
		check_limit(check, column->name, "the precision", type->precision, SECOND_DIGITS_MAX, "");
		break;
	default:
		break;
	}
}

static void check_column(struct check *check, const struct retort_column *column)
{
	check_type(check, column);
	if (column->computed && column->nullable_given && !column->nullable &&
		dialect_is_mariadb(check->render))
		fault(check,
			retort_printf(check->render->arena,
				"the computed column '%s' can't be NOT NULL on mariadb: leave nullable out",
				column->name));
	if (column->autoincrement != RETORT_AUTO_NONE && column->auto_increment > 1)
		fault(check,
			retort_printf(check->render->arena,
				"column '%s' can't count in steps of %lld: %s has only "
				"auto_increment_increment of the whole server",
				column->name, column->auto_increment, engine(check)));
	if (column->autoincrement != RETORT_AUTO_NONE && column->def)
		fault(check,
			retort_printf(check->render->arena,
				"column '%s' has both autoincrement and a default", column->name));
}

/* ---- keys ---- */

/* Bytes of a column in a key; 0: not known; length: of a prefix. */
static unsigned long key_bytes(const struct retort_column *column, unsigned length)
{
	const struct retort_type *type = column->type;
	bool narrow = column->collation && !dialect_starts(column->collation, "utf8");
	unsigned long wide = narrow ? 1 : BYTES_OF_CHARACTER;

	if (!type || (type->native && !length))
		return 0;
	switch (type->kind) {
	case RETORT_TYPE_STRING:
	case RETORT_TYPE_CHAR:
		return (length                                        ? length
				       : type->length == RETORT_UNSET ? 1
								      : (unsigned long)type->length) *
			wide;
	case RETORT_TYPE_TEXT:
		return length * wide;
	case RETORT_TYPE_UUID:
		return 36 * wide;
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		return length ? length : type->length == RETORT_UNSET ? 1 : (unsigned long)type->length;
	case RETORT_TYPE_NUMERIC:
		return type->precision == RETORT_UNSET ? 30 : (unsigned long)type->precision / 2 + 2;
	default:
		return 8;
	}
}

/* One column of a key; returns its bytes. */
static unsigned long check_key_column(struct check *check, const struct retort_table *table, const char *key,
	const char *name, unsigned length, bool unique)
{
	const struct retort_column *column = table ? retort_table_column(table, name) : NULL;
	struct retort_arena *arena = check->render->arena;

	if (!column || !column->type)
		return 0;
	if (type_is_long(column->type) && !length)
		fault(check,
			retort_printf(arena,
				"'%s' is %s and can't be in the key '%s' as a whole: use string(n)%s", name,
				retort_type_text(arena, column->type), key,
				unique ? "" : ", or give length"));
	return key_bytes(column, length);
}

static void check_bytes(struct check *check, const char *key, unsigned long bytes)
{
	if (bytes > KEY_BYTES_MAX)
		fault(check,
			retort_printf(check->render->arena,
				"the key '%s' has %lu bytes (4 for each character), %s takes "
				"at most %d: index a prefix by length",
				key, bytes, engine(check), KEY_BYTES_MAX));
}

static void check_index(struct check *check, const struct retort_table *table,
	const struct retort_index *index)
{
	bool whole = dialect_same(index->method, "fulltext") || dialect_same(index->method, "spatial");
	unsigned long bytes = 0;

	for (size_t i = 0; i < index->column_count && !whole; i++) {
		const struct retort_index_column *key = index->columns[i];

		if (key->column)
			bytes += check_key_column(check, table, index->name, key->column, key->length,
				index->unique);
		if (key->collation && index->unique)
			fault(check,
				retort_printf(check->render->arena,
					"%s has no collations in the key '%s': give the column "
					"the collation",
					engine(check), index->name));
	}
	check_bytes(check, index->name, bytes);
}

static void check_key(struct check *check, const struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const char *name = constraint->name ? constraint->name : "PRIMARY";
	unsigned long bytes = 0;

	for (size_t i = 0; i < constraint->column_count; i++)
		bytes += check_key_column(check, table, name, constraint->columns[i], 0, true);
	check_bytes(check, name, bytes);
}

/* ---- expressions ---- */

static bool acts(const struct retort_constraint *constraint)
{
	const struct retort_references *references = constraint->references;
	enum retort_action on_delete = references ? references->on_delete : RETORT_ACTION_NONE;
	enum retort_action on_update = references ? references->on_update : RETORT_ACTION_NONE;

	return on_delete == RETORT_ACTION_SET_NULL || on_delete == RETORT_ACTION_SET_DEFAULT ||
		on_update == RETORT_ACTION_CASCADE || on_update == RETORT_ACTION_SET_NULL ||
		on_update == RETORT_ACTION_SET_DEFAULT;
}

/* The foreign key with an action that changes a column, or NULL. */
static const char *acting_key(const struct retort_table *table, const char *column)
{
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		if (constraint->kind != RETORT_FOREIGN_KEY || !acts(constraint))
			continue;
		for (size_t k = 0; k < constraint->column_count; k++)
			if (dialect_same(constraint->columns[k], column))
				return constraint->name ? constraint->name : "";
	}
	return NULL;
}

/* What an expression may not use; what: "the check 'x'". */
static void check_expression(struct check *check, const struct retort_table *table,
	const struct retort_text *text, const char *what)
{
	struct retort_arena *arena = check->render->arena;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		const char *key = acting_key(table, column->name);

		if (!expression_names(text, column->name))
			continue;
		if (column->autoincrement != RETORT_AUTO_NONE)
			fault(check,
				retort_printf(arena,
					"%s uses the autoincrement column '%s', which %s refuses", what,
					column->name, engine(check)));
		else if (key && !dialect_is_mariadb(check->render))
			fault(check,
				retort_printf(arena,
					"%s uses '%s', which the foreign key '%s' changes by an action: %s "
					"refuses it",
					what, column->name, key, engine(check)));
	}
}

static void check_expressions(struct check *check, const struct retort_table *table)
{
	struct retort_arena *arena = check->render->arena;

	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i]->computed)
			check_expression(check, table, table->columns[i]->computed,
				retort_printf(arena, "the computed column '%s'", table->columns[i]->name));
	for (size_t i = 0; i < table->constraint_count; i++)
		if (table->constraints[i]->kind == RETORT_CHECK)
			check_expression(check, table, table->constraints[i]->expression,
				retort_printf(arena, "the check '%s'", table->constraints[i]->name));
}

/* ---- operations ---- */

/* Whether an autoincrement column begins a key. */
static bool begins_key(const struct retort_table *table, const char *column)
{
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *key = table->constraints[i];

		if ((key->kind == RETORT_PRIMARY_KEY || key->kind == RETORT_UNIQUE) &&
			key->column_count > 0 && dialect_same(key->columns[0], column))
			return true;
	}
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i]->column_count > 0 &&
			dialect_same(table->indexes[i]->columns[0]->column, column))
			return true;
	return false;
}

int check_counting(struct retort_render *render, const struct retort_op *op, const struct retort_table *table,
	struct retort_error *err)
{
	struct check check = {.render = render, .op = op, .err = err};
	const char *first = NULL;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];

		if (column->autoincrement == RETORT_AUTO_NONE)
			continue;
		if (first)
			fault(&check,
				retort_printf(render->arena,
					"%s has one autoincrement column in a table, '%s' is a second",
					render->dialect->name, column->name));
		else if (!begins_key(table, column->name))
			fault(&check,
				retort_printf(render->arena,
					"the autoincrement column '%s' must be the first of a key on %s: "
					"make it "
					"the primary key or unique",
					column->name, render->dialect->name));
		first = column->name;
	}
	return check.rc;
}

static void check_keys(struct check *check, const struct retort_table *table)
{
	for (size_t i = 0; i < table->constraint_count; i++)
		if (table->constraints[i]->kind == RETORT_PRIMARY_KEY ||
			table->constraints[i]->kind == RETORT_UNIQUE)
			check_key(check, table, table->constraints[i]);
	for (size_t i = 0; i < table->index_count; i++)
		check_index(check, table, table->indexes[i]);
}

/* InnoDB has no SET DEFAULT: one server refuses it, the other forgets it without a word. */
static void check_actions(struct check *check, const struct retort_constraint *constraint)
{
	const struct retort_references *references = constraint->references;

	if (constraint->kind == RETORT_FOREIGN_KEY && references &&
		(references->on_delete == RETORT_ACTION_SET_DEFAULT ||
			references->on_update == RETORT_ACTION_SET_DEFAULT))
		fault(check,
			retort_printf(check->render->arena,
				"the foreign key '%s' says set default, which %s doesn't have",
				constraint->name ? constraint->name : "", engine(check)));
}

static void check_table(struct check *check, const struct retort_table *table)
{
	for (size_t i = 0; i < table->constraint_count; i++)
		check_actions(check, table->constraints[i]);
	for (size_t i = 0; i < table->column_count; i++)
		check_column(check, table->columns[i]);
	if (check_counting(check->render, check->op, table, check->err))
		check->rc = -1;
	check_keys(check, table);
	check_expressions(check, table);
}

/* Where a column takes another type the keys that it is in are looked at again. */
static void check_change(struct check *check, const struct retort_table *now)
{
	struct retort_error *ignored = retort_error_new();
	struct retort_table *after;

	check_column(check, check->op->column);
	if (now && (check->op->alter & RETORT_ALTER_TYPE) &&
		retort_sql_replay(check->render, now, &check->op, 1, &after, ignored) == 0)
		check_keys(check, after);
	retort_error_free(ignored);
}

int check_op(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct check check = {.render = render, .op = op, .err = err};
	const struct retort_table *now =
		op->table ? retort_schema_table(render->schema, op->schema, op->table) : NULL;

	switch (op->kind) {
	case RETORT_OP_CREATE_TABLE:
		check_table(&check, op->create);
		break;
	case RETORT_OP_ADD_COLUMN:
		check_column(&check, op->column);
		if (now && op->column->computed)
			check_expression(&check, now, op->column->computed,
				retort_printf(render->arena, "the computed column '%s'", op->column->name));
		break;
	case RETORT_OP_ALTER_COLUMN:
		check_change(&check, now);
		break;
	case RETORT_OP_CREATE_INDEX:
		check_index(&check, now, op->index);
		break;
	case RETORT_OP_CREATE_CONSTRAINT:
		if (op->constraint->kind == RETORT_PRIMARY_KEY || op->constraint->kind == RETORT_UNIQUE)
			check_key(&check, now, op->constraint);
		else if (op->constraint->kind == RETORT_FOREIGN_KEY)
			check_actions(&check, op->constraint);
		else if (op->constraint->kind == RETORT_CHECK && now)
			check_expression(&check, now, op->constraint->expression,
				retort_printf(render->arena, "the check '%s'", op->constraint->name));
		break;
	default:
		break;
	}
	return check.rc;
}
