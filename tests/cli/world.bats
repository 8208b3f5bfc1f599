#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The worked example, migrations/world: real rows of iso-codes up, down and up again.
# shellcheck disable=SC2154
load helper

source=/usr/share/iso-codes/json

setup_file() {
	[ -r "$source/iso_3166-1.json" ] || return 0
	unset RETORT_URL RETORT_CONFIG
	# One upgrade for all tests, which only read it or copy it.
	DATABASE_URL=sqlite:///$BATS_FILE_TMPDIR/world.db "$RETORT" -q -c "$RETORT_SOURCE/migrations/world/retort.ini" upgrade \
		>"$BATS_FILE_TMPDIR/log" 2>&1 || true
}

setup() {
	[ -r "$source/iso_3166-1.json" ] || skip 'the package iso-codes is not installed'
	begin
	export RETORT_CONFIG=$RETORT_SOURCE/migrations/world/retort.ini DATABASE_URL=sqlite:///$PWD/x.db
	if [ -e "$BATS_FILE_TMPDIR/world.db" ]; then cp "$BATS_FILE_TMPDIR/world.db" x.db; else cat "$BATS_FILE_TMPDIR/log"; fi
}

# numbers KEY FILE: how many rows the JSON file has
count_of() { jq ".[\"$1\"] | length" "$source/iso_$1.json"; }
# checksum: of all rows of all tables of the example, in a fixed order
checksum() {
	local table
	for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'retort%' AND name NOT LIKE 'sqlite%' ORDER BY 1"); do
		echo "$table"
		sqlite3 -batch "$1" "SELECT * FROM \"$table\"" | sort
	done | sha256sum
}

@test "all rows of the files are there" {
	[ "$(rows)" = d40c17e5b2f6 ]
	[ "$(sql 'SELECT count(*) FROM country')" -eq "$(count_of 3166-1)" ]
	[ "$(sql 'SELECT count(*) FROM subdivision')" -eq "$(count_of 3166-2)" ]
	[ "$(sql 'SELECT count(*) FROM language')" -eq "$(count_of 639-3)" ]
	[ "$(sql 'SELECT count(*) FROM script')" -eq "$(count_of 15924)" ]
	[ "$(sql 'SELECT count(*) FROM currency')" -eq "$(count_of 4217)" ]
	[ "$(sql 'SELECT count(*) FROM former_country')" -eq "$(count_of 3166-3)" ]
	[ "$(sql 'PRAGMA foreign_key_check; PRAGMA integrity_check')" = ok ]
}

@test "text beyond ASCII came through whole" {
	expected=$(jq -r '.["3166-1"][] | select(.alpha_2 == "CI") | .name, .flag' "$source/iso_3166-1.json")
	[ "$(sql -separator $'\n' "SELECT name, flag FROM country WHERE code = 'CI'")" = "$expected" ]
	expected=$(jq -r '.["3166-2"][].name' "$source/iso_3166-2.json" | sort | sha256sum)
	[ "$(sql 'SELECT name FROM subdivision' | sort | sha256sum)" = "$expected" ]
}

@test "down to base leaves nothing, up again gives the same rows and schema" {
	before=$(checksum x.db)
	schema=$(sql .schema | grep -v retort_history)
	works -q downgrade base
	[ -z "$(rows)" ]
	[ "$(tables)" = 'retort_history retort_version' ]
	[ -z "$(sql "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')")" ]
	works -q upgrade
	[ "$(rows)" = d40c17e5b2f6 ]
	[ "$(checksum x.db)" = "$before" ]
	diff <(echo "$schema") <(sql .schema | grep -v retort_history)
}

@test "two steps down and up again give the same rows and schema" {
	before=$(checksum x.db)
	schema=$(sql .schema)
	works -q downgrade -2
	[ "$(rows)" = a8adb833a037 ]
	works -q upgrade
	[ "$(checksum x.db)" = "$before" ]
	diff <(echo "$schema") <(sql .schema)
}

@test "the offline script makes the same database" {
	"$RETORT" upgrade --sql >script.sql
	sqlite3 -bail off.db <script.sql
	diff <(dump x.db | sort) <(dump off.db | sort)
	diff <(sql .schema) <(sqlite3 off.db .schema)
	query='SELECT revision, direction, message, checksum, state FROM retort_history ORDER BY id'
	diff <(sql "$query") <(sqlite3 off.db "$query")
}

@test "the offline script leads down as well" {
	"$RETORT" downgrade --sql heads:base >script.sql
	sqlite3 -bail x.db <script.sql
	[ -z "$(rows)" ]
	[ "$(tables)" = 'retort_history retort_version' ]
}

@test "history has 19 revisions from one base, a branch point and a merge point; one head" {
	works history
	[ "$(wc -l <<<"$output")" -eq 19 ] || report
	[ "$(grep -c '^<base>' <<<"$output")" -eq 1 ] || report
	[ "$(grep -c '(branchpoint)' <<<"$output")" -eq 1 ] || report
	[ "$(grep -c '(mergepoint)' <<<"$output")" -eq 1 ] || report
	works heads
	[ "$(sed 's/ .*//' <<<"$output")" = d40c17e5b2f6 ]
	[[ $output == *'(head)'* ]]
	works current
	[[ $output == 'd40c17e5b2f6 (head)' ]] || report
	works status --format json
	json '.is_head and .pending == 0 and .changed == []'
}

@test "the view and the trigger work" {
	[ "$(sql "SELECT subdivisions FROM country_overview WHERE code = 'DE'")" -eq 16 ]
	sql "UPDATE country SET name = 'Here' WHERE code = 'DE'"
	[ "$(sql 'SELECT country, old_name, new_name FROM country_name_change')" = 'DE|Germany|Here' ]
}
