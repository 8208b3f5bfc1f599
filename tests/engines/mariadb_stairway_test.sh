#!/bin/sh
# SPDX-License-Identifier: MIT
# verify and test on a private server of MariaDB: see mysql_stairway.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_stairway.sh"
stairway_on mariadb
