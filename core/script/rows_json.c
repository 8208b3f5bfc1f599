/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "script/rows_file.h"

enum {
	ECHOED = 60,
	MOST_BYTES = 1 << 30,
	DIGITS = 32 /* of a number as text */
};

struct json {
	struct retort_row_source source; /* first */
	struct rows_file file;
	json_t *root, *rows;
	const char *const *keys; /* of each column */
	const char **cells;
	char (*numbers)[DIGITS]; /* of each column */
	char **texts;            /* of lists and maps, made by jansson */
	size_t at;
};

static void release(void *object)
{
	struct json *json = object;
	size_t i;

	for (i = 0; json->texts && i < json->source.column_count; i++)
		free(json->texts[i]);
	json_decref(json->root);
}

/* The shortest text that reads as the same number. */
static const char *real_text(double value, char text[DIGITS])
{
	int precision;

	for (precision = 15; precision <= 17; precision++) {
		snprintf(text, DIGITS, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return text;
}

/* The text of a value; NULL for null. */
static const char *cell_text(struct json *json, size_t i, const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		return json_string_value(value);
	case JSON_INTEGER:
		snprintf(json->numbers[i], DIGITS, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return json->numbers[i];
	case JSON_REAL:
		return real_text(json_real_value(value), json->numbers[i]);
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_OBJECT:
	case JSON_ARRAY:
		free(json->texts[i]);
		json->texts[i] = json_dumps(value, JSON_COMPACT);
		if (!json->texts[i])
			abort();
		return json->texts[i];
	case JSON_NULL:
		break;
	}
	return NULL;
}

static int json_next(struct retort_row_source *source, const char *const **cells, struct retort_error *err)
{
	struct json *json = (struct json *)source;
	const json_t *row;
	size_t i;

	(void)err;
	if (json->at == json_array_size(json->rows))
		return 0;
	row = json_array_get(json->rows, json->at++);
	for (i = 0; i < source->column_count; i++)
		json->cells[i] = cell_text(json, i, json_object_get(row, json->keys[i]));
	*cells = json->cells;
	return 1;
}

static int json_rewind(struct retort_row_source *source, struct retort_error *err)
{
	(void)err;
	((struct json *)source)->at = 0;
	return 0;
}

/* The keys of an object whose values are arrays, quoted, for a message. */
static const char *array_keys(const struct json *json)
{
	const char **keys = NULL, *key;
	size_t count = 0;
	json_t *value;

	json_object_foreach(json->root, key, value) if (json_is_array(value))
		RETORT_PUSH(json->file.arena, keys, count, key);
	return count ? text_list(json->file.arena, keys, count, '\'') : "none";
}

/* Finds the array that holds the rows. */
static int find_rows(struct json *json, struct retort_error *err)
{
	const char *key = json->file.op->rows->rows_key;

	json->rows = key ? json_object_get(json->root, key) : json->root;
	if (json_is_array(json->rows))
		return 0;
	if (key && json_is_object(json->root) && !json->rows)
		return rows_fault(&json->file, 0, 0, err,
			"there is no key '%s' that holds the rows; keys with a list: %s",
			text_echo(json->file.arena, key, ECHOED), array_keys(json));
	if (key)
		return rows_fault(&json->file, 0, 0, err, "'%s' must hold a list of rows",
			text_echo(json->file.arena, key, ECHOED));
	if (json_is_object(json->root))
		return rows_fault(&json->file, 0, 0, err,
			"the file holds no list of rows but an object: name the key that holds them with "
			"'rows', one of: %s",
			array_keys(json));
	return rows_fault(&json->file, 0, 0, err, "the file holds no list of rows");
}

/* All keys of all rows in order of appearance, as a map and a list. */
static int collect_keys(struct json *json, struct map *seen, const char ***keys, size_t *count,
	struct retort_error *err)
{
	json_t *row, *value;
	const char *key;
	size_t i;

	*keys = NULL;
	*count = 0;
	json_array_foreach(json->rows, i, row)
	{
		if (!json_is_object(row))
			return rows_fault(&json->file, 0, 0, err, "row %zu is no object", i + 1);
		json_object_foreach(row, key, value)
		{
			if (!map_get(seen, key)) {
				map_put(seen, key, row);
				RETORT_PUSH(json->file.arena, *keys, *count, key);
			}
		}
	}
	return 0;
}

/* A key that no row has was misspelt. */
static int check_keys(struct json *json, const struct map *seen, const char **all, size_t count,
	struct retort_error *err)
{
	int status = 0;
	size_t i;

	for (i = 0; i < json->source.column_count && count; i++) {
		const char *meant;

		if (map_get(seen, json->keys[i]))
			continue;
		meant = text_nearest(json->keys[i], all, count, sizeof *all);
		status = rows_fault(&json->file, 0, 0, err, "no row has a key '%s'%s%s%s",
			text_echo(json->file.arena, json->keys[i], ECHOED), meant ? ": did you mean '" : "",
			meant ? meant : "", meant ? "'?" : "");
	}
	return status;
}

/* Learns the columns and their keys. */
static int learn_columns(struct json *json, struct retort_error *err)
{
	const struct retort_rows *rows = json->file.op->rows;
	struct map *seen = map_new(json->file.arena);
	const char **all;
	size_t count;
	int status;

	if (collect_keys(json, seen, &all, &count, err))
		return -1;
	if (rows->map_count) {
		json->keys = rows->map_keys;
		status = rows_set_columns(&json->file, &json->source, rows->map_columns, rows->map_count, 0,
			err);
	} else if (rows->column_count) {
		json->keys = rows->columns;
		status = rows_set_columns(&json->file, &json->source, rows->columns, rows->column_count, 0,
			err);
	} else {
		json->keys = all;
		status = rows_set_columns(&json->file, &json->source, all, count, 0, err);
	}
	return check_keys(json, seen, all, count, err) || status ? -1 : 0;
}

/* Reads the file. */
static int load(struct json *json, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();
	json_error_t told;
	char *text;
	size_t len, start;

	if (file_read(arena, json->file.path, MOST_BYTES, &text, &len, err)) {
		retort_arena_free(arena);
		return -1;
	}
	start = len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
	json->root = json_loadb(text + start, len - start, JSON_DECODE_ANY, &told);
	retort_arena_free(arena);
	if (json->root)
		return 0;
	return rows_fault(&json->file, told.line > 0 ? (unsigned)told.line : 1,
		told.column > 0 ? (unsigned)told.column : 1, err, "no JSON: %s",
		json_error_code(&told) == json_error_null_character ? "a zero byte inside a text"
								    : told.text);
}

int rows_open_json(const struct rows_file *file, struct retort_row_source **ret, struct retort_error *err)
{
	struct json *json = retort_alloc(file->arena, sizeof *json);

	json->file = *file;
	json->source.next = json_next;
	json->source.rewind = json_rewind;
	json->source.file = file->shown;
	retort_arena_cleanup(file->arena, release, json);
	if (load(json, err) || find_rows(json, err) || learn_columns(json, err))
		return -1;
	json->source.row_count = (long long)json_array_size(json->rows);
	json->cells = retort_alloc_array(file->arena, json->source.column_count, sizeof *json->cells);
	json->numbers = retort_alloc_array(file->arena, json->source.column_count, sizeof *json->numbers);
	json->texts = retort_alloc_array(file->arena, json->source.column_count, sizeof *json->texts);
	*ret = &json->source;
	return 0;
}
