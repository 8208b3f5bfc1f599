#!/bin/sh
# SPDX-License-Identifier: MIT
# On PostgreSQL: operation k of n fails, with each kind of transaction.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/failure.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start postgresql
cd "$(mktemp -d -p "$ENGINE_DIR")" || exit 1
export DATABASE_URL="$ENGINE_URL" ENGINE=postgresql ROLLS_BACK=yes
export REFUSAL='relation "missing" does not exist (42P01)'

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 -h "$ENGINE_DIR" -p "$(cat "$ENGINE_DIR/port")" -U retort -d retort -c "$1"
}

tables() {
	ask "SELECT coalesce(string_agg(relname::text, ' ' ORDER BY relname), '') FROM pg_class
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'retort%'"
}

renew() {
	ask 'SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public'
}

all_failures
