/* SPDX-License-Identifier: MIT */
/* Tables: which come, go and change, in the order of their foreign keys. */
#include <string.h>

#include "model/diffing.h"
#include "model/order.h"

/* ---- pairs ---- */

static void add_pair(struct diffing *diffing, const struct retort_table *from, const struct retort_table *to)
{
	struct table_pair pair = {.from = from, .to = to};

	if (from)
		pair.from_written = retort_schema_table(diffing->from.written, from->schema, from->name);
	if (to)
		pair.to_written = retort_schema_table(diffing->to.written, to->schema, to->name);
	if (!pair.from_written)
		pair.from_written = from;
	if (!pair.to_written)
		pair.to_written = to;
	RETORT_PUSH(diffing->arena, diffing->pairs, diffing->pair_count, pair);
}

static void pair_tables(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->table_count; i++)
		add_pair(diffing, retort_schema_table(from, to->tables[i]->schema, to->tables[i]->name),
			to->tables[i]);
	for (size_t i = 0; i < from->table_count; i++)
		if (!retort_schema_table(to, from->tables[i]->schema, from->tables[i]->name))
			add_pair(diffing, from->tables[i], NULL);
	for (size_t i = 0; i < diffing->pair_count; i++) {
		struct table_pair *pair = &diffing->pairs[i];
		const struct retort_table *any = pair->to ? pair->to : pair->from;

		map_put(diffing->by_name, diffing_key(diffing->arena, any->schema, any->name), pair);
	}
}

/* ---- what differs ---- */

/* The enum of a name that both columns are of: its own operations change it. */
static bool same_named_enum(const struct retort_column *from, const struct retort_column *to)
{
	return from && to && from->type && to->type && from->type->kind == RETORT_TYPE_ENUM &&
		to->type->kind == RETORT_TYPE_ENUM && from->type->name && to->type->name &&
		name_equal(from->type->name, to->type->name) &&
		name_equal(from->type->schema, to->type->schema);
}

static unsigned altered(const struct diffing *diffing, const struct table_pair *pair,
	const struct retort_column *to)
{
	const struct retort_column *from = retort_table_column(pair->from, to->name);
	unsigned bits = from ? compare_column(diffing->arena, &diffing->options->compare, from, to) : 0;

	if (diffing->options->ignore_types)
		bits &= ~(unsigned)(RETORT_ALTER_TYPE | RETORT_ALTER_COLLATION);
	if (diffing->options->ignore_defaults)
		bits &= ~(unsigned)(RETORT_ALTER_DEFAULT);
	if (bits & RETORT_ALTER_TYPE &&
		same_named_enum(retort_table_column(pair->from_written, to->name),
			retort_table_column(pair->to_written, to->name)))
		bits &= ~(unsigned)RETORT_ALTER_TYPE;
	return bits;
}

static bool same_comment(const struct diffing *diffing, const struct table_pair *pair)
{
	return diffing->options->compare.ignore_comments ||
		name_equal(pair->from->comment, pair->to->comment);
}

/* An option as the file spells its value. */
static const struct retort_option *as_written(const struct diffing *diffing, const struct retort_table *table,
	const struct retort_option *option)
{
	const char *value = retort_table_option(table, option->dialect, option->key);
	struct retort_option *ret = retort_alloc(diffing->arena, sizeof *ret);

	*ret = *option;
	if (value)
		ret->value = value;
	return ret;
}

/* The options that differ, with the values that they get; NULL: none. */
static struct retort_table_options *changed_options(const struct diffing *diffing,
	const struct table_pair *pair)
{
	const struct retort_table *const tables[] = {pair->to, pair->from};
	const struct retort_option **options = NULL;
	struct retort_table_options *ret;
	size_t count = 0;

	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < tables[side]->option_count; i++) {
			const struct retort_option *option = tables[side]->options[i];
			const char *other =
				retort_table_option(tables[1 - side], option->dialect, option->key);
			struct retort_option *gone;

			if (side == 0 && !name_equal(option->value, other))
				RETORT_PUSH(diffing->arena, options, count,
					as_written(diffing, pair->to_written, option));
			if (side == 0 || other)
				continue;
			gone = retort_alloc(diffing->arena, sizeof *gone);
			*gone = (struct retort_option){.dialect = option->dialect, .key = option->key};
			RETORT_PUSH(diffing->arena, options, count, gone);
		}
	if (!count)
		return NULL;
	ret = retort_alloc(diffing->arena, sizeof *ret);
	*ret = (struct retort_table_options){options, count};
	return ret;
}

static void compare_pair(struct diffing *diffing, struct table_pair *pair)
{
	const struct retort_table *from = pair->from, *to = pair->to;

	if (from == to)
		return;
	pair->altered = retort_alloc_array(diffing->arena, to->column_count + 1, sizeof *pair->altered);
	for (size_t i = 0; i < to->column_count; i++) {
		pair->altered[i] = altered(diffing, pair, to->columns[i]);
		pair->differs |= pair->altered[i] != 0;
		pair->reshaped |= (pair->altered[i] & (RETORT_ALTER_TYPE | RETORT_ALTER_COLLATION)) != 0 ||
			!retort_table_column(from, to->columns[i]->name);
	}
	for (size_t i = 0; i < from->column_count; i++)
		pair->reshaped |= !retort_table_column(to, from->columns[i]->name);
	pair->differs |= pair->reshaped || !same_comment(diffing, pair) || changed_options(diffing, pair);
	pair->differs |= diff_pair_keys(diffing, pair);
}

/* ---- operations ---- */

/* The foreign keys of a table that are made when all tables are there. */
static bool is_late(const struct map *late, const struct retort_constraint *constraint)
{
	return constraint->kind == RETORT_FOREIGN_KEY && constraint->name && late &&
		map_get(late, constraint->name);
}

static void emit_late_key(struct diffing *diffing, const struct retort_table *table,
	struct retort_constraint *constraint)
{
	struct retort_op *op = diffing_emit(diffing, PHASE_LATE_KEYS, RETORT_OP_CREATE_CONSTRAINT,
		table->schema, table->name, constraint->name);

	op->constraint = constraint;
}

static void create_table(struct diffing *diffing, const struct table_pair *pair, const struct map *late)
{
	struct retort_table *table = retort_table_copy(diffing->arena, pair->to_written);
	struct retort_op *op;
	size_t kept = 0, indexes = 0;
	const char *note;

	op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_CREATE_TABLE, table->schema, table->name, NULL);
	op->create = table;
	table->renamed_from = NULL;
	table->definition = NULL;
	table->column_sets = NULL;
	table->column_set_count = 0;
	for (size_t i = 0; i < table->column_count; i++)
		retort_table_own_column(diffing->arena, table, i)->renamed_from = NULL;
	for (size_t i = 0; i < table->constraint_count; i++)
		if (is_late(late, table->constraints[i]))
			emit_late_key(diffing, table, table->constraints[i]);
		else
			table->constraints[kept++] = table->constraints[i];
	table->constraint_count = kept;
	for (size_t i = 0; i < table->index_count; i++)
		if (!table->indexes[i]->implied)
			table->indexes[indexes++] = table->indexes[i];
	table->index_count = indexes;
	note = map_get(diffing->renamed,
		retort_printf(diffing->arena, "%s\n\n%s", table->schema ? table->schema : "", table->name));
	if (note)
		diffing_note(diffing, PHASE_TABLES, false, "%s", note);
}

static void change_options(struct diffing *diffing, const struct table_pair *pair, unsigned group)
{
	struct retort_table_options *options = changed_options(diffing, pair);
	struct retort_op *op;

	if (!options)
		return;
	op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_SET_OPTIONS, pair->to->schema, pair->to->name,
		NULL);
	op->options = options;
	op->group = group;
}

static void change_table(struct diffing *diffing, const struct table_pair *pair, const struct map *late)
{
	unsigned group = ++diffing->groups;

	diff_drop_keys(diffing, pair, group);
	change_options(diffing, pair, group);
	diff_columns(diffing, pair, group);
	diff_create_keys(diffing, pair, late, group);
	if (!same_comment(diffing, pair)) {
		struct retort_op *op = diffing_emit(diffing, PHASE_TABLES, RETORT_OP_COMMENT,
			pair->to->schema, pair->to->name, NULL);

		op->message = pair->to_written->comment;
		op->group = group;
	}
}

/* ---- tables that go ---- */

static void drop_table(struct diffing *diffing, enum phase phase, const struct retort_table *table)
{
	const char *note = map_get(diffing->renamed,
		retort_printf(diffing->arena, "%s\n\n%s", table->schema ? table->schema : "", table->name));

	diffing_emit(diffing, phase, RETORT_OP_DROP_TABLE, table->schema, table->name, table->name);
	diffing_note(diffing, phase, true, "the rows of '%s' are lost", table->name);
	if (note)
		diffing_note(diffing, phase, false, "%s", note);
}

/* Whether a name that a table gives free is wanted by one that comes or changes, or by a view. */
static bool name_is_wanted(const struct diffing *diffing, const struct retort_table *table)
{
	const struct retort_schema *to = diffing->to.written;

	if (catalog_index_owner(to, table->schema, table->name) ||
		catalog_find(to, FAMILY_SEQUENCE, NULL, table->schema, table->name))
		return true;
	for (size_t i = 0; i < table->index_count; i++) {
		const char *name = table->indexes[i]->name;

		if (name &&
			(catalog_index_owner(to, table->schema, name) ||
				retort_schema_table(to, table->schema, name)))
			return true;
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		const char *name = table->constraints[i]->name;

		if (name && !table->constraints[i]->conventional &&
			(catalog_constraint_owner(to, table->schema, name) ||
				catalog_index_owner(to, table->schema, name)))
			return true;
	}
	return false;
}

/* In reverse order of their foreign keys; those that close a cycle go first. Early where a name of one is
 * wanted. */
static void drop_tables(struct diffing *diffing)
{
	const struct retort_table **tables = NULL;
	struct order_late *late;
	size_t count = 0, late_count;
	enum phase phase = PHASE_DROP_TABLES;

	for (size_t i = 0; i < diffing->pair_count; i++)
		if (!diffing->pairs[i].to)
			RETORT_PUSH(diffing->arena, tables, count, diffing->pairs[i].from_written);
	if (!count)
		return;
	for (size_t i = 0; i < count && phase != PHASE_DROP_EARLY; i++)
		if (name_is_wanted(diffing, tables[i]))
			phase = PHASE_DROP_EARLY;
	order_tables(diffing->arena, tables, count, &late, &late_count);
	for (size_t i = 0; i < late_count; i++) {
		struct retort_op *op = diffing_emit(diffing, PHASE_DROP_KEYS, RETORT_OP_DROP_CONSTRAINT,
			late[i].table->schema, late[i].table->name, late[i].constraint->name);

		op->constraint_kind = RETORT_FOREIGN_KEY;
	}
	while (count-- > 0)
		drop_table(diffing, phase, tables[count]);
}

/* ---- all ---- */

/* The names of the keys of each table that close a cycle, by table. */
static struct map *late_keys(struct diffing *diffing, const struct order_late *late, size_t count)
{
	struct map *by_table = map_new(diffing->arena);

	for (size_t i = 0; i < count; i++) {
		const char *key = diffing_key(diffing->arena, late[i].table->schema, late[i].table->name);
		struct map *names = map_get(by_table, key);

		if (!names) {
			names = map_new(diffing->arena);
			map_put(by_table, key, names);
		}
		if (late[i].constraint->name)
			map_put(names, late[i].constraint->name, names);
	}
	return by_table;
}

static void emit_tables(struct diffing *diffing)
{
	const struct retort_table **tables = NULL;
	struct order_late *late;
	struct map *late_by_table;
	size_t count = 0, late_count;

	for (size_t i = 0; i < diffing->pair_count; i++)
		if (diffing->pairs[i].to)
			RETORT_PUSH(diffing->arena, tables, count, diffing->pairs[i].to_written);
	order_tables(diffing->arena, tables, count, &late, &late_count);
	late_by_table = late_keys(diffing, late, late_count);
	for (size_t i = 0; i < count; i++) {
		const struct table_pair *pair = diffing_pair(diffing, tables[i]->schema, tables[i]->name);
		const struct map *names = map_get(late_by_table,
			diffing_key(diffing->arena, tables[i]->schema, tables[i]->name));

		if (!pair->from)
			create_table(diffing, pair, names);
		else if (pair->differs)
			change_table(diffing, pair, names);
	}
}

void diff_tables(struct diffing *diffing)
{
	bool differs = false;

	pair_tables(diffing);
	for (size_t i = 0; i < diffing->pair_count; i++) {
		struct table_pair *pair = &diffing->pairs[i];

		if (pair->from && pair->to)
			compare_pair(diffing, pair);
		differs |= pair->differs || !pair->from || !pair->to;
	}
	if (!differs)
		return;
	diff_suspects(diffing);
	for (size_t i = 0; i < diffing->pair_count; i++)
		if (diffing->pairs[i].from && diffing->pairs[i].to && diffing->pairs[i].differs)
			diff_hold_keys(diffing, &diffing->pairs[i]);
	drop_tables(diffing);
	emit_tables(diffing);
}
