#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the Debian packages of the commit at hand.
#   sh packaging/build-deb.sh [--chroot] [--twice] [--lintian] [FOLDER=deb]
# --chroot: in a clean system without a network (as root, see packaging/chroot.sh), as a user; else here, where the
# build dependencies must be installed. --twice: builds a second time, in another place, time zone and locale, and
# fails unless both give the same bytes. --lintian: checks the result and fails on errors and warnings. The packages
# and SHA256SUMS are left in FOLDER. DEB_BUILD_OPTIONS=nocheck leaves the tests out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
chroot='' twice='' lintian=''
take_options 'chroot twice lintian' deb "$@"
rm -f "$out"/*.deb "$out"/*.dsc "$out"/*.tar.* "$out"/*.changes "$out"/*.buildinfo "$out"/*.log
rm -rf "$out/second"
work=$(mktemp -d)

# shellcheck disable=SC2329
leave() {
	[ -z "$chroot" ] || chroot_close "$work/root"
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM
top=$work
if [ -n "$chroot" ]; then
	# shellcheck source=packaging/chroot.sh
	. "$root/packaging/chroot.sh"
	say "a clean $chroot_suite"
	chroot_open "$work/root" buildd
	chroot_run "$work/root" useradd -m builder
	top=$work/root/home/builder
fi

tarball=retort_$version.orig.tar.gz
pack "$work/$tarball"

# Runs a command where the packages are built, as the user who builds them.
as_builder() {
	if [ -z "$chroot" ]; then
		env "$@"
	else
		# lo is up: the tests speak to closed ports of this machine
		# shellcheck disable=SC2016
		unshare --net sh -c 'ip link set lo up 2>/dev/null; exec chroot "$0" runuser -u builder -- env -i \
			PATH=/usr/bin:/bin HOME=/home/builder LC_ALL=C.UTF-8 "$@"' "$work/root" "$@"
	fi
}

# build PLACE OPTIONS [VARIABLE=VALUE...]: the packages in $area, which is PLACE.
build() {
	area=$top/$1
	place=${area#"$work/root"}
	options="parallel=$(nproc) $2"
	name=$(basename "$1")
	shift 2
	mkdir -p "$area"
	cp "$work/$tarball" "$area/"
	tar -x -z --no-same-owner -f "$area/$tarball" -C "$area"
	cp -R "$area/retort-$version/packaging/debian" "$area/retort-$version/debian"
	if [ -n "$chroot" ]; then
		chroot_run "$work/root" chown -R builder:builder /home/builder
		if [ ! -e "$work/ready" ]; then
			say "build dependencies"
			chroot_run "$work/root" sh -c "cd '$place/retort-$version' && apt-get -y -qq --no-install-recommends build-dep ." \
				>"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
			touch "$work/ready"
		fi
	fi
	say "dpkg-buildpackage in $place"
	as_builder "DEB_BUILD_OPTIONS=$options" "$@" sh -c "cd '$place/retort-$version' && exec dpkg-buildpackage -us -uc" \
		>"$out/$name.log" 2>&1 || { tail -n 40 "$out/$name.log"; exit 1; }
}

build first "${DEB_BUILD_OPTIONS-}"
cp "$area"/*.deb "$area"/*.dsc "$area"/*.tar.* "$area"/*.changes "$area"/*.buildinfo "$out/"
(cd "$out" && sha256sum ./*.deb >SHA256SUMS && cat SHA256SUMS)
if [ -n "$twice" ]; then
	build quite/another/second nocheck TZ=Pacific/Chatham LC_ALL=C
	(cd "$area" && sha256sum -c --quiet "$out/SHA256SUMS") || {
		mkdir -p "$out/second"
		cp "$area"/*.deb "$out/second/"
		say "the second build differs: it is in $out/second"
		exit 1
	}
	say "the second build gave the same bytes"
fi
if [ -n "$lintian" ]; then
	say "lintian"
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$out"/*.changes
fi
