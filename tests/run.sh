#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole suite, from a clean clone: installs what is missing, builds with gcc and with clang (warnings are
# errors), runs every test, runs them again under the sanitizers, and the unit tests under valgrind.
#   sh tests/run.sh [ctest option...]      e.g. -R unit/, or -LE engine
# COMPILER=clang: the tests are run as clang builds them, and gcc only builds.
# Folders: build-debug, build-clang, build-asan. JOBS: how many at once (default: as many as processors).
# What runs twice: unit, golden, abi and cli, as they are built for people and under the sanitizers, and unit under
# valgrind, which alone sees memory that nobody has set. The conformance suites run once, under the sanitizers: they
# are long, the same either way, and put a driver through all that it can do. source and engines run once, unsanitized:
# the former run no code of ours, the latter cut runs off, count and race, and their time is that of the servers.
set -u
cd "$(dirname "$0")/.." || exit 1
compiler=${COMPILER:-gcc}
other=clang
[ "$compiler" = gcc ] || other=gcc
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}
# Nothing that the tests write is worth waiting for a disk, if memory has room: more for many tests at once.
[ "$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $4 + 0 }')" -lt $((jobs * 2000000)) ] || export TMPDIR=/dev/shm
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
results=

# stage NAME COMMAND...: runs a command, shows and keeps what it prints, and notes how it ended.
stage() {
	name=$1
	shift
	printf '\n==== %s\n' "$name"
	started=$(date +%s)
	{
		"$@" 2>&1
		echo $? >"$logs/status"
	} | tee "$logs/$name"
	status=$(cat "$logs/status")
	took=$(($(date +%s) - started))
	if [ "$status" -eq 0 ]; then
		results="$results$(printf '%-10s ok      %4d s' "$name" "$took")
"
	else
		results="$results$(printf '%-10s FAILED  %4d s' "$name" "$took")
"
	fi
	return "$status"
}

# build PRESET [option...]: configures and builds, without a word where all is well.
build() {
	preset=$1
	shift
	cmake --preset "$preset" "$@" >"$logs/configure" 2>&1 || {
		cat "$logs/configure"
		return 1
	}
	cmake --build "build-$preset" -j "$jobs" >"$logs/make" 2>&1 || {
		grep -vE '^\[ *[0-9]+%\] (Building|Built|Linking)' "$logs/make"
		return 1
	}
	echo "built: build-$preset"
}

# suite FOLDER [ctest option...]: one more at once than there are processors, as many a test waits for a while.
suite() {
	folder=$1
	shift
	mkdir -p "$logs/servers"
	ENGINE_TEMPLATES=$logs/servers ctest --test-dir "$folder" -j $((jobs + 1)) --output-on-failure "$@"
}

# unit_tests FILE: the unit tests, first those that took longest by what ctest notes in the file.
unit_tests() {
	for program in build-debug/tests/unit_*; do
		echo "$(awk -v name="unit/${program##*/unit_}" '$1 == name { print $3 }' "$1" 2>/dev/null) $program"
	done | sort -rn | sed 's/.* //'
}

# Each unit test under valgrind: no leak, no invalid access.
memory() {
	# shellcheck disable=SC2046
	set -- $(unit_tests build-debug/Testing/Temporary/CTestCostData.txt)
	# shellcheck disable=SC2016
	printf '%s\n' "$@" | RETORT_SOURCE=$PWD RETORT_BUILD=$PWD/build-debug RETORT_DRIVER_PATH=$PWD/build-debug/drivers \
		RETORT_TEST_DRIVERS=$PWD/build-debug/tests/drivers RETORT_DATADIR=$PWD/packaging/data xargs -P "$jobs" -I PROGRAM \
		sh -c 'name=${1##*/}
			[ -x "$1" ] || exit 1
			valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \
				--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 "$1" >"$2/$name" 2>&1 || {
				echo "valgrind: $name failed"
				cat "$2/$name"
				exit 1
			}' memory PROGRAM "$logs" && echo "valgrind: all $# unit tests are clean"
}

# finish STATUS: how each stage ended, and ctest's own words last.
finish() {
	printf '\n==== summary\n%s' "$results"
	for name in sanitized tests; do
		[ ! -f "$logs/$name" ] || { printf '\n%s:\n' "$name" && sed -n '/tests passed,/,$p' "$logs/$name"; }
	done
	exit "$1"
}

stage packages sh packaging/install-build-deps.sh --tests || finish 1
stage "$compiler" build debug -DCMAKE_C_COMPILER="$compiler" || finish 1
result=0
stage "$other" build clang -DCMAKE_C_COMPILER="$other" -DBUILD_TESTING=OFF || result=1
stage asan build asan -DCMAKE_C_COMPILER="$compiler" || finish 1
stage sanitized suite build-asan -LE '^(source|engines)$' "$@" || result=1
stage tests suite build-debug -E '^conformance/|^abi/outside$' "$@" || result=1
stage valgrind memory || result=1
finish "$result"
