# SPDX-License-Identifier: MIT
# What mysql_test.sh and mariadb_test.sh do with their server: every golden case is run, undone and compared with
# replay; the worked example goes up, down to nothing and up again.
# shellcheck shell=sh disable=SC2154

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"

# What the example's tables hold, in one number each.
check_sums() {
	for table in country subdivision language script currency former_country; do
		columns=$("${engine}_admin" "$ENGINE_DIR" "SET group_concat_max_len = 100000; SELECT group_concat(concat(
			'coalesce(\`', COLUMN_NAME, '\`, \"-\")') ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS
			WHERE TABLE_SCHEMA = 'retort' AND TABLE_NAME = '$table'")
		"${engine}_admin" "$ENGINE_DIR" "SET SESSION sql_mode = '';
			SELECT '$table', count(*), sum(crc32(concat_ws('|', $columns))) FROM retort.$table"
	done
}

check_golden() {
	"$RETORT_BUILD/tests/golden_golden" "$1" >"$ENGINE_DIR/golden" 2>&1 || {
		grep -v '^\[ *\(RUN\|OK\)' "$ENGINE_DIR/golden"
		return 1
	}
	tail -n 1 "$ENGINE_DIR/golden"
}

check_world() {
	cd "$RETORT_SOURCE/migrations/world" || return 1
	export DATABASE_URL="$ENGINE_URL"
	"$RETORT" -q upgrade head || return 1
	first=$(check_sums)
	"$RETORT" -q downgrade base || return 1
	left=$("${engine}_admin" "$ENGINE_DIR" "SELECT TABLE_NAME FROM information_schema.TABLES
		WHERE TABLE_SCHEMA = 'retort' AND TABLE_NAME NOT LIKE 'retort%'")
	[ -z "$left" ] || { echo "after downgrade base there is still: $left"; return 1; }
	"$RETORT" -q upgrade head || return 1
	[ "$first" = "$(check_sums)" ] || { echo "the second time the rows are others:"; echo "$first"; check_sums; return 1; }
	echo "$first"
}

# The script for the same revisions, given to the server's own client.
check_script() {
	"${engine}_fresh" "$ENGINE_DIR" || return 1
	"$RETORT" -q upgrade --sql head >"$ENGINE_DIR/script.sql" || return 1
	"$(mariadb_program mariadb)" --no-defaults --default-character-set=utf8mb4 --socket="$ENGINE_DIR/sock" -u retort \
		retort <"$ENGINE_DIR/script.sql" >"$ENGINE_DIR/script.out" || return 1
	[ "$first" = "$(check_sums)" ] || { echo "by script the rows are others:"; echo "$first"; check_sums; return 1; }
	! "$(mariadb_program mariadb)" --no-defaults --default-character-set=utf8mb4 --socket="$ENGINE_DIR/sock" -u retort \
		retort <"$ENGINE_DIR/script.sql" >"$ENGINE_DIR/script.out" 2>&1 || { echo "a script ran twice"; return 1; }
	[ "$("$RETORT" current)" = "d40c17e5b2f6 (head)" ] || { "$RETORT" current; return 1; }
}

# check_server ENGINE [PATTERN]: only the golden cases that PATTERN matches.
check_server() {
	engine=$1
	[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
	engine_start "$engine"
	"${engine}_admin" "$ENGINE_DIR" 'SELECT VERSION()'
	cat >"$ENGINE_DIR/fresh.sql" <<-'END'
		DROP DATABASE IF EXISTS sales;
		DROP DATABASE IF EXISTS audit;
		DROP DATABASE IF EXISTS archive;
		DROP DATABASE IF EXISTS retort;
		CREATE DATABASE retort;
	END
	name=$(echo "$engine" | tr '[:lower:]' '[:upper:]')
	export "RETORT_SCRATCH_$name=$ENGINE_URL"
	# shellcheck disable=SC2089 # the quotes are for the shell that runs it
	RETORT_SCRATCH_FRESH="'$(mariadb_program mariadb)' --no-defaults --socket='$ENGINE_DIR/sock' -u retort <'$ENGINE_DIR/fresh.sql'"
	# shellcheck disable=SC2090
	export RETORT_SCRATCH_FRESH
	check_golden "${2:-*:$engine}" || exit 1
	[ $# -eq 1 ] || exit 0
	sh -c "$RETORT_SCRATCH_FRESH" || exit 1
	[ -d /usr/share/iso-codes/json ] || { echo "iso-codes isn't installed: no worked example"; exit 0; }
	check_world && check_script
}
