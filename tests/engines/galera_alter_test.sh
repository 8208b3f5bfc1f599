#!/bin/sh
# SPDX-License-Identifier: MIT
# A long ALTER TABLE stops all writes of a cluster, the beats of its own run's heart too: for longer than a waiter's
# patience nobody takes the lease from the holder, a waiter with a short timeout gives up in time, and one
# with a long one goes on when the statement is over.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/lock.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start galera
lock_project 'INSERT INTO t (a) VALUES (NUMBER)'
DATABASE_URL=$ENGINE_URL "$RETORT" -q upgrade head || exit 1
lock_revision b000 a009 'execute: "ALTER TABLE t ADD COLUMN b INT, ALGORITHM=COPY"'
lock_revision c000 b000 'execute: INSERT INTO t (a) VALUES (200)'

# What the cluster kills no other session's lock for: a table flushed for reading. So the ALTER is long without work.
for node in 1 2 3; do
	(
		echo 'FLUSH TABLES retort.t WITH READ LOCK; SELECT 1;'
		sleep 21.5
	) | "$(mariadb_program mariadb)" --no-defaults -n -u retort --socket="$ENGINE_DIR/$node/sock" >"flush$node" &
done
for node in 1 2 3; do
	engine_wait 10 test -s "flush$node" || lock_fail "no lock on the table"
done
lock_start holder env DATABASE_URL="$(galera_node_url "$ENGINE_DIR" 1)" "$RETORT" upgrade b000
sleep 1
lock_start waiter env DATABASE_URL="$(galera_node_url "$ENGINE_DIR" 2)" "$RETORT" upgrade head
began=$(date +%s)
RETORT_LOCK_TIMEOUT=1s DATABASE_URL=$(galera_node_url "$ENGINE_DIR" 3) "$RETORT" upgrade head >short.out 2>&1
[ $? = 4 ] || lock_fail "a short wait did not end with 4:" short.out
[ $(($(date +%s) - began)) -le 4 ] || lock_fail "a wait of 1 s took $(($(date +%s) - began)) s"
lock_said short.out 'the lock is held by .* pid'
engine_wait 5 test -s holder.status && lock_fail "the ALTER was not long:" holder.out
lock_end holder 0
lock_end waiter 0
lock_said waiter.out 'Running upgrade b000 -> c000'
grep -q 'Running upgrade a009 -> b000' waiter.out && lock_fail "the waiter took the holder's work:" waiter.out
lock_rows 12,11 "$(mariadb_admin "$ENGINE_DIR/2" "SELECT count(*), (SELECT count(*) FROM retort.t) FROM retort.retort_history
	WHERE state = 'done'" | tr '\t' ',')"
echo "galera: nobody takes the lease while a long ALTER stops the cluster"
