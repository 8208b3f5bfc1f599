#!/bin/sh
# SPDX-License-Identifier: MIT
# The mysql driver passes the conformance suite on a private MySQL. MYSQL_HOME says which version.
# label: engine
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/conformance/common"
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/engines/engines.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: driver mysql isn't built"; exit 77; }
engine_start mysql
pass mysql "$ENGINE_URL" "mysql${MYSQL_HOME:+-other}"
