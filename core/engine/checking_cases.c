/* SPDX-License-Identifier: MIT
 *
 * The operations that a driver is tried on, written as in a revision file.
 */
#include "engine/checking.h"

/* ---- where cases start ---- */

#define TEAM                                                                                                 \
	"- create_table:\n"                                                                                  \
	"    name: retort_check_team\n"                                                                      \
	"    columns:\n"                                                                                     \
	"      id: {type: bigint, primary_key: true, autoincrement: true}\n"                                 \
	"      name: {type: string(80), nullable: false, unique: true}\n"

#define ACCOUNT                                                                                              \
	TEAM "- create_table:\n"                                                                             \
	     "    name: retort_check_account\n"                                                              \
	     "    columns:\n"                                                                                \
	     "      id: {type: bigint, primary_key: true, autoincrement: true}\n"                            \
	     "      email: {type: string(320), nullable: false, unique: true}\n"                             \
	     "      team_id: {type: bigint, references: retort_check_team(id), on_delete: cascade, index: "  \
	     "true}\n"                                                                                       \
	     "      balance: {type: 'numeric(12,2)', default: 0, nullable: false}\n"                         \
	     "      note: {type: string(40)}\n"                                                              \
	     "      state: {type: 'enum(new, active, closed)', default: new, nullable: false}\n"             \
	     "    check_constraints: {retort_check_positive: balance >= 0}\n"                                \
	     "    indexes: {retort_check_ix: {columns: [note, balance]}}\n"

#define ROWS                                                                                                 \
	ACCOUNT "- insert_rows: {table: retort_check_team, columns: [id, name], rows: [[1, red], [2, "       \
		"blue]]}\n"                                                                                  \
		"- insert_rows:\n"                                                                           \
		"    table: retort_check_account\n"                                                          \
		"    columns: [id, email, team_id, balance, note, state]\n"                                  \
		"    rows:\n"                                                                                \
		"    - [1, a@example.org, 1, '12.50', null, new]\n"                                          \
		"    - [2, b@example.org, 2, '0', it is, active]\n"                                          \
		"    - [3, c@example.org, null, '7.25', '', closed]\n"

/* That so many rows of the accounts are as the condition says. */
#define COUNT(n, condition)                                                                                  \
	"- assert: {sql: \"SELECT count(*) FROM retort_check_account WHERE " condition "\", equals: '" n     \
	"'}\n"

#define VIEW                                                                                                 \
	"- create_view: {name: retort_check_view, query: 'SELECT id, balance FROM retort_check_account'}\n"
#define COLOR "- create_enum: {name: retort_check_color, values: [red, green, blue]}\n"
#define CAR                                                                                                  \
	COLOR "- create_table:\n"                                                                            \
	      "    name: retort_check_car\n"                                                                 \
	      "    columns: {id: {type: bigint, primary_key: true}, paint: {type: enum retort_check_color, " \
	      "default: red}}\n"
#define BARE                                                                                                 \
	"- create_table: {name: retort_check_bare, columns: {a: {type: integer, nullable: false}, b: "       \
	"integer}}\n"

/* ---- what engines write each in their own way ---- */

#define FUNCTION_SQL(value) "() RETURNS integer LANGUAGE sql AS 'SELECT " value "'"
#define FUNCTION_RETURN(value) "() RETURNS integer DETERMINISTIC RETURN " value
#define PROCEDURE_SQL(value) "() LANGUAGE sql AS 'DELETE FROM retort_check_account WHERE balance < " value "'"
#define PROCEDURE_PLAIN(value) "() DELETE FROM retort_check_account WHERE balance < " value
#define TRIGGER_BLOCK(value)                                                                                 \
	"AFTER UPDATE OF email ON retort_check_account BEGIN UPDATE retort_check_account SET note = '" value \
	"; x' WHERE id = new.id; END"
#define TRIGGER_ROW(value) "BEFORE UPDATE ON retort_check_account FOR EACH ROW SET NEW.note = '" value "; x'"
#define TRIGGER_FUNCTION                                                                                     \
	"- create_function:\n"                                                                               \
	"    name: retort_check_touch\n"                                                                     \
	"    body: |\n"                                                                                      \
	"      () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'a; x'; RETURN NEW; END $$\n"
#define TRIGGER_CALL(event)                                                                                  \
	"BEFORE " event " ON retort_check_account FOR EACH ROW EXECUTE FUNCTION retort_check_touch()"
#define MAKE(kind, name, body) "- create_" kind ": {name: retort_check_" name ", body: \"" body "\"}\n"
#define REPLACE(kind, name, body) "- replace_" kind ": {name: retort_check_" name ", body: \"" body "\"}\n"
#define MAKE_TRIGGER(body)                                                                                   \
	"- create_trigger: {table: retort_check_account, name: retort_check_trigger, body: \"" body "\"}\n"
#define REPLACE_TRIGGER(body)                                                                                \
	"- replace_trigger: {table: retort_check_account, name: retort_check_trigger, body: \"" body "\"}\n"
#define DROP_TRIGGER "- drop_trigger: {table: retort_check_account, name: retort_check_trigger}\n"

const struct check_case check_cases[] = {
	/* ---- tables ---- */
	{"create_table/account", 0, 0, NULL, {ACCOUNT}},
	{"create_table/composite_key", 0, 0, NULL,
		{"- create_table:\n"
		 "    name: retort_check_member\n"
		 "    columns: {a: bigint, b: bigint, since: date}\n"
		 "    primary_key: {name: retort_check_key, columns: [b, a]}\n"
		 "    unique_constraints: {retort_check_once: [a, since]}\n"}},
	{"create_table/without_key", 0, 0, NULL, {BARE}},
	{"create_table/if_not_exists", 0, CASE_IRREVERSIBLE | CASE_MAY_REFUSE, NULL,
		{"- create_table: {name: retort_check_a, if_not_exists: true, columns: {id: {type: bigint, "
		 "primary_key: true}, body: string(20)}, indexes: {retort_check_b: [body]}}\n"
		 "- execute: INSERT INTO retort_check_a (id) VALUES (1)\n"}},
	{"create_table/every_type", 0, 0, NULL,
		{"- create_table:\n"
		 "    name: retort_check_types\n"
		 "    columns:\n"
		 "      a: boolean\n      b: smallint\n      c: integer\n      d: {type: bigint, "
		 "primary_key: true}\n"
		 "      e: float\n      f: double\n      g: 'numeric(12,2)'\n      h: string(20)\n"
		 "      i: char(3)\n      j: text\n      k: date\n      l: time\n      m: datetime\n"
		 "      n: timestamp\n      o: binary(16)\n      p: varbinary(16)\n      q: blob\n      r: "
		 "json\n"
		 "      s: uuid\n      t: \"enum(new, 'old one')\"\n      u: smallint unsigned\n"
		 "      v: integer unsigned\n      w: bigint unsigned\n      x: time(3)\n      y: "
		 "datetime(0)\n"
		 "      z: timestamp(3)\n"}},
	{"create_table/interval", 0, CASE_MAY_REFUSE, NULL,
		{"- create_table: {name: retort_check_a, columns: {a: interval}}\n"}},
	{"create_table/array", 0, CASE_MAY_REFUSE, NULL,
		{"- create_table: {name: retort_check_a, columns: {a: array(integer), b: "
		 "array(string(20))}}\n"}},
	{"create_table/defaults", 0, 0, NULL,
		{"- create_table:\n"
		 "    name: retort_check_defaults\n"
		 "    columns:\n"
		 "      id: {type: bigint, primary_key: true}\n"
		 "      a: {type: boolean, default: true}\n"
		 "      b: {type: integer, default: -3}\n"
		 "      c: {type: double, default: 1.5}\n"
		 "      d: {type: 'numeric(12,2)', default: '0.10'}\n"
		 "      e: {type: string(40), default: \"it's \\\\ \\\"x\\\" \\u00e9\"}\n"
		 "      f: {type: string(10), default: ''}\n"
		 "      g: {type: date, default: '2026-01-02'}\n"
		 "      h: {type: datetime, default: '2026-01-02 03:04:05'}\n"
		 "      i: {type: 'enum(a, b)', default: b}\n"
		 "      j: {type: string(5), default: 'null'}\n"
		 "      k: {type: bigint, default: -9223372036854775807}\n"}},
	{"create_table/function_defaults", 0, 0, NULL,
		{"- create_table:\n"
		 "    name: retort_check_defaults\n"
		 "    columns:\n"
		 "      id: {type: bigint, primary_key: true}\n"
		 "      a: {type: timestamp, default: {function: now}}\n"
		 "      b: {type: datetime, default: {function: now}}\n"}},
	{"create_table/uuid_default", 0, CASE_MAY_REFUSE, NULL,
		{"- create_table: {name: retort_check_a, columns: {id: {type: uuid, primary_key: true, "
		 "default: "
		 "{function: uuid}}, on: {type: date, default: {function: today}}}}\n"}},
	{"create_table/identity_always", RETORT_CAP_IDENTITY_ALWAYS, 0, NULL,
		{"- create_table: {name: retort_check_a, columns: {id: {type: bigint, primary_key: true, "
		 "autoincrement: always}, a: integer}}\n"}},
	{"create_table/stored_column", RETORT_CAP_COMPUTED_STORED, 0, NULL,
		{"- create_table: {name: retort_check_a, columns: {a: {type: integer, nullable: false}, b: "
		 "{type: "
		 "integer, computed: {expression: a + 1, stored: true}}}}\n"}},
	{"create_table/virtual_column", RETORT_CAP_COMPUTED_VIRTUAL, 0, NULL,
		{"- create_table: {name: retort_check_a, columns: {a: {type: integer, nullable: false}, b: "
		 "{type: "
		 "integer, computed: {expression: a + 1}}}}\n"}},
	{"create_table/refers_to_itself", 0, 0, NULL,
		{"- create_table: {name: retort_check_tree, columns: {id: {type: bigint, primary_key: true}, "
		 "up: {type: "
		 "bigint, references: retort_check_tree(id), on_delete: set null}}}\n"}},
	{"create_table/comments", RETORT_CAP_COMMENTS, 0, NULL,
		{"- create_table: {name: retort_check_a, comment: \"it's \\\\ \\u00e9\", columns: {a: {type: "
		 "integer, "
		 "comment: 'a \"word\"'}}}\n"}},
	{"create_table/quoted_names", 0, 0, NULL,
		{"- create_table:\n"
		 "    name: 'retort_check_it''s \"of\" `x`;--'\n"
		 "    columns:\n"
		 "      'select': {type: bigint, primary_key: true}\n"
		 "      'größe': {type: integer, nullable: false, default: 1}\n"
		 "      'a\"b`c]d''e': {type: string(10), unique: retort_check_uq}\n"
		 "      'a b;c--d': {type: string(10), index: retort_check_ix}\n"
		 "      'Mixed': integer\n"
		 "      'a?b%c$1:d': integer\n"
		 "- insert_rows: {table: 'retort_check_it''s \"of\" `x`;--', columns: ['select', "
		 "'a\"b`c]d''e', "
		 "'a?b%c$1:d'], rows: [[1, x, 2]]}\n"
		 "- rename_column: {table: 'retort_check_it''s \"of\" `x`;--', name: 'Mixed', to: 'Even "
		 "more'}\n"
		 "- add_column: {table: 'retort_check_it''s \"of\" `x`;--', name: 'from \"', type: "
		 "integer}\n"}},
	{"create_table/in_a_schema", RETORT_CAP_SCHEMAS, 0, NULL,
		{"- create_schema: retort_check_schema\n"
		 "- create_table: {schema: retort_check_schema, name: retort_check_a, columns: {id: {type: "
		 "bigint, "
		 "primary_key: true, autoincrement: true}, state: {type: 'enum(open, won)', default: "
		 "open}}}\n"
		 "- create_index: {schema: retort_check_schema, table: retort_check_a, name: "
		 "retort_check_ix, columns: "
		 "[state]}\n"
		 "- add_column: {schema: retort_check_schema, table: retort_check_a, name: b, type: "
		 "integer}\n"}},
	{"drop_table/referring", 0, 0, ROWS, {"- drop_table: retort_check_account\n"}},
	{"drop_table/if_exists", 0, CASE_IRREVERSIBLE | CASE_MAY_REFUSE, NULL,
		{"- drop_table: {name: retort_check_nothing, if_exists: true}\n"}},
	{"rename_table/keeps_rows", 0, CASE_MAY_REFUSE, ROWS,
		{"- rename_table: {name: retort_check_account, to: retort_check_person}\n"
		 "- rename_table: {name: retort_check_team, to: retort_check_group}\n"
		 "- assert: {sql: SELECT count(*) FROM retort_check_person, equals: '3'}\n"}},
	{"alter_table/several", 0, 0, ROWS,
		{"- alter_table:\n"
		 "    name: retort_check_account\n"
		 "    operations:\n"
		 "    - add_column: {name: kind, type: 'enum(a, b)', default: a, nullable: false}\n"
		 "    - alter_column: {name: note, type: string(200)}\n"
		 "    - drop_constraint: {name: retort_check_positive, type: check}\n"
		 "    - create_check_constraint: {name: retort_check_small, expression: balance < 1000000}\n"
		 "    - create_index: {name: retort_check_ix_kind, columns: [kind]}\n" COUNT("3",
			 "kind = 'a'")}},
	{"alter_table/neighbours", 0, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: note, default: none}\n"
		 "- add_column: {table: retort_check_account, name: extra, type: integer}\n"
		 "- rename_column: {table: retort_check_account, name: extra, to: more}\n"
		 "- drop_column: {table: retort_check_account, name: more}\n" COUNT("3", "1 = 1")}},

	/* ---- columns ---- */
	{"add_column/nullable", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: text}\n"}},
	{"add_column/not_null_with_default", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: integer, nullable: false, "
		 "default: 5}\n" COUNT("3", "a = 5")}},
	{"add_column/not_null_with_fill", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: string(20), nullable: false, "
		 "fill: "
		 "{expression: email}}\n" COUNT("3", "a = email")}},
	{"add_column/now", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: timestamp, default: {function: "
		 "now}, "
		 "nullable: false}\n" COUNT("0", "a IS NULL")}},
	{"add_column/enum", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: 'enum(x, y)', default: "
		 "y}\n" COUNT("3", "a = 'y'")}},
	{"add_column/references", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: bigint, references: "
		 "retort_check_team(id), "
		 "on_delete: set null}\n"}},
	{"add_column/unique_and_check", 0, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: integer, unique: true, check: a "
		 "> 0}\n"}},
	{"add_column/stored", RETORT_CAP_COMPUTED_STORED, 0, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: 'numeric(12,2)', computed: "
		 "{expression: "
		 "balance * 2, stored: true}}\n" COUNT("3", "a = balance * 2")}},
	{"drop_column/simple", 0, 0, ROWS,
		{"- drop_column: {table: retort_check_account, name: state}\n" COUNT("3", "1 = 1")}},
	{"drop_column/with_indexes_and_keys", 0, 0, ROWS,
		{"- drop_column: {table: retort_check_account, name: team_id}\n"
		 "- drop_column: {table: retort_check_account, name: note}\n" COUNT("3", "1 = 1")}},
	{"rename_column/used_in_indexes_and_checks", 0, 0, ROWS,
		{"- rename_column: {table: retort_check_account, name: balance, to: credit}\n"
		 "- rename_column: {table: retort_check_team, name: id, to: number}\n" COUNT("1",
			 "credit > 10")}},
	{"alter_column/type", 0, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: balance, type: 'numeric(14,4)'}\n"
		 "- alter_column: {table: retort_check_account, name: note, type: string(200)}\n" COUNT("1",
			 "balance > 10")}},
	{"alter_column/integer_to_text", 0, CASE_IRREVERSIBLE, ROWS,
		{"- alter_column: {table: retort_check_account, name: id, autoincrement: false}\n"
		 "- add_column: {table: retort_check_account, name: a, type: integer, default: 4}\n"
		 "- alter_column: {table: retort_check_account, name: a, type: string(20)}\n" COUNT("3",
			 "a = '4'")}},
	{"alter_column/nullable", 0, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: email, nullable: true}\n"}},
	{"alter_column/not_null_with_fill", 0, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: note, nullable: false, fill: "
		 "none}\n" COUNT("1", "note = 'none'")}},
	{"alter_column/default", 0, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: note, default: \"it's new\"}\n"
		 "- alter_column: {table: retort_check_account, name: balance, default: null}\n"}},
	{"alter_column/comment", RETORT_CAP_COMMENTS, 0, ROWS,
		{"- alter_column: {table: retort_check_account, name: note, comment: what we know}\n"}},
	{"alter_column/enum_to_string", 0, CASE_IRREVERSIBLE, ROWS,
		{"- alter_column: {table: retort_check_account, name: state, type: string(20)}\n" COUNT("1",
			"state = 'closed'")}},
	{"alter_column/string_to_enum", 0, CASE_IRREVERSIBLE, ROWS,
		{"- add_column: {table: retort_check_account, name: a, type: string(10), default: x}\n"
		 "- alter_column: {table: retort_check_account, name: a, type: 'enum(x, y)'}\n" COUNT("3",
			 "a = 'x'")}},
	{"alter_column/to_autoincrement", 0, 0,
		"- create_table: {name: retort_check_a, columns: {id: {type: bigint, primary_key: true}, b: "
		"integer}}\n",
		{"- alter_column: {table: retort_check_a, name: id, autoincrement: true}\n"}},

	/* ---- indexes ---- */
	{"create_index/simple", 0, 0, ROWS,
		{"- create_index: {table: retort_check_account, columns: [balance, note]}\n"}},
	{"create_index/unique", 0, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [balance, "
		 "email], unique: "
		 "true}\n"}},
	{"create_index/descending", RETORT_CAP_INDEX_DESC, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [{column: "
		 "balance, order: "
		 "desc}, id]}\n"}},
	{"create_index/partial", RETORT_CAP_PARTIAL_INDEX, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [email], "
		 "unique: true, "
		 "where: balance > 10 AND note IS NOT NULL}\n"}},
	{"create_index/expression", RETORT_CAP_EXPRESSION_INDEX, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [{expression: "
		 "lower(note)}, "
		 "id]}\n"}},
	{"create_index/include", RETORT_CAP_INDEX_INCLUDE, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [balance], "
		 "include: "
		 "[note]}\n"}},
	{"create_index/prefix", RETORT_CAP_INDEX_PREFIX, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [{column: "
		 "email, length: "
		 "10}]}\n"}},
	{"create_index/concurrently", RETORT_CAP_CONCURRENTLY, 0, ROWS,
		{"- create_index: {table: retort_check_account, name: retort_check_b, columns: [balance], "
		 "concurrently: "
		 "true}\n"
		 "- drop_index: {table: retort_check_account, name: retort_check_ix, concurrently: true}\n"}},
	{"drop_index/simple", 0, 0, ROWS,
		{"- drop_index: {table: retort_check_account, name: retort_check_ix}\n"}},
	{"rename_index/simple", 0, 0, ROWS,
		{"- rename_index: {table: retort_check_account, name: retort_check_ix, to: "
		 "retort_check_by_note}\n"}},

	/* ---- constraints ---- */
	{"create_primary_key/simple", 0, 0, BARE,
		{"- create_primary_key: {table: retort_check_bare, columns: [a]}\n"}},
	{"create_unique_constraint/simple", 0, 0, ROWS,
		{"- create_unique_constraint: {table: retort_check_account, columns: [team_id, note]}\n"}},
	{"create_foreign_key/actions", 0, 0, TEAM BARE,
		{"- add_column: {table: retort_check_bare, name: c, type: bigint}\n"
		 "- create_foreign_key: {table: retort_check_bare, name: retort_check_fk, columns: [c], "
		 "references: "
		 "retort_check_team(id), on_delete: set null, on_update: cascade}\n"}},
	{"create_foreign_key/deferrable", RETORT_CAP_DEFERRABLE, 0, TEAM BARE,
		{"- add_column: {table: retort_check_bare, name: c, type: bigint}\n"
		 "- create_foreign_key: {table: retort_check_bare, name: retort_check_fk, columns: [c], "
		 "references: "
		 "retort_check_team(id), deferrable: true, initially: deferred}\n"}},
	{"create_check_constraint/simple", 0, 0, ROWS,
		{"- create_check_constraint: {table: retort_check_account, name: retort_check_ck, "
		 "expression: balance < "
		 "1000 OR note <> 'rich'}\n"}},
	{"create_check_constraint/not_valid", RETORT_CAP_NOT_VALID, 0, ROWS,
		{"- create_check_constraint: {table: retort_check_account, name: retort_check_ck, "
		 "expression: balance > 5, "
		 "not_valid: true}\n"}},
	{"create_exclude_constraint/simple", RETORT_CAP_EXCLUDE, 0, BARE,
		{"- create_exclude_constraint: {table: retort_check_bare, name: retort_check_ex, elements: "
		 "[{column: a, "
		 "with: '='}], using: btree, where: b > 0}\n"}},
	{"drop_constraint/each_kind", 0, 0, ROWS,
		{"- drop_constraint: {table: retort_check_account, name: retort_check_positive, type: "
		 "check}\n"
		 "- drop_constraint: {table: retort_check_account, name: uq_retort_check_account_email, "
		 "type: unique}\n"
		 "- drop_constraint: {table: retort_check_account, name: "
		 "fk_retort_check_account_team_id_retort_check_team, type: foreign_key}\n"}},
	{"drop_constraint/primary_key", 0, 0,
		"- create_table: {name: retort_check_a, columns: {a: {type: integer, nullable: false}}, "
		"primary_key: "
		"[a]}\n",
		{"- drop_constraint: {table: retort_check_a, name: pk_retort_check_a, type: primary_key}\n"}},
	{"rename_constraint/simple", 0, 0, ROWS,
		{"- rename_constraint: {table: retort_check_account, name: retort_check_positive, to: "
		 "retort_check_never_less}\n"}},
	{"validate_constraint/simple", 0, CASE_IRREVERSIBLE, ROWS,
		{"- create_foreign_key: {table: retort_check_team, name: retort_check_fk, columns: [id], "
		 "references: "
		 "retort_check_account(id), not_valid: true}\n"
		 "- validate_constraint: {table: retort_check_team, name: retort_check_fk}\n"
		 "- drop_constraint: {table: retort_check_team, name: retort_check_fk, type: "
		 "foreign_key}\n"}},
	{"comment/table_and_column", RETORT_CAP_COMMENTS, 0, ROWS,
		{"- comment: {table: retort_check_account, text: \"people's\"}\n"
		 "- comment: {table: retort_check_account, column: note, text: 'a \\ \"note\"'}\n"
		 "- comment: {table: retort_check_account, text: null}\n"}},

	/* ---- types and sequences ---- */
	{"create_enum/used", 0, 0, NULL, {CAR}},
	{"alter_enum/add_value", 0, CASE_IRREVERSIBLE, CAR,
		{"- alter_enum: {name: retort_check_color, add_value: black, after: red}\n"
		 "- insert_rows: {table: retort_check_car, columns: [id, paint], rows: [[1, black]]}\n"}},
	{"alter_enum/rename_value", 0, 0, CAR,
		{"- alter_enum: {name: retort_check_color, rename_value: red, to: crimson}\n"}},
	{"alter_enum/drop_value", 0, CASE_IRREVERSIBLE,
		CAR "- insert_rows: {table: retort_check_car, columns: [id, paint], rows: [[1, green]]}\n",
		{"- alter_enum: {name: retort_check_color, drop_value: green, mapping: {green: blue}}\n"
		 "- assert: {sql: \"SELECT count(*) FROM retort_check_car WHERE paint = 'blue'\", equals: "
		 "'1'}\n"}},
	{"alter_enum/inline", 0, CASE_IRREVERSIBLE, ROWS,
		{"- alter_enum: {table: retort_check_account, column: state, rename_value: new, to: fresh}\n"
		 "- alter_enum: {table: retort_check_account, column: state, add_value: gone}\n"
		 "- alter_enum: {table: retort_check_account, column: state, drop_value: active, mapping: "
		 "{active: "
		 "fresh}}\n" COUNT("2", "state = 'fresh'")}},
	{"drop_enum/unused", 0, 0, COLOR, {"- drop_enum: retort_check_color\n"}},
	{"create_sequence/options", RETORT_CAP_SEQUENCES, CASE_MAY_REFUSE, NULL,
		{"- create_sequence: {name: retort_check_seq, start: 1000, increment: 5, minimum: 10, "
		 "maximum: 100000, "
		 "cache: 20, cycle: true}\n"}},
	{"drop_sequence/simple", RETORT_CAP_SEQUENCES, 0, "- create_sequence: {name: retort_check_seq}\n",
		{"- drop_sequence: retort_check_seq\n"}},
	{"create_schema/simple", RETORT_CAP_SCHEMAS, 0, NULL, {"- create_schema: retort_check_schema\n"}},
	{"drop_schema/simple", RETORT_CAP_SCHEMAS, 0, "- create_schema: retort_check_schema\n",
		{"- drop_schema: retort_check_schema\n"}},
	{"create_domain/used", RETORT_CAP_DOMAINS, 0, NULL,
		{"- create_domain: {name: retort_check_zip, type: string(5), nullable: false, default: "
		 "'00000', check: "
		 "\"VALUE <> ''\"}\n"
		 "- create_table: {name: retort_check_a, columns: {id: {type: bigint, primary_key: true}, "
		 "zip: {type: "
		 "domain retort_check_zip}}}\n"}},
	{"drop_domain/unused", RETORT_CAP_DOMAINS, 0,
		"- create_domain: {name: retort_check_zip, type: string(5)}\n",
		{"- drop_domain: retort_check_zip\n"}},
	{"create_extension/rolled_back", RETORT_CAP_EXTENSIONS, CASE_ROLLED_BACK, NULL,
		{"- create_extension: citext\n- drop_extension: citext\n",
			"- create_extension: plpgsql\n- drop_extension: plpgsql\n"}},

	{"alter_extension/rolled_back", RETORT_CAP_EXTENSIONS, CASE_ROLLED_BACK | CASE_MAY_REFUSE, NULL,
		{"- create_extension: {name: citext, version: '1.5'}\n"
		 "- alter_extension: {name: citext, version: '1.6'}\n- drop_extension: citext\n"}},

	/* ---- views, routines, triggers ---- */
	{"create_view/simple", 0, 0, ROWS, {VIEW}},
	{"create_view/materialized", RETORT_CAP_MATERIALIZED, 0, ROWS,
		{"- create_view: {name: retort_check_view, materialized: true, query: 'SELECT id, balance "
		 "FROM "
		 "retort_check_account'}\n"}},
	{"replace_view/other_columns", 0, 0, ROWS VIEW,
		{"- replace_view: {name: retort_check_view, query: 'SELECT id, note, balance AS total FROM "
		 "retort_check_account WHERE balance > 1'}\n"}},
	{"drop_view/simple", 0, 0, ROWS VIEW, {"- drop_view: retort_check_view\n"}},
	{"create_function/replaced_and_dropped", RETORT_CAP_FUNCTIONS, 0, ROWS,
		{MAKE("function", "f", FUNCTION_SQL("1")) REPLACE("function", "f", FUNCTION_SQL("2")),
			MAKE("function", "f", FUNCTION_RETURN("1"))
				REPLACE("function", "f", FUNCTION_RETURN("2"))}},
	{"drop_function/simple", RETORT_CAP_FUNCTIONS, 0, NULL,
		{MAKE("function", "f", FUNCTION_SQL("1")) "- drop_function: retort_check_f\n",
			MAKE("function", "f", FUNCTION_RETURN("1")) "- drop_function: retort_check_f\n"}},
	{"create_procedure/replaced", RETORT_CAP_PROCEDURES, 0, ROWS,
		{MAKE("procedure", "p", PROCEDURE_SQL("1")) REPLACE("procedure", "p", PROCEDURE_SQL("2")),
			MAKE("procedure", "p", PROCEDURE_PLAIN("1"))
				REPLACE("procedure", "p", PROCEDURE_PLAIN("2"))}},
	{"drop_procedure/simple", RETORT_CAP_PROCEDURES, 0, ROWS,
		{MAKE("procedure", "p", PROCEDURE_SQL("1")) "- drop_procedure: retort_check_p\n",
			MAKE("procedure", "p", PROCEDURE_PLAIN("1")) "- drop_procedure: retort_check_p\n"}},
	{"create_trigger/replaced", RETORT_CAP_TRIGGERS, 0, ROWS,
		{MAKE_TRIGGER(TRIGGER_BLOCK("a")) REPLACE_TRIGGER(TRIGGER_BLOCK("b")),
			MAKE_TRIGGER(TRIGGER_ROW("a")) REPLACE_TRIGGER(TRIGGER_ROW("b")),
			TRIGGER_FUNCTION MAKE_TRIGGER(TRIGGER_CALL("UPDATE"))
				REPLACE_TRIGGER(TRIGGER_CALL("INSERT OR UPDATE"))}},
	{"drop_trigger/simple", RETORT_CAP_TRIGGERS, 0, ROWS,
		{MAKE_TRIGGER(TRIGGER_BLOCK("a")) DROP_TRIGGER, MAKE_TRIGGER(TRIGGER_ROW("a")) DROP_TRIGGER,
			TRIGGER_FUNCTION MAKE_TRIGGER(TRIGGER_CALL("UPDATE")) DROP_TRIGGER}},
	{"create_trigger/kept_by_other_changes", RETORT_CAP_TRIGGERS, 0, ROWS,
		{MAKE_TRIGGER(TRIGGER_BLOCK("a")) "- alter_column: {table: retort_check_account, name: note, "
						  "type: string(99)}\n",
			MAKE_TRIGGER(TRIGGER_ROW("a")) "- alter_column: {table: retort_check_account, name: "
						       "note, type: string(99)}\n",
			TRIGGER_FUNCTION MAKE_TRIGGER(
				TRIGGER_CALL("UPDATE")) "- alter_column: {table: retort_check_account, name: "
							"note, type: string(99)}\n"}},

	/* ---- rows and SQL ---- */
	{"insert_rows/undone", 0, 0, ACCOUNT,
		{"- insert_rows: {table: retort_check_account, columns: [id, email, note], rows: [[5, \"it's "
		 "\\\\ \\u00e9 "
		 "\\U0001F600\", null], [6, b, '']]}\n" COUNT("1", "note IS NULL") COUNT("1", "note = ''")}},
	{"insert_rows/moves_the_sequence", 0, CASE_IRREVERSIBLE, ROWS,
		{"- insert_rows: {table: retort_check_account, columns: [id, email], rows: [[50, x]]}\n"
		 "- insert_rows: {table: retort_check_account, columns: [email], rows: [[y]]}\n" COUNT("1",
			 "id > 50")}},
	{"insert_rows/conflict_ignored", 0, CASE_IRREVERSIBLE, ROWS,
		{"- insert_rows: {table: retort_check_account, columns: [id, email, balance], on_conflict: "
		 "ignore, key: "
		 "[id], rows: [[1, z, 99], [9, y, 99]]}\n" COUNT("1", "balance = 99") COUNT("4", "1 = 1")}},
	{"insert_rows/conflict_updated", 0, CASE_IRREVERSIBLE, ROWS,
		{"- insert_rows: {table: retort_check_account, columns: [id, email, balance], on_conflict: "
		 "update, key: "
		 "[id], rows: [[1, z, 99], [9, y, 99]]}\n" COUNT("2", "balance = 99") COUNT("4", "1 = 1")}},
	{"update_rows/values", 0, CASE_IRREVERSIBLE, ROWS,
		{"- update_rows: {table: retort_check_account, set: {balance: {expression: balance * 2}, "
		 "note: \"it's\", "
		 "team_id: null}, where: balance > 5, reverse: []}\n" COUNT("2",
			 "note = 'it''s' AND team_id IS NULL") COUNT("1", "balance = 25")}},
	{"update_rows/in_batches", 0, CASE_IRREVERSIBLE, ROWS,
		{"- update_rows: {table: retort_check_account, set: {note: done}, where: all, batch: 2, "
		 "reverse: []}\n" COUNT("3", "note = 'done'")}},
	{"delete_rows/where", 0, CASE_IRREVERSIBLE, ROWS,
		{"- delete_rows: {table: retort_check_account, where: balance = 0, reverse: []}\n" COUNT("2",
			"1 = 1")}},
	{"delete_rows/in_batches", 0, CASE_IRREVERSIBLE, ROWS,
		{"- delete_rows: {table: retort_check_account, where: balance > 0, batch: 1, reverse: "
		 "[]}\n" COUNT("1", "1 = 1")}},
	{"execute/several", 0, CASE_IRREVERSIBLE, ROWS,
		{"- execute: \"UPDATE retort_check_account SET note = 'a; b' WHERE id = 1; /* ; */ DELETE "
		 "FROM "
		 "retort_check_account WHERE id = 2\"\n" COUNT("1", "note = 'a; b'") COUNT("2", "1 = 1")}},
	{"assert/holds", 0, CASE_IRREVERSIBLE, ROWS, {COUNT("1", "note IS NULL")}},
	{"run/program", 0, CASE_IRREVERSIBLE, NULL, {"- run: {command: ['true'], reverse: []}\n"}},
	{NULL, 0, 0, NULL, {NULL}},
};
