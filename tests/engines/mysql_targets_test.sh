#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL: many databases of one server, listed by a query. -j works on several at a time; one that
# fails or loses its connection leaves the others right, and a second run finishes only what is left. TARGETS says
# how many databases there are.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
count=${TARGETS:-16}

ask() {
	"${engine}_admin" "$ENGINE_DIR" "$1"
}

# expect WHAT EXPECTED FOUND
expect() {
	[ "$2" = "$3" ] && return
	printf '%s: %s: expected\n%s\nfound\n%s\n' "$engine" "$1" "$2" "$3"
	exit 1
}

# run STATUS ARGUMENT...: retort, whose streams are in the files out and err
run() {
	wanted=$1
	shift
	"$RETORT" "$@" >out 2>err
	status=$?
	[ "$status" -eq "$wanted" ] && return
	echo "$engine: retort $*: expected status $wanted, found $status:"
	tail -n 30 out err
	exit 1
}

# How many databases stand at which revisions.
standing() {
	ask "SELECT concat('SELECT version_num FROM \`', TABLE_SCHEMA, '\`.retort_version;') FROM information_schema.TABLES
		WHERE TABLE_NAME = 'retort_version'" >queries
	ask "$(cat queries)" | sort | uniq -c | xargs
}

write_project() {
	mkdir -p migrations/versions
	cat >retort.ini <<-END
		[retort]
		script_location = migrations

		[target.shop]
		targets_url = $ENGINE_URL
		targets_query = SELECT name FROM shop ORDER BY number
		url = $(echo "$ENGINE_URL" | sed 's|/retort\([?]\)|/%(tenant)s\1|')
	END
	cat >migrations/versions/a000.yaml <<-'END'
		revision: a000
		down_revision: null
		upgrade:
		  - create_table:
		      name: item
		      columns: {id: {type: bigint, primary_key: true, autoincrement: true}, name: {type: string(40), index: true}}
		  - insert_rows: {table: item, columns: [id, name], rows: [[1, one], [2, two]]}
	END
	cat >migrations/versions/b000.yaml <<-'END'
		revision: b000
		down_revision: a000
		upgrade:
		  - add_column: {table: item, name: price, type: "numeric(12,2)", default: 0, nullable: false}
		  - update_rows: {table: item, set: {name: {expression: "concat(name, sleep((SELECT seconds FROM retort.slow WHERE name = database())))"}}, where: "id = 1", reverse: []}
		  - create_index: {table: item, columns: [price]}
	END
}

for engine in mariadb mysql; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	mkdir "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	write_project
	ask "CREATE TABLE retort.shop (number integer, name varchar(60)); CREATE TABLE retort.slow (name varchar(60) PRIMARY KEY, seconds double)"
	n=1
	while [ "$n" -le "$count" ]; do
		name=shop$n
		[ "$n" -ne 2 ] || name="a shop?x=1&y"
		[ "$n" -eq 5 ] || echo "CREATE DATABASE \`$name\`;"
		echo "INSERT INTO retort.shop VALUES ($n, '$name'); INSERT INTO retort.slow VALUES ('$name', 0);"
		n=$((n + 1))
	done >setup.sql
	ask "$(cat setup.sql)"

	run 5 --all -j 8 --on-error continue upgrade a000
	expect "targets that failed" "shop/shop5" "$(awk '/failed/ && /^shop/ { print $1 }' out)"
	grep -qi '^retort: .*unknown database' err || { cat err; exit 1; }
	expect "databases" "$((count - 1)) a000" "$(standing)"
	ask "CREATE DATABASE shop5"
	run 0 --all -j 8 upgrade a000
	expect "targets with nothing to do" "$((count - 1))" "$(grep -c 'nothing to do' out)"

	# A connection is lost in the middle of a statement, which is one of a step that can't be rolled back.
	ask "UPDATE retort.slow SET seconds = 30 WHERE name = 'shop7'"
	"$RETORT" --all -j 8 --on-error continue upgrade >out 2>err &
	pid=$!
	engine_wait 30 sh -c ". '$engines_home/engines.sh'; engine_load $engine; ${engine}_admin '$ENGINE_DIR' \
		\"SELECT concat('KILL ', ID) FROM information_schema.PROCESSLIST WHERE DB = 'shop7' AND INFO LIKE '%sleep%' AND TIME > 0\" |
		grep KILL >kill"
	ask "$(cat kill)"
	wait $pid
	expect "status" 5 $?
	expect "targets that failed" "shop/shop7 a000 a000 failed (connect)" \
		"$(grep failed out | sed 's/  *[0-9.]* s$//' | head -n 1 | xargs)"
	expect "databases" "1 a000 $((count - 1)) b000" "$(standing)"
	ask "UPDATE retort.slow SET seconds = 0"
	run 0 --all -j 8 upgrade
	expect "targets with nothing to do" "$((count - 1))" "$(grep -c 'nothing to do' out)"
	expect "databases" "$count b000" "$(standing)"
	expect "rows" "one0 two" "$(ask "SELECT name FROM shop7.item ORDER BY id" | xargs)"

	# At a time: they wait together, which needs a lock for each.
	run 0 -t 'shop/shop1?' -j 8 downgrade a000
	ask "UPDATE retort.slow SET seconds = 0.7"
	run 0 -t 'shop/shop1?' -j 7 upgrade
	total=$(sed -n 's/.* in \([0-9]*\).*/\1/p' out | tail -n 1)
	[ "$total" -lt 4 ] || { echo "$engine: waits of 0.7 seconds together took $total seconds"; exit 1; }
	run 0 --all -j 8 downgrade base
	expect "tables that are left" "" "$(ask "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_NAME = 'item'")"
	echo "$engine: $count databases, one that fails or loses its connection leaves the others right"
	cd / || exit 1
done
