/* SPDX-License-Identifier: MIT
 *
 * alter_column: only what it names changes. A new type takes the old default away first and sets the
 * new one after, because the engine would have to convert it too.
 */
#include <string.h>

#include "sql/alter.h"
#include "sql/clause.h"

/* One change of one column at work. */
struct change {
	struct alteration *alteration;
	struct retort_render *render;
	const struct retort_op *op;
	const struct retort_column *before, *after;
	const struct retort_table *table; /* after */
	const char *old_enum;             /* what the own enum type of before is called meanwhile */
	struct retort_error *err;
};

/* Begins the action ALTER COLUMN c. */
static struct retort_buf *column_action(struct change *change, unsigned flags)
{
	struct retort_buf *action = alteration_action(change->alteration, change->op, flags);

	retort_sql_write(change->render, action, "ALTER COLUMN %n", change->after->name);
	retort_buf_char(action, ' ');
	return action;
}

static bool has_default(const struct retort_column *column)
{
	return column->def && column->def->kind != RETORT_DEFAULT_NULL && !column->computed;
}

/* The CHECK that stands in for the column's type, "" where there is none; NULL on failure. */
static const char *type_check(struct change *change, const struct retort_column *column)
{
	struct retort_buf check;

	retort_buf_init(&check, change->render->arena);
	return retort_sql_type_check(change->render, &check, column, change->err) ? NULL : check.data;
}

static bool same_values(const struct retort_type *a, const struct retort_type *b)
{
	bool same = a->value_count == b->value_count;

	for (size_t i = 0; same && i < a->value_count; i++)
		same = strcmp(a->values[i], b->values[i]) == 0;
	return same;
}

/* An own enum that stays one with other values gets a new type; the old one steps aside. */
static void prepare_enum(struct change *change)
{
	bool old = clause_own_enum(change->render, change->before);
	bool new = clause_own_enum(change->render, change->after);
	struct retort_buf sql;

	if (old && new &&same_values(change->before->type, change->after->type))
		return;
	if (old && new) {
		change->old_enum = clause_spare_name(change->render, change->before->enum_type_name);
		retort_buf_init(&sql, change->render->arena);
		retort_sql_write(change->render, &sql, "ALTER TYPE %t RENAME TO %n", change->table->schema,
			change->before->enum_type_name, change->old_enum);
		alteration_statement(change->alteration, change->op, 0, sql.data);
	}
	if (new)
		alter_make_enum(change->alteration, change->op, change->after);
}

static void finish_enum(struct change *change)
{
	bool stays = clause_own_enum(change->render, change->before) &&
		clause_own_enum(change->render, change->after);
	struct retort_column gone = *change->before;

	if (stays && !change->old_enum)
		return;
	if (change->old_enum)
		gone.enum_type_name = change->old_enum;
	alter_drop_enum(change->alteration, change->op, &gone);
}

static int change_type(struct change *change)
{
	struct retort_buf *action = column_action(change, RETORT_STMT_REWRITES), type;

	retort_buf_init(&type, change->render->arena);
	if (retort_sql_column_type(change->render, &type, change->table, change->after, change->err))
		return -1;
	retort_buf_printf(action, "TYPE %s", type.data);
	if (change->after->collation) {
		retort_buf_str(action, " COLLATE ");
		retort_sql_name(change->render, action, change->after->collation);
	}
	if (change->op->cast) {
		retort_buf_printf(action, " USING %s", change->op->cast->sql);
	} else if (change->old_enum) {
		retort_sql_write(change->render, action, " USING %n", change->after->name);
		retort_buf_printf(action, "::text::%s", type.data);
	}
	return 0;
}

static int set_default(struct change *change)
{
	struct retort_buf *action = column_action(change, 0);

	retort_buf_str(action, "SET DEFAULT ");
	if (retort_sql_default(change->render, action, change->after->type, change->after->def,
		    change->err)) {
		retort_error_prefix(change->err, "default of column '%s' of '%s'", change->after->name,
			change->table->name);
		return -1;
	}
	return 0;
}

/* The type, with the default and the CHECK that hang on it. */
static int change_type_and_default(struct change *change)
{
	bool typed = (change->op->alter & (RETORT_ALTER_TYPE | RETORT_ALTER_COLLATION)) != 0;
	bool defaulted = (change->op->alter & RETORT_ALTER_DEFAULT) != 0;
	const char *old_check = typed ? type_check(change, change->before) : "";
	const char *new_check = typed ? type_check(change, change->after) : "";
	struct retort_buf *action;

	if (!old_check || !new_check)
		return -1;
	/* of another type it would be compared with a conversion of each value */
	if (strcmp(old_check, new_check) == 0 && change->before->type->kind == change->after->type->kind)
		old_check = new_check = "";
	if (*old_check && change->before->type_check_name) {
		action = alteration_action(change->alteration, change->op, 0);
		retort_sql_write(change->render, action, "DROP CONSTRAINT %n",
			change->before->type_check_name);
	}
	if (typed)
		prepare_enum(change);
	if (has_default(change->before) && (typed || (defaulted && !has_default(change->after))))
		retort_buf_str(column_action(change, 0), "DROP DEFAULT");
	if (typed && change_type(change))
		return -1;
	if (has_default(change->after) && (typed || defaulted) && set_default(change))
		return -1;
	if (*new_check)
		retort_buf_printf(alteration_action(change->alteration, change->op, 0), "ADD %s", new_check);
	if (typed)
		finish_enum(change);
	return 0;
}

static int change_nullable(struct change *change)
{
	if (change->op->fill && alter_fill(change->alteration, change->op, change->after, true, change->err))
		return -1;
	if (change->op->alter & RETORT_ALTER_NULLABLE)
		retort_buf_str(column_action(change, 0),
			change->after->nullable ? "DROP NOT NULL" : "SET NOT NULL");
	return 0;
}

static void change_generation(struct change *change)
{
	if (change->op->alter & RETORT_ALTER_AUTOINCREMENT) {
		bool was = change->before->autoincrement != RETORT_AUTO_NONE;

		if (was)
			retort_buf_str(column_action(change, 0), "DROP IDENTITY");
		if (change->after->autoincrement != RETORT_AUTO_NONE) {
			struct retort_buf *action = column_action(change, 0);

			retort_buf_str(action, "ADD ");
			clause_identity(change->render, action, change->after);
		}
	}
	if (!(change->op->alter & RETORT_ALTER_COMPUTED))
		return;
	if (change->after->computed) {
		struct retort_buf *action = column_action(change, RETORT_STMT_REWRITES);

		retort_buf_str(action, "SET EXPRESSION AS ");
		retort_sql_expression(action, change->after->computed->sql);
	} else if (change->before->computed) {
		retort_buf_str(column_action(change, 0), "DROP EXPRESSION");
	}
}

int alter_column(struct alteration *alteration, const struct retort_op *op, const struct retort_table *now,
	const struct retort_table *after, struct retort_error *err)
{
	struct change change = {
		.alteration = alteration,
		.render = alteration->render,
		.op = op,
		.table = after,
		.err = err,
		.before = retort_table_column(now, op->name),
		.after = retort_table_column(after, op->name),
	};

	if (!change.before || !change.after)
		return retort_fail(err, RETORT_E_PLAN, "cannot %s: there is no such column",
			retort_op_describe(alteration->render->arena, op));
	change_generation(&change);
	if (change_type_and_default(&change) || change_nullable(&change))
		return -1;
	if (op->alter & RETORT_ALTER_COMMENT)
		alter_comment(alteration, op, op->name, change.after->comment);
	return 0;
}
