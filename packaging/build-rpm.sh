#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the RPM packages of the commit at hand with rpmbuild and shows what is in each.
#   sh packaging/build-rpm.sh [FOLDER=rpm]
# Where the build dependencies are not RPM packages (on Debian) they are not asked for: install them by
# packaging/install-build-deps.sh.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$root/rpm}"
out=$(cd "${1:-$root/rpm}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(sed -n 's/^project(retort VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
mkdir "$work/SOURCES"
git -C "$root" -c tar.umask=022 archive --format=tar --prefix="retort-$version/" HEAD | gzip -n >"$work/SOURCES/retort-$version.tar.gz"
set --
[ -e /etc/redhat-release ] || set -- --nodeps
rpmbuild "$@" --define "_topdir $work" --define "_lib lib64" --define "_libdir %{_prefix}/lib64" -bb \
	"$root/packaging/rpm/retort.spec" >"$out/log" 2>&1 || {
	tail -n 40 "$out/log"
	exit 1
}
find "$work/RPMS" -name '*.rpm' -exec cp {} "$out/" \;
for file in "$out"/*.rpm; do
	printf '\n==== %s\n' "${file##*/}"
	rpm -qlp "$file"
done
