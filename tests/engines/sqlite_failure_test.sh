#!/bin/sh
# SPDX-License-Identifier: MIT
# On SQLite: operation k of n fails, with each kind of transaction.
set -u
: "${RETORT:?}" "${RETORT_SOURCE:?}"
command -v sqlite3 >/dev/null || { echo "skipped: there is no sqlite3"; exit 77; }
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/engines/failure.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
export DATABASE_URL=sqlite:///x.db ENGINE=sqlite ROLLS_BACK=yes REFUSAL='no such table: missing (42S02, 1)'

tables() {
	sqlite3 x.db "SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'retort%' AND name NOT LIKE 'sqlite%' ORDER BY name)"
}

renew() {
	rm -f x.db x.db-*
}

all_failures
