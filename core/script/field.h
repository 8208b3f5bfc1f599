/* SPDX-License-Identifier: MIT
 *
 * script/field.h: what files may hold, as tables.
 *
 * One row of `operations` for each operation, one `struct object` for each thing that operations and
 * schema files describe, one `struct field` for each key of either. Reader, writer, checksum and JSON
 * Schemas walk these tables: adding a key is one row, adding an operation is one row and the list of its
 * keys. How a kind of value is read, written and described is told by one row for each in the tables of
 * revision_value.c, write_value.c and schema_json.c.
 *
 * Rows speak of structs of retort/op.h and retort/schema.h by offset. Where a file says something in
 * another place than the struct (on_delete beside references), the offset is into a draft: a struct that
 * begins with the real one; `finish` moves what is beside it to its place after reading, `prepare` back
 * before writing.
 */
#ifndef RETORT_SCRIPT_FIELD_H
#define RETORT_SCRIPT_FIELD_H

#include "retort/op.h"

enum field_kind {
	FIELD_NAME,       /* const char *: a name, never empty */
	FIELD_TEXT,       /* const char *: any text */
	FIELD_WORD,       /* const char *: one of a list of words (detail) */
	FIELD_CHOICE,     /* an enum: which of a list of words, the first being 0 */
	FIELD_BOOL,       /* bool */
	FIELD_INT,        /* int, not negative */
	FIELD_UNSIGNED,   /* unsigned */
	FIELD_ULONG,      /* unsigned long */
	FIELD_LONG_LONG,  /* long long */
	FIELD_NAMES,      /* const char *const * and a number: names */
	FIELD_TEXTS,      /* likewise: any texts */
	FIELD_DIALECTS,   /* likewise: names of dialects */
	FIELD_SQL,        /* struct retort_text *: an expression, a query or a body, perhaps by dialect */
	FIELD_STATEMENTS, /* struct retort_text *: statements, in which variables are replaced */
	FIELD_FILE_SQL,   /* struct retort_text *: the path of a file that holds statements */
	FIELD_WHERE,      /* struct retort_text *: SQL, or all (the flag at count) */
	FIELD_NAME_BY_DIALECT, /* const char *: a name, or names by dialect (struct retort_text * at count) */
	FIELD_TYPE,            /* struct retort_type * */
	FIELD_DEFAULT,         /* struct retort_default * */
	FIELD_VALUE,           /* struct retort_value * */
	FIELD_SHORTHAND,       /* struct retort_shorthand: true, false or a name */
	FIELD_REFERENCES,      /* struct retort_references *: table, table(columns) or a map */
	FIELD_PART,            /* a map of keys whose offsets are into the same struct (detail: the object) */
	FIELD_OBJECTS, /* an array of pointers and a number: list, or map by name (detail: the object) */
	FIELD_OBJECT,  /* one more of such an array */
	FIELD_OPTIONS, /* options of a table by dialect: any key that is no other */
	FIELD_OPS,     /* an array of operations and a number */
	FIELD_PARTS,   /* likewise: the parts of alter_table */
	FIELD_REVERSE, /* struct retort_reverse *: operations, or SQL in execute */
	FIELD_LINT_IGNORE,
	FIELD_ROWS,       /* inline rows, or the key of the array in a JSON file */
	FIELD_FILE,       /* const char *: the path of a file, in which variables are replaced */
	FIELD_COLUMN_MAP, /* column: key */
	FIELD_CONFLICT,   /* ignore or update */
	FIELD_SET,        /* assignments */
	FIELD_MAPPING,    /* enum values: old: new */
	FIELD_ENV,        /* NAME: value */
	FIELD_KIND_COUNT
};

enum {
	FIELD_REQUIRED = 1 << 0,
	FIELD_BARE = 1 << 1,  /* a value that is no map sets this key */
	FIELD_NULL = 1 << 2,  /* may be null */
	FIELD_OUTER = 1 << 3, /* given by alter_table to its parts */
	FIELD_TABLE_ONLY =
		1 << 4, /* means something only beside `table`, or only without it: see alter_enum */
	FIELD_NO_TABLE = 1 << 5,
	FIELD_READ_ONLY = 1 << 6,   /* never written: another row writes it */
	FIELD_TRUE = 1 << 7,        /* a BOOL that is true where it is not given */
	FIELD_SCHEMA_FILE = 1 << 8, /* only in schema files */
	FIELD_LATE = 1 << 9,        /* a plain value is left to finish */
	FIELD_OR_SETS = 1 << 10     /* in schema files column_sets may stand in its place */
};

struct field {
	const char *key;
	enum field_kind kind;
	unsigned flags;
	size_t offset;
	size_t count;       /* offset of the number of a list's elements */
	const void *detail; /* words (const char *const *, ending with NULL) or a struct object */
	const char *doc;    /* one line */
};

struct reader;
struct yaml;

/* A thing that files describe. */
struct object {
	const char *noun;           /* "column" */
	size_t size;                /* of its draft */
	size_t real;                /* of the struct that its draft begins with; 0: the same */
	const struct field *fields; /* ends with a row without key */
	const struct field *rest;   /* for keys that are none of these; NULL: they are faults */
	int tag;                    /* which kind of its struct this is */
	size_t tag_offset;
	bool tagged;                /* the enum at tag_offset is tag */
	void (*begin)(void *draft); /* defaults that are not zero */
	void (*finish)(struct reader *reader, void *draft, const struct yaml *node);
	void (*prepare)(struct retort_arena *arena, void *draft);
	const char *doc;
};

/* An operation. Its object, where it has one, is described by the same map; a key of fields hides
 * the object's. */
struct operation {
	const char *word;
	enum retort_op_kind kind;
	bool in_table; /* may stand in alter_table */
	const struct field *fields;
	const struct object *object;
	size_t object_offset; /* of the pointer to it */
	void (*finish)(struct reader *reader, struct retort_op *op, const struct yaml *node);
	const char *doc;
};

/* Another word for an operation. */
struct operation_alias {
	const char *alias, *word;
};

extern const struct operation_alias operation_aliases[]; /* ends with a row without alias */
extern const struct operation operations[];              /* ends with a row without word */
extern const struct field operation_common[];            /* keys of every operation */

extern const struct object object_column, object_alter_column, object_table, object_index,
	object_index_column, object_primary_key, object_unique, object_foreign_key, object_check,
	object_exclude, object_exclude_element, object_references, object_enum, object_domain,
	object_sequence, object_view, object_function, object_procedure, object_trigger, object_extension,
	object_rows, object_deleted_rows, object_enum_change, object_type, object_table_options,
	object_extension_version;

/* Drafts. */
struct column_draft {
	struct retort_column column;             /* first */
	enum retort_action on_delete, on_update; /* of references */
	/* the type by keys */
	int length, precision, scale;
	bool is_unsigned;
	const char *const *values;
	size_t value_count;
	const struct retort_type *items;
	int auto_kind; /* index into field_auto_words */
};

struct constraint_draft {
	struct retort_constraint constraint; /* first */
	enum retort_action on_delete, on_update;
};

struct type_draft {
	const char *word, *name, *schema;
	int length, precision, scale;
	bool is_unsigned;
	const char *const *values;
	size_t value_count;
	const struct retort_type *items;
};

/* Lists of words, each ending with NULL. */
extern const char *const field_action_words[], *const field_auto_words[], *const field_constraint_words[];

/* The row of a key, or NULL. */
const struct field *field_find(const struct field *fields, const char *key);
/* The row that a value of an object which is no map sets, or NULL. */
const struct field *object_bare(const struct object *object);
/* The same of an operation: its only required row, else the one marked BARE. part: in alter_table. */
const struct field *operation_bare(const struct operation *operation, bool part);
/* The row of an operation's word, or NULL; aliases are known. */
const struct operation *operation_find(const char *word);
/* The number of rows of operations. */
size_t operation_count(void);
/* The row that describes op. */
const struct operation *operation_of(const struct retort_op *op);
/* What alter_column's key changes: RETORT_ALTER_*, or 0. */
unsigned operation_alter_bit(const char *key);
/* Whether key is a row of one of op's own lists, so that the object's row is hidden. */
bool operation_hides(const struct operation *operation, const char *key);

#endif
