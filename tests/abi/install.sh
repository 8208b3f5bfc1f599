#!/bin/sh
# SPDX-License-Identifier: MIT
# What is installed lies where it belongs and is enough: the program runs from there, and a driver is built against it
# by way of pkg-config and by way of CMake.
set -u
: "${RETORT_SOURCE:?}" "${RETORT_BUILD:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
	echo "$*"
	exit 1
}

cmake --install "$RETORT_BUILD" --prefix "$work/to" >"$work/log" 2>&1 || { cat "$work/log"; fail "cmake --install failed"; }
unset RETORT_DRIVER_PATH LD_LIBRARY_PATH
sh "$RETORT_SOURCE/packaging/check-tree.sh" "$work/to" || fail "the installed files are not as they should be"
# built for /usr it searches no folder of its own
readelf -d "$work/to/bin/retort" | grep -q 'R[UN]*PATH' || {
	LD_LIBRARY_PATH=$(dirname "$(find "$work/to" -name 'libretort.so.*' -type l)")
	export LD_LIBRARY_PATH
}
"$work/to/bin/retort" --version >"$work/out" || fail "the installed program doesn't run"
grep -q '^retort [0-9]' "$work/out" || fail "--version printed: $(cat "$work/out")"

pc=$(find "$work/to" -name retort.pc)
[ -n "$pc" ] || fail "no retort.pc"
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
# prefix: the files lie elsewhere than where they were configured for
driverdir=$(pkg-config --define-variable=prefix="$work/to" --variable=driverdir retort) || fail "pkg-config doesn't know retort"
for driver in "$RETORT_BUILD"/drivers/*.so; do
	[ ! -f "$driver" ] || [ -f "$driverdir/${driver##*/}" ] || fail "${driver##*/} is not in $driverdir"
done

cat >"$work/driver.c" <<'EOF'
#include <retort/driver.h>
static void close_nothing(struct retort_conn *conn)
{
	(void)conn;
	retort_fail(NULL, RETORT_E_INTERNAL, "x");
}
RETORT_DRIVER(.name = "x", .schemes = "x", .close = close_nothing)
EOF
flags=
[ -z "${RETORT_SANITIZE:-}" ] || flags=-fsanitize=$RETORT_SANITIZE
# shellcheck disable=SC2046,SC2086
"${CC:-cc}" -shared -fPIC $flags -o "$work/x.so" "$work/driver.c" \
	$(pkg-config --define-variable=prefix="$work/to" --cflags --libs retort) || fail "no driver by pkg-config"
nm -D "$work/x.so" | grep -q 'retort_fail@RETORT_1' || fail "the driver is not bound to RETORT_1"

cat >"$work/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.20)
project(x LANGUAGES C)
find_package(retort 0.1 REQUIRED)
add_library(x MODULE driver.c)
target_link_libraries(x PRIVATE retort::retort)
install(TARGETS x LIBRARY DESTINATION "${retort_DRIVERDIR}")
EOF
{
	cmake -S "$work" -B "$work/b" -DCMAKE_PREFIX_PATH="$work/to" -DCMAKE_C_COMPILER="${CC:-cc}" -DCMAKE_C_FLAGS="$flags" &&
		cmake --build "$work/b" && cmake --install "$work/b"
} >"$work/log" 2>&1 || { cat "$work/log"; fail "no driver by CMake"; }
[ -f "$driverdir/libx.so" ] || fail "CMake's retort_DRIVERDIR is not pkg-config's driverdir"
