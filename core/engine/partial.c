/* SPDX-License-Identifier: MIT */
#include "engine/partial.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "engine/intent.h"
#include "engine/journal.h"
#include "model/replay.h"

/* ---- what was stored ---- */

static int bad_plan(const struct partial *partial, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_STATE,
		"cannot read the stored plan of the half-done '%s': declare it done or "
		"undone with retort stamp",
		partial->entry.revision);
}

int partial_read(struct partial *partial, struct retort_error *err)
{
	struct retort_arena *arena = partial->run->arena;
	json_t *list = json_loads(partial->entry.plan ? partial->entry.plan : "", 0, NULL), *intent;

	if (!json_is_array(list)) {
		json_decref(list);
		return bad_plan(partial, err);
	}
	partial->count = json_array_size(list);
	partial->stored = retort_alloc_array(arena, partial->count + 1, sizeof *partial->stored);
	for (size_t i = 0; i < partial->count; i++) {
		json_t *item = json_array_get(list, i);
		struct stored *stored = &partial->stored[i];

		stored->statement.kind =
			(enum retort_statement_kind)json_integer_value(json_object_get(item, "kind"));
		stored->statement.sql = retort_strdup(arena, json_string_value(json_object_get(item, "sql")));
		stored->statement.flags = (unsigned)json_integer_value(json_object_get(item, "flags"));
		stored->op = (size_t)json_integer_value(json_object_get(item, "op"));
		stored->next = (size_t)json_integer_value(json_object_get(item, "next"));
		stored->prefix = retort_strdup(arena, json_string_value(json_object_get(item, "prefix")));
	}
	json_decref(list);
	if (partial->entry.done < 0 || (size_t)partial->entry.done > partial->count)
		return bad_plan(partial, err);
	partial->begun = (size_t)partial->entry.done;
	partial->doubt = false;
	intent = partial->entry.intent ? json_loads(partial->entry.intent, 0, NULL) : NULL;
	if (intent && partial->begun < partial->count) {
		partial->begun++;
		partial->doubt = !json_object_get(intent, "after"); /* a batch knows how far it came */
	}
	json_decref(intent);
	return 0;
}

/* Fails where the file's operations that have begun are not those that were begun. */
static int check_edited(const struct partial *partial, struct retort_error *err)
{
	const struct stored *last = partial->begun ? &partial->stored[partial->begun - 1] : NULL;

	if (!last)
		return 0;
	if (last->next <= partial->planned.op_count && last->prefix &&
		strcmp(journal_prefix(partial->run->arena, partial->planned.ops, last->next), last->prefix) ==
			0)
		return 0;
	retort_fail(err, RETORT_E_STATE,
		"cannot resume '%s': operations that are done already were edited: put operations 1-%zu back "
		"as they were",
		partial->entry.revision, last->next);
	if (partial->planned.step->revision)
		retort_error_at(err,
			project_shown(partial->run->project, partial->planned.step->revision->path), 0, 0);
	return -1;
}

int partial_schema(const struct partial *partial, size_t n, struct retort_schema **ret,
	struct retort_error *err)
{
	*ret = retort_schema_copy(partial->run->arena, partial->before);
	for (size_t i = 0; i < n && i < partial->planned.op_count; i++)
		if (replay_apply(*ret, partial->planned.ops[i], partial->run->session->dialect->syntax, err) <
			0)
			return -1;
	return 0;
}

/* Gives the stored statements of one operation what isn't stored: the operation, its rows, its pieces. */
static int complete_op(struct partial *partial, size_t first, struct retort_error *err)
{
	size_t op = partial->stored[first].op, next = partial->stored[first].next, k = 0;
	struct retort_schema *schema;
	struct retort_plan *plan;

	if (next > partial->planned.op_count || op >= next)
		return bad_plan(partial, err);
	if (partial_schema(partial, op, &schema, err) < 0 ||
		plan_render(partial->run->session, schema, partial->planned.ops + op, next - op, &plan, err) <
			0)
		return -1;
	for (size_t i = first; i < partial->count && partial->stored[i].op == op; i++, k++) {
		struct retort_statement *statement = &partial->stored[i].statement;

		statement->op = partial->planned.ops[op];
		statement->description = k < plan->statement_count ? plan->statements[k]->description : NULL;
		if (k < plan->statement_count && plan->statements[k]->kind == statement->kind) {
			statement->bulk = plan->statements[k]->bulk;
			statement->batch = plan->statements[k]->batch;
			statement->before = plan->statements[k]->before;
			statement->after = plan->statements[k]->after;
			statement->op = plan->statements[k]->op ? plan->statements[k]->op : statement->op;
		} else if (statement->kind == RETORT_STATEMENT_ROWS) {
			return bad_plan(partial, err);
		}
	}
	return 0;
}

/* ---- the one doubtful statement ---- */

/* Says that only a person can decide. */
static int undecided(const struct partial *partial, const struct retort_statement *statement, const char *why,
	struct retort_error *err)
{
	retort_fail(err, RETORT_E_STATE,
		"cannot tell whether a statement of the half-done '%s' has run (%s): look, then say 'retort "
		"upgrade --resume "
		"done' or 'retort upgrade --resume redo'",
		partial->entry.revision, why);
	retort_error_statement(err, statement->sql);
	retort_error_revision(err, partial->entry.revision);
	if (statement->op)
		retort_error_at(err, statement->op->file, statement->op->line, statement->op->line_column);
	return -1;
}

/* Whether a statement may run twice without a trace: it tidies up, or sets what it sets. */
static bool may_repeat(const struct partial *partial, const struct retort_statement *statement)
{
	static const char *const words[] = {"VACUUM", "ANALYZE", "REINDEX", "OPTIMIZE", "CHECKPOINT",
		"PRAGMA"};
	const char *at = statement->sql ? statement->sql : "";
	struct retort_token token = retort_sql_word(partial->run->session->dialect->syntax, &at);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (token.kind == RETORT_TOKEN_WORD && retort_token_is(&token, words[i]))
			return true;
	return false;
}

/* Decides whether the statement in doubt has run. */
static int settle_doubt(struct partial *partial, struct retort_error *err)
{
	size_t at = partial->begun - 1;
	const struct stored *stored = &partial->stored[at];
	const char *resume = partial->run->request->resume, *why = "";
	enum intent_outcome outcome = INTENT_UNKNOWN;
	struct retort_schema *before, *after;

	if (resume) {
		outcome = strcmp(resume, "done") == 0 ? INTENT_DONE : INTENT_NOT_RUN;
	} else if ((stored->statement.op && stored->statement.op->repeatable) ||
		stored->statement.kind == RETORT_STATEMENT_RUN || may_repeat(partial, &stored->statement)) {
		outcome = INTENT_NOT_RUN;
	} else if (partial_schema(partial, stored->op, &before, err) < 0 ||
		partial_schema(partial, stored->next, &after, err) < 0 ||
		intent_decide(partial->run, partial->entry.intent, &stored->statement, before, after,
			&outcome, &why, err) < 0) {
		return -1;
	}
	if (outcome == INTENT_UNKNOWN)
		return undecided(partial, &stored->statement, why, err);
	session_log(partial->run->session, LOG_INFO_LEVEL, "retort.migration", "statement %zu of '%s' %s",
		at + 1, partial->entry.revision, outcome == INTENT_DONE ? "has run" : "is run again");
	partial->doubt = false;
	partial->entry.intent = NULL;
	if (outcome == INTENT_DONE)
		partial->entry.done = (long long)at + 1;
	else
		partial->begun = at;
	return 0;
}

int partial_settle(struct partial *partial, struct retort_error *err)
{
	if (check_edited(partial, err) < 0)
		return -1;
	for (size_t i = 0; i < partial->begun; i++)
		if ((i == 0 || partial->stored[i].op != partial->stored[i - 1].op) &&
			complete_op(partial, i, err) < 0)
			return -1;
	return partial->doubt ? settle_doubt(partial, err) : 0;
}

size_t partial_fresh(const struct partial *partial)
{
	size_t end = partial->begun;

	while (end && end < partial->count &&
		partial->stored[end].op == partial->stored[partial->begun - 1].op)
		end++;
	return end;
}

bool partial_inside(const struct partial *partial)
{
	size_t done = (size_t)partial->entry.done;

	if (done >= partial->count)
		return false;
	if (partial->entry.intent && !partial->doubt)
		return true; /* a batch that has come some way */
	for (size_t i = done; i-- > 0 && partial->stored[i].op == partial->stored[done].op;)
		if (!(partial->stored[i].statement.flags & RETORT_STMT_CHECK) &&
			partial->stored[i].statement.kind != RETORT_STATEMENT_ASSERT)
			return true;
	return false;
}

int partial_load(struct run *run, const struct history_entry *entry, const struct step *step,
	struct partial *partial, struct retort_error *err)
{
	struct step_list *steps = retort_alloc(run->arena, sizeof *steps);
	struct plan_request request;
	struct revision_list rows;
	struct planned *planned;

	*partial = (struct partial){.run = run, .entry = *entry};
	if (run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	request = run_plan_request(run, &rows);
	steps->items = retort_alloc(run->arena, sizeof *steps->items);
	steps->items[0] = *step;
	steps->count = 1;
	request.steps = steps;
	if (plan_step_ops(run->session, run->project, &request, &planned, &partial->before, err) < 0)
		return -1;
	partial->planned = planned[0];
	return partial_read(partial, err);
}
