/* SPDX-License-Identifier: MIT
 *
 * Many rows by INSERT statements of as many as the server takes at once. LOAD DATA is not used: without
 * IGNORE it can't be had from a client, and with it a row that is wrong would be changed or left out in
 * silence.
 */
#include <string.h>

#include "connection.h"
#include "dialect.h"

enum {
	PIECE = 1 << 20 /* bytes of a statement; more is no faster */,
	ROOM = 4096,
	ROWS_BETWEEN_WORDS = 5000
};

/* How a cell is written. */
enum form { FORM_TEXT, FORM_NUMBER, FORM_BOOLEAN, FORM_BYTES };

/* One load at work. */
struct load {
	struct retort_conn *conn;
	const struct retort_bulk *bulk;
	struct retort_arena *arena;
	struct retort_render *render; /* for the builders */
	enum form *forms;             /* of each column */
	struct retort_buf sql, head, tail;
	const char *what; /* for progress */
	unsigned long long taken, told;
	size_t limit;
};

static enum form form_of(const struct retort_type *type)
{
	switch (type ? type->kind : RETORT_TYPE_TEXT) {
	case RETORT_TYPE_BOOLEAN:
		return FORM_BOOLEAN;
	case RETORT_TYPE_SMALLINT:
	case RETORT_TYPE_INTEGER:
	case RETORT_TYPE_BIGINT:
	case RETORT_TYPE_NUMERIC:
		return FORM_NUMBER;
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		return FORM_BYTES;
	default:
		return FORM_TEXT;
	}
}

static void append_text(struct retort_buf *out, const char *text)
{
	retort_buf_char(out, '\'');
	for (;;) {
		size_t plain = strcspn(text, "'\\");

		retort_buf_mem(out, text, plain);
		text += plain;
		if (!*text)
			break;
		retort_buf_char(out, *text);
		retort_buf_char(out, *text++);
	}
	retort_buf_char(out, '\'');
}

/* Whether a text is a plain number, which alone may stand without quotes. */
static bool is_number(const char *text)
{
	size_t n;

	text += *text == '-';
	n = strspn(text, "0123456789.");
	return n > 0 && !text[n];
}

static void append_cell(struct retort_buf *out, enum form form, const char *cell)
{
	if (!cell)
		retort_buf_str(out, "NULL");
	else if (form == FORM_NUMBER && is_number(cell))
		retort_buf_str(out, cell);
	else if (form == FORM_BOOLEAN && (strcmp(cell, "true") == 0 || strcmp(cell, "false") == 0))
		retort_buf_char(out, *cell == 't' ? '1' : '0');
	else if (form == FORM_BYTES && strncmp(cell, "0x", 2) == 0 &&
		strspn(cell + 2, "0123456789abcdefABCDEF") == strlen(cell + 2))
		retort_buf_printf(out, "X'%s'", cell + 2);
	else
		append_text(out, cell);
}

static void tell(struct load *load, long long total)
{
	const struct retort_listener *listener = load->conn->listener;

	load->told = load->taken;
	if (listener && listener->progress)
		listener->progress(listener->context, load->what, load->taken,
			total < 0 ? 0 : (unsigned long long)total);
}

static int send_rows(struct load *load, struct retort_error *err)
{
	if (load->sql.len == load->head.len)
		return 0;
	if (atomic_load(&load->conn->cancelled))
		return retort_fail(err, RETORT_E_INTERRUPTED, "statement was cancelled");
	retort_buf_mem(&load->sql, load->tail.data, load->tail.len);
	if (connection_send(load->conn, load->sql.data, load->sql.len, err))
		return -1;
	load->sql.len = load->head.len;
	if (load->taken - load->told >= ROWS_BETWEEN_WORDS)
		tell(load, load->bulk->source->row_count);
	return 0;
}

static int load_rows(struct load *load, struct retort_error *err)
{
	struct retort_row_source *source = load->bulk->source;
	const char *const *cells;
	int rc;

	while ((rc = source->next(source, &cells, err)) == 1) {
		size_t before = load->sql.len;

		retort_buf_str(&load->sql, before == load->head.len ? "\n(" : ",\n(");
		for (size_t i = 0; i < source->column_count; i++) {
			if (i > 0)
				retort_buf_char(&load->sql, ',');
			append_cell(&load->sql, load->forms[i], cells[i]);
		}
		retort_buf_char(&load->sql, ')');
		load->taken++;
		if (load->sql.len >= load->limit && send_rows(load, err))
			return -1;
	}
	return rc == 0 ? send_rows(load, err) : -1;
}

int bulk_insert(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
	struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	struct load load = {.conn = conn, .bulk = bulk, .arena = arena};
	int rc;

	load.render = retort_render_new(arena, conn->is_mariadb ? &mariadb_dialect : &mysql_dialect,
		conn->version, NULL);
	load.what = retort_printf(arena, "rows into '%s'", bulk->table);
	load.limit = conn->packet > PIECE + ROOM ? PIECE : conn->packet / 2;
	load.forms = retort_alloc_array(arena, bulk->source->column_count + 1, sizeof *load.forms);
	for (size_t i = 0; i < bulk->source->column_count; i++)
		load.forms[i] = form_of(bulk->source->types ? bulk->source->types[i] : NULL);
	retort_buf_init(&load.head, arena);
	retort_buf_init(&load.tail, arena);
	retort_buf_init(&load.sql, arena);
	retort_buf_str(&load.tail, "");
	retort_sql_insert_head(load.render, &load.head, bulk);
	rc = retort_sql_insert_tail(load.render, &load.tail, bulk, err);
	retort_buf_mem(&load.sql, load.head.data, load.head.len);
	if (rc == 0)
		rc = load_rows(&load, err);
	if (rc)
		retort_error_prefix(err, "cannot insert into '%s'", bulk->table);
	if (rows)
		*rows = load.taken;
	retort_arena_free(arena);
	return rc;
}
