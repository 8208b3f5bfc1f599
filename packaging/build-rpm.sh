#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the RPM packages of the commit at hand with rpmbuild, and checks what is in each and what it needs.
#   sh packaging/build-rpm.sh [FOLDER=rpm]
# Where the build dependencies are not RPM packages (on Debian) they are not asked for: install them by
# packaging/install-build-deps.sh. There the flags are given here that redhat-rpm-config gives elsewhere.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=packaging/common.sh
. "$root/packaging/common.sh"
take_options '' rpm "$@"
rm -f "$out"/*.rpm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
status=0
fail() {
	echo "FAILED: $*"
	status=1
}

mkdir "$work/SOURCES"
pack "$work/SOURCES/retort-$version.tar.gz"
set --
[ -e /etc/redhat-release ] || set -- --nodeps --define "_lib lib64" --define "_libdir %{_prefix}/lib64" \
	--define "debug_package %{nil}" --define "_build_id_links none" \
	--define "optflags -O2 -g -fstack-protector-strong -Wformat -Werror=format-security -D_FORTIFY_SOURCE=2"
rpmbuild "$@" --define "_topdir $work" -bb "$root/packaging/rpm/retort.spec" >"$out/log" 2>&1 || {
	tail -n 40 "$out/log"
	exit 1
}
find "$work/RPMS" -name '*.rpm' -exec cp {} "$out/" \;

# What each package holds: patterns, of which each is in it and nothing else is.
expected='
retort /usr/bin/retort /usr/share/retort/* /usr/share/bash-completion/completions/retort /usr/share/zsh/site-functions/_retort /usr/share/fish/vendor_completions.d/retort.fish /usr/share/man/man1/retort*.1* /usr/share/man/man5/retort*.5* /usr/share/man/man7/retort-alembic.7* /usr/share/doc/* /usr/share/licenses/*
retort-libs /usr/lib64/libretort.so.* /usr/share/licenses/*
retort-devel /usr/include/retort/*.h /usr/lib64/libretort.so /usr/lib64/cmake/retort/*.cmake /usr/lib64/pkgconfig/retort.pc /usr/share/man/man3/*.3*
retort-driver-sqlite /usr/lib64/retort/drivers/sqlite.so /usr/share/man/man7/retort-sqlite.7*
retort-driver-postgresql /usr/lib64/retort/drivers/postgresql.so /usr/share/man/man7/retort-postgresql.7*
retort-driver-mysql /usr/lib64/retort/drivers/mysql.so /usr/share/man/man7/retort-mysql.7*'

# The client library that each may need.
client() {
	case $1 in
	*-sqlite) echo libsqlite3 ;;
	*-postgresql) echo libpq ;;
	*-mysql) echo 'libmariadb|libmysqlclient' ;;
	*) echo none ;;
	esac
}

set -f # the patterns are for case
count=0
for line in $(echo "$expected" | sed '/^$/d; s/ /,/g'); do
	patterns=$(echo "$line" | tr ',' ' ')
	package=${patterns%% *}
	patterns=${patterns#* }
	file=$(find "$out" -name "$package-$version-*.rpm")
	count=$((count + 1))
	[ -f "$file" ] || { fail "no package $package" && continue; }
	rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$file" | sed -n 's/^[-l][^ ]* //p' |
		grep -v '^/usr/lib/.build-id/' >"$work/files"
	for pattern in $patterns; do
		found=
		while read -r path; do
			# shellcheck disable=SC2254
			case $path in $pattern) found=yes ;; esac
		done <"$work/files"
		[ -n "$found" ] || fail "$package has no $pattern"
	done
	while read -r path; do
		known=
		for pattern in $patterns; do
			# shellcheck disable=SC2254
			case $path in $pattern) known=yes ;; esac
		done
		[ -n "$known" ] || fail "$package has $path"
	done <"$work/files"
	clients=$(rpm -qp --requires "$file" | grep -E '^lib(sqlite3|pq|mariadb|mysqlclient)\.so' | grep -vE "^($(client "$package"))\.so") || true
	[ -z "$clients" ] || fail "$package needs $clients"
	rpm2cpio "$file" | (mkdir -p "$work/tree" && cd "$work/tree" && cpio -idm --quiet)
	echo "$package: $(wc -l <"$work/files") files"
done
set +f
rm -rf "$work/tree/usr/lib/.build-id"
[ "$(find "$out" -name '*.rpm' ! -name '*-debug*' | wc -l)" -eq $count ] || fail "there are other packages too"
sh "$root/packaging/check-tree.sh" --package "$work/tree/usr" || fail "the installed files"
exit $status
