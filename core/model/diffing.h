/* SPDX-License-Identifier: MIT
 *
 * model/diffing.h: what the parts of diff share: two schemas at work, and the operations found so far.
 *
 * Operations are gathered by phases, which run in their order; inside one they stand as they were found.
 */
#ifndef RETORT_MODEL_DIFFING_H
#define RETORT_MODEL_DIFFING_H

#include "base/map.h"
#include "model/catalog.h"
#include "model/compare_part.h"
#include "model/diff.h"

enum phase {
	PHASE_SCHEMAS, /* and extensions */
	PHASE_RENAMES,
	PHASE_DROP_TRIGGERS,
	PHASE_DROP_VIEWS,
	PHASE_DROP_KEYS,      /* foreign keys in the way of what comes */
	PHASE_DROP_ROUTINES,  /* whose signatures use what goes */
	PHASE_DROP_EARLY,     /* tables whose names are wanted */
	PHASE_TYPES,          /* enums, domains, sequences */
	PHASE_ROUTINES_EARLY, /* that tables and domains use */
	PHASE_DOMAINS,        /* that use these */
	PHASE_TABLES,
	PHASE_LATE_KEYS,   /* that close cycles, or had to go for a while */
	PHASE_ENUM_VALUES, /* that go */
	PHASE_DROP_TABLES,
	PHASE_DROP_ROUTINES_LATE,
	PHASE_DROP_TYPES,
	PHASE_ROUTINES,
	PHASE_VIEWS,
	PHASE_TRIGGERS,
	PHASE_DROP_SCHEMAS,
	PHASE_COUNT
};

/* A table on both sides, or on one. */
struct table_pair {
	const struct retort_table *from, *to; /* canonical; NULL: not there */
	const struct retort_table *from_written, *to_written;
	struct parts from_keys, to_keys;       /* constraints, paired */
	struct parts from_indexes, to_indexes; /* likewise */
	unsigned *altered;                     /* of each column of `to`: RETORT_ALTER_* */
	bool reshaped;                         /* columns come, go or change their type */
	bool differs;                          /* in anything */
};

struct diffing {
	struct retort_arena *arena;
	const struct diff_options *options;
	struct retort_error *err;
	struct diff_side from, to; /* from: after renames */
	struct {
		struct diff_change *items;
		size_t count;
	} phases[PHASE_COUNT];
	struct table_pair *pairs;
	size_t pair_count;
	struct map *by_name; /* key of a table to its struct table_pair */
	struct map *held;    /* foreign keys, as parts, that go for a while though they stay the same */
	struct map *renamed; /* texts of notes for what looks renamed, by "table\ncolumn" or "table" */
	unsigned groups;
	struct diff *ret;
};

/* One more operation. schema, table and name as struct retort_op has them. */
struct retort_op *diffing_emit(struct diffing *diffing, enum phase phase, enum retort_op_kind kind,
	const char *schema, const char *table, const char *name);
/* Says something about the operation that was found last in a phase. */
void diffing_note(struct diffing *diffing, enum phase phase, bool loses, const char *format, ...)
	RETORT_PRINTF(4, 5);
bool diffing_has(const struct diffing *diffing, uint64_t cap);
/* "schema\nname", for maps. */
const char *diffing_key(struct retort_arena *arena, const char *schema, const char *name);
struct table_pair *diffing_pair(const struct diffing *diffing, const char *schema, const char *name);
/* Whether an expression or query may mean name: as a word, or in a string. */
bool diffing_names(const struct diffing *diffing, const struct retort_text *text, const char *name);

/* ---- diff_rename.c ---- */
/* Tables and columns that say what they were called, and are still called so on the other side. */
int diff_renames(struct diffing *diffing);
/* Finds what looks renamed and is not said to be. */
void diff_suspects(struct diffing *diffing);

/* ---- diff_table.c ---- */
void diff_tables(struct diffing *diffing);

/* ---- diff_key.c ---- */
/* Pairs the constraints and indexes of two tables; true where they differ. */
bool diff_pair_keys(struct diffing *diffing, struct table_pair *pair);
/* Marks foreign keys of other tables that stand on what goes from this one. */
void diff_hold_keys(struct diffing *diffing, const struct table_pair *pair);
/* The operations that take constraints and indexes away, in groups of their table. */
void diff_drop_keys(struct diffing *diffing, const struct table_pair *pair, unsigned group);
void diff_create_keys(struct diffing *diffing, const struct table_pair *pair, const struct map *late,
	unsigned group);

/* ---- diff_column.c ---- */
void diff_columns(struct diffing *diffing, const struct table_pair *pair, unsigned group);

/* ---- diff_type.c ---- */
/* What may be lost in a type change, in words; NULL: nothing. */
const char *diff_narrows(struct diffing *diffing, const struct retort_type *from,
	const struct retort_type *to);

/* ---- diff_object.c ---- */
void diff_objects(struct diffing *diffing);

/* ---- diff_view.c ---- */
int diff_views(struct diffing *diffing);

/* ---- diff_order.c ---- */
/* Brings the routines and views that were found into an order in which they can be made and dropped. */
void diff_order(struct diffing *diffing);

#endif
