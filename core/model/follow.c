/* SPDX-License-Identifier: MIT */
/* Renames reach everything that names the renamed. Whatever changes is copied first. */
#include <string.h>

#include "model/expression.h"
#include "model/query.h"
#include "model/replaying.h"

const char *const *follow_list(struct retort_arena *arena, const char *const *names, size_t n,
	const char *from, const char *to)
{
	const char **copy;
	size_t i;

	for (i = 0; i < n && !name_equal(names[i], from); i++)
		continue;
	if (i == n)
		return names;
	copy = retort_alloc_array(arena, n, sizeof *copy);
	for (i = 0; i < n; i++)
		copy[i] = name_equal(names[i], from) ? to : names[i];
	return copy;
}

/* A text with other SQL; the very same where it is equal. */
static const struct retort_text *with_sql(struct retort_arena *arena, const struct retort_text *text,
	const char *sql)
{
	struct retort_text *copy;

	if (text->sql == sql)
		return text;
	copy = retort_alloc(arena, sizeof *copy);
	copy->sql = sql;
	return copy;
}

static const struct retort_text *rename_text(struct replaying *replaying, const struct retort_text *text,
	const char *table, const char *from, const char *to)
{
	if (!text || !text->sql)
		return text;
	return with_sql(replaying->arena, text,
		expression_rename(replaying->arena, replaying->syntax, text->sql, table, from, to));
}

/* ---- a column inside its own table ---- */

static struct retort_constraint *rename_in_constraint(struct replaying *replaying,
	const struct retort_table *table, struct retort_constraint *constraint, const char *from,
	const char *to)
{
	struct retort_arena *arena = replaying->arena;
	struct retort_constraint *copy = COPY(arena, constraint);
	struct retort_exclude_element **elements;
	size_t i;

	copy->columns = follow_list(arena, copy->columns, copy->column_count, from, to);
	copy->expression = rename_text(replaying, copy->expression, table->name, from, to);
	if (copy->references && name_equal(copy->references->table, table->name) &&
		name_equal(copy->references->schema, table->schema)) {
		struct retort_references *references = COPY(arena, copy->references);

		references->columns =
			follow_list(arena, references->columns, references->column_count, from, to);
		copy->references = references;
	}
	elements = retort_alloc_array(arena, copy->element_count, sizeof *elements);
	for (i = 0; i < copy->element_count; i++) {
		elements[i] = COPY(arena, copy->elements[i]);
		if (name_equal(elements[i]->column, from))
			elements[i]->column = to;
		elements[i]->expression =
			rename_text(replaying, elements[i]->expression, table->name, from, to);
	}
	copy->elements = (const struct retort_exclude_element *const *)elements;
	return copy;
}

static struct retort_index *rename_in_index(struct replaying *replaying, const struct retort_table *table,
	struct retort_index *index, const char *from, const char *to)
{
	struct retort_arena *arena = replaying->arena;
	struct retort_index *copy = COPY(arena, index);
	struct retort_index_column **columns = retort_alloc_array(arena, copy->column_count, sizeof *columns);
	size_t i;

	copy->include = follow_list(arena, copy->include, copy->include_count, from, to);
	copy->where = rename_text(replaying, copy->where, table->name, from, to);
	for (i = 0; i < copy->column_count; i++) {
		columns[i] = COPY(arena, copy->columns[i]);
		if (name_equal(columns[i]->column, from))
			columns[i]->column = to;
		columns[i]->expression =
			rename_text(replaying, columns[i]->expression, table->name, from, to);
	}
	copy->columns = (const struct retort_index_column *const *)columns;
	copy->definition = NULL;
	return copy;
}

void follow_column_inside(struct replaying *replaying, struct retort_table *table, const char *from,
	const char *to)
{
	struct replay_users users;
	size_t i, j;

	replay_column_users(replaying->arena, table, from, replaying->syntax, &users);
	for (i = 0; i < table->column_count; i++) {
		const struct retort_text *computed =
			rename_text(replaying, table->columns[i]->computed, table->name, from, to);

		if (computed == table->columns[i]->computed)
			continue;
		table->columns[i] = COPY(replaying->arena, table->columns[i]);
		table->columns[i]->computed = computed;
	}
	for (i = 0; i < users.constraint_count; i++) {
		for (j = 0; table->constraints[j] != users.constraints[i]; j++)
			continue;
		table->constraints[j] =
			rename_in_constraint(replaying, table, users.constraints[i], from, to);
	}
	for (i = 0; i < users.index_count; i++) {
		for (j = 0; table->indexes[j] != users.indexes[i]; j++)
			continue;
		table->indexes[j] = rename_in_index(replaying, table, users.indexes[i], from, to);
	}
}

/* ---- stored definitions ---- */

static bool is_mark(const struct retort_token *token, char c)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == c;
}

/* A stored CREATE TABLE or CREATE INDEX text with the table's name exchanged where it is the text's own
 * (TABLE, EXISTS, ON), referred to (REFERENCES) or a qualifier. */
static const char *rename_definition(struct replaying *replaying, const char *definition, const char *from,
	const char *to)
{
	struct retort_token token, before = {0}, next;
	const char *at = definition, *ahead;
	struct retort_buf out;

	if (!definition)
		return NULL;
	retort_buf_init(&out, replaying->arena);
	while ((token = retort_sql_token(replaying->syntax, &at)).kind != RETORT_TOKEN_END) {
		ahead = at;
		next = retort_sql_word(replaying->syntax, &ahead);
		if (token_means(&token, from) &&
			(token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			(retort_token_is(&before, "table") || retort_token_is(&before, "exists") ||
				retort_token_is(&before, "on") || retort_token_is(&before, "references") ||
				is_mark(&next, '.')))
			token_write(&out, replaying->syntax, to);
		else
			retort_buf_mem(&out, token.text, token.len);
		if (token.kind != RETORT_TOKEN_SPACE && token.kind != RETORT_TOKEN_COMMENT)
			before = token;
	}
	return out.data;
}

/* A stored CREATE TABLE text in which REFERENCES table (from) says (to). */
static const char *rename_referred(struct replaying *replaying, const char *definition, const char *table,
	const char *from, const char *to)
{
	struct retort_token token, before = {0};
	const char *at = definition;
	bool ours = false, inside = false;
	struct retort_buf out;

	if (!definition)
		return NULL;
	retort_buf_init(&out, replaying->arena);
	while ((token = retort_sql_token(replaying->syntax, &at)).kind != RETORT_TOKEN_END) {
		if (inside && token_means(&token, from))
			token_write(&out, replaying->syntax, to);
		else
			retort_buf_mem(&out, token.text, token.len);
		if (token.kind == RETORT_TOKEN_SPACE || token.kind == RETORT_TOKEN_COMMENT)
			continue;
		if (is_mark(&token, ')'))
			inside = false;
		else if (ours)
			inside = is_mark(&token, '(');
		ours = retort_token_is(&before, "references") && token_means(&token, table);
		before = token;
	}
	return out.data;
}

/* ---- the rest of the schema ---- */

/* What is renamed: a column of table, or table itself where from is NULL. */
struct renaming {
	const struct retort_table *table;
	const char *from, *to;
};

static const char *rename_query(struct replaying *replaying, const struct renaming *renaming, const char *sql,
	const char *trigger_table)
{
	struct query query = {sql, trigger_table, replaying->syntax, replaying->schema};

	if (!sql)
		return NULL;
	if (!renaming->from)
		return query_rename_table(replaying->arena, &query, renaming->table->schema,
			renaming->table->name, renaming->to);
	return query_rename_column(replaying->arena, &query, renaming->table->schema, renaming->table->name,
		renaming->from, renaming->to);
}

static void follow_views(struct replaying *replaying, struct retort_schema *schema,
	const struct renaming *renaming)
{
	size_t i;

	for (i = 0; i < schema->view_count; i++) {
		struct retort_view *view = schema->views[i];
		const char *sql = view->query ? view->query->sql : NULL;
		const char *renamed = rename_query(replaying, renaming, sql, NULL);

		if (renamed == sql)
			continue;
		view = COPY(replaying->arena, view);
		view->query = with_sql(replaying->arena, view->query, renamed);
		view->definition = rename_query(replaying, renaming, view->definition, NULL);
		catalog_replace(schema, FAMILY_VIEW, schema->views[i], view);
	}
}

static void follow_triggers(struct replaying *replaying, struct retort_schema *schema,
	const struct renaming *renaming)
{
	const struct retort_table *table = renaming->table;
	size_t i;

	for (i = 0; i < schema->trigger_count; i++) {
		struct retort_trigger *trigger = schema->triggers[i];
		bool own =
			name_equal(trigger->table, table->name) && name_equal(trigger->schema, table->schema);
		const char *sql = trigger->body ? trigger->body->sql : NULL;
		const char *renamed = rename_query(replaying, renaming, sql, trigger->table);

		if (renamed == sql && (!own || renaming->from))
			continue;
		trigger = COPY(replaying->arena, trigger);
		if (trigger->body)
			trigger->body = with_sql(replaying->arena, trigger->body, renamed);
		trigger->definition = rename_query(replaying, renaming, trigger->definition, trigger->table);
		if (own && !renaming->from)
			trigger->table = renaming->to;
		catalog_replace(schema, FAMILY_TRIGGER, schema->triggers[i], trigger);
	}
}

/* Other tables' foreign keys to the renamed. */
static void follow_references(struct replaying *replaying, struct retort_schema *schema,
	const struct renaming *renaming)
{
	const struct retort_table *table = renaming->table;
	struct retort_table **referrers;
	size_t n = catalog_referrers(replaying->arena, schema, table->schema, table->name, &referrers), i, j;

	for (i = 0; i < n; i++) {
		struct retort_table *copy;

		if (name_equal(referrers[i]->name, table->name) &&
			name_equal(referrers[i]->schema, table->schema))
			continue;
		copy = retort_table_copy(replaying->arena, referrers[i]);
		for (j = 0; j < copy->constraint_count; j++) {
			const struct retort_references *old = copy->constraints[j]->references;
			struct retort_references *references;

			if (copy->constraints[j]->kind != RETORT_FOREIGN_KEY || !old ||
				!name_equal(old->table, table->name) ||
				!name_equal(old->schema, table->schema))
				continue;
			references = COPY(replaying->arena, old);
			if (renaming->from)
				references->columns = follow_list(replaying->arena, old->columns,
					old->column_count, renaming->from, renaming->to);
			else
				references->table = renaming->to;
			copy->constraints[j] = COPY(replaying->arena, copy->constraints[j]);
			copy->constraints[j]->references = references;
		}
		copy->definition = renaming->from
			? rename_referred(replaying, copy->definition, table->name, renaming->from,
				  renaming->to)
			: rename_definition(replaying, copy->definition, table->name, renaming->to);
		catalog_put(schema, FAMILY_TABLE, copy);
	}
}

void follow_column(struct replaying *replaying, struct retort_schema *schema,
	const struct retort_table *table, const char *from, const char *to)
{
	struct renaming renaming = {table, from, to};

	follow_views(replaying, schema, &renaming);
	follow_triggers(replaying, schema, &renaming);
	follow_references(replaying, schema, &renaming);
}

/* What in the renamed table itself names it. */
static void follow_inside(struct replaying *replaying, struct retort_table *table, const char *from,
	const char *to)
{
	size_t i;

	table->definition = rename_definition(replaying, table->definition, from, to);
	for (i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *constraint = COPY(replaying->arena, table->constraints[i]);

		if (constraint->references && name_equal(constraint->references->table, from) &&
			name_equal(constraint->references->schema, table->schema)) {
			struct retort_references *references = COPY(replaying->arena, constraint->references);

			references->table = to;
			constraint->references = references;
		}
		if (constraint->expression && constraint->expression->sql &&
			expression_names(replaying->syntax, constraint->expression->sql, from))
			constraint->expression = with_sql(replaying->arena, constraint->expression,
				rename_definition(replaying, constraint->expression->sql, from, to));
		table->constraints[i] = constraint;
	}
	for (i = 0; i < table->index_count; i++) {
		table->indexes[i] = COPY(replaying->arena, table->indexes[i]);
		table->indexes[i]->definition =
			rename_definition(replaying, table->indexes[i]->definition, from, to);
	}
}

void follow_table(struct replaying *replaying, struct retort_schema *schema,
	const struct retort_table *before, const char *to)
{
	struct renaming renaming = {before, NULL, to};
	struct retort_table *after = retort_table_copy(replaying->arena, before);

	follow_views(replaying, schema, &renaming);
	follow_triggers(replaying, schema, &renaming);
	follow_references(replaying, schema, &renaming);
	after->name = to;
	follow_inside(replaying, after, before->name, to);
	catalog_replace(schema, FAMILY_TABLE, retort_schema_table(schema, before->schema, before->name),
		after);
}
