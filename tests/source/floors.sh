#!/bin/sh
# SPDX-License-Identifier: MIT
# Each floor of core/ includes only itself, what is below it and the public headers; a driver only public
# headers and its own; nothing in core/ names a database engine. Shown first to be able to fail.
set -u
source=${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
engines='sqlite|postgres|psql|mysql|mariadb|libpq'

# The includes of a file in quotes, as LINE:NAME, and those of the public headers in angle brackets.
includes() {
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*("|<(retort|base|model|sql|script|engine|cli|core)/|<\.\.)' "$1" |
		sed -e 's/^\([0-9]*\):[^"<]*["<]\([^">]*\)[">].*/\1:\2/'
}

# What a tree does wrong, a line for each fault.
faults() {
	below=
	for floor in base model sql script engine cli; do
		below="$below $floor"
		for file in "$1/core/$floor"/*.[ch]; do
			[ -f "$file" ] || continue
			for include in $(includes "$file"); do
				name=${include#*:}
				case $name in
				*..*) echo "$file:$include: a path that climbs" ;;
				retort/*) ;;
				base/* | model/* | sql/* | script/* | engine/* | cli/*)
					case "$below " in
					*" ${name%%/*} "*) ;;
					*) echo "$file:$include: $floor may use$below only" ;;
					esac ;;
				*) [ ! -f "$1/core/$floor/$name" ] ||
					echo "$file:$include: write \"$floor/$name\"" ;;
				esac
			done
		done
	done
	for file in "$1"/drivers/*/*.[ch]; do
		[ -f "$file" ] || continue
		for include in $(includes "$file"); do
			name=${include#*:}
			case $name in
			*..* | base/* | model/* | sql/* | script/* | engine/* | cli/* | core/*)
				echo "$file:$include: a driver may use include/retort only" ;;
			esac
		done
	done
	grep -rniE --include='*.[ch]' "$engines" "$1/core" | sed 's/$/: core names no engine/'
	for header in "$1"/include/retort/*.h; do
		[ -f "$header" ] || continue
		for include in $(includes "$header"); do
			case ${include#*:} in
			base/* | model/* | sql/* | script/* | engine/* | cli/* | *..*)
				echo "$header:$include: a public header may use public headers only" ;;
			esac
		done
	done
}

sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
mkdir -p "$sample/core/base" "$sample/core/model" "$sample/drivers/x" "$sample/include/retort"
printf '#include "base/a.h"\n' >"$sample/core/model/good.c"
[ -z "$(faults "$sample")" ] || { echo "a good tree is refused"; exit 1; }
printf '\n  # include "model/a.h"\n' >"$sample/core/base/climbs.c"
printf '#include "../sql/a.h"\n' >"$sample/core/base/dots.c"
printf '// for SQLite\n' >"$sample/core/base/names.h"
printf '#include "base/map.h"\n' >"$sample/drivers/x/driver.c"
printf '#include "base/map.h"\n' >"$sample/include/retort/public.h"
found=$(faults "$sample" | wc -l)
[ "$found" -eq 5 ] || { echo "of 5 faults $found are found:"; faults "$sample"; exit 1; }

list=$(faults "$source")
[ -z "$list" ] && exit 0
printf '%s\n' "$list"
exit 1
