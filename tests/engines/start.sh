#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts a private database server to play with, and removes it at the end.
#
#   sh tests/engines/start.sh ENGINE              prints the URL; Ctrl-C or the line "stop" ends it
#   sh tests/engines/start.sh ENGINE COMMAND...   runs a command with the URL in DATABASE_URL, then ends
#
# ENGINE is postgresql, mariadb, mysql, or any other file of that kind beside this one; ENGINE_TCP=1 opens a port
# of 127.0.0.1 too. POSTGRESQL_BIN, MARIADB_HOME and MYSQL_HOME say which version. For example, in migrations/world:
#
#   sh ../../tests/engines/start.sh mariadb retort upgrade
#
set -u
engines_home=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$engines_home/engines.sh"

if [ $# -eq 0 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
	sed -n '3,/^set/s/^# \{0,1\}//p' "$0"
	exit 2
fi
engine=$1
shift
engine_start "$engine"
if [ $# -gt 0 ]; then
	DATABASE_URL=$ENGINE_URL "$@"
	exit
fi
echo "$ENGINE_URL"
engine_say "running until Ctrl-C or the line \"stop\"; elsewhere: export DATABASE_URL='$ENGINE_URL'"
while read -r line && [ "$line" != stop ]; do
	:
done
