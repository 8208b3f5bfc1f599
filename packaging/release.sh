#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the tarball of a release from the commit at hand, tries it, and prints its checksum.
#   sh packaging/release.sh [--quick] [FOLDER=dist]
# Every file that names the version must name the same one. The tarball has the same bytes whoever makes it. It is
# unpacked where no git is, configured, built without a warning, tested (what needs no server), installed with DESTDIR and
# looked at by packaging/check-tree.sh. --quick: no building. The tarball and SHA256SUMS are left in FOLDER.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
quick=''
take_options quick dist "$@"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

[ -n "$version" ] || die "CMakeLists.txt has no version"
# same FILE PATTERN: the first line that matches names our version
same() {
	found=$(sed -n "s/$2/\1/p" "$root/$1" | head -n 1)
	[ "$found" = "$version" ] || die "$1 is of version '$found', CMakeLists.txt of '$version'"
}
same CHANGELOG.md '^## \([0-9.]*\).*'
same packaging/debian/changelog '^retort (\([0-9.]*\)-.*'
same packaging/rpm/retort.spec '^Version: *\([0-9.]*\)$'
same packaging/alpine/APKBUILD '^pkgver=\([0-9.]*\)$'
same packaging/arch/PKGBUILD '^pkgver=\([0-9.]*\)$'

git -C "$root" diff --quiet HEAD || say "not in it: what is changed, but not committed"
name=retort-$version
pack "$out/$name.tar.gz"
pack "$work/again"
cmp "$out/$name.tar.gz" "$work/again" || die "the same commit gave another tarball"
tar -tzf "$out/$name.tar.gz" >"$work/list"
[ "$(wc -l <"$work/list")" -eq "$(git -C "$root" ls-tree -r -t HEAD | wc -l | awk '{ print $1 + 1 }')" ] ||
	die "the tarball has not just what git has"
(cd "$out" && sha256sum "$name.tar.gz" >SHA256SUMS)

if [ -z "$quick" ]; then
	say "unpack and configure"
	tar -xzf "$out/$name.tar.gz" -C "$work"
	# no repository around it, and nothing of this one in the environment
	GIT_CEILING_DIRECTORIES=$work
	export GIT_CEILING_DIRECTORIES
	unset RETORT_SOURCE RETORT_BUILD RETORT_DRIVER_PATH RETORT_DATADIR DESTDIR
	cd "$work/$name"
	jobs=$(nproc)
	cmake -S . -B ../build -DCMAKE_INSTALL_PREFIX=/usr -DRETORT_WERROR=ON >"$work/log" 2>&1 || die "$(cat "$work/log")"
	say "build"
	cmake --build ../build -j "$jobs" >"$work/log" 2>&1 || die "$(grep -A5 -i 'error' "$work/log")"
	say "test"
	ctest --test-dir ../build -j "$jobs" -L '^(unit|golden|abi|conformance)$' -LE '^engine$' --output-on-failure >"$work/log" 2>&1 ||
		die "$(cat "$work/log")"
	grep 'tests passed' "$work/log"
	say "install"
	DESTDIR=$work/tree cmake --install ../build >"$work/log" 2>&1 || die "$(cat "$work/log")"
	sh packaging/check-tree.sh --package "$work/tree/usr"
	(cd "$work" && find "$name" -type d -exec printf '%s/\n' {} + -o -print) | sort >"$work/found"
	sort "$work/list" | diff - "$work/found" && tar -C "$work" -dzf "$out/$name.tar.gz" || die "building wrote into the source"
	find "$work/tree/usr" -type f | wc -l | sed 's/$/ files are installed/'
fi
say "$out"
cat "$out/SHA256SUMS"
