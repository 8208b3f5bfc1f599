/* SPDX-License-Identifier: MIT
 *
 * A run as a script: the same statements and bookkeeping, for a client that stops at the first error. All of
 * it is made before the first byte is written.
 */
#include "engine/offline.h"

#include <string.h>

#include "base/text.h"
#include "engine/entry.h"
#include "engine/run.h"
#include "sql/render.h"

#define ROWS_PER_INSERT 500

/* Whether a text ends in a comment that would swallow what follows on its line. */
static bool ends_in_comment(unsigned syntax, const char *sql)
{
	struct retort_token last = {.text = ""}, token;

	while ((token = retort_sql_token(syntax, &sql)).kind != RETORT_TOKEN_END)
		if (token.kind != RETORT_TOKEN_SPACE)
			last = token;
	return last.kind == RETORT_TOKEN_COMMENT && last.text[0] != '/';
}

/* Whether a client would cut a statement inside. */
static bool has_semicolon(unsigned syntax, const char *sql)
{
	struct retort_token token;

	while ((token = retort_sql_token(syntax, &sql)).kind != RETORT_TOKEN_END)
		if (token.kind == RETORT_TOKEN_PUNCTUATION && token.text[0] == ';')
			return true;
	return false;
}

void offline_statement(struct offline *offline, const char *sql)
{
	unsigned syntax = offline->session->dialect->syntax;
	bool delimiter = syntax & RETORT_SYNTAX_DELIMITER && has_semicolon(syntax, sql);

	retort_buf_printf(&offline->out, "%s%s%s%s\n%s\n", delimiter ? "DELIMITER //\n" : "", sql,
		ends_in_comment(syntax, sql) ? "\n" : "", delimiter ? "//" : ";",
		delimiter ? "DELIMITER ;\n" : "");
}

void offline_comment(struct offline *offline, const char *format, ...)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = retort_vprintf(scratch, format, ap);
	va_end(ap);
	/* A comment stays on its line whatever a message holds. */
	retort_buf_printf(&offline->out, "-- %s\n", text_echo(scratch, text, 500));
	retort_arena_free(scratch);
}

/* The statements that begin or end a transaction. */
static void add_list(struct offline *offline, const char *const *(*list)(unsigned flags), unsigned flags,
	const char *otherwise)
{
	const char *const *sql = list ? list(flags) : NULL;

	for (; sql && *sql; sql++)
		offline_statement(offline, *sql);
	if (!list)
		offline_statement(offline, otherwise);
}

void offline_begin(struct offline *offline, unsigned flags)
{
	if (offline->open)
		return;
	add_list(offline, offline->session->dialect->begin, flags, "BEGIN");
	offline->open = true;
	offline->flags = flags;
}

void offline_commit(struct offline *offline)
{
	if (!offline->open)
		return;
	add_list(offline, offline->session->dialect->commit, offline->flags, "COMMIT");
	offline->open = false;
}

/* What any engine that checks its casts refuses. */
static void generic_assert(const struct retort_render *render, const char *query, const char *value,
	const char *message, struct retort_buf *out)
{
	retort_buf_str(out, "SELECT 1 WHERE CAST(CASE WHEN ");
	if (value) {
		retort_buf_printf(out, "CAST((%s) AS VARCHAR(4000)) = ", query);
		retort_sql_string(render, out, value);
	} else {
		retort_buf_printf(out, "(%s) IS NULL", query);
	}
	retort_buf_str(out, " THEN '0' ELSE ");
	retort_sql_string(render, out, message);
	retort_buf_str(out, " END AS INTEGER) = 1");
}

int offline_assert(struct offline *offline, const char *query, const char *value, const char *message,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = offline->session->dialect;
	struct retort_render render = session_render(offline->session, offline->out.arena, NULL, NULL);
	struct retort_buf sql;
	int ret = RETORT_PASS;

	retort_buf_init(&sql, offline->out.arena);
	if (dialect->assert_sql)
		ret = dialect->assert_sql(&render, query, value, message, &sql, err);
	if (ret == RETORT_PASS)
		generic_assert(&render, query, value, message, &sql);
	if (ret < 0)
		return -1;
	offline_statement(offline, sql.data);
	return 0;
}

/* Rows as literal INSERTs. */
static int add_rows(struct offline *offline, const struct retort_statement *statement,
	struct retort_error *err)
{
	struct retort_row_source *source = statement->bulk->source;

	if (source->rewind && source->rewind(source, err) < 0)
		return -1;
	for (;;) {
		struct retort_arena *scratch = retort_arena_new();
		struct retort_render render = session_render(offline->session, scratch, NULL, NULL);
		const char *sql = NULL;
		size_t count = 0;
		int ret = render_insert(&render, statement->bulk, ROWS_PER_INSERT, &sql, &count, err);

		if (ret == 0 && count)
			offline_statement(offline, sql);
		retort_arena_free(scratch);
		if (ret < 0 || count == 0)
			return ret;
	}
}

/* What failed, by its operation. */
static int op_fault(const struct retort_op *op, struct retort_error *err)
{
	if (op)
		retort_error_at(err, op->file, op->line, op->line_column);
	return -1;
}

static int add_one(struct offline *offline, const struct retort_statement *statement,
	struct retort_error *err)
{
	const struct retort_op *op = statement->op;

	switch (statement->kind) {
	case RETORT_STATEMENT_ROWS:
		return add_rows(offline, statement, err);
	case RETORT_STATEMENT_ASSERT:
		return offline_assert(offline, statement->sql, op->equals,
			op->message ? op->message : "assertion failed", err);
	case RETORT_STATEMENT_RUN:
		return retort_fail(err, RETORT_E_PLAN,
			"cannot write 'run' into a script: a program needs the database: leave out --sql, or "
			"exclude the "
			"operation by dialect");
	case RETORT_STATEMENT_SQL:
	default:
		offline_statement(offline, statement->sql);
		return 0;
	}
}

/* A step's statements, in transactions as the online run has them. */
static int add_statements(struct offline *offline, const struct planned *planned, bool single,
	struct retort_error *err)
{
	const struct retort_op *op = NULL;
	int ret = 0;

	for (size_t i = 0; i < planned->plan->statement_count; i++) {
		const struct retort_statement *statement = planned->plan->statements[i];
		bool outside = !single || statement->flags & RETORT_STMT_OUTSIDE;

		/* A rebuild is one transaction even where the rest has none. */
		if (statement->flags & RETORT_STMT_REBUILD)
			outside = false;
		if (outside)
			offline_commit(offline);
		else
			offline_begin(offline, single ? planned->tx_flags : RETORT_TX_REBUILD);
		if (statement->op && statement->op != op)
			offline_comment(offline, "%s", retort_op_describe(offline->out.arena, statement->op));
		op = statement->op;
		if (add_one(offline, statement, err) < 0)
			ret = op_fault(op, err);
	}
	return ret;
}

/* history_apply_sql calls this. */
static int add_bookkeeping(void *context, const char *sql, struct retort_error *err)
{
	(void)err;
	offline_statement(context, sql);
	return 0;
}

/* "a, b -> c, message" */
static void add_heading(struct offline *offline, const struct step *step)
{
	struct retort_buf text;

	retort_buf_init(&text, offline->out.arena);
	retort_buf_printf(&text, "Running %s ",
		step->direction == DIRECTION_STAMP ? "stamp_revision" : direction_word(step->direction));
	for (size_t i = 0; i < step->from_count; i++)
		retort_buf_printf(&text, "%s%s", i ? ", " : "", step->from[i]);
	retort_buf_str(&text, " -> ");
	for (size_t i = 0; i < step->to_count; i++)
		retort_buf_printf(&text, "%s%s", i ? ", " : "", step->to[i]);
	if (step->revision && step->revision->message && step->revision->message[0])
		retort_buf_printf(&text, ", %s", step->revision->message);
	offline_comment(offline, "%s", text.data);
	retort_buf_char(&offline->out, '\n');
}

int offline_step(struct offline *offline, struct run *run, const struct planned *planned,
	struct retort_error *err)
{
	struct history_entry entry = entry_make(run, planned, NULL);
	bool all = offline->session->settings->transaction == TRANSACTION_ALL;
	bool single =
		session_has(offline->session, RETORT_CAP_TX_DDL) && planned->transaction != TRANSACTION_NONE;
	int ret = 0;

	add_heading(offline, planned->step);
	if (planned->plan)
		ret = add_statements(offline, planned, single, err);
	offline_begin(offline, 0);
	entry.retort_version = RETORT_VERSION;
	history_apply_sql(offline->session, planned->step, add_bookkeeping, offline, err);
	{
		struct retort_buf sql;

		retort_buf_init(&sql, offline->out.arena);
		if (history_add_sql(offline->session, &entry, &sql, err) < 0)
			ret = -1;
		offline_statement(offline, sql.data);
	}
	if (!all)
		offline_commit(offline);
	if (ret < 0)
		retort_error_revision(err, planned->step->revision ? planned->step->revision->id : NULL);
	return ret;
}

int offline_guard(struct offline *offline, const struct row_ids *rows, struct retort_error *err)
{
	struct retort_arena *arena = offline->out.arena;
	struct retort_render render = session_render(offline->session, arena, NULL, NULL);
	const char *table = history_table(offline->session, arena, offline->session->settings->version_table);
	struct retort_buf query;

	retort_buf_init(&query, arena);
	retort_buf_printf(&query, "SELECT CASE WHEN (SELECT COUNT(*) FROM %s) = %zu", table, rows->count);
	if (rows->count)
		retort_buf_printf(&query, " AND (SELECT COUNT(*) FROM %s WHERE version_num IN (", table);
	for (size_t i = 0; i < rows->count; i++) {
		retort_buf_str(&query, i ? ", " : "");
		retort_sql_string(&render, &query, rows->ids[i]);
	}
	if (rows->count)
		retort_buf_printf(&query, ")) = %zu", rows->count);
	retort_buf_str(&query, " THEN 'yes' ELSE 'no' END");
	return offline_assert(offline, query.data, "yes",
		rows->count ? retort_printf(arena, "the database is not at %s",
				      text_list(arena, rows->ids, rows->count, 0))
			    : "the database is not at base",
		err);
}

int offline_start(struct offline *offline, bool version_table, struct retort_error *err)
{
	const struct retort_dialect *dialect = offline->session->dialect;
	struct retort_plan plan = {.arena = offline->out.arena};

	for (const char *const *sql = dialect->session; sql && *sql; sql++)
		offline_statement(offline, *sql);
	offline_begin(offline, offline->tables_flags);
	if (history_tables_plan(offline->session, !version_table, false, &plan, err) < 0)
		return -1;
	for (size_t i = 0; i < plan.statement_count; i++)
		offline_statement(offline, plan.statements[i]->sql);
	return 0;
}
