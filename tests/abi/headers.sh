#!/bin/sh
# SPDX-License-Identifier: MIT
# Every public header compiles alone, as C99 and as C++11, without a warning; so does the smallest driver.
# Every header of core/ compiles alone on its floor.
set -u
: "${RETORT_SOURCE:?}" "${RETORT_BUILD:?}"
cc=${CC:-cc}
# shellcheck disable=SC2015
cxx=$(command -v "${CXX:-c++}" || command -v g++ || command -v clang++) || { echo "no C++ compiler"; exit 77; }
warnings='-Wall -Wextra -Wpedantic -Werror'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# Compiles one line that includes a header: LANGUAGE HEADER COMMAND...
alone() {
	language=$1 header=$2
	shift 2
	printf '#include "%s"\nextern int nothing;\n' "$header" >"$work/alone.c"
	"$@" -fsyntax-only -x "$language" "$work/alone.c" || { echo "failed: $header by $*"; status=1; }
}

# shellcheck disable=SC2086
for path in "$RETORT_SOURCE"/include/retort/*.h; do
	header=retort/${path##*/}
	alone c "$header" "$cc" -std=c99 $warnings -I"$RETORT_SOURCE/include"
	alone c++ "$header" "$cxx" -std=c++11 $warnings -I"$RETORT_SOURCE/include"
done

printf '#include "retort/driver.h"\nRETORT_DRIVER(.name = "x", .schemes = "x")\n' >"$work/driver.c"
"$cc" -std=c99 -Wall -Wpedantic -Werror -I"$RETORT_SOURCE/include" -fsyntax-only "$work/driver.c" || status=1

printf '#include "retort/memory.h"\nint *broken(void) { return retort_none(); }\n' >"$work/broken.c"
if "$cc" -std=c99 -Werror -I"$RETORT_SOURCE/include" -fsyntax-only "$work/broken.c" 2>/dev/null; then
	echo "a broken file compiles: this test can't fail"
	status=1
fi

for floor in base model sql script engine cli; do
	for path in "$RETORT_SOURCE/core/$floor"/*.h; do
		[ -f "$path" ] || continue
		# shellcheck disable=SC2086
		alone c "$floor/${path##*/}" "$cc" -std=c11 -D_GNU_SOURCE $warnings \
			-I"$RETORT_BUILD/floors/$floor" -I"$RETORT_SOURCE/include"
	done
done
exit "$status"
