#!/bin/sh
# SPDX-License-Identifier: MIT
# Connections to MariaDB; see mysql_connect.sh.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_connect.sh"
check_connections mariadb
