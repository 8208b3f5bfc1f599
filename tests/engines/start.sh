#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts a private database server to play with, and removes it at the end.
#
#	sh tests/engines/start.sh ENGINE                prints the URL; Ctrl-C or the line "stop" ends it
#	sh tests/engines/start.sh ENGINE COMMAND...     runs a command with the URL in DATABASE_URL, then ends
#
# ENGINE is the name of a file beside this one: postgresql, ... ENGINE_TCP=1 opens a port of 127.0.0.1 too.
set -u
engines_home=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$engines_home/engines.sh"

if [ $# -eq 0 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
	sed -n 's/^#\t*//p' "$0" | sed 1,2d
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
while read -r line && [ "$line" != stop ]; do
	:
done
