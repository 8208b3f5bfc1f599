# SPDX-License-Identifier: MIT
# What mysql_test.sh and mariadb_test.sh do with their server: every golden case is run, undone and compared
# with replay.
# shellcheck shell=sh disable=SC2154

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"

check_golden() {
	"$RETORT_BUILD/tests/golden_golden" "$1" >"$ENGINE_DIR/golden" 2>&1 || {
		grep -v '^\[ *\(RUN\|OK\)' "$ENGINE_DIR/golden"
		return 1
	}
	tail -n 1 "$ENGINE_DIR/golden"
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
	check_golden "${2:-*:$engine}"
}
