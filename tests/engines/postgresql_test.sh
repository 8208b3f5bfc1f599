#!/bin/sh
# SPDX-License-Identifier: MIT
# On a private PostgreSQL: every golden case is run, undone and compared with replay; the worked example goes
# up, down to nothing and up again. POSTGRESQL_BIN says which version.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start postgresql
version=$("$(postgresql_bin)/postgres" --version)
echo "$version"

cat >"$ENGINE_DIR/fresh.sql" <<'END'
SET client_min_messages = error;
DROP SCHEMA IF EXISTS public, sales, audit, archive CASCADE;
CREATE SCHEMA public;
END
export RETORT_SCRATCH_POSTGRESQL="$ENGINE_URL"
export RETORT_SCRATCH_FRESH="psql -Xq -v ON_ERROR_STOP=1 -f '$ENGINE_DIR/fresh.sql' '$ENGINE_URL'"
"$RETORT_BUILD/tests/golden_golden" "${1:-*:postgresql}" >"$ENGINE_DIR/golden" 2>&1 || {
	grep -v '^\[ *\(RUN\|OK\)' "$ENGINE_DIR/golden"
	exit 1
}
tail -n 1 "$ENGINE_DIR/golden"
[ $# -eq 0 ] || exit 0

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" -c "$1"
}

# What the example's tables hold, in one number each.
sums() {
	for table in country subdivision language script currency former_country; do
		ask "SELECT '$table', count(*), sum(hashtext(t::text)::bigint) FROM $table AS t"
	done
}

case $version in
*' 10.'*) echo "its triggers EXECUTE FUNCTION, which is of version 11: no worked example"; exit 0 ;;
esac
sh -c "$RETORT_SCRATCH_FRESH" || exit 1
cd "$RETORT_SOURCE/migrations/world" || exit 1
export DATABASE_URL="$ENGINE_URL"
[ -d /usr/share/iso-codes/json ] || { echo "iso-codes isn't installed: no worked example"; exit 0; }
"$RETORT" -q upgrade head || exit 1
first=$(sums)
"$RETORT" -q downgrade base || exit 1
left=$(ask "SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'public'::regnamespace
	AND relkind IN ('r', 'v', 'm', 'S') AND relname NOT LIKE 'retort%'")
[ -z "$left" ] || { echo "after downgrade base there is still: $left"; exit 1; }
"$RETORT" -q upgrade head || exit 1
[ "$first" = "$(sums)" ] || { echo "the second time the rows are others:"; echo "$first"; sums; exit 1; }
echo "$first"
