#!/bin/sh
# SPDX-License-Identifier: MIT
# What a reader must find in every file: the license, tabs, at most 110 columns and about 600 lines.
set -u
cd "${RETORT_SOURCE:-$(dirname "$0")/../..}" || exit 1

list=$(
	find CMakeLists.txt core drivers include packaging tests .ci -type f \
		\( -name '*.[ch]' -o -name '*.sh' -o -name '*.bats' -o -name '*.map' -o -name CMakeLists.txt -o -name run \) |
	while read -r file; do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file: no SPDX-License-Identifier"
		case $file in
		*.[ch])
			expand "$file" | LC_ALL=C.UTF-8 awk -v file="$file" '
				length($0) > 110 { print file ":" NR ": " length($0) " columns" }
				END { if (NR > 700) print file ": " NR " lines: find the noun hiding in it" }'
			grep -nE '[[:space:]]$' "$file" | sed "s|^\([0-9]*\):.*|$file:\1: blanks at the end of the line|"
			grep -nE '^    ' "$file" | sed "s|^\([0-9]*\):.*|$file:\1: indentation by blanks|" ;;
		esac
	done
)
[ -z "$list" ] && exit 0
printf '%s\n' "$list"
exit 1
