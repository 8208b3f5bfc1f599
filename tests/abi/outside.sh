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
trap 'rm -rf "$work"' EXIT
cmake --install "$RETORT_BUILD" --prefix "$work/to" >"$work/log" 2>&1 || { cat "$work/log"; fail "cmake --install failed"; }
unset RETORT_DRIVER_PATH LD_LIBRARY_PATH RETORT_LIBRARY
retort=$work/to/bin/retort
PKG_CONFIG_PATH=$(dirname "$(find "$work/to" -name retort.pc)")
FIREBIRD_LOCK=$work/lock # its lock files lie here and go with the test
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

# Only the driver's own folder and the prefix are seen.
cp -r "$outside" "$work/driver"
make -s -C "$work/driver" CC="${CC:-cc}" CFLAGS="-O1 -g -Werror $flags" PKG_CONFIG="pkg-config --define-prefix" install ||
	fail "the driver doesn't build"
lines=$(cat "$work"/driver/*.[ch] | wc -l)
echo "lines of the driver: $lines"
[ "$lines" -lt 1000 ] || fail "the driver has grown beyond what its README tells"
# The program was configured for another prefix.
RETORT_DRIVER_PATH=$(pkg-config --define-prefix --variable=driverdir retort)
export RETORT_DRIVER_PATH
"$retort" drivers >"$work/drivers" || fail "retort drivers failed"
grep -q '^firebird' "$work/drivers" || { cat "$work/drivers"; fail "retort doesn't find the driver"; }

: >"$work/check.fdb"
driver=$(find "$work/to" -name firebird.so)
"$retort" drivers --check "$driver" "firebird:///$work/check.fdb" >"$work/out" 2>&1 || {
	grep -v '^passed' "$work/out"
	fail "the driver doesn't pass the conformance suite"
}
tail -n 1 "$work/out"
grep '^skipped' "$work/out" | sed 's/^skipped *//; s/:.*//' | sort | diff "$outside/skipped" - ||
	fail "what is skipped differs from tests/abi/outside/skipped"

[ -d /usr/share/iso-codes/json ] || { echo "iso-codes isn't installed: no world"; exit 77; }
command -v isql-fb >/dev/null || { echo "skipped: firebird3.0-utils isn't installed: no world"; exit 77; }
cd "$RETORT_SOURCE/migrations/world" || exit 1

# What a query gives, a line a row; both clients write one column.
firebird_rows() {
	printf 'SET HEADING OFF;\n%s;\n' "$1" | isql-fb -q -u SYSDBA -ch UTF8 "$work/world.fdb" | sed 's/ *$//' | grep -v '^$' | LC_ALL=C sort
}
sqlite_rows() {
	sqlite3 "$work/world.db" "$1" | sed 's/ *$//' | LC_ALL=C sort
}

# The same rows as on SQLite.
compare() {
	for query in "SELECT code || '|' || name || '|' || common_name FROM country" \
		"SELECT code || '|' || country || '|' || category || '|' || name || '|' || coalesce(parent, '') FROM subdivision" \
		"SELECT code || '|' || scope || '|' || type || '|' || name FROM language" \
		"SELECT code || '|' || number || '|' || name FROM currency" \
		"SELECT code || '|' || withdrawn_year || '|' || withdrawn_on FROM former_country" \
		"SELECT code || '|' || subdivisions FROM country_overview"; do
		firebird_rows "$query" >"$work/firebird" || return 1
		sqlite_rows "$query" >"$work/sqlite" || return 1
		[ -s "$work/sqlite" ] || fail "no rows: $query"
		diff "$work/sqlite" "$work/firebird" >"$work/difference" || {
			head -n 4 "$work/difference"
			fail "$1: other rows than on SQLite: $query"
		}
	done
}

DATABASE_URL=sqlite:///$work/world.db "$retort" -q upgrade || fail "no upgrade on SQLite"
DATABASE_URL=firebird:///$work/world.fdb
export DATABASE_URL
"$retort" -q upgrade || fail "no upgrade on Firebird"
compare up
printf "UPDATE country SET name = 'Helvetia' WHERE code = 'CH';\nCOMMIT;\n" | isql-fb -q -u SYSDBA -ch UTF8 "$work/world.fdb"
[ "$(firebird_rows "SELECT old_name || '>' || new_name FROM country_name_change")" = "Switzerland>Helvetia" ] ||
	fail "the trigger didn't fire"
"$retort" -q downgrade base || fail "no downgrade on Firebird"
firebird_rows "SELECT TRIM(rdb\$relation_name) FROM rdb\$relations WHERE rdb\$system_flag = 0
	AND rdb\$relation_name NOT STARTING WITH 'RETORT_'" >"$work/left"
[ ! -s "$work/left" ] || { cat "$work/left"; fail "after downgrade base there is still something"; }
"$retort" -q upgrade || fail "no second upgrade on Firebird"
compare again
[ "$("$retort" current)" = "d40c17e5b2f6 (head)" ] || fail "current: $("$retort" current)"
