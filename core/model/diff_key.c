/* SPDX-License-Identifier: MIT */
/* Constraints and indexes. */
#include <string.h>

#include "model/diffing.h"
#include "retort/sql.h"

/* ---- pairs ---- */

/* That rows were not checked is a difference only where they are to be now. */
static bool same_but_for_validity(const struct diffing *diffing, const struct part *from)
{
	struct retort_constraint left, right;

	if (!from->constraint || !from->other ||
		from->constraint->not_valid == from->other->constraint->not_valid)
		return false;
	left = *from->constraint;
	right = *from->other->constraint;
	left.not_valid = right.not_valid = false;
	return compare_constraint(&diffing->options->compare, &left, &right);
}

/* Whether a name that the file gives is another one. */
static bool is_renamed(const struct part *from)
{
	return from->other && !from->other->conventional && from->name && from->other->name &&
		!name_equal(from->name, from->other->name);
}

static bool parts_differ(const struct diffing *diffing, struct parts *from, const struct parts *to)
{
	bool differs = false;

	for (size_t i = 0; i < from->count; i++) {
		struct part *part = &from->items[i];

		if (part->differs && same_but_for_validity(diffing, part)) {
			part->differs = part->other->differs = false;
			differs |= part->constraint->not_valid;
		}
		differs |= !part->other || part->differs || is_renamed(part);
	}
	for (size_t i = 0; i < to->count; i++)
		differs |= !to->items[i].other;
	return differs;
}

bool diff_pair_keys(struct diffing *diffing, struct table_pair *pair)
{
	struct retort_arena *arena = diffing->arena;
	bool keys, indexes;

	pair->from_keys = parts_of_constraints(arena, pair->from);
	pair->to_keys = parts_of_constraints(arena, pair->to);
	pair->from_indexes = parts_of_indexes(arena, pair->from);
	pair->to_indexes = parts_of_indexes(arena, pair->to);
	parts_pair(arena, &diffing->options->compare, &pair->from_keys, &pair->to_keys);
	parts_pair(arena, &diffing->options->compare, &pair->from_indexes, &pair->to_indexes);
	keys = parts_differ(diffing, &pair->from_keys, &pair->to_keys);
	indexes = parts_differ(diffing, &pair->from_indexes, &pair->to_indexes);
	return keys || indexes;
}

/* ---- foreign keys in the way ---- */

static bool lists(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (name_equal(names[i], name))
			return true;
	return false;
}

/* Whether the columns that a foreign key refers to are those of a key, in whatever order. */
static bool stands_on(const struct retort_references *references, const struct retort_constraint *key,
	const struct retort_index *index)
{
	size_t count = key ? key->column_count : index->column_count;

	if (references->column_count != count)
		return !references->column_count && key && key->kind == RETORT_PRIMARY_KEY;
	for (size_t i = 0; i < count; i++)
		if (!lists(references->columns, references->column_count,
			    key ? key->columns[i] : index->columns[i]->column))
			return false;
	return true;
}

/* Whether a column of the table that a foreign key refers to changes its type or goes. */
static bool column_changes(const struct diffing *diffing, const struct table_pair *pair,
	const char *const *columns, size_t n)
{
	for (size_t i = 0; i < pair->from->column_count; i++) {
		const char *name = pair->from->columns[i]->name;

		if (lists(columns, n, name) && !retort_table_column(pair->to, name))
			return true;
	}
	for (size_t i = 0; i < pair->to->column_count; i++)
		if (pair->altered[i] & (RETORT_ALTER_TYPE | RETORT_ALTER_COLLATION) &&
			diffing_has(diffing, RETORT_CAP_KEYS_HOLD) &&
			lists(columns, n, pair->to->columns[i]->name))
			return true;
	return false;
}

/* Whether a foreign key of `from`, which refers to the pair's table, stands on what goes from there. */
static bool is_in_the_way(const struct diffing *diffing, const struct table_pair *pair,
	const struct retort_constraint *key)
{
	const struct retort_references *references = key->references;

	for (size_t i = 0; i < pair->from_keys.count; i++) {
		const struct part *part = &pair->from_keys.items[i];

		if ((part->constraint->kind == RETORT_PRIMARY_KEY ||
			    part->constraint->kind == RETORT_UNIQUE) &&
			(!part->other || part->differs) && stands_on(references, part->constraint, NULL))
			return true;
	}
	for (size_t i = 0; i < pair->from_indexes.count; i++) {
		const struct part *part = &pair->from_indexes.items[i];

		if (part->index->unique && (!part->other || part->differs) &&
			stands_on(references, NULL, part->index))
			return true;
	}
	return column_changes(diffing, pair, references->columns, references->column_count);
}

static const char *held_key(const struct diffing *diffing, const struct retort_table *table,
	const struct retort_constraint *key)
{
	return retort_printf(diffing->arena, "%s\n%s\n%s", table->schema ? table->schema : "", table->name,
		key->name ? key->name : "");
}

static void hold(struct diffing *diffing, struct table_pair *owner, struct retort_constraint *key)
{
	map_put(diffing->held, held_key(diffing, owner->from, key), key);
	owner->differs |= owner->to != NULL;
}

void diff_hold_keys(struct diffing *diffing, const struct table_pair *pair)
{
	struct retort_table **referrers;
	size_t n = catalog_referrers(diffing->arena, diffing->from.canonical, pair->from->schema,
		pair->from->name, &referrers);

	for (size_t i = 0; i < n; i++) {
		struct table_pair *owner = diffing_pair(diffing, referrers[i]->schema, referrers[i]->name);

		for (size_t k = 0; owner && k < referrers[i]->constraint_count; k++) {
			struct retort_constraint *key = referrers[i]->constraints[k];

			if (key->kind == RETORT_FOREIGN_KEY && key->references &&
				name_equal(key->references->table, pair->from->name) &&
				name_equal(key->references->schema, pair->from->schema) &&
				is_in_the_way(diffing, pair, key))
				hold(diffing, owner, key);
		}
	}
	/* its own keys, where the engine wants both ends to be of one type all the time */
	for (size_t i = 0; i < pair->from_keys.count; i++) {
		struct retort_constraint *key = pair->from_keys.items[i].constraint;

		if (key->kind == RETORT_FOREIGN_KEY && pair->reshaped &&
			diffing_has(diffing, RETORT_CAP_KEYS_HOLD) &&
			column_changes(diffing, pair, key->columns, key->column_count))
			hold(diffing, (struct table_pair *)pair, key);
	}
}

static bool is_held(const struct diffing *diffing, const struct retort_table *table, const struct part *part)
{
	return part->constraint && part->constraint->kind == RETORT_FOREIGN_KEY &&
		map_get(diffing->held, held_key(diffing, table, part->constraint));
}

/* ---- the written form ---- */

/* What operations call a part: the constraint or index that the written table has in its place. */
static struct part written(const struct retort_table *table, const struct part *part)
{
	struct part ret = *part;

	if (part->constraint && part->constraint->kind == RETORT_PRIMARY_KEY)
		ret.constraint = retort_table_primary_key(table);
	else if (part->name && part->constraint)
		ret.constraint = retort_table_constraint(table, part->name);
	if (part->name && (part->index || !ret.constraint)) {
		ret.index = retort_table_index(table, part->name);
		/* engines for which it is all one */
		if (!ret.index && part->index)
			ret.constraint = retort_table_constraint(table, part->name);
	}
	if (!ret.constraint && !ret.index)
		ret = *part;
	if (ret.constraint)
		ret.index = NULL;
	ret.name = ret.constraint ? ret.constraint->name : ret.index->name;
	return ret;
}

/* ---- operations ---- */

/* Indexes and what needs them least go first; the primary key last. */
static int rank(const struct part *part)
{
	static const int ranks[] = {[RETORT_PRIMARY_KEY] = 4,
		[RETORT_UNIQUE] = 3,
		[RETORT_FOREIGN_KEY] = 0,
		[RETORT_CHECK] = 2,
		[RETORT_EXCLUDE] = 2};

	return part->constraint ? ranks[part->constraint->kind] : 1;
}

enum { RANKS = 5 };

/* Whether a part is a foreign key of a table that goes. */
static bool refers_to_what_goes(const struct diffing *diffing, const struct part *part)
{
	const struct retort_references *references =
		part->constraint && part->constraint->kind == RETORT_FOREIGN_KEY
		? part->constraint->references
		: NULL;
	const struct table_pair *target =
		references ? diffing_pair(diffing, references->schema, references->table) : NULL;

	return target && !target->to;
}

static void drop_part(struct diffing *diffing, const struct table_pair *pair, const struct part *part,
	unsigned group)
{
	struct part what = written(pair->from_written, part);
	bool early = is_held(diffing, pair->from, part) || refers_to_what_goes(diffing, part);
	enum phase phase = early ? PHASE_DROP_KEYS : PHASE_TABLES;
	struct retort_op *op =
		diffing_emit(diffing, phase, what.index ? RETORT_OP_DROP_INDEX : RETORT_OP_DROP_CONSTRAINT,
			pair->from->schema, pair->from->name, what.name);

	if (what.constraint)
		op->constraint_kind = what.constraint->kind;
	if (!early)
		op->group = group;
	if (what.constraint && what.constraint->kind == RETORT_PRIMARY_KEY && !what.name)
		op->constraint_kind_given = true;
}

static void rename_part(struct diffing *diffing, const struct table_pair *pair, const struct part *part,
	unsigned group)
{
	struct part what = written(pair->from_written, part);
	struct retort_op *op = diffing_emit(diffing, PHASE_TABLES,
		what.index ? RETORT_OP_RENAME_INDEX : RETORT_OP_RENAME_CONSTRAINT, pair->from->schema,
		pair->from->name, what.name);

	op->to = part->other->name;
	op->group = group;
}

static void validate_part(struct diffing *diffing, const struct table_pair *pair, const struct part *part,
	unsigned group)
{
	diffing_emit(diffing, PHASE_TABLES, RETORT_OP_VALIDATE_CONSTRAINT, pair->from->schema,
		pair->from->name, written(pair->from_written, part).name)
		->group = group;
}

static void drop_parts(struct diffing *diffing, const struct table_pair *pair, const struct parts *parts,
	int which, unsigned group)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		if (rank(part) != which)
			continue;
		if (!part->other || part->differs || is_held(diffing, pair->from, part))
			drop_part(diffing, pair, part, group);
		else if (is_renamed(part))
			rename_part(diffing, pair, part, group);
		else if (part->constraint && part->constraint->not_valid &&
			!part->other->constraint->not_valid)
			validate_part(diffing, pair, part, group);
	}
}

void diff_drop_keys(struct diffing *diffing, const struct table_pair *pair, unsigned group)
{
	for (int which = 0; which < RANKS; which++) {
		drop_parts(diffing, pair, &pair->from_keys, which, group);
		drop_parts(diffing, pair, &pair->from_indexes, which, group);
	}
}

/* A foreign key waits for all tables where it closes a cycle, or had to make room for a while. */
static bool waits(const struct diffing *diffing, const struct table_pair *pair, const struct part *part,
	const struct map *late)
{
	if (!part->constraint || part->constraint->kind != RETORT_FOREIGN_KEY)
		return false;
	return (part->name && late && map_get(late, part->name)) ||
		(part->other && is_held(diffing, pair->from, part->other));
}

static void create_part(struct diffing *diffing, const struct table_pair *pair, const struct part *part,
	const struct map *late, unsigned group)
{
	struct part what = written(pair->to_written, part);
	enum phase phase = waits(diffing, pair, part, late) ? PHASE_LATE_KEYS : PHASE_TABLES;
	struct retort_op *op = diffing_emit(diffing, phase,
		what.index ? RETORT_OP_CREATE_INDEX : RETORT_OP_CREATE_CONSTRAINT, pair->to->schema,
		pair->to->name, what.name);

	op->index = what.index;
	op->constraint = what.constraint;
	if (phase == PHASE_TABLES)
		op->group = group;
}

static void create_parts(struct diffing *diffing, const struct table_pair *pair, const struct parts *parts,
	int which, const struct map *late, unsigned group)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		if (rank(part) == which &&
			(!part->other || part->differs || is_held(diffing, pair->from, part->other)))
			create_part(diffing, pair, part, late, group);
	}
}

void diff_create_keys(struct diffing *diffing, const struct table_pair *pair, const struct map *late,
	unsigned group)
{
	for (int which = RANKS; which-- > 0;) {
		create_parts(diffing, pair, &pair->to_keys, which, late, group);
		create_parts(diffing, pair, &pair->to_indexes, which, late, group);
	}
}
