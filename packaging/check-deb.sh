#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the Debian packages that packaging/build-deb.sh has left in a folder, each time in a clean system (as root,
# see packaging/chroot.sh).
#   sh packaging/check-deb.sh [FOLDER=deb] [tree|depends|suggests|autopkgtest|piuparts]...
# tree: packaging/check-tree.sh, on what all of them install. depends: the program and one driver pull in the client
# library of that driver and no other. suggests: without the driver that a URL needs, the program names the package.
# autopkgtest: debian/tests, each by itself. piuparts: install, upgrade from an earlier version, remove and purge leave
# nothing behind. Logs are left in FOLDER/logs.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
# shellcheck source=packaging/chroot.sh
. "$root/packaging/chroot.sh"
out=$root/deb
[ -z "${1-}" ] || [ ! -d "$1" ] || { out=$1 && shift; }
out=$(cd "$out" && pwd)
[ $# -gt 0 ] || set -- tree depends suggests autopkgtest piuparts
work=$(mktemp -d)
logs=$out/logs
mkdir -p "$logs"
status=0
fail() {
	printf 'FAILED: %s\n' "$*"
	status=1
}
# shellcheck disable=SC2329
leave() {
	chroot_close "$work/root"
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

# repository FOLDER: what apt needs to take the packages in it.
repository() {
	(cd "$1" && dpkg-scanpackages . >Packages 2>/dev/null)
}

# A fresh system that knows the packages.
fresh() {
	chroot_close "$work/root"
	chroot_open "$work/root" minbase
	mkdir "$work/root/packages"
	cp "$out"/*.deb "$work/root/packages/"
	repository "$work/root/packages"
	echo 'deb [trusted=yes] file:/packages ./' >"$work/root/etc/apt/sources.list.d/packages.list"
	chroot_run "$work/root" apt-get -qq update
}

# The library that each driver, and nothing else, needs.
clients='sqlite libsqlite3-0
postgresql libpq5
mysql libmariadb3'

check_tree() {
	for package in "$out"/*.deb; do
		case $package in *-dbgsym_*) continue ;; esac
		dpkg-deb -x "$package" "$work/tree"
	done
	sh "$root/packaging/check-tree.sh" --package "$work/tree/usr" || fail tree
}

check_depends() {
	fresh
	echo "$clients" | while read -r driver client; do
		chroot_run "$work/root" apt-get -s install retort "retort-driver-$driver" >"$logs/depends-$driver" || echo "apt-get failed"
		found=$(sed -n 's/^Inst \(libsqlite3-0\|libpq5\|libmariadb3\|libmysqlclient[0-9]*\|retort-driver-[a-z]*\) .*/\1/p' \
			"$logs/depends-$driver" | sort | tr '\n' ' ')
		if [ "$found" = "$client retort-driver-$driver " ]; then
			echo "retort-driver-$driver: $(grep -c ^Inst "$logs/depends-$driver") packages, among them $client"
		else
			echo "retort-driver-$driver pulls in $found"
			touch "$work/failed"
		fi
	done
	[ ! -e "$work/failed" ] || fail depends
}

check_suggests() {
	fresh
	chroot_run "$work/root" apt-get -y -qq --no-install-recommends install retort >"$logs/suggests" 2>&1 ||
		{ fail "apt-get install retort" && return; }
	for pair in sqlite:sqlite://// postgresql:postgresql://localhost/x mysql:mysql://localhost/x mysql:mariadb://localhost/x; do
		# shellcheck disable=SC2016
		said=$(chroot_run "$work/root" sh -c 'mkdir -p /p && cd /p && { [ -e retort.ini ] || retort init >/dev/null 2>&1; } &&
			retort -u "$0" current' "${pair#*:}" 2>&1) && fail "${pair#*:} was reached"
		echo "$said"
		case $said in
		*"retort-driver-${pair%%:*}"*) ;;
		*) fail "the package is not named" ;;
		esac
	done
}

check_autopkgtest() {
	tests=$(sed -n 's/^Features: test-name=//p' "$root/packaging/debian/tests/control")
	for test in $tests; do
		chroot_close "$work/root"
		chroot_open "$work/root" minbase
		rm -rf "$logs/autopkgtest-$test"
		autopkgtest -B --test-name="$test" -o "$logs/autopkgtest-$test" "$out"/*.deb "$out"/*.dsc \
			-- chroot "$work/root" >"$logs/autopkgtest-$test.log" 2>&1 || true
		cat "$logs/autopkgtest-$test/summary" || tail -n 20 "$logs/autopkgtest-$test.log"
		grep -q "^$test  *PASS" "$logs/autopkgtest-$test/summary" || fail "autopkgtest $test"
	done
}

# earlier FOLDER: the packages as an earlier version.
earlier() {
	version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$root/packaging/debian/changelog")
	mkdir -p "$1"
	for package in "$out"/*.deb; do
		case $package in *-dbgsym_*) continue ;; esac
		dpkg-deb -R "$package" "$work/earlier"
		sed -i "s/\(^Version: \|(= \)$version/\1${version%-*}-0earlier/" "$work/earlier/DEBIAN/control"
		dpkg-deb -b "$work/earlier" "$1/" >/dev/null
		rm -rf "$work/earlier"
	done
	repository "$1"
}

check_piuparts() {
	base=$(chroot_base minbase)
	mkdir -p "$work/piuparts"
	tar -C "$work/piuparts" --numeric-owner -xf "$base"
	rm -f "$work/piuparts/usr/sbin/policy-rc.d"
	earlier "$work/earlier-packages"
	packages=$(find "$out" -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*' | sort)
	# shellcheck disable=SC2086
	piuparts -e "$work/piuparts" -d "$chroot_suite" -m "$(chroot_mirror) main" --no-eatmydata \
		--bindmount "$work/earlier-packages" --extra-repo "deb [trusted=yes] file:$work/earlier-packages ./" \
		--fail-on-broken-symlinks -l "$logs/piuparts.log" $packages >"$logs/piuparts.out" 2>&1 || fail piuparts
	grep -oE '(ERROR|WARN|FAIL|PASS): .*' "$logs/piuparts.log" || tail -n 5 "$logs/piuparts.out"
	grep -q 'PASS: Installation, upgrade and purging' "$logs/piuparts.log" || fail "piuparts tested no upgrade"
}

for check; do
	say "$check"
	case $check in
	tree | depends | suggests | autopkgtest | piuparts) "check_$check" ;;
	*) usage ;;
	esac
done
exit $status
