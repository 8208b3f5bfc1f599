/* SPDX-License-Identifier: MIT
 *
 * script/head.h: the head of a revision file: what precedes upgrade and downgrade.
 *
 * Thousands of heads are read at every start, so a scanner of our own takes the plain lines that
 * such files consist of; whatever it does not know for certain it leaves to the YAML parser, so both
 * always agree. head_keys is the one list of what a head may hold.
 */
#ifndef RETORT_SCRIPT_HEAD_H
#define RETORT_SCRIPT_HEAD_H

#include "script/graph.h"
#include "script/yaml.h"

enum head_kind {
	HEAD_ID,    /* one name */
	HEAD_TEXT,  /* any text, or null */
	HEAD_NAMES, /* null, a name or a list of names */
	HEAD_MODE   /* one of head_modes */
};

/* A key of the head and where struct revision keeps it. */
struct head_key {
	const char *key;
	enum head_kind kind;
	bool required;
	size_t offset, count_offset;
	const char *doc;
};

extern const struct head_key head_keys[];
extern const size_t head_key_count;
/* What `transaction` may say; ends with NULL. */
extern const char *const head_modes[];

/* Takes the plain lines of a head. 1: done, head holds it. 0: to be left to the YAML parser. complete: text
 * is the whole file. */
int head_scan(struct retort_arena *arena, const char *text, size_t len, bool complete, struct revision *head);
/* Reads the head out of a parsed file; other keys but upgrade and downgrade are faults. -1: faults were
 * added. */
int head_from_yaml(struct retort_arena *arena, const char *file, const struct yaml *root,
	struct revision *head, struct retort_error *err);
/* Reads ids, parents and labels out of the text of a Python revision, as Alembic writes it. */
int head_from_python(struct retort_arena *arena, const char *file, const char *text, size_t len,
	struct revision *head, struct retort_error *err);
/* A path as messages name it: relative to the working directory where it lies below it. */
const char *head_shown_path(struct retort_arena *arena, const char *path);

#endif
