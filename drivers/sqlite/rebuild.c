/* SPDX-License-Identifier: MIT
 *
 * The statements of a rebuild (ALTER TABLE, section 7: making other kinds of table schema changes).
 */
#include <string.h>

#include "dialect.h"
#include "native.h"
#include "rebuild.h"

/* ---- the plan ---- */

static void add(struct rebuild *rebuild, unsigned flags, const char *sql, const char *what)
{
	retort_plan_add(rebuild->render->plan, rebuild->ops[0], RETORT_STMT_REBUILD | flags, sql,
		retort_printf(rebuild->arena, "rebuild table '%s': %s", rebuild->now->name, what));
}

static const char *quoted(struct rebuild *rebuild, const char *name)
{
	struct retort_buf text;

	retort_buf_init(&text, rebuild->arena);
	native_name(&text, name);
	return text.data;
}

static const char *string(struct rebuild *rebuild, const char *value)
{
	struct retort_buf text;

	retort_buf_init(&text, rebuild->arena);
	retort_sql_string(rebuild->render, &text, value);
	return text.data;
}

/* ---- what must not be lost unseen ---- */

/* 'a', 'b', ... */
static void append_listed(struct rebuild *rebuild, struct retort_buf *out, const char *name, bool *first)
{
	retort_buf_printf(out, "%s%s", *first ? "" : ", ", string(rebuild, name));
	*first = false;
}

/* Live things that the plan doesn't know would go with the old table: columns, indexes, triggers. */
static void add_guard(struct rebuild *rebuild, const struct definition *was)
{
	const struct retort_schema *schema = rebuild->render->schema;
	const char *table = string(rebuild, rebuild->now->name);
	struct retort_buf condition, sql;
	bool first = true;

	retort_buf_init(&condition, rebuild->arena);
	retort_buf_printf(&condition,
		"NOT EXISTS (\n\tSELECT name FROM pragma_table_xinfo(%s) WHERE name COLLATE NOCASE NOT IN (",
		table);
	for (size_t i = 0; i < was->column_count; i++)
		append_listed(rebuild, &condition, was->columns[i]->name, &first);
	retort_buf_printf(&condition,
		")\n\tUNION ALL SELECT name FROM sqlite_master WHERE tbl_name = %s COLLATE NOCASE"
		" AND type IN ('index', 'trigger')\n\t\tAND sql IS NOT NULL AND name COLLATE NOCASE NOT IN (",
		table);
	first = true;
	for (size_t i = 0; i < rebuild->now->index_count; i++)
		if (rebuild->now->indexes[i]->name)
			append_listed(rebuild, &condition, rebuild->now->indexes[i]->name, &first);
	for (size_t i = 0; schema && i < schema->trigger_count; i++)
		if (native_same(schema->triggers[i]->table, rebuild->now->name))
			append_listed(rebuild, &condition, schema->triggers[i]->name, &first);
	retort_buf_str(&condition, ")\n)");
	retort_buf_init(&sql, rebuild->arena);
	dialect_assert(rebuild->render, &sql, condition.data,
		retort_printf(rebuild->arena,
			"cannot rebuild table '%s': it has a column, index or trigger that the revisions "
			"don't know "
			"and that would be lost",
			rebuild->now->name));
	add(rebuild, RETORT_STMT_CHECK, sql.data, "look for what would be lost");
}

/* ---- names ---- */

static bool name_taken(const struct rebuild *rebuild, const char *name)
{
	const struct retort_schema *schema = rebuild->render->schema;

	for (size_t i = 0; schema && i < schema->table_count; i++)
		if (native_same(schema->tables[i]->name, name))
			return true;
	for (size_t i = 0; schema && i < schema->view_count; i++)
		if (native_same(schema->views[i]->name, name))
			return true;
	return false;
}

static void choose_name(struct rebuild *rebuild)
{
	rebuild->fresh = retort_printf(rebuild->arena, "_retort_new_%s", rebuild->now->name);
	for (unsigned n = 2; name_taken(rebuild, rebuild->fresh); n++)
		rebuild->fresh = retort_printf(rebuild->arena, "_retort_new%u_%s", n, rebuild->now->name);
}

/* Under the new name the table's own would mean nothing in its expressions. */
static void unqualify(struct rebuild *rebuild, struct edit *edit, const struct definition *definition,
	const struct clause *clause)
{
	const char *text, *plain;

	if (clause->kind != CLAUSE_CHECK && clause->kind != CLAUSE_COMPUTED)
		return;
	text = definition_part(definition, clause->inner);
	plain = unqualified(rebuild->arena, text, definition->name);
	if (plain != text)
		edit_replace(edit, clause->inner, plain);
}

/* The edited text under the new table's name. */
static const char *fresh_text(struct rebuild *rebuild, const struct definition *definition)
{
	struct edit *edit = edit_new(definition);

	edit_replace(edit, definition->name_span, quoted(rebuild, rebuild->fresh));
	for (size_t i = 0; i < definition->column_count; i++)
		for (size_t j = 0; j < definition->columns[i]->clause_count; j++)
			unqualify(rebuild, edit, definition, definition->columns[i]->clauses[j]);
	for (size_t i = 0; i < definition->constraint_count; i++)
		unqualify(rebuild, edit, definition, definition->constraints[i]);
	return edit_text(edit);
}

/* ---- rows ---- */

/* The name by which the rowid can be said: NULL where columns have taken all three. */
static const char *rowid_name(const struct definition *definition)
{
	static const char *const names[] = {"rowid", "_rowid_", "oid"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!definition_column(definition, names[i]))
			return names[i];
	return NULL;
}

/* Whether a column is the rowid under another name: INTEGER, the only column of the key, and not DESC. */
static bool is_alias(const struct definition *definition, const struct column_item *column)
{
	const struct clause *clause = column_clause(column, CLAUSE_PRIMARY_KEY);
	const char *at;
	struct retort_token token;

	if (!native_same(definition_part(definition, column->type), "integer"))
		return false;
	if (clause) {
		for (at = definition->text + clause->span.start; at < definition->text + clause->span.end;) {
			token = retort_sql_word(SQLITE_SYNTAX, &at);
			if (retort_token_is(&token, "desc"))
				return false;
		}
		return true;
	}
	for (size_t i = 0; i < definition->constraint_count; i++) {
		clause = definition->constraints[i];
		if (clause->kind == CLAUSE_PRIMARY_KEY && clause->column_count == 1 &&
			native_same(clause->columns[0], column->name))
			return true;
	}
	return false;
}

/* The operation of the group that adds or alters a column; NULL: none. */
static const struct retort_op *op_on(const struct rebuild *rebuild, enum retort_op_kind kind,
	const char *name)
{
	for (size_t i = rebuild->count; i-- > 0;) {
		const struct retort_op *op = rebuild->ops[i];
		const char *column = op->name ? op->name : op->column ? op->column->name : NULL;

		if (op->kind == kind && native_same(column, name))
			return op;
	}
	return NULL;
}

/* What the new table's column is given from a row of the old one. 1: nothing, its default. */
static int column_source(struct rebuild *rebuild, const struct definition *was, const char *name,
	struct retort_buf *out, struct retort_error *err)
{
	const struct retort_op *added = op_on(rebuild, RETORT_OP_ADD_COLUMN, name);
	const struct retort_op *altered = op_on(rebuild, RETORT_OP_ALTER_COLUMN, name);
	const struct retort_column *column = retort_table_column(rebuild->after, name);
	bool old = definition_column(was, name) && !added;
	const struct retort_op *filled = added && added->fill ? added
		: altered && altered->fill                    ? altered
							      : NULL;

	if (!old && !filled)
		return 1;
	if (old && filled)
		retort_buf_str(out, "coalesce(");
	if (old && altered && altered->cast)
		retort_sql_expression(out, altered->cast->sql);
	else if (old)
		native_name(out, name);
	if (old && filled)
		retort_buf_str(out, ", ");
	if (filled && column && retort_sql_value(rebuild->render, out, column->type, filled->fill, err)) {
		retort_error_prefix(err, "fill of '%s'", name);
		return -1;
	}
	if (old && filled)
		retort_buf_char(out, ')');
	return 0;
}

/* INSERT INTO new (...) SELECT ... FROM old, in the order of the rows whatever index might cover them. */
static int add_copy(struct rebuild *rebuild, const struct definition *was, const struct definition *will,
	struct retort_error *err)
{
	struct retort_buf into, from, sql;
	const char *separator = "", *there = rowid_name(was), *here = rowid_name(will);
	bool alias = will->without_rowid || was->without_rowid || !there || !here;

	retort_buf_init(&into, rebuild->arena);
	retort_buf_init(&from, rebuild->arena);
	for (size_t i = 0; i < will->column_count; i++) {
		const struct column_item *column = will->columns[i];
		struct retort_buf source;
		int rc;

		if (column_clause(column, CLAUSE_COMPUTED))
			continue;
		retort_buf_init(&source, rebuild->arena);
		rc = column_source(rebuild, was, column->name, &source, err);
		if (rc < 0)
			return -1;
		/* an alias that is filled by nothing else is the rowid, and takes it */
		if (rc > 0)
			continue;
		alias = alias || is_alias(will, column);
		retort_buf_printf(&into, "%s%s", separator, quoted(rebuild, column->name));
		retort_buf_printf(&from, "%s%s", separator, source.data);
		separator = ", ";
	}
	retort_buf_init(&sql, rebuild->arena);
	retort_buf_printf(&sql, "INSERT INTO %s (", quoted(rebuild, rebuild->fresh));
	if (!alias)
		retort_buf_printf(&sql, "%s%s", here, *separator ? ", " : "");
	retort_buf_printf(&sql, "%s)\nSELECT ", into.len > 0 ? into.data : "");
	if (!alias)
		retort_buf_printf(&sql, "%s%s", there, *separator ? ", " : "");
	retort_buf_printf(&sql, "%s\nFROM %s NOT INDEXED", from.len > 0 ? from.data : "",
		quoted(rebuild, rebuild->now->name));
	add(rebuild, RETORT_STMT_REWRITES, sql.data, "copy the rows");
	return 0;
}

/* Only where a constraint says what to do on a conflict can a row be left out; one that replaced another was
 * inserted all the same. */
static void add_count(struct rebuild *rebuild, const struct definition *will)
{
	bool conflicts = definition_names(will, (struct span){0, strlen(will->text)}, "conflict");
	const char *copied = conflicts
		? retort_printf(rebuild->arena, "(SELECT count(*) FROM %s)", quoted(rebuild, rebuild->fresh))
		: "changes()";
	struct retort_buf sql;

	retort_buf_init(&sql, rebuild->arena);
	dialect_assert(rebuild->render, &sql,
		retort_printf(rebuild->arena, "%s = (SELECT count(*) FROM %s)", copied,
			quoted(rebuild, rebuild->now->name)),
		retort_printf(rebuild->arena,
			"cannot rebuild table '%s': not every row was copied, a constraint's ON "
			"CONFLICT clause left some out",
			rebuild->now->name));
	add(rebuild, RETORT_STMT_CHECK, sql.data, "count the rows");
}

static bool has_sequence(const struct definition *definition)
{
	for (size_t i = 0; i < definition->column_count; i++) {
		const struct clause *clause = column_clause(definition->columns[i], CLAUSE_PRIMARY_KEY);

		if (clause && clause->autoincrement)
			return true;
	}
	for (size_t i = 0; i < definition->constraint_count; i++)
		if (definition->constraints[i]->autoincrement)
			return true;
	return false;
}

/* The number of the last row ever made, which may be gone, so that it isn't given out again. */
static void add_sequence(struct rebuild *rebuild)
{
	const char *fresh = string(rebuild, rebuild->fresh);

	add(rebuild, 0, retort_printf(rebuild->arena, "DELETE FROM sqlite_sequence WHERE name = %s", fresh),
		"forget the new sequence");
	add(rebuild, 0,
		retort_printf(rebuild->arena,
			"INSERT INTO sqlite_sequence (name, seq) SELECT %s, seq FROM "
			"sqlite_sequence WHERE name = %s COLLATE NOCASE",
			fresh, string(rebuild, rebuild->now->name)),
		"keep the sequence");
}

/* ---- what belongs to the table ---- */

static int add_indexes(struct rebuild *rebuild, struct retort_error *err)
{
	for (size_t i = 0; i < rebuild->after->index_count; i++) {
		const struct retort_index *index = rebuild->after->indexes[i];
		const char *text;

		if (index->implied)
			continue;
		text = text_of_index(rebuild->render, rebuild->after, index, err);
		if (!text)
			return -1;
		add(rebuild, 0, text, retort_printf(rebuild->arena, "index '%s'", index->name));
	}
	return 0;
}

static void add_triggers(struct rebuild *rebuild)
{
	const struct retort_schema *schema = rebuild->render->schema;

	for (size_t i = 0; schema && i < schema->trigger_count; i++)
		if (native_same(schema->triggers[i]->table, rebuild->now->name))
			add(rebuild, 0, text_of_trigger(rebuild->arena, schema->triggers[i]),
				retort_printf(rebuild->arena, "trigger '%s'", schema->triggers[i]->name));
}

/* From the edited text to the statements; texts are those before and after. */
static int add_statements(struct rebuild *rebuild, const char *before, struct retort_error *err)
{
	struct definition *was, *will;
	const char *old = quoted(rebuild, rebuild->now->name), *fresh = quoted(rebuild, rebuild->fresh);

	if (definition_read(rebuild->arena, before, &was, err) ||
		definition_read(rebuild->arena, rebuild->text, &will, err))
		return -1;
	add_guard(rebuild, was);
	add(rebuild, 0, fresh_text(rebuild, will), "make the new table");
	if (add_copy(rebuild, was, will, err))
		return -1;
	add_count(rebuild, will);
	if (has_sequence(was) && has_sequence(will))
		add_sequence(rebuild);
	/* Views and other tables' triggers name the table all the while: legacy renaming lets them be. */
	add(rebuild, 0, "PRAGMA legacy_alter_table = ON", "leave views and other triggers alone");
	add(rebuild, rebuild->destructive ? RETORT_STMT_DESTRUCTIVE : 0,
		retort_printf(rebuild->arena, "DROP TABLE %s", old), "drop the old table");
	add(rebuild, 0, retort_printf(rebuild->arena, "ALTER TABLE %s RENAME TO %s", fresh, old),
		"take its name");
	add(rebuild, 0, "PRAGMA legacy_alter_table = OFF", "back to renaming as usual");
	if (add_indexes(rebuild, err))
		return -1;
	add_triggers(rebuild);
	return 0;
}

/* Runs the statements from `first` on in memory, and takes over what came out. */
static int try_statements(struct rebuild *rebuild, const char *before, struct retort_table *after,
	size_t first, struct retort_error *err)
{
	const struct retort_plan *plan = rebuild->render->plan;
	struct retort_table now = *rebuild->now;
	sqlite3 *db = NULL;
	int rc = -1;

	now.definition = before;
	if (scratch_open(&db, err) || scratch_make(rebuild->render, db, &now, err))
		goto out;
	for (size_t i = first; i < plan->statement_count; i++)
		if (scratch_run(db, plan->statements[i]->sql, err))
			goto out;
	if (verify_table(rebuild->render, db, after, err))
		goto out;
	scratch_take_texts(db, rebuild->arena, after);
	rc = 0;
out:
	if (rc)
		retort_error_prefix(err, "cannot rebuild table '%s'", now.name);
	sqlite3_close(db);
	return rc;
}

int rebuild_table(struct retort_render *render, const struct retort_table *now, struct retort_table *after,
	const struct retort_op *const *ops, size_t n, struct retort_error *err)
{
	size_t first = render->plan->statement_count;
	struct rebuild rebuild = {.render = render,
		.arena = render->arena,
		.now = now,
		.after = after,
		.ops = ops,
		.count = n};
	const char *before = text_of_table(render, now, err);

	if (!before || guard_rebuild(render, err))
		return -1;
	rebuild.text = before;
	choose_name(&rebuild);
	for (size_t i = 0; i < n; i++)
		if (change_text(&rebuild, ops[i], err))
			return -1;
	if (change_settle(&rebuild, err) || add_statements(&rebuild, before, err))
		return -1;
	return try_statements(&rebuild, before, after, first, err);
}
