#!/bin/sh
# SPDX-License-Identifier: MIT
# All shell scripts pass shellcheck, those of packages too.
set -u
cd "${RETORT_SOURCE:-$(dirname "$0")/../..}" || exit 1
command -v shellcheck >/dev/null || { echo "shellcheck is not there"; exit 77; }
find .ci migrations packaging tests -type f \( -name '*.sh' -o -path '.ci/*' \) -exec shellcheck -s sh -e SC2317,SC2015 {} + || exit 1
if [ -n "$(find tests -name '*.bats')" ]; then
	find tests -name '*.bats' -exec shellcheck -s bats -S warning {} + || exit 1
fi
find packaging/debian/tests -type f ! -name control -exec shellcheck -s sh {} + || exit 1
# What abuild and makepkg read: variables for them, and variables of theirs.
sh -n packaging/alpine/APKBUILD && shellcheck -s dash -e SC2034,SC2154 packaging/alpine/APKBUILD || exit 1
bash -n packaging/arch/PKGBUILD && shellcheck -s bash -e SC2034,SC2154 packaging/arch/PKGBUILD || exit 1
bash -n packaging/data/completions/retort.bash && shellcheck -s bash packaging/data/completions/retort.bash
