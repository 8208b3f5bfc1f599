/* SPDX-License-Identifier: MIT
 *
 * Whether two engines hold the same. Their native types and expressions can't be compared, but each was found
 * to be what replay says; so here it is what every engine has in the same way: which objects there are, keys,
 * nullability, where defaults stand.
 */
#include <string.h>

#include "base/map.h"
#include "engine/stairway.h"
#include "model/catalog.h"
#include "retort/sql.h"

/* What is known of one side: "object\nproperty" -> struct fact. */
struct facts {
	struct retort_arena *arena;
	struct map *map;
	uint64_t caps; /* of both engines */
	const struct retort_schema *stated;
};

struct fact {
	const char *object, *property, *value;
};

static void put(struct facts *facts, const char *object, const char *property, const char *value)
{
	struct fact *fact = retort_alloc(facts->arena, sizeof *fact);

	*fact = (struct fact){object, property, value};
	map_put(facts->map, retort_printf(facts->arena, "%s\n%s", object, property ? property : ""), fact);
}

static const char *names_text(struct retort_arena *arena, const char *const *names, size_t n)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (size_t i = 0; i < n; i++)
		retort_buf_printf(&out, "%s%s", i ? ", " : "", names[i]);
	return out.data;
}

static const char *qualified(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s.%s", schema, name) : name;
}

static const char *yes_no(bool value)
{
	return value ? "true" : "false";
}

static void put_columns(struct facts *facts, const char *name, const struct retort_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		const char *object = retort_printf(facts->arena, "column %s.%s", name, column->name);

		put(facts, object, NULL, "column");
		put(facts, object, "nullable", yes_no(column->nullable));
		put(facts, object, "computed", yes_no(column->computed != NULL));
		put(facts, object, "autoincrement", yes_no(column->autoincrement != RETORT_AUTO_NONE));
		if (column->autoincrement == RETORT_AUTO_NONE)
			put(facts, object, "default", yes_no(column->def != NULL));
		if (facts->caps & RETORT_CAP_COMMENTS)
			put(facts, object, "comment", column->comment ? column->comment : "");
	}
}

/* An action; what is not stated is no action, which some engines don't tell from restrict. */
static const char *action_text(enum retort_action action)
{
	return action == RETORT_ACTION_CASCADE        ? "cascade"
		: action == RETORT_ACTION_SET_NULL    ? "set null"
		: action == RETORT_ACTION_SET_DEFAULT ? "set default"
						      : "refuse";
}

static void put_constraint(struct facts *facts, const char *name, const struct retort_constraint *constraint)
{
	static const char *const words[] = {[RETORT_PRIMARY_KEY] = "primary key",
		[RETORT_UNIQUE] = "unique",
		[RETORT_FOREIGN_KEY] = "foreign key"};
	const struct retort_references *references = constraint->references;
	const char *columns = names_text(facts->arena, constraint->columns, constraint->column_count);
	const char *value = "constraint", *object;

	if (constraint->kind == RETORT_CHECK || constraint->kind == RETORT_EXCLUDE)
		return;
	object = retort_printf(facts->arena, "%s (%s) of %s", words[constraint->kind], columns, name);
	if (references)
		value = retort_printf(facts->arena, "%s on delete %s on update %s",
			qualified(facts->arena, references->schema, references->table),
			action_text(references->on_delete), action_text(references->on_update));
	put(facts, object, NULL, value);
}

/* CHECKs that the files name: an engine may have more, in place of what its types lack. */
static void put_check(struct facts *facts, const char *name, const struct retort_table *table,
	const struct retort_constraint *constraint)
{
	const struct retort_table *stated = retort_schema_table(facts->stated, table->schema, table->name);

	if (constraint->kind == RETORT_CHECK && constraint->name && stated &&
		retort_table_constraint(stated, constraint->name))
		put(facts, retort_printf(facts->arena, "check %s of %s", constraint->name, name), NULL,
			"check");
}

static void put_index(struct facts *facts, const char *name, const struct retort_index *index)
{
	struct retort_buf columns;

	if (index->implied || (index->where && index->unique))
		return;
	retort_buf_init(&columns, facts->arena);
	for (size_t i = 0; i < index->column_count; i++) {
		const struct retort_index_column *column = index->columns[i];
		bool descends = column->order == RETORT_ORDER_DESC && (facts->caps & RETORT_CAP_INDEX_DESC);

		if (column->length && index->unique)
			return;
		retort_buf_printf(&columns, "%s%s%s", i ? ", " : "",
			column->column ? column->column : "expression", descends ? " desc" : "");
	}
	put(facts,
		retort_printf(facts->arena, "%s (%s) of %s", index->unique ? "unique" : "index", columns.data,
			name),
		NULL, "index");
}

static void put_table(struct facts *facts, const struct retort_table *table)
{
	const char *name = qualified(facts->arena, table->schema, table->name);
	const char *object = retort_printf(facts->arena, "table %s", name);

	put(facts, object, NULL, "table");
	if (facts->caps & RETORT_CAP_COMMENTS)
		put(facts, object, "comment", table->comment ? table->comment : "");
	put_columns(facts, name, table);
	for (size_t i = 0; i < table->constraint_count; i++) {
		put_constraint(facts, name, table->constraints[i]);
		put_check(facts, name, table, table->constraints[i]);
	}
	for (size_t i = 0; i < table->index_count; i++)
		put_index(facts, name, table->indexes[i]);
}

/* What each engine must have for objects of a family to be compared. */
static const struct {
	enum family family;
	uint64_t needs;
} families[] = {
	{FAMILY_VIEW, 0},
	{FAMILY_ENUM, RETORT_CAP_ENUMS},
	{FAMILY_DOMAIN, RETORT_CAP_DOMAINS},
	{FAMILY_SEQUENCE, RETORT_CAP_SEQUENCES},
	{FAMILY_ROUTINE, RETORT_CAP_FUNCTIONS | RETORT_CAP_PROCEDURES},
	{FAMILY_TRIGGER, RETORT_CAP_TRIGGERS},
};

static struct facts collect(struct retort_arena *arena, uint64_t caps, const struct retort_schema *schema,
	const struct retort_schema *stated)
{
	struct facts facts = {arena, map_new(arena), caps, stated};

	for (size_t i = 0; i < schema->table_count; i++)
		put_table(&facts, schema->tables[i]);
	for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
		if ((caps & families[k].needs) != families[k].needs)
			continue;
		for (size_t i = 0; i < family_count(schema, families[k].family); i++) {
			const void *item = family_item(schema, families[k].family, i);

			put(&facts,
				retort_printf(arena, "%s %s", family_word(families[k].family),
					qualified(arena, family_item_schema(families[k].family, item),
						family_item_name(families[k].family, item))),
				NULL, family_word(families[k].family));
		}
	}
	return facts;
}

static const char *value_of(const struct facts *facts, const char *key)
{
	const struct fact *fact = map_get(facts->map, key);

	return fact ? fact->value : NULL;
}

/* Facts of one side that the other has otherwise; with back only those that it has not at all. */
static void compare(struct retort_arena *arena, const struct facts *live, const struct facts *others,
	const struct facts stated[2], bool back, struct difference **ret, size_t *count)
{
	void *cursor = NULL, *value;
	const char *key;

	while (map_next(live->map, &cursor, &key, &value)) {
		const struct fact *fact = value;
		const char *other = value_of(others, key);
		struct difference difference = {fact->object, fact->property, fact->value, other, NULL};

		if (back ? other != NULL : name_equal(fact->value, other))
			continue;
		/* of an object that is on one side only the object alone is told */
		if (fact->property && !other)
			continue;
		if (!name_equal(value_of(&stated[0], key), value_of(&stated[1], key)))
			continue;
		if (back) {
			difference.left = NULL;
			difference.right = fact->value;
		}
		RETORT_PUSH(arena, *ret, *count, difference);
	}
}

void stairway_agree(struct retort_arena *arena, const struct stairway_side *left,
	const struct stairway_side *right, struct difference **ret, size_t *count)
{
	uint64_t caps = left->caps & right->caps;
	struct facts stated[2] = {collect(arena, caps, left->stated, left->stated),
		collect(arena, caps, right->stated, right->stated)};
	struct facts a = collect(arena, caps, left->live, left->stated);
	struct facts b = collect(arena, caps, right->live, right->stated);

	*ret = NULL;
	*count = 0;
	compare(arena, &a, &b, stated, false, ret, count);
	compare(arena, &b, &a, stated, true, ret, count);
}

/* ---- schemas ---- */

const char *stairway_foreign_schema(const struct retort_op *op)
{
	if (op->kind == RETORT_OP_CREATE_SCHEMA || op->kind == RETORT_OP_DROP_SCHEMA)
		return op->name;
	if (op->schema)
		return op->schema;
	if (op->create && op->create->schema)
		return op->create->schema;
	if (op->constraint && op->constraint->references)
		return op->constraint->references->schema;
	return NULL;
}
