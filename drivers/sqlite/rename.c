/* SPDX-License-Identifier: MIT
 *
 * Renaming a table, and the texts that SQLite leaves where it has renamed something.
 */
#include <stdio.h>
#include <string.h>

#include "dialect.h"
#include "native.h"
#include "rebuild.h"

#define MEANWHILE "_retort_meanwhile" /* a name between two */

static const char *rename_text(struct retort_arena *arena, const char *table, const char *column,
	const char *to)
{
	struct retort_buf sql;

	retort_buf_init(&sql, arena);
	retort_buf_str(&sql, "ALTER TABLE ");
	native_name(&sql, table);
	retort_buf_str(&sql, " RENAME ");
	if (column) {
		retort_buf_str(&sql, "COLUMN ");
		native_name(&sql, column);
		retort_buf_char(&sql, ' ');
	}
	retort_buf_str(&sql, "TO ");
	native_name(&sql, to);
	return sql.data;
}

/* Constraints keep their names when their table is renamed: to change them would be a rebuild, and they are
 * found by what they do. A name that differs only in case is taken, by the table itself: it takes another one
 * in between. */
int rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const char *name = op->name ? op->name : op->table;
	struct retort_plan *plan = render->plan;
	size_t first = plan->statement_count, kept;

	if (native_same(name, op->to)) {
		retort_plan_add(plan, op, 0, rename_text(render->arena, name, NULL, MEANWHILE),
			retort_printf(render->arena, "rename table '%s': first to a name that is free",
				name));
		first++;
	}
	if (retort_sql_generic(render, op, err))
		return RETORT_FAIL;
	kept = first;
	for (size_t i = first; i < plan->statement_count; i++) {
		const char *at = plan->statements[i]->sql;
		struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

		while (token.kind != RETORT_TOKEN_END && !retort_token_is(&token, "rename"))
			token = retort_sql_word(SQLITE_SYNTAX, &at);
		token = retort_sql_word(SQLITE_SYNTAX, &at);
		if (!retort_token_is(&token, "constraint"))
			plan->statements[kept++] = plan->statements[i];
	}
	plan->statement_count = kept;
	if (native_same(name, op->to))
		plan->statements[first]->sql = rename_text(render->arena, MEANWHILE, NULL, op->to);
	return RETORT_OK;
}

/* ---- stored texts ---- */

static bool text_names(struct retort_arena *arena, const char *text, const char *name)
{
	struct definition definition = {.arena = arena, .text = text};

	return text && definition_names(&definition, (struct span){0, strlen(text)}, name);
}

static const char *text_of_view(struct retort_arena *arena, const struct retort_view *view)
{
	struct retort_buf text;

	if (view->definition || !view->query)
		return view->definition;
	retort_buf_init(&text, arena);
	retort_buf_str(&text, "CREATE VIEW ");
	native_name(&text, view->name);
	retort_buf_printf(&text, " AS %s", view->query->sql);
	return text.data;
}

/* Whether a view or trigger names the table: then all that those name must be there. */
static bool is_read(struct retort_arena *arena, const struct retort_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->view_count; i++)
		if (text_names(arena, text_of_view(arena, schema->views[i]), name))
			return true;
	for (size_t i = 0; i < schema->trigger_count; i++)
		if (text_names(arena, text_of_trigger(arena, schema->triggers[i]), name))
			return true;
	return false;
}

/* Makes the tables that name a table, and where views or triggers do everything, in memory. */
static int make_namers(struct retort_render *render, sqlite3 *db, const struct retort_schema *schema,
	const char *name)
{
	struct retort_arena *arena = render->arena;
	bool all = is_read(arena, schema, name);

	for (size_t i = 0; i < schema->table_count; i++)
		if ((all || text_names(arena, text_of_table(render, schema->tables[i], NULL), name)) &&
			scratch_make(render, db, schema->tables[i], NULL))
			return -1;
	for (size_t i = 0; all && i < schema->view_count; i++)
		if (scratch_run(db, text_of_view(arena, schema->views[i]), NULL))
			return -1;
	for (size_t i = 0; all && i < schema->trigger_count; i++)
		if (scratch_run(db, text_of_trigger(arena, schema->triggers[i]), NULL))
			return -1;
	return 0;
}

/* Takes the texts over into what has one. Views and triggers that the rename reaches were just copied. */
static void take_texts(sqlite3 *db, struct retort_arena *arena, struct retort_schema *schema)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table;

		if (!schema->tables[i]->definition ||
			!scratch_text(db, arena, "table", schema->tables[i]->name))
			continue;
		table = retort_table_copy(arena, schema->tables[i]);
		scratch_take_texts(db, arena, table);
		retort_schema_put_table(schema, table);
	}
	for (size_t i = 0; i < schema->view_count; i++) {
		struct retort_view *view = schema->views[i];
		const char *text = view->definition ? scratch_text(db, arena, "view", view->name) : NULL;

		view->definition = text ? text : view->definition;
	}
	for (size_t i = 0; i < schema->trigger_count; i++) {
		struct retort_trigger *trigger = schema->triggers[i];
		const char *text =
			trigger->definition ? scratch_text(db, arena, "trigger", trigger->name) : NULL;

		trigger->definition = text ? text : trigger->definition;
	}
}

/* SQLite puts quotes around each name that it changes. There and back again in memory it does so to the same
 * names; where that fails the texts stay as replay left them, which mean the same. */
int rename_redefine(struct retort_render *render, const struct retort_op *op, struct retort_schema *schema,
	struct retort_error *err)
{
	struct retort_arena *arena = render->arena;
	const char *table, *column;
	sqlite3 *db = NULL;
	int rc;

	if (op->kind != RETORT_OP_RENAME_TABLE && op->kind != RETORT_OP_RENAME_COLUMN)
		return RETORT_PASS;
	column = op->kind == RETORT_OP_RENAME_COLUMN ? op->to : NULL;
	table = column ? op->table : op->to;
	rc = scratch_open(&db, err) ? RETORT_FAIL : RETORT_OK;
	if (rc == RETORT_OK && make_namers(render, db, schema, table) == 0 &&
		scratch_run(db, rename_text(arena, table, column, MEANWHILE), NULL) == 0 &&
		scratch_run(db,
			rename_text(arena, column ? table : MEANWHILE, column ? MEANWHILE : NULL,
				column ? column : table),
			NULL) == 0)
		take_texts(db, arena, schema);
	sqlite3_close(db);
	return rc;
}
