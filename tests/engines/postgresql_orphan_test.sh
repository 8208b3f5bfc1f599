#!/bin/sh
# SPDX-License-Identifier: MIT
# On PostgreSQL: what a killed run has left running on the server. Its session holds the advisory lock as long as it
# lives, so the next run names it and waits; the statement of a step in one transaction leaves nothing and runs again,
# that of a journalled one has run or is ended by --kill-orphan. Each revision takes effect exactly once.
# The server ends what a dead client waits for after two seconds: that is switched off here where it has to go on, and
# how long it goes on is up to the test, which holds an advisory lock of its own.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/lock.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start postgresql
export DATABASE_URL="$ENGINE_URL"

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" -c "$1"
}

# Keeps what the orphan waits for until `release`.
keep() {
	PGAPPNAME=keeper ask 'SELECT pg_advisory_lock(7), pg_sleep(300)' >/dev/null 2>&1 &
	keeper=$!
	engine_wait 10 kept || lock_fail "the gate isn't closed"
}

kept() {
	[ "$(ask "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND granted")" = 1 ]
}

release() {
	lock_rows t "$(ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'keeper'")"
	wait "$keeper"
}

# Sessions that wait there.
waiting() {
	ask "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted"
}

waits() {
	[ "$(waiting)" = 1 ]
}

# write_slow TRANSACTION SETTING: a revision of which one statement waits for the gate.
write_slow() {
	cat >migrations/versions/b000_slow.yaml <<-END
		revision: b000
		down_revision: a009
		transaction: $1
		upgrade:
		  - execute: {sql: "INSERT INTO t (a) VALUES (100)", reverse: "DELETE FROM t WHERE a = 100"}
		  - execute: {sql: "$2", reverse: []}
		  - execute: {sql: "CREATE TABLE slow AS SELECT 1 AS b FROM pg_advisory_lock(7)", reverse: "DROP TABLE slow"}
		  - add_column: {table: t, name: n, type: integer}
	END
}

# leave_orphan TRANSACTION SETTING: kills the process while that statement runs; it goes on running.
leave_orphan() {
	write_slow "$1" "$2"
	keep
	"$RETORT" upgrade head >killed.out 2>&1 &
	client=$!
	engine_wait 20 waits || lock_fail "nothing runs" killed.out
	orphan=$(ask "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted")
	kill -9 $client
	wait $client 2>/dev/null
}

gone() {
	[ "$(ask "SELECT count(*) FROM pg_stat_activity WHERE pid = $orphan")" = 0 ]
}

# What b000 has to leave, once.
ended_well() {
	lock_rows '1 1' "$(ask "SELECT count(*), (SELECT count(*) FROM t WHERE a = 100) FROM slow" | tr '|' ' ')"
	lock_rows 1 "$(ask "SELECT count(*) FROM retort_history WHERE revision = 'b000' AND state = 'done'")"
	lock_rows 0 "$(ask "SELECT count(*) FROM retort_history WHERE state = 'running'")"
	lock_rows 'b000 (head)' "$("$RETORT" current)"
	gone || lock_fail "the orphan is still there"
	"$RETORT" -q downgrade a009 || lock_fail "it cannot be taken back"
	lock_rows '0 t' "$(ask "SELECT count(*) FILTER (WHERE a = 100), to_regclass('slow') IS NULL FROM t" | tr '|' ' ')"
	ask "DELETE FROM retort_history WHERE revision = 'b000'"
}

lock_project 'INSERT INTO t (a) VALUES (NUMBER)'
echo 'ddl_lock_timeout = 90s' >>retort.ini # an advisory lock counts as one
"$RETORT" -q upgrade head || exit 1

# One transaction: it ends by itself, with nothing.
for transaction in migration all; do
	leave_orphan $transaction 'SET LOCAL client_connection_check_interval = 0'
	lock_start next "$RETORT" upgrade head
	engine_wait 20 grep -qE "waiting for the lock held by .*@.* pid $orphan since 20" next.out ||
		lock_fail "the orphan isn't named:" next.out
	sleep 3 # longer than the server would have left it
	waits || lock_fail "the orphan is gone, or another one runs beside it"
	[ ! -e next.status ] || lock_fail "the next run didn't wait:" next.out
	release
	lock_end next 0
	ended_well
	echo "postgresql: transaction $transaction: the orphan holds the lock, is named and waited for"
done
leave_orphan migration 'SET LOCAL client_connection_check_interval = 0'
RETORT_LOCK_TIMEOUT=300ms "$RETORT" upgrade head >next.out 2>&1
[ $? = 4 ] || lock_fail "an orphan that stays is not 4:" next.out
lock_said next.out "cannot obtain the lock within 300 ms: it is held by .*@.* pid $orphan since 20"
release
"$RETORT" upgrade head >next.out 2>&1 || lock_fail "it doesn't go on:" next.out
ended_well
echo "postgresql: transaction migration: an orphan that stays is exit 4"

# The server itself ends it, although it would have to wait still.
leave_orphan migration 'SELECT 1'
engine_wait 20 gone || lock_fail "the server leaves the orphan"
lock_start next "$RETORT" upgrade head
engine_wait 20 waits || lock_fail "the lock is still held:" next.out
release
lock_end next 0
ended_well
echo "postgresql: transaction migration: the server ends an orphan that it may end"

# Journalled: what runs to its end has run.
leave_orphan none 'SET client_connection_check_interval = 0'
lock_start next "$RETORT" upgrade head
engine_wait 20 grep -qE 'waiting for the running orphan statement of a killed run, age [0-9]+ s: CREATE TABLE slow' next.out ||
	lock_fail "the orphan isn't told:" next.out
[ ! -e next.status ] || lock_fail "the next run didn't wait:" next.out
release
lock_end next 0
lock_said next.out "statement 3 of 'b000' has run"
ended_well
echo "postgresql: transaction none: the orphan is waited for, and has run"

leave_orphan none 'SET client_connection_check_interval = 0'
lock_start next "$RETORT" upgrade head --kill-orphan
engine_wait 20 grep -q "statement 3 of 'b000' is run again" next.out || lock_fail "the orphan isn't ended:" next.out
lock_said next.out 'ending the running orphan statement of a killed run, age [0-9]+ s: CREATE TABLE slow'
gone || lock_fail "the orphan is still there"
release
lock_end next 0
ended_well
echo "postgresql: transaction none: --kill-orphan ends it, and the statement is run again"
