/* SPDX-License-Identifier: MIT
 *
 * Operations in, statements out: one pass in which each operation, or group of them on one table, is
 * checked, rendered against the state before it, and replayed onto that state.
 */
#include <string.h>

#include "model/catalog.h"
#include "model/replay.h"
#include "sql/alter.h"
#include "sql/checked_rows.h"
#include "sql/generic.h"
#include "sql/group.h"
#include "sql/hazard.h"
#include "sql/render.h"

struct pass {
	struct renderer *renderer;
	struct retort_render render;
	struct hazard hazard;
	const struct retort_op *const *ops;
	size_t count;
	bool failed; /* some operation has a fault; the rest is looked at for more */
	struct retort_error *err;
};

static int at_op(struct pass *pass, const struct retort_op *op, int rc)
{
	if (rc)
		retort_error_at(pass->err, op->file, op->line, op->line_column);
	return rc;
}

static retort_render_fn *override_of(const struct retort_dialect *dialect, enum retort_op_kind kind)
{
	const struct retort_override *override = dialect->overrides;

	for (; override && override->op; override++)
		if (override->op == (int)kind)
			return override->render;
	return NULL;
}

static bool edits_definitions(const struct pass *pass)
{
	return retort_sql_has(&pass->render, RETORT_CAP_EDITS_DEFINITION);
}

/* ---- stored texts ---- */

static char *last_statement(const struct pass *pass)
{
	const struct retort_plan *plan = pass->render.plan;

	return retort_strdup(pass->renderer->arena, plan->statements[plan->statement_count - 1]->sql);
}

/* Gives a table that was just made the texts that the engine stores. */
static int define_table(struct pass *pass, const struct retort_op *op)
{
	struct retort_arena *arena = pass->renderer->arena;
	const struct retort_table *made =
		retort_schema_table(pass->renderer->schema, op->create->schema, op->create->name);
	struct retort_table *table;
	struct retort_buf sql;

	if (!made || made->definition)
		return 0;
	table = retort_table_copy(arena, made);
	retort_buf_init(&sql, arena);
	if (retort_sql_create_table(&pass->render, &sql, table, NULL, false, pass->err))
		return -1;
	table->definition = sql.data;
	for (size_t i = 0; i < table->index_count; i++) {
		struct retort_index *index = retort_alloc(arena, sizeof *index);

		*index = *table->indexes[i];
		retort_buf_init(&sql, arena);
		if (retort_sql_create_index(&pass->render, &sql, table, index, pass->err))
			return -1;
		index->definition = sql.data;
		table->indexes[i] = index;
	}
	retort_schema_put_table(pass->renderer->schema, table);
	return 0;
}

static void define_view(struct pass *pass, const struct retort_op *op)
{
	const struct retort_view *made =
		retort_schema_view(pass->renderer->schema, op->view->schema, op->view->name);
	struct retort_view *view;

	if (!made)
		return;
	view = retort_alloc(pass->renderer->arena, sizeof *view);
	*view = *made;
	view->definition = last_statement(pass);
	catalog_put(pass->renderer->schema, FAMILY_VIEW, view);
}

static void define_trigger(struct pass *pass, const struct retort_op *op)
{
	const struct retort_trigger *made = catalog_find(pass->renderer->schema, FAMILY_TRIGGER,
		op->trigger->table, op->trigger->schema, op->trigger->name);
	struct retort_trigger *trigger;

	if (!made)
		return;
	trigger = retort_alloc(pass->renderer->arena, sizeof *trigger);
	*trigger = *made;
	trigger->definition = last_statement(pass);
	catalog_put(pass->renderer->schema, FAMILY_TRIGGER, trigger);
}

/* Brings the stored texts up to what op did; statements: whether it added any. */
static int define(struct pass *pass, const struct retort_op *op, bool statements)
{
	const struct retort_dialect *dialect = pass->render.dialect;
	bool view = op->kind == RETORT_OP_CREATE_VIEW || op->kind == RETORT_OP_REPLACE_VIEW;
	bool trigger = op->kind == RETORT_OP_CREATE_TRIGGER || op->kind == RETORT_OP_REPLACE_TRIGGER;

	if (!edits_definitions(pass) || pass->failed)
		return 0;
	if (op->kind == RETORT_OP_CREATE_TABLE && define_table(pass, op))
		return -1;
	if (view && statements)
		define_view(pass, op);
	if (trigger && statements)
		define_trigger(pass, op);
	if (dialect->redefine &&
		dialect->redefine(&pass->render, op, pass->renderer->schema, pass->err) == RETORT_FAIL)
		return -1;
	return 0;
}

/* ---- operations on one table ---- */

/* Moves the state on. Where op could not be rendered its own faults have been told already. */
static int replay(struct pass *pass, const struct retort_op *op, bool rendered)
{
	return at_op(pass, op,
		replay_apply(pass->renderer->schema, op, pass->render.dialect->syntax,
			rendered ? pass->err : NULL));
}

/* Writes the actions gathered so far in front of the statements from first on, which an override has added.
 */
static void flush_before(struct alteration *alteration, size_t first)
{
	struct retort_plan *plan = alteration->render->plan;
	size_t count = plan->statement_count;
	struct retort_statement *statement;

	alteration_flush(alteration);
	if (plan->statement_count == count)
		return;
	statement = plan->statements[count];
	memmove(&plan->statements[first + 1], &plan->statements[first],
		(count - first) * sizeof(struct retort_statement *));
	plan->statements[first] = statement;
}

/* Whether the actions of two neighbours may stand in one statement: those that rewrite the table only with
 * their like, unless the file says that they are one change. */
static bool stand_together(const struct retort_op *a, const struct retort_op *b)
{
	return (a->group != 0 && a->group == b->group) || alter_rewrites(a) == alter_rewrites(b);
}

/* One by one, by override or generic; the state moves on after each where moves. */
static int render_singly(struct pass *pass, const struct retort_op *const *ops, size_t n, bool moves)
{
	struct alteration alteration;

	alteration_init(&alteration, &pass->render, ops[0]->schema, ops[0]->table);
	for (size_t i = 0; i < n; i++) {
		retort_render_fn *override = override_of(pass->render.dialect, ops[i]->kind);
		size_t first;
		int rc = RETORT_PASS;

		if (i > 0 && !stand_together(ops[i - 1], ops[i]))
			alteration_flush(&alteration);
		first = pass->render.plan->statement_count;
		if (override)
			rc = override(&pass->render, ops[i], pass->err);
		if (rc == RETORT_PASS)
			rc = generic_alter(&alteration, ops[i], pass->err);
		else
			flush_before(&alteration, first);
		pass->failed |= at_op(pass, ops[i], rc) != 0;
		if (moves && (replay(pass, ops[i], rc == 0) || define(pass, ops[i], true)))
			return -1;
	}
	alteration_flush(&alteration);
	return 0;
}

/* By the dialect's alter_table; RETORT_PASS where it has none or leaves it to others. */
static int render_together(struct pass *pass, const struct retort_op *const *ops, size_t n, bool moves,
	struct retort_table **after)
{
	const struct retort_dialect *dialect = pass->render.dialect;
	const struct retort_table *now =
		retort_schema_table(pass->renderer->schema, ops[0]->schema, ops[0]->table);
	int rc;

	*after = NULL;
	if (!dialect->alter_table || !now)
		return RETORT_PASS;
	if (replay_table(pass->renderer->arena, pass->renderer->schema, now, ops, n, dialect->syntax, after,
		    pass->err))
		return at_op(pass, ops[0], -1);
	rc = dialect->alter_table(&pass->render, now, *after, ops, n, pass->err);
	if (rc == RETORT_PASS)
		return rc;
	pass->failed |= at_op(pass, ops[0], rc) != 0;
	for (size_t i = 0; moves && i < n; i++)
		if (replay(pass, ops[i], rc == 0))
			return -1;
	if (moves && edits_definitions(pass))
		retort_schema_put_table(pass->renderer->schema, *after);
	for (size_t i = 0; moves && i < n; i++)
		if (define(pass, ops[i], true))
			return -1;
	return 0;
}

int retort_sql_replay(struct retort_render *render, const struct retort_table *now,
	const struct retort_op *const *ops, size_t n, struct retort_table **after, struct retort_error *err)
{
	return replay_table(render->arena, render->schema, now, ops, n, render->dialect->syntax, after, err);
}

/* The whole state after a rename, which may reach anything. */
static void foresee(struct pass *pass, const struct retort_op *op)
{
	struct retort_schema *after;

	pass->render.after = NULL;
	if (op->kind != RETORT_OP_RENAME_TABLE && op->kind != RETORT_OP_RENAME_COLUMN)
		return;
	after = retort_schema_copy(pass->renderer->arena, pass->renderer->schema);
	if (replay_apply(after, op, pass->render.dialect->syntax, NULL) == 0)
		pass->render.after = after;
}

/* Checks and renders the group that begins at ops[at]; returns its length, 0 on a fault that ends it all. */
static size_t render_group(struct pass *pass, size_t at)
{
	const struct retort_op *const *ops = pass->ops + at;
	const struct retort_table *now =
		retort_schema_table(pass->renderer->schema, ops[0]->schema, ops[0]->table);
	size_t n =
		group_length(pass->renderer->arena, now, ops, pass->count - at, pass->render.dialect->syntax);
	bool fit = true;
	struct retort_table *after;
	int rc;

	for (size_t i = 0; i < n; i++) {
		fit = render_check(&pass->render, ops[i], pass->err) == 0 && fit;
		hazard_guard(&pass->hazard, at + i);
	}
	if (!fit) {
		pass->failed = true;
		for (size_t i = 0; i < n; i++)
			if (replay(pass, ops[i], true))
				return 0;
		return n;
	}
	foresee(pass, ops[0]);
	rc = render_together(pass, ops, n, true, &after);
	if (rc == RETORT_PASS)
		rc = render_singly(pass, ops, n, true);
	return rc ? 0 : n;
}

/* ---- other operations ---- */

/* insert_rows and its undoing with the rows of a file. */
static int render_file_rows(struct pass *pass, const struct retort_op *op)
{
	struct renderer *renderer = pass->renderer;
	const struct retort_table *table = generic_table(&pass->render, op, pass->err);
	struct retort_row_source *source;

	if (!table)
		return -1;
	if (!renderer->open_rows)
		return retort_fail(pass->err, RETORT_E_INTERNAL, "cannot %s: nobody opens files",
			retort_op_describe(renderer->arena, op));
	if (renderer->open_rows(renderer->open_rows_context, op, table, &source, pass->err))
		return -1;
	source = checked_rows_new(renderer->arena, renderer->schema, source);
	if (checked_rows_verify(source, pass->err))
		return -1;
	return op->kind == RETORT_OP_INSERT_ROWS ? rows_insert(&pass->render, op, source, pass->err)
						 : rows_delete(&pass->render, op, source, pass->err);
}

/* A table that alter_enum changed on an engine that stores texts. */
struct changed_text {
	const struct retort_table *after;
	struct changed_text *next;
};

/* alter_enum where the values are copied into each column: alter_column for all of them. */
static int render_enum_columns(struct pass *pass, const struct retort_op *op, struct changed_text **changed)
{
	const struct retort_op **parts;
	size_t count, n;

	*changed = NULL;
	enum_column_ops(&pass->render, op, &parts, &count);
	for (size_t at = 0; at < count; at += n) {
		const struct retort_table *now =
			retort_schema_table(pass->renderer->schema, parts[at]->schema, parts[at]->table);
		struct retort_table *after;
		int rc;

		n = group_length(pass->renderer->arena, now, parts + at, count - at,
			pass->render.dialect->syntax);
		rc = render_together(pass, parts + at, n, false, &after);
		if (rc == RETORT_PASS)
			rc = render_singly(pass, parts + at, n, false);
		if (rc)
			return -1;
		if (after) {
			struct changed_text *text = retort_alloc(pass->renderer->arena, sizeof *text);

			*text = (struct changed_text){after, *changed};
			*changed = text;
		}
	}
	return pass->failed ? -1 : 0;
}

/* Takes the stored texts that alter_table gave over into the replayed tables. */
static void define_changed(struct pass *pass, const struct changed_text *changed)
{
	for (; changed; changed = changed->next) {
		const struct retort_table *now = retort_schema_table(pass->renderer->schema,
			changed->after->schema, changed->after->name);
		struct retort_table *table;

		if (!now)
			continue;
		table = retort_table_copy(pass->renderer->arena, now);
		table->definition = changed->after->definition;
		table->indexes = changed->after->indexes;
		table->index_count = changed->after->index_count;
		retort_schema_put_table(pass->renderer->schema, table);
	}
}

static int render_one(struct pass *pass, const struct retort_op *op, struct changed_text **changed)
{
	retort_render_fn *override = override_of(pass->render.dialect, op->kind);
	bool file = op->rows && (op->rows->csv || op->rows->json);
	int rc = override ? override(&pass->render, op, pass->err) : RETORT_PASS;

	if (rc != RETORT_PASS)
		return rc;
	if (file && (op->kind == RETORT_OP_INSERT_ROWS || (op->kind == RETORT_OP_DELETE_ROWS && !op->where)))
		return render_file_rows(pass, op);
	if (op->kind == RETORT_OP_ALTER_ENUM && !retort_sql_has(&pass->render, RETORT_CAP_ENUMS))
		return render_enum_columns(pass, op, changed);
	return retort_sql_generic(&pass->render, op, pass->err);
}

static int render_alone(struct pass *pass, const struct retort_op *op)
{
	size_t before = pass->render.plan->statement_count;
	struct changed_text *changed = NULL;
	int rc = render_check(&pass->render, op, pass->err);
	bool fit = rc == 0;

	foresee(pass, op);
	if (fit)
		rc = at_op(pass, op, render_one(pass, op, &changed));
	pass->failed |= rc != 0;
	if (replay(pass, op, rc == 0 || !fit))
		return -1;
	define_changed(pass, changed);
	return at_op(pass, op, define(pass, op, pass->render.plan->statement_count > before));
}

int render_ops(struct renderer *renderer, const struct retort_op *const *ops, size_t n,
	struct retort_error *err)
{
	struct pass pass = {
		.renderer = renderer,
		.ops = ops,
		.count = n,
		.err = err,
		.render =
			{
				.size = sizeof pass.render,
				.arena = renderer->arena,
				.dialect = renderer->dialect,
				.version = renderer->version,
				.schema = renderer->schema,
				.plan = renderer->plan,
			},
		.hazard = {.ops = ops, .front = renderer->plan->statement_count},
	};

	pass.hazard.render = &pass.render;
	for (size_t at = 0; at < n;) {
		size_t length = 1;

		if (replay_is_table_op(ops[at]))
			length = render_group(&pass, at);
		else if (render_alone(&pass, ops[at]))
			length = 0;
		if (length == 0)
			return -1;
		at += length;
	}
	enum_set_apart(renderer->plan);
	return pass.failed ? -1 : 0;
}
