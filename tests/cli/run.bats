#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# upgrade, downgrade, stamp, ensure-version: what runs, what is kept, what is told.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

@test "upgrade runs each step once, logs as Alembic does, prints nothing on standard output" {
	chain
	works upgrade
	[ -z "$output" ]
	[ "$(grep '\[retort.migration\]' <<<"$stderr")" = 'INFO  [retort.migration] Running upgrade  -> a1, doc a1
INFO  [retort.migration] Running upgrade a1 -> b2, doc b2
INFO  [retort.migration] Running upgrade b2 -> c3, doc c3' ] || report
	[ "$(rows)" = c3 ]
	[ "$(tables)" = 'author book retort_history retort_version' ]
	[ "$(sql 'SELECT name, born FROM author ORDER BY id')" = $'Ursula|1929-10-21\nJürgen|' ]
}

@test "a missing database file is made by upgrade, which logs its absolute path" {
	chain
	works upgrade
	tells "$PWD/x.db"
	works upgrade -u sqlite:///other.db
	tells "$PWD/other.db"
}

@test "only upgrade, stamp and ensure-version make a missing file" {
	chain
	for command in current downgrade status 'upgrade --dry-run' 'history -i' 'show current'; do
		# shellcheck disable=SC2086
		refuses 5 'no such database file' $command
	done
	works stamp a1
	[ "$(rows)" = a1 ]
	works ensure-version -u sqlite:///y.db
	[ -s y.db ]
}

@test "upgrade to what is applied says so and runs nothing" {
	chain
	works upgrade
	works upgrade
	silent Running
	works upgrade a1
	silent Running
	tells "'a1'"
	[ "$(rows)" = c3 ]
}

@test "upgrade +N, to an id, a prefix; downgrade -N, to an id, to base" {
	chain
	works upgrade +1
	[ "$(rows)" = a1 ]
	works upgrade +2
	[ "$(rows)" = c3 ]
	works downgrade
	[ "$(rows)" = b2 ]
	tells 'Running downgrade c3 -> b2, doc c3'
	works downgrade a1
	[ "$(rows)" = a1 ]
	[ "$(tables)" = 'author retort_history retort_version' ]
	works downgrade base
	tells 'Running downgrade a1 -> , doc a1'
	[ "$(tables)" = 'retort_history retort_version' ]
	refuses 1 '+9' upgrade +9
	refuses 1 '-9' downgrade -9
}

@test "down and up again gives the same schema" {
	chain
	works upgrade
	before=$(dump x.db)
	works downgrade base
	works upgrade
	[ "$before" = "$(dump x.db)" ] || { diff <(echo "$before") <(dump x.db); false; }
}

@test "several heads: head is an error, heads runs all, -1 is an error that lists LABEL@-1" {
	forest
	refuses 1 heads upgrade head
	works upgrade heads
	[ "$(rows)" = 'cccc1111 cccc2222 dddd1111' ]
	refuses 1 'left@-1' downgrade -1
	tells 'right@-1'
	tells 'other@-1'
	works downgrade left@-1
	[ "$(rows)" = 'cccc2222 dddd1111' ]
	works upgrade left@head
	[ "$(rows)" = 'cccc1111 cccc2222 dddd1111' ]
	works downgrade base
	[ -z "$(rows)" ]
}

@test "the history table: what ran, when, by whom, how it can be undone" {
	chain
	works upgrade b2
	works downgrade
	works stamp c3
	[ "$(sql 'SELECT revision, direction, state FROM retort_history ORDER BY id')" = 'a1|upgrade|done
b2|upgrade|done
b2|downgrade|done
c3|stamp|done' ] || { sql 'SELECT * FROM retort_history'; false; }
	[ "$(sql "SELECT count(*) FROM retort_history WHERE length(checksum) = 64 AND direction <> 'stamp'")" -eq 3 ]
	[ "$(sql "SELECT count(*) FROM retort_history WHERE started_at LIKE '20__-__-__ __:__:__%' AND finished_at >= started_at")" -eq 4 ]
	[ "$(sql "SELECT count(*) FROM retort_history WHERE applied_by <> '' AND host <> '' AND retort_version <> ''")" -eq 4 ]
	[ "$(sql "SELECT message FROM retort_history WHERE id = 1")" = 'doc a1' ]
	[ "$(sql "SELECT count(*) FROM retort_history WHERE statements = done AND statements > 0")" -eq 3 ]
	[ "$(sql "SELECT downgrade LIKE '%drop_table%' AND json_valid(downgrade) FROM retort_history WHERE id = 1")" = 1 ]
	[ "$(sql "SELECT plan LIKE '%CREATE TABLE%' AND json_valid(plan) FROM retort_history WHERE id = 1")" = 1 ]
}

@test "JSON events of a run" {
	chain
	works upgrade b2 --format json
	events 'map(.event) | .[0] == "start" and .[-1] == "done" and index("step") != null and index("statement") != null'
	events 'map(select(.event == "step") | .revision) == ["a1", "b2"]'
	events 'map(select(.event == "step_done")) | length == 2'
	events 'map(select(.event == "statement" and .revision == "a1")) | .[0] | (.sql | startswith("CREATE TABLE")) and .index == 1 and .total >= 1'
	events '.[-1] | .from == [] and .to == ["b2"] and .direction == "upgrade"'
	works downgrade --format json
	events '.[-1] | .event == "done" and .from == ["b2"] and .to == ["a1"] and .direction == "downgrade"'
	works stamp c3 --format json
	events '.[-1] | .event == "done" and .from == ["a1"] and .to == ["c3"] and .direction == "stamp"'
}

@test "JSON of a run that fails: the last line is the error, with where it stands" {
	chain
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - execute: INSERT INTO nothing VALUES (1)\n    reverse: []'
	run --separate-stderr retort upgrade --format json
	[ "$status" -eq 1 ] || report
	events '.[-1] | .event == "error" and .from == [] and .to == ["c3"] and .error.code == "sql"'
	events '.[-1].error | .revision == "d4" and .file == "migrations/versions/04_d4.yaml" and .line == 5 and (.statement | startswith("INSERT"))'
	events 'map(select(.event == "error")) | length == 1'
}

@test "upgrade --dry-run prints the plan and writes nothing" {
	chain
	works upgrade a1
	before=$(snapshot)
	works upgrade --dry-run
	[ "$before" = "$(snapshot)" ]
	prints 'Running upgrade a1 -> b2, doc b2'
	prints 'CREATE TABLE "book"'
	works downgrade --dry-run
	prints 'DROP TABLE "author"'
	prints destructive
	[ "$before" = "$(snapshot)" ]
	works upgrade --dry-run --format json
	json '.target == null and .dialect == "sqlite" and (.steps | map(.revision) == ["b2", "c3"])'
	json '.steps[0] | .direction == "upgrade" and .from == ["a1"] and .to == ["b2"] and .message == "doc b2"'
	json '.steps[0].statements[0] | .operation == "create_table" and .outside_transaction == false and .destructive == false and .rewrites_table == false and (.sql | startswith("CREATE TABLE"))'
	works downgrade --dry-run --format json
	json '.steps[0].statements | any(.destructive)'
}

# offline A:B: the script of retort upgrade --sql must do to a database at A what the online run does
offline() {
	works upgrade "$@" --sql
	[ -z "$(grep -v '^INFO' <<<"$stderr")" ] || report
	printf '%s\n' "$output" >script.sql
}

@test "an offline script equals the online run, version rows and history included" {
	chain
	[ ! -e x.db ]
	offline
	[ ! -e x.db ]
	sqlite3 -bail off.db <script.sql
	works upgrade
	diff <(dump x.db) <(dump off.db)
	query="SELECT revision, direction, message, checksum, statements, done, state, downgrade, retort_version FROM retort_history ORDER BY id"
	diff <(sqlite3 x.db "$query") <(sqlite3 off.db "$query")
	works upgrade -u sqlite:///off.db
	silent Running
	works downgrade base -u sqlite:///off.db
}

@test "the offline script tells each revision and operation, and has no rest of progress" {
	chain
	offline
	grep -q -- '-- .*a1 -> b2' script.sql
	grep -qi -- "-- .*create table 'book'" script.sql
	grep -qE "version_num" script.sql
}

@test "an offline script in parts, up and down; A is where it stands and is not run" {
	chain
	works upgrade
	offline a1
	sqlite3 -bail off.db <script.sql
	offline a1:c3
	run ! grep -q 'CREATE TABLE "author"' script.sql
	sqlite3 -bail off.db <script.sql
	diff <(dump x.db) <(dump off.db)
	works downgrade --sql c3:a1
	printf '%s\n' "$output" >script.sql
	sqlite3 -bail off.db <script.sql
	works downgrade a1
	diff <(dump x.db) <(dump off.db)
}

@test "an offline script fails before it changes anything where the database stands elsewhere" {
	chain
	works upgrade b2
	works upgrade a1:b2 --sql
	before=$(dump x.db)
	run sqlite3 -bail x.db <<<"$output"
	[ "$status" -ne 0 ]
	[ "$before" = "$(dump x.db)" ]
	works upgrade --sql
	run sqlite3 -bail x.db <<<"$output"
	[ "$status" -ne 0 ]
	[ "$before" = "$(dump x.db)" ]
	works upgrade a1:c3 --sql
	run sqlite3 -bail empty.db <<<"$output"
	[ "$status" -ne 0 ]
	[ -z "$(sqlite3 empty.db .dump | grep CREATE)" ]
}

@test "an offline script carries asserts: one that fails ends it, its revision rolled back" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - insert_rows: {table: author, columns: [id, name], rows: [[3, Third]]}
		  - assert: {sql: SELECT count(*) FROM author, equals: 4, message: there must be four}
		downgrade: auto
	END
	offline
	run sqlite3 -bail off.db <script.sql
	[ "$status" -ne 0 ]
	[[ $output == *'there must be four'* ]] || { echo "$output"; false; }
	[ "$(sqlite3 off.db 'SELECT version_num FROM retort_version')" = c3 ]
	[ "$(sqlite3 off.db 'SELECT count(*) FROM author')" -eq 2 ]
	sed -i 's/equals: 4/equals: 3/' migrations/versions/04_d4.yaml
	works upgrade c3:d4 --sql
	sqlite3 -bail off.db <<<"$output"
	[ "$(sqlite3 off.db 'SELECT version_num FROM retort_version')" = d4 ]
}

@test "an offline script of a rebuild keeps rows, children, triggers, and foreign keys on" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - execute: {sql: "INSERT INTO book (author, title) SELECT id, 'a book of ' || name FROM author", reverse: DELETE FROM book}
		  - create_table: {name: log, columns: {what: text}}
		  - create_trigger: {table: author, name: noted, body: AFTER UPDATE ON author BEGIN INSERT INTO log VALUES (NEW.name); END}
		downgrade: auto
	END
	revision 05_e5 e5 d4 <<-'END'
		upgrade:
		  - alter_column: {table: author, name: name, type: text}
		  - create_check_constraint: {table: author, name: named, expression: name <> ''}
		downgrade: auto
	END
	offline
	sqlite3 -bail off.db <script.sql
	works upgrade
	diff <(dump x.db) <(dump off.db)
	[ "$(sql 'SELECT count(*) FROM book')" -eq 2 ]
	[ "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 'noted'")" -eq 1 ]
	[ "$(sql 'PRAGMA foreign_key_check; PRAGMA integrity_check')" = ok ]
	run sql "PRAGMA foreign_keys = ON; INSERT INTO book (author, title) VALUES (99, 'x')"
	[[ $output == *'FOREIGN KEY'* ]]
	works downgrade e5:c3 --sql
	sqlite3 -bail off.db <<<"$output"
	works downgrade c3
	# A script that starts in the middle can't know the blanks of the stored text.
	diff <(dump x.db | tr -d '[:space:]') <(dump off.db | tr -d '[:space:]')
}

@test "an offline script refuses to lose what the revisions don't know of; online it is kept" {
	chain
	works upgrade
	sql "CREATE TABLE log (what TEXT); CREATE TRIGGER noted AFTER UPDATE ON author BEGIN INSERT INTO log VALUES (NEW.name); END"
	cp x.db off.db
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - alter_column: {table: author, name: name, type: text}\ndowngrade: auto'
	works upgrade c3:d4 --sql
	run sqlite3 -bail off.db <<<"$output"
	[ "$status" -ne 0 ]
	diff <(dump x.db) <(dump off.db)
	works upgrade
	[ "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 'noted'")" -eq 1 ]
}

@test "what --sql can't be" {
	chain
	refuses 1 ':' downgrade -1 --sql
	refuses 1 'a1:b2' upgrade a1:b2
	run --separate-stderr retort upgrade --sql --format json
	[ "$status" -eq 2 ] || report
	json '.error.code == "usage"'
	works upgrade --sql -u postgresql://nowhere.invalid/x --dialect sqlite
	prints 'CREATE TABLE "author"'
}

@test "stamp: sets rows, runs nothing; --sql, --purge, several, base" {
	chain
	works stamp b2
	[ "$(rows)" = b2 ]
	[ "$(tables)" = 'retort_history retort_version' ]
	works stamp
	[ "$(rows)" = c3 ]
	tells 'Running stamp_revision b2 -> c3'
	works stamp base
	[ -z "$(rows)" ]
	sql "INSERT INTO retort_version VALUES ('unknown')"
	refuses 1 "'unknown'" stamp a1
	works stamp --purge a1
	[ "$(rows)" = a1 ]
	works stamp a1:c3 --sql
	sqlite3 -bail x.db <<<"$output"
	[ "$(rows)" = c3 ]
	forest
	works stamp --purge left right
	[ "$(rows)" = 'cccc1111 cccc2222' ]
}

@test "ensure-version: the tables, once; and as a script" {
	works ensure-version
	[ "$(tables)" = 'retort_history retort_version' ]
	[[ $(sql .schema) == *'VARCHAR(32)'* ]] || { sql .schema; false; }
	before=$(snapshot)
	works ensure-version
	[ "$before" = "$(snapshot)" ]
	works ensure-version --format json
	json '.version_table == "retort_version"'
	works ensure-version --sql
	sqlite3 -bail y.db <<<"$output"
	[ "$(sqlite3 y.db .schema | sort)" = "$(sql .schema | sort)" ]
}

@test "a file that changed after it was applied: upgrade warns, layout and comments don't count" {
	chain
	works upgrade b2
	sed -i '1i # a comment' migrations/versions/01_a1.yaml
	sed -i 's/$/\r/' migrations/versions/01_a1.yaml
	works upgrade b2
	silent WARN
	sed -i 's/string(80)/string(81)/' migrations/versions/02_b2.yaml
	works upgrade
	tells WARN
	tells b2
	[ "$(grep -c WARN <<<"$stderr")" -eq 1 ] || report
	[ "$(rows)" = c3 ]
}

@test "a changed CSV file counts as a change of the revision" {
	revision 1_a a null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {id: {type: integer, primary_key: true}, x: text}}
		  - insert_rows: {table: t, csv: rows.csv}
		downgrade: auto
	END
	printf 'id,x\n1,one\n' >migrations/versions/rows.csv
	works upgrade
	works upgrade
	silent WARN
	printf 'id,x\n1,two\n' >migrations/versions/rows.csv
	works upgrade
	tells WARN
}

@test "assert: in front it is checked before anything changes, and its message is told" {
	chain
	works upgrade
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - assert: {sql: SELECT count(*) FROM author WHERE born IS NULL, equals: 0, message: every author needs a date}
		  - drop_column: {table: author, name: born}
	END
	before=$(dump x.db)
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells 'every author needs a date'
	tells '04_d4.yaml:5'
	[ "$before" = "$(dump x.db)" ]
	sql "UPDATE author SET born = '1950-01-01' WHERE born IS NULL"
	works upgrade
	[ "$(rows)" = d4 ]
}

@test "assert further down runs in its place; the step is rolled back" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - insert_rows: {table: author, columns: [name], rows: [[Third]]}
		  - assert: {sql: SELECT count(*) FROM author, equals: 3}
		  - assert: {sql: SELECT count(*) FROM author, equals: 4, message: four}
	END
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells four
	[ "$(rows)" = c3 ]
	[ "$(sql 'SELECT count(*) FROM author')" -eq 2 ]
}

rows_table() {
	revision 1_a a null <<-END
		upgrade:
		  - create_table:
		      name: t
		      columns:
		        id:   {type: integer, primary_key: true, autoincrement: true}
		        name: text
		        at:   date
		        flag: boolean
		        n:    {type: "numeric(6,2)"}
		$(cat)
		downgrade: auto
	END
}

@test "insert_rows inline: lists, maps, null, quotes, typed values" {
	rows_table <<-'END'
		  - insert_rows:
		      table: t
		      rows:
		        - {id: 1, name: "it's \"x\"", at: 2026-01-02, flag: true, n: 12.50}
		        - {id: 7, name: null, at: ~, flag: false, n: -3}
		  - insert_rows: {table: t, columns: [name, flag], rows: [["null", false], [no, true]]}
		    reverse: []
	END
	works upgrade
	[ "$(sql "SELECT id, quote(name), at, flag, n FROM t ORDER BY id")" = "1|'it''s \"x\"'|2026-01-02|1|12.5
7|NULL||0|-3
8|'null'||0|
9|'no'||1|" ] || { sql "SELECT id, quote(name), at, flag, n FROM t ORDER BY id"; false; }
	works downgrade
}

@test "insert_rows from CSV: empty is NULL, \"\" the empty string, quotes, line ends, other alphabets" {
	rows_table <<-'END'
		  - insert_rows: {table: t, csv: data/t.csv}
	END
	mkdir migrations/versions/data
	printf 'id,name,n\r\n1,"a ""b"", c",1.5\r\n2,,\r\n3,"",2\r\n4,"zwei\nZeilen 表",\r\n' >migrations/versions/data/t.csv
	works upgrade
	[ "$(sql "SELECT id, quote(name), n FROM t ORDER BY id")" = "1|'a \"b\", c'|1.5
2|NULL|
3|''|2
4|'zwei
Zeilen 表'|" ] || { sql "SELECT id, quote(name), n FROM t"; false; }
}

@test "insert_rows from JSON: rows, map, variables in the path" {
	sed -i '/^url/a [retort.variables]\nfolder = data' retort.ini
	rows_table <<-'END'
		  - insert_rows: {table: t, json: "${folder}/t.json", rows: people, map: {id: number, name: called}}
	END
	mkdir migrations/versions/data
	printf '{"people": [{"number": 3, "called": "Zoë"}, {"number": 4}]}' >migrations/versions/data/t.json
	works upgrade
	[ "$(sql "SELECT id, name FROM t ORDER BY id")" = $'3|Zoë\n4|' ]
}

@test "rows that don't fit the table: place, value, nothing done" {
	rows_table <<-'END'
		  - insert_rows: {table: t, csv: t.csv}
	END
	printf 'id,at\n1,2026-01-01\n2,yesterday\n' >migrations/versions/t.csv
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells "t.csv:3:3: column 'at': 'yesterday'"
	[ ! -e x.db ] || [ -z "$(sql "SELECT name FROM sqlite_master WHERE name = 't'")" ]
	# by each engine's own idea of a value, the later of two lines of one row too
	while IFS='|' read -r column value; do
		printf '"id",name,%s\n1,"a\n2",%s\n' "$column" "$value" >migrations/versions/t.csv
		refuses 1 "t.csv:3:4: column '$column': '$value'" upgrade
		refuses 1 "t.csv:3:4: column '$column': '$value'" -u sqlite:// upgrade --dry-run
		refuses 1 "t.csv:3:4: column '$column': '$value'" upgrade --sql
	done <<-'END'
		at|2026-02-30
		flag|perhaps
		n|many
		n|123456789.123
	END
	printf 'id\nmany\n' >migrations/versions/t.csv
	refuses 1 "t.csv:2:1: column 'id': 'many'" upgrade
	printf 'id,nope\n1,x\n' >migrations/versions/t.csv
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells "'nope'"
}

@test "rows of a file are stored as rows of the revision are" {
	revision 1_a a null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {b: boolean, at: timestamp, d: datetime, u: uuid, s: string(3), e: "enum(x, y)"}}
		  - insert_rows: {table: t, columns: [b, at, d, u, s, e], rows: [[TRUE, "2026-01-02T03:04:05+02:00", 2026-01-02T03:04:05, AAAAAAAA-0000-0000-0000-00000000000A, äöü, x]]}
		  - insert_rows: {table: t, csv: t.csv}
		  - insert_rows: {table: t, json: ../t.json}
	END
	echo TRUE,2026-01-02T03:04:05+02:00,2026-01-02T03:04:05,AAAAAAAA-0000-0000-0000-00000000000A,äöü,x |
		sed '1i b,at,d,u,s,e' >migrations/versions/t.csv
	jq -Rn '(input / ",") as $k | [[$k, (input / ",")] | transpose | map({(.[0]): .[1]}) | add]' \
		migrations/versions/t.csv >migrations/t.json
	works upgrade
	[ "$(sql 'SELECT DISTINCT * FROM t' | wc -l) $(sql 'SELECT COUNT(*), MIN(at) FROM t')" = '1 3|2026-01-02 01:04:05' ] ||
		{ sql 'SELECT * FROM t'; false; }
	rm x.db
	sed -i 's/äöü/äöüß/' migrations/versions/t.csv
	refuses 1 "t.csv:2:89: column 's': 'äöüß'" upgrade
	sed -i 's/äöüß,x/ä,z/' migrations/versions/t.csv
	refuses 1 "column 'e': 'z'" upgrade
	sed -i 's/ä,z/ä,x/' migrations/versions/t.csv
	sed -i 's/TRUE/perhaps/' migrations/t.json
	refuses 1 "migrations/t.json: row 1: column 'b': 'perhaps'" upgrade
}

@test "execute: several statements, strings with ;, comments, a trigger body" {
	revision 1_a a null <<-'YAML'
		upgrade:
		  - execute:
		      sql: |
		        CREATE TABLE log (what TEXT); -- a comment; with a semicolon
		        CREATE TABLE t (a TEXT);
		        CREATE TRIGGER tr AFTER INSERT ON t BEGIN
		          INSERT INTO log VALUES ('in; ' || NEW.a);
		          UPDATE log SET what = what || CASE WHEN NEW.a = 'x' THEN '!' ELSE '?' END;
		        END;
		        INSERT INTO t VALUES ('x;y'), ('it''s');
		        /* nothing; here */
		      reverse: DROP TABLE t; DROP TABLE log
	YAML
	works upgrade
	[ "$(sql 'SELECT what FROM log')" = $'in; x;y??\nin; it\'s?' ] || { sql 'SELECT * FROM log'; false; }
	works upgrade --sql
	sqlite3 -bail off.db <<<"$output"
	diff <(dump x.db) <(dump off.db)
	works downgrade
	[ "$(tables)" = 'retort_history retort_version' ]
}

@test "create_trigger and create_view by dialect" {
	chain
	revision 04_d4 d4 c3 <<-'YAML'
		upgrade:
		  - create_table: {name: log, columns: {what: text}}
		  - create_view: {name: names, query: SELECT name FROM author}
		  - create_trigger:
		      table: author
		      name: noted
		      body:
		        sqlite: |
		          AFTER UPDATE OF name ON author BEGIN
		            INSERT INTO log VALUES (OLD.name || '; ' || NEW.name);
		          END
		        default: null
		downgrade: auto
	YAML
	works upgrade
	sql "UPDATE author SET name = 'Le Guin' WHERE name = 'Ursula'"
	[ "$(sql 'SELECT what FROM log')" = 'Ursula; Le Guin' ]
	works downgrade
	[ -z "$(sql "SELECT name FROM sqlite_master WHERE name IN ('noted', 'names', 'log')")" ]
}

# Two revisions, the second of which fails half way.
failing() {
	project "$@"
	revision 1_a a null <<-'END'
		upgrade:
		  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}}}
		downgrade: auto
	END
	revision 2_b b a <<-'END'
		upgrade:
		  - create_table: {name: two, columns: {id: {type: integer, primary_key: true}}}
		  - execute: {sql: INSERT INTO nothing VALUES (1), reverse: []}
		  - create_table: {name: three, columns: {id: {type: integer, primary_key: true}}}
		downgrade: auto
	END
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
}

# line TEXT: the number of the line of standard error with TEXT
line() { grep -nF -- "$1" <<<"$stderr" | head -n 1 | cut -d: -f1; }

@test "transaction migration: the failed step is rolled back, what came before stays" {
	failing
	[ "$(rows)" = a ]
	[ "$(tables)" = 'one retort_history retort_version' ]
	[ "$(sql "SELECT count(*) FROM retort_history WHERE state = 'running'")" -eq 0 ]
}

@test "a failure prints place, operation, statement, what stands, what is kept, the next commands, in this order" {
	failing
	[[ $stderr =~ migrations/versions/2_b.yaml:6:[^$'\n']*operation\ 2\ of\ 3:\ [^$'\n']*nothing ]] || report
	tells 'INSERT INTO nothing VALUES (1)'
	tells 'rolled back, nothing of this revision remains'
	place=$(line '2_b.yaml:6:') statement=$(grep -nF 'INSERT INTO nothing' <<<"$stderr" | tail -n 1 | cut -d: -f1)
	stands=$(line 'rolled back') next=$(grep -n 'retort upgrade' <<<"$stderr" | tail -n 1 | cut -d: -f1)
	[ "$place" -le "$statement" ] && [ "$statement" -lt "$stands" ] && [ "$stands" -le "$next" ] || report
	kept=$(sed -n "$stands,\$p" <<<"$stderr")
	grep -qw a <<<"$kept" || report
}

@test "transaction all: nothing of the run remains" {
	failing 'transaction = all'
	[ ! -e x.db ] || [ -z "$(sql "SELECT name FROM sqlite_master WHERE name IN ('one', 'two', 'three')")" ]
	[ ! -e x.db ] || [ -z "$(sql 'SELECT * FROM retort_version' 2>/dev/null)" ]
}

@test "transaction none: done operations are recorded; downgrade undoes them, a repaired file goes on" {
	failing 'transaction = none'
	[ "$(rows)" = a ]
	[ -n "$(sql "SELECT name FROM sqlite_master WHERE name = 'two'")" ]
	works status --format json
	json '.partial | .revision == "b" and .direction == "upgrade" and .done >= 1 and .total >= 3'
	works downgrade
	[ "$(rows)" = a ]
	[ -z "$(sql "SELECT name FROM sqlite_master WHERE name = 'two'")" ]
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	sed -i 's/INSERT INTO nothing VALUES (1)/INSERT INTO one VALUES (1)/' migrations/versions/2_b.yaml
	works upgrade
	[ "$(rows)" = b ]
	[ "$(tables)" = 'one retort_history retort_lock retort_version three two' ]
	[ "$(sql 'SELECT count(*) FROM one')" -eq 1 ]
}

@test "transaction: none in one revision alone" {
	revision 1_a a null 'transaction: none' <<-'END'
		upgrade:
		  - create_table: {name: one, columns: {id: {type: integer, primary_key: true}}}
		  - execute: {sql: VACUUM, outside_transaction: true, reverse: []}
		downgrade: auto
	END
	works upgrade
	[ "$(rows)" = a ]
	works downgrade
	[ "$(tables)" = 'retort_history retort_lock retort_version' ]
}

@test "a statement that can't run in a transaction, with transaction = all: a plan error" {
	project 'transaction = all'
	revision 1_a a null <<-'END'
		upgrade:
		  - execute: {sql: VACUUM, outside_transaction: true, reverse: []}
	END
	sqlite3 x.db VACUUM
	refuses 1 '1_a.yaml:5' upgrade
}

endless() {
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - create_table: {name: late, columns: {x: bigint}}
		  - execute:
		      sql: |
		        WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
		        INSERT INTO late SELECT sum(x) FROM c
		      reverse: []
	END
}

# interrupt SIGNAL: starts an upgrade that never ends, waits until it runs, sends the signal
interrupt() {
	local pid i
	env --default-signal=INT "$RETORT" upgrade >out 2>err &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		grep -q -- '-> d4' err 2>/dev/null && break
		sleep 0.05
	done
	sleep 0.2
	kill -s "$1" "$pid"
	status=0
	wait "$pid" || status=$?
	output=$(cat out) stderr=$(cat err)
}

@test "Ctrl-C and SIGTERM: 130, the running step is rolled back, what came before stays" {
	chain
	endless
	for signal in INT TERM; do
		interrupt "$signal"
		[ "$status" -eq 130 ] || report
		tells interrupted
		[ "$(rows)" = c3 ]
		[ "$(tables)" = 'author book retort_history retort_version' ]
		[ "$(sql 'PRAGMA integrity_check')" = ok ]
	done
}

@test "downgrade of what can't be undone is refused before anything runs" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - add_column: {table: author, name: x, type: integer}
		downgrade: {irreversible: the old rows are gone}
	END
	works upgrade
	refuses 1 'the old rows are gone' downgrade -2
	revision 05_e5 e5 d4 <<-'END'
		upgrade:
		  - execute: UPDATE author SET name = upper(name)
		downgrade: auto
	END
	works upgrade
	refuses 1 '05_e5.yaml:5' downgrade
	tells '`reverse`'
}

@test "a failing before_upgrade hook stops the target; after_upgrade and on_failure run" {
	# shellcheck disable=SC2016
	project '[retort.hooks]' 'before_upgrade = test ! -e stop' 'after_upgrade = echo "after $RETORT_REVISION" >>hook.log' \
		'on_failure = echo failed >>hook.log'
	chain
	works upgrade b2
	[ "$(head -n 1 hook.log)" = 'after b2' ] || { cat hook.log; false; }
	touch stop
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	[ "$(rows)" = b2 ]
	[ "$(tail -n 1 hook.log)" = failed ] || { cat hook.log; false; }
}

@test "objects in the way of an unversioned database: named, with the two ways out" {
	chain
	sql 'CREATE TABLE author (x); CREATE TABLE other (y)'
	refuses 1 "author" upgrade
	tells adopt
	tells stamp
	silent other
}

@test "NOT NULL without default: rows in the way are counted before anything runs" {
	chain
	works upgrade
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - add_column: {table: author, name: vat_id, type: text, nullable: false}'
	refuses 1 'author has 2 rows' upgrade
	tells "'vat_id' is NOT NULL without default: give fill"
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - add_column: {table: author, name: vat_id, type: text, nullable: false, fill: none}'
	works upgrade
	[ "$(sql 'SELECT DISTINCT vat_id FROM author')" = none ]
}

@test "a protected target: destructive operations need --allow with the code that the error names" {
	project 'protect = true'
	chain
	works upgrade
	before=$(dump x.db)
	run --separate-stderr retort downgrade -2
	[ "$status" -eq 1 ] || report
	tells --allow
	[ "$before" = "$(dump x.db)" ]
	code=$(grep -oE -- '--allow [A-Za-z0-9_-]+' <<<"$stderr" | head -n 1 | cut -d' ' -f2)
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - drop_table: book\ndowngrade: auto'
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	code=$(grep -oE -- '--allow [A-Za-z0-9_-]+' <<<"$stderr" | head -n 1 | cut -d' ' -f2)
	works upgrade --allow "$code"
}

@test "JSON tells the progress of rows" {
	rows_table <<-'END'
		  - insert_rows: {table: t, csv: t.csv}
	END
	{ echo 'id,name' && seq 20000 | sed 's/.*/&,name &/'; } >migrations/versions/t.csv
	works upgrade --format json
	events 'map(select(.event == "progress")) | length > 0 and .[-1].rows == 20000'
	[ "$(sql 'SELECT count(*), max(id) FROM t')" = '20000|20000' ]
}

@test "run: a program between operations gets the URL; in --sql it is refused" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - add_column: {table: author, name: x, type: integer}
		  - run: {command: [sh, -c, 'echo "$RETORT_URL $COLOUR" >ran.log'], env: {COLOUR: red}, reverse: []}
		downgrade: auto
	END
	works upgrade
	[ "$(cat ran.log)" = "sqlite:///$PWD/x.db red" ] || { cat ran.log; false; }
	[ "$(rows)" = d4 ]
	run --separate-stderr retort upgrade --sql
	[ "$status" -eq 1 ] || report
	[ -z "$output" ]
	tells 04_d4.yaml:6
	works downgrade
	sed -i 's/echo.*ran.log/exit 3/' migrations/versions/04_d4.yaml
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells 04_d4.yaml:6
}

@test "only and except leave out what another engine is for" {
	revision 1_a a null <<-'END'
		upgrade:
		  - create_table:
		      name: t
		      columns:
		        id: {type: integer, primary_key: true}
		        p:  {type: text, only: [postgresql]}
		        s:  {type: text, except: [postgresql, mysql]}
		  - create_sequence: {name: s, only: [postgresql]}
		  - execute: {sql: {sqlite: CREATE TABLE u (a), default: null}, reverse: []}
		  - execute: {sql: SELECT nothing, except: [sqlite], reverse: []}
		downgrade: auto
	END
	works upgrade
	[ "$(sql 'SELECT group_concat(name) FROM pragma_table_info('"'t')")" = id,s ]
	[ -n "$(sql "SELECT 1 FROM sqlite_master WHERE name = 'u'")" ]
	works downgrade
}

@test "Ctrl-C while it waits for another writer: 130" {
	chain
	works upgrade b2
	mkfifo go
	sqlite3 -batch x.db <go >locked 2>&1 &
	exec 7>go
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&7
	for _ in $(seq 100); do
		[ -s locked ] && break
		sleep 0.02
	done
	env --default-signal=INT "$RETORT" upgrade 2>err 7>&- &
	pid=$!
	sleep 0.7
	kill -INT $pid
	status=0
	wait $pid || status=$?
	exec 7>&-
	stderr=$(cat err) output=
	[ "$status" -eq 130 ] || report
	tells 'waiting for another writer of'
}

@test "update_rows and delete_rows, whole and in batches" {
	rows_table <<-'END'
		  - insert_rows: {table: t, columns: [id, name], rows: [[1, a], [2, b], [3, c], [4, d], [5, e]]}
	END
	revision 2_b b a <<-'END'
		upgrade:
		  - update_rows: {table: t, set: {name: {expression: upper(name)}, n: 1.5}, where: id < 3}
		    reverse: []
		  - update_rows: {table: t, set: {flag: true}, where: all, batch: 2}
		    reverse: []
		  - delete_rows: {table: t, where: id > 4}
		    reverse: []
	END
	works upgrade
	[ "$(sql 'SELECT id, name, n, flag FROM t ORDER BY id')" = $'1|A|1.5|1\n2|B|1.5|1\n3|c||1\n4|d||1' ] || {
		sql 'SELECT id, name, n, flag FROM t'
		false
	}
}

@test "an in-memory database: a run leaves nothing behind" {
	chain
	works upgrade -u sqlite://
	[ ! -e x.db ]
}

@test "alembic.ini: its version table is taken over" {
	rm retort.ini
	chain
	printf '[alembic]\nscript_location = %%(here)s/migrations\nsqlalchemy.url = sqlite:///%%(here)s/x.db\n' >alembic.ini
	sql "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
		INSERT INTO alembic_version VALUES ('a1'); CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(40) NOT NULL)"
	works current
	output_is <<<a1
	works upgrade
	[ "$(sql 'SELECT version_num FROM alembic_version')" = c3 ]
}

@test "a Python revision is listed and never run" {
	rm retort.ini
	mkdir -p migrations/versions
	printf '"""first\n\nRevision ID: 3f2a\n"""\nrevision = "3f2a"\ndown_revision = None\n' >migrations/versions/3f2a.py
	printf '[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n' >alembic.ini
	works history
	prints '<base> -> 3f2a (head)'
	refuses 1 ': a Python revision: run it with alembic, then retort adopt' upgrade
	[[ $stderr == migrations/versions/3f2a.py:1:* ]] || report
}
