/* SPDX-License-Identifier: MIT */
/* What undoes operations on enums, views, routines, triggers, sequences, domains, extensions and schemas. */
#include <string.h>

#include "model/reversing.h"

/* ---- enums ---- */

int reverse_create_enum(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;

	if (!retort_schema_enum(reversing->schema, op->enumeration->schema, op->enumeration->name))
		reversing_emit(reversing, RETORT_OP_DROP_ENUM, op->enumeration->name);
	return 0;
}

int reverse_drop_enum(struct reversing *reversing)
{
	struct retort_enum *enumeration =
		retort_schema_enum(reversing->schema, reversing->op->schema, reversing->op->name);

	if (enumeration)
		reversing_emit(reversing, RETORT_OP_CREATE_ENUM, enumeration->name)->enumeration =
			enumeration;
	return 0;
}

/* Where a value stood: after the one before it, or before the one behind it. */
static void place_value(const char *const *values, size_t n, struct retort_enum_change *change)
{
	size_t i;

	for (i = 0; i < n && strcmp(values[i], change->add) != 0; i++)
		continue;
	if (i > 0 && i < n)
		change->after = values[i - 1];
	else if (n > 1)
		change->before = values[1];
}

int reverse_alter_enum(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;
	const struct retort_enum_change *change = op->enum_change;
	struct retort_enum_change *inverse = retort_alloc(reversing->arena, sizeof *inverse);
	const struct retort_enum *enumeration = NULL;
	const struct retort_table *table;
	const struct retort_column *column;

	if (change->rename_from) {
		inverse->rename_from = change->rename_to;
		inverse->rename_to = change->rename_from;
	} else if (change->add) {
		inverse->drop = change->add;
	} else if (change->drop && op->table) {
		table = reversing_table(reversing);
		column = table ? retort_table_column(table, op->name) : NULL;
		inverse->add = change->drop;
		if (column && column->type)
			place_value(column->type->values, column->type->value_count, inverse);
	} else if (change->drop) {
		enumeration = retort_schema_enum(reversing->schema, op->schema, op->name);
		inverse->add = change->drop;
		if (enumeration)
			place_value(enumeration->values, enumeration->value_count, inverse);
	}
	reversing_emit(reversing, RETORT_OP_ALTER_ENUM, op->name)->enum_change = inverse;
	return 0;
}

/* ---- the other objects ---- */

/* Each made or dropped object's kinds of operation, and the family it is in. */
static const struct object_kind {
	enum retort_op_kind create, replace, drop;
	enum family family;
} object_kinds[] = {
	{RETORT_OP_CREATE_SEQUENCE, RETORT_OP_NONE, RETORT_OP_DROP_SEQUENCE, FAMILY_SEQUENCE},
	{RETORT_OP_CREATE_DOMAIN, RETORT_OP_NONE, RETORT_OP_DROP_DOMAIN, FAMILY_DOMAIN},
	{RETORT_OP_CREATE_EXTENSION, RETORT_OP_NONE, RETORT_OP_DROP_EXTENSION, FAMILY_EXTENSION},
	{RETORT_OP_CREATE_VIEW, RETORT_OP_REPLACE_VIEW, RETORT_OP_DROP_VIEW, FAMILY_VIEW},
	{RETORT_OP_CREATE_ROUTINE, RETORT_OP_REPLACE_ROUTINE, RETORT_OP_DROP_ROUTINE, FAMILY_ROUTINE},
	{RETORT_OP_CREATE_TRIGGER, RETORT_OP_REPLACE_TRIGGER, RETORT_OP_DROP_TRIGGER, FAMILY_TRIGGER},
};

/* The object that op names, as it is before op. */
static void *object_before(const struct reversing *reversing, enum family family)
{
	const struct retort_op *op = reversing->op;
	const struct retort_schema *schema = reversing->schema;
	const char *within = NULL;
	size_t i;

	if (family == FAMILY_ROUTINE)
		within = op->routine && op->routine->kind == RETORT_PROCEDURE ? "procedure" : "function";
	if (family == FAMILY_TRIGGER)
		within = op->table;
	for (i = 0; family == FAMILY_TRIGGER && !op->table && i < schema->trigger_count; i++) {
		if (name_equal(schema->triggers[i]->name, op->name) &&
			name_equal(schema->triggers[i]->schema, op->schema))
			return schema->triggers[i];
	}
	return catalog_find(schema, family, within, family == FAMILY_EXTENSION ? NULL : op->schema, op->name);
}

/* An operation that makes or replaces an object. */
static void emit_object(struct reversing *reversing, enum retort_op_kind kind, enum family family,
	void *object)
{
	struct retort_op *op;

	if (family == FAMILY_VIEW) {
		reversing_emit_view(reversing, kind, object);
		return;
	}
	op = reversing_emit(reversing, kind, family_item_name(family, object));
	if (family == FAMILY_SEQUENCE)
		op->sequence = object;
	else if (family == FAMILY_DOMAIN)
		op->domain = object;
	else if (family == FAMILY_EXTENSION)
		op->extension = object;
	else if (family == FAMILY_ROUTINE)
		op->routine = object;
	else
		op->trigger = object;
	if (family == FAMILY_TRIGGER)
		op->table = op->trigger->table;
}

int reverse_object(struct reversing *reversing)
{
	const struct retort_op *op = reversing->op;
	const struct object_kind *kind = object_kinds;
	struct retort_op *drop;
	void *before;

	while (kind->create != op->kind && kind->replace != op->kind && kind->drop != op->kind)
		kind++;
	before = object_before(reversing, kind->family);
	if (before && op->kind != kind->create) {
		emit_object(reversing, op->kind == kind->drop ? kind->create : kind->replace, kind->family,
			before);
	} else if (!before && op->kind != kind->drop) {
		drop = reversing_emit(reversing, kind->drop, op->name);
		drop->routine = op->routine;
		drop->materialized = op->view && op->view->materialized;
	}
	return 0;
}

int reverse_alter_extension(struct reversing *reversing)
{
	struct retort_extension *before = object_before(reversing, FAMILY_EXTENSION);

	if (!before)
		return 0;
	if (!before->version)
		return reversing_fail(reversing, "the version that it had is not known: it needs `reverse`");
	emit_object(reversing, RETORT_OP_ALTER_EXTENSION, FAMILY_EXTENSION, before);
	return 0;
}

static bool has_schema(const struct retort_schema *schema, const char *name)
{
	size_t i;

	for (i = 0; i < schema->schema_count; i++) {
		if (name_equal(schema->schemas[i], name))
			return true;
	}
	return false;
}

int reverse_create_schema(struct reversing *reversing)
{
	if (!has_schema(reversing->schema, reversing->op->name))
		reversing_emit(reversing, RETORT_OP_DROP_SCHEMA, reversing->op->name);
	return 0;
}

int reverse_drop_schema(struct reversing *reversing)
{
	const struct retort_schema *schema = reversing->schema;
	int family;
	size_t i;

	if (!has_schema(schema, reversing->op->name))
		return 0;
	for (family = 0; reversing->op->cascade && family < FAMILY_COUNT; family++) {
		for (i = 0; i < family_count(schema, (enum family)family); i++) {
			if (name_equal(family_item_schema((enum family)family,
					       family_item(schema, (enum family)family, i)),
				    reversing->op->name))
				return reversing_fail(reversing,
					"it drops what the schema holds: it needs `reverse`");
		}
	}
	reversing_emit(reversing, RETORT_OP_CREATE_SCHEMA, reversing->op->name);
	return 0;
}
