/* SPDX-License-Identifier: MIT */
/* Views, routines, triggers, sequences, domains, extensions and schemas: made, replaced, dropped. */
#include <string.h>

#include "model/replaying.h"

/* What an operation makes or drops: its family, and whether its name is one of a table's kind. */
struct object_rule {
	enum family family;
	bool relation;
};

static struct object_rule object_rule(enum retort_op_kind kind)
{
	switch (kind) {
	case RETORT_OP_CREATE_SEQUENCE:
	case RETORT_OP_DROP_SEQUENCE:
		return (struct object_rule){FAMILY_SEQUENCE, true};
	case RETORT_OP_CREATE_DOMAIN:
	case RETORT_OP_DROP_DOMAIN:
		return (struct object_rule){FAMILY_DOMAIN, false};
	case RETORT_OP_CREATE_EXTENSION:
	case RETORT_OP_DROP_EXTENSION:
	case RETORT_OP_ALTER_EXTENSION:
		return (struct object_rule){FAMILY_EXTENSION, false};
	case RETORT_OP_CREATE_ROUTINE:
	case RETORT_OP_REPLACE_ROUTINE:
	case RETORT_OP_DROP_ROUTINE:
		return (struct object_rule){FAMILY_ROUTINE, false};
	case RETORT_OP_CREATE_TRIGGER:
	case RETORT_OP_REPLACE_TRIGGER:
	case RETORT_OP_DROP_TRIGGER:
		return (struct object_rule){FAMILY_TRIGGER, false};
	default:
		return (struct object_rule){FAMILY_VIEW, true};
	}
}

/* The object that an operation brings, as a copy of the schema's own; NULL: it brings none. */
static void *brought_object(const struct replaying *replaying)
{
	const struct retort_op *op = replaying->op;

	switch (object_rule(op->kind).family) {
	case FAMILY_SEQUENCE:
		return op->sequence ? COPY(replaying->arena, op->sequence) : NULL;
	case FAMILY_DOMAIN:
		return op->domain ? COPY(replaying->arena, op->domain) : NULL;
	case FAMILY_EXTENSION:
		return op->extension ? COPY(replaying->arena, op->extension) : NULL;
	case FAMILY_ROUTINE:
		return op->routine ? COPY(replaying->arena, op->routine) : NULL;
	case FAMILY_TRIGGER:
		return op->trigger ? COPY(replaying->arena, op->trigger) : NULL;
	default:
		return op->view ? COPY(replaying->arena, op->view) : NULL;
	}
}

/* The object in the schema that an operation names. */
static void *existing_object(const struct retort_schema *schema, const struct retort_op *op)
{
	enum family family = object_rule(op->kind).family;
	size_t i;

	if (family == FAMILY_ROUTINE)
		return catalog_find(schema, family,
			op->routine && op->routine->kind == RETORT_PROCEDURE ? "procedure" : "function",
			op->schema, op->name);
	if (family != FAMILY_TRIGGER)
		return catalog_find(schema, family, NULL, family == FAMILY_EXTENSION ? NULL : op->schema,
			op->name);
	if (op->table)
		return catalog_find(schema, family, op->table, op->schema, op->name);
	for (i = 0; i < schema->trigger_count; i++) {
		if (name_equal(schema->triggers[i]->name, op->name) &&
			name_equal(schema->triggers[i]->schema, op->schema))
			return schema->triggers[i];
	}
	return NULL;
}

int object_create(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	struct object_rule rule = object_rule(op->kind);
	void *object = brought_object(replaying);

	if (existing_object(schema, op)) {
		if (op->if_not_exists)
			return 0;
		return replaying_fail(replaying, "there is a %s of this name already",
			family_word(rule.family));
	}
	if (rule.relation && replaying_free_name(replaying, op->schema, op->name, NULL) != 0)
		return -1;
	if (rule.family == FAMILY_TRIGGER && !retort_schema_view(schema, op->schema, op->table) &&
		!replaying_table(replaying, op->table))
		return -1;
	catalog_put(schema, rule.family, object);
	return 0;
}

int object_replace(struct replaying *replaying, struct retort_schema *schema)
{
	void *existing = existing_object(schema, replaying->op);

	if (!existing)
		return object_create(replaying, schema);
	catalog_replace(schema, object_rule(replaying->op->kind).family, existing, brought_object(replaying));
	return 0;
}

/* The table and column whose type is the domain of an operation; NULL where no column's is. */
static const struct retort_column *domain_user(const struct retort_schema *schema, const struct retort_op *op,
	const struct retort_table **table)
{
	size_t i, j;

	for (i = 0; i < schema->table_count; i++) {
		for (j = 0; j < schema->tables[i]->column_count; j++) {
			const struct retort_type *type = schema->tables[i]->columns[j]->type;

			if (type && type->kind == RETORT_TYPE_DOMAIN && name_equal(type->name, op->name) &&
				name_equal(type->schema, op->schema)) {
				*table = schema->tables[i];
				return schema->tables[i]->columns[j];
			}
		}
	}
	return NULL;
}

int object_drop(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	enum family family = object_rule(op->kind).family;
	const struct retort_column *user;
	const struct retort_table *table;
	void *existing = existing_object(schema, op);

	if (!existing)
		return op->if_exists ? 0
				     : replaying_fail(replaying, "it doesn't exist%s",
					       catalog_hint(replaying->arena, schema, family, op->name));
	user = family == FAMILY_DOMAIN ? domain_user(schema, op, &table) : NULL;
	if (user)
		return replaying_fail(replaying, "column %s of %s uses it",
			replaying_quote(replaying, user->name), replaying_quote(replaying, table->name));
	catalog_remove(schema, family, existing);
	return 0;
}

/* The place of a schema's name, or -1. */
static long schema_place(const struct retort_schema *schema, const char *name)
{
	size_t i;

	for (i = 0; i < schema->schema_count; i++) {
		if (name_equal(schema->schemas[i], name))
			return (long)i;
	}
	return -1;
}

int object_alter_extension(struct replaying *replaying, struct retort_schema *schema)
{
	struct retort_extension *before = existing_object(schema, replaying->op), *after;

	if (!before)
		return replaying_fail(replaying, "there is no such extension%s",
			catalog_hint(replaying->arena, schema, FAMILY_EXTENSION, replaying->op->name));
	after = COPY(replaying->arena, before);
	after->version = replaying->op->extension->version;
	catalog_replace(schema, FAMILY_EXTENSION, before, after);
	return 0;
}

int object_create_schema(struct replaying *replaying, struct retort_schema *schema)
{
	if (schema_place(schema, replaying->op->name) < 0)
		RETORT_PUSH(schema->arena, schema->schemas, schema->schema_count, replaying->op->name);
	else if (!replaying->op->if_not_exists)
		return replaying_fail(replaying, "there is a schema of this name already");
	return 0;
}

int object_drop_schema(struct replaying *replaying, struct retort_schema *schema)
{
	const struct retort_op *op = replaying->op;
	long place = schema_place(schema, op->name);
	int family;
	size_t i;

	if (place < 0)
		return op->if_exists
			? 0
			: replaying_fail(replaying, "it doesn't exist%s",
				  replaying_hint(replaying, op->name, schema->schemas, schema->schema_count));
	for (family = 0; family < FAMILY_COUNT; family++) {
		for (i = family_count(schema, (enum family)family); i-- > 0;) {
			void *object = family_item(schema, (enum family)family, i);

			if (!name_equal(family_item_schema((enum family)family, object), op->name))
				continue;
			if (!op->cascade)
				return replaying_fail(replaying,
					"it holds %s %s: drop that first, or say cascade",
					family_word((enum family)family),
					replaying_quote(replaying,
						family_item_name((enum family)family, object)));
			catalog_remove(schema, (enum family)family, object);
		}
	}
	memmove(&schema->schemas[place], &schema->schemas[place + 1],
		(schema->schema_count - (size_t)place - 1) * sizeof *schema->schemas);
	schema->schema_count--;
	return 0;
}
