/* SPDX-License-Identifier: MIT */
#include "engine/statement.h"

#include <stdlib.h>
#include <string.h>

#include "engine/program.h"
#include "sql/render.h"

#define ROWS_PER_INSERT 500  /* where the driver has no bulk */
#define ROWS_PER_PIECE 10000 /* of a source that is loaded in several transactions */

/* Tells how many rows are in. */
static void tell_progress(struct session *session, const struct retort_statement *statement,
	const struct statement_place *place, unsigned long long rows)
{
	struct event event = {
		.kind = EVENT_PROGRESS,
		.revision = place->revision,
		.direction = place->direction,
		.index = place->index,
		.total = place->total,
		.description = statement->description,
		.rows = rows,
	};

	if (statement->bulk && statement->bulk->source->row_count > 0)
		event.rows_total = (unsigned long long)statement->bulk->source->row_count;
	session_event(session, &event);
}

/* Rows by INSERTs of many rows each. */
static int insert_rows(struct session *session, const struct retort_statement *statement,
	const struct statement_place *place, struct retort_error *err)
{
	unsigned long long total = 0;

	for (;;) {
		struct retort_arena *scratch = retort_arena_new();
		struct retort_render render = session_render(session, scratch, NULL, NULL);
		const char *sql = NULL;
		size_t count = 0;
		int ret;

		ret = render_insert(&render, statement->bulk, ROWS_PER_INSERT, &sql, &count, err);
		if (ret == 0 && count)
			ret = session_exec(session, sql, NULL, 0, NULL, err);
		retort_arena_free(scratch);
		if (ret < 0 || count == 0)
			return ret;
		total += count;
		tell_progress(session, statement, place, total);
		if (session_interrupted(session, err) < 0)
			return -1;
	}
}

static int run_rows(struct session *session, const struct retort_statement *statement,
	const struct statement_place *place, struct retort_error *err)
{
	unsigned long long rows = 0;

	if (statement->bulk->source->rewind &&
		statement->bulk->source->rewind(statement->bulk->source, err) < 0)
		return -1;
	if (!session->driver->bulk)
		return insert_rows(session, statement, place, err);
	if (session->driver->bulk(session->conn, statement->bulk, &rows, err) < 0)
		return -1;
	tell_progress(session, statement, place, rows);
	return 0;
}

/* message with {value} replaced by what was found. */
static const char *assert_message(struct retort_arena *arena, const char *message, const char *value)
{
	const char *at = strstr(message, "{value}");
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (; at; message = at + strlen("{value}"), at = strstr(message, "{value}")) {
		retort_buf_mem(&out, message, (size_t)(at - message));
		retort_buf_str(&out, value ? value : "NULL");
	}
	retort_buf_str(&out, message);
	return out.data;
}

/* A query whose one value must be what the operation says. */
static int run_assert(struct session *session, const struct retort_statement *statement,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const struct retort_op *op = statement->op;
	const char *value = NULL;
	bool found;
	int ret;

	ret = session_value(session, scratch, statement->sql, NULL, 0, &value, &found, err);
	if (ret == 0 && (!op->equals != !value || (value && strcmp(value, op->equals) != 0))) {
		if (op->message)
			ret = retort_fail(err, RETORT_E_STATE, "assertion failed: %s",
				assert_message(scratch, op->message, value));
		else
			ret = retort_fail(err, RETORT_E_STATE,
				"assertion failed: the query gives '%s', not '%s'",
				!found          ? "no row"
					: value ? value
						: "NULL",
				op->equals ? op->equals : "NULL");
		retort_error_statement(err, statement->sql);
	}
	retort_arena_free(scratch);
	return ret;
}

int statement_settled(struct session *session, const struct statement_place *place, struct retort_error *err)
{
	enum retort_tx_state state, expected = place->in_transaction ? RETORT_TX_ACTIVE : RETORT_TX_IDLE;
	bool known;

	state = session_state(session, &known);
	if (known && state != expected)
		return retort_fail(err, RETORT_E_STATE,
			place->in_transaction ? "the statement ended the transaction that it ran in: what it "
						"did can't be rolled back"
					      : "the statement left a transaction open");
	return session_interrupted(session, err);
}

int statement_run(struct session *session, const struct retort_statement *statement,
	const struct statement_place *place, struct retort_error *err)
{
	struct event event = {
		.kind = EVENT_STATEMENT,
		.revision = place->revision,
		.direction = place->direction,
		.index = place->index,
		.total = place->total,
		.sql = statement->sql,
		.description = statement->description,
	};
	int ret;

	if (session_interrupted(session, err) < 0)
		return -1;
	session_event(session, &event);
	switch (statement->kind) {
	case RETORT_STATEMENT_ROWS:
		ret = run_rows(session, statement, place, err);
		break;
	case RETORT_STATEMENT_ASSERT:
		ret = run_assert(session, statement, err);
		break;
	case RETORT_STATEMENT_RUN:
		ret = program_run(session, statement->op, err);
		break;
	case RETORT_STATEMENT_SQL:
	default:
		ret = session_exec(session, statement->sql, NULL, 0, NULL, err);
		break;
	}
	if (ret < 0) {
		retort_error_statement(err, statement->sql);
		return -1;
	}
	return statement_settled(session, place, err);
}

/* ---- in pieces ---- */

/* The next rows of another source, no more than a number of them. */
struct piece_source {
	struct retort_row_source source; /* first */
	struct retort_row_source *whole;
	struct digest *digest; /* takes in what is given */
	unsigned long long left, given;
	bool ended;
};

static void digest_cells(struct digest *digest, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		digest_add_field(digest, cells[i]);
}

/* What a digest has come to, which goes on. */
static const char *digest_text(struct retort_arena *arena, const struct digest *digest)
{
	struct digest ended = *digest;
	char hex[65];

	digest_hex(&ended, hex);
	return retort_strndup(arena, hex, 16);
}

static int piece_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct piece_source *piece = (struct piece_source *)source;
	int ret;

	if (!piece->left)
		return 0;
	ret = piece->whole->next(piece->whole, cells, err);
	source->file = piece->whole->file;
	source->line = piece->whole->line;
	piece->ended = ret == 0;
	if (ret > 0) {
		digest_cells(piece->digest, *cells, source->column_count);
		piece->left--;
		piece->given++;
	}
	return ret;
}

static void piece_locate(const struct retort_row_source *source, size_t column, unsigned *line, unsigned *at)
{
	const struct piece_source *piece = (const struct piece_source *)source;

	if (piece->whole->locate)
		piece->whole->locate(piece->whole, column, line, at);
}

int statement_rows_check(const struct retort_statement *statement, unsigned long long rows, const char *seen,
	struct digest *digest, struct retort_error *err)
{
	struct retort_row_source *source = statement->bulk->source;
	struct retort_arena *scratch = retort_arena_new();
	unsigned long long given = 0;
	const char *const *cells;
	struct digest own;
	int ret = source->rewind ? source->rewind(source, err) : 0;

	digest_init(&own);
	for (; given < rows && ret >= 0 && (ret = source->next(source, &cells, err)) > 0; given++)
		digest_cells(&own, cells, source->column_count);
	if (ret >= 0 && rows && (given < rows || !seen || strcmp(digest_text(scratch, &own), seen) != 0))
		ret = retort_fail(err, RETORT_E_STATE,
			"%llu rows are in already, and are no longer the first ones of the file: put them "
			"back "
			"as they were",
			rows);
	if (digest)
		*digest = own;
	retort_arena_free(scratch);
	return ret < 0 ? -1 : 0;
}

static int rows_piece(struct session *session, struct retort_arena *arena,
	const struct retort_statement *statement, const struct statement_place *place,
	struct batch_progress *progress, struct retort_error *err)
{
	struct piece_source piece = {.source = *statement->bulk->source,
		.whole = statement->bulk->source,
		.digest = &progress->digest,
		.left = ROWS_PER_PIECE};
	struct retort_bulk bulk = *statement->bulk;
	struct retort_statement part = *statement;
	unsigned long long rows;

	if (!progress->begun &&
		statement_rows_check(statement, progress->rows, progress->seen, &progress->digest, err) < 0)
		return -1;
	progress->begun = true;
	piece.source.next = piece_next;
	piece.source.rewind = NULL;
	piece.source.locate = piece_locate;
	bulk.source = &piece.source;
	part.bulk = &bulk;
	if ((session->driver->bulk ? session->driver->bulk(session->conn, &bulk, &rows, err)
				   : insert_rows(session, &part, place, err)) < 0) {
		retort_error_statement(err, statement->sql);
		return -1;
	}
	progress->rows += piece.given;
	progress->seen = digest_text(arena, &progress->digest);
	progress->finished = piece.ended || piece.given < ROWS_PER_PIECE;
	tell_progress(session, statement, place, progress->rows);
	return statement_settled(session, place, err);
}

/* A row of keys, copied. */
struct key_row {
	struct retort_arena *arena;
	const char **values;
};

static int take_key(void *context, size_t column_count, const char *const *columns)
{
	struct key_row *row = context;

	row->values = retort_alloc_array(row->arena, column_count, sizeof *row->values);
	for (size_t i = 0; i < column_count; i++)
		row->values[i] = retort_strdup(row->arena, columns[i]);
	return 1;
}

int statement_batch(struct session *session, struct retort_arena *arena,
	const struct retort_statement *statement, const struct statement_place *place,
	struct batch_progress *progress, struct retort_error *err)
{
	const struct retort_batch *batch = statement->batch;
	struct key_row upto = {.arena = arena};
	bool first = !progress->after;
	long long affected = 0;
	const char **params;
	const char *sql;
	size_t n = 0;

	if (session_interrupted(session, err) < 0)
		return -1;
	if (statement->kind == RETORT_STATEMENT_ROWS)
		return rows_piece(session, arena, statement, place, progress, err);
	params = retort_alloc_array(arena, 2 * batch->key_count, sizeof *params);
	for (size_t i = 0; !first && i < batch->key_count; i++)
		params[n++] = progress->after[i];
	if (session_query(session, first ? batch->first_bound : batch->next_bound, params, n, take_key, &upto,
		    err) < 0)
		return -1;
	if (upto.values) {
		sql = first ? batch->apply_upto : batch->apply_after_upto;
		for (size_t i = 0; i < batch->key_count; i++)
			params[n++] = upto.values[i];
	} else {
		sql = first ? batch->apply_all : batch->apply_after;
		progress->finished = true;
	}
	if (session_exec(session, sql, params, n, &affected, err) < 0)
		return -1;
	progress->after = upto.values;
	progress->after_count = upto.values ? batch->key_count : 0;
	progress->rows += affected > 0 ? (unsigned long long)affected : 0;
	tell_progress(session, statement, place, progress->rows);
	return statement_settled(session, place, err);
}
