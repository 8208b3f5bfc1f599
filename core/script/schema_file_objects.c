/* SPDX-License-Identifier: MIT */
/* A schema file's operations as the objects they make, and the other way round. */
#include <stdint.h>

#include "script/schema_file.h"
#include "script/schema_file_section.h"

struct retort_schema *schema_file_declared(struct retort_arena *arena, const struct schema_file *file)
{
	struct retort_schema *schema = retort_schema_new(arena);
	size_t i;

	for (i = 0; i < file->op_count; i++) {
		const struct retort_op *op = file->ops[i];

#define TAKE(member, list)                                                                                   \
	if (op->member)                                                                                      \
		RETORT_PUSH(arena, schema->list##s, schema->list##_count, op->member);
		TAKE(create, table)
		TAKE(enumeration, enum)
		TAKE(domain, domain)
		TAKE(sequence, sequence)
		TAKE(view, view)
		TAKE(routine, routine)
		TAKE(trigger, trigger)
		TAKE(extension, extension)
#undef TAKE
		if (op->kind == RETORT_OP_CREATE_SCHEMA)
			RETORT_PUSH(arena, schema->schemas, schema->schema_count, op->name);
	}
	return schema;
}

/* Appends an operation that makes something. */
static struct retort_op *add(struct retort_arena *arena, const struct retort_op ***ops, size_t *count,
	enum retort_op_kind kind, const char *schema, const char *name)
{
	struct retort_op *op = retort_alloc(arena, sizeof *op);

	op->kind = kind;
	op->schema = schema;
	op->name = name;
	op->index_in_file = (unsigned)*count + 1;
	RETORT_PUSH(arena, *ops, *count, op);
	return op;
}

struct schema_file *schema_file_of(struct retort_arena *arena, const struct retort_schema *schema)
{
	struct schema_file *file = retort_alloc(arena, sizeof *file);
	const struct retort_op **ops = NULL;
	struct retort_op *op;
	size_t i;

	for (i = 0; i < schema->schema_count; i++)
		add(arena, &ops, &file->op_count, RETORT_OP_CREATE_SCHEMA, NULL, schema->schemas[i]);
#define MAKE(list, op_kind, member)                                                                          \
	for (i = 0; i < schema->list##_count; i++) {                                                         \
		op = add(arena, &ops, &file->op_count, op_kind, schema->list##s[i]->schema,                  \
			schema->list##s[i]->name);                                                           \
		op->member = schema->list##s[i];                                                             \
		op->scope = schema->list##s[i]->scope;                                                       \
	}
	MAKE(extension, RETORT_OP_CREATE_EXTENSION, extension)
	MAKE(enum, RETORT_OP_CREATE_ENUM, enumeration)
	MAKE(domain, RETORT_OP_CREATE_DOMAIN, domain)
	MAKE(sequence, RETORT_OP_CREATE_SEQUENCE, sequence)
	MAKE(table, RETORT_OP_CREATE_TABLE, create)
	MAKE(view, RETORT_OP_CREATE_VIEW, view)
	MAKE(routine, RETORT_OP_CREATE_ROUTINE, routine)
	MAKE(trigger, RETORT_OP_CREATE_TRIGGER, trigger)
#undef MAKE
	for (i = 0; i < file->op_count; i++)
		schema_op_finish((struct retort_op *)(uintptr_t)ops[i]);
	file->path = "";
	file->ops = ops;
	return file;
}
