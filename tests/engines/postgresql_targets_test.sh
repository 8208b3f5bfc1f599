#!/bin/sh
# SPDX-License-Identifier: MIT
# Many schemas of one database, listed by a query: -j works on several at a time, each has its own tables, version
# table and lock; one that fails or loses its connection leaves the others right, and a second run finishes only
# what is left. TARGETS says how many schemas there are.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
count=${TARGETS:-40}
engine_start postgresql
mkdir -p "$ENGINE_DIR/project/migrations/versions"
cd "$ENGINE_DIR/project" || exit 1

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" -c "$1"
}

# expect WHAT EXPECTED FOUND
expect() {
	[ "$2" = "$3" ] && return
	printf '%s: expected\n%s\nfound\n%s\n' "$1" "$2" "$3"
	exit 1
}

# run STATUS ARGUMENT...: retort, whose streams are in the files out and err
run() {
	wanted=$1
	shift
	"$RETORT" "$@" >out 2>err
	status=$?
	[ "$status" -eq "$wanted" ] && return
	echo "retort $*: expected status $wanted, found $status:"
	tail -n 30 out err
	exit 1
}

# each WHAT: what a query gives in each schema; %I in it is the schema.
each() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" <<END
SELECT format('$1', nspname) FROM pg_namespace JOIN customer ON nspname = schema \\gexec
END
}

# How many schemas of customers stand at which revisions.
standing() {
	each 'SELECT version_num FROM %I.retort_version' | sort | uniq -c | xargs
}

tables_of_public() {
	ask "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1" | xargs
}

write_settings() {
	cat <<-END
		[retort]
		script_location = migrations
		lock_timeout = 1s

		[target.customer]
		targets_url = $ENGINE_URL
		targets_query = SELECT schema FROM customer ORDER BY number
		url = $ENGINE_URL&search_path=%(tenant)s
	END
}
write_settings >retort.ini
cat >migrations/versions/a000.yaml <<'END'
revision: a000
down_revision: null
upgrade:
  - create_table:
      name: item
      columns:
        id: {type: bigint, primary_key: true, autoincrement: true}
        state: {type: "enum(new, old)", nullable: false, default: new}
        name: {type: string(40), nullable: false, index: true}
  - insert_rows: {table: item, columns: [id, name], rows: [[1, one], [2, two]]}
END
cat >migrations/versions/b000.yaml <<'END'
revision: b000
down_revision: a000
upgrade:
  - execute: "SELECT pg_sleep(coalesce((SELECT seconds FROM public.slow WHERE name = current_schema()), 0))"
  - add_column: {table: item, name: price, type: "numeric(12,2)", default: 0, nullable: false}
downgrade:
  - drop_column: {table: item, name: price}
END
ask "CREATE TABLE customer (number integer, schema text); CREATE TABLE slow (name text, seconds double precision)"
ask "INSERT INTO customer SELECT n, CASE n WHEN 1 THEN 'Upper' WHEN 2 THEN 'with a \"quote' WHEN 3 THEN 'select' ELSE 'c' || n END
	FROM generate_series(1, $count) n"
ask "SELECT format('CREATE SCHEMA %I;', schema) FROM customer WHERE number <> 5" >schemas.sql
psql -Xq -v ON_ERROR_STOP=1 "$ENGINE_URL" -f schemas.sql

# One schema isn't there: its target alone fails, before anything of it goes elsewhere.
run 5 --all -j 8 --on-error continue upgrade a000
expect "targets that failed" "customer/c5" "$(awk '/failed/ && /^customer/ { print $1 }' out)"
grep -q "^retort: cannot use schema 'c5' of database 'retort' on '.*': it isn't there, or its use isn't granted" err ||
	{ cat err; exit 1; }
expect "schemas at a000" "$((count - 1)) a000" "$(standing)"
expect "rows" "$((count - 1)) 2" "$(each 'SELECT count(*) FROM %I.item' | sort | uniq -c | xargs)"
expect "tables of public" "customer slow" "$(tables_of_public)"
ask "CREATE SCHEMA c5"
run 0 --all -j 8 upgrade a000
expect "targets with nothing to do" "$((count - 1))" "$(grep -c 'nothing to do' out)"
expect "what was left" "customer/c5" "$(awk '/ done / && /^customer/ { print $1 }' out)"

# A connection is lost in the middle of a statement.
ask "INSERT INTO slow VALUES ('c7', 30)"
"$RETORT" --all -j 8 --on-error continue upgrade >out 2>err &
pid=$!
engine_wait 30 sh -c "psql -XqAt '$ENGINE_URL' -c \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE query LIKE 'SELECT pg_sleep(coal%' AND state = 'active' AND now() - query_start > interval '1 second'\" | grep t"
wait $pid
status=$?
expect "status" 5 $status
expect "targets that failed" "customer/c7 a000 a000 failed (connect)" "$(grep failed out | sed 's/  *[0-9.]* s$//' | head -n 1 | xargs)"
expect "schemas" "1 a000 $((count - 1)) b000" "$(standing)"
ask "DELETE FROM slow"
run 0 --all -j 8 upgrade
expect "targets with nothing to do" "$((count - 1))" "$(grep -c 'nothing to do' out)"
expect "schemas" "$count b000" "$(standing)"
echo "$count schemas: one that fails or loses its connection leaves the others right"

# At a time: eight wait together, which needs a lock for each.
run 0 -t 'customer/c1?' -j 8 downgrade a000
ask "INSERT INTO slow SELECT schema, 0.5 FROM customer"
run 0 -t 'customer/c1?' -j 10 upgrade
total=$(sed -n 's/.* in \([0-9]*\).*/\1/p' out | tail -n 1)
[ "$total" -lt 4 ] || { echo "ten waits of half a second together took $total seconds"; exit 1; }

run 0 --all -j 8 downgrade base
expect "tables that are left" "retort_history retort_version" "$(ask "SELECT DISTINCT relname FROM pg_class
	WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace JOIN customer ON nspname = schema) ORDER BY 1" | xargs)"
ask "DELETE FROM slow"

engine_load pgbouncer
missing=$(pgbouncer_available) || { echo "skipped: pgbouncer: $missing"; exit 0; }
engine_start pgbouncer
ask "CREATE SCHEMA c1"
run 1 -u "$ENGINE_URL&search_path=c1" upgrade
grep -q "cannot use URL parameter 'search_path' behind a connection pooler" err || { cat err; exit 1; }
expect "tables of public" "" "$(tables_of_public)"
echo "a search path behind a pooler is refused"
