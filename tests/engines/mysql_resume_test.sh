#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL: what a person sees and says of a half-done step.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
export FAULT_DRIVER="$RETORT_BUILD/drivers/mysql.so"

admin() {
	"${engine}_admin" "$ENGINE_DIR" "$1"
}

fail() {
	echo "$engine: $1"
	shift
	[ $# -eq 0 ] || cat "$@"
	exit 1
}

# has FILE TEXT: the file has a line with just this text in it.
has() {
	grep -qF -- "$2" "$1" || fail "not told: $2" "$1"
}

# is TEXT SQL: the one answer of a query.
is() {
	found=$(admin "$2")
	[ "$found" = "$1" ] || fail "$2: '$found', not '$1'"
}

# revision NAME PARENT < operations
revision() {
	{
		printf 'revision: %s\ndown_revision: %s\nupgrade:\n' "$1" "$2"
		cat
	} >"migrations/versions/$1.yaml"
}

fresh() {
	"${engine}_fresh" "$ENGINE_DIR"
	rm -rf migrations
	mkdir -p migrations/versions
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 20s\nddl_lock_timeout = 60s\n' \
		>retort.ini
	revision a000 null <<-'END'
		  - create_table:
		      name: t
		      columns: {id: {type: bigint, primary_key: true}, a: string(9), made: datetime}
		  - insert_rows: {table: t, rows: [{id: 1, a: x}, {id: 2, a: y}]}
	END
	"$RETORT" -q upgrade a000 || exit 1
}

# kill_at PATTERN WHEN COMMAND...: kills the command before or after the call that the pattern finds.
kill_at() {
	pattern=$1 when=$2
	shift 2
	save=$ENGINE_DIR/save.sql
	"$(mariadb_program mariadb-dump)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort --routines retort >"$save"
	rm -f log
	RETORT_DRIVER_PATH=$RETORT_BUILD/tests/faults FAULT_LOG=$PWD/log "$RETORT" -q "$@" >undisturbed 2>&1
	at=$(awk -v pattern="$pattern" '$0 ~ pattern { print $1; exit }' log)
	[ -n "$at" ] || fail "no call is like '$pattern'" log undisturbed
	"${engine}_fresh" "$ENGINE_DIR"
	"$(mariadb_program mariadb)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort retort <"$save"
	FAULT_AT=$at FAULT_WHEN=$when FAULT_HOW=kill RETORT_DRIVER_PATH=$RETORT_BUILD/tests/faults \
		"$RETORT" -q "$@" >killed 2>&1
	[ $? -eq 137 ] || fail "it wasn't killed" killed
}

# ---- a statement that goes on running ----

orphan() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE slow%'")" = 1 ]
}

leave_orphan() {
	fresh
	revision b000 a000 <<-'END'
		  - execute: {sql: "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @@max_connect_errors) SELECT count(*) AS b FROM n AS x, n AS y, n AS z", reverse: "DROP TABLE slow"}
		  - add_column: {table: t, name: n, type: integer}
	END
	admin "SET GLOBAL max_connect_errors = 320"
	"$RETORT" upgrade head >killed 2>&1 &
	client=$!
	engine_wait 20 orphan || fail "nothing runs" killed
	kill -9 $client
	wait $client 2>/dev/null
	orphan || fail "nothing runs any more: the machine is too fast for this test"
}

test_orphan_is_waited_for() {
	leave_orphan
	"$RETORT" upgrade head >resumed 2>&1 || fail "it can't be resumed" resumed
	grep -Eq 'waiting for the running orphan statement of a killed run, age [0-9]+ s: CREATE TABLE slow' resumed ||
		fail "the orphan isn't told" resumed
	has resumed "statement 1 of 'b000' has run"
	is 1 'SELECT count(*) FROM retort.slow'
	is 'done 2 2' "SELECT concat_ws(' ', state, statements, done) FROM retort.retort_history WHERE revision = 'b000'"
}

test_orphan_is_ended() {
	leave_orphan
	admin "SET GLOBAL max_connect_errors = 1"
	"$RETORT" upgrade head --kill-orphan >resumed 2>&1 || fail "it can't be resumed" resumed
	has resumed 'ending the running orphan statement of a killed run, age'
	has resumed "statement 1 of 'b000' is run again"
	is 1 'SELECT count(*) FROM retort.slow'
}

# ---- where only a person can decide ----

doubtful() {
	fresh
	admin "CREATE TABLE retort.counter AS SELECT 0 AS n; CREATE PROCEDURE retort.bump() UPDATE counter SET n = n + 1"
	revision b000 a000 <<-'END'
		  - add_column: {table: t, name: n, type: integer}
		  - execute: {sql: "CALL bump()", reverse: "CALL bump()"}
		  - create_index: {table: t, columns: [n]}
	END
}

undecided() {
	"$RETORT" "$@" >told 2>&1
	[ $? -eq 1 ] || fail "what can't be told isn't exit 1" told
	has told "b000.yaml:5:5: cannot tell whether a statement of the half-done 'b000' has run"
	has told '--resume done'
	has told 'CALL bump()'
	"$RETORT" --format json "$@" 2>&1 | grep -q '"code": *"state"' || fail "its code isn't state"
}

test_resume_done_and_redo() {
	doubtful
	kill_at 'CALL bump' after upgrade head
	undecided upgrade head
	"$RETORT" -q upgrade --resume 'done' || fail '--resume done fails'
	is 1 'SELECT n FROM retort.counter'
	doubtful
	kill_at 'CALL bump' before upgrade head
	undecided upgrade head
	"$RETORT" -q upgrade --resume redo || fail '--resume redo fails'
	is 1 'SELECT n FROM retort.counter'
	kill_at 'CALL bump' before downgrade
	undecided downgrade
	"$RETORT" -q downgrade --resume redo || fail 'downgrade --resume redo fails'
	is 2 'SELECT n FROM retort.counter'
	doubtful
	kill_at 'CALL bump' after upgrade head
	undecided downgrade
	"$RETORT" -q downgrade --resume 'done' || fail 'downgrade --resume done fails'
	is 2 'SELECT n FROM retort.counter'
	[ "$("$RETORT" current)" = a000 ] || fail 'it is not where it was before'
}

# ---- what is told of it ----

test_partial_is_shown() {
	doubtful
	kill_at 'CALL bump' before upgrade head
	"$RETORT" status >told 2>&1
	has told 'partial: upgrade b000, 1 of 3 statements done'
	"$RETORT" status --format json | tr -d ' \n' >told
	has told '"partial":{"revision":"b000","direction":"upgrade","done":1,"total":3,"error":null}'
	"$RETORT" current >rows 2>told
	[ "$(cat rows)" = a000 ] || fail 'current shows something else' rows
	has told "the upgrade of 'b000' is half done: 1 of 3 statements"
	"$RETORT" current --format json | tr -d ' \n' >told
	has told '"partial":{"revision":"b000","direction":"upgrade","done":1,'
}

test_stamp_declares() {
	for side in b000:done a000:undone; do
		doubtful
		kill_at 'CALL bump' before upgrade head
		"$RETORT" stamp "${side%:*}" >told 2>&1 || fail 'stamp fails' told
		has told "the half-done upgrade of 'b000' is declared ${side#*:}: 1 of its 3 statements had run"
		"$RETORT" status >told 2>&1
		! grep -q partial told || fail 'a partial step is shown still' told
		[ "$("$RETORT" current)" = "${side%:*}$([ $side != b000:done ] || echo ' (head)')" ] || fail 'stamp went elsewhere'
		is "${side#*:}" "SELECT state FROM retort.retort_history WHERE revision = 'b000' AND direction = 'upgrade'"
	done
}

test_edited_part_is_found() {
	doubtful
	kill_at 'CREATE INDEX|ADD INDEX' before upgrade head
	cp migrations/versions/b000.yaml whole
	sed 's/name: n, type: integer/name: n, type: bigint/' whole >migrations/versions/b000.yaml
	"$RETORT" upgrade head >told 2>&1
	[ $? -eq 1 ] || fail 'an edited part is no failure' told
	has told "migrations/versions/b000.yaml: cannot resume 'b000': operations that are done already were edited"
	"$RETORT" downgrade >told 2>&1
	[ $? -eq 1 ] || fail 'an edited part can be undone' told
	{
		sed '$d' whole
		echo '  - create_index: {table: t, columns: [a, n]}'
	} >migrations/versions/b000.yaml
	# The statement in doubt is part of what has begun.
	"$RETORT" upgrade head >told 2>&1
	[ $? -eq 1 ] || fail 'an edited statement in doubt goes on' told
	{
		cat whole
		echo '  - add_column: {table: t, name: later, type: integer}'
	} >migrations/versions/b000.yaml
	"$RETORT" upgrade head >told 2>&1 || fail 'what comes later may be edited' told
	is 1 "SELECT count(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'retort' AND COLUMN_NAME = 'later'"
	"$RETORT" status >told 2>&1
	! grep -q changed told || fail 'the file counts as changed' told
	mv migrations/versions/b000.yaml whole
	"$RETORT" -q downgrade 2>told
	mv whole migrations/versions/b000.yaml
	"$RETORT" -q downgrade || fail 'it cannot be taken back'
}

# ---- what was done by hand ----

waits() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE '%metadata lock%'")" = 1 ]
}

holds() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP(1.5)%'")" = 1 ]
}

idle() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND ID <> CONNECTION_ID()")" = 0 ]
}

# Killed while its statement waits for another session's table; a column keeps what was done to it by hand.
test_by_hand_stays() {
	fresh
	revision b000 a000 <<-'END'
		  - add_column: {table: t, name: n, type: integer, nullable: false, fill: 7}
		  - alter_column: {table: t, name: a, type: integer, using: "CASE a WHEN 'x' THEN 1 ELSE 2 END"}
		  - rename_table: {name: t, to: u}
		  - create_index: {table: u, columns: [n]}
		  - alter_column: {table: u, name: made, comment: by hand}
	END
	admin "ALTER TABLE retort.t MODIFY made DATETIME(6) NULL ON UPDATE CURRENT_TIMESTAMP(6)"
	admin "LOCK TABLES retort.t READ; DO SLEEP(1.5)" &
	lock=$!
	engine_wait 5 holds || fail "the lock isn't taken"
	"$RETORT" upgrade head >killed 2>&1 &
	client=$!
	engine_wait 10 waits || fail "nothing waits for the lock" killed
	kill -9 $client
	wait $client 2>/dev/null
	wait $lock
	engine_wait 10 idle
	# Servers give up what a dead client waits for. As if it had come through:
	[ "$(admin "SELECT count(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'retort' AND COLUMN_NAME = 'n'")" = 1 ] ||
		admin "ALTER TABLE retort.t ADD COLUMN n INT"
	"$RETORT" upgrade head >resumed 2>&1 || fail "it can't be resumed" resumed
	has resumed "statement 1 of 'b000' has run"
	is '1,1,7 2,2,7' "SELECT group_concat(concat_ws(',', id, a, n) ORDER BY id SEPARATOR ' ') FROM retort.u"
	admin "SHOW CREATE TABLE retort.u" >shown
	grep -qi 'on update current_timestamp(6)' shown || fail "ON UPDATE is lost" shown
	has shown 'by hand'
	has shown ix_u_n
	[ "$("$RETORT" current)" = "b000 (head)" ] || fail 'it is not at the head'
}

for engine in ${CRASH_ENGINES:-mariadb mysql}; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	mkdir "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	for case in orphan_is_waited_for orphan_is_ended resume_done_and_redo partial_is_shown stamp_declares \
		edited_part_is_found by_hand_stays; do
		"test_$case"
		echo "$engine: $case"
	done
done
