#!/bin/sh
# SPDX-License-Identifier: MIT
# Whether what was installed below a prefix lies where it belongs and is built as it should be.
#   sh packaging/check-tree.sh [--package] PREFIX
# Always: folders, modes, sonames, links, what each driver needs, full RELRO, no code on the stack, no search path for
# libraries but $ORIGIN. --package: no search path at all, and PIE, stack protector and fortified functions too.
set -u
package=
[ "${1-}" != --package ] || { package=yes && shift; }
[ -d "${1-}/bin" ] || { sed -n '3,6s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
cd "$1" || exit 1
export LC_ALL=C
status=0
fail() {
	echo "$*"
	status=1
}

# ---- places and modes ----

for entry in *; do
	case $entry in
	bin | include | lib | lib64 | share) ;;
	*) fail "$entry: no folder of a prefix" ;;
	esac
done
for entry in bin/* include/* share/*; do
	case $entry in
	bin/retort | include/retort | share/retort | share/man | share/doc | share/lintian) ;;
	share/bash-completion | share/zsh | share/fish | share/licenses) ;;
	*) fail "$entry: what is this?" ;;
	esac
done
for file in bin/retort include/retort/driver.h include/retort/retort.h share/retort/revision.schema.json \
	share/retort/schema.schema.json share/retort/dialects.txt share/bash-completion/completions/retort \
	share/zsh/site-functions/_retort share/fish/vendor_completions.d/retort.fish; do
	[ -f "$file" ] || fail "$file: missing"
done
for file in share/man/man*/*; do
	section=${file%/*}
	case ${file##*/} in
	*."${section#share/man/man}" | *."${section#share/man/man}".gz) ;;
	*) fail "$file: a page of another section, or none" ;;
	esac
done
find . ! -type l -perm /6022 -exec echo "{}: others may write it, or it is set-uid" \; >"${TMPDIR:-/tmp}/tree.$$"
find . -xtype l -exec echo "{}: leads nowhere" \; >>"${TMPDIR:-/tmp}/tree.$$"
[ ! -s "${TMPDIR:-/tmp}/tree.$$" ] || fail "$(cat "${TMPDIR:-/tmp}/tree.$$")"
rm -f "${TMPDIR:-/tmp}/tree.$$"

# ---- libraries and drivers ----

library=$(find lib* -name 'libretort.so.*' -type f)
case $library in
*/libretort.so.[0-9]*.[0-9]*) ;;
*) fail "libretort: not one file with a version: $library" ;;
esac
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
case ${library##*/} in
"$soname".*) ;;
*) fail "$library: its soname is '$soname'" ;;
esac
folder=${library%/*}
[ "$(readlink "$folder/$soname")" = "${library##*/}" ] || fail "$folder/$soname: does not lead to ${library##*/}"
[ "$(readlink "$folder/libretort.so")" = "$soname" ] || fail "$folder/libretort.so: does not lead to $soname"
driverdir=$folder/$(sed -n 's|^driverdir=.*/lib[^/]*/\(.*retort.*\)|\1|p' "$folder/pkgconfig/retort.pc" | sed 's|^.*-linux-gnu[^/]*/||')
[ -d "$driverdir" ] || fail "driverdir of retort.pc is $driverdir: no such folder"

# needs FILE PATTERN...: the libraries that it needs besides libc and libretort, and only these.
needs() {
	for needed in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
		case $needed in
		libc.so.* | libm.so.* | libasan.so.* | libubsan.so.* | libgcov* | "$soname") ;;
		"$2".so.* | "${3:-$2}".so.*) ;;
		*) fail "$1: needs $needed" ;;
		esac
	done
}
for driver in "$driverdir"/*.so; do
	case ${driver##*/} in
	sqlite.so) needs "$driver" libsqlite3 ;;
	postgresql.so) needs "$driver" libpq ;;
	mysql.so) needs "$driver" libmariadb libmysqlclient ;;
	'*.so') continue ;;
	*) fail "$driver: what is this?" ;;
	esac
	! readelf -d "$driver" | grep -q SONAME || fail "$driver: a plugin has no soname"
done

# ---- every program and library ----

for file in bin/retort "$library" "$driverdir"/*.so; do
	[ -f "$file" ] || continue
	dynamic=$(readelf -d "$file")
	headers=$(readelf -lW "$file")
	echo "$dynamic" | grep -q BIND_NOW || fail "$file: symbols are bound late (no BIND_NOW)"
	echo "$headers" | grep -q GNU_RELRO || fail "$file: no RELRO"
	echo "$headers" | grep 'GNU_STACK' | grep -q 'RW ' || fail "$file: code may run on the stack"
	! echo "$dynamic" | grep -q TEXTREL || fail "$file: relocations in code"
	path=$(echo "$dynamic" | sed -n 's/.*(R[UN]*PATH).*\[\(.*\)\]/\1/p')
	case $path in
	'') ;;
	"\$ORIGIN/"*) [ -z "$package" ] || fail "$file: searches libraries in $path" ;;
	*) fail "$file: searches libraries in $path" ;;
	esac
	[ -n "$package" ] || continue
	case $file in bin/*)
		echo "$dynamic" | grep -q 'Flags:.* PIE' || fail "$file: no PIE" ;;
	esac
	symbols=$(readelf --dyn-syms -W "$file")
	echo "$symbols" | grep -q ' __stack_chk_fail' || fail "$file: no stack protector"
	echo "$symbols" | grep -q ' __[a-z]*_chk@' || fail "$file: no fortified function"
done
exit $status
