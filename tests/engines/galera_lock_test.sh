#!/bin/sh
# SPDX-License-Identifier: MIT
# On a cluster of three servers that all take writes: the lease is chosen by itself; sixteen upgrades at once, spread
# over the servers, run each revision exactly once; a holder that was killed on one server blocks no other.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/lock.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start galera
one=$(galera_node_url "$ENGINE_DIR" 1) two=$(galera_node_url "$ENGINE_DIR" 2) three=$(galera_node_url "$ENGINE_DIR" 3)
lock_project 'INSERT INTO t (a) SELECT NUMBER FROM (SELECT SLEEP(0.02)) AS s'
lock_together "$one" "$two" "$three"
lock_rows 0,1,2,3,4,5,6,7,8,9 "$(mariadb_admin "$ENGINE_DIR/2" 'SELECT group_concat(a ORDER BY a) FROM retort.t')"
lock_rows 10 "$(mariadb_admin "$ENGINE_DIR/3" "SELECT count(*) FROM retort.retort_history WHERE state = 'done'")"
lock_rows 1 "$(mariadb_admin "$ENGINE_DIR/3" 'SELECT count(*) FROM retort.retort_lock WHERE token IS NULL')"
echo "galera: 16 at once on three servers, each revision once, by the lease"

# The holder's statement ends in the middle, on the first server; the next run is on the second.
lock_revision b000 a009 'execute: INSERT INTO t (a) SELECT 100 FROM (SELECT SLEEP(20)) AS s'
DATABASE_URL=$one "$RETORT" upgrade head >holder.out 2>&1 &
holder=$!
engine_wait 10 test "$(mariadb_admin "$ENGINE_DIR/2" 'SELECT count(token) FROM retort.retort_lock')" = 1
sleep 1
RETORT_LOCK_TIMEOUT=500ms DATABASE_URL=$two "$RETORT" upgrade head >waiter.out 2>&1
[ $? = 4 ] || lock_fail "waiting in vain is not 4" waiter.out
lock_said waiter.out "the lock is held by $(id -un)@.* pid $holder since 20"
kill -9 $holder
wait $holder 2>/dev/null
mariadb_admin "$ENGINE_DIR/1" "SELECT concat('KILL ', ID) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(20)%'
	AND ID <> CONNECTION_ID()" >kill.sql
mariadb_admin "$ENGINE_DIR/1" "$(cat kill.sql)"
sed -i 's/SLEEP(20)/SLEEP(0)/' migrations/versions/b000_step.yaml
DATABASE_URL=$two "$RETORT" upgrade head >after.out 2>&1 || lock_fail "a dead holder is in the way:" after.out
lock_rows 1 "$(mariadb_admin "$ENGINE_DIR/3" 'SELECT count(*) FROM retort.t WHERE a = 100')"
echo "galera: a killed holder blocks no other server"
