/* SPDX-License-Identifier: MIT */
#include "retort/op.h"

#include "base/text.h"

/* The word of each kind, and how a sentence about it reads: %n the object, %t its table, %o its new name. */
static const struct {
	const char *word;
	const char *sentence;
} rows[RETORT_OP_COUNT] = {
	[RETORT_OP_NONE] = {"none", "do nothing"},
	[RETORT_OP_CREATE_TABLE] = {"create_table", "create table %t"},
	[RETORT_OP_DROP_TABLE] = {"drop_table", "drop table %n"},
	[RETORT_OP_RENAME_TABLE] = {"rename_table", "rename table %n to %o"},
	[RETORT_OP_ALTER_TABLE] = {"alter_table", "alter table %n"},
	[RETORT_OP_ADD_COLUMN] = {"add_column", "add column %n to %t"},
	[RETORT_OP_DROP_COLUMN] = {"drop_column", "drop column %n from %t"},
	[RETORT_OP_RENAME_COLUMN] = {"rename_column", "rename column %n of %t to %o"},
	[RETORT_OP_ALTER_COLUMN] = {"alter_column", "alter column %n of %t"},
	[RETORT_OP_CREATE_INDEX] = {"create_index", "create index %n on %t"},
	[RETORT_OP_DROP_INDEX] = {"drop_index", "drop index %n of %t"},
	[RETORT_OP_RENAME_INDEX] = {"rename_index", "rename index %n of %t to %o"},
	[RETORT_OP_CREATE_CONSTRAINT] = {"create_constraint", "create constraint %n on %t"},
	[RETORT_OP_DROP_CONSTRAINT] = {"drop_constraint", "drop constraint %n of %t"},
	[RETORT_OP_RENAME_CONSTRAINT] = {"rename_constraint", "rename constraint %n of %t to %o"},
	[RETORT_OP_VALIDATE_CONSTRAINT] = {"validate_constraint", "validate constraint %n of %t"},
	[RETORT_OP_COMMENT] = {"comment", "comment on column %n of %t"},
	[RETORT_OP_CREATE_ENUM] = {"create_enum", "create enum %n"},
	[RETORT_OP_ALTER_ENUM] = {"alter_enum", "alter enum %n"},
	[RETORT_OP_DROP_ENUM] = {"drop_enum", "drop enum %n"},
	[RETORT_OP_CREATE_SEQUENCE] = {"create_sequence", "create sequence %n"},
	[RETORT_OP_DROP_SEQUENCE] = {"drop_sequence", "drop sequence %n"},
	[RETORT_OP_CREATE_SCHEMA] = {"create_schema", "create schema %n"},
	[RETORT_OP_DROP_SCHEMA] = {"drop_schema", "drop schema %n"},
	[RETORT_OP_CREATE_DOMAIN] = {"create_domain", "create domain %n"},
	[RETORT_OP_DROP_DOMAIN] = {"drop_domain", "drop domain %n"},
	[RETORT_OP_CREATE_EXTENSION] = {"create_extension", "create extension %n"},
	[RETORT_OP_DROP_EXTENSION] = {"drop_extension", "drop extension %n"},
	[RETORT_OP_CREATE_VIEW] = {"create_view", "create view %n"},
	[RETORT_OP_REPLACE_VIEW] = {"replace_view", "replace view %n"},
	[RETORT_OP_DROP_VIEW] = {"drop_view", "drop view %n"},
	[RETORT_OP_CREATE_ROUTINE] = {"create_function", "create function %n"},
	[RETORT_OP_REPLACE_ROUTINE] = {"replace_function", "replace function %n"},
	[RETORT_OP_DROP_ROUTINE] = {"drop_function", "drop function %n"},
	[RETORT_OP_CREATE_TRIGGER] = {"create_trigger", "create trigger %n on %t"},
	[RETORT_OP_REPLACE_TRIGGER] = {"replace_trigger", "replace trigger %n on %t"},
	[RETORT_OP_DROP_TRIGGER] = {"drop_trigger", "drop trigger %n of %t"},
	[RETORT_OP_INSERT_ROWS] = {"insert_rows", "insert rows into %t"},
	[RETORT_OP_UPDATE_ROWS] = {"update_rows", "update rows of %t"},
	[RETORT_OP_DELETE_ROWS] = {"delete_rows", "delete rows from %t"},
	[RETORT_OP_EXECUTE] = {"execute", "execute sql"},
	[RETORT_OP_ASSERT] = {"assert", "check an assertion"},
	[RETORT_OP_RUN] = {"run", "run a program"},
	[RETORT_OP_SET_OPTIONS] = {"set_options", "set options of %t"},
	[RETORT_OP_ALTER_EXTENSION] = {"alter_extension", "alter extension %n"},
};

static const struct {
	const char *create, *noun;
} constraint_rows[] = {
	[RETORT_PRIMARY_KEY] = {"create_primary_key", "primary key"},
	[RETORT_UNIQUE] = {"create_unique_constraint", "unique constraint"},
	[RETORT_FOREIGN_KEY] = {"create_foreign_key", "foreign key"},
	[RETORT_CHECK] = {"create_check_constraint", "check constraint"},
	[RETORT_EXCLUDE] = {"create_exclude_constraint", "exclude constraint"},
};

/* Procedures share their kinds with functions. */
static const struct {
	enum retort_op_kind kind;
	const char *word, *sentence;
} procedure_rows[] = {
	{RETORT_OP_CREATE_ROUTINE, "create_procedure", "create procedure %n"},
	{RETORT_OP_REPLACE_ROUTINE, "replace_procedure", "replace procedure %n"},
	{RETORT_OP_DROP_ROUTINE, "drop_procedure", "drop procedure %n"},
};

/* The row of procedure_rows for op, or -1. */
static int procedure_row(const struct retort_op *op)
{
	int i;

	if (!op->routine || op->routine->kind != RETORT_PROCEDURE)
		return -1;
	for (i = 0; i < (int)(sizeof procedure_rows / sizeof *procedure_rows); i++) {
		if (procedure_rows[i].kind == op->kind)
			return i;
	}
	return -1;
}

const char *retort_op_word(const struct retort_op *op)
{
	int procedure = procedure_row(op);

	if ((int)op->kind < 0 || op->kind >= RETORT_OP_COUNT)
		return rows[RETORT_OP_NONE].word;
	if (op->kind == RETORT_OP_CREATE_CONSTRAINT && op->constraint)
		return constraint_rows[op->constraint->kind].create;
	return procedure >= 0 ? procedure_rows[procedure].word : rows[op->kind].word;
}

/* The name of what op makes or changes, wherever it stands; NULL: it has none. */
static const char *object_name(const struct retort_op *op)
{
	if (op->name)
		return op->name;
	if (op->column)
		return op->column->name;
	if (op->index)
		return op->index->name;
	if (op->constraint)
		return op->constraint->name;
	if (op->view)
		return op->view->name;
	if (op->routine)
		return op->routine->name;
	if (op->trigger)
		return op->trigger->name;
	if (op->enumeration)
		return op->enumeration->name;
	return op->table;
}

static const char *table_name(const struct retort_op *op)
{
	if (op->table)
		return op->table;
	if (op->create)
		return op->create->name;
	return op->trigger ? op->trigger->table : op->name;
}

static void put_name(struct retort_buf *out, const struct retort_op *op, const char *name, bool qualify)
{
	retort_buf_char(out, '\'');
	if (qualify && op->schema)
		retort_buf_printf(out, "%s.", text_echo(out->arena, op->schema, 100));
	retort_buf_str(out, text_echo(out->arena, name, 100));
	retort_buf_char(out, '\'');
}

/* The sentence for op where the plain table of rows doesn't say enough. */
static const char *sentence_of(struct retort_arena *arena, const struct retort_op *op)
{
	int procedure = procedure_row(op);
	bool named = object_name(op) != NULL && object_name(op) != op->table;

	if ((int)op->kind < 0 || op->kind >= RETORT_OP_COUNT)
		return rows[RETORT_OP_NONE].sentence;
	if (procedure >= 0)
		return procedure_rows[procedure].sentence;
	if (op->kind == RETORT_OP_CREATE_CONSTRAINT && op->constraint)
		return retort_printf(arena, named ? "create %s %%n on %%t" : "create %s on %%t",
			constraint_rows[op->constraint->kind].noun);
	if (op->kind == RETORT_OP_CREATE_INDEX && !named)
		return "create an index on %t";
	if (op->kind == RETORT_OP_DROP_CONSTRAINT && op->constraint_kind_given)
		return retort_printf(arena, "drop %s %%n of %%t", constraint_rows[op->constraint_kind].noun);
	if (op->kind == RETORT_OP_DROP_TRIGGER && !op->table)
		return "drop trigger %n";
	if (op->kind == RETORT_OP_DROP_INDEX && !op->table)
		return "drop index %n";
	if (op->kind == RETORT_OP_COMMENT && !op->name)
		return "comment on table %t";
	if (op->kind == RETORT_OP_ALTER_ENUM && op->table)
		return "alter enum of column %n of %t";
	if (op->kind == RETORT_OP_RUN && op->command_count)
		return "run program %c";
	return rows[op->kind].sentence;
}

const char *retort_op_describe(struct retort_arena *arena, const struct retort_op *op)
{
	const char *at = sentence_of(arena, op);
	bool about_table = table_name(op) == object_name(op) || !op->table;
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (; *at; at++) {
		if (*at != '%') {
			retort_buf_char(&out, *at);
			continue;
		}
		at++;
		if (*at == 't')
			put_name(&out, op, table_name(op) ? table_name(op) : "", true);
		else if (*at == 'o')
			put_name(&out, op, op->to ? op->to : "", false);
		else if (*at == 'c')
			put_name(&out, op, op->command[0], false);
		else
			put_name(&out, op, object_name(op) ? object_name(op) : "", about_table);
	}
	return out.data;
}
