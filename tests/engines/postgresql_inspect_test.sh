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
# Rules and inheritance, by which it parts a table, are no part of the model: they are told by name, then go.
if corpus sakila sakila/postgres-sakila-schema.sql; then
	read_schema sakila
	for month in 01 02 03 04 05 06; do
		for what in "table 'payment_p2007_$month' inherits from another" "rule 'payment_insert_p2007_$month' of 'payment'"; do
			grep -q "$what" sakila.said || fault "not told: $what"
		done
		echo "ALTER TABLE payment_p2007_$month NO INHERIT payment; DROP RULE payment_insert_p2007_$month ON payment;"
	done | at sakila
	round_trip sakila
	undone sakila
fi
# shellcheck disable=SC2154
exit "$inspect_failed"
