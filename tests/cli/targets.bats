#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many targets: several at a time, and those that a query or a program lists.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
	sed -i '/^url/d' retort.ini
	chain
}

# listed [LINE...]: the section [target.shop], whose names are the lines of the file names.
listed() {
	printf '[target.shop]\ntargets_command = cat names\nurl = sqlite:///%%(here)s/%%(tenant)s.db\n' >>retort.ini
	[ $# -eq 0 ] || printf '%s\n' "$@" >>retort.ini
}
names() { printf '%s\n' "$@" >names; }
at() { sqlite3 -batch "$1.db" 'SELECT version_num FROM retort_version'; }
# The table of results less its times.
table() { sed -E 's/ +time$//; s/ +[0-9]+\.[0-9]{3} s$//; s/, in [0-9.]+ s$//; s/ +$//' <<<"$output"; }
# hook LINE...: before_upgrade is a script of these lines
hook() {
	printf '%s\n' '#!/bin/sh' "$@" >hook.sh
	chmod +x hook.sh
	printf '[retort.hooks]\nbefore_upgrade = exec ./hook.sh\n' >>retort.ini
}
# sleepers [LINE...]: a hook that notes itself and the process that it works for, and sleeps for a minute
sleepers() { hook "$@" 'echo $$ >>hooks' 'echo $PPID >>workers' 'exec sleep 60'; }
# begun FILE N: waits until N processes have noted themselves
begun() {
	for _ in $(seq 100); do
		[ ! -e "$1" ] || [ "$(wc -l <"$1")" -lt "$2" ] || return 0
		sleep 0.1
	done
	return 1
}
# gone FILE: none of the processes in it is left, at the latest after three seconds; a dead one may still be
# waiting for its parent
gone() {
	for _ in $(seq 30); do
		ps -o stat= -p "$(paste -sd, "$1")" | grep -qv '^Z' || return 0
		sleep 0.1
	done
	ps -f -p "$(paste -sd, "$1")"
	return 1
}

@test "so many at a time as -j says: the same results, and a table in the order of the targets" {
	listed
	names a b c d e f g
	works upgrade --all -j 3
	[ "$(table)" = "$(printf '%s\n' 'target  from    to  result' \
		'shop/a  <base>  c3  done' 'shop/b  <base>  c3  done' 'shop/c  <base>  c3  done' 'shop/d  <base>  c3  done' \
		'shop/e  <base>  c3  done' 'shop/f  <base>  c3  done' 'shop/g  <base>  c3  done' '7 targets: 7 done')" ] || report
	for name in a b c d e f g; do [ "$(at $name)" = c3 ]; done
	works --all downgrade a1 -j8
	[ "$(at a)$(at d)$(at g)" = a1a1a1 ]
	works --all --jobs=2 upgrade b2
	[ "$(at a)$(at d)$(at g)" = b2b2b2 ]
	works --all -j 4 stamp a1
	[ "$(table | sed -n 2p)" = 'shop/a  b2    a1  done' ] || report
	works --all -j 4 upgrade a1
	[ "$(table | sed -n 2p)" = 'shop/a  a1    a1  nothing to do' ] || report
}

@test "-j is a number from 1 on" {
	listed
	names a b
	for jobs in 0 x 4x -1 '' 1001 99999999999999999999; do
		refuses 2 "-j is a number of targets at a time from 1 to 1000, not '$jobs'" upgrade --all "-j=$jobs"
	done
	refuses 2 "option '--jobs' needs a value: N" upgrade --all --jobs
	works upgrade --all -j 1000
}

@test "200 databases, eight at a time" {
	listed
	seq -f 'n%g' 200 >names
	works -q upgrade --all -j 8
	[ -z "$output" ] || report
	[ "$(at n1)$(at n117)$(at n200)" = c3c3c3 ]
	works current --all -j 8 --format json
	json 'length == 200 and all(.[]; .revisions == ["c3"] and .is_head) and (map(.target) | .[0] == "shop/n1" and .[199] == "shop/n200")'
}

@test "what is printed about a target stays together, in the order of the targets" {
	listed
	names c a b
	works upgrade --all -j 3
	works status --all -j 3
	[ "$(grep -o '^shop/.' <<<"$output" | xargs)" = 'shop/c shop/a shop/b' ] || report
	[ "$(grep -c '^  current: c3 (head)$' <<<"$output")" -eq 3 ]
	works upgrade --all -j 3 --sql
	[ "$(grep -c '^-- Running upgrade  -> a1' <<<"$output")" -eq 3 ] || report
	works downgrade --all -j 3 --dry-run base --format json
	json 'map(.target) == ["shop/c", "shop/a", "shop/b"] and all(.[]; .steps | map(.revision) == ["c3", "b2", "a1"])'
}

@test "log lines come whole, each with the name of its target" {
	listed
	seq -f 'n%g' 40 >names
	works -v upgrade --all -j 8
	! grep -vE '^(INFO |DEBUG) \[retort\.(driver|migration|sql)\] shop/n[0-9]+: ' <<<"$stderr" | grep -E '^(INFO|DEBUG|WARN|ERROR)' || report
	[ "$(grep -cE '^INFO  \[retort\.migration\] shop/n[0-9]+: Running upgrade b2 -> c3, doc c3$' <<<"$stderr")" -eq 40 ] || report
}

@test "events are a JSON object a line, and of each target the last is done" {
	listed
	seq -f 'n%g' 40 >names
	works upgrade --all -j 8 --format json
	[ "$(jq -c . <<<"$output" | wc -l)" -eq "$(wc -l <<<"$output")" ]
	events 'group_by(.target) | length == 40 and all(.[]; .[-1].event == "done" and .[-1].to == ["c3"] and .[0].event == "start")'
}

@test "one fails: the others are right, and a second run finishes only what is left" {
	listed
	names a b c d e f
	echo 'this is no database, but long enough to be taken for one' >c.db
	run --separate-stderr retort upgrade --all -j 3 --on-error continue
	[ "$status" -eq 5 ] || report
	[ "$(table | grep -v done$)" = "$(printf '%s\n' 'target  from    to  result' 'shop/c  -       -   failed (connect)' '6 targets: 5 done, 1 failed')" ] || report
	tells '[retort.target] shop/c failed:'
	[ "$(grep -A 1 'shop/c failed:' <<<"$stderr" | grep -c '^retort: .*c\.db')" -eq 1 ] || report
	rm c.db
	names a b c d e f g
	works upgrade --all -j 3
	[ "$(table | grep -c 'nothing to do$')" -eq 5 ] || report
	[ "$(table | grep 'done$' | xargs)" = 'shop/c <base> c3 done shop/g <base> c3 done 7 targets: 7 done' ] || report
	[ "$(sqlite3 a.db 'SELECT count(*) FROM retort_history')" -eq 3 ]
}

@test "--on-error stop begins no further target" {
	listed
	seq -f 'n%g' 30 >names
	echo 'this is no database, but long enough to be taken for one' >n3.db
	hook 'sleep 0.1'
	run --separate-stderr retort upgrade --all -j 2
	[ "$status" -eq 5 ] || report
	[[ $output =~ shop/n30\ +-\ +-\ +'not run' ]] || report
	# those before it, and the one that is under way when it fails
	[[ $output =~ 30\ targets:\ [23]\ done,\ 1\ failed,\ 2[67]\ not\ run ]] || report
	[ ! -e n30.db ]
}

@test "a process that dies fails its target alone" {
	listed
	names a b c d e f
	# shellcheck disable=SC2016
	hook '[ "$RETORT_TARGET" != shop/b ] || kill -9 $PPID'
	run --separate-stderr retort upgrade --all -j 2 --on-error continue
	[ "$status" -eq 1 ] || report
	[[ $output =~ shop/b\ +-\ +-\ +failed\ \(internal\) ]] || report
	prints '6 targets: 5 done, 1 failed'
	tells 'its process was ended by signal 9'
	run --separate-stderr retort upgrade -t shop/b -t shop/c -j 2 --on-error continue --format json
	[ "$status" -eq 1 ] || report
	sed -i '/hooks/,$d' retort.ini
	works upgrade --all -j 2
}

@test "the first signal ends all targets cleanly" {
	listed
	names a b c d
	sleepers
	"$RETORT" upgrade --all -j 2 >out 2>err &
	pid=$!
	begun workers 2
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	output=$(<out) stderr=$(<err)
	[ "$status" -eq 130 ] || report
	[ "$(grep -c ' interrupted  ' out)" -eq 2 ] || report
	prints '4 targets: 0 done, 2 interrupted, 2 not run, in '
	gone workers
	gone hooks
	[ "$(wc -l <workers)" -eq 2 ]
}

@test "the second signal ends all at once" {
	listed
	names a b c d
	sleepers "trap '' TERM"
	"$RETORT" upgrade --all -j 2 >out 2>err &
	pid=$!
	begun workers 2
	kill -INT $pid
	sleep 0.3
	kill -0 $pid
	kill -INT $pid
	status=0
	wait $pid || status=$?
	xargs kill -9 <hooks
	[ "$status" -eq 130 ]
	gone workers
}

@test "when the run is killed its processes are too" {
	listed
	names a b c d
	sleepers
	"$RETORT" upgrade --all -j 3 --on-error continue >out 2>err &
	pid=$!
	begun workers 3
	kill -KILL $pid
	wait $pid || true
	gone workers
	xargs kill <hooks
	sed -i '/hooks/,$d' retort.ini
	works upgrade --all -j 3
}

@test "on a terminal a line says how many targets are done" {
	command -v script >/dev/null || skip 'there is no script(1)'
	listed
	names a b c
	hook 'sleep 0.3'
	script -qec "'$RETORT' upgrade --all -j 2" shown >/dev/null </dev/null
	grep -q $'\r\e\\[K0 of 3 targets done; running shop/a, shop/b' shown || { cat -v shown; return 1; }
	grep -q $'\r\e\\[K2 of 3 targets done; running shop/c' shown || { cat -v shown; return 1; }
	script -qec "'$RETORT' -q downgrade base --all -j 2" shown >/dev/null </dev/null
	! grep -q 'targets done' shown || { cat -v shown; return 1; }
}

@test "a failure counts for more than what a check found" {
	listed
	names a b c
	works upgrade -t shop/a -t shop/b
	works downgrade -t shop/b
	run --separate-stderr retort current --all -j 2 --check-heads --on-error continue
	[ "$status" -eq 5 ] || report
	tells '[retort.target] shop/c: failed (connect)'
	names a b
	run --separate-stderr retort current --all -j 2 --check-heads
	[ "$status" -eq 3 ] || report
}

# ---- which targets there are ----

@test "globs choose among listed targets" {
	listed
	names acme apex best
	printf '[target.own]\nurl = sqlite:///%%(here)s/own.db\n' >>retort.ini
	works upgrade -t 'shop/a*'
	[ "$(at acme)$(at apex)" = c3c3 ]
	[ ! -e best.db ] && [ ! -e own.db ]
	works upgrade -t shop
	[ "$(at best)" = c3 ]
	works -t '*/best' current
	output_is <<<'c3 (head)'
	works -t own upgrade
	works -t own -t shop/best -t shop status --format json
	json 'map(.target) == ["shop/acme", "shop/apex", "shop/best", "own"]'
	refuses 2 "no target is called 'shop/nobody': there are shop/acme, shop/apex and shop/best" -t shop/nobody current
	refuses 2 "no target is called 'own/acme'" -t own/acme current
	# files are read without asking who is there
	rm names
	works heads --all
}

@test "a name may have a URL of its own, which is never shown" {
	listed
	printf 'a\tsqlite:///%s/elsewhere.db\nb\n\nc\tnosuch://u:sesame@h/x\r\n' "$PWD" >names
	run --separate-stderr retort upgrade --all --on-error continue
	[ "$status" -eq 1 ] || report
	[ "$(at elsewhere)$(at b)" = c3c3 ]
	silent sesame
	printf 'a\tsqlite:///x.db\nb\tsqlite:///x.db\n' >names
	refuses 2 "cannot run target 'shop/b' with 'shop/a': both have the same URL and schema" upgrade --all
}

@test "a name stands in URLs, tables and variables, whatever it holds" {
	printf '%s\n' '[target.shop]' 'targets_command = cat names' 'url = sqlite:///%(here)s/%(tenant)s.db' \
		'version_table = v_%(tenant)s' '[target.shop.variables]' 'who = <%(tenant)s>' >>retort.ini
	# shellcheck disable=SC2016
	names 'far east' 'a%20b' 'x?y=1&z' 'q"u"o' 'Ünï' '$(id)' '-t' '*'
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - execute: "CREATE TABLE who AS SELECT replace('${who}', '<', '[') AS name"
		downgrade: [{drop_table: who}]
	END
	works upgrade --all -j 3
	[ "$(sqlite3 'far east.db' 'SELECT version_num FROM "v_far east"; SELECT name FROM who')" = "$(printf 'd4\n[far east>')" ]
	[ "$(sqlite3 'a%20b.db' 'SELECT name FROM who')$(sqlite3 'x?y=1&z.db' 'SELECT name FROM who')" = '[a%20b>[x?y=1&z>' ]
	[ -e 'Ünï.db' ] && [ -e "\$(id).db" ] && [ -e ./-t.db ] && [ -e '*.db' ] && [ -e 'q"u"o.db' ]
	works -t 'shop/\*' current
	output_is <<<'d4 (head)'
}

@test "lists that can't be used: one clear error each, and nothing runs" {
	listed
	refuses 1 "retort.ini:4: cannot list the targets of 'shop': cannot run 'targets_command': it ended with status 1" upgrade --all
	: >names
	refuses 1 "cannot list the targets of 'shop': targets_command gave no name" upgrade --all
	names a b a
	refuses 1 "line 3 of targets_command: 'a' is listed twice" upgrade --all
	names a ../b
	refuses 1 "line 2 of targets_command: its name holds '/' or ',': '../b'" upgrade --all
	names a ..
	refuses 1 "line 2 of targets_command: its name is that of a folder" upgrade --all
	names a 'b '
	refuses 1 "line 2 of targets_command: its name begins or ends with a blank" upgrade --all
	printf 'a\n\tsqlite:///x.db\n' >names
	refuses 1 'line 2 of targets_command: it has no name' upgrade --all
	printf 'a\nb\033[31m\n' >names
	refuses 1 'line 2 of targets_command: its name holds a control character' upgrade --all
	printf 'a\nb\377\n' >names
	refuses 1 'line 2 of targets_command: its name is no UTF-8' upgrade --all
	printf 'a\0b\n' >names
	refuses 1 'targets_command printed a zero byte' upgrade --all
	head -c 300 /dev/zero | tr '\0' x >names
	refuses 1 'line 1 of targets_command: its name is longer than 200 bytes' upgrade --all
	run --separate-stderr retort upgrade --all --format json
	[ "$status" -eq 1 ] || report
	json '.error.code == "config" and .error.line == 4'
	sed -i 's/%(tenant)s/same/' retort.ini
	names a b
	refuses 1 "all would be the same database: write %(tenant)s into url, or give a URL beside each name" upgrade --all
}

@test "a query lists targets: names, and URLs if need be" {
	sqlite3 control.db "CREATE TABLE shop (name, url); INSERT INTO shop VALUES ('a', NULL), ('b', 'sqlite:///$PWD/other.db')"
	printf '%s\n' '[target.shop]' 'targets_url = sqlite:///%(here)s/control.db' 'targets_query =' \
		'  SELECT name, url /* ; no comment of the file */' '  FROM shop ORDER BY 1' \
		'url = sqlite:///%(here)s/%(tenant)s.db' >>retort.ini
	works upgrade --all -j 2
	[ "$(at a)$(at other)" = c3c3 ]
	[ "$(sqlite3 control.db '.tables')" = shop ]
	refuse_query() { sed -i "/^targets_query/,/^url/{/^url/!d}; s/^url/targets_query = $1\nurl/" retort.ini; }
	refuse_query 'SELECT 1, 2, 3'
	refuses 1 'targets_query gives 3 columns, where a name and perhaps a URL are expected' current --all
	refuse_query 'SELECT NULL'
	refuses 1 "cannot list the targets of 'shop': row 1 of targets_query: it has no name" current --all
	refuse_query 'SELECT name FROM nowhere'
	refuses 1 "cannot list the targets of 'shop': " current --all
	tells 'statement: SELECT name FROM nowhere'
	refuse_query 'SELECT 1 WHERE 0'
	refuses 1 'targets_query gave no name' current --all
	refuse_query "INSERT INTO shop VALUES ('c', NULL) RETURNING name"
	refuses 1 "cannot list the targets of 'shop': " current --all
	refuse_query 'SELECT 1'
	sed -i '/^targets_url/d' retort.ini
	refuses 1 'the URL holds %(tenant)s: write targets_url = URL of the database that targets_query asks' current --all
	sed -i 's|^targets_query|targets_url = sqlite:////nowhere/x.db\n&|' retort.ini
	refuses 5 "cannot list the targets of 'shop': " current --all
}

@test "url_command may print the pattern of URLs" {
	listed
	names a b
	sed -i "s|^url = .*|url_command = echo 'sqlite:///'\"\$PWD\"'/%(tenant)s.db'|" retort.ini
	works upgrade --all -j 2
	[ "$(at a)$(at b)" = c3c3 ]
}

@test "keys of lists belong into a target, one of the two" {
	sed -i 's/^\[retort\]/&\ntargets_query = SELECT 1/' retort.ini
	refuses 1 "retort.ini:2: key 'targets_query' belongs in a section [target.NAME]" heads
	sed -i 2d retort.ini
	listed 'targets_query = SELECT 1'
	refuses 1 "give 'targets_command' or 'targets_query', not both" heads
}
