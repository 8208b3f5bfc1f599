/* SPDX-License-Identifier: MIT
 *
 * script/ini.h: ini text as sections of keys and values, by the rules of Python's configparser.
 *
 * A key ends at the first = or :, a line that is indented deeper than its key continues the value, and
 * lines that start with # or ; are comments. INI_RETORT differs from INI_PYTHON in three ways: a blank
 * followed by ; or # starts a comment inside a line, keys keep their case, and there is no [DEFAULT].
 * Nothing is replaced in values here (script/variables.h). Lines may have any length.
 */
#ifndef RETORT_SCRIPT_INI_H
#define RETORT_SCRIPT_INI_H

#include "retort/error.h"

enum ini_rules { INI_RETORT, INI_PYTHON };

struct ini_entry {
	const char *key;
	const char *value; /* lines joined by \n, blanks around it cut off; "" where it is empty */
	const char *whole; /* the same with what looks like a comment inside a line: for shell commands */
	unsigned line;     /* of the key */
};

struct ini_section {
	const char *name;
	unsigned line;
	struct ini_entry *entries;
	size_t count;
};

struct ini {
	const char *file; /* for messages */
	struct ini_section *sections;
	size_t count;
};

/* Parses n bytes of text; every fault is a problem FILE:LINE (RETORT_E_CONFIG). A leading BOM is skipped. */
int ini_parse(struct retort_arena *arena, const char *file, const char *text, size_t n, enum ini_rules rules,
	struct ini **ret, struct retort_error *err);
/* NULL where there is none. */
const struct ini_section *ini_section(const struct ini *ini, const char *name);
/* NULL where the section is NULL or has none. */
const struct ini_entry *ini_entry(const struct ini_section *section, const char *key);

#endif
