# SPDX-License-Identifier: MIT
# What mysql_lock_test.sh and mariadb_lock_test.sh do with their server: sixteen upgrades at once, of which each
# revision runs exactly once and all succeed; a lock that isn't given is exit 4 and names its holder; a dead
# holder blocks nobody; a reader in the way is waited for by turns.
# shellcheck shell=sh disable=SC2154

# shellcheck disable=SC1091
. "$engines_home/lock.sh"

# A reader that keeps its table for so many seconds.
read_for() {
	rm -f reader.out
	{
		echo 'BEGIN; SELECT count(*) FROM t;'
		sleep "$1"
	} | "$(mariadb_program mariadb)" --no-defaults -n -u retort --socket="$ENGINE_DIR/sock" retort >reader.out 2>&1 &
	engine_wait 10 test -s reader.out || lock_fail "no reader"
}

ask() {
	"${engine}_admin" "$ENGINE_DIR" "USE retort; $1"
}

check_holder() {
	lock_revision b000 a009 'execute: INSERT INTO t (a) SELECT 100 FROM (SELECT SLEEP(30)) AS s'
	"$RETORT" upgrade head >holder.out 2>&1 &
	holder=$!
	engine_wait 10 grep -q b000 holder.out || lock_fail "the holder doesn't begin" holder.out
	sleep 0.5
	RETORT_LOCK_TIMEOUT=300ms "$RETORT" upgrade head >waiter.out 2>&1
	[ $? = 4 ] || lock_fail "waiting in vain is not 4" waiter.out
	lock_said waiter.out 'waiting for the lock held by retort@localhost pid [0-9]+'
	lock_said waiter.out 'cannot obtain the lock within 300 ms: it is held by retort@localhost pid [0-9]+ \(Query for [0-9]+ s\)'
	kill -9 $holder
	wait $holder 2>/dev/null
	ask "SELECT concat('KILL ', ID) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(30)%'
		AND ID <> CONNECTION_ID()" >kill.sql
	ask "$(cat kill.sql)"
	lock_revision b000 a009 'execute: INSERT INTO t (a) VALUES (100)'
	"$RETORT" upgrade head >after.out 2>&1 || lock_fail "a dead holder is in the way:" after.out
	lock_rows 1 "$(ask 'SELECT count(*) FROM t WHERE a = 100')"
}

check_reader() {
	lock_revision d000 b000 'add_column: {table: t, name: b, type: integer}'
	read_for 4
	lock_start writer env RETORT_DDL_LOCK_TIMEOUT=1s "$RETORT" upgrade head
	engine_wait 10 grep -q 'trying again' writer.out || lock_fail "no second try:" writer.out
	ask 'SELECT count(*) FROM t' >/dev/null
	[ ! -s writer.status ] || lock_fail "others queue behind the wait"
	lock_end writer 0
	lock_rows 1 "$(grep -c 'Running upgrade' writer.out)"
	lock_said writer.out "operation 1 of 1: cannot add column 'b' to 't': .*: $1retort@localhost connection [0-9]+ \(idle in a transaction for [0-9]+ s\): trying again"
	lock_revision e000 d000 'add_column: {table: t, name: c, type: integer}'
	read_for 6
	RETORT_DDL_LOCK_TIMEOUT=1s RETORT_DDL_LOCK_TRIES=2 "$RETORT" upgrade head >writer.out 2>&1
	[ $? = 4 ] || lock_fail "a reader that stays is not 4:" writer.out
	lock_said writer.out "^migrations/versions/e000_step.yaml:4:5: .*: $1retort@localhost connection [0-9]+ .*; tried 2 times"
	lock_said writer.out 'nothing of this revision remains'
	lock_said writer.out 'next: when the others are done: retort upgrade head$'
	lock_rows d000 "$("$RETORT" current | sed 's/ .*//')"
}

# check_locks ENGINE NAMED: NAMED is how the reader's table is named.
check_locks() {
	engine=$1
	[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	lock_project 'INSERT INTO t (a) SELECT NUMBER FROM (SELECT SLEEP(0.02)) AS s'
	lock_together "$ENGINE_URL"
	lock_rows 0,1,2,3,4,5,6,7,8,9 "$(ask 'SELECT group_concat(a ORDER BY a) FROM t')"
	lock_rows 0 "$(ask "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_NAME = 'retort_lock'")"
	echo "$engine: 16 at once, each revision once"
	check_holder
	echo "$engine: the holder is named; a killed one blocks nobody"
	check_reader "$2"
	echo "$engine: a reader in the way is waited for by turns, and named"
}
