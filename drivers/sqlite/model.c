/* SPDX-License-Identifier: MIT
 *
 * Stored texts as the schema model.
 */
#include "inspect.h"

#include <string.h>

#include "native.h"

const char *model_bare(struct retort_arena *arena, const char *sql)
{
	return retort_sql_bare(arena, SQLITE_SYNTAX, sql);
}

/* ---- defaults ---- */

/* The neutral text of a literal token, NULL where it is none. */
static const char *literal_text(struct retort_arena *arena, const struct retort_type *type, const char *sql)
{
	const char *at = sql;
	struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);
	bool minus = *token.text == '-', blob;

	if (minus || *token.text == '+')
		token = retort_sql_word(SQLITE_SYNTAX, &at);
	blob = token.kind == RETORT_TOKEN_STRING && (*token.text == 'x' || *token.text == 'X');
	if (blob)
		return retort_printf(arena, "0x%.*s", (int)token.len - 3, token.text + 2);
	if (type->kind == RETORT_TYPE_BOOLEAN && token.kind == RETORT_TOKEN_NUMBER && token.len == 1)
		return *token.text == '1' ? "true" : *token.text == '0' ? "false" : NULL;
	if (type->kind == RETORT_TYPE_BOOLEAN &&
		(retort_token_is(&token, "true") || retort_token_is(&token, "false")))
		return retort_token_is(&token, "true") ? "true" : "false";
	if (token.kind == RETORT_TOKEN_NUMBER)
		return retort_printf(arena, "%s%.*s", minus ? "-" : "", (int)token.len, token.text);
	return token.kind == RETORT_TOKEN_STRING ? token_name(arena, &token) : NULL;
}

/* Whether rendering a default gives the text that is there. */
static bool gives_back(struct retort_render *render, const struct retort_type *type,
	const struct retort_default *def, const char *sql)
{
	struct retort_error *own = retort_error_new();
	struct retort_buf out;
	bool same;

	retort_buf_init(&out, render->arena);
	same = retort_sql_default(render, &out, type, def, own) == 0 &&
		same_sql(render->arena, out.data, sql);
	retort_error_free(own);
	return same;
}

/* Whether a default is one of the type. */
static bool can_be_said(struct retort_render *render, const struct retort_type *type,
	const struct retort_default *def)
{
	struct retort_error *own = retort_error_new();
	struct retort_buf out;
	bool said;

	retort_buf_init(&out, render->arena);
	said = retort_sql_default(render, &out, type, def, own) == 0;
	retort_error_free(own);
	return said;
}

/* A default as it stands after DEFAULT. */
static const struct retort_default *model_default(struct retort_render *render,
	const struct retort_type *type, const char *sql)
{
	static const char *const functions[] = {"today", "now", "uuid"};
	struct retort_arena *arena = render->arena;
	const char *at = sql, *text;
	struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);
	struct retort_default *def;

	if (retort_token_is(&token, "null"))
		return NULL;
	if (*token.text == '(') {
		for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
			def = retort_default_new(arena, RETORT_DEFAULT_FUNCTION, functions[i]);
			if (gives_back(render, type, def, sql))
				return def;
		}
		return retort_default_new(arena, RETORT_DEFAULT_EXPRESSION, model_bare(arena, sql));
	}
	text = literal_text(arena, type, sql);
	if (text) {
		def = retort_default_new(arena, RETORT_DEFAULT_LITERAL, text);
		if (gives_back(render, type, def, sql))
			return def;
	}
	/* A bare name is a string to SQLite, whatever the column's type. */
	if (token.kind == RETORT_TOKEN_QUOTED) {
		def = retort_default_new(arena, RETORT_DEFAULT_LITERAL, token_name(arena, &token));
		if (can_be_said(render, type, def))
			return def;
	}
	return retort_default_new(arena, RETORT_DEFAULT_EXPRESSION, sql);
}

/* ---- constraints ---- */

static const enum retort_constraint_kind constraint_kinds[] = {
	[CLAUSE_PRIMARY_KEY] = RETORT_PRIMARY_KEY,
	[CLAUSE_UNIQUE] = RETORT_UNIQUE,
	[CLAUSE_FOREIGN_KEY] = RETORT_FOREIGN_KEY,
	[CLAUSE_CHECK] = RETORT_CHECK,
};

/* A constraint from a clause; column: the one it stands in, NULL for one of the table. */
static void add_constraint(struct retort_arena *arena, struct retort_table *table,
	const struct definition *definition, struct clause *clause, const char *column)
{
	struct retort_constraint *constraint;

	if (clause->kind != CLAUSE_PRIMARY_KEY && clause->kind != CLAUSE_UNIQUE &&
		clause->kind != CLAUSE_CHECK && clause->kind != CLAUSE_FOREIGN_KEY)
		return;
	constraint = retort_table_add_constraint(arena, table, constraint_kinds[clause->kind], clause->name);
	clause->model = constraint;
	if (clause->kind == CLAUSE_CHECK) {
		constraint->expression =
			retort_text_new(arena, model_bare(arena, definition_part(definition, clause->inner)));
		return;
	}
	constraint->columns = clause->columns;
	constraint->column_count = clause->column_count;
	if (column) {
		const char **columns = retort_alloc_array(arena, 1, sizeof *columns);

		*columns = column;
		constraint->columns = columns;
		constraint->column_count = 1;
	}
	constraint->references = clause->references;
	constraint->deferrable = clause->deferrable;
	constraint->initially = clause->initially;
	constraint->match = clause->match;
}

/* Reads the tokens of a CHECK; the number of them, or more than max. */
static size_t check_tokens(const char *sql, struct retort_token *tokens, size_t max)
{
	size_t n = 0;

	while (n < max && (tokens[n] = retort_sql_word(SQLITE_SYNTAX, &sql)).kind != RETORT_TOKEN_END)
		n++;
	return n;
}

static bool token_is_mark(const struct retort_token *token, const char *mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == strlen(mark) &&
		memcmp(token->text, mark, token->len) == 0;
}

/* column IN ('a', 'b', ...): the type with these values, else NULL. */
static struct retort_type *enum_of(struct retort_arena *arena, const char *sql)
{
	struct retort_type *type = retort_type_new(arena, RETORT_TYPE_ENUM);
	const char **values = NULL;
	size_t count = 0;
	struct retort_token token;

	for (int i = 0; i < 3; i++)
		token = retort_sql_word(SQLITE_SYNTAX, &sql); /* column, IN, ( */
	if (!token_is_mark(&token, "("))
		return NULL;
	do {
		token = retort_sql_word(SQLITE_SYNTAX, &sql);
		if (token.kind != RETORT_TOKEN_STRING || *token.text != '\'')
			return NULL;
		RETORT_PUSH(arena, values, count, token_name(arena, &token));
		token = retort_sql_word(SQLITE_SYNTAX, &sql);
	} while (token_is_mark(&token, ","));
	if (!token_is_mark(&token, ")") || retort_sql_word(SQLITE_SYNTAX, &sql).kind != RETORT_TOKEN_END)
		return NULL;
	type->values = values;
	type->value_count = count;
	return type;
}

/* The column and the type that a CHECK stands in for, where it is one that the dialect writes. */
static struct retort_column *check_type(struct retort_arena *arena, const struct retort_table *table,
	const char *sql, struct retort_type **type)
{
	struct retort_token tokens[5];
	size_t n = check_tokens(sql, tokens, 5);
	bool json = n == 4 && retort_token_is(&tokens[0], "json_valid");
	struct retort_column *column = NULL;

	if (n < 3 ||
		(tokens[json ? 2 : 0].kind != RETORT_TOKEN_WORD &&
			tokens[json ? 2 : 0].kind != RETORT_TOKEN_QUOTED))
		return NULL;
	column = retort_table_column(table, token_name(arena, &tokens[json ? 2 : 0]));
	if (!column || column->computed)
		return NULL;
	if (json && native_same(column->native_type, "TEXT")) {
		*type = retort_type_new(arena, RETORT_TYPE_JSON);
		return column;
	}
	if (retort_token_is(&tokens[1], "in") && native_same(column->native_type, "TEXT")) {
		*type = enum_of(arena, sql);
		return *type ? column : NULL;
	}
	if (n == 3 && token_is_mark(&tokens[1], ">=") && tokens[2].len == 1 && *tokens[2].text == '0' &&
		column->type->is_unsigned) {
		struct retort_type *same = retort_alloc(arena, sizeof *same);

		*same = *column->type;
		*type = same;
		return column;
	}
	return NULL;
}

/* Columns whose CHECK has become their type. */
struct absorbed {
	const char **names;
	size_t count;
};

static bool is_absorbed(const struct absorbed *absorbed, const struct retort_column *column)
{
	for (size_t i = 0; i < absorbed->count; i++)
		if (absorbed->names[i] == column->name)
			return true;
	return false;
}

/* Turns CHECKs that stand in for a type into that type. Only the first of a column can. */
static void absorb_checks(struct retort_arena *arena, struct retort_table *table, struct absorbed *absorbed)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint = table->constraints[i];
		struct retort_column *column = NULL;
		struct retort_type *type = NULL;

		if (constraint->kind == RETORT_CHECK)
			column = check_type(arena, table, constraint->expression->sql, &type);
		if (!column || is_absorbed(absorbed, column)) {
			table->constraints[kept++] = constraint;
			continue;
		}
		column->type = type;
		column->type_check_name = constraint->name;
		RETORT_PUSH(arena, absorbed->names, absorbed->count, column->name);
	}
	table->constraint_count = kept;
}

/* ---- types ---- */

/* Gives the declared name to every type that would be rendered otherwise. */
static void settle_types(struct retort_render *render, struct retort_table *table,
	const struct absorbed *absorbed)
{
	for (size_t i = 0; i < table->column_count; i++) {
		struct retort_column *column = table->columns[i];
		struct retort_variant *variant;
		struct retort_text *variants;
		struct retort_type *type;
		struct retort_buf out;

		retort_buf_init(&out, render->arena);
		/* An unsigned type without its CHECK is only a name. */
		if (native_column_type(render, &out, table, column, NULL) == 0 &&
			(native_same(out.data, column->native_type) || !*column->native_type) &&
			(!column->type->is_unsigned || is_absorbed(absorbed, column)))
			continue;
		type = retort_alloc(render->arena, sizeof *type);
		*type = *column->type;
		type->native = column->native_type;
		variant = retort_alloc(render->arena, sizeof *variant);
		variant->dialect = "sqlite";
		variant->sql = column->native_type;
		variants = retort_text_new(render->arena, NULL);
		variants->variants = variant;
		variants->variant_count = 1;
		type->native_variants = variants;
		column->type = type;
	}
}

/* ---- tables ---- */

static const struct retort_option *option_new(struct retort_arena *arena, const char *key)
{
	struct retort_option *option = retort_alloc(arena, sizeof *option);

	option->dialect = "sqlite";
	option->key = key;
	option->value = "true";
	return option;
}

static void add_options(struct retort_arena *arena, struct retort_table *table,
	const struct definition *definition)
{
	const struct retort_option **options = NULL;
	size_t n = 0;

	if (definition->strict)
		RETORT_PUSH(arena, options, n, option_new(arena, "strict"));
	if (definition->without_rowid)
		RETORT_PUSH(arena, options, n, option_new(arena, "without_rowid"));
	table->options = options;
	table->option_count = n;
}

static void add_column(struct retort_arena *arena, struct retort_table *table,
	const struct definition *definition, const struct column_item *item)
{
	struct retort_column *column = retort_table_add_column(arena, table, item->name);
	const struct clause *clause;

	column->native_type = definition_part(definition, item->type);
	column->type = native_parse(arena, column->native_type, definition->strict);
	column->nullable = !column_clause(item, CLAUSE_NOT_NULL);
	clause = column_clause(item, CLAUSE_COLLATE);
	if (clause) {
		const char *at = definition->text + clause->inner.start;
		struct retort_token token = retort_sql_word(SQLITE_SYNTAX, &at);

		column->collation = token_name(arena, &token);
	}
	clause = column_clause(item, CLAUSE_COMPUTED);
	if (clause) {
		column->computed =
			retort_text_new(arena, model_bare(arena, definition_part(definition, clause->inner)));
		column->computed_stored = clause->stored;
	}
	clause = column_clause(item, CLAUSE_PRIMARY_KEY);
	if (clause && clause->autoincrement)
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	for (size_t i = 0; i < item->clause_count; i++)
		add_constraint(arena, table, definition, item->clauses[i], column->name);
}

/* Key columns hold no NULL, whatever old SQLite lets pass. */
static void settle_key(struct retort_table *table, const struct definition *definition)
{
	const struct retort_constraint *key = retort_table_primary_key(table);
	struct retort_column *column;

	for (size_t i = 0; key && i < key->column_count; i++) {
		column = retort_table_column(table, key->columns[i]);
		if (column)
			column->nullable = false;
	}
	for (size_t i = 0; key && key->column_count == 1 && i < definition->constraint_count; i++)
		if (definition->constraints[i]->autoincrement) {
			column = retort_table_column(table, key->columns[0]);
			if (column)
				column->autoincrement = RETORT_AUTO_BY_DEFAULT;
		}
}

struct retort_table *model_table(struct retort_render *render, const struct definition *definition,
	const char *sql)
{
	struct retort_arena *arena = render->arena;
	struct retort_table *table = retort_table_new(arena, NULL, definition->name);
	struct absorbed absorbed = {NULL, 0};

	table->definition = sql;
	add_options(arena, table, definition);
	for (size_t i = 0; i < definition->column_count; i++)
		add_column(arena, table, definition, definition->columns[i]);
	for (size_t i = 0; i < definition->constraint_count; i++)
		add_constraint(arena, table, definition, definition->constraints[i], NULL);
	settle_key(table, definition);
	absorb_checks(arena, table, &absorbed);
	settle_types(render, table, &absorbed);
	for (size_t i = 0; i < definition->column_count; i++) {
		const struct clause *clause = column_clause(definition->columns[i], CLAUSE_DEFAULT);

		if (clause)
			table->columns[i]->def = model_default(render, table->columns[i]->type,
				definition_part(definition, clause->inner));
	}
	return table;
}
