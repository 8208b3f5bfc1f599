/* SPDX-License-Identifier: MIT
 *
 * script/schema_file.h: the desired state: a schema file, or a folder of them.
 *
 * A schema file is read into the operations that would make it (create_table and its like, in the declared
 * form with scopes and dialect variants, renamed_from and column sets applied to their tables), so that
 * resolving, naming and replay treat it as they treat a revision. Field tables of script/field.h describe it.
 */
#ifndef RETORT_SCRIPT_SCHEMA_FILE_H
#define RETORT_SCRIPT_SCHEMA_FILE_H

#include "model/resolve.h"
#include "script/revision.h"

struct schema_file {
	const char *path; /* as messages name it */
	const struct retort_op *const *ops;
	size_t op_count;
};

/* Reads a file, or every .yaml, .yml and .json file of a folder and the folders in it, in name order. All
 * faults are listed as FILE:LINE:COLUMN; a name that two files give is one. */
int schema_file_read(const struct script_reader *reader, const char *path, struct schema_file **ret,
	struct retort_error *err);
/* The same of text in memory; path is for messages and relative files. */
int schema_file_parse(const struct script_reader *reader, const char *path, const char *text, size_t len,
	struct schema_file **ret, struct retort_error *err);

/* The operations for one dialect in an order in which they can run: tables after those they refer to, keys
 * that close a cycle at the end, views after what they select from; *schema (in resolve->arena) is what they
 * lead to. renamed_from stays in its tables and columns. syntax: RETORT_SYNTAX_*. */
int schema_file_resolve(const struct schema_file *file, const struct resolve *resolve, unsigned syntax,
	const struct retort_op ***ops, size_t *count, struct retort_schema **schema,
	struct retort_error *err);

/* What a file says, as written: tables in the declared form, variants and scopes kept. For writing it again;
 * the order is the file's. */
struct retort_schema *schema_file_declared(struct retort_arena *arena, const struct schema_file *file);
/* The other way round: the operations that make what a schema holds, for resolving. */
struct schema_file *schema_file_of(struct retort_arena *arena, const struct retort_schema *schema);

/* The text of a schema file: reading it gives the schema again. schema->unmodelled is written as comments.
 * schema_comment: the path of the JSON Schema for the language-server line, or NULL. */
void schema_file_write(struct retort_buf *out, const struct retort_schema *schema,
	const char *schema_comment);
/* The same shape as one JSON document. */
void schema_file_write_json(struct retort_buf *out, const struct retort_schema *schema);

#endif
