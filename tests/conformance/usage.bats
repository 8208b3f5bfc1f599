#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# drivers --check from the command line: its output, what it refuses, what it leaves alone.
# shellcheck disable=SC2154 # stderr and status are set by run

setup() {
	load ../cli/helper
	begin
	driver=$RETORT_BUILD/drivers/sqlite.so
	[ -f "$driver" ] || skip "driver sqlite isn't built"
	: >x.db
	url=sqlite:///$PWD/x.db
}

@test "a check by name, and by a glob" {
	run --separate-stderr retort drivers --check "$driver" "$url" value/parameters
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "passed   value/parameters" ]
	[[ ${lines[1]} =~ ^sqlite\ [0-9.]+,\ dialect\ sqlite,\ server\ [0-9.]+:\ 1\ passed,\ 0\ failed,\ 0\ skipped$ ]]
	run --separate-stderr retort -q drivers --check "$driver" "$url" 'lock/*'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "skipped  lock/excludes: the driver has no lock: the host keeps a lease or relies on begin" ]
	run --separate-stderr retort drivers --check "$driver" "$url" 'locks/*'
	[ "$status" -eq 2 ]
	[ "$stderr" = "retort: no check is called 'locks/*'" ]
}

@test "as JSON" {
	run --separate-stderr retort --format json drivers --check "$driver" "$url" '[cl]o*/[te]*'
	[ "$status" -eq 0 ]
	json '.driver == "sqlite" and .dialect == "sqlite" and .passed == 1 and .failed == 0 and .skipped == 1'
	json '.checks | map([.name, .outcome, (.reason != null)]) ==
		[["connection/two", "passed", false], ["lock/excludes", "skipped", true]]'
}

@test "a database that holds other tables is refused, and left alone with --force" {
	sqlite3 x.db 'CREATE TABLE mine (a); INSERT INTO mine VALUES (7); CREATE TABLE retort_check_old (a)'
	run --separate-stderr retort drivers --check "$driver" "$url" 'connection/o*'
	[ "$status" -eq 1 ]
	[[ $stderr = *"it holds table 'mine' that the checks did not make: give an empty database, or --force"* ]]
	[ "$(sqlite3 x.db .tables | xargs)" = "mine retort_check_old" ]
	run --separate-stderr retort drivers --check --force "$driver" "$url" 'operations/create_table/*'
	[ "$status" -eq 0 ]
	[ "$(sqlite3 x.db .tables | xargs)" = mine ]
	[ "$(sqlite3 x.db 'SELECT a FROM mine')" = 7 ]
}

@test "what is left out or wrong is told" {
	run --separate-stderr retort drivers --check
	[ "$status" -eq 2 ]
	[ "$stderr" = "retort: '--check' needs a driver's file and a URL: retort drivers --check FILE URL" ]
	run --separate-stderr retort drivers --check "$driver"
	[ "$status" -eq 2 ]
	[ "$stderr" = "retort: '--check' needs a driver's file and the URL of an empty database: retort drivers --check FILE URL" ]
	run --separate-stderr retort drivers "$driver" "$url"
	[ "$status" -eq 2 ]
	[[ $stderr = *"to check a driver write retort drivers --check FILE URL" ]]
	run --separate-stderr retort drivers --force
	[ "$status" -eq 2 ]
	[ "$stderr" = "retort: '--force' needs --check FILE URL" ]
	run --separate-stderr retort drivers --check "$driver" postgresql://u:sesame@h/x
	[ "$status" -eq 2 ]
	[ "$stderr" = "retort: cannot check driver 'sqlite' on a 'postgresql' URL: it serves sqlite" ]
	run --separate-stderr retort drivers --check "$driver" sqlite:///nothing.db
	[ "$status" -eq 5 ]
	[[ $stderr = *"no such database file"* ]]
	run --separate-stderr retort drivers --check ./nothing.so "$url"
	[ "$status" -eq 1 ]
	[[ $stderr = *"cannot load driver '"*"nothing.so'"* ]]
	run --separate-stderr retort drivers --check "$PWD/x.db" "$url"
	[ "$status" -eq 1 ]
	[[ $stderr = *"it is no shared library"* ]]
}
