/* SPDX-License-Identifier: MIT
 *
 * Changes of a table. Firebird changes little in place: what uses a column is dropped before and made again
 * after, and a column whose type can't be changed is made anew, filled and renamed. Each statement tells the
 * table before and after it, so that an interrupted run finds its place.
 */
#include "firebird.h"

#include <string.h>
#include <strings.h>

#define SPARE "RETORT$NEW"

/* A key of another table that was dropped. */
struct away {
	const struct retort_table *table;
	const struct retort_constraint *key;
};

struct work {
	struct retort_render *render;
	const struct retort_op *op;
	const struct retort_table *state; /* after the statements so far */
	struct away *away;                /* keys of other tables, to be made again */
	size_t away_count;
	struct retort_error *err;
};



/* ---- statements ---- */

/* Begins ALTER TABLE t. */
static struct retort_buf alter(struct work *work, const char *table)
{
	struct retort_buf sql;

	retort_buf_init(&sql, work->render->arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	retort_sql_name(work->render, &sql, table);
	retort_buf_char(&sql, ' ');
	return sql;
}

/* Adds a statement that leads to the table after; NULL: the table stays as it is. */
static void add(struct work *work, const struct retort_buf *sql, unsigned flags, const struct retort_table *after)
{
	struct retort_statement *statement = retort_plan_add(work->render->plan, work->op, flags, sql->data, NULL);

	statement->before = work->state;
	statement->after = after ? after : work->state;
	work->state = statement->after;
}

static struct retort_table *copy_state(struct work *work)
{
	return retort_table_copy(work->render->arena, work->state);
}

static size_t column_place(const struct retort_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->column_count && strcmp(table->columns[i]->name, name) != 0)
		i++;
	return i;
}

/* ALTER TABLE t ALTER c, of the state's column, which may be changed in *after. */
static struct retort_buf alter_column_head(struct work *work, const char *name, struct retort_table **after,
	struct retort_column **column)
{
	struct retort_buf sql = alter(work, work->state->name);

	*after = copy_state(work);
	*column = retort_table_own_column(work->render->arena, *after, column_place(*after, name));
	retort_buf_str(&sql, "ALTER ");
	retort_sql_name(work->render, &sql, name);
	return sql;
}

/* ---- what uses a column ---- */

static bool names(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

static bool text_names(struct work *work, const struct retort_text *text, const char *name)
{
	const char *at = text ? text->sql : "";
	struct retort_token token;

	while ((token = retort_sql_word(work->render->dialect->syntax, &at)).kind != RETORT_TOKEN_END)
		if ((token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			strcasecmp(retort_token_name(work->render->arena, &token), name) == 0)
			return true;
	return false;
}

static bool constraint_uses(struct work *work, const struct retort_constraint *constraint, const char *column)
{
	return names(constraint->columns, constraint->column_count, column) ||
		text_names(work, constraint->expression, column);
}

static bool index_uses(const struct retort_index *index, const char *column)
{
	for (size_t i = 0; i < index->column_count; i++)
		if (index->columns[i]->column && strcmp(index->columns[i]->column, column) == 0)
			return true;
	return false;
}

/* Whether a foreign key refers to a column of the table (none named: its primary key), NULL: to any. */
static bool refers(const struct retort_constraint *key, const struct retort_table *to, const char *column)
{
	const struct retort_constraint *primary = retort_table_primary_key(to);
	const struct retort_references *references = key->references;

	if (key->kind != RETORT_FOREIGN_KEY || strcmp(references->table, to->name) != 0)
		return false;
	return references->column_count || !primary ? names(references->columns, references->column_count, column)
						    : names(primary->columns, primary->column_count, column);
}

/* ---- dropping and making again ---- */

static void drop_constraint(struct work *work, const struct retort_table *table, const char *name,
	const struct retort_table *after)
{
	struct retort_buf sql = alter(work, table->name);

	retort_buf_str(&sql, "DROP CONSTRAINT ");
	retort_sql_name(work->render, &sql, name);
	add(work, &sql, 0, after);
}

static void drop_own_constraint(struct work *work, size_t at)
{
	struct retort_table *after = copy_state(work);
	const char *name = after->constraints[at]->name;

	memmove(&after->constraints[at], &after->constraints[at + 1],
		(--after->constraint_count - at) * sizeof *after->constraints);
	drop_constraint(work, work->state, name, after);
}

static void drop_own_index(struct work *work, size_t at)
{
	struct retort_table *after = copy_state(work);
	struct retort_buf sql;

	retort_buf_init(&sql, work->render->arena);
	retort_buf_str(&sql, "DROP INDEX ");
	retort_sql_name(work->render, &sql, after->indexes[at]->name);
	memmove(&after->indexes[at], &after->indexes[at + 1], (--after->index_count - at) * sizeof *after->indexes);
	add(work, &sql, 0, after);
}

/* Drops the CHECK that stands in for a column's type, or makes it. */
static int type_check(struct work *work, const struct retort_column *column, bool make)
{
	struct retort_buf check, sql;

	retort_buf_init(&check, work->render->arena);
	if (retort_sql_type_check(work->render, &check, column, work->err) < 0)
		return -1;
	if (!check.len || !column->type_check_name)
		return 0;
	if (!make) {
		drop_constraint(work, work->state, column->type_check_name, NULL);
		return 0;
	}
	sql = alter(work, work->state->name);
	retort_buf_printf(&sql, "ADD %s", check.data);
	add(work, &sql, 0, NULL);
	return 0;
}

/* Drops all that uses a column: keys that refer to it first. */
static int detach(struct work *work, const struct retort_column *column)
{
	const struct retort_schema *schema = work->render->schema;

	for (size_t i = 0; i < schema->table_count; i++)
		for (size_t k = 0; k < schema->tables[i]->constraint_count; k++) {
			struct away away = {schema->tables[i], schema->tables[i]->constraints[k]};

			if (strcmp(away.table->name, work->state->name) == 0 ||
				!refers(away.key, work->state, column->name))
				continue;
			drop_constraint(work, away.table, away.key->name, NULL);
			RETORT_PUSH(work->render->arena, work->away, work->away_count, away);
		}
	for (int keys = 1; keys >= 0; keys--)
		for (size_t i = work->state->constraint_count; i-- > 0;) {
			const struct retort_constraint *constraint = work->state->constraints[i];

			if ((constraint->kind == RETORT_FOREIGN_KEY) == keys &&
				(constraint_uses(work, constraint, column->name) ||
					refers(constraint, work->state, column->name)))
				drop_own_constraint(work, i);
		}
	for (size_t i = work->state->index_count; i-- > 0;)
		if (index_uses(work->state->indexes[i], column->name))
			drop_own_index(work, i);
	return type_check(work, column, false);
}

static int add_constraint(struct work *work, const struct retort_table *table,
	const struct retort_constraint *constraint, const struct retort_table *after)
{
	struct retort_buf sql = alter(work, table->name);

	retort_buf_str(&sql, "ADD ");
	if (retort_sql_constraint(work->render, &sql, constraint, work->err) < 0)
		return -1;
	add(work, &sql, 0, after);
	return 0;
}

/* Makes the keys of other tables again; a renamed column has another name in them now. */
static int put_back(struct work *work)
{
	for (size_t i = work->away_count; i-- > 0;) {
		struct retort_table *table = retort_table_copy(work->render->arena, work->away[i].table);
		struct retort_references *references;
		struct retort_constraint *key;
		const char **columns;
		size_t at = 0;

		while (table->constraints[at] != work->away[i].key)
			at++;
		key = retort_table_own_constraint(work->render->arena, table, at, &references);
		columns = retort_alloc_array(work->render->arena, references->column_count, sizeof *columns);
		for (size_t k = 0; k < references->column_count; k++)
			columns[k] = work->op->kind == RETORT_OP_RENAME_COLUMN &&
					strcmp(references->columns[k], work->op->name) == 0
				? work->op->to
				: references->columns[k];
		references->columns = columns;
		if (add_constraint(work, table, key, NULL) < 0)
			return -1;
	}
	return 0;
}

/* Drops and makes constraints and indexes until the table has those of after. */
static int settle(struct work *work, const struct retort_table *after)
{
	static const enum retort_constraint_kind order[] =
		{RETORT_PRIMARY_KEY, RETORT_UNIQUE, RETORT_CHECK, RETORT_FOREIGN_KEY};
	struct retort_buf sql;

	for (size_t i = work->state->constraint_count; i-- > 0;)
		if (!retort_table_constraint(after, work->state->constraints[i]->name))
			drop_own_constraint(work, i);
	for (size_t i = work->state->index_count; i-- > 0;)
		if (!retort_table_index(after, work->state->indexes[i]->name))
			drop_own_index(work, i);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < after->constraint_count; i++) {
			struct retort_constraint *constraint = after->constraints[i];
			struct retort_table *next;

			if (constraint->kind != order[k] || retort_table_constraint(work->state, constraint->name))
				continue;
			next = copy_state(work);
			RETORT_PUSH(work->render->arena, next->constraints, next->constraint_count, constraint);
			if (add_constraint(work, after, constraint, next) < 0)
				return -1;
		}
	for (size_t i = 0; i < after->index_count; i++) {
		struct retort_index *index = after->indexes[i];
		struct retort_table *next;

		if (retort_table_index(work->state, index->name))
			continue;
		retort_buf_init(&sql, work->render->arena);
		if (retort_sql_create_index(work->render, &sql, after, index, work->err) < 0)
			return -1;
		next = copy_state(work);
		RETORT_PUSH(work->render->arena, next->indexes, next->index_count, index);
		add(work, &sql, 0, next);
	}
	return 0;
}

/* ---- columns ---- */

/* UPDATE t SET c = value. */
static struct retort_buf update(struct work *work, const char *column)
{
	struct retort_buf sql;

	retort_buf_init(&sql, work->render->arena);
	retort_buf_str(&sql, "UPDATE ");
	retort_sql_name(work->render, &sql, work->state->name);
	retort_buf_str(&sql, " SET ");
	retort_sql_name(work->render, &sql, column);
	retort_buf_str(&sql, " = ");
	return sql;
}

static int set_nullable(struct work *work, const char *name, bool nullable)
{
	struct retort_table *after;
	struct retort_column *column;
	struct retort_buf sql = alter_column_head(work, name, &after, &column);

	column->nullable = nullable;
	retort_buf_str(&sql, nullable ? " DROP NOT NULL" : " SET NOT NULL");
	add(work, &sql, 0, after);
	return 0;
}

static void comment(struct work *work, const char *column, const char *text)
{
	struct retort_buf sql;

	retort_buf_init(&sql, work->render->arena);
	retort_buf_printf(&sql, "COMMENT ON %s ", column ? "COLUMN" : "TABLE");
	retort_sql_name(work->render, &sql, work->state->name);
	if (column) {
		retort_buf_char(&sql, '.');
		retort_sql_name(work->render, &sql, column);
	}
	retort_buf_str(&sql, " IS ");
	retort_sql_string(work->render, &sql, text ? text : "");
	add(work, &sql, 0, NULL);
}

/* ADD c, nullable where rows must be filled first. */
static int add_definition(struct work *work, const struct retort_column *given, const char *name, bool fills)
{
	struct retort_table *after = copy_state(work);
	struct retort_buf sql = alter(work, after->name);
	struct retort_column *column;

	RETORT_PUSH(work->render->arena, after->columns, after->column_count, (struct retort_column *)(size_t)given);
	column = retort_table_own_column(work->render->arena, after, after->column_count - 1);
	column->name = name;
	if (fills)
		column->nullable = true;
	if (strcmp(name, given->name) != 0) {
		column->type_check_name = NULL;
		column->type = column->type->kind == RETORT_TYPE_ENUM || column->type->is_unsigned
			? retort_type_new(work->render->arena, RETORT_TYPE_NATIVE)
			: column->type;
	}
	retort_buf_str(&sql, "ADD ");
	if (retort_sql_column(work->render, &sql, after, column, work->err) < 0)
		return -1;
	add(work, &sql, 0, after);
	return 0;
}

static int add_column(struct work *work, const struct retort_column *column)
{
	bool has_default = column->def && column->def->kind != RETORT_DEFAULT_NULL;
	bool fills = !column->computed && (work->op->fill || has_default);
	struct retort_buf sql;

	if (add_definition(work, column, column->name, fills) < 0)
		return -1;
	if (fills) {
		sql = update(work, column->name);
		if (work->op->fill ? retort_sql_value(work->render, &sql, column->type, work->op->fill, work->err)
				   : retort_sql_default(work->render, &sql, column->type, column->def, work->err))
			return -1;
		add(work, &sql, RETORT_STMT_DATA, NULL);
		if (!column->nullable)
			set_nullable(work, column->name, false);
	}
	if (column->comment)
		comment(work, column->name, column->comment);
	return 0;
}

static void drop_column(struct work *work, const char *name)
{
	struct retort_table *after = copy_state(work);
	struct retort_buf sql = alter(work, after->name);
	size_t at = column_place(after, name);

	retort_buf_str(&sql, "DROP ");
	retort_sql_name(work->render, &sql, name);
	memmove(&after->columns[at], &after->columns[at + 1], (--after->column_count - at) * sizeof *after->columns);
	add(work, &sql, RETORT_STMT_DESTRUCTIVE, after);
}

static void rename_to(struct work *work, const char *from, struct retort_column *as)
{
	struct retort_table *after;
	struct retort_column *column;
	struct retort_buf sql = alter_column_head(work, from, &after, &column);

	after->columns[column_place(after, from)] = as;
	retort_buf_str(&sql, " TO ");
	retort_sql_name(work->render, &sql, as->name);
	add(work, &sql, 0, after);
}

/* Puts a column back to its place. */
static void move_to(struct work *work, const char *name, size_t place)
{
	struct retort_table *after;
	struct retort_column *column;
	struct retort_buf sql = alter_column_head(work, name, &after, &column);
	size_t at = column_place(after, name);

	if (at <= place)
		return;
	memmove(&after->columns[place + 1], &after->columns[place], (at - place) * sizeof *after->columns);
	after->columns[place] = column;
	retort_buf_printf(&sql, " POSITION %zu", place + 1);
	add(work, &sql, 0, after);
}

/* Makes a column anew: another, filled from it, in its place. What uses the column is away. */
static int remake(struct work *work, const struct retort_column *before, struct retort_column *after)
{
	struct retort_table *scratch = copy_state(work);
	size_t place = column_place(scratch, before->name);
	struct retort_column *spare;
	struct retort_buf sql, type;

	RETORT_PUSH(work->render->arena, scratch->columns, scratch->column_count, after);
	spare = retort_table_own_column(work->render->arena, scratch, scratch->column_count - 1);
	spare->nullable = spare->autoincrement == RETORT_AUTO_NONE;
	spare->type_check_name = NULL;
	retort_buf_init(&type, work->render->arena);
	if (retort_sql_type(work->render, &type, after->type, work->err) < 0)
		return -1;
	if (after->type->kind == RETORT_TYPE_ENUM || after->type->is_unsigned) {
		struct retort_type *plain = retort_type_new(work->render->arena, RETORT_TYPE_NATIVE);

		plain->native = type.data;
		spare->type = plain;
		spare->def = NULL;
	}
	if (add_definition(work, spare, SPARE, false) < 0)
		return -1;
	if (!after->computed) {
		sql = update(work, SPARE);
		retort_buf_str(&sql, "CAST(");
		if (work->op->cast)
			retort_sql_expression(&sql, work->op->cast->sql);
		else
			retort_sql_name(work->render, &sql, before->name);
		retort_buf_printf(&sql, " AS %s)", type.data);
		add(work, &sql, RETORT_STMT_DATA | RETORT_STMT_REWRITES, NULL);
	}
	drop_column(work, before->name);
	rename_to(work, SPARE, spare);
	move_to(work, after->name, place);
	if (spare->def != after->def) {
		retort_buf_init(&sql, work->render->arena);
	}
	if (spare->nullable && !after->nullable)
		set_nullable(work, after->name, false);
	return 0;
}

/* Whether ALTER TYPE will do: a longer text. */
static bool widens(const struct retort_column *before, const struct retort_column *after)
{
	return before->type->kind == RETORT_TYPE_STRING && after->type->kind == RETORT_TYPE_STRING &&
		after->type->length >= before->type->length && before->type->length > 0;
}

static int set_type(struct work *work, const struct retort_column *to)
{
	struct retort_table *after;
	struct retort_column *column;
	struct retort_buf sql = alter_column_head(work, to->name, &after, &column);

	column->type = to->type;
	retort_buf_str(&sql, " TYPE ");
	if (retort_sql_type(work->render, &sql, to->type, work->err) < 0)
		return -1;
	add(work, &sql, 0, after);
	return 0;
}

static int set_default(struct work *work, const struct retort_column *to)
{
	struct retort_table *after;
	struct retort_column *column;
	struct retort_buf sql = alter_column_head(work, to->name, &after, &column);
	bool has = to->def && to->def->kind != RETORT_DEFAULT_NULL;

	if (!has && !(column->def && column->def->kind != RETORT_DEFAULT_NULL))
		return 0;
	column->def = to->def;
	retort_buf_str(&sql, has ? " SET DEFAULT " : " DROP DEFAULT");
	if (has && retort_sql_default(work->render, &sql, to->type, to->def, work->err) < 0)
		return -1;
	add(work, &sql, 0, after);
	return 0;
}

static int alter_column(struct work *work, const struct retort_column *before, struct retort_column *after)
{
	const unsigned anew = RETORT_ALTER_TYPE | RETORT_ALTER_AUTOINCREMENT | RETORT_ALTER_COMPUTED | RETORT_ALTER_COLLATION;
	unsigned changes = work->op->alter;
	struct retort_buf sql;
	bool remakes = (changes & anew) != 0 &&
		!((changes & anew) == RETORT_ALTER_TYPE && !work->op->cast && widens(before, after));

	if ((changes & anew) && !remakes && set_type(work, after) < 0)
		return -1;
	if (remakes && (detach(work, before) < 0 || remake(work, before, after) < 0))
		return -1;
	if ((remakes || (changes & RETORT_ALTER_DEFAULT)) && set_default(work, after) < 0)
		return -1;
	if (work->op->fill) {
		sql = update(work, after->name);
		if (retort_sql_value(work->render, &sql, after->type, work->op->fill, work->err) < 0)
			return -1;
		retort_buf_str(&sql, " WHERE ");
		retort_sql_name(work->render, &sql, after->name);
		retort_buf_str(&sql, " IS NULL");
		add(work, &sql, RETORT_STMT_DATA, NULL);
	}
	if (!remakes && (changes & RETORT_ALTER_NULLABLE))
		set_nullable(work, after->name, after->nullable);
	if ((changes & RETORT_ALTER_COMMENT) || (remakes && after->comment))
		comment(work, after->name, after->comment);
	return remakes ? type_check(work, after, true) : 0;
}

static int rename_column(struct work *work, const struct retort_column *before, struct retort_column *after)
{

	if (detach(work, before) < 0)
		return -1;
	rename_to(work, before->name, after);
	return type_check(work, after, true);
}

/* ---- one operation after the other ---- */

static int alter_one(struct work *work, const struct retort_table *after)
{
	const struct retort_op *op = work->op;
	const struct retort_column *before = op->name ? retort_table_column(work->state, op->name) : NULL;

	switch (op->kind) {
	case RETORT_OP_ADD_COLUMN:
		before = retort_table_column(after, op->column->name);
		if (add_column(work, before) < 0)
			return -1;
		break;
	case RETORT_OP_DROP_COLUMN:
		if (before && detach(work, before) < 0)
			return -1;
		if (before)
			drop_column(work, op->name);
		break;
	case RETORT_OP_RENAME_COLUMN:
		if (rename_column(work, before, retort_table_column(after, op->to)) < 0)
			return -1;
		break;
	case RETORT_OP_ALTER_COLUMN:
		if (alter_column(work, before, retort_table_column(after, op->name)) < 0)
			return -1;
		break;
	case RETORT_OP_COMMENT:
		comment(work, op->name, op->message);
		break;
	default:
		break;
	}
	return settle(work, after) < 0 ? -1 : put_back(work);
}

int alter_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	(void)after;
	for (size_t i = 0; i < n; i++) {
		struct work work = {.render = render, .op = ops[i], .state = now, .err = err};
		struct retort_table *next;
		size_t first = render->plan->statement_count;

		if (retort_sql_replay(render, now, &ops[i], 1, &next, err) < 0 || alter_one(&work, next) < 0)
			return RETORT_FAIL;
		if (render->plan->statement_count > first)
			render->plan->statements[render->plan->statement_count - 1]->after = next;
		now = next;
	}
	return RETORT_OK;
}
