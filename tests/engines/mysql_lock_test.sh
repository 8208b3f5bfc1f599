#!/bin/sh
# SPDX-License-Identifier: MIT
# Locks on MySQL; see mysql_lock.sh.
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_lock.sh"
# With its performance schema the server tells who has which table; metadata locks are watched from version 8 on.
export MYSQL_SETTINGS='performance_schema = ON'
check_locks mysql "'t' is locked by "
