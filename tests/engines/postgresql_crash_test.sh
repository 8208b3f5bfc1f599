#!/bin/sh
# SPDX-License-Identifier: MIT
# On PostgreSQL, at every call that a run makes of its connection: the process is killed, or the connection is cut so
# that the answer is lost, or the server is stopped without a word to anybody and started again. See crash.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/crash.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
# What is committed must outlive the server.
export POSTGRESQL_SETTINGS='synchronous_commit = on'
engine_start postgresql
cd "$(mktemp -d -p "$ENGINE_DIR")" || exit 1
export DATABASE_URL="$ENGINE_URL" ENGINE=postgresql HOWS='kill:before:2 cut:after:2 stop:after:2' SPLIT_INDEX=', concurrently: true'
export FAULT_DRIVER="$RETORT_BUILD/drivers/postgresql.so"
export FAULT_SERVER="$ENGINE_DIR/data/postmaster.pid" FAULT_SIGNAL=3 # an immediate shutdown
port=$(cat "$ENGINE_DIR/port")

client() {
	program=$1
	shift
	"$program" -h "$ENGINE_DIR" -p "$port" -U retort -d retort "$@"
}

ask() {
	client psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

again() {
	engine_as "$(postgresql_bin)/pg_ctl" -s -w -t 60 -D "$ENGINE_DIR/data" -l "$ENGINE_DIR/server.log" start >>pg_ctl.out 2>&1
}

# Rows in an order of their own: the server gives them as they lie, and uses what a lost transaction took up.
dump() {
	client pg_dump --inserts -T retort_history -T retort_history_id_seq -T retort_lock | awk '
		/^.*restrict / { next }
		/^INSERT / { if (!rows++) fflush(); print | "LC_ALL=C sort"; next }
		rows { close("LC_ALL=C sort"); rows = 0 }
		{ print }'
}

history() {
	ask "SELECT revision, direction, state, statements = done FROM retort_history
		WHERE state NOT IN ('failed', 'undone') ORDER BY id"
}

save() {
	client pg_dump >"$1"
}

restore() {
	ask 'SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public' &&
		client psql -Xq -v ON_ERROR_STOP=1 -f "$1" >/dev/null
}

: >empty.save
crash_cases
