/* SPDX-License-Identifier: MIT */
#include "script/field.h"
#include "script/field_finish.h"

#define END                                                                                                  \
	{                                                                                                    \
		0                                                                                            \
	}

const char *const field_action_words[] = {"", "no action", "restrict", "cascade", "set null", "set default",
	NULL};
const char *const field_auto_words[] = {"false", "true", "always", "serial", NULL};
const char *const field_constraint_words[] = {"primary_key", "unique", "foreign_key", "check", "exclude",
	NULL};
static const char *const order_words[] = {"", "asc", "desc", NULL};
static const char *const nulls_words[] = {"", "first", "last", NULL};
static const char *const initially_words[] = {"", "immediate", "deferred", NULL};
static const char *const match_words[] = {"full", "partial", "simple", NULL};

#define SCOPE(type)                                                                                          \
	{"only", FIELD_DIALECTS, 0, offsetof(type, scope.only), offsetof(type, scope.only_count), NULL,      \
		"the dialects this is meant for"},                                                           \
	{                                                                                                    \
		"except", FIELD_DIALECTS, 0, offsetof(type, scope.except),                                   \
			offsetof(type, scope.except_count), NULL, "the dialects this is not meant for"       \
	}

/* ---- types ---- */

#define AT(member) offsetof(struct type_draft, member)
static const struct field type_fields[] = {{"type", FIELD_NAME, FIELD_REQUIRED, AT(word), 0, NULL,
						   "the name of the type"},
	{"name", FIELD_NAME, 0, AT(name), 0, NULL, "of the enum or domain"},
	{"schema", FIELD_NAME, 0, AT(schema), 0, NULL, "of the enum or domain"},
	{"length", FIELD_INT, 0, AT(length), 0, NULL, "characters or bytes"},
	{"precision", FIELD_INT, 0, AT(precision), 0, NULL, "digits"},
	{"scale", FIELD_INT, 0, AT(scale), 0, NULL, "digits after the point"},
	{"unsigned", FIELD_BOOL, 0, AT(is_unsigned), 0, NULL, "no negative values"},
	{"values", FIELD_TEXTS, 0, AT(values), AT(value_count), NULL, "of an enum, in order"},
	{"items", FIELD_TYPE, 0, AT(items), 0, NULL, "the type of an array's items"}, END};
#undef AT
const struct object object_type = {"type", sizeof(struct type_draft), .fields = type_fields,
	.begin = type_begin, .doc = "a column type by keys"};

/* ---- columns ---- */

#define AT(member) offsetof(struct retort_references, member)
static const struct field references_fields[] = {{"table", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL,
							 "the table that is referred to"},
	{"schema", FIELD_NAME, 0, AT(schema), 0, NULL, "of that table"},
	{"columns", FIELD_NAMES, 0, AT(columns), AT(column_count), NULL,
		"its columns; the primary key where not given"},
	END};
#undef AT
const struct object object_references = {"references", sizeof(struct retort_references),
	.fields = references_fields, .doc = "what a foreign key refers to"};

#define AT(member) offsetof(struct column_draft, member)
#define COLUMN(member) offsetof(struct column_draft, column.member)
static const struct field computed_fields[] = {{"expression", FIELD_SQL, FIELD_REQUIRED | FIELD_BARE,
						       COLUMN(computed), 0, NULL,
						       "SQL over the table's columns"},
	{"stored", FIELD_BOOL, 0, COLUMN(computed_stored), 0, NULL,
		"kept in the row instead of computed when read"},
	END};
static const struct object object_computed = {"computed", 0, .fields = computed_fields,
	.doc = "a computed column"};

static const struct field autoincrement_fields[] =
	{{"kind", FIELD_CHOICE, FIELD_BARE, AT(auto_kind), 0, field_auto_words,
		 "true: an identity that gives values where none is given; always; serial"},
		{"start", FIELD_LONG_LONG, 0, COLUMN(auto_start), 0, NULL, "the first value"},
		{"increment", FIELD_LONG_LONG, 0, COLUMN(auto_increment), 0, NULL,
			"the distance between two values"},
		END};
static const struct object object_autoincrement = {"autoincrement", 0, .fields = autoincrement_fields,
	.doc = "values that count up by themselves"};

#define TYPE_KEYS(required)                                                                                  \
	{"type", FIELD_TYPE, FIELD_BARE | FIELD_LATE | (required), COLUMN(type), 0, NULL,                    \
		"a neutral type, or a map by dialect"},                                                      \
		{"length", FIELD_INT, 0, AT(length), 0, NULL, "of the type: characters or bytes"},           \
		{"precision", FIELD_INT, 0, AT(precision), 0, NULL, "of the type: digits"},                  \
		{"scale", FIELD_INT, 0, AT(scale), 0, NULL, "of the type: digits after the point"},          \
		{"unsigned", FIELD_BOOL, 0, AT(is_unsigned), 0, NULL, "of the type: no negative values"},    \
		{"values", FIELD_TEXTS, 0, AT(values), AT(value_count), NULL, "of an enum type, in order"},  \
	{                                                                                                    \
		"items", FIELD_TYPE, 0, AT(items), 0, NULL, "the type of an array's items"                   \
	}

#define CHANGEABLE_KEYS(null)                                                                                \
	{"nullable", FIELD_BOOL, FIELD_TRUE, COLUMN(nullable), 0, NULL,                                      \
		"whether NULL is allowed; true where not given"},                                            \
		{"default", FIELD_DEFAULT, FIELD_NULL, COLUMN(def), 0, NULL,                                 \
			"a literal of the type, {function: now|today|uuid}, {expression: SQL}, or these by " \
			"dialect"},                                                                          \
		{"autoincrement", FIELD_PART, 0, 0, 0, &object_autoincrement,                                \
			"true, always or serial, or a map with kind, start and increment"},                  \
		{"computed", FIELD_PART, (null), 0, 0, &object_computed, "{expression, stored}"},            \
		{"collation", FIELD_NAME_BY_DIALECT, (null), COLUMN(collation), COLUMN(collations), NULL,    \
			"the collation of its texts, perhaps by dialect"},                                   \
	{                                                                                                    \
		"comment", FIELD_TEXT, FIELD_NULL, COLUMN(comment), 0, NULL,                                 \
			"for people who look at the database"                                                \
	}

static const struct field column_fields[] = {{"name", FIELD_NAME, FIELD_REQUIRED, COLUMN(name), 0, NULL,
						     "the column's name"},
	TYPE_KEYS(FIELD_REQUIRED), CHANGEABLE_KEYS(0),
	{"primary_key", FIELD_SHORTHAND, 0, COLUMN(primary_key), 0, NULL, "true, or the name of the key"},
	{"unique", FIELD_SHORTHAND, 0, COLUMN(unique), 0, NULL, "true, or the name of the constraint"},
	{"index", FIELD_SHORTHAND, 0, COLUMN(index), 0, NULL, "true, or the name of the index"},
	{"references", FIELD_REFERENCES, 0, COLUMN(references), 0, NULL, "table, table(column), or a map"},
	{"on_delete", FIELD_CHOICE, 0, AT(on_delete), 0, field_action_words, "when the row referred to goes"},
	{"on_update", FIELD_CHOICE, 0, AT(on_update), 0, field_action_words,
		"when the key referred to changes"},
	{"check", FIELD_SQL, 0, COLUMN(check), 0, NULL, "a condition for every row"},
	{"renamed_from", FIELD_NAME, FIELD_SCHEMA_FILE, COLUMN(renamed_from), 0, NULL, "its former name"},
	SCOPE(struct retort_column), END};
const struct object object_column = {"column", sizeof(struct column_draft), sizeof(struct retort_column),
	.fields = column_fields, .begin = column_begin, .finish = column_finish, .prepare = column_prepare,
	.doc = "a column, or just its type"};

/* Only what is named changes. */
static const struct field alter_column_fields[] = {TYPE_KEYS(0), CHANGEABLE_KEYS(FIELD_NULL), END};
const struct object object_alter_column = {"column", sizeof(struct column_draft),
	sizeof(struct retort_column), .fields = alter_column_fields, .begin = column_begin,
	.finish = column_finish, .prepare = column_prepare, .doc = "what changes of a column"};
#undef COLUMN
#undef AT

/* ---- constraints ---- */

#define AT(member) offsetof(struct constraint_draft, member)
#define OF(member) offsetof(struct constraint_draft, constraint.member)
#define NAME                                                                                                 \
	{                                                                                                    \
		"name", FIELD_NAME, 0, OF(name), 0, NULL, "left to the naming convention where not given"    \
	}
#define COLUMNS                                                                                              \
	{                                                                                                    \
		"columns", FIELD_NAMES, FIELD_REQUIRED | FIELD_BARE, OF(columns), OF(column_count), NULL,    \
			"its columns, in order"                                                              \
	}
#define DEFER                                                                                                \
	{"deferrable", FIELD_BOOL, 0, OF(deferrable), 0, NULL,                                               \
		"may be checked at the end of the transaction"},                                             \
	{                                                                                                    \
		"initially", FIELD_CHOICE, 0, OF(initially), 0, initially_words,                             \
			"when it is checked unless said otherwise"                                           \
	}
#define NOT_VALID                                                                                            \
	{                                                                                                    \
		"not_valid", FIELD_BOOL, 0, OF(not_valid), 0, NULL, "rows that exist are not checked"        \
	}
#define TAIL SCOPE(struct retort_constraint), END

static const struct field primary_key_fields[] = {NAME, COLUMNS, DEFER, TAIL};
static const struct field unique_fields[] = {NAME, COLUMNS, DEFER, TAIL};
static const struct field foreign_key_fields[] = {NAME,
	{"columns", FIELD_NAMES, FIELD_REQUIRED, OF(columns), OF(column_count), NULL,
		"its columns, in order"},
	{"references", FIELD_REFERENCES, FIELD_REQUIRED, OF(references), 0, NULL,
		"table, table(columns), or a map"},
	{"on_delete", FIELD_CHOICE, 0, AT(on_delete), 0, field_action_words, "when the row referred to goes"},
	{"on_update", FIELD_CHOICE, 0, AT(on_update), 0, field_action_words,
		"when the key referred to changes"},
	DEFER, {"match", FIELD_WORD, 0, OF(match), 0, match_words, "how a key with NULLs is matched"},
	NOT_VALID, TAIL};
static const struct field check_fields[] = {NAME,
	{"expression", FIELD_SQL, FIELD_REQUIRED | FIELD_BARE, OF(expression), 0, NULL,
		"the condition for every row"},
	NOT_VALID, TAIL};
static const struct field exclude_fields[] = {NAME,
	{"elements", FIELD_OBJECTS, FIELD_REQUIRED | FIELD_BARE, OF(elements), OF(element_count),
		&object_exclude_element, "columns or expressions, each with its operator"},
	{"using", FIELD_NAME, 0, OF(method), 0, NULL, "the index method"},
	{"where", FIELD_SQL, 0, OF(expression), 0, NULL, "for which rows"}, DEFER, TAIL};
#define CONSTRAINT(constraint_kind, constraint_noun, constraint_fields, told)                                \
	{                                                                                                    \
		constraint_noun, sizeof(struct constraint_draft), sizeof(struct retort_constraint),          \
			.fields = constraint_fields, .tag = constraint_kind, .tag_offset = OF(kind),         \
			.tagged = true, .finish = constraint_finish, .prepare = constraint_prepare,          \
			.doc = told                                                                          \
	}
const struct object object_primary_key = CONSTRAINT(RETORT_PRIMARY_KEY, "primary key", primary_key_fields,
	"a primary key, or just its columns");
const struct object object_unique = CONSTRAINT(RETORT_UNIQUE, "unique constraint", unique_fields,
	"a unique constraint, or just its columns");
const struct object object_foreign_key =
	CONSTRAINT(RETORT_FOREIGN_KEY, "foreign key", foreign_key_fields, "a foreign key");
const struct object object_check = CONSTRAINT(RETORT_CHECK, "check constraint", check_fields,
	"a check constraint, or just its condition");
const struct object object_exclude =
	CONSTRAINT(RETORT_EXCLUDE, "exclude constraint", exclude_fields, "an exclude constraint");
#undef TAIL
#undef NOT_VALID
#undef DEFER
#undef COLUMNS
#undef NAME
#undef OF
#undef AT

#define AT(member) offsetof(struct retort_exclude_element, member)
static const struct field exclude_element_fields[] = {{"column", FIELD_NAME, 0, AT(column), 0, NULL,
							      "a column, or"},
	{"expression", FIELD_SQL, 0, AT(expression), 0, NULL, "SQL over the columns"},
	{"with", FIELD_TEXT, FIELD_REQUIRED, AT(with), 0, NULL, "the operator"}, END};
#undef AT
const struct object object_exclude_element = {"element", sizeof(struct retort_exclude_element),
	.fields = exclude_element_fields, .finish = element_finish,
	.doc = "an element of an exclude constraint"};

/* ---- indexes ---- */

#define AT(member) offsetof(struct retort_index_column, member)
static const struct field index_column_fields[] = {{"column", FIELD_NAME, FIELD_BARE, AT(column), 0, NULL,
							   "a column, or"},
	{"expression", FIELD_SQL, 0, AT(expression), 0, NULL, "SQL over the columns"},
	{"order", FIELD_CHOICE, 0, AT(order), 0, order_words, "asc or desc"},
	{"nulls", FIELD_CHOICE, 0, AT(nulls), 0, nulls_words, "where NULLs stand"},
	{"length", FIELD_UNSIGNED, 0, AT(length), 0, NULL, "characters of the prefix that is indexed"},
	{"opclass", FIELD_NAME, 0, AT(opclass), 0, NULL, "the operator class"},
	{"collation", FIELD_NAME, 0, AT(collation), 0, NULL, "the collation"}, END};
#undef AT
const struct object object_index_column = {"index column", sizeof(struct retort_index_column),
	.fields = index_column_fields, .finish = index_column_finish,
	.doc = "a column of an index, or just its name"};

#define AT(member) offsetof(struct retort_index, member)
static const struct field index_fields[] = {{"name", FIELD_NAME, 0, AT(name), 0, NULL,
						    "left to the naming convention where not given"},
	{"columns", FIELD_OBJECTS, FIELD_REQUIRED | FIELD_BARE, AT(columns), AT(column_count),
		&object_index_column,
		"names, or maps with order, nulls, length, opclass, collation, or {expression}"},
	{"unique", FIELD_BOOL, 0, AT(unique), 0, NULL, "no two rows may agree"},
	{"where", FIELD_SQL, 0, AT(where), 0, NULL, "only rows for which this holds"},
	{"include", FIELD_NAMES, 0, AT(include), AT(include_count), NULL,
		"further columns kept in the index"},
	{"using", FIELD_NAME, 0, AT(method), 0, NULL, "the index method"}, SCOPE(struct retort_index), END};
#undef AT
const struct object object_index = {"index", sizeof(struct retort_index), .fields = index_fields,
	.doc = "an index, or just its columns"};

/* ---- tables ---- */

#define AT(member) offsetof(struct retort_table, member)
#define CONSTRAINTS AT(constraints), AT(constraint_count)
static const struct field table_fields[] = {{"name", FIELD_NAME, FIELD_REQUIRED, AT(name), 0, NULL,
						    "the table's name"},
	{"schema", FIELD_NAME, 0, AT(schema), 0, NULL, "where it lies"},
	{"comment", FIELD_TEXT, FIELD_NULL, AT(comment), 0, NULL, "for people who look at the database"},
	{"columns", FIELD_OBJECTS, FIELD_REQUIRED | FIELD_OR_SETS, AT(columns), AT(column_count),
		&object_column, "by name"},
	{"primary_key", FIELD_OBJECT, 0, CONSTRAINTS, &object_primary_key, "its columns, or {name, columns}"},
	{"unique_constraints", FIELD_OBJECTS, 0, CONSTRAINTS, &object_unique, "by name, or a list"},
	{"foreign_keys", FIELD_OBJECTS, 0, CONSTRAINTS, &object_foreign_key, "by name, or a list"},
	{"check_constraints", FIELD_OBJECTS, 0, CONSTRAINTS, &object_check, "by name, or a list"},
	{"exclude_constraints", FIELD_OBJECTS, 0, CONSTRAINTS, &object_exclude, "by name, or a list"},
	{"indexes", FIELD_OBJECTS, 0, AT(indexes), AT(index_count), &object_index, "by name, or a list"},
	{"renamed_from", FIELD_NAME, FIELD_SCHEMA_FILE, AT(renamed_from), 0, NULL, "its former name"},
	{"column_sets", FIELD_NAMES, FIELD_SCHEMA_FILE, AT(column_sets), AT(column_set_count), NULL,
		"column sets that it has too"},
	SCOPE(struct retort_table), END};
static const struct field table_rest = {"", FIELD_OPTIONS, 0, AT(options), AT(option_count), NULL,
	"options of the dialect of that name"};
#undef CONSTRAINTS
#undef AT
const struct object object_table = {"table", sizeof(struct retort_table), .fields = table_fields,
	.rest = &table_rest, .doc = "a table"};

static const struct field no_fields[] = {END};
static const struct field changed_options = {"", FIELD_OPTIONS, FIELD_NULL,
	offsetof(struct retort_table_options, options), offsetof(struct retort_table_options, option_count),
	NULL, "options of the dialect of that name; null: as where it isn't given"};
const struct object object_table_options = {"options", sizeof(struct retort_table_options),
	.fields = no_fields, .rest = &changed_options, .doc = "options of a table"};

/* ---- everything else ---- */

#define NAMED(type)                                                                                          \
	{"name", FIELD_NAME, FIELD_REQUIRED, offsetof(type, name), 0, NULL, "its name"},                     \
	{                                                                                                    \
		"schema", FIELD_NAME, 0, offsetof(type, schema), 0, NULL, "where it lies"                    \
	}

static const struct field enum_fields[] = {NAMED(struct retort_enum),
	{"values", FIELD_TEXTS, FIELD_REQUIRED | FIELD_BARE, offsetof(struct retort_enum, values),
		offsetof(struct retort_enum, value_count), NULL, "in order"},
	SCOPE(struct retort_enum), END};
const struct object object_enum = {"enum", sizeof(struct retort_enum), .fields = enum_fields,
	.doc = "an enum, or just its values"};

#define AT(member) offsetof(struct retort_domain, member)
static const struct field domain_fields[] = {NAMED(struct retort_domain),
	{"type", FIELD_TYPE, FIELD_REQUIRED | FIELD_BARE, AT(type), 0, NULL, "what it is made of"},
	{"nullable", FIELD_BOOL, FIELD_TRUE, AT(nullable), 0, NULL,
		"whether NULL is allowed; true where not given"},
	{"default", FIELD_DEFAULT, 0, AT(def), 0, NULL, "as of a column"},
	{"check", FIELD_SQL, 0, AT(check), 0, NULL, "a condition on VALUE"}, SCOPE(struct retort_domain),
	END};
#undef AT
const struct object object_domain = {"domain", sizeof(struct retort_domain), .fields = domain_fields,
	.begin = domain_begin, .finish = domain_finish, .doc = "a domain, or just its type"};

#define AT(member) offsetof(struct retort_sequence, member)
static const struct field sequence_fields[] = {NAMED(struct retort_sequence),
	{"type", FIELD_TYPE, 0, AT(type), 0, NULL, "bigint where not given"},
	{"start", FIELD_LONG_LONG, 0, AT(start), 0, NULL, "the first value"},
	{"increment", FIELD_LONG_LONG, 0, AT(increment), 0, NULL, "the distance between two values"},
	{"minimum", FIELD_LONG_LONG, 0, AT(minimum), 0, NULL, "the least value"},
	{"maximum", FIELD_LONG_LONG, 0, AT(maximum), 0, NULL, "the greatest value"},
	{"cache", FIELD_LONG_LONG, 0, AT(cache), 0, NULL, "values that are taken at once"},
	{"cycle", FIELD_BOOL, 0, AT(cycle), 0, NULL, "begins again at the end"},
	SCOPE(struct retort_sequence), END};
#undef AT
const struct object object_sequence = {"sequence", sizeof(struct retort_sequence), .fields = sequence_fields,
	.doc = "a sequence"};

#define AT(member) offsetof(struct retort_view, member)
static const struct field view_fields[] = {NAMED(struct retort_view),
	{"query", FIELD_SQL, FIELD_REQUIRED | FIELD_BARE, AT(query), 0, NULL, "the SELECT"},
	{"materialized", FIELD_BOOL, 0, AT(materialized), 0, NULL, "its rows are stored"},
	SCOPE(struct retort_view), END};
#undef AT
const struct object object_view = {"view", sizeof(struct retort_view), .fields = view_fields,
	.doc = "a view, or just its query"};

#define AT(member) offsetof(struct retort_routine, member)
static const struct field routine_fields[] = {NAMED(struct retort_routine),
	{"body", FIELD_SQL, FIELD_REQUIRED | FIELD_BARE, AT(body), 0, NULL,
		"what follows the name in CREATE"},
	SCOPE(struct retort_routine), END};
const struct object object_function = {"function", sizeof(struct retort_routine), .fields = routine_fields,
	.tag = RETORT_FUNCTION, .tag_offset = AT(kind), .tagged = true, .doc = "a function"};
const struct object object_procedure = {"procedure", sizeof(struct retort_routine), .fields = routine_fields,
	.tag = RETORT_PROCEDURE, .tag_offset = AT(kind), .tagged = true, .doc = "a procedure"};
#undef AT

#define AT(member) offsetof(struct retort_trigger, member)
static const struct field trigger_fields[] = {NAMED(struct retort_trigger),
	{"table", FIELD_NAME, FIELD_REQUIRED, AT(table), 0, NULL, "the table it watches"},
	{"body", FIELD_SQL, FIELD_REQUIRED, AT(body), 0, NULL, "what follows the name in CREATE TRIGGER"},
	SCOPE(struct retort_trigger), END};
#undef AT
const struct object object_trigger = {"trigger", sizeof(struct retort_trigger), .fields = trigger_fields,
	.doc = "a trigger"};

#define AT(member) offsetof(struct retort_extension, member)
static const struct field extension_fields[] = {NAMED(struct retort_extension),
	{"version", FIELD_TEXT, 0, AT(version), 0, NULL, "the version to install"},
	SCOPE(struct retort_extension), END};
#undef AT
const struct object object_extension = {"extension", sizeof(struct retort_extension),
	.fields = extension_fields, .doc = "an extension"};

/* ---- what only operations have ---- */

#define AT(member) offsetof(struct retort_rows, member)
#define ROWS                                                                                                 \
	{"columns", FIELD_NAMES, 0, AT(columns), AT(column_count), NULL,                                     \
		"those of the rows; else the file's head line or keys, or the table's"},                     \
		{"csv", FIELD_FILE, 0, AT(csv), AT(csv_path), NULL, "a CSV file, relative to this file"},    \
		{"json", FIELD_FILE, 0, AT(json), AT(json_path), NULL,                                       \
			"a JSON file that holds an array of objects"},                                       \
		{"rows", FIELD_ROWS, 0, AT(rows), AT(row_count), NULL,                                       \
			"lists or maps; with json the key of the array"},                                    \
	{                                                                                                    \
		"map", FIELD_COLUMN_MAP, 0, AT(map_columns), AT(map_count), NULL,                            \
			"column: key of the objects"                                                         \
	}
#define ROWS_KEY                                                                                             \
	{                                                                                                    \
		"key", FIELD_NAMES, 0, AT(key), AT(key_count), NULL, "the columns by which a row is known"   \
	}
static const struct field rows_fields[] = {ROWS,
	{"on_conflict", FIELD_CONFLICT, 0, AT(on_conflict_ignore), 0, NULL,
		"ignore or update rows that are there"},
	ROWS_KEY, END};
static const struct field deleted_rows_fields[] = {ROWS, ROWS_KEY, END};
#undef AT
const struct object object_rows = {"rows", sizeof(struct retort_rows), .fields = rows_fields,
	.finish = rows_finish, .doc = "rows"};
const struct object object_deleted_rows = {"rows", sizeof(struct retort_rows), .fields = deleted_rows_fields,
	.finish = rows_finish, .doc = "rows"};

#define AT(member) offsetof(struct retort_enum_change, member)
static const struct field enum_change_fields[] = {{"add_value", FIELD_TEXT, 0, AT(add), 0, NULL,
							  "a new value"},
	{"before", FIELD_TEXT, 0, AT(before), 0, NULL, "the value that it stands before"},
	{"after", FIELD_TEXT, 0, AT(after), 0, NULL, "the value that it stands after"},
	{"rename_value", FIELD_TEXT, 0, AT(rename_from), 0, NULL, "a value that gets another name"},
	{"to", FIELD_TEXT, 0, AT(rename_to), 0, NULL, "that name"},
	{"drop_value", FIELD_TEXT, 0, AT(drop), 0, NULL, "a value that goes"},
	{"mapping", FIELD_MAPPING, 0, AT(mapping_from), AT(mapping_count), NULL,
		"what rows that hold it get: {old: new}, null for NULL"},
	END};
#undef AT
const struct object object_enum_change = {"enum", sizeof(struct retort_enum_change),
	.fields = enum_change_fields, .finish = enum_change_finish, .doc = "one change of an enum"};

static const struct field version_fields[] = {{"version", FIELD_TEXT, FIELD_REQUIRED,
						      offsetof(struct retort_extension, version), 0, NULL,
						      "the version that it gets"},
	END};
const struct object object_extension_version = {"extension", sizeof(struct retort_extension),
	.fields = version_fields, .doc = "the version of an extension"};
