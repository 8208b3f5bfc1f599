#!/bin/sh
# SPDX-License-Identifier: MIT
# What a reader must find in every file: the license, tabs, at most 110 columns and about 600 lines.
set -u
cd "${RETORT_SOURCE:-$(dirname "$0")/../..}" || exit 1
export LC_ALL=C.UTF-8

# files PATTERN...: those whose names are like that, each followed by a null byte.
files() {
	find CMakeLists.txt core drivers include packaging tests .ci -type f \( "$@" \) -print0
}

list=$(
	files -name '*.[ch]' -o -name '*.sh' -o -name '*.bats' -o -name '*.py' -o -name '*.awk' -o -name '*.map' \
		-o -name CMakeLists.txt -o -name run | xargs -0 awk '
		FNR == 1 { found[FILENAME] = 0 }
		FNR <= 3 && /SPDX-License-Identifier: MIT/ { found[FILENAME] = 1 }
		END { for (file in found) if (!found[file]) print file ": no SPDX-License-Identifier" }' | sort
	# shellcheck disable=SC2016
	files -name '*.[ch]' | xargs -0 awk '
		function columns(line, n, i, parts, at) {
			n = split(line, parts, "\t")
			for (i = 1; i < n; i++)
				at += length(parts[i]) + 8 - (at + length(parts[i])) % 8
			return at + length(parts[n])
		}
		FNR == 1 && last != "" && lines > 700 { print last ": " lines " lines: find the noun hiding in it" }
		{ last = FILENAME; lines = FNR }
		length($0) > 50 && columns($0) > 110 { print FILENAME ":" FNR ": " columns($0) " columns" }
		/[[:space:]]$/ { print FILENAME ":" FNR ": blanks at the end of the line" }
		/^    / { print FILENAME ":" FNR ": indentation by blanks" }
		END { if (lines > 700) print last ": " lines " lines: find the noun hiding in it" }'
)
[ -z "$list" ] && exit 0
printf '%s\n' "$list"
exit 1
