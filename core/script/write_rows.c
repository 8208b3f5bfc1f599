/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/file.h"
#include "script/write.h"

/* Whether a row has a value for every column. */
static bool is_full(const struct retort_rows *rows, const struct retort_value *const *cells)
{
	size_t i;

	for (i = 0; i < rows->column_count; i++)
		if (!cells[i])
			return false;
	return true;
}

/* One row: a list, or a map where the default stands for some column. */
static struct node *write_row(struct writer *writer, const struct retort_rows *rows,
	const struct retort_value *const *cells)
{
	bool full = is_full(rows, cells);
	struct node *ret = node_new(writer, full ? NODE_LIST : NODE_MAP, NULL);
	size_t i;

	for (i = 0; i < rows->column_count; i++) {
		const struct retort_value *cell = cells[i];
		struct node *item = cell
			? write_default(writer, cell->kind, cell->text, cell->variants, cell->variant_count)
			: NULL;

		if (full)
			node_add(writer, ret, item);
		else if (item)
			node_put(writer, ret, rows->columns[i], item);
	}
	return ret;
}

struct node *write_rows(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_rows *rows = base;
	struct node *ret;
	size_t i;

	(void)field;
	if (rows->rows_key)
		return node_new(writer, NODE_TEXT, rows->rows_key);
	if (rows->csv || rows->json)
		return NULL;
	ret = node_new(writer, NODE_LIST, NULL);
	ret->block = rows->row_count > 0;
	for (i = 0; i < rows->row_count; i++)
		node_add(writer, ret, write_row(writer, rows, rows->rows[i]));
	return ret;
}

struct node *write_file_path(struct writer *writer, const struct field *field, const void *base)
{
	const char *written = *(const char *const *)(const void *)((const char *)base + field->offset);
	const char *path = *(const char *const *)(const void *)((const char *)base + field->count);
	struct node *ret;

	if (!written)
		return NULL;
	if (writer->mode == WRITE_COMPLETE && path)
		return node_new(writer, NODE_TEXT, write_escaped(writer, path_absolute(writer->arena, path)));
	if (writer->mode != WRITE_CHECKSUM)
		return node_new(writer, NODE_TEXT, written);
	ret = node_new(writer, NODE_RECORD, NULL);
	node_put(writer, ret, "file", node_new(writer, NODE_TEXT, written));
	node_put(writer, ret, "bytes",
		node_new(writer, NODE_TEXT,
			write_file_digest(writer,
				path ? path : path_join(writer->arena, writer->folder, written))));
	return ret;
}

struct node *write_column_map(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_rows *rows = base;
	struct node *ret = rows->map_count ? node_new(writer, NODE_MAP, NULL) : NULL;
	size_t i;

	(void)field;
	for (i = 0; i < rows->map_count; i++)
		node_put(writer, ret, rows->map_columns[i], node_new(writer, NODE_TEXT, rows->map_keys[i]));
	return ret;
}

struct node *write_conflict(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_rows *rows = base;

	(void)field;
	if (!rows->on_conflict_ignore && !rows->on_conflict_update)
		return NULL;
	return node_new(writer, NODE_TEXT, rows->on_conflict_update ? "update" : "ignore");
}

struct node *write_set(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;
	struct node *ret = node_new(writer, NODE_MAP, NULL);
	size_t i;

	(void)field;
	for (i = 0; i < op->set_count; i++) {
		const struct retort_value *value = op->set[i]->value;

		node_put(writer, ret, op->set[i]->column,
			value ? write_default(writer, value->kind, value->text, value->variants,
					value->variant_count)
			      : node_new(writer, NODE_NULL, NULL));
	}
	return ret;
}

struct node *write_mapping(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_enum_change *change = base;
	struct node *ret = change->mapping_count ? node_new(writer, NODE_MAP, NULL) : NULL;
	size_t i;

	(void)field;
	for (i = 0; i < change->mapping_count; i++)
		node_put(writer, ret, change->mapping_from[i],
			node_new(writer, change->mapping_to[i] ? NODE_TEXT : NODE_NULL,
				change->mapping_to[i]));
	return ret;
}

struct node *write_env(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;
	struct node *ret = op->env_count ? node_new(writer, NODE_MAP, NULL) : NULL;
	size_t i;

	(void)field;
	for (i = 0; i < op->env_count; i++) {
		const char *equals = strchr(op->env[i], '=');

		node_put(writer, ret,
			retort_strndup(writer->arena, op->env[i], (size_t)(equals - op->env[i])),
			node_new(writer, NODE_TEXT, equals + 1));
	}
	return ret;
}

struct node *write_lint_ignore(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;
	struct node *ret = op->lint_ignore_count ? node_new(writer, NODE_LIST, NULL) : NULL;
	size_t i;

	(void)field;
	for (i = 0; i < op->lint_ignore_count; i++) {
		const struct retort_lint_ignore *one = &op->lint_ignore[i];
		struct node *item = node_new(writer, NODE_TEXT, one->code);

		if (one->reason) {
			item = node_new(writer, NODE_MAP, NULL);
			node_put(writer, item, one->code, node_new(writer, NODE_TEXT, one->reason));
		}
		node_add(writer, ret, item);
	}
	return ret;
}

struct node *write_reverse(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;
	const struct field statements = {"reverse", FIELD_STATEMENTS, 0, offsetof(struct retort_reverse, sql),
		0, NULL, NULL};

	(void)field;
	if (!op->reverse)
		return NULL;
	if (op->reverse->sql)
		return write_field(writer, &statements, op->reverse);
	return write_ops(writer, op->reverse->ops, op->reverse->op_count, NULL);
}
