/* SPDX-License-Identifier: MIT
 *
 * Rows in bulk: what the driver's bulk puts in, or the host's INSERTs where it has none.
 */
#include <string.h>

#include "engine/checking.h"
#include "engine/statement.h"

#define TABLE                                                                                                \
	"- create_table: {name: 'retort_check_it''s', columns: {id: {type: bigint, primary_key: true}, "     \
	"'a\"b': text, n: integer}}\n"

enum { MANY = 10000, COLUMNS = 3, KINDS = 9 };

/* A generator of rows: number and kind of text follow from the row's number. */
struct generator {
	struct retort_row_source source;
	struct retort_arena *arena;
	unsigned long first, count, at;
	int n; /* of the third column */
	const char *cells[COLUMNS];
};

static const char *const column_names[COLUMNS] = {"id", "a\"b", "n"};

/* The text of a row, or NULL. */
static const char *text_of(unsigned long row, struct retort_arena *arena)
{
	static const char *const kinds[KINDS] = {"", "plain", "it's \\ \"x\"", "tab\tline\nend\r", "\\N",
		"NULL", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "$1 ? %s", NULL};
	const char *kind = kinds[row % KINDS];

	return kind && *kind ? retort_printf(arena, "%s %lu", kind, row) : kind;
}

static int next_row(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct generator *generator = (struct generator *)source;
	unsigned long row = generator->first + generator->at;

	(void)err;
	if (generator->at == generator->count)
		return 0;
	generator->at++;
	generator->cells[0] = retort_printf(generator->arena, "%lu", row);
	generator->cells[1] = text_of(row, generator->arena);
	generator->cells[2] = row % 2 ? retort_printf(generator->arena, "%d", generator->n) : NULL;
	*cells = generator->cells;
	return 1;
}

static int rewind_rows(struct retort_row_source *source, struct retort_error *err)
{
	(void)err;
	((struct generator *)source)->at = 0;
	return 0;
}

static struct retort_row_source *generate(struct checking *checking, unsigned long first, unsigned long count,
	int n)
{
	struct generator *generator = retort_alloc(checking->arena, sizeof *generator);
	const struct retort_type **types = retort_alloc_array(checking->arena, COLUMNS, sizeof *types);

	types[0] = retort_type_new(checking->arena, RETORT_TYPE_BIGINT);
	types[1] = retort_type_new(checking->arena, RETORT_TYPE_TEXT);
	types[2] = retort_type_new(checking->arena, RETORT_TYPE_INTEGER);
	generator->source = (struct retort_row_source){.next = next_row,
		.rewind = rewind_rows,
		.columns = column_names,
		.types = types,
		.column_count = COLUMNS,
		.row_count = (long long)count};
	generator->arena = checking->arena;
	generator->first = first;
	generator->count = count;
	generator->n = n;
	return &generator->source;
}

/* Puts rows in, in a transaction, as a plan would. */
static int insert(struct checking *checking, struct retort_bulk *bulk, unsigned long expected)
{
	struct retort_statement statement = {.kind = RETORT_STATEMENT_ROWS,
		.sql = "rows",
		.description = "rows",
		.bulk = bulk};
	const struct statement_place place = {.index = 1, .total = 1, .in_transaction = true};
	struct session *session = checking->session;
	unsigned long long rows = 0;

	bulk->table = "retort_check_it's";
	if (session_begin(session, 0, checking->err) < 0)
		return -1;
	if (session->driver->bulk) {
		if (session->driver->bulk(session->conn, bulk, &rows, checking->err) < 0)
			return -1;
		if (expected && rows != expected)
			return check_fault(checking, "bulk put %lu rows in and told of %llu", expected, rows);
	} else if (statement_run(session, &statement, &place, checking->err) < 0) {
		return -1;
	}
	return session_commit(session, checking->err);
}

/* Reads rows back in order and compares. */
struct reading {
	struct checking *checking;
	unsigned long row;
	const char *n;
};

static int compare_row(void *context, size_t column_count, const char *const *columns)
{
	struct reading *reading = context;
	struct checking *checking = reading->checking;
	unsigned long row = reading->row++;
	const char *what = retort_printf(checking->arena, "row %lu", row);

	if (column_count != COLUMNS)
		return check_fault(checking, "a row has %zu columns, not %d", column_count, COLUMNS);
	if (check_equal(checking, what, retort_printf(checking->arena, "%lu", row), columns[0]) < 0 ||
		check_equal(checking, what, text_of(row, checking->arena), columns[1]) < 0 ||
		check_equal(checking, what, row % 2 ? reading->n : NULL, columns[2]) < 0)
		return 1;
	return 0;
}

static int many(struct checking *checking)
{
	struct retort_bulk bulk = {.source = generate(checking, 0, MANY, 7)};
	struct reading reading = {.checking = checking, .n = "7"};

	if (check_ops(checking, NULL, TABLE) < 0 || insert(checking, &bulk, MANY) < 0 ||
		session_query(checking->session,
			check_sql(checking,
				"SELECT [id], [a\"b], [n] FROM [retort_check_it's] ORDER BY [id]"),
			NULL, 0, compare_row, &reading, checking->err) < 0 ||
		checking->outcome != CHECK_PASSED)
		return -1;
	if (reading.row != MANY)
		return check_fault(checking, "of %d rows %lu are there", MANY, reading.row);
	return 0;
}

static int none(struct checking *checking)
{
	struct retort_bulk bulk = {.source = generate(checking, 0, 0, 7)};

	if (check_ops(checking, NULL, TABLE) < 0 || insert(checking, &bulk, 0) < 0)
		return -1;
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_it's]", "0");
}

/* Rows 0 to 99 with 7, then 50 to 149 with 8. */
static int conflict(struct checking *checking, bool update, const char *sevens, const char *eights)
{
	static const char *const key[] = {"id"};
	struct retort_bulk first = {.source = generate(checking, 0, 100, 7)};
	struct retort_bulk second = {.source = generate(checking, 50, 100, 8),
		.conflict_ignore = !update,
		.conflict_update = update,
		.key = key,
		.key_count = 1};

	if (check_ops(checking, NULL, TABLE) < 0 || insert(checking, &first, 100) < 0 ||
		insert(checking, &second, 0) < 0 ||
		check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_it's]", "150") <
			0 ||
		check_answer(checking, checking->session,
			"SELECT count(*) FROM [retort_check_it's] WHERE [n] = 7", sevens) < 0)
		return -1;
	return check_answer(checking, checking->session,
		"SELECT count(*) FROM [retort_check_it's] WHERE [n] = 8", eights);
}

static int conflict_ignored(struct checking *checking)
{
	return conflict(checking, false, "50", "25");
}

static int conflict_updated(struct checking *checking)
{
	return conflict(checking, true, "25", "50");
}

/* A key that is there already fails the whole, with the class of the SQLSTATE. */
static int conflict_fails(struct checking *checking)
{
	struct retort_bulk first = {.source = generate(checking, 0, 10, 7)};
	struct retort_bulk second = {.source = generate(checking, 5, 10, 8)};
	const struct retort_problem *problem;

	if (check_ops(checking, NULL, TABLE) < 0 || insert(checking, &first, 10) < 0)
		return -1;
	if (insert(checking, &second, 10) == 0)
		return check_fault(checking, "rows with keys that are there were taken");
	problem = retort_error_first(checking->err);
	if (checking->outcome != CHECK_PASSED || !problem)
		return -1;
	if (problem->code != RETORT_E_SQL || strncmp(problem->sqlstate, "23", 2) != 0)
		return check_fault(checking, "expected an SQLSTATE of class 23, found: %s",
			check_error_text(checking));
	retort_error_clear(checking->err);
	session_rollback(checking->session);
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_it's]", "10");
}

/* A source that fails in the middle: its error is the one that is told. */
static int failing_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	if (((struct generator *)source)->at == 5)
		return retort_fail(err, RETORT_E_FILE, "retort_check_source");
	return next_row(source, cells, err);
}

static int source_fails(struct checking *checking)
{
	struct retort_bulk bulk = {.source = generate(checking, 0, 10, 7)};
	const struct retort_problem *problem;

	bulk.source->next = failing_next;
	if (check_ops(checking, NULL, TABLE) < 0)
		return -1;
	if (insert(checking, &bulk, 0) == 0)
		return check_fault(checking, "the error of a source of rows was lost");
	problem = retort_error_first(checking->err);
	if (!problem || problem->code != RETORT_E_FILE)
		return check_fault(checking, "the error of a source of rows was replaced: %s",
			check_error_text(checking));
	retort_error_clear(checking->err);
	session_rollback(checking->session);
	return check_answer(checking, checking->session, "SELECT count(*) FROM [retort_check_it's]", "0");
}

const struct check checks_rows[] = {
	{"bulk/many", many, NULL},
	{"bulk/none", none, NULL},
	{"bulk/conflict_ignored", conflict_ignored, NULL},
	{"bulk/conflict_updated", conflict_updated, NULL},
	{"bulk/conflict_fails", conflict_fails, NULL},
	{"bulk/source_fails", source_fails, NULL},
	{NULL, NULL, NULL},
};
