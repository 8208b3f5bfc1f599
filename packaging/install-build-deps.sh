#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what retort is built from, with --tests what its tests need besides, and the packages named, where
# they are missing.
set -eu

build='gcc libc6-dev make cmake pkg-config libyaml-dev libltdl-dev libjansson-dev nettle-dev liburiparser-dev uthash-dev libsqlite3-dev libpq-dev libmariadb-dev scdoc'
tests='g++ clang binutils libcmocka-dev bats valgrind shellcheck sqlite3 python3 jq graphviz iso-codes postgresql postgresql-client mariadb-server mariadb-client galera-4 pgbouncer openssl libaio1 libnuma1 firebird-dev firebird3.0-server-core firebird3.0-utils'

wanted=$build
case ${1-} in
--tests)
	wanted="$build $tests"
	shift ;;
-*)
	echo "usage: sh packaging/install-build-deps.sh [--tests] [PACKAGE...]" >&2
	exit 2 ;;
esac
wanted="$wanted $*"

if ! command -v apt-get >/dev/null; then
	echo "no apt-get here: install what corresponds to these Debian packages by hand: $wanted"
	exit 0
fi

missing=
for package in $wanted; do
	# a package that another one provides counts too
	if ! dpkg-query -W -f '${db:Status-Status} ${Provides}\n' "$package" 2>/dev/null | grep -q '^installed'; then
		missing="$missing $package"
	fi
done
if [ -z "$missing" ]; then
	echo "all packages are installed"
	exit 0
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "as root, run: apt-get install$missing" >&2
		exit 1
	}
	sudo=sudo
fi
echo "installing by apt-get:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$sudo apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 || {
	$sudo apt-get update -qq
	$sudo apt-get install -y --no-install-recommends $missing >/dev/null
}
