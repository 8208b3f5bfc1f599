/* SPDX-License-Identifier: MIT
 *
 * A table as the server would report it: made as a temporary one, which no other session sees and which goes
 * with this one, and read back from SHOW CREATE TABLE, as information_schema doesn't tell of temporary
 * tables. Foreign keys, which such tables can't have, and full-text indexes are taken over as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "expression.h"
#include "inspect.h"

#define SCRATCH "retort_scratch_table"

/* The text of SHOW CREATE TABLE, as it is read. */
struct reader {
	struct retort_arena *arena;
	struct retort_render *render;
	struct retort_table *table;
	const char *at;
	struct retort_token token; /* that comes next */
};

static void next(struct reader *reader)
{
	reader->token = retort_sql_word(MYSQL_SYNTAX, &reader->at);
}

static bool is_word(const struct reader *reader, const char *word)
{
	return retort_token_is(&reader->token, word);
}

static bool take_word(struct reader *reader, const char *word)
{
	bool is = is_word(reader, word);

	if (is)
		next(reader);
	return is;
}

static bool is_mark(const struct reader *reader, char mark)
{
	return reader->token.kind == RETORT_TOKEN_PUNCTUATION && reader->token.len == 1 &&
		*reader->token.text == mark;
}

static bool at_end(const struct reader *reader)
{
	return reader->token.kind == RETORT_TOKEN_END;
}

/* The name, or string, that comes next. */
static const char *take_name(struct reader *reader)
{
	const char *name = reader->token.kind == RETORT_TOKEN_STRING
		? expression_literal(reader->arena,
			  retort_strndup(reader->arena, reader->token.text, reader->token.len))
		: retort_token_name(reader->arena, &reader->token);

	next(reader);
	return name ? name : "";
}

/* What stands in the parenthesis that comes next, without it. */
static const char *take_inside(struct reader *reader)
{
	const char *start = reader->token.text + 1, *end = start;
	size_t depth = 0;

	do {
		depth += is_mark(reader, '(');
		depth -= is_mark(reader, ')');
		end = reader->token.text;
		next(reader);
	} while (depth > 0 && !at_end(reader));
	return retort_strndup(reader->arena, start, (size_t)(end - start));
}

/* A value: a parenthesis, a literal with what stands before it, or a word that may be called. */
static const char *take_value(struct reader *reader)
{
	const char *start = reader->token.text, *end;

	if (is_mark(reader, '('))
		return take_inside(reader);
	if (is_mark(reader, '-'))
		next(reader);
	end = reader->token.text + reader->token.len;
	if (reader->token.kind == RETORT_TOKEN_WORD) {
		next(reader);
		if (reader->token.kind == RETORT_TOKEN_STRING && reader->token.text == end) {
			end += reader->token.len;
			next(reader);
		} else if (is_mark(reader, '(')) {
			take_inside(reader);
			end = strchr(end, ')') ? strchr(end, ')') + 1 : end;
		}
	} else {
		next(reader);
	}
	return retort_strndup(reader->arena, start, (size_t)(end - start));
}

/* ---- columns ---- */

static const char *take_type(struct reader *reader)
{
	struct retort_buf type;

	retort_buf_init(&type, reader->arena);
	retort_buf_mem(&type, reader->token.text, reader->token.len);
	next(reader);
	if (is_mark(reader, '('))
		retort_buf_printf(&type, "(%s)", take_inside(reader));
	while (is_word(reader, "unsigned") || is_word(reader, "zerofill")) {
		retort_buf_printf(&type, " %.*s", (int)reader->token.len, reader->token.text);
		next(reader);
	}
	return type.data;
}

/* One attribute of a column; false at its end. */
static bool take_attribute(struct reader *reader, struct column_facts *facts, const char **check)
{
	if (take_word(reader, "character")) {
		next(reader);
		next(reader);
	} else if (take_word(reader, "collate")) {
		facts->collation = take_name(reader);
	} else if (take_word(reader, "not")) {
		facts->nullable = false;
		next(reader);
	} else if (take_word(reader, "null")) {
		facts->nullable = true;
	} else if (take_word(reader, "default")) {
		facts->def_is_sql = true;
		facts->def = take_value(reader);
	} else if (take_word(reader, "on")) {
		next(reader);
		facts->on_update = take_value(reader);
	} else if (take_word(reader, "auto_increment")) {
		facts->autoincrement = true;
	} else if (take_word(reader, "comment")) {
		facts->comment = take_name(reader);
	} else if (take_word(reader, "generated") || take_word(reader, "always")) {
		return true;
	} else if (take_word(reader, "as")) {
		facts->generation = take_inside(reader);
	} else if (take_word(reader, "stored") || take_word(reader, "persistent")) {
		facts->stored = true;
	} else if (take_word(reader, "invisible")) {
		facts->invisible = true;
	} else if (take_word(reader, "check")) {
		*check = take_inside(reader);
	} else if (at_end(reader) || is_mark(reader, ',') || is_mark(reader, ')')) {
		return false;
	} else {
		next(reader);
	}
	return true;
}

static void take_column(struct reader *reader)
{
	struct column_facts facts = {.nullable = true};
	const char *start = reader->token.text, *hidden, *check = NULL;

	facts.name = take_name(reader);
	facts.type = take_type(reader);
	while (take_attribute(reader, &facts, &check))
		;
	hidden = strstr(start, " INVISIBLE */"); /* as MySQL writes it, a comment to older servers */
	facts.invisible = facts.invisible || (hidden && hidden < reader->token.text);
	model_column(reader->render, reader->table, &facts);
	if (check)
		model_check(reader->render, reader->table, facts.name, check, true);
}

/* ---- keys ---- */

static void take_key_columns(struct reader *reader, struct retort_index *index)
{
	const struct retort_index_column **list = NULL;

	next(reader);
	while (!at_end(reader) && !is_mark(reader, ')')) {
		struct retort_index_column *key = retort_alloc(reader->arena, sizeof *key);

		if (is_mark(reader, '('))
			key->expression = retort_text_new(reader->arena,
				expression_plain(reader->arena, take_inside(reader)));
		else
			key->column = take_name(reader);
		if (is_mark(reader, '('))
			key->length = (unsigned)strtoul(take_inside(reader), NULL, 10);
		if (take_word(reader, "desc"))
			key->order = RETORT_ORDER_DESC;
		take_word(reader, "asc");
		RETORT_PUSH(reader->arena, list, index->column_count, key);
		if (is_mark(reader, ','))
			next(reader);
	}
	next(reader);
	index->columns = list;
}

static void take_index(struct reader *reader, bool unique)
{
	struct retort_index *index = retort_table_add_index(reader->arena, reader->table, NULL);

	next(reader); /* KEY */
	index->name = take_name(reader);
	index->unique = unique;
	take_key_columns(reader, index);
}

static void take_primary_key(struct reader *reader)
{
	struct retort_constraint *key =
		retort_table_add_constraint(reader->arena, reader->table, RETORT_PRIMARY_KEY, NULL);
	struct retort_index columns = {0};
	const char **list;

	next(reader);
	take_key_columns(reader, &columns);
	list = retort_alloc_array(reader->arena, columns.column_count, sizeof *list);
	for (size_t i = 0; i < columns.column_count; i++)
		list[i] = columns.columns[i]->column;
	key->columns = list;
	key->column_count = columns.column_count;
}

static void take_item(struct reader *reader)
{
	const char *name = NULL;

	if (reader->token.kind == RETORT_TOKEN_QUOTED) {
		take_column(reader);
		return;
	}
	if (take_word(reader, "constraint"))
		name = take_name(reader);
	if (take_word(reader, "primary"))
		take_primary_key(reader);
	else if (take_word(reader, "unique"))
		take_index(reader, true);
	else if (is_word(reader, "key"))
		take_index(reader, false);
	else if (take_word(reader, "check"))
		model_check(reader->render, reader->table, name, take_inside(reader), false);
	while (!at_end(reader) && !is_mark(reader, ',') && !is_mark(reader, ')'))
		next(reader); /* USING BTREE... */
}

/* ENGINE=InnoDB ... COLLATE=x COMMENT='y' */
static void take_options(struct reader *reader, const char *usual_collation)
{
	const char *engine = NULL, *collation = NULL, *row_format = NULL;

	while (!at_end(reader)) {
		bool is_engine = is_word(reader, "engine"), is_collation = is_word(reader, "collate");
		bool is_format = is_word(reader, "row_format"), is_comment = is_word(reader, "comment");
		const char *value;

		next(reader);
		if (!is_mark(reader, '='))
			continue;
		next(reader);
		value = take_name(reader);
		engine = is_engine ? value : engine;
		collation = is_collation ? value : collation;
		row_format = is_format ? value : row_format;
		if (is_comment)
			reader->table->comment = value;
	}
	for (size_t i = 0; collation && i < reader->table->column_count; i++)
		if (dialect_same(reader->table->columns[i]->collation, collation))
			reader->table->columns[i]->collation = NULL;
	model_options(reader->arena, reader->table, engine, collation ? collation : usual_collation,
		row_format, usual_collation);
}

static struct retort_table *read_definition(struct retort_render *render, const struct retort_table *like,
	const char *sql, const char *usual_collation)
{
	struct reader reader = {.arena = render->arena, .render = render, .at = sql};

	reader.table = retort_table_new(render->arena, like->schema, like->name);
	next(&reader);
	while (!at_end(&reader) && !is_mark(&reader, '('))
		next(&reader);
	next(&reader);
	while (!at_end(&reader) && !is_mark(&reader, ')')) {
		take_item(&reader);
		if (is_mark(&reader, ','))
			next(&reader);
	}
	next(&reader);
	take_options(&reader, usual_collation);
	return reader.table;
}

/* ---- making it ---- */

static bool is_special(const struct retort_index *index)
{
	return dialect_same(index->method, "fulltext") || dialect_same(index->method, "spatial");
}

/* The table without what temporary ones can't have. */
static struct retort_table *plain_table(struct retort_arena *arena, const struct retort_table *table)
{
	struct retort_table *plain = retort_table_copy(arena, table);
	size_t kept = 0;

	for (size_t i = 0; i < plain->index_count; i++)
		if (!is_special(plain->indexes[i]) && !plain->indexes[i]->implied)
			plain->indexes[kept++] = plain->indexes[i];
	plain->index_count = kept;
	return plain;
}

/* Gives the result back what was left out. */
static void take_rest(struct retort_arena *arena, struct retort_table *to, const struct retort_table *from)
{
	for (size_t i = 0; i < from->constraint_count; i++) {
		struct retort_constraint *own = from->constraints[i]->name
			? retort_table_constraint(to, from->constraints[i]->name)
			: NULL;

		if (from->constraints[i]->kind == RETORT_FOREIGN_KEY)
			*retort_table_add_constraint(arena, to, RETORT_FOREIGN_KEY, NULL) =
				*from->constraints[i];
		else if (own)
			own->conventional = from->constraints[i]->conventional;
	}
	for (size_t i = 0; i < from->index_count; i++) {
		struct retort_index *own =
			from->indexes[i]->name ? retort_table_index(to, from->indexes[i]->name) : NULL;

		if (is_special(from->indexes[i]))
			*retort_table_add_index(arena, to, NULL) = *from->indexes[i];
		else if (own)
			own->conventional = from->indexes[i]->conventional;
	}
}

/* The second column of SHOW CREATE TABLE. */
struct shown {
	struct retort_arena *arena;
	const char *text;
};

static int take_shown(void *context, size_t column_count, const char *const *columns)
{
	struct shown *shown = context;

	shown->text = column_count > 1 ? retort_strdup(shown->arena, columns[1]) : NULL;
	return 1;
}

static int make_and_show(struct retort_conn *conn, const char *sql, struct shown *shown,
	struct retort_error *err)
{
	struct retort_error *ignored = retort_error_new();
	int rc = connection_exec(conn, "DROP TEMPORARY TABLE IF EXISTS " SCRATCH, NULL, 0, NULL, err);

	if (rc == 0)
		rc = connection_exec(conn, sql, NULL, 0, NULL, err);
	if (rc == 0)
		rc = connection_query(conn, "SHOW CREATE TABLE " SCRATCH, NULL, 0, take_shown, shown, err);
	connection_exec(conn, "DROP TEMPORARY TABLE IF EXISTS " SCRATCH, NULL, 0, NULL, ignored);
	retort_error_free(ignored);
	return rc;
}

int canonical_table(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err)
{
	struct retort_render *render = retort_render_new(arena,
		conn->is_mariadb ? &mariadb_dialect : &mysql_dialect, conn->version, NULL);
	const struct retort_table *plain = plain_table(arena, table);
	struct shown shown = {.arena = arena};
	struct retort_buf sql;
	int rc;

	retort_buf_init(&sql, arena);
	if (table_render(render, &sql, plain, SCRATCH, TABLE_TEMPORARY | TABLE_WITHOUT_KEYS_TO_OTHERS, err))
		return -1;
	if (conn->read_only &&
		connection_exec(conn, "SET SESSION TRANSACTION READ WRITE", NULL, 0, NULL, err))
		return -1;
	rc = make_and_show(conn, sql.data, &shown, err);
	if (conn->read_only)
		connection_exec(conn, "SET SESSION TRANSACTION READ ONLY", NULL, 0, NULL, NULL);
	if (rc)
		return -1;
	if (!shown.text)
		return retort_fail(err, RETORT_E_INTERNAL, "the server shows nothing of a table just made");
	*ret = read_definition(render, table, shown.text, conn->default_collation);
	take_rest(arena, *ret, table);
	model_unique(arena, *ret);
	return 0;
}
