/* SPDX-License-Identifier: MIT */
#include "engine/checking.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sql/capability.h"

enum { SHOWN = 160 };

/* ---- outcomes ---- */

int check_fault(struct checking *checking, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	checking->outcome = CHECK_FAILED;
	checking->reason = retort_vprintf(checking->arena, format, ap);
	va_end(ap);
	return -1;
}

int check_skip(struct checking *checking, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	checking->outcome = CHECK_SKIPPED;
	checking->reason = retort_vprintf(checking->arena, format, ap);
	va_end(ap);
	return -1;
}

static const char *shown(struct checking *checking, const char *value)
{
	return value ? retort_printf(checking->arena, "'%s'", text_echo(checking->arena, value, SHOWN))
		     : "NULL";
}

int check_equal(struct checking *checking, const char *what, const char *expected, const char *found)
{
	if (expected && found ? strcmp(expected, found) == 0 : expected == found)
		return 0;
	return check_fault(checking, "%s: expected %s, found %s", what, shown(checking, expected),
		shown(checking, found));
}

const char *check_error_text(struct checking *checking)
{
	const struct retort_problem *problem = retort_error_first(checking->err);
	const char *text;

	if (!problem)
		return "a call failed without an error";
	text = retort_printf(checking->arena, "%s (%s%s%s)", problem->message,
		retort_code_name(problem->code), *problem->sqlstate ? ", " : "", problem->sqlstate);
	if (!problem->statement)
		return text;
	return retort_printf(checking->arena, "%s in: %s", text,
		text_echo(checking->arena, problem->statement, 4UL * SHOWN));
}

int check_needs(struct checking *checking, uint64_t cap)
{
	uint64_t missing = cap & ~checking->session->caps;

	return missing ? check_skip(checking, "the engine has no %s", capability_word(missing)) : 0;
}

/* ---- statements ---- */

const char *check_sql(struct checking *checking, const char *text)
{
	struct retort_render render = session_render(checking->session, checking->arena, NULL, NULL);
	struct retort_buf out;

	retort_buf_init(&out, checking->arena);
	while (*text) {
		size_t n = strcspn(text, "[{");
		const char *end;

		retort_buf_mem(&out, text, n);
		text += n;
		end = *text ? strchr(text, *text == '[' ? ']' : '}') : NULL;
		if (!end)
			continue;
		if (*text == '[')
			retort_sql_name(&render, &out,
				retort_strndup(checking->arena, text + 1, (size_t)(end - text - 1)));
		else
			retort_sql_placeholder(&render, &out, (size_t)strtoul(text + 1, NULL, 10));
		text = end + 1;
	}
	return out.data;
}

int check_exec(struct checking *checking, struct session *session, const char *text,
	const char *const *params, size_t n)
{
	return session_exec(session, check_sql(checking, text), params, n, NULL, checking->err);
}

static int take_row(void *context, size_t column_count, const char *const *columns)
{
	struct retort_buf *out = context;

	if (out->len)
		retort_buf_char(out, '\n');
	for (size_t i = 0; i < column_count; i++)
		retort_buf_printf(out, "%s%s", i ? "|" : "", columns[i] ? columns[i] : "~");
	return 0;
}

int check_ask(struct checking *checking, struct session *session, const char *text, const char *const *params,
	size_t n, const char **ret)
{
	struct retort_buf out;

	retort_buf_init(&out, checking->arena);
	*ret = out.data;
	if (session_query(session, check_sql(checking, text), params, n, take_row, &out, checking->err) < 0)
		return -1;
	*ret = out.data ? out.data : "";
	return 0;
}

int check_answer(struct checking *checking, struct session *session, const char *text, const char *expected)
{
	const char *found;

	if (check_ask(checking, session, text, NULL, 0, &found) < 0)
		return -1;
	return check_equal(checking, check_sql(checking, text), expected, found);
}

int check_refused(struct checking *checking, struct session *session, const char *text,
	const struct retort_problem **ret)
{
	struct retort_error *err = retort_error_new();
	const char *sql = check_sql(checking, text);
	const struct retort_problem *problem;
	struct retort_problem *copy;

	if (session_exec(session, sql, NULL, 0, NULL, err) == 0) {
		retort_error_free(err);
		return check_fault(checking, "it should have been refused: %s", sql);
	}
	problem = retort_error_first(err);
	if (!problem) {
		retort_error_free(err);
		return check_fault(checking, "it failed without an error: %s", sql);
	}
	copy = retort_alloc(checking->arena, sizeof *copy);
	*copy = *problem;
	copy->message = retort_strdup(checking->arena, problem->message);
	copy->statement = sql;
	copy->next = NULL;
	*ret = copy;
	retort_error_free(err);
	return 0;
}

/* ---- connections ---- */

int check_other(struct checking *checking, long lock_timeout_ms, bool read_only, struct session **ret)
{
	struct settings *settings = retort_alloc(checking->arena, sizeof *settings);
	const size_t room = sizeof checking->others / sizeof *checking->others;

	*settings = checking->settings;
	settings->lock_timeout_ms = lock_timeout_ms;
	if (checking->other_count == room)
		return check_fault(checking, "the suite has no room for another connection");
	if (session_open_driver(checking->arena, checking->conformance->driver, settings, NULL,
		    &checking->listener, read_only, ret, checking->err) < 0)
		return -1;
	checking->others[checking->other_count++] = *ret;
	return 0;
}

int check_shared(struct checking *checking, const char *table, long lock_timeout_ms, struct session **ret)
{
	const char *text = retort_printf(checking->arena, "SELECT count(*) FROM [%s]", table), *found;

	if (check_other(checking, lock_timeout_ms, false, ret) < 0)
		return -1;
	if (check_ask(checking, *ret, text, NULL, 0, &found) == 0)
		return 0;
	return check_skip(checking, "each connection has a database of its own");
}
