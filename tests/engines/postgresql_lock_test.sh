#!/bin/sh
# SPDX-License-Identifier: MIT
# Sixteen upgrades at once: each revision runs exactly once and all succeed; straight to the server by its
# advisory lock, through a pooler by the lease.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }

# One revision that makes a table, and ten that put a row into it.
write_project() {
	mkdir -p "$1/migrations/versions"
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 60s\n' >"$1/retort.ini"
	down=null
	for n in 0 1 2 3 4 5 6 7 8 9; do
		{
			printf 'revision: a00%s\ndown_revision: %s\nupgrade:\n' "$n" "$down"
			[ "$n" -gt 0 ] || echo '  - create_table: {name: t, columns: {a: integer}}'
			echo "  - execute: INSERT INTO t SELECT $n FROM pg_sleep(0.02)"
			echo 'downgrade: {irreversible: it is a test}'
		} >"$1/migrations/versions/a00${n}_step.yaml"
		down=a00$n
	done
}

upgrade_together() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		("$RETORT" upgrade head >"$1/out$n" 2>&1; echo $? >"$1/status$n") &
	done
	wait
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		[ "$(cat "$1/status$n")" = 0 ] || { echo "one of 16 failed:"; cat "$1/out$n"; return 1; }
	done
	rows=$(psql -XqAt "$DATABASE_URL" -c "SELECT string_agg(a::text, ',' ORDER BY a) FROM t")
	[ "$rows" = 0,1,2,3,4,5,6,7,8,9 ] || { echo "not once each: $rows"; return 1; }
}

for engine in postgresql pgbouncer; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	write_project "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	upgrade_together "$ENGINE_DIR" || exit 1
	lease=$(psql -XqAt "$DATABASE_URL" -c "SELECT to_regclass('retort_lock') IS NOT NULL")
	case $engine$lease in
	postgresqlf | pgbouncert) ;;
	*) echo "$engine: the wrong kind of lock"; exit 1 ;;
	esac
	[ "$engine" = pgbouncer ] || grep -q 'waiting for the lock held by' "$ENGINE_DIR"/out* ||
		{ echo "nobody says for whom he waits"; exit 1; }
	echo "$engine: 16 at once, each revision once"
done
