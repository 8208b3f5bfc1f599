#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what retort is built from, with --tests what its tests need besides, and the packages named, where
# they are missing.
set -eu

build='gcc libc6-dev make cmake pkg-config libyaml-dev libltdl-dev libjansson-dev nettle-dev liburiparser-dev uthash-dev libsqlite3-dev libpq-dev libmariadb-dev scdoc'
tests='g++ clang binutils libcmocka-dev bats valgrind shellcheck sqlite3 python3 jq graphviz iso-codes postgresql postgresql-client mariadb-server mariadb-client galera-4 pgbouncer openssl libaio1 libnuma1'
# without these a few tests are skipped, and that is all
more='zsh fish bash-completion man-db python3-jsonschema python3-yaml firebird-dev firebird3.0-server-core firebird3.0-utils'

wanted=$build
case ${1-} in
--tests)
	wanted="$build $tests"
	shift ;;
-*)
	echo "usage: sh packaging/install-build-deps.sh [--tests] [PACKAGE...]" >&2
	exit 2 ;;
*) more='' ;;
esac
wanted="$wanted $*"

if ! command -v apt-get >/dev/null; then
	echo "no apt-get here: install what corresponds to these Debian packages by hand: $wanted"
	exit 0
fi

# missing PACKAGE...: those that are not installed; a package that another one provides counts too
missing() {
	for package; do
		dpkg-query -W -f '${db:Status-Status} ${Provides}\n' "$package" 2>/dev/null | grep -q '^installed' ||
			printf ' %s' "$package"
	done
}
# shellcheck disable=SC2086
{
	wanted=$(missing $wanted)
	more=$(missing $more)
}
if [ -z "$wanted$more" ]; then
	echo "all packages are installed"
	exit 0
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "as root, run: apt-get install$wanted$more" >&2
		[ -n "$wanted" ] || exit 0
		exit 1
	}
	sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive

# install PACKAGE...: with the lists that are there, else with new ones.
install() {
	echo "installing by apt-get: $*"
	$sudo apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 || {
		$sudo apt-get update -qq || return 1
		$sudo apt-get install -y --no-install-recommends "$@" >/dev/null
	}
}
# shellcheck disable=SC2086
{
	[ -z "$wanted" ] || install $wanted
	[ -z "$more" ] || install $more || echo "these are not installed, a few tests will be skipped:$more"
}
