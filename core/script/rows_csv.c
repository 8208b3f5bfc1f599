/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "script/rows_file.h"

enum {
	PIECE = 64 << 10,
	LONGEST_ROW = 256 << 20, /* bytes: an open quote must not take all memory */
	ECHOED = 60
};

/* A cell of the row at hand. */
struct cell {
	size_t at;             /* in the row's text; NO_CELL: NULL */
	unsigned line, column; /* where it begins in the file */
};

struct csv {
	struct retort_row_source source; /* first */
	struct rows_file file;
	int fd;      /* -1: not open */
	char *piece; /* what was read and not yet taken */
	size_t at, len;
	bool failed;            /* a read failed: its reason is told */
	unsigned line, column;  /* of the next character; column in characters */
	bool odd;               /* the cell at hand holds other characters than those of ASCII */
	struct retort_buf text; /* the cells of a row, each ended by a zero byte */
	struct cell *starts;
	size_t start_count, start_capacity;
	const char **given; /* the cells of a row */
	const char **cells; /* those of the source's columns */
	size_t *places;     /* of each column in the file; NULL: all, in order */
	size_t field_count; /* of the file */
	bool head;          /* the first line names the columns */
};

#define NO_CELL ((size_t)-1)

static int fault(struct csv *csv, unsigned line, unsigned column, struct retort_error *err, const char *told)
{
	return rows_fault(&csv->file, line, column, err, "%s", told);
}

/* ---- characters ---- */

/* Reads the next piece; false at the end or on failure. */
static bool read_piece(struct csv *csv, struct retort_error *err)
{
	ssize_t n;

	do
		n = read(csv->fd, csv->piece, PIECE);
	while (n < 0 && errno == EINTR);
	csv->at = 0;
	csv->len = n > 0 ? (size_t)n : 0;
	if (n < 0) {
		csv->failed = true;
		file_fail(err, "read", csv->file.path);
	}
	return n > 0;
}

/* The next character without taking it; -1: the end. */
static int peek(struct csv *csv, struct retort_error *err)
{
	if (csv->at == csv->len && (csv->failed || !read_piece(csv, err)))
		return -1;
	return (unsigned char)csv->piece[csv->at];
}

/* Takes the character that was peeked at. */
static void take(struct csv *csv, int c)
{
	csv->at++;
	if (c == '\n') {
		csv->line++;
		csv->column = 1;
	} else if ((c & 0xc0) != 0x80) {
		csv->column++;
	}
}

/* ---- rows ---- */

/* Takes a line end. 1: it was here, 0: it was not, -1: a fault. */
static int take_line_end(struct csv *csv, struct retort_error *err)
{
	int c = peek(csv, err);

	if (c == '\r') {
		take(csv, c);
		c = peek(csv, err);
		if (c != '\n')
			return csv->failed
				? -1
				: fault(csv, csv->line, csv->column, err,
					  "a carriage return without a line feed: put the field in quotes");
	}
	if (c != '\n')
		return csv->failed ? -1 : 0;
	take(csv, c);
	return 1;
}

/* Takes the characters up to the next that ends such a run, as many as there are at once. */
static void take_run(struct csv *csv, const bool ends[256])
{
	const char *from = csv->piece + csv->at, *end = csv->piece + csv->len, *at;
	unsigned column = csv->column;
	bool odd = false;

	for (at = from; at < end; at++) {
		const char *plain = at;
		unsigned char c;

		/* most are ASCII that ends nothing */
		while (at < end && (signed char)*at > '\n' && !ends[(unsigned char)*at])
			at++;
		column += (unsigned)(at - plain);
		if (at == end || ends[(unsigned char)*at])
			break;
		c = (unsigned char)*at;
		column += (c & 0xc0) != 0x80;
		odd |= c == 0 || c >= 0x80;
		if (c == '\n') {
			csv->line++;
			column = 1;
		}
	}
	csv->column = column;
	csv->odd |= odd;
	retort_buf_mem(&csv->text, from, (size_t)(at - from));
	csv->at += (size_t)(at - from);
}

/* A quoted cell, whose first quote is next. */
static int take_quoted(struct csv *csv, struct retort_error *err)
{
	static const bool ends[256] = {['"'] = true};
	unsigned line = csv->line, column = csv->column;

	take(csv, '"');
	for (;;) {
		int c;

		take_run(csv, ends);
		if (csv->text.len > LONGEST_ROW)
			return fault(csv, line, column, err, "the row is too long: is a quote not closed?");
		c = peek(csv, err);
		if (c < 0)
			return csv->failed ? -1 : fault(csv, line, column, err, "this quote is never closed");
		if (c != '"')
			continue;
		take(csv, c);
		if (peek(csv, err) != '"')
			return 0;
		take(csv, '"');
		retort_buf_char(&csv->text, '"');
	}
}

/* An unquoted cell up to the comma or line end. */
static int take_bare(struct csv *csv, struct retort_error *err)
{
	static const bool ends[256] = {[','] = true, ['\n'] = true, ['\r'] = true, ['"'] = true};

	for (;;) {
		int c;

		take_run(csv, ends);
		if (csv->text.len > LONGEST_ROW)
			return fault(csv, csv->line, csv->column, err, "the row is too long");
		c = peek(csv, err);
		if (c < 0 || c == ',' || c == '\n' || c == '\r')
			return csv->failed ? -1 : 0;
		if (c == '"')
			return fault(csv, csv->line, csv->column, err,
				"a quote inside a field that does not begin with one: put the field in "
				"quotes and double it");
	}
}

/* Puts the place where a cell begins on the list, whose memory serves every row. */
static void push_start(struct csv *csv, struct cell start)
{
	if (csv->start_count == csv->start_capacity) {
		struct cell *old = csv->starts;

		csv->start_capacity = csv->start_capacity ? csv->start_capacity * 2 : 16;
		csv->starts = retort_alloc_array(csv->file.arena, csv->start_capacity, sizeof *csv->starts);
		if (old)
			memcpy(csv->starts, old, csv->start_count * sizeof *old);
	}
	csv->starts[csv->start_count++] = start;
}

/* One cell. */
static int take_cell(struct csv *csv, struct retort_error *err)
{
	unsigned line = csv->line, column = csv->column;
	size_t start = csv->text.len, fault_at;
	bool quoted = peek(csv, err) == '"';

	csv->odd = false;
	if (csv->failed || (quoted ? take_quoted(csv, err) : take_bare(csv, err)))
		return -1;
	fault_at = csv->text.len - start;
	if (csv->odd)
		fault_at = text_utf8_fault(csv->text.data + start, fault_at);
	if (fault_at != csv->text.len - start)
		return fault(csv, line, column, err,
			csv->text.data[start + fault_at] ? "this field is not valid UTF-8"
							 : "this field holds a zero byte");
	push_start(csv, (struct cell){quoted || csv->text.len > start ? start : NO_CELL, line, column});
	retort_buf_char(&csv->text, 0);
	return 0;
}

/* Takes one row into text and starts. 1: a row, 0: the end, -1: a fault. */
static int take_row(struct csv *csv, unsigned *line, struct retort_error *err)
{
	int ended;

	do {
		*line = csv->line;
		if (peek(csv, err) < 0)
			return csv->failed ? -1 : 0;
		/* An empty line is a row only where there is one column. */
		ended = csv->field_count == 1 ? 0 : take_line_end(csv, err);
	} while (ended > 0);
	retort_buf_clear(&csv->text);
	csv->start_count = 0;
	while (!ended) {
		int c;

		if (take_cell(csv, err))
			return -1;
		ended = take_line_end(csv, err);
		c = ended ? 0 : peek(csv, err);
		if (c < 0)
			return csv->failed ? -1 : 1;
		if (!ended && c != ',')
			return fault(csv, csv->line, csv->column, err,
				"expected a comma or the end of the line after a quoted field");
		if (!ended)
			take(csv, c);
	}
	return ended;
}

/* The texts of the row's cells. */
static void point_cells(struct csv *csv)
{
	size_t i;

	for (i = 0; i < csv->start_count; i++)
		csv->given[i] = csv->starts[i].at == NO_CELL ? NULL : csv->text.data + csv->starts[i].at;
}

/* ---- the source ---- */

static void close_file(void *object)
{
	struct csv *csv = object;

	if (csv->fd >= 0)
		close(csv->fd);
	csv->fd = -1;
}

/* Opens the file at its beginning. */
static int open_file(struct csv *csv, struct retort_error *err)
{
	close_file(csv);
	if (file_is_folder(csv->file.path)) {
		errno = EISDIR;
		return file_fail(err, "read", csv->file.path);
	}
	csv->fd = open(csv->file.path, O_RDONLY | O_CLOEXEC);
	if (csv->fd < 0)
		return file_fail(err, "read", csv->file.path);
	csv->at = csv->len = 0;
	csv->line = csv->column = 1;
	csv->failed = false;
	if (peek(csv, err) == 0xef && csv->len >= 3 && !memcmp(csv->piece, "\xef\xbb\xbf", 3))
		csv->at = 3;
	return csv->failed ? -1 : 0;
}

static int csv_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct csv *csv = (struct csv *)source;
	unsigned line;
	int got;
	size_t i;

	if (csv->fd < 0) {
		if (open_file(csv, err))
			return -1;
		got = csv->head ? take_row(csv, &line, err) : 1;
		if (got <= 0)
			return got;
	}
	got = take_row(csv, &line, err);
	if (got <= 0) {
		close_file(csv);
		return got;
	}
	if (csv->start_count != csv->field_count)
		return rows_fault(&csv->file, line, 1, err, "the row has %zu field%s, expected %zu",
			csv->start_count, csv->start_count == 1 ? "" : "s", csv->field_count);
	point_cells(csv);
	source->line = line;
	for (i = 0; i < source->column_count; i++)
		csv->cells[i] = csv->given[csv->places ? csv->places[i] : i];
	*cells = csv->cells;
	return 1;
}

static void csv_locate(const struct retort_row_source *source, size_t column, unsigned *line, unsigned *at)
{
	const struct csv *csv = (const struct csv *)source;
	const struct cell *cell = &csv->starts[csv->places ? csv->places[column] : column];

	*line = cell->line;
	*at = cell->column;
}

static int csv_rewind(struct retort_row_source *source, struct retort_error *err)
{
	(void)err;
	close_file(source);
	return 0;
}

/* Copies of the names in the first line. */
static const char **head_names(struct csv *csv, struct retort_error *err)
{
	const char **names = retort_alloc_array(csv->file.arena, csv->start_count, sizeof *names);
	size_t i;

	for (i = 0; i < csv->start_count; i++) {
		if (csv->starts[i].at == NO_CELL && !csv->file.op->rows->column_count) {
			rows_fault(&csv->file, 1, 0, err, "field %zu of the head line has no name", i + 1);
			return NULL;
		}
		names[i] = csv->starts[i].at == NO_CELL
			? ""
			: retort_strdup(csv->file.arena, csv->text.data + csv->starts[i].at);
	}
	return names;
}

/* Whether the first line holds all the columns that were given, and where. */
static bool find_places(struct csv *csv, const char *const *names, size_t n)
{
	const struct retort_rows *rows = csv->file.op->rows;
	size_t i, j;

	csv->places = retort_alloc_array(csv->file.arena, rows->column_count, sizeof *csv->places);
	for (i = 0; i < rows->column_count; i++) {
		for (j = 0; j < n && strcmp(rows->columns[i], names[j]); j++)
			;
		if (j == n)
			return false;
		csv->places[i] = j;
	}
	return true;
}

/* Learns the columns from the operation and the first line. */
static int learn_columns(struct csv *csv, struct retort_error *err)
{
	const struct retort_rows *rows = csv->file.op->rows;
	const char **names;
	unsigned line;
	int got = take_row(csv, &line, err);

	if (got < 0)
		return -1;
	if (got == 0 && !rows->column_count)
		return fault(csv, 1, 1, err, "the file is empty: its first line must name the columns");
	csv->field_count = got ? csv->start_count : rows->column_count;
	names = got ? head_names(csv, err) : NULL;
	if (got && !names)
		return -1;
	csv->given = retort_alloc_array(csv->file.arena, csv->field_count, sizeof *csv->given);
	if (!rows->column_count) {
		csv->head = true;
		return rows_set_columns(&csv->file, &csv->source, names, csv->field_count, 1, err);
	}
	csv->head = got && find_places(csv, names, csv->field_count);
	if (!csv->head) {
		csv->places = NULL;
		csv->field_count = rows->column_count;
		csv->given = retort_alloc_array(csv->file.arena, csv->field_count, sizeof *csv->given);
	}
	return rows_set_columns(&csv->file, &csv->source, rows->columns, rows->column_count, 0, err);
}

int rows_open_csv(const struct rows_file *file, struct retort_row_source **ret, struct retort_error *err)
{
	struct csv *csv = retort_alloc(file->arena, sizeof *csv);
	int status;

	csv->file = *file;
	csv->fd = -1;
	csv->source.next = csv_next;
	csv->source.rewind = csv_rewind;
	csv->source.locate = csv_locate;
	csv->source.file = file->shown;
	csv->source.row_count = -1;
	csv->piece = retort_alloc(file->arena, PIECE);
	retort_buf_init(&csv->text, file->arena);
	retort_arena_cleanup(file->arena, close_file, csv);
	if (open_file(csv, err))
		return -1;
	status = learn_columns(csv, err);
	/* Many sources may wait in one plan: none of them holds its file open. */
	close_file(csv);
	csv->cells = retort_alloc_array(file->arena, csv->source.column_count, sizeof *csv->cells);
	*ret = &csv->source;
	return status;
}
