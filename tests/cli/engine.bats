#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Runs that something stands in the way of, and databases that the revisions did not make.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# adopted SQL OPERATIONS [DOWN]: a database made by hand, taken over by stamp at a1, and b2 with operations
adopted() {
	sqlite3 -batch -bail x.db "$1"
	revision 01_a1 a1 null </dev/null
	revision 02_b2 b2 a1 <<<"upgrade:"$'\n'"$2"$'\n'"downgrade: auto"
	works stamp a1
}

@test "an upgrade that auto can't undo says so once, and which operation needs reverse" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - update_rows: {table: author, set: {name: x}, where: all}
		downgrade: auto
	END
	works ensure-version
	works upgrade --dry-run
	tells '04_d4.yaml'
	tells reverse
	works upgrade
	[ "$(grep -c 'WARN .*04_d4.yaml.*update rows.*reverse' <<<"$stderr")" -eq 1 ] || report
	refuses 1 reverse downgrade
}

@test "foreign keys that a rebuild would break are named, and the word commit once" {
	adopted "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x INT); INSERT INTO c VALUES(7);" \
		'  - create_foreign_key: {table: c, columns: [x], references: p(id)}'
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells "cannot commit: foreign keys would be broken: row 1 of 'c' refers to no row of 'p'"
	silent 'commit: cannot commit'
	[ "$(rows)" = a1 ]
}
