/* SPDX-License-Identifier: MIT
 *
 * script/yaml.h: YAML (and JSON) text as a tree of marked nodes, by libyaml.
 *
 * The subset that retort's files use: no anchors, aliases, tags or second document, no duplicate
 * keys, no tabs in indentation, valid UTF-8 without NUL, depth and size limited. Scalars
 * stay text: who reads a node knows what it should be. A leading BOM is skipped.
 */
#ifndef RETORT_SCRIPT_YAML_H
#define RETORT_SCRIPT_YAML_H

#include <stdbool.h>

#include "retort/error.h"

#define YAML_MAX_SIZE (64u << 20) /* bytes of a file */
#define YAML_MAX_DEPTH 64

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };
enum yaml_style { YAML_PLAIN, YAML_QUOTED, YAML_LITERAL, YAML_FOLDED };

struct yaml {
	enum yaml_kind kind;
	enum yaml_style style;           /* SCALAR */
	bool folded_lines;               /* SCALAR: its text ran over several source lines that were joined */
	unsigned line, column;           /* from 1; column in characters */
	unsigned text_line, text_column; /* SCALAR: where its text begins, after a quote or a block's mark */
	const char *text;                /* SCALAR; ends in a zero byte, holds none */
	size_t len;
	struct yaml **items; /* LIST: the elements; MAP: the values */
	struct yaml **keys;  /* MAP: scalars, as many as items */
	size_t count;
	bool cut_comment; /* SCALAR: a plain value that ` #` ended */
	bool flow;        /* LIST, MAP: written in [] or {} */
	bool faulty;      /* for readers: what is wrong with it has been told */
};

/* Parses text; file names it in messages. The texts of scalars are the arena's, all else of the tree is in
 * nodes, which may be another that is freed when the tree has been read. Every fault is a problem
 * FILE:LINE:COLUMN (RETORT_E_FILE). On failure *ret is NULL where the text is no YAML, and the tree where
 * only things that retort leaves out of YAML were found (anchors, tags, duplicate keys...), so that the
 * caller can list what else is wrong. */
int yaml_parse(struct retort_arena *arena, struct retort_arena *nodes, const char *file, const char *text,
	size_t len, struct yaml **ret, struct retort_error *err);
/* The value of a key of a map, or NULL. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
/* Plain ~, null (any YAML case) or nothing at all. */
bool yaml_is_null(const struct yaml *node);

/* ---- writing ---- */
/* Appends text as a scalar that every YAML 1.1 and 1.2 reader takes for that string: plain where that
 * is safe, else quoted; text of several lines as a | block indented by indent + 2 where flow is false. */
void yaml_write_string(struct retort_buf *out, const char *text, unsigned indent, bool flow);

#endif
