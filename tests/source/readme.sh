#!/bin/sh
# SPDX-License-Identifier: MIT
# README.md and CONTRIBUTING.md are true. A comment in front of a block says what is done with it:
#   <!-- test: file NAME -->         it is the file NAME of the project in which what follows is done
#   <!-- test: sql DIALECT REV -->   what `retort upgrade --sql` writes for the revision, without
#                                    transactions and bookkeeping
#   <!-- test: shell -->             commands for an empty folder, which succeed
# The files and manuals that are named exist.
set -u
source=${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
[ -n "${RETORT:-}" ] || { echo "skipped: no retort"; exit 77; }
unset DATABASE_URL RETORT_URL RETORT_CONFIG
export LC_ALL=C.UTF-8 EDITOR=true VISUAL=true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fault() {
	echo "README.md: $*"
	failed=1
}

mkdir -p "$work/blocks" "$work/bin" "$work/project/migrations/versions"
ln -s "$RETORT" "$work/bin/retort"
PATH=$work/bin:$PATH
printf '[retort]\n' >"$work/project/retort.ini"
awk -v folder="$work/blocks" -v begin='<!-- test: ' -v end=' -->' -f "$source/tests/source/blocks.awk" "$source/README.md"

# sql DIALECT REV: the statements of one revision.
sql() {
	(cd "$work/project" && retort upgrade "$2" --sql --dialect "$1") | awk -v rev=" -> $2," '
		BEGIN { RS = "" }
		/^-- Running upgrade / { ours = index($0, rev) > 0; next }
		!ours || /^(BEGIN|COMMIT|START TRANSACTION)/ || /^(INSERT INTO|UPDATE) .retort_/ { next }
		{ sub(/^-- [^\n]*\n/, ""); print }' | expand -t 4
}

for about in "$work"/blocks/*.kind; do
	text=${about%.kind}
	# shellcheck disable=SC2046
	set -- $(cat "$about")
	case $1 in
	file) cp "$text" "$work/project/$2" ;;
	sql)
		if retort types --dialect "$2" >/dev/null 2>&1; then
			sql "$2" "$3" >"$work/sql"
			diff "$text" "$work/sql" || fault "revision $3 is other SQL for $2"
		fi ;;
	shell)
		mkdir "$text.d"
		(cd "$text.d" && sh -eu "$text" >said 2>&1 </dev/null) || fault "$(cat "$text" "$text.d/said")" ;;
	*) fault "what shall be done with a block that is marked '$1'?" ;;
	esac
done
[ "$(find "$work/blocks" -name '*.kind' | wc -l)" -ge 8 ] || fault "blocks are missing: has the way to mark them changed?"

# shellcheck disable=SC2013,SC2016
for file in README CONTRIBUTING SECURITY CHANGELOG; do
	for path in $(grep -oE '`(core|drivers|include|migrations|packaging|tests)/[A-Za-z0-9_./-]*`' "$source/$file.md" | tr -d '`' | grep -v '[A-Z]'); do # DRIVER is for a person to fill in
		[ -e "$source/$path" ] || fault "$file.md names $path, which is not there"
	done
	for page in $(grep -oE '(lib)?retort[a-z.-]*\([1-8]\)' "$source/$file.md" | sort -u); do
		name=$(echo "$page" | tr '(' '.' | tr -d ')')
		[ -e "$source/packaging/man/$name.scd" ] || [ -e "$source/packaging/man/commands/$(echo "$name" | sed 's/^retort-//; s/\.1$//').txt" ] ||
			fault "$file.md names $page, which is not there"
	done
	for path in $(grep -oE '\]\([^):#]*\)' "$source/$file.md" | sed 's/^](//; s/)$//'); do
		[ -e "$source/$path" ] || fault "$file.md links to $path, which is not there"
	done
done
exit $failed
