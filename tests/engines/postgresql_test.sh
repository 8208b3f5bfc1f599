#!/bin/sh
# SPDX-License-Identifier: MIT
# On a private PostgreSQL: every golden case is run, undone and compared with replay. POSTGRESQL_BIN says which
# version.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine_start postgresql
"$(postgresql_bin)/postgres" --version

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
