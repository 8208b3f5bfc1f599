#!/bin/sh
# SPDX-License-Identifier: MIT
# On a private server of MariaDB: see mysql_check.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_check.sh"
check_server mariadb "$@"
