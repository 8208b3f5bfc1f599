#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL: sixteen upgrades at once, of which each revision runs exactly once and all succeed; a lock
# that isn't given is exit 4 and names its holder; a dead holder blocks nobody.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }

# One revision that makes a table, and nine that put a row into it.
write_project() {
	mkdir -p "$1/migrations/versions"
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 60s\n' >"$1/retort.ini"
	down=null
	for n in 0 1 2 3 4 5 6 7 8 9; do
		{
			printf 'revision: a00%s\ndown_revision: %s\nupgrade:\n' "$n" "$down"
			[ "$n" -gt 0 ] || echo '  - create_table: {name: t, columns: {a: integer}}'
			echo "  - execute: INSERT INTO t SELECT $n FROM (SELECT SLEEP(0.02)) AS s"
			echo 'downgrade: {irreversible: it is a test}'
		} >"$1/migrations/versions/a00${n}_step.yaml"
		down=a00$n
	done
}

upgrade_together() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		("$RETORT" upgrade head >"$1/out$n" 2>&1; echo $? >"$1/status$n") &
	done
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		engine_wait 90 test -s "$1/status$n"
		[ "$(cat "$1/status$n")" = 0 ] || { echo "one of 16 failed:"; cat "$1/out$n"; return 1; }
	done
	rows=$("${engine}_admin" "$1" "SELECT group_concat(a ORDER BY a) FROM retort.t")
	[ "$rows" = 0,1,2,3,4,5,6,7,8,9 ] || { echo "not once each: $rows"; return 1; }
}

for engine in mariadb mysql; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	write_project "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	upgrade_together "$ENGINE_DIR" || exit 1
	grep -q 'waiting for the lock held by' "$ENGINE_DIR"/out* || { echo "nobody says for whom he waits"; exit 1; }
	echo "$engine: 16 at once, each revision once"
	# A holder that sleeps keeps the next one out, until the server's work for it ends.
	{
		printf 'revision: b000\ndown_revision: a009\nupgrade:\n  - execute: DO SLEEP(30)\n'
		echo 'downgrade: {irreversible: it is a test}'
	} >migrations/versions/b000_sleep.yaml
	"$RETORT" upgrade head >holder 2>&1 &
	holder=$!
	sleep 1
	RETORT_LOCK_TIMEOUT=300ms "$RETORT" upgrade head >waiter 2>&1
	status=$?
	[ $status = 4 ] || { echo "waiting in vain was exit $status:"; cat waiter; exit 1; }
	grep -q 'held by retort@localhost pid' waiter || { cat waiter; exit 1; }
	kill -9 $holder
	wait $holder 2>/dev/null
	"${engine}_admin" "$ENGINE_DIR" "SELECT concat('KILL ', ID, ';') FROM information_schema.PROCESSLIST
		WHERE INFO LIKE 'DO SLEEP%'" >kills
	"${engine}_admin" "$ENGINE_DIR" "$(cat kills)"
	"$RETORT" upgrade --resume 'done' >after 2>&1 || { echo "a dead holder is in the way:"; cat after; exit 1; }
	echo "$engine: the holder is named and keeps others out"
done
