/* SPDX-License-Identifier: MIT
 *
 * Operations of the conformance suite: read, rendered, run, reversed.
 */
#include <string.h>

#include "engine/checking.h"
#include "engine/plan_live.h"
#include "engine/statement.h"
#include "model/reverse.h"

/* ---- running ---- */

/* A statement that works piece by piece, each in a transaction of its own. */
static int run_batches(struct checking *checking, const struct retort_statement *statement,
	struct statement_place *place)
{
	struct batch_progress progress = {0};

	place->in_transaction = true;
	while (!progress.finished)
		if (session_begin(checking->session, 0, checking->err) < 0 ||
			statement_batch(checking->session, checking->arena, statement, place, &progress,
				checking->err) < 0 ||
			session_commit(checking->session, checking->err) < 0)
			return -1;
	place->in_transaction = false;
	return 0;
}

/* Begins or ends the transaction as the statement needs it. */
static int settle_transaction(struct checking *checking, const struct retort_statement *statement,
	unsigned flags, struct statement_place *place)
{
	bool outside = (statement->flags & RETORT_STMT_OUTSIDE) != 0 || statement->batch ||
		!session_has(checking->session, RETORT_CAP_TX_DDL);

	if (place->in_transaction != outside)
		return 0;
	place->in_transaction = !outside;
	return outside ? session_commit(checking->session, checking->err)
		       : session_begin(checking->session, flags, checking->err);
}

int check_run_plan(struct checking *checking, const struct retort_plan *plan)
{
	struct statement_place place = {.revision = "check",
		.direction = DIRECTION_UPGRADE,
		.total = plan->statement_count};
	unsigned flags = 0;

	for (size_t i = 0; i < plan->statement_count; i++)
		if (plan->statements[i]->flags & RETORT_STMT_REBUILD)
			flags |= RETORT_TX_REBUILD;
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];
		int ret;

		place.index = i + 1;
		ret = settle_transaction(checking, statement, flags, &place);
		if (ret == 0)
			ret = statement->batch
				? run_batches(checking, statement, &place)
				: statement_run(checking->session, statement, &place, checking->err);
		if (ret < 0) {
			session_rollback(checking->session);
			return -1;
		}
	}
	return place.in_transaction ? session_commit(checking->session, checking->err) : 0;
}

/* ---- reading and rendering ---- */

int check_resolve(struct checking *checking, struct retort_schema *schema, const char *text,
	const struct retort_op ***ret, size_t *count)
{
	struct script_reader reader = {.arena = checking->arena, .shown_path = "check"};
	const char *whole =
		retort_printf(checking->arena, "revision: check\ndown_revision: null\nupgrade:\n%s", text);
	struct script *script;

	if (script_parse(&reader, "check", whole, strlen(whole), &script, checking->err) < 0)
		return -1;
	return plan_upgrade_ops(checking->session, schema, script, ret, count, checking->err);
}

/* Renders operations as the planner does, with what only the catalog knows. */
static int render(struct checking *checking, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t n, struct retort_plan **ret)
{
	bool looked;

	if (plan_live(checking->session, schema, ops, n, &looked, checking->err) < 0)
		return -1;
	return plan_render(checking->session, schema, ops, n, ret, checking->err);
}

int check_ops(struct checking *checking, struct retort_schema *schema, const char *text)
{
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count;

	if (!schema)
		schema = retort_schema_new(checking->arena);
	if (check_resolve(checking, schema, text, &ops, &count) < 0 ||
		render(checking, schema, ops, count, &plan) < 0)
		return -1;
	return check_run_plan(checking, plan);
}

/* ---- a case ---- */

/* What one form of a case came to. */
enum tried { TRIED_DONE, TRIED_REFUSED, TRIED_FAILED };

/* Undoes the operations and compares with the state before. */
static int run_reverse(struct checking *checking, const struct check_case *one,
	const struct retort_schema *before, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t count)
{
	const struct retort_op **undo;
	struct retort_plan *plan;
	size_t undo_count;

	if (one->flags & CASE_IRREVERSIBLE)
		return 0;
	if (reverse_ops(checking->arena, before, ops, count, checking->session->dialect->syntax, &undo,
		    &undo_count, checking->err) < 0 ||
		render(checking, schema, undo, undo_count, &plan) < 0 || check_run_plan(checking, plan) < 0)
		return check_fault(checking, "undoing it: %s", check_error_text(checking));
	return check_same(checking, before, "after undoing it");
}

/* Runs one form from an empty place. */
static enum tried try_form(struct checking *checking, const struct check_case *one, const char *form)
{
	struct retort_schema *schema = retort_schema_new(checking->arena), *before;
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count;

	if (one->before &&
		(check_ops(checking, schema, one->before) < 0 ||
			check_same(checking, schema, "before the operations") < 0))
		return TRIED_FAILED;
	before = retort_schema_copy(checking->arena, schema);
	if (check_resolve(checking, schema, form, &ops, &count) < 0 ||
		render(checking, schema, ops, count, &plan) < 0)
		return TRIED_REFUSED;
	if (check_run_plan(checking, plan) < 0)
		return one->forms[1] ? TRIED_REFUSED : TRIED_FAILED;
	if (check_same(checking, schema, "after the operations") < 0 ||
		run_reverse(checking, one, before, schema, ops, count) < 0)
		return TRIED_FAILED;
	return TRIED_DONE;
}

/* Runs one form in a transaction of the check's own, which is rolled back: nothing may be left. */
static enum tried try_rolled_back(struct checking *checking, const char *form)
{
	struct retort_schema *schema = retort_schema_new(checking->arena), *before, *after;
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count;
	int ret = 0;

	if (check_inspect(checking, &before) < 0 || check_resolve(checking, schema, form, &ops, &count) < 0 ||
		plan_render(checking->session, schema, ops, count, &plan, checking->err) < 0 ||
		session_begin(checking->session, 0, checking->err) < 0)
		return TRIED_FAILED;
	for (size_t i = 0; ret == 0 && i < plan->statement_count; i++)
		ret = session_exec(checking->session, plan->statements[i]->sql, NULL, 0, NULL, checking->err);
	session_rollback(checking->session);
	if (ret < 0)
		return TRIED_REFUSED;
	if (check_inspect(checking, &after) < 0 ||
		check_unchanged(checking, before, after, "after a rollback") < 0)
		return TRIED_FAILED;
	return TRIED_DONE;
}

int check_run_case(struct checking *checking, const struct check_case *one)
{
	uint64_t also = one->flags & CASE_ROLLED_BACK ? RETORT_CAP_TX_DDL : 0;
	const size_t most = sizeof one->forms / sizeof *one->forms;
	const struct retort_problem *problem;

	if (check_needs(checking, one->needs) < 0 || check_needs(checking, also) < 0)
		return -1;
	for (size_t i = 0; i < most && one->forms[i]; i++) {
		enum tried tried;

		retort_error_clear(checking->err);
		if (i > 0 && check_clean(checking) < 0)
			return -1;
		retort_error_clear(checking->err);
		tried = one->flags & CASE_ROLLED_BACK ? try_rolled_back(checking, one->forms[i])
						      : try_form(checking, one, one->forms[i]);
		if (tried == TRIED_DONE)
			return 0;
		if (tried == TRIED_FAILED)
			return -1;
	}
	problem = retort_error_first(checking->err);
	if (problem && problem->code == RETORT_E_PLAN && (one->flags & CASE_MAY_REFUSE))
		return check_skip(checking, "%s", problem->message);
	if (one->forms[1])
		return check_skip(checking, "the suite knows no way to write it that the engine takes: %s",
			check_error_text(checking));
	return -1;
}
