/* SPDX-License-Identifier: MIT
 *
 * Everything the program says: log lines, errors, events of a run, JSON documents.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "script/graph.h"

enum { LONGEST_STATEMENT = 2000 /* bytes of it in an error */, LONGEST_PROGRESS = 400 };

static const struct {
	const char *word;
	const char *color;
} levels[] = {
	[LOG_DEBUG_LEVEL] = {"DEBUG", "\033[2m"},
	[LOG_INFO_LEVEL] = {"INFO", "\033[32m"},
	[LOG_WARNING_LEVEL] = {"WARN", "\033[33m"},
	[LOG_ERROR_LEVEL] = {"ERROR", "\033[31m"},
};

bool cli_shows_progress(const struct cli *cli)
{
	return !cli->json && cli->log_level <= LOG_INFO_LEVEL && isatty(STDERR_FILENO);
}

void cli_show_progress(struct cli *cli, const char *text)
{
	fprintf(stderr, "\r\033[K%s", text);
	fflush(stderr);
	cli->progress_shown = true;
}

void cli_clear_progress(struct cli *cli)
{
	if (cli->progress_shown)
		fputs("\r\033[K", stderr);
	cli->progress_shown = false;
}

static void log_text(void *context, enum log_level level, const char *logger, const char *text)
{
	struct cli *cli = context;

	if (level < cli->log_level)
		return;
	cli_clear_progress(cli);
	fprintf(stderr, "%s%-5s%s [%s] %s%s%s\n", cli->color ? levels[level].color : "", levels[level].word,
		cli->color ? "\033[0m" : "", logger, cli->speaker ? cli->speaker : "",
		cli->speaker ? ": " : "", text);
	if (!cli->held)
		fflush(stderr);
}

void cli_log(struct cli *cli, enum log_level level, const char *logger, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_text(cli, level, logger, retort_vprintf(cli->arena, format, ap));
	va_end(ap);
}

void cli_print_json(json_t *document)
{
	json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII * 0);
	putchar('\n');
	json_decref(document);
}

json_t *cli_json_strings(const char *const *items, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(items[i]));
	return array;
}

/* ---- errors ---- */

int cli_exit_status(const struct retort_error *err)
{
	const struct retort_problem *first = retort_error_first(err);

	switch (first ? first->code : RETORT_E_INTERNAL) {
	case RETORT_E_USAGE:
		return 2;
	case RETORT_E_LOCK:
		return EXIT_LOCK;
	case RETORT_E_CONNECT:
		return EXIT_CONNECT;
	case RETORT_E_INTERRUPTED:
		return EXIT_INTERRUPTED;
	default:
		return EXIT_FAILURE;
	}
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text && text[0])
		json_object_set_new(object, key, json_string(text));
}

static json_t *problem_json(const struct retort_problem *problem)
{
	json_t *object = json_object();

	set_text(object, "code", retort_code_name(problem->code));
	json_object_set_new(object, "message", json_string(problem->message));
	set_text(object, "file", problem->file);
	if (problem->line)
		json_object_set_new(object, "line", json_integer(problem->line));
	if (problem->column)
		json_object_set_new(object, "column", json_integer(problem->column));
	set_text(object, "revision", problem->revision);
	set_text(object, "statement", problem->statement);
	set_text(object, "sqlstate", problem->sqlstate);
	return object;
}

json_t *cli_error_json(const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);
	json_t *first, *more;

	if (!problem)
		return json_null();
	first = problem_json(problem);
	if (!problem->next)
		return first;
	more = json_array();
	for (problem = problem->next; problem; problem = problem->next)
		json_array_append_new(more, problem_json(problem));
	json_object_set_new(first, "more", more);
	return first;
}

/* A statement that failed: its beginning, where it is too long for anyone to read. */
static void print_statement(const char *sql)
{
	struct retort_arena *arena = retort_arena_new();
	size_t length = strlen(sql), shown = length;

	if (length > LONGEST_STATEMENT)
		for (shown = LONGEST_STATEMENT; shown > 0 && (sql[shown] & 0xc0) == 0x80; shown--)
			;
	fprintf(stderr, "  statement: %s", text_safe(arena, retort_strndup(arena, sql, shown)));
	if (shown < length)
		fprintf(stderr, "... (%zu bytes)", length);
	fputc('\n', stderr);
	retort_arena_free(arena);
}

/* FILE:LINE:COLUMN: message (SQLSTATE, the engine's code), and the statement below. */
static void print_problem(const struct retort_problem *problem)
{
	fputs(problem->file ? problem->file : "retort", stderr);
	if (problem->file && problem->line)
		fprintf(stderr, problem->column ? ":%u:%u" : ":%u", problem->line, problem->column);
	fprintf(stderr, ": %s", problem->message);
	if (problem->sqlstate[0] && problem->engine_code)
		fprintf(stderr, " (%s, %ld)", problem->sqlstate, problem->engine_code);
	else if (problem->sqlstate[0])
		fprintf(stderr, " (%s)", problem->sqlstate);
	else if (problem->engine_code)
		fprintf(stderr, " (code %ld)", problem->engine_code);
	fputc('\n', stderr);
	if (problem->statement)
		print_statement(problem->statement);
}

/* What a run that failed leaves behind, and how to go on. */
static void print_failure(const struct run_result *failure)
{
	if (failure->stands)
		fprintf(stderr, "  %s\n", failure->stands);
	for (size_t i = 0; i < failure->kept_count; i++)
		fprintf(stderr, "%s%s%s", i ? ", " : "  kept of this run: ", failure->kept[i],
			i + 1 == failure->kept_count ? "\n" : "");
	for (size_t i = 0; i < failure->next_count; i++)
		fprintf(stderr, "  next: %s\n", failure->next[i]);
}

int cli_report(struct cli *cli, const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	cli_clear_progress(cli);
	if (cli->json) {
		if (!cli->failure_told)
			cli_print_json(json_pack("{s:o}", "error", cli_error_json(err)));
		return cli_exit_status(err);
	}
	if (!problem)
		fputs("retort: failed without a reason: this is a fault of retort's own\n", stderr);
	for (; problem; problem = problem->next)
		print_problem(problem);
	if (cli->failure)
		print_failure(cli->failure);
	fflush(stderr);
	return cli_exit_status(err);
}

/* ---- events of a run ---- */

static const char *const event_names[] = {
	[EVENT_START] = "start",
	[EVENT_STEP] = "step",
	[EVENT_STATEMENT] = "statement",
	[EVENT_PROGRESS] = "progress",
	[EVENT_STEP_DONE] = "step_done",
	[EVENT_DONE] = "done",
	[EVENT_ERROR] = "error",
};

static const char *const direction_names[] = {
	[DIRECTION_UPGRADE] = "upgrade",
	[DIRECTION_DOWNGRADE] = "downgrade",
	[DIRECTION_STAMP] = "stamp",
};

static void event_json(const struct event *event)
{
	json_t *object = json_pack("{s:s, s:s?}", "event", event_names[event->kind], "target", event->target);

	set_text(object, "revision", event->revision);
	if (event->direction >= 0)
		set_text(object, "direction", direction_names[event->direction]);
	if (event->total)
		json_object_set_new(object, "index", json_integer((json_int_t)event->index));
	if (event->total)
		json_object_set_new(object, "total", json_integer((json_int_t)event->total));
	set_text(object, "sql", event->sql);
	if (event->kind == EVENT_PROGRESS)
		json_object_set_new(object, "rows", json_integer((json_int_t)event->rows));
	if (event->ms > 0)
		json_object_set_new(object, "ms", json_real(event->ms));
	if (event->kind != EVENT_STATEMENT && event->kind != EVENT_PROGRESS) {
		json_object_set_new(object, "from", cli_json_strings(event->from, event->from_count));
		json_object_set_new(object, "to", cli_json_strings(event->to, event->to_count));
	}
	if (event->error)
		json_object_set_new(object, "error", cli_error_json(event->error));
	json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	fflush(stdout);
	json_decref(object);
}

/* "Running upgrade a, b -> c, message" as Alembic words it. */
static void log_step(struct cli *cli, const struct event *event)
{
	struct retort_buf text;

	retort_buf_init(&text, cli->arena);
	retort_buf_printf(&text, "Running %s ",
		event->direction == DIRECTION_STAMP ? "stamp_revision" : direction_names[event->direction]);
	for (size_t i = 0; i < event->from_count; i++)
		retort_buf_printf(&text, "%s%s", i ? ", " : "", event->from[i]);
	retort_buf_str(&text, " -> ");
	for (size_t i = 0; i < event->to_count; i++)
		retort_buf_printf(&text, "%s%s", i ? ", " : "", event->to[i]);
	if (event->message && event->message[0])
		retort_buf_printf(&text, ", %s", event->message);
	log_text(cli, LOG_INFO_LEVEL, "retort.migration", text.data);
}

static void show_progress(struct cli *cli, const char *what, unsigned long long done,
	unsigned long long total)
{
	char text[LONGEST_PROGRESS];

	if (!cli_shows_progress(cli))
		return;
	if (total)
		snprintf(text, sizeof text, "%s: %llu of %llu rows (%llu%%)", what, done, total,
			done * 100 / total);
	else
		snprintf(text, sizeof text, "%s: %llu rows", what, done);
	cli_show_progress(cli, text);
}

static void on_event(void *context, const struct event *event)
{
	struct cli *cli = context;

	if (cli->json) {
		event_json(event);
		if (event->kind != EVENT_STEP)
			return;
	}
	if (event->kind == EVENT_STEP)
		log_step(cli, event);
	else if (event->kind == EVENT_STATEMENT)
		cli_log(cli, LOG_DEBUG_LEVEL, "retort.sql", "%s", event->sql);
	else if (event->kind == EVENT_PROGRESS)
		show_progress(cli, event->description, event->rows, event->rows_total);
}

void cli_tell_failure(struct cli *cli, const struct settings *settings, enum direction direction)
{
	const struct event event = {.kind = EVENT_ERROR,
		.target = settings->target,
		.direction = (int)direction,
		.error = cli->err};

	if (cli->json && !cli->failure_told)
		event_json(&event);
	cli->failure_told = cli->json;
}

static void on_notice(void *context, enum retort_notice_level level, const char *text)
{
	static const enum log_level of_notice[] = {LOG_DEBUG_LEVEL, LOG_INFO_LEVEL, LOG_WARNING_LEVEL};

	log_text(context, of_notice[level], "retort.driver", text);
}

static void on_progress(void *context, const char *what, unsigned long long done, unsigned long long total)
{
	show_progress(context, what, done, total);
}

static int on_interrupted(void *context)
{
	(void)context;
	return cli_interrupted();
}

void cli_observe(struct cli *cli)
{
	cli->observer = (struct observer){.context = cli,
		.log = log_text,
		.event = on_event,
		.interrupted = on_interrupted};
	cli->listener =
		(struct retort_listener){.context = cli, .notice = on_notice, .progress = on_progress};
}
