#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several targets in one run.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
	sed -i '/^url/d' retort.ini
	chain
	for name in alpha alpine beta; do
		printf '[target.%s]\nurl = sqlite:///%%(here)s/%s.db\n' "$name" "$name"
	done >>retort.ini
}

at() { sqlite3 -batch "$1.db" 'SELECT version_num FROM retort_version'; }

@test "-t runs on that target alone" {
	works upgrade -t alpha b2
	[ "$(at alpha)" = b2 ]
	[ ! -e alpine.db ] && [ ! -e beta.db ] && [ ! -e x.db ]
	works -t alpha current
	output_is <<<b2
}

@test "-t takes globs and may be repeated" {
	works upgrade -t 'al*'
	[ "$(at alpha)$(at alpine)" = c3c3 ]
	[ ! -e beta.db ]
	works downgrade base -t alpine -t 'al*'
	[ -z "$(at alpha)$(at alpine)" ]
	[ "$(grep -c 'downgrade a1 -> ' <<<"$stderr")" -eq 2 ] || report
}

@test "--all runs on every target" {
	works upgrade --all
	[ "$(at alpha)$(at alpine)$(at beta)" = c3c3c3 ]
	works --all downgrade -1
	[ "$(at alpha)$(at alpine)$(at beta)" = b2b2b2 ]
}

@test "an unknown target: an error with the near one" {
	for name in gamma alpa; do
		run --separate-stderr retort current -t "$name"
		[ "$status" -eq 1 ] || [ "$status" -eq 2 ] || report
		tells "'$name'"
		[ -z "$output" ]
	done
	tells alpha
}

@test "--on-error stop ends at the first that fails, continue goes on; the highest status counts" {
	echo 'this is no database, but long enough to be taken for one' >alpine.db
	run --separate-stderr retort upgrade --all
	[ "$status" -ne 0 ] || report
	[ "$(at alpha)" = c3 ]
	[ ! -e beta.db ]
	first=$status
	run --separate-stderr retort upgrade --all --on-error continue
	[ "$status" -eq "$first" ] || report
	[ "$(at beta)" = c3 ]
	[ "$(head -c 15 alpine.db)" = 'this is no data' ]
}

@test "the highest of 1, 4 and 5: no connection beats a plain failure" {
	printf '[target.gone]\nurl = sqlite:////nowhere/at/all/x.db\n' >>retort.ini
	sqlite3 alpine.db 'CREATE TABLE author (x)'
	run --separate-stderr retort upgrade --all --on-error continue
	[ "$status" -eq 5 ] || report
	[ "$(at alpha)$(at beta)" = c3c3 ]
	[[ $output =~ alpine\ +'<base>'\ +'<base>'\ +failed\ \(state\) ]] || report
	[[ $output =~ gone\ +-\ +-\ +failed\ \(connect\) ]] || report
	[[ $output =~ beta\ +'<base>'\ +c3\ +done ]] || report
	prints '4 targets: 2 done, 2 failed, in '
}

@test "JSON of reading commands: an array, an object for each target" {
	works upgrade --all
	works current --all --format json
	json 'map(.target) == ["alpha", "alpine", "beta"] and (map(.revisions) == [["c3"], ["c3"], ["c3"]])'
	works status -t alpha -t beta --format json
	json 'map(.target) == ["alpha", "beta"]'
	works current -t alpha --format json
	json '.target == "alpha"'
}

@test "JSON of runs: each target's events, done last" {
	works upgrade --all --format json
	events 'map(select(.event == "done") | .target) == ["alpha", "alpine", "beta"]'
	events 'map(select(.event == "done")) | all(.from == [] and .to == ["c3"])'
	events 'all(.target != null)'
}

@test "a JSON document of several targets where one fails is still one document" {
	works upgrade -t alpha -t beta
	run --separate-stderr retort current --all --on-error continue --format json
	[ "$status" -eq 5 ] || report
	[ "$(jq -s length <<<"$output")" -eq 1 ] || report
	json 'map(.target) == ["alpha", "alpine", "beta"] and .[1].error.code == "connect" and .[0].revisions == ["c3"]'
}

@test "JSON of runs: a target that can't be reached has its error event too" {
	printf '[target.gone]\nurl = sqlite:////nowhere/at/all/x.db\n' >>retort.ini
	run --separate-stderr retort upgrade --all --format json --on-error continue
	[ "$status" -eq 5 ] || report
	events 'map(select(.event == "done" or .event == "error") | [.target, .event]) == [["alpha", "done"], ["alpine", "done"], ["beta", "done"], ["gone", "error"]]'
	events '.[-1] | .error.code == "connect" and .from == [] and .to == []'
}

@test "messages name the target" {
	works upgrade --all
	works status --all
	prints alpha
	prints beta
}

@test "two targets with the same URL: a usage error before anything runs" {
	printf '[target.twin]\nurl = sqlite:///%%(here)s/alpha.db\n' >>retort.ini
	refuses 2 twin upgrade --all
	tells alpha
	works upgrade -t twin
}

@test "a target overrides what [retort] says" {
	printf '[target.own]\nurl = sqlite:///own.db\nversion_table = own_version\n' >>retort.ini
	works upgrade -t own
	[ "$(sqlite3 own.db 'SELECT version_num FROM own_version')" = c3 ]
}

@test "--sql for one target writes to no database" {
	works upgrade -t alpha --sql
	prints 'CREATE TABLE'
	[ -z "$(find . -name '*.db')" ]
}
