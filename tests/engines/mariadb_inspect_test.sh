#!/bin/sh
# SPDX-License-Identifier: MIT
# Schemas of a private server of MariaDB, read and built anew: see mysql_inspect.sh.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_inspect.sh"
inspect_on mariadb mariadb/10.11
