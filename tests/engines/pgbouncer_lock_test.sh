#!/bin/sh
# SPDX-License-Identifier: MIT
# Through a pooler in transaction pooling: the lease is chosen by itself; sixteen upgrades at once run each revision
# exactly once; a statement longer than a waiter's patience keeps the lease; a holder that stood still for
# longer than that loses it, and finds that out before it writes; a killed one blocks nobody.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/lock.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start pgbouncer
for name in long still; do
	pgbouncer_fresh "$ENGINE_DIR" $name
done
export DATABASE_URL="$ENGINE_URL"

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$(pgbouncer_url "$ENGINE_DIR" "$1")" -c "$2"
}

lock_project 'INSERT INTO t (a) SELECT NUMBER FROM pg_sleep(0.02)'
lock_together "$ENGINE_URL"
lock_rows 0,1,2,3,4,5,6,7,8,9 "$(ask retort "SELECT string_agg(a::text, ',' ORDER BY a) FROM t")"
lock_rows t "$(ask retort "SELECT to_regclass('retort_lock') IS NOT NULL")"
echo "pgbouncer: 16 at once, each revision once, by the lease"

# Two databases at a time: in one the holder's statement is long, in the other the holder is stopped.
long=$(pgbouncer_url "$ENGINE_DIR" long) still=$(pgbouncer_url "$ENGINE_DIR" still)
DATABASE_URL=$long "$RETORT" -q upgrade head && DATABASE_URL=$still "$RETORT" -q upgrade head || exit 1
lock_revision b000 a009 "execute: INSERT INTO t (a) SELECT 100 FROM pg_sleep((SELECT s FROM nap))"
ask long 'CREATE TABLE nap AS SELECT 21 AS s'
ask still 'CREATE TABLE nap AS SELECT 1 AS s'
ask retort 'CREATE TABLE nap AS SELECT 30 AS s'
lock_start holder env DATABASE_URL="$long" "$RETORT" upgrade head
DATABASE_URL=$still "$RETORT" upgrade head >stopped.out 2>&1 &
stopped=$!
engine_wait 10 grep -q b000 stopped.out && engine_wait 10 grep -q b000 holder.out || lock_fail "no beginning" stopped.out
kill -STOP $stopped
lock_start waiter env DATABASE_URL="$long" "$RETORT" upgrade head
lock_start heir env DATABASE_URL="$still" "$RETORT" upgrade head
RETORT_LOCK_TIMEOUT=300ms DATABASE_URL=$long "$RETORT" upgrade head >short.out 2>&1
[ $? = 4 ] || lock_fail "waiting in vain is not 4" short.out
lock_said short.out 'the lock is held by .* pid [0-9]+ since 20'

# Meanwhile, in the third: a holder that was killed.
"$RETORT" upgrade head >killed.out 2>&1 &
killed=$!
engine_wait 10 grep -q b000 killed.out || lock_fail "no beginning" killed.out
kill -9 $killed
wait $killed 2>/dev/null
ask retort 'UPDATE nap SET s = 0'
"$RETORT" upgrade head >after.out 2>&1 || lock_fail "a dead holder is in the way:" after.out
lock_rows 1 "$(ask retort 'SELECT count(*) FROM t WHERE a = 100')"
echo "pgbouncer: a killed holder blocks nobody"

lock_end holder 0
lock_end waiter 0
grep -q 'Running upgrade' waiter.out && lock_fail "a holder at work was robbed:" waiter.out
lock_rows 1 "$(ask long 'SELECT count(*) FROM t WHERE a = 100')"
echo "pgbouncer: a long statement keeps the lease"
lock_end heir 0
kill -CONT $stopped
wait $stopped
[ $? = 4 ] || lock_fail "a holder that has lost the lease goes on:" stopped.out
lock_said stopped.out 'the lock was taken over by another run'
lock_rows 1,1 "$(ask still "SELECT (SELECT count(*) FROM t WHERE a = 100) || ',' || count(*) FROM retort_history
	WHERE revision = 'b000' AND state = 'done'")"
echo "pgbouncer: a holder that stood still is relieved, and writes nothing any more"
