#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL: operation k of n fails, with each kind of transaction.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/failure.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
export ROLLS_BACK=no REFUSAL="Table 'retort.missing' doesn't exist (42S02, 1146)"

tables() {
	"${ENGINE}_admin" "$ENGINE_DIR" "SELECT coalesce(group_concat(TABLE_NAME ORDER BY TABLE_NAME SEPARATOR ' '), '')
		FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'retort' AND TABLE_NAME NOT LIKE 'retort%'"
}

renew() {
	"${ENGINE}_fresh" "$ENGINE_DIR"
}

for ENGINE in mariadb mysql; do
	engine_load "$ENGINE"
	missing=$("${ENGINE}_available") || { echo "skipped: $ENGINE: $missing"; continue; }
	engine_start "$ENGINE"
	export DATABASE_URL="$ENGINE_URL"
	mkdir "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	all_failures
done
