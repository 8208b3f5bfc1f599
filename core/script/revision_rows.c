/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "script/field_finish.h"
#include "script/head.h"
#include "script/revision_read.h"

enum { ECHOED = 60 };

/* ---- rows ---- */

/* The columns that the maps of a list name, in order of appearance. */
static void columns_of_maps(struct reader *reader, struct retort_rows *rows, const struct yaml *node)
{
	struct map *seen = map_new(reader->arena);
	const char **columns = NULL;
	size_t count = 0, i, j;

	for (i = 0; i < node->count; i++) {
		const struct yaml *row = node->items[i];

		for (j = 0; row->kind == YAML_MAP && j < row->count; j++)
			if (!map_put(seen, row->keys[j]->text, row->keys[j]))
				RETORT_PUSH(reader->arena, columns, count, row->keys[j]->text);
	}
	rows->columns = columns;
	rows->column_count = count;
}

/* One row given as a map: cells that it lacks stay NULL. */
static void row_of_map(struct reader *reader, const struct retort_rows *rows, const struct map *index,
	const struct yaml *node, const struct retort_value **cells)
{
	size_t i;

	for (i = 0; i < node->count; i++) {
		const char *const *place = map_get(index, node->keys[i]->text);

		if (!place)
			reader_fault(reader, node->keys[i], "'%s' is none of the columns%s",
				text_echo(reader->arena, node->keys[i]->text, ECHOED),
				reader_meant(reader,
					text_nearest(node->keys[i]->text, rows->columns, rows->column_count,
						sizeof *rows->columns)));
		else
			cells[place - rows->columns] = read_row_value(reader, *place, node->items[i]);
	}
}

/* One row given as a list. */
static void row_of_list(struct reader *reader, const struct retort_rows *rows, const struct yaml *node,
	const struct retort_value **cells)
{
	size_t i;

	if (node->count != rows->column_count) {
		reader_fault(reader, node, "the row has %zu values for %zu columns", node->count,
			rows->column_count);
		return;
	}
	for (i = 0; i < node->count; i++)
		cells[i] = read_row_value(reader, rows->columns[i], node->items[i]);
}

/* The inline rows of a list, whose columns are known. */
static void take_rows(struct reader *reader, struct retort_rows *rows, const struct yaml *node)
{
	const struct retort_value *const **all = retort_alloc_array(reader->arena, node->count, sizeof *all);
	struct map *index = map_new(reader->arena);
	size_t i;

	for (i = 0; i < rows->column_count; i++)
		map_put(index, rows->columns[i], (void *)(uintptr_t)&rows->columns[i]);
	for (i = 0; i < node->count; i++) {
		const struct retort_value **cells =
			retort_alloc_array(reader->arena, rows->column_count, sizeof *cells);

		if (node->items[i]->kind == YAML_MAP)
			row_of_map(reader, rows, index, node->items[i], cells);
		else if (node->items[i]->kind == YAML_LIST)
			row_of_list(reader, rows, node->items[i], cells);
		else
			reader_fault(reader, node->items[i], "a row must be a list or a map, found %s",
				reader_found(reader, node->items[i]));
		all[i] = cells;
	}
	rows->rows = all;
	rows->row_count = node->count;
}

void read_rows(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_rows *rows = base;

	(void)field;
	if (node->kind == YAML_SCALAR && !yaml_is_null(node) && node->len)
		rows->rows_key = node->text;
	else if (node->kind != YAML_LIST)
		reader_fault(reader, node, "'rows' must be a list of rows, found %s",
			reader_found(reader, node));
	/* A list waits for the columns: rows_finish. */
}

/* Inline rows, after all keys are known. */
static void finish_inline(struct reader *reader, struct retort_rows *rows, const struct yaml *list)
{
	size_t i, maps = 0;

	if (!list->count)
		reader_fault(reader, list, "'rows' is an empty list");
	for (i = 0; i < list->count; i++)
		maps += list->items[i]->kind == YAML_MAP;
	if (!rows->column_count && maps == list->count)
		columns_of_maps(reader, rows, list);
	if (!rows->column_count && list->count) {
		reader_fault(reader, list, "'columns' is missing: rows that are lists need it");
		return;
	}
	take_rows(reader, rows, list);
}

void rows_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	struct retort_rows *rows = draft;
	const struct yaml *given = node->kind == YAML_MAP ? yaml_get(node, "rows") : NULL;

	if (given && given->kind == YAML_LIST) {
		if (rows->csv || rows->json)
			reader_fault(reader, given,
				"'rows' must be the key of the array where a file is named, found a list");
		else
			finish_inline(reader, rows, given);
	}
	if (rows->csv && rows->json)
		reader_fault(reader, node, "give 'csv' or 'json', not both");
	if (rows->rows_key && !yaml_get(node, "json"))
		reader_fault(reader, given, "'rows' must be a list of rows (a key is for 'json'), found '%s'",
			text_echo(reader->arena, rows->rows_key, ECHOED));
	if (rows->map_count && !yaml_get(node, "json"))
		reader_fault(reader, yaml_get(node, "map"), "'map' is for 'json'");
	if (rows->on_conflict_update && !rows->key_count)
		reader_fault(reader, yaml_get(node, "on_conflict"),
			"'on_conflict: update' needs 'key': [columns]");
}

void insert_rows_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	(void)op;
	if (!yaml_get(node, "csv") && !yaml_get(node, "json") && !yaml_get(node, "rows"))
		reader_fault(reader, node, "'rows', 'csv' or 'json' is missing in insert_rows");
}

void delete_rows_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	bool rows = yaml_get(node, "csv") || yaml_get(node, "json") || yaml_get(node, "rows");

	if (yaml_get(node, "where") && rows)
		reader_fault(reader, node, "give 'where' or rows, not both");
	else if (!yaml_get(node, "where") && !rows)
		reader_fault(reader, node, "'where' is missing in delete_rows: SQL, or all for every row");
	else if (rows && !op->rows->key_count)
		reader_fault(reader, node,
			"'key' is missing in delete_rows: the columns by which rows are known");
	if (!rows && (op->rows->column_count || op->rows->key_count || op->rows->map_count))
		reader_fault(reader, node, "'columns', 'key' and 'map' belong to rows, which are missing");
	if (!rows)
		op->rows = NULL;
}

void read_file_path(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	const char *name = read_name(reader, field->key, node),
		   *path = name ? read_variables(reader, node, name) : NULL;

	if (!path)
		return;
	path = path_join(reader->arena, reader->folder, path);
	*(const char **)(void *)((char *)base + field->offset) = name;
	*(const char **)(void *)((char *)base + field->count) = path;
	if (!file_exists(path) || file_is_folder(path))
		reader_fault(reader, node, "cannot read '%s': %s",
			text_echo(reader->arena, head_shown_path(reader->arena, path), ECHOED * 2),
			file_exists(path) ? "it is a folder" : "no such file");
}

void read_column_map(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_rows *rows = base;
	const char **columns, **keys;
	size_t i;

	if (node->kind != YAML_MAP || !node->count) {
		reader_fault(reader, node, "'%s' must be a map of column: key, found %s", field->key,
			reader_found(reader, node));
		return;
	}
	columns = retort_alloc_array(reader->arena, node->count, sizeof *columns);
	keys = retort_alloc_array(reader->arena, node->count, sizeof *keys);
	for (i = 0; i < node->count; i++) {
		columns[i] = read_name(reader, field->key, node->keys[i]);
		keys[i] = read_name(reader, columns[i] ? columns[i] : field->key, node->items[i]);
	}
	rows->map_columns = columns;
	rows->map_keys = keys;
	rows->map_count = node->count;
}

void read_conflict(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	static const char *const words[] = {"ignore", "update"};
	struct retort_rows *rows = base;

	if (node->kind == YAML_SCALAR && !strcmp(node->text, words[0]))
		rows->on_conflict_ignore = true;
	else if (node->kind == YAML_SCALAR && !strcmp(node->text, words[1]))
		rows->on_conflict_update = true;
	else
		reader_fault(reader, node, "'%s' must be one of 'ignore' and 'update', found %s%s",
			field->key, reader_found(reader, node),
			node->kind != YAML_SCALAR
				? ""
				: reader_meant(reader, text_nearest(node->text, words, 2, sizeof *words)));
}

void read_set(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_op *op = base;
	const struct retort_assignment **set = NULL;
	size_t count = 0, i, cut;

	if (node->kind != YAML_MAP || !node->count) {
		reader_fault(reader, node, "'%s' must be a map of column: value, found %s", field->key,
			node->kind == YAML_MAP ? "an empty one" : reader_found(reader, node));
		return;
	}
	for (i = 0; i < node->count; i++) {
		struct retort_assignment *one = retort_alloc(reader->arena, sizeof *one);

		one->column = read_name(reader, field->key, node->keys[i]);
		cut = read_cut(reader, node, i);
		if (!cut)
			one->value = read_row_value(reader, node->keys[i]->text, node->items[i]);
		RETORT_PUSH(reader->arena, set, count, one);
		i += cut;
	}
	op->set = set;
	op->set_count = count;
}

/* ---- enums ---- */

void read_mapping(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_enum_change *change = base;
	const char **from, **to;
	size_t i;

	if (node->kind != YAML_MAP || !node->count) {
		reader_fault(reader, node, "'%s' must be a map of old: new value, found %s", field->key,
			reader_found(reader, node));
		return;
	}
	from = retort_alloc_array(reader->arena, node->count, sizeof *from);
	to = retort_alloc_array(reader->arena, node->count, sizeof *to);
	for (i = 0; i < node->count; i++) {
		from[i] = node->keys[i]->text;
		if (node->items[i]->kind != YAML_SCALAR)
			reader_fault(reader, node->items[i], "'%s' must be a map of old: new value, found %s",
				field->key, reader_found(reader, node->items[i]));
		else
			to[i] = yaml_is_null(node->items[i]) ? NULL : node->items[i]->text;
	}
	change->mapping_from = from;
	change->mapping_to = to;
	change->mapping_count = node->count;
}

void enum_change_finish(struct reader *reader, void *draft, const struct yaml *node)
{
	const struct retort_enum_change *change = draft;
	int count = !!change->add + !!change->rename_from + !!change->drop;
	size_t i;

	if (node->kind != YAML_MAP)
		return;
	if (count != 1)
		reader_fault(reader, node, "give one of 'add_value', 'rename_value' and 'drop_value'");
	if ((change->before || change->after) && !change->add)
		reader_fault(reader, node, "'before' and 'after' belong to 'add_value'");
	if (change->before && change->after)
		reader_fault(reader, node, "give 'before' or 'after', not both");
	if (!change->rename_to != !change->rename_from)
		reader_fault(reader, node, "'rename_value' and 'to' belong together");
	if (change->mapping_count && !change->drop)
		reader_fault(reader, yaml_get(node, "mapping"), "'mapping' belongs to 'drop_value'");
	for (i = 0; change->drop && i < change->mapping_count; i++)
		if (strcmp(change->mapping_from[i], change->drop))
			reader_fault(reader, yaml_get(node, "mapping"),
				"'mapping' is for rows that hold '%s', found '%s'",
				text_echo(reader->arena, change->drop, ECHOED),
				text_echo(reader->arena, change->mapping_from[i], ECHOED));
}

void alter_enum_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	bool name = yaml_get(node, "name"), table = yaml_get(node, "table"),
	     column = yaml_get(node, "column");

	(void)op;
	if (name == table || table != column)
		reader_fault(reader, node,
			"give the 'name' of an enum, or 'table' and 'column' of an inline one");
}

/* ---- programs and findings ---- */

void read_env(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_op *op = base;
	const char **env;
	size_t i;

	if (node->kind != YAML_MAP) {
		reader_fault(reader, node, "'%s' must be a map of NAME: value, found %s", field->key,
			reader_found(reader, node));
		return;
	}
	env = retort_alloc_array(reader->arena, node->count, sizeof *env);
	for (i = 0; i < node->count; i++) {
		const struct yaml *item = node->items[i];

		if (item->kind != YAML_SCALAR || yaml_is_null(item) || !node->keys[i]->len ||
			strchr(node->keys[i]->text, '='))
			reader_fault(reader, item, "'%s' must be a map of NAME: value, found '%s': %s",
				field->key, text_echo(reader->arena, node->keys[i]->text, ECHOED),
				reader_found(reader, item));
		else
			env[op->env_count++] =
				retort_printf(reader->arena, "%s=%s", node->keys[i]->text, item->text);
	}
	op->env = env;
}

/* One code, with a reason where there is one. */
static void add_ignore(struct reader *reader, struct retort_lint_ignore **list, size_t *count,
	const struct yaml *code, const struct yaml *reason)
{
	struct retort_lint_ignore one = {.code = read_name(reader, "lint_ignore", code)};

	if (reason && (reason->kind != YAML_SCALAR || yaml_is_null(reason)))
		reader_fault(reader, reason, "the reason must be a text, found %s",
			reader_found(reader, reason));
	else if (reason)
		one.reason = reason->text;
	RETORT_PUSH(reader->arena, *list, *count, one);
}

void read_lint_ignore(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_op *op = base;
	struct retort_lint_ignore *list = NULL;
	size_t count = 0, i, j;

	if (node->kind == YAML_SCALAR) {
		reader_fault(reader, node, "'%s' must be a list of codes or a map of code: reason, found %s",
			field->key, reader_found(reader, node));
		return;
	}
	for (i = 0; i < node->count; i++) {
		const struct yaml *item = node->items[i];

		if (node->kind == YAML_MAP) {
			add_ignore(reader, &list, &count, node->keys[i], item);
			continue;
		}
		if (item->kind != YAML_MAP)
			add_ignore(reader, &list, &count, item, NULL);
		for (j = 0; item->kind == YAML_MAP && j < item->count; j++)
			add_ignore(reader, &list, &count, item->keys[j], item->items[j]);
	}
	op->lint_ignore = list;
	op->lint_ignore_count = count;
}
