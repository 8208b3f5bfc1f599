/* SPDX-License-Identifier: MIT */
#include "engine/planner.h"

#include <string.h>

#include "engine/history.h"
#include "engine/plan_check.h"
#include "engine/plan_live.h"
#include "engine/plan_standing.h"
#include "model/replay.h"
#include "model/resolve.h"
#include "model/reverse.h"
#include "script/rows.h"
#include "sql/generic.h"
#include "sql/render.h"

/* What planning a list of steps works on. */
struct planner {
	struct session *session;
	struct project *project;
	struct plan_request *request;
	struct retort_schema *schema; /* where the plan has come to */
	struct planned *planned;
	size_t count;
	struct map *sure;             /* see struct planned */
	struct retort_schema *beside; /* NULL: to be copied */
};

struct resolve plan_resolve(const struct session *session)
{
	const struct retort_dialect *dialect = session->dialect;

	return (struct resolve){
		.arena = session->arena,
		.dialect = dialect->name,
		.family = dialect->family,
		.max_name = dialect->max_name,
		.max_name_characters = dialect->max_name_characters,
		.naming = &session->settings->naming,
	};
}

/* Operations for the session's dialect, starting from schema. */
static int resolve_list(struct session *session, const struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, const struct retort_op ***ret, size_t *count,
	struct retort_error *err)
{
	struct resolve resolve = plan_resolve(session);

	resolve.schema = schema;
	return resolve_ops(&resolve, ops, n, ret, count, err);
}

int plan_upgrade_ops(struct session *session, const struct retort_schema *schema, const struct script *script,
	const struct retort_op ***ret, size_t *count, struct retort_error *err)
{
	return resolve_list(session, schema, script->upgrade, script->upgrade_count, ret, count, err);
}

enum transaction_mode plan_transaction(const struct session *session, const struct revision *revision)
{
	static const struct {
		const char *word;
		enum transaction_mode mode;
	} modes[] = {{"migration", TRANSACTION_MIGRATION}, {"all", TRANSACTION_ALL},
		{"none", TRANSACTION_NONE}};

	for (size_t i = 0; revision->transaction && i < sizeof modes / sizeof *modes; i++)
		if (strcmp(revision->transaction, modes[i].word) == 0)
			return modes[i].mode;
	return session->settings->transaction;
}

/* ---- one step ---- */

static int open_rows(void *context, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err)
{
	return rows_open(context, op, table, ret, err);
}

int plan_render(struct session *session, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t n, struct retort_plan **ret, struct retort_error *err)
{
	struct retort_plan *plan = retort_alloc(session->arena, sizeof *plan);
	struct renderer renderer = {
		.arena = session->arena,
		.dialect = session->dialect,
		.version = session->version,
		.schema = schema,
		.plan = plan,
		.open_rows = open_rows,
		.open_rows_context = session->arena,
	};

	plan->arena = session->arena;
	*ret = plan;
	return render_ops(&renderer, ops, n, err);
}

/* ---- what undoes a step ---- */

/* A schema beside the planner's, which reversing moves on at the same pace: a copy for each step would make
 * long histories slow. */
static struct retort_schema *beside(struct planner *planner)
{
	if (!planner->beside)
		planner->beside = retort_schema_copy(planner->session->arena, planner->schema);
	return planner->beside;
}

/* Moves it on where nothing is reversed. */
static void pass_beside(struct planner *planner, const struct retort_op *const *ops, size_t n)
{
	for (size_t i = 0; planner->beside && i < n; i++)
		if (replay_apply(planner->beside, ops[i], planner->session->dialect->syntax, NULL) < 0)
			planner->beside = NULL;
}

/* Reverses operations that start from where the schema stands. */
static int reverse_beside(struct planner *planner, const struct retort_op *const *ops, size_t n,
	const struct retort_op ***ret, size_t *count, struct retort_error *err)
{
	struct retort_arena *arena = planner->session->arena;
	unsigned syntax = planner->session->dialect->syntax;

	for (size_t i = 0; i < n; i++) {
		enum retort_op_kind kind = ops[i]->kind;

		if (ops[i]->reverse ||
			(kind != RETORT_OP_UPDATE_ROWS && kind != RETORT_OP_DELETE_ROWS &&
				kind != RETORT_OP_EXECUTE && kind != RETORT_OP_RUN))
			continue;
		/* No schema would help: the fault is told, and the rest goes on. */
		pass_beside(planner, ops, n);
		return reverse_ops(arena, retort_schema_new(arena), &ops[i], 1, syntax, ret, count, err);
	}
	if (reverse_replay(arena, beside(planner), ops, n, syntax, ret, count, err) == 0)
		return 0;
	planner->beside = NULL;
	return -1;
}

/* What undoes an upgrade; that there is nothing is no fault here. Reversing starts from the state before it,
 * a written list from the state after it: called before and after rendering. */
static void plan_undo(struct planner *planner, struct planned *planned, bool rendered)
{
	const struct script *script = planned->script;
	struct retort_arena *arena = planner->session->arena;
	struct retort_error *reason;
	const struct retort_op **ops = NULL;
	size_t count = 0;
	int ret;

	if (planned->step->direction != DIRECTION_UPGRADE)
		return;
	if (!rendered && script->downgrade_kind != DOWNGRADE_AUTO)
		pass_beside(planner, planned->ops, planned->op_count);
	if (rendered != (script->downgrade_kind == DOWNGRADE_LIST))
		return;
	if (script->downgrade_kind == DOWNGRADE_IRREVERSIBLE) {
		planned->undo_missing = script->irreversible ? script->irreversible : "irreversible";
		return;
	}
	reason = retort_error_new();
	if (rendered)
		ret = resolve_list(planner->session, planner->schema, script->downgrade,
			script->downgrade_count, &ops, &count, reason);
	else
		ret = reverse_beside(planner, planned->ops, planned->op_count, &ops, &count, reason);
	if (ret < 0)
		planned->undo_missing = retort_error_first(reason)
			? retort_strdup(arena, retort_error_first(reason)->message)
			: "cannot be reversed";
	planned->undo = ret < 0 ? NULL : ops;
	planned->undo_count = ret < 0 ? 0 : count;
	retort_error_free(reason);
}

/* Marks what the statements ask of the transaction. */
static void mark_transaction(struct planned *planned)
{
	for (size_t i = 0; i < planned->plan->statement_count; i++) {
		struct retort_statement *statement = planned->plan->statements[i];

		/* A later step of the same transaction may use the value. */
		if (planned->transaction == TRANSACTION_ALL && enum_adds_value(statement))
			statement->flags |= RETORT_STMT_OUTSIDE;
		if (statement->flags & RETORT_STMT_REBUILD)
			planned->tx_flags |= RETORT_TX_REBUILD;
		if (statement->flags & RETORT_STMT_OUTSIDE || statement->kind == RETORT_STATEMENT_RUN ||
			statement->batch)
			planned->split = true;
	}
}

/* Renders one step. */
static int render_step(struct planner *planner, struct planned *planned, struct retort_error *err)
{
	plan_undo(planner, planned, false);
	if (plan_render(planner->session, planner->schema, planned->ops, planned->op_count, &planned->plan,
		    err) < 0)
		return -1;
	plan_undo(planner, planned, true);
	mark_transaction(planned);
	return plan_check_step(planner->session, planned, planner->schema, planner->request, err);
}

/* ---- the whole ---- */

/* The revisions that are applied and stay so, or that are applied before the steps run. */
static struct revision_list standing_revisions(const struct planner *planner, bool *leaving)
{
	const struct graph *graph = planner->project->graph;
	struct revision_list applied = graph_applied(graph, planner->request->rows), list = {0};

	applied = graph_sort(graph, &applied);
	for (size_t i = 0; i < applied.count; i++)
		if (!leaving[applied.items[i]->index])
			RETORT_PUSH(planner->session->arena, list.items, list.count, applied.items[i]);
	return list;
}

/* Loads the scripts of the steps. */
static int load_scripts(struct planner *planner, struct retort_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < planner->count; i++) {
		struct planned *planned = &planner->planned[i];

		planned->step = &planner->request->steps->items[i];
		if (planned->step->direction == DIRECTION_STAMP)
			continue;
		planned->transaction = plan_transaction(planner->session, planned->step->revision);
		/* Every file of the path is read before the first fault ends the command: all are told. */
		if (project_script(planner->project, planned->step->revision, &planned->script, err) < 0)
			ret = -1;
	}
	return ret;
}

/* What undid an upgrade when it ran: replay may not know the tables that it found (adopted by stamp), but the
 * history does. */
static bool recorded_ops(struct planner *planner, struct planned *planned)
{
	struct session *session = planner->session;
	struct retort_error *ignored = retort_error_new();
	const struct retort_op *const *ops = NULL;
	const struct retort_op **resolved = NULL;
	const char *json = NULL;
	size_t count;
	bool found;

	found = session->conn &&
		history_downgrade(session, planned->step->revision->id, &json, ignored) == 0 && json &&
		script_ops_parse(&planner->project->reader, json, &ops, &count, ignored) == 0 &&
		resolve_list(session, planner->schema, ops, count, &resolved, &planned->op_count, ignored) ==
			0;
	retort_error_free(ignored);
	planned->ops = found ? resolved : NULL;
	return found;
}

/* The operations of one downgrade, where they are not a written list. planner->schema is the state before
 * its upgrade. */
static int downgrade_of(struct planner *planner, struct planned *planned, struct retort_error *err)
{
	struct session *session = planner->session;
	const struct script *script = planned->script;
	const struct retort_op **up, **ops = NULL;
	struct retort_error *reason;
	size_t up_count;
	int ret = 0;

	if (script->downgrade_kind == DOWNGRADE_IRREVERSIBLE) {
		ret = retort_fail(err, RETORT_E_PLAN, "cannot downgrade '%s': it is irreversible: %s",
			planned->step->revision->id,
			script->irreversible ? script->irreversible : "no reason given");
		retort_error_at(err, project_shown(planner->project, planned->step->revision->path), 0, 0);
		return ret;
	}
	if (script->downgrade_kind != DOWNGRADE_AUTO) {
		planner->beside = NULL;
		return 0;
	}
	if (plan_upgrade_ops(session, planner->schema, script, &up, &up_count, err) < 0)
		return -1;
	reason = retort_error_new();
	if (reverse_beside(planner, up, up_count, &ops, &planned->op_count, reason) == 0)
		planned->ops = ops;
	else if (!recorded_ops(planner, planned))
		ret = reverse_ops(session->arena, planner->schema, up, up_count, session->dialect->syntax,
			&ops, &planned->op_count, err);
	retort_error_free(reason);
	return ret;
}

/* Finds the operations that each downgrade runs: its list, or what reverses its upgrade, for which it is
 * replayed in the order in which the revisions were applied. */
static int downgrade_ops(struct planner *planner, struct retort_error *err)
{
	int ret = 0;

	for (size_t i = planner->count; i-- > 0;) {
		struct planned *planned = &planner->planned[i];

		if (planned->step->direction != DIRECTION_DOWNGRADE)
			continue;
		if (downgrade_of(planner, planned, err) < 0)
			ret = -1;
		if (ret == 0 && standing_script(planner->session, &planner->schema, planned->script, err) < 0)
			return -1;
	}
	return ret;
}

/* Finds the operations that a step runs from where the schema stands; auto downgrades have theirs. */
static int step_ops(struct planner *planner, struct planned *planned, struct retort_error *err)
{
	const struct script *script = planned->script;
	const struct retort_op **ops;
	int ret;

	if (planned->step->direction == DIRECTION_UPGRADE)
		ret = plan_upgrade_ops(planner->session, planner->schema, script, &ops, &planned->op_count,
			err);
	else if (script->downgrade_kind == DOWNGRADE_LIST)
		ret = resolve_list(planner->session, planner->schema, script->downgrade,
			script->downgrade_count, &ops, &planned->op_count, err);
	else
		return 0;
	planned->ops = ops;
	return ret;
}

/* All operations of all steps, for looking at the catalog once. */
static int all_ops(struct planner *planner, const struct retort_op ***ret, size_t *count,
	struct retort_error *err)
{
	const struct retort_op **all = NULL;
	size_t n = 0;

	for (size_t i = 0; i < planner->count; i++) {
		struct planned *planned = &planner->planned[i];

		if (!planned->script)
			continue;
		if (step_ops(planner, planned, err) < 0)
			return -1;
		for (size_t k = 0; k < planned->op_count; k++)
			RETORT_PUSH(planner->session->arena, all, n, planned->ops[k]);
	}
	*ret = all;
	*count = n;
	return 0;
}

/* Looks at the database, where there is one, before anything is rendered. */
static int look(struct planner *planner, struct retort_error *err)
{
	struct session *session = planner->session;
	const struct retort_op **ops;
	size_t count;

	if (!session->conn)
		return 0;
	if (all_ops(planner, &ops, &count, err) < 0)
		return -1;
	if (planner->request->fresh) {
		planner->request->looked = true;
		if (plan_check_fresh(session, ops, count, err) < 0)
			return -1;
	}
	if (plan_live(session, planner->schema, ops, count, &planner->request->looked, err) < 0)
		return -1;
	return plan_check_rows(session, planner->schema, ops, count, planner->sure, err);
}

/* Loads, replays what stands, and finds what downgrades run: the schema is then where the steps start. */
static int start_planner(struct planner *planner, struct session *session, struct project *project,
	struct plan_request *request, struct retort_error *err)
{
	bool *leaving = retort_alloc_array(session->arena, project->graph->count + 1, sizeof *leaving);
	const struct step_list *steps = request->steps;
	struct revision_list list;

	*planner = (struct planner){.session = session,
		.project = project,
		.request = request,
		.count = steps->count};
	planner->planned = retort_alloc_array(session->arena, planner->count + 1, sizeof *planner->planned);
	planner->sure = map_new(session->arena);
	for (size_t i = 0; i < planner->count; i++)
		planner->planned[i].sure = planner->sure;
	for (size_t i = 0; i < planner->count; i++)
		if (steps->items[i].direction == DIRECTION_DOWNGRADE)
			leaving[steps->items[i].revision->index] = true;
	list = standing_revisions(planner, leaving);
	if (load_scripts(planner, err) < 0 ||
		standing_replay(session, project, &list, &planner->schema, err) < 0 ||
		downgrade_ops(planner, err) < 0)
		return -1;
	/* What the database is seen to hold is not in it. */
	planner->beside = NULL;
	return 0;
}

int plan_steps(struct session *session, struct project *project, struct plan_request *request,
	struct planned **ret, struct retort_error *err)
{
	struct planner planner;

	*ret = NULL;
	if (start_planner(&planner, session, project, request, err) < 0 || look(&planner, err) < 0)
		return -1;
	*ret = planner.planned;
	for (size_t i = 0; i < planner.count; i++) {
		struct planned *planned = &planner.planned[i];

		if (planned->script &&
			(step_ops(&planner, planned, err) < 0 || render_step(&planner, planned, err) < 0)) {
			retort_error_revision(err, planned->step->revision->id);
			return -1;
		}
	}
	return 0;
}

int plan_step_ops(struct session *session, struct project *project, struct plan_request *request,
	struct planned **ret, struct retort_schema **before, struct retort_error *err)
{
	struct planner planner;

	if (start_planner(&planner, session, project, request, err) < 0 ||
		step_ops(&planner, &planner.planned[0], err) < 0)
		return -1;
	*ret = planner.planned;
	*before = planner.schema;
	return 0;
}
