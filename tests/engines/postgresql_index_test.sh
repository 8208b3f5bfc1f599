#!/bin/sh
# SPDX-License-Identifier: MIT
# CREATE INDEX CONCURRENTLY that fails, is killed or finds its place taken: no invalid index stays, and none that is
# good is touched.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start postgresql
export DATABASE_URL="$ENGINE_URL"
cd "$ENGINE_DIR" || exit 1
mkdir -p migrations/versions
# shellcheck disable=SC2016
printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\n' >retort.ini
cat >migrations/versions/a.yaml <<'END'
revision: a000
down_revision: null
upgrade:
  - create_table: {name: t, columns: {id: {type: bigint, primary_key: true}, mail: string(40)}}
  - insert_rows: {table: t, rows: [{id: 1, mail: x}, {id: 2, mail: x}]}
END
cat >migrations/versions/b.yaml <<'END'
revision: b000
down_revision: a000
upgrade:
  - create_index: {table: t, name: uq_t_mail, columns: [mail], unique: true, concurrently: true}
END

ask() {
	psql -XqAt "$ENGINE_URL" -c "$1"
}

# expect WHAT VALUE: the index as the catalog has it: t valid, f invalid, nothing.
expect() {
	is=$(ask "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('uq_t_mail')")
	[ "$is" = "$2" ] || { echo "$1: the index is '$is', not '$2'"; exit 1; }
}

"$RETORT" -q upgrade a000 || exit 1
! "$RETORT" -q upgrade >out 2>&1 || { echo "a duplicate was not found"; exit 1; }
grep -q 'could not create unique index' out || { cat out; exit 1; }
expect "after it failed" ""

ask "CREATE UNIQUE INDEX CONCURRENTLY uq_t_mail ON t (mail)" 2>/dev/null
expect "left by hand" f
ask "UPDATE t SET mail = id"
"$RETORT" upgrade >out 2>&1 || { cat out; exit 1; }
grep -q "index 'uq_t_mail' was left invalid" out || { echo "nothing was said:"; cat out; exit 1; }
expect "in its place" t

"$RETORT" -q downgrade || exit 1
ask "CREATE UNIQUE INDEX uq_t_mail ON t (id)"
! "$RETORT" -q upgrade >out 2>&1 || { echo "a good index was no obstacle"; exit 1; }
expect "a good one of the same name" t
ask "DROP INDEX uq_t_mail"

waits() {
	[ "$(ask "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONC%' AND wait_event_type = 'Lock'")" = 1 ]
}
ends() {
	[ "$(ask "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONC%' AND state <> 'idle'")" = 0 ]
}
mkfifo hold
psql -Xq "$ENGINE_URL" <hold >/dev/null &
holder=$!
exec 3>hold
echo "BEGIN; UPDATE t SET mail = mail;" >&3
engine_wait 5 sh -c "[ \$(psql -XqAt '$ENGINE_URL' -c \"SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'\") = 1 ]"
"$RETORT" -q upgrade >killed 2>&1 &
client=$!
engine_wait 10 waits || { echo "nothing waits:"; cat killed; exit 1; }
kill -9 $client
wait $client 2>/dev/null
echo "COMMIT;" >&3
exec 3>&-
wait $holder
engine_wait 10 ends
"$RETORT" -q upgrade >out 2>&1 || { echo "after the kill:"; cat out; exit 1; }
expect "after the kill" t
[ "$("$RETORT" current)" = "b000 (head)" ] || { "$RETORT" current; exit 1; }
