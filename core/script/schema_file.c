/* SPDX-License-Identifier: MIT */
#include "script/schema_file.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "model/replaying.h"
#include "script/head.h"
#include "script/revision_read.h"
#include "script/schema_file_section.h"

enum { ECHOED = 60 };

/* A file on its way; its faults are kept apart so that they are told file by file. */
struct part {
	struct reader reader;
	struct retort_error *err;
};

/* A table that names column sets: they are put in when all files are read. */
struct pending {
	struct part *part;
	struct retort_op *op;
	const struct yaml *node;
};

/* A column set; base is what columns point to once they are read. */
struct column_set {
	const char *name, *file;
	struct retort_column **columns;
	size_t count;
	bool used;
};

struct loading {
	const struct script_reader *in;
	struct retort_arena *arena;
	struct retort_arena *nodes; /* the trees of the files and the maps, until all are read */
	struct part **parts;
	size_t part_count;
	const struct retort_op **ops;
	size_t op_count;
	struct map *seen; /* what makes an object unlike others -> the first op */
	struct map *sets;
	struct pending *pending;
	size_t pending_count;
};

/* ---- objects ---- */

static bool among(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

/* Whether all dialects of one scope are surely left out by another. */
static bool excluded(const struct retort_scope *one, const struct retort_scope *other)
{
	size_t i;

	for (i = 0; i < one->only_count; i++)
		if (!among(one->only[i], other->except, other->except_count) &&
			(!other->only_count || among(one->only[i], other->only, other->only_count)))
			return false;
	return one->only_count > 0;
}

/* Tells of a second object of one name, unless the two are never in one database. */
static void check_unique(struct loading *loading, struct reader *reader, const struct schema_section *section,
	const struct retort_op *op, const struct yaml *place, bool key_of_map)
{
	char *key = retort_printf(loading->nodes, "%s\x1f%s\x1f%s\x1f%s", section->key,
		op->schema ? op->schema : "",
		op->kind == RETORT_OP_CREATE_TRIGGER && op->table ? op->table : "", op->name ? op->name : "");
	const struct retort_op *first = map_get(loading->seen, key);

	if (!first) {
		map_put(loading->seen, key, (void *)(uintptr_t)op);
		return;
	}
	if (key_of_map && first->file == op->file)
		return; /* told as a key that stands twice */
	if (excluded(&first->scope, &op->scope) || excluded(&op->scope, &first->scope))
		return;
	reader_fault(reader, place, "%s %s is given already in %s:%u", schema_section_object(section)->noun,
		name_quote(loading->arena, op->schema, op->name ? op->name : ""), first->file, first->line);
}

#define TEXT_AT(object, field) (*(const char **)(void *)((char *)(object) + (field)->offset))

/* Copies the names and the scope that an object holds to its operation. */
static void share(const struct object *object, void *draft, struct retort_op *op)
{
	const struct field *name = field_find(object->fields, "name");
	const struct field *schema = field_find(object->fields, "schema");
	const struct field *only = field_find(object->fields, "only");

	op->name = TEXT_AT(draft, name);
	if (schema)
		op->schema = TEXT_AT(draft, schema);
	schema_op_finish(op);
	memcpy(&op->scope, (char *)draft + only->offset, sizeof op->scope);
}

/* One object of a section as the operation that makes it. */
static void read_one(struct loading *loading, struct part *part, const struct schema_section *section,
	const struct yaml *name, const struct yaml *node)
{
	const struct operation *operation = operation_find(section->word);
	const struct object *object = schema_section_object(section);
	struct yaml empty = {.kind = YAML_MAP, .line = node->line, .column = node->column};
	const struct yaml *place = name ? name : node;
	struct retort_op *op;
	void *draft;

	if (yaml_is_null(node) && name && schema_section_may_be_null(section))
		node = &empty;
	draft = read_object(&part->reader, object, name, node);
	op = section->object ? draft : retort_alloc(loading->arena, sizeof *op);
	op->kind = operation->kind;
	op->file = part->reader.file;
	op->line = place->line;
	op->line_column = place->column;
	op->index_in_file = (unsigned)loading->op_count + 1;
	if (!section->object) {
		*(void **)(void *)((char *)op + operation->object_offset) = draft;
		share(object, draft, op);
	}
	if (op->create) {
		struct pending pending = {part, op, yaml_get(node, "column_sets")};

		op->create->line = op->line;
		op->create->line_column = op->line_column;
		if (pending.node)
			RETORT_PUSH(loading->arena, loading->pending, loading->pending_count, pending);
	}
	check_unique(loading, &part->reader, section, op, place, name != NULL);
	RETORT_PUSH(loading->arena, loading->ops, loading->op_count, op);
}

static void read_section(struct loading *loading, struct part *part, const struct schema_section *section,
	const struct yaml *node)
{
	struct reader *reader = &part->reader;
	size_t i, cut;

	if (node->kind == YAML_SCALAR) {
		reader_fault(reader, node, "'%s' must be a map by name or a list%s, found %s", section->key,
			yaml_is_null(node) ? " ({} where there are none)" : "", reader_found(reader, node));
		return;
	}
	for (i = 0; i < node->count && reader->faults < READER_MOST_FAULTS; i += 1 + cut) {
		const struct yaml *name = node->kind == YAML_MAP ? node->keys[i] : NULL;

		cut = read_cut(reader, node, i);
		if (!cut)
			read_one(loading, part, section, name, node->items[i]);
	}
}

/* ---- column sets ---- */

/* {set: {column: ...}} */
static void read_sets(struct loading *loading, struct part *part, const struct yaml *node)
{
	struct reader *reader = &part->reader;
	size_t i, j;

	if (node->kind != YAML_MAP) {
		reader_fault(reader, node, "'%s' must be a map of sets by name, found %s", SCHEMA_COLUMN_SETS,
			reader_found(reader, node));
		return;
	}
	for (i = 0; i < node->count; i++) {
		const struct yaml *columns = node->items[i];
		struct column_set *set = retort_alloc(loading->arena, sizeof *set), *first;

		set->name = node->keys[i]->text;
		set->file = reader->file;
		if (columns->kind != YAML_MAP) {
			reader_fault(reader, columns,
				"column set '%s' must be a map of columns by name, found %s",
				text_echo(loading->arena, set->name, ECHOED), reader_found(reader, columns));
			continue;
		}
		for (j = 0; j < columns->count; j++) {
			struct retort_column *column =
				read_object(reader, &object_column, columns->keys[j], columns->items[j]);

			RETORT_PUSH(loading->arena, set->columns, set->count, column);
		}
		first = map_put(loading->sets, set->name, set);
		if (first)
			reader_fault(reader, node->keys[i], "column set '%s' is given already in %s",
				text_echo(loading->arena, set->name, ECHOED), first->file);
	}
}

/* ": did you mean 'x'?" for the name of a set. */
static const char *set_meant(struct loading *loading, struct reader *reader, const char *word)
{
	const char **names = NULL, *name;
	void *cursor = NULL;
	size_t count = 0;

	while (map_next(loading->sets, &cursor, &name, NULL))
		RETORT_PUSH(loading->arena, names, count, name);
	return reader_meant(reader, text_nearest(word, names, count, sizeof *names));
}

/* Appends the columns of a set; one that the table has itself counts instead. */
static void apply_set(struct loading *loading, const struct pending *pending, const struct column_set *set)
{
	struct retort_table *table = pending->op->create;
	size_t i;

	for (i = 0; i < set->count; i++) {
		struct retort_column *column;

		if (!set->columns[i]->name || retort_table_column(table, set->columns[i]->name))
			continue;
		column = COPY(loading->arena, set->columns[i]);
		if (strcmp(set->file, pending->op->file) != 0) {
			column->line = pending->op->line;
			column->line_column = pending->op->line_column;
		}
		RETORT_PUSH(loading->arena, table->columns, table->column_count, column);
	}
}

/* A table has its own columns first, then those of its sets. */
static void apply_sets(struct loading *loading)
{
	size_t i, j;

	for (i = 0; i < loading->pending_count; i++) {
		const struct pending *pending = &loading->pending[i];
		struct retort_table *table = pending->op->create;
		const struct yaml *node = pending->node;

		for (j = 0; j < table->column_set_count; j++) {
			const char *name = table->column_sets[j];
			const struct column_set *set = map_get(loading->sets, name);
			const struct yaml *place =
				node->kind == YAML_LIST && j < node->count ? node->items[j] : node;

			if (set)
				apply_set(loading, pending, set);
			else
				reader_fault(&pending->part->reader, place, "there is no column set '%s'%s",
					text_echo(loading->arena, name, ECHOED),
					set_meant(loading, &pending->part->reader, name));
		}
		table->column_sets = NULL; /* it has their columns */
		table->column_set_count = 0;
		if (!table->column_count && !pending->part->reader.faults)
			reader_fault(&pending->part->reader, node, "table '%s' has no columns",
				text_echo(loading->arena, table->name, ECHOED));
	}
}

/* ---- files ---- */

/* The section of a key; NULL after a fault. */
static const struct schema_section *find_section(struct reader *reader, const struct yaml *key)
{
	const struct schema_section *section;
	const char **keys = NULL;
	size_t count = 0;

	for (section = schema_sections; section->key; section++) {
		if (!strcmp(section->key, key->text))
			return section;
		RETORT_PUSH(reader->arena, keys, count, section->key);
	}
	RETORT_PUSH(reader->arena, keys, count, SCHEMA_COLUMN_SETS);
	reader_fault(reader, key, "unknown key '%s' in a schema file%s",
		text_echo(reader->arena, key->text, ECHOED),
		reader_meant(reader, text_nearest(key->text, keys, count, sizeof *keys)));
	return NULL;
}

/* Reads one file's text. */
static void read_text(struct loading *loading, const char *path, const char *shown, const char *text,
	size_t len)
{
	struct part *part = retort_alloc(loading->arena, sizeof *part);
	struct reader *reader = &part->reader;
	struct yaml *root;
	size_t i;

	part->err = retort_error_new();
	*reader = (struct reader){.in = loading->in,
		.arena = loading->arena,
		.file = shown,
		.folder = path_folder(loading->arena, path),
		.err = part->err,
		.what = "a schema file",
		.schema_file = true};
	RETORT_PUSH(loading->arena, loading->parts, loading->part_count, part);
	yaml_parse(loading->arena, loading->nodes, shown, text, len, &root, part->err);
	if (!root || yaml_is_null(root))
		return;
	if (root->kind != YAML_MAP) {
		reader_fault(reader, root, "a schema file must be a map with keys like 'tables', found %s",
			reader_found(reader, root));
		return;
	}
	for (i = 0; i < root->count; i++) {
		const struct schema_section *section;

		if (!strcmp(root->keys[i]->text, SCHEMA_COLUMN_SETS)) {
			read_sets(loading, part, root->items[i]);
			continue;
		}
		section = find_section(reader, root->keys[i]);
		if (section)
			read_section(loading, part, section, root->items[i]);
	}
}

/* Reads a file; what keeps it from being read is one of its faults. */
static void read_path(struct loading *loading, const char *path, bool alone)
{
	const char *shown = alone && loading->in->shown_path ? loading->in->shown_path
							     : head_shown_path(loading->arena, path);
	struct part *part;
	size_t len;
	char *text;

	shown = retort_strdup(loading->arena, shown);
	part = retort_alloc(loading->arena, sizeof *part);
	part->err = retort_error_new();
	if (!file_read_shown(loading->nodes, path, shown, YAML_MAX_SIZE, &text, &len, part->err)) {
		retort_error_free(part->err);
		read_text(loading, path, shown, text, len);
		return;
	}
	part->reader.faults = 1;
	part->reader.err = part->err;
	RETORT_PUSH(loading->arena, loading->parts, loading->part_count, part);
}

/* Tells the faults of all files, in the order of the files, and lets go of what kept them. */
static int tell(struct loading *loading, struct retort_error *err)
{
	int status = 0;
	size_t i;

	for (i = 0; i < loading->part_count; i++) {
		struct part *part = loading->parts[i];

		if (part->reader.file)
			reader_tell(&part->reader);
		error_sort(part->err, 0);
		if (retort_error_count(part->err))
			status = -1;
		error_append(err, part->err);
		retort_error_free(part->err);
	}
	return status;
}

/* Puts the loaded operations into *ret, or tells the faults. */
static int finish(struct loading *loading, const char *shown, struct schema_file **ret,
	struct retort_error *err)
{
	struct schema_file *file = retort_alloc(loading->arena, sizeof *file);

	int failed;

	apply_sets(loading);
	failed = tell(loading, err);
	retort_arena_free(loading->nodes);
	if (failed)
		return -1;
	file->path = shown;
	file->ops = loading->ops;
	file->op_count = loading->op_count;
	*ret = file;
	return 0;
}

static struct loading loading_of(const struct script_reader *in)
{
	struct retort_arena *nodes = retort_arena_new();

	return (struct loading){.in = in,
		.arena = in->arena,
		.nodes = nodes,
		.seen = map_new(nodes),
		.sets = map_new(nodes)};
}

/* ---- folders ---- */

static int by_text(const void *a, const void *b)
{
	const char *left, *right;

	memcpy(&left, a, sizeof left);
	memcpy(&right, b, sizeof right);
	return strcmp(left, right);
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

/* Whether a file of a folder is a schema file: JSON Schemas may lie beside them. */
static bool is_schema_file(const char *name)
{
	return ends_in(name, ".yaml") || ends_in(name, ".yml") ||
		(ends_in(name, ".json") && !ends_in(name, ".schema.json"));
}

/* The schema files of a folder and the folders in it; hidden ones are passed over. */
static int list_folder(struct retort_arena *arena, const char *folder, const char ***paths, size_t *count,
	struct retort_error *err)
{
	const char **folders = NULL, *path;
	size_t folder_count = 0, i;
	struct dirent *entry;

	RETORT_PUSH(arena, folders, folder_count, folder);
	for (i = 0; i < folder_count; i++) {
		DIR *dir = opendir(folders[i]);

		if (!dir)
			return file_fail(err, "read", folders[i]);
		while ((entry = readdir(dir))) {
			if (*entry->d_name == '.')
				continue;
			path = path_join(arena, folders[i], entry->d_name);
			if (file_is_folder(path))
				RETORT_PUSH(arena, folders, folder_count, path);
			else if (is_schema_file(path))
				RETORT_PUSH(arena, *paths, *count, path);
		}
		closedir(dir);
	}
	return 0;
}

int schema_file_read(const struct script_reader *in, const char *path, struct schema_file **ret,
	struct retort_error *err)
{
	struct loading loading = loading_of(in);
	const char **paths = NULL;
	size_t count = 0, i;

	if (!file_is_folder(path)) {
		read_path(&loading, path, true);
		return finish(&loading, retort_strdup(in->arena, path), ret, err);
	}
	if (list_folder(in->arena, path, &paths, &count, err)) {
		retort_arena_free(loading.nodes);
		return -1;
	}
	if (count)
		qsort(paths, count, sizeof *paths, by_text);
	for (i = 0; i < count; i++)
		read_path(&loading, paths[i], false);
	return finish(&loading, retort_strdup(in->arena, path), ret, err);
}

int schema_file_parse(const struct script_reader *in, const char *path, const char *text, size_t len,
	struct schema_file **ret, struct retort_error *err)
{
	struct loading loading = loading_of(in);
	const char *shown = in->shown_path ? in->shown_path : head_shown_path(in->arena, path);

	read_text(&loading, path, retort_strdup(in->arena, shown), text, len);
	return finish(&loading, retort_strdup(in->arena, path), ret, err);
}
