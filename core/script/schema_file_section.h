/* SPDX-License-Identifier: MIT
 *
 * script/schema_file_section.h: the sections of a schema file, as one table.
 *
 * Each holds objects by name, or a list of them where names alone can't tell them apart, and each object is
 * what an operation makes: reader, writer and JSON Schema walk this table and the operation's field table.
 */
#ifndef RETORT_SCRIPT_SCHEMA_FILE_SECTION_H
#define RETORT_SCRIPT_SCHEMA_FILE_SECTION_H

#include "script/field.h"

struct schema_section {
	const char *key;
	const char *word;            /* of the operation that makes one */
	const struct object *object; /* NULL: the operation's */
	size_t offset, count;        /* in struct retort_schema */
	int tag;                     /* of a tagged object: only those are this section's */
	const char *doc;
};

/* Columns that several tables have: by name of the set, then by name. */
#define SCHEMA_COLUMN_SETS "column_sets"

extern const struct schema_section schema_sections[]; /* ends with a row without key */

const struct object *schema_section_object(const struct schema_section *section);
/* Whether an object may be written as nothing but its name. */
bool schema_section_may_be_null(const struct schema_section *section);
/* Fills what an operation that makes an object says besides the object. */
void schema_op_finish(struct retort_op *op);

#endif
