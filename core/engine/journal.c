/* SPDX-License-Identifier: MIT */
#include "engine/journal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/entry.h"
#include "engine/intent.h"
#include "engine/report.h"
#include "engine/statement.h"
#include "engine/step.h"

/* ---- units ---- */

/* Whether a statement runs alone, between an intent and a done mark. */
static bool stands_alone(const struct journal *journal, const struct retort_statement *statement)
{
	bool single = session_has(journal->run->session, RETORT_CAP_TX_DDL) &&
		journal->planned->transaction != TRANSACTION_NONE;

	if (statement->flags & RETORT_STMT_OUTSIDE || statement->kind == RETORT_STATEMENT_RUN)
		return true;
	if (single || statement->flags & (RETORT_STMT_REBUILD | RETORT_STMT_DATA | RETORT_STMT_CHECK) ||
		statement->kind == RETORT_STATEMENT_ROWS)
		return false;
	return true;
}

/* Whether a statement runs in several transactions, each with its mark: one that says so, and rows where the
 * step has no transaction of its own. */
static bool in_pieces(const struct journal *journal, const struct retort_statement *statement)
{
	bool single = session_has(journal->run->session, RETORT_CAP_TX_DDL) &&
		journal->planned->transaction != TRANSACTION_NONE;

	return statement->batch || (statement->kind == RETORT_STATEMENT_ROWS && !single);
}

/* How many statements from i on share one transaction. */
static size_t unit_length(const struct journal *journal, size_t i, size_t end, unsigned *flags)
{
	const struct retort_plan *plan = journal->planned->plan;
	bool single = session_has(journal->run->session, RETORT_CAP_TX_DDL) &&
		journal->planned->transaction != TRANSACTION_NONE;
	size_t n = 0;

	*flags = 0;
	for (; i + n < end; n++) {
		const struct retort_statement *statement = plan->statements[i + n];

		if (stands_alone(journal, statement) || in_pieces(journal, statement))
			break;
		/* Where a step has no transaction of its own only a rebuild holds together. */
		if (!single && n &&
			!(statement->flags & RETORT_STMT_REBUILD && journal->ops[i] == journal->ops[i + n]))
			break;
		if (statement->flags & RETORT_STMT_REBUILD)
			*flags |= RETORT_TX_REBUILD;
	}
	return n;
}

static struct statement_place place_of(const struct journal *journal, size_t i, bool inside)
{
	return (struct statement_place){
		.revision = journal->entry.revision,
		.direction = (int)journal->planned->step->direction,
		.index = i + 1,
		.total = journal->planned->plan->statement_count,
		.in_transaction = inside,
	};
}

/* Writes the row; inside a transaction. */
static int mark(struct journal *journal, struct retort_error *err)
{
	struct retort_error *reason;
	const struct retort_problem *problem;
	int ret;

	if (lock_check(journal->run->session, &journal->run->lock, err) < 0)
		return -1;
	reason = retort_error_new();
	ret = history_update(journal->run->session, &journal->entry, reason);
	problem = retort_error_first(reason);
	/* Our own statement tells a user nothing: the one that it is about is put in its place. */
	if (ret < 0) {
		retort_fail(err, problem->code, "cannot record how far it is: %s", problem->message);
		retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
	}
	retort_error_free(reason);
	return ret;
}

int journal_open(struct journal *journal, struct retort_error *err)
{
	struct session *session = journal->run->session;
	long long id;

	journal->entry.state = "running";
	if (history_add(session, &journal->entry, err) < 0 ||
		history_newest_running(session, journal->run->last_id, &id, err) < 0)
		return -1;
	if (!id)
		return retort_fail(err, RETORT_E_INTERNAL,
			"cannot find the history row that was just written");
	journal->entry.id = id;
	return 0;
}

/* Version rows and the end of the entry; inside the last transaction. */
static int finish(struct journal *journal, struct retort_error *err)
{
	struct run *run = journal->run;

	journal->entry.state = "done";
	journal->entry.finished_at = history_now(run->arena);
	journal->entry.error = NULL;
	if (journal->step && history_apply(run->session, journal->step, NULL, err) < 0)
		return -1;
	if (journal->undone) {
		journal->undone->state = "undone";
		journal->undone->intent = NULL;
		journal->undone->finished_at = journal->entry.finished_at;
		if (history_update(run->session, journal->undone, err) < 0)
			return -1;
	}
	return mark(journal, err);
}

/* Writes the row, or ends the step, in a transaction of its own; after a fault it stands as before. */
static int mark_alone(struct journal *journal, bool last, struct retort_error *err)
{
	struct session *session = journal->run->session;
	const struct history_entry before = journal->entry;
	const struct history_entry undone = journal->undone ? *journal->undone : before;
	struct retry retry = {0};

	do {
		if (session_begin(session, 0, err) < 0)
			return -1;
		if ((last ? finish : mark)(journal, err) == 0 && session_commit(session, err) == 0)
			return 0;
		session_rollback(session);
		journal->entry = before;
		if (journal->undone)
			*journal->undone = undone;
	} while (retry_wanted(session, &retry, err));
	return -1;
}

/* One try of run_unit. */
static int try_unit(struct journal *journal, size_t first, size_t n, unsigned flags, bool last,
	struct retort_error *err)
{
	struct run *run = journal->run;
	const struct retort_statement *failed = NULL;
	const struct history_entry before = journal->entry;
	const struct history_entry undone = journal->undone ? *journal->undone : before;

	if (session_begin(run->session, flags, err) < 0)
		goto fail;
	for (size_t i = first; i < first + n; i++) {
		struct statement_place place = place_of(journal, i, true);

		failed = journal->planned->plan->statements[i];
		if (statement_run(run->session, failed, &place, err) < 0)
			goto rollback;
	}
	failed = NULL;
	journal->entry.done = (long long)(first + n);
	journal->entry.intent = NULL;
	if ((last ? finish : mark)(journal, err) == 0 && session_commit(run->session, err) == 0)
		return 0;
rollback:
	session_rollback(run->session);
	journal->entry = before;
	if (journal->undone)
		*journal->undone = undone;
fail:
	report_statement(run, journal->planned, failed, err);
	return -1;
}

/* A unit in one transaction with its done mark; last: the bookkeeping too. */
static int run_unit(struct journal *journal, size_t first, size_t n, unsigned flags, bool last,
	struct retort_error *err)
{
	struct retry retry = {0};

	while (try_unit(journal, first, n, flags, last, err) < 0)
		if (!retry_wanted(journal->run->session, &retry, err))
			return -1;
	return 0;
}

/* Commits what is about to be done, unless it was told with the row itself. */
static int announce(struct journal *journal, size_t i, struct retort_error *err)
{
	const struct retort_statement *statement = journal->planned->plan->statements[i];

	if (journal->announced) {
		journal->announced = false;
		return 0;
	}
	if (intent_make(journal->run, statement, i, &journal->entry.intent, err) == 0 &&
		mark_alone(journal, false, err) == 0)
		return 0;
	journal->entry.intent = NULL;
	report_statement(journal->run, journal->planned, statement, err);
	return -1;
}

/* A statement that can't share a transaction: intent, statement, done; last: with the end of the step. */
static int run_alone(struct journal *journal, size_t i, bool last, struct retort_error *err)
{
	const struct retort_statement *statement = journal->planned->plan->statements[i];
	struct statement_place place = place_of(journal, i, false);
	bool unknown = statement->flags & RETORT_STMT_UNKNOWN;
	struct history_entry begun;
	struct retry retry = {0};

	if (announce(journal, i, err) < 0)
		return -1;
	begun = journal->entry;
	while (statement_run(journal->run->session, statement, &place, err) < 0) {
		const struct retort_problem *problem = retort_error_first(err);
		bool refused = problem && (problem->code == RETORT_E_SQL || problem->code == RETORT_E_LOCK) &&
			!unknown;

		report_statement(journal->run, journal->planned, statement, err);
		if (refused && retry_wanted(journal->run->session, &retry, err))
			continue;
		/* What the engine refused has not happened; what was cut off, or can't be told, stays in
		 * doubt. */
		if (refused)
			journal->entry.intent = NULL;
		return -1;
	}
	journal->entry.done = (long long)i + 1;
	journal->entry.intent = NULL;
	if (mark_alone(journal, last, err) == 0)
		return 0;
	journal->entry = begun;
	report_statement(journal->run, journal->planned, statement, err);
	return -1;
}

/* How far a batch has come, as an intent. */
static const char *batch_intent(const struct journal *journal, size_t number,
	const struct batch_progress *progress)
{
	json_t *after = json_array();
	const char *ret;
	json_t *intent;
	char *text;

	for (size_t i = 0; i < progress->after_count; i++)
		json_array_append_new(after,
			progress->after[i] ? json_string(progress->after[i]) : json_null());
	intent = json_pack("{s:I, s:o, s:I, s:s?}", "statement", (json_int_t)number, "after", after, "rows",
		(json_int_t)progress->rows, "seen", progress->seen);
	text = json_dumps(intent, JSON_COMPACT);
	ret = retort_strdup(journal->run->arena, text ? text : "{}");
	free(text);
	json_decref(intent);
	return ret;
}

/* Where a batch goes on, from its intent. */
static void read_batch(const struct journal *journal, size_t number, struct batch_progress *progress)
{
	struct retort_arena *arena = journal->run->arena;
	const char *text = journal->entry.intent;
	json_t *intent = text ? json_loads(text, 0, NULL) : NULL, *after = json_object_get(intent, "after");

	if (after && json_integer_value(json_object_get(intent, "statement")) == (json_int_t)number) {
		const char **keys = retort_alloc_array(arena, json_array_size(after) + 1, sizeof *keys);

		for (size_t i = 0; i < json_array_size(after); i++)
			keys[i] = retort_strdup(arena, json_string_value(json_array_get(after, i)));
		progress->after = json_array_size(after) ? keys : NULL;
		progress->after_count = json_array_size(after);
		progress->rows = (unsigned long long)json_integer_value(json_object_get(intent, "rows"));
		progress->seen = retort_strdup(arena, json_string_value(json_object_get(intent, "seen")));
	}
	json_decref(intent);
}

/* A statement over many rows in pieces, each a transaction with its mark. */
static int run_batch(struct journal *journal, size_t i, struct retort_error *err)
{
	struct run *run = journal->run;
	const struct retort_statement *statement = journal->planned->plan->statements[i];
	struct statement_place place = place_of(journal, i, true);
	struct batch_progress progress = {0};
	struct retry retry = {0};

	read_batch(journal, i, &progress);
	while (!progress.finished) {
		const struct history_entry before = journal->entry;
		const struct batch_progress behind = progress;

		if (session_begin(run->session, 0, err) < 0)
			goto fail;
		if (statement_batch(run->session, run->arena, statement, &place, &progress, err) == 0) {
			journal->entry.intent =
				progress.finished ? NULL : batch_intent(journal, i, &progress);
			journal->entry.done = (long long)i + (progress.finished ? 1 : 0);
			if (mark(journal, err) == 0 && session_commit(run->session, err) == 0) {
				retry = (struct retry){0};
				continue;
			}
		}
		session_rollback(run->session);
		journal->entry = before;
		if (!retry_wanted(run->session, &retry, err))
			goto fail;
		progress = behind;
		progress.begun = false; /* the rows that went in are read once more */
	}
	return 0;
fail:
	report_statement(run, journal->planned, statement, err);
	return -1;
}

/* Runs statements [entry.done, end), and where end is the number of all the bookkeeping after them. */
static int journal_execute(struct journal *journal, size_t end, struct retort_error *err)
{
	const struct retort_plan *plan = journal->planned->plan;
	bool whole = end == plan->statement_count;
	size_t i = (size_t)journal->entry.done;

	while (i < end) {
		unsigned flags = 0;
		size_t n = unit_length(journal, i, end, &flags);
		int ret;

		if (n) {
			ret = run_unit(journal, i, n, flags, whole && i + n == end, err);
		} else {
			ret = in_pieces(journal, plan->statements[i])
				? run_batch(journal, i, err)
				: run_alone(journal, i, whole && i + 1 == end, err);
			n = 1;
		}
		if (ret < 0)
			return -1;
		i += n;
	}
	if (whole && strcmp(journal->entry.state, "done") != 0)
		return run_unit(journal, end, 0, 0, true, err);
	return 0;
}

/* ---- a step ---- */

/* The number of an operation for people: that in its file where it has one there. */
static size_t number_of(const struct journal *journal, size_t op)
{
	size_t number = op + 1, count;

	if (op < journal->planned->op_count)
		report_operation(journal->planned, journal->planned->ops[op], &number, &count);
	return number;
}

/* Whether a statement leaves something behind. */
static bool leaves_something(const struct retort_statement *statement)
{
	return !(statement->flags & RETORT_STMT_CHECK) && statement->kind != RETORT_STATEMENT_ASSERT;
}

/* How many operations are done, and whether of the next one a part is. */
static size_t operations_done(const struct journal *journal, bool *part)
{
	const struct retort_plan *plan = journal->planned->plan;
	size_t done = (size_t)journal->entry.done, next;
	json_t *intent = journal->entry.intent ? json_loads(journal->entry.intent, 0, NULL) : NULL;
	bool any = false;

	*part = json_object_get(intent, "after") != NULL;
	json_decref(intent);
	next = done < plan->statement_count      ? number_of(journal, journal->ops[done])
		: journal->planned->op_count > 0 ? number_of(journal, journal->planned->op_count - 1) + 1
						 : 1;
	for (size_t i = 0; i < done; i++) {
		if (!leaves_something(plan->statements[i]))
			continue;
		any = true;
		*part = *part || number_of(journal, journal->ops[i]) == next;
	}
	return any && next > 1 ? next - 1 : 0;
}

/* Whether whether a statement has run is not known. */
static bool in_doubt(const struct journal *journal)
{
	json_t *intent = journal->entry.intent ? json_loads(journal->entry.intent, 0, NULL) : NULL;
	bool doubt = intent && !json_object_get(intent, "after");

	json_decref(intent);
	return doubt;
}

/* "operations 1-2 are done and recorded; NAME cannot roll them back", or that nothing remains. */
static const char *what_stands(const struct journal *journal)
{
	struct session *session = journal->run->session;
	struct retort_buf out;
	bool part;
	size_t whole = operations_done(journal, &part);

	if (!whole && !part && !in_doubt(journal))
		return "nothing of this revision remains";
	retort_buf_init(&out, journal->run->arena);
	if (whole == 1)
		retort_buf_str(&out, "operation 1 is done and recorded");
	else if (whole)
		retort_buf_printf(&out, "operations 1-%zu are done and recorded", whole);
	if (part && whole)
		retort_buf_printf(&out, ", operation %zu in part", whole + 1);
	else if (part)
		retort_buf_printf(&out, "operation %zu is done in part, which is recorded", whole + 1);
	if ((whole || part) && !session_has(session, RETORT_CAP_TX_DDL))
		retort_buf_printf(&out, "; %s cannot roll %s back", session->dialect->name,
			whole + part > 1 ? "them" : "it");
	if (in_doubt(journal))
		retort_buf_printf(&out,
			"%swhether the statement above has run is not known: the next run finds "
			"it out",
			whole || part ? "; " : "");
	return out.data;
}

/* Whether nothing of a step that stopped remains. */
static bool is_trackless(const struct journal *journal)
{
	bool part;

	return !operations_done(journal, &part) && !part && !in_doubt(journal);
}

/* Records that the step stopped: as failed where nothing of it remains, else as half done. */
static void record_stop(struct journal *journal, struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);
	struct retort_error *ignored = retort_error_new();
	bool trackless = is_trackless(journal);

	journal->entry.error = problem ? problem->message : NULL;
	journal->entry.state = trackless ? "failed" : "running";
	if (trackless)
		journal->entry.finished_at = history_now(journal->run->arena);
	mark_alone(journal, false, ignored);
	report_failure(journal->run, journal->planned, NULL, what_stands(journal), !trackless, err);
	retort_error_free(ignored);
}

int journal_run_to(struct journal *journal, size_t end, struct retort_error *err)
{
	if (journal_execute(journal, end, err) == 0)
		return 0;
	record_stop(journal, err);
	return -1;
}

int journal_replan(struct journal *journal, struct retort_error *err)
{
	struct session *session = journal->run->session;

	if (session_begin(session, 0, err) < 0)
		return -1;
	if (lock_check(session, &journal->run->lock, err) == 0 &&
		history_replan(session, &journal->entry, err) == 0 && session_commit(session, err) == 0)
		return 0;
	session_rollback(session);
	return -1;
}

int journal_finish_step(struct journal *journal, size_t index, double clock, struct retort_error *err)
{
	struct run *run = journal->run;

	if (journal_run_to(journal, journal->planned->plan->statement_count, err) < 0)
		return -1;
	if (journal->step)
		run->expected = row_ids_apply(run->arena, &run->expected, journal->step);
	run->last_id = journal->entry.id;
	run->has_tables = true;
	run->result->steps++;
	RETORT_PUSH(run->arena, run->kept, run->kept_count, journal->entry.revision);
	step_tell_done(run, journal->planned, index, clock_ms() - clock);
	return 0;
}

/* Checks that come before everything else, and the intent of the statement after them; inside the transaction
 * that opens the journal. */
static int prepare(struct journal *journal, struct retort_error *err)
{
	const struct retort_plan *plan = journal->planned->plan;
	size_t i = 0;

	for (; i < plan->statement_count && plan->statements[i]->kind == RETORT_STATEMENT_ASSERT; i++) {
		struct statement_place place = place_of(journal, i, true);

		if (statement_run(journal->run->session, plan->statements[i], &place, err) < 0) {
			report_statement(journal->run, journal->planned, plan->statements[i], err);
			return -1;
		}
	}
	journal->entry.done = (long long)i;
	if (i == plan->statement_count || !stands_alone(journal, plan->statements[i]) ||
		in_pieces(journal, plan->statements[i]))
		return 0;
	journal->announced = true;
	return intent_make(journal->run, plan->statements[i], i, &journal->entry.intent, err);
}

/* Opens the journal of the step at *index, unless there is nothing to do. *opened tells. */
static int open_step(struct journal *journal, size_t *index, bool *again, bool *opened,
	struct retort_error *err)
{
	struct run *run = journal->run;
	const char *started = history_now(run->arena);

	*opened = false;
	if (step_begin(run, 0, err) < 0)
		return -1;
	if ((!run->has_tables && history_ensure_inside(run->session, err) < 0) ||
		step_check(run, index, again, &journal->step, err) < 0)
		goto fail;
	if (!journal->step) {
		session_rollback(run->session);
		return 0;
	}
	if (!run->retry.waits && !run->retry.losses)
		step_tell_start(run, journal->planned, *index);
	if (prepare(journal, err) < 0) {
		session_rollback(run->session);
		report_failure(run, journal->planned, started, "nothing of this revision remains", false,
			err);
		return -1;
	}
	if (journal_open(journal, err) == 0 && session_commit(run->session, err) == 0) {
		*opened = true;
		return 0;
	}
fail:
	session_rollback(run->session);
	return -1;
}

int journal_run(struct run *run, size_t *index, bool *again, struct retort_error *err)
{
	const struct planned *planned = &run->planned[*index];
	struct journal journal = {.run = run, .planned = planned};
	bool leased = run->lock.kind == LOCK_NONE, opened;
	double clock = clock_ms();
	size_t at = *index;
	int ret;

	if (lock_take_lease(run->session, &run->lock, err) < 0)
		return -1;
	journal.entry = entry_make(run, planned, history_now(run->arena));
	journal.entry.done = 0;
	journal.ops = journal_ops(run->arena, planned->plan, planned->ops, planned->op_count);
	journal.entry.plan =
		journal_plan_json(run->arena, planned->plan, planned->ops, planned->op_count, journal.ops);
	while ((ret = open_step(&journal, index, again, &opened, err)) < 0)
		if (run->result->failed || !retry_wanted(run->session, &run->retry, err))
			break;
	run->retry = (struct retry){0};
	if (ret == 0 && opened) {
		ret = journal_finish_step(&journal, at, clock, err);
		++*index;
	}
	/* Where each step's transaction is the lock nobody else need wait any longer. */
	if (leased && !lock_wanted(run->session))
		lock_release(run->session, &run->lock);
	return ret;
}
