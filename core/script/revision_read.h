/* SPDX-License-Identifier: MIT
 *
 * script/revision_read.h: the reader of operations, driven by the field tables.
 *
 * A reader walks the tree of script/yaml.h. A fault is told with its place and the reader goes on, so
 * that all faults of a file are found; who called looks at reader->faults at the end. What a faulty
 * value leaves behind is never used.
 */
#ifndef RETORT_SCRIPT_REVISION_READ_H
#define RETORT_SCRIPT_REVISION_READ_H

#include "script/field.h"
#include "script/revision.h"
#include "script/yaml.h"

enum { READER_MOST_FAULTS = 500 }; /* of one file; more would help nobody */

/* A fault that was found and not yet told. */
struct reader_problem {
	unsigned line, column, number;
	const char *message;
};

struct reader {
	const struct script_reader *in;
	struct retort_arena *arena;
	const char *file;   /* as messages name it */
	const char *folder; /* that paths are relative to */
	struct retort_error *err;
	const char *what;              /* what is being read: "create_table", "column" */
	const char *which;             /* its name, or NULL */
	bool schema_file;              /* what only schema files hold may be read */
	const struct retort_op *outer; /* the alter_table whose parts are read, or NULL */
	unsigned faults;
	struct reader_problem *problems;
	size_t problem_count;
};

/* Keys of one list and the struct they set. */
struct layer {
	const struct field *fields;
	void *base;
	unsigned long long seen; /* bit i: row i was given */
};

/* ---- faults ---- */
/* Notes a fault at a node. */
void reader_fault(struct reader *reader, const struct yaml *node, const char *format, ...)
	RETORT_PRINTF(3, 4);
/* Tells all faults, in the order of the file. */
void reader_tell(struct reader *reader);
/* The same with err's last problem, which another module has told, as the reason. */
void reader_fault_because(struct reader *reader, const struct yaml *node, const char *subject,
	const struct retort_error *err);
/* What a node is: "'text'", "a list", "a map", "nothing". */
const char *reader_found(struct reader *reader, const struct yaml *node);
/* What is being read: "column 'email'". */
const char *reader_what(struct reader *reader);
/* ": did you mean 'x'?", or "". */
const char *reader_meant(struct reader *reader, const char *meant);

/* ---- values ---- */
/* Reads a value by the kind of its row. */
void read_field(struct reader *reader, const struct field *field, void *base, const struct yaml *node);
/* A text that is not empty; NULL after a fault. */
const char *read_name(struct reader *reader, const char *key, const struct yaml *node);
/* The texts of a list. */
void read_texts(struct reader *reader, const struct field *field, void *base, const struct yaml *node);
/* SQL, perhaps by dialect; NULL after a fault. */
const struct retort_text *read_sql(struct reader *reader, const char *key, const struct yaml *node,
	bool statements);
const struct retort_type *read_type(struct reader *reader, const char *key, const struct yaml *node);
const struct retort_default *read_default(struct reader *reader, const char *key, const struct yaml *node);
const struct retort_value *read_row_value(struct reader *reader, const char *key, const struct yaml *node);
/* Whether a key may stand for a dialect; a scheme or near miss is a fault and false. */
bool read_dialect(struct reader *reader, const struct yaml *key);
/* Whether a word surely is the name of a dialect. */
bool read_knows_dialect(const struct reader *reader, const char *name);
/* The name of the dialect that a key is or was probably meant to be; NULL: it is nothing like one. */
const char *read_dialect_meant(struct reader *reader, const struct yaml *key);
/* text with ${name} replaced; NULL after a fault. *same: nothing had to be. */
const char *read_variables(struct reader *reader, const struct yaml *node, const char *text);
/* The whole of a file named in the revision, and its text; NULL after a fault. */
const char *read_file(struct reader *reader, const struct yaml *node, const char **shown);
/* Whether text fits a literal's type; a fault where not. */
void check_literal(struct reader *reader, const struct yaml *node, const char *key,
	const struct retort_type *type, const char *dialect, const char *text);

/* ---- objects and operations ---- */
/* Reads the keys of a map into n layers, each key into the first that has it. rest, with rest_base, takes
 * what none has. implied: a key whose value is known from elsewhere, or NULL. */
void read_layers(struct reader *reader, struct layer *layers, size_t n, const struct yaml *map,
	const struct field *rest, void *rest_base, const char *implied);
/* An object of its own; name: that of its key in a map by name, or NULL. */
void *read_object(struct reader *reader, const struct object *object, const struct yaml *name,
	const struct yaml *node);
/* A list of operations. */
void read_ops(struct reader *reader, const char *key, const struct yaml *node,
	const struct retort_op *const **ret, size_t *count);

/* ---- kinds of values that only operations have (revision_rows.c) ---- */
typedef void read_fn(struct reader *reader, const struct field *field, void *base, const struct yaml *node);
read_fn read_rows, read_column_map, read_conflict, read_set, read_mapping, read_env, read_lint_ignore,
	read_file_path;
/* (revision_object.c) */
read_fn read_part, read_objects, read_one_object, read_references;
/* (revision_op.c) */
read_fn read_op_list, read_parts, read_reverse;

/* The number of further elements of a flow list or map that belong to a plain value which a comma cut inside
 * parentheses; a fault is told where there are any. */
size_t read_cut(struct reader *reader, const struct yaml *parent, size_t i);

#endif
