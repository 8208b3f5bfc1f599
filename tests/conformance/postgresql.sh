#!/bin/sh
# SPDX-License-Identifier: MIT
# The postgresql driver passes the conformance suite on a private PostgreSQL. POSTGRESQL_BIN says which version.
# label: engine
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/conformance/common"
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/engines/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: driver postgresql isn't built"; exit 77; }
engine_start postgresql
pass postgresql "$ENGINE_URL" "postgresql${POSTGRESQL_BIN:+-other}"
