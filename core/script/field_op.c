/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "script/field.h"
#include "script/field_finish.h"

#define END                                                                                                  \
	{                                                                                                    \
		0                                                                                            \
	}
#define AT(member) offsetof(struct retort_op, member)

/* Keys that many operations have. */
#define SCHEMA(told)                                                                                         \
	{                                                                                                    \
		"schema", FIELD_NAME, FIELD_OUTER, AT(schema), 0, NULL, told                                 \
	}
#define TABLE                                                                                                \
	{"table", FIELD_NAME, FIELD_REQUIRED | FIELD_OUTER, AT(table), 0, NULL, "the table it works on"},    \
		SCHEMA("of the table")
#define NAME(told)                                                                                           \
	{                                                                                                    \
		"name", FIELD_NAME, FIELD_REQUIRED, AT(name), 0, NULL, told                                  \
	}
#define SOME_NAME                                                                                            \
	{                                                                                                    \
		"name", FIELD_NAME, 0, AT(name), 0, NULL, "left to the naming convention where not given"    \
	}
#define TO                                                                                                   \
	{                                                                                                    \
		"to", FIELD_NAME, FIELD_REQUIRED, AT(to), 0, NULL, "the new name"                            \
	}
#define IF_EXISTS                                                                                            \
	{                                                                                                    \
		"if_exists", FIELD_BOOL, 0, AT(if_exists), 0, NULL, "nothing happens where there is none"    \
	}
#define CASCADE                                                                                              \
	{                                                                                                    \
		"cascade", FIELD_BOOL, 0, AT(cascade), 0, NULL, "what depends on it goes too"                \
	}
#define CONCURRENTLY                                                                                         \
	{                                                                                                    \
		"concurrently", FIELD_BOOL, 0, AT(concurrently), 0, NULL,                                    \
			"without locking out writers, where the engine can"                                  \
	}
#define ALGORITHM                                                                                            \
	{"algorithm", FIELD_NAME, 0, AT(algorithm), 0, NULL, "how, on engines that may be told"},            \
	{                                                                                                    \
		"lock", FIELD_NAME, 0, AT(lock), 0, NULL,                                                    \
			"what is locked meanwhile, on engines that may be told"                              \
	}
#define WHERE                                                                                                \
	{                                                                                                    \
		"where", FIELD_WHERE, FIELD_REQUIRED, AT(where), AT(where_all), NULL,                        \
			"SQL, or all for every row"                                                          \
	}
#define BATCH                                                                                                \
	{                                                                                                    \
		"batch", FIELD_ULONG, 0, AT(batch), 0, NULL,                                                 \
			"rows a transaction; all at once where not given"                                    \
	}
#define FILL                                                                                                 \
	{                                                                                                    \
		"fill", FIELD_VALUE, 0, AT(fill), 0, NULL, "the value of rows that have none"                \
	}
#define MATERIALIZED                                                                                         \
	{                                                                                                    \
		"materialized", FIELD_BOOL, 0, AT(materialized), 0, NULL, "its rows are stored"              \
	}

const struct field operation_common[] = {{"only", FIELD_DIALECTS, 0, AT(scope.only), AT(scope.only_count),
						 NULL, "the dialects this is meant for"},
	{"except", FIELD_DIALECTS, 0, AT(scope.except), AT(scope.except_count), NULL,
		"the dialects this is not meant for"},
	{"reverse", FIELD_REVERSE, 0, AT(reverse), 0, NULL,
		"what undoes it; [] where there is nothing to undo"},
	{"repeatable", FIELD_BOOL, 0, AT(repeatable), 0, NULL, "running it twice does no harm"},
	{"lint_ignore", FIELD_LINT_IGNORE, 0, AT(lint_ignore), AT(lint_ignore_count), NULL,
		"codes of findings that are meant to be, or {code: reason}"},
	END};

/* ---- tables ---- */
static const struct field create_table[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL,
						    "the table's name"},
	SCHEMA("where it lies"),
	{"if_not_exists", FIELD_BOOL, 0, AT(if_not_exists), 0, NULL, "nothing happens where there is one"},
	END};
static const struct field drop_table[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL,
						  "the table"},
	SCHEMA("where it lies"), IF_EXISTS, CASCADE, END};
static const struct field rename_table[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL,
						    "the table"},
	SCHEMA("where it lies"), TO, END};
static const struct field alter_table[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL,
						   "the table"},
	SCHEMA("where it lies"),
	{"operations", FIELD_PARTS, FIELD_REQUIRED, AT(ops), AT(op_count), NULL,
		"column, index and constraint operations without table"},
	END};

/* ---- columns ---- */
static const struct field add_column[] = {TABLE, NAME("the new column"),
	{"after", FIELD_NAME, 0, AT(after), 0, NULL,
		"the column that it stands behind, where the engine can"},
	{"first", FIELD_BOOL, 0, AT(first), 0, NULL, "it stands in front of all, where the engine can"}, FILL,
	END};
static const struct field drop_column[] = {TABLE, NAME("the column"), END};
static const struct field rename_column[] = {TABLE, NAME("the column"), TO, END};
static const struct field alter_column[] = {TABLE, NAME("the column"),
	{"using", FIELD_SQL, 0, AT(cast), 0, NULL, "an expression that gives the new value"}, FILL, END};

/* ---- indexes and constraints ---- */
static const struct field create_index[] = {TABLE, SOME_NAME, CONCURRENTLY, ALGORITHM,
	{"if_not_exists", FIELD_BOOL, 0, AT(if_not_exists), 0, NULL, "nothing happens where there is one"},
	END};
static const struct field drop_index[] = {TABLE, NAME("the index"), CONCURRENTLY, ALGORITHM, IF_EXISTS, END};
static const struct field rename_index[] = {TABLE, NAME("the index"), TO, END};
static const struct field create_constraint[] = {TABLE, SOME_NAME, END};
static const struct field drop_constraint[] = {TABLE, NAME("the constraint"),
	{"type", FIELD_CHOICE, 0, AT(constraint_kind), AT(constraint_kind_given), field_constraint_words,
		"only where the name alone is ambiguous"},
	END};
static const struct field rename_constraint[] = {TABLE, NAME("the constraint"), TO, END};
static const struct field validate_constraint[] = {TABLE, NAME("the constraint"), END};
static const struct field comment[] = {TABLE,
	{"column", FIELD_NAME, 0, AT(name), 0, NULL, "the column; the table where not given"},
	{"text", FIELD_TEXT, FIELD_REQUIRED | FIELD_NULL, AT(message), 0, NULL,
		"the comment; null removes it"},
	END};

static const struct field set_options[] = {TABLE, END};

/* ---- other objects ---- */
static const struct field named[] = {NAME("its name"), SCHEMA("where it lies"), END};
static const struct field routine[] = {NAME("its name"), SCHEMA("where it lies"),
	{"unchecked", FIELD_BOOL, 0, AT(unchecked), 0, NULL, "the body may name what is not there yet"}, END};
static const struct field drop_named[] = {NAME("its name"), SCHEMA("where it lies"), END};
static const struct field alter_enum[] = {{"name", FIELD_NAME, FIELD_NO_TABLE, AT(name), 0, NULL,
						  "the enum, or for an inline one"},
	{"table", FIELD_NAME, 0, AT(table), 0, NULL, "the table and"},
	{"column", FIELD_NAME, FIELD_TABLE_ONLY, AT(name), 0, NULL, "the column"}, SCHEMA("where it lies"),
	END};
static const struct field schema_name[] = {NAME("the schema"), END};
static const struct field extension_name[] = {NAME("the extension"), END};
static const struct field view[] = {NAME("its name"), SCHEMA("where it lies"), MATERIALIZED, END};
static const struct field trigger[] = {NAME("its name"),
	{"table", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL, "the table it watches"},
	SCHEMA("where it lies"), END};
static const struct field drop_trigger[] = {NAME("its name"),
	{"table", FIELD_NAME, 0, AT(table), 0, NULL, "the table it watches"}, SCHEMA("where it lies"), END};

/* A DROP needs to know only which of the two it is. */
static const struct field no_fields[] = {END};
static const struct object only_function = {"function", sizeof(struct retort_routine), .fields = no_fields,
	.tag = RETORT_FUNCTION, .tag_offset = offsetof(struct retort_routine, kind), .tagged = true};
static const struct object only_procedure = {"procedure", sizeof(struct retort_routine), .fields = no_fields,
	.tag = RETORT_PROCEDURE, .tag_offset = offsetof(struct retort_routine, kind), .tagged = true};

/* ---- rows, SQL and programs ---- */
static const struct field insert_rows[] = {TABLE, END};
static const struct field update_rows[] = {TABLE,
	{"set", FIELD_SET, FIELD_REQUIRED, AT(set), AT(set_count), NULL,
		"column: literal, {expression: SQL} or {function: now}"},
	WHERE, BATCH, END};
static const struct field delete_rows[] = {TABLE,
	{"where", FIELD_WHERE, 0, AT(where), AT(where_all), NULL,
		"SQL, or all for every row; else rows and key say which"},
	BATCH, END};
static const struct field execute[] = {{"sql", FIELD_STATEMENTS, FIELD_BARE, AT(sql), 0, NULL,
					       "one statement or several"},
	{"file", FIELD_FILE_SQL, FIELD_READ_ONLY, AT(sql), 0, NULL,
		"a file that holds them, relative to this file"},
	{"outside_transaction", FIELD_BOOL, 0, AT(outside_transaction), 0, NULL,
		"it can't run in a transaction"},
	{"effects", FIELD_OPS, 0, AT(ops), AT(op_count), NULL, "what it does to the schema, as operations"},
	END};
static const struct field assertion[] = {{"sql", FIELD_SQL, FIELD_REQUIRED, AT(sql), 0, NULL,
						 "a query that gives one value"},
	{"equals", FIELD_TEXT, FIELD_REQUIRED, AT(equals), 0, NULL, "what it must be"},
	{"message", FIELD_TEXT, 0, AT(message), 0, NULL, "what to say where it is not"}, END};
static const struct field run[] = {{"command", FIELD_TEXTS, FIELD_REQUIRED, AT(command), AT(command_count),
					   NULL, "the program and its arguments"},
	{"env", FIELD_ENV, 0, AT(env), AT(env_count), NULL, "further variables of its environment"}, END};

/* A row of the table below. */
#define ROW(op_word, op_kind, op_fields, ...)                                                                \
	{                                                                                                    \
		.word = op_word, .kind = RETORT_OP_##op_kind, .fields = op_fields, __VA_ARGS__               \
	}
#define OBJECT(what, member) .object = &object_##what, .object_offset = AT(member)

const struct operation operations[] = {ROW("create_table", CREATE_TABLE, create_table, OBJECT(table, create),
					       .doc = "make a table"),
	ROW("drop_table", DROP_TABLE, drop_table, .doc = "drop a table"),
	ROW("rename_table", RENAME_TABLE, rename_table, .doc = "give a table another name"),
	ROW("alter_table", ALTER_TABLE, alter_table, .finish = alter_table_finish,
		.doc = "several changes of one table at once"),
	ROW("add_column", ADD_COLUMN, add_column, OBJECT(column, column), .in_table = true,
		.finish = add_column_finish, .doc = "add a column"),
	ROW("drop_column", DROP_COLUMN, drop_column, .in_table = true, .doc = "drop a column"),
	ROW("rename_column", RENAME_COLUMN, rename_column, .in_table = true,
		.doc = "give a column another name"),
	ROW("alter_column", ALTER_COLUMN, alter_column, OBJECT(alter_column, column), .in_table = true,
		.finish = alter_column_finish, .doc = "change a column: only what is named"),
	ROW("create_index", CREATE_INDEX, create_index, OBJECT(index, index), .in_table = true,
		.doc = "make an index"),
	ROW("drop_index", DROP_INDEX, drop_index, .in_table = true, .doc = "drop an index"),
	ROW("rename_index", RENAME_INDEX, rename_index, .in_table = true,
		.doc = "give an index another name"),
	ROW("create_primary_key", CREATE_CONSTRAINT, create_constraint, OBJECT(primary_key, constraint),
		.in_table = true, .doc = "add a primary key"),
	ROW("create_unique_constraint", CREATE_CONSTRAINT, create_constraint, OBJECT(unique, constraint),
		.in_table = true, .doc = "add a unique constraint"),
	ROW("create_foreign_key", CREATE_CONSTRAINT, create_constraint, OBJECT(foreign_key, constraint),
		.in_table = true, .doc = "add a foreign key"),
	ROW("create_check_constraint", CREATE_CONSTRAINT, create_constraint, OBJECT(check, constraint),
		.in_table = true, .doc = "add a check constraint"),
	ROW("create_exclude_constraint", CREATE_CONSTRAINT, create_constraint, OBJECT(exclude, constraint),
		.in_table = true, .doc = "add an exclude constraint"),
	ROW("drop_constraint", DROP_CONSTRAINT, drop_constraint, .in_table = true,
		.doc = "drop a constraint"),
	ROW("rename_constraint", RENAME_CONSTRAINT, rename_constraint, .in_table = true,
		.doc = "give a constraint another name"),
	ROW("validate_constraint", VALIDATE_CONSTRAINT, validate_constraint, .in_table = true,
		.doc = "check the rows that not_valid left unchecked"),
	ROW("comment", COMMENT, comment, .in_table = true, .doc = "comment on a table or column"),
	ROW("set_options", SET_OPTIONS, set_options, OBJECT(table_options, options), .in_table = true,
		.finish = set_options_finish, .doc = "change a table's options: only those that are named"),
	ROW("create_enum", CREATE_ENUM, named, OBJECT(enum, enumeration), .doc = "make an enum"),
	ROW("alter_enum", ALTER_ENUM, alter_enum, OBJECT(enum_change, enum_change),
		.finish = alter_enum_finish, .doc = "add, rename or drop a value of an enum"),
	ROW("drop_enum", DROP_ENUM, drop_named, .doc = "drop an enum"),
	ROW("create_sequence", CREATE_SEQUENCE, named, OBJECT(sequence, sequence), .doc = "make a sequence"),
	ROW("drop_sequence", DROP_SEQUENCE, drop_named, .doc = "drop a sequence"),
	ROW("create_schema", CREATE_SCHEMA, schema_name, .doc = "make a schema"),
	ROW("drop_schema", DROP_SCHEMA, schema_name, .doc = "drop a schema"),
	ROW("create_domain", CREATE_DOMAIN, named, OBJECT(domain, domain), .doc = "make a domain"),
	ROW("drop_domain", DROP_DOMAIN, drop_named, .doc = "drop a domain"),
	ROW("create_extension", CREATE_EXTENSION, named, OBJECT(extension, extension),
		.doc = "install an extension"),
	ROW("alter_extension", ALTER_EXTENSION, extension_name, OBJECT(extension_version, extension),
		.doc = "bring an extension to another version"),
	ROW("drop_extension", DROP_EXTENSION, drop_named, .doc = "remove an extension"),
	ROW("create_view", CREATE_VIEW, view, OBJECT(view, view), .doc = "make a view"),
	ROW("replace_view", REPLACE_VIEW, view, OBJECT(view, view), .doc = "replace a view"),
	ROW("drop_view", DROP_VIEW, view, .doc = "drop a view"),
	ROW("create_function", CREATE_ROUTINE, routine, OBJECT(function, routine), .doc = "make a function"),
	ROW("replace_function", REPLACE_ROUTINE, routine, OBJECT(function, routine),
		.doc = "replace a function"),
	ROW("drop_function", DROP_ROUTINE, drop_named, .object = &only_function, .object_offset = AT(routine),
		.doc = "drop a function"),
	ROW("create_procedure", CREATE_ROUTINE, routine, OBJECT(procedure, routine),
		.doc = "make a procedure"),
	ROW("replace_procedure", REPLACE_ROUTINE, routine, OBJECT(procedure, routine),
		.doc = "replace a procedure"),
	ROW("drop_procedure", DROP_ROUTINE, drop_named, .object = &only_procedure,
		.object_offset = AT(routine), .doc = "drop a procedure"),
	ROW("create_trigger", CREATE_TRIGGER, trigger, OBJECT(trigger, trigger), .doc = "make a trigger"),
	ROW("replace_trigger", REPLACE_TRIGGER, trigger, OBJECT(trigger, trigger),
		.doc = "replace a trigger"),
	ROW("drop_trigger", DROP_TRIGGER, drop_trigger, .doc = "drop a trigger"),
	ROW("insert_rows", INSERT_ROWS, insert_rows, OBJECT(rows, rows), .finish = insert_rows_finish,
		.doc = "insert rows, given here or in a file"),
	ROW("update_rows", UPDATE_ROWS, update_rows, .doc = "change rows"),
	ROW("delete_rows", DELETE_ROWS, delete_rows, OBJECT(deleted_rows, rows), .finish = delete_rows_finish,
		.doc = "delete rows"),
	ROW("execute", EXECUTE, execute, .finish = execute_finish, .doc = "run SQL of your own"),
	ROW("assert", ASSERT, assertion, .doc = "stop unless a query gives a value"),
	ROW("run", RUN, run, .doc = "run a program of your own"), END};

const struct operation_alias operation_aliases[] = {{"bulk_insert", "insert_rows"}, END};

/* What alter_column may name. */
static const struct {
	const char *key;
	unsigned bit;
} alter_bits[] = {
	{"type", RETORT_ALTER_TYPE},
	{"nullable", RETORT_ALTER_NULLABLE},
	{"default", RETORT_ALTER_DEFAULT},
	{"comment", RETORT_ALTER_COMMENT},
	{"autoincrement", RETORT_ALTER_AUTOINCREMENT},
	{"collation", RETORT_ALTER_COLLATION},
	{"computed", RETORT_ALTER_COMPUTED},
};

unsigned operation_alter_bit(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof alter_bits / sizeof *alter_bits; i++)
		if (!strcmp(alter_bits[i].key, key))
			return alter_bits[i].bit;
	return 0;
}

const struct field *field_find(const struct field *fields, const char *key)
{
	for (; fields->key; fields++)
		if (*fields->key == *key && !strcmp(fields->key, key))
			return fields;
	return NULL;
}

const struct field *object_bare(const struct object *object)
{
	const struct field *field;

	for (field = object->fields; field->key; field++)
		if (field->flags & FIELD_BARE)
			return field;
	return NULL;
}

const struct field *operation_bare(const struct operation *operation, bool part)
{
	const struct field *required = NULL, *marked = NULL, *at;
	unsigned count = 0;

	for (at = operation->fields; at->key; at++) {
		if (at->flags & FIELD_BARE)
			marked = at;
		if (at->flags & FIELD_REQUIRED && !(part && at->flags & FIELD_OUTER) && ++count == 1)
			required = at;
	}
	for (at = operation->object ? operation->object->fields : at; at->key; at++)
		if (at->flags & FIELD_REQUIRED && !operation_hides(operation, at->key) && ++count == 1)
			required = at;
	return count == 1 ? required : count ? NULL : marked;
}

const struct operation *operation_find(const char *word)
{
	const struct operation_alias *alias;
	const struct operation *operation;

	for (alias = operation_aliases; alias->alias; alias++)
		if (!strcmp(alias->alias, word))
			word = alias->word;
	for (operation = operations; operation->word; operation++)
		if (*operation->word == *word && !strcmp(operation->word, word))
			return operation;
	return NULL;
}

size_t operation_count(void)
{
	return sizeof operations / sizeof *operations - 1;
}

const struct operation *operation_of(const struct retort_op *op)
{
	return operation_find(retort_op_word(op));
}

bool operation_hides(const struct operation *operation, const char *key)
{
	return field_find(operation->fields, key) || field_find(operation_common, key);
}
