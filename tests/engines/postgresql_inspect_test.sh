#!/bin/sh
# SPDX-License-Identifier: MIT
# Schemas of a private PostgreSQL, read and built anew: see inspect.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
# shellcheck disable=SC2034
engine=postgresql dialect=postgresql/15
# shellcheck disable=SC2034
POSTGRESQL_SETTINGS="log_statement = all" # postgresql.sh asks for it
engine_start $engine
# shellcheck disable=SC1091
. "$engines_home/inspect.sh"
cd "$ENGINE_DIR" || exit 1

url() {
	postgresql_url "$ENGINE_DIR" "$1"
}
at() {
	psql -XqAt -v ON_ERROR_STOP=1 "$(url "$1")"
}
fresh() {
	postgresql_fresh "$ENGINE_DIR" "$1" 2>/dev/null
}
dump() {
	pg_dump -s -T 'retort_*' -N retort "$(url "$1")" >"$1.pg_dump" || fault "cannot dump $1"
	sed '/^--/d; /^$/d; /^\\\(un\)\{0,1\}restrict /d; /^SET /d' "$1.pg_dump"
}
statements() {
	grep -Ec 'LOG:  (statement|execute [^:]*):' "$ENGINE_DIR/server.log"
}

printf '[retort]\ninclude_schemas = public, Other Place\n' >retort.ini
fresh nasty
at nasty <"$RETORT_SOURCE/tests/files/inspect/postgresql.sql" || fault 'cannot load nasty'
round_trip nasty
at nasty <"$RETORT_SOURCE/tests/files/inspect/postgresql_other.sql" || fault 'cannot load what the model has no place for'
read_schema nasty
warned nasty postgresql.said
constant_queries
if corpus chinook chinook/Chinook_PostgreSql_SerialPKs.sql; then
	round_trip chinook
fi
# shellcheck disable=SC2154
exit "$inspect_failed"
