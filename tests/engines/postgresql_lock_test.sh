#!/bin/sh
# SPDX-License-Identifier: MIT
# On PostgreSQL by its advisory lock: sixteen upgrades at once, of which each revision runs exactly once and all
# succeed; a lock that isn't given is exit 4 and names its holder; a dead holder blocks nobody; indexes made
# concurrently don't wait for those who wait for the lock; a reader in the way is waited for by turns.
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

# A reader that keeps its table for so many seconds.
read_for() {
	rm -f reader.out
	{
		echo 'BEGIN; SELECT count(*) FROM t;'
		sleep "$1"
	} | PGAPPNAME=report psql -Xq "$ENGINE_URL" >reader.out 2>&1 &
	engine_wait 10 test -s reader.out || lock_fail "no reader"
}

lock_project 'INSERT INTO t (a) SELECT NUMBER FROM pg_sleep(0.02)'
lock_together "$ENGINE_URL"
lock_rows 0,1,2,3,4,5,6,7,8,9 "$(ask "SELECT string_agg(a::text, ',' ORDER BY a) FROM t")"
lock_rows f "$(ask "SELECT to_regclass('retort_lock') IS NOT NULL")"
echo "postgresql: 16 at once, each revision once"

lock_revision b000 a009 'execute: SELECT pg_sleep(30)'
"$RETORT" upgrade head >holder.out 2>&1 &
holder=$!
engine_wait 10 grep -q b000 holder.out || lock_fail "the holder doesn't begin" holder.out
RETORT_LOCK_TIMEOUT=300ms "$RETORT" upgrade head >waiter.out 2>&1
[ $? = 4 ] || lock_fail "waiting in vain is not 4" waiter.out
lock_said waiter.out 'waiting for the lock held by .*@.* pid [0-9]+ since 20'
lock_said waiter.out 'cannot obtain the lock within 300 ms: it is held by .* pid [0-9]+ since 20'
kill -9 $holder
wait $holder 2>/dev/null
lock_revision b000 a009 'execute: SELECT pg_sleep(0)'
"$RETORT" upgrade head >after.out 2>&1 || lock_fail "a dead holder is in the way:" after.out
lock_rows 1 "$(ask "SELECT count(*) FROM retort_history WHERE revision = 'b000' AND state = 'done'")"
echo "postgresql: the holder is named; a killed one blocks nobody"

# Two at once, while a reader's old snapshot keeps both from their end for a while.
lock_revision c000 b000 'create_index: {table: t, name: ix_t_a, columns: [a], concurrently: true}'
read_for 2
lock_start first env RETORT_DDL_LOCK_TIMEOUT=300ms "$RETORT" upgrade head
lock_start second env RETORT_DDL_LOCK_TIMEOUT=300ms "$RETORT" upgrade head
lock_end first 0
lock_end second 0
lock_rows t "$(ask "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_t_a'::regclass")"
echo "postgresql: an index is made concurrently by one of two"

# The reader ends: meanwhile others can read. Then one that doesn't.
lock_revision d000 c000 'add_column: {table: t, name: b, type: integer}'
read_for 3
lock_start writer env RETORT_DDL_LOCK_TIMEOUT=400ms "$RETORT" upgrade head
engine_wait 10 grep -q 'trying again' writer.out || lock_fail "no second try:" writer.out
PGOPTIONS='-c statement_timeout=1500ms' ask 'SELECT count(*) FROM t' >/dev/null || lock_fail "others queue behind the wait"
lock_end writer 0
lock_rows 1 "$(grep -c 'Running upgrade' writer.out)"
lock_said writer.out "operation 1 of 1: cannot add column 'b' to 't': .*: 't' is locked by retort@localhost pid [0-9]+, report \(idle in transaction since 20"
lock_revision e000 d000 'add_column: {table: t, name: c, type: integer}'
read_for 6
RETORT_DDL_LOCK_TIMEOUT=300ms RETORT_DDL_LOCK_TRIES=2 "$RETORT" upgrade head >writer.out 2>&1
[ $? = 4 ] || lock_fail "a reader that stays is not 4:" writer.out
lock_said writer.out "^migrations/versions/e000_step.yaml:4:5: .*: 't' is locked by retort@localhost pid [0-9]+, report .*; tried 2 times"
lock_said writer.out 'rolled back, nothing of this revision remains'
lock_said writer.out 'next: when the others are done: retort upgrade head$'
lock_rows d000 "$("$RETORT" current | sed 's/ .*//')"
echo "postgresql: a reader in the way is waited for by turns, and named"
