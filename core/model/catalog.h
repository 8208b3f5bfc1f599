/* SPDX-License-Identifier: MIT
 *
 * model/catalog.h: a schema's names: which object bears one, and which tables refer to a table.
 *
 * The maps are made when they are first asked for and kept up to date by the functions here; an array
 * that was changed otherwise (by RETORT_PUSH) is noticed by its count. Names of indexes, constraints
 * and references are read from a table when it is put into the schema, so a table must not be changed
 * after that (retort/schema.h).
 */
#ifndef RETORT_MODEL_CATALOG_H
#define RETORT_MODEL_CATALOG_H

#include "base/map.h"
#include "retort/schema.h"

/* The lists of a schema. */
enum family {
	FAMILY_TABLE,
	FAMILY_ENUM,
	FAMILY_DOMAIN,
	FAMILY_SEQUENCE,
	FAMILY_VIEW,
	FAMILY_ROUTINE,
	FAMILY_TRIGGER,
	FAMILY_EXTENSION,
	FAMILY_COUNT
};

struct retort_schema_index *catalog_new(struct retort_arena *arena);

/* "table", "enum", ... */
const char *family_word(enum family family);
size_t family_count(const struct retort_schema *schema, enum family family);
void *family_item(const struct retort_schema *schema, enum family family, size_t at);
const char *family_item_name(enum family family, const void *object);
const char *family_item_schema(enum family family, const void *object);

/* What a name of the family is unique in beyond the schema: a trigger's table, a routine's "function" or
 * "procedure"; NULL: nothing. */
const char *family_item_within(enum family family, const void *object);
/* The object of this name, or NULL. within: see family_item_within. */
void *catalog_find(const struct retort_schema *schema, enum family family, const char *within,
	const char *schema_name, const char *name);
/* Puts an object in; one of the same name is replaced and keeps its place. */
void catalog_put(struct retort_schema *schema, enum family family, void *object);
/* Takes an object that is in the schema out. */
void catalog_remove(struct retort_schema *schema, enum family family, void *object);
/* Puts after in the place of before, whose name may be another. */
void catalog_replace(struct retort_schema *schema, enum family family, void *before, void *after);

/* The table that has the index of this name, or NULL. */
struct retort_table *catalog_index_owner(const struct retort_schema *schema, const char *schema_name,
	const char *name);
/* The table that has the foreign key or CHECK of this name, or NULL. */
struct retort_table *catalog_constraint_owner(const struct retort_schema *schema, const char *schema_name,
	const char *name);
/* The tables with foreign keys that refer to a table, itself perhaps among them, in *ret. */
size_t catalog_referrers(struct retort_arena *arena, const struct retort_schema *schema,
	const char *schema_name, const char *name, struct retort_table ***ret);

/* The message's end for an unknown name: ", did you mean 'x'?" or "". */
const char *catalog_hint(struct retort_arena *arena, const struct retort_schema *schema, enum family family,
	const char *name);
/* Equal, or both NULL. */
bool name_equal(const char *a, const char *b);
/* A name of an engine that reads names without quotes in capitals (RETORT_SYNTAX_UPPER) as files have it, in
 * place: in small letters, which is what capitals alone mean where it is quoted or stored. */
void name_fold(char *name, bool quoted);
/* "'name'" or "'schema.name'", safe to print. */
const char *name_quote(struct retort_arena *arena, const char *schema_name, const char *name);

#endif
