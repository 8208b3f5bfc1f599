#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the Debian packages of the commit at hand.
#   sh packaging/build-deb.sh [--chroot] [--twice] [--lintian] [FOLDER=deb]
# --chroot: in a fresh bookworm made by debootstrap (as root); else here, where the build dependencies must be
# installed. --twice: builds a second time and fails unless both give the same bytes. --lintian: checks the result
# and fails on errors and warnings. The packages and SHA256SUMS are left in FOLDER.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
chroot='' twice='' lintian='' out=''
for word; do
	case $word in
	--chroot) chroot=yes ;;
	--twice) twice=yes ;;
	--lintian) lintian=yes ;;
	-*)
		sed -n '3,8s/^# \{0,1\}//p' "$0" >&2
		exit 2 ;;
	*) out=$word ;;
	esac
done
out=${out:-$root/deb}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
in=''
if [ -n "$chroot" ]; then
	in="chroot $work/root"
	trap 'umount "$work/root/proc" 2>/dev/null; rm -rf "$work"' EXIT
else
	trap 'rm -rf "$work"' EXIT
fi
say() { printf '==== %s\n' "$*"; }

# The suite and mirror of the chroot.
suite=${SUITE:-bookworm} mirror=${MIRROR:-http://deb.debian.org/debian}
if [ -n "$chroot" ]; then
	say "debootstrap $suite from $mirror"
	debootstrap --variant=buildd "$suite" "$work/root" "$mirror" >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
	mount -t proc proc "$work/root/proc"
	cp /etc/resolv.conf "$work/root/etc/resolv.conf"
fi

version=$(sed -n 's/^project(retort VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
epoch=$(git -C "$root" log -1 --format=%ct)
tarball=retort_$version.orig.tar.gz
git -C "$root" archive --format=tar --prefix="retort-$version/" HEAD | gzip -n >"$work/$tarball"

# build NAME: the packages in $work/NAME.
build() {
	area=$work${chroot:+/root}/$1
	mkdir -p "$area"
	cp "$work/$tarball" "$area/"
	tar -x -z -f "$area/$tarball" -C "$area"
	cp -R "$area/retort-$version/packaging/debian" "$area/retort-$version/debian"
	place=${chroot:+/$1}
	place=${place:-$area}
	if [ -n "$chroot" ] && [ ! -e "$work/root/.ready" ]; then
		say "build dependencies in the chroot"
		$in sh -c "export DEBIAN_FRONTEND=noninteractive; apt-get -qq update && cd '$place/retort-$version' &&
			apt-get -y -qq --no-install-recommends build-dep ." >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
		touch "$work/root/.ready"
	fi
	say "dpkg-buildpackage"
	$in sh -c "cd '$place/retort-$version' && SOURCE_DATE_EPOCH=$epoch DEB_BUILD_OPTIONS='parallel=$(nproc) $2' \
		dpkg-buildpackage -us -uc" >"$out/$1.log" 2>&1 || { tail -n 40 "$out/$1.log"; exit 1; }
}

build first "${DEB_BUILD_OPTIONS-}"
cp "$area"/*.deb "$area"/*.dsc "$area"/*.tar.* "$area"/*.changes "$area"/*.buildinfo "$out/"
(cd "$out" && sha256sum ./*.deb >SHA256SUMS && cat SHA256SUMS)
if [ -n "$twice" ]; then
	build second nocheck
	(cd "$area" && sha256sum -c --quiet "$out/SHA256SUMS") || { say "the second build differs"; exit 1; }
	say "the second build gave the same bytes"
fi
if [ -n "$lintian" ]; then
	say "lintian"
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$out"/*.changes
fi
