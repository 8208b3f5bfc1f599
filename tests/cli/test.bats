#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# test: every revision up, down and up again in memory.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# finds_fault: test must exit with 3 and leave the working directory as it is.
finds_fault() {
	local before
	before=$(snapshot)
	run --separate-stderr retort -q test
	[ "$status" -eq 3 ] || report
	[ "$before" = "$(snapshot)" ] || report
}

@test "test walks every revision and tells how it went" {
	chain
	before=$(snapshot)
	works test
	[ "$before" = "$(snapshot)" ]
	[[ ${lines[0]} =~ ^'engine         revisions      time  result'$ ]] || report
	[[ ${lines[1]} =~ ^'sqlite '3\.[0-9.]+' '+'3/3 '+[0-9.]+' s  passed'$ ]] || report
	[ "$(grep -c . <<<"$output")" -eq 2 ]
	tells '[retort.test] 3 of 3: c3, doc c3'
	silent Running
	works --format json test
	json '.revisions == 3 and (.engines | length) == 1'
	json '.engines[0] | .engine == "sqlite" and .revisions == 3 and .irreversible == [] and .outcome == "passed" and .fault == null and .url == "sqlite://" and .ms > 0'
}

@test "test touches neither the configured database nor the one of the URL" {
	chain
	works upgrade a1
	before=$(snapshot)
	works test
	works test --on "sqlite:///$PWD/x.db" --on sqlite:///x.db --on sqlite:///none.db
	[ "$before" = "$(snapshot)" ]
	[ "$(rows)" = a1 ]
}

@test "test needs no configured database and runs no hook" {
	sed -i 's/^url.*/url = sqlite:\/\/\/${NOT_SET_ANYWHERE}/' retort.ini
	printf '[retort.hooks]\nbefore_upgrade = touch hook\nafter_upgrade = touch hook\non_failure = touch hook\n' >>retort.ini
	chain
	works test
	[ ! -e hook ]
}

@test "test takes branches, dependencies and merge points one by one" {
	for id in a b c; do
		revision "1_$id" "${id}1" null <<-END
			upgrade: [{create_table: {name: $id, columns: {id: {type: integer, primary_key: true}}}}]
		END
	done
	revision 2_a a2 a1 <<-'END'
		upgrade: [{add_column: {table: a, name: x, type: integer}}]
	END
	revision 3_a a3 a1 'depends_on: [b1]' <<-'END'
		upgrade: [{create_index: {table: a, name: ix, columns: [id]}}, {add_column: {table: b, name: y, type: integer}}]
	END
	revision 4_m m1 '[a2, a3]' <<-'END'
		upgrade: [{create_index: {table: a, name: iy, columns: [x]}}]
	END
	revision 5_m m2 '[m1, c1]' </dev/null
	works --format json test
	json '.revisions == 7 and .engines[0].revisions == 7 and .engines[0].outcome == "passed"'
}

@test "test finds a downgrade that doesn't restore" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - drop_index: {table: author, name: ix_author_born, if_exists: true}
		  - add_column: {table: author, name: died, type: date, index: true}
		  - alter_column: {table: author, name: name, type: string(80), nullable: true, default: nobody}
		downgrade:
		  - drop_column: {table: author, name: died}
		  - alter_column: {table: author, name: name, type: string(80)}
	END
	sed -i '/drop_index/d' migrations/versions/04_d4.yaml
	finds_fault
	[[ ${lines[1]} == *' 3/4 '*'FAILED after the downgrade of d4' ]] || report
	prints 'd4 after the downgrade, expected as before the upgrade:'
	prints '  column author.name: type: expected VARCHAR(40), found VARCHAR(80)'
	prints '  column author.name: nullable: expected false, found true'
	prints "  column author.name: default: expected none, found {expression: 'nobody'}"
	run retort -q --format json test
	json '.engines[0].fault | .revision == "d4" and .moment == "after the downgrade" and .expected_as == "before the upgrade"'
	json '.engines[0].fault.differences[0] == {object: "column author.name", property: "type", expected: "VARCHAR(40)", found: "VARCHAR(80)"}'
}

@test "test finds a table that a downgrade forgets, and an index that it makes anew" {
	revision 1_a a1 null <<-'END'
		upgrade:
		  - create_table: {name: a, columns: {id: integer, x: integer}}
		  - create_table: {name: b, columns: {id: integer}}
		downgrade:
		  - drop_table: a
	END
	finds_fault
	prints '  table b: not expected, found table'
	revision 1_a a1 null <<-'END'
		upgrade: [{create_table: {name: a, columns: {id: integer, x: integer}, indexes: {ix: [id]}}}]
	END
	revision 2_b b2 a1 <<-'END'
		upgrade: [{drop_index: {table: a, name: ix}}]
		downgrade: [{create_index: {table: a, name: ix, columns: [x]}}]
	END
	finds_fault
	prints '  index ix of a: definition: expected (id), found (x)'
}

@test "test finds what execute does behind replay's back, and says to declare effects" {
	revision 1_a a1 null <<-'END'
		upgrade:
		  - create_table: {name: a, columns: {id: integer}}
		  - execute: {sql: "CREATE INDEX hidden ON a (id)", reverse: "DROP INDEX hidden"}
	END
	finds_fault
	[[ ${lines[1]} == *'FAILED after the upgrade of a1' ]] || report
	prints 'a1 after the upgrade, expected as replayed:'
	prints '  index hidden of a: not expected, found (id)'
	prints "migrations/versions/1_a.yaml:6: what 'execute' does to the schema is not known to replay: declare it under \`effects\`"
	revision 1_a a1 null <<-'END'
		upgrade:
		  - create_table: {name: a, columns: {id: integer}}
		  - execute:
		      sql: CREATE INDEX hidden ON a (id)
		      reverse: DROP INDEX hidden
		      effects: [{create_index: {table: a, name: hidden, columns: [id]}}]
	END
	works test
}

@test "test finds effects that aren't what the statement does" {
	revision 1_a a1 null <<-'END'
		upgrade:
		  - execute:
		      sql: CREATE TABLE a (id INTEGER, x VARCHAR(10))
		      reverse: DROP TABLE a
		      effects: [{create_table: {name: a, columns: {id: integer, x: string(20)}}}]
	END
	finds_fault
	prints '  column a.x: type: expected VARCHAR(20), found VARCHAR(10)'
}

@test "test walks what is declared irreversible up only, and says so" {
	revision 1_a a1 null <<-'END'
		upgrade: [{create_table: {name: a, columns: {id: integer}}}]
		downgrade: {irreversible: nobody knows}
	END
	revision 2_b b2 a1 <<-'END'
		upgrade: [{add_column: {table: a, name: x, type: integer}}]
	END
	works test
	prints 'passed, 1 irreversible'
	prints ': irreversible, walked up only: a1'
	works --format json test
	json '.engines[0].irreversible == ["a1"] and .engines[0].revisions == 2'
}

@test "test finds an auto downgrade that can't be, and statements that fail up, down and up again" {
	revision 1_a a1 null <<-'END'
		upgrade: [{create_table: {name: a, columns: {id: integer}}}, {execute: "UPDATE a SET id = 1"}]
	END
	finds_fault
	prints 'FAILED in the downgrade of a1'
	prints "migrations/versions/1_a.yaml:4: "
	revision 1_a a1 null <<-'END'
		upgrade: [{execute: {sql: "INSERT INTO nowhere VALUES (1)", reverse: []}}]
	END
	finds_fault
	prints 'FAILED in the upgrade of a1'
	prints 'no such table: nowhere'
	prints 'statement: INSERT INTO nowhere VALUES (1)'
	revision 1_a a1 null <<-'END'
		upgrade: [{create_table: {name: a, columns: {id: integer}}}]
		downgrade: [{drop_table: a}, {execute: "DELETE FROM a"}]
	END
	finds_fault
	prints 'FAILED in the downgrade of a1'
	prints 'no such table: a'
	revision 1_a a1 null <<-'END'
		upgrade: [{execute: {sql: "CREATE TEMP TABLE t (x)", reverse: []}}]
	END
	finds_fault
	prints 'FAILED in the second upgrade of a1'
	run retort -q --format json test
	json '.engines[0].fault.error.message | contains("already exists")'
}

@test "test refuses what it can't walk" {
	refuses 1 'there are no revisions in' test
	chain
	refuses 1 "no driver serves 'nosuch' URLs" test --on nosuch://x
	refuses 1 "cannot use URL 'x'" test --on x
	refuses 2 "unexpected argument 'a1'" test a1
	refuses 2 "needs a value" test --on
	echo 'upgrade: 1' >>migrations/versions/03_c3.yaml
	refuses 1 '03_c3.yaml' test
}

@test "an interrupted test ends with 130 and leaves nothing" {
	revision 1_a a1 null <<-'END'
		upgrade: [{execute: {sql: "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c", reverse: []}}]
	END
	before=$(snapshot)
	"$RETORT" test >out 2>err &
	pid=$!
	sleep 0.4
	kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 130 ] || { cat err; false; }
	[ ! -s out ]
	rm out err
	[ "$before" = "$(snapshot)" ]
}

@test "the worked example passes" {
	[ -d /usr/share/iso-codes/json ] || skip 'iso-codes is not installed'
	cd "$RETORT_SOURCE/migrations/world"
	works --format json test
	json '.engines[0] | .outcome == "passed" and .revisions == 19 and .irreversible == []'
}
