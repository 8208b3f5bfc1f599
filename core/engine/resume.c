/* SPDX-License-Identifier: MIT */
#include "engine/resume.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "engine/entry.h"
#include "engine/intent.h"
#include "engine/journal.h"
#include "engine/plan_check.h"
#include "engine/plan_live.h"
#include "engine/report.h"
#include "engine/step.h"
#include "model/replay.h"
#include "model/reverse.h"

/* A stored statement. */
struct stored {
	struct retort_statement statement;
	size_t op, next;
	const char *prefix;
};

/* A half-done step and what is known of it. */
struct partial {
	struct run *run;
	struct history_entry entry;
	struct stored *stored;
	size_t count;
	size_t begun;                 /* statements that are done or may be */
	bool doubt;                   /* the last of them may be */
	struct planned planned;       /* step, script, ops */
	struct retort_schema *before; /* the schema that ops start from */
};

/* ---- what was stored ---- */

static int bad_plan(const struct partial *partial, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_STATE,
		"cannot read the stored plan of the half-done '%s': declare it done or "
		"undone with retort stamp",
		partial->entry.revision);
}

/* Reads the plan and how far it came. */
static int read_stored(struct partial *partial, struct retort_error *err)
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

/* The schema after the first n operations. */
static int schema_at(const struct partial *partial, size_t n, struct retort_schema **ret,
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
	if (schema_at(partial, op, &schema, err) < 0 ||
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
	} else if (schema_at(partial, stored->op, &before, err) < 0 ||
		schema_at(partial, stored->next, &after, err) < 0 ||
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

/* Verifies what has begun and settles the doubt. */
static int settle(struct partial *partial, struct retort_error *err)
{
	if (check_edited(partial, err) < 0)
		return -1;
	for (size_t i = 0; i < partial->begun; i++)
		if ((i == 0 || partial->stored[i].op != partial->stored[i - 1].op) &&
			complete_op(partial, i, err) < 0)
			return -1;
	return partial->doubt ? settle_doubt(partial, err) : 0;
}

/* ---- going on ---- */

/* The first statement of which neither it nor another of its operation has begun. */
static size_t fresh_statement(const struct partial *partial)
{
	size_t end = partial->begun;

	while (end && end < partial->count &&
		partial->stored[end].op == partial->stored[partial->begun - 1].op)
		end++;
	return end;
}

/* A journal over stored statements [0, end) and the planned ones of plan, which may be NULL. */
static struct journal make_journal(struct partial *partial, size_t end, const struct retort_plan *rest)
{
	struct run *run = partial->run;
	struct retort_plan *whole = retort_alloc(run->arena, sizeof *whole);
	struct journal journal = {.run = run, .entry = partial->entry};
	size_t *ops;

	whole->arena = run->arena;
	for (size_t i = 0; i < end; i++)
		RETORT_PUSH(run->arena, whole->statements, whole->statement_count,
			&partial->stored[i].statement);
	for (size_t i = 0; rest && i < rest->statement_count; i++)
		RETORT_PUSH(run->arena, whole->statements, whole->statement_count, rest->statements[i]);
	partial->planned.plan = whole;
	journal.planned = &partial->planned;
	ops = retort_alloc_array(run->arena, whole->statement_count + 1, sizeof *ops);
	memcpy(ops, journal_ops(run->arena, whole, partial->planned.ops, partial->planned.op_count),
		whole->statement_count * sizeof *ops);
	for (size_t i = 0; i < end; i++)
		ops[i] = partial->stored[i].op;
	journal.ops = ops;
	journal.entry.statements = (long long)whole->statement_count;
	return journal;
}

/* Renders the operations from next on, with what the catalog says of their tables now. */
static int plan_rest(struct partial *partial, size_t next, struct retort_plan **rest,
	struct retort_error *err)
{
	struct session *session = partial->run->session;
	struct plan_request request = {.allow = partial->run->request->allow,
		.allow_count = partial->run->request->allow_count};
	const struct retort_op *const *ops = partial->planned.ops + next;
	size_t n = partial->planned.op_count - next;
	struct retort_schema *schema;
	bool looked;

	if (schema_at(partial, next, &schema, err) < 0 ||
		plan_live(session, schema, ops, n, &looked, err) < 0 ||
		plan_render(session, schema, ops, n, rest, err) < 0)
		return -1;
	partial->planned.plan = *rest;
	return plan_check_step(session, &partial->planned, schema, &request, err);
}

/* Ends a step whose operations have all begun: nothing is to be planned. */
static int finish_stored(struct journal *journal, const struct step *step, struct history_entry *undone,
	double clock, struct retort_error *err)
{
	journal->step = step;
	journal->undone = undone;
	return journal_finish_step(journal, 0, clock, err);
}

/* Runs what is left: stored statements of operations that have begun, then the rest as planned now. */
static int go_on(struct partial *partial, const struct step *step, struct history_entry *undone,
	struct retort_error *err)
{
	struct run *run = partial->run;
	size_t end, next;
	struct retort_plan *rest;
	struct journal journal;
	double clock = step_clock();

	if (settle(partial, err) < 0)
		return -1;
	step_tell_start(run, &partial->planned, 0);
	end = fresh_statement(partial);
	next = end ? partial->stored[end - 1].next : 0;
	if (end > (size_t)partial->entry.done) {
		/* One more statement than these keeps the end of the step out of their transaction. */
		journal = make_journal(partial, partial->count, NULL);
		if (end == partial->count)
			return finish_stored(&journal, step, undone, clock, err);
		if (journal_execute(&journal, end, err) < 0) {
			report_failure(run, &partial->planned, NULL, "what was done before is recorded", true,
				err);
			return -1;
		}
		partial->entry = journal.entry;
	}
	if (plan_rest(partial, next, &rest, err) < 0)
		return -1;
	journal = make_journal(partial, end, rest);
	journal.step = step;
	journal.undone = undone;
	journal.entry.plan = journal_plan_json(run->arena, partial->planned.plan, partial->planned.ops,
		partial->planned.op_count, journal.ops);
	return journal_finish_step(&journal, 0, clock, err);
}

/* ---- finish or undo ---- */

/* The partial step of an entry: what it runs and from where. step is its step, as the graph gives it. */
static int load_partial(struct run *run, const struct history_entry *entry, const struct step *step,
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
	return read_stored(partial, err);
}

/* The step of a revision among those that lead to the target. */
static const struct step *find_step(struct run *run, const char *id, struct retort_error *err)
{
	struct revision_list rows;

	if (run_read_rows(run, err) < 0 || run_compute_steps(run, &rows, err) < 0)
		return NULL;
	for (size_t i = 0; i < run->steps.count; i++)
		if (strcmp(run->steps.items[i].revision->id, id) == 0)
			return &run->steps.items[i];
	retort_fail(err, RETORT_E_STATE,
		"the %s of '%s' is half done, and '%s' does not lead past it: finish it first, undo it with "
		"'retort downgrade', "
		"or declare it with 'retort stamp'",
		direction_word(run->request->direction), id, run->request->targets[0]);
	return NULL;
}

/* Finishes a half-done step in the direction it was going. */
static int finish(struct run *run, const struct history_entry *entry, struct retort_error *err)
{
	static const char *const nowhere[] = {""};
	const struct step *step = find_step(run, entry->revision, err);
	struct revision_list rows;
	struct step_list one;
	struct partial partial;

	if (!step || run_revisions(run, &run->rows, &rows, err) < 0)
		return -1;
	/* It had begun before others of the path, so it goes first whatever their order. */
	if (step->direction == DIRECTION_UPGRADE) {
		if (graph_upgrade(run->project->graph, &rows, entry->revision, &one, err) < 0)
			return -1;
		if (one.count != 1)
			return retort_fail(err, RETORT_E_STATE,
				"cannot finish the half-done '%s': what it stands on was taken back",
				entry->revision);
		step = &one.items[0];
	} else if (step != &run->steps.items[0]) {
		return retort_fail(err, RETORT_E_STATE,
			"cannot finish the half-done downgrade of '%s': it is no longer next",
			entry->revision);
	}
	if (load_partial(run, entry, step, &partial, err) < 0 || go_on(&partial, step, NULL, err) < 0)
		return -1;
	/* Makes run_compute_steps look at the rows and leave out what was just finished. */
	if (step->direction == DIRECTION_UPGRADE) {
		run->expected.ids = retort_alloc_array(run->arena, 1, sizeof *nowhere);
		run->expected.ids[0] = nowhere[0];
		run->expected.count = 1;
	} else {
		run->steps.items++;
		run->steps.count--;
	}
	return 0;
}

/* Turns a half-done upgrade into the step that undoes what is done of it. */
static int turn(struct partial *up, struct partial *down, struct retort_error *err)
{
	struct run *run = up->run;
	size_t n = up->entry.done ? up->stored[up->entry.done - 1].next : 0;
	const struct retort_op **ops = NULL;
	struct step *step = retort_alloc(run->arena, sizeof *step);

	*step = *up->planned.step;
	step->direction = DIRECTION_DOWNGRADE;
	step->from = up->planned.step->to;
	step->from_count = up->planned.step->to_count;
	step->to = up->planned.step->from;
	step->to_count = up->planned.step->from_count;
	*down = (struct partial){.run = run, .planned = up->planned};
	down->planned.step = step;
	if (schema_at(up, n, &down->before, err) < 0 ||
		reverse_ops(run->arena, up->before, up->planned.ops, n, run->session->dialect->syntax, &ops,
			&down->planned.op_count, err) < 0) {
		retort_error_prefix(err, "cannot undo the half-done '%s'", up->entry.revision);
		return -1;
	}
	down->planned.ops = ops;
	return 0;
}

/* Opens the journal of an undo. */
static int open_undo(struct partial *down, const struct partial *up, struct retort_error *err)
{
	struct run *run = down->run;
	struct journal journal = {.run = run};

	down->entry = entry_make(run, &down->planned, history_now(run->arena));
	down->entry.revision = up->entry.revision;
	down->entry.plan = "[]";
	down->entry.done = down->entry.statements = 0;
	journal.entry = down->entry;
	if (session_begin(run->session, 0, err) < 0)
		return -1;
	if (journal_open(&journal, err) < 0 || lock_check(run->session, &run->lock, err) < 0 ||
		session_commit(run->session, err) < 0) {
		session_rollback(run->session);
		return -1;
	}
	down->entry = journal.entry;
	return 0;
}

/* Undoes a half-done upgrade; goes on with an undo that was begun. */
static int undo(struct run *run, const struct history_entry *up_entry, const struct history_entry *down_entry,
	struct retort_error *err)
{
	struct history_entry *original = retort_alloc(run->arena, sizeof *original);
	struct revision_list rows;
	struct step_list one;
	struct partial up, down;

	if (run_read_rows(run, err) < 0 || run_revisions(run, &run->rows, &rows, err) < 0 ||
		graph_upgrade(run->project->graph, &rows, up_entry->revision, &one, err) < 0)
		return -1;
	if (one.count != 1)
		return retort_fail(err, RETORT_E_STATE,
			"cannot undo the half-done '%s': what it stands on was taken back",
			up_entry->revision);
	if (load_partial(run, up_entry, &one.items[0], &up, err) < 0 || settle(&up, err) < 0 ||
		turn(&up, &down, err) < 0)
		return -1;
	*original = up.entry;
	if (down_entry) {
		down.entry = *down_entry;
		if (read_stored(&down, err) < 0)
			return -1;
	} else if (open_undo(&down, &up, err) < 0) {
		return -1;
	}
	run->expected = run->rows;
	return go_on(&down, NULL, original, err);
}

int resume_partial(struct run *run, bool *finished, struct retort_error *err)
{
	bool leased = run->lock.kind == LOCK_NONE, up, undoing;
	struct history_entry *running;
	size_t count;
	int ret = 0;

	*finished = false;
	if (history_running(run->session, &running, &count, err) < 0)
		return -1;
	if (!count)
		return 0;
	if (lock_take(run->session, &run->lock, err) < 0 ||
		lock_take_lease(run->session, &run->lock, err) < 0 ||
		history_running(run->session, &running, &count, err) < 0)
		return -1;
	/* Whoever was at it may have finished while we waited. */
	if (count) {
		up = strcmp(running[0].direction, "upgrade") == 0;
		undoing = count > 1 && !up && strcmp(running[1].direction, "upgrade") == 0;
		if (run->request->direction == DIRECTION_UPGRADE && !up) {
			ret = retort_fail(err, RETORT_E_STATE,
				"the downgrade of '%s' is half done: finish it with 'retort downgrade', or "
				"declare it with 'retort stamp'",
				running[0].revision);
		} else if (run->request->direction == DIRECTION_UPGRADE || (!up && !undoing)) {
			ret = finish(run, &running[0], err);
		} else if (strcmp(run->request->targets[0], "-1") != 0) {
			ret = retort_fail(err, RETORT_E_STATE,
				"the upgrade of '%s' is half done: undo it first with 'retort downgrade' "
				"alone",
				running[0].revision);
		} else {
			ret = undo(run, &running[undoing ? 1 : 0], undoing ? &running[0] : NULL, err);
			*finished = true;
		}
	}
	run->last_id = -1;
	if (leased && !lock_wanted(run->session))
		lock_release(run->session, &run->lock);
	return ret;
}
