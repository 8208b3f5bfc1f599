/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "script/field_finish.h"
#include "script/revision_read.h"
#include "sql/splitter.h"

enum { ECHOED = 60 };

/* ---- finishing ---- */

void add_column_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	if (op->first && op->after)
		reader_fault(reader, node, "give 'first' or 'after', not both");
}

void alter_column_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	size_t i;

	for (i = 0; node->kind == YAML_MAP && i < node->count; i++)
		op->alter |= operation_alter_bit(node->keys[i]->text);
	if (!op->alter)
		reader_fault(reader, node,
			"alter_column changes nothing: give type, nullable, default, comment, "
			"autoincrement, collation or computed");
	if (op->cast && !(op->alter & RETORT_ALTER_TYPE))
		reader_fault(reader, yaml_get(node, "using"), "'using' needs 'type'");
}

/* Transaction control would pull the ground from under the step. */
static void check_control(struct reader *reader, const struct yaml *node, const char *text)
{
	struct piece *pieces;
	size_t count, i;

	if (!text || split_sql(reader->arena, RETORT_SYNTAX_ANY, text, &pieces, &count, NULL))
		return;
	for (i = 0; i < count; i++)
		if (pieces[i].class == PIECE_TRANSACTION)
			reader_fault(reader, node,
				"%s can't run in the transaction of a step: give outside_transaction: true",
				pieces[i].verb ? pieces[i].verb : "this");
}

void execute_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	const struct yaml *sql = node->kind == YAML_MAP ? yaml_get(node, "sql") : node;
	const struct yaml *file = yaml_get(node, "file");
	bool by_dialect = false; /* without a key for it: that has been told */
	size_t i;

	for (i = 0; !sql && i < node->count; i++)
		by_dialect = by_dialect || read_dialect_meant(reader, node->keys[i]);
	if (sql && file)
		reader_fault(reader, file, "give 'sql' or 'file', not both");
	else if (!sql && !file && !by_dialect)
		reader_fault(reader, node, "'sql' or 'file' is missing in execute");
	if (!op->sql || op->outside_transaction)
		return;
	check_control(reader, sql ? sql : file, op->sql->sql);
	for (i = 0; i < op->sql->variant_count; i++)
		check_control(reader, sql ? sql : file, op->sql->variants[i].sql);
}

void set_options_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	if (!op->options || !op->options->option_count)
		reader_fault(reader, node,
			"set_options has no options: give some under the name of a dialect");
}

/* What the struct keeps twice: the op's names in its object. */
static void share_names(struct retort_op *op)
{
	if (op->create) {
		op->create->name = op->table;
		op->create->schema = op->schema;
	}
	if (op->kind == RETORT_OP_CREATE_TABLE || op->kind == RETORT_OP_DROP_TABLE ||
		op->kind == RETORT_OP_RENAME_TABLE || op->kind == RETORT_OP_ALTER_TABLE)
		op->name = op->table;
	if (op->column)
		op->column->name = op->name;
	if (op->index)
		op->index->name = op->name;
	if (op->constraint)
		op->constraint->name = op->name;
#define SHARE(member)                                                                                        \
	if (op->member) {                                                                                    \
		op->member->name = op->name;                                                                 \
		op->member->schema = op->schema;                                                             \
	}
	SHARE(enumeration)
	SHARE(sequence)
	SHARE(domain)
	SHARE(extension)
	SHARE(view)
	SHARE(routine)
	SHARE(trigger)
#undef SHARE
	if (op->view)
		op->view->materialized = op->materialized;
	if (op->trigger)
		op->trigger->table = op->table;
}

/* ---- operations ---- */

/* Tells of a word that is no operation. */
static void unknown_operation(struct reader *reader, const struct yaml *key)
{
	reader_fault(reader, key, "unknown operation '%s'%s", text_echo(reader->arena, key->text, ECHOED),
		reader_meant(reader,
			text_nearest(key->text, operations, operation_count(), sizeof *operations)));
}

/* The object that an operation's own keys describe. */
static void *new_object(struct reader *reader, const struct operation *operation, struct retort_op *op)
{
	const struct object *object = operation->object;
	void *draft;

	if (!object)
		return NULL;
	draft = retort_alloc(reader->arena, object->size);
	if (object->tagged)
		*(int *)(void *)((char *)draft + object->tag_offset) = object->tag;
	if (object->begin)
		object->begin(draft);
	*(void **)(void *)((char *)op + operation->object_offset) = draft;
	return draft;
}

/* The value of an operation's word. beside: the keys that stand beside the word, or NULL. */
static void read_body(struct reader *reader, const struct operation *operation, struct retort_op *op,
	const struct yaml *node, const struct yaml *beside)
{
	struct layer layers[] = {{operation->fields, op, 0}, {operation_common, op, 0}, {NULL, NULL, 0}};
	const struct field *bare = operation_bare(operation, reader->outer != NULL);
	struct layer common = {operation_common, op, 0};
	void *draft = new_object(reader, operation, op);
	bool inner = bare && draft && !field_find(operation->fields, bare->key);

	if (draft)
		layers[2] = (struct layer){operation->object->fields, draft, 0};
	if (node->kind == YAML_MAP)
		read_layers(reader, layers, draft ? 3 : 2, node, draft ? operation->object->rest : NULL,
			draft, NULL);
	else if (bare && !yaml_is_null(node))
		read_field(reader, bare, inner ? draft : (void *)op, node);
	else if (bare)
		reader_fault(reader, node, "%s needs a value: its %s, or a map", reader_what(reader),
			bare->key);
	else
		reader_fault(reader, node, "%s must be a map, found %s", reader_what(reader),
			reader_found(reader, node));
	if (beside->count)
		read_layers(reader, &common, 1, beside, NULL, NULL, NULL);
	if (draft && operation->object->finish)
		operation->object->finish(reader, draft, node);
	if (operation->finish)
		operation->finish(reader, op, node);
}

/* Finds the word of an operation among the keys of its map; the others are copied into beside. */
static const struct operation *find_word(struct reader *reader, const struct yaml *node, size_t *word,
	struct yaml *beside)
{
	const struct operation *ret = NULL;
	size_t i;

	beside->keys = retort_alloc_array(reader->arena, node->count, sizeof *beside->keys);
	beside->items = retort_alloc_array(reader->arena, node->count, sizeof *beside->items);
	for (i = 0; i < node->count; i++) {
		const struct operation *operation = operation_find(node->keys[i]->text);

		if (operation && ret) {
			reader_fault(reader, node->keys[i],
				"two operations in one element: '%s' and '%s' (put '- ' in front of it)",
				ret->word, operation->word);
		} else if (operation) {
			ret = operation;
			*word = i;
		} else {
			beside->keys[beside->count] = node->keys[i];
			beside->items[beside->count++] = node->items[i];
		}
	}
	if (!ret) {
		unknown_operation(reader, node->keys[0]);
		beside->count = 0;
	}
	return ret;
}

/* One element of a list of operations; NULL after a fault. */
static struct retort_op *read_op(struct reader *reader, const struct yaml *node)
{
	struct yaml beside = *node;
	const struct operation *operation;
	const char *before = reader->what, *which = reader->which;
	struct retort_op *op;
	size_t word = 0;

	beside.count = 0;
	if (node->kind == YAML_SCALAR && operation_find(node->text)) {
		reader_fault(reader, node, "%s needs its keys: write '- %s: ...'", node->text, node->text);
		return NULL;
	}
	if (node->kind != YAML_MAP || !node->count) {
		reader_fault(reader, node,
			"an operation must be a map like '- drop_table: account', found %s",
			reader_found(reader, node));
		return NULL;
	}
	operation = find_word(reader, node, &word, &beside);
	if (!operation)
		return NULL;
	if (reader->outer && !operation->in_table) {
		reader_fault(reader, node->keys[word], "%s can't stand in alter_table", operation->word);
		return NULL;
	}
	op = retort_alloc(reader->arena, sizeof *op);
	op->kind = operation->kind;
	op->file = reader->file;
	op->line = node->keys[word]->line;
	op->line_column = node->keys[word]->column;
	if (reader->outer) {
		op->table = reader->outer->table;
		op->schema = reader->outer->schema;
	}
	reader->what = operation->word;
	reader->which = NULL;
	read_body(reader, operation, op, node->items[word], &beside);
	share_names(op);
	reader->what = before;
	reader->which = which;
	return op;
}

void read_ops(struct reader *reader, const char *key, const struct yaml *node,
	const struct retort_op *const **ret, size_t *count)
{
	const struct retort_op **ops;
	size_t i, n = 0;

	if (node->kind != YAML_LIST) {
		reader_fault(reader, node, "'%s' must be a list of operations%s, found %s", key,
			yaml_is_null(node) ? " ([] where there are none)" : "", reader_found(reader, node));
		return;
	}
	ops = retort_alloc_array(reader->arena, node->count, sizeof *ops);
	for (i = 0; i < node->count && reader->faults < READER_MOST_FAULTS; i++) {
		struct retort_op *op = read_op(reader, node->items[i]);

		if (!op)
			continue;
		op->index_in_file = (unsigned)i + 1;
		ops[n++] = op;
	}
	*ret = ops;
	*count = n;
}

/* The array of a row. */
static void read_into(struct reader *reader, const struct field *field, void *base, const struct yaml *node,
	const struct retort_op *outer)
{
	const struct retort_op *before = reader->outer;

	reader->outer = outer;
	read_ops(reader, field->key, node,
		(const struct retort_op *const **)(void *)((char *)base + field->offset),
		(size_t *)(void *)((char *)base + field->count));
	reader->outer = before;
}

void read_op_list(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	read_into(reader, field, base, node, NULL);
}

void read_parts(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	if (node->kind == YAML_LIST && !node->count)
		reader_fault(reader, node, "'%s' is an empty list", field->key);
	read_into(reader, field, base, node, base);
}

/* `operations` may stand before `name`: the parts get the table's name when all is read. */
void alter_table_finish(struct reader *reader, struct retort_op *op, const struct yaml *node)
{
	size_t i;

	(void)reader;
	(void)node;
	for (i = 0; i < op->op_count; i++) {
		struct retort_op *part = (struct retort_op *)(uintptr_t)op->ops[i];

		part->table = op->table;
		part->schema = op->schema;
	}
}

void read_reverse(struct reader *reader, const struct field *field, void *base, const struct yaml *node)
{
	struct retort_reverse *reverse = retort_alloc(reader->arena, sizeof *reverse);
	struct retort_op *op = base;
	const struct retort_op *outer = reader->outer;
	const char *before = reader->what, *which = reader->which;

	reader->outer = NULL;
	if (op->kind == RETORT_OP_EXECUTE && node->kind != YAML_LIST && !yaml_is_null(node))
		reverse->sql = read_sql(reader, field->key, node, true);
	else
		read_ops(reader, field->key, node, &reverse->ops, &reverse->op_count);
	reader->outer = outer;
	reader->what = before;
	reader->which = which;
	op->reverse = reverse;
}
