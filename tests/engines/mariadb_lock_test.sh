#!/bin/sh
# SPDX-License-Identifier: MIT
# Locks on MariaDB; see mysql_lock.sh.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_lock.sh"
check_locks mariadb 'the oldest open transaction is that of '
