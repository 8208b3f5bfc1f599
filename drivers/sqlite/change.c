/* SPDX-License-Identifier: MIT
 *
 * One operation as an edit of the stored text. The text is read anew for each: it is short, and so every
 * edit sees what the ones before it did.
 */
#include <string.h>

#include "native.h"
#include "rebuild.h"

/* What editing one operation needs. */
struct editing {
	struct rebuild *rebuild;
	struct retort_render *render;
	const struct retort_op *op;
	struct definition *definition;
	struct edit *edit;
};

static int no_column(const struct editing *editing, const char *name, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_PLAN, "cannot %s: the table's stored definition has no column '%s'",
		retort_op_describe(editing->rebuild->arena, editing->op), name);
}

/* ---- finding ---- */

static bool same_names(const char *const *left, size_t n, const char *const *right, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!native_same(left[i], right[i]))
			return false;
	return true;
}

/* Whether a clause does what a constraint says, whatever they are called. */
static bool clause_is(const struct definition *definition, const struct clause *clause, const char *column,
	const struct retort_constraint *constraint)
{
	static const enum clause_kind kinds[] = {
		[RETORT_PRIMARY_KEY] = CLAUSE_PRIMARY_KEY,
		[RETORT_UNIQUE] = CLAUSE_UNIQUE,
		[RETORT_FOREIGN_KEY] = CLAUSE_FOREIGN_KEY,
		[RETORT_CHECK] = CLAUSE_CHECK,
		[RETORT_EXCLUDE] = CLAUSE_NONE,
	};
	const char *const *columns = column ? &column : clause->columns;
	size_t n = column ? 1 : clause->column_count;

	if (clause->kind != kinds[constraint->kind])
		return false;
	if (clause->kind == CLAUSE_CHECK)
		return constraint->expression &&
			same_sql(definition->arena, definition_part(definition, clause->inner),
				constraint->expression->sql);
	if (!same_names(columns, n, constraint->columns, constraint->column_count))
		return false;
	return clause->kind != CLAUSE_FOREIGN_KEY ||
		(constraint->references &&
			native_same(clause->references->table, constraint->references->table));
}

/* Calls visit for every clause, those of columns first; stops where it says so. */
static struct clause *find_clause(const struct definition *definition, struct column_item **column,
	bool (*wanted)(const struct definition *, const struct clause *, const char *column,
		const void *context),
	const void *context)
{
	struct column_item *ignored;

	if (!column)
		column = &ignored;
	for (size_t i = 0; i < definition->column_count; i++) {
		*column = definition->columns[i];
		for (size_t j = 0; j < (*column)->clause_count; j++)
			if (wanted(definition, (*column)->clauses[j], (*column)->name, context))
				return (*column)->clauses[j];
	}
	*column = NULL;
	for (size_t i = 0; i < definition->constraint_count; i++)
		if (wanted(definition, definition->constraints[i], NULL, context))
			return definition->constraints[i];
	return NULL;
}

static bool bears_name(const struct definition *definition, const struct clause *clause, const char *column,
	const void *context)
{
	(void)definition;
	(void)column;
	return native_same(clause->name, context);
}

static bool is_constraint(const struct definition *definition, const struct clause *clause,
	const char *column, const void *context)
{
	return clause_is(definition, clause, column, context);
}

static bool is_unnamed_constraint(const struct definition *definition, const struct clause *clause,
	const char *column, const void *context)
{
	return !clause->name && clause_is(definition, clause, column, context);
}

static bool is_check(const struct definition *definition, const struct clause *clause, const char *column,
	const void *context)
{
	(void)column;
	return clause->kind == CLAUSE_CHECK &&
		same_sql(definition->arena, definition_part(definition, clause->inner), context);
}

/* A name that the text doesn't know may be one that a convention gave: what a constraint does decides. */
struct clause *find_constraint(const struct definition *definition,
	const struct retort_constraint *constraint, struct column_item **column)
{
	struct clause *clause =
		constraint->name ? find_clause(definition, column, bears_name, constraint->name) : NULL;

	if (!clause)
		clause = find_clause(definition, column, is_unnamed_constraint, constraint);
	return clause ? clause : find_clause(definition, column, is_constraint, constraint);
}

/* ---- columns ---- */

static int add_column(struct editing *editing, struct retort_error *err)
{
	const struct retort_table *after = editing->rebuild->after;
	const struct retort_column *column = retort_table_column(after, editing->op->column->name);
	struct retort_buf text;

	retort_buf_init(&text, editing->rebuild->arena);
	if (retort_sql_column(editing->render, &text, after, column ? column : editing->op->column, err))
		return -1;
	edit_add_column(editing->edit, text.data);
	return 0;
}

static bool lists(const struct clause *clause, const char *name)
{
	for (size_t i = 0; i < clause->column_count; i++)
		if (native_same(clause->columns[i], name))
			return true;
	return false;
}

/* With the column go the constraints that name it. */
static int drop_column(struct editing *editing, struct retort_error *err)
{
	const struct definition *definition = editing->definition;
	const char *name = editing->op->name;
	const struct column_item *dropped = definition_column(definition, name);

	if (!dropped)
		return editing->op->if_exists ? 0 : no_column(editing, name, err);
	edit_drop_column(editing->edit, dropped);
	for (size_t i = 0; i < definition->constraint_count; i++) {
		const struct clause *clause = definition->constraints[i];

		if (lists(clause, name) ||
			(clause->kind == CLAUSE_CHECK && definition_names(definition, clause->inner, name)))
			edit_drop_clause(editing->edit, clause);
	}
	for (size_t i = 0; i < definition->column_count; i++)
		for (size_t j = 0;
			definition->columns[i] != dropped && j < definition->columns[i]->clause_count; j++) {
			const struct clause *clause = definition->columns[i]->clauses[j];

			if (clause->kind == CLAUSE_CHECK && definition_names(definition, clause->inner, name))
				edit_drop_clause(editing->edit, clause);
		}
	editing->rebuild->destructive = true;
	return 0;
}

/* Puts text (NULL: nothing) in the place of a clause of a column, else behind its type. */
static void set_clause(struct editing *editing, const struct column_item *item, enum clause_kind kind,
	const char *text)
{
	const struct clause *clause = column_clause(item, kind);

	if (clause && text)
		edit_replace(editing->edit, (struct span){clause->lead, clause->span.end},
			retort_printf(editing->rebuild->arena, " %s", text));
	else if (clause)
		edit_drop_clause(editing->edit, clause);
	else if (text)
		edit_replace(editing->edit, (struct span){item->type.end, item->type.end},
			retort_printf(editing->rebuild->arena, " %s", text));
}

/* The CHECK that stands in for a column's type; NULL: it has none. -1: err is filled. */
static int check_of(struct retort_render *render, const struct retort_column *column, const char **ret,
	struct retort_error *err)
{
	struct retort_buf condition;
	int rc;

	retort_buf_init(&condition, render->arena);
	*ret = NULL;
	rc = render->dialect->type_check(render, column, &condition, err);
	if (rc == RETORT_OK)
		*ret = condition.data;
	return rc == RETORT_FAIL ? -1 : 0;
}

/* The type's name, and the CHECK that goes with it. */
static int change_type(struct editing *editing, const struct column_item *item,
	const struct retort_column *was, const struct retort_column *column, struct retort_error *err)
{
	struct retort_render *render = editing->render;
	const char *old_check, *new_check, *lead = "";
	struct clause *clause = NULL;
	struct retort_buf text;

	retort_buf_init(&text, render->arena);
	if (item->type.start == item->type.end)
		retort_buf_char(&text, ' ');
	if (native_column_type(render, &text, editing->rebuild->after, column, err))
		return -1;
	edit_replace(editing->edit, item->type, text.data);
	if (check_of(render, was, &old_check, err) || check_of(render, column, &new_check, err))
		return -1;
	if (old_check)
		clause = find_clause(editing->definition, NULL, is_check, old_check);
	if (clause && was->type_check_name && column->type_check_name && clause->name &&
		native_same(was->type_check_name, column->type_check_name) && new_check) {
		/* the same CHECK with another condition: it keeps its place and name */
		edit_replace(editing->edit, clause->inner, new_check);
		return 0;
	}
	if (clause)
		edit_drop_clause(editing->edit, clause);
	if (!new_check)
		return 0;
	retort_buf_init(&text, render->arena);
	if (retort_sql_type_check(render, &text, column, err))
		return -1;
	lead = " ";
	edit_replace(editing->edit, (struct span){item->span.end, item->span.end},
		retort_printf(render->arena, "%s%s", lead, text.data));
	return 0;
}

static int change_default(struct editing *editing, const struct column_item *item,
	const struct retort_column *column, struct retort_error *err)
{
	struct retort_buf text;

	if (!column->def || column->def->kind == RETORT_DEFAULT_NULL) {
		set_clause(editing, item, CLAUSE_DEFAULT, NULL);
		return 0;
	}
	retort_buf_init(&text, editing->rebuild->arena);
	retort_buf_str(&text, "DEFAULT ");
	if (retort_sql_default(editing->render, &text, column->type, column->def, err)) {
		retort_error_prefix(err, "default of column '%s' of '%s'", column->name,
			editing->rebuild->now->name);
		return -1;
	}
	set_clause(editing, item, CLAUSE_DEFAULT, text.data);
	return 0;
}

static void change_computed(struct editing *editing, const struct column_item *item,
	const struct retort_column *column)
{
	struct retort_buf text;

	if (!column->computed) {
		set_clause(editing, item, CLAUSE_COMPUTED, NULL);
		return;
	}
	retort_buf_init(&text, editing->rebuild->arena);
	retort_buf_str(&text, "GENERATED ALWAYS AS ");
	retort_sql_expression(&text, column->computed->sql);
	retort_buf_str(&text, column->computed_stored ? " STORED" : " VIRTUAL");
	set_clause(editing, item, CLAUSE_DEFAULT, NULL);
	set_clause(editing, item, CLAUSE_COMPUTED, text.data);
}

/* The key's clause with or without the word, in the column itself. */
static void change_autoincrement(struct editing *editing, const struct column_item *item,
	const struct retort_column *column)
{
	const struct retort_constraint *key = retort_table_primary_key(editing->rebuild->after);
	struct column_item *holder = NULL;
	struct clause *clause = key ? find_constraint(editing->definition, key, &holder) : NULL;
	struct retort_buf text;

	if (!key)
		return;
	retort_buf_init(&text, editing->rebuild->arena);
	retort_buf_char(&text, ' ');
	if (key->name) {
		retort_buf_str(&text, "CONSTRAINT ");
		native_name(&text, key->name);
		retort_buf_char(&text, ' ');
	}
	retort_buf_printf(&text, "PRIMARY KEY%s", native_is_auto(column) ? " AUTOINCREMENT" : "");
	if (clause && holder) {
		edit_replace(editing->edit, (struct span){clause->lead, clause->span.end}, text.data);
		return;
	}
	if (clause)
		edit_drop_clause(editing->edit, clause);
	edit_replace(editing->edit, (struct span){item->span.end, item->span.end}, text.data);
}

static int alter_column(struct editing *editing, struct retort_error *err)
{
	const struct retort_op *op = editing->op;
	const char *name = op->name ? op->name : op->column->name;
	const struct column_item *item = definition_column(editing->definition, name);
	const struct retort_column *column = retort_table_column(editing->rebuild->after, name);
	const struct retort_column *was = retort_table_column(editing->rebuild->now, name);
	struct retort_buf text;

	if (!item || !column)
		return no_column(editing, name, err);
	if ((op->alter & RETORT_ALTER_TYPE) && change_type(editing, item, was ? was : column, column, err))
		return -1;
	if (op->alter & RETORT_ALTER_NULLABLE) {
		set_clause(editing, item, CLAUSE_NULL, NULL);
		set_clause(editing, item, CLAUSE_NOT_NULL, column->nullable ? NULL : "NOT NULL");
	}
	if ((op->alter & RETORT_ALTER_DEFAULT) && change_default(editing, item, column, err))
		return -1;
	if ((op->alter & RETORT_ALTER_COLLATION) && column->collation) {
		retort_buf_init(&text, editing->rebuild->arena);
		retort_buf_str(&text, "COLLATE ");
		native_name(&text, column->collation);
		set_clause(editing, item, CLAUSE_COLLATE, text.data);
	} else if (op->alter & RETORT_ALTER_COLLATION) {
		set_clause(editing, item, CLAUSE_COLLATE, NULL);
	}
	if (op->alter & RETORT_ALTER_COMPUTED)
		change_computed(editing, item, column);
	if (op->alter & RETORT_ALTER_AUTOINCREMENT)
		change_autoincrement(editing, item, column);
	return 0;
}

/* ---- constraints ---- */

static int create_constraint(struct editing *editing, struct retort_error *err)
{
	const struct retort_table *after = editing->rebuild->after;
	const struct retort_constraint *constraint = editing->op->constraint;
	const struct retort_constraint *named =
		constraint->name ? retort_table_constraint(after, constraint->name) : NULL;
	struct retort_buf text;
	int rc;

	if (named)
		constraint = named;
	retort_buf_init(&text, editing->rebuild->arena);
	rc = editing->render->dialect->constraint(editing->render, after, constraint, &text, err);
	if (rc == RETORT_PASS)
		rc = retort_sql_constraint(editing->render, &text, constraint, err);
	if (rc)
		return -1;
	if (text.len > 0)
		edit_add_constraint(editing->edit, text.data);
	return 0;
}

/* The constraint that an operation names, in the text. */
static struct clause *named_clause(const struct editing *editing)
{
	const struct retort_constraint *constraint =
		retort_table_constraint(editing->rebuild->now, editing->op->name);
	struct retort_constraint only_name = {.kind = RETORT_EXCLUDE, .name = editing->op->name};

	return find_constraint(editing->definition, constraint ? constraint : &only_name, NULL);
}

static int drop_constraint(struct editing *editing, struct retort_error *err)
{
	const struct clause *clause = named_clause(editing);

	if (!clause)
		return editing->op->if_exists
			? 0
			: retort_fail(err, RETORT_E_PLAN,
				  "cannot %s: the table's stored definition has no such constraint",
				  retort_op_describe(editing->rebuild->arena, editing->op));
	edit_drop_clause(editing->edit, clause);
	return 0;
}

static int rename_constraint(struct editing *editing, struct retort_error *err)
{
	const struct clause *clause = named_clause(editing);
	struct retort_buf text;

	if (!clause)
		return retort_fail(err, RETORT_E_PLAN,
			"cannot %s: the table's stored definition has no such constraint",
			retort_op_describe(editing->rebuild->arena, editing->op));
	retort_buf_init(&text, editing->rebuild->arena);
	if (clause->name) {
		native_name(&text, editing->op->to);
		edit_replace(editing->edit, clause->name_span, text.data);
		return 0;
	}
	retort_buf_str(&text, "CONSTRAINT ");
	native_name(&text, editing->op->to);
	retort_buf_char(&text, ' ');
	edit_replace(editing->edit, (struct span){clause->span.start, clause->span.start}, text.data);
	return 0;
}

static int set_options(struct editing *editing, struct retort_error *err)
{
	const struct definition *definition = editing->definition;
	struct retort_buf text;

	retort_buf_init(&text, editing->rebuild->arena);
	retort_buf_str(&text, "");
	if (editing->render->dialect->table_tail(editing->render, editing->rebuild->after, &text, err) ==
		RETORT_FAIL)
		return -1;
	edit_replace(editing->edit, (struct span){definition->close + 1, strlen(definition->text)},
		text.data);
	return 0;
}

typedef int change_fn(struct editing *editing, struct retort_error *err);

static change_fn *const changes[RETORT_OP_COUNT] = {
	[RETORT_OP_ADD_COLUMN] = add_column,
	[RETORT_OP_DROP_COLUMN] = drop_column,
	[RETORT_OP_ALTER_COLUMN] = alter_column,
	[RETORT_OP_CREATE_CONSTRAINT] = create_constraint,
	[RETORT_OP_DROP_CONSTRAINT] = drop_constraint,
	[RETORT_OP_RENAME_CONSTRAINT] = rename_constraint,
	[RETORT_OP_SET_OPTIONS] = set_options,
};

static int start(struct rebuild *rebuild, struct editing *editing, struct retort_error *err)
{
	*editing = (struct editing){.rebuild = rebuild, .render = rebuild->render};
	if (definition_read(rebuild->arena, rebuild->text, &editing->definition, err))
		return -1;
	editing->edit = edit_new(editing->definition);
	return 0;
}

int change_text(struct rebuild *rebuild, const struct retort_op *op, struct retort_error *err)
{
	struct editing editing;

	if (!changes[op->kind])
		return 0;
	if (start(rebuild, &editing, err))
		return -1;
	editing.op = op;
	if (changes[op->kind](&editing, err))
		return -1;
	rebuild->text = edit_text(editing.edit);
	return 0;
}

static bool same_special(const char *left, const char *right)
{
	return left == right || native_same(left, right);
}

int change_settle(struct rebuild *rebuild, struct retort_error *err)
{
	const struct retort_constraint *key = retort_table_primary_key(rebuild->after);
	struct editing editing;

	if (start(rebuild, &editing, err))
		return -1;
	for (size_t i = 0; i < editing.definition->column_count; i++) {
		const struct column_item *item = editing.definition->columns[i];
		const struct retort_column *column = retort_table_column(rebuild->after, item->name);
		const struct retort_column *was = retort_table_column(rebuild->now, item->name);
		bool in_key = false;
		struct retort_buf text;

		if (!column || !was)
			continue;
		for (size_t j = 0; key && j < key->column_count; j++)
			in_key = in_key || native_same(key->columns[j], item->name);
		if (in_key && was->nullable && !column->nullable && !column_clause(item, CLAUSE_NOT_NULL))
			set_clause(&editing, item, CLAUSE_NOT_NULL, "NOT NULL");
		if (same_special(native_special(rebuild->now, was), native_special(rebuild->after, column)))
			continue;
		retort_buf_init(&text, rebuild->arena);
		if (native_column_type(rebuild->render, &text, rebuild->after, column, err))
			return -1;
		edit_replace(editing.edit, item->type, text.data);
	}
	rebuild->text = edit_text(editing.edit);
	return 0;
}
