#!/bin/sh
# SPDX-License-Identifier: MIT
# libretort.so exports what the public headers declare, all of it, as RETORT_1, which the symbols file of the
# Debian package lists, and the rest as RETORT_PRIVATE; a driver exports its entry point alone; neither holds state
# that can change.
set -u
: "${RETORT_SOURCE:?}" "${RETORT_BUILD:?}" "${RETORT_LIBRARY:?}"
status=0
fail() {
	echo "$*"
	status=1
}

exported=$(nm -D --defined-only "$RETORT_LIBRARY" | awk '$2 ~ /[A-Z]/ && $3 !~ /^RETORT_/ { print $3 }')
for symbol in $exported; do
	case $symbol in
	retort_*@@RETORT_1 | __* | *gcov*) ;;
	retort_*) fail "$symbol: not of RETORT_1" ;;
	*@@RETORT_PRIVATE) ;;
	*) fail "$symbol: of no version" ;;
	esac
done

declared=$(cat "$RETORT_SOURCE"/include/retort/*.h |
	sed -n 's/^RETORT_EXPORT .*[ *]\(retort_[a-z0-9_]*\)\(\[\|(\|;\).*/\1/p')
[ -n "$declared" ] || fail "no declarations are found"
for name in $declared; do
	case " $(echo "$exported" | tr '\n' ' ') " in
	*" $name@@RETORT_1 "*) ;;
	*) fail "$name: declared, but libretort.so hasn't got it" ;;
	esac
done
for symbol in $exported; do
	case $symbol in
	retort_*@@RETORT_1)
		echo "$declared" | grep -qx "${symbol%%@*}" || fail "${symbol%%@*}: no public header declares it" ;;
	esac
done

symbols=$RETORT_SOURCE/packaging/debian/libretort1.symbols
for name in $declared; do
	grep -q "^ $name@RETORT_1 [0-9.]*$" "$symbols" || fail "$name: ${symbols##*/} needs ' $name@RETORT_1 VERSION'"
done
# shellcheck disable=SC2013
for name in $(sed -n 's/^ \(retort_[a-z0-9_]*\)@RETORT_1 .*/\1/p' "$symbols"); do
	echo "$declared" | grep -qx "$name" || fail "$name: ${symbols##*/} has it, no public header declares it"
done

for driver in "$RETORT_BUILD"/drivers/*.so; do
	[ -f "$driver" ] || continue
	names=$(nm -D --defined-only "$driver" | awk '$3 !~ /^__|gcov/ { print $3 }' | tr '\n' ' ')
	[ "$names" = "retort_driver_entry " ] || fail "$driver exports $names"
done

# Sanitizers and coverage keep counters of their own.
if [ -z "${RETORT_SANITIZE:-}" ] && ! nm "$RETORT_LIBRARY" | grep -q gcov; then
	for object in "$RETORT_LIBRARY" "$RETORT_BUILD"/drivers/*.so; do
		[ -f "$object" ] || continue
		state=$(objdump -t "$object" | awk '$3 == "O" && ($4 == ".data" || $4 == ".bss") && $NF !~ /^(completed|__)/ { print $NF }')
		[ -z "$state" ] || fail "$object has state that can change:" "$state"
	done
fi
exit "$status"
