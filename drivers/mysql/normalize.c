/* SPDX-License-Identifier: MIT
 *
 * Two schemas made alike in all that the servers don't tell apart.
 */
#include <string.h>

#include "expression.h"
#include "inspect.h"

#define MOST_OF_SEQUENCE 9223372036854775806LL

/* ---- defaults ---- */

/* "007.500" is 7.5. */
static const char *plain_number(struct retort_arena *arena, const char *text)
{
	bool minus = *text == '-';
	const char *at = text + (minus || *text == '+'), *dot;
	char *copy;
	size_t n;

	if (!*at || at[strspn(at, "0123456789.")])
		return text;
	while (*at == '0' && at[1] >= '0' && at[1] <= '9')
		at++;
	copy = retort_strdup(arena, at);
	n = strlen(copy);
	dot = strchr(copy, '.');
	while (dot && n > 0 && copy[n - 1] == '0')
		copy[--n] = 0;
	if (n > 0 && copy[n - 1] == '.')
		copy[--n] = 0;
	return retort_printf(arena, "%s%s", minus && strcmp(copy, "0") != 0 ? "-" : "", copy);
}

/* "12:00:00.500000" is 12:00:00.5. */
static const char *plain_time(struct retort_arena *arena, const char *text)
{
	char *copy = retort_strdup(arena, text);
	size_t n = strlen(copy);

	if (!strchr(copy, '.'))
		return text;
	while (n > 0 && copy[n - 1] == '0')
		copy[--n] = 0;
	if (n > 0 && copy[n - 1] == '.')
		copy[--n] = 0;
	return copy;
}

static const char *plain_literal(struct retort_arena *arena, const struct retort_type *type, const char *text)
{
	char *lower;

	switch (type->kind) {
	case RETORT_TYPE_BOOLEAN:
		return strcmp(text, "true") == 0 ? "1" : strcmp(text, "false") == 0 ? "0" : text;
	case RETORT_TYPE_SMALLINT:
	case RETORT_TYPE_INTEGER:
	case RETORT_TYPE_BIGINT:
	case RETORT_TYPE_NUMERIC:
	case RETORT_TYPE_FLOAT:
	case RETORT_TYPE_DOUBLE:
		return plain_number(arena, text);
	case RETORT_TYPE_TIME:
	case RETORT_TYPE_DATETIME:
	case RETORT_TYPE_TIMESTAMP:
		return plain_time(arena, text);
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		lower = retort_strdup(arena, text);
		for (char *at = lower; *at; at++)
			*at = dialect_lower(*at);
		return lower;
	default:
		return text;
	}
}

static int normalize_default(struct retort_render *render, struct retort_column *column,
	struct retort_error *err)
{
	struct retort_default *def = retort_alloc(render->arena, sizeof *def);
	const char *plain, *literal;
	struct retort_buf out;

	if (!column->def)
		return 0;
	if (column->def->kind == RETORT_DEFAULT_NULL || column->computed) {
		column->def = NULL;
		return 0;
	}
	*def = *column->def;
	if (def->kind != RETORT_DEFAULT_LITERAL) {
		retort_buf_init(&out, render->arena);
		if (retort_sql_default(render, &out, column->type, column->def, err))
			return -1;
		plain = expression_plain(render->arena, out.data);
		literal = expression_literal(render->arena, plain);
		def->kind = literal ? RETORT_DEFAULT_LITERAL : RETORT_DEFAULT_EXPRESSION;
		def->text = literal ? literal : plain;
	}
	if (def->kind == RETORT_DEFAULT_LITERAL)
		def->text = plain_literal(render->arena, column->type, def->text);
	column->def = def;
	return 0;
}

/* ---- columns ---- */

static int normalize_column(struct retort_render *render, struct retort_table *table, size_t at,
	const char *table_collation, struct retort_error *err)
{
	struct retort_column *column = retort_table_own_column(render->arena, table, at);
	struct retort_type *native = retort_type_new(render->arena, RETORT_TYPE_NATIVE);

	if (!column->type || column->type->kind == RETORT_TYPE_NONE)
		return 0;
	if (column->type->kind == RETORT_TYPE_NATIVE) { /* a file's own: its numbers count as such */
		struct retort_type *nearest = type_read(render, column->type->native);

		nearest->native = type_normal(render->arena, column->type->native);
		column->type = nearest;
	}
	if (normalize_default(render, column, err))
		return -1;
	if (type_native(render, column->type, &native->native, err))
		return -1;
	column->type = native;
	if (column->computed)
		column->computed = retort_text_new(render->arena,
			expression_plain(render->arena, column->computed->sql));
	if (column->computed && dialect_is_mariadb(render))
		column->nullable = true; /* it knows no other */
	if (column->autoincrement != RETORT_AUTO_NONE)
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	if (dialect_same(column->collation, table_collation) || dialect_same(column->collation, "binary"))
		column->collation = NULL;
	if (column->comment && !*column->comment)
		column->comment = NULL;
	column->auto_start = column->auto_increment = 0;
	column->type_check_name = column->enum_type_name = NULL;
	column->native_type = NULL;
	return 0;
}

/* ---- constraints and indexes ---- */

static enum retort_action plain_action(enum retort_action action)
{
	return action == RETORT_ACTION_NO_ACTION || action == RETORT_ACTION_RESTRICT ? RETORT_ACTION_NONE
										     : action;
}

static void normalize_constraint(struct retort_arena *arena, struct retort_table *table, size_t at)
{
	struct retort_references *references;
	struct retort_constraint *constraint = retort_table_own_constraint(arena, table, at, &references);

	constraint->not_valid = false;
	constraint->match = NULL;
	constraint->deferrable = false;
	constraint->initially = RETORT_INITIALLY_NONE;
	if (constraint->kind == RETORT_PRIMARY_KEY)
		constraint->name = NULL;
	if (constraint->kind == RETORT_CHECK && constraint->expression)
		constraint->expression =
			retort_text_new(arena, expression_plain(arena, constraint->expression->sql));
	if (constraint->kind != RETORT_FOREIGN_KEY || !constraint->references)
		return;
	references->on_delete = plain_action(references->on_delete);
	references->on_update = plain_action(references->on_update);
}

/* A prefix that is the whole column is none. */
static unsigned plain_length(const struct retort_table *table, const struct retort_index_column *key)
{
	const struct retort_column *column = key->column ? retort_table_column(table, key->column) : NULL;

	return column && column->type && !type_takes_prefix(column->type, key->length) ? 0 : key->length;
}

static void normalize_index(struct retort_arena *arena, struct retort_table *table,
	const struct retort_table *given, size_t at)
{
	struct retort_index_column **columns;
	struct retort_index *index = retort_table_own_index(arena, table, at, &columns);

	for (size_t i = 0; i < index->column_count; i++) {
		struct retort_index_column *key = columns[i];

		if (key->order == RETORT_ORDER_ASC)
			key->order = RETORT_ORDER_NONE;
		key->nulls = RETORT_NULLS_NONE;
		key->length = plain_length(given, key);
		key->opclass = key->collation = NULL;
		if (key->expression)
			key->expression =
				retort_text_new(arena, expression_plain(arena, key->expression->sql));
	}
	index->include = NULL;
	index->include_count = 0;
	index->definition = NULL;
	if (!index->unique)
		index->where = NULL;
	if (dialect_same(index->method, "btree") || dialect_same(index->method, "hash"))
		index->method = NULL;
}

/* ---- options ---- */

/* Whether an option says what would be so without it. */
static bool is_usual(const struct retort_option *option, const char *collation)
{
	if (strcmp(option->key, "engine") == 0)
		return dialect_same(option->value, "InnoDB");
	if (strcmp(option->key, "charset") == 0)
		return dialect_same(option->value, "utf8mb4") ||
			(collation && dialect_starts(collation, option->value));
	if (strcmp(option->key, "row_format") == 0)
		return dialect_same(option->value, "default") || dialect_same(option->value, "dynamic");
	return strcmp(option->key, "auto_increment") == 0; /* it moves with the rows */
}

static const char *option_value(const struct retort_table *table, const char *dialect, const char *key)
{
	const char *value = retort_table_option(table, dialect, key);

	return value ? value : retort_table_option(table, "mysql", key);
}

/* All words of options are the same in any case. */
static const char *lower(struct retort_arena *arena, const char *word)
{
	char *ret = retort_strdup(arena, word);

	for (char *at = ret; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return ret;
}

static void normalize_options(struct retort_render *render, struct retort_table *table)
{
	struct retort_arena *arena = render->arena;
	const char *dialect = render->dialect->name, *collation = option_value(table, dialect, "collate");
	const struct retort_option **options =
		retort_alloc_array(arena, table->option_count + 1, sizeof *options);
	size_t count = 0;

	for (const struct retort_option_row *row = render->dialect->options; row->object; row++) {
		struct retort_option *option = retort_alloc(arena, sizeof *option);
		const char *value = option_value(table, dialect, row->key);

		if (!value)
			continue;
		*option = (struct retort_option){"mysql", row->key, lower(arena, value)};
		if (!is_usual(option, collation))
			options[count++] = option;
	}
	table->options = options;
	table->option_count = count;
}

/* ---- all of it ---- */

static int normalize_table(struct retort_render *render, struct retort_table **ret, struct retort_error *err)
{
	const struct retort_table *given = *ret;
	struct retort_table *table = retort_table_copy(render->arena, given);
	const char *collation = option_value(given, render->dialect->name, "collate");

	*ret = table;
	table->definition = NULL;
	if (table->comment && !*table->comment)
		table->comment = NULL;
	for (size_t i = 0; i < table->column_count; i++)
		if (normalize_column(render, table, i, collation, err))
			return -1;
	for (size_t i = 0; i < table->constraint_count; i++)
		normalize_constraint(render->arena, table, i);
	for (size_t i = 0; i < table->index_count; i++)
		normalize_index(render->arena, table, given, i);
	model_implied(render->arena, table);
	model_unique(render->arena, table);
	normalize_options(render, table);
	retort_table_key_not_null(table);
	return 0;
}

static void normalize_sequence(struct retort_arena *arena, struct retort_schema *schema, size_t at)
{
	struct retort_sequence *sequence = retort_alloc(arena, sizeof *sequence);

	*sequence = *schema->sequences[at];
	schema->sequences[at] = sequence;
	sequence->type = NULL;
	sequence->start = sequence->start ? sequence->start : 1;
	sequence->increment = sequence->increment ? sequence->increment : 1;
	sequence->minimum = sequence->minimum ? sequence->minimum : 1;
	sequence->maximum = sequence->maximum ? sequence->maximum : MOST_OF_SEQUENCE;
	sequence->cache = sequence->cache ? sequence->cache : 1000;
}

/* What may be said in the head of a routine and is so anyway. */
static bool skips(const char **at)
{
	static const char *const phrases[][3] = {
		{"contains", "sql", NULL},
		{"not", "deterministic", NULL},
		{"language", "sql", NULL},
		{"sql", "security", "definer"},
	};

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		const char *ahead = *at;
		size_t k = 0;

		while (k < 3 && phrases[i][k]) {
			struct retort_token token = retort_sql_word(MYSQL_SYNTAX, &ahead);

			if (!retort_token_is(&token, phrases[i][k]))
				break;
			k++;
		}
		if (k == 3 || !phrases[i][k]) {
			*at = ahead;
			return true;
		}
	}
	return false;
}

/* The head of a routine without what is so anyway, and with int for integer and int(11). */
static const char *plain_routine(struct retort_arena *arena, const char *body)
{
	const char *at = body;
	struct retort_token token;
	struct retort_buf out;
	bool head = true;

	retort_buf_init(&out, arena);
	for (;;) {
		while (head && skips(&at))
			;
		token = retort_sql_word(MYSQL_SYNTAX, &at);
		if (token.kind == RETORT_TOKEN_END)
			break;
		if (retort_token_is(&token, "begin") || retort_token_is(&token, "return"))
			head = false;
		if (head && retort_token_is(&token, "in"))
			continue; /* as parameters are */
		retort_buf_str(&out, out.len > 0 ? " " : "");
		if (head &&
			(retort_token_is(&token, "int") || retort_token_is(&token, "integer") ||
				retort_token_is(&token, "bigint") || retort_token_is(&token, "smallint"))) {
			retort_buf_printf(&out, "%.*s",
				retort_token_is(&token, "integer") ? 3 : (int)token.len, token.text);
			if (at[strspn(at, " ")] == '(')
				at = strchr(at, ')') ? strchr(at, ')') + 1 : at;
			continue;
		}
		retort_buf_mem(&out, token.text, token.len);
	}
	while (out.len > 0 && strchr(" ;", out.data[out.len - 1]))
		out.data[--out.len] = 0;
	return out.len > 0 ? out.data : body;
}

static void normalize_routine(struct retort_arena *arena, struct retort_schema *schema, size_t at)
{
	struct retort_routine *routine = retort_alloc(arena, sizeof *routine);

	*routine = *schema->routines[at];
	schema->routines[at] = routine;
	if (routine->body)
		routine->body = retort_text_new(arena, plain_routine(arena, routine->body->sql));
}

/* ---- views ---- */

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

static bool is_filler(const struct retort_token *token)
{
	static const char *const words[] = {"as", "inner", "cross", "outer", "asc"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (retort_token_is(token, words[i]))
			return true;
	return is_mark(token, '(') || is_mark(token, ')') || is_mark(token, ';');
}

/* One token in its plain form. */
static const char *plain_token(struct retort_arena *arena, const struct retort_token *token)
{
	char *text = token->kind == RETORT_TOKEN_QUOTED ? retort_token_name(arena, token)
							: retort_strndup(arena, token->text, token->len);

	for (char *at = text; token->kind == RETORT_TOKEN_WORD && *at; at++)
		*at = dialect_lower(*at);
	return strcmp(text, "!=") == 0 ? "<>" : text;
}

/* A query without what the server adds to it and without what it takes away: parentheses, the table in front
 * of a column, a column's own name as its alias. */
static const char *plain_query(struct retort_arena *arena, const char *sql)
{
	struct retort_token token;
	const char *last = "", *text;
	struct retort_buf out;
	bool named = false;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, "");
	while ((token = retort_sql_word(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		const char *ahead = sql;
		struct retort_token following = retort_sql_token(MYSQL_SYNTAX, &ahead);

		if (is_mark(&following, '.') &&
			(token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED)) {
			sql = ahead;
			continue;
		}
		if (is_filler(&token) ||
			(token.kind == RETORT_TOKEN_WORD && *token.text == '_' &&
				following.kind == RETORT_TOKEN_STRING)) {
			named = retort_token_is(&token, "as");
			continue;
		}
		text = plain_token(arena, &token);
		if (is_mark(&token, '*') && strcmp(last, "count") == 0)
			text = "0"; /* count(*) is kept as count(0) */
		if (named && strcmp(text, last) == 0) {
			named = false;
			continue;
		}
		named = false;
		retort_buf_printf(&out, "%s%s", out.len > 0 ? " " : "", text);
		last = text;
	}
	return out.data;
}

/* Views over others come after them, however often that takes: what * means in one may be another's columns.
 */
static void expand_views(struct retort_arena *arena, struct retort_schema *schema)
{
	struct star_names *known = retort_alloc_array(arena, schema->view_count + 1, sizeof *known);
	bool *done = retort_alloc_array(arena, schema->view_count + 1, sizeof *done), again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < schema->view_count; i++) {
			struct retort_view *view = schema->views[i], *copy;
			const char *sql = done[i] || !view->query || !view->query->sql
				? NULL
				: star_expand(arena, schema, view, known);

			if (!sql)
				continue;
			done[i] = again = true;
			known[i] = star_of_list(arena, sql);
			if (sql == view->query->sql)
				continue;
			copy = retort_alloc(arena, sizeof *copy);
			*copy = *view;
			copy->query = retort_text_new(arena, sql);
			schema->views[i] = copy;
		}
	}
}

static void normalize_view(struct retort_arena *arena, struct retort_schema *schema, size_t at)
{
	struct retort_view *view = retort_alloc(arena, sizeof *view);

	*view = *schema->views[at];
	schema->views[at] = view;
	view->definition = NULL;
	if (view->query && view->query->sql)
		view->query = retort_text_new(arena, plain_query(arena, view->query->sql));
}

/* Without the semicolon and blanks at its end. */
static const struct retort_text *trimmed(struct retort_arena *arena, const struct retort_text *text)
{
	size_t n = text && text->sql ? strlen(text->sql) : 0;

	while (n > 0 && strchr(" \t\r\n;", text->sql[n - 1]))
		n--;
	return n == 0 ? text : retort_text_new(arena, retort_strndup(arena, text->sql, n));
}

static void normalize_trigger(struct retort_arena *arena, struct retort_schema *schema, size_t at)
{
	struct retort_trigger *trigger = retort_alloc(arena, sizeof *trigger);

	*trigger = *schema->triggers[at];
	schema->triggers[at] = trigger;
	trigger->body = trimmed(arena, trigger->body);
	trigger->definition = NULL;
}

static int normalize(struct retort_arena *arena, const struct retort_dialect *dialect,
	struct retort_schema *schema, struct retort_error *err)
{
	struct retort_render *render = retort_render_new(arena, dialect, 0, NULL);

	render->schema = schema;
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table = schema->tables[i];

		if (normalize_table(render, &table, err))
			return -1;
		retort_schema_put_table(schema, table);
	}
	for (size_t i = 0; i < schema->sequence_count; i++)
		normalize_sequence(arena, schema, i);
	for (size_t i = 0; i < schema->routine_count; i++)
		normalize_routine(arena, schema, i);
	for (size_t i = 0; i < schema->trigger_count; i++)
		normalize_trigger(arena, schema, i);
	expand_views(arena, schema);
	for (size_t i = 0; i < schema->view_count; i++)
		normalize_view(arena, schema, i);
	/* Named enums are columns' own here. */
	schema->enum_count = 0;
	return 0;
}

int normalize_mysql(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	return normalize(arena, &mysql_dialect, schema, err);
}

int normalize_mariadb(struct retort_arena *arena, struct retort_schema *schema, struct retort_error *err)
{
	return normalize(arena, &mariadb_dialect, schema, err);
}
