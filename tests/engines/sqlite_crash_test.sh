#!/bin/sh
# SPDX-License-Identifier: MIT
# On SQLite, at every call that a run makes of its connection: the process is killed. See crash.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
command -v sqlite3 >/dev/null || { echo "skipped: there is no sqlite3"; exit 77; }
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/engines/crash.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
export DATABASE_URL=sqlite:///x.db ENGINE=sqlite HOWS=kill:before:32 SPLIT_INDEX='' FAULT_DRIVER="$RETORT_BUILD/drivers/sqlite.so"

# In the order of names: that of .dump is the order in which things were made.
dump() {
	sqlite3 x.db "SELECT '.dump ' || name FROM sqlite_schema WHERE type IN ('table', 'view')
		AND name NOT IN ('retort_history', 'retort_lock', 'sqlite_sequence') ORDER BY name" | sqlite3 x.db
}

history() {
	sqlite3 x.db "SELECT revision, direction, state, statements = done FROM retort_history
		WHERE state NOT IN ('failed', 'undone') ORDER BY id"
}

save() {
	sqlite3 x.db ".backup $1"
}

restore() {
	rm -f x.db x.db-*
	cp "$1" x.db
}

sqlite3 empty.save VACUUM
crash_cases
