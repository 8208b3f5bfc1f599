/* SPDX-License-Identifier: MIT
 *
 * script/write.h: operations as a tree of plain values, and that tree as YAML, JSON or a digest.
 *
 * The tree is made by walking the field tables, so what the reader knows is written, and nothing else.
 * Whatever is as it would be without being given is left out.
 */
#ifndef RETORT_SCRIPT_WRITE_H
#define RETORT_SCRIPT_WRITE_H

#include "script/field.h"

enum node_kind {
	NODE_NULL,
	NODE_RAW,  /* a number, true or false */
	NODE_TEXT, /* any text */
	NODE_SQL,  /* text whose blanks at the end don't count */
	NODE_LIST,
	NODE_MAP,   /* keys in an order that means something */
	NODE_RECORD /* keys of the field tables */
};

struct node {
	enum node_kind kind;
	bool block; /* never in [] or {} */
	const char *text;
	const char **keys; /* MAP, RECORD */
	struct node **items;
	size_t key_count, count;
};

enum write_mode {
	WRITE_FILE,     /* for a revision file: variables and file names as they were written */
	WRITE_COMPLETE, /* to stand alone: files of SQL inline, variables replaced, paths absolute */
	WRITE_CHECKSUM  /* as written, with the contents of files */
};

struct writer {
	struct retort_arena *arena;
	enum write_mode mode;
	const char *folder;             /* CHECKSUM: relative paths start here */
	const struct retort_type *type; /* of the column being written */
	struct retort_error *err;       /* CHECKSUM: files that can't be read */
	bool failed;
};

/* Nodes. */
struct node *node_new(struct writer *writer, enum node_kind kind, const char *text);
void node_add(struct writer *writer, struct node *node, struct node *item);
void node_put(struct writer *writer, struct node *node, const char *key, struct node *item);

/* The node of a value, or NULL where it need not be written. */
struct node *write_field(struct writer *writer, const struct field *field, const void *base);
/* The record of an object. with_name: its name too. */
struct node *write_object(struct writer *writer, const struct object *object, const void *real,
	bool with_name);
/* A record that holds only what the bare value of an object says, as that value. */
struct node *write_compact(const struct field *bare, struct node *record);
/* {word: body} of an operation. outer: the alter_table that it is part of, or NULL. */
struct node *write_op(struct writer *writer, const struct retort_op *op, const struct retort_op *outer);
struct node *write_ops(struct writer *writer, const struct retort_op *const *ops, size_t n,
	const struct retort_op *outer);

/* Kinds that only some objects have (write_rows.c, write_tree.c). */
typedef struct node *write_fn(struct writer *writer, const struct field *field, const void *base);
write_fn write_rows, write_column_map, write_conflict, write_set, write_mapping, write_env, write_lint_ignore,
	write_file_path, write_reverse, write_op_list, write_parts, write_objects, write_one_object,
	write_options, write_part;
/* A default or value. */
struct node *write_default(struct writer *writer, enum retort_default_kind kind, const char *text,
	const struct retort_default_variant *variants, size_t count);
/* text with ${ written as $${. */
const char *write_escaped(struct writer *writer, const char *text);
/* The digest of a file's bytes in hex, for CHECKSUM. */
const char *write_file_digest(struct writer *writer, const char *path);

/* ---- the tree as text ---- */
/* One line of JSON. */
void write_json(struct retort_buf *out, const struct node *node);
/* Whether the character at a place must be written as an escape. */
bool write_json_escapes(const char *at);
void write_json_string(struct retort_buf *out, const char *text);
/* YAML after a key or dash at an indentation, from the blank in front of the value to the end of the line. */
void write_yaml(struct retort_buf *out, const struct node *node, unsigned indent);
/* A key of a map. */
void write_yaml_key(struct retort_buf *out, const char *key);

#endif
