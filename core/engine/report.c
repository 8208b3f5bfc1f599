/* SPDX-License-Identifier: MIT */
#include "engine/report.h"

#include <string.h>

#include "engine/entry.h"

bool report_operation(const struct planned *planned, const struct retort_op *op, size_t *number,
	size_t *count)
{
	const struct script *script = planned->script;
	bool written = planned->step->direction == DIRECTION_UPGRADE ||
		(script && script->downgrade_kind == DOWNGRADE_LIST);

	if (!op || !script)
		return false;
	if (written && op->index_in_file) {
		*number = op->index_in_file;
		*count = planned->step->direction == DIRECTION_UPGRADE ? script->upgrade_count
								       : script->downgrade_count;
		return *number <= *count;
	}
	for (*number = 1; *number <= planned->op_count; ++*number)
		if (planned->ops[*number - 1] == op)
			break;
	*count = planned->op_count;
	return *number <= *count;
}

/* Whether an operation has a place in a file of its own. */
static const char *shown_file(const struct run *run, const struct planned *planned,
	const struct retort_op *op)
{
	if (op && op->file)
		return op->file;
	return planned->step->revision ? project_shown(run->project, planned->step->revision->path) : NULL;
}

void report_statement(struct run *run, const struct planned *planned,
	const struct retort_statement *statement, struct retort_error *err)
{
	const struct retort_op *op = statement ? statement->op : NULL;
	struct retort_error *interrupted = retort_error_new();
	size_t number, count;

	/* What a cancelled statement says of itself matters less than that it was cancelled. */
	if (session_interrupted(run->session, interrupted) < 0) {
		retort_error_clear(err);
		retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
		if (statement)
			retort_error_statement(err, statement->sql);
	}
	retort_error_free(interrupted);
	if (statement)
		retort_error_statement(err, statement->sql);
	if (op && report_operation(planned, op, &number, &count))
		retort_error_prefix(err, "operation %zu of %zu: cannot %s", number, count,
			retort_op_describe(run->arena, op));
	else if (op)
		retort_error_prefix(err, "cannot %s", retort_op_describe(run->arena, op));
	retort_error_at(err, shown_file(run, planned, op), op ? op->line : 0, op ? op->line_column : 0);
	retort_error_revision(err, planned->step->revision ? planned->step->revision->id : NULL);
}

/* Records a step that failed; where that can't be done the failure itself is told all the same. */
static void record(struct run *run, const struct planned *planned, const char *started,
	const struct retort_error *err)
{
	struct history_entry entry = entry_make(run, planned, started);
	struct retort_error *ignored = retort_error_new();
	const struct retort_problem *problem = retort_error_first(err);

	entry.state = "failed";
	entry.done = 0;
	entry.finished_at = history_now(run->arena);
	entry.error = problem ? problem->message : NULL;
	if (session_begin(run->session, 0, ignored) == 0) {
		if (history_ensure_inside(run->session, ignored) < 0 ||
			history_add(run->session, &entry, ignored) < 0 ||
			session_commit(run->session, ignored) < 0)
			session_rollback(run->session);
	}
	retort_error_free(ignored);
}

/* What comes before the command to go on with, by the code of the failure; else the file is to be corrected.
 */
static const struct {
	enum retort_code code;
	const char *first;
} firsts[] = {
	{RETORT_E_CONNECT, "when the database answers again: "},
	{RETORT_E_LOCK, "when the others are done: "},
	{RETORT_E_INTERRUPTED, "go on with: "},
};

/* The commands that come next. */
static void add_next(struct run *run, const struct planned *planned, bool partial,
	const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);
	const char **next = NULL, *first = NULL;
	size_t n = 0;
	const char *file =
		planned->step->revision ? project_shown(run->project, planned->step->revision->path) : "";

	for (size_t i = 0; problem && i < sizeof firsts / sizeof *firsts; i++)
		if (problem->code == firsts[i].code)
			first = firsts[i].first;
	if (!first)
		first = retort_printf(run->arena, "correct %s, then: ", file);
	RETORT_PUSH(run->arena, next, n,
		retort_printf(run->arena, "%sretort %s %s", first, direction_word(run->request->direction),
			run->request->target_count ? run->request->targets[0] : ""));
	if (partial && planned->step->direction == DIRECTION_UPGRADE &&
		run->request->direction == DIRECTION_UPGRADE)
		RETORT_PUSH(run->arena, next, n, "or undo what is done: retort downgrade");
	run->result->next = next;
	run->result->next_count = n;
}

void report_failure(struct run *run, const struct planned *planned, const char *started, const char *stands,
	bool partial, struct retort_error *err)
{
	run->result->failed = planned->step->revision ? planned->step->revision->id : NULL;
	run->result->stands = stands;
	add_next(run, planned, partial, err);
	if (started)
		record(run, planned, started, err);
}
