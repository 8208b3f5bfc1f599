/* SPDX-License-Identifier: MIT
 *
 * What a try in memory gave, against the table that replay says.
 */
#include <string.h>

#include "native.h"
#include "rebuild.h"

/* A constraint put in a few words that only depend on what it does. */
struct meaning {
	const struct retort_constraint *constraint; /* NULL: a CHECK in a type's stead */
	const char *check;
	bool paired;
};

struct meanings {
	struct meaning *items;
	size_t count;
};

/* All constraints of a table, those in types' stead too. */
static int collect(struct retort_render *render, const struct retort_table *table, struct meanings *ret,
	struct retort_error *err)
{
	*ret = (struct meanings){NULL, 0};
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];
		struct meaning meaning = {constraint, NULL, false};

		if (constraint->kind == RETORT_CHECK && constraint->expression)
			meaning.check = unqualified(render->arena, constraint->expression->sql, table->name);
		RETORT_PUSH(render->arena, ret->items, ret->count, meaning);
	}
	for (size_t i = 0; i < table->column_count; i++) {
		struct meaning meaning = {NULL, NULL, false};
		struct retort_buf condition;
		int rc;

		retort_buf_init(&condition, render->arena);
		rc = render->dialect->type_check(render, table->columns[i], &condition, err);
		if (rc == RETORT_FAIL)
			return -1;
		if (rc == RETORT_PASS)
			continue;
		meaning.check = condition.data;
		RETORT_PUSH(render->arena, ret->items, ret->count, meaning);
	}
	return 0;
}

static bool same_columns(const char *const *left, size_t n, const char *const *right, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!native_same(left[i], right[i]))
			return false;
	return true;
}

static enum retort_action stated(enum retort_action action)
{
	return action == RETORT_ACTION_NONE ? RETORT_ACTION_NO_ACTION : action;
}

static bool same_references(const struct retort_references *left, const struct retort_references *right)
{
	if (!left || !right)
		return left == right;
	return native_same(left->table, right->table) &&
		stated(left->on_delete) == stated(right->on_delete) &&
		stated(left->on_update) == stated(right->on_update) &&
		(left->column_count == 0 || right->column_count == 0 ||
			same_columns(left->columns, left->column_count, right->columns, right->column_count));
}

static bool same_meaning(struct retort_arena *arena, const struct meaning *left, const struct meaning *right)
{
	const struct retort_constraint *a = left->constraint, *b = right->constraint;

	if (left->check || right->check)
		return left->check && right->check && same_sql(arena, left->check, right->check);
	return a->kind == b->kind && same_columns(a->columns, a->column_count, b->columns, b->column_count) &&
		same_references(a->references, b->references) && a->deferrable == b->deferrable &&
		(a->initially == RETORT_INITIALLY_DEFERRED) == (b->initially == RETORT_INITIALLY_DEFERRED);
}

static const char *describe(struct retort_arena *arena, const struct meaning *meaning)
{
	static const char *const words[] = {
		[RETORT_PRIMARY_KEY] = "primary key",
		[RETORT_UNIQUE] = "unique",
		[RETORT_FOREIGN_KEY] = "foreign key",
		[RETORT_CHECK] = "check",
		[RETORT_EXCLUDE] = "exclude",
	};
	struct retort_buf text;

	if (meaning->check)
		return retort_printf(arena, "check (%s)", meaning->check);
	retort_buf_init(&text, arena);
	retort_buf_printf(&text, "%s (", words[meaning->constraint->kind]);
	for (size_t i = 0; i < meaning->constraint->column_count; i++)
		retort_buf_printf(&text, "%s%s", i > 0 ? ", " : "", meaning->constraint->columns[i]);
	retort_buf_char(&text, ')');
	if (meaning->constraint->references)
		retort_buf_printf(&text, " to '%s'", meaning->constraint->references->table);
	return text.data;
}

static int verify_constraints(struct retort_render *render, const struct retort_table *made,
	const struct retort_table *after, struct retort_error *err)
{
	struct meanings left, right;

	if (collect(render, made, &left, err) || collect(render, after, &right, err))
		return -1;
	for (size_t i = 0; i < right.count; i++) {
		bool found = false;

		for (size_t j = 0; !found && j < left.count; j++)
			if (!left.items[j].paired &&
				same_meaning(render->arena, &left.items[j], &right.items[i]))
				found = left.items[j].paired = true;
		if (!found)
			return retort_fail(err, RETORT_E_PLAN,
				"its stored definition would lack the constraint %s that the revisions give "
				"it",
				describe(render->arena, &right.items[i]));
	}
	for (size_t j = 0; j < left.count; j++)
		if (!left.items[j].paired)
			return retort_fail(err, RETORT_E_PLAN,
				"its stored definition would have the constraint %s that the revisions don't "
				"know",
				describe(render->arena, &left.items[j]));
	return 0;
}

static int verify_column(struct retort_render *render, const struct retort_table *made_in,
	const struct retort_column *made, const struct retort_column *column, struct retort_error *err)
{
	bool key = false;
	const struct retort_constraint *primary = retort_table_primary_key(made_in);

	for (size_t i = 0; primary && i < primary->column_count; i++)
		key = key || native_same(primary->columns[i], column->name);
	if (!key && made->nullable != column->nullable)
		return retort_fail(err, RETORT_E_PLAN,
			"its stored definition would have column '%s' %s, the revisions %s", column->name,
			made->nullable ? "nullable" : "NOT NULL", column->nullable ? "nullable" : "NOT NULL");
	if (!made->computed != !column->computed ||
		(made->computed &&
			!same_sql(render->arena,
				unqualified(render->arena, made->computed->sql, made_in->name),
				unqualified(render->arena, column->computed->sql, made_in->name))))
		return retort_fail(err, RETORT_E_PLAN,
			"its stored definition would compute column '%s' otherwise than the revisions",
			column->name);
	if (native_is_auto(made) != native_is_auto(column))
		return retort_fail(err, RETORT_E_PLAN,
			"its stored definition would %s column '%s', the revisions %s",
			native_is_auto(made) ? "autoincrement" : "not autoincrement", column->name,
			native_is_auto(column) ? "would" : "would not");
	return 0;
}

int verify_table(struct retort_render *render, sqlite3 *db, const struct retort_table *after,
	struct retort_error *err)
{
	struct retort_schema *schema;
	const struct retort_table *made;

	if (inspect_database(db, NULL, render->arena, &schema, err))
		return err && retort_error_count(err) > 0
			? -1
			: retort_fail(err, RETORT_E_INTERNAL, "cannot read it back: %s", sqlite3_errmsg(db));
	made = retort_schema_table(schema, NULL, after->name);
	if (!made)
		return retort_fail(err, RETORT_E_INTERNAL, "it is gone after the try in memory");
	for (size_t i = 0; i < after->column_count; i++) {
		const struct retort_column *column = retort_table_column(made, after->columns[i]->name);

		if (!column)
			return retort_fail(err, RETORT_E_PLAN, "its stored definition would lack column '%s'",
				after->columns[i]->name);
		if (verify_column(render, made, column, after->columns[i], err))
			return -1;
	}
	for (size_t i = 0; i < made->column_count; i++)
		if (!retort_table_column(after, made->columns[i]->name))
			return retort_fail(err, RETORT_E_PLAN,
				"its stored definition has column '%s' that the revisions don't know",
				made->columns[i]->name);
	return verify_constraints(render, made, after, err);
}

int scratch_make(struct retort_render *render, sqlite3 *db, const struct retort_table *table,
	struct retort_error *err)
{
	const char *text = text_of_table(render, table, err);

	if (!text || scratch_run(db, text, err))
		return -1;
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->implied)
			continue;
		text = text_of_index(render, table, table->indexes[i], err);
		if (!text || scratch_run(db, text, err))
			return -1;
	}
	return 0;
}

void scratch_take_texts(sqlite3 *db, struct retort_arena *arena, struct retort_table *table)
{
	table->definition = scratch_text(db, arena, "table", table->name);
	for (size_t i = 0; i < table->index_count; i++) {
		char *text = table->indexes[i]->name
			? scratch_text(db, arena, "index", table->indexes[i]->name)
			: NULL;
		struct retort_index *index;

		if (!text)
			continue;
		index = retort_alloc(arena, sizeof *index);
		*index = *table->indexes[i];
		index->definition = text;
		table->indexes[i] = index;
	}
}
