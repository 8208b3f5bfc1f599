#!/bin/sh
# SPDX-License-Identifier: MIT
# label: abi
# A driver that lives outside, for Firebird: built from what is installed alone, by pkg-config, it lies in the
# driver folder, passes the conformance suite, and takes migrations/world up, down to nothing and up again with
# the rows that SQLite has.
set -u
: "${RETORT_SOURCE:?}" "${RETORT_BUILD:?}"
outside=$RETORT_SOURCE/tests/abi/outside
fail() {
	echo "$*"
	exit 1
}

engine=$(find /usr/lib -name 'libEngine1[0-9].so' 2>/dev/null | head -n 1)
echo '#include <ibase.h>' | "${CC:-cc}" -fsyntax-only -x c - 2>/dev/null || { echo "skipped: firebird-dev isn't installed"; exit 77; }
[ -n "$engine" ] || { echo "skipped: firebird3.0-server-core isn't installed"; exit 77; }

work=$(mktemp -d)
# Databases lie in memory where that can be had: Firebird waits for the disk at each commit, of which there are thousands.
data=$(mktemp -d -p /dev/shm 2>/dev/null) || data=$(mktemp -d)
suite=
trap '[ -z "$suite" ] || kill "$suite" 2>/dev/null; rm -rf "$work" "$data"' EXIT
cmake --install "$RETORT_BUILD" --prefix "$work/to" >"$work/log" 2>&1 || { cat "$work/log"; fail "cmake --install failed"; }
unset RETORT_DRIVER_PATH LD_LIBRARY_PATH RETORT_LIBRARY
retort=$work/to/bin/retort
PKG_CONFIG_PATH=$(dirname "$(find "$work/to" -name retort.pc)")
FIREBIRD_LOCK=$data/lock # its lock files lie here and go with the test
TZ=UTC
export PKG_CONFIG_PATH FIREBIRD_LOCK TZ
mkdir "$FIREBIRD_LOCK"

flags=
if [ -n "${RETORT_SANITIZE:-}" ]; then # ICU, which Firebird loads, keeps a table until the end
	flags=-fsanitize=$RETORT_SANITIZE
	echo 'leak:libicuuc' >"$work/leaks"
	LSAN_OPTIONS=suppressions=$work/leaks:print_suppressions=0
	export LSAN_OPTIONS
fi

# Only the driver's own folder and the prefix are seen. (Of lib/x86_64-linux-gnu, which is for the prefix /usr,
# --define-prefix would make another prefix.)
pkg_config="pkg-config --define-variable=prefix=$work/to"
cp -r "$outside" "$work/driver"
make -s -C "$work/driver" CC="${CC:-cc}" CFLAGS="-O1 -g -Werror $flags" PKG_CONFIG="$pkg_config" install ||
	fail "the driver doesn't build"
lines=$(cat "$work"/driver/*.[ch] | wc -l)
echo "lines of the driver: $lines"
[ "$lines" -lt 1000 ] || fail "the driver has grown beyond what its README tells"
# The program was configured for another prefix.
RETORT_DRIVER_PATH=$($pkg_config --variable=driverdir retort)
LD_LIBRARY_PATH=$($pkg_config --variable=libdir retort)
export RETORT_DRIVER_PATH LD_LIBRARY_PATH
"$retort" drivers >"$work/drivers" || fail "retort drivers failed"
grep -q '^firebird' "$work/drivers" || { cat "$work/drivers"; fail "retort doesn't find the driver"; }

# The suite runs beside the world, each with a database of its own.
: >"$data/check.fdb"
driver=$(find "$work/to" -name firebird.so)
"$retort" drivers --check "$driver" "firebird:///$data/check.fdb" >"$work/out" 2>&1 &
suite=$!
suite_passes() {
	wait "$suite" || {
		suite=
		grep -v '^passed' "$work/out"
		fail "the driver doesn't pass the conformance suite"
	}
	suite=
	tail -n 1 "$work/out"
	grep '^skipped' "$work/out" | sed 's/^skipped *//; s/:.*//' | sort | diff "$outside/skipped" - ||
		fail "what is skipped differs from tests/abi/outside/skipped"
}

for needed in iso-codes:/usr/share/iso-codes/json firebird3.0-utils:/usr/bin/isql-fb; do
	[ -e "${needed#*:}" ] && continue
	suite_passes
	echo "skipped: ${needed%%:*} isn't installed: no world"
	exit 77
done
cd "$RETORT_SOURCE/migrations/world" || exit 1

# What queries give, a line a row; both clients write one column.
firebird_rows() {
	printf 'SET HEADING OFF;\n%s;\n' "$1" | isql-fb -q -u SYSDBA -ch UTF8 "$data/world.fdb" | sed 's/ *$//' | grep -v '^$' | LC_ALL=C sort
}

queries="SELECT 'country|' || code || '|' || name || '|' || common_name FROM country;
SELECT 'subdivision|' || code || '|' || country || '|' || category || '|' || name || '|' || coalesce(parent, '') FROM subdivision;
SELECT 'language|' || code || '|' || scope || '|' || type || '|' || name FROM language;
SELECT 'currency|' || code || '|' || number || '|' || name FROM currency;
SELECT 'former|' || code || '|' || withdrawn_year || '|' || withdrawn_on FROM former_country;
SELECT 'overview|' || code || '|' || subdivisions FROM country_overview"

# The same rows as on SQLite.
compare() {
	firebird_rows "$queries" >"$work/firebird" || return 1
	diff "$work/sqlite" "$work/firebird" >"$work/difference" || {
		head -n 4 "$work/difference"
		fail "$1: other rows than on SQLite"
	}
}

DATABASE_URL=sqlite:///$data/world.db "$retort" -q upgrade || fail "no upgrade on SQLite"
sqlite3 "$data/world.db" "$queries" | sed 's/ *$//' | LC_ALL=C sort >"$work/sqlite"
[ "$(cut -d '|' -f 1 "$work/sqlite" | uniq | wc -l)" = 6 ] || fail "a table of SQLite has no rows"
DATABASE_URL=firebird:///$data/world.fdb
export DATABASE_URL
"$retort" -q upgrade || fail "no upgrade on Firebird"
compare up
printf "UPDATE country SET name = 'Helvetia' WHERE code = 'CH';\nCOMMIT;\n" | isql-fb -q -u SYSDBA -ch UTF8 "$data/world.fdb"
[ "$(firebird_rows "SELECT old_name || '>' || new_name FROM country_name_change")" = "Switzerland>Helvetia" ] ||
	fail "the trigger didn't fire"
"$retort" -q downgrade base || fail "no downgrade on Firebird"
firebird_rows "SELECT TRIM(rdb\$relation_name) FROM rdb\$relations WHERE rdb\$system_flag = 0
	AND rdb\$relation_name NOT STARTING WITH 'RETORT_'" >"$work/left"
[ ! -s "$work/left" ] || { cat "$work/left"; fail "after downgrade base there is still something"; }
"$retort" -q upgrade || fail "no second upgrade on Firebird"
compare again
[ "$("$retort" current)" = "d40c17e5b2f6 (head)" ] || fail "current: $("$retort" current)"
suite_passes
