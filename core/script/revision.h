/* SPDX-License-Identifier: MIT
 *
 * script/revision.h: revision files in and out.
 *
 * The head (struct revision of script/graph.h) is read alone where only the graph is needed; the
 * body is validated as a whole and every fault of it is listed. What an operation may hold is
 * told by the field tables of script/field.h, which drive reader, writer, checksum and JSON Schema.
 */
#ifndef RETORT_SCRIPT_REVISION_H
#define RETORT_SCRIPT_REVISION_H

#include "base/map.h"
#include "retort/op.h"
#include "script/graph.h"
#include "script/yaml.h"

enum downgrade_kind { DOWNGRADE_AUTO, DOWNGRADE_LIST, DOWNGRADE_IRREVERSIBLE };

/* A whole revision file. */
struct script {
	struct revision *revision;
	const struct retort_op *const *upgrade;
	size_t upgrade_count;
	enum downgrade_kind downgrade_kind;
	const struct retort_op *const *downgrade;
	size_t downgrade_count;
	const char *irreversible; /* why */
	char checksum[65];        /* of the parsed operations and the bytes of the files they name */
};

/* What reading a body needs to know besides the file. */
struct script_reader {
	struct retort_arena *arena;
	const struct map *variables; /* name -> value of retort.variables and -x; may be NULL */
	/* A known dialect name; else *scheme_of (may be NULL on return) is the dialect a near miss
	 * such as a scheme should have been. NULL: every identifier is accepted. */
	bool (*known_dialect)(void *context, const char *name, const char **meant);
	void *context;
	const char *
		shown_path; /* how messages name the file; NULL: the path relative to the working directory */
};

/* Reads only the head: what precedes the first of upgrade and downgrade. Python files: ids and parents only.
 */
int revision_read_head(struct retort_arena *arena, const char *path, struct revision **ret,
	struct retort_error *err);
/* Reads and validates the whole file. */
int script_read(const struct script_reader *reader, const char *path, struct script **ret,
	struct retort_error *err);
/* The same from text in memory (path is for messages and relative files). */
int script_parse(const struct script_reader *reader, const char *path, const char *text, size_t len,
	struct script **ret, struct retort_error *err);
/* The text of a revision file: write(read(x)) is stable. schema_comment: the path of the JSON Schema
 * for the language-server line, or NULL. */
void script_write(struct retort_buf *out, const struct script *script, const char *schema_comment);
/* A list of operations alone, at an indentation, as under upgrade:. */
void script_write_ops(struct retort_buf *out, const struct retort_op *const *ops, size_t n, unsigned indent);
/* The same with comments: notes[i] (NULL: none), a line each, above ops[i]; notes NULL: no comments. */
void script_write_noted(struct retort_buf *out, const struct retort_op *const *ops, const char *const *notes,
	size_t n, unsigned indent);
/* Operations as one line of JSON and back: how history keeps a downgrade. */
void script_ops_json(struct retort_buf *out, const struct retort_op *const *ops, size_t n);
int script_ops_parse(const struct script_reader *reader, const char *json,
	const struct retort_op *const **ret, size_t *count, struct retort_error *err);
/* SHA-256 over operations (both directions of a script), 64 hex digits. */
int script_checksum(const struct script *script, const char *folder, char hex[65], struct retort_error *err);

/* The JSON Schemas of revision and schema files, made from the field tables. */
void script_json_schema_revision(struct retort_buf *out);
void script_json_schema_schema(struct retort_buf *out);

#endif
