/* SPDX-License-Identifier: MIT
 *
 * The parts of a schema that inspection finds one by one.
 */
#include "base/text.h"
#include "model/catalog.h"

struct retort_view *retort_schema_add_view(struct retort_schema *schema, const char *schema_name,
	const char *name, const char *query)
{
	struct retort_view *view = retort_alloc(schema->arena, sizeof *view);

	view->schema = schema_name;
	view->name = name;
	view->query = retort_text_new(schema->arena, query);
	catalog_put(schema, FAMILY_VIEW, view);
	return view;
}

struct retort_trigger *retort_schema_add_trigger(struct retort_schema *schema, const char *schema_name,
	const char *table, const char *name, const char *body)
{
	struct retort_trigger *trigger = retort_alloc(schema->arena, sizeof *trigger);

	trigger->schema = schema_name;
	trigger->table = table;
	trigger->name = name;
	trigger->body = retort_text_new(schema->arena, body);
	catalog_put(schema, FAMILY_TRIGGER, trigger);
	return trigger;
}

/* A list of names with one more. */
static const char *const *with_name(struct retort_arena *arena, const char *const *names, size_t n,
	const char *name)
{
	const char **copy = retort_alloc_array(arena, n + 1, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = names[i];
	copy[n] = name;
	return copy;
}

void retort_constraint_add_column(struct retort_arena *arena, struct retort_constraint *constraint,
	const char *name)
{
	constraint->columns = with_name(arena, constraint->columns, constraint->column_count++, name);
}

struct retort_references *retort_constraint_refer(struct retort_arena *arena,
	struct retort_constraint *constraint, const char *schema_name, const char *table)
{
	struct retort_references *references = retort_alloc(arena, sizeof *references);

	if (constraint->references)
		*references = *constraint->references;
	references->schema = schema_name;
	references->table = table;
	constraint->references = references;
	return references;
}

static const char *const action_names[] = {
	[RETORT_ACTION_NO_ACTION] = "NO ACTION",
	[RETORT_ACTION_RESTRICT] = "RESTRICT",
	[RETORT_ACTION_CASCADE] = "CASCADE",
	[RETORT_ACTION_SET_NULL] = "SET NULL",
	[RETORT_ACTION_SET_DEFAULT] = "SET DEFAULT",
};

const char *retort_action_name(enum retort_action action)
{
	return action_names[action];
}

enum retort_action retort_action_parse(const char *name)
{
	for (size_t i = RETORT_ACTION_NO_ACTION; name && i < sizeof action_names / sizeof *action_names; i++)
		if (text_casecmp(name, action_names[i]) == 0)
			return (enum retort_action)i;
	return RETORT_ACTION_NONE;
}

void retort_references_add_column(struct retort_arena *arena, struct retort_references *references,
	const char *name)
{
	references->columns = with_name(arena, references->columns, references->column_count++, name);
}

struct retort_index_column *retort_index_add_column(struct retort_arena *arena, struct retort_index *index,
	const char *name)
{
	const struct retort_index_column **columns =
		retort_alloc_array(arena, index->column_count + 1, sizeof *columns);
	struct retort_index_column *column = retort_alloc(arena, sizeof *column);

	for (size_t i = 0; i < index->column_count; i++)
		columns[i] = index->columns[i];
	column->column = name;
	columns[index->column_count++] = column;
	index->columns = columns;
	return column;
}

struct retort_default *retort_default_new(struct retort_arena *arena, enum retort_default_kind kind,
	const char *text)
{
	struct retort_default *def = retort_alloc(arena, sizeof *def);

	def->kind = kind;
	def->text = text;
	return def;
}
