/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "script/write.h"

enum { MOST_CHARACTERS = 1000 }; /* of a key: YAML's limit is 1024 */

/* ---- objects ---- */

struct node *write_compact(const struct field *bare, struct node *record)
{
	struct node *only = record->count == 1 ? record->items[0] : NULL;

	if (!only || !bare || strcmp(record->keys[0], bare->key) || only->kind == NODE_MAP ||
		only->kind == NODE_RECORD || only->kind == NODE_NULL)
		return record;
	return only;
}

/* A draft that holds what a real struct says. */
static void *draft_of(struct writer *writer, const struct object *object, const void *real)
{
	void *draft = retort_alloc(writer->arena, object->size);

	memcpy(draft, real, object->real ? object->real : object->size);
	if (object->prepare)
		object->prepare(writer->arena, draft);
	return draft;
}

/* Puts the keys of a list of rows that have something to say into a record. */
static void put_fields(struct writer *writer, struct node *record, const struct field *fields,
	const void *base, const struct operation *hider, const char *without)
{
	for (; fields->key; fields++) {
		struct node *item;

		if ((hider && operation_hides(hider, fields->key)) ||
			(without && !strcmp(without, fields->key)))
			continue;
		item = write_field(writer, fields, base);
		if (item)
			node_put(writer, record, fields->key, item);
	}
}

/* The type that literals of an object have, or NULL. */
static const struct retort_type *type_of(const struct object *object, const void *draft)
{
	if (object == &object_column || object == &object_alter_column)
		return ((const struct column_draft *)draft)->column.type;
	return object == &object_domain ? ((const struct retort_domain *)draft)->type : NULL;
}

/* The options of a table: a key for each dialect. */
static void put_rest(struct writer *writer, struct node *record, const struct object *object,
	const void *draft)
{
	struct node *options = object->rest ? write_field(writer, object->rest, draft) : NULL;
	size_t i;

	for (i = 0; options && i < options->count; i++)
		node_put(writer, record, options->keys[i], options->items[i]);
}

struct node *write_object(struct writer *writer, const struct object *object, const void *real,
	bool with_name)
{
	struct node *record = node_new(writer, NODE_RECORD, NULL);
	const struct retort_type *before = writer->type;
	void *draft = draft_of(writer, object, real);

	writer->type = type_of(object, draft);
	put_fields(writer, record, object->fields, draft, NULL, with_name ? NULL : "name");
	put_rest(writer, record, object, draft);
	writer->type = before;
	return write_compact(object_bare(object), record);
}

struct node *write_part(struct writer *writer, const struct field *field, const void *base)
{
	const struct object *object = field->detail;
	struct node *record = node_new(writer, NODE_RECORD, NULL);

	put_fields(writer, record, object->fields, base, NULL, NULL);
	return record->count ? write_compact(object_bare(object), record) : NULL;
}

/* The objects of an array that are of a kind. */
static const void **select_objects(struct writer *writer, const struct field *field, const void *base,
	size_t *count)
{
	const struct object *object = field->detail;
	const void *const *all =
		*(const void *const *const *)(const void *)((const char *)base + field->offset);
	size_t n = *(const size_t *)(const void *)((const char *)base + field->count), i;
	const void **ret = retort_alloc_array(writer->arena, n, sizeof *ret);

	*count = 0;
	for (i = 0; i < n; i++)
		if (!object->tagged ||
			*(const int *)(const void *)((const char *)all[i] + object->tag_offset) ==
				object->tag)
			ret[(*count)++] = all[i];
	return ret;
}

/* The name of an object, or NULL. */
static const char *name_of(const struct field *name, const void *object)
{
	return *(const char *const *)(const void *)((const char *)object + name->offset);
}

/* Whether all objects have names that can be keys of one map. */
static bool all_named(const struct field *name, const void *const *objects, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		const char *one = name_of(name, objects[i]);

		if (!one || !*one || strlen(one) > MOST_CHARACTERS)
			return false;
		for (j = 0; j < i; j++)
			if (!strcmp(one, name_of(name, objects[j])))
				return false;
	}
	return true;
}

struct node *write_objects(struct writer *writer, const struct field *field, const void *base)
{
	const struct object *object = field->detail;
	const struct field *name = field_find(object->fields, "name");
	size_t count, i;
	const void **objects = select_objects(writer, field, base, &count);
	bool by_name = name && all_named(name, objects, count);
	struct node *ret;

	if (!count)
		return NULL;
	ret = node_new(writer, by_name ? NODE_MAP : NODE_LIST, NULL);
	ret->block = name != NULL;
	for (i = 0; i < count; i++) {
		struct node *one = write_object(writer, object, objects[i], !by_name);

		if (by_name)
			node_put(writer, ret, name_of(name, objects[i]), one);
		else
			node_add(writer, ret, one);
	}
	return ret;
}

struct node *write_one_object(struct writer *writer, const struct field *field, const void *base)
{
	size_t count;
	const void **objects = select_objects(writer, field, base, &count);

	return count ? write_object(writer, field->detail, objects[0], true) : NULL;
}

struct node *write_options(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_option *const *options = *(
		const struct retort_option *const *const *)(const void *)((const char *)base + field->offset);
	size_t count = *(const size_t *)(const void *)((const char *)base + field->count), i, j;
	struct node *ret = node_new(writer, NODE_RECORD, NULL);

	for (i = 0; i < count; i++) {
		const struct retort_option *option = options[i];
		bool truth =
			option->value && (!strcmp(option->value, "true") || !strcmp(option->value, "false"));

		for (j = 0; j < ret->count; j++)
			if (!strcmp(ret->keys[j], option->dialect))
				break;
		if (j == ret->count)
			node_put(writer, ret, option->dialect, node_new(writer, NODE_RECORD, NULL));
		node_put(writer, ret->items[j], option->key,
			node_new(writer,
				!option->value  ? NODE_NULL
					: truth ? NODE_RAW
						: NODE_TEXT,
				option->value));
	}
	return ret;
}

/* ---- operations ---- */

/* A copy in which the op's own names are filled in from its object. */
static struct retort_op *op_copy(struct writer *writer, const struct retort_op *given)
{
	struct retort_op *op = retort_alloc(writer->arena, sizeof *op);

	*op = *given;
	if (op->create) {
		op->table = op->table ? op->table : op->create->name;
		op->schema = op->schema ? op->schema : op->create->schema;
	}
	if (op->kind == RETORT_OP_CREATE_TABLE || op->kind == RETORT_OP_DROP_TABLE ||
		op->kind == RETORT_OP_RENAME_TABLE || op->kind == RETORT_OP_ALTER_TABLE)
		op->table = op->table ? op->table : op->name;
#define NAME(member)                                                                                         \
	if (op->member && !op->name)                                                                         \
		op->name = op->member->name;
#define SCHEMA(member)                                                                                       \
	NAME(member)                                                                                         \
	if (op->member && !op->schema)                                                                       \
		op->schema = op->member->schema;
	NAME(column)
	NAME(index)
	NAME(constraint)
	SCHEMA(enumeration)
	SCHEMA(sequence)
	SCHEMA(domain)
	SCHEMA(extension)
	SCHEMA(view)
	SCHEMA(routine)
	SCHEMA(trigger)
#undef NAME
#undef SCHEMA
	if (op->view && op->view->materialized)
		op->materialized = true;
	if (op->trigger && !op->table)
		op->table = op->trigger->table;
	return op;
}

/* What alter_column says of one key: only what its bits name, and that always. */
static void put_alter_field(struct writer *writer, struct node *record, const struct retort_op *op,
	const struct field *field, const void *draft)
{
	unsigned bit = operation_alter_bit(field->key);
	struct node *item;

	if (!bit || !(op->alter & bit))
		return;
	item = write_field(writer, field, draft);
	if (!item && bit == RETORT_ALTER_NULLABLE)
		item = node_new(writer, NODE_RAW, "true");
	else if (!item && bit == RETORT_ALTER_AUTOINCREMENT)
		item = node_new(writer, NODE_RAW, "false");
	else if (!item)
		item = node_new(writer, NODE_NULL, NULL);
	node_put(writer, record, field->key, item);
}

/* The keys of an operation's object. */
static void put_object(struct writer *writer, struct node *record, const struct operation *operation,
	const struct retort_op *op)
{
	const void *real = *(const void *const *)(const void *)((const char *)op + operation->object_offset);
	const struct retort_type *before = writer->type;
	const struct field *field;
	void *draft;

	if (!real)
		return;
	draft = draft_of(writer, operation->object, real);
	writer->type = type_of(operation->object, draft);
	for (field = operation->object->fields; op->kind == RETORT_OP_ALTER_COLUMN && field->key; field++)
		put_alter_field(writer, record, op, field, draft);
	if (op->kind != RETORT_OP_ALTER_COLUMN)
		put_fields(writer, record, operation->object->fields, draft, operation, NULL);
	put_rest(writer, record, operation->object, draft);
	writer->type = before;
}

/* Puts the operation's own keys. */
static void put_own(struct writer *writer, struct node *record, const struct operation *operation,
	const struct retort_op *op, const struct retort_op *outer)
{
	const struct field *field;

	writer->type = op->column ? op->column->type : NULL;
	for (field = operation->fields; field->key; field++) {
		struct node *item;

		if ((outer && field->flags & FIELD_OUTER) || (op->table && field->flags & FIELD_NO_TABLE) ||
			(!op->table && field->flags & FIELD_TABLE_ONLY))
			continue;
		item = write_field(writer, field, op);
		if (item)
			node_put(writer, record, field->key, item);
	}
	writer->type = NULL;
}

struct node *write_op(struct writer *writer, const struct retort_op *given, const struct retort_op *outer)
{
	const struct retort_op *op = op_copy(writer, given);
	const struct operation *operation = operation_of(op);
	struct node *record = node_new(writer, NODE_RECORD, NULL), *ret = node_new(writer, NODE_RECORD, NULL);

	if (!operation)
		return ret;
	put_own(writer, record, operation, op, outer);
	if (operation->object)
		put_object(writer, record, operation, op);
	put_fields(writer, record, operation_common, op, NULL, NULL);
	node_put(writer, ret, operation->word,
		write_compact(operation_bare(operation, outer != NULL), record));
	ret->block = true;
	return ret;
}

struct node *write_ops(struct writer *writer, const struct retort_op *const *ops, size_t n,
	const struct retort_op *outer)
{
	struct node *ret = node_new(writer, NODE_LIST, NULL);
	size_t i;

	ret->block = n > 0;
	for (i = 0; i < n; i++)
		node_add(writer, ret, write_op(writer, ops[i], outer));
	return ret;
}

struct node *write_op_list(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;

	(void)field;
	return op->op_count ? write_ops(writer, op->ops, op->op_count, NULL) : NULL;
}

struct node *write_parts(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;

	(void)field;
	return write_ops(writer, op->ops, op->op_count, op);
}
