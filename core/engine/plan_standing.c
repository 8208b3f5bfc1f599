/* SPDX-License-Identifier: MIT */
#include "engine/plan_standing.h"

#include <string.h>

#include "base/map.h"
#include "model/replay.h"

/* Whether the stored texts are only to be had by rendering. */
static bool keeps_texts(const struct session *session)
{
	return !session->conn && session_has(session, RETORT_CAP_EDITS_DEFINITION);
}

/* Whether a table that an operation needs is there. */
static int table_is_missing(void *context, const char *schema_name, const char *name)
{
	const struct retort_schema *schema = context;

	return !retort_schema_table(schema, schema_name, name);
}

/* Whether an operation works on an object that may have been made by hand. */
static bool needs_object(const struct retort_op *op)
{
	static const enum retort_op_kind kinds[] = {RETORT_OP_DROP_COLUMN, RETORT_OP_RENAME_COLUMN,
		RETORT_OP_DROP_INDEX, RETORT_OP_RENAME_INDEX, RETORT_OP_DROP_CONSTRAINT,
		RETORT_OP_RENAME_CONSTRAINT, RETORT_OP_VALIDATE_CONSTRAINT, RETORT_OP_DROP_ENUM,
		RETORT_OP_DROP_SEQUENCE, RETORT_OP_DROP_SCHEMA, RETORT_OP_DROP_DOMAIN,
		RETORT_OP_DROP_EXTENSION, RETORT_OP_REPLACE_VIEW, RETORT_OP_DROP_VIEW,
		RETORT_OP_REPLACE_ROUTINE, RETORT_OP_DROP_ROUTINE, RETORT_OP_REPLACE_TRIGGER,
		RETORT_OP_DROP_TRIGGER};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (op->kind == kinds[i])
			return true;
	return false;
}

/* What works on a table that replay has never seen is left out: connected, its live definition stands in for
 * it (plan_live). So is what took away an object that replay has never seen: it was applied, so it was there.
 */
static int replay_one(struct session *session, struct retort_schema *schema, const struct script *script,
	const struct retort_op *op, struct retort_error *err)
{
	struct retort_error *reason;
	int ret;

	if (replay_touched(op, table_is_missing, schema) != 0)
		return 0;
	reason = needs_object(op) ? retort_error_new() : NULL;
	ret = replay_apply(schema, op, session->dialect->syntax, reason ? reason : err);
	if (ret < 0 && reason)
		session_log(session, LOG_DEBUG_LEVEL, "retort.plan", "%s:%u: left out of the replay: %s",
			op->file, op->line, retort_error_first(reason)->message);
	if (reason)
		ret = 0;
	retort_error_free(reason);
	if (ret == 0)
		return 0;
	retort_error_at(err, op->file, op->line, op->line_column);
	retort_error_revision(err, script->revision->id);
	retort_error_prefix(err, "cannot replay the applied revision '%s'", script->revision->id);
	return -1;
}

static int replay_script(struct session *session, struct retort_schema *schema, const struct script *script,
	struct retort_error *err)
{
	const struct retort_op **ops;
	size_t count;

	if (plan_upgrade_ops(session, schema, script, &ops, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (replay_one(session, schema, script, ops[i], err) < 0)
			return -1;
	return 0;
}

/* ---- by rendering ---- */

/* Tables that are there, or that operations before have made. */
struct known {
	const struct retort_schema *schema;
	struct map *made;
};

static int is_unknown(void *context, const char *schema_name, const char *name)
{
	const struct known *known = context;

	return !retort_schema_table(known->schema, schema_name, name) && !map_get(known->made, name);
}

/* Whether every table that the operations need will be there. */
static bool all_known(const struct retort_schema *schema, const struct retort_op *const *ops, size_t n)
{
	struct retort_arena *scratch = retort_arena_new();
	struct known known = {schema, map_new(scratch)};
	bool ret = true;

	for (size_t i = 0; ret && i < n; i++) {
		const struct retort_op *op = ops[i];
		const char *made = op->kind == RETORT_OP_CREATE_TABLE
			? (op->create ? op->create->name : op->table)
			: op->kind == RETORT_OP_RENAME_TABLE ? op->to
							     : NULL;

		ret = replay_touched(op, is_unknown, &known) == 0;
		if (made)
			map_put(known.made, made, &known);
	}
	retort_arena_free(scratch);
	return ret;
}

/* Rows leave no stored text: theirs need not be read again. */
static bool only_rows(const struct retort_op *op)
{
	return op->kind == RETORT_OP_INSERT_ROWS || op->kind == RETORT_OP_UPDATE_ROWS ||
		op->kind == RETORT_OP_DELETE_ROWS || op->kind == RETORT_OP_ASSERT ||
		op->kind == RETORT_OP_RUN;
}

static int render_script(struct session *session, struct retort_schema *schema, const struct script *script,
	struct retort_error *err)
{
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count, n;

	if (plan_upgrade_ops(session, schema, script, &ops, &count, err) < 0)
		return -1;
	if (!all_known(schema, ops, count))
		return replay_script(session, schema, script, err);
	for (size_t i = 0; i < count; i += n) {
		n = 0;
		while (i + n < count && !only_rows(ops[i + n]))
			n++;
		if (n && plan_render(session, schema, ops + i, n, &plan, err) < 0)
			return -1;
		if (!n && replay_one(session, schema, script, ops[i], err) < 0)
			return -1;
		n += n == 0;
	}
	return 0;
}

/* ---- the whole ---- */

static int move_on(struct session *session, struct project *project, const struct revision_list *list,
	bool render, struct retort_schema *schema, struct retort_error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		struct script *script;

		if (list->items[i]->foreign)
			continue;
		if (project_script(project, list->items[i], &script, err) < 0 ||
			(render ? render_script : replay_script)(session, schema, script, err) < 0)
			return -1;
	}
	return 0;
}

int standing_model(struct session *session, struct project *project, const struct revision_list *list,
	struct retort_schema **ret, struct retort_error *err)
{
	*ret = retort_schema_new(session->arena);
	return move_on(session, project, list, false, *ret, err);
}

int standing_replay(struct session *session, struct project *project, const struct revision_list *list,
	struct retort_schema **ret, struct retort_error *err)
{
	/* What can't be rendered any more can still be replayed. */
	if (keeps_texts(session)) {
		struct retort_error *ignored = retort_error_new();
		int failed;

		*ret = retort_schema_new(session->arena);
		failed = move_on(session, project, list, true, *ret, ignored);
		retort_error_free(ignored);
		if (!failed)
			return 0;
	}
	return standing_model(session, project, list, ret, err);
}

int standing_script(struct session *session, struct retort_schema **schema, const struct script *script,
	struct retort_error *err)
{
	if (keeps_texts(session)) {
		struct retort_schema *after = retort_schema_copy(session->arena, *schema);
		struct retort_error *ignored = retort_error_new();
		int failed = render_script(session, after, script, ignored);

		retort_error_free(ignored);
		if (!failed) {
			*schema = after;
			return 0;
		}
	}
	return replay_script(session, *schema, script, err);
}

int plan_replay(struct session *session, struct project *project, const struct revision_list *rows,
	struct retort_schema **ret, struct retort_error *err)
{
	struct revision_list applied = graph_applied(project->graph, rows);

	applied = graph_sort(project->graph, &applied);
	return standing_replay(session, project, &applied, ret, err);
}
