#!/bin/sh
# SPDX-License-Identifier: MIT
# The worked example on every engine that is there, from the same files: up by pieces, down to nothing, up again, and
# once more as a script in the engine's own client. At each stop each table and view holds the same rows on all
# engines: their text, sorted, has the same SHA-256.
#
#	world_test.sh [ENGINE...]     sqlite postgresql mariadb mysql; POSTGRESQL_BIN and the like say which version
# shellcheck disable=SC2034,SC2317 # what has an engine in its name is found by it
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -d /usr/share/iso-codes/json ] || { echo "skipped: iso-codes isn't installed"; exit 77; }

# The engine's own client, with rows as lines of tabs and NULL.
client_sqlite() {
	sqlite3 -bail -separator "$(printf '\t')" -nullvalue NULL "$ENGINE_DIR/x.db"
}

client_postgresql() {
	psql -XqAt -v ON_ERROR_STOP=1 -F "$(printf '\t')" -P null=NULL "$ENGINE_URL"
}

client_mariadb() {
	"$(mariadb_program mariadb)" --no-defaults --default-character-set=utf8mb4 --socket="$ENGINE_DIR/sock" -u retort \
		-N -B --raw retort
}

client_mysql() {
	client_mariadb
}

# What is left after going down to base.
left_sqlite="SELECT name FROM sqlite_master WHERE name NOT LIKE 'retort%' AND name NOT LIKE 'sqlite%'"
left_postgresql="SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%retort%'
	UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
	UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%retort%'"
left_mariadb="SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'retort' AND TABLE_NAME NOT LIKE 'retort%'
	UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'retort'"
left_mysql=$left_mariadb

middle="country subdivision language script currency"
all="$middle former_country country_overview"

# The rows of tables, each with its table's name in front, in an order of our own.
rows() {
	for table; do
		echo "SELECT '$table', t.* FROM $table AS t;"
	done >"$work/query"
	"client_$engine" <"$work/query" | LC_ALL=C sort
}

# stop NAME TABLE...: writes down how many rows each table has and their sum.
stop() {
	at=$1
	shift
	rows "$@" >"$work/$engine.$at.rows" || return 1
	for table; do
		grep "^$table	" "$work/$engine.$at.rows" >"$work/one"
		[ -s "$work/one" ] || { echo "$engine: $at: nothing is in $table"; return 1; }
		printf '%s %s: %s rows %s\n' "$at" "$table" "$(wc -l <"$work/one")" "$(sha256sum <"$work/one" | cut -c1-16)"
	done >>"$work/$engine.sums"
}

# The trigger writes down what happens to a name.
rename_country() {
	echo "UPDATE country SET name = 'Helvetia' WHERE code = 'CH'; UPDATE country SET name = name WHERE code = 'AT';
		UPDATE country SET name = 'Switzerland' WHERE code = 'CH'; SELECT country, old_name, new_name FROM
		country_name_change ORDER BY id; DELETE FROM country_name_change;" | "client_$engine" >"$work/renames"
	printf 'CH\tSwitzerland\tHelvetia\nCH\tHelvetia\tSwitzerland\n' | diff - "$work/renames"
}

# Everything on one engine.
run_engine() {
	export DATABASE_URL="$ENGINE_URL"
	# shellcheck disable=SC2086 # lists of words
	{
		"$RETORT" -q upgrade 2a83b117d150 && stop halfway $middle &&
			"$RETORT" -q upgrade && stop up $all && rename_country &&
			"$RETORT" -q downgrade 2a83b117d150 && stop back $middle &&
			"$RETORT" -q downgrade base || return 1
	}
	eval "echo \"\$left_$engine\"" | "client_$engine" >"$work/left"
	[ ! -s "$work/left" ] || { echo "$engine: after downgrade base there is still:"; cat "$work/left"; return 1; }
	# shellcheck disable=SC2086
	"$RETORT" -q upgrade && stop again $all || return 1
	"fresh_$engine" || return 1
	"$RETORT" -q --dialect "$engine" upgrade --sql >"$work/script" || return 1
	"client_$engine" <"$work/script" >"$work/said" || return 1
	# shellcheck disable=SC2086
	stop script $all || return 1
	[ "$("$RETORT" current)" = "d40c17e5b2f6 (head)" ] || { "$RETORT" current; return 1; }
	! "client_$engine" <"$work/script" >"$work/said" 2>&1 || { echo "$engine: a script ran twice"; return 1; }
	"fresh_$engine" && found_in_script
}

# An assert that fails in a script says what it found.
found_in_script() {
	mkdir -p "$work/assert/versions"
	printf '[retort]\nscript_location = %%(here)s\n' >"$work/assert/retort.ini"
	cat >"$work/assert/versions/a.yaml" <<-'END'
		revision: a
		down_revision: null
		upgrade:
		  - create_table: {name: t, columns: {id: integer}}
		  - insert_rows: {table: t, rows: [{id: 1}, {id: 2}]}
		  - assert: {sql: SELECT count(*) FROM t, equals: 0, message: "found {value} rows"}
	END
	"$RETORT" -q -c "$work/assert/retort.ini" --dialect "$engine" upgrade --sql >"$work/script" || return 1
	! "client_$engine" <"$work/script" >"$work/said" 2>&1 || { echo "$engine: a false assert passed"; return 1; }
	grep 'found 2 rows' "$work/said" >/dev/null || { echo "$engine: an assert that fails says:"; cat "$work/said"; return 1; }
}

fresh_sqlite() {
	rm -f "$ENGINE_DIR/x.db"
}

fresh_postgresql() {
	postgresql_fresh "$ENGINE_DIR"
}

fresh_mariadb() {
	mariadb_fresh "$ENGINE_DIR"
}

fresh_mysql() {
	mysql_fresh "$ENGINE_DIR"
}

# The engine in $engine, started; 77: it isn't here.
start() {
	if [ "$engine" = sqlite ]; then
		ENGINE_DIR=$work
		ENGINE_URL=sqlite:///$work/x.db
		return
	fi
	engine_load "$engine"
	if ! missing=$("${engine}_available"); then
		echo "skipped: $engine: $missing"
		return 77
	fi
	engine_start "$engine"
}

work=$(mktemp -d) || exit 1
[ $# -gt 0 ] || set -- sqlite postgresql mariadb mysql
cd "$RETORT_SOURCE/migrations/world" || exit 1
status=0 first=
for engine; do
	start || continue
	if ! run_engine; then
		echo "$engine: FAILED"
		status=1
	elif [ -z "$first" ]; then
		first=$engine
		cat "$work/$engine.sums"
	elif diff "$work/$first.sums" "$work/$engine.sums"; then
		echo "$engine: the same as $first"
	else
		echo "$engine: these rows are not those of $first"
		for stop in halfway up back again script; do
			diff "$work/$first.$stop.rows" "$work/$engine.$stop.rows" | head -n 4
		done
		status=1
	fi
done
rm -rf "$work"
exit $status
