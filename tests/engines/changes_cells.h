/* SPDX-License-Identifier: MIT
 *
 * Every property that a schema file can give, as small changes: two texts of the same objects that differ in
 * one property. They come from the field tables (script/field.h): a key without values here is a fault, so
 * that a property that is added later is tested or the test fails.
 *
 * A text has a line for each object, "section|name|body"; $ stands for the cell's own name, @ for the
 * property.
 */
#ifndef TESTS_ENGINES_CHANGES_CELLS_H
#define TESTS_ENGINES_CHANGES_CELLS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "retort/sql.h"
#include "script/field.h"

struct cell {
	const char *name; /* "column.default: 0 -> 1" */
	const char *id;   /* what its objects are called */
	const char *from, *to;
	uint64_t told_by;                /* capabilities without which an engine can't tell the two apart */
	const char *from_type, *to_type; /* where that is for their types to say */
};

#define NEVER (UINT64_C(1) << 63)          /* no engine tells them apart */
#define NAMES_KEYS (UINT64_C(1) << 62)     /* engines that know a primary key by its name; see told_apart */
#define RESTRICTS (UINT64_C(1) << 61)      /* engines for which restrict is something of its own */
#define COLLATES (UINT64_C(1) << 60)       /* engines whose indexes have collations */
#define MATCHES (UINT64_C(1) << 59)        /* engines that keep how a key is matched */
#define SEQUENCE_TYPES (UINT64_C(1) << 57) /* engines whose sequences have types */
#define STARTS (UINT64_C(1) << 58)         /* engines that keep where an identity starts */

struct cells {
	struct retort_arena *arena;
	struct cell *items;
	size_t count;
	const char *faults;
};

/* Where the keys of an object stand. */
struct context {
	const char *label;
	const struct object *object;
	const char *text;
};

#define ID "id: {type: bigint, primary_key: true}"
#define TABLE(rest) "tables|$|{columns: {" ID ", a: string(40), b: integer, e: string(40)}" rest "}"
#define OWN_COLLATION "c: {type: string(40), collation: {mysql: utf8mb4_bin, default: null}}"
#define PARENT                                                                                               \
	"tables|$_p|{columns: {" ID ", k: integer, l: integer}, unique_constraints: {uq_$_p: [k, l]}}\n"

static const struct context contexts[] = {
	{"table", &object_table, TABLE("@")},
	{"column", &object_column, "tables|$|{columns: {" ID ", c: {type: string(20)@}, d: integer}}"},
	{"index", &object_index, TABLE(", indexes: {ix_$: {columns: [a]@}}")},
	{"index column", &object_index_column, TABLE(", indexes: {ix_$: {columns: [{column: a@}, b]}}")},
	{"primary key", &object_primary_key,
		"tables|$|{columns: {id: {type: bigint, nullable: false}, b: {type: integer, nullable: "
		"false}}, "
		"primary_key: {columns: [id]@}}"},
	{"unique", &object_unique, TABLE(", unique_constraints: [{columns: [a]@}]")},
	{"foreign key", &object_foreign_key,
		PARENT "tables|$|{columns: {" ID ", p: bigint, k: integer, l: integer}, "
		       "foreign_keys: [{columns: [p], references: $_p(id)@}]}"},
	{"check", &object_check, TABLE(", check_constraints: [{expression: b > 0@}]")},
	{"exclude", &object_exclude,
		"tables|$|{columns: {" ID ", r: {type: {default: text, postgresql: int4range}}, q: {type: "
		"{default: text, postgresql: int4range}}}, exclude_constraints: [{elements: [{column: r, "
		"with: "
		"'&&'}], using: gist@}]}"},
	{"enum", &object_enum, "enums|$_e|{@}\ntables|$|{columns: {" ID ", c: {type: enum $_e}}}"},
	{"domain", &object_domain, "domains|$_d|{@}\ntables|$|{columns: {" ID ", c: {type: domain $_d}}}"},
	{"sequence", &object_sequence, "sequences|$_s|{increment: 1@}"},
	{"view", &object_view, TABLE("") "\nviews|$_v|{@}"},
	{"function", &object_function, "functions|$_f|{@}"},
	{"procedure", &object_procedure, "procedures|$_r|{@}"},
	{"trigger", &object_trigger,
		TABLE("") "\nfunctions|$_f|{only: [postgresql], body: \"() RETURNS trigger LANGUAGE plpgsql "
			  "AS "
			  "$q$ BEGIN RETURN NEW; END $q$\"}\ntriggers|$_t|{table: $@}"},
};

/* Values of a key, one after the other: none -> first -> second...; with: what must stand beside it. */
struct values {
	const char *label, *key;
	const char *list; /* between || */
	const char *with;
	bool required;
	uint64_t told_by;
};

#define PG_TRIGGER(when) "{postgresql: " when " INSERT ON $ FOR EACH ROW EXECUTE FUNCTION $_f(), "
static const struct values values[] = {
	{"table", "comment", "people||other people", "", false, RETORT_CAP_COMMENTS},
	{"table", "columns", NULL, NULL, false, 0},
	{"column", "default", "''||x||it's||{expression: \"lower('X')\"}||null", "", false, 0},
	{"column", "collation", "{COLLATION}", "", false, 0},
	{"column", "comment", "one||two lines||'quotes: '' and \\'", "", false, RETORT_CAP_COMMENTS},
	{"column", "unique", "true||uq_$_x", "", false, 0},
	{"column", "index", "true||ix_$_x", "", false, 0},
	{"column", "check", "c <> 'a'||c <> 'b'||c IN ('a', 'b')||length(c) > 3", "", false, 0},
	{"index", "columns", "[a]||[a, b]||[b, a]||[{expression: lower(a)}, b]", NULL, true, 0},
	{"index", "where", "b > 0||b > 1||b > 1 AND e <> 'x'||e IS NOT NULL", "", false,
		RETORT_CAP_PARTIAL_INDEX},
	{"index", "include", "[b]||[b, e]||[e, b]", "", false, RETORT_CAP_INDEX_INCLUDE},
	{"index", "using", "{METHOD}", "", false, 0},
	{"index column", "length", "10||20", "", false, RETORT_CAP_INDEX_PREFIX},
	{"index column", "opclass", "{OPCLASS}", "", false, RETORT_CAP_INDEX_OPCLASS},
	{"index column", "collation", "{COLLATION}", "", false, COLLATES},
	{"primary key", "columns", "[id]||[id, b]||[b, id]", NULL, true, 0},
	{"unique", "columns", "[a]||[a, b]||[b, a]", NULL, true, 0},
	{"foreign key", "match", "full", "", false, MATCHES},
	{"check", "expression",
		"b > 0||b > 1||b BETWEEN 1 AND 3||b IN (1, 2)||b = 1 OR e LIKE 'x%'||NOT (b = 2)||a || e <> "
		"'x'||"
		"coalesce(b, 0) > 0 AND (a IS NULL OR length(a) > 1)||(CASE WHEN b > 0 THEN 1 ELSE b "
		"END) > 0",
		NULL, true, 0},
	{"exclude", "using", NULL, NULL, false, 0},
	{"exclude", "where", "id > 1||id > 2", "", false, 0},
	{"exclude", "elements",
		"[{column: r, with: '&&'}]||[{column: r, with: '&&'}, {column: q, with: '&&'}]", NULL, true,
		false},
	{"enum", "values", "[x, y]||[x, y, z]||[w, x, y, z]||[w, x, u, y, z]||[w, x, y]||[y, x, w]", NULL,
		true, 0},
	{"domain", "type", "string(10)||string(20)||integer", NULL, true, 0},
	{"domain", "default", "x||y", "type: string(10)", false, 0},
	{"domain", "check", "length(VALUE) > 1||length(VALUE) > 2", "type: string(10)", false, 0},
	{"sequence", "type", "integer||bigint", "", false, SEQUENCE_TYPES},
	{"sequence", "start", "5||7", "", false, 0},
	{"sequence", "increment", "1||2||5", NULL, true, 0},
	{"sequence", "minimum", "-5||-7", ", start: 5", false, 0},
	{"sequence", "maximum", "1000||2000", "", false, 0},
	{"sequence", "cache", "10||20", "", false, 0},
	{"view", "query",
		"SELECT id FROM $||SELECT id, a FROM $||SELECT a, id FROM $ WHERE b > 1||SELECT count(*) AS "
		"n FROM $",
		NULL, true, 0},
	{"function", "body",
		"{postgresql: '(n integer) RETURNS integer LANGUAGE sql AS ''SELECT n + 1''', mysql: '(n "
		"INT) "
		"RETURNS INT DETERMINISTIC RETURN n + 1'}||"
		"{postgresql: '(n integer) RETURNS integer LANGUAGE sql AS ''SELECT n + 2''', mysql: '(n "
		"INT) "
		"RETURNS INT DETERMINISTIC RETURN n + 2'}",
		NULL, true, 0},
	{"procedure", "body",
		"{postgresql: '(n integer) LANGUAGE plpgsql AS ''BEGIN NULL; END''', mysql: '(n INT) SELECT "
		"n'}||"
		"{postgresql: '(n integer) LANGUAGE plpgsql AS ''BEGIN RETURN; END''', mysql: '(n INT) "
		"SELECT n + 1'}",
		NULL, true, 0},
	{"trigger", "body",
		PG_TRIGGER("BEFORE") "mysql: BEFORE INSERT ON $ FOR EACH ROW SET NEW.b = 1, default: 'AFTER "
				     "INSERT ON $ BEGIN DELETE FROM $ WHERE b = 1; END'}||" PG_TRIGGER(
					     "AFTER") "mysql: BEFORE INSERT ON $ FOR EACH ROW SET NEW.b = 2, "
						      "default: 'AFTER INSERT ON $ BEGIN DELETE FROM $ WHERE "
						      "b = 2; END'}",
		"", true, 0},
};

/* Keys that are no property, or that cells of their own try. */
static const char *const elsewhere[] = {"name", "schema", "only", "except", "column_sets", "renamed_from",
	"type", "length", "precision", "scale", "unsigned", "values", "items", "primary_key", "references",
	"autoincrement", "computed", "unique_constraints", "foreign_keys", "check_constraints",
	"exclude_constraints", "indexes", "columns", "column", "expression", "table", "body"};

/* Types, each turned into the next, into text, and out of a string. */
static const char *const types[] = {"boolean", "smallint", "integer", "bigint", "smallint unsigned",
	"integer unsigned", "bigint unsigned", "float", "double", "numeric", "numeric(12)", "numeric(12,2)",
	"numeric(14,3)", "string(20)", "string(40)", "char(5)", "char(8)", "text", "date", "time", "time(3)",
	"datetime", "datetime(0)", "datetime(3)", "timestamp", "timestamp(0)", "timestamp(3)", "interval",
	"binary(8)", "varbinary(8)", "varbinary(16)", "blob", "json", "uuid", "enum(x, y)", "enum(x, y, z)",
	"enum(x, z)", "array(integer)", "array(string(9))", "{default: string(9), postgresql: cidr}",
	"{default: string(9), mysql: tinytext, postgresql: inet, sqlite: NVARCHAR(9)}"};

/* Defaults of types. */
static const struct {
	const char *type, *list;
} defaults[] = {
	{"boolean", "true||false"},
	{"smallint", "0||-7"},
	{"integer", "0||42||{expression: 1 + 2}"},
	{"bigint", "0||9000000000"},
	{"bigint unsigned", "0||18000000000000000000"},
	{"float", "0.5||1.25"},
	{"double", "0.5||-2.25||1e10"},
	{"numeric(12,2)", "0||1.50||-12.25"},
	{"string(40)", "a||''||it's||'back\\slash'||'null'||'1'||{expression: \"lower('X')\"}"},
	{"char(5)", "ab||abcde"},
	{"text", "a||''||it's"},
	{"date", "'2024-02-29'||{function: today}"},
	{"time", "'12:30:00'||'12:30:01'"},
	{"datetime", "'2024-02-29 12:30:00'||{function: now}"},
	{"timestamp", "'2024-02-29 12:30:00'||{function: now}"},
	{"timestamp(0)", "{function: now}"},
	{"interval", "1 day||2 hours"},
	{"varbinary(8)", "'0x00ff'||'0x01'"},
	{"blob", "'0x00ff'"},
	{"json", "'{\"a\": 1}'||'[]'"},
	{"uuid", "00000000-0000-0000-0000-000000000001||{function: uuid}"},
	{"enum(x, y)", "x||y"},
	{"array(integer)", "'{1,2}'"},
};

/* Whole pairs for what no single key says. */
static const struct {
	const char *name, *from, *to;
	uint64_t told_by;
} pairs[] = {
	{"table comes", "tables|$_o|{columns: {" ID "}}",
		"tables|$_o|{columns: {" ID "}}\n" TABLE(", indexes: [[a]]"), 0},
	{"tables of a cycle come", "tables|$_o|{columns: {" ID "}}",
		"tables|$_o|{columns: {" ID "}}\n"
		"tables|$|{columns: {" ID ", p: {type: bigint, references: $_p(id)}}}\n"
		"tables|$_p|{columns: {" ID ", q: {type: bigint, references: $(id)}}}",
		0},
	{"column comes", TABLE(""),
		"tables|$|{columns: {" ID ", a: string(40), b: integer, e: string(40), f: date}}", 0},
	{"column comes with all", PARENT TABLE(""),
		PARENT
		"tables|$|{columns: {" ID
		", a: string(40), b: integer, e: string(40), f: {type: bigint, default: 1, "
		"nullable: false, unique: true, check: f > 0, references: $_p(id), on_delete: cascade}}}",
		0},
	{"column is renamed", TABLE(""),
		"tables|$|{columns: {" ID
		", a: string(40), bb: {type: integer, renamed_from: b}, e: string(40)}}",
		0},
	{"table is renamed", TABLE(", indexes: [[a]], unique_constraints: [[e]]"),
		"tables|$_n|{renamed_from: $, columns: {" ID
		", a: string(40), b: integer, e: string(40)}, indexes: [[a]], unique_constraints: [[e]]}",
		0},
	{"table and column are renamed", TABLE(", indexes: [[b]]"),
		"tables|$_n|{renamed_from: $, columns: {" ID
		", a: string(40), bb: {type: integer, renamed_from: b}, e: string(40)}, indexes: [[bb]]}",
		0},
	{"constraints are renamed",
		"tables|$_q|{columns: {" ID ", k: {type: integer, unique: true}}}\n" TABLE(
			", indexes: {ix_$: [a]}, unique_constraints: {uq_$: [a]}, check_constraints: "
			"{ck_$: b > 0}, "
			"foreign_keys: {fk_$: {columns: [b], references: $_q(k)}}"),
		"tables|$_q|{columns: {" ID ", k: {type: integer, unique: true}}}\n" TABLE(
			", indexes: {iy_$: [a]}, unique_constraints: {ur_$: [a]}, check_constraints: "
			"{cl_$: b > 0}, "
			"foreign_keys: {fl_$: {columns: [b], references: $_q(k)}}"),
		0},
	{"primary key goes", TABLE(""),
		"tables|$|{columns: {id: {type: bigint, nullable: false}, a: string(40), b: integer, e: "
		"string(40)}}",
		0},
	{"primary key is another column",
		"tables|$|{columns: {id: {type: bigint, primary_key: true}, b: {type: integer, nullable: "
		"false}}}",
		"tables|$|{columns: {id: {type: bigint, nullable: false}, b: {type: integer, primary_key: "
		"true}}}",
		0},
	{"key that others refer to changes its type",
		"tables|$|{columns: {id: {type: integer, primary_key: true}}}\n"
		"tables|$_c|{columns: {" ID ", p: {type: integer, references: $(id)}}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true}}}\n"
		"tables|$_c|{columns: {" ID ", p: {type: bigint, references: $(id)}}}",
		0},
	{"unique that others refer to changes",
		"tables|$|{columns: {" ID
		", k: {type: integer, nullable: false}}, unique_constraints: {uq_$: [k]}}\n"
		"tables|$_c|{columns: {" ID ", p: {type: integer, references: $(k)}}}",
		"tables|$|{columns: {" ID
		", k: {type: integer, nullable: false}}, unique_constraints: {ur_$: [k]}}\n"
		"tables|$_c|{columns: {" ID ", p: {type: integer, references: $(k)}}}",
		0},
	{"autoincrement comes", "tables|$|{columns: {id: {type: bigint, primary_key: true}, b: integer}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: true}, b: "
		"integer}}",
		0},
	{"autoincrement: always",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: true}, b: "
		"integer}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: always}, b: "
		"integer}}",
		RETORT_CAP_IDENTITY_ALWAYS},
	{"autoincrement: serial", "tables|$|{columns: {id: {type: bigint, primary_key: true}, b: integer}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: serial}, b: "
		"integer}}",
		0},
	{"options: given", "tables|$|{columns: {" ID ", a: string(40), " OWN_COLLATION "}}",
		"tables|$|{columns: {" ID ", a: string(40), " OWN_COLLATION "}, {OPTIONS}}", 0},
	{"options: others", "tables|$|{columns: {" ID ", a: string(40), " OWN_COLLATION "}, {OPTIONS}}",
		"tables|$|{columns: {" ID ", a: string(40), " OWN_COLLATION "}, {OTHER OPTIONS}}", 0},
	{"autoincrement: start",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: {kind: true, "
		"start: 100}}, b: integer}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: {kind: true, "
		"start: 200}}, b: integer}}",
		STARTS},
	{"autoincrement: increment",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: {kind: true, "
		"increment: 5}}, b: integer}}",
		"tables|$|{columns: {id: {type: bigint, primary_key: true, autoincrement: {kind: true, "
		"increment: 10}}, b: integer}}",
		STARTS},
	{"computed comes", TABLE(""),
		"tables|$|{columns: {" ID
		", a: string(40), b: integer, e: string(40), c: {type: integer, computed: b * 2}}}",
		0},
	{"computed changes",
		"tables|$|{columns: {" ID
		", b: integer, c: {type: integer, computed: {expression: b * 2, stored: true}}}}",
		"tables|$|{columns: {" ID
		", b: integer, c: {type: integer, computed: {expression: b * 3 + 1, stored: true}}}}",
		0},
	{"computed is stored under an index",
		"tables|$|{columns: {" ID ", b: integer, c: {type: integer, computed: b * 2, index: true}}, "
					  "unique_constraints: {uq_$: [c, b]}}",
		"tables|$|{columns: {" ID ", b: integer, c: {type: integer, computed: {expression: b * 2, "
					  "stored: true}, index: true}}, "
		"unique_constraints: {uq_$: [c, b]}}",
		RETORT_CAP_COMPUTED_STORED | RETORT_CAP_COMPUTED_VIRTUAL},
	{"computed changes under an index",
		"tables|$|{columns: {" ID ", b: integer, c: {type: integer, computed: b * 2, index: true}}}",
		"tables|$|{columns: {" ID ", b: integer, c: {type: integer, computed: b * 3, index: true}}}",
		0},
	{"computed is stored",
		"tables|$|{columns: {" ID ", b: integer, c: {type: integer, computed: b * 2}}}",
		"tables|$|{columns: {" ID
		", b: integer, c: {type: integer, computed: {expression: b * 2, stored: true}}}}",
		RETORT_CAP_COMPUTED_STORED | RETORT_CAP_COMPUTED_VIRTUAL},
	{"computed goes",
		"tables|$|{columns: {" ID
		", b: integer, c: {type: integer, computed: {expression: b * 2, stored: true}}}}",
		"tables|$|{columns: {" ID ", b: integer, c: integer}}", 0},
	{"column under a view changes its type", TABLE("") "\nviews|$_v|SELECT id, b FROM $",
		"tables|$|{columns: {" ID
		", a: string(40), b: bigint, e: string(40)}}\nviews|$_v|SELECT id, b FROM $",
		0},
	{"column under views goes", TABLE("") "\nviews|$_v|SELECT id, b FROM $\nviews|$_w|SELECT b FROM $_v",
		"tables|$|{columns: {" ID
		", a: string(40), e: string(40)}}\nviews|$_v|SELECT id FROM $\nviews|$_w|SELECT id FROM $_v",
		0},
	{"table under a view of all columns grows", TABLE("") "\nviews|$_v|'SELECT {STAR} FROM $'",
		"tables|$|{columns: {" ID
		", a: string(40), b: integer, e: string(40), f: date}}\nviews|$_v|'SELECT {STAR} FROM $'",
		0},
	{"view comes", TABLE(""), TABLE("") "\nviews|$_v|SELECT id FROM $", 0},
	{"view is materialized", TABLE("") "\nviews|$_v|{query: SELECT id FROM $}",
		TABLE("") "\nviews|$_v|{query: SELECT id FROM $, materialized: true}", 0},
	{"trigger comes",
		TABLE("") "\nfunctions|$_f|{only: [postgresql], body: \"() RETURNS trigger LANGUAGE plpgsql "
			  "AS $q$ BEGIN RETURN NEW; END $q$\"}",
		TABLE("") "\nfunctions|$_f|{only: [postgresql], body: \"() RETURNS trigger LANGUAGE plpgsql "
			  "AS $q$ BEGIN RETURN NEW; END $q$\"}\n"
			  "triggers|$_t|{table: $, body: {postgresql: BEFORE INSERT ON $ FOR EACH ROW "
			  "EXECUTE FUNCTION $_f(), mysql: BEFORE INSERT ON $ FOR EACH ROW SET NEW.b = 1, "
			  "default: 'AFTER INSERT ON $ BEGIN DELETE FROM $ WHERE b = 1; END'}}",
		0},
	{"enum comes", "tables|$|{columns: {" ID "}}",
		"enums|$_e|[x, y]\ntables|$|{columns: {" ID ", c: {type: enum $_e, default: x}}}", 0},
	{"enum's default goes with its value",
		"enums|$_e|[x, y]\ntables|$|{columns: {" ID ", c: {type: enum $_e, default: x}}}",
		"enums|$_e|[y, z]\ntables|$|{columns: {" ID ", c: {type: enum $_e, default: y}}}", 0},
	{"sequence comes", "tables|$|{columns: {" ID "}}",
		"tables|$|{columns: {" ID "}}\nsequences|$_s|{start: 5}", 0},
	{"domain comes", "tables|$|{columns: {" ID "}}",
		"domains|$_d|{type: integer, check: VALUE > 0}\ntables|$|{columns: {" ID
		", c: {type: domain $_d}}}",
		0},
	{"unique index", TABLE(", indexes: {ix_$: {columns: [a]}}"),
		TABLE(", indexes: {ix_$: {columns: [a], unique: true}}"), 0},
	{"unique index of some rows", TABLE(", indexes: {ix_$: {columns: [a], unique: true}}"),
		TABLE(", indexes: {ix_$: {columns: [a], unique: true, where: b > 0}}"), 0},
	{"foreign key of two columns", PARENT "tables|$|{columns: {" ID ", k: integer, l: integer}}",
		PARENT
		"tables|$|{columns: {" ID
		", k: integer, l: integer}, foreign_keys: [{columns: [k, l], references: '$_p(k, l)'}]}",
		0},
	{"foreign key of the table itself", "tables|$|{columns: {" ID ", p: bigint}}",
		"tables|$|{columns: {" ID ", p: {type: bigint, references: $(id)}}}", 0},
	{"check of many columns goes", TABLE(", check_constraints: {ck_$: b > 0 OR a = e}"), TABLE(""), 0},
};

/* ---- making them ---- */

/* A text with $ and @ filled in. */
static const char *fill(struct retort_arena *arena, const char *text, const char *id, const char *property)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (; *text; text++) {
		bool first = out.len && out.data[out.len - 1] == '{';

		if (*text == '@')
			retort_buf_str(&out, property + (first && *property == ',' ? 2 : 0));
		else if (text_starts(text, "$q$"))
			retort_buf_str(&out, "$q$"), text += 2;
		else if (*text == '$')
			retort_buf_str(&out, id);
		else
			retort_buf_char(&out, *text);
	}
	return out.data;
}

static void add_cell(struct cells *cells, const char *name, const char *from, const char *to,
	const char *from_property, const char *to_property, uint64_t told_by)
{
	const char *id = retort_printf(cells->arena, "t%03zu", cells->count);
	struct cell cell = {.name = name,
		.id = id,
		.from = fill(cells->arena, from, id, fill(cells->arena, from_property, id, "")),
		.to = fill(cells->arena, to, id, fill(cells->arena, to_property, id, "")),
		.told_by = told_by};

	RETORT_PUSH(cells->arena, cells->items, cells->count, cell);
}

/* Cuts "a||b||c". */
static const char *next_value(struct retort_arena *arena, const char **list)
{
	const char *end = strstr(*list, "||"), *ret;

	/* || is an operator too, and then has blanks around it */
	while (end && end[-1] == ' ')
		end = strstr(end + 2, "||");
	ret = end ? retort_strndup(arena, *list, (size_t)(end - *list)) : *list;
	*list = end ? end + 2 : NULL;
	return ret;
}

static const char *property(struct retort_arena *arena, const char *with, const char *key, const char *value)
{
	return retort_printf(arena, "%s, %s: %s", with, key, value);
}

/* The context's text without what it says of a key itself. */
static const char *text_without(struct retort_arena *arena, const struct context *context, const char *key)
{
	const char *word = retort_printf(arena, "%s: ", key), *mark = strchr(context->text, '@');
	const char *at = NULL, *end, *line = mark;
	size_t depth = 0;

	while (line > context->text && line[-1] != '\n')
		line--;
	for (const char *later = line; (later = strstr(later, word)) && later < mark; later++)
		at = later;
	if (!at)
		return context->text;
	for (end = at; end < mark; end++) {
		depth += *end == '[' || *end == '{' || *end == '(';
		if ((*end == ']' || *end == '}' || *end == ')'))
			depth -= depth > 0;
		if (*end == ',' && depth == 0)
			break;
	}
	return retort_printf(arena, "%.*s%s", (int)(at - context->text), context->text,
		end < mark ? end + 2 : end);
}

static void add_values(struct cells *cells, const struct context *context, const struct values *row,
	bool quoted)
{
	struct retort_arena *arena = cells->arena;
	const char *list = row->list, *with = row->with ? row->with : "";
	const char *before = row->required ? NULL : with;
	const char *text = row->required ? text_without(arena, context, row->key) : context->text;

	while (list) {
		const char *value = next_value(arena, &list);
		const char *now = property(arena, with, row->key,
			quoted && !strchr("{'", *value) ? retort_printf(arena, "\"%s\"", value) : value);

		if (before)
			add_cell(cells, retort_printf(arena, "%s.%s: %s", context->label, row->key, value),
				text, text, before, now, strcmp(value, "null") ? row->told_by : NEVER);
		before = now;
	}
}

static bool is_elsewhere(const char *key)
{
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (strcmp(elsewhere[i], key) == 0)
			return true;
	return false;
}

/* What tells a word or a flag from none. */
static uint64_t word_told_by(const char *label, const char *key, const char *word)
{
	static const struct {
		const char *label, *key, *word; /* NULL: any */
		uint64_t told_by;
	} rows[] = {
		{NULL, "on_delete", "no action", NEVER}, {NULL, "on_update", "no action", NEVER},
		{NULL, "on_delete", "restrict", RESTRICTS}, {NULL, "on_update", "restrict", RESTRICTS},
		{NULL, "order", "asc", NEVER}, {NULL, "order", "desc", RETORT_CAP_INDEX_DESC},
		{NULL, "nulls", "last", NEVER}, {NULL, "nulls", "first", RETORT_CAP_INDEX_NULLS},
		{NULL, "initially", "immediate", NEVER},
		{NULL, "not_valid", NULL, NEVER}, /* rows that were checked need not be unchecked */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if ((!rows[i].label || !strcmp(rows[i].label, label)) && !strcmp(rows[i].key, key) &&
			(!rows[i].word || (word && !strcmp(rows[i].word, word))))
			return rows[i].told_by;
	return 0;
}

static void add_words(struct cells *cells, const struct context *context, const struct field *field)
{
	const char *with = strcmp(field->key, "initially") ? "" : ", deferrable: true";

	for (const char *const *word = field->detail; *word; word++)
		if (**word)
			add_cell(cells,
				retort_printf(cells->arena, "%s.%s: %s", context->label, field->key, *word),
				context->text, context->text, with,
				retort_printf(cells->arena, "%s, %s: %s", with, field->key, *word),
				word_told_by(context->label, field->key, *word));
}

/* The cells of one key. */
static void add_key(struct cells *cells, const struct context *context, const struct field *field)
{
	bool column = strcmp(context->label, "column") == 0, view = strcmp(context->label, "view") == 0;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(values[i].label, context->label) == 0 && strcmp(values[i].key, field->key) == 0) {
			if (values[i].list)
				add_values(cells, context, &values[i],
					field->kind == FIELD_SQL || field->kind == FIELD_TEXT);
			return;
		}
	/* a view's are among the pairs, and so is what a foreign key in a column says */
	if (is_elsewhere(field->key) || (view && field->kind == FIELD_BOOL) ||
		(column && field->kind == FIELD_CHOICE))
		return;
	if (field->kind == FIELD_BOOL) {
		const char *with = strcmp(context->label, "domain") == 0 ? "type: integer" : "";

		add_cell(cells, retort_printf(cells->arena, "%s.%s", context->label, field->key),
			context->text, context->text, with,
			retort_printf(cells->arena, "%s, %s: %s", with, field->key,
				field->flags & FIELD_TRUE ? "false" : "true"),
			word_told_by(context->label, field->key, NULL));
	} else if (field->kind == FIELD_CHOICE) {
		add_words(cells, context, field);
	} else {
		cells->faults = retort_printf(cells->arena, "%s%s.%s has no values to try\n",
			cells->faults ? cells->faults : "", context->label, field->key);
	}
}

/* A change of the type alone. */
static void add_type(struct cells *cells, const char *from, const char *to)
{
	static const char text[] = "tables|$|{columns: {" ID ", c: {type: @}}}";
	struct retort_arena *arena = cells->arena;
	struct cell *cell;

	add_cell(cells, retort_printf(arena, "type: %s -> %s", from, to), text, text,
		*from == '{' ? from : retort_printf(arena, "'%s'", from),
		*to == '{' ? to : retort_printf(arena, "'%s'", to), 0);
	cell = &cells->items[cells->count - 1];
	cell->from_type = from;
	cell->to_type = to;
}

static void add_types(struct cells *cells)
{
	size_t n = sizeof types / sizeof *types;

	for (size_t i = 0; i < n; i++) {
		add_type(cells, types[i], types[(i + 1) % n]);
		add_type(cells, types[i], "string(50)");
		add_type(cells, "string(60)", types[i]);
	}
}

static void add_defaults(struct cells *cells)
{
	static const char text[] = "tables|$|{columns: {" ID ", c: {@}}}";

	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		const char *list = defaults[i].list;
		const char *type = retort_printf(cells->arena, "type: '%s'", defaults[i].type);
		const char *before = type;

		while (list) {
			const char *value = next_value(cells->arena, &list);
			const char *now = retort_printf(cells->arena, "%s, default: %s", type, value);

			add_cell(cells,
				retort_printf(cells->arena, "default of %s: %s", defaults[i].type, value),
				text, text, before, now, 0);
			before = now;
		}
	}
}

static void make_cells(struct cells *cells)
{
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
		for (const struct field *field = contexts[i].object->fields; field->key; field++)
			add_key(cells, &contexts[i], field);
	add_types(cells);
	add_defaults(cells);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		add_cell(cells, pairs[i].name, pairs[i].from, pairs[i].to, "", "", pairs[i].told_by);
}

#endif
