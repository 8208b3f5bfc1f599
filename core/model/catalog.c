/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"

#include <string.h>

#include "base/text.h"

/* Where a family's members lie. */
static const struct {
	const char *word;
	size_t items, count; /* in struct retort_schema */
	size_t schema, name; /* in the object */
} families[FAMILY_COUNT] = {
	[FAMILY_TABLE] = {"table", offsetof(struct retort_schema, tables),
		offsetof(struct retort_schema, table_count), offsetof(struct retort_table, schema),
		offsetof(struct retort_table, name)},
	[FAMILY_ENUM] = {"enum", offsetof(struct retort_schema, enums),
		offsetof(struct retort_schema, enum_count), offsetof(struct retort_enum, schema),
		offsetof(struct retort_enum, name)},
	[FAMILY_DOMAIN] = {"domain", offsetof(struct retort_schema, domains),
		offsetof(struct retort_schema, domain_count), offsetof(struct retort_domain, schema),
		offsetof(struct retort_domain, name)},
	[FAMILY_SEQUENCE] = {"sequence", offsetof(struct retort_schema, sequences),
		offsetof(struct retort_schema, sequence_count), offsetof(struct retort_sequence, schema),
		offsetof(struct retort_sequence, name)},
	[FAMILY_VIEW] = {"view", offsetof(struct retort_schema, views),
		offsetof(struct retort_schema, view_count), offsetof(struct retort_view, schema),
		offsetof(struct retort_view, name)},
	[FAMILY_ROUTINE] = {"routine", offsetof(struct retort_schema, routines),
		offsetof(struct retort_schema, routine_count), offsetof(struct retort_routine, schema),
		offsetof(struct retort_routine, name)},
	[FAMILY_TRIGGER] = {"trigger", offsetof(struct retort_schema, triggers),
		offsetof(struct retort_schema, trigger_count), offsetof(struct retort_trigger, schema),
		offsetof(struct retort_trigger, name)},
	[FAMILY_EXTENSION] = {"extension", offsetof(struct retort_schema, extensions),
		offsetof(struct retort_schema, extension_count), offsetof(struct retort_extension, schema),
		offsetof(struct retort_extension, name)},
};

/* An object's place. Only removals move objects, and only down: at is where it can be at most. */
struct slot {
	size_t at;
	void *object;
};

struct retort_schema_index {
	struct map *slots[FAMILY_COUNT]; /* key to struct slot */
	size_t seen[FAMILY_COUNT];       /* how many objects slots knows of */
	/* What tables hold; NULL: not read yet. */
	struct map *index_owners;      /* key to the struct slot of a table */
	struct map *constraint_owners; /* the same for foreign keys and CHECKs */
	struct map *referrers;         /* key of a table to a struct map of the tables that refer to it */
};

enum { KEY_MAX = 256 };

/* A key is held here, or in the arena where it is longer. */
struct key {
	char here[KEY_MAX];
	const char *text;
};

bool name_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void name_fold(char *name, bool quoted)
{
	if (!quoted || !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")])
		text_lower(name);
}

const char *name_quote(struct retort_arena *arena, const char *schema_name, const char *name)
{
	if (!schema_name)
		return retort_printf(arena, "'%s'", text_echo(arena, name ? name : "", 100));
	return retort_printf(arena, "'%s.%s'", text_echo(arena, schema_name, 100),
		text_echo(arena, name ? name : "", 100));
}

/* "within, schema, name" with a byte between that no name holds. */
static const char *key_make(struct key *key, struct retort_arena *arena, const char *within,
	const char *schema_name, const char *name)
{
	size_t lengths[3], total = 3, at = 0, i;
	const char *parts[3];
	char *out;

	parts[0] = within ? within : "";
	parts[1] = schema_name ? schema_name : "";
	parts[2] = name ? name : "";
	for (i = 0; i < 3; i++)
		total += lengths[i] = strlen(parts[i]);
	out = total <= sizeof key->here ? key->here : retort_alloc(arena, total);
	for (i = 0; i < 3; i++) {
		memcpy(out + at, parts[i], lengths[i]);
		at += lengths[i];
		out[at++] = i < 2 ? '\x1f' : '\0';
	}
	key->text = out;
	return out;
}

const char *family_word(enum family family)
{
	return families[family].word;
}

size_t family_count(const struct retort_schema *schema, enum family family)
{
	size_t count;

	memcpy(&count, (const char *)schema + families[family].count, sizeof count);
	return count;
}

static void set_count(struct retort_schema *schema, enum family family, size_t count)
{
	memcpy((char *)schema + families[family].count, &count, sizeof count);
}

/* The array of a family; its elements are read and written by memcpy, whatever they point to. */
static char *items_of(const struct retort_schema *schema, enum family family)
{
	char *items;

	memcpy(&items, (const char *)schema + families[family].items, sizeof items);
	return items;
}

void *family_item(const struct retort_schema *schema, enum family family, size_t at)
{
	void *object;

	memcpy(&object, items_of(schema, family) + at * sizeof object, sizeof object);
	return object;
}

static void set_item(struct retort_schema *schema, enum family family, size_t at, void *object)
{
	memcpy(items_of(schema, family) + at * sizeof object, &object, sizeof object);
}

static const char *member(const void *object, size_t offset)
{
	const char *text;

	memcpy(&text, (const char *)object + offset, sizeof text);
	return text;
}

const char *family_item_name(enum family family, const void *object)
{
	return member(object, families[family].name);
}

const char *family_item_schema(enum family family, const void *object)
{
	/* an extension's name is unique in the database, whatever schema its objects lie in */
	return family == FAMILY_EXTENSION ? NULL : member(object, families[family].schema);
}

const char *family_item_within(enum family family, const void *object)
{
	if (family == FAMILY_TRIGGER)
		return ((const struct retort_trigger *)object)->table;
	if (family == FAMILY_ROUTINE)
		return ((const struct retort_routine *)object)->kind == RETORT_FUNCTION ? "function"
											: "procedure";
	return NULL;
}

static const char *key_of(struct key *key, const struct retort_schema *schema, enum family family,
	const void *object)
{
	return key_make(key, schema->arena, family_item_within(family, object),
		family_item_schema(family, object), family_item_name(family, object));
}

/* A key that outlives the call. */
static const char *key_keep(const struct key *key, struct retort_arena *arena)
{
	return key->text == key->here ? retort_strdup(arena, key->text) : key->text;
}

struct retort_schema_index *catalog_new(struct retort_arena *arena)
{
	return retort_alloc(arena, sizeof(struct retort_schema_index));
}

/* ---- what tables hold ---- */

static bool has_schema_wide_name(const struct retort_constraint *constraint)
{
	return constraint->name &&
		(constraint->kind == RETORT_FOREIGN_KEY || constraint->kind == RETORT_CHECK);
}

/* Enters a table's slot as the owner where the name has none (inspected schemas may use a name twice),
 * or takes it out. */
static void own(struct map *map, struct retort_arena *arena, struct slot *slot,
	const struct retort_table *table, const char *name, bool on)
{
	struct key key;
	const struct slot *owner = map_get(map, key_make(&key, arena, NULL, table->schema, name));

	if (on && !owner)
		map_put(map, key_keep(&key, arena), slot);
	else if (!on && owner == slot)
		map_remove(map, key.text);
}

/* Enters or takes out that a table refers to another. */
static void refer(struct map *referrers, struct retort_arena *arena, struct slot *slot,
	const struct retort_table *table, const struct retort_references *references, bool on)
{
	struct key key, own_key;
	struct map *set;

	set = map_get(referrers, key_make(&key, arena, NULL, references->schema, references->table));
	key_make(&own_key, arena, NULL, table->schema, table->name);
	if (!on) {
		if (set)
			map_remove(set, own_key.text);
		return;
	}
	if (!set) {
		set = map_new(arena);
		map_put(referrers, key_keep(&key, arena), set);
	}
	if (!map_get(set, own_key.text))
		map_put(set, key_keep(&own_key, arena), slot);
}

static void read_indexes(struct retort_schema_index *index, struct retort_arena *arena, struct slot *slot,
	const struct retort_table *table, bool on)
{
	size_t i;

	for (i = 0; i < table->index_count; i++) {
		if (table->indexes[i]->name)
			own(index->index_owners, arena, slot, table, table->indexes[i]->name, on);
	}
}

static void read_constraints(struct retort_schema_index *index, struct retort_arena *arena, struct slot *slot,
	const struct retort_table *table, bool on)
{
	size_t i;

	for (i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *constraint = table->constraints[i];

		if (constraint->kind == RETORT_FOREIGN_KEY && constraint->references)
			refer(index->referrers, arena, slot, table, constraint->references, on);
		if (has_schema_wide_name(constraint))
			own(index->constraint_owners, arena, slot, table, constraint->name, on);
	}
}

static bool same_items(const void *a, size_t a_count, const void *b, size_t b_count)
{
	return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof(void *)) == 0);
}

/* Exchanges what is known of the table in a slot; before or after may be NULL. */
static void read_table(struct retort_schema *schema, struct slot *slot, const struct retort_table *before,
	const struct retort_table *after)
{
	struct retort_schema_index *index = schema->index;
	bool same = before && after && strcmp(before->name, after->name) == 0 &&
		name_equal(before->schema, after->schema);

	if (!index->referrers)
		return;
	if (!same || !same_items(before->indexes, before->index_count, after->indexes, after->index_count)) {
		if (before)
			read_indexes(index, schema->arena, slot, before, false);
		if (after)
			read_indexes(index, schema->arena, slot, after, true);
	}
	if (!same ||
		!same_items(before->constraints, before->constraint_count, after->constraints,
			after->constraint_count)) {
		if (before)
			read_constraints(index, schema->arena, slot, before, false);
		if (after)
			read_constraints(index, schema->arena, slot, after, true);
	}
}

/* ---- keeping up ---- */

/* The schema's maps, this family's brought up to date. They are a cache, hence no part of what const means.
 */
static struct retort_schema_index *sync(const struct retort_schema *schema, enum family family)
{
	struct retort_schema_index *index = schema->index;
	size_t count = family_count(schema, family), i;
	struct key key;

	if (index->slots[family] && index->seen[family] == count)
		return index;
	index->slots[family] = map_new(schema->arena);
	for (i = 0; i < count; i++) {
		struct slot *slot = retort_alloc(schema->arena, sizeof *slot);

		slot->at = i;
		slot->object = family_item(schema, family, i);
		key_of(&key, schema, family, slot->object);
		map_put(index->slots[family], key_keep(&key, schema->arena), slot);
	}
	index->seen[family] = count;
	if (family == FAMILY_TABLE)
		index->index_owners = index->constraint_owners = index->referrers = NULL;
	return index;
}

/* The same, and what tables hold. */
static struct retort_schema_index *sync_contents(const struct retort_schema *schema)
{
	struct retort_schema_index *index = sync(schema, FAMILY_TABLE);
	struct slot *slot;
	struct key key;
	size_t i;

	if (index->referrers)
		return index;
	index->index_owners = map_new(schema->arena);
	index->constraint_owners = map_new(schema->arena);
	index->referrers = map_new(schema->arena);
	for (i = 0; i < schema->table_count; i++) {
		slot = map_get(index->slots[FAMILY_TABLE],
			key_of(&key, schema, FAMILY_TABLE, schema->tables[i]));
		if (!slot)
			continue;
		read_indexes(index, schema->arena, slot, schema->tables[i], true);
		read_constraints(index, schema->arena, slot, schema->tables[i], true);
	}
	return index;
}

/* Finds where the object of a slot stands now, at its place or, where others were removed, before it; false
 * where it is no longer in the schema. */
static bool slot_stands(const struct retort_schema *schema, enum family family, struct slot *slot)
{
	size_t count = family_count(schema, family), at = slot->at < count ? slot->at + 1 : count;

	while (at > 0 && family_item(schema, family, at - 1) != slot->object)
		at--;
	if (at > 0)
		slot->at = at - 1;
	return at > 0;
}

/* The slot of a key, or NULL. Who owns a schema may put a copy into the place of an object without saying so.
 */
static struct slot *find_slot(const struct retort_schema *schema, enum family family, const char *key)
{
	struct slot *slot = map_get(sync(schema, family)->slots[family], key);

	if (!slot || slot_stands(schema, family, slot))
		return slot;
	schema->index->slots[family] = NULL;
	return map_get(sync(schema, family)->slots[family], key);
}

void *catalog_find(const struct retort_schema *schema, enum family family, const char *within,
	const char *schema_name, const char *name)
{
	struct key key;
	const struct slot *slot =
		find_slot(schema, family, key_make(&key, schema->arena, within, schema_name, name));

	return slot ? slot->object : NULL;
}

static void append(struct retort_schema *schema, enum family family, void *object)
{
	size_t count = family_count(schema, family);
	void *items = retort_grow(schema->arena, items_of(schema, family), count, sizeof object);

	memcpy((char *)schema + families[family].items, &items, sizeof items);
	set_item(schema, family, count, object);
	set_count(schema, family, count + 1);
}

void catalog_put(struct retort_schema *schema, enum family family, void *object)
{
	struct retort_schema_index *index = schema->index;
	struct slot *slot;
	struct key key;

	slot = find_slot(schema, family, key_of(&key, schema, family, object));
	if (slot) {
		catalog_replace(schema, family, slot->object, object);
		return;
	}
	slot = retort_alloc(schema->arena, sizeof *slot);
	slot->at = family_count(schema, family);
	slot->object = object;
	append(schema, family, object);
	map_put(index->slots[family], key_keep(&key, schema->arena), slot);
	index->seen[family]++;
	if (family == FAMILY_TABLE)
		read_table(schema, slot, NULL, object);
}

void catalog_remove(struct retort_schema *schema, enum family family, void *object)
{
	struct retort_schema_index *index = schema->index;
	size_t count = family_count(schema, family);
	struct slot *slot;
	struct key key;

	slot = find_slot(schema, family, key_of(&key, schema, family, object));
	if (!slot)
		return;
	map_remove(index->slots[family], key.text);
	memmove(items_of(schema, family) + slot->at * sizeof object,
		items_of(schema, family) + (slot->at + 1) * sizeof object,
		(count - slot->at - 1) * sizeof object);
	set_count(schema, family, count - 1);
	index->seen[family]--;
	if (family == FAMILY_TABLE)
		read_table(schema, slot, slot->object, NULL);
}

void catalog_replace(struct retort_schema *schema, enum family family, void *before, void *after)
{
	struct retort_schema_index *index = schema->index;
	struct slot *slot;
	struct key key;

	slot = find_slot(schema, family, key_of(&key, schema, family, before));
	if (!slot)
		return;
	set_item(schema, family, slot->at, after);
	slot->object = after;
	if (!name_equal(family_item_name(family, before), family_item_name(family, after)) ||
		!name_equal(family_item_schema(family, before), family_item_schema(family, after)) ||
		!name_equal(family_item_within(family, before), family_item_within(family, after))) {
		map_remove(index->slots[family], key.text);
		key_of(&key, schema, family, after);
		map_put(index->slots[family], key_keep(&key, schema->arena), slot);
	}
	if (family == FAMILY_TABLE)
		read_table(schema, slot, before, after);
}

/* The table in the slot that a map has for a name. */
static struct retort_table *owner_of(const struct retort_schema *schema, const struct map *map,
	const char *schema_name, const char *name)
{
	struct key key;
	const struct slot *slot = map_get(map, key_make(&key, schema->arena, NULL, schema_name, name));

	return slot ? slot->object : NULL;
}

struct retort_table *catalog_index_owner(const struct retort_schema *schema, const char *schema_name,
	const char *name)
{
	return owner_of(schema, sync_contents(schema)->index_owners, schema_name, name);
}

struct retort_table *catalog_constraint_owner(const struct retort_schema *schema, const char *schema_name,
	const char *name)
{
	return owner_of(schema, sync_contents(schema)->constraint_owners, schema_name, name);
}

size_t catalog_referrers(struct retort_arena *arena, const struct retort_schema *schema,
	const char *schema_name, const char *name, struct retort_table ***ret)
{
	const struct retort_schema_index *index = sync_contents(schema);
	size_t count = 0;
	void *cursor = NULL, *slot;
	struct map *set;
	struct key key;

	*ret = NULL;
	set = map_get(index->referrers, key_make(&key, schema->arena, NULL, schema_name, name));
	if (!set)
		return 0;
	while (map_next(set, &cursor, NULL, &slot))
		RETORT_PUSH(arena, *ret, count, ((struct slot *)slot)->object);
	return count;
}

const char *catalog_hint(struct retort_arena *arena, const struct retort_schema *schema, enum family family,
	const char *name)
{
	size_t count = family_count(schema, family), i;
	const char **names = retort_alloc_array(arena, count, sizeof *names);
	const char *nearest;

	for (i = 0; i < count; i++)
		names[i] = family_item_name(family, family_item(schema, family, i));
	nearest = text_nearest(name, names, count, sizeof *names);
	return nearest ? retort_printf(arena, ", did you mean '%s'?", text_echo(arena, nearest, 100)) : "";
}
