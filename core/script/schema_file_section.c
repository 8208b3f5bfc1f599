/* SPDX-License-Identifier: MIT */
#include "script/schema_file_section.h"

#include <string.h>

#define AT(member) offsetof(struct retort_op, member)
/* Only the operation itself says anything of a schema: its draft is the operation. */
static const struct field schema_fields[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(name), 0, NULL,
						     "its name"},
	{"only", FIELD_DIALECTS, 0, AT(scope.only), AT(scope.only_count), NULL,
		"the dialects this is meant for"},
	{"except", FIELD_DIALECTS, 0, AT(scope.except), AT(scope.except_count), NULL,
		"the dialects this is not meant for"},
	{0}};
#undef AT
static const struct object object_schema = {"schema", sizeof(struct retort_op), .fields = schema_fields,
	.doc = "a schema"};

#define LIST(member) offsetof(struct retort_schema, member##s), offsetof(struct retort_schema, member##_count)

const struct schema_section schema_sections[] = {{"schemas", "create_schema", &object_schema, LIST(schema), 0,
							 "schemas by name"},
	{"extensions", "create_extension", NULL, LIST(extension), 0, "extensions by name"},
	{"enums", "create_enum", NULL, LIST(enum), 0, "enums by name"},
	{"domains", "create_domain", NULL, LIST(domain), 0, "domains by name"},
	{"sequences", "create_sequence", NULL, LIST(sequence), 0, "sequences by name"},
	{"tables", "create_table", NULL, LIST(table), 0, "tables by name"},
	{"views", "create_view", NULL, LIST(view), 0, "views by name"},
	{"functions", "create_function", NULL, LIST(routine), RETORT_FUNCTION, "functions by name"},
	{"procedures", "create_procedure", NULL, LIST(routine), RETORT_PROCEDURE, "procedures by name"},
	{"triggers", "create_trigger", NULL, LIST(trigger), 0, "triggers by name"}, {0}};

void schema_op_finish(struct retort_op *op)
{
	if (op->create)
		op->table = op->name;
	if (op->trigger)
		op->table = op->trigger->table;
	if (op->view)
		op->materialized = op->view->materialized;
}

const struct object *schema_section_object(const struct schema_section *section)
{
	return section->object ? section->object : operation_find(section->word)->object;
}

bool schema_section_may_be_null(const struct schema_section *section)
{
	const struct field *field;

	for (field = schema_section_object(section)->fields; field->key; field++)
		if (field->flags & FIELD_REQUIRED && strcmp(field->key, "name"))
			return false;
	return true;
}
