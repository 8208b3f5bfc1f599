#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL: a client that is killed before it could say that its statement has run. The next run finds
# by the catalog whether it has, also where it is one of several of an operation, and goes on.
# What was done by hand to a column stays when another property of it is changed.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }

write_project() {
	mkdir -p "$1/migrations/versions"
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 20s\nddl_lock_timeout = 60s\n' \
		>"$1/retort.ini"
	cat >"$1/migrations/versions/a_make.yaml" <<-'END'
		revision: a000
		down_revision: null
		upgrade:
		  - create_table:
		      name: t
		      columns: {id: {type: bigint, primary_key: true}, a: string(9), made: datetime}
		  - insert_rows: {table: t, rows: [{id: 1, a: x}, {id: 2, a: y}]}
	END
	cat >"$1/migrations/versions/b_change.yaml" <<-'END'
		revision: b000
		down_revision: a000
		upgrade:
		  - add_column: {table: t, name: n, type: integer, nullable: false, fill: 7}
		  - alter_column: {table: t, name: a, type: integer, using: "CASE a WHEN 'x' THEN 1 ELSE 2 END"}
		  - rename_table: {name: t, to: u}
		  - create_index: {table: u, columns: [n]}
		  - alter_column: {table: u, name: made, comment: by hand}
	END
}

admin() {
	"${engine}_admin" "$ENGINE_DIR" "$1"
}

waits() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE '%metadata lock%'")" = 1 ]
}

# Runs the upgrade while another session holds the table; kills the client while its statement waits.
kill_while_waiting() {
	admin "LOCK TABLES retort.$1 READ; DO SLEEP(1.5)" &
	lock=$!
	engine_wait 5 holds || { echo "the lock isn't taken"; return 1; }
	"$RETORT" upgrade head >killed 2>&1 &
	client=$!
	engine_wait 10 waits || { echo "nothing waits for the lock:"; cat killed; return 1; }
	kill -9 $client
	wait $client 2>/dev/null
	wait $lock
	engine_wait 10 idle
}

holds() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP(1.5)%'")" = 1 ]
}

idle() {
	[ "$(admin "SELECT count(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND ID <> CONNECTION_ID()")" = 0 ]
}

for engine in mariadb mysql; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	write_project "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	"$RETORT" -q upgrade a000 || exit 1
	admin "ALTER TABLE retort.t MODIFY made DATETIME(6) NULL ON UPDATE CURRENT_TIMESTAMP(6)"
	kill_while_waiting t || exit 1
	# Servers give up what a dead client waits for. As if it had come through:
	[ "$(admin "SELECT count(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'retort' AND COLUMN_NAME = 'n'")" = 1 ] ||
		admin "ALTER TABLE retort.t ADD COLUMN n INT"
	"$RETORT" upgrade head >resumed 2>&1 || { echo "it can't be resumed:"; cat resumed; exit 1; }
	grep -q 'statement 1 of .* has run' resumed || { echo "the statement was run again:"; cat resumed; exit 1; }
	rows=$(admin "SELECT group_concat(concat_ws(',', id, a, n) ORDER BY id SEPARATOR ' ') FROM retort.u")
	[ "$rows" = "1,1,7 2,2,7" ] || { echo "the rows are wrong: $rows"; exit 1; }
	admin "SHOW CREATE TABLE retort.u" >shown
	grep -qi 'on update current_timestamp(6)' shown || { echo "ON UPDATE is lost:"; cat shown; exit 1; }
	grep -q 'by hand' shown && grep -q 'ix_u_n' shown || { cat shown; exit 1; }
	[ "$("$RETORT" current)" = "b000 (head)" ] || { "$RETORT" current; exit 1; }
	echo "$engine: a killed run goes on where it stopped"
done
