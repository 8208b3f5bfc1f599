/* SPDX-License-Identifier: MIT
 *
 * What people see of several targets: the line of progress, the table of results.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/fleet.h"

enum { TARGET, FROM, TO, RESULT, TIME, COLUMNS };
enum { SHORT_LINE = 79, LONGEST_ROWS = 40 };

struct line {
	const char *cells[COLUMNS];
};

/* The columns of the terminal behind standard error. */
static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u
									       : SHORT_LINE;
}

/* The first n characters of a text; what was cut ends in "...". */
static const char *cut(struct retort_arena *arena, const char *text, size_t n)
{
	return text_utf8_count(text, strlen(text)) <= n || n < 4 ? text : text_echo(arena, text, n - 3);
}

void fleet_progress(const struct fleet *fleet, const size_t *running, size_t running_count)
{
	struct cli *cli = fleet->cli;
	struct retort_arena *scratch;
	struct retort_buf out;

	if (!cli_shows_progress(cli) || !running_count)
		return;
	scratch = retort_arena_new();
	retort_buf_init(&out, scratch);
	retort_buf_printf(&out, "%zu of %zu targets done", fleet->ended, fleet->count);
	if (fleet->faults)
		retort_buf_printf(&out, ", %zu failed", fleet->faults);
	for (size_t i = 0; i < running_count; i++)
		retort_buf_printf(&out, "%s%s", i ? ", " : "; running ",
			text_echo(scratch, fleet_name(fleet->settings[running[i]]), LONGEST_ROWS));
	cli_show_progress(cli, cut(scratch, out.data, terminal_width()));
	retort_arena_free(scratch);
}

/* Version rows in a cell. */
static const char *rows_text(struct retort_arena *arena, json_t *rows)
{
	struct retort_buf out;

	if (!rows)
		return "-";
	if (!json_array_size(rows))
		return "<base>";
	retort_buf_init(&out, arena);
	for (size_t i = 0; i < json_array_size(rows); i++)
		retort_buf_printf(&out, "%s%s", i ? "," : "", json_string_value(json_array_get(rows, i)));
	return cut(arena, out.data, LONGEST_ROWS);
}

/* How a target ended, in a word or two. */
static const char *result_text(struct retort_arena *arena, const struct outcome *outcome)
{
	if (!outcome->ran)
		return "not run";
	if (outcome->status == EXIT_INTERRUPTED)
		return "interrupted";
	if (outcome->status)
		return retort_printf(arena, "failed (%s)", outcome->code ? outcome->code : "?");
	return outcome->steps == 0 ? "nothing to do" : "done";
}

static struct line make_line(struct retort_arena *arena, const struct fleet *fleet, size_t i)
{
	const struct outcome *outcome = &fleet->outcomes[i];

	return (struct line){{
		[TARGET] = text_safe(arena, fleet_name(fleet->settings[i])),
		[FROM] = rows_text(arena, outcome->from),
		[TO] = rows_text(arena, outcome->to),
		[RESULT] = result_text(arena, outcome),
		[TIME] = outcome->ran ? retort_printf(arena, "%.3f s", outcome->ms / 1e3) : "",
	}};
}

static size_t width(const char *text)
{
	return text_utf8_count(text, strlen(text));
}

/* Lines with columns as wide as they must be; the last one stands to the right. */
static void print_lines(const struct line *lines, size_t count)
{
	size_t widths[COLUMNS] = {0};

	for (size_t i = 0; i < count; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (width(lines[i].cells[c]) > widths[c])
				widths[c] = width(lines[i].cells[c]);
	for (size_t i = 0; i < count; i++) {
		const struct line *line = &lines[i];
		bool timed = *line->cells[TIME] != '\0';

		for (size_t c = 0; c < RESULT; c++)
			printf("%s%*s", line->cells[c], (int)(widths[c] - width(line->cells[c]) + 2), "");
		fputs(line->cells[RESULT], stdout);
		if (timed)
			printf("%*s", (int)(widths[RESULT] - width(line->cells[RESULT]) + 2 + widths[TIME]),
				line->cells[TIME]);
		putchar('\n');
	}
}

/* "200 targets: 198 done, 1 failed, 1 not run, in 3.2 s" */
static const char *total_text(struct retort_arena *arena, const struct fleet *fleet)
{
	size_t left = fleet->count - fleet->ended, cut_short = 0;
	struct retort_buf out;

	for (size_t i = 0; i < fleet->count; i++)
		cut_short += fleet->outcomes[i].status == EXIT_INTERRUPTED;
	retort_buf_init(&out, arena);
	retort_buf_printf(&out, "%zu target%s: %zu done", fleet->count, fleet->count == 1 ? "" : "s",
		fleet->ended - fleet->faults);
	if (fleet->faults > cut_short)
		retort_buf_printf(&out, ", %zu failed", fleet->faults - cut_short);
	if (cut_short)
		retort_buf_printf(&out, ", %zu interrupted", cut_short);
	if (left)
		retort_buf_printf(&out, ", %zu not run", left);
	retort_buf_printf(&out, ", in %.2f s", (clock_ms() - fleet->start) / 1e3);
	return out.data;
}

/* -q leaves out what went well. */
void fleet_table(const struct fleet *fleet)
{
	static const struct line head = {{"target", "from", "to", "result", "time"}};
	bool quiet = cli_flag(fleet->cli, OPTION_QUIET);
	struct retort_arena *scratch = retort_arena_new();
	struct line *lines = NULL;
	size_t count = 0;

	RETORT_PUSH(scratch, lines, count, head);
	for (size_t i = 0; i < fleet->count; i++)
		if (!quiet || !fleet->outcomes[i].ended || fleet->outcomes[i].status)
			RETORT_PUSH(scratch, lines, count, make_line(scratch, fleet, i));
	if (count > 1 || !quiet) {
		print_lines(lines, count);
		puts(total_text(scratch, fleet));
	}
	fflush(stdout);
	retort_arena_free(scratch);
}

void fleet_summary(const struct fleet *fleet)
{
	struct cli *cli = fleet->cli;
	struct retort_arena *scratch = retort_arena_new();

	for (size_t i = 0; i < fleet->count; i++) {
		const struct outcome *outcome = &fleet->outcomes[i];
		const char *name = fleet_name(fleet->settings[i]);

		if (!outcome->ran)
			cli_log(cli, LOG_WARNING_LEVEL, "retort.target", "%s: not run", name);
		else if (outcome->status && outcome->status != EXIT_FOUND)
			cli_log(cli, LOG_ERROR_LEVEL, "retort.target", "%s: %s", name,
				result_text(scratch, outcome));
	}
	if (fleet->count > 1)
		cli_log(cli, LOG_INFO_LEVEL, "retort.target", "%s", total_text(scratch, fleet));
	retort_arena_free(scratch);
}
