/* SPDX-License-Identifier: MIT */
#include "engine/plan_live.h"

#include <string.h>

#include "base/map.h"
#include "model/catalog.h"
#include "model/expand.h"
#include "model/replay.h"

/* Names gathered from operations. */
struct gather {
	struct retort_arena *arena;
	const struct retort_schema *schema;
	bool definitions; /* known tables too: their stored text is wanted */
	bool restates;    /* likewise what their columns have beyond the model */
	struct map *made; /* what the plan itself makes */
	struct map *seen;
	const char **names;
	size_t count;
};

static const char *key_of(struct retort_arena *arena, const char *schema_name, const char *name)
{
	return retort_printf(arena, "%s\n%s", schema_name ? schema_name : "", name);
}

/* One table that an operation needs. */
static int gather_table(void *context, const char *schema_name, const char *name)
{
	struct gather *gather = context;
	const char *key = key_of(gather->arena, schema_name, name);
	const struct retort_table *table;

	if (map_get(gather->made, key) || map_get(gather->seen, key))
		return 0;
	table = retort_schema_table(gather->schema, schema_name, name);
	if (table && !gather->restates && (!gather->definitions || table->definition))
		return 0;
	map_put(gather->seen, key, gather);
	RETORT_PUSH(gather->arena, gather->names, gather->count, name);
	return 0;
}

/* The stored texts of a known table's indexes; those that replay has not seen come along. */
static void take_indexes(struct retort_arena *arena, struct retort_table *table,
	const struct retort_table *live)
{
	for (size_t i = 0; i < live->index_count; i++) {
		struct retort_index *found = live->indexes[i], *copy = NULL;

		for (size_t k = 0; k < table->index_count && !copy; k++) {
			if (strcmp(table->indexes[k]->name ? table->indexes[k]->name : "",
				    found->name ? found->name : "") != 0)
				continue;
			copy = retort_alloc(arena, sizeof *copy);
			*copy = *table->indexes[k];
			copy->definition = found->definition;
			table->indexes[k] = copy;
		}
		if (!copy && found->definition)
			RETORT_PUSH(arena, table->indexes, table->index_count, found);
	}
}

/* Names by convention what has none in a table that was adopted, so that operations can speak of it. */
static void name_constraints(const struct session *session, struct retort_table *table)
{
	struct resolve resolve = plan_resolve(session);
	struct retort_error *ignored = retort_error_new();
	struct expand expand = {&resolve, ignored, map_new(session->arena)};

	for (size_t i = 0; i < table->constraint_count; i++) {
		struct retort_constraint *named;

		if (!table->constraints[i]->name &&
			expand_constraint(&expand, table->schema, table->name, table->constraints[i],
				&named) == 1)
			table->constraints[i] = named;
	}
	retort_error_free(ignored);
}

/* What a known table's columns have that the model has no member for. */
static void take_extras(struct retort_arena *arena, struct retort_table *table,
	const struct retort_table *live)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *found = retort_table_column(live, table->columns[i]->name);

		if (found && found->native_extra && !table->columns[i]->native_extra)
			retort_table_own_column(arena, table, i)->native_extra = found->native_extra;
	}
}

/* Whether an operation restates a whole column where the engine knows no other way. */
static bool restates(const struct session *session, const struct retort_op *op)
{
	return session_has(session, RETORT_CAP_RESTATES) &&
		(op->kind == RETORT_OP_ALTER_COLUMN || op->kind == RETORT_OP_RENAME_COLUMN ||
			(op->kind == RETORT_OP_COMMENT && op->name && op->name != op->table));
}

/* Puts what the catalog says of one table into the schema. */
static void take_table(const struct session *session, struct retort_schema *schema, struct retort_table *live)
{
	struct retort_table *known = retort_schema_table(schema, live->schema, live->name), *copy;

	if (!known) {
		name_constraints(session, live);
		retort_schema_put_table(schema, live);
		return;
	}
	copy = retort_table_copy(session->arena, known);
	copy->definition = live->definition;
	take_indexes(session->arena, copy, live);
	take_extras(session->arena, copy, live);
	retort_schema_put_table(schema, copy);
}

/* Puts the triggers of the tables that were looked at into the schema. */
static void take_triggers(const struct session *session, struct retort_schema *schema,
	const struct retort_schema *live)
{
	for (size_t i = 0; i < live->trigger_count; i++) {
		struct retort_trigger *found = live->triggers[i], *known, *copy;

		known = catalog_find(schema, FAMILY_TRIGGER, found->table, found->schema, found->name);
		copy = retort_alloc(session->arena, sizeof *copy);
		*copy = known ? *known : *found;
		copy->definition = found->definition;
		catalog_put(schema, FAMILY_TRIGGER, copy);
	}
}

int plan_inspect(struct session *session, struct retort_arena *arena, const char *const *tables, size_t count,
	struct retort_schema **ret, struct retort_error *err)
{
	const struct retort_inspect_options options = {
		.size = sizeof options,
		.schemas = session->settings->include_schemas,
		.schema_count = session->settings->include_schema_count,
		.tables = tables,
		.table_count = count,
	};

	if (session->driver->inspect(session->conn, &options, arena, ret, err) < 0)
		return -1;
	return session->dialect->normalize ? session->dialect->normalize(arena, *ret, err) : 0;
}

/* ---- objects beside tables ---- */

/* Operations that need an object which is there, and which make one. */
static const struct {
	enum retort_op_kind kind;
	enum family family;
	bool makes;
} object_ops[] = {
	{RETORT_OP_CREATE_VIEW, FAMILY_VIEW, true},
	{RETORT_OP_REPLACE_VIEW, FAMILY_VIEW, false},
	{RETORT_OP_DROP_VIEW, FAMILY_VIEW, false},
	{RETORT_OP_CREATE_ROUTINE, FAMILY_ROUTINE, true},
	{RETORT_OP_REPLACE_ROUTINE, FAMILY_ROUTINE, false},
	{RETORT_OP_DROP_ROUTINE, FAMILY_ROUTINE, false},
	{RETORT_OP_CREATE_TRIGGER, FAMILY_TRIGGER, true},
	{RETORT_OP_REPLACE_TRIGGER, FAMILY_TRIGGER, false},
	{RETORT_OP_DROP_TRIGGER, FAMILY_TRIGGER, false},
	{RETORT_OP_CREATE_SEQUENCE, FAMILY_SEQUENCE, true},
	{RETORT_OP_DROP_SEQUENCE, FAMILY_SEQUENCE, false},
};

/* Puts views, routines, triggers and sequences that replay has never seen into the schema. */
static int take_objects(struct session *session, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t n, bool *looked, struct retort_error *err)
{
	struct map *made = map_new(session->arena);
	struct retort_schema *live = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct retort_op *op = ops[i];
		size_t k = 0;
		void *found;

		while (k < sizeof object_ops / sizeof *object_ops && object_ops[k].kind != op->kind)
			k++;
		if (k == sizeof object_ops / sizeof *object_ops || !op->name)
			continue;
		if (object_ops[k].makes)
			map_put(made, key_of(session->arena, op->schema, op->name), made);
		if (object_ops[k].makes || map_get(made, key_of(session->arena, op->schema, op->name)) ||
			catalog_find(schema, object_ops[k].family, op->table, op->schema, op->name))
			continue;
		*looked = true;
		if (!live && plan_inspect(session, session->arena, NULL, 0, &live, err) < 0)
			return -1;
		found = catalog_find(live, object_ops[k].family, op->table, op->schema, op->name);
		if (found)
			catalog_put(schema, object_ops[k].family, found);
	}
	return 0;
}

int plan_live(struct session *session, struct retort_schema *schema, const struct retort_op *const *ops,
	size_t n, bool *looked, struct retort_error *err)
{
	struct gather gather = {
		.arena = session->arena,
		.schema = schema,
		.definitions = session_has(session, RETORT_CAP_EDITS_DEFINITION),
		.made = map_new(session->arena),
		.seen = map_new(session->arena),
	};
	struct retort_schema *live;

	if (!session->conn)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const struct retort_op *op = ops[i];

		gather.restates = restates(session, op);
		replay_touched(op, gather_table, &gather);
		if (op->kind == RETORT_OP_CREATE_TABLE)
			map_put(gather.made,
				key_of(session->arena, op->schema, op->create ? op->create->name : op->table),
				&gather);
		else if (op->kind == RETORT_OP_RENAME_TABLE && op->to)
			map_put(gather.made, key_of(session->arena, op->schema, op->to), &gather);
	}
	if (take_objects(session, schema, ops, n, looked, err) < 0)
		return -1;
	if (!gather.count)
		return 0;
	*looked = true;
	if (plan_inspect(session, session->arena, gather.names, gather.count, &live, err) < 0)
		return -1;
	for (size_t i = 0; i < live->table_count; i++)
		take_table(session, schema, live->tables[i]);
	take_triggers(session, schema, live);
	return 0;
}
